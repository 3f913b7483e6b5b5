-- The k-aggregates: who is in a cell, how many, what they contribute.
SET search_path = civic, public;

SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass AS c JOIN pg_am AS a ON a.oid = opcmethod
WHERE opcnamespace = 'civic'::regnamespace AND opcname ~ '^(subject|ptable)' ORDER BY 1, 2;

-- text: any order, spaces, repeated entries are aggregated; output in order
SELECT '{}'::subject_set, ' { 3, 1,-2 ,3, 0 } '::subject_set, '{9223372036854775807,-9223372036854775808}'::subject_set;
SELECT '5:{}'::subject_gate, '3:{2,1,2}'::subject_gate, ' 3 : {1,2,3,4}'::subject_gate, '3: reached '::subject_gate, '1:{0}'::subject_gate;
SELECT '{}'::subject_sums, '{7:5, 0:-1, 7:-9}'::subject_sums, '{-1:9223372036854775807,1:-9223372036854775808}'::subject_sums;
SELECT ''::subject_set;
SELECT '{1,2'::subject_set;
SELECT '{1,,2}'::subject_set;
SELECT '{1,2} x'::subject_set;
SELECT '{1.5}'::subject_set;
SELECT '{+1}'::subject_set;
SELECT '{1:2}'::subject_set;
SELECT '{9223372036854775808}'::subject_set;
SELECT '{žluťoučký kůň úpěl ďábelské ódy}'::subject_set;
SELECT '{1}'::subject_gate;
SELECT '0:{}'::subject_gate;
SELECT '10001:{}'::subject_gate;
SELECT '5:done'::subject_gate;
SELECT '{1:2,3}'::subject_sums;
SELECT '{1:9223372036854775807,1:1}'::subject_sums;

-- no rows, no subjects, one subject
SELECT k_set(NULL), k_distinct(NULL), k_sum(1, NULL), k_sum(NULL, 1), k_gate(NULL, 5), reached(k_gate(NULL, 5)) FROM generate_series(1, 3);
SELECT k_set(i), k_distinct(i), k_sum(i, i), k_gate(i, 5) IS NULL AS no_gate FROM generate_series(1, 0) AS i;
SELECT k_set_union(NULL), k_distinct_union(NULL), k_sum_union(NULL), k_gate_union(NULL) IS NULL AS no_gate FROM generate_series(1, 3);
SELECT k_set(0), k_distinct(0), k_sum(0, 5), k_gate(0, 2), k_gate(0, 1) FROM generate_series(1, 3);

-- a gate has one threshold
SELECT k_gate(i, i) FROM generate_series(1, 3) AS i;
SELECT k_gate(i, NULL) FROM generate_series(1, 3) AS i;
SELECT k_gate(i, 0) FROM generate_series(1, 3) AS i;
SELECT k_gate(i, 10001) FROM generate_series(1, 3) AS i;
SELECT k_gate_union(s) FROM (VALUES ('3:{1}'::subject_gate), ('4:reached')) AS t (s);
SELECT k_gate_union(s), n_distinct(k_gate_union(s)) FROM (VALUES ('4:{1,2}'::subject_gate), (NULL), ('4:{2,3}')) AS t (s);
SELECT k_gate_union(s), n_distinct(k_gate_union(s)) FROM (VALUES ('4:{1,2}'::subject_gate), ('4:{3,4}')) AS t (s);
SELECT k_gate_merge('4:{1}', '4:reached'), k_gate_merge('4:reached', '4:{1}'), k_gate_merge('4:reached', '4:reached');

-- the functions the aggregates are made of leave their arguments alone
SELECT s, k_set_add(s, 2), k_set_merge(s, '{5,6}'), k_set_merge(NULL, s), k_set_merge(s, NULL), s
FROM (VALUES ('{1}'::subject_set)) AS t (s);
SELECT g, k_gate_add(g, 2, 2), k_gate_merge(g, '2:{9}'), g FROM (VALUES ('2:{1}'::subject_gate)) AS t (g);
SELECT k_sum_add('{1:5}', 1, 7), k_sum_merge('{1:5}', '{1:-5,2:0}'), k_set_merge(NULL, NULL) IS NULL AS nothing;

-- subjects with one sum too large, in a cell and in two
SELECT k_sum(1, v) FROM (VALUES (9223372036854775807), (1)) AS t (v);
SELECT k_sum_union(s) FROM (VALUES ('{1:9223372036854775807}'::subject_sums), ('{1:1}')) AS t (s);
SELECT total(k_sum(i, v)) FROM (VALUES (1, 9223372036854775807), (2, 1)) AS t (i, v);
SELECT total('{1:9223372036854775807,2:9223372036854775807,3:-9223372036854775808,4:-9223372036854775807}'::subject_sums);
SELECT total('{1:-9223372036854775808}'::subject_sums), total('{1:-9223372036854775808,2:-1,3:1}'::subject_sums);
SELECT total('{1:-9223372036854775808,2:-1}'::subject_sums);
SELECT total_abs('{1:-9223372036854775808}');
SELECT total_abs('{1:9223372036854775807,2:-1}');

-- dominance: twelve subjects, one holds 95 % over many rows; rows would not show it
SELECT n_distinct(s), total(s), largest(s, 1), largest(s, 2), largest(s, 100), p_percent(s, 10) AS p_percent, nk(s, 1, 80) AS nk
FROM (SELECT k_sum(CASE WHEN i <= 1140 THEN 1 ELSE 2 + i % 11 END, 10) AS s FROM generate_series(1, 1200) AS i) AS t;
SELECT p_percent(s, 10) AS rows_as_subjects, nk(s, 1, 80) FROM (SELECT k_sum(i, 10) AS s FROM generate_series(1, 100) AS i) AS t;
-- the edge: others = 10 % of the largest is safe, below is not; n largest = k % is safe, above is not
SELECT p_percent('{1:100,2:50,3:10}', 10), p_percent('{1:100,2:50,3:9}', 10), p_percent('{1:100,2:50,3:10}', 10.0000000001),
       nk('{1:80,2:20}', 1, 80), nk('{1:81,2:19}', 1, 80), nk('{1:80,2:20}', 1, 79.9999999999);
-- signs do not matter; nobody, and nothing but zeros, dominates nothing
SELECT p_percent('{1:-100,2:50,3:-9}', 10), p_percent('{}', 10), p_percent('{1:0,2:0}', 10), nk('{}', 1, 80), nk('{1:0}', 1, 80), largest('{}', 1);
SELECT p_percent('{1:1}', 0);
SELECT p_percent('{1:1}', 100.5);
SELECT nk('{1:1}', 1, 'NaN');
SELECT nk('{1:1}', 1, 'Infinity');
SELECT nk('{1:1}', 0, 80);
SELECT largest('{1:1}', 101);

-- two releases of a cell
SELECT k_set_changed('{1,2,3}', '{2,3,4}'), k_set_changed('{}', '{1,2}'), k_set_changed('{0,5}', '{0,5}'), k_set_changed('{0}', '{}');
SELECT k_sum_changed('{1:5,2:5}', '{1:5,2:6}'), k_sum_changed('{1:5}', '{2:5}'), k_sum_changed('{1:5}', '{1:5}');
SELECT k_set_contains('{0,5}', 5), k_set_contains('{0,5}', 0), k_set_contains('{5}', 0), k_set_contains('{}', 0), k_set_contains('{5}', 6);
SELECT subjects('{5:1,0:2,-7:0}'), subjects('{}');

-- brute force over many cells: subjects often repeated, missing, 0, at the ends of bigint
SELECT setseed(0.5);
CREATE TEMP TABLE event AS
SELECT (random() * 60)::int AS cell,
       CASE WHEN random() < 0.05 THEN NULL
            WHEN random() < 0.02 THEN ('{0,-1,9223372036854775807,-9223372036854775808}'::bigint[])[1 + floor(random() * 4)]
            ELSE floor(exp(random() * 9))::bigint * ('{1,-1,4294967296}'::bigint[])[1 + floor(random() * 3)] END AS subject,
       CASE WHEN random() < 0.05 THEN NULL ELSE floor(random() * 2000 - 700) END::bigint AS value
FROM generate_series(1, 60000);
CREATE TEMP TABLE truth AS
SELECT cell, count(DISTINCT subject) AS n, array_agg(DISTINCT subject ORDER BY subject) FILTER (WHERE subject IS NOT NULL) AS subjects
FROM event GROUP BY cell;
CREATE TEMP TABLE truth_sums AS
SELECT cell, count(*) AS n, sum(value) AS total, sum(abs(value)) AS total_abs, array_agg(abs(value) ORDER BY abs(value) DESC) AS weights,
       '{' || string_agg(subject || ':' || value, ',' ORDER BY subject) || '}' AS text
FROM (SELECT cell, subject, sum(value) AS value FROM event WHERE subject IS NOT NULL AND value IS NOT NULL GROUP BY cell, subject) AS s
GROUP BY cell;
CREATE TEMP TABLE state AS
SELECT cell, k_set(subject) AS set, k_distinct(subject) AS n, k_gate(subject, 40) AS gate, k_sum(subject, value) AS sums
FROM event GROUP BY cell;

SELECT count(*), bool_and(s.n = t.n AND n_distinct(s.set) = t.n) AS counts,
       bool_and(set::text = translate(t.subjects::text, ' ', '')) AS sets,
       bool_and(reached(gate) = (t.n >= 40) AND n_distinct(gate) = least(t.n, 40)) AS gates,
       min(t.n), max(t.n)
FROM state AS s JOIN truth AS t USING (cell);
SELECT count(*), bool_and(n_distinct(sums) = t.n) AS counts, bool_and(total(sums) = t.total AND civic.total_abs(sums) = t.total_abs) AS totals,
       bool_and(largest(sums, 1) = weights[1] AND largest(sums, 3) = weights[1] + weights[2] + weights[3]) AS largest,
       bool_and(sums::text = t.text) AS sums,
       bool_and(p_percent(sums, 100) = ((t.total_abs - weights[1] - weights[2]) * 100 < 100 * weights[1])) AS p_percent,
       bool_and(nk(sums, 5, 2.5) = ((SELECT sum(w) FROM unnest(weights[1:5]) AS w) * 100 > 2.5 * t.total_abs)) AS nk
FROM state JOIN truth_sums AS t USING (cell);
-- changes and membership
SELECT bool_and(k_set_changed(a.set, b.set) =
         (SELECT count(*) FROM (SELECT x FROM unnest(t.subjects || u.subjects) AS x GROUP BY x HAVING count(*) = 1) AS d)) AS changed
FROM state AS a JOIN truth AS t USING (cell), state AS b JOIN truth AS u USING (cell) WHERE a.cell < b.cell AND b.cell % 7 = 0;
SELECT bool_and(k_sum_changed(a.sums, b.sums) =
         (SELECT count(*) FROM (SELECT unnest(string_to_array(trim('{}' FROM a.sums::text), ',')) AS x) AS p
          FULL JOIN (SELECT unnest(string_to_array(trim('{}' FROM b.sums::text), ',')) AS x) AS q
          ON split_part(p.x, ':', 1) = split_part(q.x, ':', 1) WHERE p.x IS DISTINCT FROM q.x)) AS changed
FROM state AS a, state AS b WHERE a.cell < b.cell AND b.cell % 20 = 0;
SELECT bool_and(k_set_contains(set, subject)) AS all_in FROM state JOIN event USING (cell) WHERE subject IS NOT NULL;
SELECT bool_and(k_set_contains(set, i) = (i = ANY (subjects))) AS only_they FROM state JOIN truth USING (cell), generate_series(-50, 50) AS i;
SELECT bool_and(subjects(sums) = (SELECT k_set(subject) FROM event AS e WHERE e.cell = s.cell AND value IS NOT NULL)) AS subjects FROM state AS s;

-- equality and hash agree with the subjects, whatever way the state was made
SELECT bool_and((a.set = b.set) = (a.cell = b.cell) AND (a.gate = b.gate) = (a.gate::text = b.gate::text) AND (a.sums = b.sums) = (a.cell = b.cell)
         AND (a.set <> b.set) = NOT (a.set = b.set)) AS comparisons
FROM state AS a, state AS b;
SELECT bool_and(set = set::text::subject_set AND gate = gate::text::subject_gate AND sums = sums::text::subject_sums
         AND subject_set_hash(set) = subject_set_hash(set::text::subject_set)
         AND subject_gate_hash_extended(gate, 7) = subject_gate_hash_extended(gate::text::subject_gate, 7)
         AND subject_sums_hash(sums) = subject_sums_hash(sums::text::subject_sums)
         AND subject_set_hash(set) = subject_set_hash_extended(set, 0)::bit(32)::int) AS round_trip
FROM state;
SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT set FROM state) AS d) AS distinct, (SELECT count(*) FROM (SELECT FROM state GROUP BY set) AS g) AS grouped FROM (TABLE state UNION ALL TABLE state) AS s;
CREATE INDEX ON state USING hash (gate);
CREATE INDEX ON state USING hash (sums);
SELECT count(*) FROM state AS a JOIN state AS b ON a.set = b.set JOIN state AS c ON c.sums = b.sums;

-- a state that is still growing may be read: a window's frames
SELECT bool_and(n = rank AND n_distinct(set) = n) AS frames
FROM (SELECT k_distinct(subject) OVER w AS n, k_set(subject) OVER w AS set, dense_rank() OVER w AS rank
      FROM event WHERE cell = 1 AND subject IS NOT NULL WINDOW w AS (ORDER BY subject)) AS w;
SELECT bool_and(set::text = wanted) AS moving_frames
FROM (SELECT k_set(i) OVER w AS set, '{' || string_agg(i::text, ',') OVER w || '}' AS wanted
      FROM generate_series(1, 300) AS i WINDOW w AS (ORDER BY i ROWS BETWEEN 20 PRECEDING AND CURRENT ROW)) AS w;
-- several in one query share the state
SELECT k_distinct(subject) = n_distinct(k_set(subject)) AS same, k_distinct(subject) FILTER (WHERE cell = 1) = (SELECT n FROM truth WHERE cell = 1) AS filtered FROM event;
