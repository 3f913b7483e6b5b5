-- Inspections of clinics in the synthetic country: 40 of 43 clinics, a year apart, by a form in words; deterministic from a seed.
-- What the form's map lacks ("Bore hole") becomes dead letters.
--   psql -v seed=1 -v clinics=430 -f demo/wash.sql
\set ON_ERROR_STOP on
SET search_path = pg_catalog, public, pg_temp;
SELECT set_config('demo.seed', :'seed', false) AS seed \gset
CREATE FUNCTION pg_temp.u(i bigint, k text) RETURNS float8 LANGUAGE sql AS $$
  SELECT (hashtextextended(i || ':' || k, current_setting('demo.seed')::bigint) & 9007199254740991) / 9007199254740992.0
$$;

-- The form: each question with its answers in words, their codes, and how often each is given.
CREATE TEMP TABLE choice (question text, label text, code jsonb, weight float8);
INSERT INTO choice VALUES
  ('main_source', 'Piped into the building', '"piped_inside"', 45), ('main_source', 'Piped to the yard', '"piped_outside"', 15), ('main_source', 'Borehole', '"borehole"', 20),
  ('main_source', 'Protected well', '"protected_well"', 5), ('main_source', 'Rainwater', '"rainwater"', 4), ('main_source', 'Tanker', '"tanker"', 5), ('main_source', 'River or dam', '"surface"', 3), ('main_source', 'None', '"none"', 1),
  ('main_source', 'Don''t know', NULL, 2),
  ('location', 'On premises', '"on_premises"', 80), ('location', 'Within 500 m', '"up_to_500m"', 12), ('location', 'Further than 500 m', '"over_500m"', 5), ('location', 'Don''t know', NULL, 3),
  ('toilet_type', 'Flush to sewer', '"flush_sewer"', 45), ('toilet_type', 'Flush to tank or pit', '"flush_tank_or_pit"', 20), ('toilet_type', 'Pit with slab', '"pit_slab"', 27), ('toilet_type', 'Pit without slab', '"pit_no_slab"', 6), ('toilet_type', 'None', '"none"', 2),
  ('segregated_3_bins', 'Yes', '"yes"', 60), ('segregated_3_bins', 'Somewhat', '"partial"', 30), ('segregated_3_bins', 'No bins', '"no_bins"', 10),
  ('infectious_treatment', 'Autoclaved', '"autoclaved"', 25), ('infectious_treatment', 'Collected for disposal', '"collected_offsite"', 55), ('infectious_treatment', 'Burned in the open', '"open_burning"', 12), ('infectious_treatment', 'General waste', '"general_waste"', 8),
  ('sharps_treatment', 'Autoclaved', '"autoclaved"', 20), ('sharps_treatment', 'Collected for disposal', '"collected_offsite"', 70), ('sharps_treatment', 'Burned in the open', '"open_burning"', 10),
  ('staff_trained', 'All', '"all"', 55), ('staff_trained', 'Some', '"some"', 30), ('staff_trained', 'None', '"none"', 15);
INSERT INTO choice SELECT q, v.label, v.code, v.weight FROM unnest(ARRAY['available_today', 'usable', 'staff', 'sex_separated', 'menstrual', 'limited_mobility', 'points_of_care', 'toilets_within_5m', 'protocols']) AS q,
  (VALUES ('Yes', 'true'::jsonb, 78), ('No', 'false', 20), ('Don''t know', NULL, 2)) AS v (label, code, weight);

INSERT INTO centre.source (code, verified, personal, note) VALUES ('inspection', true, false, 'inspections of clinics: water, sanitation, hygiene, waste, cleaning');
INSERT INTO centre.answer_code (form, lang, question, label, code) SELECT 'clinic_wash', 'en', question, label, code FROM choice;
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('inspection', 'doc_key', '{id}', true, NULL), ('inspection', 'version', '{v}', false, NULL), ('inspection', 'occurred_at', '{on}', true, NULL), ('inspection', 'facility', '{clinic}', true, NULL),
  ('inspection', 'stratum', '{setting}', false, '{"town": "urban", "country": "rural"}'), ('inspection', 'answers', '{answers}', true, '{"form": "clinic_wash"}');
INSERT INTO centre.facility (source, code, name, type, area_id)
  SELECT 'demo', 'CL' || w.n, w.name || ' clinic', 'clinic', w.area_id
  FROM (SELECT a.area_id, a.name, row_number() OVER (ORDER BY pg_temp.u(a.area_id, 'clinic'), a.code) AS n FROM centre.area a WHERE a.level = 'ward') AS w WHERE w.n <= :clinics;

-- Each clinic in 2025 and, with better luck, in 2026; some have luck of their own.
CREATE TEMP TABLE visit AS
  SELECT row_number() OVER (ORDER BY y.year, f.code) AS i, y.year, f.code AS clinic, pg_temp.u(f.area_id, 'place') AS luck FROM centre.facility f CROSS JOIN (VALUES (2025), (2026)) AS y (year) WHERE f.source = 'demo' AND substr(f.code, 3)::integer <= :clinics * 400 / 430;
CREATE TEMP TABLE inspection AS
  SELECT v.i, jsonb_build_object('id', 'inspection ' || v.i, 'v', 1, 'on', make_date(v.year, 1, 1) + floor(pg_temp.u(v.i, 'day') * 270)::int, 'clinic', v.clinic,
           'setting', CASE WHEN v.luck < 0.5 THEN 'town' ELSE 'country' END, 'answers', jsonb_object_agg(q.question, c.label)) AS doc
  FROM visit v CROSS JOIN (SELECT DISTINCT question FROM choice) AS q
  CROSS JOIN LATERAL (SELECT power(pg_temp.u(v.i, q.question), CASE v.year WHEN 2026 THEN 1.4 ELSE 1.0 END + (0.5 - v.luck) * 0.8) AS at) AS dice
  CROSS JOIN LATERAL (SELECT x.label FROM (SELECT c.label, sum(c.weight) OVER (ORDER BY c.weight DESC, c.label) / sum(c.weight) OVER () AS upto FROM choice c WHERE c.question = q.question) AS x
                      WHERE x.upto >= dice.at ORDER BY x.upto LIMIT 1) AS c
  GROUP BY v.i, v.year, v.clinic, v.luck;
UPDATE inspection SET doc = jsonb_set(doc, '{answers,main_source}', '"Bore hole"') WHERE pg_temp.u(i, 'label') < 0.005;
INSERT INTO inspection SELECT i, doc FROM inspection WHERE pg_temp.u(i, 'copy') < 0.02;
INSERT INTO centre.landing (source, format, payload) SELECT 'inspection', 'json', convert_to(jsonb_agg(doc ORDER BY i)::text, 'UTF8') FROM inspection;
CALL centre.tick();

CALL centre.add_wash_domain('hcf_water', 'clinic_wash', 'jmp2018_hcf_water');
CALL centre.add_wash_domain('hcf_sanitation', 'clinic_wash', 'jmp2018_hcf_sanitation');
CALL centre.add_wash_domain('hcf_hygiene', 'clinic_wash', 'jmp2018_hcf_hygiene');
CALL centre.add_wash_domain('hcf_waste', 'clinic_wash', 'jmp2018_hcf_waste');
CALL centre.add_wash_domain('hcf_cleaning', 'clinic_wash', 'jmp2018_hcf_cleaning');
UPDATE centre.indicator SET base_year = 2025 WHERE code LIKE 'wash\_%\_basic\_share';
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy)
  SELECT 'demo_' || code, code, 'the synthetic country', 'at_least', 0.8, 'made up', 'Mend what most clinics lack first.' FROM centre.indicator WHERE code LIKE 'wash\_%\_basic\_share';
-- the base year as it ended, and the present
CALL centre.observe_wash('2025-12-31');
CALL centre.observe_wash('2026-10-31');
