-- Settings of access codes, and the impact of policies that would decide them, assessed before they are approved.

CREATE TABLE centre.access_setting (
  only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  policy_code     text,
  max_loss        float8 NOT NULL DEFAULT 0.05 CHECK (max_loss BETWEEN 0 AND 1),
  impact_max_age  interval NOT NULL DEFAULT '24 hours' CHECK (impact_max_age > '0'),
  horizon         interval NOT NULL DEFAULT '30 days' CHECK (horizon >= '0'),
  impact_instants integer NOT NULL DEFAULT 12 CHECK (impact_instants >= 2),
  max_jump        interval NOT NULL DEFAULT '7 days' CHECK (max_jump > '0'),
  max_override    interval NOT NULL DEFAULT '14 days' CHECK (max_override > '0'),
  appeal_due      interval NOT NULL DEFAULT '24 hours' CHECK (appeal_due > '0'),
  appeal_escalate interval NOT NULL DEFAULT '3 days' CHECK (appeal_escalate >= appeal_due)
);
COMMENT ON TABLE centre.access_setting IS 'settings of access codes, one row';
COMMENT ON COLUMN centre.access_setting.policy_code IS 'the policy that decides the codes of workers; null: none are decided';
COMMENT ON COLUMN centre.access_setting.max_loss IS 'share of green workers that a version may turn red or grey without the approver acknowledging it, or beyond what he acknowledged';
COMMENT ON COLUMN centre.access_setting.impact_max_age IS 'how old the impact may be that an approver relies on';
COMMENT ON COLUMN centre.access_setting.horizon IS 'how far behind now and the start of a version its dates are looked for and its impact is assessed';
COMMENT ON COLUMN centre.access_setting.impact_instants IS 'at how many instants at most; a version with more dates within the horizon must be acknowledged';
COMMENT ON COLUMN centre.access_setting.max_jump IS 'by how much the clock of a re-evaluation may be ahead of the one before; more takes centre.reset_clock()';
COMMENT ON COLUMN centre.access_setting.max_override IS 'the longest an override may last';
COMMENT ON COLUMN centre.access_setting.appeal_due IS 'within this time an appeal is to be answered';
COMMENT ON COLUMN centre.access_setting.appeal_escalate IS 'after this time an appeal that is not answered is escalated';
INSERT INTO centre.access_setting DEFAULT VALUES;

CREATE TABLE centre.policy_assessment (
  assessment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ruleset_id    integer NOT NULL REFERENCES centre.policy,
  made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  sha256        bytea NOT NULL,
  starts_at     timestamptz NOT NULL,
  covers        timestamptz NOT NULL,
  line          integer[] NOT NULL,
  fact_mark     bigint NOT NULL,
  complete      boolean NOT NULL
);
CREATE INDEX policy_assessment_ruleset_idx ON centre.policy_assessment (ruleset_id, assessment_id);
COMMENT ON TABLE centre.policy_assessment IS 'each time the impact of a version was assessed: with which text, against what, on which facts, for which time; only the latest made counts';
COMMENT ON COLUMN centre.policy_assessment.sha256 IS 'of the text that was assessed';
COMMENT ON COLUMN centre.policy_assessment.starts_at IS 'the start that was assumed';
COMMENT ON COLUMN centre.policy_assessment.covers IS 'until when dates of the version were looked for; it says nothing of a later start';
COMMENT ON COLUMN centre.policy_assessment.line IS 'the versions that were in force or planned within that time';
COMMENT ON COLUMN centre.policy_assessment.fact_mark IS 'number of the latest row of centre.worker_change then: how many came since says how old the facts are';
COMMENT ON COLUMN centre.policy_assessment.complete IS 'all dates of the version within that time were assessed';

CREATE TABLE centre.policy_impact (
  assessment_id bigint NOT NULL REFERENCES centre.policy_assessment ON DELETE CASCADE,
  at            timestamptz NOT NULL,
  fresh         boolean NOT NULL,
  against_id    integer NOT NULL REFERENCES centre.policy,
  sector        text,
  dormitory_id  integer,
  reason        text,
  old_colour    text NOT NULL,
  new_colour    text NOT NULL,
  workers       bigint NOT NULL
);
CREATE INDEX policy_impact_idx ON centre.policy_impact (assessment_id, at);
COMMENT ON TABLE centre.policy_impact IS 'transition matrices: how many workers a version turns from which colour to which, against the one that would be in force, at each instant of an assessment';
COMMENT ON COLUMN centre.policy_impact.at IS 'instant that was assessed, with the facts as old then as they were when it was made';
COMMENT ON COLUMN centre.policy_impact.fresh IS 'as if every feed had just been heard: silence, which turns all codes grey, hides what a version does';
COMMENT ON COLUMN centre.policy_impact.reason IS 'main reason under the new version (a rule''s id); null where it finds nothing';

CREATE TABLE centre.policy_example (
  assessment_id bigint NOT NULL REFERENCES centre.policy_assessment ON DELETE CASCADE,
  place         integer NOT NULL,
  worker_id     bigint NOT NULL,
  sector        text,
  dormitory_id  integer,
  at            timestamptz NOT NULL,
  reason        text,
  old_colour    text NOT NULL,
  new_colour    text NOT NULL,
  PRIMARY KEY (assessment_id, place)
);
CREATE INDEX policy_example_worker_idx ON centre.policy_example (worker_id);
COMMENT ON TABLE centre.policy_example IS 'ten workers of each assessment who turn from green to red or grey; read through centre.policy_examples(), which tells approvers not who they are';
