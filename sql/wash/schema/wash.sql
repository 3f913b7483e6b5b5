-- Service levels as observations: which domains a site reports, and the indicators that stand for them.

CREATE TABLE centre.wash_domain (
  code    text PRIMARY KEY,
  form    text NOT NULL,
  ruleset text NOT NULL,
  ladder  text NOT NULL,
  unit    text NOT NULL CHECK (unit IN ('facility', 'household'))
);
COMMENT ON TABLE centre.wash_domain IS 'services that are reported, such as hcf_water: the form whose answers tell, and the ruleset (its latest version) that decides; written by centre.add_wash_domain()';

CREATE TABLE centre.wash_measure (
  domain    text NOT NULL REFERENCES centre.wash_domain ON DELETE CASCADE,
  measure   text NOT NULL CHECK (measure IN ('assessed', 'level', 'insufficient', 'at_least_basic', 'may_be_basic', 'part', 'part_known', 'lift')),
  code      text NOT NULL DEFAULT '',
  rank      smallint,
  indicator text NOT NULL UNIQUE REFERENCES centre.indicator (code),
  ordinal   smallint GENERATED ALWAYS AS IDENTITY UNIQUE,
  PRIMARY KEY (domain, measure, code)
);
COMMENT ON TABLE centre.wash_measure IS
  'the indicator that counts each thing about a domain: all assessed, those on a level, with insufficient data, surely and possibly at basic, that meet a part indicator and of whom that is known, that lack a criterion';
COMMENT ON COLUMN centre.wash_measure.code IS 'the level, the part indicator or the criterion';
COMMENT ON COLUMN centre.wash_measure.rank IS 'place of the level on its ladder, from 1';
COMMENT ON COLUMN centre.wash_measure.ordinal IS 'ordinal of its observations: a facility has at most one of each a month';

INSERT INTO centre.source VALUES ('wash', true, false, 'service levels of facilities and households, observed by centre.observe_wash()');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('topic', 'wash', 'en', 'water, sanitation and hygiene'), ('topic', 'wash', 'af', 'water, sanitasie en higiëne'), ('topic', 'wash', 'fr', 'eau, assainissement et hygiène'),
  ('reason', 'not_assessed', 'en', 'nothing was assessed'), ('reason', 'not_assessed', 'af', 'niks is geassesseer nie'), ('reason', 'not_assessed', 'fr', 'rien n''a été évalué'),
  ('standard', 'met', 'en', 'met'), ('standard', 'not_met', 'en', 'not met'), ('standard', 'open', 'en', 'cannot be told'),
  ('standard', 'met', 'af', 'bereik'), ('standard', 'not_met', 'af', 'nie bereik nie'), ('standard', 'open', 'af', 'kan nie gesê word nie'),
  ('standard', 'met', 'fr', 'atteint'), ('standard', 'not_met', 'fr', 'non atteint'), ('standard', 'open', 'fr', 'indéterminé');
