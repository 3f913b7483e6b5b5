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
--= io training_catalog

--= ordered training_catalog training_catalog competency_hash: the same trainings with the same hours, cost and competencies; in an order for sorting and indexes only

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
--= io training_list

CREATE FUNCTION training_list_agg_add(training_list, bigint, competency_set, double precision, double precision) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_agg_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_union_add(training_list, training_catalog) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_union_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_combine(training_list, training_list) RETURNS training_list
  AS 'MODULE_PATHNAME', 'training_list_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION training_list_final(training_list) RETURNS training_catalog
  AS 'MODULE_PATHNAME', 'training_list_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION training_list_agg_add(training_list, bigint, competency_set, double precision, double precision) IS 'transition function of training_catalog_agg';
COMMENT ON FUNCTION training_list_union_add(training_list, training_catalog) IS 'transition function of training_catalog_union';
COMMENT ON FUNCTION training_list_combine(training_list, training_list) IS 'combine function of training_catalog_agg and training_catalog_union';
COMMENT ON FUNCTION training_list_final(training_list) IS 'final function of training_catalog_agg and training_catalog_union: the indexed catalogue';
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
  'the trainings that together close a gap at the least cost, hours or number of trainings (minimise: cost, hours, trainings), where no training asks for anything; one row for each, with what it closes after the rows before it. method: exact (no cheaper plan exists) or bounded (the search was given up; no plan is cheaper than bound); total: of the plan, in what is minimised; bound: equals total of an exact plan. A last row without a training, of method unclosable, holds the levels that no training closes. Trainings whose cost or hours are unknown are not planned with where these count; no rows for NULL or an empty gap; error on another aim';
CREATE FUNCTION training_plan(need competency_set, held competency_set, teaches training_catalog, asks training_catalog, minimise text DEFAULT 'cost',
    OUT step integer, OUT training bigint, OUT closes competency_gap, OUT hours double precision, OUT cost double precision,
    OUT method text, OUT total double precision, OUT bound double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'training_plan_with_prerequisites' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION training_plan(competency_set, competency_set, training_catalog, training_catalog, text) IS
  'the trainings that together close need - held, each in its turn open by what is held and what those before it teach. asks: the same trainings with what has to be held before (their hours and cost do not count; NULL or left out: nothing). A training that is only there because another asks for what it teaches closes the empty gap. Rows as of the other training_plan(); what is unclosable is taught by nobody or asks for what cannot be reached. NULL teaches: no training; no rows for other NULLs or where need is held';
CREATE FUNCTION training_schedule(need competency_set[], held competency_set[], starts date[], ends date[], seats integer[], price double precision[],
    teaches competency_set[], asks competency_set[], month integer[] DEFAULT NULL, money double precision[] DEFAULT NULL, earliest boolean DEFAULT false,
    OUT person integer, OUT session integer, OUT missing integer, OUT total double precision, OUT method text, OUT bound_missing integer, OUT bound_total double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'training_schedule' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 20;
COMMENT ON FUNCTION training_schedule(competency_set[], competency_set[], date[], date[], integer[], double precision[], competency_set[], competency_set[], integer[], double precision[], boolean) IS
  'who of some persons takes which of some dated sessions so that the fewest levels of need - held are missing afterwards, all together, and among such choices the cheapest; earliest (of one person only): that which ends first, then the cheapest. Nobody sits in two sessions at once, each session has its seats, what it asks for is held or taught in one that ended before it starts, and where month (1 and up, of each session) and money (of each month) are given the sessions of a month cost no more. Arrays have an element for each person, or session. One row for each seat (number of person and session, from 1), or one without; missing and total: levels and price of the whole, for earliest the last day in days after 2000-01-01; method: exact, or bounded: no choice leaves fewer levels than bound_missing missing, and none that leaves as many is below bound_total. The best of all is looked for up to 20000 schedules of all persons together. No rows for NULLs; error where an element is NULL or a session ends before it starts';
