SET search_path = public, civic;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';

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
