-- A ticker that is late: versions that began while nobody decided are measured in order of their starts, each against the one before it, as if each had been decided by.
\ir ../fixtures/country.sql
SELECT plan(24);
SET client_min_messages = error;
-- what does not hold for a worker of one of the sectors, and for whom
CREATE FUNCTION tap.body(version text, sectors text, rules jsonb DEFAULT '[]') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'late', 'kind', 'access_code', 'version', version, 'facts', '[{"name": "sector", "type": "text", "null": "unknown"}]'::jsonb,
    'rules', jsonb_build_array(jsonb_build_object('id', 'closed', 'group', 'work', 'assert', jsonb_build_object('!', jsonb_build_object('in', jsonb_build_array('{"var": "sector"}'::jsonb, sectors::jsonb))))) || rules,
    'outcomes', '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb, 'tests', '[{"name": "nothing is known", "at": "2020-01-01T00:00:00Z", "facts": {}, "expect": {}}]'::jsonb) $$;
-- written by somebody, assessed, and in force from now on, or from a start on, as an emergency
CREATE FUNCTION tap.approved(body jsonb, acknowledge boolean, start timestamptz DEFAULT NULL, waiting text DEFAULT NULL) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer := centre.draft_policy('late', body, 'test'); BEGIN
  PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v;
  PERFORM centre.assess_policy(v, start), centre.approve_policy(v, start, emergency => 'wave', acknowledge => acknowledge, waiting => waiting);
  RETURN v;
END $$;
CREATE FUNCTION tap.decided() RETURNS TABLE (version integer, red bigint) LANGUAGE sql AS $$
  SELECT s.ruleset_id, (SELECT count(*) FROM centre.access a WHERE civic.colour(a.code) = 'red') FROM centre.access_state s $$;
CREATE FUNCTION tap.note(v integer) RETURNS text LANGUAGE sql AS $$ SELECT e.action || ': ' || e.note FROM centre.policy_event e WHERE e.ruleset_id = v ORDER BY e.event_id DESC LIMIT 1 $$;
-- all are opened again, by a version whose release is acknowledged
CREATE FUNCTION tap.open() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer; BEGIN
  v := tap.approved(tap.body(gen_random_uuid()::text, '["nobody"]'), true); PERFORM centre.reevaluate(); RETURN v;
END $$;
INSERT INTO centre.worker_fact (worker_id, sector) SELECT i, CASE WHEN i <= 50 THEN 'construction' ELSE 'marine' END FROM generate_series(1, 100) AS i;
UPDATE centre.access_setting SET policy_code = 'late', horizon = '2 days';
SELECT tap.approved(tap.body('0', '["marine"]'), false) AS v0 \gset
SELECT tap.approved(tap.body('1', '["fishing"]'), true) AS v1 \gset
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 0::bigint)', :v1), 'all are green');
SELECT is((SELECT status FROM centre.policy WHERE ruleset_id = :v0), 'retired', 'the first of all takes nothing from anybody');

-- ---- an emergency behind a version that nobody has decided by yet ----
SELECT tap.approved(tap.body('2', '["construction"]'), true) AS v2 \gset
SELECT tap.approved(tap.body('3', '["construction", "fishing"]'), false) AS v3 \gset
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 0::bigint)', :v1), 'two versions have begun, nobody decided');
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 50::bigint)', :v3), 'the emergency is measured against the version before it, whose loss was acknowledged');
SELECT results_eq(format('SELECT ruleset_id, status FROM centre.policy WHERE ruleset_id IN (%s, %s) ORDER BY 1', :v2, :v3), format($$VALUES (%s, 'retired'), (%s, 'live')$$, :v2, :v3), 'which is over by then');

-- ---- the one that was overtaken would take more than was acknowledged ----
SELECT tap.open() AS before \gset
SELECT tap.approved(tap.body('4', '["catering"]'), false) AS v4 \gset
SELECT tap.approved(tap.body('5', '["catering", "fishing"]'), false) AS v5 \gset
UPDATE centre.worker_fact SET sector = 'catering' WHERE worker_id <= 30;
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 0::bigint)', :before), 'neither it nor what relied on it comes into force');
SELECT is(tap.note(v), 'held: it would turn 30.00 % of green workers red or grey; 0.00 % were acknowledged', 'both are held: ' || v) FROM unnest(ARRAY[:v4, :v5]) AS v;
SELECT ok((SELECT upper_inf(valid) AND status = 'live' FROM centre.policy WHERE ruleset_id = :before), 'the one before goes on');

-- ---- the last one would take more than was acknowledged ----
SELECT tap.approved(tap.body('6', '["catering"]'), true) AS v6 \gset
SELECT tap.approved(tap.body('7', '["catering", "fishing"]'), false) AS v7 \gset
UPDATE centre.worker_fact SET sector = 'fishing' WHERE worker_id BETWEEN 31 AND 65;
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 30::bigint)', :v6), 'the one before it comes into force, and nothing of what it takes itself');
SELECT is(tap.note(:v7), 'held: it would turn 50.00 % of green workers red or grey; 0.00 % were acknowledged', 'it is held for what it takes from that');
SELECT ok((SELECT upper_inf(valid) AND status = 'live' FROM centre.policy WHERE ruleset_id = :v6), 'whose time goes on');

-- ---- what begins later is not measured yet ----
SELECT tap.approved(tap.body('8', '["catering", "farming"]'), false, clock_timestamp() + interval '1 hour') AS v8 \gset
UPDATE centre.worker_fact SET sector = 'farming' WHERE sector = 'marine';
SELECT centre.reevaluate() \g /dev/null
UPDATE centre.worker_fact SET sector = 'marine' WHERE sector = 'farming';
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 30::bigint)', :v6), 'one that waits does not begin');
SELECT is(tap.note(:v8), 'emergency: wave', 'nor is it held');
SELECT centre.withdraw_policy(:v8, 'test') \g /dev/null

-- ---- the first of three is held, and the second was assessed before an emergency went before it ----
SELECT tap.open() AS before \gset
SELECT clock_timestamp() + interval '500 ms' AS soon \gset
SELECT tap.approved(tap.body('9', '["catering", "fishing"]'), true, :'soon') AS v9 \gset
SELECT tap.approved(tap.body('10', '["catering"]'), true, waiting => 'follows') AS v10 \gset
SELECT pg_sleep(greatest(0, extract(epoch FROM :'soon'::timestamptz - clock_timestamp()))) \g /dev/null
SELECT tap.approved(tap.body('11', '["catering", "fishing", "farming"]'), false) AS v11 \gset
SELECT centre.reevaluate() \g /dev/null
SELECT is(tap.note(:v9), 'held: it was approved against other versions than it follows, and its time is over', 'one that is overtaken counts only behind what it was approved against');
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 30::bigint)', :v10), 'else what comes after it is measured against the one before');
SELECT is(tap.note(:v11), 'held: it would turn 50.00 % of green workers red or grey; 0.00 % were acknowledged', 'and held');

-- ---- one that cannot decide any more takes nobody's place ----
SELECT tap.open() AS before \gset
ALTER TABLE centre.worker_fact ADD COLUMN risky boolean;
SELECT tap.approved(jsonb_set(tap.body('12', '["fishing"]', '[{"id": "risky", "severity": "warn", "assert": {"!": {"var": "risky"}}}]'), '{facts,1}', '{"name": "risky", "type": "boolean", "null": "unknown"}'), true) AS v12 \gset
SELECT tap.approved(tap.body('13', '["fishing", "farming"]'), true) AS v13 \gset
ALTER TABLE centre.worker_fact DROP COLUMN risky;
UPDATE centre.policy SET accepted_loss = 0.35, accepted_changes = '{"red": 0.35}', accepted_aged = '{"red": 0.35, "loss": 0.35}' WHERE ruleset_id = :v13;
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 35::bigint)', :v13), 'the next one is measured against what stands, and takes no more than was acknowledged');
SELECT isnt(left(tap.note(:v12), 4), 'held', 'the broken one is not held');

-- ---- after a reset those that have been in force are not measured again ----
SELECT tap.open() AS v14 \gset
SELECT clock_timestamp() AS earlier \gset
SELECT tap.approved(tap.body('15', '["fishing"]'), true) AS v15 \gset
SELECT centre.reevaluate() \g /dev/null
SELECT clock_timestamp() AS between \gset
SELECT tap.approved(tap.body('16', '["catering"]'), true) AS v16 \gset
SELECT centre.reevaluate() \g /dev/null
SELECT centre.reset_clock(:'earlier', 'test') \g /dev/null
SELECT results_eq(format('SELECT ruleset_id, status FROM centre.policy WHERE ruleset_id >= %s ORDER BY 1', :v14), format($$VALUES (%s, 'live'), (%s, 'approved'), (%s, 'approved')$$, :v14, :v15, :v16), 'a clock that is set back takes back what began since');
-- by now the overtaken one would close everything
UPDATE centre.worker_fact SET sector = 'fishing' WHERE sector = 'marine';
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 30::bigint)', :v16), 'the version that stands goes on');
SELECT results_eq(format('SELECT ruleset_id, status, upper(valid) IS NULL FROM centre.policy WHERE ruleset_id >= %s ORDER BY 1', :v14), format($$VALUES (%s, 'retired', false), (%s, 'retired', false), (%s, 'live', true)$$, :v14, :v15, :v16), 'and when the others were in force is still known');
-- but the one that is in force then is
SELECT centre.reset_clock(:'earlier', 'test') \g /dev/null
SELECT centre.reevaluate(:'between') \g /dev/null
SELECT results_eq('SELECT * FROM tap.decided()', format('VALUES (%s, 0::bigint)', :v14), 'where it is the earlier one that is in force, it is measured against what stands');
SELECT is(tap.note(:v15), 'held: it would turn 100.00 % of green workers red or grey; 35.00 % were acknowledged', 'and held');
SELECT * FROM finish();
