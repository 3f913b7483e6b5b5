-- Rulesets: shipping, looking up, and binding one to a table.

CREATE PROCEDURE centre.add_ruleset(envelope jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  body jsonb := envelope -> 'ruleset';
  faults text;
BEGIN
  IF envelope ? 'base' THEN
    body := centre.ruleset_variant((SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = centre.ruleset_deciding(envelope ->> 'base')), envelope -> 'changes');
  END IF;
  IF body IS NULL OR NOT envelope ?& ARRAY['code', 'source'] THEN
    RAISE EXCEPTION 'not a ruleset with its envelope' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('keys: %s', (SELECT string_agg(k, ', ') FROM jsonb_object_keys(envelope) AS k)),
      HINT = 'It needs code, source, and either ruleset, or base (a code that is there already) and changes.';
  END IF;
  SELECT string_agg(c.path || ': ' || c.message, E'\n') INTO faults FROM civic.ruleset_check(body) AS c WHERE NOT c.ok AND c.kind <> 'warning';
  IF faults IS NOT NULL THEN
    RAISE EXCEPTION 'ruleset "%" is refused', envelope ->> 'code' USING ERRCODE = 'invalid_parameter_value', DETAIL = faults,
      HINT = 'civic.ruleset_check() lists static errors and embedded tests that fail.';
  END IF;
  INSERT INTO centre.ruleset AS r (code, valid, source, body)
    VALUES (envelope ->> 'code', (SELECT tstzrange(min(i.instant) FILTER (WHERE i.key = 'valid_from'), min(i.instant) FILTER (WHERE i.key = 'valid_to'))
                                  -- a day begins in UTC, an instant says where
                                  FROM (SELECT key, (value || CASE WHEN value LIKE '%T%' THEN '' ELSE 'T00:00:00Z' END)::timestamptz AS instant FROM jsonb_each_text(envelope)
                                        WHERE key IN ('valid_from', 'valid_to')) AS i),
            envelope ->> 'source', body::text::civic.ruleset)
    ON CONFLICT (code, sha256) DO UPDATE SET valid = excluded.valid, source = excluded.source;
END
$$;
COMMENT ON PROCEDURE centre.add_ruleset(jsonb) IS
  'add a ruleset: {code, valid_from, valid_to, source, ruleset} (days in UTC, or instants with their offset), or {code, ..., base, changes} for a variant of one that is there (centre.ruleset_variant). Refused when it has a static error or an embedded test of its own fails; the same text again changes only its envelope';

CREATE FUNCTION centre.ruleset_deciding(of_code text, at_time timestamptz DEFAULT now()) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(centre.policy_in_force(of_code, at_time),
  (SELECT max(r.ruleset_id) FROM centre.ruleset r WHERE r.code = of_code AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = r.ruleset_id)));
COMMENT ON FUNCTION centre.ruleset_deciding(text, timestamptz) IS
  'number of the ruleset that decides for a code at a time: the version that two persons put in force, else the latest that was shipped or added, whenever that is in force by law; null if there is none. Drafts never';

CREATE FUNCTION centre.ruleset_in_force(of_code text, at_time timestamptz DEFAULT now()) RETURNS civic.ruleset
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT r.body FROM centre.ruleset r LEFT JOIN centre.policy p ON p.ruleset_id = r.ruleset_id
        WHERE r.code = of_code AND CASE WHEN p.ruleset_id IS NULL THEN r.valid ELSE p.valid END @> at_time
        ORDER BY p.ruleset_id IS NULL, r.ruleset_id DESC LIMIT 1);
COMMENT ON FUNCTION centre.ruleset_in_force(text, timestamptz) IS 'the ruleset of a code that is in force at a time: the version that two persons put in force, else the latest of those added whose time it is; null if there is none';

CREATE FUNCTION centre.bind(of_ruleset civic.ruleset, relation regclass, function_name text) RETURNS regprocedure
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing text;
  columns text;
BEGIN
  IF of_ruleset IS NULL OR relation IS NULL OR function_name IS NULL THEN
    RAISE EXCEPTION '%', CASE WHEN of_ruleset IS NULL THEN 'there is no ruleset to bind' ELSE 'a ruleset is bound to a relation by a function with a name' END USING ERRCODE = 'invalid_parameter_value',
      HINT = 'centre.ruleset_in_force(code) is null where no ruleset of the code is in force; centre.ruleset lists the codes.';
  END IF;
  SELECT string_agg(f.name, ', ' ORDER BY f.ordinal) FILTER (WHERE a.attname IS NULL), string_agg(format('($3).%I', f.name), ', ' ORDER BY f.ordinal)
    INTO missing, columns
  FROM civic.ruleset_facts(of_ruleset) AS f
  LEFT JOIN pg_attribute a ON a.attrelid = relation AND a.attname = f.name AND a.attnum > 0 AND NOT a.attisdropped;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'relation % has not all facts of the ruleset', relation USING ERRCODE = 'undefined_column', DETAIL = format('missing columns: %s', missing),
      HINT = 'Bind to a view that names its columns like the facts.';
  END IF;
  -- not STRICT, one SELECT: PostgreSQL inlines it, so columns are passed and no row is made
  EXECUTE format('CREATE OR REPLACE FUNCTION %s(ruleset civic.ruleset, clock timestamptz, facts %s) RETURNS civic.verdict LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN civic.evaluate($1, $2, %s)',
                 function_name, relation, columns);
  EXECUTE format('COMMENT ON FUNCTION %s(civic.ruleset, timestamptz, %s) IS %L', function_name, relation, 'made by centre.bind: a ruleset over a row of the relation; call it with an alias of the relation');
  RETURN format('%s(civic.ruleset, timestamptz, %s)', function_name, relation)::regprocedure;
END
$$;
COMMENT ON FUNCTION centre.bind(civic.ruleset, regclass, text) IS
  'make function_name(ruleset, clock, row) for rulesets with these facts over a table or view whose columns bear the facts'' names; function_name may be schema-qualified and is taken as SQL, so it is for administrators. The function is inlined: passing columns is twice as fast as passing a row';

GRANT EXECUTE ON FUNCTION centre.ruleset_deciding(text, timestamptz), centre.ruleset_in_force(text, timestamptz) TO civic_ticker, civic_approver;
