-- Documents with answers: coded, checked, and kept as assessments.

CREATE FUNCTION centre.code_answers(of_form text, of_version text, in_lang text, said jsonb, OUT answers jsonb, OUT unknown_labels jsonb)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT jsonb_object_agg(s.key, CASE WHEN q.hits > 0 THEN coalesce(q.code, 'null') WHEN q.labels = 0 THEN coalesce(s.number, 'null') ELSE 'null' END),
         jsonb_object_agg(s.key, s.value) FILTER (WHERE q.hits = 0 AND s.value <> 'null' AND (q.labels > 0 OR s.number IS NULL))
  FROM (SELECT j.key, w.value, CASE WHEN jsonb_typeof(w.value) <> 'string' THEN w.value ELSE to_jsonb(centre.try_numeric(w.value #>> '{}')) END AS number
        FROM jsonb_each($4) AS j CROSS JOIN LATERAL (SELECT CASE WHEN btrim(j.value #>> '{}') = '' THEN 'null' ELSE j.value END AS value) AS w) AS s
  -- a question with labels takes these alone; one without is a number (of minutes), true or false
  CROSS JOIN LATERAL (
    SELECT count(*) AS labels, count(*) FILTER (WHERE k.meant) AS hits, (array_agg(k.code) FILTER (WHERE k.meant))[1] AS code
    FROM (SELECT a.code, lower(btrim(a.label)) = lower(btrim(s.value #>> '{}')) AS meant FROM centre.answer_code a
          WHERE a.form = $1 AND a.version = $2 AND a.lang = $3 AND a.question = s.key) AS k) AS q;
END;
COMMENT ON FUNCTION centre.code_answers(text, text, text, jsonb) IS
  'answers of a form in words to the codes rulesets read; labels that centre.answer_code does not know, and words for a question that has none, come back in unknown_labels and must be mended or refused: they never become an answer. Empty and null answers are not known';

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

GRANT EXECUTE ON FUNCTION centre.intake_answers(), centre.intake_store_assessments(), centre.code_answers(text, text, text, jsonb) TO civic_ticker;
