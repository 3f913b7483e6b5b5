-- A login for an audience's data source: read only, schema dash, short statements.
--   psql -d DATABASE -v login=NAME [-v role=civic_provider] -f dashboards/audience-login.sql     as superuser; harmless twice
-- civic_reader, the command centre's own, is made by sql/roles.sql.  The password is the site's to set.
\if :{?role} \else \set role civic_provider \endif
SELECT format('CREATE ROLE %I', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" LOGIN CONNECTION LIMIT 20;
GRANT :"role" TO :"login";
ALTER ROLE :"login" SET default_transaction_read_only = on;
ALTER ROLE :"login" SET statement_timeout = '15s';
ALTER ROLE :"login" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE :"login" SET search_path = dash;
ALTER ROLE :"login" SET timezone = 'UTC';
