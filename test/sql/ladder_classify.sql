-- levels by rulesets, and what keeps from them
SET search_path = civic, public;
\set SHOW_CONTEXT never
\set VERBOSITY default

-- a small ladder of a clinic's water: improved source within 500 m, then on the premises and available
CREATE TEMP TABLE rules AS SELECT '{
  "name": "clinic_water", "kind": "hcf",
  "facts": [{"name": "source", "type": "text", "null": "unknown"},
            {"name": "metres", "type": "integer", "null": "unknown"},
            {"name": "available", "type": "boolean", "null": "unknown"}],
  "params": {"improved": ["piped", "borehole"], "not_improved": ["river", "none"], "far": 500},
  "rules": [
    {"id": "improved", "group": "limited", "assert": {"in": [{"var": "source"}, {"param": "improved"}]}},
    {"id": "near", "group": "limited", "assert": {"<=": [{"var": "metres"}, {"param": "far"}]}},
    {"id": "on_site", "group": "basic", "assert": {"===": [{"var": "metres"}, 0]}},
    {"id": "available", "group": "basic", "assert": {"var": "available"}},
    {"id": "source_listed", "group": "answers", "assert": {"or": [{"rule": "improved"}, {"in": [{"var": "source"}, {"param": "not_improved"}]}]}}],
  "outcomes": [{"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
               {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
               {"outcome": "basic"}]}'::ruleset AS body;

SELECT source, metres, available, classify(body, source, metres, available) AS level,
       missing_criteria(body, 'basic', source, metres, available) AS missing,
       unanswered_criteria(body, 'basic', source, metres, available) AS unanswered
FROM rules, (VALUES ('piped', 0, true), ('piped', 500, true), ('piped', 501, true), ('river', 0, true), ('piped', 0, false),
                    ('piped', 0, NULL), ('piped', 20, NULL), ('piped', 900, NULL), (NULL, 0, true), (NULL, 900, true), (NULL, NULL, false),
                    (NULL, NULL, NULL)) v (source, metres, available);
-- what lifts to the next level only
SELECT missing_criteria(body, 'limited', 'river'::text, 900, false), missing_criteria(body, 'hcf:basic', 'river'::text, 900, false),
       missing_criteria(body, 'no_service', 'river'::text, 900, false), missing_criteria(body, 'advanced', 'piped'::text, 0, false)
FROM rules;

-- the same from JSON, where a missing key and null are not known and other keys are passed over
SELECT answers, classify_json(body, answers), missing_criteria_json(body, 'basic', answers), unanswered_criteria_json(body, 'basic', answers)
FROM rules, (VALUES ('{"source": "piped", "metres": 0, "available": true}'::jsonb), ('{"source": "piped", "metres": 20}'),
                    ('{"source": null, "enumerator": "x"}'), ('{}')) v (answers);

-- NULL ruleset, target, answers
SELECT classify(NULL::ruleset, 'piped'::text), classify_json(NULL, '{}'), classify_json(body, NULL),
       missing_criteria(NULL::ruleset, 'basic', 'piped'::text), missing_criteria(body, NULL, 'piped'::text, 0, true),
       missing_criteria_json(body, NULL, '{}'), unanswered_criteria_json(NULL, 'basic', '{}')
FROM rules;
SELECT classify(body, NULL, NULL, NULL) FROM rules;

-- an answer that the ruleset does not know is an error, never a poor level
SELECT classify(body, 'wel'::text, 0, true) FROM rules;
SELECT classify(body, ''::text, 0, NULL::boolean) FROM rules;
SELECT classify_json(body, '{"source": "Piped", "metres": 3}') FROM rules;
SELECT missing_criteria(body, 'basic', 'wel'::text, 0, true) FROM rules;

-- questions that a ruleset or a ladder cannot answer
SELECT missing_criteria(body, 'safely_managed', 'piped'::text, 0, true) FROM rules;
SELECT missing_criteria(body, 'school:basic', 'piped'::text, 0, true) FROM rules;
SELECT classify(body, 'piped'::text, 0) FROM rules;
SELECT classify(body, 'piped'::text, 'far'::text, true) FROM rules;
SELECT classify(body, VARIADIC ARRAY['piped', '0', 'true']) FROM rules;
SELECT classify('{"name": "x", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [], "outcomes": [{"outcome": "basic"}]}'::ruleset, true);
SELECT classify('{"name": "x", "kind": "clinic", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [], "outcomes": [{"outcome": "basic"}]}'::ruleset, true);
SELECT classify('{"name": "x", "kind": "school", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [], "outcomes": [{"outcome": "good"}]}'::ruleset, true);
SELECT classify('{"name": "x", "kind": "school", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [{"id": "r", "group": "water", "assert": true}], "outcomes": [{"outcome": "basic"}]}'::ruleset, true);
SELECT classify('{"name": "x", "kind": "school", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [{"id": "r", "assert": true}], "outcomes": [{"outcome": "basic"}]}'::ruleset, true);
SELECT classify('{"name": "x", "kind": "school", "facts": [{"name": "d", "type": "timestamptz", "null": "unknown"}], "rules": [],
  "outcomes": [{"if": {"before": [{"var": "d"}, {"now": []}]}, "outcome": "limited"}, {"outcome": "basic"}]}'::ruleset, '2020-01-01'::timestamptz);

-- A call site remembers answers that it has classified.  Nothing of that shows: 30,000 rows, of which many
-- repeat, texts of every length around a word's, empty ones, NULLs and values that come and go give what
-- JSON gives, which is not remembered.
CREATE TEMP TABLE codes AS
SELECT '{"name": "lengths", "kind": "hcf",
  "facts": [{"name": "a", "type": "text", "null": "unknown"}, {"name": "b", "type": "text", "null": "unknown"},
            {"name": "n", "type": "bigint", "null": "unknown"}, {"name": "f", "type": "double precision", "null": "unknown"},
            {"name": "m", "type": "numeric", "null": "unknown"}],
  "rules": [{"id": "a", "group": "limited", "assert": {"in": [{"var": "a"}, ["", "a", "bbbbbbb", "cccccccc", "ddddddddd", "eeeeeeeeeeeeeeee", "fffffffffffffffffffffffffffffffffffffffff"]]}},
            {"id": "b", "group": "basic", "assert": {"!": {"in": [{"var": "b"}, ["", "b", "aaaaaaa", "bbbbbbbb"]]}}},
            {"id": "n", "group": "basic", "assert": {">=": [{"var": "n"}, 0]}},
            {"id": "f", "group": "advanced", "assert": {">": [{"var": "f"}, 0.5]}},
            {"id": "m", "group": "advanced", "assert": {">": [{"var": "m"}, 1.50]}}],
  "outcomes": [{"if": {"!": {"group": "limited"}}, "outcome": "no_service"}, {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
               {"if": {"!": {"group": "advanced"}}, "outcome": "basic"}, {"outcome": "advanced"}]}'::ruleset AS body;
CREATE FUNCTION pg_temp.pick(i bigint, salt int, of int) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT (hashint8extended(i, salt) & 1048575)::int % of $$;
CREATE TEMP TABLE given AS
SELECT i, CASE WHEN pg_temp.pick(i, 1, 9) > 0 THEN (ARRAY['', 'a', 'b', 'bbbbbbb', 'cccccccc', 'ddddddddd', 'dddddddd', 'eeeeeeeeeeeeeeee', repeat('f', 41), repeat('f', 40), repeat('g', 200)])[1 + pg_temp.pick(i, 2, 11)] END AS a,
       CASE WHEN pg_temp.pick(i, 3, 9) > 0 THEN repeat(chr(97 + pg_temp.pick(i, 4, 3)), pg_temp.pick(i, 5, 20)) END AS b,
       CASE WHEN pg_temp.pick(i, 6, 9) > 0 THEN (pg_temp.pick(i, 7, 4) - 1) * 46116860184273879 END AS n,
       CASE WHEN pg_temp.pick(i, 8, 9) > 0 THEN pg_temp.pick(i, 9, 3) / 2.0::float8 END AS f,
       CASE WHEN pg_temp.pick(i, 10, 9) > 0 THEN ('{1,1.5,1.50,1.500,2,15e-1,1.51}'::numeric[])[1 + pg_temp.pick(i, 11, 7)] END AS m
FROM generate_series(1, 30000) i;
SELECT count(*) AS rows, count(DISTINCT (a, b, n, f, m)) > 20000 AS mostly_different,
       count(*) FILTER (WHERE classify(body, a, b, n, f, m) <> classify_json(body, jsonb_build_object('a', a, 'b', b, 'n', n, 'f', f, 'm', m))) AS wrong,
       count(DISTINCT classify(body, a, b, n, f, m)) AS levels
FROM codes, given;
-- few combinations, so that most are remembered
SELECT count(*) AS rows, count(DISTINCT (a, b)) AS different,
       count(*) FILTER (WHERE classify(body, a, b, 1, 1::float8, m) <> classify_json(body, jsonb_build_object('a', a, 'b', b, 'n', 1, 'f', 1, 'm', m))) AS wrong
FROM codes, (SELECT a, left(b, 1) AS b, m FROM given) g;
-- a text that is stored compressed or out of line is read like any other
CREATE TEMP TABLE wide (a text, b text);
INSERT INTO wide SELECT repeat('f', 100000), 'b' FROM generate_series(1, 200);
ALTER TABLE wide ALTER a SET STORAGE EXTERNAL;
INSERT INTO wide SELECT repeat('f', 100000), 'x' FROM generate_series(1, 200);
SELECT classify(body, a, b, 1, 1::float8, 2::numeric), count(*) FROM codes, wide GROUP BY 1;
-- rulesets that take turns at one call site do not share what is remembered
SELECT count(*) AS rows, count(*) FILTER (WHERE level <> expected) AS wrong
FROM (SELECT classify(CASE WHEN turn = 1 THEN body ELSE stricter END, source, metres, available) AS level,
             classify_json(CASE WHEN turn = 1 THEN body ELSE stricter END, jsonb_build_object('source', source, 'metres', metres, 'available', available)) AS expected
      FROM (SELECT body, replace(body::text, '500', '100')::ruleset AS stricter FROM rules) r,
           (SELECT i, i / 300 % 2 AS turn, (ARRAY['piped', 'river'])[1 + i % 2] AS source, i % 7 * 100 AS metres, i % 3 = 0 AS available
            FROM generate_series(1, 3000) i ORDER BY i) v OFFSET 0) x;

-- levels can be computed by parallel workers and in an index
CREATE TABLE ladder_visit AS SELECT i, (ARRAY['piped', 'river', 'borehole'])[1 + i % 3] AS source, i % 7 * 100 AS metres, i % 5 > 0 AS available FROM generate_series(1, 20000) i;
ALTER TABLE ladder_visit SET (parallel_workers = 2);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT body AS body FROM rules \gset
SELECT service_distribution_agg(classify(:'body'::ruleset, source, metres, available)) FROM ladder_visit;
SELECT criterion, count(*) FROM ladder_visit, unnest(missing_criteria(:'body'::ruleset, 'basic', source, metres, available)) criterion GROUP BY 1 ORDER BY 1;
CREATE INDEX ON ladder_visit (classify('{"name": "x", "kind": "school", "facts": [{"name": "available", "type": "boolean", "null": "unknown"}], "rules": [],
  "outcomes": [{"if": {"var": "available"}, "outcome": "basic"}, {"outcome": "limited"}]}'::ruleset, available));
DROP TABLE ladder_visit;

-- the checker of rulesets knows the ladders and their levels, and no others
SELECT level, (level::service_level) IS NOT NULL AS here, (SELECT array_agg(message ORDER BY path) FROM ruleset_check(jsonb_build_object('name', 'x', 'kind', split_part(level, ':', 1), 'outcomes', jsonb_build_array(jsonb_build_object('outcome', split_part(level, ':', 2))))) WHERE kind = 'warning') AS warnings
FROM unnest(ARRAY['hcf:no_service', 'hcf:limited', 'hcf:basic', 'hcf:advanced', 'household_water:surface_water', 'household_water:unimproved', 'household_water:limited', 'household_water:basic', 'household_water:safely_managed',
  'household_sanitation:open_defecation', 'household_sanitation:unimproved', 'household_sanitation:limited', 'household_sanitation:basic', 'household_sanitation:safely_managed',
  'household_hygiene:no_facility', 'household_hygiene:limited', 'household_hygiene:basic', 'school:no_service', 'school:limited', 'school:basic', 'school:advanced']) AS level;
SELECT message, hint FROM unnest(ARRAY['hcf:basics', 'household_waters:basic']) AS level, ruleset_check(jsonb_build_object('name', 'x', 'kind', split_part(level, ':', 1), 'outcomes', jsonb_build_array(jsonb_build_object('outcome', split_part(level, ':', 2)))));

-- climbing from below leaves out no level that the missing answers can give; where one unknown fact stands in two rules, the range is a level too wide, as docs/ladders.md says
SELECT f, classify('{"name": "x", "kind": "school", "facts": [{"name": "f", "type": "boolean", "null": "unknown"}], "rules": [{"id": "a", "group": "limited", "assert": {"var": "f"}}, {"id": "b", "group": "basic", "assert": {"!": {"var": "f"}}}],
  "outcomes": [{"if": {"!": {"rule": "a"}}, "outcome": "no_service"}, {"if": {"!": {"rule": "b"}}, "outcome": "limited"}, {"outcome": "basic"}]}'::ruleset, f) FROM unnest('{true,false,NULL}'::boolean[]) AS f;
