-- Composite indices: published parts, goalposts and weights, and by how much the weights may be varied.

CREATE TABLE centre.composite (
  code     text PRIMARY KEY,
  vary     numeric NOT NULL DEFAULT 0.25 CHECK (vary >= 0 AND vary < 1),
  citation text NOT NULL
);
COMMENT ON TABLE centre.composite IS 'indices made of several indicators; names under domain composite';
COMMENT ON COLUMN centre.composite.vary IS 'the sensitivity interval lets each weight lie this share below or above its published one, each for itself: 0.25 is a quarter';
COMMENT ON COLUMN centre.composite.citation IS 'where parts and weights come from, or why they were chosen';

CREATE TABLE centre.composite_part (
  composite text NOT NULL REFERENCES centre.composite ON DELETE CASCADE,
  indicator text NOT NULL REFERENCES centre.indicator (code),
  weight    numeric NOT NULL CHECK (weight > 0 AND weight < 'Infinity'),
  worst     numeric NOT NULL CHECK (worst > '-Infinity' AND worst < 'Infinity'),
  best      numeric NOT NULL CHECK (best > '-Infinity' AND best < 'Infinity'),
  PRIMARY KEY (composite, indicator),
  CHECK (worst <> best)
);
COMMENT ON TABLE centre.composite_part IS 'parts of composite indices with weights and goalposts; weights count relative to their sum';
COMMENT ON COLUMN centre.composite_part.worst IS 'goalpost that scores 0, in the unit standards have: a share from 0 to 1, a rate of events per year';
COMMENT ON COLUMN centre.composite_part.best IS 'goalpost that scores 100; below worst where less is better';

INSERT INTO centre.composite (code, citation) VALUES
  ('living_conditions', 'Equal weights, as the global Multidimensional Poverty Index gives the parts of living standards (Alkire and Santos 2010)');
INSERT INTO centre.composite_part (composite, indicator, weight, worst, best) VALUES
  ('living_conditions', 'basic_water_share', 1, 0, 1), ('living_conditions', 'basic_sanitation_share', 1, 0, 1), ('living_conditions', 'electricity_share', 1, 0, 1);
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('composite', 'living_conditions', 'en', 'living conditions'), ('composite', 'living_conditions', 'af', 'leefomstandighede'),
  ('reason', 'too_many_to_rank', 'en', 'more than 1,000 areas are not ranked'), ('reason', 'too_many_to_rank', 'af', 'meer as 1 000 gebiede kry nie ''n rang nie');
