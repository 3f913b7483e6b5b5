-- Rounds of steps are on record from their start, so that one that was cut off shows.

ALTER TABLE centre.tick_log
  ADD COLUMN round_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ADD COLUMN item text,
  ALTER COLUMN finished_at DROP NOT NULL,
  ALTER COLUMN finished_at DROP DEFAULT,
  ALTER COLUMN handled DROP NOT NULL;
CREATE INDEX tick_log_step_idx ON centre.tick_log (step, round_id);
COMMENT ON TABLE centre.tick_log IS
  'rounds of the steps of centre.tick() of the last 30 days, and as step "tick" the ticks themselves; the start and the end are written in transactions of their own';
COMMENT ON COLUMN centre.tick_log.item IS 'what the round was for: a source';
COMMENT ON COLUMN centre.tick_log.finished_at IS 'null: the round runs, or was cut off with its connection or server';
COMMENT ON COLUMN centre.tick_log.handled IS 'what the step counted: documents, cells, ...; 0 for one that failed, null for one that runs or was cut off';

ALTER TABLE centre.tick_job ADD COLUMN budget interval NOT NULL DEFAULT '1 minute' CHECK (budget > '0');
COMMENT ON COLUMN centre.tick_job.budget IS 'no further round of the step (for one item) begins after this time in one tick; what is left waits for the next. The site may change it';
