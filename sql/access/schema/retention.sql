-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('access', 50, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('decision', 51, 'worker_id', 'blank', 'decided_at', 'blank', '{facts}'),
  ('access_override', 52, 'worker_id', 'blank', 'expires_at', 'blank', '{reason,end_reason}'),
  ('appeal', 53, 'worker_id', 'blank', 'reviewed_at', 'blank', '{statement,finding}'),
  ('gate_inbox', 54, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('gate_log', 55, 'worker_id', 'delete', 'checked_at', 'delete', '{}');
