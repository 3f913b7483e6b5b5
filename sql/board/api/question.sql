-- Questions about one indicator: areas compared, over time, on a map, downwards.

CREATE FUNCTION dash.figure(kind text, per numeric, value numeric, denominator numeric, withheld text, whole numeric DEFAULT NULL,
  OUT measure float8, OUT ci_lower float8, OUT ci_upper float8, OUT reason text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH c AS (
    SELECT CASE WHEN $5 IS NOT NULL THEN $5 WHEN $3 IS NULL THEN 'not_published'
             WHEN NOT ($3 >= 0 AND $3 < 1e300) THEN 'not_a_count'
             WHEN $1 = 'rate' AND ($4 IS NULL OR NOT ($4 > 0 AND $4 < 1e300)) THEN 'no_population'
             WHEN $1 = 'proportion' AND $4 IS NULL THEN 'suppressed'
             WHEN $1 = 'proportion' AND NOT ($4 > 0 AND $4 < 1e300) THEN 'no_denominator' END AS reason),
  -- rounding for protection may lift a part over its whole
  v AS (SELECT c.reason, CASE WHEN c.reason IS NULL THEN CASE $1 WHEN 'proportion' THEN least($3, $4) ELSE $3 END END::float8 AS x, $4::float8 AS n,
          coalesce($1 = 'proportion' AND c.reason IS NULL AND $6 >= $4 AND $6 < 1e15 AND ($3, $4, $6) = (trunc($3), trunc($4), trunc($6)), false) AS finite FROM c)
  -- a lateral function runs whatever its join condition, so what is not meant for it is null
  SELECT CASE $1 WHEN 'rate' THEN r.rate WHEN 'proportion' THEN v.x / v.n ELSE v.x END,
         coalesce(r.lower, h.lower, w.lower, k.lower), coalesce(r.upper, h.upper, w.upper, k.upper), v.reason
  FROM v CROSS JOIN LATERAL civic.rate_interval(CASE $1 WHEN 'rate' THEN v.x END, v.n, $2::float8) AS r
  CROSS JOIN LATERAL civic.wilson_interval(CASE WHEN $1 = 'proportion' AND NOT v.finite THEN v.x END, v.n) AS w
  CROSS JOIN LATERAL civic.finite_interval(CASE WHEN v.finite THEN v.x END, v.n, $6::float8) AS h
  CROSS JOIN LATERAL civic.count_interval(CASE $1 WHEN 'count' THEN v.x END) AS k;
END;
COMMENT ON FUNCTION dash.figure(text, numeric, numeric, numeric, text, numeric) IS
  'what a published value is compared by, with 95 % limits: a rate per per people (exact limits below 10 events, Byar from 10), a proportion (Wilson; where the denominator is a part of a known whole, exact ones of a finite population, which are the share itself where all were looked at), or the count itself with its limits; kind as in dash.indicator. Without a figure all are null and reason is the code why: withheld as given, not_published, not_a_count (negative, NaN, infinite), no_population, no_denominator';

CREATE FUNCTION dash.group_label(of_breakdown text, member text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN member <> '*total*' THEN dash.label_of(dash.member_domain(of_breakdown), member, lang) END;
COMMENT ON FUNCTION dash.group_label(text, text, text) IS 'what a member of a breakdown is called; null for the total';

CREATE FUNCTION dash.unit_of(unit text, persons_of text, periods integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN persons_of IS NOT NULL AND periods > 1 THEN unit || ', each once a period' ELSE unit END;
COMMENT ON FUNCTION dash.unit_of(text, text, integer) IS 'the unit of an indicator over so many periods: persons are counted once in each, so that a sum over several is not one of persons';

CREATE FUNCTION dash.area_totals(of_indicator text, span daterange, at_level text, areas text[] DEFAULT NULL, of_breakdown text DEFAULT 'all')
RETURNS TABLE (area_id integer, area text, area_name text, level text, member text, value numeric, denominator numeric, measure float8, ci_lower float8, ci_upper float8,
  possible_from float8, possible_to float8, outer_lower float8, outer_upper float8, periods integer, days integer, complete boolean, as_of timestamptz, reason text, value_from numeric, value_to numeric, held boolean, whole numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($3), dash.check_areas($4), dash.check_breakdown($5);
  WITH wanted AS MATERIALIZED (SELECT * FROM dash.areas_wanted($3, $4, $1, $5)),
  at_levels AS MATERIALIZED (SELECT w.level, array_agg(w.area_id) AS ids FROM wanted w GROUP BY w.level),
  total AS MATERIALIZED (
    SELECT v.level, t.* FROM at_levels v CROSS JOIN LATERAL dash.totals($1, $2, v.level, $5, CASE WHEN $4 IS NOT NULL THEN v.ids END) AS t),
  most AS MATERIALIZED (
    SELECT v.level, t.* FROM dash.indicator i CROSS JOIN at_levels v CROSS JOIN LATERAL dash.totals(i.possible, $2, v.level, $5, CASE WHEN $4 IS NOT NULL THEN v.ids END) AS t
    WHERE i.code = $1 AND i.possible IS NOT NULL),
  counted AS MATERIALIZED (
    SELECT v.level, t.area_id, t.member, t.value FROM dash.indicator i CROSS JOIN at_levels v CROSS JOIN LATERAL dash.totals(i.whole, $2, v.level, $5, CASE WHEN $4 IS NOT NULL THEN v.ids END) AS t
    WHERE i.code = $1 AND i.whole IS NOT NULL),
  answered AS (SELECT v.level, CASE WHEN EXISTS (SELECT FROM total t WHERE t.level = v.level) THEN 'not_published' ELSE dash.why_nothing($1, $2, v.level, $5) END AS otherwise,
                      EXISTS (SELECT FROM total t WHERE t.level = v.level) AS some FROM at_levels v),
  row_of AS (
    SELECT w.area_id, w.area, w.area_name, w.level, t.member, t.value, t.denominator, t.periods::integer AS periods, t.days, t.complete, t.as_of,
           coalesce(t.reason, CASE WHEN t.area_id IS NULL THEN y.otherwise END) AS reason, t.area_id IS NOT NULL AS found, y.some, t.possible_from AS value_from, t.possible_to AS value_to, greatest(m.value, t.possible_to) AS most, n.value AS whole,
           coalesce(t.denominator_from, t.denominator) AS whole_from, coalesce(t.denominator_to, t.denominator) AS whole_to, coalesce(t.held, false) AS held,
           count(t.area_id) OVER same AS namesakes, w.area_id = max(w.area_id) OVER same AS newest
    FROM wanted w JOIN answered y ON y.level = w.level LEFT JOIN total t ON t.level = w.level AND t.area_id = w.area_id
    LEFT JOIN most m ON m.level = w.level AND m.area_id = w.area_id AND m.member = t.member LEFT JOIN counted n ON n.level = w.level AND n.area_id = w.area_id AND n.member = t.member
    WINDOW same AS (PARTITION BY w.area, w.level))
  SELECT r.area_id, r.area, r.area_name, r.level, r.member, r.value, r.denominator, f.measure, f.ci_lower, f.ci_upper,
         e.measure, g.measure, e.ci_lower, g.ci_upper, coalesce(r.periods, 0), coalesce(r.days, 0), coalesce(r.complete, false), r.as_of, f.reason, r.value_from, r.value_to, r.held, r.whole
  FROM dash.indicator i CROSS JOIN row_of r CROSS JOIN LATERAL dash.figure(i.kind, i.per, r.value, r.denominator, r.reason, r.whole) AS f
  CROSS JOIN LATERAL dash.figure(i.kind, i.per, r.value_from, r.whole_to, CASE WHEN f.measure IS NULL THEN 'not_published' END, r.whole) AS e
  CROSS JOIN LATERAL dash.figure(i.kind, i.per, r.most, r.whole_from, CASE WHEN f.measure IS NULL THEN 'not_published' END, r.whole) AS g
  -- by a breakdown an area without a row has nobody; of a code that stood for several areas, one without data is enough
  WHERE i.code = $1 AND (r.found OR (NOT r.some OR $5 = 'all') AND r.namesakes = 0 AND r.newest);
END;
COMMENT ON FUNCTION dash.area_totals(text, daterange, text, text[], text) IS
  'dash.totals() for all areas of a level, or for those named, whether there is a value or not: what it is compared by with 95 % limits (dash.figure), what it may be where answers are missing or the count is rounded (possible_from to possible_to, and the limits of both: outer_lower to outer_upper; the count from value_from to value_to), how many periods and days are published, whether that is all of span, when the newest was published, and the code of the reason why there is no figure; held where a value is of an earlier release; whole: all there are, of which the denominator was looked at, where that is known';

CREATE FUNCTION dash.comparison(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', of_breakdown text DEFAULT 'all')
RETURNS TABLE (area text, area_name text, member text, count numeric, population numeric, rate float8, ci_lower float8, ci_upper float8, proportion float8, unit text,
  periods integer, complete boolean, as_of timestamptz, reason text, measure_reason text, possible_from numeric, possible_to numeric, shown text, unverified bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_breakdown($5);
  WITH said AS MATERIALIZED (SELECT l.code, l.label FROM dash.labels_of('reason', $3) AS l),
  left_out AS MATERIALIZED (
    SELECT u.area_id, sum(u.value)::bigint AS unverified FROM dash.unverified u
    WHERE $5 = 'all' AND u.indicator = $1 AND u.level = $4 AND u.release_id = ANY (ARRAY(SELECT c.release_id FROM dash.cover($1, dash.days_of($1, $2, $4, $5), $4, $5) AS c)) GROUP BY u.area_id)
  SELECT t.area, t.area_name, dash.group_label($5, t.member, $3), t.value, CASE i.kind WHEN 'rate' THEN round(t.denominator) ELSE t.denominator END,
         CASE i.kind WHEN 'rate' THEN t.measure END, CASE WHEN i.kind <> 'count' THEN t.ci_lower END, CASE WHEN i.kind <> 'count' THEN t.ci_upper END,
         CASE i.kind WHEN 'proportion' THEN t.measure END, dash.unit_of(i.unit, i.persons_of, t.periods), t.periods, t.complete, t.as_of,
         CASE WHEN t.value IS NULL THEN coalesce(s.label, t.reason) END, CASE WHEN t.value IS NOT NULL THEN coalesce(s.label, t.reason) END, t.value_from, t.value_to,
         CASE WHEN u.unverified > 0 THEN format(w.written[4], x.shown, u.unverified) ELSE x.shown END, u.unverified
  FROM dash.indicator i CROSS JOIN LATERAL dash.area_totals($1, dash.days_of($1, $2, $4, $5), nullif($4, ''), NULL, $5) AS t CROSS JOIN (SELECT dash.shown_as($3) AS written) AS w LEFT JOIN said s ON s.code = t.reason
  LEFT JOIN left_out u ON u.area_id = t.area_id
  CROSS JOIN LATERAL (SELECT dash.shown(t.value::float8, t.value_from::float8, t.value_to::float8, t.complete, coalesce(s.label, t.reason), w.written, t.held) AS shown) AS x
  WHERE i.code = $1
  ORDER BY t.area, t.member;
END;
COMMENT ON FUNCTION dash.comparison(text, text, text, text, text) IS
  'areas of a level compared: count, people (or the whole of a share), rate per indicator.per people or proportion, with 95 % limits (rates exact below 10 events, Byar from 10; proportions Wilson, or exact ones of a finite population: dash.figure()). periods is how many published periods that is, complete whether they are all of the period asked for, as_of when the newest was published. count is null with a reason where withheld or not published; measure_reason says why a count has no rate; where it is rounded the true count lies from possible_from to possible_to; shown says all this of the count in words (dash.shown); unverified is about how many persons, and reports without one, are left out because nobody vouches for them (dash.unverified). Ranks with intervals: dash.provinces()';

CREATE FUNCTION dash.series(of_indicator text, areas text[], from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en', of_breakdown text DEFAULT 'all')
RETURNS TABLE ("time" timestamptz, area text, area_name text, member text, value float8, reason text, measure float8, ci_lower float8, ci_upper float8, period_start date, complete boolean, as_of timestamptz, possible_from float8, possible_to float8, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_areas($2), dash.check_days($3, $4), dash.check_lang($5), dash.check_breakdown($6);
  WITH said AS MATERIALIZED (SELECT l.code, l.label FROM dash.labels_of('reason', $5) AS l),
  p AS MATERIALIZED (SELECT * FROM dash.period_values($1, NULL, $2, dash.days_between($3, $4), $6)),
  whole AS MATERIALIZED (SELECT w.* FROM dash.indicator i CROSS JOIN LATERAL dash.period_values(i.whole, NULL, $2, dash.days_between($3, $4), $6) AS w WHERE i.code = $1 AND i.whole IS NOT NULL),
  point AS (
    SELECT p.period_start, p.area, p.area_name, p.member, p.value, p.denominator, p.reason, p.complete, p.published_at, p.possible_from, p.possible_to, w.value AS whole, p.held
    FROM p LEFT JOIN whole w USING (area_id, level, member, unit, period_start)
    UNION ALL
    SELECT coalesce(dash.day_of(CASE WHEN isfinite($3) THEN $3 END), current_date), w.area, w.area_name, NULL, NULL, NULL, dash.why_nothing($1, dash.days_between($3, $4), w.level, $6), false, NULL, NULL, NULL, NULL, false
    FROM dash.indicator i CROSS JOIN dash.areas_wanted(NULL, $2, $1, $6) AS w WHERE i.code = $1 AND w.area_id NOT IN (SELECT p.area_id FROM p) AND NOT (EXISTS (SELECT FROM p) AND $6 <> 'all'))
  SELECT p.period_start::timestamp AT TIME ZONE s.reporting_zone, p.area, p.area_name, dash.group_label($6, p.member, $5), p.value::float8,
         CASE WHEN p.value IS NULL THEN coalesce(l.label, p.reason) END, f.measure, f.ci_lower, f.ci_upper, p.period_start, p.complete, p.published_at, p.possible_from::float8, p.possible_to::float8,
         dash.shown(p.value::float8, p.possible_from::float8, p.possible_to::float8, p.complete, coalesce(l.label, p.reason), w.written, p.held)
  FROM dash.indicator i CROSS JOIN dash.site s CROSS JOIN (SELECT dash.shown_as($5) AS written) AS w CROSS JOIN point p CROSS JOIN LATERAL dash.figure(i.kind, i.per, p.value, p.denominator, p.reason, p.whole) AS f LEFT JOIN said l ON l.code = p.reason
  WHERE i.code = $1
  ORDER BY 1, 2, 4;
END;
COMMENT ON FUNCTION dash.series(text, text[], timestamptz, timestamptz, text, text) IS
  'an indicator over time for some areas, of one unit of period for all: the finest among the cubes that show most of the days asked for. time is the local beginning of the period, period_start its date; periods that begin on the days from from_time to to_time are taken (dash.days_between). value is the count, measure the rate, proportion or count that areas are compared by, with 95 % limits; complete is false where the period is published for a part of it only; where it is rounded the true count lies from possible_from to possible_to, which shown says in words (dash.shown); withheld values are null with a reason, and an area of which nothing is published has one row that says so';

CREATE FUNCTION dash.map(of_indicator text, at_level text, in_period text, lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, latitude float8, longitude float8, value float8, reason text, periods integer, complete boolean, as_of timestamptz, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($2), dash.check_period($3), dash.check_lang($4);
  WITH said AS MATERIALIZED (SELECT l.code, l.label FROM dash.labels_of('reason', $4) AS l),
  t AS MATERIALIZED (SELECT * FROM dash.area_totals($1, dash.days_of($1, $3, $2), nullif($2, '')))
  SELECT t.area, t.area_name, a.latitude, a.longitude, t.measure, coalesce(s.label, t.reason), t.periods, t.complete, t.as_of, dash.shown(t.measure, t.possible_from, t.possible_to, t.complete, coalesce(s.label, t.reason), w.written, t.held)
  FROM t CROSS JOIN (SELECT dash.shown_as($4) AS written) AS w JOIN dash.area a ON a.area_id = t.area_id AND a.level = t.level LEFT JOIN said s ON s.code = t.reason
  ORDER BY t.area;
END;
COMMENT ON FUNCTION dash.map(text, text, text, text) IS
  'one row for each area at a level (country, province, district, municipality, local_municipality, ward): the rate, proportion or count of an indicator in a period, with a point for a marker, or the reason why there is none; periods, complete and as_of as in dash.comparison(); shown says of the value whether it is exact or what it may be; a metro appears among districts and among municipalities';

CREATE FUNCTION dash.drill(of_area text, lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, level text, level_name text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_areas(ARRAY[$1]), dash.check_lang($2);
  SELECT DISTINCT ON (a.code) a.code, a.name, a.level, dash.label_of('area_level', a.level, $2)
  FROM dash.area a WHERE a.parent_code = $1
  ORDER BY a.code, array_position('{country,province,district,municipality,local_municipality,ward}', a.level);
END;
COMMENT ON FUNCTION dash.drill(text, text) IS 'the areas directly inside an area, whatever their levels: a province''s districts and its metros';

CREATE FUNCTION dash.check_dimension(of_dataset text, dim text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_dataset <> '' AND NOT EXISTS (SELECT FROM dash.dimension d WHERE d.dataset = of_dataset) THEN
    RAISE EXCEPTION 'there is no dataset "%"', of_dataset USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_dataset, ARRAY(SELECT d.dataset FROM dash.dimension d));
  ELSIF dim <> '' AND NOT EXISTS (SELECT FROM dash.dimension d WHERE d.dataset = of_dataset AND d.name = dim) THEN
    RAISE EXCEPTION 'there is no dimension "%"', dim USING ERRCODE = 'invalid_parameter_value', DETAIL = format('of dataset %s', of_dataset),
      HINT = dash.nearest(dim, ARRAY(SELECT d.name FROM dash.dimension d WHERE d.dataset = of_dataset));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_dimension(text, text) IS 'an error where there is no such dataset, or it has no such dimension';

CREATE FUNCTION dash.member_label(of_dataset text, dim text, member text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE
    WHEN $2 IS NULL OR $3 IS NULL OR $3 = '*total*' THEN NULL
    WHEN m.name IS NULL THEN CASE WHEN dash.check_dimension($1, $2) THEN $3 END
    -- cast inside: a planner that knows $3 would cast every member beforehand
    WHEN m.kind = 'area' THEN (SELECT a.code FROM dash.area a WHERE a.area_id = CASE m.kind WHEN 'area' THEN $3 END::integer LIMIT 1)
    WHEN strpos($3, '=') > 0 AND (m.kind = 'age' OR m.nested) THEN CASE WHEN EXISTS (SELECT FROM dash.label l WHERE l.domain = split_part($3, '=', 1)) THEN dash.label_of(split_part($3, '=', 1), substr($3, strpos($3, '=') + 1), $4)
      ELSE substr($3, strpos($3, '=') + 1) END
    ELSE dash.label_of($2, $3, $4) END
  FROM (VALUES (true)) AS one (row) LEFT JOIN dash.dimension m ON m.dataset = $1 AND m.name = $2;
END;
COMMENT ON FUNCTION dash.member_label(text, text, text, text) IS 'what a member of a cube''s dimension is called: an area by its code, others by their label in lang; null for the total';

CREATE FUNCTION dash.cube(of_cube text, in_period text, lang text DEFAULT 'en')
RETURNS TABLE ("time" timestamptz, measure text, dim1 text, dim2 text, dim3 text, dim4 text, value float8, reason text, period_start date, complete boolean, as_of timestamptz,
  possible_from float8, possible_to float8, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_cube($1), dash.check_period($2), dash.check_lang($3);
  WITH span AS MATERIALIZED (
    SELECT CASE WHEN coalesce($2, '') IN ('', 'latest') THEN (SELECT daterange(l.period_start, l.period_end) FROM dash.release l WHERE l.cube = $1 ORDER BY l.period_end DESC LIMIT 1)
      ELSE dash.period($2) END AS days),
  source AS MATERIALIZED (SELECT e.* FROM dash.release e CROSS JOIN span WHERE e.cube = $1 AND e.period_start >= lower(span.days) AND e.period_end <= upper(span.days)),
  found AS (
    SELECT r.period_start, dash.label_of('measure', r.measure, $3) AS measure, dash.member_label(r.dataset, r.dims[1], r.members[1], $3) AS dim1, dash.member_label(r.dataset, r.dims[2], r.members[2], $3) AS dim2,
           dash.member_label(r.dataset, r.dims[3], r.members[3], $3) AS dim3, dash.member_label(r.dataset, r.dims[4], r.members[4], $3) AS dim4, r.value, r.reason, r.members AS place, r.possible_from, r.possible_to, r.status = 'held' AS held
    FROM dash.released_row r WHERE r.cube = $1 AND r.release_id = ANY (ARRAY(SELECT s.release_id FROM source s))
    UNION ALL
    SELECT x.period_start, dash.label_of('indicator', x.indicator, $3), x.area, dash.label_of('area_level', x.level, $3), CASE WHEN x.breakdown <> 'all' THEN dash.label_of('breakdown', x.breakdown, $3) END,
           dash.group_label(x.breakdown, x.member, $3), x.value, x.reason, ARRAY[x.level, x.area, x.breakdown, x.member], x.possible_from, x.possible_to, x.status = 'held'
    FROM dash.released x WHERE x.cube = $1 AND x.release_id = ANY (ARRAY(SELECT s.release_id FROM source s)))
  SELECT f.period_start::timestamp AT TIME ZONE z.reporting_zone, f.measure, f.dim1, f.dim2, f.dim3, f.dim4, f.value::float8, dash.label_of('reason', f.reason, $3), f.period_start, s.complete, s.published_at, f.possible_from::float8, f.possible_to::float8,
         dash.shown(f.value::float8, f.possible_from::float8, f.possible_to::float8, s.complete, dash.label_of('reason', f.reason, $3), w.written, f.held)
  FROM found f JOIN source s USING (period_start) CROSS JOIN dash.site z CROSS JOIN (SELECT dash.shown_as($3) AS written) AS w
  ORDER BY f.period_start, f.measure, f.place;
END;
COMMENT ON FUNCTION dash.cube(text, text, text) IS
  'the values of a cube in a period (as dash.period() reads it; latest is this cube''s last): dim1 to dim4 are its dimensions in order, null for the total over one; of a cube of observations they are area, level, breakdown and member, measure being the indicator. value is null with a reason where withheld; where it is rounded the true one lies from possible_from to possible_to, and shown says so in words, as of one that is of an earlier release; a combination without a row is a nought where values are exact';
