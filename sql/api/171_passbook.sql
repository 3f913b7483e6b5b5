-- Passbooks of departments and ministries: the publisher's rows, and the released statement.

CREATE VIEW centre.passbook_entry_row AS
  SELECT p.subject_id, p.day, s.verified, o.ministry, o.ministry || ' / ' || o.department AS department, c.framework || ' / ' || c.code AS competency,
         p.entry
  FROM centre.passbook_entry p JOIN centre.subject s USING (subject_id) JOIN centre.competency c USING (competency_id)
  JOIN centre.official o ON o.subject_id = p.subject_id AND o.valid @> p.day
  WHERE p.level_after <> p.level_before;
COMMENT ON VIEW centre.passbook_entry_row IS 'entries that changed a level, with the office held that day: the relation behind centre.dataset passbook_entry; for the publisher only';

CREATE VIEW centre.passbook_balance_row AS
  SELECT k.subject_id, k.as_of AS day, s.verified, o.ministry, o.ministry || ' / ' || o.department AS department, c.framework || ' / ' || c.code AS competency,
         e.level::numeric AS levels
  FROM centre.official_competency k JOIN centre.subject s USING (subject_id) JOIN centre.official o ON o.subject_id = k.subject_id AND o.valid @> k.as_of
  CROSS JOIN LATERAL civic.each(k.own) AS e JOIN centre.competency c ON c.competency_id = e.competency;
COMMENT ON VIEW centre.passbook_balance_row IS 'levels proved now, with the office held: the relation behind centre.dataset passbook_balance; for the publisher only';

GRANT SELECT ON centre.passbook_entry_row, centre.passbook_balance_row TO civic_publisher;

CREATE FUNCTION dash.passbook(in_month text, office text DEFAULT NULL, lang text DEFAULT 'en')
RETURNS TABLE ("time" timestamptz, competency text, opening_levels float8, gained float8, expired float8, revoked float8, closing_levels float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH month AS (SELECT lower(dash.period($1)) AS first, (lower(dash.period($1)) - interval '1 month')::date AS before),
  said AS (
    SELECT r.members[2] AS competency, CASE r.cube WHEN 'passbook_entries' THEN r.members[3] WHEN 'passbook_balance' THEN CASE r.period_start WHEN m.first THEN 'closing' ELSE 'opening' END END AS item,
           r.value, r.reason
    FROM month m JOIN dash.released_row r ON r.cube = 'passbook_entries' AND r.period_start = m.first OR r.cube = 'passbook_balance' AND r.period_start IN (m.first, m.before)
    WHERE r.measure = CASE r.cube WHEN 'passbook_balance' THEN 'levels' ELSE 'subjects' END AND r.members[1] = ANY (CASE WHEN $2 IS NULL THEN '{*total*}'::text[] ELSE ARRAY['ministry=' || $2, 'department=' || $2] END)),
  -- a combination without a row is a nought where there is a release, and not known where there is none
  published AS (
    SELECT m.first, EXISTS (SELECT FROM dash.release l WHERE l.cube = 'passbook_entries' AND l.period_start = m.first) AS entries,
           EXISTS (SELECT FROM dash.release l WHERE l.cube = 'passbook_balance' AND l.period_start = m.first) AS closing,
           EXISTS (SELECT FROM dash.release l WHERE l.cube = 'passbook_balance' AND l.period_start = m.before) AS opening
    FROM month m),
  line AS (
    SELECT s.competency, jsonb_object_agg(s.item, s.value) AS v, max(s.reason) AS reason FROM said s GROUP BY s.competency)
  SELECT p.first::timestamp AT TIME ZONE z.reporting_zone, dash.label_of('competency', l.competency, $3),
         CASE WHEN l.v ? 'opening' THEN (l.v ->> 'opening')::float8 WHEN p.opening THEN 0 END, CASE WHEN l.v ? 'credit' THEN (l.v ->> 'credit')::float8 WHEN p.entries THEN 0 END,
         CASE WHEN l.v ? 'expiry' THEN (l.v ->> 'expiry')::float8 WHEN p.entries THEN 0 END, CASE WHEN l.v ? 'revocation' THEN (l.v ->> 'revocation')::float8 WHEN p.entries THEN 0 END,
         CASE WHEN l.v ? 'closing' THEN (l.v ->> 'closing')::float8 WHEN p.closing THEN 0 END,
         dash.label_of('reason', coalesce(l.reason, CASE WHEN NOT (p.opening AND p.entries AND p.closing) THEN 'not_published' END), $3)
  FROM line l CROSS JOIN published p CROSS JOIN dash.site z ORDER BY l.competency;
END;
COMMENT ON FUNCTION dash.passbook(text, text, text) IS
  'released passbook of a ministry (its name), a department (ministry / department) or of all (null) for a month such as 2026-10: levels proved when it began and when it ended (the balances published for the month before and for this one), and how many officials gained by credits, lost by expiries and by revocations; null with a reason where withheld or not published. Entries are persons, not levels, so that nothing withheld is the difference of what is shown';
