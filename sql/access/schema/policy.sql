-- Settings of access codes.

CREATE TABLE centre.access_setting (
  only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  policy_code     text,
  max_loss        float8 NOT NULL DEFAULT 0.05 CHECK (max_loss BETWEEN 0 AND 1),
  impact_max_age  interval NOT NULL DEFAULT '24 hours' CHECK (impact_max_age > '0'),
  horizon         interval NOT NULL DEFAULT '30 days' CHECK (horizon >= '0'),
  impact_turns    integer NOT NULL DEFAULT 2000 CHECK (impact_turns >= 2),
  impact_instants integer NOT NULL DEFAULT 12 CHECK (impact_instants >= 2),
  max_jump        interval NOT NULL DEFAULT '7 days' CHECK (max_jump > '0'),
  max_override    interval NOT NULL DEFAULT '14 days' CHECK (max_override > '0'),
  appeal_due      interval NOT NULL DEFAULT '24 hours' CHECK (appeal_due > '0'),
  appeal_escalate interval NOT NULL DEFAULT '3 days' CHECK (appeal_escalate >= appeal_due)
);
COMMENT ON TABLE centre.access_setting IS 'settings of access codes, one row';
COMMENT ON COLUMN centre.access_setting.policy_code IS 'the policy that decides the codes of workers; null: none are decided';
COMMENT ON COLUMN centre.access_setting.max_loss IS 'share of workers whose colour a version may change in any direction (centre.change_direction) without the approver acknowledging it, or beyond what he acknowledged';
COMMENT ON COLUMN centre.access_setting.impact_max_age IS 'how old the impact may be that an approver relies on';
COMMENT ON COLUMN centre.access_setting.horizon IS 'how far behind now and the start of a version its dates are looked for and its impact is assessed';
COMMENT ON COLUMN centre.access_setting.impact_turns IS 'at how many instants at most a panel of workers is looked at; a version that turns more often within the horizon must be acknowledged';
COMMENT ON COLUMN centre.access_setting.impact_instants IS 'at how many of them at most everybody is counted: now, at the start, and where the panel changes most; the worst of each direction is always';
COMMENT ON COLUMN centre.access_setting.max_jump IS 'by how much the clock of a re-evaluation may be ahead of the one before; more takes centre.reset_clock()';
COMMENT ON COLUMN centre.access_setting.max_override IS 'the longest an override may last';
COMMENT ON COLUMN centre.access_setting.appeal_due IS 'within this time an appeal is to be answered';
COMMENT ON COLUMN centre.access_setting.appeal_escalate IS 'after this time an appeal that is not answered is escalated';
INSERT INTO centre.access_setting DEFAULT VALUES;
