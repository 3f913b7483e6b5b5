-- What stands still shows: each figure of centre.health() against what is done to it, its thresholds, and who reads it.
\ir ../fixtures/country.sql
SET client_min_messages = error;
SELECT plan(27);
CREATE FUNCTION tap.figure(text) RETURNS float8 LANGUAGE sql AS $$ SELECT value FROM centre.health() WHERE code = $1 $$;
CREATE FUNCTION tap.state(text) RETURNS text LANGUAGE sql AS $$ SELECT state FROM centre.health() WHERE code = $1 $$;
SELECT is_empty($$SELECT code FROM centre.health() EXCEPT SELECT code FROM centre.health_check$$, 'each figure has thresholds');
SELECT is_empty($$SELECT code FROM centre.health_check EXCEPT SELECT code FROM centre.health()$$, 'and each threshold a figure');
SELECT is_empty($$SELECT h.code FROM centre.health() h WHERE NOT EXISTS (SELECT FROM centre.label l WHERE l.domain = 'health' AND l.code = h.code AND l.lang = 'en')$$, 'and a label');
SELECT is(tap.figure('missing_partitions'), 6::float8, 'before the first tick no month has a partition');
SELECT is(tap.state('missing_partitions'), 'critical', 'which is critical');
CALL centre.tick();
SELECT is(tap.figure('missing_partitions'), 0::float8, 'after it they have');
SELECT is(tap.state('tick_age_s'), 'ok', 'a tick that came to its end is fresh');
UPDATE centre.tick_log SET started_at = started_at - interval '40 minutes', finished_at = finished_at - interval '40 minutes';
INSERT INTO centre.tick_log (step, started_at, finished_at, handled) VALUES ('partitions', now(), now(), 0);
SELECT is(tap.state('tick_age_s'), 'critical', 'a step that was logged first does not make a tick look fresh');
-- a batch opened by hand, looked at, and forgotten
SELECT tap.land('app', '{"id": "a", "at": "2026-10-03", "about": "Food", "ward": "W1"}');
CALL centre.intake_apply(centre.open_batch('app'), true);
SELECT is(tap.figure('stuck_batches'), 0::float8, 'a batch just opened is not stuck');
UPDATE centre.batch SET opened_at = now() - interval '11 minutes';
SELECT is(tap.state('stuck_batches'), 'warn', 'one that nobody applied is');
CALL centre.tick();
SELECT is(tap.figure('stuck_batches'), 1::float8, 'and no tick takes it');
SELECT batch_id FROM centre.batch WHERE applied_at IS NULL \gset
CALL centre.intake_apply(:batch_id);
SELECT is(tap.figure('stuck_batches'), 0::float8, 'until it is applied');
-- what waits, what was set aside
SELECT tap.land('app', '{"id": "b", "at": "2026-10-03", "about": "Food", "ward": "W1"}');
UPDATE centre.landing SET received_at = now() - interval '2 hours' WHERE batch_id IS NULL;
SELECT ok(tap.figure('waiting_s') BETWEEN 7200 AND 7300 AND tap.state('waiting_s') = 'critical', 'what waits two hours is critical');
UPDATE centre.health_check SET warn = 8000, critical = 9000 WHERE code = 'waiting_s';
SELECT is(tap.state('waiting_s'), 'ok', 'unless the site says otherwise');
SELECT centre.intake_set_aside(ARRAY[(SELECT min(landing_id) FROM centre.landing)], 'I900', '22012');
SELECT is(tap.state('set_aside'), 'warn', 'a payload set aside is a warning');
-- rounds without an end
INSERT INTO centre.tick_log (step, started_at) VALUES ('cells', now());
SELECT is(tap.figure('unfinished_rounds'), 0::float8, 'a round that runs is no warning');
INSERT INTO centre.tick_log (step, started_at, finished_at, handled) VALUES ('cells', now(), now(), 1);
SELECT is(tap.figure('unfinished_rounds'), 1::float8, 'one that never ended is');
-- facts of months that have no partition
INSERT INTO centre.document (source, doc_key, version, content_hash) VALUES ('app', 'x', 0, '');
INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band) SELECT max(document_id), n, d, d, 1, 7, true, 'u', 'u' FROM centre.document, (VALUES (1, date '2025-01-01'), (2, '2001-01-01')) AS v (n, d) GROUP BY n, d;
SELECT is(tap.figure('default_rows'), 1::float8, 'a fact whose month has no partition is counted, an old one is not');
SELECT is(tap.figure('pending_cells'), 3::float8, 'changes of cells that are pending');
SELECT is(tap.state('oldest_transaction_s'), CASE WHEN tap.figure('oldest_transaction_s') IS NULL THEN 'unknown' ELSE 'ok' END, 'transactions have an age');
SELECT ok(tap.figure('freeze_age') > 0, 'and the database');

-- ---- who reads it ----
DROP ROLE IF EXISTS watcher; CREATE ROLE watcher LOGIN IN ROLE civic_monitor;
GRANT USAGE ON SCHEMA tap TO watcher;
SET SESSION AUTHORIZATION watcher;
SELECT isnt_empty('SELECT * FROM centre.health()', 'a monitor reads it');
SELECT throws_ok('SELECT * FROM centre.landing', '42501', NULL, 'and nothing else');
SELECT throws_ok('SELECT * FROM centre.tick_log', '42501', NULL, 'not even the log of ticks');
SELECT throws_ok('UPDATE centre.health_check SET warn = NULL', '42501', NULL, 'and sets no threshold');
RESET SESSION AUTHORIZATION;
SET ROLE civic_reader;
SELECT throws_ok('SELECT * FROM centre.health()', '42501', NULL, 'a reader of boards does not');
SELECT isnt_empty('SELECT * FROM dash.health() WHERE state = ''warn''', 'but sees the states on his board');
RESET ROLE;
SELECT * FROM finish();
DROP OWNED BY watcher; DROP ROLE watcher;
