-- Attacks on the published numbers themselves: subtraction, singletons, noughts, differencing of releases and audiences, noise, dominance,
-- homogeneity.  The numbers are those of the list in docs/publication.md; every attack is first seen to work on a weakened copy.
\ir ../fixtures/attack.sql
SELECT plan(47);
CREATE TABLE tap.weak_sex AS SELECT * FROM tap.threshold_only('sex', 10);
CALL centre.publish('by_sex', '2026-01-01');
CALL centre.publish('by_need', '2026-01-01');
CREATE FUNCTION tap.value_of(of_cube text, first text, second text) RETURNS numeric LANGUAGE sql AS $$ SELECT value FROM tap.published(of_cube) WHERE members = ARRAY[first, second] $$;
GRANT SELECT ON tap.weak_sex TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;

-- 5 rows, anonymous rows and a second name do not lift a cell
SELECT is((SELECT count(*) FILTER (WHERE n >= 10) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM generate_series(1, 15)) AS x) AS y), 1::bigint, '5 fifteen rows of one person pass a threshold on rows');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT s, 'south', '50', 'f', 'food' FROM generate_series(1, 15), unnest(ARRAY[5001, NULL]) AS s;
CALL centre.publish('by_sex', '2026-01-01');
SELECT is(tap.value_of('by_sex', 'ward=50', '*total*'), NULL, '5 not one on persons');
DELETE FROM centre.raw_row WHERE ward = '50';
-- 24 Sybils
INSERT INTO centre.raw_row (subject_id, verified, region, ward, sex, need) SELECT 7700 + i, i = 0, 'south', '77', 'f', 'food' FROM generate_series(0, 12) AS i;
SELECT is((SELECT count(DISTINCT subject_id) >= 10 FROM centre.raw_row WHERE ward = '77'), true, '24 twelve invented persons pass a threshold on reports');
CALL centre.publish('by_sex', '2026-01-01');
SELECT is(tap.value_of('by_sex', 'ward=77', '*total*'), NULL, '24 not one on verified persons');
DELETE FROM centre.raw_row WHERE ward = '77';
DELETE FROM centre.release WHERE cube IN (SELECT code FROM centre.cube WHERE dataset = 'raw'); DELETE FROM centre.ledger_leaf;
CALL centre.publish('by_sex', '2026-01-01');
CALL centre.publish('by_need', '2026-01-01');
SET ROLE civic_public;
-- 6 subtraction
SELECT set_has($$SELECT members, value FROM tap.subtract('tap.weak_sex')$$, $$VALUES ('{ward=99,*total*}'::text[], 3::numeric)$$, '6 under a threshold alone the whole less the parts is the three of ward 99');
SELECT is_empty($$SELECT * FROM tap.subtract('tap.published(''by_sex'')')$$, '6 of a release nothing follows');
SELECT is_empty($$SELECT * FROM tap.subtract('tap.published(''by_need'')')$$, '6 nor of its sibling');
SELECT is(tap.value_of('by_sex', '*total*', '*total*'), 255::numeric, '6 and yet the total is shown');
RESET ROLE;
-- 7 blocks of four whose rows and columns add up, 10 only children: by linear programme in test/t/publish_history.pl; here by their relation
SELECT is_empty($$SELECT x.members[1] FROM tap.published('by_sex') x WHERE x.value IS NULL AND x.members[2] <> '*total*' GROUP BY x.members[1]
  HAVING count(*) = 1 AND (SELECT y.value IS NOT NULL FROM tap.published('by_sex') y WHERE y.members = ARRAY[min(x.members[1]), '*total*'])$$, '7 no row with its total shown lacks one cell');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 8000 + i, 'west', '80', 'f', 'food' FROM generate_series(1, 14) AS i;
CALL centre.publish('by_sex', '2026-01-01');
SELECT is(tap.value_of('by_sex', 'region=west', '*total*'), tap.value_of('by_sex', 'ward=80', '*total*'), '10 a region of one ward is shown or withheld as that ward is');
-- 8 singletons: two withheld cells of one person each under a published two
CREATE FUNCTION tap.withheld_of(singletons boolean) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FILTER (WHERE suppressed) FROM civic.suppress('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 3 = 20 : 3; 4 = 2 : 1 2; 5 = 22 : 1 2 3', 0, 0, singletons) $$;
SELECT cmp_ok(tap.withheld_of(true), '>', tap.withheld_of(false), '8 without care of singletons their sum is published, with it is not');
-- 9 noughts
SELECT is((SELECT bool_or(suppressed) FROM civic.suppress('1 = 0 : 1; 2 = 0 : 2; 3 = 0 : 1 2', 0)), false, '9 noughts are shown where they are no secret');
SELECT is_empty($$SELECT 1 FROM tap.published('by_sex') w JOIN tap.published('by_sex') p ON p.members[1] = w.members[1] AND p.value IS NULL WHERE w.members[2] = '*total*' AND w.value = 0$$, '9 no withheld cell lies under a nought');
-- 11 nulls are a category, not the total
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 9000 + i, 'west', '80', NULL, 'food' FROM generate_series(1, 30) AS i;
SELECT is((SELECT count(*) FROM (SELECT sex, count(*) FROM centre.raw_row GROUP BY ROLLUP (sex)) AS x WHERE sex IS NULL), 2::bigint, '11 GROUPING SETS give two rows of null');
CALL centre.publish('by_sex', '2026-01-01');
SELECT is((SELECT array_agg(value ORDER BY members) FROM tap.published('by_sex') WHERE members[1] = 'region=west' AND members[2] IN ('*total*', 'unknown')), '{44,30}', '11 in a release it is unknown, and the total is the total');
-- 12 linked cubes, in any order: what one shows the other counts on
SELECT is_empty($$SELECT 1 FROM tap.published('by_sex') a JOIN tap.published('by_need') b ON a.members[1] = b.members[1] AND a.members[2] = '*total*' AND b.members[2] = '*total*'
  WHERE a.value IS NULL AND b.value IS NOT NULL AND a.members[1] <> ALL ('{region=west,ward=80}')$$, '12 no total is withheld by one cube and shown by another');
CREATE TABLE tap.weak_joint AS SELECT a.members FROM tap.weak_sex a;
SELECT isnt_empty($$SELECT 1 FROM tap.weak_sex a JOIN tap.threshold_only('need', 3) b ON a.members[1] = b.members[1] AND a.members[2] = '*total*' AND b.members[2] = '*total*' WHERE a.value IS NULL AND b.value IS NOT NULL$$, '12 cubes that do not know of each other do so');
-- 13 differencing of releases: one more of fifty
DELETE FROM centre.release WHERE cube IN (SELECT code FROM centre.cube WHERE dataset = 'raw'); DELETE FROM centre.ledger_leaf; DELETE FROM centre.raw_row WHERE ward IN ('80');
CALL centre.publish('by_sex', '2026-01-01');
CREATE TABLE tap.before AS SELECT * FROM tap.published('by_sex'); CREATE TABLE tap.weak_before AS SELECT * FROM tap.threshold_only('sex', 10);
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) VALUES (199, 'north', '1', 'f', 'food');
SELECT results_eq($$SELECT a.members[1], b.value - a.value FROM tap.weak_before a JOIN tap.threshold_only('sex', 10) b USING (members) WHERE a.members[2] = 'f' AND b.value <> a.value ORDER BY 1$$,
  $$VALUES ('*total*', 1::numeric), ('region=north', 1), ('ward=1', 1)$$, '13 two tables under a threshold alone tell that one woman came');
CALL centre.publish('by_sex', '2026-01-01');
SELECT is_empty($$SELECT * FROM tap.published('by_sex') EXCEPT SELECT * FROM tap.before$$, '13 a release holds all it would tell of');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 200000 + i, 'north', '1', 'f', 'food' FROM generate_series(1, 9) AS i;
CALL centre.publish('by_sex', '2026-01-01');
SELECT is(tap.value_of('by_sex', 'ward=1', 'f') - 20, 10::numeric, '13 until ten have come');
-- 13 again: ten more, then nine less; and one sibling alone
DELETE FROM centre.raw_row WHERE subject_id > 200000;
CALL centre.publish('by_sex', '2026-01-01');
SELECT is(tap.value_of('by_sex', 'ward=1', 'f'), 30::numeric, '13 nine less are held too, since the first release is one person away');
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 300000 + i, 'south', '4', 'f', 'food' FROM generate_series(1, 20) AS i;
CALL centre.publish('by_sex', '2026-01-01');
CREATE FUNCTION tap.known_change() RETURNS bigint LANGUAGE sql AS $$ -- the changes of ward 1 that changes elsewhere tell
  SELECT count(*) FROM tap.published('by_sex') t, tap.published('by_sex') n, tap.published('by_sex') s
  WHERE t.members = '{*total*,f}' AND n.members = '{region=north,f}' AND s.members = '{region=south,f}' AND t.value - s.value NOT IN (n.value) AND t.value - s.value - n.value BETWEEN -9 AND 9 $$;
SELECT is(tap.known_change(), 0::bigint, '13 when a sibling changes much, the rest is not told by subtraction');
-- 14 swaps: one goes, one comes, the count is the same and the sum is not
DELETE FROM centre.release WHERE cube IN (SELECT code FROM centre.cube WHERE dataset = 'raw'); DELETE FROM centre.ledger_leaf;
CALL centre.publish('by_sex', '2026-01-01');
CREATE TABLE tap.sums AS SELECT x.members, x.value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND x.measure = 'amount';
UPDATE centre.raw_row SET subject_id = 400001, amount = 177 WHERE subject_id = 202;
SELECT is((SELECT sum(amount) FROM centre.raw_row WHERE ward = '2') - (SELECT value FROM tap.sums WHERE members = '{ward=2,*total*}'), 77::numeric, '14 the sum would tell of who came');
CALL centre.publish('by_sex', '2026-01-01');
SELECT is_empty($$SELECT x.members, x.value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND x.measure = 'amount' EXCEPT SELECT * FROM tap.sums$$, '14 it is held');
-- 15 repeats tell nothing, whatever happens between them
CREATE TABLE tap.first_time AS SELECT * FROM centre.release_row;
DO $$ BEGIN FOR i IN 1..5 LOOP CALL centre.publish('by_sex', '2026-01-01'); END LOOP; END $$;
VACUUM FULL centre.raw_row;
CREATE TABLE tap.shuffled AS SELECT * FROM centre.raw_row ORDER BY hashint8(subject_id); TRUNCATE centre.raw_row; INSERT INTO centre.raw_row SELECT * FROM tap.shuffled;
CALL centre.publish('by_sex', '2026-01-01');
SELECT results_eq('SELECT * FROM centre.release_row ORDER BY 1, 2, 3', 'SELECT * FROM tap.first_time ORDER BY 1, 2, 3', '15 publishing again changes nothing');
SELECT isnt((SELECT sum(round(random() * 100)) FROM generate_series(1, 9)), (SELECT sum(round(random() * 100)) FROM generate_series(1, 9)), '15 noise drawn anew would, and averages out');
-- 17 bands that overlap
INSERT INTO centre.dataset (code, relation) VALUES ('bands', 'centre.band_row');
CREATE TABLE centre.band_row (subject_id bigint, day date, verified boolean, age integer);
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('bands', 'age', 'age', '{age}');
INSERT INTO centre.age_band VALUES ('fourteen', '0-14', 0, 14), ('fourteen', '15+', 15, 150), ('fifteen', '0-15', 0, 15), ('fifteen', '16+', 16, 150);
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, age_bands) VALUES ('a14', 'public', 'month', 'bands', '{age}', 'fourteen'), ('a15', 'public', 'month', 'bands', '{age}', 'fifteen');
INSERT INTO centre.band_row SELECT i, '2026-01-10', true, CASE WHEN i <= 40 THEN 10 WHEN i <= 43 THEN 15 ELSE 30 END FROM generate_series(1, 90) AS i;
SELECT is((SELECT count(*) FILTER (WHERE age <= 15) - count(*) FILTER (WHERE age <= 14) FROM centre.band_row), 3::bigint, '17 two cuts apart tell of three persons of fifteen');
CALL centre.publish('a14', '2026-01-01'); CALL centre.publish('a15', '2026-01-01');
SELECT is((SELECT array_agg(x.value ORDER BY members) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.cube = 'a14'), '{90,40,50}', '17 the first cut is shown');
SELECT is((SELECT array_agg(x.value ORDER BY members) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.cube = 'a15'), '{90,NULL,NULL}', '17 the second is not, which the first would betray');
-- 18, 19 noise
INSERT INTO centre.dataset (code, relation) VALUES ('noisy', 'centre.noisy_row');
CREATE TABLE centre.noisy_row AS SELECT * FROM tap.true_row;
INSERT INTO centre.dimension (dataset, name, columns) SELECT 'noisy', name, columns FROM centre.dimension WHERE dataset = 'raw';
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('noisy', 'd4', '{sex}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('noise', 'public', 'month', 'noisy', '{place,sex}', 'cellkey');
UPDATE centre.noisy_row SET sex = 'f' WHERE ward = '1' AND subject_id > 101; -- 39 women, one man
CALL centre.publish('noise', '2026-01-01');
SELECT isnt(centre.cell_noise(civic.k_set(i)), centre.cell_noise(civic.k_set(i) FILTER (WHERE i > 7)), '18 sets that differ differ in noise, which proves that somebody is there') FROM generate_series(1, 40) AS i;
SELECT is((SELECT value FROM tap.published('noise') WHERE members = '{ward=1,f}'), NULL, '18 so a cell that differs by one from its whole is withheld');
SELECT isnt((SELECT value FROM tap.published('noise') WHERE members = '{ward=1,*total*}'), NULL, '18 and the whole is shown');
SELECT throws_ok($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('noise4', 'public', 'month', 'noisy', '{place,sex,need,d4}', 'cellkey')$$, '23514', NULL, '19 noise has at most three dimensions, whose few partitions do not average it out');
SELECT cmp_ok(abs((SELECT avg(centre.cell_noise(s) + centre.cell_noise(t)) - 200 FROM (SELECT civic.k_set(i) FILTER (WHERE hashint8extended(i, p) % 2 = 0) AS s, civic.k_set(i) FILTER (WHERE hashint8extended(i, p) % 2 <> 0) AS t
  FROM generate_series(1, 200) AS p, generate_series(1, 200) AS i GROUP BY p) AS x)), '<', 0.8, '19 two hundred partitions do');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('exact', 'public', 'month', 'noisy', '{place}')$$, '%by another method%', '18 what has noise in one cube is exact in none');
-- 21 dominance
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need, amount) SELECT CASE WHEN i <= 40 THEN 1 ELSE i END, '2026-02-01', 'east', '60', 'f', 'food', CASE WHEN i <= 40 THEN 500 ELSE 10 END FROM generate_series(1, 52) AS i;
SELECT is((SELECT max(amount) * 10 > sum(amount) FROM centre.raw_row WHERE ward = '60'), false, '21 by rows nobody dominates');
CALL centre.publish('by_sex', '2026-02-01');
SELECT is((SELECT count(x.value) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND lower(r.period) = '2026-02-01' AND measure = 'amount'), 0::bigint, '21 by persons one does: the sum is withheld');
SELECT isnt_empty($$SELECT 1 FROM tap.published('by_sex') WHERE value = 13$$, '21 though thirteen are counted');
-- 22 what is derived
SELECT is_empty($$SELECT 1 FROM centre.cube c, unnest(c.measures) AS m WHERE m IN ('avg', 'min', 'max')$$, '22 there is no mean, least or largest');
SELECT is_empty($$SELECT attname FROM pg_attribute WHERE attrelid = 'centre.release_row'::regclass AND attnum > 0 AND attname ~ 'mean|share|min|max'$$, '22 a release holds nothing but protected values');
-- 23 homogeneity
UPDATE centre.dimension SET name = name WHERE false;
INSERT INTO centre.dataset (code, relation) VALUES ('health', 'centre.health_row');
CREATE TABLE centre.health_row (subject_id bigint, day date DEFAULT '2026-01-10', verified boolean DEFAULT true, ward text, need text);
INSERT INTO centre.dimension (dataset, name, columns, members, sensitive) VALUES ('health', 'ward', '{ward}', NULL, false), ('health', 'need', '{need}', '{hiv,food}', true);
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('health', 'public', 'month', 'health', '{ward,need}');
INSERT INTO centre.health_row (subject_id, ward, need) SELECT w * 100 + i, w, CASE WHEN w = 17 AND i <= 12 - lone OR w <> 17 AND i <= 40 THEN 'hiv' ELSE 'food' END
  FROM (VALUES (17, 12, 1), (18, 80, 0), (19, 90, 0)) AS v (w, n, lone), generate_series(1, n) AS i;
SELECT is((SELECT count(*) >= 10 FROM centre.health_row WHERE ward = '17' AND need = 'hiv'), true, '23 eleven of twelve pass a threshold, and the twelfth knows them all');
CALL centre.publish('health', '2026-01-01');
SELECT is((SELECT count(value) FROM tap.published('health') WHERE members[1] = '17' AND members[2] <> '*total*'), 0::bigint, '23 the row of such a ward is withheld, its noughts too');
SELECT is((SELECT count(*) FROM tap.published('health') WHERE members[1] = '17'), 3::bigint, '23 and it has all its rows');
SELECT isnt((SELECT value FROM tap.published('health') WHERE members = '{*total*,hiv}'), NULL, '23 the total of a mixed table is shown');
-- 30 audiences who put together what they have
DELETE FROM centre.release WHERE cube IN (SELECT code FROM centre.cube WHERE dataset = 'raw'); DELETE FROM centre.ledger_leaf;
INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) SELECT 77000 + i, 'south', '70', 'f', 'food' FROM generate_series(1, 7) AS i;
CALL centre.publish('by_sex', '2026-01-01');
CALL centre.publish('by_sex_5', '2026-01-01');
CALL centre.publish('by_need', '2026-01-01');
CREATE VIEW tap.together AS SELECT members, max(value) AS value FROM (SELECT * FROM tap.published('by_sex') UNION ALL SELECT * FROM tap.published('by_sex_5')) AS x GROUP BY members;
CREATE VIEW tap.weak_together AS SELECT members, max(value) AS value FROM (SELECT * FROM tap.threshold_only('sex', 10) UNION ALL SELECT * FROM tap.threshold_only('sex', 5)) AS x GROUP BY members;
SELECT isnt_empty($$SELECT * FROM tap.subtract('tap.weak_together') WHERE value < 5$$, '30 two thresholds alone give three persons to those who share');
SELECT is_empty($$SELECT * FROM tap.subtract('tap.together') WHERE value < 5$$, '30 releases of two audiences, put together, give nobody below the lower one');
SELECT isnt((SELECT value FROM tap.published('by_sex_5') WHERE members = '{ward=70,*total*}'), (SELECT value FROM tap.published('by_sex') WHERE members = '{ward=70,*total*}'), '30 and yet the lower threshold shows more');
SELECT * FROM finish();
