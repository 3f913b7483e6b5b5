-- Personal data of this room: how a person is erased from it, and from when its rows are kept.

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('learning', 60, 'subject_id', 'delete', 'coalesce(completed_on, active_on, enrolled_on)', 'delete', '{}'),
  ('recommendation', 61, 'subject_id', 'delete', 'shown_on', 'delete', '{}'),
  ('capacity_fact', 62, 'subject_id', 'delete', 'day', 'delete', '{}'),
  ('department_plan_seat', 63, 'subject_id', 'delete', '(SELECT upper(p.span) FROM centre.department_plan p WHERE p.plan_id = x.plan_id)', 'delete', '{}'),
  ('official_plan_step', 64, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('official_plan', 65, 'subject_id', 'delete', 'made_on', 'delete', '{}'),
  ('evidence', 66, 'subject_id', 'delete', 'expires', 'delete', '{}'),
  ('official_competency', 68, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('evidence_change', 69, 'subject_id', 'delete', NULL, NULL, '{}');
