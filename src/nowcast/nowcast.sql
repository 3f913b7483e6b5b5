-- What has happened but was not reported yet.

-- ---- delays ----
CREATE TYPE delays;
CREATE FUNCTION delays_in(cstring) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION delays_out(delays) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION delays_recv(internal) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION delays_send(delays) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE delays (
  INPUT = delays_in, OUTPUT = delays_out, RECEIVE = delays_recv, SEND = delays_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE delays IS
  'how many reports of each event day came after how many days: text {15; 2024-01-01+0=5, 2024-01-01+3=2}, the longest delay told apart, then day+delay=count; made by delays_agg, merged by delays_union; equal when all cells are';
--= io delays

--= equal delays bytea -: the same longest delay and cells

CREATE FUNCTION delays_trans(delays, date, date, integer) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION delays_trans(delays, date, date, integer, bigint) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION delays_combine(delays, delays) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION delays_final(delays) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION delays_trans(delays, date, date, integer) IS 'transition function of delays_agg(event, report, longest)';
COMMENT ON FUNCTION delays_trans(delays, date, date, integer, bigint) IS 'transition function of delays_agg(event, report, longest, n)';
COMMENT ON FUNCTION delays_combine(delays, delays) IS 'combine function of delays_agg and transition function of delays_union; takes states in any order';
COMMENT ON FUNCTION delays_final(delays) IS 'final function of delays_agg and delays_union: cells in order, each day and delay once';

CREATE AGGREGATE delays_agg(date, date, integer) (
  SFUNC = delays_trans, STYPE = delays, FINALFUNC = delays_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = delays_combine, SSPACE = 2048, PARALLEL = SAFE
);
COMMENT ON AGGREGATE delays_agg(date, date, integer) IS
  'delays of the rows'' reports (day of the event, day of the report, longest delay in days that is told apart, 1 to 120); a longer delay counts with the longest; null without rows; error for a null, a report before its event, or a year that is not 1 to 9999';
CREATE AGGREGATE delays_agg(date, date, integer, bigint) (
  SFUNC = delays_trans, STYPE = delays, FINALFUNC = delays_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = delays_combine, SSPACE = 2048, PARALLEL = SAFE
);
COMMENT ON AGGREGATE delays_agg(date, date, integer, bigint) IS
  'the same of rows that stand for n reports each; a correction is a row with the difference and the day on which it was known; error also for a count beyond 1e15';
CREATE AGGREGATE delays_union(delays) (
  SFUNC = delays_combine, STYPE = delays, FINALFUNC = delays_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = delays_combine, SSPACE = 2048, PARALLEL = SAFE
);
COMMENT ON AGGREGATE delays_union(delays) IS
  'all reports of the rows'' delays, in any order or split; nulls are left out; null without rows; error when their longest delays differ';

CREATE FUNCTION delays_union(delays, delays) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION delays_union(delays, delays) IS
  'the reports of both; null when either is null; error when their longest delays differ';
CREATE FUNCTION delays_since(delays, date) RETURNS delays
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION delays_since(delays, date) IS
  'the event days from that one on: a nowcast by chain_ladder looks at the longest delay and 41 days more';
CREATE FUNCTION delays_cells(delays, OUT day date, OUT delay integer, OUT n bigint) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION delays_cells(delays) IS
  'a row for each event day and delay (days): how many reports, less those withdrawn';

-- ---- nowcast ----
CREATE FUNCTION nowcast(delays, now date, method text DEFAULT 'chain_ladder', level float8 DEFAULT 0.95, parent delays DEFAULT NULL,
                        OUT day date, OUT reported bigint, OUT estimate float8, OUT mean float8,
                        OUT lower float8, OUT upper float8, OUT expected_share float8, OUT reason text)
  RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'nowcast_nowcast' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 16;
COMMENT ON FUNCTION nowcast(delays, date, text, float8, delays) IS
  'what the counts of the days whose reports are still coming will become, a row for each day from the longest delay before now to now, from what was reported by now: median, mean and limits of that level of the final count, and the share of it expected to be reported by now; null with a reason (too_few: less than 20 reports of complete days, of the parent''s where one is given; no_reports: reports stopped on that day) where no estimate is possible. method: chain_ladder (docs/nowcast.md), lawless (Lawless 1994), trunc (Höhle and an der Heiden 2014). parent: delays of a larger area, towards whose pattern those of a small one are drawn (chain_ladder only, an error with another method). No rows when delays or now are null';
