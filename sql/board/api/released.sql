-- What Grafana and analysts read: views over current releases of the reader's own audience, and functions over those views.
-- A view that keeps rows from somebody is a security barrier: else a function or an error in a reader's WHERE would see them. The price is that a join
-- outside does not narrow what is read inside, so callers say what they want by conditions (= ANY (ARRAY(...))) on the view's columns. Those are its keys (cube, period,
-- indicator, level, area, breakdown, member): they reach the tables, and EXPLAIN (ANALYZE) counts the rows of all audiences that have them. What a row says is fenced (dash.fenced()).

CREATE VIEW dash.audience WITH (security_barrier) AS SELECT dash.fenced(a.code) AS code FROM centre.audience a WHERE pg_has_role(a.reader, 'USAGE');
COMMENT ON VIEW dash.audience IS 'the audiences that the reading role belongs to';

CREATE VIEW dash.indicator AS
  SELECT code, kind, flow, topic, unit, per, direction, base_year, persons_of, possible, whole FROM centre.indicator;
COMMENT ON VIEW dash.indicator IS 'indicators with unit, direction and base year; persons_of: it counts persons, each once a period, where that one counts their reports; possible: the one that counts its numerator if every missing answer were the best; whole: the one that counts all there are, of which the denominator was looked at; names by dash.label_of(''indicator'', code, lang), standards in dash.catalogue()';

CREATE VIEW dash.area AS
  SELECT a.code, a.demarcation, s.level, a.name, p.code AS parent_code,
         round(ST_Y(ST_PointOnSurface(a.geom))::numeric, 5)::float8 AS latitude,
         round(ST_X(ST_PointOnSurface(a.geom))::numeric, 5)::float8 AS longitude, a.area_id
  FROM centre.area a JOIN centre.area_standing s USING (area_id) LEFT JOIN centre.area p ON p.area_id = a.parent_id;
COMMENT ON VIEW dash.area IS 'areas at every level they stand at, with a point inside them; an area may stand at several levels (a metro is a district and a municipality)';

CREATE VIEW dash.area_level AS SELECT code, depth FROM centre.area_level;
COMMENT ON VIEW dash.area_level IS 'levels of areas from the country (depth 0) down; names by dash.label_of(''area_level'', code, lang)';

-- Of the role that reads: which cubes, and where they are its own audience's or granted whole, everywhere.
CREATE VIEW centre.readable WITH (security_barrier) AS
  SELECT c.code AS cube, c.audience, c.period_unit, c.dataset, c.dims, c.indicators, c.levels, c.breakdowns, bool_or(g.area_id IS NULL) AS everywhere, array_agg(g.area_id) AS areas
  FROM centre.cube c
  JOIN (SELECT k.code AS cube, k.audience, NULL::integer AS area_id FROM centre.cube k
        UNION ALL SELECT a.cube, a.audience, a.area_id FROM centre.audience_cube a) AS g ON g.cube = c.code
  JOIN centre.audience u ON u.code = g.audience
  WHERE pg_has_role(u.reader, 'USAGE')
  GROUP BY c.code;
COMMENT ON VIEW centre.readable IS 'the cubes that the reading role may see, everywhere or in some areas; behind the views of dash';

CREATE VIEW dash.released WITH (security_barrier) AS
  SELECT r.cube, v.audience, v.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, dash.fenced(r.published_at) AS published_at,
         x.release_id,  -- the cell's own: asked for by a list of releases, cells are found by their key
         x.indicator, x.level, x.area_id, a.code AS area, a.name AS area_name, x.breakdown, x.member, dash.fenced(x.value) AS value, dash.fenced(x.denominator) AS denominator,
         dash.fenced(CASE x.status WHEN 'x' THEN 'suppressed' END) AS reason, dash.fenced(x.possible_from) AS possible_from, dash.fenced(x.possible_to) AS possible_to,
         dash.fenced(CASE WHEN x.status = 'x' THEN 'withheld' WHEN x.status = 'h' THEN 'held' WHEN x.possible_from IS NOT NULL THEN 'rounded' ELSE 'exact' END) AS status,
         dash.fenced(x.denominator_from) AS denominator_from, dash.fenced(x.denominator_to) AS denominator_to
  FROM centre.readable v JOIN centre.release r ON r.cube = v.cube JOIN centre.release_cell x USING (release_id) JOIN centre.area a USING (area_id)
  WHERE r.current AND (v.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = x.area_id AND u.ancestor_id = ANY (v.areas)));
COMMENT ON VIEW dash.released IS 'published values of current releases for the audience that the reading role belongs to; value is null where reason says why. status: exact, held (of an earlier release, the change since then being withheld: no change is read from it), rounded (the true count lies from possible_from to possible_to) or withheld; whether the period is complete stands in dash.release';

CREATE VIEW dash.area_path AS SELECT ancestor_id, descendant_id, distance FROM centre.area_closure;
COMMENT ON VIEW dash.area_path IS 'every area with each area that contains it';

CREATE VIEW dash.release WITH (security_barrier) AS
  SELECT r.cube, v.audience, v.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, dash.fenced(r.published_at) AS published_at, r.release_id,
         dash.fenced(coalesce(lower(d.days), lower(r.period))) AS first_day, dash.fenced(coalesce(upper(d.days), upper(r.period)) - 1) AS last_day, dash.fenced(coalesce(d.complete, true)) AS complete
  FROM centre.readable v JOIN centre.release r ON r.cube = v.cube LEFT JOIN centre.release_days d USING (release_id)
  WHERE r.current;
COMMENT ON VIEW dash.release IS
  'current releases for the audience that the reading role belongs to, without their values; period_end is the day after the last. first_day to last_day are the days of the period that there are data for; it is not complete where data began in it, or where it was published before it was over';

CREATE VIEW dash.indicator_cube WITH (security_barrier) AS
  SELECT i.indicator, v.cube, v.audience, v.period_unit, v.levels, v.breakdowns
  FROM centre.readable v CROSS JOIN LATERAL unnest(v.indicators) AS i (indicator);
COMMENT ON VIEW dash.indicator_cube IS 'the cubes in which the reading role''s audience finds an indicator, with the levels of area and the breakdowns they have';

CREATE VIEW dash.released_row WITH (security_barrier) AS
  SELECT r.cube, v.audience, v.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, dash.fenced(r.published_at) AS published_at,
         x.release_id, v.dataset, v.dims, x.measure, x.members, dash.fenced(x.value) AS value, dash.fenced(CASE x.status WHEN 'x' THEN 'suppressed' END) AS reason, dash.fenced(x.possible_from) AS possible_from, dash.fenced(x.possible_to) AS possible_to,
         dash.fenced(CASE WHEN x.status = 'x' THEN 'withheld' WHEN x.status = 'h' THEN 'held' WHEN x.possible_from IS NOT NULL THEN 'rounded' ELSE 'exact' END) AS status
  FROM centre.readable v JOIN centre.release r ON r.cube = v.cube JOIN centre.release_row x USING (release_id)
  WHERE r.current AND (v.everywhere OR EXISTS (
    SELECT FROM unnest(v.dims, x.members) AS n (name, member) JOIN centre.dimension m ON m.dataset = v.dataset AND m.name = n.name AND m.kind = 'area'
    JOIN centre.area_closure u ON u.descendant_id = CASE WHEN m.kind = 'area' AND n.member ~ '^\d+$' THEN n.member::integer END WHERE u.ancestor_id = ANY (v.areas)));
COMMENT ON VIEW dash.released_row IS
  'published values of current releases of cubes over other datasets than observation, for the audience that the reading role belongs to; members in the order of dims, *total* for all; a combination without a row is a nought where values are exact. status, possible_from and possible_to as in dash.released';

CREATE VIEW dash.unverified WITH (security_barrier) AS
  SELECT r.cube, v.audience, v.period_unit, lower(r.period) AS period_start, upper(r.period) AS period_end, u.release_id, u.indicator, u.level,
         -- a row is somebody: where there is one is not to be counted either
         dash.fenced(u.area_id) AS area_id, dash.fenced(a.code) AS area, dash.fenced(a.name) AS area_name, dash.fenced(u.value) AS value
  FROM centre.readable v JOIN centre.release r ON r.cube = v.cube JOIN centre.release_unverified u USING (release_id) JOIN centre.area a USING (area_id)
  WHERE r.current AND (v.everywhere OR EXISTS (SELECT FROM centre.area_closure c WHERE c.descendant_id = u.area_id AND c.ancestor_id = ANY (v.areas)));
COMMENT ON VIEW dash.unverified IS
  'about how many persons, and reports without one, current releases leave out because nobody vouches for them: rounded, for the country and its provinces; without a row there are none, or the level is not told';

CREATE VIEW dash.dimension AS SELECT dataset, name, kind, cardinality(columns) > 1 AS nested FROM centre.dimension;
COMMENT ON VIEW dash.dimension IS 'dimensions of datasets; a member of a nested one, and an age band, is written level=member';
