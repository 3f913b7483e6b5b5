-- The days that a release has data for, noted when it is made.

-- By the index of each indicator, one row a partition.
CREATE VIEW centre.first_observation AS
  SELECT i.code AS indicator, f.day
  FROM centre.indicator i CROSS JOIN LATERAL (
    SELECT o.day FROM centre.observation o
    WHERE o.indicator_id = i.indicator_id AND o.day >= (SELECT s.first_day FROM centre.site s) AND (NOT i.personal OR centre.usable_amount(o.value))
    ORDER BY o.day LIMIT 1) AS f;
COMMENT ON VIEW centre.first_observation IS 'the first day that each indicator has an observation of; for the publisher only';

-- A stray early date must not begin a series, nor tell of one person: data begin when as many have reported as the threshold asks.
CREATE FUNCTION centre.data_begin(c centre.cube, threshold integer, today date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events text[] := ARRAY(SELECT i.code FROM centre.indicator i WHERE i.flow = 'event' AND i.code = ANY (centre.cube_sources(c, '{}')));
  needed integer := CASE WHEN c.personal AND centre.cube_measures(c) <> '{}' THEN greatest(threshold, 1) END;
  since date := (SELECT min(f.day) FROM centre.first_observation f WHERE f.indicator = ANY (events));
  until date := since;
  begun date;
BEGIN
  IF needed IS NULL THEN
    RETURN CASE WHEN since <= today THEN since END;
  END IF;
  -- from there on month by month, until as many have reported
  WHILE begun IS NULL AND until <= today LOOP
    until := until + interval '1 month';
    SELECT s.day INTO begun
      FROM (SELECT min(o.day) AS day FROM centre.observation_row o
            WHERE o.indicator = ANY (events) AND o.day >= since AND o.day < until AND o.verified AND o.subject_id IS NOT NULL GROUP BY o.subject_id) AS s
      ORDER BY s.day OFFSET needed - 1 LIMIT 1;
  END LOOP;
  RETURN begun;
END
$$;
COMMENT ON FUNCTION centre.data_begin(centre.cube, integer, date) IS
  'the day on which the data of a cube''s events begin: of a cube about persons the first by which as many verified ones have reported as the threshold asks; null where that has not happened, or where the cube has no events but states';

CREATE PROCEDURE centre.note_release_days(c centre.cube, span daterange, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (SELECT (now() AT TIME ZONE s.reporting_zone)::date FROM centre.site s);
  threshold integer := (SELECT greatest(a.k, c.k) FROM centre.audience a WHERE a.code = c.audience);
  events boolean := EXISTS (SELECT FROM centre.indicator i WHERE i.flow = 'event' AND i.code = ANY (centre.cube_sources(c, '{}')));
  begun date := CASE WHEN c.dataset = 'observation' THEN centre.data_begin(c, threshold, today) END;
  days daterange := span * daterange(CASE WHEN events AND c.dataset = 'observation' THEN begun END, today + 1);
BEGIN
  INSERT INTO centre.release_days (release_id, days, complete)
    SELECT made, CASE WHEN isempty(days) THEN span ELSE days END, days = span AND NOT (events AND c.dataset = 'observation' AND begun IS NULL)
    ON CONFLICT (release_id) DO UPDATE SET days = excluded.days, complete = excluded.complete;
END
$$;
COMMENT ON PROCEDURE centre.note_release_days(centre.cube, daterange, bigint) IS 'writes release_days of a release: a period that data began in, or that is not over, is not complete; a state as of a day has no beginning';

GRANT SELECT, INSERT, UPDATE ON centre.release_days TO civic_publisher;
GRANT SELECT ON centre.first_observation TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.data_begin(centre.cube, integer, date) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.note_release_days(centre.cube, daterange, bigint) TO civic_publisher;
