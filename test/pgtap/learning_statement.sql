-- Statements of platforms into learning: cmi5's rules, each once, voided ones, in any order; Sunbird telemetry; engagement.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 6) i;
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym('u' || i), true FROM generate_series(1, 4) i;
INSERT INTO centre.official (subject_id, ministry, department, designation, valid) SELECT centre.pseudonym('u' || i), 'M' || i % 2, 'D', 'X', '[2020-01-01,)' FROM generate_series(1, 4) i;
INSERT INTO centre.provider (provider_id, code, name, proves_by) VALUES (1, 'p', 'Platform', 'platform');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, pass_score) SELECT i, 1, 'T' || i, 'T' || i, 0, (i || ':2')::competency_set, CASE WHEN i IN (2, 3) THEN 60 END FROM generate_series(1, 5) i;
INSERT INTO centre.training_activity VALUES ('https://lms/1', 1, 'Completed'), ('https://lms/2', 2, 'Passed'), ('https://lms/3', 3, 'CompletedAndPassed'), ('https://lms/4', 4, 'CompletedOrPassed'), ('do_5', 5, 'Completed');
CREATE FUNCTION tap.said(id text, who text, verb text, activity text, at text, result text DEFAULT '{}', voids text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('id', id, 'actor', jsonb_build_object('account', jsonb_build_object('homePage', 'https://lms', 'name', who)), 'verb', jsonb_build_object('id', CASE WHEN verb IN ('waived', 'satisfied') THEN 'https://w3id.org/xapi/adl/verbs/' ELSE 'http://adlnet.gov/expapi/verbs/' END || verb),
    'object', CASE WHEN voids IS NULL THEN jsonb_build_object('id', activity) ELSE jsonb_build_object('objectType', 'StatementRef', 'id', voids) END, 'timestamp', at, 'result', result::jsonb, 'context', jsonb_build_object('registration', 'r1')) $$;
CREATE TEMP TABLE said AS SELECT * FROM (VALUES
  (1, tap.said('a1', 'u1', 'initialized', 'https://lms/1', '2026-02-01T10:00:00Z')), (2, tap.said('a2', 'u1', 'progressed', 'https://lms/1', '2026-02-03T10:00:00Z', '{"extensions": {"https://w3id.org/xapi/cmi5/result/extensions/progress": 40}}')),
  (3, tap.said('a3', 'u1', 'completed', 'https://lms/1', '2026-02-05T10:00:00Z')), (4, tap.said('a4', 'u1', 'terminated', 'https://lms/1', '2026-02-05T10:05:00Z')),
  (5, tap.said('b1', 'u1', 'completed', 'https://lms/2', '2026-02-06T10:00:00Z')), (6, tap.said('b2', 'u1', 'failed', 'https://lms/2', '2026-02-06T11:00:00Z', '{"score": {"scaled": 0.4}}')), (7, tap.said('b3', 'u1', 'passed', 'https://lms/2', '2026-02-09T11:00:00Z', '{"score": {"raw": 42, "max": 50}}')),
  (8, tap.said('c1', 'u2', 'passed', 'https://lms/3', '2026-02-10T11:00:00Z', '{"score": {"scaled": 0.9}}')), (9, tap.said('d1', 'u2', 'passed', 'https://lms/4', '2026-02-11T11:00:00Z')),
  (10, tap.said('e1', 'u3', 'waived', 'https://lms/3', '2026-02-12T11:00:00Z')), (11, tap.said('f1', 'u4', 'initialized', 'https://lms/1', '2026-02-12T11:00:00Z'))) AS v (n, s);
SELECT is_empty($$SELECT * FROM centre.record_statements('lms', (SELECT jsonb_agg(s ORDER BY n) FROM said), '2026-12-31')$$, 'statements are stored');
CREATE VIEW tap.learnt AS SELECT u.i AS who, l.training_id AS t, l.enrolled_on, l.active_on, round(l.progress) AS progress, l.completed_on, l.score FROM centre.learning l JOIN generate_series(1, 4) AS u (i) ON l.subject_id = centre.pseudonym('u' || u.i);
PREPARE learnt AS SELECT * FROM tap.learnt ORDER BY who, t;
CREATE TEMP TABLE first AS SELECT * FROM tap.learnt;
SELECT results_eq('learnt', $$VALUES (1, 1, '2026-02-01'::date, '2026-02-05'::date, 100::numeric, '2026-02-05'::date, NULL::numeric), (1, 2, '2026-02-06', '2026-02-09', 100, '2026-02-09', 84), (2, 3, '2026-02-10', '2026-02-10', 0, NULL, 90),
  (2, 4, '2026-02-11', '2026-02-11', 0, '2026-02-11', NULL), (3, 3, '2026-02-12', '2026-02-12', 0, '2026-02-12', 60), (4, 1, '2026-02-12', '2026-02-12', 0, NULL, NULL)$$, 'completed, passed, both, either, waived: by what moves on');
SELECT set_eq('SELECT subject_id, competency_id FROM centre.evidence WHERE revoked IS NULL', $$VALUES (centre.pseudonym('u1'), 1), (centre.pseudonym('u1'), 2), (centre.pseudonym('u2'), 4), (centre.pseudonym('u3'), 3)$$, 'completions are evidence');
SELECT is_empty($$SELECT * FROM centre.record_statements('lms', (SELECT jsonb_build_object('statements', jsonb_agg(s || '{"stored": "2026-03-01T00:00:00Z"}' ORDER BY n)) FROM said), '2026-12-31')$$, 'the same again, as a result of a query');
SELECT results_eq('learnt', 'SELECT * FROM first ORDER BY who, t', 'changes nothing');
SELECT is((SELECT count(*) FROM centre.learning_statement), 11::bigint, 'each is there once');
-- in any order, one by one
SELECT count(r.statement) FROM said, centre.record_statements('back', s, '2026-12-31') r \gset
SELECT is((SELECT count(*) FROM centre.learning a JOIN centre.learning b USING (subject_id, training_id, enrolled_on, active_on, progress) WHERE a.source = 'lms' AND b.source = 'back' AND (a.completed_on, a.score) IS NOT DISTINCT FROM (b.completed_on, b.score)), 6::bigint, 'one by one as all at once');
DELETE FROM centre.learning WHERE source = 'back'; DELETE FROM centre.learning_statement WHERE source = 'back';
DO $$ DECLARE x jsonb; BEGIN FOR x IN SELECT s FROM said ORDER BY n DESC LOOP PERFORM centre.record_statements('back', x, '2026-12-31'); END LOOP; END $$;
SELECT is((SELECT count(*) FROM centre.learning a JOIN centre.learning b USING (subject_id, training_id, enrolled_on, active_on, progress) WHERE a.source = 'lms' AND b.source = 'back' AND (a.completed_on, a.score) IS NOT DISTINCT FROM (b.completed_on, b.score)), 6::bigint, 'and backwards');
DELETE FROM centre.learning WHERE source = 'back'; DELETE FROM centre.learning_statement WHERE source = 'back';
-- voided: after, before, and altogether
SELECT is_empty($$SELECT * FROM centre.record_statements('lms', tap.said('v1', 'admin', 'voided', '', '2026-03-01T10:00:00Z', '{}', 'b3'), '2026-12-31')$$, 'a statement is voided');
SELECT is((SELECT (completed_on, score)::text FROM tap.learnt WHERE who = 1 AND t = 2), '(,40.00)', 'and what it made is taken back');
SELECT is((SELECT count(*) FROM centre.evidence WHERE competency_id = 2 AND revoked = issued AND credential LIKE 'learning:lms:%'), 1::bigint, 'its evidence never counted');
SELECT count(*) FROM centre.record_statements('lms', tap.said('v2', 'admin', 'voided', '', '2026-03-01T10:00:00Z', '{}', 'g1'), '2026-12-31') \gset
SELECT is_empty($$SELECT * FROM centre.record_statements('lms', tap.said('g1', 'u4', 'completed', 'https://lms/1', '2026-02-20T10:00:00Z'), '2026-12-31')$$, 'a statement that is voided before it comes');
SELECT is((SELECT completed_on FROM tap.learnt WHERE who = 4), NULL, 'does not count');
SELECT count(*) FROM centre.record_statements('lms', tap.said('v3', 'admin', 'voided', '', '2026-03-01T10:00:00Z', '{}', 'f1'), '2026-12-31') \gset
SELECT is_empty('SELECT * FROM tap.learnt WHERE who = 4', 'of an enrolment all of whose statements are voided nothing is left');
SELECT results_eq($$SELECT statement, problem FROM centre.record_statements('lms', jsonb_build_array(tap.said('b1', 'u2', 'passed', 'https://lms/2', '2026-02-06T10:00:00Z'), tap.said('x1', 'nobody', 'passed', 'https://lms/2', '2026-02-06T10:00:00Z'),
    tap.said('x2', 'u1', 'passed', 'https://else', '2026-02-06T10:00:00Z'), tap.said('x3', 'u1', 'passed', 'https://lms/2', 'soon'), tap.said('x4', 'u1', 'passed', 'https://lms/2', '2027-03-06T10:00:00Z'), '7', tap.said(NULL, 'u1', 'passed', 'https://lms/2', '2026-02-06T10:00:00Z'),
    tap.said('x5', 'u1', 'passed', 'https://lms/2', '2026-02-06T10:00:00Z', '{"score": {"scaled": 1.4}}'), tap.said('x6', 'u1', 'voided', 'https://lms/2', '2026-02-06T10:00:00Z')), '2026-12-31')$$,
  $$VALUES ('b1', 'another statement has this id'), ('x1', 'unknown official'), ('x2', 'unknown activity'), ('x3', 'no time'), ('x4', 'in the future'), (NULL, 'no statement'), (NULL, 'no id'), ('x5', 'score is not 0 to 100 per cent'), ('x6', 'voids nothing')$$, 'what is wrong with each');
SELECT throws_ok($$SELECT * FROM centre.record_statements('lms', '"x"')$$, '22023', NULL, 'no array');
-- Sunbird telemetry
CREATE FUNCTION tap.event(eid text, mid text, who text, day text, edata text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('eid', eid, 'mid', mid, 'ets', extract(epoch FROM day::timestamptz)::bigint * 1000, 'ver', '3.0', 'actor', jsonb_build_object('id', who, 'type', 'User'), 'object', '{"id": "do_5", "type": "Content"}'::jsonb, 'edata', edata::jsonb) $$;
SELECT is_empty($$SELECT * FROM centre.record_statements('sunbird', jsonb_build_object('id', 'api.telemetry', 'events', jsonb_build_array(tap.event('START', 's1', 'u3', '2026-02-01 10:00+00', '{"type": "content"}'),
  tap.event('INTERACT', 's2', 'u3', '2026-02-02 10:00+00', '{}'), tap.event('ASSESS', 's3', 'u3', '2026-02-03 10:00+00', '{"item": {"maxscore": 5}, "pass": "Yes", "score": 4}'), tap.event('END', 's4', 'u3', '2026-02-04 10:00+00', '{"summary": [{"progress": 100}]}'),
  tap.event('END', 's5', 'u2', '2026-02-04 10:00+00', '{"summary": [{"progress": 60}]}'))), '2026-12-31')$$, 'a batch of telemetry');
SELECT results_eq($$SELECT * FROM tap.learnt WHERE t = 5 ORDER BY who$$, $$VALUES (2, 5, '2026-02-04'::date, '2026-02-04'::date, 60::numeric, NULL::date, NULL::numeric), (3, 5, '2026-02-01', '2026-02-04', 100, '2026-02-04', 80)$$, 'the end of a content at 100 per cent completes it');
-- engagement
SELECT results_eq($$SELECT ministry, officials, active, days_each, statements, assessments, passed, completed FROM centre.ministry_engagement('2026-02-01')$$,
  $$VALUES ('M0', 2::bigint, 1::bigint, 3::float8, 3::bigint, 2::bigint, 2::bigint, 1::bigint), ('M1', 2, 2, 4.5, 11, 2, 1, 3)$$, 'engagement of ministries, without what is voided');
SELECT centre.take_capacity('2026-02-28', '2026-12-31') \gset
SELECT set_eq('SELECT subject_id FROM centre.capacity_fact WHERE engaged', $$SELECT centre.pseudonym('u' || i) FROM generate_series(1, 3) i$$, 'and of the month''s state');
SET ROLE civic_ticker;
SELECT lives_ok($$SELECT * FROM centre.record_statements('lms', tap.said('z1', 'u2', 'completed', 'https://lms/3', '2026-02-21T10:00:00Z'), '2026-12-31')$$, 'by the ticker');
RESET ROLE;
SELECT is((SELECT completed_on FROM tap.learnt WHERE who = 2 AND t = 3), '2026-02-21'::date, 'completed and passed is what it takes');
SET ROLE civic_hr;
SELECT throws_ok('SELECT * FROM centre.learning_statement', '42501', NULL, 'statements are not for managers');
RESET ROLE;
SELECT * FROM finish();
