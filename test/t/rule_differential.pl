# Random rulesets on random facts: evaluate() on arguments, evaluate_json(), the
# exported SQL and a slow evaluator of the JSON agree on outcome and masks.
# SEED=n repeats a run; LONG=1 tries 300 rulesets on 200 rows each, or as many as RULESETS says, so that it may be run in parts.
use strict;
use warnings;
use Test::More;
use RandomRulesets;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
my ($rulesets, $rows) = $ENV{LONG} ? ($ENV{RULESETS} // 300, 200) : (32, 12);
my $seed = $ENV{SEED} // 20201106;
srand $seed;

my $database = "civic_rule_differential_$$";
psql('postgres', "SET client_min_messages = warning; DROP DATABASE IF EXISTS $database; CREATE DATABASE $database;");
my $script = "SET client_min_messages = warning; SET timezone = 'UTC'; CREATE EXTENSION pgcivic; SET search_path = public, civic;\n";
$script .= do { local $/; open my $in, '<:utf8', 'test/rule/reference.sql' or die $!; <$in> };
$script .= 'CREATE TABLE f (i int, ' . facts_table() . "); CREATE TABLE r (i int, j jsonb);\n";
for my $i (1 .. $rulesets) {
    my $text = json(random_ruleset(1 + int rand 12, 3));
    $script .= "INSERT INTO r VALUES ($i, \$j\$$text\$j\$);\n";
    $script .= "INSERT INTO f SELECT $i, v.* FROM (VALUES " . join(",\n", map { random_row() } 1 .. $rows) . ") v;\n";
}
my $columns = columns();
$script .= <<"SQL";
CREATE TABLE result (i int, arguments jsonb, json jsonb, sql jsonb, reference jsonb, whole text, facts text,
  outputs jsonb, sql_outputs jsonb, reference_outputs jsonb);
CREATE FUNCTION as_json(v verdict) RETURNS jsonb LANGUAGE sql AS
  'SELECT jsonb_build_object(''outcome'', outcome(v), ''fail'', fail_mask(v), ''unknown'', unknown_mask(v))';
-- Outputs as the reference gives them: each value read by its accessor.
CREATE FUNCTION typed(rs jsonb, o jsonb) RETURNS jsonb LANGUAGE sql AS \$\$
  SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('value', CASE type WHEN 'boolean' THEN to_jsonb(output_boolean(o, name)) WHEN 'date' THEN to_jsonb(output_date(o, name))
    WHEN 'timestamptz' THEN to_jsonb(output_instant(o, name)) WHEN 'text' THEN to_jsonb(output_text(o, name)) ELSE to_jsonb(output_number(o, name)) END)
    || CASE WHEN output_known(o, name) THEN '{}' ELSE '{"unknown": true}'::jsonb END), '{}')
  FROM jsonb_to_recordset(rs->'outputs') AS d (name text, type text) \$\$;
CREATE FUNCTION bare(rs jsonb, o jsonb) RETURNS jsonb LANGUAGE sql AS \$\$
  SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('value', ref_typed(o->>name, type))), '{}') FROM jsonb_to_recordset(rs->'outputs') AS d (name text, type text) \$\$;
CREATE FUNCTION without_unknown(o jsonb) RETURNS jsonb LANGUAGE sql AS \$\$
  SELECT coalesce(jsonb_object_agg(key, value - 'unknown'), '{}') FROM jsonb_each(o) \$\$;
DO \$\$
DECLARE rs record;
BEGIN
  FOR rs IN SELECT i, j, j::text::ruleset AS compiled FROM r LOOP
    EXECUTE format('INSERT INTO result
      SELECT \$1, as_json(v), as_json(w), s, r - ''outputs'', CASE WHEN v IS DISTINCT FROM w OR o <> oj THEN v || '' <> '' || w END, facts,
        typed(\$2, o), bare(\$2, sql_outputs), r->''outputs''
      FROM (SELECT clock, evaluate(\$3, clock, $columns) v, evaluate_json(\$3, clock, facts) w, outputs(\$3, clock, $columns) o, outputs_json(\$3, clock, facts) oj, sql - ''outputs'' s, sql->''outputs'' sql_outputs, facts, r
            FROM (SELECT f.*, %s AS sql, to_jsonb(f) facts FROM f WHERE i = \$1 OFFSET 0) f, LATERAL (SELECT ref_evaluate(\$2, clock, facts) AS r OFFSET 0) AS oracle) x', ruleset_sql(rs.compiled)) USING rs.i, rs.j, rs.compiled;
  END LOOP;
END \$\$;
SELECT count(*), count(*) FILTER (WHERE arguments <> json OR whole IS NOT NULL), count(*) FILTER (WHERE arguments <> sql),
       count(*) FILTER (WHERE arguments <> reference), count(*) FILTER (WHERE arguments->>'outcome' IS NULL),
       count(*) FILTER (WHERE arguments->>'unknown' <> '0'), count(DISTINCT arguments),
       count(*) FILTER (WHERE outputs <> reference_outputs), count(*) FILTER (WHERE without_unknown(outputs) <> sql_outputs),
       (SELECT count(*) FROM result, jsonb_each(outputs)), (SELECT count(*) FROM result, jsonb_each(outputs) AS e WHERE e.value->>'value' IS NOT NULL) FROM result;
SELECT i, arguments, json, sql, reference, whole, outputs, sql_outputs, reference_outputs, facts FROM result
WHERE arguments <> json OR arguments <> sql OR arguments <> reference OR whole IS NOT NULL OR outputs <> reference_outputs OR without_unknown(outputs) <> sql_outputs LIMIT 3;
SQL
my ($counts, @examples) = psql($database, $script);
my ($total, $json, $sql, $reference, $open, $unknown, $different, $wrong_outputs, $wrong_sql_outputs, $outputs, $valued) = @$counts;
is $total, $rulesets * $rows, "$total decisions of $rulesets rulesets (seed $seed)";
is $json, 0, 'evaluate_json gives the same verdict';
is $sql, 0, 'the exported SQL gives the same outcome and masks';
is $reference, 0, 'the reference evaluator gives the same outcome and masks';
ok $open > $total / 50 && $open < $total / 2, "$open outcomes are open";
ok $unknown > $total / 10 && $different > $rulesets * 2, "$unknown decisions have unknown rules, $different are different";
is $wrong_outputs, 0, "the reference evaluator gives the same $outputs outputs";
is $wrong_sql_outputs, 0, 'the exported SQL gives the same outputs';
ok $valued > $outputs / 4 && $valued < $outputs, "$valued of $outputs outputs have a value";
diag join "\n", @$_ for @examples;
psql('postgres', "DROP DATABASE $database;");
done_testing;
