CREATE EXTENSION pgcivic;
SET search_path = civic, public;
SET work_mem = '2GB';
SET max_parallel_workers_per_gather = 0;
SET jit = off;
\ir ../cpu.sql
-- reports of 60 days, in the order in which they came
CREATE TABLE report AS
SELECT 1 + (hashint8(i)::bigint & 2147483647) % :areas AS area, 1 + (hashint8(i + 1000000007)::bigint & 2147483647) % :indicators AS indicator,
       '2026-03-01'::date + (i * 60 / :reports)::int - x AS event, '2026-03-01'::date + (i * 60 / :reports)::int AS report
FROM generate_series(0, :reports - 1) AS i, LATERAL (SELECT least(15, floor(-4 * ln((1 + (hashint8(i * 7)::bigint & 1048575)) / 1048577.0)))::int AS x) AS d;
VACUUM ANALYZE report;
SELECT count(*) FROM report \g /dev/null

SELECT pg_temp.cpu() AS began \gset
SELECT count(*) FROM (SELECT area, indicator, event, least(report - event, 15) AS delay, count(*) FROM report GROUP BY 1, 2, 3, 4 OFFSET 0) AS q \g /dev/null
SELECT pg_temp.cpu() - :began AS grouped, pg_temp.cpu() AS began \gset
CREATE TABLE told AS SELECT area, indicator, delays_agg(event, report, 15) AS delays FROM report GROUP BY 1, 2;
SELECT pg_temp.cpu() - :began AS built \gset
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) AS series FROM (SELECT nowcast(s.delays, '2026-04-29', parent => p.delays) FROM (SELECT * FROM told LIMIT 4000) AS s, LATERAL (SELECT delays FROM told LIMIT 1) AS p OFFSET 0) AS q \g /dev/null
SELECT (pg_temp.cpu() - :began) / 4 AS with_parent, pg_temp.cpu() AS began \gset
CREATE TEMP TABLE larger AS SELECT area, delays_union(delays) AS delays FROM told GROUP BY area;
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) FROM (SELECT nowcast(delays, '2026-04-29') FROM larger, generate_series(1, 10) OFFSET 0) AS q \g /dev/null
SELECT (pg_temp.cpu() - :began) * 1000 / (10 * count(*)) AS one FROM larger \gset
SELECT pg_temp.cpu() AS began \gset
SELECT count(*) FROM (SELECT nowcast(delays, '2026-04-29', 'lawless') FROM larger OFFSET 0) AS q \g /dev/null
SELECT (pg_temp.cpu() - :began) * 1000 / count(*) AS lawless, pg_temp.cpu() AS began FROM larger \gset
SELECT count(*) FROM (SELECT nowcast(delays, '2026-04-29', 'trunc') FROM larger LIMIT 20 OFFSET 0) AS q \g /dev/null
SELECT (pg_temp.cpu() - :began) * 1000 / least(20, count(*)) AS trunc FROM larger \gset
SELECT format('ratio delays %s (%s s against %s s of GROUP BY area, indicator, day, delay)', round((:built / :grouped)::numeric, 2), round(:built::numeric, 2), round(:grouped::numeric, 2));
SELECT format('seconds a thousand series: chain_ladder %s, with a parent %s, lawless %s, trunc %s; 89,360 series %s s', round(:one::numeric, 3), round(:with_parent::numeric, 3), round(:lawless::numeric, 3), round(:trunc::numeric, 2), round((:one * 89.36)::numeric, 1));
