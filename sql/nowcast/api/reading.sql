-- Nowcasts as they are read: true ones by operators, for readers those of the published values.

CREATE VIEW centre.nowcast_list WITH (security_barrier) AS
  SELECT dash.fenced(i.code) AS indicator, dash.fenced(s.level) AS level, dash.fenced(a.code) AS area, dash.fenced(a.name) AS area_name, dash.fenced(e.period_start) AS period_start, dash.fenced(e.known_on) AS known_on,
         dash.fenced(e.reported) AS reported, dash.fenced(e.estimate) AS estimate, dash.fenced(e.lower_limit) AS lower_limit, dash.fenced(e.upper_limit) AS upper_limit, dash.fenced(e.expected_share) AS expected_share, dash.fenced(e.reason) AS reason, dash.fenced(q.silent) AS silent
  FROM centre.series_estimate e JOIN centre.series s USING (series_id) JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  CROSS JOIN LATERAL (
    SELECT count(*) AS silent FROM centre.area_closure u JOIN centre.series_estimate x ON x.area_id = u.descendant_id AND x.period_start = e.period_start AND x.reason = 'no_reports'
    JOIN centre.series y ON y.series_id = x.series_id AND y.indicator_id = s.indicator_id WHERE u.ancestor_id = e.area_id AND u.distance > 0) AS q
  WHERE pg_has_role('civic_admin', 'USAGE') OR centre.operates_in(e.area_id, session_user) OR centre.operates_in(e.area_id, current_user);
COMMENT ON VIEW centre.nowcast_list IS 'what the counts of the last days will become, from true counts, and how many areas inside (of the levels that are watched) have fallen silent, whose part is then missing: for operators, each those of his own areas (centre.operator_area)';

CREATE VIEW centre.pace_list WITH (security_barrier) AS
  WITH came AS MATERIALIZED (
    SELECT w.indicator_id, w.level, w.area_id, (x.day + x.delay) AS day, sum(greatest(x.n, 0)) AS n, w.known_on
    FROM (SELECT DISTINCT s.indicator_id, s.level, e.area_id, e.known_on FROM centre.series_estimate e JOIN centre.series s USING (series_id)) AS w
    JOIN centre.area_closure u ON u.ancestor_id = w.area_id JOIN centre.delay d ON d.indicator_id = w.indicator_id AND d.area_id = u.descendant_id
    CROSS JOIN LATERAL civic.delays_cells(d.delays) AS x JOIN centre.late_indicator l ON l.indicator_id = w.indicator_id AND x.delay < l.longest
    WHERE x.day + x.delay BETWEEN greatest(l.since + l.longest, w.known_on - 28) AND w.known_on
    GROUP BY w.indicator_id, w.level, w.area_id, (x.day + x.delay), w.known_on)
  SELECT dash.fenced(i.code) AS indicator, dash.fenced(q.level) AS level, dash.fenced(a.code) AS area, dash.fenced(a.name) AS area_name, dash.fenced(q.known_on) AS known_on, dash.fenced(q.came) AS came,
         dash.fenced(q.usual) AS usual, dash.fenced(q.came / nullif(q.usual, 0)) AS share
  FROM (SELECT c.indicator_id, c.level, c.area_id, c.known_on, coalesce(sum(c.n) FILTER (WHERE c.day = c.known_on), 0)::float8 AS came,
               -- the same weekday of the four weeks before, as far as delays are known
               (coalesce(sum(c.n) FILTER (WHERE c.day < c.known_on AND (c.known_on - c.day) % 7 = 0), 0) / nullif(least(4, (c.known_on - l.since - l.longest) / 7), 0))::float8 AS usual
        FROM came c JOIN centre.late_indicator l USING (indicator_id) GROUP BY c.indicator_id, c.level, c.area_id, c.known_on, l.since, l.longest) AS q
  JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id)
  WHERE pg_has_role('civic_admin', 'USAGE') OR centre.operates_in(q.area_id, session_user) OR centre.operates_in(q.area_id, current_user);
COMMENT ON VIEW centre.pace_list IS
  'how many reports of a late indicator came on the last evening noted, beside what usually comes on that weekday (the four before): an area that has sent 61 % of what it usually has by now has share 0.61. What was taken back is not counted, nor what comes at the longest delay; an evening after others that were missed has what came on all of them. For operators, each those of his own areas';

CREATE VIEW centre.source_pace AS
  WITH came AS (
    SELECT b.source, (b.applied_at AT TIME ZONE s.reporting_zone)::date AS day, sum((b.report ->> 'inserted')::bigint + (b.report ->> 'updated')::bigint)::float8 AS n, s.yesterday
    FROM centre.batch b CROSS JOIN (SELECT t.reporting_zone, (now() AT TIME ZONE t.reporting_zone)::date - 1 AS yesterday FROM centre.site t) AS s
    WHERE b.applied_at >= now() - interval '31 days' AND (b.report ->> 'dry_run') IS DISTINCT FROM 'true' GROUP BY 1, 2, s.yesterday, s.reporting_zone)
  SELECT c.source, c.yesterday AS known_on, coalesce(sum(c.n) FILTER (WHERE c.day = c.yesterday), 0) AS came, sum(c.n) FILTER (WHERE c.day = ANY (w.days)) / 4 AS usual,
         coalesce(sum(c.n) FILTER (WHERE c.day = c.yesterday), 0) / nullif(sum(c.n) FILTER (WHERE c.day = ANY (w.days)) / 4, 0) AS share
  FROM came c CROSS JOIN LATERAL (SELECT ARRAY[c.yesterday - 7, c.yesterday - 14, c.yesterday - 21, c.yesterday - 28] AS days) AS w
  GROUP BY c.source, c.yesterday;
COMMENT ON VIEW centre.source_pace IS 'documents that became facts yesterday, by source, beside the same weekday of the four weeks before; share below 1: less than usual. As long as batches are kept';

CREATE PROCEDURE centre.publish_nowcasts(of_cube text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM centre.cube c WHERE c.code = of_cube;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no cube "%"', of_cube USING ERRCODE = 'no_data_found', HINT = 'Cubes are declared in centre.cube.';
  END IF;
  PERFORM centre.take_turn('baselines of cube ' || of_cube);
  DELETE FROM centre.released_estimate e WHERE e.cube = of_cube;
  -- Published values and when they were published, and nothing else: whatever is made of them tells no more than they do.
  INSERT INTO centre.released_estimate (cube, series_id, area_id, period_start, known_on, reported, estimate, lower_limit, upper_limit, expected_share, reason)
    WITH watched AS MATERIALIZED (
      SELECT c.code AS cube, s.series_id, i.code AS indicator, s.level, l.longest::integer, t.reporting_zone, k.known_on
      FROM centre.cube c JOIN centre.indicator i ON i.code = ANY (c.indicators) JOIN centre.late_indicator l USING (indicator_id)
      JOIN centre.series s ON s.indicator_id = i.indicator_id AND s.level = ANY (c.levels) AND s.breakdown = 'all' AND s.period_unit = c.period_unit
      CROSS JOIN centre.site t
      CROSS JOIN LATERAL (SELECT (max(r.published_at) AT TIME ZONE t.reporting_zone)::date - 1 AS known_on FROM centre.release r WHERE r.cube = c.code) AS k
      WHERE c.code = of_cube AND c.period_unit = 'day' AND k.known_on IS NOT NULL),
    -- of several releases in a day the last
    told AS MATERIALIZED (
      SELECT DISTINCT ON (w.series_id, x.area_id, lower(r.period), q.known_on) w.series_id, x.area_id, lower(r.period) AS day, q.known_on, x.value, x.status = 'x' AS hidden, r.current
      FROM watched w JOIN centre.release r ON r.cube = w.cube AND lower(r.period) BETWEEN w.known_on - w.longest - 41 AND w.known_on
      JOIN centre.release_cell x ON x.release_id = r.release_id AND x.indicator = w.indicator AND x.level = w.level AND x.breakdown = 'all'
      CROSS JOIN LATERAL (SELECT greatest((r.published_at AT TIME ZONE w.reporting_zone)::date - 1, lower(r.period)) AS known_on) AS q
      ORDER BY w.series_id, x.area_id, lower(r.period), q.known_on, r.release_id DESC),
    -- a day that was not published at once says nothing of delays: what had come of it came in a heap
    known AS (
      SELECT t.*, first_value(t.known_on) OVER (PARTITION BY t.series_id, t.area_id, t.day ORDER BY t.known_on) AS first_known,
             t.value - lag(t.value, 1, 0) OVER (PARTITION BY t.series_id, t.area_id, t.day ORDER BY t.known_on) AS more
      FROM told t),
    state AS (
      SELECT w.series_id, k.area_id, w.known_on, w.longest, bool_or(k.hidden) AS hidden,
             civic.delays_agg(k.day, k.known_on, w.longest, round(k.more)::bigint) FILTER (WHERE k.more <> 0 AND abs(k.more) <= 1e15) AS delays, array_agg(DISTINCT k.day) AS days,
             bool_or(k.known_on > k.first_known) AS again
      FROM known k JOIN watched w USING (series_id) WHERE k.first_known <= k.day + 1 GROUP BY w.series_id, k.area_id, w.known_on, w.longest),
    answer AS (
      SELECT s.series_id, s.area_id, s.known_on, d.day, n.estimate, n.lower, n.upper, n.expected_share,
             CASE WHEN s.hidden THEN 'nowcast_withheld' WHEN NOT s.again THEN 'published_once' WHEN n.estimate IS NULL THEN coalesce(n.reason, 'too_few') END AS reason
      FROM state s CROSS JOIN LATERAL (SELECT q.day FROM unnest(s.days) AS q (day) WHERE q.day >= s.known_on - s.longest) AS d
      LEFT JOIN LATERAL civic.nowcast(CASE WHEN s.again AND NOT s.hidden THEN s.delays END, s.known_on) AS n ON n.day = d.day)
    SELECT of_cube, a.series_id, a.area_id, a.day, a.known_on, CASE WHEN abs(t.value) <= 1e15 THEN round(t.value)::bigint END,
           a.estimate::bigint, a.lower::bigint, a.upper::bigint, a.expected_share, a.reason
    FROM answer a JOIN told t ON t.series_id = a.series_id AND t.area_id = a.area_id AND t.day = a.day AND t.current
    ORDER BY a.series_id, a.area_id, a.day;
END
$$;
COMMENT ON PROCEDURE centre.publish_nowcasts(text) IS
  'renew the released nowcasts of a cube by the day: call it after publish() and before publish_baselines(), which judges the estimates. Made of the published values and the days on which they were published, so the last days want to be published again every evening, as many as the longest delay has: a day that was not published by the evening after is left out. None where a value of these weeks is withheld. Runs as its caller, who needs civic_publisher';

CREATE FUNCTION dash.nowcasts(of_indicator text, of_area text, from_time timestamptz, to_time timestamptz, lang text DEFAULT 'en')
RETURNS TABLE ("time" timestamptz, reported float8, expected_rest float8, estimate float8, lower_limit float8, upper_limit float8, expected_share float8, known_on date, reason text, silent integer, period_start date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_areas(ARRAY[$2]), dash.check_days($3, $4), dash.check_lang($5);
  WITH coming AS MATERIALIZED (SELECT e.* FROM dash.released_estimate e WHERE e.indicator = $1 AND e.period_start <@ dash.days_between($3, $4)),
  -- of several cubes by the day the one that tells most
  source AS (SELECT c.cube FROM coming c WHERE c.area = $2 GROUP BY c.cube ORDER BY count(c.estimate) DESC, max(c.known_on) DESC, c.cube LIMIT 1)
  SELECT e.period_start::timestamp AT TIME ZONE s.reporting_zone, e.reported, CASE WHEN e.estimate > e.reported THEN e.estimate - e.reported WHEN e.estimate IS NOT NULL THEN 0 END,
         e.estimate, e.lower_limit, e.upper_limit, e.expected_share, e.known_on, dash.label_of('reason', e.reason, $5),
         (SELECT count(*)::integer FROM coming x JOIN dash.area_path p ON p.descendant_id = x.area_id AND p.ancestor_id = e.area_id AND p.distance > 0
          WHERE x.cube = e.cube AND x.period_start = e.period_start AND x.reason = 'no_reports'), e.period_start
  FROM coming e JOIN source USING (cube) CROSS JOIN dash.site s WHERE e.area = $2
  ORDER BY 1;
END;
COMMENT ON FUNCTION dash.nowcasts(text, text, timestamptz, timestamptz, text) IS
  'the last days of an indicator in an area that is published by the day: what is reported, what is still expected (expected_rest: on a stacked bar above it), what the count will become and the limits between which it will lie with a probability of 95 %, the share usually reported by now, the evening this was known on, or the reason why it cannot be told, and how many areas inside have fallen silent (silent), whose part is missing. No rows for days that are complete, or where delays are not watched';

GRANT SELECT ON centre.nowcast_list, centre.pace_list TO civic_operator;
GRANT SELECT ON centre.late_indicator TO civic_publisher;
GRANT SELECT, INSERT, DELETE ON centre.released_estimate TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_nowcasts(text) TO civic_publisher;
