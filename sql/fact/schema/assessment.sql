-- Assessments of facilities and households, and the service levels decided from them.

CREATE TABLE centre.answer_code (
  form     text NOT NULL,
  version  text NOT NULL DEFAULT '',
  lang     text NOT NULL REFERENCES centre.language,
  question text NOT NULL,
  label    text NOT NULL,
  code     jsonb,
  PRIMARY KEY (form, version, lang, question, label)
);
COMMENT ON TABLE centre.answer_code IS
  'what the answers of a form mean, by version and language: the code a ruleset reads (text, number or boolean), null for an answer that says it is not known. A label that is not here is an error, never a guess';

CREATE TABLE centre.assessment (
  assessment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  facility_id   integer REFERENCES centre.facility,
  household_id  bigint REFERENCES centre.household,
  document_id   bigint UNIQUE REFERENCES centre.document ON DELETE CASCADE,
  form          text NOT NULL,
  area_id       integer REFERENCES centre.area,
  assessed_on   date NOT NULL,
  stratum       text[] NOT NULL DEFAULT '{}',
  answers       jsonb NOT NULL,
  CHECK (num_nonnulls(facility_id, household_id) <= 1)
);
CREATE INDEX assessment_form_idx ON centre.assessment (form, assessed_on);
CREATE INDEX assessment_facility_idx ON centre.assessment (facility_id, form, assessed_on);
CREATE INDEX assessment_household_idx ON centre.assessment (household_id, form, assessed_on);
COMMENT ON TABLE centre.assessment IS 'answers about a facility or a household on a day, coded';
COMMENT ON COLUMN centre.assessment.document_id IS 'the document it came with, whose next version replaces it; null for assessments written directly';
COMMENT ON COLUMN centre.assessment.stratum IS 'strata it belongs to besides the whole: urban, rural, hospital, non_hospital, government, non_government';
COMMENT ON COLUMN centre.assessment.answers IS 'coded answers by fact name; a key that is missing or null is not known';

CREATE TABLE centre.assessment_level (
  assessment_id bigint NOT NULL REFERENCES centre.assessment ON DELETE CASCADE,
  ruleset_id    integer NOT NULL REFERENCES centre.ruleset,
  level         civic.service_level NOT NULL,
  failed        text[] NOT NULL,
  unknown       text[] NOT NULL,
  PRIMARY KEY (ruleset_id, assessment_id)
);
COMMENT ON TABLE centre.assessment_level IS 'service levels, each naming the ruleset that decided it: another ruleset over the same answers is another row, so base years stay comparable';
