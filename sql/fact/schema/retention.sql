-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('landing', 10, NULL, 'apart', 'CASE WHEN batch_id IS NOT NULL THEN received_at END', 'delete', '{}'),
  -- as long as payloads are of it
  ('batch', 19, NULL, 'none', 'CASE WHEN NOT EXISTS (SELECT FROM centre.landing l WHERE l.batch_id = x.batch_id) THEN applied_at END', 'delete', '{}'),
  ('document', 12, NULL, 'apart', NULL, NULL, '{}'),
  ('observation', 20, 'subject_id', 'delete', 'day', 'blank', '{subject_id,age}'),
  ('assessment', 21, 'household_id', 'delete', NULL, NULL, '{}');
