-- Trainings, learning and plans for the officials of demo/competency.sql, published for September and October 2026.  All invented.
\set ON_ERROR_STOP on
SET search_path = pg_catalog, civic, pg_temp;
CREATE FUNCTION pg_temp.draw(key text, n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || left(md5(key), 7))::bit(28)::integer % n) $$;

INSERT INTO centre.provider (code, name, proves_by) VALUES
  ('academy', 'Academy of Public Service (invented)', 'institute'), ('open', 'Open Campus (invented)', 'platform'), ('assay', 'Assay Institute (invented)', 'assessed');
-- of each competency a short online course, one in a classroom and an advanced one that presupposes the level below
INSERT INTO centre.training (provider_id, code, title, lang, mode, hours, price, teaches, prerequisites, pass_score, proof_days)
  SELECT p.provider_id, c.code || '-' || k.level, centre.competency_name(c.competency_id) || k.suffix, 'en', k.mode, k.hours + pg_temp.draw(c.code || k.level, 9), k.price + 50 * pg_temp.draw(c.code || 'price' || k.level, 9),
         format('%s:%s', c.competency_id, k.level)::civic.competency_set, CASE WHEN k.level > 3 THEN format('%s:2', c.competency_id) ELSE '' END::civic.competency_set, k.pass, k.days
  FROM (VALUES ('open', 2, ', online introduction', 'online', 4, 0, NULL, 730), ('academy', 3, ', course', 'offline', 16, 600, 50, 1460), ('assay', 4, ', advanced, with examination', 'offline', 24, 1400, 60, 1095),
               ('academy', 5, ', master class', 'offline', 30, 2600, 60, 1095)) AS k (provider, level, suffix, mode, hours, price, pass, days)
  JOIN centre.provider p ON p.code = k.provider JOIN centre.competency c ON c.framework = 'vigilance' AND c.kind = 'competency';
INSERT INTO centre.training (provider_id, code, title, lang, mode, hours, price, teaches)
  SELECT p.provider_id, 'office-week', 'Office week: writing, records and data', 'en', 'offline', 40, 1200,
         (SELECT civic.competency_agg(c.competency_id, 2) FROM centre.competency c WHERE c.framework = 'vigilance' AND c.code IN ('writing', 'records', 'data', 'security'))
  FROM centre.provider p WHERE p.code = 'academy';
INSERT INTO centre.training_session (training_id, starts, ends, place, seats)
  SELECT t.training_id, s.starts, s.starts + greatest(t.hours::integer / 8, 1) - 1, CASE t.mode WHEN 'offline' THEN (ARRAY['Riverside', 'Hill House', 'Harbour'])[1 + pg_temp.draw(t.code, 3)] END, 2 + pg_temp.draw(t.code || n, 5)
  FROM centre.training t CROSS JOIN generate_series(1, 2) AS n CROSS JOIN LATERAL (SELECT '2026-10-05'::date + 70 * n + 7 * pg_temp.draw(t.code || 'starts' || n, 9) AS starts) AS s;

-- what was learnt from April to October: mostly what the post lacked
CREATE TEMP TABLE refused AS
  SELECT r.* FROM centre.record_learning('demo', (
    SELECT jsonb_agg(jsonb_build_object('record', k.key, 'official', k.subject_id, 'provider', k.provider, 'training', k.code, 'enrolled', k.enrolled, 'active', least(k.enrolled + k.days, '2026-10-31'),
             'completed', CASE WHEN k.done AND k.enrolled + k.days <= '2026-10-31' THEN k.enrolled + k.days END, 'progress', CASE WHEN k.done THEN 100 ELSE pg_temp.draw(k.key || 'progress', 90) END,
             'score', CASE WHEN k.done THEN 40 + pg_temp.draw(k.key || 'score', 60) END, 'rating', CASE WHEN k.done THEN 2 + pg_temp.draw(k.key || 'rating', 4) END))
    FROM (SELECT g.subject_id, p.code AS provider, t.code, g.subject_id || '/' || t.training_id AS key, '2026-04-01'::date + pg_temp.draw(g.subject_id || t.code || 'day', 210) AS enrolled,
                 5 + pg_temp.draw(g.subject_id || t.code || 'days', 40) AS days, pg_temp.draw(g.subject_id || t.code || 'done', 10) < 7 AS done
          FROM centre.official_gaps('2026-10-31') g JOIN centre.training t ON t.teaches && g.gap AND g.held @> t.prerequisites JOIN centre.provider p USING (provider_id)
          WHERE g.subject_id > 900000 AND pg_temp.draw(g.subject_id || t.code, 100) < 22) AS k), '2026-11-01') AS r;
DO $$ BEGIN WHILE centre.refresh_official_competencies(50000, '2026-11-01') > 0 LOOP NULL; END LOOP; END $$;
ANALYZE centre.training, centre.training_session, centre.learning, centre.evidence, centre.official_competency;

SELECT g.subject_id AS who FROM centre.official_gaps('2026-11-01') g ORDER BY (SELECT count(*) FROM centre.recommend_trainings(g.subject_id, 100, 'levels', '2026-11-01')) DESC, 1 LIMIT 1 \gset
\echo 'What official' :who '(invented) lacks'
SELECT centre.competency_name(e.competency) AS competency, e.held, e.needed, e.missing, e.weight FROM centre.official_gaps('2026-11-01') g CROSS JOIN LATERAL civic.each(g.gap) AS e WHERE g.subject_id = :who ORDER BY 1;
\echo 'Ten trainings that close most of it'
SELECT r.rank, r.title, r.levels, r.points, round(r.hours) AS hours, round(r.price) AS price, r.next_session FROM centre.recommend_trainings(:who, 10, 'levels', '2026-11-01') AS r;
\echo 'The plan: the cheapest trainings that close the gap, each open when it is reached'
SELECT p.method, round(p.total) AS total, round(p.bound) AS bound, p.unclosed FROM centre.plan_official(:who, 'cost', '2026-11-01') AS p;
SELECT s.step, t.title, s.levels, round(t.price) AS price FROM centre.official_plan_step s JOIN centre.training t USING (training_id) WHERE s.subject_id = :who ORDER BY s.step;
\echo 'A department''s plan over shared sessions'
SELECT d.ministry, d.department, d.people, d.short, d.closable, d.closed, round(d.cost) AS cost, round(d.bound) AS bound
FROM centre.plan_department('Finance', 'Accounts', '[2026-11-01,2027-04-01)', '2026-11-01') AS d;
-- annual plans, drafted by one login and approved by another
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo_plan_approver') THEN CREATE ROLE demo_plan_approver NOLOGIN; END IF; END $$;
GRANT civic_plan_approver TO demo_plan_approver;
SELECT array_agg((centre.draft_annual_plan(m, '2026-11-01', b, '2026-11-01')).plan_id) AS plans FROM (VALUES ('Finance', 40000), ('Works', 30000)) AS v (m, b) \gset
SET SESSION AUTHORIZATION demo_plan_approver;
SELECT centre.approve_annual_plan(u) FROM unnest(:'plans'::integer[]) AS u \g /dev/null
RESET SESSION AUTHORIZATION;
-- the base year: its state, before those that follow
SELECT centre.take_capacity('2025-10-31', '2026-12-31') AS base \gset
CALL centre.publish('capacity', '2025-10-31');
CALL centre.publish('capacity_met', '2025-10-31');
CALL centre.publish_capacity('2026-09-30', '2026-12-31');
CALL centre.publish_capacity('2026-10-31', '2026-12-31');
SET ROLE civic_reader;
\echo 'Ministries compared, at equal mix of designations (ratio 1: as expected)'
SELECT ministry, officials, round(coverage::numeric, 3) AS coverage, met, round(ratio::numeric, 2) AS ratio, round(ratio_ci_lower::numeric, 2) AS lower, round(ratio_ci_upper::numeric, 2) AS upper,
  round(base_coverage::numeric, 3) AS base, reason FROM dash.capacity_coverage('2026-10', 'en', '2025-10');
SELECT ministry, round(engagement::numeric, 2) AS engagement, round(learning::numeric, 2) AS learning, round(assessment::numeric, 2) AS assessment, round(score::numeric, 1) AS score,
  round(ci_lower::numeric, 1) AS ci_lower, round(ci_upper::numeric, 1) AS ci_upper, reason FROM dash.capacity_score('2026-10');
\echo 'Passbook of a ministry, through anonymity'
SELECT entry, levels, people, reason FROM dash.capacity_passbook('2026-10', 'Finance');
\echo 'Annual plans, as far as anonymity allows'
SELECT ministry, budget, seats, round(cost) AS cost, taken, spent, coverage_before AS before, round(coverage::numeric, 2) AS now, coverage_expected AS expected, reason FROM dash.plan_progress('latest');
RESET ROLE;
SET ROLE civic_provider;
\echo 'What training providers see: demand of at least ten people, less seats'
SELECT name, people, levels, seats, unmet, reason FROM dash.training_demand('2026-10');
RESET ROLE;
