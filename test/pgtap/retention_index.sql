-- Rows that go ask for those who refer to them, and persons are looked up, by an index; and a backlog goes in slices.
\ir ../fixtures/country.sql
SET client_min_messages = error;
SELECT plan(12);
-- queues are short, and emptied by every tick
SELECT is_empty($$SELECT t.relation FROM centre.retention t WHERE t.person IS NOT NULL AND t.relation NOT IN ('fact_mark', 'gate_inbox', 'evidence_change', 'hr_login') AND NOT EXISTS (
  SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass('centre.' || t.relation) AND a.attname = t.person)$$, 'each person''s column has an index');
SELECT is_empty($$SELECT c.conrelid::regclass, c.confrelid::regclass FROM pg_constraint c JOIN centre.retention t ON to_regclass('centre.' || t.relation) = c.confrelid
  WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid <> 'centre.hr_login'::regclass AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])$$,
  'and each reference to rows that are erased or expire');
-- the work of a deletion grows with the rows deleted: rows read, not time
SELECT tap.land('app', format('{"id": "d%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}', i)) FROM generate_series(1, 3000) AS i;
SELECT tap.apply('app');
CREATE FUNCTION tap.read() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(pg_stat_get_xact_tuples_returned(r::regclass))::bigint FROM unnest('{centre.document,centre.dead_letter}'::text[]) AS r $$;
ANALYZE centre.landing; ANALYZE centre.document; ANALYZE centre.dead_letter;
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'landing';
BEGIN;
SELECT is(centre.apply_retention(now() + interval '2 days', 300), 300::bigint, 'a slice of a backlog is what was asked for');
SELECT cmp_ok(tap.read(), '<', 30000::bigint, 'and reads no table for each of its rows');
COMMIT;
SELECT is((SELECT count(*) FROM centre.landing), 2700::bigint, 'the rest stays for the next');
SELECT is((SELECT count(*) FROM centre.document WHERE landing_id IS NULL), 300::bigint, 'documents stay, without their payload');
-- a batch is kept as long as a payload is of it
SELECT tap.land('app', '{"id": "later", "at": "2026-10-03", "about": "Food", "ward": "W1"}');
SELECT tap.apply('app');
UPDATE centre.retention SET keep = NULL WHERE relation = 'landing'; UPDATE centre.retention SET keep = '1 day' WHERE relation = 'batch';
SELECT is(centre.apply_retention(now() + interval '2 days'), 0::bigint, 'batches with payloads stay');
DELETE FROM centre.landing WHERE batch_id = (SELECT max(batch_id) FROM centre.batch);
SELECT results_eq($$SELECT centre.apply_retention(now() + interval '2 days'), count(*) FROM centre.batch$$, $$VALUES (1::bigint, 2::bigint)$$, 'one without goes');
SELECT is((SELECT count(*) FROM centre.batch), 1::bigint, 'and no other');
UPDATE centre.retention SET keep = NULL WHERE relation = 'batch';
-- partitioned tables too, each row once
SELECT centre.ensure_partitions('gate_log', 'checked_at', '2026-01-01', '2026-03-01');
INSERT INTO centre.gate_log (checked_at, login, colour) SELECT timestamptz '2026-01-15' + i % 3 * interval '1 month', 'g', 'green' FROM generate_series(1, 300) AS i;
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'gate_log'; UPDATE centre.retention SET keep = NULL WHERE relation = 'landing';
SELECT is(centre.apply_retention('2026-06-01', 40), 40::bigint, 'a slice over partitions is as long');
SELECT is((SELECT count(*) FROM centre.gate_log), 260::bigint, 'and takes no row beside it');
CREATE TABLE tap.slice AS SELECT centre.apply_retention('2026-06-01', 100) AS n FROM generate_series(1, 4);
SELECT results_eq('SELECT n FROM tap.slice', ARRAY[100, 100, 60, 0]::bigint[], 'until nothing is left');
SELECT * FROM finish();
