-- What is due: a step that fails is undone, noted by its SQLSTATE alone, and keeps no other from running.
\ir ../fixtures/country.sql
\ir ../fixtures/watch.sql
SELECT plan(25);
SET client_min_messages = error;
DROP ROLE IF EXISTS tick_timer;
CREATE ROLE tick_timer LOGIN IN ROLE civic_ticker;
-- the last round of each step; newest: those of this tick alone
CREATE TABLE tap.seen (upto timestamptz);
CREATE FUNCTION tap.round() RETURNS TABLE (step text, handled bigint, error text) LANGUAGE sql SECURITY DEFINER AS $$
  SELECT t.step, sum(t.handled)::bigint, max(t.error) FROM centre.tick_log t WHERE t.step <> 'tick' AND t.started_at > (SELECT max(upto) FROM tap.seen) GROUP BY 1 $$;
-- what waits for each of the steps
CREATE FUNCTION tap.make_due(n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tap.land(s, format('{"id": "%s-%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}', s, n)) FROM unnest('{app,crowd}'::text[]) AS s;
  INSERT INTO centre.worker (worker_id) VALUES (n);
  UPDATE centre.series SET since = (SELECT (now() AT TIME ZONE reporting_zone)::date - 3 FROM centre.site);
  INSERT INTO tap.seen VALUES (clock_timestamp());
END
$$;
INSERT INTO centre.ruleset (code, source, body) VALUES ('tick', 'test', '{"name": "tick", "kind": "access_code", "version": "1", "facts": [{"name": "approved_until", "type": "timestamptz", "null": "absent"}],
  "rules": [{"id": "approved", "group": "work", "assert": {"present": {"var": "approved_until"}}}], "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'tick', 'approved', '[2020-01-01,)', 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'tick';
UPDATE centre.access_setting SET policy_code = 'tick';
INSERT INTO centre.series (indicator_id, level, since, detector) SELECT tap.indicator('outage'), 'country', (SELECT (now() AT TIME ZONE reporting_zone)::date - 3 FROM centre.site), 'nb_window(baseline=28, alpha=0.01)';

SELECT tap.make_due(1);
SET SESSION AUTHORIZATION tick_timer;
CALL centre.tick();
RESET SESSION AUTHORIZATION;
SELECT set_eq('SELECT step FROM tap.round()', '{intake,cells,competencies,worker_facts,access,gate,impact,baselines}'::text[], 'a ticker does the steps that are its own');
SELECT is_empty('SELECT * FROM tap.round() WHERE error IS NOT NULL', 'none fails');
SELECT results_eq($$SELECT step, handled FROM tap.round() WHERE step IN ('access', 'intake', 'worker_facts') ORDER BY 1$$, $$VALUES ('access', 1::bigint), ('intake', 2), ('worker_facts', 1)$$, 'they handle what is due');
SELECT tap.make_due(2);
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'gate_log';
INSERT INTO centre.gate_log (checked_at, login, colour) SELECT now() - h * interval '1 hour', 'gate', 'green' FROM unnest('{1,30}'::integer[]) AS h;
CALL centre.tick();
SELECT set_eq($$SELECT step FROM tap.round()$$, '{partitions,retention,intake,cells,competencies,worker_facts,access,gate,impact,requests,baselines}'::text[], 'the owner does partitions, retention and requests besides');
SELECT is((SELECT handled FROM tap.round() WHERE step = 'retention'), 1::bigint, 'what is kept too long goes');
INSERT INTO tap.seen VALUES (clock_timestamp());
CALL centre.tick();
SELECT is_empty($$SELECT step FROM tap.round() WHERE step = 'retention'$$, 'which is looked at once a day');

-- ---- one source that cannot be applied: its payloads wait, the other's are applied ----
CREATE FUNCTION tap.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the number 082 555 1234' USING ERRCODE = '22012'; END $$;
CREATE TRIGGER break BEFORE INSERT ON centre.batch FOR EACH ROW WHEN (new.source = 'app') EXECUTE FUNCTION tap.refuse();
SELECT tap.make_due(3);
SET SESSION AUTHORIZATION tick_timer;
CALL centre.tick();
RESET SESSION AUTHORIZATION;
SELECT results_eq('SELECT source, count(*) FROM centre.landing WHERE batch_id IS NULL GROUP BY 1', $$VALUES ('app', 1::bigint)$$, 'what fails waits, what does not is applied');
SELECT results_eq($$SELECT handled, error FROM tap.round() WHERE step = 'intake'$$, $$VALUES (1::bigint, '22012')$$, 'both are noted');
SELECT results_eq($$SELECT step, handled FROM tap.round() WHERE step IN ('access', 'cells', 'worker_facts') ORDER BY 1$$, $$VALUES ('access', 1::bigint), ('cells', 1), ('worker_facts', 1)$$, 'the steps after it run');
SELECT is_empty($$SELECT * FROM centre.tick_log t WHERE t::text LIKE '%082 555%'$$, 'the message is nowhere in the log');
SELECT results_eq($$SELECT value FROM dash.health() WHERE code = 'failing_steps'$$, ARRAY[1::float8], 'the failing step is counted');
DROP TRIGGER break ON centre.batch;
SELECT tap.make_due(4);
SET SESSION AUTHORIZATION tick_timer;
CALL centre.tick();
RESET SESSION AUTHORIZATION;
SELECT results_eq($$SELECT handled, error FROM tap.round() WHERE step = 'intake'$$, $$VALUES (3::bigint, NULL)$$, 'once mended, all that waits is applied');

-- ---- each step in turn ----
CREATE TABLE tap.part (step text, fn text);
INSERT INTO tap.part VALUES ('cells', 'drain_cells(integer)'), ('competencies', 'refresh_official_competencies(integer,date)'), ('worker_facts', 'refresh_worker_facts(integer,timestamptz)'),
  ('access', 'reevaluate(timestamptz)'), ('gate', 'log_gate_checks()'), ('impact', 'assess_policies()'), ('requests', 'answer_request()');
-- what a tick with one broken function noted: the failing steps, and how many ran
CREATE TABLE tap.outcome (broken text, failed text, ran bigint);
SELECT format('SELECT tap.make_due(%s)', 100 + row_number() OVER (ORDER BY step)), format('ALTER FUNCTION centre.%s RENAME TO broken', fn), 'CALL centre.tick()',
  format('ALTER FUNCTION centre.broken%s RENAME TO %s', substring(fn FROM '\(.*'), split_part(fn, '(', 1)),
  format('INSERT INTO tap.outcome SELECT %L, string_agg(step || '' '' || error, '','') FILTER (WHERE error IS NOT NULL), count(*) FROM tap.round()', step)
FROM tap.part ORDER BY step \gexec
SELECT results_eq(format('SELECT failed, ran FROM tap.outcome WHERE broken = %L', step), format('VALUES (%L, 10::bigint)', step || ' 42883'), 'with broken ' || step || ' the others run') FROM tap.part ORDER BY step;
CALL centre.tick();
SELECT is((SELECT count(*) FROM centre.worker_fact), (SELECT count(*) FROM centre.worker), 'what failed is made up for by the next tick');
-- a step in the middle of its work is undone as a whole
CREATE TRIGGER break BEFORE UPDATE ON centre.access_state FOR EACH ROW EXECUTE FUNCTION tap.refuse();
SELECT tap.make_due(200);
CALL centre.tick();
SELECT results_eq($$SELECT error, (SELECT count(*) FROM centre.worker_change) FROM tap.round() WHERE step = 'access'$$, $$VALUES ('22012', 1::bigint)$$, 'a step that fails half-way leaves what it took');
SELECT throws_like($$SELECT centre.tick_round('access')$$, '%082 555%', 'and tells why when it is called by hand');
DROP TRIGGER break ON centre.access_state;
-- the clock moves backwards: codes stay, everything else goes on
UPDATE centre.access_state SET reevaluated_at = now() + interval '1 hour';
SELECT tap.make_due(201);
CALL centre.tick();
SELECT results_eq($$SELECT step, error FROM tap.round() WHERE error IS NOT NULL$$, $$VALUES ('access', '22023')$$, 'a clock that moves backwards keeps codes from being decided, and nothing else');
SELECT throws_ok($$SELECT centre.tick_round('no such step')$$, 'P0002', NULL, 'there is no other step');
SET ROLE civic_reader;
SELECT throws_ok('CALL centre.tick()', '42501', NULL, 'a reader does not run it');
RESET ROLE;
SELECT * FROM finish();
DROP ROLE tick_timer;
