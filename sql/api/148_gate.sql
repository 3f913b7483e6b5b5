-- The gate: one check of a pass, colour only.

CREATE FUNCTION centre.gate_check(pass_no text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown text;
BEGIN
  -- The check does not wait until the disk has the log.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO centre.gate_log (checked_at, worker_id, colour)
    SELECT n.clock, p.worker_id, coalesce(civic.colour_at(a.code, n.clock), 'grey')
    FROM (SELECT clock_timestamp() AS clock) AS n
    LEFT JOIN centre.work_pass p ON p.pass_no = gate_check.pass_no AND NOT p.withdrawn AND p.valid_until > n.clock
    LEFT JOIN centre.access a ON a.worker_id = p.worker_id
    RETURNING colour INTO shown;
  RETURN shown;
END
$$;
COMMENT ON FUNCTION centre.gate_check(text) IS
  'the colour to show at a gate for the number of a work pass: green, yellow, red, or grey when it cannot be determined, which covers numbers that are no valid pass; noted in centre.gate_log without waiting for the disk; null for null';
GRANT EXECUTE ON FUNCTION centre.gate_check(text) TO civic_gate;
