-- Attacks on releases through what no declared cell shows: finer cells, areas that move, other cuts, the rest of a proportion, sums that are
-- counts, oneself, and requests.  Each is first seen to work on true values under a threshold alone.
\ir ../fixtures/attack.sql
SELECT no_plan();
CREATE TABLE centre.quiet_row (subject_id bigint, day date DEFAULT '2026-01-10', verified boolean DEFAULT true, ward text, sex text, area_id integer, age integer, amount numeric);
GRANT SELECT ON centre.quiet_row TO civic_publisher;
CREATE FUNCTION tap.release_of(of_cube text, of_measure text DEFAULT 'subjects') RETURNS TABLE (members text[], value numeric) LANGUAGE sql AS
  $$ SELECT x.members, x.value FROM centre.release r JOIN centre.release_row x USING (release_id) WHERE r.cube = of_cube AND r.current AND x.measure = of_measure $$;

-- A cube without the sex: the first woman of a ward is a finest cell that was not there before.
INSERT INTO centre.quiet_row (subject_id, ward, sex) SELECT 1000 * w + i, 'w' || w, 'm' FROM generate_series(1, 5) AS w, generate_series(1, 20 + w) AS i;
INSERT INTO centre.dataset (code, relation) VALUES ('finer', 'centre.quiet_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('finer', 'ward', '{ward}'), ('finer', 'sex', '{sex}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('finer', 'public', 'month', 'finer', '{ward}');
CALL centre.publish('finer', '2026-01-01');
CREATE TABLE tap.finer_before AS SELECT * FROM tap.release_of('finer');
CREATE TABLE tap.weak_finer AS SELECT ward, count(DISTINCT subject_id) AS n FROM centre.quiet_row GROUP BY ward;
INSERT INTO centre.quiet_row (subject_id, ward, sex) VALUES (99001, 'w1', 'f');
SELECT results_eq($$SELECT ward, count(DISTINCT q.subject_id) - b.n FROM centre.quiet_row q JOIN tap.weak_finer b USING (ward) GROUP BY ward, b.n HAVING count(DISTINCT q.subject_id) <> b.n$$, $$VALUES ('w1', 1::bigint)$$,
  'under a threshold alone two tables tell of one who came');
CALL centre.publish('finer', '2026-01-01');
SELECT is_empty('SELECT * FROM tap.release_of(''finer'') EXCEPT SELECT * FROM tap.finer_before', 'a release holds her, though her cell is new and not shown');
INSERT INTO centre.quiet_row (subject_id, ward, sex) SELECT 99001 + i, 'w1', 'f' FROM generate_series(1, 9) AS i;
CALL centre.publish('finer', '2026-01-01');
SELECT is((SELECT value FROM tap.release_of('finer') WHERE members = '{w1}'), 31::numeric, 'until ten have come');
DELETE FROM centre.quiet_row WHERE subject_id = 2001;
INSERT INTO centre.quiet_row (subject_id, ward, sex) VALUES (2001, 'w2', 'x');
CALL centre.publish('finer', '2026-01-01');
SELECT is((SELECT value FROM tap.release_of('finer') WHERE members = '{w2}'), 22::numeric, 'who changes cells within a ward changes nothing');

-- The hierarchy is corrected: a ward of three persons turns out to lie in the other district.
INSERT INTO centre.demarcation (code, source) VALUES ('d', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES (1, 'C', 'd', 'country', 'C', NULL), (10, 'A', 'd', 'district', 'A', 1), (20, 'B', 'd', 'district', 'B', 1),
  (11, 'A1', 'd', 'ward', 'A1', 10), (12, 'A2', 'd', 'ward', 'A2', 10), (13, 'A3', 'd', 'ward', 'A3', 10), (21, 'B1', 'd', 'ward', 'B1', 20), (22, 'B2', 'd', 'ward', 'B2', 20);
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;
CREATE TABLE centre.moved_row AS SELECT 1000 * a + i AS subject_id, date '2026-01-10' AS day, true AS verified, a AS area_id
  FROM (VALUES (11, 40), (12, 40), (13, 3), (21, 40), (22, 50)) AS v (a, n), generate_series(1, n) AS i;
GRANT SELECT ON centre.moved_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation) VALUES ('moved', 'centre.moved_row');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('moved', 'area', 'area', '{area_id}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels) VALUES ('moved', 'public', 'month', 'moved', '{area}', '{country,district}');
CREATE VIEW tap.weak_moved AS SELECT c.ancestor_id::text AS area, count(*) AS n FROM centre.moved_row m JOIN centre.area_closure c ON c.descendant_id = m.area_id WHERE c.ancestor_id IN (1, 10, 20) GROUP BY 1;
CALL centre.publish('moved', '2026-01-01');
CREATE TABLE tap.moved_before AS SELECT * FROM tap.release_of('moved');
CREATE TABLE tap.weak_moved_before AS SELECT * FROM tap.weak_moved;
UPDATE centre.area SET parent_id = 20 WHERE area_id = 13;
SELECT is((SELECT b.n - a.n FROM tap.weak_moved_before b JOIN tap.weak_moved a USING (area) WHERE area = '10'), 3::bigint, 'under a threshold alone a corrected boundary tells of the three who moved with it');
CALL centre.publish('moved', '2026-01-01');
SELECT is_empty('SELECT * FROM tap.release_of(''moved'') EXCEPT SELECT * FROM tap.moved_before', 'a release holds both districts');
INSERT INTO centre.moved_row SELECT 900000 + i, '2026-01-10', true, 21 FROM generate_series(1, 30) AS i;
CALL centre.publish('moved', '2026-01-01');
SELECT is((SELECT array_agg(value ORDER BY members) FROM tap.release_of('moved')), '{203,83,90}', 'also when others come: what they add to the country would tell the rest of it');
UPDATE centre.area SET parent_id = 20 WHERE area_id = 12;
CALL centre.publish('moved', '2026-01-01');
SELECT is((SELECT array_agg(value ORDER BY members) FROM tap.release_of('moved')), '{203,40,163}', 'a ward of many may move');

-- Ages are cut in two ways; of twelve persons of fifteen one has nearly all there is.
INSERT INTO centre.dataset (code, relation) VALUES ('cuts', 'centre.cut_row');
CREATE TABLE centre.cut_row AS SELECT i AS subject_id, date '2026-01-10' AS day, true AS verified, CASE WHEN i <= 40 THEN 10 WHEN i <= 52 THEN 15 ELSE 30 END AS age, CASE WHEN i = 41 THEN 5000 WHEN i BETWEEN 42 AND 52 THEN 1 ELSE 300 END AS amount
  FROM generate_series(1, 120) AS i;
GRANT SELECT ON centre.cut_row TO civic_publisher;
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('cuts', 'age', 'age', '{age}');
INSERT INTO centre.age_band VALUES ('fourteen', '0-14', 0, 14), ('fourteen', '15+', 15, 150), ('fifteen', '0-15', 0, 15), ('fifteen', '16+', 16, 150);
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, age_bands, measures) VALUES ('cut14', 'public', 'month', 'cuts', '{age}', 'fourteen', '{amount}'), ('cut15', 'public', 'month', 'cuts', '{age}', 'fifteen', '{amount}');
SELECT is((SELECT sum(amount) FILTER (WHERE age <= 15) - sum(amount) FILTER (WHERE age <= 14) FROM centre.cut_row), 5011::bigint, 'two cuts apart tell a sum that one person dominates');
CALL centre.publish('cut14', '2026-01-01'); CALL centre.publish('cut15', '2026-01-01');
SELECT is((SELECT array_agg(value ORDER BY members) FROM tap.release_of('cut14', 'amount')), '{37411,12000,25411}', 'the first cut is shown');
SELECT is((SELECT array_agg(value ORDER BY members) FROM tap.release_of('cut15', 'amount')), '{37411,NULL,NULL}', 'the second is not');
SELECT throws_ok($$UPDATE centre.age_band SET to_age = 13 WHERE band_set = 'fourteen' AND code = '0-14'$$, '55000', 'age bands of releases are fixed', 'nor is a band moved under a release');
SELECT throws_ok($$DELETE FROM centre.age_band WHERE band_set = 'fourteen'$$, '55000', 'age bands of releases are fixed', 'or taken away');
SELECT lives_ok($$INSERT INTO centre.age_band VALUES ('sixteen', '0-16', 0, 16)$$, 'a new set may be made');

-- A proportion: of fifty children in the ward forty-seven are vaccinated, so three are not.
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit, direction, base_year) VALUES (9001, 'child_seen', 'count', 'needs', 'children', 'neutral', 2025), (9002, 'child_dosed', 'count', 'needs', 'children', 'neutral', 2025);
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit, direction, base_year, numerator, denominator) VALUES (9003, 'dosed_share', 'proportion', 'needs', 'share', 'neutral', 2025, 'child_dosed', 'child_seen');
INSERT INTO centre.source (code, verified) VALUES ('t', true) ON CONFLICT DO NOTHING;
SELECT centre.ensure_months('2026-01-01', '2026-01-31');
INSERT INTO centre.subject (subject_id) SELECT i FROM generate_series(1, 150) AS i ON CONFLICT DO NOTHING;
CREATE VIEW tap.weak_share AS SELECT 50 AS seen, 47 AS dosed;
CREATE TABLE tap.child AS SELECT a, a * 1000 + i AS child, i <= CASE a WHEN 21 THEN 47 ELSE 25 END AS dosed FROM unnest(ARRAY[11, 21, 22]) AS a, generate_series(1, 50) AS i;
CREATE OR REPLACE VIEW tap.child_row AS
  SELECT child::bigint AS subject_id, date '2026-01-10' AS day, true AS verified, 'child_seen' AS indicator, a AS area_id, NULL::text AS sex, NULL::integer AS age, 1::numeric AS value, NULL::text AS disability, NULL::text AS youth, NULL::text AS migrant FROM tap.child
  UNION ALL SELECT child, '2026-01-10', true, 'child_dosed', a, NULL, NULL, 1, NULL, NULL, NULL FROM tap.child WHERE dosed;
GRANT SELECT ON tap.child_row TO civic_publisher;
UPDATE centre.dataset SET relation = 'tap.child_row' WHERE code = 'observation';
INSERT INTO centre.cube (code, audience, period_unit, indicators, levels) VALUES ('dosed', 'public', 'month', '{child_seen,child_dosed,dosed_share}', '{country,ward}');
CALL centre.publish('dosed', '2026-01-01');
CREATE VIEW tap.dosed AS SELECT x.* FROM centre.release r JOIN centre.release_cell x USING (release_id) WHERE r.cube = 'dosed' AND r.current;
SELECT is((SELECT count(*) - count(*) FILTER (WHERE dosed) FROM tap.child WHERE a = 21), 3::bigint, 'under a threshold alone both counts are shown, and the three between them');
SELECT is((SELECT value FROM tap.dosed WHERE indicator = 'child_seen' AND area_id = 21), NULL, 'the whole is not shown');
SELECT is((SELECT value FROM tap.dosed WHERE indicator = 'child_dosed' AND area_id = 21), NULL, 'nor the part');
SELECT is((SELECT value FROM tap.dosed WHERE indicator = 'dosed_share' AND area_id = 21), NULL, 'nor the share');
SELECT is((SELECT count(value) FROM tap.dosed WHERE indicator = 'child_dosed' AND level = 'ward' AND area_id IN (11, 22)), 1::bigint, 'nor all the others, with their sum');
SELECT is((SELECT count(value) FROM tap.dosed WHERE indicator = 'child_dosed' AND level = 'country'), 1::bigint, 'which is shown');

-- Twelve dosed children and one who is not come: by two releases the one is newly undosed.
SELECT is((SELECT count(*) FROM tap.child WHERE a = 11 AND NOT dosed), 25::bigint, 'twenty-five are not dosed');
CREATE TABLE tap.dosed_before AS SELECT indicator, area_id, value FROM tap.dosed;
INSERT INTO tap.child SELECT 11, 90000 + i, i <= 12 FROM generate_series(1, 13) AS i;
CALL centre.publish('dosed', '2026-01-01');
SELECT is((SELECT array_agg(DISTINCT n.value - b.value ORDER BY n.value - b.value) FROM tap.dosed n JOIN tap.dosed_before b USING (indicator, area_id) WHERE indicator <> 'dosed_share' AND n.value IS NOT NULL AND b.value IS NOT NULL), '{0}',
  'so neither the twelve nor the thirteen are shown');

-- Everybody is paid 100, so that a sum is a count; the counts are asked to be uncertain by six.
INSERT INTO centre.dataset (code, relation) VALUES ('paid', 'centre.paid_row');
CREATE TABLE centre.paid_row AS SELECT row_number() OVER () AS subject_id, date '2026-01-10' AS day, true AS verified, v.ward, v.need, 100 AS amount
  FROM (VALUES ('31', 'food', 2), ('31', 'water', 5), ('31', 'power', 40), ('32', 'food', 40), ('32', 'water', 5), ('32', 'power', 2), ('33', 'food', 5), ('33', 'water', 40), ('33', 'power', 5)) AS v (ward, need, n), generate_series(1, v.n);
GRANT SELECT ON centre.paid_row TO civic_publisher;
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('paid', 'ward', '{ward}'), ('paid', 'need', '{need}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures, width, p) VALUES ('paid', 'public', 'month', 'paid', '{ward,need}', '{subjects,rows,amount}', 6, 0);
CALL centre.publish('paid', '2026-01-01');
SELECT isnt_empty($$SELECT 1 FROM civic.suppress('1 = 200 primary : 1; 2 = 500 primary : 2; 3 = 4000 : 3; 4 = 4000 : 4; 5 = 500 primary : 5; 6 = 200 primary : 6; 7 = 500 primary : 7; 8 = 4000 : 8; 9 = 500 primary : 9; 10 = 4700 : 1 2 3; 11 = 4700 : 4 5 6; 12 = 5000 : 7 8 9; 13 = 4700 : 1 4 7; 14 = 5000 : 2 5 8; 15 = 4700 : 3 6 9', 6) AS a
  JOIN civic.suppress('1 = 2 primary : 1; 2 = 5 primary : 2; 3 = 40 : 3; 4 = 40 : 4; 5 = 5 primary : 5; 6 = 2 primary : 6; 7 = 5 primary : 7; 8 = 40 : 8; 9 = 5 primary : 9; 10 = 47 : 1 2 3; 11 = 47 : 4 5 6; 12 = 50 : 7 8 9; 13 = 47 : 1 4 7; 14 = 50 : 2 5 8; 15 = 47 : 3 6 9', 6) AS n USING (cell) WHERE n.suppressed AND NOT a.suppressed$$,
  'protected each by itself, sums are shown where the persons are not');
SELECT isnt_empty($$SELECT 1 FROM tap.release_of('paid') WHERE value IS NULL$$, 'in a release something is withheld');
SELECT is_empty(format($$SELECT 1 FROM tap.release_of('paid') n JOIN tap.release_of('paid', %L) s USING (members) WHERE n.value IS NULL AND s.value IS NOT NULL$$, m), 'and where it is, so are the ' || m) FROM unnest('{rows,amount}'::text[]) AS m;

-- Persons by the month and their rows by the week: a month less the weeks that are shown is the others.
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures) VALUES ('paid_weekly', 'public', 'week', 'paid', '{ward}', '{rows}');
SELECT throws_ok($$CALL centre.publish('paid_weekly', '2026-01-10')$$, '22023', 'cube "paid_weekly" overlaps a release of cube "paid"', 'another unit of period is refused, though of another measure');
SELECT throws_ok($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures, method) VALUES ('paid_noise', 'public', 'month', 'paid', '{ward}', '{amount}', 'cellkey')$$, '22023', NULL, 'and so is another method');
-- Rows in a cube of their own, published later: what of the persons is withheld is withheld of them.
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures, width, p) VALUES ('paid_rows', 'centre', 'month', 'paid', '{ward,need}', '{rows}', 6, 0);
CALL centre.publish('paid_rows', '2026-01-01');
SELECT is_empty($$SELECT 1 FROM tap.release_of('paid') n JOIN tap.release_of('paid_rows', 'rows') s USING (members) WHERE n.value IS NULL AND s.value IS NOT NULL AND s.value < 10$$, 'in a cube of their own, of few persons');

-- The one person of a cell knows that it is one.
INSERT INTO centre.dataset (code, relation) VALUES ('alone', 'centre.alone_row');
CREATE TABLE centre.alone_row AS SELECT row_number() OVER () AS subject_id, date '2026-01-10' AS day, true AS verified, v.ward, v.need
  FROM (VALUES ('31', 'food', 1), ('31', 'water', 5), ('31', 'power', 40), ('32', 'food', 40), ('32', 'water', 5), ('32', 'power', 1), ('33', 'food', 5), ('33', 'water', 40), ('33', 'power', 5), ('34', 'food', 30), ('34', 'water', 40), ('34', 'power', 25)) AS v (ward, need, n), generate_series(1, v.n);
GRANT SELECT ON centre.alone_row TO civic_publisher;
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('alone', 'ward', '{ward}'), ('alone', 'need', '{need}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('alone', 'public', 'month', 'alone', '{ward,need}');
CREATE FUNCTION tap.told_to_one(of_table text) RETURNS TABLE (members text[], value numeric) LANGUAGE plpgsql AS $$ -- what the one person of a cell learns about the only other one withheld in its row
BEGIN RETURN QUERY EXECUTE format($q$
  SELECT max(o.members), max(w.value) - max(s.shown) - 1 FROM %1$s w
  CROSS JOIN LATERAL (SELECT sum(x.value) AS shown, count(*) FILTER (WHERE x.value IS NULL) AS withheld FROM %1$s x WHERE x.members[1] = w.members[1] AND x.members[2] <> '*total*') AS s
  JOIN %1$s o ON o.members[1] = w.members[1] AND o.value IS NULL
  WHERE w.members[2] = '*total*' AND w.value IS NOT NULL AND s.withheld = 2 AND NOT EXISTS (SELECT FROM centre.alone_row r WHERE r.ward = o.members[1] AND r.need = o.members[2] GROUP BY r.ward HAVING count(*) = 1)
    AND EXISTS (SELECT FROM centre.alone_row r WHERE r.ward = w.members[1] GROUP BY r.need HAVING count(*) = 1)
  GROUP BY w.members[1]$q$, of_table); END $$;
CALL centre.publish('alone', '2026-01-01');
CREATE VIEW tap.weak_alone AS SELECT members, CASE WHEN members = '{32,food}' THEN 40 ELSE value END AS value FROM tap.release_of('alone');
SELECT results_eq('SELECT * FROM tap.told_to_one(''tap.weak_alone'')', $$VALUES ('{32,water}'::text[], 5::numeric)$$, 'one cell more, and the one person of another knows the five beside him');
SELECT is_empty('SELECT * FROM tap.told_to_one(''tap.release_of(''''alone'''')'')', 'in a release he does not');
SELECT is((SELECT value FROM tap.release_of('alone') WHERE members = '{32,*total*}'), 46::numeric, 'though the row''s total is shown');

-- What a declaration can ask for.
INSERT INTO centre.dataset (code, relation) VALUES ('farm', 'centre.farm_row');
CREATE TABLE centre.farm_row AS SELECT 1000 * w + i AS subject_id, date '2026-01-10' AS day, true AS verified, 'w' || w AS ward, CASE WHEN w = 1 AND i = 1 THEN 1000 WHEN w = 1 AND i = 2 THEN 300 ELSE 10 END AS amount
  FROM (VALUES (1, 22), (2, 20), (3, 50), (4, 4)) AS v (w, n), generate_series(1, n) AS i;
GRANT SELECT ON centre.farm_row TO civic_publisher;
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('farm', 'ward', '{ward}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures) VALUES ('farm', 'public', 'month', 'farm', '{ward}', '{amount}');
CALL centre.publish('farm', '2026-01-01');
SELECT is((SELECT value FROM tap.release_of('farm', 'amount') WHERE members = '{w1}'), 1500::numeric, 'p % = 10 does not mind a contributor of two thirds beside one of a fifth');
DELETE FROM centre.release WHERE cube = 'farm';
UPDATE centre.cube SET nk = '{1,60}' WHERE code = 'farm';
CALL centre.publish('farm', '2026-01-01');
SELECT is((SELECT value FROM tap.release_of('farm', 'amount') WHERE members = '{w1}'), NULL, 'nk of (1, 60) does');
SELECT throws_ok($$UPDATE centre.cube SET nk = '$$ || bad || $$' WHERE code = 'farm'$$, '23514', NULL, 'nk is not ' || bad) FROM unnest('{"{1}","{0,50}","{1.5,50}","{1,101}"}'::text[]) AS bad;
-- a block of four sums, one dominated and three small: to within four is as good as known for who is a thousand
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need, amount)
  SELECT row_number() OVER (), '2026-08-10', 'owed', v.ward, v.sex, 'food', CASE WHEN i = 1 THEN v.first ELSE v.others END
  FROM (VALUES ('o1', 'f', 12, 1000, 5), ('o1', 'm', 3, 2, 0), ('o2', 'f', 3, 2, 0), ('o2', 'm', 3, 2, 0), ('o3', 'f', 20, 100, 100), ('o3', 'm', 20, 100, 100), ('o1', 'x', 20, 100, 100), ('o2', 'x', 20, 100, 100)) AS v (ward, sex, n, first, others), generate_series(1, v.n) AS i;
CALL centre.publish('by_sex', '2026-08-01');
CREATE VIEW tap.owed AS SELECT x.members, x.value FROM centre.release r JOIN centre.release_row x USING (release_id) WHERE r.cube = 'by_sex' AND r.current AND lower(r.period) = '2026-08-01' AND x.measure = 'amount';
CREATE TABLE tap.weak_owed AS
  SELECT ARRAY[CASE WHEN GROUPING(ward) = 0 THEN 'ward=' || ward WHEN GROUPING(region) = 0 THEN 'region=' || region ELSE '*total*' END, CASE WHEN GROUPING(sex) = 0 THEN sex ELSE '*total*' END] AS members,
         CASE WHEN NOT (GROUPING(ward) = 0 AND GROUPING(sex) = 0 AND max(ward) < 'o3' AND max(sex) < 'x') THEN sum(amount) END AS value
  FROM centre.raw_row WHERE day = '2026-08-10' GROUP BY GROUPING SETS ((region, ward, sex), (region, sex), (sex), (region, ward), (region), ());
SELECT is((SELECT b.high - b.low FROM tap.bounds('tap.weak_owed') AS b WHERE members = '{ward=o1,f}'), 4::numeric, 'by itself a width of three suits a sum of a thousand');
SELECT cmp_ok((SELECT b.high - b.low FROM tap.bounds('tap.owed') AS b WHERE members = '{ward=o1,f}'), '>=', 100::numeric, 'a release leaves a tenth of it open');
INSERT INTO centre.dataset (code, relation) VALUES ('bound', 'centre.bound_row');
CREATE TABLE centre.bound_row AS SELECT row_number() OVER () AS subject_id, date '2026-01-10' AS day, true AS verified, v.region, v.ward
  FROM (VALUES ('n', '1', 4), ('n', '2', 4), ('n', '7', 50), ('s', '3', 40), ('s', '4', 60)) AS v (region, ward, n), generate_series(1, n);
GRANT SELECT ON centre.bound_row TO civic_publisher;
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('bound', 'place', '{region,ward}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('bound', 'public', 'month', 'bound', '{place}');
CREATE FUNCTION tap.left_over() RETURNS numeric LANGUAGE sql AS $$ -- what the region has besides the wards that are shown
  SELECT w.value - coalesce(sum(p.value), 0) FROM tap.release_of('bound') w JOIN tap.release_of('bound') p ON p.members[1] IN ('ward=1', 'ward=2', 'ward=7') WHERE w.members = '{region=n}' GROUP BY w.value $$;
CALL centre.publish('bound', '2026-01-01');
SELECT is(tap.left_over(), 8::numeric, 'eight are left over for two withheld wards, so that both are seen to be small');
DELETE FROM centre.release WHERE cube = 'bound';
UPDATE centre.cube SET strict_bounds = true WHERE code = 'bound';
CALL centre.publish('bound', '2026-01-01');
SELECT ok(coalesce(tap.left_over(), 10) >= 10, 'not with strict bounds');
SELECT isnt_empty($$SELECT 1 FROM tap.release_of('bound') WHERE value IS NOT NULL$$, 'which show what they can');

-- Requests: one that cannot be answered does not keep others waiting, and none fixes how others publish.
UPDATE centre.dataset SET on_request = true WHERE code = 'raw';
SET ROLE civic_analyst;
SELECT throws_ok(format($$SELECT centre.request_cube('raw', '{place}', '{%s}', 'month', '[2026-01-01,2026-02-01)')$$, m), '42703', format('dataset "raw" has no measure "%s"', m), m || ' is no measure') FROM unnest('{day,verified,subject_id,ward}'::text[]) AS m;
SELECT throws_ok($$SELECT centre.request_cube('raw', '{sex}', '{subjects}', 'day', '[2026-01-01,2026-02-01)')$$, '22023', 'one of these measures is published by the month', 'nor is the unit of period theirs to choose');
SELECT centre.request_cube('raw', '{sex}', '{subjects}', 'month', '[2026-01-01,2026-02-01)');
SELECT throws_ok(format($$SELECT centre.request_cube('raw', '{sex}', '{subjects}', %L, %L)$$, u, d), '22023', NULL, 'days without end or too many are refused: ' || u || ' ' || d)
  FROM (VALUES ('month', '(,2026-01-01)'), ('month', '[2026-01-01,)'), ('day', '[2026-01-01,2026-06-01)')) AS v (u, d);
RESET ROLE;
SET ROLE civic_publisher;
SELECT is(centre.answer_requests(), 1::bigint, 'all requests are answered');
RESET ROLE;
SELECT is((SELECT count(*) FROM centre.cube WHERE code LIKE 'request%'), 1::bigint, 'and one cube is made');
-- an error nobody has thought of
CREATE FUNCTION tap.trip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'tripped over subject 1701' USING ERRCODE = 'XX001'; END $$;
CREATE TRIGGER trip BEFORE INSERT ON centre.release FOR EACH ROW EXECUTE FUNCTION tap.trip();
SET ROLE civic_analyst;
SELECT centre.request_cube('raw', '{need}', '{subjects}', 'month', '[2026-01-01,2026-02-01)');
RESET ROLE; SET ROLE civic_publisher; SET client_min_messages = error;
SELECT is(centre.answer_requests(), 1::bigint, 'nor does an error that nobody has thought of');
RESET ROLE; RESET client_min_messages;
SELECT is((SELECT reason FROM centre.cube_request ORDER BY request_id DESC LIMIT 1), 'it could not be answered: ask the publisher', 'whose text is not told');
SELECT * FROM finish();
