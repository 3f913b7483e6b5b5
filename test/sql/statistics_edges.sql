-- Every public function of statistics, surveillance and calendar with odd arguments: an answer without NaN, or an error of class 22
SET search_path = public, civic;
SET datestyle = 'ISO'; SET timezone = 'UTC';
-- the first value of a type is an ordinary one
CREATE TABLE odd (type regtype, n int, literal text);
INSERT INTO odd SELECT t::regtype, n, v FROM (VALUES
    ('float8', ARRAY['0.5', '3', 'NaN', 'Infinity', '-Infinity', '-1', '0', '1', '1e15', '1e300']),
    ('int', ARRAY['2', '0', '-1', '1', '2147483647', '-2147483648']),
    ('bigint', ARRAY['3', '0', '-1', '1000000000000000', '1000000000000001', '9223372036854775807', '-9223372036854775808']),
    ('text', ARRAY['year', '', 'UTC', 'no such thing', 'byar']),
    ('date', ARRAY['2024-02-29', 'infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '0001-01-01']),
    ('timestamptz', ARRAY['2024-02-29 12:00', 'infinity', '-infinity', '0001-01-01', '9999-12-31']),
    ('boolean', ARRAY['true', 'false']),
    ('float8[]', ARRAY['{1,2,3}', '{}', '{1}', '{NaN,1}', '{Infinity,1}', '{-1,0}', '{1e15,-1e15,1}', '{{1,2},{3,4}}', '{NULL,1}', '{1,1,1}']),
    ('detection', ARRAY['(ears_c2,alarm,9,4,7.5,1.4,1.1,,normal)', '(ears_c1,not_reported,,,,,,,none)'])) AS v (t, literals), unnest(literals) WITH ORDINALITY AS u (v, n);
INSERT INTO odd SELECT 'detector'::regtype, row_number() OVER (ORDER BY method <> 'nb_window', method), method FROM (SELECT DISTINCT method FROM detectors()) AS m;
INSERT INTO odd SELECT 'series'::regtype, n, v FROM unnest(ARRAY['{1=4,2=5,3=6}', '{}', '{1=}', '{1=0}', '{1=-5,2=1000000000000000}', '{1=3/0,2=4/0}', '{2024-01-01=5,2024-01-02=}', '{1=1000000000000000,2=1000000000000000}',
    (SELECT series_agg(t, (t % 5)::bigint, 1000)::text FROM generate_series(1, 330) AS t), (SELECT series_agg(t, 0::bigint, 0)::text FROM generate_series(1, 330) AS t),
    (SELECT series_agg(t, 1000000000000000)::text FROM generate_series(1, 330) AS t), (SELECT series_agg(t, NULL)::text FROM generate_series(1, 330) AS t)]) WITH ORDINALITY AS u (v, n);
-- one stratum, none at risk, no events, the largest
INSERT INTO odd SELECT 'strata'::regtype, n, v FROM unnest(ARRAY[
    (SELECT strata_agg(s, 10 + s, 1000 * s, 1)::text FROM generate_series(1, 3) AS s), (SELECT strata_agg(1, 5, 100, 1)::text), (SELECT strata_agg(s, 0, 0, 1)::text FROM generate_series(1, 3) AS s),
    (SELECT strata_agg(s, 0, 100, 1)::text FROM generate_series(1, 3) AS s), (SELECT strata_agg(s, 1e15, 1e15, 1e15)::text FROM generate_series(1, 3) AS s), (SELECT strata_agg(s, 12, 100, 0)::text FROM generate_series(1, 3) AS s)]) WITH ORDINALITY AS u (v, n)
  WHERE v IS NOT NULL;

CREATE TABLE public_function AS
  -- of whole numbers: its ordinary value is 3 of 3, not half a case
  SELECT p.oid, p.oid::regprocedure::text AS name, p.proname, p.prokind, p.pronargs, p.proargtypes::oid[] AS types,
         CASE p.proname WHEN 'finite_interval' THEN '{2,2,2,1}'::int[] ELSE array_fill(1, ARRAY[p.pronargs::int]) END AS ordinary
    FROM pg_proc p WHERE p.pronamespace = 'civic'::regnamespace AND p.prosrc ~ '^(statistics_|calendar_|series_|detect)'
     AND p.prosrc !~ '_(in|out|recv|send|lt|le|eq|ne|ge|gt|cmp|hash|hash_extended|trans|combine|final)$' AND p.pronargs > 0;
-- every pair of arguments takes every pair of odd values, the others are ordinary
CREATE TABLE call AS
  SELECT DISTINCT f.oid, f.name, f.proname, f.prokind, c.arguments, a.n = f.ordinary[i] AND b.n = f.ordinary[j] AS ordinary
    FROM public_function f, LATERAL generate_series(1, f.pronargs) AS i, LATERAL generate_series(i, f.pronargs) AS j,
         LATERAL (SELECT n FROM odd WHERE type = f.types[i - 1]) AS a, LATERAL (SELECT n FROM odd WHERE type = f.types[j - 1]) AS b,
         LATERAL (SELECT array_agg(format('%L::%s', o.literal, format_type(o.type, NULL)) ORDER BY k) AS arguments
                    FROM generate_series(1, f.pronargs) AS k JOIN odd o ON o.type = f.types[k - 1] AND o.n = CASE k WHEN j THEN b.n WHEN i THEN a.n ELSE f.ordinary[k] END) AS c;
SELECT count(DISTINCT name) > 70 AS functions, count(*) > 10000 AS calls FROM call;
SELECT f.name AS not_called FROM public_function f WHERE NOT EXISTS (SELECT FROM call c WHERE c.oid = f.oid);

CREATE TABLE answer (name text, query text, state text, value text);
CREATE FUNCTION ask(of_name text, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  value text;
BEGIN
  EXECUTE query INTO value;
  INSERT INTO answer VALUES (of_name, query, '00000', value);
EXCEPTION WHEN OTHERS THEN
  INSERT INTO answer VALUES (of_name, query, SQLSTATE, SQLERRM);
END $$;
-- a window function: alone in its partition, beside an ordinary row, in an empty frame and over no rows
SELECT count(ask(name, format(CASE prokind
           WHEN 'w' THEN 'SELECT string_agg(v::text, '' '') FROM (SELECT %1$s(%2$s) OVER () AS v FROM generate_series(1, %3$s)) AS q'
           ELSE 'SELECT string_agg(v::text, '' '') FROM (SELECT v FROM %1$s(%2$s) AS v LIMIT 100) AS q' END, oid::regproc, array_to_string(arguments, ', '), rows)))
  FROM call, LATERAL (SELECT r AS rows FROM unnest(ARRAY[1, 2, 0]) AS r WHERE prokind = 'w' OR r = 1) AS r \g /dev/null
SELECT count(ask('empty frame', format('SELECT %s(%s) OVER (ORDER BY t ROWS BETWEEN 3 FOLLOWING AND 5 FOLLOWING) FROM generate_series(1, 2) AS t', oid::regproc, array_to_string(arguments, ', '))))
  FROM call WHERE prokind = 'w' AND ordinary \g /dev/null
-- aggregates: odd rows, and none
SELECT count(ask(a.name, format('SELECT %s(%s)::text FROM generate_series(1, %s)', a.oid::regproc, a.arguments, rows)))
  FROM (SELECT p.oid, p.oid::regprocedure::text AS name, c.arguments FROM pg_proc p, LATERAL (
          SELECT string_agg(format('%L::%s', o.literal, format_type(o.type, NULL)), ', ' ORDER BY k) AS arguments
            FROM generate_series(1, p.pronargs) AS k, generate_series(1, 12) AS at, LATERAL (SELECT * FROM odd WHERE type = (p.proargtypes::oid[])[k - 1] AND n = 1 + (at * k) % (SELECT max(n) FROM odd WHERE type = (p.proargtypes::oid[])[k - 1])) AS o
           GROUP BY at) AS c
         WHERE p.pronamespace = 'civic'::regnamespace AND p.prokind = 'a' AND p.proname ~ '^(series|strata)_') AS a, unnest(ARRAY[1, 0]) AS rows \g /dev/null
-- neither a crash nor an internal error, and no answer that is not a number; 42804: days and numbers of periods mixed, 54000: a series too long
SELECT name, state, min(query) AS query, min(value) AS value FROM answer WHERE state <> '00000' AND state !~ '^22' AND (state NOT IN ('42804', '54000') OR name !~ 'series') GROUP BY name, state ORDER BY name, state;
SELECT name, min(query) AS query, min(value) AS value FROM answer WHERE state = '00000' AND value ~* 'nan' GROUP BY name ORDER BY name;
-- an infinite answer: a quantile or a bound at the edge, or what was asked for
SELECT name FROM answer WHERE state = '00000' AND value ~* 'infinity' AND query !~* 'infinity' GROUP BY name ORDER BY name;
-- every function answers something, an empty frame too
SELECT name AS never_answers FROM answer GROUP BY name HAVING bool_and(state <> '00000') ORDER BY name;
SELECT query, value FROM answer WHERE name = 'empty frame' AND state <> '00000' ORDER BY query;
-- NaN is refused, or has no say
SELECT name, min(query) AS query, min(value) AS value FROM answer WHERE state = '00000' AND value IS NOT NULL AND query ~ '''NaN''' GROUP BY name ORDER BY name;
