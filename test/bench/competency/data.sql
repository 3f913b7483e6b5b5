-- Officials, positions and trainings that do not exist, the same ones at every run.
-- 3,000 competencies: 60 behavioural (1-60), 540 functional (61-600), 2,400 of 53 ministries (601-3000).
-- psql variable: scale = number of officials
DROP SCHEMA IF EXISTS bench CASCADE;
DROP EXTENSION IF EXISTS pgcivic CASCADE;
CREATE EXTENSION pgcivic;
CREATE SCHEMA bench;
SET search_path = bench, civic, public;
CREATE EXTENSION IF NOT EXISTS intarray SCHEMA public;

-- a number in [0, 1) that depends on its arguments only
CREATE FUNCTION chance(a bigint, b bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8extended(a, b) & 1048575) / 1048576.0;

CREATE TABLE position_ AS
SELECT p AS position, m AS ministry, (
  SELECT competency_agg(c, 1 + floor(chance(p, 100 + i) * 5)::int)
  FROM generate_series(1, 10) i, LATERAL (SELECT CASE
    WHEN i <= 3 THEN 1 + floor(60 * power(chance(p, i), 2))::int
    WHEN i <= 6 THEN 61 + floor(540 * power(chance(p, i), 2))::int
    ELSE 601 + (m - 1) * 45 + floor(45 * power(chance(p, i), 1.5))::int END) v(c)) AS need
FROM generate_series(1, 5000) p, LATERAL (SELECT 1 + floor(53 * power(chance(p, 50), 1.7))::int) v(m);

CREATE TABLE official AS
SELECT o.id, p.ministry, p.position, (
  SELECT competency_agg(c, l) FROM (
    SELECT e.competency, greatest(1, least(5, e.level - 1 + floor(chance(o.id, e.competency) * 4)::int)) FROM each(p.need) e
    WHERE chance(o.id, 10000 + e.competency) < 0.75
    UNION ALL
    SELECT 1 + floor(600 * power(chance(o.id, i), 3))::int, 1 + floor(5 * power(chance(o.id, 20 + i), 2))::int FROM generate_series(1, 6) i) v(c, l)) AS have
FROM (SELECT id, 1 + floor(5000 * power(chance(id, 1), 3))::int AS position FROM generate_series(1, :scale) id) o JOIN position_ p USING (position)
ORDER BY o.id;

-- intarray's form: competency * 8 + level for every level up to the one held
CREATE FUNCTION thermometer(s competency_set) RETURNS int[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT array_agg(competency * 8 + l ORDER BY competency, l) FROM each(s), generate_series(1, level) l);
CREATE TABLE official_array AS SELECT id, ministry, position, thermometer(have) AS have FROM official;
-- top: the key of each need itself
CREATE TABLE position_array AS SELECT position, thermometer(need) AS need, (SELECT array_agg(competency * 8 + level) FROM each(need)) AS top FROM position_;

-- rows; the ministry stands in them for row security, where the row has room for it
CREATE TABLE held AS SELECT id AS official, competency, level::smallint AS level, ministry::smallint AS ministry FROM official, each(have);
CREATE TABLE required AS SELECT position, competency, level::smallint AS level FROM position_, each(need);

CREATE TABLE training AS
SELECT t AS training, (SELECT competency_agg(CASE WHEN i = 1 THEN 1 + floor(600 * power(chance(t, i), 2))::int ELSE 1 + floor(3000 * chance(t, i))::int END,
    1 + floor(5 * chance(t, 10 + i))::int) FROM generate_series(1, 1 + floor(4 * chance(t, 9))::int) i) AS teaches,
  1 + floor(40 * chance(t, 30)) AS hours, 1 + floor(500 * chance(t, 31)) AS cost
FROM generate_series(1, 50000) t;
CREATE TABLE catalogue AS SELECT training_catalog_agg(training, teaches, hours, cost) AS c FROM training;

-- fastupdate off, as for a table that is loaded at night and asked by day
CREATE INDEX official_have ON official USING gin (have) WITH (fastupdate = off);
CREATE INDEX official_array_have ON official_array USING gin (have gin__int_ops) WITH (fastupdate = off);
ALTER TABLE held ADD PRIMARY KEY (official, competency);
-- with the ministry in two bytes that were padding, so that a manager's query needs the index only, as everybody's does
CREATE INDEX held_competency ON held (competency, level, ministry, official);
CREATE INDEX ON required (position);
VACUUM ANALYZE;

-- the role of an HR manager, who sees one ministry
DO $$ BEGIN CREATE ROLE bench_hr; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA bench, civic TO bench_hr;
GRANT SELECT ON ALL TABLES IN SCHEMA bench TO bench_hr;
ALTER TABLE official ENABLE ROW LEVEL SECURITY;
ALTER TABLE official_array ENABLE ROW LEVEL SECURITY;
ALTER TABLE held ENABLE ROW LEVEL SECURITY;
CREATE POLICY ministry ON official USING (ministry = (SELECT current_setting('bench.ministry')::int));
CREATE POLICY ministry ON official_array USING (ministry = (SELECT current_setting('bench.ministry')::int));
CREATE POLICY ministry ON held USING (ministry = (SELECT current_setting('bench.ministry')::int));
