-- Areas compared: figures, benchmarks, ranks, funnels, standardised rates and standards; what is withheld, absurd or not comparable.
\ir ../fixtures/release.sql
SELECT plan(46);

-- January 2024: A to D shown, E withheld; the town's and the precinct's people are of another source
SELECT tap.put('t_month', '2024-01-01', 't_case', 'PA', 30, 100000), tap.put('t_month', '2024-01-01', 't_case', 'PB', 20, 200000), tap.put('t_month', '2024-01-01', 't_case', 'PC', 61, 400000),
       tap.put('t_month', '2024-01-01', 't_case', 'PD', 9, 50000), tap.put('t_month', '2024-01-01', 't_case', 'PE', NULL, 300000),
       tap.put('t_month', '2024-01-01', 't_case', 'TA', 12, 40000), tap.put('t_month', '2024-01-01', 't_case', 'WA', 3, 8000);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, count, measure, ci_lower, ci_upper, reason FROM dash.provinces('t_case', '2024-01')$$,
  $$SELECT v.area, v.x::numeric, r.rate, r.lower, r.upper, v.reason FROM (VALUES (1, 'PA', 30, 100000, NULL), (2, 'PD', 9, 50000, NULL), (3, 'PC', 61, 400000, NULL), (4, 'PB', 20, 200000, NULL),
      (5, 'PE', NULL, 300000, 'withheld: too few people')) AS v (n, area, x, people, reason) LEFT JOIN LATERAL civic.rate_interval(v.x, v.people) r ON true ORDER BY v.n$$,
  'rates with their limits, the highest first, the withheld one last with its reason');
SELECT results_eq($$SELECT DISTINCT round(benchmark::numeric, 6) FROM dash.provinces('t_case', '2024-01')$$, $$SELECT round(120 / 7.5, 6)$$, 'the benchmark is the pooled rate of the areas shown');
SELECT results_eq($$SELECT area, verdict FROM dash.provinces('t_case', '2024-01') WHERE rank IS NOT NULL ORDER BY rank$$,
  $$VALUES ('PA', 'higher'), ('PD', 'similar'), ('PC', 'similar'), ('PB', 'lower')$$, 'verdicts by the interval, not by the point');
SELECT results_eq($$SELECT area, rank, rank_lower, rank_upper, worst_quarter FROM dash.provinces('t_case', '2024-01') WHERE area <> 'PE' ORDER BY area$$,
  $$SELECT area, (k).rank, (k).lower, (k).upper, (q).highest FROM (SELECT *, civic.rank_interval(x, n) OVER () AS k, civic.quarter_probability(x, n) OVER () AS q
      FROM (VALUES ('PA', 30, 100000), ('PB', 20, 200000), ('PC', 61, 400000), ('PD', 9, 50000)) v (area, x, n)) t ORDER BY area$$, 'ranks of the shown areas alone, with intervals');
SELECT results_eq($$SELECT area, funnel FROM dash.provinces('t_case', '2024-01') WHERE area IN ('PA', 'PB', 'PC') ORDER BY area$$,
  $$VALUES ('PA', 'above the 95 % limit'), ('PB', 'below the 95 % limit'), ('PC', 'within the limits')$$, 'the position in the funnel: 30 where 16 are expected, 20 where 32, 61 where 64');
SELECT results_eq($$SELECT round(z::numeric, 9) FROM dash.provinces('t_case', '2024-01') WHERE area = 'PA'$$, $$SELECT round(((30 - 16) / sqrt(16.0))::numeric, 9)$$, 'z is how far the count lies from the expected one');

-- the one function that reads what its caller may not: population figures, whatever path the caller sets
SELECT throws_ok('SELECT * FROM centre.population', '42501', NULL, 'the reader has no right on the table of populations');
SELECT results_eq($$SELECT area_id, people, source, year::int FROM dash.population('province', 2030) WHERE age_band = '*' ORDER BY 1 LIMIT 1$$, $$VALUES (11, 100000::numeric, 'census', 2024)$$, 'but sees the denominators that publication uses');
SELECT is((SELECT proconfig::text FROM pg_proc WHERE oid = 'dash.population(text, integer)'::regprocedure), '{"search_path=pg_catalog, pg_temp"}', 'through a function with a pinned path');

-- any set of areas, but one ranking never mixes populations
SELECT set_eq($$SELECT area, rank_reason FROM dash.provinces('t_case', '2024-01', 'en', 'province', '{TA,WA}')$$, $$VALUES ('TA', NULL::text), ('WA', NULL)$$, 'towns and precincts of one source are ranked together');
SELECT set_eq($$SELECT area, rank, measure IS NULL, rank_reason FROM dash.provinces('t_case', '2024-01', 'en', 'province', '{TA,PB}')$$,
  $$VALUES ('TA', NULL::int, false, 'not ranked: populations of different sources or years'), ('PB', NULL, false, 'not ranked: populations of different sources or years')$$,
  'a census province and a survey town have rates but no ranking');
SELECT is((SELECT rank_reason FROM dash.provinces('t_case', '2024-01', 'af', 'province', '{PA}')), 'niks om mee te vergelyk nie', 'one area is not ranked');
SELECT is((SELECT count(*) FROM dash.provinces('t_case', '2024-01', 'en', 'province', '{PE}') WHERE measure IS NULL AND benchmark IS NULL AND rank IS NULL AND reason IS NOT NULL), 1::bigint, 'all withheld: no figure, no ranking, a reason');
SELECT throws_ok($$SELECT * FROM dash.provinces('t_cases', '2024-01')$$, '22023', 'there is no indicator "t_cases"', 'an unknown indicator is an error');
SELECT is((SELECT count(*) FROM dash.provinces('t_case', '2031-01') WHERE reason = 'not published'), 5::bigint, 'what is not published is said to be so');
SELECT throws_ok($$SELECT * FROM dash.provinces('t_case', 'nonsense')$$, '22023', 'there is no period "nonsense"', 'what is no period is an error');
SELECT is_empty($$SELECT * FROM dash.provinces('t_case', '2024-01', 'en', 'province', '{}')$$, 'no areas, no rows');
RESET ROLE;

-- a vintage that has changed since publication is no basis for a ranking
UPDATE centre.population SET people = 210000 WHERE area_id = 12;
SELECT is((SELECT DISTINCT rank_reason FROM dash.provinces('t_case', '2024-01') WHERE reason IS NULL), 'not ranked: population figures changed since publication', 'a changed population refuses the ranking');
UPDATE centre.population SET people = 200000 WHERE area_id = 12;
SELECT tap.put('t_month', '2024-02-01', 't_case', 'PA', 10, 100000);
SELECT is((SELECT DISTINCT rank_reason FROM dash.provinces('t_case', '2024-Q1') WHERE reason IS NULL), 'not ranked: published for different periods', 'so do different periods');

-- absurd values have a reason, not an error
SELECT tap.put('t_month', '2024-03-01', 't_case', 'PA', 'NaN', 100000), tap.put('t_month', '2024-03-01', 't_case', 'PB', -3, 200000), tap.put('t_month', '2024-03-01', 't_case', 'PC', 'Infinity', 400000),
       tap.put('t_month', '2024-03-01', 't_case', 'PD', 1e15, 50000), tap.put('t_month', '2024-03-01', 't_case', 'PE', 5, 0);
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, reason, rank_reason FROM dash.provinces('t_case', '2024-03') ORDER BY area$$,
  $$VALUES ('PA', 'the published value is negative or not a number', NULL), ('PB', 'the published value is negative or not a number', NULL), ('PC', 'the published value is negative or not a number', NULL),
    ('PD', NULL, 'nothing to compare with'), ('PE', 'no population figure', NULL)$$, 'NaN, negative, infinite, no population');
SELECT is((SELECT measure FROM dash.provinces('t_case', '2024-03') WHERE area = 'PD'), 2e15::float8, 'a count of 1e15 is a count');
SELECT is((SELECT count(*) FROM dash.standards('t_case', '2024-03') WHERE measure IS NULL AND reason IS NOT NULL), 5::bigint, 'nor do standards stumble over them');
SELECT lives_ok(format('SELECT * FROM dash.%s', f), f || ' neither') FROM unnest(ARRAY['marginal_change(''t_case'')', 'standardised(''t_case'', ''2024-03'')', 'change_split(''t_case'', ''2024-01'', ''2024-03'')',
  'base_year_index(''t_case'', ''{PA,PB,PC,PD,PE}'', ''2024-01-01'', ''2025-01-01'')', 'trend(''t_case'', ''{PA,PB,PC,PD,PE}'', ''2024-01-01'', ''2025-01-01'')']) AS f;
RESET ROLE;

-- shares: above a half the ranking is by what is missing
SELECT tap.put('t_month', '2024-01-01', 't_share', a, x, n) FROM (VALUES ('PA', 940, 1000), ('PB', 890, 1000), ('PC', 470, 500), ('PD', 60, 100), ('PE', 91, 90)) AS v (a, x, n);
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, rank, rank_lower, rank_upper, round(worst_quarter::numeric, 9) FROM dash.provinces('t_share', '2024-01') ORDER BY area$$,
  $$SELECT area, rank() OVER (ORDER BY x / n::float8 DESC)::int, 6 - (k).upper, 6 - (k).lower, round((q).highest::numeric, 9) FROM (SELECT *, civic.rank_interval(n - x, n) OVER () AS k, civic.quarter_probability(n - x, n) OVER () AS q
      FROM (VALUES ('PA', 940, 1000), ('PB', 890, 1000), ('PC', 470, 500), ('PD', 60, 100), ('PE', 90, 90)) v (area, x, n)) t ORDER BY area$$, 'high shares are ranked by their complements');
SELECT results_eq($$SELECT measure, ci_lower, ci_upper FROM dash.provinces('t_share', '2024-01') WHERE area IN ('PA', 'PE') ORDER BY area$$,
  $$SELECT 0.94::float8, lower, upper FROM civic.wilson_interval(940, 1000) UNION ALL SELECT 1, lower, upper FROM civic.wilson_interval(90, 90)$$, 'Wilson limits; a part rounded above its whole is the whole');
RESET ROLE;
SELECT tap.put('t_month', '2024-01-01', 't_visit', a, x, NULL) FROM (VALUES ('PA', 1000), ('PB', 1000)) AS v (a, x);
SELECT is((SELECT DISTINCT rank_reason FROM dash.provinces('t_visit', '2024-01') WHERE reason IS NULL), 'counts of areas of different size cannot be compared', 'counts are not ranked');

-- stocks are not added up
SELECT tap.put('t_month', '2024-01-01', 't_bed', 'PA', 500, 100000), tap.put('t_month', '2024-02-01', 't_bed', 'PA', 600, 100000);
SELECT results_eq($$SELECT p.period, r.measure, r.reason FROM (VALUES ('2024-01'), ('2024-Q1')) AS p (period), LATERAL dash.provinces('t_bed', p.period, 'en', 'province', '{PA}') r ORDER BY 1$$,
  $$VALUES ('2024-01', 50::float8, NULL::text), ('2024-Q1', 60, NULL)$$, 'of beds the newest month counts, not the sum');

-- standards
INSERT INTO centre.standard (code, indicator, owner, demand, value, valid, citation, remedy) VALUES
  ('t_cases', 't_case', 'Owner', 'at_most', 200, '[2024-01-01,2025-01-01)', 'Cited', 'Do this.'), ('t_shares', 't_share', 'Owner', 'at_least', 0.9, '(,)', 'Cited', 'Do that.');
INSERT INTO centre.label VALUES ('remedy', 't_shares', 'af', 'Doen dit.');
SET ROLE civic_reader;
SELECT results_eq($$SELECT area, verdict, remedy, reason FROM dash.standards('t_share', '2024-01', 'af') ORDER BY area$$,
  $$VALUES ('PA', 'bereik', NULL, NULL), ('PB', 'kan nie sê nie', NULL, NULL), ('PC', 'bereik', NULL, NULL), ('PD', 'nie bereik nie', 'Doen dit.', NULL), ('PE', 'bereik', NULL, NULL::text)$$,
  'met, not met, or cannot tell, with the remedy where it is missed');
SELECT results_eq($$SELECT round(measure::numeric, 6), verdict FROM dash.standards('t_case', '2024-01') WHERE area = 'PA'$$, $$SELECT round(30 * 365.25 / 31, 6), 'not met'$$, 'a month''s rate is held against a yearly standard');
SELECT is((SELECT reason FROM dash.standards('t_case', '2023-12') WHERE area = 'PA'), 'not published', 'nothing published');
RESET ROLE;
SELECT tap.put('t_month', '2025-01-01', 't_case', 'PA', 30, 100000);
SELECT results_eq($$SELECT measure, reason FROM dash.standards('t_case', '2025-01') WHERE area = 'PA'$$, $$VALUES (NULL::float8, 'no standard for these days')$$, 'a standard counts only while it is in force');
SELECT throws_ok($$INSERT INTO centre.standard SELECT 'x', 't_case', 'o', 'at_most', 'NaN', '(,)', 'c', 'r'$$, '23514', NULL, 'a standard is a number');

-- standardised rates: two bands of 40 years and the rest, against the standard's own weights
INSERT INTO centre.age_band VALUES ('wide', '0-39', 0, 39), ('wide', '40-64', 40, 64), ('wide', '65+', 65, 150);
UPDATE centre.cube SET age_bands = 'wide' WHERE code = 't_month';
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT p.area_id, p.year, '*', b.band, p.source, p.people * b.share FROM centre.population p, (VALUES ('0-39', 0.6), ('40-64', 0.3), ('65+', 0.1)) b (band, share) WHERE p.area_id BETWEEN 11 AND 14;
SELECT tap.put('t_month', '2024-05-01', 't_case', a, 40, n) FROM (VALUES ('PA', 100000), ('PB', 200000), ('PC', 400000), ('PD', 50000), ('PE', 300000)) v (a, n);
SELECT tap.put('t_month', '2024-05-01', 't_case', a, x, n, 'age_band', b) FROM (VALUES
  ('PA', '0-39', 5, 60000), ('PA', '40-64', 15, 30000), ('PA', '65+', 19, 10000), ('PA', 'u', 1, NULL),  -- one in forty without an age
  ('PB', '40-64', 30, 60000), ('PB', '65+', 10, 20000),                                                   -- nobody under 40
  ('PC', '0-39', NULL, 240000), ('PC', '40-64', 20, 120000), ('PC', '65+', 20, 40000),                    -- withheld
  ('PD', '0-39', 10, 30000), ('PD', '40-64', 10, 15000), ('PD', '65+', 10, 5000), ('PD', 'u', 10, NULL),  -- a quarter without an age
  ('PE', '0-39', 20, NULL), ('PE', '40-64', 20, NULL)) v (a, b, x, n);                                    -- no population by age
SET ROLE civic_reader;
SELECT results_eq($$SELECT round(rate::numeric, 6), round(ci_lower::numeric, 6), round(ci_upper::numeric, 6) FROM dash.standardised('t_case', '2024-05', 'en', 'province', '{PA}', 'esp2013')$$,
  $$SELECT round(d.rate::numeric, 6), round(d.lower::numeric, 6), round(d.upper::numeric, 6) FROM
     (SELECT civic.strata_agg(age, x, n, w) AS s FROM (VALUES (0, 5, 60000, 47000), (40, 15, 30000, 33500), (65, 19, 10000, 19500)) v (age, x, n, w)) t, civic.direct_rate(t.s) d$$,
  'a standardised rate, with the European standard in three bands');
SELECT results_eq($$SELECT area, rate IS NULL, reason FROM dash.standardised('t_case', '2024-05')$$, $$VALUES ('PA', false, NULL), ('PB', false, NULL), ('PC', true, 'an age group is withheld: too few people'),
  ('PD', true, 'too many events without a known age'), ('PE', true, 'no population by age')$$, 'and the reason where there is none; an age without a row had no event');
SELECT is((SELECT round(standardised::numeric, 6) FROM dash.provinces('t_case', '2024-05') WHERE area = 'PB'), (SELECT round(((60 + 0) * 0 + 100000 * (w.w40 * 30 / 60000 + w.w65 * 10 / 20000) / w.w)::numeric, 6)
  FROM (SELECT sum(weight) AS w, sum(weight) FILTER (WHERE stratum BETWEEN 40 AND 64) AS w40, sum(weight) FILTER (WHERE stratum >= 65) AS w65 FROM civic.standard_population('who2000')) w), 'the provincial table has it too');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.standardised('t_case', '2024-01') WHERE area IN ('PA', 'PD') ORDER BY 1$$, $$VALUES ('fewer than 10 events'), ('not published by age')$$, 'below ten events there is none');
SELECT set_eq($$SELECT reason, rate FROM dash.standardised('t_share', '2024-01')$$, $$VALUES ('only rates of a population are standardised', NULL::float8)$$, 'shares have no standardised rate');
RESET ROLE;

-- area groups and the catalogue
INSERT INTO centre.area_group SELECT 'north', area_id FROM centre.area WHERE code IN ('PA', 'PB');
SET ROLE civic_reader;
SELECT set_eq($$SELECT p.area FROM dash.provinces('t_case', '2024-01', 'en', NULL, ARRAY(SELECT g.area FROM dash.area_group g WHERE g.code = 'north')) p$$, ARRAY['PA', 'PB'], 'a group of areas is compared by its name');
SELECT is_empty($$SELECT indicator FROM dash.catalogue('en') WHERE indicator_name = indicator AND indicator NOT LIKE 't\_%' UNION SELECT c.indicator FROM dash.catalogue('af') c JOIN dash.catalogue('en') e USING (indicator) WHERE c.indicator_name = e.indicator_name AND c.indicator NOT LIKE 't\_%'$$,
  'every shipped indicator has a name in English and in Afrikaans');
SELECT cmp_ok((SELECT count(DISTINCT topic) FROM dash.catalogue() WHERE standard IS NOT NULL AND remedy <> '' AND citation <> '' AND topic IN ('quality_of_life', 'workforce_health', 'skills', 'needs')), '=', 4::bigint, 'each topic has standards with source and remedy');
SELECT is_empty($$SELECT * FROM dash.standard s JOIN dash.indicator i ON i.code = s.indicator WHERE i.kind = 'proportion' AND s.value > 1 OR (s.demand = 'at_least') <> (i.direction = 'higher_is_better')$$, 'standards fit their indicators');
RESET ROLE;
-- groups that a release does not list, since their total is withheld, are not known to be none
RESET ROLE;
SELECT tap.put('t_month', '2031-01-01', 't_case', 'PA', 50, 100000), tap.put('t_month', '2031-01-01', 't_case', 'PA', 20, 100000, 'age_band', '30-34'),
       tap.put('t_month', '2031-02-01', 't_case', 'PA', NULL, 100000), tap.put('t_month', '2031-01-01', 't_case', 'PB', 50, 100000), tap.put('t_month', '2031-01-01', 't_case', 'PB', 20, 100000, 'age_band', '30-34'),
       tap.put('t_month', '2031-02-01', 't_case', 'PB', 0, 100000);
SELECT results_eq($$SELECT area, value, reason FROM dash.totals('t_case', '[2031-01-01,2031-03-01)', 'province', 'age_band') ORDER BY 1$$, $$VALUES ('PA', NULL::numeric, 'suppressed'), ('PB', 20, NULL)$$,
  'a group of an area whose total was withheld in a period has no sum');
SELECT * FROM finish();
