-- Variables: wards, subjects (in a ward), k.  A country of counts and the problem that protects it, in tables leaf_<wards> and problem_<wards>.
SET search_path = civic, public;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '512MB';

-- A number from 0 to 1 for each n: another stream, other numbers; the same on every machine.
CREATE OR REPLACE FUNCTION uniform(n bigint, stream bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT (hashint8extended(n, stream) >> 11 & 9007199254740991)::float8 / 9007199254740992 $$;

-- Wards of log-normal size (sd 0.8); 19 of them a municipality, 4 of those a district, 6 of those a province, what is left over
-- in the last one.  Everybody has a sex, one of 5 age bands and one of 4 needs.
CREATE TABLE leaf_:wards AS
WITH ward AS (SELECT w, least(w / 19, :wards / 19 - 1) AS m,
                     exp(0.8 * sqrt(-2 * ln(1 - uniform(w, 1))) * cos(2 * pi() * uniform(w, 2))) AS size
              FROM generate_series(0, :wards - 1) AS w),
     place AS (SELECT w, m, least(m / 4, :wards / 19 / 4 - 1) AS d,
                      (sum(size) OVER (ORDER BY w) - size) / sum(size) OVER () AS since FROM ward),
     bound AS (SELECT array_agg(since ORDER BY w) AS since FROM place),
     person AS (SELECT uniform(i, 3) AS home, CASE WHEN uniform(i, 4) < 0.5 THEN 1 ELSE 2 END AS sex,
                       width_bucket(uniform(i, 5), ARRAY[0, 0.3, 0.55, 0.75, 0.9]) AS age,
                       width_bucket(uniform(i, 6), ARRAY[0, 0.45, 0.75, 0.93]) AS need
                FROM generate_series(1, :subjects::bigint * :wards) AS i),
     counted AS (SELECT width_bucket(home, since) - 1 AS w, sex, age, need, count(*) AS n FROM person, bound GROUP BY 1, 2, 3, 4)
SELECT row_number() OVER (ORDER BY w, sex, age, need)::int AS i, least(d / 6, greatest(:wards / 19 / 4 / 6 - 1, 0)) AS p, d, m, w,
       sex, age, need, coalesce(n, 0) AS n
FROM place CROSS JOIN generate_series(1, 2) AS sex CROSS JOIN generate_series(1, 5) AS age CROSS JOIN generate_series(1, 4) AS need
LEFT JOIN counted USING (w, sex, age, need);

CREATE TABLE problem_:wards AS
SELECT suppression_problem(cell, members, n::bigint, CASE WHEN n BETWEEN 1 AND :k - 1 THEN 'primary' END) AS problem
FROM (SELECT row_number() OVER (ORDER BY p NULLS FIRST, d NULLS FIRST, m NULLS FIRST, w NULLS FIRST,
                                sex NULLS FIRST, age NULLS FIRST, need NULLS FIRST) AS cell,
             array_agg(i) AS members, sum(n) AS n
      FROM leaf_:wards GROUP BY ROLLUP (p, d, m, w), CUBE (sex, age, need)) AS c;
