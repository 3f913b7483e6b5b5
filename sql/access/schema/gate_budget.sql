-- How many checks a gate may make.

CREATE TABLE centre.gate_budget (
  login      name PRIMARY KEY,
  per_minute integer NOT NULL CHECK (per_minute > 0),
  counter    text NOT NULL,
  base       bigint NOT NULL DEFAULT 0,
  since      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE centre.gate_budget IS
  'logins of gates and how many passes each may check a minute, entered by centre.set_gate_budget(); a login that is not here has no limit. What it has not used is carried over until the next tick, and no further';
COMMENT ON COLUMN centre.gate_budget.counter IS 'the sequence that counts its checks: a sequence takes no part in transactions, so that a rollback gives nothing back';
COMMENT ON COLUMN centre.gate_budget.base IS 'where the sequence stood at the time since; the tick moves both on';
