-- The shipped rulesets, as the layer will load them: table pack (code, envelope, body).
-- To be run from the root of the checkout.
CREATE SCHEMA centre;
\ir ../../sql/ruleset/api/variant.sql
CREATE TABLE shipped_file (envelope jsonb);
-- each file is one JSON value; joined they are as many values without a separator, so each becomes a line
\copy shipped_file FROM PROGRAM 'for f in sql/wash/rulesets/*.json; do tr -d "\n" <"$f"; echo; done' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TABLE pack AS
SELECT s.envelope ->> 'code' AS code, s.envelope, b.envelope ->> 'code' AS base,
       coalesce(s.envelope -> 'ruleset', centre.ruleset_variant(b.envelope -> 'ruleset', s.envelope -> 'changes'))::text::civic.ruleset AS body
FROM shipped_file s LEFT JOIN shipped_file b ON b.envelope ->> 'code' = s.envelope ->> 'base';
ALTER TABLE pack ADD PRIMARY KEY (code);

-- shipped('jmp2017_household_water') in a query
CREATE FUNCTION shipped(code text) RETURNS civic.ruleset LANGUAGE sql STABLE AS
  'SELECT body FROM pack WHERE pack.code = $1';
