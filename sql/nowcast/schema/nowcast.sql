-- Which reports come late, and how late they came.

CREATE TABLE centre.late_indicator (
  indicator_id integer PRIMARY KEY REFERENCES centre.indicator,
  longest      smallint NOT NULL DEFAULT 14 CHECK (longest BETWEEN 1 AND 60),
  since        date NOT NULL
);
COMMENT ON TABLE centre.late_indicator IS
  'indicators whose reports come late: their delays are kept by area, and the last days of their watched series by the day (centre.series, everybody) are estimated';
COMMENT ON COLUMN centre.late_indicator.longest IS 'days after which a day is taken for complete; what comes later counts with the longest delay';
COMMENT ON COLUMN centre.late_indicator.since IS
  'first day whose delays are known, today when left out: what was loaded of days before came all at once and says nothing of delays. centre.learn_delays() moves it back as far as documents tell';

CREATE TABLE centre.delay (
  indicator_id integer NOT NULL REFERENCES centre.late_indicator ON DELETE CASCADE,
  area_id      integer NOT NULL REFERENCES centre.area ON DELETE CASCADE,
  delays       civic.delays NOT NULL,
  PRIMARY KEY (indicator_id, area_id)
);
COMMENT ON TABLE centre.delay IS
  'how many reports of each of the last days came after how many days, by the smallest area: the changes of its count from one evening to the next, so that a correction is a delay of its own';

CREATE TABLE centre.nowcast_log (
  known_on    date PRIMARY KEY,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changes     bigint NOT NULL,
  estimates   bigint NOT NULL
);
COMMENT ON TABLE centre.nowcast_log IS 'evenings whose counts were noted: how many counts had changed since the one before, and how many estimates were made';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('reason', 'too_few', 'en', 'too few reports of days that are complete'), ('reason', 'too_few', 'af', 'te min verslae van dae wat volledig is'),
  ('reason', 'no_reports', 'en', 'reports have stopped'), ('reason', 'no_reports', 'af', 'verslae het opgehou'),
  ('reason', 'nowcast_withheld', 'en', 'no estimate: it would rest on values that are withheld'),
  ('reason', 'nowcast_withheld', 'af', 'geen skatting nie: dit sou op weerhoue waardes berus');
