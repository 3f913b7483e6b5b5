-- Capacity building for boards: from releases and from reviewed views of what is not about persons.

CREATE VIEW dash.score_weight AS
  SELECT lower(w.valid) AS from_day, upper(w.valid) AS to_day, w.engagement, w.learning, w.assessment FROM centre.score_weight w;
COMMENT ON VIEW dash.score_weight IS 'weights of the ministry score in per cent, from from_day until the day before to_day (null: open)';

CREATE VIEW dash.competency AS SELECT c.competency_id::text AS competency, c.framework, c.code FROM centre.competency c;
COMMENT ON VIEW dash.competency IS 'the dictionary of competencies; names by dash.competency_name()';

CREATE VIEW dash.competency_label AS SELECT l.competency_id::text AS competency, l.lang, l.label FROM centre.competency_label l;
COMMENT ON VIEW dash.competency_label IS 'names of competencies by language';

CREATE FUNCTION dash.competency_name(competency text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
  (SELECT l.label FROM dash.competency_label l WHERE l.competency = competency_name.competency AND l.lang = competency_name.lang),
  CASE WHEN dash.check_lang(competency_name.lang) THEN coalesce(
    (SELECT l.label FROM dash.competency_label l CROSS JOIN dash.site s WHERE l.competency = competency_name.competency
     ORDER BY l.lang = split_part(competency_name.lang, '-', 1) DESC, l.lang = s.default_language DESC, l.lang LIMIT 1),
    (SELECT c.code FROM dash.competency c WHERE c.competency = competency_name.competency), competency_name.competency) END);
COMMENT ON FUNCTION dash.competency_name(text, text) IS 'what a competency is called in a language, else in the site''s own, else in any; its code where it has no name';

CREATE VIEW dash.training AS
  SELECT t.training_id::text AS training, p.name AS provider, t.code, t.title, t.lang, t.mode, t.hours, t.price, lower(t.valid) AS from_day, upper(t.valid) AS to_day,
         CASE WHEN t.hours > 0 AND t.price IS NOT NULL THEN ntile(4) OVER (PARTITION BY t.hours > 0 AND t.price IS NOT NULL ORDER BY t.price / nullif(t.hours, 0)) END AS price_quartile
  FROM centre.training t JOIN centre.provider p USING (provider_id);
COMMENT ON VIEW dash.training IS 'trainings on offer; price_quartile: 1 for the cheapest quarter of all by hour, 4 for the dearest; null where hours or price are not known';

CREATE VIEW dash.training_session AS
  SELECT s.training_id::text AS training, s.session_id::text AS session, s.starts, s.ends, s.place, s.seats FROM centre.training_session s;
COMMENT ON VIEW dash.training_session IS 'sessions with the seats offered; how many are taken is about persons and not here';

CREATE VIEW dash.training_teaches AS
  SELECT t.training_id::text AS training, e.competency::text AS competency, e.level FROM centre.training t CROSS JOIN LATERAL civic.each(t.teaches) AS e;
COMMENT ON VIEW dash.training_teaches IS 'competencies and levels that trainings teach';

CREATE VIEW dash.capacity_target AS
  SELECT t.ministry, lower(t.valid) AS from_day, upper(t.valid) AS to_day, t.coverage FROM centre.capacity_target t;
COMMENT ON VIEW dash.capacity_target IS 'coverage that ministries (*: those without a row of their own) are to reach, from from_day until the day before to_day (null: open)';

-- Exact figures, so the threshold is that of the audience that asks for the highest: the same for all readers, who may talk to each other.
CREATE VIEW dash.annual_plan WITH (security_barrier) AS
  SELECT dash.fenced(p.ministry) AS ministry, dash.fenced(lower(p.year)) AS year_start, dash.fenced(upper(p.year)) AS year_end, dash.fenced(CASE WHEN e.enough THEN p.budget END) AS budget,
         dash.fenced(CASE WHEN e.enough THEN l.seats END) AS seats, dash.fenced(CASE WHEN e.enough THEN l.cost END) AS cost, dash.fenced(p.approved_at) AS approved_at,
         dash.fenced(CASE WHEN e.enough THEN round(p.coverage_before, 2) END) AS coverage_before, dash.fenced(CASE WHEN e.enough THEN round(p.coverage_expected, 2) END) AS coverage_expected
  FROM centre.annual_plan p
  CROSS JOIN LATERAL (SELECT p.officials >= (SELECT max(a.k) FROM centre.audience a) AS enough) AS e
  CROSS JOIN LATERAL (SELECT coalesce(sum(x.seats), 0) AS seats, coalesce(sum(x.seats * x.price), 0) AS cost FROM centre.annual_plan_line x WHERE x.plan_id = p.plan_id) AS l
  WHERE p.status = 'approved';
COMMENT ON VIEW dash.annual_plan IS
  'approved annual plans of ministries: totals only, as seats by training would tell of few officials, and these only of ministries with as many officials as the highest threshold of the site''s audiences asks (centre.audience.k)';

CREATE FUNCTION dash.check_ministry(of_ministry text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text[];
BEGIN
  IF of_ministry <> '' THEN
    known := ARRAY(SELECT r.members[1] FROM dash.released_row r WHERE r.cube IN ('capacity', 'capacity_department')
                   UNION SELECT r.members[2] FROM dash.released_row r WHERE r.cube = 'training_demand' UNION SELECT p.ministry FROM dash.annual_plan p EXCEPT SELECT '*total*');
    IF of_ministry <> ALL (known) THEN
      RAISE EXCEPTION 'there is no ministry "%"', of_ministry USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_ministry, known);
    END IF;
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_ministry(text) IS 'an error where nothing is published of a ministry or department, which is written ministry / department';

-- ---------------------------------------------------------------- values of a cube whose first dimension is the ministry
CREATE FUNCTION dash.capacity_period(of_cube text, in_period text) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT CASE WHEN dash.check_period(in_period) THEN max(r.period_start) END FROM dash.release r
        WHERE r.cube = of_cube AND (coalesce(in_period, '') IN ('', 'latest') OR r.period_start >= (SELECT lower(dash.period(in_period))) AND r.period_end <= (SELECT upper(dash.period(in_period)))));
COMMENT ON FUNCTION dash.capacity_period(text, text) IS 'first day of the last release of a cube within a period (dash.period; latest: of all); null where there is none';

CREATE FUNCTION dash.capacity_sum(of_cube text, of_measure text, from_day date) RETURNS TABLE (unit text, value numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT r.members[1], r.value FROM dash.released_row r
  WHERE r.cube = $1 AND r.measure = $2 AND r.period_start = $3 AND cardinality(r.members) = 1 AND r.members[1] <> '*total*';
END;
COMMENT ON FUNCTION dash.capacity_sum(text, text, date) IS 'a measure of a cube by its one dimension, such as the ministry, in the period that begins on a day; null where withheld';

CREATE FUNCTION dash.capacity_share(of_cube text, from_day date) RETURNS TABLE (unit text, yes numeric, total numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  -- a member without a row is a nought; a withheld one leaves the share unknown
  SELECT r.members[1], CASE WHEN count(r.reason) = 0 THEN coalesce(max(r.value) FILTER (WHERE r.members[2] IN ('yes', 'met=yes')), 0) END,
         CASE WHEN count(r.reason) = 0 THEN coalesce(sum(r.value) FILTER (WHERE r.members[2] IN ('yes', 'no', 'met=yes', 'met=no')), 0) END
  FROM dash.released_row r WHERE r.cube = $1 AND r.period_start = $2 AND r.members[1] <> '*total*' AND r.members[2] <> '*total*' AND r.members[2] NOT LIKE 'known=%' GROUP BY r.members[1];
END;
COMMENT ON FUNCTION dash.capacity_share(text, date) IS 'officials with a yes and all with a yes or a no by ministry; null where one of them is withheld';

CREATE FUNCTION dash.capacity_mean(from_day date, of_measure text DEFAULT 'coverage') RETURNS TABLE (unit text, coverage float8, people float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v.unit, (v.value / 100 / nullif(k.value, 0))::float8, k.value::float8
  FROM dash.capacity_sum('capacity', $2, $1) AS v
  JOIN dash.released_row k ON k.cube = 'capacity_met' AND k.measure = 'subjects' AND k.period_start = $1 AND k.members = ARRAY[v.unit, 'known=yes'];
END;
COMMENT ON FUNCTION dash.capacity_mean(date, text) IS
  'coverage of ministries: the mean over officials whose needs are known of the share of them that is held, or with the measure expected of the mean of their designations; and how many these are. Null where withheld';

-- ---------------------------------------------------------------- the board "Capacity building"
-- The spread of values between 0 and 1 is not released; with a mean p it is at most p (1 - p), so that limits from that are wide enough.
CREATE FUNCTION dash.share_half_width(n float8, mean float8, most float8 DEFAULT 1, confidence float8 DEFAULT 0.95) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN n > 1 AND mean BETWEEN 0 AND most THEN civic.t_quantile((1 + confidence) / 2, n - 1) * sqrt(mean * (most - mean) / (n - 1)) END;
COMMENT ON FUNCTION dash.share_half_width(float8, float8, float8, float8) IS
  'half the width of limits (Student) of a mean of n values between 0 and most, whatever their spread: that of the widest there can be (Bhatia and Davis), so that they hold with at least this confidence; null for fewer than two';

CREATE FUNCTION dash.capacity_coverage(in_period text DEFAULT 'latest', lang text DEFAULT 'en', base_period text DEFAULT NULL)
RETURNS TABLE (ministry text, officials numeric, coverage float8, ci_lower float8, ci_upper float8, met numeric, met_share float8, met_ci_lower float8, met_ci_upper float8,
  ratio float8, ratio_ci_lower float8, ratio_ci_upper float8, funnel_lower float8, funnel_upper float8, place text, base_coverage float8, change float8, change_ci_lower float8, change_ci_upper float8,
  target numeric, reason text, officials_reason text, met_reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2), dash.check_period($3);
  SELECT n.unit, n.value, v.coverage, i.ci_lower, i.ci_upper, m.yes, (m.yes / nullif(m.total, 0))::float8, w.lower, w.upper,
         v.coverage / x.expected, i.ci_lower / x.expected, i.ci_upper / x.expected, CASE WHEN f.half < 1 THEN 1 - f.half WHEN f.half >= 1 THEN 0 END, 1 + f.half,
         CASE WHEN v.coverage < x.expected * (1 - f.half) THEN 'below' WHEN v.coverage > x.expected * (1 + f.half) THEN 'above' WHEN v.coverage IS NOT NULL AND f.half IS NOT NULL THEN 'within' END,
         b.coverage, c.change, c.change - c.half, c.change + c.half, (SELECT t.coverage FROM dash.capacity_target t WHERE t.ministry IN (n.unit, '*') AND coalesce(t.from_day <= p.now, true) AND coalesce(t.to_day > p.now, true) ORDER BY t.ministry = '*' LIMIT 1),
         dash.label_of('reason', CASE WHEN v.coverage IS NULL THEN 'suppressed' END, $2), dash.label_of('reason', CASE WHEN n.value IS NULL THEN 'suppressed' END, $2),
         dash.label_of('reason', CASE WHEN m.yes IS NULL OR m.total IS NULL THEN 'suppressed' END, $2)
  FROM (SELECT dash.capacity_period('capacity', $1) AS now, CASE WHEN $3 <> '' THEN dash.capacity_period('capacity', $3) END AS base) AS p
  CROSS JOIN LATERAL dash.capacity_sum('capacity', 'subjects', p.now) AS n
  LEFT JOIN LATERAL dash.capacity_mean(p.now) AS v ON v.unit = n.unit
  LEFT JOIN LATERAL (SELECT e.unit, nullif(e.coverage, 0) AS expected FROM dash.capacity_mean(p.now, 'expected') AS e) AS x ON x.unit = n.unit
  LEFT JOIN LATERAL dash.capacity_share('capacity_met', p.now) AS m ON m.unit = n.unit
  LEFT JOIN LATERAL dash.capacity_mean(p.base) AS b ON b.unit = n.unit
  LEFT JOIN LATERAL civic.wilson_interval(m.yes::float8, m.total::float8) AS w ON m.total > 0
  CROSS JOIN LATERAL (SELECT dash.share_half_width(v.people, v.coverage) AS half) AS h
  LEFT JOIN LATERAL (SELECT greatest(v.coverage - h.half, 0) AS ci_lower, least(v.coverage + h.half, 1) AS ci_upper) AS i ON h.half IS NOT NULL
  CROSS JOIN LATERAL (SELECT dash.share_half_width(v.people, x.expected, 1, 0.998) / x.expected AS half) AS f
  CROSS JOIN LATERAL (SELECT v.coverage - b.coverage AS change, sqrt(h.half ^ 2 + dash.share_half_width(b.people, b.coverage) ^ 2) AS half) AS c
  ORDER BY n.unit;
END;
COMMENT ON FUNCTION dash.capacity_coverage(text, text, text) IS
  'ministries: coverage, the mean over officials of the weighted share of the levels their posts need that they hold, each in whole per cent, with limits of at least 95 % (dash.share_half_width); officials who hold all that their posts need, as a share with 95 % limits (Wilson); ratio: coverage over what the mix of designations makes one expect (1: as expected) with its limits; funnel: limits between which such a ratio lies by chance in at least 99.8 % where nothing sets the ministry apart, and place, where it lies to them (above, within, below); coverage of a base period, the change since then with limits as if these were other officials (as most are the same, it is surer than that); target (dash.capacity_target). Where coverage is withheld, reason says so, of the number of officials officials_reason, of those who hold all met_reason';

CREATE FUNCTION dash.weighted_shares(n float8, weights smallint[], shares float8[], OUT mean float8, OUT ci_lower float8, OUT ci_upper float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT x.mean, greatest(x.mean - x.half, 0), least(x.mean + x.half, 100)
  FROM (SELECT m.mean, civic.t_quantile(0.975, $1 - 1) * sqrt(greatest(m.squares - m.mean ^ 2, 0) / ($1 - 1)) AS half
        -- at most the smaller of two shares does both
        FROM (SELECT sum(v.weight * v.share) FILTER (WHERE v.at = u.at) AS mean, sum(u.weight * v.weight * least(u.share, v.share)) AS squares, count(v.share) AS known
              FROM unnest($2, $3) WITH ORDINALITY AS u (weight, share, at) CROSS JOIN unnest($2, $3) WITH ORDINALITY AS v (weight, share, at)) AS m
        WHERE $1 > 1 AND m.known = cardinality($3) ^ 2) AS x;
END;
COMMENT ON FUNCTION dash.weighted_shares(float8, smallint[], float8[]) IS
  'sum of weights times shares of n people, with limits (Student) of at least 95 %: how many do several of the things at once is not known, so they are as wide as if all who can do; null where a share is or n is below two';

CREATE FUNCTION dash.capacity_score(in_period text DEFAULT 'latest', lang text DEFAULT 'en')
RETURNS TABLE (ministry text, officials numeric, engagement float8, learning float8, assessment float8, score float8, ci_lower float8, ci_upper float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2);
  SELECT n.unit, n.value, x.e, x.l, x.a, i.mean, i.ci_lower, i.ci_upper,
         dash.label_of('reason', CASE WHEN i.mean IS NULL THEN 'suppressed' END, $2)
  FROM (SELECT dash.capacity_period('activity', $1) AS now) AS p
  CROSS JOIN LATERAL dash.capacity_sum('activity', 'subjects', p.now) AS n
  LEFT JOIN dash.score_weight w ON coalesce(w.from_day <= p.now, true) AND coalesce(w.to_day > p.now, true)
  LEFT JOIN LATERAL dash.capacity_share('activity_engaged', p.now) AS e ON e.unit = n.unit
  LEFT JOIN LATERAL dash.capacity_share('activity_learnt', p.now) AS l ON l.unit = n.unit
  LEFT JOIN LATERAL dash.capacity_share('activity_assessed', p.now) AS a ON a.unit = n.unit
  CROSS JOIN LATERAL (SELECT (e.yes / nullif(e.total, 0))::float8 AS e, (l.yes / nullif(l.total, 0))::float8 AS l, (a.yes / nullif(a.total, 0))::float8 AS a) AS x
  LEFT JOIN LATERAL dash.weighted_shares(n.value::float8, ARRAY[w.engagement, w.learning, w.assessment], ARRAY[x.e, x.l, x.a]) AS i ON true
  ORDER BY n.unit;
END;
COMMENT ON FUNCTION dash.capacity_score(text, text) IS
  'score of ministries in a month, 0 to 100: the shares of officials who were active, completed a training and proved a competency by assessment, times their weights (dash.score_weight), which is the mean of the officials'' points, with limits of at least 95 % (dash.weighted_shares). A share that is withheld is null, and then so is the score, with a reason';

CREATE FUNCTION dash.capacity_series(from_time timestamptz, to_time timestamptz)
RETURNS TABLE ("time" timestamptz, ministry text, coverage float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_days($1, $2);
  SELECT r.period_start::timestamp AT TIME ZONE z.reporting_zone, n.unit, v.coverage
  FROM dash.release r CROSS JOIN dash.site z CROSS JOIN LATERAL dash.capacity_sum('capacity', 'subjects', r.period_start) AS n
  LEFT JOIN LATERAL dash.capacity_mean(r.period_start) AS v ON v.unit = n.unit
  WHERE r.cube = 'capacity' AND r.period_start::timestamp AT TIME ZONE z.reporting_zone BETWEEN $1 AND $2
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.capacity_series(timestamptz, timestamptz) IS 'coverage of ministries by month; null where withheld';

CREATE FUNCTION dash.capacity_gaps(in_period text DEFAULT 'latest', lang text DEFAULT 'en', of_ministry text DEFAULT NULL)
RETURNS TABLE (competency text, name text, people numeric, levels numeric, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2), dash.check_ministry($3);
  SELECT r.members[1], dash.competency_name(r.members[1], $2), max(r.value) FILTER (WHERE r.measure = 'subjects'), max(r.value) FILTER (WHERE r.measure = 'levels'),
         dash.label_of('reason', max(coalesce(r.reason, CASE r.status WHEN 'held' THEN 'held' END)) FILTER (WHERE r.measure = 'subjects'), $2)
  FROM dash.released_row r
  WHERE r.cube = 'training_demand' AND r.period_start = (SELECT dash.capacity_period('training_demand', $1)) AND r.members[2] = coalesce(nullif($3, ''), '*total*')
  GROUP BY r.members[1] ORDER BY 3 DESC NULLS LAST, 2, 1;
END;
COMMENT ON FUNCTION dash.capacity_gaps(text, text, text) IS 'officials who lack a competency and the levels they lack, in one ministry (null: in all); null with a reason where fewer than ten lack it or what protects them is withheld';

CREATE FUNCTION dash.capacity_passbook(in_period text, of_ministry text, lang text DEFAULT 'en')
RETURNS TABLE (entry_no integer, entry text, levels numeric, people numeric, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_ministry($2), dash.check_lang($3);
  WITH span AS (
    -- the balances stand at the ends of two months that follow each other, so that one month's entries lie between them
    SELECT m.now, (SELECT r.period_start FROM dash.release r WHERE r.cube = 'capacity' AND r.period_end = m.now) AS before FROM (SELECT dash.capacity_period('capacity', $1) AS now) AS m),
  balance AS (
    SELECT w.code, w.place, l.value AS levels, n.value AS people
    FROM span p CROSS JOIN LATERAL (VALUES ('opening', 1, p.before), ('closing', 5, p.now)) AS w (code, place, day)
    CROSS JOIN (VALUES ('capacity'), ('capacity_department')) AS c (cube)
    CROSS JOIN LATERAL dash.capacity_sum(c.cube, 'subjects', w.day) AS n
    LEFT JOIN LATERAL dash.capacity_sum(c.cube, 'levels', w.day) AS l ON l.unit = n.unit WHERE n.unit = $2),
  line AS (
    SELECT b.code, b.place, b.levels, b.people, CASE WHEN b.levels IS NULL THEN 'suppressed' END AS reason FROM balance b
    UNION ALL
    SELECT e.code, e.place, NULL, CASE WHEN v.reason IS NULL THEN coalesce(v.people, 0) END, coalesce(v.reason, v.held)
    FROM span p CROSS JOIN (VALUES ('credit', 2), ('expiry', 3), ('revocation', 4)) AS e (code, place)
    CROSS JOIN LATERAL (SELECT max(r.value) AS people, max(r.reason) AS reason, CASE WHEN bool_or(r.status = 'held') THEN 'held' END AS held
                        FROM dash.released_row r WHERE r.cube IN ('passbook', 'passbook_department') AND r.measure = 'subjects' AND r.period_start = p.now AND r.members = ARRAY[e.code, $2]) AS v
    WHERE EXISTS (SELECT FROM balance b))
  SELECT l.place, dash.label_of('passbook', l.code, $3), l.levels, l.people, dash.label_of('reason', l.reason, $3)
  FROM line l ORDER BY l.place;
END;
COMMENT ON FUNCTION dash.capacity_passbook(text, text, text) IS
  'passbook of a ministry or department (written ministry / department) for a month: levels proved by own evidence when it began (end of the month before, where it was published), people who gained levels, lost them by expiry and by revocation, and levels when it ended. Entries are persons, not levels, which would add up with the balances and give what is withheld; people come and go, too. Null with a reason where withheld';

CREATE FUNCTION dash.plan_progress(in_year text DEFAULT 'latest', lang text DEFAULT 'en')
RETURNS TABLE (ministry text, year_start text, year_end text, budget numeric, seats numeric, cost numeric, taken numeric, spent numeric, seats_variance numeric, cost_variance numeric,
  coverage_before numeric, coverage float8, coverage_expected numeric, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2);
  WITH plan AS (
    SELECT p.* FROM dash.annual_plan p
    WHERE CASE WHEN coalesce($1, '') IN ('', 'latest') THEN p.year_start = (SELECT max(l.year_start) FROM dash.annual_plan l) ELSE daterange(p.year_start, p.year_end) && dash.period($1) END),
  done AS (
    SELECT p.ministry, p.year_start, max(r.period_end) AS until, max(r.reason) AS reason,
           CASE WHEN count(r.reason) = 0 THEN coalesce(sum(r.value) FILTER (WHERE r.measure = 'rows'), 0) END AS taken,
           CASE WHEN count(r.reason) = 0 THEN coalesce(sum(r.value) FILTER (WHERE r.measure = 'price'), 0) END AS spent
    FROM plan p JOIN dash.released_row r ON r.cube = 'enrolment' AND r.members[1] = p.ministry AND r.period_start >= p.year_start AND r.period_end <= p.year_end
    GROUP BY p.ministry, p.year_start)
  SELECT p.ministry, p.year_start::text, (p.year_end - 1)::text, p.budget, p.seats, p.cost, d.taken, d.spent,
         round(d.taken - p.seats * t.share, 1), round(d.spent - p.cost * t.share, 2), p.coverage_before, s.coverage, p.coverage_expected,
         dash.label_of('reason', CASE WHEN d.ministry IS NULL THEN 'not_published' ELSE d.reason END, $2)
  FROM plan p LEFT JOIN done d USING (ministry, year_start)
  LEFT JOIN LATERAL (
    SELECT v.coverage FROM (SELECT dash.capacity_period('capacity', p.year_start || '/' || p.year_end) AS month) AS c
    CROSS JOIN LATERAL dash.capacity_mean(c.month) AS v WHERE v.unit = p.ministry) AS s ON true
  CROSS JOIN LATERAL (SELECT (d.until - p.year_start)::numeric / (p.year_end - p.year_start) AS share) AS t
  ORDER BY p.ministry, p.year_start;
END;
COMMENT ON FUNCTION dash.plan_progress(text, text) IS
  'approved annual plans of a financial year (dash.period; latest) against what is published: seats taken and money spent so far, variances against the share of the year that these cover (positive: ahead, or dearer), coverage before, now and expected. Null with a reason where a month is withheld or nothing is published';

-- ---------------------------------------------------------------- the board "Training demand"
CREATE FUNCTION dash.training_demand(in_period text DEFAULT 'latest', lang text DEFAULT 'en', months integer DEFAULT 12)
RETURNS TABLE (competency text, name text, people numeric, levels numeric, seats numeric, unmet numeric, trainings numeric, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2);
  SELECT g.competency, g.name, g.people, g.levels, o.seats, g.people - o.seats, o.trainings, g.reason
  FROM (SELECT dash.capacity_period('training_demand', $1) AS month) AS p
  CROSS JOIN LATERAL dash.capacity_gaps($1, $2) AS g
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.seats), 0)::numeric AS seats, count(DISTINCT s.training)::numeric AS trainings
    FROM dash.training_teaches t JOIN dash.training_session s USING (training)
    WHERE t.competency = g.competency AND s.starts >= p.month AND s.starts < p.month + make_interval(months => greatest($3, 0) + 1)) AS o
  ORDER BY 6 DESC NULLS LAST, 2, 1;
END;
COMMENT ON FUNCTION dash.training_demand(text, text, integer) IS
  'demand for training: officials who lack a competency and the levels they lack, seats offered in sessions that begin in the month of the release or in so many months after it, and demand less seats (below 0: more seats than people). A seat of a training that teaches several competencies counts for each. Null with a reason where fewer than ten people lack it or what protects them is withheld';

CREATE FUNCTION dash.training_feedback(in_period text DEFAULT 'latest', lang text DEFAULT 'en')
RETURNS TABLE (training text, title text, provider text, people numeric, rating float8, levels_each float8, price numeric, price_per_level float8, price_quartile integer, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2);
  SELECT t.training, t.title, t.provider, x.people, (x.rating / nullif(x.rated, 0))::float8, (x.levels / nullif(x.people, 0))::float8, t.price,
         (t.price * x.people / nullif(x.levels, 0))::float8, t.price_quartile, dash.label_of('reason', CASE WHEN x.people IS NULL THEN 'suppressed' END, $2)
  FROM (SELECT r.members[1] AS training, max(r.value) FILTER (WHERE r.measure = 'subjects') AS people, max(r.value) FILTER (WHERE r.measure = 'levels') AS levels,
               max(r.value) FILTER (WHERE r.measure = 'rating') AS rating, max(r.value) FILTER (WHERE r.measure = 'rated') AS rated
        FROM dash.released_row r
        WHERE r.cube = 'training_feedback' AND r.members[1] <> '*total*' AND r.period_start = (SELECT dash.capacity_period('training_feedback', $1)) GROUP BY r.members[1]) AS x
  JOIN dash.training t USING (training) ORDER BY t.title, t.training;
END;
COMMENT ON FUNCTION dash.training_feedback(text, text) IS
  'trainings completed until the end of a month: people, mean rating (1 to 5), levels gained each above what was proved before, price by level gained, and the quarter of all trainings by price per hour that it is in. Null with a reason where fewer than ten completed it; a value may be that of an earlier month while fewer than ten people were added';
