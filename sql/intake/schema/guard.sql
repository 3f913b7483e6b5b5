-- What keeps one payload from stopping others: indexes, and reasons.

CREATE INDEX dead_letter_landing_idx ON centre.dead_letter (landing_id) WHERE landing_id IS NOT NULL;

INSERT INTO centre.intake_code VALUES
  ('I004', 'error'), ('I005', 'error'), ('I205', 'error'), ('I110', 'error'), ('I111', 'error'), ('I112', 'error'), ('I113', 'error'), ('I900', 'error'), ('I901', 'error');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('intake_code', 'I004', 'en', 'the payload is larger than 16 MB'),
  ('intake_code', 'I005', 'en', 'the payload has more than 100,000 documents'),
  ('intake_code', 'I205', 'en', 'the facts of that month are archived'),
  ('intake_code', 'I110', 'en', 'the value is too long'),
  ('intake_code', 'I111', 'en', 'there are too many values'),
  ('intake_code', 'I112', 'en', 'the number is out of its range'),
  ('intake_code', 'I113', 'en', 'the field holds an object or a list where one value is asked for'),
  ('intake_code', 'I900', 'en', 'the document fails with the error shown'),
  ('intake_code', 'I901', 'en', 'work on the payload was cut off again and again'),
  ('intake_code', 'I110', 'af', 'die waarde is te lank'),
  ('intake_code', 'I900', 'af', 'die dokument misluk met die fout wat getoon word');
