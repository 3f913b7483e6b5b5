-- Everything that is stored on a person, for himself: what erase() would take away, shown.

CREATE FUNCTION centre.disclose_rows(of_relation text, routine text, person text, persons bigint[]) RETURNS SETOF jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF routine IS NOT NULL THEN
    RETURN QUERY EXECUTE format('SELECT %I.%I($1)', split_part(routine, '.', 1), split_part(routine, '.', 2)) USING persons;
  ELSE
    RETURN QUERY EXECUTE format('SELECT to_jsonb(x) FROM centre.%I x WHERE x.%I = ANY ($1)', of_relation, person) USING persons;
  END IF;
END
$$;
COMMENT ON FUNCTION centre.disclose_rows(text, text, text, bigint[]) IS 'inner part of disclose(): what a table says of persons';

CREATE FUNCTION centre.disclose(of_subject bigint) RETURNS TABLE (relation text, content jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  persons bigint[];
  part record;
BEGIN
  IF of_subject IS NULL THEN
    RAISE EXCEPTION 'there is no subject to disclose' USING ERRCODE = 'null_value_not_allowed', HINT = 'centre.pseudonym(identity) gives it.';
  END IF;
  persons := centre.erase_whom(of_subject);
  FOR part IN SELECT t.relation, j.routine, t.person FROM centre.retention t LEFT JOIN centre.disclose_job j USING (relation) WHERE t.erasure <> 'none' ORDER BY t.place LOOP
    IF part.routine IS NULL AND part.person IS NULL THEN
      RAISE EXCEPTION 'nobody says what table "%" holds on a person', part.relation USING ERRCODE = 'no_data_found', HINT = 'Name a function in centre.disclose_job.';
    END IF;
    RETURN QUERY SELECT part.relation, d FROM centre.disclose_rows(part.relation, part.routine, part.person, persons) AS d;
  END LOOP;
  INSERT INTO centre.erasure (cause, relations, rows) VALUES ('disclosure', 0, 0);
END
$$;
COMMENT ON FUNCTION centre.disclose(bigint) IS
  'everything the layer stores on a person (or a household) by pseudonym, table by table as JSON: what centre.erase() would delete or blank. That it was asked is noted in centre.erasure, by login, never for whom. Needs the owner; payloads are read as they would be for erasing, so it takes as long';
