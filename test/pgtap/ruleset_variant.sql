-- Variants of rulesets: what is changed, added and removed, against texts written by hand.
SET search_path = tap, public, pg_catalog;
SELECT plan(16);
CREATE FUNCTION tap.base() RETURNS jsonb LANGUAGE sql AS $$
  SELECT '{"name": "b", "params": {"days": 14, "hours": 3}, "facts": [{"name": "n", "type": "integer", "null": "unknown"}, {"name": "m", "type": "integer", "null": "unknown"}],
    "definitions": [{"name": "many", "value": {">": [{"var": "n"}, {"param": "days"}]}}, {"name": "few", "value": {"<": [{"var": "m"}, {"param": "hours"}]}}],
    "rules": [{"id": "a", "assert": {"definition": "many"}, "reason": {"en": "A"}}, {"id": "b", "assert": {"definition": "few"}}],
    "outputs": [{"name": "o", "type": "integer", "value": {"var": "n"}}], "outcomes": [{"if": {"severity": "block"}, "outcome": "yes"}, {"outcome": "no"}]}'::jsonb $$;
SELECT is(centre.ruleset_variant(tap.base(), '{"remove": {"rules": ["b"], "params": ["hours"], "facts": ["m"], "definitions": ["few"], "outputs": ["o"]}, "tests": []}'),
  '{"name": "b", "params": {"days": 14}, "facts": [{"name": "n", "type": "integer", "null": "unknown"}], "definitions": [{"name": "many", "value": {">": [{"var": "n"}, {"param": "days"}]}}],
    "rules": [{"id": "a", "assert": {"definition": "many"}, "reason": {"en": "A"}}], "outputs": [], "tests": [], "outcomes": [{"if": {"severity": "block"}, "outcome": "yes"}, {"outcome": "no"}]}'::jsonb, 'what is named goes, the rest stays');
SELECT is_empty($$SELECT path, message FROM civic.ruleset_check(centre.ruleset_variant(tap.base(), '{"remove": {"rules": ["b"], "params": ["hours"], "facts": ["m"], "definitions": ["few"]}}'))$$, 'what is left is sound, and nothing in it is unused');
SELECT is(centre.ruleset_variant(tap.base(), '{"remove": {"rules": ["a"]}, "rules": [{"id": "a", "assert": {"definition": "few"}}]}') -> 'rules', '[{"id": "b", "assert": {"definition": "few"}}, {"id": "a", "assert": {"definition": "few"}}]'::jsonb, 'what is removed and given again is new, and last');
SELECT is(centre.ruleset_variant(tap.base(), '{"definitions": [{"name": "many", "value": {"var": "n"}}]}') -> 'definitions', '[{"name": "many", "value": {"var": "n"}}, {"name": "few", "value": {"<": [{"var": "m"}, {"param": "hours"}]}}]'::jsonb, 'definitions are merged by name');
SELECT is(centre.ruleset_variant(tap.base(), '{}') - 'tests', tap.base(), 'no change changes nothing');
SELECT ok(NOT centre.ruleset_variant(tap.base() - 'definitions' - 'outputs', '{}') ?| '{definitions,outputs}', 'nor adds what is not there');
SELECT throws_ok(format('SELECT centre.ruleset_variant(tap.base(), %L)', change), '22023', said, said)
FROM (VALUES ('{"remove": {"rules": ["c"]}}', 'the base has nothing of the name "c" in rules'), ('{"remove": {"params": ["hour"]}}', 'the base has nothing of the name "hour" in params'),
  ('{"remove": {"outcomes": ["yes"]}}', 'a variant cannot remove "outcomes"'), ('{"remove": {"rules": "a"}}', 'a variant cannot remove "rules"')) AS x (change, said);
SELECT matches((SELECT string_agg(message, '|') FROM civic.ruleset_check(centre.ruleset_variant(tap.base(), '{"remove": {"params": ["hours"]}}'))), 'no parameter "hours"', 'what is still used is an error of the ruleset, with its path');
-- the shipped ones
SELECT is_empty($$SELECT r.code, c.path, c.message FROM centre.ruleset r, LATERAL civic.ruleset_check(r.body::text::jsonb) AS c WHERE c.kind <> 'test'$$, 'no shipped ruleset has an error or a warning');
SELECT is((SELECT string_agg(k, ', ' ORDER BY k) FROM centre.ruleset r, LATERAL jsonb_object_keys(r.body::text::jsonb -> 'params') AS k WHERE r.code = 'sg_access_2020_11_04'), 'cmp, cycle_days, warn_days', 'what the exemption without a limit does not use is removed from its text');
-- a version of a ladder that cannot classify
SELECT r.body::text::jsonb - 'tests' || '{"version": "slip", "outcomes": [{"outcome": "Basic"}], "tests": [{"name": "all is basic", "facts": {}, "expect": {"outcome": "Basic"}}]}' AS slip FROM centre.ruleset r WHERE r.code = 'jmp2018_hcf_water' \gset
SELECT results_eq(format('SELECT path, fault, hint FROM centre.ruleset_faults(%L)', :'slip'), $$VALUES ('$.outcomes[0].outcome', 'outcome "Basic" is none of a ruleset of kind "hcf"', 'Perhaps "basic" is meant.')$$, 'an outcome that is no level of its ladder is a fault');
SET client_min_messages = error;
SELECT centre.draft_policy('jmp2018_hcf_water', :'slip'::jsonb, 'test') AS v \gset
SELECT throws_ok(format('SELECT * FROM centre.test_policy(%s)', :v), '22023', format('version %s fails its tests', :v), 'so the version is not tested, and cannot be approved');
SELECT is_empty(format('SELECT fault FROM centre.ruleset_faults(%L) WHERE path ~ %L', replace(:'slip', 'Basic', 'basic'), 'outcome'), 'a level is none');
SELECT * FROM finish();
