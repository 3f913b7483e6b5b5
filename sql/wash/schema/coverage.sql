-- How many facilities there are, whether assessed or not.

ALTER TABLE centre.wash_measure DROP CONSTRAINT wash_measure_measure_check,
  ADD CONSTRAINT wash_measure_measure_check CHECK (measure IN ('registered', 'assessed', 'level', 'insufficient', 'at_least_basic', 'may_be_basic', 'part', 'part_known', 'lift'));
COMMENT ON TABLE centre.wash_measure IS
  'the indicator that counts each thing about a domain: all that are registered, all assessed, those on a level, with insufficient data, surely and possibly at basic, that meet a part indicator and of whom that is known, that lack a criterion';
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('reason', 'none_there', 'en', 'there is none'), ('reason', 'none_there', 'af', 'daar is nie een nie'), ('reason', 'none_there', 'fr', 'il n''y en a pas')
  ON CONFLICT DO NOTHING;
