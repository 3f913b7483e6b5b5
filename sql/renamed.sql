-- Schema files that a database has under the name they had before there were rooms, and what changed in them before the first release.
INSERT INTO centre.migration (name, applied_at, applied_by)
SELECT n.new_name, m.applied_at, m.applied_by
FROM centre.migration m
JOIN (VALUES
  ('010_site', 'site/site'), ('015_turn', 'site/turn'), ('180_retention', 'retention/retention'), ('020_place', 'place/place'),
  ('030_people', 'people/people'), ('146_reader', 'people/claim'), ('180_retention', 'people/retention'), ('110_ruleset', 'ruleset/ruleset'),
  ('040_intake', 'fact/document'), ('050_facts', 'fact/fact'), ('120_assessment', 'fact/assessment'), ('180_retention', 'fact/retention'),
  ('040_intake', 'intake/intake'), ('180_retention', 'intake/retention'),
  ('060_publication', 'publication/publication'), ('064_ledger', 'publication/ledger'), ('066_request', 'publication/request'), ('180_retention', 'publication/retention'),
  ('150_standard', 'comparison/standard'), ('151_catalogue', 'comparison/catalogue'), ('152_composite', 'comparison/composite'), ('154_action', 'comparison/action'),
  ('156_baseline', 'baseline/baseline'), ('158_alarm', 'baseline/alarm'),
  ('120_assessment', 'wash/part_indicator'), ('126_wash', 'wash/wash'),
  ('128_worker_fact', 'workforce/worker_fact'), ('130_workforce', 'workforce/workforce'), ('132_location', 'workforce/location'), ('180_retention', 'workforce/retention'),
  ('140_policy', 'ruleset/policy'), ('140_policy', 'access/policy'), ('142_decision', 'access/decision'), ('144_override', 'access/override'), ('146_reader', 'access/reader'), ('180_retention', 'access/retention'),
  ('160_framework', 'competency/framework'), ('162_frac', 'competency/frac'), ('164_framework_import', 'competency/framework_import'), ('180_retention', 'competency/retention'),
  ('170_evidence', 'learning/evidence'), ('172_training', 'learning/training'), ('174_plan', 'learning/plan'), ('176_learning', 'learning/learning'), ('180_retention', 'learning/retention'),
  ('080_tick', 'operation/tick')) AS n (old_name, new_name) ON n.old_name = m.name
ON CONFLICT (name) DO NOTHING;
SELECT count(*) > 0 AS before_rooms FROM centre.migration WHERE name = '140_policy' \gset
DELETE FROM centre.migration WHERE name ~ '^[0-9]{3}_';
\if :before_rooms
\ir before_rooms.sql
\endif
