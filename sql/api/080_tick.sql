-- What is due, from cron or a timer: nothing needs a background worker.

CREATE PROCEDURE centre.tick()
LANGUAGE plpgsql AS $$
DECLARE
  waiting text;
  report jsonb;
BEGIN
  -- A procedure that commits cannot have a SET clause, so each transaction sets the path first.
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF pg_has_role('civic_admin', 'USAGE') THEN
    PERFORM centre.ensure_months((now() - interval '1 month')::date, (now() + interval '3 months')::date);
    COMMIT;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END IF;
  FOR waiting IN SELECT DISTINCT source FROM centre.landing WHERE batch_id IS NULL LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    CALL centre.intake_apply(centre.open_batch(waiting), false, report);
    COMMIT;
  END LOOP;
  LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    EXIT WHEN centre.drain_cells() = 0;
    COMMIT;
  END LOOP;
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF centre.baseline_due() THEN
    CALL centre.baseline_run((SELECT (now() AT TIME ZONE s.reporting_zone)::date - 1 FROM centre.site s));
    COMMIT;
  END IF;
END
$$;
COMMENT ON PROCEDURE centre.tick() IS 'do what is due: partitions (when called by the owner), waiting payloads, pending cells, baselines and alarms; call it at top level, every minute or so, from pg_cron, cron or a systemd timer';
