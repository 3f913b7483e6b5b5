-- A budget of checks for each login and minute, which no rollback gives back and nobody but the owner changes.
SET client_min_messages = error;
SET search_path = tap, public, pg_catalog;
SELECT plan(14);
DROP ROLE IF EXISTS gate_one, gate_two;
CREATE ROLE gate_one LOGIN IN ROLE civic_gate; CREATE ROLE gate_two LOGIN IN ROLE civic_gate;
GRANT USAGE ON SCHEMA tap TO gate_one, gate_two;
SELECT centre.set_gate_budget('gate_one', 10);
SELECT throws_ok($$SELECT centre.set_gate_budget('nobody at all', 10)$$, '42704', NULL, 'there is no budget for nobody');
SET SESSION AUTHORIZATION gate_one;
SELECT lives_ok($$SELECT centre.gate_check(i::text) FROM generate_series(1, 10) AS i$$, 'a gate checks as many as it may');
SELECT throws_ok($$SELECT centre.gate_check('11')$$, '53400', NULL, 'and no more');
SELECT throws_ok($$SELECT centre.gate_check(i::text) FROM generate_series(1, 2800) AS i$$, '53400', NULL, 'nor many at once');
SELECT throws_ok($$SELECT centre.set_gate_budget('gate_one', 1000)$$, '42501', NULL, 'it does not set its own');
SELECT throws_ok($$UPDATE centre.gate_budget SET base = 0$$, '42501', NULL, 'nor where the count begins');
SELECT throws_ok(format($$SELECT setval('centre.gate_count_%s', 1)$$, (SELECT oid FROM pg_roles WHERE rolname = 'gate_one')), '42501', NULL, 'nor the counter');
RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION gate_two;
SELECT lives_ok($$SELECT centre.gate_check(i::text) FROM generate_series(1, 100) AS i$$, 'another login is not held up');
RESET SESSION AUTHORIZATION;
-- a new minute begins with the tick
SELECT centre.log_gate_checks();
SET SESSION AUTHORIZATION gate_one;
SELECT throws_ok($$SELECT centre.gate_check('12')$$, '53400', NULL, 'a tick within the minute gives nothing');
RESET SESSION AUTHORIZATION;
UPDATE centre.gate_budget SET since = since - interval '1 minute';
SET ROLE civic_ticker; SELECT centre.log_gate_checks(); RESET ROLE;
-- rolled back again and again: counted all the same
SET SESSION AUTHORIZATION gate_one;
CREATE FUNCTION pg_temp.many(n integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE done integer := 0;
BEGIN
  FOR i IN 1 .. n LOOP
    BEGIN
      PERFORM centre.gate_check('x');
      done := done + 1;
      RAISE EXCEPTION USING ERRCODE = 'CVTRY';
    EXCEPTION WHEN SQLSTATE 'CVTRY' OR configuration_limit_exceeded THEN NULL;
    END;
  END LOOP;
  RETURN done;
END $$;
SELECT is(pg_temp.many(50), 10, 'what is rolled back is counted');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT count(*) FROM centre.gate_inbox WHERE login = 'gate_one'), 0::bigint, 'though it left no trace');
-- what was not used is carried over while no tick comes, also when the clock goes back
UPDATE centre.gate_budget SET since = clock_timestamp() - interval '3 minutes', base = (SELECT pg_sequence_last_value(counter::regclass));
SET SESSION AUTHORIZATION gate_one;
SELECT is(pg_temp.many(60), 40, 'four minutes without a tick give four budgets');
RESET SESSION AUTHORIZATION;
UPDATE centre.gate_budget SET since = clock_timestamp() + interval '1 day', base = (SELECT pg_sequence_last_value(counter::regclass));
SET SESSION AUTHORIZATION gate_one;
SELECT is(pg_temp.many(60), 10, 'a clock that went back gives one, and blocks nobody');
RESET SESSION AUTHORIZATION;
SELECT centre.log_gate_checks();
SELECT ok((SELECT since <= clock_timestamp() FROM centre.gate_budget), 'and the tick sets it right');
SELECT * FROM finish();
DROP OWNED BY gate_one, gate_two; DROP ROLE gate_one, gate_two;
