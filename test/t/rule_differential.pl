# Random rulesets on random facts: evaluate() on arguments, evaluate_json(), the
# exported SQL and a slow evaluator of the JSON agree on outcome and masks.
# SEED=n repeats a run; LONG=1 tries 300 rulesets on 200 rows each.
use strict;
use warnings;
use Test::More;
use RandomRulesets;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
my ($rulesets, $rows) = $ENV{LONG} ? (300, 200) : (40, 25);
my $seed = $ENV{SEED} // 20201106;
srand $seed;

my $database = 'civic_rule_differential';
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
CREATE TABLE result (i int, arguments jsonb, json jsonb, sql jsonb, reference jsonb, whole text, facts text);
CREATE FUNCTION as_json(v verdict) RETURNS jsonb LANGUAGE sql AS
  'SELECT jsonb_build_object(''outcome'', outcome(v), ''fail'', fail_mask(v), ''unknown'', unknown_mask(v))';
DO \$\$
DECLARE rs record;
BEGIN
  FOR rs IN SELECT i, j, j::text::ruleset AS compiled FROM r LOOP
    EXECUTE format('INSERT INTO result
      SELECT \$1, as_json(v), as_json(w), s, ref_evaluate(\$2, clock, facts), CASE WHEN v IS DISTINCT FROM w THEN v || '' <> '' || w END, facts
      FROM (SELECT clock, evaluate(\$3, clock, $columns) v, evaluate_json(\$3, clock, to_jsonb(f)) w, %s AS s, to_jsonb(f) facts
            FROM f WHERE i = \$1) x', ruleset_sql(rs.compiled)) USING rs.i, rs.j, rs.compiled;
  END LOOP;
END \$\$;
SELECT count(*), count(*) FILTER (WHERE arguments <> json OR whole IS NOT NULL), count(*) FILTER (WHERE arguments <> sql),
       count(*) FILTER (WHERE arguments <> reference), count(*) FILTER (WHERE arguments->>'outcome' IS NULL),
       count(*) FILTER (WHERE arguments->>'unknown' <> '0'), count(DISTINCT arguments) FROM result;
SELECT i, arguments, json, sql, reference, whole, facts FROM result
WHERE arguments <> json OR arguments <> sql OR arguments <> reference OR whole IS NOT NULL LIMIT 3;
SQL
my ($counts, @examples) = psql($database, $script);
my ($total, $json, $sql, $reference, $open, $unknown, $different) = @$counts;
is $total, $rulesets * $rows, "$total decisions of $rulesets rulesets (seed $seed)";
is $json, 0, 'evaluate_json gives the same verdict';
is $sql, 0, 'the exported SQL gives the same outcome and masks';
is $reference, 0, 'the reference evaluator gives the same outcome and masks';
ok $open > $total / 50 && $open < $total / 2, "$open outcomes are open";
ok $unknown > $total / 10 && $different > $rulesets * 2, "$unknown decisions have unknown rules, $different are different";
diag join "\n", @$_ for @examples;
psql('postgres', "DROP DATABASE $database;");
done_testing;
