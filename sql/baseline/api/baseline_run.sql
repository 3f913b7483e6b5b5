-- A run over the watched series: what is due is counted, judged and kept; only what changed is computed again.

-- ---- inner parts of baseline_run(), in order; they share temporary tables ----
CREATE PROCEDURE centre.baseline_take_stale()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE baseline_stale (indicator_id integer, area_id integer, from_day date) ON COMMIT DROP;
  -- In key order, as the drainers write it.
  WITH locked AS (SELECT x.indicator_id, x.area_id FROM centre.stale_series x ORDER BY x.indicator_id, x.area_id FOR UPDATE),
  taken AS (DELETE FROM centre.stale_series x USING locked l WHERE x.indicator_id = l.indicator_id AND x.area_id = l.area_id RETURNING x.*)
  INSERT INTO pg_temp.baseline_stale SELECT t.indicator_id, t.area_id, t.from_day FROM taken t;
  ANALYZE pg_temp.baseline_stale;
  CREATE TEMP TABLE baseline_changed ON COMMIT DROP AS
    SELECT q.series_id, q.area_id, min(q.from_day) AS from_day
    FROM (SELECT s.series_id, u.ancestor_id AS area_id, x.from_day
          FROM pg_temp.baseline_stale x JOIN centre.series s USING (indicator_id) JOIN centre.area_closure u ON u.descendant_id = x.area_id
          JOIN centre.area_standing t ON t.area_id = u.ancestor_id AND t.level = s.level
          UNION ALL
          -- a report for a larger area says of every part of it that it was reported
          SELECT s.series_id, d.descendant_id, x.from_day
          FROM pg_temp.baseline_stale x JOIN centre.series s USING (indicator_id) JOIN centre.reporting_expectation e USING (indicator_id)
          JOIN centre.area_closure u ON u.ancestor_id = e.area_id AND u.descendant_id = x.area_id
          JOIN centre.area_closure d ON d.ancestor_id = e.area_id JOIN centre.area_standing t ON t.area_id = d.descendant_id AND t.level = s.level) AS q
    GROUP BY q.series_id, q.area_id;
  ANALYZE pg_temp.baseline_changed;
END
$$;
COMMENT ON PROCEDURE centre.baseline_take_stale() IS 'inner part of baseline_run(): series touched by late or corrected data, and from which day, in the temporary table baseline_changed';

CREATE PROCEDURE centre.baseline_find_due(until date)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE baseline_found ON COMMIT DROP AS
    WITH watched AS MATERIALIZED (
      SELECT s.*, ('1 ' || s.period_unit)::interval AS step,
             (date_trunc(s.period_unit, (until + 1)::timestamp) - ('1 ' || s.period_unit)::interval)::date AS last_whole,
             EXISTS (SELECT FROM centre.reporting_expectation e WHERE e.indicator_id = s.indicator_id) AS has_units
      FROM centre.series s WHERE s.active),
    found AS (
      SELECT w.*, a.area_id, st.series_id IS NOT NULL AND st.version = w.version AS stands, st.last_period,
             CASE WHEN c.from_day IS NOT NULL THEN date_trunc(w.period_unit, greatest(c.from_day, w.since)::timestamp)::date END AS changed_from
      FROM watched w JOIN centre.area_standing a ON a.level = w.level
      LEFT JOIN centre.detector_state st ON st.series_id = w.series_id AND st.area_id = a.area_id
      LEFT JOIN pg_temp.baseline_changed c ON c.series_id = w.series_id AND c.area_id = a.area_id),
    spanned AS (
      SELECT f.*, NOT f.stands OR coalesce(f.changed_from <= f.last_period, false) AS rebuild,
             CASE WHEN NOT f.stands THEN f.since ELSE least(f.changed_from, (f.last_period + f.step)::date) END AS judge_from,
             -- a run for an earlier day takes nothing back
             greatest(f.last_whole, CASE WHEN f.stands THEN f.last_period END) AS to_period
      FROM found f)
    SELECT (s.series_id::bigint << 32) + s.area_id AS key, s.series_id, s.area_id, s.indicator_id, s.period_unit, s.step, s.breakdown, s.member, s.version, s.min_completeness, s.has_units, s.reach, s.rebuild, s.judge_from, s.to_period,
           CASE WHEN s.rebuild THEN greatest(s.since, coalesce(date_trunc(s.period_unit, (s.judge_from - s.reach)::timestamp)::date, s.since)) ELSE s.judge_from END AS need_from,
           (s.to_period + s.step)::date AS need_to
    FROM spanned s WHERE s.judge_from <= s.to_period AND (s.series_id::bigint << 32) + s.area_id <> ALL ((SELECT centre.stuck_waiting('baselines'))::bigint[]);
END
$$;
COMMENT ON PROCEDURE centre.baseline_find_due(date) IS
  'inner part of baseline_run(): series with something to do in the temporary table baseline_found, with a number for each series and area: a step forward from their state, or a rebuild from the first changed period, and the days whose cells that needs';

CREATE PROCEDURE centre.baseline_count_events(of_rebuilds boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first_day date;
BEGIN
  -- Apart, because a step needs the last days of all areas and a rebuild all days of few.
  SELECT min(need_from) INTO first_day FROM pg_temp.baseline_due WHERE rebuild = of_rebuilds;
  IF first_day IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO pg_temp.baseline_count (series_id, area_id, period_start, total)
    SELECT d.series_id, d.area_id, date_trunc(d.period_unit, c.day::timestamp)::date, sum(c.total)
    FROM pg_temp.baseline_due d JOIN centre.area_closure u ON u.ancestor_id = d.area_id
    JOIN centre.cell c ON c.indicator_id = d.indicator_id AND c.area_id = u.descendant_id AND c.day >= d.need_from AND c.day < d.need_to
    WHERE d.rebuild = of_rebuilds AND c.day >= first_day
      AND CASE d.breakdown WHEN 'all' THEN true WHEN 'sex' THEN c.sex = d.member WHEN 'age_band' THEN c.age_band = d.member
          ELSE centre.group_answer(c.groups, d.breakdown) = d.member END
    GROUP BY d.series_id, d.area_id, 3 HAVING sum(c.n) <> 0 OR sum(c.total) <> 0;
END
$$;
COMMENT ON PROCEDURE centre.baseline_count_events(boolean) IS 'inner part of baseline_run(): events by series, area and period from the cells, in the temporary table baseline_count';

CREATE PROCEDURE centre.baseline_count_reports()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- the reporting areas inside a series' area, or around it
  CREATE TEMP TABLE baseline_unit ON COMMIT DROP AS
    SELECT d.series_id, d.area_id, e.expectation_id, e.area_id AS unit_id, e.indicator_id, e.weekdays, e.valid, d.period_unit, d.need_from, d.need_to
    FROM pg_temp.baseline_due d JOIN centre.area_closure u ON u.ancestor_id = d.area_id
    JOIN centre.reporting_expectation e ON e.indicator_id = d.indicator_id AND e.area_id = u.descendant_id WHERE d.has_units
    UNION ALL
    SELECT d.series_id, d.area_id, e.expectation_id, e.area_id, e.indicator_id, e.weekdays, e.valid, d.period_unit, d.need_from, d.need_to
    FROM pg_temp.baseline_due d JOIN centre.area_closure u ON u.descendant_id = d.area_id AND u.distance > 0
    JOIN centre.reporting_expectation e ON e.indicator_id = d.indicator_id AND e.area_id = u.ancestor_id WHERE d.has_units;
  ANALYZE pg_temp.baseline_unit;
  CREATE TEMP TABLE baseline_reported ON COMMIT DROP AS
    SELECT DISTINCT w.unit_id, w.indicator_id, c.day
    FROM (SELECT u.unit_id, u.indicator_id, min(u.need_from) AS need_from, max(u.need_to) AS need_to FROM pg_temp.baseline_unit u GROUP BY 1, 2) AS w
    JOIN centre.area_closure x ON x.ancestor_id = w.unit_id
    JOIN centre.cell c ON c.indicator_id = w.indicator_id AND c.area_id = x.descendant_id AND c.day >= w.need_from AND c.day < w.need_to AND c.n > 0;
  ANALYZE pg_temp.baseline_reported;
  CREATE TEMP TABLE baseline_complete ON COMMIT DROP AS
    SELECT u.series_id, u.area_id, date_trunc(u.period_unit, g.day)::date AS period_start, count(*)::integer AS due, count(r.day)::integer AS received
    FROM pg_temp.baseline_unit u CROSS JOIN LATERAL generate_series(u.need_from::timestamp, (u.need_to - 1)::timestamp, interval '1 day') AS g (day)
    LEFT JOIN pg_temp.baseline_reported r ON r.unit_id = u.unit_id AND r.indicator_id = u.indicator_id AND r.day = g.day::date
    WHERE extract(isodow FROM g.day)::integer = ANY (u.weekdays) AND u.valid @> g.day::date
    GROUP BY u.series_id, u.area_id, 3;
  ANALYZE pg_temp.baseline_complete;
  DELETE FROM centre.completeness c USING pg_temp.baseline_due d WHERE c.series_id = d.series_id AND c.area_id = d.area_id AND c.period_start >= d.need_from AND d.rebuild;
  INSERT INTO centre.completeness SELECT c.series_id, c.area_id, c.period_start, c.due, c.received FROM pg_temp.baseline_complete c
    ORDER BY c.series_id, c.period_start, c.area_id
    ON CONFLICT (series_id, period_start, area_id) DO UPDATE SET due = excluded.due, received = excluded.received;
END
$$;
COMMENT ON PROCEDURE centre.baseline_count_reports() IS 'inner part of baseline_run(): reports due and received by series, area and period, in the temporary table baseline_complete and in completeness';

CREATE PROCEDURE centre.baseline_advance(in_run bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Gap-free: a period without events is 0, one without enough reports is null, and so is one whose total is no count.
  CREATE TEMP TABLE baseline_point ON COMMIT DROP AS
    SELECT d.series_id, d.area_id,
           civic.series_agg(p.t::date, CASE
             WHEN r.due IS NOT NULL AND r.received < d.min_completeness * r.due THEN NULL
             -- what is still coming is judged by what it will become: the median, so that an alarm is raised when it is more likely than not
             WHEN e.estimate IS NOT NULL THEN e.estimate
             WHEN e.reason = 'no_reports' THEN NULL
             -- nobody was to report: only an observation says that somebody did
             WHEN r.due IS NULL AND n.total IS NULL AND un.area_id IS NOT NULL THEN NULL
             WHEN n.total IS NULL THEN 0
             WHEN abs(n.total) <= 1e15 THEN round(n.total)::bigint END) AS points
    FROM pg_temp.baseline_due d
    CROSS JOIN LATERAL generate_series(d.need_from::timestamp, d.to_period::timestamp, d.step) AS p (t)
    LEFT JOIN pg_temp.baseline_count n ON n.series_id = d.series_id AND n.area_id = d.area_id AND n.period_start = p.t::date
    LEFT JOIN pg_temp.baseline_complete r ON r.series_id = d.series_id AND r.area_id = d.area_id AND r.period_start = p.t::date
    LEFT JOIN centre.series_estimate e ON e.series_id = d.series_id AND e.area_id = d.area_id AND e.period_start = p.t::date
    LEFT JOIN (SELECT DISTINCT u.series_id, u.area_id FROM pg_temp.baseline_unit u) AS un ON un.series_id = d.series_id AND un.area_id = d.area_id
    GROUP BY d.series_id, d.area_id;
  ANALYZE pg_temp.baseline_point (series_id, area_id);
  UPDATE centre.detector_state st
    SET kept = CASE WHEN d.rebuild THEN p.points WHEN d.reach IS NULL THEN civic.series_union(st.kept, p.points)
               ELSE civic.series_since(civic.series_union(st.kept, p.points), d.judge_from - d.reach) END,
        version = d.version, run_id = in_run, judge_from = d.judge_from, last_period = d.to_period
    FROM pg_temp.baseline_due d JOIN pg_temp.baseline_point p USING (series_id, area_id)
    WHERE st.series_id = d.series_id AND st.area_id = d.area_id;
  INSERT INTO centre.detector_state (series_id, area_id, version, run_id, judge_from, last_period, kept)
    SELECT d.series_id, d.area_id, d.version, in_run, d.judge_from, d.to_period, p.points
    FROM pg_temp.baseline_due d JOIN pg_temp.baseline_point p USING (series_id, area_id)
    WHERE NOT EXISTS (SELECT FROM centre.detector_state st WHERE st.series_id = d.series_id AND st.area_id = d.area_id);
END
$$;
COMMENT ON PROCEDURE centre.baseline_advance(bigint) IS 'inner part of baseline_run(): the new counts, gap-free, into detector_state';

CREATE FUNCTION centre.lower_alpha(of_detector civic.detector) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN of_detector::text ~ 'bound=delta' THEN 0 ELSE substring(of_detector::text FROM 'alpha=([^,)]+)')::float8 END;
COMMENT ON FUNCTION centre.lower_alpha(civic.detector) IS 'alpha that a detector names, for lower_bound(); null where it leaves it to the method, 0 where its bound is not a quantile of counts';

CREATE FUNCTION centre.lower_bound(v civic.detection, alpha float8) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN civic.expected(v) > 0 AND civic.spread(v) > 0 AND civic.method(v) IN ('nb_window', 'farrington_flexible') AND alpha IS DISTINCT FROM 0
            THEN civic.negbin_quantile(coalesce(alpha, CASE civic.method(v) WHEN 'nb_window' THEN 0.001 ELSE 0.005 END),
                                       civic.expected(v), civic.negbin_size(civic.expected(v), civic.spread(v))) END;
COMMENT ON FUNCTION centre.lower_bound(civic.detection, float8) IS
  'the negative-binomial quantile at lower_alpha() of the detector: counts below it are unusually few; null for methods other than nb_window and farrington_flexible (with a negative-binomial bound)';

CREATE PROCEDURE centre.baseline_judge(in_run bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whole boolean := (SELECT count(*) FROM pg_temp.baseline_due) = (SELECT count(*) FROM pg_temp.baseline_found);
BEGIN
  -- Reads permanent tables only, so that parallel workers share the series.  Each verdict is of the same stretch of the series
  -- whatever else is kept, so that it is the same to the last bit.
  CREATE TEMP TABLE baseline_judged ON COMMIT DROP AS
    SELECT st.series_id, st.area_id, p.t::date AS period_start, st.version,
           civic.detect(CASE WHEN s.reach IS NULL THEN st.kept ELSE civic.series_since(st.kept, p.t::date - s.reach) END, s.detector, p.t::date) AS v
    FROM centre.detector_state st JOIN centre.series s USING (series_id)
    CROSS JOIN LATERAL generate_series(st.judge_from::timestamp, st.last_period::timestamp, ('1 ' || s.period_unit)::interval) AS p (t)
    WHERE st.run_id = in_run;
  CREATE TEMP TABLE baseline_family (series_id integer, period_start date) ON COMMIT DROP;
  -- what an earlier version of a declaration said of periods that are no longer watched; where areas are done apart, of these alone
  WITH gone AS (
    DELETE FROM centre.baseline b USING (SELECT DISTINCT d.series_id, d.version FROM pg_temp.baseline_due d WHERE d.rebuild) AS d
      WHERE b.series_id = d.series_id AND b.version <> d.version AND (whole OR EXISTS (SELECT FROM pg_temp.baseline_due x WHERE x.series_id = b.series_id AND x.area_id = b.area_id))
        AND NOT EXISTS (SELECT FROM pg_temp.baseline_judged j WHERE j.series_id = b.series_id AND j.area_id = b.area_id AND j.period_start = b.period_start)
      RETURNING b.series_id, b.period_start)
  INSERT INTO pg_temp.baseline_family SELECT DISTINCT g.series_id, g.period_start FROM gone g;
  WITH written AS (
    INSERT INTO centre.baseline AS b (series_id, area_id, period_start, observed, expected, lower_bound, upper_bound, score, p_value, alarm, reason, method, version)
      SELECT j.series_id, j.area_id, j.period_start, civic.observed(j.v), civic.expected(j.v), centre.lower_bound(j.v, a.alpha), civic.upper_bound(j.v),
             civic.score(j.v), civic.p_value(j.v), civic.alarm(j.v), civic.reason(j.v), civic.method(j.v), j.version
      -- read from the detector's text once for each series, not for each area
      FROM pg_temp.baseline_judged j JOIN (SELECT s.series_id, centre.lower_alpha(s.detector) AS alpha FROM centre.series s OFFSET 0) AS a USING (series_id)
      ORDER BY j.series_id, j.period_start, j.area_id
      ON CONFLICT (series_id, period_start, area_id) DO UPDATE SET observed = excluded.observed, expected = excluded.expected, lower_bound = excluded.lower_bound,
        upper_bound = excluded.upper_bound, score = excluded.score, p_value = excluded.p_value, alarm = excluded.alarm, reason = excluded.reason,
        method = excluded.method, version = excluded.version
      WHERE (b.observed, b.expected, b.lower_bound, b.upper_bound, b.score, b.p_value, b.alarm, b.reason, b.method, b.version) IS DISTINCT FROM
            (excluded.observed, excluded.expected, excluded.lower_bound, excluded.upper_bound, excluded.score, excluded.p_value, excluded.alarm, excluded.reason, excluded.method, excluded.version)
      RETURNING b.series_id, b.period_start),
  family AS (INSERT INTO pg_temp.baseline_family SELECT DISTINCT w.series_id, w.period_start FROM written w)
  UPDATE centre.baseline_log l SET changed = (SELECT count(*) FROM written) WHERE l.run_id = in_run;
  ANALYZE pg_temp.baseline_family;
END
$$;
COMMENT ON PROCEDURE centre.baseline_judge(bigint) IS
  'inner part of baseline_run(): verdicts of the periods due into baseline; the series and periods where one is new or different in the temporary table baseline_family';

CREATE FUNCTION centre.baseline_work(keys bigint[], context jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this_run bigint;
  written bigint;
BEGIN
  INSERT INTO centre.baseline_log AS l (until) VALUES ((context ->> 'until')::date) RETURNING l.run_id INTO this_run;
  CREATE TEMP TABLE baseline_due ON COMMIT DROP AS SELECT f.* FROM pg_temp.baseline_found f WHERE f.key = ANY (keys);
  CREATE UNIQUE INDEX ON pg_temp.baseline_due (series_id, area_id);
  -- What a day brings is new to the statistics of cells: one lookup for each must do, however few the planner expects.
  CREATE INDEX ON pg_temp.baseline_due (indicator_id, area_id);
  ANALYZE pg_temp.baseline_due (series_id, area_id, indicator_id, rebuild, has_units);
  CREATE TEMP TABLE baseline_count (series_id integer, area_id integer, period_start date, total numeric) ON COMMIT DROP;
  CALL centre.baseline_count_events(false);
  CALL centre.baseline_count_events(true);
  ANALYZE pg_temp.baseline_count;
  CALL centre.baseline_count_reports();
  CALL centre.baseline_advance(this_run);
  CALL centre.baseline_judge(this_run);
  CALL centre.alarm_refresh();
  UPDATE centre.baseline_log l SET finished_at = clock_timestamp(), series = d.series, rebuilt = d.rebuilt
    FROM (SELECT count(*) AS series, count(*) FILTER (WHERE rebuild) AS rebuilt FROM pg_temp.baseline_due) AS d WHERE l.run_id = this_run RETURNING l.changed INTO written;
  DROP TABLE pg_temp.baseline_due, pg_temp.baseline_count, pg_temp.baseline_unit, pg_temp.baseline_reported,
    pg_temp.baseline_complete, pg_temp.baseline_point, pg_temp.baseline_judged, pg_temp.baseline_family;
  RETURN written;
END
$$;
COMMENT ON FUNCTION centre.baseline_work(bigint[], jsonb) IS 'inner part of baseline_run(): judge some of what the temporary table baseline_found has; a run of its own in baseline_log; gives how many verdicts are new or different';

CREATE PROCEDURE centre.baseline_run(until date)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  keys bigint[];
  context jsonb := jsonb_build_object('until', until);
BEGIN
  -- One run at a time.
  PERFORM centre.take_turn('baselines');
  CALL centre.baseline_take_stale();
  CALL centre.baseline_find_due(until);
  keys := ARRAY(SELECT f.key FROM pg_temp.baseline_found f ORDER BY f.key);
  IF keys = '{}' THEN
    PERFORM centre.baseline_work(keys, context);
  ELSE
    PERFORM centre.work_apart('baselines', 'series and area', 'centre.baseline_work', keys, context);
  END IF;
  -- what is left out is built anew when it is tried again: what made it stale is taken
  WITH left_out AS (
    UPDATE centre.stuck_row s SET what = format('%s by the %s, %s %s, %s', i.code, x.period_unit, a.level, a.code, concat_ws(' ', x.breakdown, nullif(x.member, '*total*')))
      FROM centre.series x JOIN centre.indicator i USING (indicator_id), centre.area a
      WHERE s.step = 'baselines' AND s.key = ANY (keys) AND x.series_id = s.key >> 32 AND a.area_id = s.key & 4294967295 RETURNING x.series_id, a.area_id)
  DELETE FROM centre.detector_state st USING left_out l WHERE st.series_id = l.series_id AND st.area_id = l.area_id;
  DROP TABLE pg_temp.baseline_stale, pg_temp.baseline_changed, pg_temp.baseline_found;
END
$$;
COMMENT ON PROCEDURE centre.baseline_run(date) IS
  'judge every watched series up to the last whole period that ends on or before a day: new periods of all series, and of those touched by late or corrected data everything from their first changed period on. Folded cells count (drain_cells() first, as tick() does). A series of an area for which that fails is left out (centre.stuck_row) and built anew later. Harmless twice';

CREATE FUNCTION centre.baseline_due() RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT EXISTS (SELECT centre.stuck_due('baselines')) OR EXISTS (
    SELECT FROM centre.series s CROSS JOIN centre.site t
    LEFT JOIN LATERAL (SELECT max(st.last_period) AS last_period FROM centre.detector_state st WHERE st.series_id = s.series_id AND st.version = s.version) AS f ON true
    WHERE s.active AND EXISTS (SELECT FROM centre.area_standing a WHERE a.level = s.level) AND (date_trunc(s.period_unit, now() AT TIME ZONE t.reporting_zone) > coalesce(f.last_period, s.since - 1) + ('1 ' || s.period_unit)::interval
      OR EXISTS (SELECT FROM centre.stale_series x WHERE x.indicator_id = s.indicator_id AND x.from_day < f.last_period + ('1 ' || s.period_unit)::interval)));
END;
COMMENT ON FUNCTION centre.baseline_due() IS 'is there a whole period not yet judged, or late or corrected data of judged ones, or something that was left out and is to be tried again? asked by tick()';
