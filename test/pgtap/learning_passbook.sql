-- Officials and their own passbooks: what they see and do, by login and by claim, and what they try that they may not.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
\set QUIET 1
SET client_min_messages = warning;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 4) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (1, 'position', 's', 'P1', 'Post');
INSERT INTO centre.requirement (node_id, competency_id, level) VALUES (1, 1, 3), (1, 2, 2);
-- 1 leads 2 and 3; 4 leads nobody; 5 has a pseudonym and comes by claim
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 4) i;
SELECT centre.pseudonym('official five') AS five \gset
INSERT INTO centre.subject (subject_id, verified) VALUES (:five, true);
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, manager_id, valid)
  SELECT i, 'M', 'D', 'X', 1, CASE WHEN i IN (2, 3, :five) THEN 1 END, '[2020-01-01,)' FROM unnest(ARRAY[1, 2, 3, 4, :five]) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential, issuer) SELECT i, 1, 1, 'institute', '2026-01-01', 'https://issuer.example/' || i, 'https://issuer.example' FROM unnest(ARRAY[1, 2, 3, 4, :five]) i;
SELECT centre.refresh_official_competencies(100, '2026-02-01') \gset
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, prerequisites) VALUES (1, 1, 'a', 'A', 10, '1:3', ''), (2, 1, 'b', 'B', 20, '2:2', '1:3'), (3, 1, 'c', 'C', 20, '2:1', '');
INSERT INTO centre.training_session (session_id, training_id, starts, ends, seats) VALUES (1, 1, '2026-03-01', '2026-03-02', 1);
DROP ROLE IF EXISTS pb_lead, pb_two, pb_three, pb_four, pb_pool, pb_nobody;
CREATE ROLE pb_lead IN ROLE civic_hr, civic_official; CREATE ROLE pb_two IN ROLE civic_official; CREATE ROLE pb_three IN ROLE civic_official; CREATE ROLE pb_four IN ROLE civic_hr; CREATE ROLE pb_pool IN ROLE civic_official;
CREATE ROLE pb_nobody IN ROLE civic_official;
INSERT INTO centre.hr_login VALUES ('pb_lead', 1), ('pb_two', 2), ('pb_three', 3), ('pb_four', 4);
SELECT centre.add_claim_key('pb_pool', sha256('a secret of the test')) AS key \gset
SELECT centre.sign_claim(:key, 'official', 'official five') AS claim, centre.sign_claim(:key, 'worker', 'official five') AS worker_claim \gset

-- reading
SET SESSION AUTHORIZATION pb_two;
SELECT set_eq('SELECT subject_id FROM centre.official UNION ALL SELECT subject_id FROM centre.evidence UNION ALL SELECT subject_id FROM centre.official_competency UNION ALL SELECT subject_id FROM centre.official_gaps(''2026-02-01'')', ARRAY[2], 'an official sees the own rows');
SELECT is((SELECT gap::text FROM centre.official_gaps('2026-02-01')), '1:1>3,2:0>2', 'the own gap');
SELECT results_eq($$SELECT entry, level_after::integer FROM centre.passbook(2, '2026-01-01', '2026-02-01')$$, $$VALUES ('credit', 1), ('closing balance', 1)$$, 'the own passbook');
SELECT is_empty($$SELECT * FROM centre.passbook(3, '2026-01-01', '2026-02-01')$$, 'and no other');
SELECT results_eq($$SELECT training_id, reasons FROM centre.my_recommendations(10, 'levels', 'en', '2026-02-01')$$, $$VALUES (1, '{C1: 1 > 3}'::text[]), (3, '{C2: 0 > 1}')$$, 'recommendations say why');
SELECT is((SELECT (method, total)::text FROM centre.plan_official(2, 'cost', '2026-02-01')), '(exact,30)', 'the own plan');
SELECT throws_ok($$SELECT centre.plan_official(3, 'cost', '2026-02-01')$$, 'P0002', NULL, 'not that of another');
SELECT set_eq('SELECT subject_id FROM centre.official_plan', ARRAY[2], 'which is stored');
SELECT is((SELECT (method, finishes, unclosed)::text FROM centre.plan_official(2, 'earliest', '2026-02-01')), '(exact,2026-03-02,2:0>2)', 'and one by dates');
SELECT is((SELECT centre.has_free_seat(1)), true, 'whether there is a seat is told, not who sits there');

-- acting
SELECT throws_ok($$SELECT centre.my_enrolment(2, NULL, '2026-02-01')$$, '55000', NULL, 'no enrolment in what is not open');
SELECT throws_ok($$SELECT centre.my_enrolment(9, NULL, '2026-02-01')$$, 'P0002', NULL, 'nor in what is not on offer');
SELECT throws_ok($$SELECT centre.my_enrolment(1, 1, '2026-03-01')$$, 'P0002', NULL, 'nor in a session that has begun');
SELECT centre.my_enrolment(1, 1, '2026-02-01') AS mine \gset
SELECT results_eq('SELECT subject_id, session_id, completed_on FROM centre.learning', 'VALUES (2::bigint, 1, NULL::date)', 'enrolled');
SELECT throws_ok($$SELECT centre.my_enrolment(1, NULL, '2026-02-01')$$, '23505', NULL, 'once');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_three;
SELECT throws_ok($$SELECT centre.my_enrolment(1, 1, '2026-02-01')$$, '55000', 'the session has no free seat', 'a seat is not taken twice');
SELECT is(centre.my_withdrawal(:mine, '2026-02-01'), false, 'nobody withdraws another');
SELECT is(centre.my_rating(:mine, 5), false, 'nor rates for another');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_two;
SELECT is(centre.my_rating(:mine, 5), false, 'nor what is not completed');
SELECT is(centre.my_withdrawal(:mine, '2026-03-01'), false, 'it is too late when the session begins');
SELECT ok(centre.my_withdrawal(:mine, '2026-02-02') AND NOT centre.my_withdrawal(:mine, '2026-02-02'), 'withdrawn, once');
SELECT throws_ok($$INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on) VALUES ('self', 'x', 2, 1, '2026-01-01', '2026-01-02')$$, '42501', NULL, 'no completion by hand');
SELECT throws_ok($$INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (2, 1, 4, 'assessed', '2026-01-01', 'x')$$, '42501', NULL, 'nor evidence');
SELECT throws_ok($$UPDATE centre.evidence SET expires = NULL$$, '42501', NULL, 'nor a change to it');
SELECT throws_ok($$DELETE FROM centre.objection$$, '42501', NULL, 'objections stand');
SELECT throws_ok($$UPDATE centre.passbook_reader SET withdrawn_at = NULL$$, '42501', NULL, 'and so does the log of readers');
SELECT throws_ok($$INSERT INTO centre.official_plan VALUES (3, '2026-01-01', 'cost', '', '', 'none', 0, 0)$$, '42501', NULL, 'no plan for others');
SELECT throws_ok('SELECT * FROM ' || t, '42501', NULL, t || ' is not for officials') FROM unnest('{centre.hr_login,centre.claim_key,centre.read_log,centre.annual_plan,centre.capacity_fact,centre.pseudonym_salt}'::text[]) t;
SELECT throws_ok($$SELECT centre.pseudonym('official five')$$, '42501', NULL, 'no pseudonyms');
SELECT throws_ok($$SELECT centre.decide_objection(1, 'upheld', '')$$, '42501', NULL, 'officials decide nothing');
-- functions of one's own, errors and plans tell nothing of others
CREATE FUNCTION pg_temp.tell(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE 'seen %', $1; IF $1 <> 2 THEN RAISE EXCEPTION 'leak %', $1; END IF; RETURN true; END $$;
SELECT lives_ok('SELECT * FROM centre.' || t || ' WHERE pg_temp.tell(subject_id) AND 1 / (subject_id - 3) < 5', t || ': a cheap function and an error of one''s own meet only the own rows')
  FROM unnest('{official,evidence,official_competency,learning,recommendation,official_plan,official_plan_step,department_plan_seat,objection,learning_statement,credited_evidence}'::text[]) t;

-- objections
SELECT centre.my_objection('It was level 3', (SELECT evidence_id FROM centre.evidence)) AS objection, centre.my_objection('A course of 2019 is missing', NULL, 2) AS correction \gset
RESET SESSION AUTHORIZATION;
SELECT evidence_id AS of_three FROM centre.evidence WHERE subject_id = 3 \gset
SET SESSION AUTHORIZATION pb_two;
SELECT throws_ok(format($$SELECT centre.my_objection('x', %s)$$, :of_three), 'P0002', NULL, 'no objection to the entries of others');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_four;
SELECT is(centre.decide_objection(:objection, 'upheld', 'x'), false, 'who does not lead does not decide');
SELECT is_empty('SELECT * FROM centre.evidence', 'and sees nothing');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_lead;
SELECT is((SELECT count(*) FROM centre.objection), 2::bigint, 'the manager sees them');
SELECT ok(centre.decide_objection(:objection, 'upheld', 'The register says so', '2026-02-03') AND NOT centre.decide_objection(:objection, 'refused', ''), 'and decides, once');
SELECT is((SELECT revoked FROM centre.evidence WHERE subject_id = 2), '2026-02-03'::date, 'what was wrong counts no longer');
SELECT centre.my_objection('mine', (SELECT evidence_id FROM centre.evidence WHERE subject_id = 1)) AS own \gset
SELECT is(centre.decide_objection(:own, 'upheld', 'x'), false, 'nobody decides the own');
RESET SESSION AUTHORIZATION;

-- shown, and taken back
SET SESSION AUTHORIZATION pb_three;
SELECT ok(centre.show_passbook(4) AND NOT centre.show_passbook(4) AND NOT centre.show_passbook(999), 'shown, once, to an official');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_four;
SELECT set_eq('SELECT subject_id FROM centre.evidence', ARRAY[3], 'who was shown a passbook sees it');
SELECT is((SELECT count(*) FROM centre.passbook(3, '2026-01-01', '2026-02-01')), 2::bigint, 'all of it');
SELECT throws_ok('SELECT * FROM centre.passbook_reader', '42501', NULL, 'but not who else may');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_three;
SELECT set_has($$SELECT login::text, what FROM centre.my_readers()$$, $$VALUES ('pb_four', 'evidence')$$, 'that it was read is told');
SELECT ok(centre.hide_passbook(4) AND NOT centre.hide_passbook(4), 'taken back, once');
SELECT is((SELECT count(*) FROM centre.passbook_reader WHERE withdrawn_at IS NOT NULL), 1::bigint, 'the log keeps it');
SELECT is((SELECT (credential ->> 'issuer', digest = sha256(to_sign), to_sign = centre.token_to_sign(credential, NULL))::text FROM centre.my_credential((SELECT evidence_id FROM centre.evidence), 'did:example:3')), '(https://issuer.example,t,t)', 'a credential to be signed outside');
SELECT is_empty(format('SELECT * FROM centre.my_credential(%s, %L)', :objection, 'did:example:3'), 'of no other entry');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_four;
SELECT is_empty('SELECT * FROM centre.evidence', 'and it is seen no longer');
RESET SESSION AUTHORIZATION;

-- by claim, and claims in a pool
SET SESSION AUTHORIZATION pb_pool;
SELECT is_empty('SELECT * FROM centre.official', 'without a claim a pool sees nobody');
SELECT throws_ok('SELECT centre.my_enrolment(1)', '42501', 'this login is no official', 'and does nothing');
SELECT set_config('civic.claim', :'worker_claim', false) \gset
SELECT is_empty('SELECT * FROM centre.official', 'nor with a claim of another kind');
SELECT set_config('civic.claim', replace(:'claim', 'five', 'four'), false) \gset
SELECT is_empty('SELECT * FROM centre.official', 'nor with a forged one');
BEGIN;
SELECT set_config('civic.claim', :'claim', true) \gset
SELECT set_eq('SELECT subject_id FROM centre.official', ARRAY[:five], 'with a claim it is this official');
DECLARE held CURSOR WITH HOLD FOR SELECT subject_id FROM centre.evidence;
COMMIT;
SELECT is_empty('SELECT * FROM centre.official', 'a claim that is local to a transaction ends with it');
FETCH held \gset
SELECT cmp_ok((SELECT count(*) FROM pg_cursors WHERE name = 'held'), '=', 1::bigint, 'a cursor WITH HOLD keeps the rows of its claim: nothing in the database can take them away');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION pb_nobody;
SELECT set_config('civic.claim', :'claim', false) \gset
SELECT is_empty('SELECT * FROM centre.official', 'the claim is worth nothing in another login');
SELECT throws_ok('SELECT centre.me()', '42501', NULL, 'who is nobody');
RESET SESSION AUTHORIZATION;
RESET civic.claim;
CLOSE ALL;
DROP OWNED BY pb_two; DROP ROLE pb_lead, pb_two, pb_three, pb_four, pb_pool, pb_nobody;
SELECT * FROM finish();
