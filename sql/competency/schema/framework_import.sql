-- Imports of frameworks and credentials: runs and what was wrong with single records.

CREATE TABLE centre.import_run (
  run_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  format     text NOT NULL,
  framework  text NOT NULL,
  file       text,
  dry_run    boolean NOT NULL,
  sha256     bytea NOT NULL,
  report     jsonb NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL DEFAULT now(),
  started_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE centre.import_run IS 'imports of framework files and credentials, rehearsals among them';
COMMENT ON COLUMN centre.import_run.framework IS 'framework read into, or the kind of evidence for credentials';
COMMENT ON COLUMN centre.import_run.file IS 'name of the file, as the caller gave it';
COMMENT ON COLUMN centre.import_run.sha256 IS 'of the file as received';
COMMENT ON COLUMN centre.import_run.report IS 'records read, errors, and for each table the rows added and changed';

CREATE TABLE centre.import_error (
  run_id bigint NOT NULL REFERENCES centre.import_run ON DELETE CASCADE,
  record bigint NOT NULL,
  code   text NOT NULL,
  field  text NOT NULL,
  value  text,
  expected text,
  PRIMARY KEY (run_id, record, code, field)
);
COMMENT ON TABLE centre.import_error IS 'records that an import could not use, each with its reason; the others were used';
COMMENT ON COLUMN centre.import_error.record IS 'number of the record in the file: of CSV and tab text the header is 1, of JSON the first element is 1';
COMMENT ON COLUMN centre.import_error.expected IS 'what would have been right: the header of the format, the codes of the scale, a date; null where the value says it';
COMMENT ON COLUMN centre.import_error.code IS
  'unreadable, wrong_file (its header is not that of the format), wrong_columns, missing, level_unknown, weight_unknown, code_unknown, conflict (an earlier record says otherwise), suppressed (by its source), subject_unknown, date_unreadable, issuer_unknown; labels under domain import_error';
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('import_error', 'unreadable', 'en', 'is not UTF-8, or not what the format should be'), ('import_error', 'wrong_file', 'en', 'has not the header of the format'), ('import_error', 'wrong_columns', 'en', 'has another number of fields than the header'),
  ('import_error', 'missing', 'en', 'a field that is needed is missing'), ('import_error', 'level_unknown', 'en', 'is no level of the framework''s scale'),
  ('import_error', 'weight_unknown', 'en', 'is no weight from 1 to 15'), ('import_error', 'code_unknown', 'en', 'is not in the dictionary'), ('import_error', 'conflict', 'en', 'an earlier record says otherwise'),
  ('import_error', 'suppressed', 'en', 'the source advises against using it'), ('import_error', 'subject_unknown', 'en', 'is nobody registered'),
  ('import_error', 'date_unreadable', 'en', 'is no date'), ('import_error', 'issuer_unknown', 'en', 'is no issuer that is recognised for this kind of evidence on the day of issue');
