-- Places: closure, look-up by code, loaders, and points to areas in batches.

CREATE FUNCTION centre.refresh_area_closure() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM centre.area_closure;
  INSERT INTO centre.area_closure (ancestor_id, descendant_id, distance)
    WITH RECURSIVE up (descendant_id, ancestor_id, distance) AS (
      SELECT area_id, area_id, 0 FROM centre.area
      UNION ALL
      SELECT up.descendant_id, a.parent_id, up.distance + 1
      FROM up JOIN centre.area a ON a.area_id = up.ancestor_id WHERE a.parent_id IS NOT NULL)
    CYCLE ancestor_id SET is_cycle USING path
    SELECT ancestor_id, descendant_id, distance FROM up WHERE NOT is_cycle;
  IF EXISTS (SELECT FROM centre.area_closure c JOIN centre.area a ON a.area_id = c.descendant_id
             WHERE c.ancestor_id = a.parent_id AND EXISTS (
               SELECT FROM centre.area_closure r WHERE r.descendant_id = a.parent_id AND r.ancestor_id = a.area_id)) THEN
    RAISE EXCEPTION 'areas contain each other in a circle'
      USING ERRCODE = 'check_violation', HINT = 'An area''s parent must not lie in the area itself.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.refresh_area_closure() IS 'trigger of area: makes area_closure anew; a country has a few thousand areas';
CREATE TRIGGER civic_closure_insert AFTER INSERT ON centre.area EXECUTE FUNCTION centre.refresh_area_closure();
CREATE TRIGGER civic_closure_update AFTER UPDATE OF parent_id ON centre.area EXECUTE FUNCTION centre.refresh_area_closure();

CREATE VIEW centre.area_key AS
  SELECT lower(a.code) AS key, a.area_id, d.valid FROM centre.area a JOIN centre.demarcation d ON d.code = a.demarcation
  UNION ALL
  SELECT lower(l.alias), a.area_id, d.valid FROM centre.area_alias l JOIN centre.area a USING (area_id) JOIN centre.demarcation d ON d.code = a.demarcation;
COMMENT ON VIEW centre.area_key IS 'codes and aliases, in lower case, by which areas are found';

CREATE FUNCTION centre.find_area(code text, on_day date DEFAULT NULL) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT k.area_id FROM centre.area_key k WHERE k.key = lower(btrim(find_area.code))
        ORDER BY coalesce(k.valid @> find_area.on_day, false) DESC, upper_inf(k.valid) DESC, upper(k.valid) DESC, k.area_id LIMIT 1);
COMMENT ON FUNCTION centre.find_area(text, date) IS
  'area_id of a code or alias, whatever its case: of the demarcation in force on the day, else of the latest; null if there is none';

CREATE PROCEDURE centre.add_areas(at_level text, of_demarcation text, shapes jsonb,
  code_property text DEFAULT 'code', name_property text DEFAULT 'name', parent_property text DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing text;
BEGIN
  IF shapes ->> 'type' IS DISTINCT FROM 'FeatureCollection' THEN
    RAISE EXCEPTION 'not a GeoJSON FeatureCollection'
      USING ERRCODE = 'invalid_parameter_value', DETAIL = format('type is %s', coalesce(shapes ->> 'type', 'missing')),
            HINT = 'Pass the whole file, as RFC 7946 describes it.';
  END IF;
  CREATE TEMP TABLE new_area ON COMMIT DROP AS
    SELECT f -> 'properties' ->> code_property AS code, coalesce(f -> 'properties' ->> name_property, f -> 'properties' ->> code_property) AS name,
           f -> 'properties' ->> parent_property AS parent_code, centre.find_area(f -> 'properties' ->> parent_property) AS parent_id,
           CASE WHEN jsonb_typeof(f -> 'geometry') = 'object'
                THEN public.ST_Multi(public.ST_CollectionExtract(public.ST_MakeValid(public.ST_SetSRID(public.ST_GeomFromGeoJSON(f ->> 'geometry'), 4326)), 3)) END AS geom
    FROM jsonb_array_elements(shapes -> 'features') AS f;
  SELECT string_agg(DISTINCT parent_code, ', ') INTO missing FROM new_area WHERE parent_code IS NOT NULL AND parent_id IS NULL;
  IF missing IS NOT NULL OR EXISTS (SELECT FROM new_area WHERE code IS NULL) THEN
    RAISE EXCEPTION 'areas without a code or with an unknown parent'
      USING ERRCODE = 'foreign_key_violation', DETAIL = format('unknown parents: %s', coalesce(missing, 'none')),
            HINT = 'Load the upper level first, or name its codes as aliases in centre.area_alias.';
  END IF;
  CALL centre.add_prepared_areas(at_level, of_demarcation);
END
$$;
COMMENT ON PROCEDURE centre.add_areas(text, text, jsonb, text, text, text) IS
  'load the areas of a level from a GeoJSON FeatureCollection (RFC 7946); properties name code, name and the parent''s code or alias; loading again replaces names and boundaries. An area that exists already at a higher level (a metro among the districts) now stands at this level too and keeps its parent';

CREATE PROCEDURE centre.add_areas_csv(at_level text, of_demarcation text, content text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing text;
BEGIN
  CREATE TEMP TABLE new_area ON COMMIT DROP AS
    SELECT r ->> 'code' AS code, coalesce(r ->> 'name', r ->> 'code') AS name, r ->> 'parent_code' AS parent_code,
           centre.find_area(r ->> 'parent_code') AS parent_id, NULL::public.geometry(MultiPolygon, 4326) AS geom
    FROM centre.csv_objects(content) AS r;
  SELECT string_agg(DISTINCT parent_code, ', ') INTO missing FROM new_area WHERE parent_code IS NOT NULL AND parent_id IS NULL;
  IF missing IS NOT NULL OR EXISTS (SELECT FROM new_area WHERE code IS NULL) THEN
    RAISE EXCEPTION 'areas without a code or with an unknown parent'
      USING ERRCODE = 'foreign_key_violation', DETAIL = format('unknown parents: %s', coalesce(missing, 'none')),
            HINT = 'The header names code, name and parent_code; load the upper level first.';
  END IF;
  CALL centre.add_prepared_areas(at_level, of_demarcation);
END
$$;
COMMENT ON PROCEDURE centre.add_areas_csv(text, text, text) IS
  'load the areas of a level from CSV with the columns code, name, parent_code; they have no boundary until add_areas() brings one';

CREATE PROCEDURE centre.add_prepared_areas(at_level text, of_demarcation text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- A municipality with the code of a district is that district: a metro.
  INSERT INTO centre.area AS a (code, demarcation, level, name, parent_id, geom)
    SELECT code, of_demarcation, at_level, name, parent_id, geom FROM pg_temp.new_area
    ON CONFLICT (code, demarcation) DO UPDATE SET
      name = CASE WHEN excluded.name <> excluded.code THEN excluded.name ELSE a.name END,
      level = excluded.level,
      parent_id = CASE WHEN excluded.parent_id = a.area_id THEN a.parent_id ELSE coalesce(excluded.parent_id, a.parent_id) END,
      geom = coalesce(excluded.geom, a.geom);
  INSERT INTO centre.area_standing (level, area_id)
    SELECT at_level, a.area_id FROM pg_temp.new_area n JOIN centre.area a ON a.code = n.code AND a.demarcation = of_demarcation
    ON CONFLICT DO NOTHING;
  -- A municipality that is not a metro is a local municipality.
  IF at_level = 'municipality' THEN
    INSERT INTO centre.area_standing (level, area_id)
      SELECT 'local_municipality', m.area_id FROM centre.area_standing m
      WHERE m.level = 'municipality' AND NOT EXISTS (
        SELECT FROM centre.area_standing d WHERE d.area_id = m.area_id AND d.level = 'district')
      ON CONFLICT DO NOTHING;
  END IF;
  DROP TABLE pg_temp.new_area;
END
$$;
COMMENT ON PROCEDURE centre.add_prepared_areas(text, text) IS 'inner part of add_areas() and add_areas_csv(): takes the rows of the temporary table new_area';

CREATE PROCEDURE centre.add_population(of_source text, content text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown_areas text;
BEGIN
  SELECT string_agg(DISTINCT r ->> 'area', ', ') INTO unknown_areas
  FROM centre.csv_objects(content) AS r WHERE centre.find_area(r ->> 'area') IS NULL;
  IF unknown_areas IS NOT NULL THEN
    RAISE EXCEPTION 'population figures of unknown areas' USING ERRCODE = 'foreign_key_violation', DETAIL = unknown_areas,
      HINT = 'The header names area (a code or alias), year, sex (f, m or *), age_band (or *) and people.';
  END IF;
  INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
    SELECT centre.find_area(r ->> 'area'), (r ->> 'year')::smallint, coalesce(r ->> 'sex', '*'), coalesce(r ->> 'age_band', '*'),
           of_source, (r ->> 'people')::numeric
    FROM centre.csv_objects(content) AS r
    ON CONFLICT (area_id, source, year, sex, age_band) DO UPDATE SET people = excluded.people;
END
$$;
COMMENT ON PROCEDURE centre.add_population(text, text) IS
  'load population figures from CSV with the columns area, year, sex, age_band, people; loading again replaces figures of the same source';

CREATE FUNCTION centre.place_points(point_ids bigint[], points geometry[]) RETURNS TABLE (point_id bigint, area_id integer)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at_level text := (SELECT geocode_level FROM centre.site);
BEGIN
  CREATE TEMP TABLE point_batch ON COMMIT DROP AS
    SELECT u.i AS point_id, u.p AS geom FROM unnest(point_ids, points) AS u (i, p) WHERE u.p IS NOT NULL;
  CREATE INDEX ON pg_temp.point_batch USING gist (geom);
  ANALYZE pg_temp.point_batch;
  -- Areas outside, points inside: each polygon is prepared once and meets only the points in its box.
  -- OFFSET 0 keeps the planner from turning the join round.
  CREATE TEMP TABLE point_hit ON COMMIT DROP AS
    SELECT p.point_id, min(a.area_id) AS area_id
    FROM (SELECT a.area_id, a.geom FROM centre.area a JOIN centre.area_standing s USING (area_id)
          WHERE s.level = at_level AND a.geom IS NOT NULL OFFSET 0) AS a
    CROSS JOIN LATERAL (SELECT p.point_id FROM pg_temp.point_batch p WHERE public.ST_Covers(a.geom, p.geom) OFFSET 0) AS p
    GROUP BY p.point_id;
  -- Then downwards, within the area found, as far as there are boundaries.
  LOOP
    UPDATE pg_temp.point_hit h SET area_id = below.area_id
      FROM (SELECT p.point_id, a.parent_id, min(a.area_id) AS area_id
            FROM (SELECT a.area_id, a.parent_id, a.geom FROM centre.area a
                  WHERE a.geom IS NOT NULL AND a.parent_id IN (SELECT q.area_id FROM pg_temp.point_hit q) OFFSET 0) AS a
            CROSS JOIN LATERAL (SELECT p.point_id FROM pg_temp.point_batch p WHERE public.ST_Covers(a.geom, p.geom) OFFSET 0) AS p
            GROUP BY p.point_id, a.parent_id) AS below
      WHERE below.point_id = h.point_id AND below.parent_id = h.area_id;
    EXIT WHEN NOT FOUND;
  END LOOP;
  RETURN QUERY SELECT b.point_id, h.area_id FROM pg_temp.point_batch b LEFT JOIN pg_temp.point_hit h USING (point_id);
  DROP TABLE pg_temp.point_batch, pg_temp.point_hit;
END
$$;
COMMENT ON FUNCTION centre.place_points(bigint[], geometry[]) IS
  'the smallest area that covers each point (WGS 84), null where none does: placed at the site''s geocode_level and refined downwards; of several areas that share a border the one with the smallest id. For batches: one pass over the areas, several times as fast as a join of points to areas. Uses a temporary table';
