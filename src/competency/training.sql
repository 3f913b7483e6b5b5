-- Trainings: a catalogue as one value, recommendations and plans.

CREATE TYPE training_catalog;
CREATE FUNCTION training_catalog_in(cstring) RETURNS training_catalog
  AS 'MODULE_PATHNAME', 'training_catalog_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_catalog_out(training_catalog) RETURNS cstring
  AS 'MODULE_PATHNAME', 'training_catalog_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_catalog_recv(internal) RETURNS training_catalog
  AS 'MODULE_PATHNAME', 'training_catalog_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_catalog_send(training_catalog) RETURNS bytea
  AS 'MODULE_PATHNAME', 'training_catalog_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE training_catalog (
  INPUT = training_catalog_in, OUTPUT = training_catalog_out, RECEIVE = training_catalog_recv, SEND = training_catalog_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE training_catalog IS
  'trainings with what they teach, hours and cost, indexed by competency. Text: training/hours/cost=competencies, separated by semicolons, as in 7/8/100=12:3,45:4;9//=12:2 (hours or cost left out where unknown); by ascending training; at most 1000000 trainings that teach 16000000 competencies together; weights of what is taught are dropped';

CREATE FUNCTION training_catalog_eq(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_eq' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_ne(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_ne' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_lt(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_lt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_le(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_le' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_gt(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_gt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_ge(training_catalog, training_catalog) RETURNS boolean
  AS 'MODULE_PATHNAME', 'training_catalog_ge' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_cmp(training_catalog, training_catalog) RETURNS integer
  AS 'MODULE_PATHNAME', 'training_catalog_cmp' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_hash(training_catalog) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_hash' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION training_catalog_hash_extended(training_catalog, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'competency_hash_extended' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE OPERATOR = (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR < (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR > (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR >= (LEFTARG = training_catalog, RIGHTARG = training_catalog, FUNCTION = training_catalog_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR = (training_catalog, training_catalog) IS 'the same trainings with the same hours, cost and competencies';
COMMENT ON OPERATOR <> (training_catalog, training_catalog) IS 'different in at least one training';
COMMENT ON OPERATOR < (training_catalog, training_catalog) IS 'before, in the order of indexes; it has no other meaning';
COMMENT ON OPERATOR <= (training_catalog, training_catalog) IS 'before or equal, in the order of indexes';
COMMENT ON OPERATOR > (training_catalog, training_catalog) IS 'after, in the order of indexes';
COMMENT ON OPERATOR >= (training_catalog, training_catalog) IS 'after or equal, in the order of indexes';

CREATE OPERATOR CLASS training_catalog_btree_ops DEFAULT FOR TYPE training_catalog USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
  FUNCTION 1 training_catalog_cmp(training_catalog, training_catalog);
CREATE OPERATOR CLASS training_catalog_hash_ops DEFAULT FOR TYPE training_catalog USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 training_catalog_hash(training_catalog),
  FUNCTION 2 training_catalog_hash_extended(training_catalog, bigint);

CREATE TYPE training_list;
CREATE FUNCTION training_list_in(cstring) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_list_out(training_list) RETURNS cstring
  AS 'MODULE_PATHNAME', 'training_list_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_list_recv(internal) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION training_list_send(training_list) RETURNS bytea
  AS 'MODULE_PATHNAME', 'training_list_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE training_list (
  INPUT = training_list_in, OUTPUT = training_list_out, RECEIVE = training_list_recv, SEND = training_list_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE training_list IS
  'state of training_catalog_agg and training_catalog_union; its text is that of training_catalog, in the order of the rows';

CREATE FUNCTION training_list_agg_add(training_list, bigint, competency_set, double precision, double precision) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_union_add(training_list, training_catalog) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_union_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_combine(training_list, training_list) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_final(training_list) RETURNS training_catalog
  AS 'MODULE_PATHNAME', 'training_list_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE training_catalog_agg(training bigint, teaches competency_set, hours double precision, cost double precision) (
  SFUNC = training_list_agg_add, STYPE = training_list, SSPACE = 65536,
  FINALFUNC = training_list_final, COMBINEFUNC = training_list_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE training_catalog_agg(bigint, competency_set, double precision, double precision) IS
  'the catalogue of these trainings: id, levels reached at the end, hours of learning, cost in the site''s currency; hours and cost are 0 to 1e15 or NULL (unknown), rows without training or teaches do not count; NULL over no rows; error where a training comes twice';
CREATE AGGREGATE training_catalog_union(training_catalog) (
  SFUNC = training_list_union_add, STYPE = training_list, SSPACE = 65536,
  FINALFUNC = training_list_final, COMBINEFUNC = training_list_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE training_catalog_union(training_catalog) IS
  'catalogues of different trainings as one; NULLs do not count; NULL over no rows; error where a training comes twice';

CREATE FUNCTION trainings(training_catalog) RETURNS integer
  AS 'MODULE_PATHNAME', 'training_catalog_trainings' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trainings(training_catalog) IS 'number of trainings; NULL for NULL';
CREATE FUNCTION each(training_catalog, OUT training bigint, OUT teaches competency_set, OUT hours double precision, OUT cost double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'training_catalog_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION each(training_catalog) IS 'one row for each training, by id; hours and cost NULL where unknown; no rows for NULL';

CREATE FUNCTION recommend(gap competency_gap, catalog training_catalog, k integer DEFAULT 10, by text DEFAULT 'levels',
    OUT rank integer, OUT training bigint, OUT levels integer, OUT points integer, OUT hours double precision, OUT cost double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'training_recommend' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION recommend(competency_gap, training_catalog, integer, text) IS
  'the k trainings that do most for a gap, exactly: levels closed, and points (levels times the weight of the need). by: levels (most points), per hour or per cost (most points for each hour or unit of cost; unknown ones last). Ties: more points, more levels, smaller id. Trainings that close nothing are left out; no rows for NULL; error on k < 1 or another order';
CREATE FUNCTION training_plan(gap competency_gap, catalog training_catalog, minimise text DEFAULT 'cost',
    OUT step integer, OUT training bigint, OUT closes competency_gap, OUT hours double precision, OUT cost double precision,
    OUT method text, OUT total double precision, OUT bound double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'training_plan' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION training_plan(competency_gap, training_catalog, text) IS
  'the trainings that together close a gap at the least cost, hours or number of trainings (minimise: cost, hours, trainings); one row for each, with what it closes after the rows before it. method: exact (no cheaper plan exists) or greedy, where the levels of the gap have more than 65536 combinations; total: of the plan, in what is minimised; bound: no plan is cheaper. A last row without a training holds the levels that no training closes. Trainings whose cost or hours are unknown are not planned with where these count; no rows for NULL or an empty gap; error on another aim';
