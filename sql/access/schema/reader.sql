-- Who reads about workers: what each kind of reader is told, sector leads, and the log of gates.

CREATE TABLE centre.reader_detail (
  reader      text NOT NULL CHECK (reader IN ('employer', 'dormitory')),
  part        text NOT NULL CHECK (part <> ''),
  sees_reason boolean NOT NULL,
  PRIMARY KEY (reader, part)
);
COMMENT ON TABLE centre.reader_detail IS 'which parts of a worker''s to-do list, or other groups of rules, employers and dormitory operators see; without a row not even that there is something to do';
COMMENT ON COLUMN centre.reader_detail.sees_reason IS 'also why, by which rule and for what reason, not only what to do';
INSERT INTO centre.reader_detail VALUES ('employer', 'work', true), ('employer', 'residency', true), ('employer', 'health', false), ('dormitory', 'residency', true), ('dormitory', 'health', false),
  ('employer', 'app', true), ('dormitory', 'app', true);

CREATE TABLE centre.sector_lead (
  sector text PRIMARY KEY,
  agency text NOT NULL REFERENCES centre.agency
);
COMMENT ON TABLE centre.sector_lead IS 'which agency leads a sector: its whitelists are that agency''s approvals';

CREATE TABLE centre.gate_log (
  checked_at timestamptz NOT NULL,
  login      name NOT NULL,
  worker_id  bigint,
  colour     text NOT NULL
) PARTITION BY RANGE (checked_at);
CREATE TABLE centre.gate_log_other PARTITION OF centre.gate_log DEFAULT;
-- No index and no partition: a check appends one row here, and tick() carries the rows on.
CREATE TABLE centre.gate_inbox (
  checked_at timestamptz NOT NULL,
  login      name NOT NULL DEFAULT session_user,
  worker_id  bigint,
  colour     text NOT NULL,
  check_id   bigint GENERATED ALWAYS AS IDENTITY
);
COMMENT ON TABLE centre.gate_log IS 'checks at gates: when, by which login, whom, and the colour shown; one partition a month (UTC), kept as long as centre.retention says. Those since the last tick() wait in centre.gate_inbox';
COMMENT ON TABLE centre.gate_inbox IS 'checks at gates that tick() has yet to carry into centre.gate_log. A crash of the server may lose those of the last moment (three times wal_writer_delay): checks do not wait for the disk';
COMMENT ON TABLE centre.gate_log_other IS 'checks of months that have no partition yet; centre.ensure_partitions() moves them';
COMMENT ON COLUMN centre.gate_log.worker_id IS 'null where the number is no valid pass';

CREATE INDEX worker_fact_employer_idx ON centre.worker_fact (employer_id);
CREATE INDEX worker_fact_dormitory_idx ON centre.worker_fact (dormitory_id) WHERE dormitory_id IS NOT NULL;
CREATE INDEX worker_fact_sector_idx ON centre.worker_fact (sector);

-- Nobody who is not named in a policy sees a row; the owner does.
ALTER TABLE centre.worker ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.work_pass ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.worker_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.location ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.location_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.access ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.access_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.appeal ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.decision_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.gate_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.gate_log_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE centre.gate_inbox ENABLE ROW LEVEL SECURITY;

INSERT INTO centre.dataset (code, relation, flow) VALUES ('access', 'centre.access_status', 'stock');
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES
  ('access', 'sector', 'column', '{sector}'), ('access', 'dormitory', 'column', '{dormitory}'), ('access', 'reason', 'column', '{reason}'), ('access', 'colour', 'column', '{colour}'),
  ('access', 'employer_size', 'column', '{employer_size}'), ('access', 'due', 'column', '{due}');
UPDATE centre.dimension SET approval = true WHERE dataset = 'access' AND name IN ('dormitory', 'reason', 'colour', 'due');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('employer_size', '1', 'en', '1 to 9 workers'), ('employer_size', '10', 'en', '10 to 49 workers'), ('employer_size', '50', 'en', '50 to 249 workers'), ('employer_size', '250', 'en', '250 workers and more'),
  ('due', 'day', 'en', 'within 24 hours'), ('due', 'week', 'en', 'within 7 days'), ('due', 'later', 'en', 'later'), ('due', 'never', 'en', 'not by time alone');
