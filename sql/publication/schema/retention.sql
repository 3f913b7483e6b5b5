-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('ledger_leaf', 90, NULL, 'apart', NULL, NULL, '{}'),
  -- logins that asked and approved; the cube that was made and its releases stay without them
  ('cube_request', 92, NULL, 'none', 'answered_at', 'delete', '{}');
