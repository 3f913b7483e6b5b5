-- An annual plan on the board, against what is published of the months that are over.
SET search_path = tap, public, pg_catalog;
SELECT plan(3);
GRANT USAGE ON SCHEMA tap TO PUBLIC;
SET session_replication_role = replica;  -- the plan as it stands; how one comes about is learning.sql's
INSERT INTO centre.annual_plan (plan_id, ministry, year, budget, officials, coverage_before, coverage_expected, status, author, approver, approved_at) OVERRIDING SYSTEM VALUE
  VALUES (1, 'Health', '[2026-04-01,2027-04-01)', 5000, 80, 0.5, 0.7, 'approved', 'ann', 'bob', now());
INSERT INTO centre.annual_plan_line VALUES (1, 1, 365, 10);
SET session_replication_role = origin;
INSERT INTO centre.release (cube, period, made_of) SELECT 'enrolment', centre.period_of('month', m), '' FROM unnest('{2026-04-01,2026-05-01}'::date[]) m;
INSERT INTO centre.release_row (release_id, measure, members, value, status) SELECT r.release_id, v.measure, '{Health}', v.value, 'ok'
  FROM centre.release r JOIN (VALUES ('2026-04-01'::date, 'rows', 40), ('2026-04-01', 'price', 400), ('2026-05-01', 'rows', 30), ('2026-05-01', 'price', 300)) AS v (day, measure, value) ON lower(r.period) = v.day WHERE r.cube = 'enrolment';
SET ROLE civic_reader;
-- 61 of 365 days are over: 61 seats and 610 of money were to be taken by then
SELECT results_eq($$SELECT ministry, seats, cost, taken, spent, seats_variance, cost_variance FROM dash.plan_progress()$$, $$VALUES ('Health', 365::numeric, 3650::numeric, 70::numeric, 700::numeric, 9.0, 90.00)$$, 'ahead of the plan, and dearer, are positive');
SELECT results_eq($$SELECT * FROM dash.plan_progress('')$$, $$SELECT * FROM dash.plan_progress('2026')$$, 'nothing is the latest year');
SELECT is_empty($$SELECT * FROM dash.plan_progress('2024')$$, 'of another year there is none');
SELECT * FROM finish();
