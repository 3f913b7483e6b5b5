-- Composite indices: the weighted mean, its exact bounds under other weights, ranks that hold whatever the weights, and missing parts.
\ir ../fixtures/release.sql
SELECT plan(18);
INSERT INTO centre.indicator (code, kind, topic, unit, numerator, denominator, direction) VALUES
  ('t_share2', 'proportion', 'needs', 'share', 't_good', 't_visit', 'higher_is_better'), ('t_share3', 'proportion', 'needs', 'share', 't_good', 't_visit', 'lower_is_better');
UPDATE centre.cube SET indicators = indicators || '{t_share2,t_share3}' WHERE code = 't_month';
INSERT INTO centre.composite VALUES ('t_index', 0.4, 'test'), ('t_rate', 0, 'test');
INSERT INTO centre.composite_part VALUES ('t_index', 't_share', 3, 0, 1), ('t_index', 't_share2', 2, 0.2, 0.8), ('t_index', 't_share3', 1, 0.5, 0), ('t_rate', 't_case', 1, 1000, 0);
-- A is above B in every part; C is good where A is bad
-- so many visits that chance has no say
SELECT tap.put('t_month', '2024-01-01', i, a, x * 1e10, 1e12) FROM (VALUES
  ('PA', 't_share', 90), ('PA', 't_share2', 70), ('PA', 't_share3', 40), ('PB', 't_share', 80), ('PB', 't_share2', 60), ('PB', 't_share3', 45),
  ('PC', 't_share', 75), ('PC', 't_share2', 79), ('PC', 't_share3', 5), ('PD', 't_share', 10), ('PD', 't_share2', 90), ('PD', 't_share3', NULL),
  ('PE', 't_share', 20), ('PE', 't_share2', 10), ('PE', 't_share3', 60)) AS v (a, i, x);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, round(score::numeric, 9) FROM dash.composite('t_index', '2024-01')$$,
  $$SELECT v.a, round(v.s, 9) FROM (VALUES (1, 'PC', (3 * 75 + 2 * 100 * (0.79 - 0.2) / 0.6 + 90) / 6), (2, 'PA', (3 * 90 + 2 * 100 * 0.5 / 0.6 + 20) / 6), (3, 'PB', (3 * 80 + 2 * 100 * 0.4 / 0.6 + 10) / 6), (4, 'PE', 60.0 / 6), (5, 'PD', NULL)) v (n, a, s)$$,
  'the weighted mean of scores between the goalposts, cut off at 0 and 100');
-- the bounds by brute force: the extremes of a ratio of linear forms lie at the corners of the box of weights
SELECT results_eq($$SELECT area, round(weights_lower::numeric, 9), round(weights_upper::numeric, 9) FROM dash.composite('t_index', '2024-01') WHERE reason IS NULL ORDER BY area$$,
  $$SELECT area, round(min(m)::numeric, 9), round(max(m)::numeric, 9) FROM (
      SELECT s.area, c.a, c.b, c.c, sum(score * weight * CASE indicator WHEN 't_share' THEN c.a WHEN 't_share2' THEN c.b ELSE c.c END) / sum(weight * CASE indicator WHEN 't_share' THEN c.a WHEN 't_share2' THEN c.b ELSE c.c END) AS m
      FROM dash.composite_scores('t_index', '2024-01') s, (SELECT a, b, c FROM unnest('{0.6,1,1.4}'::float8[]) a, unnest('{0.6,1,1.4}'::float8[]) b, unnest('{0.6,1,1.4}'::float8[]) c) c WHERE s.area <> 'PD' GROUP BY s.area, c.a, c.b, c.c) t GROUP BY area ORDER BY area$$,
  'least and greatest value over every corner of the weights');
SELECT results_eq($$SELECT area, rank_lower, rank_upper FROM dash.composite('t_index', '2024-01') WHERE rank IS NOT NULL ORDER BY area$$,
  $$SELECT area, min(r)::int, max(r)::int FROM (SELECT *, rank() OVER (PARTITION BY a, b, c ORDER BY m DESC) AS r FROM (
      SELECT s.area, c.a, c.b, c.c, sum(score * weight * CASE indicator WHEN 't_share' THEN c.a WHEN 't_share2' THEN c.b ELSE c.c END) / sum(weight * CASE indicator WHEN 't_share' THEN c.a WHEN 't_share2' THEN c.b ELSE c.c END) AS m
      FROM dash.composite_scores('t_index', '2024-01') s, (SELECT a, b, c FROM unnest('{0.6,0.8,1,1.2,1.4}'::float8[]) a, unnest('{0.6,0.8,1,1.2,1.4}'::float8[]) b, unnest('{0.6,0.8,1,1.2,1.4}'::float8[]) c) c WHERE s.area <> 'PD' GROUP BY s.area, c.a, c.b, c.c) t) u GROUP BY area ORDER BY area$$,
  'places an area can take, against every combination of weights on a grid');
SELECT results_eq($$SELECT area, weakest, round(weakest_score::numeric, 6) FROM dash.composite('t_index', '2024-01') WHERE area IN ('PA', 'PB') ORDER BY 1$$, $$VALUES ('PA', 't_share3', 20.000000), ('PB', 't_share3', 10.000000)$$, 'the part that costs most points');
SELECT results_eq($$SELECT score, weights_lower, weights_upper, rank, reason FROM dash.composite('t_index', '2024-01') WHERE area = 'PD'$$, $$VALUES (NULL::float8, NULL::float8, NULL::float8, NULL::int, 'a part of the index has no value: t_share3')$$, 'a withheld part leaves no index, and says which');
SELECT is((SELECT rank_reason FROM dash.composite('t_index', '2024-01', 'en', 'province', '{PA}')), 'nothing to compare with', 'one area has an index but no rank');
SELECT is((SELECT count(*) FROM dash.composite('t_index', '2031-01') WHERE score IS NULL AND reason IS NOT NULL), 5::bigint, 'nothing published');
SELECT throws_ok($$SELECT * FROM dash.composite('nothing', '2024-01')$$, '22023', 'there is no composite index "nothing"', 'an unknown index');
SELECT results_eq($$SELECT indicator, round(weight::numeric, 6) FROM dash.composite_weight WHERE composite = 't_index' ORDER BY 1$$, $$VALUES ('t_share', 0.5), ('t_share2', 0.333333), ('t_share3', 0.166667)$$, 'weights are published');
SELECT is((SELECT count(*) FROM dash.composite_weight WHERE composite = 'living_conditions' AND citation <> ''), 3::bigint, 'the shipped index has parts and a source');
RESET ROLE;
-- with a hundred visits each, no place is certain but that of the worst
SELECT tap.put('t_month', '2024-02-01', i, a, x, 100) FROM (VALUES ('PA', 't_share', 90), ('PA', 't_share2', 70), ('PA', 't_share3', 30), ('PB', 't_share', 84), ('PB', 't_share2', 65), ('PB', 't_share3', 36),
  ('PE', 't_share', 20), ('PE', 't_share2', 10), ('PE', 't_share3', 60)) AS v (a, i, x);
SELECT results_eq($$SELECT area, rank, rank_lower, rank_upper FROM dash.composite('t_index', '2024-02', 'en', NULL, '{PA,PB,PE}')$$, $$VALUES ('PA', 1, 1, 2), ('PB', 2, 1, 2), ('PE', 3, 3, 3)$$, 'better in every part, but by chance perhaps');
SELECT results_eq($$SELECT round(ci_lower::numeric, 6), round(ci_upper::numeric, 6) FROM dash.composite('t_index', '2024-02', 'en', NULL, '{PB}')$$,
  $$SELECT round((s - sqrt(sum((w * l) ^ 2)))::numeric, 6), round((s + sqrt(sum((w * u) ^ 2)))::numeric, 6) FROM (
      SELECT w, 100 * CASE WHEN g > 0 THEN (x / 100.0 - i.lower) * g ELSE (i.upper - x / 100.0) * -g END AS l, 100 * CASE WHEN g > 0 THEN (i.upper - x / 100.0) * g ELSE (x / 100.0 - i.lower) * -g END AS u, (3 * 84 + 2 * 75 + 28) / 6.0 AS s
      FROM (VALUES (0.5, 84, 1.0), (1 / 3.0, 65, 1 / 0.6), (1 / 6.0, 36, -2.0)) v (w, x, g), civic.wilson_interval(x, 100) i) t GROUP BY s$$, 'chance limits, by squares of what each part''s limits are away');
SELECT tap.put('t_month', '2024-01-01', 't_case', 'PA', 10, 100000), tap.put('t_month', '2024-01-01', 't_case', 'TA', 10, 40000), tap.put('t_month', '2024-01-01', 't_case', 'PB', 'NaN', 200000), tap.put('t_month', '2024-01-01', 't_case', 'PC', 10, 400000);
SELECT results_eq($$SELECT area, rank, rank_reason FROM dash.composite('t_rate', '2024-01', 'en', 'province', '{PC,TA}') ORDER BY 1$$,
  $$VALUES ('PC', NULL::int, 'not ranked: populations of different sources or years'), ('TA', NULL, 'not ranked: populations of different sources or years')$$, 'populations are not mixed in an index either');
SELECT is((SELECT string_agg(DISTINCT rank_reason, '') FROM dash.composite('t_rate', '2024-01', 'en', 'province', '{PA,TA}')), 'some of these areas lie in others of them', 'nor a province with a town in it');
SELECT results_eq($$SELECT area, round(score::numeric, 6), weights_lower = score AND weights_upper = score FROM dash.composite('t_rate', '2024-01', 'en', 'province', '{PA}')$$, $$SELECT 'PA', round(100 - 10 * 365.25 / 31 / 10, 6), true$$, 'a yearly rate between its goalposts; one part leaves nothing to vary');
SELECT results_eq($$SELECT round(score::numeric, 6), complete FROM dash.composite_scores('t_rate', '2024-Q1', 'province', '{PA}')$$, $$SELECT round(100 - 10 * 365.25 / 31 / 10, 6), false$$, 'of a quarter of which one month is published too');
SELECT is((SELECT reason FROM dash.composite('t_rate', '2024-01', 'en', 'province', '{PB}')), 'a part of the index has no value: t_case', 'NaN is no value');
SELECT throws_ok($$INSERT INTO centre.composite_part VALUES ('t_rate', 't_bed', 1, 'NaN', 1)$$, '23514', NULL, 'goalposts are numbers');
SELECT * FROM finish();
