-- Passbooks of offices: the publisher's rows against counting by hand, and the released statement.
SET search_path = tap, public, pg_catalog, civic;
SELECT plan(9);
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'F', 'test');
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'f', 'a'), (2, 'f', 'b');
INSERT INTO centre.subject (subject_id, verified) SELECT i, i <> 120 FROM generate_series(1, 120) i;
INSERT INTO centre.official (subject_id, ministry, department, designation, valid) SELECT i, CASE WHEN i % 2 = 0 THEN 'M' ELSE 'N' END, CASE WHEN i % 3 = 0 THEN 'X' ELSE 'Y' END, 'Z', '[2020-01-01,)' FROM generate_series(1, 120) i;
-- everybody holds a at 2 from January, gains 1 in May, and one half loses it all, by revocation in M and expiry in N, on the last day of May; one person has b
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, revoked, credential) SELECT i, 1, 2, 'assessed', '2026-01-10', CASE WHEN i % 4 < 2 THEN '2026-05-31'::date END, 'a' FROM generate_series(1, 120) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential) SELECT i, 1, 3, 'assessed', '2026-05-05', CASE WHEN i % 4 = 1 THEN '2026-05-31'::date END, CASE WHEN i % 4 = 0 THEN '2026-05-31'::date END, 'b' FROM generate_series(1, 120) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (7, 2, 5, 'assessed', '2026-05-05', 'c');
SELECT results_eq($$SELECT ministry, entry, count(*) FROM centre.passbook_entry_row WHERE competency = 'f / a' AND day >= '2026-05-01' AND verified GROUP BY 1, 2 ORDER BY 1, 2$$,
  $$VALUES ('M', 'credit', 59::bigint), ('M', 'revocation', 29), ('N', 'credit', 60), ('N', 'expiry', 30)$$, 'entries by hand');
SELECT centre.refresh_official_competencies(1000, '2026-04-30') \gset
SELECT results_eq($$SELECT ministry, sum(levels) FROM centre.passbook_balance_row WHERE verified GROUP BY 1 ORDER BY 1$$, $$VALUES ('M', 118::numeric), ('N', 120)$$, 'balance by hand');
CALL centre.publish('passbook_balance', '2026-04-01');
SELECT centre.refresh_official_competencies(1000, '2026-05-31') \gset
CALL centre.publish('passbook_balance', '2026-05-01');
CALL centre.publish('passbook_entries', '2026-05-01');
SELECT results_eq($$SELECT competency, opening_levels, gained, expired, revoked, closing_levels, reason FROM dash.passbook('2026-05', 'M') WHERE competency = 'f / a'$$,
  $$VALUES ('f / a', 118::float8, 59::float8, 0::float8, 29::float8, 90::float8, NULL)$$, 'a ministry''s statement: what began, what came and went, what is left');
SELECT results_eq($$SELECT opening_levels, closing_levels, gained FROM dash.passbook('2026-05') WHERE competency = 'f / a'$$, $$VALUES (238::float8, 180::float8, 119::float8)$$, 'and one for all');
SELECT is((SELECT count(*) FROM dash.passbook('2026-05', 'M / X') WHERE competency = 'f / a'), 1::bigint, 'a department has one too');
SELECT is((SELECT count(*) FROM dash.released_row WHERE members[2] = 'f / b' AND value IS NOT NULL), 0::bigint, 'what one person alone has is shown nowhere');
SELECT isnt((SELECT reason FROM dash.passbook('2026-05') WHERE competency = 'f / b'), NULL, 'with a reason');
SELECT is((SELECT reason FROM dash.passbook('2026-06') WHERE competency = 'f / a'), dash.label_of('reason', 'not_published', 'en'), 'a month that is not published says so');
GRANT USAGE ON SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;
SELECT is((SELECT count(*) FROM dash.passbook('2026-05', 'M', 'en')), (SELECT count(*) FROM dash.passbook('2026-05', 'M')), 'readers read it');
RESET ROLE;
SELECT * FROM finish();
