-- The rule of coverage, case by case: which cube answers, what of it counts, whether it is complete.  board_oracle.pl has it at random.
\ir ../fixtures/release.sql
SELECT plan(55);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('a_month', 'centre', '{t_good,t_case,t_bed}', '{province}', 'month', '{all}'), ('b_month', 'centre', '{t_good,t_case,t_bed}', '{province}', 'month', '{all,sex}'), ('quarter', 'centre', '{t_good,t_case}', '{province}', 'quarter', '{all}');
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
-- months(cube, indicator, area, value, first month, how many)
CREATE FUNCTION tap.months(of_cube text, of_indicator text, of_area text, value numeric, since date, n integer, denominator numeric DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  SELECT tap.put(of_cube, (since + m * interval '1 month')::date, of_indicator, of_area, value, denominator) FROM generate_series(0, n - 1) m $$;

-- 2020: a quarter beside its months
SELECT tap.months('a_month', 't_good', 'PA', 3, '2020-04-01', 3), tap.put('quarter', '2020-04-01', 't_good', 'PA', 9, NULL);
SELECT results_eq($$SELECT count, periods, complete FROM dash.comparison('t_good', '2020-Q2') WHERE area = 'PA'$$, $$VALUES (9::numeric, 1, true)$$, 'one figure is made of the longest periods');
SELECT is((SELECT count(*) FROM dash.series('t_good', '{PA}', '2020-04-01', '2020-06-30')), 3::bigint, 'a series of the finest');
-- 2021: a quarter against two of its months, which are more periods and fewer days
SELECT tap.months('a_month', 't_good', 'PA', 3, '2021-04-01', 2), tap.put('quarter', '2021-04-01', 't_good', 'PA', 90, NULL);
SELECT results_eq($$SELECT count, complete FROM dash.comparison('t_good', '2021-Q2') WHERE area = 'PA'$$, $$VALUES (90::numeric, true)$$, 'days count, not periods');
SELECT is((SELECT string_agg(value::text, ' ') FROM dash.series('t_good', '{PA}', '2021-04-01', '2021-06-30')), '90', 'over time too');
-- 2022: three months of which one is withheld, against two
SELECT tap.months('a_month', 't_good', 'PA', 5, '2022-01-01', 2), tap.put('a_month', '2022-03-01', 't_good', 'PA', NULL, NULL), tap.months('b_month', 't_good', 'PA', 7, '2022-01-01', 2);
SELECT results_eq($$SELECT count, complete, reason FROM dash.comparison('t_good', '2022-Q1') WHERE area = 'PA'$$, $$VALUES (14::numeric, false, NULL::text)$$, 'a cube that has no sum is no better for having more of it');
SELECT results_eq($$SELECT value, reason FROM dash.series('t_good', '{PA}', '2022-01-01', '2022-03-31')$$, $$VALUES (5::float8, NULL), (5, NULL), (NULL, 'withheld: too few people')$$, 'over time it is as good, and says more');
-- 2023: equals, the later of which was published last; and of a state
SELECT tap.months('a_month', 't_good', 'PA', 5, '2023-01-01', 1), tap.months('b_month', 't_good', 'PA', 7, '2023-01-01', 1), tap.months('a_month', 't_bed', 'PA', 100, '2023-01-01', 3, 1000), tap.months('b_month', 't_bed', 'PA', 200, '2023-01-01', 2, 1000);
UPDATE centre.release SET published_at = published_at - interval '1 day' WHERE cube = 'b_month';
SELECT is((SELECT count FROM dash.comparison('t_good', '2023-01') WHERE area = 'PA'), 5::numeric, 'of equals the one published last');
UPDATE centre.release SET published_at = published_at + interval '2 days' WHERE cube = 'b_month';
SELECT is((SELECT count FROM dash.comparison('t_good', '2023-01') WHERE area = 'PA'), 7::numeric, 'whichever that is');
SELECT results_eq($$SELECT count, periods, complete FROM dash.comparison('t_bed', '2023-Q1') WHERE area = 'PA'$$, $$VALUES (100::numeric, 3, true)$$, 'of a state the cube with the newest, and of that the newest');
SELECT is((SELECT count FROM dash.comparison('t_bed', '2023-01-01/2023-03-01') WHERE area = 'PA'), 200::numeric, 'as of an earlier day the other');
SELECT results_eq($$SELECT count, complete FROM dash.comparison('t_bed', '2023-01-01/2023-05-01') WHERE area = 'PA'$$, $$VALUES (100::numeric, false)$$, 'a state that ends before the days asked for is not complete');
SELECT results_eq($$SELECT count, complete FROM dash.comparison('t_bed', '2022-11-01/2023-04-01') WHERE area = 'PA'$$, $$VALUES (100::numeric, true)$$, 'one that begins after them is');
-- 2019: what is asked for in days
SELECT tap.months('a_month', 't_good', 'PA', 4, '2019-01-01', 12);
SELECT results_eq($$SELECT count, periods, complete FROM dash.comparison('t_good', '2019') WHERE area = 'PA'$$, $$VALUES (48::numeric, 12, true)$$, 'a year has twelve months');
SELECT results_eq($$SELECT count, periods, complete FROM dash.comparison('t_good', '2019-Q2') WHERE area = 'PA'$$, $$VALUES (12::numeric, 3, true)$$, 'a quarter three');
SELECT is((SELECT string_agg(period_start::text, ' ') FROM dash.series('t_good', '{PA}', '2019-02-01', '2019-03-01')), '2019-02-01 2019-03-01', 'the day of the end is among those asked for');
SELECT is((SELECT string_agg(period_start::text, ' ') FROM dash.series('t_good', '{PA}', '2019-02-01 09:00', '2019-03-20')), '2019-03-01', 'a day that had begun is not');
SELECT is((SELECT string_agg(period_start::text, ' ') FROM dash.series('t_good', '{PA}', '2019-11-01', '2019-11-30')), '2019-11-01', 'nor what begins after it');
-- a partial month
INSERT INTO centre.release_days SELECT release_id, '[2019-12-01,2019-12-11)', false FROM centre.release WHERE cube = 'a_month' AND period = '[2019-12-01,2020-01-01)';
SELECT results_eq($$SELECT count, complete FROM dash.comparison('t_good', '2019-12') WHERE area = 'PA'$$, $$VALUES (4::numeric, false)$$, 'a month published for ten days is not complete');
SELECT results_eq($$SELECT days, complete FROM dash.totals('t_good', '[2019-11-01,2020-01-01)', 'province', 'all')$$, $$VALUES (40, false)$$, 'and counts as ten');
-- by a breakdown
SELECT tap.put('b_month', '2018-01-01', 't_good', 'PA', 30, NULL), tap.put('b_month', '2018-02-01', 't_good', 'PA', 20, NULL), tap.put('b_month', '2018-01-01', 't_good', 'PA', 30, NULL, 'sex', 'f'), tap.put('b_month', '2018-02-01', 't_good', 'PA', 12, NULL, 'sex', 'f'),
  tap.put('b_month', '2018-02-01', 't_good', 'PA', 8, NULL, 'sex', 'm'), tap.put('b_month', '2018-01-01', 't_good', 'PB', 9, NULL), tap.put('b_month', '2018-02-01', 't_good', 'PB', 9, NULL), tap.put('b_month', '2018-02-01', 't_good', 'PB', 9, NULL, 'sex', 'm');
SELECT results_eq($$SELECT member, value, periods, reason FROM dash.totals('t_good', '[2018-01-01,2018-03-01)', 'province', 'sex', '{11}') ORDER BY 1$$, $$VALUES ('f', 42::numeric, 2::bigint, NULL::text), ('m', 8, 2, NULL)$$, 'a month without a row is one in which nobody was a member');
SELECT results_eq($$SELECT member, value, reason FROM dash.totals('t_good', '[2018-01-01,2018-03-01)', 'province', 'sex', '{12}')$$, $$VALUES ('m', NULL::numeric, 'suppressed')$$, 'a month that lists nobody though somebody was there has no sum');
-- people of different months
SELECT tap.put('a_month', '2017-01-01', 't_case', 'PA', 10, 100000), tap.put('a_month', '2017-02-01', 't_case', 'PA', 10, 200000);
SELECT is((SELECT round(population, 3) FROM dash.comparison('t_case', '2017-01-01/2017-03-01') WHERE area = 'PA'), round((31 * 100000 + 28 * 200000) / 59.0), 'people are the mean over the days');
-- a later period that lacks an area
SELECT tap.put('a_month', '2017-02-01', 't_case', 'PB', 10, 100000);
SELECT results_eq($$SELECT area, count, periods, complete FROM dash.comparison('t_case', '2017-01-01/2017-03-01') WHERE area IN ('PA', 'PB')$$, $$VALUES ('PA', 20::numeric, 2, true), ('PB', 10, 1, false)$$, 'an area that one month lacks is not complete');
-- why there is nothing
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_good', '2019', 'en', 'ward')$$, ARRAY['not published at this level'], 'why nothing: the level');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.late_reports('t_good', '2019', 'en', 'ward')$$, ARRAY['not published at this level'], 'of late reports too');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_good', '2019', 'en', 'province', 'youth')$$, ARRAY['not published by this breakdown'], 'the breakdown');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_good', '2016')$$, ARRAY['not published'], 'the days');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.comparison('t_good', '2019-01-05/2019-01-20')$$, ARRAY['no published period lies wholly in these days'], 'or a part of a period');
-- the latest is the last month, by a day only where there is nothing longer
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('daily', 'centre', '{t_good,t_visit}', '{province}', 'day', '{all}');
SELECT tap.put('daily', '2025-03-05', 't_good', 'PA', 1, NULL), tap.put('daily', '2025-03-05', 't_visit', 'PA', 1, NULL);
SELECT results_eq($$SELECT dash.days_of(i, 'latest', 'province') FROM unnest('{t_good,t_visit}'::text[]) i$$, $$VALUES ('[2023-03-01,2023-04-01)'::daterange), ('[2025-03-05,2025-03-06)')$$, 'the latest is the last month, or day where there is no month');
SELECT is(dash.days_of('t_good', 'latest', 'ward'), NULL, 'at a level where there is none it is none');
-- a code that stood for two areas; what missing answers leave open; local midnight
INSERT INTO centre.demarcation VALUES ('e', '[2030-01-01,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES (51, 'PA', 'e', 'province', 'Province A', NULL);
INSERT INTO centre.area_standing VALUES ('province', 51);
SELECT results_eq($$SELECT count FROM dash.comparison('t_good', '2019') WHERE area = 'PA'$$, ARRAY[48::numeric], 'of a code that stood for two areas the one with data is enough');
INSERT INTO centre.indicator (code, kind, flow, topic, unit) VALUES ('t_may', 'count', 'event', 'needs', 'visits');
UPDATE centre.indicator SET possible = 't_may' WHERE code = 't_share';
UPDATE centre.cube SET indicators = indicators || '{t_share,t_may}' WHERE code = 'a_month';
SELECT tap.put('a_month', '2016-01-01', 't_share', 'PA', 10, 20), tap.put('a_month', '2016-01-01', 't_may', 'PA', 15, NULL);
SELECT results_eq($$SELECT DISTINCT possible_from, possible_to, round(outer_lower::numeric, 9), round(outer_upper::numeric, 9) FROM dash.area_totals('t_share', '[2016-01-01,2016-02-01)', 'province', '{PA}') WHERE measure IS NOT NULL$$,
  $$SELECT 0.5::float8, 0.75::float8, round(a.lower::numeric, 9), round(b.upper::numeric, 9) FROM civic.wilson_interval(10, 20) a, civic.wilson_interval(15, 20) b$$, 'outer limits are those of the sure and of the possible share');
SET timezone = 'America/Los_Angeles';
SELECT results_eq($$SELECT DISTINCT "time" AT TIME ZONE 'Africa/Johannesburg' FROM dash.cube('a_month', '2019-01') UNION SELECT "time" AT TIME ZONE 'Africa/Johannesburg' FROM dash.series('t_good', '{PA}', '2019-01-01', '2019-01-31') WHERE value IS NOT NULL$$,
  $$VALUES ('2019-01-01 00:00'::timestamp)$$, 'the time of a period is its local midnight in any session');
SET timezone = 'UTC';
SELECT results_eq($$SELECT dash.period('2019')$$, $$VALUES ('[2019-01-01,2020-01-01)'::daterange)$$, 'a year is one');
-- a city that is a province too, among areas of either level
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES (22, 'TB', 'd', 'municipality', 'Town B', 12);
INSERT INTO centre.area_standing VALUES ('municipality', 22), ('province', 21);
INSERT INTO centre.population (area_id, year, sex, age_band, source, people) VALUES (21, 2024, '*', '*', 'census', 40000), (22, 2024, '*', '*', 'census', 20000);
SELECT tap.months('t_month', 't_case', a, 20, '2014-01-01', 6, n) FROM (VALUES ('TA', 40000), ('TB', 20000)) AS v (a, n);
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status)
  SELECT release_id, indicator, 'province', area_id, breakdown, member, value, denominator, status FROM centre.release_cell WHERE area_id = 21 AND indicator = 't_case';
SELECT results_eq($$SELECT area, count(*) FROM dash.series('t_case', '{TA,TB}', '2014-01-01', '2014-06-30') GROUP BY 1 ORDER BY 1$$, $$VALUES ('TA', 6::bigint), ('TB', 6)$$, 'an area of two levels has one point a period');
SELECT results_eq($$SELECT area, points FROM dash.trend('t_case', '{TA,TB}', '2014-01-01', '2014-06-30') ORDER BY 1$$, $$VALUES ('TA', 6), ('TB', 6)$$, 'and so has its trend');
SELECT results_eq($$SELECT area, rank FROM dash.provinces('t_case', '2014-06', areas => '{TA,TB}') ORDER BY 1$$, $$VALUES ('TA', 2), ('TB', 1)$$, 'ranked it is one area');
-- two units of period, of which one has nothing at the level of one area: weeks of provinces, which reach further, beside days of provinces and towns
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('c_day', 'centre', '{t_visit}', '{country,province,municipality}', 'day', '{all}'), ('c_week', 'centre', '{t_visit}', '{country,province}', 'week', '{all}');
SELECT tap.put('c_day', '2013-01-07'::date + d, 't_visit', a, 2, NULL) FROM generate_series(0, 27) AS d, unnest('{PA,PB}'::text[]) AS a;
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status)
  SELECT release_id, indicator, 'municipality', 22, breakdown, member, 1, status FROM centre.release_cell JOIN centre.release USING (release_id) WHERE cube = 'c_day' AND period <@ '[2013-01-01,2014-01-01)' AND area_id = 12;
SELECT tap.put('c_week', '2013-01-07'::date + 7 * w, 't_visit', a, 14, NULL) FROM generate_series(0, 9) AS w, unnest('{PA,PB}'::text[]) AS a;
SELECT results_eq($$SELECT area, unit, count(*) FROM dash.period_values('t_visit', NULL, '{PB,TB}', '[2013-01-01,2013-12-01)') GROUP BY 1, 2 ORDER BY 1$$, $$VALUES ('PB', 'day', 28::bigint), ('TB', 'day', 28)$$, 'one unit for all areas is one that all their levels have');
SELECT results_eq($$SELECT DISTINCT unit FROM dash.period_values('t_visit', NULL, '{PA,PB}', '[2013-01-01,2013-12-01)')$$, ARRAY['week'], 'of one level it is that which reaches furthest');
SELECT results_eq($$SELECT area, points FROM dash.trend('t_visit', '{PB,TB}', '2013-01-01', '2013-11-30') ORDER BY 1$$, $$VALUES ('PB', 28), ('TB', 28)$$, 'so has every area its trend');
SELECT results_eq($$SELECT area, change_code, difference, contribution, contribution_reason FROM dash.marginal_change('t_visit', '2013', areas => '{PB,TB}') WHERE change_code = 'previous' ORDER BY 1$$,
  $$VALUES ('PB', 'previous', 0::float8, NULL::float8, 'some of these areas lie in others of them'), ('TB', 'previous', 0, NULL, 'some of these areas lie in others of them')$$, 'and its change: none vanishes, and what one adds is refused where one lies in another');
SELECT results_eq($$SELECT area, reason FROM dash.marginal_change('t_visit', '2013', areas => '{PB,TB}', of_unit => 'week') WHERE change_code = 'previous' ORDER BY 1$$, $$VALUES ('PB', NULL::text), ('TB', 'not published')$$, 'an area without periods of the unit asked for says so');
SELECT results_eq($$SELECT DISTINCT area, contribution, contribution_reason FROM dash.marginal_change('t_visit', '2013', areas => '{PA,TB}', of_unit => 'week') WHERE change_code = 'previous' ORDER BY 1$$,
  $$VALUES ('PA', NULL::float8, 'one of the areas is withheld or not published'), ('TB', NULL, 'one of the areas is withheld or not published')$$, 'and counts as missing');
SELECT results_eq($$SELECT DISTINCT area, reason FROM dash.marginal_change('t_good', '2019', areas => '{PA,WA}') WHERE change_code = 'previous' ORDER BY 1$$, $$VALUES ('PA', NULL::text), ('WA', 'not published at this level')$$, 'one of a level without any says that');
-- days shown decide, not days published
SELECT tap.put('c_day', '2008-03-03'::date + d, 't_visit', 'PA', CASE WHEN d < 7 THEN 2 END, NULL) FROM generate_series(0, 27) AS d;
SELECT tap.put('c_week', '2008-03-03'::date + 7 * w, 't_visit', 'PA', 14, NULL) FROM generate_series(0, 1) AS w;
SELECT results_eq($$SELECT DISTINCT unit FROM dash.period_values('t_visit', NULL, '{PA}', '[2008-03-01,2008-04-02)', 'all')$$, ARRAY['week'], 'days shown count, and not days published');
-- an indicator published only at the lower of two levels that an area stands at, beside one published at the higher
INSERT INTO centre.indicator (code, kind, flow, topic, unit, per, direction, base_year) VALUES ('t_low', 'rate', 'event', 'needs', 'cases per 100,000', 100000, 'lower_is_better', 2011);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('low', 'centre', '{t_low}', '{municipality}', 'month', '{all}'), ('never', 'centre', '{t_low}', '{province}', 'month', '{all}');
SELECT tap.months('low', 't_low', 'TB', 20, '2011-01-01', 12, 20000), tap.months('low', 't_low', 'TA', 20, '2011-01-01', 12, 40000);
DELETE FROM centre.release_cell WHERE indicator = 't_low' AND level <> 'municipality';
SELECT results_eq(format('SELECT level FROM dash.areas_wanted(%L, %L, %L)', at, '{TA}', i), ARRAY[l], format('an area of two levels, asked for at %s of %s, is taken at %s', coalesce(at, 'none'), coalesce(i, 'nothing'), l))
FROM (VALUES (NULL, 't_low', 'municipality'), (NULL, 't_case', 'province'), (NULL, NULL, 'province'), ('province', 't_low', 'province')) AS v (at, i, l);
SELECT results_eq($$SELECT count(value) FROM dash.series('t_low', '{TA}', '2011-01-01', '2011-12-31') UNION ALL SELECT points FROM dash.trend('t_low', '{TA}', '2011-01-01', '2011-12-31') UNION ALL SELECT count(value) FROM dash.baseline('t_low', 'TA', '2011-01-01', '2011-12-31')
  UNION ALL SELECT count(value) FROM dash.base_year_index('t_low', '{TA}', '2011-01-01', '2011-12-31')$$, ARRAY[12::bigint, 12, 12, 12], 'and so it has a series, a trend, a baseline and an index');
SELECT results_eq($$SELECT area, rank FROM dash.provinces('t_low', '2011', areas => '{TA,TB}', at_level => 'country') ORDER BY 1$$, $$VALUES ('TA', 2), ('TB', 1)$$, 'and a rank, its population being that of the level');
-- late reports of a cube published twice, beside cubes of weeks and months published once, which cover as much
INSERT INTO centre.indicator (code, kind, flow, topic, unit, direction) VALUES ('t_late', 'count', 'event', 'needs', 'visits', 'lower_is_better');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('l_day', 'centre', '{t_late}', '{province}', 'day', '{all}'), ('l_week', 'centre', '{t_late}', '{province}', 'week', '{all}'), ('l_month', 'centre', '{t_late}', '{province}', 'month', '{all}');
SELECT tap.put('l_day', '2010-02-01'::date + d, 't_late', 'PB', 2, NULL) FROM generate_series(0, 27) AS d;
SELECT results_eq($$SELECT count(*), sum(added), max(reason) FROM dash.late_reports('t_late', '2010-02')$$, $$VALUES (28::bigint, 0::float8, 'published once only')$$, 'of days published once there are no late reports');
UPDATE centre.release SET current = false, published_at = published_at - interval '1 hour' WHERE cube = 'l_day' AND lower(period) < '2010-02-16';
SELECT tap.put('l_day', '2010-02-01'::date + d, 't_late', 'PB', 4, NULL) FROM generate_series(0, 14) AS d;
SELECT results_eq($$SELECT count(*), sum(added) FROM dash.late_reports('t_late', '2010-02')$$, $$VALUES (28::bigint, 30::float8)$$, 'of days of which half are published twice there are');
SELECT tap.put('l_week', '2010-02-01'::date + 7 * w, 't_late', 'PB', 28, NULL) FROM generate_series(0, 3) AS w;
SELECT tap.put('l_month', '2010-02-01', 't_late', 'PB', 86, NULL);
SELECT results_eq($$SELECT count(*), sum(added) FROM dash.late_reports('t_late', '2010-02')$$, $$VALUES (28::bigint, 30::float8)$$, 'cubes of weeks and months published once take none of them away');
UPDATE centre.release SET current = false, published_at = published_at - interval '1 hour' WHERE cube = 'l_month' AND period @> '2010-02-01'::date;
SELECT tap.put('l_month', '2010-02-01', 't_late', 'PB', 90, NULL);
SELECT results_eq($$SELECT period_start, releases, added FROM dash.late_reports('t_late', '2010-02')$$, $$VALUES ('2010-02-01'::date, 2, 4::float8)$$, 'of two cubes published twice the rule of coverage decides');
SELECT * FROM finish();
