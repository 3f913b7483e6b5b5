-- Intake: how payloads are read, and what could not be read.

CREATE TABLE centre.intake_map (
  source   text NOT NULL REFERENCES centre.source,
  form     text NOT NULL DEFAULT '',
  target   text NOT NULL CHECK (target IN ('doc_key', 'version', 'deleted', 'occurred_at', 'indicator', 'value', 'area',
             'longitude', 'latitude', 'subject', 'sex', 'birth_year', 'disability', 'migrant', 'facility', 'household', 'stratum', 'answers', 'statement')),
  path     text[] NOT NULL,
  required boolean NOT NULL DEFAULT false,
  options  jsonb,
  PRIMARY KEY (source, form, target)
);
COMMENT ON TABLE centre.intake_map IS 'where in a source''s documents each attribute stands';
COMMENT ON COLUMN centre.intake_map.path IS 'path into the JSON document, or the column of the CSV header';
COMMENT ON COLUMN centre.intake_map.target IS
  'attribute of a document; statement: the form''s documents are statements of a learning platform, which centre.intake_reader has read, and path leads to the array of them where the payload is not itself that array or a single one';
COMMENT ON COLUMN centre.intake_map.options IS 'object from the source''s answers to our codes; an answer that is not in it is an error, never a guess. Of answers: {form, version, lang, questions}, which labels of centre.answer_code to read them by, and optionally which question each key is';

CREATE TABLE centre.intake_reader (
  target  text PRIMARY KEY,
  routine text NOT NULL CHECK (routine ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$')
);
COMMENT ON TABLE centre.intake_reader IS 'what reads documents that do not become observations: rows that rooms add. Only the owner writes here: intake_run() calls what it names';
COMMENT ON COLUMN centre.intake_reader.target IS 'forms with this target in centre.intake_map are meant';
COMMENT ON COLUMN centre.intake_reader.routine IS
  'schema.function (counts_as_try boolean): stores what the sound documents of these forms in the temporary table intake_raw say, makes dead letters of those that it cannot, and gives the counts of them, as in batch.report';

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
