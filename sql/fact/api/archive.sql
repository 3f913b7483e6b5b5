-- Archiving: the facts of a month go to a table of their own, from there to another tablespace or a file; what was counted of them stays.

CREATE FUNCTION centre.month_name(month date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_char(month, 'YYYY_MM');
COMMENT ON FUNCTION centre.month_name(date) IS 'the part of a partition''s name that says its month';

CREATE FUNCTION centre.archive_month(of_month date, to_tablespace name DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first_of date := date_trunc('month', of_month::timestamp)::date;
  part text := 'observation_' || centre.month_name(first_of);
  kept text := 'archived_observation_' || centre.month_name(first_of);
  held bigint;
  item record;
BEGIN
  IF first_of + interval '1 month' > now() - interval '1 month' THEN
    RAISE EXCEPTION 'the month % is not over for a month', to_char(first_of, 'YYYY-MM') USING ERRCODE = 'invalid_parameter_value', HINT = 'Reports of it may still come.';
  END IF;
  IF EXISTS (SELECT FROM centre.archived_month m WHERE m.month = first_of) THEN
    RAISE EXCEPTION 'the month % is archived', to_char(first_of, 'YYYY-MM') USING ERRCODE = 'object_in_use';
  END IF;
  -- nobody applies payloads meanwhile
  LOCK TABLE centre.batch IN SHARE MODE;
  PERFORM centre.ensure_months(first_of, first_of);
  EXECUTE format('ALTER TABLE centre.observation DETACH PARTITION centre.%I', part);
  EXECUTE format('ALTER TABLE centre.%I RENAME TO %I', part, kept);
  FOR item IN SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(format('centre.%I', kept)) AND contype = 'f' LOOP
    -- documents and areas may go before it does
    EXECUTE format('ALTER TABLE centre.%I DROP CONSTRAINT %I', kept, item.conname);
  END LOOP;
  IF to_tablespace IS NOT NULL THEN
    EXECUTE format('ALTER TABLE centre.%I SET TABLESPACE %I', kept, to_tablespace);
  END IF;
  EXECUTE format('COMMENT ON TABLE centre.%I IS %L', kept, 'observations of ' || to_char(first_of, 'YYYY-MM') || ', archived by centre.archive_month()');
  EXECUTE format('SELECT count(*) FROM centre.%I', kept) INTO held;
  INSERT INTO centre.archived_month (month, facts, relation) VALUES (first_of, held, kept);
  -- a person is erased from them too: the rows stay, since cells count them
  INSERT INTO centre.retention (relation, place, person, erasure, since, keep, expiry, blank)
    SELECT kept, (SELECT max(x.place) + 1 FROM centre.retention x), r.person, 'blank', r.since, r.keep, r.expiry, r.blank FROM centre.retention r WHERE r.relation = 'observation';
  RETURN held;
END
$$;
COMMENT ON FUNCTION centre.archive_month(date, name) IS
  'take the facts of a month out of centre.observation into centre.archived_observation_YYYY_MM (in another tablespace, if one is named), from where pg_dump takes them to a file; cells, releases and the ledger stay. '
  'Later reports for the month are refused (I205), and it is not published anew. Needs the owner; waits for intake; gives how many facts';

CREATE FUNCTION centre.restore_month(of_month date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m centre.archived_month := (SELECT m FROM centre.archived_month m WHERE m.month = date_trunc('month', of_month::timestamp)::date);
  part text := 'observation_' || centre.month_name(m.month);
  orphaned boolean;
BEGIN
  IF m.relation IS NULL OR to_regclass(format('centre.%I', m.relation)) IS NULL THEN
    RAISE EXCEPTION 'there are no archived facts of %', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'no_data_found',
      HINT = format('Restore the table centre.archived_observation_%s from its file first, with UPDATE centre.archived_month SET relation.', centre.month_name(of_month));
  END IF;
  LOCK TABLE centre.batch IN SHARE MODE;
  EXECUTE format('SELECT EXISTS (SELECT FROM centre.%I x WHERE NOT EXISTS (SELECT FROM centre.document d WHERE d.document_id = x.document_id))', m.relation) INTO orphaned;
  IF orphaned THEN
    RAISE EXCEPTION 'documents of % have been let go', to_char(m.month, 'YYYY-MM') USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Facts without their document are no observations; they can be read in centre.%s.', m.relation);
  END IF;
  EXECUTE format('ALTER TABLE centre.%I RENAME TO %I', m.relation, part);
  EXECUTE format('ALTER TABLE centre.observation ATTACH PARTITION centre.%I FOR VALUES FROM (%L) TO (%L)', part, m.month, (m.month + interval '1 month')::date);
  DELETE FROM centre.retention r WHERE r.relation = m.relation;
  DELETE FROM centre.archived_month x WHERE x.month = m.month;
  RETURN m.facts;
END
$$;
COMMENT ON FUNCTION centre.restore_month(date) IS 'put the archived facts of a month back among the observations; needs the owner; cells are what they were. Refused once retention has let documents of it go. Gives how many facts';

CREATE FUNCTION centre.drop_archived(of_month date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m centre.archived_month := (SELECT m FROM centre.archived_month m WHERE m.month = date_trunc('month', of_month::timestamp)::date);
BEGIN
  IF m.relation IS NULL THEN
    RAISE EXCEPTION 'there are no archived facts of %', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'no_data_found';
  END IF;
  EXECUTE format('DROP TABLE centre.%I', m.relation);
  DELETE FROM centre.retention r WHERE r.relation = m.relation;
  UPDATE centre.archived_month x SET relation = NULL WHERE x.month = m.month;
END
$$;
COMMENT ON FUNCTION centre.drop_archived(date) IS 'let the archived facts of a month go, once they are in a file; needs the owner. That the month is archived stays on record, and so does what was counted of it';

CREATE FUNCTION centre.archived_in(span daterange) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT min(m.month) FROM centre.archived_month m WHERE span && daterange(m.month, (m.month + interval '1 month')::date);
END;
COMMENT ON FUNCTION centre.archived_in(daterange) IS 'the first archived month that a range of days touches; null if none';

GRANT SELECT ON centre.archived_month TO civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.archived_in(daterange) TO civic_ticker, civic_publisher;
