-- One bad row never stops the others: in every step of tick(), and in feeds, one row among twelve, drawn at random, fails by a trigger; the others are done,
-- it is noted with its number and SQLSTATE, health shows it, and it is made up for once the fault is mended.
\ir ../fixtures/country.sql
\ir ../fixtures/watch.sql
SET client_min_messages = error;
SELECT plan(47);
DROP ROLE IF EXISTS tick_timer; CREATE ROLE tick_timer LOGIN IN ROLE civic_ticker;

-- poison(relation, condition): rows that hold fail on their way into the table, or out of it
CREATE FUNCTION tap.refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the number 082 555 1234' USING ERRCODE = '22012'; END $$;
CREATE FUNCTION tap.poison(relation text, holds text, event text DEFAULT 'INSERT OR UPDATE') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER tap_poison BEFORE %s ON centre.%I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION tap.refuse_row()', event, relation, holds);
END $$;
CREATE FUNCTION tap.mend() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'tap_poison' AND tgparentid = 0 LOOP EXECUTE format('DROP TRIGGER tap_poison ON %s', t); END LOOP;
  UPDATE centre.stuck_row SET next_try = now();
END $$;
CREATE PROCEDURE tap.as_timer(what text) LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL ROLE civic_ticker; EXECUTE what; RESET ROLE;
END $$;
-- what a step notes as stuck: rows, how often the last was tried
CREATE FUNCTION tap.stuck(of_step text) RETURNS TABLE (key bigint, error text) LANGUAGE sql AS $$ SELECT s.key, s.error FROM centre.stuck_row s WHERE s.step = of_step ORDER BY 1 $$;
CREATE FUNCTION tap.failed(of_step text) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM centre.tick_log WHERE step = of_step AND error IS NOT NULL $$;
SELECT 1 + (random() * 11)::integer AS bad, (random() * 1000000)::integer AS seed \gset
\echo # the bad one is :bad

-- ---- cells and intake ----
SELECT tap.land('app', jsonb_agg(jsonb_build_object('id', 'd' || i, 'at', '2026-10-' || 10 + i, 'about', 'Food', 'ward', 'W1'))::text) FROM generate_series(1, 12) AS i;
SELECT tap.poison('cell', format('new.day = %L', date '2026-10-10' + :bad));
SELECT tap.poison('document', format('new.doc_key = %L', 'd' || CASE :bad WHEN 3 THEN 4 ELSE 3 END));
CALL centre.tick();
SELECT is((SELECT count(*) FROM centre.cell), 10::bigint, 'cells: all but one are folded in, and intake: all but one are facts');
SELECT results_eq($$SELECT s.error, d.day FROM tap.stuck('cells') AS s JOIN centre.cell_delta d ON d.delta_id = s.key$$, format($$VALUES ('22012', %L::date)$$, date '2026-10-10' + :bad), 'and it is named');
SELECT is((SELECT count(*) FROM centre.cell_drift), 0::bigint, 'counts are exact');
SELECT is((SELECT count(*) FROM centre.dead_letter WHERE code = 'I900'), 1::bigint, 'the document is set aside');
SELECT is(tap.failed('cells') + tap.failed('intake'), 0::bigint, 'no step failed');
SELECT results_eq($$SELECT value, state FROM centre.health() WHERE code = 'stuck_rows'$$, $$VALUES (1::float8, 'warn')$$, 'health shows it');
CALL centre.tick();
SELECT is((SELECT tries FROM centre.stuck_row), 1, 'the next tick does not try it again');
UPDATE centre.stuck_row SET next_try = now();
CALL centre.tick();
SELECT results_eq($$SELECT tries, round(extract(epoch FROM next_try - last_at) / 60)::integer FROM centre.stuck_row$$, $$VALUES (2, 20)$$, 'later ones do, after twice as long each time');
SELECT throws_like($$SET LOCAL civic.apart = off; SELECT centre.tick_round('cells')$$, '%082 555%', 'by hand the step tells why');
SELECT is_empty($$SELECT * FROM centre.stuck_row s WHERE s::text LIKE '%082%'$$, 'and nowhere else');
SELECT tap.mend();
CALL centre.tick();
SELECT is((SELECT count(*) FROM centre.cell), 11::bigint, 'mended, it is made up for');
SELECT is_empty('SELECT * FROM centre.stuck_row', 'and gone from there');
CALL centre.intake_retry('I900');
CALL centre.tick();
SELECT is((SELECT count(*) FROM centre.cell), 12::bigint, 'and so is the document');

-- ---- workers: facts, codes, checks ----
INSERT INTO centre.worker (worker_id) SELECT 1000 + i FROM generate_series(1, 12) AS i;
INSERT INTO centre.approval (agency, source_key, issued_at, worker_id, valid_from, valid_until) SELECT 'labour', 'a' || i, now() - interval '1 day', 1000 + i, now() - interval '1 day', 'infinity' FROM generate_series(1, 12) AS i;
SELECT tap.poison('worker_fact', format('new.worker_id = %s', 1000 + :bad));
CALL tap.as_timer('SELECT centre.refresh_worker_facts()');
SELECT is((SELECT count(*) FROM centre.worker_fact), 11::bigint, 'facts: all but one');
SELECT results_eq($$SELECT * FROM tap.stuck('worker_facts')$$, format($$VALUES (%s::bigint, '22012')$$, 1000 + :bad), 'who is named');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.refresh_worker_facts()');
SELECT is((SELECT count(*) FROM centre.worker_fact), 12::bigint, 'mended, all');
INSERT INTO centre.ruleset (code, source, body) VALUES ('tick', 'test', '{"name": "tick", "kind": "access_code", "version": "1", "facts": [{"name": "approved_until", "type": "timestamptz", "null": "absent"}],
  "rules": [{"id": "approved", "group": "work", "assert": {"present": {"var": "approved_until"}}}], "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'tick', 'approved', '[2020-01-01,)', 'ann', 'bob', now() FROM centre.ruleset WHERE code = 'tick';
UPDATE centre.access_setting SET policy_code = 'tick';
SELECT tap.poison('decision', format('new.worker_id = %s', 1000 + :bad));
CALL tap.as_timer('SELECT centre.reevaluate()');
SELECT results_eq($$SELECT civic.colour(code), count(*) FROM centre.access GROUP BY 1$$, $$VALUES ('green', 11::bigint)$$, 'codes of everybody: all but one');
SELECT results_eq($$SELECT * FROM tap.stuck('access')$$, format($$VALUES (%s::bigint, '22012')$$, 1000 + :bad), 'who is named');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.reevaluate()');
SELECT is((SELECT count(*) FROM centre.access WHERE civic.colour(code) = 'green'), 12::bigint, 'mended, all');
-- all lose their approval, and of one that cannot be written
UPDATE centre.approval SET withdrawn = true;
CALL tap.as_timer('SELECT centre.refresh_worker_facts()');
SELECT tap.poison('decision', format('new.worker_id = %s AND new.cause = ''fact''', 1000 + :bad));
CALL tap.as_timer('SELECT centre.reevaluate()');
SELECT results_eq($$SELECT civic.colour(code), count(*) FROM centre.access GROUP BY 1 ORDER BY 2$$, $$VALUES ('grey', 1::bigint), ('red', 11)$$, 'who cannot be decided does not stay green');
SELECT is((SELECT civic.colour(code) FROM centre.access WHERE worker_id = 1000 + :bad), 'grey', 'he is the one');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'the log of decisions replays');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.reevaluate()');
SELECT is((SELECT count(*) FROM centre.access WHERE civic.colour(code) = 'red'), 12::bigint, 'mended, all are red');
INSERT INTO centre.gate_inbox (checked_at, worker_id, colour) SELECT now(), 1000 + i, 'green' FROM generate_series(1, 12) AS i;
SELECT tap.poison('gate_log', format('new.worker_id = %s', 1000 + :bad));
CALL tap.as_timer('SELECT centre.log_gate_checks()');
SELECT results_eq($$SELECT count(*), (SELECT count(*) FROM centre.gate_inbox i JOIN tap.stuck('gate') s ON s.key = i.check_id) FROM centre.gate_log$$, 'VALUES (11::bigint, 1::bigint)', 'checks at gates: all but one, which waits');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.log_gate_checks()');
SELECT is((SELECT count(*) FROM centre.gate_log), 12::bigint, 'mended, all');

-- ---- policies to assess ----
INSERT INTO centre.ruleset (code, source, body) SELECT 'tick', 'test', replace(r.body::text, '"1"', format('"%s"', 1 + i))::civic.ruleset FROM centre.ruleset r, generate_series(1, 3) AS i WHERE r.code = 'tick';
INSERT INTO centre.policy (ruleset_id, code, status, author) SELECT ruleset_id, 'tick', 'draft', 'ann' FROM centre.ruleset r WHERE r.code = 'tick' AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = r.ruleset_id);
UPDATE centre.policy SET status = 'tested' WHERE code = 'tick' AND status = 'draft';
SELECT (array_agg(ruleset_id ORDER BY ruleset_id))[1 + :bad % 3] AS version FROM centre.policy WHERE status = 'tested' \gset
SELECT tap.poison('policy_assessment', format('new.ruleset_id = %s', :version));
CALL tap.as_timer('SELECT centre.assess_policies()');
SELECT is((SELECT count(*) FROM centre.policy_assessment), 2::bigint, 'assessments: all but one');
SELECT results_eq($$SELECT * FROM tap.stuck('impact')$$, format($$VALUES (%s::bigint, '22012')$$, :version), 'which is named');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.assess_policies()');
SELECT is((SELECT count(*) FROM centre.policy_assessment), 3::bigint, 'mended, all');

-- ---- competencies ----
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'f', 'C1');
INSERT INTO centre.subject (subject_id) SELECT i FROM generate_series(1, 12) AS i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT i, 1, 3, 'assessed', '2023-01-01', 'c' || i FROM generate_series(1, 12) AS i;
SELECT tap.poison('official_competency', format('new.subject_id = %s', :bad));
CALL tap.as_timer('SELECT centre.refresh_official_competencies()');
SELECT is((SELECT count(*) FROM centre.official_competency), 11::bigint, 'competencies: all but one');
SELECT results_eq($$SELECT * FROM tap.stuck('competencies')$$, format($$VALUES (%s::bigint, '22012')$$, :bad), 'who is named');
SELECT tap.mend();
CALL tap.as_timer('SELECT centre.refresh_official_competencies()');
SELECT is((SELECT count(*) FROM centre.official_competency), 12::bigint, 'mended, all');

-- ---- baselines: of two wards and two indicators, one series of one ward; it is the same afterwards as if nothing had been ----
CREATE TABLE tap.twin AS SELECT * FROM centre.baseline;
INSERT INTO centre.series (indicator_id, level, since, detector) SELECT tap.indicator(i), 'ward', '2026-08-01', 'nb_window(baseline=28, alpha=0.01)' FROM unnest('{outage,report}'::text[]) AS i;
SELECT tap.report(i, a, date '2026-08-01' + d, 1 + tap.draw(concat(i, a, d), 5) + CASE WHEN d = 75 THEN 60 ELSE 0 END) FROM unnest('{outage,report}'::text[]) AS i, generate_series(7, 8) AS a, generate_series(0, 79) AS d;
CALL tap.run('2026-10-10');
SELECT tap.report(i, a, '2026-09-20', 3) FROM unnest('{outage,report}'::text[]) AS i, generate_series(7, 8) AS a;
SELECT series_id AS series, 7 + :bad % 2 AS area FROM centre.series ORDER BY series_id OFFSET :bad % 2 LIMIT 1 \gset
SELECT tap.poison('baseline', format('new.series_id = %s AND new.area_id = %s', :series, :area));
CALL tap.run('2026-10-19');
SELECT results_eq($$SELECT count(*) FILTER (WHERE last_period = '2026-10-19'), count(*) FROM centre.detector_state$$, 'VALUES (3::bigint, 3::bigint)', 'baselines: all series of areas but one');
SELECT results_eq($$SELECT * FROM tap.stuck('baselines')$$, format($$VALUES (%s::bigint, '22012')$$, (:series::bigint << 32) + :area), 'which is named by its numbers');
SELECT matches((SELECT what FROM centre.stuck_row WHERE step = 'baselines'), '^(outage|report) by the day, ward W[12], all$', 'and by its name');
SELECT is((SELECT count(*) FROM centre.alarm WHERE holds), 3::bigint, 'alarms of the others are raised');
SELECT tap.mend();
CALL tap.run('2026-10-19');
CREATE TEMP TABLE stepwise AS SELECT * FROM centre.baseline;
CREATE TEMP TABLE alarms AS SELECT series_id, area_id, period_start, observed, exceedance_rank, q_value FROM centre.alarm WHERE holds;
DELETE FROM centre.alarm; DELETE FROM centre.baseline; DELETE FROM centre.detector_state;
CALL tap.run('2026-10-19');
SELECT set_eq('SELECT * FROM centre.baseline', 'SELECT * FROM stepwise', 'mended, every verdict is as if nothing had been');
SELECT set_eq('SELECT series_id, area_id, period_start, observed, exceedance_rank, q_value FROM centre.alarm WHERE holds', 'SELECT * FROM alarms', 'and every alarm');

-- ---- partitions and retention ----
SELECT format('DROP TABLE centre.%s_%s', t, to_char(now() + interval '3 months', 'YYYY_MM')) FROM unnest('{gate_log,decision}'::text[]) AS t \gexec
INSERT INTO centre.gate_log (checked_at, login, colour) VALUES (now() + interval '3 months', 'x', 'puce'), (now() - interval '40 days', 'x', 'old');
ALTER TABLE centre.gate_log ADD CONSTRAINT no_puce CHECK (colour <> 'puce') NOT VALID;
INSERT INTO centre.read_log (login, subject_id, what, why, first_at) SELECT 'x', i, 'w', '', now() - interval '9 days' FROM generate_series(1, 12) AS i;
SELECT tap.poison('read_log', format('old.subject_id = %s', :bad), 'DELETE');
UPDATE centre.retention SET keep = '1 day' WHERE relation IN ('read_log', 'gate_log');
DELETE FROM centre.tick_log WHERE step = 'retention';
CALL centre.tick();
SELECT results_eq($$SELECT key::oid::regclass::text, error FROM tap.stuck('partitions')$$, $$VALUES ('centre.gate_log', '23514')$$, 'partitions: one table cannot have them');
SELECT isnt(to_regclass('centre.decision_' || to_char(now() + interval '3 months', 'YYYY_MM')), NULL, 'the others have');
SELECT results_eq('SELECT subject_id FROM centre.read_log', format('VALUES (%s::bigint)', :bad), 'retention: all rows go but one');
SELECT matches((SELECT what FROM centre.stuck_row WHERE step = 'retention'), 'row of centre.read_log', 'which is named by its table');
SELECT is((SELECT count(*) FROM centre.gate_log WHERE colour = 'old'), 0::bigint, 'other tables go on');
SELECT tap.mend();
ALTER TABLE centre.gate_log DROP CONSTRAINT no_puce;
DELETE FROM centre.tick_log WHERE step = 'retention';
CALL centre.tick();
SELECT is_empty('SELECT * FROM centre.read_log UNION ALL SELECT NULL, NULL, NULL, what, step, NULL FROM centre.stuck_row', 'mended, it goes, and nothing is stuck');

-- ---- a feed ----
SELECT tap.poison('worker', format('new.worker_id = centre.pseudonym(%L)', 'f' || :bad));
SELECT jsonb_agg(jsonb_build_object('source_key', 'f' || i, 'issued_at', '2026-01-01T00:00:00Z')) AS rows FROM generate_series(1, 12) AS i \gset
CALL centre.feed_apply('labour', 'worker', :'rows'::jsonb) \gset
SELECT is(:'report'::jsonb, '{"received": 12, "refused": 1, "changed": 11}', 'a feed: all rows but one');
SELECT results_eq($$SELECT source_key, code, value FROM centre.feed_refusal$$, format($$VALUES (centre.pseudonym(%L)::text, 'I900', '22012')$$, 'f' || :bad), 'which is refused under its key, with the SQLSTATE');
SELECT tap.mend();
CALL centre.feed_apply('labour', 'worker', jsonb_build_array(jsonb_build_object('source_key', 'f' || :bad, 'issued_at', '2026-01-01T00:00:00Z'))) \gset
SELECT is_empty('SELECT * FROM centre.feed_refusal', 'and taken once it can be');

-- ---- where everything fails, it is no bad row ----
INSERT INTO centre.subject (subject_id) SELECT i FROM generate_series(13, 400) AS i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT i, 1, 3, 'assessed', '2023-01-01', 'c' || i FROM generate_series(13, 400) AS i;
SELECT tap.poison('official_competency', 'true');
SELECT throws_ok('SELECT centre.refresh_official_competencies()', '22012', NULL, 'a step of which more than a hundred rows fail fails as a whole');
SELECT * FROM finish();
DROP ROLE tick_timer;
