-- Labels of figures.

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('health', 'unfinished_rounds', 'en', 'rounds that never ended'), ('health', 'missing_partitions', 'en', 'months without a partition'), ('health', 'oldest_transaction_s', 'en', 'oldest transaction'),
  ('health', 'prepared_transaction_s', 'en', 'oldest prepared transaction'), ('health', 'slot_bytes', 'en', 'kept for replication'), ('health', 'freeze_age', 'en', 'transactions since frozen'),
  ('health', 'stuck_batches', 'en', 'batches opened and not applied'), ('health', 'dead_letters_day', 'en', 'dead letters of the last day'), ('health', 'set_aside', 'en', 'documents set aside'),
  ('health', 'default_rows', 'en', 'facts of a month without partition'), ('health', 'pending_cells', 'en', 'changes of cells pending'), ('health', 'pending_workers', 'en', 'facts of workers pending'),
  ('health', 'unfinished_rounds', 'af', 'rondtes sonder einde'), ('health', 'missing_partitions', 'af', 'maande sonder partisie'), ('health', 'oldest_transaction_s', 'af', 'oudste transaksie'),
  ('health', 'prepared_transaction_s', 'af', 'oudste voorbereide transaksie'), ('health', 'slot_bytes', 'af', 'bewaar vir replikasie'), ('health', 'freeze_age', 'af', 'transaksies sedert gevries'),
  ('health', 'stuck_batches', 'af', 'bondels oop en nie toegepas nie'), ('health', 'dead_letters_day', 'af', 'dooie briewe van die laaste dag'), ('health', 'set_aside', 'af', 'dokumente opsy gesit'),
  ('health', 'default_rows', 'af', 'feite sonder maandpartisie'), ('health', 'pending_cells', 'af', 'hangende selveranderings'), ('health', 'pending_workers', 'af', 'hangende werkerfeite');
