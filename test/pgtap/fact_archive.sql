-- A month is archived and let go: what was counted and released stays, nothing comes twice, a person is erased there too.
\ir ../fixtures/country.sql
SET client_min_messages = error;
SELECT plan(39);
SELECT centre.ensure_months('2026-05-01', '2026-07-31');
CREATE VIEW tap.state AS SELECT 'cell' AS what, c::text AS said FROM centre.cell_now c UNION ALL SELECT 'release', c::text FROM centre.release_cell c UNION ALL SELECT 'ledger', c::text FROM centre.ledger_cell c;
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym('p' || i), true FROM generate_series(1, 30) AS i;
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'm' || m || '-' || i, 'v', 1, 'at', format('2026-0%s-10', m), 'about', 'Food', 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 30) AS i, generate_series(5, 7) AS m)::text);
-- one document whose facts lie in July, corrected from June
SELECT tap.land('app', '{"id": "moved", "v": 1, "at": "2026-06-20", "about": "Food", "ward": "W1"}');
SELECT tap.apply('app');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('needs', 'centre', '{need_food}', '{province}', 'month', '{all}');
CALL centre.publish('needs', '2026-06-10');
CALL centre.publish('needs', '2026-07-10');
SELECT centre.drain_cells();
CREATE TABLE tap.before AS SELECT * FROM tap.state;
SELECT isnt_empty($$SELECT * FROM tap.before WHERE what = 'release'$$, 'there are cells and releases');

-- ---- a month detached by hand is not drift ----
ALTER TABLE centre.observation DETACH PARTITION centre.observation_2026_05;
SELECT isnt_empty('SELECT * FROM centre.cell_drift', 'a month without its partition differs from its cells');
SELECT is(centre.reconcile_cells(), 0::bigint, 'which is left as it is');
SELECT set_eq('SELECT * FROM tap.state', 'SELECT * FROM tap.before', 'with all its counts');
ALTER TABLE centre.observation ATTACH PARTITION centre.observation_2026_05 FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
-- real drift in a month that has facts is mended as before
ALTER TABLE centre.observation DISABLE TRIGGER civic_removed;
DELETE FROM centre.observation WHERE day = '2026-05-10' AND subject_id = centre.pseudonym('p1');
ALTER TABLE centre.observation ENABLE TRIGGER civic_removed;
SELECT is(centre.reconcile_cells(), 1::bigint, 'drift of a month with facts is mended');
DELETE FROM centre.cell_repair;
TRUNCATE tap.before; INSERT INTO tap.before SELECT * FROM tap.state;

-- ---- archived ----
SELECT throws_ok($$SELECT centre.archive_month((now() - interval '20 days')::date)$$, '22023', NULL, 'a month that is hardly over is not archived');
SET ROLE civic_ticker;
SELECT throws_ok($$SELECT centre.archive_month('2026-06-01')$$, '42501', NULL, 'nor by anybody but the owner');
RESET ROLE; SET ROLE civic_admin;
SELECT is(centre.archive_month('2026-06-15'), 31::bigint, 'the owner archives a month');
RESET ROLE;
SELECT throws_ok($$SELECT centre.archive_month('2026-06-01')$$, '55006', NULL, 'once');
SELECT is((SELECT count(*) FROM centre.observation WHERE day BETWEEN '2026-06-01' AND '2026-06-30'), 0::bigint, 'its facts are no longer among the others');
SELECT is((SELECT count(*) FROM centre.archived_observation_2026_06), 31::bigint, 'but in a table of their own');
SELECT set_eq('SELECT * FROM tap.state', 'SELECT * FROM tap.before', 'cells, releases and ledger are what they were');
SELECT is_empty('SELECT * FROM centre.cell_drift', 'which is no drift');
SELECT is(centre.reconcile_cells(true), 0::bigint, 'whatever is asked');
SELECT throws_ok($$CALL centre.publish('needs', '2026-06-10')$$, '55000', NULL, 'the month is not published anew without them');
SELECT lives_ok($$CALL centre.publish('needs', '2026-07-10')$$, 'others are');
SELECT set_eq('SELECT * FROM tap.state', 'SELECT * FROM tap.before', 'without a change');

-- ---- nothing comes twice ----
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'm6-' || i, 'v', 1, 'at', '2026-06-10', 'about', 'Food', 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 30) AS i)::text);
SELECT tap.land('app', '{"id": "late", "at": "2026-06-10", "about": "Food", "ward": "W1"}');
SELECT tap.land('app', '{"id": "moved", "v": 2, "at": "2026-07-20", "about": "Food", "ward": "W1"}');
SELECT tap.land('app', '{"id": "new", "at": "2026-07-20", "about": "Water", "ward": "W1"}');
SELECT is((SELECT tap.apply('app') -> 'codes'), '{"I205": 32}'::jsonb, 'what is sent for the month, again, late or as a correction of what lies in it, is refused');
SELECT is((SELECT count(*) FROM centre.document WHERE doc_key = 'new' AND first_day IS NOT NULL), 1::bigint, 'and nothing else');
SELECT set_eq($$SELECT * FROM tap.state EXCEPT SELECT * FROM tap.before$$, $$SELECT 'cell', c::text FROM centre.cell_now c JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'need_water'$$, 'cells of the month stay as they are');
SELECT tap.land('app', '{"id": "moved", "v": 3, "deleted": true}');
SELECT is((SELECT tap.apply('app') -> 'codes'), '{"I205": 1}'::jsonb, 'nor is it deleted');

-- ---- documents go, and nothing comes back ----
SELECT is((SELECT expiry FROM centre.retention WHERE relation = 'document'), 'delete', 'documents have a retention');
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'document';
SELECT is(centre.apply_retention(now() + interval '2 days'), 31::bigint, 'those of archived months alone go');
SELECT is_empty($$SELECT doc_key FROM centre.document WHERE doc_key ~ '^m6|moved'$$, 'all of them');
UPDATE centre.landing SET batch_id = NULL;
SELECT tap.apply('app');
SELECT is_empty($$SELECT doc_key FROM centre.document WHERE doc_key ~ '^m6|moved' AND first_day IS NOT NULL$$, 'and do not come back');
SELECT is((SELECT sum(n) FROM centre.cell_now WHERE day BETWEEN '2026-06-01' AND '2026-06-30'), 31::numeric, 'the month is counted as it was');

-- ---- a person in the archive ----
SELECT centre.pseudonym('p7') AS person \gset
SELECT set_has(format('SELECT relation, rows FROM centre.erase(%s)', :person), $$VALUES ('archived_observation_2026_06', 1::bigint), ('observation', 2)$$, 'a person is erased from the archive');
SELECT is((SELECT count(*) FROM centre.archived_observation_2026_06 WHERE subject_id = :person), 0::bigint, 'where nothing leads to him');
SELECT is((SELECT count(*) FROM centre.archived_observation_2026_06), 31::bigint, 'and the fact stays, since it is counted');

-- ---- back, and away ----
CREATE TABLE tap.then AS SELECT * FROM tap.state;
SELECT throws_ok($$SELECT centre.restore_month('2026-06-01')$$, '55000', NULL, 'facts whose documents are gone do not come back');
SELECT centre.archive_month('2026-05-01', 'pg_default');
SELECT is(centre.restore_month('2026-05-01'), 28::bigint, 'others do');
SELECT is((SELECT count(*) FROM centre.observation WHERE day BETWEEN '2026-05-01' AND '2026-05-31'), 28::bigint, 'among the others');
SELECT is_empty('SELECT * FROM centre.cell_drift', 'and agree with the cells');
SELECT results_eq($$SELECT month FROM centre.archived_month$$, ARRAY[date '2026-06-01'], 'and are archived no more');
SELECT lives_ok($$SELECT centre.drop_archived('2026-06-01')$$, 'once they are in a file they are let go');
SELECT is(to_regclass('centre.archived_observation_2026_06'), NULL, 'entirely');
SELECT is_empty($$SELECT relation FROM centre.retention WHERE relation LIKE 'archived%'$$, 'also from the list of personal data');
SELECT set_eq('SELECT * FROM tap.state', 'SELECT * FROM tap.then', 'cells, releases and ledger stay');
SELECT throws_ok($$SELECT centre.restore_month('2026-06-01')$$, 'P0002', NULL, 'and they do not come back by themselves');
SELECT * FROM finish();
