-- training_schedule(): what it gives and refuses; integer programmes judge it in test/t/competency_plan.pl
SET search_path = civic, public;
CREATE TEMP TABLE session (n integer, starts date, ends date, price float8, teaches competency_set, asks competency_set, month integer);
INSERT INTO session VALUES (1, '2026-03-02', '2026-03-04', 10, '1:2', '', 1), (2, '2026-03-04', '2026-03-05', 1, '2:3', '', 1), (3, '2026-04-01', '2026-04-02', 5, '2:3', '', 2),
  (4, '2026-03-05', '2026-03-06', 20, '1:4', '1:2', 1), (5, '2026-05-01', '2026-05-02', 2, '1:4', '', 3);
CREATE TEMP VIEW offer AS SELECT array_agg(starts ORDER BY n) AS starts, array_agg(ends ORDER BY n) AS ends, array_agg(price ORDER BY n) AS price, array_agg(teaches ORDER BY n) AS teaches,
  array_agg(asks ORDER BY n) AS asks, array_agg(month ORDER BY n) AS month FROM session;
-- the cheapest, and the earliest
SELECT s.* FROM offer o, training_schedule('{"1:4,2:3"}', '{""}', starts, ends, '{1,1,1,1,1}', price, teaches, asks) s;
SELECT s.*, '2000-01-01'::date + total::integer AS finishes FROM offer o, training_schedule('{"1:4,2:3"}', '{""}', starts, ends, '{1,1,1,1,1}', price, teaches, asks, earliest => true) s;
-- seats and money
SELECT s.* FROM offer o, training_schedule('{"1:4","1:4","2:3"}', '{"","1:3","2:3"}', starts, ends, '{1,0,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{"1:4","1:4","2:3"}', '{"","1:3",""}', starts, ends, '{9,9,9,9,9}', price, teaches, asks, month, '{0,5,2}') s;
-- levels are whole whatever is rounded: dear sessions, of which all are taken, and cents; one that costs nothing and does nothing; money without limit
SELECT s.* FROM training_schedule('{"1:4"}', '{""}', '{2026-03-01}', '{2026-03-01}', '{1}', '{10000000}', '{"1:4"}', '{""}') s;
SELECT s.* FROM training_schedule(array_fill('1:1'::competency_set, '{7}'), array_fill(''::competency_set, '{7}'), '{2026-03-01}', '{2026-03-01}', '{1}', '{0.01}', '{"2:1"}', '{""}') s;
SELECT earliest, s.session, s.missing FROM unnest('{f,t}'::boolean[]) AS earliest, training_schedule('{"1:1,2:1,3:2"}', '{""}', '{2026-03-01,2026-03-03,2026-03-05,2026-03-07}', '{2026-03-01,2026-03-03,2026-03-05,2026-03-07}', '{1,1,1,1}', '{0,0,0,0}',
  '{"1:1","1:1,2:1","4:1","3:2"}', '{"","","","4:1"}', earliest => earliest) s ORDER BY 1, 2;
SELECT s.* FROM training_schedule('{"1:4"}', '{""}', '{2026-03-01}', '{2026-03-01}', '{1}', '{1}', '{"1:4"}', '{""}', '{1}', '{Infinity}') s;
-- nothing lacks, nobody, nothing on offer
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{"1:4"}', starts, ends, '{1,1,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{}', '{}', starts, ends, '{1,1,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM training_schedule('{"1:2"}', '{""}', '{}', '{}', '{}', '{}', '{}', '{}') s;
SELECT count(*) FROM training_schedule(NULL, '{""}', '{}', '{}', '{}', '{}', '{}', '{}') s;
-- what is refused
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{"",""}', starts, ends, '{1,1,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{""}', starts, ends, '{1,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{""}', starts, ends, '{1,1,1,1,NULL}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{""}', ends, starts, '{1,1,1,1,1}', price, teaches, asks) s;
SELECT s.* FROM offer o, training_schedule('{"1:2"}', '{""}', starts, ends, '{1,1,1,1,1}', '{1,1,1,1,NaN}', teaches, asks) s;
SELECT s.* FROM training_schedule('{"1:2"}', '{""}', '{-infinity}', '{2026-01-01}', '{1}', '{1}', '{"1:2"}', '{""}') s;
SELECT s.* FROM training_schedule('{"1:2"}', '{""}', '{2026-01-01}', '{2026-01-01}', '{1}', '{1}', '{"1:2"}', '{""}', '{2}', '{1,NaN}') s;
SELECT s.* FROM offer o, training_schedule('{"1:2","1:3"}', '{"",""}', starts, ends, '{1,1,1,1,1}', price, teaches, asks, earliest => true) s;
