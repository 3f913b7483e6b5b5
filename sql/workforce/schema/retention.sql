-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('feed_refusal', 13, NULL, 'apart', 'first_at', 'delete', '{}'),
  ('approval', 30, 'worker_id', 'delete', 'CASE WHEN worker_id IS NOT NULL THEN valid_until END', 'delete', '{}'),
  ('non_compliance', 31, 'worker_id', 'delete', 'valid_until', 'delete', '{}'),
  ('app_registration', 32, 'worker_id', 'delete', 'CASE WHEN withdrawn THEN issued_at END', 'delete', '{}'),
  ('vulnerability', 33, 'worker_id', 'delete', 'valid_until', 'delete', '{}'),
  ('test_result', 34, 'worker_id', 'delete', 'sampled_at', 'delete', '{}'),
  ('vaccination', 35, 'worker_id', 'delete', 'given_at', 'delete', '{}'),
  ('recovery', 36, 'worker_id', 'delete', 'recovered_at', 'delete', '{}'),
  ('movement_order', 37, 'worker_id', 'delete', 'valid_until', 'delete', '{}'),
  ('exposure', 38, 'worker_id', 'delete', 'exposed_at', 'delete', '{}'),
  ('location_claim', 39, 'worker_id', 'delete', 'until_at', 'delete', '{}'),
  ('location', 40, 'worker_id', 'delete', 'upper(during)', 'delete', '{}'),
  ('work_pass', 41, 'worker_id', 'delete', 'valid_until', 'delete', '{}'),
  ('worker', 42, 'worker_id', 'delete', 'CASE WHEN withdrawn THEN issued_at END', 'delete', '{}'),
  ('worker_fact', 43, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('worker_due', 44, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('fact_mark', 45, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('worker_change', 46, 'worker_id', 'delete', NULL, NULL, '{}');
