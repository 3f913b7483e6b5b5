SET search_path = public, civic;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';

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
