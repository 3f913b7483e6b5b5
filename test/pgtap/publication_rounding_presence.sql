-- Of a rounded dataset of rows: which rows a release has tells no more than its values do.
SET search_path = tap, centre, public, pg_catalog;
SET client_min_messages = warning;
SELECT plan(9);
INSERT INTO demarcation VALUES ('d', '(,)', 'test');
INSERT INTO area (area_id, code, demarcation, level, name, parent_id) VALUES (1, 'ZZ', 'd', 'country', 'Country', NULL), (2, 'P1', 'd', 'province', 'P1', 1), (3, 'P2', 'd', 'province', 'P2', 1), (4, 'P3', 'd', 'province', 'P3', 1);
INSERT INTO area_standing SELECT level, area_id FROM area;
CREATE TABLE centre.call_row (subject_id bigint, day date, verified boolean DEFAULT true, area_id integer, topic text, sex text);
GRANT SELECT ON call_row TO civic_publisher;
INSERT INTO dataset (code, relation, method) VALUES ('call', 'centre.call_row', 'round');
INSERT INTO dimension (dataset, name, kind, columns, members) VALUES ('call', 'area', 'area', '{area_id}', NULL), ('call', 'sex', 'column', '{sex}', '{f,m,x}'), ('call', 'topic', 'column', '{topic}', NULL);
INSERT INTO cube (code, audience, period_unit, dataset, dims, levels, measures) VALUES ('call', 'centre', 'month', 'call', '{area,sex,topic}', '{country,province}', '{subjects,rows}');
-- eleven months: forty calls for food in the first province, four of the second; one to four persons of the first have a topic of their own; nobody in December
INSERT INTO call_row (subject_id, day, area_id, topic, sex) SELECT 100 * m + i, make_date(2026, m, 5), CASE WHEN i > 40 THEN 3 ELSE 2 END, CASE WHEN i <= 1 + m % 4 THEN 'rare' ELSE 'food' END, CASE WHEN i % 2 = 0 THEN 'm' ELSE 'f' END
  FROM generate_series(1, 11) AS m, generate_series(1, 44) AS i;
SET ROLE civic_publisher;
DO $$ BEGIN FOR m IN 1..12 LOOP CALL centre.publish('call', make_date(2026, m, 5)); END LOOP; END $$;
RESET ROLE;
CREATE VIEW shown AS SELECT extract(month FROM lower(r.period))::integer AS month, x.* FROM release r JOIN release_row x USING (release_id) WHERE r.cube = 'call' AND r.current;
SELECT is((SELECT count(*) FROM shown WHERE members[3] = 'rare' AND value > 0) > 0 AND (SELECT count(DISTINCT month) FROM shown WHERE members[3] = 'rare' AND value > 0) < 11, true, 'a topic of few is now and then rounded up, and often not');
SELECT is_empty($$SELECT month, measure FROM shown WHERE members[3] = 'rare' GROUP BY 1, 2 HAVING max(value) = 0$$, 'where all its values are nought it is not listed: that it is there is not to be seen');
SELECT is_empty($$SELECT s.month, s.measure, s.members[1] FROM shown s WHERE s.members[3] = 'food' GROUP BY 1, 2, 3
  EXCEPT SELECT s.month, s.measure, s.members[1] FROM shown s JOIN shown t ON (t.month, t.measure) = (s.month, s.measure) AND t.members[3] = 'rare' AND t.members[1] = s.members[1] WHERE s.members[3] = 'food'
  EXCEPT SELECT s.month, s.measure, s.members[1] FROM shown s WHERE NOT EXISTS (SELECT FROM shown t WHERE (t.month, t.measure) = (s.month, s.measure) AND t.members[3] = 'rare')$$, 'where it is listed it is beside all others');
SELECT is_empty($$SELECT month, measure, members[1] FROM shown WHERE members[3] = '*total*' AND members[2] <> '*total*' GROUP BY 1, 2, 3 HAVING array_agg(members[2] ORDER BY members[2]) <> '{f,m,x}'$$, 'members that are declared are listed, with those of nobody');
SELECT is_empty($$SELECT m, v, a FROM generate_series(1, 12) AS m, unnest('{subjects,rows}'::text[]) AS v, unnest('{1,2,3,4}'::text[]) AS a EXCEPT SELECT month, measure, members[1] FROM shown WHERE members[2:] = '{*total*,*total*}'$$, 'every area has its total, in a month of nobody too');
SELECT is((SELECT array_agg(DISTINCT ARRAY[value, possible_from, possible_to]) FROM shown WHERE month = 12), (SELECT array_agg(DISTINCT ARRAY[value, possible_from, possible_to]) FROM shown WHERE members = '{4,*total*,*total*}'), 'which looks like an area of nobody');
SELECT is((SELECT count(DISTINCT possible_to) FROM shown WHERE value = 0 AND members[2:] = '{*total*,*total*}' AND measure = 'subjects'), 1::bigint, 'and like one of few');
-- whoever leaves takes no row along, and who comes brings none
CREATE TABLE before AS SELECT month, measure, members FROM shown;
DELETE FROM call_row WHERE topic = 'rare' AND day <= '2026-06-30';
INSERT INTO call_row (subject_id, day, area_id, topic, sex) SELECT 100 * m + 90 + i, make_date(2026, m, 6), 2, 'rarer', 'x' FROM generate_series(7, 11) AS m, generate_series(1, 2) AS i;
SET ROLE civic_publisher;
DO $$ BEGIN FOR m IN 1..11 LOOP CALL centre.publish('call', make_date(2026, m, 5)); END LOOP; END $$;
RESET ROLE;
SELECT is((SELECT count(*) FROM release WHERE NOT current), 11::bigint, 'there are releases anew');
SELECT set_eq($$SELECT month, measure, members FROM shown$$, $$TABLE before$$, 'with the rows that there were');
SELECT * FROM finish();
