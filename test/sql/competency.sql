-- Types of the room competency: sets and gaps, text, binary, arrays, jsonb, operators
SET search_path = public, civic;

-- the operator classes are complete
SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcnamespace = 'civic'::regnamespace AND opcname ~ '^(competency|gap|training)'
ORDER BY 1, 2;

-- every function that takes or gives our types: immutable ones are parallel safe, row security's operators are leakproof
SELECT oprname, oprleft::regtype, oprright::regtype, provolatile, proleakproof, proparallel
FROM pg_operator o JOIN pg_proc p ON p.oid = oprcode
WHERE oprnamespace = 'civic'::regnamespace AND 'competency_set'::regtype IN (oprleft, oprright)
ORDER BY oprname COLLATE "C", 2, 3;
SELECT oprname, oprleft::regtype, oprright::regtype, oprcom::regoperator
FROM pg_operator WHERE oprname IN ('@>', '<@', '&&') AND 'competency_set'::regtype IN (oprleft, oprright)
ORDER BY oprname COLLATE "C", 2, 3;

-- text is put in order and round-trips
SELECT s::competency_set, s::competency_set::text::competency_set = s::competency_set AS round_trip
FROM unnest(ARRAY['', '12:3', '45:4*2,12:3', ' 7:1 , 3:15*15 ', '9:0', '16777215:15*15,1:1*1', E'1:2\n,3:4']) s;

-- what is refused, with the reason
CREATE FUNCTION refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text;
BEGIN
  EXECUTE statement;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format('%s %s | %s | %s', state, message, detail, hint);
END $$;
SELECT s, refusal(format('SELECT %L::civic.competency_set', s))
FROM unnest(ARRAY['12', '12:', ':3', '12:3,', ',12:3', '12:3;13:4', '12:3 13:4', '12:3*', '12:3*0', '12:3*16', '12:16', '0:3',
  '16777216:3', '99999999999999999999:3', '-1:3', '12:-3', '12:3,12:4', '12:3,13:1,12:3', 'a', '12:3*2*2', '1.5:3']) s;
SELECT s, refusal(format('SELECT %L::civic.competency_gap', s))
FROM unnest(ARRAY['12:3', '12:3>', '12:3>3', '12:3>2', '12:0>16', '12:1>3,', ',12:1>3', '12:1>3,11:1>3', '12:1>3,12:1>3', '12:1>3*0', '0:1>3', ' 12:1>3']) s;
SELECT refusal('SELECT string_agg(i || '':1'', '','')::civic.competency_set FROM generate_series(1, 65536) i');
SELECT cardinality(string_agg(i || ':1', ',')::competency_set) FROM generate_series(1, 65535) i;

-- arrays
SELECT competency_set(ARRAY[45, 12, 7], ARRAY[4, 3, 0]), competency_set(ARRAY[45, 12], ARRAY[4, 3], ARRAY[2, 1]),
  competency_set('{}', '{}') = '' AS empty, competency_set(NULL, '{}') IS NULL AS nothing;
SELECT competency_ids(s), competency_levels(s), competency_weights(s), level(s, 45), level(s, 46), level(s, -1), cardinality(s) FROM (VALUES ('12:3,45:4*2'::competency_set)) v(s);
SELECT a, refusal('SELECT civic.competency_set(' || a || ')')
FROM unnest(ARRAY['ARRAY[1,2], ARRAY[3]', 'ARRAY[1], ARRAY[3], ARRAY[1,2]', 'ARRAY[1,NULL], ARRAY[3,3]', 'ARRAY[[1,2]], ARRAY[3,3]',
  'ARRAY[1,1], ARRAY[3,3]', 'ARRAY[1], ARRAY[-3]', 'ARRAY[-1], ARRAY[3]', 'ARRAY[1], ARRAY[3], ARRAY[0]']) a;

-- jsonb
SELECT j::jsonb::competency_set, j::jsonb::competency_set::jsonb, j::jsonb::competency_set::jsonb::competency_set = j::jsonb::competency_set AS round_trip
FROM unnest(ARRAY['{}', '{"12": 3}', '{"12": 3.0, "45": {"level": 4, "weight": 2}}', '{"7": {"level": 1}, "8": 0}', '{"12": 30e-1}']) j;
SELECT j, refusal(format('SELECT %L::jsonb::civic.competency_set', j))
FROM unnest(ARRAY['[]', '3', 'null', '{"a": 3}', '{"12": "3"}', '{"12": 3.5}', '{"12": -3}', '{"12": 16}', '{"12": {}}', '{"12": [3]}',
  '{"12": {"level": 3, "colour": 1}}', '{"12": {"level": [3]}}', '{"12": {"level": 3, "weight": 0}}', '{"012": 3, "12": 3}', '{"12": null}', '{"": 3}', '{"12": 1e100}']) j;

-- binary: version, count, entries
SELECT competency_set_send('12:3,45:4*2'), competency_gap_send('12:1>3,45:0>4*2');

-- rows
SELECT * FROM each('45:4*2,12:3'::competency_set);
SELECT * FROM each('12:1>3,45:0>4*2'::competency_gap);
SELECT count(*) FROM each(NULL::competency_set);

-- operators; a level above the needed one suffices
SELECT have, need, have @> need AS satisfies, need <@ have AS satisfied, have && need AS meets_one,
  need - have AS gap, have | need AS both, have & need AS shared, have <-> need AS distance, round(coverage(have, need)::numeric, 4) AS coverage
FROM (VALUES
  ('', ''), ('1:1', ''), ('', '1:1'), ('1:3', '1:2'), ('1:2', '1:3'), ('1:3,2:1', '1:3,2:1'), ('1:3,3:2', '1:2,2:2*3,3:4*2'),
  ('16777215:15*15', '16777215:15'), ('16777215:14,1:1', '16777215:15*15')) v(h, n), LATERAL (SELECT h::competency_set, n::competency_set) s(have, need);
SELECT missing_levels(g), cardinality(g) FROM (VALUES ('12:1>3,45:0>4*2'::competency_gap), ('')) v(g);

-- && of a set and a gap: the set is above the level held
SELECT t::competency_set AS teaches, t::competency_set && g AS closes_some, g && t::competency_set AS commuted, closes(t::competency_set, g) AS levels
FROM unnest(ARRAY['', '12:1', '12:2', '12:9', '45:1', '45:9,12:9', '11:3,13:3']) t, (VALUES ('12:1>3,45:0>4*2'::competency_gap)) v(g);

-- why a need is met or not
SELECT * FROM match_explain('1:3,2:1,3:1', '1:2,2:3,3:3,4:1,5:2*3,6:4');
SELECT * FROM match_explain('1:3,2:1,3:1', '1:2,2:3,3:3,4:1,5:2*3,6:4', expired => '1:5,3:3,5:1', inherited => '1:4,2:2,4:1,6:3');
SELECT count(*) FROM match_explain(NULL, '1:2');
SELECT count(*) FROM match_explain('1:2', NULL);
SELECT status FROM match_explain('', '1:2', NULL, NULL);

-- order and hash agree with equality
WITH v(s) AS (SELECT unnest(ARRAY['', '1:1', '1:1*2', '1:2', '1:1,2:1', '2:1', '16777215:1', '1:1,3:1'])::competency_set)
SELECT bool_and((a.s = b.s) = (a.s::text = b.s::text)) AS equality, bool_and((a.s <> b.s) = NOT (a.s = b.s)) AS inequality,
  bool_and((a.s < b.s) = (b.s > a.s) AND (a.s <= b.s) = NOT (a.s > b.s) AND (a.s >= b.s) = NOT (a.s < b.s)) AS total,
  bool_and((a.s = b.s) = (competency_set_cmp(a.s, b.s) = 0)) AS cmp,
  bool_and(competency_set_cmp(a.s, b.s) = -competency_set_cmp(b.s, a.s)) AS antisymmetric,
  bool_and(a.s <> b.s OR competency_set_hash(a.s) = competency_set_hash(b.s)) AS hash,
  bool_and(a.s <> b.s OR competency_set_hash_extended(a.s, 7) = competency_set_hash_extended(b.s, 7)) AS hash_extended
FROM v a, v b;
SELECT array_agg(s ORDER BY s) FROM unnest(ARRAY['2:1', '1:1,2:1', '', '1:2', '1:1*2', '1:1']::competency_set[]) s;
WITH v(g) AS (SELECT unnest(ARRAY['', '1:0>1', '1:0>1*2', '1:0>2', '1:1>2', '1:0>1,2:0>1', '2:0>1'])::competency_gap)
SELECT bool_and((a.g = b.g) = (a.g::text = b.g::text)) AS equality, bool_and((a.g < b.g) = (b.g > a.g) AND (a.g <= b.g) = NOT (a.g > b.g)) AS total,
  bool_and(a.g <> b.g OR competency_gap_hash(a.g) = competency_gap_hash(b.g)) AS hash
FROM v a, v b;
-- the hash is that of the value, not of how it is stored
CREATE TEMP TABLE stored (s competency_set);
INSERT INTO stored SELECT string_agg(i || ':3', ',')::competency_set FROM generate_series(1, 20000) i;
SELECT competency_set_hash(s) = competency_set_hash((SELECT string_agg(i || ':3', ',')::competency_set FROM generate_series(1, 20000) i)) AS hash,
  s = (SELECT string_agg(i || ':3', ',')::competency_set FROM generate_series(1, 20000) i) AS equal, level(s, 20000) FROM stored;

-- | keeps to the limit
SELECT refusal('SELECT a | b FROM (SELECT string_agg(i || '':1'', '','')::civic.competency_set, ''65536:1''::civic.competency_set FROM generate_series(1, 65535) i) v(a, b)');

-- every public object has a comment, apart from what types, operators and aggregates use inside
SELECT p.oid::regprocedure FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pgcivic') AND obj_description(p.oid, 'pg_proc') IS NULL
  AND p.proname ~ '^(competency|gap|training|match|recommend|each|ids|level|weight|closes|coverage|people)'
  AND p.proname !~ '_(in|out|recv|send|typanalyze|sel|eq|ne|lt|le|gt|ge|cmp|hash|hash_extended|add|combine|merge|final|extract_value|extract_query|triconsistent)$';
DROP FUNCTION refusal(text);
