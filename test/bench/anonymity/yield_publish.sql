-- Publishes every month that there are reports of, of every cube about persons, and prints how many CPU seconds that took.
\ir ../cpu.sql
SELECT pg_temp.cpu() AS started \gset
SELECT format('CALL centre.publish(%L, %L)', c.code, m.month)
FROM centre.cube c, (SELECT DISTINCT date_trunc('month', o.day)::date AS month FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'report' OR i.code LIKE 'need%') AS m
WHERE c.dataset = 'observation' AND c.personal AND c.period_unit = 'month' ORDER BY c.code, m.month \gexec
SELECT format('%s releases in %s s', count(*), round((pg_temp.cpu() - :started)::numeric, 1)) FROM centre.release;
