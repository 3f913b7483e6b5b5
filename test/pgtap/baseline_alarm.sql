-- Alarms: which, in what order, what explains them, what became of them; and what of all this readers see.
\ir ../fixtures/country.sql
\ir ../fixtures/watch.sql
SELECT plan(50);
-- ---- alarms against a brute force over the baselines ----
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT 100 + i, 'V' || i, 'd2', 'ward', 'Village ' || i, 6 FROM generate_series(1, 20) AS i;
INSERT INTO centre.area_standing SELECT 'ward', 100 + i FROM generate_series(1, 20) AS i;
INSERT INTO centre.series (indicator_id, level, since, detector) SELECT tap.indicator('outage'), l, '2025-10-01', 'nb_window(baseline=28, alpha=0.01)' FROM unnest(ARRAY['country', 'province', 'municipality', 'ward']) AS l;
SELECT centre.ensure_months('2025-09-01', '2025-12-31');
-- an outbreak in village 3 on 20 December, in the metro on the 22nd, everywhere a little on the 24th
SELECT count(tap.report('outage', a, d::date, tap.draw(a || '/' || d::date, 5) + CASE WHEN a = 103 AND d = '2025-12-20' THEN 80 WHEN a = 4 AND d = '2025-12-22' THEN 60 WHEN d = '2025-12-24' THEN 5 ELSE 0 END))
  FROM (SELECT area_id FROM centre.area_standing WHERE level = 'ward' UNION SELECT 4) AS a (a), generate_series(timestamp '2025-10-01', '2025-12-31', '1 day') AS d;
CALL tap.run('2025-12-31');
SELECT set_eq('SELECT series_id, area_id, period_start, observed, expected, upper_bound, score FROM centre.alarm WHERE holds',
  'SELECT series_id, area_id, period_start, observed, expected, upper_bound, score FROM centre.baseline WHERE alarm', 'the alarms are those of the baselines');
SELECT cmp_ok((SELECT count(*) FROM centre.alarm), '>', 10::bigint, 'there are some');
SELECT is_empty($$SELECT * FROM centre.alarm a WHERE exceedance_rank <> (SELECT count(*) FROM centre.alarm b WHERE (b.series_id, b.period_start) = (a.series_id, a.period_start)
  AND (b.score > a.score OR b.score = a.score AND b.area_id <= a.area_id)) AND NOT EXISTS (SELECT FROM centre.alarm b WHERE (b.series_id, b.period_start) = (a.series_id, a.period_start) AND b.score = a.score AND b.area_id <> a.area_id)$$, 'ranked by score');
-- q of the i-th of m p-values: the least m p_j / j of those at least as large
SELECT is_empty($$WITH p AS (SELECT series_id, period_start, area_id, p_value, rank() OVER w AS below, count(*) OVER (PARTITION BY series_id, period_start) AS m,
    count(*) OVER (PARTITION BY series_id, period_start ORDER BY p_value) AS j FROM centre.baseline WHERE p_value IS NOT NULL WINDOW w AS (PARTITION BY series_id, period_start ORDER BY p_value))
  SELECT * FROM centre.alarm a JOIN p USING (series_id, period_start, area_id)
  WHERE abs(a.q_value - (SELECT least(1, min(x.m * x.p_value / x.j)) FROM p x WHERE (x.series_id, x.period_start) = (a.series_id, a.period_start) AND x.p_value >= p.p_value)) > 1e-12$$, 'q-values by Benjamini and Hochberg');
CREATE VIEW tap.explained AS SELECT s.level, a.area_id, a.period_start, a.explained_by FROM centre.alarm a JOIN centre.series s USING (series_id) WHERE a.holds;
SELECT results_eq($$SELECT level, explained_by FROM tap.explained WHERE period_start = '2025-12-20' AND (level <> 'ward' OR area_id = 103) ORDER BY level$$,
  $$VALUES ('country', 103), ('municipality', 103), ('province', 103), ('ward', NULL)$$, 'the outbreak of a village explains all above it');
SELECT results_eq($$SELECT level, area_id, explained_by FROM tap.explained WHERE period_start = '2025-12-22' AND level <> 'ward' ORDER BY level$$,
  $$VALUES ('country', 1, 4), ('municipality', 4, NULL), ('province', 3, 4)$$, 'a metro explains its province, and nothing lower the metro');
SELECT is_empty($$SELECT * FROM tap.explained WHERE period_start = '2025-12-24' AND level = 'municipality' AND explained_by IS NOT NULL$$, 'what comes from everywhere no ward explains');
SELECT is_empty($$SELECT a.* FROM tap.explained a WHERE explained_by IS NOT NULL AND NOT EXISTS (SELECT FROM tap.explained b JOIN centre.area_closure c ON c.descendant_id = b.area_id
  WHERE b.period_start = a.period_start AND b.area_id = a.explained_by AND c.ancestor_id = a.area_id)$$, 'what explains is inside and in alarm itself');

-- ---- later data ----
CREATE TABLE tap.before AS SELECT alarm_id, period_start, area_id FROM centre.alarm WHERE period_start = '2025-12-20';
SELECT tap.report('outage', 103, '2025-12-20', -80);
CALL tap.run('2025-12-31');
SELECT results_eq($$SELECT count(*) FROM centre.alarm a JOIN centre.series s USING (series_id) WHERE period_start = '2025-12-20' AND (area_id = 103 OR level <> 'ward') AND holds$$, ARRAY[0::bigint], 'a correction takes alarms back');
SELECT is((SELECT count(*) FROM centre.alarm JOIN tap.before USING (alarm_id)), (SELECT count(*) FROM tap.before), 'but does not delete them');
SELECT tap.report('outage', 103, '2025-12-20', 80);
CALL tap.run('2025-12-31');
SELECT set_eq($$SELECT alarm_id FROM centre.alarm WHERE holds AND period_start = '2025-12-20'$$, 'SELECT alarm_id FROM tap.before', 'and the next brings the same ones back');
SELECT is((SELECT explained_by FROM tap.explained WHERE level = 'country' AND period_start = '2025-12-20'), 103, 'explained as before');

-- ---- what was done ----
SELECT alarm_id AS first, note FROM centre.alarm WHERE area_id = 103 AND period_start = '2025-12-20' \gset
SET ROLE civic_operator;
SELECT lives_ok(format('SELECT centre.set_alarm_state(%s, ''acknowledged'', ''a team is on its way'')', :first), 'an operator acknowledges');
SELECT results_eq(format('SELECT state, state_by, note FROM centre.alarm_list WHERE alarm_id = %s', :first), format('VALUES (''acknowledged'', %L, ''a team is on its way'')', session_user), 'with the login that did');
SELECT throws_ok(format('SELECT centre.set_alarm_state(%s, ''open'')', :first), '22023', NULL, 'what was acknowledged is not open again');
SELECT throws_ok(format('SELECT centre.set_alarm_state(%s, NULL)', :first), '22023', NULL, 'nor nothing');
SELECT throws_ok('SELECT centre.set_alarm_state(-1, ''closed'')', 'P0002', NULL, 'an alarm that is not there');
SELECT throws_ok('SELECT * FROM centre.alarm', '42501', NULL, 'the table is not for operators');
SELECT throws_ok('SELECT * FROM centre.baseline', '42501', NULL, 'nor the baselines');
SELECT throws_ok('UPDATE centre.alarm_list SET state_by = ''somebody''', NULL, NULL, 'nobody writes another''s name');
RESET ROLE;
-- a hostile path captures nothing of the definer function
CREATE SCHEMA trap; GRANT ALL ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION trap.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
SET ROLE civic_operator; SET search_path = trap, tap, civic, public, pg_catalog;
SELECT lives_ok(format('SELECT centre.set_alarm_state(%s, ''closed'')', :first), 'a hostile search_path captures nothing');
RESET ROLE; SET search_path = tap, civic, public, pg_catalog;
SELECT is_empty($$SELECT r, p.oid::regprocedure::text FROM unnest(ARRAY['civic_reader', 'civic_provider', 'civic_analyst', 'civic_ingest', 'civic_publisher']) AS r, pg_proc p
  WHERE p.proname = 'set_alarm_state' AND has_function_privilege(r, p.oid, 'EXECUTE')$$, 'nobody else may');
CALL tap.run('2025-12-31');
SELECT is((SELECT state FROM centre.alarm WHERE alarm_id = :first), 'closed', 'a run leaves what people said');

-- ---- releases: exact for things, under the threshold for people ----
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES ('outages', 'centre', '{outage}', '{country,province,municipality,ward}', 'day', false);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit) VALUES ('food', 'centre', '{need_food}', '{province,ward}', 'day');
INSERT INTO centre.reporting_expectation (indicator_id, area_id) SELECT tap.indicator('outage'), area_id FROM centre.area_standing WHERE level = 'ward';
-- food: 20 people a day in ward 7, 4 in ward 8 on one day
INSERT INTO centre.series (indicator_id, level, since, detector) SELECT tap.indicator('need_food'), l, '2025-12-01', 'ears_c2(baseline=5)' FROM unnest(ARRAY['province', 'ward']) AS l;
INSERT INTO centre.document (source, doc_key, version, content_hash) SELECT 'app', 'f' || i, 0, 'x' FROM generate_series(1, 700) AS i;
INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, subject_id, verified, sex, age_band)
  SELECT d.document_id, 1, '2025-12-01'::date + (substr(doc_key, 2)::int - 1) / 20, timestamptz '2025-12-01', tap.indicator('need_food'), 7, substr(doc_key, 2)::int, true, 'f', 'u' FROM centre.document d WHERE source = 'app' AND substr(doc_key, 2)::int <= 620
  UNION ALL SELECT d.document_id, 1, '2025-12-10', '2025-12-10', tap.indicator('need_food'), 8, substr(doc_key, 2)::int, true, 'f', 'u' FROM centre.document d WHERE source = 'app' AND substr(doc_key, 2)::int BETWEEN 621 AND 624
  UNION ALL SELECT d.document_id, 1, '2025-12-20', '2025-12-20', tap.indicator('need_food'), 7, substr(doc_key, 2)::int, false, 'f', 'u' FROM centre.document d WHERE source = 'app' AND substr(doc_key, 2)::int = 625;
CALL tap.run('2025-12-31');
SET ROLE civic_publisher;
DO $$ BEGIN FOR i IN 0..30 LOOP CALL centre.publish('food', '2025-12-01'::date + i); END LOOP; FOR i IN 0..91 LOOP CALL centre.publish('outages', '2025-10-01'::date + i); END LOOP; END $$;
CALL centre.publish_baselines('food');
CALL centre.publish_baselines('outages');
RESET ROLE;
SELECT set_eq($$SELECT series_id, area_id, period_start, expected, upper_bound, alarm FROM centre.released_baseline WHERE cube = 'outages'$$,
  $$SELECT series_id, area_id, period_start, expected, upper_bound, alarm FROM centre.baseline JOIN centre.series s USING (series_id) WHERE s.indicator_id = tap.indicator('outage')$$, 'of what is published exactly every baseline is released');
CREATE TABLE tap.hidden AS SELECT s.series_id, x.area_id, lower(r.period) AS day FROM centre.release r JOIN centre.release_cell x USING (release_id) JOIN centre.series s ON s.level = x.level AND s.indicator_id = tap.indicator('need_food')
  WHERE r.cube = 'food' AND r.current AND x.breakdown = 'all' AND x.status = 'x';
SELECT cmp_ok((SELECT count(*) FROM tap.hidden WHERE area_id = 8 AND day = '2025-12-10'), '=', 1::bigint, 'a count is withheld');
SELECT is_empty($$SELECT * FROM centre.released_baseline r JOIN tap.hidden h USING (series_id, area_id) WHERE r.period_start BETWEEN h.day AND h.day + 7$$, 'nothing that rests on it is released');
-- the oracle knows the releases alone
SELECT is_empty($$SELECT r.* FROM centre.released_baseline r JOIN centre.series s USING (series_id)
  CROSS JOIN LATERAL (SELECT series_agg(lower(q.period), x.value::bigint) AS shown FROM centre.release q JOIN centre.release_cell x USING (release_id)
                      WHERE q.cube = r.cube AND q.current AND (x.level, x.area_id, x.breakdown) = (s.level, r.area_id, 'all') AND lower(q.period) > r.period_start - 15) AS v
  WHERE r.cube = 'food' AND (r.alarm, r.expected, r.upper_bound) IS DISTINCT FROM (alarm(detect(shown, s.detector, r.period_start)), expected(detect(shown, s.detector, r.period_start)), upper_bound(detect(shown, s.detector, r.period_start)))$$,
  'a verdict is the detector''s on the published values');
SELECT results_eq($$SELECT b.observed, x.value FROM centre.baseline b JOIN centre.series s USING (series_id), centre.release r JOIN centre.release_cell x USING (release_id)
  WHERE s.level = 'ward' AND s.indicator_id = tap.indicator('need_food') AND b.area_id = 7 AND x.area_id = 7 AND x.level = 'ward' AND b.period_start = '2025-12-20' AND lower(r.period) = b.period_start AND r.cube = 'food'$$,
  $$VALUES (21::bigint, 20::numeric)$$, 'which leave out an unverified report that the operators'' baseline counts');
SELECT cmp_ok((SELECT count(*) FROM centre.released_baseline WHERE cube = 'food' AND reason IS NULL), '>', 20::bigint, 'there are many');
SELECT throws_ok($$CALL centre.publish_baselines('nothing')$$, 'P0002', NULL, 'an undeclared cube is refused');

-- ---- readers ----
SET ROLE civic_reader; SET search_path = dash, tap, civic, public;
SELECT throws_ok('SELECT * FROM centre.released_baseline', '42501', NULL, 'the reader sees dash alone');
SELECT results_eq($$SELECT count(*), count(expected), count(alarm_value), min(reason) FILTER (WHERE "time" = '2025-12-09 22:00+00') FROM dash.baseline('need_food', 'W2', '2025-11-30', '2026-01-01')$$,
  $$VALUES (31::bigint, 6::bigint, 0::bigint, 'withheld: too few people')$$, 'a withheld value has its reason');
SELECT set_eq($$SELECT reason FROM dash.baseline('need_food', 'W2', '2025-12-12', '2025-12-16')$$, ARRAY['no baseline: it would rest on values that are withheld'], 'and the days that look back at it theirs');
SELECT results_eq($$SELECT reason FROM dash.baseline('need_food', 'W1', '2025-12-01', '2025-12-01', 'af')$$, ARRAY['die geskiedenis is te kort'], 'in the reader''s language');
SELECT results_eq($$SELECT area, explained_by, state, completeness FROM dash.alarms('2025-12-20/2025-12-21') WHERE level IN ('country', 'province') OR area = 'V3' ORDER BY area$$,
  $$VALUES ('GT', 'Village 3', 'open', 1::float8), ('V3', NULL, 'closed', 1), ('ZA', 'Village 3', 'open', 1)$$, 'alarms with what explains them, their state and completeness');
SELECT is_empty($$SELECT * FROM dash.alarms('2025-12') WHERE exceedance_rank > 20 OR value <= upper_bound OR score <= 1 OR q_value NOT BETWEEN 0 AND 1$$, 'an alarm is above its bound');
SELECT results_eq($$SELECT max(exceedance_rank), max(n) FROM (SELECT exceedance_rank, count(*) OVER (PARTITION BY "time", level) AS n FROM dash.alarms('2025-12-24/2025-12-25', budget => 3)) AS x$$, $$VALUES (3, 3::bigint)$$, 'a budget keeps the highest');
SELECT results_eq($$SELECT DISTINCT area FROM dash.alarms('2025-12-22/2025-12-23', within_area => 'WC') ORDER BY 1$$, $$VALUES ('CPT'), ('WC')$$, 'within an area');
SELECT is((SELECT sum(periods) FROM dash.no_verdict('2025-12', of_indicator => 'need_food') WHERE reason LIKE 'withheld%'), 2::bigint, 'what has no verdict is counted by reason');
SELECT results_eq($$SELECT count(*), min(completeness) FROM dash.completeness('outage', 'municipality', '2025-12-01', '2025-12-31')$$, $$VALUES (31::bigint, 1::float8)$$, 'completeness by area and day');
RESET ROLE; SET ROLE civic_provider;
SELECT is_empty('SELECT * FROM dash.released_baseline', 'another audience sees none of it');
RESET ROLE;
SELECT is_empty($$SELECT c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.oid::regclass::text IN ('dash.released_baseline', 'dash.reporting')
  AND a.atttypid IN ('jsonb'::regtype, 'bigint'::regtype) AND a.attnum > 0$$, 'no types that Grafana stumbles over');
-- ---- a declaration that changes when a ward has gone: what goes and what is new are of the same days ----
DELETE FROM centre.area_standing WHERE level = 'ward' AND area_id = 120;
UPDATE centre.series SET detector = 'nb_window(baseline=35, alpha=0.01)' WHERE level = 'ward' AND indicator_id = tap.indicator('outage');
CALL tap.run('2025-12-31');
SELECT is_empty('SELECT FROM centre.baseline WHERE area_id = 120 AND series_id IN (SELECT series_id FROM centre.series WHERE indicator_id = tap.indicator(''outage''))', 'verdicts on a ward that is no longer judged go');
SELECT set_eq('SELECT series_id, area_id, period_start, observed, expected, upper_bound, score FROM centre.alarm WHERE holds',
  'SELECT series_id, area_id, period_start, observed, expected, upper_bound, score FROM centre.baseline WHERE alarm', 'and the alarms of the others are those of the baselines');
-- ---- what is due is done by the tick ----
UPDATE centre.series SET active = false;
INSERT INTO centre.series (indicator_id, level, since) SELECT tap.indicator('report'), 'country', (now() AT TIME ZONE reporting_zone)::date - 3 FROM centre.site;
SET ROLE civic_ticker;
CALL centre.tick();
RESET ROLE;
SELECT results_eq($$SELECT last_period - since, centre.baseline_due() FROM centre.detector_state JOIN centre.series USING (series_id) WHERE active$$, $$VALUES (2, false)$$, 'the tick judges up to yesterday, once');
-- ---- an operator has his own areas ----
CREATE ROLE op_west LOGIN IN ROLE civic_operator; CREATE ROLE op_none LOGIN IN ROLE civic_operator;
GRANT USAGE ON SCHEMA tap TO op_west, op_none;
SELECT count(*) AS everywhere, (SELECT a.area_id FROM centre.alarm a WHERE a.holds ORDER BY a.alarm_id LIMIT 1) AS his, min(alarm_id) AS one FROM centre.alarm_list \gset
INSERT INTO centre.operator_area VALUES ('op_west', :his);
CREATE VIEW tap.his AS SELECT a.alarm_id FROM centre.alarm a JOIN centre.area_closure c ON c.descendant_id = a.area_id AND c.ancestor_id = (SELECT area_id FROM centre.operator_area) WHERE a.holds; GRANT SELECT ON tap.his TO op_west;
SET SESSION AUTHORIZATION op_west;
SELECT set_eq('SELECT alarm_id FROM centre.alarm_list', 'SELECT alarm_id FROM tap.his', 'an operator sees the alarms of his areas and of what lies in them');
SELECT throws_ok('INSERT INTO centre.operator_area VALUES (''op_west'', 1)', '42501', NULL, 'and gives himself no others');
RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION op_none;
SELECT is_empty('SELECT * FROM centre.alarm_list', 'one without areas sees none');
SELECT throws_ok(format('SELECT centre.set_alarm_state(%s, ''closed'')', :one), 'P0002', NULL, 'and answers none');
SET ROLE civic_operator;
SELECT is_empty('SELECT * FROM centre.alarm_list', 'nor under the name of the group');
RESET SESSION AUTHORIZATION;
SELECT * FROM finish();
DROP OWNED BY op_west, op_none; DROP ROLE op_west, op_none;
