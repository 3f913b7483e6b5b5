-- Cubes of a rounded dataset that cross dimensions otherwise: with a dimension in common they are sums of one table.
SET search_path = tap, centre, public, pg_catalog;
SET client_min_messages = warning;
SELECT plan(14);
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
INSERT INTO age_band (band_set, code, from_age, to_age) VALUES ('two', 'low', 0, 39), ('two', 'high', 40, 120);
CREATE TABLE centre.visit_row (subject_id bigint, day date, verified boolean DEFAULT true, sex text, topic text, place text, age integer);
GRANT SELECT ON visit_row TO civic_publisher;
INSERT INTO dataset (code, relation, method) VALUES ('visit', 'centre.visit_row', 'round');
INSERT INTO dimension (dataset, name, kind, columns) VALUES ('visit', 'sex', 'column', '{sex}'), ('visit', 'topic', 'column', '{topic}'), ('visit', 'place', 'column', '{place}'), ('visit', 'age', 'age', '{age}');
INSERT INTO visit_row (subject_id, day, sex, topic, place, age) SELECT 1000 * m + i, make_date(2026, m, 5), CASE WHEN hashint4(i + m) & 1 = 0 THEN 'm' ELSE 'f' END, 't' || (hashint4(i + 7 * m) & 7), 'p' || (hashint4(i + 11 * m) & 3), i % 80
  FROM generate_series(1, 4) AS m, generate_series(1, 300) AS i;
CREATE VIEW shown AS SELECT r.cube, extract(month FROM lower(r.period))::integer AS month, x.members, x.value, x.possible_from, x.possible_to FROM release r JOIN release_row x USING (release_id) WHERE r.current;
INSERT INTO cube (code, audience, period_unit, dataset, dims) VALUES ('by_topic', 'centre', 'month', 'visit', '{topic}'), ('by_age', 'centre', 'month', 'visit', '{age}');
SET ROLE civic_publisher;
CALL centre.publish('by_topic', '2026-01-05');
RESET ROLE;
SELECT is((SELECT breakdowns FROM rounding_period), '{1.five_year,4.topic}', 'dimensions that no cube crosses are rounded as tables of their own');
INSERT INTO cube (code, audience, period_unit, dataset, dims) VALUES ('by_topic_sex', 'centre', 'month', 'visit', '{topic,sex}'), ('by_sex_place', 'public', 'month', 'visit', '{sex,place}');
SET ROLE civic_publisher;
SELECT throws_ok($$CALL centre.publish('by_topic_sex', '2026-01-05')$$, '55000', 'cube "by_topic_sex" breaks down by what releases of [2026-01-01,2026-02-01) were not made for', 'a crossing that a period was not begun with waits for the next one');
CALL centre.publish('by_topic_sex', '2026-02-05');
CALL centre.publish('by_topic', '2026-02-05');
CALL centre.publish('by_sex_place', '2026-02-05');
RESET ROLE;
SELECT is((SELECT breakdowns FROM rounding_period WHERE period @> date '2026-02-05'), '{1.five_year,"2.place 3.sex 4.topic"}', 'which rounds those with a dimension in common as one');
SELECT set_eq($$SELECT members[1], value FROM shown WHERE cube = 'by_topic' AND month = 2$$, $$SELECT members[1], value FROM shown WHERE cube = 'by_topic_sex' AND month = 2 AND members[2] = '*total*'$$, 'so what two cubes have in common they show alike');
SELECT is((SELECT count(*) FROM shown WHERE cube = 'by_topic' AND month = 2), 9::bigint, 'each with its own dimensions only');
SELECT is_empty($$SELECT FROM shown WHERE cube = 'by_sex_place' AND value % 10 <> 0$$, 'also for an audience with a larger base');
SELECT is_empty($$SELECT FROM shown s CROSS JOIN LATERAL (SELECT count(DISTINCT v.subject_id) AS n FROM visit_row v WHERE extract(month FROM v.day) = s.month AND (s.cube <> 'by_topic' OR s.members[1] IN ('*total*', v.topic))
    AND (s.cube <> 'by_topic_sex' OR s.members[1] IN ('*total*', v.topic) AND s.members[2] IN ('*total*', v.sex)) AND (s.cube <> 'by_sex_place' OR s.members[1] IN ('*total*', v.sex) AND s.members[2] IN ('*total*', v.place))) AS t
  WHERE t.n NOT BETWEEN s.possible_from AND s.possible_to$$, 'and the truth lies where values say');
-- late reports of a period that was begun before
INSERT INTO visit_row (subject_id, day, sex, topic, place, age) SELECT 500 + i, '2026-01-06', 'f', 't1', 'p1', 30 FROM generate_series(1, 20) AS i;
SET ROLE civic_publisher;
SELECT lives_ok($$CALL centre.publish('by_topic', '2026-01-05')$$, 'a period that was begun without is published again as it was begun');
SELECT lives_ok($$CALL centre.publish('by_age', '2026-02-05')$$, 'what has nothing in common with the others stays a table of its own');
RESET ROLE;
SELECT is((SELECT count(*) FROM release WHERE cube = 'by_topic' AND NOT current), 1::bigint, 'with what is new');
-- what analysts ask for makes nobody's table larger
INSERT INTO cube (code, audience, period_unit, dataset, dims) VALUES ('request_1', 'analyst', 'month', 'visit', '{place}'), ('request_2', 'analyst', 'month', 'visit', '{place,age}');
SET ROLE civic_publisher;
SELECT lives_ok($$CALL centre.publish('request_1', '2026-02-05')$$, 'a request for a part of a crossing is a sum of it');
SELECT throws_ok($$CALL centre.publish('request_2', '2026-03-05')$$, '22023', 'cube "request_2" crosses dimensions otherwise than others of the same persons', 'one for another crossing is refused');
CALL centre.publish('by_topic', '2026-03-05');
RESET ROLE;
SELECT is((SELECT breakdowns FROM rounding_period WHERE period @> date '2026-03-05'), '{1.five_year,"2.place 3.sex 4.topic"}', 'and joins none');
SELECT throws_ok($$INSERT INTO cube (code, audience, period_unit, dataset, dims, age_bands) VALUES ('otherwise', 'public', 'month', 'visit', '{age}', 'two')$$, '22023', 'cube "otherwise" cuts ages otherwise than cube "by_age"', 'ages are cut once');
SELECT * FROM finish();
