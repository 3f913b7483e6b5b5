-- Quality standards: what they ask, whether areas meet them, and what their owners advise where they do not.

CREATE VIEW dash.standard AS
  SELECT s.code, s.indicator, s.owner, s.demand, s.value, lower(s.valid) AS valid_from, upper(s.valid) AS valid_until, s.citation, s.remedy FROM centre.standard s;
COMMENT ON VIEW dash.standard IS 'quality standards with owner, source and remedy; valid_until is the day after the last';

CREATE FUNCTION dash.remedy_of(standard text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(nullif(dash.label_of('remedy', s.code, lang), s.code), s.remedy) FROM dash.standard s WHERE s.code = remedy_of.standard);
COMMENT ON FUNCTION dash.remedy_of(text, text) IS 'what the owner of a standard advises where it is missed, in a language where there is a label of domain remedy, else as the standard has it; null for an unknown code';

CREATE FUNCTION dash.catalogue(lang text DEFAULT 'en')
RETURNS TABLE (indicator text, indicator_name text, topic text, topic_name text, kind text, unit text, direction text, standard text, owner text, demand text, value float8, citation text, remedy text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT i.code, dash.label_of('indicator', i.code, $1), i.topic, dash.label_of('topic', i.topic, $1), i.kind, i.unit, i.direction,
         s.code, s.owner, s.demand, s.value::float8, s.citation, dash.remedy_of(s.code, $1)
  FROM dash.indicator i LEFT JOIN dash.standard s ON s.indicator = i.code
  ORDER BY i.topic, i.code, s.code;
END;
COMMENT ON FUNCTION dash.catalogue(text) IS 'every indicator with topic, unit and direction, and each standard it is held against with owner, value, source and remedy; one row without a standard where there is none';

CREATE FUNCTION dash.yearly_factor(kind text, flow text, span daterange) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN kind = 'rate' AND flow = 'event' THEN 365.25 / (upper(span) - lower(span)) ELSE 1 END;
COMMENT ON FUNCTION dash.yearly_factor(text, text, daterange) IS
  'what a measure of a span of days is multiplied by to be a yearly one: 12 cases in a quarter are 48 a year; shares, counts and stocks stay as they are';

CREATE FUNCTION dash.standards(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (area text, area_name text, standard text, owner text, demand text, value float8, measure float8, lower float8, upper float8, unit text, verdict text, remedy text, citation text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH span AS MATERIALIZED (SELECT dash.period($2) AS days),
  asked AS (
    SELECT i.*, span.days, dash.yearly_factor(i.kind, i.flow, span.days) AS a_year
    FROM dash.indicator i CROSS JOIN span WHERE i.code = $1),
  figure AS (
    SELECT t.area, t.area_name, t.measure * k.a_year AS measure, t.lower * k.a_year AS lower, t.upper * k.a_year AS upper, t.reason, k.unit, lower(k.days) AS first_day, k.code AS indicator
    FROM asked k CROSS JOIN LATERAL dash.area_totals($1, k.days, $4, $5) AS t)
  SELECT f.area, f.area_name, s.code, s.owner, s.demand, s.value::float8, CASE WHEN s.code IS NOT NULL THEN f.measure END,
         CASE WHEN s.code IS NOT NULL THEN f.lower END, CASE WHEN s.code IS NOT NULL THEN f.upper END, f.unit, sv.label,
         CASE WHEN v.verdict = 'not met' THEN dash.remedy_of(s.code, $3) END, s.citation, sr.label
  FROM figure f LEFT JOIN dash.standard s ON s.indicator = f.indicator AND coalesce(f.first_day >= s.valid_from, true) AND coalesce(f.first_day < s.valid_until, true)
  CROSS JOIN LATERAL (SELECT civic.standard_verdict(f.lower, f.upper, s.value::float8, s.demand = 'at_least') AS verdict) AS v
  LEFT JOIN dash.labels_of('verdict', $3) AS sv ON sv.code = v.verdict LEFT JOIN dash.labels_of('reason', $3) AS sr ON sr.code = coalesce(f.reason, CASE WHEN s.code IS NULL THEN 'no_standard' END)
  ORDER BY f.area, s.code;
END;
COMMENT ON FUNCTION dash.standards(text, text, text, text, text[]) IS
  'areas against each standard in force on the first day of the period: met, not met or cannot tell, from the 95 % interval and never from the point. Rates of events are stated per year. Where a standard is not met, remedy is what its owner advises; reason says why there is no figure or no standard';
