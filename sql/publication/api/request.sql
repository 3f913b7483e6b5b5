-- Analysts ask for a cube by inserting a request; the publisher's role answers with protected releases or a reason.

CREATE FUNCTION centre.request_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a_day constant integer := 20;
BEGIN
  PERFORM centre.take_turn('requests of ' || NEW.requested_by);
  IF (SELECT count(*) FROM centre.cube_request q WHERE q.requested_by = NEW.requested_by AND q.requested_at > NEW.requested_at - interval '1 day') >= a_day THEN
    RAISE EXCEPTION 'too many requests' USING ERRCODE = 'configuration_limit_exceeded', DETAIL = format('Each analyst may ask for %s cubes a day.', a_day);
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.request_check() IS 'trigger of cube_request: at most 20 requests of an analyst a day';
CREATE TRIGGER civic_check BEFORE INSERT ON centre.cube_request FOR EACH ROW EXECUTE FUNCTION centre.request_check();

CREATE FUNCTION centre.request_cube(dataset text, dims text[], measures text[], period_unit text, days daterange, levels text[] DEFAULT '{}') RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO centre.cube_request (dataset, dims, measures, period_unit, days, levels) VALUES ($1, $2, $3, $4, $5, $6);
END;
COMMENT ON FUNCTION centre.request_cube(text, text[], text[], text, daterange, text[]) IS
  'ask for a cube: a dataset, its dimensions (of observation the breakdowns), measures (of observation indicators), a unit of period, the days, and levels of area. Answered at the next tick() of the publisher; see dash.cube_request. At most 20 a day';

CREATE FUNCTION centre.answer_request(q centre.cube_request) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  made text := format('request_%s', q.request_id);
  first_day date;
  shown bigint;
  other record;
BEGIN
  INSERT INTO centre.cube (code, audience, dataset, indicators, breakdowns, dims, measures, levels, period_unit)
    SELECT made, 'analyst', q.dataset, CASE WHEN o THEN q.measures ELSE '{}' END, CASE WHEN o THEN ARRAY['all'] || array_remove(q.dims, 'all') ELSE '{all}' END,
           CASE WHEN o THEN '{}' ELSE q.dims END, CASE WHEN o THEN '{subjects}' ELSE q.measures END, q.levels, q.period_unit
    FROM (SELECT q.dataset = 'observation') AS d (o);
  -- A measure has one unit of period, and those who declare cubes choose it, even before they publish.
  SELECT y.period_unit INTO other FROM centre.cube x JOIN centre.cube y USING (dataset) JOIN centre.dataset d ON d.code = x.dataset
    WHERE x.code = made AND d.personal AND y.personal AND y.period_unit <> x.period_unit AND centre.cube_measures(x) && centre.cube_measures(y)
      AND NOT EXISTS (SELECT FROM centre.cube_request r WHERE y.code = format('request_%s', r.request_id)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'it is published by the %', other.period_unit USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR first_day IN SELECT DISTINCT lower(centre.period_of(q.period_unit, d::date)) FROM generate_series(lower(q.days), upper(q.days) - 1, interval '1 day') AS d ORDER BY 1 LOOP
    CALL centre.publish(made, first_day);
  END LOOP;
  SELECT sum(t.cells - t.withheld) INTO shown FROM centre.release r JOIN centre.release_report t USING (release_id) WHERE r.cube = made;
  IF coalesce(shown, 0) = 0 THEN
    RAISE EXCEPTION 'every value would have to be withheld' USING ERRCODE = 'no_data_found';
  END IF;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.answer_request(centre.cube_request) IS 'declares and publishes what a request asks for, protected together with all retained releases; an error where it cannot be';

CREATE FUNCTION centre.answer_requests() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  q centre.cube_request;
  made text;
  refusal text;
  answered bigint := 0;
BEGIN
  FOR q IN SELECT * FROM centre.cube_request r WHERE r.answered_at IS NULL ORDER BY r.request_id FOR UPDATE SKIP LOCKED LOOP
    made := NULL;
    BEGIN
      made := centre.answer_request(q);
    EXCEPTION
      -- what the declaration says is told; what the data say is not
      WHEN invalid_parameter_value OR check_violation OR undefined_column THEN refusal := SQLERRM;
      WHEN no_data_found THEN refusal := 'every value would have to be withheld: ask for fewer dimensions, larger areas or longer periods';
      WHEN data_exception OR SQLSTATE 'SU000' THEN refusal := 'it cannot be protected together with what has been released';
      -- one request must not keep the others waiting
      WHEN OTHERS THEN
        refusal := 'it could not be answered: ask the publisher';
        RAISE WARNING 'request % failed with SQLSTATE %', q.request_id, SQLSTATE;
    END;
    UPDATE centre.cube_request r SET answered_at = clock_timestamp(), cube = made, reason = CASE WHEN made IS NULL THEN refusal END WHERE r.request_id = q.request_id;
    answered := answered + 1;
  END LOOP;
  RETURN answered;
END
$$;
COMMENT ON FUNCTION centre.answer_requests() IS 'answers the requests that wait, each with releases or a reason for refusal; returns their number. Runs as its caller, who needs civic_publisher';

CREATE VIEW dash.cube_request WITH (security_barrier) AS
  SELECT q.request_id::integer AS request, q.requested_at AS "time", q.dataset, q.dims, q.measures, q.period_unit, lower(q.days) AS from_day, upper(q.days) - 1 AS until_day,
         CASE WHEN q.answered_at IS NULL THEN 'waiting' WHEN q.cube IS NOT NULL THEN 'released' ELSE 'refused' END AS state, q.cube, q.reason
  FROM centre.cube_request q WHERE q.requested_by = current_user;
COMMENT ON VIEW dash.cube_request IS 'the reading role''s own requests for cubes and their answers';

CREATE FUNCTION centre.publication_advice(of_cube text)
RETURNS TABLE (period daterange, detail text, cells bigint, withheld bigint, share numeric, advice text)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.period, t.detail, t.cells, t.withheld, round(t.withheld::numeric / t.cells, 3),
         CASE WHEN 2 * t.small > t.cells THEN 'coarsen: more than half of its cells are too small by themselves'
           WHEN 2 * t.withheld > t.cells THEN 'coarsen what it is crossed with: most are withheld to protect others'
           WHEN 4 * t.held > t.cells THEN 'publish less often: many cells wait for more change' END
  FROM centre.release r JOIN centre.release_report t USING (release_id)
  WHERE r.cube = $1 AND r.current
  ORDER BY lower(r.period) DESC, t.withheld DESC, t.detail;
END;
COMMENT ON FUNCTION centre.publication_advice(text) IS
  'of the current releases of a cube: how much of each table (level of area × dimensions) is withheld, and what to coarsen; for the publisher, never for readers';

GRANT USAGE ON SCHEMA centre TO civic_analyst;
GRANT INSERT (dataset, dims, measures, levels, period_unit, days) ON centre.cube_request TO civic_analyst;
GRANT EXECUTE ON FUNCTION centre.request_cube(text, text[], text[], text, daterange, text[]) TO civic_analyst;
GRANT SELECT, UPDATE ON centre.cube_request TO civic_publisher;
GRANT INSERT ON centre.cube TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.answer_requests(), centre.answer_request(centre.cube_request), centre.publication_advice(text), centre.cube_check(), centre.request_check() TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.request_check() TO civic_analyst;

INSERT INTO centre.tick_job (step, place, routine, runner) VALUES ('requests', 100, 'centre.answer_requests', 'civic_publisher')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, runner = excluded.runner;

CREATE VIEW centre.figure_publication AS
  SELECT 'release_age_s' AS code, extract(epoch FROM clock_timestamp() - max(r.published_at))::float8 AS value, 's' AS unit, max(r.published_at) AS "time" FROM centre.release r;
COMMENT ON VIEW centre.figure_publication IS 'figures of centre.health(): seconds since the last release';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_publication') ON CONFLICT DO NOTHING;
