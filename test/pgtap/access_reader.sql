-- Readers of access codes: each kind attacked by what a login with SQL can do: tables, views, functions, claims, messages, EXPLAIN.
SET search_path = tap, public, pg_catalog;
SET client_min_messages = warning;
SELECT plan(106);
DROP ROLE IF EXISTS rd_pool, rd_other, rd_judge;
CREATE ROLE rd_pool LOGIN NOINHERIT IN ROLE civic_worker, civic_employer, civic_dormitory, civic_sector, civic_gate;
CREATE ROLE rd_judge LOGIN IN ROLE civic_approver;
CREATE ROLE rd_other LOGIN NOINHERIT IN ROLE civic_worker, civic_employer, civic_dormitory, civic_sector, civic_gate;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;
INSERT INTO centre.language (code, fallback, name) VALUES ('bn', 'en', 'Bangla'), ('zh', 'en', 'Chinese') ON CONFLICT DO NOTHING;

-- ---- two employers, two dormitories, two sectors, eight workers; and twenty thousand others ----
INSERT INTO centre.employer (code, name, sector) SELECT 'E' || i, 'Company ' || i, CASE WHEN i % 2 = 1 THEN 'construction' ELSE 'marine' END FROM generate_series(1, 2) i;
INSERT INTO centre.employer (code, sector) SELECT 'F' || i, 'sector ' || i % 20 FROM generate_series(1, 1000) i;
INSERT INTO centre.premises (code, name, kind, cleared_at) SELECT 'D' || i, 'Dormitory ' || i, 'dormitory', CASE WHEN i <> 2 THEN now() - interval '9 days' END FROM generate_series(1, 200) i;
INSERT INTO centre.room (code, premises_id, block, floor, room) SELECT 'D' || i || '/A/1', premises_id, 'A', '1', 'r' || i FROM centre.premises p JOIN generate_series(1, 2) i ON p.code = 'D' || i;
-- workers W1..W4 work for E1, the others for E2; the odd live in D1, the even in D2
INSERT INTO centre.worker (worker_id, employer_id, language) SELECT centre.pseudonym('W' || i), (SELECT employer_id FROM centre.employer WHERE code = CASE WHEN i <= 4 THEN 'E1' ELSE 'E2' END), CASE WHEN i <= 6 THEN 'zh' ELSE 'en' END FROM generate_series(1, 8) i;
INSERT INTO centre.worker (worker_id, employer_id) SELECT i, (SELECT min(employer_id) FROM centre.employer WHERE code = 'F1') + i % 1000 FROM generate_series(1, 20000) i;
INSERT INTO centre.work_pass (pass_no, worker_id) SELECT 'P' || i, centre.pseudonym('W' || i) FROM generate_series(1, 8) i;
INSERT INTO centre.work_pass (pass_no, worker_id) SELECT 'X' || i, i FROM generate_series(1, 20000) i;
INSERT INTO centre.approval (agency, source_key, issued_at, employer_id, valid_from, valid_until) SELECT 'building', 'E' || i, now(), employer_id, now() - interval '1 day', now() + interval '2 days' FROM generate_series(1, 2) i JOIN centre.employer ON code = 'E' || i;
INSERT INTO centre.test_result (agency, source_key, issued_at, worker_id, type, sampled_at, result, verified) SELECT 'laboratory', 'W' || i, now(), centre.pseudonym('W' || i), 'pcr', now() - i * interval '2 days', 'negative', true FROM generate_series(1, 8) i WHERE i <> 3;
INSERT INTO centre.location_claim (agency, source_key, issued_at, worker_id, source, premises_id, room_id, observed_at)
  SELECT 'labour', 'W' || i, now(), centre.pseudonym('W' || i), 'roll', premises_id, room_id, now() - interval '5 days' FROM generate_series(1, 8) i JOIN centre.room ON code = 'D' || 2 - i % 2 || '/A/1';
INSERT INTO centre.location_claim (agency, source_key, issued_at, worker_id, source, premises_id, observed_at) SELECT 'labour', 'X' || i, now(), i, 'address', (SELECT min(premises_id) FROM centre.premises) + 2 + i % 198, now() - interval '5 days' FROM generate_series(1, 20000) i;
INSERT INTO centre.ruleset (code, source, body) VALUES ('reader', 'test', '{"name": "reader", "kind": "access_code", "version": "1",
  "facts": [{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "approved_until", "type": "timestamptz", "null": "absent"}, {"name": "dormitory_cleared_at", "type": "timestamptz", "null": "absent"}],
  "rules": [{"id": "swab", "group": "health", "reason": {"en": "Swab is overdue", "zh": "检测已过期"}, "action": {"en": "Book a swab", "zh": "请预约检测"},
             "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 11, "day"]}]}},
            {"id": "approved", "group": "work", "reason": {"en": "No approval to work", "zh": "未获准复工"}, "action": {"en": "Ask the sector lead"},
             "assert": {"and": [{"present": {"var": "approved_until"}}, {"before": [{"now": []}, {"var": "approved_until"}]}]}},
            {"id": "cleared", "group": "residency", "reason": {"en": "The dormitory is not cleared", "zh": "宿舍未清零"}, "action": {"en": "Clear the dormitory"}, "assert": {"present": {"var": "dormitory_cleared_at"}}}],
  "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'reader', 'approved', '[2020-01-01,)', 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'reader';
UPDATE centre.access_setting SET policy_code = 'reader';
SELECT centre.refresh_worker_facts(); SELECT centre.reevaluate();
INSERT INTO centre.sector_lead VALUES ('construction', 'building'), ('marine', 'trade');
ANALYZE centre.worker, centre.work_pass, centre.worker_fact, centre.access, centre.location, centre.decision, centre.employer, centre.premises, centre.room;

-- ---- keys and claims ----
SELECT centre.add_claim_key('rd_pool', sha256('pool')) AS pool_key, centre.add_claim_key('rd_other', sha256('other')) AS other_key, centre.add_claim_key('rd_pool', sha256('old')) AS old_key, centre.add_claim_key('rd_pool', '\x' || repeat('0b', 40)::bytea) AS long_key \gset
SELECT centre.add_claim_key('rd_pool', decode(repeat('aa', 131), 'hex')) AS rfc_key \gset
SELECT is(centre.claim_mac(:rfc_key, 'Test Using Larger Than Block-Size Key - Hash Key First'), '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54', 'the signature is HMAC-SHA-256 (RFC 4231, case 6)');
SELECT throws_ok($$SELECT centre.add_claim_key('rd_pool', 'short')$$, '22023', NULL, 'a short secret is refused');
UPDATE centre.claim_key SET valid = tstzrange(now() - interval '2 days', now() - interval '1 day') WHERE key_id = :old_key;
CREATE TABLE tap.token AS SELECT * FROM (VALUES
  ('E1', centre.sign_claim(:pool_key, 'employer', 'E1')), ('E2', centre.sign_claim(:pool_key, 'employer', 'E2')), ('D1', centre.sign_claim(:pool_key, 'dormitory', 'D1')), ('D2', centre.sign_claim(:pool_key, 'dormitory', 'D2')),
  ('W1', centre.sign_claim(:pool_key, 'worker', 'W1')), ('W3', centre.sign_claim(:pool_key, 'worker', 'W3')), ('S1', centre.sign_claim(:pool_key, 'sector', 'construction')), ('S2', centre.sign_claim(:pool_key, 'sector', 'marine')),
  ('expired', centre.sign_claim(:pool_key, 'employer', 'E1', '-1 second')), ('endless', centre.sign_claim(:pool_key, 'employer', 'E1', '10 years')), ('other login', centre.sign_claim(:other_key, 'employer', 'E1')),
  ('ended key', centre.sign_claim(:old_key, 'employer', 'E1')), ('other kind', centre.sign_claim(:pool_key, 'dormitory', 'E1')),
  ('no mac', 'employer|rd_pool|1|99999999999|E1'), ('empty', ''), ('quote', 'employer|rd_pool|1|99999999999|E1'';--.' || repeat('0', 64)), ('huge', repeat('employer|', 1000)),
  ('overflow', 'employer|rd_pool|999999999|999999999999|E1.' || repeat('a', 64))) AS t (name, token);
INSERT INTO tap.token SELECT 'other party', replace(token, '|E2.', '|E1.') FROM tap.token WHERE name = 'E2' UNION ALL SELECT 'later expiry', regexp_replace(token, '\|(\d{10})\|', '|9\1|') FROM tap.token WHERE name = 'E1'
  UNION ALL SELECT 'shorter mac', left(token, -1) FROM tap.token WHERE name = 'E1' UNION ALL SELECT 'capital mac', left(token, -64) || upper(right(token, 64)) FROM tap.token WHERE name = 'E1'
  UNION ALL SELECT 'party with a bar', regexp_replace(token, '\|E1\.', '|E2|E1.') FROM tap.token WHERE name = 'E1';
GRANT SELECT ON tap.token TO PUBLIC;
-- the application's part: one transaction, the role, the claim as a parameter
CREATE FUNCTION tap.as(who name, claim text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', who);
  PERFORM set_config('civic.claim', coalesce((SELECT token FROM tap.token WHERE name = claim), ''), true);
  FOR line IN EXECUTE query LOOP RETURN NEXT line; END LOOP;
  PERFORM set_config('civic.claim', '', true);
  RESET ROLE;
END
$$;
CREATE FUNCTION tap.explained(who name, claim text, query text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(l, E'\n') FROM tap.as(who, claim, 'EXPLAIN (ANALYZE, VERBOSE, BUFFERS OFF, TIMING OFF, SUMMARY OFF) ' || query) AS l $$;

SET SESSION AUTHORIZATION rd_pool;
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers()')$$, ARRAY['P1', 'P2', 'P3', 'P4'], 'an employer sees its own workers');
SELECT set_eq($$SELECT tap.as('civic_employer', 'E2', 'SELECT pass_no FROM centre.my_workers()')$$, ARRAY['P5', 'P6', 'P7', 'P8'], 'the next one on the same connection its own');
SELECT is_empty(format($$SELECT tap.as('civic_employer', %L, 'SELECT pass_no FROM centre.my_workers()')$$, name), 'no rows with the claim: ' || name) FROM tap.token WHERE name !~ '^[EDWS]\d' ORDER BY name;
SELECT is_empty($$SELECT tap.as('civic_employer', 'D1', 'SELECT pass_no FROM centre.my_workers()') UNION ALL SELECT tap.as('civic_dormitory', 'E1', 'SELECT pass_no FROM centre.my_residents()')
  UNION ALL SELECT tap.as('civic_worker', 'E1', 'SELECT colour FROM centre.my_code()') UNION ALL SELECT tap.as('civic_sector', 'E1', 'SELECT pass_no FROM centre.sector_workers()')$$, 'a claim of another kind opens nothing');
SELECT set_eq($$SELECT tap.as('civic_dormitory', 'D2', 'SELECT pass_no || room FROM centre.my_residents()')$$, ARRAY['P2r2', 'P4r2', 'P6r2', 'P8r2'], 'an operator sees its own residents by room');
SELECT set_eq($$SELECT tap.as('civic_sector', 'S1', 'SELECT employer || pass_no FROM centre.sector_workers()')$$, ARRAY['E1P1', 'E1P2', 'E1P3', 'E1P4'], 'a sector''s lead sees the workers of its companies');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W1', 'SELECT colour || place FROM centre.my_code()')$$, ARRAY['greenDormitory 1'], 'a worker sees the own code');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W3', 'SELECT concat_ws('' '', rule, result, reason, action) FROM centre.my_reasons()')$$, ARRAY['swab unknown 检测已过期 请预约检测'], 'and reasons and what to do, in the own language');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W3', 'SELECT action FROM centre.my_reasons(''en'')')$$, ARRAY['Book a swab'], 'or another');
RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION rd_other;
SELECT is_empty($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers()')$$, 'a claim is worth nothing in a session of another login');
RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION rd_pool;
-- a prepared plan and a cursor follow the claim
SET ROLE civic_employer; PREPARE mine AS SELECT count(*) FROM centre.my_workers();
SELECT set_config('civic.claim', token, false) FROM tap.token WHERE name = 'E1' \gset
SELECT results_eq('EXECUTE mine', ARRAY[4::bigint], 'a prepared statement under a claim') FROM generate_series(1, 7);
SELECT set_config('civic.claim', '', false) \gset
SELECT results_eq('EXECUTE mine', ARRAY[0::bigint], 'gives nothing when the claim is gone');
RESET ROLE;

-- ---- appeals ----
SELECT throws_ok($$SELECT tap.as('civic_worker', 'E1', 'SELECT centre.my_appeal(''I was swabbed'')')$$, '42501', 'no worker is claimed', 'an appeal needs a claim of kind worker');
SELECT throws_ok($$SELECT tap.as('civic_employer', 'W3', 'SELECT centre.my_appeal(''I was swabbed'')')$$, '42501', NULL, 'and the role');
SELECT throws_ok($$SELECT tap.as('civic_worker', 'W3', 'SELECT centre.my_appeal('''')')$$, '22023', NULL, 'and something said');
SELECT is((SELECT tap.as('civic_worker', 'W3', 'SELECT centre.my_appeal(''我已检测'')')::timestamptz > now() + interval '23 hours'), true, 'a worker objects, and is told by when it is answered');
SELECT throws_ok($$SELECT tap.as('civic_worker', 'W3', 'SELECT centre.my_appeal(''again'')')$$, '55000', 'an appeal is open already', 'one at a time');
SELECT set_eq($$SELECT tap.as('civic_worker', 'W3', 'SELECT statement || status FROM centre.my_appeals()')$$, ARRAY['我已检测open'], 'and sees it');
SELECT is_empty($$SELECT tap.as('civic_worker', 'W1', 'SELECT statement FROM centre.my_appeals()')$$, 'nobody else''s');
SELECT throws_ok($$SELECT tap.as('civic_worker', 'W1', 'SELECT centre.lodge_appeal(1, ''for another'')')$$, '42501', NULL, 'nor lodges one for another');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT count(*) FROM centre.appeal WHERE worker_id = centre.pseudonym('W3')), 1::bigint, 'it is the worker''s own');
SET SESSION AUTHORIZATION rd_judge;
SET civic.why = 'case 3';
SELECT is((SELECT count(*) FROM centre.appeal), 1::bigint, 'who answers appeals sees it');
RESET SESSION AUTHORIZATION;
SELECT results_eq('SELECT login, subject_id, what, why FROM centre.read_log', $$VALUES (name 'rd_judge', centre.pseudonym('W3'), 'appeal', 'case 3')$$, 'which is noted');
SELECT centre.pseudonym('W3') AS w3 \gset
-- a condition of one's own that fails at the first row sees no more than was noted
DELETE FROM centre.read_log;
CREATE FUNCTION tap.peek(bigint) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'seen % noted %', $1, (SELECT count(*) FROM centre.read_report); END $$;
SET SESSION AUTHORIZATION rd_judge;
SELECT throws_ok(format('SELECT FROM centre.%I WHERE tap.peek(worker_id)', t), 'P0001', 'seen ' || :w3 || ' noted 1', 'and before a condition of the reader sees it: ' || t) FROM unnest('{appeal,appeal_open}'::text[]) t;
RESET SESSION AUTHORIZATION; RESET civic.why;
SET ROLE civic_view;
SELECT is((SELECT count(*) FROM centre.appeal), 0::bigint, 'without a claim the functions'' owner does not');
RESET ROLE;

-- ---- what else a login may try ----
RESET SESSION AUTHORIZATION;
CREATE FUNCTION tap.may(who name) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND (has_table_privilege(who, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR c.relkind <> 'S' AND has_any_column_privilege(who, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
  UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'centre'::regnamespace AND has_function_privilege(who, p.oid, 'EXECUTE') $$;
SELECT set_eq($$SELECT tap.may('civic_worker')$$, ARRAY['centre.my_code()', 'centre.my_reasons(text)', 'centre.my_appeal(text)', 'centre.my_appeals()', 'centre.my_coming(text,interval)'], 'workers: five functions, no table');
SELECT set_eq($$SELECT tap.may('civic_employer')$$, ARRAY['centre.my_workers()', 'centre.my_workers_todo(text,interval)', 'centre.my_workers_coming(text,interval)'], 'employers: three functions, no table');
SELECT set_eq($$SELECT tap.may('civic_dormitory')$$, ARRAY['centre.my_residents()', 'centre.my_residents_todo(text,interval)', 'centre.my_residents_coming(text,interval)'], 'operators: three functions, no table');
SELECT set_eq($$SELECT tap.may('civic_sector')$$, ARRAY['centre.sector_workers()', 'centre.return_whitelist(jsonb)'], 'sector leads: two functions, no table');
SELECT set_eq($$SELECT tap.may('civic_gate')$$, ARRAY['centre.gate_check(text)'], 'gates: one function');
SELECT is_empty($$SELECT tap.may('rd_pool')$$, 'the pool''s login itself: nothing, so RESET ROLE gains nothing');
SELECT is_empty($$SELECT c.relname FROM pg_class c, unnest('{civic_worker,civic_employer,civic_dormitory,civic_sector,civic_gate,civic_view}'::text[]) AS r WHERE c.relispartition AND c.relnamespace = 'centre'::regnamespace AND has_any_column_privilege(r, c.oid, 'SELECT, INSERT, UPDATE')$$, 'nobody reads a partition');
SELECT is_empty($$SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE p.relnamespace = 'centre'::regnamespace AND p.relrowsecurity AND NOT c.relrowsecurity AND c.relkind = 'r'$$, 'partitions are guarded like their parents');
SELECT is_empty($$SELECT m.member::regrole FROM pg_auth_members m WHERE m.roleid = 'civic_view'::regrole$$, 'nobody is a member of civic_view');
SET SESSION AUTHORIZATION rd_pool;
SELECT throws_ok('SET ROLE civic_view', '42501', NULL, 'nor becomes it');
SELECT throws_ok($$SELECT centre.claimed('employer')$$, '42501', NULL, 'the check of claims is not called by readers');
SELECT throws_ok(format('SET ROLE %I; SELECT * FROM centre.%I', r, t), '42501', NULL, format('%s cannot read %s', r, t)) FROM unnest('{civic_employer,civic_gate}'::text[]) r, unnest('{claim_key,worker_fact,decision_other,gate_log,gate_inbox}'::text[]) t;
RESET ROLE;
CREATE FUNCTION pg_temp.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE 'seen %', $1; RETURN $1 LIKE 'P%' AND 1 / (CASE WHEN $1 IN ('P1', 'P2', 'P3', 'P4') THEN 1 ELSE 0 END) = 1; END $$;
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers() WHERE pg_temp.peek(pass_no)')$$, ARRAY['P1', 'P2', 'P3', 'P4'], 'a cheap function of the reader''s own sees no other row');
SELECT unalike(tap.explained('civic_employer', 'E1', $$SELECT * FROM centre.my_workers() WHERE pass_no = 'P5'$$), '%worker_fact%', 'EXPLAIN shows no table');
SELECT alike(tap.explained('civic_employer', 'E1', $$SELECT * FROM centre.my_workers() WHERE pass_no = 'P5'$$), '%Rows Removed by Filter: 4%', 'and counts no rows but the reader''s');
SELECT throws_ok($$SELECT tap.explained('civic_employer', 'E1', 'SELECT * FROM centre.worker_fact')$$, '42501', NULL, 'EXPLAIN of a table is refused');
SELECT is_empty($$SELECT tap.as('civic_employer', 'E1', 'SELECT tablename FROM pg_stats WHERE schemaname = ''centre''')$$, 'no statistics of columns');
-- messages
SELECT set_eq($$SELECT DISTINCT w FROM unnest(ARRAY['P5', 'X77', 'NOSUCH']) AS p CROSS JOIN LATERAL tap.as('civic_sector', 'S1', format('SELECT centre.return_whitelist(''[{"pass_no": "%s", "valid_from": "2021-01-01"}]'')', p)) AS w$$, ARRAY['(0,1)'], 'a pass of another sector and a number there is not are told alike');
SELECT set_eq($$SELECT DISTINCT w FROM unnest(ARRAY['E2', 'NOSUCH']) AS p CROSS JOIN LATERAL tap.as('civic_sector', 'S1', format('SELECT centre.return_whitelist(''[{"employer": "%s", "valid_from": "2021-01-01"}]'')', p)) AS w$$, ARRAY['(0,1)'], 'and companies');
SELECT throws_ok($$SELECT tap.as('civic_sector', 'E1', 'SELECT centre.return_whitelist(''[]'')')$$, '42501', 'no sector is claimed', 'without a claim no whitelist');
SELECT throws_ok($$SELECT tap.as('civic_sector', 'S1', 'SELECT centre.return_whitelist(''{}'')')$$, '22023', 'a whitelist is an array of objects', 'nor one of another shape');
SELECT throws_ok($$SELECT tap.as('civic_employer', 'E1', 'SELECT * FROM centre.my_workers_todo(''xx'', ''1000000000 years'')')$$, '22008', NULL, 'an absurd horizon raises nothing but its own error');
-- objects of the reader's own in front of the path change nothing
CREATE TEMP TABLE worker_fact (worker_id bigint, employer_id int); CREATE FUNCTION pg_temp.pseudonym(text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
SET search_path = pg_temp, tap, public, pg_catalog;
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers()')$$, ARRAY['P1', 'P2', 'P3', 'P4'], 'a hostile search_path changes nothing');
SET search_path = tap, public, pg_catalog;

-- ---- to-do lists ----
SELECT set_eq($$SELECT tap.as('civic_employer', 'E1', 'SELECT concat_ws('' '', pass_no, rule, coalesce(reason, ''-''), round(extract(epoch FROM due_at - now()) / 86400)) FROM centre.my_workers_todo()')$$,
  ARRAY['P3 - 0', 'P4 - 3', 'P2 cleared The dormitory is not cleared 0', 'P4 cleared The dormitory is not cleared 0', 'P1 approved No approval to work 2', 'P2 approved No approval to work 2', 'P3 approved No approval to work 2', 'P4 approved No approval to work 2']
  , 'what is missing for an employer''s workers, and by when; why and by which rule, where the employer may know');
SELECT is_empty($$SELECT tap.as('civic_employer', 'E1', 'SELECT pass_no FROM centre.my_workers_todo(horizon => ''0'') WHERE due_at > now()')$$, 'without a horizon only what is due');
SELECT set_eq($$SELECT tap.as('civic_dormitory', 'D1', 'SELECT concat_ws('' '', pass_no, rule, action) FROM centre.my_residents_todo(''zh'')')$$, ARRAY['P3 请预约检测', 'P5 请预约检测', 'P7 请预约检测'], 'an operator is not told of work');
-- ---- whitelists ----
SELECT set_eq($$SELECT tap.as('civic_sector', 'S1', 'SELECT centre.return_whitelist(''[{"pass_no": "P1", "valid_from": "2021-01-01"}, {"employer": "E1", "valid_from": "2021-01-01", "valid_until": "2099-01-01"}, {"pass_no": "P2"}, {"pass_no": "P2", "employer": "E1", "valid_from": "2021-01-01"}, 7]'')')$$, ARRAY['(2,3)'], 'whitelists come back in bulk');
SELECT set_eq($$SELECT tap.as('civic_sector', 'S2', 'SELECT centre.return_whitelist(''[{"pass_no": "P1", "valid_from": "2021-01-01", "withdrawn": true}, {"employer": "E1", "valid_from": "2021-01-01", "withdrawn": true}]'')')$$, ARRAY['(0,2)'], 'another sector''s lead cannot take them back');
RESET SESSION AUTHORIZATION;
SELECT centre.refresh_worker_facts();
SELECT is((SELECT count(*) FROM centre.worker_fact f JOIN centre.work_pass USING (worker_id) WHERE pass_no IN ('P1', 'P2', 'P3', 'P4') AND approved_until >= '2098-01-01'), 4::bigint, 'they are approvals, and the facts follow');
SET SESSION AUTHORIZATION rd_pool;
SELECT set_eq($$SELECT tap.as('civic_sector', 'S1', 'SELECT centre.return_whitelist(''[{"pass_no": "P1", "valid_from": "2021-01-01", "withdrawn": true}, {"employer": "E1", "valid_from": "2021-01-01", "withdrawn": true}]'')')$$, ARRAY['(2,0)'], 'its own lead can');
RESET SESSION AUTHORIZATION;
SELECT centre.refresh_worker_facts();
SELECT is((SELECT count(*) FROM centre.worker_fact f JOIN centre.work_pass USING (worker_id) WHERE pass_no IN ('P1', 'P2', 'P3', 'P4') AND approved_until >= '2098-01-01'), 0::bigint, 'and the facts follow again');

-- ---- row security behind the functions: a body that forgot its condition would still see no more ----
CREATE FUNCTION tap.rows_of(claim text) RETURNS TABLE (tab text, n bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('civic.claim', coalesce((SELECT token FROM tap.token WHERE name = claim), ''), true);
  SET LOCAL ROLE civic_view;
  FOREACH tab IN ARRAY '{worker_fact,worker,work_pass,location,access,decision}'::text[] LOOP
    EXECUTE format('SELECT count(*) FROM centre.%I', tab) INTO n;
    RETURN NEXT;
  END LOOP;
  RESET ROLE;
END
$$;
SELECT centre.add_claim_key(session_user, sha256('me')) AS my_key \gset
INSERT INTO tap.token SELECT 'mine', centre.sign_claim(:my_key, 'employer', 'E1');
INSERT INTO tap.token SELECT 'sector', centre.sign_claim(:my_key, 'sector', 'construction');
INSERT INTO tap.token SELECT 'residents', centre.sign_claim(:my_key, 'dormitory', 'D1');
INSERT INTO tap.token SELECT 'self', centre.sign_claim(:my_key, 'worker', 'W1');
SELECT set_eq($$SELECT n FROM tap.rows_of(NULL)$$, ARRAY[0::bigint], 'without a claim the functions'' owner sees nothing');
SELECT set_eq($$SELECT DISTINCT tab, n FROM tap.rows_of('mine')$$, $$SELECT unnest('{worker_fact,worker,work_pass,location,access,decision}'::text[]), 4::bigint$$, 'with one its rows, in every table');
SELECT set_eq($$SELECT n FROM tap.rows_of('residents')$$, ARRAY[4::bigint], 'for a dormitory as well');
SELECT set_eq($$SELECT n FROM tap.rows_of('self')$$, ARRAY[1::bigint], 'and a worker');
SELECT throws_ok($$SET ROLE civic_view; INSERT INTO centre.approval (agency, source_key, issued_at, employer_id, valid_from) SELECT 'building', 'trick', now(), employer_id, now() FROM centre.employer WHERE code = 'E2'$$, '42501', NULL, 'it cannot approve without a claim');
RESET ROLE;
SELECT set_config('civic.claim', token, false) FROM tap.token WHERE name = 'sector' \gset
SELECT throws_ok($$SET ROLE civic_view; INSERT INTO centre.approval (agency, source_key, issued_at, employer_id, valid_from) SELECT 'building', 'trick', now(), employer_id, now() FROM centre.employer WHERE code = 'E2'$$, '42501', NULL, 'nor for another sector with one');
RESET ROLE;
-- plans: the claim is looked up once, and the rows come by indexes
SELECT set_config('civic.claim', token, false) FROM tap.token WHERE name = 'mine' \gset
CREATE FUNCTION tap.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  plan text := '';
BEGIN
  SET LOCAL ROLE civic_view;
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
  RESET ROLE;
  RETURN plan;
END
$$;
SELECT ok(tap.plan_of('SELECT * FROM centre.worker_fact') ~ 'worker_fact_employer_idx' AND tap.plan_of('SELECT * FROM centre.worker_fact') !~ 'Seq Scan on worker_fact', 'row security itself goes by indexes');
SELECT ok(tap.plan_of(q) !~ 'Seq Scan on (worker_fact|worker|work_pass|location|access|decision)', 'by indexes: ' || left(q, 90))
FROM unnest(ARRAY['SELECT n.pass_no, a.code FROM centre.worker_fact f LEFT JOIN centre.access a ON a.worker_id = f.worker_id LEFT JOIN centre.work_pass n ON n.worker_id = f.worker_id WHERE f.employer_id = centre.claimed_employer()',
  'SELECT n.pass_no, l.room_id FROM centre.worker_fact f LEFT JOIN centre.location l ON l.worker_id = f.worker_id AND upper_inf(l.during) LEFT JOIN centre.work_pass n ON n.worker_id = f.worker_id WHERE f.dormitory_id = centre.claimed_dormitory()',
  'SELECT code FROM centre.decision WHERE worker_id = centre.claimed_worker()']) AS q;

-- ---- the gate ----
SET SESSION AUTHORIZATION rd_pool;
SELECT set_eq($$SELECT p, (SELECT c FROM tap.as('civic_gate', NULL, format('SELECT centre.gate_check(%L)', p)) c) FROM unnest(ARRAY['P1', 'P2', 'NOSUCH']) p$$, $$VALUES ('P1', 'green'), ('P2', 'red'), ('NOSUCH', 'grey')$$, 'a gate sees a colour');
RESET SESSION AUTHORIZATION;
SET ROLE civic_ticker;
SELECT is(centre.log_gate_checks(), 3::bigint, 'tick() carries the checks into the log');
RESET ROLE;
SELECT set_eq('SELECT login::text, colour, worker_id IS NULL FROM centre.gate_log', $$VALUES ('rd_pool', 'green', false), ('rd_pool', 'red', false), ('rd_pool', 'grey', true)$$, 'where every check is noted with the login');
SELECT is_empty('SELECT * FROM centre.gate_inbox', 'and nothing is left behind');
UPDATE centre.work_pass SET valid_until = now() - interval '1 day' WHERE pass_no = 'P1'; UPDATE centre.access SET code = civic.lapse(code) WHERE worker_id = centre.pseudonym('W3');
SELECT is(centre.gate_check('P1'), 'grey', 'a pass that has run out is no pass');
SELECT is(centre.gate_check('P3'), 'grey', 'a code that was not decided anew in time is grey');
SELECT is(centre.gate_check(NULL), NULL, 'null gives null');
SELECT set_eq($$SELECT DISTINCT colour FROM centre.access_status WHERE sector = 'construction'$$, ARRAY['green', 'red', 'grey'], 'the publisher counts codes by sector, dormitory and reason');
SELECT * FROM finish();
