-- Rounded datasets: what is published adds up and keeps its bounds, whatever comes later; what may not be added; who may see what.
SET search_path = tap, centre, public, pg_catalog;
SET client_min_messages = warning;
INSERT INTO demarcation VALUES ('d', '(,)', 'test');
INSERT INTO area (area_id, code, demarcation, level, name, parent_id) VALUES (1, 'ZZ', 'd', 'country', 'Country', NULL);
INSERT INTO area (area_id, code, demarcation, level, name, parent_id) SELECT 1 + p, 'P' || p, 'd', 'province', 'Province ' || p, 1 FROM generate_series(1, 3) AS p;
INSERT INTO area (area_id, code, demarcation, level, name, parent_id) SELECT 10 + i, 'D' || i, 'd', 'district', 'District ' || i, 2 + (i - 1) / 2 FROM generate_series(1, 5) AS i;
-- wards 40 to 44 lie right under the third province
INSERT INTO area (area_id, code, demarcation, level, name, parent_id) SELECT 100 + i, 'W' || i, 'd', 'ward', 'Ward ' || i, CASE WHEN i > 40 THEN 4 ELSE 11 + (i - 1) / 8 END FROM generate_series(1, 45) AS i;
INSERT INTO area_standing SELECT level, area_id FROM area;
INSERT INTO source VALUES ('app', true, true, NULL);
INSERT INTO indicator (code, kind, topic, unit) VALUES ('visit', 'count', 'needs', 'visits'), ('dose', 'count', 'needs', 'doses'), ('need', 'count', 'needs', 'reports');
INSERT INTO indicator (code, kind, topic, unit, numerator, denominator) VALUES ('share_dosed', 'proportion', 'needs', 'share', 'dose', 'visit');
UPDATE dataset SET method = 'round' WHERE code = 'observation';
INSERT INTO cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('near', 'centre', '{visit,dose,need,share_dosed}', '{country,province,district,ward}', 'month', '{all,sex,age_band}'),
  ('far', 'public', '{visit,dose,need}', '{country,province,district}', 'month', '{all,sex}');
INSERT INTO document (source, doc_key, version, content_hash) SELECT 'app', i::text, 0, 'x' FROM generate_series(1, 6000) AS i;
SELECT centre.ensure_months('2026-09-01', '2026-11-30') \g /dev/null
-- ages from 10 to 73 with LONG=1, else to 25: fewer bands, fewer cells
\set long ''
\getenv long LONG
SELECT set_config('tap.ages', CASE WHEN :'long' = '1' THEN '63' ELSE '15' END, false) \g /dev/null
-- report(first, n, day): n persons of skewed wards; a ninth report need twice; three in four of the visits are dosed
CREATE FUNCTION report(first_person int, n int, on_day date, documents_after bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age, age_band, value)
  SELECT d.document_id, k.ordinal, on_day, on_day, i.indicator_id, 101 + floor(power((hashint4(p) & 65535) / 65536.0, 1.7) * 45)::int, p, true, CASE WHEN hashint4(p + 7) & 3 = 0 THEN 'm' WHEN hashint4(p + 7) & 31 = 1 THEN 'u' ELSE 'f' END,
         (hashint4(p + 13) & current_setting('tap.ages')::int) + 10, 'x', CASE WHEN i.code = 'need' AND p % 9 = 0 THEN 2 ELSE 1 END
  FROM generate_series(first_person, first_person + n - 1) AS p JOIN (SELECT document_id, (row_number() OVER (ORDER BY document_id) + first_person - 1)::int AS p FROM document WHERE document_id > documents_after) AS d USING (p)
  CROSS JOIN (VALUES (1, 'visit'), (2, 'dose'), (3, 'need')) AS k (ordinal, code) JOIN indicator i USING (code)
  WHERE k.code = 'need' AND p % 5 < 3 OR k.code = 'visit' AND p % 5 >= 2 OR k.code = 'dose' AND p % 5 >= 2 AND p % 4 > 0
$$;
SELECT report(1, 1500, '2026-10-10', 0) \g /dev/null
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
-- the truth of every cell, in plain SQL
CREATE MATERIALIZED VIEW truth AS
  WITH o AS (SELECT i.code AS measure, o.* FROM observation o JOIN indicator i USING (indicator_id) WHERE o.verified AND day >= '2026-10-01' AND day < '2026-11-01'),
  m AS (SELECT o.*, v.breakdown, v.member FROM o LEFT JOIN age_band b ON b.band_set = 'five_year' AND o.age BETWEEN b.from_age AND b.to_age,
        LATERAL (VALUES ('all', '*total*'), ('sex', o.sex), ('age_band', coalesce(b.code, 'u'))) AS v (breakdown, member))
  SELECT m.measure AS indicator, s.level, s.area_id, m.breakdown, m.member, sum(m.value) AS n, count(DISTINCT m.subject_id) AS persons
  FROM m JOIN area_closure c ON c.descendant_id = m.area_id JOIN area_standing s ON s.area_id = c.ancestor_id GROUP BY 1, 2, 3, 4, 5;
CREATE MATERIALIZED VIEW shown AS
  SELECT r.cube, x.*, coalesce(t.n, 0) AS n, coalesce(t.persons, 0) AS persons FROM release r JOIN release_cell x USING (release_id) LEFT JOIN truth t USING (indicator, level, area_id, breakdown, member) WHERE r.current AND x.indicator <> 'share_dosed';

SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
CALL centre.publish('far', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT plan(48);
SELECT is((SELECT count(*) FROM shown WHERE cube = 'near' AND breakdown = 'all'), 3 * 54::bigint, 'every area has its total, those without a report too');
SELECT is_empty($$SELECT * FROM shown WHERE value IS NULL OR value % CASE cube WHEN 'near' THEN 5 ELSE 10 END <> 0$$, 'nothing is withheld, and every value is a multiple of its base');
SELECT is_empty($$SELECT * FROM shown WHERE n < possible_from OR n > possible_to$$, 'the truth lies where every value says');
SELECT is_empty($$SELECT * FROM shown WHERE value > 0 AND n = 0$$, 'true noughts stay noughts');
SELECT is((SELECT max(abs(value - n)) <= 8 FROM shown WHERE cube = 'near' AND breakdown = 'all' AND indicator = 'visit'), true, 'a measure of two parts is off by two bases at most');
SELECT is_empty($$SELECT a.* FROM shown a JOIN LATERAL (SELECT sum(b.value) AS value FROM shown b JOIN area k ON k.area_id = b.area_id WHERE (b.cube, b.indicator, b.breakdown) = (a.cube, a.indicator, 'all') AND k.parent_id = a.area_id) AS p ON true
  WHERE a.breakdown = 'all' AND a.cube = 'near' AND a.level <> 'ward' AND a.value <> p.value$$, 'areas add up to what they lie in');
SELECT is_empty($$SELECT t.* FROM (SELECT cube, indicator, level, area_id, breakdown, sum(value) AS value FROM shown WHERE breakdown <> 'all' GROUP BY 1, 2, 3, 4, 5) AS p JOIN shown t USING (cube, indicator, level, area_id) WHERE t.breakdown = 'all' AND t.value <> p.value$$, 'members add up to their total');
SELECT is_empty($$SELECT cube, indicator, level, area_id, breakdown FROM shown WHERE breakdown <> 'all' GROUP BY 1, 2, 3, 4, 5 HAVING count(*) <> (SELECT count(DISTINCT s.member) FROM shown s WHERE (s.cube, s.indicator, s.breakdown) = (shown.cube, shown.indicator, shown.breakdown))$$, 'members are listed all or none');
SELECT is((SELECT min(persons) >= 6 FROM shown t WHERE cube = 'near' AND breakdown = 'all' AND EXISTS (SELECT FROM shown m WHERE (m.cube, m.indicator, m.level, m.area_id, m.breakdown) = (t.cube, t.indicator, t.level, t.area_id, 'sex'))), true, 'where there are more persons than the base');
SELECT is((SELECT count(*) > 0 FROM shown t WHERE cube = 'near' AND breakdown = 'all' AND level = 'ward' AND value = 5 AND persons > 0), true, 'and small places, shown without');
SELECT is_empty($$SELECT FROM shown WHERE breakdown <> 'all' AND persons = 1 AND level = 'ward' AND (SELECT t.persons FROM shown t WHERE (t.cube, t.indicator, t.level, t.area_id, t.breakdown) = (shown.cube, shown.indicator, shown.level, shown.area_id, 'all')) = 1$$, 'a place of one person tells none of its attributes');
-- the state is the witness: every published value is a sum of it, and no part of it is negative or between multiples
SELECT is_empty($$SELECT FROM rounding_state WHERE rounded < 0 OR rounded % base <> 0$$, 'the state is a possible table');
SELECT is_empty($$SELECT s.* FROM shown s JOIN LATERAL (SELECT sum(r.rounded) AS z FROM rounding_state r JOIN area_closure c ON c.descendant_id = r.area_id WHERE c.ancestor_id = s.area_id AND r.breakdown = '*' AND r.base = CASE s.cube WHEN 'near' THEN 5 ELSE 10 END
  AND s.indicator = ANY (centre.rounding_counts_in(r.part))) AS w ON true WHERE s.breakdown = 'all' AND s.value <> coalesce(w.z, 0)$$, 'every total is a sum of it');
SELECT is_empty($$SELECT FROM rounding_state b JOIN rounding_state a USING (dataset, period, part, area_id, breakdown, member) WHERE b.base = 10 AND a.base = 5 AND b.truth <> a.rounded$$, 'the larger base is made of the smaller one, not of the facts');
SELECT set_eq($$SELECT DISTINCT part FROM rounding_state$$, ARRAY['dose&visit', 'visit', 'need', 'need+'], 'both parts of a proportion, and what is more than one of each person, are parts of the state');
SELECT is((SELECT max(denominator) > 0 AND min(denominator) >= 50 FROM release_cell WHERE indicator = 'share_dosed'), true, 'a proportion wants ten bases');

-- the same again
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is((SELECT count(*) FROM release WHERE cube = 'near'), 1::bigint, 'unchanged facts are not published again');
CREATE TABLE first_state AS SELECT * FROM rounding_state;
-- whoever rounds the same facts with the same key gets the same

DELETE FROM release; DELETE FROM rounding_period;
SET ROLE civic_publisher;
CALL centre.publish('far', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT set_eq($$SELECT part, base, area_id, breakdown, member, rounded FROM rounding_state$$, $$SELECT part, base, area_id, breakdown, member, rounded FROM first_state$$, 'the same facts are rounded the same');
-- two keys
UPDATE rounding_key SET secret = sha256('another');
DELETE FROM release; DELETE FROM rounding_period;
SET ROLE civic_publisher;
CALL centre.publish('far', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is((SELECT count(*) > 50 FROM rounding_state s JOIN first_state f USING (part, base, area_id, breakdown, member) WHERE s.rounded <> f.rounded), true, 'with another key otherwise');
DELETE FROM rounding_key;
DELETE FROM release; DELETE FROM rounding_period;
SET ROLE civic_publisher;
SELECT throws_ok($$CALL centre.publish('near', '2026-10-31')$$, '55000', 'the key of rounding is lost', 'without a key nothing is published');
RESET ROLE;
INSERT INTO rounding_key (secret) VALUES (sha256('a third'));
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
CALL centre.publish('far', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;

-- ---- later ----
DELETE FROM first_state; INSERT INTO first_state SELECT * FROM rounding_state;
-- four persons more in a ward are not enough
INSERT INTO observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age, age_band)
  SELECT 5000 + p, 1, '2026-10-12', '2026-10-12', (SELECT indicator_id FROM indicator WHERE code = 'need'), 145, 90000 + p, true, 'f', 30, 'x' FROM generate_series(1, 4) AS p;
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is_empty($$SELECT FROM rounding_state s JOIN first_state f USING (base, part, area_id, breakdown, member) WHERE s.rounded <> f.rounded$$, 'four newcomers move nothing');
SELECT is((SELECT count(*) FROM release WHERE cube = 'near'), 2::bigint, 'though there is a release');
SELECT is_empty($$SELECT * FROM shown WHERE cube = 'near' AND (n < possible_from OR n > possible_to)$$, 'whose values say how far they may be off');
INSERT INTO observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age, age_band)
  SELECT 5100 + p, 1, '2026-10-13', '2026-10-13', (SELECT indicator_id FROM indicator WHERE code = 'need'), 145, 91000 + p, true, 'm', 30, 'x' FROM generate_series(1, 12) AS p;
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
CALL centre.publish('far', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is((SELECT s.rounded - f.rounded FROM rounding_state s JOIN first_state f USING (base, part, area_id, breakdown, member) WHERE (base, part, area_id, breakdown) = (5, 'need', 145, '*')) >= 10, true, 'sixteen do');
SELECT is_empty($$SELECT FROM rounding_state s JOIN first_state f USING (base, part, area_id, breakdown, member) WHERE s.rounded <> f.rounded AND s.part <> 'need'$$, 'and nothing of what did not change');
SELECT is_empty($$SELECT t.* FROM (SELECT cube, indicator, level, area_id, breakdown, sum(value) AS value FROM shown WHERE breakdown <> 'all' GROUP BY 1, 2, 3, 4, 5) AS p JOIN shown t USING (cube, indicator, level, area_id) WHERE t.breakdown = 'all' AND t.value <> p.value$$, 'members still add up');
SELECT is_empty($$SELECT * FROM shown WHERE n < possible_from OR n > possible_to$$, 'and the truth lies where values say');
-- erasure is a change like others
DELETE FROM first_state; INSERT INTO first_state SELECT * FROM rounding_state;
DELETE FROM observation WHERE subject_id IN (91001, 91002, 90001);
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is_empty($$SELECT FROM rounding_state s JOIN first_state f USING (base, part, area_id, breakdown, member) WHERE s.rounded <> f.rounded$$, 'three who leave move nothing');
-- so is a move to another area, and a correction of who somebody is
UPDATE observation SET area_id = 144 WHERE subject_id = 91005;
UPDATE observation SET sex = 'f' WHERE subject_id = 91006;
SET ROLE civic_publisher;
CALL centre.publish('near', '2026-10-31');
RESET ROLE;
REFRESH MATERIALIZED VIEW truth; REFRESH MATERIALIZED VIEW shown; ANALYZE truth; ANALYZE shown;
SELECT is_empty($$SELECT FROM rounding_state s JOIN first_state f USING (base, part, area_id, breakdown, member) WHERE s.rounded <> f.rounded AND s.breakdown = '*' AND s.area_id <> 145$$, 'nor does one who moves');
SELECT is_empty($$SELECT * FROM shown WHERE cube = 'near' AND (n < possible_from OR n > possible_to)$$, 'and the truth lies where values say');

-- ---- what may not be added ----
SELECT throws_ok($$INSERT INTO cube (code, audience, indicators, levels, period_unit) VALUES ('weeks', 'centre', '{need}', '{province}', 'week')$$, '22023', NULL, 'another unit of period');
SELECT throws_ok($$INSERT INTO cube (code, audience, indicators, levels, period_unit, method) VALUES ('noise', 'centre', '{need}', '{province}', 'month', 'cellkey')$$, '22023', NULL, 'another method');
SELECT throws_ok($$UPDATE dataset SET method = 'suppress' WHERE code = 'observation'$$, '55000', NULL, 'for no audience, once there are releases');
INSERT INTO cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('more', 'centre', '{need}', '{province}', 'month', '{all,disability}');
SET ROLE civic_publisher;
SELECT throws_ok($$CALL centre.publish('more', '2026-10-31')$$, '55000', NULL, 'another breakdown of a period that has been released');
SELECT lives_ok($$CALL centre.publish('more', '2026-11-30')$$, 'which the next period may have');
RESET ROLE;
CREATE TABLE centre.survey (subject_id bigint, day date, verified boolean, area_id integer, sex text, income numeric);
INSERT INTO survey SELECT p, '2026-10-05', true, 101 + p % 45, CASE p % 3 WHEN 0 THEN 'm' ELSE 'f' END, 100 * p FROM generate_series(1, 700) AS p;
INSERT INTO dataset (code, relation, method) VALUES ('survey', 'centre.survey', 'round');
INSERT INTO dimension (dataset, name, kind, columns) VALUES ('survey', 'area', 'area', '{area_id}'), ('survey', 'sex', 'column', '{sex}');
GRANT SELECT ON survey TO civic_publisher;
SELECT throws_ok($$INSERT INTO cube (code, audience, period_unit, dataset, dims, measures) VALUES ('incomes', 'centre', 'month', 'survey', '{sex}', '{income}')$$, '22023', NULL, 'sums');
INSERT INTO cube (code, audience, period_unit, dataset, dims, levels, measures) VALUES ('survey', 'centre', 'month', 'survey', '{area,sex}', '{province,ward}', '{subjects,rows}');
SET ROLE civic_publisher;
CALL centre.publish('survey', '2026-10-31');
RESET ROLE;
SELECT is((SELECT sum(value) FILTER (WHERE members[2] = '*total*') = sum(value) FILTER (WHERE members[2] <> '*total*') AND abs(sum(value) FILTER (WHERE members[2] = '*total*') - 700) <= 12 FROM release_row WHERE measure = 'subjects' AND members[1] IN ('2', '3', '4')), true, 'another dataset: sexes add up to the provinces, provinces nearly to all');
SELECT is((SELECT count(*) FROM release_row a JOIN release_row b USING (release_id, members) WHERE a.measure = 'subjects' AND b.measure = 'rows' AND a.value <> b.value), 0::bigint, 'where every person has one row, rows tell nothing more');

-- ---- amounts that cannot be ----
INSERT INTO observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age, age_band, value)
  SELECT 5900 + k, 1, '2026-10-20', '2026-10-20', (SELECT indicator_id FROM indicator WHERE code = 'need'), 101, 95000 + k, true, 'f', 30, 'x', v FROM (VALUES (1, -1), (2, 0.5), (3, 9e99), (4, 1)) AS u (k, v);
SET ROLE civic_publisher;
SELECT lives_ok($$CALL centre.publish('near', '2026-10-31')$$, 'a report of -1, 0.5 or 9e99 persons stops nobody');
RESET ROLE;
SELECT results_eq($$SELECT source, doc_key, indicator, value FROM centre.unusable_observation ORDER BY 2$$, $$VALUES ('app', '5901', 'need', -1::numeric), ('app', '5902', 'need', 0.5), ('app', '5903', 'need', 9e99)$$, 'they are set aside, with their documents named');
SELECT is((SELECT count(*) FROM ledger_leaf l CROSS JOIN LATERAL centre.subject_amounts(l.sums) AS a WHERE a.subject_id > 95000), 1::bigint, 'and counted nowhere');

-- ---- who sees what ----
SET ROLE civic_reader;
SELECT throws_ok($$SELECT * FROM centre.rounding_state$$, '42501', NULL, 'readers see no state');
SELECT throws_ok($$SELECT centre.rounding_secret('observation')$$, '42501', NULL, 'nor the key');
SELECT results_eq($$SELECT DISTINCT status FROM dash.released WHERE cube = 'near'$$, ARRAY['rounded'], 'but that values are rounded');
SELECT is((SELECT count(*) FROM dash.released WHERE cube = 'near' AND possible_to IS NULL), 0::bigint, 'and what they may stand for');
RESET ROLE;
SET ROLE civic_publisher;
SELECT throws_ok($$SELECT secret FROM centre.rounding_key$$, '42501', NULL, 'the publisher does not see the secret');
SELECT isnt(centre.rounding_secret('observation'), centre.rounding_secret('survey'), 'but a key of it for each dataset');
RESET ROLE;
SET ROLE civic_public;
SELECT throws_ok($$SELECT centre.rounding_secret('observation')$$, '42501', NULL, 'nobody else, whatever their path');
RESET ROLE;
SELECT finish();
