-- Plans of officials, departments and ministries.

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
  SELECT * INTO f FROM centre.find_plan(g.need, g.held, minimise, day);
  DELETE FROM centre.official_plan p WHERE p.subject_id = subject;
  INSERT INTO centre.official_plan (subject_id, made_on, minimise, gap, unclosed, method, total, bound)
    SELECT subject, day, minimise, g.gap, f.unclosed, f.method, f.total, f.bound
    RETURNING * INTO made;
  INSERT INTO centre.official_plan_step (subject_id, step, training_id, levels)
    SELECT subject, s.step, s.id, civic.missing_levels(g.need - (g.held | s.before)) - civic.missing_levels(g.need - (g.held | s.after))
    FROM (SELECT u.step, u.id, coalesce(civic.competency_max(t.teaches) OVER (ORDER BY u.step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS before,
                 civic.competency_max(t.teaches) OVER (ORDER BY u.step ROWS UNBOUNDED PRECEDING) AS after
          FROM unnest(f.trainings) WITH ORDINALITY AS u (id, step) JOIN centre.training t ON t.training_id = u.id) AS s;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.plan_official(bigint, text, date) IS
  'make the plan of an official anew and store it: trainings in an order that keeps prerequisites, and what no training closes. minimise: cost, hours or trainings; error for somebody not in office that day and for another aim';

-- ---------------------------------------------------------------- departments
-- One seat a person and round: of the cheapest plan over the trainings that still have seats on days without another, the one that is open
-- and closes most, in its earliest session; who gains most comes first.  What is earned in a session counts from the day after its end.
CREATE FUNCTION centre.department_round() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  given integer;
BEGIN
  WITH fits AS (
    SELECT p.subject_id, p.need, p.held | p.gained AS held, s.training_id, s.teaches, s.prerequisites, s.hours, s.price, s.starts,
           p.held @> s.prerequisites OR p.held | p.gained @> s.prerequisites AND p.held | coalesce((
             SELECT civic.competency_max(y.teaches) FROM pg_temp.plan_seat x JOIN pg_temp.plan_session y USING (session_id) WHERE x.subject_id = p.subject_id AND y.ends < s.starts), '')
             @> s.prerequisites AS is_open
    FROM pg_temp.plan_person p JOIN pg_temp.plan_session s ON s.free > 0
    WHERE civic.cardinality(p.gap) > 0 AND NOT EXISTS (
      SELECT FROM pg_temp.plan_seat x JOIN pg_temp.plan_session y USING (session_id)
      WHERE x.subject_id = p.subject_id AND (y.training_id = s.training_id OR daterange(y.starts, y.ends, '[]') && daterange(s.starts, s.ends, '[]')))),
  open AS (SELECT f.subject_id, f.training_id, min(f.starts) AS starts FROM fits f WHERE f.is_open GROUP BY f.subject_id, f.training_id),
  offer AS (
    SELECT d.subject_id, d.need, d.held, civic.training_catalog_agg(d.training_id, d.teaches, d.hours::float8, d.price::float8) AS teaches,
           civic.training_catalog_agg(d.training_id, d.prerequisites, NULL, NULL) AS asks
    FROM (SELECT DISTINCT f.subject_id, f.need, f.held, f.training_id, f.teaches, f.prerequisites, f.hours, f.price FROM fits f) AS d GROUP BY d.subject_id, d.need, d.held),
  wish AS (
    SELECT DISTINCT ON (f.subject_id) f.subject_id, o.training_id, civic.missing_levels(r.closes) AS levels
    FROM offer f CROSS JOIN LATERAL civic.training_plan(f.need, f.held, f.teaches, f.asks, 'cost') AS r JOIN open o ON o.subject_id = f.subject_id AND o.training_id = r.training
    ORDER BY f.subject_id, civic.missing_levels(r.closes) DESC, r.step),
  queue AS (
    SELECT w.subject_id, s.session_id, w.levels, s.free, row_number() OVER (PARTITION BY s.session_id ORDER BY w.levels DESC, w.subject_id) AS place
    FROM wish w JOIN open o USING (subject_id, training_id)
    CROSS JOIN LATERAL (SELECT x.session_id, x.free FROM pg_temp.plan_session x WHERE x.training_id = w.training_id AND x.starts = o.starts AND x.free > 0
                        ORDER BY x.session_id LIMIT 1) AS s)
  INSERT INTO pg_temp.plan_seat (subject_id, session_id, levels, fresh) SELECT q.subject_id, q.session_id, q.levels, true FROM queue q WHERE q.place <= q.free;
  GET DIAGNOSTICS given = ROW_COUNT;
  UPDATE pg_temp.plan_session s SET free = s.free - t.taken FROM (SELECT x.session_id, count(*) AS taken FROM pg_temp.plan_seat x WHERE x.fresh GROUP BY 1) AS t WHERE t.session_id = s.session_id;
  UPDATE pg_temp.plan_person p SET gap = p.need - (p.held | p.gained | s.teaches), gained = p.gained | s.teaches
    FROM pg_temp.plan_seat x JOIN pg_temp.plan_session s USING (session_id) WHERE x.fresh AND x.subject_id = p.subject_id;
  UPDATE pg_temp.plan_seat SET fresh = false WHERE fresh;
  RETURN given;
END
$$;
COMMENT ON FUNCTION centre.department_round() IS 'gives one more seat to every official of the temporary table plan_person that one can be found for; gives how many';

CREATE FUNCTION centre.plan_department(of_ministry text, of_department text, span daterange, day date DEFAULT centre.today()) RETURNS centre.department_plan
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET client_min_messages = warning AS $$
DECLARE
  made centre.department_plan;
BEGIN
  IF NOT EXISTS (SELECT FROM centre.officials_on(day) o WHERE o.ministry = of_ministry AND o.department = of_department) THEN
    RAISE EXCEPTION 'department "%" of ministry "%" has no official', of_department, of_ministry USING ERRCODE = 'no_data_found', DETAIL = format('On %s.', day),
      HINT = 'Names are those of centre.official.';
  END IF;
  -- One department at a time, and what the one before has reserved is seen: the statements after this one begin when it has its turn.
  PERFORM centre.take_turn('department_plan');
  DROP TABLE IF EXISTS pg_temp.plan_person, pg_temp.plan_session, pg_temp.plan_seat;
  UPDATE centre.department_plan p SET status = 'withdrawn' WHERE p.ministry = of_ministry AND p.department = of_department AND p.span && plan_department.span AND p.status = 'reserved';
  CREATE TEMP TABLE plan_person ON COMMIT DROP AS
    SELECT g.subject_id, g.need, g.held, ''::civic.competency_set AS gained, g.gap FROM centre.official_gaps(day) g
    WHERE g.ministry = of_ministry AND g.department = of_department AND civic.cardinality(g.gap) > 0;
  CREATE TEMP TABLE plan_session ON COMMIT DROP AS
    SELECT s.session_id, s.training_id, s.starts, s.ends, centre.free_seats(s.session_id) AS free, t.teaches, t.prerequisites, t.hours, t.price
    FROM centre.training_session s JOIN centre.training t USING (training_id) WHERE span @> s.starts AND t.valid @> s.starts AND t.price IS NOT NULL;
  CREATE TEMP TABLE plan_seat (subject_id bigint, session_id integer, levels integer, fresh boolean) ON COMMIT DROP;
  ANALYZE pg_temp.plan_person; ANALYZE pg_temp.plan_session;
  INSERT INTO centre.department_plan (ministry, department, span, made_on, people, short, closable, closed, cost, bound)
    SELECT of_ministry, of_department, span, day, count(*), coalesce(sum(civic.missing_levels(p.gap)), 0), coalesce(sum(b.closable), 0), 0, 0, coalesce(sum(b.bound), 0)
    FROM pg_temp.plan_person p
    CROSS JOIN LATERAL (  -- seats and dates aside
      SELECT max(r.bound)::numeric AS bound, coalesce(sum(civic.missing_levels(r.closes)) FILTER (WHERE r.training IS NOT NULL), 0) AS closable
      FROM (SELECT civic.training_catalog_agg(t.training_id, t.teaches, t.hours::float8, t.price::float8) AS teaches, civic.training_catalog_agg(t.training_id, t.prerequisites, NULL, NULL) AS asks
            FROM (SELECT DISTINCT s.training_id, s.teaches, s.prerequisites, s.hours, s.price FROM pg_temp.plan_session s) AS t) AS c
      CROSS JOIN LATERAL civic.training_plan(p.need, p.held, c.teaches, c.asks, 'cost') AS r) AS b
    RETURNING * INTO made;
  WHILE centre.department_round() > 0 LOOP NULL; END LOOP;
  -- what closes nothing and opens nothing that was given after all, one seat a person at a time
  LOOP
    DELETE FROM pg_temp.plan_seat d USING (
      SELECT DISTINCT ON (x.subject_id) x.subject_id, x.session_id
      FROM pg_temp.plan_seat x JOIN pg_temp.plan_person p USING (subject_id)
      WHERE x.levels = 0 AND NOT EXISTS (
        SELECT FROM pg_temp.plan_seat z JOIN pg_temp.plan_session t USING (session_id)
        WHERE z.subject_id = x.subject_id AND NOT p.held | coalesce((
          SELECT civic.competency_max(y.teaches) FROM pg_temp.plan_seat o JOIN pg_temp.plan_session y USING (session_id)
          WHERE o.subject_id = x.subject_id AND o.session_id <> x.session_id AND y.ends < t.starts), '') @> t.prerequisites)
      ORDER BY x.subject_id, x.session_id) AS v
    WHERE (d.subject_id, d.session_id) = (v.subject_id, v.session_id);
    EXIT WHEN NOT FOUND;
  END LOOP;
  INSERT INTO centre.department_plan_seat (plan_id, subject_id, session_id, levels) SELECT made.plan_id, x.subject_id, x.session_id, x.levels FROM pg_temp.plan_seat x;
  UPDATE centre.department_plan d SET closed = coalesce(v.closed, 0), cost = coalesce(v.cost, 0)
    FROM (SELECT sum(x.levels) AS closed, sum(s.price) AS cost FROM pg_temp.plan_seat x JOIN pg_temp.plan_session s USING (session_id)) AS v
    WHERE d.plan_id = made.plan_id RETURNING d.* INTO made;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.plan_department(text, text, daterange, date) IS
  'seats for the officials of a department in the sessions that begin in a span of days: those whose prerequisites are held on day or earned in a session of the plan that ends before, never two that overlap, no more than neither enrolments nor the plans of others have taken. The seats are reserved until the plan is withdrawn; planning the department again for these days does that. One seat a person and round, so not the best of all; bound says what closing all that is closable costs at least. Gives the stored plan; the seats stand in centre.department_plan_seat';

CREATE FUNCTION centre.withdraw_department_plan(of_plan integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.department_plan p SET status = 'withdrawn' WHERE p.plan_id = of_plan AND p.status = 'reserved';
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.withdraw_department_plan(integer) IS 'give back the seats that a plan has reserved; false where it has none';

CREATE FUNCTION centre.department_plan_seat_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sold record;
BEGIN
  PERFORM centre.take_turn('department_plan');
  SELECT s.session_id, s.seats, count(*) AS taken INTO sold
    FROM (SELECT l.session_id, l.subject_id FROM centre.learning l
          UNION SELECT d.session_id, d.subject_id FROM centre.department_plan_seat d JOIN centre.department_plan p USING (plan_id) WHERE p.status = 'reserved') AS x
    JOIN centre.training_session s USING (session_id) WHERE s.session_id IN (SELECT n.session_id FROM new_rows n) GROUP BY s.session_id, s.seats HAVING count(*) > s.seats LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no seat is sold twice' USING ERRCODE = 'check_violation', DETAIL = format('Session %s has %s seats, and %s were taken.', sold.session_id, sold.seats, sold.taken),
      HINT = 'Plan by centre.plan_department(), which knows the seats that are taken.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.department_plan_seat_check() IS 'trigger of department_plan_seat: of all plans and enrolments together no session has more than its seats';
CREATE TRIGGER civic_check AFTER INSERT ON centre.department_plan_seat REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.department_plan_seat_check();

-- ---------------------------------------------------------------- ministries
CREATE FUNCTION centre.financial_year(day date) RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT daterange(civic.bucket(financial_year.day, 'financial_year', s.year_begins), civic.bucket_end(financial_year.day, 'financial_year', s.year_begins)) FROM centre.capacity_setting s);
COMMENT ON FUNCTION centre.financial_year(date) IS 'days of the financial year that a day lies in (capacity_setting.year_begins)';

CREATE FUNCTION centre.draft_annual_plan(of_ministry text, in_year date, budget numeric, day date DEFAULT centre.today()) RETURNS centre.annual_plan
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET client_min_messages = warning AS $$
DECLARE
  made centre.annual_plan;
BEGIN
  DROP TABLE IF EXISTS pg_temp.year_seat;
  -- Steps of the officials' cheapest plans, the most weighted levels for the money first.
  CREATE TEMP TABLE year_seat ON COMMIT DROP AS
    WITH step AS (
      SELECT g.subject_id, r.step, t.training_id, t.price, e.points, e.points / (SELECT sum(n.level * n.weight) FROM civic.each(g.need) AS n)::numeric AS share
      FROM centre.official_gaps(day) g
      CROSS JOIN LATERAL (SELECT civic.training_catalog_agg(t.training_id, t.teaches, t.hours::float8, t.price::float8) AS trainings FROM centre.training t
                          WHERE t.valid && centre.financial_year(in_year) AND t.teaches && g.gap AND g.held @> t.prerequisites) AS c
      CROSS JOIN LATERAL civic.training_plan(g.gap, c.trainings, 'cost') AS r JOIN centre.training t ON t.training_id = r.training
      CROSS JOIN LATERAL (SELECT sum(x.missing * x.weight) AS points FROM civic.each(r.closes) AS x) AS e
      WHERE g.ministry = of_ministry),
    bought AS (SELECT s.*, sum(s.price) OVER (ORDER BY s.price / s.points, s.subject_id, s.step) AS spent FROM step s)
    SELECT b.training_id, b.price, b.share FROM bought b WHERE b.spent <= draft_annual_plan.budget;
  INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected)
    SELECT of_ministry, centre.financial_year(in_year), draft_annual_plan.budget, c.officials, round(c.covered / c.officials, 4),
           least(round((c.covered + coalesce((SELECT sum(s.share) FROM pg_temp.year_seat s), 0)) / c.officials, 4), 1)
    FROM (SELECT count(*)::integer AS officials, sum(coverage(g.held, g.need))::numeric AS covered
          FROM centre.official_gaps(day) g WHERE g.ministry = of_ministry AND civic.cardinality(g.need) > 0) AS c
    WHERE c.officials > 0
    RETURNING * INTO made;
  IF made.plan_id IS NULL THEN
    RAISE EXCEPTION 'no official of ministry "%" is in a post whose needs are known', of_ministry USING ERRCODE = 'no_data_found',
      HINT = 'Officials stand in centre.official, the needs of posts in centre.frac_node.';
  END IF;
  INSERT INTO centre.annual_plan_line (plan_id, training_id, seats, price)
    SELECT made.plan_id, s.training_id, count(*), max(s.price) FROM pg_temp.year_seat s GROUP BY s.training_id;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.draft_annual_plan(text, date, numeric, date) IS
  'a draft for the financial year that in_year lies in: seats of trainings now open to the ministry''s officials that close the most weighted levels for the money, within the budget, and the coverage expected of them. Error where no need is known';

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
CREATE POLICY civic_hr ON centre.department_plan_seat FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'department_plan_seat'));
CREATE POLICY civic_service ON centre.official_plan TO civic_publisher USING (true);
CREATE POLICY civic_service ON centre.official_plan_step TO civic_publisher USING (true);
CREATE POLICY civic_service ON centre.department_plan_seat TO civic_publisher USING (true);
GRANT SELECT, INSERT, DELETE ON centre.official_plan, centre.official_plan_step TO civic_hr, civic_publisher;
GRANT SELECT ON centre.department_plan_seat TO civic_hr;
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
GRANT SELECT, INSERT ON centre.department_plan_seat TO civic_publisher;
GRANT SELECT, INSERT, UPDATE (closed, cost, status) ON centre.department_plan TO civic_publisher;
GRANT INSERT (ministry, year, budget, officials, coverage_before, coverage_expected) ON centre.annual_plan TO civic_publisher;
GRANT INSERT ON centre.annual_plan_line TO civic_publisher;
GRANT USAGE ON SCHEMA centre TO civic_plan_approver;
GRANT EXECUTE ON FUNCTION centre.training_offer(date),
  centre.find_plan(civic.competency_set, civic.competency_set, text, date), centre.plan_official(bigint, text, date), centre.financial_year(date) TO civic_hr, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.department_round(), centre.plan_department(text, text, daterange, date), centre.withdraw_department_plan(integer), centre.department_plan_seat_check(), centre.draft_annual_plan(text, date, numeric, date),
  centre.annual_plan_progress(integer, date), centre.annual_plan_check(), centre.annual_plan_line_check() TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.approve_annual_plan(integer) TO civic_plan_approver;
