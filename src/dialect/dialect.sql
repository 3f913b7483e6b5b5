CREATE FUNCTION jsonlogic(rule jsonb, data jsonb) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'dialect_jsonlogic'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION jsonlogic(jsonb, jsonb) IS
  'result of a JsonLogic rule on data; NULL if either is NULL. Null and missing data count as 0, a trap for decisions: see the page on rule dialects. '
  'Errors: "NaN" (22000), "Invalid Arguments" (22023), "Unknown Operator" (42883), what the rule throws (P0001), limits (54000). '
  'Source: jsonlogic.com and the suite of github.com/json-logic/compat-tables';

CREATE FUNCTION certlogic(expr jsonb, data jsonb) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'dialect_certlogic'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION certlogic(jsonb, jsonb) IS
  'result of a CertLogic expression on data, usually {"payload": ..., "external": {"validationClock": ..., "valueSets": ...}}; NULL if either is NULL; date-times as ISO 8601 text in UTC. '
  'Errors: operands of a wrong type or number (22023), unknown operators (42883), limits (54000). '
  'Source: CertLogic specification 1.3, github.com/ehn-dcc-development/eu-dcc-business-rules';

CREATE FUNCTION certlogic_check(expr jsonb, OUT path text[], OUT part jsonb, OUT message text) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'dialect_certlogic_check'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION certlogic_check(jsonb) IS
  'what is wrong with the form of a CertLogic expression, one row for each of the first 1000 issues: where (a path for #>), the part and the message; no rows if it is well-formed; none for NULL. '
  'Source: validation suite of the CertLogic specification';
