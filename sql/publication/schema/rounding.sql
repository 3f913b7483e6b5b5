-- Additive rounding of datasets about persons: what readers are told of a value, and the state that every published table is a sum of.

ALTER TABLE centre.release_cell ADD COLUMN possible_from numeric, ADD COLUMN possible_to numeric,
  ADD CHECK (possible_from <= value AND value <= possible_to AND (possible_from IS NULL) = (possible_to IS NULL));
ALTER TABLE centre.release_cell ADD COLUMN denominator_from numeric, ADD COLUMN denominator_to numeric,
  ADD CHECK (denominator_from <= denominator AND denominator <= denominator_to AND (denominator_from IS NULL) = (denominator_to IS NULL));
COMMENT ON COLUMN centre.release_cell.denominator_from IS 'the least that the true denominator can be where it is a rounded count; null where it is exact';
COMMENT ON COLUMN centre.release_cell.denominator_to IS 'the most that the true denominator can be where it is a rounded count; null where it is exact';
ALTER TABLE centre.release_row ADD COLUMN possible_from numeric, ADD COLUMN possible_to numeric,
  ADD CHECK (possible_from <= value AND value <= possible_to AND (possible_from IS NULL) = (possible_to IS NULL));
COMMENT ON COLUMN centre.release_cell.possible_from IS 'the least that the true count can be where value is rounded; null where it is exact or withheld';
COMMENT ON COLUMN centre.release_cell.possible_to IS 'the most that the true count can be where value is rounded; null where it is exact or withheld';
COMMENT ON COLUMN centre.release_row.possible_from IS 'the least that the true count can be where value is rounded; null where it is exact or withheld';
COMMENT ON COLUMN centre.release_row.possible_to IS 'the most that the true count can be where value is rounded; null where it is exact or withheld';

ALTER TABLE centre.dataset ADD COLUMN method text NOT NULL DEFAULT 'suppress' CHECK (method IN ('suppress', 'round')),
  ADD COLUMN base integer NOT NULL DEFAULT 5 CHECK (base BETWEEN 4 AND 1000);
COMMENT ON COLUMN centre.dataset.method IS
  'how its counts of persons are protected, in every cube and for every audience: suppress shows exact values with holes, round shows multiples of a base that add up. Cubes and datasets that are not personal are exact';
COMMENT ON COLUMN centre.dataset.base IS 'method round: the base of audiences with a threshold of at most base; those with a higher one get their threshold as base, rounded from what the others see';
ALTER TABLE centre.cube DROP CONSTRAINT cube_method_check,
  ADD CONSTRAINT cube_method_check CHECK (method IN ('suppress', 'round', 'round5', 'cellkey'));
COMMENT ON COLUMN centre.cube.method IS
  'suppress: complementary suppression; round: additive rounding, which a cube about persons has where its dataset has it, and nowhere else; one of these where none is given; round5: rounded to 5 above the threshold; cellkey: noise above the threshold, for at most three dimensions over all cubes of the dataset';

CREATE TABLE centre.rounding_period (
  dataset    text NOT NULL REFERENCES centre.dataset,
  period     daterange NOT NULL,
  parts      jsonb NOT NULL,
  breakdowns text[] NOT NULL,
  PRIMARY KEY (dataset, period)
);
COMMENT ON TABLE centre.rounding_period IS 'periods of datasets with method round that have a state; unbounded for stocks';
COMMENT ON COLUMN centre.rounding_period.parts IS 'measure: the parts it is the sum of; fixed by the first release';
COMMENT ON COLUMN centre.rounding_period.breakdowns IS 'the tables that rounded members exist for; a further one would narrow what is known, so it waits for the next period';

CREATE TABLE centre.rounding_state (
  dataset   text NOT NULL,
  period    daterange NOT NULL,
  base      integer NOT NULL,
  part      text COLLATE "C" NOT NULL,
  area_id   integer NOT NULL,
  breakdown text COLLATE "C" NOT NULL,
  member    text COLLATE "C" NOT NULL,
  rounded   bigint NOT NULL,
  truth     bigint NOT NULL,
  moved     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (dataset, period, base, part, area_id, breakdown, member),
  FOREIGN KEY (dataset, period) REFERENCES centre.rounding_period ON DELETE CASCADE
);
COMMENT ON TABLE centre.rounding_state IS
  'the rounded counts of finest areas: every published table of a dataset is a sum of them, and later releases start from them. True counts of few persons are in it, so it is for the publisher only; nobody can be told apart in it';
COMMENT ON COLUMN centre.rounding_state.part IS 'a measure''s persons, or its further reports (+), or what two measures of a proportion have in common (&)';
COMMENT ON COLUMN centre.rounding_state.area_id IS 'the finest area; 2147483647 where the dataset has none';
COMMENT ON COLUMN centre.rounding_state.breakdown IS 'the table the member is of; * for the total';
COMMENT ON COLUMN centre.rounding_state.truth IS 'the count that was rounded; of a larger base, what the smaller one shows';
COMMENT ON COLUMN centre.rounding_state.moved IS 'moved once although its area was not due; it is not moved so again in this period';

CREATE TABLE centre.rounding_due (
  dataset text NOT NULL,
  period  daterange NOT NULL,
  measure text COLLATE "C" NOT NULL,
  area_id integer NOT NULL,
  release_id bigint NOT NULL,
  PRIMARY KEY (dataset, period, measure, area_id),
  FOREIGN KEY (dataset, period) REFERENCES centre.rounding_period ON DELETE CASCADE
);
COMMENT ON TABLE centre.rounding_due IS 'the release at which as many persons as the threshold asks had last changed in an area; without a row the first one of the period';

CREATE TABLE centre.rounding_key (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  secret   bytea NOT NULL
);
COMMENT ON TABLE centre.rounding_key IS 'secret of additive rounding; readable by nobody but the owner. It must not change while periods may be published again';
INSERT INTO centre.rounding_key (secret) SELECT sha256(decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
