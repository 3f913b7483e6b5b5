-- Dated actions compared before and after, honest about regression to the mean.

CREATE VIEW dash.action WITH (security_barrier) AS
  SELECT dash.fenced(c.code) AS code, dash.fenced(c.indicator) AS indicator, dash.fenced(a.area_id) AS area_id, dash.fenced(a.code) AS area, dash.fenced(a.name) AS area_name, dash.fenced(c.starts) AS starts, dash.fenced(c.what) AS what
  FROM centre.action c JOIN centre.area a USING (area_id)
  WHERE EXISTS (SELECT FROM centre.readable v WHERE c.indicator = ANY (v.indicators)
                AND (v.everywhere OR EXISTS (SELECT FROM centre.area_closure u WHERE u.descendant_id = c.area_id AND u.ancestor_id = ANY (v.areas))));
COMMENT ON VIEW dash.action IS 'of the indicators that the reading role''s audience can see, where it can see them: actions meant to change an indicator in an area, with the first day on which they could have an effect';

CREATE FUNCTION dash.check_action(actions text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text := (SELECT min(u.code) FROM unnest(actions) AS u (code) WHERE u.code <> '' AND NOT EXISTS (SELECT FROM dash.action a WHERE a.code = u.code));
BEGIN
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'there is no action "%"', unknown USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(unknown, ARRAY(SELECT a.code FROM dash.action a));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_action(text[]) IS 'an error where one of the actions is not known';

CREATE FUNCTION dash.action_windows(of_action text, at_most integer DEFAULT 6)
RETURNS TABLE (area_id integer, acted boolean, periods integer, before_events float8, before_exposure float8, after_events float8, after_exposure float8, after_days integer, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_action(ARRAY[$1]);
  WITH c AS (SELECT k.*, i.kind, i.flow FROM dash.action k JOIN dash.indicator i ON i.code = k.indicator WHERE k.code = $1),
  p AS MATERIALIZED (
    SELECT t.*, t.reason AS none FROM c CROSS JOIN LATERAL dash.period_totals(c.indicator, dash.level_of(c.area), NULL) AS t WHERE t.complete),
  -- the period in which the action began belongs to neither side, unless it began with it
  first AS (
    SELECT x.before_first, x.after_first, least(greatest($2, 2), (SELECT count(*) FROM p WHERE p.area_id = x.area_id AND p.number >= x.after_first))::integer AS periods, x.unit
    FROM (SELECT p.area_id, p.unit, min(p.number) FILTER (WHERE p.period_start >= c.starts) AS after_first, max(p.number) FILTER (WHERE p.period_end <= c.starts) AS before_first
          FROM p JOIN c USING (area_id) GROUP BY p.area_id, p.unit) AS x),
  side AS (
    SELECT p.area_id, p.number >= f.after_first AS later, count(*) AS periods, max(p.none) AS none, sum(p.value) AS events, sum(p.exposure) AS exposure, sum(p.days) AS days, f.periods AS wanted
    FROM p JOIN first f ON p.number BETWEEN f.after_first AND f.after_first + f.periods - 1 OR p.number BETWEEN f.before_first - f.periods + 1 AND f.before_first
    GROUP BY p.area_id, p.number >= f.after_first, f.periods),
  judged AS (
    SELECT c.area_id = a.area_id AS acted, a.area_id, f.periods, b.events AS before_events, b.exposure AS before_exposure, l.events AS after_events, l.exposure AS after_exposure, l.days,
           CASE WHEN f.periods IS NULL OR f.periods < 2 THEN 'too_early' WHEN l.none IS NOT NULL THEN l.none WHEN b.none IS NOT NULL THEN dash.base_reason(b.none)
             WHEN l.periods < f.periods OR l.periods IS NULL THEN 'not_published' WHEN b.periods < f.periods OR b.periods IS NULL THEN 'no_base' END AS reason
    FROM c CROSS JOIN (SELECT k.area_id FROM c AS k UNION SELECT p.area_id FROM p) AS a LEFT JOIN first f ON true
    LEFT JOIN side b ON b.area_id = a.area_id AND NOT b.later LEFT JOIN side l ON l.area_id = a.area_id AND l.later)
  SELECT j.area_id, j.acted, j.periods, j.before_events::float8, j.before_exposure::float8, j.after_events::float8, j.after_exposure::float8, j.days::integer, j.reason
  FROM judged j CROSS JOIN c
  -- where the same indicator was acted on as well is no place to compare with, nor where something is withheld
  WHERE j.acted OR j.reason IS NULL AND NOT EXISTS (SELECT FROM dash.action o JOIN dash.area_path u ON u.descendant_id = o.area_id OR u.ancestor_id = o.area_id
    WHERE o.indicator = c.indicator AND o.code <> c.code AND j.area_id IN (u.ancestor_id, u.descendant_id));
END;
COMMENT ON FUNCTION dash.action_windows(text, integer) IS
  'events and exposure (dash.exposure) before and after an action, over as many published periods on each side (at most at_most, at least two), in its area (acted) and in the other areas of the same level in which the indicator was not acted on and nothing is withheld; reason is a code';

CREATE FUNCTION dash.action_effect(lang text DEFAULT 'en', at_most integer DEFAULT 6, actions text[] DEFAULT NULL)
RETURNS TABLE ("time" timestamptz, action text, what text, indicator_name text, area text, area_name text, periods integer, earlier float8, later float8, unit text,
  percent float8, percent_ci_lower float8, percent_ci_upper float8, expected_percent float8, effect_percent float8, effect_ci_lower float8, effect_ci_upper float8, verdict text, peers integer, reason text, effect_reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_lang($1), dash.check_action($3);
  WITH c AS MATERIALIZED (SELECT k.*, i.kind, i.flow, i.per::float8 AS per, i.unit FROM dash.action k JOIN dash.indicator i ON i.code = k.indicator WHERE $3 IS NULL OR k.code = ANY ($3)),
  w AS MATERIALIZED (
    SELECT c.code, x.*, civic.shrunken_rate(CASE WHEN x.reason IS NULL THEN x.before_events END, x.before_exposure) OVER (PARTITION BY c.code) AS prior
    FROM c CROSS JOIN LATERAL dash.action_windows(c.code, $2) AS x),
  peer AS (
    SELECT w.code, count(*)::integer AS areas, sum(w.before_events) AS b, sum(w.before_exposure) AS eb, sum(w.after_events) AS a, sum(w.after_exposure) AS ea FROM w WHERE NOT w.acted GROUP BY w.code),
  -- What would have happened without the action: the area's rate drawn towards the others', as they changed meanwhile.
  expected AS (
    SELECT w.*, p.areas, (w.prior).rate * w.after_exposure * (p.a / p.ea) / (p.b / p.eb) AS events,
           -- relative variance of that, from the area's own count before and from the others' counts
           (w.prior).weight / nullif((w.prior).rate * w.before_exposure, 0) + 1 / p.a + 1 / p.b AS variance
    FROM w LEFT JOIN peer p ON p.code = w.code AND p.a > 0 AND p.b > 0 WHERE w.acted),
  effect AS (
    SELECT e.*, e.after_events / e.events / (1 + e.variance) AS theta, greatest(e.after_events, 0.5) / e.events / (1 + e.variance) AS centre,
           -- half an event stands in for none
           civic.normal_quantile(0.975) * sqrt(1 / greatest(e.after_events, 0.5) + e.variance) / (1 + e.variance) AS reach
    FROM expected e WHERE e.reason IS NULL AND e.events > 0),
  figure AS (
    SELECT c.*, e.periods, e.reason, e.areas, f.theta, f.centre, f.reach, r.ratio, r.ci_lower, r.ci_upper,
           CASE WHEN e.reason IS NULL THEN CASE c.kind WHEN 'rate' THEN c.per ELSE 1 END * CASE WHEN c.kind <> 'proportion' AND c.flow = 'event' THEN e.after_days::float8 / e.periods ELSE 1 END END AS span,
           e.before_events / e.before_exposure AS b, e.after_events / e.after_exposure AS a, f.events / e.after_exposure AS without
    FROM c LEFT JOIN expected e USING (code) LEFT JOIN effect f USING (code)
    CROSS JOIN LATERAL dash.ratio(c.kind, CASE WHEN e.reason IS NULL THEN e.after_events END, e.after_exposure, e.before_events, e.before_exposure) AS r)
  SELECT f.starts::timestamp AT TIME ZONE s.reporting_zone, f.code, coalesce(nullif(dash.label_of('action', f.code, $1), f.code), f.what), dash.label_of('indicator', f.indicator, $1), f.area, f.area_name, f.periods,
         f.span * f.b, f.span * f.a, f.unit, 100 * (f.ratio - 1), 100 * (f.ci_lower - 1), 100 * (f.ci_upper - 1), 100 * (f.without / nullif(f.b, 0) - 1),
         100 * (f.theta - 1), 100 * (l.lower - 1), 100 * (l.upper - 1),
         dash.label_of('verdict', CASE WHEN l.upper < 1 THEN 'lower' WHEN l.lower > 1 THEN 'higher' WHEN l.upper IS NOT NULL THEN 'cannot tell' END, $1), coalesce(f.areas, 0),
         dash.label_of('reason', f.reason, $1), dash.label_of('reason', CASE WHEN f.reason IS NULL AND f.theta IS NULL THEN CASE WHEN f.areas IS NULL THEN 'no_peers' ELSE 'no_base_events' END END, $1)
  FROM figure f CROSS JOIN dash.site s
  CROSS JOIN LATERAL (SELECT CASE WHEN f.theta = 0 THEN 0 ELSE f.theta * exp(-f.reach) END AS lower, f.centre * exp(f.reach) AS upper) AS l
  ORDER BY 1, 2;
END;
COMMENT ON FUNCTION dash.action_effect(text, integer, text[]) IS
  'actions compared before and after, over as many published periods on each side. percent is the plain change with its limits, which flatters whoever acted after a bad spell. expected_percent is what would have happened anyway: the area''s rate drawn towards that of the other areas (empirical Bayes, Marshall 1991) and moved as they moved; effect_percent the change beyond that, with 95 % limits (Hauer 1997), and verdict from them: lower, higher or cannot tell. Null with a reason where a side is withheld or too short, or effect_reason where no other area of the level can be compared with';
