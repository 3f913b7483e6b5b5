-- The version that is in force and the one that is to come, as readers see them: being recomputed, what will turn, and when.

CREATE FUNCTION centre.version_now(clock timestamptz) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT p.ruleset_id FROM centre.access_setting s JOIN centre.policy p ON p.code = s.policy_code AND p.valid @> clock);
COMMENT ON FUNCTION centre.version_now(timestamptz) IS 'the version that is to decide access codes at an instant; null if there is none, and codes stay until they run out';

CREATE FUNCTION centre.shown_colour(code civic.access_code, version integer, clock timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN code IS NULL THEN 'grey' WHEN version <> civic.ruleset_version(code) THEN 'recomputing' ELSE civic.colour_at(code, clock) END;
COMMENT ON FUNCTION centre.shown_colour(civic.access_code, integer, timestamptz) IS
  'what to show of a code while a version is in force: its colour; recomputing where another version decided it, so that nobody goes by what does not hold any more; grey where there is none';

CREATE FUNCTION centre.coming_versions() RETURNS TABLE (ruleset_id integer, starts_at timestamptz, ends_at timestamptz, body civic.ruleset)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT p.ruleset_id, lower(p.valid), coalesce(upper(p.valid), 'infinity'), r.body FROM centre.access_setting s JOIN centre.policy p ON p.code = s.policy_code AND lower(p.valid) > statement_timestamp() JOIN centre.ruleset r ON r.ruleset_id = p.ruleset_id;
END;
COMMENT ON FUNCTION centre.coming_versions() IS 'the approved versions that come into force later, from when until when; no row if none waits';

CREATE FUNCTION centre.turns_ahead(facts centre.worker_fact, code civic.access_code, until timestamptz)
RETURNS TABLE (turns_at timestamptz, starts_at timestamptz, body civic.ruleset, colour text, turned civic.access_code)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH RECURSIVE version AS MATERIALIZED (
    SELECT v.* FROM centre.coming_versions() AS v),
  given AS MATERIALIZED (
    SELECT centre.fact_json($1) AS facts),
  turn AS (
    -- what the version before it has come to by then is what it turns
    SELECT v.starts_at AS turns_at, v.starts_at, v.ends_at, v.body, coalesce(civic.colour(civic.access_json(b.body, b.ruleset_id, v.starts_at - interval '1 microsecond', g.facts)), 'grey') AS colour,
           civic.access_json(v.body, v.ruleset_id, v.starts_at, g.facts) AS code, 1 AS n
    FROM given g CROSS JOIN (SELECT f.* FROM version f ORDER BY f.starts_at LIMIT 1) AS v
      LEFT JOIN centre.ruleset b ON $2 IS NOT NULL AND b.ruleset_id = coalesce(centre.version_now(statement_timestamp()), civic.ruleset_version($2))
    WHERE v.starts_at <= $3
    UNION ALL
    SELECT i.at, w.starts_at, w.ends_at, w.body, civic.colour(t.code), civic.access_json(w.body, w.ruleset_id, i.at, g.facts), t.n + 1
    FROM turn t CROSS JOIN given g CROSS JOIN LATERAL (SELECT least(civic.valid_until(t.code), t.ends_at) AS at) AS i JOIN version w ON w.starts_at <= i.at AND i.at < w.ends_at
    WHERE i.at <= $3 AND t.n < 100)
  SELECT t.turns_at, t.starts_at, t.body, t.colour, t.code FROM turn t;
END;
COMMENT ON FUNCTION centre.turns_ahead(centre.worker_fact, civic.access_code, timestamptz) IS
  'inner part of the lists of what is to come: what becomes of a worker whose facts stay from the start of the next approved version on, at each instant until a time at which time alone may turn the code or another version begins (the first 100): the colour before, and the code then';

CREATE FUNCTION centre.next_turn(facts centre.worker_fact, code civic.access_code) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH start AS (
    SELECT min(v.starts_at) AS at FROM centre.coming_versions() AS v),
  ahead AS (
    SELECT t.turns_at, t.colour, t.turned FROM start s, centre.access_setting c, LATERAL centre.turns_ahead($1, $2, s.at + c.horizon) AS t)
  SELECT nullif(CASE WHEN s.at IS NULL OR civic.valid_until($2) <= s.at OR civic.is_override($2) THEN civic.valid_until($2)
    -- from its start on the version to come says when
    ELSE coalesce((SELECT min(a.turns_at) FROM ahead a WHERE civic.colour(a.turned) <> a.colour), (SELECT civic.valid_until(a.turned) FROM ahead a ORDER BY a.turns_at DESC LIMIT 1)) END, 'infinity')
  FROM start s;
END;
COMMENT ON FUNCTION centre.next_turn(centre.worker_fact, civic.access_code) IS
  'when a worker''s colour may turn without new facts: by time alone under the version in force, or at the start of the version to come or later, by what that says; null: never';

CREATE FUNCTION centre.coming(of_reader text, in_lang text, horizon interval)
RETURNS TABLE (worker_id bigint, starts_at timestamptz, turns_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH turned AS (
    SELECT f.worker_id, t.starts_at, t.turns_at, t.body, centre.fact_json(f) AS facts, t.colour, civic.colour(t.turned) AS colour_then
    FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id CROSS JOIN LATERAL centre.turns_ahead(f, a.code, (SELECT min(v.starts_at) FROM centre.coming_versions() AS v) + $3) AS t
    WHERE EXISTS (SELECT FROM centre.coming_versions()) AND NOT coalesce(civic.is_override(a.code), false) AND civic.colour(t.turned) <> t.colour)
  SELECT DISTINCT t.worker_id, t.starts_at, t.turns_at, t.colour, t.colour_then, CASE WHEN d.part IS NOT NULL OR $1 = 'worker' THEN e.grp END,
         CASE WHEN d.sees_reason OR $1 = 'worker' THEN e.rule END, CASE WHEN d.sees_reason OR $1 = 'worker' THEN e.reason END, CASE WHEN d.part IS NOT NULL OR $1 = 'worker' THEN e.action END
  FROM turned t LEFT JOIN LATERAL civic.explain(t.body, t.turns_at, t.facts, $2) AS e ON e.result <> 'passed' LEFT JOIN centre.reader_detail d ON d.part = e.grp AND d.reader = $1;
END;
COMMENT ON FUNCTION centre.coming(text, text, interval) IS
  'inner part of the lists of what is to come: for the workers that row security shows, each turn of the colour at the start of the next approved version and so long after it, if facts stay: from which to which, and the rules that fail or are not decided then; parts and reasons as a kind of reader may see them, all for the worker';

-- ---- whose ----

CREATE FUNCTION centre.claimed_worker() RETURNS bigint LANGUAGE sql STABLE RETURN centre.pseudonym(centre.claimed('worker'));
CREATE FUNCTION centre.claimed_employer() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT e.employer_id FROM centre.employer e WHERE e.code = centre.claimed('employer'));
CREATE FUNCTION centre.claimed_dormitory() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT p.premises_id FROM centre.premises p WHERE p.code = centre.claimed('dormitory'));
COMMENT ON FUNCTION centre.claimed_worker() IS 'the worker of the claim, or null';
COMMENT ON FUNCTION centre.claimed_employer() IS 'the employer of the claim, or null';
COMMENT ON FUNCTION centre.claimed_dormitory() IS 'the dormitory of the claim, or null';

CREATE FUNCTION centre.my_coming(in_lang text DEFAULT NULL, horizon interval DEFAULT '7 days')
RETURNS TABLE (starts_at timestamptz, turns_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT c.starts_at, c.turns_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.worker_fact f CROSS JOIN LATERAL centre.coming('worker', coalesce($1, f.language, 'en'), $2) AS c
  WHERE f.worker_id = centre.claimed_worker() AND c.worker_id = f.worker_id ORDER BY c.turns_at, c.rule;
END;
COMMENT ON FUNCTION centre.my_coming(text, interval) IS
  'how an approved version will turn the claiming worker''s code when it starts and within the horizon after, if facts stay: when, from which colour to which, why and what to do before; no row where nothing turns or no version is approved';

CREATE FUNCTION centre.my_workers_coming(in_lang text DEFAULT 'en', horizon interval DEFAULT '7 days')
RETURNS TABLE (pass_no text, starts_at timestamptz, turns_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, c.starts_at, c.turns_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.coming('employer', $1, $2) AS c JOIN centre.worker_fact f ON f.worker_id = c.worker_id AND f.employer_id = centre.claimed_employer()
  LEFT JOIN centre.work_pass n ON n.worker_id = c.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY n.pass_no, c.turns_at, c.rule;
END;
COMMENT ON FUNCTION centre.my_workers_coming(text, interval) IS
  'whom of the claiming employer''s workers an approved version will turn when it starts and within the horizon after, if facts stay: from which colour to which and when; rules and reasons for the parts of centre.reader_detail';

CREATE FUNCTION centre.my_residents_coming(in_lang text DEFAULT 'en', horizon interval DEFAULT '7 days')
RETURNS TABLE (pass_no text, starts_at timestamptz, turns_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, c.starts_at, c.turns_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.coming('dormitory', $1, $2) AS c JOIN centre.worker_fact f ON f.worker_id = c.worker_id AND f.dormitory_id = centre.claimed_dormitory()
  LEFT JOIN centre.work_pass n ON n.worker_id = c.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY n.pass_no, c.turns_at, c.rule;
END;
COMMENT ON FUNCTION centre.my_residents_coming(text, interval) IS 'whom of the residents of the claiming operator''s dormitory an approved version will turn, as my_workers_coming()';

CREATE VIEW centre.policy_coming AS
  SELECT p.code, p.ruleset_id, p.status, lower(p.valid) AS starts_at, p.approver, p.emergency, p.accepted_loss, w.loss AS loss_now, coalesce(w.loss > p.accepted_loss + s.max_loss OR c.more, false) AS would_be_held, w.made_at AS assessed_at
  FROM centre.policy p CROSS JOIN centre.access_setting s CROSS JOIN LATERAL (SELECT max(a.assessment_id) AS assessment_id FROM centre.policy_assessment a WHERE a.ruleset_id = p.ruleset_id) AS l
  LEFT JOIN LATERAL (SELECT max(greatest(v.loss, v.undetermined)) FILTER (WHERE NOT v.aged) AS loss, max(v.made_at) AS made_at FROM centre.policy_summary v WHERE v.assessment_id = l.assessment_id AND centre.may_stand(v.against_id, p.ruleset_id, v.at, lower(p.valid))) AS w ON true
  LEFT JOIN LATERAL (SELECT bool_or(v.share > coalesce((CASE WHEN v.aged THEN p.accepted_aged ELSE p.accepted_changes END ->> v.direction)::float8, 0) + s.max_loss) AS more FROM centre.policy_change v
    WHERE v.assessment_id = l.assessment_id AND (v.direction <> 'loss' OR v.aged) AND centre.may_stand(v.against_id, p.ruleset_id, v.at, lower(p.valid))) AS c ON true
  WHERE lower(p.valid) > now();
COMMENT ON VIEW centre.policy_coming IS
  'versions that are approved and to come: when, how much loss was acknowledged, how much the latest assessment finds at its worst instant, and whether that, or a change in another direction, is so much more that the version would be held if that were its start';

GRANT SELECT ON centre.policy_coming TO civic_approver, civic_ticker;
GRANT SELECT (policy_code, horizon) ON centre.access_setting TO civic_view;
GRANT SELECT (ruleset_id, code, valid) ON centre.policy TO civic_view;
GRANT EXECUTE ON FUNCTION centre.version_now(timestamptz), centre.shown_colour(civic.access_code, integer, timestamptz), centre.coming_versions(), centre.turns_ahead(centre.worker_fact, civic.access_code, timestamptz), centre.next_turn(centre.worker_fact, civic.access_code),
  centre.coming(text, text, interval) TO civic_view;
GRANT EXECUTE ON FUNCTION centre.my_coming(text, interval) TO civic_worker;
GRANT EXECUTE ON FUNCTION centre.my_workers_coming(text, interval) TO civic_employer;
GRANT EXECUTE ON FUNCTION centre.my_residents_coming(text, interval) TO civic_dormitory;
