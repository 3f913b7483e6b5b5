-- The impact of a version cannot be looked at in the wrong place: by when it was made, at every date inside, with feeds silent, on old facts, and once more when it starts.
\ir ../fixtures/country.sql
SELECT plan(51);
SET client_min_messages = error;
DROP ROLE IF EXISTS imp_ann, imp_bob, imp_tick;
CREATE ROLE imp_ann LOGIN IN ROLE civic_approver; CREATE ROLE imp_bob LOGIN IN ROLE civic_approver; CREATE ROLE imp_tick LOGIN IN ROLE civic_ticker;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.body(version text, rules jsonb DEFAULT '[]', outcomes jsonb DEFAULT '[]', params jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'impact', 'kind', 'access_code', 'version', version, 'params', params || '{"cycle": 14, "feed_hours": 36}',
    'facts', '[{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "sector", "type": "text", "null": "unknown"}, {"name": "health_feed_at", "type": "timestamptz", "null": "unknown"}]'::jsonb,
    'rules', '[{"id": "swab", "group": "health", "reason": {"en": "Swab is overdue"}, "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, {"param": "cycle"}, "day"]}]}},
               {"id": "feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "health_feed_at"}, {"param": "feed_hours"}, "hour"]}]}}]'::jsonb || rules,
    'outcomes', outcomes || '[{"if": {"!": {"group": "feed"}}, "outcome": "grey"}, {"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb,
    'tests', '[{"name": "silent", "at": "2020-01-01T00:00:00Z", "facts": {"health_feed_at": "2019-12-01T00:00:00Z", "last_swab_at": "2019-12-31T00:00:00Z", "sector": "x"}, "expect": {"outcome": "grey"}}]'::jsonb)
$$;
CREATE FUNCTION tap.sector_rule(cond text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_array(jsonb_build_object('id', 'sector', 'group', 'work', 'reason', '{"en": "The sector is closed", "zh": "行业关闭"}'::jsonb, 'action', '{"en": "Wait"}'::jsonb, 'assert', jsonb_build_object('or', jsonb_build_array(cond::jsonb, '{"===": [{"var": "sector"}, "marine"]}'::jsonb)))) $$;
-- the newest version that is not approved, drafted by ann and tested; assessed by the ticker
CREATE FUNCTION tap.tested(body jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer; BEGIN
  v := centre.draft_policy('impact', body, 'test'); PERFORM centre.test_policy(v); RETURN v;
END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
INSERT INTO centre.worker_fact (worker_id, sector, last_swab_at, health_feed_at)
  SELECT i, CASE WHEN i <= 50 THEN 'construction' ELSE 'marine' END, now() - (i % 14) * interval '1 day' - interval '1 hour', now() - interval '2 hours' FROM generate_series(1, 100) AS i;
UPDATE centre.access_setting SET policy_code = 'impact';
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('1')) AS v1 \gset
SET SESSION AUTHORIZATION imp_bob;
SELECT centre.approve_policy(:v1, emergency => 'the first') \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT is(centre.reevaluate(), 100::bigint, 'a first version decides');
SELECT is((SELECT count(*) FROM centre.access WHERE civic.colour(code) = 'green'), 100::bigint, 'all are green');

-- ---- finding 1: an assessment for another time does not hide the loss ----
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('2', tap.sector_rule('{"after": [{"now": []}, "2999-01-01T00:00:00Z"]}'))) AS v2 \gset
RESET SESSION AUTHORIZATION;
SELECT isnt(centre.assess_policy(:v2), NULL, 'a version is assessed');
SELECT isnt(centre.assess_policy(:v2, now() + interval '200 days'), NULL, 'and for a start in 200 days');
SELECT ok((SELECT bool_and(loss = 0.5) AND count(DISTINCT at) >= 2 FROM centre.policy_summary WHERE NOT aged AND ruleset_id = :v2 AND assessment_id = (SELECT max(assessment_id) FROM centre.policy_assessment)),
  'on facts as old then as they are now, so that not everybody is overdue anyhow');
SET SESSION AUTHORIZATION imp_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v2), '23514', 'this version of "impact" turns 50 of 100 green workers red or grey', 'a later instant does not hide what it does now');
-- feeds that are silent at the assessment
RESET SESSION AUTHORIZATION;
UPDATE centre.worker_fact SET health_feed_at = now() - interval '40 hours';
SELECT centre.assess_policy(:v2) \g /dev/null
SELECT results_eq(format('SELECT DISTINCT fresh, green_before, loss FROM centre.policy_summary WHERE NOT aged AND ruleset_id = %s AND assessment_id = (SELECT max(assessment_id) FROM centre.policy_assessment) ORDER BY 1', :v2),
  $$VALUES (false, 0::bigint, 0::float8), (true, 100, 0.5)$$, 'where every feed is silent all are grey; the loss shows as if they had been heard');
SET SESSION AUTHORIZATION imp_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v2), '23514', NULL, 'so silence does not hide it');
RESET SESSION AUTHORIZATION;
UPDATE centre.worker_fact SET health_feed_at = now() - interval '2 hours';
-- turning grey is a loss as well
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('grey', params => '{"x": 1}') #- '{facts,1}' || jsonb_build_object('facts', tap.body('x') -> 'facts' || '[{"name": "app_registered", "type": "boolean", "null": "unknown"}]', 'rules', tap.body('x') -> 'rules' || '[{"id": "app", "assert": {"var": "app_registered"}}]')) AS vg \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:vg) \g /dev/null
SELECT ok((SELECT bool_and(lost = 100 AND lost_to_grey = 100 AND to_acknowledge) FROM centre.policy_summary WHERE NOT aged AND ruleset_id = :vg), 'from green to grey is a loss of its own');
-- nor one that was made of another text, against other versions, on older facts
SET SESSION AUTHORIZATION imp_ann;
SELECT centre.revise_policy(:vg, tap.body('harmless')) \g /dev/null
SELECT centre.test_policy(:vg) \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT is(centre.assessment_fault(:vg, now()), 'It was never assessed.', 'a revised text was never assessed');
SELECT centre.assess_policy(:vg) \g /dev/null
SELECT is(centre.assessment_fault(:vg, now() + interval '48 hours'), NULL, 'assessed, it counts');
UPDATE centre.policy_assessment SET sha256 = '' WHERE ruleset_id = :vg;
SELECT is(centre.assessment_fault(:vg, now()), 'It was assessed with another text.', 'the text is compared by its digest');
SELECT centre.assess_policy(:vg) \g /dev/null
SELECT matches(centre.assessment_fault(:vg, now() + interval '40 days'), 'for a start until', 'it says nothing of a start behind its horizon');
INSERT INTO centre.worker_change (worker_id, cause) SELECT i, 'fact' FROM generate_series(1, 5) AS i;
SELECT is(centre.assessment_fault(:vg, now() + interval '48 hours'), NULL, 'facts of as many as max_loss may change');
INSERT INTO centre.worker_change (worker_id, cause) VALUES (6, 'feed');
SELECT matches(centre.assessment_fault(:vg, now() + interval '48 hours'), 'have changed 6 times', 'of more, it does not count any more');
SET SESSION AUTHORIZATION imp_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :vg), '55000', format('the impact of version %s is not known', :vg), 'and nobody approves on it');
SET SESSION AUTHORIZATION imp_tick;
SELECT ok(centre.assess_policies() >= 1, 'the ticker assesses it anew');
SELECT is(centre.assess_policies(), 0, 'once');
-- a clock ahead would begin what waits
SELECT throws_ok(format('SELECT centre.reevaluate(clock_timestamp() + interval %L)', ahead), '42501', 'this time has not come', 'nor does the ticker decide as of a time to come: ' || ahead) FROM unnest('{3 days,6 minutes}'::text[]) AS ahead;
SELECT lives_ok('SELECT centre.reevaluate()', 'but as of now');
RESET SESSION AUTHORIZATION;
SELECT is(centre.assessment_fault(:vg, now() + interval '48 hours'), NULL, 'and it counts');

-- ---- finding 2: dates inside ----
CREATE TABLE tap.bite AS SELECT now() + interval '4 days' AS at;
GRANT SELECT ON tap.bite TO PUBLIC;
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('3', tap.sector_rule(format('{"before": [{"now": []}, %s]}', to_jsonb(at))))) AS v3 FROM tap.bite \gset
SELECT tap.tested(tap.body('4', tap.sector_rule('{"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"param": "day"}, 2, "day"]}]}'), params => jsonb_build_object('day', (now() + interval '3 days')::date))) AS v4 \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v3), centre.assess_policy(:v4) \g /dev/null
SELECT set_eq(format('SELECT DISTINCT at >= (SELECT at FROM tap.bite), lost FROM centre.policy_summary WHERE ruleset_id = %s AND NOT fresh AND NOT aged', :v3), $$VALUES (false, 0::bigint), (true, 50)$$, 'a rule that bites in four days is assessed then');
SELECT ok((SELECT count(*) FILTER (WHERE lost = 50) > 0 AND min(lost) = 0 FROM centre.policy_summary WHERE ruleset_id = :v4), 'so is one that bites so many days after a day, by the calendar of a zone');
SET SESSION AUTHORIZATION imp_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', v), '23514', NULL, 'which must be acknowledged: ' || v) FROM unnest(ARRAY[:v3, :v4]) AS v;
RESET SESSION AUTHORIZATION;
-- what recurs is found by asking the rules of some workers
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('5', tap.sector_rule(format('{"===": [{"day": [{"now": []}, "UTC"]}, %s]}', to_jsonb((now() AT TIME ZONE 'UTC')::date))))) AS v5 \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v5) \g /dev/null
SELECT ok((SELECT count(*) FILTER (WHERE lost = 50) > 0 AND count(*) FILTER (WHERE lost = 0) > 0 FROM centre.policy_summary WHERE ruleset_id = :v5), 'what turns at midnight is assessed after midnight');
-- more dates than are looked at
UPDATE centre.access_setting SET impact_turns = 3;
SET SESSION AUTHORIZATION imp_ann;
SELECT tap.tested(tap.body('6', (SELECT jsonb_agg(jsonb_build_object('id', 'd' || i, 'severity', 'warn', 'assert', jsonb_build_object('before', jsonb_build_array('{"now": []}'::jsonb, to_jsonb(now() + i * interval '1 day'))))) FROM generate_series(1, 5) AS i))) AS v6 \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v6) \g /dev/null
SET SESSION AUTHORIZATION imp_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v6), '23514', format('version %s turns more often than was assessed', :v6), 'a version with more dates than were looked at must be acknowledged');
RESET SESSION AUTHORIZATION;
UPDATE centre.access_setting SET impact_turns = DEFAULT;

-- the dates of a text: where they begin and end in each zone it names, and so long after them as it adds
SELECT set_eq($$SELECT d FROM centre.policy_dates('{"params": {"from": "2026-12-05", "long": 14}, "tests": [{"at": "2020-01-01T00:00:00Z"}], "rules": [
    {"assert": {"before": [{"now": []}, "2026-12-24T18:00:00+08:00"]}}, {"assert": {"before": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"param": "from"}, {"param": "long"}, "day"]}]}},
    {"assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 3, "month"]}]}}]}') AS d WHERE d < '2026-12-09' OR d = '2027-01-07 10:00+00' OR d BETWEEN '2026-12-18' AND '2026-12-25'$$,
  $$SELECT ('2026-12-05'::timestamp AT TIME ZONE z) + n * interval '1 day' FROM (SELECT reporting_zone AS z FROM centre.site UNION SELECT 'UTC' UNION SELECT 'Asia/Singapore') x, unnest('{0,1,14,15}'::int[]) n
    UNION SELECT unnest('{2026-12-24 10:00+00,2027-01-07 10:00+00}'::timestamptz[])$$, 'every date of a text is found, with what is added to it');

-- ---- ten examples ----
SELECT results_eq(format('SELECT count(*), count(worker_id), count(DISTINCT worker_id), min(rule), min(reason) FROM centre.policy_examples(%s, %L)', :v3, 'zh'), $$VALUES (10::bigint, 10::bigint, 10::bigint, 'sector', '行业关闭')$$, 'ten examples, with the reason in a language');
SELECT is_empty(format('SELECT e.worker_id FROM centre.policy_examples(%s) e JOIN centre.worker_fact f USING (worker_id) WHERE f.sector <> %L OR e.sector <> f.sector', :v3, 'construction'), 'each is one whom it turns red');
SET SESSION AUTHORIZATION imp_bob;
SELECT results_eq(format('SELECT count(*), count(worker_id) FROM centre.policy_examples(%s)', :v3), $$VALUES (10::bigint, 0::bigint)$$, 'an approver is not told who they are');
SELECT throws_ok('TABLE centre.policy_example', '42501', NULL, 'nor finds it in the table');
RESET SESSION AUTHORIZATION;

-- ---- once more at the start ----
SET SESSION AUTHORIZATION imp_bob;
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:vg, now() + interval '3 days') \g /dev/null
SET SESSION AUTHORIZATION imp_bob;
SELECT centre.approve_policy(:vg, now() + interval '3 days') \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT is((SELECT accepted_loss FROM centre.policy WHERE ruleset_id = :vg), 0::float8, 'nothing was acknowledged, for nothing was lost');
-- a version that loses much with facts that changed since
SET SESSION AUTHORIZATION imp_ann;
SELECT centre.draft_policy('impact', tap.body('late', '[{"id": "missed", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 1000, "day"]}]}}]'), 'test') AS vl \gset
SELECT centre.test_policy(:vl) \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:vl, now() + interval '4 days') \g /dev/null
SET SESSION AUTHORIZATION imp_bob;
SELECT centre.approve_policy(:vl, now() + interval '4 days') \g /dev/null
RESET SESSION AUTHORIZATION;
-- the sectors of forty: nothing to the versions; then the version that starts is told apart by a trap in its text
SELECT centre.reevaluate(now() + interval '3 days 1 hour') \g /dev/null
SELECT is((SELECT ruleset_id FROM centre.access_state), :vg, 'a version that takes nothing starts');
SET SESSION AUTHORIZATION imp_tick;
SELECT throws_ok(format('SELECT centre.hold_policy(%s, %L)', :vg, 'a trick'), '55000', NULL, 'what is in force cannot be held, not by the ticker either');
SELECT throws_ok(format('SELECT centre.hold_policy(%s, %L)', :v2, 'a trick'), '55000', NULL, 'nor what is not approved');
RESET SESSION AUTHORIZATION;
UPDATE centre.access_setting SET max_loss = 0.05;
-- the next one would turn all red by now: somebody moves the swabs of all behind its reach
ALTER TABLE centre.ruleset DISABLE TRIGGER civic_frozen;
UPDATE centre.ruleset SET body = tap.body('late', tap.sector_rule('{"before": [{"now": []}, "2000-01-01T00:00:00Z"]}'))::text::civic.ruleset WHERE ruleset_id = :vl;
ALTER TABLE centre.ruleset ENABLE TRIGGER civic_frozen;
UPDATE centre.worker_fact SET last_swab_at = now() + interval '4 days', health_feed_at = now() + interval '4 days';
INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'fact' FROM centre.worker_fact;
SELECT is((SELECT count(*) FROM centre.policy WHERE ruleset_id = :vl AND status = 'approved'), 1::bigint, 'the next one is approved');
SELECT centre.reevaluate(now() + interval '4 days 1 hour') \g /dev/null
SELECT is((SELECT ruleset_id FROM centre.access_state), :vg, 'a version whose time has come and which takes more than was acknowledged does not start');
SELECT results_eq(format('SELECT p.status, p.valid IS NULL, (SELECT e.note FROM centre.policy_event e WHERE e.ruleset_id = p.ruleset_id ORDER BY e.event_id DESC LIMIT 1) FROM centre.policy p WHERE p.ruleset_id = %s', :vl),
  $$VALUES ('tested', true, 'it would turn 50.00 % of green workers red or grey; 0.00 % were acknowledged')$$, 'it is tested again, and says why');
SELECT ok((SELECT upper_inf(valid) AND status = 'live' FROM centre.policy WHERE ruleset_id = :vg), 'the one before goes on');

-- ---- assessed of many, begun with few ----
BEGIN;
DELETE FROM centre.worker_fact WHERE worker_id > 50;
SELECT coalesce(centre.entry_fault(p, :vg, now()), 'none') AS half FROM centre.policy p WHERE ruleset_id = :vg \gset
DELETE FROM centre.worker_fact WHERE worker_id > 49;
SELECT coalesce(centre.entry_fault(p, :vg, now()), 'none') AS few FROM centre.policy p WHERE ruleset_id = :vg \gset
DELETE FROM centre.worker_fact;
SELECT coalesce(centre.entry_fault(p, :vg, now()), 'none') AS nobody FROM centre.policy p WHERE ruleset_id = :vg \gset
ROLLBACK;
SELECT is(said, 'it was assessed of 100 workers, and there are facts of less than half of them', 'a version does not begin where few of those are left of whom it was assessed') FROM unnest(ARRAY[:'few', :'nobody']) AS said;
SELECT unalike(:'half'::text, '%less than half%', 'half are enough');

-- ---- groups that no reader sees ----
SELECT results_eq(format('SELECT path, warning FROM centre.unseen_groups(%L)', tap.body('x', '[{"id": "a", "group": "apps", "assert": true}, {"id": "b", "severity": "warn", "group": "apps", "assert": true}, {"id": "c", "group": "work", "assert": true}, {"id": "d", "assert": true}]')),
  $$VALUES ('$.rules[1].group', 'rule "feed" blocks, and neither employers nor dormitories see its group "feed"'), ('$.rules[2].group', 'rule "a" blocks, and neither employers nor dormitories see its group "apps"; perhaps "app"?')$$, 'rules that block and whose group no reader sees');

-- ---- finding 4: names ----
SELECT matches((SELECT string_agg(fault, '|') FROM centre.policy_faults(tap.body('x') || jsonb_build_object(k, v))), m, 'the nearest name: ' || m)
FROM (VALUES ('kind', '"acces_code"'::jsonb, 'kind access_code'), ('outcomes', '[{"outcome": "gren"}]', 'perhaps "green"'), ('facts', '[{"name": "last_swap_at", "type": "timestamptz", "null": "unknown"}]', 'perhaps "last_swab_at"'),
  ('rules', '[{"id": "a", "group": "helth", "assert": {"before": [{"now": []}, "2030-01-01T00:00:00Z"]}}]', 'perhaps "health"')) AS x (k, v, m);
ALTER TABLE centre.worker_fact ADD COLUMN dose_dates timestamptz[];
SELECT is_empty($$SELECT fault FROM centre.fact_faults('{"facts": [{"name": "dose_dates", "type": "timestamptz[]", "null": "unknown"}, {"name": "sector", "type": "text", "null": "unknown"}]}')$$, 'a list is a column of its type');
SELECT results_eq($$SELECT fault FROM centre.fact_faults('{"facts": [{"name": "dose_dates", "type": "date[]", "null": "unknown"}]}')$$, $$VALUES ('centre.worker_fact has no column "dose_dates" of type date[]; its type is timestamp with time zone[]')$$, 'and of no other');
SELECT * FROM finish();
DROP ROLE imp_ann, imp_bob, imp_tick;
