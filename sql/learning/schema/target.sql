-- What coverage ministries are to reach.

CREATE TABLE centre.capacity_target (
  ministry text NOT NULL DEFAULT '*' CHECK (ministry <> ''),
  valid    daterange NOT NULL CHECK (NOT isempty(valid)),
  coverage numeric NOT NULL CHECK (coverage > 0 AND coverage <= 1),
  EXCLUDE USING gist (ministry WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.capacity_target IS 'coverage that a ministry is to reach, by the days for which that is its target; published in dash.capacity_target';
COMMENT ON COLUMN centre.capacity_target.ministry IS '*: every ministry without a target of its own on the day';
COMMENT ON COLUMN centre.capacity_target.coverage IS 'mean over officials of the weighted share of the levels their posts need that they hold, 0 to 1';
