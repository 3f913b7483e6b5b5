-- The days that a release has data for, noted when it is made.

-- A stray early date must not begin a series, nor tell of one person: data begin when as many have reported as the threshold asks.
CREATE FUNCTION centre.data_begin(c centre.cube, threshold integer, today date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events text[] := ARRAY(SELECT i.code FROM centre.indicator i WHERE i.flow = 'event' AND i.code = ANY (centre.cube_sources(c, '{}')));
  needed integer := CASE WHEN c.personal AND centre.cube_measures(c) <> '{}' THEN greatest(threshold, 1) END;
  since date := (SELECT s.first_day FROM centre.site s);
  until date := since;
  step interval := '1 year';
  begun date;
BEGIN
  -- years without anything cost next to nothing; from the first that has something on, month by month
  WHILE begun IS NULL AND events <> '{}' AND until <= today LOOP
    until := until + step;
    IF step = '1 year' AND EXISTS (SELECT FROM centre.observation_row o WHERE o.indicator = ANY (events) AND o.day >= until - step AND o.day < until) THEN
      until := until - step;
      since := until;
      step := '1 month';
      CONTINUE;
    END IF;
    IF step = '1 month' THEN
      SELECT s.day INTO begun
        FROM (SELECT min(o.day) AS day FROM centre.observation_row o
              WHERE o.indicator = ANY (events) AND o.day >= since AND o.day < until AND (needed IS NULL OR o.verified AND o.subject_id IS NOT NULL)
              GROUP BY CASE WHEN needed IS NOT NULL THEN o.subject_id END) AS s
        ORDER BY s.day OFFSET coalesce(needed, 1) - 1 LIMIT 1;
    END IF;
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
GRANT EXECUTE ON FUNCTION centre.data_begin(centre.cube, integer, date) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.note_release_days(centre.cube, daterange, bigint) TO civic_publisher;
