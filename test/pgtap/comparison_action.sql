-- Actions compared before and after: windows, the plain change, the change beyond what was to be expected, and regression to the mean.
\ir ../fixtures/release.sql
SELECT plan(17);
-- a year; the action in PA begins on 10 July, so July belongs to neither side
SELECT tap.put('t_month', make_date(2024, m, 1), 't_case', a, CASE a WHEN 'PA' THEN CASE WHEN m < 7 THEN 40 + m ELSE 25 END WHEN 'PB' THEN 50 WHEN 'PC' THEN 110 - m WHEN 'PD' THEN 14 ELSE CASE m WHEN 9 THEN NULL ELSE 70 END END, n)
FROM generate_series(1, 12) m, (VALUES ('PA', 100000), ('PB', 200000), ('PC', 400000), ('PD', 50000), ('PE', 300000)) v (a, n);
INSERT INTO centre.action VALUES ('well', 't_case', 11, '2024-07-10', 'boreholes'), ('late', 't_case', 11, '2024-11-02', 'too late to tell');
INSERT INTO centre.label VALUES ('action', 'well', 'af', 'boorgate');
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;
SELECT results_eq($$SELECT a.code, w.periods, w.before_events, w.after_events, w.before_exposure, w.after_exposure FROM dash.action_windows('well', 4) w JOIN (SELECT DISTINCT area_id, code FROM dash.area) a USING (area_id) ORDER BY 1$$,
  $$VALUES ('PA', 4, 178::float8, 100::float8, 100000.0 * 122::float8, 100000.0 * 122::float8), ('PB', 4, 200, 200, 200000.0 * 122, 200000.0 * 122), ('PC', 4, 422, 402, 400000.0 * 122, 400000.0 * 122), ('PD', 4, 56, 56, 50000.0 * 122, 50000.0 * 122)$$,
  'four whole months on each side, March to June and August to November, July left out; the area with a withheld month is no peer');
SELECT results_eq($$SELECT periods, percent, percent_ci_lower, percent_ci_upper, round(earlier::numeric, 6), round(later::numeric, 6) FROM dash.action_effect('en', 4, '{well}')$$,
  $$SELECT 4, 100 * (r.ratio - 1), 100 * (r.lower - 1), 100 * (r.upper - 1), round(178 / 122.0 * 122 / 4, 6), 25::numeric(20, 6) FROM civic.rate_ratio(100, 100000.0 * 122, 178, 100000.0 * 122) r$$, 'the plain change, exactly, and both rates per month');
SELECT results_eq($$SELECT peers, round(expected_percent::numeric, 6), round(effect_percent::numeric, 6), round(effect_ci_lower::numeric, 6), round(effect_ci_upper::numeric, 6), verdict FROM dash.action_effect('en', 4, '{well}')$$, $$
  WITH v (area, x, n, y) AS (VALUES ('PA', 178.0, 100000.0, 100.0), ('PB', 200, 200000, 200), ('PC', 422, 400000, 402), ('PD', 56, 50000, 56)),
  m AS (SELECT sum(x) / sum(n * 122) AS m, count(*) / sum(1) AS one, avg(n * 122) AS nbar, sum(n * 122) AS total FROM v),
  b AS (SELECT greatest(0, sum(n * 122 * (x / (n * 122) - m) ^ 2) / max(total) - max(m) / max(nbar)) AS between_areas FROM v, m),
  prior AS (SELECT between_areas / (between_areas + m / (100000 * 122)) AS w, m FROM m, b),
  rate AS (SELECT w, m + w * (178 / (100000 * 122.0) - m) AS r FROM prior),
  anyway AS (SELECT w, r, r * 100000 * 122 * (658 / (650000 * 122.0)) / (678 / (650000 * 122.0)) AS pi, w / (r * 100000 * 122) + 1 / 658.0 + 1 / 678.0 AS v FROM rate)
  SELECT 3, round((100 * (pi / (100000 * 122) / (178 / (100000 * 122.0)) - 1))::numeric, 6), round((100 * (100 / pi / (1 + v) - 1))::numeric, 6),
         round((100 * (100 / pi / (1 + v) * exp(-1.959963984540054 * sqrt(1 / 100.0 + v) / (1 + v)) - 1))::numeric, 6), round((100 * (100 / pi / (1 + v) * exp(1.959963984540054 * sqrt(1 / 100.0 + v) / (1 + v)) - 1))::numeric, 6), 'lower' FROM anyway$$,
  'the expected change and the effect, by the formulas of Marshall and Hauer written out');
SELECT results_eq($$SELECT reason, effect_percent FROM dash.action_effect('en', 4, '{late}')$$, $$VALUES ('too few whole periods since the action', NULL::float8)$$, 'one month after is too early');
SELECT is((SELECT what FROM dash.action_effect('af', 4, '{well}')), 'boorgate', 'what was done, in the reader''s language');
SELECT is((SELECT periods FROM dash.action_effect('en', 12, '{well}')), 5, 'no longer after than there are periods');
SELECT throws_ok($$SELECT * FROM dash.action_effect('en', 4, '{nothing}')$$, '22023', 'there is no action "nothing"', 'an unknown action');
RESET ROLE;
-- an action that begins with its period counts it; other areas that were acted on are no peers
UPDATE centre.action SET starts = '2024-07-01' WHERE code = 'well';
INSERT INTO centre.action VALUES ('other', 't_case', 12, '2024-05-01', 'elsewhere'), ('town', 't_case', 21, '2024-05-01', 'in a town of A');
SELECT set_eq($$SELECT a.code, w.before_events, w.after_events FROM dash.action_windows('well', 2) w JOIN centre.area a USING (area_id)$$, $$VALUES ('PA', 91::float8, 50::float8), ('PC', 209, 205), ('PD', 28, 28), ('PE', 140, 140)$$, 'May and June against July and August');
-- nothing published in the area, everything withheld, no events, one area
INSERT INTO centre.action VALUES ('unpublished', 't_case', 31, '2024-07-01', 'x'), ('beds', 't_bed', 11, '2024-07-01', 'x');
SET ROLE civic_reader;
SELECT set_eq($$SELECT action, reason FROM dash.action_effect('en', 4, '{unpublished,beds}')$$, $$VALUES ('unpublished', 'too few whole periods since the action'), ('beds', 'too few whole periods since the action')$$, 'nothing published, no verdict');
RESET ROLE;
SELECT tap.put('t_month', make_date(2022, m, 1), 't_case', 'PA', 0, 100000), tap.put('t_month', make_date(2022, m, 1), 't_case', 'PB', CASE WHEN m < 6 THEN NULL ELSE 5 END, 200000) FROM generate_series(1, 8) m;
INSERT INTO centre.action VALUES ('none', 't_case', 11, '2022-04-01', 'x'), ('held', 't_case', 12, '2022-04-01', 'x');
SET ROLE civic_reader;
SELECT results_eq($$SELECT action, percent, effect_percent, reason, effect_reason FROM dash.action_effect('en', 3, '{none,held}') ORDER BY 1$$,
  $$VALUES ('held', NULL::float8, NULL::float8, 'withheld: too few people', NULL), ('none', NULL, NULL, NULL, 'no other area to compare with')$$, 'withheld sides and empty ones: reasons, no infinity');
RESET ROLE;

-- Forty indicators of thirty areas that differ truly, four months, no effect at all; each time the area with the worst first half is "acted on".
-- The plain comparison praises many of these actions; the honest one is wrong about as often as its limits say.
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 1000 + a, 'S' || a, 'd', 'district', 'S' || a, 1 FROM generate_series(1, 30) a;
INSERT INTO centre.area_standing SELECT 'district', 1000 + a FROM generate_series(1, 30) a;
INSERT INTO centre.indicator (code, kind, topic, unit) SELECT 's_' || i, 'count', 'needs', 's' FROM generate_series(1, 40) i;
CREATE FUNCTION tap.u(text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT ((hashtextextended($1, 7) & 9007199254740991) + 0.5) / 9007199254740992.0 $$;
CREATE TEMP TABLE simulated AS
  SELECT i, a, m, civic.poisson_quantile(tap.u(format('%s %s %s', i, a, m)), civic.gamma_quantile(tap.u(format('true %s %s', i, a)), 40, 0.25)) AS x FROM generate_series(1, 40) i, generate_series(1, 30) a, generate_series(1, 4) m;
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit) SELECT 's', 'centre', array_agg('s_' || i), '{district}', 'month' FROM generate_series(1, 40) i;
INSERT INTO centre.release (release_id, cube, period, made_of) OVERRIDING SYSTEM VALUE SELECT 9000 + m, 's', centre.period_of('month', make_date(2021, m, 1)), 'by hand' FROM generate_series(1, 4) m;
INSERT INTO centre.release_cell SELECT 9000 + m, 's_' || i, 'district', 1000 + a, 'all', '*total*', x, NULL, 'ok' FROM simulated;
INSERT INTO centre.action SELECT 'sim_' || i, 's_' || i, 1000 + (SELECT a FROM simulated s WHERE s.i = g.i AND m < 3 GROUP BY a ORDER BY sum(x) DESC, a LIMIT 1), '2021-03-01', 'nothing' FROM generate_series(1, 40) AS g (i);
ANALYZE centre.release_cell;
CREATE TEMP TABLE judged AS SELECT * FROM dash.action_effect('en', 2, (SELECT array_agg('sim_' || i) FROM generate_series(1, 40) i));
SELECT is((SELECT count(*) FROM judged WHERE effect_percent IS NOT NULL), 40::bigint, 'forty actions that did nothing');
SELECT cmp_ok((SELECT count(*) FROM judged WHERE percent_ci_upper < 0), '>=', 5::bigint, 'the plain change praises five times as many of them as its limits promise');
SELECT cmp_ok((SELECT count(*) FROM judged WHERE effect_ci_lower <= 0 AND effect_ci_upper >= 0), '>=', 36::bigint, 'the limits of the effect hold nought in nine of ten at least');
SELECT cmp_ok((SELECT abs(avg(effect_percent)) FROM judged), '<', 7::float8, 'and on average there is none');
SELECT cmp_ok((SELECT avg(percent) FROM judged), '<', -15::float8, 'where the plain change averages a fall');
-- an effect that is there is found
UPDATE centre.release_cell c SET value = floor(value * 0.4) FROM centre.action k WHERE k.indicator = c.indicator AND k.area_id = c.area_id AND c.release_id IN (9003, 9004);
SELECT cmp_ok((SELECT count(*) FROM dash.action_effect('en', 2, (SELECT array_agg('sim_' || i) FROM generate_series(1, 40) i)) WHERE verdict = 'lower'), '>=', 32::bigint, 'a fall of three fifths is seen in four of five');
SELECT throws_ok($$INSERT INTO centre.action VALUES ('x', 't_case', 11, 'infinity', 'x')$$, '23514', NULL, 'an action has a day');
SELECT * FROM finish();
