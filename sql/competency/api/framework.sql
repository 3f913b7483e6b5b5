-- Competency frameworks: levels by word, names by language, and the closure of links.

CREATE FUNCTION centre.level_of(framework text, stated text) RETURNS smallint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
  (SELECT s.level FROM centre.level_scale s WHERE s.framework = level_of.framework AND lower(s.code) = lower(btrim(level_of.stated))),
  (SELECT a.level FROM centre.level_alias a WHERE a.framework = level_of.framework AND a.alias = lower(btrim(level_of.stated))));
COMMENT ON FUNCTION centre.level_of(text, text) IS
  'the level, 0 to 15, that a framework means by a word or number, whatever its case; null where its scale has no such level: never a guess';

CREATE FUNCTION centre.level_code(framework text, level integer) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT s.code FROM centre.level_scale s WHERE s.framework = level_code.framework AND s.level = level_code.level);
COMMENT ON FUNCTION centre.level_code(text, integer) IS 'what a framework calls a level; null where its scale has none';

CREATE FUNCTION centre.level_label(framework text, level integer, lang text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
  (SELECT b.label FROM centre.label b WHERE b.domain = 'level:' || level_label.framework AND b.code = level_label.level::text AND b.lang = level_label.lang),
  centre.level_code(level_label.framework, level_label.level), level_label.level::text);
COMMENT ON FUNCTION centre.level_label(text, integer, text) IS
  'what a level is called in a language (centre.label, domain level:framework), else the framework''s own word, else the number';

CREATE FUNCTION centre.competency_name(competency integer, lang text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(
  (SELECT l.label FROM centre.competency_label l CROSS JOIN centre.site s LEFT JOIN centre.language g ON g.code = competency_name.lang
   WHERE l.competency_id = competency_name.competency
   ORDER BY l.lang = competency_name.lang DESC NULLS LAST, l.lang = split_part(competency_name.lang, '-', 1) DESC NULLS LAST,
            l.lang = g.fallback DESC NULLS LAST, l.lang = s.default_language DESC, l.lang LIMIT 1),
  (SELECT c.code FROM centre.competency c WHERE c.competency_id = competency_name.competency));
COMMENT ON FUNCTION centre.competency_name(integer, text) IS
  'what a competency is called: in lang, else in its base or fall-back language, else in the site''s default language, else in any; its code where it has no label; null for an unknown id';

CREATE FUNCTION centre.named_set(of_set civic.competency_set, lang text DEFAULT NULL)
RETURNS TABLE (competency integer, framework text, name text, level integer, level_name text, weight integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT e.competency, c.framework, coalesce(centre.competency_name(e.competency, $2), e.competency::text), e.level,
         centre.level_label(c.framework, e.level, $2), e.weight
  FROM civic.each($1) AS e LEFT JOIN centre.competency c ON c.competency_id = e.competency ORDER BY e.competency;
END;
COMMENT ON FUNCTION centre.named_set(civic.competency_set, text) IS 'a set with the names of its competencies and levels in a language; an id that is not in the dictionary keeps its number';

-- ---------------------------------------------------------------- closure
CREATE VIEW centre.competency_step AS
  SELECT competency_id, target_id, level_loss, false AS is_close, kind = 'broader' AS climbs FROM centre.competency_link WHERE kind IN ('broader', 'exact')
  UNION ALL
  SELECT target_id, competency_id, level_loss, false, false FROM centre.competency_link WHERE kind = 'exact'
  UNION ALL
  SELECT competency_id, target_id, level_loss, true, false FROM centre.competency_link WHERE kind = 'close'
  UNION ALL
  SELECT target_id, competency_id, level_loss, true, false FROM centre.competency_link WHERE kind = 'close'
  UNION ALL
  SELECT competency_id, replaced_by, 0::smallint, false, true FROM centre.competency WHERE replaced_by IS NOT NULL;
COMMENT ON VIEW centre.competency_step IS 'one step of holding: who holds competency_id holds target_id, less level_loss; climbs marks steps that cannot lead back, is_close those taken once only';

CREATE FUNCTION centre.competency_ways(starts integer[] DEFAULT NULL)
RETURNS TABLE (competency_id integer, implied_id integer, level_loss smallint, climbed boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH RECURSIVE way (competency_id, implied_id, level_loss, was_close, climbed) AS (
    SELECT s.competency_id, s.target_id, s.level_loss::integer, s.is_close, s.climbs FROM centre.competency_step s
    WHERE $1 IS NULL OR s.competency_id = ANY ($1)
    UNION
    SELECT w.competency_id, s.target_id, least(w.level_loss + s.level_loss, 14), w.was_close OR s.is_close, w.climbed OR s.climbs
    FROM way w JOIN centre.competency_step s ON s.competency_id = w.implied_id
    WHERE NOT (w.was_close AND s.is_close))
  SELECT w.competency_id, w.implied_id, min(w.level_loss)::smallint, bool_or(w.climbed AND NOT w.was_close)
  FROM way w GROUP BY w.competency_id, w.implied_id;
END;
COMMENT ON FUNCTION centre.competency_ways(integer[]) IS
  'worked out from the links: all that follows from each of these competencies (null: all), with the levels lost on the best way; itself among it where a way leads back, climbed where that way goes over a broader or replacing one';

CREATE FUNCTION centre.refresh_competency_closure(changed integer[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  affected integer[];
  circle text;
BEGIN
  -- one at a time, so that none works from links another is about to change
  PERFORM centre.take_turn('closure of competencies');
  -- a new or a lost way passes through a changed link, and what led to that link before leads there still
  affected := CASE WHEN changed IS NOT NULL THEN ARRAY(
    SELECT unnest(changed) UNION SELECT c.competency_id FROM centre.competency_closure c WHERE c.implied_id = ANY (changed)) END;
  CREATE TEMP TABLE new_closure AS SELECT * FROM centre.competency_ways(affected);
  SELECT string_agg(c.framework || ' ' || c.code, ', ' ORDER BY c.framework, c.code) INTO circle
  FROM (SELECT competency_id FROM pg_temp.new_closure WHERE competency_id = implied_id AND climbed LIMIT 10) AS n
  JOIN centre.competency c USING (competency_id);
  IF circle IS NOT NULL THEN
    RAISE EXCEPTION 'competencies contain each other in a circle'
      USING ERRCODE = 'check_violation', DETAIL = circle, HINT = 'A broader or replacing competency must not lead back to the one it stands for.';
  END IF;
  DELETE FROM pg_temp.new_closure WHERE competency_id = implied_id;
  ANALYZE pg_temp.new_closure;
  -- write only what differs: the holders of a changed competency are worked out again
  DELETE FROM centre.competency_closure o WHERE (affected IS NULL OR o.competency_id = ANY (affected)) AND NOT EXISTS (
    SELECT FROM pg_temp.new_closure n WHERE n.competency_id = o.competency_id AND n.implied_id = o.implied_id);
  INSERT INTO centre.competency_closure AS o (competency_id, implied_id, level_loss)
    SELECT competency_id, implied_id, level_loss FROM pg_temp.new_closure
    ON CONFLICT (competency_id, implied_id) DO UPDATE SET level_loss = excluded.level_loss WHERE o.level_loss <> excluded.level_loss;
  DROP TABLE pg_temp.new_closure;
END
$$;
COMMENT ON FUNCTION centre.refresh_competency_closure(integer[]) IS
  'make competency_closure what the links say, after links from these competencies changed (null: all anew); error where broader or replacing competencies lead back to themselves';

CREATE FUNCTION centre.competency_links_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed integer[];
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM centre.refresh_competency_closure();
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT array_agg(x.id) INTO changed FROM new_rows n CROSS JOIN LATERAL (VALUES (n.competency_id, n.kind <> 'requires'), (n.target_id, n.kind IN ('exact', 'close'))) AS x (id, holds) WHERE x.holds;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    SELECT changed || array_agg(x.id) INTO changed FROM old_rows n CROSS JOIN LATERAL (VALUES (n.competency_id, n.kind <> 'requires'), (n.target_id, n.kind IN ('exact', 'close'))) AS x (id, holds) WHERE x.holds;
  END IF;
  IF changed IS NOT NULL THEN
    PERFORM centre.refresh_competency_closure(changed);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.competency_links_changed() IS 'trigger of competency_link: the closure follows';
CREATE TRIGGER civic_closure_insert AFTER INSERT ON centre.competency_link REFERENCING NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.competency_links_changed();
CREATE TRIGGER civic_closure_update AFTER UPDATE ON centre.competency_link REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.competency_links_changed();
CREATE TRIGGER civic_closure_delete AFTER DELETE ON centre.competency_link REFERENCING OLD TABLE AS old_rows
  EXECUTE FUNCTION centre.competency_links_changed();
CREATE TRIGGER civic_closure_truncate AFTER TRUNCATE ON centre.competency_link
  EXECUTE FUNCTION centre.competency_links_changed();

CREATE FUNCTION centre.competency_replaced() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed integer[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(competency_id) INTO changed FROM new_rows WHERE replaced_by IS NOT NULL;
  ELSE
    SELECT array_agg(n.competency_id) INTO changed FROM new_rows n LEFT JOIN old_rows o USING (competency_id) WHERE o.replaced_by IS DISTINCT FROM n.replaced_by;
  END IF;
  IF changed IS NOT NULL THEN
    PERFORM centre.refresh_competency_closure(changed);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.competency_replaced() IS 'trigger of competency: a replacement is a link too';
CREATE TRIGGER civic_replaced_insert AFTER INSERT ON centre.competency REFERENCING NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.competency_replaced();
CREATE TRIGGER civic_replaced_update AFTER UPDATE ON centre.competency REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  EXECUTE FUNCTION centre.competency_replaced();

CREATE FUNCTION centre.expand(held civic.competency_set) RETURNS civic.competency_set
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT $1 OPERATOR(civic.|) coalesce(civic.competency_agg(c.implied_id, greatest(e.level - c.level_loss, 1), e.weight), '')
  FROM civic.each($1) AS e JOIN centre.competency_closure c ON c.competency_id = e.competency;
END;
COMMENT ON FUNCTION centre.expand(civic.competency_set) IS
  'a held set with all that follows from it by broader, equivalent and replacing competencies; null for null. Never for a need: whoever needs the general is not helped by the special';
