-- The life-cycle of versions, first half: drafted, revised, tested, by their authors.

CREATE FUNCTION centre.lock_policies() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  -- an update and not a lock, so that a snapshot from before a change of policy fails instead of deciding by the old one
  UPDATE centre.policy_setting SET only_row = only_row;
END;
COMMENT ON FUNCTION centre.lock_policies() IS 'until the end of the transaction nobody else changes which version of a policy is in force, or decides by one';

CREATE FUNCTION centre.policy_in_force(of_code text, at_time timestamptz) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT p.ruleset_id FROM centre.policy p WHERE p.code = of_code AND p.valid @> at_time);
COMMENT ON FUNCTION centre.policy_in_force(text, timestamptz) IS 'the version of a policy in force at an instant, past or planned; null if there is none';

-- ---- what is wrong with a text ----

CREATE FUNCTION centre.ruleset_kind(body jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN body ->> 'kind';
COMMENT ON FUNCTION centre.ruleset_kind(jsonb) IS 'the kind of a ruleset: what its outcomes are of (access_code, a ladder, ...)';

CREATE FUNCTION centre.ruleset_faults(body jsonb) RETURNS TABLE (path text, fault text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT c.path, c.message, c.hint FROM civic.ruleset_check($1) AS c WHERE NOT c.ok AND c.kind <> 'warning'
  UNION ALL
  -- a text that is drafted is to classify; of access codes the room itself says what it decides
  SELECT c.path, c.message, c.hint FROM civic.ruleset_check($1) AS c
  WHERE c.kind = 'warning' AND c.path ~ '^\$\.outcomes\[\d+\]\.outcome$' AND c.message ~ ' is none of a ruleset of kind ' AND centre.ruleset_kind($1) <> 'access_code'
  UNION ALL
  SELECT '$.tests', 'a policy has embedded tests', NULL WHERE coalesce($1 -> 'tests', '[]') = '[]'
  UNION ALL
  SELECT '$.kind', format('no ruleset here is of the kind "%s"%s', centre.ruleset_kind($1), centre.perhaps(centre.ruleset_kind($1), k.kinds)), NULL
  FROM (SELECT array_agg(DISTINCT centre.ruleset_kind(r.body::text::jsonb)) || 'access_code'::text AS kinds FROM centre.ruleset r
        WHERE NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = r.ruleset_id)) AS k
  WHERE centre.ruleset_kind($1) IS NULL OR centre.ruleset_kind($1) <> ALL (k.kinds);
END;
COMMENT ON FUNCTION centre.ruleset_faults(jsonb) IS 'what keeps a text of any kind from becoming a tested version: static errors, embedded tests that fail or are missing, a kind that no ruleset of the layer has, outcomes that are no levels of a ladder; with what the check would have instead (hint); no rows when all is well';

CREATE FUNCTION centre.ruleset_warnings(body jsonb) RETURNS TABLE (path text, warning text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  -- the extension knows the kinds of its own rooms; a site's are those of the rulesets that were added
  SELECT c.path, c.message, c.hint FROM civic.ruleset_check($1) AS c
  WHERE c.kind = 'warning' AND NOT (c.path = '$.kind' AND EXISTS (
    SELECT FROM centre.ruleset r WHERE centre.ruleset_kind(r.body::text::jsonb) = centre.ruleset_kind($1) AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = r.ruleset_id)));
END;
COMMENT ON FUNCTION centre.ruleset_warnings(jsonb) IS
  'what looks like a mistake in a text and does not keep it from deciding, with its JSON path and a hint; no rows when nothing does. A kind is known that a ruleset has which was shipped or added (centre.add_ruleset)';

CREATE FUNCTION centre.policy_warnings(of_ruleset integer) RETURNS TABLE (path text, warning text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT w.path, w.warning, w.hint FROM centre.ruleset r, LATERAL centre.ruleset_warnings(r.body::text::jsonb) AS w WHERE r.ruleset_id = $1;
END;
COMMENT ON FUNCTION centre.policy_warnings(integer) IS 'what looks like a mistake in a version: its author sees it when it is tested, its approver when it is approved';

-- ---- drafts ----

CREATE FUNCTION centre.draft_policy(of_code text, body jsonb, source text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made integer;
  near text := (SELECT p.code FROM centre.policy p WHERE abs(length(p.code) - length(of_code)) <= 2 AND public.similarity(p.code, of_code) >= 0.5 ORDER BY public.similarity(p.code, of_code) DESC, p.code LIMIT 1);
BEGIN
  IF of_code !~ '\S' OR num_nulls(of_code, body, source) > 0 THEN
    RAISE EXCEPTION 'a draft needs its code, its text and its source' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('Code: %s; text: %s; source: %s.', coalesce(quote_literal(of_code), 'none'), CASE WHEN body IS NULL THEN 'none' ELSE 'given' END, coalesce(quote_literal(source), 'none')),
      HINT = 'The code names the policy, the text is a ruleset''s JSON, the source is the advisory or law that it states.';
  END IF;
  -- a slip in the code would begin a policy of its own, with nothing to be measured against
  IF near <> of_code AND NOT EXISTS (SELECT FROM centre.ruleset r WHERE r.code = of_code) THEN
    RAISE WARNING '"%" begins a policy of its own', of_code USING HINT = format('No version has that code yet; perhaps "%s" is meant, which has.', near);
  END IF;
  INSERT INTO centre.ruleset (code, source, body) VALUES (of_code, draft_policy.source, draft_policy.body::text::civic.ruleset) RETURNING ruleset_id INTO made;
  INSERT INTO centre.policy (ruleset_id, code) VALUES (made, of_code);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (made, 'drafted', draft_policy.source);
  RETURN made;
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'this text is a version of "%" already', of_code USING ERRCODE = 'unique_violation', HINT = 'A version that returns is a new one: give its ruleset another "version".';
END
$$;
COMMENT ON FUNCTION centre.draft_policy(text, jsonb, text) IS
  'a new version of a policy, written by this login; source says what it states (an advisory, a law); the code may be that of a shipped ruleset, which goes on deciding until a version is in force; gives its number';

CREATE FUNCTION centre.draft_policy(of_code text, of_ruleset text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found centre.ruleset;
BEGIN
  SELECT * INTO found FROM centre.ruleset r WHERE r.code = of_ruleset ORDER BY r.ruleset_id DESC LIMIT 1;
  IF found.ruleset_id IS NULL THEN
    RAISE EXCEPTION 'there is no ruleset "%"', coalesce(of_ruleset, 'null') USING ERRCODE = 'invalid_parameter_value',
      HINT = format('Name one of centre.ruleset%s, or pass a ruleset''s JSON and its source.', centre.perhaps(of_ruleset, ARRAY(SELECT r.code FROM centre.ruleset r)));
  END IF;
  RETURN centre.draft_policy(of_code, found.body::text::jsonb, found.source);
END
$$;
COMMENT ON FUNCTION centre.draft_policy(text, text) IS 'a copy of a ruleset of centre.ruleset, such as a shipped one, as a version of a policy of another code; gives its number';

CREATE FUNCTION centre.lock_policy(of_ruleset integer, expected text[]) RETURNS centre.policy
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found centre.policy;
BEGIN
  SELECT * INTO found FROM centre.policy p WHERE p.ruleset_id = of_ruleset FOR UPDATE;
  IF found.status IS NULL OR NOT found.status = ANY (expected) THEN
    RAISE EXCEPTION 'version % is %', of_ruleset, coalesce(found.status, 'not a policy') USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = format('This is done to a version that is %s.', array_to_string(expected, ' or '));
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION centre.lock_policy(integer, text[]) IS 'inner part of the life-cycle: the version, locked, in one of the states that are expected';

CREATE FUNCTION centre.revise_policy(of_ruleset integer, new_body jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy := centre.lock_policy(of_ruleset, '{draft,tested}');
BEGIN
  IF given.author <> session_user THEN
    RAISE EXCEPTION 'only its author revises a draft' USING ERRCODE = 'insufficient_privilege', DETAIL = format('Version %s was written by %s.', of_ruleset, given.author),
      HINT = 'Draft a version of your own.';
  END IF;
  UPDATE centre.policy SET status = 'draft' WHERE ruleset_id = of_ruleset;
  UPDATE centre.ruleset SET body = new_body::text::civic.ruleset WHERE ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action) VALUES (of_ruleset, 'revised');
END
$$;
COMMENT ON FUNCTION centre.revise_policy(integer, jsonb) IS 'another text for a version that is not approved; it is a draft again; its author alone may';

CREATE FUNCTION centre.test_policy(of_ruleset integer) RETURNS TABLE (path text, warning text, hint text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given centre.policy := centre.lock_policy(of_ruleset, '{draft}');
  body jsonb := (SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset);
  other text := (SELECT centre.ruleset_kind(r.body::text::jsonb) FROM centre.ruleset r WHERE r.code = given.code AND r.ruleset_id < of_ruleset ORDER BY r.ruleset_id LIMIT 1);
  faults text;
BEGIN
  SELECT string_agg(f.path || ': ' || f.fault, E'\n') INTO faults FROM (
    SELECT g.path, g.fault FROM centre.ruleset_faults(body) AS g
    UNION ALL SELECT '$.kind', format('the other versions of "%s" are of the kind "%s"', given.code, other) WHERE other <> centre.ruleset_kind(body)) AS f;
  IF faults IS NOT NULL THEN
    RAISE EXCEPTION 'version % fails its tests', of_ruleset USING ERRCODE = 'invalid_parameter_value', DETAIL = faults, HINT = 'Revise it; centre.ruleset_faults() lists what is wrong with a text.';
  END IF;
  -- a room that decides by its kind adds its own checks as a trigger
  UPDATE centre.policy SET status = 'tested' WHERE ruleset_id = of_ruleset;
  RETURN QUERY SELECT w.path, w.warning, w.hint FROM centre.ruleset_warnings(body) AS w;
  GET DIAGNOSTICS faults = ROW_COUNT;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'tested', nullif(faults, '0') || ' warnings');
END
$$;
COMMENT ON FUNCTION centre.test_policy(integer) IS
  'run the embedded tests of a draft and check that it can decide here; then it is tested. Gives what looks like a mistake in it and does not keep it from deciding';

CREATE FUNCTION centre.shadow_policy(of_ruleset integer, shadow boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.lock_policy(of_ruleset, '{tested,approved,live,retired}');
  UPDATE centre.policy p SET shadow = shadow_policy.shadow WHERE p.ruleset_id = of_ruleset;
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'shadow', shadow_policy.shadow::text);
END
$$;
COMMENT ON FUNCTION centre.shadow_policy(integer, boolean) IS 'assess a version twice a day beside the one in force, or no longer';

CREATE FUNCTION centre.frozen_ruleset() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF civic.ruleset_sha256(new.body) <> old.sha256
     AND NOT EXISTS (SELECT FROM centre.policy p WHERE p.ruleset_id = old.ruleset_id AND p.status = 'draft') THEN
    RAISE EXCEPTION 'the text of version % is not changed any more', old.ruleset_id USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Decisions name it. A new text is a new version.';
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.frozen_ruleset() IS 'trigger of ruleset: the text stays what decisions were made by; drafts of policies may change';
CREATE TRIGGER civic_frozen BEFORE UPDATE ON centre.ruleset FOR EACH ROW EXECUTE FUNCTION centre.frozen_ruleset();

GRANT USAGE ON SCHEMA centre TO civic_approver, civic_ticker;
GRANT SELECT ON centre.ruleset, centre.policy, centre.policy_event, centre.policy_setting TO civic_approver, civic_ticker;
GRANT EXECUTE ON FUNCTION centre.draft_policy(text, jsonb, text), centre.draft_policy(text, text), centre.revise_policy(integer, jsonb), centre.test_policy(integer), centre.shadow_policy(integer, boolean),
  centre.ruleset_faults(jsonb), centre.ruleset_warnings(jsonb), centre.policy_warnings(integer), centre.policy_in_force(text, timestamptz), centre.ruleset_kind(jsonb), centre.perhaps(text, text[]) TO civic_approver;
GRANT UPDATE (only_row) ON centre.policy_setting TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.lock_policies(), centre.policy_in_force(text, timestamptz), centre.ruleset_kind(jsonb) TO civic_ticker;
