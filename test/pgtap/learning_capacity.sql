-- The monthly state of capacity, scores, benchmarks and effects against counting by hand, and what readers and providers get of it.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 5) i;
INSERT INTO centre.competency_label (competency_id, lang, label) VALUES (1, 'en', 'Writing'), (1, 'fr', 'Rédaction');
INSERT INTO centre.subject (subject_id, verified) SELECT i, i <= 400 FROM generate_series(1, 405) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) SELECT i, 'position', 's', 'P' || i, 'Post ' || i FROM generate_series(1, 3) i;
INSERT INTO centre.requirement (node_id, competency_id, level, weight) VALUES (1, 1, 2, 1), (1, 2, 3, 2), (2, 2, 2, 1), (2, 3, 2, 1), (3, 1, 1, 3), (3, 4, 1, 1);
SELECT setseed(0.44) \gset
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, valid)
  SELECT i, m, 'D' || i % 2, 'X' || i % 4, nullif(1 + i % 4, 4), CASE WHEN i = 7 THEN '[2026-03-20,)' ELSE '[2020-01-01,)' END::daterange
  FROM generate_series(1, 405) i, LATERAL (SELECT CASE WHEN i <= 180 THEN 'Health' WHEN i <= 300 THEN 'Works' WHEN i <= 392 THEN 'Finance' WHEN i <= 400 THEN 'Tiny' ELSE 'Health' END AS m) x;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential)
  SELECT s, c, 1 + (random() * 2)::int, CASE WHEN random() < 0.5 THEN 'assessed' ELSE 'institute' END, d, CASE WHEN random() < 0.3 THEN d + 200 END, CASE WHEN random() < 0.1 THEN d + (random() * 300)::int END, 'x' || n
  FROM generate_series(1, 405) s, generate_series(1, 5) c, generate_series(1, 2) n, LATERAL (SELECT '2025-06-01'::date + (random() * 330)::int AS d WHERE s + c + n > 0) x WHERE random() < 0.5;
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, hours, price, teaches) VALUES (1, 1, 'a', 'A', 10, 100, '1:2'), (2, 1, 'b', 'B', 10, 300, '2:3,3:1'), (3, 1, 'c', 'C', 5, 20, '4:1'), (4, 1, 'd', 'D', 1, 500, '5:1');
INSERT INTO centre.training_session (training_id, starts, ends, seats) VALUES (1, '2026-04-10', '2026-04-11', 9), (2, '2026-05-10', '2026-05-11', 7), (2, '2027-06-10', '2027-06-11', 90), (3, '2026-03-01', '2026-03-02', 4);
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, active_on, completed_on, score, rating, price)
  SELECT 'x', s || '/' || t, s, t, d, CASE WHEN random() < 0.5 THEN d + (random() * 30)::int END, CASE WHEN random() < 0.6 THEN d + (random() * 40)::int END, 70, 1 + (random() * 4)::int, 100 * t
  FROM generate_series(1, 400) s, generate_series(1, 3) t, LATERAL (SELECT '2026-01-10'::date + (random() * 75)::int AS d WHERE s + t > 0) x WHERE random() < 0.35;
DELETE FROM centre.learning WHERE subject_id BETWEEN 393 AND 400 AND subject_id <> 395;

-- a month's state
SELECT is(centre.take_capacity('2026-03-31', '2026-12-31'), 405::bigint, 'everybody in office');
SELECT is(centre.take_capacity('2026-03-31', '2026-12-31'), 405::bigint, 'again replaces it');
SELECT is((SELECT count(*) FROM centre.capacity_fact), 405::bigint, 'so that there is one row a person and month');
CREATE FUNCTION tap.holds(who bigint, c integer, on_day date) RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(max(level), 0)::integer FROM centre.evidence WHERE subject_id = who AND competency_id = c AND issued <= on_day AND coalesce(expires, 'infinity') > on_day AND coalesce(revoked, 'infinity') > on_day $$;
CREATE TEMP TABLE hand AS
  SELECT o.subject_id, o.ministry, o.designation, coalesce(sum(r.level * r.weight), 0) AS needed, coalesce(sum(r.weight * least(r.level, tap.holds(o.subject_id, r.competency_id, '2026-03-31'))), 0) AS covered,
         (SELECT sum(tap.holds(o.subject_id, c, '2026-03-31')) FROM generate_series(1, 5) c) AS levels,
         EXISTS (SELECT FROM centre.learning l, unnest(ARRAY[enrolled_on, active_on, completed_on]) d WHERE l.subject_id = o.subject_id AND to_char(d, 'YYYY-MM') = '2026-03') AS engaged,
         EXISTS (SELECT FROM centre.learning l WHERE l.subject_id = o.subject_id AND to_char(completed_on, 'YYYY-MM') = '2026-03') AS learnt,
         EXISTS (SELECT FROM centre.evidence e WHERE e.subject_id = o.subject_id AND source = 'assessed' AND to_char(issued, 'YYYY-MM') = '2026-03' AND coalesce(revoked, 'infinity') > '2026-03-31') AS assessed
  FROM centre.official o LEFT JOIN centre.requirement r ON r.node_id = o.position_id GROUP BY o.subject_id, o.ministry, o.designation;
SELECT set_eq('SELECT subject_id, needed, covered, levels, engaged, learnt, assessed, points FROM centre.capacity_fact', 'SELECT subject_id, needed, covered, levels, engaged, learnt, assessed, 30 * engaged::int + 40 * learnt::int + 30 * assessed::int FROM hand', 'as counted by hand');
SELECT set_eq('SELECT DISTINCT designation, expected FROM centre.capacity_fact WHERE needed > 0', 'SELECT designation, round(100 * avg(covered::numeric / needed)) FROM hand WHERE needed > 0 GROUP BY 1', 'expected by designation');
SELECT results_eq($$SELECT ministry, officials, engagement, learning, assessment, round(score::numeric, 9), round(lower::numeric, 6), round(upper::numeric, 6) FROM centre.ministry_score('2026-03-01')$$,
  $$SELECT ministry, count(*), avg(engaged::int)::float8, avg(learnt::int)::float8, avg(assessed::int)::float8, round(avg(p), 9), round((greatest(avg(p) - h, 0))::numeric, 6), round((least(avg(p) + h, 100))::numeric, 6)
    FROM (SELECT *, 30 * engaged::int + 40 * learnt::int + 30 * assessed::int AS p FROM hand) x JOIN LATERAL (SELECT civic.t_quantile(0.975, count(*) - 1) * stddev_samp(30 * engaged::int + 40 * learnt::int + 30 * assessed::int) / sqrt(count(*)) AS h FROM hand y WHERE y.ministry = x.ministry) s ON true
    GROUP BY ministry, h ORDER BY 1$$, 'the score is the mean with Student''s limits');
-- takers against others
CREATE FUNCTION tap.proved(who bigint, c integer, on_day date) RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(max(level), 0)::integer FROM centre.evidence WHERE subject_id = who AND competency_id = c AND issued <= on_day AND coalesce(expires, 'infinity') > on_day AND coalesce(revoked, 'infinity') > on_day
    AND credential NOT LIKE 'learning:%:2:____-__-__' $$;
CREATE TEMP TABLE person AS SELECT o.subject_id, o.designation, l.price, l.subject_id IS NOT NULL AS took, b.before, b.after - b.before AS gain
  FROM centre.official o LEFT JOIN centre.learning l ON l.subject_id = o.subject_id AND l.training_id = 2 AND l.completed_on <= '2026-04-30'
  CROSS JOIN LATERAL (SELECT sum(tap.proved(o.subject_id, c, '2025-12-31')) AS before, sum(tap.proved(o.subject_id, c, '2026-04-30')) AS after FROM generate_series(2, 3) c) b WHERE o.subject_id <> 7;
SELECT results_eq($$SELECT takers, compared, others, round(gain::numeric, 9), round(gain_of_others::numeric, 9), round(difference::numeric, 9) FROM centre.training_effect(2, '2026-01-01', '2026-04-30')$$,
  $$WITH alike AS (SELECT t.*, (SELECT avg(o.gain) FROM person o WHERE NOT o.took AND o.designation = t.designation AND o.before = t.before) AS theirs FROM person t WHERE t.took)
    SELECT count(*), count(theirs), (SELECT count(*) FROM person o WHERE NOT o.took AND EXISTS (SELECT FROM person t WHERE t.took AND t.designation = o.designation AND t.before = o.before)),
           round(avg(gain) FILTER (WHERE theirs IS NOT NULL), 9), round(avg(theirs), 9), round(avg(gain) FILTER (WHERE theirs IS NOT NULL) - avg(theirs), 9) FROM alike$$, 'takers and others like them, by hand');
SELECT ok((SELECT lower < difference AND difference < upper AND compared > 20 FROM centre.training_effect(2, '2026-01-01', '2026-04-30')), 'with an interval');
-- a department's takers of any training, against all who completed none
CREATE FUNCTION tap.unlearnt(who bigint, c integer, on_day date) RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(max(level), 0)::integer FROM centre.evidence WHERE subject_id = who AND competency_id = c AND issued <= on_day AND coalesce(expires, 'infinity') > on_day AND coalesce(revoked, 'infinity') > on_day
    AND credential NOT LIKE 'learning:%' $$;
CREATE TEMP TABLE anyone AS SELECT o.subject_id, o.ministry, o.department, o.designation, EXISTS (SELECT FROM centre.learning l WHERE l.subject_id = o.subject_id AND l.completed_on BETWEEN '2026-02-01' AND '2026-03-31') AS took, b.before, b.after - b.before AS gain
  FROM centre.official o CROSS JOIN LATERAL (SELECT sum(tap.unlearnt(o.subject_id, c, '2026-01-31')) AS before, sum(tap.unlearnt(o.subject_id, c, '2026-03-31')) AS after FROM generate_series(1, 5) c) b WHERE o.subject_id <> 7;
SELECT results_eq($$SELECT takers, compared, round(gain::numeric, 9), round(gain_of_others::numeric, 9) FROM centre.training_effect(NULL, '2026-02-01', '2026-03-31', 'Health', 'D1')$$,
  $$WITH alike AS (SELECT t.*, (SELECT avg(o.gain) FROM anyone o WHERE NOT o.took AND o.designation = t.designation AND o.before = t.before) AS theirs FROM anyone t WHERE t.took AND t.ministry = 'Health' AND t.department = 'D1')
    SELECT count(*), count(theirs), round(avg(gain) FILTER (WHERE theirs IS NOT NULL), 9), round(avg(theirs), 9) FROM alike$$, 'a department''s takers too');
SELECT is_empty($$SELECT f.subject_id, f.training_id, f.levels FROM centre.learning_feedback f WHERE f.levels <>
  (SELECT sum(greatest(e.level - tap.holds(f.subject_id, e.competency, f.completed_on - 1), 0)) FROM centre.training t, each(t.teaches) e WHERE t.training_id = f.training_id)$$, 'feedback counts what was not proved before');
-- evidence that takers gained and others did not
SELECT difference AS was FROM centre.training_effect(2, '2026-01-01', '2026-04-30') \gset
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT subject_id, 2, 5, 'assessed', '2026-04-29', 'exam' FROM person WHERE took;
SELECT ok((SELECT difference > :was + 2 AND lower > 0 AND price_per_level > 0 FROM centre.training_effect(2, '2026-01-01', '2026-04-30')), 'an effect is found, with its price');
DELETE FROM centre.evidence WHERE credential = 'exam';

-- the passbook of all: what is added and taken is the difference of the balances
SELECT is_empty($$SELECT o.subject_id FROM centre.official o LEFT JOIN (SELECT subject_id, sum(CASE entry WHEN 'credit' THEN levels ELSE - levels END) AS net FROM centre.passbook_row WHERE day BETWEEN '2026-02-01' AND '2026-03-31' GROUP BY 1) p USING (subject_id)
  WHERE o.subject_id <> 7 AND coalesce(p.net, 0) <> (SELECT sum(tap.holds(o.subject_id, c, '2026-03-31') - tap.holds(o.subject_id, c, '2026-01-31')) FROM generate_series(1, 5) c)$$, 'entries lead from one balance to the next');
SELECT cmp_ok((SELECT count(DISTINCT entry) FROM centre.passbook_row), '=', 3::bigint, 'of all three kinds');

-- publication
CREATE TEMP TABLE short AS SELECT 1 AS month, subject_id, ministry, competency FROM centre.capacity_gap_row WHERE verified;
SET ROLE civic_publisher;
CALL centre.publish_capacity('2026-03-31', '2026-12-31');
RESET ROLE;
SET ROLE civic_provider; SET search_path = dash, tap, public;
SELECT cmp_ok((SELECT count(*) FROM dash.released_row WHERE measure = 'subjects' AND value IS NOT NULL), '>', 8::bigint, 'providers see demand');
SELECT is((SELECT array_agg(DISTINCT cube ORDER BY cube) FROM dash.released_row), '{training_demand,training_feedback}'::text[], 'and feedback, nothing else');
CREATE TEMP TABLE seen AS SELECT 1 AS month, * FROM dash.released_row;
GRANT SELECT ON seen TO PUBLIC;
SELECT results_eq($$SELECT competency, people, seats, unmet, trainings FROM dash.training_demand('2026-03', 'en', 12) WHERE competency IN ('1', '2') ORDER BY 1$$,
  $$SELECT competency, people, CASE competency WHEN '1' THEN 9 ELSE 7 END::numeric, people - CASE competency WHEN '1' THEN 9 ELSE 7 END, 1::numeric FROM dash.capacity_gaps('2026-03') WHERE competency IN ('1', '2') ORDER BY 1$$, 'demand less the seats of a year');
SELECT is((SELECT name FROM dash.training_demand('2026-03', 'fr') WHERE competency = '1'), 'Rédaction', 'in the reader''s language');
SELECT throws_ok(format('SELECT * FROM %s', t), '42501', NULL, 'providers do not read ' || t) FROM unnest(ARRAY['centre.official', 'centre.evidence', 'centre.capacity_fact', 'centre.capacity_gap_row', 'centre.learning', 'centre.ledger_leaf', 'centre.ledger_cell', 'centre.annual_plan_line']) t;
SELECT throws_ok($$SELECT * FROM centre.training_effect(2, '2026-01-01', '2026-04-30')$$, '42501', NULL, 'nor run functions on true counts');
SELECT is_empty($$SELECT ministry, officials, coverage FROM dash.capacity_coverage('2026-03') UNION ALL SELECT ministry, officials, score FROM dash.capacity_score('2026-03')$$, 'nor see what is the centre''s');
SELECT results_eq('SELECT code, price_quartile FROM dash.training ORDER BY 1', $$VALUES ('a', 2), ('b', 3), ('c', 1), ('d', 4)$$, 'quarters of price by hour');
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
CREATE FUNCTION tap.truth(of_month integer, members text[]) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(DISTINCT subject_id) FROM short WHERE month = of_month AND competency = members[1] AND members[2] IN (ministry, '*total*') $$;
SELECT is_empty($$SELECT members, value FROM seen WHERE cube = 'training_demand' AND measure = 'subjects' AND value IS NOT NULL AND (value <> tap.truth(1, members) OR value < 10)$$, 'what is shown is true and of ten or more');
SELECT is_empty($$SELECT members FROM seen WHERE cube = 'training_demand' AND measure = 'levels' AND value IS NOT NULL AND tap.truth(1, members) < 10$$, 'so are levels');
SELECT is_empty($$SELECT members[1] FROM seen WHERE cube = 'training_demand' AND measure = 'subjects' GROUP BY 1 HAVING bool_and(value IS NOT NULL) FILTER (WHERE members[2] = '*total*') AND count(*) FILTER (WHERE value IS NULL) = 1$$,
  'nothing withheld comes back by subtraction from the total');
SELECT cmp_ok((SELECT count(*) FROM seen WHERE cube = 'training_demand' AND value IS NULL), '>=', 2::bigint, 'and something is withheld');

SET ROLE civic_reader; SET search_path = dash, tap, public;
CREATE TEMP TABLE shown AS SELECT * FROM dash.capacity_coverage('2026-03'); CREATE TEMP TABLE scored AS SELECT * FROM dash.capacity_score('2026-03'); CREATE TEMP TABLE parts AS SELECT * FROM dash.released_row;
SELECT set_eq('SELECT * FROM dash.capacity_coverage()', 'TABLE shown', 'the latest is the last month');
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
CREATE TEMP TABLE sure AS SELECT h.* FROM hand h WHERE subject_id <= 400;
SELECT is_empty($$SELECT * FROM shown s JOIN (SELECT ministry, count(*) AS n, avg(round(100.0 * covered / needed)) FILTER (WHERE needed > 0) / 100 AS coverage, count(*) FILTER (WHERE covered = needed AND needed > 0) AS met FROM sure GROUP BY 1) h USING (ministry)
  WHERE s.officials <> h.n OR abs(s.coverage - h.coverage) > 1e-9 OR s.met <> h.met$$, 'the centre sees true coverage');
SELECT cmp_ok((SELECT count(*) FROM shown WHERE coverage IS NOT NULL AND ratio BETWEEN ratio_ci_lower AND ratio_ci_upper AND coverage BETWEEN ci_lower AND ci_upper AND 1 BETWEEN funnel_lower AND funnel_upper AND place IS NOT NULL AND met_share BETWEEN met_ci_lower AND met_ci_upper), '>=', 2::bigint, 'with intervals');
SELECT is_empty($$SELECT * FROM scored s JOIN centre.ministry_score('2026-03-01') t USING (ministry) WHERE ministry <> 'Health' AND (abs(s.score - t.score) > 1e-9 OR s.ci_lower > t.lower + 1e-9 OR s.ci_upper < t.upper - 1e-9)$$, 'and scores, with limits no narrower than the true ones');
SELECT cmp_ok((SELECT count(*) FROM scored WHERE score IS NOT NULL), '>=', 2::bigint, 'of ministries that no few dominate');
SELECT is_empty($$SELECT * FROM scored WHERE ministry = 'Tiny' AND (learning > 0 OR assessment > 0 OR engagement > 0)$$, 'where fewer than five did something its share is withheld');

-- a month later: few change in Works, many in Health
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT s, c, 5, 'assessed', '2026-04-10', 'april' FROM generate_series(1, 400) s, generate_series(1, 4) c WHERE s BETWEEN 185 AND 188 OR s <= 60;
SELECT centre.take_capacity('2026-04-30', '2026-12-31') \gset
INSERT INTO short SELECT 2, subject_id, ministry, competency FROM centre.capacity_gap_row WHERE verified;
SET client_min_messages = error;
SET ROLE civic_publisher;
CALL centre.publish_capacity('2026-04-30', '2026-12-31');
RESET ROLE;
SET client_min_messages = warning;
SET ROLE civic_provider; SET search_path = dash, tap, public;
INSERT INTO seen SELECT 2, * FROM dash.released_row WHERE period_start = '2026-04-01';
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
CREATE FUNCTION tap.changed(members text[]) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM (SELECT subject_id FROM short WHERE month = 1 AND competency = members[1] AND members[2] IN (ministry, '*total*')) a
    FULL JOIN (SELECT subject_id FROM short WHERE month = 2 AND competency = members[1] AND members[2] IN (ministry, '*total*')) b USING (subject_id) WHERE a.subject_id IS NULL OR b.subject_id IS NULL $$;
SELECT is_empty($$SELECT a.members, a.value, b.value, tap.changed(a.members) FROM seen a JOIN seen b USING (cube, measure, members) WHERE cube = 'training_demand' AND a.month = 1 AND b.month = 2 AND a.value <> b.value AND tap.changed(a.members) < 10$$,
  'two months side by side tell of no change of fewer than ten people');
SELECT cmp_ok((SELECT count(*) FROM short WHERE month = 1 AND ministry = 'Works' AND subject_id BETWEEN 185 AND 188), '>', 0::bigint, 'though fewer than ten changed');
SET ROLE civic_reader; SET search_path = dash, tap, public;
CREATE TEMP TABLE book AS SELECT u.unit, p.* FROM unnest('{Health,Works,Finance,Tiny}'::text[]) AS u (unit), dash.capacity_passbook('2026-04', u.unit) AS p;
SELECT cmp_ok((SELECT count(*) FROM book WHERE levels IS NOT NULL), '>', 5::bigint, 'passbooks of ministries');
SELECT is_empty($$SELECT * FROM book WHERE people BETWEEN 1 AND 4$$, 'and tell of nobody');
SELECT cmp_ok((SELECT count(*) FROM dash.capacity_series('2026-01-01', '2026-12-31')), '>=', 6::bigint, 'a series');
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
SELECT is_empty($$SELECT unit, entry_no FROM book JOIN (SELECT ministry, entry, count(DISTINCT subject_id) AS people FROM centre.passbook_row WHERE verified AND to_char(day, 'YYYY-MM') = '2026-04' GROUP BY 1, 2) t ON t.ministry = unit AND t.entry = CASE entry_no WHEN 2 THEN 'credit' WHEN 3 THEN 'expiry' WHEN 4 THEN 'revocation' END
  WHERE book.people <> t.people OR book.levels IS NOT NULL$$, 'entries are true where shown, and count persons');
SELECT set_eq('SELECT unit, levels FROM book WHERE entry_no IN (1, 5)', $$SELECT u.unit, value FROM unnest('{Health,Works,Finance,Tiny}'::text[]) u (unit) CROSS JOIN unnest('{2026-03-01,2026-04-01}'::date[]) d
  JOIN dash.released_row r ON r.cube = 'capacity' AND r.measure = 'levels' AND r.members = ARRAY[u.unit] AND r.period_start = d$$, 'balances are those of the two months');
SELECT * FROM finish();
