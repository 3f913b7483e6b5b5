-- Requests of analysts, and what each shipped audience can read.
\ir ../fixtures/attack.sql
SELECT plan(27);
-- the public has the table by sex; an analyst asks for the one by need
CALL centre.publish('by_sex', '2026-01-01');
SET ROLE civic_analyst;
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place,need}', '{subjects}', 'month', '[2026-01-01,2026-02-01)')$$, 'an analyst asks for a cube');
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place,colour}', '{subjects}', 'month', '[2026-01-01,2026-02-01)')$$, 'and for a dimension that is not there');
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2020-01-01,2020-02-01)')$$, 'and for a month of nobody');
SELECT lives_ok($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'quarter', '[2026-01-01,2026-04-01)')$$, 'and for a quarter of months that are released');
SELECT throws_ok($$INSERT INTO centre.cube_request (dataset, dims, measures, period_unit, days, requested_by) VALUES ('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)', 'x')$$, '42501', NULL, 'nobody asks in another''s name');
SELECT throws_ok('SELECT * FROM centre.cube_request', '42501', NULL, 'or reads the requests of others');
SELECT throws_ok('UPDATE centre.cube_request SET answered_at = now()', '42501', NULL, 'or answers them');
SELECT results_eq('SELECT state FROM dash.cube_request ORDER BY request', $$SELECT 'waiting' FROM generate_series(1, 4)$$, 'one''s own wait');
RESET ROLE; SET ROLE civic_ticker;
SELECT throws_ok('SELECT centre.answer_requests()', '42501', NULL, 'the timer''s role does not answer, being no publisher');
RESET ROLE; SET ROLE civic_publisher;
SELECT is(centre.answer_requests(), 4::bigint, 'the publisher answers all');
SELECT is(centre.answer_requests(), 0::bigint, 'once');
RESET ROLE; SET ROLE civic_analyst;
SELECT results_eq('SELECT state, reason FROM dash.cube_request ORDER BY request',
  $$VALUES ('released', NULL), ('refused', 'dataset "raw" has no dimension "colour"'), ('refused', 'every value would have to be withheld: ask for fewer dimensions, larger areas or longer periods'),
    ('refused', 'it is published by the month')$$, 'with a release or with a reason');
SELECT results_eq($$SELECT dim1, dim2, value FROM dash.cube((SELECT cube FROM dash.cube_request WHERE state = 'released'), '2026-01') WHERE dim1 IS NULL ORDER BY 2 NULLS FIRST$$,
  $$VALUES (NULL, NULL, 255::float8), (NULL, 'food', 83), (NULL, 'power', 83), (NULL, 'water', 89)$$, 'and reads it');
RESET ROLE;
CREATE VIEW tap.both AS SELECT * FROM tap.published('by_sex') UNION SELECT members, value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE cube = 'request_1';
SELECT is_empty($$SELECT * FROM tap.subtract('tap.both') WHERE value < 5$$, 'which with what was released before gives nobody away');
SELECT is((SELECT count(*) FROM centre.cube WHERE code LIKE 'request%'), 1::bigint, 'a refused request leaves no cube');
SET ROLE civic_analyst;
SELECT throws_like($$SELECT centre.request_cube('raw', '{place}', '{subjects}', 'month', '[2026-01-01,2026-02-01)') FROM generate_series(1, 17)$$, '%too many requests%', 'twenty a day');
RESET ROLE;
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
SELECT * FROM finish();
