-- What a version of a policy would do to workers: assessed at every instant at which it turns, before it may be approved, and once more when it starts.

CREATE FUNCTION centre.policy_line(of_code text, without integer, from_time timestamptz, until timestamptz) RETURNS integer[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH version AS (
    SELECT p.ruleset_id, coalesce(lower(p.valid), '-infinity') AS start FROM centre.policy p WHERE p.code = $1 AND p.valid IS NOT NULL AND p.ruleset_id <> $2)
  SELECT array_agg(v.ruleset_id ORDER BY v.start) FROM version v
  WHERE v.start <= $4 AND v.start >= coalesce((SELECT max(b.start) FROM version b WHERE b.start <= $3), '-infinity');
END;
COMMENT ON FUNCTION centre.policy_line(text, integer, timestamptz, timestamptz) IS
  'inner part of assessments: the versions of a policy that are in force or planned within a time, one after the other, as if the version without were not there; null if there is none';

CREATE FUNCTION centre.policy_before(of_code text, without integer, at timestamptz) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT p.ruleset_id FROM centre.policy p WHERE p.code = of_code AND p.ruleset_id <> without AND p.valid IS NOT NULL AND coalesce(lower(p.valid), '-infinity') <= at ORDER BY lower(p.valid) DESC NULLS LAST LIMIT 1);
COMMENT ON FUNCTION centre.policy_before(text, integer, timestamptz) IS 'inner part of assessments: the version that would be in force at an instant without this one, or was the last to be';

-- ---- when a version turns ----

CREATE FUNCTION centre.policy_dates(body jsonb) RETURNS SETOF timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  text_of jsonb := body - 'tests' - 'source';
  words text[] := ARRAY(SELECT DISTINCT w #>> '{}' FROM jsonb_path_query(text_of, '$.** ? (@.type() == "string")') AS w);
  zones text[] := ARRAY(SELECT s.reporting_zone FROM centre.site s) || 'UTC'::text || ARRAY(SELECT w FROM unnest(words) AS w WHERE w ~ '^[A-Z]\w+/\w' AND EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = w));
BEGIN
  RETURN QUERY
    WITH said AS (
      SELECT DISTINCT centre.try_timestamptz(d.word, z) AS at FROM unnest(zones) AS z,
        -- a day turns where it begins and where it ends
        LATERAL (SELECT w FROM unnest(words) AS w UNION ALL SELECT (centre.try_timestamptz(w, 'UTC') AT TIME ZONE 'UTC')::date + 1 || '' FROM unnest(words) AS w WHERE w ~ '^\d{4}-\d\d-\d\d$') AS d (word)
      WHERE d.word ~ '^\d{4}-\d\d-\d\d'),
    span AS (
      -- so long after a date that is written down
      SELECT DISTINCT (n.n || ' ' || (p -> 2 #>> '{}'))::interval AS long
      FROM jsonb_path_query(text_of, '$.** ? (exists (@.plusTime))') AS o, LATERAL (SELECT o -> 'plusTime' AS p) AS q,
        LATERAL (SELECT CASE jsonb_typeof(p -> 1) WHEN 'number' THEN p ->> 1 ELSE text_of -> 'params' ->> (p -> 1 ->> 'param') END AS n) AS n
      WHERE jsonb_typeof(o) = 'object' AND NOT p -> 0 @? '$.** ? (exists (@.var))' AND n.n ~ '^-?\d{1,6}$' AND p ->> 2 IN ('second', 'minute', 'hour', 'day', 'month', 'year'))
    SELECT s.at FROM said s WHERE s.at IS NOT NULL
    UNION SELECT s.at + p.long FROM said s, span p WHERE s.at IS NOT NULL;
END
$$;
COMMENT ON FUNCTION centre.policy_dates(jsonb) IS 'the instants that a ruleset''s text names, in its conditions and parameters: dates in every zone it mentions, where they begin and end, and so long after them as it adds';

CREATE FUNCTION centre.policy_turns(of_ruleset integer, line integer[], from_time timestamptz, until timestamptz) RETURNS TABLE (at timestamptz, written boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH turn AS (
    SELECT lower(p.valid) AS at, true AS written FROM centre.policy p WHERE p.ruleset_id = ANY ($2)
    UNION
    -- what ends with an instant turns just behind it
    SELECT d.at + interval '1 microsecond', true FROM centre.ruleset r, LATERAL centre.policy_dates(r.body::text::jsonb) AS d (at) WHERE r.ruleset_id = ANY ($2 || $1)
    UNION
    -- weekdays, hours and whatever else turns for many: as some workers' rules say themselves
    SELECT e.flips_at, false
    FROM (SELECT f FROM centre.worker_fact f ORDER BY f.worker_id LIMIT 12) AS sample, centre.ruleset r,
      LATERAL civic.explain(r.body, $3, centre.fact_json(sample.f)) AS e
    WHERE r.ruleset_id = $1 GROUP BY e.rule, e.flips_at HAVING count(*) >= 3)
  SELECT t.at, bool_or(t.written) FROM turn t WHERE t.at > $3 AND t.at <= $4 GROUP BY t.at ORDER BY bool_or(t.written) DESC, t.at;
END;
COMMENT ON FUNCTION centre.policy_turns(integer, integer[], timestamptz, timestamptz) IS
  'when a version, or one of the line it is compared with, turns within a time: starts, dates that are written in them, and instants at which rules turn for several of a dozen workers alike; written ones first';

-- ---- assessing ----

CREATE FUNCTION centre.feed_views(VARIADIC of_rulesets integer[]) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN EXISTS (SELECT FROM centre.ruleset r, LATERAL civic.ruleset_facts(r.body) AS f WHERE r.ruleset_id = ANY (of_rulesets) AND f.name ~ '_feed_at$') THEN '{f,t}' ELSE '{f}' END::boolean[];
COMMENT ON FUNCTION centre.feed_views(integer[]) IS 'inner part of assessments: the values of fresh that tell versions apart: where none reads the age of a feed, only false';

CREATE FUNCTION centre.assess_at(of_assessment bigint, of_ruleset integer, against integer, at timestamptz, from_time timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  INSERT INTO centre.policy_impact (assessment_id, at, fresh, against_id, sector, dormitory_id, reason, old_colour, new_colour, workers)
    SELECT of_assessment, at, v.fresh, against, d.* FROM unnest(centre.feed_views(of_ruleset, against)) AS v (fresh), LATERAL centre.policy_diff(against, of_ruleset, at, from_time, v.fresh) AS d;
END
$$;
COMMENT ON FUNCTION centre.assess_at(bigint, integer, integer, timestamptz, timestamptz) IS 'inner part of assess_policy(): the impact at one instant; where feeds are read also as if they had just been heard';

CREATE VIEW centre.policy_summary AS
  SELECT s.*, greatest(s.loss, s.undetermined) > (SELECT c.max_loss FROM centre.access_setting c) AS to_acknowledge
  FROM (SELECT t.*, coalesce(t.lost::float8 / nullif(t.green_before, 0), 0) AS loss,
               greatest(0, coalesce((t.grey_before - first_value(t.grey_before) OVER by_time)::float8 / nullif(first_value(t.green_before) OVER by_time, 0), 0)) AS undetermined
        FROM (SELECT a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.against_id, sum(i.workers)::bigint AS workers,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green'), 0)::bigint AS green_before, coalesce(sum(i.workers) FILTER (WHERE i.new_colour = 'green'), 0)::bigint AS green_after,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'grey'), 0)::bigint AS grey_before,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green' AND i.new_colour IN ('red', 'grey')), 0)::bigint AS lost,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green' AND i.new_colour = 'grey'), 0)::bigint AS lost_to_grey
              FROM centre.policy_assessment a JOIN centre.policy_impact i USING (assessment_id) GROUP BY a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.against_id) AS t
        WINDOW by_time AS (PARTITION BY t.assessment_id, t.fresh ORDER BY t.at)) AS s;
COMMENT ON VIEW centre.policy_summary IS
  'each instant of each assessment of a version in one line; lost: workers who turn from green to red or grey (lost_to_grey: to grey), loss: their share of the green ones; '
  'undetermined: workers whom the version before cannot determine then though it can when it was made, as a share of the green ones: what becomes of them it does not tell, so they count as a loss of their own';

CREATE FUNCTION centre.keep_examples(of_assessment bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  worst centre.policy_summary;
BEGIN
  SELECT * INTO worst FROM centre.policy_summary s WHERE s.assessment_id = of_assessment AND s.lost > 0 ORDER BY s.loss DESC, s.at LIMIT 1;
  IF worst.assessment_id IS NULL OR centre.policy_fault(worst.against_id, worst.at) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format(
    'INSERT INTO centre.policy_example (assessment_id, place, worker_id, sector, dormitory_id, at, reason, old_colour, new_colour)
     SELECT $6, row_number() OVER (ORDER BY x.n, x.reason, x.worker_id), x.worker_id, x.sector, x.dormitory_id, $3, x.reason, ''green'', civic.colour(x.new_code)
     FROM (SELECT b.*, civic.main_reason($2, b.new_code) AS reason, row_number() OVER (PARTITION BY civic.main_reason($2, b.new_code) ORDER BY b.worker_id) AS n
           FROM (SELECT w.worker_id, w.sector, w.dormitory_id, %s AS old_code, %s AS new_code FROM centre.worker_fact w WHERE $4 IS NOT NULL AND $5 IS NOT NULL OFFSET 0) AS b
           WHERE civic.colour(b.old_code) = ''green'' AND civic.colour(b.new_code) IN (''red'', ''grey'')) AS x
     ORDER BY x.n, x.reason, x.worker_id LIMIT 10',
    centre.access_expression(worst.against_id, '$1', '$3', true, worst.fresh), centre.access_expression(worst.ruleset_id, '$2', '$3', true, worst.fresh))
  USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = worst.against_id), (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = worst.ruleset_id),
    worst.at, worst.made_at, worst.at - worst.made_at, of_assessment;
END
$$;
COMMENT ON FUNCTION centre.keep_examples(bigint) IS 'inner part of assess_policy(): ten of those who turn from green to red or grey at the instant at which most do, one reason after the other';

CREATE FUNCTION centre.assess_policy(of_ruleset integer, start timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  given centre.policy;
  began timestamptz;
  made centre.policy_assessment;
  due record;
BEGIN
  -- Until this commits its text stays; a revision that is under way is waited for, so that the impact is that of the text that will be approved.
  SELECT * INTO given FROM centre.policy p WHERE p.ruleset_id = of_ruleset AND p.status <> 'draft' FOR KEY SHARE;
  began := clock_timestamp();
  IF NOT FOUND OR given.valid @> began OR centre.policy_before(given.code, of_ruleset, began) IS NULL THEN
    RETURN NULL;
  END IF;
  start := greatest(began, coalesce(start, lower(given.valid), began + (SELECT s.notice FROM centre.policy_setting s)));
  made.covers := start + setting.horizon;
  made.line := centre.policy_line(given.code, of_ruleset, began, made.covers);
  DELETE FROM centre.policy_assessment a WHERE a.ruleset_id = of_ruleset AND a.made_at < began - 2 * setting.impact_max_age;
  INSERT INTO centre.policy_assessment (ruleset_id, made_at, sha256, starts_at, covers, line, fact_mark, complete)
    SELECT of_ruleset, began, r.sha256, start, made.covers, made.line, s.last_value * s.is_called::integer, true FROM centre.ruleset r, centre.worker_change_change_id_seq s WHERE r.ruleset_id = of_ruleset RETURNING assessment_id INTO made.assessment_id;
  FOR due IN SELECT t.at, t.written, row_number() OVER (ORDER BY t.first DESC, t.written DESC, t.at) AS n
             FROM (SELECT x.at, bool_or(x.written) AS written, bool_or(x.first) AS first
                   FROM (SELECT began AS at, true AS written, true AS first UNION ALL SELECT start, true, true
                         UNION ALL SELECT p.at, p.written, false FROM centre.policy_turns(of_ruleset, made.line, began, made.covers) AS p) AS x GROUP BY x.at) AS t ORDER BY n LOOP
    IF due.n <= setting.impact_instants THEN
      PERFORM centre.assess_at(made.assessment_id, of_ruleset, centre.policy_before(given.code, of_ruleset, due.at), due.at, began);
    ELSIF due.written THEN
      UPDATE centre.policy_assessment SET complete = false WHERE assessment_id = made.assessment_id;
      EXIT;
    END IF;
  END LOOP;
  PERFORM centre.keep_examples(made.assessment_id);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'assessed', format('against version %s', array_to_string(made.line, ', ')));
  RETURN made.assessment_id;
END
$$;
COMMENT ON FUNCTION centre.assess_policy(integer, timestamptz) IS
  'count what a version does to workers, against the versions that would be in force without it, and keep it in centre.policy_impact: now, at its start (default: after the notice, or as approved), and at each instant within access_setting.horizon at which it or they turn, '
  'up to impact_instants; facts are as old then as they are now. Gives the number of the assessment; null where this version, or none, is in force, and for a draft';

CREATE FUNCTION centre.assessment_fault(of_ruleset integer, start timestamptz) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  given centre.policy := (SELECT p FROM centre.policy p WHERE p.ruleset_id = of_ruleset);
  latest centre.policy_assessment;
  line integer[];
  changed bigint;
  workers bigint;
BEGIN
  SELECT * INTO latest FROM centre.policy_assessment a WHERE a.ruleset_id = of_ruleset ORDER BY a.assessment_id DESC LIMIT 1;
  line := centre.policy_line(given.code, of_ruleset, latest.made_at, latest.covers);
  SELECT s.last_value * s.is_called::integer - latest.fact_mark INTO changed FROM centre.worker_change_change_id_seq s;
  SELECT max(s.workers) INTO workers FROM centre.policy_summary s WHERE s.assessment_id = latest.assessment_id;
  RETURN CASE
    WHEN latest.assessment_id IS NULL THEN 'It was never assessed.'
    WHEN latest.sha256 <> (SELECT r.sha256 FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset) THEN 'It was assessed with another text.'
    -- those planned for later may have been taken back meanwhile, if this one's start was compared with the version before it
    WHEN latest.line[1:cardinality(line)] IS DISTINCT FROM line
      OR workers > 0 AND (SELECT i.against_id FROM centre.policy_impact i WHERE i.assessment_id = latest.assessment_id AND i.at <= greatest(start, latest.made_at) ORDER BY i.at DESC LIMIT 1) IS DISTINCT FROM centre.policy_before(given.code, of_ruleset, start)
      THEN 'Other versions are in force, or planned, than those it was compared with.'
    WHEN latest.made_at < clock_timestamp() - setting.impact_max_age THEN format('It was last assessed at %s.', latest.made_at)
    WHEN start > latest.covers THEN format('It was assessed for a start until %s.', latest.covers)
    WHEN changed > setting.max_loss * workers THEN format('The facts of workers have changed %s times since it was assessed.', changed) END;
END
$$;
COMMENT ON FUNCTION centre.assessment_fault(integer, timestamptz) IS
  'why the latest assessment of a version does not count for a start: of another text, against other versions, too old, for an earlier start, or on facts that have changed for more workers than max_loss of all; null when it counts';

CREATE FUNCTION centre.assess_some(versions bigint[], context jsonb) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT count(centre.assess_policy(v::integer)) FROM unnest(versions) AS v;
END;
COMMENT ON FUNCTION centre.assess_some(bigint[], jsonb) IS 'inner part of assess_policies(): assess some versions';

CREATE FUNCTION centre.assess_policies() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  clock timestamptz := clock_timestamp();
  due bigint[] := ARRAY(
    SELECT p.ruleset_id FROM centre.policy p JOIN centre.ruleset r USING (ruleset_id) LEFT JOIN LATERAL (SELECT max(a.made_at) AS made_at FROM centre.policy_assessment a WHERE a.ruleset_id = p.ruleset_id) AS l ON true
    WHERE (p.status IN ('tested', 'approved') OR p.shadow) AND centre.ruleset_kind(r.body::text::jsonb) = 'access_code' AND centre.policy_in_force(p.code, clock) <> p.ruleset_id
      AND (l.made_at IS NULL OR l.made_at < clock - setting.impact_max_age / 2 OR centre.assessment_fault(p.ruleset_id, coalesce(lower(p.valid), clock)) IS NOT NULL)
      AND centre.policy_fault(p.ruleset_id, clock) IS NULL AND p.ruleset_id <> ALL (centre.stuck_waiting('impact')) ORDER BY p.ruleset_id);
BEGIN
  RETURN centre.work_apart('impact', 'version of a policy', 'centre.assess_some', due);
END
$$;
COMMENT ON FUNCTION centre.assess_policies() IS
  'assess what is tested, approved and to come, or a shadow, can decide, and has no assessment that counts from within half of impact_max_age; gives how many. A version for which that fails is left out (centre.stuck_row)';

-- ---- approval ----

CREATE FUNCTION centre.policy_step() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  body jsonb := (SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = new.ruleset_id);
  fault text;
  worst centre.policy_summary;
  complete boolean;
BEGIN
  IF centre.ruleset_kind(body) IS DISTINCT FROM 'access_code' AND new.code IS DISTINCT FROM setting.policy_code THEN
    RETURN new;
  END IF;
  IF new.status = 'draft' THEN
    -- another text: what was assessed is of no use any more
    DELETE FROM centre.policy_assessment a WHERE a.ruleset_id = new.ruleset_id;
  ELSIF old.status = 'draft' AND new.status = 'tested' THEN
    SELECT string_agg(f.path || ': ' || f.fault, E'\n') INTO fault FROM centre.access_faults(body) AS f;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'version % cannot decide access codes', new.ruleset_id USING ERRCODE = 'invalid_parameter_value', DETAIL = fault, HINT = 'Revise it; centre.policy_faults() lists what is wrong with a text.';
    END IF;
  ELSIF old.status = 'tested' AND new.status = 'approved' AND centre.policy_before(new.code, new.ruleset_id, lower(new.valid)) IS NOT NULL THEN
    fault := centre.assessment_fault(new.ruleset_id, lower(new.valid));
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'the impact of version % is not known', new.ruleset_id USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = fault, HINT = 'centre.assess_policy() counts it; tick() does so for versions that are tested.';
    END IF;
    SELECT * INTO worst FROM centre.policy_summary s WHERE s.assessment_id = (SELECT max(a.assessment_id) FROM centre.policy_assessment a WHERE a.ruleset_id = new.ruleset_id)
      ORDER BY greatest(s.loss, s.undetermined) DESC, s.at LIMIT 1;
    SELECT a.complete INTO complete FROM centre.policy_assessment a WHERE a.assessment_id = worst.assessment_id;
    IF worst.to_acknowledge AND NOT new.acknowledged THEN
      RAISE EXCEPTION 'this version of "%" turns % of % green workers red or grey', new.code, worst.lost, worst.green_before USING ERRCODE = 'check_violation',
        DETAIL = format('At %s that is %s %% (%s to grey), and %s %% cannot be judged; more than %s %% must be acknowledged.', worst.at, round((worst.loss * 100)::numeric, 2), worst.lost_to_grey,
                        round((worst.undetermined * 100)::numeric, 2), round((setting.max_loss * 100)::numeric, 2)),
        HINT = 'See centre.policy_impact and centre.policy_examples() for who they are, then approve with acknowledge => true.';
    ELSIF NOT complete AND NOT new.acknowledged THEN
      RAISE EXCEPTION 'version % turns more often than was assessed', new.ruleset_id USING ERRCODE = 'check_violation', DETAIL = format('At most %s instants are assessed.', setting.impact_instants),
        HINT = 'Write fewer dates into it, raise access_setting.impact_instants, or approve with acknowledge => true.';
    END IF;
    new.accepted_loss := CASE WHEN new.acknowledged THEN coalesce(greatest(worst.loss, worst.undetermined), 0) ELSE 0 END;
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.policy_step() IS
  'trigger of policy: a version that is to decide access codes is tested only when it can, and approved only when its impact is known, and acknowledged where the worst of all assessed instants takes away more than max_loss';
CREATE TRIGGER civic_access BEFORE UPDATE OF status ON centre.policy FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status) EXECUTE FUNCTION centre.policy_step();

CREATE FUNCTION centre.policy_loss(standing integer, coming integer, clock timestamptz) RETURNS float8
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (
  SELECT max(l.loss) FROM (
    SELECT coalesce(sum(d.workers) FILTER (WHERE d.old_colour = 'green' AND d.new_colour IN ('red', 'grey'))::float8 / nullif(sum(d.workers) FILTER (WHERE d.old_colour = 'green'), 0), 0) AS loss
    FROM unnest(centre.feed_views(standing, coming)) AS v (fresh), LATERAL centre.policy_diff(standing, coming, clock, NULL, v.fresh) AS d GROUP BY v.fresh) AS l);
COMMENT ON FUNCTION centre.policy_loss(integer, integer, timestamptz) IS 'share of the green workers of one version that another turns red or grey at an instant, on the facts as they are; the greater of that and of what it would be if every feed had just been heard';

CREATE FUNCTION centre.enter_policy(of_code text, standing integer, clock timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most float8 := (SELECT s.max_loss FROM centre.access_setting s);
  coming centre.policy;
  loss float8;
BEGIN
  LOOP
    SELECT * INTO coming FROM centre.policy p WHERE p.ruleset_id = centre.policy_in_force(of_code, clock);
    -- only what comes into force for the first time, and can decide
    EXIT WHEN coming.status IS DISTINCT FROM 'approved' OR centre.policy_fault(coming.ruleset_id, clock) IS NOT NULL;
    loss := centre.policy_loss(coalesce(standing, centre.policy_before(of_code, coming.ruleset_id, clock)), coming.ruleset_id, clock);
    EXIT WHEN loss IS NULL OR loss <= coming.accepted_loss + most;
    PERFORM centre.hold_policy(coming.ruleset_id, format('it would turn %s %% of green workers red or grey; %s %% were acknowledged', round((loss * 100)::numeric, 2), round((coming.accepted_loss * 100)::numeric, 2)));
    RAISE WARNING 'version % of "%" does not come into force: it would turn % %% of green workers red or grey', coming.ruleset_id, of_code, round((loss * 100)::numeric, 2)
      USING HINT = 'Its impact is assessed anew; approve it again with acknowledge => true.';
  END LOOP;
  RETURN coming.ruleset_id;
END
$$;
COMMENT ON FUNCTION centre.enter_policy(text, integer, timestamptz) IS
  'inner part of reevaluate(): the version in force at the clock. One whose time has come is measured on the facts of that instant against the version that stands; where it takes away more than max_loss beyond what its approver acknowledged, it is held and the one before goes on';

CREATE FUNCTION centre.policy_examples(of_ruleset integer, in_lang text DEFAULT 'en')
RETURNS TABLE (worker_id bigint, sector text, dormitory text, at timestamptz, old_colour text, new_colour text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN has_table_privilege(session_user, 'centre.worker_fact', 'SELECT') THEN e.worker_id END, e.sector, p.code, e.at, e.old_colour, e.new_colour, e.reason,
         coalesce(u.reason ->> $2, u.reason ->> 'en'), coalesce(u.action ->> $2, u.action ->> 'en')
  FROM centre.policy_example e LEFT JOIN centre.premises p ON p.premises_id = e.dormitory_id
  LEFT JOIN centre.ruleset r ON r.ruleset_id = $1 LEFT JOIN LATERAL civic.ruleset_rules(r.body) AS u ON u.id = e.reason
  WHERE e.assessment_id = (SELECT max(a.assessment_id) FROM centre.policy_assessment a WHERE a.ruleset_id = $1) ORDER BY e.place;
END;
COMMENT ON FUNCTION centre.policy_examples(integer, text) IS
  'ten cases of workers who turn from green to red or grey at the worst instant of the latest assessment of a version, one reason after the other, with reason and what to do in a language; who they are is told to a login that may read centre.worker_fact, to approvers it is null';

GRANT SELECT ON centre.policy_assessment, centre.policy_impact, centre.policy_summary TO civic_approver, civic_ticker;
GRANT SELECT ON SEQUENCE centre.worker_change_change_id_seq TO civic_ticker;
GRANT INSERT, DELETE ON centre.policy_impact, centre.policy_assessment TO civic_ticker;
GRANT INSERT ON centre.policy_example TO civic_ticker;
GRANT UPDATE (complete) ON centre.policy_assessment TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.policy_examples(integer, text), centre.policy_dates(jsonb) TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.policy_line(text, integer, timestamptz, timestamptz), centre.policy_before(text, integer, timestamptz), centre.policy_dates(jsonb),
  centre.policy_turns(integer, integer[], timestamptz, timestamptz), centre.feed_views(integer[]), centre.assess_at(bigint, integer, integer, timestamptz, timestamptz), centre.assess_policy(integer, timestamptz), centre.keep_examples(bigint),
  centre.assessment_fault(integer, timestamptz), centre.assess_some(bigint[], jsonb), centre.assess_policies(), centre.policy_loss(integer, integer, timestamptz), centre.enter_policy(text, integer, timestamptz), centre.policy_step(),
  centre.policy_examples(integer, text) TO civic_ticker;

INSERT INTO centre.tick_job (step, place, routine) VALUES ('impact', 90, 'centre.assess_policies')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
