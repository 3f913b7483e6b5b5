-- One payload of every strange kind: each becomes a dead letter that names it, and what lies beside it becomes facts.
\ir ../fixtures/country.sql
SET client_min_messages = error;
SELECT plan(45);
-- one(poison): a poisoned document between two sound ones in one payload, and a sound payload beside it; the letters' codes and fields, and how many sound ones became facts
CREATE FUNCTION tap.one(what text, poison text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  letters text;
  sound bigint;
BEGIN
  PERFORM tap.land('app', format('[{"id": "a-%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}, %s, {"id": "b-%1$s", "at": "2026-10-03", "about": "Water", "ward": "W1"}]', what, poison));
  PERFORM tap.land('app', format('{"id": "c-%s", "at": "2026-10-03", "about": "Food", "ward": "W2"}', what));
  PERFORM tap.tick();
  SELECT string_agg(d.code || ' ' || d.field, ', ' ORDER BY d.code, d.field) INTO letters FROM centre.dead_letter d
    WHERE d.landing_id IN (SELECT landing_id FROM centre.landing WHERE batch_id = (SELECT max(batch_id) FROM centre.batch WHERE source = 'app'));
  SELECT count(*) INTO sound FROM centre.document d WHERE d.doc_key IN ('a-' || what, 'b-' || what, 'c-' || what) AND d.first_day IS NOT NULL;
  RETURN concat_ws(': ', sound, letters);
END $$;
-- the step as the timer does it
CREATE FUNCTION tap.tick() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE handled bigint;
BEGIN
  SET LOCAL ROLE civic_ticker;
  handled := centre.tick_round('intake', 'app');
  RESET ROLE;
  RETURN handled;
END $$;
CREATE FUNCTION tap.doc(extra text) RETURNS text LANGUAGE sql AS $$ SELECT format('{"id": "x%s", "at": "2026-10-03", "about": "Food", "ward": "W1", %s}', hashtext(extra), extra) $$;

SELECT is(tap.one('long-id', format('{"id": "%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 90) AS i))), '3: I110 doc_key', 'an id of 2,880 characters');
SELECT is(tap.one('words', format('{"id": "w", "at": "2026-10-03", "ward": "W1", "about": "%s"}', (SELECT string_agg('w' || i, ' ') FROM generate_series(1, 40000) AS i))), '3: I110 indicator', '40,000 words');
SELECT is(tap.one('words2', format('{"id": "w", "at": "2026-10-03", "ward": "W1", "about": "%s"}', (SELECT string_agg('w' || i, ' ') FROM generate_series(1, 400) AS i))), '3: I111 indicator', '400 words');
SELECT is(tap.one('object-id', '{"id": {"a": [1, {"b": 2}]}, "at": "2026-10-03", "about": "Food", "ward": "W1"}'), '3: I113 doc_key', 'an object as id');
SELECT is(tap.one('list-ward', '{"id": "l", "at": "2026-10-03", "about": "Food", "ward": ["W1", "W2"]}'), '3: I113 area', 'a list as area');
SELECT is(tap.one('version', tap.doc('"v": "9e99"')), '3: I112 version', 'a version of 9e99');
SELECT is(tap.one('negative', tap.doc('"v": -1')), '3: I112 version', 'a version below nought');
SELECT is(tap.one('value', tap.doc('"n": "1e60"')), '3: I112 value', 'a value of 1e60');
SELECT is(tap.one('digits', tap.doc('"n": "0.00000000000000000000001"')), '3: I112 value', 'a value of 23 places');
SELECT is(tap.one('nan', tap.doc('"n": "NaN"')), '3: I102 value', 'a value that is none');
SELECT is(tap.one('born', tap.doc('"born": 1990.5')), '3: I112 birth_year', 'half a year of birth');
SELECT is(tap.one('phone', tap.doc(format('"phone": "%s"', repeat('0', 6000)))), '3: I110 subject', 'an identity of 6,000 characters');
SELECT is(tap.one('ward', tap.doc(format('"at": "2026-10-03", "ward": "%s"', repeat('W', 6000)))), '3: I110 area', 'a key of an area of 6,000 characters');
SELECT is(tap.one('year0', '{"id": "y", "at": "0000-01-01", "about": "Food", "ward": "W1"}'), '3: I203 occurred_at', 'the year nought');
SELECT is(tap.one('year9999', '{"id": "y", "at": "9999-12-31", "about": "Food", "ward": "W1"}'), '3: I201 occurred_at', 'the year 9999');
SELECT is(tap.one('null', 'null'), '3: I003 ', 'nothing');
SELECT is(tap.one('number', '17'), '3: I003 ', 'a number');
SELECT is(tap.one('sex', tap.doc('"sex": {"f": 1}')), '3: I113 sex', 'an object as sex');
SELECT is(tap.one('pole', tap.doc('"ward": null, "lon": "1e99", "lat": "-1e99"')), '3: I302 longitude', 'a position beyond the poles');
-- a few bytes that would be gigabytes wherever the document is written out
SELECT is(tap.one('wide', tap.doc('"x": [' || repeat('1e130000,', 9000) || '0]')), '3: I112 ', 'numbers that are 1 GB written out');
SELECT is(tap.one('narrow', tap.doc('"x": {"y": [{"z": -1e-16000}]}')), '3: I112 ', 'and such as are next to nothing');
SELECT is(tap.one('alone', '[[1E+99999]]'), '3: I112 ', 'even where there is no document');
SELECT is(tap.one('hash', '{"id": "hash", "at": "2026-10-03", "about": "Food", "ward": "W1", "x": ["1e130000", 1.5e-99, 1e+099, 0e5000]}'), '3', 'but no text that looks like one, and no number of less than a hundred digits');
SELECT tap.land('app', '[{"id": "w1", "phone": "p-wide", "x": 1e130000}, {"id": "w2", "at": "2026-10-03", "about": "Food", "ward": "W1", "phone": "p-other"}]');
SELECT tap.tick();
SELECT is((SELECT count(*) FROM centre.disclose(centre.pseudonym('p-wide')) WHERE relation = 'landing' AND content::text LIKE '%p-wide%'), 1::bigint, 'what such a document says of a person is disclosed');
SELECT is((SELECT rows FROM centre.erase(centre.pseudonym('p-wide')) WHERE relation = 'landing'), 1::bigint, 'and erased');
SELECT results_eq($$SELECT convert_from(payload, 'UTF8') ~ 'p-other', convert_from(payload, 'UTF8') ~ 'p-wide' FROM centre.landing WHERE convert_from(payload, 'UTF8') ~ '"w2"'$$, 'VALUES (true, false)', 'while what lies beside it stays');
-- deeper than whoever looks for a person in it could follow
SELECT tap.land('app', format('{"id": "deep%s", "at": "2026-10-03", "about": "Food", "ward": "W1", "phone": "p-deep", "x": %s1%s}', d, repeat('[', d), repeat(']', d))) FROM unnest('{500,520,10000}'::integer[]) AS d;
SELECT tap.tick();
SELECT results_eq($$SELECT doc_key FROM centre.document WHERE doc_key LIKE 'deep%'$$, ARRAY['deep500'], 'a document of 500 levels is read');
SELECT is((SELECT count(*) FROM centre.dead_letter d JOIN centre.landing l USING (landing_id) WHERE d.code = 'I001' AND convert_from(l.payload, 'UTF8') LIKE '{"id": "deep%'), 2::bigint, 'deeper ones are not');
SELECT is((SELECT rows FROM centre.erase(centre.pseudonym('p-deep')) WHERE relation = 'landing'), 3::bigint, 'and keep nobody from being erased');
SELECT is_empty($$SELECT landing_id FROM centre.landing WHERE payload LIKE '%p-deep%'::bytea$$, 'from any of them');
-- answers with a key of 6,000 characters
INSERT INTO centre.intake_map (source, target, path, options) VALUES ('app', 'answers', '{answers}', '{"form": "f", "version": "1", "lang": "en"}');
SELECT is(tap.one('answers', tap.doc(format('"answers": {"%s": "maybe"}', repeat('q', 6000)))), '3: I103 answers.' || repeat('q', 92), 'a question of 6,000 characters');
DELETE FROM centre.intake_map WHERE target = 'answers';

-- ---- payloads as a whole ----
INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to('{"x": "' || repeat('x', 17000000) || '"}', 'UTF8')),
  ('app', 'json', convert_to(repeat('[', 200000) || repeat(']', 200000), 'UTF8')), ('app', 'json', '\xff00'), ('app', 'json', ''), ('app', 'json', '[]'), ('app', 'csv', ''), ('app', 'json', convert_to('"\u0000"', 'UTF8'));
SELECT tap.land('app', '{"id": "beside", "at": "2026-10-03", "about": "Food", "ward": "W1"}');
SELECT tap.tick() FROM generate_series(1, 3);
SELECT results_eq($$SELECT code, count(*) FROM centre.dead_letter d WHERE landing_id > (SELECT min(landing_id) FROM centre.landing WHERE octet_length(payload) > 16777216) - 1 GROUP BY 1 ORDER BY 1$$,
  $$VALUES ('I001', 4::bigint), ('I004', 1)$$, 'too large, too deep, no text, nothing: five letters, and two that say nothing');
SELECT is((SELECT count(*) FROM centre.document WHERE doc_key = 'beside'), 1::bigint, 'and what lies beside them is read');
SELECT is((SELECT count(*) FROM centre.landing WHERE batch_id IS NULL), 0::bigint, 'nothing waits');

-- ---- what nobody thought of: found by halving ----
CREATE FUNCTION tap.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the number 082 555 1234' USING ERRCODE = '22012'; END $$;
CREATE TRIGGER break BEFORE INSERT ON centre.document FOR EACH ROW WHEN (new.doc_key LIKE 'bad%') EXECUTE FUNCTION tap.refuse();
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', CASE WHEN i IN (7, 300) THEN 'bad' ELSE 'good' END || i, 'at', '2026-10-03', 'about', 'Food', 'ward', 'W1')) FROM generate_series(1, 500) AS i)::text);
SELECT tap.land('app', format('{"id": "%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}', CASE i WHEN 17 THEN 'bad17' ELSE 'fine' || i END)) FROM generate_series(1, 40) AS i;
SELECT is(tap.tick(), 540::bigint, 'a batch with three documents that fail is worked on');
SELECT results_eq($$SELECT split_part(doc_key, ':', 3), value FROM centre.dead_letter WHERE code = 'I900' ORDER BY landing_id, length(doc_key), doc_key$$, $$VALUES ('7', '22012'), ('300', '22012'), ('1', '22012')$$, 'each of the three is set aside with its landing, its number and the error');
SELECT is((SELECT count(*) FROM centre.document WHERE doc_key ~ '^(good|fine)'), 537::bigint, 'and all others are facts');
SELECT is((SELECT report -> 'codes' FROM centre.batch ORDER BY batch_id DESC LIMIT 1), '{"I900": 3}'::jsonb, 'the report says so');
SELECT is_empty($$SELECT * FROM centre.dead_letter x WHERE x::text LIKE '%082 555%'$$, 'what the message says is nowhere');
DROP TRIGGER break ON centre.document;
CALL centre.intake_retry('I900');
SELECT is((SELECT count(*) FROM centre.document WHERE doc_key LIKE 'bad%'), 3::bigint, 'once mended, they are tried again');
SELECT is_empty($$SELECT * FROM centre.dead_letter WHERE code = 'I900' AND resolved_at IS NULL$$, 'and no longer open');
-- what speaks of the server is no fault of a document
ALTER TABLE centre.document RENAME COLUMN deleted TO gone;
SELECT tap.land('app', '{"id": "server", "at": "2026-10-03", "about": "Food", "ward": "W1"}');
SELECT throws_ok('SELECT centre.tick_round(''intake'', ''app'')', '42703', NULL, 'an error of the server is raised');
SELECT is((SELECT count(*) FROM centre.landing WHERE batch_id IS NULL), 1::bigint, 'and the payload waits');
ALTER TABLE centre.document RENAME COLUMN gone TO deleted;

-- ---- rounds that are cut off: fewer at a time, and at last the one in the way is set aside ----
SELECT tap.land('app', format('{"id": "slow%s", "at": "2026-10-03", "about": "Food", "ward": "W1"}', i)) FROM generate_series(1, 3) AS i;
INSERT INTO centre.tick_log (step, item, started_at) SELECT 'intake', 'app', now() FROM generate_series(1, 6);
SELECT tap.tick();
SELECT results_eq($$SELECT count(*) FROM centre.landing WHERE batch_id IS NULL$$, ARRAY[3::bigint], 'after five rounds cut off one payload is tried');
INSERT INTO centre.tick_log (step, item, started_at) VALUES ('intake', 'app', now());
SELECT tap.tick();
SELECT results_eq($$SELECT code, value FROM centre.dead_letter WHERE resolved_at IS NULL AND code = 'I901'$$, $$VALUES ('I901', '57014')$$, 'after six it is set aside');
SELECT * FROM finish();
