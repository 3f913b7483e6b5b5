-- Impossible dates, wrong clocks, and why somebody was red on that day: as decided, and as known now.
SET search_path = tap, public, pg_catalog;
SET client_min_messages = error;
SELECT plan(45);
DROP ROLE IF EXISTS aud_pool, aud_tick;
CREATE ROLE aud_pool LOGIN NOINHERIT IN ROLE civic_worker, civic_employer, civic_dormitory; CREATE ROLE aud_tick LOGIN IN ROLE civic_ticker;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;

-- ---- finding 3: dates that no zone can write ----
SET timezone = 'Asia/Singapore';
CALL centre.feed_apply('labour', 'employer', '[{"source_key": "E1", "issued_at": "2026-03-01T08:00:00Z", "sector": "construction"}]'::jsonb);
CALL centre.feed_apply('labour', 'premises', '[{"source_key": "D1", "issued_at": "2026-03-01T08:00:00Z", "kind": "dormitory"}]'::jsonb);
CALL centre.feed_apply('labour', 'worker', '[{"source_key": "W1", "issued_at": "2026-03-01T08:00:00Z", "employer": "E1"}, {"source_key": "W2", "issued_at": "2026-03-01T08:00:00Z", "employer": "E1"}]'::jsonb);
CALL centre.feed_apply('labour', 'location_claim', '[{"source_key": "r1", "issued_at": "2026-03-01T08:00:00Z", "worker": "W1", "source": "roll", "premises": "D1", "observed_at": "2026-03-01T00:00:00Z"},
  {"source_key": "r2", "issued_at": "2026-03-01T08:00:00Z", "worker": "W2", "source": "roll", "premises": "D1", "observed_at": "2026-03-01T00:00:00Z"}]'::jsonb);
CALL centre.feed_apply('building', 'approval', '[{"source_key": "a1", "issued_at": "2026-03-01T08:00:00Z", "employer": "E1", "valid_from": "2026-03-01T00:00:00Z"}]'::jsonb);
CALL centre.feed_apply('health', 'movement_order', '[
  {"source_key": "m1", "issued_at": "2026-03-01T08:00:00Z", "worker": "W1", "kind": "quarantine", "valid_from": "2026-03-01T00:00:00Z", "valid_until": "9999-12-31T23:59:59Z"},
  {"source_key": "m2", "issued_at": "2026-03-01T08:00:00Z", "worker": "W1", "kind": "quarantine", "valid_from": "0001-01-01T00:00:00Z", "valid_until": "9998-12-31T23:59:59Z"},
  {"source_key": "m3", "issued_at": "2026-03-01T08:00:00Z", "worker": "W2", "kind": "quarantine", "valid_from": "2026-03-01T00:00:00Z", "valid_until": "9998-12-31T23:59:59Z"},
  {"source_key": "m4", "issued_at": "2026-03-01T08:00:00Z", "worker": "W2", "kind": "medical_leave", "valid_from": "2026-03-01T00:00:00Z"}]'::jsonb);
SELECT set_eq('SELECT source_key, code, field FROM centre.feed_refusal', $$VALUES ('m1', 'I206', 'valid_until'), ('m2', 'I206', 'valid_from')$$, 'dates outside the years 1 to 9998 are refused at the door, each by its field');
SELECT is(dash.label_of('intake_code', 'I206', 'en'), 'the time lies outside the years 1 to 9998', 'with a code that says so');
CALL centre.feed_apply('laboratory', 'test_result', '[{"source_key": "x", "issued_at": "0000-12-31T00:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-03-01T00:00:00Z", "result": "negative", "verified": true}]'::jsonb);
SELECT set_has($$SELECT source_key, field FROM centre.feed_refusal$$, $$VALUES ('x', 'issued_at')$$, 'also of the time of issue');
SELECT results_eq($$SELECT centre.is_sayable(t) FROM unnest('{9998-12-31 23:59:59.999999+00,9999-01-01 00:00+00,0001-01-02 00:00+00,0001-01-01 00:00+00,infinity,-infinity,NULL}'::timestamptz[]) WITH ORDINALITY AS u (t, n) ORDER BY n$$, 'VALUES (true), (false), (true), (false), (true), (true), (NULL)', 'the bounds, and infinity');
-- one that came in before the door was there breaks no list
INSERT INTO centre.ruleset (code, source, body) VALUES ('audit', 'test', '{"name": "audit", "kind": "access_code", "version": "1",
  "facts": [{"name": "movement_until", "type": "timestamptz", "null": "absent"}, {"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "last_swab_result", "type": "text", "null": "unknown"}],
  "rules": [{"id": "order", "group": "health", "reason": {"en": "Under an order"}, "action": {"en": "Stay"}, "assert": {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}},
            {"id": "negative", "group": "health", "reason": {"en": "The last test was not negative"}, "action": {"en": "Stay"}, "assert": {"===": [{"var": "last_swab_result"}, "negative"]}}],
  "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'audit', 'approved', '[2020-01-01,)', 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'audit';
UPDATE centre.access_setting SET policy_code = 'audit';
SELECT centre.pseudonym('W1') AS w1, centre.pseudonym('W2') AS w2 \gset
SELECT centre.refresh_worker_facts(); SELECT centre.reevaluate();
UPDATE centre.worker_fact SET movement_until = '9999-12-31T23:59:59Z', last_swab_at = '0044-03-15 00:00+00 BC' WHERE worker_id = :w1;
INSERT INTO centre.worker_change (worker_id, cause) VALUES (:w1, 'fact');
SELECT lives_ok('SELECT centre.reevaluate()', 'a worker with dates of the year 10000 is decided');
SELECT set_has(format('SELECT rule, result FROM centre.access_reasons(%s)', :w1), $$VALUES ('order', 'failed')$$, 'and has his reasons, in a session east of Greenwich');
SELECT results_eq(format($$SELECT j ->> 'movement_until', j ->> 'last_swab_at', j ->> 'sector' FROM (SELECT centre.fact_json(f) AS j FROM centre.worker_fact f WHERE worker_id = %s) x$$, :w1), $$VALUES ('9999-12-31T23:59:59+00:00', '-infinity', 'construction')$$, 'facts as JSON are in UTC, before the year 1 infinite');
UPDATE centre.worker_fact SET movement_until = '12345-01-01T00:00:00Z' WHERE worker_id = :w1;
SELECT is((SELECT centre.fact_json(f) ->> 'movement_until' FROM centre.worker_fact f WHERE worker_id = :w1), 'infinity', 'and after 9999');
SELECT centre.add_claim_key('aud_pool', sha256('pool')) AS key \gset
SELECT centre.sign_claim(:key, 'worker', 'W1') AS worker, centre.sign_claim(:key, 'employer', 'E1') AS employer, centre.sign_claim(:key, 'dormitory', 'D1') AS dormitory \gset
CREATE FUNCTION tap.count_as(who name, claim text, query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; BEGIN
  EXECUTE format('SET LOCAL ROLE %I', who); PERFORM set_config('civic.claim', claim, true);
  EXECUTE format('SELECT count(*) FROM (%s) AS q', query) INTO n; RESET ROLE; RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION tap.count_as(name, text, text) TO PUBLIC;
SET SESSION AUTHORIZATION aud_pool;
SELECT cmp_ok(tap.count_as('civic_worker', :'worker', 'SELECT * FROM centre.my_reasons()'), '>', 0::bigint, 'he reads his reasons');
SELECT cmp_ok(tap.count_as('civic_employer', :'employer', 'SELECT * FROM centre.my_workers()'), '=', 2::bigint, 'his employer the list');
SELECT lives_ok(format('SELECT tap.count_as(%L, %L, %L)', 'civic_employer', :'employer', 'SELECT * FROM centre.my_workers_todo()'), 'with what there is to do');
SELECT cmp_ok(tap.count_as('civic_dormitory', :'dormitory', 'SELECT * FROM centre.my_residents_todo()'), '>', 0::bigint, 'and the operator his');
RESET SESSION AUTHORIZATION;
-- a whitelist has the same door
INSERT INTO centre.sector_lead VALUES ('construction', 'building');
INSERT INTO centre.worker_fact (worker_id, sector) VALUES (77, 'construction');
SELECT centre.sign_claim(:key, 'sector', 'construction') AS sector \gset
GRANT civic_sector TO aud_pool;
SET SESSION AUTHORIZATION aud_pool;
BEGIN;
SET LOCAL ROLE civic_sector; SELECT set_config('civic.claim', :'sector', true) \gset
SELECT taken AS w_taken, refused AS w_refused FROM centre.return_whitelist('[{"employer": "E1", "valid_from": "2026-03-01T00:00:00Z", "valid_until": "9999-12-31T23:59:59Z"}, {"employer": "E1", "valid_from": "2026-03-01T00:00:00Z"}]') \gset
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT is(:w_taken || '/' || :w_refused, '1/1', 'a whitelist that runs to the year 10000 is refused by its line');
DELETE FROM centre.worker_fact WHERE worker_id = 77;
UPDATE centre.worker_fact SET movement_until = NULL, last_swab_at = NULL;
SELECT centre.reevaluate() \g /dev/null

-- ---- finding 4: clocks ----
SELECT reevaluated_at AS before FROM centre.access_state \gset
SET SESSION AUTHORIZATION aud_tick;
SELECT throws_ok($$SELECT centre.reevaluate('2131-01-01')$$, '22023', 'the clock has jumped ahead', 'a clock far ahead decides nothing');
SELECT throws_ok($$SELECT centre.reevaluate('infinity')$$, '22023', 'the clock has jumped ahead', 'nor one without an end');
SELECT throws_ok($$SELECT centre.reset_clock(now(), 'a trick')$$, '42501', NULL, 'the ticker does not reset it');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT reevaluated_at FROM centre.access_state), :'before'::timestamptz, 'nothing happened');
-- what happened to those who had no bound
UPDATE centre.access_setting SET max_jump = '200 years';
UPDATE centre.worker_fact SET last_swab_result = 'positive'; INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'fact' FROM centre.worker_fact;
SELECT centre.reevaluate('2131-01-01') \g /dev/null
UPDATE centre.access_setting SET max_jump = '7 days';
SELECT throws_ok('SELECT centre.reevaluate()', '22023', 'the clock has gone back', 'after a wrong clock nothing is decided');
SELECT throws_ok($$SELECT centre.reset_clock(now() + interval '1 day', 'typing error')$$, '22023', 'the clock is not reset', 'it is not reset to what is to come');
SELECT throws_ok(format('SELECT centre.reset_clock(now(), %L)', why), '22023', 'the clock is not reset', 'nor without a reason') FROM unnest('{" ",NULL}'::text[]) AS why;
SELECT lives_ok(format($$SELECT centre.reset_clock(%L, 'somebody typed 2131')$$, :'before'), 'it is reset');
SELECT results_eq('SELECT login, from_time, because FROM centre.clock_reset', format($$VALUES (%L::name, timestamptz '2131-01-01', 'somebody typed 2131')$$, session_user), 'by whom and why is on record');
UPDATE centre.worker_fact SET last_swab_result = 'negative';
SELECT lives_ok('SELECT centre.reevaluate()', 'all are decided anew');
SELECT is((SELECT count(*) FROM centre.access WHERE civic.colour(code) = 'green'), 2::bigint, 'by the right clock');
SELECT is_empty(format('SELECT * FROM centre.access_reasons(%s)', :w1), 'the latest decision is the one made last, not that of 2131');
SELECT is((SELECT count(*) FROM centre.fact_mark WHERE num_nonnulls(worker_id, employer_id, premises_id, sector) = 0), 1::bigint, 'facts are computed anew as well');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'and all decisions replay');
-- versions that the wrong clock had put in force or retired
INSERT INTO centre.ruleset (code, source, body) SELECT 'audit', 'test', (body::text::jsonb || '{"version": "2"}')::text::civic.ruleset FROM centre.ruleset WHERE code = 'audit';
UPDATE centre.policy SET valid = tstzrange(lower(valid), now() + interval '3 days') WHERE code = 'audit';
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT max(ruleset_id), 'audit', 'approved', tstzrange(now() + interval '3 days', NULL), 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'audit';
SELECT centre.reevaluate(now() + interval '5 days') \g /dev/null
SELECT results_eq($$SELECT status FROM centre.policy WHERE code = 'audit' ORDER BY ruleset_id$$, $$VALUES ('retired'), ('live')$$, 'a clock five days ahead puts a version in force');
SELECT centre.reset_clock(now() - interval '1 minute', 'five days ahead') \g /dev/null
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq($$SELECT status FROM centre.policy WHERE code = 'audit' ORDER BY ruleset_id$$, $$VALUES ('live'), ('approved')$$, 'the reset takes that back');
SELECT is((SELECT DISTINCT civic.ruleset_version(code) FROM centre.access), (SELECT min(ruleset_id) FROM centre.policy WHERE code = 'audit'), 'and all are decided by the version of now');

-- what comes into force is measured by a re-evaluation, never by the reset
UPDATE centre.policy SET valid = tstzrange(lower(valid), now() - interval '2 minutes') WHERE code = 'audit' AND status = 'live';
UPDATE centre.policy SET valid = tstzrange(now() - interval '2 minutes', NULL) WHERE code = 'audit' AND status = 'approved';
SELECT centre.reset_clock(now() - interval '1 minute', 'again') \g /dev/null
SELECT results_eq($$SELECT status FROM centre.policy WHERE code = 'audit' ORDER BY ruleset_id$$, $$VALUES ('retired'), ('approved')$$, 'a reset puts nothing in force');
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq($$SELECT status FROM centre.policy WHERE code = 'audit' ORDER BY ruleset_id$$, $$VALUES ('retired'), ('live')$$, 'the next re-evaluation does');

-- ---- finding 5: why was he red on that day? ----
UPDATE centre.policy SET status = 'retired', valid = NULL WHERE code = 'audit' AND status = 'live';
UPDATE centre.policy SET status = 'live', valid = '[2020-01-01,)' WHERE code = 'audit' AND valid IS NOT NULL;
TRUNCATE centre.decision, centre.access, centre.worker_change; UPDATE centre.access_state SET ruleset_id = NULL, reevaluated_at = '2026-04-01 00:00+00';
DELETE FROM centre.movement_order;
UPDATE centre.access_setting SET max_jump = '100 days';
-- a positive result, corrected four days later; a second test in between
CALL centre.feed_apply('laboratory', 'test_result', '[{"source_key": "t1", "issued_at": "2026-04-02T08:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-04-02T00:00:00Z", "result": "positive", "verified": true}]'::jsonb, '2026-04-02T09:00:00Z');
SELECT centre.refresh_worker_facts(clock => '2026-04-02 10:00+00'); SELECT centre.reevaluate('2026-04-02 10:00+00');
SELECT clock_timestamp() AS learnt \gset
CALL centre.feed_apply('laboratory', 'test_result', '[{"source_key": "t1", "issued_at": "2026-04-06T08:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-04-02T00:00:00Z", "result": "negative", "verified": true},
  {"source_key": "t2", "issued_at": "2026-04-06T08:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-04-05T00:00:00Z", "result": "positive", "verified": true}]'::jsonb, '2026-04-06T09:00:00Z');
SELECT centre.refresh_worker_facts(clock => '2026-04-06 10:00+00'); SELECT centre.reevaluate('2026-04-06 10:00+00');
CALL centre.feed_apply('laboratory', 'test_result', '[{"source_key": "t2", "issued_at": "2026-04-07T08:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-04-05T00:00:00Z", "result": "negative", "verified": true}]'::jsonb, '2026-04-07T09:00:00Z');
SELECT centre.refresh_worker_facts(clock => '2026-04-07 10:00+00'); SELECT centre.reevaluate('2026-04-07 10:00+00');
SELECT results_eq(format($$SELECT colour, ruleset_id, rule, result, reason, facts FROM centre.access_reasons(%s, '2026-04-03 12:00+00', 'en')$$, :w1),
  $$SELECT 'red', (SELECT min(ruleset_id) FROM centre.policy WHERE code = 'audit'), 'negative', 'failed', 'The last test was not negative', '{"last_swab_result": "positive"}'::jsonb$$, 'why he was red on that day: version, rule, reason, and the fact it read');
SELECT is_empty(format($$SELECT * FROM centre.access_reasons(%s, '2026-04-08 00:00+00')$$, :w1), 'and nothing afterwards');
SELECT is_empty(format($$SELECT * FROM centre.access_reasons(%s, '2026-03-01 00:00+00')$$, :w1), 'nor before anything was decided');
SELECT results_eq(format($$SELECT cause, colour, rules, changed -> 'last_swab_result' FROM centre.access_history(%s)$$, :w1),
  $$VALUES ('policy', 'red', '{negative}'::text[], NULL::jsonb), ('fact', 'green', '{}', '["positive", "negative"]')$$, 'the history names what changed; a second positive test that was taken back at once is in no decision') ;
SELECT results_eq(format($$SELECT reading, colour, rules, facts ->> 'last_swab_result' FROM centre.access_replay(%s, '2026-04-03 12:00+00')$$, :w1),
  $$VALUES ('as decided', 'red', '{negative}'::text[], 'positive'), ('as known now', 'green', '{}', 'negative')$$, 'on that day he was red as decided, and green as known now');
SELECT is((SELECT facts ->> 'last_swab_at' FROM centre.access_replay(:w1, '2026-04-03 12:00+00') WHERE reading = 'as known now'), '2026-04-02T00:00:00+00:00', 'by the test of that day, not by later ones');
SELECT is((SELECT facts ->> 'last_swab_at' FROM centre.access_replay(:w1, '2026-04-08 12:00+00') WHERE reading = 'as known now'), '2026-04-05T00:00:00+00:00', 'which come in when they had happened');
SELECT is_empty(format($$SELECT key FROM (SELECT centre.fact_json(f) AS j FROM centre.worker_fact f WHERE worker_id = %1$s) AS x, jsonb_each(x.j) AS e (key, value) WHERE value IS DISTINCT FROM centre.fact_json(centre.facts_known(%1$s, '2026-04-07 10:00+00')) -> key AND key !~ '_feed_at$'$$, :w1), 'facts as known for now are the facts');
-- the statements themselves
SELECT results_eq(format($$SELECT source_key, content ->> 'result', known_until IS NULL FROM centre.statements_as_known(%s, %L) WHERE relation = 'test_result' ORDER BY 1$$, :w1, :'learnt'), $$VALUES ('t1', 'positive', false)$$, 'as known then: the earlier wording');
SELECT results_eq(format($$SELECT source_key, content ->> 'result', known_until IS NULL FROM centre.statements_as_known(%s, now()) WHERE relation = 'test_result' ORDER BY 1$$, :w1), $$VALUES ('t1', 'negative', true), ('t2', 'negative', true)$$, 'as known now: what stands');
SELECT results_eq($$SELECT content ->> 'result', replaced_at > '2026-01-01' FROM centre.statement_before WHERE relation = 'test_result' ORDER BY replaced_at$$, $$VALUES ('positive', true), ('positive', true)$$, 'each wording that was replaced is kept once');
CALL centre.feed_apply('laboratory', 'test_result', '[{"source_key": "t2", "issued_at": "2026-04-07T08:00:00Z", "worker": "W1", "type": "pcr", "sampled_at": "2026-04-05T00:00:00Z", "result": "negative", "verified": true}]'::jsonb, '2026-04-07T09:00:00Z');
SELECT is((SELECT count(*) FROM centre.statement_before WHERE relation = 'test_result'), 2::bigint, 'the same feed again keeps nothing');
SELECT * FROM finish();
DROP ROLE aud_pool, aud_tick;
