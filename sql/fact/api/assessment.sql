-- Service levels of assessments, and JMP's reporting columns.

CREATE PROCEDURE centre.classify_assessments(of_form text, by_code text, INOUT classified bigint DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  by_ruleset centre.ruleset := (SELECT r FROM centre.ruleset r WHERE r.ruleset_id = centre.ruleset_deciding(by_code));
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

GRANT SELECT ON centre.answer_code, centre.ruleset, centre.household TO civic_ticker;
GRANT INSERT ON centre.household TO civic_ticker;
GRANT SELECT, INSERT, DELETE ON centre.assessment TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.assessment_level TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.classify_assessments(text, text, bigint) TO civic_ticker;
