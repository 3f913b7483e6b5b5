-- What tick() does, as rows: each room adds its own steps, so that a room may be left out.

CREATE TABLE centre.tick_job (
  step    text PRIMARY KEY,
  place   smallint NOT NULL,
  routine text NOT NULL CHECK (routine ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
  items   text CHECK (items ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
  runner  name,
  again   boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE centre.tick_job IS 'the steps of centre.tick(), which each room adds; a site may add its own, with a function of a schema of its own. Only the owner writes here: tick() calls what it names';
COMMENT ON COLUMN centre.tick_job.place IS 'order of the steps';
COMMENT ON COLUMN centre.tick_job.routine IS 'schema.function that does the step once and gives how much it handled (bigint), null where nothing was due; with items it takes one of them (text)';
COMMENT ON COLUMN centre.tick_job.items IS 'schema.function that gives what the step is done for, one after the other, each in a transaction of its own: sources that wait; null: the step is done once';
COMMENT ON COLUMN centre.tick_job.runner IS 'role whose member the caller of tick() must be for this step; null: whoever may call tick()';
COMMENT ON COLUMN centre.tick_job.again IS 'until nothing is left to do, each round in a transaction of its own';

CREATE TABLE centre.month_table (
  parent text PRIMARY KEY,
  key    text NOT NULL
);
COMMENT ON TABLE centre.month_table IS 'tables of centre with one partition a month by the column key, which each room adds; centre.tick() makes the partitions of the months to come';
