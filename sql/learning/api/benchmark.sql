-- Ministries compared by coverage, at equal mix of designations, against a base month and against their targets.

CREATE FUNCTION centre.coverage_target(of_ministry text, day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT t.coverage FROM centre.capacity_target t WHERE t.ministry IN (of_ministry, '*') AND t.valid @> day ORDER BY t.ministry = '*' LIMIT 1);
COMMENT ON FUNCTION centre.coverage_target(text, date) IS 'coverage that a ministry is to reach on a day; null where there is no target';

-- Coverage of each official, with what the designation makes one expect: that of of_month, of the base month where nobody has it any more.
CREATE FUNCTION centre.coverage_expected(of_month date, base_month date)
RETURNS TABLE (month date, ministry text, designation text, subject_id bigint, coverage float8, expected float8, spread float8, overall float8, elsewhere boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH f AS (SELECT c.month, c.ministry, c.designation, c.subject_id, c.covered / c.needed::float8 AS coverage FROM centre.capacity_fact c WHERE c.needed > 0 AND c.month IN ($1, $2)),
  kind AS (SELECT DISTINCT ON (k.designation) k.* FROM (
             SELECT f.month, f.designation, avg(f.coverage) AS expected, coalesce(var_samp(f.coverage), 0) AS spread, count(DISTINCT f.ministry) > 1 AS elsewhere FROM f GROUP BY f.month, f.designation) AS k
           ORDER BY k.designation, k.month = $1 DESC)
  SELECT f.month, f.ministry, f.designation, f.subject_id, f.coverage, k.expected, k.spread, (SELECT avg(o.coverage) FROM f o WHERE o.month = $1), k.elsewhere FROM f JOIN kind k USING (designation);
END;
COMMENT ON FUNCTION centre.coverage_expected(date, date) IS
  'inner part of ministry_benchmark(): officials of two months with their coverage, the mean and variance of it in their designation, the mean of all of of_month, and whether another ministry has the designation too';

CREATE FUNCTION centre.ministry_benchmark(of_month date, base_month date DEFAULT NULL)
RETURNS TABLE (ministry text, officials bigint, met bigint, coverage float8, ci_lower float8, ci_upper float8, standardised float8, std_ci_lower float8, std_ci_upper float8,
  ratio float8, funnel_lower float8, funnel_upper float8, place text, comparable float8, base_standardised float8, change float8, change_ci_lower float8, change_ci_upper float8,
  target numeric, reached boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH x AS MATERIALIZED (SELECT e.* FROM centre.coverage_expected($1, $2) AS e),
  whole AS (
    SELECT x.month, x.ministry, count(*) AS n, count(*) FILTER (WHERE x.coverage = 1) AS met, avg(x.coverage) AS coverage, stddev_samp(x.coverage) / sqrt(count(*)) AS error,
           sum(x.expected) AS expected, sum(x.coverage) / nullif(sum(x.expected), 0) AS ratio, sqrt(sum(x.spread)) AS chance, max(x.overall) AS overall, avg(x.elsewhere::integer)::float8 AS comparable
    FROM x GROUP BY x.month, x.ministry),
  -- of the ratio: its linear part, of a person in both months together, as what a person holds in both goes together
  part AS (
    SELECT x.ministry, x.subject_id, sum(l.it) FILTER (WHERE x.month = $1) AS now, sum(CASE WHEN x.month = $1 THEN l.it ELSE - l.it END) AS change
    FROM x JOIN whole w USING (month, ministry) CROSS JOIN LATERAL (SELECT (x.coverage - w.ratio * x.expected) / nullif(w.expected, 0) AS it) AS l GROUP BY x.ministry, x.subject_id),
  error AS (
    SELECT p.ministry, sqrt(sum(p.now ^ 2) * count(p.now) / nullif(count(p.now) - 1, 0)) AS now, sqrt(sum(p.change ^ 2) * count(*) / nullif(count(*) - 1, 0)) AS change FROM part p GROUP BY p.ministry),
  score AS (
    SELECT w.*, s.half, s.half * coalesce(sqrt(greatest((civic.overdispersion((w.ratio - 1) / nullif(s.half, 0), s.half) OVER ()).phi, 1)), 1) AS wide
    FROM whole w CROSS JOIN LATERAL (SELECT w.chance / nullif(w.expected, 0) AS half) AS s WHERE w.month = $1)
  SELECT s.ministry, s.n, s.met, s.coverage, t.ci_lower, t.ci_upper, s.ratio * s.overall, t.std_ci_lower, t.std_ci_upper,
         s.ratio, CASE WHEN f.z * s.wide < 1 THEN 1 - f.z * s.wide WHEN f.z * s.wide >= 1 THEN 0 END, 1 + f.z * s.wide,
         CASE WHEN s.comparable = 0 OR s.n < 2 THEN NULL WHEN s.ratio < 1 - f.z * s.wide THEN 'below' WHEN s.ratio > 1 + f.z * s.wide THEN 'above' ELSE 'within' END, s.comparable,
         b.ratio * s.overall, (s.ratio - b.ratio) * s.overall, (s.ratio - b.ratio - 1.959963984540054 * e.change) * s.overall, (s.ratio - b.ratio + 1.959963984540054 * e.change) * s.overall,
         g.target, s.coverage >= g.target
  FROM score s JOIN error e USING (ministry) LEFT JOIN whole b ON b.ministry = s.ministry AND b.month = $2
  CROSS JOIN (SELECT civic.normal_quantile(0.999) AS z) AS f
  LEFT JOIN LATERAL (
    SELECT greatest(s.coverage - q * s.error, 0) AS ci_lower, least(s.coverage + q * s.error, 1) AS ci_upper,
           greatest((s.ratio - q * e.now) * s.overall, 0) AS std_ci_lower, least((s.ratio + q * e.now) * s.overall, 1) AS std_ci_upper
    FROM civic.t_quantile(0.975, (s.n - 1)::float8) AS q) AS t ON s.n > 1
  CROSS JOIN LATERAL (SELECT centre.coverage_target(s.ministry, $1) AS target) AS g
  ORDER BY s.ministry;
END;
COMMENT ON FUNCTION centre.ministry_benchmark(date, date) IS
  'ministries of a month compared by coverage, the mean over officials of the weighted share of the levels their posts need that they hold, by the needs of that month; with 95 % limits (Student). ratio: coverage over what the mix of designations makes one expect (the mean of each designation, all ministries), standardised: that ratio times the mean of all, so indirectly standardised, with limits by linearisation. funnel: 99.8 % limits of a ratio of 1, from the spread within designations, widened where ministries differ more than that (Spiegelhalter); place: above, within or below them; comparable: share of officials whose designation another ministry has too (of 0 the ratio says nothing, and place is null). change: of standardised since a base month, both by the same expectation, with limits that know who is in both. target: centre.capacity_target. True counts: for the publisher, not for readers';

GRANT SELECT ON centre.capacity_target TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.coverage_target(text, date), centre.coverage_expected(date, date), centre.ministry_benchmark(date, date) TO civic_publisher;
