-- Where workers are: what four sources claim, and the one place that is made of it.

CREATE TABLE centre.location_source (
  source    text PRIMARY KEY,
  rank      smallint NOT NULL UNIQUE CHECK (rank >= 0),
  max_age   interval CHECK (max_age > interval '0' AND extract(month FROM max_age) = 0 AND extract(year FROM max_age) = 0),
  temporary boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE centre.location_source IS 'sources of places; the lowest rank that has a fresh claim in force decides';
COMMENT ON COLUMN centre.location_source.max_age IS 'a claim older than this (a day is 24 hours) is stale and decides only when no fresh one is there; null never';
COMMENT ON COLUMN centre.location_source.temporary IS 'a stay away from home, such as in hospital: it decides where the worker is but does not contradict the home that others name';
INSERT INTO centre.location_source VALUES ('admission', 0, NULL, true), ('scan', 1, '14 days', false), ('roll', 2, '60 days', false), ('address', 3, NULL, false);

CREATE TABLE centre.location_claim (
  agency      text NOT NULL REFERENCES centre.agency,
  source_key  text NOT NULL,
  issued_at   timestamptz NOT NULL,
  withdrawn   boolean NOT NULL DEFAULT false,
  worker_id   bigint,
  source      text REFERENCES centre.location_source,
  premises_id integer REFERENCES centre.premises,
  room_id     integer REFERENCES centre.room,
  observed_at timestamptz,
  until_at    timestamptz NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (agency, source_key),
  CHECK (until_at > observed_at)
);
CREATE INDEX location_claim_worker_idx ON centre.location_claim (worker_id, source, observed_at);
COMMENT ON TABLE centre.location_claim IS
  'where a source says a worker is: scans of the code of a room or site, admissions to facilities, the dormitory''s roll, the employer''s address; the latest of each source counts';
COMMENT ON COLUMN centre.location_claim.until_at IS 'end of the stay: check-out, discharge, removal from the roll';

CREATE TABLE centre.location (
  worker_id   bigint NOT NULL,
  premises_id integer NOT NULL REFERENCES centre.premises,
  room_id     integer REFERENCES centre.room,
  source      text NOT NULL REFERENCES centre.location_source,
  observed_at timestamptz NOT NULL,
  conflict    boolean,
  stale       boolean NOT NULL,
  during      tstzrange NOT NULL CHECK (NOT isempty(during)),
  EXCLUDE USING gist (worker_id WITH =, during WITH &&)
);
CREATE UNIQUE INDEX location_current_idx ON centre.location (worker_id) WHERE upper_inf(during);
CREATE INDEX location_premises_idx ON centre.location (premises_id) WHERE upper_inf(during);
COMMENT ON TABLE centre.location IS 'the place each worker is held to be at, with its history: a worker is at one place at a time; the open range is the present';
COMMENT ON COLUMN centre.location.observed_at IS 'when the deciding source last saw the worker there: the age of the place';
COMMENT ON COLUMN centre.location.conflict IS 'fresh claims of sources name different homes; null when none names any';
COMMENT ON COLUMN centre.location.stale IS 'no source has a fresh claim';
COMMENT ON COLUMN centre.location.during IS 'from when the centre held this true, by the clock of the computation';

INSERT INTO centre.feed_kind (kind, topic, key) VALUES ('location_claim', 'residency', 'source_key');
INSERT INTO centre.feed_column (kind, name, type, target, required, options) VALUES
  ('location_claim', 'worker', 'worker', 'worker_id', true, NULL), ('location_claim', 'source', 'choice', 'source', true, '{admission,scan,roll,address}'),
  ('location_claim', 'premises', 'premises', 'premises_id', true, NULL), ('location_claim', 'room', 'room', 'room_id', false, NULL),
  ('location_claim', 'observed_at', 'past', 'observed_at', true, NULL), ('location_claim', 'until', 'end', 'until_at', false, NULL);
INSERT INTO centre.feed (agency, kind) VALUES ('labour', 'location_claim'), ('digital', 'location_claim'), ('health', 'location_claim');
