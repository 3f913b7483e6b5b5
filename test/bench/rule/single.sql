-- One worker by key in a prepared statement, 20,000 times after 1,000: CPU of
-- the backend for each, the EXECUTE statement itself included.
SET jit = off;
\set ruleset `cat test/bench/rule/ruleset.json`
CREATE TABLE live (code text PRIMARY KEY, body civic.ruleset);
INSERT INTO live VALUES ('access', :'ruleset');
PREPARE one (bigint) AS SELECT civic.evaluate(body, timestamptz '2021-04-01 08:00+08', last_swab, last_art, positive_on, quarantine_until, mc_until,
  second_dose, under_treatment, pending_result, address_match, dorm_cleared, approved, tracing, pass_expiry, sector, lodging, risk)
FROM worker_one, live WHERE id = $1 AND code = 'access';
\o /dev/null
SELECT format('EXECUTE one (%s)', i * 37 % 100000 + 1) FROM generate_series(1, 1000) i \gexec
SELECT cpu() AS before \gset
SELECT format('EXECUTE one (%s)', i * 41 % 100000 + 1) FROM generate_series(1, 20000) i \gexec
SELECT cpu() AS after \gset
\o
SELECT format('time one_worker %s us', round(((:after - :before) / 20000 * 1e6)::numeric, 1));
