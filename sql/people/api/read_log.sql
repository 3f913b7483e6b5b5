-- Reads of identified rows are noted as they happen.

CREATE FUNCTION centre.note_read(of_subject bigint, what text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  why text := left(coalesce(current_setting('civic.why', true), ''), 200);
  written bigint := 1;
BEGIN
  IF of_subject IS NULL THEN
    RETURN true;
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
  'note that the session''s login read a kind of rows about a person, once a day and reason, in centre.read_log and in the server''s log, which a rollback does not undo and a read-only transaction does not prevent; gives true, so that policies and views call it as their last condition. '
  'Definer: readers may not write the log otherwise. A condition that PostgreSQL checks after it may leave rows out that are noted all the same';

CREATE VIEW centre.read_report AS
  SELECT read_on, login, what, why, count(*) AS persons, min(first_at) AS first_at FROM centre.read_log GROUP BY read_on, login, what, why;
COMMENT ON VIEW centre.read_report IS 'reads of identified rows by day, login, kind and reason: of how many persons';

GRANT SELECT ON centre.read_report TO civic_approver;
