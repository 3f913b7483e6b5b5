# What grows with a ministry grows in proportion: six calls in one connection, twice the evidence, and plans that go through a CTE for every row.
# CPU time of the backend.  3,000 officials, with LONG=1 120,000.
# Alone: tools/cluster run test -- perl -Itest/t test/t/learning_scale.pl
use strict;
use warnings;
use Test::More;
use Civic;

my $db = 'learning_scale';
layer($db);
my $people = $ENV{LONG} ? 120000 : 3000;
my $each = $people / 6;

sql($db, <<"SQL");
CREATE FUNCTION public.cpu() RETURNS float8 LANGUAGE sql VOLATILE AS \$\$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6 \$\$;
CREATE TABLE public.took (step text, call integer, ms float8, handled bigint);
CREATE FUNCTION public.measure(of_step text, of_call integer, command text) RETURNS void LANGUAGE plpgsql AS \$\$
DECLARE began float8 := public.cpu(); handled bigint;
BEGIN
  EXECUTE command INTO handled;
  INSERT INTO public.took VALUES (of_step, of_call, public.cpu() - began, handled);
END \$\$;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 200) i;
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, $people) i;
INSERT INTO centre.official (subject_id, ministry, department, designation, valid) SELECT i, 'M' || i % 5, 'D' || i % 20, 'X', '[2020-01-01,)' FROM generate_series(1, $people) i;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, credential)
  SELECT s, 1 + (s * 7 + c % 5 * 31) % 200, 1 + (s + c) % 4, 'assessed', '2026-01-01'::date + (s + c) % 300, '2026-12-31'::date + (s + c) % 300, 'c' || c FROM generate_series(1, $people) s, generate_series(1, 7) c;
ANALYZE;
SQL

# refresh, six times in one connection: the marks are taken in the order of their number, so many officials each
sql($db, 'DELETE FROM centre.evidence_change; INSERT INTO centre.evidence_change (subject_id) SELECT subject_id FROM centre.official ORDER BY subject_id');
sql($db, join '', map { "SELECT public.measure('refresh', $_, \$\$SELECT centre.refresh_official_competencies($each, '2026-06-01')\$\$);\n" } 1 .. 6);
my ($first, $sixth, $handled) = split /\|/, sql($db, "SELECT max(ms) FILTER (WHERE call = 1), max(ms) FILTER (WHERE call = 6), sum(handled) FROM public.took WHERE step = 'refresh'");
is($handled, $people, 'six calls work out all officials');
cmp_ok($sixth, '<', 2 * $first + 20, sprintf('the sixth call takes as long as the first (%.0f and %.0f ms of CPU)', $sixth, $first));
diag(sprintf('refresh: first %.1f ms, sixth %.1f ms, ratio %.2f, of %d officials each', $first, $sixth, $sixth / $first, $each));
is(sql($db, "SELECT count(*) FROM centre.official_competency o JOIN centre.competencies_on('2026-06-01') c USING (subject_id) WHERE (o.held, o.own)::text <> (c.held, c.own)::text"), 0, 'as one call for all gives');

# what is published of passbooks: twice the evidence, twice the time
my $read = "SELECT public.measure('passbook', %d, 'SELECT count(*) FROM centre.passbook_row');";
sql($db, sprintf($read, 1) x 3);
my $whole = sql($db, 'SELECT count(*) || chr(32) || sum(levels) FROM centre.passbook_row');
sql($db, "DELETE FROM centre.evidence WHERE subject_id > $people / 2; ANALYZE centre.evidence; " . sprintf($read, 2) x 3);
my $ratio = sql($db, "SELECT min(ms) FILTER (WHERE call = 1) / min(ms) FILTER (WHERE call = 2) FROM public.took WHERE step = 'passbook'");
cmp_ok($ratio, '<', 3, sprintf('rows of passbooks: twice the evidence takes %.2f times as long', $ratio));
is(sql($db, 'SELECT count(*) || chr(32) || sum(levels) FROM centre.passbook_row'), sql($db, <<'SQL'), 'and they are those of going through the days one by one');
WITH c AS (SELECT * FROM centre.credited_evidence), d AS (SELECT subject_id, competency_id, issued AS day FROM c UNION SELECT subject_id, competency_id, ends FROM c WHERE ends IS NOT NULL),
l AS (SELECT d.*, (SELECT coalesce(max(c.level), 0) FROM centre.credited_evidence c WHERE c.subject_id = d.subject_id AND c.competency_id = d.competency_id AND c.issued <= d.day AND coalesce(c.ends > d.day, true)) AS level FROM d),
s AS (SELECT l.*, level - lag(level, 1, 0) OVER (PARTITION BY subject_id, competency_id ORDER BY day) AS change FROM l)
SELECT count(*) || chr(32) || sum(abs(change)) FROM s WHERE change <> 0
SQL

# Every step of tick() six times in one connection; what there is to do is done by the first, so none may grow.
for my $step (split /\n/, sql($db, 'SELECT step FROM centre.tick_job WHERE items IS NULL ORDER BY place')) {
    sql($db, join '', map { "SELECT public.measure('$step', $_, \$\$SELECT centre.tick_round('$step')\$\$);\n" } 1 .. 6);
    my ($one, $six) = split /\|/, sql($db, "SELECT max(ms) FILTER (WHERE call = 1), max(ms) FILTER (WHERE call = 6) FROM public.took WHERE step = '$step'");
    cmp_ok($six, '<', 2 * $one + 20, "step $step: the sixth call costs no more than the first");
}

# No view of the layer goes through a CTE once for every row of another.
my $walks = sql($db, <<'SQL');
CREATE FUNCTION pg_temp.walks(plan jsonb) RETURNS boolean LANGUAGE sql AS $$
  WITH RECURSIVE node (n) AS (SELECT plan UNION ALL SELECT p FROM node, jsonb_array_elements(CASE jsonb_typeof(n -> 'Plans') WHEN 'array' THEN n -> 'Plans' ELSE '[]' END) AS p),
  inner_node (n) AS (SELECT n FROM node WHERE n ->> 'Parent Relationship' = 'SubPlan' AND n ->> 'Subplan Name' NOT LIKE 'CTE %' AND n::text LIKE '%CTE Scan%')
  SELECT EXISTS (SELECT FROM inner_node i WHERE i.n::text ~ '"Filter": "[^"]*(= [a-z0-9_]+[.][a-z_]+|[.][a-z_]+ =)') $$;
DO $$
DECLARE v record; plan json;
BEGIN
  CREATE TEMP TABLE walk (name text);
  FOR v IN SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) LOOP
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT * FROM ' || v.name INTO plan;
    IF pg_temp.walks((plan -> 0 -> 'Plan')::jsonb) THEN INSERT INTO walk VALUES (v.name); END IF;
  END LOOP;
END $$;
CREATE VIEW public.bad AS WITH e AS MATERIALIZED (SELECT * FROM centre.evidence) SELECT a.subject_id, (SELECT max(e.level) FROM e WHERE e.subject_id = a.subject_id) AS level FROM e AS a;
CREATE FUNCTION pg_temp.bad() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT JSON) SELECT * FROM public.bad' INTO plan; RETURN pg_temp.walks((plan -> 0 -> 'Plan')::jsonb); END $$;
SELECT coalesce(string_agg(name, ' '), '') || '/' || pg_temp.bad() FROM walk;
SQL
is($walks, '/true', 'no view goes through a CTE for every row, and the hunt would see one');

# Arrays of unknown length in steps of tick(): a generic plan goes through them for every row, so such a function is planned anew by each call.
my $generic = sql($db, <<'SQL');
WITH RECURSIVE called AS (
  SELECT p.oid FROM centre.tick_job j JOIN pg_proc p ON p.oid = (SELECT f.oid FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE n.nspname || '.' || f.proname = j.routine LIMIT 1)
  UNION SELECT f.oid FROM called c JOIN pg_proc p ON p.oid = c.oid JOIN pg_proc f ON f.pronamespace = 'centre'::regnamespace AND p.prosrc ~ ('centre[.]' || f.proname || '\M'))
SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM called JOIN pg_proc p USING (oid) JOIN pg_language l ON l.oid = p.prolang
WHERE l.lanname = 'plpgsql' AND p.prosrc ~* '= any \(([a-z_]+)\)|_on\(day, changed\)' AND NOT coalesce(p.proconfig::text ~ 'plan_cache_mode=force_custom_plan', false);
SQL
diag("functions of tick() with = ANY (array) under a generic plan: $generic");
unlike($generic // '', qr/refresh_official_competencies/, 'the refresh is planned anew by each call');
done_testing;
