-- Variables: rows, rounds.
CREATE EXTENSION pgcivic;
SET search_path = civic, public;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET hash_mem_multiplier = 1;

-- A report of a subject, who lives in one ward and has one sex and age band:
-- 4,000 wards x 2 x 5 cells in the order in which reports come in, by chance.
CREATE UNLOGGED TABLE report AS
SELECT subject, ward, (ward / 19)::smallint AS municipality, (ward / 76)::smallint AS district, (ward / 456)::smallint AS province,
       (subject / 4000 % 2)::smallint AS sex, (subject / 8000 % 5)::smallint AS age
FROM (SELECT subject, (subject % 4000)::integer AS ward
      FROM (SELECT (hashint8extended(i, 1) & 9223372036854775807) % (:rows * 6 / 10) AS subject
            FROM generate_series(1, :rows) AS i) AS s) AS t;
VACUUM ANALYZE report;

-- CPU time of this backend, in seconds
CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql VOLATILE AS
  $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9 $$;

CREATE TABLE contender (id int GENERATED ALWAYS AS IDENTITY, name text PRIMARY KEY, rounds int, work_mem text, query text);
CREATE TABLE timing (name text, seconds float8);

-- run all contenders round by round; the result of each stays in table result_<name>
CREATE PROCEDURE race() LANGUAGE plpgsql AS $$
DECLARE c contender; begun float8;
BEGIN
  FOR round IN 1 .. (SELECT max(rounds) FROM contender) LOOP
    FOR c IN SELECT * FROM contender WHERE rounds >= round ORDER BY id LOOP
      PERFORM set_config('work_mem', c.work_mem, false);
      EXECUTE format('DROP TABLE IF EXISTS result_%s', c.name);
      begun := cpu();
      EXECUTE format('CREATE TEMP TABLE result_%s AS %s', c.name, c.query);
      INSERT INTO timing VALUES (c.name, cpu() - begun);
      COMMIT;
    END LOOP;
  END LOOP;
END $$;

INSERT INTO contender (name, rounds, work_mem, query)
SELECT name, :rounds, work_mem, 'SELECT ward, sex, age, ' || query || ' AS n FROM report GROUP BY ward, sex, age'
FROM (VALUES ('count_rows', '2GB', 'count(*)'),
             ('k_gate', '2GB', 'reached(k_gate(subject, 10))'),
             ('count_distinct', '2GB', 'count(DISTINCT subject)'),
             ('k_distinct', '2GB', 'k_distinct(subject)'),
             ('k_distinct_4MB', '4MB', 'k_distinct(subject)')) AS t (name, work_mem, query);
INSERT INTO contender (name, rounds, work_mem, query)
SELECT name, 1, '2GB',
       'SELECT province, district, municipality, ward, sex, age, grouping(province, district, municipality, ward, sex, age) AS level, '
       || query || ' GROUP BY ROLLUP (province, district, municipality, ward), CUBE (sex, age)'
FROM (VALUES ('cube_count_rows', 'count(*) AS n FROM report'),
             ('cube_count_distinct', 'count(DISTINCT subject) AS n FROM report'),
             ('cube_k_set', 'k_distinct_union(s) AS n FROM (SELECT province, district, municipality, ward, sex, age, k_set(subject) AS s '
                            'FROM report GROUP BY province, district, municipality, ward, sex, age) AS leaf')) AS t (name, query);
CALL race();

SELECT 'cpu ' || name || ' ' || round(min(seconds)::numeric, 2) || ' s' FROM timing GROUP BY name ORDER BY min(seconds);

-- equal results, else no ratios
DO $$ BEGIN
  IF EXISTS (TABLE result_k_distinct EXCEPT TABLE result_count_distinct)
     OR EXISTS (TABLE result_k_distinct_4mb EXCEPT TABLE result_count_distinct)
     OR EXISTS (TABLE result_cube_k_set EXCEPT ALL TABLE result_cube_count_distinct)
     OR (SELECT count(*) FROM result_cube_k_set) <> (SELECT count(*) FROM result_cube_count_distinct)
     OR EXISTS (SELECT FROM result_k_gate AS g JOIN result_count_distinct AS d USING (ward, sex, age) WHERE g.n <> (d.n >= 10))
  THEN RAISE EXCEPTION 'the results differ'; END IF;
END $$;
SELECT 'rows of the cube ' || count(*) FROM result_cube_k_set;

WITH best AS (SELECT name, min(seconds) AS s FROM timing GROUP BY name)
SELECT format('ratio anonymity_%s %s   (aim: at most %s)', r.name, round((a.s / b.s)::numeric, 3), r.aim)
FROM (VALUES (1, 'k_gate_vs_count', 'k_gate', 'count_rows', 1.4),
             (2, 'k_distinct_vs_count_distinct', 'k_distinct', 'count_distinct', 0.55),
             (3, 'k_distinct_4MB_vs_2GB', 'k_distinct_4MB', 'k_distinct', 1.2),
             (4, 'cube_vs_count_distinct', 'cube_k_set', 'cube_count_distinct', 0.25),
             (5, 'cube_vs_count', 'cube_k_set', 'cube_count_rows', 0.5)) AS r (i, name, ours, theirs, aim)
JOIN best AS a ON a.name = r.ours JOIN best AS b ON b.name = r.theirs ORDER BY i;
