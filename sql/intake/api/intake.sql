-- Intake: landed payloads become documents, documents become observations, the rest becomes dead letters.
-- The order of arrival never matters: the greatest (version, content hash) of a document wins.

CREATE FUNCTION centre.open_batch(of_source text, at_most integer DEFAULT NULL, at_most_bytes bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  new_batch bigint;
BEGIN
  INSERT INTO centre.batch (source) VALUES (of_source) RETURNING batch_id INTO new_batch;
  WITH taken AS (
    SELECT w.landing_id FROM (
      SELECT l.landing_id, sum(octet_length(l.payload)) OVER (ORDER BY l.landing_id) - octet_length(l.payload) AS bytes_before
      FROM centre.landing l WHERE l.source = of_source AND l.batch_id IS NULL ORDER BY l.landing_id LIMIT at_most) AS w
    WHERE at_most_bytes IS NULL OR w.bytes_before < at_most_bytes)
  UPDATE centre.landing l SET batch_id = new_batch FROM taken t WHERE l.landing_id = t.landing_id AND l.batch_id IS NULL;
  RETURN new_batch;
END
$$;
COMMENT ON FUNCTION centre.open_batch(text, integer, bigint) IS
  'make a batch of the payloads of a source that wait in landing, the first that came: all, or at_most so many, ending with the one that reaches at_most_bytes; gives its number for intake_apply()';

CREATE FUNCTION centre.intake_read(landings bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE intake_raw ON COMMIT DROP AS
    SELECT row_number() OVER () AS doc_no, l.landing_id, l.source, l.form, l.received_at, CASE WHEN NOT w.wide THEN d.doc END AS doc,
           CASE WHEN d.unreadable THEN 'I001' WHEN w.wide THEN 'I112' WHEN d.doc IS NULL OR jsonb_typeof(d.doc) <> 'object' THEN 'I003'
                WHEN NOT EXISTS (SELECT FROM centre.intake_map m WHERE m.source = l.source AND m.form = l.form) THEN 'I002' END AS fault,
           sha256(convert_to(CASE WHEN w.wide THEN jsonb_hash_extended(d.doc, 0)::text ELSE coalesce(d.doc::text, '') END, 'UTF8') || CASE WHEN d.doc IS NULL THEN l.payload ELSE '' END) AS content_hash
    FROM centre.landing l LEFT JOIN centre.intake_map u ON (u.source, u.form, u.target) = (l.source, l.form, 'statement')
    -- few payloads have an exponent of three digits: only their documents are looked through
    CROSS JOIN LATERAL (SELECT l.format = 'json' AND centre.try_text(l.payload) ~ '\d[eE][+-]?\d{3}' AS exponents OFFSET 0) AS x CROSS JOIN LATERAL (
      SELECT NULL::jsonb AS doc, true AS unreadable
      WHERE CASE l.format WHEN 'json' THEN centre.try_jsonb(l.payload) IS NULL
                          ELSE centre.csv_is_sound(centre.try_text(l.payload)) IS NOT TRUE END
      UNION ALL
      SELECT e, false FROM jsonb_array_elements(
        CASE WHEN l.format = 'json' THEN CASE WHEN u.path IS NOT NULL AND jsonb_typeof(centre.try_jsonb(l.payload) #> u.path) = 'array' THEN centre.try_jsonb(l.payload) #> u.path
             WHEN jsonb_typeof(centre.try_jsonb(l.payload)) = 'array' THEN centre.try_jsonb(l.payload) ELSE jsonb_build_array(centre.try_jsonb(l.payload)) END END) AS e
      WHERE l.format = 'json' AND centre.try_jsonb(l.payload) IS NOT NULL
      UNION ALL
      SELECT c, false FROM centre.csv_objects(centre.try_text(l.payload)) AS c
      WHERE l.format = 'csv' AND centre.csv_is_sound(centre.try_text(l.payload))) AS d
    CROSS JOIN LATERAL (SELECT coalesce(x.exponents AND centre.is_wide(d.doc), false) AS wide OFFSET 0) AS w
    WHERE l.landing_id = ANY (landings);
  ANALYZE pg_temp.intake_raw;
END
$$;
COMMENT ON FUNCTION centre.intake_read(bigint[]) IS 'inner part of intake_apply(): payloads to JSON documents in the temporary table intake_raw';

CREATE FUNCTION centre.intake_type() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  site centre.site := (SELECT s FROM centre.site s);
BEGIN
  CREATE TEMP TABLE intake_doc ON COMMIT DROP AS
    SELECT r.doc_no, r.landing_id, r.source, r.form, r.received_at, r.content_hash,
           r.fault, coalesce(f.said, '{}') AS said, coalesce(f.coded, '{}') AS coded,
           coalesce(nullif(btrim(f.said ->> 'doc_key'), ''), 'sha256:' || encode(r.content_hash, 'hex')) AS doc_key,
           coalesce(centre.try_numeric(f.said ->> 'version'), extract(epoch FROM centre.try_timestamptz(f.said ->> 'version', site.reporting_zone)), 0) AS version,
           coalesce(centre.try_boolean(f.said ->> 'deleted'), false) AS deleted,
           centre.try_timestamptz(f.said ->> 'occurred_at', site.reporting_zone) AS occurred_at,
           centre.try_numeric(f.said ->> 'longitude')::float8 AS lon, centre.try_numeric(f.said ->> 'latitude')::float8 AS lat,
           CASE WHEN f.said ? 'subject' THEN centre.pseudonym(btrim(f.said ->> 'subject')) END AS subject_id,
           NULL::integer AS area_id, NULL::integer AS facility_id
    FROM pg_temp.intake_raw r LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(m.target, v.value) FILTER (WHERE v.value IS NOT NULL) AS said,
             jsonb_object_agg(m.target, CASE WHEN m.options IS NULL THEN v.value ELSE m.options ->> v.value END) FILTER (WHERE v.value IS NOT NULL) AS coded
      FROM centre.intake_map m CROSS JOIN LATERAL (SELECT nullif(btrim(r.doc #>> m.path), '') AS value) AS v
      WHERE m.source = r.source AND m.form = r.form) AS f ON true;
  ANALYZE pg_temp.intake_doc;
  -- the position decides; a stated area serves where there is no position
  UPDATE pg_temp.intake_doc d SET area_id = p.area_id
    FROM (SELECT array_agg(doc_no) AS ids, array_agg(public.ST_SetSRID(public.ST_MakePoint(lon, lat), 4326)) AS points
          FROM pg_temp.intake_doc WHERE lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90) AS batch
    CROSS JOIN LATERAL centre.place_points(batch.ids, batch.points) AS p
    WHERE d.doc_no = p.point_id;
  UPDATE pg_temp.intake_doc d SET area_id = a.area_id
    FROM (SELECT DISTINCT coded ->> 'area' AS key, (occurred_at AT TIME ZONE site.reporting_zone)::date AS day
          FROM pg_temp.intake_doc WHERE coded ? 'area') AS k
    CROSS JOIN LATERAL (SELECT centre.find_area(k.key, k.day) AS area_id) AS a
    WHERE d.area_id IS NULL AND d.coded ->> 'area' = k.key
      AND (d.occurred_at AT TIME ZONE site.reporting_zone)::date IS NOT DISTINCT FROM k.day;
  -- a facility is known by a code that only one bears; where it lies serves last
  UPDATE pg_temp.intake_doc d SET facility_id = f.facility_id, area_id = coalesce(d.area_id, f.area_id)
    FROM (SELECT code, min(facility_id) AS facility_id, min(area_id) AS area_id FROM centre.facility GROUP BY code HAVING count(*) = 1) AS f
    WHERE d.coded ->> 'facility' = f.code;
END
$$;
COMMENT ON FUNCTION centre.intake_type() IS 'inner part of intake_apply(): documents to typed fields and an area in the temporary table intake_doc';

CREATE FUNCTION centre.intake_check() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  site centre.site := (SELECT s FROM centre.site s);
BEGIN
  -- indicators of a document: one code, or several in a JSON array or separated by spaces or commas
  CREATE TEMP TABLE intake_item ON COMMIT DROP AS
    SELECT d.doc_no, min(word.said) AS said, i.indicator_id, i.code,
           row_number() OVER (PARTITION BY d.doc_no ORDER BY i.code)::smallint AS ordinal
    FROM pg_temp.intake_doc d JOIN centre.intake_map m ON m.source = d.source AND m.form = d.form AND m.target = 'indicator'
    CROSS JOIN LATERAL (SELECT DISTINCT w AS said FROM regexp_split_to_table(btrim(translate(d.said ->> 'indicator', '[]"', '   ')), '[\s,;]+') AS w WHERE w <> '') AS word
    LEFT JOIN centre.indicator i ON i.code = CASE WHEN m.options IS NULL THEN word.said ELSE m.options ->> word.said END
    WHERE NOT d.deleted
    GROUP BY d.doc_no, i.indicator_id, i.code, CASE WHEN i.indicator_id IS NULL THEN word.said END;
  PERFORM centre.intake_answers();
  CREATE TEMP TABLE intake_fault ON COMMIT DROP AS
    SELECT d.doc_no, d.fault AS code, '' AS field, NULL::text AS value FROM pg_temp.intake_doc d WHERE d.fault IS NOT NULL
    UNION ALL
    SELECT d.doc_no, c.code, c.field, d.said ->> c.field
    FROM pg_temp.intake_doc d CROSS JOIN LATERAL (VALUES
        ('I203', 'occurred_at', d.said ? 'occurred_at' AND d.occurred_at IS NULL),
        ('I201', 'occurred_at', d.occurred_at > d.received_at + interval '1 day'),
        ('I202', 'occurred_at', d.occurred_at < site.first_day::timestamp AT TIME ZONE site.reporting_zone),
        ('I101', 'occurred_at', NOT d.said ? 'occurred_at'),
        ('I101', 'indicator', NOT d.said ?| ARRAY['indicator', 'answers']),
        ('I302', 'longitude', d.area_id IS NULL AND d.lon IS NOT NULL AND d.lat IS NOT NULL),
        ('I301', 'area', d.area_id IS NULL AND d.coded ? 'area' AND (d.lon IS NULL OR d.lat IS NULL)),
        ('I101', 'area', d.area_id IS NULL AND NOT d.said ? 'area' AND (d.lon IS NULL OR d.lat IS NULL) AND NOT (d.said ? 'facility' AND d.facility_id IS NULL)),
        ('I303', 'facility', d.said ? 'facility' AND d.facility_id IS NULL),
        ('I103', 'stratum', d.said ? 'stratum' AND d.coded ->> 'stratum' IS NULL),
        ('I102', 'longitude', d.said ? 'longitude' AND d.lon IS NULL),
        ('I102', 'latitude', d.said ? 'latitude' AND d.lat IS NULL),
        ('I102', 'value', d.said ? 'value' AND centre.try_numeric(d.said ->> 'value') IS NULL),
        ('I102', 'version', d.said ? 'version' AND centre.try_numeric(d.said ->> 'version') IS NULL
                            AND centre.try_timestamptz(d.said ->> 'version', 'UTC') IS NULL),
        ('I102', 'birth_year', d.said ? 'birth_year' AND coalesce(centre.try_numeric(d.said ->> 'birth_year') NOT BETWEEN 1850 AND extract(year FROM d.received_at), true)),
        ('I103', 'sex', d.said ? 'sex' AND coalesce(d.coded ->> 'sex' NOT IN ('f', 'm', 'x', 'u'), true)),
        ('I103', 'disability', d.said ? 'disability' AND coalesce(d.coded ->> 'disability', '?') <> 'unknown' AND centre.try_boolean(d.coded ->> 'disability') IS NULL),
        ('I103', 'migrant', d.said ? 'migrant' AND coalesce(d.coded ->> 'migrant', '?') <> 'unknown' AND centre.try_boolean(d.coded ->> 'migrant') IS NULL)
      ) AS c (code, field, holds)
    WHERE c.holds AND NOT d.deleted AND d.fault IS NULL
    UNION ALL
    SELECT a.doc_no, a.code, a.field, a.value FROM pg_temp.intake_answer a WHERE a.code IS NOT NULL
    UNION ALL
    SELECT i.doc_no, 'I104', 'indicator', i.said FROM pg_temp.intake_item i WHERE i.indicator_id IS NULL
    UNION ALL
    SELECT d.doc_no, 'I101', m.target, NULL
    FROM pg_temp.intake_doc d JOIN centre.intake_map m ON m.source = d.source AND m.form = d.form AND m.required
    WHERE NOT d.said ? m.target AND m.target NOT IN ('occurred_at', 'indicator', 'area') AND d.fault IS NULL;
  ANALYZE pg_temp.intake_item;
  ANALYZE pg_temp.intake_fault;
END
$$;
COMMENT ON FUNCTION centre.intake_check() IS 'inner part of intake_apply(): every fault of every document in intake_fault, its indicators in intake_item';

CREATE FUNCTION centre.intake_store() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- of several versions in these payloads the winner
  CREATE TEMP TABLE intake_best ON COMMIT DROP AS
    SELECT DISTINCT ON (source, doc_key) d.* FROM pg_temp.intake_doc d
    WHERE NOT EXISTS (SELECT FROM pg_temp.intake_fault f WHERE f.doc_no = d.doc_no)
    ORDER BY source, doc_key, version DESC, content_hash DESC, doc_no;
  -- A row per document exists first and is locked in key order; only then is it compared.
  INSERT INTO centre.document (source, doc_key, version, content_hash)
    SELECT source, doc_key, '-Infinity', '' FROM pg_temp.intake_best ORDER BY source, doc_key
    ON CONFLICT (source, doc_key) DO NOTHING;
  CREATE TEMP TABLE intake_locked ON COMMIT DROP AS
    SELECT d.document_id, d.version AS old_version, d.content_hash AS old_hash, d.first_day, d.last_day, b.doc_no
    FROM centre.document d JOIN pg_temp.intake_best b USING (source, doc_key)
    ORDER BY d.source, d.doc_key FOR UPDATE OF d;
  ALTER TABLE pg_temp.intake_locked ADD COLUMN outcome text;
  UPDATE pg_temp.intake_locked l SET outcome =
      CASE WHEN l.old_hash = '' THEN 'inserted' WHEN l.old_hash = b.content_hash AND l.old_version = b.version THEN 'unchanged'
           WHEN (b.version, b.content_hash) > (l.old_version, l.old_hash) THEN 'updated' ELSE 'stale' END
    FROM pg_temp.intake_best b WHERE b.doc_no = l.doc_no;
  CALL centre.intake_replace_observations();
END
$$;
COMMENT ON FUNCTION centre.intake_store() IS 'inner part of intake_apply(): upserts documents, locked in key order, and replaces the observations of those that changed';

CREATE PROCEDURE centre.intake_replace_observations()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  site centre.site := (SELECT s FROM centre.site s);
  from_day date;
  to_day date;
BEGIN
  SELECT min(first_day), max(last_day) INTO from_day, to_day FROM pg_temp.intake_locked WHERE outcome = 'updated';
  DELETE FROM centre.observation o USING pg_temp.intake_locked l
    WHERE o.document_id = l.document_id AND l.outcome = 'updated' AND o.day BETWEEN from_day AND to_day;

  PERFORM centre.hold_verified(array_agg(DISTINCT b.source), array_agg(DISTINCT b.subject_id) FILTER (WHERE b.subject_id IS NOT NULL)) FROM pg_temp.intake_best b;
  CREATE TEMP TABLE intake_fact ON COMMIT DROP AS
    SELECT l.document_id, i.ordinal, (b.occurred_at AT TIME ZONE site.reporting_zone)::date AS day, b.occurred_at, i.indicator_id, b.area_id,
           b.subject_id, centre.vouched(src.verified, src.verified_for, i.code, s.verified) AS verified,
           coalesce(b.coded ->> 'sex', s.sex, 'u') AS sex,
           (extract(year FROM b.occurred_at AT TIME ZONE site.reporting_zone)
             - coalesce(centre.try_numeric(b.said ->> 'birth_year'), s.birth_year))::smallint AS age,
           CASE WHEN b.coded ? 'disability' THEN centre.try_boolean(b.coded ->> 'disability') ELSE s.disability END AS disability,
           CASE WHEN b.coded ? 'migrant' THEN centre.try_boolean(b.coded ->> 'migrant') ELSE s.migrant END AS migrant,
           coalesce(centre.try_numeric(b.said ->> 'value'), 1) AS value
    FROM pg_temp.intake_locked l JOIN pg_temp.intake_best b USING (doc_no) JOIN pg_temp.intake_item i USING (doc_no)
    JOIN centre.source src ON src.code = b.source LEFT JOIN centre.subject s ON s.subject_id = b.subject_id
    WHERE l.outcome IN ('inserted', 'updated');

  PERFORM centre.intake_store_assessments();
  -- Only the owner can add partitions; without it new months go to the default partition until the owner comes by. Old months stay there.
  IF pg_has_role('civic_admin', 'USAGE') THEN
    PERFORM centre.ensure_months(m.month, m.month)
      FROM (SELECT DISTINCT date_trunc('month', f.day::timestamp)::date AS month FROM pg_temp.intake_fact f WHERE f.day > now() - site.months_apart) AS m;
  END IF;
  INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age, age_band,
                                  disability, youth, migrant, value)
    SELECT f.document_id, f.ordinal, f.day, f.occurred_at, f.indicator_id, f.area_id, f.subject_id, f.verified, f.sex, f.age,
           coalesce(a.code, 'u'), f.disability, f.age BETWEEN site.youth_from_age AND site.youth_to_age, f.migrant, f.value
    FROM pg_temp.intake_fact f LEFT JOIN centre.age_band a ON a.band_set = site.age_band_set AND f.age BETWEEN a.from_age AND a.to_age;
  UPDATE centre.document d SET version = b.version, content_hash = b.content_hash, deleted = b.deleted, landing_id = b.landing_id,
         first_day = f.first_day, last_day = f.last_day
    FROM pg_temp.intake_locked l JOIN pg_temp.intake_best b USING (doc_no)
    LEFT JOIN (SELECT document_id, min(day) AS first_day, max(day) AS last_day FROM pg_temp.intake_fact GROUP BY document_id) AS f USING (document_id)
    WHERE d.document_id = l.document_id AND l.outcome IN ('inserted', 'updated');
END
$$;
COMMENT ON PROCEDURE centre.intake_replace_observations() IS 'inner part of intake_store(): observations of new and changed documents replace those of their earlier versions';

CREATE FUNCTION centre.intake_reject(counts_as_try boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  added bigint;
BEGIN
  INSERT INTO centre.dead_letter AS x (source, doc_key, version, code, field, value, landing_id, resolved_at)
    SELECT DISTINCT ON (d.source, d.doc_key, d.version, f.code, f.field)
           d.source, d.doc_key, d.version, f.code, f.field, left(f.value, 200), d.landing_id,
           -- a later version that is a fact has overtaken it
           CASE WHEN EXISTS (SELECT FROM centre.document g WHERE g.source = d.source AND g.doc_key = d.doc_key AND g.version > d.version) THEN clock_timestamp() END
    FROM pg_temp.intake_fault f JOIN pg_temp.intake_doc d USING (doc_no)
    ORDER BY d.source, d.doc_key, d.version, f.code, f.field, d.landing_id
    ON CONFLICT (source, doc_key, version, code, field) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  IF counts_as_try THEN
    UPDATE centre.dead_letter x SET tries = x.tries + 1
      FROM pg_temp.intake_fault f JOIN pg_temp.intake_doc d USING (doc_no)
      WHERE (x.source, x.doc_key, x.version, x.code, x.field) = (d.source, d.doc_key, d.version, f.code, f.field);
  END IF;
  -- same identity and version, other content: the greater hash won, and somebody should look
  INSERT INTO centre.dead_letter (source, doc_key, version, code, field, landing_id)
    SELECT DISTINCT ON (d.source, d.doc_key, d.version) d.source, d.doc_key, d.version, 'I409', 'version', d.landing_id
    FROM pg_temp.intake_doc d JOIN pg_temp.intake_best b USING (source, doc_key)
    JOIN pg_temp.intake_locked l ON l.doc_no = b.doc_no
    WHERE NOT EXISTS (SELECT FROM pg_temp.intake_fault f WHERE f.doc_no = d.doc_no)
      AND ((d.version = b.version AND d.content_hash <> b.content_hash)
        OR (d.version = l.old_version AND d.content_hash <> l.old_hash))
    ORDER BY d.source, d.doc_key, d.version, d.landing_id
    ON CONFLICT (source, doc_key, version, code, field) DO NOTHING;
  UPDATE centre.dead_letter x SET resolved_at = clock_timestamp()
    FROM pg_temp.intake_best b
    WHERE x.resolved_at IS NULL AND x.source = b.source AND x.doc_key = b.doc_key AND x.version <= b.version AND x.code <> 'I409'
      AND NOT (x.version = b.version AND EXISTS (
        SELECT FROM pg_temp.intake_fault f JOIN pg_temp.intake_doc d USING (doc_no)
        WHERE (d.source, d.doc_key, d.version) = (x.source, x.doc_key, x.version)));
  RETURN added;
END
$$;
COMMENT ON FUNCTION centre.intake_reject(boolean) IS 'inner part of intake_apply(): dead letters by identity, so that a replay adds none, and their resolution';

CREATE FUNCTION centre.intake_run(landings bigint[], counts_as_try boolean, documents int8range DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  report jsonb;
  handed_over jsonb;
  added bigint;
BEGIN
  -- centre.erase() waits for whoever has read payloads
  LOCK TABLE centre.batch IN ROW EXCLUSIVE MODE;
  PERFORM centre.intake_read(landings);
  DELETE FROM pg_temp.intake_raw WHERE NOT doc_no <@ documents;
  handed_over := centre.intake_hand_over(counts_as_try);
  PERFORM centre.intake_type();
  PERFORM centre.intake_guard();
  PERFORM centre.intake_check();
  PERFORM centre.intake_guard_faults();
  PERFORM centre.intake_store();
  added := centre.intake_reject(counts_as_try);
  SELECT jsonb_build_object(
    'received', (SELECT count(*) FROM pg_temp.intake_doc),
    'inserted', count(*) FILTER (WHERE outcome = 'inserted'),
    'updated', count(*) FILTER (WHERE outcome = 'updated'),
    -- copies and older versions of a winner in the same payloads
    'unchanged', count(*) FILTER (WHERE outcome = 'unchanged')
      + (SELECT count(*) FROM pg_temp.intake_doc d JOIN pg_temp.intake_best b USING (source, doc_key)
         WHERE d.doc_no <> b.doc_no AND d.content_hash = b.content_hash AND d.version = b.version),
    'stale', count(*) FILTER (WHERE outcome = 'stale')
      + (SELECT count(*) FROM pg_temp.intake_doc d JOIN pg_temp.intake_best b USING (source, doc_key)
         WHERE (d.version, d.content_hash) < (b.version, b.content_hash)
           AND NOT EXISTS (SELECT FROM pg_temp.intake_fault f WHERE f.doc_no = d.doc_no)),
    'rejected', (SELECT count(DISTINCT doc_no) FROM pg_temp.intake_fault),
    'observations', (SELECT count(*) FROM pg_temp.intake_fact),
    'new_dead_letters', added,
    'codes', (SELECT coalesce(jsonb_object_agg(code, n), '{}') FROM (
      SELECT code, count(DISTINCT doc_no) AS n FROM pg_temp.intake_fault GROUP BY code) AS c))
    INTO report FROM pg_temp.intake_locked;
  DROP TABLE pg_temp.intake_raw, pg_temp.intake_doc, pg_temp.intake_item, pg_temp.intake_answer, pg_temp.intake_fault, pg_temp.intake_best, pg_temp.intake_locked, pg_temp.intake_fact;
  RETURN centre.intake_add_reports(report, handed_over);
END
$$;
COMMENT ON FUNCTION centre.intake_run(bigint[], boolean, int8range) IS 'inner part of intake_apply() and intake_retry(): the whole way of some landed payloads, or of some documents of one; gives the counts';

CREATE PROCEDURE centre.intake_apply(batch bigint, dry_run boolean DEFAULT false, INOUT report jsonb DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  landings bigint[] := (SELECT array_agg(landing_id ORDER BY landing_id) FROM centre.landing WHERE batch_id = batch);
BEGIN
  PERFORM FROM centre.batch b WHERE b.batch_id = batch FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no batch %', batch USING ERRCODE = 'no_data_found', HINT = 'centre.open_batch(source) makes one of what waits in landing.';
  END IF;
  -- A dry run takes the same way and is then undone, so that its counts cannot differ.
  BEGIN
    report := centre.intake_try_all(coalesce(landings, '{}'), false);
    IF dry_run THEN
      RAISE EXCEPTION USING ERRCODE = 'CVDRY', MESSAGE = 'dry run';
    END IF;
  EXCEPTION
    WHEN SQLSTATE 'CVDRY' THEN NULL;
  END;
  report := report || jsonb_build_object('batch', batch, 'dry_run', dry_run);
  UPDATE centre.batch b SET report = intake_apply.report, applied_at = CASE WHEN dry_run THEN b.applied_at ELSE clock_timestamp() END
    WHERE b.batch_id = batch;
END
$$;
COMMENT ON PROCEDURE centre.intake_apply(bigint, boolean, jsonb) IS
  'turn the payloads of a batch into facts; the report counts received documents as inserted, updated, unchanged, stale or rejected and is kept in batch.report. dry_run writes no fact and no dead letter. Safe to repeat: a replay changes nothing';

CREATE PROCEDURE centre.intake_retry(of_code text DEFAULT NULL, INOUT report jsonb DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  report := centre.intake_try_all(coalesce((SELECT array_agg(DISTINCT landing_id) FROM centre.dead_letter
    WHERE resolved_at IS NULL AND landing_id IS NOT NULL AND code <> 'I409' AND (of_code IS NULL OR code = of_code)), '{}'), true);
END
$$;
COMMENT ON PROCEDURE centre.intake_retry(text, jsonb) IS
  'try the documents with open dead letters again, all or those of one code, after a map, a label or an area was mended';

-- ---- steps of tick(): each source that has something waiting, one after the other ----

CREATE FUNCTION centre.intake_waiting() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT DISTINCT l.source FROM centre.landing l WHERE l.batch_id IS NULL;
END;
COMMENT ON FUNCTION centre.intake_waiting() IS 'sources with payloads that wait in landing';

CREATE FUNCTION centre.tick_intake(of_source text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- rounds that were cut off: the next takes an eighth, down to one payload, which is set aside when that does not help either
  cut_off integer := greatest(centre.tick_unfinished('intake', of_source) - 1, 0);
  batch bigint := centre.open_batch(of_source, greatest(1000 >> least(3 * cut_off, 12), 1), greatest(16777216 >> least(3 * cut_off, 24), 1));
  landings bigint[] := ARRAY(SELECT l.landing_id FROM centre.landing l WHERE l.batch_id = batch);
  report jsonb;
BEGIN
  IF landings = '{}' THEN
    DELETE FROM centre.batch b WHERE b.batch_id = batch;
    RETURN 0;
  END IF;
  IF cut_off > 5 THEN
    PERFORM centre.intake_set_aside(landings, 'I901', '57014');
    UPDATE centre.batch b SET applied_at = clock_timestamp(), report = '{"received": 1, "rejected": 1, "codes": {"I901": 1}}' WHERE b.batch_id = batch;
    RETURN 1;
  END IF;
  CALL centre.intake_apply(batch, false, report);
  -- an empty list is a payload, too
  RETURN greatest((report ->> 'received')::bigint, cardinality(landings));
END
$$;
COMMENT ON FUNCTION centre.tick_intake(text) IS
  'step of tick(): up to 1,000 payloads or 16 MB of what waits of a source become facts; gives how many documents. After rounds that were cut off it takes fewer, and at last sets the one aside that is in the way (I901)';
GRANT EXECUTE ON FUNCTION centre.intake_waiting(), centre.tick_intake(text) TO civic_ticker;
GRANT DELETE ON centre.batch TO civic_ticker;
INSERT INTO centre.tick_job (step, place, routine, items, again) VALUES ('intake', 30, 'centre.tick_intake', 'centre.intake_waiting', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, items = excluded.items, again = excluded.again;
