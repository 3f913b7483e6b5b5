-- Exports of frameworks in the formats they are imported from: what was read is written back, levels in the source's own words.

CREATE FUNCTION centre.csv_line(fields text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg(CASE WHEN f ~ '[",\r\n]' THEN '"' || replace(f, '"', '""') || '"' ELSE coalesce(f, '') END, ',' ORDER BY o)
        FROM unnest(fields) WITH ORDINALITY AS u (f, o));
COMMENT ON FUNCTION centre.csv_line(text[]) IS 'fields as one record of CSV (RFC 4180), without a line break behind it; a null field is empty; null for an empty array';

CREATE VIEW centre.verified_requirement AS
  SELECT n.source, n.kind, n.node_id, n.code AS node, c.framework, c.competency_id, c.code AS competency, r.level, r.weight,
         coalesce(r.stated, centre.level_code(c.framework, r.level), r.level::text) AS stated
  FROM centre.requirement r JOIN centre.frac_node n USING (node_id) JOIN centre.competency c USING (competency_id) WHERE r.status = 'verified';
COMMENT ON VIEW centre.verified_requirement IS 'verified requirements by code, each with its level in the words of its source';

CREATE FUNCTION centre.export_gdad(of_framework text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT centre.csv_line('{Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Description,Skill Level,Skill Level Description,Role Type}')
    || E'\n' || string_agg(centre.csv_line(ARRAY[p.family, o.code, o.description, p.title, p.description, r.competency, l.description, r.stated, t.description, NULL]), E'\n' ORDER BY p.family, p.code, r.competency)
    || E'\n'
  FROM centre.verified_requirement r JOIN centre.frac_node p USING (node_id)
  JOIN centre.frac_link k ON k.parent_id = p.node_id AND k.status = 'verified' JOIN centre.frac_node o ON o.node_id = k.child_id AND o.kind = 'role'
  LEFT JOIN centre.competency_label l ON l.competency_id = r.competency_id AND l.lang = 'en'
  LEFT JOIN centre.competency_level t ON t.competency_id = r.competency_id AND t.level = r.level AND t.lang = 'en'
  WHERE r.source = $1 AND r.kind = 'position';
END;
COMMENT ON FUNCTION centre.export_gdad(text) IS 'the verified needs of a framework''s positions as CSV with the columns of GDaD''s roles.csv; null where there are none';

CREATE FUNCTION centre.export_frac_rows(of_framework text)
RETURNS TABLE (type text, id text, name text, description text, parent_type text, parent_id text, level text, weight integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT upper(n.kind), n.code, n.title, n.description, NULL::text, NULL::text, NULL::text, NULL::integer FROM centre.frac_node n WHERE n.source = $1
  UNION ALL
  SELECT upper(c.kind), c.code, c.title, NULL, upper(p.kind), p.code, NULL, NULL
  FROM centre.frac_link l JOIN centre.frac_node p ON p.node_id = l.parent_id JOIN centre.frac_node c ON c.node_id = l.child_id WHERE p.source = $1 AND l.status = 'verified'
  UNION ALL
  SELECT CASE c.kind WHEN 'area' THEN 'COMPETENCYAREA' ELSE 'COMPETENCY' END, c.code, coalesce(b.label, c.code), b.description, NULL, NULL, NULL, NULL
  FROM centre.competency c LEFT JOIN centre.competency_label b ON b.competency_id = c.competency_id AND b.lang = 'en' WHERE c.framework = $1
  UNION ALL
  SELECT CASE c.kind WHEN 'area' THEN 'COMPETENCYAREA' ELSE 'COMPETENCY' END, c.code, coalesce(b.label, c.code), NULL, CASE t.kind WHEN 'area' THEN 'COMPETENCYAREA' ELSE 'COMPETENCY' END, t.code, NULL, NULL
  FROM centre.competency_link l JOIN centre.competency c ON c.competency_id = l.competency_id JOIN centre.competency t ON t.competency_id = l.target_id
  LEFT JOIN centre.competency_label b ON b.competency_id = c.competency_id AND b.lang = 'en'
  WHERE l.kind = 'broader' AND c.framework = $1 AND t.framework = $1 AND t.kind = 'area'
  UNION ALL
  SELECT 'COMPETENCIESLEVEL', c.code || ' ' || v.level, coalesce(centre.level_code($1, v.level), v.level::text), v.description, 'COMPETENCY', c.code,
         coalesce(centre.level_code($1, v.level), v.level::text), NULL
  FROM centre.competency_level v JOIN centre.competency c USING (competency_id) WHERE c.framework = $1 AND v.lang = 'en'
  UNION ALL
  SELECT 'COMPETENCY', r.competency, coalesce(b.label, r.competency), NULL, upper(r.kind), r.node, r.stated, r.weight
  FROM centre.verified_requirement r LEFT JOIN centre.competency_label b ON b.competency_id = r.competency_id AND b.lang = 'en'
  WHERE r.source = $1 AND r.framework = $1;
END;
COMMENT ON FUNCTION centre.export_frac_rows(text) IS 'inner part of the FRAC exports: a row for each node, and one for each parent of it';

CREATE FUNCTION centre.export_frac_csv(of_framework text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT E'type,id,name,description,parent_type,parent_id,level,weight\n'
    || string_agg(centre.csv_line(ARRAY[r.type, r.id, r.name, r.description, r.parent_type, r.parent_id, r.level, r.weight::text]), E'\n' ORDER BY r.parent_type NULLS FIRST, r.parent_id, r.type, r.id) || E'\n'
  FROM centre.export_frac_rows($1) AS r;
END;
COMMENT ON FUNCTION centre.export_frac_csv(text) IS 'a framework with its positions, roles and activities as the CSV that import_framework() reads as frac_csv; null where there is nothing';

CREATE FUNCTION centre.export_frac_json(of_framework text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH r AS MATERIALIZED (SELECT * FROM centre.export_frac_rows($1)),
  child AS (
    SELECT r.parent_type, r.parent_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', r.type, 'id', r.id, 'name', r.name, 'description', r.description, 'level', r.level, 'weight', r.weight)) ORDER BY r.type, r.id) AS children
    FROM r WHERE r.parent_id IS NOT NULL GROUP BY r.parent_type, r.parent_id)
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', r.type, 'id', r.id, 'name', r.name, 'description', r.description, 'children', c.children)) ORDER BY r.type, r.id)
  FROM r LEFT JOIN child c ON c.parent_type = r.type AND c.parent_id = r.id WHERE r.parent_id IS NULL;
END;
COMMENT ON FUNCTION centre.export_frac_json(text) IS 'the same as FRAC nodes: each node with its children named under it, needs with level and weight; read back as frac_json';

CREATE FUNCTION centre.export_onet_levels(of_framework text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT E'O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tRecommend Suppress\tNot Relevant\n'
    || string_agg(concat_ws(E'\t', r.node, r.competency, centre.competency_name(r.competency_id, 'en'), s.scale, CASE s.scale WHEN 'LV' THEN r.stated ELSE r.weight::text END, 'N', 'N'), E'\n'
                  ORDER BY r.node, r.competency, s.scale) || E'\n'
  FROM centre.verified_requirement r CROSS JOIN (VALUES ('IM'), ('LV')) AS s (scale) WHERE r.source = $1 AND r.kind = 'position';
END;
COMMENT ON FUNCTION centre.export_onet_levels(text) IS 'needs as tab-separated text in the shape of O*NET''s Skills file: the level as it was stated, importance as the whole number kept of it; null where there are none';

CREATE FUNCTION centre.export_esco_relations(of_framework text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT E'occupationUri,relationType,skillType,skillUri\n'
    || string_agg(centre.csv_line(ARRAY[r.node, r.stated, 'skill/competence', r.competency]), E'\n' ORDER BY r.node, r.competency) || E'\n'
  FROM centre.verified_requirement r WHERE r.source = $1 AND r.kind = 'position';
END;
COMMENT ON FUNCTION centre.export_esco_relations(text) IS 'needs as ESCO''s occupation-skill relations, essential or optional; null where there are none';

CREATE FUNCTION centre.export_case(of_framework text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH scale AS (
    SELECT jsonb_agg(jsonb_build_object('identifier', md5('level ' || $1 || s.level)::uuid, 'quality', s.code, 'position', s.level) ORDER BY s.level) AS levels
    FROM centre.level_scale s WHERE s.framework = $1),
  item_level AS (
    SELECT c.code, jsonb_agg(jsonb_build_object('identifier', md5(c.code || v.level)::uuid, 'quality', s.code, 'position', v.level, 'description', v.description) ORDER BY v.level) AS levels
    FROM centre.competency_level v JOIN centre.competency c USING (competency_id) JOIN centre.level_scale s ON s.framework = $1 AND s.level = v.level
    WHERE c.framework = $1 AND v.lang = 'en' GROUP BY c.code),
  criterion AS (
    SELECT jsonb_build_object('identifier', md5('scale ' || $1)::uuid, 'CFRubricCriterionLevels', s.levels) AS j, '' AS code FROM scale s WHERE s.levels IS NOT NULL
    UNION ALL
    SELECT jsonb_build_object('identifier', md5('criterion ' || i.code)::uuid, 'CFItemURI', jsonb_build_object('identifier', i.code), 'CFRubricCriterionLevels', i.levels), i.code FROM item_level i),
  item AS (
    SELECT c.code, jsonb_strip_nulls(jsonb_build_object('identifier', c.code, 'fullStatement', coalesce(l.label, c.code), 'notes', l.description, 'humanCodingScheme', l.other_labels[1], 'language', coalesce(l.lang, 'en'))) AS j
    FROM centre.competency c LEFT JOIN LATERAL (
      SELECT b.* FROM centre.competency_label b WHERE b.competency_id = c.competency_id ORDER BY b.lang <> 'en', b.lang LIMIT 1) AS l ON true
    WHERE c.framework = $1),
  association AS (
    SELECT md5(l.competency_id || l.kind || l.target_id)::uuid AS id,
           CASE l.kind WHEN 'broader' THEN 'isChildOf' WHEN 'exact' THEN 'exactMatchOf' WHEN 'close' THEN 'isPeerOf' ELSE 'precedes' END AS type,
           CASE l.kind WHEN 'requires' THEN t.code ELSE c.code END AS origin, CASE l.kind WHEN 'requires' THEN c.code ELSE t.code END AS destination
    FROM centre.competency_link l JOIN centre.competency c ON c.competency_id = l.competency_id JOIN centre.competency t ON t.competency_id = l.target_id
    WHERE c.framework = $1 AND t.framework = $1)
  SELECT jsonb_build_object(
    'CFDocument', jsonb_build_object('identifier', md5('framework ' || f.code)::uuid, 'title', f.name, 'creator', f.source),
    'CFItems', coalesce((SELECT jsonb_agg(i.j ORDER BY i.code) FROM item i), '[]'),
    'CFAssociations', coalesce((SELECT jsonb_agg(jsonb_build_object('identifier', a.id, 'associationType', a.type, 'originNodeURI', jsonb_build_object('identifier', a.origin),
      'destinationNodeURI', jsonb_build_object('identifier', a.destination)) ORDER BY a.id) FROM association a), '[]'),
    'CFRubrics', jsonb_build_array(jsonb_build_object('identifier', md5('rubric ' || f.code)::uuid, 'title', 'levels',
      'CFRubricCriteria', coalesce((SELECT jsonb_agg(k.j ORDER BY k.code) FROM criterion k), '[]'))))
  FROM centre.framework f WHERE f.code = $1;
END;
COMMENT ON FUNCTION centre.export_case(text) IS 'a framework''s competencies and links as a CASE 1.0 package; its levels and their texts are criteria of one rubric; null for an unknown framework';
