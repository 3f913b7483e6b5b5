-- Service levels of assessments as observations, and what boards show of them.

CREATE PROCEDURE centre.add_wash_indicators(of_domain text)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  spec centre.wash_domain := (SELECT d FROM centre.wash_domain d WHERE d.code = of_domain);
  rules civic.ruleset := (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = centre.ruleset_deciding(spec.ruleset));
BEGIN
  CREATE TEMP TABLE wash_wanted ON COMMIT DROP AS
    WITH level AS (  -- those of the ladder that the ruleset gives
      SELECT v.level, v.rank::smallint AS rank
      FROM (SELECT service_distribution_agg((spec.ladder || ':basic')::service_level) AS d) AS x CROSS JOIN LATERAL civic.levels(x.d) AS v
      WHERE v.level IN (SELECT o.value ->> 'outcome' FROM jsonb_array_elements(rules::text::jsonb -> 'outcomes') AS o))
    SELECT m.measure, m.code, m.rank, format('wash_%s_%s', of_domain, m.suffix) AS indicator
    FROM (SELECT 'level' AS measure, level AS code, rank, level AS suffix FROM level
          UNION ALL VALUES ('registered', '', NULL::smallint, 'registered'), ('assessed', '', NULL, 'assessed'), ('insufficient', '', NULL, 'insufficient'), ('at_least_basic', '', NULL, 'at_least_basic'), ('may_be_basic', '', NULL, 'may_be_basic')
          UNION ALL SELECT 'part', p.code, NULL, p.code FROM centre.part_indicator p WHERE p.ruleset_code = spec.ruleset
          UNION ALL SELECT 'part_known', p.code, NULL, p.code || '_known' FROM centre.part_indicator p WHERE p.ruleset_code = spec.ruleset
          UNION ALL SELECT 'lift', r.id, NULL, 'lacks_' || r.id FROM civic.ruleset_rules(rules) AS r WHERE r.grp <> 'answers') AS m;
  INSERT INTO centre.indicator (code, kind, flow, topic, unit, direction, personal)
    SELECT w.indicator, 'count', 'stock', 'wash', CASE spec.unit WHEN 'facility' THEN 'facilities' ELSE 'households' END,
           CASE WHEN w.measure IN ('registered', 'assessed', 'level', 'part_known') THEN 'neutral' WHEN w.measure IN ('lift', 'insufficient') THEN 'lower_is_better' ELSE 'higher_is_better' END,
           spec.unit = 'household'
    FROM pg_temp.wash_wanted w
    ON CONFLICT (code) DO NOTHING;
  -- facilities are counted one by one, and may be assessed one and all; households that are known are a sample of those there are
  INSERT INTO centre.indicator (code, kind, flow, topic, unit, numerator, denominator, direction, personal, possible, whole)
    VALUES (format('wash_%s_basic_share', of_domain), 'proportion', 'stock', 'wash', 'share', format('wash_%s_at_least_basic', of_domain), format('wash_%s_assessed', of_domain),
            'higher_is_better', spec.unit = 'household', format('wash_%s_may_be_basic', of_domain),
            CASE spec.unit WHEN 'facility' THEN format('wash_%s_registered', of_domain) END)
    ON CONFLICT (code) DO UPDATE SET possible = excluded.possible, whole = excluded.whole;
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
    FROM centre.wash_measure m JOIN LATERAL (SELECT b.body FROM centre.ruleset b WHERE b.ruleset_id = centre.ruleset_deciding(spec.ruleset)) AS b ON true
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
  kind text := (SELECT r.body::text::jsonb ->> 'kind' FROM centre.ruleset r WHERE r.ruleset_id = centre.ruleset_deciding(by_code));
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
    SELECT 'wash_' || of_unit, 'centre', array_agg(i.code ORDER BY i.code),
           '{country,province,district,municipality,local_municipality,ward}', 'month', of_unit = 'household'
    FROM (SELECT m.indicator AS code FROM centre.wash_measure m WHERE m.domain = of_code UNION ALL SELECT format('wash_%s_basic_share', of_code)) AS i
    ON CONFLICT (code) DO UPDATE SET indicators = ARRAY(SELECT unnest(c.indicators) UNION SELECT unnest(excluded.indicators) ORDER BY 1),
      levels = c.levels || ARRAY(SELECT l FROM unnest(excluded.levels) AS l WHERE l <> ALL (c.levels));
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
    FROM centre.wash_domain d CROSS JOIN LATERAL (SELECT centre.ruleset_deciding(d.ruleset) AS ruleset_id) AS latest
    JOIN centre.assessment a ON a.form = d.form AND a.assessed_on <= as_of
    JOIN centre.assessment_level l ON l.assessment_id = a.assessment_id AND l.ruleset_id = latest.ruleset_id
    LEFT JOIN centre.facility f ON f.facility_id = a.facility_id LEFT JOIN centre.household h ON h.household_id = a.household_id
    LEFT JOIN centre.document o ON o.document_id = a.document_id LEFT JOIN centre.source s ON s.code = o.source
    WHERE CASE d.unit WHEN 'facility' THEN a.facility_id IS NOT NULL ELSE a.household_id IS NOT NULL END
    ORDER BY d.code, a.facility_id, a.household_id, a.assessed_on DESC, a.assessment_id DESC;
  -- those never assessed count too: facilities of a kind that the form is for, and all households
  INSERT INTO pg_temp.wash_level (domain, ruleset, facility_id, household_id, doc_key, area_id, verified)
    SELECT d.code, d.ruleset, n.facility_id, n.household_id, format('%s/%s/%s', to_char(as_of, 'YYYY-MM'), d.unit, coalesce(n.facility_id, n.household_id)), n.area_id, true
    FROM centre.wash_domain d
    JOIN (SELECT 'facility' AS unit, f.facility_id, NULL::bigint AS household_id, f.area_id, f.type FROM centre.facility f
          UNION ALL SELECT 'household', NULL, h.household_id, h.area_id, NULL FROM centre.household h) AS n USING (unit)
    -- one at a time, because each alone can be hashed
    WHERE NOT EXISTS (SELECT FROM pg_temp.wash_level w WHERE w.domain = d.code AND w.facility_id = n.facility_id)
      AND NOT EXISTS (SELECT FROM pg_temp.wash_level w WHERE w.domain = d.code AND w.household_id = n.household_id)
      AND (d.unit = 'household' OR EXISTS (SELECT FROM centre.assessment a JOIN centre.facility f USING (facility_id) WHERE a.form = d.form AND f.type IS NOT DISTINCT FROM n.type));
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
      WHEN 'registered' THEN true
      WHEN 'assessed' THEN w.level IS NOT NULL
      WHEN 'level' THEN NOT insufficient(w.level) AND level_name(w.level) = m.code
      WHEN 'insufficient' THEN insufficient(w.level)
      WHEN 'at_least_basic' THEN at_least(w.level, 'basic') IS TRUE
      WHEN 'may_be_basic' THEN at_least(w.level, 'basic') IS NOT FALSE
      WHEN 'part' THEN NOT p.rules && w.failed AND NOT p.rules && w.unknown
      WHEN 'part_known' THEN p.rules && w.failed OR NOT p.rules && w.unknown
      ELSE m.code = ANY (w.failed) END
      AND (w.level IS NOT NULL OR m.measure = 'registered');
  GET DIAGNOSTICS observed = ROW_COUNT;
  DROP TABLE pg_temp.wash_level;
END
$$;
COMMENT ON PROCEDURE centre.observe_wash(date, bigint) IS
  'classify what is new, and make the service levels of all facilities and households, as they stood on a day by their latest assessment, observations of the domains'' indicators. One such look a month: it replaces an earlier one of the same month. For a base year call it with that year''s last day: old answers are then read by today''s ruleset. Publish the months looked at, no others. Facilities without an area are left out; those never assessed are counted as registered, if they are of a type of which the form has assessed any';

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
