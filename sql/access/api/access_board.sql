-- Access codes on boards: released counts side by side, the effect of a policy before its approval, the age of feeds.

CREATE FUNCTION dash.access_codes(of_cube text, lang text DEFAULT 'en')
RETURNS TABLE ("time" timestamptz, member text, workers float8, green float8, yellow float8, red float8, grey float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  -- of the boards' own cubes everybody knows: one without a release has a reason, whoever asks
  SELECT dash.check_cube(CASE WHEN $1 <> ALL ('{access_by_sector,access_by_size,access_by_dormitory,access_by_due}') THEN $1 END), dash.check_lang($2);
  WITH cell AS (
    SELECT r.dims[1] AS dim, r.period_start, r.members[1] AS code, r.members[2] AS colour, r.value::float8 AS value, r.reason, r.status = 'held' AS held
    FROM dash.released_row r
    WHERE r.cube = $1 AND r.dims[2] = 'colour' AND r.period_end = (SELECT max(l.period_end) FROM dash.release l WHERE l.cube = $1)),
  wide AS (
    SELECT c.period_start, c.code, max(c.value) FILTER (WHERE c.colour = '*total*') AS workers, coalesce(max(c.reason), CASE WHEN bool_or(c.held) THEN 'held' END) AS reason,
           -- a colour without a row is a nought, one with a reason is not known
           CASE WHEN count(c.reason) FILTER (WHERE c.colour = 'green') = 0 THEN coalesce(max(c.value) FILTER (WHERE c.colour = 'green'), 0) END AS green,
           CASE WHEN count(c.reason) FILTER (WHERE c.colour = 'yellow') = 0 THEN coalesce(max(c.value) FILTER (WHERE c.colour = 'yellow'), 0) END AS yellow,
           CASE WHEN count(c.reason) FILTER (WHERE c.colour = 'red') = 0 THEN coalesce(max(c.value) FILTER (WHERE c.colour = 'red'), 0) END AS red,
           CASE WHEN count(c.reason) FILTER (WHERE c.colour = 'grey') = 0 THEN coalesce(max(c.value) FILTER (WHERE c.colour = 'grey'), 0) END AS grey
    FROM cell c GROUP BY c.period_start, c.code)
  SELECT w.period_start::timestamp AT TIME ZONE s.reporting_zone, CASE WHEN w.code <> '*total*' THEN coalesce(n.label, w.code) END, w.workers,
         w.green / nullif(w.workers, 0), w.yellow / nullif(w.workers, 0), w.red / nullif(w.workers, 0), w.grey / nullif(w.workers, 0), y.label
  FROM wide w CROSS JOIN dash.site s
  -- labels are joined, for there may be a thousand dormitories
  LEFT JOIN dash.labels_of((SELECT min(c.dim) FROM cell c), $2) AS n ON n.code = w.code
  LEFT JOIN dash.labels_of('reason', $2) AS y ON y.code = w.reason
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, dash.label_of('reason', 'never_published', $2) WHERE NOT EXISTS (SELECT FROM cell)
  ORDER BY 2;
END;
COMMENT ON FUNCTION dash.access_codes(text, text) IS
  'released codes of workers from the latest release of a cube whose second dimension is the colour: workers, and the share of each colour among them, by member of the first dimension (null for all); a share is null where it, or the number of workers, is withheld, and reason says why, or that one of the values is of an earlier release. Of the cubes that the board reads (access_by_sector, access_by_size, access_by_dormitory, access_by_due) one that is not published has one row that says so';

CREATE FUNCTION dash.access_reasons(lang text DEFAULT 'en', of_cube text DEFAULT 'access_by_reason')
RETURNS TABLE ("time" timestamptz, code text, member text, colour text, workers float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_lang($1), dash.check_cube(nullif($2, 'access_by_reason'));  -- its own cube need not be published yet
  WITH newest AS (SELECT max(l.period_end) AS until FROM dash.release l WHERE l.cube = $2)
  SELECT r.period_start::timestamp AT TIME ZONE s.reporting_zone, r.members[1], dash.member_label(r.dataset, r.dims[1], r.members[1], $1),
         dash.member_label(r.dataset, r.dims[2], r.members[2], $1), r.value::float8, dash.label_of('reason', coalesce(r.reason, CASE r.status WHEN 'held' THEN 'held' END), $1)
  FROM dash.released_row r CROSS JOIN dash.site s
  WHERE r.cube = $2 AND r.dims[2] = 'colour' AND r.members[1] <> '*total*' AND r.members[2] <> '*total*'
    AND r.period_end = (SELECT n.until FROM newest n)
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, dash.label_of('reason', 'never_published', $1) FROM newest n WHERE n.until IS NULL
  ORDER BY 5 DESC NULLS LAST, 2, 4;
END;
COMMENT ON FUNCTION dash.access_reasons(text, text) IS 'released number of workers by main reason (a rule''s id) and colour, from the latest release; null with a reason where withheld, a value with one where it is of an earlier release, one row with a reason where nothing is published';

CREATE FUNCTION dash.green_fall() RETURNS TABLE ("time" timestamptz, share float8, share_before float8, fall float8, held boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH share AS (
    SELECT r.period_start, (max(r.value) FILTER (WHERE r.members[2] = 'green') / nullif(max(r.value) FILTER (WHERE r.members[2] = '*total*'), 0))::float8 AS green,
           bool_or(r.status = 'held') FILTER (WHERE r.members[2] IN ('green', '*total*')) AS held
    FROM dash.released_row r WHERE r.cube = 'access_by_sector' AND r.members[1] = '*total*'
    GROUP BY r.period_start ORDER BY r.period_start DESC LIMIT 2)
  SELECT max(h.period_start)::timestamp AT TIME ZONE max(s.reporting_zone), max(h.green) FILTER (WHERE h.n = 1), max(h.green) FILTER (WHERE h.n = 2),
         CASE WHEN NOT bool_or(h.held) THEN max(h.green) FILTER (WHERE h.n = 2) - max(h.green) FILTER (WHERE h.n = 1) END, bool_or(h.held)
  FROM (SELECT row_number() OVER (ORDER BY w.period_start DESC) AS n, w.* FROM share w) AS h CROSS JOIN dash.site s
  HAVING count(*) > 0;
END;
COMMENT ON FUNCTION dash.green_fall() IS 'share of green workers in the last two releases of the cube access_by_sector, and by how much it fell; null where withheld or where there is no release before. held: one of the counts is of an earlier release, the change since then being withheld, so that no fall is read from it';

-- Assessments follow one another and stand beside released counts, so exact ones would tell of single workers by subtraction: counts are rounded to
-- the k of the command centre, where a transition has fewer none is shown, and a per cent only where it is k workers or more.
CREATE VIEW dash.policy_effect WITH (security_barrier) AS
  WITH newest AS (
    -- the instant at which most is lost, or else changes
    SELECT DISTINCT ON (v.ruleset_id) v.ruleset_id, v.assessment_id, v.made_at, v.at, v.fresh, v.aged, v.against_id FROM centre.policy_summary v
    WHERE v.assessment_id IN (SELECT max(a.assessment_id) FROM centre.policy_assessment a GROUP BY a.ruleset_id) ORDER BY v.ruleset_id, greatest(v.loss, v.undetermined) DESC, v.change DESC, v.at),
  cell AS (
    SELECT n.ruleset_id, n.made_at, i.old_colour, i.new_colour, sum(i.workers) AS workers FROM newest n JOIN centre.policy_impact i USING (assessment_id, at, fresh, aged, against_id)
    GROUP BY n.ruleset_id, n.made_at, i.old_colour, i.new_colour),
  safe AS (
    SELECT c.ruleset_id, max(u.k) AS k, min(c.workers) >= max(u.k) AS shown, sum(c.workers) FILTER (WHERE c.old_colour = 'green') AS green,
           coalesce(sum(c.workers) FILTER (WHERE c.old_colour = 'green' AND c.new_colour IN ('red', 'grey')), 0) AS lost
    FROM cell c CROSS JOIN centre.audience u WHERE u.code = 'centre' GROUP BY c.ruleset_id)
  SELECT p.code AS policy, p.ruleset_id AS version, p.status, c.made_at AS "time", c.old_colour, c.new_colour, CASE WHEN s.shown THEN (round(c.workers / s.k) * s.k)::float8 END AS workers,
         CASE WHEN s.green >= 100 * s.k THEN round(s.lost / s.green, 2)::float8 END AS share_lost, CASE WHEN NOT s.shown THEN 'suppressed' END AS reason
  FROM cell c JOIN safe s USING (ruleset_id) JOIN centre.policy p USING (ruleset_id)
  WHERE EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.policy_effect IS
  'how many workers, to the nearest multiple of the command centre''s k, each version of a policy turned from which colour to which when it was last assessed, at the instant at which it takes most, against the version in force without it, and the share of green ones it took, in whole per cents; '
  'counts are null with a reason for the whole version where a transition has fewer workers than k, the share where a per cent of the green ones is fewer than k. For the command centre only';

CREATE VIEW dash.feed WITH (security_barrier) AS
  SELECT f.agency, a.name AS agency_name, f.kind, f.required, f.heard_at, f.issued_at, extract(epoch FROM now() - f.heard_at)::float8 AS age,
         (SELECT count(*)::integer FROM centre.feed_refusal r WHERE r.agency = f.agency AND r.kind = f.kind) AS refused
  FROM centre.feed f JOIN centre.agency a ON a.code = f.agency
  WHERE EXISTS (SELECT FROM dash.audience u WHERE u.code = 'centre');
COMMENT ON VIEW dash.feed IS 'the feeds of the agencies: when each was last heard, its age in seconds, rows refused; for the command centre only';
