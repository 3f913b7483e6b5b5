-- Cells stay exact through every way of writing, and the ways round the triggers are closed or found out.
\ir ../fixtures/country.sql
SELECT plan(18);
SELECT centre.ensure_months('2026-01-15', '2026-03-02');
INSERT INTO centre.document (source, doc_key, version, content_hash) SELECT 'app', i::text, 0, 'x' FROM generate_series(1, 20) i;
CREATE FUNCTION tap.cells() RETURNS bigint LANGUAGE sql AS 'SELECT sum(n)::bigint FROM centre.cell_now';

INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band, disability, youth, migrant, value)
  SELECT document_id, 1, '2026-01-01'::date + (document_id::int % 70), now(), 1, 7 + document_id % 2, true, CASE document_id % 2 WHEN 0 THEN 'f' ELSE 'm' END, '25-29', document_id % 3 = 0, true, NULL, 2
  FROM centre.document;
SELECT is(tap.cells(), 20::bigint, 'an insert is counted');
SELECT is_empty('TABLE centre.cell_drift', 'insert: no drift');
UPDATE centre.observation SET area_id = 4, value = 3 WHERE document_id % 4 = 0;
SELECT is_empty('TABLE centre.cell_drift', 'update: no drift');
UPDATE centre.observation SET day = day + 31 WHERE document_id % 5 = 0;
SELECT is_empty('TABLE centre.cell_drift', 'update that moves rows between partitions: no drift');
DELETE FROM centre.observation WHERE document_id % 3 = 0;
SELECT is_empty('TABLE centre.cell_drift', 'delete: no drift');
COPY centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band, value) FROM stdin WITH (FORMAT csv);
1,2,2026-02-02,2026-02-02,2,8,t,f,30-34,1
2,2,2031-07-07,2031-07-07,2,8,t,f,30-34,1
\.
SELECT is_empty('TABLE centre.cell_drift', 'copy, also into a month without a partition: no drift');
SELECT is((SELECT count(*) FROM centre.observation_other), 1::bigint, 'such a month waits in the default partition');
SELECT is(centre.ensure_months('2031-07-01', '2031-07-01'), 1, 'until its partition is made');
SELECT is((SELECT count(*) FROM centre.observation_2031_07), 1::bigint, 'which takes the rows along');
SELECT is_empty('TABLE centre.cell_drift', 'and no cell changes');
SELECT cmp_ok(centre.drain_cells(2), '=', 2::bigint, 'the drainer folds as many as asked');
DO $$ BEGIN WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP; END $$;
SELECT is((SELECT count(*) FROM centre.cell_delta), 0::bigint, 'and all in the end');
SELECT is_empty('TABLE centre.cell_drift', 'drained: no drift');

-- statistics that say the queue is empty, as they do when it was analysed after a drain
INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total) SELECT 1, 7, '2026-01-01', 'f', '25-29', 0, 1, 1 FROM generate_series(1, 2000);
DO $$ BEGIN WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP; END $$;
ANALYZE centre.cell_delta;
INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total) SELECT 1, 7, '2026-01-01', 'f', '25-29', 0, -1, -1 FROM generate_series(1, 2000);
SELECT is(centre.drain_cells(500), 500::bigint, 'a queue that statistics call empty: the drainer still folds as many as asked');
DO $$ BEGIN WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP; END $$;
SELECT is_empty('TABLE centre.cell_drift', 'and the cells are right in the end');

SELECT throws_ok('TRUNCATE centre.observation_2026_01', '55000', NULL, 'TRUNCATE of a partition is refused');
INSERT INTO centre.observation_2026_01 (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band)
  VALUES (4, 9, '2026-01-05', '2026-01-05', 1, 7, true, 'f', '25-29');
SELECT is(centre.reconcile_cells(), 1::bigint, 'what the owner writes past the triggers is found and mended');
SELECT is_empty('TABLE centre.cell_drift', 'for good');
SELECT * FROM finish();
