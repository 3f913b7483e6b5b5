-- Attacks on the published numbers themselves: subtraction, singletons, noughts, differencing of releases and audiences, noise, dominance,
-- homogeneity.  The numbers are those of the list in docs/publication.md; every attack is first seen to work on a weakened copy.
\ir ../fixtures/attack.sql
SELECT plan(65);
UPDATE centre.cell_key_salt SET salt = sha256('attacks'); -- noise is the same in each run of this test
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
-- 7 blocks whose rows and columns add up (here a ring of six): nothing follows by subtraction, and yet next to nothing is left open
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need)
  SELECT row_number() OVER (), '2026-03-10', 'block', v.ward, 'f', v.need
  FROM (VALUES ('31', 'food', 1), ('31', 'water', 5), ('31', 'power', 40), ('32', 'food', 40), ('32', 'water', 5), ('32', 'power', 1), ('33', 'food', 5), ('33', 'water', 40), ('33', 'power', 5)) AS v (ward, need, n),
       generate_series(1, v.n);
CREATE TABLE tap.weak_block AS SELECT * FROM tap.threshold_only('need', 10, '2026-03-01');
GRANT SELECT ON tap.weak_block TO PUBLIC;
CREATE FUNCTION tap.narrow(of_table text, in_month date) RETURNS SETOF text[] LANGUAGE sql AS $$ -- cells of fewer than ten known to within less than three
  SELECT b.members FROM tap.bounds(of_table) AS b JOIN tap.threshold_only('need', 1, in_month) AS t USING (members) WHERE t.value < 10 AND b.high - b.low < 3 $$;
CALL centre.publish('by_need', '2026-03-01');
SET ROLE civic_public;
SELECT is_empty($$SELECT * FROM tap.subtract('tap.weak_block')$$, '7 under a threshold alone a ring is not known by subtraction');
SELECT set_eq($$SELECT tap.narrow('tap.weak_block', '2026-03-01')$$, $$SELECT ARRAY['ward=' || w, n] FROM (VALUES ('31', 'food'), ('31', 'water'), ('32', 'water'), ('32', 'power'), ('33', 'power'), ('33', 'food')) AS v (w, n)$$, '7 but each of its cells to within two');
SELECT is_empty($$SELECT tap.narrow('tap.published(''by_need'', ''2026-03-01'')', '2026-03-01')$$, '7 in a release none is');
RESET ROLE;
SELECT isnt_empty($$SELECT 1 FROM tap.published('by_need', '2026-03-01') WHERE value IS NULL$$, '7 which withholds something');
-- 10 only children: region west has one ward, and each level is protected without a thought to the other
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need)
  SELECT row_number() OVER (), '2026-04-10', v.region, v.ward, v.sex, 'food'
  FROM (VALUES ('west', '80', 'f', 14), ('west', '80', 'm', 3), ('north', '1', 'f', 20), ('north', '1', 'm', 20), ('north', '2', 'f', 20), ('north', '2', 'm', 20)) AS v (region, ward, sex, n), generate_series(1, v.n);
CREATE TABLE tap.weak_levels AS
  SELECT members, CASE WHEN members::text <> ALL (ARRAY['{ward=80,f}', '{ward=1,f}', '{ward=1,m}', '{region=west,*total*}', '{region=north,m}', '{region=north,*total*}']) THEN value END AS value
  FROM tap.threshold_only('sex', 10, '2026-04-01');
GRANT SELECT ON tap.weak_levels TO PUBLIC;
CALL centre.publish('by_sex', '2026-04-01');
SET ROLE civic_public;
SELECT is_empty($$SELECT * FROM tap.subtract('(SELECT * FROM tap.weak_levels WHERE members[1] NOT LIKE ''ward%'') AS level')$$, '10 regions alone tell nothing');
SELECT is_empty($$SELECT * FROM tap.subtract('(SELECT * FROM tap.weak_levels WHERE members[1] LIKE ''ward%'') AS level')$$, '10 nor do wards alone');
SELECT set_has($$SELECT * FROM tap.subtract('tap.weak_levels')$$, $$VALUES ('{ward=80,m}'::text[], 3::numeric)$$, '10 but a ward that is a whole region tells three men');
SELECT is_empty($$SELECT * FROM tap.subtract('tap.published(''by_sex'', ''2026-04-01'')')$$, '10 a release tells none');
SELECT results_eq($$SELECT members[2], value FROM tap.published('by_sex', '2026-04-01') WHERE members[1] = 'region=west' ORDER BY 1$$, $$SELECT members[2], value FROM tap.published('by_sex', '2026-04-01') WHERE members[1] = 'ward=80' ORDER BY 1$$,
  '10 where such a ward is shown or withheld as its region is');
RESET ROLE;
-- 8 singletons: two withheld cells of one person each under a published two
CREATE FUNCTION tap.withheld_of(singletons boolean) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FILTER (WHERE suppressed) FROM civic.suppress('1 = 1 primary singleton : 1; 2 = 1 primary singleton : 2; 3 = 20 : 3; 4 = 2 : 1 2; 5 = 22 : 1 2 3', 0, 0, singletons) $$;
SELECT cmp_ok(tap.withheld_of(true), '>', tap.withheld_of(false), '8 without care of singletons their sum is published, with it is not');
-- 9 noughts
SELECT is((SELECT bool_or(suppressed) FROM civic.suppress('1 = 0 : 1; 2 = 0 : 2; 3 = 0 : 1 2', 0)), false, '9 noughts are shown where they are no secret');
SELECT is_empty($$SELECT 1 FROM tap.published('by_sex') w JOIN tap.published('by_sex') p ON p.members[1] = w.members[1] AND p.value IS NULL WHERE w.members[2] = '*total*' AND w.value = 0$$, '9 no withheld cell lies under a nought');
-- 11 nulls are a category, not the total: three persons of unknown sex
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need)
  SELECT row_number() OVER (), '2026-05-10', 'north', v.ward, v.sex, 'food'
  FROM (VALUES ('1', 'f', 20), ('1', 'm', 20), ('1', NULL, 3), ('2', 'f', 20), ('2', 'm', 20), ('2', NULL, 30)) AS v (ward, sex, n), generate_series(1, v.n);
CREATE VIEW tap.weak_null AS  -- takes a null for the total, as one does who forgets GROUPING()
  SELECT ARRAY['ward=' || ward, coalesce(sex, '*total*')] AS members, max(n) AS value
  FROM (SELECT ward, sex, count(DISTINCT subject_id) AS n FROM centre.raw_row WHERE day = '2026-05-10' GROUP BY ward, ROLLUP (sex)) AS x WHERE n >= 10 GROUP BY 1;
GRANT SELECT ON tap.weak_null TO PUBLIC;
CREATE FUNCTION tap.remainder(of_table text) RETURNS TABLE (place text, n numeric) LANGUAGE plpgsql AS $$ -- what wholes have more than all their parts, where each part is shown
BEGIN RETURN QUERY EXECUTE format('SELECT w.members[1], w.value - sum(p.value) FROM %1$s w JOIN %1$s p ON p.members[1] = w.members[1] AND p.members[2] <> ''*total*''
  WHERE w.members[2] = ''*total*'' GROUP BY 1, w.value HAVING count(*) = count(p.value) AND w.value <> sum(p.value)', of_table); END $$;
CALL centre.publish('by_sex', '2026-05-01');
SET ROLE civic_public;
SELECT set_has($$SELECT * FROM tap.remainder('tap.weak_null')$$, $$VALUES ('ward=1', 3::numeric)$$, '11 where null is taken for the total, those without a sex are left over');
SELECT is_empty($$SELECT * FROM tap.remainder('tap.published(''by_sex'', ''2026-05-01'')')$$, '11 in a release nobody is');
SELECT is_empty($$SELECT * FROM tap.subtract('tap.published(''by_sex'', ''2026-05-01'')')$$, '11 nor follows by subtraction');
SELECT is((SELECT count(*) FROM tap.published('by_sex', '2026-05-01') WHERE members[2] = 'unknown'), 4::bigint, '11 they have rows of their own');
RESET ROLE;
-- 12 linked cubes, in any order: what one shows the other counts on
SELECT is_empty($$SELECT 1 FROM tap.published('by_sex') a JOIN tap.published('by_need') b ON a.members[1] = b.members[1] AND a.members[2] = '*total*' AND b.members[2] = '*total*'
  WHERE a.value IS NULL AND b.value IS NOT NULL $$, '12 no total is withheld by one cube and shown by another');
CREATE TABLE tap.weak_joint AS SELECT a.members FROM tap.weak_sex a;
SELECT isnt_empty($$SELECT 1 FROM tap.weak_sex a JOIN tap.threshold_only('need', 3) b ON a.members[1] = b.members[1] AND a.members[2] = '*total*' AND b.members[2] = '*total*' WHERE a.value IS NULL AND b.value IS NOT NULL$$, '12 cubes that do not know of each other do so');
-- 13 differencing of releases: one more of fifty
DELETE FROM centre.release WHERE cube IN (SELECT code FROM centre.cube WHERE dataset = 'raw'); DELETE FROM centre.ledger_leaf;
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
SELECT is((SELECT sum(amount) FROM centre.raw_row WHERE ward = '2' AND day < '2026-02-01') - (SELECT value FROM tap.sums WHERE members = '{ward=2,*total*}'), 77::numeric, '14 the sum would tell of who came');
CALL centre.publish('by_sex', '2026-01-01');
SELECT is_empty($$SELECT x.members, x.value FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND x.measure = 'amount' EXCEPT SELECT * FROM tap.sums$$, '14 it is held');
-- 15 repeats tell nothing, whatever happens between them
CREATE TABLE tap.first_time AS SELECT * FROM centre.release_row;
DO $$ BEGIN FOR i IN 1..5 LOOP CALL centre.publish('by_sex', '2026-01-01'); END LOOP; END $$;
VACUUM FULL centre.raw_row;
CREATE TABLE tap.shuffled AS SELECT * FROM centre.raw_row ORDER BY hashint8(subject_id); TRUNCATE centre.raw_row; INSERT INTO centre.raw_row SELECT * FROM tap.shuffled;
CALL centre.publish('by_sex', '2026-01-01');
SELECT results_eq('SELECT * FROM centre.release_row ORDER BY 1, 2, 3', 'SELECT * FROM tap.first_time ORDER BY 1, 2, 3', '15 publishing again changes nothing');
SELECT is(round((SELECT avg(civic.perturb(13, hashint8extended(draw, 15), civic.ptable(5, 3, 2))) FROM generate_series(1, 1000) AS draw)), 13::numeric, '15 noise drawn anew for each repeat averages out');
SELECT is((SELECT count(DISTINCT centre.cell_noise(who)) FROM (SELECT civic.k_set(i) AS who FROM generate_series(1, 13) AS i) AS x, generate_series(1, 1000)), 1::bigint, '15 ours is the same each time');
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
-- thirty groups of 200, split by d1, d2 and d3, and by 200 more ways
CREATE TABLE tap.split AS SELECT g, i, 100000 * g + i AS subject, hashint8extended(i, g) % 2 = 0 AS d1, hashint8extended(i, g + 100) % 2 = 0 AS d2, hashint8extended(i, g + 200) % 2 = 0 AS d3
  FROM generate_series(1, 30) AS g, generate_series(1, 200) AS i;
CREATE FUNCTION tap.recovered(ways integer) RETURNS numeric LANGUAGE sql AS $$ -- share of the 30 groups whose true number the average of many partitions tells
  SELECT avg((round(x.estimate) = 200)::integer) FROM (
    SELECT g, avg(n) AS estimate FROM (
      SELECT g, way, sum(n) AS n FROM (
        SELECT g, way, centre.cell_noise(civic.k_set(subject)) AS n FROM tap.split, generate_series(1, ways) AS way GROUP BY g, way, hashint8extended(subject, way) % 2) AS part
      GROUP BY g, way) AS whole
    GROUP BY g) AS x $$;
SELECT cmp_ok(tap.recovered(200), '>', 0.9, '19 averaged over two hundred partitions, noise tells most of the true numbers');
SELECT cmp_ok((SELECT avg((round(x.estimate) = 200)::integer) FROM (
    SELECT g, sum(n / cells) / sum(1.0 / cells) AS estimate FROM (   -- each partition weighs as much as it is exact
      SELECT g, by, sum(n) AS n, count(*) AS cells FROM (
        SELECT g, GROUPING(d1, d2, d3) AS by, centre.cell_noise(civic.k_set(subject)) AS n FROM tap.split GROUP BY g, CUBE (d1, d2, d3)) AS part
      GROUP BY g, by) AS whole
    GROUP BY g) AS x), '<=', 0.5, '19 over all that three dimensions give, it tells at most half');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('noise4', 'public', 'month', 'noisy', '{place,sex,need,d4}', 'cellkey')$$, '%more than three dimensions%', '19 so noise has at most three dimensions');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, method) VALUES ('noise3', 'public', 'month', 'noisy', '{place,need,d4}', 'cellkey')$$, '%more than three dimensions%', '19 all its cubes taken together');
SELECT throws_like($$INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('exact', 'public', 'month', 'noisy', '{place}')$$, '%by another method%', '18 what has noise in one cube is exact in none');
-- 21 dominance
INSERT INTO centre.raw_row (subject_id, day, region, ward, sex, need, amount) SELECT CASE WHEN i <= 40 THEN 1 ELSE i END, '2026-02-01', 'east', '60', 'f', 'food', CASE WHEN i <= 40 THEN 500 ELSE 10 END FROM generate_series(1, 52) AS i;
SELECT is((SELECT max(amount) * 10 > sum(amount) FROM centre.raw_row WHERE ward = '60'), false, '21 by rows nobody dominates');
CALL centre.publish('by_sex', '2026-02-01');
SELECT is((SELECT count(x.value) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current AND r.cube = 'by_sex' AND lower(r.period) = '2026-02-01' AND measure = 'amount'), 0::bigint, '21 by persons one does: the sum is withheld');
SELECT isnt_empty($$SELECT 1 FROM tap.published('by_sex', '2026-02-01') WHERE value = 13$$, '21 though thirteen are counted');
-- 22 what is derived
CREATE VIEW tap.weak_derived AS  -- of a withheld sum the mean and the largest amount, of a withheld count its share
  SELECT ward, count(DISTINCT subject_id) AS n, avg(total) AS mean, max(total) AS largest, 100.0 * count(DISTINCT subject_id) / sum(count(DISTINCT subject_id)) OVER () AS share, sum(count(DISTINCT subject_id)) OVER () AS everybody
  FROM (SELECT ward, subject_id, sum(amount) AS total FROM centre.raw_row WHERE day < '2026-03-01' GROUP BY ward, subject_id) AS x GROUP BY ward;
SELECT is((SELECT round(n * mean) FROM tap.weak_derived WHERE ward = '60'), 20120::numeric, '22 a mean tells the sum that is withheld');
SELECT is((SELECT largest FROM tap.weak_derived WHERE ward = '60'), 20000::numeric, '22 the largest tells who has it');
SELECT is((SELECT round(share * everybody / 100) FROM tap.weak_derived WHERE ward = '99'), 3::numeric, '22 a share tells the three of ward 99');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures) VALUES ('mean', 'public', 'month', 'raw', '{place}', '{avg}'), ('largest', 'public', 'month', 'raw', '{place}', '{max}'), ('whole rows', 'public', 'month', 'raw', '{place}', '{hash_record}');
SELECT throws_ok(format('CALL centre.publish(%L, %L)', c, '2026-02-01'), '42703', NULL, '22 no cube has a measure like ' || c) FROM unnest('{mean,largest,whole rows}'::text[]) AS c;
DELETE FROM centre.cube WHERE code IN ('mean', 'largest');
SELECT is_empty($$SELECT DISTINCT d.objid::regclass, d.refobjid::regclass FROM pg_depend d JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid JOIN pg_class v ON v.oid = w.ev_class
  WHERE v.relnamespace = 'dash'::regnamespace AND d.refobjsubid > 0 AND d.refobjid IN ('centre.observation'::regclass, 'centre.observation_row'::regclass, 'centre.cell'::regclass, 'centre.ledger_cell'::regclass, 'centre.ledger_leaf'::regclass)$$, '22 no view of dash is derived from true values');
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
SELECT is_empty($$SELECT * FROM tap.subtract('tap.together') WHERE value BETWEEN 1 AND 4$$, '30 releases of two audiences, put together, give nobody below the lower one');
SELECT isnt((SELECT value FROM tap.published('by_sex_5') WHERE members = '{ward=70,*total*}'), (SELECT value FROM tap.published('by_sex') WHERE members = '{ward=70,*total*}'), '30 and yet the lower threshold shows more');
SELECT * FROM finish();
