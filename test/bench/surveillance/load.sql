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
  SELECT series, date '2023-01-01' + d, floor(-ln(1 - random()) * 0.05 * power(800::float8, (series % 20) / 19.0::float8) * CASE WHEN d % 7 > 4 THEN 0.6 ELSE 1.2 END)
    FROM generate_series(1, (4468 * 20 * :scale)::int) AS series, generate_series(0, 364) AS d;
ALTER TABLE daily ADD PRIMARY KEY (series, day);
CREATE UNLOGGED TABLE weekly (series int, week date, n int);
INSERT INTO weekly
  SELECT series, date '2018-12-31' + 7 * w, floor(-ln(1 - random()) * 0.35 * power(800::float8, (series % 20) / 19.0::float8) * (1 + 0.4 * sin(w / 8.28)))
    FROM generate_series(1, (4468 * 20 * :scale)::int) AS series, generate_series(0, 265) AS w;
ALTER TABLE weekly ADD PRIMARY KEY (series, week);
VACUUM ANALYZE daily;
VACUUM ANALYZE weekly;
SELECT format('%s series, %s daily and %s weekly counts', count(DISTINCT series), (SELECT count(*) FROM daily), (SELECT count(*) FROM weekly)) FROM (SELECT DISTINCT series FROM weekly) s;
