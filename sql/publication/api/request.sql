-- Analysts ask for a cube by inserting a request; the publisher's role answers with protected releases or a reason.

-- Whatever the declarations can say is said when it is asked for, with what to write instead.
CREATE FUNCTION centre.request_fault(q centre.cube_request, OUT fault text, OUT remedy text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d centre.dataset := (SELECT x FROM centre.dataset x WHERE x.code = q.dataset);
  dims text[] := centre.dataset_dims(q.dataset);
  area_dim text := (SELECT m.name FROM centre.dimension m WHERE m.dataset = q.dataset AND m.kind = 'area' AND (q.dataset = 'observation' OR m.name = ANY (q.dims)));
  levels text[] := ARRAY(SELECT l.code FROM centre.area_level l ORDER BY l.depth);
  longest integer := CASE q.period_unit WHEN 'day' THEN 62 WHEN 'week' THEN 400 ELSE 1900 END;
  wrong text;
BEGIN
  IF d.code IS NULL OR NOT d.on_request THEN
    fault := CASE WHEN d.code IS NULL THEN format('there is no dataset "%s"', q.dataset) ELSE format('dataset "%s" is not open to requests', q.dataset) END;
    remedy := coalesce('Open are ' || (SELECT string_agg(x.code, ', ' ORDER BY x.code) FROM centre.dataset x WHERE x.on_request) || '.', 'None is open: the publisher can declare a cube.');
    RETURN;
  END IF;
  wrong := (SELECT min(u) FROM unnest(q.dims) AS u WHERE u <> ALL (dims) AND NOT (q.dataset = 'observation' AND u = 'all'));
  IF wrong IS NOT NULL THEN
    fault := format('dataset "%s" has no dimension "%s"', q.dataset, wrong);
    remedy := format('It has %s.', array_to_string(dims, ', '));
  ELSIF cardinality(q.dims) > (SELECT count(DISTINCT u) FROM unnest(q.dims) AS u) THEN
    fault := 'a dimension is named twice';
    remedy := 'Name each once.';
  ELSIF cardinality(q.dims) > 4 OR q.dims = '{}' AND q.dataset <> 'observation' THEN
    fault := format('%s dimensions are asked for', cardinality(q.dims));
    remedy := 'Ask for one to four.';
  ELSIF q.dataset = 'observation' AND 'area' = ANY (q.dims) THEN
    fault := 'areas are no breakdown of observations';
    remedy := 'Name levels of area instead; dimensions are the breakdowns.';
  ELSIF coalesce(cardinality(q.measures), 0) NOT BETWEEN 1 AND 20 THEN
    fault := format('%s measures are asked for', coalesce(cardinality(q.measures), 0));
    remedy := 'Ask for 1 to 20.';
  ELSIF area_dim IS NOT NULL AND (q.levels = '{}' OR NOT q.levels <@ levels) THEN
    fault := CASE WHEN q.levels = '{}' THEN format('dimension "%s" needs levels of area', area_dim)
               ELSE format('there is no level of area "%s"', (SELECT min(u) FROM unnest(q.levels) AS u WHERE u <> ALL (levels))) END;
    remedy := format('Give levels, of %s.', array_to_string(levels, ', '));
  ELSIF q.period_unit <> ALL ('{day,week,month,quarter,year}') THEN
    fault := format('there is no unit of period "%s"', q.period_unit);
    remedy := 'Units are day, week, month, quarter and year.';
  ELSIF isempty(q.days) OR lower_inf(q.days) OR upper_inf(q.days) OR NOT isfinite(lower(q.days)) OR NOT isfinite(upper(q.days)) OR upper(q.days) - lower(q.days) > longest THEN
    fault := 'days are without beginning or end, or too many';
    remedy := format('By the %s ask for at most %s days at once, such as [2026-01-01,2026-02-01).', q.period_unit, longest);
  ELSE
    wrong := CASE WHEN q.dataset = 'observation' THEN (SELECT min(u) FROM unnest(q.measures) AS u WHERE NOT EXISTS (SELECT FROM centre.indicator i WHERE i.code = u)) END;
    IF wrong IS NOT NULL THEN
      fault := format('there is no indicator "%s"', wrong);
      remedy := 'The site''s table of indicators lists them.';
    ELSIF d.request_approver IS NULL AND EXISTS (SELECT FROM centre.dimension m WHERE m.dataset = q.dataset AND m.name = ANY (q.dims) AND (m.approval OR m.sensitive)) THEN
      fault := format('dimension "%s" needs an approver, and nobody approves for dataset "%s"',
                      (SELECT min(m.name) FROM centre.dimension m WHERE m.dataset = q.dataset AND m.name = ANY (q.dims) AND (m.approval OR m.sensitive)), q.dataset);
      remedy := 'Leave it out, or have the publisher name an approver.';
    ELSE
      SELECT format('%s is published by the %s', CASE WHEN q.dataset = 'observation' THEN 'one of these indicators' ELSE 'one of these measures' END, x.period_unit), format('Ask by the %s.', x.period_unit)
        INTO fault, remedy FROM centre.cube x
        WHERE x.dataset = q.dataset AND d.personal AND x.personal AND x.period_unit <> q.period_unit AND x.code NOT LIKE 'request\_%'
          AND (d.measure_column IS NULL OR centre.cube_measures(x) && centre.related_measures(d, q.measures)) LIMIT 1;
    END IF;
  END IF;
END
$$;
COMMENT ON FUNCTION centre.request_fault(centre.cube_request) IS 'what is wrong with a request as far as declarations say, and what to write instead; null where nothing is';

CREATE FUNCTION centre.request_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a_day constant integer := 20;
  found record;
  measure text;
BEGIN
  SELECT * INTO found FROM centre.request_fault(NEW);
  IF found.fault IS NOT NULL THEN
    RAISE EXCEPTION '%', found.fault USING ERRCODE = 'invalid_parameter_value', HINT = found.remedy;
  END IF;
  IF NEW.dataset <> 'observation' THEN
    FOREACH measure IN ARRAY NEW.measures LOOP  -- an error that names those there are
      PERFORM centre.measure_query(d, measure, d.personal) FROM centre.dataset d WHERE d.code = NEW.dataset;
    END LOOP;
  END IF;
  PERFORM centre.take_turn('requests of ' || NEW.requested_by);
  IF (SELECT count(*) FROM centre.cube_request q WHERE q.requested_by = NEW.requested_by AND q.requested_at > NEW.requested_at - interval '1 day') >= a_day THEN
    RAISE EXCEPTION 'too many requests' USING ERRCODE = 'configuration_limit_exceeded', DETAIL = format('A login may ask for %s cubes a day.', a_day), HINT = 'Ask for larger cubes, or tomorrow.';
  END IF;
  NEW.approver := (SELECT d.request_approver FROM centre.dataset d WHERE d.code = NEW.dataset
                   AND EXISTS (SELECT FROM centre.dimension m WHERE m.dataset = d.code AND m.name = ANY (NEW.dims) AND (m.approval OR m.sensitive)));
  IF NEW.approver = NEW.requested_by THEN
    RAISE EXCEPTION 'nobody approves a request of his own' USING ERRCODE = 'insufficient_privilege', HINT = 'Another login asks, or another approves.';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.request_check() IS
  'trigger of cube_request: refuses what the declarations do not allow and says what to change, sets who has to approve, at most 20 requests of a login a day. Definer: analysts read no declaration; nobody may execute it, or it could be hung on a table of one''s own, whose casts would run as its owner';
CREATE TRIGGER civic_check BEFORE INSERT ON centre.cube_request FOR EACH ROW EXECUTE FUNCTION centre.request_check();

CREATE FUNCTION centre.request_cube(dataset text, dims text[], measures text[], period_unit text, days daterange, levels text[] DEFAULT '{}') RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO centre.cube_request (dataset, dims, measures, period_unit, days, levels) VALUES ($1, $2, $3, $4, $5, $6);
END;
COMMENT ON FUNCTION centre.request_cube(text, text[], text[], text, daterange, text[]) IS
  'ask for a cube of a dataset that is open to requests: its dimensions (of observation the breakdowns), measures (of observation indicators), a unit of period, the days, and levels of area. Answered from the next tick() of the publisher on, after approval where a dimension needs it; see dash.cube_request. At most 20 a day';

CREATE FUNCTION centre.decide_request(of_request bigint, approve boolean, note text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.cube_request q SET approved_at = clock_timestamp(), answered_at = CASE WHEN NOT approve THEN clock_timestamp() END,
      reason = CASE WHEN NOT approve THEN 'not approved' || coalesce(': ' || nullif(note, ''), '') END
    WHERE q.request_id = of_request AND q.approver = session_user AND q.approved_at IS NULL AND approve IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'request % does not wait for a decision of %', of_request, session_user USING ERRCODE = 'insufficient_privilege',
      HINT = 'centre.request_open lists those that do.';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.decide_request(bigint, boolean, text) IS 'approve a request, or refuse it with a note that the analyst reads; only the login that centre.dataset names, whatever role it has set. Definer: approvers write nothing else of a request';

CREATE VIEW centre.request_open WITH (security_barrier) AS
  SELECT q.request_id, dash.fenced(q.requested_by) AS requested_by, dash.fenced(q.requested_at) AS requested_at, dash.fenced(q.dataset) AS dataset, dash.fenced(q.dims) AS dims,
         dash.fenced(q.measures) AS measures, dash.fenced(q.levels) AS levels, dash.fenced(q.period_unit) AS period_unit, dash.fenced(q.days) AS days
  FROM centre.cube_request q WHERE q.approver = session_user AND q.approved_at IS NULL;
COMMENT ON VIEW centre.request_open IS 'requests that wait for the login''s approval, see centre.decide_request()';

CREATE FUNCTION centre.request_declare(q centre.cube_request) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made text := format('request_%s', q.request_id);
  o boolean := q.dataset = 'observation';
BEGIN
  INSERT INTO centre.cube (code, audience, dataset, indicators, breakdowns, dims, measures, levels, period_unit)
    VALUES (made, 'analyst', q.dataset, CASE WHEN o THEN q.measures ELSE '{}' END, CASE WHEN o THEN ARRAY['all'] || array_remove(q.dims, 'all') ELSE '{all}' END,
            CASE WHEN o THEN '{}' ELSE q.dims END, CASE WHEN o THEN '{subjects}' ELSE q.measures END, q.levels, q.period_unit);
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.request_declare(centre.cube_request) IS 'declares the cube that a request asks for';

-- One period, protected together with all retained releases.
CREATE FUNCTION centre.answer_period(INOUT q centre.cube_request)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  began timestamptz := clock_timestamp();
  span daterange;
  budget interval := (SELECT d.request_budget FROM centre.dataset d WHERE d.code = q.dataset);
BEGIN
  q.cube := coalesce(q.cube, centre.request_declare(q));
  span := centre.period_of(q.period_unit, coalesce(q.next_day, lower(q.days)));
  CALL centre.publish(q.cube, lower(span));
  q.next_day := upper(span);
  q.spent := q.spent + (clock_timestamp() - began);
  IF q.next_day >= upper(q.days) OR q.spent > budget THEN
    IF coalesce((SELECT sum(t.cells - t.withheld) FROM centre.release r JOIN centre.release_report t USING (release_id) WHERE r.cube = q.cube), 0) = 0 THEN
      RAISE EXCEPTION 'every value would have to be withheld' USING ERRCODE = 'no_data_found';
    END IF;
    q.reason := CASE WHEN q.next_day < upper(q.days) THEN format('it took longer than a request may: released are the days before %s; ask for the others by themselves, or for fewer dimensions', q.next_day) END;
    q.answered_at := clock_timestamp();
  END IF;
END
$$;
COMMENT ON FUNCTION centre.answer_period(centre.cube_request) IS 'declares what a request asks for, if that is not done, and publishes its next period; gives the request as it stands then. An error where it cannot be';

CREATE FUNCTION centre.answer_request() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  q centre.cube_request;
  newest bigint := (SELECT max(r.release_id) FROM centre.release r);
  refusal text;
BEGIN
  SELECT * INTO q FROM centre.cube_request r WHERE r.answered_at IS NULL AND (r.approver IS NULL OR r.approved_at IS NOT NULL)
    ORDER BY r.request_id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  BEGIN
    q := centre.answer_period(q);
  EXCEPTION
    WHEN serialization_failure THEN RETURN 0;
    -- what the declaration says is told; what the data say is not
    WHEN invalid_parameter_value OR undefined_column OR object_not_in_prerequisite_state THEN refusal := SQLERRM;
    WHEN no_data_found THEN refusal := 'every value would have to be withheld: ask for fewer dimensions, larger areas or longer periods';
    WHEN data_exception OR SQLSTATE 'SU000' THEN refusal := 'it cannot be protected together with what has been released: ask for fewer dimensions, larger areas or other days';
    -- one request must not keep the others waiting
    WHEN OTHERS THEN
      refusal := 'it could not be answered: ask the publisher';
      RAISE WARNING 'request % failed with SQLSTATE %', q.request_id, SQLSTATE;
  END;
  -- what was published meanwhile may be the reason: the next tick tries again
  IF refusal IS NOT NULL AND (SELECT max(r.release_id) FROM centre.release r) > coalesce(newest, 0) THEN
    RETURN 0;
  END IF;
  IF refusal IS NOT NULL AND q.cube IS NOT NULL THEN
    refusal := format('%s; released are the days before %s', refusal, q.next_day);
  END IF;
  UPDATE centre.cube_request r SET cube = q.cube, next_day = q.next_day, spent = q.spent, reason = coalesce(refusal, q.reason),
      answered_at = CASE WHEN refusal IS NULL THEN q.answered_at ELSE clock_timestamp() END
    WHERE r.request_id = q.request_id;
  RETURN 1;
END
$$;
COMMENT ON FUNCTION centre.answer_request() IS
  'publish the next period of the first request that waits, or refuse it with a reason; gives 0 where none waits. tick() calls it again and again, each time in a transaction of its own. Runs as its caller, who needs civic_publisher';

CREATE FUNCTION centre.answer_requests() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  waiting bigint := (SELECT count(*) FROM centre.cube_request r WHERE r.answered_at IS NULL AND (r.approver IS NULL OR r.approved_at IS NOT NULL));
BEGIN
  WHILE centre.answer_request() > 0 LOOP
    NULL;
  END LOOP;
  RETURN waiting - (SELECT count(*) FROM centre.cube_request r WHERE r.answered_at IS NULL AND (r.approver IS NULL OR r.approved_at IS NOT NULL));
END
$$;
COMMENT ON FUNCTION centre.answer_requests() IS 'answers the requests that wait, all in this transaction, each with releases or a reason for refusal; returns their number. For use by hand; tick() takes a transaction for each period';

CREATE VIEW dash.cube_request WITH (security_barrier) AS
  SELECT q.request_id::integer AS request, dash.fenced(q.requested_at) AS "time", dash.fenced(q.dataset) AS dataset, dash.fenced(q.dims) AS dims, dash.fenced(q.measures) AS measures, dash.fenced(q.levels) AS levels,
         dash.fenced(q.period_unit) AS period_unit, dash.fenced(lower(q.days)) AS from_day, dash.fenced(upper(q.days) - 1) AS until_day,
         dash.fenced(CASE WHEN q.answered_at IS NULL THEN CASE WHEN q.approver IS NOT NULL AND q.approved_at IS NULL THEN 'waits for approval' ELSE 'waiting' END
           WHEN q.cube IS NULL THEN 'refused' WHEN q.reason IS NOT NULL THEN 'partly released' ELSE 'released' END) AS state, dash.fenced(q.cube) AS cube, dash.fenced(q.reason) AS reason
  FROM centre.cube_request q WHERE q.requested_by = session_user;
COMMENT ON VIEW dash.cube_request IS 'the login''s own requests for cubes and their answers, whatever role it has set';

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
  UNION ALL
  SELECT r.period, 'must_publish ' || m.levels::text, m.cells, m.withheld, round(m.withheld::numeric / nullif(m.cells, 0), 3), format('costs %s other values', m.price)
  FROM centre.release r JOIN centre.release_must m USING (release_id) WHERE r.cube = $1 AND r.current
  ORDER BY 1 DESC, 4 DESC, 2;
END;
COMMENT ON FUNCTION centre.publication_advice(text) IS
  'of the current releases of a cube: how much of each table (level of area × dimensions) is withheld, and what to coarsen; what must_publish did, and how many other values it cost; for the publisher, never for readers';

GRANT USAGE ON SCHEMA centre TO civic_analyst;
GRANT INSERT (dataset, dims, measures, levels, period_unit, days) ON centre.cube_request TO civic_analyst;
GRANT EXECUTE ON FUNCTION centre.request_cube(text, text[], text[], text, daterange, text[]) TO civic_analyst;
GRANT SELECT, UPDATE ON centre.cube_request TO civic_publisher;
GRANT INSERT ON centre.cube TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.answer_requests(), centre.answer_request(), centre.answer_period(centre.cube_request), centre.request_declare(centre.cube_request), centre.publication_advice(text), centre.cube_check() TO civic_publisher;
GRANT SELECT ON centre.request_open TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.decide_request(bigint, boolean, text) TO civic_approver;
GRANT USAGE ON SCHEMA centre TO civic_approver;

INSERT INTO centre.tick_job (step, place, routine, runner, again) VALUES ('requests', 120, 'centre.answer_request', 'civic_publisher', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, runner = excluded.runner, again = excluded.again;

CREATE VIEW centre.figure_publication AS
  SELECT 'release_age_s' AS code, extract(epoch FROM clock_timestamp() - max(r.published_at))::float8 AS value, 's' AS unit, max(r.published_at) AS "time" FROM centre.release r;
COMMENT ON VIEW centre.figure_publication IS 'figures of centre.health(): seconds since the last release';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_publication') ON CONFLICT DO NOTHING;
