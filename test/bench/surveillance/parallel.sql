-- The night once more, series by series, so that workers share them: by the clock, with one process and with two.
SET search_path = public, civic;
SET work_mem = '256MB';
-- two workers and an idle leader are two processes
SET parallel_leader_participation = off;

DROP TABLE IF EXISTS watched;
CREATE UNLOGGED TABLE watched WITH (parallel_workers = 2) AS SELECT generate_series(1, (4468 * 20 * :scale)::int) AS series;
VACUUM ANALYZE watched;
-- functions, because the planner shares out the cost of neither a subquery in the select list nor a lateral aggregate
CREATE OR REPLACE FUNCTION daily_verdict(of_series int) RETURNS detection LANGUAGE sql STABLE PARALLEL SAFE COST 10000
RETURN (SELECT detect(series_agg(d.day, d.n), 'nb_window') FROM daily d WHERE d.series = of_series AND d.day > date '2023-12-31' - 59);
CREATE OR REPLACE FUNCTION weekly_verdict(of_series int) RETURNS detection LANGUAGE sql STABLE PARALLEL SAFE COST 10000
RETURN (SELECT detect(series_agg(w.week, w.n), 'farrington_flexible') FROM weekly w WHERE w.series = of_series);
CREATE OR REPLACE FUNCTION night_by_series(workers int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', workers::text, true);
  began := clock_timestamp();
  CREATE UNLOGGED TABLE night_of AS SELECT series, daily_verdict(series) AS daily, weekly_verdict(series) AS weekly FROM watched;
  RETURN extract(epoch FROM clock_timestamp() - began);
END $$;
CREATE TEMP TABLE clock (workers int, seconds float8, verdicts text);
SELECT format('INSERT INTO clock SELECT %1$s, night_by_series(%1$s); UPDATE clock SET verdicts = (SELECT md5(string_agg(n::text, %2$L ORDER BY series)) FROM night_of n) WHERE verdicts IS NULL; DROP TABLE night_of',
              workers, ' ') FROM generate_series(1, :rounds) AS r, unnest(ARRAY[0, 2]) AS workers \gexec
SELECT format('night, series by series: %s s with one process, %s s with two', round(min(seconds) FILTER (WHERE workers = 0)::numeric, 2), round(min(seconds) FILTER (WHERE workers = 2)::numeric, 2)) FROM clock;
SELECT CASE WHEN count(DISTINCT verdicts) = 1 THEN 'both give the same verdicts' ELSE 'VERDICTS DIFFER' END FROM clock;
SELECT format('ratio night_two_processes_speedup %s', round((min(seconds) FILTER (WHERE workers = 0) / min(seconds) FILTER (WHERE workers = 2))::numeric, 2)) FROM clock;
