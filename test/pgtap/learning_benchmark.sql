-- Needs by their day, ministries compared by coverage against counting by hand and leaving one out, targets, and prices for providers.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 5) i;
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 1200) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) SELECT i, 'position', 's', 'P' || i, 'Post ' || i FROM generate_series(1, 4) i;
INSERT INTO centre.requirement (node_id, competency_id, level, weight) VALUES (1, 1, 2, 1), (1, 2, 3, 2), (2, 2, 4, 1), (2, 3, 2, 1), (3, 1, 1, 3), (3, 4, 4, 1), (4, 5, 2, 1);

-- needs by their day
SELECT is_empty('SELECT * FROM centre.frac_need', 'what a post needs on its first day is what it always needed, as far as anybody knows');
UPDATE centre.frac_node SET need_since = centre.today() - 100 WHERE node_id = 1;
INSERT INTO centre.requirement (node_id, competency_id, level) VALUES (1, 3, 2);
SELECT results_eq('SELECT valid, need::text FROM centre.frac_need', $$SELECT daterange(NULL, centre.today()), '1:2,2:3*2'$$, 'a need that changes leaves behind what it was');
UPDATE centre.requirement SET level = 4 WHERE node_id = 1 AND competency_id = 3;
SELECT is((SELECT count(*) FROM centre.frac_need), 1::bigint, 'twice on a day is once');
SELECT is((SELECT need::text FROM centre.needs_on(centre.today() - 1) WHERE node_id = 1), '1:2,2:3*2', 'yesterday');
SELECT is((SELECT need::text FROM centre.needs_on(centre.today()) WHERE node_id = 1), '1:2,2:3*2,3:4', 'today');
UPDATE centre.frac_node SET need_since = centre.today() - 10 WHERE node_id = 1;
DELETE FROM centre.frac_need;
INSERT INTO centre.frac_need VALUES (1, daterange(NULL, centre.today() - 10), '1:1'), (1, daterange(centre.today() - 5, centre.today() - 3), '1:5');
DELETE FROM centre.requirement WHERE node_id = 1 AND competency_id = 3;
SELECT results_eq('SELECT valid, need::text FROM centre.frac_need ORDER BY valid', $$VALUES (daterange(NULL, centre.today() - 10), '1:1'), (daterange(centre.today() - 10, centre.today() - 5), '1:2,2:3*2,3:4'),
  (daterange(centre.today() - 5, centre.today() - 3), '1:5'), (daterange(centre.today() - 3, centre.today()), '1:2,2:3*2,3:4')$$, 'what was stated for days of its own stays');
SELECT centre.state_need(1, daterange(centre.today() - 20, centre.today() - 4), '1:4') \gset
SELECT is((SELECT array_agg(need::text ORDER BY valid) FROM centre.frac_need), '{1:1,1:4,1:5,"1:2,2:3*2,3:4"}'::text[], 'a need is stated for days that cut others short');
SELECT centre.state_need(1, '(,)', NULL) \gset
SELECT is_empty('SELECT * FROM centre.frac_need', 'and taken back');
SELECT throws_ok($$SELECT centre.state_need(99, '(,)', '1:1')$$, '23503', NULL, 'of a node that there is');
-- a base year is measured by its own needs
SELECT centre.state_need(2, '(,2025-07-01)', '2:1') \gset
SELECT centre.state_need(3, '[2027-01-01,)', '4:1') \gset

-- Works holds more, Lands less, than the mix of designations makes one expect
SELECT setseed(0.71) \gset
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, valid)
  SELECT i, (ARRAY['Health', 'Works', 'Lands', 'Home', 'Post'])[1 + i % 5], 'D', 'X' || CASE WHEN i % 5 = 4 THEN 9 ELSE p END, p,
         CASE WHEN i % 17 = 0 THEN '[2025-10-01,)' WHEN i % 19 = 0 THEN '[2020-01-01,2025-08-01)' ELSE '[2020-01-01,)' END::daterange
  FROM generate_series(1, 1200) i CROSS JOIN LATERAL (SELECT 1 + (random() * random() * 3)::int AS p WHERE i > 0) x;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential)
  SELECT s, c, 1 + (random() * 3)::int, 'assessed', d, 'x' FROM generate_series(1, 1200) s, generate_series(1, 5) c, LATERAL (SELECT '2025-01-01'::date + (random() * 450)::int AS d WHERE s + c > 0) x
  WHERE random() < CASE s % 5 WHEN 1 THEN 0.75 WHEN 2 THEN 0.2 ELSE 0.5 END;
SELECT centre.take_capacity('2025-06-30', '2026-12-31') \gset
SELECT centre.take_capacity('2026-03-31', '2026-12-31') \gset
SELECT is((SELECT array_agg(DISTINCT needed ORDER BY needed) FROM centre.capacity_fact WHERE month = '2025-06-01' AND subject_id IN (SELECT subject_id FROM centre.official WHERE position_id = 2)), '{1}'::integer[], 'the base month by the needs of its days');
SELECT is((SELECT array_agg(DISTINCT needed ORDER BY needed) FROM centre.capacity_fact WHERE month = '2026-03-01' AND subject_id IN (SELECT subject_id FROM centre.official WHERE position_id = 2)), '{6}'::integer[], 'and this one by its own');
SELECT is((SELECT need::text FROM centre.official_gaps('2027-02-01') WHERE subject_id = (SELECT min(subject_id) FROM centre.official WHERE position_id = 3 AND upper_inf(valid))), '4:1', 'a need that is to come, in gaps');

CREATE TEMP TABLE hand AS SELECT month, ministry, designation, subject_id, covered / needed::float8 AS y FROM centre.capacity_fact WHERE needed > 0;
CREATE TEMP TABLE kind AS SELECT designation, avg(y) AS mean, variance(y) AS spread FROM hand WHERE month = '2026-03-01' GROUP BY 1;
CREATE TEMP TABLE mark AS SELECT * FROM centre.ministry_benchmark('2026-03-01', '2025-06-01');
SELECT is((SELECT count(*) FROM mark), 5::bigint, 'a row a ministry');
SELECT is_empty($$SELECT ministry FROM mark m JOIN (SELECT ministry, count(*) AS n, avg(y) AS y, civic.t_quantile(0.975, count(*) - 1) * stddev(y) / sqrt(count(*)) AS half FROM hand WHERE month = '2026-03-01' GROUP BY 1) h USING (ministry)
  WHERE m.officials <> n OR abs(coverage - y) + abs(ci_lower - y + half) + abs(ci_upper - y - half) > 1e-9$$, 'coverage with Student''s limits, by hand');
SELECT is_empty($$SELECT ministry FROM mark m JOIN (SELECT ministry, sum(y) / sum(mean) AS r FROM hand JOIN kind USING (designation) WHERE month = '2026-03-01' GROUP BY 1) h USING (ministry)
  WHERE abs(m.ratio - r) > 1e-9 OR abs(m.standardised - r * (SELECT avg(y) FROM hand WHERE month = '2026-03-01')) > 1e-9$$, 'against the mix of designations');
CREATE FUNCTION tap.ratio_without(of_ministry text, who bigint, of_month date) RETURNS float8 LANGUAGE sql AS $$
  SELECT sum(y) / sum(mean) FROM hand JOIN kind USING (designation) WHERE month = of_month AND ministry = of_ministry AND subject_id <> who $$;
CREATE TEMP TABLE jack AS
  SELECT x.ministry, sqrt(sum((x.now - x.now_mean) ^ 2) * max(n - 1) / max(n)) AS error, sqrt(sum((x.change - x.change_mean) ^ 2) * max(n - 1) / max(n)) AS change_error FROM (
    SELECT w.*, avg(now) OVER v AS now_mean, avg(change) OVER v AS change_mean, count(*) OVER v AS n FROM (
      SELECT p.ministry, tap.ratio_without(ministry, subject_id, '2026-03-01') AS now, tap.ratio_without(ministry, subject_id, '2026-03-01') - tap.ratio_without(ministry, subject_id, '2025-06-01') AS change
      FROM (SELECT DISTINCT ministry, subject_id FROM hand) p) w WINDOW v AS (PARTITION BY ministry)) x GROUP BY 1;
SELECT is_empty($$SELECT m.ministry, error * s, (std_ci_upper - std_ci_lower) / 2 / civic.t_quantile(0.975, officials - 1) FROM mark m JOIN jack USING (ministry), (SELECT avg(y) AS s FROM hand WHERE month = '2026-03-01') o
  WHERE abs((std_ci_upper - std_ci_lower) / 2 / civic.t_quantile(0.975, officials - 1) / (error * s) - 1) > 0.03$$, 'limits of the standardised are those of leaving one out');
SELECT is_empty($$SELECT m.ministry, change_error * s, (change_ci_upper - change_ci_lower) / 3.919927969 FROM mark m JOIN jack USING (ministry), (SELECT avg(y) AS s FROM hand WHERE month = '2026-03-01') o
  WHERE abs((change_ci_upper - change_ci_lower) / 3.919927969 / (change_error * s) - 1) > 0.03$$, 'and so are those of the change, of a person in both months at once');
SELECT is_empty($$SELECT m.ministry FROM mark m JOIN (SELECT ministry, sqrt(sum(spread)) / sum(mean) AS half FROM hand JOIN kind USING (designation) WHERE month = '2026-03-01' GROUP BY 1) h USING (ministry)
  WHERE funnel_upper - 1 < 3.0902 * half - 1e-4$$, 'the funnel is no narrower than chance within designations makes it');
SELECT results_eq('SELECT ministry, comparable > 0.99 FROM mark ORDER BY 1', $$VALUES ('Health', true), ('Home', true), ('Lands', true), ('Post', false), ('Works', true)$$, 'who has designations of others');
SELECT is((SELECT place FROM mark WHERE ministry = 'Post'), NULL, 'a ministry whose designation nobody else has is not placed');
SELECT ok((SELECT w.std_ci_lower > max(h.std_ci_upper) AND l.std_ci_upper < min(h.std_ci_lower) FROM mark h, mark w, mark l
           WHERE h.ministry IN ('Health', 'Home') AND w.ministry = 'Works' AND l.ministry = 'Lands' GROUP BY w.std_ci_lower, l.std_ci_upper), 'limits tell the better from the middling and these from the worse');
-- without the two that differ the funnel is that of chance, and they fall out of it
UPDATE centre.capacity_fact SET ministry = (ARRAY['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L'])[1 + subject_id % 12] WHERE ministry IN ('Health', 'Home', 'Post');
UPDATE centre.capacity_fact SET designation = 'X1' WHERE designation = 'X9';
SELECT results_eq($$SELECT ministry, place FROM centre.ministry_benchmark('2026-03-01') WHERE place <> 'within' ORDER BY 1$$, $$VALUES ('Lands', 'below'), ('Works', 'above')$$, 'the funnel finds the two that were made to differ, and no other');
SELECT is((SELECT count(*) FROM centre.ministry_benchmark('2026-03-01') WHERE target IS NOT NULL OR change IS NOT NULL), 0::bigint, 'no base, no change; no target, no gap');

-- targets
INSERT INTO centre.capacity_target VALUES ('*', '[2025-04-01,2026-04-01)', 0.4), ('Lands', '[2026-01-01,2026-04-01)', 0.9);
SELECT throws_ok($$INSERT INTO centre.capacity_target VALUES ('*', '[2026-01-01,)', 0.5)$$, '23P01', NULL, 'one target a ministry and day');
SELECT results_eq($$SELECT ministry, target, reached FROM centre.ministry_benchmark('2026-03-01') WHERE ministry IN ('Lands', 'Works') ORDER BY 1$$, $$VALUES ('Lands', 0.9, false), ('Works', 0.4, true)$$, 'a ministry''s own target goes before that of all');

-- prices
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, hours, price, teaches) VALUES (1, 1, 'a', 'A', 10, 100, '1:2'), (2, 1, 'b', 'B', 10, 300, '1:2,3:2'), (3, 1, 'c', 'C', 5, 20, '4:1'), (4, 1, 'd', 'D', 1, 50, '1:1'), (5, 1, 'e', 'E', 1, 50, '5:1');
INSERT INTO centre.training_session (training_id, starts, ends, seats) VALUES (2, '2026-05-10', '2026-05-11', 7), (2, '2027-06-10', '2027-06-11', 90);
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on, rating, price)
  SELECT 'x', s || '/' || t, 100 * t + s, t, '2026-03-01', '2026-03-10', 4, 100 * t FROM generate_series(1, 90) s, generate_series(1, 5) t WHERE s <= CASE t WHEN 1 THEN 90 WHEN 2 THEN 40 WHEN 3 THEN 6 WHEN 4 THEN 60 ELSE 7 END;
SET ROLE civic_publisher;
CALL centre.publish_capacity('2026-03-31', '2026-12-31');
RESET ROLE;
CREATE TEMP TABLE gained AS
  SELECT l.training_id::text AS training, l.subject_id, centre.levels_gained(l.subject_id, l.training_id, NULL, l.completed_on) AS levels FROM centre.learning l;
SET ROLE civic_provider; SET search_path = dash, tap, public;
CREATE TEMP TABLE price AS SELECT * FROM dash.training_pricing('2026-03');
SELECT throws_ok($$SELECT * FROM centre.ministry_benchmark('2026-03-01')$$, '42501', NULL, 'true counts are not for providers');
RESET ROLE; SET search_path = tap, public, pg_catalog, civic;
SELECT cmp_ok((SELECT count(*) FROM price p JOIN (SELECT training, count(*) AS n FROM gained GROUP BY 1) g USING (training) WHERE p.people = g.n), '>=', 2::bigint, 'providers see what trainings gave');
SELECT is_empty($$SELECT p.training, p.levels_each, g.mean FROM price p JOIN (SELECT training, avg(levels) AS mean, civic.t_quantile(0.975, count(*) - 1) * stddev(levels) / sqrt(count(*)) AS half FROM gained GROUP BY 1) g USING (training)
  WHERE p.people IS NOT NULL AND (abs(p.levels_each - g.mean) > 1e-9 OR p.levels_ci_upper < least(g.mean + g.half, p.levels_ci_upper) - 1e-9 OR p.levels_ci_lower > greatest(g.mean - g.half, 0) + 1e-9
    OR abs(p.levels_per_1000 - g.mean / p.price::float8 * 1000) > 1e-9)$$, 'levels each and by price, with limits no narrower than Student''s');
SELECT results_eq($$SELECT demand_people, demand_levels, seats, others_per_1000 = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY o.levels_per_1000) FROM price o WHERE o.training IN ('1', '4')) FROM price WHERE training = '2'$$,
  $$SELECT max(people), sum(levels), 7::numeric, true FROM dash.training_demand('2026-03') WHERE competency IN ('1', '3')$$, 'demand, seats and what others give');
SELECT is((SELECT num_nonnulls(people, levels_each, levels_ci_lower, levels_ci_upper, levels_per_1000, per_1000_ci_lower, per_1000_ci_upper) FROM price WHERE training = '3'), 0, 'nothing of fewer than ten people');
SELECT isnt((SELECT reason FROM price WHERE training = '3'), NULL, 'and why');
SELECT * FROM finish();
