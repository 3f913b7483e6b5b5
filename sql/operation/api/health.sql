-- The state of the system in figures: one view of what each room adds, made last of all.

DO $$
DECLARE
  body text;
BEGIN
  -- a room that was left out after all has no view
  SELECT string_agg(format('SELECT code, value, unit, "time" FROM %s', to_regclass(p.relation)), ' UNION ALL ' ORDER BY p.relation) INTO body
  FROM centre.health_part p WHERE to_regclass(p.relation) IS NOT NULL;
  EXECUTE 'CREATE VIEW dash.health_figure AS ' || body;
END
$$;
COMMENT ON VIEW dash.health_figure IS 'the figures of dash.health() without their labels';

CREATE FUNCTION dash.health(lang text DEFAULT 'en') RETURNS TABLE (code text, label text, value float8, unit text, "time" timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT h.code, dash.label_of('health', h.code, $1), h.value, h.unit, h."time" FROM dash.health_figure h ORDER BY h.code;
END;
COMMENT ON FUNCTION dash.health(text) IS
  'the state of the system in seven figures: seconds the oldest payload waits, seconds since the last tick and since the last release, steps of the tick that failed in the last ten minutes, policies that do not decide, open dead letters, documents received in the last 24 hours; null where there is nothing yet';
