-- Readers of access codes: who they are is a signed claim; what they may call are the functions here, and nothing else.
-- The functions belong to civic_view (owners.sql), which row security confines to the rows of the claim; so a
-- reader has no right on any table, and EXPLAIN of a call shows one function scan.

-- ---- row security: the parts of this layer that run as ticker, approver or publisher see all; civic_view what is claimed ----

DO $$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{worker,work_pass,worker_fact,location,location_claim,approval,access,access_override,decision,gate_log,gate_inbox}'::text[] LOOP
    EXECUTE format('CREATE POLICY civic_staff ON centre.%I TO civic_ticker, civic_approver, civic_publisher USING (true) WITH CHECK (true)', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{worker,work_pass,location,access,access_override,decision}'::text[] LOOP
    EXECUTE format('CREATE POLICY civic_claim ON centre.%I FOR SELECT TO civic_view USING (worker_id IN (SELECT f.worker_id FROM centre.worker_fact f))', guarded);
  END LOOP;
END
$$;
-- A claim is of one kind, so three of the four are null: the four indexes make one bitmap.
CREATE POLICY civic_claim ON centre.worker_fact FOR SELECT TO civic_view USING (
  worker_id = (SELECT centre.claimed_worker()) OR employer_id = (SELECT centre.claimed_employer())
  OR dormitory_id = (SELECT centre.claimed_dormitory()) OR sector = (SELECT centre.claimed('sector')));
-- An approver reads open appeals under his name only.
CREATE POLICY civic_staff ON centre.appeal TO civic_ticker, civic_publisher USING (true) WITH CHECK (true);
CREATE POLICY civic_approver ON centre.appeal FOR SELECT TO civic_approver USING (status <> 'open' OR centre.note_appeal_read(worker_id));
CREATE POLICY civic_claim ON centre.appeal FOR SELECT TO civic_view USING (worker_id = (SELECT centre.claimed_worker()));
CREATE POLICY civic_claim ON centre.approval TO civic_view USING (agency = (SELECT s.agency FROM centre.sector_lead s WHERE s.sector = centre.claimed('sector')))
  WITH CHECK (agency = (SELECT s.agency FROM centre.sector_lead s WHERE s.sector = centre.claimed('sector')) AND sector IS NULL AND premises_id IS NULL
    AND (employer_id IS NULL OR employer_id IN (SELECT e.employer_id FROM centre.employer e WHERE e.sector = centre.claimed('sector')))
    AND (worker_id IS NULL OR worker_id IN (SELECT f.worker_id FROM centre.worker_fact f WHERE f.sector = centre.claimed('sector'))));

-- ---- what there is to do ----

CREATE FUNCTION centre.todo(of_reader text, in_lang text, horizon interval)
RETURNS TABLE (worker_id bigint, part text, rule text, reason text, action text, due_at timestamptz, turns_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH concerned AS (
    SELECT f.worker_id, centre.fact_json(f) AS facts, r.body, statement_timestamp() AS clock
    FROM centre.worker_fact f JOIN centre.access a ON a.worker_id = f.worker_id JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(a.code)
    WHERE civic.fail_mask(a.code) <> 0 OR civic.unknown_mask(a.code) <> 0 OR civic.valid_until(a.code) <= statement_timestamp() + $3),
  now_open AS (
    SELECT c.*, e.grp, e.rule, e.result, e.reason, e.action, e.flips_at FROM concerned c CROSS JOIN LATERAL civic.explain(c.body, c.clock, c.facts, $2) AS e),
  open AS (
    SELECT n.worker_id, n.grp, n.rule, n.reason, n.action, n.clock AS due_at, n.flips_at AS turns_at FROM now_open n WHERE n.result <> 'passed'
    UNION ALL
    -- what passes now and will not when time has gone on, while this version is in force
    SELECT n.worker_id, n.grp, n.rule, later.reason, later.action, n.flips_at, later.flips_at
    FROM now_open n CROSS JOIN LATERAL civic.explain(n.body, n.flips_at, n.facts, $2) AS later
    WHERE n.result = 'passed' AND n.flips_at <= n.clock + $3 AND n.flips_at < (SELECT coalesce(min(v.starts_at), 'infinity') FROM centre.coming_versions() AS v) AND later.rule = n.rule AND later.result <> 'passed'),
  -- what the version to come will ask for, at its start or later, and is not asked for already
  due AS (
    SELECT o.* FROM open o
    UNION ALL
    (SELECT DISTINCT ON (f.worker_id, e.rule) f.worker_id, e.grp, e.rule, e.reason, e.action, t.turns_at, e.flips_at
     FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id CROSS JOIN LATERAL centre.turns_ahead(f, a.code, statement_timestamp() + $3) AS t
       CROSS JOIN LATERAL civic.explain(t.body, t.turns_at, centre.fact_json(f), $2) AS e
     WHERE (SELECT min(v.starts_at) FROM centre.coming_versions() AS v) <= statement_timestamp() + $3 AND (civic.fail_mask(t.turned) <> 0 OR civic.unknown_mask(t.turned) <> 0) AND e.result <> 'passed' AND NOT EXISTS (SELECT FROM open o WHERE o.worker_id = f.worker_id AND o.rule = e.rule)
     ORDER BY f.worker_id, e.rule, t.turns_at))
  -- the name of a rule, such as no_positive_rapid, is a reason as well
  SELECT o.worker_id, o.grp, CASE WHEN d.sees_reason THEN o.rule END, CASE WHEN d.sees_reason THEN o.reason END, o.action, o.due_at, nullif(o.turns_at, 'infinity')
  FROM due o JOIN centre.reader_detail d ON d.part = o.grp AND d.reader = $1;
END;
COMMENT ON FUNCTION centre.todo(text, text, interval) IS
  'inner part of the to-do lists: for the workers that row security shows, the rules of the version that decided them which fail or are not decided now (due now), or will fail within the horizon by time alone (due then), until the version to come starts, and from then on by that one (due then); with the parts and reasons a kind of reader may see';

-- ---- the worker ----

CREATE FUNCTION centre.my_code()
RETURNS TABLE (colour text, work text, health text, residency text, turns_at timestamptz, overridden boolean, place text, place_conflict boolean, language text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT centre.shown_colour(a.code, centre.version_now(statement_timestamp()), statement_timestamp()), civic.work(a.code), civic.health(a.code), civic.residency(a.code), centre.next_turn(f, a.code),
         civic.is_override(a.code), coalesce(p.name, p.code), l.conflict, f.language
  FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id
  LEFT JOIN centre.location l ON l.worker_id = f.worker_id AND upper_inf(l.during) LEFT JOIN centre.premises p ON p.premises_id = l.premises_id
  WHERE f.worker_id = centre.claimed_worker();
END;
COMMENT ON FUNCTION centre.my_code() IS
  'the claiming worker''s own access code: colour now (recomputing where another version has come into force since), its parts, when it may turn without new facts, by time or by the version to come (null: never), whether it was overridden, and the place the worker is held to live at; no row without a valid claim of kind worker';

CREATE FUNCTION centre.my_reasons(in_lang text DEFAULT NULL)
RETURNS TABLE (part text, rule text, severity text, result text, reason text, action text, turns_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT r.part, r.rule, r.severity, r.result, r.reason, r.action, nullif(r.flips_at, 'infinity')
  FROM centre.worker_fact f CROSS JOIN LATERAL centre.access_reasons(f.worker_id, coalesce($1, f.language, 'en')) AS r
  WHERE f.worker_id = centre.claimed_worker();
END;
COMMENT ON FUNCTION centre.my_reasons(text) IS
  'why the claiming worker''s code is what it is, what to do and when time alone turns it, in the worker''s own language or the one given; nothing when no rule speaks against the worker';

CREATE FUNCTION centre.my_appeal(statement text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  claimant bigint := centre.claimed_worker();
  made bigint;
BEGIN
  IF claimant IS NULL THEN
    RAISE EXCEPTION 'no worker is claimed' USING ERRCODE = 'insufficient_privilege', HINT = 'An appeal is lodged under a valid claim of kind worker.';
  ELSIF EXISTS (SELECT FROM centre.appeal a WHERE a.worker_id = claimant AND a.status = 'open') THEN
    RAISE EXCEPTION 'an appeal is open already' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'centre.my_appeals() says by when it is answered.';
  END IF;
  made := centre.lodge_appeal(claimant, statement);
  RETURN (SELECT a.due_at FROM centre.appeal a WHERE a.appeal_id = made);
END
$$;
COMMENT ON FUNCTION centre.my_appeal(text) IS
  'the claiming worker objects to the latest decision, saying why in any language; gives the time by which somebody who had no part in it is to answer; one at a time';

CREATE FUNCTION centre.my_appeals()
RETURNS TABLE (lodged_at timestamptz, statement text, due_at timestamptz, status text, reviewed_at timestamptz, finding text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT a.lodged_at, a.statement, a.due_at, a.status, a.reviewed_at, a.finding FROM centre.appeal a WHERE a.worker_id = centre.claimed_worker() ORDER BY a.lodged_at DESC;
END;
COMMENT ON FUNCTION centre.my_appeals() IS 'the claiming worker''s appeals, the latest first: what was said, by when it is to be answered, and what was found; who reviewed it is not told';

-- ---- the employer ----

CREATE FUNCTION centre.my_workers()
RETURNS TABLE (pass_no text, colour text, work text, health text, residency text, turns_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, centre.shown_colour(a.code, (SELECT centre.version_now(statement_timestamp())), statement_timestamp()), civic.work(a.code), civic.health(a.code), civic.residency(a.code), centre.next_turn(f, a.code)
  FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id
  LEFT JOIN centre.work_pass n ON n.worker_id = f.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  WHERE f.employer_id = centre.claimed_employer() ORDER BY n.pass_no;
END;
COMMENT ON FUNCTION centre.my_workers() IS 'the claiming employer''s own workers by the number of their pass, with colour, parts and when it may turn without new facts; no row without a valid claim of kind employer';

CREATE FUNCTION centre.my_workers_todo(in_lang text DEFAULT 'en', horizon interval DEFAULT '3 days')
RETURNS TABLE (pass_no text, part text, rule text, reason text, action text, due_at timestamptz, turns_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, t.part, t.rule, t.reason, t.action, t.due_at, t.turns_at
  FROM centre.todo('employer', $1, $2) AS t JOIN centre.worker_fact f ON f.worker_id = t.worker_id AND f.employer_id = centre.claimed_employer()
  LEFT JOIN centre.work_pass n ON n.worker_id = t.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY t.due_at, n.pass_no, t.rule;
END;
COMMENT ON FUNCTION centre.my_workers_todo(text, interval) IS
  'what is missing for the claiming employer''s workers and by when, in a language: due now, or within the horizon; turns_at is when waiting alone resolves it. Rules and reasons are shown for the parts of centre.reader_detail';

-- ---- the dormitory ----

CREATE FUNCTION centre.my_residents()
RETURNS TABLE (pass_no text, block text, floor text, room text, colour text, work text, health text, residency text, turns_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, m.block, m.floor, m.room, centre.shown_colour(a.code, (SELECT centre.version_now(statement_timestamp())), statement_timestamp()), civic.work(a.code), civic.health(a.code), civic.residency(a.code),
         centre.next_turn(f, a.code)
  FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id
  LEFT JOIN centre.location l ON l.worker_id = f.worker_id AND upper_inf(l.during) LEFT JOIN centre.room m ON m.room_id = l.room_id
  LEFT JOIN centre.work_pass n ON n.worker_id = f.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  WHERE f.dormitory_id = centre.claimed_dormitory() ORDER BY m.block, m.floor, m.room, n.pass_no;
END;
COMMENT ON FUNCTION centre.my_residents() IS 'the residents of the claiming operator''s dormitory by room, with colour, parts and when it may turn without new facts; no row without a valid claim of kind dormitory';

CREATE FUNCTION centre.my_residents_todo(in_lang text DEFAULT 'en', horizon interval DEFAULT '3 days')
RETURNS TABLE (pass_no text, part text, rule text, reason text, action text, due_at timestamptz, turns_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT n.pass_no, t.part, t.rule, t.reason, t.action, t.due_at, t.turns_at
  FROM centre.todo('dormitory', $1, $2) AS t JOIN centre.worker_fact f ON f.worker_id = t.worker_id AND f.dormitory_id = centre.claimed_dormitory()
  LEFT JOIN centre.work_pass n ON n.worker_id = t.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  ORDER BY t.due_at, n.pass_no, t.rule;
END;
COMMENT ON FUNCTION centre.my_residents_todo(text, interval) IS 'what is missing for the residents of the claiming operator''s dormitory and by when, as my_workers_todo()';

-- ---- the lead of a sector ----

CREATE FUNCTION centre.sector_workers()
RETURNS TABLE (employer text, pass_no text, approved_from timestamptz, approved_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT e.code, n.pass_no, f.approved_from, f.approved_until
  FROM centre.worker_fact f JOIN centre.employer e ON e.employer_id = f.employer_id
  LEFT JOIN centre.work_pass n ON n.worker_id = f.worker_id AND NOT n.withdrawn AND n.valid_until > statement_timestamp()
  WHERE f.sector = centre.claimed('sector') ORDER BY e.code, n.pass_no;
END;
COMMENT ON FUNCTION centre.sector_workers() IS 'the workers of the companies of the claiming lead''s sector, with their approval as it stands; no row without a valid claim of kind sector';

CREATE FUNCTION centre.return_whitelist(whitelist jsonb, OUT taken bigint, OUT refused bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  lead text := (SELECT s.agency FROM centre.sector_lead s WHERE s.sector = centre.claimed('sector'));
BEGIN
  IF lead IS NULL THEN
    RAISE EXCEPTION 'no sector is claimed' USING ERRCODE = 'insufficient_privilege', HINT = 'A whitelist is returned under a valid claim of kind sector, by the agency that centre.sector_lead names.';
  ELSIF jsonb_typeof(whitelist) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'a whitelist is an array of objects' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('got: %s', coalesce(jsonb_typeof(whitelist), 'null'));
  END IF;
  WITH line AS (
    SELECT nullif(btrim(r ->> 'pass_no'), '') AS pass_no, nullif(btrim(r ->> 'employer'), '') AS employer, centre.try_timestamptz(r ->> 'valid_from', s.reporting_zone) AS valid_from,
           CASE WHEN r ->> 'valid_until' IS NULL THEN 'infinity' ELSE centre.try_timestamptz(r ->> 'valid_until', s.reporting_zone) END AS valid_until,
           coalesce(centre.try_boolean(r ->> 'withdrawn'), false) AS withdrawn
    FROM jsonb_array_elements(whitelist) AS r CROSS JOIN centre.site s),
  own AS (
    -- of a pass or a company named twice the line that runs longest
    SELECT DISTINCT ON (f.worker_id, e.employer_id) l.*, f.worker_id, e.employer_id
    FROM line l LEFT JOIN centre.work_pass n ON n.pass_no = l.pass_no AND NOT n.withdrawn
    LEFT JOIN centre.worker_fact f ON f.worker_id = n.worker_id AND f.sector = centre.claimed('sector')
    LEFT JOIN centre.employer e ON e.code = l.employer AND e.sector = centre.claimed('sector')
    WHERE num_nonnulls(l.pass_no, l.employer) = 1 AND num_nonnulls(f.worker_id, e.employer_id) = 1 AND l.valid_until > l.valid_from AND centre.is_sayable(l.valid_from) AND centre.is_sayable(l.valid_until)
    ORDER BY f.worker_id, e.employer_id, l.withdrawn, l.valid_until DESC, l.valid_from),
  stored AS (
    INSERT INTO centre.approval AS a (agency, source_key, issued_at, withdrawn, employer_id, worker_id, valid_from, valid_until)
      SELECT lead, 'whitelist:' || coalesce('worker:' || o.worker_id, 'employer:' || o.employer_id), statement_timestamp(), o.withdrawn, o.employer_id, o.worker_id, o.valid_from, o.valid_until
      FROM own o ORDER BY 2
      ON CONFLICT (agency, source_key) DO UPDATE SET issued_at = excluded.issued_at, withdrawn = excluded.withdrawn, valid_from = excluded.valid_from, valid_until = excluded.valid_until
        WHERE excluded.issued_at > a.issued_at AND (excluded.withdrawn, excluded.valid_from, excluded.valid_until) IS DISTINCT FROM (a.withdrawn, a.valid_from, a.valid_until))
  SELECT count(*) FILTER (WHERE o.pass_no IS NOT NULL OR o.employer IS NOT NULL), (SELECT count(*) FROM line) - count(*) INTO taken, refused FROM own o;
END
$$;
COMMENT ON FUNCTION centre.return_whitelist(jsonb) IS
  'whitelist of a sector''s lead in bulk: an array of objects with pass_no or employer, valid_from, valid_until (ISO 8601; without an end when left out), and withdrawn to take one back. It becomes the lead''s approvals; a later return replaces what it names. Lines about other sectors, unknown numbers and unsound lines are refused and told apart from each other in no way';

-- ---- the command centre ----

CREATE VIEW centre.access_status AS
  SELECT f.worker_id AS subject_id, (statement_timestamp() AT TIME ZONE s.reporting_zone)::date AS day, true AS verified, coalesce(f.sector, 'unknown') AS sector,
         coalesce(p.code, 'none') AS dormitory, coalesce(civic.main_reason(r.body, a.code), 'none') AS reason, coalesce(civic.colour_at(a.code, statement_timestamp()), 'grey') AS colour,
         CASE WHEN e.workers < 10 THEN '1' WHEN e.workers < 50 THEN '10' WHEN e.workers < 250 THEN '50' ELSE '250' END AS employer_size,
         CASE WHEN civic.valid_until(a.code) < statement_timestamp() + interval '1 day' THEN 'day' WHEN civic.valid_until(a.code) < statement_timestamp() + interval '7 days' THEN 'week'
           WHEN isfinite(civic.valid_until(a.code)) THEN 'later' ELSE 'never' END AS due
  FROM centre.worker_fact f CROSS JOIN centre.site s LEFT JOIN centre.access a ON a.worker_id = f.worker_id
  LEFT JOIN centre.ruleset r ON r.ruleset_id = civic.ruleset_version(a.code) LEFT JOIN centre.premises p ON p.premises_id = f.dormitory_id
  LEFT JOIN (SELECT employer_id, count(*) AS workers FROM centre.worker_fact GROUP BY employer_id) AS e ON e.employer_id = f.employer_id;
COMMENT ON VIEW centre.access_status IS 'one row a worker with sector, size of the employer (1, 10, 50, 250: from so many workers), dormitory, main reason, colour, and when time alone may change it: what the publisher counts for the command centre; readers see releases';

GRANT USAGE ON SCHEMA centre TO civic_view, civic_worker, civic_employer, civic_dormitory, civic_sector, civic_gate;
GRANT SELECT ON centre.worker, centre.work_pass, centre.worker_fact, centre.location, centre.access, centre.access_override, centre.appeal, centre.decision, centre.employer, centre.premises, centre.room,
  centre.ruleset, centre.reader_detail, centre.sector_lead, centre.site TO civic_view;
GRANT SELECT, INSERT, UPDATE (issued_at, withdrawn, valid_from, valid_until) ON centre.approval TO civic_view;
GRANT INSERT (sector, employer_id, premises_id, worker_id) ON centre.fact_mark TO civic_view;
GRANT INSERT ON centre.statement_before TO civic_view;
GRANT EXECUTE ON FUNCTION centre.is_sayable(timestamptz), centre.keep_statement(), centre.claimed(text), centre.claimed_worker(), centre.claimed_employer(), centre.claimed_dormitory(), centre.pseudonym(text), centre.todo(text, text, interval),
  centre.access_reasons(bigint, text), centre.fact_json(centre.worker_fact), centre.lodge_appeal(bigint, text), centre.try_timestamptz(text, text), centre.try_boolean(text), centre.mark_facts() TO civic_view;
GRANT EXECUTE ON FUNCTION centre.my_code(), centre.my_reasons(text), centre.my_appeal(text), centre.my_appeals() TO civic_worker;
GRANT EXECUTE ON FUNCTION centre.my_workers(), centre.my_workers_todo(text, interval) TO civic_employer;
GRANT EXECUTE ON FUNCTION centre.my_residents(), centre.my_residents_todo(text, interval) TO civic_dormitory;
GRANT EXECUTE ON FUNCTION centre.sector_workers(), centre.return_whitelist(jsonb) TO civic_sector;
GRANT SELECT ON centre.access_status TO civic_publisher;
