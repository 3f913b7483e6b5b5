-- Who read about whom: reads of identified rows by staff.

CREATE TABLE centre.read_log (
  read_on    date NOT NULL DEFAULT current_date,
  login      name NOT NULL,
  subject_id bigint NOT NULL,
  what       text NOT NULL,
  why        text NOT NULL,
  first_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (subject_id, login, read_on, what, why)
);
CREATE INDEX read_log_login_idx ON centre.read_log (login, read_on);
COMMENT ON TABLE centre.read_log IS
  'who read identified rows about whom, when and why: one row for each login, person, day, kind and reason, written by centre.note_read(). A read in a transaction that is read only, or is rolled back, is in the server''s log alone';
COMMENT ON COLUMN centre.read_log.why IS 'what the reader gave as civic.why (SET civic.why = ''case 17''); empty if nothing';
INSERT INTO centre.retention (relation, place, person, erasure, since, expiry) VALUES ('read_log', 79, 'subject_id', 'delete', 'first_at', 'delete');
