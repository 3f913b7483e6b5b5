-- Variants of rulesets: a country's standard, or another reading, as the changes to a published one.

CREATE FUNCTION centre.merge_list(base jsonb, changes jsonb, key text) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(jsonb_agg(coalesce(b.member, '{}') || coalesce(c.member, '{}') ORDER BY b.place, c.place), '[]')
  FROM jsonb_array_elements(base) WITH ORDINALITY b (member, place)
    FULL JOIN jsonb_array_elements(changes) WITH ORDINALITY c (member, place) ON b.member ->> key = c.member ->> key;
END;
COMMENT ON FUNCTION centre.merge_list(jsonb, jsonb, text) IS
  'array of objects with the members of those objects replaced that have the same value of key in changes, and the others of changes behind; NULL is an empty array';

CREATE FUNCTION centre.list_without(list jsonb, key text, names text[]) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(jsonb_agg(m.member ORDER BY m.place), '[]') FROM jsonb_array_elements(list) WITH ORDINALITY AS m (member, place) WHERE coalesce(m.member ->> key <> ALL (names), true);
END;
COMMENT ON FUNCTION centre.list_without(jsonb, text, text[]) IS 'array of objects without those whose key has one of the names; NULL is an empty array';

CREATE FUNCTION centre.ruleset_without(base jsonb, remove jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text;
  listed jsonb;
  key text;
  names text[];
  there text[];
  missing text;
BEGIN
  FOR part, listed IN SELECT e.key, e.value FROM jsonb_each(coalesce(remove, '{}')) AS e LOOP
    key := CASE WHEN part = 'rules' THEN 'id' WHEN part IN ('facts', 'definitions', 'outputs') THEN 'name' END;
    IF key IS NULL AND part <> 'params' OR jsonb_typeof(listed) <> 'array' THEN
      RAISE EXCEPTION 'a variant cannot remove "%"', part USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At $.remove.%s.', part),
        HINT = 'It removes rules by id, facts, definitions, outputs and params by name, each as an array of names.';
    END IF;
    names := ARRAY(SELECT jsonb_array_elements_text(listed));
    there := CASE WHEN key IS NULL THEN ARRAY(SELECT jsonb_object_keys(base -> 'params')) ELSE ARRAY(SELECT m ->> key FROM jsonb_array_elements(base -> part) AS m) END;
    missing := (SELECT n FROM unnest(names) AS n WHERE n <> ALL (there) LIMIT 1);
    IF missing IS NOT NULL THEN
      RAISE EXCEPTION 'the base has nothing of the name "%" in %', missing, part USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At $.remove.%s.', part),
        HINT = format('It has %s%s.', array_to_string(there, ', '), centre.perhaps(missing, there));
    END IF;
    base := jsonb_set(base, ARRAY[part], CASE WHEN key IS NULL THEN (base -> 'params') - names ELSE centre.list_without(base -> part, key, names) END);
  END LOOP;
  RETURN base;
END
$$;
COMMENT ON FUNCTION centre.ruleset_without(jsonb, jsonb) IS
  'inner part of ruleset_variant(): a ruleset without the rules, facts, definitions, outputs and params that remove names ({"rules": [id], "params": [name], ...}); a name that is not there is an error';

CREATE FUNCTION centre.ruleset_variant(base jsonb, changes jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT b.body || (changes - 'remove')
    || jsonb_build_object(
         'facts', centre.merge_list(b.body -> 'facts', changes -> 'facts', 'name'),
         'rules', centre.merge_list(b.body -> 'rules', changes -> 'rules', 'id'),
         'params', coalesce(b.body -> 'params', '{}') || coalesce(changes -> 'params', '{}'),
         'tests', coalesce(changes -> 'tests', '[]'))
    || CASE WHEN b.body ? 'definitions' OR changes ? 'definitions' THEN jsonb_build_object('definitions', centre.merge_list(b.body -> 'definitions', changes -> 'definitions', 'name')) ELSE '{}' END
    || CASE WHEN b.body ? 'outputs' OR changes ? 'outputs' THEN jsonb_build_object('outputs', centre.merge_list(b.body -> 'outputs', changes -> 'outputs', 'name')) ELSE '{}' END
  FROM (SELECT centre.ruleset_without(base, changes -> 'remove') AS body) AS b;
END;
COMMENT ON FUNCTION centre.ruleset_variant(jsonb, jsonb) IS
  'ruleset that differs from base as changes says: what its remove names goes (centre.ruleset_without); facts, definitions and outputs are merged by name and rules by id, member by member, new ones come last; params are merged by name; '
  'outcomes and every other key are replaced; tests are those of changes alone, because those of base need not hold; NULL of NULL';

GRANT EXECUTE ON FUNCTION centre.merge_list(jsonb, jsonb, text), centre.list_without(jsonb, text, text[]), centre.ruleset_without(jsonb, jsonb), centre.ruleset_variant(jsonb, jsonb) TO civic_approver;
