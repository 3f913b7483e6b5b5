-- Variable: rounds.  Functions of dash with barriers and fences and without, by turns.
\ir ../cpu.sql
SET jit = off;
CREATE TEMP TABLE barrier AS SELECT oid::regclass AS view FROM pg_class WHERE relkind = 'v' AND reloptions @> '{security_barrier=true}' AND relnamespace IN ('dash'::regnamespace, 'centre'::regnamespace);
CREATE TEMP TABLE asked (name text, query text);
INSERT INTO asked SELECT v.name, format(v.query, i.indicator)
  FROM (SELECT indicator FROM centre.release_cell JOIN centre.indicator n ON n.code = indicator WHERE level = 'ward' AND n.kind = 'rate' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AS i,
    (VALUES ('map', 'SELECT count(*) FROM dash.map(%L, ''ward'', ''2026-10'')'), ('comparison', 'SELECT count(*) FROM dash.comparison(%L, ''2026-10'', ''en'', ''district'')'),
            ('totals', 'SELECT count(*) FROM dash.totals(%L, ''[2026-01-01,2026-11-01)'', ''district'', ''all'')')) AS v (name, query);
CREATE TEMP TABLE spent (name text, barrier boolean, seconds float8, rows bigint);
CREATE PROCEDURE pg_temp.ask(rounds int) LANGUAGE plpgsql AS $$
DECLARE
  v regclass;
  q record;
  begun float8;
  n bigint;
BEGIN
  FOR round IN 1..rounds LOOP
    FOR barriers IN 0..1 LOOP
      FOR v IN SELECT view FROM barrier LOOP EXECUTE format('ALTER VIEW %s SET (security_barrier = %s)', v, barriers = 1); END LOOP;
      EXECUTE format('ALTER FUNCTION dash.fenced(anyelement) %s', CASE barriers WHEN 1 THEN 'VOLATILE' ELSE 'IMMUTABLE' END);
      FOR q IN SELECT * FROM asked LOOP
        EXECUTE q.query INTO n;  -- what was looked up for the first time does not count
        begun := pg_temp.cpu();
        EXECUTE q.query INTO n;
        INSERT INTO spent VALUES (q.name, barriers = 1, pg_temp.cpu() - begun, n);
      END LOOP;
    END LOOP;
  END LOOP;
END $$;
CALL pg_temp.ask(:rounds);
SELECT format('ratio anonymity_barrier_%s %s   (%s ms of %s rows; aim: at most 1.25)', name, round((min(seconds) FILTER (WHERE barrier) / min(seconds) FILTER (WHERE NOT barrier))::numeric, 3),
              round((1000 * min(seconds) FILTER (WHERE barrier))::numeric, 1), max(rows)) FROM spent GROUP BY name ORDER BY name;
