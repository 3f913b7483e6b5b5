-- Nowcasts in the layer: delays as they are noted evening by evening against those made at once, estimates against nowcast() itself, what the baselines and
-- alarms make of them, corrections, stopped reports, what was loaded, releases, and who sees what.
\ir ../fixtures/country.sql
\ir ../fixtures/watch.sql
SELECT plan(63);

-- ---- declarations ----
SELECT throws_ok($$INSERT INTO centre.late_indicator (indicator_id) VALUES (tap.indicator('living'))$$, '22023', NULL, 'a state of things does not come late');
SELECT throws_ok($$INSERT INTO centre.late_indicator (indicator_id) VALUES (tap.indicator('share_food'))$$, '22023', NULL, 'nor a proportion');
INSERT INTO centre.late_indicator (indicator_id, longest) VALUES (tap.indicator('outage'), 10);
SELECT is((SELECT since FROM centre.late_indicator), (now() AT TIME ZONE (SELECT reporting_zone FROM centre.site))::date, 'delays are known from today on');
UPDATE centre.late_indicator SET since = '2025-10-01';
INSERT INTO centre.series (indicator_id, level, since) SELECT tap.indicator('outage'), l, '2025-09-01' FROM unnest(ARRAY['country', 'province', 'ward', 'municipality']) AS l;
INSERT INTO centre.series (indicator_id, level, since, period_unit) VALUES (tap.indicator('outage'), 'province', '2025-09-01', 'week');
INSERT INTO centre.series (indicator_id, level, since, breakdown, member) VALUES (tap.indicator('outage'), 'province', '2025-09-01', 'sex', 'u');
SELECT centre.ensure_months('2025-09-01', '2026-02-28');

-- ---- three months of late reports: (event, report, area, n); a fifth comes at once, the rest over a week; an outbreak in the metro from 20 December on ----
CREATE TABLE tap.told AS
  SELECT d AS event, least(d + tap.draw(concat(a, d, i), 5) + tap.draw(concat('x', a, d, i), 4) * (tap.draw(concat('y', a, d, i), 5) > 0)::int, d + 12) AS report, a AS area, 1 AS n
  FROM generate_series(0, 110) AS g, LATERAL (SELECT '2025-09-20'::date + g AS d) AS day, unnest(ARRAY[4, 7, 8]) AS a,
       generate_series(1, 6 + tap.draw(concat(a, '/', d), 9) + CASE WHEN a = 4 AND d BETWEEN '2025-12-20' AND '2025-12-25' THEN 40 ELSE 0 END) AS i;
-- on 12 December five reports of the 9th prove wrong, on 15 December some of 1 September are found, on the 24th some of the 13th: beyond the longest delay
INSERT INTO tap.told VALUES ('2025-12-09', '2025-12-12', 7, -5), ('2025-09-01', '2025-12-15', 7, 3), ('2025-12-13', '2025-12-24', 7, 3);
-- ward 8 falls silent from 27 December on
UPDATE tap.told SET report = '2026-01-20' WHERE area = 8 AND report >= '2025-12-27';
-- what was loaded before it began: all at once, on the last evening of September
UPDATE tap.told SET report = '2025-09-30' WHERE event < '2025-10-01' AND report <= '2025-10-01';
CREATE PROCEDURE tap.evening(day date) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tap.report('outage', t.area, t.event, t.n) FROM (SELECT area, event, sum(n) AS n FROM tap.told WHERE report = day GROUP BY 1, 2) AS t WHERE t.n <> 0;
  CALL tap.drain();
  SET LOCAL ROLE civic_ticker;
  CALL centre.nowcast_run(day);
  RESET ROLE;
END $$;
DO $$ BEGIN FOR i IN 0..5 LOOP CALL tap.evening('2025-09-30'::date + i); END LOOP; END $$;
SELECT results_eq('SELECT min(period_start), max(period_start) FROM centre.series_estimate', $$VALUES ('2025-10-01'::date, '2025-10-05'::date)$$, 'days before delays are known are not estimated');
DO $$ BEGIN FOR i IN 6..87 LOOP CALL tap.evening('2025-09-30'::date + i); END LOOP; END $$;   -- to 26 December

-- ---- delays: those of the reports themselves, whatever was corrected ----
CREATE VIEW tap.oracle AS
  SELECT a.area_id, delays_since(delays_agg(t.event, t.report, 10, t.n) FILTER (WHERE t.report <= k.known_on), k.known_on - 51) AS delays, k.known_on
  FROM tap.told t JOIN centre.area_closure u ON u.descendant_id = t.area JOIN centre.area a ON a.area_id = u.ancestor_id, (SELECT max(known_on) AS known_on FROM centre.nowcast_log) AS k
  WHERE t.event >= '2025-10-01' GROUP BY a.area_id, k.known_on;
SELECT set_eq('SELECT area_id, delays::text FROM centre.delay', 'SELECT area_id, delays::text FROM tap.oracle WHERE area_id IN (4, 7, 8)', 'delays noted evening by evening are those of the reports');
SELECT is((SELECT count(*) FROM centre.delay d, delays_cells(d.delays) WHERE day = '2025-12-09' AND delay = 3 AND area_id = 7), 1::bigint, 'a correction is noted on the day it came');
SELECT is((SELECT n FROM centre.delay d, delays_cells(d.delays) WHERE day = '2025-12-09' AND delay = 3 AND area_id = 7),
  (SELECT sum(n) FROM tap.told WHERE event = '2025-12-09' AND report = '2025-12-12' AND area = 7), 'with what it takes away');
SELECT results_eq('SELECT known_on, changes FROM centre.nowcast_log ORDER BY known_on DESC LIMIT 1', $$SELECT '2025-12-26'::date, count(*) FROM (SELECT FROM tap.told WHERE report = '2025-12-26' GROUP BY area, event) AS t$$, 'an evening is on record, with how many counts changed');
SELECT throws_ok($$CALL centre.nowcast_run('2025-12-26')$$, '22023', NULL, 'an evening is noted once');
SELECT throws_ok($$CALL centre.nowcast_run(NULL)$$, '22023', NULL, 'and must be named');

-- ---- estimates: nowcast() of the delays, small areas with those of the area around ----
CREATE VIEW tap.estimate AS
  SELECT s.series_id, o.area_id, n.day, n.reported, n.estimate, n.lower, n.upper, n.expected_share, n.reason
  FROM tap.oracle o JOIN centre.area_standing t USING (area_id) JOIN centre.series s ON s.level = t.level AND s.period_unit = 'day' AND s.breakdown = 'all' JOIN centre.area a USING (area_id)
  LEFT JOIN tap.oracle p ON p.area_id = a.parent_id, nowcast(o.delays, o.known_on, parent => p.delays) AS n;
CREATE VIEW tap.estimates_differ AS
  SELECT e.* FROM centre.series_estimate e FULL JOIN tap.estimate o ON (o.series_id, o.area_id, o.day) = (e.series_id, e.area_id, e.period_start)
  WHERE (e.reported, e.estimate, e.lower_limit, e.upper_limit, e.reason) IS DISTINCT FROM (o.reported, o.estimate::bigint, o.lower::bigint, o.upper::bigint, o.reason) OR abs(e.expected_share - o.expected_share) > 1e-9;
SELECT is_empty('SELECT * FROM tap.estimates_differ', 'estimates are those of nowcast() with the area around as parent');
SELECT results_eq($$SELECT count(*), min(period_start), max(period_start) FROM centre.series_estimate WHERE area_id = 4 AND series_id IN (SELECT series_id FROM centre.series WHERE level = 'municipality')$$,
  $$VALUES (11::bigint, '2025-12-16'::date, '2025-12-26'::date)$$, 'of the last days up to the longest delay');
SELECT is_empty($$SELECT * FROM centre.series_estimate e JOIN centre.series s USING (series_id) WHERE s.period_unit <> 'day' OR s.breakdown <> 'all'$$, 'and of series by the day of everybody alone');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE f.final BETWEEN e.lower_limit AND e.upper_limit)::numeric / count(*) FROM centre.series_estimate e
    JOIN LATERAL (SELECT sum(t.n) AS final FROM tap.told t JOIN centre.area_closure u ON u.descendant_id = t.area WHERE u.ancestor_id = e.area_id AND t.event = e.period_start) AS f ON true), '>', 0.85, 'most limits hold');

-- ---- baselines judge what the counts will become ----
CALL tap.run('2025-12-26');
CREATE VIEW tap.judged AS
  SELECT s.series_id, s.level, p.area_id, p.t::date AS period_start,
    detect(p.t::date, coalesce(e.estimate, f.y, 0)::bigint, s.detector) OVER (PARTITION BY s.series_id, p.area_id ORDER BY p.t) AS v
  FROM centre.series s JOIN LATERAL (SELECT a.area_id, t FROM centre.area_standing a, generate_series(s.since::timestamp, '2025-12-26'::timestamp, '1 day') AS t WHERE a.level = s.level) AS p ON s.period_unit = 'day' AND s.breakdown = 'all'
  LEFT JOIN centre.series_estimate e ON (e.series_id, e.area_id, e.period_start) = (s.series_id, p.area_id, p.t::date)
  LEFT JOIN (SELECT c.ancestor_id AS area_id, o.day, sum(o.value) AS y FROM centre.observation o JOIN centre.area_closure c ON c.descendant_id = o.area_id GROUP BY 1, 2) AS f ON f.area_id = p.area_id AND f.day = p.t::date;
CREATE VIEW tap.verdicts_differ AS
  SELECT b.* FROM centre.baseline b JOIN centre.series s USING (series_id) FULL JOIN tap.judged j USING (series_id, area_id, period_start)
  WHERE s.period_unit IS DISTINCT FROM 'week' AND s.breakdown IS DISTINCT FROM 'sex' AND (b.observed, b.alarm, b.expected, b.upper_bound) IS DISTINCT FROM (observed(v), alarm(v), expected(v), upper_bound(v));
SELECT is_empty('SELECT * FROM tap.verdicts_differ', 'a day whose reports are coming is judged by its estimate, by the detector over estimates and counts');
SELECT ok(EXISTS (SELECT FROM centre.baseline b JOIN centre.series_estimate e USING (series_id, area_id, period_start) WHERE b.observed = e.estimate AND e.estimate > e.reported), 'which is more than was reported');
SELECT results_eq($$SELECT min(a.period_start) FROM centre.alarm a JOIN centre.series s USING (series_id) WHERE s.level = 'municipality' AND a.area_id = 4 AND a.holds AND a.period_start >= '2025-12-15'$$,
  $$VALUES ('2025-12-20'::date)$$, 'the outbreak is an alarm');

-- the same evening again, one day on: only what changed is judged anew, and what is complete now by its count
CALL tap.evening('2025-12-27');
CALL tap.run('2025-12-27');
SELECT is_empty('SELECT * FROM tap.estimates_differ', 'the next evening estimates are anew');
SELECT is_empty($$SELECT b.* FROM centre.baseline b JOIN centre.series s USING (series_id) LEFT JOIN centre.series_estimate e USING (series_id, area_id, period_start)
  JOIN LATERAL (SELECT coalesce(sum(o.value), 0) AS y FROM centre.observation o JOIN centre.area_closure u ON u.descendant_id = o.area_id WHERE u.ancestor_id = b.area_id AND o.day = b.period_start) AS f ON true
  WHERE s.period_unit = 'day' AND s.breakdown = 'all' AND b.reason IS NULL AND b.observed IS DISTINCT FROM coalesce(e.estimate, f.y)$$, 'and every verdict is of the estimate or, where there is none, of the count');
SELECT is((SELECT count(*) FROM centre.series_estimate e WHERE e.known_on <> '2025-12-27'), 0::bigint, 'no estimate of an earlier evening is left');

-- ---- reports that stop ----
DO $$ BEGIN FOR i IN 0..2 LOOP CALL tap.evening('2025-12-28'::date + i); END LOOP; END $$;
CALL tap.run('2025-12-30');
SELECT set_eq($$SELECT DISTINCT reason FROM centre.series_estimate e JOIN centre.series s USING (series_id) WHERE s.level = 'ward' AND area_id = 8$$, ARRAY['no_reports'], 'where reports have stopped there is no estimate');
SELECT set_eq($$SELECT DISTINCT reason FROM centre.baseline b JOIN centre.series s USING (series_id) WHERE s.level = 'ward' AND area_id = 8 AND period_start > '2025-12-20'$$, ARRAY['not_reported'], 'and no verdict: silence is not nought');
SELECT results_eq($$SELECT level, area, silent FROM centre.nowcast_list WHERE period_start = known_on AND area IN ('ZA', 'GT', 'WC', 'W2') AND level <> 'municipality' ORDER BY 1, 2$$,
  $$VALUES ('country', 'ZA', 1::bigint), ('province', 'GT', 1), ('province', 'WC', 0), ('ward', 'W2', 0)$$, 'which larger areas say: a part of theirs is missing');
SELECT results_eq($$SELECT area, came, usual > 5, share FROM centre.pace_list WHERE level = 'ward' ORDER BY area$$ , $$SELECT 'W1', came, true, came / usual FROM centre.pace_list WHERE level = 'ward' AND area = 'W1' UNION ALL VALUES ('W2', 0::float8, true, 0::float8)$$,
  'its pace is nothing of what usually comes');
SELECT is((SELECT usual FROM centre.pace_list WHERE level = 'ward' AND area = 'W1'), (SELECT sum(n) FROM tap.told WHERE area = 7 AND report IN ('2025-12-02', '2025-12-09', '2025-12-16', '2025-12-23') AND report - event < 10)::float8 / 4,
  'usual is the mean of the weekday in the four weeks before');

-- ---- what is taken back is no silence; an evening that is still to come ----
DO $$ BEGIN
  PERFORM tap.report('outage', 7, '2025-12-27', -300);
  CALL tap.evening('2025-12-31');
END $$;
SELECT is_empty($$SELECT * FROM centre.series_estimate WHERE area_id IN (1, 2, 4, 7) AND reason = 'no_reports'$$, 'a great correction is no silence');
SELECT cmp_ok((SELECT came FROM centre.pace_list WHERE level = 'ward' AND area = 'W1'), '>=', 0::float8, 'nor counted as less than nothing');
SELECT throws_ok(format('CALL centre.nowcast_run(%L)', (now() AT TIME ZONE 'Africa/Johannesburg')::date + 1), '22023', NULL, 'an evening that is still to come cannot be noted');
-- while the clock was wrong it was: the next run takes it back
CREATE TABLE tap.before AS SELECT indicator_id, area_id, delays::text AS delays FROM centre.delay;
INSERT INTO centre.nowcast_log VALUES ('2999-01-01', now(), 1, 1);
UPDATE centre.delay d SET delays = delays_union(d.delays, delays_agg) FROM (SELECT delays_agg('2999-01-01'::date, '2999-01-01'::date, 10, 5)) AS x;
SELECT centre.nowcast_forget((now() AT TIME ZONE 'Africa/Johannesburg')::date);
SELECT set_eq('SELECT indicator_id, area_id, delays::text FROM centre.delay', 'SELECT * FROM tap.before', 'what was noted while the clock was wrong is taken back');
SELECT is((SELECT max(known_on) FROM centre.nowcast_log), '2025-12-31'::date, 'and its evening');

-- ---- who sees what ----
DROP ROLE IF EXISTS tap_operator;
CREATE ROLE tap_operator LOGIN IN ROLE civic_operator;
INSERT INTO centre.operator_area VALUES ('tap_operator', 2);
SET SESSION AUTHORIZATION tap_operator; SET search_path = tap, civic, public, pg_catalog; SET ROLE civic_operator;
SELECT set_eq($$SELECT DISTINCT area FROM centre.nowcast_list$$, ARRAY['GT', 'GT481', 'W1', 'W2'], 'an operator sees his own areas');
SELECT set_eq($$SELECT DISTINCT area FROM centre.pace_list$$, ARRAY['GT', 'GT481', 'W1', 'W2'], 'and how they report');
SELECT throws_ok('SELECT * FROM centre.source_pace', '42501', NULL, 'but not how sources do');
SELECT throws_ok('SELECT * FROM centre.series_estimate', '42501', NULL, 'and no more');
RESET SESSION AUTHORIZATION; SET search_path = tap, civic, public, pg_catalog;
SELECT is_empty($$SELECT r, v FROM unnest(ARRAY['civic_reader', 'civic_provider', 'civic_analyst', 'civic_public', 'civic_ingest']) AS r,
  unnest(ARRAY['centre.nowcast_list', 'centre.pace_list', 'centre.source_pace', 'centre.delay', 'centre.series_estimate', 'centre.released_estimate', 'centre.nowcast_log']) AS v WHERE has_table_privilege(r, v, 'SELECT')$$,
  'readers see none of it');

-- ---- releases: what is made of published values tells no more than they do ----
INSERT INTO centre.cube (code, audience, indicators, levels, breakdowns, period_unit, personal) VALUES ('outages', 'centre', '{outage}', '{country,province,municipality,ward}', '{all,sex}', 'day', false);
-- one that another of the same evening replaced
INSERT INTO centre.release (cube, period, published_at, current) VALUES ('outages', '[2025-12-20,2025-12-21)', timestamp '2025-12-24 01:00' AT TIME ZONE 'Africa/Johannesburg', false);
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status) SELECT r.release_id, 'outage', t.level, t.area_id, 'all', '*total*', 999, 'ok' FROM centre.release r, centre.area_standing t;
-- published evening by evening: a release of each day's count as it was known, written as publish() would have
INSERT INTO centre.release (cube, period, published_at, current)
  SELECT 'outages', daterange(d::date, d::date + 1), (d::date + w + 1)::timestamp AT TIME ZONE 'Africa/Johannesburg' + interval '3 hours', d::date + w = least(d::date + 12, '2025-12-30'::date)
  FROM generate_series(timestamp '2025-10-01', '2025-12-30', '1 day') AS d, generate_series(0, 12) AS w WHERE d::date + w <= '2025-12-30'
  -- one day was published when a part of it had come in a heap
  AND NOT (d = '2025-11-20' AND w < 4) ORDER BY d, w;
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status)
  SELECT r.release_id, 'outage', t.level, t.area_id, 'all', '*total*', coalesce(sum(x.n) FILTER (WHERE x.report < (r.published_at AT TIME ZONE 'Africa/Johannesburg')::date), 0), 'ok'
  FROM centre.release r JOIN (SELECT event, report, area, sum(n) AS n FROM tap.told GROUP BY 1, 2, 3) AS x ON x.event = lower(r.period)
  JOIN centre.area_closure u ON u.descendant_id = x.area JOIN centre.area_standing t ON t.area_id = u.ancestor_id
  WHERE r.cube = 'outages' AND t.level IN ('country', 'province', 'municipality', 'ward') AND NOT EXISTS (SELECT FROM centre.release_cell c WHERE c.release_id = r.release_id) GROUP BY r.release_id, t.level, t.area_id;
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status)
  SELECT release_id, indicator, level, area_id, 'sex', 'u', value, status FROM centre.release_cell WHERE area_id = 3;
SET ROLE civic_publisher;
CALL centre.publish_nowcasts('outages');
CALL centre.publish_baselines('outages');
RESET ROLE;
CREATE VIEW tap.public_estimate AS
  SELECT s.series_id, a.area_id, n.* FROM centre.series s JOIN centre.area_standing a USING (level) CROSS JOIN LATERAL (
      SELECT delays_agg(t.event, t.report, 10, t.n) AS delays FROM tap.told t JOIN centre.area_closure u ON u.descendant_id = t.area
      WHERE u.ancestor_id = a.area_id AND t.report <= '2025-12-30' AND t.event >= '2025-11-09' AND t.event <> '2025-11-20' AND t.report - t.event <= 12) AS d,
    nowcast(d.delays, '2025-12-30') AS n WHERE s.period_unit = 'day' AND s.breakdown = 'all';
SELECT is_empty($$SELECT * FROM centre.released_estimate e FULL JOIN tap.public_estimate p ON (p.series_id, p.area_id, p.day) = (e.series_id, e.area_id, e.period_start)
  WHERE (e.reported, e.estimate, e.lower_limit, e.upper_limit, e.reason) IS DISTINCT FROM (p.reported, p.estimate::bigint, p.lower::bigint, p.upper::bigint, p.reason)$$, 'released estimates are nowcast() over published values and days of publishing');
SELECT ok(EXISTS (SELECT FROM centre.released_estimate WHERE estimate > reported), 'some are above what is published');
SELECT ok(EXISTS (SELECT FROM centre.released_baseline b JOIN centre.released_estimate e USING (cube, series_id, area_id, period_start) JOIN centre.series s USING (series_id)
  WHERE b.score IS NOT NULL AND abs(b.score - (e.estimate - b.expected) / nullif(b.upper_bound - b.expected, 0)) < 1e-9 AND e.estimate <> e.reported), 'and released verdicts are of them');
SET ROLE civic_reader; SET search_path = dash, tap, civic, public;
SELECT results_eq($$SELECT count(*), min(period_start), max(period_start), bool_and(expected_rest = greatest(estimate - reported, 0)), bool_and(reason IS NULL) FROM dash.nowcasts('outage', 'WC', '2025-11-30', '2026-01-05')$$,
  $$VALUES (11::bigint, '2025-12-20'::date, '2025-12-30'::date, true, true)$$, 'a reader asks for an area''s last days');
SELECT results_eq($$SELECT period_start, estimate FROM dash.baseline('outage', 'WC', '2025-12-10', '2026-01-05') WHERE estimate IS NOT NULL$$, $$SELECT period_start, estimate FROM dash.nowcasts('outage', 'WC', '2025-11-30', '2026-01-05')$$, 'his baseline has the estimates');
SELECT results_eq($$SELECT count(*) > 20, count(estimate) FROM dash.baseline('outage', 'WC', '2025-12-01', '2026-01-05', 'en', 'sex', 'u')$$, $$VALUES (true, 0::bigint)$$, 'which are of everybody');
SELECT isnt_empty($$SELECT FROM dash.alarms('2025-12', 'en', 'outage') WHERE area = 'WC' AND estimate > value$$, 'and his alarms');
SELECT is_empty($$SELECT a.estimate, n.estimate FROM dash.alarms('2025-12', 'en', 'outage') a LEFT JOIN dash.nowcasts('outage', 'WC', '2025-11-30', '2026-01-05') n USING (period_start) WHERE a.area = 'WC' AND a.estimate IS DISTINCT FROM n.estimate$$, 'the same');
SELECT is_empty($$SELECT FROM dash.alarms('2025-12', 'en', 'outage') WHERE coalesce(estimate, value) <= upper_bound$$, 'which are above their bounds');
SELECT results_eq($$SELECT DISTINCT reason FROM dash.nowcasts('outage', 'W2', '2025-11-30', '2026-01-05', 'af')$$, $$VALUES ('verslae het opgehou')$$, 'the reason in his language');
SELECT throws_ok($$SELECT * FROM dash.nowcasts('outages', 'WC', '2025-11-30', '2026-01-05')$$, '22023', NULL, 'a misspelt indicator is an error');
SELECT throws_ok($$SELECT * FROM dash.nowcasts('outage', 'XX', '2025-11-30', '2026-01-05')$$, '22023', NULL, 'and so is an area');
RESET ROLE; SET ROLE civic_provider;
SELECT is_empty('SELECT * FROM dash.released_estimate', 'another audience sees none of it');
RESET ROLE; SET search_path = tap, civic, public, pg_catalog;
SELECT throws_ok($$CALL centre.publish_nowcasts('nothing')$$, 'P0002', NULL, 'an undeclared cube is refused');
-- another cube of the same, younger: begun with a heap of past days, and each published once
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES ('heap', 'centre', '{outage}', '{country,province}', 'day', false);
INSERT INTO centre.release (cube, period, published_at) SELECT 'heap', daterange(d::date, d::date + 1), timestamp '2025-12-31 03:00' AT TIME ZONE 'Africa/Johannesburg' FROM generate_series(timestamp '2025-12-01', '2025-12-30', '1 day') AS d;
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status)
  SELECT r.release_id, c.indicator, c.level, c.area_id, c.breakdown, c.member, c.value, 'ok' FROM centre.release r JOIN centre.release q ON q.cube = 'outages' AND q.period = r.period AND q.current
  JOIN centre.release_cell c ON c.release_id = q.release_id WHERE r.cube = 'heap' AND c.breakdown = 'all' AND c.level IN ('country', 'province');
CALL centre.publish_nowcasts('heap');
SELECT results_eq($$SELECT DISTINCT period_start, reason FROM centre.released_estimate WHERE cube = 'heap' ORDER BY 1$$, $$VALUES ('2025-12-29'::date, 'published_once'), ('2025-12-30', 'published_once')$$,
  'days that came in a heap have no estimate, and nothing published once tells what is coming');
SET ROLE civic_reader;
SELECT results_eq($$SELECT count(*), count(estimate) FROM dash.nowcasts('outage', 'WC', '2025-11-30', '2026-01-05')$$, 'VALUES (11::bigint, 11::bigint)', 'of two cubes one answers');
SELECT is((SELECT max(silent) FROM dash.nowcasts('outage', 'GT', '2025-12-30', '2026-01-05')), 1, 'with how many areas inside are silent');
SELECT results_eq($$SELECT count(expected_rest), count(*) FROM dash.nowcasts('outage', 'W2', '2025-11-30', '2026-01-05')$$, 'VALUES (0::bigint, 11::bigint)', 'where there is no estimate nothing is said of the rest');
RESET ROLE;
UPDATE centre.release_cell x SET status = 'x', value = NULL FROM centre.release r WHERE r.release_id = x.release_id AND r.cube = 'outages' AND x.area_id = 7 AND lower(r.period) = '2025-12-01' AND NOT r.current;
CALL centre.publish_nowcasts('outages');
SELECT results_eq($$SELECT area_id, min(reason), count(estimate) FROM centre.released_estimate e JOIN centre.series s USING (series_id) WHERE s.level = 'ward' AND reason = 'nowcast_withheld' GROUP BY 1$$, $$VALUES (7, 'nowcast_withheld', 0::bigint)$$,
  'where a value of these weeks was ever withheld there is none');

-- ---- one that is no longer late ----
CALL tap.run('2025-12-31');
SELECT ok(EXISTS (SELECT FROM centre.series_estimate), 'there are estimates');
DELETE FROM centre.late_indicator WHERE indicator_id = tap.indicator('outage');
CALL tap.run('2025-12-31');
SELECT is_empty($$SELECT b.* FROM centre.baseline b JOIN centre.series s USING (series_id)
  JOIN LATERAL (SELECT coalesce(sum(o.value), 0) AS y FROM centre.observation o JOIN centre.area_closure u ON u.descendant_id = o.area_id WHERE u.ancestor_id = b.area_id AND o.day = b.period_start) AS f ON true
  WHERE s.period_unit = 'day' AND s.breakdown = 'all' AND b.observed IS DISTINCT FROM f.y AND f.y >= 0$$, 'is judged by its counts again');

-- ---- one that is declared late learns from documents ----
INSERT INTO centre.late_indicator (indicator_id, longest, since) VALUES (tap.indicator('need_food'), 5, '2030-01-01');
SELECT throws_ok($$CALL centre.learn_delays('need_water')$$, 'P0002', NULL, 'only for a late indicator');
CREATE TABLE tap.day AS SELECT (now() AT TIME ZONE s.reporting_zone)::date AS today, s.reporting_zone AS zone FROM centre.site s;
SELECT centre.ensure_months(date_trunc('month', today - 60)::date, date_trunc('month', today + 31)::date) FROM tap.day;
WITH sent AS (
  INSERT INTO centre.landing (source, format, payload, received_at)
    SELECT 'app', 'json', convert_to(concat(d, ' ', late), 'UTF8'), (CASE WHEN d < 10 THEN today - 9 ELSE today - 40 + d + late END)::timestamp AT TIME ZONE zone + interval '5 hours'
    FROM tap.day, generate_series(0, 38) AS d, generate_series(0, 3) AS late
    -- of one day nothing came at once
    WHERE (d, late) <> (15, 0) RETURNING landing_id, payload),
doc AS (INSERT INTO centre.document (source, doc_key, version, content_hash, landing_id) SELECT 'app', convert_from(payload, 'UTF8'), 0, 'x', landing_id FROM sent RETURNING document_id, doc_key)
INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band)
  SELECT document_id, 1, today - 40 + split_part(doc_key, ' ', 1)::int, now(), tap.indicator('need_food'), 7, true, 'f', 'u' FROM doc, tap.day;
CALL centre.learn_delays('need_food');
SELECT is((SELECT since FROM centre.late_indicator WHERE indicator_id = tap.indicator('need_food')), (SELECT today - 30 FROM tap.day), 'from the first day that was not loaded when it was over');
SELECT results_eq($$SELECT delay, min(n), count(*) FROM centre.delay d, delays_cells(d.delays) WHERE indicator_id = tap.indicator('need_food') GROUP BY 1 ORDER BY 1$$, $$VALUES (0, 1::bigint, 28::bigint), (1, 1, 29), (2, 1, 28), (3, 1, 27)$$,
  'with the delays of the documents up to yesterday evening');
DELETE FROM centre.landing l USING tap.day WHERE convert_from(l.payload, 'UTF8') = '20 0';
CALL centre.learn_delays('need_food');
SELECT is((SELECT since FROM centre.late_indicator WHERE indicator_id = tap.indicator('need_food')), (SELECT today - 19 FROM tap.day), 'or whose payloads are all there');
UPDATE centre.late_indicator SET longest = 7 WHERE indicator_id = tap.indicator('need_food');
SELECT results_eq($$SELECT l.since, count(d.*) FROM centre.late_indicator l LEFT JOIN centre.delay d USING (indicator_id) WHERE indicator_id = tap.indicator('need_food') GROUP BY 1$$, 'SELECT today, 0::bigint FROM tap.day', 'another longest delay begins anew');

-- ---- the step of tick() ----
DELETE FROM centre.nowcast_log;
SET ROLE civic_ticker;
SELECT isnt(centre.tick_round('nowcasts'), NULL, 'tick() does it');
SELECT is(centre.tick_round('nowcasts'), NULL, 'once a day');
RESET ROLE;
DROP ROLE tap_operator;
SELECT * FROM finish();
