-- In-control series to raise false alarms on, and outbreaks to be detected; see false_alarms.
CREATE EXTENSION pgcivic;
SET search_path = public, civic;
ALTER DATABASE :DBNAME SET search_path = public, civic;

-- The probabilities of 0, 1, 2, ... cases, summed up, until nothing is left.
-- size is the negative binomial's (variance = mean + mean^2/size), null: Poisson.
CREATE FUNCTION cumulative(mean float8, size float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$
  WITH RECURSIVE p (k, p, total) AS (
    SELECT 0, p0, p0 FROM (SELECT CASE WHEN size IS NULL THEN exp(-mean) ELSE power(size / (size + mean), size) END) AS s (p0)
    UNION ALL
    SELECT k + 1, next, total + next
      FROM p, LATERAL (SELECT p.p * CASE WHEN size IS NULL THEN mean / (k + 1) ELSE (k + size) / (k + 1) * mean / (size + mean) END) AS n (next)
     WHERE total < 1 - 1e-12 AND k < 5000)
  SELECT array_agg(total ORDER BY k) FROM p
$$;

-- Means from rare to frequent, Poisson and overdispersed, with and without quiet weekends
CREATE TABLE kind AS
  SELECT row_number() OVER (ORDER BY weekly, size NULLS FIRST, mean)::int AS kind, mean, size, weekly,
         cumulative(mean * CASE WHEN weekly THEN 1.2 ELSE 1 END, size) AS workday,
         cumulative(mean * CASE WHEN weekly THEN 0.5 ELSE 1 END, size) AS weekend
    FROM unnest(ARRAY[0.05, 0.1, 0.5, 1, 3, 10, 50]) AS mean, (VALUES (NULL::float8), (5)) AS s (size), (VALUES (false), (true)) AS w (weekly);
CREATE TABLE detector_list AS
  SELECT i, d::detector AS detector FROM (VALUES (1, 'nb_window'), (2, 'nb_window(day_of_week=false)'), (3, 'ears_c1'), (4, 'ears_c2'), (5, 'ears_c3'),
    (6, 'bayes(every=day, alpha=0.001, window=28)'), (7, 'cusum'), (8, 'cusum(residuals=nb_window)'), (9, 'ewma')) AS l (i, d);

SELECT setseed(0.20241121) \g /dev/null
CREATE UNLOGGED TABLE sample (kind int, series int, day date, d int, n int);
INSERT INTO sample
  SELECT kind, i AS series, date '2023-01-01' + d AS day, d,
         width_bucket(random(), CASE WHEN extract(isodow FROM date '2023-01-01' + d) > 5 THEN weekend ELSE workday END) AS n
    FROM kind, generate_series(1, :per_cell) AS i, generate_series(0, :warmup + :judged - 1) AS d;
ALTER TABLE sample ADD PRIMARY KEY (kind, series, day);
VACUUM ANALYZE sample;

-- ---- false alarms: each detector reads the series in the order of the index ----
SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off;
CREATE TABLE false_alarm (kind int, i int, detector detector, per_1000 numeric, draws bigint);
SELECT format('INSERT INTO false_alarm
  SELECT kind, %s, %2$L, round(1000.0 * count(*) FILTER (WHERE alarm(v)) / count(*), 2), count(*)
    FROM (SELECT kind, d, detect(day, n, %2$L) OVER (PARTITION BY kind, series ORDER BY day) AS v FROM sample) AS j
   WHERE d >= %3$s GROUP BY kind', i, detector, :warmup) FROM detector_list ORDER BY i \gexec
RESET enable_seqscan; RESET enable_sort; RESET enable_bitmapscan;

SELECT '| mean | variance | week | ' || string_agg(detector::text, ' | ' ORDER BY i) || ' |' FROM detector_list;
SELECT '| --- | --- | --- |' || repeat(' --- |', count(*)::int) FROM detector_list;
SELECT format('| %s | %s | %s | %s |', mean, CASE WHEN size IS NULL THEN 'Poisson' ELSE 'mean + mean²/' || size END, CASE WHEN weekly THEN 'quiet weekends' ELSE 'even' END,
              string_agg(per_1000::text, ' | ' ORDER BY i))
  FROM false_alarm JOIN kind USING (kind) GROUP BY kind, mean, size, weekly ORDER BY kind;
SELECT format('%s draws per cell', min(draws)) FROM false_alarm;

-- ---- delay: from day 100 on the mean is that of the series plus a number of its standard deviations ----
CREATE TABLE outbreak AS
  SELECT kind, shift, kind.mean + shift * sqrt(kind.mean + coalesce(kind.mean ^ 2 / size, 0)) - kind.mean AS extra
    FROM kind, (VALUES (1), (2), (4)) AS s (shift) WHERE NOT weekly AND mean IN (1, 10);
ALTER TABLE outbreak ADD cdf float8[];
UPDATE outbreak SET cdf = cumulative(extra, NULL);
CREATE UNLOGGED TABLE attacked AS
  SELECT kind, shift, series, day, d, n + CASE WHEN d >= 100 THEN width_bucket(random(), cdf) ELSE 0 END AS n
    FROM sample JOIN outbreak USING (kind) WHERE d < 114;
ANALYZE attacked;
CREATE TABLE delay AS
  SELECT kind, shift, i, detector, count(*) AS outbreaks, count(first_day) AS found, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(first_day, 99)) AS median
    FROM (SELECT kind, shift, i, detector, series, min(d) FILTER (WHERE alarm(v) AND d >= 100) - 99 AS first_day
            FROM (SELECT kind, shift, i, detector, series, d, detect(day, n, detector) OVER (PARTITION BY i, detector, kind, shift, series ORDER BY day) AS v
                    FROM attacked, detector_list) AS j GROUP BY 1, 2, 3, 4, 5) AS f GROUP BY 1, 2, 3, 4;
SELECT '| mean | variance | outbreak | ' || string_agg(detector::text, ' | ' ORDER BY i) || ' |' FROM detector_list;
SELECT '| --- | --- | --- |' || repeat(' --- |', count(*)::int) FROM detector_list;
SELECT format('| %s | %s | +%s sd | %s |', mean, CASE WHEN size IS NULL THEN 'Poisson' ELSE 'mean + mean²/' || size END, shift,
              string_agg(CASE WHEN median > 14 THEN 'not' ELSE 'day ' || median END || format(', %s %%', round(100.0 * found / outbreaks)), ' | ' ORDER BY i))
  FROM delay JOIN kind USING (kind) GROUP BY kind, mean, size, shift ORDER BY kind, shift;
