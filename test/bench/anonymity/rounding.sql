-- Variable: months. An invented country; errors and yield of civic.round_counts() at base 5, beside what a bare threshold shows.
SET search_path = civic, public;
\ir ../cpu.sql
CREATE TABLE person AS
  WITH w AS (SELECT i AS ward, exp(1.1 * sqrt(-2 * ln(1 - (hashint4(i) & 65535) / 65536.0)) * cos(2 * pi() * (hashint4(i + 77777) & 65535) / 65536.0)) AS size FROM generate_series(1, 640) AS i)
  SELECT m AS month, k AS indicator, ward, 1 + ward / 40 AS district, 1 + ward / 160 AS province, p, h.sex, h.age, h.disability, h.migrant
  FROM generate_series(1, :months) AS m, generate_series(1, 8) AS k, w, generate_series(1, greatest(0, round(size * 1.1 * (0.4 + k / 6.0) * (0.5 + (hashint8(ward * 1000::bigint + k * 100 + m) & 1023) / 1024.0)))::int) AS p,
    LATERAL (SELECT hashint8(((m * 8 + k) * 1000::bigint + ward) * 1000 + p) AS u) AS r,
    LATERAL (SELECT CASE WHEN u & 1023 < 560 THEN 'f' WHEN u & 1023 < 1000 THEN 'm' ELSE 'u' END AS sex, width_bucket((u >> 10) & 1023, ARRAY[0, 90, 200, 330, 450, 560, 660, 750, 830, 900, 960, 1000]) AS age,
       CASE WHEN (u >> 20) & 15 = 0 THEN 'y' ELSE 'n' END AS disability, CASE WHEN (u >> 24) & 7 = 0 THEN 'y' WHEN (u >> 24) & 7 = 1 THEN 'u' ELSE 'n' END AS migrant) AS h;
CREATE TABLE place AS SELECT DISTINCT ward AS id, CASE WHEN district % 5 = 0 THEN 20000 + province ELSE 10000 + district END AS parent, 'ward' AS level FROM person
  UNION SELECT DISTINCT 10000 + district, 20000 + province, 'district' FROM person WHERE district % 5 > 0 UNION SELECT DISTINCT 20000 + province, 30000, 'province' FROM person UNION SELECT 30000, 0, 'country';
CREATE TABLE answer AS SELECT month * 10 + indicator AS series, ward, v.b, v.m FROM person p, LATERAL (VALUES ('sex', sex), ('age', age::text), ('disability', disability), ('migrant', migrant)) AS v (b, m);
CREATE TABLE member AS SELECT row_number() OVER (ORDER BY b, m)::int AS id, dense_rank() OVER (ORDER BY b)::int AS breakdown, b, m FROM (SELECT DISTINCT b, m FROM answer) AS x;
CREATE TABLE inner_count AS SELECT ward, month * 10 + indicator AS series, 0 AS member, count(*) AS n FROM person GROUP BY 1, 2 UNION ALL SELECT ward, series, id, count(*) FROM answer JOIN member USING (b, m) GROUP BY 1, 2, 3;
CREATE TABLE result (ward int, series int, member int, n bigint, z bigint);
CREATE TABLE clock (what text, seconds float8);
INSERT INTO clock SELECT 'begin', pg_temp.cpu();
INSERT INTO result
  SELECT u.* FROM (SELECT array_agg(ward) AS w, array_agg(series) AS s, array_agg(member) AS m, array_agg(n) AS n FROM inner_count) AS r,
    LATERAL (SELECT round_counts((SELECT array_agg(id) FROM place), (SELECT array_agg(parent) FROM place), (SELECT array_agg(id) FROM member), (SELECT array_agg(breakdown) FROM member),
      r.w, r.s, r.m, r.n, 5, '\x000102030405060708090a0b0c0d0e0f', 'bench') AS z) AS f, LATERAL unnest(r.w, r.s, r.m, r.n, f.z) AS u;
INSERT INTO clock SELECT 'with SQL in and out', pg_temp.cpu();
CREATE TABLE cell AS
  WITH RECURSIVE up AS (SELECT id AS ward, id, parent, level FROM place WHERE level = 'ward' UNION ALL SELECT u.ward, p.id, p.parent, p.level FROM up u JOIN place p ON p.id = u.parent)
  SELECT level, id, series, member, sum(n) AS n, sum(z) AS z FROM result JOIN up USING (ward) GROUP BY 1, 2, 3, 4;
SELECT format('rounding error %s: totals %s (largest %s), members %s (largest %s), members off by 5 or more %s %%', level, round(avg(abs(z - n)) FILTER (WHERE member = 0), 2), max(abs(z - n)) FILTER (WHERE member = 0),
  round(avg(abs(z - n)) FILTER (WHERE member > 0), 2), max(abs(z - n)) FILTER (WHERE member > 0), round(100 * avg((abs(z - n) >= 5)::int) FILTER (WHERE member > 0), 2)) FROM cell GROUP BY level ORDER BY count(*);
SELECT format('rounding yield %s: totals %s of what a bare threshold of 5 shows, members %s', level,
  round(avg((abs(z - n) <= 0.2 * n)::int) FILTER (WHERE member = 0) / nullif(avg((n >= 5)::int) FILTER (WHERE member = 0), 0), 2), round(avg((abs(z - n) <= 0.2 * n)::int) FILTER (WHERE member > 0) / nullif(avg((n >= 5)::int) FILTER (WHERE member > 0), 0), 2))
FROM cell GROUP BY level ORDER BY count(*);
SELECT format('ratio anonymity_rounding_seconds %s   (%s cells; aim: at most 10 with SQL in and out for 380,000)', round((b.seconds - a.seconds)::numeric, 2), (SELECT count(*) FROM cell)) FROM clock a, clock b WHERE a.what = 'begin' AND b.what <> 'begin';
SELECT format('ratio anonymity_rounding_members_off %s   (aim: at most 0.01)', round(avg((abs(z - n) >= 5)::int), 4)) FROM cell WHERE member > 0;
SELECT format('ratio anonymity_rounding_largest_total %s   (aim: at most 4)', max(abs(z - n))) FROM cell WHERE member = 0;
-- the same counts for civic.round_counts() alone, the first half of the months and all (rounding_memory.sql)
SELECT format('ratio anonymity_rounding_sql_memory_mb %s   (aim: at most 300)', substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::int / 1024);
CREATE SCHEMA oneway;
CREATE VIEW oneway.place AS SELECT id, parent FROM place;
CREATE VIEW oneway.member AS SELECT id, breakdown FROM member;
CREATE TABLE oneway.member_sum (member int, sum int);
CREATE VIEW oneway.whole AS SELECT ward AS area, series, member, n FROM inner_count;
CREATE VIEW oneway.half AS SELECT * FROM oneway.whole WHERE series <= :months / 2 * 10 + 9;
CREATE TABLE public.memory (what text, counts bigint, seconds float8, mb int);
