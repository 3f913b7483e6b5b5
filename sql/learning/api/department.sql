-- Plans of departments: who sits in which session.

CREATE FUNCTION centre.plan_department(of_ministry text, of_department text, span daterange, day date DEFAULT centre.today(), budget numeric[] DEFAULT NULL) RETURNS centre.department_plan
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
  DROP TABLE IF EXISTS pg_temp.plan_person, pg_temp.plan_session, pg_temp.plan_choice;
  UPDATE centre.department_plan p SET status = 'withdrawn' WHERE p.ministry = of_ministry AND p.department = of_department AND p.span && plan_department.span AND p.status = 'reserved';
  CREATE TEMP TABLE plan_person ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY g.subject_id)::integer AS person, g.subject_id, g.need, g.held, g.gap FROM centre.official_gaps(day) g
    WHERE g.ministry = of_ministry AND g.department = of_department AND civic.cardinality(g.gap) > 0;
  CREATE TEMP TABLE plan_session ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY s.session_id)::integer AS session, s.session_id, s.training_id, s.starts, s.ends, centre.free_seats(s.session_id) AS free, t.teaches, t.prerequisites, t.hours, t.price,
           ((extract(year FROM s.starts) - extract(year FROM lower(span))) * 12 + extract(month FROM s.starts) - extract(month FROM lower(span)) + 1)::integer AS month
    FROM centre.training_session s JOIN centre.training t USING (training_id) WHERE span @> s.starts AND t.valid @> s.starts AND t.price IS NOT NULL;
  CREATE TEMP TABLE plan_choice ON COMMIT DROP AS
    SELECT r.* FROM
      (SELECT array_agg(p.need ORDER BY p.person) AS need, array_agg(p.held ORDER BY p.person) AS held FROM pg_temp.plan_person p) AS p,
      (SELECT array_agg(s.starts ORDER BY s.session) AS starts, array_agg(s.ends ORDER BY s.session) AS ends, array_agg(s.free ORDER BY s.session) AS free, array_agg(s.price::float8 ORDER BY s.session) AS price,
              array_agg(s.teaches ORDER BY s.session) AS teaches, array_agg(s.prerequisites ORDER BY s.session) AS asks, array_agg(s.month ORDER BY s.session) AS month, max(s.month) AS months FROM pg_temp.plan_session s) AS s
    CROSS JOIN LATERAL civic.training_schedule(p.need, p.held, s.starts, s.ends, s.free, s.price, s.teaches, s.asks, s.month,
      (SELECT array_agg(coalesce(budget[m], 0)::float8 ORDER BY m) FROM generate_series(1, s.months) AS m WHERE budget IS NOT NULL)) AS r;
  INSERT INTO centre.department_plan (ministry, department, span, made_on, people, short, closable, closed, most, cost, bound, method)
    SELECT of_ministry, of_department, span, day, w.people, w.short, w.closable, w.short - coalesce(c.missing, w.short), w.short - coalesce(c.bound_missing, w.short), coalesce(c.total, 0), coalesce(c.bound_total, 0), coalesce(c.method, 'exact')
    FROM (SELECT count(*) AS people, coalesce(sum(civic.missing_levels(p.gap)), 0) AS short, coalesce(sum(b.closable), 0) AS closable
          FROM pg_temp.plan_person p
          CROSS JOIN LATERAL (  -- seats, dates and money aside
            SELECT coalesce(sum(civic.missing_levels(r.closes)) FILTER (WHERE r.training IS NOT NULL), 0) AS closable
            FROM (SELECT civic.training_catalog_agg(t.training_id, t.teaches, t.hours::float8, t.price::float8) AS teaches, civic.training_catalog_agg(t.training_id, t.prerequisites, NULL, NULL) AS asks
                  FROM (SELECT DISTINCT s.training_id, s.teaches, s.prerequisites, s.hours, s.price FROM pg_temp.plan_session s) AS t) AS c
            CROSS JOIN LATERAL civic.training_plan(p.need, p.held, c.teaches, c.asks, 'cost') AS r) AS b) AS w
    LEFT JOIN (SELECT DISTINCT x.missing, x.bound_missing, x.total, x.bound_total, x.method FROM pg_temp.plan_choice x) AS c ON true
    RETURNING * INTO made;
  INSERT INTO centre.department_plan_seat (plan_id, subject_id, session_id, levels)
    SELECT made.plan_id, y.subject_id, y.session_id, civic.missing_levels(y.need - (y.held | y.before)) - civic.missing_levels(y.need - (y.held | y.after))
    FROM (SELECT p.subject_id, p.need, p.held, s.session_id, coalesce(civic.competency_max(s.teaches) OVER (PARTITION BY p.person ORDER BY s.ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS before,
                 civic.competency_max(s.teaches) OVER (PARTITION BY p.person ORDER BY s.ends ROWS UNBOUNDED PRECEDING) AS after
          FROM pg_temp.plan_choice x JOIN pg_temp.plan_person p USING (person) JOIN pg_temp.plan_session s USING (session)) AS y;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.plan_department(text, text, daterange, date, numeric[]) IS
  'seats for the officials of a department in the sessions that begin in a span of days, so that the most levels are closed and that as cheaply as can be (civic.training_schedule): prerequisites are held on day or earned in a session of the plan that ends before, nobody sits in two sessions at once, no more seats than neither enrolments nor the plans of others have taken, and where a budget is given (money for the months of the span, from its first on; a month without an element has none) sessions that begin in a month cost no more. The seats are reserved until the plan is withdrawn; planning the department again for these days does that. Gives the stored plan, with its method and bounds; the seats stand in centre.department_plan_seat';

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

CREATE POLICY civic_hr ON centre.department_plan_seat FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'department_plan_seat'));
CREATE POLICY civic_service ON centre.department_plan_seat TO civic_publisher USING (true);
GRANT SELECT ON centre.department_plan_seat TO civic_hr;
GRANT SELECT, INSERT ON centre.department_plan_seat TO civic_publisher;
GRANT SELECT, INSERT, UPDATE (status) ON centre.department_plan TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.plan_department(text, text, daterange, date, numeric[]), centre.withdraw_department_plan(integer), centre.department_plan_seat_check() TO civic_publisher;
