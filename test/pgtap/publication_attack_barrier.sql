-- Rows that a view keeps from its reader: whoever may write a condition tries to see them by a function of his own, an error, the time it takes or a function
-- of each row, in every view that the catalogue has, as every role.  Each kind of attack first works where the views are no barriers.
\ir ../fixtures/spy.sql
\ir ../fixtures/audiences.sql
SELECT no_plan();
CALL tap.keep_secrets();
SELECT is_empty(format('SELECT * FROM tap.spied(%L, false)', r.who), r.who || ' sees nothing in any view but what it returns') FROM (SELECT * FROM tap.reader ORDER BY who) AS r;
-- the functions of dash: all kinds of attack as all roles are in the long test
SELECT is_empty($$SELECT * FROM tap.spied('civic_analyst', true, '{function}')$$, 'nor does an analyst in any function of dash, who has one province of what he asks for');
SELECT cmp_ok((SELECT count(*) FROM tap.secret WHERE who = 'civic_public'), '>', 100::bigint, 'though there is much to be seen');
-- what asks who reads, or leaves out what is not in force, is a barrier; a new view that joins in is found here
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN ('dash'::regnamespace, 'centre'::regnamespace) AND NOT coalesce(c.reloptions @> '{security_barrier=true}', false)
  AND pg_get_viewdef(c.oid) ~ '(centre\.readable|dash\.audience|pg_has_role|session_user|SESSION_USER|current_user|CURRENT_USER)'$$, 'a view that asks who reads is a barrier');
-- Comparisons of whole numbers, texts and the like are tested below a barrier and EXPLAIN (ANALYZE) counts the rows: by the keys of rows, which plans need, and by nothing that a row says.
CREATE TABLE tap.counted_as_it_is AS SELECT c AS said FROM tap.counted() AS c;
SELECT is_empty($$SELECT said FROM tap.counted_as_it_is WHERE split_part(said, '.', 3) <> ALL ('{cube,audience,period_unit,period_start,period_end,release_id,indicator,level,area_id,area,area_name,breakdown,member,dataset,dims,measure,members,'
  'levels,breakdowns,age_band,from_age,to_age,request,request_id,alarm_id}')$$, 'EXPLAIN counts rows by keys only');
SELECT is_empty($$SELECT said FROM tap.counted_as_it_is WHERE said ~ '^dash\.(unverified\.area|action\.|annual_plan\.|audience\.|ruleset\.)|^centre\.my_source'$$, 'and not where it is a secret that there is a row');
SELECT ok(EXISTS (SELECT FROM tap.counted_as_it_is WHERE said = 'dash.released.indicator'), 'it is seen where conditions reach the tables');
-- one by one, as an attacker would: what is there, and what is not
CREATE FUNCTION tap.counts(query text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE line text; said text := ''; BEGIN
  FOR line IN EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF) ' || query LOOP said := said || regexp_replace(line, '\(?[''0-9.]+''?::(\w+ ?)+\)?|= \d+\)', '?') || E'\n'; END LOOP; RETURN said; END $$;
CREATE VIEW tap.guess AS SELECT format('SELECT FROM %s WHERE %s = %%s', v.source, v.col) AS query, v.there, v.not_there
  FROM (VALUES ('dash.unverified', 'value', (SELECT n * 1000 + 501 FROM tap.audience WHERE code = 'centre')::text, '123456'), ('dash.reporting', 'due', (SELECT n * 1000 + 1 FROM tap.audience WHERE code = 'centre')::text, '123456'),
               ('dash.released_baseline', 'expected', (SELECT n * 1000 + 0.5 FROM tap.audience WHERE code = 'centre')::text, '123456.5'), ('dash.revision', 'value::float8', (SELECT n * 1000 + 1 FROM tap.audience WHERE code = 'centre')::text, '2')) AS v (source, col, there, not_there);
CREATE TABLE tap.guessed AS TABLE tap.guess; GRANT SELECT ON tap.guessed TO PUBLIC;
SET ROLE civic_public;
SELECT is_empty($$SELECT query FROM tap.guessed WHERE tap.counts(format(query, there)) <> tap.counts(format(query, not_there))$$, 'a value guessed right is counted like one guessed wrong');
RESET ROLE;

-- the weakened copy: fences are opened, then barriers
ALTER FUNCTION dash.fenced(anyelement) IMMUTABLE;
SELECT set_has('SELECT * FROM tap.counted()', $$SELECT unnest('{dash.released.value,dash.released.reason,dash.released.status,dash.released_row.reason,dash.unverified.value,dash.unverified.area_id,dash.reporting.due,dash.reporting.received,dash.released_baseline.alarm,'
  'dash.released_baseline.expected,dash.released_baseline.reason,dash.release.complete,dash.audience.code,dash.action.code,dash.annual_plan.ministry,dash.ruleset.code,dash.cube_request.dataset,centre.request_open.dataset,centre.alarm_list.state,centre.my_source.source}'::text[])$$,
  'without the fence EXPLAIN counts by what rows say');
SET ROLE civic_public;
SELECT isnt_empty($$SELECT query FROM tap.guessed WHERE tap.counts(format(query, there)) <> tap.counts(format(query, not_there))$$, 'and tells which guess is right');
RESET ROLE;
DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT oid FROM pg_class WHERE relkind = 'v' AND reloptions @> '{security_barrier=true}' AND relnamespace IN ('dash'::regnamespace, 'centre'::regnamespace) LOOP
  EXECUTE format('ALTER VIEW %s SET (security_barrier = false)', v); END LOOP; END $$;
SELECT set_has($$SELECT source FROM tap.spied('civic_public', false, '{function}')$$, format('SELECT unnest(%L::text[])',
  '{dash.released,dash.released_row,dash.released_baseline,dash.release,dash.audience,dash.action,dash.cube_request,dash.published,dash.cube_age,dash.reporting,dash.annual_plan,dash.ruleset}'), 'views that are no barriers show a function what they keep back');
SELECT set_has($$SELECT source FROM tap.spied('civic_provider', false, '{error}')$$, format('SELECT unnest(%L::text[])', '{dash.released,dash.released_row,dash.released_baseline,dash.release,dash.action}'), 'and an error');
SELECT is((SELECT told FROM tap.spied('civic_public', false, '{time}', '{dash.audience}')), 'waited', 'and the clock');
SELECT isnt_empty($$SELECT * FROM tap.spied('civic_public', false, '{row}', '{dash.released,dash.released_row}')$$, 'and a function of each row');
SELECT set_eq($$SELECT split_part(source, '(', 1) FROM tap.spied('civic_analyst', true, '{function}', '{dash.capacity_sum}')$$, '{dash.capacity_sum}'::text[], 'functions over them too');

-- plans are exact, so they are told where the audience that asks for most would be told them, and to all readers alike
ALTER TABLE centre.annual_plan DISABLE TRIGGER civic_check;
UPDATE centre.annual_plan SET status = 'approved', approver = 'x', approved_at = now();
SELECT is((SELECT budget FROM dash.annual_plan), 98765::numeric, 'a plan of 50 officials is shown where 10 are asked');
UPDATE centre.audience SET k = 51 WHERE code = 'ngo';
SELECT is((SELECT row(budget, seats, cost, coverage_before, coverage_expected)::text FROM dash.annual_plan), '(,,,,)', 'and not where an audience asks for 51');
SELECT * FROM finish();
