-- A login sends as its own sources and no other, whatever it tries; a source is believed for what it may speak for.
\ir ../fixtures/country.sql
SET client_min_messages = error;
SELECT plan(16);
DELETE FROM centre.sender;
DROP ROLE IF EXISTS send_app, send_gateway, send_web;
CREATE ROLE send_app LOGIN IN ROLE civic_ingest; CREATE ROLE send_web NOLOGIN IN ROLE civic_ingest; CREATE ROLE send_gateway LOGIN NOINHERIT IN ROLE send_web;
INSERT INTO centre.sender VALUES ('send_app', 'app'), ('send_web', 'crowd');
GRANT USAGE ON SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.send(of_source text) RETURNS void LANGUAGE sql AS $$ INSERT INTO centre.landing (source, format, payload) VALUES (of_source, 'json', convert_to('{"id": "1", "v": "9", "at": "2026-10-03", "about": "Food", "ward": "W1"}', 'UTF8')) $$;
SET SESSION AUTHORIZATION send_app;
SELECT lives_ok($$SELECT tap.send('app')$$, 'a login sends as its source');
SELECT throws_ok($$SELECT tap.send('crowd')$$, '42501', NULL, 'and as no other');
SELECT throws_ok($$SELECT tap.send('nobody')$$, '42501', NULL, 'nor as one that is not there');
SELECT throws_ok($$INSERT INTO centre.landing (source, format, payload) SELECT source, 'json', '' FROM unnest('{app,crowd}'::text[]) AS source$$, '42501', NULL, 'nor beside its own');
SET ROLE civic_ingest;
SELECT throws_ok($$SELECT tap.send('crowd')$$, '42501', NULL, 'nor under the name of its group');
RESET ROLE;
SELECT throws_ok($$INSERT INTO centre.sender VALUES ('send_app', 'crowd')$$, '42501', NULL, 'nor by saying that it may');
SELECT results_eq('SELECT source FROM centre.my_source', ARRAY['app'], 'it sees as whom it may send');
SELECT throws_ok('SELECT * FROM centre.landing', '42501', NULL, 'and nothing that was sent');
RESET SESSION AUTHORIZATION;
-- a gateway sets a role for each request
SET SESSION AUTHORIZATION send_gateway;
SELECT throws_ok($$SELECT tap.send('crowd')$$, '42501', NULL, 'a gateway sends nothing itself');
SET ROLE send_web;
SELECT lives_ok($$SELECT tap.send('crowd')$$, 'and as the role it sets for a request what that may');
SELECT throws_ok($$SELECT tap.send('app')$$, '42501', NULL, 'and no more');
RESET SESSION AUTHORIZATION;
SELECT is_empty($$SELECT polname FROM pg_policy WHERE polrelid = 'centre.landing'::regclass AND polcmd IN ('w', 'd') AND 0 = ANY (polroles)$$, 'no policy lets everybody change what was sent');

-- verified for some indicators
UPDATE centre.source SET verified_for = '{need_food}' WHERE code = 'app';
SELECT tap.apply('app');
INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to('{"id": "2", "at": "2026-10-03", "about": "Food Water", "ward": "W1"}', 'UTF8'));
SELECT tap.apply('app');
SELECT set_eq($$SELECT i.code, o.verified FROM centre.observation o JOIN centre.indicator i USING (indicator_id) JOIN centre.document d USING (document_id) WHERE d.doc_key = '2'$$, $$VALUES ('need_food', true), ('need_water', false)$$, 'a verified source is believed for its own indicators');
-- a range of its own
UPDATE centre.source SET first_day = '2026-10-01' WHERE code = 'app';
INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to('[{"id": "3", "at": "2026-09-30", "about": "Food", "ward": "W1"}, {"id": "4", "at": "2026-10-01", "about": "Food", "ward": "W1"}]', 'UTF8'));
SELECT tap.apply('app');
SELECT results_eq($$SELECT doc_key, code FROM centre.dead_letter$$, $$VALUES ('3', 'I202')$$, 'a source has a first day of its own');

-- ---- stray dates: only months that occur, and old ones share a partition ----
UPDATE centre.source SET first_day = NULL;
CREATE TABLE tap.parts AS SELECT relid::text AS part FROM pg_partition_tree('centre.observation');
INSERT INTO centre.landing (source, format, payload) SELECT 'app', 'json', convert_to(format('{"id": "d%s", "at": "%s", "about": "Food", "ward": "W1"}', d, d), 'UTF8') FROM unnest('{2000-01-02,2007-05-05,2019-03-03,2024-08-08}'::text[]) AS d;
CALL centre.intake_apply(centre.open_batch('app'));
SELECT set_eq($$SELECT relid::text FROM pg_partition_tree('centre.observation') EXCEPT SELECT part FROM tap.parts$$, $$SELECT 'centre.observation_' || to_char(d, 'YYYY_MM') FROM unnest('{2019-03-03,2024-08-08}'::date[]) AS d WHERE d > now() - interval '10 years'$$,
  'a report of 2000 makes no partition, nor the months between');
SELECT set_eq($$SELECT d.doc_key FROM centre.observation_other o JOIN centre.document d USING (document_id) WHERE d.doc_key LIKE 'd%'$$, $$SELECT 'd' || d FROM unnest('{2000-01-02,2007-05-05,2019-03-03,2024-08-08}'::date[]) AS d WHERE d <= now() - interval '10 years'$$,
  'it is a fact, beside others of before the site''s ten years');
SELECT * FROM finish();
DROP ROLE send_app, send_gateway, send_web;
