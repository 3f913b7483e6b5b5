-- How published values came to be what they are: earlier releases of the same period, and what late reports changed.

CREATE VIEW dash.release_history WITH (security_barrier) AS
  SELECT r.cube, c.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, dash.fenced(r.published_at) AS published_at, r.release_id, dash.fenced(r.current) AS current
  FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.readable v ON v.cube = r.cube;
COMMENT ON VIEW dash.release_history IS 'all retained releases for the audience that the reading role belongs to, those that later ones have replaced too; period_end is the day after the last';

CREATE VIEW dash.revision WITH (security_barrier) AS
  SELECT x.release_id, x.indicator, x.level, x.area_id, a.code AS area, a.name AS area_name, x.breakdown, x.member, dash.fenced(x.value) AS value, dash.fenced(x.denominator) AS denominator,
         dash.fenced(CASE x.status WHEN 'x' THEN 'suppressed' END) AS reason, dash.fenced(x.possible_from) AS possible_from, dash.fenced(x.possible_to) AS possible_to,
         dash.fenced(CASE WHEN x.status = 'x' THEN 'withheld' WHEN x.status = 'h' THEN 'held' WHEN x.possible_from IS NOT NULL THEN 'rounded' ELSE 'exact' END) AS status
  FROM centre.release r JOIN centre.readable v ON v.cube = r.cube JOIN centre.release_cell x USING (release_id) JOIN centre.area a USING (area_id)
  WHERE v.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = x.area_id AND u.ancestor_id = ANY (v.areas));
COMMENT ON VIEW dash.revision IS
  'published values of all retained releases, as they were published to the audience that the reading role belongs to: a release is protected together with all earlier ones, so that their differences tell no more than they may';

CREATE FUNCTION dash.late_reports(of_indicator text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE (period_start date, area text, area_name text, releases integer, first_published timestamptz, first_value float8, last_published timestamptz, value float8, added float8, percent float8, reason text, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4);
  WITH asked AS MATERIALIZED (SELECT dash.days_of($1, $2, nullif($4, '')) AS days),
  -- a cube published once knows of no late report, however well it covers the days
  again AS MATERIALIZED (
    SELECT DISTINCT h.cube FROM dash.release_history h JOIN dash.indicator_cube c USING (cube) CROSS JOIN asked
    WHERE c.indicator = $1 AND $4 = ANY (c.levels) AND 'all' = ANY (c.breakdowns) AND daterange(h.period_start, h.period_end) <@ asked.days GROUP BY h.cube, h.period_start HAVING count(*) > 1),
  source AS MATERIALIZED (
    SELECT c.* FROM dash.cover($1, (SELECT days FROM asked), $4, 'all', of_cubes => (SELECT array_agg(g.cube) FROM again g)) AS c),
  made AS MATERIALIZED (
    SELECT h.period_start, count(*)::integer AS releases, min(h.published_at) AS first_published, max(h.published_at) AS last_published,
           (array_agg(h.release_id ORDER BY h.published_at))[1] AS first_release, max(s.release_id) AS last_release, bool_and(s.complete) AS complete
    FROM source s JOIN dash.release_history h ON h.cube = s.cube AND h.period_start = s.period_start AND h.period_end = s.period_end GROUP BY h.period_start),
  found AS MATERIALIZED (
    SELECT v.* FROM dash.revision v
    WHERE v.release_id = ANY (ARRAY(SELECT m.first_release FROM made m UNION SELECT m.last_release FROM made m)) AND v.indicator = $1 AND v.level = $4 AND v.breakdown = 'all')
  SELECT m.period_start, b.area, b.area_name, m.releases, m.first_published, a.value::float8, m.last_published, b.value::float8, d.added, 100 * d.added / nullif(a.value, 0)::float8,
         dash.label_of('reason', coalesce(b.reason, a.reason, CASE WHEN b.status = 'held' THEN 'held' WHEN a.area_id IS NULL THEN 'not_published' WHEN m.releases = 1 THEN 'published_once' WHEN a.value = 0 AND b.value > 0 THEN 'no_base_events' END), $3),
         dash.shown(b.value::float8, b.possible_from::float8, b.possible_to::float8, m.complete, dash.label_of('reason', b.reason, $3), w.written, b.status = 'held')
  FROM made m CROSS JOIN (SELECT dash.shown_as($3) AS written) AS w JOIN found b ON b.release_id = m.last_release LEFT JOIN found a ON a.release_id = m.first_release AND a.area_id = b.area_id
  -- of a value that is held the change is withheld, and not nought
  CROSS JOIN LATERAL (SELECT CASE WHEN b.status <> 'held' THEN (b.value - a.value)::float8 END AS added) AS d
  UNION ALL
  SELECT NULL, w.area, w.area_name, 0, NULL, NULL, NULL, NULL, NULL, NULL, n.why, n.why
  FROM dash.indicator i CROSS JOIN dash.areas_wanted(nullif($4, ''), NULL) AS w
  CROSS JOIN LATERAL (SELECT dash.label_of('reason', dash.why_nothing($1, (SELECT days FROM asked), $4, 'all'), $3) AS why) AS n WHERE i.code = $1 AND NOT EXISTS (SELECT FROM made)
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.late_reports(text, text, text, text) IS
  'what reports that came after the first publication changed, by period and area, in the cube that dash.cover() finds among those with a period published more than once: the value first published and when, the value now and when, how much was added, also in per cent of the first; reason says why there is no figure, that the change is withheld (the value then is of an earlier release), or that the period was published once only; shown says of the value now whether it is exact or what it may be: of two rounded values the difference is off by as much as both';
