-- The life-cycle of policies: draft, tested, approved, live, retired; their impact, assessed before approval.

CREATE FUNCTION centre.lock_access() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  -- an update and not a lock, so that a snapshot from before a change of policy fails instead of deciding by the old one
  UPDATE centre.access_state SET only_row = only_row;
END;
COMMENT ON FUNCTION centre.lock_access() IS 'until the end of the transaction nobody else re-evaluates or changes which policy is in force';

CREATE FUNCTION centre.policy_in_force(of_code text, at_time timestamptz) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT p.ruleset_id FROM centre.policy p WHERE p.code = of_code AND p.valid @> at_time);
COMMENT ON FUNCTION centre.policy_in_force(text, timestamptz) IS 'the version of a policy in force at an instant, past or planned; null if there is none';

CREATE FUNCTION centre.policy_faults(body jsonb) RETURNS TABLE (path text, fault text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT c.path, c.message FROM civic.ruleset_check($1) AS c WHERE NOT c.ok
  UNION ALL
  SELECT '$.kind', 'a policy has the kind access_code' WHERE $1 ->> 'kind' IS DISTINCT FROM 'access_code'
  UNION ALL
  SELECT '$.tests', 'a policy has embedded tests' WHERE coalesce($1 -> 'tests', '[]') = '[]'
  UNION ALL
  SELECT format('$.outcomes[%s]', o.place - 1), format('outcome "%s" is no colour (green, yellow, red, grey)', o.line ->> 'outcome')
  FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'outcomes') WHEN 'array' THEN $1 -> 'outcomes' ELSE '[]' END) WITH ORDINALITY AS o (line, place)
  WHERE o.line ->> 'outcome' NOT IN ('green', 'yellow', 'red', 'grey')
  UNION ALL
  SELECT format('$.facts[%s]', f.place - 1), format('centre.worker_fact has no column "%s" of type %s', f.fact ->> 'name', f.fact ->> 'type')
  FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'facts') WHEN 'array' THEN $1 -> 'facts' ELSE '[]' END) WITH ORDINALITY AS f (fact, place)
  LEFT JOIN pg_attribute a ON a.attrelid = 'centre.worker_fact'::regclass AND a.attname = f.fact ->> 'name' AND a.attnum > 0 AND NOT a.attisdropped
  WHERE a.atttypid IS DISTINCT FROM (
    CASE WHEN f.fact ->> 'type' ~ '^(boolean|smallint|integer|bigint|numeric|real|double precision|text|date|timestamptz)(\[\])?$' THEN to_regtype(f.fact ->> 'type')::oid END);
END;
COMMENT ON FUNCTION centre.policy_faults(jsonb) IS
  'what keeps a ruleset from deciding access codes: static errors, embedded tests that fail or are missing, outcomes that are no colours, facts that centre.worker_fact does not have; no rows when all is well';

CREATE FUNCTION centre.draft_policy(of_code text, body jsonb, source text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made integer;
BEGIN
  -- what decides elsewhere (service levels) takes the latest ruleset of its code: a draft must not become that
  IF EXISTS (SELECT FROM centre.ruleset r WHERE r.code = of_code AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = r.ruleset_id)) THEN
    RAISE EXCEPTION '"%" is a ruleset that is no policy', of_code USING ERRCODE = 'insufficient_privilege', HINT = 'Give the policy a code of its own.';
  END IF;
  INSERT INTO centre.ruleset (code, source, body) VALUES (of_code, draft_policy.source, draft_policy.body::text::civic.ruleset) RETURNING ruleset_id INTO made;
  INSERT INTO centre.policy (ruleset_id, code) VALUES (made, of_code);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (made, 'drafted', draft_policy.source);
  RETURN made;
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'this text is a version of "%" already', of_code USING ERRCODE = 'unique_violation', HINT = 'A version that returns is a new one: give its ruleset another "version".';
END
$$;
COMMENT ON FUNCTION centre.draft_policy(text, jsonb, text) IS 'a new version of a policy, written by this login; source says what it states (an advisory, a law); the code must not be that of a ruleset that is no policy; gives its number';

CREATE FUNCTION centre.draft_policy(of_code text, of_ruleset text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found centre.ruleset;
BEGIN
  SELECT * INTO found FROM centre.ruleset r WHERE r.code = of_ruleset ORDER BY r.ruleset_id DESC LIMIT 1;
  IF found.ruleset_id IS NULL THEN
    RAISE EXCEPTION 'there is no ruleset "%"', of_ruleset USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Name one of centre.ruleset, or pass a ruleset''s JSON and its source.';
  END IF;
  RETURN centre.draft_policy(of_code, found.body::text::jsonb, found.source);
END
$$;
COMMENT ON FUNCTION centre.draft_policy(text, text) IS 'a copy of a ruleset of centre.ruleset, such as a shipped one, as a version of a policy; gives its number';

CREATE FUNCTION centre.lock_policy(of_ruleset integer, expected text[]) RETURNS centre.policy
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found centre.policy;
BEGIN
  SELECT * INTO found FROM centre.policy p WHERE p.ruleset_id = of_ruleset FOR UPDATE;
  IF found.status IS NULL OR NOT found.status = ANY (expected) THEN
    RAISE EXCEPTION 'version % is %', of_ruleset, coalesce(found.status, 'not a policy') USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = format('This is done to a version that is %s.', array_to_string(expected, ' or '));
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION centre.lock_policy(integer, text[]) IS 'inner part of the life-cycle: the version, locked, in one of the states that are expected';

CREATE FUNCTION centre.revise_policy(of_ruleset integer, new_body jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy := centre.lock_policy(of_ruleset, '{draft,tested}');
BEGIN
  IF given.author <> session_user THEN
    RAISE EXCEPTION 'only its author revises a draft' USING ERRCODE = 'insufficient_privilege', DETAIL = format('Version %s was written by %s.', of_ruleset, given.author);
  END IF;
  UPDATE centre.policy SET status = 'draft' WHERE ruleset_id = of_ruleset;
  UPDATE centre.ruleset SET body = new_body::text::civic.ruleset WHERE ruleset_id = of_ruleset;
  DELETE FROM centre.policy_impact WHERE ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action) VALUES (of_ruleset, 'revised');
END
$$;
COMMENT ON FUNCTION centre.revise_policy(integer, jsonb) IS 'another text for a version that is not approved; it is a draft again; its author alone may';

CREATE FUNCTION centre.test_policy(of_ruleset integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy := centre.lock_policy(of_ruleset, '{draft}');
  faults text;
BEGIN
  SELECT string_agg(f.path || ': ' || f.fault, E'\n') INTO faults FROM centre.ruleset r, LATERAL centre.policy_faults(r.body::text::jsonb) AS f WHERE r.ruleset_id = of_ruleset;
  IF faults IS NOT NULL THEN
    RAISE EXCEPTION 'version % fails its tests', of_ruleset USING ERRCODE = 'invalid_parameter_value', DETAIL = faults, HINT = 'Revise it; centre.policy_faults() lists what is wrong with a text.';
  END IF;
  UPDATE centre.policy SET status = 'tested' WHERE ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action) VALUES (of_ruleset, 'tested');
END
$$;
COMMENT ON FUNCTION centre.test_policy(integer) IS 'run the embedded tests of a draft and check that it can decide codes here; then it is tested';

-- ---- impact ----

CREATE FUNCTION centre.access_expression(of_ruleset integer, body_sql text, clock_sql text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT format('civic.access(%s, %s, %s%s)', body_sql, of_ruleset, clock_sql, string_agg(format(', w.%I', f.name), '' ORDER BY f.ordinal))
        FROM centre.ruleset r, LATERAL civic.ruleset_facts(r.body) AS f WHERE r.ruleset_id = of_ruleset);
COMMENT ON FUNCTION centre.access_expression(integer, text, text) IS
  'the code of a worker by a version as a SQL expression over w, a row of centre.worker_fact; body_sql and clock_sql are expressions, such as parameters. The columns are passed one by one, which is what makes it fast';

CREATE FUNCTION centre.policy_fault(of_ruleset integer, clock timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  IF of_ruleset IS NULL THEN
    RETURN 'no version is in force';
  END IF;
  -- one worker of whom nothing is known: whatever can fail fails when the ruleset is prepared
  EXECUTE format('SELECT %s FROM (SELECT (NULL::centre.worker_fact).*) AS w', centre.access_expression(of_ruleset, '$1', '$2')) USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset), clock;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN sqlerrm;
END
$$;
COMMENT ON FUNCTION centre.policy_fault(integer, timestamptz) IS 'why a version cannot decide here: a fact that is no column any more, a time zone the server does not know; null when it can';

CREATE FUNCTION centre.policy_diff(old integer, new integer, at timestamptz)
RETURNS TABLE (sector text, dormitory_id integer, reason text, old_colour text, new_colour text, workers bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT sector, dormitory_id, civic.main_reason($2, new_code), civic.colour(old_code), civic.colour(new_code), count(*)
     FROM (SELECT w.sector, w.dormitory_id, %s AS old_code, %s AS new_code FROM centre.worker_fact w OFFSET 0) AS both_codes
     GROUP BY 1, 2, 3, 4, 5', centre.access_expression(old, '$1', '$3'), centre.access_expression(new, '$2', '$3'))
  USING (SELECT body FROM centre.ruleset WHERE ruleset_id = old), (SELECT body FROM centre.ruleset WHERE ruleset_id = new), at;
END
$$;
COMMENT ON FUNCTION centre.policy_diff(integer, integer, timestamptz) IS
  'how many workers the version new would turn from which colour to which, compared with old, at an instant on the facts as they are, by sector, dormitory and main reason under new (a rule''s id); overrides are left out';

CREATE FUNCTION centre.assess_policy(of_ruleset integer, at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  against integer := (SELECT centre.policy_in_force(p.code, at) FROM centre.policy p WHERE p.ruleset_id = of_ruleset);
BEGIN
  -- Until this commits its text stays; a revision that is under way is waited for, so that the impact is that of the text that will be approved.
  PERFORM FROM centre.policy p WHERE p.ruleset_id = of_ruleset AND p.status <> 'draft' FOR KEY SHARE;
  IF NOT FOUND OR against IS NULL OR against = of_ruleset THEN
    RETURN;
  END IF;
  DELETE FROM centre.policy_impact WHERE ruleset_id = of_ruleset AND against_id = against AND assessed_at = at;
  INSERT INTO centre.policy_impact (ruleset_id, against_id, assessed_at, sector, dormitory_id, reason, old_colour, new_colour, workers)
    SELECT of_ruleset, against, at, d.* FROM centre.policy_diff(against, of_ruleset, at) AS d;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'assessed', format('against version %s', against));
END
$$;
COMMENT ON FUNCTION centre.assess_policy(integer, timestamptz) IS 'count the impact of a version against the one in force and keep it in centre.policy_impact; does nothing where none, or this one, is in force, nor for a draft';

CREATE VIEW centre.policy_summary AS
  SELECT ruleset_id, against_id, assessed_at, sum(workers)::bigint AS workers,
         coalesce(sum(workers) FILTER (WHERE old_colour = 'green'), 0)::bigint AS green_before, coalesce(sum(workers) FILTER (WHERE new_colour = 'green'), 0)::bigint AS green_after,
         coalesce(sum(workers) FILTER (WHERE old_colour = 'green' AND new_colour IN ('red', 'grey')), 0)::bigint AS lost,
         coalesce((sum(workers) FILTER (WHERE old_colour = 'green' AND new_colour IN ('red', 'grey')) / sum(workers) FILTER (WHERE old_colour = 'green'))::float8, 0) AS loss
  FROM centre.policy_impact GROUP BY 1, 2, 3;
COMMENT ON VIEW centre.policy_summary IS 'each assessment of a version in one line; lost: workers who turn from green to red or grey, loss: their share of the green ones';

CREATE FUNCTION centre.assess_policies(at timestamptz DEFAULT now()) RETURNS integer
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT count(centre.assess_policy(p.ruleset_id, at))::integer
  FROM centre.policy p, centre.access_setting s
  WHERE (p.status = 'tested' OR p.shadow) AND centre.policy_in_force(p.code, at) <> p.ruleset_id AND centre.policy_fault(p.ruleset_id, at) IS NULL
    AND NOT EXISTS (SELECT FROM centre.policy_event e WHERE e.ruleset_id = p.ruleset_id AND e.action = 'assessed' AND e.happened_at > at - s.impact_max_age / 2
                    AND e.note = format('against version %s', centre.policy_in_force(p.code, at))
                    AND NOT EXISTS (SELECT FROM centre.policy_event v WHERE v.ruleset_id = p.ruleset_id AND v.action = 'revised' AND v.event_id > e.event_id));
END;
COMMENT ON FUNCTION centre.assess_policies(timestamptz) IS 'assess what is tested or a shadow, can decide, and was not assessed with this text within half of impact_max_age; gives how many';

-- ---- approval ----

CREATE FUNCTION centre.check_impact(given centre.policy, against integer, acknowledge boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  latest centre.policy_summary;
BEGIN
  SELECT * INTO latest FROM centre.policy_summary s WHERE s.ruleset_id = given.ruleset_id AND s.against_id = against ORDER BY s.assessed_at DESC LIMIT 1;
  IF latest.assessed_at IS NULL OR latest.assessed_at < clock_timestamp() - setting.impact_max_age THEN
    RAISE EXCEPTION 'the impact of version % is not known', given.ruleset_id USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = coalesce(format('It was last assessed at %s.', latest.assessed_at), format('It was never assessed against version %s.', against)),
      HINT = 'centre.assess_policy() counts it; tick() does so for versions that are tested.';
  END IF;
  IF latest.loss > setting.max_loss AND NOT acknowledge THEN
    RAISE EXCEPTION 'this version of "%" turns % of % green workers red or grey', given.code, latest.lost, latest.green_before USING ERRCODE = 'check_violation',
      DETAIL = format('That is %s %%; more than %s %% must be acknowledged.', round((latest.loss * 100)::numeric, 2), round((setting.max_loss * 100)::numeric, 2)),
      HINT = 'See centre.policy_impact for who they are, then approve with acknowledge => true.';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.check_impact(centre.policy, integer, boolean) IS 'inner part of approve_policy(): is the impact known, and acknowledged where it is great?';

CREATE FUNCTION centre.start_policy(given centre.policy, start timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before integer := centre.policy_in_force(given.code, start);
  later centre.policy;
BEGIN
  SELECT * INTO later FROM centre.policy p WHERE p.code = given.code AND lower(p.valid) >= start LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % is to come into force at %', later.ruleset_id, lower(later.valid) USING ERRCODE = 'exclusion_violation',
      HINT = 'Withdraw it, or let this one start later.';
  END IF;
  UPDATE centre.policy SET valid = tstzrange(lower(valid), start) WHERE ruleset_id = before;
  RETURN before;
END
$$;
COMMENT ON FUNCTION centre.start_policy(centre.policy, timestamptz) IS 'inner part of approve_policy(): ends the version before at start; gives its number, null if there was none';

CREATE FUNCTION centre.approve_policy(of_ruleset integer, start timestamptz DEFAULT NULL, emergency text DEFAULT NULL, acknowledge boolean DEFAULT false) RETURNS tstzrange
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  notice interval := (SELECT s.notice FROM centre.access_setting s);
  given centre.policy;
  before integer;
  known timestamptz;
  earliest timestamptz;
BEGIN
  PERFORM centre.lock_access();
  given := centre.lock_policy(of_ruleset, '{tested}');
  -- after the lock: no decision was made by the old version later than this
  known := clock_timestamp();
  IF given.author = session_user THEN
    RAISE EXCEPTION 'nobody approves what he wrote' USING ERRCODE = 'insufficient_privilege', DETAIL = format('Version %s was written by %s.', of_ruleset, given.author), HINT = 'Another login approves it.';
  END IF;
  earliest := CASE WHEN emergency IS NULL THEN known + notice ELSE known END;
  start := coalesce(start, earliest);
  IF start < earliest THEN
    RAISE EXCEPTION 'version % would come into force without notice', of_ruleset USING ERRCODE = 'check_violation', DETAIL = format('%s is less than %s from now.', start, notice),
      HINT = 'Let it start later, or give the reason for an emergency; nothing starts in the past.';
  END IF;
  before := centre.start_policy(given, start);
  IF before IS NOT NULL THEN
    PERFORM centre.check_impact(given, before, acknowledge);
  END IF;
  UPDATE centre.policy p SET status = 'approved', valid = tstzrange(start, NULL), approver = session_user, approved_at = known,
    emergency = approve_policy.emergency, acknowledged = acknowledge WHERE p.ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, CASE WHEN emergency IS NULL THEN 'approved' ELSE 'emergency' END, emergency);
  RETURN tstzrange(start, NULL);
END
$$;
COMMENT ON FUNCTION centre.approve_policy(integer, timestamptz, text, boolean) IS
  'approve a tested version, by another login than its author''s; it comes into force at start (default: after the notice), or without notice where emergency says why; refused while its impact is not known, or is great and not acknowledged; gives when it is in force';

CREATE FUNCTION centre.withdraw_policy(of_ruleset integer, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy;
BEGIN
  PERFORM centre.lock_access();
  given := centre.lock_policy(of_ruleset, '{approved}');
  IF lower(given.valid) <= clock_timestamp() THEN
    RAISE EXCEPTION 'version % is in force since %', of_ruleset, lower(given.valid) USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Approve another version in its place.';
  END IF;
  UPDATE centre.policy SET status = 'retired', valid = NULL WHERE ruleset_id = of_ruleset;
  UPDATE centre.policy SET valid = tstzrange(lower(valid), NULL) WHERE code = given.code AND upper(valid) = lower(given.valid);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'withdrawn', reason);
END
$$;
COMMENT ON FUNCTION centre.withdraw_policy(integer, text) IS 'take back a version that is approved and not in force yet; the one before goes on';

CREATE FUNCTION centre.shadow_policy(of_ruleset integer, shadow boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.lock_policy(of_ruleset, '{tested,approved,live,retired}');
  UPDATE centre.policy p SET shadow = shadow_policy.shadow WHERE p.ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'shadow', shadow_policy.shadow::text);
END
$$;
COMMENT ON FUNCTION centre.shadow_policy(integer, boolean) IS 'assess a version twice a day beside the one in force, or no longer';

CREATE FUNCTION centre.turn_policies(clock timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH turned AS (
    UPDATE centre.policy SET status = CASE WHEN valid @> clock THEN 'live' ELSE 'retired' END
    WHERE status = 'approved' AND lower(valid) <= clock OR status = 'live' AND upper(valid) <= clock
    RETURNING ruleset_id, status)
  INSERT INTO centre.policy_event (ruleset_id, action) SELECT ruleset_id, status FROM turned;
END;
COMMENT ON FUNCTION centre.turn_policies(timestamptz) IS 'approved versions whose time has come are live, live ones whose time is over retired; which one is in force is what policy.valid says';

CREATE FUNCTION centre.frozen_ruleset() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF civic.ruleset_sha256(new.body) <> old.sha256
     AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = old.ruleset_id AND p.status = 'draft') THEN
    RAISE EXCEPTION 'the text of version % is not changed any more', old.ruleset_id USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Decisions name it. A new text is a new version.';
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.frozen_ruleset() IS 'trigger of ruleset: the text stays what decisions were made by; drafts of policies may change';
CREATE TRIGGER civic_frozen BEFORE UPDATE ON centre.ruleset FOR EACH ROW EXECUTE FUNCTION centre.frozen_ruleset();

GRANT USAGE ON SCHEMA centre TO civic_approver, civic_ticker;
GRANT SELECT ON centre.ruleset, centre.policy, centre.policy_event, centre.policy_impact, centre.policy_summary, centre.access_setting TO civic_approver, civic_ticker;
GRANT EXECUTE ON FUNCTION centre.draft_policy(text, jsonb, text), centre.draft_policy(text, text), centre.revise_policy(integer, jsonb), centre.test_policy(integer), centre.policy_faults(jsonb),
  centre.approve_policy(integer, timestamptz, text, boolean), centre.withdraw_policy(integer, text), centre.shadow_policy(integer, boolean), centre.policy_in_force(text, timestamptz) TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.lock_access(), centre.policy_in_force(text, timestamptz), centre.access_expression(integer, text, text), centre.policy_diff(integer, integer, timestamptz),
  centre.assess_policy(integer, timestamptz), centre.assess_policies(timestamptz), centre.turn_policies(timestamptz) TO civic_ticker;
GRANT INSERT ON centre.policy_event TO civic_ticker;
GRANT INSERT, DELETE ON centre.policy_impact TO civic_ticker;
GRANT UPDATE (status) ON centre.policy TO civic_ticker;

INSERT INTO centre.tick_job (step, place, routine) VALUES ('impact', 90, 'centre.assess_policies')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
