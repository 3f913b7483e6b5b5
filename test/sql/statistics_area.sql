-- Comparing areas: each against the same thing written out in SQL.
SET search_path = civic, public;
SET extra_float_digits = -3;
\set VERBOSITY terse

CREATE TEMP TABLE area AS
  SELECT g AS set, i AS id, (hashint4(i * 31 + g)::bigint & 63)::float8 * (1 + i % 3) AS x,
         (500 + (hashint4(i * 17 + g)::bigint & 8191))::float8 AS n
    FROM generate_series(1, 4) g, LATERAL generate_series(1, 5 + 12 * g) i;
INSERT INTO area VALUES (4, 100, 0, 900), (4, 101, 7, 1000), (4, 102, 14, 2000);

-- funnel limits: z at a proportion's limit, Poisson tails at a count's whole limits
SELECT count(*) FILTER (WHERE lower > 0 AND abs((p - lower) / sqrt(p * (1 - p) / n) - normal_quantile(0.999)) > 1e-9
                          OR upper < 1 AND abs((upper - p) / sqrt(p * (1 - p) / n) - normal_quantile(0.999)) > 1e-9) AS wrong
  FROM unnest(ARRAY[0.001, 0.3, 0.99]) p, unnest(ARRAY[1, 30, 5000, 1e15]) n, funnel_proportion(p, n);
SELECT f1.upper - f1.lower < f2.upper - f2.lower AND f2.upper - f2.lower < f3.upper - f3.lower AS widens
  FROM funnel_proportion(0.3, 500) f1, funnel_proportion(0.3, 500, 0.998, 2) f2, funnel_proportion(0.3, 500, 0.998, 1, 0.01) f3;
SELECT count(*) AS compared,
       count(*) FILTER (WHERE lower > 0 AND abs(gamma_survival(e, lower + 1, 1) - (1 - c) / 2) > 1e-11) AS lower,
       count(*) FILTER (WHERE abs(gamma_cdf(e, upper, 1) - (1 - c) / 2) > 1e-11) AS upper,
       -- a whole count is outside the limits exactly when its one-sided test says so
       count(*) FILTER (WHERE poisson_survival(ceil(upper), e) >= (1 - c) / 2 OR poisson_survival(floor(upper) - 1, e) < (1 - c) / 2) AS above,
       count(*) FILTER (WHERE lower > 0 AND (poisson_cdf(ceil(lower) - 1, e) >= (1 - c) / 2 OR poisson_cdf(ceil(lower), e) < (1 - c) / 2)) AS below
  FROM unnest(ARRAY[0.01, 0.5, 3, 7.7, 40, 812, 20000]) e, unnest(ARRAY[0.8, 0.95, 0.998]) c, funnel_count(e, c);
SELECT abs(upper / 1e15 - 1) < 1e-6 AS huge FROM funnel_count(1e15);
SELECT funnel_proportion(0.5, 0) IS NULL AS no_trials, funnel_count(0) IS NULL AS none_expected;

-- overdispersion by its formulas
WITH z AS (SELECT set, id, (x / n - p) / s AS z, s FROM (SELECT *, sqrt(p / n) s FROM (SELECT *, sum(x) OVER w / sum(n) OVER w p FROM area WINDOW w AS (PARTITION BY set)) a) b),
q AS (SELECT set, percentile_cont(0.1) WITHIN GROUP (ORDER BY z) lo, percentile_cont(0.9) WITHIN GROUP (ORDER BY z) hi FROM z GROUP BY set),
f AS (SELECT set, avg(least(greatest(z, lo), hi) ^ 2) phi, count(*) m, sum(1 / s ^ 2) - sum(1 / s ^ 4) / sum(1 / s ^ 2) spread FROM z JOIN q USING (set) GROUP BY set)
SELECT count(*) AS compared, count(*) FILTER (WHERE abs((o).phi - phi) > 1e-9 * phi) AS phi,
       count(*) FILTER (WHERE abs((o).tau2 - greatest(0, (m * phi - (m - 1)) / spread)) > 1e-12) AS tau2,
       count(*) FILTER (WHERE abs((o).z_multiplicative - z / sqrt(greatest(1, phi))) > 1e-9) AS z_multiplicative,
       count(*) FILTER (WHERE abs((o).z_additive - z * s / sqrt(s ^ 2 + (o).tau2)) > 1e-9) AS z_additive, bool_and(phi > 1) AS dispersed
  FROM (SELECT *, overdispersion(z, s) OVER (PARTITION BY set) o FROM z) a JOIN f USING (set);
SELECT id, overdispersion(z, s) OVER () FROM (VALUES (1, 2.0, 0.5), (2, NULL, 0.5), (3, 1.0, NULL)) v(id, z, s) ORDER BY id;
SELECT overdispersion(z, s) OVER () FROM (VALUES (NULL::float8, NULL::float8)) v(z, s);
SELECT overdispersion(1, 0) OVER ();
SELECT overdispersion('NaN', 1) OVER ();
SELECT overdispersion(1, 'Infinity') OVER ();

-- ranks and their intervals by pairwise tests
WITH a AS (SELECT *, x / n r, greatest(x, 0.5) / n ^ 2 v, count(*) OVER (PARTITION BY set) m FROM area),
byhand AS (
  SELECT a.set, a.id, rank() OVER (PARTITION BY a.set ORDER BY a.r DESC) rank, a.m, b.higher, b.lower
    FROM a, LATERAL (SELECT count(*) FILTER (WHERE (b.r - a.r) / sqrt(a.v + b.v) > z) higher, count(*) FILTER (WHERE (a.r - b.r) / sqrt(a.v + b.v) > z) lower
                       FROM a b, (SELECT normal_quantile(1 - 0.05 / (a.m * (a.m - 1) / 2) / 2) z) z WHERE b.set = a.set) b)
SELECT count(*) AS compared, count(*) FILTER (WHERE (k).rank <> rank) AS rank, count(*) FILTER (WHERE (k).lower <> higher + 1 OR (k).upper <> m - lower) AS interval,
       count(*) FILTER (WHERE (k).rank NOT BETWEEN (k).lower AND (k).upper) AS outside,
       count(*) FILTER (WHERE (k).quintile <> (rank - 1) * 5 / m + 1) AS quintile
  FROM (SELECT *, rank_interval(x, n) OVER (PARTITION BY set) k FROM area) o JOIN byhand USING (set, id);
SELECT id, rank_interval(x, n) OVER (), quarter_probability(x, n) OVER (), shrunken_rate(x, n) OVER ()
  FROM (VALUES (1, 5.0, 100.0), (2, 5.0, 0.0), (3, NULL, 100.0)) v(id, x, n) ORDER BY id;

-- empirical Bayes by its formulas
WITH g AS (SELECT set, sum(x) / sum(n) m, sum(n) / count(*) size FROM area GROUP BY set),
s AS (SELECT set, m, greatest(0, sum(n * (x / n - m) ^ 2) / sum(n) - m / min(size)) a FROM area JOIN g USING (set) GROUP BY set, m)
SELECT count(*) AS compared, count(*) FILTER (WHERE abs((e).mean - m) > 1e-12 OR abs((e).variance - a) > 1e-12 OR abs((e).weight - a / (a + m / n)) > 1e-9
                                             OR abs((e).rate - (m + a / (a + m / n) * (x / n - m))) > 1e-12) AS wrong
  FROM (SELECT *, shrunken_rate(x, n) OVER (PARTITION BY set) e FROM area) o JOIN s USING (set);
SELECT shrunken_rate(0, n) OVER () FROM unnest(ARRAY[10, 20]) n;

-- the highest of two: a beta probability; of many: the probabilities add up to the places
SELECT count(*) AS pairs, count(*) FILTER (WHERE abs((q).highest - p) > 0.001 OR abs((q).lowest - (1 - p)) > 0.001) AS wrong
  FROM (SELECT case_no, side, quarter_probability(x, n) OVER (PARTITION BY case_no) q,
               CASE side WHEN 1 THEN beta_survival(n1 / (n1 + n2), x1 + 0.5, x2 + 0.5) ELSE beta_cdf(n1 / (n1 + n2), x1 + 0.5, x2 + 0.5) END p
          FROM (SELECT *, row_number() OVER () case_no FROM unnest(ARRAY[0, 3, 40, 5000]) x1, unnest(ARRAY[1, 45]) x2, unnest(ARRAY[100, 2000.0::float8]) n1, unnest(ARRAY[150.0::float8]) n2) c,
               LATERAL (VALUES (1, x1, n1), (2, x2, n2)) v(side, x, n)) s;
SELECT set, count(*) AS areas, abs(sum((q).highest) - ceil(count(*) / 4.0)) < 0.01 AS highest, abs(sum((q).lowest) - ceil(count(*) / 4.0)) < 0.01 AS lowest,
       bool_and((q).highest BETWEEN 0 AND 1 AND (q).lowest BETWEEN 0 AND 1) AS probabilities
  FROM (SELECT set, quarter_probability(x, n) OVER (PARTITION BY set) q FROM area) s GROUP BY set ORDER BY set;
-- equal areas have equal chances; a sure thing is sure
SELECT bool_and(abs((q).highest - 0.25) < 0.001) AS equal FROM (SELECT quarter_probability(50, 1000) OVER () q FROM generate_series(1, 8)) s;
SELECT i, round((q).highest::numeric, 6) AS highest, round((q).lowest::numeric, 6) AS lowest FROM (SELECT i, quarter_probability(i * 1000, 10000) OVER () q FROM generate_series(1, 4) i) s ORDER BY i;

-- Benjamini and Hochberg by definition, with ties and NULL
CREATE TEMP TABLE test AS SELECT i, CASE WHEN i % 11 = 0 THEN NULL ELSE ((hashint4(i)::bigint & 255) / 256.0) ^ 3 END::float8 p FROM generate_series(1, 200) i;
SELECT count(*) FILTER (WHERE abs(q - least(1, byhand)) > 1e-12 OR (q IS NULL) <> (p IS NULL)) AS wrong, count(q) AS tested, min(q) = (SELECT min(p) * count(p) / count(p) FILTER (WHERE p = m) FROM test, (SELECT min(p) m FROM test) s) AS smallest
  FROM (SELECT i, p, benjamini_hochberg(p) OVER () q,
               (SELECT min(b.p * (SELECT count(p) FROM test) / b.k) FROM (SELECT p, rank() OVER (ORDER BY p) + count(*) OVER (PARTITION BY p) - 1 k FROM test WHERE p IS NOT NULL) b WHERE b.p >= t.p) byhand
          FROM test t) s;
SELECT benjamini_hochberg(1.5) OVER ();
SELECT benjamini_hochberg('NaN') OVER ();
SELECT benjamini_hochberg(0.04) OVER () AS one_test;

-- refused; 1e15; too many
SELECT rank_interval(-1, 5) OVER ();
SELECT rank_interval(1, 'NaN') OVER ();
SELECT rank_interval(1, 5, 1.5) OVER ();
SELECT shrunken_rate('Infinity', 5) OVER ();
SELECT quarter_probability(1, -5) OVER ();
SELECT funnel_proportion(1.5, 10);
SELECT funnel_proportion(0.5, 'NaN');
SELECT funnel_proportion(0.5, 10, 0.95, -1);
SELECT funnel_count('Infinity');
SELECT rank_interval(i * 1e15, 1e15) OVER (), (shrunken_rate(i * 1e15, 1e15) OVER ()).rate FROM generate_series(1, 2) i;
SELECT rank_interval(i, 10) OVER () FROM generate_series(1, 5001) i LIMIT 1;
SELECT quarter_probability(i, 10) OVER () FROM generate_series(1, 2001) i LIMIT 1;
