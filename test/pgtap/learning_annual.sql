-- The annual plan of a ministry against trying every choice for every official: what it closes, and what none closes more than.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 5) i;
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
-- 4 and 5 ask for what the other teaches; 6 is cheap and asks for what 2 teaches
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, prerequisites) VALUES (1, 1, 'a', 'a', 40, '1:2', ''), (2, 1, 'b', 'b', 30, '2:3', ''), (3, 1, 'c', 'c', 100, '1:4,3:2', '1:2'), (4, 1, 'd', 'd', 5, '3:3', '4:1'),
  (5, 1, 'e', 'e', 5, '4:2', '3:1'), (6, 1, 'f', 'f', 10, '3:1', '2:2'), (7, 1, 'g', 'g', NULL, '1:5', '');
SELECT setseed(0.27) \gset
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 24) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) SELECT i, 'position', 's', 'P' || i, 'Post ' || i FROM generate_series(1, 6) i;
INSERT INTO centre.requirement (node_id, competency_id, level, weight) SELECT n, c, 1 + (random() * 3)::int, 1 + (random() * 2)::int FROM generate_series(1, 6) n, generate_series(1, 5) c WHERE random() < 0.7;
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, valid) SELECT i, 'M' || (i - 1) / 3, 'D', 'X', 1 + i % 6, '[2020-01-01,)' FROM generate_series(1, 24) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT s, c, 1 + (random() * 2)::int, 'assessed', '2025-01-01', 'x' FROM generate_series(1, 24) s, generate_series(1, 5) c WHERE random() < 0.2;
SELECT centre.refresh_official_competencies(1000, '2026-01-01') \gset

CREATE FUNCTION tap.reached(held competency_set, chosen integer[]) RETURNS competency_set LANGUAGE plpgsql AS $$
DECLARE before competency_set; left_over integer[] := chosen; next integer;
BEGIN
  LOOP
    SELECT t.training_id INTO next FROM centre.training t WHERE t.training_id = ANY (left_over) AND held @> t.prerequisites LIMIT 1;
    EXIT WHEN next IS NULL;
    held := held | (SELECT teaches FROM centre.training WHERE training_id = next);
    left_over := array_remove(left_over, next);
  END LOOP;
  RETURN CASE WHEN left_over = '{}' THEN held END;
END $$;
CREATE FUNCTION tap.points(gap competency_gap) RETURNS numeric LANGUAGE sql AS $$ SELECT coalesce(sum(missing * weight), 0) FROM civic.each(gap) $$;
CREATE TEMP TABLE subset AS SELECT chosen, (SELECT coalesce(sum(price), 0) FROM centre.training WHERE training_id = ANY (chosen)) AS cost
  FROM (SELECT ARRAY(SELECT i FROM generate_series(1, 6) i WHERE (m >> (i - 1)) & 1 = 1) AS chosen FROM generate_series(0, 63) m) x;
CREATE TEMP TABLE option AS SELECT ministry, subject_id, cost, max(points) AS points FROM (
    SELECT g.ministry, g.subject_id, s.cost, tap.points(g.gap) - tap.points(g.need - tap.reached(g.held, s.chosen)) AS points FROM centre.official_gaps('2026-01-01') g, subset s WHERE tap.reached(g.held, s.chosen) IS NOT NULL) x GROUP BY 1, 2, 3;
DELETE FROM option o WHERE EXISTS (SELECT FROM option b WHERE b.subject_id = o.subject_id AND b.cost < o.cost AND b.points >= o.points);
CREATE TEMP TABLE best AS
  SELECT m AS ministry, b AS budget, (SELECT max(x.points + y.points + z.points) FROM option x, option y, option z WHERE x.subject_id = 3 * i + 1 AND y.subject_id = 3 * i + 2 AND z.subject_id = 3 * i + 3 AND x.cost + y.cost + z.cost <= b) AS points
  FROM generate_series(0, 7) i, LATERAL (SELECT 'M' || i AS m) n, unnest(ARRAY[0, 90, 260, 1000]) b;
CREATE TEMP TABLE drafted AS SELECT b.*, p.plan_id, p.points AS reached, p.most_points, p.coverage_before, p.coverage_expected FROM best b, centre.draft_annual_plan(b.ministry, '2026-06-01', b.budget, '2026-01-01') p;
SELECT is((SELECT count(*) FROM drafted), 32::bigint, 'eight ministries, four budgets each');
SELECT is_empty('SELECT * FROM drafted WHERE most_points < points', 'nobody closes more than the bound says');
SELECT is_empty('SELECT * FROM drafted WHERE reached > points', 'and no plan more than can be');
SELECT is_empty('SELECT d.plan_id FROM drafted d JOIN centre.annual_plan_line l USING (plan_id) GROUP BY 1, d.budget HAVING sum(l.seats * l.price) > d.budget', 'none costs more than there is');
SELECT is_empty('SELECT * FROM drafted WHERE budget = 1000 AND (reached, most_points) <> (points, points)', 'with money enough all is closed that can be, and that is known');
SELECT cmp_ok((SELECT sum(reached) / sum(points) FROM drafted), '>', 0.85, 'even where three officials share the money most of it is found');
SELECT is_empty($$SELECT d.plan_id, coverage_expected FROM drafted d WHERE (reached > 0) <> (coverage_expected > coverage_before)$$, 'what is closed shows in the coverage expected');
SELECT cmp_ok((SELECT count(*) FROM drafted d JOIN centre.annual_plan_line l USING (plan_id) WHERE l.training_id IN (3, 4, 5, 6)), '>', 5::bigint, 'trainings that ask for others are planned');
SELECT * FROM finish();
