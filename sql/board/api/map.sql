-- Boundaries for maps on a screen, exported once by SQL; the colours come with each query.

CREATE VIEW dash.area_shape AS
  SELECT DISTINCT ON (s.level, a.code) a.code AS area, s.level, a.name AS area_name, a.geom
  FROM centre.area a JOIN centre.area_standing s USING (area_id) JOIN centre.demarcation d ON d.code = a.demarcation
  ORDER BY s.level, a.code, upper_inf(d.valid) DESC, upper(d.valid) DESC, a.area_id;
COMMENT ON VIEW dash.area_shape IS
  'boundaries (WGS 84) at every level an area stands at, one for each code: of the demarcation in force, else of the latest; geom is null where no boundary is known';

CREATE FUNCTION dash.map_outline(shape geometry, tolerance float8) RETURNS geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH outline AS (
    -- the grid is what four decimals can say, so that writing the numbers out breaks nothing any more
    SELECT ST_ReducePrecision(ST_MakeValid(ST_SimplifyPreserveTopology($1, least(greatest($2, 0), 1))), 0.0001) AS rough,
           ST_ReducePrecision($1, 0.0001) AS full_detail,
           ST_Expand(ST_ReducePrecision(ST_PointOnSurface($1), 0.0001), 0.0001) AS speck)
  SELECT ST_ForcePolygonCCW(ST_CollectionExtract(
    CASE WHEN NOT ST_IsEmpty(rough) THEN rough WHEN NOT ST_IsEmpty(full_detail) THEN full_detail ELSE speck END, 3))
  FROM outline;
END;
COMMENT ON FUNCTION dash.map_outline(geometry, double precision) IS
  'a valid outline for a screen: simplified to a tolerance in degrees (taken as 0 to 1), on a grid of 0.0001 degrees (about 11 m), outer rings counter-clockwise (RFC 7946); an area too small for the tolerance keeps its detail, one too small for the grid is a square of two of its steps; null gives null';

CREATE FUNCTION dash.map_geojson(level text, tolerance float8 DEFAULT 0.01) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_level($1);
  SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
           json_build_object('type', 'Feature', 'id', s.area, 'properties', json_build_object('name', s.area_name),
                             'geometry', ST_AsGeoJSON(dash.map_outline(s.geom, $2), 4)::json) ORDER BY s.area), '[]'))::text
  FROM dash.area_shape s WHERE s.level = $1;
END;
COMMENT ON FUNCTION dash.map_geojson(text, double precision) IS
  'the areas of a level as a GeoJSON FeatureCollection (RFC 7946) for Grafana''s dynamic GeoJSON layer: each feature''s id is the area''s code; boundaries by dash.map_outline() with a tolerance in degrees (0.01 is about 1 km); geometry is null where no boundary is known. Neighbours are simplified each for itself: hairlines may show between them when zoomed in';
