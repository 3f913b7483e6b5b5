-- competency_agg, competency_max, gap_hist: states, NULLs, parallel workers, storage
SET search_path = public, civic;

SELECT competency_agg(c, l), competency_agg(c, l, w) FROM (VALUES (1, 2, 3), (1, 4, 1), (2, 0, 1), (NULL, 3, 1), (3, NULL, 1), (5, 1, NULL)) v(c, l, w);
SELECT competency_agg(c, l) IS NULL AS nothing FROM (VALUES (NULL::int, 1)) v(c, l);
SELECT competency_agg(1, 0) = '' AS empty;
SELECT competency_max(s) FROM (VALUES ('1:2*3,5:1'::competency_set), (NULL), ('1:4,2:1'), ('')) v(s);
SELECT competency_max(NULL::competency_set) IS NULL AS nothing;
\set VERBOSITY sqlstate
SELECT competency_agg(0, 1);
SELECT competency_agg(1, 16);
SELECT competency_agg(1, 1, 0);
SELECT competency_agg(i, 1) FROM generate_series(1, 200000) i;
\set VERBOSITY default
-- many entries in a bad order, every one twice
SELECT cardinality(s), s = (SELECT string_agg(i || ':' || i % 15 + 1, ',')::competency_set FROM generate_series(1, 65535) i) AS same
FROM (SELECT competency_agg(i, l) FROM (SELECT i, i % 15 + 1 AS l FROM generate_series(65535, 1, -1) i UNION ALL SELECT i, 1 FROM generate_series(1, 65535) i) v) v(s);
-- as a window
SELECT i, competency_agg(i % 3 + 1, i) OVER (ORDER BY i) FROM generate_series(1, 6) i;

-- the state is a type: text, binary, combining without an aggregate around
SELECT '3:1,1:2*4'::competency_state, competency_state_send('3:1,1:2*4') = competency_set_send('3:1,1:2*4') AS binary;
SELECT competency_state_final(competency_state_combine('1:2', '1:3,2:1')), competency_state_combine(NULL, NULL) IS NULL AS nothing,
  competency_state_final(competency_state_combine(NULL, '1:3')), competency_state_final(competency_state_combine('1:3', NULL));
SELECT competency_agg_add(s, 2, 2), competency_agg_add(s, 3, 3), s FROM (VALUES ('1:1'::competency_state)) v(s);

-- histograms
SELECT gap_hist(h::competency_set, n::competency_set) FROM (VALUES ('1:1', '1:3,2:2'), ('1:3,2:1', '1:3,2:2'), ('', ''), (NULL, '1:1'), ('1:1', NULL), ('9:1', '1:1')) v(h, n);
SELECT gap_hist(NULL::competency_set, NULL) IS NULL AS nothing;
SELECT people(h), people_short(h) FROM (VALUES ('10/4|12-1:3,45-2:1'::gap_histogram)) v(h);
SELECT * FROM each('10/4|12-1:2,12-4:2,45-2:1'::gap_histogram);
SELECT gap_hist_union(h) FROM (VALUES ('10/4|12-1:3,45-2:1'::gap_histogram), (NULL), ('0/0|'), ('1/1|12-3:1')) v(h);
SELECT gap_hist_add(h, '', '7:1'), h FROM (VALUES ('10/4|12-1:3'::gap_histogram)) v(h);
SELECT gap_histogram_send('10/4|12-1:3,45-2:1');
\set VERBOSITY sqlstate
SELECT ''::gap_histogram;
SELECT '4/10|'::gap_histogram;
SELECT '10/4|12-1:5'::gap_histogram;
SELECT '10/4|12-1:3,12-2:2'::gap_histogram;
SELECT '10/4|12-2:1,12-1:1'::gap_histogram;
SELECT '10/4|12-0:1'::gap_histogram;
SELECT '10/4|0-1:1'::gap_histogram;
SELECT '10/4|12-16:1'::gap_histogram;
SELECT '10/4|12-1:0'::gap_histogram;
SELECT '10/4|12-1:1,'::gap_histogram;
SELECT '10/4|,12-1:1'::gap_histogram;
SELECT '10/4|12-1:99999999999999999999'::gap_histogram;
SELECT gap_hist_union(h) FROM (VALUES ('9223372036854775807/1|1-1:1'::gap_histogram), ('1/1|1-1:1')) v(h);
SELECT * FROM each('9223372036854775807/9223372036854775807|1-2:9223372036854775807'::gap_histogram);
\set VERBOSITY default
WITH v(h) AS (SELECT unnest(ARRAY['0/0|', '1/0|', '1/1|1-1:1', '1/1|1-2:1', '2/1|1-1:1', '2/2|1-1:1,2-1:1', '2/2|1-1:2'])::gap_histogram)
SELECT bool_and((a.h = b.h) = (a.h::text = b.h::text)) AS equality, bool_and((a.h <> b.h) = NOT (a.h = b.h)) AS inequality,
  bool_and(a.h <> b.h OR gap_histogram_hash(a.h) = gap_histogram_hash(b.h) AND gap_histogram_hash_extended(a.h, 1) = gap_histogram_hash_extended(b.h, 1)) AS hash
FROM v a, v b;

-- any split of the rows gives the same: workers, and stored parts
CREATE TABLE official AS
SELECT i AS id, i % 7 AS ministry, competency_set(ARRAY[i % 50 + 1, i % 31 + 60, i % 17 + 100], ARRAY[i % 5 + 1, i % 4 + 1, i % 3 + 1]) AS have,
  competency_set(ARRAY[i % 49 + 1, i % 30 + 60, i % 16 + 100], ARRAY[i % 3 + 1, i % 5 + 1, i % 4 + 1], ARRAY[1, 2, 3]) AS need
FROM generate_series(1, 30000) i;
ALTER TABLE official SET (parallel_workers = 4);
ANALYZE official;
CREATE TEMP TABLE serial AS SELECT ministry, gap_hist(have, need) AS h, competency_max(have) AS m, competency_agg(id % 1000 + 1, id % 15 + 1) AS a FROM official GROUP BY ministry;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 4;
CREATE FUNCTION plan_has(query text, part text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line LIKE '%' || part || '%' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
SELECT plan_has('SELECT ministry, gap_hist(have, need), competency_max(have), competency_agg(id % 1000 + 1, id % 15 + 1) FROM official GROUP BY ministry', 'Partial') AS in_parallel;
CREATE TEMP TABLE parallel AS SELECT ministry, gap_hist(have, need) AS h, competency_max(have) AS m, competency_agg(id % 1000 + 1, id % 15 + 1) AS a FROM official GROUP BY ministry;
SELECT count(*), bool_and(s.h = p.h) AS histograms, bool_and(s.m = p.m) AS sets, bool_and(s.a = p.a) AS aggregates FROM serial s JOIN parallel p USING (ministry);
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
SELECT (SELECT gap_hist_union(h) FROM serial) = (SELECT gap_hist(have, need) FROM official) AS histogram,
  (SELECT competency_max(m) FROM serial) = (SELECT competency_max(have) FROM official) AS set;
-- text and binary of a large histogram
SELECT bool_and(h::text::gap_histogram = h) FROM serial;
DROP TABLE official;
DROP FUNCTION plan_has(text, text);
