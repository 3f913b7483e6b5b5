SET search_path = civic, public;

-- the type
SELECT '{15; 2024-01-01+0=5, 2024-01-01+3=2}'::delays AS as_written, '{15}'::delays AS empty, '{3;2024-01-02+1=1,2024-01-01+0=2,2024-01-02+1=4,2024-01-03+0=0}'::delays AS put_in_order;
SELECT d.day, d.delay, d.n FROM delays_cells('{15; 2024-01-01+0=5, 2024-01-01+3=-2}') AS d;
SELECT '{3; 2024-01-01+0=5}'::delays = '{3; 2024-01-01+0=2, 2024-01-01+0=3}' AS same, '{3; 2024-01-01+0=0}'::delays = '{3}' AS a_nought_is_none, '{3; 2024-01-01+0=5}'::delays = '{4; 2024-01-01+0=5}' AS another_longest;
SELECT delays_since('{3; 2024-01-01+0=5, 2024-01-02+1=6}', '2024-01-02') AS since, delays_union('{3; 2024-01-01+0=5}', '{3; 2024-01-01+0=-5, 2024-01-02+1=6}') AS both;
\set VERBOSITY default
SELECT '{0}'::delays;
SELECT '{15; 2024-02-30+0=5}'::delays;
SELECT '{15; 2024-01-01+16=5}'::delays;
SELECT '{15; 2024-01-01+0=1e3}'::delays;
SELECT '{15; 2024-01-01+0=5'::delays;
SELECT '{15; 2024-01-01+0=1000000000000000, 2024-01-01+0=1}'::delays;
SELECT delays_union('{3; 2024-01-01+0=5}', '{4; 2024-01-01+0=5}');
SELECT '{3; 0001-01-01+0=1, 9999-12-31+3=1}'::delays;
SELECT '{3; 0000-01-01+0=1}'::delays;
SELECT '{3; 10000-01-01+0=1}'::delays;

-- the aggregates
SELECT delays_agg(e, r, 3) FROM (VALUES ('2024-01-01'::date, '2024-01-01'::date), ('2024-01-01', '2024-01-09'), ('2023-12-31', '2024-01-02')) AS v(e, r);
SELECT delays_agg(e, r, 3, n) FROM (VALUES ('2024-01-01'::date, '2024-01-01'::date, 5), ('2024-01-01', '2024-01-02', -5), ('2024-01-01', '2024-01-01', -5)) AS v(e, r, n);
SELECT delays_agg(e, e, 3) IS NULL AS without_rows FROM (SELECT '2024-01-01'::date AS e WHERE false) AS v;
SELECT delays_agg('2024-01-02', '2024-01-01', 3);
SELECT delays_agg(NULL, '2024-01-01', 3);
SELECT delays_agg('2024-01-01', '2024-01-01', 121);
SELECT delays_agg('2024-01-01', '2024-01-01', d) FROM generate_series(3, 4) AS d;
SELECT delays_agg('-infinity', '2024-01-01', 3);
SELECT delays_agg('infinity', '2024-01-01', 3);
SELECT delays_agg('2024-01-01', 'infinity', 3);
SELECT delays_agg('0001-12-31 BC', '2024-01-01', 3);
SELECT delays_agg('10000-01-01', '10000-01-01', 3);
SELECT delays_trans(NULL, '2024-01-01', '2024-01-01', 3);
-- as many pairs as a value holds, and one more
SELECT count(*), sum(n) FROM (SELECT delays_agg('0001-01-01'::date + i, '0001-01-01'::date + i, 3) AS d FROM generate_series(1, 1000000) AS i) AS s, delays_cells(d);
SELECT delays_agg('0001-01-01'::date + i, '0001-01-01'::date + i, 3) FROM generate_series(1, 1000001) AS i;

-- a country of one line list: 120 days of some 20 events, told over two weeks, fewer at weekends
CREATE TEMP TABLE report AS
  SELECT '2026-01-05'::date + d AS event, '2026-01-05'::date + d + x AS report, (hashint8(d * 1000 + i) & 7) AS part
  FROM generate_series(0, 119) AS d, generate_series(1, 20 + d % 5) AS i,
       LATERAL (SELECT negbin_quantile(((hashint8(d * 1000 + i)::bigint & 1048575) + 0.5) / 1048576, 4, 2)::int AS x0) AS q,
       LATERAL (SELECT CASE WHEN (d + x0) % 7 = 5 THEN x0 + 2 WHEN (d + x0) % 7 = 6 THEN x0 + 1 ELSE x0 END AS x) AS w;

-- any split and order is the same, and so is a plain GROUP BY
SELECT count(DISTINCT d::text) AS answers FROM (
  SELECT delays_agg(event, report, 15) AS d FROM report
  UNION ALL SELECT delays_agg(event, report, 15 ORDER BY report DESC, event) FROM report
  UNION ALL SELECT delays_union(d) FROM (SELECT delays_agg(event, report, 15) AS d FROM report GROUP BY part) AS p
  UNION ALL SELECT delays_union(d ORDER BY part DESC) FROM (SELECT part, delays_agg(event, report, 15, 1) AS d FROM report GROUP BY part) AS p
  UNION ALL SELECT delays_agg(event, report, 15, n) FROM (SELECT event, report, count(*) AS n FROM report GROUP BY 1, 2) AS g
  UNION ALL SELECT delays_union(delays_agg(event, report, 15, 3), delays_agg(event, report, 15, -2)) FROM report) AS ways;
SELECT count(*) AS differences FROM (
  SELECT day, delay, n FROM (SELECT delays_agg(event, report, 15) AS d FROM report) AS s, delays_cells(d)
  EXCEPT SELECT event, least(report - event, 15), count(*) FROM report GROUP BY 1, 2) AS x;
BEGIN;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
ALTER TABLE report SET (parallel_workers = 3);
CREATE TABLE report_shared AS SELECT * FROM report;
ALTER TABLE report_shared SET (parallel_workers = 3);
SELECT (SELECT delays_agg(event, report, 15) FROM report_shared) = (SELECT delays_agg(event, report, 15) FROM report) AS parallel_is_serial;
ROLLBACK;

-- the nowcast: what is known by 20 April of April's days
SELECT day, reported, estimate, round(mean::numeric, 2) AS mean, lower, upper, round(expected_share::numeric, 3) AS share, reason
FROM (SELECT delays_agg(event, report, 15) FILTER (WHERE report <= '2026-04-20') AS d FROM report) AS s, nowcast(d, '2026-04-20')
ORDER BY day;
-- later reports in the value are not looked at
SELECT count(*) AS differences FROM (
  (SELECT n.* FROM (SELECT delays_agg(event, report, 15) FILTER (WHERE report <= '2026-04-20' AND report - event <= 15) AS d FROM report) AS s, nowcast(d, '2026-04-20') AS n)
  EXCEPT (SELECT n.* FROM (SELECT delays_agg(event, report, 15) FILTER (WHERE report - event <= 15) AS d FROM report) AS s, nowcast(d, '2026-04-20') AS n)) AS x;
-- a complete history does not change: all limits are what is reported
SELECT bool_and(reported = estimate AND reported = lower AND reported = upper AND expected_share > 0.999) AS unchanged
FROM nowcast((SELECT delays_agg(event, event, 15) FROM report), '2026-04-20') WHERE day < '2026-04-20';
-- never below what is reported, the limits in order, wider at a higher level, corrections included
SELECT bool_and(n.lower >= n.reported AND n.estimate BETWEEN n.lower AND n.upper AND n.mean >= n.reported) AS in_order,
       bool_and(w.lower <= n.lower AND w.upper >= n.upper) AS wider, count(*) AS of
FROM generate_series('2026-03-01'::date, '2026-04-30', '5 days') AS now,
     LATERAL (SELECT delays_union(delays_agg(event, report, 15), delays_agg(event, report + 2, 15, -1) FILTER (WHERE part = 0)) AS d FROM report) AS s,
     LATERAL nowcast(d, now::date, level => 0.5) AS n JOIN LATERAL nowcast(d, now::date, level => 0.99) AS w USING (day);
-- a small area of its own, and with a parent
CREATE TEMP TABLE area AS SELECT delays_agg(event, report, 15) FILTER (WHERE part = 1 AND event > '2026-03-29') AS small, delays_agg(event, report, 15) AS large FROM report;
SELECT string_agg(DISTINCT reason, ' ') AS alone FROM area, nowcast(small, '2026-04-20');
SELECT day, reported, estimate, round(mean::numeric, 2) AS mean, lower, upper, round(expected_share::numeric, 3) AS share FROM area, nowcast(small, '2026-04-20', parent => large) WHERE day > '2026-04-12' ORDER BY day;
-- a week without any report: no estimate while it lasts, one when the backlog has come
SELECT now, string_agg(DISTINCT coalesce(reason, 'estimated'), ' ') AS says, max(reported) AS reported
FROM (SELECT delays_agg(event, CASE WHEN report BETWEEN '2026-04-06' AND '2026-04-12' THEN '2026-04-13' ELSE report END, 30) AS d FROM report) AS s,
     (VALUES ('2026-04-05'::date), ('2026-04-07'), ('2026-04-10'), ('2026-04-12'), ('2026-04-13'), ('2026-04-15')) AS v(now), nowcast(d, now)
WHERE day > now - 5 GROUP BY now ORDER BY now;
-- what comes late does not make the days after it look slower, in a large series and in a thin one whose single days prove nothing
SELECT w.part IS NULL AS large, v.now, n.day, n.reported, n.estimate, round(n.mean::numeric, 1) AS mean, n.lower, n.upper, n.reason
FROM (VALUES (NULL), (1)) AS w(part), (VALUES ('2026-04-08'::date), ('2026-04-13'), ('2026-04-16')) AS v(now),
     LATERAL (SELECT delays_agg(event, CASE WHEN r.report BETWEEN '2026-04-06' AND '2026-04-12' THEN '2026-04-13' ELSE r.report END, 30) AS d FROM report AS r WHERE w.part IS NULL OR r.part = w.part) AS s,
     nowcast(d, now) AS n WHERE n.day > now - 3 ORDER BY 1, 2, 3;
-- a day from which more was taken away than told has none; a series of thousands
SELECT day, reported, estimate FROM nowcast((SELECT delays_union(large, '{15; 2026-04-11+2=-100}') FROM area), '2026-04-20') WHERE day BETWEEN '2026-04-10' AND '2026-04-12';
SELECT day, reported, estimate, round(mean::numeric) AS mean, lower, upper FROM nowcast((SELECT delays_agg(event, report, 15, 200) FROM report), '2026-04-20') WHERE day > '2026-04-17' ORDER BY day;
-- hazards that were seen once
SELECT day, reported, estimate, lower, upper, reason FROM nowcast('{3; 2024-01-01+3=2, 2024-01-02+1=1}', '2024-01-05', 'trunc') ORDER BY day;
-- the published methods
SELECT n.day, n.reported, l.estimate AS lawless, l.lower, l.upper, t.estimate AS trunc, t.lower, t.upper
FROM (SELECT delays_agg(event, report, 15) AS d FROM report) AS s, nowcast(d, '2026-04-21') AS n
JOIN LATERAL nowcast(d, '2026-04-21', 'lawless') AS l USING (day) JOIN LATERAL nowcast(d, '2026-04-21', 'trunc') AS t USING (day) WHERE n.day > '2026-04-13' ORDER BY day;
-- nothing known
SELECT DISTINCT method, reason FROM unnest('{chain_ladder,lawless,trunc}'::text[]) AS method, nowcast('{3}', '2024-01-01', method) ORDER BY 1;
SELECT count(*) FROM nowcast(NULL, '2024-01-01');
SELECT nowcast('{3}', '2024-01-01', 'chainladder');
SELECT nowcast('{3}', '2024-01-01', level => 95);
SELECT nowcast('{3}', 'infinity');
SELECT nowcast('{3}', '2024-01-01', NULL);
SELECT nowcast('{3}', '2024-01-01', parent => '{4}');
SELECT nowcast('{3}', '2024-01-01', 'lawless', parent => '{3}');
SELECT count(*) FROM nowcast('{3; 0001-01-01+0=1, 9999-12-31+0=1}', '2024-01-01');
SELECT nowcast('{3; 0001-01-01+0=1}', '9999-01-01', 'trunc');
