-- Detectors against oracles in SQL, against each other, and for every split of the rows
SET search_path = civic, public;

-- Random series with gaps, unreported periods, an outbreak each, and large and small counts
DO $$ BEGIN PERFORM setseed(0.25); END $$;
SET datestyle = 'ISO';
CREATE TABLE sample AS
  SELECT s, date '2018-01-01' + 7 * t AS day, t,
         CASE WHEN random() > 0.03 THEN floor(-ln(1 - random()) * level * (1 + 0.5 * sin(t / 8.3)) + CASE WHEN t IN (200, 201) THEN 6 * level ELSE 0 END)::bigint END AS y,
         1000000 + t AS population
    FROM (VALUES (1, 0.3), (2, 2.0), (3, 20.0), (4, 5000.0), (5, 1e9)) AS l (s, level), generate_series(1, 300) AS t
   WHERE random() > 0.02;
-- without LONG=1 three of the five are judged by every detector
\set long ''
\getenv long LONG
SELECT CASE WHEN :'long' = '1' THEN '{1,2,3,4,5}' ELSE '{1,3,5}' END AS judged \gset
CREATE TABLE detector_list AS
  SELECT d::detector AS d FROM (SELECT DISTINCT method FROM detectors()) AS m (d)
  UNION ALL SELECT d::detector FROM (VALUES ('ears_c1(every=week, baseline=10)'), ('ears_c3(every=week, min_sigma=1)'), ('nb_window(every=week, baseline=20)'),
    ('nb_window(every=week, lag=0)'), ('bayes(years=2, current_year=false)'), ('farrington(years=3)'), ('farrington_flexible(years=3, bound=delta)'),
    ('farrington_flexible(years=3, bound=muan, population=true)'), ('cusum(every=week, train=40)'), ('cusum(every=week, train=60, harmonic=true, reset=false)'),
    ('cusum(every=week, residuals=nb_window)'), ('ewma(every=week, train=30, reset=true)'), ('historical_limits(years=2)'), ('endemic_channel(years=3)'),
    ('moving_percentile(years=3)'), ('auto(every=week)'), ('farrington_flexible(years=3)')) AS v (d);

-- ---- a window gives what the series up to that row gives, whatever the detector ----
CREATE TABLE by_window AS
  SELECT d, s, day, t, detect(day, y, d, population) OVER by_day AS v, detect(t, y, d, population) OVER by_number AS v_number
    FROM sample, detector_list WHERE s = ANY (:'judged') WINDOW by_day AS (PARTITION BY d, s ORDER BY day), by_number AS (PARTITION BY d, s ORDER BY t);
CREATE TABLE whole AS SELECT s, series_agg(day, y, population) AS by_day, series_agg(t, y, population) AS by_number FROM sample GROUP BY s;
SELECT count(*) > 10000 AS many, count(*) FILTER (WHERE v <> detect(by_day, d, day)) AS by_day,
       count(*) FILTER (WHERE v_number <> detect(by_number, d, t)) AS by_number
  FROM by_window JOIN whole USING (s) WHERE t % 7 = 0 OR t BETWEEN 195 AND 205 OR d::text ~ 'ears|threshold|nb_window';
-- alarm iff y > U, strictly; a verdict has a bound, no verdict has none; a score above 1 is an alarm
SELECT count(*) FILTER (WHERE alarm(v)) > 500 AS alarms, count(*) FILTER (WHERE reason(v) IS NOT NULL) > 500 AS silences,
       count(*) FILTER (WHERE (alarm(v) IS NULL) <> (reason(v) IS NOT NULL)) AS neither,
       count(*) FILTER (WHERE alarm(v) IS DISTINCT FROM (observed(v) > upper_bound(v)) AND reason(v) IS NULL) AS not_by_bound,
       count(*) FILTER (WHERE reason(v) IS NOT NULL AND (upper_bound(v) IS NOT NULL OR expected(v) IS NOT NULL)) AS half_verdict,
       count(*) FILTER (WHERE alarm(v) <> CASE WHEN method(v) = 'cusum' THEN score(v) >= 1 ELSE score(v) > 1 END) AS not_by_score,
       count(*) FILTER (WHERE p_value(v) NOT BETWEEN 0 AND 1) AS not_probability
  FROM by_window;

-- ---- EARS = sums over rows of a gap-free calendar ----
CREATE TABLE calendar AS
  SELECT s, t, y FROM generate_series(1, 5) AS s CROSS JOIN generate_series(1, 300) AS t LEFT JOIN sample USING (s, t);
WITH plain AS (
  SELECT s, t, y, avg(y::numeric(40, 12)) OVER c1 AS m1, stddev_samp(y::numeric(40, 12)) OVER c1 AS s1, count(y) OVER c1 AS n1,
         avg(y::numeric(40, 12)) OVER c2 AS m2, stddev_samp(y::numeric(40, 12)) OVER c2 AS s2, count(y) OVER c2 AS n2
    FROM calendar WINDOW c1 AS (PARTITION BY s ORDER BY t ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING),
                         c2 AS (PARTITION BY s ORDER BY t ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING)),
ours AS (SELECT s, t, detect(t, y, 'ears_c1') OVER w AS v1, detect(t, y, 'ears_c2') OVER w AS v2 FROM sample WINDOW w AS (PARTITION BY s ORDER BY t))
SELECT count(*) > 1000 AS many,
       count(*) FILTER (WHERE y IS NOT NULL AND (n1 = 7) <> (reason(v1) IS NULL)) AS c1_reason,
       count(*) FILTER (WHERE abs(upper_bound(v1) - (m1 + 3.090232306167813 * s1)) > 1e-9 * (1 + m1)) AS c1_bound,
       count(*) FILTER (WHERE y IS NOT NULL AND (n2 = 7) <> (reason(v2) IS NULL)) AS c2_reason,
       count(*) FILTER (WHERE abs(upper_bound(v2) - (m2 + 3.090232306167813 * s2)) > 1e-9 * (1 + m2)) AS c2_bound
  FROM plain JOIN ours USING (s, t) WHERE t > 9;

-- ---- the negative-binomial bound is a quantile: P(Y <= U) >= 1 - alpha > P(Y <= U - 1), by adding up ----
CREATE FUNCTION count_cdf(k int, mean float8, dispersion float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  p float8 := CASE WHEN dispersion = 1 THEN exp(-mean) ELSE power(dispersion, -mean / (dispersion - 1)) END;
  total float8 := 0;
BEGIN
  FOR i IN 0 .. k LOOP
    total := total + p;
    p := p * (mean / dispersion + i * (dispersion - 1) / dispersion) / (i + 1);
  END LOOP;
  RETURN total;
END $$;
SELECT count(*) > 500 AS many,
       count(*) FILTER (WHERE count_cdf(upper_bound(v)::int, expected(v), spread(v)) < 1 - alpha - 1e-12) AS too_low,
       count(*) FILTER (WHERE count_cdf(upper_bound(v)::int - 1, expected(v), spread(v)) >= 1 - alpha) AS too_high,
       count(*) FILTER (WHERE abs(p_value(v) - (1 - count_cdf(observed(v)::int - 1, expected(v), spread(v)))) > 1e-11) AS p_value
  FROM by_window, LATERAL (SELECT CASE WHEN d::text ~ '^nb' THEN 0.001 WHEN d::text ~ '^bayes' THEN 0.05 ELSE 0.005 END) AS a (alpha)
 WHERE d::text IN ('nb_window(every=week, lag=0)', 'bayes', 'farrington_flexible(years=3)') AND reason(v) IS NULL AND upper_bound(v) < 200 AND spread(v) < 50;

-- Mean and dispersion of the window, weekday by weekday, computed from arrays as the documentation states
CREATE FUNCTION nb_by_hand(y bigint[], OUT expected float8, OUT spread float8) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE  -- y: 58 days, of which the last two are left out; the judged day follows
  n int[] := array_fill(0, ARRAY[7]); total float8[] := array_fill(0.0, ARRAY[7]);
  mean float8; used float8; chi2 float8; fit float8[]; own float8[]; reported int; phi float8 := 1; wd int;
BEGIN
  FOR i IN 1 .. 56 LOOP
    wd := i % 7 + 1;
    IF y[i] IS NOT NULL THEN n[wd] := n[wd] + 1; total[wd] := total[wd] + y[i]; END IF;
  END LOOP;
  reported := (SELECT sum(x) FROM unnest(n) AS x);
  mean := greatest((SELECT sum(x) FROM unnest(total) AS x), 0.5) / reported;
  FOR step IN 1 .. 2 LOOP
    used := 1; chi2 := 0;
    FOR w IN 1 .. 7 LOOP
      own[w] := n[w] * mean / (n[w] * mean + 30 * phi);
      fit[w] := mean * (total[w] + 30 * phi) / (n[w] * mean + 30 * phi);
      used := used + own[w] * 6 / 7;
    END LOOP;
    FOR i IN 1 .. 56 LOOP
      wd := i % 7 + 1;
      IF y[i] IS NOT NULL THEN chi2 := chi2 + (y[i] - fit[wd]) ^ 2 / fit[wd]; END IF;
    END LOOP;
    phi := greatest(1, chi2 / (reported - used));
  END LOOP;
  wd := 59 % 7 + 1;
  expected := fit[wd];
  spread := phi * (1 + 1.0 / reported);
  IF own[wd] > 0 THEN spread := spread * (1 + own[wd] ^ 2 * mean / (n[wd] * expected)); END IF;
END $$;
WITH ours AS (SELECT s, t, y, detect(t, y, 'nb_window') OVER w AS v FROM sample WINDOW w AS (PARTITION BY s ORDER BY t)),
hand AS (SELECT s, t, nb_by_hand(past) AS h FROM (
  SELECT s, t, array_agg(y) OVER (PARTITION BY s ORDER BY t ROWS BETWEEN 58 PRECEDING AND 1 PRECEDING) AS past FROM calendar) c WHERE t > 58)
SELECT count(*) > 900 AS many, count(*) FILTER (WHERE abs(expected(v) - (h).expected) > 1e-9 * (h).expected) AS expected,
       count(*) FILTER (WHERE abs(spread(v) - (h).spread) > 1e-7 * (h).spread) AS spread
  FROM ours JOIN hand USING (s, t) WHERE t > 58 AND reason(v) IS NULL;

-- ---- running sums, period by period ----
CREATE FUNCTION running_by_hand(kind text, counts bigint[], mean float8) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  level float8 := CASE kind WHEN 'ewma' THEN mean ELSE 0 END; k int := 0; result float8[];
BEGIN
  FOR i IN 1 .. cardinality(counts) LOOP
    IF counts[i] IS NULL THEN result[i] := NULL; CONTINUE; END IF;
    IF kind = 'ewma' THEN
      k := k + 1;
      level := 0.2 * counts[i] + 0.8 * level;
      result[i] := (level - mean) / (2.81431 * sqrt(mean) * sqrt(0.2 / 1.8 * (1 - power(0.8, 2 * k))));
    ELSE
      IF level >= 2.26 THEN level := 0; END IF;
      level := greatest(0, level + (counts[i] - 3 * mean + 2 * sqrt(counts[i] * mean)) / (2 * sqrt(mean)) - 1.04);
      result[i] := level / 2.26;
    END IF;
  END LOOP;
  RETURN result;
END $$;
WITH hand AS (
  SELECT kind, s, u.t, u.score FROM (SELECT s, array_agg(y ORDER BY t) AS counts FROM calendar GROUP BY s) c, (VALUES ('cusum'), ('ewma')) AS k (kind),
         LATERAL unnest(running_by_hand(kind, counts, CASE s WHEN 1 THEN 0.3 WHEN 2 THEN 2 WHEN 3 THEN 20 WHEN 4 THEN 5000 ELSE 1e9 END)) WITH ORDINALITY AS u (score, t)),
ours AS (
  SELECT s, t, y, kind, detect(t, y, (kind || '(mean=' || CASE s WHEN 1 THEN 0.3 WHEN 2 THEN 2 WHEN 3 THEN 20 WHEN 4 THEN 5000 ELSE 1e9 END || ')')::detector) OVER w AS v
    FROM sample, (VALUES ('cusum'), ('ewma')) AS k (kind) WINDOW w AS (PARTITION BY s, kind ORDER BY t))
SELECT kind, count(*) > 1000 AS many, count(*) FILTER (WHERE abs(score(v) - score) > 1e-9 * (1 + abs(score)) OR (score IS NULL) <> (score(v) IS NULL)) AS differ
  FROM ours JOIN hand USING (kind, s, t) GROUP BY kind ORDER BY kind;

-- ---- past seasons: the same from arrays of the same weeks of past years ----
WITH past AS (
  SELECT c.s, c.t, avg(p.y::numeric(40, 12)) AS mean, stddev_samp(p.y::numeric(40, 12)) AS sd, percentile_cont(0.8) WITHIN GROUP (ORDER BY p.y) AS p80, count(p.y) AS n,
         sum(p.y) AS total
    FROM calendar c JOIN calendar p ON p.s = c.s AND EXISTS (SELECT FROM generate_series(1, 2) AS i WHERE p.t BETWEEN c.t - 52 * i - 2 AND c.t - 52 * i + 2)
   WHERE c.t > 106 GROUP BY 1, 2),
ours AS (SELECT s, t, detect(t, y, 'endemic_channel(years=2, window=2, z=2)') OVER w AS ec, detect(t, y, 'moving_percentile(years=2)') OVER w AS mp,
                detect(t, y, 'bayes(years=2, window=2, current_year=false)') OVER w AS b
           FROM sample WINDOW w AS (PARTITION BY s ORDER BY t))
SELECT count(*) > 800 AS many, count(*) FILTER (WHERE abs(upper_bound(ec) - (mean + 2 * sd)) > 1e-9 * (1 + mean)) AS endemic_channel,
       count(*) FILTER (WHERE abs(upper_bound(mp) - p80) > 1e-9 * (1 + p80)) AS moving_percentile,
       count(*) FILTER (WHERE abs(expected(b) - (total + 0.5) / n) > 1e-9 * (1 + total) OR abs(spread(b) - (n + 1.0) / n) > 1e-12) AS bayes
  FROM past JOIN ours USING (s, t) WHERE reason(ec) IS NULL;

-- ---- Farrington on a series that its model fits exactly: mean 10, Poisson, no trend worth mentioning ----
SELECT round(expected(v)::numeric, 6) AS expected, upper_bound(v) AS upper, round(spread(v)::numeric, 6) AS dispersion, abs(trend(v)) < 1e-3 AS flat
  FROM (SELECT detect(series_agg(t, CASE WHEN t BETWEEN 100 AND 103 THEN 60 ELSE 10 END::bigint), 'farrington_flexible(years=4)') AS v FROM generate_series(1, 300) t) q;
-- a decline of 1 % a week, with counts large enough to be nearly exact, is found; growth beyond all that was seen is not believed
SELECT sign, round(trend(v)::numeric, 5) AS trend, round((expected(v) / (1e7 * exp(sign * 0.01 * 300)))::numeric, 4) AS of_true_mean
  FROM (SELECT sign, detect(series_agg(t, round(1e7 * exp(sign * 0.01 * t))::bigint), 'farrington_flexible(years=4)') AS v
          FROM generate_series(1, 300) t, (VALUES (-1), (1)) AS g (sign) GROUP BY sign) q ORDER BY sign;
-- the same weeks of past years by date: Monday, 1 March 2021 goes back to the nearest Mondays
SELECT observed(v), expected(v)
  FROM (SELECT detect(series_agg(day, CASE WHEN day IN ('2020-03-02', '2019-03-04', '2018-02-26') THEN 100 ELSE 1 END::bigint),
                      'endemic_channel(years=3, window=0)', date '2021-03-01') AS v
          FROM generate_series(0, 300) t, LATERAL (SELECT date '2016-01-04' + 7 * t) AS w (day)) q;

-- ---- any split of the rows, any order, parallel or not, continued from what was stored ----
SELECT bool_and(parts.s = w.by_day) AS merged
  FROM whole w JOIN (SELECT s AS id, series_union(part ORDER BY random()) AS s
                       FROM (SELECT s, (random() * 7)::int AS piece, series_agg(day, y, population ORDER BY random()) AS part FROM sample GROUP BY 1, 2) p GROUP BY s) parts ON parts.id = w.s;
SELECT count(*) FILTER (WHERE detect(series_union(before, after), d) <> detect(by_day, d)) AS continued_differs, count(*) AS compared
  FROM (SELECT s, series_agg(day, y, population) FILTER (WHERE t <= 170) AS before, series_agg(day, y, population) FILTER (WHERE t > 170) AS after FROM sample GROUP BY s) AS halves
  JOIN whole USING (s), detector_list;
-- a sliding window needs no more than its own length of the past
SELECT count(*) FILTER (WHERE detect(series_union(series_since(before, date '2018-01-01' + 7 * (300 - 70)), after), d) <> detect(by_day, d)) AS tail_differs
  FROM (SELECT s, series_agg(day, y) FILTER (WHERE t <= 290) AS before, series_agg(day, y) FILTER (WHERE t > 290) AS after, series_agg(day, y) AS by_day FROM sample GROUP BY s) AS halves,
       detector_list WHERE d::text ~ '^(ears|nb_window|ratio)';
-- corrections are rows with the difference
WITH corrected AS (
  SELECT s, day, y + 3 AS y FROM sample UNION ALL SELECT s, day, -2 FROM sample WHERE y IS NOT NULL UNION ALL SELECT s, day, -1 FROM sample WHERE y IS NOT NULL
  UNION ALL SELECT s, day, NULL FROM sample)
SELECT bool_and(c = u) AS same_baseline FROM (SELECT s, series_agg(day, y ORDER BY random()) AS c FROM corrected GROUP BY s) a
  JOIN (SELECT s, series_agg(day, y) AS u FROM sample GROUP BY s) b USING (s);

CREATE FUNCTION has_partial(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
    IF line ~ 'Partial' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
CREATE TABLE serial AS SELECT s, series_agg(day, y, population) AS agg, detect(series_agg(day, y, population), 'farrington_flexible(years=3)') AS v FROM sample GROUP BY s;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 3;
ANALYZE sample;
SELECT has_partial('SELECT s, series_agg(day, y, population) FROM sample GROUP BY s') AS parallel;
SELECT count(*) FILTER (WHERE p.agg <> serial.agg OR p.v <> serial.v) AS differ FROM serial JOIN (
  SELECT s, series_agg(day, y, population) AS agg, detect(series_agg(day, y, population), 'farrington_flexible(years=3)') AS v FROM sample GROUP BY s) p USING (s);
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;

-- ---- why there is no verdict ----
SELECT detect('{}', 'ears_c1'), detect('{1=5}', 'ears_c1'), detect('{1=5}', 'ears_c1', 2);
SELECT reason(detect('{1=1,2=1,3=1,4=}', 'ears_c1(baseline=3)')) AS not_reported, reason(detect('{1=1,2=1,3=1,4=-1}', 'ears_c1(baseline=3)')) AS negative,
       reason(detect('{1=1,2=,3=1,4=1}', 'ears_c1(baseline=3)')) AS gap, reason(detect('{1=1,3=1,4=1}', 'ears_c1(baseline=3)')) AS missing_row,
       reason(detect('{1=1,2=1}', 'rate_threshold')) AS no_population, reason(detect('{1=1,2=1/0}', 'rate_threshold')) AS zero_population;
SELECT detect(series_agg(t, 0::bigint), 'farrington_flexible(min_cases=0, years=3)') FROM generate_series(1, 200) t;
SELECT detect(series_agg(t, 1::bigint), 'ears_c3') FROM generate_series(1, 50) t;
SELECT detect(series_agg(t, 5::bigint), 'ewma') FROM generate_series(1, 100) t;
SELECT detect(series_agg(t, 0::bigint), 'cusum') FROM generate_series(1, 100) t;
-- thresholds start at the count that they name
SELECT y, alarm(detect(format('{1=%s/50000}', y)::series, 'case_threshold(cases=2)')) AS two_cases, alarm(detect(format('{1=%s/50000}', y)::series, 'rate_threshold(per_100000=5)')) AS rate,
       alarm(detect(format('{1=1,2=1,3=1,4=%s}', y)::series, 'ratio_threshold(times=2.5)')) AS ratio FROM generate_series(1, 3) AS y;
-- counts of 1e15 keep their last digit
SELECT detect(series_agg(t, 999999999999990 + t), 'ears_c1') FROM generate_series(1, 8) t;
SELECT count(*) AS judged, count(*) FILTER (WHERE reason(v) IS NULL) AS verdicts FROM (SELECT detect(series_agg(t, 1000000000000000 - (t * 7919 % 1000)), d) AS v FROM generate_series(1, 300) t, detector_list GROUP BY d) q;
-- auto takes what the history allows
SELECT n, method(detect(series_agg(t, (t % 4)::bigint), 'auto')) AS by_day, method(detect(series_agg(t, (t % 4)::bigint), 'auto(every=week)')) AS by_week,
       method(detect(series_agg(t, (t % 4)::bigint), 'auto(every=month)')) AS by_month FROM (VALUES (5), (20), (40), (300)) AS h (n), generate_series(1, n) t GROUP BY n ORDER BY n;
-- days become the weeks and months they lie in
SELECT day, detect(day, 1, 'ratio_threshold(every=month, periods=1)') OVER (ORDER BY day) AS by_month, detect(day, 1, 'ratio_threshold(periods=1)') OVER (ORDER BY day) AS by_week
  FROM generate_series(0, 5) AS i, LATERAL (SELECT date '2024-01-28' + i) AS x (day);

-- ---- errors of the window function ----
SELECT detect(t, y, 'ears_c1') OVER (ORDER BY t DESC) FROM (VALUES (1, 1), (2, 2)) AS r (t, y);
SELECT detect(NULL::int, 1, 'ears_c1') OVER ();
SELECT detect(1, 1, NULL::detector) OVER ();
SELECT detect(t, y, d::detector) OVER (ORDER BY t) FROM (VALUES (1, 1, 'ears_c1'), (2, 2, 'ears_c2')) AS r (t, y, d);
SELECT detect(1, 1, 'ears_c1', -1) OVER ();
SELECT detect('{1=1}', 'ears_c1', date '2024-01-01');
SELECT detect('{1=1,2147483647=1}', 'ears_c1');
\set VERBOSITY sqlstate
SELECT detect(1, 1, 'ears_c1');
SELECT series_date_trans(NULL, '2024-01-01', 1);
\set VERBOSITY default

-- ---- long loops can be cancelled ----
SET statement_timeout = '1s';
\set VERBOSITY sqlstate
SELECT count(*) FROM generate_series(1, 100000) AS i, LATERAL (SELECT detect(series_agg(t, (t % 5 + i % 2)::bigint), 'cusum(residuals=farrington_flexible, every=week)') FROM generate_series(1, 20000) t) x;
RESET statement_timeout;
DROP TABLE sample, detector_list, by_window, whole, calendar, serial;
DROP FUNCTION count_cdf, nb_by_hand, running_by_hand, has_partial;
-- one period to learn from leaves nothing to measure the spread by, with a trend or without
SELECT d, reason(detect(s, d::detector)) FROM (SELECT series_agg(t, (t * 7 % 5 + 3)::bigint) AS s FROM generate_series(1, 330) AS t) AS q, unnest(ARRAY['farrington(years=1, window=0)', 'farrington(years=1, window=0, trend_p=0)', 'farrington(years=2, window=0, trend_p=0)']) AS d;
