-- A year of reports, deterministic from a seed: needs and threats by phone (JSON) and line lists of clinics (CSV), with the dirt
-- real reports have: copies, edits that move a report to another month, deletions, unknown answers, wrong clocks, positions at sea.
--   psql -v reports=20000 -v seed=1 -v until=2026-11-01 -f demo/reports.sql
\set ON_ERROR_STOP on
SET search_path = pg_catalog, public, pg_temp;
SELECT set_config('demo.seed', :'seed', false) AS seed \gset
CREATE FUNCTION pg_temp.u(i bigint, k text) RETURNS float8 LANGUAGE sql AS $$
  SELECT (hashtextextended(i || ':' || k, current_setting('demo.seed')::bigint) & 9007199254740991) / 9007199254740992.0
$$;

-- Wards by the share of people who live before them, so that a uniform number picks one.
CREATE TEMP TABLE ward AS
  SELECT a.area_id, a.code, a.geom, d.code AS district, (sum(p.people) OVER (ORDER BY a.area_id) / sum(p.people) OVER ())::float8 AS upto
  FROM centre.area a JOIN centre.population p ON p.area_id = a.area_id AND p.sex = '*' AND p.age_band = '*'
  LEFT JOIN centre.area m ON m.area_id = a.parent_id LEFT JOIN centre.area d ON d.area_id = m.parent_id
  WHERE a.geom IS NOT NULL AND NOT EXISTS (SELECT FROM centre.area x WHERE x.parent_id = a.area_id AND x.geom IS NOT NULL);
CREATE INDEX ON ward (upto);
ANALYZE ward;

CREATE TEMP TABLE report AS
  SELECT i, w.code AS ward, w.district,
         ST_X(ST_Centroid(w.geom)) + (ST_XMax(w.geom) - ST_XMin(w.geom)) * (pg_temp.u(i, 'x') - 0.5) * 0.9 AS lon,
         ST_Y(ST_Centroid(w.geom)) + (ST_YMax(w.geom) - ST_YMin(w.geom)) * (pg_temp.u(i, 'y') - 0.5) * 0.9 AS lat,
         (:'until'::date - 1 - floor(power(pg_temp.u(i, 't'), 1.3) * 365)::int)::timestamp + pg_temp.u(i, 's') * interval '20 hours' + interval '3 hours' AS at_local,
         '08' || lpad((floor(pg_temp.u(i, 'phone') * :reports * 0.8))::text, 8, '0') AS phone,
         (ARRAY['Food', 'Water', 'Power', 'Medical', 'Hygiene', 'Fever', 'Diarrhoea'])[1 + floor(power(pg_temp.u(i, 'n'), 1.4) * 7)::int] AS about
  FROM generate_series(1, :reports) AS i
  CROSS JOIN LATERAL (SELECT * FROM ward WHERE upto >= pg_temp.u(i, 'ward') ORDER BY upto LIMIT 1) AS w;
-- An outbreak the baselines should find: diarrhoea in one district in the last six weeks.
UPDATE report SET about = 'Diarrhoea' WHERE district = 'DC44' AND at_local > :'until'::date - 42 AND pg_temp.u(i, 'outbreak') < 0.8;

-- A person's answers are the same in every report of theirs.
CREATE TEMP TABLE person AS
  SELECT phone, CASE WHEN pg_temp.u(p, 'sex') < 0.54 THEN 'female' WHEN pg_temp.u(p, 'sex') < 0.995 THEN 'male' ELSE 'other' END AS sex,
         2008 - floor(power(pg_temp.u(p, 'born'), 1.6) * 62)::int AS born, pg_temp.u(p, 'dis') < 0.075 AS disability, pg_temp.u(p, 'mig') < 0.12 AS migrant,
         pg_temp.u(p, 'ver') < 0.85 AS verified
  FROM (SELECT DISTINCT phone, hashtextextended(phone, 0) AS p FROM report) AS x;
-- registered by somebody who knows them
INSERT INTO centre.subject (subject_id, verified, sex, birth_year, disability, migrant)
  SELECT centre.pseudonym(phone), verified, left(sex, 1), born, disability, migrant FROM person WHERE sex <> 'other'
  ON CONFLICT DO NOTHING;

CREATE TEMP TABLE sent AS
  SELECT r.i, jsonb_strip_nulls(jsonb_build_object('id', 'r' || r.i, 'v', 1, 'at', to_char(r.at_local, 'YYYY-MM-DD"T"HH24:MI:SS') || '+02:00',
           'about', jsonb_build_array('Report', CASE WHEN pg_temp.u(r.i, 'bad') < 0.004 THEN 'Bread' ELSE r.about END),
           'pos', CASE WHEN pg_temp.u(r.i, 'sea') < 0.003 THEN '{"lon": 5.1, "lat": -40.2}'::jsonb
                  ELSE jsonb_build_object('lon', round(r.lon::numeric, 5), 'lat', round(r.lat::numeric, 5)) END,
           'phone', r.phone, 'sex', p.sex, 'born', p.born, 'disability', CASE WHEN pg_temp.u(r.i, 'ask') < 0.7 THEN CASE WHEN p.disability THEN 'yes' ELSE 'no' END END,
           'migrant', CASE WHEN p.migrant THEN 'yes' ELSE 'no' END)) AS doc
  FROM report r JOIN person p USING (phone);
-- clocks in the future, edits, deletions, copies
UPDATE sent SET doc = doc || jsonb_build_object('at', '2037-01-01T00:00:00+02:00') WHERE pg_temp.u(i, 'clock') < 0.002;
INSERT INTO sent SELECT i, doc || jsonb_build_object('v', 2, 'at', to_char((doc ->> 'at')::timestamp - interval '20 days', 'YYYY-MM-DD"T"HH24:MI:SS') || '+02:00')
  FROM sent WHERE pg_temp.u(i, 'edit') < 0.02;
INSERT INTO sent SELECT i, doc || '{"v": 3, "deleted": "yes"}' FROM sent WHERE pg_temp.u(i, 'del') < 0.002 AND doc ->> 'v' = '1';
INSERT INTO sent SELECT i, doc FROM sent WHERE pg_temp.u(i, 'copy') < 0.015;

CREATE TEMP TABLE packet AS
  SELECT 'app' AS source, 'json' AS format, convert_to(jsonb_agg(doc ORDER BY pg_temp.u(i, 'order'), doc)::text, 'UTF8') AS payload
  FROM (SELECT *, ntile(greatest(:reports / 500, 1)) OVER (ORDER BY pg_temp.u(i, 'order'), doc) AS packet FROM sent) AS s GROUP BY packet
  UNION ALL
  SELECT 'app', 'json', convert_to('{"id": "cut off in the mid', 'UTF8')
  UNION ALL
  SELECT 'clinic', 'csv', convert_to(E'case_no,revision,onset,ward,patient,sex,birth_year,syndrome\n' || string_agg(
           format('C%s,1,%s,%s,%s,%s,%s,%s', i, at_local::date, ward, 'P' || phone, CASE WHEN pg_temp.u(i, 'cs') < 0.5 THEN 'F' ELSE 'M' END,
                  1950 + floor(pg_temp.u(i, 'cb') * 70)::int, CASE WHEN pg_temp.u(i, 'cd') < 0.01 THEN 'ZZZ' WHEN about = 'Diarrhoea' THEN 'DIA' ELSE 'FEV' END), E'\n' ORDER BY i), 'UTF8')
  FROM report WHERE about IN ('Fever', 'Diarrhoea') GROUP BY i % 5;
-- through the only door there is
GRANT SELECT ON packet TO civic_ingest;
INSERT INTO centre.sender SELECT session_user, code FROM centre.source ON CONFLICT DO NOTHING;
SET ROLE civic_ingest;
INSERT INTO centre.landing (source, format, payload) SELECT source, format, payload FROM packet ORDER BY payload;
RESET ROLE;
