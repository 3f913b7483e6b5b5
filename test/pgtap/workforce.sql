-- Feeds of agencies and the facts made of them: against a brute-force oracle, in any order, and never behind.
SET search_path = tap, public, pg_catalog;
\set long ''
\getenv long LONG
SELECT (:'long' = '1') AS is_long \gset
SELECT plan(39 + (:'long' = '1')::int);
INSERT INTO centre.agency_login SELECT session_user, code FROM centre.agency;

-- feed(agency, kind, rows): as the role that may; gives changed rows
CREATE FUNCTION tap.feed(of_agency text, of_kind text, docs jsonb, as_of timestamptz DEFAULT '2021-06-01 00:00+00') RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  report jsonb;
BEGIN
  SET LOCAL ROLE civic_ticker;
  CALL centre.feed_apply(of_agency, of_kind, docs, as_of, report);
  RESET ROLE;
  RETURN report;
END
$$;
GRANT USAGE ON SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.refresh(clock timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  looked bigint := 0;
  n bigint;
BEGIN
  SET LOCAL ROLE civic_ticker;
  LOOP
    n := centre.refresh_worker_facts(17, clock);
    EXIT WHEN n = 0;
    looked := looked + n;
  END LOOP;
  RESET ROLE;
  RETURN looked;
END
$$;

-- ---- feeds ----
SELECT is(tap.feed('labour', 'worker', '[{"source_key": "S1", "issued_at": "2021-01-02T00:00:00Z", "employer": "E1", "language": "bn"}]'), '{"changed": 1, "refused": 0, "received": 1}', 'a worker comes, with the code of an employer not heard of yet');
SELECT is(tap.feed('labour', 'worker', '[{"source_key": "S1", "issued_at": "2021-01-02T00:00:00Z", "employer": "E1", "language": "bn"}]') ->> 'changed', '0', 'the same feed again changes nothing');
SELECT is(tap.feed('labour', 'worker', '[{"source_key": "S1", "issued_at": "2021-01-01T00:00:00Z", "employer": "E2", "language": "ta"}]') ->> 'changed', '0', 'nor does an earlier version that comes later');
SELECT is(tap.feed('immigration', 'worker', '[{"source_key": "S1", "issued_at": "2021-01-03T00:00:00Z", "employer": "E2", "language": "ta"}, {"source_key": "S1", "issued_at": "2021-01-04T00:00:00Z", "employer": "E2", "language": "zh"}]') ->> 'changed', '1', 'of two versions in one feed the later counts');
SELECT results_eq('SELECT w.language, e.code FROM centre.worker w JOIN centre.employer e USING (employer_id)', $$VALUES ('zh', 'E2')$$, 'and is stored');
SELECT is(tap.feed('labour', 'employer', '[{"source_key": "E2", "issued_at": "2021-01-01T00:00:00Z", "name": "Beta", "sector": "marine"}]') ->> 'changed', '1', 'the employer''s own row fills what was a code');
SELECT results_eq($$SELECT name FROM centre.employer WHERE code = 'E2'$$, ARRAY['Beta'], 'under the same number');
CREATE TEMP TABLE numbers AS SELECT pg_sequence_last_value(pg_get_serial_sequence('centre.employer', 'employer_id')) AS before;
SELECT tap.feed('labour', 'employer', (SELECT jsonb_agg('{"source_key": "E2", "issued_at": "2021-01-01T00:00:00Z", "name": "Beta", "sector": "marine"}'::jsonb) FROM generate_series(1, 50)));
SELECT tap.feed('labour', 'employer', '[{"source_key": "E3", "issued_at": "2021-01-01T00:00:00Z"}]');
SELECT is((SELECT employer_id FROM centre.employer WHERE code = 'E3'), (SELECT before::integer + 1 FROM numbers), 'repeated feeds use up no numbers');
SELECT throws_ok($$SELECT tap.feed('trade', 'test_result', '[]')$$, 'P0002', NULL, 'an agency sends only what is declared');
SELECT throws_ok($$SELECT tap.feed('labour', 'worker', '{}')$$, '22023', NULL, 'a feed is an array');
-- two versions with one time of issue: the same wins whichever comes first
SELECT tap.feed('labour', 'employer', '[{"source_key": "T1", "issued_at": "2021-01-01T00:00:00Z", "name": "one"}]');
SELECT tap.feed('labour', 'employer', '[{"source_key": "T1", "issued_at": "2021-01-01T00:00:00Z", "name": "two"}]');
SELECT tap.feed('labour', 'employer', '[{"source_key": "T2", "issued_at": "2021-01-01T00:00:00Z", "name": "two"}]');
SELECT tap.feed('labour', 'employer', '[{"source_key": "T2", "issued_at": "2021-01-01T00:00:00Z", "name": "one"}]');
SELECT is((SELECT name FROM centre.employer WHERE code = 'T1'), (SELECT name FROM centre.employer WHERE code = 'T2'), 'ties do not depend on the order of arrival');

-- every fault is named; a sound later version clears it
SELECT is(tap.feed('laboratory', 'test_result', '[
  {"source_key": "f1", "issued_at": "2021-01-01T00:00:00Z", "worker": "S1", "type": "saliva", "sampled_at": "2021-01-01T00:00:00Z", "result": "negative", "verified": "yes"},
  {"source_key": "f2", "issued_at": "2021-01-01T00:00:00Z", "worker": "S1", "type": "pcr", "sampled_at": "2021-01-05T00:00:00Z", "result": "negative", "verified": "perhaps"},
  {"source_key": "f3", "issued_at": "2021-13-01T00:00:00Z", "type": "pcr", "sampled_at": "31 December", "result": "negative", "verified": "yes"},
  {"source_key": "f4", "issued_at": "2099-01-01T00:00:00Z", "withdrawn": "true"},
  {"issued_at": "2021-01-01T00:00:00Z", "withdrawn": "perhaps"}, 7]') ->> 'refused', '6', 'unsound rows are refused one by one');
SELECT set_eq($$SELECT source_key, code, field FROM centre.feed_refusal WHERE source_key !~ '^sha256'$$, $$VALUES ('f1', 'I103', 'type'), ('f2', 'I201', 'sampled_at'), ('f2', 'I102', 'verified'),
  ('f3', 'I203', 'issued_at'), ('f3', 'I101', 'worker'), ('f3', 'I102', 'sampled_at'), ('f4', 'I201', 'issued_at')$$, 'with every reason');
SELECT is((SELECT count(DISTINCT source_key) FROM centre.feed_refusal WHERE source_key ~ '^sha256' AND code IN ('I003', 'I102')), 2::bigint, 'also those without a key');
SELECT tap.feed('laboratory', 'test_result', '[{"source_key": "f1", "issued_at": "2021-01-02T00:00:00Z", "worker": "S1", "type": "pcr", "sampled_at": "2021-01-01T00:00:00Z", "result": "negative", "verified": "yes"}]');
SELECT is_empty($$SELECT 1 FROM centre.feed_refusal WHERE source_key = 'f1'$$, 'a sound version clears the refusal');
SELECT tap.feed('laboratory', 'test_result', '[{"source_key": "f1", "issued_at": "2021-01-01T00:00:00Z", "worker": "S1", "type": "saliva", "sampled_at": "2021-01-01T00:00:00Z", "result": "negative", "verified": "yes"}]');
SELECT is_empty($$SELECT 1 FROM centre.feed_refusal WHERE source_key = 'f1'$$, 'and the unsound one that comes after it leaves none');
SELECT tap.feed('labour', 'worker', '[{"source_key": "SECRET-ID", "issued_at": "never"}]');
SELECT is_empty($$SELECT 1 FROM centre.feed_refusal WHERE source_key LIKE '%SECRET%' OR value LIKE '%SECRET%'$$, 'the identity of a person is not kept in a refusal');
SELECT is(tap.feed('labour', 'employer', jsonb_build_array(jsonb_build_object('source_key', repeat('E', 6000), 'issued_at', '2021-01-01'), jsonb_build_object('source_key', 'long', 'issued_at', '2021-01-01', 'name', repeat('n', 9000)),
  jsonb_build_object('source_key', 'beside', 'issued_at', '2021-01-01'))) - 'changed', '{"received": 3, "refused": 2}'::jsonb, 'keys and rows that are too long are refused, and the one beside them taken');
SELECT is(tap.feed('labour', 'worker', jsonb_build_array(jsonb_build_object('source_key', 'L1', 'issued_at', '2021-01-01', 'employer', repeat('E', 6000)))) ->> 'refused', '1', 'also where they only refer to something');
DELETE FROM centre.agency_login WHERE agency = 'health';
SELECT throws_ok($$SELECT tap.feed('health', 'vaccination', '[]')$$, '42501', NULL, 'a login hands in no feed of an agency it does not speak for');
INSERT INTO centre.agency_login SELECT session_user, 'health';
CREATE TEMP TABLE staged AS SELECT 'B' || i AS source_key, '2021-01-01T00:00:00Z' AS issued_at, 'x' AS name FROM generate_series(1, 3) i;
GRANT SELECT ON staged TO civic_ticker;
SET ROLE civic_ticker; CALL centre.feed_apply('labour', 'employer', 'pg_temp.staged'::regclass, '2021-06-01', NULL); RESET ROLE;
SELECT is((SELECT count(*) FROM centre.employer WHERE code ~ '^B\d'), 3::bigint, 'a staging table serves as a feed');

-- ---- random statements, in any order ----
TRUNCATE centre.worker, centre.test_result; DELETE FROM centre.fact_mark; DELETE FROM centre.worker_change;
CREATE TABLE tap.said (n serial, agency text, kind text, key text, issued_at timestamptz, doc jsonb);
CREATE FUNCTION tap.at(from_day int, to_day int) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT to_char(timestamp '2021-03-01' + (from_day * 24 + floor(random() * (to_day - from_day) * 24)) * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
SELECT setseed(0.25);
-- up to three versions of each key; the times of issue differ.  LONG=1: twice as many of what is said of workers
INSERT INTO tap.said (agency, kind, key, issued_at, doc)
SELECT k.agency, k.kind, k.key || i, x.issued_at, jsonb_strip_nulls(d.doc) || jsonb_build_object('source_key', k.key || i, 'issued_at', to_char(x.issued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    || CASE WHEN v > 1 AND random() < 0.2 THEN '{"withdrawn": true}'::jsonb ELSE '{}' END
FROM (VALUES ('labour', 'employer', 'E', 4), ('labour', 'premises', 'P', 5), ('labour', 'block', 'K', 6), ('labour', 'room', 'R', 12), ('labour', 'worker', 'W', 40),
   ('building', 'approval', 'a', 60), ('labour', 'non_compliance', 'n', 15), ('digital', 'app_registration', 'g', 40), ('health', 'vulnerability', 'v', 20),
   ('laboratory', 'test_result', 't', 200), ('digital', 'test_result', 'u', 60), ('health', 'vaccination', 'd', 70), ('health', 'recovery', 'r', 25), ('health', 'movement_order', 'o', 50),
   ('health', 'exposure', 'x', 30), ('digital', 'location_claim', 'c', 120), ('labour', 'location_claim', 'l', 80)) AS k (agency, kind, key, many)
CROSS JOIN LATERAL generate_series(1, CASE WHEN :'long' = '1' OR k.kind IN ('employer', 'premises', 'block', 'room', 'worker') THEN k.many ELSE k.many / 2 END) AS i CROSS JOIN LATERAL generate_series(1, 1 + (i * 7 + k.many) % 3) AS v
CROSS JOIN LATERAL (SELECT timestamptz '2021-05-20 00:00+00' + (v * 1000 + (i % 100)) * interval '1 minute' AS issued_at) AS x
CROSS JOIN LATERAL (SELECT 'W' || 1 + floor(random() * 40 + i * 0) AS worker, 'E' || 1 + floor(random() * 4 + v * 0) AS employer, 'P' || 1 + floor(random() * 5 + i * 0) AS premises,
   (ARRAY['construction', 'marine'])[1 + floor(random() * 2 + i * 0)] AS sector, floor(random() * 4 + i * 0) AS which) AS r
CROSS JOIN LATERAL (SELECT CASE k.kind
  WHEN 'employer' THEN jsonb_build_object('name', 'n' || v, 'sector', r.sector)
  WHEN 'premises' THEN jsonb_build_object('kind', CASE WHEN i <= 3 THEN 'dormitory' ELSE 'facility' END, 'cleared_at', CASE WHEN random() < 0.7 THEN tap.at(0, 90) END)
  WHEN 'block' THEN jsonb_build_object('premises', 'P' || 1 + i % 3, 'block', 'ABC', 'cleared_at', CASE WHEN random() < 0.7 THEN tap.at(0, 90) END)
  WHEN 'room' THEN jsonb_build_object('premises', r.premises, 'block', CASE WHEN random() < 0.7 THEN 'ABC' END)
  WHEN 'worker' THEN jsonb_build_object('employer', r.employer, 'site', CASE WHEN random() < 0.3 THEN r.premises END, 'language', (ARRAY['bn', 'ta', 'zh'])[1 + floor(random() * 3)])
  WHEN 'approval' THEN CASE r.which WHEN 0 THEN jsonb_build_object('employer', r.employer) WHEN 1 THEN jsonb_build_object('sector', r.sector) WHEN 2 THEN jsonb_build_object('premises', r.premises)
                       ELSE jsonb_build_object('worker', r.worker) END || jsonb_build_object('valid_from', tap.at(-100, 120), 'valid_until', CASE WHEN random() < 0.95 THEN tap.at(121, 140) END)
  WHEN 'app_registration' THEN jsonb_build_object('worker', r.worker, 'registered', random() < 0.7, 'since', tap.at(0, 80))
  WHEN 'test_result' THEN jsonb_build_object('worker', r.worker, 'type', CASE WHEN random() < 0.7 THEN 'pcr' ELSE 'rapid' END, 'sampled_at', tap.at(0, 80),
                       'result', (ARRAY['negative', 'negative', 'positive', 'pending', 'missed'])[1 + floor(random() * 5)], 'verified', random() < 0.8)
  WHEN 'vaccination' THEN jsonb_build_object('worker', r.worker, 'product', (ARRAY['single_dose', 'inactivated', 'other'])[1 + floor(random() * 3)], 'given_at', tap.at(0, 80))
  WHEN 'recovery' THEN jsonb_build_object('worker', r.worker, 'recovered_at', tap.at(0, 80))
  WHEN 'exposure' THEN jsonb_build_object('worker', r.worker, 'kind', (ARRAY['contact', 'risk_area'])[1 + floor(random() * 2)], 'exposed_at', tap.at(0, 80))
  WHEN 'location_claim' THEN jsonb_build_object('worker', r.worker, 'source', (ARRAY['admission', 'scan', 'roll', 'address'])[1 + floor(random() * 4)], 'premises', r.premises,
                       'room', CASE WHEN random() < 0.5 THEN 'R' || 1 + floor(random() * 3) END, 'observed_at', tap.at(0, 80), 'until', CASE WHEN random() < 0.4 THEN tap.at(81, 120) END)
  ELSE jsonb_build_object('worker', r.worker, 'kind', CASE WHEN k.kind = 'movement_order' THEN (ARRAY['quarantine', 'isolation', 'medical_leave'])[1 + floor(random() * 3)] ELSE 'k' END,
                       'valid_from', tap.at(0, 100), 'valid_until', CASE WHEN random() < 0.8 THEN tap.at(101, 130) END) END AS doc) AS d;

-- give(order): every statement, one version twice, in batches by agency and kind, with a refresh now and then at a clock that advances
CREATE PROCEDURE tap.give(how text) LANGUAGE plpgsql AS $$
DECLARE
  part record;
  step int := 0;
BEGIN
  FOR part IN
    WITH placed AS (SELECT *, CASE how WHEN 'forward' THEN n / 250 WHEN 'backward' THEN -n / 200 ELSE floor(random() * 3) END AS batch FROM tap.said
                    UNION ALL SELECT *, CASE how WHEN 'forward' THEN 99 ELSE floor(random() * 3) END FROM tap.said WHERE n % 5 = 0)
    SELECT agency, kind, jsonb_agg(doc ORDER BY random()) AS docs FROM placed GROUP BY batch, agency, kind ORDER BY batch, CASE how WHEN 'random' THEN random() ELSE 0 END, agency, kind LOOP
    PERFORM tap.feed(part.agency, part.kind, part.docs);
    step := step + 1;
    IF step % 15 = 0 THEN
      PERFORM tap.refresh(timestamptz '2021-05-01 00:00+00' + step * interval '1 hour');
    END IF;
    COMMIT;
  END LOOP;
END
$$;

-- the oracle: straight from what was said, one worker and one fact at a time
CREATE VIEW tap.winner AS
  SELECT DISTINCT ON (kind, key) kind, key, agency, doc, (doc ->> 'worker') AS worker, issued_at FROM tap.said ORDER BY kind, key, issued_at DESC;
CREATE VIEW tap.valid AS SELECT * FROM tap.winner WHERE doc -> 'withdrawn' IS NULL;
CREATE FUNCTION tap.claim(of_worker text, clock timestamptz) RETURNS TABLE (source text, rank int, temporary boolean, premises text, room text, observed timestamptz, stale boolean) LANGUAGE sql STABLE AS $$
  SELECT s.source, s.rank, s.temporary, x.doc ->> 'premises', x.doc ->> 'room', (x.doc ->> 'observed_at')::timestamptz, coalesce((x.doc ->> 'observed_at')::timestamptz + s.max_age <= clock, false)
  FROM centre.location_source s CROSS JOIN LATERAL (
    SELECT doc FROM tap.valid v WHERE v.kind = 'location_claim' AND v.worker = of_worker AND v.doc ->> 'source' = s.source AND (v.doc ->> 'observed_at')::timestamptz <= clock
    ORDER BY (v.doc ->> 'observed_at')::timestamptz DESC, v.issued_at DESC, v.agency, v.key LIMIT 1) AS x
  WHERE coalesce((x.doc ->> 'until')::timestamptz, 'infinity') > clock $$;
CREATE FUNCTION tap.period(of_worker text, clock timestamptz) RETURNS TABLE (f timestamptz, u timestamptz) LANGUAGE sql STABLE AS $$
  SELECT (a.doc ->> 'valid_from')::timestamptz, coalesce((a.doc ->> 'valid_until')::timestamptz, 'infinity')
  FROM tap.valid a JOIN tap.valid w ON w.kind = 'worker' AND w.key = of_worker LEFT JOIN tap.winner e ON e.kind = 'employer' AND e.key = w.doc ->> 'employer'
  WHERE a.kind = 'approval' AND (a.doc ->> 'worker' = of_worker OR a.doc ->> 'employer' = w.doc ->> 'employer' OR a.doc ->> 'premises' = w.doc ->> 'site' OR a.doc ->> 'sector' = e.doc ->> 'sector') $$;
CREATE FUNCTION tap.at_of(v tap.valid, field text) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT (v.doc ->> field)::timestamptz $$;
CREATE FUNCTION tap.pcr(of_worker text) RETURNS TABLE (result text, at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT v.doc ->> 'result', (v.doc ->> 'sampled_at')::timestamptz FROM tap.valid v WHERE v.kind = 'test_result' AND v.doc ->> 'type' = 'pcr' AND v.worker = of_worker $$;
CREATE FUNCTION tap.oracle(clock timestamptz) RETURNS TABLE (worker_id bigint, facts jsonb) LANGUAGE sql STABLE AS $$
  SELECT centre.pseudonym(w.key), jsonb_build_object(
    'employer', w.doc ->> 'employer', 'language', w.doc ->> 'language',
    'sector', (SELECT e.doc ->> 'sector' FROM tap.winner e WHERE e.kind = 'employer' AND e.key = w.doc ->> 'employer'),
    'app', (SELECT (v.doc ->> 'registered')::boolean FROM tap.valid v WHERE v.kind = 'app_registration' AND v.worker = w.key ORDER BY tap.at_of(v, 'since') DESC, v.issued_at DESC, v.key LIMIT 1),
    'vulnerable', EXISTS (SELECT FROM tap.valid v WHERE v.kind = 'vulnerability' AND v.worker = w.key AND tap.at_of(v, 'valid_from') <= clock AND coalesce(tap.at_of(v, 'valid_until'), 'infinity') > clock),
    'from', b.begins, 'until', (SELECT min(p.u) FROM tap.period(w.key, clock) p WHERE p.u > b.begins AND NOT EXISTS (SELECT FROM tap.period(w.key, clock) q WHERE q.f <= p.u AND q.u > p.u)),
    'barred', (SELECT max(coalesce(tap.at_of(v, 'valid_until'), 'infinity')) FROM tap.valid v WHERE v.kind = 'non_compliance' AND v.worker = w.key AND tap.at_of(v, 'valid_from') <= clock),
    'place', h.premises, 'source', h.source, 'stale', h.stale, 'observed', h.observed, 'room', h.room,
    'conflict', (SELECT CASE WHEN count(c.premises) > 0 THEN count(DISTINCT c.premises) > 1 END FROM tap.claim(w.key, clock) c WHERE NOT c.stale AND NOT c.temporary),
    'cleared', CASE WHEN p.doc ->> 'kind' = 'dormitory' THEN tap.at_of(p, 'cleared_at') END,
    'movement', (SELECT max(coalesce(tap.at_of(v, 'valid_until'), 'infinity')) FROM tap.valid v WHERE v.kind = 'movement_order' AND v.doc ->> 'kind' <> 'medical_leave' AND v.worker = w.key AND tap.at_of(v, 'valid_from') <= clock),
    'leave', (SELECT max(coalesce(tap.at_of(v, 'valid_until'), 'infinity')) FROM tap.valid v WHERE v.kind = 'movement_order' AND v.doc ->> 'kind' = 'medical_leave' AND v.worker = w.key AND tap.at_of(v, 'valid_from') <= clock),
    'swab', (SELECT jsonb_build_array(v.doc ->> 'result', tap.at_of(v, 'sampled_at')) FROM tap.valid v WHERE v.kind = 'test_result' AND v.doc ->> 'type' = 'pcr' AND v.worker = w.key ORDER BY tap.at_of(v, 'sampled_at') DESC, v.issued_at DESC, v.agency, v.key LIMIT 1),
    'rapid', (SELECT jsonb_build_array(v.doc ->> 'result', tap.at_of(v, 'sampled_at'), v.doc -> 'verified') FROM tap.valid v WHERE v.kind = 'test_result' AND v.doc ->> 'type' = 'rapid' AND v.worker = w.key ORDER BY tap.at_of(v, 'sampled_at') DESC, v.issued_at DESC, v.agency, v.key LIMIT 1),
    'negative', neg.at, 'earlier', (SELECT max(t.at) FROM tap.pcr(w.key) t WHERE t.result = 'negative' AND t.at <= neg.at - interval '24 hours'),
    'first', (SELECT min(t.at) FROM tap.pcr(w.key) t WHERE t.result = 'positive' AND NOT EXISTS (SELECT FROM tap.valid v WHERE v.kind = 'recovery' AND v.worker = w.key AND tap.at_of(v, 'recovered_at') >= t.at AND tap.at_of(v, 'recovered_at') < pos.at)),
    'recovered', (SELECT max(tap.at_of(v, 'recovered_at')) FROM tap.valid v WHERE v.kind = 'recovery' AND v.worker = w.key AND (pos.at IS NULL OR tap.at_of(v, 'recovered_at') >= pos.at)),
    'doses', (SELECT count(*) FROM tap.valid v WHERE v.kind = 'vaccination' AND v.worker = w.key),
    'full', (SELECT min(tap.at_of(v, 'given_at')) FROM tap.valid v WHERE v.kind = 'vaccination' AND v.worker = w.key AND CASE v.doc ->> 'product' WHEN 'single_dose' THEN 1 WHEN 'inactivated' THEN 3 ELSE 2 END
             <= (SELECT count(*) FROM tap.valid x WHERE x.kind = 'vaccination' AND x.worker = w.key AND (tap.at_of(x, 'given_at'), x.agency, x.key) <= (tap.at_of(v, 'given_at'), v.agency, v.key))),
    'contact', (SELECT max(tap.at_of(v, 'exposed_at')) FROM tap.valid v WHERE v.kind = 'exposure' AND v.doc ->> 'kind' = 'contact' AND v.worker = w.key),
    'risk', (SELECT max(tap.at_of(v, 'exposed_at')) FROM tap.valid v WHERE v.kind = 'exposure' AND v.doc ->> 'kind' = 'risk_area' AND v.worker = w.key))
  FROM tap.valid w
  LEFT JOIN LATERAL (SELECT * FROM tap.claim(w.key, clock) c ORDER BY c.stale, c.rank LIMIT 1) AS h ON true
  LEFT JOIN tap.valid p ON p.kind = 'premises' AND p.key = h.premises
  LEFT JOIN LATERAL (SELECT s.f AS begins FROM tap.period(w.key, clock) s WHERE NOT EXISTS (SELECT FROM tap.period(w.key, clock) q WHERE q.f < s.f AND q.u >= s.f)
                     ORDER BY s.f > clock, CASE WHEN s.f > clock THEN s.f END, s.f DESC LIMIT 1) AS b ON true
  LEFT JOIN LATERAL (SELECT max(t.at) AS at FROM tap.pcr(w.key) t WHERE t.result = 'negative') AS neg ON true
  LEFT JOIN LATERAL (SELECT max(t.at) AS at FROM tap.pcr(w.key) t WHERE t.result = 'positive') AS pos ON true
  WHERE w.kind = 'worker' $$;
CREATE FUNCTION tap.facts() RETURNS TABLE (worker_id bigint, facts jsonb) LANGUAGE sql STABLE AS $$
  SELECT f.worker_id, jsonb_build_object('employer', e.code, 'language', f.language, 'sector', f.sector, 'app', f.app_registered, 'vulnerable', f.vulnerable, 'from', f.approved_from, 'until', f.approved_until,
    'barred', f.non_compliant_until, 'place', p.code, 'source', l.source, 'stale', f.address_stale, 'observed', l.observed_at, 'room', m.code, 'conflict', f.address_conflict,
    'cleared', f.dormitory_cleared_at, 'movement', f.movement_until, 'leave', f.medical_leave_until,
    'swab', CASE WHEN f.last_swab_at IS NOT NULL THEN jsonb_build_array(f.last_swab_result, f.last_swab_at) END,
    'rapid', CASE WHEN f.last_rapid_at IS NOT NULL THEN jsonb_build_array(f.last_rapid_result, f.last_rapid_at, f.last_rapid_verified) END,
    'negative', f.last_negative_at, 'earlier', f.previous_negative_at, 'first', f.first_positive_at, 'recovered', f.recovered_at, 'doses', f.doses, 'full', f.fully_vaccinated_at,
    'contact', f.contact_at, 'risk', f.risk_area_at)
  FROM centre.worker_fact f LEFT JOIN centre.employer e USING (employer_id) LEFT JOIN centre.location l ON l.worker_id = f.worker_id AND upper_inf(l.during)
  LEFT JOIN centre.premises p ON p.premises_id = l.premises_id LEFT JOIN centre.room m ON m.room_id = l.room_id $$;
CREATE FUNCTION tap.agrees(clock timestamptz, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tap.refresh(clock);
  RETURN NEXT set_eq('SELECT * FROM tap.facts()', format('SELECT * FROM tap.oracle(%L)', clock), what);
END
$$;

CALL tap.give('forward');
SELECT tap.agrees('2021-05-20 12:00+00', 'facts are what the statements say');
SELECT tap.agrees('2021-05-23 13:00+00', 'and follow the clock alone: what begins, ends and gets stale');
SELECT tap.agrees('2021-06-10 00:00+00', 'over weeks');
SELECT is(tap.refresh('2021-06-10 00:00+00'), 0::bigint, 'then nothing is left to do');
CREATE TEMP TABLE forward AS SELECT * FROM tap.facts();
CREATE TEMP TABLE changes AS SELECT count(*) AS n FROM centre.worker_change;
CALL tap.give('random');
SELECT is(tap.refresh('2021-06-10 00:00+00'), 0::bigint, 'all statements once more mark nobody');
SELECT is((SELECT count(*) FROM centre.worker_change), (SELECT n FROM changes), 'and nobody is decided again');
-- the same statements in other orders into empty tables
CREATE FUNCTION tap.forget() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM centre.location; DELETE FROM centre.worker_due; DELETE FROM centre.worker_fact; DELETE FROM centre.worker_change;
  DELETE FROM centre.worker; DELETE FROM centre.location_claim; DELETE FROM centre.approval; DELETE FROM centre.non_compliance; DELETE FROM centre.app_registration; DELETE FROM centre.vulnerability;
  DELETE FROM centre.test_result; DELETE FROM centre.vaccination; DELETE FROM centre.recovery; DELETE FROM centre.movement_order; DELETE FROM centre.exposure;
  UPDATE centre.employer SET issued_at = '-infinity', sector = NULL; UPDATE centre.premises SET issued_at = '-infinity', kind = NULL, cleared_at = NULL;
  UPDATE centre.block SET issued_at = '-infinity'; UPDATE centre.room SET issued_at = '-infinity';
END
$$;
\if :is_long
SELECT tap.forget(); CALL tap.give('backward'); SELECT tap.refresh('2021-06-10 00:00+00');
SELECT set_eq('SELECT * FROM tap.facts()', 'SELECT * FROM forward', 'backwards it comes to the same');
\endif
SELECT tap.forget(); CALL tap.give('random'); SELECT tap.refresh('2021-06-10 00:00+00');
SELECT set_eq('SELECT * FROM tap.facts()', 'SELECT * FROM forward', 'and at random as well');

-- ---- history ----
SELECT is_empty('SELECT 1 FROM centre.location a JOIN centre.location b ON a.worker_id = b.worker_id AND a.ctid < b.ctid AND a.during && b.during', 'a worker is at one place at a time');
SELECT cmp_ok((SELECT count(*) FROM centre.location WHERE NOT upper_inf(during)), '>', 10::bigint, 'places left are on record');
SELECT is_empty($$SELECT worker_id FROM (SELECT worker_id, lower(during), lag(upper(during)) OVER w AS left_at, row(premises_id, room_id, source) AS place, lag(row(premises_id, room_id, source)) OVER w AS last_place
  FROM centre.location WINDOW w AS (PARTITION BY worker_id ORDER BY lower(during))) AS x WHERE left_at = lower AND place = last_place$$, 'a new range begins only where something changed');
-- ---- corrections to another worker, whole groups, feeds, withdrawal ----
SELECT tap.feed('labour', 'worker', '[{"source_key": "M1", "issued_at": "2021-05-01T00:00:00Z"}, {"source_key": "M2", "issued_at": "2021-05-01T00:00:00Z"}]');
SELECT tap.feed('laboratory', 'test_result', '[{"source_key": "moved", "issued_at": "2021-05-02T00:00:00Z", "worker": "M1", "type": "pcr", "sampled_at": "2021-05-01T00:00:00Z", "result": "positive", "verified": true}]');
SELECT tap.refresh('2021-06-10 00:00+00');
SELECT tap.feed('laboratory', 'test_result', '[{"source_key": "moved", "issued_at": "2021-05-03T00:00:00Z", "worker": "M2", "type": "pcr", "sampled_at": "2021-05-01T00:00:00Z", "result": "positive", "verified": true}]');
SELECT tap.refresh('2021-06-10 00:00+00');
SELECT results_eq($$SELECT last_swab_result FROM unnest('{M1,M2}'::text[]) AS w JOIN centre.worker_fact ON worker_id = centre.pseudonym(w) ORDER BY w$$, ARRAY[NULL, 'positive'], 'a result that was another worker''s is so for both');
SELECT tap.feed('immigration', 'worker', '[{"source_key": "M1", "issued_at": "2021-05-04T00:00:00Z", "withdrawn": true}]'); SELECT tap.refresh('2021-06-10 00:00+00');
SELECT is_empty($$SELECT 1 FROM centre.worker_fact WHERE worker_id = centre.pseudonym('M1')$$, 'a worker who is withdrawn has no facts any more');
SELECT is((SELECT cause FROM centre.worker_change WHERE worker_id = centre.pseudonym('M1') ORDER BY change_id DESC LIMIT 1), 'fact', 'and is decided again');
DELETE FROM centre.worker_change;
UPDATE centre.premises SET cleared_at = '2021-06-09 00:00+00' WHERE kind = 'dormitory' AND NOT withdrawn;
SELECT tap.refresh('2021-06-10 00:00+00');
SELECT set_eq('SELECT worker_id, cause FROM centre.worker_change', $$SELECT worker_id, 'location' FROM centre.worker_fact WHERE in_dormitory$$, 'clearing dormitories concerns their residents, as a matter of location');
UPDATE centre.feed SET required = true WHERE kind = 'test_result';
SELECT tap.feed('laboratory', 'test_result', '[]', '2021-06-10 01:00+00');
SELECT is_empty('SELECT 1 FROM centre.worker_fact WHERE health_feed_at IS NOT NULL', 'a topic is as fresh as the feed not heard for longest');
DELETE FROM centre.worker_change;
SELECT tap.feed(a, 'test_result', '[]', '2021-06-10 02:00+00') FROM unnest('{laboratory,digital,health}'::text[]) AS a; SELECT tap.refresh('2021-06-10 02:00+00');
SELECT set_eq('SELECT worker_id, cause, health_feed_at FROM centre.worker_change JOIN centre.worker_fact USING (worker_id)', $$SELECT worker_id, 'feed', timestamptz '2021-06-10 02:00+00' FROM centre.worker_fact$$, 'its age is a fact of everybody');
SELECT tap.feed(a, 'test_result', '[]', '2021-06-10 03:00+00') FROM unnest('{laboratory,digital,health}'::text[]) AS a;
SELECT is(tap.refresh('2021-06-10 03:00+00'), 0::bigint, 'which is not rewritten before it has advanced by a step');

-- statistics that say the queue is empty, as they do when it was analysed after a refresh
INSERT INTO centre.fact_mark (worker_id) SELECT i % 500 FROM generate_series(1, 10000) AS i; SELECT centre.refresh_worker_facts(100000, '2021-06-10 03:00+00');
ANALYZE centre.fact_mark;
BEGIN;
INSERT INTO centre.fact_mark (worker_id) SELECT i FROM generate_series(1, 2000) AS i; SELECT centre.refresh_worker_facts(1500, '2021-06-10 03:00+00');
SELECT cmp_ok((SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relid = 'centre.fact_mark'::regclass), '<', 100000::bigint, 'a queue that statistics call empty is not read again for each mark');
COMMIT;
SELECT * FROM finish();
