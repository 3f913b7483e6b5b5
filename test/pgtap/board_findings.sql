-- What a provincial analyst asks in ordinary use, and was told wrongly or not at all: one test each.
\ir ../fixtures/release.sql
SELECT plan(56);
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES ('tap', 't_case', 'test', 'at_most', 300, 'test', 'act'), ('share', 't_share', 'test', 'at_least', 0.8, 'test', 'act');
-- three complete months of a quarter to come, of which one is published; a cube of one month, first in the alphabet; a partial month
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('a_month', 'centre', '{t_case}', '{province}', 'month', '{all}'), ('other', 'centre', '{t_visit}', '{province}', 'month', '{all}');
SELECT tap.put('t_month', m, 't_case', a, x, n) FROM (VALUES ('2023-07-01'::date), ('2023-08-01'), ('2023-09-01')) AS d (m), (VALUES ('PA', 30, 100000), ('PB', 20, 200000)) AS v (a, x, n);
SELECT tap.put('t_month', '2023-10-01', 't_case', a, x, n) FROM (VALUES ('PA', 30, 100000), ('PB', 20, 200000)) AS v (a, x, n);
SELECT tap.put('a_month', '2023-07-01', 't_case', a, x, n) FROM (VALUES ('PA', 1, 100000), ('PB', 2, 200000)) AS v (a, x, n);
SELECT tap.put('other', '2024-05-01', 't_visit', 'PA', 5, NULL);
SELECT tap.put('t_month', '2022-10-01', 't_case', 'PA', 2, 100000);
INSERT INTO centre.release_days SELECT release_id, '[2022-10-12,2022-11-01)', false FROM centre.release WHERE period = '[2022-10-01,2022-11-01)';
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;

-- 1: a yearly rate is by the days that are published
SELECT results_eq($$SELECT area, verdict FROM dash.standards('t_case', '2023-Q4') WHERE area IN ('PA', 'PB') ORDER BY 1$$, $$SELECT area, verdict FROM dash.standards('t_case', '2023-10') WHERE area IN ('PA', 'PB') ORDER BY 1$$,
  '1: of a quarter of which one month is published the verdicts are that month''s');
SELECT results_eq($$SELECT round(measure::numeric, 6) FROM dash.standards('t_case', '2023-Q4', 'en', 'province', '{PA}')$$, ARRAY[round(30 * 365.25 / 31, 6)], '1: and so is the yearly rate');
SELECT results_eq($$SELECT periods, complete FROM dash.comparison('t_case', '2023-Q4') WHERE area = 'PA' UNION ALL SELECT periods, complete FROM dash.map('t_case', 'province', '2023-Q3') WHERE area = 'PA' UNION ALL SELECT periods, complete FROM dash.provinces('t_case', '2023-Q3') WHERE area = 'PA'$$,
  $$VALUES (1, false), (3, true), (3, true)$$, '1: a partial answer is marked, in comparison, map and provinces');
-- 2: a second cube changes nobody's answers
SELECT results_eq($$SELECT count FROM dash.comparison('t_case', '2023-Q3') WHERE area IN ('PA', 'PB') ORDER BY area$$, ARRAY[90, 60]::numeric[], '2: a quarter is summed from the cube that has all of it, not from the first of the alphabet');
SELECT results_eq($$SELECT count(*) FROM dash.series('t_case', '{PA}', '2023-07-01', '2023-10-31')$$, ARRAY[4::bigint], '2: nor does a series shrink to that cube''s one month');
-- 3: local dates in any session's zone
SELECT is((SELECT string_agg(period_start::text, ' ' ORDER BY period_start) FROM dash.series('t_case', '{PA}', '2023-07-01', '2023-09-30')), '2023-07-01 2023-08-01 2023-09-01', '3: the first period is there in UTC');
SET timezone = 'America/Los_Angeles';
SELECT is((SELECT string_agg(period_start::text, ' ' ORDER BY period_start) FROM dash.series('t_case', '{PA}', '2023-07-01', '2023-09-30')), '2023-07-01 2023-08-01 2023-09-01', '3: and west of it');
SET timezone = 'Pacific/Kiritimati';
SELECT is((SELECT string_agg(period_start::text, ' ' ORDER BY period_start) FROM dash.series('t_case', '{PA}', '2023-07-01', '2023-09-30')), '2023-07-01 2023-08-01 2023-09-01', '3: and east');
SELECT is((SELECT string_agg(period_start::text, ' ') FROM dash.series('t_case', '{PA}', '2023-08-01', '2023-09-01')), '2023-08-01 2023-09-01', '3: with the day of the end');
SET timezone = 'UTC';
-- 4: latest is of the indicator and level
SELECT is((SELECT count FROM dash.comparison('t_case', 'latest') WHERE area = 'PA'), 30::numeric, '4: the last month of the indicator, whatever else was published since');
SELECT is((SELECT round(value) FROM dash.map('t_case', 'province', 'latest') WHERE area = 'PA'), 30::float8, '4: on the map too');
RESET ROLE;
-- 5: one verdict rule, and a least number
SELECT tap.put('t_month', '2024-05-01', 't_share', 'PA', 0, 2), tap.put('t_month', '2024-05-01', 't_share', 'PB', 20, 60), tap.put('t_month', '2024-05-01', 't_share', 'PC', 118, 120);
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, verdict FROM dash.standards('t_share', '2024-05') WHERE verdict IS NOT NULL$$, $$VALUES ('PA', 'cannot tell'), ('PB', 'not met'), ('PC', 'met')$$, '5: two facilities are no verdict; wash_level.sql has the two functions side by side');
SELECT is(dash.verdict(0.85, 0.95, 0.8, 'at_least', 10, 10), 'met', '5: ten are enough');
SELECT is(dash.verdict(0.85, 0.95, 0.8, 'at_least', 9, 10), 'cannot tell', '5: nine are not');
-- 6: wrong arguments
SELECT throws_ok($$SELECT * FROM dash.comparison('t_cases', '2023')$$, '22023', 'there is no indicator "t_cases"', '6: an unknown indicator');
SELECT throws_ok($$SELECT * FROM dash.comparison('t_case', '2023', 'en', 'provinces')$$, '22023', 'there is no level of area "provinces"', '6: level');
SELECT throws_ok($$SELECT * FROM dash.comparison('t_case', '2023', 'en', 'province', 'gender')$$, '22023', 'there is no breakdown "gender"', '6: breakdown');
SELECT throws_ok($$SELECT * FROM dash.comparison('t_case', '2023-W40')$$, '22023', 'there is no period "2023-W40"', '6: period');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_case', '2031')$$, ARRAY['not published'], '6: a known one without data says why');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_case', '2023-07-05/2023-07-20')$$, ARRAY['no published period lies wholly in these days'], '6: days within a month');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_case', '2023-07', 'en', 'district')$$, $$SELECT NULL::text WHERE false$$, '6: a level at which there is no area has no rows');
-- 7: a partial first month
SELECT results_eq($$SELECT reason, percent FROM dash.marginal_change('t_case', '2023-10', 'en', 'province', '{PA}') WHERE change_code = 'year_on_year'$$, $$VALUES ('the earlier period is published for a part only', NULL::float8)$$,
  '7: the month that data began in is no base for a year-on-year change');
SELECT results_eq($$SELECT complete FROM dash.series('t_case', '{PA}', '2022-10-01', '2022-10-31')$$, ARRAY[false], '7: and it is marked');
SELECT is((SELECT round(percent) FROM dash.marginal_change('t_case', '2023-10', 'en', 'province', '{PA}', partial => true) WHERE change_code = 'year_on_year'), round(100 * (30.0 / 31 / (2.0 / 20) - 1))::float8, '7: unless it is asked for: then by the days there were');
RESET ROLE;
-- 10: reasons, cubes of observations, equal months
SELECT tap.put('t_month', '2023-10-01', 't_case', 'PA', 12, NULL, 'age_band', '0-4');
SET ROLE civic_reader;
SELECT results_eq($$SELECT count, reason, measure_reason FROM dash.comparison('t_case', '2023-10', 'en', 'province', 'age_band') WHERE member = '0-4'$$, $$VALUES (12::numeric, NULL::text, 'no population figure')$$, '10: no reason beside a valid count; why it has no rate stands beside');
SELECT results_eq($$SELECT measure, dim1, dim4, value FROM dash.cube('a_month', '2023-07') ORDER BY dim1$$, $$VALUES ('t_case', 'PA', NULL::text, 1::float8), ('t_case', 'PB', NULL, 2)$$, '10: an observation cube has rows');
SELECT is((SELECT string_agg(c.relname || '.' || a.attname, ', ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = 'dash'::regnamespace AND c.relkind = 'v' AND col_description(c.oid, a.attnum) IS NULL), NULL, '10: every column has a comment');
SELECT is((SELECT string_agg(DISTINCT p.proname, ', ') FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames) AS n (name) WHERE p.pronamespace = 'dash'::regnamespace AND n.name IN ('lower', 'upper')), NULL, '10: no bare lower or upper: limits, bounds and possible values have names of their own');
RESET ROLE;
SELECT tap.put('t_month', ('2021-01-01'::date + m * interval '1 month')::date, 't_case', 'PC', extract(day FROM '2021-01-01'::date + (m + 1) * interval '1 month' - interval '1 day')::numeric * 10, 400000) FROM generate_series(0, 11) m;
SET ROLE civic_reader;
SELECT is((SELECT slope FROM dash.trend('t_case', '{PC}', '2021-01-01', '2021-12-31')), 0::float8, '10: ten a day the year round have no trend, however long the months are');
-- what rounding leaves open is summed beside the value, and a verdict allows for it
RESET ROLE;
UPDATE centre.release_cell SET possible_from = value - 2, possible_to = value + 2 WHERE indicator = 't_case' AND area_id = 11 AND value = 30;
SET ROLE civic_reader;
SELECT results_eq($$SELECT count, possible_from, possible_to FROM dash.comparison('t_case', '2023-Q3') WHERE area IN ('PA', 'PB') ORDER BY area$$, $$VALUES (90::numeric, 84::numeric, 96::numeric), (60, 60, 60)$$, 'bounds of rounded counts are summed');
SELECT results_eq($$SELECT round(possible_from::numeric, 6), round(possible_to::numeric, 6), ci_lower > 0 FROM dash.standards('t_case', '2023-10', 'en', 'province', '{PA}')$$, $$SELECT round(28 * 365.25 / 31, 6), round(32 * 365.25 / 31, 6), true$$, 'and are those of a rate');
-- alarms as released: the lowest area with half of the excess explains, a budget is a number of places, silence is not nought
RESET ROLE;
INSERT INTO centre.area_closure VALUES (11, 11, 0), (21, 21, 0), (11, 21, 1) ON CONFLICT DO NOTHING;
INSERT INTO centre.series (series_id, indicator_id, level, period_unit, detector, since) SELECT n, indicator_id, l, 'month', 'ears_c1(every=month)', '2019-01-01' FROM centre.indicator, (VALUES (901, 'province'), (902, 'municipality')) v (n, l) WHERE code = 't_visit';
SELECT tap.put('t_month', '2020-01-01', 't_visit', 'PA', 20, NULL), tap.put('t_month', '2020-01-01', 't_visit', 'TA', 16, NULL), tap.put('t_month', '2020-01-01', 't_visit', 'PB', 30, NULL), tap.put('t_month', '2020-02-01', 't_visit', 'PA', 0, NULL), tap.put('t_month', '2020-02-01', 't_visit', 'PB', 7, NULL);
INSERT INTO centre.released_baseline (cube, series_id, area_id, period_start, expected, upper_bound, score, p_value, alarm, reason, method) VALUES
  ('t_month', 901, 11, '2020-01-01', 10, 15, 2, 0.001, true, NULL, 'ears_c1'), ('t_month', 901, 12, '2020-01-01', 10, 15, 3, 0.0001, true, NULL, 'ears_c1'), ('t_month', 902, 21, '2020-01-01', 10, 12, 3, 0.001, true, NULL, 'ears_c1'),
  ('t_month', 901, 11, '2020-02-01', NULL, NULL, NULL, NULL, NULL, 'not_reported', 'ears_c1'), ('t_month', 901, 12, '2020-02-01', 10, 15, 0.2, 0.4, false, NULL, 'ears_c1');
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, explained_by FROM dash.alarms('2020-01') WHERE level = 'province' ORDER BY area$$, $$VALUES ('PA', 'Town A'), ('PB', NULL)$$, 'six of ten too many explain');
SELECT results_eq($$SELECT area FROM dash.alarms('2020-01', budget => 1) WHERE level = 'province'$$, ARRAY['PB'], 'a budget of one is the most unusual one');
SELECT results_eq($$SELECT value, alarm_value FROM dash.baseline('t_visit', 'PA', '2020-01-01', '2020-02-01')$$, $$VALUES (20::float8, 20::float8), (NULL, NULL)$$, 'what was not reported is not nought');
SELECT results_eq($$SELECT value, alarm_value FROM dash.baseline('t_visit', 'PB', '2020-02-01', '2020-02-01')$$, $$VALUES (7::float8, NULL::float8)$$, 'a mark is at alarms only');
-- 11: answerable now
SELECT lives_ok($$SELECT * FROM dash.late_reports('t_case', '2023-10')$$, '11: the effect of late reports is a function (board_oracle.pl recomputes it)');
SELECT has_function('dash', 'wash_coverage', ARRAY['text', 'text', 'text', 'text'], '11: so is what was never assessed, down to the ward (wash_level.sql)');
RESET ROLE;
SELECT tap.put('t_month', '2019-01-01', 't_case', 'PB', 5, 200000), tap.put('t_month', '2019-02-01', 't_case', 'PB', NULL, 200000), tap.put('t_month', '2019-03-01', 't_case', 'PB', 7, 200000);
SELECT results_eq($$SELECT value, reason, periods FROM dash.totals('t_case', '[2019-01-01,2019-04-01)', 'province', 'all')$$, $$VALUES (NULL::numeric, 'suppressed', 3::bigint)$$, 'of a quarter of which a month is withheld there is no sum');
-- 12: areas that lie in one another are neither ranked nor added up
SELECT tap.put('t_month', m, 't_case', a, 40, p) FROM unnest('{2018-01-01,2018-02-01}'::date[]) m, (VALUES ('PA', 100000), ('PB', 200000), ('TA', 40000)) v (a, p);
UPDATE centre.population SET source = 'census' WHERE area_id = 21;
INSERT INTO centre.area_closure VALUES (11, 11, 0), (21, 21, 0), (11, 21, 1), (12, 12, 0) ON CONFLICT DO NOTHING;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, rank, benchmark, rank_reason FROM dash.provinces('t_case', '2018-01', areas => '{PA,PB,TA}') ORDER BY 1$$,
  $$SELECT a, NULL::integer, NULL::float8, 'some of these areas lie in others of them' FROM unnest('{PA,PB,TA}'::text[]) a$$, '12: a province, and a town in it: no rank, no benchmark');
SELECT results_eq($$SELECT area, rank FROM dash.provinces('t_case', '2018-01', areas => '{PB,TA}')$$, $$VALUES ('TA', 1), ('PB', 2)$$, '12: a town in another province may stand beside');
SELECT results_eq($$SELECT DISTINCT contribution IS NULL, contribution_reason FROM dash.marginal_change('t_case', '2018-02', areas => '{PA,TA}') WHERE change_code = 'previous'$$, $$VALUES (true, 'some of these areas lie in others of them')$$, '12: nor what each adds to a change');
SELECT results_eq($$SELECT change, reason FROM dash.change_split('t_case', '2018-01', '2018-02', areas => '{PA,TA}')$$, $$VALUES (NULL::float8, 'some of these areas lie in others of them')$$, '12: nor a change split');
-- what breaks a tie
RESET ROLE;
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('z_few', 'centre', '{t_case,t_good}', '{province}', 'month', '{all}'), ('z_quarter', 'centre', '{t_good}', '{province}', 'quarter', '{all}'),
  ('z_town', 'centre', '{t_good}', '{municipality}', 'month', '{all}');
SELECT tap.put('t_month', '2016-05-01', 't_case', 'PA', 30, 100000), tap.put('t_month', '2016-05-01', 't_case', 'PB', NULL, 200000), tap.put('z_few', '2016-05-01', 't_case', 'PA', 31, 100000);
SELECT tap.put('z_quarter', '2016-01-01', 't_good', 'PA', 9, NULL);
SELECT tap.put('z_town', m, 't_good', 'TA', 3, NULL) FROM unnest('{2016-01-01,2016-02-01,2016-03-01}'::date[]) m;
SELECT tap.put('t_month', ('2015-01-01'::date + m * interval '1 month')::date, 't_bed', 'PA', 10 + m, 10000) FROM generate_series(0, 11) m;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, count, reason FROM dash.comparison('t_case', '2016-05') WHERE area IN ('PA', 'PB')$$, $$VALUES ('PA', 30::numeric, NULL), ('PB', NULL, 'withheld: too few people')$$, '2: of cubes that answer as much the one that says more of what it withholds');
SELECT results_eq($$SELECT area, unit, count(*) FROM dash.period_values('t_good', NULL, '{PA,TA}', '[2016-01-01,2016-04-01)') GROUP BY 1, 2$$, $$VALUES ('TA', 'month', 3::bigint)$$, '2: of units that cover as much the finest, and one for all');
SELECT results_eq($$SELECT round(slope::numeric, 9), points FROM dash.trend('t_bed', '{PA}', '2015-01-01', '2015-12-31')$$, $$VALUES (12.000000000, 12)$$, '10: one bed more a month is twelve a year');
SELECT is((SELECT points FROM dash.trend('t_bed', '{PA}', '2015-03-01', '2015-12-31')), 10, '10: of the days asked for, no others');
SELECT results_eq($$SELECT round(slope::numeric, 9) FROM dash.trend('t_bed', '{PA}', '2015-01-01', '2015-12-31', of_unit => 'quarter')$$, $$VALUES (NULL::numeric)$$, '10: of a unit in which nothing is published there is none');
-- a census leaves nothing to chance
RESET ROLE;
INSERT INTO centre.indicator (code, kind, flow, topic, unit) VALUES ('t_all', 'count', 'stock', 'needs', 'clinics');
UPDATE centre.cube SET indicators = indicators || '{t_all}' WHERE code = 't_month';
SELECT tap.put('t_month', '2017-05-01', 't_share', a, x, 20), tap.put('t_month', '2017-05-01', 't_all', a, w, NULL) FROM (VALUES ('PA', 17, 20), ('PB', 17, 200), ('PC', 15, 20), ('PD', 17, 21)) v (a, x, w);
SELECT tap.put('t_month', '2017-05-01', 't_share', 'PE', 17, 20);
SET ROLE civic_reader;
SELECT results_eq($$SELECT DISTINCT verdict FROM dash.standards('t_share', '2017-05') WHERE verdict IS NOT NULL$$, ARRAY['cannot tell'], '5: 17 of 20 is no verdict on 80 per cent where more were to be seen');
RESET ROLE;
UPDATE centre.indicator SET whole = 't_all' WHERE code = 't_share';
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, verdict, ci_lower, round(ci_upper::numeric, 6) FROM dash.standards('t_share', '2017-05') WHERE verdict IS NOT NULL$$,
  $$SELECT a, v, i.lower, round(i.upper::numeric, 6) FROM (VALUES ('PA', 'met', 17, 20), ('PB', 'cannot tell', 17, 200), ('PC', 'not met', 15, 20), ('PD', 'met', 17, 21)) x (a, v, x, w), civic.finite_interval(x, 20, w) i
    UNION ALL SELECT 'PE', 'cannot tell', lower, round(upper::numeric, 6) FROM civic.wilson_interval(17, 20)$$, '5: it is where all there are were looked at, or nearly all; where nobody counted them it is a sample');
SELECT results_eq($$SELECT DISTINCT s.ci_lower = c.ci_lower, s.ci_upper = c.ci_upper, s.ci_lower = p.ci_lower FROM dash.series('t_share', '{PA,PB,PC,PD,PE}', '2017-05-01', '2017-05-31') s JOIN dash.comparison('t_share', '2017-05') c USING (area) JOIN dash.provinces('t_share', '2017-05') p USING (area)$$,
  $$VALUES (true, true, true)$$, '5: the same limits over time, compared and ranked');
SELECT results_eq($$SELECT area, rank_lower, rank_upper FROM dash.provinces('t_share', '2017-05') ORDER BY area$$, $$
  WITH v AS (SELECT a, (20 - x) / 20::float8 AS missing, (20 - x) / 400::float8 * (w - 20) / (w - 1) AS variance FROM (VALUES ('PA', 17, 20), ('PB', 17, 200), ('PC', 15, 20), ('PD', 17, 21), ('PE', 17, 1e12)) v (a, x, w)),
  pair AS (SELECT v.a, o.missing - v.missing AS more, civic.normal_quantile(1 - 0.05 / 10 / 2) * sqrt(v.variance + o.variance) AS far FROM v JOIN v o ON o.a <> v.a)
  SELECT a, 1 + count(*) FILTER (WHERE more < -far)::integer, 5 - count(*) FILTER (WHERE more > far)::integer FROM pair GROUP BY a ORDER BY a$$, '5: places that an area cannot be told from, by pairs of finite populations');
RESET ROLE;
SELECT tap.put('t_month', '2017-06-01', 't_share', a, x, 20), tap.put('t_month', '2017-06-01', 't_all', a, 20, NULL) FROM (VALUES ('PA', 12), ('PB', 11), ('PC', 10), ('PD', 7), ('PE', 12)) v (a, x);
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, rank, rank_lower, rank_upper FROM dash.provinces('t_share', '2017-06') ORDER BY area$$,
  $$VALUES ('PA', 1, 1, 2), ('PB', 3, 3, 3), ('PC', 4, 4, 4), ('PD', 5, 5, 5), ('PE', 1, 1, 2)$$, '5: of censuses each has its place, and those that are level share it');
SELECT results_eq($$SELECT area, round(worst_quarter::numeric, 3) FROM dash.provinces('t_share', '2017-06') ORDER BY area$$, $$VALUES ('PA', 0.000), ('PB', 0.000), ('PC', 1.000), ('PD', 1.000), ('PE', 0.000)$$, '5: and is in the worst quarter or not');
-- persons over several months are not persons
RESET ROLE;
INSERT INTO centre.indicator (code, kind, flow, topic, unit, per, persons_of) VALUES ('t_person', 'rate', 'event', 'needs', 'people per 100,000', 100000, 't_case');
UPDATE centre.cube SET indicators = indicators || '{t_person}' WHERE code = 't_month';
SELECT tap.put('t_month', m, 't_person', 'PA', 30, 100000) FROM unnest('{2018-01-01,2018-02-01}'::date[]) m;
SET ROLE civic_reader;
SELECT results_eq($$SELECT p, unit FROM unnest('{2018-01,2018-01-01/2018-03-01}'::text[]) p, dash.comparison('t_person', p) WHERE area = 'PA'$$,
  $$VALUES ('2018-01', 'people per 100,000'), ('2018-01-01/2018-03-01', 'people per 100,000, each once a period')$$, 'of persons over several months the unit says that each counts once a month');
-- which side of a change is partial
RESET ROLE;
UPDATE centre.release_days SET complete = true;
INSERT INTO centre.release_days SELECT release_id, '[2018-02-01,2018-02-11)', false FROM centre.release WHERE period = '[2018-02-01,2018-03-01)';
SET ROLE civic_reader;
SELECT is((SELECT reason FROM dash.base_year_index('t_case', '{PA}', '2018-02-01', '2018-02-28', base_year => 2018)), 'published for a part of the period only', 'the later period itself');
RESET ROLE;
INSERT INTO centre.release_days SELECT release_id, '[2018-01-01,2018-01-11)', false FROM centre.release WHERE period = '[2018-01-01,2018-02-01)';
UPDATE centre.release_days SET complete = true WHERE days = '[2018-02-01,2018-02-11)';
SET ROLE civic_reader;
SELECT is((SELECT reason FROM dash.marginal_change('t_case', '2018-02', areas => '{PA}') WHERE change_code = 'previous'), 'the earlier period is published for a part only', 'or the one before');
RESET ROLE;
SELECT * FROM finish();
