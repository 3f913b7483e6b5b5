-- Decisions: the code of each worker now, and every code there ever was with what it was decided from.

CREATE TABLE centre.access (
  worker_id  bigint PRIMARY KEY,
  code       civic.access_code NOT NULL,
  decided_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX access_due_idx ON centre.access (civic.valid_until(code)) WHERE civic.valid_until(code) < 'infinity';
COMMENT ON TABLE centre.access IS 'the access code of each worker; written by centre.reevaluate() alone';
COMMENT ON COLUMN centre.access.code IS 'show civic.colour_at(code, now()): a code that was not decided anew in time is grey; its ruleset is centre.ruleset.ruleset_id';
COMMENT ON COLUMN centre.access.decided_at IS 'the clock by which it was decided';

CREATE TABLE centre.decision (
  worker_id   bigint NOT NULL,
  decided_at  timestamptz NOT NULL,
  decision_id bigint GENERATED ALWAYS AS IDENTITY,
  cause       text NOT NULL CHECK (cause IN ('fact', 'location', 'override', 'feed', 'time', 'policy', 'lapse')),
  override_id bigint,
  code        civic.access_code NOT NULL,
  facts       centre.worker_fact,
  PRIMARY KEY (worker_id, decided_at, decision_id)
) PARTITION BY RANGE (decided_at);
CREATE TABLE centre.decision_other PARTITION OF centre.decision DEFAULT;
COMMENT ON TABLE centre.decision IS 'each change of an access code: clock, cause, code and the facts it was decided from, so that it can be decided again (centre.replay_faults); only ever appended; one partition a month (UTC)';
COMMENT ON TABLE centre.decision_other IS 'decisions of months that have no partition yet; centre.ensure_partitions() moves them';
COMMENT ON COLUMN centre.decision.override_id IS 'the override that was in force';
COMMENT ON COLUMN centre.decision.facts IS 'the worker''s row of facts at that time; null where a code lapsed, and once it is erased';

CREATE TABLE centre.access_state (
  only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  ruleset_id     integer REFERENCES centre.policy,
  reevaluated_at timestamptz
);
COMMENT ON TABLE centre.access_state IS 'where centre.reevaluate() stands; its row is locked by whoever re-evaluates or changes which policy is in force';
COMMENT ON COLUMN centre.access_state.ruleset_id IS 'the version by which all codes were last decided; null: none, so the next one decides all anew';
INSERT INTO centre.access_state DEFAULT VALUES;
