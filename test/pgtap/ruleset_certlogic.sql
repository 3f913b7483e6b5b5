-- CertLogic rules imported as typed rulesets decide as the dialect does, errors included, and know until when: random rules over random certificates, some by hand.
SET search_path = tap, civic, public, pg_catalog;
SELECT plan(29);
SELECT setseed(0.20210701);
\set rules 60
\set long ''
\getenv long LONG
SELECT (:'long' <> '') AS is_long \gset
\if :is_long
\set rules 600
\endif
CREATE FUNCTION tap.pick(VARIADIC choices jsonb[]) RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;
CREATE FUNCTION tap.var(VARIADIC paths text[]) RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT jsonb_build_object('var', 'payload.' || paths[1 + floor(random() * cardinality(paths))::int]) $$;
CREATE FUNCTION tap.op(name text, VARIADIC operands jsonb[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object(name, to_jsonb(operands)) $$;
CREATE FUNCTION tap.number() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.5 THEN tap.var('v.0.dn', 'v.0.sd') WHEN random() < 0.2 THEN tap.op('+', tap.var('v.0.dn', 'v.0.sd'), to_jsonb(floor(random() * 3)::int)) ELSE to_jsonb(floor(random() * 3)::int) END $$;
CREATE FUNCTION tap.instant() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.4 THEN tap.op('plusTime', '{"var": "external.validationClock"}', to_jsonb(floor(random() * 5)::int * 0), '"day"') WHEN random() < 0.1 THEN tap.op('plusTime', '"2021-07-03"', '1', '"day"')
    ELSE tap.op('plusTime', tap.var('v.0.dt', 't.0.sc', 'r.0.fr', 'r.0.df', 'r.0.du'), to_jsonb((floor(random() * 40) - 10)::int), tap.pick('"day"', '"hour"', '"month"')) END $$;
CREATE FUNCTION tap.condition(depth integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF depth > 0 AND random() < 0.75 THEN
    RETURN CASE floor(random() * 6)::int WHEN 0 THEN tap.op('and', tap.condition(depth - 1), tap.condition(depth - 1)) WHEN 1 THEN tap.op('!', tap.condition(depth - 1))
      WHEN 2 THEN tap.op('in', 'true', jsonb_build_array(tap.compared(), tap.compared())) ELSE tap.op('if', tap.condition(depth - 1), tap.condition(depth - 1), tap.pick('true', 'false', tap.condition(depth - 1))) END;
  ELSIF random() < 0.25 THEN
    RETURN tap.var('v.0', 't.0', 'r.0', 'v', 't.1', 'v.0.mp', 'v.0.dn', 't.0.tr', 'v.0.dt');
  END IF;
  RETURN tap.compared();
END $$;
CREATE FUNCTION tap.compared() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN CASE floor(random() * 7)::int WHEN 0 THEN tap.op('===', tap.var('v.0.mp', 't.0.tr', 'v.0.tg'), tap.pick('"A"', '"B"', '"C"', tap.var('v.0.mp', 'v.0.tg'))) WHEN 1 THEN tap.op('in', tap.var('v.0.mp', 't.0.tr'), tap.pick('["A", "B"]', '{"var": "external.valueSets.some-set"}'))
    WHEN 2 THEN tap.op(tap.pick('"<"', '"<="', '">"', '">="') #>> '{}', tap.number(), tap.number()) WHEN 3 THEN tap.op('===', tap.number(), tap.number())
    WHEN 4 THEN tap.op('>', '{"reduce": [[{"var": "payload.v"}, {"var": "payload.t"}, {"var": "payload.r"}], {"+": [{"var": "accumulator"}, {"if": [{"var": "current.0"}, 1, 0]}]}, 0]}', to_jsonb(floor(random() * 3)::int))
    WHEN 5 THEN tap.op(tap.pick('"before"', '"after"', '"not-before"', '"not-after"') #>> '{}', tap.instant(), tap.instant()) ELSE tap.op(tap.pick('"before"', '"not-after"') #>> '{}', tap.instant(), tap.instant(), tap.instant()) END;
END $$;
-- of everything now and then something is missing
CREATE FUNCTION tap.maybe(value jsonb) RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN random() < 0.8 THEN value WHEN random() < 0.5 THEN 'null' END $$;
CREATE FUNCTION tap.date_near() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.5 THEN to_jsonb(to_char(timestamp '2021-07-01' + (random() * 60 - 40) * interval '1 day', 'YYYY-MM-DD')) ELSE to_jsonb(to_char(timestamp '2021-07-01' + (random() * 60 - 40) * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS') || '+02:00') END $$;
CREATE FUNCTION tap.certificate() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
  SELECT jsonb_build_object('external', '{"valueSets": {"some-set": ["A", "C"], "unused": []}}'::jsonb, 'payload', jsonb_strip_nulls(jsonb_build_object(
    'v', tap.maybe(CASE WHEN random() < 0.1 THEN '[]' ELSE jsonb_build_array(jsonb_build_object('mp', tap.maybe(tap.pick('"A"', '"B"', '"C"', '""')), 'tg', tap.maybe('"A"'), 'dn', tap.maybe(to_jsonb(floor(random() * 4)::int)), 'sd', tap.maybe(to_jsonb(floor(random() * 3)::int)), 'dt', tap.maybe(tap.date_near()))) END),
    't', tap.maybe(jsonb_build_array(jsonb_build_object('tr', tap.maybe('"B"'), 'sc', tap.maybe(tap.date_near())))), 'r', tap.maybe(jsonb_build_array(jsonb_build_object('fr', tap.maybe(tap.date_near()), 'df', tap.maybe(tap.date_near()), 'du', tap.maybe(tap.date_near()))))))) $$;
-- the dialect: truthy passes, anything else and every error does not
CREATE FUNCTION tap.passes(logic jsonb, data jsonb, clock timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN civic.certlogic(jsonb_build_object('if', jsonb_build_array(logic, true, false)), jsonb_set(data, '{external,validationClock}', to_jsonb(to_char(clock AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))));
EXCEPTION WHEN invalid_parameter_value THEN RETURN false;
END $$;
CREATE TABLE tap.rule AS SELECT n, tap.condition(4) AS logic FROM generate_series(1, :rules) AS n;
CREATE TABLE tap.typed AS
  SELECT r.n, r.logic, centre.ruleset_from_certlogic('rule ' || n, jsonb_build_array(jsonb_build_object('Identifier', 'R', 'Logic', r.logic)), '{"some-set": ["A", "C"]}')::text::civic.ruleset AS body FROM tap.rule r;
CREATE TABLE tap.data AS SELECT n, tap.certificate() AS data FROM generate_series(1, 30) AS n;
CREATE TABLE tap.answer AS
  SELECT t.n AS rule, d.n AS data, t.logic, d.data AS given, c.clock, civic.outcome(e.v) = 'pass' AS typed, civic.valid_until(e.v) AS until, tap.passes(t.logic, d.data, c.clock) AS dialect
  FROM tap.typed t, tap.data d, LATERAL (SELECT date_trunc('milliseconds', '2021-07-01 00:00+00'::timestamptz + ((t.n * 7 + d.n * 13) % 400) / 10.0 * interval '1 day') AS clock) AS c,
    LATERAL (SELECT civic.evaluate_json(t.body, c.clock, centre.certlogic_facts(d.data)) AS v OFFSET 0) AS e;
SELECT is_empty('SELECT * FROM tap.answer WHERE typed IS DISTINCT FROM dialect LIMIT 3', :'rules' || ' random rules over 30 certificates: the same decision');
SELECT is_empty($$SELECT a.rule, a.data, a.logic, a.given, a.clock, a.until, x.at FROM tap.answer a, LATERAL (SELECT date_trunc('milliseconds', a.clock + n / 8.0 * (least(a.until, a.clock + interval '90 days') - interval '1 ms' - a.clock)) AS at FROM generate_series(1, 8) AS n) AS x
  WHERE tap.passes(a.logic, a.given, x.at) <> a.typed LIMIT 3$$, 'and none turns before it says so: eight instants each');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE dialect) FROM tap.answer), '>', (SELECT count(*) / 10 FROM tap.answer), 'many pass');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE NOT dialect) FROM tap.answer), '>', (SELECT count(*) / 10 FROM tap.answer), 'many do not');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE until < 'infinity') FROM tap.answer), '>', (SELECT count(*) / 100 FROM tap.answer), 'many turn by time alone');
SELECT cmp_ok((SELECT count(*) FROM tap.answer a WHERE until < clock + interval '90 days' AND tap.passes(logic, given, until + interval '1 ms') <> typed), '>', (SELECT count(*) * 6 / 10 FROM tap.answer WHERE until < clock + interval '90 days'), 'and most that may turn do');
SELECT is_empty($$SELECT c.path, c.message FROM tap.typed t, LATERAL civic.ruleset_check(t.body::text::jsonb) AS c WHERE c.kind = 'error' OR c.message ~ 'not used'$$, 'each is a ruleset that declares what it uses and no more');

-- a whole set, as the gateway gives it
CREATE TABLE tap.set AS SELECT centre.ruleset_from_certlogic('entry', '[
  {"Identifier": "VR-1", "ValidFrom": "2021-07-01T00:00:00Z", "ValidTo": "2021-10-01T00:00:00Z", "Description": [{"lang": "en", "desc": "The vaccination is too old"}, {"lang": "de", "desc": "Die Impfung ist zu alt"}],
   "Logic": {"if": [{"var": "payload.v.0"}, {"not-after": [{"plusTime": [{"var": "external.validationClock"}, 0, "day"]}, {"plusTime": [{"var": "payload.v.0.dt"}, 270, "day"]}]}, true]}},
  {"Identifier": "VR-2", "ValidFrom": "2021-08-01T00:00:00Z", "ValidTo": "2022-10-01T00:00:00Z", "Logic": {"if": [{"var": "payload.v.0"}, {"in": [{"var": "payload.v.0.mp"}, {"var": "external.valueSets.vaccines-covid-19-names"}]}, true]}}]',
  '{"vaccines-covid-19-names": ["A", "B"]}')::text::civic.ruleset AS body;
CREATE FUNCTION tap.seen(clock timestamptz, payload jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', civic.outcome(v), civic.failed_rules(body, v)::text, civic.valid_until(v) AT TIME ZONE 'UTC') FROM tap.set, LATERAL civic.evaluate_json(body, clock, centre.certlogic_facts(jsonb_build_object('payload', payload))) AS v $$;
SELECT is(tap.seen('2021-07-15 00:00+00', '{"v": [{"mp": "X", "dt": "2021-06-01"}]}'), 'pass {} 2021-08-01 00:00:00', 'a rule holds from its date on, and the ruleset knows');
SELECT is(tap.seen('2021-08-15 00:00+00', '{"v": [{"mp": "X", "dt": "2021-06-01"}]}'), 'fail {VR-2} 2022-02-26 00:00:00.000001', 'both hold');
SELECT is(tap.seen('2021-08-15 00:00+00', '{"v": [{"mp": "A", "dt": "2020-12-01"}]}'), 'pass {} 2021-08-28 00:00:00.000001', 'it turns when the vaccination is too old');
SELECT is(tap.seen('2021-12-15 00:00+00', '{"v": [{"mp": "A", "dt": "2020-12-01"}]}'), 'pass {} infinity', 'the first has ended, and no time alone turns the second');
SELECT is(tap.seen('2021-08-15 00:00+00', '{"v": [{"mp": "A"}]}'), 'fail {VR-1} 2021-10-01 00:00:00', 'a missing date is an error of the dialect, and no pass');
SELECT is((SELECT reason FROM tap.set, LATERAL civic.explain(body, '2021-08-15 00:00+00', '{"v_0": true}', 'de') WHERE rule = 'VR-1'), 'Die Impfung ist zu alt', 'descriptions are reasons');
SELECT is(centre.ruleset_from_certlogic('x', '[{"Identifier": "A", "ValidFrom": "2021-07-01T00:00:00Z", "ValidTo": "2021-10-01T00:00:00Z", "Logic": {"if": [{"var": "payload.t.0"}, {"===": [{"var": "payload.t.0.tr"}, "neg"]}, true]}}]', validity => false),
  '{"name": "x", "facts": [{"name": "t_0", "type": "boolean", "null": "unknown", "description": "payload.t.0"}, {"name": "t_tr", "type": "text", "null": "absent", "description": "payload.t.0.tr"}], "params": {},
    "rules": [{"id": "A", "assert": {"or": [{"!": {"var": "t_0"}}, {"and": [{"present": {"var": "t_tr"}}, {"===": [{"var": "t_tr"}, "neg"]}]}]}, "on_unknown": "fail"}], "outcomes": [{"if": {"severity": "block"}, "outcome": "pass"}, {"outcome": "fail"}]}'::jsonb, 'what it becomes is short');

-- what cannot be typed says where
CREATE FUNCTION tap.refused(logic jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE at text; BEGIN
  PERFORM centre.ruleset_from_certlogic('x', jsonb_build_array('{"Identifier": "A", "Logic": true}'::jsonb, jsonb_build_object('Identifier', 'B', 'Logic', logic)));
  RETURN 'taken';
EXCEPTION WHEN invalid_parameter_value THEN GET STACKED DIAGNOSTICS at = PG_EXCEPTION_DETAIL; RETURN regexp_replace(sqlerrm, '^the CertLogic expression cannot be typed: ', '') || ' | ' || at;
END $$;
SELECT is(tap.refused(logic::jsonb), said, said)
FROM (VALUES ('{"if": [true, {"extractFromUVCI": [{"var": "payload.v.0.ci"}, 1]}, false]}', '"extractFromUVCI" of text, integer | At $[1].Logic."if"[1]."extractFromUVCI".'),
  ('{"and": [true, {"===": [{"var": "payload.v.0.dn"}, "2"]}]}', 'integer is compared with text | At $[1].Logic."and"[1]."===".'),
  ('{"var": "payload.v.0.dtt"}', '"payload.v.0.dtt" is no fact; perhaps "payload.v.0.dt"? | At $[1].Logic."var".'),
  ('{"before": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.dt"}]}', 'operands of "before" are of type integer, timestamptz | At $[1].Logic."before".'),
  ('{"===": [{"var": "payload.v.0.mp"}, null]}', 'null is no literal of CertLogic | At $[1].Logic."==="[1].'),
  ('{"reduce": [{"var": "payload.v"}, {"var": "current"}, 0]}', 'a reduction walks over facts that are written down | At $[1].Logic."reduce"[0].')) AS x (logic, said);
SELECT throws_ok($$SELECT centre.ruleset_from_certlogic('x', '[{"id": "A", "logic": true}]')$$, '22023', 'a CertLogic rule has an Identifier and its Logic', 'a rule has its envelope');
-- the edges of a rule's time, each for itself
SELECT is(centre.ruleset_from_certlogic('x', jsonb_build_array('{"Identifier": "A", "Logic": true}' || given::jsonb)) #> '{rules,0,when}', said::jsonb, 'a rule with ' || given)
FROM (VALUES ('{"ValidFrom": "2021-07-01T00:00:00Z"}', '{"not-before": [{"now": []}, "2021-07-01T00:00:00Z"]}'), ('{"ValidTo": "2021-10-01", "ValidFrom": null}', '{"before": [{"now": []}, "2021-10-01"]}')) AS x (given, said);
SELECT throws_ok(format('SELECT centre.ruleset_from_certlogic(%L, %L)', 'x', jsonb_build_array('{"Identifier": "A", "Logic": true}' || given::jsonb)), '22023', said, 'no date: ' || given)
FROM (VALUES ('{"ValidFrom": "soon"}', 'ValidFrom of a CertLogic rule is no date'), ('{"ValidTo": "soon"}', 'ValidTo of a CertLogic rule is no date'), ('{"ValidTo": 7}', 'ValidTo of a CertLogic rule is no date')) AS x (given, said);
SELECT throws_ok(format('SELECT centre.ruleset_from_certlogic(%L, %L)', 'x', given), '22023', 'there are no CertLogic rules', 'no rules: ' || given) FROM unnest('{"[]","{}","null"}'::text[]) AS given;
SELECT * FROM finish();
