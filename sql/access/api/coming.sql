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

CREATE FUNCTION centre.coming_version() RETURNS TABLE (ruleset_id integer, starts_at timestamptz, body civic.ruleset)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT p.ruleset_id, lower(p.valid), r.body FROM centre.access_setting s JOIN centre.policy p ON p.code = s.policy_code AND lower(p.valid) > statement_timestamp() JOIN centre.ruleset r ON r.ruleset_id = p.ruleset_id
  ORDER BY lower(p.valid) LIMIT 1;
END;
COMMENT ON FUNCTION centre.coming_version() IS 'the approved version that comes into force next, and when; no row if none waits';

CREATE FUNCTION centre.next_turn(facts centre.worker_fact, code civic.access_code) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
RETURN least(nullif(civic.valid_until(code), 'infinity'), (
  SELECT v.starts_at FROM centre.coming_version() AS v
  WHERE NOT coalesce(civic.is_override(code), false) AND civic.colour(civic.access_json(v.body, v.ruleset_id, v.starts_at, centre.fact_json(facts))) IS DISTINCT FROM civic.colour(code)));
COMMENT ON FUNCTION centre.next_turn(centre.worker_fact, civic.access_code) IS 'when a worker''s colour may turn without new facts: by time alone, or because the version to come gives another; null: never';

CREATE FUNCTION centre.coming(of_reader text, in_lang text)
RETURNS TABLE (worker_id bigint, starts_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH turned AS (
    SELECT f.worker_id, v.starts_at, v.body, centre.fact_json(f) AS facts, centre.shown_colour(a.code, centre.version_now(statement_timestamp()), statement_timestamp()) AS colour,
           civic.access_json(v.body, v.ruleset_id, v.starts_at, centre.fact_json(f)) AS code
    FROM centre.worker_fact f CROSS JOIN centre.coming_version() AS v LEFT JOIN centre.access a ON a.worker_id = f.worker_id WHERE NOT coalesce(civic.is_override(a.code), false))
  SELECT DISTINCT t.worker_id, t.starts_at, t.colour, civic.colour(t.code), CASE WHEN d.part IS NOT NULL OR $1 = 'worker' THEN e.grp END,
         CASE WHEN d.sees_reason OR $1 = 'worker' THEN e.rule END, CASE WHEN d.sees_reason OR $1 = 'worker' THEN e.reason END, CASE WHEN d.part IS NOT NULL OR $1 = 'worker' THEN e.action END
  FROM turned t LEFT JOIN LATERAL civic.explain(t.body, t.starts_at, t.facts, $2) AS e ON e.result <> 'passed' LEFT JOIN centre.reader_detail d ON d.part = e.grp AND d.reader = $1
  WHERE civic.colour(t.code) <> t.colour;
END;
COMMENT ON FUNCTION centre.coming(text, text) IS
  'inner part of the lists of what is to come: for the workers that row security shows and whose colour the version to come changes at its start, if their facts stay: from which to which, and the rules that fail or are not decided then; parts and reasons as a kind of reader may see them, all for the worker';

-- ---- whose ----

CREATE FUNCTION centre.claimed_worker() RETURNS bigint LANGUAGE sql STABLE RETURN centre.pseudonym(centre.claimed('worker'));
CREATE FUNCTION centre.claimed_employer() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT e.employer_id FROM centre.employer e WHERE e.code = centre.claimed('employer'));
CREATE FUNCTION centre.claimed_dormitory() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT p.premises_id FROM centre.premises p WHERE p.code = centre.claimed('dormitory'));
COMMENT ON FUNCTION centre.claimed_worker() IS 'the worker of the claim, or null';
COMMENT ON FUNCTION centre.claimed_employer() IS 'the employer of the claim, or null';
COMMENT ON FUNCTION centre.claimed_dormitory() IS 'the dormitory of the claim, or null';

CREATE FUNCTION centre.my_coming(in_lang text DEFAULT NULL)
RETURNS TABLE (starts_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT c.starts_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.worker_fact f CROSS JOIN LATERAL centre.coming('worker', coalesce($1, f.language, 'en')) AS c
  WHERE f.worker_id = centre.claimed_worker() AND c.worker_id = f.worker_id ORDER BY c.rule;
END;
COMMENT ON FUNCTION centre.my_coming(text) IS 'how an approved version will turn the claiming worker''s code, when, why and what to do before; no row where it turns nothing or none is approved';

CREATE FUNCTION centre.my_workers_coming(in_lang text DEFAULT 'en')
RETURNS TABLE (pass_no text, starts_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, c.starts_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.coming('employer', $1) AS c JOIN centre.worker_fact f ON f.worker_id = c.worker_id AND f.employer_id = centre.claimed_employer()
  LEFT JOIN centre.work_pass n ON n.worker_id = c.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY n.pass_no, c.rule;
END;
COMMENT ON FUNCTION centre.my_workers_coming(text) IS 'whom of the claiming employer''s workers an approved version will turn, from which colour to which and when; rules and reasons for the parts of centre.reader_detail';

CREATE FUNCTION centre.my_residents_coming(in_lang text DEFAULT 'en')
RETURNS TABLE (pass_no text, starts_at timestamptz, colour text, colour_then text, part text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, c.starts_at, c.colour, c.colour_then, c.part, c.rule, c.reason, c.action
  FROM centre.coming('dormitory', $1) AS c JOIN centre.worker_fact f ON f.worker_id = c.worker_id AND f.dormitory_id = centre.claimed_dormitory()
  LEFT JOIN centre.work_pass n ON n.worker_id = c.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY n.pass_no, c.rule;
END;
COMMENT ON FUNCTION centre.my_residents_coming(text) IS 'whom of the residents of the claiming operator''s dormitory an approved version will turn, as my_workers_coming()';

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
GRANT SELECT (policy_code) ON centre.access_setting TO civic_view;
GRANT SELECT (ruleset_id, code, valid) ON centre.policy TO civic_view;
GRANT EXECUTE ON FUNCTION centre.version_now(timestamptz), centre.shown_colour(civic.access_code, integer, timestamptz), centre.coming_version(), centre.next_turn(centre.worker_fact, civic.access_code), centre.coming(text, text) TO civic_view;
GRANT EXECUTE ON FUNCTION centre.my_coming(text) TO civic_worker;
GRANT EXECUTE ON FUNCTION centre.my_workers_coming(text) TO civic_employer;
GRANT EXECUTE ON FUNCTION centre.my_residents_coming(text) TO civic_dormitory;
