-- Baselines: against detectors over the facts themselves, in steps and under corrections; missing and nought; releases and who sees them.
\ir ../fixtures/country.sql
\ir ../fixtures/watch.sql
SELECT plan(30);
-- ---- declarations ----
INSERT INTO centre.series (indicator_id, level, since) SELECT tap.indicator('outage'), l, '2025-09-01' FROM unnest(ARRAY['country', 'province', 'ward', 'municipality']) AS l;
INSERT INTO centre.series (indicator_id, level, since, period_unit) VALUES (tap.indicator('outage'), 'province', '2025-09-03', 'week');
SELECT results_eq($$SELECT DISTINCT period_unit, detector::text, since FROM centre.series ORDER BY 1$$,
  $$VALUES ('day', 'nb_window', '2025-09-01'::date), ('week', 'auto(every=week)', '2025-09-01')$$, 'days are judged by nb_window, weeks by what their history allows, from the first day of a period');
SELECT throws_ok($$INSERT INTO centre.series (indicator_id, level, since, detector) VALUES (tap.indicator('outage'), 'district', '2025-01-01', 'farrington')$$, '22023', NULL, 'a weekly detector judges no days');
SELECT throws_ok($$INSERT INTO centre.series (indicator_id, level, since) VALUES (tap.indicator('living'), 'ward', '2025-01-01')$$, '22023', NULL, 'a state of things is not watched');
SELECT throws_ok($$INSERT INTO centre.series (indicator_id, level, since) VALUES (tap.indicator('share_food'), 'ward', '2025-01-01')$$, '22023', NULL, 'nor a proportion');

-- ---- what a detector does not look back at may be forgotten ----
CREATE TABLE tap.long AS SELECT civic.series_agg(d::date, CASE WHEN tap.draw('m' || d, 40) > 0 THEN tap.draw('y' || d, 9)::bigint END) AS s, max(d::date) AS last FROM generate_series(timestamp '2015-01-05', '2026-03-01', '1 day') AS d;
SELECT is_empty($$SELECT m.d FROM tap.long, (
    SELECT method || '(every=' || every || CASE WHEN method = 'farrington_flexible' AND every = 'month' THEN ', window=0, seasons=3)' ELSE ')' END AS d, every FROM (SELECT DISTINCT method FROM civic.detectors()) AS q, unnest(ARRAY['day', 'week', 'month']) AS every
    UNION ALL VALUES ('nb_window(baseline=90, lag=7)', 'day'), ('bayes(every=day, years=2, window=20)', 'day'), ('farrington_flexible(years=3, window=5, seasons=3, min_periods=300)', 'week'), ('historical_limits(years=2)', 'week')) AS m (d, every)
  CROSS JOIN LATERAL (SELECT centre.detector_reach(m.d::civic.detector, every) AS reach) AS r, generate_series(0, 60, 15) AS back
  CROSS JOIN LATERAL (SELECT civic.detect(s, m.d::civic.detector, last - back) AS v,
    civic.detect(CASE WHEN reach IS NULL THEN s ELSE civic.series_since(s, date_trunc(every, (last - back - reach)::timestamp)::date) END, m.d::civic.detector, last - back) AS w OFFSET 0) AS q
  WHERE (alarm(v), reason(v), method(v), observed(v)) IS DISTINCT FROM (alarm(w), reason(w), method(w), observed(w))
     OR abs(expected(v) - expected(w)) > 1e-11 * expected(v) OR abs(upper_bound(v) - upper_bound(w)) > 1e-11 * upper_bound(v)$$,
  'every detector says the same without what lies beyond its reach');

-- ---- four months of counts, with an outbreak in ward one ----
SELECT centre.ensure_months('2025-09-01', '2026-02-28');
SELECT count(tap.report('outage', a, d::date, CASE WHEN a = 7 AND d IN ('2025-12-20', '2025-12-21') THEN 40 ELSE tap.draw(a || '/' || d::date, 5) END))
  FROM unnest(ARRAY[4, 7, 8]) AS a, generate_series(timestamp '2025-09-01', '2025-12-31', '1 day') AS d WHERE tap.draw('gap' || a || d::date, 6) > 0;
CALL tap.run('2025-12-31');
-- the oracle reads observations and makes its own calendar
CREATE VIEW tap.oracle AS
  SELECT s.series_id, p.area_id, p.t::date AS period_start, civic.detect(p.t::date, coalesce(f.y, 0)::bigint, s.detector) OVER (PARTITION BY s.series_id, p.area_id ORDER BY p.t) AS v
  FROM centre.series s JOIN LATERAL (SELECT a.area_id, t FROM centre.area_standing a, generate_series(s.since::timestamp, '2025-12-31'::timestamp - ('1 ' || s.period_unit)::interval + '1 day', ('1 ' || s.period_unit)::interval) AS t WHERE a.level = s.level) AS p ON true
  LEFT JOIN (SELECT s.series_id, c.ancestor_id AS area_id, date_trunc(s.period_unit, o.day::timestamp) AS t, sum(o.value) AS y
             FROM centre.series s JOIN centre.observation o USING (indicator_id) JOIN centre.area_closure c ON c.descendant_id = o.area_id GROUP BY 1, 2, 3) AS f USING (series_id, area_id, t);
CREATE VIEW tap.differs AS
  SELECT series_id, area_id, period_start, b.observed, b.alarm, b.reason, v FROM centre.baseline b FULL JOIN tap.oracle o USING (series_id, area_id, period_start)
  WHERE (b.observed, b.expected, b.upper_bound, b.score, b.p_value, b.alarm, b.reason, b.method) IS DISTINCT FROM
        (civic.observed(v), civic.expected(v), civic.upper_bound(v), civic.score(v), civic.p_value(v), civic.alarm(v), civic.reason(v), civic.method(v));
SELECT is_empty('TABLE tap.differs', 'verdicts are those of the detectors over the facts');
SELECT cmp_ok((SELECT count(*) FROM centre.baseline WHERE alarm IS NOT NULL), '>', 400::bigint, 'and there are many');
SELECT is((SELECT count(*) FROM centre.baseline WHERE lower_bound > expected OR lower_bound < 0 OR (lower_bound IS NULL) <> (method <> 'nb_window' OR alarm IS NULL)), 0::bigint, 'a lower bound of those with a model of counts');
CALL tap.run('2025-12-31');
SELECT results_eq($$SELECT series, changed FROM centre.baseline_log ORDER BY run_id DESC LIMIT 1$$, $$VALUES (0::bigint, 0::bigint)$$, 'a second run has nothing to do');

-- ---- steps, late and corrected data in any order ----
CREATE TABLE tap.whole AS TABLE centre.baseline;
CREATE TABLE tap.late AS SELECT n, (ARRAY[4, 7, 8])[1 + n % 3] AS area_id, date '2025-09-01' + tap.draw('d' || n, 122) AS day, tap.draw('n' || n, 13) - 4 AS change FROM generate_series(1, 25) AS n;
CREATE PROCEDURE tap.begin_again() LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM centre.observation o USING tap.mark WHERE o.document_id > tap.mark.last;
  CALL tap.drain();
  DELETE FROM centre.alarm; DELETE FROM centre.baseline; DELETE FROM centre.detector_state; DELETE FROM centre.stale_series;
END $$;
CREATE TABLE tap.mark AS SELECT max(document_id) AS last FROM centre.document;
CALL tap.begin_again();
DO $$ BEGIN FOR i IN REVERSE 45..0 LOOP CALL tap.run('2025-12-31'::date - i * (1 + i % 3) % 50); END LOOP; END $$;
SELECT set_eq('TABLE centre.baseline', 'TABLE tap.whole', 'run day by day, forwards and back again, it is the same baseline');
CREATE PROCEDURE tap.correct(way text) LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  CALL tap.begin_again();
  CALL tap.run('2025-11-15');
  FOR r IN SELECT * FROM tap.late ORDER BY CASE way WHEN 'up' THEN n WHEN 'down' THEN -n ELSE tap.draw('mix' || n, 1000) END LOOP
    PERFORM tap.report('outage', r.area_id, r.day, r.change);
    IF r.n % 3 = 0 OR way = 'down' THEN
      CALL tap.run(('2025-11-15'::date + r.n));
    END IF;
  END LOOP;
  CALL tap.run('2025-12-31');
END $$;
CALL tap.correct('up'); CREATE TABLE tap.up AS TABLE centre.baseline;
SELECT is_empty('TABLE tap.differs', 'after corrections it is what the detectors say of the corrected facts');
SELECT isnt((SELECT count(*) FROM (TABLE tap.up EXCEPT TABLE tap.whole) AS x), 0::bigint, 'which is something else');
CREATE TABLE tap.up_alarm AS SELECT series_id, area_id, period_start, observed, expected, exceedance_rank, q_value, explained_by FROM centre.alarm WHERE holds;
CALL tap.correct('down');
SELECT set_eq('TABLE centre.baseline', 'TABLE tap.up', 'corrections in the opposite order give the same baseline');
SELECT set_eq('SELECT series_id, area_id, period_start, observed, expected, exceedance_rank, q_value, explained_by FROM centre.alarm WHERE holds', 'TABLE tap.up_alarm', 'and the same alarms');
CALL tap.correct('mixed');
SELECT set_eq('TABLE centre.baseline', 'TABLE tap.up', 'and so does any order');
SELECT tap.report('outage', 8, '2025-12-10', 1);
CALL tap.run('2025-12-31');
SELECT is((SELECT rebuilt FROM centre.baseline_log ORDER BY run_id DESC LIMIT 1), 5::bigint, 'late data touch only their own series: ward, municipality, province by day and week, country');

-- ---- a changed declaration ----
UPDATE centre.series SET detector = 'ears_c2', since = '2025-10-01' WHERE level = 'ward';
CALL tap.run('2025-12-31');
SELECT results_eq($$SELECT DISTINCT b.version, method, min(period_start) OVER () FROM centre.baseline b JOIN centre.series s USING (series_id) WHERE level = 'ward'$$, $$VALUES (2, 'ears_c2', '2025-10-01'::date)$$, 'a changed declaration is computed anew, and what it no longer covers goes');
SELECT is_empty('TABLE tap.differs', 'correctly');
-- a running method goes on from its state
UPDATE centre.series SET detector = 'cusum(train=20)', since = '2025-09-01' WHERE level = 'ward';
DELETE FROM centre.baseline b USING centre.series s WHERE s.series_id = b.series_id AND level = 'ward';
DO $$ BEGIN FOR i IN REVERSE 20..0 LOOP CALL tap.run('2025-12-31'::date - i * 5); END LOOP; END $$;
SELECT is_empty('TABLE tap.differs', 'a running method continued from its state says what the whole series says');

-- ---- missing is not nought ----
DELETE FROM centre.series; CALL tap.begin_again();
INSERT INTO centre.series (indicator_id, level, since, detector) SELECT tap.indicator('outage'), l, '2025-09-01', 'nb_window(baseline=28)' FROM unnest(ARRAY['province', 'ward']) AS l;
CALL tap.run('2025-12-31');
SELECT is((SELECT count(*) FROM centre.baseline WHERE observed IS NULL), 0::bigint, 'without expectations silence is nought');
INSERT INTO centre.reporting_expectation (indicator_id, area_id, weekdays, valid) VALUES (tap.indicator('outage'), 7, '{1,2,3,4,5,6,7}', '[2025-10-01,)'), (tap.indicator('outage'), 8, '{1,2,3,4,5}', '[2025-09-01,)');
CALL tap.run('2025-12-31');
CREATE VIEW tap.day AS
  SELECT a.area_id, d::date AS day, (SELECT sum(o.value) FROM centre.observation o WHERE o.area_id = a.area_id AND o.day = d::date) AS total,
         a.area_id = 7 AND d >= '2025-10-01' OR a.area_id = 8 AND extract(isodow FROM d) < 6 AS due
  FROM unnest(ARRAY[7, 8]) AS a (area_id), generate_series(timestamp '2025-09-01', '2025-12-31', '1 day') AS d;
SELECT is_empty($$SELECT * FROM centre.baseline b JOIN centre.series s USING (series_id) JOIN tap.day t ON t.area_id = b.area_id AND t.day = b.period_start
  WHERE level = 'ward' AND b.observed IS DISTINCT FROM t.total::bigint$$, 'an area that reports is missing on days without a report, due or not');
SELECT is_empty($$SELECT * FROM (SELECT c.area_id, c.period_start AS day, due, received FROM centre.completeness c JOIN centre.series s USING (series_id) WHERE level = 'ward') AS c
  FULL JOIN (SELECT * FROM tap.day WHERE due) AS t USING (area_id, day) WHERE (c.due, c.received) IS DISTINCT FROM (1, (t.total IS NOT NULL)::integer)$$, 'completeness of an area that reports');
SELECT is_empty($$SELECT * FROM centre.baseline b JOIN centre.series s USING (series_id)
  JOIN (SELECT day, count(*) FILTER (WHERE due) AS due, count(total) FILTER (WHERE due) AS received, sum(total) AS total FROM tap.day GROUP BY day) AS t ON t.day = b.period_start
  WHERE level = 'province' AND b.area_id = 2 AND b.observed IS DISTINCT FROM CASE WHEN received >= 0.8 * due AND due > 0 OR due = 0 THEN total::bigint END$$, 'a larger area is missing when too few of its parts reported');
SELECT cmp_ok((SELECT count(*) FROM centre.baseline WHERE reason = 'not_reported'), '>', 30::bigint, 'there are such days');
SELECT is((SELECT count(*) FROM centre.baseline b JOIN centre.series s USING (series_id) WHERE level = 'province' AND area_id = 3 AND observed IS NULL), 0::bigint, 'an area of which no report is expected has none');
-- the report that comes late, saying nought
CREATE TABLE tap.gap AS SELECT min(day) AS day FROM tap.day WHERE area_id = 7 AND due AND total IS NULL AND extract(isodow FROM day) < 6;
SELECT tap.report('outage', 7, day, 0) FROM tap.gap;
CALL tap.run('2025-12-31');
SELECT results_eq($$SELECT observed FROM centre.baseline b JOIN centre.series s USING (series_id) JOIN tap.gap g ON g.day = b.period_start WHERE level = 'ward' AND area_id = 7$$, ARRAY[0::bigint], 'a late report of nought makes it nought');
-- an expectation for a larger area speaks for its parts
DELETE FROM centre.reporting_expectation; INSERT INTO centre.reporting_expectation (indicator_id, area_id) VALUES (tap.indicator('outage'), 6);
CALL tap.run('2025-12-31');
SELECT is_empty($$SELECT * FROM centre.baseline b JOIN centre.series s USING (series_id) JOIN tap.day t ON t.area_id = b.area_id AND t.day = b.period_start
  WHERE level = 'ward' AND b.observed IS DISTINCT FROM CASE WHEN EXISTS (SELECT FROM tap.day u WHERE u.day = t.day AND u.total IS NOT NULL) THEN coalesce(t.total, 0)::bigint END$$, 'where the municipality reports, a ward without events has nought');
SELECT set_eq($$SELECT area_id FROM centre.reporting_habit('outage', 'ward', '2025-09-01', '2025-12-31') WHERE weekdays = '{1,2,3,4,5,6,7}'$$,
  $$SELECT area_id FROM (SELECT area_id, extract(isodow FROM day), avg((total IS NOT NULL)::int) AS share FROM tap.day GROUP BY 1, 2) AS x GROUP BY 1 HAVING min(share) >= 0.75$$, 'who reports by habit is proposed as expected');
SELECT tap.report('outage', 7, '2025-12-30', 1e30);
SELECT lives_ok($$CALL tap.run('2025-12-31')$$, 'a total that is no count stops nothing');
SELECT results_eq($$SELECT reason FROM centre.baseline b JOIN centre.series s USING (series_id) WHERE level = 'ward' AND area_id = 7 AND period_start = '2025-12-30'$$, ARRAY['not_reported'], 'it is as if not reported');
SELECT * FROM finish();
