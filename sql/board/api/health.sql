-- The state of the system in figures: one view of what each room adds, made last of all.

DO $$
DECLARE
  body text;
BEGIN
  -- a room that was left out after all has no view
  SELECT string_agg(format('SELECT code, value, unit, "time" FROM %s', to_regclass(p.relation)), ' UNION ALL ' ORDER BY p.relation) INTO body
  FROM centre.health_part p WHERE to_regclass(p.relation) IS NOT NULL;
  EXECUTE 'CREATE VIEW centre.health_figure AS ' || body;
END
$$;
COMMENT ON VIEW centre.health_figure IS 'the figures of centre.health(), without what they mean';

CREATE FUNCTION centre.health() RETURNS TABLE (code text, value float8, unit text, "time" timestamptz, warn float8, critical float8, state text, severity smallint)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT s.code, s.value, s.unit, s."time", s.warn, s.critical, (ARRAY['unknown', 'ok', 'warn', 'critical'])[s.severity + 2], s.severity
  FROM (SELECT f.code, f.value, f.unit, f."time", c.warn, c.critical,
               CASE WHEN f.value IS NULL THEN -1 WHEN f.value >= c.critical THEN 2 WHEN f.value >= c.warn THEN 1 ELSE 0 END::smallint AS severity
        FROM centre.health_figure f LEFT JOIN centre.health_check c USING (code)) AS s
  ORDER BY s.severity DESC, s.code;
END;
COMMENT ON FUNCTION centre.health() IS
  'the state of the system, worst first: figures with their unit, since when, the values of centre.health_check from which they are a warning or critical, and the state (ok 0, warn 1, critical 2, unknown -1) as word and number';

CREATE VIEW dash.health_figure WITH (security_barrier) AS
  SELECT h.code, h.value, h.unit, h."time", c.warn, c.critical FROM centre.health_figure h LEFT JOIN centre.health_check c USING (code)
  WHERE EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.health_figure IS 'the figures of dash.health() without their labels; for the command centre only';

CREATE FUNCTION dash.health(lang text DEFAULT 'en') RETURNS TABLE (code text, label text, value float8, unit text, "time" timestamptz, state text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_lang($1);
  SELECT h.code, dash.label_of('health', h.code, $1), h.value, h.unit, h."time",
         CASE WHEN h.value IS NULL THEN 'unknown' WHEN h.value >= h.critical THEN 'critical' WHEN h.value >= h.warn THEN 'warn' ELSE 'ok' END
  FROM dash.health_figure h ORDER BY h.code;
END;
COMMENT ON FUNCTION dash.health(text) IS
  'the state of the system in figures, as centre.health() has them, with labels: what waits, failed, is stuck, pending, missing or old, and whether that is ok, a warning or critical; null where there is nothing yet or the reader may not see it';

GRANT SELECT ON centre.health_figure, centre.health_check TO civic_ticker, civic_monitor;
GRANT EXECUTE ON FUNCTION centre.health() TO civic_ticker, civic_monitor;
GRANT USAGE ON SCHEMA centre TO civic_monitor;
