-- An approved version is seen before it starts, a code that another version decided is not shown at the gate, and an emergency goes before a version that waits.
SET search_path = tap, public, pg_catalog;
SET client_min_messages = error;
SELECT plan(52);
DROP ROLE IF EXISTS com_ann, com_bob, com_pool;
CREATE ROLE com_ann LOGIN IN ROLE civic_approver; CREATE ROLE com_bob LOGIN IN ROLE civic_approver;
CREATE ROLE com_pool LOGIN NOINHERIT IN ROLE civic_worker, civic_employer, civic_dormitory, civic_gate;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;
INSERT INTO centre.language (code, fallback, name) VALUES ('zh', 'en', 'Chinese') ON CONFLICT DO NOTHING;
CREATE FUNCTION tap.body(days int, version text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'coming', 'kind', 'access_code', 'version', version, 'params', jsonb_build_object('cycle', days),
    'facts', '[{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "approved_until", "type": "timestamptz", "null": "absent"}]'::jsonb,
    'rules', '[{"id": "swab", "group": "health", "reason": {"en": "Swab is overdue", "zh": "检测已过期"}, "action": {"en": "Book a swab", "zh": "请预约检测"},
                "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, {"param": "cycle"}, "day"]}]}},
               {"id": "approved", "group": "work", "reason": {"en": "No approval to work"}, "action": {"en": "Ask the lead"}, "assert": {"present": {"var": "approved_until"}}}]'::jsonb,
    'outcomes', '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb,
    'tests', '[{"name": "nothing known", "at": "2020-01-01T00:00:00Z", "facts": {}, "expect": {"outcome": "red", "fail": ["approved"], "unknown": ["swab"]}}]'::jsonb)
$$;
-- W1 to W4 of E1 and W5, W6 of E2; the odd live in D1; swabbed as many days ago as their number
INSERT INTO centre.employer (code, sector) VALUES ('E1', 'construction'), ('E2', 'marine');
INSERT INTO centre.premises (code, kind) VALUES ('D1', 'dormitory'), ('D2', 'dormitory');
INSERT INTO centre.worker_fact (worker_id, employer_id, dormitory_id, language, last_swab_at, approved_until)
  SELECT centre.pseudonym('W' || i), (SELECT employer_id FROM centre.employer WHERE code = CASE WHEN i <= 4 THEN 'E1' ELSE 'E2' END), (SELECT premises_id FROM centre.premises WHERE code = 'D' || 2 - i % 2), 'zh', now() - i * interval '1 day', 'infinity' FROM generate_series(1, 6) AS i;
INSERT INTO centre.work_pass (pass_no, worker_id) SELECT 'P' || i, centre.pseudonym('W' || i) FROM generate_series(1, 6) AS i;
UPDATE centre.access_setting SET policy_code = 'coming', max_loss = 0.05;
SELECT centre.add_claim_key('com_pool', sha256('pool')) AS key \gset
CREATE TABLE tap.token AS SELECT * FROM (VALUES ('W1', centre.sign_claim(:key, 'worker', 'W1')), ('W4', centre.sign_claim(:key, 'worker', 'W4')), ('E1', centre.sign_claim(:key, 'employer', 'E1')), ('D1', centre.sign_claim(:key, 'dormitory', 'D1'))) AS t (name, token);
GRANT SELECT ON tap.token TO PUBLIC;
CREATE FUNCTION tap.as(who name, claim text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; BEGIN
  EXECUTE format('SET LOCAL ROLE %I', who);
  PERFORM set_config('civic.claim', coalesce((SELECT token FROM tap.token WHERE name = claim), ''), true);
  FOR line IN EXECUTE query LOOP RETURN NEXT line; END LOOP;
  PERFORM set_config('civic.claim', '', true);
  RESET ROLE;
END $$;
CREATE FUNCTION tap.tested(days int, version text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer; BEGIN v := centre.draft_policy('coming', tap.body(days, version), 'test'); PERFORM centre.test_policy(v); RETURN v; END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET SESSION AUTHORIZATION com_ann;
SELECT tap.tested(14, '1') AS v1 \gset
SET SESSION AUTHORIZATION com_bob;
SELECT centre.approve_policy(:v1, emergency => 'the first') \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null

-- ---- what is to come ----
SET SESSION AUTHORIZATION com_pool;
SELECT is_empty($$SELECT tap.as('civic_worker', 'W4', 'SELECT colour FROM centre.my_coming()')$$, 'nothing is to come');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION com_ann;
SELECT tap.tested(5, '2') AS v2 \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v2) \g /dev/null
SET SESSION AUTHORIZATION com_bob;
SELECT centre.approve_policy(:v2, acknowledge => true) \g /dev/null
SELECT results_eq('SELECT code, ruleset_id, round(accepted_loss::numeric, 2), would_be_held FROM centre.policy_coming', format($$VALUES ('coming', %s, 0.67, false)$$, :v2), 'approvers see what is to come, and what was acknowledged');
SET SESSION AUTHORIZATION com_pool;
-- at its start in two days W3 to W6 were swabbed five days ago or more
SELECT set_eq($$SELECT tap.as('civic_worker', 'W4', 'SELECT colour || colour_then || part || rule || reason || action FROM centre.my_coming()')$$, ARRAY['greenredhealthswab检测已过期请预约检测'], 'the worker is told what will turn, why, and what to do before');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W1', 'SELECT colour || colour_then || rule || round(extract(epoch FROM turns_at - now()) / 3600) || '' '' || round(extract(epoch FROM turns_at - starts_at) / 3600) FROM centre.my_coming()')$$, ARRAY['greenredswab96 48'], 'one whom its start leaves green, and whom it turns two days later, is told of that day');
SELECT is_empty($$SELECT tap.as('civic_worker', 'W1', 'SELECT colour FROM centre.my_coming(NULL, ''1 day'')')$$, 'not where nothing turns within the horizon after the start');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W4', 'SELECT round(extract(epoch FROM turns_at - now()) / 3600)::text FROM centre.my_code()')$$, ARRAY['48'], 'his code turns when the version starts, not on the old one''s date');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W1', 'SELECT round(extract(epoch FROM turns_at - now()) / 86400)::text FROM centre.my_code()')$$, ARRAY['4'], 'that of another later, by the version to come and not by the old one''s date');
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no || colour || colour_then || coalesce(rule, ''-'') || coalesce(reason, ''-'') || action FROM centre.my_workers_coming(''en'', ''1 hour'')')$$, ARRAY['P3greenred--Book a swab', 'P4greenred--Book a swab'], 'the employer sees whom its start turns, of health only what to do');
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no || colour_then || round(extract(epoch FROM turns_at - now()) / 3600) FROM centre.my_workers_coming()')$$, ARRAY['P1red96', 'P2red72', 'P3red48', 'P4red48'], 'and whom it turns in the week after');
SELECT set_eq($$SELECT tap.as('civic_dormitory', 'D1', 'SELECT pass_no || colour_then FROM centre.my_residents_coming(''en'', ''1 hour'')')$$, ARRAY['P3red', 'P5red'], 'the operator his residents');
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no || action || round(extract(epoch FROM due_at - now()) / 3600) FROM centre.my_workers_todo()')$$, ARRAY['P2Book a swab72', 'P3Book a swab48', 'P4Book a swab48'], 'and the list of what there is to do has it, by when it starts or later');
SELECT is_empty($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers_todo(''en'', ''1 day'')')$$, 'not before its horizon');
SELECT is_empty($$SELECT tap.as('civic_employer', 'W1', 'SELECT pass_no FROM centre.my_workers_coming()') UNION ALL SELECT tap.as('civic_worker', 'E1', 'SELECT rule FROM centre.my_coming()')$$, 'a claim of another kind shows nothing');
SELECT throws_ok($$SELECT tap.as('civic_gate', NULL, 'SELECT worker_id FROM centre.coming(''worker'', ''en'', ''1 day'')')$$, '42501', NULL, 'what they are made of is not called');
SELECT set_eq($$SELECT tap.as('civic_gate', NULL, 'SELECT centre.gate_check(''P4'')')$$, ARRAY['green'], 'the gate shows the code in force');
RESET SESSION AUTHORIZATION;

-- two wait, one after the other: each is followed in its own time
SET SESSION AUTHORIZATION com_ann;
SELECT tap.tested(3, '2b') AS v2b \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v2b, now() + interval '60 hours') \g /dev/null
SET SESSION AUTHORIZATION com_bob;
SELECT centre.approve_policy(:v2b, start => now() + interval '60 hours', acknowledge => true) \g /dev/null
SET SESSION AUTHORIZATION com_pool;
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no || colour_then || round(extract(epoch FROM turns_at - now()) / 3600) || '' '' || round(extract(epoch FROM starts_at - now()) / 3600) FROM centre.my_workers_coming()')$$,
  ARRAY['P1red60 60', 'P2red60 60', 'P3red48 48', 'P4red48 48'], 'of two that wait the second takes those whom it turns');
RESET SESSION AUTHORIZATION;
-- what the lists say is what the policies make of everybody at each instant, by hand
SELECT set_eq($$SELECT f.worker_id, t.turns_at, t.colour, civic.colour(t.turned) AS colour_then FROM centre.worker_fact f JOIN centre.access a USING (worker_id), centre.turns_ahead(f, a.code, now() + interval '5 days') AS t WHERE t.colour <> civic.colour(t.turned)$$,
  $$SELECT c.worker_id, c.at, c.before, c.colour FROM (
      SELECT w.worker_id, i.at, civic.colour(civic.access_json(r.body, 1, i.at, to_jsonb(w))) AS colour, lag(civic.colour(civic.access_json(r.body, 1, i.at, to_jsonb(w)))) OVER (PARTITION BY w.worker_id ORDER BY i.at) AS before
      FROM centre.worker_fact w, (SELECT lower(p.valid) + m AS at FROM centre.policy p, unnest('{-1 microsecond,0}'::interval[]) AS m WHERE lower(p.valid) > now()
                                  UNION SELECT f.last_swab_at + d * interval '1 day' FROM centre.worker_fact f, unnest('{3,5,14}'::int[]) AS d WHERE f.last_swab_at + d * interval '1 day' BETWEEN (SELECT min(lower(p.valid)) FROM centre.policy p WHERE lower(p.valid) > now()) AND now() + interval '5 days') AS i,
        LATERAL (SELECT p.ruleset_id FROM centre.policy p WHERE p.code = 'coming' AND p.valid @> i.at) AS v JOIN centre.ruleset r USING (ruleset_id)) AS c
    WHERE c.colour <> c.before$$, 'the turns are those that the policies make of everybody, instant by instant');
SET SESSION AUTHORIZATION com_bob;
SELECT centre.withdraw_policy(:v2b, 'not yet') \g /dev/null
RESET SESSION AUTHORIZATION;

-- ---- an emergency goes before it ----
SET SESSION AUTHORIZATION com_ann;
SELECT tap.tested(4, '3') AS v3 \gset
SELECT tap.tested(10, '4') AS v4 \gset
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v3), centre.assess_policy(:v4) \g /dev/null
UPDATE centre.policy_setting SET notice = '47 hours';
SET SESSION AUTHORIZATION com_bob;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v3), '23P01', NULL, 'a version with notice does not go before one that waits');
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, emergency => 'wave', acknowledge => true)$$, :v3), '55000', format('version %s waits to come into force at ', :v2) || (SELECT lower(valid) FROM centre.policy WHERE ruleset_id = :v2),
  'an emergency says what becomes of it');
SELECT throws_ok(format($$SELECT centre.approve_policy(%s, emergency => 'wave', acknowledge => true, waiting => 'whatever')$$, :v3), '22023', NULL, 'in one of two words');
SELECT throws_ok(format('SELECT centre.approve_policy(%s, ' || given || ')', :v3), '22023', format('version %s is not approved so', :v3), given) FROM unnest('{"acknowledge => NULL","start => ''infinity''"}'::text[]) AS given;
SELECT lives_ok(format($$SELECT centre.approve_policy(%s, emergency => 'wave', acknowledge => true, waiting => 'follows')$$, :v3), 'it is approved');
SELECT ok((SELECT upper(e.valid) = lower(w.valid) AND w.status = 'approved' AND upper_inf(w.valid) FROM centre.policy e, centre.policy w WHERE e.ruleset_id = :v3 AND w.ruleset_id = :v2), 'and the one that waits follows it');
-- the gate knows the version in force
SET SESSION AUTHORIZATION com_pool;
SELECT set_eq($$SELECT tap.as('civic_gate', NULL, format('SELECT centre.gate_check(%L)', p)) FROM unnest(ARRAY['P1', 'P4', 'nobody']) AS p$$, ARRAY['recomputing', 'recomputing', 'grey'], 'the gate does not show an old colour while another version is in force');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W4', 'SELECT colour FROM centre.my_code()')$$, ARRAY['recomputing'], 'nor does the worker''s own code');
SELECT is_empty($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers() WHERE colour <> ''recomputing''')$$, 'nor the employer''s list');
RESET SESSION AUTHORIZATION;
SELECT set_eq('SELECT DISTINCT colour FROM centre.gate_inbox WHERE worker_id = centre.pseudonym(''W1'')', ARRAY['recomputing'], 'which is what the log says');
SELECT centre.reevaluate() \g /dev/null
SET SESSION AUTHORIZATION com_pool;
SELECT set_eq($$SELECT tap.as('civic_gate', NULL, format('SELECT centre.gate_check(%L)', p)) FROM unnest(ARRAY['P1', 'P4']) AS p$$, ARRAY['green', 'red'], 'until all are decided by it');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT status FROM centre.policy WHERE ruleset_id = :v3), 'live', 'the emergency is live');
-- another emergency returns what waits
SELECT centre.assess_policy(:v4) \g /dev/null
SET SESSION AUTHORIZATION com_bob;
SELECT lives_ok(format($$SELECT centre.approve_policy(%s, emergency => 'over', acknowledge => true, waiting => 'returns')$$, :v4), 'another emergency returns it');
SELECT ok((SELECT e.valid @> 'infinity'::timestamptz AND w.status = 'tested' AND w.valid IS NULL AND w.approver IS NULL FROM centre.policy e, centre.policy w WHERE e.ruleset_id = :v4 AND w.ruleset_id = :v2), 'to be approved anew');
SELECT results_eq(format('SELECT action, login FROM centre.policy_event WHERE ruleset_id = %s ORDER BY event_id DESC LIMIT 1', :v2), $$VALUES ('returned', 'com_bob'::name)$$, 'which is on record');
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :v2), '55000', format('the impact of version %s is not known', :v2), 'on an impact against the version that is in force now');
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null
SELECT centre.assess_policy(:v2) \g /dev/null
SET SESSION AUTHORIZATION com_bob;
SELECT lives_ok(format('SELECT centre.approve_policy(%s, acknowledge => true)', :v2), 'and is');
-- withdrawn, it may come back; given up, not
SELECT lives_ok(format($$SELECT centre.withdraw_policy(%s, 'not now')$$, :v2), 'it is withdrawn');
SELECT lives_ok(format('SELECT centre.approve_policy(%s, acknowledge => true)', :v2), 'and approved again');
SELECT lives_ok(format($$SELECT centre.withdraw_policy(%s, 'not now')$$, :v2), 'withdrawn');
SELECT lives_ok(format($$SELECT centre.withdraw_policy(%s, 'never')$$, :v2), 'and given up');
SELECT throws_ok(format('SELECT centre.approve_policy(%s, acknowledge => true)', :v2), '55000', format('version %s is retired', :v2), 'for good');
SELECT throws_ok(format($$SELECT centre.withdraw_policy(%s, 'x')$$, :v4), '55000', NULL, 'what is in force is not withdrawn');
RESET SESSION AUTHORIZATION;
SELECT ok((SELECT valid @> 'infinity'::timestamptz FROM centre.policy WHERE ruleset_id = :v4), 'the version in force goes on');

-- ---- every kind of ruleset ----
SET SESSION AUTHORIZATION com_ann;
SELECT centre.draft_policy('jmp2018_hcf_water', (SELECT body::text::jsonb || '{"version": "site 1"}' FROM centre.ruleset WHERE code = 'jmp2018_hcf_water'), 'a national standard') AS ladder \gset
SELECT lives_ok(format('SELECT centre.test_policy(%s)', :ladder), 'a version of a ladder is tested') ;
SELECT throws_ok(format('SELECT centre.approve_policy(%s)', :ladder), '42501', 'nobody approves what he wrote', 'by two persons');
SET SESSION AUTHORIZATION com_bob;
SELECT lives_ok(format('SELECT centre.approve_policy(%s)', :ladder), 'and approved, with notice and without an impact on workers');
SELECT isnt(centre.ruleset_deciding('jmp2018_hcf_water'), :ladder, 'the shipped one decides until then');
SELECT is(centre.ruleset_deciding('jmp2018_hcf_water', now() + interval '3 days'), :ladder, 'and the version from then on');
RESET SESSION AUTHORIZATION;
-- a version that is no access code does not slip in under the code that decides
SET SESSION AUTHORIZATION com_ann;
SELECT centre.draft_policy('coming', (SELECT body::text::jsonb FROM centre.ruleset WHERE code = 'jmp2018_hcf_water' ORDER BY ruleset_id LIMIT 1), 'a trick') AS trick \gset
SELECT throws_ok(format('SELECT centre.test_policy(%s)', :trick), '22023', NULL, 'a ladder is no version of the access policy');
SELECT throws_ok($$SELECT centre.draft_policy('coming', 'jmp2018_hcf_watter')$$, '22023', 'there is no ruleset "jmp2018_hcf_watter"', 'a misspelt name');
SELECT throws_ok($$UPDATE centre.policy SET status = 'approved'$$, '42501', NULL, 'an approver has the functions and not the table');
SELECT throws_ok(format('SELECT centre.hold_policy(%s, %L)', :v4, 'x'), '42501', NULL, 'nor may hold a version');
SELECT throws_ok($$SELECT centre.lock_policies()$$, '42501', NULL, 'nor the lock');
RESET SESSION AUTHORIZATION;
SELECT * FROM finish();
DROP ROLE com_ann, com_bob, com_pool;
