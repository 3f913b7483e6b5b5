-- Learning facts, what they prove, and the monthly state of capacity that is published.

CREATE FUNCTION centre.record_learning(of_source text, enrolments jsonb, day date DEFAULT centre.today()) RETURNS TABLE (record text, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  IF jsonb_typeof(enrolments) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'enrolments are an array of objects' USING ERRCODE = 'invalid_parameter_value', DETAIL = left(enrolments::text, 200);
  END IF;
  DROP TABLE IF EXISTS pg_temp.learning_row;
  -- the last of rows with one identifier is the one that counts
  CREATE TEMP TABLE learning_row ON COMMIT DROP AS
    SELECT DISTINCT ON (e.value ->> 'record') e.value ->> 'record' AS record, s.subject_id, t.training_id, x.session_id, d.enrolled, d.active, d.completed,
           centre.try_numeric(coalesce(e.value ->> 'progress', '0')) AS progress, centre.try_numeric(e.value ->> 'score') AS score,
           centre.try_numeric(e.value ->> 'rating') AS rating, coalesce(centre.try_numeric(e.value ->> 'price'), t.price) AS price, e.value AS said, NULL::text AS problem
    FROM jsonb_array_elements(enrolments) WITH ORDINALITY AS e (value, n)
    CROSS JOIN LATERAL (SELECT centre.try_timestamptz(e.value ->> 'enrolled', 'UTC')::date AS enrolled, centre.try_timestamptz(e.value ->> 'active', 'UTC')::date AS active,
                               centre.try_timestamptz(e.value ->> 'completed', 'UTC')::date AS completed) AS d
    LEFT JOIN centre.subject s ON s.subject_id = centre.try_numeric(e.value ->> 'official')
    LEFT JOIN (centre.training t JOIN centre.provider p USING (provider_id)) ON p.code = e.value ->> 'provider' AND t.code = e.value ->> 'training'
    LEFT JOIN centre.training_session x ON x.training_id = t.training_id AND x.session_id = centre.try_numeric(e.value ->> 'session')
    ORDER BY e.value ->> 'record', e.n DESC;
  UPDATE pg_temp.learning_row r SET problem = CASE
    WHEN coalesce(r.record, '') = '' THEN 'no record'
    WHEN r.subject_id IS NULL THEN 'unknown official'
    WHEN r.training_id IS NULL THEN 'unknown training'
    WHEN r.session_id IS NULL AND r.said ->> 'session' IS NOT NULL THEN 'unknown session'
    WHEN r.enrolled IS NULL THEN 'no date of enrolment'
    WHEN r.completed IS NULL AND r.said ->> 'completed' IS NOT NULL OR r.active IS NULL AND r.said ->> 'active' IS NOT NULL THEN 'not a date'
    WHEN r.completed < r.enrolled OR r.active < r.enrolled THEN 'before enrolment'
    WHEN greatest(r.completed, r.active) > day THEN 'in the future'
    WHEN r.progress IS NULL OR r.progress NOT BETWEEN 0 AND 100 THEN 'progress is not 0 to 100'
    WHEN r.said ->> 'score' IS NOT NULL AND (r.score BETWEEN 0 AND 100) IS NOT TRUE THEN 'score is not 0 to 100'
    WHEN r.said ->> 'rating' IS NOT NULL AND (r.rating IN (1, 2, 3, 4, 5)) IS NOT TRUE THEN 'rating is not 1 to 5'
    WHEN r.said ->> 'price' IS NOT NULL AND (centre.try_numeric(r.said ->> 'price') >= 0) IS NOT TRUE THEN 'price is not 0 or more'
    WHEN EXISTS (SELECT FROM centre.learning l WHERE l.source = of_source AND l.record = r.record AND l.subject_id <> r.subject_id) THEN 'record of another official' END;
  INSERT INTO centre.learning AS l (source, record, subject_id, training_id, session_id, enrolled_on, active_on, progress, completed_on, score, rating, price)
    SELECT of_source, r.record, r.subject_id, r.training_id, r.session_id, r.enrolled, r.active, r.progress, r.completed, r.score, r.rating::smallint, r.price
    FROM pg_temp.learning_row r WHERE r.problem IS NULL ORDER BY r.record
    ON CONFLICT ON CONSTRAINT learning_source_record_key DO UPDATE SET training_id = excluded.training_id, session_id = excluded.session_id, enrolled_on = excluded.enrolled_on,
      active_on = excluded.active_on, progress = excluded.progress, completed_on = excluded.completed_on, score = excluded.score, rating = excluded.rating, price = excluded.price
      WHERE (l.training_id, l.session_id, l.enrolled_on, l.active_on, l.progress, l.completed_on, l.score, l.rating, l.price) IS DISTINCT FROM
            (excluded.training_id, excluded.session_id, excluded.enrolled_on, excluded.active_on, excluded.progress, excluded.completed_on, excluded.score, excluded.rating, excluded.price);
  RETURN QUERY SELECT r.record, r.problem FROM pg_temp.learning_row r WHERE r.problem IS NOT NULL ORDER BY r.record;
END
$$;
COMMENT ON FUNCTION centre.record_learning(text, jsonb, date) IS
  'store enrolments of a source, an array of {record, official (subject_id), provider, training (their codes), session, enrolled, active, completed (ISO days), progress, score (per cent), rating (1 to 5), price}; each replaces what is known of its record, the same again changes nothing. What is said to have happened after day is not stored. Gives the rows that were not stored and why; error where it is no array';

-- A completion is evidence of what the training teaches.  Its credential bears the day, so that a completion taken back
-- is revoked as of its own day (it never counted) and a corrected one is new evidence.
CREATE FUNCTION centre.learning_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE centre.evidence e SET revoked = e.issued
      FROM old_rows o LEFT JOIN centre.learning n USING (learning_id)
      WHERE o.completed_on IS NOT NULL AND e.subject_id = o.subject_id AND e.credential = centre.learning_credential(o.source, o.record, o.training_id, o.completed_on)
        AND e.revoked IS NULL AND (n.learning_id IS NULL OR (n.completed_on, n.training_id) IS DISTINCT FROM (o.completed_on, o.training_id) OR NOT centre.passed(n.training_id, n.score));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO centre.evidence AS e (subject_id, competency_id, level, source, issued, expires, credential, issuer)
      SELECT n.subject_id, x.competency, x.level, p.proves_by, n.completed_on, n.completed_on + t.proof_days, centre.learning_credential(n.source, n.record, n.training_id, n.completed_on), p.name
      FROM new_rows n JOIN centre.training t USING (training_id) JOIN centre.provider p USING (provider_id) CROSS JOIN LATERAL civic.each(t.teaches) AS x
      WHERE n.completed_on IS NOT NULL AND centre.passed(n.training_id, n.score)
      ON CONFLICT (subject_id, competency_id, source, credential) DO UPDATE SET revoked = NULL WHERE e.revoked = e.issued;
    UPDATE centre.recommendation r SET outcome = 'taken', decided_on = n.enrolled_on
      FROM new_rows n WHERE r.subject_id = n.subject_id AND r.training_id = n.training_id AND r.shown_on <= n.enrolled_on AND r.outcome IS NULL;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.learning_changed() IS 'trigger of learning: completions make evidence, completions taken back revoke it, and a recommendation that was followed is taken';

CREATE FUNCTION centre.learning_credential(source text, record text, training integer, day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('learning:%s:%s:%s:%s', source, record, training, to_char(day::timestamp, 'YYYY-MM-DD'));
COMMENT ON FUNCTION centre.learning_credential(text, text, integer, date) IS 'credential of the evidence that a completion makes';

CREATE FUNCTION centre.passed(training integer, score numeric) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT t.pass_score IS NULL OR coalesce(passed.score >= t.pass_score, false) FROM centre.training t WHERE t.training_id = passed.training);
COMMENT ON FUNCTION centre.passed(integer, numeric) IS 'whether a completion with this score proves what the training teaches; without a score only where there is no examination';
CREATE TRIGGER civic_evidence_insert AFTER INSERT ON centre.learning REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.learning_changed();
CREATE TRIGGER civic_evidence_update AFTER UPDATE ON centre.learning REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION centre.learning_changed();
CREATE TRIGGER civic_evidence_delete AFTER DELETE ON centre.learning REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION centre.learning_changed();

CREATE FUNCTION centre.show_recommendations(subject bigint, k integer DEFAULT 10, by text DEFAULT 'levels', day date DEFAULT centre.today()) RETURNS SETOF centre.recommendation
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO centre.recommendation (subject_id, training_id, shown_on, rank)
    SELECT $1, r.training_id, $4, r.rank FROM centre.recommend_trainings($1, $2, $3, $4) AS r
    ON CONFLICT (subject_id, training_id, shown_on) DO UPDATE SET rank = excluded.rank RETURNING *;
END;
COMMENT ON FUNCTION centre.show_recommendations(bigint, integer, text, date) IS 'the trainings recommended to an official, written down as shown that day; shown twice on one day is shown once';

CREATE FUNCTION centre.decline_training(subject bigint, training integer, day date DEFAULT centre.today()) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.recommendation r SET outcome = 'declined', decided_on = day
    WHERE r.subject_id = subject AND r.training_id = training AND r.outcome IS NULL AND r.shown_on <= day;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.decline_training(bigint, integer, date) IS 'the official declines what was shown and not answered; false where there is nothing to decline';

-- ---------------------------------------------------------------- the month's state
CREATE FUNCTION centre.take_capacity(on_day date DEFAULT centre.today(), today date DEFAULT centre.today()) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  of_month date := date_trunc('month', on_day)::date;
  zone text := (SELECT s.reporting_zone FROM centre.site s);
  taken bigint;
BEGIN
  IF on_day > today THEN
    RAISE EXCEPTION 'the state of a day to come cannot be taken' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('on_day is %s, today %s.', on_day, today),
      HINT = 'It would be the latest until that day has come.';
  END IF;
  PERFORM centre.take_turn('capacity');
  DELETE FROM centre.capacity_fact f WHERE f.month = of_month;
  INSERT INTO centre.capacity_fact (month, subject_id, day, ministry, department, designation, levels, needed, covered, expected, engaged, learnt, assessed, points, gap)
    WITH state AS (
      SELECT o.subject_id, o.ministry, o.department, o.designation, x.need - x.held AS gap, e.needed, e.needed - (x.held <-> x.need) AS covered, e.levels
      FROM centre.officials_on(on_day) o LEFT JOIN centre.needs_on(on_day) n ON n.node_id = o.position_id LEFT JOIN centre.competencies_on(on_day) c USING (subject_id)
      CROSS JOIN LATERAL (SELECT coalesce(n.need, '') AS need, coalesce(c.held, '') AS held) AS x
      CROSS JOIN LATERAL (SELECT (SELECT coalesce(sum(v.level * v.weight), 0) FROM civic.each(x.need) AS v) AS needed,
                                 (SELECT coalesce(sum(v.level), 0) FROM civic.each(coalesce(c.own, '')) AS v) AS levels) AS e),
    active AS (
      SELECT l.subject_id, bool_or(l.completed_on BETWEEN of_month AND on_day) AS learnt FROM centre.learning l
      WHERE l.enrolled_on BETWEEN of_month AND on_day OR l.active_on BETWEEN of_month AND on_day OR l.completed_on BETWEEN of_month AND on_day GROUP BY l.subject_id
      UNION  -- of an enrolment only the last activity is known; statements tell of each
      SELECT s.subject_id, false FROM centre.learning_statement s
      WHERE s.subject_id IS NOT NULL AND s.at >= of_month::timestamp AT TIME ZONE zone AND s.at < (on_day + 1)::timestamp AT TIME ZONE zone
        AND NOT EXISTS (SELECT FROM centre.learning_statement v WHERE v.source = s.source AND v.voids = s.statement)),
    did AS (SELECT a.subject_id, bool_or(a.learnt) AS learnt FROM active a GROUP BY a.subject_id),
    proved AS (SELECT DISTINCT e.subject_id FROM centre.evidence e
               WHERE e.source = 'assessed' AND e.issued BETWEEN of_month AND on_day AND (e.revoked IS NULL OR e.revoked > on_day))
    SELECT of_month, s.subject_id, on_day, s.ministry, s.department, s.designation, s.levels, s.needed, s.covered,
           CASE WHEN s.needed > 0 THEN round(100 * avg(s.covered::numeric / nullif(s.needed, 0)) OVER (PARTITION BY s.designation)) END,
           y.engaged, y.learnt, y.assessed, w.engagement * y.engaged::integer + w.learning * y.learnt::integer + w.assessment * y.assessed::integer, s.gap
    FROM state s LEFT JOIN did a USING (subject_id) LEFT JOIN proved p USING (subject_id)
    CROSS JOIN LATERAL (SELECT a.subject_id IS NOT NULL AS engaged, coalesce(a.learnt, false) AS learnt, p.subject_id IS NOT NULL AS assessed) AS y
    JOIN centre.score_weight w ON w.valid @> of_month;
  GET DIAGNOSTICS taken = ROW_COUNT;
  RETURN taken;
END
$$;
COMMENT ON FUNCTION centre.take_capacity(date, date) IS
  'work out centre.capacity_fact of the month a day lies in, as of that day, from the evidence of that day; again replaces it. Gives how many officials; none where centre.score_weight has no row for the month';

-- ---------------------------------------------------------------- what is published: each row a person
CREATE VIEW centre.capacity_row AS
  SELECT f.subject_id, f.day, s.verified, f.ministry, f.ministry || ' / ' || f.department AS department,
         CASE WHEN f.needed = 0 THEN 'no' ELSE 'yes' END AS known, CASE WHEN f.needed = 0 THEN 'unknown' WHEN f.covered = f.needed THEN 'yes' ELSE 'no' END AS met,
         f.levels, round(100.0 * f.covered / nullif(f.needed, 0)) AS coverage, f.expected
  FROM centre.capacity_fact f JOIN centre.subject s USING (subject_id) WHERE f.month = (SELECT max(m.month) FROM centre.capacity_fact m);
COMMENT ON VIEW centre.capacity_row IS 'officials as of the latest state, coverage in whole per cent of what the post needs: dataset capacity';

CREATE VIEW centre.activity_row AS
  SELECT f.subject_id, f.day, s.verified, f.ministry, CASE WHEN f.engaged THEN 'yes' ELSE 'no' END AS engaged, CASE WHEN f.learnt THEN 'yes' ELSE 'no' END AS learnt,
         CASE WHEN f.assessed THEN 'yes' ELSE 'no' END AS assessed
  FROM centre.capacity_fact f JOIN centre.subject s USING (subject_id);
COMMENT ON VIEW centre.activity_row IS 'what officials did in each month: dataset activity';

CREATE VIEW centre.capacity_gap_row AS
  SELECT f.subject_id, f.day, s.verified, f.ministry, e.competency::text AS competency, e.missing AS levels
  FROM centre.capacity_fact f JOIN centre.subject s USING (subject_id) CROSS JOIN LATERAL civic.each(f.gap) AS e
  WHERE f.month = (SELECT max(m.month) FROM centre.capacity_fact m);
COMMENT ON VIEW centre.capacity_gap_row IS 'one row for each official and competency that is short, as of the latest state: dataset capacity_gap';

CREATE VIEW centre.passbook_row AS
  WITH e AS (
    SELECT c.subject_id, c.competency_id, c.level, c.issued, c.ends, c.is_revoked, count(*) OVER (PARTITION BY c.subject_id, c.competency_id) AS entries
    FROM centre.credited_evidence c WHERE c.issued IS DISTINCT FROM c.ends),
  turn AS (
    SELECT e.subject_id, e.competency_id, v.day, v.is_revoked, e.level, v.n FROM e CROSS JOIN LATERAL (VALUES (e.issued, false, 1), (e.ends, e.is_revoked, -1)) AS v (day, is_revoked, n) WHERE e.entries > 1 AND v.day IS NOT NULL),
  -- how much evidence of each level comes and goes on a day; summed up over the days it tells the highest that counts, in one pass
  net AS (
    SELECT t.subject_id, t.competency_id, t.day, bool_or(t.is_revoked) AS is_revoked,
           sum(t.n) FILTER (WHERE t.level = 1) AS n1, sum(t.n) FILTER (WHERE t.level = 2) AS n2, sum(t.n) FILTER (WHERE t.level = 3) AS n3, sum(t.n) FILTER (WHERE t.level = 4) AS n4, sum(t.n) FILTER (WHERE t.level = 5) AS n5,
           sum(t.n) FILTER (WHERE t.level = 6) AS n6, sum(t.n) FILTER (WHERE t.level = 7) AS n7, sum(t.n) FILTER (WHERE t.level = 8) AS n8, sum(t.n) FILTER (WHERE t.level = 9) AS n9, sum(t.n) FILTER (WHERE t.level = 10) AS n10,
           sum(t.n) FILTER (WHERE t.level = 11) AS n11, sum(t.n) FILTER (WHERE t.level = 12) AS n12, sum(t.n) FILTER (WHERE t.level = 13) AS n13, sum(t.n) FILTER (WHERE t.level = 14) AS n14, sum(t.n) FILTER (WHERE t.level = 15) AS n15
    FROM turn t GROUP BY 1, 2, 3),
  level AS (
    SELECT n.subject_id, n.competency_id, n.day, n.is_revoked,
           CASE WHEN sum(n.n15) OVER w > 0 THEN 15 WHEN sum(n.n14) OVER w > 0 THEN 14 WHEN sum(n.n13) OVER w > 0 THEN 13 WHEN sum(n.n12) OVER w > 0 THEN 12 WHEN sum(n.n11) OVER w > 0 THEN 11 WHEN sum(n.n10) OVER w > 0 THEN 10 WHEN sum(n.n9) OVER w > 0 THEN 9 WHEN sum(n.n8) OVER w > 0 THEN 8
                WHEN sum(n.n7) OVER w > 0 THEN 7 WHEN sum(n.n6) OVER w > 0 THEN 6 WHEN sum(n.n5) OVER w > 0 THEN 5 WHEN sum(n.n4) OVER w > 0 THEN 4 WHEN sum(n.n3) OVER w > 0 THEN 3 WHEN sum(n.n2) OVER w > 0 THEN 2 WHEN sum(n.n1) OVER w > 0 THEN 1 ELSE 0 END AS level
    FROM net n WINDOW w AS (PARTITION BY n.subject_id, n.competency_id ORDER BY n.day)),
  step AS (
    SELECT l.subject_id, l.day, l.is_revoked, l.level - lag(l.level, 1, 0) OVER (PARTITION BY l.subject_id, l.competency_id ORDER BY l.day) AS change FROM level l
    UNION ALL
    -- most competencies of an official have one entry, which comes and goes by itself
    SELECT e.subject_id, v.day, v.is_revoked, v.change FROM e CROSS JOIN LATERAL (VALUES (e.issued, false, e.level), (e.ends, e.is_revoked, -e.level)) AS v (day, is_revoked, change) WHERE e.entries = 1)
  SELECT t.subject_id, t.day, s.verified, o.ministry, o.ministry || ' / ' || o.department AS department,
         CASE WHEN t.change > 0 THEN 'credit' WHEN t.is_revoked THEN 'revocation' ELSE 'expiry' END AS entry, abs(t.change) AS levels
  FROM step t JOIN centre.subject s USING (subject_id) JOIN centre.official o ON o.subject_id = t.subject_id AND o.valid @> t.day WHERE t.change <> 0;
COMMENT ON VIEW centre.passbook_row IS
  'what changed in the passbooks of all officials, net of a day: levels of own evidence gained (credit) and lost (expiry, revocation) by competency: dataset passbook';

CREATE VIEW centre.enrolment_row AS
  SELECT l.subject_id, l.enrolled_on AS day, s.verified, o.ministry, floor(l.price) AS price
  FROM centre.learning l JOIN centre.subject s USING (subject_id) JOIN centre.official o ON o.subject_id = l.subject_id AND o.valid @> l.enrolled_on;
COMMENT ON VIEW centre.enrolment_row IS 'enrolments by the ministry of that day, with the price in whole units: dataset enrolment';

CREATE FUNCTION centre.levels_gained(subject bigint, training integer, score numeric, day date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT sum(greatest(x.level - coalesce((SELECT max(c.level) FROM centre.credited_evidence c
    WHERE c.subject_id = $1 AND c.competency_id = x.competency AND c.issued < $4 AND (c.ends IS NULL OR c.ends >= $4)), 0), 0))
  FROM centre.training t CROSS JOIN LATERAL civic.each(t.teaches) AS x
  WHERE t.training_id = $2 AND centre.passed($2, $3) AND EXISTS (SELECT FROM centre.official o WHERE o.subject_id = $1);
END;
COMMENT ON FUNCTION centre.levels_gained(bigint, integer, numeric, date) IS
  'levels that a completion on a day taught above what was proved the day before; null where the examination was not passed, and for somebody the caller may not see';

CREATE VIEW centre.completion_row AS
  SELECT l.subject_id, l.completed_on AS day, s.verified, l.training_id::text AS training, l.rating, CASE WHEN l.rating IS NOT NULL THEN 1 END AS rated,
         centre.levels_gained(l.subject_id, l.training_id, l.score, l.completed_on) AS levels
  FROM centre.learning l JOIN centre.subject s USING (subject_id) WHERE l.completed_on IS NOT NULL;
COMMENT ON VIEW centre.completion_row IS 'completions by training with the rating and the levels that it teaches above what was proved the day before: dataset completion';

CREATE FUNCTION dash.mean_interval(n numeric, total numeric, squares numeric, OUT mean float8, OUT ci_lower float8, OUT ci_upper float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT x.mean, greatest(x.mean - x.half, 0), least(x.mean + x.half, 100)
  FROM (SELECT ($2 / $1)::float8 AS mean, (civic.t_quantile(0.975, ($1 - 1)::float8) * sqrt(greatest($3 - $2 * $2 / $1, 0) / ($1 - 1) / $1))::float8 AS half WHERE $1 > 1 AND $2 IS NOT NULL AND $3 IS NOT NULL) AS x;
END;
COMMENT ON FUNCTION dash.mean_interval(numeric, numeric, numeric) IS
  'mean of n values between 0 and 100 from their sum and the sum of their squares, with 95 % limits (Student); null for fewer than two';

-- ---------------------------------------------------------------- scores and benchmarks on true counts
CREATE FUNCTION centre.ministry_score(of_month date)
RETURNS TABLE (ministry text, officials bigint, engagement float8, learning float8, assessment float8, score float8, lower float8, upper float8)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT f.ministry, count(*), avg(f.engaged::integer)::float8, avg(f.learnt::integer)::float8, avg(f.assessed::integer)::float8, avg(f.points)::float8,
         (dash.mean_interval(count(*), sum(f.points), sum(f.points::bigint * f.points))).ci_lower, (dash.mean_interval(count(*), sum(f.points), sum(f.points::bigint * f.points))).ci_upper
  FROM centre.capacity_fact f WHERE f.month = $1 GROUP BY f.ministry ORDER BY f.ministry;
END;
COMMENT ON FUNCTION centre.ministry_score(date) IS
  'ministries in a month: shares of officials who were active, completed a training and proved a competency by assessment, and the mean of their points (0 to 100, centre.score_weight) with 95 % limits. True counts: for the publisher, not for readers';

CREATE FUNCTION centre.training_effect(of_training integer, from_day date, to_day date, of_ministry text DEFAULT NULL, of_department text DEFAULT NULL)
RETURNS TABLE (takers bigint, compared bigint, others bigint, gain float8, gain_of_others float8, difference float8, lower float8, upper float8, price_per_level float8)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH taught AS (SELECT DISTINCT e.competency FROM centre.training t CROSS JOIN LATERAL civic.each(t.teaches) AS e WHERE t.training_id = $1 OR $1 IS NULL),
  -- what the completion itself proves would be counted as its own effect
  proof AS (
    SELECT c.subject_id, c.competency_id, c.level, c.issued, c.ends FROM centre.credited_evidence c JOIN taught g ON g.competency = c.competency_id
    WHERE NOT EXISTS (SELECT FROM centre.learning l WHERE (l.training_id = $1 OR $1 IS NULL) AND l.subject_id = c.subject_id
                      AND c.credential = centre.learning_credential(l.source, l.record, l.training_id, l.completed_on))),
  sum_on AS (
    SELECT x.subject_id, sum(x.before) AS before, sum(x.after) AS after
    FROM (SELECT p.subject_id, p.competency_id,
                 coalesce(max(p.level) FILTER (WHERE p.issued < $2 AND (p.ends IS NULL OR p.ends >= $2)), 0) AS before,
                 coalesce(max(p.level) FILTER (WHERE p.issued <= $3 AND (p.ends IS NULL OR p.ends > $3)), 0) AS after
          FROM proof p GROUP BY 1, 2) AS x GROUP BY x.subject_id),
  done AS (  -- of one training also those who took it earlier, who are neither takers nor others
    SELECT c.subject_id, min(c.completed_on) AS day, sum(c.price) AS price FROM centre.learning c
    WHERE c.completed_on <= $3 AND (c.training_id = $1 OR $1 IS NULL AND c.completed_on >= $2) GROUP BY c.subject_id),
  person AS (
    SELECT o.subject_id, o.designation, coalesce(s.before, 0) AS before, coalesce(s.after, 0) - coalesce(s.before, 0) AS gain, l.price, l.subject_id IS NOT NULL AS took
    FROM centre.official o LEFT JOIN sum_on s USING (subject_id) LEFT JOIN done l USING (subject_id)
    WHERE o.valid @> daterange($2, $3, '[]')
      AND CASE WHEN l.subject_id IS NULL THEN true ELSE l.day >= $2 AND ($4 IS NULL OR o.ministry = $4) AND ($5 IS NULL OR o.department = $5) END),
  alike AS (
    SELECT p.designation, p.before, count(*) FILTER (WHERE p.took) AS n, count(*) FILTER (WHERE NOT p.took) AS m,
           avg(p.gain) FILTER (WHERE p.took) AS mean, avg(p.gain) FILTER (WHERE NOT p.took) AS other_mean, sum(p.price) FILTER (WHERE p.took) AS price
    FROM person p GROUP BY p.designation, p.before),
  -- spread within the strata, pooled, one for takers and one for others
  spread AS (
    SELECT sum((p.gain - a.mean) ^ 2) FILTER (WHERE p.took) / nullif(count(*) FILTER (WHERE p.took) - count(DISTINCT (a.designation, a.before)), 0) AS variance,
           sum((p.gain - a.other_mean) ^ 2) FILTER (WHERE NOT p.took) / nullif(count(*) FILTER (WHERE NOT p.took) - count(DISTINCT (a.designation, a.before)), 0) AS other_variance
    FROM person p JOIN alike a USING (designation, before) WHERE a.n > 0 AND a.m > 0),
  total AS (
    SELECT sum(a.n) AS takers, sum(a.n) FILTER (WHERE a.m > 0) AS compared, sum(a.m) FILTER (WHERE a.n > 0) AS others,
           sum(a.n * a.mean) FILTER (WHERE a.m > 0) AS gains, sum(a.n * a.other_mean) FILTER (WHERE a.m > 0) AS other_gains,
           sum(a.n ^ 2 / a.m) FILTER (WHERE a.m > 0) AS spread_weight, sum(a.price) FILTER (WHERE a.m > 0) AS price
    FROM alike a WHERE a.n > 0)
  SELECT coalesce(t.takers, 0)::bigint, coalesce(t.compared, 0)::bigint, coalesce(t.others, 0)::bigint, (t.gains / t.compared)::float8, (t.other_gains / t.compared)::float8, x.difference,
         x.difference - 1.959963984540054 * x.error, x.difference + 1.959963984540054 * x.error, CASE WHEN t.gains > t.other_gains THEN (t.price / (t.gains - t.other_gains))::float8 END
  FROM total t CROSS JOIN spread s
  CROSS JOIN LATERAL (SELECT ((t.gains - t.other_gains) / t.compared)::float8 AS difference,
                             sqrt(s.variance / t.compared + s.other_variance * t.spread_weight / t.compared ^ 2)::float8 AS error) AS x;
END;
COMMENT ON FUNCTION centre.training_effect(integer, date, date, text, text) IS
  'levels gained, in what a training teaches, from the day before from_day to to_day: by officials (of a ministry, of its department) who completed it within these days and by others of the same designation who held the same number of levels before and had not completed it, averaged over the takers'' mix, with the difference and its 95 % limits (normal, pooled within the groups; null where a spread cannot be known). Training null: any training, against those who completed none in these days. Evidence that the completion itself made does not count. compared: takers with others like them; price_per_level: price of their seats by level gained beyond the others, null where there is no gain. True counts: for the publisher, not for readers';

CREATE VIEW centre.learning_feedback WITH (security_invoker = true) AS
  SELECT l.subject_id, l.training_id, t.title, l.completed_on, l.score, l.rating, l.price, x.levels, l.price / nullif(x.levels, 0) AS price_per_level, q.price_quartile
  FROM centre.learning l JOIN centre.training t USING (training_id)
  CROSS JOIN LATERAL (SELECT centre.levels_gained(l.subject_id, l.training_id, l.score, l.completed_on) AS levels) AS x
  LEFT JOIN (SELECT u.training_id, ntile(4) OVER (ORDER BY u.price / u.hours) AS price_quartile FROM centre.training u WHERE u.hours > 0 AND u.price IS NOT NULL) AS q ON q.training_id = l.training_id
  WHERE l.completed_on IS NOT NULL;
COMMENT ON VIEW centre.learning_feedback IS
  'completions with the levels they taught above what was proved the day before, the price of a level and the quarter of all trainings by price per hour (1: cheapest); of officials the caller may see: for them and those they report to';

-- ---------------------------------------------------------------- publication
CREATE PROCEDURE centre.publish_capacity(on_day date DEFAULT centre.today(), today date DEFAULT centre.today())
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  of_cube text;
BEGIN
  PERFORM centre.take_capacity(on_day, today);
  FOR of_cube IN SELECT c.code FROM centre.cube c
    WHERE c.dataset IN ('capacity', 'capacity_gap', 'activity', 'passbook', 'enrolment', 'completion') ORDER BY 'department' = ANY (c.dims), c.code LOOP
    CALL centre.publish(of_cube, on_day);
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.publish_capacity(date, date) IS
  'take the state of the month as of a day and publish every cube of capacity building for it; once a month, at its end, and months in their order, as the state published is the latest';

CREATE POLICY civic_service ON centre.capacity_fact TO civic_publisher USING (true);
GRANT SELECT ON centre.score_weight, centre.evidence_policy TO civic_ticker, civic_publisher;
GRANT SELECT, INSERT, UPDATE ON centre.learning TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.recommendation TO civic_ticker;
GRANT INSERT, UPDATE (revoked) ON centre.evidence TO civic_ticker;
GRANT INSERT ON centre.evidence_change TO civic_ticker;
GRANT SELECT, INSERT, DELETE ON centre.capacity_fact TO civic_publisher;
GRANT SELECT ON centre.capacity_row, centre.capacity_gap_row, centre.activity_row, centre.passbook_row, centre.enrolment_row, centre.completion_row, centre.subject TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.record_learning(text, jsonb, date), centre.learning_changed(), centre.evidence_changed(), centre.show_recommendations(bigint, integer, text, date),
  centre.decline_training(bigint, integer, date) TO civic_ticker;
GRANT SELECT ON centre.learning_feedback TO civic_hr;
GRANT EXECUTE ON FUNCTION centre.learning_credential(text, text, integer, date) TO civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.passed(integer, numeric), centre.levels_gained(bigint, integer, numeric, date) TO civic_hr, civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.take_capacity(date, date), centre.ministry_score(date), centre.training_effect(integer, date, date, text, text) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_capacity(date, date) TO civic_publisher;
