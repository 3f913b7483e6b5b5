-- Attacks on what is beside the releases, each as the role that would make it: tables, plans, catalogues, functions.  Numbers are those of
-- the list in docs/publication.md.  Every attack is first seen to work on a weakened copy.
\ir ../fixtures/attack.sql
SELECT plan(57);
CALL centre.publish('by_sex', '2026-01-01');
CREATE VIEW tap.weak AS SELECT ward, count(DISTINCT subject_id) AS n FROM centre.raw_row GROUP BY ward HAVING count(DISTINCT subject_id) >= 10;
CREATE VIEW tap.barrier WITH (security_barrier) AS SELECT ward, count(DISTINCT subject_id) AS n FROM centre.raw_row GROUP BY ward HAVING count(DISTINCT subject_id) >= 10;
CREATE TABLE tap.weak_raw AS SELECT * FROM centre.raw_row;
GRANT SELECT ON tap.weak, tap.barrier, tap.weak_raw TO civic_public;
CREATE FUNCTION tap.spy(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN IF $1 LIKE '%99%' THEN RAISE EXCEPTION 'seen %', $1; END IF; RETURN true; END $$;
GRANT EXECUTE ON FUNCTION tap.spy(text) TO PUBLIC;
CREATE FUNCTION tap.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;
GRANT EXECUTE ON FUNCTION tap.plan_of(text) TO PUBLIC;
SET ROLE civic_public;
-- 1 raw data, COPY, cursors
SELECT lives_ok('SELECT count(*) FROM tap.weak_raw', '1 a granted table is read');
SELECT throws_ok('SELECT count(*) FROM centre.raw_row', '42501', NULL, '1 raw rows are not');
SELECT throws_ok('DECLARE c CURSOR FOR SELECT * FROM centre.raw_row', '42501', NULL, '1 nor through a cursor');
SELECT throws_ok('CREATE TEMP TABLE stolen AS TABLE centre.observation', '42501', NULL, '1 nor by copying them');
SELECT throws_ok('SELECT * FROM centre.release_row', '42501', NULL, '1 not even released rows but through dash');
-- 2 functions and errors pushed below the threshold
SELECT throws_like('SELECT * FROM tap.weak WHERE tap.spy(ward)', '%seen 99%', '2 a plain view over raw rows tells a hidden ward to a function');
SELECT throws_like('SELECT * FROM tap.weak WHERE 1 / (ward::int - 99) < 5', '%division by zero%', '2 or by an error');
SELECT lives_ok($$SELECT * FROM dash.released_row WHERE CASE WHEN value IS NOT NULL THEN tap.spy(value::text) END$$, '2 a function over releases sees released values');
SELECT lives_ok('SELECT 1 / (value - 3) FROM dash.released_row', '2 no error tells of three');
SELECT is_empty($$SELECT 1 FROM dash.released_row WHERE value = 3$$, '2 there is no three');
-- 3 plans
SELECT matches(tap.plan_of($$SELECT * FROM tap.barrier WHERE ward = '99'$$), 'rows=3(\.00)? ', '3 EXPLAIN of a barrier view tells the three');
SELECT is(regexp_replace(tap.plan_of($$SELECT * FROM dash.released_row WHERE members[1] = 'ward=99'$$), 'ward=\d+|Rows Removed.*|rows=[\d.]+', '', 'g'),
          regexp_replace(tap.plan_of($$SELECT * FROM dash.released_row WHERE members[1] = 'ward=98'$$), 'ward=\d+|Rows Removed.*|rows=[\d.]+', '', 'g'), '3 a plan over releases is that of a ward that is not there');
SELECT unalike(tap.plan_of($$SELECT * FROM dash.released_row WHERE members[1] = 'ward=99'$$), '%raw_row%', '3 and knows no raw rows');
RESET ROLE;
-- 4 catalogues: one raw row more changes nothing that the role can see
CREATE TABLE tap.part_99 AS SELECT * FROM centre.raw_row WHERE ward = '99'; ANALYZE tap.part_99;
SELECT is((SELECT reltuples FROM pg_class WHERE relname = 'part_99'), 3::real, '4 a partition by ward tells its three in pg_class');
SELECT is_empty($$SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'centre'::regnamespace AND c.relispartition AND pg_get_expr(c.relpartbound, c.oid) !~ '(FOR VALUES FROM \(''\d|DEFAULT)'$$, '4 no partition of ours is by anything but time');
ANALYZE centre.raw_row;
SET ROLE civic_public;
SELECT is_empty($$SELECT 1 FROM pg_stats WHERE schemaname = 'centre'$$, '4 statistics of raw rows are not to be seen');
SELECT is_empty($$SELECT 1 FROM pg_stats_ext WHERE schemaname = 'centre'$$, '4 nor extended ones');
RESET ROLE;
-- 16 trackers
CREATE FUNCTION tap.weak_filter(what text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE n bigint; BEGIN EXECUTE 'SELECT count(DISTINCT subject_id) FROM centre.raw_row WHERE ' || what INTO n; RETURN CASE WHEN n >= 10 THEN n END; END $$;
GRANT EXECUTE ON FUNCTION tap.weak_filter(text) TO PUBLIC;
SET ROLE civic_public;
SELECT is(tap.weak_filter($$ward = '1' OR (subject_id = 9901 AND sex = 'm')$$) - tap.weak_filter($$ward = '1'$$), 1::bigint, '16 a free filter tells one person''s sex');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND has_function_privilege(p.oid, 'EXECUTE')
  AND p.prosecdef AND p.oid <> 'dash.population(text, integer)'::regprocedure$$, '16 the public runs no function with other rights than its own, but for population figures');
SELECT throws_ok($$SELECT * FROM dash.cube('by_sex'' OR true --', '2026-01')$$, '22023', 'there is no cube "by_sex'' OR true --"', '16 a cube''s name is no predicate');
-- 20 secrets
RESET ROLE;
CREATE TABLE tap.weak_salt AS SELECT * FROM centre.cell_key_salt; GRANT SELECT ON tap.weak_salt TO civic_publisher, civic_public;
SET ROLE civic_publisher;
SELECT is((SELECT octet_length(salt) FROM tap.weak_salt), 32, '20 a salt in a granted table is read');
SELECT throws_ok('SELECT * FROM centre.cell_key_salt', '42501', NULL, '20 the publisher does not read the salt of the noise');
SELECT throws_ok('SELECT * FROM centre.pseudonym_salt', '42501', NULL, '20 nor that of pseudonyms');
SELECT unalike(pg_get_functiondef('centre.cell_noise(civic.subject_set)'::regprocedure), '%\x%', '20 which is not in its source');
RESET ROLE; SET ROLE civic_public;
SELECT throws_ok('SELECT * FROM ' || t, '42501', NULL, '20 the public does not read ' || t) FROM unnest('{centre.ledger_cell,centre.ledger_leaf,centre.release_report,centre.pseudonym_salt}'::text[]) AS t;
SELECT throws_ok($$SELECT centre.publication_advice('by_sex')$$, '42501', NULL, '20 nor how much is withheld');
SELECT throws_ok($$SELECT centre.cell_noise('{1,2,3}')$$, '42501', NULL, '20 nor asks for noise of a set of its own');
RESET ROLE;
-- 25 a reader who may delete his own report looks before and after, and takes it back
CREATE TABLE tap.weak_report AS SELECT * FROM centre.raw_row;
CREATE VIEW tap.weak_live AS SELECT ward, count(DISTINCT subject_id) AS n FROM tap.weak_report GROUP BY ward HAVING count(DISTINCT subject_id) >= 10;
GRANT SELECT ON tap.weak_live TO civic_public; GRANT SELECT, DELETE ON tap.weak_report TO civic_public;
CREATE VIEW tap.own_report AS SELECT * FROM centre.raw_row; -- his right to his own report, as generous as can be
GRANT SELECT, DELETE ON tap.own_report TO civic_public;
CREATE FUNCTION tap.differencing(of_table text, of_reports text) RETURNS bigint LANGUAGE plpgsql AS $$ -- rows of a table that differ once one person of ward 17 is gone
DECLARE n bigint; BEGIN
  EXECUTE format('CREATE TEMP TABLE before AS SELECT * FROM %s', of_table);
  EXECUTE format('DELETE FROM %s WHERE subject_id = 1701', of_reports);
  EXECUTE format('SELECT count(*) FROM (TABLE before EXCEPT SELECT * FROM %s) AS x', of_table) INTO n;
  RAISE EXCEPTION USING ERRCODE = 'SP000', MESSAGE = n;
EXCEPTION WHEN SQLSTATE 'SP000' THEN RETURN SQLERRM::bigint; -- all of it rolled back
END $$;
GRANT EXECUTE ON FUNCTION tap.differencing(text, text) TO civic_public;
SET ROLE civic_public;
SELECT is(tap.differencing('tap.weak_live', 'tap.weak_report'), 1::bigint, '25 a live view tells where the deleted one was counted');
SELECT is((SELECT count(*) FROM tap.weak_report WHERE subject_id = 1701), 1::bigint, '25 and nothing remains of the question');
SELECT is(tap.differencing('dash.released_row', 'tap.own_report'), 0::bigint, '25 a release stays as it is');
SELECT throws_ok($$CALL centre.publish('by_sex', '2026-01-01')$$, '42501', NULL, '25 and he cannot make another within his transaction');
SELECT throws_ok('DELETE FROM centre.raw_row', '42501', NULL, '25 nor has he any right to delete');
RESET ROLE;
-- 26 hijacks
CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION trap.perturb(bigint, bigint, civic.ptable) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE FUNCTION trap.ge(bigint, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR trap.>= (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = trap.ge);
CREATE FUNCTION tap.weak_noise(civic.subject_set) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN perturb(civic.n_distinct($1), 1, civic.ptable(5, 3, 2)); END $$;
SET search_path = trap, pg_catalog, tap, civic, public;
SELECT throws_like($$SELECT tap.weak_noise('{1,2}')$$, 'captured', '26 a function without a path is captured');
SELECT lives_ok($$SELECT centre.cell_noise('{1,2}')$$, '26 ours are not');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT i, 'south', '77', 'f', 'food' FROM generate_series(7701, 7703) i;
CALL centre.publish('by_sex', '2026-01-01');
SET search_path = tap, public, pg_catalog;
SELECT is_empty($$SELECT * FROM published('by_sex') WHERE members[1] = 'ward=77' AND value IS NOT NULL$$, '26 an operator of the caller''s that calls everything large enough shows nothing');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'centre'::regnamespace AND p.prosecdef AND (p.prosrc ~* 'execute' OR NOT p.proconfig::text ~ 'search_path=pg_catalog')$$, '26 definer functions have a pinned path and no dynamic SQL');
-- 27 physical order
CREATE TABLE tap.weak_order AS SELECT members, value FROM tap.threshold_only('sex', 1) ORDER BY value;
SELECT is((SELECT array_agg(value ORDER BY ctid) FROM tap.weak_order), (SELECT array_agg(value ORDER BY value) FROM tap.weak_order), '27 rows stored by count tell their order');
SELECT is((SELECT array_agg(members ORDER BY ctid) FROM centre.release_row WHERE release_id = (SELECT max(release_id) FROM centre.release) AND measure = 'subjects'),
          (SELECT array_agg(members ORDER BY members COLLATE "C") FROM centre.release_row WHERE release_id = (SELECT max(release_id) FROM centre.release) AND measure = 'subjects'), '27 releases are stored by key');
-- 28 primary and secondary look alike, and every cell of somebody has a row
SELECT isnt_empty($$SELECT 1 FROM centre.ledger_cell WHERE shown_release IS NULL AND subjects >= 10$$, '28 some cells are withheld for the sake of others');
-- two weakened copies: one says why, the other leaves out what is small
CREATE TABLE tap.weak_status AS SELECT x.members, x.value, CASE WHEN t.value < 10 THEN 'c' ELSE x.status END AS status
  FROM tap.published('by_sex') p JOIN centre.release_row x USING (members) JOIN centre.release r USING (release_id) LEFT JOIN tap.threshold_only('sex', 1) AS t USING (members)
  WHERE r.current AND r.cube = 'by_sex' AND x.measure = 'subjects';
CREATE TABLE tap.weak_absent AS SELECT members, value, 'x' AS status FROM tap.weak_status WHERE status <> 'c';
CREATE VIEW tap.real_status AS SELECT x.members, x.value, x.status FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND x.measure = 'subjects';
CREATE FUNCTION tap.kinds(of_table text) RETURNS bigint LANGUAGE plpgsql AS $$ -- how many kinds of withheld cells a reader can tell apart: by status, and by having a row or none
DECLARE n bigint; BEGIN EXECUTE format('SELECT count(DISTINCT coalesce(w.status, ''none'')) FROM tap.threshold_only(''sex'', 1) AS t LEFT JOIN %s AS w USING (members) WHERE w.value IS NULL', of_table) INTO n; RETURN n; END $$;
SELECT is(tap.kinds('tap.weak_status'), 2::bigint, '28 a status of its own tells the small ones');
SELECT is(tap.kinds('tap.weak_absent'), 2::bigint, '28 and so does having no row');
SELECT is(tap.kinds('tap.real_status'), 1::bigint, '28 in a release they are all alike');
SELECT is((SELECT count(DISTINCT x.status) FROM centre.release_row x WHERE value IS NULL), 1::bigint, '28 in every measure');
SELECT is_empty($$SELECT column_name FROM information_schema.columns WHERE table_schema = 'dash' AND table_name IN ('released', 'released_row') AND column_name IN ('subjects', 'guarded', 'shown_release', 'small', 'held', 'made_of')$$, '28 and no column says which');
-- 29 errors: one procedure says whom it stumbled over, one table says which keys there are
CREATE PROCEDURE tap.weak_publish() LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE r record; BEGIN FOR r IN SELECT ward, count(DISTINCT subject_id) AS n FROM centre.raw_row GROUP BY ward ORDER BY ward DESC LOOP IF r.n < 10 THEN RAISE EXCEPTION 'too few in ward %: %', r.ward, r.n; END IF; END LOOP; END $$;
CREATE TABLE tap.weak_keys AS SELECT DISTINCT subject_id FROM centre.raw_row; ALTER TABLE tap.weak_keys ADD PRIMARY KEY (subject_id);
CREATE FUNCTION tap.said(query text) RETURNS text LANGUAGE plpgsql AS $$ -- all that an error says
DECLARE message text; detail text; hint text; context text; BEGIN EXECUTE query; RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
  RETURN concat_ws(' | ', message, detail, hint, context); END $$;
GRANT EXECUTE ON PROCEDURE tap.weak_publish() TO civic_public; GRANT EXECUTE ON FUNCTION tap.said(text) TO PUBLIC; GRANT INSERT ON tap.weak_keys TO civic_public;
SET ROLE civic_public;
SELECT matches(tap.said('CALL tap.weak_publish()'), 'ward 99: 3', '29 a procedure tells the three by its error');
SELECT matches(tap.said('INSERT INTO tap.weak_keys VALUES (9901)'), 'duplicate key.*9901', '29 a key that is taken is told by inserting it');
SELECT unalike(tap.said($$CALL centre.publish('by_sex', '2026-01-01')$$), '%ward%', '29 a reader''s call tells no more than that it is not his');
SELECT unalike(tap.said($$INSERT INTO centre.$$ || t || $$ VALUES (1, 'subjects', '{ward=99,*total*}', 3, 'ok')$$), '%duplicate%', '29 no key of ' || t || ' is probed by inserting') FROM unnest('{release_row,ledger_cell,ledger_leaf}'::text[]) AS t;
RESET ROLE;
UPDATE centre.raw_row SET amount = -7 WHERE subject_id = 9901;
SET ROLE civic_publisher;
SELECT is(tap.said($$CALL centre.publish('by_sex', '2026-01-01')$$), 'nothing', '29 an amount that cannot be is no error, which might tell whose it is');
SELECT throws_ok($$SELECT * FROM centre.unusable_rows('raw')$$, '42501', NULL, '29 nor does the publisher see whose it is');
SELECT throws_ok($$CALL centre.publish('no such cube', '2026-01-01')$$, 'P0002', 'there is no cube "no such cube"', '29 errors name declarations');
RESET ROLE;
UPDATE centre.raw_row SET amount = 100 WHERE subject_id = 9901;
-- 30 audiences
SET ROLE civic_reader;
SELECT is_empty($$SELECT 1 FROM dash.released_row$$, '30 one audience does not see another''s release');
RESET ROLE;
SELECT * FROM finish();
