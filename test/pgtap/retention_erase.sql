-- Erasing a person: everything the layer stores is searched for the pseudonym and the identity, before and after; counts stay exact, decisions
-- replay, and releases around it tell of nobody.  And what is kept too long.
\ir ../fixtures/country.sql
\ir ../fixtures/attack.sql
SET client_min_messages = warning;
GRANT ALL ON centre.raw_row TO civic_admin;
SELECT plan(49);
SELECT centre.pseudonym('082 555') AS person, centre.pseudonym('household:H;9') AS home, centre.pseudonym('082 556') AS other \gset

-- ---- the inventory: a column that names a person or may carry one is known to erase(), or said here not to be one ----
CREATE VIEW tap.suspect AS
  SELECT c.relname::text AS relation, a.attname::text AS name, format_type(a.atttypid, NULL) AS type
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('raw_row', 'retention', 'erasure')
    AND (a.attname ~ 'subject|worker|person|official|household|manager|pass_no' OR format_type(a.atttypid, NULL) ~ 'bytea|json|subject|worker_fact'
         OR a.atttypid = 'text'::regtype AND a.attname IN ('value', 'statement', 'finding', 'reason', 'note', 'doc_key', 'source_key', 'record', 'credential', 'payload'))
    AND (c.relname, a.attname) NOT IN (VALUES
      -- keys, digests and counts
      ('pseudonym_salt', 'salt'), ('cell_key_salt', 'salt'), ('rounding_key', 'secret'), ('claim_key', 'inner_pad'), ('claim_key', 'outer_pad'), ('ruleset', 'sha256'), ('import_run', 'sha256'), ('policy_assessment', 'sha256'),
      ('batch', 'report'), ('import_run', 'report'), ('policy_impact', 'workers'), ('ledger_cell', 'subjects'), ('annual_plan', 'officials'),
      ('source', 'personal'), ('indicator', 'personal'), ('indicator', 'persons_of'), ('dataset', 'personal'), ('cube', 'personal'),
      -- declarations, and codes of reasons
      ('intake_map', 'options'), ('rounding_period', 'parts'), ('answer_code', 'code'), ('source', 'note'), ('audience', 'note'), ('policy_event', 'note'), ('cube_request', 'reason'), ('baseline', 'reason'),
      ('released_baseline', 'reason'), ('series_estimate', 'reason'), ('released_estimate', 'reason'), ('frac_link', 'reason'), ('requirement', 'reason'), ('policy_impact', 'reason'), ('policy', 'accepted_changes'), ('policy', 'accepted_aged'), ('alarm', 'note'));
SELECT is_empty($$SELECT * FROM tap.suspect s WHERE s.relation NOT IN (SELECT r.relation FROM centre.retention r)$$, 'every table with a personal column is in centre.retention');
SELECT is_empty($$SELECT r.relation FROM centre.retention r WHERE to_regclass('centre.' || r.relation) IS NULL OR r.person IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('centre.' || r.relation) AND a.attname = r.person)$$, 'which names no table or column that is not there');
CREATE TABLE centre.visit (visitor_subject bigint);
SELECT set_eq($$SELECT relation FROM tap.suspect s WHERE s.relation NOT IN (SELECT r.relation FROM centre.retention r)$$, ARRAY['visit'], 'and a new one is missed');
DROP TABLE centre.visit;

-- ---- a person who is everywhere ----
-- search(what): the tables in which a text occurs: each row whole, as text and, for payloads, as bytes
CREATE FUNCTION tap.search(what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  part text;
  found boolean;
BEGIN
  FOR part IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1 LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM centre.%I x WHERE strpos(x::text, $1) > 0 OR strpos(x::text, $2) > 0)', part) INTO found USING what, encode(convert_to(what, 'UTF8'), 'hex');
    IF found THEN RETURN NEXT part; END IF;
  END LOOP;
END $$;
INSERT INTO centre.household (household_id, area_id) VALUES (:home, 7);
INSERT INTO centre.subject (subject_id, verified, sex, birth_year, household_id) VALUES (:person, true, 'f', 1990, :home), (:other, true, 'm', 1980, NULL);
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym('p' || i), true FROM generate_series(1, 14) AS i;
-- intake: in arrays, in a superseded version, in CSV, in a form without a map, in payloads that cannot be read, in dead letters
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'a' || i, 'at', '2026-10-10', 'about', 'Food', 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 14) i)::text);
SELECT tap.land('app', '[{"id": "mine", "v": 1, "at": "2026-10-10", "about": "Food", "ward": "W1", "phone": "082 555"}, {"id": "his", "at": "2026-10-10", "about": "Food", "ward": "W1", "phone": "082 556"}]');
SELECT tap.land('app', '{"id": "mine", "v": 2, "at": "2026-10-11", "about": "Water", "ward": "W1", "phone": "082 555"}');
SELECT tap.land('app', E'id,at,about,ward,phone\nc1,2026-10-12,Food,W2,082 555\nc2,2026-10-12,Food,W2,082 556\n', 'csv');
SELECT tap.land('app', E'id,at,about,ward,home\nh1,2026-10-12,Food,W2,"H;9"\n', 'csv');
SELECT tap.land('app', '{"id": "gone", "v": 1, "deleted": true, "phone": "082 555"}');
SELECT tap.land('app', '{"id": "odd", "at": "2026-10-10", "about": "Nothing", "ward": "W1", "born": "082 555", "phone": "082 555"}');
SELECT tap.land('app', '{"id": "by him", "at": "2026-10-10", "about": "Food", "ward": "W1", "phone": "082 556", "heard_from": {"tel": ["082 555"]}}');
SELECT tap.land('app', '{"phone": "082 555", "cut": ');
SELECT tap.land('app', E'phone,x\n082 555,"', 'csv');
INSERT INTO centre.landing (source, form, format, payload) VALUES ('app', 'unmapped', 'json', '{"who": "082 555"}'), ('app', '', 'json', '\x7b' || convert_to('"phone": "082 555"', 'UTF8') || '\xff');
SELECT tap.apply('app');
SELECT tap.land('app', '{"id": "waits", "at": "2026-10-12", "about": "Food", "ward": "W1", "phone": "082 555"}');
INSERT INTO centre.assessment (household_id, form, assessed_on, answers) VALUES (:home, 'jmp', '2026-10-01', '{"source": "piped"}');
-- a worker
INSERT INTO centre.employer (code, sector) VALUES ('E1', 'construction');
INSERT INTO centre.premises (code, kind) VALUES ('D1', 'dormitory');
CREATE TABLE tap.w AS SELECT :person::bigint AS id UNION ALL SELECT :other;
INSERT INTO centre.worker (worker_id, employer_id) SELECT id, (SELECT employer_id FROM centre.employer) FROM tap.w;
INSERT INTO centre.work_pass (pass_no, worker_id) VALUES ('PASS-555', :person), ('PASS-556', :other);
INSERT INTO centre.approval (agency, source_key, issued_at, worker_id, valid_from) SELECT 'building', 'k' || id, now(), id, now() - interval '9 days' FROM tap.w;
INSERT INTO centre.non_compliance (agency, source_key, issued_at, worker_id, valid_from, valid_until) SELECT 'labour', 'k' || id, now(), id, now() - interval '9 days', now() - interval '8 days' FROM tap.w;
INSERT INTO centre.app_registration (agency, source_key, issued_at, worker_id, registered, since) SELECT 'digital', 'k' || id, now(), id, true, now() FROM tap.w;
INSERT INTO centre.vulnerability (agency, source_key, issued_at, worker_id, valid_from) SELECT 'health', 'k' || id, now(), id, now() FROM tap.w;
INSERT INTO centre.test_result (agency, source_key, issued_at, worker_id, type, sampled_at, result, verified) SELECT 'laboratory', 'k' || id, now(), id, 'pcr', now() - interval '2 days', 'negative', true FROM tap.w;
INSERT INTO centre.vaccination (agency, source_key, issued_at, worker_id, given_at) SELECT 'health', 'k' || id, now(), id, now() - interval '90 days' FROM tap.w;
INSERT INTO centre.recovery (agency, source_key, issued_at, worker_id, recovered_at) SELECT 'health', 'k' || id, now(), id, now() - interval '80 days' FROM tap.w;
INSERT INTO centre.movement_order (agency, source_key, issued_at, worker_id, kind, valid_from, valid_until) SELECT 'health', 'k' || id, now(), id, 'quarantine', now() - interval '9 days', now() - interval '5 days' FROM tap.w;
INSERT INTO centre.exposure (agency, source_key, issued_at, worker_id, kind, exposed_at) SELECT 'health', 'k' || id, now(), id, 'contact', now() - interval '70 days' FROM tap.w;
UPDATE centre.exposure SET issued_at = issued_at + interval '1 second';
INSERT INTO centre.location_claim (agency, source_key, issued_at, worker_id, source, premises_id, observed_at) SELECT 'labour', 'k' || id, now(), id, 'roll', (SELECT premises_id FROM centre.premises), now() - interval '5 days' FROM tap.w;
INSERT INTO centre.feed_refusal (agency, kind, source_key, issued_at, code, field, value) VALUES
  ('labour', 'worker', '082 555', now(), 'I301', 'site', 'nowhere'), ('health', 'vaccination', 'unknown', now(), 'I203', 'given_at', 'soon'), ('health', 'vaccination', 'unknown', now(), 'I101', 'worker', '082 555'),
  ('laboratory', 'test_result', format('k%s', :person), now(), 'I103', 'result', '?'), ('immigration', 'work_pass', 'PASS-555', now(), 'I203', 'valid_until', '?'), ('labour', 'worker', '082 556', now(), 'I301', 'site', 'nowhere');
INSERT INTO centre.ruleset (code, source, body) VALUES ('erased', 'test', '{"name": "erased", "kind": "access_code", "version": "1", "facts": [{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}],
  "rules": [{"id": "swab", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 11, "day"]}]}}], "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'erased', 'approved', '[2020-01-01,)', 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'erased';
UPDATE centre.access_setting SET policy_code = 'erased';
SELECT centre.refresh_worker_facts(); SELECT centre.reevaluate();
INSERT INTO centre.access_override (worker_id, colour, reason, requested_by, requested_at, expires_at, confirmed_by, during) SELECT id, 'yellow', 'seen coughing: ' || id, 'ann', now() - interval '2 hours', now() + interval '1 day', 'bob', tstzrange(now() - interval '1 hour', now() + interval '1 day') FROM tap.w;
INSERT INTO centre.worker_change (worker_id, cause) SELECT id, 'override' FROM tap.w;
SELECT centre.reevaluate();
INSERT INTO centre.access_override (worker_id, colour, reason, requested_by, expires_at) SELECT id, 'red', 'not confirmed', 'ann', now() + interval '1 day' FROM tap.w;
INSERT INTO centre.appeal (worker_id, decision_id, decided_at, statement, due_at, escalate_at, status, reviewer, reviewed_at, finding)
  SELECT id, d.decision_id, d.decided_at, 'I am 082 555', now(), now(), s, CASE s WHEN 'upheld' THEN 'carl' END, CASE s WHEN 'upheld' THEN now() - interval '400 days' END, CASE s WHEN 'upheld' THEN '082 555 is right' END
  FROM tap.w JOIN centre.decision d ON d.worker_id = id AND d.cause = 'override', unnest(ARRAY['open', 'upheld']) AS s WHERE id = :person;
WITH a AS (INSERT INTO centre.policy_assessment (ruleset_id, sha256, starts_at, covers, line, fact_mark, complete) SELECT ruleset_id, '', now(), now(), '{}', 0, true FROM centre.policy RETURNING assessment_id)
INSERT INTO centre.policy_example (assessment_id, place, worker_id, at, old_colour, new_colour) SELECT a.assessment_id, row_number() OVER (), id, now(), 'green', 'red' FROM tap.w, a;
INSERT INTO centre.gate_log (checked_at, login, worker_id, colour) SELECT now(), 'gate', id, 'green' FROM tap.w;
INSERT INTO centre.gate_inbox (checked_at, worker_id, colour) SELECT now(), id, 'green' FROM tap.w;
INSERT INTO centre.stuck_row (step, key, what, error, next_try) SELECT 'access', id, 'worker', '22012', now() FROM tap.w;
INSERT INTO centre.worker_due SELECT id, now() + interval '1 day' FROM tap.w ON CONFLICT DO NOTHING;
INSERT INTO centre.fact_mark (worker_id) SELECT id FROM tap.w;
INSERT INTO centre.worker_change (worker_id, cause) SELECT id, 'fact' FROM tap.w;
-- an official
INSERT INTO centre.framework (code, name, source) VALUES ('fw', 'fw', 'test');
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'fw', 'law');
INSERT INTO centre.provider (code, name) VALUES ('college', 'College');
INSERT INTO centre.official (subject_id, ministry, department, designation, valid) SELECT id, 'water', 'dams', 'clerk', '[2020-01-01,)' FROM tap.w;
UPDATE centre.official SET manager_id = :person WHERE subject_id = :other;
INSERT INTO centre.hr_login VALUES ('clerk555', :person);
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT id, 1, 3, 'assessed', '2026-01-01', 'c' || id FROM tap.w;
SELECT centre.refresh_official_competencies();
INSERT INTO centre.training (training_id, provider_id, code, title, teaches, hours, price) SELECT 1, provider_id, 't', 'Law', '1:3', 10, 100 FROM centre.provider;
INSERT INTO centre.training_session (session_id, training_id, starts, ends, seats) VALUES (1, 1, '2026-11-01', '2026-11-02', 10);
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on, score) SELECT 'lms', 'r' || id, id, 1, '2026-02-01', '2026-03-01', 90 FROM tap.w;
INSERT INTO centre.recommendation (subject_id, training_id, shown_on, rank) SELECT id, 1, '2026-01-01', 1 FROM tap.w;
INSERT INTO centre.objection (subject_id, competency_id, statement) SELECT id, 1, 'a course is missing' FROM tap.w;
INSERT INTO centre.subject (subject_id) VALUES (77) ON CONFLICT DO NOTHING;
INSERT INTO centre.passbook_reader (subject_id, reader_id) SELECT id, 77 FROM tap.w UNION ALL SELECT :other, :person;
INSERT INTO centre.capacity_fact SELECT '2026-10-01', id, '2026-10-31', 'water', 'dams', 'clerk', 3, 0, 0, NULL, false, false, false, 0, '' FROM tap.w;
INSERT INTO centre.learning_statement (source, statement, subject_id, training_id, verb, at, digest) SELECT 'erase', 's' || id, id, 1, 'completed', '2026-10-05', '' FROM tap.w;
INSERT INTO centre.learning_statement (source, statement, subject_id, training_id, verb, at, digest) VALUES ('erase', 'other', :other, 1, 'completed', '2026-10-05', '');
INSERT INTO centre.official_plan SELECT id, '2026-10-01', 'cost', '', '', 'exact', 100, 100 FROM tap.w;
INSERT INTO centre.official_plan_step SELECT id, 1, 1, NULL, 3 FROM tap.w;
INSERT INTO centre.department_plan (plan_id, ministry, department, span, made_on, people, short, closable, closed, most, cost, bound, method) OVERRIDING SYSTEM VALUE VALUES (1, 'water', 'dams', '[2026-11-01,2026-12-01)', '2026-10-01', 2, 6, 6, 6, 6, 200, 200, 'exact');
INSERT INTO centre.department_plan_seat SELECT 1, id, 1, 3 FROM tap.w;
INSERT INTO centre.evidence_change (subject_id) SELECT id FROM tap.w;
INSERT INTO centre.import_run (format, framework, dry_run, sha256) VALUES ('badge', 'fw', false, '');
INSERT INTO centre.import_error SELECT run_id, 1, 'subject_unknown', 'recipient', '082 555' FROM centre.import_run;
-- counted in releases
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('needs', 'centre', '{need_food,need_water}', '{province}', 'month', '{all,sex}');
CALL centre.publish('needs', '2026-10-10');
SELECT centre.drain_cells();
CREATE TABLE tap.cells AS SELECT * FROM centre.cell_now;
CREATE TABLE tap.released AS SELECT * FROM centre.release_cell;

SET civic.why = 'a question of hers'; SELECT centre.note_read(id, 'official') FROM unnest(ARRAY[:person, :other]::bigint[]) AS id; RESET civic.why;
SELECT is_empty($$SELECT r.relation FROM centre.retention r WHERE r.erasure <> 'none' AND r.relation NOT IN ('landing', 'dead_letter', 'document', 'feed_refusal', 'import_error')
    EXCEPT SELECT tap.search(id::text) FROM unnest(ARRAY[centre.pseudonym('082 555'), centre.pseudonym('household:H;9')]) AS id$$, 'the person is in every table of the list before');
SELECT set_has($$SELECT tap.search('082 555')$$, $$VALUES ('landing'), ('dead_letter'), ('feed_refusal'), ('import_error'), ('appeal')$$, 'with the identity where sources and people wrote it');

-- ---- disclosed before it is erased: the same tables, and what they say ----
SELECT is_empty($$SELECT t.relation FROM centre.retention t WHERE t.erasure = 'apart' AND NOT EXISTS (SELECT FROM centre.disclose_job j WHERE j.relation = t.relation)$$, 'each table that is erased its own way is disclosed its own way');
SET ROLE civic_admin;
CREATE TEMP TABLE disclosed AS SELECT * FROM centre.disclose(:person);
RESET ROLE;
SELECT set_eq('SELECT DISTINCT relation FROM disclosed', $$SELECT relation FROM centre.retention WHERE erasure <> 'none'$$, 'everything that erasing would find is disclosed');
SELECT set_has('SELECT DISTINCT relation FROM disclosed', $$SELECT tap.search(centre.pseudonym('082 555')::text) UNION SELECT tap.search('082 555')$$, 'and every table in which the person or the identity stands');
SELECT is_empty(format($$SELECT relation FROM disclosed WHERE strpos(content::text, %L) > 0 AND relation <> 'official'$$, :other), 'and nothing of another');
SELECT results_eq($$SELECT cause FROM centre.erasure$$, ARRAY['disclosure'], 'that it was asked is noted');
DELETE FROM centre.erasure;
SELECT is_empty($$SELECT r FROM unnest(ARRAY(SELECT rolname FROM pg_roles WHERE rolname LIKE 'civic\_%' AND rolname <> 'civic_admin')) AS r WHERE has_function_privilege(r, 'centre.disclose(bigint)', 'EXECUTE')$$, 'nobody but the owner asks');

-- ---- a dry run, the deed, and again ----
SET ROLE civic_ticker;
SELECT throws_ok('SELECT * FROM centre.erase(1)', '42501', NULL, 'the ticker cannot erase');
SET ROLE civic_publisher;
SELECT throws_ok('SELECT * FROM centre.erase(1)', '42501', NULL, 'nor the publisher');
RESET ROLE;
SELECT is_empty($$SELECT p.oid::regprocedure, r FROM pg_proc p, unnest(ARRAY(SELECT rolname FROM pg_roles WHERE rolname LIKE 'civic\_%' AND rolname <> 'civic_admin')) AS r
  WHERE p.pronamespace = 'centre'::regnamespace AND p.proname ~ '^erase|^disclose|apply_retention' AND has_function_privilege(r, p.oid, 'EXECUTE')$$, 'nobody but the owner can');
SET ROLE civic_admin;
CREATE TEMP TABLE planned AS SELECT * FROM centre.erase(:person, dry_run => true);
SELECT set_has($$SELECT tap.search(centre.pseudonym('082 555')::text)$$, $$VALUES ('observation'), ('decision'), ('ledger_leaf')$$, 'a dry run erases nothing');
SELECT is((SELECT count(*) FROM centre.erasure), 0::bigint, 'and is no erasure');
CREATE TEMP TABLE done AS SELECT * FROM centre.erase(:person);
RESET ROLE;
SELECT set_eq('SELECT * FROM done', 'SELECT * FROM planned', 'it says what the erasure does');
SELECT set_eq($$SELECT relation FROM done$$, $$SELECT relation FROM centre.retention WHERE erasure <> 'none'$$, 'which finds something in each table');
SELECT set_eq($$SELECT relation, rows FROM done WHERE relation IN ('landing', 'document', 'observation', 'decision', 'access_override', 'feed_refusal')$$,
  $$VALUES ('landing', 12::bigint), ('document', 3), ('observation', 2), ('decision', 2), ('access_override', 1), ('feed_refusal', 5)$$, 'and counts');
SELECT is_empty(format('SELECT tap.search(%L)', :person), 'the pseudonym is nowhere');
SELECT is_empty(format('SELECT tap.search(%L)', :home), 'nor that of the household, in which nobody is left');
SELECT is_empty($$SELECT tap.search(said) FROM unnest(ARRAY['082 555', 'H;9']) AS said$$, 'nor the identities');
SELECT is_empty($$SELECT tap.search('PASS-555')$$, 'nor the number of the pass');
SELECT results_eq($$SELECT erased_by, cause, relations, rows FROM centre.erasure$$, $$SELECT session_user::name, 'person', count(*)::integer, sum(rows)::bigint FROM done$$, 'that it was done is noted, and not to whom');
SELECT is_empty(format('SELECT * FROM centre.erase(%s)', :person), 'there is nothing to erase again');
SELECT is((SELECT count(*) FROM centre.erased), 2::bigint, 'and no number is made for it');

-- ---- nobody else, and nothing that counts, is touched ----
SELECT is_empty(format($$SELECT relation FROM centre.retention WHERE person IS NOT NULL AND relation NOT IN ('household', 'assessment', 'hr_login', 'appeal') EXCEPT SELECT tap.search(%L)$$, :other), 'another person is where he was');
SELECT set_eq($$SELECT doc_key FROM centre.document WHERE doc_key !~ '^a\d'$$, ARRAY['his', 'c2', 'by him', 'h1'], 'his documents are there');
SELECT set_eq($$SELECT convert_from(payload, 'UTF8')::jsonb -> 0 ->> 'id' FROM centre.landing WHERE payload::text LIKE '%' || encode('082 556', 'hex') || '%'$$, ARRAY['his', 'c2'], 'and his payloads, but the one that names her');
UPDATE centre.landing SET batch_id = NULL;
SELECT is((SELECT (r ->> 'inserted')::integer + (r ->> 'updated')::integer FROM tap.apply('app') AS r), 0, 'read again they say what they said');
SELECT is_empty('SELECT * FROM centre.cell_drift', 'cells do not drift');
SELECT set_eq($$SELECT indicator_id, area_id, day, sex, n FROM tap.cells EXCEPT ALL SELECT indicator_id, area_id, day, sex, n FROM centre.cell_now$$,
  $$SELECT i.indicator_id, a.area_id, d::date, 'f', 1::bigint FROM (VALUES ('need_water', 'W1', '2026-10-11'), ('need_food', 'W2', '2026-10-12')) AS v (code, ward, d) JOIN centre.indicator i USING (code) JOIN centre.area a ON a.code = ward$$,
  'they change as after a correction');
SELECT set_eq('SELECT * FROM centre.release_cell', 'SELECT * FROM tap.released', 'what was released stays');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'the log of decisions replays');
SELECT is((SELECT count(*) FROM centre.decision WHERE facts IS NULL), 2::bigint, 'with the decisions, without their facts');
SELECT throws_ok($$UPDATE centre.decision SET worker_id = 7, facts = NULL WHERE facts IS NULL$$, '55000', NULL, 'and nobody else can be put in their place');
SELECT centre.refresh_worker_facts(); SELECT centre.reevaluate(); SELECT centre.refresh_official_competencies();
SELECT is_empty(format('SELECT tap.search(%L)', :person), 'no queue brings her back');
SELECT results_eq($$SELECT statement, finding, status FROM centre.appeal$$, $$VALUES ('erased', 'erased', 'upheld')$$, 'that an appeal was upheld stays');

-- ---- the guard: two releases around an erasure ----
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) VALUES (:other, 'north', '1', 'f', 'food');
CALL centre.publish('by_sex', '2026-01-01');
CREATE TABLE tap.before AS SELECT * FROM tap.published('by_sex'); CREATE TABLE tap.weak_before AS SELECT * FROM tap.threshold_only('sex', 10);
INSERT INTO centre.retention (relation, place, person, erasure) VALUES ('raw_row', 25, 'subject_id', 'delete');
SELECT count(*) FROM centre.erase(:other);
SELECT results_eq($$SELECT a.members[1], a.value - b.value FROM tap.weak_before a JOIN tap.threshold_only('sex', 10) b USING (members) WHERE a.members[2] = 'f' AND b.value <> a.value ORDER BY 1$$,
  $$VALUES ('*total*', 1::numeric), ('region=north', 1), ('ward=1', 1)$$, 'two tables under a threshold alone tell that one woman was erased');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 500000 + i, 'south', '4', 'f', 'food' FROM generate_series(1, 20) AS i;
CALL centre.publish('by_sex', '2026-01-01');
SELECT isnt_empty($$SELECT * FROM tap.published('by_sex') WHERE value IS NOT NULL EXCEPT SELECT * FROM tap.before$$, 'a release shows what changed by twenty');
SELECT is_empty($$SELECT a.members, a.value, b.value FROM tap.published('by_sex') a JOIN tap.before b USING (members) WHERE a.members[1] IN ('ward=1', 'region=north') AND a.value <> b.value$$, 'and holds what it would tell of the one');
SELECT is_empty($$SELECT t.value - s.value - n.value FROM tap.published('by_sex') t, tap.published('by_sex') s, tap.published('by_sex') n
  WHERE t.members = '{*total*,f}' AND s.members = '{region=south,f}' AND n.members = '{region=north,f}' AND abs(t.value - s.value - n.value) BETWEEN 1 AND 9$$, 'also by subtraction');
-- erased, come back, and one more: five who do so are five, not ten
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need) SELECT i, '2026-06-10', 'north', '1', 'f', 'food' FROM generate_series(1, 40) AS i;
CALL centre.publish('by_sex', '2026-06-01');
SELECT count(e.*) FROM generate_series(1, 6) AS i, centre.erase(i) AS e;
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need) SELECT i, date '2026-06-10', 'north', '1', 'f', 'food' FROM generate_series(1, 6) AS i UNION ALL SELECT 99, '2026-06-10', 'north', '1', 'f', 'food';
CALL centre.publish('by_sex', '2026-06-01');
SELECT is((SELECT value FROM tap.published('by_sex', '2026-06-01') WHERE members = '{ward=1,f}'), 40::numeric, 'six who are erased and come back do not cover a seventh');

-- ---- retention ----
SELECT is(centre.apply_retention(), 0::bigint, 'nothing is deleted before somebody says how long it is kept');
UPDATE centre.retention SET keep = '1 day' WHERE relation IN ('test_result', 'landing', 'observation', 'decision', 'appeal');
CREATE TABLE tap.before_retention AS SELECT * FROM centre.cell_now;
SELECT centre.apply_retention('2030-01-01') AS handled \gset
SELECT is_empty($$SELECT 'test' FROM centre.test_result UNION ALL SELECT 'landing' FROM centre.landing WHERE batch_id IS NOT NULL UNION ALL SELECT 'decision' FROM centre.decision WHERE facts IS NOT NULL
  UNION ALL SELECT 'observation' FROM centre.observation WHERE subject_id IS NOT NULL OR age IS NOT NULL$$, 'then it is');
SELECT set_eq('SELECT * FROM centre.cell_now', 'SELECT * FROM tap.before_retention', 'and cells are what they were');
SELECT is(centre.apply_retention('2030-01-01'), 0::bigint, 'once');
UPDATE centre.retention SET keep = '1 day' WHERE since IS NOT NULL;
SELECT lives_ok($$SELECT centre.apply_retention('2030-01-01')$$, 'and everywhere');
SELECT is_empty($$SELECT tap.search(reason) FROM unnest(ARRAY['seen coughing', '082 556']) AS reason$$, 'after which texts and payloads are gone');
SELECT * FROM finish();
