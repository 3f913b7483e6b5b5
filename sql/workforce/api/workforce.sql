-- Feeds of agencies: JSON rows to statements, set-based; the statement issued last wins, whatever the order of arrival.

CREATE FUNCTION centre.feed_value(of_column centre.feed_column) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT CASE of_column.type
    WHEN 'text' THEN v.said
    WHEN 'integer' THEN format('(SELECT n::integer FROM centre.try_numeric(%s) AS n WHERE n BETWEEN -2147483648 AND 2147483647)', v.said)
    WHEN 'boolean' THEN format('centre.try_boolean(%s)', v.said)
    WHEN 'time' THEN format('centre.try_timestamptz(%s, zone)', v.said)
    WHEN 'past' THEN format('centre.try_timestamptz(%s, zone)', v.said)
    WHEN 'end' THEN format('CASE WHEN %1$s IS NULL THEN timestamptz ''infinity'' ELSE centre.try_timestamptz(%1$s, zone) END', v.said)
    WHEN 'choice' THEN format('(SELECT o FROM unnest(%L::text[]) AS o WHERE o = %s)', of_column.options, v.said)
    WHEN 'worker' THEN format('centre.pseudonym(%s)', v.said)
    WHEN 'area' THEN format('centre.find_area(%s)', v.said)
    ELSE format('(SELECT x.%1$I FROM centre.%2$I AS x WHERE x.code = %3$s)', of_column.type || '_id', of_column.type, v.said) END
  FROM (SELECT format('nullif(btrim(r.doc ->> %L), '''')', of_column.name) AS said) AS v;
END;
COMMENT ON FUNCTION centre.feed_value(centre.feed_column) IS 'inner part of feed_apply(): SQL expression of a field''s typed value, null when it cannot be read, over r.doc and zone';

CREATE FUNCTION centre.is_sayable(at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN NOT isfinite(at) OR at >= '0001-01-02 00:00+00' AND at < '9999-01-01 00:00+00';
COMMENT ON FUNCTION centre.is_sayable(timestamptz) IS 'does an instant lie in the years 1 to 9998, which every zone can write in ISO 8601, or is it infinite? null of null';

CREATE FUNCTION centre.feed_faults(of_column centre.feed_column) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT concat_ws(', ',
    CASE WHEN of_column.required THEN format('(''I101'', %L, NULL, %s IS NULL)', of_column.name, v.said) END,
    CASE WHEN of_column.type <> 'text' THEN
      format('(%L, %L, %s, %s IS NOT NULL AND r.%I IS NULL)',
             CASE of_column.type WHEN 'choice' THEN 'I103' WHEN 'area' THEN 'I301' ELSE 'I102' END, of_column.name, v.said, v.said, of_column.target) END,
    CASE WHEN of_column.type IN ('time', 'past', 'end') THEN
      format('(''I206'', %L, %s, NOT centre.is_sayable(r.%I))', of_column.name, v.said, of_column.target) END,
    CASE of_column.type WHEN 'past' THEN format('(''I201'', %L, %s, r.%I > r.issued_at + interval ''1 day'')', of_column.name, v.said, of_column.target)
      WHEN 'end' THEN (SELECT format('(''I204'', %L, %s, r.%I <= r.%I)', of_column.name, v.said, of_column.target, b.target)
                       FROM centre.feed_column b WHERE b.kind = of_column.kind AND b.name IN ('valid_from', 'observed_at')) END)
  FROM (SELECT format('nullif(btrim(r.doc ->> %L), '''')', of_column.name) AS said) AS v;
END;
COMMENT ON FUNCTION centre.feed_faults(centre.feed_column) IS 'inner part of feed_apply(): SQL rows (code, field, value, holds) of what can be wrong with a field';

CREATE FUNCTION centre.feed_key(of_kind text, doc jsonb) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  -- an identity of a person is not kept, not even of a row that is refused
  SELECT CASE WHEN of_kind = 'worker_id' THEN centre.pseudonym(k.said)::text ELSE k.said END
  FROM (SELECT CASE WHEN octet_length(btrim(doc ->> 'source_key')) BETWEEN 1 AND 500 THEN btrim(doc ->> 'source_key')
                    ELSE 'sha256:' || encode(sha256(convert_to(doc::text, 'UTF8')), 'hex') END AS said) AS k;
END;
COMMENT ON FUNCTION centre.feed_key(text, jsonb) IS 'inner part of feed_apply(): the key under which a row is kept, by the kind''s key: what it says, a pseudonym of that where it is a person, for one that is missing or too long a digest of the row';

CREATE FUNCTION centre.feed_read(of_kind text, as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  spec centre.feed_kind := (SELECT k FROM centre.feed_kind k WHERE k.kind = of_kind);
  referred text;
  referred_field text;
  columns text;
  faults text;
BEGIN
  -- what is referred to exists at least as a code
  FOR referred, referred_field IN SELECT c.type, c.name FROM centre.feed_column c WHERE c.kind = of_kind AND c.type IN ('employer', 'premises', 'room') ORDER BY c.type LOOP
    EXECUTE format('INSERT INTO centre.%1$I (code) SELECT DISTINCT d.code FROM (SELECT nullif(btrim(doc ->> %2$L), '''') AS code FROM pg_temp.feed_row) AS d
                    WHERE octet_length(d.code) <= 500 AND NOT EXISTS (SELECT FROM centre.%1$I x WHERE x.code = d.code) ORDER BY d.code ON CONFLICT DO NOTHING', referred, referred_field);
  END LOOP;
  SELECT string_agg(format(', %s AS %I', centre.feed_value(c), c.target), '' ORDER BY c.name),
         string_agg(', ' || nullif(centre.feed_faults(c), ''), '' ORDER BY c.name)
    INTO columns, faults FROM centre.feed_column c WHERE c.kind = of_kind;
  EXECUTE format($sql$
    CREATE TEMP TABLE feed_typed ON COMMIT DROP AS
    SELECT r.row_no, r.doc, coalesce(nullif(btrim(r.doc ->> 'source_key'), ''), 'sha256:' || encode(sha256(convert_to(r.doc::text, 'UTF8')), 'hex')) AS said_key,
           centre.try_timestamptz(r.doc ->> 'issued_at', zone) AS issued_at,
           coalesce(centre.try_boolean(r.doc ->> 'withdrawn'), false) AS withdrawn %s
    FROM pg_temp.feed_row r, (SELECT reporting_zone AS zone FROM centre.site) AS s$sql$, columns);
  ALTER TABLE pg_temp.feed_typed ADD COLUMN source_key text;
  UPDATE pg_temp.feed_typed SET source_key = centre.feed_key(spec.key, doc);
  EXECUTE format($sql$
    CREATE TEMP TABLE feed_fault ON COMMIT DROP AS
    SELECT r.row_no, f.code, f.field, f.value FROM pg_temp.feed_typed r CROSS JOIN LATERAL (VALUES
        ('I003', '', NULL, jsonb_typeof(r.doc) <> 'object'),
        ('I110', 'source_key', left(r.said_key, 200), octet_length(r.said_key) > 500),
        ('I110', '', NULL, jsonb_typeof(r.doc) = 'object' AND octet_length(r.doc::text) > 8000),
        ('I101', 'source_key', NULL, r.said_key LIKE 'sha256:%%'),
        ('I101', 'issued_at', NULL, NOT r.doc ? 'issued_at'),
        ('I203', 'issued_at', r.doc ->> 'issued_at', r.doc ? 'issued_at' AND r.issued_at IS NULL),
        ('I201', 'issued_at', r.doc ->> 'issued_at', r.issued_at > %L::timestamptz + interval '1 day'),
        ('I206', 'issued_at', r.doc ->> 'issued_at', NOT centre.is_sayable(r.issued_at)),
        ('I102', 'withdrawn', r.doc ->> 'withdrawn', r.doc ? 'withdrawn' AND centre.try_boolean(r.doc ->> 'withdrawn') IS NULL)) AS f (code, field, value, holds)
    WHERE f.holds
    UNION ALL
    SELECT r.row_no, f.code, f.field, f.value FROM pg_temp.feed_typed r CROSS JOIN LATERAL (VALUES
        ('I101', %L, NULL, NOT %L::text[] = '{}' AND (SELECT count(*) FROM unnest(%L::text[]) AS o WHERE nullif(btrim(r.doc ->> o), '') IS NOT NULL) <> 1)
        %s) AS f (code, field, value, holds)
    WHERE f.holds AND NOT r.withdrawn$sql$, as_of, array_to_string(spec.one_of, '|'), spec.one_of, spec.one_of, faults);
  ANALYZE pg_temp.feed_typed;
  ANALYZE pg_temp.feed_fault;
END
$$;
COMMENT ON FUNCTION centre.feed_read(text, timestamptz) IS 'inner part of feed_apply(): JSON rows of the temporary table feed_row to typed columns in feed_typed, and every fault in feed_fault';

CREATE FUNCTION centre.feed_store(of_agency text, of_kind text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  spec centre.feed_kind := (SELECT k FROM centre.feed_kind k WHERE k.kind = of_kind);
  key_columns text := CASE spec.key WHEN 'source_key' THEN 'agency, source_key' ELSE quote_ident(spec.key) END;
  key_values text := CASE spec.key WHEN 'source_key' THEN format('%L, b.source_key', of_agency) WHEN 'worker_id' THEN 'b.source_key::bigint' ELSE 'b.source_key' END;
  columns text;
  changed bigint;
BEGIN
  SELECT string_agg(format('%I', c.target), ', ' ORDER BY c.name) INTO columns FROM centre.feed_column c WHERE c.kind = of_kind;
  -- Of two versions with one time of issue the greater hash of the content wins: any rule does that does not ask which came first.
  EXECUTE format($sql$
    CREATE TEMP TABLE feed_best ON COMMIT DROP AS
    SELECT DISTINCT ON (source_key) b.*, hash_record_extended(ROW(withdrawn, %s), 0) AS content FROM pg_temp.feed_typed b
    WHERE NOT EXISTS (SELECT FROM pg_temp.feed_fault f WHERE f.row_no = b.row_no)
    ORDER BY source_key, issued_at DESC, hash_record_extended(ROW(withdrawn, %1$s), 0) DESC, row_no$sql$, columns);
  ANALYZE pg_temp.feed_best;
  -- Rows that would change nothing are left out before, so that they lock nothing and use up no numbers.
  EXECUTE format($sql$
    INSERT INTO centre.%1$I AS t (%2$s, issued_at, withdrawn, %3$s)
      SELECT %4$s, b.issued_at, b.withdrawn, %5$s FROM pg_temp.feed_best b
      WHERE NOT EXISTS (SELECT FROM centre.%1$I AS t WHERE (%6$s) = (%4$s)
                        AND (t.issued_at, hash_record_extended(ROW(t.withdrawn, %7$s), 0)) >= (b.issued_at, b.content))
      ORDER BY b.source_key
    ON CONFLICT (%2$s) DO UPDATE SET issued_at = excluded.issued_at, withdrawn = excluded.withdrawn, %8$s
      WHERE (excluded.issued_at, hash_record_extended(ROW(excluded.withdrawn, %9$s), 0)) > (t.issued_at, hash_record_extended(ROW(t.withdrawn, %7$s), 0))$sql$,
    of_kind, key_columns, columns, key_values, regexp_replace(columns, '(\w+)', 'b.\1', 'g'), regexp_replace(key_columns, '(\w+)', 't.\1', 'g'),
    regexp_replace(columns, '(\w+)', 't.\1', 'g'), (SELECT string_agg(format('%I = excluded.%1$I', c.target), ', ') FROM centre.feed_column c WHERE c.kind = of_kind),
    regexp_replace(columns, '(\w+)', 'excluded.\1', 'g'));
  GET DIAGNOSTICS changed = ROW_COUNT;
  -- A refused row stays on record until its key has the same or a later version.
  INSERT INTO centre.feed_refusal (agency, kind, source_key, issued_at, code, field, value)
    SELECT DISTINCT ON (r.source_key, 4, f.code, f.field) of_agency, of_kind, r.source_key, coalesce(r.issued_at, '-infinity'), f.code, f.field, left(f.value, 200)
    FROM pg_temp.feed_fault f JOIN pg_temp.feed_typed r USING (row_no) ORDER BY r.source_key, 4, f.code, f.field, f.value
    ON CONFLICT DO NOTHING;
  EXECUTE format($sql$
    DELETE FROM centre.feed_refusal b USING centre.%1$I AS t
    WHERE b.agency = %2$L AND b.kind = %1$L AND b.source_key IN (SELECT source_key FROM pg_temp.feed_typed) AND b.source_key !~ '^sha256:'
      AND (%3$s) = (%4$s) AND t.issued_at >= b.issued_at$sql$,
    of_kind, of_agency, regexp_replace(key_columns, '(\w+)', 't.\1', 'g'), key_values);
  RETURN changed;
END
$$;
COMMENT ON FUNCTION centre.feed_store(text, text) IS 'inner part of feed_apply(): the sound rows of feed_typed into their table where they are newer than what is there; the others into feed_refusal';

CREATE PROCEDURE centre.feed_apply(of_agency text, of_kind text, docs jsonb, as_of timestamptz DEFAULT now(), INOUT report jsonb DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF jsonb_typeof(docs) <> 'array' OR docs IS NULL THEN
    RAISE EXCEPTION 'a feed is an array of objects' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('got: %s', coalesce(jsonb_typeof(docs), 'null'));
  END IF;
  CREATE TEMP TABLE feed_all ON COMMIT DROP AS
    SELECT e.row_no, e.doc FROM jsonb_array_elements(docs) WITH ORDINALITY AS e (doc, row_no);
  CALL centre.feed_take(of_agency, of_kind, as_of, report);
END
$$;
COMMENT ON PROCEDURE centre.feed_apply(text, text, jsonb, timestamptz, jsonb) IS
  'take a feed: an array of objects with source_key, issued_at (ISO 8601), optionally withdrawn, and the fields of centre.feed_column. The same feed again changes nothing; of several versions of a source_key the one issued last wins in any order. as_of is the time of the feed; report counts received, refused (centre.feed_refusal) and changed rows';

CREATE PROCEDURE centre.feed_apply(of_agency text, of_kind text, staging regclass, as_of timestamptz DEFAULT now(), INOUT report jsonb DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TEMP TABLE feed_all ON COMMIT DROP AS SELECT row_number() OVER () AS row_no, to_jsonb(s) AS doc FROM %s AS s', staging);
  CALL centre.feed_take(of_agency, of_kind, as_of, report);
END
$$;
COMMENT ON PROCEDURE centre.feed_apply(text, text, regclass, timestamptz, jsonb) IS
  'the same from a staging table whose columns bear the names of the fields: for large feeds that come by COPY';

CREATE FUNCTION centre.feed_refuse(of_agency text, of_kind text, of_row bigint, failed text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := (SELECT r.doc FROM pg_temp.feed_all r WHERE r.row_no = of_row);
BEGIN
  INSERT INTO centre.feed_refusal (agency, kind, source_key, issued_at, code, field, value)
    SELECT of_agency, of_kind, centre.feed_key(k.key, said), coalesce(t.at, '-infinity'), 'I900', '', failed
    FROM centre.feed_kind k, (SELECT s.reporting_zone FROM centre.site s) AS z (zone), centre.try_timestamptz(said ->> 'issued_at', z.zone) AS t (at) WHERE k.kind = of_kind
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION centre.feed_refuse(text, text, bigint, text) IS 'inner part of feed_try(): a row of the temporary table feed_all into feed_refusal, with its SQLSTATE';

CREATE FUNCTION centre.feed_try(of_agency text, of_kind text, as_of timestamptz, rows int8range) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  middle bigint := (lower(rows) + upper(rows)) / 2;
  changed bigint;
  counts jsonb;
BEGIN
  BEGIN
    CREATE TEMP TABLE feed_row ON COMMIT DROP AS SELECT r.row_no, r.doc FROM pg_temp.feed_all r WHERE r.row_no <@ rows;
    ANALYZE pg_temp.feed_row;
    PERFORM centre.feed_read(of_kind, as_of);
    changed := centre.feed_store(of_agency, of_kind);
    UPDATE centre.feed f SET issued_at = greatest(f.issued_at, (SELECT max(b.issued_at) FROM pg_temp.feed_best b)) WHERE f.agency = of_agency AND f.kind = of_kind;
    SELECT jsonb_build_object('received', (SELECT count(*) FROM pg_temp.feed_row), 'refused', (SELECT count(DISTINCT f.row_no) FROM pg_temp.feed_fault f), 'changed', changed) INTO counts;
    DROP TABLE pg_temp.feed_row, pg_temp.feed_typed, pg_temp.feed_fault, pg_temp.feed_best;
    RETURN counts;
  EXCEPTION WHEN OTHERS THEN
    IF centre.error_is_outside(sqlstate) OR NOT centre.apart() THEN
      RAISE;
    END IF;
    IF upper(rows) - lower(rows) <= 1 THEN
      PERFORM centre.feed_refuse(of_agency, of_kind, lower(rows), sqlstate);
      RETURN '{"received": 1, "refused": 1, "changed": 0}';
    END IF;
  END;
  RETURN centre.intake_add_counts(centre.feed_try(of_agency, of_kind, as_of, int8range(lower(rows), middle)), centre.feed_try(of_agency, of_kind, as_of, int8range(middle, upper(rows))));
END
$$;
COMMENT ON FUNCTION centre.feed_try(text, text, timestamptz, int8range) IS
  'inner part of feed_apply(): takes rows of the temporary table feed_all; where that fails, each half for itself, until what fails is refused (I900). Errors that speak of the server are raised; gives the counts';

CREATE PROCEDURE centre.feed_take(of_agency text, of_kind text, as_of timestamptz, INOUT report jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM centre.feed f WHERE f.agency = of_agency AND f.kind = of_kind) THEN
    RAISE EXCEPTION 'agency "%" does not send "%"', of_agency, of_kind USING ERRCODE = 'no_data_found',
      DETAIL = format('It sends: %s.', coalesce((SELECT string_agg(f.kind, ', ' ORDER BY f.kind) FROM centre.feed f WHERE f.agency = of_agency), 'nothing')),
      HINT = 'Feeds are declared in centre.feed.';
  END IF;
  IF NOT pg_has_role('civic_admin', 'USAGE') AND NOT EXISTS (SELECT FROM centre.agency_login l WHERE l.login IN (current_user, session_user) AND l.agency = of_agency) THEN
    RAISE EXCEPTION 'login "%" does not speak for agency "%"', session_user, of_agency USING ERRCODE = 'insufficient_privilege',
      HINT = 'Logins and their agencies are declared in centre.agency_login.';
  END IF;
  report := centre.feed_try(of_agency, of_kind, as_of, int8range(1, (SELECT count(*) FROM pg_temp.feed_all) + 1));
  UPDATE centre.feed f SET heard_at = greatest(f.heard_at, as_of) WHERE f.agency = of_agency AND f.kind = of_kind;
  DROP TABLE pg_temp.feed_all;
END
$$;
COMMENT ON PROCEDURE centre.feed_take(text, text, timestamptz, jsonb) IS 'inner part of feed_apply(): takes the rows of the temporary table feed_all';

-- ---- marks: what changed is noted in the transaction that changes it ----

CREATE FUNCTION centre.mark_facts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  marked text := TG_ARGV[0];
BEGIN
  EXECUTE format('INSERT INTO centre.fact_mark (%1$s) SELECT DISTINCT %1$s FROM (%2$s) AS rows WHERE num_nonnulls(%1$s) > 0', marked,
    CASE TG_OP WHEN 'INSERT' THEN 'SELECT * FROM new_rows' WHEN 'DELETE' THEN 'SELECT * FROM old_rows'
               ELSE 'SELECT * FROM new_rows UNION ALL SELECT * FROM old_rows' END);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.mark_facts() IS 'trigger of fact tables: marks whom the statement concerns, by the columns it is given; of a changed row both the old and the new';

CREATE FUNCTION centre.mark_everybody() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.fact_mark DEFAULT VALUES;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.mark_everybody() IS 'trigger of tables that concern every worker, and of TRUNCATE, which does not say whom it concerns';

DO $$
DECLARE
  fact record;
BEGIN
  FOR fact IN SELECT * FROM (VALUES ('employer', 'employer_id'), ('premises', 'premises_id'), ('block', 'premises_id'), ('room', 'premises_id'),
      ('worker', 'worker_id'), ('approval', 'sector, employer_id, premises_id, worker_id'), ('non_compliance', 'worker_id'), ('app_registration', 'worker_id'),
      ('vulnerability', 'worker_id'), ('test_result', 'worker_id'), ('vaccination', 'worker_id'), ('recovery', 'worker_id'), ('movement_order', 'worker_id'),
      ('exposure', 'worker_id'), ('location_claim', 'worker_id')) AS f (relation, marked) LOOP
    EXECUTE format('CREATE TRIGGER civic_added AFTER INSERT ON centre.%I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.mark_facts(%L)', fact.relation, fact.marked);
    EXECUTE format('CREATE TRIGGER civic_removed AFTER DELETE ON centre.%I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.mark_facts(%L)', fact.relation, fact.marked);
    EXECUTE format('CREATE TRIGGER civic_changed AFTER UPDATE ON centre.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.mark_facts(%L)', fact.relation, fact.marked);
    EXECUTE format('CREATE TRIGGER civic_emptied AFTER TRUNCATE ON centre.%I FOR EACH STATEMENT EXECUTE FUNCTION centre.mark_everybody()', fact.relation);
  END LOOP;
  FOR fact IN SELECT unnest('{vaccine,location_source}'::text[]) AS relation LOOP
    EXECUTE format('CREATE TRIGGER civic_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON centre.%I FOR EACH STATEMENT EXECUTE FUNCTION centre.mark_everybody()', fact.relation);
  END LOOP;
END
$$;

GRANT SELECT ON centre.agency, centre.agency_login, centre.feed_kind, centre.feed_column, centre.feed_topic, centre.vaccine, centre.worker_due, centre.location_source TO civic_ticker;
GRANT UPDATE (stamped_at) ON centre.feed_topic TO civic_ticker;
GRANT SELECT, INSERT, UPDATE, DELETE ON centre.feed_refusal, centre.fact_mark, centre.worker_due TO civic_ticker;
GRANT SELECT, UPDATE (heard_at, issued_at) ON centre.feed TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.employer, centre.premises, centre.block, centre.room, centre.worker, centre.work_pass, centre.approval, centre.non_compliance,
  centre.app_registration, centre.vulnerability, centre.test_result, centre.vaccination, centre.recovery, centre.movement_order, centre.exposure, centre.location_claim TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.is_sayable(timestamptz), centre.feed_value(centre.feed_column), centre.feed_faults(centre.feed_column), centre.feed_key(text, jsonb), centre.feed_read(text, timestamptz), centre.feed_store(text, text), centre.feed_refuse(text, text, bigint, text),
  centre.feed_try(text, text, timestamptz, int8range), centre.mark_facts(), centre.mark_everybody() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.feed_apply(text, text, jsonb, timestamptz, jsonb), centre.feed_apply(text, text, regclass, timestamptz, jsonb),
  centre.feed_take(text, text, timestamptz, jsonb) TO civic_ticker;
