-- The gate: one check of a pass, colour only.

CREATE FUNCTION centre.gate_check(pass_no text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- The check does not wait until the disk has the log.  Assigned, not PERFORMed: that would run a query.
  waits text := set_config('synchronous_commit', 'off', true);
  shown text;
  budget centre.gate_budget;
BEGIN
  SELECT * INTO budget FROM centre.gate_budget b WHERE b.login = session_user;
  IF budget.login IS NOT NULL
     AND nextval(budget.counter::regclass) - budget.base > budget.per_minute * (1 + greatest(floor(extract(epoch FROM clock_timestamp() - budget.since) / 60), 0)) THEN
    RAISE LOG 'centre.gate_check: login "%" has used up its budget', session_user;
    RAISE EXCEPTION 'login "%" has checked too many passes', session_user USING ERRCODE = 'configuration_limit_exceeded',
      DETAIL = format('%s a minute are allowed.', budget.per_minute), HINT = 'Wait a minute. The owner of the layer sets another limit with centre.set_gate_budget().';
  END IF;
  INSERT INTO centre.gate_inbox (checked_at, worker_id, colour)
    SELECT n.clock, p.worker_id, centre.shown_colour(a.code, v.ruleset_id, n.clock)
    FROM (SELECT clock_timestamp() AS clock) AS n
    LEFT JOIN centre.access_setting s ON true LEFT JOIN centre.policy v ON v.code = s.policy_code AND v.valid @> n.clock
    LEFT JOIN centre.work_pass p ON p.pass_no = gate_check.pass_no AND NOT p.withdrawn AND p.valid_until > n.clock
    LEFT JOIN centre.access a ON a.worker_id = p.worker_id
    RETURNING colour INTO shown;
  RETURN shown;
END
$$;
COMMENT ON FUNCTION centre.gate_check(text) IS
  'the colour to show at a gate for the number of a work pass: green, yellow, red, or grey when it cannot be determined, which covers numbers that are no valid pass; recomputing while a version is in force by which the code was not decided yet; noted in centre.gate_inbox without waiting for the disk; null for null';

CREATE FUNCTION centre.log_some_checks(checks bigint[], context jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  logged bigint;
BEGIN
  WITH taken AS (
    DELETE FROM centre.gate_inbox i WHERE i.check_id = ANY (checks) RETURNING i.checked_at, i.login, i.worker_id, i.colour)
  INSERT INTO centre.gate_log (checked_at, login, worker_id, colour) SELECT t.checked_at, t.login, t.worker_id, t.colour FROM taken t ORDER BY t.checked_at;
  GET DIAGNOSTICS logged = ROW_COUNT;
  RETURN logged;
END
$$;
COMMENT ON FUNCTION centre.log_some_checks(bigint[], jsonb) IS 'inner part of log_gate_checks(): carry some checks into centre.gate_log';

CREATE FUNCTION centre.log_gate_checks() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  logged bigint := centre.work_apart('gate', 'check at a gate', 'centre.log_some_checks',
    ARRAY(SELECT i.check_id FROM centre.gate_inbox i WHERE i.check_id <> ALL ((SELECT centre.stuck_waiting('gate'))::bigint[])));
BEGIN
  UPDATE centre.gate_budget b SET base = coalesce(pg_sequence_last_value(b.counter::regclass), 0), since = clock_timestamp()
    WHERE b.since <= clock_timestamp() - interval '1 minute' OR b.since > clock_timestamp();
  RETURN logged;
END
$$;
COMMENT ON FUNCTION centre.log_gate_checks() IS 'carry the checks of centre.gate_inbox into centre.gate_log, each once whoever calls it, and begin a new minute for those who have a budget; gives how many. One for which that fails stays where it is (centre.stuck_row)';

CREATE FUNCTION centre.set_gate_budget(of_login name, per_minute integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counter text := format('centre.gate_count_%s', (SELECT r.oid FROM pg_roles r WHERE r.rolname = of_login));
BEGIN
  IF counter IS NULL OR counter = 'centre.gate_count_' THEN
    RAISE EXCEPTION 'there is no role "%"', of_login USING ERRCODE = 'undefined_object';
  END IF;
  -- a number of a role, and no word of anybody's
  EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %s', counter);
  EXECUTE format('ALTER SEQUENCE %s OWNER TO civic_admin', counter);
  EXECUTE format('GRANT SELECT ON SEQUENCE %s TO civic_ticker', counter);
  INSERT INTO centre.gate_budget AS b (login, per_minute, counter) VALUES (of_login, set_gate_budget.per_minute, counter)
    ON CONFLICT (login) DO UPDATE SET per_minute = excluded.per_minute;
END
$$;
COMMENT ON FUNCTION centre.set_gate_budget(name, integer) IS
  'limit how many passes a login of a gate may check a minute; what it has not used is carried over until the next tick. Needs the owner. A pool that stands for many gates gets the sum of theirs';

GRANT EXECUTE ON FUNCTION centre.gate_check(text) TO civic_gate;
GRANT SELECT, DELETE ON centre.gate_inbox TO civic_ticker;
GRANT INSERT ON centre.gate_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.log_some_checks(bigint[], jsonb), centre.log_gate_checks() TO civic_ticker;
GRANT SELECT, UPDATE (base, since) ON centre.gate_budget TO civic_ticker;

INSERT INTO centre.month_table (parent, key) VALUES ('gate_log', 'checked_at') ON CONFLICT (parent) DO UPDATE SET key = excluded.key;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('gate', 80, 'centre.log_gate_checks')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
