-- Analysts' requests for cubes, and what became of them.

CREATE TABLE centre.cube_request (
  request_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  requested_by name NOT NULL DEFAULT current_user,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  dataset      text NOT NULL REFERENCES centre.dataset,
  dims         text[] NOT NULL,
  measures     text[] NOT NULL CHECK (cardinality(measures) BETWEEN 1 AND 20),
  levels       text[] NOT NULL DEFAULT '{}',
  period_unit  text NOT NULL CHECK (period_unit IN ('day', 'week', 'month', 'quarter', 'year')),
  days         daterange NOT NULL,
  answered_at  timestamptz,
  cube         text REFERENCES centre.cube,
  reason       text,
  -- at most some sixty periods; an infinite day is an error
  CHECK (NOT isempty(days) AND coalesce(upper(days) - lower(days) <= CASE period_unit WHEN 'day' THEN 62 WHEN 'week' THEN 400 ELSE 1900 END, false)),
  CHECK ((answered_at IS NULL) = (cube IS NULL AND reason IS NULL))
);
COMMENT ON TABLE centre.cube_request IS 'cubes that analysts asked for; a request is kept, whatever became of it';
COMMENT ON COLUMN centre.cube_request.requested_by IS 'the role that asked; analysts cannot set it';
COMMENT ON COLUMN centre.cube_request.days IS 'every period that begins in these days is published';
COMMENT ON COLUMN centre.cube_request.cube IS 'the cube that was made and released';
COMMENT ON COLUMN centre.cube_request.reason IS 'why it was refused; without keys or counts';
