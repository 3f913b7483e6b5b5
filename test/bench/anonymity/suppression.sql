-- Variables: wards, rounds.  In a session of its own, whose memory is then that of suppress().
SET search_path = civic, public;
\ir ../cpu.sql
CREATE TEMP TABLE round (seconds float8);
CREATE TEMP TABLE outcome (cell bigint, suppressed boolean, low bigint, high bigint);
CREATE PROCEDURE pg_temp.run(rounds int) LANGUAGE plpgsql AS $$
DECLARE begun float8;
BEGIN
  FOR round IN 1 .. rounds LOOP
    TRUNCATE outcome;
    begun := pg_temp.cpu();
    INSERT INTO outcome SELECT s.* FROM chosen AS p, suppress(p.problem) AS s;
    INSERT INTO round VALUES (pg_temp.cpu() - begun);
    COMMIT;
  END LOOP;
END $$;
CREATE TEMP VIEW chosen AS SELECT problem FROM problem_:wards;
CALL pg_temp.run(:rounds);

INSERT INTO measured
SELECT :wards, count(*), count(low), count(*) FILTER (WHERE suppressed), min(high - low), (SELECT min(seconds) FROM round),
       substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::int / 1024
FROM outcome;
