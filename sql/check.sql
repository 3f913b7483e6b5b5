-- What is looked at before anything is changed: each refusal says what to do.
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
DO $$
DECLARE
  here text := current_database();
  missing text;
BEGIN
  IF current_setting('server_version_num')::integer < 150000 THEN
    RAISE EXCEPTION 'PostgreSQL % is too old', current_setting('server_version') USING ERRCODE = 'feature_not_supported', HINT = 'pgcivic needs PostgreSQL 15 or later.';
  END IF;
  IF (SELECT pg_catalog.pg_encoding_to_char(d.encoding) FROM pg_catalog.pg_database d WHERE d.datname = here) <> 'UTF8' THEN
    RAISE EXCEPTION 'database "%" is not encoded in UTF8', here USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = pg_catalog.format('It is %s. Reports come in every script.', (SELECT pg_catalog.pg_encoding_to_char(d.encoding) FROM pg_catalog.pg_database d WHERE d.datname = here)),
      HINT = pg_catalog.format('Make it anew: createdb -T template0 -E UTF8 --locale=C.UTF-8 %s', pg_catalog.quote_ident(here));
  END IF;
  IF NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) THEN
    RAISE EXCEPTION 'role "%" is no superuser', current_user USING ERRCODE = 'insufficient_privilege',
      DETAIL = 'The extensions postgis and pgcivic are not trusted, and some functions are given to the role civic_view.',
      HINT = 'Run this as a superuser, once for each installation and upgrade; everything afterwards is done by members of civic_admin.';
  END IF;
  SELECT pg_catalog.string_agg(r.name, ', ') INTO missing FROM pg_catalog.unnest('{civic_admin,civic_ticker,civic_publisher,civic_reader,civic_view,civic_monitor}'::text[]) AS r (name)
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles x WHERE x.rolname = r.name);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'roles of the layer are missing: %', missing USING ERRCODE = 'undefined_object', HINT = 'Run sql/roles.sql first, once a cluster and before each upgrade.';
  END IF;
  SELECT pg_catalog.string_agg(e.name, ', ') INTO missing FROM pg_catalog.unnest('{postgis,btree_gist,pg_trgm}'::text[]) AS e (name)
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions a WHERE a.name = e.name) AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE x.extname = e.name);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'extensions are not on this server: %', missing USING ERRCODE = 'undefined_file',
      HINT = pg_catalog.format('On Debian: apt install postgresql-%1$s-postgis-3 postgresql-contrib', current_setting('server_version_num')::integer / 10000);
  END IF;
  SELECT pg_catalog.string_agg(pg_catalog.format('%s in %I', x.extname, n.nspname), ', ') INTO missing
    FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname IN ('postgis', 'btree_gist', 'pg_trgm') AND n.nspname <> 'public';
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'extensions are not in schema public: %', missing USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = 'The layer names their functions there.',
      HINT = 'ALTER EXTENSION ... SET SCHEMA public moves pg_trgm and btree_gist; for PostGIS use a database of its own for the layer.';
  END IF;
  IF pg_catalog.has_schema_privilege('pg_database_owner', 'public', 'CREATE') AND EXISTS (
    SELECT FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) AS a WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE') THEN
    RAISE WARNING 'everybody may create objects in schema public' USING HINT = 'As in databases from before PostgreSQL 15: REVOKE CREATE ON SCHEMA public FROM PUBLIC;';
  END IF;
END
$$;
