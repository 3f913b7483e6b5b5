-- Published counts that are not the true ones: rounding and the cell-key method.

CREATE FUNCTION round5(count bigint, threshold integer DEFAULT 8) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_round5' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION round5(bigint, integer) IS
  'count of subjects rounded to the nearest 5; 0 stays 0; NULL, suppressed, from 1 to threshold - 1; threshold from 3; a negative count is an error; NULL if an argument is; NHS Digital, Hospital Episode Statistics disclosure control (2018): 1 to 7 suppressed';

CREATE TYPE ptable;
CREATE FUNCTION ptable_in(cstring) RETURNS ptable
  AS 'MODULE_PATHNAME', 'anonymity_ptable_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
CREATE FUNCTION ptable_out(ptable) RETURNS cstring
  AS 'MODULE_PATHNAME', 'anonymity_ptable_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ptable_recv(internal) RETURNS ptable
  AS 'MODULE_PATHNAME', 'anonymity_ptable_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
CREATE FUNCTION ptable_send(ptable) RETURNS bytea
  AS 'MODULE_PATHNAME', 'anonymity_ptable_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE ptable (
  INPUT = ptable_in, OUTPUT = ptable_out, RECEIVE = ptable_recv, SEND = ptable_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended);
COMMENT ON TYPE ptable IS
  'perturbation table of the cell-key method, as (D,V,js); the probabilities are computed when the value is made';
COMMENT ON FUNCTION ptable_in(cstring) IS 'I/O of ptable';
COMMENT ON FUNCTION ptable_out(ptable) IS 'I/O of ptable';
COMMENT ON FUNCTION ptable_recv(internal) IS 'I/O of ptable: version 1, D, V, js';
COMMENT ON FUNCTION ptable_send(ptable) IS 'I/O of ptable: version 1, D, V, js';

CREATE FUNCTION ptable(d integer, v double precision, js integer) RETURNS ptable
  AS 'MODULE_PATHNAME', 'anonymity_ptable' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION ptable(integer, double precision, integer) IS
  'perturbation table of largest entropy: noise of mean 0, variance at most V and size at most D, no published count from 1 to js, 0 stays 0; D from 1 to 100, js from 0 to 100, V up to D (D + 1) / 3; error where no such noise exists; NULL if an argument is; Fraser and Wooton (2005), Giessing (2016); as the R package ptable but without its monotony';

CREATE FUNCTION ptable_rows(state ptable, OUT i integer, OUT j integer, OUT p double precision) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'anonymity_ptable_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 200;
COMMENT ON FUNCTION ptable_rows(ptable) IS
  'the table''s rows: true count i, published count j, probability p; the last i stands for all larger counts';

CREATE FUNCTION perturb(count bigint, cell_key bigint, ptable ptable) RETURNS bigint
  AS 'MODULE_PATHNAME', 'anonymity_perturb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION perturb(bigint, bigint, ptable) IS
  'count of subjects with the noise that its cell key draws from the table; the same count and key give the same result for ever; a negative count is an error; NULL if an argument is; use it inside declared cubes and with a threshold: it defeats averaging, not differencing';

--= ordered ptable anonymity_ptable anonymity_ptable_hash: the same parameters; in an order for sorting only
