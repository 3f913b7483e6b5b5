-- What evidence and trainings cannot be: each error says which row, which field and what was expected.

CREATE FUNCTION centre.evidence_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.subject_id, c.code, c.framework, n.level, s.highest INTO wrong
    FROM new_rows n JOIN centre.competency c USING (competency_id)
    JOIN (SELECT l.framework, max(l.level) AS highest FROM centre.level_scale l GROUP BY l.framework) AS s ON s.framework = c.framework WHERE n.level > s.highest LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the framework has no such level' USING ERRCODE = 'check_violation',
      DETAIL = format('Evidence of official %s for competency "%s", field level: it is %s, the scale of framework "%s" ends at %s.', wrong.subject_id, wrong.code, wrong.level, wrong.framework, wrong.highest),
      HINT = 'Levels stand in centre.level_scale.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.evidence_check() IS 'trigger of evidence: no level above the scale of its framework, where that has one';
CREATE TRIGGER civic_check AFTER INSERT ON centre.evidence REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.evidence_check();

CREATE FUNCTION centre.training_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.code, x.field, e.competency INTO wrong
    FROM new_rows n CROSS JOIN LATERAL (VALUES ('teaches', n.teaches), ('prerequisites', n.prerequisites)) AS x (field, set) CROSS JOIN LATERAL civic.each(x.set) AS e
    WHERE NOT EXISTS (SELECT FROM centre.competency c WHERE c.competency_id = e.competency) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a training knows no competencies but those of the dictionary' USING ERRCODE = 'foreign_key_violation',
      DETAIL = format('Training "%s", field %s: there is no competency %s.', wrong.code, wrong.field, wrong.competency), HINT = 'Competencies stand in centre.competency.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.training_check() IS 'trigger of training: what it teaches and asks for is in the dictionary of competencies';
CREATE TRIGGER civic_check_insert AFTER INSERT ON centre.training REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.training_check();
CREATE TRIGGER civic_check_update AFTER UPDATE ON centre.training REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.training_check();

GRANT EXECUTE ON FUNCTION centre.evidence_check() TO civic_ticker;
