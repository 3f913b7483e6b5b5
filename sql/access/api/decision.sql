-- Deciding access codes again where something changed, the log of decisions, and replaying it.

CREATE FUNCTION centre.take_changes(clock timestamptz, everybody boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  touched bigint;
BEGIN
  CREATE TEMP TABLE access_touched (worker_id bigint, cause text) ON COMMIT DROP;
  -- What is taken here was written before the facts are read, in a later statement; what comes after stays for the next time.
  -- Nobody else takes meanwhile: reevaluate() holds the lock.
  WITH taken AS (
    DELETE FROM centre.worker_change RETURNING worker_id, cause),
  due AS (
    SELECT worker_id, 'time' AS cause FROM centre.access WHERE civic.valid_until(code) <= clock AND civic.valid_until(code) < 'infinity' AND worker_id <> ALL ((SELECT centre.stuck_waiting('access'))::bigint[])
    UNION ALL
    SELECT centre.stuck_due('access'), 'fact'),
  causes AS (
    SELECT worker_id, min(array_position(ARRAY['override', 'fact', 'location', 'feed', 'time'], cause)) AS first
    FROM (SELECT * FROM taken UNION ALL SELECT * FROM due) AS both_kinds GROUP BY 1)
  INSERT INTO pg_temp.access_touched SELECT worker_id, (ARRAY['override', 'fact', 'location', 'feed', 'time'])[first] FROM causes WHERE NOT everybody ORDER BY worker_id;
  GET DIAGNOSTICS touched = ROW_COUNT;
  ANALYZE pg_temp.access_touched;
  RETURN touched;
END
$$;
COMMENT ON FUNCTION centre.take_changes(timestamptz, boolean) IS
  'inner part of reevaluate(), and the one place that empties centre.worker_change: whose facts changed or whose code runs out, each with one cause, in the temporary table access_touched, nobody where everybody is decided anew; gives how many';

CREATE FUNCTION centre.decide(of_ruleset integer, clock timestamptz, everybody boolean, few boolean, workers bigint[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET enable_hashjoin = on SET enable_mergejoin = on AS $$
DECLARE
  body civic.ruleset := (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset);
  code text := centre.access_expression(of_ruleset, '$1', '$2');
  whom text := CASE WHEN everybody AND workers IS NOT NULL THEN '(SELECT u AS worker_id, ''policy'' AS cause FROM unnest($3) AS u) AS t'
                    WHEN workers IS NOT NULL THEN '(SELECT * FROM pg_temp.access_touched WHERE worker_id = ANY ($3)) AS t'
                    WHEN NOT everybody THEN 'pg_temp.access_touched t' END;
  written bigint;
BEGIN
  -- The planner prices each row that an index finds as if it came from a disk; these tables are in use all the time and
  -- lie in memory, where finding up to a fifth of the rows is cheaper than reading all.
  IF few THEN
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
  END IF;
  -- a worker of whom there are no facts any more has no code
  EXECUTE format(
    'WITH decided AS MATERIALIZED (
       SELECT * FROM (
         SELECT %1$s AS worker_id, %2$s AS cause, o.override_id, w AS facts, b.code AS code_before,
                CASE WHEN w.worker_id IS NULL THEN NULL WHEN o.override_id IS NULL THEN %3$s ELSE civic.override(%3$s, o.colour, o.expires_at) END AS code
         FROM %4$s LEFT JOIN centre.access_override o ON o.worker_id = w.worker_id AND o.during @> $2 OFFSET 0) AS d
       WHERE code_before IS DISTINCT FROM code),
     gone AS (
       DELETE FROM centre.access a USING decided d WHERE d.code IS NULL AND a.worker_id = d.worker_id),
     written AS (
       INSERT INTO centre.access (worker_id, code, decided_at) SELECT worker_id, code, $2 FROM decided WHERE code IS NOT NULL
       ON CONFLICT (worker_id) DO UPDATE SET code = excluded.code, decided_at = excluded.decided_at)
     INSERT INTO centre.decision (worker_id, decided_at, cause, override_id, code, facts)
       SELECT worker_id, $2, cause, override_id, code, facts FROM decided WHERE code IS NOT NULL',
    CASE WHEN whom IS NULL THEN 'coalesce(w.worker_id, b.worker_id)' ELSE 't.worker_id' END, CASE WHEN whom IS NULL THEN '''policy''' ELSE 't.cause' END, code,
    coalesce(whom || ' LEFT JOIN centre.worker_fact w ON w.worker_id = t.worker_id LEFT JOIN centre.access b ON b.worker_id = t.worker_id',
             'centre.worker_fact w FULL JOIN centre.access b ON b.worker_id = w.worker_id')) USING body, clock, workers;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END
$$;
COMMENT ON FUNCTION centre.decide(integer, timestamptz, boolean, boolean, bigint[]) IS
  'inner part of reevaluate(): decide those in the temporary table access_touched, or everybody, by a version, or of them only some workers; few: they are few of all; codes that differ are written and logged, a worker of whom there are no facts any more has none; gives how many were written';

CREATE FUNCTION centre.decide_some(workers bigint[], context jsonb) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT centre.decide((context ->> 'version')::integer, (context ->> 'clock')::timestamptz, (context ->> 'everybody')::boolean, false, workers);
END;
COMMENT ON FUNCTION centre.decide_some(bigint[], jsonb) IS 'inner part of decide_apart(): decide() for some workers';

CREATE FUNCTION centre.lapse_stuck(clock timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  undecided bigint;
BEGIN
  FOR undecided IN SELECT a.worker_id FROM centre.stuck_row s JOIN centre.access a ON a.worker_id = s.key WHERE s.step = 'access' AND NOT civic.has_lapsed(a.code) LOOP
    BEGIN
      WITH lapsed AS (UPDATE centre.access SET code = civic.lapse(code), decided_at = clock WHERE worker_id = undecided RETURNING worker_id, code)
      INSERT INTO centre.decision (worker_id, decided_at, cause, code) SELECT l.worker_id, clock, 'lapse', l.code FROM lapsed l;
    EXCEPTION WHEN OTHERS THEN
      IF centre.error_is_outside(sqlstate) THEN
        RAISE;
      END IF;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.lapse_stuck(timestamptz) IS
  'inner part of decide_apart(): who cannot be decided is grey, and not what he was before; where not even that can be written, the code there is runs out as it says';

CREATE FUNCTION centre.decide_apart(of_ruleset integer, clock timestamptz, everybody boolean, few boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  BEGIN
    DELETE FROM centre.stuck_row s WHERE s.step = 'access' AND (everybody OR s.key IN (SELECT t.worker_id FROM pg_temp.access_touched t));
    RETURN centre.decide(of_ruleset, clock, everybody, few);
  EXCEPTION WHEN OTHERS THEN
    IF centre.error_is_outside(sqlstate) OR NOT centre.apart() THEN
      RAISE;
    END IF;
  END;
  written := centre.work_apart('access', 'worker', 'centre.decide_some',
    CASE WHEN everybody THEN ARRAY(SELECT w.worker_id FROM centre.worker_fact w UNION SELECT a.worker_id FROM centre.access a) ELSE ARRAY(SELECT t.worker_id FROM pg_temp.access_touched t) END,
    jsonb_build_object('version', of_ruleset, 'clock', clock, 'everybody', everybody));
  PERFORM centre.lapse_stuck(clock);
  RETURN written;
END
$$;
COMMENT ON FUNCTION centre.decide_apart(integer, timestamptz, boolean, boolean) IS
  'inner part of reevaluate(): decide(); where it fails, workers apart (centre.work_apart), and one about whom that fails turns grey';

CREATE FUNCTION centre.lapse_codes(clock timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  lapsed bigint;
BEGIN
  WITH lapsed AS (
    UPDATE centre.access SET code = civic.lapse(code), decided_at = clock WHERE civic.valid_until(code) <= clock AND civic.valid_until(code) < 'infinity' RETURNING worker_id, code)
  INSERT INTO centre.decision (worker_id, decided_at, cause, code) SELECT worker_id, clock, 'lapse', code FROM lapsed;
  GET DIAGNOSTICS lapsed = ROW_COUNT;
  RETURN lapsed;
END
$$;
COMMENT ON FUNCTION centre.lapse_codes(timestamptz) IS 'codes that run out while no policy can decide turn grey, and say that they lapsed; gives how many';

CREATE FUNCTION centre.check_clock(clock timestamptz, before timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most interval := (SELECT s.max_jump FROM centre.access_setting s);
BEGIN
  IF clock < before THEN
    RAISE EXCEPTION 'the clock has gone back' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s is before the last re-evaluation, at %s.', clock, before),
      HINT = 'Codes stay until they run out. Where the earlier clock was wrong, centre.reset_clock() sets it right.';
  ELSIF clock > coalesce(before, clock_timestamp()) + most OR NOT isfinite(clock) THEN
    RAISE EXCEPTION 'the clock has jumped ahead' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('%s is more than %s after %s.', clock, most, coalesce(format('the last re-evaluation, at %s', before), format('now, %s', clock_timestamp()))),
      HINT = 'Set the clock right. Where nobody decided for so long, centre.reset_clock() says so, and all are decided anew.';
  ELSIF clock > clock_timestamp() + interval '5 minutes' AND NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = 'centre.access_state'::regclass), 'USAGE') THEN
    -- versions would begin, and gates wait, until the time has come
    RAISE EXCEPTION 'this time has not come' USING ERRCODE = 'insufficient_privilege', DETAIL = format('%s is ahead of now, %s.', clock, clock_timestamp()),
      HINT = 'Leave the clock out: codes are decided as of now. Only the owner of the layer may decide as of a time to come.';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.check_clock(timestamptz, timestamptz) IS 'inner part of reevaluate(): a clock that is before the last one, or more than access_setting.max_jump after it, decides nothing; one more than 5 minutes ahead of now only for the owner';

CREATE FUNCTION centre.reset_clock(to_time timestamptz, because text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF because IS NULL OR because !~ '\S' OR to_time IS NULL OR to_time > clock_timestamp() OR NOT isfinite(to_time) THEN
    RAISE EXCEPTION 'the clock is not reset' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('Asked for: %s, because: %s', to_time, because),
      HINT = 'Give an instant that is not to come, and the reason; both are kept in centre.clock_reset.';
  END IF;
  PERFORM centre.lock_policies();
  INSERT INTO centre.clock_reset (from_time, to_time, because) SELECT s.reevaluated_at, reset_clock.to_time, reset_clock.because FROM centre.access_state s;
  UPDATE centre.access_state SET ruleset_id = NULL, reevaluated_at = to_time;
  -- what the wrong clock put in force is taken back; what comes into force is measured first, by the next re-evaluation
  PERFORM centre.turn_policies(to_time, false);
  -- places, orders and what is due were computed by the wrong clock as well
  INSERT INTO centre.fact_mark DEFAULT VALUES;
END
$$;
COMMENT ON FUNCTION centre.reset_clock(timestamptz, text) IS
  'for the administrator, after a wrong clock or a long silence: the next re-evaluation may be at any instant from to_time on, decides about everybody anew, and facts are computed anew; policies are again as they are at to_time. Noted in centre.clock_reset with the login and the reason';

CREATE FUNCTION centre.reevaluate(clock timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  policy_code text := (SELECT s.policy_code FROM centre.access_setting s);
  state centre.access_state;
  in_force integer;
  fault text;
  everybody boolean;
  touched bigint;
  written bigint;
BEGIN
  IF policy_code IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM centre.lock_policies();
  SELECT * INTO state FROM centre.access_state;
  clock := coalesce(clock, clock_timestamp());
  PERFORM centre.check_clock(clock, state.reevaluated_at);
  -- after a reset, or while nothing could decide, what stands are the codes themselves, all by one version
  in_force := centre.enter_policy(policy_code, coalesce(state.ruleset_id, (SELECT civic.ruleset_version(a.code) FROM centre.access a LIMIT 1)), clock);
  fault := centre.policy_fault(in_force, clock);
  IF fault IS NULL THEN
    PERFORM centre.turn_policies(clock);
    everybody := in_force IS DISTINCT FROM state.ruleset_id;
    touched := centre.take_changes(clock, everybody);
    written := centre.decide_apart(in_force, clock, everybody, NOT everybody AND touched < (SELECT c.reltuples / 5 FROM pg_class c WHERE c.oid = 'centre.worker_fact'::regclass));
    DROP TABLE pg_temp.access_touched;
  ELSE
    -- changes of facts stay where they wait
    INSERT INTO centre.policy_event (ruleset_id, action, note) SELECT in_force, 'broken', fault WHERE in_force IS NOT NULL AND state.ruleset_id IS NOT NULL;
    written := centre.lapse_codes(clock);
    in_force := NULL;
  END IF;
  UPDATE centre.access_state SET ruleset_id = in_force, reevaluated_at = clock;
  RETURN written;
END
$$;
COMMENT ON FUNCTION centre.reevaluate(timestamptz) IS
  'decide anew, at the instant clock (default: now), the codes of workers whose facts changed or whose code runs out, or of all when another version is in force; only codes that differ are written and logged. '
  'A version whose time has come is measured first (centre.enter_policy). Without a version that can decide, codes stay until they run out and then turn grey. One at a time; the clock never goes back, nor far ahead, nor, but for the owner, ahead of now (centre.check_clock). Gives how many codes were written';

-- ---- replay and explanation ----

CREATE FUNCTION centre.replay_faults(from_time timestamptz DEFAULT '-infinity', to_time timestamptz DEFAULT 'infinity')
RETURNS TABLE (worker_id bigint, decided_at timestamptz, decision_id bigint, code civic.access_code, replayed civic.access_code)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  version integer;
BEGIN
  FOR version IN SELECT DISTINCT civic.ruleset_version(d.code) FROM centre.decision d WHERE d.decided_at >= from_time AND d.decided_at < to_time LOOP
    RETURN QUERY EXECUTE format(
      'SELECT r.* FROM (
         SELECT d.worker_id, d.decided_at, d.decision_id, d.code, CASE WHEN o.override_id IS NULL THEN %1$s ELSE civic.override(%1$s, o.colour, o.expires_at) END AS replayed
         FROM centre.decision d CROSS JOIN LATERAL (SELECT (d.facts).*) AS w LEFT JOIN centre.access_override o ON o.override_id = d.override_id
         WHERE d.decided_at >= $2 AND d.decided_at < $3 AND civic.ruleset_version(d.code) = $4 AND d.cause <> ''lapse'' AND NOT d.facts IS NULL OFFSET 0) AS r
       WHERE r.code IS DISTINCT FROM r.replayed', centre.access_expression(version, '$1', 'd.decided_at'))
    USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = version), from_time, to_time, version;
  END LOOP;
  RETURN QUERY
    SELECT d.worker_id, d.decided_at, d.decision_id, d.code, civic.lapse(b.code)
    FROM centre.decision d LEFT JOIN LATERAL (
      SELECT p.code FROM centre.decision p WHERE p.worker_id = d.worker_id AND p.decision_id < d.decision_id ORDER BY p.decision_id DESC LIMIT 1) AS b ON true
    WHERE d.decided_at >= from_time AND d.decided_at < to_time AND d.cause = 'lapse' AND civic.lapse(b.code) IS DISTINCT FROM d.code;
END
$$;
COMMENT ON FUNCTION centre.replay_faults(timestamptz, timestamptz) IS
  'decide every logged decision of a time again, from its facts, its version, its clock and its override: those whose code is not the same to the last bit; no rows when the log holds. Decisions whose facts were erased cannot be replayed';

CREATE FUNCTION centre.access_reasons(of_worker bigint, in_lang text DEFAULT 'en')
RETURNS TABLE (part text, rule text, severity text, result text, reason text, action text, flips_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH latest AS (
    SELECT d.*, r.body FROM centre.decision d LEFT JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(d.code)
    WHERE d.worker_id = of_worker ORDER BY d.decision_id DESC LIMIT 1),
  decided AS (
    SELECT d.* FROM centre.decision d, latest l WHERE d.worker_id = of_worker AND NOT d.facts IS NULL ORDER BY d.decision_id DESC LIMIT 1)
  SELECT NULL::text, 'OVERRIDE', 'block', civic.colour(l.code), o.reason, NULL::text, o.expires_at
  FROM latest l JOIN centre.access_override o ON o.override_id = l.override_id
  UNION ALL
  SELECT NULL::text, 'LAPSED', 'block', civic.colour(l.code), NULL::text, NULL::text, NULL::timestamptz FROM latest l WHERE civic.has_lapsed(l.code)
  UNION ALL
  SELECT nullif(e.grp, ''), e.rule, e.severity, e.result, e.reason, e.action, e.flips_at
  FROM decided d JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(d.code),
    LATERAL civic.explain(r.body, d.decided_at, centre.fact_json(d.facts), in_lang) AS e
  WHERE e.result <> 'passed';
END;
COMMENT ON FUNCTION centre.access_reasons(bigint, text) IS
  'why a worker''s code is what it is, in a language (else English): the rules that failed or are not decided with reason, what to do and when time alone turns them; OVERRIDE and LAPSED where they apply';

CREATE FUNCTION centre.logged_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  IF NOT new.facts IS NULL OR (new.decided_at, new.decision_id, new.cause, new.override_id, new.code) IS DISTINCT FROM (old.decided_at, old.decision_id, old.cause, old.override_id, old.code)
    OR new.worker_id <> old.worker_id AND NOT EXISTS (SELECT FROM centre.erased e WHERE e.number = new.worker_id) THEN
    RAISE EXCEPTION 'a decision is not changed once it is logged' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Only its facts, and whose it is, may be erased.';
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.logged_once() IS 'trigger of decision: the log is only appended to; erasing a person leaves the decision, without its facts and under a number of centre.erased';
CREATE TRIGGER civic_logged_once BEFORE UPDATE ON centre.decision FOR EACH ROW EXECUTE FUNCTION centre.logged_once();

GRANT SELECT ON centre.worker_fact, centre.access_state, centre.access_override TO civic_ticker;
GRANT SELECT, DELETE ON centre.worker_change TO civic_ticker;
GRANT SELECT, INSERT, UPDATE, DELETE ON centre.access TO civic_ticker;
GRANT SELECT, INSERT ON centre.decision TO civic_ticker;
GRANT UPDATE ON centre.access_state TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.check_clock(timestamptz, timestamptz), centre.take_changes(timestamptz, boolean), centre.decide(integer, timestamptz, boolean, boolean, bigint[]), centre.decide_some(bigint[], jsonb), centre.lapse_stuck(timestamptz), centre.decide_apart(integer, timestamptz, boolean, boolean), centre.lapse_codes(timestamptz), centre.policy_fault(integer, timestamptz),
  centre.reevaluate(timestamptz), centre.replay_faults(timestamptz, timestamptz), centre.access_reasons(bigint, text) TO civic_ticker;

INSERT INTO centre.month_table (parent, key) VALUES ('decision', 'decided_at') ON CONFLICT (parent) DO UPDATE SET key = excluded.key;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('access', 70, 'centre.reevaluate')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
