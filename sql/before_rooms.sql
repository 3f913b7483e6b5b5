-- Tables that were made before there were rooms, brought to the form that their schema files have.
CREATE TABLE centre.policy_setting (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  notice   interval NOT NULL DEFAULT '48 hours' CHECK (notice >= '0')
);
COMMENT ON TABLE centre.policy_setting IS 'settings of policies, one row; it is locked by whoever changes which version is in force, or decides by it';
COMMENT ON COLUMN centre.policy_setting.notice IS 'time between approval and effect of a policy, unless it is an emergency';
INSERT INTO centre.policy_setting (notice) SELECT notice FROM centre.access_setting;
ALTER TABLE centre.access_setting DROP COLUMN notice,
  ADD COLUMN horizon interval NOT NULL DEFAULT '30 days' CHECK (horizon >= '0'),
  ADD COLUMN impact_turns integer NOT NULL DEFAULT 2000 CHECK (impact_turns >= 2),
  ADD COLUMN impact_instants integer NOT NULL DEFAULT 12 CHECK (impact_instants >= 2),
  ADD COLUMN max_jump interval NOT NULL DEFAULT '7 days' CHECK (max_jump > '0');
ALTER TABLE centre.policy ADD COLUMN accepted_loss float8 NOT NULL DEFAULT 0 CHECK (accepted_loss >= 0), ADD COLUMN accepted_changes jsonb NOT NULL DEFAULT '{}', ADD COLUMN accepted_aged jsonb NOT NULL DEFAULT '{}';
ALTER TABLE centre.policy_event DROP CONSTRAINT policy_event_action_check, ADD CONSTRAINT policy_event_action_check
  CHECK (action IN ('drafted', 'revised', 'tested', 'assessed', 'approved', 'emergency', 'withdrawn', 'returned', 'held', 'live', 'retired', 'shadow', 'broken'));
-- what was assessed then says nothing of the dates inside a version: assess anew
DROP TABLE centre.policy_impact;
