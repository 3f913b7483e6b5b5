-- Erasing a person from what was sent: payloads, documents and dead letters.

CREATE FUNCTION centre.said_in_text(format text, payload bytea) RETURNS SETOF text
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH t AS MATERIALIZED (SELECT centre.try_text($2) AS content),
  sound AS MATERIALIZED (SELECT $1 = 'csv' AND coalesce(centre.csv_is_sound(t.content), false) AS is_so FROM t)
  SELECT s.said FROM t, sound, centre.csv_objects(t.content) AS c, centre.said_in(c) AS s (said) WHERE sound.is_so
  UNION ALL
  SELECT p.piece FROM t, sound, unnest(ARRAY['[][",;:{}\r\n\t]+', '[][",;:{}\s]+']) AS m (marks), regexp_split_to_table(coalesce(t.content, encode($2, 'escape')), m.marks) AS p (piece)
  WHERE NOT sound.is_so AND p.piece <> '';
END;
COMMENT ON FUNCTION centre.said_in_text(text, bytea) IS 'the values of a CSV payload; of one that cannot be read, its pieces between the marks of JSON and CSV, and its words';

CREATE FUNCTION centre.find_documents(persons bigint[]) RETURNS bigint[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
  touched bigint[] := ARRAY(
    SELECT l.landing_id FROM (SELECT x.*, CASE x.format WHEN 'json' THEN centre.try_jsonb(x.payload) END AS doc FROM centre.landing x OFFSET 0) AS l
    WHERE CASE WHEN l.doc IS NOT NULL THEN EXISTS (SELECT FROM centre.said_in(l.doc) AS said WHERE centre.names_one_of(said, persons, salt))
               ELSE EXISTS (SELECT FROM centre.said_in_text(l.format, l.payload) AS said WHERE centre.names_one_of(said, persons, salt)) END);
BEGIN
  PERFORM centre.intake_read(touched);
  PERFORM centre.intake_type();
  CREATE TEMP TABLE erase_doc ON COMMIT DROP AS
    SELECT d.doc_no, d.landing_id, d.source, d.doc_key, d.version, d.content_hash, d.subject_id = ANY (persons) AS about
    FROM pg_temp.intake_raw r JOIN pg_temp.intake_doc d USING (doc_no)
    WHERE r.doc IS NULL OR EXISTS (SELECT FROM centre.said_in(r.doc) AS said WHERE centre.names_one_of(said, persons, salt));
  -- A facility's assessment is not about who sent it.
  CREATE TEMP TABLE erase_document ON COMMIT DROP AS
    SELECT d.document_id FROM centre.document d
    WHERE (d.document_id IN (SELECT o.document_id FROM centre.observation o WHERE o.subject_id = ANY (persons)
                             UNION ALL SELECT a.document_id FROM centre.assessment a WHERE a.household_id = ANY (persons))
           OR EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.about AND (e.source, e.doc_key, e.version, e.content_hash) = (d.source, d.doc_key, d.version, d.content_hash)))
      AND NOT EXISTS (SELECT FROM centre.assessment a WHERE a.document_id = d.document_id AND a.facility_id IS NOT NULL);
  RETURN touched;
END
$$;
COMMENT ON FUNCTION centre.find_documents(bigint[]) IS
  'inner part of erase() and disclose(): the payloads that name persons; their documents in the temporary tables intake_raw and intake_doc, those that name them in erase_doc, and what they became in erase_document';

CREATE FUNCTION centre.erase_landing(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
  touched bigint[] := centre.find_documents(persons);
  letters bigint;
BEGIN
  -- What else a payload holds stays, as an array of the same documents.
  UPDATE centre.landing l SET format = 'json', payload = convert_to(k.docs::text, 'UTF8')
    FROM (SELECT r.landing_id, jsonb_agg(r.doc ORDER BY r.doc_no) AS docs FROM pg_temp.intake_raw r
          WHERE NOT EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.doc_no = r.doc_no) GROUP BY r.landing_id) AS k
    WHERE l.landing_id = k.landing_id;
  DELETE FROM centre.dead_letter x
    WHERE EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.source = x.source AND e.doc_key = x.doc_key)
       OR centre.names_one_of(x.value, persons, salt) OR centre.names_one_of(x.doc_key, persons, salt);
  GET DIAGNOSTICS letters = ROW_COUNT;
  DELETE FROM centre.landing l WHERE l.landing_id = ANY (touched) AND NOT EXISTS (
    SELECT FROM pg_temp.intake_raw r WHERE r.landing_id = l.landing_id AND NOT EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.doc_no = r.doc_no));
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc, pg_temp.erase_doc;
  RETURN jsonb_build_object('dead_letter', letters, 'landing', cardinality(touched));
END
$$;
COMMENT ON FUNCTION centre.erase_landing(bigint[], bigint[]) IS
  'part of erase(): takes every document that names the persons out of the payloads, and its dead letters; a payload that cannot be read and names them goes whole. Leaves the documents in the temporary table erase_document';

CREATE FUNCTION centre.erase_documents(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handled bigint;
BEGIN
  DELETE FROM centre.document d USING pg_temp.erase_document e WHERE d.document_id = e.document_id;
  GET DIAGNOSTICS handled = ROW_COUNT;
  DROP TABLE pg_temp.erase_document;
  RETURN jsonb_build_object('document', handled);
END
$$;
COMMENT ON FUNCTION centre.erase_documents(bigint[], bigint[]) IS 'part of erase(): the documents of erase_landing(), once nothing refers to them';

CREATE FUNCTION centre.erase_wait_intake() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE centre.batch IN SHARE MODE;
END
$$;
COMMENT ON FUNCTION centre.erase_wait_intake() IS 'part of erase(): no payload is being read';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_intake', 'wait', 10, false),
  ('centre.erase_landing', 'before', 10, false),
  ('centre.erase_documents', 'after', 10, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;

-- ---- disclosing ----

CREATE FUNCTION centre.disclose_landing(persons bigint[]) RETURNS SETOF jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.find_documents(persons);
  RETURN QUERY SELECT jsonb_build_object('landing_id', r.landing_id, 'source', r.source, 'received_at', r.received_at,
                                         'document', coalesce(r.doc, to_jsonb(coalesce(centre.try_text(l.payload), encode(l.payload, 'escape')))))
    FROM pg_temp.erase_doc e JOIN pg_temp.intake_raw r USING (doc_no) JOIN centre.landing l ON l.landing_id = r.landing_id;
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc, pg_temp.erase_doc, pg_temp.erase_document;
END
$$;
COMMENT ON FUNCTION centre.disclose_landing(bigint[]) IS 'part of disclose(): documents of payloads that name the persons';

CREATE FUNCTION centre.disclose_dead_letter(persons bigint[]) RETURNS SETOF jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
BEGIN
  PERFORM centre.find_documents(persons);
  RETURN QUERY SELECT to_jsonb(x) FROM centre.dead_letter x
    WHERE EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.source = x.source AND e.doc_key = x.doc_key)
       OR centre.names_one_of(x.value, persons, salt) OR centre.names_one_of(x.doc_key, persons, salt);
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc, pg_temp.erase_doc, pg_temp.erase_document;
END
$$;
COMMENT ON FUNCTION centre.disclose_dead_letter(bigint[]) IS 'part of disclose(): documents that were refused and name the persons';

CREATE FUNCTION centre.disclose_document(persons bigint[]) RETURNS SETOF jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.find_documents(persons);
  RETURN QUERY SELECT to_jsonb(d) FROM centre.document d JOIN pg_temp.erase_document e USING (document_id);
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc, pg_temp.erase_doc, pg_temp.erase_document;
END
$$;
COMMENT ON FUNCTION centre.disclose_document(bigint[]) IS 'part of disclose(): documents about the persons';
INSERT INTO centre.disclose_job VALUES ('landing', 'centre.disclose_landing'), ('dead_letter', 'centre.disclose_dead_letter'), ('document', 'centre.disclose_document')
  ON CONFLICT (relation) DO UPDATE SET routine = excluded.routine;
