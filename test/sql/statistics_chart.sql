-- Control charts and trends: each against the same thing written out in SQL.
SET search_path = civic, public;
SET extra_float_digits = -3;
\set VERBOSITY terse

CREATE TEMP TABLE series AS
  SELECT s, t, 50 + CASE WHEN s = 3 AND t BETWEEN 10 AND 16 THEN t % 3 ELSE hashint4(s * 1000 + t)::bigint & 15 END + CASE WHEN s = 2 AND t > 20 THEN 9 WHEN s = 3 AND t BETWEEN 10 AND 16 THEN 4 * (t - 10) WHEN s = 5 AND t BETWEEN 4 AND 34 THEN 0.5 * hashint4(t) % 4 WHEN s = 5 THEN 18 WHEN s = 4 AND t = 12 THEN 60 ELSE 0 END::float8 AS y
    FROM generate_series(1, 5) s, generate_series(1, 40) t;
-- XmR: limits by their formulas; runs as islands; windows by looking back and ahead
WITH d AS (SELECT *, avg(y) OVER (PARTITION BY s) m, abs(y - lag(y) OVER w) mr, sign(y - avg(y) OVER (PARTITION BY s)) side, sign(lead(y) OVER w - y) up FROM series WINDOW w AS (PARTITION BY s ORDER BY t)),
e AS (SELECT *, avg(mr) OVER (PARTITION BY s) amr FROM d),
f AS (SELECT *, avg(mr) FILTER (WHERE mr <= 3.267 * amr) OVER (PARTITION BY s) r FROM e),
h AS (SELECT s, t, y, m, r, side,
        (SELECT bool_or(c = 7 AND k <> 0 AND one) FROM generate_series(t - 6, t) b, LATERAL (SELECT count(*) c, min(side) = max(side) one, min(side) k FROM f x WHERE x.s = f.s AND x.t BETWEEN b AND b + 6) q) shift,
        (SELECT bool_or(c = 6 AND k <> 0 AND one) FROM generate_series(t - 6, t) b, LATERAL (SELECT count(up) c, min(up) = max(up) one, min(up) k FROM f x WHERE x.s = f.s AND x.t BETWEEN b AND b + 5) q) trend,
        CASE WHEN abs(y - m) > 2.66 * r * 2 / 3 AND abs(y - m) <= 2.66 * r THEN side ELSE 0 END AS near FROM f),
g AS (SELECT *, near <> 0 AND EXISTS (SELECT 1 FROM generate_series(t - 2, t) b WHERE (SELECT count(*) FROM h x WHERE x.s = h.s AND x.t BETWEEN b AND b + 2 AND x.near = h.near) >= 2 AND b >= 1 AND b <= 38) two FROM h)
SELECT count(*) AS compared, count(*) FILTER (WHERE abs((x).mean - m) > 1e-9 OR abs((x).moving_range - r) > 1e-9 OR abs((x).lower - (m - 2.66 * r)) > 1e-9 OR abs((x).upper - (m + 2.66 * r)) > 1e-9) AS limits,
       count(*) FILTER (WHERE (x).outside <> (abs(o.y - m) > 2.66 * r)) AS outside, count(*) FILTER (WHERE (x).shift <> g.shift) AS shift,
       count(*) FILTER (WHERE (x).trend <> g.trend) AS trend, count(*) FILTER (WHERE (x).two_of_three <> two) AS two_of_three,
       count(*) FILTER (WHERE (x).outside) AS seen_outside, count(*) FILTER (WHERE (x).shift) AS seen_shift,
       count(*) FILTER (WHERE (x).trend) AS seen_trend, count(*) FILTER (WHERE (x).two_of_three) AS seen_two
  FROM (SELECT *, xmr(y) OVER (PARTITION BY s ORDER BY t) x FROM series) o JOIN g USING (s, t);
-- a baseline: limits of the first points, rules for all
SELECT bool_and((x).mean = m) AS mean, bool_and((x).outside = (y > (x).upper OR y < (x).lower)) AS outside, count(*) FILTER (WHERE (x).shift) AS shifted
  FROM (SELECT s, y, xmr(y, 12) OVER (PARTITION BY s ORDER BY t) x, (SELECT avg(y) FROM series i WHERE i.s = o.s AND t <= 12) m FROM series o WHERE s = 2) q;
-- a missing point: NULL, and the others as if it were not there
SELECT count(*) FILTER (WHERE x IS DISTINCT FROM z) AS differing, count(*) FILTER (WHERE y IS NULL AND (x IS NOT NULL OR r IS NOT NULL OR e IS NOT NULL)) AS not_null
  FROM (SELECT t, y, xmr(y) OVER w x, run_chart(y) OVER w r, ewma(y) OVER w e FROM (SELECT t, CASE WHEN t % 7 = 3 THEN NULL ELSE y END y FROM series WHERE s = 1) q WINDOW w AS (ORDER BY t)) a
  LEFT JOIN (SELECT t, xmr(y) OVER (ORDER BY t) z FROM series WHERE s = 1 AND t % 7 <> 3) b USING (t);

-- run chart: runs as islands, crossings as changes of side
WITH med AS (SELECT s, percentile_cont(0.5) WITHIN GROUP (ORDER BY y) med FROM series GROUP BY s),
u AS (SELECT s, t, sign(y - med) side, row_number() OVER (PARTITION BY s ORDER BY t) i FROM series JOIN med USING (s) WHERE y <> med),
v AS (SELECT *, i - row_number() OVER (PARTITION BY s, side ORDER BY t) island, side <> lag(side) OVER (PARTITION BY s ORDER BY t) crossing FROM u),
byhand AS (SELECT s, count(*) n, count(*) FILTER (WHERE crossing) c, (SELECT max(k) FROM (SELECT count(*) k FROM v x WHERE x.s = v.s GROUP BY side, island) q) longest FROM v GROUP BY s)
SELECT s, r.* , r.points = n AND r.longest_run = longest AND r.crossings = c AND r.longest_run_limit = round(log(2, n) + 3)
       AND r.crossings_limit = binomial_quantile(0.05, n - 1, 0.5) AND r.signal = (longest > r.longest_run_limit OR c < r.crossings_limit) AS byhand
  FROM byhand JOIN (SELECT DISTINCT s, run_chart(y) OVER (PARTITION BY s ORDER BY t) k FROM series) o USING (s), LATERAL (SELECT (k).*) r ORDER BY s;

-- EWMA by recursion
WITH RECURSIVE b AS (SELECT s, avg(y) m, stddev_samp(y) sd FROM series WHERE t <= 12 GROUP BY s),
e AS (SELECT s, 0 AS t, m AS v, m, sd FROM b UNION ALL SELECT s, e.t + 1, 0.2 * y + 0.8 * v, m, sd FROM e JOIN series USING (s) WHERE series.t = e.t + 1)
SELECT count(*) AS compared, count(*) FILTER (WHERE abs((w).ewma - v) > 1e-9) AS ewma,
       count(*) FILTER (WHERE abs((w).upper - (m + 2.81431 * sd * sqrt(0.2 / 1.8 * (1 - 0.8 ^ (2 * t))))) > 1e-9 OR abs((w).upper + (w).lower - 2 * m) > 1e-9) AS limits,
       count(*) FILTER (WHERE (w).alarm <> ((w).ewma > (w).upper OR (w).ewma < (w).lower)) AS alarm, count(*) FILTER (WHERE (w).alarm) > 0 AS some
  FROM e JOIN (SELECT *, ewma(y) OVER (PARTITION BY s ORDER BY t) w FROM series) o USING (s, t);
SELECT bool_and(abs((w).ewma - y) < 1e-12) AS lambda_1_is_the_series FROM (SELECT y, ewma(y, 1, 3, 0) OVER (ORDER BY t) w FROM series WHERE s = 1) q;

-- outlier scores
SELECT count(*) AS compared, count(*) FILTER (WHERE abs((o).z - (y - m) / sd) > 1e-9 OR abs((o).modified_z - 0.6745 * (y - med) / mad) > 1e-9
         OR abs((o).fence_low - (q1 - 1.5 * (q3 - q1))) > 1e-9 OR abs((o).fence_high - (q3 + 1.5 * (q3 - q1))) > 1e-9) AS wrong
  FROM (SELECT *, outlier_scores(y) OVER (PARTITION BY s ORDER BY t) o FROM series) a
  JOIN (SELECT s, avg(y) m, stddev_samp(y) sd, percentile_cont(0.5) WITHIN GROUP (ORDER BY y) med, percentile_cont(0.25) WITHIN GROUP (ORDER BY y) q1, percentile_cont(0.75) WITHIN GROUP (ORDER BY y) q3 FROM series GROUP BY s) b USING (s)
  JOIN (SELECT s, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(y - med)) mad FROM series JOIN (SELECT s, percentile_cont(0.5) WITHIN GROUP (ORDER BY y) med FROM series GROUP BY s) m USING (s) GROUP BY s) c USING (s);

-- one point, no point, a flat line, 1e15
SELECT xmr(y) OVER (), run_chart(y) OVER (), ewma(y) OVER (), outlier_scores(y) OVER () FROM (VALUES (5.0)) v(y);
SELECT xmr(y) OVER () IS NULL, run_chart(y) OVER () IS NULL, ewma(y) OVER () IS NULL, outlier_scores(y) OVER () IS NULL FROM (VALUES (NULL::float8)) v(y);
SELECT DISTINCT xmr(y) OVER (), run_chart(y) OVER (), ewma(y) OVER (), outlier_scores(y) OVER () FROM (SELECT 0.1::float8 y FROM generate_series(1, 20)) q;
SELECT (x).outside, (x).mean, (e).alarm FROM (SELECT t, xmr(1e15 + t) OVER w x, ewma(1e15 + t) OVER w e FROM generate_series(1, 20) t WINDOW w AS (ORDER BY t)) q LIMIT 1;
SELECT xmr('NaN') OVER ();
SELECT ewma('Infinity') OVER ();
SELECT ewma(1, 0) OVER ();
SELECT ewma(1, 1.5) OVER ();
SELECT ewma(1, 0.2, -1) OVER ();
SELECT xmr(1, 1) OVER ();
SELECT xmr(1, -5) OVER ();
SELECT xmr(1, NULL) OVER ();

-- Theil-Sen: the median of all slopes; Sen's interval by Kendall's variance with ties
WITH p AS (SELECT s, (b.y - a.y) / (b.t - a.t) slope FROM series a JOIN series b USING (s) WHERE b.t > a.t),
k AS (SELECT s, array_agg(slope ORDER BY slope) a, percentile_cont(0.5) WITHIN GROUP (ORDER BY slope) med, count(*) n FROM p GROUP BY s),
v AS (SELECT s, sqrt((40.0 * 39 * 85 - sum(c * (c - 1) * (2 * c + 5))) / 18)::float8 * normal_quantile(0.975) AS reach FROM (SELECT s, count(*) c FROM series GROUP BY s, y) q GROUP BY s)
SELECT count(*) AS compared, count(*) FILTER (WHERE abs(slope - med) > 1e-12) AS slope,
       count(*) FILTER (WHERE lower <> a[floor((n - reach) / 2)::int] OR upper <> a[ceil((n + reach) / 2)::int + 1]) AS interval,
       count(*) FILTER (WHERE abs(intercept - (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY y - slope * t) FROM series x WHERE x.s = o.s)) > 1e-9) AS intercept,
       count(*) FILTER (WHERE points <> 40) AS points
  FROM (SELECT s, (theil_sen(array_agg(t::float8 ORDER BY y), array_agg(y ORDER BY y))).* FROM series GROUP BY s) o JOIN k USING (s) JOIN v USING (s);
-- few values at uneven times: ties in y alone narrow the interval
WITH d AS (SELECT i + (hashint4(i)::bigint & 1023) / 2048.0::float8 t, (i / 5 + (hashint4(i + 99)::bigint & 3))::float8 y FROM generate_series(1, 25) i),
k AS (SELECT array_agg((b.y - a.y) / (b.t - a.t) ORDER BY (b.y - a.y) / (b.t - a.t)) a FROM d a, d b WHERE b.t > a.t),
v AS (SELECT c, sqrt((25.0 * 24 * 55 - sum(n * (n - 1) * (2 * n + 5))) / 18)::float8 * normal_quantile((1 + c) / 2) AS reach FROM (SELECT count(*) n FROM d GROUP BY y) q, (SELECT 0.5 + i / 101.0::float8 c FROM generate_series(0, 50) i) cs GROUP BY c)
SELECT count(*) AS compared, count(*) FILTER (WHERE lower IS DISTINCT FROM coalesce(a[floor((300 - reach) / 2)::int], '-Infinity') OR upper IS DISTINCT FROM coalesce(a[ceil((300 + reach) / 2)::int + 1], 'Infinity')) AS wrong
  FROM v, k, LATERAL (SELECT array_agg(t) t, array_agg(y) y FROM d) s, theil_sen(s.t, s.y, c);
-- a straight line with wild points keeps its slope; too few points have no bounds
SELECT slope, lower > 1.9 AND upper < 2.1 AS near FROM theil_sen((SELECT array_agg(t) FROM generate_series(1, 30) t)::float8[], (SELECT array_agg(CASE WHEN t % 9 = 0 THEN 1000 ELSE 2 * t + 1 END ORDER BY t) FROM generate_series(1, 30) t)::float8[]);
SELECT * FROM theil_sen('{1,2,NULL,3}', '{5,7,1,NULL}');
SELECT theil_sen('{1,1}', '{5,7}') IS NULL AS same_time, theil_sen('{}', '{}') IS NULL AS empty, theil_sen('{1}', '{5}') IS NULL AS one;
SELECT slope, lower, upper FROM theil_sen('{1,2,3,4,5,6,7,8}', '{1e15,2e15,3e15,4e15,5e15,6e15,7e15,8e15}');
SELECT theil_sen('{1,2}', '{1}');
SELECT theil_sen('{1,NaN}', '{1,2}');
SELECT theil_sen('{1,2}', '{1,Infinity}');
SELECT theil_sen(array_agg(i), array_agg(i)) FROM (SELECT i::float8 FROM generate_series(1, 4001) i) s;
