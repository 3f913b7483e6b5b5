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
  direct AS (
    SELECT s.area_id, p.sex, p.age_band, p.people, p.year, p.source
    FROM centre.area_standing s JOIN centre.population p ON p.area_id = s.area_id JOIN vintage v ON v.source = p.source AND v.year = p.year
    WHERE s.level = $1),
  summed AS (  -- where a source speaks of smaller areas only, and of none that contains another
    SELECT c.ancestor_id AS area_id, p.sex, p.age_band, sum(p.people) AS people, p.year, p.source
    FROM centre.area_standing s JOIN centre.area_closure c ON c.ancestor_id = s.area_id AND c.distance > 0
    JOIN centre.population p ON p.area_id = c.descendant_id JOIN vintage v ON v.source = p.source AND v.year = p.year
    WHERE s.level = $1
      AND NOT EXISTS (SELECT FROM direct d WHERE d.area_id = s.area_id AND d.source = p.source)
      AND NOT EXISTS (
        SELECT FROM centre.area_closure up JOIN centre.population q ON q.area_id = up.ancestor_id AND q.source = p.source AND q.year = p.year
        JOIN centre.area_closure inside ON inside.descendant_id = up.ancestor_id AND inside.ancestor_id = s.area_id AND inside.distance > 0
        WHERE up.descendant_id = p.area_id AND up.distance > 0)
    GROUP BY c.ancestor_id, p.sex, p.age_band, p.year, p.source),
  either AS (SELECT * FROM direct UNION ALL SELECT * FROM summed),
  -- One comparison, one source: of those that cover most areas the one ranked first.
  chosen AS (
    SELECT e.source FROM either e LEFT JOIN centre.population_source r ON r.source = e.source
    GROUP BY e.source, r.rank ORDER BY count(DISTINCT e.area_id) DESC, r.rank NULLS LAST, e.source LIMIT 1)
  SELECT e.area_id, e.sex, e.age_band, e.people, e.year, e.source FROM either e JOIN chosen USING (source);
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
  -- In key order, so that the order of rows tells nothing about the counts.
  INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status)
    WITH people AS MATERIALIZED (
      SELECT l.level, p.* FROM unnest(spec.levels) AS l (level) CROSS JOIN LATERAL centre.population_at(l.level, extract(year FROM lower(span))::integer) AS p),
    every_area AS (  -- an area without a report shows nought, so that a missing row says nothing
      SELECT i.code AS indicator, s.level, s.area_id FROM unnest(spec.indicators) AS i (code)
      CROSS JOIN unnest(spec.levels) AS l (level) JOIN centre.area_standing s ON s.level = l.level),
    true_cell AS (
      SELECT coalesce(t.indicator, e.indicator) AS indicator, coalesce(t.level, e.level) AS level, coalesce(t.area_id, e.area_id) AS area_id,
             coalesce(t.breakdown, 'all') AS breakdown, coalesce(t.member, '*total*') AS member, coalesce(t.value, 0) AS value,
             coalesce(t.subjects, 0) AS subjects, coalesce(t.personal, false) AS personal
      FROM (SELECT * FROM centre.cube_cells(of_cube, span)) AS t
      FULL JOIN every_area e ON (e.indicator, e.level, e.area_id) = (t.indicator, t.level, t.area_id)),
    judged AS (
      SELECT t.*, NOT t.personal OR t.subjects >= spec.k OR (t.value = 0 AND t.breakdown = 'all') AS shown FROM true_cell t)
    SELECT made, j.indicator, j.level, j.area_id, j.breakdown, j.member, CASE WHEN j.shown THEN j.value END,
           coalesce(d.value, p.people), CASE WHEN j.shown THEN 'ok' ELSE 'x' END
    FROM judged j JOIN centre.indicator i ON i.code = j.indicator
    LEFT JOIN people p ON i.kind = 'rate' AND p.level = j.level AND p.area_id = j.area_id
      AND p.sex = CASE j.breakdown WHEN 'sex' THEN j.member ELSE '*' END
      AND p.age_band = CASE j.breakdown WHEN 'age_band' THEN j.member ELSE '*' END
      AND j.breakdown IN ('all', 'sex', 'age_band')
    LEFT JOIN judged d ON i.kind = 'proportion' AND d.shown
      AND (d.indicator, d.level, d.area_id, d.breakdown, d.member) = (i.denominator, j.level, j.area_id, j.breakdown, j.member)
    ORDER BY j.indicator, j.level, j.area_id, j.breakdown, j.member;
END
$$;
COMMENT ON PROCEDURE centre.publish(text, date) IS
  'publish a cube for the period that a day lies in: a value of fewer distinct verified subjects than the audience''s k is withheld (status x). Runs as its caller, who needs civic_publisher. The earlier release of the same period stays but is no longer current';
