-- Alarms: periods above their bound, ranked, explained, and what was done about them.

CREATE TABLE centre.alarm (
  alarm_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series_id       integer NOT NULL REFERENCES centre.series ON DELETE CASCADE,
  area_id         integer NOT NULL REFERENCES centre.area ON DELETE CASCADE,
  period_start    date NOT NULL,
  observed        bigint NOT NULL,
  expected        float8,
  upper_bound     float8 NOT NULL,
  score           float8,
  exceedance_rank integer NOT NULL CHECK (exceedance_rank > 0),
  q_value         float8,
  explained_by    integer REFERENCES centre.area,
  holds           boolean NOT NULL DEFAULT true,
  raised_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'closed')),
  state_by        text,
  state_at        timestamptz,
  note            text,
  UNIQUE (series_id, period_start, area_id),
  CHECK ((state_by IS NULL) = (state_at IS NULL))
);
CREATE INDEX alarm_open_idx ON centre.alarm (period_start) WHERE state <> 'closed';
COMMENT ON TABLE centre.alarm IS 'alarms of the baselines, from true counts, with what was done about them';
COMMENT ON COLUMN centre.alarm.exceedance_rank IS 'place among the areas of the series in that period, the highest score first';
COMMENT ON COLUMN centre.alarm.q_value IS 'Benjamini-Hochberg over the areas of the series judged in that period: the false discovery rate at which this alarm would still be kept; null for methods without a p-value';
COMMENT ON COLUMN centre.alarm.explained_by IS 'the lowest area inside, itself in alarm for the same indicator and period, whose excess is at least half of this one''s; null where there is none';
COMMENT ON COLUMN centre.alarm.holds IS 'false when later data took the count back below the bound';
COMMENT ON COLUMN centre.alarm.state_by IS 'login that set the state last';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('alarm_state', 'open', 'en', 'open'), ('alarm_state', 'open', 'af', 'oop'),
  ('alarm_state', 'acknowledged', 'en', 'acknowledged'), ('alarm_state', 'acknowledged', 'af', 'erken'),
  ('alarm_state', 'closed', 'en', 'closed'), ('alarm_state', 'closed', 'af', 'gesluit');
