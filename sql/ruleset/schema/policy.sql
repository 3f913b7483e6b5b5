-- The life-cycle of rulesets that two persons put in force: versions of a policy, and what was done to each.

CREATE TABLE centre.policy_setting (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  notice   interval NOT NULL DEFAULT '48 hours' CHECK (notice >= '0')
);
COMMENT ON TABLE centre.policy_setting IS 'settings of policies, one row; it is locked by whoever changes which version is in force, or decides by it';
COMMENT ON COLUMN centre.policy_setting.notice IS 'time between approval and effect of a policy, unless it is an emergency';
INSERT INTO centre.policy_setting DEFAULT VALUES;

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
  accepted_loss float8 NOT NULL DEFAULT 0 CHECK (accepted_loss >= 0),
  accepted_changes jsonb NOT NULL DEFAULT '{}',
  accepted_aged jsonb NOT NULL DEFAULT '{}',
  CHECK (approver <> author),
  CHECK (status NOT IN ('approved', 'live') OR num_nulls(valid, approver, approved_at) = 0),
  CHECK (status NOT IN ('draft', 'tested') OR num_nonnulls(valid, approver, approved_at) = 0),
  CONSTRAINT policy_one_in_force EXCLUDE USING gist (code WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.policy IS 'versions of what decides, each a ruleset: of access codes, service levels, or any other kind; draft, tested, approved, live, retired; at any instant one version of a code is in force at most';
COMMENT ON COLUMN centre.policy.valid IS 'when it is in force; null before approval, and when it was withdrawn before it came into force';
COMMENT ON COLUMN centre.policy.shadow IS 'its impact is assessed twice a day beside the version in force';
COMMENT ON COLUMN centre.policy.author IS 'login that wrote this version; another one approves it';
COMMENT ON COLUMN centre.policy.emergency IS 'why it came into force without notice; null where it did not';
COMMENT ON COLUMN centre.policy.acknowledged IS 'the approver saw what it takes away (of access codes: that it changes the colour of more workers than max_loss), and approved it';
COMMENT ON COLUMN centre.policy.accepted_loss IS 'the worst loss that was known when the approver acknowledged it, as a share; 0 where nothing was acknowledged';
COMMENT ON COLUMN centre.policy.accepted_changes IS 'the greatest change in each direction that was known when the approver acknowledged it, {direction: share}; empty where nothing was acknowledged';
COMMENT ON COLUMN centre.policy.accepted_aged IS 'the same with what facts that nobody renews would do behind the start, when they are older';

CREATE TABLE centre.policy_event (
  event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ruleset_id  integer NOT NULL REFERENCES centre.policy,
  happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  login       name NOT NULL DEFAULT session_user,
  action      text NOT NULL CHECK (action IN ('drafted', 'revised', 'tested', 'assessed', 'approved', 'emergency', 'withdrawn', 'returned', 'held', 'live', 'retired', 'shadow', 'broken')),
  note        text
);
CREATE INDEX policy_event_ruleset_idx ON centre.policy_event (ruleset_id, event_id);
COMMENT ON TABLE centre.policy_event IS 'what was done to a version, by which login and why; only ever appended';
