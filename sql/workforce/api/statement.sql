-- What was known of a worker when: statements with their earlier wordings, and the facts that today's statements make of a past instant.

CREATE FUNCTION centre.keep_statement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.statement_before (relation, agency, source_key, worker_id, content) SELECT TG_TABLE_NAME, o.agency, o.source_key, o.worker_id, to_jsonb(o) - 'recorded_at' FROM old_rows o;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.keep_statement() IS 'trigger of tables of statements about workers: a wording that is replaced stays in centre.statement_before';

DO $$
DECLARE
  stated text;
BEGIN
  FOREACH stated IN ARRAY '{approval,non_compliance,app_registration,vulnerability,test_result,vaccination,recovery,movement_order,exposure,location_claim}'::text[] LOOP
    EXECUTE format('CREATE TRIGGER civic_replaced AFTER UPDATE ON centre.%I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.keep_statement()', stated);
  END LOOP;
END
$$;

CREATE FUNCTION centre.statements_as_known(of_worker bigint, at timestamptz)
RETURNS TABLE (relation text, agency text, source_key text, known_from timestamptz, known_until timestamptz, content jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH standing AS (
    SELECT 'approval' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.approval s WHERE s.worker_id = $1
    UNION ALL SELECT 'non_compliance' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.non_compliance s WHERE s.worker_id = $1
    UNION ALL SELECT 'app_registration' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.app_registration s WHERE s.worker_id = $1
    UNION ALL SELECT 'vulnerability' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.vulnerability s WHERE s.worker_id = $1
    UNION ALL SELECT 'test_result' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.test_result s WHERE s.worker_id = $1
    UNION ALL SELECT 'vaccination' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.vaccination s WHERE s.worker_id = $1
    UNION ALL SELECT 'recovery' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.recovery s WHERE s.worker_id = $1
    UNION ALL SELECT 'movement_order' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.movement_order s WHERE s.worker_id = $1
    UNION ALL SELECT 'exposure' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.exposure s WHERE s.worker_id = $1
    UNION ALL SELECT 'location_claim' AS relation, s.agency, s.source_key, s.worker_id, s.recorded_at, to_jsonb(s) - 'recorded_at' AS content FROM centre.location_claim s WHERE s.worker_id = $1),
  wording AS (
    SELECT w.relation, w.agency, w.source_key, w.content,
           coalesce((SELECT max(b.replaced_at) FROM centre.statement_before b WHERE b.relation = w.relation AND b.agency = w.agency AND b.source_key = w.source_key AND b.replaced_at < w.until), w.since) AS known_from, w.until
    FROM (SELECT s.relation, s.agency, s.source_key, s.content, s.recorded_at AS since, timestamptz 'infinity' AS until FROM standing s
          UNION ALL SELECT b.relation, b.agency, b.source_key, b.content, (SELECT s.recorded_at FROM standing s WHERE (s.relation, s.agency, s.source_key) = (b.relation, b.agency, b.source_key)), b.replaced_at
          FROM centre.statement_before b WHERE b.worker_id = $1) AS w)
  SELECT w.relation, w.agency, w.source_key, w.known_from, nullif(w.until, 'infinity'), w.content FROM wording w
  WHERE coalesce(w.known_from, '-infinity') <= $2 AND w.until > $2 ORDER BY w.relation, w.agency, w.source_key;
END;
COMMENT ON FUNCTION centre.statements_as_known(bigint, timestamptz) IS
  'the statements that name a worker, in the wording that the centre held at an instant, with when that came and when a later one replaced it (null: it stands); those of his employer, sector or place are not among them';

CREATE FUNCTION centre.facts_known(of_worker bigint, at timestamptz) RETURNS centre.worker_fact
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known centre.worker_fact;
BEGIN
  CREATE TEMP TABLE refresh_worker (worker_id bigint PRIMARY KEY) ON COMMIT DROP;
  INSERT INTO pg_temp.refresh_worker VALUES (of_worker);
  PERFORM centre.resolve_locations(at);
  PERFORM centre.refresh_work(at, at);
  PERFORM centre.refresh_tests(at);
  PERFORM centre.refresh_health(at, at);
  PERFORM centre.refresh_facts();
  SELECT (jsonb_populate_record(NULL::centre.worker_fact, to_jsonb(f))).* INTO known FROM pg_temp.refresh_fact f;
  DROP TABLE pg_temp.refresh_place, pg_temp.refresh_work, pg_temp.refresh_tests, pg_temp.refresh_health, pg_temp.refresh_fact, pg_temp.refresh_worker;
  RETURN known;
END
$$;
COMMENT ON FUNCTION centre.facts_known(bigint, timestamptz) IS
  'the facts of a worker at a past instant as the statements make them that stand today, corrections included: what had happened until then, whenever it was reported. Employers, places and the age of feeds are those of today. Writes nothing; null for a worker who is not there';

GRANT SELECT, INSERT ON centre.statement_before TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.keep_statement(), centre.statements_as_known(bigint, timestamptz), centre.facts_known(bigint, timestamptz) TO civic_ticker;
