-- The tables by whose rows tick() and erase() call functions: nobody but the owner writes them, and a name is a name.
\ir ../fixtures/country.sql
SET client_min_messages = warning;
SELECT plan(16);
CREATE FUNCTION tap.others() RETURNS SETOF name LANGUAGE sql AS $$ SELECT rolname FROM pg_roles WHERE rolname LIKE 'civic\_%' AND rolname <> 'civic_admin' $$;
SELECT is_empty(format($$SELECT r FROM tap.others() AS r, unnest('{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p
  WHERE has_table_privilege(r, 'centre.%1$s', p) OR p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(r, 'centre.%1$s', p)$$, t), 'nobody but the owner writes ' || t)
  FROM unnest('{tick_job,erase_job,disclose_job,month_table,health_part,retention}'::text[]) AS t;
SELECT is_empty($$SELECT r FROM tap.others() AS r WHERE has_schema_privilege(r, 'centre', 'CREATE') OR has_schema_privilege(r, 'dash', 'CREATE')$$, 'nor makes a function that one of them could name');
SELECT is_empty($$SELECT j.step FROM centre.tick_job j WHERE to_regproc(j.routine) IS NULL OR j.items IS NOT NULL AND to_regproc(j.items) IS NULL
  UNION ALL SELECT j.routine FROM centre.erase_job j WHERE to_regproc(j.routine) IS NULL UNION ALL SELECT j.routine FROM centre.disclose_job j WHERE to_regproc(j.routine) IS NULL$$, 'every function they name is there, once');

-- each role tries
CREATE TABLE tap.tried (who name, what text, state text);
GRANT INSERT ON tap.tried TO PUBLIC; GRANT USAGE ON SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.try(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE what;
  INSERT INTO tap.tried VALUES (current_user, what, 'done');
EXCEPTION WHEN OTHERS THEN
  INSERT INTO tap.tried VALUES (current_user, what, sqlstate);
END $$;
GRANT EXECUTE ON FUNCTION tap.try(text) TO PUBLIC;
SELECT format('SET ROLE %I', r), format('SELECT tap.try(%L)', w), 'RESET ROLE' FROM tap.others() AS r, unnest(ARRAY[
  $$INSERT INTO centre.tick_job (step, place, routine) VALUES ('mine', 1, 'centre.mine')$$, $$UPDATE centre.tick_job SET routine = 'pg_catalog.pg_reload_conf'$$,
  $$INSERT INTO centre.erase_job (routine, phase, place) VALUES ('centre.mine', 'after', 99)$$, $$DELETE FROM centre.erase_job$$, $$INSERT INTO centre.month_table VALUES ('mine', 'day')$$,
  $$CREATE FUNCTION centre.mine() RETURNS bigint LANGUAGE sql RETURN 1$$, $$CREATE OR REPLACE FUNCTION centre.drain_cells(integer DEFAULT 1) RETURNS bigint LANGUAGE sql RETURN 1$$,
  $$SELECT centre.erase_part('pg_catalog.pg_sleep', '{}', '{}')$$, $$SELECT centre.ensure_partitions('landing', 'received_at', '2026-01-01', '2026-01-01')$$]) AS w \gexec
SELECT is_empty($$SELECT * FROM tap.tried WHERE state <> '42501'$$, 'whoever tries to write, replace or call them is refused');
SELECT is((SELECT count(*) FROM tap.tried), (SELECT 9 * count(*) FROM tap.others()), 'all have tried');

-- a name is a name: nothing else of SQL fits into it
SELECT throws_ok(format($$INSERT INTO centre.tick_job (step, place, routine) VALUES ('x', 1, %L)$$, bad), '23514', NULL, 'no routine: ' || bad)
  FROM unnest(ARRAY['centre.x(); DROP TABLE centre.cell; --', 'drain_cells', 'centre."x"']) AS bad;
-- a step of the site's own, in a schema of its own
CREATE SCHEMA site_own;
CREATE FUNCTION site_own.count_cells() RETURNS bigint LANGUAGE sql RETURN 7;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('own', 200, 'site_own.count_cells');
CALL centre.tick();
SELECT results_eq($$SELECT handled, error FROM centre.tick_log WHERE step = 'own'$$, $$VALUES (7::bigint, NULL::text)$$, 'a site''s own step runs');
SELECT results_eq($$SELECT parent FROM centre.month_table ORDER BY 1$$, ARRAY['decision', 'gate_log', 'observation'], 'tables by month');
SELECT throws_ok($$TRUNCATE centre.observation_$$ || to_char(now(), 'YYYY_MM'), '55000', NULL, 'a new month refuses TRUNCATE as its table does');
SELECT * FROM finish();
