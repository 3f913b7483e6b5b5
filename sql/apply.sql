-- What install.sql and upgrade.sql share: schema files once each, then the functions and views anew.
SET LOCAL ROLE civic_admin;
SET LOCAL search_path = pg_catalog, public, pg_temp;
CREATE TABLE IF NOT EXISTS centre.migration (
  name       text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE centre.migration IS 'the schema files that this database has, as room/name, in the order they were applied';

-- What is ours, and what we granted on it: so that an upgrade knows what the site made, granted and took away.
CREATE TABLE IF NOT EXISTS centre.shipped_object (kind text, identity text, PRIMARY KEY (kind, identity));
COMMENT ON TABLE centre.shipped_object IS 'tables, views and routines of centre and dash that the layer made; others there are the site''s, and stay in an upgrade';
CREATE TABLE IF NOT EXISTS centre.shipped_grant (kind text, identity text, col text, grantee text, privilege text, grantable boolean, PRIMARY KEY (kind, identity, col, grantee, privilege));
COMMENT ON TABLE centre.shipped_grant IS 'what the layer granted when it was installed or upgraded last: what there is besides, the site granted, and what is missing, it revoked; an upgrade keeps both';

\ir before.sql

-- Functions and views are dropped and made again, so that a changed shape is a new object with fresh grants, and tables may change under them.
-- An object of the site's own that depends on one stops the upgrade.
\ir drop.sql
\ir renamed.sql

-- Rooms that nobody else needs may be left out: install.sql says which, and upgrade.sql keeps to it.
CREATE TABLE IF NOT EXISTS centre.left_out (room text PRIMARY KEY);
COMMENT ON TABLE centre.left_out IS 'rooms of the layer that this database does without';
\if :{?installing}
\ir left_out.sql
\endif

\ir rooms.sql
RESET ROLE;
\ir keep.sql
