-- Imports of frameworks: each format fills the same temporary tables, one procedure checks and stores them.

CREATE FUNCTION centre.import_open() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE in_error (record bigint NOT NULL, code text NOT NULL, field text NOT NULL, value text) ON COMMIT DROP;
  CREATE TEMP TABLE in_scale (level smallint NOT NULL, code text NOT NULL, aliases text[] NOT NULL DEFAULT '{}') ON COMMIT DROP;
  CREATE TEMP TABLE in_competency (record bigint NOT NULL, code text, kind text NOT NULL, lang text NOT NULL DEFAULT 'en', label text, description text,
                                   other_labels text[] NOT NULL DEFAULT '{}') ON COMMIT DROP;
  CREATE TEMP TABLE in_level_text (record bigint NOT NULL, code text NOT NULL, stated text NOT NULL, lang text NOT NULL DEFAULT 'en', description text NOT NULL) ON COMMIT DROP;
  CREATE TEMP TABLE in_link (record bigint NOT NULL, code text, target text, kind text NOT NULL) ON COMMIT DROP;
  CREATE TEMP TABLE in_node (record bigint NOT NULL, kind text NOT NULL, code text, title text, description text, family text) ON COMMIT DROP;
  CREATE TEMP TABLE in_part (record bigint NOT NULL, parent_kind text NOT NULL, parent text NOT NULL, child_kind text NOT NULL, child text NOT NULL) ON COMMIT DROP;
  -- level stands where the format has its own arithmetic, stated is looked up in the scale otherwise
  CREATE TEMP TABLE in_need (record bigint NOT NULL, kind text NOT NULL, node text, competency text, stated text, level smallint,
                             weight smallint NOT NULL DEFAULT 1, keep_stated boolean NOT NULL DEFAULT false) ON COMMIT DROP;
END
$$;
COMMENT ON FUNCTION centre.import_open() IS 'inner part of import_framework(): the temporary tables that every format fills';

-- ---------------------------------------------------------------- records
CREATE FUNCTION centre.tab_objects(content text) RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  WITH r AS MATERIALIZED (
    SELECT t.line, string_to_array(rtrim(t.content, E'\r'), E'\t') AS fields
    FROM string_to_table($1, E'\n') WITH ORDINALITY AS t (content, line) WHERE btrim(t.content, E' \t\r') <> ''),
  header AS (SELECT ARRAY(SELECT btrim(f) FROM unnest(r.fields) f) AS fields FROM r ORDER BY r.line LIMIT 1)
  SELECT CASE WHEN cardinality(r.fields) = cardinality(h.fields)
              THEN jsonb_strip_nulls(jsonb_object(h.fields, ARRAY(SELECT nullif(btrim(f), '') FROM unnest(r.fields) f))) END
  FROM r CROSS JOIN header h WHERE r.line > (SELECT min(f.line) FROM r f) ORDER BY r.line;
END;
COMMENT ON FUNCTION centre.tab_objects(text) IS
  'the records of tab-separated text with a header line as JSON objects of text, without padding, empty fields left out; a record with another number of fields than the header is null';

-- One of these columns is in every file of the format; the first word of each line of the hint names the file.
CREATE FUNCTION centre.import_header(format text, OUT one_of text[], OUT expected text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT h.one_of, h.expected FROM (VALUES
    ('gdad', '{Skill Name}'::text[], 'roles.csv: Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Level,...; skills.csv: Skill Name,Skill Description,Awareness,Working,Practitioner,Expert'),
    ('frac_csv', '{type}', 'type,id,name,parent_type,parent_id,level and if need be weight,description'),
    ('frac_json', '{type}', 'objects with type, id, name and children'),
    ('kcm_json', '{competency_theme,positions}', 'areas with name and competency_theme, or an object with positions'),
    ('onet', '{O*NET-SOC Code}', 'tab-separated; Occupation Data: O*NET-SOC Code, Title, Description; Skills and its kin: O*NET-SOC Code, Element ID, Element Name, Scale ID, Data Value, ...; Task Statements: O*NET-SOC Code, Task ID, Task; Technology Skills: O*NET-SOC Code, Example, Commodity Code'),
    ('esco', '{conceptUri,concept_uri,ID,skill_uri,occupationUri,originalSkillUri,REQUIRINGID,CHILDID}', 'occupations, skills and groups: conceptUri,preferredLabel,...; their relations: occupationUri,relationType,skillUri; originalSkillUri,relatedSkillUri; conceptUri,broaderUri'),
    ('case_json', '{CFItems,CFDocument}', 'an object with CFDocument, CFItems and CFAssociations')) AS h (format, one_of, expected) WHERE h.format = $1;
END;
COMMENT ON FUNCTION centre.import_header(text) IS 'what the header of a format''s files is, and columns of which each file has one';

CREATE FUNCTION centre.import_expected(code text, format text, framework text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN code IN ('unreadable', 'wrong_file', 'wrong_columns') THEN (SELECT h.expected FROM centre.import_header(import_expected.format) AS h)
  WHEN code = 'level_unknown' THEN (SELECT left(string_agg(l.code, ', ' ORDER BY l.level), 500) FROM centre.level_scale l WHERE l.framework = import_expected.framework)
  WHEN code = 'weight_unknown' THEN '1 to 15' WHEN code = 'date_unreadable' THEN 'ISO 8601, such as 2026-10-31' WHEN code = 'issuer_unknown' THEN 'an issuer that is recognised for this kind of evidence on the day of issue' END;
COMMENT ON FUNCTION centre.import_expected(text, text, text) IS 'what would have been right where an import met an error of a code; null where the value says it';

CREATE FUNCTION centre.import_records(format text, content bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  body text := centre.try_text(content);
BEGIN
  CREATE TEMP TABLE in_record (record bigint NOT NULL, r jsonb) ON COMMIT DROP;
  IF format LIKE '%json' THEN
    INSERT INTO in_record
      SELECT o, e FROM (SELECT centre.try_jsonb(content) AS j) AS x
      CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(x.j) WHEN 'array' THEN x.j WHEN 'object' THEN jsonb_build_array(x.j) ELSE '[]' END) WITH ORDINALITY AS a (e, o);
  ELSIF format LIKE 'onet%' THEN
    INSERT INTO in_record SELECT o + 1, t FROM centre.tab_objects(body) WITH ORDINALITY AS x (t, o);
  ELSIF centre.csv_is_sound(body) THEN
    INSERT INTO in_record SELECT o + 1, c FROM centre.csv_objects(body) WITH ORDINALITY AS x (c, o);
  END IF;
  IF NOT EXISTS (SELECT FROM in_record) THEN
    INSERT INTO in_error VALUES (0, 'unreadable', 'file', left(body, 200));
  END IF;
  INSERT INTO in_error
    SELECT 1, 'wrong_file', 'header', left(string_agg(k.key, ',' ORDER BY k.key), 200)
    FROM centre.import_header(format) AS h, (SELECT DISTINCT jsonb_object_keys(i.r) AS key FROM in_record i WHERE jsonb_typeof(i.r) = 'object') AS k
    GROUP BY h.one_of HAVING NOT array_agg(k.key) && h.one_of;
  INSERT INTO in_error SELECT record, 'wrong_columns', 'record', NULL FROM in_record WHERE r IS NULL OR jsonb_typeof(r) <> 'object';
  DELETE FROM in_record WHERE r IS NULL OR jsonb_typeof(r) <> 'object';
  ANALYZE in_record;
END
$$;
COMMENT ON FUNCTION centre.import_records(text, bytea) IS 'inner part of import_framework(): the file as JSON objects in the temporary table in_record, by number';

-- ---------------------------------------------------------------- checks
CREATE FUNCTION centre.import_check(of_framework text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- the scale this site has goes before the one the format brings
  INSERT INTO centre.level_scale (framework, level, code)
    SELECT of_framework, level, code FROM in_scale WHERE NOT EXISTS (SELECT FROM centre.level_scale s WHERE s.framework = of_framework);
  INSERT INTO centre.level_alias (framework, alias, level)
    SELECT of_framework, a, i.level FROM in_scale i CROSS JOIN LATERAL unnest(i.aliases) AS a JOIN centre.level_scale s ON s.framework = of_framework AND s.level = i.level AND s.code = i.code
    ON CONFLICT DO NOTHING;

  INSERT INTO in_error SELECT record, 'missing', 'code of a competency', label FROM in_competency WHERE coalesce(code, '') = '';
  DELETE FROM in_competency WHERE coalesce(code, '') = '';
  INSERT INTO in_error SELECT record, 'missing', 'code or title of a ' || kind, coalesce(code, title) FROM in_node WHERE coalesce(code, '') = '' OR coalesce(title, '') = '';
  DELETE FROM in_node WHERE coalesce(code, '') = '' OR coalesce(title, '') = '';
  -- the first record that names a thing decides what it is called
  INSERT INTO in_error
    SELECT record, 'conflict', 'competency', label FROM (
      SELECT record, label, first_value(label) OVER w AS first_label FROM in_competency WHERE label IS NOT NULL WINDOW w AS (PARTITION BY code, lang ORDER BY record)) AS x WHERE label <> first_label
    UNION ALL
    SELECT record, 'conflict', kind, title FROM (
      SELECT record, kind, title, first_value(title) OVER w AS first_title FROM in_node WINDOW w AS (PARTITION BY kind, code ORDER BY record)) AS x WHERE title <> first_title;

  CREATE TEMP TABLE in_level ON COMMIT DROP AS
    SELECT w.stated, centre.level_of(of_framework, w.stated) AS level FROM (SELECT stated FROM in_need WHERE level IS NULL UNION SELECT stated FROM in_level_text) AS w;
  UPDATE in_need n SET level = l.level FROM in_level l WHERE n.level IS NULL AND l.stated = n.stated;
  INSERT INTO in_error SELECT record, 'level_unknown', 'level', coalesce(stated, '') FROM in_need WHERE level IS NULL;
  INSERT INTO in_error SELECT t.record, 'level_unknown', 'level', t.stated FROM in_level_text t JOIN in_level l USING (stated) WHERE coalesce(l.level, 0) < 1;

  CREATE TEMP TABLE known_competency ON COMMIT DROP AS
    SELECT code FROM in_competency UNION SELECT code FROM centre.competency WHERE framework = of_framework;
  CREATE TEMP TABLE known_node ON COMMIT DROP AS
    SELECT kind, code FROM in_node UNION SELECT kind, code FROM centre.frac_node WHERE source = of_framework;
  -- not earlier: the levels have just been looked up
  ANALYZE in_competency, in_level_text, in_link, in_node, in_part, in_need, known_competency, known_node;
  INSERT INTO in_error
    SELECT record, 'code_unknown', 'competency', coalesce(competency, '') FROM in_need n WHERE NOT EXISTS (SELECT FROM known_competency k WHERE k.code = n.competency)
    UNION ALL SELECT record, 'code_unknown', 'competency', coalesce(code, '') FROM in_link n WHERE NOT EXISTS (SELECT FROM known_competency k WHERE k.code = n.code)
    UNION ALL SELECT record, 'code_unknown', 'target', coalesce(target, '') FROM in_link n WHERE NOT EXISTS (SELECT FROM known_competency k WHERE k.code = n.target)
    UNION ALL SELECT record, 'conflict', 'target', target FROM in_link WHERE code = target
    UNION ALL SELECT record, 'code_unknown', 'competency', code FROM in_level_text n WHERE NOT EXISTS (SELECT FROM known_competency k WHERE k.code = n.code)
    -- who has no usable level is reported for that alone
    UNION ALL SELECT record, 'code_unknown', kind, coalesce(node, '') FROM in_need n WHERE level IS NOT NULL AND NOT EXISTS (SELECT FROM known_node k WHERE k.kind = n.kind AND k.code = n.node)
    UNION ALL SELECT record, 'code_unknown', parent_kind, parent FROM in_part n WHERE NOT EXISTS (SELECT FROM known_node k WHERE k.kind = n.parent_kind AND k.code = n.parent)
    UNION ALL SELECT record, 'code_unknown', child_kind, child FROM in_part n WHERE NOT EXISTS (SELECT FROM known_node k WHERE k.kind = n.child_kind AND k.code = n.child);
  INSERT INTO in_error
    SELECT record, 'conflict', 'level', stated FROM (
      SELECT record, stated, level, first_value(level) OVER (PARTITION BY kind, node, competency ORDER BY record) AS first_level FROM in_need WHERE level IS NOT NULL) AS x WHERE level <> first_level;
END
$$;
COMMENT ON FUNCTION centre.import_check(text) IS 'inner part of import_framework(): what is wrong with single records, into the temporary table in_error; the scale of a framework that has none yet';

-- ---------------------------------------------------------------- storing
CREATE FUNCTION centre.import_store_competencies(of_framework text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counts jsonb := '{}';
  added bigint;
  changed bigint;
BEGIN
  INSERT INTO centre.language (code, name) SELECT lang, lang FROM in_competency UNION SELECT lang, lang FROM in_level_text ON CONFLICT DO NOTHING;
  -- a row that ON CONFLICT updated was locked first and so has an xmax
  WITH w AS (
    INSERT INTO centre.competency AS c (framework, code, kind)
      SELECT DISTINCT ON (code) of_framework, code, kind FROM in_competency ORDER BY code, record
      ON CONFLICT (framework, code) DO UPDATE SET kind = excluded.kind WHERE c.kind <> excluded.kind AND excluded.kind = 'competency'
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  counts := counts || jsonb_build_object('competency', jsonb_build_object('added', added, 'changed', changed));
  -- statistics of the dictionary know nothing of what this import adds, and would have each record walk the whole framework
  CREATE TEMP TABLE stored_competency ON COMMIT DROP AS SELECT code, competency_id FROM centre.competency WHERE framework = of_framework;
  ANALYZE stored_competency;
  WITH w AS (
    INSERT INTO centre.competency_label AS l (competency_id, lang, label, description, other_labels)
      SELECT DISTINCT ON (c.competency_id, i.lang) c.competency_id, i.lang, i.label, i.description, i.other_labels
      FROM in_competency i JOIN stored_competency c ON c.code = i.code
      WHERE i.label IS NOT NULL ORDER BY c.competency_id, i.lang, i.record
      ON CONFLICT (competency_id, lang) DO UPDATE SET label = excluded.label, description = coalesce(excluded.description, l.description),
        other_labels = CASE WHEN excluded.other_labels = '{}' THEN l.other_labels ELSE excluded.other_labels END
        WHERE (l.label, l.description, l.other_labels) IS DISTINCT FROM (excluded.label, coalesce(excluded.description, l.description),
          CASE WHEN excluded.other_labels = '{}' THEN l.other_labels ELSE excluded.other_labels END)
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  counts := counts || jsonb_build_object('label', jsonb_build_object('added', added, 'changed', changed));
  WITH w AS (
    INSERT INTO centre.competency_level AS l (competency_id, level, lang, description)
      SELECT DISTINCT ON (c.competency_id, v.level, i.lang) c.competency_id, v.level, i.lang, i.description
      FROM in_level_text i JOIN in_level v USING (stated) JOIN stored_competency c ON c.code = i.code
      WHERE v.level > 0 ORDER BY c.competency_id, v.level, i.lang, i.record
      ON CONFLICT (competency_id, level, lang) DO UPDATE SET description = excluded.description WHERE l.description <> excluded.description
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  counts := counts || jsonb_build_object('level_text', jsonb_build_object('added', added, 'changed', changed));
  WITH w AS (
    INSERT INTO centre.competency_link AS l (competency_id, target_id, kind, level_loss)
      SELECT DISTINCT c.competency_id, t.competency_id, i.kind, CASE WHEN i.kind IN ('exact', 'requires') THEN 0 ELSE f.level_loss END
      FROM in_link i JOIN centre.framework f ON f.code = of_framework
      JOIN stored_competency c ON c.code = i.code JOIN stored_competency t ON t.code = i.target
      WHERE i.code <> i.target
      ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*) INTO added FROM w;
  RETURN counts || jsonb_build_object('link', jsonb_build_object('added', added, 'changed', 0));
END
$$;
COMMENT ON FUNCTION centre.import_store_competencies(text) IS 'inner part of import_framework(): dictionary, labels, texts of levels and links; writes only what differs and gives how much';

CREATE FUNCTION centre.import_store_frac(of_framework text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counts jsonb := '{}';
  added bigint;
  changed bigint;
BEGIN
  WITH w AS (
    INSERT INTO centre.frac_node AS n (kind, source, code, title, description, family)
      SELECT DISTINCT ON (kind, code) kind, of_framework, code, title, description, family FROM in_node ORDER BY kind, code, record
      ON CONFLICT (source, kind, code) DO UPDATE SET title = excluded.title, description = coalesce(excluded.description, n.description), family = coalesce(excluded.family, n.family)
        WHERE (n.title, n.description, n.family) IS DISTINCT FROM (excluded.title, coalesce(excluded.description, n.description), coalesce(excluded.family, n.family))
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  counts := counts || jsonb_build_object('node', jsonb_build_object('added', added, 'changed', changed));
  CREATE TEMP TABLE stored_node ON COMMIT DROP AS SELECT kind, code, node_id FROM centre.frac_node WHERE source = of_framework;
  ANALYZE stored_node;
  -- what people proposed, reviewed or rejected is theirs: an import changes levels, never a status
  WITH w AS (
    INSERT INTO centre.requirement AS q (node_id, competency_id, level, weight, stated)
      SELECT DISTINCT ON (n.node_id, c.competency_id) n.node_id, c.competency_id, i.level, i.weight, CASE WHEN i.keep_stated THEN i.stated END
      FROM in_need i JOIN stored_node n ON n.kind = i.kind AND n.code = i.node
      JOIN stored_competency c ON c.code = i.competency
      WHERE i.level > 0 ORDER BY n.node_id, c.competency_id, i.record
      ON CONFLICT (node_id, competency_id) DO UPDATE SET level = excluded.level, weight = excluded.weight, stated = excluded.stated, changed_by = session_user, changed_at = now()
        WHERE (q.level, q.weight, q.stated) IS DISTINCT FROM (excluded.level, excluded.weight, excluded.stated)
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  counts := counts || jsonb_build_object('requirement', jsonb_build_object('added', added, 'changed', changed));
  WITH w AS (
    INSERT INTO centre.frac_link (parent_id, child_id)
      SELECT DISTINCT p.node_id, c.node_id FROM in_part i
      JOIN stored_node p ON p.kind = i.parent_kind AND p.code = i.parent
      JOIN stored_node c ON c.kind = i.child_kind AND c.code = i.child
      ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*) INTO added FROM w;
  RETURN counts || jsonb_build_object('part', jsonb_build_object('added', added, 'changed', 0));
END
$$;
COMMENT ON FUNCTION centre.import_store_frac(text) IS 'inner part of import_framework(): positions, roles, activities, what they need and how they hang together; writes only what differs and gives how much';

CREATE FUNCTION centre.import_log(of_format text, of_framework text, is_rehearsal boolean, content bytea, report jsonb, errors jsonb, file text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  run bigint;
  full_report jsonb := report || jsonb_build_object('errors', jsonb_array_length(errors));
BEGIN
  INSERT INTO centre.import_run (format, framework, file, dry_run, sha256, report)
    VALUES (of_format, of_framework, import_log.file, is_rehearsal, sha256(content), full_report) RETURNING run_id INTO run;
  INSERT INTO centre.import_error (run_id, record, code, field, value, expected)
    SELECT run, (e ->> 'record')::bigint, e ->> 'code', e ->> 'field', left(e ->> 'value', 200), centre.import_expected(e ->> 'code', of_format, of_framework) FROM jsonb_array_elements(errors) AS e;
  RETURN full_report || jsonb_build_object('run', run, 'dry_run', is_rehearsal);
END
$$;
COMMENT ON FUNCTION centre.import_log(text, text, boolean, bytea, jsonb, jsonb, text) IS 'inner part of the imports: keeps the run and its errors, also of a rehearsal';

CREATE PROCEDURE centre.import_framework(of_format text, of_framework text, content bytea, dry_run boolean DEFAULT false, INOUT report jsonb DEFAULT NULL, file text DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  errors jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM centre.framework WHERE code = of_framework) THEN
    RAISE EXCEPTION 'there is no framework "%"', of_framework
      USING ERRCODE = 'no_data_found', HINT = 'Insert it into centre.framework first, with its name, source and licence.';
  END IF;
  BEGIN
    PERFORM centre.import_open();
    PERFORM centre.import_records(of_format, content);
    CASE of_format
      WHEN 'gdad' THEN PERFORM centre.import_gdad();
      WHEN 'kcm_json' THEN PERFORM centre.import_kcm();
      WHEN 'frac_json' THEN PERFORM centre.import_frac_json();
      WHEN 'frac_csv' THEN PERFORM centre.import_frac_csv();
      WHEN 'onet' THEN PERFORM centre.import_onet();
      WHEN 'esco' THEN PERFORM centre.import_esco();
      WHEN 'case_json' THEN PERFORM centre.import_case();
      ELSE RAISE EXCEPTION 'unknown format "%"', of_format USING ERRCODE = 'invalid_parameter_value',
        HINT = 'One of gdad, kcm_json, frac_json, frac_csv, onet, esco, case_json.';
    END CASE;
    PERFORM centre.import_check(of_framework);
    report := jsonb_build_object('read', (SELECT count(*) FROM in_record)) || centre.import_store_competencies(of_framework) || centre.import_store_frac(of_framework);
    SELECT coalesce(jsonb_agg(jsonb_build_object('record', record, 'code', code, 'field', field, 'value', value)), '[]') INTO errors
    FROM (SELECT record, code, field, min(value) AS value FROM in_error GROUP BY record, code, field ORDER BY record, code, field) AS e;
    DROP TABLE in_error, in_scale, in_competency, in_level_text, in_link, in_node, in_part, in_need, in_record, in_level, known_competency, known_node,
      stored_competency, stored_node;
    IF dry_run THEN
      RAISE EXCEPTION SQLSTATE 'CVDRY';
    END IF;
  EXCEPTION
    -- a rehearsal does everything, counts it and takes it back
    WHEN SQLSTATE 'CVDRY' THEN NULL;
  END;
  report := centre.import_log(of_format, of_framework, dry_run, content, report, errors, import_framework.file);
END
$$;
COMMENT ON PROCEDURE centre.import_framework(text, text, bytea, boolean, jsonb, text) IS
  'read a framework file: of_format gdad, kcm_json, frac_json, frac_csv, onet, esco or case_json (COMMENT of centre.import_gdad() and its kin), content its bytes, file its name, for the record. Adds and changes, never removes; the same file again changes nothing. dry_run does everything but keeps only the run and its errors. report: records read, errors (centre.import_error), and rows added and changed by table';

CREATE FUNCTION centre.erase_officials(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handled bigint;
BEGIN
  DELETE FROM centre.import_error e WHERE centre.names_one_of(e.value, persons, (SELECT s.salt FROM centre.pseudonym_salt s));
  GET DIAGNOSTICS handled = ROW_COUNT;
  UPDATE centre.official o SET manager_id = NULL WHERE o.manager_id = ANY (persons);
  RETURN jsonb_build_object('import_error', handled);
END
$$;
COMMENT ON FUNCTION centre.erase_officials(bigint[], bigint[]) IS 'part of erase(): rows of imports that were refused and name the persons; nobody reports to them';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_officials', 'before', 30, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;

CREATE FUNCTION centre.disclose_import_error(persons bigint[]) RETURNS SETOF jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT to_jsonb(e) FROM centre.import_error e WHERE centre.names_one_of(e.value, persons, (SELECT s.salt FROM centre.pseudonym_salt s));
END;
COMMENT ON FUNCTION centre.disclose_import_error(bigint[]) IS 'part of disclose(): rows of imports that were refused and name the persons';
INSERT INTO centre.disclose_job VALUES ('import_error', 'centre.disclose_import_error') ON CONFLICT (relation) DO UPDATE SET routine = excluded.routine;
