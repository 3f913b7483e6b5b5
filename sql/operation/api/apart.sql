-- One bad row never stops the others: a step works on many rows at once; where that fails, each half for itself, until the rows that fail are
-- alone, noted and left out.

CREATE FUNCTION centre.error_is_outside(failed text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN failed ~ '^(0A|25|28|40|42|53|55|57|58|F0)';
COMMENT ON FUNCTION centre.error_is_outside(text) IS 'does an SQLSTATE speak of the server, of locks, rights or missing objects, and not of data? Such an error is raised: the step is tried again as it is';

CREATE FUNCTION centre.apart() RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce(current_setting('civic.apart', true), '') <> 'off';
COMMENT ON FUNCTION centre.apart() IS 'whether rows that fail are left out; SET civic.apart = off has a step tried by hand raise the first error, and take what is left out as well';

CREATE FUNCTION centre.stuck_due(of_step text) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT s.key FROM centre.stuck_row s WHERE s.step = of_step AND (s.next_try <= clock_timestamp() OR NOT centre.apart());
END;
COMMENT ON FUNCTION centre.stuck_due(text) IS 'rows that a step left out, and that it tries again now';

CREATE FUNCTION centre.stuck_waiting(of_step text) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN ARRAY(SELECT s.key FROM centre.stuck_row s WHERE s.step = of_step AND s.next_try > clock_timestamp() AND centre.apart());
COMMENT ON FUNCTION centre.stuck_waiting(text) IS 'rows that a step left out, and that it does not try yet';

CREATE FUNCTION centre.note_stuck(of_step text, of_key bigint, what text, failed text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO centre.stuck_row AS s (step, key, what, error, next_try) VALUES (of_step, of_key, what, failed, clock_timestamp() + interval '10 minutes')
    ON CONFLICT (step, key) DO UPDATE SET what = excluded.what, error = excluded.error, tries = s.tries + 1, last_at = clock_timestamp(),
      next_try = clock_timestamp() + least(interval '10 minutes' * 2 ^ least(s.tries, 10), interval '1 day');
END;
COMMENT ON FUNCTION centre.note_stuck(text, bigint, text, text) IS 'inner part of work_apart(): a row that fails, by its number and SQLSTATE, since a message may carry what people reported';

CREATE FUNCTION centre.work_apart(of_step text, what text, work text, keys bigint[], context jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- more than so many in one round are no bad rows: the error is raised
  most constant integer := 100;
  call text := format('SELECT %I.%I($1, $2)', split_part(work, '.', 1), split_part(work, '.', 2));
  parts int4range[] := ARRAY[int4range(1, cardinality(keys) + 1)];
  part int4range;
  middle integer;
  done bigint;
  handled bigint := 0;
  stuck integer := 0;
BEGIN
  -- what was left out and is not to be done any more
  DELETE FROM centre.stuck_row s WHERE s.step = of_step AND s.next_try <= clock_timestamp() AND s.key <> ALL (keys);
  WHILE parts <> '{}' LOOP
    part := parts[cardinality(parts)];
    parts := parts[:cardinality(parts) - 1];
    CONTINUE WHEN isempty(part);
    BEGIN
      EXECUTE call USING keys[lower(part):upper(part) - 1], context INTO done;
      handled := handled + done;
      DELETE FROM centre.stuck_row s WHERE s.step = of_step AND s.key = ANY (keys[lower(part):upper(part) - 1]);
    EXCEPTION WHEN OTHERS THEN
      IF centre.error_is_outside(sqlstate) OR NOT centre.apart() THEN
        RAISE;
      END IF;
      IF upper(part) - lower(part) > 1 THEN
        middle := (lower(part) + upper(part)) / 2;
        parts := parts || int4range(middle, upper(part)) || int4range(lower(part), middle);
      ELSE
        stuck := stuck + 1;
        IF stuck > most THEN
          RAISE;
        END IF;
        PERFORM centre.note_stuck(of_step, keys[lower(part)], what, sqlstate);
        -- looked at, and done with for now
        handled := handled + 1;
      END IF;
    END;
  END LOOP;
  RETURN handled;
END
$$;
COMMENT ON FUNCTION centre.work_apart(text, text, text, bigint[], jsonb) IS
  'have the function work (schema.name, of numbers and a context, giving how much it handled) do the rows of a step; where it fails, each half for itself, until what fails is alone and noted in centre.stuck_row. '
  'Errors that speak of the server are raised, and so is one that more than a hundred rows have; gives how much was handled';

GRANT SELECT, INSERT, UPDATE, DELETE ON centre.stuck_row TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.error_is_outside(text), centre.apart(), centre.stuck_due(text), centre.stuck_waiting(text), centre.note_stuck(text, bigint, text, text),
  centre.work_apart(text, text, text, bigint[], jsonb) TO civic_ticker;
