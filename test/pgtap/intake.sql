-- Intake: every kind of dirt, dry run, replay, edits across months, deletion, retry.
\ir ../fixtures/country.sql
SELECT plan(33);
CREATE FUNCTION tap.facts() RETURNS TABLE (doc text, day date, indicator text, area int, sex text, age_band text, value numeric) LANGUAGE sql AS $$
  SELECT d.doc_key, o.day, i.code, o.area_id, o.sex, o.age_band, o.value FROM centre.observation o JOIN centre.document d USING (document_id) JOIN centre.indicator i USING (indicator_id)
$$;

-- readers of untrusted text
SELECT is(centre.try_timestamptz(t, 'Africa/Johannesburg'), x::timestamptz, 'time: ' || t) FROM (VALUES
  ('2026-02-28', '2026-02-28 00:00+02'), ('2026-02-30', NULL), ('now', NULL), ('infinity', NULL), ('2026-02-28T25:00', NULL), ('2026-02-28T10:00Z', '2026-02-28 10:00+00'),
  ('2026-02-28 10:00:00.5+05:30', '2026-02-28 04:30:00.5+00')) AS v (t, x);
SELECT is(centre.try_numeric(t), x::numeric, 'number: ' || t) FROM (VALUES (' 1.50', '1.5'), ('NaN', NULL), ('1e400', NULL), ('0x1', NULL), ('', NULL)) AS v (t, x);
SELECT results_eq($$SELECT fields FROM centre.csv_rows(E'a,"b,""c""\nd",\r\n\r\ne,f,g')$$, $$VALUES (ARRAY['a', E'b,"c"\nd', '']), (ARRAY['e', 'f', 'g'])$$, 'CSV: quotes, line breaks, empty fields and lines');
SELECT results_eq($$SELECT centre.csv_is_sound(t) FROM unnest(ARRAY['a,"b"', 'a,b"c', '"a', 'a,"b"c']) AS t$$, ARRAY[true, false, false, false], 'CSV: open quotes are seen');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND p.proparallel <> 'u' AND p.prosrc ~ 'EXCEPTION\s+WHEN'$$,
  'nothing that catches errors runs in a parallel plan, which a large batch may have');

-- one payload with good and bad documents
SELECT tap.land('app', '[{"id": "a", "v": 1, "at": "2026-10-03T10:00:00+02:00", "about": ["Food", "Water", "Food"], "lon": "3", "lat": 3, "phone": "082", "sex": "female", "born": 1999},
  {"id": "b", "at": "2026-10-31T23:30:00Z", "about": "Food", "ward": "gp", "n": 7},
  {"id": "c", "at": "2026-13-03", "about": "Bread", "lon": 99, "lat": 3, "sex": "woman"}, 17, {"id": "d", "about": "Food", "at": "2036-01-01", "ward": "W1"}]');
SELECT tap.land('app', '{"cut": ');
SELECT tap.land('app', E'id,at,about,ward\ne,2026-10-05,Food,W2\nf,2026-10-05,Food\ng,2026-10-05,Food,Nowhere\n', 'csv');
CREATE TEMP TABLE report AS SELECT tap.apply('app', true) AS r;
SELECT is((SELECT count(*) FROM centre.observation) + (SELECT count(*) FROM centre.document) + (SELECT count(*) FROM centre.dead_letter) + (SELECT count(*) FROM centre.cell_delta), 0::bigint, 'a dry run writes nothing');
UPDATE centre.landing SET batch_id = NULL;
SELECT is((tap.apply('app') - 'batch' - 'dry_run'), (SELECT r - 'batch' - 'dry_run' FROM report), 'and reports what the real run does');
SELECT is((SELECT r - 'codes' - 'batch' FROM report), '{"received": 9, "inserted": 3, "updated": 0, "unchanged": 0, "stale": 0, "rejected": 6, "observations": 4, "new_dead_letters": 9, "dry_run": true}', 'the counts add up');
SELECT set_eq('SELECT * FROM tap.facts()', $$VALUES ('a', date '2026-10-03', 'need_food', 7, 'f', '25-29', 1::numeric), ('a', '2026-10-03', 'need_water', 7, 'f', '25-29', 1),
  ('b', '2026-11-01', 'need_food', 2, 'u', 'u', 7), ('e', '2026-10-05', 'need_food', 8, 'u', 'u', 1)$$, 'facts: local day, smallest area, one for each indicator');
SELECT set_eq('SELECT code, field, value FROM centre.dead_letter', $$VALUES ('I203', 'occurred_at', '2026-13-03'), ('I104', 'indicator', 'Bread'), ('I302', 'longitude', '99'), ('I103', 'sex', 'woman'),
  ('I003', '', NULL), ('I201', 'occurred_at', '2036-01-01'), ('I001', '', NULL), ('I301', 'area', 'Nowhere')$$, 'every fault is named with its value');

UPDATE centre.landing SET batch_id = NULL;
SELECT is((tap.apply('app') ->> 'unchanged')::int, 3, 'a replay finds its documents unchanged');
SELECT is((SELECT count(*) FROM centre.dead_letter), 9::bigint, 'and adds no dead letter');
SELECT is((SELECT count(*) FROM centre.observation), 4::bigint, 'and no fact');

-- edit into another month, stale edit, conflict, deletion
SELECT tap.land('app', '{"id": "a", "v": 3, "at": "2026-11-07", "about": "Water", "ward": "W2"}');
SELECT tap.land('app', '{"id": "a", "v": 2, "at": "2026-09-07", "about": "Food", "ward": "W2"}');
SELECT is((SELECT array[r ->> 'updated', r ->> 'stale'] FROM tap.apply('app') r), '{1,1}', 'the later version wins, the earlier is stale');
SELECT set_eq($$SELECT day, indicator, area FROM tap.facts() WHERE doc = 'a'$$, $$VALUES (date '2026-11-07', 'need_water', 8)$$, 'an edit supersedes across months');
SELECT tap.land('app', '{"id": "a", "v": 3, "at": "2026-11-08", "about": "Water", "ward": "W2"}');
SELECT lives_ok($$SELECT tap.apply('app')$$, 'a conflicting copy is taken');
SELECT is((SELECT count(*) FROM centre.dead_letter WHERE code = 'I409' AND doc_key = 'a'), 1::bigint, 'and noted');
SELECT is((SELECT count(*) FROM tap.facts() WHERE doc = 'a'), 1::bigint, 'it is still one fact');
SELECT tap.land('app', '{"id": "a", "v": 4, "deleted": true}');
SELECT is((tap.apply('app') ->> 'updated')::int, 1, 'a deletion is an update');
SELECT is((SELECT count(*) FROM tap.facts() WHERE doc = 'a'), 0::bigint, 'that leaves no fact');

-- retry after mending
INSERT INTO centre.area_alias VALUES ('Nowhere', 7);
CREATE TEMP TABLE retried (r jsonb);
DO $$ DECLARE r jsonb; BEGIN CALL centre.intake_retry('I301', r); INSERT INTO retried VALUES (r); END $$;
SELECT is((SELECT (r ->> 'inserted')::int FROM retried), 1, 'a retry after the alias was added makes the fact');
SELECT isnt((SELECT resolved_at FROM centre.dead_letter WHERE code = 'I301'), NULL, 'and resolves the dead letter');
SELECT is((SELECT count(*) FROM centre.cell_drift), 0::bigint, 'cells agree with the observations all along');
SELECT * FROM finish();
