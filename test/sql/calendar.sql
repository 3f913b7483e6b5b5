-- Reporting periods.  The oracles are the server's own date_trunc with a zone,
-- ISO week fields, and the definition of the MMWR week.
SET search_path = civic, public;
SET timezone = 'Pacific/Kiritimati';	-- the session's zone must not matter
SET datestyle = 'ISO, DMY';

-- every hour of two years (without LONG=1 of the months in which clocks change or a year begins) in zones with and without daylight saving:
-- the same instants as date_trunc, and start <= ts < end
\set long ''
\getenv long LONG
\set months '(1, 3, 4, 10, 11, 12)'
SELECT :'long' = '1' AS long \gset
\if :long
\set months '(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)'
\endif
CREATE TEMP TABLE zones(zone text);
INSERT INTO zones VALUES ('UTC'), ('Africa/Johannesburg'), ('Europe/London'),
  ('America/New_York'), ('Asia/Kolkata'), ('Australia/Lord_Howe'), ('Asia/Singapore');
CREATE TEMP TABLE hours AS
  SELECT ts, zone FROM zones,
    generate_series(timestamptz '2023-01-01 00:30+00', '2024-12-31 23:30+00', interval '1 hour') ts
  WHERE extract(month FROM ts) IN :months;
SELECT count(*) > 50000 AS compared,
       count(*) FILTER (WHERE bucket(ts, 'day', zone) <> date_trunc('day', ts, zone)) AS day,
       count(*) FILTER (WHERE bucket(ts, 'iso_week', zone) <> date_trunc('week', ts, zone)) AS iso_week,
       count(*) FILTER (WHERE bucket(ts, 'month', zone) <> date_trunc('month', ts, zone)) AS month,
       count(*) FILTER (WHERE bucket(ts, 'quarter', zone) <> date_trunc('quarter', ts, zone)) AS quarter,
       count(*) FILTER (WHERE bucket(ts, 'year', zone) <> date_trunc('year', ts, zone)) AS year,
       count(*) FILTER (WHERE local_date(ts, zone) <> (ts AT TIME ZONE zone)::date) AS local_date
  FROM hours;
SELECT unit, count(*) > 50000 AS compared,
       count(*) FILTER (WHERE NOT (bucket(ts, unit, zone) <= ts AND ts < bucket_end(ts, unit, zone))) AS outside,
       count(*) FILTER (WHERE bucket(bucket_end(ts, unit, zone), unit, zone) <> bucket_end(ts, unit, zone)) AS gaps,
       count(*) FILTER (WHERE bucket(bucket(ts, unit, zone), unit, zone) <> bucket(ts, unit, zone)) AS unstable
  FROM hours, unnest(ARRAY['day','iso_week','epi_week','month','quarter','year','financial_year']) unit
  GROUP BY unit ORDER BY unit;

-- dates agree with instants
SELECT count(*) FILTER (WHERE bucket(local_date(ts, zone), unit, 4) <> local_date(bucket(ts, unit, zone, 4), zone)) AS differing,
       count(*) FILTER (WHERE bucket_end(local_date(ts, zone), unit, 4) <> local_date(bucket_end(ts, unit, zone, 4), zone)) AS differing_end
  FROM hours, unnest(ARRAY['day','iso_week','epi_week','month','quarter','year','financial_year']) unit
  WHERE extract(hour FROM ts) IN (1, 13);

-- ISO weeks by the server's fields; MMWR weeks by their definition (Sunday to
-- Saturday; week 1 has at least four days in the year), over 60 years
SELECT count(*) AS days,
       count(*) FILTER (WHERE period_name(d, 'iso_week') <> to_char(d, 'IYYY-"W"IW')) AS iso,
       count(*) FILTER (WHERE period_name(d, 'epi_week') <>
         (SELECT extract(year FROM w)::int || '-E' || lpad((((w - make_date(extract(year FROM w)::int, 1, 1)) / 7) + 1)::text, 2, '0')
            FROM (SELECT d - extract(dow FROM d)::int + 3 AS w) s)) AS epi,
       count(*) FILTER (WHERE extract(dow FROM bucket(d, 'epi_week')) <> 0) AS not_sunday
  FROM (SELECT g::date AS d FROM generate_series(timestamp '1990-01-01', '2049-12-31', interval '1 day') g) s;
-- published MMWR boundaries
SELECT d, period_name(d, 'epi_week') FROM unnest(ARRAY[date '2020-12-27', '2021-01-02', '2021-01-03', '2014-12-28', '2015-01-03', '2024-12-29']) d;

-- financial years and quarters of any first month: 12 (or 3) months from the 1st
SELECT first_month, count(*) AS days,
       count(*) FILTER (WHERE NOT (b <= d AND d < e AND extract(month FROM b) = first_month
                              AND extract(day FROM b) = 1 AND e = (b + interval '1 year')::date)) AS year,
       count(*) FILTER (WHERE NOT (q <= d AND d < qe AND (extract(month FROM q)::int - first_month) % 3 = 0
                              AND extract(day FROM q) = 1 AND qe = (q + interval '3 months')::date)) AS quarter
  FROM (SELECT first_month, d, bucket(d, 'financial_year', first_month) b, bucket_end(d, 'financial_year', first_month) e,
               bucket(d, 'quarter', first_month) q, bucket_end(d, 'quarter', first_month) qe
          FROM generate_series(1, 12) first_month,
               (SELECT g::date AS d FROM generate_series(timestamp '1999-12-25', '2005-01-05', interval '1 day') g) s) s
  GROUP BY first_month ORDER BY first_month;
SELECT period_name('2026-11-21', 'day'), period_name('2026-11-21', 'month'), period_name('2026-11-21', 'quarter'),
       period_name('2026-11-21', 'quarter', 4) AS fy_quarter, period_name('2026-02-01', 'quarter', 4) AS fy_q4,
       period_name('2026-11-21', 'year'), period_name('2026-11-21', 'financial_year', 4),
       period_name('2026-03-31', 'financial_year', 4), period_name('1999-07-01', 'financial_year', 7),
       period_name('2026-11-21', 'financial_year');

-- clocks that change at midnight: no midnight (Cairo), two midnights (Havana),
-- back across midnight (St John's), a skipped date (Apia)
SELECT zone, starts AT TIME ZONE 'UTC' AS starts_utc, ends - starts AS length, first_day
  FROM (VALUES ('Africa/Cairo', timestamptz '2024-04-25 12:00+00', timestamptz '2024-04-27 12:00+00'),
               ('America/Havana', '2024-11-02 18:00+00', '2024-11-04 18:00+00'),
               ('America/St_Johns', '2006-10-28 12:00+00', '2006-10-30 12:00+00'),
               ('Pacific/Apia', '2011-12-29 20:00+00', '2011-12-31 12:00+00')) v(zone, since, until),
       calendar(since, until, 'day', zone)
  ORDER BY zone, starts, first_day;
SELECT zone, count(*) AS minutes,
       count(*) FILTER (WHERE NOT (bucket(ts, 'day', zone) <= ts AND ts < bucket_end(ts, 'day', zone))) AS outside,
       count(*) FILTER (WHERE local_date(ts, zone) <> (ts AT TIME ZONE zone)::date) AS counted_to_the_later_date
  FROM (VALUES ('Africa/Cairo', timestamptz '2024-04-25 12:00+00'), ('America/Havana', '2024-11-02 18:00+00'),
               ('America/St_Johns', '2006-10-28 12:00+00'), ('Pacific/Apia', '2011-12-29 20:00+00')) v(zone, since),
       generate_series(since, since + interval '3 days', interval '1 minute') ts
  GROUP BY zone ORDER BY zone;

-- calendars: no gap, no overlap, and what bucket() says
SELECT unit, count(*) AS periods, bool_and(starts = prev OR prev IS NULL) AS gap_free,
       bool_and(bucket(starts, unit, 'Europe/London', 4) = starts AND bucket_end(starts, unit, 'Europe/London', 4) = ends) AS as_bucket,
       min(starts) <= '2023-01-15 12:00+00' AND max(ends) >= '2024-05-05 12:00+00' AND max(starts) < '2024-05-05 12:00+00' AS covers,
       min(name), max(name)
  FROM unnest(ARRAY['day','iso_week','epi_week','month','quarter','year','financial_year']) unit,
       LATERAL (SELECT *, lag(ends) OVER (ORDER BY starts) AS prev
                  FROM calendar('2023-01-15 12:00+00', '2024-05-05 12:00+00', unit, 'Europe/London', 4)) c
  GROUP BY unit ORDER BY unit;
SELECT count(*) AS empty_range FROM calendar('2024-01-01', '2024-01-01', 'day', 'UTC');

-- ends of time
SELECT bucket('infinity', 'day', 'UTC'), bucket_end('-infinity', 'month', 'UTC'), bucket(date 'infinity', 'year'),
       local_date('-infinity', 'UTC'), period_name('infinity', 'day') IS NULL AS no_name, bucket(NULL, 'day', 'UTC') IS NULL AS no_bucket;
SELECT period_name('0001-02-03 BC', 'financial_year', 4) AS bc, bucket(date '4713-01-01 BC', 'month') AS first_month;
\set VERBOSITY terse
SELECT bucket(now(), 'fortnight', 'UTC');
SELECT bucket(now(), 'day', 'Mars/Olympus');
SELECT bucket(now(), 'day', repeat('x', 300));
SELECT bucket(now(), 'day', 'UTC', 13);
SELECT bucket(timestamptz '4713-01-01 00:00 BC', 'iso_week', 'Asia/Tokyo');
SELECT bucket_end(timestamptz '294276-12-31 23:00+00', 'year', 'UTC');
SELECT bucket(date '4713-01-01 BC', 'year', 4);
SELECT bucket_end(date '5874897-12-31', 'year');
SELECT * FROM calendar('2024-01-01', 'infinity', 'day', 'UTC');

-- a call site whose unit and zone change from row to row; an error leaves it usable
SELECT count(DISTINCT bucket(timestamptz '2024-05-05 12:00+00', u, z)) AS different
  FROM unnest(ARRAY['day','month','year']) u, unnest(ARRAY['UTC','Asia/Tokyo']) z;
SELECT provolatile, proparallel, count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
  WHERE nspname = 'civic' AND prosrc LIKE 'calendar_%' GROUP BY 1, 2;
