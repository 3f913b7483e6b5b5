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

CREATE FUNCTION centre.ruleset_variant(base jsonb, changes jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT base || changes
    || jsonb_build_object(
         'facts', centre.merge_list(base -> 'facts', changes -> 'facts', 'name'),
         'rules', centre.merge_list(base -> 'rules', changes -> 'rules', 'id'),
         'params', coalesce(base -> 'params', '{}') || coalesce(changes -> 'params', '{}'),
         'tests', coalesce(changes -> 'tests', '[]'));
END;
COMMENT ON FUNCTION centre.ruleset_variant(jsonb, jsonb) IS
  'ruleset that differs from base as changes says: facts are merged by name and rules by id, member by member, new ones come last; params are merged by name; '
  'outcomes and every other key are replaced; tests are those of changes alone, because those of base need not hold; NULL of NULL';

GRANT EXECUTE ON FUNCTION centre.merge_list(jsonb, jsonb, text), centre.ruleset_variant(jsonb, jsonb) TO civic_approver;
