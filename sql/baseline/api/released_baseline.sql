-- Baselines as readers see them: releases, and functions over those.

-- ---- releases ----
CREATE PROCEDURE centre.publish_baselines(of_cube text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM centre.cube c WHERE c.code = of_cube;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no cube "%"', of_cube USING ERRCODE = 'no_data_found', HINT = 'Cubes are declared in centre.cube.';
  END IF;
  PERFORM centre.take_turn('baselines of cube ' || of_cube);
  DELETE FROM centre.released_baseline r WHERE r.cube = of_cube;
  -- The detector reads what is published and nothing else, so that neither its verdicts nor their absence tell more than that.
  INSERT INTO centre.released_baseline (cube, series_id, area_id, period_start, expected, lower_bound, upper_bound, score, p_value, alarm, reason, method, state)
    WITH watched AS MATERIALIZED (
      SELECT c.code AS cube, s.series_id, i.code AS indicator, s.level, s.breakdown, s.member, s.detector, centre.lower_alpha(s.detector) AS alpha, s.reach
      FROM centre.cube c JOIN centre.indicator i ON i.code = ANY (c.indicators)
      JOIN centre.series s ON s.indicator_id = i.indicator_id AND s.level = ANY (c.levels) AND s.breakdown = ANY (c.breakdowns) AND s.period_unit = c.period_unit
      WHERE c.code = of_cube AND (s.breakdown <> 'age_band' OR c.age_bands = (SELECT t.age_band_set FROM centre.site t))),
    published AS (
      SELECT w.series_id, x.area_id, lower(r.period) AS period_start, coalesce(e.estimate, x.value) AS value
      FROM watched w JOIN centre.release r ON r.cube = w.cube AND r.current
      JOIN centre.release_cell x ON x.release_id = r.release_id AND x.indicator = w.indicator AND x.level = w.level AND x.breakdown = w.breakdown AND x.member = w.member
      LEFT JOIN centre.released_estimate e ON e.cube = w.cube AND e.series_id = w.series_id AND e.area_id = x.area_id AND e.period_start = lower(r.period)
      WHERE x.status <> 'x'),
    -- Laid side by side and grouped, not joined: how many values are published is badly estimated, and a nested loop would go through them for each verdict.
    laid AS (
      SELECT u.series_id, u.area_id, u.period_start, max(u.reason) AS reason, max(u.value) AS value
      FROM (SELECT b.series_id, b.area_id, b.period_start, b.reason, NULL::numeric AS value, true AS judged FROM watched w JOIN centre.baseline b USING (series_id)
            UNION ALL SELECT p.series_id, p.area_id, p.period_start, NULL, p.value, false FROM published p) AS u
      GROUP BY u.series_id, u.area_id, u.period_start HAVING bool_or(u.judged)),
    judged AS (
      SELECT w.cube, w.series_id, b.area_id, b.period_start, w.alpha, w.reach, max(b.period_start) FILTER (WHERE b.value IS NULL) OVER by_period AS last_hidden,
             civic.detect(b.period_start, CASE WHEN b.reason IS DISTINCT FROM 'not_reported' AND abs(b.value) <= 1e15 THEN round(b.value)::bigint END, w.detector) OVER by_period AS v
      FROM watched w JOIN laid b ON b.series_id = w.series_id
      WINDOW by_period AS (PARTITION BY w.cube, w.series_id, b.area_id ORDER BY b.period_start))
    SELECT j.cube, j.series_id, j.area_id, j.period_start, civic.expected(j.v), centre.lower_bound(j.v, j.alpha), civic.upper_bound(j.v), civic.score(j.v), civic.p_value(j.v),
           civic.alarm(j.v), civic.reason(j.v), civic.method(j.v), CASE WHEN civic.alarm(j.v) THEN coalesce(a.state, 'open') END
    FROM judged j LEFT JOIN centre.alarm a ON a.series_id = j.series_id AND a.period_start = j.period_start AND a.area_id = j.area_id
    WHERE j.last_hidden IS NULL OR j.last_hidden < j.period_start - j.reach
    ORDER BY j.series_id, j.area_id, j.period_start;
END
$$;
COMMENT ON PROCEDURE centre.publish_baselines(text) IS
  'renew the released baselines of a cube; call it after publish(). The detectors judge the published values again; a verdict is released where no value that the detector may look at, the judged one included, is withheld in the current releases. Runs as its caller, who needs civic_publisher';

-- ---- what readers see ----
CREATE VIEW dash.released_baseline WITH (security_barrier) AS
  SELECT b.cube, r.audience, r.period_unit, i.code AS indicator, s.level, a.code AS area, a.name AS area_name, a.area_id, s.breakdown, s.member, b.period_start,
         dash.fenced(b.expected) AS expected, dash.fenced(b.lower_bound) AS lower_bound, dash.fenced(b.upper_bound) AS upper_bound, dash.fenced(b.score) AS score, dash.fenced(b.p_value) AS p_value, dash.fenced(b.alarm) AS alarm, dash.fenced(b.reason) AS reason, dash.fenced(b.method) AS method, dash.fenced(b.state) AS state
  FROM centre.readable r JOIN centre.released_baseline b ON b.cube = r.cube
  JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE r.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = b.area_id AND u.ancestor_id = ANY (r.areas));
COMMENT ON VIEW dash.released_baseline IS 'released verdicts for the audience that the reading role belongs to: expected count, bounds, score, whether it is an alarm, or the reason why there is no verdict';

CREATE VIEW dash.released_estimate WITH (security_barrier) AS
  SELECT e.cube, r.audience, i.code AS indicator, s.level, a.code AS area, a.name AS area_name, a.area_id, e.period_start, dash.fenced(e.known_on) AS known_on,
         dash.fenced(e.reported::float8) AS reported, dash.fenced(e.estimate::float8) AS estimate, dash.fenced(e.lower_limit::float8) AS lower_limit, dash.fenced(e.upper_limit::float8) AS upper_limit,
         dash.fenced(e.expected_share) AS expected_share, dash.fenced(e.reason) AS reason
  FROM centre.readable r JOIN centre.released_estimate e ON e.cube = r.cube
  JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE r.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = e.area_id AND u.ancestor_id = ANY (r.areas));
COMMENT ON VIEW dash.released_estimate IS 'what the published values of the last days will become, for the audience that the reading role belongs to, or the reason why that cannot be told';

-- Which institutions reported is told to those who may read what they report, where they may read it.
CREATE VIEW dash.reporting WITH (security_barrier) AS
  SELECT i.code AS indicator, s.level, s.period_unit, a.code AS area, a.name AS area_name, c.period_start, dash.fenced(c.due) AS due, dash.fenced(c.received) AS received
  FROM centre.completeness c JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE s.breakdown = 'all' AND EXISTS (
    SELECT FROM centre.readable v WHERE i.code = ANY (v.indicators) AND s.level = ANY (v.levels)
      AND (v.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = c.area_id AND u.ancestor_id = ANY (v.areas))));
COMMENT ON VIEW dash.reporting IS
  'reports due from the declared reporting areas and received, by watched series, for audiences that find the indicator published at that level, in their areas; about institutions, not about persons';

CREATE FUNCTION dash.baseline(of_indicator text, of_area text, from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en', of_breakdown text DEFAULT 'all', of_member text DEFAULT '*total*')
RETURNS TABLE ("time" timestamptz, value float8, expected float8, lower_bound float8, upper_bound float8, alarm_value float8, score float8, alarm boolean, method text, state text, reason text, period_start date, complete boolean, shown text, estimate float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_areas(ARRAY[$2]), dash.check_days($3, $4), dash.check_lang($5), dash.check_breakdown($6), dash.check_member($1, $6, $7);
  WITH place AS MATERIALIZED (SELECT w.area_id, w.level FROM dash.areas_wanted(NULL, ARRAY[$2], $1, $6) AS w),
  span AS MATERIALIZED (SELECT daterange(lower(d.days), upper(d.days) + 366) AS days, d.days AS beginning FROM (SELECT dash.days_between($3, $4) AS days) AS d),
  verdict AS MATERIALIZED (
    SELECT b.* FROM dash.released_baseline b
    WHERE b.indicator = $1 AND b.area_id = ANY (ARRAY(SELECT p.area_id FROM place p)) AND b.breakdown = $6 AND b.member = $7),
  coming AS MATERIALIZED (SELECT c.* FROM dash.released_estimate c WHERE c.indicator = $1 AND c.area_id = ANY (ARRAY(SELECT p.area_id FROM place p)) AND $6 = 'all'),
  -- a unit of period with verdicts on this series, the finest; else what dash.cover() finds
  judged AS (SELECT v.level, v.period_unit FROM verdict v GROUP BY v.level, v.period_unit ORDER BY array_position('{day,week,month,quarter,year}', v.period_unit), v.level LIMIT 1),
  source AS MATERIALIZED (
    SELECT x.level, c.* FROM (SELECT coalesce((SELECT j.level FROM judged j), (SELECT p.level FROM place p LIMIT 1)) AS level) AS x
    CROSS JOIN LATERAL dash.cover($1, (SELECT days FROM span), x.level, $6, ARRAY(SELECT p.area_id FROM place p), false, (SELECT j.period_unit FROM judged j)) AS c)
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone,
         CASE WHEN y.told THEN r.value::float8 END,  -- a release has nought where no report came
         b.expected, b.lower_bound, b.upper_bound,
         CASE WHEN b.alarm THEN r.value::float8 END, b.score, b.alarm, b.method, dash.label_of('alarm_state', b.state, $5),
         y.why, r.period_start, e.complete,
         CASE WHEN y.told THEN dash.shown(r.value::float8, r.possible_from::float8, r.possible_to::float8, e.complete, y.why, w.written, r.status = 'held') ELSE y.why END,
         m.estimate
  FROM dash.released r JOIN source e USING (release_id) CROSS JOIN dash.site s
  CROSS JOIN (SELECT dash.shown_as($5) AS written) AS w
  LEFT JOIN verdict b ON b.cube = r.cube AND b.level = r.level AND b.period_start = r.period_start
  LEFT JOIN coming m ON m.cube = r.cube AND m.level = r.level AND m.period_start = r.period_start
  CROSS JOIN LATERAL (SELECT r.value <> 0 OR b.reason IS DISTINCT FROM 'not_reported' AS told,
                             dash.label_of('reason', CASE WHEN r.reason IS NOT NULL THEN r.reason WHEN b.cube IS NULL THEN 'baseline_withheld' ELSE b.reason END, $5) AS why) AS y
  WHERE r.release_id = ANY (ARRAY(SELECT e.release_id FROM source e)) AND r.indicator = $1 AND r.level = (SELECT e.level FROM source e LIMIT 1) AND r.breakdown = $6 AND r.member = $7
    AND r.area_id = ANY (ARRAY(SELECT p.area_id FROM place p)) AND r.period_start <@ (SELECT beginning FROM span)
  UNION ALL
  SELECT lower(p.beginning)::timestamp AT TIME ZONE s.reporting_zone, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         n.why, lower(p.beginning), NULL, n.why, NULL
  FROM span p CROSS JOIN dash.site s JOIN dash.indicator i ON i.code = $1
  CROSS JOIN LATERAL (SELECT dash.label_of('reason', dash.why_nothing($1, p.beginning, (SELECT w.level FROM place w LIMIT 1), $6), $5) AS why) AS n WHERE EXISTS (SELECT FROM place) AND NOT EXISTS (SELECT FROM source e WHERE e.period_start <@ p.beginning) AND NOT lower_inf(p.beginning)
  ORDER BY 1;
END;
COMMENT ON FUNCTION dash.baseline(text, text, timestamptz, timestamptz, text, text, text) IS
  'an indicator in an area over time with what was expected: published value (null, not nought, where it was not reported), expected count, bounds beyond which it is unusual (lower_bound, upper_bound), the value again where it is an alarm (alarm_value, for a mark on a line), score (above 1 is an alarm), method, state of the alarm, the reason where there is no value or no verdict, of a day whose reports are still coming the estimate that is judged in place of the value (dash.nowcasts()), and of the value whether it is exact or what it may be (shown)';

CREATE FUNCTION dash.completeness(of_indicator text, at_level text, from_time timestamptz, to_time timestamptz)
RETURNS TABLE ("time" timestamptz, area text, area_name text, due integer, received integer, completeness float8, period_start date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_level($2), dash.check_days($3, $4);
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone, r.area, r.area_name, r.due, r.received, r.received::float8 / r.due, r.period_start
  FROM dash.reporting r CROSS JOIN dash.site s
  WHERE r.indicator = $1 AND r.level = $2 AND r.period_start <@ dash.days_between($3, $4)
    AND r.period_unit = (SELECT q.period_unit FROM dash.reporting q WHERE q.indicator = $1 AND q.level = $2
                         ORDER BY array_position('{day,week,month}', q.period_unit) LIMIT 1)
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.completeness(text, text, timestamptz, timestamptz) IS
  'reports due and received, and their share, in the areas of a level by period of the finest watched series; no row where no reports are expected';

GRANT SELECT ON centre.series, centre.reporting_expectation TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.baseline_log, centre.detector_state TO civic_ticker;
GRANT DELETE ON centre.detector_state TO civic_ticker;
GRANT SELECT, INSERT, UPDATE, DELETE ON centre.baseline, centre.completeness TO civic_ticker;
GRANT DELETE ON centre.stale_series TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.baseline_work(bigint[], jsonb), centre.lower_alpha(civic.detector), centre.lower_bound(civic.detection, float8),
  centre.group_answer(smallint, text), centre.baseline_due() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.baseline_run(date), centre.baseline_take_stale(), centre.baseline_find_due(date), centre.baseline_count_events(boolean),
  centre.baseline_count_reports(), centre.baseline_advance(bigint), centre.baseline_judge(bigint) TO civic_ticker;
GRANT SELECT ON centre.series_estimate TO civic_ticker;
GRANT SELECT ON centre.series, centre.baseline, centre.released_estimate TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.lower_alpha(civic.detector), centre.lower_bound(civic.detection, float8) TO civic_publisher;
GRANT SELECT, INSERT, DELETE ON centre.released_baseline TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_baselines(text) TO civic_publisher;

CREATE FUNCTION centre.tick_baselines() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  yesterday date := (SELECT (now() AT TIME ZONE s.reporting_zone)::date - 1 FROM centre.site s);
  before bigint := (SELECT max(l.run_id) FROM centre.baseline_log l);
BEGIN
  IF NOT centre.baseline_due() THEN
    RETURN NULL;
  END IF;
  CALL centre.baseline_run(yesterday);
  RETURN (SELECT coalesce(sum(l.changed), 0) FROM centre.baseline_log l WHERE l.run_id > coalesce(before, 0));
END
$$;
COMMENT ON FUNCTION centre.tick_baselines() IS 'step of tick(): baselines up to yesterday where something is due; gives how many verdicts changed, null where nothing was due';
GRANT EXECUTE ON FUNCTION centre.tick_baselines() TO civic_ticker;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('baselines', 110, 'centre.tick_baselines')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
