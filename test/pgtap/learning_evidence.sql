-- Evidence: what it is worth, the set kept per official, the passbook, and who may see whose.
SET search_path = tap, public, pg_catalog, civic;
SELECT plan(30);
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test'), ('g', 'Another', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, CASE WHEN i <= 20 THEN 'f' ELSE 'g' END, 'C' || i FROM generate_series(1, 30) i;
INSERT INTO centre.competency_link (competency_id, target_id, kind, level_loss) SELECT i, i + 10, 'broader', 1 FROM generate_series(1, 10) i;
INSERT INTO centre.subject (subject_id) SELECT generate_series(1, 400);
DELETE FROM centre.evidence_policy;
INSERT INTO centre.evidence_policy VALUES ('assessed', '*', '(,)', 15, 8), ('institute', '*', '(,)', 15, 6), ('platform', '*', '(,2024-01-01)', 15, 4), ('platform', '*', '[2024-01-01,)', 3, 5),
  ('self_declared', '*', '(,)', 2, 1), ('self_declared', 'g', '(,)', 0, 1);
SELECT throws_ok($$INSERT INTO centre.evidence_policy VALUES ('platform', '*', '[2025-01-01,)', 2, 2)$$, '23P01', NULL, 'one policy a day');

-- a person by hand
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential) VALUES
  (1, 1, 4, 'platform', '2023-05-01', '2025-05-01', NULL, 'a'), (1, 1, 5, 'platform', '2024-02-01', NULL, NULL, 'b'), (1, 1, 5, 'self_declared', '2023-01-01', NULL, NULL, 'c'),
  (1, 2, 3, 'assessed', '2023-01-01', NULL, '2024-06-01', 'd'), (1, 25, 3, 'self_declared', '2023-01-01', NULL, NULL, 'e'), (1, 3, 2, 'institute', '2023-01-01', NULL, '2023-01-01', 'f');
CREATE FUNCTION tap.on(subject bigint, day date) RETURNS text LANGUAGE sql AS $$ SELECT format('%s | %s | %s | %s', held, own, lapsed, next_change) FROM centre.competencies_on($2, ARRAY[$1]) $$;
SELECT is(tap.on(1, '2022-12-31'), ' |  |  | 2023-01-01', 'before the first day nothing');
SELECT is(tap.on(1, '2023-01-01'), '1:2,2:3*8,11:1,12:2*8 | 1:2,2:3*8 |  | 2023-05-01', 'a declaration counts for as much as its policy says, in another framework for nothing; a credential revoked at once never counts');
SELECT is(tap.on(1, '2024-03-01'), '1:4*4,2:3*8,11:3*4,12:2*8 | 1:4*4,2:3*8 |  | 2024-06-01', 'evidence is worth what the policy of its day of issue says');
SELECT is(tap.on(1, '2025-05-01'), '1:3*5,11:2*5 | 1:3*5 | 1:4 | ', 'expiry leaves the next best, and what lapsed is known; what was revoked is not');

-- many people at random, against counting day by day
SELECT setseed(0.7) \gset
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential)
  SELECT s, c, 1 + (random() * 4)::int, (ARRAY['assessed', 'institute', 'platform', 'self_declared'])[1 + (random() * 3)::int], d, CASE WHEN random() < 0.5 THEN d + 1 + (random() * 500)::int END,
         CASE WHEN random() < 0.2 THEN d + (random() * 500)::int END, 'x' || n
  FROM generate_series(1, 4000) n, LATERAL (SELECT 2 + (random() * 300)::int AS s, 1 + (random() * 29)::int AS c, '2023-01-01'::date + (random() * 700)::int AS d WHERE n > 0) x;
CREATE FUNCTION tap.own_by_hand(subject bigint, day date) RETURNS civic.competency_set LANGUAGE sql AS $$
  SELECT coalesce(civic.competency_agg(competency_id, level), '') FROM (
    SELECT competency_id, least(e.level::int, CASE source WHEN 'self_declared' THEN CASE WHEN competency_id > 20 THEN 0 ELSE 2 END WHEN 'platform' THEN CASE WHEN issued < '2024-01-01' THEN 15 ELSE 3 END ELSE 15 END) AS level
    FROM centre.evidence e WHERE subject_id = $1 AND issued <= $2 AND coalesce(expires, 'infinity') > $2 AND coalesce(revoked, 'infinity') > $2) x
$$;
CREATE FUNCTION tap.levels(s civic.competency_set) RETURNS civic.competency_set LANGUAGE sql AS $$ SELECT civic.competency_set(civic.competency_ids(s), civic.competency_levels(s)) $$;
CREATE TEMP TABLE probe AS SELECT 1 + (i * 7) % 300 AS s, '2022-12-25'::date + (random() * 1000)::int AS d FROM generate_series(1, 120) i;
SELECT is_empty($$SELECT s, d FROM probe LEFT JOIN LATERAL centre.competencies_on(d, ARRAY[s::bigint]) c ON true WHERE tap.levels(coalesce(c.own, '')) <> tap.own_by_hand(s, d)$$, 'own levels are those counted by hand');
SELECT is_empty($$SELECT s, d FROM probe, LATERAL centre.competencies_on(d, ARRAY[s::bigint]) c WHERE tap.levels(c.held) <> tap.levels(centre.expand(c.own))$$, 'held is own, widened');
SELECT is_empty($$SELECT s, d FROM probe, LATERAL centre.competencies_on(d, ARRAY[s::bigint]) c, LATERAL centre.competencies_on(coalesce(c.next_change - 1, '2030-01-01'), ARRAY[s::bigint]) n WHERE (n.held, n.own, n.lapsed) <> (c.held, c.own, c.lapsed)$$,
  'nothing changes before the next change');

-- the set per official
SELECT cmp_ok(centre.refresh_official_competencies(1000, '2024-01-15'), '>', 250, 'those with evidence are worked out');
SELECT is(centre.refresh_official_competencies(1000, '2024-01-15'), 0, 'once');
CREATE FUNCTION tap.wrong_on(date) RETURNS SETOF bigint LANGUAGE sql AS $$
  SELECT coalesce(c.subject_id, o.subject_id) FROM centre.competencies_on($1) c FULL JOIN centre.official_competency o USING (subject_id)
  WHERE (c.held, c.own, c.lapsed, c.next_change) IS DISTINCT FROM (o.held, o.own, o.lapsed, o.next_change) AND (c.subject_id IS NOT NULL OR o.held <> '')
$$;
SELECT is_empty($$SELECT tap.wrong_on('2024-01-15')$$, 'and are what the evidence says');
SELECT cmp_ok(centre.refresh_official_competencies(1000, '2024-03-15'), '>', 0, 'as days pass, those with a change due are worked out');
SELECT is_empty($$SELECT tap.wrong_on('2024-03-15')$$, 'and all are right on that day');
UPDATE centre.evidence SET revoked = '2024-03-10' WHERE subject_id = 20 AND coalesce(revoked, '2025-01-01') > '2024-03-10' AND issued <= '2024-03-10';
DELETE FROM centre.evidence WHERE subject_id = 21;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (399, 4, 5, 'assessed', '2024-01-01', 'n');
SELECT is((SELECT count(*) FROM (SELECT DISTINCT subject_id FROM centre.evidence_change) x), 3::bigint, 'a change marks whom it concerns');
SELECT is(centre.refresh_official_competencies(1, '2024-03-15'), 1, 'a change at a time');
SELECT is(centre.refresh_official_competencies(5, '2024-03-15'), 3, 'or more, and one who is marked twice may be worked out twice');
SELECT is_empty($$SELECT tap.wrong_on('2024-03-15')$$, 'evidence revoked, deleted and added is in');
INSERT INTO centre.competency_link VALUES (4, 30, 'broader', 2);
SELECT centre.refresh_official_competencies(1000, '2024-03-15') \gset
SELECT is((SELECT held FROM centre.official_competency WHERE subject_id = 399), '4:5*8,14:4*8,30:3*8', 'a new link reaches those who hold it');
UPDATE centre.evidence_policy SET max_level = 2 WHERE source = 'assessed';
SELECT centre.refresh_official_competencies(1000, '2024-03-15') \gset
SELECT is((SELECT own FROM centre.official_competency WHERE subject_id = 399), '4:2*8', 'and so does a corrected policy');
UPDATE centre.evidence_policy SET max_level = 15 WHERE source = 'assessed';

-- passbook
SELECT results_eq($$SELECT day, entry, competency_id, level_before::int, level_after::int, source, stated_level::int FROM centre.passbook(1, '2023-05-01', '2025-12-31')$$, $$VALUES
  ('2023-05-01'::date, 'opening balance', 1, NULL::int, 2::int, NULL, NULL::int), ('2023-05-01', 'opening balance', 2, NULL, 3, NULL, NULL),
  ('2023-05-01', 'credit', 1, 2, 4, 'platform', 4), ('2024-02-01', 'credit', 1, 4, 4, 'platform', 5), ('2024-06-01', 'revocation', 2, 3, 0, 'assessed', 3), ('2025-05-01', 'expiry', 1, 4, 3, 'platform', 4),
  ('2025-12-31', 'closing balance', 1, NULL, 3, NULL, NULL)$$, 'a passbook by hand');
SELECT is_empty($$SELECT s, d FROM probe, LATERAL (SELECT coalesce(civic.competency_agg(competency_id, level_after), '') AS closing FROM centre.passbook(s, d - 100, d) WHERE entry = 'closing balance') p
  WHERE closing <> (SELECT coalesce((SELECT tap.levels(own) FROM centre.competencies_on(d, ARRAY[s::bigint])), ''))$$, 'it closes with what is held on the day');
SELECT is_empty($$SELECT s, d FROM probe, LATERAL (SELECT coalesce(civic.competency_agg(competency_id, level_after) FILTER (WHERE entry = 'opening balance'), '') AS opening FROM centre.passbook(s, d, d + 30)) p
  WHERE opening <> (SELECT coalesce((SELECT tap.levels(own) FROM centre.competencies_on(d - 1, ARRAY[s::bigint])), ''))$$, 'and opens with what was held the day before');
SELECT is_empty($$WITH p AS (SELECT s, d, b.*, row_number() OVER (PARTITION BY s, d, competency_id ORDER BY entry_no) AS n, lag(level_after) OVER (PARTITION BY s, d, competency_id ORDER BY entry_no) AS was
    FROM probe, LATERAL centre.passbook(s, d - 200, d) b)
  SELECT * FROM p WHERE level_before IS NOT NULL AND level_before <> coalesce(was, 0) OR entry = 'closing balance' AND level_after IS DISTINCT FROM was$$, 'each line goes on from the last');

-- who may see whose
CREATE ROLE tap_boss LOGIN IN ROLE civic_hr; CREATE ROLE tap_other LOGIN IN ROLE civic_hr; CREATE ROLE tap_nobody LOGIN IN ROLE civic_hr;
INSERT INTO centre.official (subject_id, ministry, department, designation, manager_id, valid)
  SELECT i, 'M', 'D', 'X', CASE WHEN i = 1 THEN NULL WHEN i <= 10 THEN 1 WHEN i <= 50 THEN 2 ELSE 200 END, CASE WHEN i = 40 THEN '[2000-01-01,2001-01-01)' ELSE '[2000-01-01,)' END::daterange FROM generate_series(1, 199) i;
INSERT INTO centre.hr_login VALUES ('tap_boss', 1), ('tap_other', 200);
SELECT centre.refresh_official_competencies(1000, '2024-03-15') \gset
GRANT ALL ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC; GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.seen() RETURNS text LANGUAGE sql AS $$ SELECT format('%s %s %s', (SELECT count(*) FROM centre.official), (SELECT count(DISTINCT subject_id) FROM centre.evidence WHERE subject_id < 200),
  (SELECT count(*) FROM centre.official_competency)) $$;
SET SESSION AUTHORIZATION tap_boss;
SELECT is((SELECT count(*) || ' ' || min(subject_id) || ' ' || max(subject_id) FROM centre.official), '48 2 50', 'a manager sees the line of today, without himself and those who left');
SELECT is((SELECT count(*) FROM centre.official_competency WHERE subject_id NOT BETWEEN 2 AND 50 OR subject_id = 40) + (SELECT count(*) FROM centre.evidence WHERE subject_id NOT BETWEEN 2 AND 50 OR subject_id = 40), 0::bigint,
  'and nobody else''s competencies or evidence');
SELECT results_eq($$SELECT (SELECT count(*) FROM centre.passbook(100, '2023-01-01', '2025-01-01')), (SELECT count(*) > 0 FROM centre.passbook(5, '2023-01-01', '2025-01-01')), (SELECT count(*) FROM centre.credited_evidence WHERE subject_id > 50)$$,
  $$VALUES (0::bigint, true, 0::bigint)$$, 'passbook and views keep to it');
SELECT throws_ok($$SELECT * FROM centre.hr_login$$, '42501', NULL, 'logins are not to be read');
SELECT throws_ok($$UPDATE centre.evidence SET level = 5$$, '42501', NULL, 'nor evidence written');
SET ROLE civic_hr;
SELECT is((SELECT count(*) FROM centre.official), 48::bigint, 'whatever role is set, the login decides');
RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION tap_nobody;
SELECT is((SELECT count(*) FROM centre.official) + (SELECT count(*) FROM centre.evidence) + (SELECT count(*) FROM centre.official_competency), 0::bigint, 'a login that is nobody sees nobody');
RESET SESSION AUTHORIZATION;
SELECT * FROM finish();
DROP OWNED BY tap_boss, tap_other, tap_nobody; DROP ROLE tap_boss, tap_other, tap_nobody;
