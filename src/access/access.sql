-- Access codes: a colour for a person, the colours of its parts, why, and until when.  See docs/access-codes.md.

CREATE TYPE access_code;
CREATE FUNCTION access_code_in(cstring) RETURNS access_code
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION access_code_out(access_code) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION access_code_recv(internal) RETURNS access_code
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION access_code_send(access_code) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE access_code (
  INPUT = access_code_in, OUTPUT = access_code_out, RECEIVE = access_code_recv, SEND = access_code_send,
  INTERNALLENGTH = 32, ALIGNMENT = double, STORAGE = plain
);
COMMENT ON FUNCTION access_code_in(cstring) IS 'input function of access_code';
COMMENT ON FUNCTION access_code_out(access_code) IS 'output function of access_code';
COMMENT ON FUNCTION access_code_recv(internal) IS
  'binary input of access_code: version 1 (a byte), valid_until (microseconds from 2000-01-01 UTC), failed and unknown rules (8 bytes each), ruleset version (4), '
  'colour (1 green, 2 yellow, 3 red, 4 grey), flags (1 override, 2 lapsed), parts (2: four bits each, work lowest)';
COMMENT ON FUNCTION access_code_send(access_code) IS 'binary output of access_code, as access_code_recv() reads it';
COMMENT ON TYPE access_code IS
  'colour (green, yellow, red, grey = cannot be determined), the colours of the parts work, health and residency (- where the policy says nothing), '
  'the rules that failed and that are unknown (numbers from 0), until when it holds by time alone (ISO 8601, UTC), the number of the ruleset''s version, and whether it is an override or has lapsed';

--= ordered access_code access_code access_code_hash image: equal in every part; by colour (green, yellow, red, grey), then expiry, reasons and the rest

-- ---- what a code says ----

CREATE FUNCTION colour(code access_code) RETURNS text
  AS 'MODULE_PATHNAME', 'access_code_colour' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION colour(access_code) IS
  'green, yellow, red or grey (cannot be determined); NULL in, NULL out';
CREATE FUNCTION work(code access_code) RETURNS text
  AS 'MODULE_PATHNAME', 'access_code_work' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION work(access_code) IS
  'colour of the part work: red where a rule of the group work that blocks failed, grey where one is not decided, yellow where only warnings stand; NULL where the policy has no such rule, and of NULL';
CREATE FUNCTION health(code access_code) RETURNS text
  AS 'MODULE_PATHNAME', 'access_code_health' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION health(access_code) IS
  'colour of the part health, as work() gives it; NULL where the policy has no rule of that group, and of NULL';
CREATE FUNCTION residency(code access_code) RETURNS text
  AS 'MODULE_PATHNAME', 'access_code_residency' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION residency(access_code) IS
  'colour of the part residency, as work() gives it; NULL where the policy has no rule of that group, and of NULL';
CREATE FUNCTION fail_mask(code access_code) RETURNS bigint
  AS 'MODULE_PATHNAME', 'access_code_fail_mask' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION fail_mask(access_code) IS
  'bit i is set when rule i (from 0, in the order of the ruleset) failed; NULL in, NULL out';
CREATE FUNCTION unknown_mask(code access_code) RETURNS bigint
  AS 'MODULE_PATHNAME', 'access_code_unknown_mask' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unknown_mask(access_code) IS
  'bit i is set when rule i (from 0) could not be decided; NULL in, NULL out';
CREATE FUNCTION valid_until(code access_code) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'access_code_valid_until' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_until(access_code) IS
  'the first instant at which time alone may change the code, never too late; infinity: only new facts can; NULL in, NULL out';
CREATE FUNCTION ruleset_version(code access_code) RETURNS integer
  AS 'MODULE_PATHNAME', 'access_code_version' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruleset_version(access_code) IS
  'the number that was passed for the version of the ruleset; 0 in a code that no ruleset gave; NULL in, NULL out';
CREATE FUNCTION is_override(code access_code) RETURNS boolean
  AS 'MODULE_PATHNAME', 'access_code_is_override' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_override(access_code) IS
  'is the colour what two persons decided rather than what the ruleset says?  NULL in, NULL out';
CREATE FUNCTION has_lapsed(code access_code) RETURNS boolean
  AS 'MODULE_PATHNAME', 'access_code_has_lapsed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION has_lapsed(access_code) IS
  'is it grey because it was not decided anew in time?  NULL in, NULL out';
CREATE FUNCTION colour_at(code access_code, clock timestamptz) RETURNS text
  AS 'MODULE_PATHNAME', 'access_code_colour_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION colour_at(access_code, timestamptz) IS
  'the colour to show at an instant: grey from valid_until on, until the code is decided anew; NULL in, NULL out';
CREATE FUNCTION reasons(ruleset, code access_code) RETURNS text[]
  AS 'MODULE_PATHNAME', 'access_reasons' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reasons(ruleset, access_code) IS
  'ids of the rules that failed, for the version that ruleset_version() names; raises (22023) if the ruleset has no such rule; NULL in, NULL out';
CREATE FUNCTION unknown_reasons(ruleset, code access_code) RETURNS text[]
  AS 'MODULE_PATHNAME', 'access_unknown_reasons' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unknown_reasons(ruleset, access_code) IS
  'ids of the rules that could not be decided; raises (22023) if the ruleset has no such rule; NULL in, NULL out';
CREATE FUNCTION main_reason(ruleset, code access_code) RETURNS text
  AS 'MODULE_PATHNAME', 'access_main_reason' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION main_reason(ruleset, access_code) IS
  'id of one rule, so that counts by reason add up: the first that blocks and failed (of a grey code: that blocks and is not decided), else that blocks and is not decided, else any other that failed or is not decided; '
  'NULL where there is none; raises (22023) if the ruleset has no such rule; NULL in, NULL out';

-- ---- making one ----

CREATE FUNCTION access(ruleset, version integer, clock timestamptz, VARIADIC facts "any") RETURNS access_code
  AS 'MODULE_PATHNAME', 'access_decide' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION access(ruleset, integer, timestamptz, "any") IS
  'the code that a ruleset of kind access_code gives at the instant clock for facts passed as evaluate() takes them; version (not negative) is the caller''s number for the ruleset, kept in the code; '
  'NULL if ruleset, version or clock is; raises (22023) where the ruleset''s kind is another or an outcome is no colour, and on a wrong number or type of facts, never for their values';
CREATE FUNCTION access_json(ruleset, version integer, clock timestamptz, facts jsonb) RETURNS access_code
  AS 'MODULE_PATHNAME', 'access_decide_json' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION access_json(ruleset, integer, timestamptz, jsonb) IS
  'the same for facts as evaluate_json() takes them; NULL in, NULL out';
CREATE FUNCTION access_code(ruleset, version integer, verdict) RETURNS access_code
  AS 'MODULE_PATHNAME', 'access_from_verdict' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION access_code(ruleset, integer, verdict) IS
  'the code of a verdict that evaluate() gave; nothing is evaluated again; raises (22023) if another ruleset gave the verdict; NULL in, NULL out';
CREATE FUNCTION override(code access_code, colour text, until timestamptz) RETURNS access_code
  AS 'MODULE_PATHNAME', 'access_override' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION override(access_code, text, timestamptz) IS
  'the code in another colour, marked as an override, to be decided anew at until at the latest; parts and reasons stay what the ruleset says; raises (22023) for another word than a colour and for an infinite until; NULL in, NULL out';
CREATE FUNCTION lapse(code access_code) RETURNS access_code
  AS 'MODULE_PATHNAME', 'access_lapse' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lapse(access_code) IS
  'the code once nobody has decided it anew in time: grey and marked as lapsed until somebody does; parts and reasons stay what they last were; NULL in, NULL out';
