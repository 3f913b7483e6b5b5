-- Rulesets in force and the policy that decides, as the command centre reads them.

CREATE VIEW dash.ruleset WITH (security_barrier) AS
  WITH known AS (
    SELECT r.ruleset_id, r.code, r.source, r.sha256, CASE WHEN p.ruleset_id IS NULL THEN r.valid ELSE p.valid END AS valid
    FROM centre.ruleset r LEFT JOIN centre.policy p USING (ruleset_id))
  SELECT dash.fenced(k.code) AS code, k.source, lower(k.valid) AS valid_from, upper(k.valid) AS valid_until, left(encode(k.sha256, 'hex'), 12) AS sha256,
         k.valid @> now() AND k.ruleset_id = max(k.ruleset_id) FILTER (WHERE k.valid @> now()) OVER (PARTITION BY dash.fenced(k.code)) AS in_force
  FROM known k
  -- a version that nobody approved, or that was withdrawn, is not in force at any time
  WHERE k.valid IS NOT NULL;
COMMENT ON VIEW dash.ruleset IS 'rulesets, and versions of policies once they are approved, with the standard or law they state, the time they are in force (null where open), the beginning of their sha256, and whether they are in force now';

CREATE VIEW dash.policy_state WITH (security_barrier) AS
  SELECT v.policy_code AS policy, t.ruleset_id AS version, t.reevaluated_at AS "time"
  FROM centre.access_setting v CROSS JOIN centre.access_state t
  WHERE v.policy_code IS NOT NULL AND EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.policy_state IS
  'the policy that decides access codes, the version by which they were last decided (null: none was in force, or it cannot decide; codes stay until they run out), and when; for the command centre only';

CREATE VIEW centre.figure_access AS
  SELECT 'undecided' AS code, (SELECT count(*) FROM centre.access_setting v CROSS JOIN centre.access_state t WHERE v.policy_code IS NOT NULL AND t.ruleset_id IS NULL)::float8 AS value,
         'policies' AS unit, NULL::timestamptz AS "time";
COMMENT ON VIEW centre.figure_access IS 'figures of centre.health(): policies that are to decide access codes and do not';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_access') ON CONFLICT DO NOTHING;
