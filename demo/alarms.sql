-- Interruptions of water and power, counted by districts every day (things, not persons), watched by day; with missing days and a late correction.
--   psql -f demo/alarms.sql      after demo/country.sql and demo/catalogue.sql; the last day is 31 October 2026
\set ON_ERROR_STOP on
SET search_path = pg_catalog, public, pg_temp;
INSERT INTO centre.source (code, verified, personal, note) VALUES ('utility', true, false, 'daily counts of the districts'' control rooms');
INSERT INTO centre.indicator (code, kind, topic, unit, direction, base_year, personal) VALUES
  ('outage_water', 'count', 'services', 'interruptions', 'lower_is_better', 2026, false), ('outage_power', 'count', 'services', 'interruptions', 'lower_is_better', 2026, false);
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('indicator', 'outage_water', 'en', 'interruptions of water'), ('indicator', 'outage_water', 'af', 'onderbrekings van water'),
  ('indicator', 'outage_power', 'en', 'interruptions of power'), ('indicator', 'outage_power', 'af', 'onderbrekings van krag'),
  ('topic', 'services', 'en', 'services'), ('topic', 'services', 'af', 'dienste') ON CONFLICT DO NOTHING;
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('utility', 'doc_key', '{key}', true, NULL), ('utility', 'version', '{revision}', true, NULL), ('utility', 'occurred_at', '{day}', true, NULL),
  ('utility', 'area', '{district}', true, NULL), ('utility', 'indicator', '{service}', true, '{"water": "outage_water", "power": "outage_power"}'), ('utility', 'value', '{interruptions}', true, NULL);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES
  ('outages_daily', 'centre', '{outage_water,outage_power}', '{country,province,district}', 'day', false);

-- A number in [0, 1) that depends on its arguments alone
CREATE FUNCTION pg_temp.u(key text) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT (hashtextextended($1, 0) & 1073741823) / 1073741824.0 $$;
-- Districts differ in size, weekends are quieter; a main bursts in Lejweleputswa, storms cut power in three districts of KwaZulu-Natal
CREATE TEMP TABLE packet AS
  SELECT d.service, d.code, d.day, d.day - date '2026-08-03' AS n,
         floor(-ln(1 - pg_temp.u(d.service || d.code || d.day)) * (1 + 6 * pg_temp.u(d.code)) * CASE WHEN extract(isodow FROM d.day) > 5 THEN 0.7 ELSE 1.1 END)::integer
         + CASE WHEN d.service = 'water' AND d.code = 'DC18' AND d.day BETWEEN '2026-10-12' AND '2026-10-14' THEN 60
                WHEN d.service = 'power' AND d.code IN ('DC21', 'DC22', 'ETH') AND d.day BETWEEN '2026-10-22' AND '2026-10-23' THEN 55 ELSE 0 END AS interruptions
  FROM (SELECT s.service, a.code, g.day::date AS day FROM unnest('{water,power}'::text[]) AS s (service) CROSS JOIN centre.area a JOIN centre.area_standing t ON t.area_id = a.area_id AND t.level = 'district'
        CROSS JOIN generate_series(timestamp '2026-08-03', '2026-10-31', '1 day') AS g (day)) AS d
  -- one report in forty never comes
  WHERE pg_temp.u('lost' || d.service || d.code || d.day) > 0.025;
INSERT INTO centre.landing (source, format, payload)
  SELECT 'utility', 'json', convert_to(jsonb_agg(jsonb_build_object('key', format('%s %s %s', service, code, day), 'revision', 1, 'day', day, 'district', code, 'service', service,
    -- the first figure of the burst main was a tenth of the truth
    'interruptions', CASE WHEN interruptions > 50 AND service = 'water' THEN interruptions / 10 ELSE interruptions END) ORDER BY day, code)::text, 'UTF8') FROM packet GROUP BY service, n / 7;
CALL centre.tick();
INSERT INTO centre.series (indicator_id, level, since)
  SELECT i.indicator_id, l, '2026-08-03' FROM centre.indicator i, unnest('{country,province,district}'::text[]) AS l WHERE i.code LIKE 'outage%';
INSERT INTO centre.reporting_expectation (indicator_id, area_id, valid)
  SELECT i.indicator_id, t.area_id, '[2026-08-03,2026-11-01)' FROM centre.indicator i, centre.area_standing t WHERE i.code LIKE 'outage%' AND t.level = 'district';
CALL centre.baseline_run('2026-10-30');
-- the correction, and the last day
INSERT INTO centre.landing (source, format, payload)
  SELECT 'utility', 'json', convert_to(jsonb_agg(jsonb_build_object('key', format('%s %s %s', service, code, day), 'revision', 2, 'day', day, 'district', code, 'service', service, 'interruptions', interruptions))::text, 'UTF8')
  FROM packet WHERE interruptions > 50 AND service = 'water';
DO $$
DECLARE
  report jsonb;
BEGIN
  CALL centre.intake_apply(centre.open_batch('utility'), false, report);
  WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP;
  CALL centre.baseline_run('2026-10-31');
  FOR i IN 0..89 LOOP
    CALL centre.publish('outages_daily', date '2026-08-03' + i);
  END LOOP;
END
$$;
CALL centre.publish_baselines('outages_daily');
SET search_path = pg_catalog, public, dash;
\echo 'Alarms of October, from the reader''s side'
SET ROLE civic_reader;
SELECT ("time" AT TIME ZONE 'Africa/Johannesburg')::date AS day, indicator_name, level_name, area_name, value, round(upper_bound::numeric, 1) AS upper_bound, round(score::numeric, 1) AS score, explained_by, completeness
  FROM dash.alarms('2026-10') WHERE explained_by IS NULL ORDER BY score DESC LIMIT 8;
RESET ROLE;
-- Reports of the last ten days that were lost come late, and those days are published again
INSERT INTO centre.landing (source, format, payload)
  SELECT 'utility', 'json', convert_to(jsonb_agg(jsonb_build_object('key', d.service || '/' || d.code || '/' || d.day, 'revision', 1, 'day', d.day, 'district', d.code, 'service', d.service, 'interruptions', 2))::text, 'UTF8')
  FROM (SELECT s.service, a.code, g.day::date AS day FROM unnest('{water,power}'::text[]) AS s (service) CROSS JOIN centre.area a JOIN centre.area_standing t ON t.area_id = a.area_id AND t.level = 'district'
        CROSS JOIN generate_series(timestamp '2026-10-22', '2026-10-31', '1 day') AS g (day)) AS d
  WHERE pg_temp.u('lost' || d.service || d.code || d.day) <= 0.025;
DO $$
DECLARE
  report jsonb;
BEGIN
  CALL centre.intake_apply(centre.open_batch('utility'), false, report);
  WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP;
  CALL centre.baseline_run('2026-10-31');
  FOR i IN 0..9 LOOP
    CALL centre.publish('outages_daily', date '2026-10-22' + i);
  END LOOP;
END
$$;
CALL centre.publish_baselines('outages_daily');
