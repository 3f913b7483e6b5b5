-- What somebody who reads every board may work out about few officials: sums that repeat each other in several cubes give back
-- what one of them withholds.  Each attack here worked, and must not again.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 3) i;
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 160) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (1, 'position', 's', 'P1', 'Post');
INSERT INTO centre.requirement (node_id, competency_id, level) SELECT 1, c, 3 FROM generate_series(1, 3) c;
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, valid)
  SELECT i, (ARRAY['Health', 'Works', 'Finance', 'Lands'])[(i + 39) / 40], 'D', 'X', 1, '[2020-01-01,)' FROM generate_series(1, 160) i;
-- Competency 1: half of each ministry lacks one level; 2: all lack two; 3: in Health three officials lack three, elsewhere thirteen and more.
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential)
  SELECT i, 1, CASE WHEN i % 2 = 0 THEN 2 ELSE 3 END, 'institute', '2026-01-05'::date, 'a' FROM generate_series(1, 160) i
  UNION ALL SELECT i, 2, 1, 'institute', '2026-01-05'::date, 'a' FROM generate_series(1, 160) i
  UNION ALL SELECT i, 3, 3, 'institute', '2026-01-05', 'a' FROM generate_series(1, 160) i WHERE i NOT IN (1, 2) AND i NOT BETWEEN 41 AND 53 AND i NOT BETWEEN 81 AND 99 AND i NOT BETWEEN 121 AND 150;
-- March: in Health twelve gain, one official loses three levels by revocation; three are assessed, thirty learn.
UPDATE centre.evidence SET revoked = '2026-03-10' WHERE subject_id = 5 AND competency_id = 3;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential)
  SELECT i, 2, 2, CASE WHEN i IN (20, 21, 22) OR i > 40 AND i % 40 BETWEEN 20 AND 34 THEN 'assessed' ELSE 'institute' END, '2026-03-12', 'b' FROM generate_series(1, 160) i WHERE i BETWEEN 11 AND 22 OR i > 40 AND i % 40 BETWEEN 14 AND 34;
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, hours, price, teaches) VALUES (1, 1, 'a', 'A', 10, 100, '1:1');
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on)
  SELECT 'x', i::text, i, 1, '2026-03-02', CASE WHEN i % 2 = 0 THEN '2026-03-20'::date END FROM generate_series(1, 160) i WHERE i % 40 < 30;
SET client_min_messages = error;
SET ROLE civic_publisher;
CALL centre.publish_capacity('2026-02-28', '2026-12-31');
CALL centre.publish_capacity('2026-03-31', '2026-12-31');
RESET ROLE;
SET client_min_messages = warning;
SET ROLE civic_reader; SET search_path = dash, tap, public;
CREATE TEMP TABLE seen AS SELECT cube, period_start, measure, members, value FROM dash.released_row;
CREATE TEMP TABLE score AS SELECT * FROM dash.capacity_score('2026-03');
CREATE TEMP TABLE book AS SELECT * FROM dash.capacity_passbook('2026-03', 'Health');
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
CREATE FUNCTION tap.shown(of_cube text, of_measure text, variadic of_members text[]) RETURNS numeric LANGUAGE sql AS $$
  SELECT value FROM seen WHERE cube = of_cube AND measure = of_measure AND members = of_members AND period_start = '2026-03-01' $$;

SELECT is(tap.shown('activity_assessed', 'subjects', 'Health', 'yes'), NULL, 'that three were assessed in Health is withheld');
SELECT is((SELECT score FROM score WHERE ministry = 'Health'), NULL, 'and so is the score, from which with its weights and the two other shares it would follow');
SELECT set_eq('SELECT ministry, score IS NULL FROM score', 'SELECT ministry, assessment IS NULL OR learning IS NULL OR engagement IS NULL FROM score', 'a score is shown where all three shares are');
SELECT is_empty($$SELECT * FROM score s JOIN centre.ministry_score('2026-03-01') t USING (ministry) WHERE s.score IS NOT NULL AND (abs(s.score - t.score) > 1e-9 OR s.ci_lower > t.lower OR s.ci_upper < t.upper OR s.ci_upper - s.ci_lower > 2.5 * (t.upper - t.lower))$$,
  'it is the true one, with limits a little wider than the true ones');
SELECT cmp_ok((SELECT count(*) FROM score WHERE score IS NOT NULL), '>=', 2::bigint, 'of two ministries or more');
SELECT is_empty($$SELECT * FROM seen WHERE measure LIKE 'points%'$$, 'no sum of points is released beside the shares');

SELECT is(tap.shown('passbook', 'subjects', 'revocation', 'Health'), NULL, 'that one official''s evidence was revoked is withheld');
SELECT ok((SELECT levels IS NOT NULL FROM book WHERE entry_no = 1) AND (SELECT people >= 5 FROM book WHERE entry_no = 2), 'while balances and gains are shown');
SELECT is((SELECT count(levels) FROM book WHERE entry LIKE '%balance'), (SELECT count(levels) FROM book), 'levels only of balances: those of entries would add up with them, the one withheld as well');

SELECT is(tap.shown('training_demand', 'subjects', '3', 'Health'), NULL, 'that three officials of Health lack competency 3 is withheld');
SELECT is_empty($$SELECT d.cube, d.measure FROM seen d WHERE d.cube = 'capacity' AND d.members = '{Health}' AND d.period_start = '2026-03-01'
    AND abs(d.value - (SELECT sum(gap) FROM (SELECT e.missing AS gap FROM centre.capacity_fact f, each(f.gap) e WHERE f.ministry = 'Health' AND f.month = '2026-03-01') x)) < 1
  UNION ALL SELECT 'needed less covered', '' WHERE tap.shown('capacity', 'needed', 'Health') - tap.shown('capacity', 'covered', 'Health') IS NOT NULL$$,
  'no sum tells how many levels Health lacks, from which those of the other competencies could be taken');
SELECT is_empty($$SELECT c1.dataset, c2.dataset, c1.code, c2.code FROM centre.cube c1 JOIN centre.cube c2 ON c1.dataset < c2.dataset AND 'levels' = ANY (c1.measures) AND 'levels' = ANY (c2.measures)
  WHERE c1.dataset IN ('capacity', 'passbook', 'passbook_entry', 'passbook_balance') AND c2.dataset IN ('capacity', 'passbook', 'passbook_entry', 'passbook_balance')$$, 'the levels that officials hold are a measure of one dataset');
SELECT * FROM finish();
