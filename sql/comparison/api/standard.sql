-- Quality standards: what they ask, whether areas meet them, and what their owners advise where they do not.

CREATE VIEW dash.standard AS
  SELECT s.code, s.indicator, s.owner, s.demand, s.value, lower(s.valid) AS valid_from, upper(s.valid) AS valid_until, s.citation, s.remedy, s.least FROM centre.standard s;
COMMENT ON VIEW dash.standard IS 'quality standards with owner, source and remedy; valid_until is the day after the last, least how many facilities or people a verdict needs';

CREATE FUNCTION dash.check_standard(standard text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF standard <> '' AND NOT EXISTS (SELECT FROM dash.standard s WHERE s.code = standard) THEN
    RAISE EXCEPTION 'there is no standard "%"', standard USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(standard, ARRAY(SELECT s.code FROM dash.standard s));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_standard(text) IS 'an error where a quality standard is not known';

CREATE FUNCTION dash.remedy_of(standard text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce((SELECT coalesce(nullif(dash.label_of('remedy', s.code, lang), s.code), s.remedy) FROM dash.standard s WHERE s.code = remedy_of.standard), CASE WHEN dash.check_standard(remedy_of.standard) THEN NULL END);
COMMENT ON FUNCTION dash.remedy_of(text, text) IS 'what the owner of a standard advises where it is missed, in a language where there is a label of domain remedy, else as the standard has it';

CREATE FUNCTION dash.catalogue(lang text DEFAULT 'en')
RETURNS TABLE (indicator text, indicator_name text, topic text, topic_name text, kind text, unit text, direction text, standard text, owner text, demand text, value float8, citation text, remedy text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_lang($1);
  SELECT i.code, dash.label_of('indicator', i.code, $1), i.topic, dash.label_of('topic', i.topic, $1), i.kind, i.unit, i.direction,
         s.code, s.owner, s.demand, s.value::float8, s.citation, dash.remedy_of(s.code, $1)
  FROM dash.indicator i LEFT JOIN dash.standard s ON s.indicator = i.code
  ORDER BY i.topic, i.code, s.code;
END;
COMMENT ON FUNCTION dash.catalogue(text) IS 'every indicator with topic, unit and direction, and each standard it is held against with owner, value, source and remedy; one row without a standard where there is none';

CREATE FUNCTION dash.yearly_factor(kind text, flow text, days integer) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN kind = 'rate' AND flow = 'event' THEN 365.25 / nullif(days, 0) ELSE 1 END;
COMMENT ON FUNCTION dash.yearly_factor(text, text, integer) IS
  'what a measure of so many published days is multiplied by to be a yearly one: 12 cases in a quarter are 48 a year; shares, counts and stocks stay as they are';

-- The one rule of every verdict on a standard.
CREATE FUNCTION dash.verdict(outer_lower float8, outer_upper float8, standard float8, demand text, denominator float8, needed integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN denominator < needed AND outer_lower IS NOT NULL AND standard IS NOT NULL THEN 'cannot tell'
         ELSE civic.standard_verdict(outer_lower, outer_upper, standard, demand = 'at_least') END;
COMMENT ON FUNCTION dash.verdict(float8, float8, float8, text, float8, integer) IS
  'met, not met or cannot tell: from the limits of what a figure may be, chance and missing answers together, and never from the point; cannot tell where fewer facilities or people than needed are behind it; null without limits or standard';

CREATE FUNCTION dash.standards(of_indicator text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (area text, area_name text, standard text, owner text, demand text, value float8, measure float8, ci_lower float8, ci_upper float8, unit text, verdict text, remedy text, citation text, reason text,
  possible_from float8, possible_to float8, denominator float8, periods integer, complete boolean, as_of timestamptz, shown text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_indicator($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_areas($5);
  WITH span AS MATERIALIZED (SELECT dash.days_of($1, $2, nullif($4, '')) AS days),
  figure AS (
    SELECT t.*, i.kind, dash.unit_of(i.unit, i.persons_of, t.periods) AS unit, i.code AS indicator, lower(span.days) AS first_day, dash.yearly_factor(i.kind, i.flow, t.days) AS a_year
    FROM dash.indicator i CROSS JOIN span CROSS JOIN LATERAL dash.area_totals($1, span.days, nullif($4, ''), $5) AS t WHERE i.code = $1)
  SELECT f.area, f.area_name, s.code, s.owner, s.demand, s.value::float8, k.shown * f.measure, k.shown * f.ci_lower, k.shown * f.ci_upper, f.unit, sv.label,
         CASE WHEN v.verdict = 'not met' THEN dash.remedy_of(s.code, $3) END, s.citation, coalesce(sr.label, y.why), k.shown * f.possible_from, k.shown * f.possible_to, f.denominator::float8, f.periods, f.complete, f.as_of,
         dash.shown(k.shown * f.measure, k.shown * f.possible_from, k.shown * f.possible_to, f.complete, coalesce(sr.label, y.why), w.written, f.held)
  FROM figure f CROSS JOIN (SELECT dash.shown_as($3) AS written) AS w LEFT JOIN dash.standard s ON s.indicator = f.indicator AND coalesce(f.first_day >= s.valid_from, true) AND coalesce(f.first_day < s.valid_until, true)
  CROSS JOIN LATERAL (SELECT CASE WHEN s.code IS NOT NULL THEN f.a_year END AS shown, CASE WHEN f.kind <> 'count' THEN f.denominator::float8 END AS behind) AS k
  CROSS JOIN LATERAL (SELECT dash.verdict(f.outer_lower * f.a_year, f.outer_upper * f.a_year, s.value::float8, s.demand, k.behind, s.least) AS verdict) AS v
  CROSS JOIN LATERAL (SELECT coalesce(f.reason, CASE WHEN s.code IS NULL THEN 'no_standard' END) AS why) AS y
  LEFT JOIN dash.labels_of('verdict', $3) AS sv ON sv.code = v.verdict LEFT JOIN dash.labels_of('reason', $3) AS sr ON sr.code = y.why
  ORDER BY f.area, s.code;
END;
COMMENT ON FUNCTION dash.standards(text, text, text, text, text[]) IS
  'areas against each standard in force on the first day of the period: met, not met or cannot tell, by dash.verdict(): from the 95 % limits, between what the figure is if missing answers are none, or a rounded count the least it may be (possible_from), and what it may be (possible_to; shown says both in words), and never on fewer facilities or people than the standard asks. Rates of events are stated per year, by the days that are published: complete is false where these are not all of the period. Where a standard is not met, remedy is what its owner advises; reason says why there is no figure or no standard';
