-- What is due, from cron or a timer: nothing needs a background worker.  The steps are the rows of centre.tick_job.

CREATE FUNCTION centre.tick_round(step text, item text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  job centre.tick_job := (SELECT j FROM centre.tick_job j WHERE j.step = tick_round.step);
  handled bigint;
BEGIN
  IF job.step IS NULL THEN
    RAISE EXCEPTION 'there is no step "%"', step USING ERRCODE = 'no_data_found',
      HINT = format('The steps are %s.', (SELECT string_agg(j.step, ', ' ORDER BY j.place, j.step) FROM centre.tick_job j));
  END IF;
  -- names of centre.tick_job alone, which only the owner writes
  IF job.items IS NULL THEN
    EXECUTE format('SELECT %I.%I()', split_part(job.routine, '.', 1), split_part(job.routine, '.', 2)) INTO handled;
  ELSE
    EXECUTE format('SELECT %I.%I($1)', split_part(job.routine, '.', 1), split_part(job.routine, '.', 2)) INTO handled USING item;
  END IF;
  RETURN handled;
END
$$;
COMMENT ON FUNCTION centre.tick_round(text, text) IS 'inner part of tick(): do a step once (intake: of one source), without ending the transaction; gives how much it handled, null where nothing was due';

CREATE FUNCTION centre.tick_items(step text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  list text := (SELECT j.items FROM centre.tick_job j WHERE j.step = tick_items.step);
  items text[] := '{NULL}';
BEGIN
  IF list IS NOT NULL THEN
    EXECUTE format('SELECT ARRAY(SELECT i FROM %I.%I() AS i ORDER BY i)', split_part(list, '.', 1), split_part(list, '.', 2)) INTO items;
  END IF;
  RETURN items;
END
$$;
COMMENT ON FUNCTION centre.tick_items(text) IS 'inner part of tick(): what a step is done for, one after the other; a null alone where it is done once';

CREATE PROCEDURE centre.tick_step(step text, item text DEFAULT NULL, again boolean DEFAULT false)
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
      handled := centre.tick_round(step, item);
    EXCEPTION WHEN OTHERS THEN
      handled := 0;
      failed := sqlstate;
      RAISE WARNING 'the step % failed with SQLSTATE %', step, failed USING HINT = format('See why by hand: SELECT centre.tick_round(%L%s)', step, coalesce(', ' || quote_literal(item), ''));
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
  due text;
  of_item text;
  repeated boolean;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  FOREACH due IN ARRAY ARRAY(SELECT j.step FROM centre.tick_job j WHERE j.runner IS NULL OR pg_has_role(j.runner, 'USAGE') ORDER BY j.place, j.step) LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    repeated := (SELECT j.again FROM centre.tick_job j WHERE j.step = due);
    FOREACH of_item IN ARRAY centre.tick_items(due) LOOP
      CALL centre.tick_step(due, of_item, repeated);
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.tick() IS
  'do what is due, step by step as centre.tick_job says: partitions and, once a day, retention (when called by the owner), waiting payloads, pending cells, competencies of officials, facts of workers, access codes, checks at gates, the impact of policies, requests for cubes (when called by a publisher), baselines and alarms; '
  'each step is noted in centre.tick_log, and one that fails does not keep the others from running. Call it at top level, every minute or so, from pg_cron, cron or a systemd timer';

GRANT SELECT ON centre.tick_job TO civic_ticker;
GRANT INSERT ON centre.tick_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.tick_round(text, text), centre.tick_items(text) TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.tick_step(text, text, boolean) TO civic_ticker;
