-- Nothing a sender writes stops what others send: sizes and ranges are dead letters, and what fails all the same is found by
-- halving, set aside with its landing and its SQLSTATE, and the rest goes on.

CREATE FUNCTION centre.intake_refuse_large(landings bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  large bigint[] := ARRAY(SELECT l.landing_id FROM centre.landing l WHERE l.landing_id = ANY (landings) AND octet_length(l.payload) > 16777216 ORDER BY 1);
BEGIN
  PERFORM centre.intake_set_aside(ARRAY[l], 'I004', '') FROM unnest(large) AS l;
  RETURN ARRAY(SELECT l FROM unnest(landings) AS l WHERE l <> ALL (large) ORDER BY 1);
END
$$;
COMMENT ON FUNCTION centre.intake_refuse_large(bigint[]) IS 'inner part of intake_apply(): payloads over 16 MB become dead letters before anybody reads them; gives the others';

CREATE FUNCTION centre.intake_guard() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE intake_excess ON COMMIT DROP AS
    WITH many AS (SELECT landing_id FROM pg_temp.intake_raw GROUP BY landing_id HAVING count(*) > 100000),
    -- most documents are short: the text of what they say is looked at once
    read AS MATERIALIZED (SELECT d.*, (d.said - 'indicator')::text AS words, d.said ->> 'indicator' AS indicators FROM pg_temp.intake_doc d WHERE d.fault IS NULL)
    SELECT d.doc_no, 'I005' AS code, '' AS field, NULL::text AS value FROM pg_temp.intake_doc d JOIN many USING (landing_id)
    UNION ALL
    SELECT d.doc_no, c.code, c.field, left(d.said ->> c.field, 200)
    FROM read d CROSS JOIN LATERAL (VALUES
        ('I110', 'doc_key', octet_length(d.said ->> 'doc_key') > 500),
        ('I110', 'indicator', octet_length(d.said ->> 'indicator') > 10000),
        ('I111', 'indicator', octet_length(d.said ->> 'indicator') BETWEEN 200 AND 10000 AND cardinality(regexp_split_to_array(d.said ->> 'indicator', '[\s,;]+')) > 100),
        ('I110', 'area', octet_length(d.said ->> 'area') > 500),
        ('I110', 'subject', octet_length(d.said ->> 'subject') > 500),
        ('I110', 'household', octet_length(d.said ->> 'household') > 500),
        ('I110', 'facility', octet_length(d.said ->> 'facility') > 500),
        ('I110', 'stratum', octet_length(d.said ->> 'stratum') > 500),
        ('I110', 'answers', octet_length(d.said ->> 'answers') > 100000)) AS c (code, field, holds)
    WHERE (octet_length(d.words) > 500 OR octet_length(d.indicators) >= 200) AND c.holds
    UNION ALL
    SELECT d.doc_no, 'I112', 'version', left(d.said ->> 'version', 200) FROM read d WHERE d.version NOT BETWEEN 0 AND 1e15
    UNION ALL
    SELECT d.doc_no, 'I112', 'value', left(d.said ->> 'value', 200) FROM read d CROSS JOIN LATERAL centre.try_numeric(d.said ->> 'value') AS n
    WHERE d.said ? 'value' AND (abs(n) > 1e15 OR scale(trim_scale(n)) > 15)
    UNION ALL
    SELECT d.doc_no, 'I112', 'birth_year', left(d.said ->> 'birth_year', 200) FROM read d WHERE d.said ->> 'birth_year' !~ '^\s*\d{1,4}\s*$' AND scale(trim_scale(centre.try_numeric(d.said ->> 'birth_year'))) > 0
    UNION ALL
    SELECT d.doc_no, 'I202', 'occurred_at', d.said ->> 'occurred_at' FROM read d JOIN centre.source s ON s.code = d.source CROSS JOIN centre.site
    WHERE d.occurred_at < s.first_day::timestamp AT TIME ZONE site.reporting_zone
    UNION ALL
    -- of a month whose facts are archived, by its day or by that of the version that is there
    SELECT d.doc_no, 'I205', 'occurred_at', d.said ->> 'occurred_at'
    FROM read d LEFT JOIN centre.document o ON o.source = d.source AND o.doc_key = d.doc_key CROSS JOIN centre.site s
    WHERE EXISTS (SELECT FROM centre.archived_month)
      AND (NOT d.deleted AND centre.archived_in(daterange((d.occurred_at AT TIME ZONE s.reporting_zone)::date, (d.occurred_at AT TIME ZONE s.reporting_zone)::date, '[]')) IS NOT NULL
           OR o.first_day IS NOT NULL AND o.content_hash <> d.content_hash AND centre.archived_in(daterange(o.first_day, o.last_day, '[]')) IS NOT NULL)
    UNION ALL
    SELECT d.doc_no, 'I113', s.key, left(s.value, 200)
    FROM read d CROSS JOIN LATERAL jsonb_each_text(d.said) AS s JOIN centre.intake_map m ON m.source = d.source AND m.form = d.form AND m.target = s.key
    JOIN pg_temp.intake_raw r USING (doc_no)
    WHERE (d.words ~ ': "[[{]' OR left(d.indicators, 1) = '{') AND left(s.value, 1) IN ('{', '[') AND s.key <> 'answers'
      AND jsonb_typeof(r.doc #> m.path) = ANY (CASE s.key WHEN 'indicator' THEN '{object}'::text[] ELSE '{object,array}' END);
  -- From here on such a document has a short key and no more content than its fault.
  UPDATE pg_temp.intake_doc d SET fault = e.code, said = '{}', coded = '{}', version = CASE WHEN d.version BETWEEN 0 AND 1e15 THEN d.version ELSE 0 END, occurred_at = NULL,
         doc_key = CASE WHEN octet_length(d.doc_key) > 500 OR d.doc_key ~ '^[[{]' THEN 'sha256:' || encode(d.content_hash, 'hex') ELSE d.doc_key END
    FROM (SELECT doc_no, min(code) AS code FROM pg_temp.intake_excess GROUP BY doc_no) AS e WHERE e.doc_no = d.doc_no;
END
$$;
COMMENT ON FUNCTION centre.intake_guard() IS
  'inner part of intake_apply(): documents with a value that is too long, too many, out of range or no single value, in intake_excess; they go no further than their dead letter';

CREATE FUNCTION centre.intake_guard_faults() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- the fault of the document as a whole was a stand-in for those found
  DELETE FROM pg_temp.intake_fault f USING pg_temp.intake_excess e WHERE f.doc_no = e.doc_no;
  INSERT INTO pg_temp.intake_fault (doc_no, code, field, value) SELECT doc_no, code, field, value FROM pg_temp.intake_excess;
  UPDATE pg_temp.intake_fault SET field = left(field, 100), value = left(value, 200) WHERE length(field) > 100 OR length(value) > 200;
  DROP TABLE pg_temp.intake_excess;
END
$$;
COMMENT ON FUNCTION centre.intake_guard_faults() IS 'inner part of intake_apply(): what intake_guard() found, among the other faults, each short enough for a dead letter''s key';

CREATE FUNCTION centre.intake_set_aside(landings bigint[], of_code text, failed text, documents int8range DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO centre.dead_letter AS x (source, doc_key, version, code, field, value, landing_id)
    SELECT l.source, 'landing:' || l.landing_id || coalesce(':' || lower(documents), ''), 0, of_code, '', nullif(failed, ''), l.landing_id
    FROM centre.landing l WHERE l.landing_id = ANY (landings)
    ON CONFLICT (source, doc_key, version, code, field) DO UPDATE SET value = excluded.value, tries = x.tries + 1, resolved_at = NULL;
END;
COMMENT ON FUNCTION centre.intake_set_aside(bigint[], text, text, int8range) IS
  'inner part of intake_apply(): a dead letter for a payload, or a document of it by its number, that cannot be worked on; its value is the SQLSTATE, since a message may carry what people reported';

CREATE FUNCTION centre.intake_add_counts(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(jsonb_object_agg(k.key, coalesce(($1 ->> k.key)::bigint, 0) + coalesce(($2 ->> k.key)::bigint, 0)), '{}')
  FROM (SELECT jsonb_object_keys($1) AS key UNION SELECT jsonb_object_keys($2)) AS k;
END;
COMMENT ON FUNCTION centre.intake_add_counts(jsonb, jsonb) IS 'the sums of two objects of counts';

CREATE FUNCTION centre.intake_add_reports(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(jsonb_object_agg(k.key, CASE WHEN k.key = 'codes' THEN centre.intake_add_counts($1 -> k.key, $2 -> k.key)
                                      ELSE to_jsonb(coalesce(($1 ->> k.key)::bigint, 0) + coalesce(($2 ->> k.key)::bigint, 0)) END), '{}')
  FROM (SELECT jsonb_object_keys($1) AS key UNION SELECT jsonb_object_keys($2)) AS k;
END;
COMMENT ON FUNCTION centre.intake_add_reports(jsonb, jsonb) IS 'the report of two parts of a batch';

CREATE FUNCTION centre.intake_try(landings bigint[], counts_as_try boolean, documents int8range DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failed text;
  middle integer;
BEGIN
  BEGIN
    RETURN centre.intake_run(landings, counts_as_try, documents);
  EXCEPTION WHEN OTHERS THEN
    failed := sqlstate;
    IF centre.error_is_outside(failed) THEN
      RAISE;
    END IF;
  END;
  IF cardinality(landings) > 1 THEN
    middle := cardinality(landings) / 2;
    RETURN centre.intake_add_reports(centre.intake_try(landings[:middle], counts_as_try), centre.intake_try(landings[middle + 1:], counts_as_try));
  END IF;
  IF documents IS NULL THEN
    documents := int8range(1, centre.intake_count(landings[1]) + 1);
  END IF;
  IF upper(documents) - lower(documents) > 1 THEN
    middle := (lower(documents) + upper(documents)) / 2;
    RETURN centre.intake_add_reports(centre.intake_try(landings, counts_as_try, int8range(lower(documents), middle)),
                                     centre.intake_try(landings, counts_as_try, int8range(middle, upper(documents))));
  END IF;
  PERFORM centre.intake_set_aside(landings, 'I900', failed, documents);
  RETURN '{"received": 1, "rejected": 1, "codes": {"I900": 1}}';
END
$$;
COMMENT ON FUNCTION centre.intake_try(bigint[], boolean, int8range) IS
  'inner part of intake_apply(): intake_run(); where it fails, each half for itself, of payloads and then of the documents of one, until what fails is set aside (I900). Errors that speak of the server are raised';

CREATE FUNCTION centre.intake_count(of_landing bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  documents bigint;
BEGIN
  PERFORM centre.intake_read(ARRAY[of_landing]);
  SELECT count(*) INTO documents FROM pg_temp.intake_raw;
  DROP TABLE pg_temp.intake_raw;
  RETURN documents;
EXCEPTION WHEN OTHERS THEN
  IF centre.error_is_outside(sqlstate) THEN
    RAISE;
  END IF;
  RETURN 1;
END
$$;
COMMENT ON FUNCTION centre.intake_count(bigint) IS 'inner part of intake_apply(): the number of documents in a payload; 1 for one that cannot even be split';

CREATE FUNCTION centre.intake_try_all(landings bigint[], counts_as_try boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  small bigint[];
  large integer;
BEGIN
  -- what was set aside before is open again only if it fails again
  UPDATE centre.dead_letter x SET resolved_at = clock_timestamp() WHERE x.landing_id = ANY (landings) AND x.code IN ('I004', 'I900', 'I901') AND x.resolved_at IS NULL;
  small := centre.intake_refuse_large(landings);
  large := cardinality(landings) - cardinality(small);
  RETURN centre.intake_add_reports(centre.intake_try(small, counts_as_try),
    CASE WHEN large > 0 THEN jsonb_build_object('received', large, 'rejected', large, 'codes', jsonb_build_object('I004', large)) ELSE '{}' END);
END
$$;
COMMENT ON FUNCTION centre.intake_try_all(bigint[], boolean) IS 'inner part of intake_apply() and intake_retry(): all that can be worked on of some payloads; the rest is set aside; gives the counts';

GRANT EXECUTE ON FUNCTION centre.intake_refuse_large(bigint[]), centre.intake_guard(), centre.intake_guard_faults(), centre.intake_set_aside(bigint[], text, text, int8range),
  centre.intake_add_counts(jsonb, jsonb), centre.intake_add_reports(jsonb, jsonb), centre.intake_try(bigint[], boolean, int8range), centre.intake_count(bigint),
  centre.intake_try_all(bigint[], boolean) TO civic_ticker;
