-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('subject', 80, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('household', 81, 'household_id', 'delete', NULL, NULL, '{}');
