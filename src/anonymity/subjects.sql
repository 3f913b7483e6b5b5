-- Who is in a cell: pseudonyms, the states of the k-aggregates, the aggregates.

CREATE FUNCTION subject_key(identity text, salt bytea) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_subject_key'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION subject_key(text, bytea) IS
  'pseudonym of a person: the first 64 bits of HMAC-SHA-256 (RFC 2104) of the identity''s bytes under the salt, the low-order byte first; write the identity one way (spaces, capitals) before; the salt has 16 random bytes or more, else an error; NULL if an argument is';

-- The three types.  A state may be stored in a table and merged later.

CREATE TYPE subject_set;
CREATE FUNCTION subject_set_in(cstring) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_set_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_set_out(subject_set) RETURNS cstring
  AS 'MODULE_PATHNAME', 'anonymity_subjects_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_set_recv(internal) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_set_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_set_send(subject_set) RETURNS bytea
  AS 'MODULE_PATHNAME', 'anonymity_subjects_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE subject_set (
  INPUT = subject_set_in, OUTPUT = subject_set_out, RECEIVE = subject_set_recv, SEND = subject_set_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = external);
COMMENT ON TYPE subject_set IS
  'the distinct subjects of a cell, as {101,102}; at most 100,000,000; personal data: pseudonyms of persons';
COMMENT ON FUNCTION subject_set_in(cstring) IS 'I/O of subject_set';
COMMENT ON FUNCTION subject_set_out(subject_set) IS 'I/O of subject_set';
COMMENT ON FUNCTION subject_set_recv(internal) IS 'I/O of subject_set: version 1, number of subjects, subjects';
COMMENT ON FUNCTION subject_set_send(subject_set) IS 'I/O of subject_set: version 1, number of subjects, subjects';

CREATE TYPE subject_gate;
CREATE FUNCTION subject_gate_in(cstring) RETURNS subject_gate
  AS 'MODULE_PATHNAME', 'anonymity_gate_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_gate_out(subject_gate) RETURNS cstring
  AS 'MODULE_PATHNAME', 'anonymity_subjects_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_gate_recv(internal) RETURNS subject_gate
  AS 'MODULE_PATHNAME', 'anonymity_gate_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_gate_send(subject_gate) RETURNS bytea
  AS 'MODULE_PATHNAME', 'anonymity_subjects_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE subject_gate (
  INPUT = subject_gate_in, OUTPUT = subject_gate_out, RECEIVE = subject_gate_recv, SEND = subject_gate_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = external);
COMMENT ON TYPE subject_gate IS
  'whether a cell has k distinct subjects, as 5:{101,102} or 5:reached; it forgets the subjects when k is reached; personal data before';
COMMENT ON FUNCTION subject_gate_in(cstring) IS 'I/O of subject_gate';
COMMENT ON FUNCTION subject_gate_out(subject_gate) IS 'I/O of subject_gate';
COMMENT ON FUNCTION subject_gate_recv(internal) IS 'I/O of subject_gate: version 1, k, 1 if reached, number of subjects, subjects';
COMMENT ON FUNCTION subject_gate_send(subject_gate) IS 'I/O of subject_gate: version 1, k, 1 if reached, number of subjects, subjects';

CREATE TYPE subject_sums;
CREATE FUNCTION subject_sums_in(cstring) RETURNS subject_sums
  AS 'MODULE_PATHNAME', 'anonymity_sums_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_sums_out(subject_sums) RETURNS cstring
  AS 'MODULE_PATHNAME', 'anonymity_subjects_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_sums_recv(internal) RETURNS subject_sums
  AS 'MODULE_PATHNAME', 'anonymity_sums_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION subject_sums_send(subject_sums) RETURNS bytea
  AS 'MODULE_PATHNAME', 'anonymity_subjects_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE subject_sums (
  INPUT = subject_sums_in, OUTPUT = subject_sums_out, RECEIVE = subject_sums_recv, SEND = subject_sums_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = external);
COMMENT ON TYPE subject_sums IS
  'what each subject of a cell contributed, as {101:2500,102:-40}; at most 50,000,000 subjects; personal data';
COMMENT ON FUNCTION subject_sums_in(cstring) IS 'I/O of subject_sums';
COMMENT ON FUNCTION subject_sums_out(subject_sums) IS 'I/O of subject_sums';
COMMENT ON FUNCTION subject_sums_recv(internal) IS 'I/O of subject_sums: version 1, number of subjects, subject and sum of each';
COMMENT ON FUNCTION subject_sums_send(subject_sums) IS 'I/O of subject_sums: version 1, number of subjects, subject and sum of each';

-- Questions to a state.

CREATE FUNCTION n_distinct(state subject_set) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_n_distinct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION n_distinct(subject_set) IS
  'number of subjects; reads only the head of a stored state; NULL for NULL';
CREATE FUNCTION n_distinct(state subject_gate) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_n_distinct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION n_distinct(subject_gate) IS
  'number of subjects, or k when there are more; NULL for NULL';
CREATE FUNCTION n_distinct(state subject_sums) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_n_distinct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION n_distinct(subject_sums) IS
  'number of subjects who contributed, be it 0; reads only the head of a stored state; NULL for NULL';

CREATE FUNCTION reached(state subject_gate) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_reached' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reached(subject_gate) IS
  'are there at least k distinct subjects; NULL for NULL, which is the state of no rows: ask IS TRUE';

CREATE FUNCTION k_set_contains(state subject_set, subject bigint) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_contains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION k_set_contains(subject_set, bigint) IS
  'is the subject in the set; NULL if an argument is';

CREATE FUNCTION k_set_changed(a subject_set, b subject_set) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_changed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION k_set_changed(subject_set, subject_set) IS
  'number of subjects that are in exactly one of two sets: who could be found by subtracting one release from another; NULL if an argument is';

CREATE FUNCTION k_sum_changed(a subject_sums, b subject_sums) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_changed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION k_sum_changed(subject_sums, subject_sums) IS
  'number of subjects that are in exactly one of two states or have another sum in each; NULL if an argument is';

CREATE FUNCTION cell_key(state subject_set, salt bytea) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_cell_key' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION cell_key(subject_set, bytea) IS
  'key of a cell for perturb(): SipHash-2-4 (Aumasson and Bernstein 2012) of each subject under a key made of the salt, added modulo 2^64; the same subjects have the same key in every table; the salt has 16 random bytes or more, else an error, and is as secret as the data; NULL if an argument is';

CREATE FUNCTION subjects(state subject_sums) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_sums_subjects' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION subjects(subject_sums) IS 'the set of the subjects who contributed; NULL for NULL';

CREATE FUNCTION total(state subject_sums) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION total(subject_sums) IS
  'sum of all contributions, in the unit they were given in, 0 of none; error where it leaves bigint; NULL for NULL';

CREATE FUNCTION total_abs(state subject_sums) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_total_abs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION total_abs(subject_sums) IS
  'sum of the sizes of the subjects'' sums, signs left out: what the dominance rules take for the whole; error where it leaves bigint; NULL for NULL';

CREATE FUNCTION largest(state subject_sums, n integer) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_largest' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION largest(subject_sums, integer) IS
  'what the n largest contributors hold together, signs left out; n from 1 to 100, else an error; NULL if an argument is';

CREATE FUNCTION p_percent(state subject_sums, p numeric) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_p_percent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION p_percent(subject_sums, numeric) IS
  'p% rule: true, do not publish, when all but the two largest contributors hold less than p % of the largest, so that the second could estimate the largest within p %; 0 < p <= 100, else an error; NULL if an argument is; Hundepool et al., Statistical Disclosure Control (2012), 4.2.2';

CREATE FUNCTION nk(state subject_sums, n integer, k numeric) RETURNS boolean
  AS 'MODULE_PATHNAME', 'anonymity_nk' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION nk(subject_sums, integer, numeric) IS
  '(n,k) dominance rule: true, do not publish, when the n largest contributors hold more than k % of the whole; n from 1 to 100, 0 < k <= 100, else an error; NULL if an argument is; Hundepool et al., Statistical Disclosure Control (2012), 4.2.2';

-- What the aggregates are made of.

CREATE FUNCTION k_set_add(state subject_set, subject bigint) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_set_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_set_add(subject_set, bigint) IS
  'the state with one more subject; a NULL subject adds nobody; a NULL state is an empty one';
CREATE FUNCTION k_gate_add(state subject_gate, subject bigint, k integer) RETURNS subject_gate
  AS 'MODULE_PATHNAME', 'anonymity_gate_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_gate_add(subject_gate, bigint, integer) IS
  'the state with one more subject; a NULL subject adds nobody; a NULL state is an empty one; k from 1 to 10000 and the same as the state''s, else an error';
CREATE FUNCTION k_sum_add(state subject_sums, subject bigint, value bigint) RETURNS subject_sums
  AS 'MODULE_PATHNAME', 'anonymity_sums_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_sum_add(subject_sums, bigint, bigint) IS
  'the state with a value added to a subject''s sum; a NULL subject or value adds nothing; a NULL state is an empty one';

CREATE FUNCTION k_set_merge(a subject_set, b subject_set) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_subjects_merge' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_set_merge(subject_set, subject_set) IS
  'the subjects of either; NULL is empty';
CREATE FUNCTION k_gate_merge(a subject_gate, b subject_gate) RETURNS subject_gate
  AS 'MODULE_PATHNAME', 'anonymity_subjects_merge' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_gate_merge(subject_gate, subject_gate) IS
  'the gate of the subjects of either; NULL is empty; error if their k differ';
CREATE FUNCTION k_sum_merge(a subject_sums, b subject_sums) RETURNS subject_sums
  AS 'MODULE_PATHNAME', 'anonymity_subjects_merge' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION k_sum_merge(subject_sums, subject_sums) IS
  'the subjects of either, the sums of each added up; NULL is empty';

CREATE FUNCTION k_set_final(state subject_set) RETURNS subject_set
  AS 'MODULE_PATHNAME', 'anonymity_subjects_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION k_set_final(subject_set) IS 'the state without slack, for storing';
CREATE FUNCTION k_gate_final(state subject_gate) RETURNS subject_gate
  AS 'MODULE_PATHNAME', 'anonymity_subjects_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION k_gate_final(subject_gate) IS 'the state without slack, for storing';
CREATE FUNCTION k_sum_final(state subject_sums) RETURNS subject_sums
  AS 'MODULE_PATHNAME', 'anonymity_subjects_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION k_sum_final(subject_sums) IS 'the state without slack, for storing';

-- The aggregates.  SSPACE is what a cell of a cube usually takes; the executor
-- measures the rest and spills to disk when work_mem is used up.

CREATE AGGREGATE k_gate(subject bigint, k integer) (
  SFUNC = k_gate_add, STYPE = subject_gate, SSPACE = 144,
  FINALFUNC = k_gate_final, COMBINEFUNC = k_gate_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_gate(bigint, integer) IS
  'whether there are k distinct subjects: ask reached(); counts subjects, not rows; NULL subjects do not count; k from 1 to 10000, one k in a group, else an error; NULL without rows';

CREATE AGGREGATE k_gate_union(state subject_gate) (
  SFUNC = k_gate_merge, STYPE = subject_gate, SSPACE = 144,
  FINALFUNC = k_gate_final, COMBINEFUNC = k_gate_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_gate_union(subject_gate) IS
  'the gate of all rows behind the states; error if their k differ; NULL without states';

CREATE AGGREGATE k_set(subject bigint) (
  SFUNC = k_set_add, STYPE = subject_set, SSPACE = 1024, INITCOND = '{}',
  FINALFUNC = k_set_final, COMBINEFUNC = k_set_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_set(bigint) IS
  'the distinct subjects as a state to store, merge and compare; NULL subjects do not count; {} without rows';

CREATE AGGREGATE k_set_union(state subject_set) (
  SFUNC = k_set_merge, STYPE = subject_set, SSPACE = 4096, INITCOND = '{}',
  FINALFUNC = k_set_final, COMBINEFUNC = k_set_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_set_union(subject_set) IS
  'the distinct subjects of all states; NULL states do not count; {} without states';

CREATE AGGREGATE k_distinct(subject bigint) (
  SFUNC = k_set_add, STYPE = subject_set, SSPACE = 1024, INITCOND = '{}',
  FINALFUNC = n_distinct, COMBINEFUNC = k_set_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_distinct(bigint) IS
  'exact number of distinct subjects, as count(DISTINCT subject) but hashed, parallel and spilling; NULL subjects do not count; 0 without rows; for a state to store or a cell key use k_set';

CREATE AGGREGATE k_distinct_union(state subject_set) (
  SFUNC = k_set_merge, STYPE = subject_set, SSPACE = 4096, INITCOND = '{}',
  FINALFUNC = n_distinct, COMBINEFUNC = k_set_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_distinct_union(subject_set) IS
  'exact number of distinct subjects of all states; NULL states do not count; 0 without states';

CREATE AGGREGATE k_sum(subject bigint, value bigint) (
  SFUNC = k_sum_add, STYPE = subject_sums, SSPACE = 2048, INITCOND = '{}',
  FINALFUNC = k_sum_final, COMBINEFUNC = k_sum_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_sum(bigint, bigint) IS
  'what each subject contributes: n_distinct, total, largest, p_percent and nk read it; values in a unit small enough to be whole (cents, minutes); rows with a NULL subject or value do not count; error where a subject''s sum leaves bigint; {} without rows';

CREATE AGGREGATE k_sum_union(state subject_sums) (
  SFUNC = k_sum_merge, STYPE = subject_sums, SSPACE = 8192, INITCOND = '{}',
  FINALFUNC = k_sum_final, COMBINEFUNC = k_sum_merge, PARALLEL = SAFE);
COMMENT ON AGGREGATE k_sum_union(subject_sums) IS
  'the contributions behind all states added up, so no row may be behind two of them; NULL states do not count; {} without states';
