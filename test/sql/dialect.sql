-- JsonLogic and CertLogic.  The public suites are run by test/conformance/rules;
-- here are the rules that a reader of docs/rule-dialects.md relies on, the
-- errors, the limits, and oracles written in SQL.
SET search_path = civic, public;
\pset format unaligned

-- what is true: one value a row
SELECT value, jsonlogic('{"!!": [{"var": ""}]}', value) AS jsonlogic,
       certlogic('{"!": [{"!": [{"var": ""}]}]}', value) AS certlogic
FROM jsonb_array_elements('[null, false, 0, 0.0, 1, -1, "", "0", "a", [], [0], {}, {"a": null}]') AS value;

-- operators of the classic set
SELECT rule, jsonlogic(rule, '{"a": {"b": [10, 20]}, "n": "7", "nul": null, "empty": "", "xs": [3, 1, 2], "a.b": "dotted"}') AS result
FROM jsonb_array_elements($$[
  {"var": "a.b.1"}, {"var": ["a.c", "default"]}, {"var": ["nul", "default"]}, {"var": "a.b.01"}, {"var": "a.b.-1"}, {"var": "xs.9"},
  {"missing": ["a", "nul", "empty", "zzz", "a.b.1"]}, {"missing": {"merge": ["a", ["z"]]}}, {"missing_some": [2, ["a", "y", "z"]]}, {"missing_some": [1, ["a", "y"]]},
  {"if": [false, 1, null, 2, "else"]}, {"?:": [1, "yes", "no"]}, {"if": []}, {"and": []}, {"or": [0, "", []]}, {"and": [1, {"var": "n"}]},
  {"==": ["1", 1, true]}, {"==": [null, "0"]}, {"==": [null, ""]}, {"==": [null, 0]}, {"!=": [1, 2, 1]}, {"===": [1, 1.0]}, {"===": [{"preserve": [1, {"a": 2.0}]}, {"preserve": [1.0, {"a": 2}]}]}, {"!==": [{}, []]},
  {"<": [1, {"var": "n"}, 8]}, {">=": ["b", "a", "a"]}, {"<": ["10", "9"]}, {"<": ["10", 9]},
  {"+": [0.1, 0.2]}, {"+": " 12 "}, {"+": "-1.5e1"}, {"-": 2}, {"-": [10, 1, "2"]}, {"*": []}, {"/": [1, 4]}, {"/": 8}, {"%": [-7, 3]}, {"%": [7.5, 2, 1]},
  {"max": {"var": "xs"}}, {"min": [3, -0.5]}, {"cat": ["a", 1.50, null, true, [1, ["x"]], {"merge": []}]}, {"cat": [{"var": "a"}]},
  {"substr": ["Ünïcödé", 1, 3]}, {"substr": ["abc", -9, 2]}, {"substr": ["abc", 1, -5]}, {"substr": [12345, 2]}, {"substr": ["abc", 9]},
  {"in": ["ïc", "Ünïcödé"]}, {"in": [3, {"var": "xs"}]}, {"in": ["3", {"var": "xs"}]}, {"in": [[1], [[1], 2]]}, {"in": [2, "123"]}, {"in": [1, null]}, {"in": ["abcd", "abc"]}, {"in": ["aab", "aaab"]},
  {"merge": [1, [2, [3]], []]}, {"map": [{"var": "xs"}, {"*": [{"var": ""}, 2]}]}, {"filter": [{"var": "xs"}, {">": [{"var": ""}, 1]}]},
  {"reduce": [{"var": "xs"}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}, {"reduce": [{"var": "xs"}, {"var": ""}, 0]}, {"reduce": [[1, 2], {"var": "accumulator"}]},
  {"all": [[], true]}, {"none": [[], true]}, {"some": [[], true]}, {"map": [{"var": "zzz"}, 1]}, {"filter": [{"var": "zzz"}, 1]},
  {"log": "seen"}, {"a": 1, "b": {"+": [1]}}, [1, {"+": [1, 1]}], {}
]$$) AS rule;

-- the newer operators
SELECT rule, jsonlogic(rule, '{"a.b": 1, "a": {"b": null, "": 2}, "xs": [{"v": 1}, {"v": 2}], "k": "a", "t": 10, "e": {"type": "mine", "code": 4}}') AS result
FROM jsonb_array_elements($$[
  {"val": "a.b"}, {"val": ["a", ""]}, {"val": ["xs", 1, "v"]}, {"val": [{"val": "k"}, "b"]}, {"val": ["a", "zzz"]}, {"val": [[5], "t"]}, {"val": [["x"], "t"]},
  {"exists": ["a", "b"]}, {"exists": ["a", "c"]}, {"exists": "a.b"}, {"exists": ["xs", 2]}, {"exists": [[1], "t"]},
  {"??": [null, {"val": "zzz"}, false, 1]}, {"??": []}, {"??": {"val": "xs"}},
  {"map": [{"val": "xs"}, {"+": [{"val": "v"}, {"val": [[1], "index"]}, {"val": [[2], "t"]}]}]},
  {"map": [{"val": "xs"}, {"val": [[1]]}]}, {"map": [[[1, 2], [3]], {"map": [{"val": []}, {"val": [[-4], "t"]}]}]},
  {"reduce": [{"val": "xs"}, {"cat": [{"val": "accumulator"}, {"val": [[1], "index"]}]}, ""]},
  {"try": [{"throw": "mine"}, {"cat": ["caught ", {"val": "type"}, " ", {"val": [[2], "t"]}]}]}, {"try": [{"throw": {"val": "e"}}, {"var": "code"}]},
  {"try": [{"throw": {"type": "literal"}}, {"var": "type"}]}, {"try": [{"throw": {"type": "a", "more": [1]}}, {"var": "more.0"}]}, {"try": [{"/": [1, 0]}, {"zzz": 1}, {"val": "type"}]}, {"try": []},
  {"try": [{"map": [{"val": "xs"}, {"if": [{"==": [{"val": "v"}, 2]}, {"throw": "two"}, 1]}]}, {"val": []}]},
  {"preserve": {"+": [1, 2]}}, {"max": {"preserve": [4, 9]}}
]$$) AS rule;

-- CertLogic
SELECT expr, certlogic(expr, '{"payload": {"v": [{"dn": 2, "dt": "2021-06-01"}]}, "now": "2021-07-01T12:00:00.1239+02:00", "xs": [1, 2, 3], "none": {}}') AS result
FROM jsonb_array_elements($$[
  {"var": "payload.v.0.dn"}, {"var": ""}, {"var": "payload.zzz.0"}, {"if": [{"var": "zzz"}, 1, 2]}, {"and": [1, {"var": "zzz"}, 3]}, {"and": [1, "x"]}, {"!": [{"var": "none"}]}, {"===": [1, "1"]}, {"===": [{"var": "p"}, {"var": "q"}]},
  {"in": [2, {"var": "xs"}]}, {"+": [1, {"var": "payload.v.0.dn"}]}, {"<": [0, 1, 2]}, {">=": [2, 2, 3]}, {"reduce": [{"var": "xs"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, {"reduce": [{"var": "xs"}, {"var": ""}, 0]}, {"reduce": [{"var": "zzz"}, 1, 7]},
  {"plusTime": [{"var": "now"}, 0, "day"]}, {"plusTime": [{"var": "payload.v.0.dt"}, -1, "hour"]}, {"plusTime": ["2020-01-31", 1, "month"]}, {"plusTime": ["2020-02-29", 1, "year"]}, {"plusTime": ["2021", 0, "year"]}, {"plusTime": ["2021-02", 0, "day"]},
  {"before": [{"plusTime": [{"var": "payload.v.0.dt"}, 14, "day"]}, {"plusTime": [{"var": "now"}, 0, "day"]}]}, {"not-after": [{"plusTime": ["2021-01-01", 0, "day"]}, {"plusTime": ["2021-01-01", 0, "day"]}, {"plusTime": ["2020-01-01", 0, "day"]}]},
  {"dccDateOfBirth": ["2004-02"]}, {"dccDateOfBirth": ["2004"]}, {"extractFromUVCI": ["URN:UVCI:01:NL:187/37512422923", 1]}, {"extractFromUVCI": ["a::c/#/f", 5]}, {"extractFromUVCI": [{"var": "zzz"}, 0]},
  [1, {"plusTime": ["0000-01-01", 0, "day"]}, {"plusTime": ["9999-12-31T23:59:59.999", 0, "day"]}]
]$$) AS expr;

-- formats of date-times
SELECT text, certlogic(jsonb_build_object('plusTime', jsonb_build_array(text, 0, 'day')), 'null') AS instant
FROM unnest(ARRAY['2021-03-04T05:06:07', '2021-03-04T05:06:07Z', '2021-03-04T05:06:07+2', '2021-03-04T05:06:07-02', '2021-03-04T05:06:07+230',
                  '2021-03-04T05:06:07+0230', '2021-03-04T05:06:07-2:30', '2021-03-04T05:06:07.1', '2021-03-04T05:06:07.123456789Z', '2021-03-04T05:06:07.99+14:00']) AS text;

-- refused ones, JsonLogic's errors and CertLogic's, with what the user sees
CREATE FUNCTION refusal(dialect text, rule jsonb, data jsonb, OUT state text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  message := 'no error: ' || left((CASE dialect WHEN 'jsonlogic' THEN civic.jsonlogic(rule, data) ELSE civic.certlogic(rule, data) END)::text, 100);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;
\x on
SELECT rule, e.* FROM jsonb_array_elements($$[
  {"+": [1, {"var": "word"}]}, {"<": [1, {"var": "list"}]}, {"==": [[], []]}, {"/": [1, 0]}, {"%": [1, "0"]}, {"+": ["1e308", "1e308"]}, {"*": [{"var": "huge"}, 0]}, {"-": {"var": "huge"}}, {"<": [1, {"var": "huge"}]}, {"+": "1e401"}, {"+": "1e999999999"}, {"+": "-1e-999999999"}, {"+": "0x10"}, {"+": "1_000"}, {"+": "."}, {"+": "1e"},
  {"<": [1]}, {"-": []}, {"%": [1]}, {"max": []}, {"max": [[1]]}, {"max": ["1"]}, {"if": true}, {"map": [null, 1]}, {"map": [[1], null]}, {"map": ["abc", 1]}, {"all": [{"var": "zzz"}, 1]}, {"some": [{"var": "zzz"}, 1]}, {"none": [{"var": "zzz"}, 1]}, {"missing_some": 1},
  {"substr": []}, {"substr": ["abc", "one"]}, {"substr": ["abc", 1, "two"]}, {"zzz": [1]}, {"throw": "my own"}, {"throw": {"var": "object"}}, {"throw": [[1]]}, {"try": [{"throw": 1}, {"throw": {"val": []}}]}
]$$) AS rule, refusal('jsonlogic', rule, '{"word": "many", "list": [1, 2], "object": {"code": 7}, "huge": 1e400}') AS e;
SELECT rule, e.* FROM jsonb_array_elements($$[
  null, 1.5, {}, {"a": 1, "b": 2}, [1, null], {"var": 0}, {"var": ["x"]}, {"if": [1, 2]}, {"if": [{"plusTime": ["2021", 0, "day"]}, 1, 2]}, {"!": [{"var": "half"}]}, {"and": [1]}, {"===": [1]}, {"in": [1, "1"]},
  {"+": [1, "2"]}, {"<": [1, {"var": "zzz"}]}, {"<": [1, 2, 3, 4]}, {"after": ["2021-01-01", "2021-01-02"]}, {"plusTime": ["2021-01-01", {"var": "half"}, "day"]}, {"plusTime": ["2021-01-01", 1, "week"]}, {"plusTime": ["2021-01-01", 999999999999, "day"]}, {"plusTime": ["9999-12-31", 1, "day"]},
  {"plusTime": [20210101, 0, "day"]}, {"dccDateOfBirth": ["2021-01-01T00:00:00"]}, {"reduce": ["abc", 1, 2]}, {"extractFromUVCI": [1, 0]}, {"extractFromUVCI": ["a", "0"]}, {"or": [1, 2]}
]$$) AS rule, refusal('certlogic', rule, '{"half": 0.5}') AS e;
\x off
SELECT text, (refusal('certlogic', jsonb_build_object('plusTime', jsonb_build_array(text, 0, 'day')), 'null')).message
FROM unnest(ARRAY['', '21-01-01', '2021-1-1', '2021-02-29', '2021-13-01', '2021-00-01', '2021-01-00', '2021-01-01T', '2021-01-01T24:00:00', '2021-01-01T00:00', '2021-01-01T00:00:60', '2021-01-01T00:00:00.', '2021-01-01T00:00:00+',
                  '2021-01-01T00:00:00+24', '2021-01-01T00:00:00+1:2', '2021-01-01T00:00:00+12345', '2021-01-01T00:00:00 Z', '2021-01-01 00:00:00', '2021-01T00:00:00', '2021-01-01x', '0000-01-01T00:00:00+14', '12021-01-01']) AS text;

-- oracle: ECMAScript's setters as intervals from the first of the month
WITH instants AS (
  SELECT timestamp '1999-10-29 06:07:08.009' + n * interval '1 day 1 hour 1.003 s' AS t FROM generate_series(0, 900) AS n
), shifts AS (
  SELECT * FROM unnest(ARRAY['year', 'month', 'day', 'hour']) AS unit, unnest(ARRAY[-1000, -25, -12, -1, 0, 1, 11, 13, 48, 700]) AS amount
), expected AS (
  SELECT t, unit, amount,
         CASE WHEN unit IN ('day', 'hour') THEN t + amount * ('1 ' || unit)::interval
              ELSE date_trunc('month', t) + amount * ('1 ' || unit)::interval + (t - date_trunc('month', t)) END AS shifted
  FROM instants, shifts
)
SELECT count(*) AS cases,
       count(*) FILTER (WHERE certlogic(jsonb_build_object('plusTime', jsonb_build_array(to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS.MS'), amount, unit)), 'null')
                              IS DISTINCT FROM to_jsonb(to_char(shifted, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) AS wrong
FROM expected;

-- oracle: arithmetic and order are numeric's, of numbers and of their texts
WITH n AS (SELECT ((i * 7919) % 2003 - 1000)::numeric / (10 ^ (i % 5))::numeric AS v FROM generate_series(1, 60) AS i)
SELECT count(*) AS cases,
       count(*) FILTER (WHERE (jsonlogic('{"+": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v, b.v::text)))::numeric <> a.v + b.v) AS plus,
       count(*) FILTER (WHERE (jsonlogic('{"-": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v::text, b.v)))::numeric <> a.v - b.v) AS minus,
       count(*) FILTER (WHERE (jsonlogic('{"*": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v, b.v)))::numeric <> a.v * b.v) AS times,
       count(*) FILTER (WHERE b.v <> 0 AND abs((jsonlogic('{"/": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v, b.v)))::numeric - a.v / b.v) > 1e-12 * abs(a.v / b.v)) AS divided,
       count(*) FILTER (WHERE b.v <> 0 AND (jsonlogic('{"%": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v, b.v)))::numeric <> a.v % b.v) AS modulo,
       count(*) FILTER (WHERE jsonlogic('{"<": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v, b.v::text)) <> to_jsonb(a.v < b.v)) AS less,
       count(*) FILTER (WHERE jsonlogic('{"<=": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a.v::text, b.v::text)) <> to_jsonb(a.v::text COLLATE "C" <= b.v::text)) AS text_less
FROM n AS a, n AS b;

-- oracle: substr by positions, in by strpos
WITH words AS (SELECT w FROM unnest(ARRAY['', 'a', 'añb', 'aaab', 'żółw', 'abcabc']) AS w),
     spans AS (SELECT s, l FROM generate_series(-8, 8) AS s, generate_series(-8, 8) AS l)
SELECT count(*) AS cases,
       count(*) FILTER (WHERE jsonlogic('{"substr": [{"var": "0"}, {"var": "1"}, {"var": "2"}]}', jsonb_build_array(w, s, l)) <> to_jsonb(
         (SELECT coalesce(string_agg(substr(w, p, 1), '' ORDER BY p), '') FROM generate_series(1, length(w)) AS p,
                 LATERAL (SELECT CASE WHEN s < 0 THEN greatest(length(w) + s, 0) ELSE s END AS from_here) AS f
          WHERE p > from_here AND p <= CASE WHEN l < 0 THEN length(w) + l ELSE from_here + l END))) AS wrong
FROM words, spans;
SELECT count(*) AS cases, count(*) FILTER (WHERE jsonlogic('{"in": [{"var": "0"}, {"var": "1"}]}', jsonb_build_array(a, b)) <> to_jsonb(strpos(b, a) > 0)) AS wrong
FROM unnest(ARRAY['', 'a', 'ab', 'ba', 'aab', 'b', 'óż', 'ż']) AS a, unnest(ARRAY['', 'a', 'aaab', 'ababab', 'żóóżb', 'b']) AS b;

-- rules that differ from row to row, and NULLs
SELECT n, jsonlogic(jsonb_build_object('+', jsonb_build_array(n / 2, jsonb_build_object('var', 'x'))), '{"x": 100}') FROM generate_series(1, 6) AS n;
SELECT jsonlogic(NULL, '1') IS NULL AND jsonlogic('1', NULL) IS NULL AND certlogic(NULL, '1') IS NULL AND certlogic('1', NULL) IS NULL AS strict;
SELECT count(*) FROM certlogic_check(NULL);

-- large data pass through whole, as they are
WITH big AS (SELECT jsonb_build_object('xs', jsonb_agg(jsonb_build_object('i', i))) AS data FROM generate_series(0, 99999) AS i)
SELECT jsonlogic('{"var": ""}', data) = data AS whole, jsonlogic('{"var": "xs.99999.i"}', data) AS last, jsonlogic('{"some": [{"var": "xs"}, {"==": [{"var": "i"}, 70000]}]}', data) AS some,
       jsonb_array_length(jsonlogic('{"filter": [{"var": "xs"}, {"<": [{"var": "i"}, 7]}]}', data)) AS few FROM big;

-- limits: steps, memory, size of a rule, depth of a value
WITH big AS (SELECT jsonb_agg(i) AS data FROM generate_series(1, 2000) AS i)
SELECT e.* FROM big, refusal('jsonlogic', '{"map": [{"var": ""}, {"map": [{"val": [[2]]}, {"+": [1, 1]}]}]}', data) AS e;
SELECT e.* FROM refusal('jsonlogic', '{"reduce": [[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "xy"]}', 'null') AS e;
SELECT e.* FROM refusal('jsonlogic', '{"reduce": [[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], [{"var": "accumulator"}, {"var": "accumulator"}], "xy"]}', 'null') AS e;
SELECT e.* FROM refusal('jsonlogic', '{"in": [{"var": "part"}, {"var": "text"}]}', jsonb_build_object('part', repeat('a', 50000) || 'b', 'text', repeat('a', 100000))) AS e;
SELECT e.* FROM refusal('jsonlogic', (SELECT jsonb_agg(i) FROM generate_series(1, 100000) AS i), 'null') AS e;
SELECT e.state, e.message FROM refusal('certlogic', (SELECT jsonb_build_object('===', jsonb_build_array(1, jsonb_agg(i))) FROM generate_series(1, 100000) AS i), 'null') AS e;
SELECT count(*), min(message) FROM certlogic_check((SELECT jsonb_agg(NULL::int) FROM generate_series(1, 5000)));
SELECT e.state, e.message FROM refusal('jsonlogic', '{"try": [{"map": [{"var": ""}, {"map": [{"val": [[2]]}, {"+": [1, 1]}]}]}, "not caught"]}', (SELECT jsonb_agg(i) FROM generate_series(1, 2000) AS i)) AS e;
SELECT jsonlogic((repeat('{"!":[', 1001) || 'true' || repeat(']}', 1001))::jsonb, 'null') AS deep;
SELECT e.state, e.message FROM refusal('jsonlogic', '{"reduce": [{"var": ""}, [{"var": "accumulator"}], 0]}', (SELECT jsonb_agg(i) FROM generate_series(1, 100000) AS i)) AS e;

-- a cancel request ends a rule long before its budget does
\set VERBOSITY sqlstate
SELECT jsonlogic('{"map": [{"var": "xs"}, {"map": [{"val": [[2], "xs"]}, {"+": [1, 1]}]}]}',
                 jsonb_build_object('xs', (SELECT jsonb_agg(i) FROM generate_series(1, 2000) AS i), 'cancelled', pg_cancel_backend(pg_backend_pid())));
\set VERBOSITY default

-- the checker
SELECT c.* FROM certlogic_check($$[
  {"if": [1, 2]}, {"and": [{"var": ".x"}]}, {"<": [1, 2, 3, 4]}, {"===": [1]}, {"!": [1, 2.5]}, {"in": []}, {"reduce": [1]}, {"dccDateOfBirth": []},
  {"plusTime": [{"all": []}, 1.5, "week"]}, {"plusTime": [1, "1"]}, {"extractFromUVCI": [null, {"var": "x"}, 3]}, {"+": [1, [2, {"var": {"a": 1}}]]}, {"a": 1, "b": 2}, {"var": "a..b"}
]$$) AS c;
SELECT 'well-formed' AS is, count(*) FROM certlogic_check('{"if": [{"var": "payload.v.0"}, {"after": [{"plusTime": [{"var": "payload.v.0.dt"}, 14, "day"]}, {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}]}, false]}');
SELECT c.path, expr #> c.path = c.part AS path_leads_to_part FROM (VALUES ('{"and": [true, {"if": [1, {"or": [1]}, [2.5]]}]}'::jsonb)) AS v (expr), certlogic_check(expr) AS c;
-- an error in any argument of any operator is the operator's, unless it is never reached; Invalid Arguments where a list is needed
SELECT op, one.message AS first, two.message AS second
FROM unnest('{if,?:,and,or,!,!!,??,==,===,!=,!==,<,<=,>,>=,+,-,*,/,%,max,min,cat,in,merge,var,exists,missing,missing_some,map,filter,all,some,none,reduce,throw,try}'::text[]) AS op,
     refusal('jsonlogic', jsonb_build_object(op, '[{"throw": "first"}, 1, 1]'::jsonb), '{}') AS one,
     refusal('jsonlogic', jsonb_build_object(op, '[1, {"throw": "second"}, 1]'::jsonb), '{}') AS two;
SELECT op, e.state, e.message FROM unnest('{if,and,or,+,<,in,??,!}'::text[]) AS op, refusal('jsonlogic', jsonb_build_object(op, true), '{}') AS e;
-- the text of a number: blanks around, nothing is 0, too long is none
SELECT left(btrim(text), 20) AS text, length(text), e.message FROM unnest(ARRAY['', ' ', E' 12\n', '+1.5', '-.5e1', '1.', 'e1', '1 2', chr(160) || '1', repeat('0', 999) || '7', repeat('0', 1000) || '7', repeat(' ', 2000) || '7']) WITH ORDINALITY AS t (text, i), refusal('jsonlogic', jsonb_build_object('+', jsonb_build_array(text)), '{}') AS e ORDER BY i;
-- equality without conversion, of every kind of value, is reflexive, symmetric, and true of equal JSON alone
WITH v AS (SELECT value, i FROM jsonb_array_elements('[null, true, false, 0, 1, 1.0, "", "1", "a", "b", [], [1], [1.00], [[1]], {}, {"a": 1}, {"a": 1.0}, {"a": [null]}]') WITH ORDINALITY AS e (value, i))
SELECT count(*) AS pairs, count(*) FILTER (WHERE same <> (CASE WHEN jsonb_typeof(a) IN ('array', 'object') AND jsonb_typeof(a) = jsonb_typeof(b) THEN same ELSE to_jsonb(a = b) END)) AS scalars_wrong,
       count(*) FILTER (WHERE inside <> to_jsonb(a = b)) AS members_wrong, count(*) FILTER (WHERE swapped <> same) AS asymmetric
FROM (SELECT a.value AS a, b.value AS b, jsonlogic('{"===": [{"var": "a"}, {"var": "b"}]}', d) AS same, jsonlogic('{"===": [{"var": "b"}, {"var": "a"}]}', d) AS swapped,
             jsonlogic('{"in": [{"var": "a"}, {"var": "list"}]}', d) AS inside
      FROM v AS a, v AS b, LATERAL (SELECT jsonb_build_object('a', a.value, 'b', b.value, 'list', jsonb_build_array(b.value)) AS d) AS d) AS pairs;
SELECT rule, certlogic(rule, '{}') FROM jsonb_array_elements('[{"===": [{"plusTime": ["2021-01-01", 0, "day"]}, {"plusTime": ["2020-12-31", 1, "day"]}]}, {"===": [{"plusTime": ["2021-01-01", 0, "day"]}, {"plusTime": ["2021-01-01", 1, "day"]}]},
  {"===": [{"plusTime": ["2021-01-01", 0, "day"]}, "2021-01-01"]}, {"===": [1, true]}, {"===": [{"var": "x"}, {"var": "y"}]}, {"===": [true, true]}, {"in": [false, [true, false]]}]') AS rule;
-- only a scalar is looked for in a text; the largest double is a number, and what is above it none
SELECT jsonlogic('{"in": [null, "a null"]}', 'null') AS null_in_text, jsonlogic('{"in": [[1], "1"]}', 'null') AS array_in_text, jsonlogic('{"in": [1, "1"]}', 'null') AS number_in_text;
SELECT n, (e.message ~ '^no error') AS a_number FROM unnest(ARRAY[1.7976931348623157e308, -1.7976931348623157e308, 1.7976931348623157e308 + 1, -1.7976931348623157e308 - 1]) WITH ORDINALITY AS v (value, n), refusal('jsonlogic', jsonb_build_object('+', jsonb_build_array(value)), 'null') AS e;
DROP FUNCTION refusal;
