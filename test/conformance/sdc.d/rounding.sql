-- Variables: input (a row a person: indicator, ward, district, province, sex, age, disability, migrant, youth), publish (cells with R's result).
SET search_path = civic, public;
CREATE TEMP TABLE person (indicator int, ward int, district int, province int, sex text, age text, dis text, mig text, you text);
CREATE TEMP TABLE reference (level text, area text, indicator int, breakdown text, member text, original bigint, rounded bigint, weighted bigint);
SELECT format('\copy person FROM %L CSV', :'input') AS load_person, format('\copy reference FROM %L CSV HEADER', :'publish') AS load_reference \gset
:load_person
:load_reference
-- wards have their ids, districts 10000 more, provinces 20000 more
CREATE TEMP TABLE place AS
  SELECT DISTINCT ward AS id, coalesce(10000 + district, 20000 + province) AS parent, 'ward' AS level FROM person
  UNION SELECT DISTINCT 10000 + district, 20000 + province, 'district' FROM person WHERE district IS NOT NULL
  UNION SELECT DISTINCT 20000 + province, 30000, 'province' FROM person UNION SELECT 30000, 0, 'country';
CREATE TEMP TABLE answer AS SELECT p.indicator, p.ward, v.b, coalesce(v.m, 'unknown') AS m FROM person p, LATERAL (VALUES ('sex', sex), ('age', age), ('dis', dis), ('mig', mig), ('you', you)) AS v (b, m);
CREATE TEMP TABLE member AS SELECT row_number() OVER (ORDER BY b, m)::int AS id, dense_rank() OVER (ORDER BY b)::int AS breakdown, b, m FROM (SELECT DISTINCT b, m FROM answer) AS x;
CREATE TEMP TABLE inner_count AS SELECT ward, indicator, 0 AS member, count(*) AS n FROM person GROUP BY 1, 2 UNION ALL SELECT ward, indicator, id, count(*) FROM answer JOIN member USING (b, m) GROUP BY 1, 2, 3;
CREATE TEMP TABLE result AS
  SELECT u.* FROM generate_series(1, 10) AS l, (SELECT array_agg(ward) AS w, array_agg(indicator) AS i, array_agg(member) AS m, array_agg(n) AS n FROM inner_count) AS r,
    LATERAL (SELECT round_counts((SELECT array_agg(id) FROM place), (SELECT array_agg(parent) FROM place), (SELECT array_agg(id) FROM member), (SELECT array_agg(breakdown) FROM member),
      r.w, r.i, r.m, r.n, 5, '\x000102030405060708090a0b0c0d0e0f', l::text) AS z) AS f, LATERAL unnest(array_fill(l, ARRAY[cardinality(r.w)]), r.w, r.i, r.m, r.n, f.z) AS u (label, ward, indicator, member, n, z);
CREATE TEMP TABLE cell AS
  WITH RECURSIVE up AS (SELECT id AS ward, id, parent, level FROM place WHERE level = 'ward' UNION ALL SELECT u.ward, p.id, p.parent, p.level FROM up u JOIN place p ON p.id = u.parent)
  SELECT label, level, id, indicator, member, sum(n) AS n, sum(z) AS z FROM result JOIN up USING (ward) GROUP BY 1, 2, 3, 4, 5;
SELECT 'rounding ' || name || ' ' || holds::int || '/1' FROM (
  SELECT 'cells' AS name, count(*) FILTER (WHERE label = 1) >= (SELECT count(*) FROM reference) AS holds FROM cell
  UNION ALL SELECT 'multiples_of_the_base', bool_and(z % 5 = 0 AND z >= 0) FROM cell
  UNION ALL SELECT 'noughts_stay', coalesce(bool_and(z = 0), true) FROM cell WHERE n = 0
  UNION ALL SELECT 'additive', bool_and(t.z = p.z) FROM (SELECT label, level, cell.id, indicator, breakdown, sum(z) AS z FROM cell JOIN member m ON m.id = cell.member GROUP BY 1, 2, 3, 4, 5) AS p JOIN cell t USING (label, level, id, indicator) WHERE t.member = 0
  UNION ALL SELECT 'totals_within_4', max(abs(z - n)) <= 4 FROM cell WHERE member = 0
  UNION ALL SELECT 'members_within_9', max(abs(z - n)) <= 9 FROM cell WHERE member > 0
  UNION ALL SELECT 'few_members_off_by_5', avg((abs(z - n) >= 5)::int) <= 0.01 FROM cell WHERE member > 0
  UNION ALL SELECT 'mean_error_at_most_R', (SELECT avg(abs(z - n)) FROM cell) <= (SELECT avg(abs(rounded - original)) FROM reference)) AS x;
SELECT format('rounding mean error %s, R %s, over 10 keys; largest %s, R %s', round((SELECT avg(abs(z - n)) FROM cell), 3), round(avg(abs(rounded - original)), 3), (SELECT max(abs(z - n)) FROM cell), max(abs(rounded - original))) FROM reference;
