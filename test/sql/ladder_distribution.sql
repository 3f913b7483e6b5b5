-- service_distribution: counting levels, in one go or merged
SET search_path = civic, public;
\set SHOW_CONTEXT never

-- canonical text; a level without a count is left out
SELECT t, t::service_distribution AS distribution
FROM unnest(ARRAY['hcf{}', 'hcf{basic=1}', 'hcf{basic=1,no_service=2}', 'hcf{limited..basic=3,basic=0,limited=007}',
                  'school{no_service..advanced=9223372036854775807}']) t;

-- refusals
SELECT 'hcf'::service_distribution;
SELECT ''::service_distribution;
SELECT 'clinic{}'::service_distribution;
SELECT 'hcf{'::service_distribution;
SELECT 'hcf{basic}'::service_distribution;
SELECT 'hcf{basic=}'::service_distribution;
SELECT 'hcf{basic=-1}'::service_distribution;
SELECT 'hcf{basic= 1}'::service_distribution;
SELECT 'hcf{basic=1.5}'::service_distribution;
SELECT 'hcf{basic=1,}'::service_distribution;
SELECT 'hcf{basic=1,basic=2}'::service_distribution;
SELECT 'hcf{basic=1} '::service_distribution;
SELECT 'hcf{surface_water=1}'::service_distribution;
SELECT 'hcf{hcf:basic=1}'::service_distribution;
SELECT 'hcf{basic=9223372036854775808}'::service_distribution;
SELECT 'hcf{basic=9223372036854775807,limited=1}'::service_distribution;

-- nothing, nothing assessed, something
SELECT service_distribution_agg(level) FROM unnest('{}'::service_level[]) level;
SELECT service_distribution_agg(level) FROM unnest('{NULL,NULL}'::service_level[]) level;
SELECT service_distribution_agg(level) FROM unnest('{NULL,hcf:basic,NULL,hcf:limited..basic,hcf:basic}'::service_level[]) level;
SELECT service_distribution_agg(level) FROM unnest('{hcf:basic,school:basic}'::service_level[]) level;
SELECT service_distribution_union(d) FROM unnest('{"hcf{no_service=7,basic=2}",NULL,"hcf{no_service=1,basic=2,no_service..basic=3,advanced=1}"}'::service_distribution[]) d;
SELECT service_distribution_union(d) FROM unnest('{"hcf{}","school{}"}'::service_distribution[]) d;
SELECT service_distribution_union(d) FROM unnest('{"hcf{basic=9223372036854775807}","hcf{limited=1}"}'::service_distribution[]) d;
SELECT service_distribution_union(d) FROM unnest('{NULL}'::service_distribution[]) d;

-- what it says
SELECT level_total(d), level_count(d, 'basic'), level_share(d, 'hcf:limited'), insufficient_count(d), insufficient_share(d),
       at_least_lower(d, 'basic'), at_least_upper(d, 'basic')
FROM (VALUES ('hcf{no_service=1,limited=2,limited..basic=3,no_service..limited=1,basic=1}'::service_distribution)) v (d);
SELECT * FROM levels('hcf{no_service=1,limited=2,limited..basic=3,no_service..limited=1,basic=1}'::service_distribution);
SELECT level_total(d), level_count(d, 'basic'), level_share(d, 'basic'), insufficient_count(d), insufficient_share(d),
       at_least_lower(d, 'basic'), at_least_upper(d, 'basic')
FROM (VALUES ('hcf{}'::service_distribution)) v (d);
SELECT count(*) FROM levels(NULL::service_distribution);
SELECT level_count('hcf{}', 'surface_water');
SELECT level_share('hcf{}', 'school:basic');
SELECT at_least_lower('hcf{}', 'good');

-- 20,000 levels, every range of a ladder of five, against counting by hand
CREATE TEMP TABLE assessed AS
SELECT i % 40 AS area,
       CASE WHEN i % 11 > 0 THEN ('household_water:' || names[low] || CASE WHEN high > low THEN '..' || names[high] ELSE '' END)::service_level END AS level
FROM generate_series(1, 20000) i,
  LATERAL (SELECT '{surface_water,unimproved,limited,basic,safely_managed}'::text[] AS names,
                  1 + abs(hashint4(i)) % 5 AS a, 1 + abs(hashint4(i + 1000000)) % 5 AS b) x,
  LATERAL (SELECT least(a, b) AS low, greatest(a, b) AS high) y;
WITH counted AS (
  SELECT service_distribution_agg(level) AS d, count(level) AS n,
         count(*) FILTER (WHERE insufficient(level)) AS insufficient,
         count(*) FILTER (WHERE at_least(level, 'basic')) AS surely,
         count(*) FILTER (WHERE at_least(level, 'basic') IS NOT FALSE AND level IS NOT NULL) AS possibly,
         count(*) FILTER (WHERE level = 'household_water:limited') AS limited
  FROM assessed)
SELECT level_total(d) = n AS total, insufficient_count(d) = insufficient AS insufficient, level_count(d, 'limited') = limited AS level_count,
       at_least_lower(d, 'basic') = surely / n::float8 AS lower, at_least_upper(d, 'basic') = possibly / n::float8 AS upper,
       insufficient_share(d) = insufficient / n::float8 AS insufficient_share, level_share(d, 'limited') = limited / n::float8 AS share
FROM counted;
SELECT level_total(service_distribution_agg(level)), count(DISTINCT level) AS ranges FROM assessed;

-- any split of the rows merges to the same state, stored or not, in any order
CREATE TEMP TABLE part AS SELECT area, service_distribution_agg(level) AS d FROM assessed GROUP BY area;
SELECT (SELECT service_distribution_agg(level)::text FROM assessed) = service_distribution_union(d)::text AS by_area,
       service_distribution_union(d)::text = service_distribution_union(d ORDER BY area DESC)::text AS any_order
FROM part;
SELECT region, u.d = s.d AS same
FROM (SELECT area % 7 AS region, service_distribution_union(d) AS d FROM part GROUP BY 1) u
  JOIN (SELECT area % 7 AS region, service_distribution_agg(level) AS d FROM assessed GROUP BY 1) s USING (region)
ORDER BY region;
-- a partial aggregate in parallel workers
CREATE TABLE ladder_parallel AS SELECT * FROM assessed;
ALTER TABLE ladder_parallel SET (parallel_workers = 2);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.is_partial(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan::text LIKE '%"Partial Mode": "Partial"%';
END $$;
SELECT pg_temp.is_partial('SELECT civic.service_distribution_agg(level) FROM ladder_parallel') AS agg_partial,
       pg_temp.is_partial('SELECT civic.service_distribution_union(d) FROM (SELECT ''hcf{}''::civic.service_distribution AS d FROM ladder_parallel) x') AS union_partial;
SELECT service_distribution_agg(level) = (SELECT service_distribution_union(d) FROM part) AS parallel_same FROM ladder_parallel;
DROP TABLE ladder_parallel;
-- a running window keeps the states apart
SELECT count(*) FILTER (WHERE level_total(running) = rn) AS right, count(*) AS rows
FROM (SELECT service_distribution_agg(level) OVER w AS running, count(*) OVER w AS rn
      FROM assessed WHERE level IS NOT NULL WINDOW w AS (ORDER BY area, level ROWS UNBOUNDED PRECEDING)) x;
-- the combine function leaves its arguments alone outside an aggregate
SELECT service_distribution_combine(d, d), d FROM (SELECT 'hcf{basic=2}'::service_distribution AS d OFFSET 0) x;
SELECT service_distribution_trans(d, 'hcf:basic'), d FROM (SELECT 'hcf{basic=2}'::service_distribution AS d OFFSET 0) x;

-- stored text makes the same state; equality, order and hash agree
SELECT count(*) FILTER (WHERE d::text::service_distribution = d) AS round_trip, count(*) AS of FROM part;
SELECT count(*) AS pairs,
       count(*) FILTER (WHERE (a.d = b.d) <> (a.d::text = b.d::text)) AS eq,
       count(*) FILTER (WHERE (a.d <> b.d) = (a.d = b.d)) AS ne,
       count(*) FILTER (WHERE (a.d < b.d) <> (service_distribution_cmp(a.d, b.d) < 0)) AS lt,
       count(*) FILTER (WHERE (a.d <= b.d) <> (service_distribution_cmp(a.d, b.d) <= 0)) AS le,
       count(*) FILTER (WHERE (a.d >= b.d) <> (service_distribution_cmp(a.d, b.d) >= 0)) AS ge,
       count(*) FILTER (WHERE (a.d > b.d) <> (service_distribution_cmp(a.d, b.d) > 0)) AS gt,
       count(*) FILTER (WHERE service_distribution_cmp(a.d, b.d) <> -service_distribution_cmp(b.d, a.d)) AS antisymmetric,
       count(*) FILTER (WHERE a.d = b.d AND service_distribution_hash(a.d) <> service_distribution_hash(b.d)) AS hash,
       count(*) FILTER (WHERE a.d = b.d AND service_distribution_hash_extended(a.d, 3) <> service_distribution_hash_extended(b.d, 3)) AS hash_extended
FROM (SELECT d FROM part UNION ALL VALUES ('hcf{}'::service_distribution), ('school{}'), ('hcf{basic=1}'), ('hcf{no_service=1}')) a,
     (SELECT d FROM part UNION ALL VALUES ('hcf{}'::service_distribution), ('school{}'), ('hcf{basic=1}'), ('hcf{no_service=1}')) b;
SELECT count(*) FROM (SELECT d FROM part UNION SELECT d::text::service_distribution FROM part) x;
SELECT encode(service_distribution_send('household_hygiene{no_facility=1,limited..basic=258}'), 'hex') AS sent;
