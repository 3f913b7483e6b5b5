-- The one rule of coverage: which releases an answer is made of, and how far they cover the question.

CREATE FUNCTION dash.days_of(of_indicator text, in_period text, at_level text DEFAULT NULL, of_breakdown text DEFAULT 'all') RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN NOT (dash.check_indicator(of_indicator) AND dash.check_level(at_level) AND dash.check_breakdown(of_breakdown)) THEN NULL
  WHEN coalesce(in_period, '') NOT IN ('', 'latest') THEN dash.period(in_period)
  ELSE (SELECT daterange(r.period_start, r.period_end) FROM dash.release r JOIN dash.indicator_cube c ON c.cube = r.cube
        WHERE c.indicator = of_indicator AND (at_level IS NULL OR at_level = '' OR at_level = ANY (c.levels)) AND (of_breakdown IS NULL OR of_breakdown = ANY (c.breakdowns))
        ORDER BY r.period_unit = 'day', r.period_end DESC, r.period_start DESC LIMIT 1) END;
COMMENT ON FUNCTION dash.days_of(text, text, text, text) IS
  'days of a period as dash.period() reads it; latest (or nothing) is the last released one of this indicator, at this level and by this breakdown (a single day only where nothing longer is released); null where there is none';

-- Candidates are counted only where there are several: the one that answers most area-days, never the first of the alphabet.
CREATE FUNCTION dash.cover(of_indicator text, span daterange, at_level text, of_breakdown text, area_ids integer[] DEFAULT NULL, whole boolean DEFAULT true, of_unit text DEFAULT NULL,
  of_cubes text[] DEFAULT NULL)
RETURNS TABLE (release_id bigint, cube text, period_unit text, period_start date, period_end date, first_day date, last_day date, complete boolean, published_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 12
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($3), dash.check_breakdown($4), dash.check_unit($7);  -- of two statements, a function keeps its own plan, in which views are asked with values and not joined
  WITH candidate AS MATERIALIZED (
    SELECT r.release_id, r.cube, r.period_unit, r.period_start, r.period_end, r.first_day, r.last_day, r.complete, r.published_at
    FROM dash.release r JOIN dash.indicator_cube c ON c.cube = r.cube
    WHERE c.indicator = $1 AND $3 = ANY (c.levels) AND $4 = ANY (c.breakdowns) AND daterange(r.period_start, r.period_end) <@ $2 AND ($7 IS NULL OR r.period_unit = $7) AND ($8 IS NULL OR r.cube = ANY ($8))),
  counted AS (
    SELECT x.cube, x.area_id, x.member, sum(k.last_day - k.first_day + 1) AS days, sum(k.last_day - k.first_day + 1) FILTER (WHERE x.reason IS NULL) AS shown,
           bool_and(x.reason IS NULL) AS answered, bool_or(x.reason IS NULL AND k.period_end = n.newest) AS stands
    FROM dash.released x JOIN candidate k USING (release_id) JOIN (SELECT d.cube, max(d.period_end) AS newest FROM candidate d GROUP BY d.cube) AS n ON n.cube = k.cube
    WHERE x.release_id = ANY (ARRAY(SELECT k.release_id FROM candidate k WHERE (SELECT count(DISTINCT d.cube) FROM candidate d) > 1))
      AND x.indicator = $1 AND x.level = $3 AND x.breakdown = $4 AND ($5 IS NULL OR x.area_id = ANY ($5))
    GROUP BY x.cube, x.area_id, x.member),
  covering AS (
    SELECT k.cube
    FROM (SELECT d.cube, d.period_unit, max(d.period_end) AS newest, max(d.published_at) AS published_at FROM candidate d GROUP BY d.cube, d.period_unit) AS k
    LEFT JOIN (SELECT c.cube, sum(CASE WHEN NOT $6 THEN c.shown WHEN c.answered THEN c.days END) AS answered, count(*) FILTER (WHERE c.stands) AS standing, sum(c.days) AS days
               FROM counted c GROUP BY c.cube) AS a ON a.cube = k.cube
    CROSS JOIN (SELECT i.flow = 'stock' AND $6 AS stock FROM dash.indicator i WHERE i.code = $1) AS i
    CROSS JOIN LATERAL array_position('{day,week,month,quarter,year}', k.period_unit) AS unit (place)
    -- of a state the newest; over time the finest of equals, for one figure the longest periods
    ORDER BY CASE WHEN i.stock THEN k.newest END DESC, CASE WHEN i.stock THEN a.standing ELSE a.answered END DESC NULLS LAST, a.days DESC NULLS LAST,
             CASE WHEN $6 THEN unit.place ELSE -unit.place END DESC, k.published_at DESC, k.cube LIMIT 1)
  SELECT k.release_id, k.cube, k.period_unit, k.period_start, k.period_end, k.first_day, k.last_day, k.complete, k.published_at
  FROM candidate k JOIN covering USING (cube) ORDER BY k.period_start;
END;
COMMENT ON FUNCTION dash.cover(text, daterange, text, text, integer[], boolean, text, text[]) IS
  'the releases that an answer about an indicator in span, at a level and by a breakdown, is made of: those, wholly within span, of one cube for all areas. Of several cubes the one that answers most area-days: for one figure (whole) days of areas of which nothing in span is withheld, over time (not whole) days shown; of a state as of a day the one with the newest. Among equals that of the longest periods (over time of the finest), then the one published last. of_unit asks for one unit of period, of_cubes for some cubes';

CREATE FUNCTION dash.why_nothing(of_indicator text, span daterange, at_level text, of_breakdown text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT CASE WHEN NOT (dash.check_indicator(of_indicator) AND dash.check_level(at_level) AND dash.check_breakdown(of_breakdown)) THEN NULL WHEN count(*) = 0 THEN 'never_published' WHEN count(*) FILTER (WHERE at_level = ANY (r.levels)) = 0 THEN 'not_at_level'
                 WHEN count(*) FILTER (WHERE at_level = ANY (r.levels) AND of_breakdown = ANY (r.breakdowns)) = 0 THEN 'not_by_breakdown'
                 WHEN bool_or(daterange(r.period_start, r.period_end) && span AND at_level = ANY (r.levels) AND of_breakdown = ANY (r.breakdowns)) THEN 'no_whole_period'
                 ELSE 'not_published' END
        FROM (SELECT c.levels, c.breakdowns, e.period_start, e.period_end FROM dash.indicator_cube c JOIN dash.release e ON e.cube = c.cube WHERE c.indicator = of_indicator) AS r);
COMMENT ON FUNCTION dash.why_nothing(text, daterange, text, text) IS
  'code of the reason why dash.cover() finds nothing: never_published, not_at_level, not_by_breakdown, no_whole_period (a release reaches into span, none lies in it), not_published for these days';

-- Sums of several periods are shown only where every period is: else they would be too low, and tell what is withheld.
CREATE FUNCTION dash.totals(of_indicator text, span daterange, at_level text, of_breakdown text, area_ids integer[] DEFAULT NULL)
RETURNS TABLE (area_id integer, area text, area_name text, member text, value numeric, denominator numeric, periods bigint, reason text, days integer, complete boolean, as_of timestamptz, possible_from numeric, possible_to numeric,
  denominator_from numeric, denominator_to numeric, held boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($3), dash.check_breakdown($4);
  WITH source AS MATERIALIZED (SELECT c.*, c.last_day - c.first_day + 1 AS days FROM dash.cover($1, $2, $3, $4, $5) AS c),
  part AS MATERIALIZED (
    SELECT r.area_id, r.area, r.area_name, r.member, r.value, r.denominator, r.reason, coalesce(r.possible_from, r.value) AS possible_from, coalesce(r.possible_to, r.value) AS possible_to,
           coalesce(r.denominator_from, r.denominator) AS denominator_from, coalesce(r.denominator_to, r.denominator) AS denominator_to, s.days, s.period_start, s.release_id, r.status = 'held' AS held
    FROM dash.released r JOIN source s USING (release_id)
    WHERE r.release_id = ANY (ARRAY(SELECT s.release_id FROM source s)) AND r.indicator = $1 AND r.level = $3 AND r.breakdown = $4 AND ($5 IS NULL OR r.area_id = ANY ($5))),
  -- a release may lack the indicator, which its cube has got since; a breakdown without a row is one in which nobody was a member
  whole AS MATERIALIZED (
    SELECT i.kind, i.flow, count(*) AS releases, max(s.published_at) AS as_of, sum(s.days)::integer AS days, (SELECT max(p.period_start) FROM part p) AS newest,
           coalesce(bool_and(s.complete) AND CASE i.flow WHEN 'event' THEN sum(s.period_end - s.period_start) = upper($2) - lower($2) ELSE max(s.period_end) = upper($2) END, false) AS complete
    FROM dash.indicator i CROSS JOIN source s WHERE i.code = $1 AND ($4 <> 'all' OR s.release_id IN (SELECT p.release_id FROM part p)) GROUP BY i.kind, i.flow),
  counted AS (SELECT p.*, w.flow = 'event' OR p.period_start = w.newest AS counts FROM part p CROSS JOIN whole w),
  unlisted AS MATERIALIZED (  -- areas of which a release lists no member at all, though somebody may be there: what is not listed is not nought
    SELECT DISTINCT t.area_id
    FROM dash.released t JOIN source s USING (release_id) CROSS JOIN whole w
    WHERE $4 <> 'all' AND t.release_id = ANY (ARRAY(SELECT s.release_id FROM source s)) AND t.indicator = $1 AND t.level = $3 AND t.breakdown = 'all' AND ($5 IS NULL OR t.area_id = ANY ($5))
      AND (t.reason IS NOT NULL OR coalesce(t.possible_to, t.value) > 0) AND (w.flow = 'event' OR s.period_start = w.newest)
      AND (t.release_id, t.area_id) NOT IN (SELECT p.release_id, p.area_id FROM part p))
  SELECT p.area_id, p.area, p.area_name, p.member,
         CASE WHEN count(p.reason) FILTER (WHERE p.counts) = 0 AND u.area_id IS NULL THEN sum(p.value) FILTER (WHERE p.counts) END,
         CASE w.kind WHEN 'rate' THEN sum(p.denominator * p.days) FILTER (WHERE p.counts) / nullif(sum(p.days) FILTER (WHERE p.counts AND p.denominator IS NOT NULL), 0)
           WHEN 'proportion' THEN CASE WHEN count(p.denominator) FILTER (WHERE p.counts) = count(*) FILTER (WHERE p.counts) THEN sum(p.denominator) FILTER (WHERE p.counts) END END,
         -- by a breakdown a period without a row is one in which nobody was a member
         CASE p.member WHEN '*total*' THEN count(*) ELSE w.releases END, coalesce(max(p.reason) FILTER (WHERE p.counts), CASE WHEN u.area_id IS NOT NULL THEN 'suppressed' END),
         CASE p.member WHEN '*total*' THEN sum(p.days)::integer ELSE w.days END, w.complete AND (p.member <> '*total*' OR count(*) = w.releases), w.as_of,
         CASE WHEN count(p.reason) FILTER (WHERE p.counts) = 0 AND u.area_id IS NULL THEN sum(p.possible_from) FILTER (WHERE p.counts) END,
         CASE WHEN count(p.reason) FILTER (WHERE p.counts) = 0 AND u.area_id IS NULL THEN sum(p.possible_to) FILTER (WHERE p.counts) END,
         CASE w.kind WHEN 'proportion' THEN sum(p.denominator_from) FILTER (WHERE p.counts) END, CASE w.kind WHEN 'proportion' THEN sum(p.denominator_to) FILTER (WHERE p.counts) END, coalesce(bool_or(p.held) FILTER (WHERE p.counts), false)
  FROM counted p CROSS JOIN whole w LEFT JOIN unlisted u USING (area_id)
  GROUP BY p.area_id, p.area, p.area_name, p.member, w.kind, w.flow, w.releases, w.days, w.complete, w.as_of, u.area_id
  -- of a state, a member without a row in the newest period is none
  HAVING bool_or(p.counts);
END;
COMMENT ON FUNCTION dash.totals(text, daterange, text, text, integer[]) IS
  'published values of an indicator over the periods that dash.cover() finds in span, by area of a level and member of a breakdown; null with the code of a reason where one of them is withheld. Of a state (flow of the indicator) the newest counts, as states of several days do not add up. The denominator of a rate is the mean population of the days published. periods and days say how much was published, complete whether that is all of span and no period is partial, as_of when the newest was published. The true value lies from possible_from to possible_to, the whole of a share from denominator_from to denominator_to: the same as value and denominator unless these are rounded. held: one of the values is of an earlier release, the change since then being withheld';

CREATE FUNCTION dash.days_between(from_time timestamptz, to_time timestamptz) RETURNS daterange
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (SELECT CASE WHEN NOT dash.check_days(from_time, to_time) THEN NULL WHEN b.since > b.until THEN 'empty' ELSE daterange(b.since, b.until, '[]') END
        FROM (SELECT CASE WHEN isfinite(from_time) THEN dash.day_of(from_time)
                       + CASE WHEN from_time::time = '00:00' OR (from_time AT TIME ZONE s.reporting_zone)::time = '00:00' THEN 0 ELSE 1 END END AS since,
                     CASE WHEN isfinite(to_time) THEN dash.day_of(to_time) END AS until
              FROM dash.site s) AS b);
COMMENT ON FUNCTION dash.days_between(timestamptz, timestamptz) IS
  'the local days (dash.day_of) that begin between two times, both included; empty where none does';

-- Period by period: one unit for all areas, and one cube for each level.
CREATE FUNCTION dash.period_values(of_indicator text, at_level text, areas text[], beginning daterange, of_breakdown text DEFAULT 'all', of_unit text DEFAULT NULL)
RETURNS TABLE (area_id integer, area text, area_name text, level text, member text, unit text, period_start date, period_end date, value numeric, denominator numeric, reason text,
  complete boolean, published_at timestamptz, days integer, possible_from numeric, possible_to numeric, held boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($2), dash.check_areas($3), dash.check_breakdown($5), dash.check_unit($6);
  WITH wanted AS MATERIALIZED (SELECT * FROM dash.areas_wanted($2, $3, $1, $5)),
  at_levels AS MATERIALIZED (SELECT w.level, array_agg(w.area_id) AS ids FROM wanted w GROUP BY w.level),
  -- what begins within the days asked for may end after them: of each unit they are followed to the end of the last that does, and no further, so that what lies beyond weighs nothing
  units AS MATERIALIZED (
    SELECT e.period_unit, daterange(lower($4), max(e.period_end)) AS days FROM dash.release e JOIN dash.indicator_cube c ON c.cube = e.cube
    WHERE c.indicator = $1 AND c.levels && ARRAY(SELECT v.level FROM at_levels v) AND $5 = ANY (c.breakdowns) AND e.period_start <@ $4 AND ($6 IS NULL OR e.period_unit = $6) GROUP BY e.period_unit),
  free AS MATERIALIZED (
    SELECT v.level, c.*
    FROM at_levels v CROSS JOIN units u CROSS JOIN LATERAL dash.cover($1, u.days, v.level, $5, CASE WHEN $3 IS NOT NULL THEN v.ids END, false, u.period_unit) AS c),
  counted AS (
    SELECT f.period_unit, count(DISTINCT f.level) AS levels, sum(f.last_day - f.first_day + 1) AS days, sum(f.last_day - f.first_day + 1) FILTER (WHERE r.reason IS NULL) AS shown
    FROM dash.released r JOIN free f ON f.release_id = r.release_id AND f.level = r.level
    WHERE r.release_id = ANY (ARRAY(SELECT f.release_id FROM free f WHERE (SELECT count(*) FROM units) > 1)) AND r.indicator = $1 AND r.level = ANY (ARRAY(SELECT v.level FROM at_levels v)) AND r.breakdown = $5
      AND r.area_id = ANY (ARRAY(SELECT w.area_id FROM wanted w))
    GROUP BY f.period_unit),
  -- weighed over all levels at once: what is best at one may have nothing at another, whose areas would be gone
  chosen AS MATERIALIZED (
    SELECT u.period_unit FROM units u LEFT JOIN counted k USING (period_unit)
    ORDER BY k.levels DESC NULLS LAST, k.shown DESC NULLS LAST, k.days DESC NULLS LAST, array_position('{day,week,month,quarter,year}', u.period_unit) LIMIT 1),
  source AS MATERIALIZED (SELECT f.* FROM free f JOIN chosen USING (period_unit))
  SELECT r.area_id, r.area, r.area_name, r.level, r.member, s.period_unit, s.period_start, s.period_end, r.value, r.denominator, r.reason, s.complete, s.published_at, s.last_day - s.first_day + 1, coalesce(r.possible_from, r.value), coalesce(r.possible_to, r.value),
         r.status = 'held'
  FROM dash.released r JOIN source s ON s.release_id = r.release_id AND s.level = r.level JOIN wanted w ON w.area_id = r.area_id AND w.level = r.level
  WHERE r.release_id = ANY (ARRAY(SELECT s.release_id FROM source s)) AND r.indicator = $1 AND r.level = ANY (ARRAY(SELECT v.level FROM at_levels v)) AND r.breakdown = $5
    AND r.area_id = ANY (ARRAY(SELECT w.area_id FROM wanted w));
END;
COMMENT ON FUNCTION dash.period_values(text, text, text[], daterange, text, text) IS
  'published values of an indicator period by period, of those that begin within some days: for all areas of a level or those named, of one unit of period for all (that which areas of most levels are published by, then that which shows most area-days, among equals the finest) and by the rule of dash.cover(); complete is false where the period is published for a part of it only, days is how many that is; held where the value is of an earlier release, the change since then being withheld';
