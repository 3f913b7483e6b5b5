-- Dated actions: what was done, where and when, so that before and after can be compared.

CREATE TABLE centre.action (
  code      text PRIMARY KEY,
  indicator text NOT NULL REFERENCES centre.indicator (code),
  area_id   integer NOT NULL REFERENCES centre.area,
  starts    date NOT NULL CHECK (isfinite(starts)),
  what      text NOT NULL
);
CREATE INDEX action_indicator_idx ON centre.action (indicator, area_id);
COMMENT ON TABLE centre.action IS 'actions meant to change an indicator in an area: a campaign, a new borehole, a closed plant; write them down when they begin, not when they have worked';
COMMENT ON COLUMN centre.action.starts IS 'first day on which the action could have an effect';
COMMENT ON COLUMN centre.action.what IS 'what was done, as readers see it; other languages as labels under domain action. Nothing about persons';
