-- Competencies with levels: sets, gaps, what people hold and what positions need.
-- Ids are those of the site's dictionary; labels and languages stay there.

CREATE TYPE competency_set;
CREATE FUNCTION competency_set_in(cstring) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_set_out(competency_set) RETURNS cstring
  AS 'MODULE_PATHNAME', 'competency_set_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_set_recv(internal) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_set_send(competency_set) RETURNS bytea
  AS 'MODULE_PATHNAME', 'competency_set_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_set_typanalyze(internal) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_set_typanalyze' LANGUAGE C STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_typanalyze(internal) IS 'statistics of a column: how often each competency is held at each level';
CREATE TYPE competency_set (
  INPUT = competency_set_in, OUTPUT = competency_set_out, RECEIVE = competency_set_recv, SEND = competency_set_send,
  ANALYZE = competency_set_typanalyze,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE competency_set IS
  'competencies with levels: id (1 to 16777215), level (1 to 15), weight (1 to 15, default 1), at most 65535 of them. Text: id:level or id:level*weight, separated by commas, in any order, as in 12:3,45:4*2; a level of 0 means not held and is dropped; a repeated id is an error';
--= io competency_set

--= ordered competency_set competency_set competency_hash: equal in every entry; in an order for sorting and indexes only

CREATE TYPE competency_gap;
CREATE FUNCTION competency_gap_in(cstring) RETURNS competency_gap
  AS 'MODULE_PATHNAME', 'competency_gap_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_gap_out(competency_gap) RETURNS cstring
  AS 'MODULE_PATHNAME', 'competency_gap_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_gap_recv(internal) RETURNS competency_gap
  AS 'MODULE_PATHNAME', 'competency_gap_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_gap_send(competency_gap) RETURNS bytea
  AS 'MODULE_PATHNAME', 'competency_gap_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE competency_gap (
  INPUT = competency_gap_in, OUTPUT = competency_gap_out, RECEIVE = competency_gap_recv, SEND = competency_gap_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE competency_gap IS
  'what is needed and not held, with the level held, the level needed and the weight of the need. Text: id:held>needed or id:held>needed*weight by ascending id, separated by commas, as in 12:1>3,45:0>4*2; made by need - have';
--= io competency_gap

--= ordered competency_gap competency_gap competency_hash: equal in every entry; in an order for sorting and indexes only

-- ---------------------------------------------------------------- making and reading sets
CREATE FUNCTION competency_set(ids integer[], levels integer[], weights integer[] DEFAULT NULL) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_from_arrays' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION competency_set(integer[], integer[], integer[]) IS
  'the set with these ids, levels (0 = not held) and weights (default 1 each); NULL where ids or levels is NULL; error on arrays of different lengths, NULL elements, repeated ids, numbers out of range';
CREATE FUNCTION competency_set(jsonb) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set(jsonb) IS
  'the set of an object {"id": level} or {"id": {"level": level, "weight": weight}}; NULL for NULL; error on anything else';
CREATE FUNCTION jsonb(competency_set) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'competency_set_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jsonb(competency_set) IS
  'the set as an object {"id": level}, with {"level", "weight"} where the weight is not 1; read back by competency_set(jsonb); NULL for NULL';
CREATE CAST (jsonb AS competency_set) WITH FUNCTION competency_set(jsonb);
CREATE CAST (competency_set AS jsonb) WITH FUNCTION jsonb(competency_set);

CREATE FUNCTION competency_ids(competency_set) RETURNS integer[]
  AS 'MODULE_PATHNAME', 'competency_set_ids' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_ids(competency_set) IS 'competency ids, ascending; NULL for NULL';
CREATE FUNCTION competency_levels(competency_set) RETURNS integer[]
  AS 'MODULE_PATHNAME', 'competency_set_levels' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_levels(competency_set) IS 'levels in the order of competency_ids(); NULL for NULL';
CREATE FUNCTION competency_weights(competency_set) RETURNS integer[]
  AS 'MODULE_PATHNAME', 'competency_set_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_weights(competency_set) IS 'weights in the order of competency_ids(); NULL for NULL';
CREATE FUNCTION level(competency_set, competency integer) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_set_level' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level(competency_set, integer) IS 'the level of this competency, 0 where it is not in the set; NULL for NULL';
CREATE FUNCTION cardinality(competency_set) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_set_cardinality' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cardinality(competency_set) IS 'number of competencies; NULL for NULL';
CREATE FUNCTION each(competency_set, OUT competency integer, OUT level integer, OUT weight integer) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'competency_set_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION each(competency_set) IS 'one row for each competency, by id; no rows for NULL';

CREATE FUNCTION cardinality(competency_gap) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_gap_cardinality' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cardinality(competency_gap) IS 'number of competencies that are short; NULL for NULL';
CREATE FUNCTION missing_levels(competency_gap) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_gap_missing_levels' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION missing_levels(competency_gap) IS 'levels that are missing, over all competencies, not weighted; NULL for NULL';
CREATE FUNCTION each(competency_gap, OUT competency integer, OUT held integer, OUT needed integer, OUT missing integer, OUT weight integer) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'competency_gap_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION each(competency_gap) IS 'one row for each competency that is short, by id: level held, level needed, levels missing, weight of the need; no rows for NULL';

-- ---------------------------------------------------------------- operators
-- Those that row security meets never raise and tell nothing, so they are LEAKPROOF.
CREATE FUNCTION competency_contains_sel(internal, oid, internal, integer) RETURNS double precision
  AS 'MODULE_PATHNAME', 'competency_contains_sel' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_contains_sel(internal, oid, internal, integer) IS 'selectivity of @> from the frequencies of levels held';
CREATE FUNCTION competency_contained_sel(internal, oid, internal, integer) RETURNS double precision
  AS 'MODULE_PATHNAME', 'competency_contained_sel' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_contained_sel(internal, oid, internal, integer) IS 'selectivity of <@ from the frequencies of levels held';
CREATE FUNCTION competency_overlaps_sel(internal, oid, internal, integer) RETURNS double precision
  AS 'MODULE_PATHNAME', 'competency_overlaps_sel' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_overlaps_sel(internal, oid, internal, integer) IS 'selectivity of && between sets';
CREATE FUNCTION competency_overlaps_gap_sel(internal, oid, internal, integer) RETURNS double precision
  AS 'MODULE_PATHNAME', 'competency_overlaps_gap_sel' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_overlaps_gap_sel(internal, oid, internal, integer) IS 'selectivity of && between a set and a gap';
-- the part of @> that the index is asked for
CREATE FUNCTION competency_contains_support(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'competency_contains_support' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_contained_support(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'competency_contained_support' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_contains_support(internal) IS 'planner support of @>: the needs that the index is asked for';
COMMENT ON FUNCTION competency_contained_support(internal) IS 'planner support of <@: the needs that the index is asked for';

CREATE FUNCTION competency_set_contains(have competency_set, need competency_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_set_contains' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT competency_contains_support;
COMMENT ON FUNCTION competency_set_contains(have competency_set, need competency_set) IS
  'implementation of have @> need';
CREATE FUNCTION competency_set_contained(need competency_set, have competency_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_set_contained' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT competency_contained_support;
COMMENT ON FUNCTION competency_set_contained(need competency_set, have competency_set) IS
  'implementation of need <@ have';
CREATE FUNCTION competency_set_overlaps(have competency_set, need competency_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_set_overlaps' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_overlaps(have competency_set, need competency_set) IS
  'implementation of have && need';
CREATE FUNCTION competency_set_overlaps_gap(teaches competency_set, gap competency_gap) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_set_overlaps_gap' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_overlaps_gap(teaches competency_set, gap competency_gap) IS
  'implementation of teaches && gap';
CREATE FUNCTION competency_gap_overlaps_set(gap competency_gap, teaches competency_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'competency_gap_overlaps_set' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION competency_gap_overlaps_set(gap competency_gap, teaches competency_set) IS
  'implementation of gap && teaches';
CREATE OPERATOR @> (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_contains,
  COMMUTATOR = <@, RESTRICT = competency_contains_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR @> (competency_set, competency_set) IS 'have @> need: every competency needed is held at the level needed or above; an empty need is met by all';
CREATE OPERATOR @>> (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_contains,
  RESTRICT = competency_contains_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR @>> (competency_set, competency_set) IS 'the same as @>, with every need read from the index; write @>, which leaves common competencies to a look at the rows';
CREATE OPERATOR <@ (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_contained,
  COMMUTATOR = @>, RESTRICT = competency_contained_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR <@ (competency_set, competency_set) IS 'need <@ have: every competency needed is held at the level needed or above';
CREATE OPERATOR && (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_overlaps,
  RESTRICT = competency_overlaps_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR && (competency_set, competency_set) IS 'have && need: at least one competency needed is held at the level needed or above; what is held stands on the left, so && is not symmetric';
CREATE OPERATOR && (LEFTARG = competency_set, RIGHTARG = competency_gap, FUNCTION = competency_set_overlaps_gap,
  COMMUTATOR = &&, RESTRICT = competency_overlaps_gap_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR && (competency_set, competency_gap) IS 'teaches && gap: the set is above the level held in at least one competency of the gap, so it closes a level of it';
CREATE OPERATOR && (LEFTARG = competency_gap, RIGHTARG = competency_set, FUNCTION = competency_gap_overlaps_set,
  COMMUTATOR = &&, RESTRICT = competency_overlaps_gap_sel, JOIN = contjoinsel);
COMMENT ON OPERATOR && (competency_gap, competency_set) IS 'gap && teaches: the set closes at least one level of the gap';

CREATE FUNCTION competency_set_gap(need competency_set, have competency_set) RETURNS competency_gap
  AS 'MODULE_PATHNAME', 'competency_set_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_gap(need competency_set, have competency_set) IS
  'implementation of need - have';
CREATE FUNCTION competency_set_union(competency_set, competency_set) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_union' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_union(competency_set, competency_set) IS
  'implementation of |';
CREATE FUNCTION competency_set_intersection(competency_set, competency_set) RETURNS competency_set
  AS 'MODULE_PATHNAME', 'competency_set_intersection' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_intersection(competency_set, competency_set) IS
  'implementation of &';
CREATE FUNCTION competency_set_distance(have competency_set, need competency_set) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_set_distance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_set_distance(have competency_set, need competency_set) IS
  'implementation of have <-> need';
CREATE OPERATOR - (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_gap);
COMMENT ON OPERATOR - (competency_set, competency_set) IS 'need - have: what is missing, with held and needed level and the weight of the need';
CREATE OPERATOR | (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_union,
  COMMUTATOR = |);
COMMENT ON OPERATOR | (competency_set, competency_set) IS 'both sets: of each competency the higher level and the higher weight; error above 65535 competencies';
CREATE OPERATOR & (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_intersection,
  COMMUTATOR = &);
COMMENT ON OPERATOR & (competency_set, competency_set) IS 'what both hold: of each shared competency the lower level and the lower weight';
CREATE OPERATOR <-> (LEFTARG = competency_set, RIGHTARG = competency_set, FUNCTION = competency_set_distance);
COMMENT ON OPERATOR <-> (competency_set, competency_set) IS 'have <-> need: missing levels times the weight of the need, summed; 0 where the need is met. Not a metric: more than is needed costs nothing';

CREATE FUNCTION coverage(have competency_set, need competency_set) RETURNS double precision
  AS 'MODULE_PATHNAME', 'competency_set_coverage' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION coverage(have competency_set, need competency_set) IS
  'share of the needed levels that is held, weighted by the need, 0 to 1; a level above the needed one counts as the needed one; 1 where nothing is needed; NULL for NULL';
CREATE FUNCTION closes(teaches competency_set, gap competency_gap) RETURNS integer
  AS 'MODULE_PATHNAME', 'competency_closes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION closes(teaches competency_set, gap competency_gap) IS
  'levels of the gap that somebody who reaches the levels of teaches would gain, not weighted; NULL for NULL';
CREATE FUNCTION match_explain(have competency_set, need competency_set, expired competency_set DEFAULT NULL, inherited competency_set DEFAULT NULL,
    OUT competency integer, OUT needed integer, OUT held integer, OUT missing integer, OUT status text, OUT weight integer) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'competency_match_explain' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION match_explain(competency_set, competency_set, competency_set, competency_set) IS
  'one row for each competency needed. have: held by valid evidence of its own; inherited: what follows from narrower or equivalent competencies; expired: what lapsed evidence proved (both may be NULL). held is the higher of have and inherited. Status: met (have suffices), inherited (inherited suffices), expired (not met, but would be were the lapsed evidence renewed), partial (held below the needed level), absent (not held). No rows where have or need is NULL';

-- ---------------------------------------------------------------- index support
CREATE FUNCTION competency_gin_extract_value(competency_set, internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'competency_gin_extract_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_gin_extract_query(competency_set, internal, smallint, internal, internal, internal, internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'competency_gin_extract_query' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION competency_gin_triconsistent(internal, smallint, competency_set, integer, internal, internal, internal) RETURNS "char"
  AS 'MODULE_PATHNAME', 'competency_gin_triconsistent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION competency_gin_extract_value(competency_set, internal) IS 'the keys that a set has in a GIN index: each competency at each level up to the one held';
COMMENT ON FUNCTION competency_gin_extract_query(competency_set, internal, smallint, internal, internal, internal, internal) IS 'the keys that a question asks a GIN index for';
COMMENT ON FUNCTION competency_gin_triconsistent(internal, smallint, competency_set, integer, internal, internal, internal) IS 'whether the keys found answer a question';
CREATE OPERATOR CLASS competency_set_gin_ops DEFAULT FOR TYPE competency_set USING gin AS
  OPERATOR 1 @>>,
  OPERATOR 2 <@,
  OPERATOR 3 &&,
  OPERATOR 4 && (competency_set, competency_gap),
  FUNCTION 1 btint4cmp(integer, integer),
  FUNCTION 2 competency_gin_extract_value(competency_set, internal),
  FUNCTION 3 competency_gin_extract_query(competency_set, internal, smallint, internal, internal, internal, internal),
  FUNCTION 6 competency_gin_triconsistent(internal, smallint, competency_set, integer, internal, internal, internal),
  STORAGE integer;

