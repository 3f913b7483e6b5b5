-- Areas compared honestly, from releases alone: intervals, ranks with intervals, funnels, standardised rates.
-- Everything here is a function of published values, so it tells nothing that they do not tell.

CREATE VIEW dash.area_group AS
  SELECT DISTINCT g.code, a.code AS area, a.name AS area_name FROM centre.area_group g JOIN centre.area a USING (area_id);
COMMENT ON VIEW dash.area_group IS 'sets of areas that are compared with each other, whatever their levels; names by dash.label_of(''area_group'', code, lang)';

CREATE VIEW dash.cube_age WITH (security_barrier) AS
  SELECT c.code AS cube, b.code AS age_band, b.from_age, b.to_age
  FROM centre.readable v JOIN centre.cube c ON c.code = v.cube JOIN centre.age_band b ON b.band_set = c.age_bands;
COMMENT ON VIEW dash.cube_age IS 'age bands of each cube that the reading role''s audience can see, with their first and last age in whole years';

CREATE FUNCTION dash.population(at_level text, on_year integer)
RETURNS TABLE (area_id integer, age_band text, people numeric, source text, year smallint)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT dash.check_level($1);
  SELECT p.area_id, p.age_band, p.people, p.source, p.year FROM centre.population_at($1, $2) p WHERE p.sex = '*';
END;
COMMENT ON FUNCTION dash.population(text, integer) IS
  'denominators as publication uses them: people in each area of a level by age band (* is all), of one source, for the year or the nearest there is. Population figures are public; the function reads them for roles that see only dash';

-- For several indicators at once, so that the population, the dear part, is looked up once.
CREATE FUNCTION dash.area_basis(of_indicators text[], span daterange, at_level text, areas text[] DEFAULT NULL) RETURNS TABLE (indicator text, area_id integer, basis text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_level($3), dash.check_areas($4), (SELECT count(dash.check_indicator(u.code)) FROM unnest($1) AS u (code));
  WITH wanted AS MATERIALIZED (SELECT u.code, w.* FROM (SELECT DISTINCT unnest($1)) AS u (code) CROSS JOIN LATERAL dash.areas_wanted($3, $4, u.code) AS w),
  asked AS MATERIALIZED (SELECT i.code, i.kind, w.level, array_agg(w.area_id) AS ids FROM dash.indicator i JOIN wanted w USING (code) GROUP BY i.code, i.kind, w.level),
  source AS MATERIALIZED (
    SELECT a.code, a.level, c.release_id, extract(year FROM c.period_start)::integer AS year
    FROM asked a CROSS JOIN LATERAL dash.cover(a.code, $2, a.level, 'all', CASE WHEN $4 IS NOT NULL THEN a.ids END) AS c WHERE a.kind = 'rate'),
  denominated AS MATERIALIZED (
    SELECT r.indicator, r.level, r.area_id, s.year, r.denominator
    FROM dash.released r JOIN source s ON s.release_id = r.release_id AND s.code = r.indicator AND s.level = r.level JOIN wanted w ON w.code = r.indicator AND w.area_id = r.area_id AND w.level = r.level
    WHERE r.release_id = ANY (ARRAY(SELECT s.release_id FROM source s)) AND r.indicator = ANY (ARRAY(SELECT s.code FROM source s)) AND r.level = ANY (ARRAY(SELECT s.level FROM source s)) AND r.breakdown = 'all'),
  people AS MATERIALIZED (
    SELECT y.level, y.year, p.area_id, p.people, p.source || ' ' || p.year AS vintage
    FROM (SELECT DISTINCT d.level, d.year FROM denominated d) AS y CROSS JOIN LATERAL dash.population(y.level, y.year) AS p WHERE p.age_band = '*')
  SELECT d.indicator, d.area_id, CASE WHEN bool_and(coalesce(abs(d.denominator - p.people) < 0.5, false)) THEN string_agg(DISTINCT p.vintage, ', ') END
  FROM denominated d LEFT JOIN people p USING (level, year, area_id) GROUP BY d.indicator, d.level, d.area_id
  UNION ALL
  SELECT a.code, w.area_id, 'published' FROM asked a JOIN wanted w ON w.code = a.code AND w.level = a.level WHERE a.kind = 'proportion';
END;
COMMENT ON FUNCTION dash.area_basis(text[], daterange, text, text[]) IS
  'which population the published denominators of areas are, by indicator: source and year of a rate''s, null where that figure has changed since publication; published, for a share, whose denominator is a published count';

CREATE FUNCTION dash.check_standard_population(standard text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF standard <> ALL ('{esp2013,who2000}') THEN
    RAISE EXCEPTION 'there is no standard population "%"', standard USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(standard, '{esp2013,who2000}');
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_standard_population(text) IS 'an error where a standard population is none of those of civic.standard_population()';

CREATE FUNCTION dash.standardised(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL, standard text DEFAULT 'who2000')
RETURNS TABLE (area text, area_name text, rate float8, ci_lower float8, ci_upper float8, events float8, reason text, complete boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_areas($5), dash.check_standard_population($6);
  WITH span AS MATERIALIZED (SELECT dash.days_of($1, $2, nullif($4, '')) AS days),
  i AS (SELECT * FROM dash.indicator d WHERE d.code = $1),
  crude AS MATERIALIZED (SELECT t.* FROM i CROSS JOIN dash.area_totals($1, (SELECT days FROM span), nullif($4, ''), $5) t),
  -- the ages are read where the crude rate is, or the two would not be of the same days
  source AS MATERIALIZED (SELECT DISTINCT c.cube FROM (SELECT DISTINCT c.level FROM crude c) AS v CROSS JOIN LATERAL dash.cover($1, (SELECT days FROM span), v.level, 'age_band') AS c),
  age AS MATERIALIZED (  -- the bands of the cubes that publish it, where five-year bands of the standard fit into them
    SELECT b.age_band, b.from_age, sum(s.weight) AS weight
    FROM (SELECT DISTINCT c.age_band, c.from_age, c.to_age FROM dash.cube_age c WHERE c.cube IN (SELECT p.cube FROM source p)) AS b
    JOIN civic.standard_population($6) AS s ON s.stratum BETWEEN b.from_age AND b.to_age
    WHERE b.from_age % 5 = 0 AND (b.to_age % 5 = 4 OR b.to_age >= 90)
    GROUP BY b.age_band, b.from_age),
  counted AS MATERIALIZED (
    SELECT v.level, t.area_id, t.member, t.value, t.denominator, t.reason
    FROM (SELECT DISTINCT c.level FROM crude c) AS v CROSS JOIN LATERAL dash.totals($1, (SELECT days FROM span), v.level, 'age_band') AS t),
  people AS MATERIALIZED (
    SELECT v.level, p.area_id, p.age_band, p.people
    FROM (SELECT DISTINCT c.level FROM crude c) AS v CROSS JOIN LATERAL dash.population(v.level, extract(year FROM lower((SELECT days FROM span)))::integer) AS p
    WHERE EXISTS (SELECT FROM counted)),
  -- a band without a row had no event; a withheld one has a row that says so
  stratum AS (
    SELECT c.area_id, a.from_age, a.weight, coalesce(n.value, 0) AS events, coalesce(n.denominator, p.people) AS people, n.reason
    FROM crude c CROSS JOIN age a LEFT JOIN counted n ON n.level = c.level AND n.area_id = c.area_id AND n.member = a.age_band
    LEFT JOIN people p ON p.level = c.level AND p.area_id = c.area_id AND p.age_band = a.age_band
    WHERE c.reason IS NULL),
  pooled AS (
    SELECT s.area_id, sum(s.events) AS events, count(s.reason) AS withheld, bool_or(s.people IS NULL) AS unpeopled,
           civic.strata_agg(s.from_age, CASE WHEN s.events >= 0 AND s.events < 1e300 THEN s.events END::float8, s.people::float8, s.weight) AS strata
    FROM stratum s GROUP BY s.area_id),
  known AS (  -- at most one event in twenty may lack an age
    SELECT c.area, c.area_name, i.per, p.strata, c.complete,
           CASE WHEN i.kind <> 'rate' THEN 'only_rates' WHEN c.reason IS NOT NULL THEN c.reason WHEN c.value < 10 THEN 'few_events'
             WHEN NOT EXISTS (SELECT FROM counted) OR p.area_id IS NULL THEN 'ages_not_published' WHEN p.withheld > 0 THEN 'ages_withheld'
             WHEN p.unpeopled THEN 'no_population_by_age' WHEN p.events NOT BETWEEN 0.95 * c.value AND c.value THEN 'ages_unknown' END AS reason
    FROM i CROSS JOIN crude c LEFT JOIN pooled p USING (area_id))
  SELECT k.area, k.area_name, d.rate, d.lower, d.upper, d.events, coalesce(s.label, w.why), k.complete
  FROM known k CROSS JOIN LATERAL civic.direct_rate(CASE WHEN k.reason IS NULL THEN k.strata END, k.per::float8) AS d
  CROSS JOIN LATERAL (SELECT coalesce(k.reason, CASE WHEN d.rate IS NULL THEN CASE WHEN d.events < 10 THEN 'few_events' ELSE 'no_population_by_age' END END) AS why) AS w
  LEFT JOIN dash.labels_of('reason', $3) AS s ON s.code = w.why
  ORDER BY k.area;
END;
COMMENT ON FUNCTION dash.standardised(text, text, text, text, text[], text) IS
  'directly standardised rate of a rate indicator from published counts by age: what the crude rate would be if every area had the ages of a standard population (who2000, esp2013), with Dobson limits around Byar''s; null with a reason below 10 events, where an age band is withheld or has no population, or when more than one event in twenty lacks an age, or of an indicator that is no rate. Source: Dobson and others 1991';

CREATE FUNCTION dash.funnel_position(z float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN z > civic.normal_quantile(0.999) THEN 'above 99.8' WHEN z > civic.normal_quantile(0.975) THEN 'above 95'
            WHEN z < -civic.normal_quantile(0.999) THEN 'below 99.8' WHEN z < -civic.normal_quantile(0.975) THEN 'below 95'
            WHEN z IS NOT NULL THEN 'within' END;
COMMENT ON FUNCTION dash.funnel_position(float8) IS 'where a z score lies among the funnel limits of 95 % and 99.8 %: within, above 95, above 99.8, below 95 or below 99.8; null gives null';

CREATE FUNCTION dash.funnel_position(kind text, benchmark float8, value float8, denominator float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN f.x > f.outer_upper THEN 'above 99.8' WHEN f.x > f.inner_upper THEN 'above 95'
              WHEN f.x < f.outer_lower THEN 'below 99.8' WHEN f.x < f.inner_lower THEN 'below 95'
              WHEN f.inner_lower IS NOT NULL THEN 'within' END
  FROM (SELECT $3 AS x, o.lower AS outer_lower, o.upper AS outer_upper, n.lower AS inner_lower, n.upper AS inner_upper
        FROM civic.funnel_count(CASE $1 WHEN 'rate' THEN $2 * $4 END, 0.998) AS o, civic.funnel_count(CASE $1 WHEN 'rate' THEN $2 * $4 END, 0.95) AS n WHERE $1 = 'rate'
        UNION ALL
        SELECT $3 / nullif($4, 0), o.lower, o.upper, n.lower, n.upper
        FROM civic.funnel_proportion(CASE $1 WHEN 'proportion' THEN $2 END, $4, 0.998) AS o, civic.funnel_proportion(CASE $1 WHEN 'proportion' THEN $2 END, $4, 0.95) AS n WHERE $1 = 'proportion') AS f;
END;
COMMENT ON FUNCTION dash.funnel_position(text, float8, float8, float8) IS
  'where a count (kind rate: events among people) or a share (kind proportion) lies among the exact, respectively normal, funnel limits around a benchmark per head; null when an argument is. Source: Spiegelhalter 2005';

CREATE FUNCTION dash.overlapping(area_ids integer[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM dash.area_path u WHERE u.ancestor_id = ANY (area_ids) AND u.descendant_id = ANY (area_ids) AND u.ancestor_id <> u.descendant_id);
COMMENT ON FUNCTION dash.overlapping(integer[]) IS 'does one of the areas lie in another of them? Such areas count the same people twice, and are neither ranked nor added up';

CREATE FUNCTION dash.ranking_refusal(kind text, areas bigint, overlapping boolean, spans bigint, unknown boolean, bases bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN kind NOT IN ('rate', 'proportion') THEN 'not_a_rate' WHEN areas < 2 THEN 'one_area' WHEN overlapping THEN 'areas_overlap' WHEN spans > 1 THEN 'mixed_periods'
            WHEN unknown THEN 'basis_unknown' WHEN bases > 1 THEN 'mixed_population' END;
COMMENT ON FUNCTION dash.ranking_refusal(text, bigint, boolean, bigint, boolean, bigint) IS
  'why areas are not ranked by an indicator of a kind: code of the reason, from how many areas have a measure, whether one lies in another (dash.overlapping), how many different numbers of periods, whether one''s population is not known (dash.area_basis), and how many different populations; null when they may be';

CREATE FUNCTION dash.provinces(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (area text, area_name text, count numeric, population numeric, measure float8, ci_lower float8, ci_upper float8, unit text, reason text,
  benchmark float8, verdict text, rank integer, rank_lower integer, rank_upper integer, worst_quarter float8,
  funnel text, funnel_adjusted text, z float8, dispersion float8, rank_reason text,
  standardised float8, standardised_ci_lower float8, standardised_ci_upper float8, standardised_reason text, periods integer, complete boolean, as_of timestamptz, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_areas($5);
  WITH i AS (SELECT * FROM dash.indicator d WHERE d.code = $1),
  span AS MATERIALIZED (SELECT dash.days_of($1, $2, nullif($4, '')) AS days),
  t AS MATERIALIZED (
    SELECT a.*, b.basis FROM dash.area_totals($1, (SELECT days FROM span), nullif($4, ''), $5) a
    LEFT JOIN dash.area_basis(ARRAY[$1], (SELECT days FROM span), nullif($4, ''), $5) b USING (area_id)),
  whole AS MATERIALIZED (
    SELECT i.kind, i.per::float8 AS per, i.direction, s.n, s.pooled, i.kind = 'proportion' AND s.pooled > 0.5 AS by_complement,
           CASE WHEN s.n > 5000 THEN 'too_many_areas' ELSE dash.ranking_refusal(i.kind, s.n, s.overlapping, s.spans, s.unknown, s.bases) END AS refused
    FROM i CROSS JOIN (SELECT count(*) AS n, sum(t.value)::float8 / nullif(sum(t.denominator), 0)::float8 AS pooled, count(DISTINCT (t.periods, t.days)) AS spans,
                              coalesce(bool_or(t.basis IS NULL), false) AS unknown, count(DISTINCT t.basis) AS bases,
                              $5 IS NOT NULL AND dash.overlapping(array_agg(t.area_id)) AS overlapping
                       FROM t WHERE t.reason IS NULL) AS s),
  -- shares above a half are ranked by what is missing from them, whose variance a count's comes near; of a finite population, the part that was
  -- looked at counts as so many times as its variance is less than that of a sample: of one and all, so often that nothing is left to chance
  ready AS MATERIALIZED (
    SELECT t.area_id, t.measure, t.denominator::float8 AS people, w.n, w.by_complement,
           CASE w.kind WHEN 'proportion' THEN least(t.value, t.denominator) ELSE t.value END::float8 AS events,
           f.times * CASE WHEN w.by_complement THEN greatest(t.denominator - t.value, 0) ELSE t.value END::float8 AS ranked, f.times * t.denominator::float8 AS counting,
           nullif(CASE w.kind WHEN 'rate' THEN sqrt(w.pooled / t.denominator::float8) ELSE sqrt(greatest(w.pooled * (1 - w.pooled), 0) / t.denominator::float8) END, 0) AS se,
           w.pooled, w.kind
    FROM t CROSS JOIN whole w
    CROSS JOIN LATERAL (SELECT CASE WHEN w.kind = 'proportion' AND t.whole >= t.denominator AND t.whole < 1e15 THEN greatest(least((t.whole - 1) / nullif(t.whole - t.denominator, 0), 2 ^ 40), 1) ELSE 1 END::float8 AS times) AS f
    WHERE t.reason IS NULL AND w.refused IS NULL),
  placed AS (
    SELECT r.area_id, r.n, r.by_complement, rank() OVER (ORDER BY r.measure DESC)::integer AS rank, civic.rank_interval(r.ranked, r.counting) OVER () AS k,
           dash.funnel_position(r.kind, r.pooled, r.events, r.people) AS funnel, (r.events / r.people - r.pooled) / r.se AS z,
           civic.overdispersion((r.events / r.people - r.pooled) / r.se, r.se) OVER () AS o
    FROM ready r),
  quarter AS (  -- of fewer than four areas there is no quarter
    SELECT r.area_id, r.by_complement, civic.quarter_probability(r.ranked, r.counting) OVER () AS q FROM ready r WHERE r.n BETWEEN 4 AND 2000),
  aged AS (SELECT * FROM dash.standardised($1, $2, $3, $4, $5)),
  said AS MATERIALIZED (SELECT d.domain, l.code, l.label FROM unnest('{reason,verdict,funnel}'::text[]) AS d (domain) CROSS JOIN LATERAL dash.labels_of(d.domain, $3) AS l)
  SELECT t.area, t.area_name, t.value, CASE i.kind WHEN 'rate' THEN round(t.denominator) ELSE t.denominator END, t.measure, t.ci_lower, t.ci_upper, dash.unit_of(i.unit, i.persons_of, t.periods), coalesce(sr.label, t.reason),
         b.benchmark, sv.label,
         p.rank, CASE WHEN p.by_complement THEN p.n + 1 - (p.k).upper ELSE (p.k).lower END::integer, CASE WHEN p.by_complement THEN p.n + 1 - (p.k).lower ELSE (p.k).upper END::integer,
         CASE WHEN w.direction = 'neutral' THEN NULL WHEN (w.direction = 'lower_is_better') <> q.by_complement THEN (q.q).highest ELSE (q.q).lowest END,
         sf.label, sa.label, p.z, (p.o).phi, CASE WHEN t.reason IS NULL THEN sw.label END,
         a.rate, a.ci_lower, a.ci_upper, a.reason, t.periods, t.complete, t.as_of, dash.shown(t.measure, t.possible_from, t.possible_to, t.complete, coalesce(sr.label, t.reason), x.written, t.held)
  FROM i CROSS JOIN whole w CROSS JOIN LATERAL (SELECT CASE WHEN w.refused IS NULL THEN CASE w.kind WHEN 'rate' THEN w.per * w.pooled ELSE w.pooled END END AS benchmark) AS b
  CROSS JOIN (SELECT dash.shown_as($3) AS written) AS x CROSS JOIN t LEFT JOIN placed p USING (area_id) LEFT JOIN quarter q USING (area_id) LEFT JOIN aged a ON a.area = t.area
  LEFT JOIN said sr ON sr.domain = 'reason' AND sr.code = t.reason LEFT JOIN said sw ON sw.domain = 'reason' AND sw.code = w.refused
  LEFT JOIN said sv ON sv.domain = 'verdict' AND sv.code = civic.benchmark_verdict(t.ci_lower, t.ci_upper, b.benchmark)
  LEFT JOIN said sf ON sf.domain = 'funnel' AND sf.code = p.funnel LEFT JOIN said sa ON sa.domain = 'funnel' AND sa.code = dash.funnel_position((p.o).z_multiplicative)
  ORDER BY t.measure DESC NULLS LAST, t.area;
END;
COMMENT ON FUNCTION dash.provinces(text, text, text, text, text[]) IS
  'a provincial table: the areas of a level, or any named by code (towns, precincts, provinces), compared in a period. measure is a rate per indicator.per or a share with 95 % limits; benchmark the pooled measure of the areas shown and verdict lower, similar or higher by the limits; rank 1 is the highest measure, rank_lower to rank_upper the places it cannot be told from; worst_quarter the probability of being in the worst quarter (of parts of a known whole both of finite populations: where all were looked at nothing is left to chance); funnel the position among 95 % and 99.8 % limits of areas that differ by chance alone, whole or not, funnel_adjusted the same after division of z by the root of dispersion; standardised as dash.standardised(). Areas that lie in one another, of different population source or year, or of different periods, are never ranked together nor against a benchmark: rank_reason says so. reason says why there is no measure; shown says of the measure whether it is exact or what it may be, which limits and ranks do not reckon with; periods, complete and as_of as in dash.comparison()';
