-- civic.suppress(): cells, what they may be, and what is withheld
SET search_path = civic, public;

-- ---- the problem as a value ----
CREATE TABLE town (inner_id int, ward text, sex text, need text, n bigint);
INSERT INTO town
SELECT row_number() OVER (ORDER BY w, s, d), w, s, d, n
FROM (VALUES ('a', 'f', 'food', 3), ('a', 'f', 'water', 8), ('a', 'm', 'food', 9), ('a', 'm', 'water', 0),
             ('b', 'f', 'food', 12), ('b', 'f', 'water', 7), ('b', 'm', 'food', 1), ('b', 'm', 'water', 20),
             ('c', 'f', 'food', 0), ('c', 'f', 'water', 15), ('c', 'm', 'food', 6), ('c', 'm', 'water', 11)) AS v (w, s, d, n);
CREATE TABLE cube AS
SELECT row_number() OVER (ORDER BY ward NULLS FIRST, sex NULLS FIRST, need NULLS FIRST)::bigint AS cell,
       coalesce(ward, '*') AS ward, coalesce(sex, '*') AS sex, coalesce(need, '*') AS need,
       sum(n)::bigint AS n, array_agg(inner_id ORDER BY inner_id) AS members
FROM town GROUP BY CUBE (ward, sex, need);
CREATE FUNCTION problem() RETURNS suppression_problem LANGUAGE sql AS
  $$SELECT suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END) FROM cube$$;

SELECT '3 = 12: 4 5; 1=1 primary singleton width 7:-2 1;2 = 0 hidden : 9;'::suppression_problem;
SELECT ''::suppression_problem AS empty, suppression_problem_send('') AS sent;
SELECT suppression_problem_send('1 = 2 required : 1 2');
SELECT * FROM suppression_cells('7 = 4 primary : 3; -2 = -5 primary singleton width 0 : 1 -2');
SELECT p = p::text::suppression_problem AS text_round_trip, p = problem() AS same, p <> '1 = 1 : 1' AS different,
       suppression_problem_hash(p) = suppression_problem_hash(p::text::suppression_problem) AS hash_agrees,
       suppression_problem_hash_extended(p, 7) = suppression_problem_hash_extended(p::text::suppression_problem, 7) AS seeded_too
FROM problem() AS p;
-- any order, any split, through stored parts, with and without parallel workers
SELECT bool_and(p = problem()) AS same
FROM (SELECT (SELECT suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END)
              FROM (SELECT * FROM cube ORDER BY hashint8(cell + seed)) AS shuffled)
      FROM generate_series(1, 20) AS seed) AS x (p);
SELECT bool_and(p = problem()) AS same
FROM (SELECT (SELECT suppression_problem_union(part)
              FROM (SELECT suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END) AS part
                    FROM cube GROUP BY abs(hashint8(cell + seed)) % (seed % 7 + 1)
                    UNION ALL SELECT NULL
                    UNION ALL SELECT suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END) FROM cube WHERE cell % 3 = 0) AS parts)
      FROM generate_series(1, 20) AS seed) AS x (p);
SELECT suppression_problem(cell, members, n, NULL) IS NULL AS no_cells FROM cube WHERE false;
ALTER TABLE cube SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END) = problem() AS same FROM cube;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- ---- what is refused ----
SELECT '1 = 2'::suppression_problem;
SELECT '1 = 2 secret : 3'::suppression_problem;
SELECT '1 = 2 : 3 : 4'::suppression_problem;
SELECT '1 = 2 : 3; 1 = 2 : 4'::suppression_problem;
SELECT '1 = 2 : 0'::suppression_problem;
SELECT '1 = 2 : '::suppression_problem;
SELECT '1 = -2 : 3'::suppression_problem;
SELECT '1 = 35184372088832 width 35184372088832 : 3; 2 = -35184372088832 : -4'::suppression_problem AS largest;
-- binary: the last cell's members end it
CREATE TEMP TABLE stored AS SELECT '1 = 3 primary : 1 2; 2 = 4 : 1; 9 = 1 hidden singleton width 4 : 5 -3 7'::suppression_problem AS p;
\set copy `echo "${TMPDIR:-/tmp}/civic_suppress_$$.bin"`
COPY stored TO :'copy' (FORMAT binary);
CREATE TEMP TABLE stored_again (LIKE stored);
COPY stored_again FROM :'copy' (FORMAT binary);
\! rm -f ${TMPDIR:-/tmp}/civic_suppress_*.bin
SELECT count(*) AS equal FROM stored JOIN stored_again USING (p);
SELECT '1 = 35184372088833 : 3'::suppression_problem;
SELECT '2 = -35184372088833 : -4'::suppression_problem;
SELECT '1 = 99999999999999 : 3'::suppression_problem;
SELECT a.i, b.i, a.p = b.p AS equal FROM (VALUES (1, '1 = 1 : 1'::suppression_problem), (2, '1 = 1 : 1; 2 = 1 : 2')) AS a (i, p), (VALUES (1, '1 = 1 : 1'::suppression_problem), (2, '1 = 1 : 1; 2 = 1 : 2')) AS b (i, p) ORDER BY 1, 2;
SELECT '1 = 2 width 99999999999999 : 3'::suppression_problem;
SELECT '1 = 2 : 3000000000'::suppression_problem;
SELECT suppression_problem(NULL, '{1}', 1, NULL);
SELECT suppression_problem(1, NULL, 1, NULL);
SELECT suppression_problem(1, '{1}', NULL, NULL);
SELECT suppression_problem(1, '{1,NULL}', 1, NULL);
SELECT suppression_problem(1, '{{1},{2}}', 1, NULL);
SELECT suppression_problem(1, '{}', 0, NULL);
SELECT suppression_problem(1, '{1}', 1, 'secret');
SELECT suppression_problem(1, '{1}', 1, NULL, 1, -1);
SELECT * FROM suppress('1 = 4 : 1 1', 0);
SELECT * FROM suppress('1 = 4 : 1; 2 = 5 : 2; 3 = 8 : 1 2');
SELECT * FROM suppress('3 = 8 : 1 2');
SELECT * FROM suppress('1 = 8 : 1', -1);
SELECT * FROM suppress('1 = 8 : 1', 3, -1);
SELECT * FROM suppress('1 = 8 : 1', max_memory_mb => 0);

-- ---- what is withheld ----
-- a count of 3 takes others with it, so that no sum gives it back
CREATE TABLE outcome AS SELECT * FROM suppress(problem());
SELECT c.ward, c.sex, c.need, CASE WHEN o.suppressed THEN 'x' ELSE c.n::text END AS shown
FROM cube AS c JOIN outcome AS o USING (cell) ORDER BY cell;
SELECT c.n, o.low, o.high FROM cube AS c JOIN outcome AS o USING (cell) WHERE o.low IS NOT NULL ORDER BY cell;
-- every additive relation of the cube: never one unknown alone
SELECT count(*) FILTER (WHERE unknown = 1) AS given_away, count(*) AS relations
FROM (SELECT parent.cell, dimension, (pout.suppressed)::int + count(*) FILTER (WHERE cout.suppressed) AS unknown
      FROM cube AS parent JOIN outcome AS pout USING (cell)
      CROSS JOIN unnest(ARRAY['ward', 'sex', 'need']) AS dimension
      JOIN cube AS child ON parent.members @> child.members
       AND CASE dimension WHEN 'ward' THEN parent.ward = '*' AND child.ward <> '*' AND (child.sex, child.need) = (parent.sex, parent.need)
                          WHEN 'sex' THEN parent.sex = '*' AND child.sex <> '*' AND (child.ward, child.need) = (parent.ward, parent.need)
                          ELSE parent.need = '*' AND child.need <> '*' AND (child.ward, child.sex) = (parent.ward, parent.sex) END
      JOIN outcome AS cout ON cout.cell = child.cell
      GROUP BY parent.cell, dimension, pout.suppressed) AS relation;
-- the same again and again
SELECT count(DISTINCT result) AS results
FROM (SELECT (SELECT string_agg(s::text, ',' ORDER BY s.cell) FROM suppress(problem()) AS s) AS result FROM generate_series(1, 50)) AS x;

-- nothing to protect, nothing withheld; an only secret without a total
SELECT bool_or(suppressed) AS any FROM suppress((SELECT suppression_problem(cell, members, n, NULL) FROM cube));
SELECT * FROM suppress('1 = 2 primary : 1');
SELECT * FROM suppress('');
SELECT * FROM suppress(NULL);

-- linear algebra alone is content with 2 + 1 = 3; two cells of one person are not; nor is a width of 3 with a sum of 2
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 1 primary : 2; 3 = 3 : 1 2; 4 = 50 : 3; 5 = 53 : 1 2 3', 0, singletons => false);
SELECT cell, suppressed FROM suppress('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 3 = 2 : 1 2; 4 = 50 : 3; 5 = 52 : 1 2 3', 0, singletons => false);
SELECT cell, suppressed FROM suppress('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 3 = 2 : 1 2; 4 = 50 : 3; 5 = 52 : 1 2 3', 0);
SELECT cell, suppressed FROM suppress('1 = 1 primary : 1; 2 = 1 primary : 2; 3 = 2 : 1 2; 4 = 50 : 3; 5 = 52 : 1 2 3', 3, singletons => false);
-- 900 from one payer and 500 from three: the one payer subtracts himself
SELECT cell, suppressed FROM suppress('1 = 900 primary : 1; 2 = 500 primary : 2; 3 = 1400 : 1 2; 4 = 9000 : 3; 5 = 10400 : 1 2 3', 0);
SELECT cell, suppressed FROM suppress((SELECT suppression_problem(cell, members, value, role, contributors, NULL)
  FROM (VALUES (1, '{1}'::int[], 900, 'primary', 1), (2, '{2}', 500, 'primary', 3), (3, '{1,2}', 1400, NULL, 4), (4, '{3}', 9000, NULL, 9), (5, '{1,2,3}', 10400, NULL, 13))
       AS v (cell, members, value, role, contributors)), 0);
-- a width of its own for one cell
SELECT s.*, high - low >= 400 AS wide FROM suppress('1 = 900 primary width 400 : 1; 2 = 500 primary width 0 : 2; 3 = 100 : 3; 4 = 1400 : 1 2; 5 = 1000 : 1 3; 6 = 600 : 2 3; 7 = 1500 : 1 2 3') AS s;

-- of two counts of 13 the one in the smaller total is withheld, whatever its number
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 13 : 2; 3 = 13 : 3; 9 = 28 : 1 2 3; 4 = 30 hidden : 4; 5 = 60 hidden : 5; 24 = 43 : 2 4; 35 = 73 : 3 5', 0);
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 13 : 2; 3 = 13 : 3; 9 = 28 : 1 2 3; 4 = 30 hidden : 4; 5 = 60 hidden : 5; 24 = 73 : 2 5; 35 = 43 : 3 4', 0);
-- a width is of whole numbers: from 0.5 to 3.5 is from 1 to 3
SELECT width, s.* FROM (VALUES (2), (3)) AS w (width), suppress('1 = 2 primary : 1; 2 = 2 hidden : 2; 3 = 2 hidden : 3; 4 = 3 hidden : 4; 5 = 3 hidden : 5; 6 = 10 hidden : 6;
  11 = 7 : 1 2 4; 12 = 7 : 2 3 4; 13 = 7 : 1 3 4; 14 = 13 : 5 6; 15 = 14 : 1 2 6', width) AS s;

-- zeros: shown ones tell of all their parts; protected ones are primaries; a sum of secret zeros gives them away
SELECT cell, suppressed FROM suppress('1 = 0 primary : 1; 2 = 0 : 2; 3 = 0 : 1 2; 4 = 9 : 3; 5 = 9 : 1 2 3', 0);
SELECT cell, suppressed FROM suppress('1 = 0 primary : 1; 2 = 30 : 2; 3 = 20 : 3; 4 = 9 : 4; 12 = 30 : 1 2; 34 = 29 : 3 4; 13 = 20 : 1 3; 24 = 39 : 2 4; 99 = 59 : 1 2 3 4');
-- a parent and its only child have one fate
SELECT cell, suppressed FROM suppress('1 = 3 primary : 1; 2 = 3 primary : 2; 10 = 3 primary : 1; 20 = 3 primary : 2; 3 = 40 : 3; 99 = 46 : 1 2 3');
SELECT cell, suppressed FROM suppress('1 = 3 primary : 1; 10 = 3 : 1; 2 = 30 : 2; 3 = 40 : 3; 99 = 73 : 1 2 3');
-- two groupings of the same inner cells, linked: what either says counts
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 30 : 2; 3 = 40 : 3; 4 = 50 : 4; 12 = 32 : 1 2; 34 = 90 : 3 4; 14 = 52 : 1 4; 23 = 70 : 2 3; 99 = 122 : 1 2 3 4');
-- hidden inner cells; a difference of two releases, 7 - 5, is a secret of 2
SELECT cell, suppressed FROM suppress('1 = 2 hidden : 1; 2 = 30 hidden : 2; 3 = 3 hidden : 3; 4 = 40 hidden : 4; 11 = 32 : 1 2; 12 = 43 : 3 4; 21 = 5 : 1 3; 22 = 70 : 2 4; 5 = 2 primary : 1');
SELECT cell, suppressed FROM suppress('1 = 5 hidden : 1; 2 = 2 hidden : 2; 3 = 60 hidden : 3; 4 = 0 hidden : 4; 5 = 2 primary : 2 -4;
  101 = 5 required : 1 4; 103 = 60 required : 3; 199 = 65 required : 1 3 4; 201 = 7 : 1 2; 203 = 60 : 3; 299 = 67 : 1 2 3');

-- required cells, and what they must not do
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 30 : 2; 3 = 40 required : 3; 4 = 50 : 4; 99 = 122 required : 1 2 3 4');
SELECT cell, suppressed FROM suppress('1 = 2 primary : 1; 2 = 30 required : 2; 99 = 32 required : 1 2');
SELECT cell, suppressed FROM suppress('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 12 = 2 required : 1 2');
SELECT cell, suppressed FROM suppress('1 = 0 primary : 1; 2 = 0 required : 2; 12 = 0 required : 1 2');
SELECT cell, suppressed FROM suppress('1 = 1 primary : 1; 2 = 1 primary : 2; 12 = 2 required : 1 2', singletons => false);
SELECT cell, suppressed FROM suppress('1 = 1 primary : 1; 2 = 1 primary : 2; 12 = 2 required : 1 2', 2, singletons => false);
-- programs tell the reasons apart by SQLSTATE, and have the primary cell's number as a field
CREATE FUNCTION suppress_refusal(problem suppression_problem, singletons boolean, OUT state text, OUT primary_cell text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM s.cell FROM suppress(problem, singletons => singletons) AS s;
EXCEPTION WHEN SQLSTATE 'SU000' THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, primary_cell = COLUMN_NAME;
END $$;
SELECT p.problem, r.* FROM (VALUES ('1 = 2 primary : 1; 2 = 30 required : 2; 99 = 32 required : 1 2'), ('7 = 0 primary : 1; 2 = 0 required : 2; 12 = 0 required : 1 2'),
    ('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 12 = 2 required : 1 2'), ('1 = 1 primary : 1; 2 = 1 primary : 2; 12 = 2 required : 1 2')) AS p (problem)
  CROSS JOIN LATERAL suppress_refusal(p.problem::suppression_problem, p.problem LIKE '%singleton%') AS r;

-- strict: every upper bound reaches the threshold
SELECT s.* FROM suppress(problem(), upper => 5) AS s WHERE low IS NOT NULL;
SELECT bool_and(high >= 5 OR high IS NULL) AS all_reach FROM suppress(problem(), upper => 5) WHERE low IS NOT NULL;

-- ---- witnesses, checked by SQL alone ----
CREATE TABLE withheld AS SELECT cell FROM suppress(problem(), upper => 5) WHERE suppressed;
SELECT p.cell, bool_and(x.fits) AS published_stay, min(x.least) >= 0 AS none_negative, bool_or(x.raised) AS raised
FROM cube AS p
CROSS JOIN LATERAL (
  SELECT c.cell IN (SELECT cell FROM withheld) OR abs(sum(w.value) - c.n) < 1e-5 AS fits, min(w.value) AS least,
         c.cell = p.cell AND sum(w.value) >= 5 AS raised
  FROM cube AS c, unnest(c.members) AS m (inner_cell)
  JOIN suppression_witness(problem(), (SELECT array_agg(cell) FROM withheld), p.cell, 5) AS w USING (inner_cell)
  GROUP BY c.cell, c.n) AS x
WHERE p.n BETWEEN 1 AND 4 GROUP BY p.cell ORDER BY p.cell;
SELECT count(*) AS rows FROM suppression_witness('1 = 2 primary : 1; 2 = 30 : 2; 12 = 32 : 1 2', '{}', 1, 3);
SELECT * FROM suppression_witness('1 = 2 primary : 1; 2 = 30 : 2; 12 = 32 : 1 2', '{2}', 1, 32);
SELECT count(*) AS rows FROM suppression_witness('1 = 2 primary : 1; 2 = 30 : 2; 12 = 32 : 1 2', '{2}', 1, 33);
SELECT * FROM suppression_witness('1 = 2 primary : 1; 2 = 30 : 2', '{}', 1, 100);
SELECT * FROM suppression_witness('1 = 2 primary : 1', '{7}', 1, 100);

-- ---- a sensitive dimension ----
SELECT l_diverse('{12,0,0}') AS all_alike, l_diverse('{11,1,0}') AS all_but_one, l_diverse('{10,2,0}') AS two_kinds,
       l_diverse('{10,2,0}', 3) AS of_three, l_diverse('{10,1,1}') AS three_kinds, l_diverse('{}') AS nobody, l_diverse(NULL) AS unknown;

-- ---- limits ----
SELECT count(*) FROM suppress((SELECT suppression_problem(i, ARRAY[i]::int[], i % 9, CASE WHEN i % 9 BETWEEN 1 AND 4 THEN 'primary' END)
  FROM generate_series(1, 30000) AS i), max_memory_mb => 1);
DROP TABLE town, cube, outcome, withheld;
DROP FUNCTION problem;
