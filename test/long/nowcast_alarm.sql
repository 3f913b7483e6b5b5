-- Alarms over reports that come late: how often are they false, and how soon do they see an outbreak, judged by what was reported, by what that will
-- become (nowcast()), and by what it became?  The table of docs/nowcast.md is printed.
\set ON_ERROR_STOP on
SET search_path = tap, civic, public;
SELECT plan(5);

-- Counts of 150 days, about ten a day, a little uneven, with delays of 4 days in the mean and at most 13. In a hundred of 500 series they double every five
-- days from day 120 on, up to eightfold.
SELECT setseed(0.42) \gset
CREATE TEMP TABLE event AS
SELECT s, '2026-01-01'::date + day AS event,
       negbin_quantile(random(), 10 * CASE WHEN s > 400 AND day >= 120 THEN least(2 ^ ((day - 119) / 5.0), 8) ELSE 1 END, 20)::int AS n
FROM generate_series(1, 500) AS s, generate_series(0, 149) AS day;
CREATE TEMP TABLE report AS
SELECT s, event, event + least(negbin_quantile(random() + 0 * i, 4, 2), 13)::int AS report, count(*) AS n FROM event, generate_series(1, n) AS i GROUP BY 1, 2, 3;
CREATE INDEX ON report (s, event);
CREATE INDEX ON event (s, event);
CREATE TEMP TABLE evening AS SELECT s, '2026-01-01'::date + e AS now FROM generate_series(1, 500) AS s, generate_series(90, 149) AS e;
ANALYZE event, report, evening;
CREATE TEMP TABLE estimate AS
SELECT e.s, e.now, n.day, n.estimate::bigint AS estimate
FROM evening e CROSS JOIN LATERAL (SELECT delays_agg(r.event, r.report, 13, r.n) AS delays FROM report r WHERE r.s = e.s AND r.event BETWEEN e.now - 54 AND e.now AND r.report <= e.now) AS d
CROSS JOIN LATERAL nowcast(d.delays, e.now) AS n;
CREATE INDEX ON estimate (s, now);
ANALYZE estimate;
CREATE TEMP TABLE known AS
SELECT e.s, e.now, p.bare, p.nowcast, p.final
FROM evening e CROSS JOIN LATERAL (
  SELECT series_agg(d.event, coalesce(r.n, 0)::bigint) AS bare, series_agg(d.event, coalesce(m.estimate, r.n, 0)::bigint) AS nowcast, series_agg(d.event, d.n::bigint) AS final
  FROM event d LEFT JOIN (SELECT r.event, sum(r.n) AS n FROM report r WHERE r.s = e.s AND r.event > e.now - 90 AND r.report <= e.now GROUP BY 1) AS r USING (event)
  LEFT JOIN estimate m ON m.s = e.s AND m.now = e.now AND m.day = d.event
  WHERE d.s = e.s AND d.event BETWEEN e.now - 90 AND e.now) AS p;
-- each day is judged on the evenings on which its reports still come; the final count once
CREATE TEMP TABLE verdict AS
SELECT k.s, k.now, k.now - age AS day, age, m.judged, coalesce(alarm(detect(CASE m.judged WHEN 'bare' THEN k.bare WHEN 'nowcast' THEN k.nowcast ELSE k.final END, 'nb_window', k.now - age)), false) AS alarm
FROM known k, generate_series(0, 13) AS age, unnest('{bare,nowcast,final}'::text[]) AS m (judged) WHERE m.judged <> 'final' OR age = 0;
ANALYZE verdict;
-- of 1,000 days of series without an outbreak: alarms on an evening, and days that were ever in alarm
CREATE TEMP TABLE false_alarm AS
SELECT judged, 1000.0 * avg(alarm::int) AS of_verdicts,
       (SELECT 1000.0 * avg(ever::int) FROM (SELECT bool_or(alarm) AS ever FROM verdict w WHERE w.judged = v.judged AND s <= 400 AND day BETWEEN '2026-04-01' AND '2026-05-17' GROUP BY s, day) AS d) AS of_days
FROM verdict v WHERE s <= 400 AND day >= '2026-04-01' GROUP BY judged;
-- evenings after the onset until a day of the outbreak is in alarm
CREATE TEMP TABLE detection AS
SELECT judged, count(seen) AS found, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(seen, 99)) AS median, avg(seen) AS mean
FROM (SELECT m.judged, s, min(v.now) - '2026-05-01'::date AS seen FROM unnest('{bare,nowcast,final}'::text[]) AS m (judged) CROSS JOIN generate_series(401, 500) AS s
      LEFT JOIN verdict v USING (judged, s) WHERE v.alarm AND v.day >= '2026-05-01' GROUP BY 1, 2) AS q GROUP BY judged;
SELECT ok(of_verdicts BETWEEN 0.3 AND 3, format('false alarms by nowcast: %s of 1,000 verdicts at nominal 1', round(of_verdicts, 2))) FROM false_alarm WHERE judged = 'nowcast';
SELECT ok(of_verdicts BETWEEN 0.3 AND 3, format('by the final count: %s', round(of_verdicts, 2))) FROM false_alarm WHERE judged = 'final';
SELECT cmp_ok((SELECT found FROM detection WHERE judged = 'nowcast'), '=', 100::bigint, 'every outbreak is found');
SELECT cmp_ok((SELECT mean FROM detection WHERE judged = 'nowcast'), '<', (SELECT mean - 2 FROM detection WHERE judged = 'bare'), 'by nowcast days before what is reported shows it');
SELECT cmp_ok((SELECT mean FROM detection WHERE judged = 'nowcast'), '<', (SELECT mean + 3 FROM detection WHERE judged = 'final'), 'and soon after it could be known if nothing came late');
SELECT diag(format('| %s | %s | %s | %s | %s |', judged, round(of_verdicts, 2), round(of_days, 2), round(mean, 1), median)) FROM false_alarm JOIN detection USING (judged) ORDER BY array_position('{bare,nowcast,final}', judged);
SELECT * FROM finish();
