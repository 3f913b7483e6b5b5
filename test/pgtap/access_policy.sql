-- The life-cycle of policies, re-evaluation as the ticker, overrides, appeals, what a broken policy leaves.
\ir ../fixtures/country.sql
SELECT plan(72);
SET client_min_messages = warning;
DROP ROLE IF EXISTS pol_ann, pol_bob, pol_cy, pol_tick;
CREATE ROLE pol_ann LOGIN IN ROLE civic_approver; CREATE ROLE pol_bob LOGIN IN ROLE civic_approver; CREATE ROLE pol_cy LOGIN IN ROLE civic_approver; CREATE ROLE pol_tick LOGIN IN ROLE civic_ticker;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;
-- a swab every so many days, on approved work
CREATE FUNCTION tap.body(days int, version text DEFAULT '1') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'test', 'kind', 'access_code', 'version', version, 'params', jsonb_build_object('cycle', days),
    'facts', '[{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "approved_until", "type": "timestamptz", "null": "absent"}]'::jsonb,
    'rules', '[{"id": "swab", "group": "health", "reason": {"en": "Swab is overdue", "zh": "检测已过期"}, "action": {"en": "Book a swab", "zh": "请预约检测"},
                "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, {"param": "cycle"}, "day"]}]}},
               {"id": "approved", "group": "work", "reason": {"en": "No approval to work", "zh": "未获准复工"},
                "assert": {"and": [{"present": {"var": "approved_until"}}, {"before": [{"now": []}, {"var": "approved_until"}]}]}}]'::jsonb,
    'outcomes', '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb,
    'tests', '[{"name": "nothing known", "at": "2020-01-01T00:00:00Z", "facts": {}, "expect": {"outcome": "red", "fail": ["approved"], "unknown": ["swab"]}}]'::jsonb)
$$;
CREATE FUNCTION tap.colours() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT string_agg(format('%s %s', c, n), ', ' ORDER BY c) FROM (SELECT civic.colour(code) AS c, count(*) AS n FROM centre.access GROUP BY 1) x $$;
-- 100 workers, swabbed 1 to 100 times four hours ago
INSERT INTO centre.worker_fact (worker_id, sector, dormitory_id, last_swab_at, approved_until) SELECT i, CASE WHEN i % 2 = 0 THEN 'construction' ELSE 'marine' END, i % 3, now() - i * interval '4 hours', 'infinity' FROM generate_series(1, 100) AS i;
SELECT is(centre.reevaluate(), 0::bigint, 'without a policy that decides, nothing is decided');
UPDATE centre.access_setting SET policy_code = 'test';

-- draft and test
SET SESSION AUTHORIZATION pol_ann;
SELECT lives_ok($$SELECT centre.draft_policy('test', tap.body(14), 'an advisory')$$, 'an approver drafts a version');
SELECT throws_ok($$SELECT centre.draft_policy('test', tap.body(14), 'again')$$, '23505', NULL, 'the same text is not a second version');
SELECT throws_ok($$SELECT centre.draft_policy('test', 'no such ruleset')$$, '22023', NULL, 'nor is a ruleset that there is not');
SELECT centre.draft_policy('jmp2018_hcf_water', tap.body(14), 'a trick') AS trick \gset
SELECT throws_ok(format('SELECT centre.test_policy(%s)', :trick), '22023', format('version %s fails its tests', :trick), 'a version of a code has the kind of the others');
SELECT is(centre.ruleset_deciding('jmp2018_hcf_water'), (SELECT ruleset_id FROM centre.ruleset WHERE code = 'jmp2018_hcf_water' AND ruleset_id <> :trick), 'and a draft does not take the place of what decides');
SELECT throws_ok($$SELECT centre.draft_policy('jmp2018_hcf_water', 'jmp2018_hcf_water')$$, '23505', NULL, 'a copy of the same text is no version');
SELECT centre.draft_policy('copied', 'sg_access_2020_11_04') AS copied \gset
SELECT lives_ok(format('SELECT centre.revise_policy(%s, tap.body(3))', :copied), 'a shipped ruleset is copied, and the copy revised');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT count(*) FROM centre.ruleset WHERE code = 'sg_access_2020_11_04' AND body::text::jsonb ->> 'name' = tap.body(3) ->> 'name'), 0::bigint, 'the shipped one stays');
SELECT ok(centre.ruleset_in_force('sg_access_2020_11_04', '2020-12-01') IS NOT NULL, 'and in force for whoever decides by it');
SELECT is_empty('SELECT p.code FROM centre.policy p JOIN centre.ruleset r USING (ruleset_id) WHERE r.code <> p.code', 'a version bears the code of its policy');
DELETE FROM centre.policy_event WHERE ruleset_id IN (:copied, :trick); DELETE FROM centre.policy WHERE ruleset_id IN (:copied, :trick);
SET SESSION AUTHORIZATION pol_ann;
SELECT ruleset_id AS v1 FROM centre.policy WHERE code = 'test' \gset
SELECT is((SELECT author || ' ' || status FROM centre.policy WHERE ruleset_id = :v1), 'pol_ann draft', 'it names its author');
SELECT set_eq($$SELECT path, fault FROM centre.policy_faults(tap.body(14) || '{"kind": "x", "tests": [], "facts": [{"name": "last_swab_at", "type": "date", "null": "unknown"}, {"name": "approved_until", "type": "timestamptz", "null": "absent"}],
    "outcomes": [{"outcome": "blue"}]}') WHERE path NOT LIKE '$.rules%'$$,
  $$VALUES ('$.kind', 'a policy has the kind access_code'), ('$.tests', 'a policy has embedded tests'), ('$.outcomes[0]', 'outcome "blue" is no colour (green, yellow, red, grey)'),
    ('$.facts[0]', 'centre.worker_fact has no column "last_swab_at" of type date; its type is timestamp with time zone')$$, 'what keeps a text from deciding is listed');
SELECT isnt_empty(format('SELECT * FROM centre.policy_faults(%L)', nonsense), 'nonsense has faults and raises nothing: ' || nonsense)
FROM unnest(ARRAY['{"kind": "access_code", "facts": [{"name": 1, "type": "a b("}, 3], "outcomes": 7, "tests": {}}']) AS nonsense;
SELECT results_eq($$SELECT path, hint FROM centre.policy_faults(tap.body(14) || '{"tests": [{"name": "slip", "at": "2020-01-01T00:00:00Z", "facts": {"last_swap_at": null}, "expect": {}}]}')$$,
  $$VALUES ('$.tests[0].facts.last_swap_at', 'Perhaps "last_swab_at" is meant.')$$, 'with a hint');
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v1), '55000', NULL, 'a draft is not approved');
SELECT lives_ok(format($$SELECT centre.revise_policy(%s, jsonb_set(tap.body(14), '{tests,0,expect,outcome}', '"green"'))$$, :v1), 'a draft is revised');
SELECT throws_ok(format('SELECT centre.test_policy(%s)', :v1), '22023', format('version %s fails its tests', :v1), 'embedded tests must pass');
SELECT lives_ok(format($$SELECT centre.revise_policy(%s, tap.body(14))$$, :v1), 'revised again');
SELECT lives_ok(format('SELECT centre.test_policy(%s)', :v1), 'it is tested');
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v1), '42501', 'nobody approves what he wrote', 'its author does not approve it');
SET SESSION AUTHORIZATION pol_bob;
SELECT throws_ok(format('SELECT centre.revise_policy(%s, tap.body(13))', :v1), '42501', NULL, 'another login does not revise it');
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, now() + interval '47 hours')$$, :v1), '23514', NULL, 'without notice it is not approved');
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, now() - interval '1 hour', 'because')$$, :v1), '23514', NULL, 'nor for the past, not even in an emergency');
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, emergency => E' \t\n')$$, :v1), '22023', 'an emergency needs its reason', 'blanks are no reason');
SELECT lives_ok(format($$SELECT centre.approve_policy(%s, emergency => 'the first one')$$, :v1), 'in an emergency it comes into force at once');
SELECT results_eq('SELECT action, login, note FROM centre.policy_event ORDER BY event_id DESC LIMIT 1', $$VALUES ('emergency', 'pol_bob'::name, 'the first one')$$, 'which is logged');
RESET SESSION AUTHORIZATION;
SELECT throws_ok(format('UPDATE centre.ruleset SET body = tap.body(3)::text::civic.ruleset WHERE ruleset_id = %s', :v1), '55000', NULL, 'its text does not change any more');
SELECT throws_ok(format('INSERT INTO centre.policy (ruleset_id, code, status, valid, approver, approved_at) SELECT ruleset_id, %L, %L, %L, %L, now() FROM centre.ruleset WHERE code = %L', 'test', 'live', '(,)', 'x', 'jmp2018_hcf_water'),
  '23P01', NULL, 'two versions are not in force at one instant');

-- decisions, by the ticker
SET SESSION AUTHORIZATION pol_tick;
SELECT is(centre.reevaluate(), 100::bigint, 'the first re-evaluation decides about all');
SELECT is(tap.colours(), 'green 83, red 17', 'as the policy says');
SELECT is(centre.reevaluate(), 0::bigint, 'a second one writes nothing');
SELECT throws_ok($$SELECT centre.reevaluate(now() - interval '1 day')$$, '22023', 'the clock has gone back', 'the clock does not go back');
SELECT results_eq('SELECT status FROM centre.policy', $$VALUES ('live')$$, 'the version is live');
SELECT throws_ok($$DELETE FROM centre.decision$$, '42501', NULL, 'the ticker does not delete decisions');
SELECT throws_ok($$UPDATE centre.decision SET cause = 'time'$$, '42501', NULL, 'nor change them');
SELECT throws_ok($$UPDATE centre.policy SET valid = '(,)'$$, '42501', NULL, 'nor what is in force');
RESET SESSION AUTHORIZATION;
SELECT throws_ok($$UPDATE centre.decision SET cause = 'time'$$, '55000', NULL, 'nor does the owner');
UPDATE centre.worker_fact SET last_swab_at = now() WHERE worker_id IN (1, 90); INSERT INTO centre.worker_change (worker_id, cause) VALUES (1, 'fact'), (1, 'location'), (90, 'feed'), (2, 'fact');
SELECT is(centre.reevaluate(), 2::bigint, 'changed facts are decided again, and only codes that differ are written');
SELECT results_eq($$SELECT worker_id, cause FROM centre.decision WHERE cause <> 'policy' ORDER BY 1$$, $$VALUES (1::bigint, 'fact'), (90::bigint, 'feed')$$, 'with the cause');
SELECT is((SELECT count(*) FROM centre.worker_change), 0::bigint, 'the queue is empty');
SELECT results_eq($$SELECT part, rule, result, reason, action FROM centre.access_reasons(91, 'zh')$$, $$VALUES ('health', 'swab', 'failed', '检测已过期', '请预约检测')$$, 'a worker reads why, in his language');
DELETE FROM centre.worker_fact WHERE worker_id = 100; INSERT INTO centre.worker_change (worker_id, cause) VALUES (100, 'fact');
SELECT is(centre.reevaluate(), 0::bigint, 'a worker who is gone is not decided about');
SELECT is((SELECT count(*) FROM centre.access), 99::bigint, 'and has no code');

-- another version
SET SESSION AUTHORIZATION pol_bob;
SELECT centre.draft_policy('test', tap.body(7), 'a wave') AS v2 \gset
SELECT centre.test_policy(:v2) \g /dev/null
SET SESSION AUTHORIZATION pol_ann;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v2), '55000', format('the impact of version %s is not known', :v2), 'a version is not approved before its impact is known');
SELECT throws_ok(format('SELECT centre.policy_diff(%s, %s, now())', :v1, :v2), '42501', NULL, 'approvers see the impact, not the workers');
SET SESSION AUTHORIZATION pol_tick;
SELECT is(centre.assess_policies(), 1, 'the ticker assesses what is tested');
SELECT is(centre.assess_policies(), 0, 'once');
SET SESSION AUTHORIZATION pol_ann;
SELECT results_eq('SELECT green_before, lost FROM centre.policy_summary WHERE NOT aged ORDER BY at', $$VALUES (84::bigint, 42::bigint), (84, 42)$$, 'the impact is there to see: now, and at its start on facts as old then as they are now');
SELECT results_eq($$SELECT old_colour, new_colour, reason, sum(workers)::int FROM centre.policy_impact WHERE at = (SELECT min(at) FROM centre.policy_impact) GROUP BY 1, 2, 3 ORDER BY 1, 2$$, $$VALUES ('green', 'green', NULL, 42), ('green', 'red', 'swab', 42), ('red', 'red', 'swab', 15)$$, 'as a transition matrix');
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v2), '23514', 'this version of "test" turns 42 of 84 green workers red or grey', 'a great impact must be acknowledged');
SELECT lives_ok(format('SELECT centre.approve_policy(%s, acknowledge => true)', :v2), 'and is');
SELECT ok((SELECT acknowledged AND lower(valid) > now() + interval '47 hours' FROM centre.policy WHERE ruleset_id = :v2), 'it comes into force after the notice');
SELECT lives_ok(format($$SELECT centre.withdraw_policy(%s, 'reversed')$$, :v2), 'it is withdrawn before');
SELECT results_eq('SELECT ruleset_id, status, upper(valid) FROM centre.policy ORDER BY 1', format('VALUES (%s, %L, NULL::timestamptz), (%s, %L, NULL)', :v1, 'live', :v2, 'tested'), 'and the one before goes on, while it may be approved again');

-- overrides
SELECT centre.request_override(5, 'red', now() + interval '1 day', 'wanted') AS o \gset
SELECT throws_ok(format('SELECT centre.confirm_override(%s)', :o), '42501', 'an override needs two persons', 'an override needs two persons');
SELECT throws_ok($$SELECT centre.request_override(5, 'red', now() + interval '15 days', 'for ever')$$, '23514', NULL, 'and expires');
SET SESSION AUTHORIZATION pol_bob;
SELECT lives_ok(format('SELECT centre.confirm_override(%s)', :o), 'a second person confirms');
RESET SESSION AUTHORIZATION;
SELECT is(centre.reevaluate(), 1::bigint, 'it is applied');
SELECT ok((SELECT civic.colour(code) = 'red' AND civic.is_override(code) AND civic.health(code) = 'green' FROM centre.access WHERE worker_id = 5), 'and shows, while the reasons stay');
SELECT results_eq('SELECT rule, reason FROM centre.access_reasons(5)', $$VALUES ('OVERRIDE', 'wanted')$$, 'the worker reads it');

-- appeals
SELECT centre.lodge_appeal(5, 'I have done nothing') AS a \gset
SET SESSION AUTHORIZATION pol_bob;
SELECT throws_ok(format($$SELECT centre.review_appeal(%s, false, 'no')$$, :a), '42501', NULL, 'who confirmed the override does not review it');
SET SESSION AUTHORIZATION pol_cy;
SELECT throws_ok(format($$SELECT centre.review_appeal(%s, NULL, 'no')$$, :a), '22004', NULL, 'it is upheld or dismissed');
SELECT lives_ok(format($$SELECT centre.review_appeal(%s, true, 'no ground for it')$$, :a), 'another one does');
SELECT lives_ok(format($$SELECT centre.end_override(%s, 'upheld')$$, :o), 'and ends it');
RESET SESSION AUTHORIZATION;
SELECT centre.lodge_appeal(5, 'once more') AS a2 \gset
SET SESSION AUTHORIZATION pol_cy;
SELECT throws_ok(format($$SELECT centre.review_appeal(%s, false, 'no')$$, :a2), '42501', NULL, 'a second appeal has a second reviewer');
RESET SESSION AUTHORIZATION;
SELECT is(centre.reevaluate(), 1::bigint, 'the code is the policy''s again');

-- facts that are lists
ALTER TABLE centre.worker_fact ADD dose_dates timestamptz[];
SELECT set_eq($$SELECT path, fault FROM centre.policy_faults(tap.body(14) || '{"facts": [{"name": "dose_dates", "type": "timestamptz[]", "null": "unknown"}, {"name": "dose_dates", "type": "date[]", "null": "unknown"}]}') WHERE path LIKE '$.facts%' AND fault LIKE 'centre%'$$,
  $$VALUES ('$.facts[1]', 'centre.worker_fact has no column "dose_dates" of type date[]; its type is timestamp with time zone[]')$$, 'a column that is a list is a fact of its type, and of no other');
ALTER TABLE centre.worker_fact DROP dose_dates;

-- a policy that cannot decide any more
ALTER TABLE centre.worker_fact RENAME approved_until TO approved_to;
UPDATE centre.worker_fact SET last_swab_at = '2020-01-01' WHERE worker_id = 3; INSERT INTO centre.worker_change (worker_id, cause) VALUES (3, 'fact');
SELECT is(centre.reevaluate(now() + interval '1 minute'), 0::bigint, 'codes stay');
UPDATE centre.access_setting SET max_jump = '30 days';
SELECT is(centre.reevaluate(now() + interval '1 hour' * 24 * 14) > 0 AND tap.colours() = 'grey 84, red 15', true, 'until they run out, and then turn grey');
ALTER TABLE centre.worker_fact RENAME approved_to TO approved_until;
SELECT is(centre.reevaluate(now() + interval '1 hour' * 24 * 14), 84::bigint, 'once it can, all that lapsed are decided');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'every decision replays');
SELECT * FROM finish();
DROP ROLE pol_ann, pol_bob, pol_cy, pol_tick;
