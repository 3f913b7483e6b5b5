-- What is due, from cron or a timer: nothing needs a background worker.

CREATE FUNCTION centre.tick_done(step text, started_at timestamptz, handled bigint) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO centre.tick_log (step, started_at, handled) VALUES ($1, $2, $3);
END;
COMMENT ON FUNCTION centre.tick_done(text, timestamptz, bigint) IS 'note that a step of centre.tick() is done, in the step''s own transaction';

CREATE PROCEDURE centre.tick()
LANGUAGE plpgsql AS $$
DECLARE
  waiting text;
  report jsonb;
  began timestamptz := clock_timestamp();
  folded bigint;
  yesterday date;
BEGIN
  -- A procedure that commits cannot have a SET clause, so each transaction sets the path first.
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF pg_has_role('civic_admin', 'USAGE') THEN
    PERFORM centre.ensure_months((now() - interval '1 month')::date, (now() + interval '3 months')::date);
    PERFORM centre.ensure_partitions('decision', 'decided_at', (now() - interval '1 month')::date, (now() + interval '3 months')::date);
    PERFORM centre.ensure_partitions('gate_log', 'checked_at', (now() - interval '1 month')::date, (now() + interval '3 months')::date);
    DELETE FROM centre.tick_log WHERE finished_at < now() - interval '30 days';
    COMMIT;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END IF;
  FOR waiting IN SELECT DISTINCT source FROM centre.landing WHERE batch_id IS NULL LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    began := clock_timestamp();
    CALL centre.intake_apply(centre.open_batch(waiting), false, report);
    PERFORM centre.tick_done('intake', began, (report ->> 'received')::bigint);
    COMMIT;
  END LOOP;
  LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    began := clock_timestamp();
    folded := centre.drain_cells();
    PERFORM centre.tick_done('cells', began, folded);
    COMMIT;
    EXIT WHEN folded = 0;
  END LOOP;
  LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    began := clock_timestamp();
    folded := centre.refresh_official_competencies();
    PERFORM centre.tick_done('competencies', began, folded);
    COMMIT;
    EXIT WHEN folded = 0;
  END LOOP;
  LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    began := clock_timestamp();
    folded := centre.refresh_worker_facts();
    PERFORM centre.tick_done('worker_facts', began, folded);
    COMMIT;
    EXIT WHEN folded = 0;
  END LOOP;
  SET LOCAL search_path = pg_catalog, pg_temp;
  began := clock_timestamp();
  PERFORM centre.tick_done('access', began, centre.reevaluate());
  COMMIT;
  SET LOCAL search_path = pg_catalog, pg_temp;
  began := clock_timestamp();
  PERFORM centre.tick_done('impact', began, centre.assess_policies());
  COMMIT;
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF pg_has_role('civic_publisher', 'USAGE') THEN
    began := clock_timestamp();
    PERFORM centre.tick_done('requests', began, centre.answer_requests());
    COMMIT;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END IF;
  IF centre.baseline_due() THEN
    began := clock_timestamp();
    yesterday := (SELECT (now() AT TIME ZONE s.reporting_zone)::date - 1 FROM centre.site s);
    CALL centre.baseline_run(yesterday);
    PERFORM centre.tick_done('baselines', began, (SELECT l.changed FROM centre.baseline_log l ORDER BY l.run_id DESC LIMIT 1));
    COMMIT;
  END IF;
END
$$;
COMMENT ON PROCEDURE centre.tick() IS 'do what is due: partitions (when called by the owner), waiting payloads, pending cells, competencies of officials, facts of workers, access codes, the impact of policies, requests for cubes (when called by a publisher), baselines and alarms; each step is noted in centre.tick_log. Call it at top level, every minute or so, from pg_cron, cron or a systemd timer';

GRANT INSERT ON centre.tick_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.tick_done(text, timestamptz, bigint) TO civic_ticker;
