-- Service levels of assessments as observations, and what boards show of them.

CREATE PROCEDURE centre.add_wash_indicators(of_domain text)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  spec centre.wash_domain := (SELECT d FROM centre.wash_domain d WHERE d.code = of_domain);
  rules civic.ruleset := (SELECT r.body FROM centre.ruleset r WHERE r.code = spec.ruleset ORDER BY r.ruleset_id DESC LIMIT 1);
BEGIN
  CREATE TEMP TABLE wash_wanted ON COMMIT DROP AS
    WITH level AS (  -- those of the ladder that the ruleset gives
      SELECT v.level, v.rank::smallint AS rank
      FROM (SELECT service_distribution_agg((spec.ladder || ':basic')::service_level) AS d) AS x CROSS JOIN LATERAL civic.levels(x.d) AS v
      WHERE v.level IN (SELECT o.value ->> 'outcome' FROM jsonb_array_elements(rules::text::jsonb -> 'outcomes') AS o))
    SELECT m.measure, m.code, m.rank, format('wash_%s_%s', of_domain, m.suffix) AS indicator
    FROM (SELECT 'level' AS measure, level AS code, rank, level AS suffix FROM level
          UNION ALL VALUES ('assessed', '', NULL::smallint, 'assessed'), ('insufficient', '', NULL, 'insufficient'), ('at_least_basic', '', NULL, 'at_least_basic'), ('may_be_basic', '', NULL, 'may_be_basic')
          UNION ALL SELECT 'part', p.code, NULL, p.code FROM centre.part_indicator p WHERE p.ruleset_code = spec.ruleset
          UNION ALL SELECT 'part_known', p.code, NULL, p.code || '_known' FROM centre.part_indicator p WHERE p.ruleset_code = spec.ruleset
          UNION ALL SELECT 'lift', r.id, NULL, 'lacks_' || r.id FROM civic.ruleset_rules(rules) AS r WHERE r.grp <> 'answers') AS m;
  INSERT INTO centre.indicator (code, kind, flow, topic, unit, direction, personal)
    SELECT w.indicator, 'count', 'stock', 'wash', CASE spec.unit WHEN 'facility' THEN 'facilities' ELSE 'households' END,
           CASE WHEN w.measure IN ('assessed', 'level', 'part_known') THEN 'neutral' WHEN w.measure IN ('lift', 'insufficient') THEN 'lower_is_better' ELSE 'higher_is_better' END,
           spec.unit = 'household'
    FROM pg_temp.wash_wanted w
    ON CONFLICT (code) DO NOTHING;
  INSERT INTO centre.indicator (code, kind, flow, topic, unit, numerator, denominator, direction, personal)
    VALUES (format('wash_%s_basic_share', of_domain), 'proportion', 'stock', 'wash', 'share', format('wash_%s_at_least_basic', of_domain), format('wash_%s_assessed', of_domain),
            'higher_is_better', spec.unit = 'household')
    ON CONFLICT (code) DO NOTHING;
  INSERT INTO centre.wash_measure (domain, measure, code, rank, indicator)
    SELECT of_domain, w.measure, w.code, w.rank, w.indicator FROM pg_temp.wash_wanted w
    ON CONFLICT (domain, measure, code) DO NOTHING;
  DROP TABLE pg_temp.wash_wanted;
END
$$;
COMMENT ON PROCEDURE centre.add_wash_indicators(text) IS 'inner part of add_wash_domain(): the indicators of a domain, wash_<domain>_<what>, and what each counts';

CREATE PROCEDURE centre.add_wash_labels(of_domain text)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  spec centre.wash_domain := (SELECT d FROM centre.wash_domain d WHERE d.code = of_domain);
BEGIN
  INSERT INTO centre.label (domain, code, lang, label)
    SELECT 'service_level', spec.ladder || ':' || m.code, g.code, civic.label((spec.ladder || ':' || m.code)::civic.service_level, g.code)
    FROM centre.wash_measure m CROSS JOIN centre.language g WHERE m.domain = of_domain AND m.measure = 'level' AND g.code IN ('en', 'fr')
    UNION ALL
    SELECT 'service_level', spec.ladder || ':insufficient', g.code, civic.label((spec.ladder || ':limited..basic')::civic.service_level, g.code)
    FROM centre.language g WHERE g.code IN ('en', 'fr')
    UNION ALL
    SELECT 'wash_lift', m.domain || ':' || m.code, t.key, t.value
    FROM centre.wash_measure m JOIN LATERAL (SELECT b.body FROM centre.ruleset b WHERE b.code = spec.ruleset ORDER BY b.ruleset_id DESC LIMIT 1) AS b ON true
    JOIN LATERAL civic.ruleset_rules(b.body) AS r ON r.id = m.code
    CROSS JOIN LATERAL jsonb_each_text(coalesce(r.reason, '{}') || coalesce(r.action, '{}')) AS t JOIN centre.language g ON g.code = t.key
    WHERE m.domain = of_domain AND m.measure = 'lift'
    UNION ALL
    SELECT 'indicator', m.indicator, 'en', replace(of_domain, '_', ' ') || ': ' || replace(CASE m.measure WHEN 'lift' THEN 'lacks ' || m.code WHEN 'part_known' THEN m.code || ' known'
             ELSE coalesce(nullif(m.code, ''), m.measure) END, '_', ' ')
    FROM centre.wash_measure m WHERE m.domain = of_domain
    UNION ALL
    SELECT 'indicator', format('wash_%s_basic_share', of_domain), 'en', replace(of_domain, '_', ' ') || ': share at basic or better'
    ON CONFLICT (domain, code, lang) DO NOTHING;
END
$$;
COMMENT ON PROCEDURE centre.add_wash_labels(text) IS 'inner part of add_wash_domain(): names of its levels, criteria and indicators; names that are there already stay';

CREATE PROCEDURE centre.add_wash_domain(of_code text, of_form text, by_code text, of_unit text DEFAULT 'facility')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind text := (SELECT r.body::text::jsonb ->> 'kind' FROM centre.ruleset r WHERE r.code = by_code ORDER BY r.ruleset_id DESC LIMIT 1);
BEGIN
  IF kind IS NULL THEN
    RAISE EXCEPTION 'there is no ruleset "%" that decides a service level', by_code USING ERRCODE = 'no_data_found', HINT = 'Its kind is a ladder, such as hcf; centre.add_ruleset() adds one.';
  END IF;
  INSERT INTO centre.wash_domain AS d (code, form, ruleset, ladder, unit) VALUES (of_code, of_form, by_code, kind, of_unit)
    ON CONFLICT (code) DO UPDATE SET form = excluded.form, ruleset = excluded.ruleset, ladder = excluded.ladder;
  CALL centre.add_wash_indicators(of_code);
  CALL centre.add_wash_labels(of_code);
  -- Facilities are no persons: published exactly.  Households are, and stay under the audience's threshold.
  INSERT INTO centre.cube AS c (code, audience, indicators, levels, period_unit, personal)
    SELECT 'wash_' || of_unit, 'centre', array_agg(i.code ORDER BY i.code), '{country,province,district,municipality}', 'month', of_unit = 'household'
    FROM (SELECT m.indicator AS code FROM centre.wash_measure m WHERE m.domain = of_code UNION ALL SELECT format('wash_%s_basic_share', of_code)) AS i
    ON CONFLICT (code) DO UPDATE SET indicators = ARRAY(SELECT unnest(c.indicators) UNION SELECT unnest(excluded.indicators) ORDER BY 1);
END
$$;
COMMENT ON PROCEDURE centre.add_wash_domain(text, text, text, text) IS
  'report a service, say hcf_water: the answers of of_form, decided by the ruleset by_code, of every facility or household (of_unit). Makes its indicators, their names, and adds them to the cube wash_facility or wash_household, by month. Again with another ruleset, the domain is decided by that from the next observe_wash() on';

CREATE PROCEDURE centre.observe_wash(as_of date DEFAULT current_date, INOUT observed bigint DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  domain record;
  classified bigint;
  span daterange := centre.period_of('month', as_of);
BEGIN
  PERFORM centre.take_turn('wash');
  FOR domain IN SELECT DISTINCT d.form, d.ruleset FROM centre.wash_domain d LOOP
    CALL centre.classify_assessments(domain.form, domain.ruleset, classified);
  END LOOP;
  -- how each facility and household stood on the day: by its latest assessment until then
  CREATE TEMP TABLE wash_level ON COMMIT DROP AS
    SELECT DISTINCT ON (d.code, a.facility_id, a.household_id) d.code AS domain, d.ruleset, a.facility_id, a.household_id,
           format('%s/%s/%s', to_char(as_of, 'YYYY-MM'), d.unit, coalesce(a.facility_id, a.household_id)) AS doc_key,
           coalesce(a.area_id, f.area_id, h.area_id) AS area_id, coalesce(s.verified, true) AS verified, l.level, l.failed, l.unknown
    FROM centre.wash_domain d CROSS JOIN LATERAL (SELECT max(r.ruleset_id) AS ruleset_id FROM centre.ruleset r WHERE r.code = d.ruleset) AS latest
    JOIN centre.assessment a ON a.form = d.form AND a.assessed_on <= as_of
    JOIN centre.assessment_level l ON l.assessment_id = a.assessment_id AND l.ruleset_id = latest.ruleset_id
    LEFT JOIN centre.facility f ON f.facility_id = a.facility_id LEFT JOIN centre.household h ON h.household_id = a.household_id
    LEFT JOIN centre.document o ON o.document_id = a.document_id LEFT JOIN centre.source s ON s.code = o.source
    WHERE CASE d.unit WHEN 'facility' THEN a.facility_id IS NOT NULL ELSE a.household_id IS NOT NULL END
    ORDER BY d.code, a.facility_id, a.household_id, a.assessed_on DESC, a.assessment_id DESC;
  DELETE FROM pg_temp.wash_level WHERE area_id IS NULL;
  ANALYZE pg_temp.wash_level;
  INSERT INTO centre.document (source, doc_key, version, content_hash, first_day, last_day)
    SELECT DISTINCT 'wash', doc_key, 1, sha256(convert_to(doc_key, 'UTF8')), as_of, as_of FROM pg_temp.wash_level ORDER BY doc_key
    ON CONFLICT (source, doc_key) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day;
  DELETE FROM centre.observation o USING centre.document d
    WHERE d.source = 'wash' AND o.document_id = d.document_id AND o.day >= lower(span) AND o.day < upper(span);
  IF pg_has_role('civic_admin', 'USAGE') THEN
    PERFORM centre.ensure_months(as_of, as_of);
  END IF;
  INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, facility_id, verified, sex, age_band)
    SELECT d.document_id, m.ordinal, as_of, as_of::timestamp AT TIME ZONE t.reporting_zone, i.indicator_id, w.area_id, w.household_id, w.facility_id, w.verified, 'u', 'u'
    FROM pg_temp.wash_level w JOIN centre.document d ON d.source = 'wash' AND d.doc_key = w.doc_key
    JOIN centre.wash_measure m USING (domain) JOIN centre.indicator i ON i.code = m.indicator CROSS JOIN centre.site t
    LEFT JOIN centre.part_indicator p ON p.ruleset_code = w.ruleset AND p.code = m.code AND m.measure IN ('part', 'part_known')
    WHERE CASE m.measure
      WHEN 'assessed' THEN true
      WHEN 'level' THEN NOT insufficient(w.level) AND level_name(w.level) = m.code
      WHEN 'insufficient' THEN insufficient(w.level)
      WHEN 'at_least_basic' THEN at_least(w.level, 'basic') IS TRUE
      WHEN 'may_be_basic' THEN at_least(w.level, 'basic') IS NOT FALSE
      WHEN 'part' THEN NOT p.rules && w.failed AND NOT p.rules && w.unknown
      WHEN 'part_known' THEN p.rules && w.failed OR NOT p.rules && w.unknown
      ELSE m.code = ANY (w.failed) END;
  GET DIAGNOSTICS observed = ROW_COUNT;
  DROP TABLE pg_temp.wash_level;
END
$$;
COMMENT ON PROCEDURE centre.observe_wash(date, bigint) IS
  'classify what is new, and make the service levels of all facilities and households, as they stood on a day by their latest assessment, observations of the domains'' indicators. One such look a month: it replaces an earlier one of the same month. For a base year call it with that year''s last day: old answers are then read by today''s ruleset. Publish the months looked at, no others. Facilities without an area are left out';

CREATE VIEW dash.wash_measure AS
  SELECT m.domain, d.unit, d.ladder, m.measure, m.code, m.rank, m.indicator FROM centre.wash_measure m JOIN centre.wash_domain d ON d.code = m.domain;
COMMENT ON VIEW dash.wash_measure IS 'services that are reported (domain) and the indicator behind each of their figures';

CREATE FUNCTION dash.wash_cells(of_domain text, in_period text, at_level text)
RETURNS TABLE (period_start date, area text, area_name text, measure text, code text, rank smallint, value float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH cell AS (
    SELECT r.*, m.measure, m.code, m.rank FROM dash.released r JOIN dash.wash_measure m USING (indicator)
    WHERE m.domain = $1 AND r.level = $3 AND r.breakdown = 'all'),
  newest AS (  -- the latest release that the period meets
    SELECT c.cube, c.period_start FROM cell c
    WHERE $2 = 'latest' OR (c.period_start < (SELECT upper(dash.period($2))) AND c.period_end > (SELECT lower(dash.period($2))))
    ORDER BY c.period_start DESC, c.cube LIMIT 1)
  SELECT c.period_start, c.area, c.area_name, c.measure, c.code, c.rank, c.value::float8, c.reason FROM cell c JOIN newest USING (cube, period_start);
END;
COMMENT ON FUNCTION dash.wash_cells(text, text, text) IS
  'published counts of a service by area of a level, one row a measure, from the latest release that the period (as dash.period reads it) meets; null with a reason where withheld';

CREATE FUNCTION dash.wash_levels(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, level text, level_name text, rank integer, count float8, share float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH cell AS (SELECT w.* FROM dash.wash_cells($1, $2, $4) AS w)
  SELECT c.period_start::timestamp AT TIME ZONE s.reporting_zone, c.area, c.area_name, k.level,
         dash.label_of('service_level', (SELECT m.ladder FROM dash.wash_measure m WHERE m.domain = $1 LIMIT 1) || ':' || k.level, $3),
         coalesce(c.rank, 0), c.value, c.value / nullif(t.value, 0),
         dash.label_of('reason', CASE WHEN coalesce(c.reason, t.reason) IS NOT NULL THEN coalesce(c.reason, t.reason) WHEN t.value = 0 THEN 'not_assessed' END, $3)
  FROM cell c CROSS JOIN LATERAL (SELECT CASE c.measure WHEN 'level' THEN c.code ELSE c.measure END AS level) AS k
  JOIN cell t ON t.area = c.area AND t.measure = 'assessed' CROSS JOIN dash.site s
  WHERE c.measure IN ('level', 'insufficient')
  ORDER BY c.area, 6;
END;
COMMENT ON FUNCTION dash.wash_levels(text, text, text, text) IS
  'the ladder of a service by area, for bars of 100 per cent: insufficient data (rank 0) and each level from the lowest (rank 1), as number and share of those assessed; null with a reason where withheld or where nothing was assessed';

CREATE FUNCTION dash.wash_lifts(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, criterion text, what text, count float8, share float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH cell AS (SELECT w.* FROM dash.wash_cells($1, $2, $4) AS w)
  SELECT c.period_start::timestamp AT TIME ZONE s.reporting_zone, c.area, c.area_name, c.code, dash.label_of('wash_lift', $1 || ':' || c.code, $3),
         c.value, c.value / nullif(t.value, 0), dash.label_of('reason', coalesce(c.reason, t.reason), $3)
  FROM cell c JOIN cell t ON t.area = c.area AND t.measure = 'assessed' CROSS JOIN dash.site s
  WHERE c.measure = 'lift' AND c.value IS DISTINCT FROM 0
  ORDER BY c.area, c.value DESC NULLS LAST, c.code;
END;
COMMENT ON FUNCTION dash.wash_lifts(text, text, text, text) IS
  'what would lift facilities or households: the criteria they lack by area, how many lack each, and what to do; one may lack several. Criteria that none lacks are left out';

CREATE FUNCTION dash.wash_progress(of_domain text, in_period text DEFAULT 'latest', lang text DEFAULT 'en', at_level text DEFAULT 'province')
RETURNS TABLE ("time" timestamptz, area text, area_name text, assessed float8, basic_lower float8, basic_upper float8, base_year integer, base_lower float8, base_upper float8,
               change float8, standard float8, against_standard text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH goal AS (
    SELECT i.base_year::integer AS base_year,
           (SELECT max(t.value)::float8 FROM dash.standard t WHERE t.indicator = i.code AND t.demand = 'at_least' AND daterange(t.valid_from, t.valid_until) @> lower(dash.period($2))) AS standard
    FROM dash.indicator i WHERE i.code = 'wash_' || $1 || '_basic_share'),
  wide AS (
    SELECT w.was, w.period_start, w.area, w.area_name, max(w.value) FILTER (WHERE w.measure = 'assessed') AS assessed,
           max(w.value) FILTER (WHERE w.measure = 'at_least_basic') AS surely, max(w.value) FILTER (WHERE w.measure = 'may_be_basic') AS possibly, max(w.reason) AS reason
    FROM (SELECT false AS was, n.* FROM dash.wash_cells($1, $2, $4) AS n
          UNION ALL SELECT true, b.* FROM dash.wash_cells($1, (SELECT g.base_year::text FROM goal g), $4) AS b) AS w
    WHERE w.measure IN ('assessed', 'at_least_basic', 'may_be_basic')
    GROUP BY w.was, w.period_start, w.area, w.area_name),
  share AS (
    SELECT w.*, w.surely / nullif(w.assessed, 0) AS lower, w.possibly / nullif(w.assessed, 0) AS upper FROM wide w)
  SELECT n.period_start::timestamp AT TIME ZONE s.reporting_zone, n.area, n.area_name, n.assessed, n.lower, n.upper, g.base_year, b.lower, b.upper, n.lower - b.lower, g.standard,
         dash.label_of('standard', CASE WHEN n.lower >= g.standard THEN 'met' WHEN n.upper < g.standard THEN 'not_met' WHEN g.standard IS NOT NULL AND n.lower IS NOT NULL THEN 'open' END, $3),
         dash.label_of('reason', CASE WHEN n.reason IS NOT NULL THEN n.reason WHEN n.assessed = 0 THEN 'not_assessed' END, $3)
  FROM share n CROSS JOIN goal g CROSS JOIN dash.site s LEFT JOIN share b ON b.was AND b.area = n.area
  WHERE NOT n.was
  ORDER BY n.area;
END;
COMMENT ON FUNCTION dash.wash_progress(text, text, text, text) IS
  'the share at basic or better by area (surely, and possibly if every missing answer were the best) beside the base year''s and the national standard, both of the indicator wash_<domain>_basic_share (of several standards in force on the first day the highest); change is in shares, of the sure ones. The standard is met when the sure share reaches it, not met when even the possible one does not, else it cannot be told';

GRANT SELECT ON centre.wash_domain, centre.wash_measure, centre.part_indicator TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.period_of(text, date) TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.observe_wash(date, bigint) TO civic_ticker;

CREATE FUNCTION centre.erase_wait_wash() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.take_turn('wash');
END
$$;
COMMENT ON FUNCTION centre.erase_wait_wash() IS 'part of erase(): no service level is being observed';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_wash', 'wait', 30, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;
