-- What install.sql and upgrade.sql share: schema files once each, then the functions and views anew.
SET LOCAL ROLE civic_admin;
SET LOCAL search_path = pg_catalog, public, pg_temp;
CREATE TABLE IF NOT EXISTS centre.migration (
  name       text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE centre.migration IS 'the files of sql/schema that this database has, in the order they were applied';

\set migration 010_site
\ir migrate.sql
\set migration 020_place
\ir migrate.sql
\set migration 030_people
\ir migrate.sql
\set migration 040_intake
\ir migrate.sql
\set migration 050_facts
\ir migrate.sql
\set migration 060_publication
\ir migrate.sql
\set migration 110_ruleset
\ir migrate.sql
\set migration 120_assessment
\ir migrate.sql

-- Functions and views are dropped and made again, so that a changed shape is a new object with
-- fresh grants.  RESTRICT is the default: an object of the site's own that depends on one stops
-- the upgrade.
\ir api/000_drop.sql
\ir api/010_site.sql
\ir api/015_text.sql
\ir api/020_place.sql
\ir api/030_people.sql
\ir api/040_intake.sql
\ir api/045_ruleset_variant.sql
\ir api/050_cell.sql
\ir api/060_publish.sql
\ir api/070_dash.sql
\ir api/072_board.sql
\ir api/075_map.sql
\ir api/080_tick.sql
\ir api/110_ruleset.sql
\ir api/120_assessment.sql
\ir api/990_grants.sql
-- Shipped rulesets: sql/rulesets/*.json, made into one script by make.
\ir rulesets.sql
RESET ROLE;
