-- Indexes on competency_set: the same rows as without, chosen by the planner where they help, also under row security
SET search_path = public, civic;
SELECT setseed(0.3);
SET max_parallel_workers_per_gather = 0;

-- competency 1 is held by 60%, 2 by 30%, ...; 200 and more by very few; some rows are empty, some NULL
CREATE TABLE official AS
SELECT id, id % 20 AS ministry, CASE WHEN id % 100 = 0 THEN '' WHEN id % 101 = 0 THEN NULL ELSE have END AS have
FROM (SELECT id, competency_agg(CASE WHEN slot = 1 AND random() < 0.6 THEN 1 ELSE 1 + (random() * random() * random() * 250)::int END, 1 + (random() * 4)::int) AS have
  FROM generate_series(1, 20000) id, generate_series(1, 8) slot GROUP BY id) v;
CREATE INDEX official_have ON official USING gin (have);
ANALYZE official;
-- rows that ANALYZE has not seen and that wait in the pending list
INSERT INTO official SELECT 20000 + id, 1, have FROM official WHERE id <= 500;
UPDATE official SET have = have | '250:5' WHERE id BETWEEN 1000 AND 1100;

CREATE TEMP TABLE question AS
SELECT q, CASE WHEN q = 1 THEN ''::competency_set ELSE competency_agg(1 + (random() * random() * 250 * (q % 4) / 3.0)::int, 1 + (random() * 3)::int) END AS need
FROM generate_series(1, 120) q, generate_series(1, 1 + q % 5) i GROUP BY q;
-- sets that contain others: whole sets of officials, every other one at higher levels, with something more
INSERT INTO question SELECT 300 + row_number() OVER (), coalesce((SELECT competency_agg(competency, level + id % 2) FROM each(have)), '') | '7:1,9:2,11:5' FROM official WHERE id BETWEEN 1 AND 40 AND have IS NOT NULL;

CREATE FUNCTION answers(condition text) RETURNS TABLE (question_no int, rows bigint, ids bigint) LANGUAGE plpgsql AS $$
BEGIN
  FOR question_no IN SELECT q FROM question ORDER BY 1 LOOP
    RETURN QUERY EXECUTE (SELECT format('SELECT %s, count(*), sum(hashint4extended(id, 1) %% 1000000007)::bigint FROM official WHERE ' || condition, q, need::text)
      FROM question WHERE q = question_no);
  END LOOP;
END $$;
CREATE FUNCTION uses_index(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line LIKE '%Index%' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;

CREATE TEMP TABLE operator_case (name text, condition text);
INSERT INTO operator_case VALUES
  ('have @> need', 'have @> %L::civic.competency_set'), ('have @>> need', 'have @>> %L::civic.competency_set'), ('need <@ have', '%2$L::civic.competency_set <@ have'),
  ('have <@ set', 'have <@ %L::civic.competency_set'), ('set @> have', '%2$L::civic.competency_set @> have'),
  ('have && need', 'have && %L::civic.competency_set'),
  ('have && gap', 'have && (%L::civic.competency_set - ''1:2,3:1,5:2'')'), ('gap && have', '(%2$L::civic.competency_set - ''1:2,3:1,5:2'') && have'),
  ('two keys', 'have @> %L::civic.competency_set AND have && ''1:2,20:1''::civic.competency_set'),
  ('or', '(have @> %L::civic.competency_set OR have <@ ''1:3,2:3'')'),
  ('not', 'NOT have @> %L::civic.competency_set');

CREATE TEMP TABLE seq_answer AS SELECT name, a.* FROM operator_case, answers(condition) a WHERE false;
CREATE TEMP TABLE index_answer AS SELECT * FROM seq_answer;
SET enable_seqscan = on; SET enable_bitmapscan = off; SET enable_indexscan = off;
INSERT INTO seq_answer SELECT name, a.* FROM operator_case, answers(condition) a;
SELECT uses_index('SELECT * FROM official WHERE have @> ''200:1''') AS seq_scan_uses_index;
SET enable_seqscan = off; SET enable_bitmapscan = on;
INSERT INTO index_answer SELECT name, a.* FROM operator_case, answers(condition) a;
SELECT bool_and(uses_index('SELECT * FROM official WHERE ' || format(condition, '', '1:2'))) AS index_scan_uses_index FROM operator_case WHERE name <> 'not' AND condition LIKE '%2$%';
SELECT bool_and(uses_index('SELECT * FROM official WHERE ' || format(condition, '1:3'))) AS index_scan_uses_index FROM operator_case WHERE name <> 'not' AND condition NOT LIKE '%2$%';
SELECT name, count(*) AS questions, count(*) FILTER (WHERE s.rows > 0) AS with_rows, count(*) FILTER (WHERE (s.rows, s.ids) IS DISTINCT FROM (i.rows, i.ids)) AS different
FROM seq_answer s FULL JOIN index_answer i USING (name, question_no) GROUP BY name ORDER BY name COLLATE "C";

-- of @> the index is asked what is worth reading: the rarest need, and further ones until few rows are left; the rest is a look at these rows
CREATE FUNCTION index_asked(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line LIKE '%Index Cond%' THEN RETURN substring(line FROM '@>> (.*)\)$'); END IF;
  END LOOP;
END $$;
SELECT index_asked('SELECT * FROM official WHERE have @> ''1:1,200:2''') AS rare_of_two, index_asked('SELECT * FROM official WHERE ''1:1,200:2'' <@ have') AS commuted,
  index_asked('SELECT * FROM official WHERE have @>> ''1:1,200:2''') AS both_if_told, index_asked('SELECT * FROM official WHERE have @> ''1:1,2:1''') AS both_common, index_asked('SELECT * FROM official WHERE have @> ''200:2''') AS single,
  index_asked('SELECT * FROM official WHERE have @> ''''') AS nothing, index_asked('SELECT * FROM official WHERE have @> ''1:1,2:1,3:1,150:1,200:2''') NOT LIKE '%''1:1,%' AS of_five_fewer;
SELECT count(*) > 20 AS often_fewer FROM question WHERE index_asked(format('SELECT * FROM official WHERE have @> %L', need)) <> format('%L::competency_set', need);
-- a need that is not known when the plan is made is asked for whole
SET plan_cache_mode = force_generic_plan;
PREPARE held_by(competency_set) AS SELECT count(*) FROM official WHERE have @> $1;
SELECT index_asked('EXECUTE held_by(''1:1,20:2'')') AS whole;
EXECUTE held_by('1:1,20:2');
RESET plan_cache_mode;
SELECT count(*) FROM official WHERE level(have, 1) >= 1 AND level(have, 20) >= 2;
SELECT count(*) AS pairs, count(*) FILTER (WHERE n > 0) > 20 AS many_with_rows, count(*) FILTER (WHERE n <> a.rows) AS different
FROM (SELECT q, (SELECT count(*) FROM official o WHERE o.have @> need) AS n FROM question) x JOIN seq_answer a ON a.question_no = q AND a.name = 'have @> need';

-- what the index is asked of @> and && it answers exactly: nothing is looked at again
CREATE FUNCTION rechecked(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
    IF line LIKE '%Removed by Index Recheck%' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
SELECT rechecked('SELECT * FROM official WHERE have @> ''1:3,2:2''') AS contains, rechecked('SELECT * FROM official WHERE have && ''1:3,2:2''::civic.competency_set') AS overlaps,
  rechecked('SELECT * FROM official WHERE have && ''1:2>3''::civic.competency_gap') AS overlaps_gap, rechecked('SELECT * FROM official WHERE have <@ ''1:3,2:2''') AS contained;

-- btree and hash
CREATE INDEX official_btree ON official (have);
CREATE INDEX official_hash ON official USING hash (have);
SET enable_seqscan = off; SET enable_bitmapscan = on; SET enable_indexscan = on;
SELECT count(*) FROM (SELECT have FROM official WHERE id <= 300) q WHERE (SELECT count(*) FROM official o WHERE o.have = q.have) < 1 AND q.have IS NOT NULL;
DROP INDEX official_hash;
SELECT count(*) FROM (SELECT have FROM official WHERE id <= 300) q WHERE (SELECT count(*) FROM official o WHERE o.have = q.have) < 1 AND q.have IS NOT NULL;
SELECT uses_index('SELECT * FROM official WHERE have BETWEEN ''1:1'' AND ''1:2''') AS range_uses_index, count(*) AS by_index FROM official WHERE have BETWEEN '1:1' AND '1:2' \gset
SET enable_seqscan = on; SET enable_bitmapscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off;
SELECT :'range_uses_index' AS range_uses_index, count(*) = :by_index AS same FROM official WHERE have BETWEEN '1:1' AND '1:2';
RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_indexscan; RESET enable_indexonlyscan;
DROP INDEX official_btree;

-- statistics: keys with their frequencies
ANALYZE official;
SELECT array_length(most_common_elems::text::int[], 1) > 500 AS many_keys, (most_common_elem_freqs)[1] > 0.5 AS first_is_common,
  (most_common_elems::text::int[])[1] = 1 * 16 + 1 AS first_is_one_at_one FROM pg_stats WHERE tablename = 'official' AND attname = 'have';
-- a frequency is that of the rows that are not NULL
SELECT count(*) AS keys, count(*) FILTER (WHERE abs(freq - real) > 0.02) AS far_off
FROM (SELECT key, freq, (SELECT count(*) FILTER (WHERE level(have, key / 16) >= key % 16)::float8 / count(have) FROM official) AS real
  FROM pg_stats, unnest(most_common_elems::text::int[], (most_common_elem_freqs)[1:array_length(most_common_elems::text::int[], 1)]) u(key, freq)
  WHERE tablename = 'official' AND attname = 'have' ORDER BY freq DESC LIMIT 60) v;

-- estimates are near, in both directions and for single and joint needs
CREATE FUNCTION estimated(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO line;
  RETURN line::json->0->'Plan'->>'Plan Rows';
END $$;
CREATE FUNCTION error_factor(condition text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE real float8; guess float8 := estimated('SELECT * FROM official WHERE ' || condition);
BEGIN
  EXECUTE 'SELECT count(*) FROM official WHERE ' || condition INTO real;
  RETURN greatest(guess, 10) / greatest(real, 10);
END $$;
SELECT bool_and(error_factor(format('have @> ''%s:%s''', c, l)) BETWEEN 0.7 AND 1.5) AS single, bool_and(error_factor(format('''%s:%s'' <@ have', c, l)) BETWEEN 0.7 AND 1.5) AS commuted
FROM unnest(ARRAY[1, 2, 3, 5, 10, 30]) c, generate_series(1, 4) l;
SELECT max(greatest(f, 1 / f)) < 8 AS rare_within_8 FROM unnest(ARRAY[100, 150, 200, 230]) c, generate_series(1, 5) l, error_factor(format('have @> ''%s:%s''', c, l)) f;
SELECT max(greatest(f, 1 / f)) < 3 AS joint_within_3 FROM (VALUES ('1:1,2:1'), ('1:2,2:2'), ('1:1,2:1,3:1'), ('1:3,3:2')) v(s), error_factor(format('have @> %L', s)) f;
SELECT max(greatest(f, 1 / f)) < 2 AS any_within_2 FROM (VALUES ('1:1,2:1'), ('1:5,2:5'), ('1:1,2:1,3:1'), ('20:3,30:2')) v(s), error_factor(format('have && %L::civic.competency_set', s)) f;
SELECT error_factor('have && ''1:2>5,3:0>1''::civic.competency_gap') BETWEEN 0.7 AND 1.5 AS gap, error_factor('''1:2>5,3:0>1''::civic.competency_gap && have') BETWEEN 0.7 AND 1.5 AS commuted,
  error_factor('have @> ''''') BETWEEN 0.9 AND 1.1 AS empty_need, estimated('SELECT * FROM official WHERE have @> NULL') <= 1 AS nothing;

-- the index is used for a rare competency and not for a common one
SELECT uses_index('SELECT * FROM official WHERE have @> ''200:2''') AS rare, uses_index('SELECT * FROM official WHERE have @> ''1:1''') AS common,
  uses_index('SELECT * FROM official WHERE have @> ''1:1,200:2''') AS common_and_rare, uses_index('SELECT * FROM official WHERE ''200:2'' <@ have') AS rare_commuted,
  uses_index('SELECT * FROM official WHERE ''1:1'' <@ have') AS common_commuted, uses_index('SELECT * FROM official WHERE have && ''200:2,210:1''::civic.competency_set') AS any_rare,
  uses_index('SELECT * FROM official WHERE have && ''1:1,200:2''::civic.competency_set') AS any_common, uses_index('SELECT * FROM official WHERE have && ''1:0>2''::civic.competency_gap') AS gap_common,
  uses_index('SELECT * FROM official WHERE have && ''200:1>2''::civic.competency_gap') AS gap_rare;

-- under row security the index is used all the same, and estimates stay
ALTER TABLE official ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_ministry ON official USING (ministry = 7);
CREATE ROLE regress_civic_hr;
GRANT SELECT ON official TO regress_civic_hr;
GRANT USAGE ON SCHEMA civic TO regress_civic_hr;
SET ROLE regress_civic_hr;
SELECT uses_index('SELECT * FROM official WHERE have @> ''200:2''') AS rare, uses_index('SELECT * FROM official WHERE have @> ''1:1''') AS common,
  uses_index('SELECT * FROM official WHERE have && ''200:1>2''::civic.competency_gap') AS gap_rare;
SELECT count(*) = (SELECT count(*) FILTER (WHERE level(have, 3) >= 2) FROM official) AS same, count(*) > 20 AS some, bool_and(ministry = 7) AS own FROM official WHERE have @> '3:2';
RESET ROLE;

-- an estimator attached to an operator of other types reads nothing it does not know
CREATE FUNCTION longer(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) > length($2)';
CREATE FUNCTION greater(competency_set, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT civic.cardinality($1) > $2';
CREATE OPERATOR @>>> (LEFTARG = text, RIGHTARG = text, FUNCTION = longer, RESTRICT = competency_contains_sel);
CREATE OPERATOR @>>> (LEFTARG = competency_set, RIGHTARG = integer, FUNCTION = greater, RESTRICT = competency_contains_sel);
CREATE TEMP TABLE other AS SELECT id, 'x' || id AS name, have FROM official;
ANALYZE other;
SELECT estimated('SELECT * FROM other WHERE name @>>> ''x''::text') > 0 AS text, estimated('SELECT * FROM other WHERE have @>>> 3') > 0 AS number;
DROP OPERATOR @>>> (text, text);
DROP OPERATOR @>>> (competency_set, integer);

DROP TABLE official;
REVOKE USAGE ON SCHEMA civic FROM regress_civic_hr;
DROP ROLE regress_civic_hr;
DROP FUNCTION answers(text), uses_index(text), index_asked(text), rechecked(text), estimated(text), error_factor(text), longer(text, text), greater(competency_set, integer);
