-- What changed: against a base year, against the period before, as a trend.  From releases alone, with intervals.

CREATE FUNCTION dash.period_number(unit text, day date) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE unit
  WHEN 'day' THEN day - '2000-01-03'::date
  WHEN 'week' THEN round((day - '2000-01-03'::date) / 7.0)
  WHEN 'month' THEN extract(year FROM day) * 12 + extract(month FROM day)
  WHEN 'quarter' THEN extract(year FROM day) * 4 + extract(quarter FROM day)
  WHEN 'year' THEN extract(year FROM day) ELSE CASE WHEN dash.check_unit(unit) THEN NULL::numeric END END::integer;
COMMENT ON FUNCTION dash.period_number(text, date) IS
  'running number of the period (day, week, month, quarter, year) that begins on a day, so that neighbours differ by one; of a day within a week the nearest Monday counts';

CREATE FUNCTION dash.exposure(kind text, flow text, denominator numeric, days integer) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind WHEN 'proportion' THEN denominator WHEN 'rate' THEN denominator * CASE flow WHEN 'event' THEN days ELSE 1 END
         ELSE CASE flow WHEN 'event' THEN days ELSE 1 END END;
COMMENT ON FUNCTION dash.exposure(text, text, numeric, integer) IS
  'what the events of a period are divided by when periods are compared: people times days (rates), days (counts), the denominator (proportions), so that a February is not better for being short; stocks know no days';

CREATE FUNCTION dash.period_totals(of_indicator text, at_level text, areas text[], of_unit text DEFAULT NULL, partial boolean DEFAULT false)
RETURNS TABLE (area_id integer, area text, area_name text, unit text, number integer, period_start date, period_end date, value numeric, denominator numeric, exposure numeric, days integer,
  complete boolean, reason text, whole numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($2), dash.check_areas($3), dash.check_unit($4);
  SELECT p.area_id, p.area, p.area_name, p.unit, dash.period_number(p.unit, p.period_start), p.period_start, p.period_end, p.value, p.denominator,
         dash.exposure(i.kind, i.flow, p.denominator, p.days), p.days, p.complete,
         CASE WHEN NOT p.complete AND NOT coalesce($5, false) THEN 'partial_period' ELSE coalesce(f.reason, CASE WHEN p.held THEN 'held' END) END, w.value
  FROM dash.indicator i CROSS JOIN dash.period_values($1, nullif($2, ''), $3, '(,)', 'all', nullif($4, '')) AS p
  LEFT JOIN (SELECT c.* FROM dash.indicator d CROSS JOIN LATERAL dash.period_values(d.whole, nullif($2, ''), $3, '(,)', 'all', nullif($4, '')) AS c WHERE d.code = $1 AND d.whole IS NOT NULL) AS w
    ON (w.area_id, w.level, w.member, w.unit, w.period_start) = (p.area_id, p.level, p.member, p.unit, p.period_start)
  CROSS JOIN LATERAL dash.figure(i.kind, i.per, p.value, p.denominator, p.reason) AS f
  WHERE i.code = $1;
END;
COMMENT ON FUNCTION dash.period_totals(text, text, text[], text, boolean) IS
  'dash.period_values() of all periods as changes are computed from: number as dash.period_number(), exposure as dash.exposure() over the days published; a period published for a part of it only has a reason (partial_period) unless partial asks for it, and so has a value of an earlier release (held), since the change since then is withheld; whole: all there are, of which the denominator was looked at, where that is known';

CREATE FUNCTION dash.ratio(kind text, events1 float8, exposure1 float8, events2 float8, exposure2 float8, whole1 numeric DEFAULT NULL, whole2 numeric DEFAULT NULL,
  OUT ratio float8, OUT ci_lower float8, OUT ci_upper float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT r.ratio, r.lower, r.upper
  FROM civic.rate_ratio(CASE WHEN $1 <> 'proportion' AND $4 > 0 THEN $2 END, $3, $4, $5) AS r WHERE $1 <> 'proportion'
  UNION ALL
  -- limits recovered from the distances of the two shares to theirs, written so that nothing is divided by a difference and no distance gives the ratio itself
  SELECT p1 / p2, CASE WHEN p1 = 0 THEN 0 ELSE (p1 ^ 2 - below1 ^ 2) / (p1 * p2 + sqrt(greatest(0, (p1 * above2) ^ 2 + below1 ^ 2 * (p2 ^ 2 - above2 ^ 2)))) END,
         (p1 * p2 + sqrt((p1 * below2) ^ 2 + above1 ^ 2 * (p2 ^ 2 - below2 ^ 2))) / nullif(p2 ^ 2 - below2 ^ 2, 0)
  FROM (SELECT a.measure AS p1, nullif(b.measure, 0) AS p2, a.measure - a.ci_lower AS below1, a.ci_upper - a.measure AS above1, b.measure - b.ci_lower AS below2, b.ci_upper - b.measure AS above2
        FROM dash.figure('proportion', 1, CASE $1 WHEN 'proportion' THEN $2 END::numeric, $3::numeric, NULL, $6) AS a,
             dash.figure('proportion', 1, CASE $1 WHEN 'proportion' THEN $4 END::numeric, $5::numeric, NULL, $7) AS b) AS s
  WHERE $1 = 'proportion' AND num_nulls($2, $3, $4, $5) = 0;  -- least() passes over a null
END;
COMMENT ON FUNCTION dash.ratio(text, float8, float8, float8, float8, numeric, numeric) IS
  'ratio of two measures, first over second, with 95 % limits: exact conditional for rates and counts (Przyborowski and Wilenski 1940), recovered from those of both shares for proportions (Donner and Zou 2012; dash.figure(): of a finite population where whole1 or whole2 says how many there are); null where the second has no event or one has no exposure';

CREATE FUNCTION dash.base_reason(reason text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE reason WHEN 'suppressed' THEN 'base_suppressed' WHEN 'held' THEN 'base_held' WHEN 'partial_period' THEN 'base_partial' ELSE reason END;
COMMENT ON FUNCTION dash.base_reason(text) IS 'code of the reason where it is the earlier side of a comparison that has it';

CREATE FUNCTION dash.base_year_index(of_indicator text, areas text[], from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en',
  base_year integer DEFAULT NULL, around integer DEFAULT 0, of_unit text DEFAULT NULL, partial boolean DEFAULT false)
RETURNS TABLE ("time" timestamptz, area text, area_name text, value float8, ci_lower float8, ci_upper float8, base_from date, base_until date, reason text, period_start date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_areas($2), dash.check_days($3, $4), dash.check_lang($5), dash.check_unit($8);
  WITH i AS (SELECT d.kind, d.flow, coalesce($6, d.base_year)::integer AS base, greatest(least(coalesce($7, 0), 26), 0) AS around FROM dash.indicator d WHERE d.code = $1),
  p AS MATERIALIZED (
    SELECT t.*, t.reason AS none FROM dash.period_totals($1, NULL, $2, $8, $9) t),
  -- each period is held against the same season of the base year, and `around` periods on either side of it
  point AS (
    SELECT p.*, i.kind, i.around, dash.period_number(p.unit, (p.period_start + make_interval(years => i.base - extract(year FROM p.period_start)::integer))::date) AS season
    FROM p CROSS JOIN i WHERE p.period_start <@ dash.days_between($3, $4)),
  base AS (
    SELECT q.area_id, q.number, count(b.number) AS periods, max(b.none) AS none, sum(b.value) AS events, sum(b.exposure) AS exposure,
           CASE WHEN count(b.whole) = count(b.number) THEN sum(b.whole) END AS whole, min(b.period_start) AS since, max(b.period_end) - 1 AS until
    FROM point q CROSS JOIN LATERAL generate_series(-q.around, q.around) AS g (off) LEFT JOIN p b ON b.area_id = q.area_id AND b.number = q.season + g.off
    GROUP BY q.area_id, q.number),
  judged AS (
    SELECT q.*, b.events AS base_events, b.exposure AS base_exposure, b.whole AS base_whole, b.since, b.until,
           CASE WHEN q.none IS NOT NULL THEN q.none WHEN q.season IS NULL OR b.periods < 2 * q.around + 1 THEN 'no_base'
             WHEN b.none IS NOT NULL THEN dash.base_reason(b.none) WHEN b.events = 0 THEN 'no_base_events' END AS why
    FROM point q JOIN base b USING (area_id, number))
  SELECT j.period_start::timestamp AT TIME ZONE s.reporting_zone, j.area, j.area_name, 100 * r.ratio, 100 * r.ci_lower, 100 * r.ci_upper,
         CASE WHEN j.why IS NULL THEN j.since END, CASE WHEN j.why IS NULL THEN j.until END, coalesce(w.label, j.why), j.period_start
  FROM judged j CROSS JOIN dash.site s
  CROSS JOIN LATERAL dash.ratio(j.kind, CASE WHEN j.why IS NULL THEN j.value END::float8, j.exposure::float8, j.base_events::float8, j.base_exposure::float8, j.whole, j.base_whole) AS r
  LEFT JOIN dash.labels_of('reason', $5) AS w ON w.code = j.why
  UNION ALL
  SELECT lower(g.days)::timestamp AT TIME ZONE s.reporting_zone, w.area, w.area_name, NULL, NULL, NULL, NULL, NULL,
         dash.label_of('reason', CASE dash.why_nothing($1, g.days, w.level, 'all') WHEN 'no_whole_period' THEN 'not_published' ELSE dash.why_nothing($1, g.days, w.level, 'all') END, $5), lower(g.days)
  FROM i CROSS JOIN dash.site s CROSS JOIN (SELECT dash.days_between($3, $4) AS days) AS g CROSS JOIN dash.areas_wanted(NULL, $2, $1) AS w
  WHERE NOT lower_inf(g.days) AND w.area_id NOT IN (SELECT q.area_id FROM point q)
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.base_year_index(text, text[], timestamptz, timestamptz, text, integer, integer, text, boolean) IS
  'an indicator as an index, 100 being the same season of the base year (the indicator''s own unless given): events of each published period over those of the base periods, which are pooled (around periods on either side, at most 26), per person and day, with exact conditional 95 % limits (of proportions as in dash.ratio(): where the denominators are parts of a known whole, of finite populations). Null with a reason where a period or its base is withheld or not published, or nothing happened in the base, or either is published for a part of it only (unless partial asks for it)';

CREATE FUNCTION dash.marginal_change(of_indicator text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL, of_unit text DEFAULT NULL, partial boolean DEFAULT false)
RETURNS TABLE ("time" timestamptz, area text, area_name text, change_code text, change text, earlier float8, later float8, difference float8, difference_ci_lower float8, difference_ci_upper float8,
  percent float8, percent_ci_lower float8, percent_ci_upper float8, verdict text, contribution float8, unit text, reason text, percent_reason text, contribution_reason text, period_start date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_areas($5), dash.check_unit($6);
  WITH i AS (SELECT * FROM dash.indicator d WHERE d.code = $1),
  p AS MATERIALIZED (
    SELECT t.*, t.reason AS none FROM dash.period_totals($1, $4, $5, $6, $7) t),
  span AS (SELECT CASE WHEN coalesce($2, '') IN ('', 'latest') THEN '(,)'::daterange ELSE dash.period($2) END AS days),
  latest AS MATERIALIZED (
    SELECT p.number, p.unit, p.period_start FROM p CROSS JOIN span WHERE span.days @> daterange(p.period_start, p.period_end) AND (p.complete OR coalesce($7, false)) ORDER BY p.number DESC LIMIT 1),
  change AS (  -- how many periods, and how many periods back the earlier ones lie
    SELECT c.code, c.size, l.number, CASE c.code WHEN 'year_on_year' THEN l.number - dash.period_number(l.unit, (l.period_start - interval '1 year')::date) ELSE c.size END AS back
    FROM latest l CROSS JOIN i CROSS JOIN (VALUES ('previous', 1), ('last_four', 4), ('year_on_year', 1)) AS c (code, size)
    WHERE c.size = 1 OR i.flow = 'event'),
  compared AS MATERIALIZED (  -- an area that is named and has no period of this unit has a row that says so
    SELECT DISTINCT p.area_id, p.area, p.area_name, NULL::text AS missing FROM p
    UNION ALL
    SELECT w.area_id, w.area, w.area_name, CASE y.why WHEN 'not_at_level' THEN y.why ELSE 'not_published' END
    FROM dash.areas_wanted(nullif($4, ''), $5, $1) AS w CROSS JOIN LATERAL dash.why_nothing($1, '(,)', w.level, 'all') AS y (why) WHERE $5 IS NOT NULL AND w.area NOT IN (SELECT p.area FROM p)),
  side AS (
    SELECT c.code, w.area_id, w.area, w.area_name, w.missing, e.earlier, c.size,
           count(p.number) AS periods, max(p.none) AS none, sum(p.value) AS events, sum(p.exposure) AS exposure, sum(p.days) AS days, min(p.period_start) AS since,
           CASE WHEN count(p.whole) = count(p.number) THEN sum(p.whole) END AS whole
    FROM change c CROSS JOIN compared w CROSS JOIN (VALUES (false), (true)) AS e (earlier)
    CROSS JOIN LATERAL generate_series(0, c.size - 1) AS g (off)
    LEFT JOIN p ON p.area_id = w.area_id AND p.number = c.number - g.off - CASE WHEN e.earlier THEN c.back ELSE 0 END
    GROUP BY c.code, w.area_id, w.area, w.area_name, w.missing, e.earlier, c.size),
  pair AS (  -- the earlier figure as it would be over as many days as the later one
    SELECT a.code, a.area_id, a.area, a.area_name, a.since, i.kind, dash.unit_of(i.unit, i.persons_of, a.size) AS unit, i.direction,
           i.per::float8 AS per, CASE WHEN i.flow = 'event' AND i.kind <> 'proportion' THEN a.days ELSE 1 END::float8 AS span,
           a.events::float8 AS x2, a.exposure::float8 AS e2, b.events::float8 AS x1, b.exposure::float8 AS e1, a.whole AS n2, b.whole AS n1,
           b.events::float8 * CASE i.flow WHEN 'event' THEN a.days::float8 / b.days ELSE 1 END AS x1_scaled,
           CASE WHEN a.missing IS NOT NULL THEN a.missing WHEN a.none IS NOT NULL THEN a.none WHEN a.periods < a.size THEN 'not_published' WHEN b.periods < b.size THEN 'no_base'
             WHEN b.none IS NOT NULL THEN dash.base_reason(b.none) END AS why
    FROM i CROSS JOIN side a JOIN side b ON b.code = a.code AND b.area_id = a.area_id AND b.earlier WHERE NOT a.earlier),
  figure AS (
    SELECT p.*, coalesce(r2.rate, s2.measure) AS m2, coalesce(r2.lower, s2.ci_lower) AS l2, coalesce(r2.upper, s2.ci_upper) AS u2,
           coalesce(r1.rate, s1.measure) AS m1, coalesce(r1.lower, s1.ci_lower) AS l1, coalesce(r1.upper, s1.ci_upper) AS u1,
           sum(p.x1_scaled) OVER whole AS x1_all, count(p.why) OVER whole AS missing
    FROM pair p
    CROSS JOIN LATERAL civic.rate_interval(CASE WHEN p.why IS NULL AND p.kind <> 'proportion' THEN p.x2 END, p.e2, CASE p.kind WHEN 'rate' THEN p.per ELSE 1 END * p.span) AS r2
    CROSS JOIN LATERAL civic.rate_interval(CASE WHEN p.why IS NULL AND p.kind <> 'proportion' THEN p.x1 END, p.e1, CASE p.kind WHEN 'rate' THEN p.per ELSE 1 END * p.span) AS r1
    CROSS JOIN LATERAL dash.figure('proportion', 1, CASE WHEN p.why IS NULL AND p.kind = 'proportion' THEN p.x2 END::numeric, p.e2::numeric, NULL, p.n2) AS s2
    CROSS JOIN LATERAL dash.figure('proportion', 1, CASE WHEN p.why IS NULL AND p.kind = 'proportion' THEN p.x1 END::numeric, p.e1::numeric, NULL, p.n1) AS s1
    WINDOW whole AS (PARTITION BY p.code)),
  interval_of AS (
    SELECT f.*, f.m2 - f.m1 AS d, f.m2 - f.m1 - sqrt((f.m2 - f.l2) ^ 2 + (f.u1 - f.m1) ^ 2) AS dl, f.m2 - f.m1 + sqrt((f.u2 - f.m2) ^ 2 + (f.m1 - f.l1) ^ 2) AS du
    FROM figure f),
  said AS MATERIALIZED (SELECT d.domain, l.code, l.label FROM unnest('{reason,verdict,change}'::text[]) AS d (domain) CROSS JOIN LATERAL dash.labels_of(d.domain, $3) AS l)
  SELECT n.since::timestamp AT TIME ZONE s.reporting_zone, n.area, n.area_name, n.code, sc.label,
         CASE WHEN n.why IS NULL THEN n.m1 END, CASE WHEN n.why IS NULL THEN n.m2 END, CASE WHEN n.why IS NULL THEN n.d END, CASE WHEN n.why IS NULL THEN n.dl END, CASE WHEN n.why IS NULL THEN n.du END,
         100 * (q.ratio - 1), 100 * (q.ci_lower - 1), 100 * (q.ci_upper - 1), sv.label,
         CASE WHEN NOT n.overlapping AND n.missing = 0 AND n.x1_all > 0 THEN 100 * (n.x2 - n.x1_scaled) / n.x1_all END, n.unit, coalesce(sr.label, n.why), sp.label, sb.label, n.since
  FROM (SELECT v.*, (SELECT $5 IS NOT NULL AND dash.overlapping(array_agg(c.area_id)) FROM compared c) AS overlapping FROM interval_of v) AS n CROSS JOIN dash.site s CROSS JOIN LATERAL dash.ratio(n.kind, CASE WHEN n.why IS NULL THEN n.x2 END, n.e2, n.x1, n.e1, n.n2, n.n1) AS q
  LEFT JOIN said sc ON sc.domain = 'change' AND sc.code = n.code
  LEFT JOIN said sv ON sv.domain = 'verdict' AND n.why IS NULL AND sv.code = CASE WHEN n.dl > 0 THEN 'rising' WHEN n.du < 0 THEN 'falling' ELSE 'cannot tell' END
  LEFT JOIN said sr ON sr.domain = 'reason' AND sr.code = n.why
  LEFT JOIN said sp ON sp.domain = 'reason' AND n.why IS NULL AND n.x1 = 0 AND sp.code = 'no_base_events'
  LEFT JOIN said sb ON sb.domain = 'reason' AND sb.code = CASE WHEN n.overlapping THEN 'areas_overlap' WHEN n.missing > 0 THEN 'part_withheld' WHEN n.x1_all = 0 THEN 'no_base_events' END
  UNION ALL
  SELECT NULL, w.area, w.area_name, 'previous', dash.label_of('change', 'previous', $3), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.unit,
         dash.label_of('reason', CASE WHEN EXISTS (SELECT FROM p CROSS JOIN span WHERE span.days @> daterange(p.period_start, p.period_end)) THEN 'no_complete_period'
           ELSE dash.why_nothing($1, (SELECT span.days FROM span), w.level, 'all') END, $3), NULL, NULL, NULL
  FROM i CROSS JOIN dash.areas_wanted(nullif($4, ''), $5, $1) AS w WHERE NOT EXISTS (SELECT FROM latest)
  ORDER BY 4, 2;
END;
COMMENT ON FUNCTION dash.marginal_change(text, text, text, text, text[], text, boolean) IS
  'what the last complete published period (within in_period; with partial also one published for a part of it only) changed: against the period before (previous), the last four against the four before (last_four), against the same period a year earlier (year_on_year). earlier is scaled to the days of the later periods; difference with hybrid limits from those of both figures (Newcombe 1998 for proportions; of finite populations where the denominators are parts of a known whole, so that where all were looked at nothing is left to chance); percent with those of dash.ratio(); verdict from the interval; contribution: percentage points that the area adds to the change of the count of all areas compared, which needs all of them, none in another';

CREATE FUNCTION dash.change_split(of_indicator text, before text, after text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (earlier float8, later float8, change float8, by_rates float8, by_composition float8, areas_split integer, unit text, reason text, complete boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_period($3), dash.check_lang($4), dash.check_level($5), dash.check_areas($6), dash.check_order(dash.days_of($1, $2, $5), dash.days_of($1, $3, $5));
  WITH i AS (SELECT * FROM dash.indicator d WHERE d.code = $1),
  side AS MATERIALIZED (
    SELECT s.later, coalesce(t.reason, CASE WHEN t.held THEN 'held' END) AS none, t.* FROM (VALUES (false, dash.days_of($1, $2, $5)), (true, dash.days_of($1, $3, $5))) AS s (later, span) CROSS JOIN LATERAL dash.area_totals($1, s.span, nullif($5, ''), $6) AS t),
  shared AS (
    SELECT s.later, max(s.days) AS days, count(*) AS areas, min(s.none) AS none, bool_and(s.complete) AS complete, array_agg(s.area_id) AS ids,
           civic.strata_agg(s.area_id, CASE WHEN s.reason IS NULL THEN least(s.value, CASE i.kind WHEN 'proportion' THEN s.denominator ELSE s.value END) END::float8,
                            CASE WHEN s.reason IS NULL THEN dash.exposure(i.kind, i.flow, s.denominator, s.days) END::float8, 1) AS strata,
           sum(s.value)::float8 AS events, sum(dash.exposure(i.kind, i.flow, s.denominator, s.days))::float8 AS exposure
    FROM i CROSS JOIN side s GROUP BY s.later)
  SELECT CASE WHEN w.why IS NULL THEN w.per * b.events / b.exposure END, CASE WHEN w.why IS NULL THEN w.per * a.events / a.exposure END,
         k.change, k.by_rates, k.by_composition, a.areas::integer, i.unit, dash.label_of('reason', coalesce(w.why, CASE WHEN k.change IS NULL THEN 'part_withheld' END), $4), a.complete AND b.complete
  FROM i JOIN shared b ON NOT b.later JOIN shared a ON a.later
  CROSS JOIN LATERAL (SELECT CASE i.kind WHEN 'rate' THEN i.per::float8 * CASE i.flow WHEN 'event' THEN a.days ELSE 1 END ELSE 1 END AS per,
                             CASE WHEN i.kind NOT IN ('rate', 'proportion') THEN 'not_a_rate' WHEN $6 IS NOT NULL AND dash.overlapping(a.ids) THEN 'areas_overlap' WHEN coalesce(a.none, b.none) IS NOT NULL THEN 'part_withheld' END AS why) AS w
  CROSS JOIN LATERAL civic.kitagawa(CASE WHEN w.why IS NULL THEN b.strata END, a.strata, w.per) AS k;
END;
COMMENT ON FUNCTION dash.change_split(text, text, text, text, text, text[]) IS
  'the change of an overall rate or share between two periods, split into what happened within the areas and how people moved between them (or their denominators grew); needs every area in both periods, and the later one second. Rates are stated for the days published of the later period; complete is false where a part of either is not published. Source: Kitagawa 1955';

CREATE FUNCTION dash.trend(of_indicator text, areas text[], from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en', of_unit text DEFAULT NULL, partial boolean DEFAULT false)
RETURNS TABLE (area text, area_name text, slope float8, ci_lower float8, ci_upper float8, points integer, verdict text, unit text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_areas($2), dash.check_days($3, $4), dash.check_lang($5), dash.check_unit($6);
  WITH i AS (SELECT * FROM dash.indicator d WHERE d.code = $1),
  -- periods are equal steps, and so their figures are those of equal days: a short February falls no deeper
  point AS (
    SELECT p.area_id, p.number, p.number / y.a_year AS years, i.per::float8 * p.value::float8 / nullif(p.exposure, 0)::float8 * CASE WHEN i.flow = 'event' AND i.kind <> 'proportion' THEN 365.25 / y.a_year ELSE 1 END
             / CASE i.kind WHEN 'rate' THEN 1 ELSE i.per::float8 END AS measure
    FROM i CROSS JOIN dash.period_totals($1, NULL, $2, $6, $7) AS p
    CROSS JOIN LATERAL (SELECT CASE p.unit WHEN 'day' THEN 365.25 WHEN 'week' THEN 365.25 / 7 WHEN 'month' THEN 12 WHEN 'quarter' THEN 4 ELSE 1 END::float8 AS a_year) AS y
    WHERE p.period_start <@ dash.days_between($3, $4) AND p.reason IS NULL),
  line AS (
    SELECT w.area, w.area_name, i.unit, array_agg(p.years ORDER BY p.number) FILTER (WHERE p.number IS NOT NULL) AS years,
           array_agg(least(p.measure, CASE i.kind WHEN 'proportion' THEN 1 END) ORDER BY p.number) FILTER (WHERE p.number IS NOT NULL) AS measures,
           CASE WHEN count(p.number) = 0 THEN coalesce(nullif(dash.why_nothing($1, '(,)', w.level, 'all'), 'not_published'), 'few_points') END AS nothing
    FROM i CROSS JOIN dash.areas_wanted(NULL, $2, $1) AS w LEFT JOIN point p USING (area_id)
    GROUP BY w.area_id, w.area, w.area_name, w.level, i.unit)
  SELECT l.area, l.area_name, CASE WHEN b.bounded THEN t.slope END, CASE WHEN b.bounded THEN t.lower END, CASE WHEN b.bounded THEN t.upper END, coalesce(t.points, 0),
         dash.label_of('verdict', CASE WHEN b.bounded THEN CASE WHEN t.lower > 0 THEN 'rising' WHEN t.upper < 0 THEN 'falling' ELSE 'no clear trend' END END, $5),
         l.unit, dash.label_of('reason', CASE WHEN b.bounded IS NOT TRUE THEN CASE l.nothing WHEN 'no_whole_period' THEN 'few_points' ELSE coalesce(l.nothing, 'few_points') END END, $5)
  FROM line l LEFT JOIN LATERAL civic.theil_sen(l.years, l.measures) AS t ON true
  CROSS JOIN LATERAL (SELECT t.lower > '-Infinity' AND t.upper < 'Infinity' AS bounded) AS b
  ORDER BY l.area;
END;
COMMENT ON FUNCTION dash.trend(text, text[], timestamptz, timestamptz, text, text, boolean) IS
  'robust trend of an indicator in each area: median slope of all pairs of published periods, in its unit per year, with the 95 % interval of Sen 1968, which is of the scatter about the line and not of a sample, so that it stays where everything was looked at. Periods are equal steps of a year, and events are those of a period of mean length. Withheld periods are left out, and those published for a part only (unless partial asks for them); null with a reason where too few are left for an interval. Take whole years, or the season is taken for a trend';
