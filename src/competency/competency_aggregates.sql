-- Aggregates over competency sets; every state is an SQL type, so it may be stored and merged later.

CREATE TYPE competency_state;
CREATE FUNCTION competency_state_in(cstring) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_state_out(competency_state) RETURNS cstring
  AS 'MODULE_PATHNAME', 'competency_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_state_recv(internal) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_state_send(competency_state) RETURNS bytea
  AS 'MODULE_PATHNAME', 'competency_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE competency_state (
  INPUT = competency_state_in, OUTPUT = competency_state_out, RECEIVE = competency_state_recv, SEND = competency_state_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE competency_state IS
  'state of competency_agg and competency_max; its text and binary form are those of the competency_set it stands for';
--= io competency_state

CREATE FUNCTION competency_agg_add(competency_state, integer, integer) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION competency_agg_add(competency_state, integer, integer, integer) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION competency_max_add(competency_state, competency_set) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_max_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION competency_state_combine(competency_state, competency_state) RETURNS competency_state
  AS 'MODULE_PATHNAME', 'competency_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION competency_state_final(competency_state) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_state_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_agg_add(competency_state, integer, integer) IS 'transition function of competency_agg(competency, level)';
COMMENT ON FUNCTION competency_agg_add(competency_state, integer, integer, integer) IS 'transition function of competency_agg(competency, level, weight)';
COMMENT ON FUNCTION competency_max_add(competency_state, competency_set) IS 'transition function of competency_max(competency_set)';
COMMENT ON FUNCTION competency_state_combine(competency_state, competency_state) IS 'combine function of competency_agg and competency_max';
COMMENT ON FUNCTION competency_state_final(competency_state) IS 'final function of competency_agg and competency_max';

CREATE AGGREGATE competency_agg(competency integer, level integer) (
  SFUNC = competency_agg_add, STYPE = competency_state, SSPACE = 128,
  FINALFUNC = competency_state_final, COMBINEFUNC = competency_state_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE competency_agg(integer, integer) IS
  'the set of these competencies, each at its highest level (0 = not held); rows with a NULL do not count; NULL where none counts; merge results with competency_max';
CREATE AGGREGATE competency_agg(competency integer, level integer, weight integer) (
  SFUNC = competency_agg_add, STYPE = competency_state, SSPACE = 128,
  FINALFUNC = competency_state_final, COMBINEFUNC = competency_state_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE competency_agg(integer, integer, integer) IS
  'as competency_agg(competency, level), each with its highest weight';
CREATE AGGREGATE competency_max(competency_set) (
  SFUNC = competency_max_add, STYPE = competency_state, SSPACE = 256,
  FINALFUNC = competency_state_final, COMBINEFUNC = competency_state_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE competency_max(competency_set) IS
  'all sets together: of each competency the highest level and the highest weight (the operator | over rows); NULLs do not count; NULL where there is none';

CREATE TYPE gap_histogram;
CREATE FUNCTION gap_histogram_in(cstring) RETURNS gap_histogram
  AS 'MODULE_PATHNAME', 'gap_histogram_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gap_histogram_out(gap_histogram) RETURNS cstring
  AS 'MODULE_PATHNAME', 'gap_histogram_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gap_histogram_recv(internal) RETURNS gap_histogram
  AS 'MODULE_PATHNAME', 'gap_histogram_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gap_histogram_send(gap_histogram) RETURNS bytea
  AS 'MODULE_PATHNAME', 'gap_histogram_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE gap_histogram (
  INPUT = gap_histogram_in, OUTPUT = gap_histogram_out, RECEIVE = gap_histogram_recv, SEND = gap_histogram_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE gap_histogram IS
  'how many people lack how many levels of which competency, and the state of its aggregates. Text: people/people short|id-missing:people,..., as in 10/4|12-1:3,45-2:1; at most 8000000 pairs of competency and missing levels';
--= io gap_histogram

--= equal gap_histogram gap_histogram gap_histogram_hash: equal in every entry

CREATE FUNCTION people(gap_histogram) RETURNS bigint
  AS 'MODULE_PATHNAME', 'gap_histogram_people' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION people(gap_histogram) IS 'people compared with their needs, short or not; NULL for NULL';
CREATE FUNCTION people_short(gap_histogram) RETURNS bigint
  AS 'MODULE_PATHNAME', 'gap_histogram_people_short' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION people_short(gap_histogram) IS 'people who lack at least one level; NULL for NULL';
CREATE FUNCTION each(gap_histogram, OUT competency integer, OUT people_short bigint, OUT levels_short bigint, OUT by_missing bigint[]) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'gap_histogram_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION each(gap_histogram) IS
  'one row for each competency that somebody lacks, by id: people short, levels short, and by_missing[n] = people who lack exactly n levels; no rows for NULL. These are counts of persons: publish them through suppression only';

CREATE FUNCTION gap_hist_add(gap_histogram, have competency_set, need competency_set) RETURNS gap_histogram
  AS 'MODULE_PATHNAME', 'gap_hist_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION gap_hist_merge(gap_histogram, gap_histogram) RETURNS gap_histogram
  AS 'MODULE_PATHNAME', 'gap_hist_merge' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION gap_hist_final(gap_histogram) RETURNS gap_histogram
  AS 'MODULE_PATHNAME', 'gap_hist_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gap_hist_add(gap_histogram, competency_set, competency_set) IS 'transition function of gap_hist(have, need)';
COMMENT ON FUNCTION gap_hist_merge(gap_histogram, gap_histogram) IS 'combine function of gap_hist and transition function of gap_hist_union';
COMMENT ON FUNCTION gap_hist_final(gap_histogram) IS 'final function of gap_hist and gap_hist_union: the cells in order';
CREATE AGGREGATE gap_hist(have competency_set, need competency_set) (
  SFUNC = gap_hist_add, STYPE = gap_histogram, SSPACE = 4096,
  FINALFUNC = gap_hist_final, COMBINEFUNC = gap_hist_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE gap_hist(competency_set, competency_set) IS
  'demand for training: people short, levels short and people by missing levels of each competency, one person a row; rows with a NULL do not count; NULL where none counts; read it with each(), merge results with gap_hist_union. A person in two rows counts twice';
CREATE AGGREGATE gap_hist_union(gap_histogram) (
  SFUNC = gap_hist_merge, STYPE = gap_histogram, SSPACE = 4096,
  FINALFUNC = gap_hist_final, COMBINEFUNC = gap_hist_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE gap_hist_union(gap_histogram) IS
  'histograms of different people added up; NULLs do not count; NULL where there is none';
