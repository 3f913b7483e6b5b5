-- The gate: one check of a pass, colour only.

CREATE FUNCTION centre.gate_check(pass_no text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- The check does not wait until the disk has the log.  Assigned, not PERFORMed: that would run a query.
  waits text := set_config('synchronous_commit', 'off', true);
  shown text;
BEGIN
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

CREATE FUNCTION centre.log_gate_checks() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  logged bigint;
BEGIN
  WITH taken AS (
    DELETE FROM centre.gate_inbox RETURNING checked_at, login, worker_id, colour)
  INSERT INTO centre.gate_log (checked_at, login, worker_id, colour) SELECT t.checked_at, t.login, t.worker_id, t.colour FROM taken t ORDER BY t.checked_at;
  GET DIAGNOSTICS logged = ROW_COUNT;
  RETURN logged;
END
$$;
COMMENT ON FUNCTION centre.log_gate_checks() IS 'carry the checks of centre.gate_inbox into centre.gate_log, each once whoever calls it; gives how many';

GRANT EXECUTE ON FUNCTION centre.gate_check(text) TO civic_gate;
GRANT SELECT, DELETE ON centre.gate_inbox TO civic_ticker;
GRANT INSERT ON centre.gate_log TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.log_gate_checks() TO civic_ticker;

INSERT INTO centre.month_table (parent, key) VALUES ('gate_log', 'checked_at') ON CONFLICT (parent) DO UPDATE SET key = excluded.key;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('gate', 80, 'centre.log_gate_checks')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
