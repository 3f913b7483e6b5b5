-- The impact of policies that would decide access codes, assessed before they are approved.

CREATE TABLE centre.policy_assessment (
  assessment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ruleset_id    integer NOT NULL REFERENCES centre.policy,
  made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  sha256        bytea NOT NULL,
  starts_at     timestamptz NOT NULL,
  covers        timestamptz NOT NULL,
  line          integer[] NOT NULL,
  fact_mark     bigint NOT NULL,
  complete      boolean NOT NULL,
  beyond        timestamptz[] NOT NULL DEFAULT '{}',
  later_at      timestamptz,
  later_rule    text,
  later_colour  text,
  later_fails   boolean,
  later_share   float8
);
CREATE INDEX policy_assessment_ruleset_idx ON centre.policy_assessment (ruleset_id, assessment_id);
COMMENT ON TABLE centre.policy_assessment IS 'each time the impact of a version was assessed: with which text, against what, on which facts, for which time; only the latest made counts';
COMMENT ON COLUMN centre.policy_assessment.sha256 IS 'of the text that was assessed';
COMMENT ON COLUMN centre.policy_assessment.starts_at IS 'the start that was assumed';
COMMENT ON COLUMN centre.policy_assessment.covers IS 'until when dates of the version were looked for; it says nothing of a later start';
COMMENT ON COLUMN centre.policy_assessment.line IS 'the versions that were in force or planned within that time';
COMMENT ON COLUMN centre.policy_assessment.fact_mark IS 'number of the latest row of centre.worker_change then: how many came since says how old the facts are';
COMMENT ON COLUMN centre.policy_assessment.complete IS 'all instants within that time at which the version, or those it is compared with, turn were looked at';
COMMENT ON COLUMN centre.policy_assessment.beyond IS 'dates that the version names behind that time: what it does then nobody has counted';
COMMENT ON COLUMN centre.policy_assessment.later_at IS 'where a rule turns for most workers behind that time, by the dates of facts that nobody renews, estimated from the panel (centre.look_beyond); null where none does for more than max_loss of them beyond what it does before';
COMMENT ON COLUMN centre.policy_assessment.later_rule IS 'that rule; null where no rule tells it';
COMMENT ON COLUMN centre.policy_assessment.later_colour IS 'where an outcome itself asks for facts, and no rule: the colour to which it turns workers that have another by the version before';
COMMENT ON COLUMN centre.policy_assessment.later_fails IS 'true: it fails, or is not decided, where it does not by the version before; false: the other way round; null without a rule';
COMMENT ON COLUMN centre.policy_assessment.later_share IS 'for which share of the workers';

CREATE TABLE centre.policy_impact (
  assessment_id bigint NOT NULL REFERENCES centre.policy_assessment ON DELETE CASCADE,
  at            timestamptz NOT NULL,
  fresh         boolean NOT NULL,
  aged          boolean NOT NULL,
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
COMMENT ON COLUMN centre.policy_impact.at IS 'instant that was assessed';
COMMENT ON COLUMN centre.policy_impact.fresh IS 'as if every feed had just been heard: silence, which turns all codes grey, hides what a version does';
COMMENT ON COLUMN centre.policy_impact.aged IS 'on the facts as they are, which nobody renews, so that they are older then; else as old then as they were when it was made, as if people went on being tested';
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
INSERT INTO centre.retention (relation, place, person, erasure) VALUES ('policy_example', 49, 'worker_id', 'delete');
