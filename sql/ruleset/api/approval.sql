-- The life-cycle of versions, second half: another person approves, and time puts them in force and retires them.

CREATE FUNCTION centre.return_policy(given centre.policy, because text, note text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.policy SET status = 'tested', valid = NULL, approver = NULL, approved_at = NULL, emergency = NULL, acknowledged = false, accepted_loss = 0, accepted_changes = '{}', accepted_aged = '{}' WHERE ruleset_id = given.ruleset_id;
  -- the one before goes on, until the one that comes next
  UPDATE centre.policy SET valid = tstzrange(lower(valid), upper(given.valid)) WHERE code = given.code AND upper(valid) = lower(given.valid);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (given.ruleset_id, because, return_policy.note);
END
$$;
COMMENT ON FUNCTION centre.return_policy(centre.policy, text, text) IS 'inner part of the life-cycle: an approved version that is not in force yet is only tested again, so that it may be approved anew; the one before goes on';

CREATE FUNCTION centre.make_way(given centre.policy, start timestamptz, emergency text, waiting text) RETURNS tstzrange
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  later centre.policy;
BEGIN
  FOR later IN SELECT * FROM centre.policy p WHERE p.code = given.code AND lower(p.valid) >= start ORDER BY lower(p.valid) DESC FOR UPDATE LOOP
    IF emergency IS NULL THEN
      RAISE EXCEPTION 'version % is to come into force at %', later.ruleset_id, lower(later.valid) USING ERRCODE = 'exclusion_violation',
        DETAIL = format('Version %s would start at %s, before it.', given.ruleset_id, start), HINT = 'Withdraw it, let this one start later, or give the reason for an emergency.';
    ELSIF waiting = 'returns' THEN
      PERFORM centre.return_policy(later, 'returned', format('version %s goes before it: %s', given.ruleset_id, emergency));
    ELSIF waiting IS DISTINCT FROM 'follows' THEN
      RAISE EXCEPTION 'version % waits to come into force at %', later.ruleset_id, lower(later.valid) USING ERRCODE = 'object_not_in_prerequisite_state',
        DETAIL = format('Version %s would go before it.', given.ruleset_id),
        HINT = 'Say what becomes of the one that waits: waiting => ''follows'' (at its time, after this one) or waiting => ''returns'' (it has to be approved anew).';
    END IF;
  END LOOP;
  UPDATE centre.policy SET valid = tstzrange(lower(valid), start) WHERE code = given.code AND valid @> start AND lower(valid) IS DISTINCT FROM start;
  RETURN tstzrange(start, (SELECT min(lower(p.valid)) FROM centre.policy p WHERE p.code = given.code AND lower(p.valid) >= start));
END
$$;
COMMENT ON FUNCTION centre.make_way(centre.policy, timestamptz, text, text) IS
  'inner part of approve_policy(): ends the version before at start, and sees to those that wait: only an emergency goes before them, and they follow or are returned; gives when this one is in force';

CREATE FUNCTION centre.approve_policy(of_ruleset integer, start timestamptz DEFAULT NULL, emergency text DEFAULT NULL, acknowledge boolean DEFAULT false, waiting text DEFAULT NULL) RETURNS tstzrange
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  notice interval := (SELECT s.notice FROM centre.policy_setting s);
  given centre.policy;
  known timestamptz;
  earliest timestamptz;
  in_force tstzrange;
  noted record;
BEGIN
  PERFORM centre.lock_policies();
  given := centre.lock_policy(of_ruleset, '{tested}');
  -- after the lock: no decision was made by the old version later than this
  known := clock_timestamp();
  IF given.author = session_user THEN
    RAISE EXCEPTION 'nobody approves what he wrote' USING ERRCODE = 'insufficient_privilege', DETAIL = format('Version %s was written by %s.', of_ruleset, given.author), HINT = 'Another login approves it.';
  END IF;
  IF emergency !~ '\S' THEN
    RAISE EXCEPTION 'an emergency needs its reason' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'The reason given is empty or blank.', HINT = 'Say why it cannot wait for its notice, or leave emergency out.';
  END IF;
  IF acknowledge IS NULL OR waiting NOT IN ('follows', 'returns') OR NOT isfinite(start) THEN
    RAISE EXCEPTION 'version % is not approved so', of_ruleset USING ERRCODE = 'invalid_parameter_value', DETAIL = format('Start: %s; acknowledge: %s; waiting: %s.', start, acknowledge, waiting),
      HINT = 'A start is an instant, acknowledge is true or false, and what waits follows or returns.';
  END IF;
  earliest := CASE WHEN emergency IS NULL THEN known + notice ELSE known END;
  start := coalesce(start, earliest);
  IF start < earliest THEN
    RAISE EXCEPTION 'version % would come into force without notice', of_ruleset USING ERRCODE = 'check_violation', DETAIL = format('%s is less than %s from now.', start, notice),
      HINT = 'Let it start later, or give the reason for an emergency; nothing starts in the past.';
  END IF;
  in_force := centre.make_way(given, start, emergency, waiting);
  -- a room that decides by its kind refuses here, by a trigger, what was not acknowledged
  UPDATE centre.policy p SET status = 'approved', valid = in_force, approver = session_user, approved_at = known,
    emergency = approve_policy.emergency, acknowledged = acknowledge WHERE p.ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, CASE WHEN emergency IS NULL THEN 'approved' ELSE 'emergency' END, emergency);
  FOR noted IN SELECT * FROM centre.policy_warnings(of_ruleset) LOOP
    RAISE WARNING 'version %: %: %', of_ruleset, noted.path, noted.warning;
  END LOOP;
  RETURN in_force;
END
$$;
COMMENT ON FUNCTION centre.approve_policy(integer, timestamptz, text, boolean, text) IS
  'approve a tested version, by another login than its author''s; it comes into force at start (default: after the notice), or without notice where emergency says why; an emergency goes before versions that wait, '
  'which follow at their time or are returned to be approved anew, as waiting says; of access codes refused while its impact is not known, or is great and not acknowledged; gives when it is in force';

CREATE FUNCTION centre.withdraw_policy(of_ruleset integer, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy;
BEGIN
  IF reason IS NULL OR reason !~ '\S' THEN
    RAISE EXCEPTION 'a version is withdrawn for a reason' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'The reason given is empty or blank.', HINT = 'Say why; it is kept in centre.policy_event.';
  END IF;
  PERFORM centre.lock_policies();
  given := centre.lock_policy(of_ruleset, '{draft,tested,approved}');
  IF given.status <> 'approved' THEN
    UPDATE centre.policy SET status = 'retired', shadow = false WHERE ruleset_id = of_ruleset;
    INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'withdrawn', reason);
  ELSIF lower(given.valid) <= clock_timestamp() THEN
    RAISE EXCEPTION 'version % is in force since %', of_ruleset, lower(given.valid) USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Approve another version in its place.';
  ELSE
    PERFORM centre.return_policy(given, 'withdrawn', reason);
  END IF;
END
$$;
COMMENT ON FUNCTION centre.withdraw_policy(integer, text) IS
  'take back a version that is approved and not in force yet: it is tested, may be approved again, and the one before goes on; one that is not approved is given up for good';

CREATE FUNCTION centre.hold_policy(of_ruleset integer, note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.lock_policies();
  PERFORM centre.return_policy(centre.lock_policy(of_ruleset, '{approved}'), 'held', note);
END
$$;
COMMENT ON FUNCTION centre.hold_policy(integer, text) IS
  'for whoever decides by policies: a version whose time has come does not come into force, because it takes away more than its approver acknowledged; it is tested again, and the one before goes on. Never one that was in force';

CREATE FUNCTION centre.turn_policies(clock timestamptz, enter boolean DEFAULT true) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH due AS (
    SELECT p.ruleset_id, CASE WHEN p.valid @> clock THEN 'live' WHEN lower(p.valid) > clock THEN 'approved' ELSE 'retired' END AS status
    FROM centre.policy p WHERE p.valid IS NOT NULL AND (p.status IN ('live', 'retired') OR enter AND p.status = 'approved')),
  turned AS (
    UPDATE centre.policy p SET status = d.status FROM due d WHERE d.ruleset_id = p.ruleset_id AND d.status <> p.status RETURNING p.ruleset_id, p.status)
  INSERT INTO centre.policy_event (ruleset_id, action) SELECT ruleset_id, status FROM turned;
END;
COMMENT ON FUNCTION centre.turn_policies(timestamptz, boolean) IS 'approved versions whose time has come are live (only where they enter: whoever decides by them has measured them), live ones whose time is over retired; which one is in force is what policy.valid says';

GRANT EXECUTE ON FUNCTION centre.approve_policy(integer, timestamptz, text, boolean, text), centre.withdraw_policy(integer, text) TO civic_approver;
GRANT INSERT ON centre.policy_event TO civic_ticker;
GRANT UPDATE (status) ON centre.policy TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.turn_policies(timestamptz, boolean), centre.hold_policy(integer, text) TO civic_ticker;
