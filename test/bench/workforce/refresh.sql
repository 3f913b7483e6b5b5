-- Rows of facts: all of them from the statements, and those that a day's 50,000 tests and 211,830 scans concern; codes for the gate.
\i test/bench/cpu.sql
SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE r (way text, cpu float8);
INSERT INTO centre.fact_mark DEFAULT VALUES;
SELECT pg_temp.cpu() AS c \gset
SELECT centre.refresh_worker_facts(2000000, now()) AS looked \gset
INSERT INTO r SELECT 'all rows of facts, first time', pg_temp.cpu() - :c;
-- as autovacuum does after so many new rows
VACUUM (ANALYZE) centre.worker_fact, centre.location, centre.worker_due, centre.worker_change;
INSERT INTO centre.fact_mark DEFAULT VALUES;
SELECT pg_temp.cpu() AS c \gset
SELECT centre.refresh_worker_facts(2000000, now()) AS looked \gset
INSERT INTO r SELECT 'all rows again, none differs', pg_temp.cpu() - :c;
UPDATE centre.test_result SET issued_at = now(), sampled_at = now() WHERE worker_id % 28 = 0;
SELECT count(*) AS marked FROM centre.fact_mark \gset
SELECT pg_temp.cpu() AS c \gset
SELECT centre.refresh_worker_facts(2000000, now()) AS looked \gset
INSERT INTO r SELECT 'after tests of ' || :marked || ' workers', pg_temp.cpu() - :c;
SELECT format('%s: %s CPU s', way, round(cpu::numeric, 2)) FROM r;
SELECT format('ratio refresh_3_6_percent_over_all %s', round((min(cpu) FILTER (WHERE way LIKE 'after%') / min(cpu) FILTER (WHERE way LIKE 'all rows again%'))::numeric, 3)) FROM r;
INSERT INTO centre.access (worker_id, code, decided_at) SELECT f.worker_id, civic.access_json(r.body, r.ruleset_id, now(), to_jsonb(f)), now() FROM centre.worker_fact f,
  (SELECT 1 AS ruleset_id, '{"name": "bench", "kind": "access_code", "facts": [{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}],
    "rules": [{"id": "swab", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 14, "day"]}]}}], "outcomes": [{"if": {"!": {"group": "health"}}, "outcome": "red"}, {"outcome": "green"}]}'::civic.ruleset AS body) AS r;
VACUUM (ANALYZE) centre.access, centre.worker_fact;
