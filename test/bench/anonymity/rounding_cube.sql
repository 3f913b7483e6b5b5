-- Variable: wards. A whole three-way cube (sex x age x need) as one breakdown of 40 members, with all its sums, in schema cube.
CREATE SCHEMA cube;
SET search_path = cube, civic, public;
CREATE TABLE place AS SELECT DISTINCT w + 1 AS id, 100001 + m AS parent FROM leaf_:wards UNION SELECT DISTINCT 100001 + m, 200001 + d FROM leaf_:wards
  UNION SELECT DISTINCT 200001 + d, 300001 + p FROM leaf_:wards UNION SELECT DISTINCT 300001 + p, 400000 FROM leaf_:wards UNION SELECT 400000, 0;
CREATE TABLE member AS SELECT row_number() OVER (ORDER BY sex, age, need)::int AS id, 1 AS breakdown, sex, age, need FROM (SELECT DISTINCT sex, age, need FROM leaf_:wards) AS x;
-- a member is a sum of itself; the other sums are the margins
CREATE TABLE member_sum AS SELECT id AS member, CASE WHEN s IS NOT NULL AND a IS NOT NULL AND d IS NOT NULL THEN id ELSE (1000 + dense_rank() OVER (ORDER BY s, a, d))::int END AS sum
  FROM (SELECT m.id, CASE WHEN b & 1 > 0 THEN sex END AS s, CASE WHEN b & 2 > 0 THEN age END AS a, CASE WHEN b & 4 > 0 THEN need END AS d FROM member m, generate_series(1, 7) AS b) AS x;
CREATE TABLE counts AS SELECT l.w + 1 AS area, 1 AS series, m.id AS member, l.n::bigint AS n FROM leaf_:wards l JOIN member m USING (sex, age, need) WHERE l.n > 0;
INSERT INTO counts SELECT area, 1, 0, sum(n) FROM counts GROUP BY area;
