-- What has happened but was not reported yet: delays noted every evening, and the last days of watched series estimated from them.

CREATE FUNCTION centre.late_indicator_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (SELECT (now() AT TIME ZONE s.reporting_zone)::date FROM centre.site s);
BEGIN
  IF NOT EXISTS (SELECT FROM centre.indicator i WHERE i.indicator_id = new.indicator_id AND i.flow = 'event' AND i.kind IN ('count', 'rate') AND i.persons_of IS NULL) THEN
    RAISE EXCEPTION 'only counts of events can come late' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('indicator %s', new.indicator_id), HINT = 'Name an indicator of kind count or rate and flow event that counts reports; of a proportion its numerator.';
  END IF;
  new.since := coalesce(new.since, today);
  IF TG_OP = 'UPDATE' AND new.longest <> old.longest THEN
    -- delays noted up to another longest cannot be told apart again
    DELETE FROM centre.delay d WHERE d.indicator_id = new.indicator_id;
    new.since := greatest(new.since, today);
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.late_indicator_check() IS 'trigger of late_indicator: today as the first day; another longest delay begins anew; refuses what is no count of events';
CREATE TRIGGER civic_late_indicator_check BEFORE INSERT OR UPDATE ON centre.late_indicator FOR EACH ROW EXECUTE FUNCTION centre.late_indicator_check();

CREATE FUNCTION centre.late_indicator_gone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- counts are judged as they are again
  WITH gone AS (
    DELETE FROM centre.series_estimate e USING centre.series s WHERE s.series_id = e.series_id AND s.indicator_id = old.indicator_id RETURNING e.area_id, e.period_start)
  INSERT INTO centre.stale_series AS x (indicator_id, area_id, from_day)
    SELECT old.indicator_id, g.area_id, min(g.period_start) FROM gone g GROUP BY g.area_id ORDER BY g.area_id
    ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(x.from_day, excluded.from_day);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.late_indicator_gone() IS 'trigger of late_indicator: no estimate is left of an indicator that is no longer late';
CREATE TRIGGER civic_late_indicator_gone AFTER DELETE ON centre.late_indicator FOR EACH ROW EXECUTE FUNCTION centre.late_indicator_gone();

-- The default method looks at the longest delay and 41 days more.
CREATE FUNCTION centre.delays_from(longest integer, since date, known_on date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(since, known_on - longest - 41);
COMMENT ON FUNCTION centre.delays_from(integer, date, date) IS 'the first event day that a nowcast still looks at';

CREATE FUNCTION centre.nowcast_note(on_evening date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changes bigint;
BEGIN
  CREATE TEMP TABLE nowcast_came ON COMMIT DROP AS
    WITH late AS MATERIALIZED (SELECT l.indicator_id, l.longest::integer, centre.delays_from(l.longest, l.since, on_evening) AS from_day FROM centre.late_indicator l),
    counted AS (
      SELECT c.indicator_id, c.area_id, c.day, sum(c.total) AS n
      FROM late l JOIN centre.cell c ON c.indicator_id = l.indicator_id AND c.day BETWEEN l.from_day AND on_evening GROUP BY 1, 2, 3),
    noted AS (
      SELECT d.indicator_id, d.area_id, x.day, sum(x.n) AS n
      FROM late l JOIN centre.delay d USING (indicator_id) CROSS JOIN LATERAL civic.delays_cells(d.delays) AS x WHERE x.day >= l.from_day GROUP BY 1, 2, 3)
    -- a total that is no count is not estimated, as it is not judged
    SELECT indicator_id, area_id, day, (round(coalesce(c.n, 0)) - coalesce(o.n, 0))::bigint AS n
    FROM counted c FULL JOIN noted o USING (indicator_id, area_id, day)
    WHERE abs(coalesce(c.n, 0)) <= 1e15 AND round(coalesce(c.n, 0)) <> coalesce(o.n, 0);
  GET DIAGNOSTICS changes = ROW_COUNT;
  INSERT INTO centre.delay AS d (indicator_id, area_id, delays)
    SELECT t.indicator_id, t.area_id, civic.delays_agg(t.day, on_evening, l.longest::integer, t.n)
    FROM pg_temp.nowcast_came t JOIN centre.late_indicator l USING (indicator_id) GROUP BY t.indicator_id, t.area_id ORDER BY 1, 2
    ON CONFLICT (indicator_id, area_id) DO UPDATE SET delays = civic.delays_union(d.delays, excluded.delays);
  -- days that no nowcast looks at any more
  UPDATE centre.delay d SET delays = civic.delays_since(d.delays, centre.delays_from(l.longest, l.since, on_evening))
    FROM centre.late_indicator l WHERE l.indicator_id = d.indicator_id
      AND (SELECT min(x.day) FROM civic.delays_cells(d.delays) AS x) < centre.delays_from(l.longest, l.since, on_evening);
  DROP TABLE pg_temp.nowcast_came;
  RETURN changes;
END
$$;
COMMENT ON FUNCTION centre.nowcast_note(date) IS
  'inner part of nowcast_run(): what the cells have more or less than was noted before came, or was taken back, on that day; gives how many counts had changed';

CREATE FUNCTION centre.nowcast_estimate(on_evening date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  CREATE TEMP TABLE nowcast_now ON COMMIT DROP AS
    WITH watched AS MATERIALIZED (
      SELECT s.series_id, s.indicator_id, s.level, greatest(s.since, l.since) AS since FROM centre.series s JOIN centre.late_indicator l USING (indicator_id)
      WHERE s.active AND s.period_unit = 'day' AND s.breakdown = 'all'),
    state AS MATERIALIZED (
      SELECT w.series_id, w.since, t.area_id, a.parent_id, w.indicator_id, civic.delays_union(d.delays) AS delays
      FROM watched w JOIN centre.area_standing t ON t.level = w.level JOIN centre.area a USING (area_id)
      JOIN centre.area_closure u ON u.ancestor_id = t.area_id JOIN centre.delay d ON d.indicator_id = w.indicator_id AND d.area_id = u.descendant_id
      GROUP BY w.series_id, w.since, t.area_id, a.parent_id, w.indicator_id),
    -- the pattern of a small area is drawn towards that of the one it lies in
    parent AS MATERIALIZED (
      SELECT p.indicator_id, p.parent_id, civic.delays_union(d.delays) AS delays
      FROM (SELECT DISTINCT s.indicator_id, s.parent_id FROM state s) AS p
      JOIN centre.area_closure u ON u.ancestor_id = p.parent_id JOIN centre.delay d ON d.indicator_id = p.indicator_id AND d.area_id = u.descendant_id
      GROUP BY p.indicator_id, p.parent_id)
    SELECT s.series_id, s.indicator_id, s.area_id, n.day, n.reported, n.estimate::bigint AS estimate, n.lower::bigint AS lower_limit, n.upper::bigint AS upper_limit, n.expected_share, n.reason
    FROM state s LEFT JOIN parent p ON p.indicator_id = s.indicator_id AND p.parent_id = s.parent_id
    CROSS JOIN LATERAL civic.nowcast(s.delays, on_evening, parent => p.delays) AS n WHERE n.day >= s.since;
  GET DIAGNOSTICS made = ROW_COUNT;
  ANALYZE pg_temp.nowcast_now;
  -- what a baseline judged by another estimate is judged again, and so is what is complete now
  INSERT INTO centre.stale_series AS x (indicator_id, area_id, from_day)
    SELECT s.indicator_id, q.area_id, min(q.period_start)
    FROM (SELECT coalesce(n.series_id, e.series_id) AS series_id, coalesce(n.area_id, e.area_id) AS area_id, coalesce(n.day, e.period_start) AS period_start
          FROM pg_temp.nowcast_now n FULL JOIN centre.series_estimate e ON e.series_id = n.series_id AND e.area_id = n.area_id AND e.period_start = n.day
          WHERE (n.estimate, n.reason) IS DISTINCT FROM (e.estimate, e.reason)) AS q
    JOIN centre.series s USING (series_id) GROUP BY s.indicator_id, q.area_id ORDER BY s.indicator_id, q.area_id
    ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(x.from_day, excluded.from_day);
  DELETE FROM centre.series_estimate;
  INSERT INTO centre.series_estimate (series_id, area_id, period_start, known_on, reported, estimate, lower_limit, upper_limit, expected_share, reason)
    SELECT n.series_id, n.area_id, n.day, on_evening, n.reported, n.estimate, n.lower_limit, n.upper_limit, n.expected_share, n.reason FROM pg_temp.nowcast_now n;
  DROP TABLE pg_temp.nowcast_now;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.nowcast_estimate(date) IS
  'inner part of nowcast_run(): the last days of each watched series of a late indicator into series_estimate, and what its baseline must judge again into stale_series; gives how many days of series';

CREATE FUNCTION centre.nowcast_forget(after date) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  DELETE FROM centre.nowcast_log l WHERE l.known_on > after;
  UPDATE centre.delay d SET delays = (
      SELECT coalesce(civic.delays_agg(x.day, x.day + x.delay, l.longest::integer, x.n) FILTER (WHERE x.day + x.delay <= after), civic.delays_since(d.delays, 'infinity'))
      FROM civic.delays_cells(d.delays) AS x)
    FROM centre.late_indicator l WHERE l.indicator_id = d.indicator_id AND EXISTS (SELECT FROM civic.delays_cells(d.delays) AS x WHERE x.day + x.delay > after);
END;
COMMENT ON FUNCTION centre.nowcast_forget(date) IS 'inner part of nowcast_run(): evenings that are still to come, noted while the clock was wrong, are taken back';

CREATE PROCEDURE centre.nowcast_run(on_evening date)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (SELECT (now() AT TIME ZONE s.reporting_zone)::date FROM centre.site s);
  last_evening date;
  changes bigint;
BEGIN
  IF EXISTS (SELECT FROM centre.nowcast_log l WHERE l.known_on > today) THEN
    PERFORM centre.nowcast_forget(today);
  END IF;
  last_evening := (SELECT max(l.known_on) FROM centre.nowcast_log l);
  IF on_evening > today THEN
    RAISE EXCEPTION 'the evening is still to come' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('asked for %s, today is %s', on_evening, today), HINT = 'tick() notes yesterday''s.';
  END IF;
  IF on_evening IS NULL OR on_evening <= last_evening THEN
    RAISE EXCEPTION 'the counts of that evening cannot be noted any more' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('asked for %s, the last one noted is %s', coalesce(on_evening::text, 'null'), last_evening), HINT = 'Evenings are noted in order, each once; tick() notes yesterday''s.';
  END IF;
  PERFORM centre.take_turn('baselines');
  changes := centre.nowcast_note(on_evening);
  INSERT INTO centre.nowcast_log (known_on, changes, estimates) VALUES (on_evening, changes, centre.nowcast_estimate(on_evening));
END
$$;
COMMENT ON PROCEDURE centre.nowcast_run(date) IS
  'note what changed in the counts of late indicators up to the end of a day, and estimate the last days of their watched series by the day; the baselines judge the estimates in place of the counts. Folded cells count (drain_cells() first, as tick() does)';

CREATE PROCEDURE centre.learn_delays(of_indicator text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  late centre.late_indicator := (SELECT l FROM centre.late_indicator l JOIN centre.indicator i USING (indicator_id) WHERE i.code = of_indicator);
  zone text := (SELECT s.reporting_zone FROM centre.site s);
  evening date := (now() AT TIME ZONE zone)::date - 1;
  untold date;
BEGIN
  IF late.indicator_id IS NULL THEN
    RAISE EXCEPTION '"%" is no late indicator', of_indicator USING ERRCODE = 'no_data_found', HINT = 'Declare it in centre.late_indicator first.';
  END IF;
  PERFORM centre.take_turn('baselines');
  CREATE TEMP TABLE learnt ON COMMIT DROP AS
    SELECT o.area_id, o.day, (l.received_at AT TIME ZONE zone)::date AS came, round(sum(o.value))::bigint AS n
    FROM centre.observation o JOIN centre.document d USING (document_id) LEFT JOIN centre.landing l ON l.landing_id = d.landing_id
    WHERE o.indicator_id = late.indicator_id AND o.day BETWEEN evening - late.longest - 41 AND evening GROUP BY 1, 2, 3 HAVING abs(sum(o.value)) <= 1e15;
  -- a day of which a payload is gone does not tell, nor does one that came when it was long over: it was loaded
  SELECT max(t.day) INTO untold FROM pg_temp.learnt t WHERE t.came IS NULL;
  SELECT greatest(untold, max(q.day)) INTO untold FROM (SELECT t.day FROM pg_temp.learnt t GROUP BY t.day HAVING min(t.came) > t.day + late.longest) AS q;
  UPDATE centre.late_indicator l SET since = coalesce(greatest(untold + 1, (SELECT min(t.day) FROM pg_temp.learnt t)), l.since) WHERE l.indicator_id = late.indicator_id
    RETURNING l.since INTO late.since;
  DELETE FROM centre.delay d WHERE d.indicator_id = late.indicator_id;
  INSERT INTO centre.delay (indicator_id, area_id, delays)
    SELECT late.indicator_id, t.area_id, civic.delays_agg(t.day, greatest(t.came, t.day), late.longest::integer, t.n)
    FROM pg_temp.learnt t WHERE t.day >= late.since AND t.came <= evening GROUP BY t.area_id;
  DROP TABLE pg_temp.learnt;
END
$$;
COMMENT ON PROCEDURE centre.learn_delays(text) IS
  'the delays of a late indicator anew, from when the documents behind its observations were received: for one that is declared while reports have long been coming. Begins after the last day of which a payload is gone or that was loaded when it was long over; of a document that was edited the last version tells';

CREATE FUNCTION centre.tick_nowcasts() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  yesterday date := (SELECT (now() AT TIME ZONE s.reporting_zone)::date - 1 FROM centre.site s);
BEGIN
  IF NOT EXISTS (SELECT FROM centre.late_indicator) OR EXISTS (SELECT FROM centre.nowcast_log l WHERE l.known_on BETWEEN yesterday AND yesterday + 1) THEN
    RETURN NULL;
  END IF;
  CALL centre.nowcast_run(yesterday);
  RETURN (SELECT l.estimates FROM centre.nowcast_log l WHERE l.known_on = yesterday);
END
$$;
COMMENT ON FUNCTION centre.tick_nowcasts() IS 'step of tick(): nowcasts as of yesterday evening, once a day; gives how many days of series were estimated, null where that was done';
INSERT INTO centre.tick_job (step, place, routine) VALUES ('nowcasts', 105, 'centre.tick_nowcasts')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;

GRANT SELECT ON centre.late_indicator TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.delay, centre.nowcast_log TO civic_ticker;
GRANT DELETE ON centre.nowcast_log TO civic_ticker;
GRANT SELECT, INSERT, DELETE ON centre.series_estimate TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.delays_from(integer, date, date), centre.nowcast_forget(date), centre.nowcast_note(date), centre.nowcast_estimate(date), centre.tick_nowcasts() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.nowcast_run(date) TO civic_ticker;
