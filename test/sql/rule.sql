-- Rulesets and verdicts: what they are as values, what is refused, and the
-- boundaries of evaluation.  Random rulesets are in test/t/rule_*.pl, the
-- examples of docs/rules.md in test/t/rule_docs.pl.
SET search_path = civic, public;
SET timezone = 'UTC';

-- A ruleset with these facts and rules; outcomes follow the rules.
CREATE FUNCTION pg_temp.rules(facts text, VARIADIC asserts text[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'test',
    'facts', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', split_part(f, ' ', 1), 'null', split_part(f, ' ', 2), 'type', substr(f, length(split_part(f, ' ', 1) || split_part(f, ' ', 2)) + 3)) ORDER BY n), '[]')
              FROM unnest(string_to_array(facts, ', ')) WITH ORDINALITY AS x(f, n)),
    'rules', (SELECT jsonb_agg(jsonb_build_object('id', 'r' || n, 'assert', a::jsonb) ORDER BY n) FROM unnest(asserts) WITH ORDINALITY AS x(a, n)),
    'outcomes', '[{"if": {"severity": "block"}, "outcome": "yes"}, {"outcome": "no"}]'::jsonb)
$$;

-- operator classes
SELECT opcname, amname, amvalidate(opc.oid)
FROM pg_opclass opc JOIN pg_am am ON am.oid = opcmethod
WHERE opcintype IN ('ruleset'::regtype, 'verdict'::regtype) ORDER BY 1, 2;

-- ---- rulesets as values ----
SELECT '{"outcomes": [ {"outcome":"x"} ], "name":"n"}'::ruleset;
SELECT encode(ruleset_sha256(r), 'hex') = encode(sha256(convert_to(r::text, 'UTF8')), 'hex') AS digest_of_text, r::text::ruleset = r AS round_trip
FROM (SELECT pg_temp.rules('b unknown boolean', '{"var": "b"}')::text::ruleset AS r) s;
CREATE TEMP TABLE r AS SELECT n, pg_temp.rules('b unknown boolean', repeat('{"!": ', n) || '{"var": "b"}' || repeat('}', n))::text::ruleset AS body FROM generate_series(0, 5) n;
SELECT count(*), count(DISTINCT body), count(DISTINCT hash_ruleset) FROM (SELECT body, ruleset_hash(body) AS hash_ruleset FROM r UNION ALL SELECT body, ruleset_hash(body) FROM r) s;
SELECT bool_and((a.body < b.body) = (a.body::text COLLATE "C" < b.body::text COLLATE "C")) AS by_bytes FROM r a, r b;
SELECT n, outcome(evaluate(body, '2021-01-01', true)) FROM r ORDER BY body;

-- ---- what is refused, and where ----
CREATE FUNCTION pg_temp.check(ruleset jsonb) RETURNS TABLE (path text, message text, hint text) LANGUAGE sql AS
  $$SELECT path, message, hint FROM ruleset_check(ruleset) WHERE NOT ok$$;
SELECT * FROM pg_temp.check('[]');
SELECT * FROM pg_temp.check('{"nam": "x", "facts": {}, "params": []}');
SELECT * FROM pg_temp.check('{"name": "x", "facts": [{"name": "a", "type": "point", "null": "unknown"}, {"name": "a", "type": "date", "null": "maybe"}, {"type": "text", "null": "absent"}, 7],
  "rules": [{"id": "r", "assert": true}, {"id": "r", "assert": true, "severity": "stop", "on_unknown": 1, "reason": "text"}, {"id": "s"}],
  "outcomes": [{"outcome": "a b"}, {"outcome": "x", "if": {"group": "g"}}, {"if": true}]}');
SELECT c.* FROM unnest(ARRAY[
  '{"var": "x"}', '{"var": 1}', '{"nope": 1}', '{"and": [], "or": []}', '[true]', 'null', '1', '"a"', '{"var": "i"}', '{"and": []}',
  '{"!": [true, true]}', '{"present": {"var": "i"}}', '{"present": 1}', '{"===": [1, 1]}', '{"===": [{"var": "i"}, "1"]}', '{"===": [{"var": "i"}, {"var": "n"}]}',
  '{"<": [{"var": "t"}, "a"]}', '{"<": [{"var": "d"}, "2021-01-01"]}', '{"before": [{"var": "i"}, 3]}', '{"before": [{"var": "d"}, {"now": []}]}',
  '{"before": [{"var": "d"}, "2021-02-30"]}', '{"before": [{"now": []}, "2021-02-03T00:00:00"]}', '{"<": [{"var": "i"}, 1.5]}', '{"in": [{"var": "i"}, []]}',
  '{"in": [{"var": "i"}, [{"var": "i"}]]}', '{"in": [{"var": "b"}, [true]]}', '{"if": [true, true]}', '{"if": [{"var": "b"}, true, false, true]}',
  '{"<": [{"+": [9223372036854775807, 1]}, {"var": "i"}]}', '{"before": [{"plusTime": [{"var": "d"}, 1, "hour"]}, {"var": "d"}]}',
  '{"before": [{"plusTime": [{"now": []}, 1, "week"]}, {"now": []}]}', '{"===": [{"day": [{"now": []}, "SGT"]}, {"var": "d"}]}', '{"===": [{"day": [{"now": []}, "Asia/Atlantis"]}, {"var": "d"}]}',
  '{"rule": "r1"}', '{"rule": "r2"}', '{"group": "g"}', '{"<": [{"param": "p"}, {"var": "i"}]}', '{"var": "a"}', '{"and": [{"var": "a"}, {"var": "b"}]}',
  '{"or": [{"present": {"var": "a"}}, {"var": "a"}]}', '{"if": [{"present": {"var": "a"}}, true, {"var": "a"}]}']) WITH ORDINALITY AS e(assert, n),
  LATERAL pg_temp.check(pg_temp.rules('b unknown boolean, i unknown integer, n unknown numeric, t unknown text, d unknown date, a absent boolean', assert)) c
ORDER BY n, c.path;
-- guards that are enough
SELECT a, (SELECT count(*) FROM pg_temp.check(pg_temp.rules('a absent boolean, c absent boolean', a))) AS errors FROM unnest(ARRAY[
  '{"and": [{"present": {"var": "a"}}, {"var": "a"}]}', '{"and": [{"var": "a"}, {"present": {"var": "a"}}]}',
  '{"or": [{"!": {"present": {"var": "a"}}}, {"var": "a"}]}', '{"if": [{"present": {"var": "a"}}, {"var": "a"}, true]}',
  '{"if": [{"!": {"present": {"var": "a"}}}, true, {"var": "a"}]}',
  '{"and": [{"or": [{"and": [{"present": {"var": "a"}}, {"present": {"var": "c"}}]}, {"present": {"var": "a"}}]}, {"var": "a"}]}',
  '{"!": {"and": [{"present": {"var": "a"}}, {"var": "a"}]}}']) a;
-- when guards assert
SELECT outcome(evaluate(r, '2021-01-01', NULL::boolean)), outcome(evaluate(r, '2021-01-01', false))
FROM (SELECT jsonb_set(pg_temp.rules('a absent boolean', '{"var": "a"}'), '{rules,0,when}', '{"present": {"var": "a"}}')::text::ruleset r) s;

-- names a letter or two off: the hint names the nearest
SELECT path, message, split_part(hint, '.', 1) AS hint FROM ruleset_check('{"name": "x", "facts": [{"name": "source", "type": "intege", "null": "unknwn"}], "params": {"limit": 3},
  "rules": [{"id": "alpha", "asert": true, "group": "health", "assert": {"<=": [3, {"var": "sorce"}, {"param": "limt"}]}}, {"id": "b", "assert": {"rul": "alpha"}}, {"id": "c", "assert": {"rule": "alpa"}}],
  "outcomes": [{"if": {"severity": "blok"}, "outcome": "red"}, {"if": {"group": "helth"}, "outcome": "red"}, {"outcome": "green"}],
  "tests": [{"facts": {"sourc": 1}, "expect": {"outcome": "gren", "fail": ["alfa"]}}]}');

-- ---- warnings: what is accepted and probably a mistake ----
CREATE FUNCTION pg_temp.warn(facts text, VARIADIC asserts text[]) RETURNS TABLE (path text, ok boolean, message text, hint text) LANGUAGE sql AS
  $$SELECT path, ok, message, hint FROM ruleset_check(pg_temp.rules(facts, VARIADIC asserts)) WHERE kind = 'warning'$$;
SELECT * FROM ruleset_check('{"name": "x", "kind": "acces_code", "params": {"improvd": ["a"], "improved": ["b"]}, "facts": [{"name": "source", "type": "text", "null": "unknown"}, {"name": "metres", "type": "integer", "null": "unknown"}],
  "rules": [{"id": "a", "id": "b", "assert": {"in": [{"var": "source"}, {"param": "improved"}]}}], "outcomes": [{"if": {"rule": "b"}, "outcome": "x", "outcome": "x", "outcome": "y"}, {"outcome": "z"}], "name": "y"}');
SELECT path, message, hint FROM ruleset_check('{"name": "x", "kind": "access_code", "rules": [{"id": "a", "group": "helth", "assert": {"before": [{"now": []}, "2027-01-01T00:00:00Z"]}}, {"id": "b", "group": "feed", "assert": {"rule": "a"}}],
  "outcomes": [{"if": {"rule": "a"}, "outcome": "gren"}, {"outcome": "red"}]}'::jsonb);
SELECT w.* FROM unnest(ARRAY['true', '{"!": false}', '{"and": [{"var": "b"}, true]}', '{"if": [true, {"var": "b"}, false]}', '{"if": [{"var": "b"}, true, false]}', '{"<=": [30, {"var": "i"}, 0]}', '{"<": [0, {"var": "i"}, 1]}',
  '{"<=": [{"var": "i"}, 99999999999]}', '{"===": [{"var": "s"}, 40000]}', '{"in": [{"var": "s"}, [1, 40000, -40000]]}', '{"===": [{"var": "i"}, {"var": "i"}]}', '{"or": [{"<": [{"var": "i"}, 5]}, {">=": [{"var": "i"}, 5]}]}',
  '{"or": [{"<": [{"var": "i"}, 5]}, {">": [{"var": "i"}, 5]}]}', '{"and": [{">": [{"var": "n"}, 1.5]}, {"and": [{"var": "b"}, {"!": {">": [{"var": "n"}, 1.5]}}]}]}', '{"and": [{"after": [{"now": []}, "2022-01-01T00:00:00Z"]}, {"before": [{"now": []}, "2021-01-01T00:00:00Z"]}]}',
  '{"and": [{"===": [{"var": "d"}, "2021-01-01"]}, {"not-before": [{"var": "d"}, "2021-01-02"]}]}', '{"<=": [-2147483648, {"var": "i"}]}', '{"<": [-2147483648, {"var": "i"}]}', '{">": [{"var": "l"}, 9223372036854775807]}', '{"<": [{"var": "f"}, 1e300]}']) WITH ORDINALITY AS e (assert, n),
  LATERAL pg_temp.warn('b unknown boolean, i unknown integer, s unknown smallint, l unknown bigint, n unknown numeric, f unknown real, d unknown date', assert) AS w
WHERE message NOT LIKE 'fact % is not used' ORDER BY n, path;

-- what leaves no value to the weekday or the time of day somewhere, or to how long it is between two times; the last six are sound
SELECT n, w.path, w.message, w.hint FROM unnest(ARRAY['{"!": {"===": [{"weekday": [{"now": []}, "UTC"]}, 0]}}', '{"in": [{"weekday": {"var": "d"}}, [0, 6]]}', '{"not-after": ["22:00", {"time": [{"now": []}, "Asia/Singapore"]}, "06:00"]}', '{"!": {"before": [{"time": [{"var": "z"}, "UTC"]}, "00:00"]}}',
  '{"and": [{"after": [{"now": []}, {"plusTime": [{"var": "z"}, 4, "week"]}]}, {"var": "b"}]}', '{"and": [{"after": [{"now": []}, {"plusTime": [{"var": "z"}, 28, "day"]}]}, {"before": [{"now": []}, {"plusTime": [{"var": "z"}, 48, "hour"]}]}]}',
  '{"and": [{"before": [{"plusTime": [{"var": "d"}, 1, "year"]}, {"day": [{"now": []}, "UTC"]}]}, {"not-after": [{"day": [{"now": []}, "UTC"]}, {"plusTime": [{"var": "d"}, 12, "month"]}]}]}',
  '{"<=": [14, {"daysBetween": [{"var": "z"}, {"now": []}, "UTC"]}, 7]}', '{"<": [3, {"+": [{"var": "i"}, 1]}, 4]}', '{"and": [{"===": [{"var": "t"}, "a"]}, {"===": [{"var": "t"}, "b"]}]}',
  '{"===": [{"weekday": [{"now": []}, "UTC"]}, 7]}', '{"not-after": ["22:00", {"time": [{"now": []}, "Asia/Singapore"]}, "23:59:59.999999"]}', '{"or": [{"not-before": [{"time": [{"now": []}, "UTC"]}, "22:00"]}, {"before": [{"time": [{"now": []}, "UTC"]}, "06:00"]}]}',
  '{"and": [{"not-before": [{"time": [{"now": []}, "UTC"]}, "22:00"]}, {"before": [{"time": [{"now": []}, "Asia/Singapore"]}, "06:00"]}]}', '{"and": [{"after": [{"now": []}, {"plusTime": [{"var": "z"}, 2, "day"]}]}, {"before": [{"now": []}, {"plusTime": [{"var": "z"}, 28, "day"]}]}]}',
  '{"and": [{"after": [{"now": []}, {"plusTime": [{"var": "z"}, 31, "day"]}]}, {"before": [{"now": []}, {"plusTime": [{"var": "z"}, 1, "month"]}]}]}']) WITH ORDINALITY AS e (assert, n),
  LATERAL pg_temp.warn('b unknown boolean, i unknown integer, t unknown text, d unknown date, z unknown timestamptz', assert) AS w WHERE message NOT LIKE 'fact % is not used' ORDER BY n, path;
-- against every value: two comparisons of the weekday, or of the time of day, or with so long after an instant, are warned of where they hold at no time
CREATE FUNCTION pg_temp.pair(value text, a text, x text, b text, y text) RETURNS jsonb LANGUAGE sql AS
  $$SELECT pg_temp.rules('z unknown timestamptz', format('{"and": [{"%s": [%s, %s]}, {"%s": [%s, %s]}]}', a, value, x, b, value, y))$$;
SELECT value, count(*), count(*) FILTER (WHERE never) AS never, count(*) FILTER (WHERE never <> warned) AS wrong FROM (
  SELECT value, NOT bool_or(fail_mask(evaluate_json(compiled, at, '{"z": "2026-10-01T00:00:00Z"}')) = 0) AS never,
    (SELECT count(*) FROM ruleset_check(body) AS c WHERE c.path LIKE '%and' AND c.message LIKE 'this cannot hold%') > 0 AS warned
  FROM (SELECT value, body, body::text::ruleset AS compiled, from_time, step
        FROM (VALUES ('{"weekday": [{"now": []}, "UTC"]}', '{<,<=,>,>=,===}'::text[], '{0,1,4,7,8}'::text[], '2026-10-05 00:00+00'::timestamptz, interval '1 day'),
                     ('{"time": [{"now": []}, "UTC"]}', '{before,not-after,after,not-before}', '{"\"00:00\"","\"06:00\"","\"22:00\""}', '2026-10-05 00:00+00', interval '30 minutes'),
                     ('{"now": []}', '{before,not-after,after,not-before}', '{"{\"plusTime\": [{\"var\": \"z\"}, 2, \"day\"]}","{\"plusTime\": [{\"var\": \"z\"}, 48, \"hour\"]}","{\"plusTime\": [{\"var\": \"z\"}, -90, \"minute\"]}"}', '2026-09-30 20:30+00', interval '30 minutes')) AS k (value, ops, limits, from_time, step),
          unnest(ops) AS a, unnest(ops) AS b, unnest(limits) AS x, unnest(limits) AS y, LATERAL pg_temp.pair(value, a, x, b, y) AS body OFFSET 0) AS p,
    generate_series(from_time, from_time + 110 * step, step) AS at GROUP BY value, body, from_time) AS judged GROUP BY value ORDER BY value;
-- rules that nobody asks for, that no part shows, that single somebody out
SELECT path, message, hint FROM ruleset_check('{"name": "x", "kind": "access_code", "facts": [{"name": "worker_id", "type": "bigint", "null": "unknown"}, {"name": "sector", "type": "text", "null": "unknown"}],
  "rules": [{"id": "asked_by_a_rule", "group": "work", "assert": {"===": [{"var": "sector"}, "a"]}}, {"id": "asked", "group": "feed", "assert": {"or": [{"rule": "asked_by_a_rule"}, {"===": [{"var": "sector"}, "b"]}]}},
    {"id": "shown", "group": "app", "assert": {"===": [{"var": "sector"}, "c"]}}, {"id": "idle", "group": "health", "assert": {"===": [{"var": "sector"}, "d"]}}, {"id": "told", "severity": "warn", "assert": {"===": [{"var": "sector"}, "e"]}},
    {"id": "one", "assert": {"!": {"===": [{"var": "worker_id"}, 17]}}}, {"id": "some", "group": "work", "assert": {"!": {"in": [{"var": "worker_id"}, [3, 4]]}}}],
  "outputs": [{"name": "o", "type": "boolean", "value": {"and": [{"rule": "shown"}, {"rule": "some"}]}}], "outcomes": [{"if": {"and": [{"group": "feed"}, {"rule": "one"}]}, "outcome": "green"}, {"outcome": "red"}]}'::jsonb);
SELECT path, message FROM ruleset_check('{"name": "x", "kind": "hcf", "facts": [{"name": "worker_id", "type": "bigint", "null": "unknown"}], "rules": [{"id": "a", "assert": {"===": [{"var": "worker_id"}, 17]}}], "outcomes": [{"if": {"rule": "a"}, "outcome": "basic"}, {"outcome": "limited"}]}'::jsonb);

-- an outcome that can come about though no rule fails: facts that are asked directly, or by definition, beside a rule, after a line that need not hold; the last six are sound
SELECT n, w.path, w.message, w.hint FROM unnest(ARRAY['[{"if": {"var": "b"}, "outcome": "red"}, {"outcome": "green"}]', '[{"if": {"definition": "old"}, "outcome": "grey"}, {"outcome": "green"}]', '[{"if": {"or": [{"!": {"rule": "r"}}, {"var": "b"}]}, "outcome": "yellow"}, {"outcome": "green"}]',
  '[{"if": {"and": [{"rule": "r"}, {"var": "b"}]}, "outcome": "green"}, {"outcome": "red"}]', '[{"if": {"!": {"group": "work"}}, "outcome": "red"}, {"if": {"var": "b"}, "outcome": "yellow"}, {"outcome": "green"}]', '[{"outcome": "red"}]',
  '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]', '[{"if": {"rule": "r"}, "outcome": "green"}, {"outcome": "red"}]', '[{"if": {"and": [{"!": {"rule": "r"}}, {"var": "b"}]}, "outcome": "red"}, {"outcome": "green"}]',
  '[{"if": {"group": "work"}, "outcome": "green"}, {"if": {"var": "b"}, "outcome": "yellow"}, {"outcome": "red"}]', '[{"if": {"!": {"or": [{"rule": "r"}, {"var": "b"}]}}, "outcome": "red"}, {"outcome": "green"}]', '[{"if": {"var": "b"}, "outcome": "green"}, {"if": {"rule": "r"}, "outcome": "green"}, {"outcome": "red"}]']) WITH ORDINALITY AS e (outcomes, n),
  LATERAL ruleset_check(jsonb_build_object('name', 'x', 'kind', 'access_code', 'facts', '[{"name": "b", "type": "boolean", "null": "unknown"}, {"name": "d", "type": "date", "null": "unknown"}]'::jsonb, 'definitions', '[{"name": "old", "value": {"before": [{"var": "d"}, "2020-01-01"]}}]'::jsonb,
    'rules', '[{"id": "r", "group": "work", "assert": {"var": "b"}}]'::jsonb, 'outcomes', outcomes::jsonb)) AS w WHERE w.message ~ 'no rule fails' ORDER BY n, path;
SELECT count(*) FROM ruleset_check('{"name": "x", "kind": "hcf", "outcomes": [{"outcome": "limited"}]}'::jsonb) WHERE message ~ 'no rule fails';

-- making the value reports the first
SELECT pg_temp.rules('i unknown integer', '{"<": [{"var": "i"}, "1"]}', '{"var": "j"}')::text::ruleset;
SELECT ('{"name": "' || repeat('x', 64) || '", "outcomes": [{"outcome": "x"}]}')::ruleset;
SELECT ('{"name": "x", "outcomes": [{"outcome": "x"}], "description": "' || repeat('x', 1024 * 1024) || '"}')::ruleset;
SELECT (SELECT jsonb_build_object('name', 'x', 'facts', jsonb_agg(jsonb_build_object('name', 'f' || i, 'type', 'date', 'null', 'unknown')), 'outcomes', '[{"outcome": "x"}]'::jsonb) FROM generate_series(1, 99) i)::text::ruleset;
SELECT pg_temp.rules('b unknown boolean', VARIADIC array_fill('true'::text, ARRAY[65]))::text::ruleset;

-- ---- calling ----
SELECT pg_temp.rules('b unknown boolean, n unknown smallint', '{"var": "b"}', '{"<": [{"var": "n"}, 3]}') AS two \gset
SELECT evaluate(:'two', '2021-01-01', true);
SELECT evaluate(:'two', '2021-01-01', true, 1, 2);
SELECT evaluate(:'two', '2021-01-01', 1, true);
SELECT evaluate(:'two', '2021-01-01', true, '1');
SELECT evaluate(:'two', '2021-01-01', VARIADIC ARRAY[true, true]);
SELECT evaluate(NULL::ruleset, '2021-01-01', true, 1) IS NULL AS no_ruleset, evaluate(:'two', NULL, true, 1) IS NULL AS no_clock;
SELECT outcome(evaluate(:'two', '2021-01-01', true, n)) FROM (VALUES (2), (3)) AS v (n);
SELECT outcome(evaluate(:'two', '2021-01-01', true, 2::smallint)), outcome(evaluate(:'two', '2021-01-01', true, 2::bigint)), outcome(evaluate(:'two', '2021-01-01', NULL, NULL));
SELECT outcome(evaluate('{"name": "x", "outcomes": [{"if": {"before": [{"now": []}, "2021-01-01T00:00:00Z"]}, "outcome": "old"}, {"outcome": "new"}]}', t)) FROM (VALUES ('2020-12-31 23:59:59.999999'::timestamptz), ('2021-01-01')) AS v (t);
SELECT evaluate_json(:'two', '2021-01-01', '{"b": 1}');
SELECT evaluate_json(:'two', '2021-01-01', '{"n": 1.5}');
SELECT evaluate_json(:'two', '2021-01-01', '[]');
SELECT evaluate_json(:'two', '2021-01-01', '{"b": true, "n": 2.0, "other": {}}') = evaluate(:'two', '2021-01-01', true, 2) AS same;
-- one call site, several rulesets, also compressed ones
CREATE TEMP TABLE several AS SELECT n, pg_temp.rules('i unknown integer', format('{"<": [{"var": "i"}, %s]}', n))::text::ruleset AS body FROM generate_series(1, 50) n;
INSERT INTO several SELECT n + 50, jsonb_set(body::text::jsonb, '{description}', to_jsonb(repeat('long ', 3000)))::text::ruleset FROM several;
SELECT count(*) FILTER (WHERE outcome(evaluate(body, '2021-01-01', 25)) = 'yes') AS yes, count(*) FROM (SELECT body FROM several ORDER BY n % 7, n) s;
-- a cached plan evaluates the ruleset it is given
PREPARE p (ruleset, int) AS SELECT outcome(evaluate($1, '2021-01-01', $2));
EXECUTE p (pg_temp.rules('i unknown integer', '{"<": [{"var": "i"}, 5]}')::text::ruleset, 7);
EXECUTE p (pg_temp.rules('i unknown integer', '{"<": [{"var": "i"}, 9]}')::text::ruleset, 7);
EXECUTE p (pg_temp.rules('i unknown integer, j unknown integer', '{"<": [{"var": "i"}, 9]}')::text::ruleset, 7);

-- ---- boundaries ----
-- a deadline holds to the microsecond, either way round
SELECT op, t, outcome(v), valid_until(v)
FROM unnest(ARRAY['before', 'not-after', 'after', 'not-before']) op,
  unnest(ARRAY['2021-01-14 23:59:59.999999', '2021-01-15 00:00:00', '2021-01-15 00:00:00.000001']::timestamptz[]) t,
  LATERAL evaluate(pg_temp.rules('z unknown timestamptz', format('{"%s": [{"now": []}, {"plusTime": [{"var": "z"}, 14, "day"]}]}', op))::text::ruleset, t, '2021-01-01 00:00+00'::timestamptz) v
ORDER BY op, t;
-- so it does within a condition; a conjunction is false until its last comparison turns, true until its first
SELECT condition, t, outcome(v), valid_until(v)
FROM unnest(ARRAY['{"and": [{"not-before": [{"now": []}, {"var": "y"}]}, {"not-before": [{"now": []}, {"var": "z"}]}]}',
                  '{"or": [{"before": [{"now": []}, {"var": "y"}]}, {"not-after": [{"now": []}, {"var": "z"}]}]}',
                  '{"and": [{"after": [{"now": []}, {"var": "y"}]}, {"before": [{"now": []}, {"var": "z"}]}]}']) WITH ORDINALITY AS c (condition, n),
  unnest(ARRAY['2020-12-31 00:00:00', '2021-01-01 00:00:00', '2021-01-02 00:00:00', '2021-01-02 00:00:00.000001']::timestamptz[]) t,
  LATERAL evaluate(pg_temp.rules('y unknown timestamptz, z unknown timestamptz', condition)::text::ruleset, t, '2021-01-01 00:00+00'::timestamptz, '2021-01-02 00:00+00'::timestamptz) v
ORDER BY n, t;
-- days of a zone: clocks go back over midnight, and a day that never was
SELECT zone, t, outcome(v), valid_until(v)
FROM (VALUES ('America/St_Johns', '2010-11-06', '2010-11-07 02:29:59+00'), ('America/St_Johns', '2010-11-06', '2010-11-07 02:30:30+00'), ('America/St_Johns', '2010-11-06', '2010-11-07 02:31:00+00'),
             ('Pacific/Apia', '2011-12-29', '2011-12-30 09:00:00+00'), ('Pacific/Apia', '2011-12-30', '2011-12-30 09:00:00+00'), ('Asia/Singapore', '2021-03-31', '2021-03-31 12:00:00+00')) x (zone, last, t),
  LATERAL evaluate(pg_temp.rules('d unknown date', format('{"not-after": [{"day": [{"now": []}, "%s"]}, {"var": "d"}]}', zone))::text::ruleset, t::timestamptz, last::date) v;
-- months run over, in UTC
SELECT d, n, unit, outcome(evaluate(pg_temp.rules('d unknown date', format('{"===": [{"plusTime": [{"var": "d"}, %s, "%s"]}, "%s"]}', n, unit, expected))::text::ruleset, '2021-01-01', d::date)) AS as_ecmascript
FROM (VALUES ('2020-01-31', 1, 'month', '2020-03-02'), ('2020-02-29', 1, 'year', '2021-03-01'), ('2020-03-31', -1, 'month', '2020-03-02'), ('2020-12-15', 1, 'month', '2021-01-15'), ('0001-01-15', -1, 'month', '2020-01-01')) x (d, n, unit, expected);
-- what leaves bigint is unknown; what leaves the calendar is infinite
SELECT evaluate(pg_temp.rules('i unknown bigint', '{"<": [{"+": [{"var": "i"}, 1]}, 0]}', '{"<": [{"*": [{"var": "i"}, {"var": "i"}]}, 0]}')::text::ruleset, '2021-01-01', 9223372036854775807);
SELECT valid_until(evaluate(pg_temp.rules('z unknown timestamptz', '{"before": [{"now": []}, {"plusTime": [{"var": "z"}, 300000, "year"]}]}')::text::ruleset, '2021-01-01', z::timestamptz)) FROM (VALUES ('2021-01-01'), ('infinity'), ('-infinity')) v (z);
-- numbers, texts, floats
SELECT outcome(evaluate(pg_temp.rules('n unknown numeric, f unknown real, t unknown text, u unknown text', '{"<=": [1.50, {"var": "n"}, 2]}', '{"<": [{"var": "f"}, 0.25]}', '{"===": [{"var": "t"}, {"var": "u"}]}', '{"in": [{"var": "t"}, ["b", "a", "aa", "é"]]}')::text::ruleset,
  '2021-01-01', 1.5, 0.125::real, 'é'::text, 'é'::varchar));
SELECT outcome(evaluate(pg_temp.rules('t unknown text', '{"===": [{"var": "t"}, "x"]}')::text::ruleset, '2021-01-01', repeat('x', n))) FROM (VALUES (1), (100000)) v (n);
-- the last bit of the masks
SELECT fail_mask(v), unknown_mask(v), failed_rules(r, v), cardinality(unknown_rules(r, v))
FROM (SELECT pg_temp.rules('b unknown boolean', VARIADIC array_fill('{"var": "b"}'::text, ARRAY[63]) || '{"!": true}'::text)::text::ruleset r) s, LATERAL evaluate(r, '2021-01-01', NULL) v;
-- on_unknown
SELECT on_unknown, fail_mask(v), unknown_mask(v), outcome(v), possible_outcomes(r, v)
FROM unnest(ARRAY['unknown', 'fail', 'pass']) on_unknown, LATERAL (SELECT jsonb_set(pg_temp.rules('b unknown boolean', '{"var": "b"}'), '{rules,0,on_unknown}', to_jsonb(on_unknown))::text::ruleset r) s, LATERAL evaluate(r, '2021-01-01', NULL) v;
-- an unknown fact in two rules can leave an outcome possible that no answer gives: never one too few
SELECT x, possible_outcomes(r, evaluate(r, '2021-01-01', x))
FROM (SELECT '{"name": "x", "facts": [{"name": "x", "type": "boolean", "null": "unknown"}], "rules": [{"id": "a", "assert": {"var": "x"}}, {"id": "b", "assert": {"!": {"var": "x"}}}],
  "outcomes": [{"if": {"!": {"rule": "a"}}, "outcome": "none"}, {"if": {"!": {"rule": "b"}}, "outcome": "some"}, {"outcome": "all"}]}'::ruleset AS r) s, unnest(ARRAY[true, false, NULL]) AS x;
-- both ways lead to the same outcome
SELECT outcome(evaluate('{"name": "x", "facts": [{"name": "b", "type": "boolean", "null": "unknown"}], "outcomes": [{"if": {"var": "b"}, "outcome": "same"}, {"outcome": "same"}]}', '2021-01-01', NULL));

-- ---- verdicts as values ----
SELECT v = v::text::verdict AS round_trip, v FROM unnest(ARRAY['? possible={0,63} fail={2} unknown={0} valid_until=2021-01-01T00:00:00.5Z ruleset=00112233445566ff',
  'a possible={3} fail={} unknown={} valid_until=infinity ruleset=0000000000000000', 'a possible={3} fail={} unknown={} valid_until=2021-01-01T08:00:00+08:00 ruleset=0000000000000000']::verdict[]) v ORDER BY v;
SELECT 'a possible={3} fail={} unknown={} valid_until=infinity'::verdict;
SELECT 'a possible={0,1} fail={} unknown={} valid_until=infinity ruleset=0000000000000000'::verdict;
SELECT '? possible={0} fail={} unknown={} valid_until=infinity ruleset=0000000000000000'::verdict;
SELECT '? possible={0,1} fail={2} unknown={2} valid_until=infinity ruleset=0000000000000000'::verdict;
SELECT 'a possible={64} fail={} unknown={} valid_until=infinity ruleset=0000000000000000'::verdict;
SELECT failed_rules(:'two', 'a possible={3} fail={} unknown={} valid_until=infinity ruleset=0000000000000000');

-- ---- explanations ----
SELECT * FROM ruleset_facts(:'two');
SELECT ordinal, id, severity, on_unknown, reads FROM ruleset_rules(:'two');
SELECT * FROM explain(:'two', '2021-01-01', '{"n": 7}');
SELECT path, ok, message FROM ruleset_check(:'two'::jsonb || '{"tests": [{"facts": {"n": 7}, "expect": {"outcome": "no", "fail": ["r2"], "unknown": ["r1"], "valid_until": "infinity"}},
  {"name": "wrong", "facts": {"b": true, "n": 1}, "expect": {"outcome": null, "fail": ["r1"], "unknown": ["r2"], "valid_until": "2021-01-01T00:00:00Z"}}]}');
SELECT path, message FROM ruleset_check(:'two'::jsonb || '{"tests": [{"facts": {"m": 7, "b": "true"}, "expect": {"outcome": "maybe", "fail": ["r9"], "until": 1}}, {"at": "today", "facts": [], "expect": 1}]}');
SELECT ruleset_sql(pg_temp.rules('b absent boolean, "_x unknown text', '{"or": [{"!": {"present": {"var": "b"}}}, {"var": "b"}]}', '{"in": [{"var": "\"_x"}, ["it''s"]]}')::text::ruleset);

-- ---- lists ----
SELECT c.* FROM unnest(ARRAY[
  '{"===": [{"var": "l"}, {"var": "l"}]}', '{"some": [{"var": "i"}, true]}', '{"some": [["a"], true]}', '{"some": [{"var": "l"}, {"var": "current"}]}', '{"var": "current"}',
  '{"all": [{"var": "l"}, {"some": [{"var": "l"}, true]}]}', '{"all": [{"var": "l"}, {"===": [{"var": "accumulator"}, 1]}]}', '{"in": [1, {"var": "l"}]}',
  '{"in": [{"var": "l"}, ["a"]]}', '{"===": [{"reduce": [{"var": "l"}, {"var": "current"}, 0]}, 1]}', '{"some": [{"var": "k"}, true]}', '{"var": "l"}']) assert,
  LATERAL pg_temp.check(pg_temp.rules('i unknown integer, l unknown text[], k absent text[]', assert)) c;
SELECT * FROM pg_temp.check(pg_temp.rules('current unknown text, accumulator unknown integer, x unknown point[], y unknown text[][]', 'true'));
-- some, all and in of no list, no element, elements that are NULL; widths and dimensions
SELECT l, failed_rules(r, v), unknown_rules(r, v)
FROM (SELECT pg_temp.rules('l unknown integer[]', '{"some": [{"var": "l"}, {">": [{"var": "current"}, 0]}]}', '{"all": [{"var": "l"}, {">": [{"var": "current"}, 0]}]}',
        '{"in": [-1, {"var": "l"}]}', '{">": [{"reduce": [{"var": "l"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, 0]}')::text::ruleset AS r) s,
  (VALUES (NULL::smallint[]), ('{}'), ('{1}'), ('{-1}'), ('{NULL}'), ('{1,NULL}'), ('{-1,NULL}'), ('{{-1,2},{3,4}}'), ('[5:6]={-1,-1}')) x (l), LATERAL evaluate(r, '2021-01-01', l) v;
SELECT outcome(evaluate(r, '2021-01-01', '{1.5,-2}'::real[])), outcome(evaluate(r, '2021-01-01', '{1.5,2}'::float8[])), outcome(evaluate_json(r, '2021-01-01', '{"l": [1.5, 2]}')),
       outcome(evaluate_json(r, '2021-01-01', '{"l": []}')), outcome(evaluate_json(r, '2021-01-01', '{"l": [null]}'))
FROM (SELECT pg_temp.rules('l unknown real[]', '{"all": [{"var": "l"}, {">": [{"var": "current"}, 0]}]}')::text::ruleset AS r) s;
-- a sum beyond bigint is unknown from there on
SELECT unknown_rules(r, evaluate(r, '2021-01-01', ARRAY[9223372036854775807, 1, -5])), unknown_rules(r, evaluate(r, '2021-01-01', ARRAY[9223372036854775807, -5, 1]))
FROM (SELECT pg_temp.rules('l unknown bigint[]', '{">": [{"reduce": [{"var": "l"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, 0]}')::text::ruleset AS r) s;
SELECT evaluate_json(pg_temp.rules('l unknown text[]', '{"in": ["a", {"var": "l"}]}')::text::ruleset, '2021-01-01', '{"l": ["a", 1]}');
SELECT evaluate_json(pg_temp.rules('l unknown text[]', '{"in": ["a", {"var": "l"}]}')::text::ruleset, '2021-01-01', '{"l": "a"}');
SELECT evaluate(pg_temp.rules('l unknown text[]', '{"in": ["a", {"var": "l"}]}')::text::ruleset, '2021-01-01', 'a'::text);
-- the first that lets the last dose lapse
SELECT valid_until(evaluate(r, '2021-01-01', ARRAY['2020-12-01', '2020-12-20', NULL]::timestamptz[])) AS some, valid_until(evaluate(s, '2021-01-01', ARRAY['2020-12-01', '2020-12-20']::timestamptz[])) AS all
FROM (SELECT pg_temp.rules('z unknown timestamptz[]', '{"some": [{"var": "z"}, {"before": [{"now": []}, {"plusTime": [{"var": "current"}, 90, "day"]}]}]}')::text::ruleset AS r,
             pg_temp.rules('z unknown timestamptz[]', '{"all": [{"var": "z"}, {"before": [{"now": []}, {"plusTime": [{"var": "current"}, 90, "day"]}]}]}')::text::ruleset AS s) x;
-- counting what has happened: the next to happen may stand anywhere
SELECT valid_until(evaluate(r, '2021-01-01', ARRAY['2020-12-01', '2021-03-01', '2021-02-01', '2020-11-01']::timestamptz[]))
FROM (SELECT pg_temp.rules('z unknown timestamptz[]', '{">": [{"reduce": [{"var": "z"}, {"if": [{"before": [{"var": "current"}, {"now": []}]}, {"+": [{"var": "accumulator"}, 1]}, {"var": "accumulator"}]}, 0]}, 2]}')::text::ruleset AS r) x;

-- ---- definitions, lists of facts, decimals, what calendars and clocks show ----
SELECT path, message, hint FROM ruleset_check('{"name": "x", "facts": [{"name": "a", "type": "integer", "null": "absent"}, {"name": "t", "type": "text", "null": "unknown"}, {"name": "l", "type": "text[]", "null": "unknown"}],
  "definitions": [{"name": "a", "value": {"var": "t"}}, {"name": "one", "value": 1}, {"name": "list", "value": {"var": "l"}}, {"name": "choice", "value": {"if": [{"===": [{"var": "t"}, "x"]}, 1, 2]}}, {"name": "typed", "type": "integr", "value": {"definition": "later"}},
    {"name": "later", "type": "numeric", "value": {"var": "t"}}, {"value": {"var": "a"}}, {"name": "open", "value": {">": [{"var": "a"}, 1]}}, {"name": "unused", "value": {"var": "t"}}],
  "rules": [{"id": "r", "assert": {"definition": "opn"}}, {"id": "s", "assert": {"definition": "open"}}, {"id": "u", "assert": {"definition": "open"}},
    {"id": "v", "assert": {"some": [{"list": [{"var": "a"}, {"var": "t"}]}, true]}}, {"id": "w", "assert": {"some": [{"list": [{"var": "l"}]}, true]}}, {"id": "z", "assert": {"some": [{"list": [1]}, true]}},
    {"id": "q", "assert": {"<": [{"+": [{"var": "t"}, 1.5]}, 2]}}, {"id": "p", "assert": {"<": [{"weekday": [{"now": []}]}, 2]}}, {"id": "o", "assert": {"after": [{"time": [{"now": []}, "UTC"]}, "24:00"]}}, {"id": "n", "assert": {"<": [{"daysBetween": [{"now": []}, "2021-01-01", "UTC"]}, 1]}}],
  "outcomes": [{"outcome": "x"}]}'::jsonb);
SELECT path, message FROM ruleset_check('{"name": "x", "facts": [{"name": "b", "type": "boolean", "null": "unknown"}], "definitions": [{"name": "used", "value": {"var": "b"}}, {"name": "unused", "value": {"!": {"var": "b"}}}],
  "rules": [{"id": "r", "assert": {"and": [{"definition": "used"}, {"definition": "used"}]}}], "outcomes": [{"outcome": "x"}]}'::jsonb);
-- definitions of definitions of definitions: short texts that ask for huge programs, or for deep ones, are refused at once
SELECT message, hint FROM ruleset_check((SELECT jsonb_build_object('name', 'x', 'facts', '[{"name": "b", "type": "boolean", "null": "absent"}]'::jsonb, 'outcomes', '[{"outcome": "x"}]'::jsonb,
  'definitions', jsonb_agg(jsonb_build_object('name', 'd' || i, 'value', CASE i WHEN 0 THEN '{"and": [{"present": {"var": "b"}}, {"var": "b"}]}'::jsonb ELSE format('{"or": [{"definition": "d%s"}, {"!": {"definition": "d%1$s"}}, {"definition": "d%1$s"}]}', i - 1)::jsonb END) ORDER BY i)) FROM generate_series(0, 14) AS i));
SELECT DISTINCT message, hint FROM ruleset_check((SELECT jsonb_build_object('name', 'x', 'facts', '[{"name": "b", "type": "boolean", "null": "unknown"}]'::jsonb, 'outcomes', '[{"outcome": "x"}]'::jsonb,
  'definitions', jsonb_agg(jsonb_build_object('name', 'd' || i, 'value', CASE i WHEN 0 THEN '{"var": "b"}'::jsonb ELSE format('{"!": {"!": {"definition": "d%s"}}}', i - 1)::jsonb END) ORDER BY i)) FROM generate_series(0, 40) AS i)) WHERE kind = 'error';
-- decimals: by zero and beyond what there is unknown
SELECT a, left(b::text, 9) AS b, unknown_mask(v), fail_mask(v) FROM (VALUES (1, '3'::numeric), (1, '0'), (0, '-0.5'), (NULL, '1'), (2147483647, '1e131000'), (3, 'NaN'), (3, 'Infinity')) AS x (a, b),
  LATERAL evaluate(pg_temp.rules('a unknown integer, b unknown numeric', '{"<": [{"/": [{"var": "a"}, {"var": "b"}]}, 0.34]}', '{">=": [{"*": [{"var": "b"}, {"var": "b"}]}, {"var": "a"}]}', '{"===": [{"+": [{"var": "a"}, 0.5]}, {"var": "b"}]}', '{"<": [{"/": [{"var": "a"}, 2]}, 1]}')::text::ruleset, '2021-01-01', a, b) AS v;
SELECT fail_mask(evaluate(pg_temp.rules('l unknown numeric[]', '{"===": [{"reduce": [{"var": "l"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, 4]}', '{"some": [{"var": "l"}, {"===": [{"/": [{"var": "current"}, 2]}, 0.75]}]}')::text::ruleset, '2021-01-01', '{1.5,2.5}'::numeric[]));
-- columns as a list: what is absent is left out, what is unknown counts as unknown; of any width
SELECT a, b, c, unknown_mask(v), fail_mask(v) FROM (VALUES (1::smallint, 2::bigint, 3), (NULL, 2, NULL), (NULL, 7, NULL), (1, NULL, 3)) AS x (a, b, c),
  LATERAL evaluate(pg_temp.rules('a absent smallint, b unknown bigint, c absent integer', '{"all": [{"list": [{"var": "a"}, {"var": "b"}, {"var": "c"}]}, {"<": [{"var": "current"}, 5]}]}',
    '{">=": [{"reduce": [{"list": [{"var": "a"}, {"var": "c"}]}, {"+": [{"var": "accumulator"}, 1]}, 0]}, 2]}', '{"in": [3, {"list": [{"var": "a"}, {"var": "b"}, {"var": "c"}]}]}')::text::ruleset, '2021-01-01', a, b, c) AS v;
SELECT fail_mask(evaluate(pg_temp.rules('f absent real, g absent double precision', '{"some": [{"list": [{"var": "f"}, {"var": "g"}]}, {"===": [{"var": "current"}, 0.25]}]}')::text::ruleset, '2021-01-01', 0.25::real, NULL));
-- clocks that jump: 02:30 is not shown on the day it is skipped, and twice on the day it comes back
SELECT t, outcome(v), valid_until(v) FROM unnest(ARRAY['2026-03-08 06:00+00', '2026-03-08 07:00+00', '2026-11-01 04:30+00', '2026-11-01 05:45+00', '2026-11-01 06:15+00', '2026-11-01 06:31+00']::timestamptz[]) AS t,
  LATERAL evaluate(pg_temp.rules('b unknown boolean', '{"not-before": [{"time": [{"now": []}, "America/New_York"]}, "01:30"]}', '{"before": [{"time": [{"now": []}, "America/New_York"]}, "02:30"]}')::text::ruleset, t, true) AS v;
-- a week that lacks a day: Samoa had no Friday, 30 December 2011
SELECT t, outcome(v), valid_until(v) FROM unnest(ARRAY['2011-12-25 12:00+00', '2011-12-30 09:59:59+00', '2011-12-30 10:00+00']::timestamptz[]) AS t,
  LATERAL evaluate(pg_temp.rules('b unknown boolean', '{"===": [{"weekday": [{"now": []}, "Pacific/Apia"]}, 5]}')::text::ruleset, t, true) AS v;
SELECT d, unknown_mask(v), fail_mask(v), valid_until(v) FROM unnest(ARRAY['infinity', '2021-01-15', '2020-12-20']::date[]) AS d,
  LATERAL evaluate(pg_temp.rules('d unknown date', '{"<=": [{"daysBetween": [{"var": "d"}, {"day": [{"now": []}, "Asia/Singapore"]}]}, 14]}', '{">": [{"daysBetween": [{"day": [{"now": []}, "Asia/Singapore"]}, {"var": "d"}]}, 0]}', '{"in": [{"weekday": {"var": "d"}}, [1, 2, 3, 4, 5]]}')::text::ruleset, '2021-01-01 00:00+08', d) AS v;
SELECT evaluate_json(pg_temp.rules('h unknown time', '{"before": [{"var": "h"}, "08:30"]}')::text::ruleset, '2021-01-01', j) FROM unnest(ARRAY['{"h": "08:29:59.5"}', '{"h": "08:30"}', '{"h": null}']::jsonb[]) AS j;
SELECT evaluate_json(pg_temp.rules('h unknown time', '{"before": [{"var": "h"}, "08:30"]}')::text::ruleset, '2021-01-01', '{"h": "8:30"}');

-- ---- outputs ----
SELECT '{"name": "pass", "zone": "Asia/Singapore", "params": {"slot_hours": 4, "quota": 1.5}, "facts": [{"name": "cleared", "type": "boolean", "null": "unknown"}, {"name": "last_swab", "type": "timestamptz", "null": "unknown"}, {"name": "slot", "type": "timestamptz", "null": "absent"}],
  "definitions": [{"name": "due", "value": {"plusTime": [{"var": "last_swab"}, 14, "day"]}}],
  "rules": [{"id": "swab", "assert": {"before": [{"now": []}, {"definition": "due"}]},
     "reason": {"en": "Swab of {last_swab} was due on {due}; cleared: {cleared}, slot: {slot}, turns: {flips_at}, {{quota}} {quota}, {nothing}", "zh": "应于{due}前检测", "af": "Kwota {quota}: {cleared}"}, "action": {"xx": "{due}"}}],
  "outcomes": [{"if": {"rule": "swab"}, "outcome": "green"}, {"outcome": "red"}],
  "outputs": [{"name": "exit_pass", "type": "boolean", "when": {"present": {"var": "slot"}}, "value": {"and": [{"rule": "swab"}, {"not-before": [{"now": []}, {"var": "slot"}]}, {"before": [{"now": []}, {"plusTime": [{"var": "slot"}, {"param": "slot_hours"}, "hour"]}]}]}},
    {"name": "work", "type": "text", "values": ["site", "home"], "value": {"if": [{"and": [{"var": "cleared"}, {"rule": "swab"}]}, "site", "home"]}},
    {"name": "next_test", "type": "timestamptz", "value": {"definition": "due"}},
    {"name": "today", "type": "date", "value": {"day": [{"now": []}, "Asia/Singapore"]}},
    {"name": "left", "type": "integer", "value": {"daysBetween": [{"now": []}, {"definition": "due"}, "Asia/Singapore"]}},
    {"name": "share", "type": "numeric", "value": {"/": [{"daysBetween": [{"now": []}, {"definition": "due"}, "Asia/Singapore"]}, 4]}},
    {"name": "instant", "type": "timestamptz", "value": {"now": []}}],
  "tests": [{"at": "2021-04-10T00:00:00Z", "facts": {"cleared": true, "last_swab": "2021-04-01T00:00:00+08:00", "slot": "2021-04-10T08:00:00+08:00"},
     "expect": {"outcome": "green", "outputs": {"exit_pass": true, "work": "site", "next_test": "2021-04-15T00:00:00+08:00", "today": "2021-04-10", "left": 5, "share": 1.250}}},
    {"at": "2021-04-10T00:00:00Z", "facts": {}, "expect": {"outputs": {"exit_pass": null, "work": null, "left": null}}},
    {"name": "wrong", "at": "2021-04-10T00:00:00Z", "facts": {"cleared": false, "last_swab": "2021-04-01T00:00:00+08:00"}, "expect": {"outputs": {"exit_pass": false, "work": "site", "next_test": null, "today": "2021-04-11", "left": 4}}}]}' AS pass \gset
SELECT path, kind, ok, message, hint FROM ruleset_check(:'pass'::jsonb);
SELECT * FROM ruleset_outputs(:'pass');
SELECT at, key, value FROM (VALUES ('2021-04-10 00:00+00'::timestamptz, '{"cleared": true, "last_swab": "2021-04-01T00:00:00+08:00", "slot": "2021-04-10T08:00:00+08:00"}'::jsonb), ('2021-04-10 04:00+00', '{"cleared": false, "slot": "2021-04-10T08:00:00+08:00"}'), ('2021-04-10 00:00+00', '{"cleared": true, "last_swab": "infinity"}')) AS x (at, facts),
  jsonb_each(outputs_json(:'pass', at, facts)) WHERE key <> 'instant' ORDER BY facts, key;
SELECT output_boolean(o, 'exit_pass'), output_text(o, 'work'), output_instant(o, 'next_test'), output_date(o, 'today'), output_number(o, 'share'), output_known(o, 'work'), output_valid_until(o, 'left'), outputs_valid_until(o) - t AS any_turns
FROM (SELECT t, outputs(:'pass', t, true, '2021-04-01 00:00+08'::timestamptz, NULL) AS o FROM (VALUES ('2021-04-10 00:00+00'::timestamptz)) AS v (t)) s;
SELECT output_text(o, 'none'), output_known(o, 'none'), output_text('[1]', 'x'), outputs_valid_until('{}') FROM (SELECT outputs(:'two', '2021-01-01', true, 1) AS o) s;
SELECT output_number(outputs_json(:'pass', '2021-04-10', '{}'), 'today');
-- far away and infinite
SELECT output_date(o, 'd'), output_instant(o, 'z'), o FROM (VALUES ('9999-12-31'::date, '9999-12-31 23:59:59+00'::timestamptz), ('infinity', '-infinity')) AS v (d, z),
  LATERAL outputs('{"name": "x", "facts": [{"name": "d", "type": "date", "null": "unknown"}, {"name": "z", "type": "timestamptz", "null": "unknown"}], "outcomes": [{"outcome": "x"}],
    "outputs": [{"name": "d", "type": "date", "value": {"plusTime": [{"var": "d"}, 1, "day"]}}, {"name": "z", "type": "timestamptz", "value": {"plusTime": [{"var": "z"}, 1, "second"]}}]}', '2021-01-01', d, z) AS o;
SELECT path, message, hint FROM ruleset_check('{"name": "x", "zone": "SGT", "facts": [{"name": "a", "type": "integer", "null": "absent"}, {"name": "t", "type": "text", "null": "unknown"}], "outcomes": [{"outcome": "x"}],
  "outputs": [{"name": "a", "type": "integer", "value": {"var": "a"}}, {"name": "a", "type": "float", "value": 1}, {"name": "t", "type": "text", "value": {"var": "t"}, "values": ["x"]}, {"name": "u", "type": "text", "value": "hom"}, {"name": "v", "type": "text", "values": ["home", "site"], "value": {"if": [{"===": [{"var": "t"}, "x"]}, "hom", "site"]}},
    {"name": "w", "type": "boolean", "value": {"var": "t"}}, {"name": "y", "type": "date"}, {"name": "z", "type": "integer", "when": {"present": {"var": "a"}}, "value": {"var": "a"}}],
  "tests": [{"facts": {}, "expect": {"outputs": {"zz": 1, "w": 3, "z": 1.5}}}, {"facts": {}, "expect": {"outputs": []}}]}'::jsonb);
-- texts: filled in for the reader's language, in the ruleset's zone
SELECT lang, reason, action, facts_used FROM unnest(ARRAY['en', 'zh', 'af', 'en-ZA', 'fr']) WITH ORDINALITY AS l (lang, n), explain(:'pass', '2021-04-20 00:00+00', '{"cleared": false, "last_swab": "2021-04-01T08:30:00+08:00"}', lang) ORDER BY n;
SELECT lang, reason FROM unnest(ARRAY['en', 'af', 'fr', 'ms', 'bn', 'ta', 'zh', 'xh']) WITH ORDINALITY AS l (lang, n),
  explain((SELECT jsonb_build_object('name', 'x', 'facts', '[{"name": "d", "type": "date", "null": "unknown"}, {"name": "n", "type": "numeric", "null": "unknown"}, {"name": "h", "type": "time", "null": "unknown"}, {"name": "l", "type": "text[]", "null": "unknown"}, {"name": "i", "type": "integer", "null": "absent"}]'::jsonb,
    'rules', jsonb_build_array(jsonb_build_object('id', 'r', 'assert', '{"after": [{"var": "d"}, "2027-01-01"]}'::jsonb, 'reason', (SELECT jsonb_object_agg(k, '{d} {n} {h} {l} {i} {flips_at} {') FROM unnest(ARRAY['en', 'af', 'fr', 'ms', 'bn', 'ta', 'zh', 'xh']) AS k))), 'outcomes', '[{"outcome": "x"}]'::jsonb)::text::ruleset),
    '2021-01-01', '{"d": "2026-05-09", "n": 1234.50, "h": "08:05:59", "l": ["a", null]}', lang) ORDER BY n;
-- flips_at is when the result turns, not when a part of the rule may: on a Saturday the counter opens on Monday at eight, not at midnight
SELECT rule, result, reason, flips_at FROM explain('{"name": "x", "zone": "Asia/Singapore", "facts": [{"name": "b", "type": "boolean", "null": "unknown"}],
  "rules": [{"id": "open", "reason": {"en": "Closed until {flips_at}"}, "assert": {"and": [{"<=": [{"weekday": [{"now": []}, "Asia/Singapore"]}, 5]}, {"not-before": [{"time": [{"now": []}, "Asia/Singapore"]}, "08:00"]}]}},
    {"id": "never", "reason": {"en": "Closed until {flips_at}"}, "assert": {"and": [{"rule": "open"}, {"before": [{"now": []}, "2020-01-01T00:00:00Z"]}]}},
    {"id": "asks", "reason": {"en": "Closed until {flips_at}"}, "assert": {"and": [{"rule": "open"}, {"not-before": [{"now": []}, "2026-12-08T01:00:00Z"]}]}}], "outcomes": [{"if": {"severity": "block"}, "outcome": "x"}, {"outcome": "y"}]}', '2026-12-05 09:00+08', '{"b": true}');
-- against a look at every quarter of an hour of three weeks, of 64 rules of weekdays, hours and deadlines
CREATE FUNCTION pg_temp.turning(a int, b int, c int, d int) RETURNS text LANGUAGE sql AS $$
  SELECT format('{"%s": [{"%s": [{"<=": [%s, {"weekday": [{"now": []}, "Asia/Singapore"]}, %s]}, {"not-before": [{"time": [{"now": []}, "UTC"]}, "%s:00"]}]}, {"%s": [{"now": []}, {"plusTime": [{"var": "z"}, %s, "day"]}]}]}',
    (ARRAY['and', 'or'])[a], (ARRAY['and', 'or'])[b], c, c + 2, to_char(4 * c, 'FM00'), (ARRAY['before', 'not-before'])[a], d) $$;
WITH made AS (
  SELECT row_number() OVER () AS n, pg_temp.rules('z unknown timestamptz', pg_temp.turning(a, b, c, d))::text::ruleset AS body
  FROM generate_series(1, 2) AS a, generate_series(1, 2) AS b, generate_series(1, 4) AS c, unnest('{0,2,5,9}'::int[]) AS d),
seen AS (
  SELECT m.n, at, fail_mask(evaluate_json(m.body, at, '{"z": "2026-12-01T00:00:00Z"}')) AS failed FROM made m, generate_series('2026-11-30 00:00+00'::timestamptz, timestamptz '2026-12-21 00:00+00' - interval '15 minutes', '15 minutes') AS at),
change AS MATERIALIZED (
  SELECT c.n, c.at FROM (SELECT s.n, s.at, s.failed <> lag(s.failed) OVER (PARTITION BY s.n ORDER BY s.at) AS turned FROM seen s) AS c WHERE c.turned),
asked AS (
  SELECT m.n, t.at, e.flips_at FROM made m, generate_series('2026-11-30 00:00+00'::timestamptz, '2026-12-20 00:00+00', '7 hours') AS t (at), LATERAL explain(m.body, t.at, '{"z": "2026-12-01T00:00:00Z"}') AS e)
SELECT count(*), count(*) FILTER (WHERE flips_at < '2026-12-21 00:00+00') AS turning, count(*) FILTER (WHERE next IS DISTINCT FROM CASE WHEN flips_at < '2026-12-21 00:00+00' THEN flips_at END) AS wrong
FROM (SELECT a.*, (SELECT min(c.at) FROM change c WHERE c.n = a.n AND c.at > a.at) AS next FROM asked a) AS x;
-- a rule that asks another flips with it, not with those before it
SELECT rule, result, flips_at FROM explain('{"name": "x", "facts": [{"name": "b", "type": "boolean", "null": "unknown"}],
  "rules": [{"id": "until_2027", "assert": {"before": [{"now": []}, "2027-01-01T00:00:00Z"]}}, {"id": "held", "assert": {"var": "b"}}, {"id": "as_held", "assert": {"rule": "held"}}], "outcomes": [{"outcome": "x"}]}', '2026-01-01Z', '{"b": true}');
