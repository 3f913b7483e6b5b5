CREATE EXTENSION pgcivic;
SET search_path = civic, public;
SET work_mem = '1GB';
SET max_parallel_workers_per_gather = 0;
\ir ../cpu.sql
SELECT setseed(0.25);
CREATE TABLE ward AS SELECT i, 16 + random() * 16 AS lon, -34 + random() * 12 AS lat, 5000 + floor(random() * 20000) AS people, floor(random() * 2.28 + 0.5)::bigint AS cases FROM generate_series(1, :wards) AS i;
CREATE TABLE map AS SELECT array_agg(i::text ORDER BY i) AS loc, array_agg(lon ORDER BY i) AS x, array_agg(lat ORDER BY i) AS y, array_agg(people ORDER BY i) AS people, array_agg(cases ORDER BY i) AS cases FROM ward;
CREATE TABLE days AS SELECT array_agg(CASE WHEN d = 1 + i % :days THEN cases ELSE 0 END ORDER BY i, d) AS cases FROM ward, generate_series(1, :days) AS d;

-- in space: neighbours, the clusters, and replicas
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) AS clusters FROM map, scan(loc, x, y, cases, people, population_share => 0.05, replicas => 0) \gset
SELECT pg_temp.cpu() - :began AS found, pg_temp.cpu() AS began \gset
SELECT count(*) AS clusters FROM map, scan(loc, x, y, cases, people, population_share => 0.05, replicas => :replicas) \gset
SELECT pg_temp.cpu() - :began AS whole \gset

-- the same by SQL: circles once, then each replica as window sums over them; cases thrown by weight
SELECT pg_temp.cpu() AS began \gset
CREATE TABLE circle AS
  SELECT c.i AS centre, n.k, n.i, sum(n.people) OVER (PARTITION BY c.i ORDER BY n.k) * t.cases / t.people AS e, t.cases AS c
  FROM ward c CROSS JOIN (SELECT sum(people) AS people, sum(cases)::float8 AS cases FROM ward) AS t
  CROSS JOIN LATERAL (SELECT o.i, o.people, row_number() OVER (ORDER BY (o.lon - c.lon) ^ 2 + (o.lat - c.lat) ^ 2, o.i) AS k,
                             sum(o.people) OVER (ORDER BY (o.lon - c.lon) ^ 2 + (o.lat - c.lat) ^ 2, o.i) AS people_so_far FROM ward o) AS n
  WHERE n.people_so_far <= 0.05 * t.people;
CREATE INDEX ON circle (centre, k);
SELECT pg_temp.cpu() - :began AS circles, count(*) AS windows FROM circle \gset
CREATE TABLE upto AS SELECT i, sum(people) OVER (ORDER BY i) - people AS low, sum(people) OVER (ORDER BY i) AS high FROM ward;
CREATE INDEX ON upto (low);
ANALYZE;
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) FROM (
  SELECT r, max(CASE WHEN n > e THEN n * ln(n / e) + CASE WHEN c > n THEN (c - n) * ln((c - n) / (c - e)) ELSE 0 END ELSE 0 END) AS top
  FROM (SELECT r.r, w.e, w.c, sum(coalesce(t.n, 0)) OVER (PARTITION BY r.r, w.centre ORDER BY w.k)::float8 AS n
        FROM generate_series(1, 2) AS r CROSS JOIN circle w LEFT JOIN (
          SELECT d.r, u.i, count(*)::float8 AS n
          FROM (SELECT r, random() * (SELECT sum(people) FROM ward) AS x FROM generate_series(1, 2) AS r, generate_series(1, (SELECT sum(cases) FROM ward))) AS d
          CROSS JOIN LATERAL (SELECT i FROM upto WHERE low <= d.x ORDER BY low DESC LIMIT 1) AS u GROUP BY d.r, u.i) AS t ON t.r = r.r AND t.i = w.i) AS s
  GROUP BY r) AS tops \g /dev/null
SELECT (pg_temp.cpu() - :began) / 2 AS one \gset
\echo # :wards wards, :windows circles to 5 % of the people, :replicas replicas (SQL timed on two of them)
SELECT format('seconds scan_clusters %s', round(:found::numeric, 2));
SELECT format('seconds scan_with_replicas %s', round(:whole::numeric, 2));
SELECT format('nanoseconds scan_window_of_a_replica %s', round(((:whole - :found) / :windows / :replicas * 1e9)::numeric, 2));
SELECT format('ratio scan_by_sql_over_ours %s', round(((:circles + :one * :replicas) / :whole)::numeric, 1));

-- space and time, prospective
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) AS clusters FROM map, days, scan(loc, x, y, days.cases, people, periods => :days, analysis => 'prospective', max_duration => :days, population_share => 0.05, replicas => :replicas) \gset
SELECT format('seconds scan_prospective_%s_days %s', :days, round((pg_temp.cpu() - :began)::numeric, 1));
