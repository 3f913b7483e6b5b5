-- What an indicator counts besides reports: the persons behind another's, and what would count if missing answers were known.

ALTER TABLE centre.indicator ADD COLUMN persons_of text REFERENCES centre.indicator (code),
  ADD COLUMN possible text REFERENCES centre.indicator (code), ADD COLUMN whole text REFERENCES centre.indicator (code),
  ADD CHECK (persons_of IS NULL OR personal AND kind IN ('count', 'rate') AND flow = 'event' AND possible IS NULL), ADD CHECK (possible IS NULL OR kind = 'proportion'), ADD CHECK (whole IS NULL OR kind = 'proportion');
COMMENT ON COLUMN centre.indicator.persons_of IS
  'counts the persons behind the reports of that indicator: in a period each verified person once, where the latest report of theirs is; null: counts reports. Nothing is sent for it';
COMMENT ON COLUMN centre.indicator.possible IS 'of a proportion: the indicator that counts the numerator if every missing answer were the best; null where no answer is missing';
COMMENT ON COLUMN centre.indicator.whole IS
  'of a proportion: the indicator that counts all there are, of which the denominator is the part that was looked at, such as all registered clinics: its limits are then those of a finite population, and nothing is left to chance where all were looked at; null: the denominator is a sample';
