-- Persons and reports: two measures of the same facts, each once a period and where the latest report is, withheld together.
\ir ../fixtures/country.sql
SELECT plan(8);
INSERT INTO centre.indicator (code, kind, topic, unit, persons_of) VALUES ('need_food_persons', 'rate', 'needs', 'people', 'need_food');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('needs', 'centre', '{need_food,need_food_persons}', '{country,province,municipality,ward}', 'month', '{all,sex}');
SELECT throws_ok($$INSERT INTO centre.cube (code, audience, indicators, levels, period_unit) VALUES ('alone', 'centre', '{need_food_persons}', '{ward}', 'month')$$, '22023',
  'cube "alone" has the persons but not the reports of indicator "need_food"', 'persons are not published without their reports');
-- 12 people of W1, two of whom report again from W2, where 6 others do; CPT: 5 people with 3 reports each, and 4 of W2 who come there last
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'a' || i, 'at', '2026-10-10', 'about', 'Food', 'ward', 'W1', 'phone', 'p' || i, 'sex', CASE WHEN i % 2 = 0 THEN 'female' ELSE 'male' END)) FROM generate_series(1, 12) i)::text);
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'b' || i, 'at', '2026-10-11', 'about', 'Food', 'ward', 'W2', 'phone', CASE WHEN i <= 2 THEN 'p' ELSE 'q' END || i, 'sex', 'female')) FROM generate_series(1, 8) i)::text);
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'c' || i, 'at', '2026-10-12', 'about', 'Food', 'ward', 'CPT', 'phone', 'r' || i % 5)) FROM generate_series(1, 15) i)::text);
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'd' || i, 'at', '2026-10-13', 'about', 'Food', 'ward', 'CPT', 'phone', 'q' || i)) FROM generate_series(5, 8) i)::text);
SELECT tap.apply('app');
CALL centre.publish('needs', '2026-10-31');
CREATE TEMP TABLE cell AS SELECT x.* FROM centre.release_cell x JOIN centre.release USING (release_id) WHERE current;
SELECT is((SELECT value FROM cell WHERE indicator = 'need_food' AND level = 'country' AND breakdown = 'all'), (SELECT sum(value) FROM centre.observation_row WHERE indicator = 'need_food'), 'reports are summed');
SELECT is((SELECT value FROM cell WHERE indicator = 'need_food_persons' AND level = 'country' AND breakdown = 'all'), (SELECT count(DISTINCT subject_id)::numeric FROM centre.observation_row WHERE indicator = 'need_food'), 'persons are counted once');
SELECT is((SELECT count(*) FROM cell p JOIN cell r USING (level, area_id, breakdown, member) WHERE p.indicator = 'need_food_persons' AND r.indicator = 'need_food' AND (p.value IS NULL) <> (r.value IS NULL)), 0::bigint, 'what is withheld of the one is withheld of the other');
-- of those that are shown, each person is where the latest report is
SELECT is_empty($$SELECT a.area_id FROM cell p JOIN centre.area a USING (area_id)
  JOIN LATERAL (SELECT count(*) AS n FROM (SELECT DISTINCT ON (o.subject_id) o.subject_id, o.area_id FROM centre.observation_row o WHERE o.indicator = 'need_food' ORDER BY o.subject_id, o.day DESC) AS l
                JOIN centre.area_closure c ON c.descendant_id = l.area_id WHERE c.ancestor_id = p.area_id) AS h ON true
  WHERE p.indicator = 'need_food_persons' AND p.breakdown = 'all' AND p.value <> h.n$$, 'each where the latest report is');
-- the two who moved leave ten in W1; in W2 four are left, too few: nothing of W2 may be told by either measure
SELECT is((SELECT count(*) FROM cell WHERE level = 'ward' AND area_id = 8 AND breakdown = 'all' AND value IS NOT NULL), 0::bigint, 'a ward with four persons left tells neither persons nor its eight reports');
-- an attacker with all that is shown: no withheld cell of fewer than five persons follows from sums of areas or sexes
SELECT is_empty($$SELECT x.level, x.area_id FROM cell x JOIN cell up ON up.indicator = x.indicator AND up.breakdown = 'all' AND up.value IS NOT NULL
  JOIN centre.area_closure c ON c.ancestor_id = up.area_id AND c.descendant_id = x.area_id AND c.distance = 1
  WHERE x.value IS NULL AND x.breakdown = 'all' AND (SELECT count(*) FROM cell s JOIN centre.area_closure k ON k.ancestor_id = up.area_id AND k.descendant_id = s.area_id AND k.distance = 1
    WHERE s.indicator = x.indicator AND s.level = x.level AND s.breakdown = 'all' AND s.value IS NULL) = 1$$, 'no withheld area is the only one in a shown one');
SET ROLE civic_reader;
SELECT results_eq($$SELECT i.code, c.count FROM dash.indicator i, LATERAL dash.comparison(i.code, '2026-10', 'en', 'country') c WHERE i.code LIKE 'need\_food%' ORDER BY 1$$, $$VALUES ('need_food', 39::numeric), ('need_food_persons', 23)$$, 'both are read by their names');
RESET ROLE;
SELECT * FROM finish();
