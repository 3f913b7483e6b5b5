-- The facts that access rulesets read: one flat row for each worker, and who waits to be decided again.

CREATE TABLE centre.worker_fact (
  worker_id            bigint PRIMARY KEY,
  employer_id          integer,
  dormitory_id         integer,
  area_id              integer,
  language             text,
  -- what kind of worker
  sector               text,
  in_dormitory         boolean,
  vulnerable           boolean,
  app_registered       boolean,
  -- work
  approved_from        timestamptz,
  approved_until       timestamptz,
  non_compliant_until  timestamptz,
  -- residency
  dormitory_cleared_at timestamptz,
  block_cleared_at     timestamptz,
  address_conflict     boolean,
  address_stale        boolean,
  -- health
  movement_until       timestamptz,
  medical_leave_until  timestamptz,
  last_swab_at         timestamptz,
  last_swab_result     text,
  last_negative_at     timestamptz,
  previous_negative_at timestamptz,
  last_rapid_at        timestamptz,
  last_rapid_result    text,
  last_rapid_verified  boolean,
  first_positive_at    timestamptz,
  recovered_at         timestamptz,
  doses                integer,
  fully_vaccinated_at  timestamptz,
  contact_at           timestamptz,
  risk_area_at         timestamptz,
  -- when the feeds behind it were last heard
  work_feed_at         timestamptz,
  residency_feed_at    timestamptz,
  health_feed_at       timestamptz
);
COMMENT ON TABLE centre.worker_fact IS
  'what is known of each worker now, one column a fact, kept by centre.refresh_worker_facts(); the rulesets of access codes read these columns by name. Null means not known or never happened: each ruleset declares which';
COMMENT ON COLUMN centre.worker_fact.worker_id IS 'the person''s subject_id (centre.pseudonym)';
COMMENT ON COLUMN centre.worker_fact.last_swab_at IS 'time of sampling of the latest laboratory test, whatever its result';
COMMENT ON COLUMN centre.worker_fact.last_swab_result IS 'negative, positive, pending, inconclusive or missed';
COMMENT ON COLUMN centre.worker_fact.previous_negative_at IS 'time of sampling of the latest negative laboratory test at least 24 hours before last_negative_at';
COMMENT ON COLUMN centre.worker_fact.last_rapid_verified IS 'false when the worker uploaded the rapid test himself and nobody supervised it';
COMMENT ON COLUMN centre.worker_fact.first_positive_at IS 'time of sampling of the first positive laboratory test of the latest episode';
COMMENT ON COLUMN centre.worker_fact.movement_until IS 'end of a quarantine, isolation or movement restriction order in force; infinity without an end';
COMMENT ON COLUMN centre.worker_fact.address_conflict IS 'the sources in force name different places; null when none names any';
COMMENT ON COLUMN centre.worker_fact.health_feed_at IS 'time of the latest feed on health; with the others the age of facts, so that a silent agency is seen';

CREATE TABLE centre.worker_change (
  change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  worker_id  bigint NOT NULL,
  cause      text NOT NULL CHECK (cause IN ('fact', 'location', 'override', 'feed'))
);
CREATE INDEX worker_change_worker_idx ON centre.worker_change (worker_id);
COMMENT ON TABLE centre.worker_change IS 'workers whose facts changed since they were last decided; appended with the facts in one transaction, taken by centre.reevaluate()';
