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
\set migration 015_turn
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
\set migration 064_ledger
\ir migrate.sql
\set migration 066_request
\ir migrate.sql
\set migration 080_tick
\ir migrate.sql
\set migration 110_ruleset
\ir migrate.sql
\set migration 120_assessment
\ir migrate.sql
\set migration 126_wash
\ir migrate.sql
\set migration 128_worker_fact
\ir migrate.sql
\set migration 130_workforce
\ir migrate.sql
\set migration 132_location
\ir migrate.sql
\set migration 140_policy
\ir migrate.sql
\set migration 142_decision
\ir migrate.sql
\set migration 144_override
\ir migrate.sql
\set migration 146_reader
\ir migrate.sql
\set migration 150_standard
\ir migrate.sql
\set migration 151_catalogue
\ir migrate.sql
\set migration 152_composite
\ir migrate.sql
\set migration 154_action
\ir migrate.sql
\set migration 156_baseline
\ir migrate.sql
\set migration 158_alarm
\ir migrate.sql
\set migration 160_framework
\ir migrate.sql
\set migration 162_frac
\ir migrate.sql
\set migration 164_framework_import
\ir migrate.sql
\set migration 170_evidence
\ir migrate.sql
\set migration 172_training
\ir migrate.sql
\set migration 174_plan
\ir migrate.sql
\set migration 176_learning
\ir migrate.sql
\set migration 180_retention
\ir migrate.sql

-- Functions and views are dropped and made again, so that a changed shape is a new object with
-- fresh grants.  RESTRICT is the default: an object of the site's own that depends on one stops
-- the upgrade.
\ir api/000_drop.sql
\ir api/010_site.sql
\ir api/015_text.sql
\ir api/016_turn.sql
\ir api/020_place.sql
\ir api/030_people.sql
\ir api/040_intake.sql
\ir api/045_ruleset_variant.sql
\ir api/050_cell.sql
\ir api/060_publish.sql
\ir api/062_dataset.sql
\ir api/064_ledger.sql
\ir api/066_request.sql
\ir api/070_dash.sql
\ir api/072_board.sql
\ir api/075_map.sql
\ir api/080_tick.sql
\ir api/082_operation.sql
\ir api/110_ruleset.sql
\ir api/120_assessment.sql
\ir api/130_workforce.sql
\ir api/132_location.sql
\ir api/133_worker_fact.sql
\ir api/140_policy.sql
\ir api/142_decision.sql
\ir api/144_override.sql
\ir api/146_reader.sql
\ir api/148_gate.sql
\ir api/150_compare.sql
\ir api/151_standard.sql
\ir api/152_composite.sql
\ir api/153_change.sql
\ir api/154_action.sql
\ir api/155_wash.sql
\ir api/156_baseline.sql
\ir api/158_alarm.sql
\ir api/159_access_board.sql
\ir api/160_framework.sql
\ir api/162_frac.sql
\ir api/164_framework_import.sql
\ir api/166_framework_export.sql
\ir api/168_badge.sql
\ir api/169_frac_suggest.sql
\ir api/170_evidence.sql
\ir api/172_training.sql
\ir api/174_plan.sql
\ir api/176_learning.sql
\ir api/178_capacity.sql
\ir api/180_erase.sql
\ir api/990_grants.sql
\ir api/995_owners.sql
-- Shipped rulesets and policies: sql/rulesets/*.json and sql/policies/*.json, made into one script by make.
\ir rulesets.sql
RESET ROLE;
