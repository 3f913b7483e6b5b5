-- Distributions.  Three oracles: values computed to 50 digits, exact sums in
-- numeric, and identities between families.
SET search_path = civic, public;
SET extra_float_digits = 0;
\set VERBOSITY terse

CREATE TEMP TABLE exact(call text, got float8, expected float8);
INSERT INTO exact VALUES
  ('normal_cdf(-37.5)', normal_cdf(-37.5), 4.60535300958195484e-308),
  ('normal_cdf(-20)', normal_cdf(-20), 2.7536241186062337e-89),
  ('normal_cdf(-8.25)', normal_cdf(-8.25), 7.91972631464247734e-17),
  ('normal_cdf(-1.96)', normal_cdf(-1.96), 0.0249978951482204362),
  ('normal_cdf(-1e-10)', normal_cdf(-1e-10), 0.499999999960105772),
  ('normal_cdf(0.5)', normal_cdf(0.5), 0.691462461274013104),
  ('normal_cdf(6)', normal_cdf(6), 0.999999999013412355),
  ('normal_survival(10)', normal_survival(10), 7.61985302416052607e-24),
  ('normal_survival(30)', normal_survival(30), 4.90671392714818706e-198),
  ('normal_quantile(1e-300)', normal_quantile(1e-300), -37.0470962993611992),
  ('normal_quantile(1e-16)', normal_quantile(1e-16), -8.22208221613043562),
  ('normal_quantile(0.0005)', normal_quantile(0.0005), -3.29052673149189479),
  ('normal_quantile(0.3)', normal_quantile(0.3), -0.524400512708040816),
  ('normal_quantile(0.999999)', normal_quantile(0.999999), 4.75342430881708777),
  ('t_survival(0.1, 1)', t_survival(0.1, 1), 0.468274482569446429),
  ('t_survival(3.2, 3)', t_survival(3.2, 3), 0.0246659214813481075),
  ('t_survival(12, 5)', t_survival(12, 5), 3.54474625858076134e-5),
  ('t_survival(2.5, 29.5)', t_survival(2.5, 29.5), 0.00910930863346152257),
  ('t_survival(4, 100000.0)', t_survival(4, 100000.0), 3.16939987785976696e-5),
  ('t_survival(1.5, 1000000.0)', t_survival(1.5, 1000000.0), 0.0668073591183963846),
  ('t_survival(0.001, 0.4)', t_survival(0.001, 0.4), 0.499747770713029378),
  ('gamma_cdf(1e-08, 0.05, 1)', gamma_cdf(1e-08, 0.05, 1), 0.408942399583405592),
  ('gamma_survival(1e-08, 0.05, 1)', gamma_survival(1e-08, 0.05, 1), 0.591057600416594408),
  ('gamma_cdf(0.7, 0.5, 1)', gamma_cdf(0.7, 0.5, 1), 0.763276429362142625),
  ('gamma_survival(0.7, 0.5, 1)', gamma_survival(0.7, 0.5, 1), 0.236723570637857375),
  ('gamma_cdf(30, 3.5, 1)', gamma_cdf(30, 3.5, 1), 0.99999999984904447),
  ('gamma_survival(30, 3.5, 1)', gamma_survival(30, 3.5, 1), 1.50955530229891212e-10),
  ('gamma_cdf(140, 100, 1)', gamma_cdf(140, 100, 1), 0.999838942825287444),
  ('gamma_survival(140, 100, 1)', gamma_survival(140, 100, 1), 0.000161057174712555858),
  ('gamma_cdf(60, 100, 1)', gamma_cdf(60, 100, 1), 1.48152763264604679e-6),
  ('gamma_survival(60, 100, 1)', gamma_survival(60, 100, 1), 0.999998518472367354),
  ('gamma_cdf(3100, 3000.5, 1)', gamma_cdf(3100, 3000.5, 1), 0.964292659686602583),
  ('gamma_survival(3100, 3000.5, 1)', gamma_survival(3100, 3000.5, 1), 0.0357073403133974171),
  ('gamma_cdf(2600, 3000.5, 1)', gamma_cdf(2600, 3000.5, 1), 9.39968290820744759e-15),
  ('gamma_survival(2600, 3000.5, 1)', gamma_survival(2600, 3000.5, 1), 0.9999999999999906),
  ('gamma_cdf(999000, 1000000.0, 1)', gamma_cdf(999000, 1000000.0, 1), 0.158655213574303652),
  ('gamma_survival(999000, 1000000.0, 1)', gamma_survival(999000, 1000000.0, 1), 0.841344786425696348),
  ('gamma_cdf(1006000, 1000000.0, 1)', gamma_cdf(1006000, 1000000.0, 1), 0.999999998940260265),
  ('gamma_survival(1006000, 1000000.0, 1)', gamma_survival(1006000, 1000000.0, 1), 1.05973973528438132e-9),
  ('chisq_survival(3.84, 1)', chisq_survival(3.84, 1), 0.0500435212487051032),
  ('chisq_survival(100, 40)', chisq_survival(100, 40), 4.79135730033810114e-7),
  ('chisq_survival(0.5, 10)', chisq_survival(0.5, 10), 0.999993388289438966),
  ('beta_cdf(0.01, 0.1, 0.2)', beta_cdf(0.01, 0.1, 0.2), 0.432496974216105793),
  ('beta_survival(0.01, 0.1, 0.2)', beta_survival(0.01, 0.1, 0.2), 0.567503025783894207),
  ('beta_cdf(1e-10, 0.04, 137.9)', beta_cdf(1e-10, 0.04, 137.9), 0.495437226053126953),
  ('beta_survival(1e-10, 0.04, 137.9)', beta_survival(1e-10, 0.04, 137.9), 0.504562773946873047),
  ('beta_cdf(0.3, 2, 5.5)', beta_cdf(0.3, 2, 5.5), 0.627363755752107471),
  ('beta_survival(0.3, 2, 5.5)', beta_survival(0.3, 2, 5.5), 0.372636244247892529),
  ('beta_cdf(0.5, 800, 900)', beta_cdf(0.5, 800, 900), 0.992380566658757507),
  ('beta_survival(0.5, 800, 900)', beta_survival(0.5, 800, 900), 0.00761943334124249271),
  ('beta_cdf(0.48, 4000, 4000)', beta_cdf(0.48, 4000, 4000), 0.000172436430598568461),
  ('beta_survival(0.48, 4000, 4000)', beta_survival(0.48, 4000, 4000), 0.999827563569401432),
  ('beta_cdf(0.9999, 100000.0, 0.5)', beta_cdf(0.9999, 100000.0, 0.5), 7.7403696709464655e-6),
  ('beta_survival(0.9999, 100000.0, 0.5)', beta_survival(0.9999, 100000.0, 0.5), 0.999992259630329054),
  ('beta_cdf(4e-05, 0.7, 100000.0)', beta_cdf(4e-05, 0.7, 100000.0), 0.991238340510905139),
  ('beta_survival(4e-05, 0.7, 100000.0)', beta_survival(4e-05, 0.7, 100000.0), 0.00876165948909486145),
  ('beta_cdf(0.1, 5, 10000.0)', beta_cdf(0.1, 5, 10000.0), 1.0),
  ('beta_cdf(0.5005, 1000000.0, 1000000.0)', beta_cdf(0.5005, 1000000.0, 1000000.0), 0.921350422419075325),
  ('beta_survival(0.5005, 1000000.0, 1000000.0)', beta_survival(0.5005, 1000000.0, 1000000.0), 0.0786495775809246746),
  ('poisson_survival(0, 1e-05)', poisson_survival(0, 1e-05), 9.99995000016666707e-6),
  ('poisson_cdf(0, 1e-05)', poisson_cdf(0, 1e-05), 0.999990000049999833),
  ('poisson_survival(21, 0.01)', poisson_survival(21, 0.01), 8.81209811657010997e-66),
  ('poisson_cdf(21, 0.01)', poisson_cdf(21, 0.01), 1.0),
  ('poisson_survival(12, 5.5)', poisson_survival(12, 5.5), 0.00445088254424994755),
  ('poisson_cdf(12, 5.5)', poisson_cdf(12, 5.5), 0.995549117455750052),
  ('poisson_survival(200, 369.789)', poisson_survival(200, 369.789), 1.0),
  ('poisson_cdf(200, 369.789)', poisson_cdf(200, 369.789), 2.70210195072079116e-22),
  ('poisson_survival(1040, 1000)', poisson_survival(1040, 1000), 0.100720587176538892),
  ('poisson_cdf(1040, 1000)', poisson_cdf(1040, 1000), 0.899279412823461108),
  ('poisson_survival(100500, 100000)', poisson_survival(100500, 100000), 0.0568328818184939052),
  ('poisson_cdf(100500, 100000)', poisson_cdf(100500, 100000), 0.943167118181506095),
  ('binomial_cdf(0, 20, 0.01)', binomial_cdf(0, 20, 0.01), 0.817906937597230867),
  ('binomial_survival(0, 20, 0.01)', binomial_survival(0, 20, 0.01), 0.182093062402769133),
  ('binomial_cdf(3, 20, 0.4)', binomial_cdf(3, 20, 0.4), 0.0159611627900082508),
  ('binomial_survival(3, 20, 0.4)', binomial_survival(3, 20, 0.4), 0.984038837209991749),
  ('binomial_cdf(60, 100, 0.5)', binomial_cdf(60, 100, 0.5), 0.982399899891147592),
  ('binomial_survival(60, 100, 0.5)', binomial_survival(60, 100, 0.5), 0.017600100108852408),
  ('binomial_cdf(300, 10000, 0.025)', binomial_cdf(300, 10000, 0.025), 0.999173501231356098),
  ('binomial_survival(300, 10000, 0.025)', binomial_survival(300, 10000, 0.025), 0.000826498768643901722),
  ('binomial_cdf(499000, 1000000, 0.5)', binomial_cdf(499000, 1000000, 0.5), 0.0228041499326910432),
  ('binomial_survival(499000, 1000000, 0.5)', binomial_survival(499000, 1000000, 0.5), 0.977195850067308957),
  ('binomial_cdf(2, 1000000000, 1e-09)', binomial_cdf(2, 1000000000, 1e-09), 0.919698603020575653),
  ('binomial_survival(2, 1000000000, 1e-09)', binomial_survival(2, 1000000000, 1e-09), 0.0803013969794243471),
  ('negbin_survival(0, 3, 0.2)', negbin_survival(0, 3, 0.2), 0.425650822501482508),
  ('negbin_cdf(0, 3, 0.2)', negbin_cdf(0, 3, 0.2), 0.574349177498517492),
  ('negbin_survival(12, 5.5, 2.5)', negbin_survival(12, 5.5, 2.5), 0.0678172965067811549),
  ('negbin_cdf(12, 5.5, 2.5)', negbin_cdf(12, 5.5, 2.5), 0.932182703493218845),
  ('negbin_survival(1893, 589.638, 1.465)', negbin_survival(1893, 589.638, 1.465), 0.0229817411619369307),
  ('negbin_cdf(1893, 589.638, 1.465)', negbin_cdf(1893, 589.638, 1.465), 0.977018258838063069),
  ('negbin_survival(30, 8, 1000000.0)', negbin_survival(30, 8, 1000000.0), 5.37111084781440285e-10),
  ('negbin_cdf(30, 8, 1000000.0)', negbin_cdf(30, 8, 1000000.0), 0.999999999462888915),
  ('negbin_survival(5200, 5000, 300)', negbin_survival(5200, 5000, 300), 0.246598242806721168),
  ('negbin_cdf(5200, 5000, 300)', negbin_cdf(5200, 5000, 300), 0.753401757193278832),
  ('negbin_survival(400, 10, 0.05)', negbin_survival(400, 10, 0.05), 0.00264706125502413547),
  ('negbin_cdf(400, 10, 0.05)', negbin_cdf(400, 10, 0.05), 0.997352938744975865);
SELECT count(*) AS compared, count(*) FILTER (WHERE abs(got - expected) <= 1e-12 * abs(expected)) AS equal FROM exact;
SELECT call, got, expected FROM exact WHERE NOT abs(got - expected) <= 1e-12 * abs(expected);

-- exact sums in numeric: Poisson, binomial and (whole size) negative binomial
CREATE FUNCTION pg_temp.close(float8, numeric) RETURNS boolean LANGUAGE sql
  RETURN abs($1::numeric - $2) <= 1e-12 * abs($2) + 1e-300;
WITH RECURSIVE p(mean, k, term, total) AS (
  SELECT m::numeric, 0, exp(-m::numeric(60, 40)), exp(-m::numeric(60, 40)) FROM unnest(ARRAY[0.25, 3, 17.5, 60]) m
  UNION ALL SELECT mean, k + 1, term * mean / (k + 1), total + term * mean / (k + 1) FROM p WHERE k < 90)
SELECT 'poisson' AS family, count(*) AS compared,
       count(*) FILTER (WHERE NOT pg_temp.close(poisson_cdf(k, mean::float8), total)) AS cdf,
       count(*) FILTER (WHERE term > 1e-25 AND NOT pg_temp.close(poisson_pmf(k, mean::float8), term)) AS pmf,
       count(*) FILTER (WHERE total < 1 - 1e-9 AND poisson_quantile(total::float8, mean::float8) <> k) AS quantile
  FROM p;
WITH RECURSIVE b(n, prob, k, term, total) AS (
  SELECT n, q::numeric(60, 50), 0, (1 - q::numeric(60, 50)) ^ n, (1 - q::numeric(60, 50)) ^ n FROM unnest(ARRAY[1, 7, 50]) n, unnest(ARRAY[0.125, 0.5, 0.75]) q
  UNION ALL SELECT n, prob, k + 1, term * (n - k) * prob / ((k + 1) * (1 - prob)), total + term * (n - k) * prob / ((k + 1) * (1 - prob)) FROM b WHERE k < n)
SELECT 'binomial' AS family, count(*) AS compared,
       count(*) FILTER (WHERE NOT pg_temp.close(binomial_cdf(k, n, prob::float8), total)) AS cdf,
       count(*) FILTER (WHERE NOT pg_temp.close(binomial_pmf(k, n, prob::float8), term)) AS pmf,
       count(*) FILTER (WHERE binomial_quantile(least(total, 1)::float8, n, prob::float8) <> k AND total < 1 - 1e-9) AS quantile
  FROM b;
WITH RECURSIVE g(size, prob, k, term, total) AS (
  SELECT s, q::numeric(60, 50), 0, q::numeric(60, 50) ^ s, q::numeric(60, 50) ^ s FROM unnest(ARRAY[1, 2, 9]) s, unnest(ARRAY[0.125, 0.5, 0.75]) q
  UNION ALL SELECT size, prob, k + 1, term * (size + k) * (1 - prob) / (k + 1), total + term * (size + k) * (1 - prob) / (k + 1) FROM g WHERE k < 80)
SELECT 'negbin' AS family, count(*) AS compared,
       count(*) FILTER (WHERE NOT pg_temp.close(negbin_cdf(k, (size * (1 - prob) / prob)::float8, size), total)) AS cdf,
       count(*) FILTER (WHERE term > 1e-30 AND NOT pg_temp.close(negbin_pmf(k, (size * (1 - prob) / prob)::float8, size), term)) AS pmf,
       count(*) FILTER (WHERE total < 1 - 1e-9 AND negbin_quantile(total::float8, (size * (1 - prob) / prob)::float8, size) <> k) AS quantile
  FROM g;

-- quantiles undo cdfs, over twelve orders of magnitude of the parameters
SELECT 'normal' AS family, count(*) FILTER (WHERE abs(normal_cdf(normal_quantile(p)) - p) > 1e-12 * p) AS wrong
  FROM (SELECT 10 ^ (-i / 5.0::float8) p FROM generate_series(1, 1400) i) s
UNION ALL
SELECT 'gamma', count(*) FILTER (WHERE NOT abs(gamma_cdf(gamma_quantile(p, a, 2.5), a, 2.5) - p) <= 4e-12 * p)
  FROM (SELECT 10 ^ (-i / 5.0::float8) p, 10 ^ (j::float8 / 3) a FROM generate_series(1, 100) i, generate_series(-3, 18) j) s
UNION ALL
SELECT 'chisq', count(*) FILTER (WHERE NOT abs(chisq_cdf(chisq_quantile(p, df), df) - p) <= 4e-12)
  FROM (SELECT i / 100.0::float8 p, df::float8 FROM generate_series(1, 99) i, unnest(ARRAY[1, 2, 5, 30, 1000, 100000]) df) s
UNION ALL
SELECT 'beta', count(*) FILTER (WHERE NOT abs(beta_cdf(beta_quantile(p, a, b), a, b) - p) <= 4e-12 * p)
  FROM (SELECT 10 ^ (-i / 4.0::float8) p, 10 ^ (j::float8 / 2) a, 10 ^ (k::float8 / 2) b
          FROM generate_series(1, 40, 3) i, generate_series(-1, 8) j, generate_series(-1, 8) k) s
  WHERE beta_quantile(p, a, b) < 0.99
UNION ALL
SELECT 't', count(*) FILTER (WHERE NOT abs(t_cdf(t_quantile(p, df), df) - p) <= 4e-12 * p)
  FROM (SELECT 10 ^ (-i / 4.0::float8) p, 10 ^ (j::float8 / 3) df FROM generate_series(1, 60) i, generate_series(-1, 18) j) s
ORDER BY 1;
-- and for counts: the smallest k whose cdf reaches p, to the 64 roundings that the search allows the nearer tail
SELECT family, count(*) AS compared, count(*) FILTER (WHERE NOT (reached AND (k = 0 OR NOT before))) AS wrong
  FROM (SELECT p, mean, size, 64 * 2.3e-16 * least(p, 1 - p) + 4e-16 AS slack, poisson_quantile(p, mean) AS pk, negbin_quantile(p, mean, size) AS nk,
               binomial_quantile(p, round(mean * 3) + 1, 0.3) AS bk
          FROM (SELECT p, 10 ^ (i::float8 / 3) mean, 10 ^ (j::float8 / 2) size
                  FROM unnest(ARRAY[1e-6, 0.001, 0.025, 0.5, 0.9, 0.975, 0.999, 1 - 1e-6, 1 - 1e-12]) p,
                       generate_series(-6, 21) i, generate_series(-2, 8) j) s) s,
  LATERAL (VALUES ('poisson', pk, poisson_cdf(pk, mean) >= p - slack, poisson_cdf(pk - 1, mean) >= p),
                  ('negbin', nk, negbin_cdf(nk, mean, size) >= p - slack, negbin_cdf(nk - 1, mean, size) >= p),
                  ('binomial', bk, binomial_cdf(bk, round(mean * 3) + 1, 0.3) >= p - slack, binomial_cdf(bk - 1, round(mean * 3) + 1, 0.3) >= p)) v(family, k, reached, before)
  GROUP BY family ORDER BY family;

-- limits of families
SELECT t_quantile(0.975, 'Infinity') = normal_quantile(0.975) AS t_normal,
       negbin_cdf(4, 3, 'Infinity') = poisson_cdf(4, 3) AS negbin_poisson,
       negbin_size(10, 1) AS poisson_size, negbin_size(10, 3) AS size_5;
-- ends of the line
SELECT normal_cdf('Infinity'), normal_cdf('-Infinity'), normal_quantile(0), normal_quantile(1),
       gamma_cdf('Infinity', 1, 1), gamma_cdf(-1, 1, 1), gamma_quantile(0, 2, 1), gamma_quantile(1, 2, 1),
       beta_cdf(-0.5, 1, 1), beta_cdf(1.5, 1, 1), beta_quantile(0, 2, 2), beta_quantile(1, 2, 2),
       t_cdf('-Infinity', 3), t_quantile(0, 3), t_quantile(0.5, 3);
SELECT poisson_cdf(-1, 5), poisson_cdf('Infinity', 5), poisson_pmf(2.5, 5), poisson_cdf(2.5, 5) = poisson_cdf(2, 5) AS floors,
       poisson_quantile(0, 5), poisson_quantile(1, 5), poisson_quantile(0.5, 0), poisson_cdf(0, 0),
       binomial_quantile(1, 7, 0.2), binomial_cdf(7, 7, 0.2), binomial_pmf(0, 0, 0.3), binomial_cdf(3, 10, 0), binomial_cdf(3, 10, 1),
       negbin_pmf(0, 0, 2), negbin_quantile(0.9, 0, 2);
-- large counts: 1e15 is answered, to the conditioning of the function
SELECT abs(poisson_cdf(1e15, 1e15) - 0.5) < 1e-7 AS poisson, abs(binomial_cdf(5e14, 1e15, 0.5) - 0.5) < 1e-6 AS binomial,
       abs(negbin_cdf(1e15, 1e15, 1e15) - 0.5) < 1e-6 AS negbin,
       abs((poisson_quantile(0.975, 1e15) - 1e15) / sqrt(1e15) - normal_quantile(0.975)) < 1e-4 AS quantile;

SELECT normal_cdf('NaN');
SELECT normal_quantile(-0.1);
SELECT normal_quantile('NaN');
SELECT t_cdf(1, 0);
SELECT t_cdf(1, 'NaN');
SELECT chisq_cdf(1, 'Infinity');
SELECT gamma_cdf(1, -1, 1);
SELECT gamma_cdf(1, 1, 0);
SELECT beta_cdf(0.5, 0, 1);
SELECT poisson_cdf(1, -1);
SELECT poisson_cdf(1, 'Infinity');
SELECT binomial_cdf(1, 2.5, 0.5);
SELECT binomial_cdf(1, -2, 0.5);
SELECT binomial_cdf(1, 2, 1.5);
SELECT negbin_cdf(1, 2, 0);
SELECT negbin_size(0, 2);
SELECT normal_cdf(NULL) IS NULL AND poisson_quantile(0.5, NULL) IS NULL AS null_for_null;
