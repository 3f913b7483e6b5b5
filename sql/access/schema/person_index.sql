-- Indexes by person, for erasing.

CREATE INDEX gate_log_worker_idx ON centre.gate_log (worker_id) WHERE worker_id IS NOT NULL;
