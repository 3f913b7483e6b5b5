-- What Grafana and analysts read: views over current releases of the reader's own audience, and functions over those views.

CREATE VIEW dash.audience AS SELECT a.code FROM centre.audience a WHERE pg_has_role(a.reader, 'USAGE');
COMMENT ON VIEW dash.audience IS 'the audiences that the reading role belongs to';

CREATE VIEW dash.indicator AS
  SELECT code, kind, flow, topic, unit, per, direction, base_year FROM centre.indicator;
COMMENT ON VIEW dash.indicator IS 'indicators with unit, direction and base year; names by dash.label_of(''indicator'', code, lang), standards in dash.catalogue()';

CREATE VIEW dash.area AS
  SELECT a.code, a.demarcation, s.level, a.name, p.code AS parent_code,
         round(ST_Y(ST_PointOnSurface(a.geom))::numeric, 5)::float8 AS latitude,
         round(ST_X(ST_PointOnSurface(a.geom))::numeric, 5)::float8 AS longitude, a.area_id
  FROM centre.area a JOIN centre.area_standing s USING (area_id) LEFT JOIN centre.area p ON p.area_id = a.parent_id;
COMMENT ON VIEW dash.area IS 'areas at every level they stand at, with a point inside them; an area may stand at several levels (a metro is a district and a municipality)';

-- Of the role that reads: which cubes, and where they are its own audience's or granted whole, everywhere.
CREATE VIEW centre.readable AS
  SELECT g.cube, bool_or(g.area_id IS NULL) AS everywhere, array_agg(g.area_id) AS areas
  FROM (SELECT c.code AS cube, c.audience, NULL::integer AS area_id FROM centre.cube c
        UNION ALL SELECT a.cube, a.audience, a.area_id FROM centre.audience_cube a) AS g
  JOIN centre.audience u ON u.code = g.audience
  WHERE pg_has_role(u.reader, 'USAGE')
  GROUP BY g.cube;
COMMENT ON VIEW centre.readable IS 'the cubes that the reading role may see, everywhere or in some areas; behind the views of dash';

CREATE VIEW dash.released AS
  SELECT r.cube, c.audience, c.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, r.published_at,
         x.indicator, x.level, x.area_id, a.code AS area, a.name AS area_name, x.breakdown, x.member, x.value, x.denominator,
         CASE x.status WHEN 'x' THEN 'suppressed' END AS reason
  FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.readable v ON v.cube = r.cube
  JOIN centre.release_cell x USING (release_id) JOIN centre.area a USING (area_id)
  WHERE r.current AND (v.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = x.area_id AND u.ancestor_id = ANY (v.areas)));
COMMENT ON VIEW dash.released IS 'published values of current releases for the audience that the reading role belongs to; value is null where reason says why';

CREATE VIEW dash.area_path AS SELECT ancestor_id, descendant_id, distance FROM centre.area_closure;
COMMENT ON VIEW dash.area_path IS 'every area with each area that contains it';

CREATE VIEW dash.release AS
  SELECT r.cube, c.audience, c.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, r.published_at
  FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.readable v ON v.cube = r.cube
  WHERE r.current;
COMMENT ON VIEW dash.release IS 'current releases for the audience that the reading role belongs to, without their values; period_end is the day after the last';

CREATE FUNCTION dash.period(period text) RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN period ~ '^\d{4}$' THEN daterange(make_date(period::integer, 1, 1), make_date(period::integer + 1, 1, 1))
  WHEN period ~ '^\d{4}-Q[1-4]$' THEN daterange(make_date(left(period, 4)::integer, right(period, 1)::integer * 3 - 2, 1),
                                                 (make_date(left(period, 4)::integer, right(period, 1)::integer * 3 - 2, 1) + interval '3 months')::date)
  WHEN period ~ '^\d{4}-(0[1-9]|1[0-2])$' THEN daterange((period || '-01')::date, ((period || '-01')::date + interval '1 month')::date)
  WHEN period ~ '^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$' THEN daterange(split_part(period, '/', 1)::date, split_part(period, '/', 2)::date)
  WHEN period = 'latest' THEN (SELECT daterange(r.period_start, r.period_end) FROM dash.release r ORDER BY r.period_unit = 'day', r.period_end DESC, r.period_start DESC LIMIT 1)
END;
COMMENT ON FUNCTION dash.period(text) IS
  'days of a period written as 2026, 2026-Q3, 2026-10, 2026-10-01/2026-11-01 (end not included) or latest, the last released one (a single day only where nothing longer is released); null for anything else';

CREATE VIEW dash.released_row AS
  SELECT r.cube, c.audience, c.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, r.published_at,
         c.dataset, c.dims, x.measure, x.members, x.value, CASE x.status WHEN 'x' THEN 'suppressed' END AS reason
  FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.readable v ON v.cube = r.cube
  JOIN centre.release_row x USING (release_id)
  WHERE r.current AND (v.everywhere OR EXISTS (
    SELECT FROM unnest(c.dims, x.members) AS n (name, member) JOIN centre.dimension m ON m.dataset = c.dataset AND m.name = n.name AND m.kind = 'area'
    JOIN centre.area_closure u ON u.descendant_id = CASE WHEN m.kind = 'area' AND n.member ~ '^\d+$' THEN n.member::integer END WHERE u.ancestor_id = ANY (v.areas)));
COMMENT ON VIEW dash.released_row IS
  'published values of current releases of cubes over other datasets than observation, for the audience that the reading role belongs to; members in the order of dims, *total* for all; a combination without a row is a nought';

CREATE VIEW dash.dimension AS SELECT dataset, name, kind, cardinality(columns) > 1 AS nested FROM centre.dimension;
COMMENT ON VIEW dash.dimension IS 'dimensions of datasets; a member of a nested one, and an age band, is written level=member';

CREATE FUNCTION dash.member_label(of_dataset text, dim text, member text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE
    WHEN $3 = '*total*' THEN NULL
    -- cast inside: a planner that knows $3 would cast every member beforehand
    WHEN m.kind = 'area' THEN (SELECT a.code FROM dash.area a WHERE a.area_id = CASE m.kind WHEN 'area' THEN $3 END::integer LIMIT 1)
    WHEN strpos($3, '=') > 0 AND (m.kind = 'age' OR m.nested) THEN dash.label_of(split_part($3, '=', 1), substr($3, strpos($3, '=') + 1), $4)
    ELSE dash.label_of($2, $3, $4) END
  FROM dash.dimension m WHERE m.dataset = $1 AND m.name = $2;
END;
COMMENT ON FUNCTION dash.member_label(text, text, text, text) IS 'what a member of a cube''s dimension is called: an area by its code, others by their label in lang; null for the total';

CREATE FUNCTION dash.cube(of_cube text, in_period text, lang text DEFAULT 'en')
RETURNS TABLE ("time" timestamptz, measure text, dim1 text, dim2 text, dim3 text, dim4 text, value float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone, dash.label_of('measure', r.measure, $3),
         dash.member_label(r.dataset, r.dims[1], r.members[1], $3), dash.member_label(r.dataset, r.dims[2], r.members[2], $3),
         dash.member_label(r.dataset, r.dims[3], r.members[3], $3), dash.member_label(r.dataset, r.dims[4], r.members[4], $3),
         r.value::float8, dash.label_of('reason', r.reason, $3)
  FROM dash.released_row r CROSS JOIN dash.site s CROSS JOIN (SELECT
    CASE $2 WHEN 'latest' THEN (SELECT daterange(l.period_start, l.period_end) FROM dash.release l WHERE l.cube = $1 ORDER BY l.period_end DESC LIMIT 1)
      ELSE dash.period($2) END AS span) AS p
  WHERE r.cube = $1 AND r.period_start >= lower(p.span) AND r.period_end <= upper(p.span)
  ORDER BY r.period_start, r.measure, r.members;
END;
COMMENT ON FUNCTION dash.cube(text, text, text) IS
  'the values of a cube in a period (as dash.period() reads it; latest is this cube''s last): dim1 to dim4 are its dimensions in order, null for the total over one; value is null with a reason where withheld; a combination without a row is a nought';

-- Sums of several periods are shown only where every period is: else they would be too low, and tell what is withheld.
CREATE FUNCTION dash.totals(of_indicator text, span daterange, at_level text, of_breakdown text)
RETURNS TABLE (area_id integer, area text, area_name text, member text, value numeric, denominator numeric, periods bigint, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH unit AS (  -- the finest unit published for these days, so that nothing is counted twice
    SELECT r.cube, max(r.period_start) AS newest FROM dash.released r
    WHERE r.indicator = $1 AND r.level = $3 AND r.breakdown = $4 AND r.period_start >= lower($2) AND r.period_end <= upper($2)
    GROUP BY r.cube, r.period_unit ORDER BY array_position('{day,week,month,quarter,year}', r.period_unit) DESC, r.cube LIMIT 1)
  SELECT r.area_id, r.area, r.area_name, r.member,
         CASE WHEN count(r.reason) FILTER (WHERE k.counts) = 0 THEN sum(r.value) FILTER (WHERE k.counts) END,
         CASE i.kind WHEN 'rate' THEN avg(r.denominator) FILTER (WHERE k.counts)
           WHEN 'proportion' THEN CASE WHEN count(r.denominator) FILTER (WHERE k.counts) = count(*) FILTER (WHERE k.counts) THEN sum(r.denominator) FILTER (WHERE k.counts) END END,
         count(*), max(r.reason) FILTER (WHERE k.counts)
  FROM dash.released r JOIN unit USING (cube) JOIN dash.indicator i ON i.code = r.indicator
  CROSS JOIN LATERAL (SELECT i.flow = 'event' OR r.period_start = unit.newest AS counts) AS k
  WHERE r.indicator = $1 AND r.level = $3 AND r.breakdown = $4 AND r.period_start >= lower($2) AND r.period_end <= upper($2)
  GROUP BY r.area_id, r.area, r.area_name, r.member, i.kind;
END;
COMMENT ON FUNCTION dash.totals(text, daterange, text, text) IS
  'published values of an indicator over the whole periods within span, by area of a level and member of a breakdown; null with a reason where one of the periods is withheld. Of a stock (flow of the indicator) the last period counts, as states of several days do not add up; periods says how many there were';

CREATE FUNCTION dash.limits(kind text, value numeric, denominator numeric, per numeric, OUT lower float8, OUT upper float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT r.lower, r.upper FROM civic.rate_interval(CASE $1 WHEN 'rate' THEN $2 END::float8, $3::float8, $4::float8) AS r WHERE $1 = 'rate' AND $3 > 0
  UNION ALL
  SELECT w.lower, w.upper FROM civic.wilson_interval(CASE $1 WHEN 'proportion' THEN least($2, $3) END::float8, $3::float8) AS w WHERE $1 = 'proportion' AND $2 IS NOT NULL AND $3 > 0;  -- least() passes over a null
END;
COMMENT ON FUNCTION dash.limits(text, numeric, numeric, numeric) IS
  '95 % limits of a rate (exact below 10 events, Byar from 10; per per people) or of a proportion (Wilson); null for other kinds, without a value and without a denominator';

CREATE FUNCTION dash.comparison(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', of_breakdown text DEFAULT 'all')
RETURNS TABLE (area text, area_name text, member text, count numeric, population numeric, rate float8, lower float8, upper float8, proportion float8, unit text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT t.area, t.area_name, CASE t.member WHEN '*total*' THEN NULL ELSE
           dash.label_of(CASE WHEN $5 IN ('disability', 'youth', 'migrant') THEN 'answer' ELSE $5 END, t.member, $3) END,
         t.value, CASE i.kind WHEN 'rate' THEN round(t.denominator) ELSE t.denominator END,
         CASE WHEN i.kind = 'rate' AND t.denominator > 0 THEN (i.per * t.value / t.denominator)::float8 END,
         ci.lower, ci.upper,
         CASE WHEN i.kind = 'proportion' AND t.denominator > 0 THEN (t.value / t.denominator)::float8 END,
         i.unit,
         dash.label_of('reason', CASE WHEN t.reason IS NOT NULL THEN t.reason WHEN i.kind = 'rate' AND t.denominator IS NULL THEN 'no_population' END, $3)
  -- (SELECT ...) is evaluated once; a plain call would be inlined and evaluated for every row
  FROM dash.totals($1, (SELECT dash.period($2)), $4, $5) t JOIN dash.indicator i ON i.code = $1
  LEFT JOIN LATERAL dash.limits(i.kind, t.value, t.denominator, i.per) AS ci ON true
  ORDER BY t.area, t.member;
END;
COMMENT ON FUNCTION dash.comparison(text, text, text, text, text) IS
  'areas of a level compared: count, people, rate per indicator.per people with 95 % limits (exact below 10 events, Byar from 10), or proportion with Wilson 95 % limits; null with a reason where withheld. Ranks with intervals: dash.provinces()';

CREATE FUNCTION dash.series(of_indicator text, areas text[], from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en', of_breakdown text DEFAULT 'all')
RETURNS TABLE ("time" timestamptz, area text, area_name text, member text, value float8, reason text, measure float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH unit AS (
    SELECT r.cube FROM dash.released r WHERE r.indicator = $1 AND r.breakdown = $6 AND r.area = ANY ($2)
    GROUP BY r.cube, r.period_unit ORDER BY array_position('{day,week,month,quarter,year}', r.period_unit), r.cube LIMIT 1)
  SELECT DISTINCT r.period_start::timestamp AT TIME ZONE s.reporting_zone, r.area, r.area_name,
         CASE r.member WHEN '*total*' THEN NULL ELSE dash.label_of(CASE WHEN $6 IN ('disability', 'youth', 'migrant') THEN 'answer' ELSE $6 END, r.member, $5) END,
         r.value::float8, dash.label_of('reason', r.reason, $5),
         (CASE i.kind WHEN 'rate' THEN i.per * r.value / nullif(r.denominator, 0) WHEN 'proportion' THEN r.value / nullif(r.denominator, 0) ELSE r.value END)::float8
  FROM dash.released r JOIN unit USING (cube) JOIN dash.indicator i ON i.code = r.indicator CROSS JOIN dash.site s
  WHERE r.indicator = $1 AND r.breakdown = $6 AND r.area = ANY ($2)
    AND r.period_start::timestamp AT TIME ZONE s.reporting_zone BETWEEN $3 AND $4
  ORDER BY 1, 2, 4;
END;
COMMENT ON FUNCTION dash.series(text, text[], timestamptz, timestamptz, text, text) IS
  'an indicator over time for some areas, from the finest cube published; time is the local beginning of the period; value is the count, measure the rate, proportion or count that areas are compared by; withheld values are null with a reason';

CREATE FUNCTION dash.map(of_indicator text, at_level text, in_period text, lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, latitude float8, longitude float8, value float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT a.code, a.name, a.latitude, a.longitude,
         coalesce((CASE i.kind WHEN 'rate' THEN i.per * t.value / nullif(t.denominator, 0) WHEN 'proportion' THEN t.value / nullif(t.denominator, 0)
                   ELSE t.value END)::float8), dash.label_of('reason', CASE WHEN t.reason IS NOT NULL THEN t.reason
           WHEN i.kind = 'rate' AND t.area IS NOT NULL AND t.denominator IS NULL THEN 'no_population' WHEN t.area IS NULL THEN 'not_published' END, $4)
  FROM dash.area a JOIN dash.indicator i ON i.code = $1
  LEFT JOIN dash.totals($1, (SELECT dash.period($3)), $2, 'all') t ON t.area = a.code
  WHERE a.level = $2
  ORDER BY a.code;
END;
COMMENT ON FUNCTION dash.map(text, text, text, text) IS
  'one row for each area at a level (country, province, district, municipality, local_municipality, ward): the rate, proportion or count of an indicator in a period, with a point for a marker; a metro appears among districts and among municipalities';

CREATE FUNCTION dash.drill(of_area text, lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, level text, level_name text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT DISTINCT ON (a.code) a.code, a.name, a.level, dash.label_of('area_level', a.level, $2)
  FROM dash.area a WHERE a.parent_code = $1
  ORDER BY a.code, array_position('{country,province,district,municipality,local_municipality,ward}', a.level);
END;
COMMENT ON FUNCTION dash.drill(text, text) IS 'the areas directly inside an area, whatever their levels: a province''s districts and its metros';
