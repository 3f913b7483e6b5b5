-- What boards show of service levels: the ladder, what would lift it, how far assessments reach, and the way to the standard.

CREATE VIEW dash.wash_measure AS
  SELECT m.domain, d.unit, d.ladder, m.measure, m.code, m.rank, m.indicator FROM centre.wash_measure m JOIN centre.wash_domain d ON d.code = m.domain;
COMMENT ON VIEW dash.wash_measure IS 'services that are reported (domain) and the indicator behind each of their figures';

CREATE FUNCTION dash.check_domain(of_domain text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_domain <> '' AND NOT EXISTS (SELECT FROM dash.wash_measure m WHERE m.domain = of_domain) THEN
    RAISE EXCEPTION 'there is no service "%"', of_domain USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_domain, ARRAY(SELECT m.domain FROM dash.wash_measure m));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_domain(text) IS 'an error where a service (domain) is not reported';

CREATE FUNCTION dash.wash_days(of_domain text, in_period text, at_level text) RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN dash.check_domain(of_domain) THEN dash.days_of((SELECT m.indicator FROM dash.wash_measure m WHERE m.domain = of_domain AND m.measure = 'assessed'), in_period, at_level) END;
COMMENT ON FUNCTION dash.wash_days(text, text, text) IS 'days of a period for a service; latest is the last one published of it at this level';

CREATE FUNCTION dash.wash_cells(of_domain text, in_period text, at_level text)
RETURNS TABLE (period_start date, area text, area_name text, measure text, code text, rank smallint, value float8, reason text, area_id integer, complete boolean, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_level($3);
  WITH measure AS MATERIALIZED (SELECT m.* FROM dash.wash_measure m WHERE m.domain = $1),
  newest AS MATERIALIZED (  -- of a state the newest whole period within the days asked for
    SELECT c.* FROM dash.cover((SELECT m.indicator FROM measure m WHERE m.measure = 'assessed'), dash.wash_days($1, $2, nullif($3, '')), $3, 'all') AS c ORDER BY c.period_start DESC LIMIT 1)
  SELECT n.period_start, r.area, r.area_name, m.measure, m.code, m.rank, r.value::float8, r.reason, r.area_id, n.complete, n.published_at
  FROM dash.released r JOIN newest n USING (release_id) JOIN measure m ON m.indicator = r.indicator
  WHERE r.release_id = ANY (ARRAY(SELECT n.release_id FROM newest n)) AND r.indicator = ANY (ARRAY(SELECT m.indicator FROM measure m)) AND r.level = $3 AND r.breakdown = 'all';
END;
COMMENT ON FUNCTION dash.wash_cells(text, text, text) IS
  'published counts of a service by area of a level, one row a measure, from the newest release within the period (as dash.period reads it; latest: the last); null with a reason where withheld';

-- Areas without a row would be silent about what is not known of them.
CREATE FUNCTION dash.wash_areas(of_domain text, in_period text, at_level text)
RETURNS TABLE (area_id integer, area text, area_name text, period_start date, registered float8, assessed float8, surely float8, possibly float8, complete boolean, as_of timestamptz, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_level($3);
  WITH cell AS MATERIALIZED (SELECT w.* FROM dash.wash_cells($1, $2, $3) AS w WHERE w.measure IN ('registered', 'assessed', 'at_least_basic', 'may_be_basic')),
  wide AS (
    SELECT c.area_id, min(c.period_start) AS period_start, max(c.value) FILTER (WHERE c.measure = 'registered') AS registered, max(c.value) FILTER (WHERE c.measure = 'assessed') AS assessed,
           max(c.value) FILTER (WHERE c.measure = 'at_least_basic') AS surely, max(c.value) FILTER (WHERE c.measure = 'may_be_basic') AS possibly, bool_and(c.complete) AS complete, max(c.as_of) AS as_of, max(c.reason) AS reason
    FROM cell c GROUP BY c.area_id),
  nothing AS (SELECT dash.why_nothing((SELECT m.indicator FROM dash.wash_measure m WHERE m.domain = $1 AND m.measure = 'assessed'), dash.wash_days($1, $2, nullif($3, '')), $3, 'all') AS code)
  SELECT a.area_id, a.code, a.name, w.period_start, w.registered, w.assessed, w.surely, w.possibly, w.complete, w.as_of,
         CASE WHEN w.area_id IS NULL THEN CASE WHEN EXISTS (SELECT FROM cell) THEN 'not_published' ELSE n.code END WHEN w.reason IS NOT NULL THEN w.reason
           WHEN w.assessed > 0 THEN NULL WHEN w.registered = 0 THEN 'none_there' ELSE 'not_assessed' END
  FROM dash.area a CROSS JOIN nothing n LEFT JOIN wide w ON w.area_id = a.area_id
  WHERE a.level = $3 AND EXISTS (SELECT FROM dash.wash_measure m WHERE m.domain = $1);
END;
COMMENT ON FUNCTION dash.wash_areas(text, text, text) IS
  'all areas of a level with how many facilities (or households) are registered there, how many of them were ever assessed, how many are surely and possibly at basic or better; reason is the code why there is nothing: none_there, not_assessed, withheld, or not published';

CREATE FUNCTION dash.wash_coverage(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, registered float8, assessed float8, never_assessed float8, coverage float8, reason text, period_start date, complete boolean, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4);
  SELECT w.period_start::timestamp AT TIME ZONE s.reporting_zone, w.area, w.area_name, w.registered, w.assessed, w.registered - w.assessed, w.assessed / nullif(w.registered, 0),
         dash.label_of('reason', w.reason, $3), w.period_start, w.complete, w.as_of
  FROM dash.wash_areas($1, $2, $4) AS w CROSS JOIN dash.site s
  ORDER BY w.area;
END;
COMMENT ON FUNCTION dash.wash_coverage(text, text, text, text) IS
  'how far assessments of a service reach, in every area of a level down to the ward: facilities (or households) registered, those ever assessed, those never, and the share assessed; reason says why an area has no figure about the service: there is none, none was assessed, or withheld';

CREATE FUNCTION dash.wash_levels(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, level text, level_name text, rank integer, count float8, share float8, reason text, registered float8, assessed float8, period_start date, complete boolean, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4);
  WITH cell AS MATERIALIZED (SELECT w.* FROM dash.wash_cells($1, $2, $4) AS w),
  ladder AS MATERIALIZED (SELECT m.ladder FROM dash.wash_measure m WHERE m.domain = $1 LIMIT 1)
  SELECT t.period_start::timestamp AT TIME ZONE s.reporting_zone, t.area, t.area_name, k.level, dash.label_of('service_level', (SELECT l.ladder FROM ladder l) || ':' || k.level, $3),
         CASE WHEN c.measure IS NOT NULL THEN coalesce(c.rank, 0) END, c.value, c.value / nullif(t.assessed, 0),
         dash.label_of('reason', coalesce(c.reason, t.reason), $3), t.registered, t.assessed, t.period_start, t.complete, t.as_of
  FROM dash.wash_areas($1, $2, $4) AS t CROSS JOIN dash.site s LEFT JOIN cell c ON c.area_id = t.area_id AND c.measure IN ('level', 'insufficient')
  CROSS JOIN LATERAL (SELECT CASE c.measure WHEN 'level' THEN c.code ELSE c.measure END AS level) AS k
  ORDER BY t.area, 6;
END;
COMMENT ON FUNCTION dash.wash_levels(text, text, text, text) IS
  'the ladder of a service by area, for bars of 100 per cent: insufficient data (rank 0) and each level from the lowest (rank 1), as number and share of those assessed, of as many as are registered; null with a reason where withheld, where nothing was assessed, or where nothing is published (one row without a level)';

CREATE FUNCTION dash.wash_lifts(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, criterion text, what text, count float8, share float8, reason text, registered float8, assessed float8, period_start date, complete boolean, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4);
  WITH cell AS MATERIALIZED (SELECT w.* FROM dash.wash_cells($1, $2, $4) AS w)
  SELECT t.period_start::timestamp AT TIME ZONE s.reporting_zone, t.area, t.area_name, c.code, dash.label_of('wash_lift', $1 || ':' || c.code, $3),
         c.value, c.value / nullif(t.assessed, 0), dash.label_of('reason', coalesce(c.reason, t.reason), $3), t.registered, t.assessed, t.period_start, t.complete, t.as_of
  FROM dash.wash_areas($1, $2, $4) AS t CROSS JOIN dash.site s LEFT JOIN cell c ON c.area_id = t.area_id AND c.measure = 'lift'
  WHERE c.value IS DISTINCT FROM 0 AND (c.area_id IS NOT NULL OR t.reason IS NOT NULL)
  ORDER BY t.area, c.value DESC NULLS LAST, c.code;
END;
COMMENT ON FUNCTION dash.wash_lifts(text, text, text, text) IS
  'what would lift facilities or households: the criteria they lack by area, how many lack each, of how many assessed and registered, and what to do; one may lack several. Criteria that none lacks are left out; an area of which nothing is published has one row that says so';

CREATE FUNCTION dash.wash_progress(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, registered float8, assessed float8, possible_from float8, possible_to float8, base_year integer, base_possible_from float8, base_possible_to float8,
               change float8, change_ci_lower float8, change_ci_upper float8, standard float8, verdict text, reason text, period_start date, complete boolean, as_of timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_domain($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4);
  WITH share AS MATERIALIZED (SELECT i.code, i.base_year::integer AS base_year, i.whole IS NOT NULL AS finite FROM dash.indicator i WHERE i.code = 'wash_' || $1 || '_basic_share'),
  held AS MATERIALIZED (
    -- of several standards in force the one that asks most
    SELECT DISTINCT ON (v.area) v.area, v.value, v.verdict FROM share i CROSS JOIN LATERAL dash.standards(i.code, $2, $3, $4) AS v
    WHERE v.demand = 'at_least' ORDER BY v.area, v.value DESC, v.standard),
  base AS MATERIALIZED (SELECT b.* FROM share i CROSS JOIN LATERAL dash.wash_areas($1, i.base_year::text, $4) AS b WHERE i.base_year IS NOT NULL)
  SELECT n.period_start::timestamp AT TIME ZONE s.reporting_zone, n.area, n.area_name, n.registered, n.assessed, n.surely / nullif(n.assessed, 0), n.possibly / nullif(n.assessed, 0), i.base_year,
         b.surely / nullif(b.assessed, 0), b.possibly / nullif(b.assessed, 0), d.p - d.q, d.p - d.q - sqrt((d.p - d.p_lower) ^ 2 + (d.q_upper - d.q) ^ 2), d.p - d.q + sqrt((d.p_upper - d.p) ^ 2 + (d.q - d.q_lower) ^ 2), h.value, h.verdict,
         dash.label_of('reason', n.reason, $3), n.period_start, n.complete, n.as_of
  FROM dash.wash_areas($1, $2, $4) AS n CROSS JOIN share i CROSS JOIN dash.site s LEFT JOIN base b ON b.area_id = n.area_id LEFT JOIN held h ON h.area = n.area
  CROSS JOIN LATERAL (
    SELECT x.measure AS p, x.ci_lower AS p_lower, x.ci_upper AS p_upper, y.measure AS q, y.ci_lower AS q_lower, y.ci_upper AS q_upper
    FROM dash.figure('proportion', 1, n.surely::numeric, n.assessed::numeric, NULL, CASE WHEN i.finite THEN n.registered END::numeric) AS x,
         dash.figure('proportion', 1, b.surely::numeric, b.assessed::numeric, NULL, CASE WHEN i.finite THEN b.registered END::numeric) AS y) AS d
  ORDER BY n.area;
END;
COMMENT ON FUNCTION dash.wash_progress(text, text, text, text) IS
  'the share at basic or better by area (possible_from: surely, possible_to: if every missing answer were the best), of those assessed, of as many as are registered, beside the base year''s and the standard of the indicator wash_<domain>_basic_share that asks most; change is in shares, of the sure ones, with 95 % limits from those of both shares (Newcombe 1998; of a finite population where facilities are assessed). verdict is that of dash.standards(), met, not met or cannot tell: from the limits of both bounds (dash.figure), and never on fewer facilities than the standard asks';
