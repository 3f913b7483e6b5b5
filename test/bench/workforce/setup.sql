-- Workers, passes, claims of four sources (2.4 million for 1.4 million workers), and codes.  Loaded past the triggers: feeds are not what is measured here.
SELECT setseed(0.5) \g /dev/null
SET session_replication_role = replica;
INSERT INTO centre.employer (employer_id, code, sector) SELECT i, 'E' || i, (ARRAY['construction', 'marine', 'process', 'services', 'manufacturing'])[1 + i % 5] FROM generate_series(1, greatest(1, :workers * 3 / 7)) AS i;
INSERT INTO centre.premises (premises_id, code, kind, cleared_at) SELECT i, 'D' || i, CASE WHEN i <= 1000 THEN 'dormitory' ELSE 'private' END, now() FROM generate_series(1, 50000) AS i;
INSERT INTO centre.worker (worker_id, employer_id, language) SELECT i::bigint * 7919, 1 + i % greatest(1, :workers * 3 / 7), 'en' FROM generate_series(1, :workers) AS i;
INSERT INTO centre.work_pass (pass_no, worker_id) SELECT 'G' || i, i::bigint * 7919 FROM generate_series(1, :workers) AS i;
INSERT INTO centre.approval (agency, source_key, issued_at, employer_id, valid_from) SELECT 'building', 'E' || employer_id, now(), employer_id, now() - interval '90 days' FROM centre.employer;
INSERT INTO centre.test_result (agency, source_key, issued_at, worker_id, type, sampled_at, result, verified)
  SELECT 'laboratory', 'W' || i, now(), i::bigint * 7919, 'pcr', now() - random() * interval '16 days', 'negative', true FROM generate_series(1, :workers) AS i;
INSERT INTO centre.location_claim (agency, source_key, issued_at, worker_id, source, premises_id, observed_at)
  SELECT 'labour', s || '/' || i, now() - interval '1 day', i::bigint * 7919, (ARRAY['admission', 'scan', 'roll', 'address'])[s], CASE WHEN random() < 0.97 THEN 1 + i % 50000 ELSE 1 + floor(random() * 50000)::int END,
         now() - random() * interval '80 days'
  FROM generate_series(1, :workers) AS i CROSS JOIN generate_series(1, 4) AS s WHERE s = 4 OR s = 3 AND i % 10 < 4 OR s = 2 AND i % 100 < 30 OR s = 1 AND i % 100 < 2;
RESET session_replication_role;
SET client_min_messages = warning;
DROP ROLE IF EXISTS bench_gate;
CREATE ROLE bench_gate LOGIN IN ROLE civic_gate;
-- what a user would have: a table for each source
CREATE SCHEMA bench;
SELECT format('CREATE TABLE bench.%I AS SELECT worker_id, premises_id, room_id, observed_at, until_at FROM centre.location_claim WHERE source = %1$L', source) FROM centre.location_source \gexec
VACUUM (FREEZE, ANALYZE);
