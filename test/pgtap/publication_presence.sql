-- Which rows there are tells nobody's attributes; totals of coarse areas come first; held values say that they are; methods are said.
\ir ../fixtures/country.sql
SELECT no_plan();
SET client_min_messages = warning;
CREATE TABLE centre.presence_row (subject_id bigint, day date DEFAULT '2026-10-05', verified boolean DEFAULT true, ward text, sex text, need text);
GRANT SELECT ON centre.presence_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation) VALUES ('presence', 'centre.presence_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('presence', 'ward', '{ward}'), ('presence', 'sex', '{sex}'), ('presence', 'need', '{need}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('presence', 'centre', 'month', 'presence', '{need,sex,ward}');
-- ward w1 has one woman in need of food; the others have many of all kinds
INSERT INTO centre.presence_row (subject_id, ward, sex, need) VALUES (1, 'w1', 'f', 'food');
INSERT INTO centre.presence_row (subject_id, ward, sex, need) SELECT 100 * w + i, 'w' || w, CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END, (ARRAY['food', 'water', 'power'])[1 + i % 3] FROM generate_series(2, 5) AS w, generate_series(1, 60) AS i;
CREATE VIEW tap.weak_presence AS SELECT DISTINCT ward, sex, need FROM centre.presence_row;
SELECT results_eq($$SELECT sex, need FROM tap.weak_presence WHERE ward = 'w1'$$, $$VALUES ('f', 'food')$$, 'the rows that there are tell who she is');
SET ROLE civic_publisher;
CALL centre.publish('presence', '2026-10-31');
RESET ROLE;
SET ROLE civic_reader; SET search_path = dash, tap, public;
SELECT is((SELECT r.value FROM dash.released_row r WHERE cube = 'presence' AND members = '{*total*,*total*,w1}'), NULL, 'her ward is withheld');
SELECT is((SELECT count(*) FROM dash.released_row r WHERE cube = 'presence' AND members[3] = 'w1' AND value IS NULL), 12::bigint, 'with all sexes and needs that there are, crossed with one another and their totals');
SELECT is((SELECT count(*) FROM dash.cube('presence', '2026-10') WHERE dim3 = 'w1' AND dim1 IS NOT NULL AND dim2 IS NOT NULL), 6::bigint, 'in dash.cube() too');
RESET ROLE; SET search_path = tap, public;

-- ---- a member that is listed is somebody ----
-- a ministry of ten in nine divisions: where there is one at least in each, eight are known to within 1 or 2; two more ministries have many
CREATE TABLE centre.nested_row (subject_id bigint, day date DEFAULT '2026-10-05', verified boolean DEFAULT true, ministry text, division text);
GRANT SELECT ON centre.nested_row TO civic_publisher;
INSERT INTO centre.nested_row (subject_id, ministry, division) SELECT i, 'A', 'A' || greatest(i, 2) FROM generate_series(1, 10) AS i;
INSERT INTO centre.nested_row (subject_id, ministry, division) SELECT 100 * m + i, 'B' || m, 'D' || m || i % 4 FROM generate_series(1, 2) AS m, generate_series(1, 80) AS i;
INSERT INTO centre.dataset (code, relation) VALUES ('nested', 'centre.nested_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('nested', 'unit', '{ministry,division}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('nested', 'centre', 'month', 'nested', '{unit}');
SET ROLE civic_publisher;
CALL centre.publish('nested', '2026-10-31');
RESET ROLE;
CREATE VIEW tap.nested AS SELECT x.members[1] AS member, x.value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.cube = 'nested';
SELECT is((SELECT count(*) FROM tap.nested WHERE member LIKE 'division=A%' AND value IS NULL), 9::bigint, 'nine divisions are withheld, and listed');
SELECT is((SELECT value FROM tap.nested WHERE member = 'ministry=A'), NULL, 'so their ministry is withheld too: of its ten all but one would be known');
SELECT cmp_ok((SELECT count(value) FROM tap.nested WHERE member NOT LIKE '%=A%'), '>=', 8::bigint, 'most of the others are shown');
-- likewise of one dimension of plain members
CREATE TABLE centre.thin_row AS SELECT subject_id, day, verified, division FROM centre.nested_row WHERE ministry = 'A' OR division = 'D11';
GRANT SELECT ON centre.thin_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation) VALUES ('thin', 'centre.thin_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('thin', 'division', '{division}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('thin', 'centre', 'month', 'thin', '{division}');
SET ROLE civic_publisher;
CALL centre.publish('thin', '2026-10-31');
RESET ROLE;
SELECT is((SELECT array_agg(x.members[1] ORDER BY 1) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.cube = 'thin' AND x.value IS NOT NULL AND x.members[1] IN ('*total*', 'D11')) IS NOT DISTINCT FROM '{*total*,D11}', false,
          'a total and the only large member are not shown together where all others are small');

-- ---- totals of coarse areas come first ----
-- three provinces of two districts, many wards of few
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 5000 + p, 'XP' || p, (SELECT min(code) FROM centre.demarcation), 'province', 'XP' || p, (SELECT area_id FROM centre.area WHERE level = 'country' LIMIT 1) FROM generate_series(1, 4) AS p;
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 6000 + i, 'XW' || i, (SELECT min(code) FROM centre.demarcation), 'ward', 'XW' || i, 5001 + i % 4 FROM generate_series(1, 80) AS i;
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area WHERE area_id BETWEEN 5001 AND 6080;
CREATE TABLE centre.levels_row AS SELECT 10000 * w + i AS subject_id, date '2026-10-05' AS day, true AS verified, 6000 + w AS area_id, CASE WHEN (i * 7 + w) % 5 < 2 THEN 'm' ELSE 'f' END AS sex, (ARRAY['a', 'b', 'c', 'd'])[1 + (i * 3 + w) % 4] AS age
  FROM generate_series(1, 80) AS w, generate_series(1, CASE WHEN w % 4 = 3 THEN CASE WHEN w < 10 THEN 1 ELSE 0 END ELSE 1 + (w * 13) % 17 END) AS i;
GRANT SELECT ON centre.levels_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation) VALUES ('levels', 'centre.levels_row');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('levels', 'area', 'area', '{area_id}'), ('levels', 'sex', 'column', '{sex}'), ('levels', 'age', 'column', '{age}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels, must_publish) VALUES ('levels', 'centre', 'month', 'levels', '{age,area,sex}', '{country,province,ward}', '{country,province}');
SELECT is((SELECT count(*) FROM centre.levels_row WHERE area_id % 4 = 3), 2::bigint, 'a province has two persons');
SET ROLE civic_publisher;
SELECT lives_ok($$CALL centre.publish('levels', '2026-10-31')$$, 'country and provinces come first, and a small province is no error');
SELECT is((SELECT withheld FROM centre.release_must), 2::bigint, 'it is withheld, and one other province with it');
SELECT is((SELECT cells FROM centre.release_must), 5::bigint, 'of five totals');
SELECT isnt((SELECT price FROM centre.release_must), NULL, 'what that costs is known');
SELECT matches((SELECT advice FROM centre.publication_advice('levels') WHERE detail = 'must_publish {country,province}'), '^costs -?\d+ other values$', 'and said to the publisher');
RESET ROLE;
SELECT is((SELECT count(value) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.cube = 'levels' AND members[1] = '*total*' AND members[3] = '*total*' AND members[2] NOT LIKE '60__'), 3::bigint, 'the others are shown');
SET ROLE civic_reader;
SELECT throws_ok($$SELECT * FROM centre.release_must$$, '42501', NULL, 'and not to readers');
RESET ROLE;

-- ---- held values ----
INSERT INTO centre.presence_row (subject_id, ward, sex, need) SELECT 90000 + i, 'w2', 'f', 'food' FROM generate_series(1, 2) AS i;
SET ROLE civic_publisher;
CALL centre.publish('presence', '2026-10-31');
RESET ROLE;
SET ROLE civic_reader; SET search_path = dash, tap, public;
SELECT is((SELECT ARRAY[r.value::text, r.status, r.reason] FROM dash.released_row r WHERE cube = 'presence' AND members = '{*total*,*total*,w2}'), ARRAY['60', 'held', NULL], 'a value that a change is kept from says so');
SELECT is((SELECT shown FROM dash.cube('presence', '2026-10') WHERE dim1 IS NULL AND dim2 IS NULL AND dim3 = 'w2'), '60, of an earlier release', 'in words');
SELECT isnt_empty($$SELECT FROM dash.released_row r WHERE cube = 'presence' AND status = 'exact' AND members[3] IN ('w3', 'w4', 'w5')$$, 'those that have not changed do not');
RESET ROLE; SET search_path = tap, public;

-- ---- methods ----
INSERT INTO centre.dataset (code, relation, method) VALUES ('rounded', 'centre.rounded_row', 'round');
CREATE TABLE centre.rounded_row AS SELECT * FROM centre.presence_row;
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('rounded', 'sex', '{sex}');
SELECT throws_ok($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('exactly', 'centre', 'month', 'rounded', '{sex}', 'suppress')$$, '22023', 'cube "exactly" is published by another method than dataset "rounded"', 'a cube that asks for suppression in a rounded dataset is an error');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('rounded', 'centre', 'month', 'rounded', '{sex}');
SELECT is((SELECT method FROM centre.cube WHERE code = 'rounded'), 'round', 'one that says nothing is rounded');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('rounded_public', 'public', 'month', 'rounded', '{sex}');
UPDATE centre.dataset SET method = 'suppress' WHERE code = 'rounded';
SELECT is((SELECT array_agg(DISTINCT method) FROM centre.cube WHERE dataset = 'rounded'), '{suppress}', 'before the first release all cubes of a dataset change their method with it');
UPDATE centre.dataset SET method = 'round' WHERE code = 'rounded';
SELECT is((SELECT array_agg(DISTINCT method) FROM centre.cube WHERE dataset = 'rounded'), '{round}', 'and back');
SELECT throws_ok($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('noisy', 'centre', 'month', 'rounded', '{sex}', 'cellkey')$$, '22023', NULL, 'noise beside what is rounded is an error');
SELECT * FROM finish();
