-- The same facts for two audiences: an invented survey of needs by ward, sex and age, and access codes by dormitory, for the command
-- centre (k = 5) and for the public (k = 10), protected jointly; and what the publisher, but no reader, is told about what is withheld.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
CREATE FUNCTION pg_temp.h(i bigint, k text) RETURNS float8 LANGUAGE sql AS $$ SELECT (hashtextextended(i || ':' || k, 7) & 9007199254740991) / 9007199254740992.0 $$;
CREATE TABLE centre.need_survey (subject_id bigint, day date, verified boolean, area_id integer, sex text, age integer, need text);
COMMENT ON TABLE centre.need_survey IS 'demo: an invented survey, one need a person';
ALTER TABLE centre.need_survey OWNER TO civic_admin;
-- 4,000 people of the wards of two districts
INSERT INTO centre.need_survey
  SELECT i, '2026-09-15', true, w.areas[1 + floor(power(pg_temp.h(i, 'ward'), 2) * cardinality(w.areas))::int], CASE WHEN pg_temp.h(i, 'sex') < 0.53 THEN 'f' ELSE 'm' END,
         floor(15 + power(pg_temp.h(i, 'age'), 1.5) * 60)::int, (ARRAY['food', 'water', 'power', 'medical'])[1 + floor(power(pg_temp.h(i, 'need'), 1.6) * 4)::int]
  FROM generate_series(1, 4000) AS i,
       (SELECT array_agg(c.descendant_id ORDER BY c.descendant_id) AS areas FROM centre.area_closure c JOIN centre.area a ON a.area_id = c.descendant_id AND a.level = 'ward'
        WHERE c.ancestor_id IN (SELECT s.area_id FROM centre.area_standing s WHERE s.level = 'district' ORDER BY s.area_id LIMIT 2)) AS w;
INSERT INTO centre.age_band VALUES ('working', '15-24', 15, 24), ('working', '25-34', 25, 34), ('working', '35-49', 35, 49), ('working', '50+', 50, 150) ON CONFLICT DO NOTHING;
INSERT INTO centre.label (domain, code, lang, label) VALUES ('need', 'food', 'en', 'food'), ('need', 'water', 'en', 'water'), ('need', 'power', 'en', 'power'), ('need', 'medical', 'en', 'medical care') ON CONFLICT DO NOTHING;
INSERT INTO centre.dataset (code, relation) VALUES ('need_survey', 'centre.need_survey');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES
  ('need_survey', 'area', 'area', '{area_id}'), ('need_survey', 'sex', 'column', '{sex}'), ('need_survey', 'age', 'age', '{age}'), ('need_survey', 'need', 'column', '{need}');
GRANT SELECT ON centre.need_survey TO civic_publisher;
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels, age_bands) VALUES
  ('need_survey_centre', 'centre', 'month', 'need_survey', '{area,sex,age}', '{district,municipality,ward}', 'working'),
  ('need_survey_public', 'public', 'month', 'need_survey', '{area,sex,age}', '{district,municipality,ward}', 'working');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('access_by_dormitory_public', 'public', 'day', 'access', '{dormitory,colour}');
CALL centre.publish('need_survey_centre', '2026-09-15');
CALL centre.publish('need_survey_public', '2026-09-15');
SELECT format('CALL centre.publish(%L, %L)', 'access_by_dormitory_public', (now() AT TIME ZONE reporting_zone)::date) FROM centre.site \gexec

\echo 'For two audiences: cells and how many are withheld, which the publisher is told and no reader'
SELECT c.code AS cube, c.audience, a.detail, a.cells, a.withheld, a.share, a.advice
FROM centre.cube c CROSS JOIN LATERAL centre.publication_advice(c.code) AS a
WHERE c.code IN ('need_survey_centre', 'need_survey_public', 'access_by_dormitory', 'access_by_dormitory_public', 'training_demand')
ORDER BY c.code, a.detail;
\echo 'What the public reads of a municipality'
SET ROLE civic_public;
SELECT dim2 AS sex, dim3 AS age, value AS people, reason AS withheld FROM dash.cube('need_survey_public', 'latest', 'en')
WHERE dim1 = (SELECT min(a.code) FROM dash.area a WHERE a.level = 'municipality' AND a.code IN (SELECT dim1 FROM dash.cube('need_survey_public', 'latest', 'en')))
ORDER BY 1 NULLS FIRST, 2 NULLS FIRST LIMIT 10;
RESET ROLE;
