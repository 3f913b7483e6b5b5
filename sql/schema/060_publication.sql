-- Publication: declared cubes and the releases made of them, the only tables behind schema dash.

CREATE TABLE centre.audience (
  code   text PRIMARY KEY,
  k      integer NOT NULL CHECK (k >= 1),
  reader name NOT NULL,
  note   text
);
COMMENT ON TABLE centre.audience IS 'who a release is for, with the least number of distinct verified subjects a published cell needs';
COMMENT ON COLUMN centre.audience.reader IS 'role whose members see the releases of this audience in schema dash, and no others';
INSERT INTO centre.audience VALUES
  ('centre', 5, 'civic_reader', 'the command centre''s own staff'), ('provider', 10, 'civic_provider', 'training providers');

CREATE TABLE centre.cube (
  code        text PRIMARY KEY,
  audience    text NOT NULL REFERENCES centre.audience,
  indicators  text[] NOT NULL,
  levels      text[] NOT NULL,
  period_unit text NOT NULL CHECK (period_unit IN ('day', 'week', 'month', 'quarter', 'year')),
  breakdowns  text[] NOT NULL DEFAULT '{all}'
    CHECK (breakdowns <@ '{all,sex,age_band,disability,youth,migrant}'::text[] AND 'all' = ANY (breakdowns)),
  age_bands   text NOT NULL DEFAULT 'five_year',
  personal    boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE centre.cube IS 'what may be published: indicators by level of area, period and one breakdown at a time; readers choose among these, never free filters';
COMMENT ON COLUMN centre.cube.personal IS 'false only for cubes that are not about persons, which are published exactly; the list is short and reviewed';

CREATE TABLE centre.release (
  release_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cube         text NOT NULL REFERENCES centre.cube,
  period       daterange NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  current      boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX release_current_idx ON centre.release (cube, period) WHERE current;
COMMENT ON TABLE centre.release IS 'a publication of a cube for a period; the latest is current, earlier ones are kept';

CREATE TABLE centre.release_cell (
  release_id   bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  indicator    text NOT NULL,
  level        text NOT NULL,
  area_id      integer NOT NULL,
  breakdown    text NOT NULL,
  member       text NOT NULL,
  value        numeric,
  denominator  numeric,
  status       text NOT NULL CHECK (status IN ('ok', 'x')),
  PRIMARY KEY (release_id, indicator, level, area_id, breakdown, member),
  CHECK ((status = 'ok') = (value IS NOT NULL))
);
CREATE INDEX release_cell_series_idx ON centre.release_cell (indicator, area_id, breakdown, member);
COMMENT ON TABLE centre.release_cell IS 'published values; member *total* is the breakdown''s whole; status x is withheld, whatever the reason';
COMMENT ON COLUMN centre.release_cell.denominator IS 'people (rates) or the published denominator count (proportions); null where there is none';
