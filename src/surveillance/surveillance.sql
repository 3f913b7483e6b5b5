-- Early-warning detectors over series of counts.

-- ---- series ----
CREATE TYPE series;
CREATE FUNCTION series_in(cstring) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION series_out(series) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION series_recv(internal) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION series_send(series) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE series (
  INPUT = series_in, OUTPUT = series_out, RECEIVE = series_recv, SEND = series_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE series IS
  'series of counts: (t, y) pairs, t a date or the number of a period, y a count or null (not reported), with the population where it is given; text {2024-01-01=5,2024-01-02=,2024-01-03=7/12000}; made by series_agg, merged by series_union; equal when all pairs are; the order is total but has no meaning';
--= io series

--= ordered series bytea -: the same points; in an order for sorting only

-- ---- detector ----
CREATE TYPE detector;
CREATE FUNCTION detector_in(cstring) RETURNS detector
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detector_out(detector) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detector_recv(internal) RETURNS detector
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detector_send(detector) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE detector (
  INPUT = detector_in, OUTPUT = detector_out, RECEIVE = detector_recv, SEND = detector_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE detector IS
  'early-warning method with its parameters, for example ears_c2 or nb_window(baseline=28, alpha=0.01); detectors() lists methods, parameters, defaults and sources; the text form leaves defaults out, which never change; the order is that of the text';
--= io detector

--= ordered detector bytea -: the same canonical text; in the order of the text

-- ---- detection ----
CREATE TYPE detection;
CREATE FUNCTION detection_in(cstring) RETURNS detection
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detection_out(detection) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detection_recv(internal) RETURNS detection
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION detection_send(detection) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE detection (
  INPUT = detection_in, OUTPUT = detection_out, RECEIVE = detection_recv, SEND = detection_send,
  INTERNALLENGTH = 56, ALIGNMENT = double
);
COMMENT ON TYPE detection IS
  'what a detector says about one period: expected(), upper_bound(), alarm(), score(), or the reason() why there is no verdict; sorts alarms last and among them the highest score last';
--= io detection

--= ordered detection detection detection_hash: equal in every field; alarms last and among them the highest score last

CREATE FUNCTION detectors(OUT method text, OUT parameter text, OUT default_value text,
                          OUT allowed text, OUT meaning text, OUT source text) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'detector_catalogue' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 120;
COMMENT ON FUNCTION detectors() IS
  'every detector with its parameters, their defaults, allowed values and meaning, and the source of the method';

-- ---- building series ----
CREATE FUNCTION series_date_trans(series, date, bigint) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION series_date_trans(series, date, bigint, integer) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION series_int_trans(series, integer, bigint) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION series_int_trans(series, integer, bigint, integer) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION series_combine(series, series) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION series_final(series) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_date_trans(series, date, bigint) IS 'transition function of series_agg(t, y)';
COMMENT ON FUNCTION series_date_trans(series, date, bigint, integer) IS 'transition function of series_agg(t, y, population)';
COMMENT ON FUNCTION series_int_trans(series, integer, bigint) IS 'transition function of series_agg(t, y)';
COMMENT ON FUNCTION series_int_trans(series, integer, bigint, integer) IS 'transition function of series_agg(t, y, population)';
COMMENT ON FUNCTION series_combine(series, series) IS 'combine function of series_agg and transition function of series_union; takes states in any order';
COMMENT ON FUNCTION series_final(series) IS 'final function of series_agg and series_union: the points in order, each period once';

CREATE AGGREGATE series_agg(date, bigint) (
  SFUNC = series_date_trans, STYPE = series, FINALFUNC = series_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = series_combine, SSPACE = 8192, PARALLEL = SAFE
);
COMMENT ON AGGREGATE series_agg(date, bigint) IS
  'series of the rows'' (date, count); rows of one period add up, so a correction is a row with the difference; a null count is a period known not to be reported; null without rows; error when the period is null or a count beyond 1e15';
CREATE AGGREGATE series_agg(date, bigint, integer) (
  SFUNC = series_date_trans, STYPE = series, FINALFUNC = series_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = series_combine, SSPACE = 8192, PARALLEL = SAFE
);
COMMENT ON AGGREGATE series_agg(date, bigint, integer) IS
  'series of the rows'' (date, count, population); rows of one period add up, so a correction is a row with the difference; a null count is a period known not to be reported; null without rows; error when the period is null or a count beyond 1e15; of several populations of a period the largest stands';
CREATE AGGREGATE series_agg(integer, bigint) (
  SFUNC = series_int_trans, STYPE = series, FINALFUNC = series_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = series_combine, SSPACE = 8192, PARALLEL = SAFE
);
COMMENT ON AGGREGATE series_agg(integer, bigint) IS
  'series of the rows'' (number of the period, count); rows of one period add up, so a correction is a row with the difference; a null count is a period known not to be reported; null without rows; error when the period is null or a count beyond 1e15';
CREATE AGGREGATE series_agg(integer, bigint, integer) (
  SFUNC = series_int_trans, STYPE = series, FINALFUNC = series_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = series_combine, SSPACE = 8192, PARALLEL = SAFE
);
COMMENT ON AGGREGATE series_agg(integer, bigint, integer) IS
  'series of the rows'' (number of the period, count, population); rows of one period add up, so a correction is a row with the difference; a null count is a period known not to be reported; null without rows; error when the period is null or a count beyond 1e15; of several populations of a period the largest stands';
CREATE AGGREGATE series_union(series) (
  SFUNC = series_combine, STYPE = series, FINALFUNC = series_final, FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = series_combine, SSPACE = 8192, PARALLEL = SAFE
);
COMMENT ON AGGREGATE series_union(series) IS
  'one series of all points of the rows'' series, in any order or split; counts of one period add up; nulls are left out; null without rows; error when some are over dates and some over numbers';

CREATE FUNCTION series_union(series, series) RETURNS series
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_union(series, series) IS
  'both series as one; counts of one period add up; null when either is null';
CREATE FUNCTION series_since(series, date) RETURNS series
  AS 'MODULE_PATHNAME', 'series_since_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_since(series, date) IS
  'the points from that day on: what has to be kept of a stored series so that a detector can go on; error for a series over numbers';
CREATE FUNCTION series_since(series, integer) RETURNS series
  AS 'MODULE_PATHNAME', 'series_since_int' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_since(series, integer) IS
  'the points from that numbered period on; error for a series over dates';
CREATE FUNCTION series_points(series, OUT t integer, OUT day date, OUT y bigint, OUT population integer) RETURNS SETOF record
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION series_points(series) IS
  'the points in order: number or day of the period, count (null: not reported), population (null: not given)';

-- ---- detecting ----
CREATE FUNCTION detect(series, detector) RETURNS detection
  AS 'MODULE_PATHNAME', 'detect_last' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION detect(series, detector) IS
  'judge the last point of the series; detect(series_agg(t, y), detector) merges for any split of the rows';
CREATE FUNCTION detect(series, detector, date) RETURNS detection
  AS 'MODULE_PATHNAME', 'detect_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION detect(series, detector, date) IS
  'judge the period of that day as if it were the last; points after it do not count; not reported when the series has no count there; error for a series over numbers';
CREATE FUNCTION detect(series, detector, integer) RETURNS detection
  AS 'MODULE_PATHNAME', 'detect_int' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION detect(series, detector, integer) IS
  'judge that numbered period as if it were the last; points after it do not count; error for a series over dates';
CREATE FUNCTION detect(t date, y bigint, detector detector, population integer DEFAULT NULL) RETURNS detection
  AS 'MODULE_PATHNAME', 'detect_window_date' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION detect(date, bigint, detector, integer) IS
  'window function: judge each row''s period by the rows before it, OVER (PARTITION BY series ORDER BY t); t is the day of the period, y its count (null: not reported), population the number of people at risk; periods between the rows are missing, not zero; rows of one period add up; error when t is null or not in order, or the detector changes within a partition';
CREATE FUNCTION detect(t integer, y bigint, detector detector, population integer DEFAULT NULL) RETURNS detection
  AS 'MODULE_PATHNAME', 'detect_window_int' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION detect(integer, bigint, detector, integer) IS
  'window function: judge each row''s period by the rows before it, OVER (PARTITION BY series ORDER BY t); t is the number of the period, y its count (null: not reported), population the number of people at risk; periods between the rows are missing, not zero; rows of one period add up; error when t is null or not in order, or the detector changes within a partition';

-- ---- what a detection says ----
CREATE FUNCTION alarm(detection) RETURNS boolean
  AS 'MODULE_PATHNAME', 'detection_alarm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION alarm(detection) IS
  'did the count exceed the upper bound (y > U, strictly)? null when there is no verdict, see reason()';
CREATE FUNCTION expected(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_expected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected(detection) IS
  'count expected by the detector; null without a verdict and for fixed thresholds';
CREATE FUNCTION upper_bound(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION upper_bound(detection) IS
  'largest value that raises no alarm; -1 when any count would; null without a verdict';
CREATE FUNCTION observed(detection) RETURNS bigint
  AS 'MODULE_PATHNAME', 'detection_observed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION observed(detection) IS
  'the count judged (historical_limits: the sum of the last four periods); null when not reported';
CREATE FUNCTION score(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score(detection) IS
  '(observed - expected) / (upper bound - expected): above 1 is an alarm; where the bound is not above the expected count, 1 + observed - bound of an alarm and 0 otherwise; cusum: its sum over its limit, an alarm from 1 on; null without a verdict and for fixed thresholds';
CREATE FUNCTION reason(detection) RETURNS text
  AS 'MODULE_PATHNAME', 'detection_reason' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reason(detection) IS
  'why there is no verdict: not_reported, negative_count, short_history, gap_in_baseline, no_variation, few_cases, zero_baseline, not_converged, no_population; null when there is one';
CREATE FUNCTION method(detection) RETURNS text
  AS 'MODULE_PATHNAME', 'detection_method' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION method(detection) IS
  'the method that judged; for the detector auto the one it chose';
CREATE FUNCTION p_value(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_p_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION p_value(detection) IS
  'probability of a count at least as large under the detectors model, without the uncertainty of its estimates; null where the method has no model (cusum, ewma, thresholds, moving_percentile, ears_c3) or gave no verdict';
CREATE FUNCTION spread(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_spread' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION spread(detection) IS
  'variance over mean for methods that model counts (bayes, nb_window, farrington_flexible with bound negbin or muan), else the standard deviation that the bound was made with; null where there is none';
CREATE FUNCTION trend(detection) RETURNS float8
  AS 'MODULE_PATHNAME', 'detection_trend' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trend(detection) IS
  'growth of the log of the expected count per period that the Farrington model kept; null when it kept none and for other methods';
