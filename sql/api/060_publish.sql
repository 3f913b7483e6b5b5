-- Publication of declared cubes, with a threshold on distinct verified subjects.

CREATE FUNCTION centre.period_of(unit text, on_day date) RETURNS daterange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT daterange(b.start, (b.start + ('1 ' || CASE unit WHEN 'quarter' THEN 'month' ELSE unit END)::interval
          * CASE unit WHEN 'quarter' THEN 3 ELSE 1 END)::date)
        FROM (SELECT date_trunc(unit, on_day::timestamp)::date AS start) AS b);
COMMENT ON FUNCTION centre.period_of(text, date) IS 'the day, ISO week, month, quarter or year that a day lies in, as a range of days';

CREATE FUNCTION centre.population_at(at_level text, on_year integer) RETURNS TABLE (area_id integer, sex text, age_band text, people numeric, year smallint, source text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH vintage AS (  -- of each source the year asked for, else the nearest
    SELECT DISTINCT ON (p.source) p.source, p.year FROM (SELECT DISTINCT q.source, q.year FROM centre.population q) p
    ORDER BY p.source, abs(p.year - $2), p.year),
  holder AS MATERIALIZED (SELECT DISTINCT p.source, p.year, p.area_id FROM centre.population p JOIN vintage v USING (source, year)),
  -- how far up the next area is of which the source speaks as well
  gap AS (
    SELECT h.source, h.year, h.area_id, min(c.distance) AS steps
    FROM holder h LEFT JOIN (centre.area_closure c JOIN holder up ON up.area_id = c.ancestor_id AND c.distance > 0)
      ON c.descendant_id = h.area_id AND up.source = h.source
    GROUP BY h.source, h.year, h.area_id),
  -- an area has the source's own figure, or the sum of the nearest smaller areas that have one
  part AS MATERIALIZED (
    SELECT s.area_id, g.source, g.year, g.area_id AS part_id
    FROM centre.area_standing s JOIN centre.area_closure c ON c.ancestor_id = s.area_id JOIN gap g ON g.area_id = c.descendant_id
    WHERE s.level = $1 AND (c.distance = 0 OR g.steps IS NULL OR g.steps > c.distance)),
  -- One comparison, one source: of those that cover most areas the one ranked first.
  chosen AS (
    SELECT p.source FROM part p LEFT JOIN centre.population_source r USING (source)
    GROUP BY p.source, r.rank ORDER BY count(DISTINCT p.area_id) DESC, r.rank NULLS LAST, p.source LIMIT 1)
  SELECT p.area_id, q.sex, q.age_band, sum(q.people), p.year, p.source
  FROM part p JOIN chosen USING (source) JOIN centre.population q ON q.area_id = p.part_id AND q.source = p.source AND q.year = p.year
  GROUP BY p.area_id, q.sex, q.age_band, p.year, p.source;
END;
COMMENT ON FUNCTION centre.population_at(text, integer) IS
  'people in each area of a level by sex and age band (* is all) in the year, or the nearest year there is; all areas from one source, summed from smaller areas where that is all it has';

CREATE FUNCTION centre.cube_cells(of_cube text, period daterange)
RETURNS TABLE (indicator text, level text, area_id integer, breakdown text, member text, value numeric, subjects bigint, personal boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH c AS (SELECT * FROM centre.cube b WHERE b.code = $1),
  measure AS (  -- a proportion is published as its two counts
    SELECT i.code AS indicator, src.indicator_id, i.personal
    FROM c CROSS JOIN unnest(c.indicators) AS u (code) JOIN centre.indicator i ON i.code = u.code
    JOIN centre.indicator src ON src.code = CASE i.kind WHEN 'proportion' THEN i.numerator ELSE i.code END),
  fact AS (
    SELECT m.indicator, m.personal AND c.personal AS personal, o.area_id, o.subject_id, o.value, b.breakdown,
           CASE b.breakdown WHEN 'all' THEN '*total*' WHEN 'sex' THEN o.sex
             WHEN 'age_band' THEN coalesce((SELECT a.code FROM centre.age_band a WHERE a.band_set = c.age_bands AND o.age BETWEEN a.from_age AND a.to_age), 'u')
             WHEN 'disability' THEN CASE o.disability WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END
             WHEN 'youth' THEN CASE o.youth WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END
             WHEN 'migrant' THEN CASE o.migrant WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END END AS member
    FROM c CROSS JOIN unnest(c.breakdowns) AS b (breakdown) CROSS JOIN measure m
    JOIN centre.observation o ON o.indicator_id = m.indicator_id AND o.day >= lower($2) AND o.day < upper($2)
    WHERE o.verified OR NOT (m.personal AND c.personal)),
  -- first by the area of the fact, then upwards: far fewer rows go through the closure
  leaf AS (
    SELECT f.indicator, f.personal, f.area_id, f.breakdown, f.member, f.subject_id, sum(f.value) AS value
    FROM fact f GROUP BY f.indicator, f.personal, f.area_id, f.breakdown, f.member, f.subject_id)
  SELECT l.indicator, s.level, s.area_id, l.breakdown, l.member, sum(l.value), count(DISTINCT l.subject_id), bool_or(l.personal)
  FROM leaf l JOIN centre.area_closure up ON up.descendant_id = l.area_id
  JOIN centre.area_standing s ON s.area_id = up.ancestor_id
  WHERE s.level = ANY (SELECT unnest(c.levels) FROM c)
  GROUP BY l.indicator, s.level, s.area_id, l.breakdown, l.member;
END;
COMMENT ON FUNCTION centre.cube_cells(text, daterange) IS
  'true values of a cube with the number of distinct subjects behind each; for the publisher only. Facts about persons count when verified';

CREATE PROCEDURE centre.publish(of_cube text, on_day date)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  spec record;
  span daterange;
  made bigint;
BEGIN
  SELECT c.*, a.k INTO spec FROM centre.cube c JOIN centre.audience a ON a.code = c.audience WHERE c.code = of_cube;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no cube "%"', of_cube USING ERRCODE = 'no_data_found', HINT = 'Cubes are declared in centre.cube.';
  END IF;
  span := centre.period_of(spec.period_unit, on_day);
  -- One publication of a cube and period at a time.
  PERFORM pg_advisory_xact_lock(hashtextextended(of_cube || lower(span)::text, 0));
  UPDATE centre.release SET current = false WHERE cube = of_cube AND period = span AND current;
  INSERT INTO centre.release (cube, period) VALUES (of_cube, span) RETURNING release_id INTO made;
  CREATE TEMP TABLE publish_people ON COMMIT DROP AS
    SELECT l.level, p.area_id, p.sex, p.age_band, p.people
    FROM unnest(spec.levels) AS l (level) CROSS JOIN LATERAL centre.population_at(l.level, extract(year FROM lower(span))::integer) AS p;
  CREATE TEMP TABLE publish_cell ON COMMIT DROP AS
    SELECT t.indicator, t.level, t.area_id, t.breakdown, t.member, t.value, NOT t.personal OR t.subjects >= spec.k AS shown
    FROM centre.cube_cells(of_cube, span) AS t;
  -- An area without a report shows nought, so that a missing row says nothing.
  INSERT INTO pg_temp.publish_cell
    SELECT i.code, s.level, s.area_id, 'all', '*total*', 0, true
    FROM unnest(spec.indicators) AS i (code) CROSS JOIN unnest(spec.levels) AS l (level) JOIN centre.area_standing s ON s.level = l.level
    WHERE NOT EXISTS (SELECT FROM pg_temp.publish_cell c WHERE (c.indicator, c.level, c.area_id, c.breakdown) = (i.code, s.level, s.area_id, 'all'));
  ANALYZE pg_temp.publish_people;
  ANALYZE pg_temp.publish_cell;
  -- In key order, so that the order of rows tells nothing about the counts.
  INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status)
    SELECT made, c.indicator, c.level, c.area_id, c.breakdown, c.member, CASE WHEN c.shown THEN c.value END,
           coalesce(d.value, p.people), CASE WHEN c.shown THEN 'ok' ELSE 'x' END
    FROM pg_temp.publish_cell c JOIN centre.indicator i ON i.code = c.indicator
    LEFT JOIN pg_temp.publish_people p ON i.kind = 'rate' AND p.level = c.level AND p.area_id = c.area_id
      AND p.sex = CASE c.breakdown WHEN 'sex' THEN c.member ELSE '*' END
      AND p.age_band = CASE c.breakdown WHEN 'age_band' THEN c.member ELSE '*' END
      AND c.breakdown IN ('all', 'sex', 'age_band')
    LEFT JOIN pg_temp.publish_cell d ON i.kind = 'proportion' AND d.shown AND d.indicator = i.denominator
      AND d.level = c.level AND d.area_id = c.area_id AND d.breakdown = c.breakdown AND d.member = c.member
    ORDER BY c.indicator, c.level, c.area_id, c.breakdown, c.member;
  DROP TABLE pg_temp.publish_people, pg_temp.publish_cell;
END
$$;
COMMENT ON PROCEDURE centre.publish(text, date) IS
  'publish a cube for the period that a day lies in: a value of fewer distinct verified subjects than the audience''s k is withheld (status x). Runs as its caller, who needs civic_publisher. The earlier release of the same period stays but is no longer current';
