-- training_catalog, recommend() and training_plan(): I/O, aggregates, and brute force
SET search_path = public, civic;
SELECT setseed(0.5);

SELECT c::training_catalog, trainings(c::training_catalog), c::training_catalog::text::training_catalog::text = c::training_catalog::text AS round_trip
FROM unnest(ARRAY['', '7/8/100=12:3,45:4;9//=12:2', '9//0=12:2*3;-5/0.5/1e3=', '9223372036854775807/0.1/=1:1;', '1/1000000000000000/0.30000000000000004=1:1']) c;
SELECT * FROM each('9//0=12:2*3;7/8/100=45:4,12:3'::training_catalog);
SELECT training_catalog_send('9//0=12:2;7/8/100=45:4,12:3'), training_list_send('9//0=12:2') = training_catalog_send('9//0=12:2') AS same_wire;
SELECT '9//0=12:2;7/8/100=45:4,12:3'::training_list;

\set VERBOSITY sqlstate
SELECT '7'::training_catalog;
SELECT '7/8=12:3'::training_catalog;
SELECT '7/8/100'::training_catalog;
SELECT '7/8/100=12:16'::training_catalog;
SELECT '7/8/100=12:3,12:4'::training_catalog;
SELECT '7/8/100=12:3|'::training_catalog;
SELECT '7/-8/100=12:3'::training_catalog;
SELECT '7/nan/100=12:3'::training_catalog;
SELECT '7/inf/100=12:3'::training_catalog;
SELECT '7/1e999/100=12:3'::training_catalog;
SELECT '7/8/100=12:3;7/8/100=12:3'::training_catalog;
SELECT '99999999999999999999/8/100=12:3'::training_catalog;
SELECT training_catalog_agg(7, '12:3', -1, 0);
SELECT training_catalog_agg(7, '12:3', 'NaN', 0);
SELECT training_catalog_agg(7, '12:3', 1, 'Infinity');
SELECT training_catalog_agg(7, '12:3', 1, 1.1e15);
SELECT training_catalog_agg(7, '12:3', 1, 1) FROM generate_series(1, 2);
SELECT * FROM recommend('1:0>1', '', 0);
SELECT * FROM recommend('1:0>1', '', 1, 'price');
SELECT * FROM training_plan('1:0>1', '', 'price');
\set VERBOSITY default
SELECT * FROM recommend('1:0>1', '', 3, 'per head');

SELECT training_catalog_agg(i, s::competency_set, h, c) FROM (VALUES (3, '1:2*5', 1, NULL::int), (1, '2:3', NULL, 2.5), (NULL, '1:1', 1, 1), (2, NULL, 1, 1), (4, '', 0, 0)) v(i, s, h, c);
SELECT training_catalog_agg(NULL, NULL, 1, 1)::text = '' AS empty;
SELECT training_catalog_agg(1, '', 1, 1) IS NULL AS nothing FROM generate_series(1, 1) WHERE false;
SELECT training_catalog_agg(7, '12:3', '-0', 0);
SELECT training_catalog_union(c) FROM (VALUES ('7/8/100=12:3,45:4'::training_catalog), (NULL), ('9//=12:2;1/2/3=4:5')) v(c);

-- order and hash agree with equality
WITH v(c) AS (SELECT unnest(ARRAY['', '7/8/100=12:3', '7/8/100=12:2', '7//100=12:3', '8/8/100=12:3', '7/8/100=12:3;9//=', '9//=;7/8/100=12:3', '7/8/100=12:3,13:1'])::training_catalog)
SELECT bool_and((a.c = b.c) = (a.c::text = b.c::text)) AS equality, bool_and((a.c <> b.c) = NOT (a.c = b.c)) AS inequality, bool_and((a.c < b.c) = (b.c > a.c) AND (a.c <= b.c) = NOT (a.c > b.c)) AS total,
  bool_and(a.c <> b.c OR training_catalog_hash(a.c) = training_catalog_hash(b.c) AND training_catalog_hash_extended(a.c, 1) = training_catalog_hash_extended(b.c, 1)) AS hash, count(DISTINCT a.c)
FROM v a, v b;

-- a catalogue of 400 trainings; some have no hours or cost, some cost nothing
CREATE TABLE training AS
SELECT i AS training, competency_agg(1 + (random() * random() * 30)::int, 1 + (random() * 4)::int) AS teaches,
  CASE WHEN i % 17 = 0 THEN NULL WHEN i % 23 = 0 THEN 0 ELSE (random() * 40)::int + 1 END AS hours,
  CASE WHEN i % 19 = 0 THEN NULL WHEN i % 29 = 0 THEN 0 ELSE (random() * 500)::int + 1 END AS cost
FROM generate_series(1, 400) i, generate_series(1, 4) j WHERE j <= 1 + i % 4 GROUP BY i;
CREATE TABLE catalogue AS SELECT training_catalog_agg(training, teaches, hours, cost) AS c FROM training;
SELECT count(*) FROM (SELECT * FROM catalogue, each(c)) e FULL JOIN training t USING (training)
WHERE (e.teaches, e.hours, e.cost) IS DISTINCT FROM (t.teaches, t.hours::float8, t.cost::float8);
SELECT (SELECT training_catalog_union(p) FROM (SELECT training_catalog_agg(training, teaches, hours, cost) AS p FROM training GROUP BY training % 7) v) = c AS parts_make_the_whole FROM catalogue;
-- in parallel
ALTER TABLE training SET (parallel_workers = 2);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT training_catalog_agg(training, teaches, hours, cost)::text = (SELECT c::text FROM catalogue) AS same FROM training;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;

-- recommend() against all trainings scored in SQL
CREATE TABLE gap AS
SELECT i AS gap, competency_agg(1 + (random() * 32)::int, 1 + (random() * 4)::int, 1 + (random() * 3)::int) - coalesce(competency_agg(1 + (random() * 32)::int, 1 + (random() * 3)::int), '') AS g
FROM generate_series(1, 300) i, generate_series(1, 8) j WHERE j <= i % 8 + 1 GROUP BY i;
CREATE TABLE scored AS
SELECT gap, training, sum(least(t.level, g.needed) - g.held) AS levels, sum((least(t.level, g.needed) - g.held) * g.weight) AS points, hours, cost
FROM gap, each(g) g JOIN LATERAL (SELECT training, hours, cost, e.* FROM training, each(teaches) e) t ON t.competency = g.competency AND t.level > g.held
GROUP BY gap, training, hours, cost;
WITH ranked AS (
  SELECT gap, training, levels, points, by, row_number() OVER (PARTITION BY gap, by ORDER BY price IS NULL,
    CASE WHEN price = 0 THEN 'Infinity' ELSE points / price END DESC, points DESC, levels DESC, training) AS rank
  FROM (SELECT s.*, b.by, CASE b.by WHEN 'levels' THEN 1::float8 WHEN 'per hour' THEN hours ELSE cost END AS price FROM scored s, unnest(ARRAY['levels', 'per hour', 'per cost']) b(by)) v)
SELECT by, count(*) AS rows, count(*) FILTER (WHERE (r.training, r.levels, r.points) IS DISTINCT FROM (o.training, o.levels, o.points)) AS different
FROM (SELECT gap, by, r.* FROM gap, catalogue, unnest(ARRAY['levels', 'per hour', 'per cost']) by, recommend(g, c, 10, by) r) r
FULL JOIN (SELECT * FROM ranked WHERE rank <= 10) o USING (gap, by, rank) GROUP BY by ORDER BY by;
-- all of them, and another catalogue at the same call for every row
SELECT count(*) AS rows, count(*) FILTER (WHERE s.training IS NULL OR r.training IS NULL) AS different
FROM (SELECT gap, r.* FROM gap, catalogue, recommend(g, c, 1000000) r) r FULL JOIN scored s USING (gap, training);
SELECT gap, r.training, r.levels FROM (VALUES (1, '1/1/1=1:1;2/1/1=2:2'::training_catalog), (2, '3/1/1=1:1'), (3, '1/1/1=1:1;2/1/1=2:2;4/1/1=1:2,2:2')) v(gap, c), recommend('1:0>2,2:0>2', c) r;
CREATE TABLE catalogues AS SELECT i, (SELECT training_catalog_agg(training, teaches, hours, cost) FROM training WHERE training % 3 = i) AS c FROM generate_series(0, 2) i;
SELECT bool_and(r.training % 3 = i) AS own_catalogue, count(*) > 100 AS many FROM gap, catalogues, recommend(g, c) r;
-- training_plan(): every subset of small catalogues tried in SQL
CREATE TABLE small AS
SELECT i AS gap, (SELECT competency_agg(1 + (random() * 3)::int, 1 + (random() * 3)::int, 1 + (random() * 3)::int) FROM generate_series(1, 3 + i % 3)) - ''::competency_set AS g
FROM generate_series(1, 60) i;
CREATE TABLE option AS
SELECT gap, t AS training, competency_agg(1 + (random() * 4)::int, 1 + (random() * 3)::int) AS teaches, (random() * 9)::int AS cost
FROM small, generate_series(1, 7) t, generate_series(1, 3) j WHERE j <= 1 + t % 3 GROUP BY gap, t;
CREATE TABLE best AS
SELECT gap, min(cost) AS cost, min(trainings) AS trainings
FROM (SELECT gap, subset, sum(cost) FILTER (WHERE bit = 1) AS cost, count(*) FILTER (WHERE bit = 1) AS trainings, competency_max(teaches) FILTER (WHERE bit = 1) AS taught, competency_max(teaches) AS all_taught
  FROM option, generate_series(1, 127) subset, LATERAL (SELECT subset >> (training - 1)::int & 1) b(bit) GROUP BY gap, subset) s
JOIN small USING (gap)
WHERE closes(taught, g) = closes(all_taught, g) GROUP BY gap, g;
CREATE TABLE plan AS
SELECT gap, aim, p.* FROM small, unnest(ARRAY['cost', 'trainings']) aim, LATERAL (SELECT training_catalog_agg(training, teaches, NULL, cost) AS c FROM option o WHERE o.gap = small.gap) c, training_plan(g, c, aim) p;
SELECT aim, count(*) AS plans, count(*) FILTER (WHERE total IS DISTINCT FROM CASE aim WHEN 'cost' THEN best.cost ELSE best.trainings END) AS not_the_best,
  count(*) FILTER (WHERE bound <> total OR method = 'bounded') AS not_exact, count(*) FILTER (WHERE spent <> total) AS wrong_total
FROM best LEFT JOIN (SELECT gap, aim, max(total) AS total, max(bound) AS bound, max(method) AS method,
  coalesce(sum(CASE aim WHEN 'cost' THEN plan.cost ELSE 1 END) FILTER (WHERE training IS NOT NULL), 0) AS spent FROM plan GROUP BY gap, aim) p USING (gap)
GROUP BY aim ORDER BY aim;
-- the rows say what each training closes; together with what nobody closes they are the gap
SELECT count(*) AS gaps, count(*) FILTER (WHERE levels <> missing_levels(g)) AS levels_lost, count(*) FILTER (WHERE overstated > 0) AS overstated,
  count(*) FILTER (WHERE left_open <> missing_levels(g) - closable) AS left_open
FROM small JOIN (
  SELECT p.gap, sum(missing_levels(closes)) AS levels, count(*) FILTER (WHERE closes(o.teaches, closes) <> missing_levels(closes)) AS overstated,
    coalesce(sum(missing_levels(closes)) FILTER (WHERE p.training IS NULL), 0) AS left_open
  FROM plan p LEFT JOIN option o USING (gap, training) WHERE aim = 'cost' GROUP BY p.gap) p USING (gap)
JOIN (SELECT gap, closes(competency_max(teaches), g) AS closable FROM small JOIN option USING (gap) GROUP BY gap, g) c USING (gap);
SELECT * FROM training_plan('', '1/1/1=1:1');
SELECT * FROM training_plan('1:0>2,9:1>3*2', '1/1/1=2:1');
SELECT * FROM training_plan('1:0>2,9:1>3*2', '1/1/=1:2;2/5/7=1:1;3//1=9:2');
SELECT * FROM training_plan('1:0>2,9:1>3*2', '1/1/=1:2;2/5/7=1:1;3//1=9:2', 'hours');

-- with prerequisites; one that is only there for another closes nothing; circles; what is not taken need not be open
SELECT * FROM training_plan('1:4', '', '1//1=1:4;2//1=2:2;3//5=2:2', '1//=2:2;2//=1:3');
SELECT * FROM training_plan('5:3', '', '1//1=5:3;2//100=6:2;3//10=5:3', '1//=6:2');
SELECT * FROM training_plan('5:3,6:2', '6:1', '1//1=5:3,6:3;2//1=6:2', '1//=6:2,9:1;2//=6:1');
SELECT * FROM training_plan('5:3', '5:1', '1//0=5:2,6:1;2//0=5:3;3//0=6:1', '2//=6:1');
SELECT * FROM training_plan('5:3', '5:1', NULL, NULL);
SELECT count(*) FROM training_plan('5:3', '5:3', NULL, NULL);
SELECT count(*) FROM training_plan(NULL, '5:3', NULL, NULL);

-- wide gaps; the plan closes what can be closed
CREATE TABLE wide AS SELECT i AS gap, (SELECT competency_agg(c, 1 + (random() * 3)::int) FROM generate_series(1, 30) c) - '' AS g FROM generate_series(1, 20) i;
SELECT count(*) AS plans, bool_and(method = 'exact') AS exact, bool_and(bound = total AND bound > 0) AS bound, bool_and(closed = closable) AS complete
FROM (SELECT gap, min(method) AS method, max(total) AS total, max(bound) AS bound, sum(missing_levels(closes)) FILTER (WHERE p.training IS NOT NULL) AS closed
  FROM wide, catalogue, training_plan(g, c) p GROUP BY gap) p
JOIN (SELECT gap, closes(competency_max(teaches), g) AS closable FROM wide, training WHERE cost IS NOT NULL GROUP BY gap, g) c USING (gap);
-- where the parts do not touch, the best plan of the whole is that of the parts: an oracle beyond brute force
WITH part AS (
  SELECT i AS part, (SELECT competency_agg(c, 3) FROM generate_series(i * 10 + 1, i * 10 + 4) c) - '' AS g,
    (SELECT training_catalog_agg(i * 100 + t, s, 1, p) FROM (SELECT t, competency_agg(i * 10 + 1 + (hashint4(i * 77 + t * 5 + j) & 3), 1 + (hashint4(i * 31 + t * 7 + j) & 3) % 3) AS s,
      1 + (hashint4(i * 13 + t) & 15) AS p FROM generate_series(1, 12) t, generate_series(1, 3) j GROUP BY t) v) AS c
  FROM generate_series(0, 4) i),
best AS (SELECT sum(total) AS total FROM (SELECT part, max(total) AS total FROM part, training_plan(g, c) GROUP BY part) v),
whole AS (SELECT max(total) AS total, max(bound) AS bound, min(method) AS method FROM (SELECT training_catalog_union(c) AS c, string_agg(g::text, ',' ORDER BY part)::competency_gap AS g FROM part) v, training_plan(g, c))
SELECT method, bound <= best.total AS bound_holds, whole.total >= best.total AS not_below_best, whole.total <= 2 * best.total AS near FROM whole, best;
-- a search that is given up: trainings of three of 30 competencies whose numbers add up to a multiple of 31; nobody closes 30 with fewer than ten
SELECT method, total >= bound AND bound >= 10 AS bound_holds, total <= 1.5 * bound AS near, count(*) = total AS rows, bool_and(missing_levels(closes) > 0) AS all_close
FROM (SELECT training_catalog_agg(a * 900 + b * 30 + c, format('%s:1,%s:1,%s:1', a, b, c)::competency_set, 1, 1) AS t FROM generate_series(1, 30) a, generate_series(1, 30) b, generate_series(1, 30) c WHERE a < b AND b < c AND (a + b + c) % 31 = 0) v,
  (SELECT string_agg(c || ':1', ',')::competency_set AS need FROM generate_series(1, 30) c) n, training_plan(need, '', t, NULL, 'trainings') GROUP BY method, total, bound;

DROP TABLE training, catalogue, gap, scored, catalogues, small, option, best, plan, wide;
