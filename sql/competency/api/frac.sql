-- Needs of positions, roles and activities; officials on a day; who sees whom.

CREATE FUNCTION centre.refresh_needs(nodes integer[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  IF nodes IS NULL THEN
    RETURN;  -- a statement that changed nothing
  END IF;
  WITH RECURSIVE above (node_id) AS (
    SELECT unnest(nodes)
    UNION
    SELECT l.parent_id FROM above a JOIN centre.frac_link l ON l.child_id = a.node_id AND l.status = 'verified'),
  below (top_id, node_id) AS (
    SELECT node_id, node_id FROM above
    UNION
    SELECT b.top_id, l.child_id FROM below b JOIN centre.frac_link l ON l.parent_id = b.node_id AND l.status = 'verified'),
  needed AS (
    SELECT b.top_id AS node_id, coalesce(civic.competency_agg(r.competency_id, r.level::integer, r.weight::integer), '') AS need
    FROM below b LEFT JOIN centre.requirement r ON r.node_id = b.node_id AND r.status = 'verified'
    GROUP BY b.top_id)
  UPDATE centre.frac_node n SET need = d.need FROM needed d WHERE d.node_id = n.node_id AND n.need <> d.need;
END
$$;
COMMENT ON FUNCTION centre.refresh_needs(integer[]) IS 'work out frac_node.need of these nodes and of all above them';

CREATE FUNCTION centre.requirement_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM centre.refresh_needs(array_agg(DISTINCT node_id)) FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM centre.refresh_needs(array_agg(DISTINCT node_id)) FROM old_rows;
  ELSE
    PERFORM centre.refresh_needs(array_agg(DISTINCT node_id)) FROM (SELECT node_id FROM old_rows UNION ALL SELECT node_id FROM new_rows) AS x;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.requirement_changed() IS 'trigger of requirement: needs follow';
CREATE TRIGGER civic_need_insert AFTER INSERT ON centre.requirement REFERENCING NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.requirement_changed();
CREATE TRIGGER civic_need_update AFTER UPDATE ON centre.requirement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.requirement_changed();
CREATE TRIGGER civic_need_delete AFTER DELETE ON centre.requirement REFERENCING OLD TABLE AS old_rows
  EXECUTE FUNCTION centre.requirement_changed();

CREATE FUNCTION centre.frac_link_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM centre.refresh_needs(p.nodes), centre.refresh_words(p.nodes) FROM (SELECT array_agg(DISTINCT parent_id) AS nodes FROM old_rows) AS p;
    RETURN NULL;
  END IF;
  -- positions have roles, roles have activities: so no link can lead in a circle
  SELECT string_agg(format('%s %s over %s %s', p.kind, p.code, c.kind, c.code), ', ') INTO wrong
  FROM new_rows n JOIN centre.frac_node p ON p.node_id = n.parent_id JOIN centre.frac_node c ON c.node_id = n.child_id
  WHERE (p.kind, c.kind) NOT IN (('position', 'role'), ('position', 'activity'), ('role', 'activity'));
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'links that FRAC does not have' USING ERRCODE = 'check_violation', DETAIL = left(wrong, 1000),
      HINT = 'Positions have roles and activities; roles have activities.';
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM centre.refresh_needs(p.nodes), centre.refresh_words(p.nodes) FROM (SELECT array_agg(DISTINCT parent_id) AS nodes FROM new_rows) AS p;
  ELSE
    PERFORM centre.refresh_needs(p.nodes), centre.refresh_words(p.nodes)
    FROM (SELECT array_agg(DISTINCT x.parent_id) AS nodes FROM (SELECT parent_id FROM old_rows UNION ALL SELECT parent_id FROM new_rows) AS x) AS p;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.frac_link_changed() IS 'trigger of frac_link: refuses links that FRAC does not have; needs and words follow';
CREATE TRIGGER civic_link_insert AFTER INSERT ON centre.frac_link REFERENCING NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.frac_link_changed();
CREATE TRIGGER civic_link_update AFTER UPDATE ON centre.frac_link REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.frac_link_changed();
CREATE TRIGGER civic_link_delete AFTER DELETE ON centre.frac_link REFERENCING OLD TABLE AS old_rows
  EXECUTE FUNCTION centre.frac_link_changed();

-- ---------------------------------------------------------------- words
CREATE FUNCTION centre.text_configuration() RETURNS regconfig
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce((SELECT c.oid::regconfig FROM pg_ts_config c JOIN (VALUES ('en', 'english'), ('fr', 'french'), ('pt', 'portuguese'), ('es', 'spanish'), ('hi', 'hindi')) AS m (lang, config) ON m.config = c.cfgname
                         WHERE m.lang = split_part(s.default_language, '-', 1) AND c.cfgnamespace = 'pg_catalog'::regnamespace), 'simple') FROM centre.site s);
COMMENT ON FUNCTION centre.text_configuration() IS 'text search configuration of the site''s default language; simple where PostgreSQL has none';

CREATE FUNCTION centre.refresh_words(nodes integer[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  config regconfig := centre.text_configuration();
BEGIN
  IF nodes IS NULL THEN
    RETURN;
  END IF;
  DELETE FROM centre.frac_word WHERE node_id = ANY (nodes);
  INSERT INTO centre.frac_word (node_id, lexeme, weight)
    SELECT v.node_id, w.lexeme, (1 + ln(cardinality(w.positions))) / sqrt(sum((1 + ln(cardinality(w.positions))) ^ 2) OVER (PARTITION BY v.node_id))
    FROM (SELECT n.node_id, to_tsvector(config, concat_ws(E'\n', n.title, n.title, n.description,
                   (SELECT string_agg(c.title, E'\n') FROM centre.frac_link l JOIN centre.frac_node c ON c.node_id = l.child_id
                    WHERE l.parent_id = n.node_id AND c.kind = 'activity' AND l.status = 'verified'))) AS words
          FROM centre.frac_node n WHERE n.node_id = ANY (nodes) AND n.kind = 'position') AS v
    CROSS JOIN LATERAL unnest(v.words) AS w;
END
$$;
COMMENT ON FUNCTION centre.refresh_words(integer[]) IS 'make frac_word anew for those of these nodes that are positions; the title counts twice';

CREATE FUNCTION centre.frac_text_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM centre.refresh_words(array_agg(node_id)) FROM new_rows WHERE kind = 'position';
  ELSE
    PERFORM centre.refresh_words(array_agg(DISTINCT p.node_id)) FROM (
      SELECT n.node_id FROM new_rows n JOIN old_rows o USING (node_id) WHERE (n.title, n.description) IS DISTINCT FROM (o.title, o.description)) AS c
    CROSS JOIN LATERAL (SELECT c.node_id UNION ALL SELECT l.parent_id FROM centre.frac_link l WHERE l.child_id = c.node_id) AS p
    HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.frac_text_changed() IS 'trigger of frac_node: words follow the title and description';
CREATE TRIGGER civic_word_insert AFTER INSERT ON centre.frac_node REFERENCING NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.frac_text_changed();
CREATE TRIGGER civic_word_update AFTER UPDATE ON centre.frac_node REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.frac_text_changed();

CREATE VIEW centre.position AS
  SELECT node_id AS position_id, source, code, title, description, family, need FROM centre.frac_node WHERE kind = 'position';
COMMENT ON VIEW centre.position IS 'the nodes that are positions, each with all that it needs';

-- ---------------------------------------------------------------- officials
CREATE FUNCTION centre.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT (now() AT TIME ZONE s.reporting_zone)::date FROM centre.site s);
COMMENT ON FUNCTION centre.today() IS 'the day it is in the site''s reporting time zone';

CREATE FUNCTION centre.officials_on(day date)
RETURNS TABLE (subject_id bigint, ministry text, department text, designation text, position_id integer, manager_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT o.subject_id, o.ministry, o.department, o.designation, o.position_id, o.manager_id FROM centre.official o WHERE o.valid @> $1;
END;
COMMENT ON FUNCTION centre.officials_on(date) IS 'officials in office on a day, one row each, as far as the caller may see them';

CREATE FUNCTION centre.reporting_line(head bigint, day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH RECURSIVE line (subject_id) AS (
    SELECT o.subject_id FROM centre.official o WHERE o.manager_id = $1 AND o.valid @> $2
    UNION
    SELECT o.subject_id FROM line l JOIN centre.official o ON o.manager_id = l.subject_id AND o.valid @> $2)
  SELECT l.subject_id FROM line l WHERE l.subject_id <> $1;
END;
COMMENT ON FUNCTION centre.reporting_line(bigint, date) IS 'subject_id of everybody who reported to head on a day, directly or through others; not head';

-- Row security asks this once a query.  Whose line it is comes from the login itself or from a signed claim, never from the caller.
CREATE FUNCTION centre.my_line() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT r
  FROM (SELECT h.subject_id FROM centre.hr_login h WHERE h.login = session_user
        UNION
        SELECT centre.pseudonym(centre.claimed('official'))) AS me
  CROSS JOIN LATERAL centre.reporting_line(me.subject_id, centre.today()) AS r;
END;
COMMENT ON FUNCTION centre.my_line() IS
  'subject_id of everybody in the reporting line, today, of the official that the authenticated login is (centre.hr_login) or that its claim of kind official names (centre.claimed); nobody for any other login';
REVOKE ALL ON FUNCTION centre.my_line() FROM PUBLIC;

-- Asked for each row that is read, so upwards from the person, not down the whole line.
CREATE FUNCTION centre.in_my_line(of_subject bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH RECURSIVE up (subject_id) AS (
    SELECT o.manager_id FROM centre.official o WHERE o.subject_id = $1 AND o.valid @> centre.today()
    UNION
    SELECT o.manager_id FROM up u JOIN centre.official o ON o.subject_id = u.subject_id AND o.valid @> centre.today()),
  me AS (SELECT h.subject_id FROM centre.hr_login h WHERE h.login = session_user UNION SELECT centre.pseudonym(centre.claimed('official')))
  SELECT EXISTS (SELECT FROM me JOIN up USING (subject_id) WHERE me.subject_id <> $1);
END;
COMMENT ON FUNCTION centre.in_my_line(bigint) IS 'is somebody in centre.my_line()? Definer: logins read only their own line';
REVOKE ALL ON FUNCTION centre.in_my_line(bigint) FROM PUBLIC;

CREATE FUNCTION centre.note_line_read(of_subject bigint, what text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN centre.in_my_line($1) THEN centre.note_read($1, $2) ELSE false END;
END;
COMMENT ON FUNCTION centre.note_line_read(bigint, text) IS
  'centre.note_read() of somebody in the login''s own line; of others it notes nothing and gives false, so that nobody''s number can be written into the log who was not there to be read. Definer: readers may not write the log otherwise';

CREATE POLICY civic_hr ON centre.official FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'official'));
CREATE POLICY civic_service ON centre.official FOR SELECT TO civic_ticker, civic_publisher USING (true);

GRANT USAGE ON SCHEMA centre TO civic_hr;
GRANT SELECT ON centre.official, centre.frac_node, centre.frac_link, centre.position, centre.site, centre.language, centre.framework, centre.level_scale, centre.competency,
  centre.competency_label, centre.competency_link, centre.competency_closure, centre.label TO civic_hr, civic_ticker, civic_publisher;
GRANT SELECT (node_id, competency_id, level, weight) ON centre.requirement TO civic_hr;
GRANT EXECUTE ON FUNCTION centre.note_line_read(bigint, text) TO civic_hr;
