-- Needs of the past and of days to come, where they are not those that requirements add up to now.

CREATE TABLE centre.frac_need (
  node_id integer NOT NULL REFERENCES centre.frac_node ON DELETE CASCADE,
  valid   daterange NOT NULL CHECK (NOT isempty(valid)),
  need    civic.competency_set NOT NULL,
  EXCLUDE USING gist (node_id WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.frac_need IS
  'what nodes need on days on which it is not frac_node.need: written when a need changes, for the days until then, and by centre.state_need() for what was decided otherwise. centre.needs_on() reads it';
COMMENT ON COLUMN centre.frac_need.valid IS 'days on which this is what the node needs';

ALTER TABLE centre.frac_node ADD COLUMN need_since date NOT NULL DEFAULT current_date;
COMMENT ON COLUMN centre.frac_node.need_since IS 'first day of the need as it is now; kept by a trigger. What held before stands in frac_need, and before anything was known the first known need counts';
