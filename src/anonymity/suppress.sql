-- ---- suppression_problem: the cells of all tables that are protected together ----
CREATE TYPE suppression_problem;
CREATE FUNCTION suppression_problem_in(cstring) RETURNS suppression_problem
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION suppression_problem_out(suppression_problem) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION suppression_problem_recv(internal) RETURNS suppression_problem
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION suppression_problem_send(suppression_problem) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE suppression_problem (
  INPUT = suppression_problem_in, OUTPUT = suppression_problem_out,
  RECEIVE = suppression_problem_recv, SEND = suppression_problem_send,
  STORAGE = extended, ALIGNMENT = double);
COMMENT ON TYPE suppression_problem IS
  'cells of one or several linked tables, each with its value, its role and the inner cells that it sums, as civic.suppress() takes them; text: "cell = value [primary|required|hidden] [singleton] [width w] : member member ...", cells separated by semicolons';
COMMENT ON FUNCTION suppression_problem_in(cstring) IS 'input of suppression_problem; refuses a cell that is given twice and differently';
COMMENT ON FUNCTION suppression_problem_out(suppression_problem) IS 'output of suppression_problem: cells by number, members by number';
COMMENT ON FUNCTION suppression_problem_recv(internal) IS 'binary input of suppression_problem, version 1';
COMMENT ON FUNCTION suppression_problem_send(suppression_problem) IS 'binary output of suppression_problem, version 1';

--= equal suppression_problem suppression_problem suppression_problem_hash: the same cells in every respect

-- ---- collecting the cells ----
CREATE FUNCTION suppression_problem_add(state suppression_problem, cell bigint, members integer[], value bigint, role text)
  RETURNS suppression_problem AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION suppression_problem_add(suppression_problem, bigint, integer[], bigint, text) IS
  'transition of the aggregate suppression_problem';
CREATE FUNCTION suppression_problem_add(state suppression_problem, cell bigint, members integer[], value bigint, role text,
    contributors bigint, width bigint)
  RETURNS suppression_problem AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION suppression_problem_add(suppression_problem, bigint, integer[], bigint, text, bigint, bigint) IS
  'transition of the aggregate suppression_problem for magnitudes';
CREATE FUNCTION suppression_problem_merge(a suppression_problem, b suppression_problem)
  RETURNS suppression_problem AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION suppression_problem_merge(suppression_problem, suppression_problem) IS
  'combine function of the aggregates over suppression problems: the cells of both; a NULL adds none';
CREATE FUNCTION suppression_problem_finish(state suppression_problem)
  RETURNS suppression_problem AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION suppression_problem_finish(suppression_problem) IS
  'final function of the aggregates over suppression problems: cells in order, each once';

CREATE AGGREGATE suppression_problem(cell bigint, members integer[], value bigint, role text) (
  SFUNC = suppression_problem_add, STYPE = suppression_problem, SSPACE = 1024,
  FINALFUNC = suppression_problem_finish, COMBINEFUNC = suppression_problem_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE suppression_problem(bigint, integer[], bigint, text) IS
  'the problem whose cells are the rows: cell = its number, unique over all linked tables; members = numbers (1 or more) of the inner cells that it sums, negative where one is subtracted; value = the count of distinct subjects; role = candidate (or NULL), primary (must be protected), required (must be published) or hidden (a finest cell that is not published and needs no protection, given for its value). NULL in cell, members or value, a member 0, a value that is negative without a subtracted member or above 2^45, or a cell given twice and differently raises an error; NULL over no rows. A primary count of 1 is taken for a single person''s';
CREATE AGGREGATE suppression_problem(cell bigint, members integer[], value bigint, role text, contributors bigint, width bigint) (
  SFUNC = suppression_problem_add, STYPE = suppression_problem, SSPACE = 1024,
  FINALFUNC = suppression_problem_finish, COMBINEFUNC = suppression_problem_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE suppression_problem(bigint, integer[], bigint, text, bigint, bigint) IS
  'the same for magnitudes: value = a sum of non-negative amounts in their smallest unit; contributors = how many subjects it is made of (1: that one knows the value, and is kept from computing another primary with it; NULL: not known); width = how wide an interval outsiders must be left with for this cell, in the unit of value (NULL: what suppress() is called with; 0: none, and no upper bound)';
CREATE AGGREGATE suppression_problem_union(problem suppression_problem) (
  SFUNC = suppression_problem_merge, STYPE = suppression_problem, SSPACE = 1024,
  FINALFUNC = suppression_problem_finish, COMBINEFUNC = suppression_problem_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE suppression_problem_union(suppression_problem) IS
  'the cells of all problems, which must number cells and inner cells alike; NULLs are left out; a cell that is the same in several counts once, one that differs raises an error';

CREATE FUNCTION suppression_cells(problem suppression_problem)
  RETURNS TABLE (cell bigint, value bigint, role text, singleton boolean, width bigint, members integer[])
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION suppression_cells(suppression_problem) IS
  'the cells of a problem as rows, by number; width is NULL where the default holds';

-- ---- deciding ----
CREATE FUNCTION suppress(problem suppression_problem, width bigint DEFAULT 3, upper bigint DEFAULT 0,
    singletons boolean DEFAULT true, max_memory_mb integer DEFAULT 1024)
  RETURNS TABLE (cell bigint, suppressed boolean, low bigint, high bigint)
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION suppress(suppression_problem, bigint, bigint, boolean, integer) IS
  'which cells have to be withheld so that no primary can be recomputed from what is published, in one problem over all linked tables: exact elimination modulo 2^61-1 (method: Langsrud 2024, Secondary cell suppression by Gaussian elimination), then witnesses. width: least width of the interval that outsiders, who know that inner cells are not negative, are left with for each primary (0: only exact recomputation is prevented); upper: its least upper bound, for strict protection give the threshold; both in the unit of value. singletons: protect against the one contributor of a primary and against sums of cells of one person. low, high: values that the primary takes in other tables that fit what is published (NULL: not asked for, or without bound); they are the publisher''s, not for readers. Hidden cells are not returned. The result is the same for the same problem. NULL if an argument is NULL. Errors: a required cell would expose a primary, or a primary is already exposed (SU001); a required cell would expose a sum of single persons, or a primary to the only contributor of another (SU002); a primary cannot be protected (SU003); SU001 and SU003 give the primary''s number in the field COLUMN_NAME, for callers that leave it out and try again; a value is not the sum of its inner cells; an inner cell without a cell of its own while width or upper are asked for; more than max_memory_mb MB needed';
CREATE FUNCTION suppression_witness(problem suppression_problem, suppressed bigint[], cell bigint, value bigint)
  RETURNS TABLE (inner_cell integer, value double precision)
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION suppression_witness(suppression_problem, bigint[], bigint, bigint) IS
  'another table that outsiders cannot tell from the true one: values of all inner cells, none negative, that give every cell not in suppressed (nor primary or hidden) the value it has, and the cell named at least the value asked for. Values need not be whole. No rows if none is found, which does not prove that there is none; NULL arguments give no rows. Errors: a cell that the problem does not have; an inner cell without a cell of its own';

CREATE FUNCTION l_diverse(counts bigint[], l integer DEFAULT 2) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
  SELECT count(*) FILTER (WHERE n > 0) > l OR count(*) FILTER (WHERE n > 0) = 0
         OR (count(*) FILTER (WHERE n > 0) = l AND min(n) FILTER (WHERE n > 0) > 1)
  FROM unnest(counts) AS u(n);
END;
COMMENT ON FUNCTION l_diverse(bigint[], integer) IS
  'do the counts of the values of a sensitive dimension, within one row of a table, leave at least l values possible to everybody, even to any one of those counted (who can leave himself out)? Otherwise all cells of that row, zeros too, should be primary. True where nobody is counted; NULL elements are left out; NULL if an argument is NULL. Source: distinct l-diversity, Machanavajjhala et al. 2007';
