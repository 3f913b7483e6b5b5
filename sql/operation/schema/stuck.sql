-- Rows that a step of tick() cannot work on: left out, so that they stop no other, and tried again.

CREATE TABLE centre.stuck_row (
  step     text NOT NULL,
  key      bigint NOT NULL,
  what     text NOT NULL,
  error    text NOT NULL CHECK (length(error) = 5),
  since    timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries    integer NOT NULL DEFAULT 1,
  next_try timestamptz NOT NULL,
  PRIMARY KEY (step, key)
);
CREATE INDEX stuck_row_key_idx ON centre.stuck_row (key);
COMMENT ON TABLE centre.stuck_row IS
  'what a step of centre.tick() left out because it fails, while the rest went on: tried again after ten minutes, then after twice as long each time, up to a day; a row that succeeds goes from here';
COMMENT ON COLUMN centre.stuck_row.key IS 'number of the row: pseudonym of a worker or official, version of a policy, change of a cell, check at a gate, table (oid), series and area (series_id * 2^32 + area_id)';
COMMENT ON COLUMN centre.stuck_row.what IS 'what the number is of; where it is no person, by name';
COMMENT ON COLUMN centre.stuck_row.error IS 'SQLSTATE; SET civic.apart = off; SELECT centre.tick_round(step) shows the message';

INSERT INTO centre.health_check VALUES ('stuck_rows', 1, 100);
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('health', 'stuck_rows', 'en', 'rows that steps left out'), ('health', 'stuck_rows', 'af', 'rye wat stappe uitgelaat het');
