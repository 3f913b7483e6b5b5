-- Alarms: kept in step with the baselines, ranked, explained by the lowest area, acknowledged and closed.

CREATE PROCEDURE centre.alarm_refresh()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE alarm_now ON COMMIT DROP AS
    SELECT r.*
    FROM (SELECT b.series_id, b.area_id, b.period_start, b.observed, b.expected, b.upper_bound, b.score, b.alarm,
                 row_number() OVER (PARTITION BY b.series_id, b.period_start ORDER BY b.alarm DESC NULLS LAST, b.score DESC NULLS LAST, b.p_value, b.area_id) AS place,
                 civic.benjamini_hochberg(b.p_value) OVER (PARTITION BY b.series_id, b.period_start) AS q_value
          -- asked once for each family (a family may be noted twice), not for each of its areas
          FROM (SELECT DISTINCT f.series_id, f.period_start FROM pg_temp.baseline_family f
                WHERE EXISTS (SELECT FROM centre.baseline x WHERE x.series_id = f.series_id AND x.period_start = f.period_start AND x.alarm)) AS g
          JOIN centre.baseline b USING (series_id, period_start)) AS r
    WHERE r.alarm AND (r.series_id::bigint << 32) + r.area_id <> ALL ((SELECT centre.stuck_waiting('baselines'))::bigint[]);
  ANALYZE pg_temp.alarm_now;
  UPDATE centre.alarm a SET holds = false
    FROM pg_temp.baseline_family f
    WHERE a.series_id = f.series_id AND a.period_start = f.period_start AND a.holds AND (a.series_id::bigint << 32) + a.area_id <> ALL ((SELECT centre.stuck_waiting('baselines'))::bigint[])
      AND NOT EXISTS (SELECT FROM pg_temp.alarm_now n WHERE n.series_id = a.series_id AND n.period_start = a.period_start AND n.area_id = a.area_id);
  INSERT INTO centre.alarm AS a (series_id, area_id, period_start, observed, expected, upper_bound, score, exceedance_rank, q_value)
    SELECT n.series_id, n.area_id, n.period_start, n.observed, n.expected, n.upper_bound, n.score, n.place, n.q_value
    FROM pg_temp.alarm_now n ORDER BY n.series_id, n.period_start, n.place
    ON CONFLICT (series_id, period_start, area_id) DO UPDATE SET observed = excluded.observed, expected = excluded.expected, upper_bound = excluded.upper_bound,
      score = excluded.score, exceedance_rank = excluded.exceedance_rank, q_value = excluded.q_value, holds = true
    WHERE (a.observed, a.expected, a.upper_bound, a.score, a.exceedance_rank, a.q_value, a.holds) IS DISTINCT FROM
          (excluded.observed, excluded.expected, excluded.upper_bound, excluded.score, excluded.exceedance_rank, excluded.q_value, true);
  CALL centre.alarm_explain();
  DROP TABLE pg_temp.alarm_now;
END
$$;
COMMENT ON PROCEDURE centre.alarm_refresh() IS
  'inner part of baseline_run(): alarms of the series and periods in the temporary table baseline_family, with their rank and Benjamini-Hochberg q-value; alarms that later data took back no longer hold';

CREATE PROCEDURE centre.alarm_explain()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE alarm_pair ON COMMIT DROP AS
    SELECT a.alarm_id, a.series_id, s.indicator_id, s.breakdown, s.member, s.period_unit, l.depth, a.area_id, a.period_start,
           a.observed - coalesce(a.expected, 0) AS excess, a.explained_by
    FROM (SELECT DISTINCT f.period_start, s.indicator_id FROM pg_temp.baseline_family f JOIN centre.series s USING (series_id)) AS t
    JOIN centre.series s USING (indicator_id) JOIN centre.area_level l ON l.code = s.level
    JOIN centre.alarm a ON a.series_id = s.series_id AND a.period_start = t.period_start AND a.holds;
  ANALYZE pg_temp.alarm_pair;
  UPDATE centre.alarm a SET explained_by = best.area_id
    FROM (SELECT DISTINCT ON (p.alarm_id) p.alarm_id, p.explained_by, c.area_id
          FROM pg_temp.alarm_pair p
          LEFT JOIN (pg_temp.alarm_pair c JOIN centre.area_closure u ON u.descendant_id = c.area_id)
            ON u.ancestor_id = p.area_id AND c.period_start = p.period_start AND c.indicator_id = p.indicator_id AND c.breakdown = p.breakdown
            AND c.member = p.member AND c.period_unit = p.period_unit AND c.depth > p.depth AND c.excess >= 0.5 * p.excess
          ORDER BY p.alarm_id, c.depth DESC NULLS LAST, c.excess DESC, c.area_id) AS best
    WHERE a.alarm_id = best.alarm_id AND best.area_id IS DISTINCT FROM best.explained_by;
  DROP TABLE pg_temp.alarm_pair;
END
$$;
COMMENT ON PROCEDURE centre.alarm_explain() IS
  'inner part of alarm_refresh(): the lowest area inside an alarm''s that is itself in alarm for the same indicator and period and has at least half of the excess over the expected count';

CREATE FUNCTION centre.operates_in(of_area integer, login name) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = $2) OR EXISTS (
    SELECT FROM centre.operator_area o JOIN centre.area_closure c ON c.ancestor_id = o.area_id AND c.descendant_id = $1 WHERE o.login = $2);
END;
COMMENT ON FUNCTION centre.operates_in(integer, name) IS 'does an area lie in one of those that a login operates? A superuser operates everywhere. Definer: a yes or no of centre.operator_area, which operators do not read';

CREATE FUNCTION centre.set_alarm_state(of_alarm bigint, to_state text, with_note text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was centre.alarm;
BEGIN
  SELECT * INTO was FROM centre.alarm a WHERE a.alarm_id = of_alarm FOR UPDATE;
  -- of an area that is not his an operator is not even told that there is one
  IF NOT FOUND OR NOT centre.operates_in(was.area_id, session_user) THEN
    RAISE EXCEPTION 'there is no alarm %', of_alarm USING ERRCODE = 'no_data_found';
  END IF;
  IF to_state IS NULL OR (was.state, to_state) NOT IN (('open', 'acknowledged'), ('open', 'closed'), ('acknowledged', 'closed'), ('closed', 'open')) THEN
    RAISE EXCEPTION 'an alarm that is % cannot become %', was.state, coalesce(to_state, 'null') USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('alarm %s', of_alarm), HINT = 'Open alarms are acknowledged or closed, acknowledged ones closed, closed ones opened again.';
  END IF;
  UPDATE centre.alarm a SET state = to_state, state_by = session_user, state_at = clock_timestamp(), note = coalesce(with_note, a.note) WHERE a.alarm_id = of_alarm;
  UPDATE centre.released_baseline r SET state = to_state
    WHERE r.series_id = was.series_id AND r.area_id = was.area_id AND r.period_start = was.period_start AND r.alarm;
END
$$;
COMMENT ON FUNCTION centre.set_alarm_state(bigint, text, text) IS
  'acknowledge, close or open again an alarm; notes the login and the time, which the caller cannot choose. Definer: an operator may write nothing else of an alarm';

CREATE VIEW centre.alarm_list WITH (security_barrier) AS
  SELECT a.alarm_id, dash.fenced(i.code) AS indicator, dash.fenced(s.level) AS level, dash.fenced(area.code) AS area, dash.fenced(area.name) AS area_name, dash.fenced(s.breakdown) AS breakdown,
         dash.fenced(s.member) AS member, dash.fenced(s.period_unit) AS period_unit, dash.fenced(a.period_start) AS period_start, dash.fenced(a.observed) AS observed, dash.fenced(a.expected) AS expected,
         dash.fenced(a.upper_bound) AS upper_bound, dash.fenced(a.score) AS score, dash.fenced(a.exceedance_rank) AS exceedance_rank, dash.fenced(a.q_value) AS q_value, dash.fenced(low.code) AS explained_by,
         dash.fenced(c.due) AS due, dash.fenced(c.received) AS received, dash.fenced(a.state) AS state, dash.fenced(a.state_by) AS state_by, dash.fenced(a.state_at) AS state_at, dash.fenced(a.note) AS note,
         dash.fenced(a.raised_at) AS raised_at, dash.fenced(e.reported) AS reported
  FROM centre.alarm a JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area area ON area.area_id = a.area_id
  LEFT JOIN centre.area low ON low.area_id = a.explained_by
  LEFT JOIN centre.series_estimate e ON e.series_id = a.series_id AND e.area_id = a.area_id AND e.period_start = a.period_start
  LEFT JOIN centre.completeness c ON c.series_id = a.series_id AND c.period_start = a.period_start AND c.area_id = a.area_id
  WHERE a.holds AND (pg_has_role('civic_admin', 'USAGE') OR centre.operates_in(a.area_id, session_user) OR centre.operates_in(a.area_id, current_user));
COMMENT ON VIEW centre.alarm_list IS 'alarms that hold, from true counts, with reports due and received, and of a day whose reports are still coming what had been reported (observed is then its estimate): for the operators who follow them up, each those of his own areas (centre.operator_area)';

-- ---- what readers see: only what is released, ranked among itself, so that ranks and q-values tell nothing of what is withheld ----
CREATE FUNCTION dash.alarm_days(in_period text, of_indicator text DEFAULT NULL) RETURNS TABLE (indicator text, period_unit text, span daterange)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_indicator($2);
  SELECT b.indicator, b.period_unit,
         CASE WHEN coalesce($1, '') NOT IN ('', 'latest') THEN dash.period($1)
           WHEN b.period_unit IN ('day', 'week') THEN daterange(max(b.period_start) - 27, max(b.period_start), '[]') ELSE daterange(max(b.period_start), max(b.period_start), '[]') END
  FROM dash.released_baseline b WHERE $2 IS NULL OR b.indicator = $2 GROUP BY b.indicator, b.period_unit;
END;
COMMENT ON FUNCTION dash.alarm_days(text, text) IS
  'the days in which verdicts of a period begin, for each watched indicator and unit of period; latest are the four weeks up to the last verdict of series by the day or week, and the last period of others';

CREATE FUNCTION dash.alarms(in_period text, lang text DEFAULT 'en', of_indicator text DEFAULT NULL, within_area text DEFAULT NULL, budget integer DEFAULT 20, of_breakdown text DEFAULT 'all')
RETURNS TABLE ("time" timestamptz, indicator text, indicator_name text, level text, level_name text, area text, area_name text, member text, value float8, expected float8, upper_bound float8,
               score float8, q_value float8, exceedance_rank integer, explained_by text, completeness float8, method text, state text, period_unit text, period_start date, shown text, estimate float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2), dash.check_indicator($3), dash.check_areas(ARRAY[$4]), dash.check_breakdown($6);
  WITH days AS MATERIALIZED (SELECT * FROM dash.alarm_days($1, nullif($3, ''))),
  judged AS MATERIALIZED (
    SELECT b.*, (row_number() OVER family)::integer AS place, civic.benjamini_hochberg(b.p_value) OVER (PARTITION BY b.cube, b.indicator, b.level, b.member, b.period_start) AS q
    FROM dash.released_baseline b JOIN days d ON d.indicator = b.indicator AND d.period_unit = b.period_unit AND b.period_start <@ d.span
    WHERE b.breakdown = $6 AND b.indicator = ANY (ARRAY(SELECT d.indicator FROM days d))
    WINDOW family AS (PARTITION BY b.cube, b.indicator, b.level, b.member, b.period_start ORDER BY b.alarm DESC NULLS LAST, b.score DESC NULLS LAST, b.p_value, b.area)),
  coming AS MATERIALIZED (SELECT c.* FROM dash.released_estimate c WHERE $6 = 'all' AND c.indicator = ANY (ARRAY(SELECT q.indicator FROM judged q WHERE q.alarm))),
  raised AS MATERIALIZED (
    SELECT j.*, l.depth, r.value, m.estimate, r.possible_from, r.possible_to, r.status = 'held' AS held FROM judged j JOIN dash.area_level l ON l.code = j.level
    JOIN dash.released r ON r.cube = j.cube AND r.indicator = j.indicator AND r.level = j.level AND r.area_id = j.area_id AND r.breakdown = j.breakdown AND r.member = j.member
      AND r.period_start = j.period_start
    LEFT JOIN coming m ON m.cube = j.cube AND m.indicator = j.indicator AND m.level = j.level AND m.area_id = j.area_id AND m.period_start = j.period_start
    WHERE j.alarm AND r.breakdown = $6 AND r.release_id = ANY (ARRAY(SELECT e.release_id FROM dash.release e WHERE (e.cube, e.period_start) IN (SELECT q.cube, q.period_start FROM judged q WHERE q.alarm)))
      AND r.indicator = ANY (ARRAY(SELECT q.indicator FROM judged q WHERE q.alarm))),
  reported AS MATERIALIZED (
    SELECT c.indicator, c.level, c.period_unit, c.area, c.period_start, c.due, c.received FROM dash.reporting c
    WHERE $6 = 'all' AND c.indicator = ANY (ARRAY(SELECT q.indicator FROM raised q)) AND c.period_start = ANY (ARRAY(SELECT q.period_start FROM raised q)))
  SELECT a.period_start::timestamp AT TIME ZONE s.reporting_zone, a.indicator, dash.label_of('indicator', a.indicator, $2), a.level, dash.label_of('area_level', a.level, $2), a.area, a.area_name,
         dash.group_label($6, a.member, $2),
         a.value::float8, a.expected, a.upper_bound, a.score, a.q, a.place, low.area_name, c.received::float8 / c.due, a.method, dash.label_of('alarm_state', a.state, $2), a.period_unit, a.period_start,
         dash.shown(a.value::float8, a.possible_from::float8, a.possible_to::float8, true, NULL, w.written, a.held), a.estimate
  FROM raised a CROSS JOIN dash.site s CROSS JOIN (SELECT dash.shown_as($2) AS written) AS w
  LEFT JOIN reported c ON c.indicator = a.indicator AND c.level = a.level AND c.period_unit = a.period_unit AND c.area = a.area AND c.period_start = a.period_start
  LEFT JOIN LATERAL (
    SELECT x.area_name FROM raised x JOIN dash.area_path p ON p.descendant_id = x.area_id
    WHERE p.ancestor_id = a.area_id AND x.cube = a.cube AND x.indicator = a.indicator AND x.member = a.member AND x.period_start = a.period_start AND x.depth > a.depth
      AND coalesce(x.estimate, x.value) - coalesce(x.expected, 0) >= 0.5 * (coalesce(a.estimate, a.value) - coalesce(a.expected, 0))
    ORDER BY x.depth DESC, coalesce(x.estimate, x.value) - coalesce(x.expected, 0) DESC, x.area LIMIT 1) AS low ON true
  WHERE a.place <= $5
    AND (nullif($4, '') IS NULL OR a.area_id IN (SELECT p.descendant_id FROM dash.area_path p JOIN dash.area w ON w.area_id = p.ancestor_id WHERE w.code = $4))
  ORDER BY a.period_start DESC, a.place, a.score DESC NULLS LAST, a.indicator, a.level, a.area;
END;
COMMENT ON FUNCTION dash.alarms(text, text, text, text, integer, text) IS
  'released alarms of a period, the newest first: published value (and, where its reports are still coming, the estimate that was judged in its place), expected count, bound, score, Benjamini-Hochberg q-value and rank among the released areas of the same indicator, level and period, the lowest alarming area inside that has at least half of the excess (look there first), reporting completeness and state, and of the value whether it is exact or what it may be (shown). latest are the last four weeks of series by the day or week and the last period of others, for each indicator. of_indicator and within_area limit, null is all; budget is how many a level, indicator and period at most';

CREATE FUNCTION dash.no_verdict(in_period text, lang text DEFAULT 'en', of_indicator text DEFAULT NULL)
RETURNS TABLE (indicator text, indicator_name text, level text, level_name text, reason text, periods integer, areas integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2), dash.check_indicator($3);
  WITH days AS MATERIALIZED (SELECT * FROM dash.alarm_days($1, nullif($3, ''))),
  -- each view is read once, before anything is joined with it
  verdict AS MATERIALIZED (
    SELECT b.cube, b.indicator, b.level, b.period_unit, b.area_id, b.period_start, b.alarm, b.reason FROM dash.released_baseline b
    WHERE b.breakdown = 'all' AND b.indicator = ANY (ARRAY(SELECT d.indicator FROM days d))),
  watched AS MATERIALIZED (SELECT DISTINCT b.cube, b.indicator, b.level, d.span FROM verdict b JOIN days d ON d.indicator = b.indicator AND d.period_unit = b.period_unit),
  shown AS MATERIALIZED (
    SELECT r.cube, r.indicator, r.level, r.area_id, r.period_start, r.reason FROM dash.released r
    WHERE r.release_id = ANY (ARRAY(SELECT e.release_id FROM dash.release e JOIN watched q ON q.cube = e.cube AND e.period_start <@ q.span)) AND r.breakdown = 'all'
      AND r.indicator = ANY (ARRAY(SELECT q.indicator FROM watched q)) AND r.level = ANY (ARRAY(SELECT q.level FROM watched q))),
  -- laid side by side by grouping: a join of the two would be planned for the handful of rows that nobody expects more of
  period AS (
    SELECT x.cube, x.indicator, x.level, x.area_id, x.period_start, bool_or(x.published) AS published, max(x.withheld) AS withheld, bool_or(NOT x.published) AS judged, bool_or(x.alarm) AS alarm, max(x.reason) AS reason
    FROM (SELECT r.cube, r.indicator, r.level, r.area_id, r.period_start, true AS published, r.reason AS withheld, NULL::boolean AS alarm, NULL AS reason FROM shown r
          UNION ALL SELECT b.cube, b.indicator, b.level, b.area_id, b.period_start, false, NULL, b.alarm, b.reason FROM verdict b) AS x
    GROUP BY x.cube, x.indicator, x.level, x.area_id, x.period_start)
  SELECT w.indicator, dash.label_of('indicator', w.indicator, $2), w.level, dash.label_of('area_level', w.level, $2), dash.label_of('reason', y.code, $2), count(*)::integer, count(DISTINCT p.area_id)::integer
  FROM watched w JOIN period p ON p.cube = w.cube AND p.indicator = w.indicator AND p.level = w.level
  CROSS JOIN LATERAL (SELECT CASE WHEN p.withheld IS NOT NULL THEN p.withheld WHEN NOT p.judged THEN 'baseline_withheld' ELSE p.reason END AS code) AS y
  WHERE p.published AND p.alarm IS NULL AND p.period_start <@ w.span
  GROUP BY w.indicator, w.level, y.code
  ORDER BY 1, 3, 6 DESC, 5;
END;
COMMENT ON FUNCTION dash.no_verdict(text, text, text) IS 'how many published periods, of how many areas, have no verdict, by the reason why';

GRANT SELECT, INSERT, UPDATE ON centre.alarm TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.alarm_refresh(), centre.alarm_explain() TO civic_ticker;
GRANT SELECT ON centre.alarm TO civic_publisher;
GRANT USAGE ON SCHEMA centre TO civic_operator;
GRANT SELECT ON centre.alarm_list TO civic_operator;
GRANT EXECUTE ON FUNCTION centre.set_alarm_state(bigint, text, text), centre.operates_in(integer, name) TO civic_operator;
