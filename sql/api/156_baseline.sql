-- Baselines: each new or corrected period of the watched series is judged by its detector; only what changed is computed again.

-- ---- declarations ----
CREATE FUNCTION centre.detector_option(of_detector civic.detector, parameter text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(substring(of_detector::text FROM '[(, ]' || parameter || '=([^,)]+)'),
                (SELECT d.default_value FROM civic.detectors() d WHERE d.method = split_part(of_detector::text, '(', 1) AND d.parameter = $2));
COMMENT ON FUNCTION centre.detector_option(civic.detector, text) IS 'value of a detector''s parameter, its default where the text leaves it out; null for a parameter that the method does not have';

CREATE FUNCTION centre.detector_reach(of_detector civic.detector, period_unit text) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE
    WHEN o.method IN ('cusum', 'ewma') THEN NULL
    -- from four years of weeks on farrington_flexible of five; of days nb_window
    WHEN o.method = 'auto' THEN CASE $2 WHEN 'day' THEN 70 ELSE 2400 END
    ELSE (CASE WHEN o.years > 0 THEN (o.years + 1) * 366 ELSE 0 END) + (o.length + o.lag + 10) * o.days END
  FROM (SELECT split_part($1::text, '(', 1) AS method, coalesce(centre.detector_option($1, 'years')::integer, 0) AS years,
               greatest(centre.detector_option($1, 'baseline')::integer, centre.detector_option($1, 'window')::integer,
                        centre.detector_option($1, 'periods')::integer, centre.detector_option($1, 'min_periods')::integer, 0) AS length,
               coalesce(centre.detector_option($1, 'lag')::integer, 0) AS lag, CASE $2 WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 31 END AS days) AS o;
END;
COMMENT ON FUNCTION centre.detector_reach(civic.detector, text) IS
  'days before a period beyond which a detector does not look, rather too many than too few; null for running methods (cusum, ewma), which need the series from its beginning';

CREATE FUNCTION centre.series_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.detector := coalesce(new.detector, CASE new.period_unit WHEN 'day' THEN 'nb_window' ELSE format('auto(every=%s)', new.period_unit) END::civic.detector);
  new.since := date_trunc(new.period_unit, new.since::timestamp)::date;
  IF centre.detector_option(new.detector, 'every') <> new.period_unit THEN
    RAISE EXCEPTION 'the detector judges other periods than the series has' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('%s is for a %s, the series is by %s', new.detector, centre.detector_option(new.detector, 'every'), new.period_unit),
      HINT = format('Name the period in the detector, as in nb_window(every=%s).', new.period_unit);
  END IF;
  IF NOT EXISTS (SELECT FROM centre.indicator i WHERE i.indicator_id = new.indicator_id AND i.flow = 'event' AND i.kind IN ('count', 'rate')) THEN
    RAISE EXCEPTION 'only counts of events can be watched' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('indicator %s', new.indicator_id), HINT = 'Watch an indicator of kind count or rate and flow event; of a proportion its numerator.';
  END IF;
  new.reach := centre.detector_reach(new.detector, new.period_unit);
  IF TG_OP = 'UPDATE' THEN
    new.version := old.version + 1;
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.series_check() IS 'trigger of series: the default detector, the first day of the first period, how far the detector looks back, a new version with every change; refuses what cannot be judged';
CREATE TRIGGER civic_series_check BEFORE INSERT OR UPDATE ON centre.series FOR EACH ROW EXECUTE FUNCTION centre.series_check();

CREATE FUNCTION centre.series_is_stale(of_indicator integer, of_area integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO centre.stale_series AS s (indicator_id, area_id, from_day)
    SELECT $1, $2, t.first_day FROM centre.site t
    ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(s.from_day, excluded.from_day)
$$;
COMMENT ON FUNCTION centre.series_is_stale(integer, integer) IS 'note that the baselines of an indicator in an area must be computed again from the first day on';

CREATE FUNCTION centre.expectation_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM centre.series_is_stale(old.indicator_id, old.area_id);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM centre.series_is_stale(new.indicator_id, new.area_id);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.expectation_changed() IS 'trigger of reporting_expectation: it changes what is missing and what is nought, also on days before it is valid';
CREATE TRIGGER civic_expectation_changed AFTER INSERT OR UPDATE OR DELETE ON centre.reporting_expectation FOR EACH ROW EXECUTE FUNCTION centre.expectation_changed();

CREATE FUNCTION centre.reporting_habit(of_indicator text, at_level text, from_day date, to_day date)
RETURNS TABLE (area_id integer, weekdays integer[], share numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH reported AS (
    SELECT DISTINCT u.ancestor_id AS area_id, c.day
    FROM centre.indicator i JOIN centre.cell_now c USING (indicator_id) JOIN centre.area_closure u ON u.descendant_id = c.area_id
    JOIN centre.area_standing s ON s.area_id = u.ancestor_id AND s.level = $2
    WHERE i.code = $1 AND c.day BETWEEN $3 AND $4 AND c.n > 0),
  by_weekday AS (
    SELECT a.area_id, d.weekday, a.n::numeric / d.n AS share
    FROM (SELECT r.area_id, extract(isodow FROM r.day)::integer AS weekday, count(*) AS n FROM reported r GROUP BY 1, 2) AS a
    JOIN (SELECT extract(isodow FROM g)::integer AS weekday, count(*) AS n FROM generate_series($3::timestamp, $4::timestamp, interval '1 day') AS g GROUP BY 1) AS d USING (weekday))
  SELECT b.area_id, array_agg(b.weekday ORDER BY b.weekday) FILTER (WHERE b.share >= 0.75), round(avg(b.share) FILTER (WHERE b.share >= 0.75), 3)
  FROM by_weekday b GROUP BY b.area_id HAVING bool_or(b.share >= 0.75);
END;
COMMENT ON FUNCTION centre.reporting_habit(text, text, date, date) IS
  'areas of a level that reported an indicator on at least three of four days of a weekday, with those weekdays: a proposal for reporting_expectation, to be looked through before it is inserted';

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
  CREATE TEMP TABLE baseline_due ON COMMIT DROP AS
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
    SELECT s.series_id, s.area_id, s.indicator_id, s.period_unit, s.step, s.breakdown, s.member, s.version, s.min_completeness, s.has_units, s.reach, s.rebuild, s.judge_from, s.to_period,
           CASE WHEN s.rebuild THEN greatest(s.since, coalesce(date_trunc(s.period_unit, (s.judge_from - s.reach)::timestamp)::date, s.since)) ELSE s.judge_from END AS need_from,
           (s.to_period + s.step)::date AS need_to
    FROM spanned s WHERE s.judge_from <= s.to_period;
  CREATE UNIQUE INDEX ON pg_temp.baseline_due (series_id, area_id);
  -- What a day brings is new to the statistics of cells: one lookup for each must do, however few the planner expects.
  CREATE INDEX ON pg_temp.baseline_due (indicator_id, area_id);
  ANALYZE pg_temp.baseline_due (series_id, area_id, indicator_id, rebuild, has_units);
END
$$;
COMMENT ON PROCEDURE centre.baseline_find_due(date) IS
  'inner part of baseline_run(): series with something to do in the temporary table baseline_due: a step forward from their state, or a rebuild from the first changed period, and the days whose cells that needs';

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
             -- nobody was to report: only an observation says that somebody did
             WHEN r.due IS NULL AND n.total IS NULL AND un.area_id IS NOT NULL THEN NULL
             WHEN n.total IS NULL THEN 0
             WHEN abs(n.total) <= 1e15 THEN round(n.total)::bigint END) AS points
    FROM pg_temp.baseline_due d
    CROSS JOIN LATERAL generate_series(d.need_from::timestamp, d.to_period::timestamp, d.step) AS p (t)
    LEFT JOIN pg_temp.baseline_count n ON n.series_id = d.series_id AND n.area_id = d.area_id AND n.period_start = p.t::date
    LEFT JOIN pg_temp.baseline_complete r ON r.series_id = d.series_id AND r.area_id = d.area_id AND r.period_start = p.t::date
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
  -- what an earlier version of a declaration said of periods that are no longer watched
  WITH gone AS (
    DELETE FROM centre.baseline b USING (SELECT DISTINCT d.series_id, d.version FROM pg_temp.baseline_due d WHERE d.rebuild) AS d
      WHERE b.series_id = d.series_id AND b.version <> d.version
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

CREATE PROCEDURE centre.baseline_run(until date)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this_run bigint;
BEGIN
  -- One run at a time.
  PERFORM centre.take_turn('baselines');
  INSERT INTO centre.baseline_log AS l (until) VALUES (baseline_run.until) RETURNING l.run_id INTO this_run;
  CALL centre.baseline_take_stale();
  CALL centre.baseline_find_due(until);
  CREATE TEMP TABLE baseline_count (series_id integer, area_id integer, period_start date, total numeric) ON COMMIT DROP;
  CALL centre.baseline_count_events(false);
  CALL centre.baseline_count_events(true);
  ANALYZE pg_temp.baseline_count;
  CALL centre.baseline_count_reports();
  CALL centre.baseline_advance(this_run);
  CALL centre.baseline_judge(this_run);
  CALL centre.alarm_refresh();
  UPDATE centre.baseline_log l SET finished_at = clock_timestamp(), series = d.series, rebuilt = d.rebuilt
    FROM (SELECT count(*) AS series, count(*) FILTER (WHERE rebuild) AS rebuilt FROM pg_temp.baseline_due) AS d WHERE l.run_id = this_run;
  DROP TABLE pg_temp.baseline_stale, pg_temp.baseline_changed, pg_temp.baseline_due, pg_temp.baseline_count, pg_temp.baseline_unit, pg_temp.baseline_reported,
    pg_temp.baseline_complete, pg_temp.baseline_point, pg_temp.baseline_judged, pg_temp.baseline_family;
END
$$;
COMMENT ON PROCEDURE centre.baseline_run(date) IS
  'judge every watched series up to the last whole period that ends on or before a day: new periods of all series, and of those touched by late or corrected data everything from their first changed period on. Folded cells count (drain_cells() first, as tick() does). Harmless twice';

CREATE FUNCTION centre.baseline_due() RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT EXISTS (
    SELECT FROM centre.series s CROSS JOIN centre.site t
    LEFT JOIN LATERAL (SELECT max(st.last_period) AS last_period FROM centre.detector_state st WHERE st.series_id = s.series_id AND st.version = s.version) AS f ON true
    WHERE s.active AND EXISTS (SELECT FROM centre.area_standing a WHERE a.level = s.level) AND (date_trunc(s.period_unit, now() AT TIME ZONE t.reporting_zone) > coalesce(f.last_period, s.since - 1) + ('1 ' || s.period_unit)::interval
      OR EXISTS (SELECT FROM centre.stale_series x WHERE x.indicator_id = s.indicator_id AND x.from_day < f.last_period + ('1 ' || s.period_unit)::interval)));
END;
COMMENT ON FUNCTION centre.baseline_due() IS 'is there a whole period not yet judged, or late or corrected data of judged ones? asked by tick()';

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
      SELECT w.series_id, x.area_id, lower(r.period) AS period_start, x.value
      FROM watched w JOIN centre.release r ON r.cube = w.cube AND r.current
      JOIN centre.release_cell x ON x.release_id = r.release_id AND x.indicator = w.indicator AND x.level = w.level AND x.breakdown = w.breakdown AND x.member = w.member
      WHERE x.status = 'ok'),
    judged AS (
      SELECT w.cube, w.series_id, b.area_id, b.period_start, w.alpha, w.reach, max(b.period_start) FILTER (WHERE p.value IS NULL) OVER by_period AS last_hidden,
             civic.detect(b.period_start, CASE WHEN b.reason IS DISTINCT FROM 'not_reported' AND abs(p.value) <= 1e15 THEN round(p.value)::bigint END, w.detector) OVER by_period AS v
      FROM watched w JOIN centre.baseline b ON b.series_id = w.series_id
      LEFT JOIN published p ON p.series_id = b.series_id AND p.area_id = b.area_id AND p.period_start = b.period_start
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
CREATE VIEW dash.released_baseline AS
  SELECT b.cube, c.audience, c.period_unit, i.code AS indicator, s.level, a.code AS area, a.name AS area_name, a.area_id, s.breakdown, s.member, b.period_start,
         b.expected, b.lower_bound, b.upper_bound, b.score, b.p_value, b.alarm, b.reason, b.method, b.state
  FROM centre.released_baseline b JOIN centre.cube c ON c.code = b.cube JOIN centre.readable r ON r.cube = b.cube
  JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE r.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = b.area_id AND u.ancestor_id = ANY (r.areas));
COMMENT ON VIEW dash.released_baseline IS 'released verdicts for the audience that the reading role belongs to: expected count, bounds, score, whether it is an alarm, or the reason why there is no verdict';

CREATE VIEW dash.reporting AS
  SELECT i.code AS indicator, s.level, s.period_unit, a.code AS area, a.name AS area_name, c.period_start, c.due, c.received
  FROM centre.completeness c JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE s.breakdown = 'all';
COMMENT ON VIEW dash.reporting IS 'reports due from the declared reporting areas and received, by watched series; about institutions, not about persons';

CREATE FUNCTION dash.baseline(of_indicator text, of_area text, from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en', of_breakdown text DEFAULT 'all', of_member text DEFAULT '*total*')
RETURNS TABLE ("time" timestamptz, value float8, expected float8, lower float8, upper float8, alarm_value float8, score float8, alarm boolean, method text, state text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH unit AS (  -- a cube with verdicts on this series, the finest; else the finest that publishes it
    SELECT r.cube, max(r.level) AS level
    FROM dash.released r
    WHERE r.indicator = $1 AND r.area = $2 AND r.breakdown = $6 AND r.member = $7
    GROUP BY r.cube, r.period_unit
    ORDER BY EXISTS (SELECT FROM dash.released_baseline b WHERE b.cube = r.cube AND b.indicator = $1 AND b.area = $2) DESC,
             array_position('{day,week,month,quarter,year}', r.period_unit), r.cube LIMIT 1)
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone,
         CASE WHEN r.value <> 0 OR b.reason IS DISTINCT FROM 'not_reported' THEN r.value::float8 END,  -- a release has nought where no report came
         b.expected, b.lower_bound, b.upper_bound,
         CASE WHEN b.alarm THEN r.value::float8 END, b.score, b.alarm, b.method, dash.label_of('alarm_state', b.state, $5),
         dash.label_of('reason', CASE WHEN r.reason IS NOT NULL THEN r.reason WHEN b.cube IS NULL THEN 'baseline_withheld' ELSE b.reason END, $5)
  FROM dash.released r JOIN unit u ON u.cube = r.cube AND u.level = r.level CROSS JOIN dash.site s
  LEFT JOIN dash.released_baseline b ON b.cube = r.cube AND b.indicator = r.indicator AND b.level = r.level AND b.area_id = r.area_id
    AND b.breakdown = r.breakdown AND b.member = r.member AND b.period_start = r.period_start
  WHERE r.indicator = $1 AND r.area = $2 AND r.breakdown = $6 AND r.member = $7
    AND r.period_start::timestamp AT TIME ZONE s.reporting_zone BETWEEN $3 AND $4
  ORDER BY 1;
END;
COMMENT ON FUNCTION dash.baseline(text, text, timestamptz, timestamptz, text, text, text) IS
  'an indicator in an area over time with what was expected: published value (null, not nought, where it was not reported), expected count, lower and upper bound, the value again where it is an alarm (alarm_value, for a mark on a line), score (above 1 is an alarm), method, state of the alarm, and the reason where there is no value or no verdict';

CREATE FUNCTION dash.completeness(of_indicator text, at_level text, from_time timestamptz, to_time timestamptz)
RETURNS TABLE ("time" timestamptz, area text, area_name text, due integer, received integer, completeness float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone, r.area, r.area_name, r.due, r.received, r.received::float8 / r.due
  FROM dash.reporting r CROSS JOIN dash.site s
  WHERE r.indicator = $1 AND r.level = $2 AND r.period_start::timestamp AT TIME ZONE s.reporting_zone BETWEEN $3 AND $4
    AND r.period_unit = (SELECT q.period_unit FROM dash.reporting q WHERE q.indicator = $1 AND q.level = $2
                         ORDER BY array_position('{day,week,month}', q.period_unit) LIMIT 1)
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.completeness(text, text, timestamptz, timestamptz) IS
  'reports due and received, and their share, in the areas of a level by period of the finest watched series; no row where no reports are expected';

GRANT SELECT ON centre.series, centre.reporting_expectation TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.baseline_log, centre.detector_state TO civic_ticker;
GRANT SELECT, INSERT, UPDATE, DELETE ON centre.baseline, centre.completeness TO civic_ticker;
GRANT DELETE ON centre.stale_series TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.lower_alpha(civic.detector), centre.lower_bound(civic.detection, float8),
  centre.group_answer(smallint, text), centre.baseline_due() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.baseline_run(date), centre.baseline_take_stale(), centre.baseline_find_due(date), centre.baseline_count_events(boolean),
  centre.baseline_count_reports(), centre.baseline_advance(bigint), centre.baseline_judge(bigint) TO civic_ticker;
GRANT SELECT ON centre.series, centre.baseline TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.lower_alpha(civic.detector), centre.lower_bound(civic.detection, float8) TO civic_publisher;
GRANT SELECT, INSERT, DELETE ON centre.released_baseline TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_baselines(text) TO civic_publisher;
