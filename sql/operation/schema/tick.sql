-- What tick() did, so that a stalled timer is seen.

CREATE TABLE centre.tick_log (
  step        text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  handled     bigint NOT NULL,
  error       text CHECK (length(error) = 5)
);
CREATE INDEX tick_log_finished_idx ON centre.tick_log (finished_at);
COMMENT ON TABLE centre.tick_log IS 'steps of centre.tick() of the last 30 days, written with the step''s own transaction';
COMMENT ON COLUMN centre.tick_log.handled IS 'what the step counted: documents, cells, ...; 0 for one that failed';
COMMENT ON COLUMN centre.tick_log.error IS 'SQLSTATE of a step that failed and was undone; centre.tick_round() called by hand shows the message';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('health', 'waiting_s', 'en', 'oldest payload waiting'), ('health', 'tick_age_s', 'en', 'since the last tick'), ('health', 'dead_letters', 'en', 'open dead letters'),
  ('health', 'received', 'en', 'documents of the last day'), ('health', 'release_age_s', 'en', 'since the last release'), ('health', 'failing_steps', 'en', 'failing steps'), ('health', 'undecided', 'en', 'policies that do not decide'),
  ('health', 'waiting_s', 'af', 'oudste wagtende vrag'), ('health', 'tick_age_s', 'af', 'sedert die laaste rondte'), ('health', 'dead_letters', 'af', 'oop dooie briewe'),
  ('health', 'received', 'af', 'dokumente van die laaste dag'), ('health', 'release_age_s', 'af', 'sedert die laaste publikasie'), ('health', 'failing_steps', 'af', 'stappe wat misluk'), ('health', 'undecided', 'af', 'beleide wat nie besluit nie');
