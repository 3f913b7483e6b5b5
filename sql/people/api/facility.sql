-- Facilities: loading and placing them.

CREATE PROCEDURE centre.add_facilities(of_source text, content text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.facility AS f (source, code, name, type, owner, stated_area_id, location, capacity)
    SELECT of_source, r ->> 'id', r ->> 'name', r ->> 'type', r ->> 'ownership', centre.find_area(r ->> 'province'),
           CASE WHEN x.lon BETWEEN -180 AND 180 AND x.lat BETWEEN -90 AND 90
                THEN public.ST_SetSRID(public.ST_MakePoint(x.lon::float8, x.lat::float8), 4326) END,
           centre.try_numeric(r ->> 'capacity')::integer
    FROM centre.csv_objects(content) AS r,
         LATERAL (SELECT centre.try_numeric(r ->> 'lon') AS lon, centre.try_numeric(r ->> 'lat') AS lat) AS x
    ON CONFLICT (source, code) DO UPDATE SET
      name = excluded.name, type = excluded.type, owner = excluded.owner, stated_area_id = excluded.stated_area_id,
      location = excluded.location, capacity = excluded.capacity;
  UPDATE centre.facility f SET area_id = p.area_id
    FROM (SELECT array_agg(facility_id::bigint) AS ids, array_agg(location) AS points
          FROM centre.facility WHERE source = of_source) AS batch
    CROSS JOIN LATERAL centre.place_points(batch.ids, batch.points) AS p
    WHERE f.facility_id = p.point_id;
END
$$;
COMMENT ON PROCEDURE centre.add_facilities(text, text) IS
  'load facilities from CSV with the columns id, name, type, ownership, province (a code or alias of the area stated), lat, lon, capacity, and place them by their coordinates; loading again replaces';

CREATE VIEW centre.facility_placement AS
  SELECT f.facility_id, f.source, f.code, f.name, stated.name AS stated_area, found.name AS placed_area,
         CASE WHEN f.location IS NULL THEN 'no coordinates'
              WHEN f.area_id IS NULL THEN 'in no area'
              WHEN f.stated_area_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM centre.area_closure c WHERE c.descendant_id = f.area_id AND c.ancestor_id = f.stated_area_id)
                THEN 'another area than stated'
              ELSE 'placed' END AS placement
  FROM centre.facility f
  LEFT JOIN centre.area stated ON stated.area_id = f.stated_area_id
  LEFT JOIN centre.area found ON found.area_id = f.area_id;
COMMENT ON VIEW centre.facility_placement IS 'where each facility lies by its coordinates, and what is wrong with them';

-- ---- erasing ----

CREATE FUNCTION centre.erase_household(of_subject bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT coalesce(array_agg(s.household_id), '{}') FROM centre.subject s WHERE s.subject_id = of_subject AND s.household_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM centre.subject o WHERE o.household_id = s.household_id AND o.subject_id <> of_subject);
END;
COMMENT ON FUNCTION centre.erase_household(bigint) IS 'part of erase(): a household of which nobody else is known';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_household', 'also', 10, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;
