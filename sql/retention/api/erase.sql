-- Erasing a person, and what is kept too long.

-- An identity stands in a payload as the source wrote it, and only its pseudonym is known here: so each value of a payload is made
-- a pseudonym.  This needs no map and finds earlier versions, unmapped fields and forms that nobody can read yet.
CREATE FUNCTION centre.names_one_of(said text, persons bigint[], salt bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN civic.subject_key(btrim(said), salt) = ANY (persons) OR civic.subject_key('household:' || btrim(said), salt) = ANY (persons);
COMMENT ON FUNCTION centre.names_one_of(text, bigint[], bytea) IS 'is a value the identity of one of these persons or households?';

CREATE FUNCTION centre.said_in(doc jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v #>> '{}' FROM jsonb_path_query($1, 'strict $.** ? (@.type() == "string" || @.type() == "number")') AS v;
END;
COMMENT ON FUNCTION centre.said_in(jsonb) IS 'the values of a document, however deep';

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

CREATE FUNCTION centre.erase_landing(persons bigint[], INOUT report jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
  touched bigint[] := ARRAY(
    SELECT l.landing_id FROM (SELECT x.*, CASE x.format WHEN 'json' THEN centre.try_jsonb(x.payload) END AS doc FROM centre.landing x OFFSET 0) AS l
    WHERE CASE WHEN l.doc IS NOT NULL THEN EXISTS (SELECT FROM centre.said_in(l.doc) AS said WHERE centre.names_one_of(said, persons, salt))
               ELSE EXISTS (SELECT FROM centre.said_in_text(l.format, l.payload) AS said WHERE centre.names_one_of(said, persons, salt)) END);
  handled bigint;
BEGIN
  PERFORM centre.intake_read(touched);
  PERFORM centre.intake_type();
  CREATE TEMP TABLE erase_doc ON COMMIT DROP AS
    SELECT d.doc_no, d.landing_id, d.source, d.doc_key, d.version, d.content_hash, d.subject_id = ANY (persons) AS about
    FROM pg_temp.intake_raw r JOIN pg_temp.intake_doc d USING (doc_no)
    WHERE r.doc IS NULL OR EXISTS (SELECT FROM centre.said_in(r.doc) AS said WHERE centre.names_one_of(said, persons, salt));
  -- What else a payload holds stays, as an array of the same documents.
  UPDATE centre.landing l SET format = 'json', payload = convert_to(k.docs::text, 'UTF8')
    FROM (SELECT r.landing_id, jsonb_agg(r.doc ORDER BY r.doc_no) AS docs FROM pg_temp.intake_raw r
          WHERE NOT EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.doc_no = r.doc_no) GROUP BY r.landing_id) AS k
    WHERE l.landing_id = k.landing_id;
  DELETE FROM centre.dead_letter x
    WHERE EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.source = x.source AND e.doc_key = x.doc_key)
       OR centre.names_one_of(x.value, persons, salt) OR centre.names_one_of(x.doc_key, persons, salt);
  GET DIAGNOSTICS handled = ROW_COUNT;
  report := report || jsonb_build_object('dead_letter', handled, 'landing', cardinality(touched));
  DELETE FROM centre.landing l WHERE l.landing_id = ANY (touched) AND NOT EXISTS (
    SELECT FROM pg_temp.intake_raw r WHERE r.landing_id = l.landing_id AND NOT EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.doc_no = r.doc_no));
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc;
END
$$;
COMMENT ON FUNCTION centre.erase_landing(bigint[], jsonb) IS
  'inner part of erase(): takes every document that names the persons out of the payloads, and its dead letters; a payload that cannot be read and names them goes whole. Leaves the documents in the temporary table erase_doc';

CREATE FUNCTION centre.erase_refusals(persons bigint[], INOUT report jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
  kind record;
  handled bigint;
  refused bigint;
BEGIN
  DELETE FROM centre.feed_refusal r
    WHERE EXISTS (SELECT FROM centre.feed_refusal o WHERE (o.agency, o.kind, o.source_key, o.issued_at) = (r.agency, r.kind, r.source_key, r.issued_at)
                  AND (centre.names_one_of(o.source_key, persons, salt) OR centre.names_one_of(o.value, persons, salt)));
  GET DIAGNOSTICS refused = ROW_COUNT;
  -- versions of statements that are known to be theirs
  FOR kind IN SELECT k.kind AS relation, k.key FROM centre.feed_kind k JOIN centre.retention t ON t.relation = k.kind WHERE k.key <> 'worker_id' LOOP
    EXECUTE format('DELETE FROM centre.feed_refusal r USING centre.%1$I f WHERE r.kind = %1$L AND r.source_key = f.%2$I AND f.worker_id = ANY ($1)%3$s',
      kind.relation, kind.key, CASE kind.key WHEN 'source_key' THEN ' AND r.agency = f.agency' END) USING persons;
    GET DIAGNOSTICS handled = ROW_COUNT;
    refused := refused + handled;
  END LOOP;
  DELETE FROM centre.import_error e WHERE centre.names_one_of(e.value, persons, salt);
  GET DIAGNOSTICS handled = ROW_COUNT;
  report := report || jsonb_build_object('feed_refusal', refused, 'import_error', handled);
END
$$;
COMMENT ON FUNCTION centre.erase_refusals(bigint[], jsonb) IS 'inner part of erase(): rows of feeds and imports that were refused and name the persons, or are versions of statements about them';

-- The release before must stay comparable with the next one.  So the state keeps a contributor with the same sums, under another
-- number: the next release finds that one person left, as after any correction.
CREATE FUNCTION centre.erase_ledger(persons bigint[], numbers bigint[], INOUT report jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handled bigint;
BEGIN
  UPDATE centre.ledger_leaf h
    SET sums = (SELECT civic.k_sum(coalesce(numbers[array_position(persons, a.subject_id)], a.subject_id), a.amount) FROM centre.subject_amounts(h.sums) AS a)
    WHERE EXISTS (SELECT FROM centre.subject_amounts(h.sums) AS a WHERE a.subject_id = ANY (persons));
  GET DIAGNOSTICS handled = ROW_COUNT;
  report := report || jsonb_build_object('ledger_leaf', handled);
END
$$;
COMMENT ON FUNCTION centre.erase_ledger(bigint[], bigint[], jsonb) IS 'inner part of erase(): puts a number that leads to nobody in a person''s place in the stored states of releases';

CREATE FUNCTION centre.blanking(t centre.retention, OUT setting text, OUT differs text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT string_agg(format('%I = %s', a.attname, e.empty), ', '), string_agg(format('x.%I IS DISTINCT FROM %s', a.attname, e.empty), ' OR ')
  FROM pg_attribute a CROSS JOIN LATERAL (SELECT CASE a.atttypid WHEN 'text'::regtype THEN format('CASE WHEN x.%I IS NOT NULL THEN ''erased'' END', a.attname) ELSE 'NULL' END AS empty) AS e
  WHERE a.attrelid = to_regclass(format('centre.%I', (t).relation)) AND a.attname = ANY ((t).blank);
END;
COMMENT ON FUNCTION centre.blanking(centre.retention) IS 'what blanking a row x of a table sets, and the condition that it is not blank yet';

CREATE FUNCTION centre.erase_rows(persons bigint[], numbers bigint[], INOUT report jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t centre.retention;
  handled bigint;
BEGIN
  -- nobody is left to wait for an answer, and no colour is left to be set
  DELETE FROM centre.appeal a WHERE a.worker_id = ANY (persons) AND a.status = 'open';
  DELETE FROM centre.access_override o WHERE o.worker_id = ANY (persons) AND (o.during IS NULL OR lower(o.during) >= now());
  UPDATE centre.access_override o SET during = tstzrange(lower(o.during), now()) WHERE o.worker_id = ANY (persons) AND upper(o.during) > now();
  UPDATE centre.official o SET manager_id = NULL WHERE o.manager_id = ANY (persons);
  FOR t IN SELECT * FROM centre.retention r WHERE r.person IS NOT NULL ORDER BY r.place LOOP
    IF t.erasure = 'delete' THEN
      EXECUTE format('DELETE FROM centre.%I x WHERE x.%I = ANY ($1)', t.relation, t.person) USING persons;
    ELSE
      EXECUTE format('UPDATE centre.%1$I x SET %2$I = $2[array_position($1, x.%2$I)], %3$s WHERE x.%2$I = ANY ($1)', t.relation, t.person, (centre.blanking(t)).setting)
        USING persons, numbers;
    END IF;
    GET DIAGNOSTICS handled = ROW_COUNT;
    report := report || jsonb_build_object(t.relation, handled);
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.erase_rows(bigint[], bigint[], jsonb) IS 'inner part of erase(): deletes or blanks the rows of the tables of centre.retention that name a person in a column';

CREATE FUNCTION centre.erase_everywhere(persons bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  report jsonb := '{}';
  numbers bigint[] := ARRAY(SELECT ('x' || translate(left(gen_random_uuid()::text, 18), '-', ''))::bit(64)::bigint FROM unnest(persons));
  documents bigint[];
  handled bigint;
BEGIN
  report := centre.erase_landing(persons, report);
  report := centre.erase_refusals(persons, report);
  -- A facility's assessment is not about who sent it.
  documents := ARRAY(
    SELECT d.document_id FROM centre.document d
    WHERE (d.document_id IN (SELECT o.document_id FROM centre.observation o WHERE o.subject_id = ANY (persons)
                             UNION ALL SELECT a.document_id FROM centre.assessment a WHERE a.household_id = ANY (persons))
           OR EXISTS (SELECT FROM pg_temp.erase_doc e WHERE e.about AND (e.source, e.doc_key, e.version, e.content_hash) = (d.source, d.doc_key, d.version, d.content_hash)))
      AND NOT EXISTS (SELECT FROM centre.assessment a WHERE a.document_id = d.document_id AND a.facility_id IS NOT NULL));
  DROP TABLE pg_temp.erase_doc;
  INSERT INTO centre.erased SELECT unnest(numbers);
  report := centre.erase_rows(persons, numbers, report);
  DELETE FROM centre.document d WHERE d.document_id = ANY (documents);
  GET DIAGNOSTICS handled = ROW_COUNT;
  report := centre.erase_ledger(persons, numbers, report || jsonb_build_object('document', handled));
  -- numbers that nothing bears are not kept: nobody can tell by their count how often it was asked
  DELETE FROM centre.erased e WHERE e.number = ANY (numbers)
    AND (SELECT sum((report ->> t.relation)::bigint) FROM centre.retention t WHERE t.erasure = 'blank' OR t.relation = 'ledger_leaf') = 0;
  RETURN report;
END
$$;
COMMENT ON FUNCTION centre.erase_everywhere(bigint[]) IS 'inner part of erase(): the whole way; gives how many rows of each table it deleted or blanked';

CREATE FUNCTION centre.erase(of_subject bigint, dry_run boolean DEFAULT false) RETURNS TABLE (relation text, erasure text, rows bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  persons bigint[];
  report jsonb;
BEGIN
  IF of_subject IS NULL THEN
    RAISE EXCEPTION 'there is no subject to erase' USING ERRCODE = 'null_value_not_allowed', HINT = 'centre.pseudonym(identity) gives it.';
  END IF;
  -- Whoever has read about the person and not written yet is waited for, and nobody begins meanwhile: intake, publication, facts, codes, gates' log, competencies.
  LOCK TABLE centre.batch, centre.release IN SHARE MODE;
  PERFORM centre.take_turn('wash');
  PERFORM centre.take_turn('worker facts');
  PERFORM centre.take_turn('competencies');
  PERFORM centre.take_turn('capacity');
  PERFORM centre.lock_access();
  LOCK TABLE centre.gate_log IN SHARE ROW EXCLUSIVE MODE;
  -- a household of which nobody else is known
  persons := of_subject || ARRAY(SELECT s.household_id FROM centre.subject s WHERE s.subject_id = of_subject AND s.household_id IS NOT NULL
                                   AND NOT EXISTS (SELECT FROM centre.subject o WHERE o.household_id = s.household_id AND o.subject_id <> of_subject));
  -- A dry run takes the same way and is then undone, so that its counts cannot differ.
  BEGIN
    report := centre.erase_everywhere(persons);
    IF dry_run THEN
      RAISE EXCEPTION USING ERRCODE = 'CVDRY', MESSAGE = 'dry run';
    END IF;
    INSERT INTO centre.erasure (cause, relations, rows) SELECT 'person', count(*) FILTER (WHERE r.value::bigint > 0), sum(r.value::bigint) FROM jsonb_each_text(report) AS r;
  EXCEPTION
    WHEN SQLSTATE 'CVDRY' THEN NULL;
  END;
  RETURN QUERY SELECT t.relation, t.erasure, (report ->> t.relation)::bigint FROM centre.retention t WHERE (report ->> t.relation)::bigint > 0 ORDER BY t.place;
END
$$;
COMMENT ON FUNCTION centre.erase(bigint, boolean) IS
  'erase a person (or a household) by pseudonym from everything the layer stores, and give how many rows of which tables that concerned; dry_run: only count. Safe to repeat. Cells change as after any correction. '
  'Kept: released values; decisions, answered appeals and confirmed overrides without facts and texts, and who a release counted, both under a number drawn at random that leads to nobody. '
  'Not found: texts that staff wrote about a person, and refused rows of feeds that do not name him. Backups, replicas'' archives, the server''s log and what sources still hold are the site''s to deal with';

CREATE FUNCTION centre.apply_retention(clock timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t centre.retention;
  due text;
  handled bigint;
  relations integer := 0;
  total bigint := 0;
BEGIN
  FOR t IN SELECT * FROM centre.retention r WHERE r.keep IS NOT NULL ORDER BY r.place LOOP
    due := format('(%s) < $1 - %L::interval', t.since, t.keep);
    IF t.expiry = 'delete' THEN
      EXECUTE format('DELETE FROM centre.%I x WHERE %s', t.relation, due) USING clock;
    ELSE
      EXECUTE format('UPDATE centre.%I x SET %s WHERE %s AND (%s)', t.relation, (centre.blanking(t)).setting, due, (centre.blanking(t)).differs) USING clock;
    END IF;
    GET DIAGNOSTICS handled = ROW_COUNT;
    relations := relations + (handled > 0)::integer;
    total := total + handled;
  END LOOP;
  INSERT INTO centre.erasure (cause, relations, rows) SELECT 'retention', relations, total WHERE total > 0;
  RETURN total;
END
$$;
COMMENT ON FUNCTION centre.apply_retention(timestamptz) IS
  'delete or blank what is older than centre.retention keeps it; gives how many rows. tick() calls it once a day when its caller is the owner. What is deleted changes what is decided: a dose that is not kept counts no more';

GRANT SELECT ON centre.erased TO civic_publisher;
