-- civic.round_counts() and civic.round_again(): what they promise, against plain SQL
SET search_path = civic, public;
\set SHOW_CONTEXT never
CREATE FUNCTION secret() RETURNS bytea IMMUTABLE LANGUAGE sql AS $$ SELECT '\x000102030405060708090a0b0c0d0e0f'::bytea $$;

-- ---- a small country: two provinces, one district, a ward right under its province ----
CREATE TABLE place (id int, parent int);
INSERT INTO place VALUES (1, 0), (10, 1), (20, 1), (11, 10), (111, 11), (112, 11), (12, 10), (21, 20), (22, 20);
CREATE TABLE member (id int, breakdown int, name text);
INSERT INTO member VALUES (1, 1, 'women'), (2, 1, 'men'), (3, 1, 'unknown'), (4, 2, 'young'), (5, 2, 'old');
CREATE TABLE leaf (area int, series int, member int, n bigint, PRIMARY KEY (area, series, member));
INSERT INTO leaf SELECT area, 1, m, n FROM (VALUES (111, 1, 3), (111, 2, 4), (112, 1, 1), (12, 1, 6), (12, 2, 5), (12, 3, 1), (21, 2, 2), (22, 1, 9), (22, 2, 8),
  (111, 4, 5), (111, 5, 2), (112, 5, 1), (12, 4, 12), (21, 4, 1), (21, 5, 1), (22, 4, 7), (22, 5, 10)) AS v (area, m, n);
INSERT INTO leaf SELECT area, series, 0, sum(n) FROM leaf JOIN member ON id = member WHERE breakdown = 1 GROUP BY area, series;

-- What a table of counts is rounded to, a row a count.
CREATE FUNCTION rounded(counts text, base int, label text, order_by text DEFAULT 'area, series, member', sweeps int DEFAULT 30)
  RETURNS TABLE (area int, series int, member int, n bigint, z bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT u.* FROM (SELECT array_agg(area ORDER BY %2$s) AS a, array_agg(series ORDER BY %2$s) AS s, array_agg(member ORDER BY %2$s) AS m, array_agg(n ORDER BY %2$s) AS n FROM %1$s) AS r,
    LATERAL (SELECT civic.round_counts((SELECT array_agg(id) FROM place), (SELECT array_agg(parent) FROM place), (SELECT array_agg(id) FROM member), (SELECT array_agg(breakdown) FROM member),
      r.a, r.s, r.m, r.n, $1, secret(), $2, sweeps => $3) AS z) AS f, LATERAL unnest(r.a, r.s, r.m, r.n, f.z) AS u', counts, order_by) USING base, label, sweeps;
END $$;
CREATE VIEW within AS
  WITH RECURSIVE w AS (SELECT id AS area, id AS place, parent FROM place UNION ALL SELECT w.area, p.id, p.parent FROM w JOIN place p ON p.id = w.parent)
  SELECT area, place FROM w;

SELECT area, member, n, z FROM rounded('leaf', 5, 'demo') WHERE member IN (0, 1, 2) ORDER BY member, area;
SELECT w.place, r.member, sum(n) AS n, sum(z) AS z FROM rounded('leaf', 5, 'demo') AS r JOIN within AS w USING (area) WHERE place IN (1, 10, 20) GROUP BY 1, 2 ORDER BY 2, 1;
-- the same in any order and beside other series; another label or key is another rounding
SELECT count(*) AS differ FROM (SELECT * FROM rounded('leaf', 5, 'demo') EXCEPT SELECT * FROM rounded('leaf', 5, 'demo', 'hashint4(area), member DESC')) AS x;
CREATE VIEW leaf_and_more AS SELECT * FROM leaf UNION ALL SELECT area, 2, member, n + 0 FROM leaf;
SELECT count(*) AS differ FROM (SELECT * FROM rounded('leaf', 5, 'demo') EXCEPT SELECT * FROM rounded('leaf_and_more', 5, 'demo')) AS x;
SELECT count(DISTINCT s) AS ways_taken FROM (SELECT l, string_agg(z::text, ' ' ORDER BY area, member) AS s FROM generate_series(1, 40) AS l, LATERAL rounded('leaf', 5, l::text) GROUP BY l) AS x;
SELECT round_counts('{1}', '{0}', '{}', '{}', '{1}', '{1}', '{0}', '{0}', 5, secret(), 'x') AS nought, round_counts('{1}', '{0}', '{}', '{}', '{1}', '{1}', '{0}', '{35}', 5, secret(), 'x') AS whole,
       round_counts('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 5, secret(), 'x') AS nothing, round_counts(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 5, secret(), 'x') AS none;

-- ---- what is promised, over many keys and over random trees ----
CREATE FUNCTION faults(counts text, base int, label text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  said text;
BEGIN
  CREATE TEMP TABLE r ON COMMIT DROP AS SELECT * FROM rounded(counts, base, label);
  CREATE TEMP TABLE total ON COMMIT DROP AS SELECT w.place, r.series, r.member, sum(r.n) AS n, sum(r.z) AS z FROM r JOIN within w USING (area) GROUP BY 1, 2, 3;
  SELECT concat_ws(', ',
    (SELECT 'no multiple' FROM r WHERE z % base <> 0 OR z < 0 LIMIT 1),
    (SELECT 'not next to the truth' FROM r WHERE abs(z - n) >= base LIMIT 1),
    (SELECT 'a nought moved' FROM r WHERE n = 0 AND z <> 0 LIMIT 1),
    (SELECT 'a total out of bounds' FROM total WHERE member = 0 AND abs(z - n) >= base LIMIT 1),
    (SELECT 'a member out of bounds' FROM total WHERE member > 0 AND abs(z - n) >= 2 * base LIMIT 1),
    (SELECT 'members do not add up' FROM (SELECT area, series, breakdown, sum(z) AS z FROM r JOIN member m ON m.id = r.member GROUP BY 1, 2, 3) AS p
       JOIN r USING (area, series) WHERE r.member = 0 AND r.z <> p.z LIMIT 1)) INTO said;
  DROP TABLE r, total;
  RETURN nullif(said, '');
END $$;
SELECT faults('leaf', 5, l::text) AS fault, count(*) FROM generate_series(1, 100) AS l GROUP BY 1;
SELECT faults('leaf', b, 'x') AS fault, count(*) FROM generate_series(2, 40) AS b GROUP BY 1;

-- random trees of one to four levels with gaps, persons at wards and at areas above them, two breakdowns, three series
CREATE TABLE random_site (site int, id int, parent int);
CREATE TABLE random_person (site int, area int, series int, sex int, age int);
DO $$ BEGIN PERFORM setseed(0.25); END $$;
INSERT INTO random_site SELECT s, i, CASE WHEN i = 1 THEN 0 ELSE 1 + floor(random() * least(i - 1, 6 + s % 9))::int END FROM generate_series(1, 60) AS s, generate_series(1, 3 + s % 40) AS i;
INSERT INTO random_person SELECT s, 1 + floor(power(random(), 0.7) * (3 + s % 40))::int, 1 + floor(random() * 3)::int, 1 + floor(power(random(), 2) * 3)::int, 4 + floor(random() * 2)::int
  FROM generate_series(1, 60) AS s, generate_series(1, 20 + s * 12) AS i;
CREATE TABLE site_leaf (area int, series int, member int, n bigint);
CREATE FUNCTION site_faults(site int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM place; DELETE FROM site_leaf;
  INSERT INTO place SELECT id, parent FROM random_site x WHERE x.site = $1;
  INSERT INTO site_leaf SELECT area, series, m, count(*) FROM random_person x, LATERAL (VALUES (0), (sex), (age)) AS v (m) WHERE x.site = $1 GROUP BY 1, 2, 3;
  RETURN faults('site_leaf', 3 + $1 % 6, $1::text);
END $$;
-- without LONG=1 every other of them
\set long ''
\getenv long LONG
SELECT site_faults(s) AS fault, count(*) >= 30 AS many FROM generate_series(1, 60, CASE WHEN :'long' = '1' THEN 1 ELSE 2 END) AS s GROUP BY 1;

-- ---- pivotal rounding: every total is raised as often as its residue says (3 standard errors, 2,000 keys) ----
DELETE FROM place;
INSERT INTO place VALUES (1, 0), (10, 1), (20, 1), (11, 10), (111, 11), (112, 11), (12, 10), (21, 20), (22, 20);
CREATE VIEW total_leaf AS SELECT area, series, member, n FROM leaf WHERE member = 0;
CREATE TABLE often AS SELECT w.place, r.n, r.z FROM generate_series(1, 2000) AS l, LATERAL (SELECT place, sum(n) AS n, sum(z) AS z FROM rounded('total_leaf', 5, l::text, sweeps => 1) JOIN within USING (area) GROUP BY place) AS r JOIN within w ON w.place = r.place AND w.area = r.place;
SELECT place, n, min(z) >= n - 4 AND max(z) <= n + 4 AS bound,
       abs(avg(CASE WHEN z > n THEN 1 ELSE 0 END) - (n % 5) / 5.0) < 3 * sqrt((n % 5) / 5.0 * (1 - (n % 5) / 5.0) / 2000) + 1e-9 AS as_often
FROM often WHERE n % 5 > 0 GROUP BY place, n ORDER BY place;

-- ---- the best there is, by trying everything: the search comes near ----
CREATE TABLE tiny_result AS
SELECT l, sum(e * e + 5 * greatest(abs(e) - 4, 0) ^ 2) AS cost FROM generate_series(1, 40) AS l,
  LATERAL (SELECT w.place, r.member, sum(z - n) AS e FROM rounded('leaf', 5, l::text, sweeps => 100) AS r JOIN within w USING (area) WHERE r.member IN (0, 1, 2, 3) GROUP BY 1, 2) AS c GROUP BY l;
-- all ways to round the members of breakdown 1 next to the truth, with totals in bounds
CREATE TABLE part AS SELECT row_number() OVER (ORDER BY area, member) - 1 AS at, area, member, n FROM leaf WHERE member IN (1, 2, 3) AND n % 5 > 0;
CREATE TABLE choice AS
  WITH way AS (SELECT c, p.area, p.member, (n / 5 + (c >> p.at::int & 1)) * 5 - n AS e FROM part p, generate_series(0, (1 << (SELECT count(*)::int FROM part)) - 1) AS c),
  cell AS (SELECT c, place, member, sum(e) AS e FROM way JOIN within USING (area) GROUP BY 1, 2, 3),
  everything AS (SELECT c, member, e FROM cell UNION ALL SELECT c, 0, sum(e) FROM cell GROUP BY c, place)
  SELECT c, sum(e * e + 5 * greatest(abs(e) - 4, 0) ^ 2) AS cost FROM everything GROUP BY c HAVING max(abs(e)) FILTER (WHERE member = 0) < 5;
SELECT count(*) AS ways, min(cost) AS best, (SELECT count(*) FROM tiny_result WHERE cost < (SELECT min(cost) FROM choice)) AS impossible,
       (SELECT avg(cost) FROM tiny_result) < (SELECT percentile_cont(0.02) WITHIN GROUP (ORDER BY cost) FROM choice) AS among_the_best_2_percent FROM choice;

-- ---- sums of members, and what earlier periods carry over ----
SELECT member, sum(z) AS z FROM unnest('{0,1,2,3}'::int[], round_counts('{1,2}', '{0,1}', '{1,2,3}', '{1,1,1}', '{2,2,2,2}', '{1,1,1,1}', '{0,1,2,3}', '{9,4,4,1}', 3, secret(), 'x',
  sum_member => '{1,1,2,2,3}', sum => '{1,9,2,9,3}')) AS u (member, z) GROUP BY 1 ORDER BY 1;
-- members that all count in one sum as well: a swap between them leaves it as it is, which the search has to see or it keeps what it began with
CREATE TABLE summed AS SELECT a AS area, m AS member, ((a * 7 + m * 13 + a * m * 3) % 11)::bigint AS n FROM generate_series(2, 41) AS a, generate_series(1, 3) AS m;
SELECT avg(e * e) < 3.5 AS members_near, max(abs(e)) < 10 AS bound
FROM (SELECT sum(u.z - u.n) AS e FROM generate_series(1, 40) AS l, (SELECT array_agg(area ORDER BY area, member) AS a, array_agg(member ORDER BY area, member) AS m, array_agg(n ORDER BY area, member) AS n
        FROM (SELECT * FROM summed UNION ALL SELECT area, 0, sum(n)::bigint FROM summed GROUP BY area) AS x) AS p,
      LATERAL (SELECT round_counts((SELECT array_agg(i) FROM generate_series(1, 41) AS i), (SELECT array_agg(CASE i WHEN 1 THEN 0 ELSE 1 END) FROM generate_series(1, 41) AS i), '{1,2,3}', '{1,1,1}', p.a, array_fill(1, ARRAY[cardinality(p.a)]), p.m, p.n, 5, secret(), l::text,
        sum_member => '{1,1,2,2,3,3}', sum => '{1,9,2,9,3,9}') AS z) AS f, LATERAL unnest(p.m, p.n, f.z) AS u (member, n, z) WHERE u.member > 0 GROUP BY l, u.member) AS x;
CREATE TABLE carried AS SELECT c, avg(z) AS z FROM unnest('{-4,0,4}'::bigint[]) AS c, generate_series(1, 200) AS l,
  LATERAL (SELECT sum(z) AS z FROM unnest(round_counts('{1,2,3,4}', '{0,1,1,1}', NULL, NULL, '{2,3,4}', '{7,7,7}', '{0,0,0}', '{2,2,4}', 5, secret(), l::text,
    carried_area => '{1}', carried_series => '{7}', carried => ARRAY[c])) AS z) AS s GROUP BY c;
SELECT string_agg(c::text, ' ' ORDER BY z DESC) AS highest_first FROM carried;
-- as many carried cells as make the arrays grow while they are filled
SELECT bool_and(abs(z - 2) < 5) AS within FROM unnest(round_counts((SELECT array_agg(i) FROM generate_series(1, 20000) AS i), (SELECT array_agg(0) FROM generate_series(1, 20000)), NULL, NULL,
  (SELECT array_agg(i) FROM generate_series(1, 20000) AS i), (SELECT array_agg(7) FROM generate_series(1, 20000)), (SELECT array_agg(0) FROM generate_series(1, 20000)),
  (SELECT array_agg(2::bigint) FROM generate_series(1, 20000)), 5, secret(), 'x',
  carried_area => (SELECT array_agg(i) FROM generate_series(1, 20000) AS i), carried_series => (SELECT array_agg(7) FROM generate_series(1, 20000)), carried => (SELECT array_agg(3::bigint) FROM generate_series(1, 20000)))) AS z;

-- ---- the paper's own table (Langsrud and Heldal, PSD 2018; fictitious, from SmallCountRounding, MIT licence, which gets 1.78) ----
CREATE TABLE psd AS SELECT r AS area, c AS member, n FROM (VALUES (1, ARRAY[6, 0, 1, 3, 4]), (2, ARRAY[1, 2, 3, 1, 2]), (3, ARRAY[0, 1, 1, 0, 2])) AS v (r, a), unnest(a) WITH ORDINALITY AS u (n, c);
SELECT round(avg(e), 2) AS mean_error, max(e) AS largest
FROM (SELECT l, abs(sum(u.z - u.n)) AS e FROM generate_series(1, 200) AS l, (SELECT array_agg(area) AS a, array_agg(member::int) AS m, array_agg(n::bigint) AS n FROM (SELECT * FROM psd UNION ALL SELECT area, 0, sum(n) FROM psd GROUP BY area) AS x) AS p,
        LATERAL (SELECT round_counts('{9,1,2,3}', '{0,9,9,9}', '{1,2,3,4,5}', '{1,1,1,1,1}', p.a, array_fill(1, ARRAY[cardinality(p.a)]), p.m, p.n, 5, secret(), l::text) AS z) AS f, LATERAL unnest(p.a, p.m, p.n, f.z) AS u (area, member, n, z),
        LATERAL (SELECT CASE WHEN u.member = 0 THEN 10 + u.area ELSE u.member END AS cell UNION ALL SELECT 0 WHERE u.member = 0) AS c GROUP BY l, cell) AS x;

-- ---- it can be stopped ----
SET statement_timeout = '50ms';
SELECT cardinality(rounded.z) FROM (SELECT round_counts('{1,2}', '{0,1}', '{1,2}', '{1,1}', '{1,1,1,2,2,2}', '{1,1,1,1,1,1}', '{0,1,2,0,1,2}', '{7,3,4,9,6,3}', 5, secret(), 'x', sweeps => 2000000000) AS z) AS rounded;
RESET statement_timeout;

-- ---- what is refused ----
CREATE FUNCTION refused(members text DEFAULT '{1,2}', breakdowns text DEFAULT '{1,1}', areas text DEFAULT '{1,2}', parents text DEFAULT '{0,1}', row_area text DEFAULT '{2,2,2}', row_member text DEFAULT '{0,1,2}',
    n text DEFAULT '{7,3,4}', base int DEFAULT 5, key bytea DEFAULT secret(), label text DEFAULT 'x', largest int DEFAULT NULL, sum_member int[] DEFAULT NULL, sums int[] DEFAULT NULL) RETURNS bigint[] LANGUAGE sql AS
  $$ SELECT round_counts(areas::int[], parents::int[], members::int[], breakdowns::int[], row_area::int[], ('{1' || repeat(',1', cardinality(row_area::int[]) - 1) || '}')::int[], row_member::int[], n::bigint[], base, key, label, sum_member, sums, largest => $11) $$;
SELECT refused() IS NOT NULL AS taken;
SELECT refused(n => '{7,3,-4}');
SELECT refused(n => '{7,3,1000000000001}');
SELECT refused(n => '{7,3,3}');
SELECT refused(n => '{7,3,NULL}');
SELECT refused(n => '{7,3}');
SELECT refused(row_member => '{3,1,2}');
SELECT refused(row_member => '{0,1,1}');
SELECT refused(row_member => '{1,2}', row_area => '{2,2}', n => '{3,4}');
SELECT refused(row_area => '{2,2,9}');
SELECT refused(areas => '{1,1}');
SELECT refused(parents => '{0,8}');
SELECT refused(parents => '{2,1}');
SELECT refused(breakdowns => '{1,0}');
SELECT refused(members => '{1,1}');
SELECT refused(sum_member => '{1,3}', sums => '{1,1}');
SELECT refused(sum_member => '{1,2}', sums => '{1}');
SELECT refused(base => 1);
SELECT refused(base => NULL);
SELECT refused(key => NULL);
SELECT refused(key => '\x00');
SELECT refused(largest => 3);
-- a breakdown without anybody in one area but not in another
SELECT refused(row_area => '{2,2,2,1}', row_member => '{0,1,2,0}', n => '{7,3,4,2}');
-- as near as it must be
SELECT round_counts('{1}', '{0}', '{1,2}', '{1,1}', '{1,1,1}', '{1,1,1}', '{0,1,2}', '{5,2,3}', 5, secret(), 'x', sum_member => '{1,2}', sum => '{1,2}', largest => 4) IS NOT NULL AS possible;

-- ---- a later release ----
CREATE FUNCTION again(counts text, state text, base int, label text, due text) RETURNS TABLE (area int, series int, member int, n bigint, before bigint, z bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('WITH both_of AS (SELECT area, series, member, coalesce(c.n, 0) AS n, coalesce(s.n, 0) AS was, coalesce(s.z, 0) AS z, coalesce(s.moved, false) AS moved FROM %1$s AS c FULL JOIN %2$s AS s USING (area, series, member))
    SELECT u.* FROM (SELECT array_agg(area) AS a, array_agg(series) AS s, array_agg(member) AS m, array_agg(n) AS n, array_agg(was) AS was, array_agg(z) AS z, array_agg(moved) AS moved FROM both_of) AS r,
    LATERAL (SELECT civic.round_again((SELECT array_agg(id) FROM place), (SELECT array_agg(parent) FROM place), (SELECT array_agg(id) FROM member), (SELECT array_agg(breakdown) FROM member),
      r.a, r.s, r.m, r.n, $1, secret(), $2, r.z, r.was, r.moved, (SELECT array_agg(area) FROM %3$s), (SELECT array_agg(series) FROM %3$s)) AS z) AS f, LATERAL unnest(r.a, r.s, r.m, r.n, r.z, f.z) AS u', counts, state, due)
    USING base, label;
END $$;
CREATE TABLE state AS SELECT area, series, member, n, z, false AS moved FROM rounded('leaf', 5, 'demo');
CREATE TABLE due (area int, series int);
CREATE TABLE later AS SELECT area, series, member, n FROM leaf;
-- nobody is due: nothing moves, whatever changed
UPDATE later SET n = n + 20 WHERE area = 22 AND member IN (0, 1, 4);
SELECT count(*) AS moved FROM again('later', 'state', 5, 'demo', 'due') WHERE before <> z;
-- where it is due it moves, with its members; elsewhere nothing
INSERT INTO due VALUES (22, 1), (20, 1), (1, 1);
SELECT area, member, n, before, z FROM again('later', 'state', 5, 'demo', 'due') WHERE before <> z ORDER BY 1, 2;
-- an area that is due by many small ones moves one whose truth stays inside the step
DELETE FROM due; INSERT INTO due VALUES (1, 1);
DELETE FROM later; INSERT INTO later SELECT area, series, member, n + CASE WHEN area IN (111, 12, 22) AND member IN (0, 1, 4) THEN 2 ELSE 0 END FROM leaf;
SELECT count(*) FILTER (WHERE member = 0 AND before <> z) AS totals_moved, bool_and(abs(z - before) <= 5) AS by_one_base,
       bool_and(NOT (before <> z) OR (n > least(before, z) AND n < greatest(before, z))) AS inside_the_step FROM again('later', 'state', 5, 'demo', 'due');
-- everybody gone
DELETE FROM due; INSERT INTO due SELECT id, 1 FROM place;
UPDATE later SET n = 0;
SELECT count(*) AS cells, max(z) AS largest FROM again('later', 'state', 5, 'demo', 'due');
-- what is no state is refused
UPDATE state SET z = z + 5 WHERE area = 22 AND member = 1;
SELECT count(*) FROM again('later', 'state', 5, 'demo', 'due');
UPDATE state SET z = z - 3 WHERE area = 22 AND member = 1;
SELECT count(*) FROM again('later', 'state', 5, 'demo', 'due');
-- it still adds up and keeps its promises over random sites and random changes
CREATE FUNCTION again_faults(site int, share float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  said text;
BEGIN
  DELETE FROM place; DELETE FROM site_leaf; DELETE FROM state; DELETE FROM due;
  INSERT INTO place SELECT id, parent FROM random_site x WHERE x.site = $1;
  CREATE TEMP TABLE person ON COMMIT DROP AS SELECT *, (hashint8(area * 7919 + series * 31 + row_number() OVER ()) & 1023) / 1024.0 AS u FROM random_person x WHERE x.site = $1;
  INSERT INTO site_leaf SELECT area, series, m, count(*) FROM person, LATERAL (VALUES (0), (sex), (age)) AS v (m) WHERE u > share GROUP BY 1, 2, 3;
  INSERT INTO state SELECT r.area, r.series, r.member, r.n, r.z, false FROM rounded('site_leaf', 5, $1::text) AS r;
  DELETE FROM site_leaf;
  INSERT INTO site_leaf SELECT area, series, m, count(*) FROM person, LATERAL (VALUES (0), (sex), (age)) AS v (m) WHERE u < 1 - share / 2 GROUP BY 1, 2, 3;
  INSERT INTO due SELECT place, p.series FROM person p JOIN within USING (area) WHERE u <= share OR u >= 1 - share / 2 GROUP BY 1, 2 HAVING count(*) >= 5;
  CREATE TEMP TABLE r ON COMMIT DROP AS SELECT * FROM again('site_leaf', 'state', 5, $1::text, 'due');
  CREATE TEMP TABLE total ON COMMIT DROP AS SELECT w.place, r.series, r.member, sum(r.n) AS n, sum(r.z) AS z FROM r JOIN within w USING (area) GROUP BY 1, 2, 3;
  SELECT concat_ws(', ',
    (SELECT 'no multiple' FROM r WHERE r.z % 5 <> 0 OR r.z < 0 LIMIT 1),
    (SELECT 'members do not add up' FROM (SELECT r.area, r.series, m.breakdown, sum(r.z) AS z FROM r JOIN member m ON m.id = r.member GROUP BY 1, 2, 3) AS p
       JOIN r USING (area, series) WHERE r.member = 0 AND r.z <> p.z LIMIT 1),
    (SELECT 'not due, and moved by more than a step' FROM r WHERE r.before <> r.z AND NOT EXISTS (SELECT FROM due d WHERE (d.area, d.series) = (r.area, r.series)) AND r.member = 0
       AND (abs(r.z - r.before) > 5 OR r.n <= least(r.before, r.z) OR r.n >= greatest(r.before, r.z)) LIMIT 1)) INTO said;
  DROP TABLE r, total, person;
  RETURN nullif(said, '');
END $$;
SELECT again_faults(s, share) AS fault, count(*) >= 30 AS many FROM generate_series(1, 60, CASE WHEN :'long' = '1' THEN 1 ELSE 4 END) AS s, unnest('{0.05,0.3}'::float8[]) AS share GROUP BY 1;
