-- A population in which most things can be wrong, and two versions of a policy, by day 2020-10-01 08:00 in Singapore.
SET timezone = 'UTC';
SELECT setseed(0.2020);
INSERT INTO centre.worker_fact (worker_id, employer_id, dormitory_id, sector, in_dormitory, app_registered, approved_from, approved_until, dormitory_cleared_at, block_cleared_at, address_conflict,
    movement_until, medical_leave_until, last_swab_at, last_swab_result, first_positive_at, recovered_at)
  SELECT i, (i::bigint * 7919) % 600000, CASE WHEN r1 < 0.25 THEN (i::bigint * 104729) % 1000 END, (ARRAY['construction', 'marine', 'process', 'services', 'manufacturing'])[1 + floor(random() * 5)::int], r1 < 0.25,
    random() < 0.95, '2020-06-01', CASE WHEN random() < 0.1 THEN clock + (random() - 0.3) * interval '60 days' END, CASE WHEN random() < 0.97 THEN timestamptz '2020-07-01' END, NULL,
    CASE WHEN random() < 0.97 THEN random() < 0.03 END, CASE WHEN random() < 0.02 THEN clock + (random() - 0.5) * interval '28 days' END, CASE WHEN random() < 0.02 THEN clock + (random() - 0.5) * interval '10 days' END,
    CASE WHEN random() < 0.97 THEN clock - random() * interval '16 days' END, (ARRAY['negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'pending'])[1 + floor(random() * 10)::int],
    CASE WHEN r2 < 0.15 THEN clock - (20 + r2 * 1300) * interval '1 day' END, CASE WHEN r2 < 0.14 THEN clock - (5 + r2 * 1300) * interval '1 day' END
  FROM (SELECT i, random() AS r1, random() AS r2, timestamptz '2020-10-01 00:00+00' AS clock FROM generate_series(1, :workers) AS i) AS x;
VACUUM (FREEZE, ANALYZE) centre.worker_fact;
CREATE SCHEMA bench;
INSERT INTO centre.ruleset (ruleset_id, code, source, body)
  SELECT 1000 + n, 'bench', 'bench', (body::text::jsonb || format('{"version": "%s", "params": {"cmp": ["construction", "marine", "process"], "cycle_days": %s, "immune_days": %s, "warn_days": 3, "enforced_from": "2020-09-06T00:00:00+08:00"}}', n, cycle, immune)::jsonb)::text::civic.ruleset
  FROM centre.ruleset, (VALUES (1, 14, 180), (2, 10, 150)) AS v (n, cycle, immune) WHERE code = 'sg_access_2020_08_01';
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) VALUES (1001, 'bench', 'live', tstzrange('2020-08-01', NULL), 'a', 'b', now());
INSERT INTO centre.policy (ruleset_id, code, status, author) VALUES (1002, 'bench', 'tested', 'a');
UPDATE centre.access_setting SET policy_code = 'bench';
SELECT count(centre.ensure_partitions('decision', 'decided_at', '2020-10-01', '2020-10-31'));
-- the same rows with the code as a column: what is left when deciding costs nothing
SELECT format('CREATE TABLE bench.precomputed AS SELECT w.*, %s AS code FROM centre.worker_fact w, centre.ruleset r WHERE r.ruleset_id = 1001',
              centre.access_expression(1001, 'r.body', 'timestamptz ''2020-10-01 00:00+00''')) \gexec
VACUUM (FREEZE, ANALYZE) bench.precomputed;
