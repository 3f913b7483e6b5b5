-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('dead_letter', 11, NULL, 'apart', 'coalesce(resolved_at, first_at)', 'delete', '{}');
