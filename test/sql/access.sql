-- access_code: form, order, what rulesets, overrides and time make of it
SET search_path = civic, public;
\set SHOW_CONTEXT never

SELECT amname, opcname, amvalidate(opc.oid) FROM pg_opclass opc JOIN pg_am am ON am.oid = opc.opcmethod WHERE opcintype = 'access_code'::regtype ORDER BY 1;

-- canonical text
SELECT t::access_code FROM (VALUES
  ('green work=green health=green residency=green fail={} unknown={} valid_until=infinity ruleset=0'),
  ('red work=- health=red residency=yellow fail={0,63} unknown={1} valid_until=2021-09-28T00:00:00.000001Z ruleset=2147483647'),
  ('red work=- health=red residency=yellow fail={1} unknown={} valid_until=2021-09-28T08:00:00+08:00 ruleset=12 override'),
  ('grey work=grey health=- residency=- fail={} unknown={2} valid_until=infinity ruleset=12 lapsed')) v (t);

-- refusals
SELECT 'green'::access_code;
SELECT ''::access_code;
\set VERBOSITY sqlstate
SELECT ('- work=- health=- residency=- ' || rest)::access_code FROM (VALUES ('fail={} unknown={} valid_until=infinity ruleset=1')) v (rest);
SELECT 'blue work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT ' work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT 'green work= health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT 'green work=blue health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT 'green health=- work=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT 'green work=- health=- residency=- fail={1} unknown={1} valid_until=infinity ruleset=1'::access_code;
SELECT 'green work=- health=- residency=- fail={64} unknown={} valid_until=infinity ruleset=1'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=-infinity ruleset=1'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=-1'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=2147483648'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=+1'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1 '::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1 override lapsed'::access_code;
SELECT 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1 lapsed'::access_code;
\set VERBOSITY default

-- every combination of colour, parts and flags: what goes in comes out, order and hash agree with equality
CREATE TEMP TABLE every AS
SELECT row_number() OVER () AS n, c, w, h, r, f,
  format('%s work=%s health=%s residency=%s fail={%s} unknown={%s} valid_until=%s ruleset=%s%s', c, w, h, r, CASE WHEN h = 'red' THEN '3' END, CASE WHEN w = 'grey' THEN '1' END,
         CASE WHEN r = '-' THEN 'infinity' ELSE '2021-01-01T00:00:00Z' END, length(w), f)::access_code AS code
FROM unnest('{green,yellow,red,grey}'::text[]) c, unnest('{-,green,yellow,red,grey}'::text[]) w, unnest('{-,green,yellow,red,grey}'::text[]) h,
     unnest('{-,green,yellow,red,grey}'::text[]) r, unnest(ARRAY['', ' override', ' lapsed']) f
WHERE c = 'grey' OR f <> ' lapsed';
SELECT count(*), count(DISTINCT code) AS different,
  count(*) FILTER (WHERE code::text::access_code = code) AS round_trip,
  count(*) FILTER (WHERE colour(code) = c) AS colour,
  count(*) FILTER (WHERE coalesce(work(code), '-') = w AND coalesce(health(code), '-') = h AND coalesce(residency(code), '-') = r) AS parts,
  count(*) FILTER (WHERE is_override(code) = (f = ' override') AND has_lapsed(code) = (f = ' lapsed')) AS flags,
  count(*) FILTER (WHERE ruleset_version(code) = length(w) AND fail_mask(code) = CASE WHEN h = 'red' THEN 8 ELSE 0 END AND unknown_mask(code) = CASE WHEN w = 'grey' THEN 2 ELSE 0 END) AS masks,
  count(*) FILTER (WHERE valid_until(code) = CASE WHEN r = '-' THEN 'infinity' ELSE '2021-01-01 00:00Z' END::timestamptz) AS until
FROM every;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.code < b.code) <> (o < 0)) AS lt, count(*) FILTER (WHERE (a.code <= b.code) <> (o <= 0)) AS le,
  count(*) FILTER (WHERE (a.code = b.code) <> (o = 0) OR (a.code = b.code) <> (a.n = b.n)) AS eq, count(*) FILTER (WHERE (a.code <> b.code) <> (o <> 0)) AS ne,
  count(*) FILTER (WHERE (a.code >= b.code) <> (o >= 0)) AS ge, count(*) FILTER (WHERE (a.code > b.code) <> (o > 0)) AS gt,
  count(*) FILTER (WHERE o <> -access_code_cmp(b.code, a.code)) AS antisymmetric,
  count(*) FILTER (WHERE sign(array_position('{green,yellow,red,grey}', a.c) - array_position('{green,yellow,red,grey}', b.c)) * o < 0) AS by_colour
FROM every a, every b, LATERAL (SELECT access_code_cmp(a.code, b.code)) x (o) WHERE a.n % 5 = 0 AND b.n % 3 = 0;
SELECT count(DISTINCT access_code_hash(code)) > 800 AS spread, bool_and(access_code_hash(code) = access_code_hash(code::text::access_code)) AS same,
  bool_and(access_code_hash_extended(code, 0)::bit(64) << 32 = access_code_hash(code)::bit(32)::bit(64)) AS extended FROM every;
SELECT array_agg(DISTINCT colour(code)) = array_agg(DISTINCT c) FROM every;
SELECT c, min(n) IS NOT NULL FROM (SELECT colour(code) AS c, n FROM every ORDER BY code) o GROUP BY c ORDER BY min(array_position('{green,yellow,red,grey}', c));

-- a ruleset of all three parts, with a warning and a rule outside the parts
CREATE TEMP TABLE policy (name text, body ruleset);
INSERT INTO policy VALUES ('site', '{"name": "site", "kind": "access_code", "params": {"cycle": 14},
  "facts": [{"name": "approved", "type": "boolean", "null": "unknown"}, {"name": "swab", "type": "timestamptz", "null": "unknown"},
            {"name": "appointment", "type": "boolean", "null": "unknown"}, {"name": "cleared", "type": "boolean", "null": "unknown"}, {"name": "app", "type": "boolean", "null": "unknown"}],
  "rules": [{"id": "approval", "group": "work", "assert": {"var": "approved"}},
            {"id": "booked", "group": "health", "severity": "warn", "assert": {"var": "appointment"}},
            {"id": "tested", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "swab"}, {"param": "cycle"}, "day"]}]}},
            {"id": "clear", "group": "residency", "assert": {"var": "cleared"}},
            {"id": "registered", "assert": {"var": "app"}}],
  "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}');
SELECT access(body, 3, '2021-01-10Z', a, s, b, c, p), main_reason(body, access(body, 3, '2021-01-10Z', a, s, b, c, p)) AS reason
FROM policy, (VALUES (true, '2021-01-01Z'::timestamptz, true, true, true), (false, '2021-01-01Z', false, NULL, true), (NULL, '2020-01-01Z', NULL, true, true),
  (NULL, '2021-01-01Z', NULL, true, true), (true, '2021-01-01Z', false, true, true), (true, '2021-01-01Z', NULL, true, true), (true, '2021-01-01Z', true, true, false)) f (a, s, b, c, p);

-- parts, from the masks, by the wording of the documentation; a verdict and facts as JSON give the same code
CREATE TEMP TABLE worker AS
SELECT a, s, b, c, p FROM unnest('{true,false,NULL}'::boolean[]) a, unnest(ARRAY['2021-01-01Z', '2020-01-01Z', NULL]::timestamptz[]) s, unnest('{true,false,NULL}'::boolean[]) b,
  unnest('{true,false,NULL}'::boolean[]) c, unnest('{true,false,NULL}'::boolean[]) p;
CREATE FUNCTION pg_temp.part(fail bigint, unknown bigint, block bigint, warn bigint, grey boolean) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN fail & block <> 0 THEN 'red' WHEN unknown & block <> 0 OR (grey AND unknown & warn <> 0) THEN 'grey' WHEN fail & warn <> 0 THEN 'yellow' ELSE 'green' END;
SELECT count(*), count(*) FILTER (WHERE code = access_code(body, 3, v)) AS by_verdict,
  count(*) FILTER (WHERE code = access_json(body, 3, '2021-01-10Z', jsonb_build_object('approved', a, 'swab', s, 'appointment', b, 'cleared', c, 'app', p))) AS by_json,
  count(*) FILTER (WHERE colour(code) = coalesce(outcome(v), 'grey') AND fail_mask(code) = fail_mask(v) AND unknown_mask(code) = unknown_mask(v) AND valid_until(code) = valid_until(v)) AS kept,
  count(*) FILTER (WHERE work(code) = pg_temp.part(fail_mask(v), unknown_mask(v), 1, 0, outcome(v) IS NULL)) AS work,
  count(*) FILTER (WHERE health(code) = pg_temp.part(fail_mask(v), unknown_mask(v), 4, 2, outcome(v) IS NULL)) AS health,
  count(*) FILTER (WHERE residency(code) = pg_temp.part(fail_mask(v), unknown_mask(v), 8, 0, outcome(v) IS NULL)) AS residency,
  count(*) FILTER (WHERE reasons(body, code) = failed_rules(body, v) AND unknown_reasons(body, code) = unknown_rules(body, v)) AS rules
FROM policy, worker, LATERAL (SELECT access(body, 3, '2021-01-10Z', a, s, b, c, p), evaluate(body, '2021-01-10Z', a, s, b, c, p)) x (code, v);

-- a call site that meets several rulesets
INSERT INTO policy SELECT 'short', jsonb_set(body::text::jsonb, '{params,cycle}', '7')::text::ruleset FROM policy;
SELECT name, n, colour(access(body, n, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true)) FROM policy, generate_series(1, 2) n ORDER BY 1, 2;

-- overrides and lapsed codes
SELECT override(code, 'green', '2021-01-12Z'), override(code, 'red', '2022-01-12Z'), lapse(code), lapse(override(code, 'red', '2022-01-12Z'))
FROM policy, LATERAL (SELECT access(body, 3, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true)) x (code) WHERE name = 'site' \gx
SELECT at, colour_at(code, at::timestamptz) FROM policy, LATERAL (SELECT access(body, 3, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true)) x (code),
  unnest('{2021-01-10Z,2021-01-14 23:59:59.999999Z,2021-01-15Z,infinity}'::text[]) at WHERE name = 'site';
SELECT override(lapse(code), 'green', '2021-02-01Z') AS decided_by_two FROM policy, LATERAL (SELECT access(body, 3, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true)) x (code) WHERE name = 'site';

-- nulls
SELECT access(NULL::ruleset, 3, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true), access(body, NULL, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true),
  access(body, 3, NULL, true, '2021-01-01Z'::timestamptz, true, true, true), work(NULL), override(NULL, 'red', '2021-01-01Z'), lapse(NULL), main_reason(body, NULL) FROM policy WHERE name = 'site';
SELECT work('green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1'), main_reason(body, 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1') FROM policy WHERE name = 'site';

-- a code that cannot be determined has its reason in what is not decided, not in what failed beside it
SELECT main_reason(body, c::access_code) FROM policy, (VALUES ('red work=- health=- residency=- fail={2} unknown={0} valid_until=infinity ruleset=1'), ('grey work=- health=- residency=- fail={2} unknown={0} valid_until=infinity ruleset=1'), ('grey work=- health=- residency=- fail={2} unknown={} valid_until=infinity ruleset=1')) AS v (c) WHERE name = 'site';

-- errors
SELECT access(body, -1, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true) FROM policy WHERE name = 'site';
SELECT access(body, 1, '2021-01-10Z', true) FROM policy WHERE name = 'site';
SELECT access(body, 1, '2021-01-10Z', true, '2021-01-01'::date, true, true, true) FROM policy WHERE name = 'site';
SELECT access_json('{"name": "x", "facts": [], "rules": [], "outcomes": [{"outcome": "green"}]}', 1, '2021-01-10Z', '{}');
SELECT access_json('{"name": "x", "kind": "hcf", "facts": [], "rules": [], "outcomes": [{"outcome": "green"}]}', 1, '2021-01-10Z', '{}');
SELECT access_json('{"name": "x", "kind": "access_code", "facts": [], "rules": [], "outcomes": [{"outcome": "blue"}]}', 1, '2021-01-10Z', '{}');
SELECT access_json('{"name": "x", "kind": "access_code", "facts": [], "rules": [], "outcomes": [{"outcome": "-"}]}', 1, '2021-01-10Z', '{}');
SELECT access_code(body, 3, (SELECT evaluate(s.body, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true) FROM policy s WHERE s.name = 'short')) FROM policy WHERE name = 'site';
SELECT access_code(body, 3, replace(evaluate(body, '2021-01-10Z', true, '2021-01-01Z'::timestamptz, true, true, true)::text, 'possible={1}', 'possible={7}')::verdict) FROM policy WHERE name = 'site';
SELECT override('green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1', 'blue', '2021-01-01Z');
SELECT override('green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1', '-', '2021-01-01Z');
SELECT override('green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=1', 'red', 'infinity');
SELECT reasons(body, 'red work=- health=- residency=- fail={5} unknown={} valid_until=infinity ruleset=1') FROM policy WHERE name = 'site';
SELECT main_reason(body, 'red work=- health=- residency=- fail={} unknown={63} valid_until=infinity ruleset=1') FROM policy WHERE name = 'site';

-- the checker of rulesets knows the colours
SELECT colour, count(w.*) FILTER (WHERE w.kind = 'warning' AND w.message NOT LIKE '%nobody is told why') AS warnings
FROM unnest(ARRAY['green', 'yellow', 'red', 'grey', 'gray', 'none']) WITH ORDINALITY AS c (colour, n) LEFT JOIN LATERAL civic.ruleset_check(jsonb_build_object('name', 'x', 'kind', 'access_code', 'outcomes', jsonb_build_array(jsonb_build_object('outcome', colour)))) AS w ON true
GROUP BY n, colour ORDER BY n;
