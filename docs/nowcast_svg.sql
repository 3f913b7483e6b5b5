-- The picture of docs/nowcast.md: cases of the German outbreak of 2011 as they were known on one evening, what that was to become, and what it became.
-- Needs the extension; run from the checkout:
--   psql -XqAt -v csv=../shared/reference/nowcast/husO104.csv -v evening=2011-06-02 -f docs/nowcast_svg.sql > docs/nowcast.svg
-- Data: Robert Koch Institute, day of hospitalisation and day of report.
SET search_path = civic, public;
CREATE TEMP TABLE line (day date, report date);
\set copy '\\copy line FROM ' :csv ' CSV HEADER'
:copy
CREATE TEMP TABLE shown AS
  SELECT n.*, n.day - (date :'evening' - 15) AS x, (SELECT count(*) FROM line l WHERE l.day = n.day) AS final
  FROM (SELECT delays_agg(day, report, 15) AS delays FROM line WHERE report <= :'evening') AS s, nowcast(s.delays, :'evening') AS n;
CREATE FUNCTION pg_temp.y(n float8) RETURNS numeric LANGUAGE sql AS $$ SELECT round((270 - 3.6 * n)::numeric, 1) $$;
SELECT '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 330" font-family="sans-serif" font-size="12">'
    || format('<title>Cases by day of hospitalisation as known on %s</title><rect width="720" height="330" fill="white"/>', :'evening');
SELECT format('<line x1="40" x2="690" y1="%1$s" y2="%1$s" stroke="#ddd"/><text x="34" y="%1$s" text-anchor="end" dy="4">%2$s</text>', pg_temp.y(n), n) FROM generate_series(0, 70, 10) AS n;
SELECT format('<rect x="%s" y="%s" width="26" height="%s" fill="#9ab"/>', 44 + 40 * x, pg_temp.y(reported), 270 - pg_temp.y(reported)) FROM shown ORDER BY x;
SELECT format('<rect x="%s" y="%s" width="26" height="%s" fill="#dfe6ee"/>', 44 + 40 * x, pg_temp.y(estimate), pg_temp.y(reported) - pg_temp.y(estimate)) FROM shown ORDER BY x;
SELECT format('<line x1="%1$s" x2="%1$s" y1="%2$s" y2="%3$s" stroke="#1f4e79" stroke-width="1.6"/>', 57 + 40 * x, pg_temp.y(lower), pg_temp.y(upper)) FROM shown ORDER BY x;
SELECT format('<circle cx="%s" cy="%s" r="4" fill="#d62728"/>', 57 + 40 * x, pg_temp.y(final)) FROM shown ORDER BY x;
SELECT format('<text x="%s" y="288" text-anchor="middle">%s</text>', 57 + 40 * x, to_char(day, 'FMDD Mon')) FROM shown WHERE x % 2 = 1 ORDER BY x;
SELECT format('<rect x="%s" y="306" width="12" height="8" fill="%s"/><text x="%s" y="314">%s</text>', x, colour, x + 18, label)
  FROM (VALUES (44, '#9ab', 'reported'), (140, '#dfe6ee', 'still expected'), (270, '#1f4e79', '95 % limits'), (390, '#d62728', 'what it became')) AS l (x, colour, label);
SELECT '</svg>';
