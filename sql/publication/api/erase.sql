-- Erasing a person from what releases remember.

-- The release before must stay comparable with the next one.  So the state keeps a contributor with the same sums, under another
-- number: the next release finds that one person left, as after any correction.
CREATE FUNCTION centre.erase_ledger(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handled bigint;
BEGIN
  UPDATE centre.ledger_leaf h
    SET sums = (SELECT civic.k_sum(coalesce(numbers[array_position(persons, a.subject_id)], a.subject_id), a.amount) FROM centre.subject_amounts(h.sums) AS a)
    WHERE EXISTS (SELECT FROM centre.subject_amounts(h.sums) AS a WHERE a.subject_id = ANY (persons));
  GET DIAGNOSTICS handled = ROW_COUNT;
  RETURN jsonb_build_object('ledger_leaf', handled);
END
$$;
COMMENT ON FUNCTION centre.erase_ledger(bigint[], bigint[]) IS 'part of erase(): puts a number that leads to nobody in a person''s place in the stored states of releases';

CREATE FUNCTION centre.erase_wait_release() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE centre.release IN SHARE MODE;
END
$$;
COMMENT ON FUNCTION centre.erase_wait_release() IS 'part of erase(): no release is being made';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_release', 'wait', 20, false),
  ('centre.erase_ledger', 'after', 20, true)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;

CREATE FUNCTION centre.disclose_ledger(persons bigint[]) RETURNS SETOF jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT to_jsonb(h) - 'sums' || jsonb_build_object('subject_id', a.subject_id, 'amount', a.amount)
  FROM centre.ledger_leaf h CROSS JOIN LATERAL centre.subject_amounts(h.sums) AS a WHERE a.subject_id = ANY (persons);
END;
COMMENT ON FUNCTION centre.disclose_ledger(bigint[]) IS 'part of disclose(): in what releases a person was counted, and with what';
INSERT INTO centre.disclose_job VALUES ('ledger_leaf', 'centre.disclose_ledger') ON CONFLICT (relation) DO UPDATE SET routine = excluded.routine;
