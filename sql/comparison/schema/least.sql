-- How many facilities or people a verdict on a standard needs.

ALTER TABLE centre.standard ADD COLUMN least integer NOT NULL DEFAULT 10 CHECK (least >= 1);
COMMENT ON COLUMN centre.standard.least IS 'of fewer facilities or people than this there is no verdict: the denominator of a share, the population of a rate';
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('reason', 'only_rates', 'en', 'only rates of a population are standardised'), ('reason', 'only_rates', 'af', 'net koerse van ''n bevolking word gestandaardiseer')
  ON CONFLICT DO NOTHING;
