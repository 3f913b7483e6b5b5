-- One round; what is compared stands next to each other.
-- a full evaluation into an empty table, and the same INSERT of a code that is there
CALL pg_temp.clear();
SELECT pg_temp.cpu() AS since \gset
INSERT INTO centre.access (worker_id, code, decided_at) SELECT w.worker_id, w.code, '2020-10-01 00:00+00' FROM bench.precomputed w;
CALL pg_temp.note('insert_precomputed', :since);
CALL pg_temp.clear();
SELECT pg_temp.cpu() AS since \gset
INSERT INTO centre.access (worker_id, code, decided_at) SELECT w.worker_id, :code, '2020-10-01 00:00+00' FROM centre.worker_fact w, (SELECT body FROM centre.ruleset WHERE ruleset_id = 1001) AS r;
CALL pg_temp.note('insert_evaluated', :since);
-- everything that reevaluate() does, log included: the first time, after 5 % changed, and an hour later
CALL pg_temp.clear();
SELECT pg_temp.cpu() AS since \gset
SELECT centre.reevaluate('2020-10-01 00:00+00') AS full_written \gset
CALL pg_temp.note('reevaluate_full', :since);
ANALYZE centre.access;
UPDATE centre.worker_fact SET last_swab_at = last_swab_at + CASE WHEN last_swab_at > timestamptz '2020-10-01 00:00+00' THEN -1 ELSE 1 END * interval '60 days',
  last_swab_result = CASE last_swab_result WHEN 'negative' THEN 'pending' ELSE 'negative' END WHERE worker_id % 20 = 7;
INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'fact' FROM centre.worker_fact WHERE worker_id % 20 = 7;
SELECT pg_temp.cpu() AS since \gset
SELECT centre.reevaluate('2020-10-01 00:00+00') AS changed_written \gset
CALL pg_temp.note('reevaluate_changed', :since);
SELECT pg_temp.cpu() AS since \gset
SELECT centre.reevaluate('2020-10-01 01:00+00') AS hour_written \gset
CALL pg_temp.note('reevaluate_hour', :since);
-- the other hours of a day, and the one in which a day begins in Singapore, when rules of whole days turn
SELECT pg_temp.cpu() AS since \gset
SELECT sum(centre.reevaluate('2020-10-01 00:00+00'::timestamptz + h * interval '1 hour')) AS before_written FROM generate_series(2, 15) AS h \gset
CALL pg_temp.note('reevaluate_2_to_15', :since);
SELECT pg_temp.cpu() AS since \gset
SELECT centre.reevaluate('2020-10-01 16:00+00') AS midnight_written \gset
CALL pg_temp.note('reevaluate_midnight', :since);
SELECT pg_temp.cpu() AS since \gset
SELECT sum(centre.reevaluate('2020-10-01 00:00+00'::timestamptz + h * interval '1 hour')) AS after_written FROM generate_series(17, 24) AS h \gset
CALL pg_temp.note('reevaluate_17_to_24', :since);
SELECT :hour_written + :before_written + :midnight_written + :after_written AS day_written \gset
-- what if: the transition matrix of two versions, and evaluating each by hand-written SQL
SELECT pg_temp.cpu() AS since \gset
SELECT sum(workers) AS matrix_workers, sum(workers) FILTER (WHERE old_colour = 'green' AND new_colour = 'red') AS turned FROM centre.policy_diff(1001, 1002, '2020-10-01 00:00+00') \gset
CALL pg_temp.note('policy_diff', :since);
SELECT pg_temp.cpu() AS since \gset
SELECT count(m), count(u) FROM (SELECT :mask1 AS m, :until1 AS u FROM centre.worker_fact OFFSET 0) AS x \g /dev/null
SELECT count(m), count(u) FROM (SELECT :mask2 AS m, :until2 AS u FROM centre.worker_fact OFFSET 0) AS x \g /dev/null
CALL pg_temp.note('hand_written_twice', :since);
