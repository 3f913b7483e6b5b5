-- service_level: where a household, school or health care facility stands on a service ladder

CREATE TYPE service_level;

CREATE FUNCTION service_level_in(cstring) RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_service_level_in'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_level_in(cstring) IS 'input function of service_level';

CREATE FUNCTION service_level_out(service_level) RETURNS cstring
  AS 'MODULE_PATHNAME', 'ladder_service_level_out'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_level_out(service_level) IS 'output function of service_level';

CREATE FUNCTION service_level_recv(internal) RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_service_level_recv'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_level_recv(internal) IS
  'binary input of service_level: version 1, ladder, lowest and highest level, a byte each';

CREATE FUNCTION service_level_send(service_level) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ladder_service_level_send'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_level_send(service_level) IS
  'binary output of service_level: version 1, ladder, lowest and highest level, a byte each';

CREATE TYPE service_level (
  INPUT = service_level_in,
  OUTPUT = service_level_out,
  RECEIVE = service_level_recv,
  SEND = service_level_send,
  INTERNALLENGTH = 4,
  PASSEDBYVALUE,
  ALIGNMENT = int4
);
COMMENT ON TYPE service_level IS
  'level on a service ladder, hcf:basic, or the lowest and the highest that the known answers allow, hcf:limited..basic; '
  'ladders: hcf, household_water, household_sanitation, household_hygiene, school (WHO/UNICEF Joint Monitoring Programme)';

-- Comparison.  A service level is an int4 inside, ordered by ladder, lowest and highest level: the
-- server's own functions for int4 are right for it.
CREATE FUNCTION service_level_eq(service_level, service_level) RETURNS boolean
  AS 'int4eq' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_ne(service_level, service_level) RETURNS boolean
  AS 'int4ne' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_lt(service_level, service_level) RETURNS boolean
  AS 'int4lt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_le(service_level, service_level) RETURNS boolean
  AS 'int4le' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_gt(service_level, service_level) RETURNS boolean
  AS 'int4gt' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_ge(service_level, service_level) RETURNS boolean
  AS 'int4ge' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_cmp(service_level, service_level) RETURNS integer
  AS 'btint4cmp' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_sortsupport(internal) RETURNS void
  AS 'btint4sortsupport' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION service_level_hash(service_level) RETURNS integer
  AS 'hashint4' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
CREATE FUNCTION service_level_hash_extended(service_level, bigint) RETURNS bigint
  AS 'hashint4extended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION service_level_eq(service_level, service_level) IS 'same ladder, lowest and highest level; never raises';
COMMENT ON FUNCTION service_level_ne(service_level, service_level) IS 'another ladder, lowest or highest level; never raises';
COMMENT ON FUNCTION service_level_lt(service_level, service_level) IS 'order of ladder, lowest and highest level, for sorting and indexes; never raises';
COMMENT ON FUNCTION service_level_le(service_level, service_level) IS 'order of ladder, lowest and highest level, for sorting and indexes; never raises';
COMMENT ON FUNCTION service_level_gt(service_level, service_level) IS 'order of ladder, lowest and highest level, for sorting and indexes; never raises';
COMMENT ON FUNCTION service_level_ge(service_level, service_level) IS 'order of ladder, lowest and highest level, for sorting and indexes; never raises';
COMMENT ON FUNCTION service_level_cmp(service_level, service_level) IS 'three-way comparison of the btree order of service_level';
COMMENT ON FUNCTION service_level_sortsupport(internal) IS 'sort support of service_level';
COMMENT ON FUNCTION service_level_hash(service_level) IS 'hash of a service_level';
COMMENT ON FUNCTION service_level_hash_extended(service_level, bigint) IS 'seeded hash of a service_level';

CREATE OPERATOR = (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_eq,
  COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_ne,
  COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_lt,
  COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_le,
  COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_gt,
  COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
  LEFTARG = service_level, RIGHTARG = service_level, FUNCTION = service_level_ge,
  COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR = (service_level, service_level) IS 'same ladder, lowest and highest level';
COMMENT ON OPERATOR <> (service_level, service_level) IS 'another ladder, lowest or highest level';
COMMENT ON OPERATOR < (service_level, service_level) IS 'sorts before; to ask about levels use at_least()';
COMMENT ON OPERATOR <= (service_level, service_level) IS 'sorts before or is equal; to ask about levels use at_least()';
COMMENT ON OPERATOR > (service_level, service_level) IS 'sorts after; to ask about levels use at_least()';
COMMENT ON OPERATOR >= (service_level, service_level) IS 'sorts after or is equal; to ask about levels use at_least()';

CREATE OPERATOR CLASS service_level_ops DEFAULT FOR TYPE service_level USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
  FUNCTION 1 service_level_cmp(service_level, service_level),
  FUNCTION 2 service_level_sortsupport(internal),
  FUNCTION 4 btequalimage(oid);
CREATE OPERATOR CLASS service_level_ops DEFAULT FOR TYPE service_level USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 service_level_hash(service_level),
  FUNCTION 2 service_level_hash_extended(service_level, bigint);

-- Questions to one level.
CREATE FUNCTION ladder(level service_level) RETURNS text
  AS 'MODULE_PATHNAME', 'ladder_service_level_ladder'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ladder(service_level) IS
  'the ladder a level lies on, for instance hcf; NULL of NULL';

CREATE FUNCTION level_name(level service_level) RETURNS text
  AS 'MODULE_PATHNAME', 'ladder_service_level_name'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level_name(service_level) IS
  'the level without its ladder: basic, or limited..basic where answers are missing; NULL of NULL';

CREATE FUNCTION lowest(level service_level) RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_service_level_lowest'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lowest(service_level) IS
  'the lowest level that the known answers allow; the level itself where no answer that matters is missing; NULL of NULL';

CREATE FUNCTION highest(level service_level) RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_service_level_highest'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION highest(service_level) IS
  'the highest level that the known answers allow; the level itself where no answer that matters is missing; NULL of NULL';

CREATE FUNCTION insufficient(level service_level) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ladder_service_level_insufficient'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION insufficient(service_level) IS
  'are answers missing without which the level is not known (lowest and highest differ)?  NULL of NULL';

CREATE FUNCTION label(level service_level, language text DEFAULT 'en') RETURNS text
  AS 'MODULE_PATHNAME', 'ladder_service_level_label'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION label(service_level, text) IS
  'what people call the level, Insufficient data for a range; language: BCP 47 tag, en and fr are built in, '
  'its region is passed over and another language gets English; NULL of NULL';

CREATE FUNCTION at_least(level service_level, target text) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ladder_service_level_at_least'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION at_least(service_level, text) IS
  'does the level reach target, basic or hcf:basic?  true or false where every completion of the missing answers agrees, else NULL; '
  'NULL of NULL; error where target is not a level of the same ladder';

CREATE FUNCTION level_rank(level service_level) RETURNS integer
  AS 'MODULE_PATHNAME', 'ladder_service_level_rank'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level_rank(service_level) IS
  'place on the ladder, 1 for the lowest level, NULL where answers are missing; NULL of NULL';

-- The cast to text is the server's own, through the output function.
CREATE CAST (service_level AS integer) WITH FUNCTION level_rank(service_level);
COMMENT ON CAST (service_level AS integer) IS
  'place on the ladder, 1 for the lowest level, NULL where answers are missing';

-- service_distribution: how many stand where on one ladder
CREATE TYPE service_distribution;

CREATE FUNCTION service_distribution_in(cstring) RETURNS service_distribution
  AS 'MODULE_PATHNAME', 'ladder_distribution_in'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_in(cstring) IS 'input function of service_distribution';

CREATE FUNCTION service_distribution_out(service_distribution) RETURNS cstring
  AS 'MODULE_PATHNAME', 'ladder_distribution_out'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_out(service_distribution) IS 'output function of service_distribution';

CREATE FUNCTION service_distribution_recv(internal) RETURNS service_distribution
  AS 'MODULE_PATHNAME', 'ladder_distribution_recv'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_recv(internal) IS
  'binary input of service_distribution: version 1 and ladder, a byte each, then a count of eight bytes for each pair of lowest and highest level, by highest';

CREATE FUNCTION service_distribution_send(service_distribution) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ladder_distribution_send'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_send(service_distribution) IS
  'binary output of service_distribution: version 1 and ladder, a byte each, then a count of eight bytes for each pair of lowest and highest level, by highest';

CREATE TYPE service_distribution (
  INPUT = service_distribution_in,
  OUTPUT = service_distribution_out,
  RECEIVE = service_distribution_recv,
  SEND = service_distribution_send,
  INTERNALLENGTH = 136,
  ALIGNMENT = double
);
COMMENT ON TYPE service_distribution IS
  'counts by level of one ladder, hcf{no_service=3,limited..basic=2}, with those of which answers are missing by the levels that remain possible; mergeable';

--= ordered service_distribution ladder_distribution ladder_distribution_hash image: the same ladder and counts; in an order of ladder and counts, for sorting only

CREATE FUNCTION service_distribution_trans(service_distribution, service_level) RETURNS service_distribution
  AS 'MODULE_PATHNAME', 'ladder_distribution_trans'
  LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_trans(service_distribution, service_level) IS
  'transition function of service_distribution_agg; NULL levels are not counted';

CREATE FUNCTION service_distribution_combine(service_distribution, service_distribution) RETURNS service_distribution
  AS 'MODULE_PATHNAME', 'ladder_distribution_combine'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION service_distribution_combine(service_distribution, service_distribution) IS
  'sum of two distributions; error where their ladders differ; NULL if either is NULL';

CREATE AGGREGATE service_distribution_agg(service_level) (
  SFUNC = service_distribution_trans,
  STYPE = service_distribution,
  COMBINEFUNC = service_distribution_combine,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE service_distribution_agg(service_level) IS
  'counts of levels of one ladder; NULL levels (not assessed) are not counted, levels with missing answers are; '
  'NULL when there was none; error where the ladders differ';

CREATE AGGREGATE service_distribution_union(service_distribution) (
  SFUNC = service_distribution_combine,
  STYPE = service_distribution,
  COMBINEFUNC = service_distribution_combine,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE service_distribution_union(service_distribution) IS
  'sum of stored distributions of one ladder; NULLs are passed over; NULL when there was none; error where the ladders differ';

-- Questions to a distribution.  Shares are of all that were counted, from 0 to 1.
CREATE FUNCTION level_total(distribution service_distribution) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ladder_distribution_total'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level_total(service_distribution) IS 'how many were counted, those with missing answers too; NULL of NULL';

CREATE FUNCTION level_count(distribution service_distribution, level text) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ladder_distribution_level_count'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level_count(service_distribution, text) IS
  'how many are known to be at this level, basic or hcf:basic; NULL of NULL; error where the ladder has no such level';

CREATE FUNCTION level_share(distribution service_distribution, level text) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ladder_distribution_level_share'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION level_share(service_distribution, text) IS
  'share of all counted that is known to be at this level, 0 to 1; NULL of NULL and when nothing was counted; error where the ladder has no such level';

CREATE FUNCTION insufficient_count(distribution service_distribution) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ladder_distribution_insufficient_count'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION insufficient_count(service_distribution) IS
  'how many have no known level because answers are missing; NULL of NULL';

CREATE FUNCTION insufficient_share(distribution service_distribution) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ladder_distribution_insufficient_share'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION insufficient_share(service_distribution) IS
  'share of all counted that has no known level because answers are missing, 0 to 1 (JMP: insufficient data); NULL of NULL and when nothing was counted';

CREATE FUNCTION at_least_lower(distribution service_distribution, level text) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ladder_distribution_at_least_lower'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION at_least_lower(service_distribution, text) IS
  'lower bound of the share at this level or above, 0 to 1: every missing answer is the worst; NULL of NULL and when nothing was counted; error where the ladder has no such level';

CREATE FUNCTION at_least_upper(distribution service_distribution, level text) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ladder_distribution_at_least_upper'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION at_least_upper(service_distribution, text) IS
  'upper bound of the share at this level or above, 0 to 1: every missing answer is the best; NULL of NULL and when nothing was counted; error where the ladder has no such level';

CREATE FUNCTION levels(distribution service_distribution,
  OUT level text, OUT rank integer, OUT count bigint, OUT at_least_lower bigint, OUT at_least_upper bigint)
  RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ladder_distribution_levels'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION levels(service_distribution) IS
  'a row for each level of the ladder from the lowest, also where nothing lies on it, with the counts that are surely and possibly at it or above, '
  'then one named insufficient (rank and bounds NULL); no row of NULL';

-- Rulesets that decide a level.  Their kind is the ladder, their outcomes its levels, the group of a
-- rule the level that the rule is a criterion of, or "answers" for rules that say which answers are valid.
CREATE FUNCTION classify(ruleset ruleset, VARIADIC answers "any") RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_classify'
  LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION classify(ruleset, "any") IS
  'service level by a ruleset whose facts are the following arguments, each of its declared type, in its order; a NULL answer is not known: '
  'the level is exact where every completion of the missing answers gives it, else a range; NULL where the ruleset is NULL; '
  'error where the ruleset does not decide a level, reads the clock, or refuses an answer';

CREATE FUNCTION classify_json(ruleset ruleset, answers jsonb) RETURNS service_level
  AS 'MODULE_PATHNAME', 'ladder_classify_json'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION classify_json(ruleset, jsonb) IS
  'as classify(), with the answers as a JSON object of facts by name; a missing key and null are not known; NULL of NULL';

CREATE FUNCTION missing_criteria(ruleset ruleset, target text, VARIADIC answers "any") RETURNS text[]
  AS 'MODULE_PATHNAME', 'ladder_missing_criteria'
  LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION missing_criteria(ruleset, text, "any") IS
  'ids of the rules that fail among those that a level, basic or hcf:basic, and the lower ones ask for: what would lift the facility to it; '
  'answers as for classify(); NULL where the ruleset or the target is NULL; error where the ladder has no such level';

CREATE FUNCTION missing_criteria_json(ruleset ruleset, target text, answers jsonb) RETURNS text[]
  AS 'MODULE_PATHNAME', 'ladder_missing_criteria_json'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION missing_criteria_json(ruleset, text, jsonb) IS
  'as missing_criteria(), with the answers as a JSON object of facts by name; NULL of NULL';

CREATE FUNCTION unanswered_criteria(ruleset ruleset, target text, VARIADIC answers "any") RETURNS text[]
  AS 'MODULE_PATHNAME', 'ladder_unanswered_criteria'
  LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION unanswered_criteria(ruleset, text, "any") IS
  'ids of the rules that missing answers leave open among those that a level, basic or hcf:basic, and the lower ones ask for: what to find out; '
  'answers as for classify(); NULL where the ruleset or the target is NULL; error where the ladder has no such level';

CREATE FUNCTION unanswered_criteria_json(ruleset ruleset, target text, answers jsonb) RETURNS text[]
  AS 'MODULE_PATHNAME', 'ladder_unanswered_criteria_json'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION unanswered_criteria_json(ruleset, text, jsonb) IS
  'as unanswered_criteria(), with the answers as a JSON object of facts by name; NULL of NULL';
