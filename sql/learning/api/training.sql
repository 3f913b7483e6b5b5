-- Trainings: the catalogue kept as one value, gaps of officials, and ten trainings for one of them.

CREATE FUNCTION centre.training_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.training_catalogue SET made_at = now(),
    trainings = (SELECT civic.training_catalog_agg(t.training_id, t.teaches, t.hours::float8, t.price::float8) FROM centre.training t);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.training_changed() IS 'trigger of training: the catalogue follows';
CREATE TRIGGER civic_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON centre.training EXECUTE FUNCTION centre.training_changed();

CREATE FUNCTION centre.official_gaps(day date)
RETURNS TABLE (subject_id bigint, ministry text, department text, designation text, need civic.competency_set, held civic.competency_set, gap civic.competency_gap)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT o.subject_id, o.ministry, o.department, o.designation, x.need, x.held, x.need OPERATOR(civic.-) x.held
  FROM centre.officials_on($1) o LEFT JOIN centre.needs_on($1) n ON n.node_id = o.position_id LEFT JOIN centre.official_competency c ON c.subject_id = o.subject_id
  CROSS JOIN LATERAL (SELECT coalesce(n.need, '') AS need, coalesce(c.held, '') AS held) AS x;
END;
COMMENT ON FUNCTION centre.official_gaps(date) IS
  'officials in office on a day with what their post needs on it (centre.needs_on), what they hold now (centre.official_competency) and what is missing; as far as the caller may see them';

CREATE FUNCTION centre.free_seats(of_session integer) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT greatest(s.seats - (SELECT count(*) FROM centre.learning l WHERE l.session_id = s.session_id)
          - (SELECT count(*) FROM centre.department_plan_seat d JOIN centre.department_plan p USING (plan_id)
             WHERE d.session_id = s.session_id AND p.status = 'reserved' AND NOT EXISTS (SELECT FROM centre.learning l WHERE l.session_id = d.session_id AND l.subject_id = d.subject_id)), 0)::integer
        FROM centre.training_session s WHERE s.session_id = of_session);
COMMENT ON FUNCTION centre.free_seats(integer) IS
  'seats of a session that neither an enrolment nor a department''s plan has taken (an official with both has one), as far as the caller sees them; never below 0, null for an unknown session';

-- recommend() gives all that close anything: prerequisites and declines may change which ten are first
CREATE FUNCTION centre.recommend_trainings(subject bigint, k integer DEFAULT 10, by text DEFAULT 'levels', day date DEFAULT centre.today())
RETURNS TABLE (rank bigint, training_id integer, title text, levels integer, points integer, hours numeric, price numeric, declined bigint, next_session date)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH offer AS (
    SELECT t.training_id, t.title, r.levels, r.points, t.hours, t.price, d.declined,
           CASE $3 WHEN 'levels' THEN r.points
             WHEN 'per hour' THEN CASE WHEN t.hours = 0 THEN 'infinity' ELSE r.points / t.hours::float8 END
             ELSE CASE WHEN t.price = 0 THEN 'infinity' ELSE r.points / t.price::float8 END END / 2 ^ d.declined AS worth
    FROM centre.official_gaps($4) AS g CROSS JOIN centre.training_catalogue c
    CROSS JOIN LATERAL civic.recommend(g.gap, c.trainings, greatest(civic.trainings(c.trainings), 1), $3) AS r
    JOIN centre.training t ON t.training_id = r.training
    CROSS JOIN LATERAL (SELECT count(*) AS declined FROM centre.recommendation n
                        WHERE n.subject_id = g.subject_id AND n.training_id = t.training_id AND n.outcome = 'declined' AND n.decided_on BETWEEN $4 - 365 AND $4) AS d
    WHERE g.subject_id = $1 AND t.valid @> $4 AND g.held OPERATOR(civic.@>) t.prerequisites
      AND NOT EXISTS (SELECT FROM centre.learning l WHERE l.subject_id = g.subject_id AND l.training_id = t.training_id AND l.completed_on IS NULL)),
  ranked AS (
    SELECT row_number() OVER (ORDER BY o.worth DESC NULLS LAST, o.declined, o.points DESC, o.levels DESC, o.training_id) AS rank, o.* FROM offer o)
  SELECT f.rank, f.training_id, f.title, f.levels, f.points, f.hours, f.price, f.declined,
         (SELECT min(s.starts) FROM centre.training_session s WHERE s.training_id = f.training_id AND s.starts > $4)
  FROM ranked f WHERE f.rank <= $2 ORDER BY f.rank;
END;
COMMENT ON FUNCTION centre.recommend_trainings(bigint, integer, text, date) IS
  'the k trainings that do most for an official''s gap on a day, by levels, per hour or per cost (civic.recommend): only those on offer whose prerequisites are held and that are not under way. Each time the official declined one in the past 365 days halves what it is worth. Error on another order; no rows for somebody the caller may not see';

CREATE POLICY civic_hr ON centre.learning FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'learning'));
CREATE POLICY civic_hr ON centre.recommendation FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'recommendation'));
CREATE POLICY civic_service ON centre.learning TO civic_ticker, civic_publisher USING (true);
CREATE POLICY civic_service ON centre.recommendation TO civic_ticker, civic_publisher USING (true);
GRANT SELECT (plan_id, status) ON centre.department_plan TO civic_hr, civic_ticker;
GRANT SELECT ON centre.department_plan_seat TO civic_ticker;
CREATE POLICY civic_ticker ON centre.department_plan_seat FOR SELECT TO civic_ticker USING (true);
GRANT SELECT ON centre.provider, centre.training, centre.training_session, centre.training_catalogue, centre.learning, centre.recommendation TO civic_hr, civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.official_gaps(date), centre.recommend_trainings(bigint, integer, text, date) TO civic_hr, civic_ticker, civic_publisher;
-- it counts the enrolments that its caller sees: others ask has_free_seat()
GRANT EXECUTE ON FUNCTION centre.free_seats(integer) TO civic_ticker, civic_publisher;
