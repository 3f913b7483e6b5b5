-- Policies: versions of a ruleset with the life-cycle that leads to deciding about people.

CREATE TABLE centre.access_setting (
  only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  policy_code     text,
  notice          interval NOT NULL DEFAULT '48 hours' CHECK (notice >= '0'),
  max_loss        float8 NOT NULL DEFAULT 0.05 CHECK (max_loss BETWEEN 0 AND 1),
  impact_max_age  interval NOT NULL DEFAULT '24 hours' CHECK (impact_max_age > '0'),
  max_override    interval NOT NULL DEFAULT '14 days' CHECK (max_override > '0'),
  appeal_due      interval NOT NULL DEFAULT '24 hours' CHECK (appeal_due > '0'),
  appeal_escalate interval NOT NULL DEFAULT '3 days' CHECK (appeal_escalate >= appeal_due)
);
COMMENT ON TABLE centre.access_setting IS 'settings of access codes, one row';
COMMENT ON COLUMN centre.access_setting.policy_code IS 'the policy that decides the codes of workers; null: none are decided';
COMMENT ON COLUMN centre.access_setting.notice IS 'time between approval and effect of a policy, unless it is an emergency';
COMMENT ON COLUMN centre.access_setting.max_loss IS 'share of green workers that a version may turn red or grey without the approver acknowledging it';
COMMENT ON COLUMN centre.access_setting.impact_max_age IS 'how old the impact may be that an approver relies on';
COMMENT ON COLUMN centre.access_setting.max_override IS 'the longest an override may last';
COMMENT ON COLUMN centre.access_setting.appeal_due IS 'within this time an appeal is to be answered';
COMMENT ON COLUMN centre.access_setting.appeal_escalate IS 'after this time an appeal that is not answered is escalated';
INSERT INTO centre.access_setting DEFAULT VALUES;

CREATE TABLE centre.policy (
  ruleset_id  integer PRIMARY KEY REFERENCES centre.ruleset,
  code        text NOT NULL,
  status      text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'tested', 'approved', 'live', 'retired')),
  valid       tstzrange CHECK (NOT isempty(valid)),
  shadow      boolean NOT NULL DEFAULT false,
  author      name NOT NULL DEFAULT session_user,
  approver    name,
  approved_at timestamptz,
  emergency   text CHECK (emergency <> ''),
  acknowledged boolean NOT NULL DEFAULT false,
  CHECK (approver <> author),
  CHECK (status NOT IN ('approved', 'live') OR num_nulls(valid, approver, approved_at) = 0),
  CHECK (status NOT IN ('draft', 'tested') OR num_nonnulls(valid, approver, approved_at) = 0),
  CONSTRAINT policy_one_in_force EXCLUDE USING gist (code WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.policy IS 'versions of a policy, each a ruleset: draft, tested, approved, live, retired; at any instant one version of a code is in force at most';
COMMENT ON COLUMN centre.policy.valid IS 'when it is in force; null before approval, and when it was withdrawn before it came into force';
COMMENT ON COLUMN centre.policy.shadow IS 'its impact is assessed twice a day beside the version in force';
COMMENT ON COLUMN centre.policy.author IS 'login that wrote this version; another one approves it';
COMMENT ON COLUMN centre.policy.emergency IS 'why it came into force without notice; null where it did not';
COMMENT ON COLUMN centre.policy.acknowledged IS 'the approver saw that it turns more workers than max_loss red or grey, and approved it';

CREATE TABLE centre.policy_event (
  event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ruleset_id  integer NOT NULL REFERENCES centre.policy,
  happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  login       name NOT NULL DEFAULT session_user,
  action      text NOT NULL CHECK (action IN ('drafted', 'revised', 'tested', 'assessed', 'approved', 'emergency', 'withdrawn', 'live', 'retired', 'shadow', 'broken')),
  note        text
);
CREATE INDEX policy_event_ruleset_idx ON centre.policy_event (ruleset_id, event_id);
COMMENT ON TABLE centre.policy_event IS 'what was done to a version, by which login and why; only ever appended';

CREATE TABLE centre.policy_impact (
  ruleset_id   integer NOT NULL REFERENCES centre.policy,
  against_id   integer NOT NULL REFERENCES centre.policy,
  assessed_at  timestamptz NOT NULL,
  sector       text,
  dormitory_id integer,
  reason       text,
  old_colour   text NOT NULL,
  new_colour   text NOT NULL,
  workers      bigint NOT NULL
);
CREATE INDEX policy_impact_idx ON centre.policy_impact (ruleset_id, against_id, assessed_at);
COMMENT ON TABLE centre.policy_impact IS 'transition matrices: how many workers a version turns from which colour to which, against the version in force, at the time of assessment';
COMMENT ON COLUMN centre.policy_impact.reason IS 'main reason under the new version (a rule''s id); null where it finds nothing';
