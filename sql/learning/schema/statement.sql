-- What learning platforms say of learners: xAPI statements and Sunbird telemetry, one row each.

CREATE TABLE centre.training_activity (
  activity    text PRIMARY KEY CHECK (activity <> ''),
  training_id integer NOT NULL REFERENCES centre.training ON DELETE CASCADE,
  move_on     text NOT NULL DEFAULT 'CompletedOrPassed' CHECK (move_on IN ('Completed', 'Passed', 'CompletedAndPassed', 'CompletedOrPassed', 'NotApplicable'))
);
CREATE INDEX training_activity_training_idx ON centre.training_activity (training_id);
COMMENT ON TABLE centre.training_activity IS 'which training is meant by what statements call their object';
COMMENT ON COLUMN centre.training_activity.activity IS 'id of the xAPI activity (of cmi5 the publisher''s id of the assignable unit), or of the Sunbird content';
COMMENT ON COLUMN centre.training_activity.move_on IS 'what makes it complete (moveOn of cmi5, 13.1.4): NotApplicable needs nothing but that it was begun';

CREATE TABLE centre.learning_statement (
  source       text NOT NULL CHECK (source <> ''),
  statement    text NOT NULL CHECK (statement <> ''),
  subject_id   bigint REFERENCES centre.subject ON DELETE CASCADE,
  training_id  integer REFERENCES centre.training ON DELETE CASCADE,
  registration text NOT NULL DEFAULT '',
  verb         text NOT NULL,
  at           timestamptz NOT NULL,
  score        numeric CHECK (score BETWEEN 0 AND 100),
  progress     numeric CHECK (progress BETWEEN 0 AND 100),
  voids        text,
  digest       bytea NOT NULL,
  PRIMARY KEY (source, statement),
  CHECK ((voids IS NULL) = (subject_id IS NOT NULL AND training_id IS NOT NULL))
);
CREATE INDEX learning_statement_subject_idx ON centre.learning_statement (subject_id, training_id);
CREATE INDEX learning_statement_at_idx ON centre.learning_statement (at);
CREATE INDEX learning_statement_voids_idx ON centre.learning_statement (source, voids) WHERE voids IS NOT NULL;
ALTER TABLE centre.learning_statement ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.learning_statement IS 'statements of learning platforms, each once by its id; centre.learning has what follows from them';
COMMENT ON COLUMN centre.learning_statement.statement IS 'id of the xAPI statement, or mid of the Sunbird event';
COMMENT ON COLUMN centre.learning_statement.verb IS 'last part of the verb''s address: initialized, progressed, completed, passed, failed, waived, terminated, ...; voided: it takes back another statement';
COMMENT ON COLUMN centre.learning_statement.score IS 'result in per cent';
COMMENT ON COLUMN centre.learning_statement.voids IS 'id of the statement that this one takes back, whether that came before or comes later';
COMMENT ON COLUMN centre.learning_statement.digest IS 'SHA-256 of the statement as it came first, so that another one of the same id is found out';

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('learning_statement', 57, 'subject_id', 'delete', 'at', 'delete', '{}');

INSERT INTO centre.intake_code VALUES ('I304', 'error'), ('I305', 'error');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('intake_code', 'I304', 'en', 'the activity is not known (centre.training_activity)'),
  ('intake_code', 'I305', 'en', 'the official is not known');
