-- The layer's nightly run: cells of :scale x 4,468 wards x 20 indicators, by day for 70 days and by week for five years.
\ir ../cpu.sql
SET search_path = public, pg_catalog;
-- what workers use would not be counted
SET max_parallel_workers_per_gather = 0;
\set wards 'greatest(1, (4468 * :scale)::integer)'
-- tables of this size are analysed on a running site
CREATE TABLE bench_time (step text, seconds float8, wall float8);
CREATE FUNCTION bench_run(of_step text, until date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  began float8 := pg_temp.cpu();
  at timestamptz := clock_timestamp();
BEGIN
  CALL centre.baseline_run(until);
  INSERT INTO bench_time VALUES (of_step, pg_temp.cpu() - began, extract(epoch FROM clock_timestamp() - at));
END $$;
-- what a day brings: cells where there was an event, and their series noted as drain_cells() does
CREATE FUNCTION bench_day(from_day date, to_day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO centre.cell (indicator_id, area_id, day, sex, age_band, groups, n, total)
    SELECT q.indicator_id, q.area_id, q.day, 'u', 'u', 0, q.n, q.n
    FROM (SELECT i.indicator_id, a.area_id, d::date AS day,
                 floor(-ln(1 - random()) * 0.05 * power(800::float8, (i.indicator_id % 20) / 19.0::float8) * CASE WHEN extract(isodow FROM d) > 5 THEN 0.6 ELSE 1.2 END)::bigint AS n
          FROM centre.indicator i CROSS JOIN centre.area_standing a CROSS JOIN generate_series(from_day::timestamp, to_day::timestamp, '1 day') AS d
          WHERE a.level = 'ward' AND i.code LIKE 'day%') AS q WHERE q.n > 0;
  INSERT INTO centre.stale_series SELECT DISTINCT indicator_id, area_id, from_day FROM centre.cell WHERE day BETWEEN from_day AND to_day
    ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(stale_series.from_day, excluded.from_day);
$$;

INSERT INTO centre.demarcation VALUES ('bench', '(,)', 'synthetic');
INSERT INTO centre.area (area_id, code, demarcation, level, name) VALUES (1, 'C', 'bench', 'country', 'country');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 1 + i, 'P' || i, 'bench', 'province', 'province', 1 FROM generate_series(1, 9) AS i;
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 100 + i, 'W' || i, 'bench', 'ward', 'ward', 2 + i % 9 FROM generate_series(1, :wards) AS i;
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit) SELECT 1000 + i, 'day' || i, 'count', 'bench', 'events' FROM generate_series(1, 20) AS i;
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit) SELECT 1020 + i, 'week' || i, 'count', 'bench', 'events' FROM generate_series(1, 20) AS i;
SELECT setseed(0.5) \g /dev/null
SELECT bench_day('2023-10-01', '2023-12-29') \g /dev/null
INSERT INTO centre.cell (indicator_id, area_id, day, sex, age_band, groups, n, total)
  SELECT * FROM (SELECT i.indicator_id, a.area_id, date '2018-12-31' + 7 * w, 'u', 'u', 0,
         floor(-ln(1 - random()) * 0.35 * power(800::float8, (i.indicator_id % 20) / 19.0::float8) * (1 + 0.4 * sin(w / 8.28)))::bigint AS n, 0
    FROM generate_series(0, 259) AS w CROSS JOIN centre.indicator i CROSS JOIN centre.area_standing a WHERE a.level = 'ward' AND i.code LIKE 'week%') AS q WHERE n > 0;
UPDATE centre.cell SET total = n WHERE indicator_id > 1020;
VACUUM ANALYZE centre.cell;
ANALYZE centre.area, centre.area_standing, centre.area_closure;

-- the last two days of the first daily verdicts, and one more day; then a day with late data; then a week
INSERT INTO centre.series (indicator_id, level, since) SELECT indicator_id, 'ward', '2023-10-30' FROM centre.indicator WHERE code LIKE 'day%';
SELECT bench_run('first run, 61 days of verdicts', '2023-12-29') \g /dev/null
VACUUM ANALYZE centre.detector_state, centre.baseline, centre.stale_series;
SELECT bench_day('2023-12-30', '2023-12-30') \g /dev/null
SELECT bench_run('one more day', '2023-12-30') \g /dev/null
VACUUM ANALYZE centre.detector_state, centre.baseline;
SELECT bench_day('2023-12-31', '2023-12-31') \g /dev/null
-- one report in ten is up to 60 days late
WITH late AS (
  INSERT INTO centre.cell AS c SELECT indicator_id, area_id, day - (random() * 60)::integer, 'u', 'u', 0, 1, 1 FROM centre.cell WHERE day = '2023-12-31' AND random() < 0.1
  ON CONFLICT (indicator_id, area_id, day, sex, age_band, groups) DO UPDATE SET n = c.n + 1, total = c.total + 1 RETURNING indicator_id, area_id, day)
INSERT INTO centre.stale_series SELECT indicator_id, area_id, min(day) FROM late GROUP BY 1, 2 ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(stale_series.from_day, excluded.from_day);
SELECT bench_run('one more day with late data', '2023-12-31') \g /dev/null
SELECT format('late data: %s series rebuilt, %s verdicts changed', rebuilt, changed) FROM centre.baseline_log ORDER BY run_id DESC LIMIT 1;
UPDATE centre.series SET active = false;
INSERT INTO centre.series (indicator_id, level, since, period_unit, detector) SELECT indicator_id, 'ward', '2018-12-31', 'week', 'farrington_flexible' FROM centre.indicator WHERE code LIKE 'week%';
-- the first run of five years is not the night's: its state is made here, and its last week judged
INSERT INTO centre.detector_state (series_id, area_id, version, run_id, judge_from, last_period, kept)
  SELECT s.series_id, a.area_id, s.version, 0, '2023-12-11', '2023-12-11', civic.series_agg(w::date, coalesce(c.n, 0))
  FROM centre.series s JOIN centre.area_standing a USING (level) CROSS JOIN generate_series(timestamp '2018-12-31', '2023-12-11', '7 days') AS w
  LEFT JOIN centre.cell c ON c.indicator_id = s.indicator_id AND c.area_id = a.area_id AND c.day = w::date WHERE s.period_unit = 'week' AND s.active GROUP BY s.series_id, a.area_id, s.version;
VACUUM ANALYZE centre.detector_state;
SELECT bench_run('one more week, farrington_flexible', '2023-12-24') \g /dev/null
VACUUM ANALYZE centre.detector_state, centre.baseline;
SET max_parallel_workers_per_gather = 1;
SELECT bench_run('the next week, the leader and a worker', '2023-12-31') \g /dev/null
SELECT format('%s: %s CPU-s for %s series, %s CPU-s for 89,360 (%s s by the clock)', step, round(seconds::numeric, 2), :wards * 20, round((seconds * 4468 / :wards)::numeric, 1), round(wall::numeric, 2)) FROM bench_time WHERE step NOT LIKE '%worker';
SELECT format('%s: %s s by the clock', step, round(wall::numeric, 2)) FROM bench_time WHERE step LIKE '%worker';
SELECT format('ratio layer_incremental_day_cpu_seconds %s', round((seconds * 4468 / :wards)::numeric, 1)) FROM bench_time WHERE step = 'one more day';
SELECT format('ratio layer_nightly_run_cpu_seconds %s', round((sum(seconds) * 4468 / :wards)::numeric, 1)) FROM bench_time WHERE step LIKE 'one more day' OR step LIKE 'one more week%';
