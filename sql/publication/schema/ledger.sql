-- The ledger: whom every retained release counted, so that a new one can be compared with all of them.  Personal data.

CREATE TABLE centre.ledger_leaf (
  dataset       text NOT NULL REFERENCES centre.dataset,
  period        daterange NOT NULL,
  measure       text COLLATE "C" NOT NULL,
  dims          text[] COLLATE "C" NOT NULL,
  from_release  bigint NOT NULL,
  until_release bigint,
  sums          civic.subject_sums NOT NULL,
  PRIMARY KEY (dataset, period, measure, dims, from_release)
);
COMMENT ON TABLE centre.ledger_leaf IS
  'per-subject sums of every finest cell behind releases; a row holds from one release until another found the cell changed, so storage grows with what changes';
COMMENT ON COLUMN centre.ledger_leaf.period IS 'the period published; unbounded for stocks, whose periods are compared with one another';
COMMENT ON COLUMN centre.ledger_leaf.dims IS 'member of each dimension of the dataset, in order of their names; a nested one and an area with all that it lies in, the coarsest first';
COMMENT ON COLUMN centre.ledger_leaf.until_release IS 'the first release that found it otherwise; null while it holds';

CREATE TABLE centre.ledger_cell (
  release_id    bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  measure       text COLLATE "C" NOT NULL,
  key           text[] COLLATE "C" NOT NULL,
  subjects      bigint NOT NULL,
  guarded       boolean NOT NULL,
  shown_release bigint,
  value         numeric,
  PRIMARY KEY (release_id, measure, key)
);
COMMENT ON TABLE centre.ledger_cell IS 'what was known and shown of every cell about persons in every release, of the measures that bear those shown as well (see publish_bearers()); for the publisher only';
COMMENT ON COLUMN centre.ledger_cell.key IS 'member of each dimension of the dataset, in order of their names, * for all';
COMMENT ON COLUMN centre.ledger_cell.subjects IS 'true number of distinct subjects in the data of this release';
COMMENT ON COLUMN centre.ledger_cell.guarded IS 'withheld for dominance or a sensitive dimension, whatever the number of subjects';
COMMENT ON COLUMN centre.ledger_cell.shown_release IS 'release whose data the shown value is of: an earlier one where the value is held; null where withheld';
COMMENT ON COLUMN centre.ledger_cell.value IS 'the value shown';

CREATE TABLE centre.cell_key_salt (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  salt     bytea NOT NULL
);
COMMENT ON TABLE centre.cell_key_salt IS 'secret of the noise of cubes with method cellkey; readable by nobody but the owner';
INSERT INTO centre.cell_key_salt (salt)
  SELECT sha256(decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

CREATE TABLE centre.release_report (
  release_id bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  detail     text NOT NULL,
  cells      bigint NOT NULL,
  small      bigint NOT NULL,
  withheld   bigint NOT NULL,
  held       bigint NOT NULL,
  PRIMARY KEY (release_id, detail)
);
COMMENT ON TABLE centre.release_report IS 'how much of each table of a release was withheld; for the publisher, never for readers';
CREATE TABLE centre.release_must (
  release_id bigint PRIMARY KEY REFERENCES centre.release ON DELETE CASCADE,
  levels     text[] NOT NULL,
  cells      bigint NOT NULL,
  withheld   bigint NOT NULL,
  price      bigint NOT NULL
);
COMMENT ON TABLE centre.release_must IS 'what cube.must_publish did in a release and what it cost; for the publisher, never for readers';
COMMENT ON COLUMN centre.release_must.cells IS 'totals of areas at these levels';
COMMENT ON COLUMN centre.release_must.withheld IS 'those of them that are small or would tell of one that is';
COMMENT ON COLUMN centre.release_must.price IS 'by how many more other values are withheld than if no total came first; negative where there are fewer';
COMMENT ON COLUMN centre.release_report.detail IS 'the table within the cube: level of area and the dimensions broken down by';
COMMENT ON COLUMN centre.release_report.small IS 'cells withheld for their own sake; the rest of withheld is withheld to protect them';
COMMENT ON COLUMN centre.release_report.held IS 'cells that show an earlier value, because the change since then is of too few subjects or would tell such a change';
