-- Roles of the analytics layer: one for each kind of reader or worker.
--   psql -d postgres -f sql/roles.sql      as superuser, before sql/install.sql and before a restore; harmless twice
-- A role that people or services log in as is made by the site and granted one of these.
-- Only civic_reader logs in itself: Grafana's limits are settings of the login, not inherited.
\set ON_ERROR_STOP on
SET standard_conforming_strings = on;
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY[
    'civic_admin',      -- owns the layer
    'civic_ingest',     -- writes reports into landing, nothing else
    'civic_monitor',    -- reads centre.health()
    'civic_ticker',     -- runs tick(): intake, cells, baselines
    'civic_publisher',  -- runs publish()
    'civic_operator',   -- open cases of its own areas
    'civic_gate',       -- the check at a worksite gate
    'civic_hr',         -- officials of its own reporting line
    'civic_official',   -- the own passbook
    'civic_plan_approver', -- approves training plans of ministries, by personal login
    'civic_employer',   -- its own workers
    'civic_dormitory',  -- its own residents
    'civic_worker',     -- its own rows
    'civic_sector',     -- the workers of its sector's companies, and whitelists in return
    'civic_view',       -- owns the functions these readers call; nobody's login
    'civic_approver',   -- approves policies, by personal login
    'civic_analyst',    -- reads releases, asks for cubes
    'civic_provider',   -- training providers: anonymous demand only
    'civic_department', -- line departments
    'civic_province',   -- provincial administrations
    'civic_representative', -- elected representatives
    'civic_ngo',        -- non-governmental organisations
    'civic_federation', -- business federations
    'civic_public',     -- everybody else
    'civic_reader'      -- Grafana: dash only
  ] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN NOINHERIT', role_name);
    END IF;
  END LOOP;
END
$$;

COMMENT ON ROLE civic_admin IS 'pgcivic: owns the analytics layer';
COMMENT ON ROLE civic_ingest IS 'pgcivic: may insert reports into centre.landing and nothing else';
COMMENT ON ROLE civic_ticker IS 'pgcivic: runs centre.tick()';
COMMENT ON ROLE civic_monitor IS 'pgcivic: reads centre.health(); with pg_monitor also the age of transactions';
COMMENT ON ROLE civic_publisher IS 'pgcivic: runs centre.publish()';
COMMENT ON ROLE civic_view IS 'pgcivic: owns the functions that readers of access codes call; row security shows it the rows of the reader''s signed claim; never grant it to anybody';
COMMENT ON ROLE civic_reader IS 'pgcivic: dashboards; reads schema dash only';

-- The dashboard login: read only, short statements, few connections.
-- The password, or another way to authenticate, is the site's to set.
ALTER ROLE civic_reader LOGIN NOINHERIT CONNECTION LIMIT 20;
ALTER ROLE civic_reader SET default_transaction_read_only = on;
ALTER ROLE civic_reader SET statement_timeout = '15s';
ALTER ROLE civic_reader SET temp_file_limit = '2GB';  -- this one its holder cannot lift
ALTER ROLE civic_reader SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE civic_reader SET search_path = dash;
ALTER ROLE civic_reader SET timezone = 'UTC';
COMMIT;
