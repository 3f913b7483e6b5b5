-- CertLogic rules as typed rulesets: the same decision over typed facts, with what the dialect lacks: valid_until, reasons, speed.
-- CertLogic has errors where a value is missing (an error is no pass), typed rulesets have guards: each part of an expression becomes its truth over facts
-- that may be absent, false where it would be an error, and, where a false would not end in a refusal, the condition under which it is no error (ok).

CREATE FUNCTION centre.dcc_facts() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT jsonb_object_agg(f.path, jsonb_build_object('name', f.name, 'type', f.type))
  FROM (
    SELECT format('payload.%s.0.%s', e.event, n.name) AS path, e.event || '_' || n.name AS name, e.type
    FROM (VALUES ('v', 'text', '{tg,vp,mp,ma,co,is,ci}'::text[]), ('v', 'integer', '{dn,sd}'), ('v', 'timestamptz', '{dt}'), ('t', 'text', '{tg,tt,nm,ma,tr,tc,co,is,ci}'), ('t', 'timestamptz', '{sc}'),
                 ('r', 'text', '{tg,co,is,ci}'), ('r', 'timestamptz', '{fr,df,du}')) AS e (event, type, names), unnest(e.names) AS n (name)
    UNION ALL
    SELECT 'payload.' || e.event || i.index, e.event || replace(i.index, '.', '_'), 'there' FROM unnest('{v,t,r}'::text[]) AS e (event), unnest(ARRAY['', '.0', '.1']) AS i (index)) AS f;
END;
COMMENT ON FUNCTION centre.dcc_facts() IS
  'the facts of an EU digital COVID certificate (schema 1.3) by their path in CertLogic, {path: {name, type}}: of the first vaccination, test and recovery; type there: whether there is such an object, or anything in the list';

-- ---- conditions, as short as they can be ----

CREATE FUNCTION centre.all_of(VARIADIC conditions jsonb[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN bool_or(c.condition = 'false') THEN 'false' WHEN count(*) FILTER (WHERE c.condition <> 'true') = 0 THEN 'true'
              WHEN count(DISTINCT c.condition) FILTER (WHERE c.condition <> 'true') = 1 THEN jsonb_agg(c.condition) FILTER (WHERE c.condition <> 'true') -> 0
              ELSE jsonb_build_object('and', jsonb_agg(c.condition ORDER BY c.place) FILTER (WHERE c.condition <> 'true')) END
  FROM (SELECT u.condition, min(u.place) AS place FROM unnest(conditions) WITH ORDINALITY AS u (condition, place) GROUP BY u.condition) AS c;
END;
COMMENT ON FUNCTION centre.all_of(jsonb[]) IS 'inner part of the import of CertLogic: a condition that holds where all of some do, each once';

CREATE FUNCTION centre.not_so(condition jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN condition = 'true' THEN 'false' WHEN condition = 'false' THEN 'true' WHEN condition ? '!' THEN condition -> '!' ELSE jsonb_build_object('!', condition) END;
COMMENT ON FUNCTION centre.not_so(jsonb) IS 'inner part of the import of CertLogic: a condition that holds where another does not';

CREATE FUNCTION centre.any_of(VARIADIC conditions jsonb[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN bool_or(c.condition = 'true') THEN 'true' WHEN count(*) FILTER (WHERE c.condition <> 'false') = 0 THEN 'false'
              WHEN count(*) FILTER (WHERE c.condition <> 'false') = 1 THEN jsonb_agg(c.condition) FILTER (WHERE c.condition <> 'false') -> 0
              ELSE jsonb_build_object('or', jsonb_agg(c.condition ORDER BY c.place) FILTER (WHERE c.condition <> 'false')) END
  FROM unnest(conditions) WITH ORDINALITY AS c (condition, place);
END;
COMMENT ON FUNCTION centre.any_of(jsonb[]) IS 'inner part of the import of CertLogic: a condition that holds where any of some does';

CREATE FUNCTION centre.either(condition jsonb, then_so jsonb, else_so jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN condition = 'true' OR then_so = else_so THEN then_so WHEN condition = 'false' THEN else_so
            WHEN then_so = 'true' THEN centre.any_of(condition, else_so) WHEN else_so = 'true' THEN centre.any_of(centre.not_so(condition), then_so)
            WHEN then_so = 'false' THEN centre.all_of(centre.not_so(condition), else_so) WHEN else_so = 'false' THEN centre.all_of(condition, then_so)
            ELSE jsonb_build_object('if', jsonb_build_array(condition, then_so, else_so)) END;
COMMENT ON FUNCTION centre.either(jsonb, jsonb, jsonb) IS 'inner part of the import of CertLogic: one condition or another, as a third holds or not';

CREATE FUNCTION centre.typed_value(value jsonb, type text, guard jsonb DEFAULT 'true', ok jsonb DEFAULT 'true') RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('value', value, 'type', type, 'guard', guard, 'ok', ok, 'truth',
  CASE WHEN jsonb_typeof(value) = 'number' THEN to_jsonb(value <> '0') WHEN jsonb_typeof(value) = 'string' THEN to_jsonb(value <> '""')
       WHEN type = 'integer' THEN centre.all_of(guard, centre.not_so(jsonb_build_object('===', jsonb_build_array(value, 0))))
       WHEN type = 'text' THEN centre.all_of(guard, centre.not_so(jsonb_build_object('===', jsonb_build_array(value, '')))) ELSE guard END);
COMMENT ON FUNCTION centre.typed_value(jsonb, text, jsonb, jsonb) IS 'inner part of the import of CertLogic: a part that has a value: of which type, under which guard it is there, whether it is truthy, and where it is no error';

CREATE FUNCTION centre.typed_truth(truth jsonb, ok jsonb DEFAULT 'true') RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('type', 'boolean', 'truth', truth, 'guard', 'true'::jsonb, 'ok', ok);
COMMENT ON FUNCTION centre.typed_truth(jsonb, jsonb) IS 'inner part of the import of CertLogic: a part that is true or false';

-- ---- expressions ----

CREATE FUNCTION centre.untyped(path text, why text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the CertLogic expression cannot be typed: %', why USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At %s.', path),
    HINT = 'civic.certlogic() evaluates it as it is, without an instant until which the answer holds.';
END
$$;
COMMENT ON FUNCTION centre.untyped(text, text) IS 'inner part of the import of CertLogic: the error for what has no typed form';

CREATE FUNCTION centre.typed_equal(a jsonb, b jsonb, path text) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN a ->> 'type' <> b ->> 'type' THEN centre.untyped(path, format('%s is compared with %s', a ->> 'type', b ->> 'type'))
            WHEN a ->> 'type' = 'boolean' THEN centre.either(a -> 'truth', b -> 'truth', centre.not_so(b -> 'truth'))
            ELSE centre.any_of(centre.all_of(a -> 'guard', b -> 'guard', jsonb_build_object('===', jsonb_build_array(a -> 'value', b -> 'value'))),
                               centre.all_of(centre.not_so(a -> 'guard'), centre.not_so(b -> 'guard'))) END;
COMMENT ON FUNCTION centre.typed_equal(jsonb, jsonb, text) IS 'inner part of the import of CertLogic: two parts are equal; both missing are';

CREATE FUNCTION centre.typed_var(said text, context jsonb, path text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fact jsonb := context -> 'facts' -> said;
  value jsonb := jsonb_build_object('var', fact -> 'name');
BEGIN
  RETURN CASE
    WHEN said = 'external.validationClock' THEN centre.typed_value('{"now": []}', 'timestamptz')
    WHEN said LIKE 'external.valueSets.%' AND context -> 'sets' ? substr(said, 20) THEN jsonb_build_object('type', 'list', 'value', jsonb_build_object('param', centre.param_name(substr(said, 20))), 'ok', true, 'guard', true, 'truth', true)
    WHEN said = 'accumulator' AND context ? 'accumulator' THEN context -> 'accumulator'
    WHEN said ~ '^current(\.|$)' AND context ? 'current' THEN centre.typed_var((context ->> 'current') || substr(said, 8), context, path)
    WHEN fact ->> 'type' = 'there' THEN centre.typed_truth(value) || '{"type": "there"}' || jsonb_build_object('guard', value)
    WHEN fact IS NOT NULL THEN centre.typed_value(value, fact ->> 'type', jsonb_build_object('present', value))
    ELSE centre.untyped(path, format('"%s" is no fact', said) || centre.perhaps(said, ARRAY(SELECT jsonb_object_keys(context -> 'facts')))) END;
END
$$;
COMMENT ON FUNCTION centre.typed_var(text, jsonb, text) IS 'inner part of the import of CertLogic: a fact, the clock, a value set, or what a reduction walks over';

CREATE FUNCTION centre.param_name(value_set text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN lower(regexp_replace(value_set, '\W', '_', 'g'));
COMMENT ON FUNCTION centre.param_name(text) IS 'inner part of the import of CertLogic: the parameter that a value set becomes';

CREATE FUNCTION centre.typed_part(expr jsonb, context jsonb, path text, positive boolean) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  operator text;
  given jsonb;
  operands jsonb[];
  part jsonb[] := '{}';
  guards jsonb;
  oks jsonb := 'true';
  truth jsonb;
  i integer;
BEGIN
  CASE jsonb_typeof(expr)
    WHEN 'boolean' THEN RETURN centre.typed_truth(expr);
    WHEN 'null' THEN RETURN centre.untyped(path, 'null is no literal of CertLogic');
    WHEN 'string' THEN RETURN centre.typed_value(expr, 'text');
    WHEN 'number' THEN RETURN centre.typed_value(expr, 'integer');
    WHEN 'array' THEN RETURN centre.untyped(path, 'a list stands where none can');
    ELSE NULL;
  END CASE;
  SELECT e.key, e.value INTO operator, given FROM jsonb_each(expr) AS e LIMIT 1;
  path := format('%s."%s"', path, operator);
  operands := CASE WHEN jsonb_typeof(given) = 'array' THEN ARRAY(SELECT jsonb_array_elements(given)) ELSE ARRAY[given] END;
  IF operator = 'var' THEN
    RETURN centre.typed_var(given #>> '{}', context, path);
  ELSIF operator = 'reduce' THEN
    RETURN centre.typed_reduce(operands, context, path);
  ELSIF operator = 'in' THEN
    RETURN centre.typed_in(operands, context, path);
  ELSIF operator <> 'plusTime' AND NOT expr @? '$.**.var' THEN
    -- what reads nothing is what it comes to
    RETURN centre.typed_part(civic.certlogic(expr, '{}'), context, path, positive);
  END IF;
  FOR i IN 1 .. cardinality(operands) LOOP
    -- a false in place of an error ends in a refusal only where it comes out as it is
    part[i] := CASE WHEN operator = 'plusTime' AND i = 3 THEN '{}'
                    WHEN operator = 'plusTime' AND i = 1 AND jsonb_typeof(operands[1]) = 'string'
                    THEN centre.typed_value(civic.certlogic(jsonb_build_object('plusTime', jsonb_build_array(operands[1], 0, 'day')), '{}'), 'timestamptz')
                    ELSE centre.typed_part(operands[i], context, format('%s[%s]', path, i - 1), positive AND (operator = 'and' OR operator = 'if' AND i > 1)) END;
  END LOOP;
  guards := centre.all_of(VARIADIC ARRAY(SELECT coalesce(p -> 'guard', 'true') FROM unnest(part) AS p));
  CASE
    WHEN operator = '!' AND cardinality(part) = 1 THEN
      RETURN centre.typed_truth(centre.not_so(part[1] -> 'truth'), part[1] -> 'ok');
    WHEN operator = 'and' THEN
      FOR i IN REVERSE cardinality(part) .. 1 LOOP
        oks := centre.all_of(part[i] -> 'ok', centre.either(part[i] -> 'truth', oks, 'true'));
      END LOOP;
      RETURN centre.typed_truth(centre.all_of(VARIADIC ARRAY(SELECT p -> 'truth' FROM unnest(part) AS p)), oks) || CASE WHEN EXISTS (SELECT FROM unnest(part) AS p WHERE p ->> 'type' <> 'boolean') THEN '{"type": "mixed"}' ELSE '{}' END::jsonb;
    WHEN operator = 'if' AND cardinality(part) = 3 THEN
      oks := centre.all_of(part[1] -> 'ok', centre.either(part[1] -> 'truth', part[2] -> 'ok', part[3] -> 'ok'));
      truth := centre.either(part[1] -> 'truth', part[2] -> 'truth', part[3] -> 'truth');
      IF part[2] ->> 'type' = part[3] ->> 'type' AND part[2] ? 'value' THEN
        RETURN centre.typed_value(jsonb_build_object('if', jsonb_build_array(part[1] -> 'truth', part[2] -> 'value', part[3] -> 'value')), part[2] ->> 'type', centre.either(part[1] -> 'truth', part[2] -> 'guard', part[3] -> 'guard'), oks);
      END IF;
      RETURN centre.typed_truth(truth, oks) || CASE WHEN part[2] ->> 'type' = 'boolean' AND part[3] ->> 'type' = 'boolean' THEN '{}' ELSE '{"type": "mixed"}' END::jsonb;
    WHEN operator = '===' AND cardinality(part) = 2 THEN
      RETURN centre.typed_truth(centre.typed_equal(part[1], part[2], path), centre.all_of(part[1] -> 'ok', part[2] -> 'ok'));
    WHEN operator IN ('<', '<=', '>', '>=', 'before', 'after', 'not-before', 'not-after') AND cardinality(part) IN (2, 3) THEN
      IF EXISTS (SELECT FROM unnest(part) AS p WHERE p ->> 'type' <> CASE WHEN operator ~ '[<>]' THEN 'integer' ELSE 'timestamptz' END) THEN
        RETURN centre.untyped(path, format('operands of "%s" are of type %s', operator, (SELECT string_agg(p ->> 'type', ', ') FROM unnest(part) AS p)));
      END IF;
      oks := centre.all_of(VARIADIC ARRAY[guards] || ARRAY(SELECT p -> 'ok' FROM unnest(part) AS p));
      truth := centre.all_of(guards, jsonb_build_object(operator, (SELECT jsonb_agg(p -> 'value' ORDER BY n) FROM unnest(part) WITH ORDINALITY AS u (p, n))));
      RETURN centre.typed_truth(CASE WHEN positive THEN centre.all_of(oks, truth) ELSE truth END, CASE WHEN positive THEN 'true' ELSE oks END);
    WHEN operator = '+' AND (SELECT bool_and(p ->> 'type' = 'integer') FROM unnest(part) AS p) THEN
      RETURN centre.typed_value(jsonb_build_object('+', (SELECT jsonb_agg(p -> 'value' ORDER BY n) FROM unnest(part) WITH ORDINALITY AS u (p, n))), 'integer', guards, centre.all_of(VARIADIC ARRAY[guards] || ARRAY(SELECT p -> 'ok' FROM unnest(part) AS p)));
    WHEN operator = 'plusTime' AND part[1] ->> 'type' = 'timestamptz' AND jsonb_typeof(operands[2]) = 'number' THEN
      RETURN centre.typed_value(CASE WHEN operands[2] = '0' THEN part[1] -> 'value' ELSE jsonb_build_object('plusTime', jsonb_build_array(part[1] -> 'value', operands[2], operands[3])) END, 'timestamptz', guards, centre.all_of(guards, part[1] -> 'ok'));
    ELSE
      RETURN centre.untyped(path, format('"%s" of %s', operator, coalesce((SELECT string_agg(coalesce(p ->> 'type', 'a unit'), ', ') FROM unnest(part) AS p), 'nothing')));
  END CASE;
END
$$;
COMMENT ON FUNCTION centre.typed_part(jsonb, jsonb, text, boolean) IS 'inner part of the import of CertLogic: an expression as a typed condition or value. positive: where it is false, the rule refuses';

CREATE FUNCTION centre.typed_in(operands jsonb[], context jsonb, path text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  needle jsonb := centre.typed_part(operands[1], context, path || '[0]', false);
  list jsonb;
  members jsonb[];
BEGIN
  IF jsonb_typeof(operands[2]) = 'array' AND NOT operands[2] @? '$[*] ? (@.type() == "object" || @.type() == "boolean" || @.type() == "null")' THEN
    list := jsonb_build_object('type', 'list', 'value', operands[2], 'ok', true);
  ELSIF jsonb_typeof(operands[2]) = 'array' THEN
    members := ARRAY(SELECT centre.typed_part(m, context, format('%s[1][%s]', path, n - 1), false) FROM jsonb_array_elements(operands[2]) WITH ORDINALITY AS e (m, n));
    RETURN centre.typed_truth(centre.any_of(VARIADIC ARRAY(SELECT centre.typed_equal(needle, m, path) FROM unnest(members) AS m)), centre.all_of(VARIADIC ARRAY[needle -> 'ok'] || ARRAY(SELECT m -> 'ok' FROM unnest(members) AS m)));
  ELSE
    list := centre.typed_part(operands[2], context, path || '[1]', false);
  END IF;
  IF list ->> 'type' <> 'list' OR NOT needle ? 'value' THEN
    RETURN centre.untyped(path, format('%s in %s', needle ->> 'type', list ->> 'type'));
  END IF;
  RETURN centre.typed_truth(centre.all_of(needle -> 'guard', jsonb_build_object('in', jsonb_build_array(needle -> 'value', list -> 'value'))), centre.all_of(needle -> 'ok', list -> 'ok'));
END
$$;
COMMENT ON FUNCTION centre.typed_in(jsonb[], jsonb, text) IS 'inner part of the import of CertLogic: a value is one of a list of constants, of a value set, or equals one of several expressions';

CREATE FUNCTION centre.typed_reduce(operands jsonb[], context jsonb, path text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  member jsonb;
  total jsonb := centre.typed_part(operands[3], context, path || '[2]', false);
BEGIN
  IF jsonb_typeof(operands[1]) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(operands[1]) AS m WHERE jsonb_typeof(m -> 'var') IS DISTINCT FROM 'string') THEN
    RETURN centre.untyped(path || '[0]', 'a reduction walks over facts that are written down');
  END IF;
  -- as many steps as there are facts, one in the other
  FOR member IN SELECT m FROM jsonb_array_elements(operands[1]) AS m LOOP
    total := centre.typed_part(operands[2], context || jsonb_build_object('current', member -> 'var', 'accumulator', total), path || '[1]', false);
  END LOOP;
  RETURN total;
END
$$;
COMMENT ON FUNCTION centre.typed_reduce(jsonb[], jsonb, text) IS 'inner part of the import of CertLogic: a reduction over facts that are written down, step by step';

-- ---- rules ----

CREATE FUNCTION centre.ruleset_from_certlogic(name text, rules jsonb, value_sets jsonb DEFAULT '{}', facts jsonb DEFAULT centre.dcc_facts(), validity boolean DEFAULT true) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  context jsonb := jsonb_build_object('facts', facts, 'sets', value_sets);
  given jsonb;
  part jsonb;
  window_of jsonb;
  made jsonb := '[]';
  used text[];
  edge text;
BEGIN
  IF jsonb_typeof(rules) IS DISTINCT FROM 'array' OR rules = '[]' THEN
    RAISE EXCEPTION 'there are no CertLogic rules' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At $: %s.', coalesce(jsonb_typeof(rules), 'null')), HINT = 'Pass an array of rules as the EU''s gateway gives them; a ruleset without rules would let everybody pass.';
  END IF;
  FOR given IN SELECT r FROM jsonb_array_elements(rules) AS r LOOP
    IF given ->> 'Identifier' IS NULL OR given -> 'Logic' IS NULL THEN
      RAISE EXCEPTION 'a CertLogic rule has an Identifier and its Logic' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At $[%s].', jsonb_array_length(made)), HINT = 'Pass an array of rules as the EU''s gateway gives them.';
    END IF;
    part := centre.typed_part(given -> 'Logic', context, format('$[%s].Logic', jsonb_array_length(made)), true);
    FOREACH edge IN ARRAY CASE WHEN validity THEN '{ValidFrom,ValidTo}' ELSE '{}' END::text[] LOOP
      IF given ->> edge !~ '^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$' THEN
        RAISE EXCEPTION '% of a CertLogic rule is no date', edge USING ERRCODE = 'invalid_parameter_value', DETAIL = format('At $[%s].%s: %s.', jsonb_array_length(made), edge, given -> edge), HINT = 'Write an instant such as "2021-07-01T00:00:00Z", or pass validity => false.';
      END IF;
    END LOOP;
    -- each edge for itself: a rule may have a beginning and no end
    window_of := CASE WHEN validity AND coalesce(given ->> 'ValidFrom', given ->> 'ValidTo') IS NOT NULL THEN jsonb_build_object('when', centre.all_of(
      CASE WHEN given ->> 'ValidFrom' IS NULL THEN 'true' ELSE jsonb_build_object('not-before', jsonb_build_array('{"now": []}'::jsonb, given -> 'ValidFrom')) END,
      CASE WHEN given ->> 'ValidTo' IS NULL THEN 'true' ELSE jsonb_build_object('before', jsonb_build_array('{"now": []}'::jsonb, given -> 'ValidTo')) END)) ELSE '{}' END;
    made := made || jsonb_build_array(window_of || jsonb_build_object('id', given -> 'Identifier', 'on_unknown', 'fail', 'assert', centre.all_of(part -> 'ok', part -> 'truth'))
      || CASE WHEN jsonb_typeof(given -> 'Description') = 'array' THEN jsonb_build_object('reason', (SELECT jsonb_object_agg(d ->> 'lang', d -> 'desc') FROM jsonb_array_elements(given -> 'Description') AS d)) ELSE '{}' END);
  END LOOP;
  used := ARRAY(SELECT DISTINCT v #>> '{}' FROM jsonb_path_query(made, '$.**.var') AS v);
  RETURN jsonb_build_object('name', name, 'rules', made, 'outcomes', '[{"if": {"severity": "block"}, "outcome": "pass"}, {"outcome": "fail"}]'::jsonb,
    'params', coalesce((SELECT jsonb_object_agg(centre.param_name(s.key), s.value) FROM jsonb_each(value_sets) AS s WHERE made @? format('$.**.param ? (@ == %s)', to_jsonb(centre.param_name(s.key)))::jsonpath), '{}'),
    'facts', coalesce((SELECT jsonb_agg(jsonb_build_object('name', f.value -> 'name', 'description', f.key) || CASE f.value ->> 'type' WHEN 'there' THEN '{"type": "boolean", "null": "unknown"}' ELSE jsonb_build_object('type', f.value -> 'type', 'null', 'absent') END ORDER BY f.key COLLATE "C")
                       FROM jsonb_each(facts) AS f WHERE f.value ->> 'name' = ANY (used)), '[]'));
END
$$;
COMMENT ON FUNCTION centre.ruleset_from_certlogic(text, jsonb, jsonb, jsonb, boolean) IS
  'a typed ruleset that passes where every CertLogic rule (Identifier, Logic, ValidFrom, ValidTo, Description) is truthy, and fails where one is not or ends in an error; value_sets as in external.valueSets; facts: the paths it may read (centre.dcc_facts); '
  'validity: a rule holds from ValidFrom until before ValidTo only. What has no typed form is an error with its JSON path';

CREATE FUNCTION centre.certlogic_facts(data jsonb, facts jsonb DEFAULT centre.dcc_facts()) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT coalesce(jsonb_object_agg(f.value ->> 'name', CASE f.value ->> 'type'
    WHEN 'there' THEN to_jsonb(coalesce(v.value NOT IN ('null', '[]', '{}', 'false', '""', '0'), false))
    WHEN 'timestamptz' THEN CASE WHEN jsonb_typeof(v.value) = 'string' THEN civic.certlogic(jsonb_build_object('plusTime', jsonb_build_array(v.value, 0, 'day')), '{}') END
    ELSE v.value END), '{}')
  FROM jsonb_each(facts) AS f, LATERAL (SELECT data #> string_to_array(f.key, '.') AS value) AS v;
END;
COMMENT ON FUNCTION centre.certlogic_facts(jsonb, jsonb) IS 'the facts of CertLogic data ({"payload": ...}) for evaluate_json(): by name, times as instants of UTC, and whether objects are there';

GRANT EXECUTE ON FUNCTION centre.dcc_facts(), centre.ruleset_from_certlogic(text, jsonb, jsonb, jsonb, boolean), centre.certlogic_facts(jsonb, jsonb), centre.all_of(jsonb[]), centre.not_so(jsonb), centre.any_of(jsonb[]), centre.either(jsonb, jsonb, jsonb),
  centre.typed_value(jsonb, text, jsonb, jsonb), centre.typed_truth(jsonb, jsonb), centre.untyped(text, text), centre.typed_equal(jsonb, jsonb, text), centre.typed_var(text, jsonb, text), centre.param_name(text),
  centre.typed_part(jsonb, jsonb, text, boolean), centre.typed_in(jsonb[], jsonb, text), centre.typed_reduce(jsonb[], jsonb, text) TO civic_approver;
