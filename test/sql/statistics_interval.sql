-- Intervals.  Each limit is checked against the equation that defines it.
SET search_path = civic, public;
SET extra_float_digits = -3;
\set VERBOSITY terse

CREATE TEMP TABLE cases AS
  SELECT x::float8, n::float8, c::float8 FROM unnest(ARRAY[1, 2, 10, 37, 1000]) n,
         LATERAL (SELECT DISTINCT round(n * f)::int x FROM unnest(ARRAY[0, 0.1, 0.5, 0.97, 1]) f) x,
         unnest(ARRAY[0.5, 0.95, 0.998]) c;
-- Wilson: the score test's z at either limit; Clopper-Pearson: binomial tails
SELECT count(*) AS compared,
       count(*) FILTER (WHERE x > 0 AND abs((x / n - w.lower) / sqrt(w.lower * (1 - w.lower) / n) - z) > 1e-10) AS wilson_lower,
       count(*) FILTER (WHERE x < n AND abs((w.upper - x / n) / sqrt(w.upper * (1 - w.upper) / n) - z) > 1e-10) AS wilson_upper,
       count(*) FILTER (WHERE x = 0 AND w.lower <> 0 OR x = n AND w.upper <> 1) AS wilson_ends,
       count(*) FILTER (WHERE x > 0 AND abs(binomial_survival(x - 1, n, cp.lower) - (1 - c) / 2) > 1e-11) AS exact_lower,
       count(*) FILTER (WHERE x < n AND abs(binomial_cdf(x, n, cp.upper) - (1 - c) / 2) > 1e-11) AS exact_upper,
       count(*) FILTER (WHERE x > 0 AND abs(beta_cdf(j.lower, x + 0.5, n - x + 0.5) - (1 - c) / 2) > 1e-11) AS jeffreys_lower,
       count(*) FILTER (WHERE x < n AND abs(beta_survival(j.upper, x + 0.5, n - x + 0.5) - (1 - c) / 2) > 1e-11) AS jeffreys_upper,
       count(*) FILTER (WHERE NOT (ac.lower <= w.lower + 1e-12 AND ac.upper >= w.upper - 1e-12)) AS agresti_narrower
  FROM cases, LATERAL (SELECT normal_quantile((1 + c) / 2) z) q, wilson_interval(x, n, c) w,
       clopper_pearson_interval(x, n, c) cp, jeffreys_interval(x, n, c) j, agresti_coull_interval(x, n, c) ac;
-- the mirror image of a proportion has the mirror image of its interval
SELECT count(*) FILTER (WHERE abs(a.lower + b.upper - 1) > 1e-12 OR abs(d.lower + e.upper - 1) > 1e-12) AS wrong
  FROM cases, wilson_interval(x, n, c) a, wilson_interval(n - x, n, c) b,
       clopper_pearson_interval(x, n, c) d, clopper_pearson_interval(n - x, n, c) e;

-- counts: Poisson tails; Byar within 5 % of exact from 10 events; the rule at 10
SELECT count(*) AS compared,
       count(*) FILTER (WHERE x > 0 AND abs(poisson_survival(x - 1, e.lower) - (1 - c) / 2) > 1e-11) AS lower,
       count(*) FILTER (WHERE abs(poisson_cdf(x, e.upper) - (1 - c) / 2) > 1e-11) AS upper,
       count(*) FILTER (WHERE x >= 10 AND (abs(b.lower / e.lower - 1) > 0.05 OR abs(b.upper / e.upper - 1) > 0.05)) AS byar,
       count(*) FILTER (WHERE (p.lower, p.upper) IS DISTINCT FROM CASE WHEN x < 10 THEN (e.lower, e.upper) ELSE (b.lower, b.upper) END) AS rule
  FROM (SELECT DISTINCT x, c FROM cases) s, poisson_exact_interval(x, c) e, byar_interval(x, c) b, count_interval(x, c) p;
SELECT * FROM rate_interval(65, 100000);
SELECT * FROM byar_interval(1, 0.998);

-- Newcombe 1998, table II, method 10: (a) 56/70 and 48/80, (e) 9/10 and 3/10,
-- (g) 10/10 and 0/10
SELECT d.* FROM (VALUES (56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 10)) v(a, b, c, d), newcombe_difference(v.a, v.b, v.c, v.d) d;
-- rate ratio: at each limit the binomial tail of the first count, given the sum, is (1 - c) / 2
SELECT count(*) AS compared,
       count(*) FILTER (WHERE abs(ratio - x1 / 120 / (x2 / 75)) > 1e-12 * ratio) AS ratio,
       count(*) FILTER (WHERE x1 > 0 AND abs(binomial_survival(x1 - 1, x1 + x2, lower * 120 / (lower * 120 + 75)) - 0.025) > 1e-11) AS lower,
       count(*) FILTER (WHERE x2 > 0 AND abs(binomial_cdf(x1, x1 + x2, upper * 120 / (upper * 120 + 75)) - 0.025) > 1e-11) AS upper
  FROM (SELECT x1::float8, x2::float8 FROM unnest(ARRAY[0, 1, 3, 30, 4000]) x1, unnest(ARRAY[1, 5, 28, 5000]) x2) s, rate_ratio(x1, 120, x2, 75);
SELECT * FROM rate_ratio(5, 100, 0, 100);
SELECT * FROM rate_ratio(0, 100, 0, 100);
SELECT * FROM rate_ratio_lognormal(5, 100, 0, 100);
SELECT * FROM rate_ratio_lognormal(20, 100, 10, 100);
-- Poisson test against sums of probabilities
SELECT count(*) FILTER (WHERE abs(p_low - (SELECT sum(poisson_pmf(k, e)) FROM generate_series(0, o) k)) > 1e-12
                          OR abs(p_high - 1 + coalesce((SELECT sum(poisson_pmf(k, e)) FROM generate_series(0, o - 1) k), 0)) > 1e-12
                          OR abs(p_low + p_high - 1 - poisson_pmf(o, e)) > 1e-12
                          OR p_two <> least(1, 2 * least(p_low, p_high))) AS wrong
  FROM generate_series(0, 20) o, unnest(ARRAY[0.3, 4, 9.5]) e, poisson_test(o, e);

-- verdicts come from the interval
SELECT benchmark_verdict(1, 2, 3), benchmark_verdict(1, 2, 1.5), benchmark_verdict(1, 2, 2), benchmark_verdict(1, 2, 0.5), benchmark_verdict(NULL, 2, 3) IS NULL AS unknown;
SELECT standard_verdict(0.8, 0.9, 0.75, true), standard_verdict(0.7, 0.9, 0.75, true), standard_verdict(0.5, 0.7, 0.75, true),
       standard_verdict(0.5, 0.7, 0.75, false), standard_verdict(0.8, 0.9, 0.75, false), standard_verdict(NULL, 0.9, 0.75, false) IS NULL AS unknown;

-- no trials or population: NULL; 1e15: answered; the rest refused
SELECT wilson_interval(0, 0) IS NULL AS wilson, newcombe_difference(0, 0, 1, 2) IS NULL AS newcombe,
       rate_interval(5, 0) IS NULL AS rate, rate_ratio(1, 0, 1, 1) IS NULL AS ratio, wilson_interval(NULL, 5) IS NULL AS strict;
SELECT w.lower > 0.499999 AND w.upper < 0.500001 AND cp.lower > 0.499999 AND cp.upper < 0.500001 AS proportion,
       abs((e.upper - 1e15) / sqrt(1e15) - 1.96) < 0.001 AND abs(b.upper / e.upper - 1) < 1e-12 AS count,
       r.lower < 1 AND r.upper > 1 AND r.upper - r.lower < 1e-6 AS ratio
  FROM wilson_interval(5e14, 1e15) w, clopper_pearson_interval(5e14, 1e15) cp, poisson_exact_interval(1e15) e, byar_interval(1e15) b,
       rate_ratio(1e15, 1e15, 1e15, 1e15) r;
SELECT wilson_interval(-1, 5);
SELECT wilson_interval('NaN', 5);
SELECT wilson_interval(1, 'Infinity');
\set VERBOSITY default
SELECT clopper_pearson_interval(6, 5);
SELECT wilson_interval(1, 5, 1);
\set VERBOSITY terse
SELECT count_interval('Infinity');
SELECT byar_interval(-3);
SELECT rate_interval(1, 5, 0);
SELECT rate_interval(1, -5);
SELECT rate_ratio(1, 2, 'NaN', 4);
SELECT newcombe_difference(3, 2, 1, 4);
SELECT poisson_test(-1, 2);
SELECT poisson_test(1, 'NaN');
SELECT wilson_interval(1, 5, 'NaN');

-- a finite population: the least and the greatest M that do not make x too unusual, by exact binomial coefficients
CREATE FUNCTION pg_temp.choose(n int, k int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN k < 0 OR k > n THEN 0 ELSE factorial(n) / factorial(k) / factorial(n - k) END $$;
CREATE TEMP TABLE finite AS
  WITH chance AS (
    SELECT p.size, s.n, m.m, x.x, pg_temp.choose(m.m, x.x) * pg_temp.choose(p.size - m.m, s.n - x.x) / pg_temp.choose(p.size, s.n) AS p
    FROM unnest(ARRAY[1, 2, 7, 20, 33]) AS p (size), generate_series(1, p.size) AS s (n), generate_series(0, p.size) AS m (m), generate_series(0, s.n) AS x (x)),
  tail AS (
    SELECT *, sum(p) OVER (PARTITION BY size, n, m ORDER BY x DESC) AS at_least, sum(p) OVER (PARTITION BY size, n, m ORDER BY x) AS at_most FROM chance)
  SELECT t.size, t.n, t.x, a.alpha, min(m) FILTER (WHERE t.at_least > a.alpha) AS least, max(m) FILTER (WHERE t.at_most > a.alpha) AS most
  FROM tail t, unnest(ARRAY[0.025, 0.001, 0.25]) AS a (alpha) GROUP BY t.size, t.n, t.x, a.alpha;
SELECT count(*) AS compared, count(*) FILTER (WHERE i.lower <> least::float8 / size OR i.upper <> most::float8 / size) AS wrong,
       count(*) FILTER (WHERE n = size AND (i.lower, i.upper) <> (x::float8 / n, x::float8 / n)) AS census
  FROM finite, finite_interval(x, n, size, 1 - 2 * alpha::float8) AS i;
-- covers every truth with at least the confidence that it states
SELECT min(covered) >= 0.95 AS covers
  FROM (SELECT m, sum(pg_temp.choose(m, x) * pg_temp.choose(60 - m, 25 - x) / pg_temp.choose(60, 25)) AS covered
        FROM generate_series(0, 60) AS m, generate_series(0, 25) AS x, finite_interval(x, 25, 60) AS i WHERE m / 60.0::float8 BETWEEN i.lower AND i.upper GROUP BY m) AS c;
-- of a population without end it is Clopper and Pearson's
SELECT max(greatest(abs(a.lower - b.lower), abs(a.upper - b.upper))) < 1e-5 AS near FROM unnest(ARRAY[0, 1, 12, 40]) AS x, finite_interval(x, 40, 1e9) AS a, clopper_pearson_interval(x, 40) AS b;
SELECT i.* FROM (VALUES (45, 100, 300), (14, 16, 18), (0, 5, 8), (400000, 500000, 1000000)) AS v (x, n, size), finite_interval(x, n, size) AS i;
SELECT finite_interval(0, 0, 5) IS NULL AS no_trials;
SELECT * FROM finite_interval(3, 2, 5);
SELECT * FROM finite_interval(2, 6, 5);
SELECT * FROM finite_interval(1.5, 6, 15);
