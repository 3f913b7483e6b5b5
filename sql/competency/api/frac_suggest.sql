-- Suggestions for a position: what similar positions need, with score and evidence, and the way from proposed to verified.

CREATE FUNCTION centre.frac_similar(of_position integer, at_most integer DEFAULT 10, of_framework text DEFAULT NULL, leave_out integer[] DEFAULT '{}')
RETURNS TABLE (position_id integer, score float8, text_score float8, title_score float8, same_family boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH asked AS (SELECT n.node_id, n.title, n.family FROM centre.frac_node n WHERE n.node_id = $1),
  word AS (
    SELECT w.lexeme, w.weight, ln((SELECT count(*) FROM centre.frac_node p WHERE p.kind = 'position')::float8
      / (SELECT count(*) FROM centre.frac_word f WHERE f.lexeme = w.lexeme)) AS rarity
    FROM centre.frac_word w WHERE w.node_id = $1),
  alike AS (
    SELECT f.node_id, sum(f.weight * w.weight * w.rarity ^ 2) / nullif((SELECT sum((q.weight * q.rarity) ^ 2) FROM word q), 0) AS score
    FROM word w JOIN centre.frac_word f ON f.lexeme = w.lexeme GROUP BY f.node_id)
  SELECT p.node_id, s.text_score + 0.5 * s.title_score + 0.2 * s.same_family::integer, s.text_score, s.title_score, s.same_family
  FROM asked a JOIN centre.frac_node p ON p.kind = 'position' AND p.node_id <> a.node_id AND p.node_id <> ALL ($4)
  LEFT JOIN alike t ON t.node_id = p.node_id
  CROSS JOIN LATERAL (SELECT coalesce(t.score, 0) AS text_score, public.similarity(a.title, p.title)::float8 AS title_score, coalesce(p.family = a.family, false) AS same_family) AS s
  WHERE p.need OPERATOR(civic.<>) ''
    AND ($3 IS NULL OR EXISTS (SELECT FROM civic.each(p.need) AS e JOIN centre.competency c ON c.competency_id = e.competency WHERE c.framework = $3))
  ORDER BY 2 DESC, p.node_id LIMIT $2;
END;
COMMENT ON FUNCTION centre.frac_similar(integer, integer, text, integer[]) IS
  'the positions most like one, of those with verified needs (in of_framework, where given; without those to leave out): text_score is the product of their word vectors with rare words counting more, 1 for the same text; title_score the trigram similarity of titles; peers of the same family get 0.2. score = text_score + 0.5 title_score + 0.2 for peers';

CREATE FUNCTION centre.frac_suggest(of_position integer, of_framework text DEFAULT NULL, at_most integer DEFAULT 10, leave_out integer[] DEFAULT '{}')
RETURNS TABLE (kind text, rank bigint, item_id integer, name text, level smallint, weight smallint, score float8, evidence text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH near AS MATERIALIZED (
    SELECT s.position_id, s.score, s.score / sum(s.score) OVER () AS share, p.title, p.need
    FROM centre.frac_similar($1, 10, $2, $4) AS s JOIN centre.frac_node p ON p.node_id = s.position_id WHERE s.score > 0),
  -- roles and activities of similar positions
  part AS (
    SELECT c.kind, c.node_id AS item_id, c.title AS name, sum(n.share) AS score, count(*) AS positions, (array_agg(format('%s (%s)', n.title, round(n.score::numeric, 2)) ORDER BY n.score DESC, n.title))[1:3] AS titles
    FROM near n JOIN centre.frac_link l ON l.parent_id = n.position_id AND l.status = 'verified' JOIN centre.frac_node c ON c.node_id = l.child_id
    WHERE NOT EXISTS (SELECT FROM centre.frac_link k WHERE k.parent_id = $1 AND k.child_id = c.node_id)
    GROUP BY c.kind, c.node_id, c.title),
  -- what they need, and whether the position's own text names it
  need AS (
    SELECT e.competency, sum(n.share) AS score, round(sum(e.level * n.share) / sum(n.share))::smallint AS level, round(sum(e.weight * n.share) / sum(n.share))::smallint AS weight,
           count(*) AS positions, (array_agg(format('%s (%s)', n.title, round(n.score::numeric, 2)) ORDER BY n.score DESC, n.title))[1:3] AS titles
    FROM near n CROSS JOIN LATERAL civic.each(n.need) AS e JOIN centre.competency c ON c.competency_id = e.competency
    WHERE $2 IS NULL OR c.framework = $2 GROUP BY e.competency),
  label AS MATERIALIZED (
    SELECT x.competency, u.lexeme FROM need x JOIN centre.competency_label b ON b.competency_id = x.competency JOIN centre.site s ON s.default_language = b.lang
    CROSS JOIN (SELECT centre.text_configuration() AS config) AS t CROSS JOIN LATERAL unnest(to_tsvector(t.config, b.label)) AS u),
  word AS (
    SELECT l.lexeme, bool_or(f.node_id = $1) AS is_there, 1 / sqrt(1 + count(f.node_id)) AS rarity
    FROM (SELECT DISTINCT label.lexeme FROM label) AS l LEFT JOIN centre.frac_word f ON f.lexeme = l.lexeme GROUP BY l.lexeme),
  named AS (
    SELECT l.competency, sum(w.rarity) FILTER (WHERE w.is_there) / sum(w.rarity) AS share, string_agg(w.lexeme, ', ' ORDER BY w.rarity DESC, w.lexeme) FILTER (WHERE w.is_there) AS words
    FROM label l JOIN word w ON w.lexeme = l.lexeme GROUP BY l.competency),
  item AS (
    SELECT p.kind, p.item_id, p.name, NULL::smallint AS level, NULL::smallint AS weight, p.score, format('of %s of 10 similar positions: %s', p.positions, array_to_string(p.titles, ', ')) AS evidence FROM part p
    UNION ALL
    SELECT 'competency', n.competency, NULL, n.level, n.weight, n.score + 0.3 * coalesce(m.share, 0),
           format('needed by %s of 10 similar positions: %s', n.positions, array_to_string(n.titles, ', ')) || coalesce('; its text says: ' || m.words, '')
    FROM need n LEFT JOIN named m USING (competency)
    WHERE NOT EXISTS (SELECT FROM centre.requirement r WHERE r.node_id = $1 AND r.competency_id = n.competency))
  SELECT r.kind, r.rank, r.item_id, coalesce(r.name, centre.competency_name(r.item_id)), r.level, r.weight, r.score, r.evidence FROM (
    SELECT i.kind, row_number() OVER (PARTITION BY i.kind ORDER BY i.score DESC, i.item_id) AS rank, i.item_id, i.name, i.level, i.weight, i.score, i.evidence FROM item i) AS r
  WHERE r.rank <= $3 ORDER BY r.kind DESC, r.rank;
END;
COMMENT ON FUNCTION centre.frac_suggest(integer, text, integer, integer[]) IS
  'roles, competencies with level and weight, and activities proposed for a position, at most so many of each: those of the ten most similar positions (centre.frac_similar), each counting by its share of the similarity, so that what goes together there comes together here; a competency whose name the position''s own text mentions gains up to 0.3. What the position has already, in whatever state, is not proposed. item_id is a competency_id or a node_id; evidence says how many of the ten have it and names the three most similar';

CREATE FUNCTION centre.frac_propose(of_position integer, of_framework text DEFAULT NULL, at_most integer DEFAULT 10) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  proposed bigint;
BEGIN
  CREATE TEMP TABLE suggestion ON COMMIT DROP AS SELECT * FROM centre.frac_suggest(of_position, of_framework, at_most);
  INSERT INTO centre.requirement (node_id, competency_id, level, weight, status, score, reason)
    SELECT of_position, item_id, level, weight, 'proposed', score, evidence FROM suggestion WHERE kind = 'competency';
  INSERT INTO centre.frac_link (parent_id, child_id, status, score, reason)
    SELECT of_position, item_id, 'proposed', score, evidence FROM suggestion WHERE kind <> 'competency';
  SELECT count(*) INTO proposed FROM suggestion;
  DROP TABLE pg_temp.suggestion;
  RETURN proposed;
END
$$;
COMMENT ON FUNCTION centre.frac_propose(integer, text, integer) IS 'enter the suggestions for a position as proposed, with score and evidence; gives how many. Nothing proposed counts as a need';

CREATE FUNCTION centre.frac_review(of_position integer, to_status text, competencies integer[] DEFAULT NULL, parts integer[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  from_status text[] := CASE to_status WHEN 'reviewed' THEN '{proposed}'::text[] WHEN 'verified' THEN '{reviewed}' WHEN 'rejected' THEN '{proposed,reviewed}' END;
  moved bigint;
  also_moved bigint;
BEGIN
  IF from_status IS NULL THEN
    RAISE EXCEPTION 'nothing can be moved to "%"', to_status USING ERRCODE = 'invalid_parameter_value', HINT = 'One of reviewed, verified, rejected.';
  END IF;
  -- two pairs of eyes: who reviewed it does not verify it
  IF to_status = 'verified' AND (
    EXISTS (SELECT FROM centre.requirement r WHERE r.node_id = of_position AND r.status = 'reviewed' AND r.changed_by = session_user AND (competencies IS NULL OR r.competency_id = ANY (competencies)))
    OR EXISTS (SELECT FROM centre.frac_link l WHERE l.parent_id = of_position AND l.status = 'reviewed' AND l.changed_by = session_user AND (parts IS NULL OR l.child_id = ANY (parts)))) THEN
    RAISE EXCEPTION '% reviewed this and cannot verify it', session_user USING ERRCODE = 'insufficient_privilege', HINT = 'Somebody else verifies what one has reviewed.';
  END IF;
  UPDATE centre.requirement r SET status = to_status, changed_by = session_user, changed_at = now()
    WHERE r.node_id = of_position AND r.status = ANY (from_status) AND (competencies IS NULL OR r.competency_id = ANY (competencies));
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE centre.frac_link l SET status = to_status, changed_by = session_user, changed_at = now()
    WHERE l.parent_id = of_position AND l.status = ANY (from_status) AND (parts IS NULL OR l.child_id = ANY (parts));
  GET DIAGNOSTICS also_moved = ROW_COUNT;
  RETURN moved + also_moved;
END
$$;
COMMENT ON FUNCTION centre.frac_review(integer, text, integer[], integer[]) IS
  'move a position''s proposals on: proposed to reviewed, reviewed to verified (by somebody else than the reviewer), or either to rejected; all of them, or the competencies and the roles and activities (parts) named; gives how many moved. An empty array names none';
