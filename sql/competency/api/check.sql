-- What officials cannot be: each error says which row, which field and what was expected.

CREATE FUNCTION centre.official_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.subject_id, p.kind, p.code INTO wrong FROM new_rows n JOIN centre.frac_node p ON p.node_id = n.position_id WHERE p.kind <> 'position' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'an official holds a position' USING ERRCODE = 'check_violation', DETAIL = format('Official %s, field position_id: "%s" is of kind %s.', wrong.subject_id, wrong.code, wrong.kind),
      HINT = 'Give a node of kind position, or none.';
  END IF;
  -- up the line, on the days on which all of it holds
  WITH RECURSIVE up AS (
    SELECT n.subject_id, n.manager_id, n.valid, ARRAY[n.subject_id] AS line FROM new_rows n WHERE n.manager_id IS NOT NULL
    UNION ALL
    SELECT u.subject_id, o.manager_id, u.valid * o.valid, u.line || o.subject_id
    FROM up u JOIN centre.official o ON o.subject_id = u.manager_id AND o.valid && u.valid WHERE o.manager_id IS NOT NULL AND u.manager_id <> ALL (u.line))
  SELECT u.subject_id, u.line || u.manager_id AS line, u.valid INTO wrong FROM up u WHERE u.manager_id = ANY (u.line) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'officials report to each other in a circle' USING ERRCODE = 'check_violation',
      DETAIL = format('Official %s, field manager_id: on %s the line is %s.', wrong.subject_id, lower(wrong.valid), array_to_string(wrong.line, ' to ')), HINT = 'Somebody at the top reports to nobody (null).';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.official_check() IS 'trigger of official: a post is a position, and nobody reports to oneself through others on any day';
CREATE TRIGGER civic_check_insert AFTER INSERT ON centre.official REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.official_check();
CREATE TRIGGER civic_check_update AFTER UPDATE ON centre.official REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.official_check();
