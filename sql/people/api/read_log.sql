-- Reads of identified rows are noted as they happen.

CREATE FUNCTION centre.note_read(of_subject bigint, what text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  why text := left(regexp_replace(coalesce(current_setting('civic.why', true), ''), '[[:cntrl:]]+', ' ', 'g'), 200);
  written bigint := 1;
BEGIN
  IF of_subject IS NULL THEN
    RETURN true;
  END IF;
  -- the kind stands in logs that people read line by line
  IF to_regclass(format('centre.%I', note_read.what)) IS NULL THEN
    RAISE EXCEPTION 'there is no kind of rows "%"', left(note_read.what, 60) USING ERRCODE = 'invalid_parameter_value', HINT = 'It is the name of a table of schema centre.';
  END IF;
  IF NOT current_setting('transaction_read_only')::boolean THEN
    INSERT INTO centre.read_log (login, subject_id, what, why) VALUES (session_user, of_subject, note_read.what, why) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
  END IF;
  -- The server's log takes no part in transactions, and its level is not a reader's to set.
  IF written > 0 THEN
    RAISE LOG 'centre.read_log: login "%" read % of subject %, why: "%"', session_user, note_read.what, of_subject, why;
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION centre.note_read(bigint, text) IS
  'note that the session''s login read a kind of rows about a person, once a day and reason, in centre.read_log and in the server''s log, which a rollback does not undo and a read-only transaction does not prevent; gives true. '
  'No reader may call it: policies and views call a function of their room as their last condition, which notes only what the login may read. '
  'A condition that PostgreSQL checks after it may leave rows out that are noted all the same';
REVOKE ALL ON FUNCTION centre.note_read(bigint, text) FROM PUBLIC;

CREATE VIEW centre.read_report AS
  SELECT read_on, login, what, why, count(*) AS persons, min(first_at) AS first_at FROM centre.read_log GROUP BY read_on, login, what, why;
COMMENT ON VIEW centre.read_report IS 'reads of identified rows by day, login, kind and reason: of how many persons';

GRANT SELECT ON centre.read_report TO civic_approver;
