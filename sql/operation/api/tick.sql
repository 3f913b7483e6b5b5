-- What is due, from cron or a timer: nothing needs a background worker.  The steps are the rows of centre.tick_job.
--
-- A round is three transactions: its start is noted, its work done, its end noted.  So a cancel, a timeout, a lost connection and a crash leave a trace,
-- and what a step did stands or falls as a whole.

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

CREATE FUNCTION centre.tick_begin(step text, item text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO centre.tick_log (step, item, started_at) VALUES (step, item, clock_timestamp()) RETURNING round_id;
END;
COMMENT ON FUNCTION centre.tick_begin(text, text) IS 'inner part of tick(): notes that a round begins; gives its number';

CREATE FUNCTION centre.tick_end(of_round bigint, of_handled bigint, failed text DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  DELETE FROM centre.tick_log l WHERE l.round_id = of_round AND of_handled IS NULL;
  UPDATE centre.tick_log l SET finished_at = clock_timestamp(), handled = of_handled, error = failed WHERE l.round_id = of_round;
END;
COMMENT ON FUNCTION centre.tick_end(bigint, bigint, text) IS 'inner part of tick(): notes how a round ended; one for which nothing was due leaves no trace';

-- A lock of a row that lasts as long as the round: nothing is left to clear away after a crash, and no login without the right can take it.
CREATE FUNCTION centre.tick_turn() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.turn (work) VALUES ('tick') ON CONFLICT DO NOTHING;
  PERFORM FROM centre.turn t WHERE t.work = 'tick' FOR NO KEY UPDATE SKIP LOCKED;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.tick_turn() IS 'inner part of tick(): hold the turn of ticks until the end of the transaction; false where another tick is at work';

CREATE FUNCTION centre.tick_unfinished(of_step text, of_item text DEFAULT NULL) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT count(*) FROM centre.tick_log l
  WHERE l.step = of_step AND l.item IS NOT DISTINCT FROM of_item AND (l.finished_at IS NULL OR l.error = '57014')
    AND l.round_id > coalesce((SELECT max(g.round_id) FROM centre.tick_log g
      WHERE g.step = of_step AND g.item IS NOT DISTINCT FROM of_item AND g.finished_at IS NOT NULL AND g.error IS DISTINCT FROM '57014'), 0);
END;
COMMENT ON FUNCTION centre.tick_unfinished(text, text) IS 'rounds of a step that were cut off or cancelled since the last that came to its end, and the one that runs';

CREATE PROCEDURE centre.tick_step(step text, item text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
  job centre.tick_job;
  deadline timestamptz;
  this_round bigint;
  handled bigint;
  failed text;
BEGIN
  -- A procedure that commits cannot have a SET clause, so each transaction sets the path first.
  SET LOCAL search_path = pg_catalog, pg_temp;
  job := (SELECT j FROM centre.tick_job j WHERE j.step = tick_step.step);
  deadline := clock_timestamp() + job.budget;
  LOOP
    this_round := centre.tick_begin(step, item);
    COMMIT;
    SET LOCAL search_path = pg_catalog, pg_temp;
    IF NOT centre.tick_turn() THEN
      PERFORM centre.tick_end(this_round, 0, '55P03');
      COMMIT;
      RAISE EXCEPTION 'another tick is at work' USING ERRCODE = 'lock_not_available', HINT = 'Nothing is lost: it does what is due.';
    END IF;
    -- An error undoes this round and no other: it is tried again by the next tick(). Its message may carry what people reported, so only its code is kept.
    BEGIN
      handled := centre.tick_round(step, item);
    EXCEPTION
      WHEN OTHERS OR query_canceled THEN
        handled := 0;
        failed := sqlstate;
        RAISE WARNING 'the step % failed with SQLSTATE %', step, failed USING HINT = format('See why by hand: SELECT centre.tick_round(%L%s)', step, coalesce(', ' || quote_literal(item), ''));
    END;
    COMMIT;
    SET LOCAL search_path = pg_catalog, pg_temp;
    PERFORM centre.tick_end(this_round, handled, failed);
    COMMIT;
    IF failed = '57014' THEN
      RAISE EXCEPTION 'the tick was cancelled in its step %', step USING ERRCODE = 'query_canceled', HINT = 'The next tick does this step last.';
    END IF;
    EXIT WHEN NOT job.again OR failed IS NOT NULL OR coalesce(handled, 0) = 0 OR clock_timestamp() >= deadline;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.tick_step(text, text) IS
  'inner part of tick(): rounds of a step, each with its start and end in centre.tick_log; one that fails is undone and noted with its SQLSTATE, and raises nothing, unless the statement was cancelled';

CREATE PROCEDURE centre.tick()
LANGUAGE plpgsql AS $$
DECLARE
  isolation text;
  this_tick bigint;
  due text;
  of_item text;
  steps text[];
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF NOT centre.tick_turn() THEN
    RAISE NOTICE 'another tick is at work; this one does nothing';
    RETURN;
  END IF;
  -- whatever a database has as its default: locks of rows are waited for, not failed at
  isolation := current_setting('default_transaction_isolation');
  PERFORM set_config('default_transaction_isolation', 'read committed', false);
  this_tick := centre.tick_begin('tick');
  -- steps that were cut off come last, so that they do not keep the others from running
  steps := ARRAY(SELECT j.step FROM centre.tick_job j WHERE j.runner IS NULL OR pg_has_role(j.runner, 'USAGE')
                 ORDER BY EXISTS (SELECT FROM centre.tick_log l WHERE l.step = j.step AND (l.finished_at IS NULL OR l.error = '57014')
                                  AND l.round_id > coalesce((SELECT max(t.round_id) FROM centre.tick_log t WHERE t.step = 'tick' AND t.finished_at IS NOT NULL), 0)), j.place, j.step);
  COMMIT;
  FOREACH due IN ARRAY steps LOOP
    SET LOCAL search_path = pg_catalog, pg_temp;
    FOREACH of_item IN ARRAY centre.tick_items(due) LOOP
      CALL centre.tick_step(due, of_item);
    END LOOP;
  END LOOP;
  SET LOCAL search_path = pg_catalog, pg_temp;
  PERFORM centre.tick_end(this_tick, cardinality(steps));
  PERFORM set_config('default_transaction_isolation', isolation, false);
END
$$;
COMMENT ON PROCEDURE centre.tick() IS
  'do what is due, step by step as centre.tick_job says: partitions and, once a day, retention (when called by the owner), waiting payloads, pending cells, competencies of officials, facts of workers, access codes, checks at gates, the impact of policies, requests for cubes (when called by a publisher), baselines and alarms; '
  'each round is noted in centre.tick_log from its start, and a step that fails does not keep the others from running. Does nothing where another tick is at work. Call it at top level, every minute or so, from pg_cron, cron or a systemd timer';

GRANT SELECT ON centre.tick_job TO civic_ticker;
GRANT SELECT, INSERT, DELETE, UPDATE (finished_at, handled, error) ON centre.tick_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.tick_round(text, text), centre.tick_items(text), centre.tick_begin(text, text), centre.tick_end(bigint, bigint, text), centre.tick_turn(),
  centre.tick_unfinished(text, text) TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.tick_step(text, text) TO civic_ticker;
