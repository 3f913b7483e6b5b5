-- Counts that are still coming in: what they will become, which is judged in their place. Filled by the room that estimates them, where there is one.

CREATE TABLE centre.series_estimate (
  series_id      integer NOT NULL REFERENCES centre.series ON DELETE CASCADE,
  area_id        integer NOT NULL REFERENCES centre.area ON DELETE CASCADE,
  period_start   date NOT NULL,
  known_on       date NOT NULL,
  reported       bigint NOT NULL,
  estimate       bigint,
  lower_limit    bigint,
  upper_limit    bigint,
  expected_share float8,
  reason         text,
  PRIMARY KEY (series_id, area_id, period_start),
  CHECK ((estimate IS NULL) = (reason IS NOT NULL))
);
COMMENT ON TABLE centre.series_estimate IS 'what the last counts of watched series, whose reports are still coming, will become: true counts, not for readers';
COMMENT ON COLUMN centre.series_estimate.known_on IS 'the day by the end of which this was known';
COMMENT ON COLUMN centre.series_estimate.reported IS 'what had been reported by then';
COMMENT ON COLUMN centre.series_estimate.estimate IS 'median of what the count will be when all is reported; null where that cannot be told';
COMMENT ON COLUMN centre.series_estimate.lower_limit IS 'the count will lie from here to upper_limit, with a probability of 95 %';
COMMENT ON COLUMN centre.series_estimate.expected_share IS 'share of the reports that had usually come by then';
COMMENT ON COLUMN centre.series_estimate.reason IS 'why there is no estimate: too_few reports of days that are complete; no_reports on the day itself, where many were due';

CREATE TABLE centre.released_estimate (
  cube           text NOT NULL REFERENCES centre.cube,
  series_id      integer NOT NULL REFERENCES centre.series ON DELETE CASCADE,
  area_id        integer NOT NULL REFERENCES centre.area ON DELETE CASCADE,
  period_start   date NOT NULL,
  known_on       date NOT NULL,
  reported       bigint,
  estimate       bigint,
  lower_limit    bigint,
  upper_limit    bigint,
  expected_share float8,
  reason         text,
  PRIMARY KEY (cube, series_id, area_id, period_start),
  CHECK ((estimate IS NULL) = (reason IS NOT NULL))
);
COMMENT ON TABLE centre.released_estimate IS 'the same for readers, from the published values and the days of their releases alone; written by the room that estimates';
COMMENT ON COLUMN centre.released_estimate.reported IS 'the published value; null where it is withheld';

COMMENT ON COLUMN centre.baseline.observed IS 'the count judged: for days whose reports are still coming what it is expected to become (centre.series_estimate); null: not reported';
