-- Statements of platforms through landing: once by their id, voided, refused with a reason and tried again, what one of them breaks, erased.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
SET client_min_messages = warning;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 2) i;
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym('u' || i), true FROM generate_series(1, 3) i;
INSERT INTO centre.provider (provider_id, code, name, proves_by) VALUES (1, 'p', 'Platform', 'platform');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches) SELECT i, 1, 'T' || i, 'T' || i, 0, (i || ':2')::competency_set FROM generate_series(1, 2) i;
INSERT INTO centre.training_activity VALUES ('https://lms/1', 1, 'Completed');
INSERT INTO centre.source (code, verified, personal) VALUES ('lrs', true, true), ('sunbird', true, true);
INSERT INTO centre.intake_map (source, form, target, path) VALUES ('lrs', 'xapi', 'statement', '{statements}'), ('lrs', 'xapi', 'doc_key', '{id}'), ('sunbird', '', 'statement', '{events}');
CREATE FUNCTION tap.said(id text, who text, verb text, activity text, day text, voids text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('id', id, 'actor', jsonb_build_object('account', jsonb_build_object('homePage', 'https://lms', 'name', who)), 'verb', jsonb_build_object('id', 'http://adlnet.gov/expapi/verbs/' || verb),
    'object', CASE WHEN voids IS NULL THEN jsonb_build_object('id', activity) ELSE jsonb_build_object('objectType', 'StatementRef', 'id', voids) END, 'timestamp', day || 'T10:00:00Z') $$;
CREATE FUNCTION tap.take(of_source text, payload jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  r jsonb;
BEGIN
  INSERT INTO centre.landing (source, form, format, payload) VALUES (of_source, CASE of_source WHEN 'lrs' THEN 'xapi' ELSE '' END, 'json', convert_to(payload::text, 'UTF8'));
  SET LOCAL ROLE civic_ticker;
  PERFORM centre.tick_round('intake', of_source);
  RESET ROLE;
  SELECT b.report INTO r FROM centre.batch b ORDER BY b.batch_id DESC LIMIT 1;
  RETURN format('%s: %s new, %s known, %s refused %s%s', r ->> 'received', r ->> 'inserted', r ->> 'unchanged', r ->> 'rejected', r ->> 'codes', ' in ' || nullif(r ->> 'new_dead_letters', '0') || ' letters');
END $$;
GRANT USAGE ON SCHEMA tap TO PUBLIC;
CREATE VIEW tap.learnt AS SELECT u.i AS who, l.training_id AS t, l.enrolled_on, l.completed_on FROM centre.learning l JOIN generate_series(1, 3) AS u (i) ON l.subject_id = centre.pseudonym('u' || u.i);

SELECT jsonb_build_object('statements', jsonb_build_array(tap.said('a1', 'u1', 'initialized', 'https://lms/1', '2024-02-01'), tap.said('a2', 'u1', 'completed', 'https://lms/1', '2024-02-03'), tap.said('b1', 'u2', 'completed', 'https://lms/1', '2024-02-04'))) AS result \gset
SELECT is(tap.take('lrs', :'result'), '3: 3 new, 0 known, 0 refused {}', 'a result of a query is landed, read by the form''s map and stored');
SELECT set_eq('SELECT * FROM tap.learnt', $$VALUES (1, 1, '2024-02-01'::date, '2024-02-03'::date), (2, 1, '2024-02-04', '2024-02-04')$$, 'and what follows from it');
SELECT set_eq('SELECT subject_id FROM centre.evidence WHERE revoked IS NULL', $$SELECT centre.pseudonym('u' || i) FROM generate_series(1, 2) i$$, 'completions are evidence');
SELECT is(tap.take('lrs', :'result'), '3: 0 new, 3 known, 0 refused {}', 'the same again is known');
SELECT is(tap.take('lrs', jsonb_build_array(tap.said('a2', 'u1', 'completed', 'https://lms/1', '2024-02-03'), tap.said('c1', 'u3', 'initialized', 'https://lms/1', '2024-02-05'))), '2: 1 new, 1 known, 0 refused {}', 'an array without an envelope');
SELECT is(tap.take('lrs', tap.said('c2', 'u3', 'completed', 'https://lms/1', '2024-02-06')), '1: 1 new, 0 known, 0 refused {}', 'and a single one');
SELECT is((SELECT completed_on FROM tap.learnt WHERE who = 3), '2024-02-06'::date, 'follow what came before');
SELECT is(tap.take('lrs', jsonb_build_array(tap.said('v1', 'admin', 'voided', '', '2024-03-01', 'b1'))), '1: 1 new, 0 known, 0 refused {}', 'a statement is voided');
SELECT is_empty('SELECT * FROM tap.learnt WHERE who = 2', 'and what it made is gone');
SELECT is_empty($$SELECT * FROM centre.evidence WHERE subject_id = centre.pseudonym('u2') AND revoked IS NULL$$, 'its evidence, too');

-- what cannot be stored
SELECT is(tap.take('lrs', jsonb_build_array(tap.said('d1', 'u2', 'completed', 'https://lms/2', '2024-02-10'), tap.said('d2', 'nobody', 'completed', 'https://lms/1', '2024-02-10'), tap.said('d3', 'u2', 'completed', 'https://lms/1', '9999-02-10'),
    tap.said('a2', 'u1', 'completed', 'https://lms/1', '2024-02-09'), tap.said('d4', 'u2', 'completed', 'https://lms/1', '2024-02-11'), '7')),
  '6: 1 new, 0 known, 5 refused {"I003": 1, "I201": 1, "I304": 1, "I305": 1, "I409": 1} in 5 letters', 'what is wrong with each is counted, and the rest is stored');
PREPARE letters AS SELECT doc_key, code, field, value FROM centre.dead_letter WHERE resolved_at IS NULL AND doc_key NOT LIKE 'sha256:%' ORDER BY 1;
SELECT results_eq('letters', $$VALUES ('a2', 'I409', 'id', NULL), ('d1', 'I304', 'object', 'https://lms/2'), ('d2', 'I305', 'actor', NULL), ('d3', 'I201', 'at', '9999-02-10 10:00:00+00')$$, 'dead letters say why, and name nobody');
INSERT INTO centre.training_activity VALUES ('https://lms/2', 2, 'Completed');
SET ROLE civic_ticker;
CALL centre.intake_retry(NULL, NULL) \gset
RESET ROLE;
SELECT is((SELECT completed_on FROM tap.learnt WHERE who = 2 AND t = 2), '2024-02-10'::date, 'tried again after the activity is known');
SELECT set_eq($$SELECT doc_key, tries FROM centre.dead_letter WHERE resolved_at IS NULL AND doc_key NOT LIKE 'sha256:%'$$, $$VALUES ('a2', 2), ('d2', 2), ('d3', 2)$$, 'its letter is resolved, those of the others count a try');
SELECT is((SELECT count(*) FROM centre.learning_statement), 8::bigint, 'and nothing is there twice');
-- one that breaks the store is set aside alone
SELECT is(tap.take('lrs', jsonb_build_array(tap.said((SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i), 'u1', 'completed', 'https://lms/1', '2024-02-12'), tap.said('e1', 'u1', 'completed', 'https://lms/2', '2024-02-12'))),
  '2: 1 new, 0 known, 1 refused {"I110": 1} in 1 letters', 'an id too long for the index is refused, the other is stored');
SELECT is((SELECT count(*) FROM centre.document), 0::bigint, 'statements are no documents, and make no observations');

-- telemetry, without a key of its own
SELECT is(tap.take('sunbird', '{"id": "api.telemetry", "events": [{"eid": "START", "mid": "s1", "ets": 1706781600000, "actor": {"id": "u3"}, "object": {"id": "https://lms/2"}},
  {"eid": "END", "mid": "s2", "ets": 1706868000000, "actor": {"id": "u3"}, "object": {"id": "https://lms/2"}, "edata": {"summary": [{"progress": 100}]}}, {"eid": "END", "mid": "s3", "ets": 1706868000000, "actor": {"id": "u3"}, "object": {"id": "do_9"}}]}'),
  '3: 2 new, 0 known, 1 refused {"I304": 1} in 1 letters', 'a batch of telemetry');
SELECT is((SELECT completed_on FROM tap.learnt WHERE who = 3 AND t = 2), '2024-02-02'::date, 'completes');
SELECT is((SELECT count(*) FROM centre.dead_letter WHERE source = 'sunbird' AND doc_key ~ '^sha256:[0-9a-f]{64}$' AND value = 'do_9'), 1::bigint, 'a letter goes by the hash of what was sent');
-- an official is erased: the statements of others stay in what was landed
SELECT count(*) AS erased FROM centre.erase(centre.pseudonym('u1')) \gset
SELECT is_empty($$SELECT landing_id FROM centre.landing WHERE convert_from(payload, 'UTF8') LIKE '%"u1"%'$$, 'erased from payloads');
SELECT ok(EXISTS (SELECT FROM centre.landing WHERE convert_from(payload, 'UTF8') LIKE '%"b1"%"u2"%' OR convert_from(payload, 'UTF8') LIKE '%"u2"%"b1"%'), 'while what the same result says of others stays');
SELECT is_empty($$SELECT * FROM centre.learning_statement WHERE source = 'lrs' AND statement IN ('a1', 'a2')$$, 'and from statements');
-- whose payloads are read by what is the owner's to say: the name is executed
SELECT throws_ok(format('SET ROLE %I; INSERT INTO centre.intake_reader VALUES (''doc_key'', ''pg_temp.mine'')', r), '42501', NULL, r || ' names no reader') FROM unnest('{civic_ingest,civic_ticker,civic_publisher,civic_official,civic_reader}'::text[]) AS r;
RESET ROLE;
SELECT throws_ok($$INSERT INTO centre.intake_reader VALUES ('doc_key', 'x(); DROP TABLE centre.site; --')$$, '23514', NULL, 'nor is anything but a name taken');
SET ROLE civic_ingest;
SELECT throws_ok('SELECT centre.intake_statements(false)', '42501', NULL, 'who sends does not read');
RESET ROLE;
SELECT * FROM finish();
