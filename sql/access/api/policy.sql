-- Policies of access codes: what keeps a text from deciding, the decision as an expression, and the comparison of two versions.

CREATE FUNCTION centre.fact_faults(body jsonb) RETURNS TABLE (path text, fault text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  WITH fact AS (
    SELECT f.place - 1 AS n, f.fact ->> 'name' AS name, f.fact ->> 'type' AS type, regexp_replace(f.fact ->> 'type', '\[\]$', '') AS element
    FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'facts') WHEN 'array' THEN $1 -> 'facts' ELSE '[]' END) WITH ORDINALITY AS f (fact, place)),
  col AS (
    SELECT a.attname::text AS name, a.atttypid FROM pg_attribute a WHERE a.attrelid = 'centre.worker_fact'::regclass AND a.attnum > 0 AND NOT a.attisdropped)
  SELECT format('$.facts[%s]', f.n), format('centre.worker_fact has no column "%s" of type %s%s', f.name, f.type,
                CASE WHEN c.name IS NULL THEN centre.perhaps(f.name, ARRAY(SELECT o.name FROM col o)) ELSE '; its type is ' || format_type(c.atttypid, NULL) END)
  FROM fact f LEFT JOIN col c ON c.name = f.name
  WHERE c.atttypid IS DISTINCT FROM (
    CASE WHEN f.element IN ('boolean', 'smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'text', 'date', 'timestamptz') THEN to_regtype(f.type)::oid END);
END;
COMMENT ON FUNCTION centre.fact_faults(jsonb) IS 'facts of a ruleset, single or lists, that centre.worker_fact does not have as columns of their type';

CREATE FUNCTION centre.access_faults(body jsonb) RETURNS TABLE (path text, fault text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT '$.kind', 'a policy has the kind access_code' WHERE $1 ->> 'kind' IS DISTINCT FROM 'access_code'
  UNION ALL
  SELECT format('$.outcomes[%s]', o.place - 1),
         format('outcome "%s" is no colour (green, yellow, red, grey)%s', o.line ->> 'outcome', centre.perhaps(o.line ->> 'outcome', '{green,yellow,red,grey}'))
  FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'outcomes') WHEN 'array' THEN $1 -> 'outcomes' ELSE '[]' END) WITH ORDINALITY AS o (line, place)
  WHERE o.line ->> 'outcome' NOT IN ('green', 'yellow', 'red', 'grey')
  UNION ALL
  -- a group of another name is the policy's own; one that is nearly a part of the code is a slip that would leave the part without its rule
  SELECT format('$.rules[%s].group', o.place - 1), format('group "%s" is no part of a code (work, health, residency)%s', o.line ->> 'group', centre.perhaps(o.line ->> 'group', '{work,health,residency}'))
  FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'rules') WHEN 'array' THEN $1 -> 'rules' ELSE '[]' END) WITH ORDINALITY AS o (line, place)
  WHERE o.line ->> 'group' NOT IN ('work', 'health', 'residency') AND centre.perhaps(o.line ->> 'group', '{work,health,residency}') <> ''
  UNION ALL
  SELECT f.path, f.fault FROM centre.fact_faults($1) AS f;
END;
COMMENT ON FUNCTION centre.access_faults(jsonb) IS 'what keeps a sound ruleset from deciding access codes: another kind, outcomes that are no colours, groups that are nearly a part, facts that centre.worker_fact does not have';

CREATE FUNCTION centre.policy_faults(body jsonb) RETURNS TABLE (path text, fault text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT f.path, f.fault, f.hint FROM centre.ruleset_faults($1) AS f WHERE f.path <> '$.kind'
  UNION ALL
  SELECT f.path, f.fault, NULL FROM centre.access_faults($1) AS f;
END;
COMMENT ON FUNCTION centre.policy_faults(jsonb) IS
  'what keeps a text from deciding access codes: static errors, embedded tests that fail or are missing, outcomes that are no colours, facts that centre.worker_fact does not have; with what the check would have instead (hint); no rows when all is well';

CREATE FUNCTION centre.unseen_groups(body jsonb) RETURNS TABLE (path text, warning text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT format('$.rules[%s].group', o.place - 1), format('rule "%s" blocks, and neither employers nor dormitories see its group "%s"%s', o.line ->> 'id', o.line ->> 'group', centre.perhaps(o.line ->> 'group', ARRAY(SELECT DISTINCT d.part FROM centre.reader_detail d)))
  FROM jsonb_array_elements(CASE jsonb_typeof($1 -> 'rules') WHEN 'array' THEN $1 -> 'rules' ELSE '[]' END) WITH ORDINALITY AS o (line, place)
  WHERE coalesce(o.line ->> 'severity', 'block') = 'block' AND NOT EXISTS (SELECT FROM centre.reader_detail d WHERE d.part = o.line ->> 'group') AND o.line ->> 'group' <> '';
END;
COMMENT ON FUNCTION centre.unseen_groups(jsonb) IS 'rules of a ruleset that block and whose group no reader sees (centre.reader_detail), with the nearest group that one does: nobody but the worker is told that there is something to do';

CREATE FUNCTION centre.warn_unseen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  body jsonb := (SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = new.ruleset_id);
  noted record;
BEGIN
  FOR noted IN SELECT u.* FROM centre.unseen_groups(body) AS u WHERE centre.ruleset_kind(body) = 'access_code' LOOP
    RAISE WARNING 'version %: %: %', new.ruleset_id, noted.path, noted.warning USING HINT = 'Give the rule a group of centre.reader_detail, or add its group there.';
  END LOOP;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.warn_unseen() IS 'trigger of policy: who tests a version, and who approves it, is warned of groups that no reader sees';
CREATE TRIGGER civic_unseen AFTER UPDATE OF status ON centre.policy FOR EACH ROW WHEN (old.status = 'draft' AND new.status = 'tested' OR old.status = 'tested' AND new.status = 'approved') EXECUTE FUNCTION centre.warn_unseen();

-- ---- deciding, as an expression ----

CREATE FUNCTION centre.seconds_between(from_time timestamptz, to_time timestamptz) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN make_interval(secs => extract(epoch FROM to_time - from_time)::float8);
COMMENT ON FUNCTION centre.seconds_between(timestamptz, timestamptz) IS 'how much later an instant is than another, in seconds and not in days, which are shorter or longer where clocks change';

CREATE FUNCTION centre.fact_expression(name text, type text, clock_sql text, later_sql text, fresh boolean, aged boolean, only_fact text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN type <> 'timestamptz' THEN format('w.%I', name)
            WHEN fresh AND name ~ '_feed_at$' THEN format('CASE WHEN w.%I IS NOT NULL THEN %s END', name, clock_sql)
            WHEN later_sql IS NOT NULL AND name ~ '_feed_at$' THEN format('CASE WHEN w.%1$I IS NOT NULL THEN least(CASE WHEN w.%1$I <= $4 THEN w.%1$I + %2$s ELSE w.%1$I END, %3$s - %4$L::interval) END', name, later_sql, clock_sql,
              (SELECT t.step - interval '1 microsecond' FROM centre.feed_topic t WHERE t.topic = left(fact_expression.name, -length('_feed_at'))))
            WHEN later_sql IS NOT NULL AND (NOT aged OR name <> only_fact) THEN format('CASE WHEN w.%1$I <= $4 THEN w.%1$I + %2$s ELSE w.%1$I END', name, later_sql)
            ELSE format('w.%I', name) END;
COMMENT ON FUNCTION centre.fact_expression(text, text, text, text, boolean, boolean, text) IS
  'inner part of access_expression(): a fact as it is; later_sql: what has been until the instant $4 is later by that expression, so that it is as old then as it is now, while what is to come stays, and a feed is at least nearly feed_topic.step old, for so old it gets while it goes on; aged: nobody renews facts (or only that fact), only feeds go on; fresh: the feed was heard at the clock';

CREATE FUNCTION centre.access_expression(of_ruleset integer, body_sql text, clock_sql text, later_sql text DEFAULT NULL, fresh boolean DEFAULT false, aged boolean DEFAULT false, only_fact text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT format('civic.access(%s, %s, %s%s)', body_sql, of_ruleset, clock_sql, string_agg(', ' || centre.fact_expression(f.name, f.type, clock_sql, later_sql, fresh, aged, only_fact), '' ORDER BY f.ordinal))
        FROM centre.ruleset r, LATERAL civic.ruleset_facts(r.body) AS f WHERE r.ruleset_id = of_ruleset);
COMMENT ON FUNCTION centre.access_expression(integer, text, text, text, boolean, boolean, text) IS
  'the code of a worker by a version as a SQL expression over w, a row of centre.worker_fact; body_sql, clock_sql and later_sql (centre.fact_expression) are expressions, such as parameters. The columns are passed one by one, which is what makes it fast';

CREATE FUNCTION centre.policy_fault(of_ruleset integer, clock timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  IF of_ruleset IS NULL THEN
    RETURN 'no version is in force';
  END IF;
  -- one worker of whom nothing is known: whatever can fail fails when the ruleset is prepared
  EXECUTE format('SELECT %s FROM (SELECT (NULL::centre.worker_fact).*) AS w', centre.access_expression(of_ruleset, '$1', '$2')) USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset), clock;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN sqlerrm;
END
$$;
COMMENT ON FUNCTION centre.policy_fault(integer, timestamptz) IS 'why a version cannot decide here: a fact that is no column any more, a time zone the server does not know; null when it can';

CREATE FUNCTION centre.policy_diff(old integer, new integer, at timestamptz, from_time timestamptz DEFAULT NULL, fresh boolean DEFAULT false, aged boolean DEFAULT false)
RETURNS TABLE (sector text, dormitory_id integer, reason text, old_colour text, new_colour text, workers bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  later text := CASE WHEN from_time IS NOT NULL THEN '$5' END;
  old_colour text := centre.colour_expression(old, '$1', '$3', later, fresh, aged, at);
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT sector, dormitory_id, civic.main_reason($2, new_code), old_colour, civic.colour(new_code), count(*)
     FROM (SELECT w.sector, w.dormitory_id, %s AS old_colour, %s AS new_code FROM centre.worker_fact w OFFSET 0) AS both_codes
     GROUP BY 1, 2, 3, 4, 5', old_colour, centre.access_expression(new, '$2', '$3', later, fresh, aged))
  USING (SELECT body FROM centre.ruleset WHERE ruleset_id = old), (SELECT body FROM centre.ruleset WHERE ruleset_id = new), at, from_time, centre.seconds_between(from_time, at);
END
$$;
COMMENT ON FUNCTION centre.policy_diff(integer, integer, timestamptz, timestamptz, boolean, boolean) IS
  'how many workers the version new would turn from which colour to which, compared with old, at an instant, by sector, dormitory and main reason under new (a rule''s id); overrides are left out. On the facts as they are; '
  'with from_time: on facts as old at the instant as they are at from_time, as if people went on being tested, with aged only the feeds, as if they went on being heard, each as old as it is now or as it gets meanwhile (centre.feed_topic.step); fresh: as if every feed had just been heard';

GRANT SELECT ON centre.access_setting TO civic_approver, civic_ticker;
GRANT EXECUTE ON FUNCTION centre.policy_faults(jsonb), centre.access_faults(jsonb), centre.fact_faults(jsonb), centre.unseen_groups(jsonb) TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.seconds_between(timestamptz, timestamptz), centre.fact_expression(text, text, text, text, boolean, boolean, text), centre.access_expression(integer, text, text, text, boolean, boolean, text), centre.policy_fault(integer, timestamptz),
  centre.policy_diff(integer, integer, timestamptz, timestamptz, boolean, boolean) TO civic_ticker;
