-- The picture of docs/baselines.md: daily confirmed COVID-19 cases of one South African province, the count that
-- nb_window expected and its bound, and alarms.  Needs the extension; run from the checkout:
--   psql -XqAt -v csv=../shared/reference/covid19za/provincial_daily.csv -f docs/baselines_svg.sql > docs/baselines.svg
-- Data: provincial figures collected by dsfsi/covid19za (CC BY-SA 4.0).
SET search_path = civic, public;
CREATE TEMP TABLE daily (series_id text, day date, t int, cumulative bigint, new bigint);
\set copy '\\copy daily FROM ' :csv ' CSV HEADER'
:copy
CREATE TEMP TABLE judged AS
  SELECT day, day - date '2021-02-01' AS x, new, v
    FROM (SELECT day, new, detect(day, new, 'nb_window') OVER (ORDER BY day) AS v FROM daily WHERE series_id = 'confirmed.NC') AS q
   WHERE day BETWEEN '2021-02-01' AND '2021-08-15';
-- 4 units a day; the height of a count is proportional to its square root
CREATE FUNCTION pg_temp.y(n float8) RETURNS text LANGUAGE sql AS $$ SELECT round((300 - 280 * sqrt(least(greatest(n, 0), 1200) / 1200))::numeric, 1)::text $$;
SELECT '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 350" font-family="sans-serif" font-size="12">'
    || '<title>Northern Cape, confirmed COVID-19 cases by day, February to August 2021</title><rect width="880" height="350" fill="white"/>';
SELECT format('<line x1="40" x2="830" y1="%1$s" y2="%1$s" stroke="#ddd"/><text x="34" y="%1$s" text-anchor="end" dy="4">%2$s</text>', pg_temp.y(n), n)
  FROM unnest(ARRAY[0, 50, 200, 500, 1000]) AS n;
SELECT format('<text x="%s" y="318">%s</text>', 40 + 4 * (m::date - date '2021-02-01'), to_char(m, 'Mon YYYY'))
  FROM generate_series(timestamp '2021-02-01', '2021-08-01', '1 month') AS m;
SELECT format('<line x1="%1$s" x2="%1$s" y1="300" y2="%2$s" stroke="%3$s" stroke-width="2.4"/>', 41.5 + 4 * x, pg_temp.y(new),
              CASE WHEN alarm(v) THEN '#d62728' ELSE '#9ab' END) FROM judged WHERE new > 0 ORDER BY x;
SELECT format('<polyline fill="none" stroke="#1f4e79" stroke-width="1.2" points="%s"/>', string_agg(41.5 + 4 * x || ',' || pg_temp.y(expected(v)), ' ' ORDER BY x))
  FROM judged WHERE reason(v) IS NULL;
SELECT format('<polyline fill="none" stroke="#e08214" stroke-width="1.4" points="%s"/>', string_agg(41.5 + 4 * x || ',' || pg_temp.y(upper_bound(v)), ' ' ORDER BY x))
  FROM judged WHERE reason(v) IS NULL;
SELECT format('<rect x="%s" y="330" width="12" height="8" fill="%s"/><text x="%s" y="338">%s</text>', x, colour, x + 18, label)
  FROM (VALUES (40, '#9ab', 'cases'), (130, '#1f4e79', 'expected'), (240, '#e08214', 'upper bound'), (370, '#d62728', 'alarm')) AS l (x, colour, label);
SELECT '</svg>';
