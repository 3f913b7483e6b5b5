-- Requests of analysts, and what each shipped audience can read.
\ir ../fixtures/attack.sql
SELECT no_plan();
-- the public has the table by sex; an analyst asks for the one by need
CALL centre.publish('by_sex', '2026-01-01');
UPDATE centre.dimension SET approval = true WHERE dataset = 'raw' AND name = 'sex';
DROP ROLE IF EXISTS asks_1, asks_2, approves_1, approves_2;  -- roles outlive the database of an earlier run
CREATE ROLE asks_1 IN ROLE civic_analyst; CREATE ROLE asks_2 IN ROLE civic_analyst; CREATE ROLE approves_1 IN ROLE civic_approver; CREATE ROLE approves_2 IN ROLE civic_approver;
CREATE FUNCTION tap.told(query text) RETURNS text LANGUAGE plpgsql AS $$ -- an error and what it says to do about it
DECLARE hint text; BEGIN EXECUTE query; RETURN 'nothing'; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT; RETURN SQLERRM || ' | ' || hint; END $$;
GRANT EXECUTE ON FUNCTION tap.told(text) TO PUBLIC;
SET SESSION AUTHORIZATION asks_1; SET ROLE civic_analyst;
SELECT is(tap.told($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)')$$), 'dataset "raw" is not open to requests | None is open: the publisher can declare a cube.', 'nothing may be asked for unless somebody has decided so');
RESET SESSION AUTHORIZATION;
UPDATE centre.dataset SET on_request = true WHERE code = 'raw';
SET SESSION AUTHORIZATION asks_1; SET ROLE civic_analyst;
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place,need}', '{subjects}', 'month', '[2026-01-01,2026-02-01)')$$, 'an analyst asks for a cube');
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2020-01-01,2020-02-01)')$$, 'and for a month of nobody');
SELECT is(tap.told(format('SELECT centre.request_cube(%L, %L, %L, %L, %L)', dataset, dims, measures, unit, days)), told, 'and is told what to change: ' || told) FROM (VALUES
  ('nothing', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'there is no dataset "nothing" | Open are raw.'),
  ('access', '{dormitory,reason}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'dataset "access" is not open to requests | Open are raw.'),
  ('raw', '{place,colour}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'dataset "raw" has no dimension "colour" | It has need, place, sex.'),
  ('raw', '{place,place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'a dimension is named twice | Name each once.'),
  ('raw', '{}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', '0 dimensions are asked for | Ask for one to four.'),
  ('raw', '{place}', '{}', 'month', '[2026-01-01,2026-02-01)', '0 measures are asked for | Ask for 1 to 20.'),
  ('raw', '{place}', '{ward}', 'month', '[2026-01-01,2026-02-01)', 'dataset "raw" has no measure "ward" | Measures are subjects, rows, and the numeric columns of centre.raw_row.'),
  ('raw', '{place}', '{subjects}', 'decade', '[2026-01-01,2026-02-01)', 'there is no unit of period "decade" | Units are day, week, month, quarter and year.'),
  ('raw', '{place}', '{subjects}', 'month', '[2026-01-01,)', 'days are without beginning or end, or too many | By the month ask for at most 1900 days at once, such as [2026-01-01,2026-02-01).'),
  ('raw', '{place}', '{subjects}', 'day', '[2026-01-01,2026-06-01)', 'days are without beginning or end, or too many | By the day ask for at most 62 days at once, such as [2026-01-01,2026-02-01).'),
  ('raw', '{place}', '{subjects}', 'quarter', '[2026-01-01,2026-04-01)', 'one of these measures is published by the month | Ask by the month.'),
  ('raw', '{sex}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'dimension "sex" needs an approver, and nobody approves for dataset "raw" | Leave it out, or have the publisher name an approver.')) AS v (dataset, dims, measures, unit, days, told);
SELECT throws_ok($$INSERT INTO centre.cube_request (dataset, dims, measures, period_unit, days, requested_by) VALUES ('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'x')$$, '42501', NULL, 'nobody asks in another''s name');
SELECT throws_ok($$INSERT INTO centre.cube_request (dataset, dims, measures, period_unit, days, approver) VALUES ('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', NULL)$$, '42501', NULL, 'or says who approves');
SELECT throws_ok('SELECT * FROM centre.cube_request', '42501', NULL, 'or reads the requests of others');
SELECT throws_ok('UPDATE centre.cube_request SET answered_at = now()', '42501', NULL, 'or answers them');
SELECT results_eq('SELECT state FROM dash.cube_request ORDER BY request', $$SELECT 'waiting' FROM generate_series(1, 2)$$, 'one''s own wait');
RESET SESSION AUTHORIZATION; SET ROLE civic_ticker;
SELECT throws_ok('SELECT centre.answer_requests()', '42501', NULL, 'the timer''s role does not answer, being no publisher');
RESET ROLE; SET ROLE civic_publisher;
SELECT is(centre.answer_request(), 1::bigint, 'the publisher answers one');
SELECT is((SELECT count(*) FROM centre.cube_request WHERE answered_at IS NULL), 1::bigint, 'and no other');
SELECT is(centre.answer_requests(), 1::bigint, 'or all there are');
SELECT is(centre.answer_request(), 0::bigint, 'once');
RESET ROLE; SET SESSION AUTHORIZATION asks_1; SET ROLE civic_analyst;
SELECT results_eq('SELECT state, reason FROM dash.cube_request ORDER BY request',
  $$VALUES ('released', NULL), ('refused', 'every value would have to be withheld: ask for fewer dimensions, larger areas or longer periods')$$, 'with a release or with a reason');
SELECT results_eq($$SELECT dim1, dim2, value FROM dash.cube((SELECT cube FROM dash.cube_request WHERE state = 'released'), '2026-01') WHERE dim1 IS NULL ORDER BY 2 NULLS FIRST$$,
  $$VALUES (NULL, NULL, 255::float8), (NULL, 'food', 83), (NULL, 'power', 83), (NULL, 'water', 89)$$, 'and reads it');
RESET SESSION AUTHORIZATION;
CREATE VIEW tap.both AS SELECT * FROM tap.published('by_sex') UNION SELECT members, value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE cube = 'request_1';
SELECT is_empty($$SELECT * FROM tap.subtract('tap.both') WHERE value < 5$$, 'which with what was released before gives nobody away');
SELECT is((SELECT count(*) FROM centre.cube WHERE code LIKE 'request%'), 1::bigint, 'a refused request leaves no cube');
-- the quota and the list are the login's, whatever role it has set
SET SESSION AUTHORIZATION asks_1; SET ROLE civic_analyst;
SELECT throws_like($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)') FROM generate_series(1, 19)$$, '%too many requests%', 'twenty a day');
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT is_empty('SELECT * FROM dash.cube_request', 'another login with the same role sees none of them');
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)') FROM generate_series(1, 19)$$, 'and has its own twenty');
RESET SESSION AUTHORIZATION;
UPDATE centre.cube_request SET answered_at = now(), reason = 'enough' WHERE answered_at IS NULL;
-- a dimension with approval waits for the login named for the dataset
UPDATE centre.dataset SET request_approver = 'approves_1' WHERE code = 'raw';
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT centre.request_cube('raw', '{place,sex}', '{subjects}', 'month', '[2026-01-01,2026-02-01)');
SELECT is((SELECT state FROM dash.cube_request ORDER BY request DESC LIMIT 1), 'waits for approval', 'a request for a dimension with approval waits for it');
RESET SESSION AUTHORIZATION; SET ROLE civic_publisher;
SELECT is(centre.answer_requests(), 0::bigint, 'the publisher does not answer it before');
RESET ROLE;
SELECT set_config('tap.asked', (SELECT max(request_id)::text FROM centre.cube_request), false);
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT throws_ok(format('SELECT centre.decide_request(%s, true)', current_setting('tap.asked')), '42501', NULL, 'whoever asks does not approve');
SET SESSION AUTHORIZATION approves_2; SET ROLE civic_approver;
SELECT throws_like(format('SELECT centre.decide_request(%s, true)', current_setting('tap.asked')), '%does not wait for a decision of approves_2', 'nor does an approver who is not the one named');
SELECT is_empty('SELECT * FROM centre.request_open', 'who does not even see it');
SET SESSION AUTHORIZATION approves_1; SET ROLE civic_approver;
SELECT results_eq('SELECT requested_by, dims FROM centre.request_open', $$VALUES ('asks_2'::name, '{place,sex}'::text[])$$, 'the one named does');
SELECT lives_ok(format('SELECT centre.decide_request(%s, true)', current_setting('tap.asked')), 'and approves');
SELECT throws_ok(format('SELECT centre.decide_request(%s, false)', current_setting('tap.asked')), '42501', NULL, 'once');
RESET SESSION AUTHORIZATION; SET ROLE civic_publisher;
SELECT is(centre.answer_requests(), 1::bigint, 'then it is answered');
RESET ROLE; SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT is((SELECT state FROM dash.cube_request ORDER BY request DESC LIMIT 1), 'released', 'with releases');
RESET SESSION AUTHORIZATION; UPDATE centre.cube_request SET requested_at = requested_at - interval '2 days';
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT centre.request_cube('raw', '{need,sex}', '{subjects}', 'month', '[2026-01-01,2026-02-01)');
SET SESSION AUTHORIZATION approves_1; SET ROLE civic_approver;
SELECT centre.decide_request((SELECT request_id FROM centre.request_open), false, 'sex is not needed for this');
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT results_eq('SELECT state, reason FROM dash.cube_request ORDER BY request DESC LIMIT 1', $$VALUES ('refused', 'not approved: sex is not needed for this')$$, 'or the analyst reads why not');
RESET SESSION AUTHORIZATION;
UPDATE centre.dataset SET request_approver = 'asks_2' WHERE code = 'raw';
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT throws_ok($$SELECT centre.request_cube('raw', '{need,sex}', '{subjects}', 'month', '[2026-01-01,2026-02-01)')$$, '42501', 'nobody approves a request of his own', 'and nobody approves his own');
-- several periods: one at a time, as long as the budget lasts
RESET SESSION AUTHORIZATION;
UPDATE centre.dataset SET request_budget = '0' WHERE code = 'raw';
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT centre.request_cube('raw', '{place,need}', '{subjects}', 'month', '[2026-01-01,2026-03-01)');
RESET SESSION AUTHORIZATION; SET ROLE civic_publisher;
SELECT centre.answer_requests();
RESET ROLE; SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT results_eq('SELECT state, reason FROM dash.cube_request ORDER BY request DESC LIMIT 1',
  $$VALUES ('partly released', 'it took longer than a request may: released are the days before 2026-02-01; ask for the others by themselves, or for fewer dimensions')$$, 'a budget ends it after a period, and says so');
RESET SESSION AUTHORIZATION;
UPDATE centre.dataset SET request_budget = '1 minute' WHERE code = 'raw';
SET SESSION AUTHORIZATION asks_2; SET ROLE civic_analyst;
SELECT centre.request_cube('raw', '{need}', '{rows}', 'month', '[2026-01-01,2026-03-01)');
RESET SESSION AUTHORIZATION; SET ROLE civic_publisher;
SELECT centre.answer_request();
RESET ROLE;
SELECT results_eq('SELECT next_day, answered_at IS NULL FROM centre.cube_request ORDER BY request_id DESC LIMIT 1', $$VALUES ('2026-02-01'::date, true)$$, 'one round publishes one period');
SET ROLE civic_publisher;
SELECT centre.answer_request();
RESET ROLE;
SELECT is((SELECT count(*) FROM centre.release r WHERE r.cube = (SELECT cube FROM centre.cube_request WHERE answered_at IS NOT NULL ORDER BY request_id DESC LIMIT 1)), 2::bigint, 'and the next the next');
-- the publisher's report
SET ROLE civic_publisher;
SELECT results_eq($$SELECT detail, cells, withheld > 0, advice IS NOT NULL FROM centre.publication_advice('by_sex') WHERE detail IN ('total', 'sex × ward')$$,
  $$VALUES ('sex × ward', 32::bigint, true, false), ('total', 2, false, false)$$, 'the share withheld by table');
RESET ROLE;
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 50000 + i, 'east', 'e' || i % 9, 'f', 'food' FROM generate_series(1, 40) AS i;
SET ROLE civic_publisher;
CALL centre.publish('by_need', '2026-01-01');
SELECT matches((SELECT string_agg(advice, ';') FROM centre.publication_advice('by_need')), 'coarsen', 'and what to coarsen');
RESET ROLE;
-- audiences: each reads its own cube, in its own areas, and nothing else
INSERT INTO centre.demarcation VALUES ('x', '(,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES (900, 'C', 'x', 'country', 'C', NULL), (901, 'A', 'x', 'province', 'A', 900), (902, 'B', 'x', 'province', 'B', 900);
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;
CREATE TABLE centre.seen_row AS SELECT i::bigint AS subject_id, date '2026-01-10' AS day, true AS verified, 901 + i % 2 AS area_id FROM generate_series(1, 60) AS i;
INSERT INTO centre.dataset (code, relation) VALUES ('seen', 'centre.seen_row');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('seen', 'area', 'area', '{area_id}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels) SELECT 'of_' || a.code, a.code, 'month', 'seen', '{area}', '{country,province}' FROM centre.audience a WHERE a.code <> 'public';
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels) VALUES ('of_all', 'public', 'month', 'seen', '{area}', '{country,province}');
INSERT INTO centre.audience_cube SELECT a.code, 'of_all', 902 FROM centre.audience a WHERE a.code <> 'public';
GRANT SELECT ON centre.seen_row TO civic_publisher;
CREATE TABLE tap.reads (reader text, cube text, areas text);
GRANT INSERT ON tap.reads TO PUBLIC;
SET ROLE civic_publisher;
DO $$ DECLARE c text; BEGIN FOR c IN SELECT code FROM centre.cube WHERE dataset = 'seen' ORDER BY 1 LOOP CALL centre.publish(c, '2026-01-01'); END LOOP; END $$;
RESET ROLE;
DO $$ DECLARE a record; BEGIN FOR a IN SELECT * FROM centre.audience LOOP
  EXECUTE format('SET LOCAL ROLE %I', a.reader);
  INSERT INTO tap.reads SELECT a.code, r.cube, string_agg(r.members[1], ',' ORDER BY r.members) FROM dash.released_row r WHERE r.dataset = 'seen' GROUP BY r.cube;
  RESET ROLE;
END LOOP; END $$;
SELECT set_eq(format('SELECT cube, areas FROM tap.reads WHERE reader = %L', a), CASE a WHEN 'public' THEN $$VALUES ('of_all', '900,901,902')$$ ELSE format($$VALUES ('of_%s', '900,901,902'), ('of_all', '902')$$, a) END,
  a || ' reads its own cube whole, another in the area it was given, and no more') FROM (SELECT code FROM centre.audience ORDER BY code) AS x (a);
-- who asked is not kept for ever, nor read by a later login of the same name: the request goes when the site says so, what was released for it stays
CREATE TABLE tap.request_cube AS SELECT c.code, (SELECT count(*) FROM centre.release r WHERE r.cube = c.code) AS releases FROM centre.cube c WHERE c.code LIKE 'request\_%';
SELECT is((SELECT count(*) FILTER (WHERE releases > 0) > 0 FROM tap.request_cube), true, 'there are releases for requests');
UPDATE centre.retention SET keep = '1 year' WHERE relation = 'cube_request';
CREATE TABLE tap.retained AS SELECT centre.apply_retention(now() + interval '11 months') AS rows;
SELECT isnt_empty($$SELECT FROM centre.cube_request WHERE answered_at IS NOT NULL$$, 'within the time requests stay');
SELECT centre.apply_retention(now() + interval '13 months') \g /dev/null
SELECT is_empty($$SELECT FROM centre.cube_request WHERE answered_at IS NOT NULL$$, 'then those that were answered go, with the names of logins');
SELECT set_eq($$SELECT c.code, (SELECT count(*) FROM centre.release r WHERE r.cube = c.code) FROM centre.cube c WHERE c.code LIKE 'request\_%'$$, $$TABLE tap.request_cube$$, 'and no cube or release of theirs');
SELECT * FROM finish();
