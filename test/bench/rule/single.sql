-- One worker by key in a warm prepared statement: CPU of the backend for each
-- EXECUTE, parsing and sending it included; and the same without evaluate().
-- Batches of 500, interleaved, best of 20.
SET jit = off;
\set ruleset `cat test/bench/rule/ruleset.json`
CREATE TABLE live (code text PRIMARY KEY, body civic.ruleset);
INSERT INTO live VALUES ('access', :'ruleset');
PREPARE one (bigint) AS SELECT civic.evaluate(body, timestamptz '2021-04-01 08:00+08', last_swab, last_art, positive_on, quarantine_until, mc_until,
  second_dose, under_treatment, pending_result, address_match, dorm_cleared, approved, tracing, pass_expiry, sector, lodging, risk)
FROM worker_one, live WHERE id = $1 AND code = 'access';
PREPARE nothing (bigint) AS SELECT num_nulls(body, last_swab, last_art, positive_on, quarantine_until, mc_until,
  second_dose, under_treatment, pending_result, address_match, dorm_cleared, approved, tracing, pass_expiry, sector, lodging, risk)
FROM worker_one, live WHERE id = $1 AND code = 'access';
CREATE TABLE batch (name text, seconds float8);
CREATE FUNCTION batch(statement text, seed int) RETURNS SETOF text LANGUAGE sql AS
  $$SELECT format('EXECUTE %s (%s)', statement, (i * 41 + seed * 977) % 100000 + 1) FROM generate_series(1, 500) i$$;
-- A batch of each statement, as psql runs them: cpu() before and after.
SELECT string_agg(format($$\o /dev/null
SELECT cpu() AS before \gset
SELECT batch('%1$s', %2$s) \gexec
SELECT cpu() AS after \gset
\o
INSERT INTO batch VALUES ('%1$s', (:after - :before) / 500);$$, name, n), E'\n' ORDER BY n, name) AS batches
FROM generate_series(1, 20) n, (VALUES ('one'), ('nothing')) AS s (name) \gset
\o build/bench-rule-batches.sql
\qecho :batches
\o
\i build/bench-rule-batches.sql
SELECT format('time one_worker %s us, of which %s without evaluate', round(1e6 * (SELECT min(seconds) FROM batch WHERE name = 'one')::numeric, 1),
              round(1e6 * (SELECT min(seconds) FROM batch WHERE name = 'nothing')::numeric, 1));
