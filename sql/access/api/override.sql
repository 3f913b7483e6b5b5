-- Overrides that two persons make and that expire, and appeals that somebody else answers.

CREATE FUNCTION centre.request_override(of_worker bigint, to_colour text, until timestamptz, why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  longest interval := (SELECT s.max_override FROM centre.access_setting s);
  made bigint;
BEGIN
  IF why IS NULL OR why !~ '\S' THEN
    RAISE EXCEPTION 'an override needs its reason' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'The reason given is empty or blank.', HINT = 'The worker reads it.';
  ELSIF to_colour IS NULL OR to_colour NOT IN ('green', 'yellow', 'red', 'grey') THEN
    RAISE EXCEPTION '"%" is no colour', to_colour USING ERRCODE = 'invalid_parameter_value', HINT = 'Colours are green, yellow, red and grey' || coalesce(centre.perhaps(to_colour, '{green,yellow,red,grey}'), '');
  ELSIF NOT EXISTS (SELECT FROM centre.worker_fact f WHERE f.worker_id = of_worker) THEN
    RAISE EXCEPTION 'there is no worker %', of_worker USING ERRCODE = 'invalid_parameter_value', HINT = 'Workers are named by the number of centre.worker_fact.';
  END IF;
  IF until IS NULL OR until <= clock_timestamp() OR until > clock_timestamp() + longest THEN
    RAISE EXCEPTION 'an override must expire' USING ERRCODE = 'check_violation', DETAIL = format('It would end at %s.', coalesce(until::text, 'no time')), HINT = format('It may last for %s.', longest);
  END IF;
  INSERT INTO centre.access_override (worker_id, colour, reason, expires_at) VALUES (of_worker, to_colour, why, until) RETURNING override_id INTO made;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.request_override(bigint, text, timestamptz, text) IS 'ask for another colour of a worker until a time, saying why; it takes effect once another login confirms it; gives its number';

CREATE FUNCTION centre.confirm_override(of_override bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked centre.access_override;
BEGIN
  PERFORM centre.lock_policies();
  SELECT * INTO asked FROM centre.access_override o WHERE o.override_id = of_override FOR UPDATE;
  IF asked.override_id IS NULL OR asked.confirmed_by IS NOT NULL OR asked.ended_by IS NOT NULL OR asked.expires_at <= clock_timestamp() THEN
    RAISE EXCEPTION 'there is no override % to confirm', of_override USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It must have been asked for, and be neither confirmed nor ended nor expired.';
  END IF;
  IF asked.requested_by = session_user THEN
    RAISE EXCEPTION 'an override needs two persons' USING ERRCODE = 'insufficient_privilege', DETAIL = format('%s asked for it.', asked.requested_by), HINT = 'Another login confirms it.';
  END IF;
  IF EXISTS (SELECT FROM centre.access_override o WHERE o.worker_id = asked.worker_id AND o.during && tstzrange(clock_timestamp(), asked.expires_at)) THEN
    RAISE EXCEPTION 'another override of worker % is in force', asked.worker_id USING ERRCODE = 'exclusion_violation', HINT = 'End it first (centre.end_override).';
  END IF;
  UPDATE centre.access_override SET confirmed_by = session_user, during = tstzrange(clock_timestamp(), expires_at) WHERE override_id = of_override;
  INSERT INTO centre.worker_change (worker_id, cause) VALUES (asked.worker_id, 'override');
END
$$;
COMMENT ON FUNCTION centre.confirm_override(bigint) IS 'confirm an override that another login asked for; the next re-evaluation applies it, and it ends by itself';

CREATE FUNCTION centre.end_override(of_override bigint, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ended bigint;
BEGIN
  IF why IS NULL OR why !~ '\S' THEN
    RAISE EXCEPTION 'an override is ended for a reason' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'The reason given is empty or blank.', HINT = 'Say why; it is kept beside the override.';
  END IF;
  PERFORM centre.lock_policies();
  UPDATE centre.access_override SET ended_by = session_user, end_reason = why,
    during = CASE WHEN clock_timestamp() > lower(during) THEN tstzrange(lower(during), least(upper(during), clock_timestamp())) END
    WHERE override_id = of_override AND ended_by IS NULL RETURNING worker_id INTO ended;
  IF ended IS NULL THEN
    RAISE EXCEPTION 'there is no override % to end', of_override USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It may have been ended already.';
  END IF;
  INSERT INTO centre.worker_change (worker_id, cause) VALUES (ended, 'override');
END
$$;
COMMENT ON FUNCTION centre.end_override(bigint, text) IS 'end an override, or take back a request for one, before it expires; one person may: it returns to what the policy says';

-- ---- appeals ----

CREATE FUNCTION centre.lodge_appeal(of_worker bigint, statement text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  IF statement IS NULL OR statement !~ '\S' THEN
    RAISE EXCEPTION 'an appeal says why' USING ERRCODE = 'invalid_parameter_value', DETAIL = 'The statement is empty or blank.', HINT = 'It may be in any language.';
  END IF;
  INSERT INTO centre.appeal (worker_id, decision_id, decided_at, statement, due_at, escalate_at)
    SELECT d.worker_id, d.decision_id, d.decided_at, lodge_appeal.statement, now() + s.appeal_due, now() + s.appeal_escalate
    FROM centre.decision d, centre.access_setting s WHERE d.worker_id = of_worker ORDER BY d.decision_id DESC LIMIT 1
  RETURNING appeal_id INTO made;
  IF made IS NULL THEN
    RAISE EXCEPTION 'nothing was decided about worker %', of_worker USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.lodge_appeal(bigint, text) IS 'object to the latest decision about a worker; gives the appeal''s number. Not for readers: centre.my_appeal() calls it for the worker of a claim';

CREATE FUNCTION centre.had_part(login name, of_appeal centre.appeal) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
RETURN EXISTS (
  SELECT FROM centre.decision d LEFT JOIN centre.policy p ON p.ruleset_id = civic.ruleset_version(d.code) LEFT JOIN centre.access_override o ON o.override_id = d.override_id
  WHERE d.worker_id = of_appeal.worker_id AND d.decided_at = of_appeal.decided_at AND d.decision_id = of_appeal.decision_id
    AND (CASE WHEN o.override_id IS NULL THEN login IN (p.author, p.approver) ELSE login IN (o.requested_by, o.confirmed_by) END
         OR d.cause = 'override' AND EXISTS (SELECT FROM centre.access_override e WHERE e.worker_id = d.worker_id AND e.ended_by = login)))
  OR EXISTS (SELECT FROM centre.appeal a WHERE a.worker_id = of_appeal.worker_id AND a.reviewer = login);
COMMENT ON FUNCTION centre.had_part(name, centre.appeal) IS 'did a login have part in the decision (its override or the end of one, else its policy), or review an appeal of this worker before?';

CREATE FUNCTION centre.review_appeal(of_appeal bigint, upheld boolean, finding text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  open centre.appeal;
BEGIN
  SELECT * INTO open FROM centre.appeal a WHERE a.appeal_id = of_appeal AND a.status = 'open' FOR UPDATE;
  IF open.appeal_id IS NULL THEN
    RAISE EXCEPTION 'there is no open appeal %', of_appeal USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF upheld IS NULL OR finding IS NULL OR finding !~ '\S' THEN
    RAISE EXCEPTION 'an appeal is upheld or dismissed, with a finding' USING ERRCODE = 'null_value_not_allowed', HINT = 'The worker reads the finding.';
  END IF;
  IF centre.had_part(session_user, open) THEN
    RAISE EXCEPTION 'an appeal is reviewed by somebody who had no part in it' USING ERRCODE = 'insufficient_privilege',
      DETAIL = format('%s decided about this worker before, or made the policy.', session_user), HINT = 'Another login reviews it.';
  END IF;
  UPDATE centre.appeal a SET status = CASE WHEN upheld THEN 'upheld' ELSE 'dismissed' END, reviewer = session_user, reviewed_at = now(), finding = review_appeal.finding
    WHERE a.appeal_id = of_appeal;
END
$$;
COMMENT ON FUNCTION centre.review_appeal(bigint, boolean, text) IS
  'answer an appeal; the code itself changes by facts that are corrected at their source, or by an override, never by this';

CREATE FUNCTION centre.note_appeal_read(of_worker bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN EXISTS (SELECT FROM centre.appeal a WHERE a.worker_id = $1 AND a.status = 'open') THEN centre.note_read($1, 'appeal') ELSE false END;
END;
COMMENT ON FUNCTION centre.note_appeal_read(bigint) IS
  'centre.note_read() of a worker with an open appeal; of others it notes nothing and gives false. Definer: readers may not write the log otherwise';

CREATE VIEW centre.appeal_open WITH (security_barrier) AS
  SELECT dash.fenced(appeal_id) AS appeal_id, dash.fenced(worker_id) AS worker_id, dash.fenced(decision_id) AS decision_id, dash.fenced(decided_at) AS decided_at, dash.fenced(lodged_at) AS lodged_at,
         dash.fenced(due_at) AS due_at, dash.fenced(now() > due_at) AS overdue, dash.fenced(now() > escalate_at) AS escalated
  FROM centre.appeal WHERE status = 'open' AND centre.note_appeal_read(worker_id);
COMMENT ON VIEW centre.appeal_open IS 'appeals that wait, and whether they are overdue or to be escalated; who reads them is noted in centre.read_log';

GRANT SELECT ON centre.access_override, centre.appeal_open, centre.appeal TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.note_appeal_read(bigint), centre.request_override(bigint, text, timestamptz, text), centre.confirm_override(bigint), centre.end_override(bigint, text), centre.review_appeal(bigint, boolean, text) TO civic_approver;

-- ---- erasing ----

CREATE FUNCTION centre.erase_open(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- nobody is left to wait for an answer, and no colour is left to be set
  DELETE FROM centre.appeal a WHERE a.worker_id = ANY (persons) AND a.status = 'open';
  DELETE FROM centre.access_override o WHERE o.worker_id = ANY (persons) AND (o.during IS NULL OR lower(o.during) >= now());
  UPDATE centre.access_override o SET during = tstzrange(lower(o.during), now()) WHERE o.worker_id = ANY (persons) AND upper(o.during) > now();
  RETURN '{}';
END
$$;
COMMENT ON FUNCTION centre.erase_open(bigint[], bigint[]) IS 'part of erase(): open appeals and overrides that were not confirmed go, those in force end; what stays is blanked with the other rows';

CREATE FUNCTION centre.erase_wait_access() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.lock_policies();
  LOCK TABLE centre.gate_log IN SHARE ROW EXCLUSIVE MODE;
END
$$;
COMMENT ON FUNCTION centre.erase_wait_access() IS 'part of erase(): no codes are being decided and no gate checks are being logged';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_access', 'wait', 60, false),
  ('centre.erase_open', 'before', 40, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;
