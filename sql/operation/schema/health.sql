-- What tells how the system is doing: views of one shape, which each room adds, and from which value a figure is a warning.

CREATE TABLE centre.health_part (
  relation text PRIMARY KEY CHECK (relation ~ '^centre[.][a-z_]+$')
);
COMMENT ON TABLE centre.health_part IS 'views of figures (code, value, unit, "time"), of which sql/board/api/health.sql makes centre.health_figure when the layer is installed or upgraded';

CREATE TABLE centre.health_check (
  code     text PRIMARY KEY,
  warn     float8,
  critical float8,
  CHECK (warn <= critical)
);
COMMENT ON TABLE centre.health_check IS 'from which value a figure of centre.health() is a warning, and from which it is critical; null: never. The site sets its own; what is there is kept by an upgrade';
INSERT INTO centre.health_check VALUES
  ('tick_age_s', 300, 1800), ('failing_steps', 1, NULL), ('unfinished_rounds', 1, 10), ('missing_partitions', 1, 2), ('oldest_transaction_s', 1800, 14400), ('prepared_transaction_s', 600, 14400),
  ('slot_bytes', 5e9, 5e10), ('freeze_age', 1e9, 1.8e9), ('waiting_s', 600, 3600), ('stuck_batches', 1, NULL), ('dead_letters', NULL, NULL), ('dead_letters_day', 1000, NULL), ('set_aside', 1, 100),
  ('received', NULL, NULL), ('default_rows', 100000, NULL), ('pending_cells', 1000000, 10000000), ('release_age_s', NULL, NULL), ('undecided', 1, NULL), ('pending_workers', 1000000, NULL);
