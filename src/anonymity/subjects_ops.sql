-- Equality, order and hash of the three states, so that they can be grouped, joined and compared.

CREATE FUNCTION subject_set_eq(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_eq' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_eq(subject_set, subject_set) IS 'implementation of = operator';
CREATE FUNCTION subject_set_ne(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ne' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_ne(subject_set, subject_set) IS 'implementation of <> operator';
CREATE FUNCTION subject_set_lt(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_lt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_lt(subject_set, subject_set) IS 'implementation of < operator';
CREATE FUNCTION subject_set_le(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_le' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_le(subject_set, subject_set) IS 'implementation of <= operator';
CREATE FUNCTION subject_set_gt(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_gt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_gt(subject_set, subject_set) IS 'implementation of > operator';
CREATE FUNCTION subject_set_ge(subject_set, subject_set) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ge' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_ge(subject_set, subject_set) IS 'implementation of >= operator';
CREATE FUNCTION subject_set_cmp(subject_set, subject_set) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_cmp' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_cmp(subject_set, subject_set) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION subject_set_hash(subject_set) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_hash(subject_set) IS 'hash';
CREATE FUNCTION subject_set_hash_extended(subject_set, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash_extended' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_set_hash_extended(subject_set, bigint) IS 'hash with a seed';
CREATE OPERATOR = (FUNCTION = subject_set_eq, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (FUNCTION = subject_set_ne, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR < (FUNCTION = subject_set_lt, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (FUNCTION = subject_set_le, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR > (FUNCTION = subject_set_gt, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR >= (FUNCTION = subject_set_ge, LEFTARG = subject_set, RIGHTARG = subject_set,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR = (subject_set, subject_set) IS 'the same subjects';
COMMENT ON OPERATOR <> (subject_set, subject_set) IS 'not equal';
COMMENT ON OPERATOR < (subject_set, subject_set) IS 'less than, in an order for sorting only';
COMMENT ON OPERATOR <= (subject_set, subject_set) IS 'less than or equal, in an order for sorting only';
COMMENT ON OPERATOR > (subject_set, subject_set) IS 'greater than, in an order for sorting only';
COMMENT ON OPERATOR >= (subject_set, subject_set) IS 'greater than or equal, in an order for sorting only';
CREATE OPERATOR CLASS subject_set_ops DEFAULT FOR TYPE subject_set USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
  FUNCTION 1 subject_set_cmp(subject_set, subject_set);
CREATE OPERATOR CLASS subject_set_hash_ops DEFAULT FOR TYPE subject_set USING hash AS
  OPERATOR 1 =, FUNCTION 1 subject_set_hash(subject_set), FUNCTION 2 subject_set_hash_extended(subject_set, bigint);

CREATE FUNCTION subject_gate_eq(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_eq' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_eq(subject_gate, subject_gate) IS 'implementation of = operator';
CREATE FUNCTION subject_gate_ne(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ne' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_ne(subject_gate, subject_gate) IS 'implementation of <> operator';
CREATE FUNCTION subject_gate_lt(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_lt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_lt(subject_gate, subject_gate) IS 'implementation of < operator';
CREATE FUNCTION subject_gate_le(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_le' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_le(subject_gate, subject_gate) IS 'implementation of <= operator';
CREATE FUNCTION subject_gate_gt(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_gt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_gt(subject_gate, subject_gate) IS 'implementation of > operator';
CREATE FUNCTION subject_gate_ge(subject_gate, subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ge' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_ge(subject_gate, subject_gate) IS 'implementation of >= operator';
CREATE FUNCTION subject_gate_cmp(subject_gate, subject_gate) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_cmp' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_cmp(subject_gate, subject_gate) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION subject_gate_hash(subject_gate) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_hash(subject_gate) IS 'hash';
CREATE FUNCTION subject_gate_hash_extended(subject_gate, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash_extended' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_gate_hash_extended(subject_gate, bigint) IS 'hash with a seed';
CREATE OPERATOR = (FUNCTION = subject_gate_eq, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (FUNCTION = subject_gate_ne, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR < (FUNCTION = subject_gate_lt, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (FUNCTION = subject_gate_le, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR > (FUNCTION = subject_gate_gt, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR >= (FUNCTION = subject_gate_ge, LEFTARG = subject_gate, RIGHTARG = subject_gate,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR = (subject_gate, subject_gate) IS 'the same k and subjects, or both reached';
COMMENT ON OPERATOR <> (subject_gate, subject_gate) IS 'not equal';
COMMENT ON OPERATOR < (subject_gate, subject_gate) IS 'less than, in an order for sorting only';
COMMENT ON OPERATOR <= (subject_gate, subject_gate) IS 'less than or equal, in an order for sorting only';
COMMENT ON OPERATOR > (subject_gate, subject_gate) IS 'greater than, in an order for sorting only';
COMMENT ON OPERATOR >= (subject_gate, subject_gate) IS 'greater than or equal, in an order for sorting only';
CREATE OPERATOR CLASS subject_gate_ops DEFAULT FOR TYPE subject_gate USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
  FUNCTION 1 subject_gate_cmp(subject_gate, subject_gate);
CREATE OPERATOR CLASS subject_gate_hash_ops DEFAULT FOR TYPE subject_gate USING hash AS
  OPERATOR 1 =, FUNCTION 1 subject_gate_hash(subject_gate), FUNCTION 2 subject_gate_hash_extended(subject_gate, bigint);

CREATE FUNCTION subject_sums_eq(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_eq' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_eq(subject_sums, subject_sums) IS 'implementation of = operator';
CREATE FUNCTION subject_sums_ne(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ne' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_ne(subject_sums, subject_sums) IS 'implementation of <> operator';
CREATE FUNCTION subject_sums_lt(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_lt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_lt(subject_sums, subject_sums) IS 'implementation of < operator';
CREATE FUNCTION subject_sums_le(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_le' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_le(subject_sums, subject_sums) IS 'implementation of <= operator';
CREATE FUNCTION subject_sums_gt(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_gt' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_gt(subject_sums, subject_sums) IS 'implementation of > operator';
CREATE FUNCTION subject_sums_ge(subject_sums, subject_sums) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_subjects_ge' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_ge(subject_sums, subject_sums) IS 'implementation of >= operator';
CREATE FUNCTION subject_sums_cmp(subject_sums, subject_sums) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_cmp' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_cmp(subject_sums, subject_sums) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION subject_sums_hash(subject_sums) RETURNS integer
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_hash(subject_sums) IS 'hash';
CREATE FUNCTION subject_sums_hash_extended(subject_sums, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_subjects_hash_extended' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION subject_sums_hash_extended(subject_sums, bigint) IS 'hash with a seed';
CREATE OPERATOR = (FUNCTION = subject_sums_eq, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (FUNCTION = subject_sums_ne, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR < (FUNCTION = subject_sums_lt, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (FUNCTION = subject_sums_le, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR > (FUNCTION = subject_sums_gt, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR >= (FUNCTION = subject_sums_ge, LEFTARG = subject_sums, RIGHTARG = subject_sums,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR = (subject_sums, subject_sums) IS 'the same subjects with the same sums';
COMMENT ON OPERATOR <> (subject_sums, subject_sums) IS 'not equal';
COMMENT ON OPERATOR < (subject_sums, subject_sums) IS 'less than, in an order for sorting only';
COMMENT ON OPERATOR <= (subject_sums, subject_sums) IS 'less than or equal, in an order for sorting only';
COMMENT ON OPERATOR > (subject_sums, subject_sums) IS 'greater than, in an order for sorting only';
COMMENT ON OPERATOR >= (subject_sums, subject_sums) IS 'greater than or equal, in an order for sorting only';
CREATE OPERATOR CLASS subject_sums_ops DEFAULT FOR TYPE subject_sums USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
  FUNCTION 1 subject_sums_cmp(subject_sums, subject_sums);
CREATE OPERATOR CLASS subject_sums_hash_ops DEFAULT FOR TYPE subject_sums USING hash AS
  OPERATOR 1 =, FUNCTION 1 subject_sums_hash(subject_sums), FUNCTION 2 subject_sums_hash_extended(subject_sums, bigint);
