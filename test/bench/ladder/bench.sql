-- Variables: copies, rounds.  Table household comes from malawi.sql or generate.sql.
SET search_path = public, civic;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '64MB';
SET bench.rounds = :rounds;

CREATE TABLE many AS SELECT h.* FROM household h, generate_series(1, :copies);
-- the same answers as one would get them from a form, a tenth as many
CREATE TABLE many_json AS
SELECT h.source, h.on_premises, h.round_trip_minutes,
       jsonb_build_object('source', source, 'on_premises', on_premises, 'round_trip_minutes', round_trip_minutes) AS answers
FROM household h, generate_series(1, greatest(:copies / 10, 1));
VACUUM ANALYZE many;
VACUUM ANALYZE many_json;

\ir ../../ladder/rulesets.sql

-- CPU time of this backend, in seconds
CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql VOLATILE AS
  $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9 $$;

-- water, sanitation and hygiene as an analyst writes them: a text, unknown not mistaken for poor
CREATE TABLE hand (ladder text PRIMARY KEY, expression text);
INSERT INTO hand VALUES
('water', $$CASE WHEN source = 'surface_water' THEN 'surface_water'
  WHEN source IN ('unprotected_well', 'unprotected_spring') THEN 'unimproved'
  WHEN source IN ('piped_dwelling', 'piped_yard', 'piped_neighbour', 'public_tap', 'piped', 'borehole', 'protected_well',
    'protected_spring', 'rainwater', 'tanker', 'cart', 'kiosk', 'bottled', 'sachet') THEN
    CASE WHEN on_premises OR round_trip_minutes <= 30 THEN 'basic'
      WHEN NOT on_premises AND round_trip_minutes > 30 THEN 'limited' ELSE 'insufficient' END
  ELSE 'insufficient' END$$),
('sanitation', $$CASE WHEN toilet = 'none' THEN 'open_defecation'
  WHEN toilet IN ('pit_no_slab', 'bucket', 'hanging', 'flush_open_drain') THEN 'unimproved'
  WHEN toilet IN ('flush_sewer', 'flush_septic', 'flush_pit', 'flush_unknown', 'vip', 'pit_slab', 'twin_pit', 'composting',
    'container') THEN CASE WHEN shared THEN 'limited' WHEN NOT shared THEN 'basic' ELSE 'insufficient' END
  ELSE 'insufficient' END$$),
('hygiene', $$CASE WHEN facility AND water AND soap THEN 'basic'
  WHEN NOT facility THEN 'no_facility'
  WHEN facility AND (NOT water OR NOT soap) THEN 'limited'
  ELSE 'insufficient' END$$);

CREATE TABLE ours (ladder text PRIMARY KEY, expression text);
INSERT INTO ours
SELECT ladder, format('classify(%L::ruleset, %s)', body, facts)
FROM (VALUES ('water', 'jmp2017_household_water_basic', 'source, on_premises, round_trip_minutes'),
             ('sanitation', 'jmp2017_household_sanitation_basic', 'toilet, shared'),
             ('hygiene', 'jmp2017_household_hygiene', 'facility, water, soap')) v (ladder, code, facts)
  JOIN pack USING (code);

-- both say the same of every household
DO $$
DECLARE l text; differing bigint; theirs text; our text;
BEGIN
  FOREACH l IN ARRAY '{water,sanitation,hygiene}'::text[] LOOP
    SELECT h.expression, o.expression INTO theirs, our FROM hand h JOIN ours o USING (ladder) WHERE ladder = l;
    EXECUTE format($q$SELECT count(*) FROM household WHERE %s <> CASE WHEN insufficient(%s) THEN 'insufficient' ELSE level_name(%2$s) END$q$, theirs, our)
      INTO differing;
    IF differing <> 0 THEN RAISE '%: % households differ', l, differing; END IF;
  END LOOP;
END $$;

CREATE TABLE measured (place serial, name text PRIMARY KEY, query text, seconds float8);
INSERT INTO measured (name, query)
SELECT 'scan', 'SELECT count(soap) FROM many' UNION ALL
SELECT 'hand_' || ladder, format('SELECT count(%s) FROM many', expression) FROM hand UNION ALL
SELECT 'ours_' || ladder, format('SELECT count(%s) FROM many', expression) FROM ours UNION ALL
SELECT 'hand_three', 'SELECT ' || string_agg(format('count(%s)', expression), ', ') || ' FROM many' FROM hand UNION ALL
SELECT 'ours_three', 'SELECT ' || string_agg(format('count(%s)', expression), ', ') || ' FROM many' FROM ours UNION ALL
-- the table that is wanted in the end: shares by district
SELECT 'hand_table', format('SELECT count(*) FROM (SELECT district, level, count(*) FROM (SELECT district, %s AS level FROM many) x GROUP BY 1, 2) y', expression)
FROM hand WHERE ladder = 'water' UNION ALL
SELECT 'ours_table', format('SELECT sum(n) FROM (SELECT insufficient_count(service_distribution_agg(%s)) AS n FROM many GROUP BY district) y', expression)
FROM ours WHERE ladder = 'water' UNION ALL
SELECT 'hand_json', format('SELECT count(%s) FROM many_json', expression) FROM hand WHERE ladder = 'water' UNION ALL
SELECT 'ours_json', format('SELECT count(classify_json(%L::ruleset, answers)) FROM many_json', shipped('jmp2017_household_water_basic')) UNION ALL
SELECT 'hand_from_json', format('SELECT count(%s) FROM many_json', replace(replace(replace(expression, 'source', '(answers ->> ''source'')'),
  'on_premises', '(answers ->> ''on_premises'')::boolean'), 'round_trip_minutes', '(answers ->> ''round_trip_minutes'')::int'))
FROM hand WHERE ladder = 'water';

DO $$
DECLARE m record; began float8;
BEGIN
  FOR round IN 1 .. current_setting('bench.rounds')::int LOOP
    FOR m IN SELECT * FROM measured ORDER BY place LOOP
      began := cpu();
      EXECUTE m.query;
      UPDATE measured SET seconds = least(seconds, cpu() - began) WHERE place = m.place;
    END LOOP;
  END LOOP;
END $$;

\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '
SELECT 'rows', count(*) FROM many;
SELECT 'cpu_seconds', name, round(seconds::numeric, 2) FROM measured ORDER BY place;
SELECT 'million_rows_per_cpu_second', name, round(((SELECT count(*) FROM many) / seconds / 1e6)::numeric, 2)
FROM measured WHERE name LIKE '%water' OR name = 'scan' ORDER BY place;
SELECT 'ratio', substr(h.name, 6), round((h.seconds / o.seconds)::numeric, 2)
FROM measured h JOIN measured o ON o.name = replace(h.name, 'hand', 'ours')
WHERE h.name LIKE 'hand%' ORDER BY h.place;
-- a CASE over the jsonb itself
SELECT 'ratio from_json', round((h.seconds / o.seconds)::numeric, 2) FROM measured h, measured o WHERE h.name = 'hand_from_json' AND o.name = 'ours_json';
