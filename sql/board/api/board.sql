-- What a board needs besides its figures: the choices of its variables, and how fresh the figures are.

CREATE VIEW dash.published WITH (security_barrier) AS
  SELECT i.indicator, r.cube, r.period_unit, dash.fenced(min(r.period_start)) AS first_day, dash.fenced(max(r.period_end) - 1) AS last_day, dash.fenced(max(r.published_at)) AS published_at
  FROM dash.release r JOIN centre.readable v ON v.cube = r.cube CROSS JOIN LATERAL unnest(v.indicators) AS i (indicator)
  GROUP BY i.indicator, r.cube, r.period_unit;
COMMENT ON VIEW dash.published IS 'which indicators the reading role''s audience can see, from and to which day, and when they were last published';

CREATE FUNCTION dash.periods() RETURNS TABLE (period text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT p.period
  FROM (SELECT 'latest' AS period, 'infinity'::date AS until, NULL::date AS since WHERE EXISTS (SELECT FROM dash.release)
        UNION
        SELECT CASE r.period_unit WHEN 'year' THEN to_char(r.period_start, 'YYYY') WHEN 'quarter' THEN to_char(r.period_start, 'YYYY"-Q"Q')
                 WHEN 'month' THEN to_char(r.period_start, 'YYYY-MM') ELSE format('%s/%s', r.period_start, r.period_end) END,
               r.period_end, r.period_start
        FROM dash.release r WHERE r.period_unit <> 'day') AS p
  ORDER BY p.until DESC, p.since DESC;
END;
COMMENT ON FUNCTION dash.periods() IS
  'the published periods as dash.period() reads them, the newest first, and before them the word latest; single days are too many to list; no row before anything is published';

CREATE FUNCTION dash.level_of(of_area text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce((SELECT a.level FROM dash.area a JOIN dash.area_level l ON l.code = a.level WHERE a.code = of_area ORDER BY l.depth LIMIT 1), CASE WHEN dash.check_areas(ARRAY[of_area]) THEN NULL END);
COMMENT ON FUNCTION dash.level_of(text) IS 'the highest level an area stands at (a metro is a district)';

CREATE FUNCTION dash.areas_in(of_area text, at_level text)
RETURNS TABLE (area text, area_name text, next_level text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_areas(ARRAY[$1]), dash.check_level($2);
  WITH child AS (
    SELECT a.parent_code, min(l.depth) AS depth FROM dash.area a JOIN dash.area_level l ON l.code = a.level GROUP BY a.parent_code)
  SELECT DISTINCT ON (a.code) a.code, a.name, coalesce(n.code, a.level)
  FROM dash.area_path p JOIN dash.area a ON a.area_id = p.descendant_id
  LEFT JOIN child c ON c.parent_code = a.code LEFT JOIN dash.area_level n ON n.depth = c.depth
  WHERE a.level = $2 AND p.ancestor_id IN (SELECT w.area_id FROM dash.area w WHERE w.code = $1)
  ORDER BY a.code, a.area_id DESC;
END;
COMMENT ON FUNCTION dash.areas_in(text, text) IS
  'the areas of a level that lie in an area, itself among them where it stands at that level; next_level is where a drill-down goes on: the highest level among the area''s parts, or its own level where it has none';

CREATE FUNCTION dash.levels_in(of_area text, lang text DEFAULT 'en') RETURNS TABLE (level text, level_name text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_areas(ARRAY[$1]), dash.check_lang($2);
  SELECT l.code, dash.label_of('area_level', l.code, $2)
  FROM dash.area_level l
  WHERE l.code IN (SELECT a.level FROM dash.area_path p JOIN dash.area a ON a.area_id = p.descendant_id
                   WHERE p.ancestor_id IN (SELECT w.area_id FROM dash.area w WHERE w.code = $1))
  ORDER BY l.code = dash.level_of($1), l.depth;
END;
COMMENT ON FUNCTION dash.levels_in(text, text) IS
  'the levels at which an area has parts, from the highest down, and after them the area''s own highest level';
