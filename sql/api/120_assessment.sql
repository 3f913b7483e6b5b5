-- Service levels of assessments, and JMP's reporting columns.

CREATE PROCEDURE centre.classify_assessments(of_form text, by_code text, INOUT classified bigint DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  by_ruleset centre.ruleset := (SELECT r FROM centre.ruleset r WHERE r.code = by_code ORDER BY r.ruleset_id DESC LIMIT 1);
BEGIN
  IF by_ruleset.ruleset_id IS NULL THEN
    RAISE EXCEPTION 'there is no ruleset "%"', by_code USING ERRCODE = 'no_data_found', HINT = 'centre.add_ruleset() adds one.';
  END IF;
  INSERT INTO centre.assessment_level AS l (assessment_id, ruleset_id, level, failed, unknown)
    SELECT a.assessment_id, by_ruleset.ruleset_id, civic.classify_json(by_ruleset.body, a.answers), civic.failed_rules(by_ruleset.body, v), civic.unknown_rules(by_ruleset.body, v)
    FROM centre.assessment a
    -- a ladder's rules do not read the clock; the day keeps the call pure
    CROSS JOIN LATERAL civic.evaluate_json(by_ruleset.body, a.assessed_on::timestamp AT TIME ZONE 'UTC', a.answers) AS v
    WHERE a.form = of_form
    ON CONFLICT (ruleset_id, assessment_id) DO UPDATE SET level = excluded.level, failed = excluded.failed, unknown = excluded.unknown
      WHERE (l.level, l.failed, l.unknown) IS DISTINCT FROM (excluded.level, excluded.failed, excluded.unknown);
  GET DIAGNOSTICS classified = ROW_COUNT;
END
$$;
COMMENT ON PROCEDURE centre.classify_assessments(text, text, bigint) IS
  'decide the service level of every assessment of a form by the latest version of a ruleset; writes only what differs and gives how many. Call it with another ruleset to read old answers by a new standard: both results stay, each naming its ruleset';

CREATE VIEW centre.assessment_result AS
  SELECT a.assessment_id, a.facility_id, a.household_id, coalesce(a.area_id, f.area_id, h.area_id) AS area_id, a.form, a.assessed_on, a.stratum, r.code AS ruleset, r.ruleset_id, l.level, l.failed, l.unknown,
         row_number() OVER (PARTITION BY r.ruleset_id, coalesce(a.facility_id::text, 'h' || a.household_id, 'a' || a.assessment_id) ORDER BY a.assessed_on DESC, a.assessment_id DESC) = 1 AS latest
  FROM centre.assessment_level l JOIN centre.assessment a USING (assessment_id) JOIN centre.ruleset r USING (ruleset_id)
  LEFT JOIN centre.facility f USING (facility_id) LEFT JOIN centre.household h USING (household_id);
COMMENT ON VIEW centre.assessment_result IS 'service levels with whom, where, when and by which ruleset; latest marks the current one of a facility or household, the others are its history';

CREATE FUNCTION centre.jmp_columns(by_code text, at_level text, of_stratum text DEFAULT NULL)
RETURNS TABLE (area text, area_name text, assessed bigint, advanced float8, basic float8, limited float8, below_limited float8, insufficient float8, basic_lower float8, basic_upper float8, parts jsonb,
               safely_managed float8, unimproved float8, no_service float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH one AS (
    SELECT s.area_id, x.level, x.failed, x.unknown
    FROM centre.assessment_result x JOIN centre.area_closure c ON c.descendant_id = x.area_id JOIN centre.area_standing s ON s.area_id = c.ancestor_id
    WHERE x.ruleset = $1 AND x.latest AND s.level = $2 AND ($3 IS NULL OR $3 = ANY (x.stratum))
      AND x.ruleset_id = (SELECT max(r.ruleset_id) FROM centre.ruleset r WHERE r.code = $1)),
  total AS (SELECT o.area_id, civic.service_distribution_agg(o.level) AS d FROM one o GROUP BY o.area_id),
  part AS (
    SELECT p.area_id, jsonb_object_agg(p.code, p.share ORDER BY p.code) AS parts
    FROM (SELECT o.area_id, i.code, (count(*) FILTER (WHERE NOT i.rules && o.failed AND NOT i.rules && o.unknown))::float8
                 / nullif(count(*) FILTER (WHERE i.rules && o.failed OR NOT i.rules && o.unknown), 0) AS share
          FROM one o JOIN centre.part_indicator i ON i.ruleset_code = $1 GROUP BY o.area_id, i.code) AS p
    GROUP BY p.area_id)
  SELECT a.code, a.name, civic.level_total(t.d), l.advanced, l.basic, l.limited, l.below_limited,
         civic.insufficient_share(t.d), civic.at_least_lower(t.d, 'basic'), civic.at_least_upper(t.d, 'basic'), p.parts,
         l.safely_managed, l.unimproved, l.no_service
  FROM total t JOIN centre.area a USING (area_id) LEFT JOIN part p USING (area_id)
  CROSS JOIN LATERAL (
    SELECT max(q.share) FILTER (WHERE q.level = 'advanced') AS advanced, max(q.share) FILTER (WHERE q.level = 'safely_managed') AS safely_managed,
           max(q.share) FILTER (WHERE q.level = 'basic') AS basic, max(q.share) FILTER (WHERE q.level = 'limited') AS limited,
           max(q.share) FILTER (WHERE q.level = 'unimproved') AS unimproved, max(q.share) FILTER (WHERE q.rank = 1) AS no_service,
           sum(q.share) FILTER (WHERE q.rank < q.limited_rank) AS below_limited
    FROM (SELECT v.level, v.rank, v.count::float8 / nullif(civic.level_total(t.d), 0) AS share, max(v.rank) FILTER (WHERE v.level = 'limited') OVER () AS limited_rank
          FROM civic.levels(t.d) AS v) AS q) AS l
  ORDER BY a.code;
END;
COMMENT ON FUNCTION centre.jmp_columns(text, text, text) IS
  'JMP''s reporting columns by area: shares at each level and with insufficient data, the bounds of "at least basic", and the part indicators (of those known). no_service is the ladder''s lowest level (surface water, open defecation, no facility), below_limited that and unimproved together; a level that the ladder lacks is null. Facilities and households by their latest assessment under the latest version of the ruleset; of_stratum limits to urban, hospital, ...';

CREATE FUNCTION centre.what_lifts(by_code text, at_level text, in_lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, rule text, facilities bigint, reason text, action text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT a.code, a.name, f.rule, count(*), coalesce(r.reason ->> $3, r.reason ->> 'en'), coalesce(r.action ->> $3, r.action ->> 'en')
  FROM centre.assessment_result x JOIN centre.ruleset b ON b.ruleset_id = x.ruleset_id
  JOIN centre.area_closure c ON c.descendant_id = x.area_id JOIN centre.area_standing s ON s.area_id = c.ancestor_id AND s.level = $2
  JOIN centre.area a ON a.area_id = s.area_id
  CROSS JOIN LATERAL unnest(x.failed) AS f (rule)
  JOIN LATERAL civic.ruleset_rules(b.body) AS r ON r.id = f.rule AND r.grp <> 'answers'
  WHERE x.ruleset = $1 AND x.latest AND x.ruleset_id = (SELECT max(v.ruleset_id) FROM centre.ruleset v WHERE v.code = $1)
  GROUP BY a.code, a.name, f.rule, r.reason, r.action
  ORDER BY a.code, 4 DESC, f.rule;
END;
COMMENT ON FUNCTION centre.what_lifts(text, text, text) IS 'criteria that facilities fail by area, with how many fail each, why and what to do: what would lift them';

-- Answers of documents: coded at intake, so that what cannot be coded is a dead letter there.
CREATE FUNCTION centre.intake_answers() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE intake_answer ON COMMIT DROP AS
    WITH asked AS (
      SELECT d.doc_no, m.options, CASE WHEN jsonb_typeof(s.said) <> 'object' THEN NULL
               WHEN m.options ? 'questions' THEN (SELECT jsonb_object_agg(q.value, s.said -> q.key) FROM jsonb_each_text(m.options -> 'questions') AS q WHERE s.said ? q.key)
               ELSE s.said END AS said, s.said #>> '{}' AS raw, jsonb_typeof(s.said) = 'object' AS readable
      FROM pg_temp.intake_doc d JOIN centre.intake_map m ON m.source = d.source AND m.form = d.form AND m.target = 'answers'
      CROSS JOIN LATERAL (SELECT coalesce(centre.try_jsonb(convert_to(d.said ->> 'answers', 'UTF8')), to_jsonb(d.said ->> 'answers')) AS said) AS s
      WHERE NOT d.deleted AND d.fault IS NULL AND d.said ? 'answers')
    SELECT a.doc_no, a.options ->> 'form' AS form, coalesce(c.answers, '{}') AS answers,
           CASE WHEN NOT a.readable THEN 'I102' WHEN u.key IS NOT NULL THEN 'I103' END AS code,
           CASE WHEN a.readable THEN 'answers.' || u.key ELSE 'answers' END AS field, CASE WHEN a.readable THEN u.value #>> '{}' ELSE a.raw END AS value
    FROM asked a
    CROSS JOIN LATERAL centre.code_answers(a.options ->> 'form', coalesce(a.options ->> 'version', ''), coalesce(a.options ->> 'lang', 'en'), a.said) AS c
    LEFT JOIN LATERAL jsonb_each(c.unknown_labels) AS u ON true;
  ANALYZE pg_temp.intake_answer;
END
$$;
COMMENT ON FUNCTION centre.intake_answers() IS
  'inner part of intake_check(): coded answers of each document in intake_answer, one row, or one for each label that centre.answer_code lacks';

CREATE FUNCTION centre.intake_store_assessments() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  site centre.site := (SELECT s FROM centre.site s);
BEGIN
  DELETE FROM centre.assessment a USING pg_temp.intake_locked l WHERE a.document_id = l.document_id AND l.outcome = 'updated';
  INSERT INTO centre.household (household_id, area_id)
    SELECT centre.pseudonym('household:' || btrim(b.said ->> 'household')), min(b.area_id)
    FROM pg_temp.intake_locked l JOIN pg_temp.intake_best b USING (doc_no) JOIN pg_temp.intake_answer a USING (doc_no)
    WHERE l.outcome IN ('inserted', 'updated') AND b.said ? 'household'
    GROUP BY 1 ORDER BY 1
    ON CONFLICT (household_id) DO NOTHING;
  INSERT INTO centre.assessment (document_id, facility_id, household_id, form, area_id, assessed_on, stratum, answers)
    SELECT l.document_id, b.facility_id, CASE WHEN b.facility_id IS NULL THEN centre.pseudonym('household:' || btrim(b.said ->> 'household')) END,
           a.form, b.area_id, (b.occurred_at AT TIME ZONE site.reporting_zone)::date, array_remove(ARRAY[b.coded ->> 'stratum'], NULL), a.answers
    FROM pg_temp.intake_locked l JOIN pg_temp.intake_best b USING (doc_no) JOIN pg_temp.intake_answer a USING (doc_no)
    WHERE l.outcome IN ('inserted', 'updated') AND NOT b.deleted;
END
$$;
COMMENT ON FUNCTION centre.intake_store_assessments() IS
  'inner part of intake_replace_observations(): the assessment of each new or changed document in place of its earlier one; households by pseudonym';

GRANT SELECT ON centre.answer_code, centre.ruleset, centre.household TO civic_ticker;
GRANT INSERT ON centre.household TO civic_ticker;
GRANT SELECT, INSERT, DELETE ON centre.assessment TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.assessment_level TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.intake_answers(), centre.intake_store_assessments(), centre.code_answers(text, text, text, jsonb) TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.classify_assessments(text, text, bigint) TO civic_ticker;
