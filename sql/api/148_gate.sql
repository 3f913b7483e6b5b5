-- The gate: one check of a pass, colour only.

CREATE FUNCTION centre.gate_check(pass_no text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  clock timestamptz := clock_timestamp();
  worker bigint;
  shown text;
BEGIN
  SELECT p.worker_id, civic.colour_at(a.code, clock) INTO worker, shown
    FROM centre.work_pass p LEFT JOIN centre.access a ON a.worker_id = p.worker_id
    WHERE p.pass_no = gate_check.pass_no AND NOT p.withdrawn AND p.valid_until > clock;
  shown := coalesce(shown, 'grey');
  -- The check does not wait until the disk has the log.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO centre.gate_log (checked_at, worker_id, colour) VALUES (clock, worker, shown);
  RETURN shown;
END
$$;
COMMENT ON FUNCTION centre.gate_check(text) IS
  'the colour to show at a gate for the number of a work pass: green, yellow, red, or grey when it cannot be determined, which covers numbers that are no valid pass; noted in centre.gate_log without waiting for the disk; null for null';
GRANT EXECUTE ON FUNCTION centre.gate_check(text) TO civic_gate;
