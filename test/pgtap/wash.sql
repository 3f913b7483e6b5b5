-- Shipped rulesets, label maps, service levels of assessments, JMP's columns, re-classification, bind.
\ir ../fixtures/country.sql
SELECT plan(20);
SELECT is((SELECT count(*) FROM centre.ruleset WHERE body::text::jsonb ->> 'kind' <> 'access_code'), 17::bigint, 'the shipped rulesets are there');
SELECT is_empty('SELECT code FROM centre.ruleset r, LATERAL civic.ruleset_check(r.body::text::jsonb) c WHERE NOT c.ok', 'their embedded tests pass');
SELECT ok(centre.ruleset_in_force('jmp2018_hcf_water', '2020-01-01') IS NOT NULL, 'JMP 2018 is in force in 2020');
SELECT ok(centre.ruleset_in_force('jmp2018_hcf_water', '2016-01-01') IS NULL, 'and was not in 2016');
SELECT throws_ok($$CALL centre.add_ruleset('{"code": "bad", "source": "x", "base": "jmp2018_hcf_hygiene", "changes": {"tests": [{"name": "wrong", "facts": {}, "expect": {"outcome": "basic"}}]}}')$$,
  '22023', 'ruleset "bad" is refused', 'a ruleset whose test fails is refused');
SELECT throws_ok($$CALL centre.add_ruleset('{"code": "bad"}')$$, '22023', NULL, 'and so is one without a body');

-- labels of a form, in two languages
INSERT INTO centre.answer_code VALUES ('hcf', '2018', 'en', 'main_source', 'Tube well / borehole', '"borehole"'), ('hcf', '2018', 'fr', 'main_source', 'Forage', '"borehole"'),
  ('hcf', '2018', 'en', 'main_source', 'Don''t know', NULL), ('hcf', '2018', 'en', 'available_today', 'Yes', 'true'), ('hcf', '2018', 'en', 'available_today', 'No', 'false');
SELECT results_eq($$SELECT answers, unknown_labels FROM centre.code_answers('hcf', '2018', 'en', '{"main_source": " tube well / BOREHOLE", "available_today": "Yes", "round_trip_minutes": 12}')$$,
  $$VALUES ('{"main_source": "borehole", "available_today": true, "round_trip_minutes": 12}'::jsonb, NULL::jsonb)$$, 'labels become codes, numbers stay');
SELECT results_eq($$SELECT answers ->> 'main_source', unknown_labels FROM centre.code_answers('hcf', '2018', 'en', '{"main_source": "Magic well"}')$$, $$VALUES (NULL::text, '{"main_source": "Magic well"}'::jsonb)$$,
  'an unknown label is named, and is no answer');
SELECT results_eq($$SELECT answers -> 'main_source', unknown_labels FROM centre.code_answers('hcf', '2018', 'en', '{"main_source": "Don''t know"}')$$, $$VALUES ('null'::jsonb, NULL::jsonb)$$, '"don''t know" is not known');
SELECT is((SELECT answers ->> 'main_source' FROM centre.code_answers('hcf', '2018', 'fr', '{"main_source": "Forage"}')), 'borehole', 'in another language too');

-- every combination of answers, in two wards
INSERT INTO centre.assessment (form, area_id, assessed_on, stratum, answers)
  SELECT 'water', 7 + (row_number() OVER ())::int % 2, '2026-05-01', CASE WHEN random() < 0.5 THEN '{hospital}'::text[] ELSE '{}' END, jsonb_strip_nulls(jsonb_build_object('main_source', s, 'location', l, 'available_today', a))
  FROM unnest(ARRAY['piped_inside', 'borehole', 'tanker', 'surface', 'none', NULL]) s, unnest(ARRAY['on_premises', 'up_to_500m', 'over_500m', NULL]) l, unnest(ARRAY[true, false, NULL]) a;
CREATE TEMP TABLE n (first bigint, again bigint);
DO $$ DECLARE a bigint; b bigint; BEGIN CALL centre.classify_assessments('water', 'jmp2018_hcf_water', a); CALL centre.classify_assessments('water', 'jmp2018_hcf_water', b); INSERT INTO n VALUES (a, b); END $$;
SELECT results_eq('TABLE n', 'VALUES (72::bigint, 0::bigint)', 'all are classified, and a second time nothing is written');
-- JMP's columns against counting by hand from the wording
CREATE TEMP VIEW byhand AS
  SELECT c.ancestor_id AS area_id, count(*) AS assessed,
    count(*) FILTER (WHERE s IN ('surface', 'none') OR s IN ('borehole', 'tanker') AND l = 'over_500m') AS below,
    count(*) FILTER (WHERE s IN ('borehole', 'tanker') AND l = 'on_premises' AND w OR s = 'piped_inside' AND w) AS basic,
    count(*) FILTER (WHERE s = 'piped_inside' AND NOT w OR s IN ('borehole', 'tanker') AND (l = 'up_to_500m' OR l = 'on_premises' AND NOT w)) AS limited
  FROM (SELECT area_id, answers ->> 'main_source' AS s, answers ->> 'location' AS l, (answers ->> 'available_today')::boolean AS w FROM centre.assessment) x
  JOIN centre.area_closure c ON c.descendant_id = x.area_id GROUP BY 1;
SELECT results_eq($$SELECT area, assessed, round(below_limited * assessed), round(limited * assessed), round(basic * assessed), round(insufficient * assessed) FROM centre.jmp_columns('jmp2018_hcf_water', 'ward')$$,
  $$SELECT code, assessed, below::float8, limited::float8, basic::float8, (assessed - below - limited - basic)::float8 FROM byhand JOIN centre.area USING (area_id) WHERE level = 'ward' ORDER BY code$$, 'shares by ward are those of the wording');
SELECT results_eq($$SELECT area, assessed FROM centre.jmp_columns('jmp2018_hcf_water', 'province')$$, $$VALUES ('GT', 72::bigint)$$, 'and by province');
SELECT results_eq($$SELECT (parts ->> 'imp')::float8 FROM centre.jmp_columns('jmp2018_hcf_water', 'province')$$, $$VALUES (36.0::float8 / 60)$$, 'part indicators are of those known');
SELECT cmp_ok((SELECT basic_lower FROM centre.jmp_columns('jmp2018_hcf_water', 'province')), '<', (SELECT basic_upper FROM centre.jmp_columns('jmp2018_hcf_water', 'province')), 'missing answers leave bounds');
SELECT is((SELECT sum(assessed) FROM centre.jmp_columns('jmp2018_hcf_water', 'province', 'hospital')), (SELECT count(*) FROM centre.assessment WHERE 'hospital' = ANY (stratum))::numeric, 'strata are counted apart');
SELECT is((SELECT facilities FROM centre.what_lifts('jmp2018_hcf_water', 'province', 'fr') WHERE rule = 'improved_source'), 24::bigint, 'what would lift them is counted');

-- an older reading of the same answers stays beside the new one
INSERT INTO centre.assessment (form, household_id, area_id, assessed_on, answers) VALUES ('home', NULL, 7, '2026-05-01', '{"source": "borehole", "on_premises": false}');
DO $$ DECLARE a bigint; BEGIN CALL centre.classify_assessments('home', 'jmp2017_household_water_basic', a); CALL centre.classify_assessments('home', 'dhs_household_water_basic', a); CALL centre.classify_assessments('home', 'wsup_household_water_basic', a); END $$;
SELECT results_eq($$SELECT ruleset, level::text FROM centre.assessment_result WHERE form = 'home' ORDER BY 1$$, $$VALUES ('dhs_household_water_basic', 'household_water:limited'),
  ('jmp2017_household_water_basic', 'household_water:limited..basic'), ('wsup_household_water_basic', 'household_water:basic')$$, 'three readings of one missing answer, each with its name');

-- bind
CREATE VIEW answers_row AS SELECT answers ->> 'main_source' AS main_source, answers ->> 'location' AS location, (answers ->> 'available_today')::boolean AS available_today, answers FROM centre.assessment WHERE form = 'water';
SELECT centre.bind(body, 'answers_row', 'public.water_verdict') FROM centre.ruleset WHERE code = 'jmp2018_hcf_water';
SELECT is_empty($$SELECT 1 FROM answers_row a, centre.ruleset r WHERE r.code = 'jmp2018_hcf_water' AND public.water_verdict(r.body, '2026-01-01', a) OPERATOR(civic.<>) civic.evaluate_json(r.body, '2026-01-01', a.answers)$$,
  'a bound ruleset over rows decides as one over documents');
SELECT throws_ok($$SELECT centre.bind(body, 'centre.area', 'public.x') FROM centre.ruleset WHERE code = 'jmp2018_hcf_water'$$, '42703', NULL, 'a table without the facts is refused');
SELECT * FROM finish();
