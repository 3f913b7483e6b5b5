-- The formats that frameworks are imported from: each fills the temporary tables of centre.import_open().

CREATE FUNCTION centre.import_gdad() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_scale VALUES (1, 'Awareness'), (2, 'Working'), (3, 'Practitioner'), (4, 'Expert');
  INSERT INTO in_competency (record, code, kind, label, description)
    SELECT DISTINCT ON (r ->> 'Skill Name') record, r ->> 'Skill Name', 'competency', r ->> 'Skill Name', r ->> 'Skill Description' FROM in_record ORDER BY r ->> 'Skill Name', record;
  -- skills.csv has a column for each level, roles.csv a level and its text
  INSERT INTO in_level_text (record, code, stated, description)
    SELECT record, r ->> 'Skill Name', s.code, r ->> s.code FROM in_record CROSS JOIN in_scale s WHERE r ->> s.code IS NOT NULL AND r ->> 'Skill Name' IS NOT NULL
    UNION ALL
    SELECT min(record), r ->> 'Skill Name', r ->> 'Skill Level', r ->> 'Skill Level Description' FROM in_record
    WHERE lower(r ->> 'Skill Level') IN (SELECT lower(code) FROM in_scale) AND r ->> 'Skill Level Description' IS NOT NULL AND r ->> 'Skill Name' IS NOT NULL GROUP BY 2, 3, 4;
  -- rows whose level is not in use tell of a role that is not in use
  CREATE TEMP TABLE in_gdad ON COMMIT DROP AS
    SELECT record, r ->> 'Role' AS role, r ->> 'Role' || ' / ' || (r ->> 'Role Level') AS position, r FROM in_record
    WHERE r ? 'Role Level' AND r ->> 'Skill Level' IS DISTINCT FROM 'NOT IN USE';
  INSERT INTO in_node (record, kind, code, title, description, family)
    SELECT min(record), 'role', role, role, r ->> 'Role Description', r ->> 'Role Family' FROM in_gdad GROUP BY 3, 4, 5, 6
    UNION ALL
    SELECT min(record), 'position', position, r ->> 'Role Level', r ->> 'Role Level Description', r ->> 'Role Family' FROM in_gdad GROUP BY 3, 4, 5, 6;
  INSERT INTO in_part SELECT min(record), 'position', position, 'role', role FROM in_gdad WHERE role IS NOT NULL GROUP BY 3, 5;
  -- the duties of a role level are a list of lines that begin with a dash
  CREATE TEMP TABLE in_duty ON COMMIT DROP AS
    SELECT DISTINCT ON (g.position, d.duty) g.record, g.position, d.duty
    FROM (SELECT DISTINCT ON (position) record, position, r ->> 'Role Level Description' AS list FROM in_gdad ORDER BY position, record) AS g
    CROSS JOIN LATERAL (SELECT btrim(m[1]) AS duty FROM regexp_matches(g.list, '^\s*-\s+(.+?)\s*$', 'gn') AS m) AS d
    WHERE d.duty <> '';
  INSERT INTO in_node (record, kind, code, title) SELECT min(record), 'activity', duty, duty FROM in_duty GROUP BY duty;
  INSERT INTO in_part SELECT record, 'position', position, 'activity', duty FROM in_duty;
  INSERT INTO in_need (record, kind, node, competency, stated)
    SELECT record, 'position', r ->> 'Role' || ' / ' || (r ->> 'Role Level'), r ->> 'Skill Name', r ->> 'Skill Level' FROM in_record WHERE r ? 'Role Level';
  DROP TABLE in_gdad, in_duty;
END
$$;
COMMENT ON FUNCTION centre.import_gdad() IS
  'format gdad: the UK Government Digital and Data framework''s roles.csv and skills.csv. Role levels become positions (code role / role level, family), roles their roles, the dashed lines of the description their activities';

CREATE FUNCTION centre.import_kcm() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_scale SELECT l, 'L' || l, ARRAY[l::text, 'level ' || l] FROM generate_series(1, 5) AS l;
  CREATE TEMP TABLE in_theme ON COMMIT DROP AS
    SELECT record, r ->> 'name' AS area, t ->> 'name' AS theme, t -> 'competency_sub_theme' AS parts
    FROM in_record CROSS JOIN LATERAL jsonb_path_query(r, '$.competency_theme[*]') AS t;
  INSERT INTO in_competency (record, code, kind, label)
    SELECT record, r ->> 'name', 'area', r ->> 'name' FROM in_record WHERE NOT r ? 'positions'
    UNION ALL SELECT record, concat_ws(' / ', area, theme), 'area', theme FROM in_theme
    UNION ALL SELECT record, concat_ws(' / ', area, theme, s), 'competency', s FROM in_theme, jsonb_array_elements_text(parts) AS s;
  INSERT INTO in_link (record, code, target, kind)
    SELECT record, concat_ws(' / ', area, theme), area, 'broader' FROM in_theme
    UNION ALL SELECT record, concat_ws(' / ', area, theme, s), concat_ws(' / ', area, theme), 'broader' FROM in_theme, jsonb_array_elements_text(parts) AS s;
  -- the master list of positions: {positions: [{id, name, description}]}
  INSERT INTO in_node (record, kind, code, title, description)
    SELECT o, 'position', p ->> 'id', p ->> 'name', nullif(p ->> 'description', p ->> 'name')
    FROM in_record CROSS JOIN LATERAL jsonb_array_elements(r -> 'positions') WITH ORDINALITY AS x (p, o) WHERE jsonb_typeof(r -> 'positions') = 'array';
  DROP TABLE in_theme;
END
$$;
COMMENT ON FUNCTION centre.import_kcm() IS
  'format kcm_json: iGOT''s competency model (areas, themes, sub-themes; no ids and no levels in it, so codes are the names and the scale is L1 to L5) and its master list of positions';

CREATE FUNCTION centre.import_frac_json() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_scale SELECT l, 'L' || l, ARRAY[l::text, 'level ' || l] FROM generate_series(1, 5) AS l;
  -- type, id, name, description, level, children, as deep as it goes
  CREATE TEMP TABLE in_tree ON COMMIT DROP AS
    WITH RECURSIVE tree (record, parent, node) AS (
      SELECT record, NULL::jsonb, r FROM in_record
      UNION ALL
      SELECT record, node - 'children', c FROM tree CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(node -> 'children') = 'array' THEN node -> 'children' ELSE '[]' END) AS c)
    SELECT record, upper(node ->> 'type') AS type, nullif(btrim(node ->> 'id'), '') AS code, coalesce(node ->> 'name', node ->> 'id') AS name, node ->> 'description' AS description,
           node ->> 'level' AS level, node ->> 'weight' AS weight, upper(parent ->> 'type') AS parent_type, nullif(btrim(parent ->> 'id'), '') AS parent
    FROM tree;
  PERFORM centre.import_frac_tree();
END
$$;
COMMENT ON FUNCTION centre.import_frac_json() IS
  'format frac_json: FRAC nodes {type, id, name, description, level, weight, children}; types POSITION, ROLE, ACTIVITY, COMPETENCY, COMPETENCYAREA and COMPETENCIESLEVEL. A competency under a position, role or activity is a need and has a level there';

CREATE FUNCTION centre.import_frac_csv() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_scale SELECT l, 'L' || l, ARRAY[l::text, 'level ' || l] FROM generate_series(1, 5) AS l;
  CREATE TEMP TABLE in_tree ON COMMIT DROP AS
    SELECT record, upper(r ->> 'type') AS type, nullif(btrim(r ->> 'id'), '') AS code, coalesce(r ->> 'name', r ->> 'id') AS name, r ->> 'description' AS description,
           r ->> 'level' AS level, r ->> 'weight' AS weight, upper(r ->> 'parent_type') AS parent_type, r ->> 'parent_id' AS parent
    FROM in_record;
  PERFORM centre.import_frac_tree();
END
$$;
COMMENT ON FUNCTION centre.import_frac_csv() IS
  'format frac_csv: the same as a table with the columns type, id, name, description, parent_type, parent_id, level, weight; a node has a row for each parent, and one without parent where it has none';

CREATE FUNCTION centre.import_frac_tree() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_error SELECT record, 'missing', 'id', name FROM in_tree WHERE code IS NULL;
  INSERT INTO in_error SELECT record, 'code_unknown', 'type', coalesce(type, '') FROM in_tree
    WHERE type IS NULL OR type NOT IN ('POSITION', 'ROLE', 'ACTIVITY', 'COMPETENCY', 'COMPETENCYAREA', 'COMPETENCIESLEVEL', 'KNOWLEDGERESOURCE');
  DELETE FROM in_tree WHERE code IS NULL;
  INSERT INTO in_node (record, kind, code, title, description)
    SELECT DISTINCT ON (type, code) record, lower(type), code, name, description FROM in_tree WHERE type IN ('POSITION', 'ROLE', 'ACTIVITY') ORDER BY type, code, description NULLS LAST, record;
  INSERT INTO in_competency (record, code, kind, label, description)
    SELECT DISTINCT ON (type, code) record, code, CASE type WHEN 'COMPETENCY' THEN 'competency' ELSE 'area' END, name, description
    FROM in_tree WHERE type IN ('COMPETENCY', 'COMPETENCYAREA') ORDER BY type, code, description NULLS LAST, record;
  INSERT INTO in_part SELECT record, lower(parent_type), parent, lower(type), code FROM in_tree
    WHERE parent_type IN ('POSITION', 'ROLE') AND type IN ('ROLE', 'ACTIVITY') AND parent IS NOT NULL;
  INSERT INTO in_link (record, code, target, kind)
    -- an area is the broader one on whichever side it stands; of two alike it is the parent
    SELECT record, CASE WHEN parent_type = 'COMPETENCY' AND type = 'COMPETENCYAREA' THEN parent ELSE code END,
           CASE WHEN parent_type = 'COMPETENCY' AND type = 'COMPETENCYAREA' THEN code ELSE parent END, 'broader'
    FROM in_tree WHERE type IN ('COMPETENCY', 'COMPETENCYAREA') AND parent_type IN ('COMPETENCY', 'COMPETENCYAREA');
  INSERT INTO in_level_text (record, code, stated, description)
    SELECT record, parent, level, coalesce(description, name) FROM in_tree WHERE type = 'COMPETENCIESLEVEL' AND parent_type = 'COMPETENCY' AND level IS NOT NULL;
  INSERT INTO in_error SELECT record, 'weight_unknown', 'weight', weight FROM in_tree
    WHERE type = 'COMPETENCY' AND parent_type IN ('POSITION', 'ROLE', 'ACTIVITY') AND NOT coalesce(weight, '1') ~ '^\s*0*([1-9]|1[0-5])\s*$';
  INSERT INTO in_need (record, kind, node, competency, stated, weight)
    SELECT record, lower(parent_type), parent, code, coalesce(level, ''), coalesce(weight, '1')::smallint
    FROM in_tree WHERE type = 'COMPETENCY' AND parent_type IN ('POSITION', 'ROLE', 'ACTIVITY') AND coalesce(weight, '1') ~ '^\s*0*([1-9]|1[0-5])\s*$';
  DROP TABLE in_tree;
END
$$;
COMMENT ON FUNCTION centre.import_frac_tree() IS 'inner part of the FRAC formats: rows of node and parent to what they mean';

CREATE FUNCTION centre.import_onet() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_error SELECT record, 'missing', 'O*NET-SOC Code', NULL FROM in_record WHERE NOT r ? 'O*NET-SOC Code';
  DELETE FROM in_record WHERE NOT r ? 'O*NET-SOC Code';
  IF EXISTS (SELECT FROM in_record WHERE r ? 'Element ID') THEN
    PERFORM centre.import_onet_levels();
  ELSIF EXISTS (SELECT FROM in_record WHERE r ? 'Task ID') THEN
    INSERT INTO in_node (record, kind, code, title) SELECT record, 'activity', r ->> 'Task ID', r ->> 'Task' FROM in_record;
    INSERT INTO in_part SELECT record, 'position', r ->> 'O*NET-SOC Code', 'activity', r ->> 'Task ID' FROM in_record WHERE r ? 'Task ID';
  ELSIF EXISTS (SELECT FROM in_record WHERE r ? 'Commodity Code') THEN
    -- technologies have no level: used or not; those in demand weigh double
    INSERT INTO in_scale VALUES (1, 'used');
    INSERT INTO in_competency (record, code, kind, label, other_labels)
      SELECT min(record), r ->> 'Commodity Code', 'competency', min(r ->> 'Commodity Title'), array_agg(DISTINCT r ->> 'Example' ORDER BY r ->> 'Example')
      FROM in_record WHERE r ? 'Commodity Code' GROUP BY r ->> 'Commodity Code';
    INSERT INTO in_need (record, kind, node, competency, stated, weight)
      SELECT min(record), 'position', r ->> 'O*NET-SOC Code', r ->> 'Commodity Code', 'used', CASE WHEN bool_or(r ->> 'In Demand' = 'Y') THEN 2 ELSE 1 END
      FROM in_record GROUP BY r ->> 'O*NET-SOC Code', r ->> 'Commodity Code';
  ELSE
    INSERT INTO in_node (record, kind, code, title, description, family)
      SELECT record, 'position', r ->> 'O*NET-SOC Code', r ->> 'Title', r ->> 'Description', left(r ->> 'O*NET-SOC Code', 2) FROM in_record;
  END IF;
END
$$;
COMMENT ON FUNCTION centre.import_onet() IS
  'format onet: O*NET''s tab-separated files Occupation Data, Task Statements, Technology Skills, and Skills, Knowledge or Abilities; occupations become positions whose family is the major group, tasks their activities';

CREATE FUNCTION centre.import_onet_levels() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO in_scale SELECT 2 * h, h::text FROM generate_series(0, 7, 0.5) AS h WHERE h * 2 = floor(h * 2);
  INSERT INTO in_competency (record, code, kind, label)
    SELECT min(record), r ->> 'Element ID', 'competency', min(r ->> 'Element Name') FROM in_record WHERE r ? 'Element ID' GROUP BY r ->> 'Element ID';
  CREATE TEMP TABLE in_pair ON COMMIT DROP AS
    SELECT min(record) AS record, r ->> 'O*NET-SOC Code' AS node, r ->> 'Element ID' AS element,
           min(r ->> 'Data Value') FILTER (WHERE r ->> 'Scale ID' = 'LV') AS lv, min(r ->> 'Data Value') FILTER (WHERE r ->> 'Scale ID' = 'IM') AS im,
           bool_or(r ->> 'Recommend Suppress' = 'Y') AS suppressed, bool_or(r ->> 'Not Relevant' = 'Y') AS not_relevant
    FROM in_record WHERE r ->> 'Scale ID' IN ('LV', 'IM') GROUP BY 2, 3;
  INSERT INTO in_error SELECT record, 'suppressed', 'Recommend Suppress', element FROM in_pair WHERE suppressed;
  INSERT INTO in_error SELECT record, 'level_unknown', 'Data Value', lv FROM in_pair
    WHERE NOT suppressed AND coalesce(centre.try_numeric(lv) NOT BETWEEN 0 AND 7, true);
  INSERT INTO in_need (record, kind, node, competency, stated, level, weight, keep_stated)
    SELECT record, 'position', node, element, lv, CASE WHEN not_relevant THEN 0 ELSE round(2 * centre.try_numeric(lv)) END,
           least(greatest(round(coalesce(centre.try_numeric(im), 1)), 1), 5), true
    FROM in_pair WHERE NOT suppressed AND centre.try_numeric(lv) BETWEEN 0 AND 7;
  DROP TABLE in_pair;
END
$$;
COMMENT ON FUNCTION centre.import_onet_levels() IS
  'inner part of format onet: pairs the rows of level (LV, 0 to 7, a level for each half) and importance (IM, 1 to 5, the weight); rows that O*NET recommends to suppress are errors, those not relevant are no need';

CREATE FUNCTION centre.import_esco() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  keys text[] := ARRAY(SELECT DISTINCT k FROM in_record, jsonb_object_keys(r) AS k);
BEGIN
  -- ESCO has no levels: a skill is held or not; an essential one weighs twice an optional one
  INSERT INTO in_scale VALUES (1, 'held');
  IF keys && '{relationType,skill_type}' AND keys && '{occupationUri,isco08_code}' THEN
    INSERT INTO in_competency (record, code, kind, label)
      SELECT min(record), r ->> 'skill_uri', 'competency', min(r ->> 'skill_label') FROM in_record WHERE r ? 'skill_label' GROUP BY r ->> 'skill_uri';
    INSERT INTO in_node (record, kind, code, title)
      SELECT min(record), 'position', r ->> 'isco08_code', 'ISCO-08 ' || (r ->> 'isco08_code') FROM in_record WHERE r ? 'isco08_code' GROUP BY r ->> 'isco08_code';
    INSERT INTO in_need (record, kind, node, competency, stated, level, weight, keep_stated)
      SELECT record, 'position', node, skill, t, 1, CASE t WHEN 'essential' THEN 2 ELSE 1 END, true
      -- in a group of occupations a skill may be both; essential is the first of the two words
      FROM (SELECT min(record) AS record, coalesce(r ->> 'occupationUri', r ->> 'isco08_code') AS node, coalesce(r ->> 'skillUri', r ->> 'skill_uri') AS skill,
                   min(coalesce(r ->> 'relationType', r ->> 'skill_type')) AS t FROM in_record GROUP BY 2, 3) AS x;
  ELSIF keys && '{REQUIRINGID,originalSkillUri}' THEN
    INSERT INTO in_link SELECT record, coalesce(r ->> 'REQUIRINGID', r ->> 'originalSkillUri'), coalesce(r ->> 'REQUIREDID', r ->> 'relatedSkillUri'), 'requires' FROM in_record
      WHERE coalesce(r ->> 'RELATIONTYPE', r ->> 'relationType') = 'essential';
  ELSIF keys && '{PARENTID,broaderUri}' THEN
    INSERT INTO in_competency (record, code, kind)
      SELECT min(record), code, CASE WHEN bool_and(type ~* 'group|hierarchy') THEN 'area' ELSE 'competency' END
      FROM (SELECT record, r ->> 'PARENTID' AS code, r ->> 'PARENTOBJECTTYPE' AS type FROM in_record
            UNION ALL SELECT record, r ->> 'CHILDID', r ->> 'CHILDOBJECTTYPE' FROM in_record
            UNION ALL SELECT record, r ->> 'conceptUri', r ->> 'conceptType' FROM in_record
            UNION ALL SELECT record, r ->> 'broaderUri', r ->> 'broaderType' FROM in_record) AS x
      WHERE code IS NOT NULL GROUP BY code;
    INSERT INTO in_link SELECT record, coalesce(r ->> 'CHILDID', r ->> 'conceptUri'), coalesce(r ->> 'PARENTID', r ->> 'broaderUri'), 'broader' FROM in_record;
  ELSIF keys && '{ISCOGROUPCODE,iscoGroup}' THEN
    INSERT INTO in_node (record, kind, code, title, description, family)
      SELECT record, 'position', coalesce(r ->> 'conceptUri', r ->> 'ID'), coalesce(r ->> 'preferredLabel', r ->> 'PREFERREDLABEL'), coalesce(r ->> 'description', r ->> 'DESCRIPTION'),
             coalesce(r ->> 'iscoGroup', r ->> 'ISCOGROUPCODE') FROM in_record;
  ELSE
    INSERT INTO in_competency (record, code, kind, label, description, other_labels)
      SELECT record, coalesce(r ->> 'conceptUri', r ->> 'concept_uri', r ->> 'ID'), CASE WHEN r ? 'CODE' OR r ->> 'conceptType' ~* 'group' OR r ->> 'ORIGINURI' ~ 'isced-f' THEN 'area' ELSE 'competency' END,
             coalesce(r ->> 'preferredLabel', r ->> 'preferred_label', r ->> 'PREFERREDLABEL'), coalesce(r ->> 'description', r ->> 'DESCRIPTION'),
             coalesce(string_to_array(coalesce(r ->> 'altLabels', r ->> 'alt_labels', r ->> 'ALTLABELS'), E'\n'), '{}') FROM in_record;
  END IF;
END
$$;
COMMENT ON FUNCTION centre.import_esco() IS
  'format esco: ESCO''s CSV files, told apart by their columns: skills, skill groups, broader relations, skill-skill relations (essential ones are prerequisites), occupations, occupation-skill relations; also the Tabiya editions'' column names';

CREATE FUNCTION centre.import_case() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE in_item ON COMMIT DROP AS
    SELECT o AS record, i FROM in_record CROSS JOIN LATERAL jsonb_path_query_array(r, '$.CFItems[*]') AS items
    CROSS JOIN LATERAL jsonb_array_elements(items) WITH ORDINALITY AS x (i, o);
  IF NOT EXISTS (SELECT FROM in_item) THEN
    INSERT INTO in_error VALUES (1, 'missing', 'CFItems', NULL);
  END IF;
  -- an item with others under it is a heading as well as a competency: people may hold it
  INSERT INTO in_competency (record, code, kind, lang, label, description, other_labels)
    SELECT record, i ->> 'identifier', 'competency', coalesce(nullif(i ->> 'language', ''), 'en'), coalesce(i ->> 'abbreviatedStatement', i ->> 'fullStatement'),
           CASE WHEN i ? 'abbreviatedStatement' THEN i ->> 'fullStatement' ELSE i ->> 'notes' END, array_remove(ARRAY[i ->> 'humanCodingScheme'], NULL)
    FROM in_item;
  INSERT INTO in_link (record, code, target, kind)
    SELECT o, a #>> '{originNodeURI,identifier}', a #>> '{destinationNodeURI,identifier}', k.kind
    FROM in_record CROSS JOIN LATERAL jsonb_path_query_array(r, '$.CFAssociations[*]') AS links
    CROSS JOIN LATERAL jsonb_array_elements(links) WITH ORDINALITY AS x (a, o)
    JOIN (VALUES ('isChildOf', 'broader'), ('exactMatchOf', 'exact'), ('isPeerOf', 'close')) AS k (type, kind) ON k.type = a ->> 'associationType'
    -- the document itself is no item
    WHERE a #>> '{destinationNodeURI,identifier}' IS DISTINCT FROM r #>> '{CFDocument,identifier}'
    UNION ALL
    SELECT o, a #>> '{destinationNodeURI,identifier}', a #>> '{originNodeURI,identifier}', 'requires'
    FROM in_record CROSS JOIN LATERAL jsonb_path_query_array(r, '$.CFAssociations[*]') AS links
    CROSS JOIN LATERAL jsonb_array_elements(links) WITH ORDINALITY AS x (a, o) WHERE a ->> 'associationType' = 'precedes';
  PERFORM centre.import_case_rubrics();
  DROP TABLE in_item;
END
$$;
COMMENT ON FUNCTION centre.import_case() IS
  'format case_json: a CASE 1.0 package. Items become competencies by identifier (human coding scheme among the other labels); isChildOf, exactMatchOf, isPeerOf and precedes become links; levels come from rubrics';

CREATE FUNCTION centre.import_case_rubrics() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE in_rubric ON COMMIT DROP AS
    SELECT row_number() OVER () AS record, coalesce(c #>> '{CFItemURI,identifier}', c ->> 'CFItemURI') AS item, coalesce(l ->> 'quality', l ->> 'score', l ->> 'position') AS quality,
           centre.try_numeric(l ->> 'position') AS place, l ->> 'description' AS description
    FROM in_record CROSS JOIN LATERAL jsonb_path_query(r, '$.CFRubrics[*].CFRubricCriteria[*]') AS c CROSS JOIN LATERAL jsonb_path_query(c, '$.CFRubricCriterionLevels[*]') AS l;
  INSERT INTO in_error SELECT record, 'level_unknown', 'position', place::text FROM in_rubric WHERE quality IS NULL OR coalesce(place NOT BETWEEN 0 AND 15 OR place <> trunc(place), true);
  DELETE FROM in_rubric WHERE quality IS NULL OR coalesce(place NOT BETWEEN 0 AND 15 OR place <> trunc(place), true);
  -- the scale is that of the first criterion that says what a place is called
  INSERT INTO in_scale SELECT DISTINCT ON (place) place, quality FROM in_rubric ORDER BY place, record;
  INSERT INTO in_level_text (record, code, stated, description)
    SELECT record, item, quality, description FROM in_rubric WHERE item IS NOT NULL AND description IS NOT NULL AND place > 0;
  DROP TABLE in_rubric;
END
$$;
COMMENT ON FUNCTION centre.import_case_rubrics() IS 'inner part of format case_json: the levels of rubric criteria, by position, are the scale, and their descriptions those of the item';
