-- dash.map_geojson(): valid, one feature for each area of dash.area with its code as id, whatever the shapes are.
SET search_path = tap, public;
GRANT USAGE ON SCHEMA tap TO civic_reader;
SELECT plan(14);

INSERT INTO centre.demarcation (code, valid, source) VALUES ('old', '[2011-01-01,2016-01-01)', 'test'), ('new', '[2016-01-01,)', 'test');
INSERT INTO centre.area (code, demarcation, level, name) VALUES ('ZZ', 'new', 'country', 'Testland');
INSERT INTO centre.area_standing SELECT 'country', area_id FROM centre.area WHERE code = 'ZZ';
-- A wavy coast shared by two provinces, a hole, an island, a place smaller than the grid, one without a boundary.
CREATE FUNCTION pg_temp.shape(code text, geom geometry) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(geom, 15)::jsonb, 'properties', jsonb_build_object('code', code, 'name', 'Area ' || code, 'parent', 'ZZ'))
$$;
CREATE TEMP TABLE coast AS
  SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(i / 1000.0, 1 + 0.05 * sin(i / 7.0) + 0.001 * sin(i * 1.7)) ORDER BY i), 4326) AS line FROM generate_series(0, 2000) AS i;
DO $$
DECLARE
  line geometry := (SELECT c.line FROM coast c);
  shapes jsonb;
BEGIN
  shapes := jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
    pg_temp.shape('A', ST_Difference(ST_MakePolygon(ST_AddPoint(ST_AddPoint(ST_AddPoint(line, ST_SetSRID(ST_MakePoint(2, 3), 4326)), ST_SetSRID(ST_MakePoint(0, 3), 4326)), ST_StartPoint(line))),
                                     ST_MakeEnvelope(0.5, 2, 0.7, 2.2, 4326))),
    pg_temp.shape('B', ST_Union(ST_MakePolygon(ST_AddPoint(ST_AddPoint(ST_AddPoint(line, ST_SetSRID(ST_MakePoint(2, 0), 4326)), ST_SetSRID(ST_MakePoint(0, 0), 4326)), ST_StartPoint(line))),
                                ST_MakeEnvelope(5, 0, 5.3, 0.3, 4326))),
    pg_temp.shape('tiny', ST_MakeEnvelope(9, 9, 9.00001, 9.00001, 4326))));
  CALL centre.add_areas('province', 'new', shapes, 'code', 'name', 'parent');
  CALL centre.add_areas('province', 'old', shapes, 'code', 'name', 'parent');
  CALL centre.add_areas_csv('province', 'new', E'code,name,parent_code\nunknown,No boundary,ZZ\n');
END
$$;
-- A metro: the province itself stands as a district too.
INSERT INTO centre.area_standing SELECT 'district', area_id FROM centre.area WHERE code = 'A' AND demarcation = 'new';

CREATE FUNCTION pg_temp.features(level text, tolerance float8) RETURNS TABLE (id text, name text, shape jsonb) LANGUAGE sql AS $$
  SELECT f ->> 'id', f -> 'properties' ->> 'name', f -> 'geometry' FROM jsonb_array_elements(dash.map_geojson(level, tolerance)::jsonb -> 'features') AS f
$$;
CREATE FUNCTION pg_temp.outline(code text, tolerance float8) RETURNS geometry LANGUAGE sql AS $$
  SELECT ST_GeomFromGeoJSON(shape) FROM pg_temp.features('province', tolerance) WHERE id = code
$$;

SELECT is(dash.map_geojson('province')::jsonb ->> 'type', 'FeatureCollection', 'a FeatureCollection');
SELECT results_eq($$SELECT id FROM pg_temp.features('province', 0.01) ORDER BY 1$$, $$SELECT DISTINCT code FROM dash.area WHERE level = 'province' ORDER BY 1$$,
  'one feature for each code of dash.area, also where two demarcations have it');
SELECT results_eq($$SELECT id, name FROM pg_temp.features('district', 0.01)$$, $$VALUES ('A', 'Area A')$$, 'an area that stands at several levels is in each of their maps');
SELECT throws_ok($$SELECT dash.map_geojson('no such level')$$, '22023', 'there is no level of area "no such level"', 'nor a map of an unknown level');
SELECT is((SELECT shape FROM pg_temp.features('province', 0.01) WHERE id = 'unknown'), 'null', 'an area without a boundary has a feature without geometry');
SELECT ok((SELECT bool_and(ST_IsValid(ST_GeomFromGeoJSON(shape)) AND NOT ST_IsEmpty(ST_GeomFromGeoJSON(shape))) FROM pg_temp.features('province', t) WHERE id <> 'unknown'),
  format('outlines are valid and not empty at tolerance %s', t)) FROM unnest('{0,0.001,0.05}'::float8[]) AS t;
SELECT ok((SELECT bool_and(ST_IsPolygonCCW(ST_GeomFromGeoJSON(shape))) FROM pg_temp.features('province', 0.01) WHERE id <> 'unknown'), 'outer rings go counter-clockwise');
SELECT ok((SELECT ST_NPoints(pg_temp.outline('A', 0.01)) * 10 < ST_NPoints(geom) FROM dash.area_shape WHERE area = 'A' AND level = 'province'), 'a tolerance leaves fewer than a tenth of the points');
SELECT ok((SELECT ST_HausdorffDistance(pg_temp.outline('B', 0.01), geom) < 0.0101 FROM dash.area_shape WHERE area = 'B' AND level = 'province'), 'no point is further off than tolerance and grid');
SELECT ok((SELECT ST_NumInteriorRings(ST_GeometryN(pg_temp.outline('A', 0.01), 1)) = 1 AND ST_NumGeometries(pg_temp.outline('B', 0.01)) = 2), 'a hole and an island stay');
SELECT is(dash.map_geojson('province', 'NaN'), dash.map_geojson('province', 1), 'a tolerance that is no number counts as the greatest, 1');
SET ROLE civic_reader;
SELECT lives_ok($$SELECT dash.map_geojson('province', 0.01)$$, 'the reader may export');
RESET ROLE;
SELECT * FROM finish();
