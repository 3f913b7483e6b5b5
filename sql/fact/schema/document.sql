-- Where facts come from: sources, payloads as they came in batches, and the documents they are.

CREATE TABLE centre.source (
  code     text PRIMARY KEY,
  verified boolean NOT NULL DEFAULT false,
  personal boolean NOT NULL DEFAULT true,
  note     text
);
COMMENT ON TABLE centre.source IS 'who sends reports';
COMMENT ON COLUMN centre.source.verified IS 'reports of this source count towards thresholds even when their subject is not registered as verified';
COMMENT ON COLUMN centre.source.personal IS 'reports are about persons; false for official aggregates';

CREATE TABLE centre.batch (
  batch_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source    text NOT NULL REFERENCES centre.source,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at timestamptz,
  report    jsonb
);
COMMENT ON TABLE centre.batch IS 'a group of landed payloads applied together; report holds the counts of the last apply and survives restarts';

CREATE TABLE centre.landing (
  landing_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL REFERENCES centre.source,
  form        text NOT NULL DEFAULT '',
  format      text NOT NULL CHECK (format IN ('json', 'csv')),
  payload     bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  received_by text NOT NULL DEFAULT session_user,
  batch_id    bigint REFERENCES centre.batch
);
CREATE INDEX landing_batch_idx ON centre.landing (batch_id);
CREATE INDEX landing_waiting_idx ON centre.landing (source) WHERE batch_id IS NULL;
COMMENT ON TABLE centre.landing IS 'payloads as received bytes: nothing is refused for its content; a JSON payload is an object or an array of objects, a CSV payload has a header line';
COMMENT ON COLUMN centre.landing.received_at IS 'set by the server; ingesting roles cannot write it';

CREATE TABLE centre.document (
  document_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL REFERENCES centre.source,
  doc_key     text NOT NULL,
  version     numeric NOT NULL,
  content_hash bytea NOT NULL,
  deleted     boolean NOT NULL DEFAULT false,
  first_day   date,
  last_day    date,
  landing_id  bigint REFERENCES centre.landing ON DELETE SET NULL,
  UNIQUE (source, doc_key)
);
COMMENT ON TABLE centre.document IS
  'one row per source document, holding its winning version: the greatest version, and of two with the same number the greater content hash, whatever the order they came in';
COMMENT ON COLUMN centre.document.first_day IS 'first and last day of the document''s observations: where to look for them when the document is replaced';
