-- Personal data: every table that has any, what erasing a person does there, and how long it is kept.

CREATE TABLE centre.retention (
  relation text PRIMARY KEY,
  place    smallint NOT NULL UNIQUE,
  person   text,
  erasure  text NOT NULL CHECK (erasure IN ('delete', 'blank', 'apart')),
  since    text,
  keep     interval CHECK (keep > '0'),
  expiry   text CHECK (expiry IN ('delete', 'blank')),
  blank    text[] NOT NULL DEFAULT '{}',
  CHECK ((erasure = 'apart') = (person IS NULL)),
  CHECK ((since IS NULL) = (expiry IS NULL)),
  CHECK (keep IS NULL OR since IS NOT NULL),
  CHECK ('blank' <> ALL (ARRAY[erasure, coalesce(expiry, '')]) OR blank <> '{}')
);
COMMENT ON TABLE centre.retention IS
  'the tables of centre that hold personal data: what centre.erase() does to a person''s rows, and how long rows are kept by centre.apply_retention(). A site adds its own tables here';
COMMENT ON COLUMN centre.retention.place IS 'order in which a person''s rows are erased: tables that refer to others come before them';
COMMENT ON COLUMN centre.retention.person IS 'column with the pseudonym of the person or household; null where centre.erase() finds them its own way';
COMMENT ON COLUMN centre.retention.erasure IS
  'delete: the rows go; blank: they stay under a number that leads to nobody (centre.erased), with the columns of blank emptied; apart: a function of centre.erase() of its own';
COMMENT ON COLUMN centre.retention.since IS 'expression over a row: the time from which keep is counted; null: not yet';
COMMENT ON COLUMN centre.retention.keep IS 'how long; null: until the site says otherwise. Law and purpose decide, so nothing is deleted before somebody has set it';
COMMENT ON COLUMN centre.retention.expiry IS 'what happens then: delete the row, or blank its columns';
COMMENT ON COLUMN centre.retention.blank IS 'columns that blanking sets to null, or to the word "erased" where there must be a text';

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  -- intake: found by what payloads say
  ('landing', 10, NULL, 'apart', 'CASE WHEN batch_id IS NOT NULL THEN received_at END', 'delete', '{}'),
  ('dead_letter', 11, NULL, 'apart', 'coalesce(resolved_at, first_at)', 'delete', '{}'),
  ('document', 12, NULL, 'apart', NULL, NULL, '{}'),
  ('feed_refusal', 13, NULL, 'apart', 'first_at', 'delete', '{}'),
  ('import_error', 14, NULL, 'apart', '(SELECT r.started_at FROM centre.import_run r WHERE r.run_id = x.run_id)', 'delete', '{}'),
  -- facts
  ('observation', 20, 'subject_id', 'delete', 'day', 'blank', '{subject_id,age}'),
  ('assessment', 21, 'household_id', 'delete', NULL, NULL, '{}'),
  -- workers
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
  ('worker_change', 46, 'worker_id', 'delete', NULL, NULL, '{}'),
  -- access codes: that it was decided, and by whom it was overridden, stays
  ('access', 50, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('decision', 51, 'worker_id', 'blank', 'decided_at', 'blank', '{facts}'),
  ('access_override', 52, 'worker_id', 'blank', 'expires_at', 'blank', '{reason,end_reason}'),
  ('appeal', 53, 'worker_id', 'blank', 'reviewed_at', 'blank', '{statement,finding}'),
  ('gate_inbox', 54, 'worker_id', 'delete', NULL, NULL, '{}'),
  ('gate_log', 55, 'worker_id', 'delete', 'checked_at', 'delete', '{}'),
  -- officials
  ('learning', 60, 'subject_id', 'delete', 'coalesce(completed_on, active_on, enrolled_on)', 'delete', '{}'),
  ('recommendation', 61, 'subject_id', 'delete', 'shown_on', 'delete', '{}'),
  ('capacity_fact', 62, 'subject_id', 'delete', 'day', 'delete', '{}'),
  ('department_plan_seat', 63, 'subject_id', 'delete', '(SELECT upper(p.span) FROM centre.department_plan p WHERE p.plan_id = x.plan_id)', 'delete', '{}'),
  ('official_plan_step', 64, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('official_plan', 65, 'subject_id', 'delete', 'made_on', 'delete', '{}'),
  ('evidence', 66, 'subject_id', 'delete', 'expires', 'delete', '{}'),
  ('official', 67, 'subject_id', 'delete', 'upper(valid)', 'delete', '{}'),
  ('official_competency', 68, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('evidence_change', 69, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('hr_login', 70, 'subject_id', 'delete', NULL, NULL, '{}'),
  -- who they are
  ('subject', 80, 'subject_id', 'delete', NULL, NULL, '{}'),
  ('household', 81, 'household_id', 'delete', NULL, NULL, '{}'),
  -- whom earlier releases counted: kept with them, for the guard, under such a number
  ('ledger_leaf', 90, NULL, 'apart', NULL, NULL, '{}');

CREATE TABLE centre.erased (
  number bigint PRIMARY KEY
);
COMMENT ON TABLE centre.erased IS 'numbers drawn at random that stand for erased persons in decisions, overrides, appeals and the ledger of releases; which is whose is stored nowhere';

CREATE TABLE centre.erasure (
  erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erased_at  timestamptz NOT NULL DEFAULT now(),
  erased_by  name NOT NULL DEFAULT session_user,
  cause      text NOT NULL CHECK (cause IN ('person', 'retention')),
  relations  integer NOT NULL,
  rows       bigint NOT NULL
);
COMMENT ON TABLE centre.erasure IS 'that something was erased, when and by which login: one row for each call of centre.erase() and each round of retention that found something; never whom';
COMMENT ON COLUMN centre.erasure.relations IS 'tables in which rows were found';
COMMENT ON COLUMN centre.erasure.rows IS 'rows deleted or blanked, all tables together';
