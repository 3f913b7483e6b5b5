-- The passbook in its owner's hands: objections, and who else may read it.

CREATE TABLE centre.objection (
  objection_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id    bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  evidence_id   bigint REFERENCES centre.evidence ON DELETE CASCADE,
  competency_id integer NOT NULL REFERENCES centre.competency,
  statement     text NOT NULL CHECK (length(statement) BETWEEN 1 AND 2000),
  made_at       timestamptz NOT NULL DEFAULT now(),
  outcome       text CHECK (outcome IN ('upheld', 'refused')),
  finding       text CHECK (length(finding) <= 2000),
  decided_by    name,
  decided_at    timestamptz,
  CHECK (num_nulls(outcome, decided_by, decided_at) IN (0, 3))
);
CREATE INDEX objection_subject_idx ON centre.objection (subject_id);
CREATE INDEX objection_evidence_idx ON centre.objection (evidence_id);
ALTER TABLE centre.objection ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.objection IS 'what officials say against entries of their passbooks, and what is missing there';
COMMENT ON COLUMN centre.objection.evidence_id IS 'the entry objected to; null: a correction, something is missing';
COMMENT ON COLUMN centre.objection.outcome IS 'upheld: the entry was revoked, or the correction will come as evidence of its source; refused; null: not decided';
COMMENT ON COLUMN centre.objection.decided_by IS 'login of the manager who decided';

CREATE TABLE centre.passbook_reader (
  grant_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id   bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  reader_id    bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE CHECK (reader_id <> subject_id),
  granted_at   timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz CHECK (withdrawn_at >= granted_at)
);
CREATE UNIQUE INDEX passbook_reader_now_idx ON centre.passbook_reader (subject_id, reader_id) WHERE withdrawn_at IS NULL;
CREATE INDEX passbook_reader_reader_idx ON centre.passbook_reader (reader_id);
ALTER TABLE centre.passbook_reader ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.passbook_reader IS 'to whom beside their line officials have shown their passbooks, from when until when: rows are never deleted, so that this is its own log';
COMMENT ON COLUMN centre.passbook_reader.reader_id IS 'the official who may read';

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES
  ('objection', 58, 'subject_id', 'delete', 'made_at', 'delete', '{}'),
  ('passbook_reader', 59, 'subject_id', 'delete', 'withdrawn_at', 'delete', '{}');
