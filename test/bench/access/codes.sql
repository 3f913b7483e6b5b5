SET timezone = 'UTC';
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
\i test/bench/cpu.sql
CREATE TEMP TABLE run (what text, cpu float8);
SELECT count(*) AS workers FROM centre.worker_fact \gset
SELECT centre.access_expression(1001, 'r.body', 'timestamptz ''2020-10-01 00:00+00''') AS code \gset

-- The same policy as one would write it in SQL: one mask of what does not hold for certain, and the next instant at which a comparison with the clock flips.
\set today '(CLOCK AT TIME ZONE ''Asia/Singapore'')::date'
\set listed '(in_dormitory OR sector IN (''construction'', ''marine'', ''process''))'
\set tested_on '(last_swab_at AT TIME ZONE ''Asia/Singapore'')::date'
\set positive_on '(first_positive_at AT TIME ZONE ''Asia/Singapore'')::date'
\set exempt '(recovered_at IS NOT NULL AND first_positive_at IS NOT NULL AND TODAY < POSITIVE_ON + IMMUNE)'
\set spared '(NOT LISTED OR movement_until > CLOCK OR medical_leave_until > CLOCK)'
\set mask 'CASE WHEN approved_from <= CLOCK AND (approved_until IS NULL OR CLOCK < approved_until) THEN 0 ELSE 1 END | CASE WHEN first_positive_at IS NULL OR (recovered_at >= first_positive_at AND CLOCK >= recovered_at) THEN 0 ELSE 2 END | CASE WHEN movement_until IS NULL OR CLOCK >= movement_until THEN 0 ELSE 4 END | CASE WHEN CLOCK >= recovered_at OR last_swab_result = ''negative'' THEN 0 ELSE 8 END | CASE WHEN NOT in_dormitory OR CLOCK >= dormitory_cleared_at OR CLOCK >= block_cleared_at THEN 0 ELSE 16 END | CASE WHEN NOT address_conflict THEN 0 ELSE 32 END | CASE WHEN NOT LISTED OR app_registered THEN 0 ELSE 64 END | CASE WHEN CLOCK < timestamptz ''2020-09-05 16:00+00'' OR SPARED OR EXEMPT OR TODAY <= TESTED_ON + CYCLE THEN 0 ELSE 128 END | CASE WHEN SPARED OR EXEMPT OR TODAY + 3 <= TESTED_ON + CYCLE THEN 0 ELSE 256 END | CASE WHEN last_swab_result = ''pending'' THEN 512 ELSE 0 END'
\set until 'LEAST(CASE WHEN CLOCK < approved_from THEN approved_from END, CASE WHEN CLOCK < approved_until THEN approved_until END, CASE WHEN CLOCK < recovered_at THEN recovered_at END, CASE WHEN CLOCK < movement_until THEN movement_until END, CASE WHEN CLOCK < medical_leave_until THEN medical_leave_until END, CASE WHEN CLOCK < dormitory_cleared_at THEN dormitory_cleared_at END, CASE WHEN CLOCK < block_cleared_at THEN block_cleared_at END, CASE WHEN TODAY <= TESTED_ON + CYCLE THEN (TESTED_ON + CYCLE + 1)::timestamp AT TIME ZONE ''Asia/Singapore'' END, CASE WHEN TODAY + 3 <= TESTED_ON + CYCLE THEN (TESTED_ON + CYCLE - 2)::timestamp AT TIME ZONE ''Asia/Singapore'' END, CASE WHEN TODAY < POSITIVE_ON + IMMUNE THEN (POSITIVE_ON + IMMUNE)::timestamp AT TIME ZONE ''Asia/Singapore'' END, timestamptz ''infinity'')'
CREATE FUNCTION pg_temp.expand(expression text, names text[], meanings text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(names) LOOP
    expression := replace(expression, names[i], meanings[i]);
  END LOOP;
  RETURN expression;
END $$;
-- the clock stands for itself: the planner computes what depends on it alone once
\set names 'ARRAY[''SPARED'', ''EXEMPT'', ''LISTED'', ''TESTED_ON'', ''POSITIVE_ON'', ''TODAY'', ''CLOCK'', ''CYCLE'', ''IMMUNE'']'
SELECT pg_temp.expand(:'mask', :names, meanings) AS mask, pg_temp.expand(:'until', :names, meanings) AS until
FROM (SELECT ARRAY[:'spared', :'exempt', :'listed', :'tested_on', :'positive_on', :'today', 'timestamptz ''2020-10-01 00:00+00''', 'CYCLE', 'IMMUNE']) AS m (meanings) \gset
SELECT replace(replace(:'mask', 'CYCLE', '14'), 'IMMUNE', '180') AS mask1, replace(replace(:'mask', 'CYCLE', '10'), 'IMMUNE', '150') AS mask2,
       replace(replace(:'until', 'CYCLE', '14'), 'IMMUNE', '180') AS until1, replace(replace(:'until', 'CYCLE', '10'), 'IMMUNE', '150') AS until2 \gset
-- both say the same; the hand-written instant may come earlier, never later
SELECT 'differ from the hand-written SQL: ' || count(*) FROM (
  SELECT c, :mask1 AS mask, :until1 AS until FROM (SELECT w.*, :code AS c FROM centre.worker_fact w, centre.ruleset r WHERE r.ruleset_id = 1001 AND w.worker_id % 10 = 0 OFFSET 0) AS w OFFSET 0) AS x
  WHERE civic.fail_mask(c) | civic.unknown_mask(c) <> mask OR civic.valid_until(c) < until;

CREATE PROCEDURE pg_temp.clear() LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE centre.access, centre.decision, centre.worker_change;
  UPDATE centre.access_state SET ruleset_id = NULL, reevaluated_at = NULL;
END $$;
CREATE PROCEDURE pg_temp.note(what text, since float8) LANGUAGE sql AS $$ INSERT INTO run VALUES (what, pg_temp.cpu() - since) $$;
