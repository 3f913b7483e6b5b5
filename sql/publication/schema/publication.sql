-- Publication: datasets, declared cubes, and the releases made of them, the only tables behind schema dash.

CREATE TABLE centre.audience (
  code   text PRIMARY KEY,
  k      integer NOT NULL CHECK (k >= 1),
  reader name NOT NULL,
  note   text
);
COMMENT ON TABLE centre.audience IS 'who a release is for, with the least number of distinct verified subjects a published cell needs';
COMMENT ON COLUMN centre.audience.reader IS 'role whose members see the releases of this audience in schema dash, and no others';
INSERT INTO centre.audience VALUES
  ('centre', 5, 'civic_reader', 'the command centre''s own staff'),
  ('analyst', 5, 'civic_analyst', 'analysts, who also ask for cubes'),
  ('department', 5, 'civic_department', 'line departments'),
  ('province', 5, 'civic_province', 'provincial administrations; a site makes one audience and role for each'),
  ('representative', 10, 'civic_representative', 'elected representatives'),
  ('ngo', 10, 'civic_ngo', 'non-governmental organisations'),
  ('federation', 10, 'civic_federation', 'business federations'),
  ('provider', 10, 'civic_provider', 'training providers'),
  ('public', 10, 'civic_public', 'everybody');

CREATE TABLE centre.dataset (
  code           text PRIMARY KEY,
  relation       text NOT NULL UNIQUE,
  measure_column text,
  flow           text NOT NULL DEFAULT 'event' CHECK (flow IN ('event', 'stock')),
  unit           numeric NOT NULL DEFAULT 1 CHECK (unit > 0),
  personal       boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE centre.dataset IS
  'facts that cubes may be made of: a table or view of centre with the columns subject_id (bigint pseudonym), day (date), verified (boolean), one for each dimension, and numeric ones to be summed';
COMMENT ON COLUMN centre.dataset.relation IS 'the table or view with its schema; the publisher must be able to read it';
COMMENT ON COLUMN centre.dataset.measure_column IS 'column that names the measure of a row, whose amount is then in column value; null where measures are columns';
COMMENT ON COLUMN centre.dataset.flow IS 'event: rows of a period are published; stock: all rows up to the end of the period are, so successive periods are compared by the ledger';
COMMENT ON COLUMN centre.dataset.unit IS 'smallest amount of the measures that are sums, such as 0.01 for cents; amounts about persons are whole multiples of it';
COMMENT ON COLUMN centre.dataset.personal IS 'about persons: only verified rows with a subject count, and every release is protected';

CREATE TABLE centre.dimension (
  dataset       text NOT NULL REFERENCES centre.dataset ON DELETE CASCADE,
  name          text NOT NULL,
  kind          text NOT NULL DEFAULT 'column' CHECK (kind IN ('area', 'age', 'column')),
  columns       text[] NOT NULL CHECK (cardinality(columns) BETWEEN 1 AND 4),
  members       text[],
  multiple      boolean NOT NULL DEFAULT false,
  sensitive     boolean NOT NULL DEFAULT false,
  protect_zeros boolean NOT NULL DEFAULT false,
  PRIMARY KEY (dataset, name),
  CHECK (kind = 'column' OR cardinality(columns) = 1),
  CHECK (NOT (sensitive OR protect_zeros) OR (kind = 'column' AND cardinality(columns) = 1 AND members IS NOT NULL))
);
COMMENT ON TABLE centre.dimension IS 'what a dataset may be broken down by';
COMMENT ON COLUMN centre.dimension.kind IS 'area: an area_id, rolled up along area_closure; age: whole years, cut by the cube''s age bands; column: text columns';
COMMENT ON COLUMN centre.dimension.columns IS 'column names, the coarsest first; each must determine the ones before it, which publish() checks';
COMMENT ON COLUMN centre.dimension.members IS 'all members there can be; needed where zeros are protected';
COMMENT ON COLUMN centre.dimension.multiple IS 'a subject may be at several members (an official lacks several competencies): members are published side by side, without a total over them';
COMMENT ON COLUMN centre.dimension.sensitive IS 'to learn which member somebody is at is harm (health): a row of a table that leaves fewer than two members possible is withheld whole';
COMMENT ON COLUMN centre.dimension.protect_zeros IS 'that nobody is at a member is withheld as well where its row is';

INSERT INTO centre.dataset (code, relation, measure_column) VALUES ('observation', 'centre.observation_row', 'indicator');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES
  ('observation', 'area', 'area', '{area_id}'), ('observation', 'sex', 'column', '{sex}'), ('observation', 'age_band', 'age', '{age}'),
  ('observation', 'disability', 'column', '{disability}'), ('observation', 'youth', 'column', '{youth}'), ('observation', 'migrant', 'column', '{migrant}');

CREATE TABLE centre.cube (
  code         text PRIMARY KEY,
  audience     text NOT NULL REFERENCES centre.audience,
  indicators   text[] NOT NULL DEFAULT '{}',
  levels       text[] NOT NULL DEFAULT '{}',
  period_unit  text NOT NULL CHECK (period_unit IN ('day', 'week', 'month', 'quarter', 'year')),
  breakdowns   text[] NOT NULL DEFAULT '{all}'
    CHECK (breakdowns <@ '{all,sex,age_band,disability,youth,migrant}'::text[] AND 'all' = ANY (breakdowns)),
  age_bands    text NOT NULL DEFAULT 'five_year',
  personal     boolean NOT NULL DEFAULT true,
  dataset      text NOT NULL DEFAULT 'observation' REFERENCES centre.dataset,
  dims         text[] NOT NULL DEFAULT '{}' CHECK (cardinality(dims) <= 4),
  measures     text[] NOT NULL DEFAULT '{subjects}',
  method       text NOT NULL CHECK (method IN ('suppress', 'round5', 'cellkey')),
  k            integer CHECK (k >= 1),
  width        bigint NOT NULL DEFAULT 3 CHECK (width >= 0),
  p            numeric NOT NULL DEFAULT 10 CHECK (p BETWEEN 0 AND 100),
  nk           numeric[] CHECK (cardinality(nk) = 2 AND nk[1] >= 1 AND nk[1] = trunc(nk[1]) AND nk[2] BETWEEN 0 AND 100),
  strict_bounds boolean NOT NULL DEFAULT false,
  must_publish text[],
  CHECK ((dataset = 'observation') = (indicators <> '{}')),
  CHECK ((dataset = 'observation') = (dims = '{}')),
  CHECK (method <> 'cellkey' OR cardinality(dims) <= 3)
);
COMMENT ON TABLE centre.cube IS
  'what may be published, to whom and how it is protected; readers choose among the cells of cubes, never by free filters. Cubes of one dataset are protected jointly';
COMMENT ON COLUMN centre.cube.indicators IS 'for the dataset observation: indicators by level of area and one breakdown at a time';
COMMENT ON COLUMN centre.cube.levels IS 'levels of area at which there are cells';
COMMENT ON COLUMN centre.cube.personal IS 'false only for cubes that are not about persons, which are published exactly; the list is short and reviewed';
COMMENT ON COLUMN centre.cube.dims IS 'for other datasets: dimensions, all crossed with each other and with their totals';
COMMENT ON COLUMN centre.cube.measures IS 'for other datasets: subjects (distinct persons, each once, where its latest row is), rows, or a numeric column to be summed';
COMMENT ON COLUMN centre.cube.method IS 'suppress: complementary suppression; round5: rounded to 5 above the threshold; cellkey: noise above the threshold, for at most three dimensions over all cubes of the dataset';
COMMENT ON COLUMN centre.cube.k IS 'a threshold above the audience''s; null for the audience''s own';
COMMENT ON COLUMN centre.cube.width IS 'least width of the interval that outsiders are left with for a withheld cell, in counts or units; of a sum it is at least p % of the sum';
COMMENT ON COLUMN centre.cube.p IS 'a value is withheld if all contributors but the two largest hold less than p % of the largest; 0: no such rule';
COMMENT ON COLUMN centre.cube.nk IS 'such as {1,80}: a value is withheld if its 1 largest contributor holds more than 80 % of it; null: no such rule';
COMMENT ON COLUMN centre.cube.strict_bounds IS 'outsiders are left with an interval that reaches up to the threshold or beyond, so that they cannot tell a small cell from one withheld to protect it; withholds more and takes longer';
COMMENT ON COLUMN centre.cube.must_publish IS 'levels of area whose totals come before all other values; those that are small, or would tell of one that is, are withheld all the same. Null: every level but the cube''s finest';

CREATE TABLE centre.audience_cube (
  audience text NOT NULL REFERENCES centre.audience,
  cube     text NOT NULL REFERENCES centre.cube ON DELETE CASCADE,
  area_id  integer REFERENCES centre.area,
  PRIMARY KEY (audience, cube)
);
COMMENT ON TABLE centre.audience_cube IS 'further audiences of a cube, which must not ask for a higher threshold than the cube has';
COMMENT ON COLUMN centre.audience_cube.area_id IS 'the audience sees this area and what lies in it only; null for all areas';

CREATE TABLE centre.release (
  release_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cube         text NOT NULL REFERENCES centre.cube,
  period       daterange NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  current      boolean NOT NULL DEFAULT true,
  made_of      text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX release_current_idx ON centre.release (cube, period) WHERE current;
COMMENT ON TABLE centre.release IS 'a publication of a cube for a period; the latest is current, earlier ones are kept';
COMMENT ON COLUMN centre.release.made_of IS 'digest of the declaration and of what is not about persons; with unchanged facts there is nothing to publish again';

CREATE TABLE centre.release_cell (
  release_id   bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  indicator    text NOT NULL,
  level        text NOT NULL,
  area_id      integer NOT NULL,
  breakdown    text NOT NULL,
  member       text NOT NULL,
  value        numeric,
  denominator  numeric,
  status       text NOT NULL CHECK (status IN ('ok', 'h', 'x')),
  PRIMARY KEY (release_id, indicator, level, area_id, breakdown, member),
  CHECK ((status = 'x') = (value IS NULL))
);
CREATE INDEX release_cell_series_idx ON centre.release_cell (indicator, area_id, breakdown, member);
COMMENT ON TABLE centre.release_cell IS 'published values; member *total* is the breakdown''s whole; status x is withheld, whatever the reason; h is the value of an earlier release, because the change since then is withheld';
COMMENT ON COLUMN centre.release_cell.denominator IS 'people (rates) or the published denominator count (proportions); null where there is none';

CREATE TABLE centre.release_row (
  release_id bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  measure    text NOT NULL,
  members    text[] NOT NULL,
  value      numeric,
  status     text NOT NULL CHECK (status IN ('ok', 'h', 'x')),
  PRIMARY KEY (release_id, measure, members),
  CHECK ((status = 'x') = (value IS NULL))
);
COMMENT ON TABLE centre.release_row IS 'published values of cubes over other datasets than observation; a row that is absent is a nought, status x is withheld, whatever the reason; h is the value of an earlier release, because the change since then is withheld';
COMMENT ON COLUMN centre.release_row.members IS 'members in the order of the cube''s dims, *total* for all; an area by its area_id, a nested or age member as level=member';
