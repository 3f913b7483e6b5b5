-- Reporting periods.  Units: day, iso_week (from Monday), epi_week (CDC's MMWR
-- week, from Sunday), month, quarter, year, financial_year.

CREATE FUNCTION bucket(ts timestamptz, unit text, zone text, first_month int DEFAULT 1)
  RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'calendar_bucket'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bucket(timestamptz, text, text, int) IS
  'first instant of the reporting period that holds ts in the time zone; unit: day, iso_week, epi_week (CDC MMWR), month, quarter, year, financial_year; first_month (1-12) moves quarters and years; infinity stays; NULL if an argument is; unknown unit or zone: error 22023';

CREATE FUNCTION bucket_end(ts timestamptz, unit text, zone text, first_month int DEFAULT 1)
  RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'calendar_bucket_end'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bucket_end(timestamptz, text, text, int) IS
  'first instant after the reporting period that holds ts (exclusive bound); arguments as for bucket()';

CREATE FUNCTION bucket(day date, unit text, first_month int DEFAULT 1)
  RETURNS date
  AS 'MODULE_PATHNAME', 'calendar_bucket_date'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bucket(date, text, int) IS
  'first day of the reporting period that holds a local date; units as for bucket(timestamptz)';

CREATE FUNCTION bucket_end(day date, unit text, first_month int DEFAULT 1)
  RETURNS date
  AS 'MODULE_PATHNAME', 'calendar_bucket_end_date'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bucket_end(date, text, int) IS
  'first day after the reporting period that holds a local date (exclusive bound)';

CREATE FUNCTION local_date(ts timestamptz, zone text)
  RETURNS date
  AS 'MODULE_PATHNAME', 'calendar_local_date'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION local_date(timestamptz, text) IS
  'local date of the day bucket that holds ts; differs from (ts AT TIME ZONE zone)::date only where a clock goes back across midnight, when the repeated hour counts to the later date';

CREATE FUNCTION period_name(day date, unit text, first_month int DEFAULT 1)
  RETURNS text
  AS 'MODULE_PATHNAME', 'calendar_period_name'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_name(date, text, int) IS
  'what reports call the period that holds a local date: 2026-11-21, 2026-W47 (ISO 8601), 2026-E46 (CDC MMWR week), 2026-11, 2026-Q4, FY2026-Q3, 2026, FY2026/27; NULL for infinity';

CREATE FUNCTION calendar(since timestamptz, until timestamptz, unit text, zone text,
                         first_month int DEFAULT 1,
                         OUT starts timestamptz, OUT ends timestamptz,
                         OUT first_day date, OUT name text)
  RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'calendar_calendar'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 400;
COMMENT ON FUNCTION calendar(timestamptz, timestamptz, text, text, int) IS
  'every reporting period that overlaps [since, until), without gaps, in order: first instant, first instant after it, first local date, name; a date that a zone skipped has starts = ends; infinite bounds: error 22023';
