-- The public files of South Africa: boundaries, populations, health facilities, COVID-19 series.
--   psql -v data=../shared/data -f demo/public.sql
\set ON_ERROR_STOP on
SET search_path = pg_catalog, public, pg_temp;
CREATE SCHEMA centre_demo;
INSERT INTO centre.demarcation (code, valid, source) VALUES
  ('2011', '[2011-05-18,2016-08-03)', 'Municipal Demarcation Board, 2011 wards'), ('2016', '[2016-08-03,)', 'Municipal Demarcation Board, 2016');
INSERT INTO centre.area (code, demarcation, level, name) VALUES ('ZA', '2016', 'country', 'South Africa');
INSERT INTO centre.area_standing SELECT 'country', area_id FROM centre.area;

\set path :data /za-boundaries/provinces_2016.geojson
\set shapes `cat :'path'`
CREATE TEMP TABLE province (code text, name text, other text);
INSERT INTO province VALUES ('EC', 'Eastern Cape', NULL), ('FS', 'Free State', NULL), ('GT', 'Gauteng', 'GP'), ('KZN', 'KwaZulu-Natal', NULL), ('LIM', 'Limpopo', 'LP'),
  ('MP', 'Mpumalanga', NULL), ('NC', 'Northern Cape', 'Nothern Cape'), ('NW', 'North West', NULL), ('WC', 'Western Cape', NULL);
-- the file names provinces and has no codes
SELECT jsonb_set(:'shapes'::jsonb, '{features}', (
  SELECT jsonb_agg(jsonb_set(f, '{properties}', f -> 'properties' || jsonb_build_object('code', p.code, 'parent', 'ZA')))
  FROM jsonb_array_elements(:'shapes'::jsonb -> 'features') AS f JOIN province p ON p.name = f -> 'properties' ->> 'name')) AS shapes \gset
CALL centre.add_areas('province', '2016', :'shapes'::jsonb, 'code', 'name', 'parent');
INSERT INTO centre.area_alias SELECT x.alias, a.area_id FROM province p JOIN centre.area a USING (code)
  CROSS JOIN LATERAL (VALUES (p.name), (p.other)) AS x (alias) WHERE x.alias IS NOT NULL;

\set path :data /za-boundaries/districts_2016.geojson
\set shapes `cat :'path'`
CALL centre.add_areas('district', '2016', :'shapes'::jsonb, 'code', 'name', 'province');
-- the boundary file has codes only; the census names districts
\set path :data /za-census2011-wards/geography.csv
\set content `cat :'path'`
UPDATE centre.area a SET name = r ->> 'name' FROM centre.csv_objects(:'content') AS r
  WHERE a.code = r ->> 'code' AND r ->> 'version' = '2016' AND r ->> 'level' = 'district' AND a.demarcation = '2016';
\set path :data /za-boundaries/municipalities_2016.geojson
\set shapes `cat :'path'`
CALL centre.add_areas('municipality', '2016', :'shapes'::jsonb, 'code', 'name', 'district_code');
\set path :data /za-boundaries/cape_town_wards_2011.geojson
\set shapes `cat :'path'`
CALL centre.add_areas('ward', '2011', :'shapes'::jsonb, 'ward_id', 'ward_id', 'municipality_code');

-- Populations, each source by itself: provincial mid-year estimates by sex, age and year; municipalities by age; wards in the census.
INSERT INTO centre.population_source VALUES
  ('midyear', 1, 'Statistics South Africa, mid-year population estimates by province, sex and age'),
  ('cs2016', 2, 'Statistics South Africa, Community Survey 2016 bands by municipality'), ('census2011', 3, 'Statistics South Africa, Census 2011');
\set path :data /za-population/province_sex_age_2002_2020.csv
\set content `cat :'path'`
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT centre.find_area(r ->> 'province'), y.key::smallint, coalesce(lower(left(r ->> 'sex', 1)), '*'), coalesce(r ->> 'age', '*'), 'midyear', sum(replace(y.value, ' ', '')::numeric)
  FROM centre.csv_objects(:'content') AS r CROSS JOIN LATERAL jsonb_each_text(r) AS y
  WHERE y.key ~ '^\d{4}$' AND r ->> 'sex' IN ('Male', 'Female') AND r ->> 'age' ~ '^\d'
  GROUP BY r ->> 'province', y.key, GROUPING SETS ((r ->> 'sex', r ->> 'age'), (r ->> 'sex'), (r ->> 'age'), ());
\set path :data /za-population/municipality_age_2018.csv
\set content `cat :'path'`
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT centre.find_area(r ->> 'adm3_id'), 2016, '*', CASE WHEN p.key = 'p_total' THEN '*' WHEN b.from_age >= 80 THEN '80+' ELSE format('%s-%s', b.from_age, b.from_age + 4) END, 'cs2016', sum(p.value::numeric)
  FROM centre.csv_objects(:'content') AS r CROSS JOIN LATERAL jsonb_each_text(r) AS p
  CROSS JOIN LATERAL (SELECT substring(p.key FROM '^p(\d+)')::int AS from_age) AS b
  WHERE p.key ~ '^p(\d|_total)' GROUP BY 1, 4;
\set path :data /za-census2011-wards/population.csv
\set content `cat :'path'`
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT a.area_id, 2011, '*', '*', 'census2011', (r ->> 'population')::numeric
  FROM centre.csv_objects(:'content') AS r JOIN centre.area a ON a.code = r ->> 'code' AND a.demarcation = r ->> 'version' AND a.level = r ->> 'level';

\set path :data /za-health-facilities/facilities_who_kwtrp.csv
\set content `cat :'path'`
CALL centre.add_facilities('who_kwtrp', :'content');
ANALYZE centre.area, centre.area_closure, centre.population, centre.facility;

-- Cumulative counts become a document a day and province.  Where a later count is lower than an earlier one, the earlier days said too
-- much: they are issued again, with the day of the correction as their revision, so that days are never negative and add up to the last count.
\set path :data /za-covid19/provincial_cumulative_confirmed.csv
\set content `cat :'path'`
CREATE TEMP TABLE published_row AS SELECT (r ->> 'date')::date AS day FROM centre.csv_objects(:'content') AS r;
CREATE TABLE centre_demo.published AS
  SELECT k.key AS series, (r ->> 'date')::date AS day, k.value::numeric AS cumulative, lag(r ->> 'date') OVER (PARTITION BY k.key ORDER BY r ->> 'date')::date AS previous_day
  FROM centre.csv_objects(:'content') AS r CROSS JOIN LATERAL jsonb_each_text(r) AS k WHERE k.key NOT IN ('date', 'total');
CREATE TABLE centre_demo.correction AS
  SELECT p.series, p.day, q.cumulative AS was, p.cumulative AS became,
         p.previous_day = (SELECT max(x.day) FROM published_row x WHERE x.day < p.day) AS next_row
  FROM centre_demo.published p JOIN centre_demo.published q ON q.series = p.series AND q.day = p.previous_day WHERE p.cumulative < q.cumulative;
-- As known on a day: the least count from then on, up to that day.
CREATE FUNCTION pg_temp.as_known(of_series text, on_day date) RETURNS TABLE (day date, new numeric) LANGUAGE sql AS $$
  SELECT day, least_later - coalesce(lag(least_later) OVER (ORDER BY day), 0)
  FROM (SELECT day, min(cumulative) OVER (ORDER BY day DESC) AS least_later FROM centre_demo.published WHERE series = of_series AND day <= on_day) AS x
$$;
CREATE TABLE centre_demo.daily AS
  SELECT p.series, p.day, p.day AS revision, p.cumulative - least(coalesce(q.cumulative, 0), p.cumulative) AS new
  FROM centre_demo.published p LEFT JOIN centre_demo.published q ON q.series = p.series AND q.day = p.previous_day
  UNION ALL
  SELECT c.series, n.day, c.day, n.new
  FROM centre_demo.correction c CROSS JOIN LATERAL pg_temp.as_known(c.series, c.day) AS n
  JOIN LATERAL pg_temp.as_known(c.series, c.day - 1) AS o ON o.day = n.day WHERE n.new <> o.new;
CREATE VIEW centre_demo.correction_summary AS
  SELECT c.series, count(*) AS corrections, sum(c.was - c.became) AS cases_withdrawn,
         (SELECT count(*) FROM centre_demo.daily d WHERE d.series = c.series AND d.revision > d.day) AS days_issued_again
  FROM centre_demo.correction c GROUP BY c.series ORDER BY c.series;
INSERT INTO centre.landing (source, format, payload)
  SELECT 'covid19za', 'json', convert_to(jsonb_agg(jsonb_build_object('key', format('confirmed.%s.%s', series, day), 'revision', revision - date '2000-01-01',
           'day', day, 'province', series, 'series', 'confirmed', 'new', new) ORDER BY day, revision)::text, 'UTF8')
  FROM centre_demo.daily GROUP BY series ORDER BY series;
