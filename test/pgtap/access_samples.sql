-- The sample policies: each dated version with its tests, which see every parameter and every rule.
\ir ../fixtures/country.sql
SELECT plan(9);
CREATE TEMP TABLE sample AS SELECT code, valid, body::text::jsonb AS body FROM centre.ruleset WHERE body::text::jsonb ->> 'kind' = 'access_code';
SELECT set_eq('SELECT code FROM sample', ARRAY['cn_health_code_2020_02_11', 'example_access', 'sg_access_2020_06_02', 'sg_access_2020_06_20', 'sg_access_2020_07_12', 'sg_access_2020_08_01', 'sg_access_2020_11_04',
  'sg_access_2021_04_29', 'sg_access_2021_09_13', 'sg_access_2021_11_30', 'sg_access_2022_01_17', 'sg_access_2022_03_17'], 'the dated versions are there');
SELECT is_empty('SELECT code, f.* FROM sample, LATERAL centre.policy_faults(body) AS f', 'their tests pass and they can decide here');
SELECT is_empty($$SELECT code, r ->> 'id' FROM sample, jsonb_array_elements(body -> 'rules') AS r WHERE NOT coalesce(r -> 'reason' ?& ARRAY['en', 'zh'], false)$$, 'every rule gives its reason in two languages');
SELECT is_empty($$SELECT code FROM sample WHERE code LIKE 'sg%' AND to_char(lower(valid) AT TIME ZONE 'Asia/Singapore', 'YYYY_MM_DD') <> right(code, 10)$$, 'each is dated as it is called');
SELECT is_empty($$SELECT a.code FROM sample a WHERE code LIKE 'sg%' AND code < (SELECT max(code) FROM sample WHERE code LIKE 'sg%') AND NOT EXISTS (SELECT FROM sample b WHERE b.code LIKE 'sg%' AND lower(b.valid) = upper(a.valid))$$, 'one follows another');
-- break each version in one place and its own tests, or those of a version it is the base of, must see it
CREATE TEMP TABLE broken AS
  -- a parameter that is a day or hour more
  SELECT code, 'parameter ' || p.key AS place, jsonb_set(body, ARRAY['params', p.key], to_jsonb(p.value::text::integer + 1)) AS body FROM sample, jsonb_each(body -> 'params') AS p WHERE jsonb_typeof(p.value) = 'number'
  UNION ALL
  -- a rule that always holds, and one that never does
  SELECT code, format('rule %s %s', r.rule ->> 'id', always), jsonb_set(body, ARRAY['rules', (r.place - 1)::text, 'assert'], jsonb_build_object(CASE WHEN always THEN 'not-before' ELSE 'after' END, '[{"now": []}, {"now": []}]'::jsonb))
  FROM sample, jsonb_array_elements(body -> 'rules') WITH ORDINALITY AS r (rule, place), unnest('{true,false}'::boolean[]) AS always;
SELECT cmp_ok((SELECT count(*) FROM broken), '>', 180::bigint, 'the versions can be broken in many places');
-- only blocking rules: a warning does not change the colour, and tests of a variant state its changes
CREATE TEMP TABLE seen AS SELECT code, place, EXISTS (SELECT FROM civic.ruleset_check(b.body) AS c WHERE NOT c.ok) AS caught FROM broken b;
SELECT is_empty($$SELECT place FROM seen WHERE place NOT LIKE '%warn%' GROUP BY place HAVING NOT bool_or(caught)$$, 'every place is seen by the tests of a version that has it');
SELECT is_empty($$SELECT code, place FROM seen WHERE code IN ('sg_access_2020_06_02', 'sg_access_2022_03_17', 'cn_health_code_2020_02_11') AND NOT caught$$, 'those written whole see everything of their own');
SELECT is_empty($$SELECT code, place FROM seen WHERE place LIKE 'parameter %' AND NOT caught AND (code, place) IN (('sg_access_2020_08_01', 'parameter cycle_days'), ('sg_access_2020_08_01', 'parameter immune_days'), ('sg_access_2021_04_29', 'parameter immune_days'),
  ('sg_access_2021_09_13', 'parameter vaccine_days'), ('sg_access_2021_09_13', 'parameter vaccinated_gap'), ('sg_access_2021_11_30', 'parameter unvaccinated_gap'), ('sg_access_2022_03_17', 'parameter immune_days'), ('sg_access_2022_03_17', 'parameter vaccine_days'))$$,
  'one day more is seen at the boundary');
SELECT * FROM finish();
