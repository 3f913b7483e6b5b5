-- Trainings, plans and learning: recommendations and plans against trying everything, evidence of completions, approval, and who sees whose.
SET search_path = tap, public, pg_catalog, civic;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 6) i;
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 60) i;
SELECT setseed(0.31) \gset
INSERT INTO centre.frac_node (node_id, kind, source, code, title) SELECT i, 'position', 's', 'P' || i, 'Post ' || i FROM generate_series(1, 12) i;
INSERT INTO centre.requirement (node_id, competency_id, level, weight) SELECT n, c, 1 + (random() * 4)::int, 1 + (random() * 3)::int FROM generate_series(1, 12) n, generate_series(1, 6) c WHERE random() < 0.5;
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, manager_id, valid)
  SELECT i, 'M' || i % 2, 'D' || i % 3, 'X' || i % 4, 1 + i % 12, CASE WHEN i > 30 THEN 1 WHEN i > 2 THEN 2 END, '[2020-01-01,)' FROM generate_series(1, 60) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential)
  SELECT s, c, 1 + (random() * 4)::int, 'assessed', '2024-01-01', 'x' FROM generate_series(1, 60) s, generate_series(1, 6) c WHERE random() < 0.4;
SELECT centre.refresh_official_competencies(1000, '2026-01-01') \gset
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, hours, price, teaches, prerequisites)
  SELECT i, 1, 'T' || i, 'Training ' || i, CASE WHEN i % 5 > 0 THEN (random() * 30)::int END, CASE i WHEN 3 THEN 0 ELSE (random() * 100)::int END,
         (SELECT competency_agg(c, 1 + (random() * 4)::int) FROM generate_series(1, 6) c WHERE c = 1 + i % 6 OR random() < 0.2 * (i > 0)::int),
         CASE WHEN i % 3 = 0 THEN format('%s:%s', 1 + (i * 5) % 6, 1 + i % 2) ELSE '' END::competency_set
  FROM generate_series(1, 8) i;
SELECT is((SELECT civic.trainings(trainings) FROM centre.training_catalogue), 8, 'the catalogue follows');

-- recommendations against trying everything
CREATE FUNCTION tap.worth(points bigint, hours numeric, price numeric, by text) RETURNS float8 LANGUAGE sql AS $$
  SELECT CASE by WHEN 'levels' THEN points WHEN 'per hour' THEN points / nullif(hours, 0)::float8 ELSE points / nullif(price, 0)::float8 END $$;
CREATE FUNCTION tap.by_hand(who bigint, by text) RETURNS TABLE (training_id integer, levels bigint, points bigint) LANGUAGE sql AS $$
  SELECT v.training_id, v.levels, v.points
  FROM (SELECT t.training_id, t.hours, t.price, sum(greatest(least(x.level, n.level) - level(o.held, n.competency), 0)) AS levels,
               sum(n.weight * greatest(least(x.level, n.level) - level(o.held, n.competency), 0)) AS points
        FROM centre.official f JOIN centre.frac_node p ON p.node_id = f.position_id JOIN centre.official_competency o USING (subject_id) CROSS JOIN each(p.need) n
        JOIN centre.training t ON NOT EXISTS (SELECT FROM each(t.prerequisites) q WHERE level(o.held, q.competency) < q.level) CROSS JOIN LATERAL each(t.teaches) x
        WHERE f.subject_id = who AND x.competency = n.competency GROUP BY 1, 2, 3) v
  WHERE v.levels > 0
  ORDER BY CASE by WHEN 'per hour' THEN CASE v.hours WHEN 0 THEN 1 END WHEN 'per cost' THEN CASE v.price WHEN 0 THEN 1 END END NULLS LAST, tap.worth(v.points, v.hours, v.price, by) DESC NULLS LAST, v.points DESC, v.levels DESC, 1 $$;
SELECT is_empty(format($$SELECT s FROM generate_series(1, 60) s WHERE (SELECT array_agg((r.training_id, r.levels::bigint, r.points::bigint) ORDER BY rank) FROM centre.recommend_trainings(s, 4, %1$L, '2026-01-01') r)
  IS DISTINCT FROM (SELECT array_agg((h.training_id, h.levels, h.points)) FROM (SELECT * FROM tap.by_hand(s, %1$L) LIMIT 4) h)$$, b), 'recommended ' || b || ' is what trying everything gives') FROM unnest('{levels,per hour,per cost}'::text[]) b;
SELECT cmp_ok((SELECT count(*) FROM generate_series(1, 60) s, tap.by_hand(s, 'levels')), '>', 100::bigint, 'with something to recommend');
SELECT throws_ok($$SELECT * FROM centre.recommend_trainings(1, 4, 'beauty', '2026-01-01')$$, '22023', NULL, 'another order is an error');

-- what is declined comes later, what is under way not at all
SELECT s AS who FROM generate_series(2, 60) s WHERE (SELECT count(*) FROM tap.by_hand(s, 'levels')) >= 3 ORDER BY 1 LIMIT 1 \gset
SELECT is((SELECT count(*) FROM centre.show_recommendations(:who, 10, 'levels', '2026-01-01')), (SELECT count(*) FROM tap.by_hand(:who, 'levels')), 'what is shown is written down');
SELECT count(*) FROM centre.show_recommendations(:who, 10, 'levels', '2026-01-01') \gset
SELECT is((SELECT count(*) FROM centre.recommendation WHERE subject_id = :who), :count::bigint, 'once a day');
SELECT training_id AS first, points FROM centre.recommend_trainings(:who, 1, 'levels', '2026-01-01') \gset
SELECT ok(centre.decline_training(:who, :first, '2026-01-02') AND NOT centre.decline_training(:who, :first, '2026-01-02'), 'declined, once');
SELECT is((SELECT array_agg(training_id ORDER BY rank) FROM centre.recommend_trainings(:who, 10, 'levels', '2026-01-02')),
  (SELECT array_agg(training_id ORDER BY points / CASE training_id WHEN :first THEN 2.0 ELSE 1 END DESC, (training_id = :first)::int, points DESC, levels DESC, training_id) FROM tap.by_hand(:who, 'levels')), 'what is declined is worth half');
SELECT is((SELECT declined FROM centre.recommend_trainings(:who, 10, 'levels', '2026-01-02') WHERE training_id = :first), 1::bigint, 'and says so');
SELECT is((SELECT array_agg(training_id ORDER BY rank) FROM centre.recommend_trainings(:who, 10, 'levels', '2027-06-01')), (SELECT array_agg(training_id) FROM (SELECT training_id FROM tap.by_hand(:who, 'levels')) x), 'for a year');

-- plans against every subset of the trainings
CREATE FUNCTION tap.reached(held competency_set, chosen integer[]) RETURNS competency_set LANGUAGE plpgsql AS $$  -- null where one of them never opens
DECLARE
  t record; left_over integer[] := chosen; have competency_set := held; before integer;
BEGIN
  LOOP
    before := cardinality(left_over);
    FOR t IN SELECT * FROM centre.training x WHERE x.training_id = ANY (left_over) LOOP
      IF NOT EXISTS (SELECT FROM each(t.prerequisites) q WHERE level(have, q.competency) < q.level) THEN
        have := have | t.teaches; left_over := array_remove(left_over, t.training_id);
      END IF;
    END LOOP;
    EXIT WHEN cardinality(left_over) IN (0, before);
  END LOOP;
  RETURN CASE WHEN cardinality(left_over) = 0 THEN have END;
END $$;
CREATE TEMP TABLE subset AS SELECT m, ARRAY(SELECT i FROM generate_series(1, 8) i WHERE m & (1 << (i - 1)) > 0) AS chosen, (SELECT coalesce(sum(price), 0) FROM centre.training WHERE m & (1 << (training_id - 1)) > 0) AS cost FROM generate_series(0, 255) m;
CREATE TEMP TABLE best AS
  WITH tried AS (SELECT g.subject_id, s.cost, missing_levels(g.need - r.have) AS missing FROM centre.official_gaps('2026-01-01') g, subset s, LATERAL (SELECT tap.reached(g.held, s.chosen) AS have) r WHERE g.subject_id <= 24 AND r.have IS NOT NULL)
  SELECT DISTINCT ON (subject_id) subject_id, missing, cost FROM tried ORDER BY subject_id, missing, cost;
SELECT count(centre.plan_official(subject_id, 'cost', '2026-01-01')) FROM best \gset
SELECT is_empty($$SELECT * FROM best b JOIN centre.official_plan p USING (subject_id) WHERE missing_levels(p.unclosed) <> b.missing$$, 'a plan closes all that can be closed');
SELECT is_empty($$SELECT * FROM best b JOIN centre.official_plan p USING (subject_id) WHERE (p.total, p.bound) <> (b.cost, b.cost) OR p.method NOT IN ('exact', 'unclosable', 'none')$$, 'and costs what the cheapest subset costs');
SELECT is_empty($$SELECT * FROM best b JOIN centre.official_plan p USING (subject_id) WHERE p.method <> CASE WHEN p.gap = '' THEN 'none' WHEN p.unclosed = p.gap THEN 'unclosable' ELSE 'exact' END$$, 'its method says which it is');
SELECT is_empty($$SELECT subject_id FROM best JOIN centre.official_gaps('2026-01-01') g USING (subject_id) JOIN (SELECT subject_id, array_agg(training_id) AS chosen, sum(levels) AS levels FROM centre.official_plan_step GROUP BY 1) s USING (subject_id)
  WHERE tap.reached(g.held, s.chosen) IS NULL OR missing_levels(g.gap) - missing_levels(g.need - tap.reached(g.held, s.chosen)) <> s.levels$$, 'each step is open, and its levels add up');
SELECT is_empty($$SELECT 1 FROM centre.official_plan_step s JOIN centre.official_gaps('2026-01-01') g USING (subject_id) JOIN centre.training t USING (training_id)
  WHERE NOT g.held | coalesce((SELECT competency_max(u.teaches) FROM centre.official_plan_step e JOIN centre.training u USING (training_id) WHERE e.subject_id = s.subject_id AND e.step < s.step), '') @> t.prerequisites$$, 'in the order given');
SELECT throws_ok($$SELECT centre.plan_official(999, 'cost', '2026-01-01')$$, 'P0002', NULL, 'nobody has no plan');
-- trainings that open each other in a circle: neither is a way in, but one of them may be the cheap way on
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(7, 13) i;
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, prerequisites) VALUES (21, 1, 'a', 'a', 1, '7:2', '8:1'), (22, 1, 'b', 'b', 1, '8:2', '7:1'), (23, 1, 'c', 'c', 50, '7:1', ''), (24, 1, 'd', 'd', 90, '7:2,8:2', '');
SELECT is((SELECT (trainings, method, total, bound)::text FROM centre.find_plan('7:2,8:2', '', 'cost', '2026-01-01')), '("{23,22,21}",exact,52,52)', 'a circle is entered where it is cheapest');
SELECT is((SELECT trainings FROM centre.find_plan('8:2', '', 'cost', '2026-01-01')), '{23,22}'::integer[], 'what has to come first comes first');
SELECT is((SELECT (trainings, unclosed, method)::text FROM centre.find_plan('6:15', '6:14', 'cost', '2026-01-01')), '({},6:14>15,unclosable)', 'what no training closes is left');
SELECT is((SELECT (trainings, unclosed, method)::text FROM centre.find_plan('6:1', '6:14', 'cost', '2026-01-01')), '({},"",none)', 'who lacks nothing has no plan');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, prerequisites) VALUES (31, 1, 'X', 'X', 1, '9:4', '10:2'), (32, 1, 'Y', 'Y', 1, '10:2', '9:3'), (33, 1, 'W', 'W', 5, '10:2', ''),
  (41, 1, 'P', 'P', 1, '12:3', '13:2'), (42, 1, 'Q', 'Q', 100, '13:2', ''), (43, 1, 'R', 'R', 10, '12:3', '');
SELECT is((SELECT (trainings, method, total)::text FROM centre.find_plan('9:4', '', 'cost', '2026-01-01')), '("{33,31}",exact,6)', 'of two that teach the same the one that a circle would need is passed over');
SELECT is((SELECT (trainings, method, total)::text FROM centre.find_plan('12:3', '', 'cost', '2026-01-01')), '({43},exact,10)', 'the prerequisites of what is not taken are not bought');
DELETE FROM centre.training WHERE training_id > 30;

-- a department's plan
INSERT INTO centre.training_session (session_id, training_id, starts, ends, seats)
  SELECT row_number() OVER (), i, '2026-02-01'::date + 5 * i + 30 * n, '2026-02-01'::date + 5 * i + 30 * n + i, i % 3 + n FROM generate_series(1, 8) i, generate_series(1, 2) n;
CREATE TEMP TABLE made (LIKE centre.department_plan);
GRANT INSERT ON made TO civic_publisher;
SET ROLE civic_publisher;
INSERT INTO made SELECT p.* FROM (VALUES ('M0', 'D0'), ('M0', 'D1'), ('M1', 'D2')) v (m, d), centre.plan_department(v.m, v.d, '[2026-01-01,2026-07-01)', '2026-01-01') p;
RESET ROLE;
SELECT cmp_ok((SELECT sum(closed) FROM made), '>', 20::bigint, 'seats are given');
SELECT is_empty($$SELECT session_id FROM centre.department_plan_seat JOIN centre.training_session USING (session_id) GROUP BY 1, seats HAVING count(*) > seats$$, 'no more than there are, of all plans together');
SELECT ok(EXISTS (SELECT FROM centre.department_plan_seat GROUP BY session_id HAVING count(DISTINCT plan_id) > 1), 'though they share sessions');
SELECT results_eq('SELECT session_id, centre.free_seats(session_id) FROM centre.training_session ORDER BY 1', 'SELECT s.session_id, s.seats - (SELECT count(*) FROM centre.department_plan_seat d WHERE d.session_id = s.session_id)::integer FROM centre.training_session s ORDER BY 1', 'free are the seats that no plan reserved');
SELECT session_id AS full_one FROM centre.training_session WHERE centre.free_seats(session_id) = 0 AND seats > 0 LIMIT 1 \gset
SELECT throws_ok(format('INSERT INTO centre.department_plan_seat SELECT plan_id, subject_id, %s, 1 FROM made, centre.subject WHERE subject_id > 50 LIMIT 1', :full_one), '23514', NULL, 'and none is sold by hand');
SELECT is_empty($$SELECT 1 FROM centre.department_plan_seat a JOIN centre.department_plan_seat b USING (plan_id, subject_id) JOIN centre.training_session x ON x.session_id = a.session_id JOIN centre.training_session y ON y.session_id = b.session_id
  WHERE a.session_id < b.session_id AND (x.starts, x.ends + 1) OVERLAPS (y.starts, y.ends + 1)$$, 'never two at a time');
SELECT is_empty($$SELECT 1 FROM centre.department_plan_seat s JOIN centre.training_session x USING (session_id) JOIN centre.training t ON t.training_id = x.training_id JOIN centre.official_gaps('2026-01-01') g USING (subject_id)
  WHERE NOT g.held | coalesce((SELECT competency_max(u.teaches) FROM centre.department_plan_seat d JOIN centre.training_session y USING (session_id) JOIN centre.training u ON u.training_id = y.training_id WHERE d.plan_id = s.plan_id AND d.subject_id = s.subject_id AND y.ends < x.starts), '') @> t.prerequisites$$, 'only what is open when it begins');
CREATE TEMP TABLE relaxed AS
  SELECT m.plan_id, g.subject_id, b.missing, b.cost, missing_levels(g.gap) AS short FROM made m JOIN centre.official_gaps('2026-01-01') g ON g.ministry = m.ministry AND g.department = m.department AND cardinality(g.gap) > 0
  CROSS JOIN LATERAL (SELECT s.cost, missing_levels(g.need - tap.reached(g.held, s.chosen)) AS missing FROM subset s WHERE tap.reached(g.held, s.chosen) IS NOT NULL ORDER BY 2, 1 LIMIT 1) b;
SELECT results_eq('SELECT plan_id, people, short, closable FROM made ORDER BY 1', 'SELECT plan_id, count(*)::integer, sum(short)::integer, sum(short - missing)::integer FROM relaxed GROUP BY 1 ORDER BY 1', 'people, levels and what can be closed without limits are those of trying everything');
SELECT is_empty($$SELECT * FROM made WHERE closed > most OR most > closable OR closed = most AND cost < bound OR method = 'exact' AND (closed, cost) <> (most, bound)$$, 'a plan is never better than its bound');
SELECT results_eq($$SELECT plan_id, closed, cost FROM made ORDER BY 1$$, $$SELECT plan_id, sum(gained)::integer, sum(cost) FROM (
    SELECT s.plan_id, s.subject_id, sum(t.price) AS cost, missing_levels(g.gap) - missing_levels(g.need - (g.held | competency_max(t.teaches))) AS gained
    FROM centre.department_plan_seat s JOIN centre.training_session USING (session_id) JOIN centre.training t USING (training_id) JOIN centre.official_gaps('2026-01-01') g USING (subject_id) GROUP BY 1, 2, g.gap, g.need, g.held) x GROUP BY 1 ORDER BY 1$$, 'levels and cost add up');

SELECT throws_ok($$SELECT centre.plan_department('M0', 'Homer', '[2026-01-01,2026-07-01)', '2026-01-01')$$, 'P0002', NULL, 'a department that there is not is no department without gaps');
SELECT throws_ok(format('SELECT centre.take_capacity(%L)', centre.today() + 1), '22023', NULL, 'the state of tomorrow is not taken today');
SELECT results_eq(format($$SELECT record, problem FROM centre.record_learning('lms', '[{"record": "z", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-01", "completed": "%s"}]')$$, centre.today() + 2), $$VALUES ('z', 'in the future')$$, 'nor completed after it');
SELECT throws_ok($$INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches) VALUES (99, 1, 'u', 'u', 1, '1:1,999:1')$$, '23503', NULL, 'a training teaches what is in the dictionary');
SELECT throws_ok($$UPDATE centre.training SET prerequisites = '999:1' WHERE training_id = 1$$, '23503', NULL, 'and asks for it');
INSERT INTO centre.framework (code, name, source) VALUES ('g', 'G', 'test'); INSERT INTO centre.competency (competency_id, framework, code) VALUES (90, 'g', 'G1');
INSERT INTO centre.level_scale (framework, level, code) SELECT 'g', i, 'g' || i FROM generate_series(1, 4) i;
SELECT throws_ok($$INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (1, 90, 9, 'assessed', '2026-01-01', 'x')$$, '23514', NULL, 'no level 9 of 4');
SELECT lives_ok($$INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (1, 90, 4, 'assessed', '2026-01-01', 'x')$$, 'but 4');
DELETE FROM centre.evidence WHERE competency_id = 90;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (30, 'activity', 's', 'A1', 'Activity');
SELECT throws_ok($$UPDATE centre.official SET position_id = 30 WHERE subject_id = 1$$, '23514', NULL, 'an activity is no post');
SELECT throws_ok($$UPDATE centre.official SET manager_id = 40 WHERE subject_id = 1$$, '23514', NULL, 'managers do not report in a circle');
-- what one session teaches opens another that begins after its end
INSERT INTO centre.subject (subject_id, verified) VALUES (70, true);
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (20, 'position', 's', 'P20', 'Post 20');
INSERT INTO centre.requirement (node_id, competency_id, level) VALUES (20, 12, 3);
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, valid) VALUES (70, 'M2', 'D9', 'X', 20, '[2020-01-01,)');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches, prerequisites) VALUES (51, 1, 'first', 'first', 5, '13:2', ''), (52, 1, 'then', 'then', 7, '12:3', '13:2');
INSERT INTO centre.training_session (session_id, training_id, starts, ends, seats) VALUES (51, 51, '2026-02-10', '2026-02-12', 1), (52, 52, '2026-02-12', '2026-02-14', 1), (53, 52, '2026-02-13', '2026-02-14', 1);
CREATE TEMP TABLE chain AS SELECT p.* FROM centre.plan_department('M2', 'D9', '[2026-01-01,2026-07-01)', '2026-01-01') p;
SELECT results_eq('SELECT session_id, levels FROM chain JOIN centre.department_plan_seat USING (plan_id) ORDER BY 1', 'VALUES (51, 0), (53, 3)', 'a prerequisite is earned within the plan, and before what asks for it begins');
SELECT is((SELECT (people, short, closable, closed, most, cost, bound, method)::text FROM chain), '(1,3,3,3,3,12,12,exact)', 'and paid for');
SELECT is((SELECT (closed, cost)::text FROM centre.plan_department('M2', 'D9', '[2026-01-01,2026-07-01)', '2026-01-01', '{50,12}')), '(3,12)', 'money of the month is enough');
SELECT is((SELECT (closed, cost, method)::text FROM centre.plan_department('M2', 'D9', '[2026-01-01,2026-07-01)', '2026-01-01', '{50,11}')), '(0,0,exact)', 'or it is not, and money of another month does not help');
-- the same by the official: what ends first, seats and dates in mind
SELECT count(centre.withdraw_department_plan(plan_id)) FROM centre.department_plan WHERE ministry = 'M2' \gset
SELECT is((SELECT (minimise, method, total, bound, finishes, unclosed)::text FROM centre.plan_official(70, 'earliest', '2026-01-01')), '(earliest,exact,44,44,2026-02-14,"")', 'the earliest end, in days');
SELECT results_eq('SELECT step, session_id, levels FROM centre.official_plan_step WHERE subject_id = 70 ORDER BY 1', 'VALUES (1, 51, 0), (2, 53, 3)', 'with its sessions');
SELECT is((SELECT (method, total, unclosed)::text FROM centre.plan_official(70, 'earliest', '2026-02-10')), '(unclosable,0,12:0>3)', 'a session that has begun is missed');
INSERT INTO centre.learning (source, record, subject_id, training_id, session_id, enrolled_on) VALUES ('x', 'seat', 1, 51, 51, '2026-01-01');
SELECT is((SELECT (method, unclosed)::text FROM centre.plan_official(70, 'earliest', '2026-01-01')), '(unclosable,12:0>3)', 'and so is one without a seat');
DELETE FROM centre.learning WHERE record = 'seat';
DELETE FROM centre.official_plan WHERE subject_id = 70;
DELETE FROM centre.department_plan WHERE ministry = 'M2'; DELETE FROM centre.training_session WHERE session_id > 50; DELETE FROM centre.training WHERE training_id > 50;
DELETE FROM centre.official WHERE subject_id = 70;
CREATE TEMP TABLE again AS SELECT p.* FROM centre.plan_department('M0', 'D0', '[2026-01-01,2026-07-01)', '2026-01-01') p;
SELECT is((SELECT p.status FROM made m JOIN centre.department_plan p USING (plan_id) WHERE m.ministry = 'M0' AND m.department = 'D0'), 'withdrawn', 'planned again, a department gives back what it had');
SELECT is((SELECT closed FROM again), (SELECT closed FROM made WHERE ministry = 'M0' AND department = 'D0'), 'and gets as much');
SELECT ok(centre.withdraw_department_plan(plan_id) AND NOT centre.withdraw_department_plan(plan_id), 'withdrawn, once') FROM again;
SELECT count(centre.withdraw_department_plan(plan_id)) FROM centre.department_plan \gset
SELECT is_empty('SELECT session_id FROM centre.training_session WHERE centre.free_seats(session_id) <> seats', 'then all seats are free');

-- enrolments, and what a completion proves; the ticker records them
SET ROLE civic_ticker;
SELECT is_empty($$SELECT * FROM centre.record_learning('lms', '[{"record": "r1", "official": 2, "provider": "p", "training": "T1", "enrolled": "2026-02-01", "progress": 40, "session": 1}]')$$, 'an enrolment');
SELECT is((SELECT count(*) FROM centre.evidence WHERE subject_id = 2 AND credential LIKE 'learning:%'), 0::bigint, 'proves nothing');
SELECT is(centre.free_seats(1), (SELECT seats - 1 FROM centre.training_session WHERE session_id = 1), 'and takes a seat');
SELECT is((SELECT count(*) FROM centre.recommend_trainings(2, 100, 'levels', '2026-02-02') WHERE training_id = 1), 0::bigint, 'what is under way is not recommended');
\set done '[{"record": "r1", "official": 2, "provider": "p", "training": "T1", "enrolled": "2026-02-01", "completed": "2026-03-01", "score": 80, "rating": 4}]'
SELECT is_empty(format('SELECT * FROM centre.record_learning(%L, %L, %L)', 'lms', :'done', '2026-12-31'), 'its completion');
SELECT results_eq($$SELECT competency_id, level::integer, source, issued FROM centre.evidence WHERE subject_id = 2 AND credential LIKE 'learning:%' ORDER BY 1$$, $$SELECT competency, level, 'institute', '2026-03-01'::date FROM centre.training, each(teaches) WHERE training_id = 1$$, 'proves what is taught');
SELECT xmin AS was FROM centre.learning WHERE record = 'r1' \gset
SELECT count(*) FROM centre.record_learning('lms', :'done', '2026-12-31') \gset
SELECT is((SELECT xmin::text FROM centre.learning WHERE record = 'r1'), :'was', 'the same again changes nothing');
SELECT count(*) FROM centre.record_learning('lms', replace(:'done', '2026-03-01', '2026-03-05')::jsonb, '2026-12-31') \gset
SELECT is((SELECT array_agg(DISTINCT issued ORDER BY issued) FROM centre.evidence WHERE subject_id = 2 AND credential LIKE 'learning:%' AND revoked IS NULL), '{2026-03-05}'::date[], 'a corrected day');
SELECT count(*) FROM centre.record_learning('lms', :'done', '2026-12-31') \gset
SELECT is((SELECT array_agg(DISTINCT issued ORDER BY issued) FROM centre.evidence WHERE subject_id = 2 AND credential LIKE 'learning:%' AND revoked IS NULL), '{2026-03-01}'::date[], 'corrected back');
SELECT centre.refresh_official_competencies(1000, '2026-03-02') \gset
SELECT ok((SELECT c.held @> t.teaches FROM centre.official_competency c, centre.training t WHERE c.subject_id = 2 AND t.training_id = 1), 'is held');
RESET ROLE;
UPDATE centre.training SET pass_score = 90 WHERE training_id = 2;
SET ROLE civic_ticker;
SELECT count(*) FROM centre.record_learning('lms', replace(replace(:'done', 'r1', 'r2'), 'T1', 'T2')::jsonb, '2026-12-31') \gset
SELECT is((SELECT count(*) FROM centre.evidence e JOIN centre.learning l ON l.record = 'r2' AND e.credential = centre.learning_credential(l.source, l.record, l.training_id, l.completed_on)), 0::bigint, 'who did not pass has proved nothing');
RESET ROLE;
DELETE FROM centre.learning WHERE record = 'r1';
SELECT is((SELECT count(*) FROM centre.evidence WHERE subject_id = 2 AND credential LIKE 'learning:%' AND revoked IS NULL), 0::bigint, 'a completion that is deleted never counted');
SELECT results_eq($$SELECT record, problem FROM centre.record_learning('lms', '[{"record": "a", "official": 999, "provider": "p", "training": "T1", "enrolled": "2026-01-01"}, {"record": "b", "official": 3, "provider": "p", "training": "T99", "enrolled": "2026-01-01"},
  {"record": "c", "official": 3, "provider": "p", "training": "T1", "enrolled": "30 Feb"}, {"record": "d", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02", "completed": "2026-01-01"},
  {"record": "e", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02", "score": 101}, {"record": "f", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02", "rating": 2.5},
  {"record": "g", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02", "progress": "half"}, {"record": "h", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02", "session": 3},
  {"record": "r2", "official": 4, "provider": "p", "training": "T2", "enrolled": "2026-01-02"}, {"official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02"}, {"record": "ok", "official": 3, "provider": "p", "training": "T1", "enrolled": "2026-01-02"}]')$$,
  $$VALUES ('a', 'unknown official'), ('b', 'unknown training'), ('c', 'no date of enrolment'), ('d', 'before enrolment'), ('e', 'score is not 0 to 100'), ('f', 'rating is not 1 to 5'), ('g', 'progress is not 0 to 100'), ('h', 'unknown session'),
    ('r2', 'record of another official'), (NULL, 'no record')$$, 'what is wrong with each row');
SELECT is((SELECT count(*) FROM centre.learning WHERE subject_id = 3), 1::bigint, 'the others are stored');
SELECT throws_ok($$SELECT * FROM centre.record_learning('lms', '{}')$$, '22023', NULL, 'no array');
SELECT count(*) FROM centre.show_recommendations(5, 10, 'levels', '2026-01-05') \gset
SELECT t.code AS taken, t.training_id AS taken_id FROM centre.recommendation r JOIN centre.training t USING (training_id) WHERE r.subject_id = 5 LIMIT 1 \gset
SELECT count(*) FROM centre.record_learning('lms', format('[{"record": "t", "official": 5, "provider": "p", "training": "%s", "enrolled": "2026-01-09"}]', :'taken')::jsonb) \gset
SELECT is((SELECT outcome || decided_on FROM centre.recommendation WHERE subject_id = 5 AND training_id = :taken_id), 'taken2026-01-09', 'a recommendation that is followed is taken');

-- the annual plan
SELECT is((SELECT centre.financial_year('2026-03-31')::text || centre.financial_year('2026-04-01')::text), '[2025-04-01,2026-04-01)[2026-04-01,2027-04-01)', 'financial years begin in April');
CREATE TEMP TABLE drafted AS SELECT p.* FROM centre.draft_annual_plan('M1', '2026-05-01', 300, '2026-01-01') p;
SELECT ok((SELECT sum(seats * price) <= 300 AND sum(seats * price) > 200 FROM centre.annual_plan_line), 'within the budget, and nearly all of it');
SELECT is((SELECT coverage_before FROM drafted), (SELECT round(avg(share), 4) FROM (SELECT sum(least(level(g.held, e.competency), e.level) * e.weight)::numeric / sum(e.level * e.weight) AS share FROM centre.official_gaps('2026-01-01') g, each(g.need) e WHERE ministry = 'M1' GROUP BY g.subject_id) x), 'coverage counted by hand');
SELECT ok((SELECT coverage_expected > coverage_before AND coverage_expected < 1 FROM drafted), 'and what the seats add');
\set QUIET 1
SET client_min_messages = warning;
DROP ROLE IF EXISTS tap_author, tap_approver, tap_hr;
CREATE ROLE tap_author IN ROLE civic_publisher, civic_plan_approver; CREATE ROLE tap_approver IN ROLE civic_plan_approver;
SET SESSION AUTHORIZATION tap_author;
SELECT plan_id AS draft FROM centre.draft_annual_plan('M1', '2026-05-01', 200, '2026-01-01') \gset
SELECT throws_ok(format('SELECT centre.approve_annual_plan(%s)', :draft), '42501', NULL, 'nobody approves the own draft');
SELECT throws_ok(format('UPDATE centre.annual_plan SET author = %L WHERE plan_id = %s', 'x', :draft), '42501', NULL, 'nor signs it over');
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION tap_approver;
SELECT lives_ok(format('SELECT centre.approve_annual_plan(%s)', :draft), 'another does');
SELECT throws_ok(format('SELECT centre.approve_annual_plan(%s)', :draft), 'P0002', NULL, 'once');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT author || approver || status FROM centre.annual_plan WHERE plan_id = :draft), 'tap_authortap_approverapproved', 'both are written down');
SELECT throws_ok(format('UPDATE centre.annual_plan SET budget = 1 WHERE plan_id = %s', :draft), '55000', NULL, 'what is approved is fixed');
SELECT throws_ok(format('DELETE FROM centre.annual_plan_line WHERE plan_id = %s', :draft), '55000', NULL, 'with its lines');
SELECT throws_ok($$INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected, status, approver, approved_at) VALUES ('M1', '[2030-04-01,2031-04-01)', 1, 1, 0, 0, 'approved', 'x', now())$$, '55000', NULL, 'none is born approved');
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on, price) SELECT 'y', n::text, 1 + 2 * n, (SELECT min(training_id) FROM centre.annual_plan_line WHERE plan_id = :draft), '2026-06-01', CASE WHEN n = 1 THEN '2026-07-01'::date END, 11 FROM generate_series(1, 3) n;
SELECT results_eq(format('SELECT taken, completed, spent, seats_variance, cost_variance FROM centre.annual_plan_progress(%s, %L) LIMIT 1', :draft, '2026-09-29'),
  format('SELECT 3::bigint, 1::bigint, 33::numeric, round(3 - seats * 182 / 365.0, 1), round(33 - seats * price * 182 / 365, 2) FROM centre.annual_plan_line WHERE plan_id = %s ORDER BY training_id LIMIT 1', :draft), 'progress and variance after 182 of 365 days');

-- plans of ministries are for those of the ministry, and only what is approved
SELECT plan_id AS other FROM centre.draft_annual_plan('M0', '2026-05-01', 200, '2026-01-01') \gset
-- HR managers see their line
CREATE ROLE tap_hr IN ROLE civic_hr; INSERT INTO centre.hr_login VALUES ('tap_hr', 1);

SET SESSION AUTHORIZATION tap_hr;
SELECT set_eq('SELECT plan_id FROM centre.annual_plan', ARRAY[:draft], 'of the annual plans HR sees those of the own ministry that are approved');
SELECT set_eq('SELECT DISTINCT plan_id FROM centre.annual_plan_line', ARRAY[:draft], 'with their lines');
SELECT is_empty($$SELECT subject_id FROM centre.learning WHERE subject_id <= 30 UNION ALL SELECT subject_id FROM centre.official_plan WHERE subject_id <= 30 UNION ALL SELECT subject_id FROM centre.department_plan_seat WHERE subject_id <= 30
  UNION ALL SELECT subject_id FROM centre.recommendation WHERE subject_id <= 30$$, 'HR sees nobody outside its line');
SELECT cmp_ok((SELECT count(*) FROM centre.department_plan_seat), '>', 0::bigint, 'but the line');
SELECT throws_ok($$SELECT centre.plan_official(2, 'cost', '2026-01-01')$$, 'P0002', NULL, 'makes no plan for others');
SELECT lives_ok($$SELECT centre.plan_official(45, 'cost', '2026-01-01')$$, 'but for the line');
SELECT is((SELECT count(*) FROM centre.recommend_trainings(2, 10, 'levels', '2026-01-01')), 0::bigint, 'recommends nothing to others');
SELECT throws_ok($$INSERT INTO centre.official_plan VALUES (2, '2026-01-01', 'cost', '', '', 'none', 0, 0)$$, '42501', NULL, 'writes none for others');
SELECT throws_ok('SELECT * FROM centre.capacity_fact', '42501', NULL, 'and reads no monthly states');
RESET SESSION AUTHORIZATION;
SELECT count(*) AS all_plans FROM centre.annual_plan \gset
SET ROLE civic_approver;
SELECT throws_ok('SELECT * FROM centre.annual_plan', '42501', NULL, 'approvers of policies read no plans of ministries');
SELECT throws_ok('SELECT centre.approve_annual_plan(1)', '42501', NULL, 'and approve none');
SET ROLE civic_plan_approver;
SELECT is((SELECT count(*) FROM centre.annual_plan), :all_plans::bigint, 'approvers of plans read all of them');
SELECT is_empty($$SELECT t FROM unnest('{centre.appeal,centre.access_override,centre.read_report,centre.evidence,centre.learning}'::text[]) t WHERE has_table_privilege(t, 'SELECT') OR has_any_column_privilege(t, 'SELECT')$$, 'and nothing of workers or officials');
RESET ROLE;
SELECT is((SELECT centre.levels_gained(40, 1, 80, '2026-02-01') IS NULL), false, 'levels gained by somebody');
SET SESSION AUTHORIZATION tap_hr;
SELECT is(centre.levels_gained(3, 1, 80, '2026-02-01'), NULL, 'are not told of somebody who is not seen');
RESET SESSION AUTHORIZATION;
-- few officials: nothing of their ministry's plan is shown
INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected) VALUES ('Few', '[2026-04-01,2027-04-01)', 500, 3, 0.1, 0.9) RETURNING plan_id AS few \gset
ALTER TABLE centre.annual_plan DISABLE TRIGGER civic_check;
UPDATE centre.annual_plan SET status = 'approved', approver = 'x', approved_at = now() WHERE plan_id = :few;
ALTER TABLE centre.annual_plan ENABLE TRIGGER civic_check;
SELECT is((SELECT (budget, seats, cost, coverage_before)::text FROM dash.annual_plan WHERE ministry = 'Few'), '(,,,)', 'of a ministry of three officials neither budget nor seats, cost or coverage are shown');
DROP ROLE tap_author, tap_approver, tap_hr;
SELECT * FROM finish();
