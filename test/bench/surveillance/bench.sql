-- One year of days and five years of weeks for :scale of the wards; see run.
CREATE EXTENSION pgcivic;
SET search_path = public, civic;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';

-- CPU seconds that this backend has used
CREATE FUNCTION cpu_now() RETURNS float8 LANGUAGE sql AS $$
  SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9 $$;
CREATE TABLE measured (name text, seconds float8, result text);
CREATE FUNCTION measure(name text, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE started float8 := cpu_now(); result text;
BEGIN
  EXECUTE query INTO result;
  INSERT INTO measured VALUES (name, cpu_now() - started, result);
END $$;
CREATE VIEW best AS SELECT name, min(seconds) AS seconds, min(result) AS result FROM measured GROUP BY name;

-- Sparse to frequent: means from 0.05 to 40, overdispersed, quieter at weekends
SELECT setseed(0.5) \g /dev/null
CREATE UNLOGGED TABLE daily (series int, day date, n int);
INSERT INTO daily
  SELECT series, date '2023-01-01' + d, floor(-ln(1 - random()) * 0.05 * power(800, (series % 20) / 19.0) * CASE WHEN d % 7 > 4 THEN 0.6 ELSE 1.2 END)
    FROM generate_series(1, (4468 * 20 * :scale)::int) AS series, generate_series(0, 364) AS d;
ALTER TABLE daily ADD PRIMARY KEY (series, day);
CREATE UNLOGGED TABLE weekly (series int, week date, n int);
INSERT INTO weekly
  SELECT series, date '2018-12-31' + 7 * w, floor(-ln(1 - random()) * 0.35 * power(800, (series % 20) / 19.0) * (1 + 0.4 * sin(w / 8.28)))
    FROM generate_series(1, (4468 * 20 * :scale)::int) AS series, generate_series(0, 265) AS w;
ALTER TABLE weekly ADD PRIMARY KEY (series, week);
VACUUM ANALYZE daily;
VACUUM ANALYZE weekly;
SELECT format('%s series, %s daily and %s weekly counts', count(DISTINCT series), (SELECT count(*) FROM daily), (SELECT count(*) FROM weekly)) FROM (SELECT DISTINCT series FROM weekly) s;

-- ---- every day of the year: the ordered scan alone, plain SQL, and the detectors ----
SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off;
CREATE TABLE compared (name text, query text);
INSERT INTO compared VALUES
  ('scan', $$SELECT count(n) FROM (SELECT series, day, n FROM daily ORDER BY series, day OFFSET 0) AS s$$),
  ('plain_sql', $$SELECT count(*) FROM (SELECT n, count(n) OVER w AS c, sum(n) OVER w AS s, sum(n * n) OVER w AS q FROM daily
      WINDOW w AS (PARTITION BY series ORDER BY day ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING)) AS x
    WHERE c = 7 AND n > s / 7.0 + 3.090232306167813 * sqrt((7 * q - s * s) / 42.0)$$),
  ('ears_c2', $$SELECT count(*) FROM (SELECT detect(day, n, 'ears_c2') OVER (PARTITION BY series ORDER BY day) AS v FROM daily) AS x WHERE alarm(v)$$),
  ('nb_window', $$SELECT count(*) FROM (SELECT detect(day, n, 'nb_window') OVER (PARTITION BY series ORDER BY day) AS v FROM daily) AS x WHERE alarm(v)$$);
SELECT count(measure(name, query)) FROM (SELECT * FROM compared, generate_series(1, :rounds) AS r ORDER BY r, name) AS c \g /dev/null
SELECT format('%s: %s CPU-s, %s', name, round(seconds::numeric, 2), result) FROM best ORDER BY seconds;
SELECT CASE WHEN (SELECT count(DISTINCT result) FROM best WHERE name IN ('plain_sql', 'ears_c2')) = 1
            THEN 'plain SQL and ears_c2 raise the same alarms' ELSE 'ALARMS DIFFER' END;
SELECT format('ratio ears_vs_plain_sql %s', round(((SELECT seconds FROM best WHERE name = 'plain_sql') / (SELECT seconds FROM best WHERE name = 'ears_c2'))::numeric, 2));
SELECT format('ratio ears_vs_scan %s', round(((SELECT seconds FROM best WHERE name = 'ears_c2') / (SELECT seconds FROM best WHERE name = 'scan'))::numeric, 2));
SELECT format('ratio nb_window_vs_ears %s', round(((SELECT seconds FROM best WHERE name = 'nb_window') / (SELECT seconds FROM best WHERE name = 'ears_c2'))::numeric, 2));
RESET enable_seqscan; RESET enable_sort; RESET enable_bitmapscan;

-- ---- Farrington per point; R takes 14.2 ms (R 4.2.2, surveillance 1.20.3, measured elsewhere) ----
CREATE TABLE one_series AS SELECT series, series_agg(week, n) AS s FROM weekly WHERE series <= 2000 GROUP BY series;
SELECT count(measure('farrington', $$SELECT count(*) FROM one_series WHERE reason(detect(s, 'farrington_flexible')) IS NULL$$)) FROM generate_series(1, 2 * :rounds) \g /dev/null
SELECT format('farrington_flexible: %s microseconds per verdict', round((seconds * 1e6 / result::int)::numeric, 1)) FROM best WHERE name = 'farrington';
SELECT format('ratio farrington_vs_r %s', round((14.2e-3 / (seconds / result::int))::numeric)) FROM best WHERE name = 'farrington';

-- ---- a night: the daily detector for the last day, Farrington for the last week ----
CREATE UNLOGGED TABLE baseline (series int, detector detector, v detection);
CREATE FUNCTION night() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE baseline;
  INSERT INTO baseline SELECT series, 'nb_window', detect(series_agg(day, n), 'nb_window') FROM daily WHERE day > date '2023-12-31' - 59 GROUP BY series;
  INSERT INTO baseline SELECT series, 'farrington_flexible', detect(series_agg(week, n), 'farrington_flexible') FROM weekly GROUP BY series;
  RETURN (SELECT count(*) FROM baseline);
END $$;
SELECT count(measure('night', 'SELECT night()')) FROM generate_series(1, :rounds) \g /dev/null

-- ---- one more day: step the stored tail of each series ----
CREATE UNLOGGED TABLE tail (series int PRIMARY KEY, s series) WITH (fillfactor = 45);
INSERT INTO tail SELECT series, series_agg(day, n) FROM daily WHERE day > date '2023-12-31' - 59 GROUP BY series;
VACUUM ANALYZE tail;
CREATE UNLOGGED TABLE today AS SELECT series, n FROM daily WHERE day = '2023-12-31';
ANALYZE today;
CREATE FUNCTION step(to_day date) RETURNS bigint LANGUAGE sql AS $$
  WITH stepped AS (
    UPDATE tail SET s = series_since(series_union(tail.s, c.point), to_day - 58)
      FROM (SELECT series, series_agg(to_day, n) AS point FROM today GROUP BY series) AS c
     WHERE c.series = tail.series RETURNING tail.series, tail.s),
  judged AS (INSERT INTO baseline SELECT series, 'nb_window', detect(s, 'nb_window') FROM stepped RETURNING v)
  SELECT count(*) FROM judged $$;
SELECT count(measure('day', format('SELECT step(%L)', date '2023-12-31' + r))) FROM generate_series(1, :rounds) AS r \g /dev/null
SELECT format('%s: %s CPU-s for %s verdicts, %s CPU-s for 89,360 series', name, round(seconds::numeric, 2), result, round((seconds / :scale)::numeric, 1))
  FROM best WHERE name IN ('night', 'day') ORDER BY name;
SELECT format('ratio %s_cpu_seconds %s', CASE name WHEN 'night' THEN 'nightly_run' ELSE 'incremental_day' END, round((seconds / :scale)::numeric, 1))
  FROM best WHERE name IN ('night', 'day') ORDER BY name;
