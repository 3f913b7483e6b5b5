-- What the board of access codes shows, against brute force over the workers: shares, reasons, the effect of policies, feeds; and what it must not tell.
\ir ../fixtures/country.sql
SELECT plan(44);
SET client_min_messages = warning;
DROP ROLE IF EXISTS brd_ann, brd_bob;
CREATE ROLE brd_ann LOGIN IN ROLE civic_approver; CREATE ROLE brd_bob LOGIN IN ROLE civic_approver;
GRANT USAGE ON SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA tap TO PUBLIC;
CREATE FUNCTION tap.body(days int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'board', 'kind', 'access_code', 'version', '1', 'params', jsonb_build_object('cycle', days),
    'facts', '[{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "approved_until", "type": "timestamptz", "null": "absent"}]'::jsonb,
    'rules', '[{"id": "swab", "group": "health", "reason": {"en": "Swab is overdue"}, "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, {"param": "cycle"}, "day"]}]}},
               {"id": "approved", "group": "work", "reason": {"en": "No approval to work"}, "assert": {"present": {"var": "approved_until"}}}]'::jsonb,
    'outcomes', '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb,
    'tests', '[{"name": "nothing known", "at": "2020-01-01T00:00:00Z", "facts": {}, "expect": {"outcome": "red", "fail": ["approved"], "unknown": ["swab"]}}]'::jsonb)
$$;
-- marine: 100 workers; construction: 40, three of them red; process: three workers; services: 60, all green
CREATE TABLE tap.person AS SELECT i, CASE WHEN i <= 100 THEN 'marine' WHEN i <= 140 THEN 'construction' WHEN i <= 143 THEN 'process' ELSE 'services' END AS sector,
  CASE WHEN i <= 100 THEN i * 0.2 WHEN i IN (101, 102, 103, 142) THEN 20 ELSE 1 END AS days FROM generate_series(1, 203) AS i;
INSERT INTO centre.worker_fact (worker_id, sector, last_swab_at, approved_until) SELECT i, sector, now() - days * interval '1 day', CASE WHEN i NOT BETWEEN 1 AND 12 THEN timestamptz 'infinity' END FROM tap.person;
INSERT INTO centre.ruleset (code, source, body) VALUES ('board', 'test', tap.body(14)::text::civic.ruleset);
INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) SELECT ruleset_id, 'board', 'approved', '[2020-01-01,)', 'brd_ann', 'brd_bob', now() FROM centre.ruleset WHERE code = 'board';
UPDATE centre.access_setting SET policy_code = 'board';

-- ---- nothing yet ----
SET ROLE civic_reader;
SELECT is_empty(q, 'nothing before anything was published: ' || q) FROM unnest(ARRAY['SELECT * FROM dash.green_fall()', 'SELECT * FROM dash.policy_effect']) AS q;
SELECT results_eq(q, ARRAY['never published'], 'which is said: ' || q) FROM unnest(ARRAY['SELECT reason FROM dash.access_reasons()', $$SELECT reason FROM dash.access_codes('access_by_sector')$$, $$SELECT reason FROM dash.access_codes('access_by_due') WHERE member IS NULL AND workers IS NULL$$]) AS q;
SELECT throws_ok($$SELECT * FROM dash.access_codes('by_sector')$$, '22023', 'there is no cube "by_sector"', 'a cube that is none of the board''s is not known');
RESET ROLE;
SELECT centre.reevaluate();
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('access_by_sector', 'centre', 'day', 'access', '{sector,colour}'), ('access_by_reason', 'centre', 'day', 'access', '{reason,colour}');
SELECT (now() AT TIME ZONE reporting_zone)::date AS today FROM centre.site \gset
CALL centre.publish('access_by_sector', :'today'); CALL centre.publish('access_by_reason', :'today');

-- ---- shares against the workers themselves ----
CREATE TABLE tap.truth AS SELECT coalesce(sector, '*') AS sector, count(*)::float8 AS n, count(*) FILTER (WHERE colour = 'green')::float8 AS green, count(*) FILTER (WHERE colour = 'red')::float8 AS red
FROM (SELECT f.sector, civic.colour(a.code) AS colour FROM centre.worker_fact f JOIN centre.access a USING (worker_id)) x GROUP BY ROLLUP (sector);
CREATE TABLE tap.shown AS SELECT coalesce(member, '*') AS sector, workers, green, yellow, red, grey, reason FROM dash.access_codes('access_by_sector') WHERE false;
GRANT ALL ON tap.truth, tap.shown TO PUBLIC;
SET ROLE civic_reader;
INSERT INTO tap.shown SELECT coalesce(member, '*'), workers, green, yellow, red, grey, reason FROM dash.access_codes('access_by_sector');
RESET ROLE;
SELECT set_eq('SELECT sector FROM tap.shown', 'SELECT sector FROM tap.truth', 'a row each sector, and one for all');
SELECT is_empty('SELECT * FROM tap.shown s JOIN tap.truth t USING (sector) WHERE s.workers <> t.n OR abs(s.green - t.green / t.n) > 1e-12 OR abs(s.red - t.red / t.n) > 1e-12 OR s.yellow <> 0 OR s.grey <> 0', 'every figure that is shown is true');
SELECT is((SELECT count(*) FROM tap.shown WHERE workers IS NOT NULL AND green IS NOT NULL AND red IS NOT NULL), (SELECT count(*) FROM tap.shown WHERE reason IS NULL), 'where nothing is withheld all is shown');
SELECT results_eq($$SELECT green, coalesce(red, 0), reason IS NOT NULL FROM tap.shown WHERE sector = 'services'$$, $$VALUES (1::float8, 0::float8, true)$$, 'a colour that nobody has is withheld where it is of other sectors');
SELECT results_eq($$SELECT red, reason FROM tap.shown WHERE sector = 'construction'$$, $$VALUES (NULL::float8, 'withheld: too few people')$$, 'three red workers of a sector are not shown');
SELECT results_eq($$SELECT workers, green, red, reason FROM tap.shown WHERE sector = 'process'$$, $$VALUES (NULL::float8, NULL::float8, NULL::float8, 'withheld: too few people')$$, 'nor a sector of three');
-- whatever a reader subtracts: no count of one to four follows from the rest
SELECT is_empty('SELECT * FROM tap.shown WHERE workers BETWEEN 1 AND 4 OR green * workers BETWEEN 0.5 AND 4.5 OR red * workers BETWEEN 0.5 AND 4.5 OR (1 - green) * workers BETWEEN 0.5 AND 4.5 OR (1 - red) * workers BETWEEN 0.5 AND 4.5', 'no share tells of a few');
SELECT is_empty($$SELECT * FROM (SELECT max(workers) FILTER (WHERE sector = '*') - sum(workers) FILTER (WHERE sector <> '*') AS rest, count(*) FILTER (WHERE workers IS NULL) AS hidden FROM tap.shown) x WHERE rest BETWEEN 1 AND 4$$, 'nor does the sum over sectors');

-- ---- reasons ----
CREATE TABLE tap.reason_truth AS SELECT reason, colour, count(*)::float8 AS n FROM centre.access_status GROUP BY 1, 2;
GRANT ALL ON tap.reason_truth TO PUBLIC;
SET ROLE civic_reader;
SELECT is_empty('SELECT * FROM dash.access_reasons() r LEFT JOIN tap.reason_truth t ON t.reason = r.code AND lower(r.colour) = t.colour WHERE r.workers IS DISTINCT FROM t.n AND r.reason IS NULL', 'main reasons by colour are true');
SELECT cmp_ok((SELECT count(*) FROM dash.access_reasons() WHERE workers >= 5), '>=', 2::bigint, 'there are some');
SELECT is_empty('SELECT * FROM dash.access_reasons() WHERE workers < 5', 'none of a few');
-- ---- green before and after ----
SELECT results_eq('SELECT share, share_before, fall FROM dash.green_fall()', $$SELECT green / n, NULL::float8, NULL::float8 FROM tap.truth WHERE sector = '*'$$, 'with one release there is no fall');
RESET ROLE;
UPDATE centre.release SET period = daterange(lower(period) - 1, upper(period) - 1) WHERE cube = 'access_by_sector';
UPDATE centre.worker_fact SET last_swab_at = now() - interval '30 days' WHERE worker_id BETWEEN 150 AND 179;
INSERT INTO centre.worker_change (worker_id, cause) SELECT i, 'fact' FROM generate_series(150, 179) AS i;
SELECT is(centre.reevaluate(), 30::bigint, 'thirty turn red');
CALL centre.publish('access_by_sector', :'today');
SET ROLE civic_reader;
SELECT results_eq('SELECT round(fall * 203) FROM dash.green_fall()', ARRAY[30::float8], 'which is the fall');
SELECT results_eq('SELECT held FROM dash.green_fall()', ARRAY[false], 'of two releases of their own');
RESET ROLE;
-- a value of an earlier release says nothing of the change since then
UPDATE centre.release_row SET status = 'h' WHERE members = '{*total*,green}' AND release_id = (SELECT max(release_id) FROM centre.release WHERE cube = 'access_by_sector');
UPDATE centre.release_row SET status = 'h' WHERE members = '{swab,red}' AND release_id = (SELECT max(release_id) FROM centre.release WHERE cube = 'access_by_reason');
SET ROLE civic_reader;
SELECT results_eq('SELECT share IS NOT NULL, share_before IS NOT NULL, fall, held FROM dash.green_fall()', $$VALUES (true, true, NULL::float8, true)$$, 'no fall is read from a value of an earlier release');
SELECT results_eq($$SELECT green IS NOT NULL, reason FROM dash.access_codes('access_by_sector') WHERE member IS NULL$$, $$VALUES (true, 'of an earlier release: the change since then is withheld')$$, 'which stands beside its share');
SELECT results_eq($$SELECT DISTINCT workers IS NOT NULL, reason FROM dash.access_reasons() WHERE code = 'swab' AND lower(colour) = 'red'$$, $$VALUES (true, 'of an earlier release: the change since then is withheld')$$, 'and beside a count of reasons');
RESET ROLE;
UPDATE centre.release_row SET status = CASE WHEN release_id = (SELECT max(release_id) FROM centre.release WHERE cube = 'access_by_sector') THEN 'ok' ELSE 'h' END
  WHERE members = '{*total*,*total*}' AND release_id IN (SELECT release_id FROM centre.release WHERE cube = 'access_by_sector');
UPDATE centre.release_row SET status = 'ok' WHERE members IN ('{*total*,green}', '{swab,red}') AND status = 'h';
SET ROLE civic_reader;
SELECT results_eq('SELECT fall, held FROM dash.green_fall()', $$VALUES (NULL::float8, true)$$, 'nor where it is the earlier one, or all workers');
RESET ROLE;
UPDATE centre.release_row SET status = 'ok' WHERE status = 'h';

-- ---- the effect of a version, before its approval ----
SET SESSION AUTHORIZATION brd_ann;
SELECT centre.draft_policy('board', tap.body(7), 'a wave') AS v2 \gset
SELECT centre.test_policy(:v2) \g /dev/null
RESET SESSION AUTHORIZATION;
CREATE VIEW tap.transition AS SELECT b.c AS old_colour, a.c AS new_colour, count(*)::numeric AS n FROM (SELECT worker_id, civic.colour(code) AS c FROM centre.access) AS b
  JOIN (SELECT worker_id, CASE WHEN approved_until IS NULL OR last_swab_at + interval '7 days' <= now() THEN 'red' ELSE 'green' END AS c FROM centre.worker_fact) AS a USING (worker_id) GROUP BY 1, 2;
GRANT SELECT ON tap.transition TO PUBLIC;
SELECT centre.assess_policies();
SELECT is((SELECT count(DISTINCT at) FROM centre.policy_impact WHERE NOT aged), 2::bigint, 'a version without dates is assessed now and at its start');
DELETE FROM centre.policy_impact WHERE at > (SELECT min(at) FROM centre.policy_impact);
SELECT set_eq('SELECT old_colour, new_colour, sum(workers) FROM centre.policy_impact GROUP BY 1, 2', 'SELECT * FROM tap.transition', 'an assessment counts what brute force does');
CREATE TABLE tap.expected AS SELECT old_colour, new_colour, (round(n / 5) * 5)::float8 AS workers FROM tap.transition; GRANT SELECT ON tap.expected TO PUBLIC;
SET ROLE civic_reader;
SELECT set_eq('SELECT old_colour, new_colour, workers FROM dash.policy_effect', 'SELECT * FROM tap.expected', 'which the command centre sees rounded to its k');
SELECT results_eq('SELECT DISTINCT policy, version, status, share_lost, reason FROM dash.policy_effect', format($$VALUES ('board', %s, 'tested', NULL::float8, NULL::text)$$, :v2), 'of how few green workers a per cent would tell one, no share is shown');
RESET ROLE;
-- one worker more or less does not show
UPDATE centre.policy_impact SET workers = workers - 1 WHERE ctid = (SELECT ctid FROM centre.policy_impact WHERE old_colour = 'green' AND new_colour = 'green' ORDER BY workers DESC LIMIT 1);
SELECT sum(workers) AS one_less FROM centre.policy_impact WHERE old_colour = 'green' AND new_colour = 'green' \gset
SELECT is((SELECT workers FROM dash.policy_effect WHERE old_colour = 'green' AND new_colour = 'green'), (round(:one_less / 5.0) * 5)::float8, 'counts stay multiples of k');
-- a transition of a few: nothing of the version is counted
INSERT INTO centre.policy_impact (assessment_id, at, fresh, aged, against_id, old_colour, new_colour, workers) SELECT DISTINCT assessment_id, at, fresh, aged, against_id, 'red', 'green', 3 FROM centre.policy_impact;
SET ROLE civic_reader;
SELECT results_eq('SELECT DISTINCT workers, reason FROM dash.policy_effect', $$VALUES (NULL::float8, 'suppressed')$$, 'a transition of three withholds all counts of the version');
RESET ROLE;
UPDATE centre.policy_impact SET workers = 5 WHERE old_colour = 'red' AND new_colour = 'green';
SELECT is((SELECT count(*) FROM dash.policy_effect WHERE workers IS NOT NULL AND reason IS NULL), 4::bigint, 'one of five does not');
UPDATE centre.policy_impact SET workers = workers * 100;
SELECT is((SELECT DISTINCT share_lost FROM dash.policy_effect), (SELECT round(sum(n) FILTER (WHERE old_colour = 'green' AND new_colour = 'red') / sum(n) FILTER (WHERE old_colour = 'green'), 2)::float8 FROM tap.transition), 'of many the share lost is shown, in whole per cents');
UPDATE centre.policy_impact SET workers = workers / 100;
-- only the newest assessment
WITH again AS (
  INSERT INTO centre.policy_assessment (ruleset_id, sha256, starts_at, covers, line, fact_mark, complete) SELECT ruleset_id, sha256, starts_at, covers, line, fact_mark, complete FROM centre.policy_assessment RETURNING assessment_id)
INSERT INTO centre.policy_impact (assessment_id, at, fresh, aged, against_id, old_colour, new_colour, workers) SELECT DISTINCT n.assessment_id, i.at, i.fresh, i.aged, i.against_id, 'green', 'grey', 1000 FROM centre.policy_impact i, again n;
SELECT results_eq('SELECT old_colour, new_colour, workers, share_lost FROM dash.policy_effect', $$VALUES ('green', 'grey', 1000::float8, 1::float8)$$, 'the newest assessment of a version is shown');
-- a text that is revised is assessed again, at once
SET SESSION AUTHORIZATION brd_ann;
SELECT centre.revise_policy(:v2, tap.body(8)); SELECT centre.test_policy(:v2);
RESET SESSION AUTHORIZATION;
SELECT is_empty('SELECT * FROM dash.policy_effect', 'a revision takes its effect away');
SELECT is(centre.assess_policies(), 1, 'and is assessed by the next tick, not half a day later');
SELECT is(centre.assess_policies(), 0, 'once');
SET SESSION AUTHORIZATION brd_ann;
SELECT centre.revise_policy(:v2, tap.body(9));
RESET SESSION AUTHORIZATION;
SELECT centre.assess_policy(:v2);
SELECT is_empty('SELECT * FROM centre.policy_impact', 'a draft is not assessed');

-- ---- feeds ----
UPDATE centre.feed SET heard_at = now() - interval '90 minutes', issued_at = now() - interval '2 hours' WHERE (agency, kind) = ('labour', 'worker');
INSERT INTO centre.feed_refusal (agency, kind, source_key, issued_at, code, field, value) VALUES ('labour', 'worker', 'S7712345A', now(), 'I203', 'issued_at', '1 March'), ('labour', 'worker', 'S7712346B', now(), 'I203', 'issued_at', 'x');
SET ROLE civic_reader;
SELECT results_eq($$SELECT round(age) AS age, refused FROM dash.feed WHERE agency = 'labour' AND kind = 'worker'$$, $$VALUES (5400::float8, 2)$$, 'a feed has its age and what was refused');
SELECT unalike((SELECT string_agg(f::text, ' ') FROM dash.feed f), '%S77%', 'but not whose');
RESET ROLE;
SELECT is((SELECT count(*) FROM dash.feed), (SELECT count(*) FROM centre.feed), 'all feeds are there');

-- ---- other audiences ----
WITH again AS (
  INSERT INTO centre.policy_assessment (ruleset_id, sha256, starts_at, covers, line, fact_mark, complete) VALUES (:v2, '', now(), now(), '{}', 0, true) RETURNING assessment_id)
INSERT INTO centre.policy_impact (assessment_id, at, fresh, aged, against_id, old_colour, new_colour, workers) SELECT n.assessment_id, now(), false, false, p.ruleset_id, 'green', 'red', 77 FROM centre.policy p, again n WHERE p.ruleset_id <> :v2;
CREATE FUNCTION tap.spy(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'seen %', $1; END $$;
GRANT EXECUTE ON FUNCTION tap.spy(text) TO PUBLIC;
CREATE FUNCTION tap.all_of(who name) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; BEGIN
  EXECUTE format('SET LOCAL ROLE %I', who);
  SELECT (SELECT count(*) FROM dash.policy_effect WHERE tap.spy(old_colour)) + (SELECT count(*) FROM dash.feed WHERE tap.spy(kind)) + (SELECT count(*) FROM dash.released_row WHERE cube = 'access_by_sector') + (SELECT count(r.workers) FROM dash.access_reasons() r) + (SELECT count(*) FROM dash.green_fall()) INTO n;
  RESET ROLE;
  RETURN n;
END $$;
SELECT is(tap.all_of(r), 0::bigint, 'nothing for ' || r) FROM unnest('{civic_provider,civic_public,civic_analyst}'::name[]) AS r;
SELECT * FROM finish();
DROP ROLE brd_ann, brd_bob;
