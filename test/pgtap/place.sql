-- Places: ragged hierarchy, look-up, loaders, points to areas.
\ir ../fixtures/country.sql
SELECT plan(23);

SELECT set_eq('SELECT ancestor_id FROM centre.area_closure WHERE descendant_id = 7', ARRAY[7, 6, 5, 2, 1], 'a ward lies in municipality, district, province and country');
SELECT set_eq('SELECT ancestor_id FROM centre.area_closure WHERE descendant_id = 4', ARRAY[4, 3, 1], 'a metro lies in no district');
SELECT set_eq($$SELECT code FROM dash.area WHERE level = 'district'$$, ARRAY['CPT', 'DC48'], 'a metro stands among the districts for itself');
SELECT set_eq($$SELECT code FROM dash.area WHERE level = 'local_municipality'$$, ARRAY['GT481'], 'and is no local municipality');
SELECT is(centre.find_area('gp'), 2, 'an alias is found whatever its case');
SELECT is(centre.find_area(' W1 '), 7, 'spaces round a code do not matter');
SELECT is(centre.find_area('XX'), NULL, 'an unknown code is null');
SELECT throws_ok('UPDATE centre.area SET parent_id = 7 WHERE area_id = 5', '23514', NULL, 'areas cannot contain each other in a circle');

INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES (90, 'W1', 'd1', 'ward', 'Old ward one', 6);
SELECT is(centre.find_area('W1', '2010-05-05'), 90, 'a code means the demarcation in force on the day');
SELECT is(centre.find_area('W1', '2024-05-05'), 7, 'and the present one today');
DELETE FROM centre.area WHERE area_id = 90;

-- points: brute force is the oracle
CREATE TEMP TABLE p AS SELECT i::bigint AS i, ST_SetSRID(ST_MakePoint(random() * 24 - 2, random() * 14 - 2), 4326) AS g FROM generate_series(1, 3000) i;
INSERT INTO p VALUES (3001, ST_SetSRID(ST_MakePoint(5, 5), 4326)), (3002, ST_SetSRID(ST_MakePoint(10, 5), 4326)), (3003, NULL), (3004, ST_SetSRID(ST_MakePoint(0, 0), 4326));
CREATE TEMP TABLE found AS SELECT f.* FROM (SELECT array_agg(i) a, array_agg(g) b FROM p) x, centre.place_points(x.a, x.b) f;
SELECT is((SELECT count(*) FROM found), 3003::bigint, 'every point but the null one has an answer');
SELECT is_empty($$
  SELECT p.i, f.area_id, b.area_id FROM p JOIN found f ON f.point_id = p.i
  LEFT JOIN LATERAL (SELECT a.area_id FROM centre.area a WHERE a.area_id IN (4, 7, 8) AND ST_Covers(a.geom, p.g) ORDER BY a.level = 'ward', a.area_id LIMIT 1) b ON true
  WHERE f.area_id IS DISTINCT FROM b.area_id AND NOT (ST_X(p.g) = 10)$$, 'points are placed as brute force places them');
SELECT is((SELECT area_id FROM found WHERE point_id = 3001), 7, 'a point on the border of two wards goes to the smaller id');
SELECT is((SELECT area_id FROM found WHERE point_id = 3002), 4, 'and one on the border of two municipalities as well');

-- loaders
CALL centre.add_areas('municipality', 'd2', '{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"code": "NEW", "name": "New town", "p": "DC48"}, "geometry": {"type": "Polygon", "coordinates": [[[30,0],[31,0],[31,1],[30,1],[30,0]]]}},
  {"type": "Feature", "properties": {"code": "DC48", "name": "Was a district", "p": "DC48"}, "geometry": null}]}', 'code', 'name', 'p');
SELECT set_eq($$SELECT level FROM dash.area WHERE code = 'DC48'$$, ARRAY['district', 'municipality'], 'a municipality with a district''s code is that district');
SELECT is((SELECT parent_code FROM dash.area WHERE code = 'DC48' LIMIT 1), 'GT', 'and keeps its parent');
SELECT isnt((SELECT geom FROM centre.area WHERE code = 'DC48'), NULL, 'and its boundary');
SELECT throws_ok($$CALL centre.add_areas('ward', 'd2', '{"type": "Feature"}')$$, '22023', NULL, 'what is no FeatureCollection is refused');
SELECT throws_ok($$CALL centre.add_areas('ward', 'd2', '{"type": "FeatureCollection", "features": [{"properties": {"code": "Q", "p": "nowhere"}}]}', 'code', 'name', 'p')$$, '23503', NULL,
  'an unknown parent is refused');
CALL centre.add_areas_csv('ward', 'd2', E'code,name,parent_code\nW9,"Ward, ""nine""",GT481\n');
SELECT is((SELECT name FROM centre.area WHERE code = 'W9'), 'Ward, "nine"', 'areas come from CSV too');
CALL centre.add_population('census', E'area,year,people,sex,age_band\nW1,2026,31000,*,*\nGP,2026,5,,\n');
SELECT results_eq($$SELECT people FROM centre.population WHERE source = 'census' AND area_id IN (2, 7) ORDER BY area_id$$, ARRAY[5, 31000]::numeric[], 'population figures load and replace');
DELETE FROM centre.population WHERE area_id = 2;
SELECT results_eq($$SELECT area_id, people, source FROM centre.population_at('province', 2026) WHERE sex = '*' ORDER BY 1$$,
  $$VALUES (2, 51000::numeric, 'census'), (3, 100000, 'census')$$, 'one comparison uses one source: the one that covers most areas, summed from below');
CALL centre.add_population('census', E'area,year,people,sex,age_band\nGT481,2026,60000,*,*\n');
SELECT results_eq($$SELECT l.level, sum(p.people) FROM unnest('{country,district,ward}'::text[]) AS l (level), centre.population_at(l.level, 2026) AS p WHERE p.sex = '*' GROUP BY 1 ORDER BY 1$$,
  $$VALUES ('country', 160000::numeric), ('district', 160000), ('ward', 51000)$$, 'a figure of an area stands for those of the areas inside it, which keep theirs');
SELECT * FROM finish();
