-- Every function reads released cells by index, and not many more than it needs; test/long has ten times the demo's cells.
\ir ../fixtures/release.sql
\if :{?scale} \else \set scale 1 \endif
INSERT INTO centre.indicator (code, kind, flow, topic, unit, personal) SELECT 'f' || i, 'count', 'stock', 'wash', 'facilities', false FROM generate_series(1, 30) i;
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 1000 + i, 'V' || i, 'd', 'ward', 'Ward ' || i, 12 FROM generate_series(1, 900) i;
INSERT INTO centre.area_standing SELECT 'ward', 1000 + i FROM generate_series(1, 900) i;
INSERT INTO centre.area_closure SELECT area_id, area_id, 0 FROM centre.area ON CONFLICT DO NOTHING;
INSERT INTO centre.wash_domain VALUES ('water', 'form', 'rules', 'hcf', 'facility'), ('other', 'form', 'rules', 'hcf', 'facility');
INSERT INTO centre.wash_measure (domain, measure, code, rank, indicator) VALUES ('water', 'registered', '', NULL, 'f1'), ('water', 'assessed', '', NULL, 'f2'), ('water', 'at_least_basic', '', NULL, 'f3'), ('water', 'may_be_basic', '', NULL, 'f4'),
  ('water', 'level', 'basic', 2, 'f5'), ('water', 'lift', 'x', NULL, 'f6');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) SELECT 'big', 'centre', array_agg('f' || i) || '{t_case}', '{country,province,ward}', 'month', false FROM generate_series(1, 30) i;
INSERT INTO centre.release (cube, period, made_of) SELECT 'big', centre.period_of('month', ('2022-01-01'::date + m * interval '1 month')::date), '' FROM generate_series(0, 5 + 6 * (:scale - 1)) m;
INSERT INTO centre.release_cell SELECT r.release_id, 'f' || i, 'ward', 1000 + a, 'all', '*total*', a % 7, NULL, 'ok' FROM centre.release r, generate_series(1, 30) i, generate_series(1, 900) a WHERE r.cube = 'big';
INSERT INTO centre.release_cell SELECT r.release_id, i, l, a, 'all', '*total*', 10 + a, CASE i WHEN 't_case' THEN 100000 END, 'ok' FROM centre.release r, unnest('{f1,f2,f3,t_case}'::text[]) i, (VALUES ('province', 11), ('province', 12), ('province', 13), ('country', 1)) v (l, a) WHERE r.cube = 'big';
ANALYZE centre.release_cell, centre.release, centre.area, centre.area_standing, centre.area_closure;
SELECT plan(15);
-- how often release_cell was read from end to end, and how many of its rows were fetched, by one statement
CREATE FUNCTION tap.reads(query text, OUT scans bigint, OUT rows bigint) LANGUAGE plpgsql AS $$
DECLARE
  was record;
BEGIN
  SELECT x.seq_scan, coalesce(x.idx_tup_fetch, 0) AS fetched INTO was FROM pg_stat_xact_user_tables x WHERE x.relid = 'centre.release_cell'::regclass;
  EXECUTE 'CREATE TEMP TABLE answer ON COMMIT DROP AS ' || query;
  EXECUTE 'DROP TABLE answer';
  SELECT x.seq_scan - was.seq_scan, coalesce(x.idx_tup_fetch, 0) - was.fetched INTO scans, rows FROM pg_stat_xact_user_tables x WHERE x.relid = 'centre.release_cell'::regclass;
END
$$;
SET max_parallel_workers_per_gather = 0;  -- what workers read is not counted here
CREATE FUNCTION tap.by_index(query text, most bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  SELECT * INTO r FROM tap.reads(query);
  RETURN NEXT ok(r.scans = 0 AND r.rows <= most, format('%s: by index, %s rows', query, CASE WHEN r.rows <= most THEN 'few' ELSE r.rows::text END));
END
$$;
SELECT ok((SELECT scans > 0 FROM tap.reads('SELECT sum(value) FROM centre.release_cell WHERE value > 3')), 'the counter sees a reading from end to end');
SELECT tap.by_index($$SELECT * FROM dash.wash_levels('water', 'latest', 'en', 'ward')$$, 20 * 900);
SELECT tap.by_index($$SELECT * FROM dash.wash_lifts('water', 'latest', 'en', 'ward')$$, 20 * 900);
SELECT tap.by_index($$SELECT * FROM dash.wash_coverage('water', 'latest', 'en', 'ward')$$, 10 * 900);
SELECT tap.by_index($$SELECT * FROM dash.comparison('f7', 'latest', 'en', 'ward')$$, 3 * 900);
SELECT tap.by_index($$SELECT * FROM dash.map('f7', 'ward', '2022-03')$$, 3 * 900);
SELECT tap.by_index($$SELECT * FROM dash.provinces('f7', '2022-03', 'en', 'ward')$$, 6 * 900);
-- a period that begins in these days may end up to a year after them: 18 months of three wards, a few times
SELECT tap.by_index($$SELECT * FROM dash.series('f7', '{V1,V2,V3}', '2022-01-01', '2022-06-30')$$, 3 * 18 * 5);
SELECT tap.by_index($$SELECT * FROM dash.standards('t_case', '2022-02')$$, 60);
SELECT tap.by_index($$SELECT * FROM dash.marginal_change('t_case', '2022-04')$$, 40 * 6 * :scale);
SELECT tap.by_index($$SELECT * FROM dash.base_year_index('t_case', '{PA,PB}', '2022-01-01', '2022-06-30', base_year => 2022)$$, 40 * 6 * :scale);
SELECT tap.by_index($$SELECT * FROM dash.trend('t_case', '{PA,PB,PC}', '2022-01-01', '2022-06-30')$$, 40 * 6 * :scale);
SELECT tap.by_index($$SELECT * FROM dash.change_split('t_case', '2022-01', '2022-02')$$, 120);
SELECT tap.by_index($$SELECT * FROM dash.late_reports('f7', '2022-03', 'en', 'ward')$$, 8 * 900);
SELECT tap.by_index($$SELECT * FROM dash.wash_cells('water', '2022-05', 'ward')$$, 10 * 900);
SELECT * FROM finish();
