-- A dataset of another room: cube over two dimensions and areas, audiences of different thresholds, sums under dominance rules.
\ir ../fixtures/country.sql
SELECT plan(22);
CREATE TABLE centre.demand_row (subject_id bigint, day date, verified boolean, area_id integer, ministry text, division text, competency text, cost numeric);
INSERT INTO centre.dataset (code, relation, flow) VALUES ('demand', 'centre.demand_row', 'event');
INSERT INTO centre.dimension (dataset, name, kind, columns, multiple) VALUES ('demand', 'area', 'area', '{area_id}', false),
  ('demand', 'unit', 'column', '{ministry,division}', false), ('demand', 'competency', 'column', '{competency}', true);
GRANT SELECT ON centre.demand_row TO civic_publisher;
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures) VALUES
  ('demand_internal', 'centre', 'month', 'demand', '{competency,unit}', '{subjects,cost}'), ('demand_provider', 'provider', 'month', 'demand', '{competency,unit}', '{subjects}');
-- who lacks what: division a1 40 officials, a2 7, b1 12; every official lacks sql, every second one law too
INSERT INTO centre.demand_row SELECT n, '2026-10-05', true, 7, left(d, 1), d, c, 100
  FROM (VALUES ('a1', 1, 40), ('a2', 101, 107), ('b1', 201, 212)) AS v (d, f, t), generate_series(f, t) AS n, unnest(ARRAY['sql', 'law']) AS c WHERE c = 'sql' OR n % 2 = 0;
-- a second, later row does not make a second person, and unverified or anonymous rows make none
INSERT INTO centre.demand_row SELECT subject_id, '2026-10-09', true, area_id, ministry, division, competency, 0 FROM centre.demand_row WHERE subject_id < 20;
INSERT INTO centre.demand_row SELECT n, '2026-10-05', n % 2 = 0, 7, 'b', 'b1', 'art', 1 FROM generate_series(301, 309) n;
INSERT INTO centre.demand_row SELECT NULL, '2026-10-05', true, 7, 'b', 'b1', 'art', 1 FROM generate_series(1, 20) n;
SET ROLE civic_publisher;
CALL centre.publish('demand_internal', '2026-10-31');
CALL centre.publish('demand_provider', '2026-10-31');
RESET ROLE;
SET ROLE civic_reader; SET search_path = dash, tap, public;
SELECT results_eq($$SELECT dim1, dim2, value FROM dash.cube('demand_internal', '2026-10') WHERE measure = 'subjects' AND dim1 = 'sql' ORDER BY 2 NULLS FIRST$$,
  $$VALUES ('sql', NULL, 59::float8), ('sql', 'a', 47), ('sql', 'a1', 40), ('sql', 'a2', 7), ('sql', 'b', 12), ('sql', 'b1', 12)$$, 'persons are counted once, by nested members and their total');
SELECT is_empty($$SELECT 1 FROM dash.released_row WHERE members[1] = '*total*'$$, 'there is no total over competencies, of which one has several');
SELECT results_eq($$SELECT dim2, value, reason FROM dash.cube('demand_internal', '2026-10') WHERE measure = 'subjects' AND dim1 = 'art'$$,
  $$VALUES (NULL, NULL::float8, 'withheld: too few people'), ('b1', NULL, 'withheld: too few people'), ('b', NULL, 'withheld: too few people')$$, 'four verified persons are withheld, whatever else was sent');
SELECT is((SELECT value FROM dash.cube('demand_internal', 'latest') WHERE measure = 'cost' AND dim1 = 'sql' AND dim2 = 'b1'), 1200::float8, 'sums');
SELECT throws_ok($$SELECT * FROM dash.cube('demand_provider', '2026-10')$$, '22023', 'there is no cube "demand_provider"', 'another audience''s cube is not there, nor named');
RESET ROLE; SET ROLE civic_provider; SET search_path = dash, tap, public;
SELECT results_eq($$SELECT dim2, value, reason IS NOT NULL FROM dash.cube('demand_provider', '2026-10') WHERE dim1 = 'sql' ORDER BY 1 NULLS FIRST$$,
  $$VALUES (NULL, 59::float8, false), ('a', 47, false), ('a1', NULL, true), ('a2', NULL, true), ('b', 12, false), ('b1', 12, false)$$, 'ten for providers: seven are withheld, and what would give them back');
SELECT throws_ok($$SELECT * FROM dash.cube('demand_internal', '2026-10')$$, '22023', 'there is no cube "demand_internal"', 'nor is this one for providers');
RESET ROLE; SET search_path = tap, public;
-- dominance: eleven contribute 1 each, one nearly all
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures) VALUES ('costs', 'centre', 'month', 'demand', '{competency,unit}', '{cost}');
INSERT INTO centre.demand_row SELECT n, '2026-09-05', true, 7, 'c', 'c1', 'sql', CASE n WHEN 1 THEN 1000 ELSE 5 END FROM generate_series(1, 12) n, generate_series(1, 3);
INSERT INTO centre.demand_row SELECT n, '2026-09-05', true, 7, 'c', 'c2', 'sql', 100 FROM generate_series(21, 60) n;
INSERT INTO centre.demand_row SELECT n, '2026-09-05', true, 7, 'c', 'c3', 'sql', 90 FROM generate_series(61, 99) n;
CALL centre.publish('costs', '2026-09-30');
SELECT results_eq($$SELECT members, status FROM centre.release_row WHERE release_id = (SELECT max(release_id) FROM centre.release) ORDER BY members$$,
  $$VALUES ('{sql,*total*}'::text[], 'ok'), ('{sql,division=c1}', 'x'), ('{sql,division=c2}', 'ok'), ('{sql,division=c3}', 'x'), ('{sql,ministry=c}', 'ok')$$,
  'a sum that one contributor dominates is withheld though twelve contribute, and the smallest sibling with it');
-- declarations that cannot be published
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('x', 'centre', 'month', 'demand', '{unit}')$$, '%leaves out dimension%', 'a dimension of several members needs to be named');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('quarterly', 'centre', 'quarter', 'demand', '{unit,competency}');
SELECT throws_like($$CALL centre.publish('quarterly', '2026-10-01')$$, '%overlaps a release%', 'one unit of period for a measure');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('x', 'centre', 'month', 'demand', '{age,competency}')$$, '%no dimension "age"%', 'dimensions that are not there');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, k) VALUES ('x', 'provider', 'month', 'demand', '{unit,competency}', 5)$$, '%lower threshold%', 'a threshold below the audience''s');
SELECT throws_like($$INSERT INTO centre.audience_cube VALUES ('provider', 'demand_internal', NULL)$$, '%needs a higher threshold%', 'a cube for five goes to no audience of ten');
SELECT throws_like($$UPDATE centre.dimension SET columns = '{ministry}' WHERE dataset = 'demand' AND name = 'unit'$$, '%are fixed%', 'dimensions are fixed once published');
-- a division in two ministries is no nesting
INSERT INTO centre.demand_row VALUES (1, '2026-10-20', true, 7, 'z', 'a1', 'sql', 1);
SELECT throws_like($$CALL centre.publish('demand_internal', '2026-10-31')$$, '%is not nested%', 'nesting is checked');
DELETE FROM centre.demand_row WHERE ministry = 'z';
INSERT INTO centre.demand_row VALUES (1, '2026-10-20', true, 7, 'a', 'a1', 'sql', 0.5);
INSERT INTO centre.demand_row VALUES (2, '2026-10-20', true, 7, 'a', 'a1', 'sql', -1), (3, '2026-10-20', true, 7, 'a', 'a1', 'sql', 9e99), (4, '2026-10-20', true, 7, 'a', 'a1', 'sql', 'NaN');
SELECT lives_ok($$CALL centre.publish('demand_internal', '2026-10-31')$$, 'amounts that are no whole multiples of the unit, negative or beyond reason stop nobody');
SELECT results_eq($$SELECT measure, amount FROM centre.unusable_rows('demand') ORDER BY amount$$, $$VALUES ('cost', -1::numeric), ('cost', 0.5), ('cost', 9e99), ('cost', 'NaN')$$, 'they are named to the operator');
SELECT is((SELECT max(value) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'demand_internal' AND x.measure = 'cost' AND members = '{sql,division=a1}'), 4000::numeric, 'and counted in no sum');
DELETE FROM centre.demand_row WHERE cost = 0.5;
SELECT is((SELECT count(*) FROM pg_class WHERE relname LIKE 'publish\_%' AND relkind = 'r'), 0::bigint, 'nothing temporary is left behind');
CALL centre.publish('demand_internal', '2026-10-31');
SELECT is((SELECT count(*) FROM centre.release WHERE cube = 'demand_internal'), 1::bigint, 'unchanged facts make no new release');
-- areas: an audience of one province sees its own part of a cube
UPDATE centre.audience SET k = 5 WHERE code = 'province';
INSERT INTO centre.cube VALUES ('needs', 'centre', '{report}', '{province}', 'month', '{all}');
INSERT INTO centre.audience_cube VALUES ('province', 'needs', 2);
CALL centre.publish('needs', '2026-10-01');
SET ROLE civic_province; SET search_path = dash, tap, public;
SELECT results_eq('SELECT area, value FROM dash.released', $$VALUES ('GT', 0::numeric)$$, 'a province sees itself');
SELECT is((SELECT count(*) FROM dash.release), 1::bigint, 'and that the cube was released');
RESET ROLE;
SELECT * FROM finish();
