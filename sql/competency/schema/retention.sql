-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('import_error', 14, NULL, 'apart', '(SELECT r.started_at FROM centre.import_run r WHERE r.run_id = x.run_id)', 'delete', '{}'),
  ('official', 67, 'subject_id', 'delete', 'upper(valid)', 'delete', '{}'),
  ('hr_login', 70, 'subject_id', 'delete', NULL, NULL, '{}');
