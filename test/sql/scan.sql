-- Scan statistics against a search of every window in plain SQL.
SET search_path = civic, public;
SET extra_float_digits = 0;

-- Random maps: a third on a grid of whole numbers, where many distances are equal; one, three or six periods.
CREATE TABLE map AS
  SELECT m, CASE WHEN m % 3 = 0 THEN 1 WHEN m % 3 = 1 THEN 3 ELSE 6 END AS periods, m % 2 = 0 AS bernoulli, m % 5 < 2 AS ties_together,
         CASE WHEN m % 3 = 0 THEN 'spatial' WHEN m % 4 < 2 THEN 'prospective' ELSE 'retrospective' END AS analysis,
         CASE WHEN m % 3 = 0 THEN NULL WHEN m % 3 = 1 THEN 2 ELSE 4 END AS longest, 0.1 + 0.1 * (m % 5) AS share, 1 + m % 3 AS fewest
  FROM generate_series(1, 120) AS m;
SELECT setseed(0.5);
CREATE TABLE place AS
  SELECT m, 'L' || lpad(l::text, 2, '0') AS loc, CASE WHEN m % 3 = 0 THEN l % 4 ELSE random() * 10 END::float8 AS x,
         CASE WHEN m % 3 = 0 THEN l / 4 ELSE random() * 10 END::float8 AS y, (10 + floor(random() * 90))::float8 AS people
  FROM map, generate_series(1, 14) AS l;
CREATE TABLE seen AS
  SELECT p.m, p.loc, t, p.people * (1 + t * 0) AS trials, (0.7 + random())::float8 AS baseline, least(floor(random() * random() * 9), p.people)::bigint AS cases
  FROM place p JOIN map USING (m), LATERAL generate_series(1, periods) AS t;

CREATE FUNCTION xlnx(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN a <= 0 THEN 0 ELSE a * ln(a / b) END $$;
-- every window of a map with its ratio, by the formulas as Kulldorff has them
CREATE FUNCTION windows(of_map int, OUT centre text, OUT members text[], OUT first int, OUT last int, OUT observed float8, OUT llr numeric) RETURNS SETOF record
LANGUAGE sql STABLE AS $$
  WITH s AS (SELECT * FROM map WHERE m = of_map),
  near AS (
    SELECT c.loc AS centre, o.loc, o.people, (c.x - o.x) ^ 2 + (c.y - o.y) ^ 2 AS d, row_number() OVER w AS k,
           sum(o.people) OVER w AS one_by_one, sum(o.people) OVER (PARTITION BY c.loc ORDER BY (c.x - o.x) ^ 2 + (c.y - o.y) ^ 2) AS group_by_group
    FROM place c JOIN place o USING (m) WHERE m = of_map
    WINDOW w AS (PARTITION BY c.loc ORDER BY (c.x - o.x) ^ 2 + (c.y - o.y) ^ 2, o.loc <> c.loc, o.loc)),
  zone AS (
    SELECT n.centre, n.k FROM near n, s
    WHERE CASE WHEN s.ties_together THEN n.group_by_group ELSE n.one_by_one END <= s.share * (SELECT sum(people) FROM place WHERE m = of_map) + 1e-9
      AND (NOT s.ties_together OR NOT EXISTS (SELECT FROM near o WHERE o.centre = n.centre AND o.d = n.d AND o.k > n.k))),
  span AS (
    SELECT a AS first, b AS last FROM s, generate_series(1, periods) AS a, generate_series(a, periods) AS b
    WHERE CASE analysis WHEN 'spatial' THEN a = 1 AND b = periods WHEN 'prospective' THEN b = periods AND b - a < longest ELSE b - a < longest END),
  total AS (SELECT sum(cases)::float8 AS c, sum(baseline) AS b, sum(trials) AS n FROM seen WHERE m = of_map),
  summed AS (
    SELECT z.centre, z.k, p.first, p.last, sum(e.cases)::float8 AS c, sum(e.baseline) AS b, sum(e.trials) AS n
    FROM zone z JOIN near i ON i.centre = z.centre AND i.k <= z.k CROSS JOIN span p JOIN seen e ON e.m = of_map AND e.loc = i.loc AND e.t BETWEEN p.first AND p.last
    GROUP BY 1, 2, 3, 4),
  ratio AS (
    SELECT w.*, CASE
      WHEN s.bernoulli AND w.n < t.n AND w.c / w.n > (t.c - w.c) / (t.n - w.n) THEN xlnx(w.c, w.n) + xlnx(w.n - w.c, w.n) + xlnx(t.c - w.c, t.n - w.n) + xlnx(t.n - w.n - t.c + w.c, t.n - w.n) - xlnx(t.c, t.n) - xlnx(t.n - t.c, t.n)
      WHEN NOT s.bernoulli AND w.c > t.c * w.b / t.b THEN xlnx(w.c, t.c * w.b / t.b) + xlnx(t.c - w.c, t.c - t.c * w.b / t.b) ELSE 0 END AS llr
    FROM summed w, total t, s WHERE w.c >= s.fewest)
  SELECT r.centre, (SELECT array_agg(i.loc ORDER BY i.k) FROM near i WHERE i.centre = r.centre AND i.k <= r.k), r.first, r.last, r.c, round(r.llr::numeric, 8)
  FROM ratio r WHERE r.llr > 1e-9
$$;
CREATE TABLE expected (m int, rank int, centre text, members text[], first int, last int, observed float8, llr numeric);
CREATE PROCEDURE search() LANGUAGE plpgsql AS $$
DECLARE
  s record;
BEGIN
  FOR s IN SELECT m FROM map LOOP
    CREATE TEMP TABLE w AS SELECT * FROM windows(s.m);
    FOR r IN 1..3 LOOP
      INSERT INTO expected SELECT s.m, r, w.* FROM w ORDER BY llr DESC, cardinality(members), centre, first LIMIT 1;
      DELETE FROM w USING expected e WHERE e.m = s.m AND e.rank = r AND w.members && e.members;
    END LOOP;
    DROP TABLE w;
  END LOOP;
END
$$;
CALL search();
CREATE TABLE found AS
  SELECT m.m, f.* FROM map m, LATERAL (
    SELECT array_agg(p.loc ORDER BY p.loc DESC) AS loc, array_agg(p.x ORDER BY p.loc DESC) AS x, array_agg(p.y ORDER BY p.loc DESC) AS y, array_agg(p.people ORDER BY p.loc DESC) AS people
    FROM place p WHERE p.m = m.m) AS p, LATERAL (
    SELECT array_agg(e.cases ORDER BY e.loc DESC, e.t) AS cases, array_agg(CASE WHEN m.bernoulli THEN e.trials ELSE e.baseline END ORDER BY e.loc DESC, e.t) AS baseline
    FROM seen e WHERE e.m = m.m) AS e,
    scan(p.loc, p.x, p.y, e.cases, p.people, e.baseline, m.periods, CASE WHEN m.bernoulli THEN 'bernoulli' ELSE 'poisson' END, m.analysis, m.share, m.longest, m.fewest, 3, 19, m.m, 'planar',
         CASE WHEN m.ties_together THEN 'together' ELSE 'single' END) AS f;
SELECT count(*) > 300 AS compared, count(*) FILTER (WHERE f.members IS DISTINCT FROM e.members) AS other_members, count(*) FILTER (WHERE (f.from_period, f.to_period, f.observed) IS DISTINCT FROM (e.first, e.last, e.observed)) AS other_time,
       count(*) FILTER (WHERE abs(f.llr - e.llr::float8) > 1e-7) AS other_ratio, count(*) FILTER (WHERE f.centre <> e.centre) AS other_centre
FROM expected e FULL JOIN found f ON f.m = e.m AND f.cluster = e.rank;
SELECT count(DISTINCT analysis) AS analyses, count(DISTINCT bernoulli) AS models, count(*) FILTER (WHERE cardinality(members) > 1) > 50 AS many_large FROM expected JOIN map USING (m);

-- the same seed gives the same p-values; a smaller ratio never a smaller one; another seed another draw
SELECT bool_and(a.p_value <= b.p_value) AS falls_with_the_ratio FROM found a JOIN found b ON a.m = b.m AND a.cluster < b.cluster;
CREATE FUNCTION town(replicas int, seed bigint, OUT cluster int, OUT members text[], OUT observed bigint, OUT expected numeric, OUT llr numeric, OUT p_value float8, OUT recurrence float8) RETURNS SETOF record LANGUAGE sql AS $$
  SELECT cluster, members, observed, round(expected::numeric, 6), round(llr::numeric, 6), p_value, recurrence
  FROM civic.scan('{a,b,c,d,e,f,g,h}', '{0,1,2,3,4,5,6,7}', '{0,0,0,0,0,0,0,0}', '{1,2,9,8,1,0,1,2}', '{20,20,20,20,20,20,20,20}', replicas => $1, seed => $2, distance => 'planar')
$$;
SELECT * FROM town(999, 1);
SELECT (SELECT array_agg(t) FROM town(199, 1) AS t) = (SELECT array_agg(t) FROM town(199, 1) AS t) AS same_seed_same_answer;
-- no replicas, no p-value
SELECT cluster, p_value IS NULL AS no_p FROM town(0, 1);

-- on the sphere: radius in kilometres, the shorter way round
SELECT members, round(radius::numeric, 2) AS km FROM scan('{east,west,far}', '{179.9,-179.9,10}', '{0,0,0}', '{5,5,0}', '{10,10,80}', replicas => 99, clusters => 1);
-- no cases, no rate that is raised, a location that holds everything, no people in a place, all cases in one circle
SELECT count(*) FROM scan('{a,b}', '{0,1}', '{0,0}', '{0,0}', '{10,10}');
SELECT count(*) FROM scan('{a,b}', '{0,1}', '{0,0}', '{5,5}', '{10,10}');
SELECT count(*) FROM scan('{}', '{}', '{}', '{}', '{}');
SELECT members, observed FROM scan('{a,b,c}', '{0,1,2}', '{0,0,0}', '{9,0,1}', '{10,0,10}', distance => 'planar', replicas => 0);
SELECT members, relative_risk, round(llr::numeric, 6) AS llr, p_value FROM scan('{a,b,c}', '{0,1,2}', '{0,0,0}', '{9,0,0}', '{10,10,10}', distance => 'planar', replicas => 99);
SELECT members, relative_risk, round(llr::numeric, 6) AS llr FROM scan('{a,b,c}', '{0,1,2}', '{0,0,0}', '{10,0,0}', '{10,10,10}', model => 'bernoulli', distance => 'planar', replicas => 9);
-- prospective: a cluster of today recurs by chance every so many periods
SELECT members, from_period, to_period, observed, p_value * recurrence AS one FROM scan('{a,b,c}', '{0,1,2}', '{0,0,0}', '{1,1,1,6, 1,1,1,1, 1,1,1,1}', '{10,10,10}', periods => 4, analysis => 'prospective', max_duration => 2, clusters => 1, distance => 'planar');

-- what cannot be asked
SELECT scan('{a,b}', '{0}', '{0,0}', '{1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1,1}');
SELECT scan('{a,a}', '{0,1}', '{0,0}', '{1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,-1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,-1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,NaN}');
SELECT scan('{a,b}', '{0,181}', '{0,0}', '{1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,91}', '{1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,0}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{2,1}', '{1,5}', model => 'bernoulli');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1.5,5}', model => 'bernoulli');
SELECT scan('{a,NULL}', '{0,1}', '{0,0}', '{1,1}', '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', NULL, '{1,1}');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', model => 'poison');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', population_share => 0);
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', analysis => 'prospective');
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', max_duration => 3);
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', replicas => -1);
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', periods => 0);
SELECT scan('{a,b}', '{0,1}', '{0,0}', '{3000000000,1}', '{1,1}');
-- work that can be stopped
SET statement_timeout = 200;
\set VERBOSITY sqlstate
SELECT count(*) FROM scan((SELECT array_agg(i::text) FROM generate_series(1, 3000) i), (SELECT array_agg(i % 60) FROM generate_series(1, 3000) i), (SELECT array_agg(i / 60) FROM generate_series(1, 3000) i),
  (SELECT array_agg(i % 7) FROM generate_series(1, 3000) i), (SELECT array_agg(10) FROM generate_series(1, 3000) i), replicas => 99999, distance => 'planar');
RESET statement_timeout;
