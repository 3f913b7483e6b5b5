-- The clock of re-evaluations, when somebody moved it.

CREATE TABLE centre.clock_reset (
  reset_at  timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
  login     name NOT NULL DEFAULT session_user,
  from_time timestamptz,
  to_time   timestamptz NOT NULL,
  because   text NOT NULL
);
COMMENT ON TABLE centre.clock_reset IS 'each time the clock of re-evaluations was set back, or ahead over a long silence: by which login, from where to where and why; only ever appended';
