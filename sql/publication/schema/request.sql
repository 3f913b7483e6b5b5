-- Analysts' requests for cubes, and what became of them.

ALTER TABLE centre.dataset ADD COLUMN on_request boolean NOT NULL DEFAULT false, ADD COLUMN request_approver name,
  ADD COLUMN request_budget interval NOT NULL DEFAULT '1 minute' CHECK (request_budget >= '0');
COMMENT ON COLUMN centre.dataset.on_request IS 'analysts may ask for cubes of it, which are answered without anybody looking; off unless somebody has decided so';
COMMENT ON COLUMN centre.dataset.request_approver IS 'login who approves requests that name a dimension with approval; null: nobody may ask for those';
COMMENT ON COLUMN centre.dataset.request_budget IS 'a request that has taken longer goes on to no further period';
ALTER TABLE centre.dimension ADD COLUMN approval boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN centre.dimension.approval IS 'health, reasons, where somebody lives and the like: a request that names it waits for dataset.request_approver; a sensitive one does so too';
UPDATE centre.dimension SET approval = true WHERE dataset = 'observation' AND name IN ('disability', 'migrant');

CREATE TABLE centre.cube_request (
  request_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  requested_by name NOT NULL DEFAULT session_user,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  dataset      text NOT NULL REFERENCES centre.dataset,
  dims         text[] NOT NULL,
  measures     text[] NOT NULL,
  levels       text[] NOT NULL DEFAULT '{}',
  period_unit  text NOT NULL,
  days         daterange NOT NULL,
  approver     name CHECK (approver <> requested_by),
  approved_at  timestamptz,
  next_day     date,
  spent        interval NOT NULL DEFAULT '0',
  cube         text REFERENCES centre.cube,
  answered_at  timestamptz,
  reason       text,
  CHECK (answered_at IS NULL OR cube IS NOT NULL OR reason IS NOT NULL)
);
CREATE INDEX cube_request_login_idx ON centre.cube_request (requested_by, requested_at);
COMMENT ON TABLE centre.cube_request IS 'cubes that analysts asked for; a request is kept, whatever became of it';
COMMENT ON COLUMN centre.cube_request.requested_by IS 'the login that asked; analysts cannot set it';
COMMENT ON COLUMN centre.cube_request.days IS 'every period that has a day among these is published';
COMMENT ON COLUMN centre.cube_request.approver IS 'login who has to approve it first; null where nobody has to';
COMMENT ON COLUMN centre.cube_request.next_day IS 'first day of the period that is published next; null before the first';
COMMENT ON COLUMN centre.cube_request.spent IS 'time that its periods took so far, see dataset.request_budget';
COMMENT ON COLUMN centre.cube_request.cube IS 'the cube that was made and released';
COMMENT ON COLUMN centre.cube_request.reason IS 'why it was refused, or not answered whole; without keys or counts';
