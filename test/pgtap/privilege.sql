-- Who may do what: each role tries every table, every partition and the functions that are not for it.
\ir ../fixtures/country.sql
SELECT plan(24);
SELECT centre.ensure_months('2026-01-15', '2026-03-02');
CREATE FUNCTION tap.can(who name, what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S', 'm', 'f')
    AND (has_table_privilege(who, c.oid, what) OR (what <> 'DELETE' AND has_any_column_privilege(who, c.oid, what)))
$$;
SELECT is_empty(format('SELECT * FROM tap.can(%L, %L)', 'civic_reader', p), 'the reader has no ' || p || ' on any table, view or partition of centre') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS p;
SELECT is_empty(format('SELECT * FROM tap.can(%L, %L)', r, 'SELECT'), r || ' reads nothing in centre') FROM unnest(ARRAY['civic_provider', 'civic_analyst', 'civic_gate']) AS r;
SELECT set_eq($$SELECT * FROM tap.can('civic_ingest', 'SELECT')$$, ARRAY['centre.my_source'], 'ingest reads as whom it may send');
SELECT set_eq($$SELECT * FROM tap.can('civic_ingest', 'INSERT')$$, ARRAY['centre.landing'], 'ingest writes landing');
SELECT is_empty($$SELECT r || ' ' || relid FROM pg_partition_tree('centre.observation'), unnest(ARRAY['civic_ticker', 'civic_publisher', 'civic_reader']) AS r
  WHERE level > 0 AND has_any_column_privilege(r, relid, 'SELECT, INSERT, UPDATE')$$, 'nobody but the owner has a right on a partition');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'centre'::regnamespace AND has_function_privilege('civic_reader', p.oid, 'EXECUTE')$$, 'the reader runs no function of centre');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'centre'::regnamespace AND p.prosecdef AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog%', false)$$,
  'every SECURITY DEFINER function has a pinned path');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND pg_get_functiondef(p.oid) ~ 'pg_(try_)?advisory'$$,
  'nothing waits for an advisory lock, which any login could take and keep');
SELECT set_eq($$SELECT r.rolname FROM pg_roles r WHERE r.rolname LIKE 'civic\_%' AND r.rolname <> 'civic_admin' AND has_any_column_privilege(r.rolname, 'centre.turn', 'UPDATE')$$, ARRAY['civic_ticker', 'civic_publisher'],
  'and only those who work can take a turn');
SET ROLE civic_ingest;
SELECT throws_ok($$INSERT INTO centre.landing (source, format, payload, received_at) VALUES ('app', 'json', '', '2000-01-01')$$, '42501', NULL, 'ingest cannot forge the time of receipt');
SELECT throws_ok($$SELECT centre.pseudonym('082')$$, '42501', NULL, 'nor make pseudonyms');
RESET ROLE; SET ROLE civic_ticker;
SELECT throws_ok('SELECT salt FROM centre.pseudonym_salt', '42501', NULL, 'the ticker cannot read the salt');
SELECT isnt(centre.pseudonym('082'), centre.pseudonym('083'), 'though it makes pseudonyms with it');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND p.proconfig::text ~ 'search_path=[^"]*public'$$,
  'no function looks for names in schema public, where old databases let everybody make some');
-- operators and functions that would fit better than PostgreSQL's own
RESET ROLE;
GRANT CREATE ON SCHEMA public TO civic_ingest; SET ROLE civic_ingest;
CREATE FUNCTION public.captured(float8, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE OPERATOR public.>= (LEFTARG = float8, RIGHTARG = integer, FUNCTION = public.captured); CREATE OPERATOR public.<= (LEFTARG = float8, RIGHTARG = integer, FUNCTION = public.captured);
RESET ROLE;
SELECT tap.land('app', '{"id": "trap", "at": "2026-10-03", "about": "Food", "lon": 3, "lat": 3}');
SELECT is(tap.apply('app') ->> 'inserted', '1', 'nor is intake captured there');
DROP FUNCTION public.captured CASCADE; REVOKE CREATE ON SCHEMA public FROM civic_ingest;
-- an attacker's schema in front does not change what the definer function does
RESET ROLE;
CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION trap.sha256(bytea) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured %', $1; END $$;
CREATE FUNCTION trap.encode(bytea, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured %', $1; END $$;
SET ROLE civic_ticker;
SET search_path = trap, pg_catalog, tap, public;
SELECT lives_ok($$SELECT centre.pseudonym('082')$$, 'a hostile search_path captures nothing');
RESET ROLE; SET search_path = tap, public, pg_catalog;
-- a definer's trigger function, hung on a table of one's own, would convert its row by one's own cast, as its owner
SELECT is_empty($$SELECT p.oid::regprocedure, a.grantee::regrole FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND p.prosecdef AND p.prorettype = 'trigger'::regtype AND a.grantee <> p.proowner$$,
  'nobody may execute a trigger function that runs as its owner');
SET ROLE civic_analyst;
CREATE TEMP TABLE mine (dataset text);
SELECT throws_ok('CREATE TRIGGER hung BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION centre.request_check()', '42501', NULL, 'so an analyst cannot hang one on a table of his own');
RESET ROLE;
SELECT set_eq($$SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'civic_reader'$$,
  ARRAY['default_transaction_read_only=on', 'statement_timeout=15s', 'temp_file_limit=2GB', 'idle_in_transaction_session_timeout=60s', 'search_path=dash', 'TimeZone=UTC'], 'the reader''s limits are set');
SELECT is_empty($$SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND obj_description(p.oid, 'pg_proc') IS NULL
  UNION ALL SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
    AND obj_description(c.oid, 'pg_class') IS NULL$$, 'every table, view and function says what it is for');
SELECT * FROM finish();
