-- Baselines: which series are watched, by which detector, and what makes their verdicts stale.

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
