-- Overrides by two persons, and appeals.

CREATE TABLE centre.access_override (
  override_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  worker_id    bigint NOT NULL,
  colour       text NOT NULL CHECK (colour IN ('green', 'yellow', 'red', 'grey')),
  reason       text NOT NULL CHECK (reason <> ''),
  requested_by name NOT NULL DEFAULT session_user,
  requested_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL CHECK (isfinite(expires_at)),
  confirmed_by name,
  during       tstzrange CHECK (NOT isempty(during)),
  ended_by     name,
  end_reason   text,
  CHECK (confirmed_by <> requested_by),
  CHECK ((confirmed_by IS NULL) = (during IS NULL)),
  CHECK (upper(during) <= expires_at),
  CONSTRAINT access_override_one_at_a_time EXCLUDE USING gist (worker_id WITH =, during WITH &&)
);
COMMENT ON TABLE centre.access_override IS 'a colour set by two persons for a limited time; the code says that it is one';
COMMENT ON COLUMN centre.access_override.requested_by IS 'login that asked; another one confirms';
COMMENT ON COLUMN centre.access_override.during IS 'from confirmation until expires_at, or until it was ended before';

CREATE TABLE centre.appeal (
  appeal_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  worker_id   bigint NOT NULL,
  decision_id bigint NOT NULL,
  decided_at  timestamptz NOT NULL,
  statement   text NOT NULL CHECK (statement <> ''),
  lodged_at   timestamptz NOT NULL DEFAULT now(),
  due_at      timestamptz NOT NULL,
  escalate_at timestamptz NOT NULL,
  status      text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'upheld', 'dismissed')),
  reviewer    name,
  reviewed_at timestamptz,
  finding     text CHECK (finding <> ''),
  CHECK ((status = 'open') = (reviewer IS NULL)),
  CHECK (num_nulls(reviewer, reviewed_at, finding) IN (0, 3))
);
CREATE INDEX appeal_worker_idx ON centre.appeal (worker_id);
CREATE INDEX appeal_open_idx ON centre.appeal (due_at) WHERE status = 'open';
COMMENT ON TABLE centre.appeal IS 'a worker''s objection to a decision; answered by somebody who had no part in it or in an earlier appeal of the worker';
COMMENT ON COLUMN centre.appeal.statement IS 'what the worker says, in any language';
COMMENT ON COLUMN centre.appeal.finding IS 'what the reviewer found, and what is done: facts are corrected at their source, or an override is asked for';
