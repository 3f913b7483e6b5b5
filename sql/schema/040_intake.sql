-- Intake: reports as they came, the documents they are, and what could not be read.

CREATE TABLE centre.source (
  code     text PRIMARY KEY,
  verified boolean NOT NULL DEFAULT false,
  personal boolean NOT NULL DEFAULT true,
  note     text
);
COMMENT ON TABLE centre.source IS 'who sends reports';
COMMENT ON COLUMN centre.source.verified IS 'reports of this source count towards thresholds even when their subject is not registered as verified';
COMMENT ON COLUMN centre.source.personal IS 'reports are about persons; false for official aggregates';

CREATE TABLE centre.batch (
  batch_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source    text NOT NULL REFERENCES centre.source,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at timestamptz,
  report    jsonb
);
COMMENT ON TABLE centre.batch IS 'a group of landed payloads applied together; report holds the counts of the last apply and survives restarts';

CREATE TABLE centre.landing (
  landing_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL REFERENCES centre.source,
  form        text NOT NULL DEFAULT '',
  format      text NOT NULL CHECK (format IN ('json', 'csv')),
  payload     bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  received_by text NOT NULL DEFAULT session_user,
  batch_id    bigint REFERENCES centre.batch
);
CREATE INDEX landing_batch_idx ON centre.landing (batch_id);
CREATE INDEX landing_waiting_idx ON centre.landing (source) WHERE batch_id IS NULL;
COMMENT ON TABLE centre.landing IS 'payloads as received bytes: nothing is refused for its content; a JSON payload is an object or an array of objects, a CSV payload has a header line';
COMMENT ON COLUMN centre.landing.received_at IS 'set by the server; ingesting roles cannot write it';

CREATE TABLE centre.intake_map (
  source   text NOT NULL REFERENCES centre.source,
  form     text NOT NULL DEFAULT '',
  target   text NOT NULL CHECK (target IN ('doc_key', 'version', 'deleted', 'occurred_at', 'indicator', 'value', 'area',
             'longitude', 'latitude', 'subject', 'sex', 'birth_year', 'disability', 'migrant', 'facility', 'household', 'stratum', 'answers')),
  path     text[] NOT NULL,
  required boolean NOT NULL DEFAULT false,
  options  jsonb,
  PRIMARY KEY (source, form, target)
);
COMMENT ON TABLE centre.intake_map IS 'where in a source''s documents each attribute stands';
COMMENT ON COLUMN centre.intake_map.path IS 'path into the JSON document, or the column of the CSV header';
COMMENT ON COLUMN centre.intake_map.options IS 'object from the source''s answers to our codes; an answer that is not in it is an error, never a guess. Of answers: {form, version, lang, questions}, which labels of centre.answer_code to read them by, and optionally which question each key is';

CREATE TABLE centre.document (
  document_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL REFERENCES centre.source,
  doc_key     text NOT NULL,
  version     numeric NOT NULL,
  content_hash bytea NOT NULL,
  deleted     boolean NOT NULL DEFAULT false,
  first_day   date,
  last_day    date,
  landing_id  bigint REFERENCES centre.landing ON DELETE SET NULL,
  UNIQUE (source, doc_key)
);
COMMENT ON TABLE centre.document IS
  'one row per source document, holding its winning version: the greatest version, and of two with the same number the greater content hash, whatever the order they came in';
COMMENT ON COLUMN centre.document.first_day IS 'first and last day of the document''s observations: where to look for them when the document is replaced';

CREATE TABLE centre.dead_letter (
  source     text NOT NULL REFERENCES centre.source,
  doc_key    text NOT NULL,
  version    numeric NOT NULL,
  code       text NOT NULL,
  field      text NOT NULL,
  value      text,
  landing_id bigint REFERENCES centre.landing ON DELETE CASCADE,
  first_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries      integer NOT NULL DEFAULT 1,
  resolved_at timestamptz,
  PRIMARY KEY (source, doc_key, version, code, field)
);
CREATE INDEX dead_letter_open_idx ON centre.dead_letter (code) WHERE resolved_at IS NULL;
COMMENT ON TABLE centre.dead_letter IS 'documents that could not become facts, with the reason; centre.intake_retry() tries them again after a map or a lookup was mended';

CREATE TABLE centre.intake_code (
  code     text PRIMARY KEY,
  severity text NOT NULL CHECK (severity IN ('error', 'warning'))
);
COMMENT ON TABLE centre.intake_code IS 'reasons why a document is refused or doubted; labels under domain intake_code';
INSERT INTO centre.intake_code VALUES
  ('I001', 'error'), ('I002', 'error'), ('I003', 'error'), ('I101', 'error'), ('I102', 'error'), ('I103', 'error'), ('I104', 'error'),
  ('I201', 'error'), ('I202', 'error'), ('I203', 'error'), ('I301', 'error'), ('I302', 'error'), ('I303', 'error'), ('I409', 'warning');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('intake_code', 'I001', 'en', 'the payload cannot be read in its format'),
  ('intake_code', 'I002', 'en', 'the source has no map for this form'),
  ('intake_code', 'I003', 'en', 'the document is not an object, or a line has another number of fields than the header'),
  ('intake_code', 'I101', 'en', 'a required field is missing'),
  ('intake_code', 'I102', 'en', 'the value is not of its type'),
  ('intake_code', 'I103', 'en', 'the answer is not among the known options'),
  ('intake_code', 'I104', 'en', 'the indicator is not known'),
  ('intake_code', 'I201', 'en', 'the time lies in the future'),
  ('intake_code', 'I202', 'en', 'the time lies before the first day of the site'),
  ('intake_code', 'I203', 'en', 'the time cannot be read'),
  ('intake_code', 'I301', 'en', 'the area is not known'),
  ('intake_code', 'I302', 'en', 'the position lies in no area'),
  ('intake_code', 'I303', 'en', 'the facility is not known'),
  ('intake_code', 'I409', 'en', 'another document with the same identity and version but other content was received'),
  ('intake_code', 'I001', 'af', 'die inhoud kan nie in sy formaat gelees word nie'),
  ('intake_code', 'I101', 'af', '''n vereiste veld ontbreek'),
  ('intake_code', 'I103', 'af', 'die antwoord is nie onder die bekende keuses nie'),
  ('intake_code', 'I301', 'af', 'die gebied is onbekend'),
  ('intake_code', 'I302', 'af', 'die posisie lê in geen gebied nie');
