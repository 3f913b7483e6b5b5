-- WASH from the form to the board: answers of documents, levels as observations, publication, what dash shows.
\ir ../fixtures/country.sql
SELECT plan(49);
INSERT INTO centre.source VALUES ('survey', true, false, 'inspectors with a form'), ('visit', true, true, 'household visits');
INSERT INTO centre.sender SELECT session_user, code FROM centre.source ON CONFLICT DO NOTHING;
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('survey', 'doc_key', '{id}', true, NULL), ('survey', 'version', '{v}', false, NULL), ('survey', 'deleted', '{deleted}', false, NULL), ('survey', 'occurred_at', '{at}', true, NULL),
  ('survey', 'facility', '{clinic}', true, NULL), ('survey', 'stratum', '{setting}', false, '{"Town": "urban", "Village": "rural"}'),
  ('survey', 'answers', '{}', true, '{"form": "hcf", "version": "2018", "questions": {"Q1": "main_source", "Q2": "location", "Q3": "available_today", "Q4": "round_trip_minutes"}}'),
  ('visit', 'doc_key', '{id}', true, NULL), ('visit', 'occurred_at', '{at}', true, NULL), ('visit', 'area', '{ward}', true, NULL), ('visit', 'household', '{house}', true, NULL),
  ('visit', 'answers', '{answers}', true, '{"form": "home", "lang": "fr"}');
INSERT INTO centre.answer_code VALUES
  ('hcf', '2018', 'en', 'main_source', 'Borehole', '"borehole"'), ('hcf', '2018', 'en', 'main_source', 'River', '"surface"'), ('hcf', '2018', 'en', 'main_source', 'Don''t know', NULL),
  ('hcf', '2018', 'en', 'location', 'On premises', '"on_premises"'), ('hcf', '2018', 'en', 'location', 'Far', '"over_500m"'),
  ('hcf', '2018', 'en', 'available_today', 'Yes', 'true'), ('hcf', '2018', 'en', 'available_today', 'No', 'false'),
  ('home', '', 'fr', 'source', 'Forage', '"borehole"'), ('home', '', 'fr', 'source', 'Rivière', '"surface_water"'), ('home', '', 'fr', 'on_premises', 'Oui', 'true'), ('home', '', 'fr', 'on_premises', 'Non', 'false');
INSERT INTO centre.facility (facility_id, source, code, name, area_id) SELECT i, 'list', 'C' || i, 'Clinic ' || i, 7 + i % 2 FROM generate_series(1, 12) i;
INSERT INTO centre.facility (facility_id, source, code, name, area_id) VALUES (13, 'list', 'TWICE', 'One', 7), (14, 'other', 'TWICE', 'Another', 8);
CREATE FUNCTION tap.visit(id int, clinic text, q1 text, q2 text, q3 text, v int DEFAULT 1, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('id', 'd' || id, 'v', v, 'at', '2026-03-01', 'clinic', clinic, 'Q1', q1, 'Q2', q2, 'Q3', q3, 'phone', '082')) || more
$$;
CREATE VIEW tap.said AS SELECT d.doc_key, f.code AS clinic, a.form, a.area_id, a.assessed_on, a.stratum, a.answers FROM centre.assessment a JOIN centre.document d USING (document_id) LEFT JOIN centre.facility f USING (facility_id);
GRANT ALL ON tap.said TO PUBLIC;

-- ---- answers of documents ----
SELECT tap.land('survey', jsonb_build_array(tap.visit(1, 'C1', 'borehole ', 'On premises', 'Yes', 1, '{"setting": "Town", "Q4": "15"}'), tap.visit(2, 'C2', 'Don''t know', NULL, ''),
  tap.visit(3, 'C3', 'Magic well', 'On premises', 'Maybe'), tap.visit(4, 'C99', 'River', NULL, NULL), tap.visit(5, 'TWICE', 'River', NULL, NULL), tap.visit(6, 'C6', 'River', NULL, NULL, 1, '{"Q4": "quite far", "setting": "Moon"}'))::text);
SELECT is((tap.apply('survey') - 'codes' - 'batch' - 'dry_run'), '{"received": 6, "inserted": 2, "updated": 0, "unchanged": 0, "stale": 0, "rejected": 4, "observations": 0, "new_dead_letters": 6}', 'two of six documents are assessments');
SELECT results_eq('SELECT * FROM tap.said ORDER BY doc_key', $$VALUES
  ('d1', 'C1', 'hcf', 8, date '2026-03-01', '{urban}'::text[], '{"main_source": "borehole", "location": "on_premises", "available_today": true, "round_trip_minutes": 15}'::jsonb),
  ('d2', 'C2', 'hcf', 7, '2026-03-01', '{}', '{"main_source": null, "available_today": null}')$$, 'coded, at the facility, without what was not asked for (no telephone number)');
SELECT set_eq('SELECT doc_key, code, field, value FROM centre.dead_letter', $$VALUES ('d3', 'I103', 'answers.main_source', 'Magic well'), ('d3', 'I103', 'answers.available_today', 'Maybe'),
  ('d4', 'I303', 'facility', 'C99'), ('d5', 'I303', 'facility', 'TWICE'), ('d6', 'I103', 'answers.round_trip_minutes', 'quite far'), ('d6', 'I103', 'stratum', 'Moon')$$,
  'an unknown label, an unknown facility and words for a number are dead letters with code and path');
SELECT tap.land('survey', jsonb_build_array(tap.visit(1, 'C1', 'borehole ', 'On premises', 'Yes', 1, '{"setting": "Town", "Q4": "15"}'))::text);
SELECT is(tap.apply('survey') -> 'unchanged', '1', 'the same document again');
SELECT is((SELECT count(*) FROM centre.assessment), 2::bigint, 'is the same assessment');
SELECT tap.land('survey', jsonb_build_array(tap.visit(2, 'C2', 'River', NULL, NULL, 3), tap.visit(2, 'C2', 'Borehole', NULL, NULL, 2))::text);
SELECT is(tap.apply('survey') -> 'updated', '1', 'an edit');
SELECT results_eq($$SELECT answers ->> 'main_source' FROM tap.said WHERE clinic = 'C2'$$, ARRAY['surface'], 'supersedes, and the greatest version wins');
SELECT tap.land('survey', jsonb_build_array(tap.visit(2, 'C2', 'Marsh', NULL, NULL, 4))::text);
SELECT is(tap.apply('survey') -> 'rejected', '1', 'an edit that cannot be read');
SELECT results_eq($$SELECT answers ->> 'main_source' FROM tap.said WHERE clinic = 'C2'$$, ARRAY['surface'], 'changes nothing');
INSERT INTO centre.answer_code VALUES ('hcf', '2018', 'en', 'main_source', 'Magic well', '"unprotected_well"'), ('hcf', '2018', 'en', 'available_today', 'Maybe', NULL);
CREATE TEMP TABLE retried (report jsonb);
GRANT ALL ON retried TO PUBLIC;
DO $$ DECLARE r jsonb; BEGIN SET LOCAL ROLE civic_ticker; CALL centre.intake_retry('I103', r); INSERT INTO retried VALUES (r); END $$;
SELECT is((SELECT report -> 'inserted' FROM retried), '1', 'when the map is mended, the dead letter');
SELECT results_eq($$SELECT answers FROM tap.said WHERE clinic = 'C3'$$, $$VALUES ('{"main_source": "unprotected_well", "location": "on_premises", "available_today": null}'::jsonb)$$, 'becomes an assessment');
SELECT is((SELECT count(*) FROM centre.dead_letter WHERE doc_key = 'd3' AND resolved_at IS NULL), 0::bigint, 'and is resolved');
SELECT tap.land('survey', jsonb_build_array(tap.visit(3, 'C3', NULL, NULL, NULL, 9, '{"deleted": true}'))::text);
SELECT tap.apply('survey') \g /dev/null
SELECT is((SELECT count(*) FROM tap.said WHERE clinic = 'C3'), 0::bigint, 'a deleted document takes its assessment along');
SELECT tap.land('visit', (SELECT jsonb_agg(jsonb_build_object('id', 'h' || i, 'at', '2026-04-01', 'ward', CASE WHEN i <= 8 THEN 'W1' ELSE 'W2' END, 'house', 'house ' || i,
  'answers', jsonb_build_object('source', CASE WHEN i = 12 THEN 'Rivière' ELSE 'Forage' END, 'on_premises', CASE WHEN i = 11 THEN 'Non' ELSE 'Oui' END))) FROM generate_series(1, 12) i)::text);
SELECT is(tap.apply('visit') -> 'inserted', '12', 'households, in French');
SELECT is((SELECT count(*) FROM centre.assessment a JOIN centre.household h USING (household_id) WHERE a.form = 'home' AND h.household_id = centre.pseudonym('household:house 1')), 1::bigint, 'are known by pseudonym');
SELECT tap.land('visit', '{"id": "x", "at": "2026-04-01", "ward": "W1", "house": "1", "answers": "Forage"}');
SELECT is(tap.apply('visit') -> 'codes', '{"I102": 1}', 'answers that are no object are refused');

-- ---- levels as observations ----
SELECT tap.land('survey', (SELECT jsonb_agg(tap.visit(100 + i, 'C' || i, CASE WHEN i % 4 = 0 THEN 'River' ELSE 'Borehole' END, CASE WHEN i % 5 = 0 THEN 'Far' WHEN i < 10 THEN 'On premises' END, CASE i % 3 WHEN 0 THEN 'No' ELSE 'Yes' END))
  FROM generate_series(4, 12) i)::text);
SELECT is(tap.apply('survey') -> 'inserted', '9', 'more clinics');
INSERT INTO centre.assessment (form, facility_id, assessed_on, answers) VALUES ('hcf', 1, '2020-05-01', '{"main_source": "surface"}'), ('hcf', 7, '2020-05-01', '{"main_source": "surface"}'), ('hcf', 12, '2020-05-01', '{"main_source": "borehole", "location": "on_premises", "available_today": true}');
CALL centre.add_wash_domain('hcf_water', 'hcf', 'jmp2018_hcf_water');
CALL centre.add_wash_domain('household_water', 'home', 'jmp2017_household_water_basic', 'household');
SELECT throws_ok($$CALL centre.add_wash_domain('x', 'hcf', 'no_such')$$, 'P0002', NULL, 'a domain needs a ruleset');
CREATE TEMP TABLE observed (n bigint);
GRANT ALL ON observed TO PUBLIC;
CREATE FUNCTION tap.observe(on_day date) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN SET LOCAL ROLE civic_ticker; CALL centre.observe_wash(on_day, n); RESET ROLE; RETURN n; END $$;
INSERT INTO observed SELECT tap.observe('2026-07-31');
SELECT ok((SELECT n > 100 FROM observed), 'the ticker observes');
SELECT is(tap.observe('2026-07-01'), (SELECT n FROM observed), 'a second look in a month takes the place of the first');
SELECT is((SELECT count(*) FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'wash_hcf_water_assessed'), 11::bigint, 'each clinic once');
SELECT is_empty('TABLE centre.cell_drift', 'and cells follow');
SELECT results_eq($$SELECT i.code, sum(o.value)::float8 FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code ~ 'hcf_water_(basic|limited|no_service|insufficient|may_be_basic|imp|lacks_improved_source)$' GROUP BY 1 ORDER BY 1$$,
  $$SELECT v.code, round(v.n) FROM centre.jmp_columns('jmp2018_hcf_water', 'province') j, LATERAL (VALUES ('wash_hcf_water_basic', j.basic * assessed), ('wash_hcf_water_imp', (j.parts ->> 'imp')::float8 * 11),
      ('wash_hcf_water_insufficient', j.insufficient * assessed), ('wash_hcf_water_lacks_improved_source', (SELECT facilities FROM centre.what_lifts('jmp2018_hcf_water', 'province') WHERE rule = 'improved_source')),
      ('wash_hcf_water_limited', j.limited * assessed), ('wash_hcf_water_may_be_basic', j.basic_upper * assessed), ('wash_hcf_water_no_service', j.no_service * assessed)) AS v (code, n)
    WHERE j.area = 'GT' ORDER BY 1$$, 'the counts are those of JMP''s columns');
SELECT ok(tap.observe('2020-12-31') > 0, 'a base year');
SELECT is((SELECT count(*) FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'wash_hcf_water_assessed' AND o.day = '2020-12-31'), 3::bigint, 'by the answers of that time');

-- ---- published, and what boards show ----
UPDATE centre.indicator SET base_year = 2020 WHERE code = 'wash_hcf_water_basic_share';
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES ('tap', 'wash_hcf_water_basic_share', 'test', 'at_least', 0.3, 'made up', 'mend it');
SET ROLE civic_publisher;
CALL centre.publish('wash_facility', '2026-07-01');
CALL centre.publish('wash_facility', '2020-12-01');
CALL centre.publish('wash_household', '2026-07-01');
SET ROLE civic_reader;
SELECT is((SELECT count(*) FROM dash.wash_levels('hcf_water', 'latest', 'en', 'country')), 4::bigint, 'a bar has insufficient data and three levels');
SELECT is_empty($$SELECT area FROM dash.wash_levels('hcf_water', '2026', 'fr', 'province') WHERE share IS NOT NULL GROUP BY area HAVING abs(sum(share) - 1) > 1e-12$$, 'of 100 per cent');
SELECT results_eq($$SELECT area, level, level_name, rank, count, reason FROM dash.wash_levels('hcf_water', '2026-07', 'fr', 'province')$$, $$VALUES
  ('GT', 'insufficient', 'Données insuffisantes', 0, 1::float8, NULL::text), ('GT', 'no_service', 'Aucun service', 1, 6, NULL), ('GT', 'limited', 'Limité', 2, 2, NULL), ('GT', 'basic', 'Élémentaire', 3, 2, NULL),
  ('WC', 'insufficient', 'Données insuffisantes', 0, 0, 'il n''y en a pas'), ('WC', 'no_service', 'Aucun service', 1, 0, 'il n''y en a pas'), ('WC', 'limited', 'Limité', 2, 0, 'il n''y en a pas'), ('WC', 'basic', 'Élémentaire', 3, 0, 'il n''y en a pas')$$,
  'by province, in French; a province without an assessment says so');
SELECT results_eq($$SELECT area, value FROM dash.map('wash_hcf_water_assessed', 'province', '2020-01-01/2027-01-01')$$, $$VALUES ('GT', 11::float8), ('WC', 0)$$, 'a stock over several months is the last one''s');
SELECT results_eq($$SELECT area, criterion, count FROM dash.wash_lifts('hcf_water') WHERE criterion = 'improved_source'$$, $$VALUES ('GT', 'improved_source', 4::float8)$$, 'what would lift them');
SELECT isnt((SELECT what FROM dash.wash_lifts('hcf_water', 'latest', 'fr') WHERE criterion = 'improved_source'), (SELECT what FROM dash.wash_lifts('hcf_water') WHERE criterion = 'improved_source'), 'in words of the reader''s language');
SELECT results_eq($$SELECT area, assessed, round(possible_from::numeric, 3), round(possible_to::numeric, 3), base_year, round(base_possible_from::numeric, 3), round(change::numeric, 3), standard, verdict, reason FROM dash.wash_progress('hcf_water')$$,
  $$VALUES ('GT', 11::float8, 0.182, 0.273, 2020, 0.333, -0.152, 0.3::float8, 'cannot tell', NULL::text), ('WC', 0, NULL, NULL, 2020, NULL, NULL, 0.3, NULL, 'there is none')$$, 'against the base year and the standard');
SELECT results_eq($$SELECT area, registered, assessed, never_assessed, round(coverage::numeric, 9), reason FROM dash.wash_coverage('hcf_water')$$,
  $$VALUES ('GT', 14::float8, 11::float8, 3::float8, round(11.0 / 14, 9), NULL::text), ('WC', 0, 0, 0, NULL, 'there is none')$$, 'facilities that were never assessed are counted');
SELECT results_eq($$SELECT round(change_ci_lower::numeric, 9), round(change_ci_upper::numeric, 9) FROM dash.wash_progress('hcf_water') WHERE area = 'GT'$$,
  $$SELECT round((p - q - sqrt((p - a.lower) ^ 2 + (b.upper - q) ^ 2))::numeric, 9), round((p - q + sqrt((a.upper - p) ^ 2 + (q - b.lower) ^ 2))::numeric, 9)
    FROM (SELECT w.possible_from AS p, w.base_possible_from AS q, c.assessed AS n, c.registered AS all_now, o.assessed AS m, o.registered AS all_then
          FROM dash.wash_progress('hcf_water') w JOIN dash.wash_coverage('hcf_water') c USING (area) JOIN dash.wash_coverage('hcf_water', '2020') o USING (area) WHERE area = 'GT') x,
      civic.finite_interval(round(p * n), n, all_now) a, civic.finite_interval(round(q * m), m, all_then) b$$, 'the limits of a change are those of two finite populations');
SELECT is((SELECT sum(registered) FROM dash.wash_coverage('hcf_water', 'latest', 'en', 'ward')), 14::float8, 'down to the ward');
SELECT is((SELECT DISTINCT period_start FROM dash.wash_cells('hcf_water', '2020-01-01/2027-01-01', 'province')), '2026-07-01'::date, 'of a state the newest month counts');
SELECT is((SELECT verdict FROM dash.wash_progress('hcf_water', '2020') WHERE area = 'GT'), 'cannot tell', 'on three clinics there is no verdict');
SELECT results_eq($$SELECT area, verdict FROM dash.wash_progress('hcf_water') WHERE verdict IS NOT NULL$$, $$SELECT area, verdict FROM dash.standards('wash_hcf_water_basic_share', 'latest') WHERE verdict IS NOT NULL$$, 'one rule of verdicts, wherever it is asked');
RESET ROLE;
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES ('low', 'wash_hcf_water_basic_share', 'test', 'at_least', 0.1, 'made up', 'mend it');
SELECT is((SELECT max(standard) FROM dash.wash_progress('hcf_water') WHERE area = 'GT'), 0.3::float8, 'of several standards the one that asks most');
DELETE FROM centre.standard WHERE code = 'low';
UPDATE centre.standard SET value = 0.2 WHERE code = 'tap';
SET ROLE civic_reader;
SELECT is((SELECT verdict FROM dash.wash_progress('hcf_water') WHERE area = 'GT'), 'cannot tell', 'a standard between the sure and the possible share cannot be told');
SELECT is((SELECT reason FROM dash.wash_levels('household_water', 'latest', 'en', 'province') WHERE level = 'surface_water' AND area = 'GT'), 'withheld: too few people', 'households are withheld below the threshold');
SELECT is((SELECT count FROM dash.wash_levels('household_water', 'latest', 'en', 'province') WHERE level = 'basic' AND area = 'GT'), 10::float8, 'and shown above');
SELECT cmp_ok((SELECT count(*) FROM dash.wash_levels('household_water', 'latest', 'en', 'ward') WHERE count IS NOT NULL OR reason = 'withheld: too few people'), '>', 0::bigint, 'down to the ward');
SELECT throws_ok($$SELECT * FROM dash.wash_levels('no_such')$$, '22023', 'there is no service "no_such"', 'an unknown service is an error');
SELECT results_eq($$SELECT area, level, reason FROM dash.wash_levels('hcf_water', '1999')$$, $$VALUES ('GT', NULL::text, 'not published'), ('WC', NULL, 'not published')$$, 'a year without release says so');
RESET ROLE;

-- ---- another standard ----
CALL centre.add_wash_domain('hcf_water', 'hcf', 'example_hcf_water');
SELECT is((SELECT count(*) FROM dash.wash_measure WHERE domain = 'hcf_water' AND measure = 'level'), 4::bigint, 'a country''s variant with an advanced level has a fourth');
SELECT ok(tap.observe('2026-07-02') > 0 AND tap.observe('2020-12-31') > 0, 'both years are read by it');
SELECT set_eq($$SELECT DISTINCT ruleset FROM centre.assessment_result WHERE form = 'hcf'$$, ARRAY['jmp2018_hcf_water', 'example_hcf_water'], 'and the earlier reading stays beside it');
SELECT is_empty('TABLE centre.cell_drift', 'cells are exact throughout');
SELECT * FROM finish();
