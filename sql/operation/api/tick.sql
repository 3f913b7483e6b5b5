-- What is due, from cron or a timer: nothing needs a background worker.

CREATE FUNCTION centre.tick_round(step text, of_source text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  report jsonb;
  yesterday date;
BEGIN
  CASE step
    WHEN 'partitions' THEN
      PERFORM centre.ensure_months((now() - interval '1 month')::date, (now() + interval '3 months')::date);
      PERFORM centre.ensure_partitions('decision', 'decided_at', (now() - interval '1 month')::date, (now() + interval '3 months')::date);
      PERFORM centre.ensure_partitions('gate_log', 'checked_at', (now() - interval '1 month')::date, (now() + interval '3 months')::date);
      DELETE FROM centre.tick_log WHERE finished_at < now() - interval '30 days';
      RETURN 0;
    WHEN 'intake' THEN
      CALL centre.intake_apply(centre.open_batch(of_source), false, report);
      RETURN (report ->> 'received')::bigint;
    WHEN 'cells' THEN
      RETURN centre.drain_cells();
    WHEN 'competencies' THEN
      RETURN centre.refresh_official_competencies();
    WHEN 'worker_facts' THEN
      RETURN centre.refresh_worker_facts();
    WHEN 'access' THEN
      RETURN centre.reevaluate();
    WHEN 'gate' THEN
      RETURN centre.log_gate_checks();
    WHEN 'impact' THEN
      RETURN centre.assess_policies();
    WHEN 'requests' THEN
      RETURN centre.answer_requests();
    WHEN 'retention' THEN
      IF EXISTS (SELECT FROM centre.tick_log l WHERE l.step = 'retention' AND l.error IS NULL AND l.finished_at > now() - interval '1 day') THEN
        RETURN NULL;
      END IF;
      RETURN centre.apply_retention();
    WHEN 'baselines' THEN
      IF NOT centre.baseline_due() THEN
        RETURN NULL;
      END IF;
      yesterday := (SELECT (now() AT TIME ZONE s.reporting_zone)::date - 1 FROM centre.site s);
      CALL centre.baseline_run(yesterday);
      RETURN (SELECT l.changed FROM centre.baseline_log l ORDER BY l.run_id DESC LIMIT 1);
  END CASE;
END
$$;
COMMENT ON FUNCTION centre.tick_round(text, text) IS 'inner part of tick(): do a step once (intake: of one source), without ending the transaction; gives how much it handled, null where nothing was due';

CREATE PROCEDURE centre.tick_step(step text, of_source text DEFAULT NULL, again boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
  handled bigint;
  failed text;
BEGIN
  LOOP
    -- A procedure that commits cannot have a SET clause, so each transaction sets the path first.
    SET LOCAL search_path = pg_catalog, pg_temp;
    began := clock_timestamp();
    -- An error undoes this round and no other: it is tried again by the next tick(). Its message may carry what people reported, so only its code is kept.
    BEGIN
      handled := centre.tick_round(step, of_source);
    EXCEPTION WHEN OTHERS THEN
      handled := 0;
      failed := sqlstate;
      RAISE WARNING 'the step % failed with SQLSTATE %', step, failed USING HINT = format('See why by hand: SELECT centre.tick_round(%L%s)', step, coalesce(', ' || quote_literal(of_source), ''));
    END;
    INSERT INTO centre.tick_log (step, started_at, handled, error) SELECT step, began, handled, failed WHERE handled IS NOT NULL;
    COMMIT;
    EXIT WHEN NOT again OR failed IS NOT NULL OR handled = 0;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.tick_step(text, text, boolean) IS
  'inner part of tick(): a step in transactions of its own (again: until nothing is left), noted in centre.tick_log; one that fails is undone and noted with its SQLSTATE, and raises nothing';

CREATE PROCEDURE centre.tick()
LANGUAGE plpgsql AS $$
DECLARE
  sender text;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF pg_has_role('civic_admin', 'USAGE') THEN
    CALL centre.tick_step('partitions');
    CALL centre.tick_step('retention');
  END IF;
  FOREACH sender IN ARRAY ARRAY(SELECT DISTINCT source FROM centre.landing WHERE batch_id IS NULL ORDER BY source) LOOP
    CALL centre.tick_step('intake', sender);
  END LOOP;
  CALL centre.tick_step('cells', again => true);
  CALL centre.tick_step('competencies', again => true);
  CALL centre.tick_step('worker_facts', again => true);
  CALL centre.tick_step('access');
  CALL centre.tick_step('gate');
  CALL centre.tick_step('impact');
  IF pg_has_role('civic_publisher', 'USAGE') THEN
    CALL centre.tick_step('requests');
  END IF;
  CALL centre.tick_step('baselines');
END
$$;
COMMENT ON PROCEDURE centre.tick() IS
  'do what is due: partitions and, once a day, retention (when called by the owner), waiting payloads, pending cells, competencies of officials, facts of workers, access codes, checks at gates, the impact of policies, requests for cubes (when called by a publisher), baselines and alarms; '
  'each step is noted in centre.tick_log, and one that fails does not keep the others from running. Call it at top level, every minute or so, from pg_cron, cron or a systemd timer';

GRANT INSERT ON centre.tick_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.tick_round(text, text) TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.tick_step(text, text, boolean) TO civic_ticker;
