-- A name that is misspelt is an error with the nearest one as hint, in every function of dash and each of its arguments: found in the
-- catalogue, so that a new function or a new kind of argument is asked too.
\ir ../fixtures/release.sql
SELECT plan(15);
-- one of everything that has a name
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES ('tap', 't_case', 'test', 'at_most', 300, 'test', 'act');
INSERT INTO centre.composite (code, vary, citation) VALUES ('mix', 0.2, 'test');
INSERT INTO centre.composite_part (composite, indicator, weight, worst, best) VALUES ('mix', 't_case', 1, 100, 0);
INSERT INTO centre.action (code, indicator, area_id, starts, what) VALUES ('act', 't_case', 11, '2023-08-01', 'an act');
INSERT INTO centre.wash_domain VALUES ('water', 'form', 'rules', 'hcf', 'facility');
INSERT INTO centre.wash_measure (domain, measure, code, rank, indicator) VALUES ('water', 'assessed', '', NULL, 't_visit');
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'f', 'C1');
INSERT INTO centre.competency_label (competency_id, lang, label) VALUES (1, 'en', 'Writing');
INSERT INTO centre.release (cube, period, made_of) SELECT code, centre.period_of(period_unit, '2023-07-01'), '' FROM centre.cube WHERE code IN ('training_demand', 'capacity');
INSERT INTO centre.release_row (release_id, measure, members, value, status) SELECT r.release_id, 'subjects', CASE r.cube WHEN 'capacity' THEN '{Health}' ELSE '{1,Health}' END::text[], 20, 'ok' FROM centre.release r WHERE r.cube IN ('training_demand', 'capacity');
SELECT tap.put('t_month', m, 't_case', a, 30, 100000) FROM unnest('{2023-07-01,2023-08-01,2023-09-01}'::date[]) m, unnest('{PA,PB}'::text[]) a;

-- what an argument of a name asks for, and of which kind an error about it speaks; a type's own value for what is no name
CREATE TABLE tap.good (arg text PRIMARY KEY, value text, kind text);
INSERT INTO tap.good VALUES ('of_indicator', 't_case', 'indicator'), ('of_indicators', '{t_case}', 'indicator'), ('at_level', 'province', 'level of area'), ('level', 'province', 'level of area'),
  ('of_breakdown', 'sex', '(breakdown|domain of labels)'), ('of_member', 'f', 'member'), ('areas', '{PA}', 'area'), ('of_area', 'PA', 'area'), ('within_area', 'PA', 'area'), ('lang', 'en', 'language'),
  ('in_period', '2023-07', 'period'), ('before', '2023-07', 'period'), ('after', '2023-08', 'period'), ('base_period', '2023-07', 'period'), ('in_year', '2023', 'period'), ('period', '2023-07', 'period'),
  ('of_unit', 'month', 'unit of period'), ('unit', 'month', 'unit of period'), ('of_cube', 't_month', 'cube'), ('of_composite', 'mix', 'composite index'), ('of_domain', 'water', 'service'),
  ('domain', 'sex', 'domain of labels'), ('of_dataset', 'observation', 'dataset'), ('dim', 'sex', 'dimension'), ('of_action', 'act', 'action'), ('actions', '{act}', 'action'),
  ('standard', 'tap', 'standard'), ('of_ministry', 'Health', 'ministry');
-- texts that are no names of anything, or that a caller inside takes from what it read
CREATE TABLE tap.free (function text, arg text);
INSERT INTO tap.free VALUES
  ('*', 'code'), ('*', 'member'), ('*', 'competency'),  -- what has no name is its own name
  ('figure', 'kind'), ('figure', 'withheld'), ('exposure', 'kind'), ('exposure', 'flow'), ('ratio', 'kind'), ('funnel_position', 'kind'), ('ranking_refusal', 'kind'), ('yearly_factor', 'kind'), ('yearly_factor', 'flow'),  -- columns of dash.indicator
  ('member_domain', 'of_breakdown'), ('unit_of', 'unit'), ('unit_of', 'persons_of'), ('base_reason', 'reason'), ('verdict', 'demand'), ('iso_day', 'day'), ('nearest', 'given'), ('nearest', 'known'),
  ('shown', 'reason'), ('shown', 'written'), ('capacity_mean', 'of_measure'), ('capacity_period', 'of_cube'), ('capacity_sum', 'of_cube'), ('capacity_sum', 'of_measure'), ('capacity_share', 'of_cube'),  -- constants of the functions around them: their cubes need not be published yet
  ('cover', 'of_cubes');  -- cubes that dash.late_reports() has read
-- a name that one function takes for something else
CREATE FUNCTION tap.value_of(function text, arg text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN function = 'standardised' AND arg = 'standard' THEN 'who2000' WHEN function IN ('access_codes', 'cube') AND arg = 'of_cube' THEN 'training_demand'
              WHEN function IN ('label_of', 'group_label', 'member_label') AND arg IN ('code', 'member') THEN 'unheard of' ELSE (SELECT g.value FROM tap.good g WHERE g.arg = value_of.arg) END $$;
-- each function with its arguments in order; misspelt is the number of the one that is
CREATE FUNCTION tap.call(of_function oid, misspelt integer) RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT * FROM dash.%I(%s)', p.proname, string_agg(format('%L::%s', CASE
      WHEN v.value IS NOT NULL THEN CASE WHEN a.n <> misspelt THEN v.value WHEN v.value LIKE '{%' THEN replace(v.value, '}', 'x}') ELSE v.value || 'x' END
      WHEN a.type = 'timestamptz'::regtype THEN CASE WHEN a.name = 'from_time' THEN '2023-07-01' ELSE '2023-09-30' END
      WHEN a.type = 'daterange'::regtype THEN '[2023-07-01,2023-10-01)' WHEN a.type = 'date'::regtype THEN '2023-07-01' WHEN a.type = 'boolean'::regtype THEN 'false'
      WHEN a.type IN ('integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'float8'::regtype) THEN '2023' END, a.type::regtype), ', ' ORDER BY a.n))
  FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargtypes::oid[], p.proargnames[1:p.pronargs]) WITH ORDINALITY AS a (type, name, n) CROSS JOIN LATERAL tap.value_of(p.proname, a.name) AS v (value)
  WHERE p.oid = of_function GROUP BY p.proname $$;
CREATE VIEW tap.argument AS
  SELECT p.oid, p.proname::text AS function, a.name AS arg, a.n, g.kind
  FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargtypes::oid[], p.proargnames[1:p.pronargs]) WITH ORDINALITY AS a (type, name, n) LEFT JOIN tap.good g ON g.arg = a.name
  WHERE p.pronamespace = 'dash'::regnamespace AND p.proname NOT LIKE 'check\_%' AND a.type IN ('text'::regtype, 'text[]'::regtype)
    AND NOT EXISTS (SELECT FROM tap.free f WHERE f.function IN (p.proname, '*') AND f.arg = a.name);
-- what is not refused as it should be
CREATE FUNCTION tap.passed_over() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  a record;
  said text;
  hint text;
BEGIN
  FOR a IN SELECT * FROM tap.argument x WHERE x.kind IS NOT NULL ORDER BY x.function, x.n LOOP
    BEGIN
      EXECUTE tap.call(a.oid, a.n::integer);
      RETURN NEXT format('%s(%s): no error', a.function, a.arg);
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, said = MESSAGE_TEXT;
      IF SQLSTATE <> '22023' OR said !~ ('^there is no ' || a.kind || '.* "') OR hint = '' OR a.kind <> 'period' AND hint NOT LIKE '%"' || btrim(tap.value_of(a.function, a.arg), '{}') || '"%' THEN
        RETURN NEXT format('%s(%s): %s %s (%s)', a.function, a.arg, SQLSTATE, said, hint);
      END IF;
    END;
  END LOOP;
END
$$;
GRANT SELECT ON ALL TABLES IN SCHEMA tap TO PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC;
SET ROLE civic_reader;

SELECT is((SELECT string_agg(format('%s(%s)', function, arg), ', ') FROM tap.argument WHERE kind IS NULL), NULL, 'every text that a function of dash takes is a name of a kind, or said to be none');
SELECT cmp_ok((SELECT count(*) FROM tap.argument), '>', 150::bigint, 'which are many');
SELECT is((SELECT string_agg(p, E'\n') FROM tap.passed_over() p), NULL, 'each of them misspelt is an error with the nearest name as hint');
RESET ROLE;
-- as a fault would have it
SELECT pg_get_functiondef('dash.check_level(text)'::regprocedure) AS whole \gset
CREATE OR REPLACE FUNCTION dash.check_level(at_level text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SELECT cmp_ok((SELECT count(*) FROM tap.passed_over() p WHERE p ~ '_level\)|\(level\)'), '>', 20::bigint, 'a check that is lost is noticed');
:whole;
SET ROLE civic_reader;

-- days the wrong way round
CREATE FUNCTION pg_temp.backwards() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid, p.proname FROM pg_proc p WHERE p.pronamespace = 'dash'::regnamespace AND 'from_time' = ANY (p.proargnames) AND p.proname NOT LIKE 'check\_%' ORDER BY 2 LOOP
    BEGIN
      EXECUTE replace(replace(replace(tap.call(f.oid, 0), '2023-07-01', 'x'), '2023-09-30', '2023-07-01'), '''x''', '''2023-09-30''');
      RETURN NEXT f.proname || ': no error';
    EXCEPTION WHEN invalid_parameter_value THEN
      IF SQLERRM <> 'the days asked for end before they begin' THEN RETURN NEXT f.proname || ': ' || SQLERRM; END IF;
    END;
  END LOOP;
END
$$;
SELECT is((SELECT string_agg(b, ', ') FROM pg_temp.backwards() b), NULL, 'days that end before they begin are an error in every function of two times');

CREATE FUNCTION pg_temp.hint(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END
$$;
SELECT results_eq($$SELECT pg_temp.hint(format('SELECT * FROM dash.comparison(%L, %L)', 't_case', p)) FROM unnest('{2023-10-01/2023-07-01,2023-07-01/2023-07-01,2023-W40}'::text[]) p$$,
  $$VALUES ('It ends before it begins: write 2023-07-01/2023-10-01.'), ('The end is not included: this one day is 2023-07-01/2023-07-02.'), ('Write this week as 2023-10-02/2023-10-09.')$$, 'a hint says what to write instead of a period');
SELECT alike(pg_temp.hint($$SELECT * FROM dash.comparison('t_case', 'lastest')$$), 'Did you mean "latest"?%', 'latest is a word that can be misspelt');
SELECT is(pg_temp.hint($$SELECT * FROM dash.drill('PX')$$), 'Did you mean "PA", "PB", "PC"?', 'each name once');
SELECT is(pg_temp.hint($$SELECT * FROM dash.cube('t_mont', '2023')$$), 'Did you mean "t_month", "training_demand", "capacity"?', 'a cube of many releases too');
RESET ROLE;
INSERT INTO centre.area_standing VALUES ('district', 21), ('local_municipality', 21);
SET ROLE civic_reader;
SELECT is(pg_temp.hint($$SELECT * FROM dash.drill('TAx')$$), 'Did you mean "TA", "PA", "PB"?', 'also that of an area of several levels');
SELECT ok(dash.check_period('latest') AND dash.check_period('') AND dash.check_period('2026-Q3'), 'latest is a period');
SELECT is(dash.capacity_period('capacity', 'latest'), '2023-07-01', 'that of a cube its last');
-- what is asked of nothing is no error, and what has no name is its own
SELECT lives_ok($$SELECT dash.level_of(''), dash.level_of(NULL), dash.label_of('reason', NULL, 'xx'), dash.period(NULL)$$, 'nothing asked is no error');
SELECT is(dash.label_of('action', 'act', 'af-ZA'), 'act', 'what has no name is its own, in a language of a region too');
SELECT is((SELECT string_agg(DISTINCT c, ' ') FROM (SELECT unnest(regexp_split_to_array(pg_temp.hint($$SELECT * FROM dash.wash_levels('water', '2023', 'en', 'provinces')$$), '[ ,?]+')) AS c) x WHERE c LIKE '"%'),
  '"country" "district" "local_municipality" "municipality" "province" "ward"', 'of few names all are shown');
SELECT * FROM finish();
