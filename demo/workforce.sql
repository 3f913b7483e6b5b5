-- Access codes of foreign workers: a national population in a scale of its own, a day of feeds, and one policy that
-- changes overnight.  Scale 1 is 1.4 million workers of 600,000 employers in 1,000 dormitories, 424,000 scans and
-- 50,000 uploaded tests a day; everything is invented, the policies are the shipped samples.
--   psql -v scale=0.002 -v seed=1 -f demo/workforce.sql
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
SELECT count(*) < 2 AS absent FROM centre.ruleset WHERE code IN ('sg_access_2020_11_04', 'sg_access_2021_04_29') \gset
\if :absent
\echo 'Access codes: not shown, the sample policies are not installed'
\quit
\endif
\if :{?scale} \else \set scale 0.002 \endif
\if :{?seed} \else \set seed 1 \endif
SELECT setseed(1.0 / (1 + :seed)) \g /dev/null
SELECT greatest(400, (1400000 * :scale)::int) AS workers, greatest(120, (600000 * :scale)::int) AS employers, greatest(5, (1000 * :scale)::int) AS dormitories,
       (424000 * :scale)::int AS scans, (50000 * :scale)::int AS uploads, date_trunc('hour', now()) AS clock \gset
INSERT INTO centre.language (code, fallback, name) VALUES ('bn', 'en', 'Bangla'), ('ta', 'en', 'Tamil'), ('zh', 'en', 'Chinese') ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.iso(t timestamptz) RETURNS text LANGUAGE sql STABLE AS $$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
CREATE FUNCTION pg_temp.back(days float8) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT date_trunc('hour', now()) - days * interval '1 day' $$;

-- ---- the population: one row each, from which eight agencies' feeds are made ----
CREATE TEMP TABLE person AS
  SELECT x.*, 'W' || i AS worker, 'G' || to_char(i, 'FM0000000') AS pass_no, 'E' || 1 + (i::bigint * 7919) % :employers AS employer,
         CASE WHEN lives < 0.23 THEN 'D' || 1 + (i::bigint * 104729) % :dormitories END AS dormitory, fell < 0.22 AND lives < 0.23 AS was_ill
  FROM (SELECT i, random() AS lives, random() AS fell, random() AS ill_days, random() AS tested, random() AS luck, (ARRAY['bn', 'ta', 'zh', 'en'])[1 + floor(random() * 4)::int] AS language
        FROM generate_series(1, :workers) AS i) AS x;
CREATE TEMP TABLE f_employer AS
  SELECT 'E' || i AS source_key, pg_temp.iso(pg_temp.back(400)) AS issued_at, 'Company ' || i AS name, (ARRAY['construction', 'marine', 'process', 'services', 'manufacturing'])[1 + i % 5] AS sector FROM generate_series(1, :employers) AS i;
CREATE TEMP TABLE f_premises AS
  SELECT 'D' || i AS source_key, pg_temp.iso(pg_temp.back(300)) AS issued_at, 'dormitory' AS kind, 'Dormitory ' || i AS name, CASE WHEN i % 17 <> 0 THEN pg_temp.iso(pg_temp.back(300)) END AS cleared_at FROM generate_series(1, :dormitories) AS i
  UNION ALL SELECT 'H' || i, pg_temp.iso(pg_temp.back(300)), 'private', NULL, NULL FROM generate_series(1, :employers) AS i
  UNION ALL SELECT 'CARE', pg_temp.iso(pg_temp.back(300)), 'facility', 'Community care facility', NULL;
CREATE TEMP TABLE f_room AS
  SELECT format('D%s/%s/%s', d, b, r) AS source_key, pg_temp.iso(pg_temp.back(300)) AS issued_at, 'D' || d AS premises, b AS block, (1 + r / 10)::text AS floor, r::text AS room
  FROM generate_series(1, :dormitories) AS d, unnest('{A,B}'::text[]) AS b, generate_series(1, 20) AS r;
CREATE TEMP TABLE f_worker AS SELECT worker AS source_key, pg_temp.iso(pg_temp.back(200)) AS issued_at, employer, language, 'work permit' AS pass_type FROM person;
CREATE TEMP TABLE f_work_pass AS SELECT pass_no AS source_key, pg_temp.iso(pg_temp.back(200)) AS issued_at, worker, pg_temp.iso(pg_temp.back(-300)) AS valid_until FROM person;
CREATE TEMP TABLE f_approval AS
  SELECT 'whitelist ' || source_key AS source_key, pg_temp.iso(pg_temp.back(150)) AS issued_at, source_key AS employer, pg_temp.iso(pg_temp.back(150)) AS valid_from,
         CASE WHEN random() < 0.03 THEN pg_temp.iso(pg_temp.back(3)) END AS valid_until, sector FROM f_employer;
CREATE TEMP TABLE f_app AS SELECT worker AS source_key, pg_temp.iso(pg_temp.back(100)) AS issued_at, worker, (luck < 0.97)::text AS registered, pg_temp.iso(pg_temp.back(100)) AS since FROM person;
-- the address of the employer for all, the roll of the dormitory for its residents; a few disagree
CREATE TEMP TABLE f_address AS
  SELECT 'address ' || worker AS source_key, pg_temp.iso(pg_temp.back(90)) AS issued_at, worker, 'address' AS source, coalesce(CASE WHEN luck > 0.985 THEN 'D' || 1 + i % :dormitories ELSE dormitory END, 'H' || 1 + i % :employers) AS premises,
         pg_temp.iso(pg_temp.back(90)) AS observed_at FROM person;
CREATE TEMP TABLE f_roll AS
  SELECT 'roll ' || worker AS source_key, pg_temp.iso(pg_temp.back(20)) AS issued_at, worker, 'roll' AS source, dormitory AS premises, format('%s/%s/%s', dormitory, (ARRAY['A', 'B'])[1 + i % 2], 1 + i % 20) AS room,
         pg_temp.iso(pg_temp.back(20)) AS observed_at FROM person WHERE dormitory IS NOT NULL;
-- who was ill tested positive 20 to 420 days ago and recovered; the others are swabbed every two weeks
CREATE TEMP TABLE f_swab AS
  SELECT 'swab ' || worker AS source_key, pg_temp.iso(pg_temp.back(0.2)) AS issued_at, worker, 'pcr' AS type, pg_temp.iso(pg_temp.back(tested * 14.5 + 0.5)) AS sampled_at,
         CASE WHEN luck < 0.003 THEN 'positive' WHEN luck < 0.01 THEN 'pending' ELSE 'negative' END AS result, 'true' AS verified FROM person WHERE NOT was_ill
  UNION ALL SELECT 'case ' || worker, pg_temp.iso(pg_temp.back(ill_days * 400 + 20)), worker, 'pcr', pg_temp.iso(pg_temp.back(ill_days * 400 + 20)), 'positive', 'true' FROM person WHERE was_ill
  UNION ALL SELECT 'discharge ' || worker, pg_temp.iso(pg_temp.back(ill_days * 400 + 5)), worker, 'pcr', pg_temp.iso(pg_temp.back(ill_days * 400 + 6)), 'negative', 'true' FROM person WHERE was_ill;
CREATE TEMP TABLE f_recovery AS SELECT 'recovery ' || worker AS source_key, pg_temp.iso(pg_temp.back(ill_days * 400 + 5)) AS issued_at, worker, pg_temp.iso(pg_temp.back(ill_days * 400 + 5)) AS recovered_at FROM person WHERE was_ill;
CREATE TEMP TABLE f_order AS
  SELECT 'order ' || worker AS source_key, pg_temp.iso(pg_temp.back(3)) AS issued_at, worker, 'quarantine' AS kind, pg_temp.iso(pg_temp.back(3)) AS valid_from, pg_temp.iso(pg_temp.back(-11)) AS valid_until FROM person WHERE tested < 0.003;
CREATE TEMP TABLE f_dose AS
  SELECT format('dose %s %s', n, worker) AS source_key, pg_temp.iso(pg_temp.back(60 - 21 * n)) AS issued_at, worker, pg_temp.iso(pg_temp.back(60 - 21 * n)) AS given_at FROM person, generate_series(1, 2) AS n WHERE fell > 0.6;
-- a day of scans, and of rapid tests that workers upload
CREATE TEMP TABLE f_scan AS
  SELECT 'scan ' || s.i AS source_key, pg_temp.iso(pg_temp.back(random() * 0.4)) AS issued_at, p.worker, 'scan' AS source, p.dormitory AS premises, format('%s/%s/%s', p.dormitory, (ARRAY['A', 'B'])[1 + p.i % 2], 1 + p.i % 20) AS room,
         pg_temp.iso(pg_temp.back(0.5 + random() * 0.5)) AS observed_at
  FROM (SELECT i, 1 + floor(random() * (SELECT count(*) FROM person WHERE dormitory IS NOT NULL)) AS n FROM generate_series(1, :scans) AS i) AS s
  JOIN (SELECT *, row_number() OVER (ORDER BY i) AS n FROM person WHERE dormitory IS NOT NULL) AS p ON p.n = s.n;
CREATE TEMP TABLE f_upload AS
  SELECT 'upload ' || n AS source_key, pg_temp.iso(pg_temp.back(0.1)) AS issued_at, 'W' || 1 + (n::bigint * 15485863) % :workers AS worker, 'rapid' AS type, pg_temp.iso(pg_temp.back(0.2)) AS sampled_at,
         CASE WHEN n % 400 = 0 THEN 'positive' ELSE 'negative' END AS result, 'false' AS verified FROM generate_series(1, :uploads) AS n;

CREATE TEMP TABLE told (agency text, kind text, of_rows bigint, report jsonb);
CREATE PROCEDURE pg_temp.tell(agency text, kind text, staging regclass) LANGUAGE plpgsql AS $$
DECLARE
  report jsonb;
BEGIN
  CALL centre.feed_apply(agency, kind, staging, now(), report);
  INSERT INTO told VALUES (agency, kind, (report ->> 'received')::bigint, report);
END
$$;
CALL pg_temp.tell('labour', 'employer', 'f_employer'); CALL pg_temp.tell('labour', 'premises', 'f_premises'); CALL pg_temp.tell('labour', 'room', 'f_room');
CALL pg_temp.tell('labour', 'worker', 'f_worker'); CALL pg_temp.tell('immigration', 'work_pass', 'f_work_pass');
CREATE TEMP VIEW f_building AS SELECT * FROM f_approval WHERE sector = 'construction';
CREATE TEMP VIEW f_industry AS SELECT * FROM f_approval WHERE sector IN ('marine', 'process', 'manufacturing');
CREATE TEMP VIEW f_trade AS SELECT * FROM f_approval WHERE sector = 'services';
-- the sender's column "sector" is not a scope of these approvals
CREATE TEMP VIEW f_building_e AS SELECT source_key, issued_at, employer, valid_from, valid_until FROM f_building;
CREATE TEMP VIEW f_industry_e AS SELECT source_key, issued_at, employer, valid_from, valid_until FROM f_industry;
CREATE TEMP VIEW f_trade_e AS SELECT source_key, issued_at, employer, valid_from, valid_until FROM f_trade;
CALL pg_temp.tell('building', 'approval', 'f_building_e'); CALL pg_temp.tell('industry', 'approval', 'f_industry_e'); CALL pg_temp.tell('trade', 'approval', 'f_trade_e');
CALL pg_temp.tell('digital', 'app_registration', 'f_app'); CALL pg_temp.tell('labour', 'location_claim', 'f_address'); CALL pg_temp.tell('labour', 'location_claim', 'f_roll');
CALL pg_temp.tell('laboratory', 'test_result', 'f_swab'); CALL pg_temp.tell('health', 'recovery', 'f_recovery'); CALL pg_temp.tell('health', 'movement_order', 'f_order'); CALL pg_temp.tell('health', 'vaccination', 'f_dose');
-- the day: scans and uploads, some of them twice
CALL pg_temp.tell('digital', 'location_claim', 'f_scan'); CALL pg_temp.tell('digital', 'test_result', 'f_upload'); CALL pg_temp.tell('digital', 'test_result', 'f_upload');
\echo
\echo 'Access codes: what eight agencies sent'
SELECT agency, kind, sum(of_rows) AS rows, sum((report ->> 'changed')::bigint) AS changed, sum((report ->> 'refused')::bigint) AS refused FROM told GROUP BY 1, 2 ORDER BY 1, 2;
DO $$ BEGIN WHILE centre.refresh_worker_facts(2000000) > 0 LOOP NULL; END LOOP; END $$;

-- ---- the policy in force, and the one for tomorrow: two persons each ----
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo_author') THEN CREATE ROLE demo_author LOGIN IN ROLE civic_approver; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo_approver') THEN CREATE ROLE demo_approver LOGIN IN ROLE civic_approver; END IF;
END $$;
UPDATE centre.access_setting SET policy_code = 'sg_access';
SET SESSION AUTHORIZATION demo_author;
SELECT centre.draft_policy('sg_access', 'sg_access_2020_11_04') AS before_id \gset
SELECT centre.test_policy(:before_id) \g /dev/null
SET SESSION AUTHORIZATION demo_approver;
SELECT centre.approve_policy(:before_id, emergency => 'first policy of the demo') \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null
CREATE TEMP TABLE before_change AS SELECT worker_id, civic.colour(code) AS colour FROM centre.access;
SET SESSION AUTHORIZATION demo_author;
SELECT centre.draft_policy('sg_access', 'sg_access_2021_04_29') AS after_id \gset
SELECT centre.test_policy(:after_id) \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:after_id) \g /dev/null
\echo 'Transition matrix of the version for tomorrow (after 270 days, who recovered is tested again), as its approver sees it'
SELECT sector, old_colour AS now, new_colour AS tomorrow, coalesce(reason, '-') AS main_reason, sum(workers) AS workers
FROM centre.policy_impact WHERE at = (SELECT min(at) FROM centre.policy_summary WHERE ruleset_id = :after_id) GROUP BY 1, 2, 3, 4 HAVING old_colour <> new_colour ORDER BY 1, 2, 3, 4;
SELECT old_colour AS now, sum(workers) FILTER (WHERE new_colour = 'green') AS green, sum(workers) FILTER (WHERE new_colour = 'yellow') AS yellow, sum(workers) FILTER (WHERE new_colour = 'red') AS red,
       sum(workers) FILTER (WHERE new_colour = 'grey') AS grey FROM centre.policy_impact WHERE at = (SELECT min(at) FROM centre.policy_summary WHERE ruleset_id = :after_id) GROUP BY 1 ORDER BY 1;
SET SESSION AUTHORIZATION demo_approver;
SELECT centre.approve_policy(:after_id, emergency => 'overnight, for the demo', acknowledge => true) \g /dev/null
RESET SESSION AUTHORIZATION;
SELECT centre.reevaluate() \g /dev/null
\echo 'Codes before and after the night'
SELECT colour, count(*) FILTER (WHERE told = 'before') AS before, count(*) FILTER (WHERE told = 'after') AS after
FROM (SELECT 'before' AS told, colour FROM before_change UNION ALL SELECT 'after', civic.colour(code) FROM centre.access) AS c GROUP BY 1 ORDER BY array_position('{green,yellow,red,grey}', colour);

-- ---- what readers see, each by its role and a signed claim ----
SELECT p.pass_no AS of_pass, i.worker AS of_worker, i.employer AS of_employer, i.dormitory AS of_dormitory FROM before_change b JOIN centre.access a USING (worker_id) JOIN centre.work_pass p USING (worker_id)
  JOIN person i USING (pass_no) WHERE b.colour = 'green' AND civic.colour(a.code) = 'red' ORDER BY pass_no LIMIT 1 \gset
SELECT centre.add_claim_key(session_user::name, sha256(convert_to(gen_random_uuid()::text, 'UTF8'))) AS key \gset
SELECT centre.sign_claim(:key, 'worker', :'of_worker') AS worker_claim, centre.sign_claim(:key, 'employer', :'of_employer') AS employer_claim, centre.sign_claim(:key, 'dormitory', :'of_dormitory') AS dormitory_claim \gset
\echo 'What the worker with pass' :of_pass 'is told, in two languages'
BEGIN; SET LOCAL ROLE civic_worker; SELECT set_config('civic.claim', :'worker_claim', true) \g /dev/null
SELECT colour, work, health, residency, place FROM centre.my_code();
SELECT 'en' AS lang, part, result, reason, action FROM centre.my_reasons('en') UNION ALL SELECT 'zh', part, result, reason, action FROM centre.my_reasons('zh');
COMMIT;
\echo 'What the employer has to do'
BEGIN; SET LOCAL ROLE civic_employer; SELECT set_config('civic.claim', :'employer_claim', true) \g /dev/null
SELECT pass_no, part, coalesce(reason, '(not told)') AS reason, action, CASE WHEN due_at <= clock_timestamp() THEN 'now' ELSE 'within ' || ceil(extract(epoch FROM due_at - clock_timestamp()) / 86400) || ' d' END AS by FROM centre.my_workers_todo() LIMIT 8;
COMMIT;
\echo 'Residents by colour, as the operator of' :of_dormitory 'sees them'
BEGIN; SET LOCAL ROLE civic_dormitory; SELECT set_config('civic.claim', :'dormitory_claim', true) \g /dev/null
SELECT block, count(*) FILTER (WHERE colour = 'green') AS green, count(*) FILTER (WHERE colour = 'yellow') AS yellow, count(*) FILTER (WHERE colour = 'red') AS red, count(*) FILTER (WHERE colour = 'grey') AS grey
FROM centre.my_residents() GROUP BY 1 ORDER BY 1;
COMMIT;
\echo 'What the gate shows for' :of_pass
BEGIN; SET LOCAL ROLE civic_gate; SELECT centre.gate_check(:'of_pass'); COMMIT;

INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('access_by_sector', 'centre', 'day', 'access', '{sector,colour}'), ('access_by_dormitory', 'centre', 'day', 'access', '{dormitory,colour}'),
  ('access_by_reason', 'centre', 'day', 'access', '{reason,colour}'), ('access_by_size', 'centre', 'day', 'access', '{employer_size,colour}'),
  ('access_by_due', 'centre', 'day', 'access', '{due,colour}');
SELECT format('CALL centre.publish(%L, %L)', code, (now() AT TIME ZONE reporting_zone)::date) FROM centre.cube, centre.site WHERE dataset = 'access' ORDER BY code \gexec
\echo 'What the command centre reads of it: released counts, small ones withheld'
SET ROLE civic_reader;
SELECT dim1 AS main_reason, dim2 AS colour, value AS workers, reason AS withheld FROM dash.cube('access_by_reason', 'latest', 'en') WHERE dim1 <> '' OR dim2 <> '' LIMIT 20;
SELECT count(*) AS dormitory_cells, count(*) FILTER (WHERE value IS NULL) AS withheld FROM dash.cube('access_by_dormitory', 'latest', 'en');
RESET ROLE;
