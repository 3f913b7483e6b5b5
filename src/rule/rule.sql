-- Rulesets: JSON rules compiled once, evaluated three-valued with reasons and
-- an expiry.  See docs/rules.md.

-- ---- ruleset ----

CREATE TYPE ruleset;
CREATE FUNCTION ruleset_in(cstring) RETURNS ruleset
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ruleset_out(ruleset) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ruleset_recv(internal) RETURNS ruleset
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ruleset_send(ruleset) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE ruleset (
  INPUT = ruleset_in, OUTPUT = ruleset_out, RECEIVE = ruleset_recv, SEND = ruleset_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

COMMENT ON TYPE ruleset IS
  'rules over declared facts, with the outcomes they lead to: JSON text (canonical: that of jsonb), stored compiled; '
  'invalid rulesets are refused with the JSON path of the error (SQLSTATE 22P02); binary form: version byte and text';
--= io ruleset

--= ordered ruleset ruleset ruleset_hash: the same canonical text; in byte order of the canonical text

CREATE FUNCTION ruleset_sha256(ruleset) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruleset_sha256(ruleset) IS
  'SHA-256 of the canonical text (32 bytes): names the exact ruleset in logs; NULL in, NULL out';

-- ---- verdict ----

CREATE TYPE verdict;
CREATE FUNCTION verdict_in(cstring) RETURNS verdict
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION verdict_out(verdict) RETURNS cstring
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION verdict_recv(internal) RETURNS verdict
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION verdict_send(verdict) RETURNS bytea
  AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE verdict (
  INPUT = verdict_in, OUTPUT = verdict_out, RECEIVE = verdict_recv, SEND = verdict_send,
  INTERNALLENGTH = 64, ALIGNMENT = double, STORAGE = plain
);

COMMENT ON TYPE verdict IS
  'what evaluating a ruleset gave: the outcome (? if open), the outcomes still possible, the rules that failed and that '
  'are unknown (numbers from 0), until when it holds by time alone (ISO 8601, UTC), the first 8 bytes of the ruleset''s SHA-256';
--= io verdict

--= ordered verdict verdict verdict_hash: equal in every field; by outcome, possible outcomes, masks, expiry and ruleset

CREATE FUNCTION outcome(verdict) RETURNS text
  AS 'MODULE_PATHNAME', 'verdict_outcome' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outcome(verdict) IS
  'the outcome; NULL when the known facts leave several possible';
CREATE FUNCTION fail_mask(verdict) RETURNS bigint
  AS 'MODULE_PATHNAME', 'verdict_fail_mask' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION fail_mask(verdict) IS
  'bit i is set when rule i (from 0, in the order of the ruleset) failed; NULL in, NULL out';
CREATE FUNCTION unknown_mask(verdict) RETURNS bigint
  AS 'MODULE_PATHNAME', 'verdict_unknown_mask' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unknown_mask(verdict) IS
  'bit i is set when rule i (from 0) could not be decided because facts are unknown; NULL in, NULL out';
CREATE FUNCTION valid_until(verdict) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'verdict_valid_until' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_until(verdict) IS
  'the first instant at which time alone may change outcome or masks, never too late; infinity: only new facts can; NULL in, NULL out';
CREATE FUNCTION failed_rules(ruleset, verdict) RETURNS text[]
  AS 'MODULE_PATHNAME', 'verdict_failed_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION failed_rules(ruleset, verdict) IS
  'ids of the rules that failed; raises (22023) if another ruleset gave the verdict; NULL in, NULL out';
CREATE FUNCTION unknown_rules(ruleset, verdict) RETURNS text[]
  AS 'MODULE_PATHNAME', 'verdict_unknown_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unknown_rules(ruleset, verdict) IS
  'ids of the rules that could not be decided; raises (22023) if another ruleset gave the verdict; NULL in, NULL out';
CREATE FUNCTION possible_outcomes(ruleset, verdict) RETURNS text[]
  AS 'MODULE_PATHNAME', 'verdict_possible_outcomes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION possible_outcomes(ruleset, verdict) IS
  'outcomes that the known facts allow, in the order of the ruleset; raises (22023) if another ruleset gave the verdict; NULL in, NULL out';

-- ---- evaluation ----

CREATE FUNCTION evaluate(ruleset, clock timestamptz, VARIADIC facts "any") RETURNS verdict
  AS 'MODULE_PATHNAME', 'rule_evaluate_facts' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION evaluate(ruleset, timestamptz, "any") IS
  'evaluates the ruleset at the instant clock on facts passed as arguments in declared order and of declared type (NULL: as the fact declares); '
  'NULL if ruleset or clock is; raises on a wrong number (22023) or type (42804) of facts, never for their values';
CREATE FUNCTION evaluate(ruleset, clock timestamptz) RETURNS verdict
  AS 'MODULE_PATHNAME', 'rule_evaluate_facts' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION evaluate(ruleset, timestamptz) IS
  'the same for a ruleset that reads no facts';
CREATE FUNCTION evaluate_json(ruleset, clock timestamptz, facts jsonb) RETURNS verdict
  AS 'MODULE_PATHNAME', 'rule_evaluate_json' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION evaluate_json(ruleset, timestamptz, jsonb) IS
  'evaluates the ruleset on a JSON object of facts: other keys are ignored, missing ones are NULL; dates and instants are ISO 8601 strings; '
  'raises (22023) on a value of another type; NULL in, NULL out';

-- ---- outputs ----

CREATE FUNCTION outputs(ruleset, clock timestamptz, VARIADIC facts "any") RETURNS jsonb
  AS 'MODULE_PATHNAME', 'rule_outputs' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION outputs(ruleset, timestamptz, "any") IS
  'the outputs of the ruleset at the instant clock, for facts as evaluate() takes them: {"name": {"value": ..., "valid_until": "..."}}, with "unknown": true where facts are missing; '
  'a null value without it: there is none. valid_until is the first instant at which time alone may change that output. {} if the ruleset has no outputs; NULL if ruleset or clock is';
CREATE FUNCTION outputs(ruleset, clock timestamptz) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'rule_outputs' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION outputs(ruleset, timestamptz) IS
  'the same for a ruleset that reads no facts';
CREATE FUNCTION outputs_json(ruleset, clock timestamptz, facts jsonb) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'rule_outputs_json' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 150;
COMMENT ON FUNCTION outputs_json(ruleset, timestamptz, jsonb) IS
  'the same for facts as evaluate_json() takes them; NULL in, NULL out';

CREATE FUNCTION output_boolean(outputs jsonb, name text) RETURNS boolean
  AS 'MODULE_PATHNAME', 'rule_output_boolean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_text(outputs jsonb, name text) RETURNS text
  AS 'MODULE_PATHNAME', 'rule_output_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_date(outputs jsonb, name text) RETURNS date
  AS 'MODULE_PATHNAME', 'rule_output_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_instant(outputs jsonb, name text) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'rule_output_instant' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_number(outputs jsonb, name text) RETURNS numeric
  AS 'MODULE_PATHNAME', 'rule_output_number' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_valid_until(outputs jsonb, name text) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'rule_output_valid_until' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION output_known(outputs jsonb, name text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN NOT (outputs -> name) ? 'unknown';
CREATE FUNCTION outputs_valid_until(outputs jsonb) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT coalesce(min(output_valid_until(outputs, k)), 'infinity') FROM jsonb_object_keys(outputs) AS k);
COMMENT ON FUNCTION output_boolean(jsonb, text) IS
  'value of an output of type boolean, from what outputs() gave; NULL if it is unknown, absent, or there is no such output; raises (22023) if it is of another type';
COMMENT ON FUNCTION output_text(jsonb, text) IS
  'value of an output of type text, from what outputs() gave; NULL if it is unknown, absent, or there is no such output; raises (22023) if it is of another type';
COMMENT ON FUNCTION output_date(jsonb, text) IS
  'value of an output of type date, from what outputs() gave; NULL if it is unknown, absent, or there is no such output; raises (22023) if it is of another type';
COMMENT ON FUNCTION output_instant(jsonb, text) IS
  'value of an output of type timestamptz, from what outputs() gave; NULL if it is unknown, absent, or there is no such output; raises (22023) if it is of another type';
COMMENT ON FUNCTION output_number(jsonb, text) IS
  'value of an output of type integer or numeric, from what outputs() gave; NULL if it is unknown, absent, or there is no such output; raises (22023) if it is of another type';
COMMENT ON FUNCTION output_valid_until(jsonb, text) IS
  'first instant at which time alone may change this output, from what outputs() gave; infinity: only new facts can; NULL if there is no such output';
COMMENT ON FUNCTION output_known(jsonb, text) IS
  'false where the facts leave the output open, true where it has a value or none at all; NULL if there is no such output';
COMMENT ON FUNCTION outputs_valid_until(jsonb) IS
  'first instant at which time alone may change any of the outputs; infinity if none; NULL in, NULL out';
CREATE FUNCTION ruleset_outputs(ruleset,
    OUT ordinal integer, OUT name text, OUT type text, OUT choices text[]) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'rule_ruleset_outputs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 3;
COMMENT ON FUNCTION ruleset_outputs(ruleset) IS
  'the outputs of a ruleset in order, with their types and, of type text, what they may be; no rows for NULL';

-- ---- about a ruleset and one decision ----

CREATE FUNCTION explain(ruleset, clock timestamptz, facts jsonb, lang text DEFAULT 'en',
    OUT rule text, OUT grp text, OUT severity text, OUT result text, OUT reason text, OUT action text,
    OUT facts_used jsonb, OUT flips_at timestamptz) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'rule_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 12;
COMMENT ON FUNCTION explain(ruleset, timestamptz, jsonb, text) IS
  'each rule''s result (passed, failed, unknown) for facts as evaluate_json() takes them; reason and action in the language lang, '
  'else in English, else in any, NULL for passed rules; the facts it read and what the definitions in it came to; when time alone flips it (infinity: never); no rows if an argument is NULL';
CREATE FUNCTION ruleset_facts(ruleset,
    OUT ordinal integer, OUT name text, OUT type text, OUT null_means text, OUT read_by text[]) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'rule_ruleset_facts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 16;
COMMENT ON FUNCTION ruleset_facts(ruleset) IS
  'the facts in the order in which evaluate() takes them, what NULL means (absent or unknown), and the rules that read each';
CREATE FUNCTION ruleset_rules(ruleset,
    OUT ordinal integer, OUT id text, OUT grp text, OUT severity text, OUT on_unknown text, OUT reads text[],
    OUT reason jsonb, OUT action jsonb) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'rule_ruleset_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 12;
COMMENT ON FUNCTION ruleset_rules(ruleset) IS
  'the rules in order (bit ordinal - 1 of the masks), the facts each reads, its texts by language';
CREATE FUNCTION ruleset_check(body jsonb,
    OUT path text, OUT kind text, OUT ok boolean, OUT message text, OUT hint text) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'rule_ruleset_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 5;
COMMENT ON FUNCTION ruleset_check(jsonb) IS
  'every error of a ruleset''s JSON with its SQL/JSON path (kind error, not ok); if there is none, what is probably a mistake (kind warning, ok), '
  'and the result of each embedded test (kind test); NULL in, no rows out';
CREATE FUNCTION ruleset_check(body text,
    OUT path text, OUT kind text, OUT ok boolean, OUT message text, OUT hint text) RETURNS SETOF record
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 5
BEGIN ATOMIC
  WITH RECURSIVE part (path, value) AS (
    SELECT '$', $1::json
    UNION ALL
    SELECT inner_part.path, inner_part.value
    FROM part AS p, LATERAL (
      SELECT p.path || CASE WHEN m.key ~ '^[A-Za-z_][A-Za-z0-9_]*$' THEN '.' || m.key ELSE '.' || to_json(m.key) END, m.value
      FROM json_each(CASE json_typeof(p.value) WHEN 'object' THEN p.value END) AS m
      UNION ALL
      SELECT format('%s[%s]', p.path, e.place - 1), e.element
      FROM json_array_elements(CASE json_typeof(p.value) WHEN 'array' THEN p.value END) WITH ORDINALITY AS e (element, place)) AS inner_part (path, value))
  (SELECT p.path, 'warning', true, format('key "%s" is there %s times; the last counts', k.key, count(*)), NULL
   FROM part AS p, json_object_keys(CASE json_typeof(p.value) WHEN 'object' THEN p.value END) AS k (key)
   GROUP BY p.path, k.key, p.value::text HAVING count(*) > 1 ORDER BY p.path, k.key)
  UNION ALL
  SELECT c.path, c.kind, c.ok, c.message, c.hint FROM ruleset_check($1::jsonb) AS c;
END;
COMMENT ON FUNCTION ruleset_check(text) IS
  'the same of the text as it is written, which also warns of keys that are there twice: jsonb keeps the last alone. Raises (22P02) when the text is no JSON; NULL in, no rows out';
CREATE FUNCTION ruleset_sql(ruleset) RETURNS text
  AS 'MODULE_PATHNAME', 'rule_ruleset_sql' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION ruleset_sql(ruleset) IS
  'the same decision as one plain SQL expression over columns named like the facts and a column "clock" (timestamptz): '
  'jsonb with outcome, fail and unknown (the masks), and outputs, if there are any; raises (54000) if it would exceed 16 MB';
