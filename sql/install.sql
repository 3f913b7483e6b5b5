-- Install the analytics layer into the connected database, or complete it; harmless twice.
--   psql -d yourdb -f sql/install.sql      as superuser (pgcivic and PostGIS are not trusted extensions)
--   psql -d yourdb -v without='access competency learning' -f sql/install.sql      without some of its rooms
-- Everything happens in one transaction.  The layer belongs to civic_admin.
\set ON_ERROR_STOP on
\ir check.sql
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pgcivic;
GRANT USAGE ON SCHEMA civic TO PUBLIC;
CREATE SCHEMA IF NOT EXISTS centre AUTHORIZATION civic_admin;
CREATE SCHEMA IF NOT EXISTS dash AUTHORIZATION civic_admin;
\set installing 1
\ir apply.sql
\unset installing
COMMIT;
