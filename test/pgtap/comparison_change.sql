-- Base-year index, marginal change, its split, trend: against the same figures worked out by hand.
\ir ../fixtures/release.sql
SELECT plan(52);

-- 2024 is the base year: every month 10 + month events in PA, among 100,000; 2025 half as many again, but for a withheld April and a missing June
SELECT tap.put('t_month', make_date(2024, m, 1), 't_case', 'PA', 10 + m, 100000), tap.put('t_month', make_date(2024, m, 1), 't_case', 'PB', CASE m WHEN 7 THEN NULL WHEN 8 THEN 0 ELSE 20 END, 200000)
FROM generate_series(1, 12) AS m;
SELECT tap.put('t_month', make_date(2025, m, 1), 't_case', 'PA', CASE m WHEN 4 THEN NULL ELSE 15 + 1.5 * m END, 110000), tap.put('t_month', make_date(2025, m, 1), 't_case', 'PB', 10, 200000)
FROM generate_series(1, 12) AS m WHERE m <> 6;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;

-- the index, season by season
SELECT is((SELECT count(*) FROM dash.base_year_index('t_case', '{PA}', '2024-12-31 22:00+00', '2026-01-01')), 11::bigint, 'a row for each published period');
SELECT results_eq($$SELECT extract(month FROM "time" AT TIME ZONE 'Africa/Johannesburg')::int, value, ci_lower, ci_upper FROM dash.base_year_index('t_case', '{PA}', '2024-12-31 22:00+00', '2026-01-01') WHERE reason IS NULL ORDER BY 1$$,
  $$SELECT m, 100 * r.ratio, 100 * r.lower, 100 * r.upper FROM unnest('{1,2,3,5,7,8,9,10,11,12}'::int[]) AS m,
      civic.rate_ratio(15 + 1.5 * m, 110000::float8 * extract(day FROM make_date(2025, m, 1) + interval '1 month - 1 day')::float8, 10 + m, 100000::float8 * extract(day FROM make_date(2024, m, 1) + interval '1 month - 1 day')::float8) AS r$$,
  'events per person and day against the same month of the base year, with exact limits');
SELECT results_eq($$SELECT period_start FROM dash.base_year_index('t_case', '{PA}', '2025-03-01', '2025-03-31')$$, ARRAY['2025-03-01'::date], 'a date written without a time is that date, whatever the session''s zone');
SELECT results_eq($$SELECT value, ci_lower, ci_upper, base_from, base_until FROM dash.base_year_index('t_case', '{PA}', '2025-02-28 22:00+00', '2025-03-31', around => 1)$$,
  $$SELECT 100 * r.ratio, 100 * r.lower, 100 * r.upper, '2024-02-01'::date, '2024-04-30'::date FROM civic.rate_ratio(19.5, 110000 * 31.0, 12 + 13 + 14, 100000 * 90.0) AS r$$, 'around 1: March against February to April, pooled');
SELECT results_eq($$SELECT reason FROM dash.base_year_index('t_case', '{PA}', '2025-03-31 22:00+00', '2025-04-30')$$, ARRAY['withheld: too few people'], 'a withheld month');
SELECT results_eq($$SELECT reason FROM dash.base_year_index('t_case', '{PB}', '2025-06-30 00:00+00', '2025-08-31') ORDER BY "time"$$, ARRAY['the base period is withheld', 'nothing happened in the base period'], 'a withheld base, and an empty one: no infinity');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.base_year_index('t_case', '{PA}', '2024-12-31', '2026-01-01', 'en', 2019) WHERE reason NOT LIKE 'withheld%'$$, ARRAY['the base period is not published'], 'another base year that is not published');
SELECT is((SELECT DISTINCT value FROM dash.base_year_index('t_case', '{PA}', '2023-12-31', '2024-12-31', around => 0)), 100::float8, 'the base year itself is 100');
SELECT is((SELECT count(*) FROM (SELECT * FROM dash.base_year_index('t_case', '{PA}', '2024-12-31', '2026-01-01', around => 0) EXCEPT SELECT * FROM dash.base_year_index('t_case', '{PA}', '2024-12-31', '2026-01-01', around => n)) AS d), 0::bigint, format('around %s is none', coalesce(n::text, 'null'))) FROM unnest('{-3,NULL}'::integer[]) AS n;
SELECT is_empty($$SELECT * FROM dash.base_year_index('t_case', '{}', '2024-01-01', '2026-01-01')$$, 'no areas, no rows');

SELECT results_eq($$SELECT reason FROM dash.base_year_index('t_case', '{PA}', '2024-12-31 22:00+00', '2025-01-01', around => 1)$$, ARRAY['the base period is not published'], 'a base window must be whole: December 2023 is missing');
-- periods of every unit: neighbours differ by one, also around leap years and ISO years
SELECT is_empty($$SELECT u, d FROM unnest('{day,week,month,quarter,year}'::text[]) u, generate_series('2015-01-01'::timestamp, '2030-12-31', '1 day') d
  WHERE date_trunc(u, d) = d AND dash.period_number(u, d::date) <> dash.period_number(u, (date_trunc(u, d - interval '1 day'))::date) + 1$$, 'period numbers run without gaps');

SELECT results_eq($$SELECT dash.period_number('week', '2025-12-01'::date + d) - dash.period_number('week', '2025-12-01') FROM generate_series(0, 7) d$$, $$SELECT unnest('{0,0,0,0,1,1,1,1}'::int[])$$, 'of a day within a week the nearest Monday counts');

-- a rate that stays the same per day does not change because February is short
RESET ROLE;
SELECT tap.put('t_month', '2023-01-01', 't_case', 'PC', 310, 400000), tap.put('t_month', '2023-02-01', 't_case', 'PC', 280, 400000);
SET ROLE civic_reader;
SELECT results_eq($$SELECT round(earlier::numeric, 9), round(later::numeric, 9), round(difference::numeric, 9), round(percent::numeric, 9), round(contribution::numeric, 9), verdict FROM dash.marginal_change('t_case', '2023-02', 'en', 'province', '{PC}') WHERE change_code = 'previous'$$,
  $$SELECT 70.0::numeric(20, 9), 70.0::numeric(20, 9), 0::numeric(20, 9), 0::numeric(20, 9), 0::numeric(20, 9), 'cannot tell'$$, 'a short month is no improvement');
SELECT results_eq($$SELECT change_code, reason FROM dash.marginal_change('t_case', '2023-02', 'en', 'province', '{PC}') WHERE reason IS NOT NULL ORDER BY 1$$,
  $$VALUES ('last_four', 'not published'), ('year_on_year', 'the base period is not published')$$, 'changes without enough periods say so');

-- December 2025
SELECT results_eq($$SELECT area, percent, percent_ci_lower, percent_ci_upper FROM dash.marginal_change('t_case', '2025', 'en', 'province', '{PA,PB}') WHERE change_code = 'year_on_year' ORDER BY 1$$,
  $$SELECT v.area, 100 * (r.ratio - 1), 100 * (r.lower - 1), 100 * (r.upper - 1) FROM (VALUES ('PA', 33, 110000 * 31.0, 22, 100000 * 31.0), ('PB', 10, 200000 * 31.0, 20, 200000 * 31.0)) v (area, x2, e2, x1, e1), civic.rate_ratio(x2, e2, x1, e1) r$$,
  'year on year, exactly');
SELECT is((SELECT reason FROM dash.marginal_change('t_case', '2025', 'en', 'province', '{PA}') WHERE change_code = 'last_four'), 'the base period is not published', 'the four before reach over the missing June: a reason');
SELECT results_eq($$SELECT round(earlier::numeric, 6), round(later::numeric, 6), round(difference::numeric, 6), round(difference_ci_lower::numeric, 6), round(difference_ci_upper::numeric, 6) FROM dash.marginal_change('t_case', '2024', 'en', 'province', '{PA}') WHERE change_code = 'last_four'$$,
  $$SELECT round(a.rate::numeric, 6), round(b.rate::numeric, 6), round((b.rate - a.rate)::numeric, 6), round((b.rate - a.rate - sqrt((b.rate - b.lower) ^ 2 + (a.upper - a.rate) ^ 2))::numeric, 6), round((b.rate - a.rate + sqrt((b.upper - b.rate) ^ 2 + (a.rate - a.lower) ^ 2))::numeric, 6)
    FROM civic.rate_interval(15 + 16 + 17 + 18, 100000 * 123.0, 100000 * 122.0) a, civic.rate_interval(19 + 20 + 21 + 22, 100000 * 122.0, 100000 * 122.0) b$$, 'the last four months against the four before, scaled to their days, with hybrid limits');
SELECT results_eq($$SELECT round(sum(contribution)::numeric, 9) FROM dash.marginal_change('t_case', '2025', 'en', 'province', '{PA,PB}') WHERE change_code = 'year_on_year'$$, $$SELECT round(100 * (33 + 10 - 42) / 42.0, 9)$$, 'contributions add up to the change of the whole');
SELECT results_eq($$SELECT DISTINCT contribution, contribution_reason FROM dash.marginal_change('t_case', '2025', 'en', 'province', '{PA,PB,PC}')$$, $$VALUES (NULL::float8, 'one of the areas is withheld or not published')$$, 'and need all areas');
SELECT is((SELECT percent_reason FROM dash.marginal_change('t_case', '2025-08', 'en', 'province', '{PB}') WHERE change_code = 'year_on_year'), 'nothing happened in the base period', 'no percentage of nothing');
SELECT is((SELECT difference FROM dash.marginal_change('t_case', '2025-08', 'en', 'province', '{PB}') WHERE change_code = 'year_on_year'), 5::float8, 'but a difference');
RESET ROLE;

-- shares: Newcombe's own difference, and a ratio whose limits cover what they should
SELECT tap.put('t_month', '2024-01-01', 't_share', 'PA', 48, 80), tap.put('t_month', '2024-02-01', 't_share', 'PA', 56, 70), tap.put('t_month', '2024-03-01', 't_share', 'PA', 0, 0);
SET ROLE civic_reader;
SELECT results_eq($$SELECT difference, difference_ci_lower, difference_ci_upper, verdict FROM dash.marginal_change('t_share', '2024-02', 'en', 'province', '{PA}') WHERE change_code = 'previous'$$,
  $$SELECT n.difference, n.lower, n.upper, 'rising' FROM civic.newcombe_difference(56, 70, 48, 80) n$$, 'the difference of shares is Newcombe''s');
SELECT is((SELECT reason FROM dash.marginal_change('t_share', '2024-03', 'en', 'province', '{PA}') WHERE change_code = 'previous'), 'nobody and nothing to be a share of', 'a share of nobody has a reason');
\set long ''
\getenv long LONG
SELECT set_config('tap.long', :'long', false) \g /dev/null
SELECT is_empty($$
  SELECT n1, n2, p1, p2, sum(civic.binomial_pmf(x1, n1, p1) * civic.binomial_pmf(x2, n2, p2)) FILTER (WHERE r.ci_lower <= p1 / p2 AND r.ci_upper >= p1 / p2) / sum(civic.binomial_pmf(x1, n1, p1) * civic.binomial_pmf(x2, n2, p2)) AS coverage
  FROM (VALUES (30, 50, 0.3, 0.6), (40, 25, 0.9, 0.8), (60, 60, 0.5, 0.5), (50, 50, 0.1, 0.4)) c (n1, n2, p1, p2), generate_series(0, n1) x1, generate_series(1, n2) x2, dash.ratio('proportion', x1, n1, x2, n2) r
  WHERE current_setting('tap.long') = '1' OR n1 * n2 <= 1500
  GROUP BY 1, 2, 3, 4 HAVING NOT coalesce(sum(civic.binomial_pmf(x1, n1, p1) * civic.binomial_pmf(x2, n2, p2)) FILTER (WHERE r.ci_lower <= p1 / p2 AND r.ci_upper >= p1 / p2) BETWEEN 0.93 AND 0.975, false)$$,
  'the ratio of shares covers the truth 93 to 97.5 times in 100, summed over every outcome (with LONG=1 of two larger pairs as well)');
SELECT results_eq($$SELECT (dash.ratio('proportion', 0, 10, 3, 10)).*$$, $$SELECT 0::float8, 0::float8, (dash.ratio('proportion', 0, 10, 3, 10)).ci_upper WHERE (dash.ratio('proportion', 0, 10, 3, 10)).ci_upper BETWEEN 0.5 AND 2$$, 'none out of ten');
SELECT results_eq($$SELECT (dash.ratio(k, 3, 10, 0, 10)).ratio FROM unnest('{rate,proportion}'::text[]) k$$, $$VALUES (NULL::float8), (NULL)$$, 'no ratio to nothing');

SELECT is_empty($$SELECT r.* FROM unnest('{rate,count,proportion}'::text[]) k, (VALUES (NULL::float8, 10, 3, 10), (3, NULL, 3, 10), (3, 10, NULL, 10), (3, 10, 3, NULL)) v (x1, e1, x2, e2), dash.ratio(k, x1, e1, x2, e2) r WHERE r.ratio IS NOT NULL OR r.ci_lower IS NOT NULL OR r.ci_upper IS NOT NULL$$,
  'of what is withheld there is no ratio');
-- shares of a known whole: limits by counting all populations of that size, none where everything was looked at
RESET ROLE;
CREATE FUNCTION tap.ways(n integer, k integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN k BETWEEN 0 AND n THEN factorial(n) / factorial(k) / factorial(n - k) ELSE 0 END $$;
CREATE FUNCTION tap.chance(x integer, n integer, good integer, size integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT tap.ways(good, x) * tap.ways(size - good, n - x) / tap.ways(size, n) $$;
CREATE FUNCTION tap.limits(x integer, n integer, size integer, OUT p float8, OUT l float8, OUT u float8) LANGUAGE sql IMMUTABLE AS $$
  SELECT x / n::float8, min(m) FILTER (WHERE (SELECT sum(tap.chance(y, n, m, size)) FROM generate_series(x, n) y) > 0.025) / size::float8,
         max(m) FILTER (WHERE (SELECT sum(tap.chance(y, n, m, size)) FROM generate_series(0, x) y) > 0.025) / size::float8 FROM generate_series(0, size) m $$;
INSERT INTO centre.indicator (code, kind, flow, topic, unit) VALUES ('t_all', 'count', 'stock', 'needs', 'clinics');
UPDATE centre.indicator SET whole = 't_all' WHERE code = 't_share';
UPDATE centre.cube SET indicators = indicators || '{t_all}' WHERE code = 't_month';
CREATE TABLE tap.looked (area text, x1 integer, n1 integer, all1 integer, x2 integer, n2 integer, all2 integer);
INSERT INTO tap.looked VALUES ('PA', 12, 20, 20, 15, 20, 20), ('PB', 12, 20, 30, 15, 20, 25), ('PC', 8, 20, 20, 9, 10, 40), ('PD', 20, 20, 20, 0, 20, 20);
SELECT tap.put('t_month', '2022-05-01', 't_share', area, x1, n1), tap.put('t_month', '2022-05-01', 't_all', area, all1, NULL), tap.put('t_month', '2023-05-01', 't_share', area, x2, n2), tap.put('t_month', '2023-05-01', 't_all', area, all2, NULL) FROM tap.looked;
SELECT tap.put('t_month', '2022-05-01', 't_share', 'PE', 12, 20), tap.put('t_month', '2023-05-01', 't_share', 'PE', 15, 20), tap.put('t_month', '2023-05-01', 't_all', 'PE', 20, NULL);
CREATE TABLE tap.truth AS SELECT k.area, a.p AS p1, a.l AS l1, a.u AS u1, b.p AS p2, b.l AS l2, b.u AS u2 FROM tap.looked k, tap.limits(k.x1, k.n1, k.all1) a, tap.limits(k.x2, k.n2, k.all2) b;
INSERT INTO tap.truth SELECT 'PE', 0.6, w.lower, w.upper, 0.75, 0.75, 0.75 FROM civic.wilson_interval(12, 20) w;
GRANT SELECT ON tap.truth TO PUBLIC;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, round(difference_ci_lower::numeric, 9), round(difference_ci_upper::numeric, 9), verdict FROM dash.marginal_change('t_share', '2023-05') WHERE change_code = 'year_on_year' ORDER BY 1$$,
  $$SELECT area, round(d.l::numeric, 9), round(d.u::numeric, 9), CASE WHEN d.l > 0 THEN 'rising' WHEN d.u < 0 THEN 'falling' ELSE 'cannot tell' END
    FROM tap.truth t, LATERAL (SELECT p2 - p1 - sqrt((p2 - l2) ^ 2 + (u1 - p1) ^ 2) AS l, p2 - p1 + sqrt((u2 - p2) ^ 2 + (p1 - l1) ^ 2) AS u) d ORDER BY 1$$, 'the difference of two shares of a known whole; where one side''s whole is not known that one is a sample');
SELECT results_eq($$SELECT difference = difference_ci_lower, difference = difference_ci_upper, abs(percent - percent_ci_lower) < 1e-9, abs(percent - percent_ci_upper) < 1e-9, verdict FROM dash.marginal_change('t_share', '2023-05') WHERE change_code = 'year_on_year' AND area = 'PA'$$,
  $$VALUES (true, true, true, true, 'rising')$$, 'a change between two censuses leaves nothing to chance');
SELECT is_empty($$SELECT c.area, c.percent_ci_lower, c.percent_ci_upper FROM dash.marginal_change('t_share', '2023-05') c JOIN tap.truth t USING (area) WHERE change_code = 'year_on_year' AND p2 > 0
  AND NOT (abs(1 + c.percent_ci_lower / 100 - (p1 * p2 - sqrt(greatest((p1 * p2) ^ 2 - l2 * u1 * (2 * p2 - l2) * (2 * p1 - u1), 0))) / (u1 * (2 * p1 - u1))) < 1e-7
    AND abs(1 + c.percent_ci_upper / 100 - (p1 * p2 + sqrt(greatest((p1 * p2) ^ 2 - u2 * l1 * (2 * p2 - u2) * (2 * p1 - l1), 0))) / (l1 * (2 * p1 - l1))) < 1e-7)$$, 'and the ratio, by the formula as Donner and Zou write it');
SELECT results_eq($$SELECT area, round(value::numeric, 9), round(ci_lower::numeric, 9), round(ci_upper::numeric, 9) FROM dash.base_year_index('t_share', '{PA,PB,PC,PD,PE}', '2023-05-01', '2023-05-31', base_year => 2022) ORDER BY 1$$,
  $$SELECT area, round((100 + percent)::numeric, 9), round((100 + percent_ci_lower)::numeric, 9), round((100 + percent_ci_upper)::numeric, 9) FROM dash.marginal_change('t_share', '2023-05') WHERE change_code = 'year_on_year' ORDER BY 1$$, 'the index has the same limits');
SELECT is_empty($$SELECT coverage FROM (SELECT sum(tap.chance(x1, 12, 18, 30) * tap.chance(x2, 10, 10, 25)) FILTER (WHERE r.ci_lower <= 1.5 AND r.ci_upper >= 1.5) / sum(tap.chance(x1, 12, 18, 30) * tap.chance(x2, 10, 10, 25)) AS coverage
  FROM generate_series(0, 12) x1, generate_series(1, 10) x2, dash.ratio('proportion', x1, 12, x2, 10, 30, 25) r) c WHERE NOT coalesce(coverage BETWEEN 0.95 AND 0.99, false)$$, 'they cover the truth 95 to 99 times in 100, summed over every sample that could be drawn');
-- a value of an earlier release: the change since then is withheld, and no change is read from it
RESET ROLE;
UPDATE centre.release_cell x SET status = 'h' FROM centre.release r WHERE r.release_id = x.release_id AND r.cube = 't_month' AND lower(r.period) = '2023-05-01' AND x.indicator = 't_share' AND x.area_id = 11;
UPDATE centre.release_cell x SET status = 'h' FROM centre.release r WHERE r.release_id = x.release_id AND r.cube = 't_month' AND lower(r.period) = '2022-05-01' AND x.indicator = 't_share' AND x.area_id = 12;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, difference, percent, reason FROM dash.marginal_change('t_share', '2023-05') WHERE change_code = 'year_on_year' AND area IN ('PA', 'PB') ORDER BY 1$$,
  $$VALUES ('PA', NULL::float8, NULL::float8, 'of an earlier release: the change since then is withheld'), ('PB', NULL, NULL, 'the base period is of an earlier release: the change since then is withheld')$$, 'of a held value no change is told');
SELECT results_eq($$SELECT reason FROM dash.change_split('t_share', '2022-05', '2023-05', areas => '{PA,PC}')$$, ARRAY['one of the areas is withheld or not published'], 'nor split');
-- the split of a change, by the formula itself
RESET ROLE;
SELECT tap.put('t_month', '2024-04-01', 't_share', 'PA', NULL, 70), tap.put('t_month', '2024-05-01', 't_share', 'PA', 30, 70);
SELECT is_empty($$SELECT * FROM unnest('{2024-04,2024-05}'::text[]) p, dash.marginal_change('t_share', p, 'en', 'province', '{PA}') m WHERE change_code = 'previous' AND (percent IS NOT NULL OR difference IS NOT NULL OR later IS NOT NULL OR reason IS NULL)$$, 'nor a change, of shares');
SELECT results_eq($$SELECT value, ci_lower, reason FROM dash.base_year_index('t_share', '{PA}', '2024-03-31 22:00+00', '2024-04-30')$$, $$VALUES (NULL::float8, NULL::float8, 'withheld: too few people')$$, 'nor an index');

SELECT tap.put('t_month', '2024-02-01', 't_share', 'PB', 10, 300), tap.put('t_month', '2024-01-01', 't_share', 'PB', 30, 100);
SET ROLE civic_reader;
SELECT results_eq($$SELECT round(change::numeric, 9), round(by_rates::numeric, 9), round(by_composition::numeric, 9), round((by_rates + by_composition - change)::numeric, 9) FROM dash.change_split('t_share', '2024-01', '2024-02', 'en', 'province', '{PA,PB}')$$,
  $$SELECT round(sum(n2 / 370 * r2 - n1 / 180 * r1), 9), round(sum((r2 - r1) * (n1 / 180 + n2 / 370) / 2), 9), round(sum((n2 / 370 - n1 / 180) * (r1 + r2) / 2), 9), 0::numeric(20, 9)
    FROM (VALUES (48 / 80.0, 80.0, 56 / 70.0, 70.0), (30 / 100.0, 100.0, 10 / 300.0, 300.0)) v (r1, n1, r2, n2)$$, 'rates and composition add up to the change');
SELECT is((SELECT reason FROM dash.change_split('t_share', '2024-01', '2024-02', 'en', 'province', '{PA,PB,PC}')), 'one of the areas is withheld or not published', 'every area is needed');
SELECT results_eq($$SELECT round(change::numeric, 6), round(by_composition::numeric, 6) FROM dash.change_split('t_case', '2023-01', '2023-02', 'en', 'province', '{PC}')$$, $$VALUES (0.0::numeric(20, 6), 0.0::numeric(20, 6))$$, 'nor here is a short month one');

-- trend: a straight line but for two wild points; too few points
RESET ROLE;
SELECT tap.put('t_month', ('2020-01-01'::date + m * interval '1 month')::date, 't_case', 'PD', CASE m WHEN 3 THEN 900 WHEN 17 THEN 0 ELSE 100 + 2 * (('2020-01-01'::date + m * interval '1 month')::date - '2020-01-01'::date) END, 50000) FROM generate_series(0, 23) m;
SET ROLE civic_reader;
SELECT results_eq($$SELECT round(slope::numeric, 6), round(ci_lower::numeric, 6) BETWEEN 1200 AND 1435, round(ci_upper::numeric, 6) BETWEEN 1435.1 AND 1600, points, verdict FROM dash.trend('t_case', '{PD}', '2019-01-01', '2023-01-01')$$,
  $$SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.y - a.y) / (b.m - a.m) * 12)::numeric, 6), true, true, 24, 'rising'
    FROM LATERAL (SELECT m, days.n, 2 * CASE m WHEN 3 THEN 900 WHEN 17 THEN 0 ELSE 100 + 2 * (d - '2020-01-01') END * 365.25 / 12 / ((d + interval '1 month')::date - d) AS y
        FROM generate_series(0, 23) m, LATERAL (SELECT ('2020-01-01'::date + m * interval '1 month')::date AS d) t, LATERAL (SELECT 1 AS n) days) a
    JOIN LATERAL (SELECT m, 2 * CASE m WHEN 3 THEN 900 WHEN 17 THEN 0 ELSE 100 + 2 * (d - '2020-01-01') END * 365.25 / 12 / ((d + interval '1 month')::date - d) AS y
        FROM generate_series(0, 23) m, LATERAL (SELECT ('2020-01-01'::date + m * interval '1 month')::date AS d) t) b ON b.m > a.m$$,
  'two wild points do not carry a trend away; months are equal steps of equal days');
SELECT results_eq($$SELECT slope, ci_lower, ci_upper, reason FROM dash.trend('t_case', '{PC}', '2019-01-01', '2024-01-01')$$, $$VALUES (NULL::float8, NULL::float8, NULL::float8, 'too few periods for a trend')$$, 'two points have no interval, and no infinity');
RESET ROLE;
-- one unit at a time: a finer cube that fewer areas have does not take over
SELECT tap.put('t_week', '2025-12-01', 't_case', 'PA', 7, 110000);
SELECT is((SELECT DISTINCT unit FROM dash.period_totals('t_case', 'province', '{PA,PB}')), 'month', 'the unit that most areas have');
SELECT is((SELECT DISTINCT unit FROM dash.period_totals('t_case', 'province', '{PA}')), 'month', 'nor does one week of one area cover it better than years of months');
SELECT is((SELECT DISTINCT unit FROM dash.period_totals('t_case', 'province', '{PA}', 'month')), 'month', 'or the one asked for');
-- periods that are reversed are refused
SELECT throws_ok(format($$SELECT * FROM dash.change_split('t_case', %L, %L)$$, b, a), '22023', 'the later period begins before the earlier one', format('change_split from %s to %s is refused', b, a)) FROM (VALUES ('2024-02', '2024-01'), ('latest', '2024-01'), ('2024-03', '2024')) AS v (b, a);
SELECT lives_ok(format($$SELECT * FROM dash.change_split('t_case', %L, %L)$$, b, a), format('from %s to %s it is not', b, a)) FROM (VALUES ('2024-01', '2024-01'), ('2024-01', 'latest'), ('2024', '2024-03')) AS v (b, a);
SELECT * FROM finish();
