-- Ways round the guard that were tried: a version that follows another than it was approved before, a start behind what was assessed, and overrides and appeals without their reasons.
\ir ../fixtures/country.sql
SELECT plan(17);
SET client_min_messages = error;
DROP ROLE IF EXISTS att_ann, att_bob, att_cho;
CREATE ROLE att_ann LOGIN IN ROLE civic_approver; CREATE ROLE att_bob LOGIN IN ROLE civic_approver; CREATE ROLE att_cho LOGIN IN ROLE civic_approver;
CREATE FUNCTION tap.draft(version text, closed text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer; BEGIN
  v := centre.draft_policy('attack', jsonb_build_object('name', 'attack', 'kind', 'access_code', 'version', version, 'facts', '[{"name": "sector", "type": "text", "null": "unknown"}]'::jsonb,
    'rules', jsonb_build_array(jsonb_build_object('id', 'closed', 'group', 'work', 'assert', jsonb_build_object('!', jsonb_build_object('and', jsonb_build_array('{"===": [{"var": "sector"}, "a"]}'::jsonb, closed::jsonb))))),
    'outcomes', '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb, 'tests', '[{"name": "b", "at": "2020-01-01T00:00:00Z", "facts": {"sector": "b"}, "expect": {"outcome": "green"}}]'::jsonb), 'test');
  PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v; RETURN v;
END $$;
CREATE FUNCTION tap.day(n integer) RETURNS text LANGUAGE sql AS $$ SELECT format('{"===": [{"weekday": [{"now": []}, "UTC"]}, %s]}', 1 + (extract(isodow FROM now() AT TIME ZONE 'UTC')::integer + n - 1) % 7) $$;
INSERT INTO centre.worker_fact (worker_id, sector) SELECT i, CASE WHEN i <= 40 THEN 'a' ELSE 'b' END FROM generate_series(1, 100) AS i;
UPDATE centre.access_setting SET policy_code = 'attack';

-- ---- a version follows another one than it was approved after ----
SELECT tap.draft('closed in four days of the week', tap.day(4)) AS base \gset
SELECT centre.approve_policy(:base, emergency => 'the first') \g /dev/null
SELECT centre.reevaluate() \g /dev/null
SELECT tap.draft('alike', format('{"or": [%s, false]}', tap.day(4))) AS alike \gset
SELECT centre.assess_policy(:alike) \g /dev/null
SELECT lives_ok(format('SELECT centre.approve_policy(%s)', :alike), 'a version that changes nothing is approved');
SELECT tap.draft('open', '{"===": [{"var": "sector"}, "none"]}') AS open \gset
SELECT centre.assess_policy(:open) \g /dev/null
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, emergency => 'x', waiting => 'follows')$$, :open), '23514', NULL, 'one that opens what is closed on a day to come is seen to');
SELECT lives_ok(format($$SELECT centre.approve_policy(%s, emergency => 'x', acknowledge => true, waiting => 'follows')$$, :open), 'and acknowledged goes before it');
SELECT centre.reevaluate() \g /dev/null
SELECT is((SELECT ruleset_id FROM centre.access_state), :open, 'it decides');
SELECT centre.reevaluate((SELECT lower(valid) + interval '1 minute' FROM centre.policy WHERE ruleset_id = :alike)) \g /dev/null
SELECT is((SELECT ruleset_id FROM centre.access_state), :open, 'the one that waited takes on a later day what was never acknowledged against this one: it does not start, though nobody loses at its start');
SELECT matches((SELECT note FROM centre.policy_event WHERE ruleset_id = :alike AND action = 'held'), 'it would turn 40.00 % of green workers red or grey; 0.00 % were acknowledged', 'and says why');
SELECT centre.reset_clock(clock_timestamp(), 'test') \g /dev/null

-- ---- a start behind what was assessed ----
SELECT tap.draft('later', format('{"not-before": [{"now": []}, "%s"]}', to_char((now() + interval '40 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) AS later \gset
SELECT centre.assess_policy(:later) \g /dev/null
SELECT throws_ok(format('SELECT centre.approve_policy(%s, start => now() + interval ''31 days'')', :later), '55000', NULL, 'an assessment for a start in two days says nothing of ten days after a start in a month');
SELECT centre.assess_policy(:later, now() + interval '31 days') \g /dev/null
SELECT throws_ok(format('SELECT centre.approve_policy(%s, start => now() + interval ''31 days'')', :later), '23514', NULL, 'assessed for that, it must be acknowledged');

-- ---- overrides and appeals ----
SET SESSION AUTHORIZATION att_ann;
SELECT throws_ok(format('SELECT centre.request_override(%s)', args), '22023', said, said)
FROM (VALUES ('1, ''red'', now() + interval ''1 day'', '' ''', 'an override needs its reason'), ('1, ''rad'', now() + interval ''1 day'', ''x''', '"rad" is no colour'), ('-5, ''red'', now() + interval ''1 day'', ''x''', 'there is no worker -5')) AS x (args, said);
SELECT centre.request_override(1, 'red', now() + interval '1 day', 'x') AS one, centre.request_override(1, 'red', now() + interval '2 days', 'y') AS two \gset
SET SESSION AUTHORIZATION att_bob;
SELECT centre.confirm_override(:one) \g /dev/null
SELECT throws_ok(format('SELECT centre.confirm_override(%s)', :two), '23P01', 'another override of worker 1 is in force', 'one override at a time');
SELECT throws_ok(format('SELECT centre.end_override(%s, NULL)', :one), '22023', 'an override is ended for a reason', 'nor ended without a reason');
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null
SET SESSION AUTHORIZATION att_cho;
SELECT centre.end_override(:one, 'over') \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null
SELECT throws_ok($$SELECT centre.lodge_appeal(1, ' ')$$, '22023', 'an appeal says why', 'an appeal says why');
SELECT centre.lodge_appeal(1, 'why') AS appeal \gset
UPDATE centre.appeal a SET decision_id = d.decision_id, decided_at = d.decided_at FROM centre.decision d WHERE d.worker_id = 1 AND a.appeal_id = :appeal AND d.cause IN ('override', 'policy') AND d.decision_id = (SELECT max(decision_id) FROM centre.decision WHERE worker_id = 1);
SELECT is((SELECT centre.had_part('att_cho', a) FROM centre.appeal a WHERE appeal_id = :appeal), true, 'who ended the override had part in what was decided then');
SET SESSION AUTHORIZATION att_bob;
SELECT throws_ok(format('SELECT centre.review_appeal(%s, true, %L)', :appeal, f), '22004', NULL, 'an appeal is answered with a finding') FROM unnest(ARRAY[NULL, ' ']) AS f;
RESET SESSION AUTHORIZATION;
SELECT * FROM finish();
DROP ROLE att_ann, att_bob, att_cho;
