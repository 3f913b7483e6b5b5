-- How the system is doing, as the command centre reads it: values against what was put in, and nothing for anybody else.
\ir ../fixtures/country.sql
SELECT plan(35);
SET client_min_messages = warning;

-- ---- nothing has happened yet ----
SET ROLE civic_reader;
SELECT set_eq($$SELECT code, value, "time" FROM dash.health() WHERE code NOT IN ('tick_age_s', 'missing_partitions', 'oldest_transaction_s', 'prepared_transaction_s', 'slot_bytes', 'freeze_age')$$,
  $$VALUES ('waiting_s', 0::float8, NULL::timestamptz), ('failing_steps', 0, NULL), ('unfinished_rounds', 0, NULL), ('undecided', 0, NULL), ('dead_letters', 0, NULL), ('dead_letters_day', 0, NULL), ('set_aside', 0, NULL), ('stuck_batches', 0, NULL),
    ('default_rows', 0, NULL), ('pending_cells', 0, NULL), ('pending_workers', 0, NULL), ('stuck_rows', 0, NULL), ('received', 0, NULL), ('release_age_s', NULL, NULL)$$, 'an empty centre is in health, and what never happened has no age');
SELECT results_eq($$SELECT value BETWEEN 0 AND 86400, "time" FROM dash.health() WHERE code = 'tick_age_s'$$, $$VALUES (true, NULL::timestamptz)$$, 'a tick that never ran is as old as the layer');
SELECT is_empty($$SELECT * FROM dash.health('en') WHERE label = code OR label IS NULL$$, 'each figure has a label');
SELECT is_empty($$SELECT * FROM dash.health('af') a JOIN dash.health('en') e USING (code) WHERE a.label = e.label$$, 'in other languages too');
RESET ROLE;

-- ---- payloads, batches, dead letters ----
SELECT tap.land('app', '[{"id": "a", "at": "2026-10-03", "about": "Food", "ward": "W1"}, {"id": "b", "at": "never", "about": "Food", "ward": "W1"}, {"id": "c", "at": "2026-10-03", "about": "Bread", "ward": "W1"}]');
SELECT tap.apply('app');
SELECT tap.land('crowd', '{"id": "d", "at": "2026-10-03", "about": "Food", "ward": "W2"}');
SELECT tap.land('crowd', '{"id": "e", "at": "2026-10-03", "about": "Food", "ward": "W2"}');
-- two letters of an earlier week, one of them resolved
INSERT INTO centre.dead_letter (source, doc_key, version, code, field, value, first_at, landing_id) SELECT source, 'old' || i, 0, code, field, value, now() - interval '3 days', landing_id FROM centre.dead_letter, generate_series(1, 7) AS i WHERE code = 'I104';
UPDATE centre.dead_letter SET resolved_at = now() WHERE doc_key = 'old7';
SET ROLE civic_reader;
SELECT set_eq('SELECT source, waiting, waiting_since IS NULL AS idle, last_applied IS NULL AS never, documents, refused, dead_letters FROM dash.intake_source',
  $$VALUES ('app', 0, true, false, 3::float8, 2::float8, 8), ('crowd', 2, false, true, 0, 0, 0), ('wash', 0, true, true, 0, 0, 0)$$, 'each source: what waits, what came, what was refused, what is open');
RESET ROLE;
SELECT is((SELECT waiting_since FROM dash.intake_source WHERE source = 'crowd'), (SELECT min(received_at) FROM centre.landing WHERE source = 'crowd'), 'and since when');
SET ROLE civic_reader;
SELECT results_eq('SELECT source, received, rejected, seconds >= 0 FROM dash.intake_batch', $$VALUES ('app', 3::float8, 2::float8, true)$$, 'batches that were applied');
SELECT set_eq('SELECT code, source, field, letters, last_day, round(daily_before::numeric, 6) AS before FROM dash.dead_letter', $$VALUES ('I203', 'app', 'occurred_at', 1, 1, 0), ('I104', 'app', 'indicator', 7, 1, round(6 / 7.0, 6))$$, 'open letters by code, source and field, of the last day and a day before');
SELECT is_empty($$SELECT column_name FROM information_schema.columns WHERE table_schema = 'dash' AND table_name IN ('dead_letter', 'intake_source', 'intake_batch', 'tick_step', 'feed', 'policy_effect') AND column_name IN ('value', 'doc_key', 'payload', 'subject_id', 'worker_id', 'note')$$, 'never what they say, nor whose they are');
SELECT results_eq($$SELECT code, value FROM dash.health() WHERE code IN ('dead_letters', 'received') ORDER BY 1$$, $$VALUES ('dead_letters', 8::float8), ('received', 3)$$, 'summed up');
SELECT ok((SELECT value BETWEEN 0 AND 600 AND "time" IS NOT NULL FROM dash.health() WHERE code = 'waiting_s'), 'what waits has an age');
RESET ROLE;

-- ---- the tick ----
INSERT INTO centre.tick_log (step, started_at, finished_at, handled, error) VALUES ('cells', now() - interval '2 hours', now() - interval '2 hours' + interval '3 seconds', 7, NULL),
  ('access', now() - interval '5 minutes', now() - interval '5 minutes', 0, '22012'), ('access', now() - interval '4 minutes', now() - interval '4 minutes', 0, '22012'), ('impact', now() - interval '20 minutes', now() - interval '20 minutes', 0, 'P0001'), ('tick', now() - interval '4 minutes', now() - interval '4 minutes', 9, NULL);
SET ROLE civic_reader;
SELECT results_eq('SELECT step, seconds, handled, error FROM dash.tick_step ORDER BY "time"', $$VALUES ('cells', 3::float8, 7::float8, NULL::text), ('impact', 0, 0, 'P0001'), ('access', 0, 0, '22012'), ('access', 0, 0, '22012')$$, 'steps: how long, how much, and what failed');
SELECT results_eq($$SELECT code, CASE code WHEN 'tick_age_s' THEN floor(value / 60) ELSE value END FROM dash.health() WHERE code IN ('tick_age_s', 'failing_steps') ORDER BY 1$$, $$VALUES ('failing_steps', 1::float8), ('tick_age_s', 4)$$, 'how long ago the last was, and which failed in the last ten minutes');
RESET ROLE;

-- ---- rulesets and the policy that decides ----
INSERT INTO centre.ruleset (code, source, body, valid) SELECT 'op_plain', 'a standard', body, '[2020-01-01,2020-06-01)' FROM centre.ruleset WHERE code = 'jmp2018_hcf_water';
INSERT INTO centre.ruleset (code, source, body) SELECT 'op_' || v, 'an advisory not yet public', (body::text::jsonb || jsonb_build_object('name', 'op_' || v))::text::civic.ruleset FROM centre.ruleset, unnest('{draft,withdrawn,live}'::text[]) AS v WHERE code = 'sg_access_2020_11_04';
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, code, CASE code WHEN 'op_draft' THEN 'draft' WHEN 'op_live' THEN 'live' ELSE 'retired' END, CASE code WHEN 'op_live' THEN tstzrange('2021-01-01', NULL) END,
  'ann', CASE WHEN code <> 'op_draft' THEN 'bob' END, CASE WHEN code <> 'op_draft' THEN now() END FROM centre.ruleset WHERE code LIKE 'op\_%' AND code <> 'op_plain';
SET ROLE civic_public;
SELECT set_eq($$SELECT code, in_force, valid_from, valid_until FROM dash.ruleset WHERE code LIKE 'op\_%'$$, $$VALUES ('op_plain', false, timestamptz '2020-01-01', timestamptz '2020-06-01'), ('op_live', true, '2021-01-01', NULL)$$, 'a draft, or what was withdrawn, is not told of; a policy has the time of its approval');
RESET ROLE;
SET ROLE civic_reader;
SELECT is_empty('SELECT * FROM dash.policy_state', 'no policy decides, and none should');
RESET ROLE;
UPDATE centre.access_setting SET policy_code = 'op_live';
SET ROLE civic_reader;
SELECT results_eq($$SELECT p.policy, p.version, h.value FROM dash.policy_state p, dash.health() h WHERE h.code = 'undecided'$$, $$VALUES ('op_live', NULL::integer, 1::float8)$$, 'a policy that does not decide is counted');
RESET ROLE;
SELECT centre.reevaluate();
SET ROLE civic_reader;
SELECT results_eq($$SELECT p.policy, p.version IS NULL AS v, p."time" IS NULL AS t, h.value FROM dash.policy_state p, dash.health() h WHERE h.code = 'undecided'$$, $$VALUES ('op_live', false, false, 0::float8)$$, 'and no longer once it does');

-- ---- partitions ----
SELECT set_eq('SELECT partition FROM dash.partition', $$SELECT c.relname::text FROM pg_class c WHERE c.relispartition AND c.relname LIKE 'observation\_%' AND c.relkind = 'r'$$, 'the months of facts');
RESET ROLE;

-- ---- nobody else, whatever they try ----
CREATE FUNCTION tap.spy(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'seen %', $1; END $$;
GRANT EXECUTE ON FUNCTION tap.spy(text) TO PUBLIC;
CREATE FUNCTION tap.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;
GRANT EXECUTE ON FUNCTION tap.plan_of(text) TO PUBLIC;
SET ROLE civic_provider;
SELECT is_empty('SELECT * FROM dash.' || v, 'the provider does not see ' || v) FROM unnest('{audience WHERE code = ''centre'',intake_source,intake_batch,dead_letter,tick_step,partition,policy_state}'::text[]) AS v;
SELECT lives_ok(format('SELECT * FROM dash.%I AS v WHERE tap.spy(v.%I)', v, c), 'nor does a function of its own: ' || v) FROM (VALUES ('intake_source', 'source'), ('dead_letter', 'field'), ('tick_step', 'step'), ('partition', 'partition'), ('policy_state', 'policy')) AS x (v, c);
SELECT ok(tap.plan_of('SELECT * FROM dash.' || v) ~ 'One-Time Filter' AND tap.plan_of('SELECT * FROM dash.' || v) !~ '(Seq|Index|Bitmap)[^\n]* Scan[^\n]* on (landing|batch|dead_letter|tick_log|source)[^\n]*actual', 'nor does a plan count its rows: ' || v) FROM unnest('{intake_source,dead_letter,tick_step}'::text[]) AS v;
SELECT results_eq('SELECT value FROM dash.health() WHERE value <> 0', ARRAY[]::float8[], 'its health is empty');
RESET ROLE;
SELECT is_empty($$SELECT r || ' ' || c.relname FROM unnest('{civic_provider,civic_public,civic_reader,civic_analyst}'::text[]) AS r, pg_class c WHERE c.relnamespace = 'centre'::regnamespace AND c.relname IN ('landing', 'batch', 'dead_letter', 'tick_log', 'feed', 'feed_refusal', 'policy_impact', 'access_state') AND has_any_column_privilege(r, c.oid, 'SELECT')$$, 'and nobody reads the tables behind');
SELECT * FROM finish();
