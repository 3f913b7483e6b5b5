-- Why was he red on that day? The log of decisions explained: as decided, and as we know now.

CREATE FUNCTION centre.decision_at(of_worker bigint, at timestamptz) RETURNS centre.decision
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT d FROM centre.decision d WHERE d.worker_id = of_worker AND d.decided_at <= at ORDER BY d.decision_id DESC LIMIT 1);
COMMENT ON FUNCTION centre.decision_at(bigint, timestamptz) IS 'the decision about a worker that stood at an instant: of those by a clock until then the one made last; null if there was none';

CREATE FUNCTION centre.access_reasons(of_worker bigint, at timestamptz, in_lang text DEFAULT 'en')
RETURNS TABLE (colour text, ruleset_id integer, decided_at timestamptz, part text, rule text, severity text, result text, reason text, action text, facts jsonb, flips_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH stood AS (
    SELECT d.*, civic.colour_at(d.code, $2) AS colour FROM (SELECT (centre.decision_at($1, $2)).*) AS d WHERE d.decision_id IS NOT NULL),
  basis AS (
    -- a code that lapsed keeps the reasons that it had
    SELECT b.* FROM stood s CROSS JOIN LATERAL (
      SELECT d.* FROM centre.decision d WHERE d.worker_id = $1 AND d.decision_id <= s.decision_id AND NOT d.facts IS NULL ORDER BY d.decision_id DESC LIMIT 1) AS b)
  SELECT s.colour, civic.ruleset_version(s.code), s.decided_at, NULL::text, 'OVERRIDE', 'block', civic.colour(s.code), o.reason, NULL::text, NULL::jsonb, o.expires_at
  FROM stood s JOIN centre.access_override o ON o.override_id = s.override_id
  UNION ALL
  SELECT s.colour, civic.ruleset_version(s.code), s.decided_at, NULL::text, 'LAPSED', 'block', s.colour, NULL::text, NULL::text, NULL::jsonb, NULL::timestamptz
  FROM stood s WHERE civic.has_lapsed(s.code) OR civic.valid_until(s.code) <= $2
  UNION ALL
  SELECT s.colour, civic.ruleset_version(b.code), b.decided_at, nullif(e.grp, ''), e.rule, e.severity, e.result, e.reason, e.action, e.facts_used, nullif(e.flips_at, 'infinity')
  FROM stood s, basis b JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(b.code), LATERAL civic.explain(r.body, b.decided_at, centre.fact_json(b.facts), $3) AS e
  WHERE e.result <> 'passed';
END;
COMMENT ON FUNCTION centre.access_reasons(bigint, timestamptz, text) IS
  'why a worker''s code was what it was at an instant, as it was decided then: the colour shown, the version, the rules that failed or were not decided, and the facts each read; OVERRIDE and LAPSED where they applied. No rules where the facts were erased';

CREATE FUNCTION centre.access_history(of_worker bigint, from_time timestamptz DEFAULT '-infinity', to_time timestamptz DEFAULT 'infinity')
RETURNS TABLE (decision_id bigint, decided_at timestamptz, cause text, ruleset_id integer, policy text, colour text, work text, health text, residency text, rules text[], override_reason text, changed jsonb, valid_until timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT d.decision_id, d.decided_at, d.cause, civic.ruleset_version(d.code), r.code, civic.colour(d.code), civic.work(d.code), civic.health(d.code), civic.residency(d.code),
         civic.reasons(r.body, d.code) || civic.unknown_reasons(r.body, d.code), o.reason,
         -- what was known before and what was known then, where they differ
         (SELECT jsonb_object_agg(f.key, jsonb_build_array(d.before -> f.key, f.value)) FROM jsonb_each(centre.fact_json(d.facts)) AS f WHERE d.before IS NOT NULL AND d.before -> f.key IS DISTINCT FROM f.value),
         nullif(civic.valid_until(d.code), 'infinity')
  FROM (SELECT x.*, (SELECT centre.fact_json(b.facts) FROM centre.decision b WHERE b.worker_id = $1 AND b.decision_id < x.decision_id AND NOT b.facts IS NULL ORDER BY b.decision_id DESC LIMIT 1) AS before
        FROM centre.decision x WHERE x.worker_id = $1 AND x.decided_at >= $2 AND x.decided_at < $3) AS d
  LEFT JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(d.code) LEFT JOIN centre.access_override o ON o.override_id = d.override_id
  ORDER BY d.decision_id;
END;
COMMENT ON FUNCTION centre.access_history(bigint, timestamptz, timestamptz) IS
  'every code a worker had, in the order of deciding: cause, version, parts, the rules that failed or were not decided, the reason of an override, the facts that had changed since the decision before as [then, now], and until when it held; changed is null where facts were erased, and of the first';

CREATE FUNCTION centre.access_replay(of_worker bigint, at timestamptz)
RETURNS TABLE (reading text, ruleset_id integer, colour text, work text, health text, residency text, rules text[], facts jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  stood centre.decision := centre.decision_at(of_worker, at);
  known centre.worker_fact;
BEGIN
  IF stood.decision_id IS NULL THEN
    RETURN;
  END IF;
  known := centre.facts_known(of_worker, at);
  -- how old the feeds were is no statement about the worker
  known.work_feed_at := (stood.facts).work_feed_at;
  known.residency_feed_at := (stood.facts).residency_feed_at;
  known.health_feed_at := (stood.facts).health_feed_at;
  RETURN QUERY
    WITH told AS (
      SELECT 'as decided' AS reading, stood.code AS code, centre.fact_json(stood.facts) AS facts
      UNION ALL
      SELECT 'as known now', access_json(v.body, v.ruleset_id, at, centre.fact_json(known)), centre.fact_json(known) FROM centre.ruleset v WHERE v.ruleset_id = ruleset_version(stood.code) AND known.worker_id IS NOT NULL)
    SELECT t.reading, r.ruleset_id, colour_at(t.code, at), work(t.code), health(t.code), residency(t.code), reasons(r.body, t.code) || unknown_reasons(r.body, t.code), t.facts
    FROM told t LEFT JOIN centre.ruleset r ON r.ruleset_id = ruleset_version(stood.code);
END
$$;
COMMENT ON FUNCTION centre.access_replay(bigint, timestamptz) IS
  'a worker''s code at an instant twice, by the version of then: as it was decided, on the facts of then, and as known now, on the facts that today''s statements, corrections included, make of that instant (centre.facts_known); the second is missing for a worker who is not there any more';

GRANT EXECUTE ON FUNCTION centre.decision_at(bigint, timestamptz), centre.access_reasons(bigint, timestamptz, text), centre.access_history(bigint, timestamptz, timestamptz), centre.access_replay(bigint, timestamptz) TO civic_ticker;
