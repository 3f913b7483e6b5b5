-- Bring an installed layer to this version: extension first, then what is due.
--   psql -d yourdb -f sql/upgrade.sql      as superuser
-- One transaction.  It stops, changing nothing, where an object of the site's own depends on a function or
-- view whose shape changed: the error names it; drop it, upgrade, and make it again.
\set ON_ERROR_STOP on
\ir check.sql
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL client_min_messages = warning;
DO $$
BEGIN
  IF pg_catalog.to_regclass('centre.migration') IS NULL THEN
    RAISE EXCEPTION 'the analytics layer is not installed in this database'
      USING HINT = 'Run sql/install.sql.';
  END IF;
END
$$;
ALTER EXTENSION pgcivic UPDATE;
\ir apply.sql
COMMIT;
