-- Plans of officials and ministries.

CREATE FUNCTION centre.training_offer(day date, OUT teaches civic.training_catalog, OUT asks civic.training_catalog)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT civic.training_catalog_agg(t.training_id, t.teaches, t.hours::float8, t.price::float8),
         civic.training_catalog_agg(t.training_id, t.prerequisites, NULL, NULL) FILTER (WHERE civic.cardinality(t.prerequisites) > 0)
  FROM centre.training t WHERE t.valid @> $1;
END;
COMMENT ON FUNCTION centre.training_offer(date) IS
  'the trainings on offer on a day as two catalogues for civic.training_plan(): what they teach, with hours and price, and what has to be held before; null where there are none';

CREATE FUNCTION centre.find_plan(need civic.competency_set, held civic.competency_set, minimise text, day date,
  OUT trainings integer[], OUT unclosed civic.competency_gap, OUT method text, OUT total numeric, OUT bound numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(array_agg(p.training::integer ORDER BY p.step) FILTER (WHERE p.training IS NOT NULL), '{}'),
         coalesce((array_agg(p.closes) FILTER (WHERE p.training IS NULL))[1], ''),
         coalesce(max(p.method) FILTER (WHERE p.training IS NOT NULL), max(p.method), 'none'),
         coalesce(max(p.total), 0)::numeric, coalesce(max(p.bound), 0)::numeric
  FROM centre.training_offer($4) AS o CROSS JOIN LATERAL civic.training_plan($1, $2, o.teaches, o.asks, $3) AS p;
END;
COMMENT ON FUNCTION centre.find_plan(civic.competency_set, civic.competency_set, text, date) IS
  'trainings on offer on a day that close need - held as far as they can at the least cost, hours or number of trainings, each open when its turn comes; unclosed: levels that nobody teaches or to which no way leads. method: exact (nothing cheaper does), bounded (nothing below bound does), unclosable (no level of the gap can be closed) or none (there is no gap); error on another aim';

-- Definer: how many others sit in a session is not for everybody, whether there is room is.
CREATE FUNCTION centre.has_free_seat(of_session integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN centre.free_seats(of_session) > 0;
COMMENT ON FUNCTION centre.has_free_seat(integer) IS 'whether a session has a seat that neither an enrolment nor a department''s plan has taken; null for an unknown session. Definer: of enrolments callers see their own';
REVOKE ALL ON FUNCTION centre.has_free_seat(integer) FROM PUBLIC;

CREATE FUNCTION centre.find_schedule(need civic.competency_set, held civic.competency_set, day date, subject bigint DEFAULT NULL,
  OUT trainings integer[], OUT sessions integer[], OUT unclosed civic.competency_gap, OUT method text, OUT finishes date, OUT bound date)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH offer AS (
    SELECT array_agg(s.session_id ORDER BY s.session_id) AS id, array_agg(s.training_id ORDER BY s.session_id) AS training, array_agg(s.starts ORDER BY s.session_id) AS starts, array_agg(s.ends ORDER BY s.session_id) AS ends,
           array_agg(coalesce(t.price, 0)::float8 ORDER BY s.session_id) AS price, array_agg(t.teaches ORDER BY s.session_id) AS teaches, array_agg(t.prerequisites ORDER BY s.session_id) AS asks
    FROM centre.training_session s JOIN centre.training t USING (training_id)
    WHERE s.starts > $3 AND t.valid @> s.starts AND (centre.has_free_seat(s.session_id) OR EXISTS (
      SELECT FROM centre.department_plan_seat d JOIN centre.department_plan p USING (plan_id) WHERE d.session_id = s.session_id AND d.subject_id = $4 AND p.status = 'reserved'))),
  row AS (
    SELECT o.training[r.session] AS training, o.id[r.session] AS session, o.ends[r.session] AS ends, o.teaches[r.session] AS teaches, r.method, r.bound_total
    FROM offer o CROSS JOIN LATERAL civic.training_schedule(ARRAY[$1], ARRAY[$2], o.starts, o.ends, array_fill(1, ARRAY[cardinality(o.id)]), o.price, o.teaches, o.asks, earliest => true) AS r)
  SELECT coalesce(array_agg(x.training ORDER BY x.ends) FILTER (WHERE x.session IS NOT NULL), '{}'), coalesce(array_agg(x.session ORDER BY x.ends) FILTER (WHERE x.session IS NOT NULL), '{}'),
         $1 OPERATOR(civic.-) ($2 OPERATOR(civic.|) coalesce(civic.competency_max(x.teaches), '')),
         CASE WHEN $2 OPERATOR(civic.@>) $1 THEN 'none' WHEN count(x.session) = 0 THEN 'unclosable' ELSE max(x.method) END, max(x.ends), '2000-01-01'::date + max(x.bound_total)::integer
  FROM row x;
END;
COMMENT ON FUNCTION centre.find_schedule(civic.competency_set, civic.competency_set, date, bigint) IS
  'sessions after a day, with a free seat or one that a department''s plan keeps for subject, that close as much of need - held as dates allow and end as early as that can be, the cheapest of such; never two at once, each open when it begins. unclosed: what no session closes; method as of find_plan(), bound: no schedule that closes as much ends before. Trainings without sessions have no dates and are not among them';

CREATE FUNCTION centre.plan_official(subject bigint, minimise text DEFAULT 'cost', day date DEFAULT centre.today()) RETURNS centre.official_plan
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  g record;
  f record;
  made centre.official_plan;
BEGIN
  SELECT * INTO g FROM centre.official_gaps(day) o WHERE o.subject_id = subject;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such official in office' USING ERRCODE = 'no_data_found', DETAIL = format('Subject %s on %s.', subject, day),
      HINT = 'Officials in office stand in centre.official.';
  END IF;
  IF minimise = 'earliest' THEN
    SELECT x.trainings, x.sessions, x.unclosed, x.method, (x.finishes - day)::numeric AS total, (x.bound - day)::numeric AS bound, x.finishes INTO f FROM centre.find_schedule(g.need, g.held, day, subject) AS x;
  ELSE
    SELECT x.*, NULL::integer[] AS sessions, NULL::date AS finishes INTO f FROM centre.find_plan(g.need, g.held, minimise, day) AS x;
  END IF;
  DELETE FROM centre.official_plan p WHERE p.subject_id = subject;
  INSERT INTO centre.official_plan (subject_id, made_on, minimise, gap, unclosed, method, total, bound, finishes)
    SELECT subject, day, minimise, g.gap, f.unclosed, f.method, coalesce(f.total, 0), CASE WHEN f.total > 0 THEN f.bound ELSE 0 END, f.finishes
    RETURNING * INTO made;
  INSERT INTO centre.official_plan_step (subject_id, step, training_id, session_id, levels)
    SELECT subject, s.step, s.id, f.sessions[s.step], civic.missing_levels(g.need - (g.held | s.before)) - civic.missing_levels(g.need - (g.held | s.after))
    FROM (SELECT u.step, u.id, coalesce(civic.competency_max(t.teaches) OVER (ORDER BY u.step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS before,
                 civic.competency_max(t.teaches) OVER (ORDER BY u.step ROWS UNBOUNDED PRECEDING) AS after
          FROM unnest(f.trainings) WITH ORDINALITY AS u (id, step) JOIN centre.training t ON t.training_id = u.id) AS s;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.plan_official(bigint, text, date) IS
  'make the plan of an official anew and store it: trainings in an order that keeps prerequisites, and what no training closes. minimise: cost, hours or trainings, seats and dates aside (centre.find_plan), or earliest: dated sessions with a free seat, so that all is closed that dates allow and the last ends as early as can be (centre.find_schedule; total and bound in days after day). Error for somebody not in office that day and for another aim';

-- ---------------------------------------------------------------- ministries
CREATE FUNCTION centre.financial_year(day date) RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT daterange(civic.bucket(financial_year.day, 'financial_year', s.year_begins), civic.bucket_end(financial_year.day, 'financial_year', s.year_begins)) FROM centre.capacity_setting s);
COMMENT ON FUNCTION centre.financial_year(date) IS 'days of the financial year that a day lies in (capacity_setting.year_begins)';

CREATE FUNCTION centre.approve_annual_plan(of_plan integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.annual_plan SET status = 'approved', approver = session_user, approved_at = now() WHERE plan_id = of_plan AND status = 'draft';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no draft plan %', of_plan USING ERRCODE = 'no_data_found', HINT = 'Only drafts are approved.';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.approve_annual_plan(integer) IS 'approve a draft, as another login than its author''s';
REVOKE ALL ON FUNCTION centre.approve_annual_plan(integer) FROM PUBLIC;

-- session_user is the login that authenticated; no statement sets it
CREATE FUNCTION centre.annual_plan_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.author := session_user;
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION 'a plan begins as a draft' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
  ELSIF OLD.status = 'draft' AND NEW.status = 'approved' THEN
    IF session_user = OLD.author THEN
      RAISE EXCEPTION 'a plan is not approved by its author' USING ERRCODE = 'insufficient_privilege', DETAIL = format('%s drafted it.', OLD.author),
        HINT = 'Another login approves it.';
    END IF;
    NEW.approver := session_user;
    NEW.author := OLD.author;
  ELSIF OLD.status <> 'draft' AND (to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status' OR NEW.status NOT IN (OLD.status, 'withdrawn')) OR NEW.author <> OLD.author THEN
    RAISE EXCEPTION 'an approved plan is fixed, and so is a plan''s author' USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Withdraw it and draft another.';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.annual_plan_check() IS 'trigger of annual_plan: author and approver are logins that authenticated, never the same; what is approved is fixed';
CREATE TRIGGER civic_check BEFORE INSERT OR UPDATE ON centre.annual_plan FOR EACH ROW EXECUTE FUNCTION centre.annual_plan_check();

CREATE FUNCTION centre.annual_plan_line_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM centre.annual_plan p WHERE p.plan_id IN (OLD.plan_id, NEW.plan_id) AND p.status <> 'draft') THEN
    RAISE EXCEPTION 'lines of a plan that is no draft are fixed' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Withdraw it and draft another.';
  END IF;
  RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION centre.annual_plan_line_check() IS 'trigger of annual_plan_line: only lines of drafts change';
CREATE TRIGGER civic_check BEFORE INSERT OR UPDATE OR DELETE ON centre.annual_plan_line FOR EACH ROW EXECUTE FUNCTION centre.annual_plan_line_check();

CREATE FUNCTION centre.annual_plan_progress(of_plan integer, day date DEFAULT centre.today())
RETURNS TABLE (training_id integer, seats integer, taken bigint, completed bigint, planned_cost numeric, spent numeric, seats_variance numeric, cost_variance numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH elapsed AS (
    SELECT p.plan_id, p.ministry, p.year, least(greatest(($2 + 1 - lower(p.year))::numeric / (upper(p.year) - lower(p.year)), 0), 1) AS share
    FROM centre.annual_plan p WHERE p.plan_id = $1),
  done AS (
    SELECT l.training_id, count(*) AS taken, count(*) FILTER (WHERE l.completed_on <= $2) AS completed, sum(l.price) AS spent
    FROM elapsed e JOIN centre.learning l ON e.year @> l.enrolled_on AND l.enrolled_on <= $2
    JOIN centre.official o ON o.subject_id = l.subject_id AND o.valid @> l.enrolled_on AND o.ministry = e.ministry GROUP BY l.training_id)
  SELECT n.training_id, n.seats, coalesce(d.taken, 0), coalesce(d.completed, 0), n.seats * n.price, coalesce(d.spent, 0),
         round(coalesce(d.taken, 0) - n.seats * e.share, 1), round(coalesce(d.spent, 0) - n.seats * n.price * e.share, 2)
  FROM elapsed e JOIN centre.annual_plan_line n USING (plan_id) LEFT JOIN done d USING (training_id) ORDER BY n.training_id;
END;
COMMENT ON FUNCTION centre.annual_plan_progress(integer, date) IS
  'an annual plan by training up to a day: seats planned, taken by the ministry''s officials and completed, planned cost and what was spent; variances against the share of the year that is over (positive: ahead of the plan, or dearer)';

CREATE POLICY civic_hr ON centre.official_plan TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'official_plan')) WITH CHECK (subject_id IN (SELECT centre.my_line()));
CREATE POLICY civic_hr ON centre.official_plan_step TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'official_plan_step')) WITH CHECK (subject_id IN (SELECT centre.my_line()));
CREATE POLICY civic_service ON centre.official_plan TO civic_publisher USING (true);
CREATE POLICY civic_service ON centre.official_plan_step TO civic_publisher USING (true);
GRANT SELECT, INSERT, DELETE ON centre.official_plan, centre.official_plan_step TO civic_hr, civic_publisher;
CREATE FUNCTION centre.my_ministries() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT o.ministry FROM centre.officials_on(centre.today()) o
  WHERE o.subject_id IN (SELECT h.subject_id FROM centre.hr_login h WHERE h.login = session_user UNION SELECT centre.pseudonym(centre.claimed('official')));
END;
COMMENT ON FUNCTION centre.my_ministries() IS
  'the ministry of the official that the authenticated login is (centre.hr_login) or that its claim of kind official names; none for any other login. Definer: no login reads hr_login';
CREATE POLICY civic_hr ON centre.annual_plan FOR SELECT TO civic_hr USING (status = 'approved' AND ministry IN (SELECT centre.my_ministries()));
CREATE POLICY civic_hr ON centre.annual_plan_line FOR SELECT TO civic_hr USING (plan_id IN (SELECT p.plan_id FROM centre.annual_plan p));
CREATE POLICY civic_service ON centre.annual_plan TO civic_publisher USING (true);
CREATE POLICY civic_service ON centre.annual_plan_line TO civic_publisher USING (true);
CREATE POLICY civic_approver ON centre.annual_plan FOR SELECT TO civic_plan_approver USING (true);
CREATE POLICY civic_approver ON centre.annual_plan_line FOR SELECT TO civic_plan_approver USING (true);
GRANT SELECT ON centre.capacity_setting, centre.annual_plan, centre.annual_plan_line TO civic_hr, civic_publisher, civic_plan_approver;
GRANT EXECUTE ON FUNCTION centre.my_ministries() TO civic_hr;
GRANT INSERT (ministry, year, budget, officials, coverage_before, coverage_expected) ON centre.annual_plan TO civic_publisher;
GRANT INSERT ON centre.annual_plan_line TO civic_publisher;
GRANT USAGE ON SCHEMA centre TO civic_plan_approver;
GRANT EXECUTE ON FUNCTION centre.training_offer(date),
  centre.find_plan(civic.competency_set, civic.competency_set, text, date), centre.find_schedule(civic.competency_set, civic.competency_set, date, bigint), centre.has_free_seat(integer),
  centre.plan_official(bigint, text, date), centre.financial_year(date) TO civic_hr, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.annual_plan_progress(integer, date), centre.annual_plan_check(), centre.annual_plan_line_check() TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.approve_annual_plan(integer) TO civic_plan_approver;
