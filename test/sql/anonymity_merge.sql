-- Properties of the states: however the rows are split, ordered, stored and run,
-- the same subjects give the same state.
SET search_path = civic, public;

-- One trial: random rows, split into random parts of random order; each part
-- aggregated, written as text and read, and all parts united in random order.
CREATE FUNCTION trial_fails(rows int, spread bigint, parts int, k int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE failed text;
BEGIN
  CREATE TEMP TABLE fact AS
  SELECT CASE WHEN random() < 0.05 THEN NULL ELSE (floor(random() * spread) - spread / 2)::bigint END AS subject,
         CASE WHEN random() < 0.05 THEN NULL ELSE floor(random() * 1e6 - 5e5)::bigint END AS value,
         floor(random() * parts)::int AS part
  FROM generate_series(1, rows);
  WITH part AS (
    SELECT k_set(subject ORDER BY random())::text::subject_set AS set, k_gate(subject, k ORDER BY random())::text::subject_gate AS gate,
           k_sum(subject, value ORDER BY random())::text::subject_sums AS sums
    FROM fact GROUP BY part),
  parts AS (
    SELECT k_set_union(set ORDER BY random()) AS set, k_distinct_union(set) AS n, k_gate_union(gate ORDER BY random()) AS gate,
           k_sum_union(sums ORDER BY random()) AS sums FROM part),
  whole AS (
    SELECT k_set(subject) AS set, count(DISTINCT subject) AS n, k_gate(subject, k) AS gate, k_sum(subject, value) AS sums FROM fact)
  SELECT concat_ws(', ', CASE WHEN p.set <> w.set OR p.set::text <> w.set::text THEN 'set' END, CASE WHEN p.n <> w.n OR n_distinct(p.set) <> w.n THEN 'n' END,
                   CASE WHEN p.gate <> w.gate OR reached(p.gate) <> (w.n >= k) THEN 'gate' END,
                   CASE WHEN p.sums <> w.sums OR p.sums::text <> w.sums::text THEN 'sums' END,
                   CASE WHEN k_set_merge(w.set, p.set) <> w.set OR k_set_changed(w.set, p.set) <> 0 THEN 'not idempotent' END)
  INTO failed FROM parts AS p, whole AS w;
  DROP TABLE fact;
  RETURN nullif(failed, '');
END $$;
SELECT setseed(0.25);
SELECT count(*) AS trials, string_agg(format('%s rows, spread %s, %s parts: %s', rows, spread, parts, failed), '; ') FILTER (WHERE failed IS NOT NULL) AS failures
FROM (SELECT rows, spread, parts, trial_fails(rows, spread, parts, k) AS failed
      FROM (SELECT floor(exp(random() * 8))::int AS rows, floor(exp(random() * 12))::bigint + 1 AS spread,
                   1 + floor(random() * 20)::int AS parts, 1 + floor(random() * 50)::int AS k
            FROM generate_series(1, 150)) AS t) AS trials;
-- large ones: states of many megabytes (with LONG=1 in many parts), and a small state into a large one and back
\set long ''
\getenv long LONG
SELECT trial_fails(200000, 1000000, 3, 1000) IS NULL AS large, trial_fails(CASE WHEN :'long' = '1' THEN 200000 ELSE 40000 END, 1000000, 1000, 10000) IS NULL AS many_parts;
SELECT k_set_merge(a, b) = k_set_merge(b, a) AS commutes, n_distinct(k_set_merge(a, b)) AS n
FROM (SELECT k_set(i) AS a, k_set(i) FILTER (WHERE i % 1000 = 0 OR i < 5) AS b FROM generate_series(0, 299999) AS i) AS t;

-- parallel on and off, hashed and sorted, in memory and spilled
CREATE TABLE civic_fact AS
SELECT (hashint8(i) & 1023) AS cell, (hashint8(i * 31) & 65535)::bigint AS subject, (i % 1999)::bigint - 600 AS value FROM generate_series(1, 200000) AS i;
ANALYZE civic_fact;
CREATE FUNCTION uses(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) ' || query LOOP
    IF line ~ node THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
CREATE TEMP TABLE outcome (way text, cell int, n bigint, set subject_set, gate subject_gate, sums subject_sums);
\set states 'SELECT cell, k_distinct(subject), k_set(subject), k_gate(subject, 20), k_sum(subject, value) FROM civic_fact GROUP BY cell'
SET max_parallel_workers_per_gather = 0;
SET enable_sort = off;
INSERT INTO outcome SELECT 'hash', s.* FROM (:states) AS s;
SET work_mem = '256kB';
SET hash_mem_multiplier = 1;
SELECT uses(:'states', 'Batches: ([2-9]|\d\d)|Disk Usage') AS spills;
INSERT INTO outcome SELECT 'spilled', s.* FROM (:states) AS s;
RESET work_mem;
SET enable_sort = on;
SET enable_hashagg = off;
SELECT uses(:'states', 'GroupAggregate') AS sorts;
INSERT INTO outcome SELECT 'sorted', s.* FROM (:states) AS s;
SET enable_hashagg = on;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT uses(:'states', 'Partial') AS parallel;
INSERT INTO outcome SELECT 'parallel', s.* FROM (:states) AS s;
SELECT uses($$SELECT k_distinct(subject), k_gate(subject, 100), k_sum(subject, value), k_set(subject) FROM civic_fact$$, 'Partial') AS parallel_whole;
SELECT k_distinct(subject) = count(DISTINCT subject) AS n FROM civic_fact;
SELECT n_distinct(k_set(subject)) = (SELECT count(DISTINCT subject) FROM civic_fact) AS set,
       total(k_sum(subject, value)) = (SELECT sum(value) FROM civic_fact) AS sums, reached(k_gate(subject, 1000)) AS gate FROM civic_fact;
SELECT k_distinct_union(set) = (SELECT count(DISTINCT subject) FROM civic_fact) AS united FROM outcome WHERE way = 'hash';
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT o.way, count(*), bool_and(o.n = h.n AND o.set = h.set AND o.gate = h.gate AND o.sums = h.sums
         AND o.set::text = h.set::text AND o.gate::text = h.gate::text AND o.sums::text = h.sums::text) AS same
FROM outcome AS o JOIN outcome AS h ON h.way = 'hash' AND h.cell = o.cell GROUP BY o.way ORDER BY o.way;
SELECT bool_and(o.n = f.n) AS true_counts FROM outcome AS o JOIN (SELECT cell, count(DISTINCT subject) AS n FROM civic_fact GROUP BY cell) AS f USING (cell);

-- cubes from leaf states are the cubes from rows
CREATE TEMP TABLE by_rows AS
SELECT cell / 128 AS district, cell / 16 AS ward, cell % 2 AS sex, count(DISTINCT subject) AS n, sum(value) AS total
FROM civic_fact GROUP BY ROLLUP (cell / 128, cell / 16), CUBE (cell % 2);
CREATE TEMP TABLE by_states AS
SELECT district, ward, sex, k_distinct_union(set) AS n, total(k_sum_union(sums)) AS total
FROM (SELECT cell / 128 AS district, cell / 16 AS ward, cell % 2 AS sex, k_set(subject) AS set, k_sum(subject, value) AS sums FROM civic_fact GROUP BY 1, 2, 3) AS leaf
GROUP BY ROLLUP (district, ward), CUBE (sex);
SELECT count(*), (SELECT count(*) FROM (TABLE by_rows EXCEPT ALL TABLE by_states) AS d) AS different FROM by_states;

-- stored states, short ones and those kept apart, merge as they did
CREATE TABLE civic_state (cell int, set subject_set, gate subject_gate, sums subject_sums);
INSERT INTO civic_state SELECT cell % 50, k_set(subject), k_gate(subject, 5000), k_sum(subject, value) FROM civic_fact GROUP BY cell % 50;
INSERT INTO civic_state SELECT -1, k_set(i), k_gate(i, 3), k_sum(i, i) FROM generate_series(1, 2) AS i;
SELECT n_distinct(k_set_union(set)) = (SELECT count(DISTINCT subject) FROM civic_fact) AS set, reached(k_gate_union(gate) FILTER (WHERE cell >= 0)) AS gate,
       total(k_sum_union(sums)) = (SELECT sum(value) FROM civic_fact) + 3 AS sums FROM civic_state;
SELECT bool_and(s.set = o.set) FROM civic_state AS s JOIN (SELECT cell % 50 AS cell, k_set_union(set) AS set FROM outcome WHERE way = 'hash' GROUP BY 1) AS o USING (cell);
SELECT n_distinct(set), n_distinct(gate), n_distinct(sums), set, gate, sums FROM civic_state WHERE cell = -1;
DROP TABLE civic_fact, civic_state;
