-- Erasing a person from what feeds were refused.

CREATE FUNCTION centre.erase_refusals(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
  RETURN jsonb_build_object('feed_refusal', refused);
END
$$;
COMMENT ON FUNCTION centre.erase_refusals(bigint[], bigint[]) IS 'part of erase(): rows of feeds that were refused and name the persons, or are versions of statements about them';

CREATE FUNCTION centre.erase_wait_facts() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.take_turn('worker facts');
END
$$;
COMMENT ON FUNCTION centre.erase_wait_facts() IS 'part of erase(): no facts of workers are being refreshed';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_facts', 'wait', 40, false),
  ('centre.erase_refusals', 'before', 20, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;

CREATE FUNCTION centre.disclose_refusals(persons bigint[]) RETURNS SETOF jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM centre.pseudonym_salt s);
  kind record;
BEGIN
  RETURN QUERY SELECT to_jsonb(r) FROM centre.feed_refusal r
    WHERE EXISTS (SELECT FROM centre.feed_refusal o WHERE (o.agency, o.kind, o.source_key, o.issued_at) = (r.agency, r.kind, r.source_key, r.issued_at)
                  AND (centre.names_one_of(o.source_key, persons, salt) OR centre.names_one_of(o.value, persons, salt)));
  FOR kind IN SELECT k.kind AS relation, k.key FROM centre.feed_kind k JOIN centre.retention t ON t.relation = k.kind WHERE k.key <> 'worker_id' LOOP
    RETURN QUERY EXECUTE format('SELECT to_jsonb(r) FROM centre.feed_refusal r JOIN centre.%1$I f ON r.kind = %1$L AND r.source_key = f.%2$I%3$s WHERE f.worker_id = ANY ($1)',
      kind.relation, kind.key, CASE kind.key WHEN 'source_key' THEN ' AND r.agency = f.agency' END) USING persons;
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.disclose_refusals(bigint[]) IS 'part of disclose(): rows of feeds that were refused and name the persons, or are versions of statements about them';
INSERT INTO centre.disclose_job VALUES ('feed_refusal', 'centre.disclose_refusals') ON CONFLICT (relation) DO UPDATE SET routine = excluded.routine;
