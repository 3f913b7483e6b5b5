-- What a user would write instead, each as a query over worker (or
-- worker_json), interleaved; best of several; CPU seconds of this backend.
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET timezone = 'UTC';
\set ruleset `cat test/bench/rule/ruleset.json`
\set facts 'last_swab, last_art, positive_on, quarantine_until, mc_until, second_dose, under_treatment, pending_result, address_match, dorm_cleared, approved, tracing, pass_expiry, sector, lodging, risk'
CREATE FUNCTION cpu() RETURNS float8 VOLATILE LANGUAGE sql AS
  $$SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9$$;

-- As centre.bind makes it: inlined, the row is not built.
CREATE FUNCTION worker_verdict(ruleset civic.ruleset, clock timestamptz, w worker) RETURNS civic.verdict LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN civic.evaluate(ruleset, clock, (w).last_swab, (w).last_art, (w).positive_on, (w).quarantine_until, (w).mc_until, (w).second_dose,
    (w).under_treatment, (w).pending_result, (w).address_match, (w).dorm_cleared, (w).approved, (w).tracing, (w).pass_expiry, (w).sector, (w).lodging, (w).risk);

CREATE FUNCTION mask_plpgsql(clock timestamptz, last_swab timestamptz, last_art timestamptz, positive_on timestamptz, quarantine_until timestamptz,
  mc_until timestamptz, second_dose timestamptz, under_treatment boolean, pending_result boolean, address_match boolean, dorm_cleared boolean,
  approved boolean, tracing boolean, pass_expiry timestamptz, sector text, lodging text, risk smallint) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE mask int := 0;
BEGIN
  IF (NOT under_treatment) IS NOT TRUE THEN mask := mask | 1; END IF;
  IF (NOT pending_result) IS NOT TRUE THEN mask := mask | 2; END IF;
  IF NOT (quarantine_until IS NULL OR clock >= quarantine_until) THEN mask := mask | 4; END IF;
  IF NOT (mc_until IS NULL OR clock >= mc_until) THEN mask := mask | 8; END IF;
  IF (clock <= last_swab + interval '216 hours' OR (risk < 2 AND clock <= last_swab + interval '384 hours')
      OR (positive_on IS NOT NULL AND clock < positive_on + interval '6480 hours')) IS NOT TRUE THEN mask := mask | 16; END IF;
  IF ((last_art IS NOT NULL AND clock <= last_art + interval '168 hours') OR clock <= last_swab + interval '72 hours') IS NOT TRUE THEN mask := mask | 32; END IF;
  IF ((second_dose IS NOT NULL AND clock >= second_dose + interval '336 hours') OR (positive_on IS NOT NULL AND clock < positive_on + interval '4320 hours')
      OR sector IN ('services', 'other')) IS NOT TRUE THEN mask := mask | 64; END IF;
  IF address_match IS NOT TRUE THEN mask := mask | 128; END IF;
  IF (dorm_cleared OR lodging <> 'dorm') IS NOT TRUE THEN mask := mask | 256; END IF;
  IF approved IS NOT TRUE THEN mask := mask | 512; END IF;
  IF (tracing OR lodging = 'home') IS NOT TRUE THEN mask := mask | 1024; END IF;
  IF (clock < pass_expiry + interval '24 hours') IS NOT TRUE THEN mask := mask | 2048; END IF;
  RETURN mask;
END $$;

-- The mask in SQL: what is not known to hold counts as failed.
\set mask 'CASE WHEN NOT under_treatment THEN 0 ELSE 1 END | CASE WHEN NOT pending_result THEN 0 ELSE 2 END | CASE WHEN quarantine_until IS NULL OR clock >= quarantine_until THEN 0 ELSE 4 END | CASE WHEN mc_until IS NULL OR clock >= mc_until THEN 0 ELSE 8 END | CASE WHEN clock <= last_swab + interval ''216 hours'' OR (risk < 2 AND clock <= last_swab + interval ''384 hours'') OR (positive_on IS NOT NULL AND clock < positive_on + interval ''6480 hours'') THEN 0 ELSE 16 END | CASE WHEN (last_art IS NOT NULL AND clock <= last_art + interval ''168 hours'') OR clock <= last_swab + interval ''72 hours'' THEN 0 ELSE 32 END | CASE WHEN (second_dose IS NOT NULL AND clock >= second_dose + interval ''336 hours'') OR (positive_on IS NOT NULL AND clock < positive_on + interval ''4320 hours'') OR sector IN (''services'', ''other'') THEN 0 ELSE 64 END | CASE WHEN address_match THEN 0 ELSE 128 END | CASE WHEN dorm_cleared OR lodging <> ''dorm'' THEN 0 ELSE 256 END | CASE WHEN approved THEN 0 ELSE 512 END | CASE WHEN tracing OR lodging = ''home'' THEN 0 ELSE 1024 END | CASE WHEN clock < pass_expiry + interval ''24 hours'' THEN 0 ELSE 2048 END'
-- The next instant at which any comparison with the clock flips.
\set until 'LEAST(CASE WHEN clock < quarantine_until THEN quarantine_until END, CASE WHEN clock < mc_until THEN mc_until END, CASE WHEN clock <= last_swab + interval ''216 hours'' THEN last_swab + interval ''216 hours 0.000001 seconds'' END, CASE WHEN clock <= last_swab + interval ''384 hours'' THEN last_swab + interval ''384 hours 0.000001 seconds'' END, CASE WHEN clock < positive_on + interval ''6480 hours'' THEN positive_on + interval ''6480 hours'' END, CASE WHEN clock <= last_art + interval ''168 hours'' THEN last_art + interval ''168 hours 0.000001 seconds'' END, CASE WHEN clock <= last_swab + interval ''72 hours'' THEN last_swab + interval ''72 hours 0.000001 seconds'' END, CASE WHEN clock < second_dose + interval ''336 hours'' THEN second_dose + interval ''336 hours'' END, CASE WHEN clock < positive_on + interval ''4320 hours'' THEN positive_on + interval ''4320 hours'' END, CASE WHEN clock < pass_expiry + interval ''24 hours'' THEN pass_expiry + interval ''24 hours'' END)'
SELECT format('civic.evaluate(%L::civic.ruleset, timestamptz ''2021-04-01 08:00+08'', %s)', :'ruleset', :'facts') AS evaluate,
       replace(:'mask', 'clock', 'timestamptz ''2021-04-01 08:00+08''') AS mask,
       replace(:'until', 'clock', 'timestamptz ''2021-04-01 08:00+08''') AS until,
       format('SELECT %s FROM worker_json', (SELECT string_agg(format('(facts->>%L)::%s AS %I', name, type, name), ', ') FROM civic.ruleset_facts(:'ruleset'))) AS from_json \gset
SELECT regexp_replace(:'mask', '\m(' || string_agg(name, '|') || ')\M', '(facts->>''\1'')::@\1@', 'g') AS json_mask FROM civic.ruleset_facts(:'ruleset') \gset
SELECT string_agg(name || '@' || type, ',') AS types FROM civic.ruleset_facts(:'ruleset') \gset
CREATE FUNCTION typed(expression text, types text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY string_to_array(types, ',') LOOP
    expression := replace(expression, '@' || split_part(t, '@', 1) || '@', split_part(t, '@', 2));
  END LOOP;
  RETURN expression;
END $$;
SELECT typed(:'json_mask', :'types') AS json_mask \gset

CREATE TABLE contestant (name text PRIMARY KEY, rows float8, query text);
INSERT INTO contestant VALUES
  ('scan', 1400000, 'SELECT count(risk) FROM (SELECT risk FROM worker OFFSET 0) s'),
  ('evaluate', 1400000, format('SELECT count(v) FROM (SELECT %s AS v FROM worker OFFSET 0) s', :'evaluate')),
  ('wrapper', 1400000, format('SELECT count(v) FROM (SELECT worker_verdict(%L::civic.ruleset, timestamptz ''2021-04-01 08:00+08'', w) AS v FROM worker w OFFSET 0) s', :'ruleset')),
  ('sql_mask', 1400000, format('SELECT count(v) FROM (SELECT %s AS v FROM worker OFFSET 0) s', :'mask')),
  ('sql_mask_until', 1400000, format('SELECT count(v), count(u) FROM (SELECT %s AS v, %s AS u FROM worker OFFSET 0) s', :'mask', :'until')),
  ('plpgsql', 1400000, format('SELECT count(v) FROM (SELECT mask_plpgsql(timestamptz ''2021-04-01 08:00+08'', %s) AS v FROM worker OFFSET 0) s', :'facts')),
  ('sql_json', 100000, format('SELECT count(v) FROM (SELECT %s AS v FROM worker_json OFFSET 0) s', :'json_mask')),
  ('evaluate_json', 100000, format('SELECT count(v) FROM (SELECT civic.evaluate_json(%L::civic.ruleset, timestamptz ''2021-04-01 08:00+08'', facts) AS v FROM worker_json OFFSET 0) s', :'ruleset')),
  ('from_text', 2000, format('SELECT count(t::civic.ruleset) FROM (SELECT replace(%L, ''bench'', ''b'' || i) AS t FROM generate_series(1, 2000) i OFFSET 0) s', :'ruleset')),
  ('replace_text', 2000, format('SELECT count(t) FROM (SELECT replace(%L, ''bench'', ''b'' || i) AS t FROM generate_series(1, 2000) i OFFSET 0) s', :'ruleset'));

-- They must agree before they are compared.
SELECT format('SELECT count(*) AS differences FROM (SELECT %s AS mask, %s AS verdict, mask_plpgsql(timestamptz ''2021-04-01 08:00+08'', %s) AS p FROM worker) s WHERE mask <> (civic.fail_mask(verdict) | civic.unknown_mask(verdict)) OR mask <> p', :'mask', :'evaluate', :'facts') AS q \gset
:q \gset
SELECT :differences <> 0 AS differ \gset
\if :differ
  \warn 'the contestants do not agree'
  \quit 3
\endif

CREATE TABLE timing (name text, seconds float8);
CREATE PROCEDURE race(runs int) LANGUAGE plpgsql AS $$
DECLARE c record; before float8;
BEGIN
  FOR i IN 1 .. runs LOOP
    FOR c IN SELECT * FROM contestant LOOP
      before := cpu();
      EXECUTE c.query;
      INSERT INTO timing VALUES (c.name, cpu() - before);
    END LOOP;
  END LOOP;
END $$;
CALL race(:runs);

CREATE VIEW rate AS SELECT name, max(rows) / min(seconds) AS rate FROM timing JOIN contestant USING (name) GROUP BY name;
SELECT format('rate %s %s rows per CPU second', name, round(rate)) FROM rate ORDER BY rate DESC;
CREATE FUNCTION ratio(label text, a text, b text) RETURNS text LANGUAGE sql AS
  $$SELECT format('ratio %s %s', label, round((x.rate / y.rate)::numeric, 2)) FROM rate x, rate y WHERE x.name = a AND y.name = b$$;
SELECT ratio('evaluate_to_sql_mask', 'evaluate', 'sql_mask');
SELECT ratio('evaluate_to_sql_mask_and_valid_until', 'evaluate', 'sql_mask_until');
SELECT ratio('evaluate_to_plpgsql', 'evaluate', 'plpgsql');
SELECT ratio('evaluate_to_sql_over_jsonb', 'evaluate', 'sql_json');
SELECT ratio('evaluate_json_to_sql_over_jsonb', 'evaluate_json', 'sql_json');
SELECT ratio('wrapper_to_evaluate', 'wrapper', 'evaluate');
SELECT ratio('scan_to_evaluate', 'scan', 'evaluate');
SELECT format('time ruleset_from_text %s us', round(((1 / a.rate - 1 / b.rate) * 1e6)::numeric)) FROM rate a, rate b WHERE a.name = 'from_text' AND b.name = 'replace_text';
