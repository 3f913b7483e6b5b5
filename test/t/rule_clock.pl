# valid_until: a verdict holds, but for its expiry, at every earlier instant, and
# a single comparison flips exactly then.
# SEED=n repeats a run; LONG=1 tries a million (row, instant) pairs.
use strict;
use warnings;
use Test::More;
use RandomRulesets;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
my ($rulesets, $rows, $instants) = $ENV{LONG} ? (300, 100, 40) : (80, 20, 20);
my $seed = $ENV{SEED} // 20210429;
srand $seed;

my $database = "civic_rule_clock_$$";
psql('postgres', "SET client_min_messages = warning; DROP DATABASE IF EXISTS $database; CREATE DATABASE $database;");

# One comparison, each side of which moves with the clock or stands still.
sub single_comparison {
    my $days = int(rand 40) - 10;
    my $zone = pick('UTC', 'Asia/Singapore', 'America/St_Johns', 'America/Sao_Paulo', 'Pacific/Apia', 'Africa/Johannesburg');
    my $now = { now => [] };
    my $moving_day = { day => [rand() < 0.5 ? $now : { plusTime => [$now, $days, 'hour'] }, $zone] };
    my @sides = rand() < 0.5
      ? (rand() < 0.5 ? $now : { plusTime => [$now, $days, 'day'] }, rand() < 0.5 ? { var => 'z1' } : { plusTime => [{ var => 'z1' }, $days, pick('hour', 'day', 'month')] })
      : (rand() < 0.5 ? $moving_day : { plusTime => [$moving_day, $days, 'day'] }, rand() < 0.5 ? { var => 'd1' } : { plusTime => [{ var => 'd1' }, $days, pick('day', 'month')] });
    my @operators = ('before', 'after', 'not-before', 'not-after');
    my $kind = rand;
    if ($kind < 0.15) {
        @sides = ({ weekday => $moving_day }, rand() < 0.5 ? 1 + int rand 7 : { var => 'i2' });
    }
    elsif ($kind < 0.3) {
        @sides = ({ time => [rand() < 0.5 ? $now : { plusTime => [$now, $days, 'hour'] }, $zone] }, rand() < 0.5 ? { var => 'h1' } : pick('00:00', '00:00:00.000001', '02:30', '12:00', '23:59:59.999999'));
    }
    elsif ($kind < 0.5) {
        my $day = rand() < 0.5 ? { var => 'd1' } : { day => [{ var => 'z1' }, $zone] };
        my @days = rand() < 0.5 ? ($moving_day, $day) : ($day, $moving_day);
        @sides = ({ daysBetween => \@days }, rand() < 0.5 ? $days : { var => 'i2' });
    }
    @operators = ('<', '<=', '>', '>=') if $kind < 0.15 || ($kind >= 0.3 && $kind < 0.5);
    @sides = reverse @sides if rand() < 0.5;
    my $condition = { pick(@operators) => \@sides };
    $condition = { '!' => $condition } if rand() < 0.3;
    return { name => 'single', facts => [map { { name => $_->[0], type => $_->[1], null => 'unknown' } } @facts],
        rules => [{ id => 'r', assert => $condition }], outcomes => [{ outcome => 'x' }] };
}

my $script = "SET client_min_messages = warning; CREATE EXTENSION pgcivic; SET search_path = public, civic;\n";
$script .= 'CREATE TABLE f (i int, ' . facts_table() . "); CREATE TABLE r (i int, single boolean, body ruleset);\n";
for my $i (1 .. $rulesets) {
    my $single = $i % 2;
    my $text = json($single ? single_comparison() : random_ruleset(1 + int rand 6, 3));
    $script .= "INSERT INTO r VALUES ($i, $single <> 0, \$j\$$text\$j\$);\n";
    $script .= "INSERT INTO f SELECT $i, v.* FROM (VALUES " . join(",\n", map { random_row() } 1 .. $rows) . ") v;\n";
}
my $columns = columns();
my $fraction = $seed / 1e8;

# Instants before valid_until: mostly close to either end, and the last one.
$script .= <<"SQL";
SELECT setseed($fraction) \\g /dev/null
CREATE FUNCTION same(a verdict, b verdict) RETURNS boolean LANGUAGE sql IMMUTABLE AS
  'SELECT (outcome(a), fail_mask(a), unknown_mask(a)) IS NOT DISTINCT FROM (outcome(b), fail_mask(b), unknown_mask(b))';
CREATE TABLE v AS SELECT r.single, r.body, f.*, evaluate(body, clock, $columns) AS verdict FROM f JOIN r USING (i);
CREATE TABLE pair AS
SELECT v.single, v.body, v.verdict, t, evaluate(body, t, $columns) AS later
FROM v, generate_series(1, $instants) AS n,
  LATERAL (SELECT LEAST(valid_until(verdict) - interval '1 microsecond', clock + CASE n % 4
      WHEN 0 THEN interval '100 years'
      WHEN 1 THEN random() * interval '3 days'
      WHEN 2 THEN random() * interval '60 days'
      ELSE random() * (LEAST(valid_until(verdict), clock + interval '3 years') - clock) END) AS t) AS instant;
SELECT count(*), count(*) FILTER (WHERE NOT same(verdict, later)) FROM pair;
SELECT count(*), count(*) FILTER (WHERE same(verdict, evaluate(body, valid_until(verdict), $columns))),
       count(*) FILTER (WHERE NOT same(verdict, evaluate(body, valid_until(verdict) - interval '1 microsecond', $columns)))
FROM v WHERE single AND valid_until(verdict) < 'infinity' AND valid_until(verdict) > clock;
SELECT count(*), count(*) FILTER (WHERE valid_until(verdict) = 'infinity'), count(*) FILTER (WHERE valid_until(verdict) <= clock) FROM v;
SELECT count(*), count(*) FILTER (WHERE NOT same(verdict, evaluate(body, valid_until(verdict), $columns)))
FROM v WHERE NOT single AND valid_until(verdict) < 'infinity';
CREATE TABLE output_pair AS
SELECT body, clock, to_jsonb(v) - 'body' - 'verdict' - 'outputs' AS facts, t, o.key, o.value, outputs(body, t, $columns)->o.key AS later
FROM (SELECT v.*, outputs(body, clock, $columns) AS outputs FROM v WHERE NOT single OFFSET 0) AS v, jsonb_each(outputs) AS o, generate_series(1, $instants / 4) AS n,
  LATERAL (SELECT LEAST(output_valid_until(outputs, o.key) - interval '1 microsecond', clock + CASE n % 4
      WHEN 0 THEN interval '100 years'
      WHEN 1 THEN random() * interval '3 days'
      WHEN 2 THEN random() * interval '60 days'
      ELSE random() * (LEAST(output_valid_until(outputs, o.key), clock + interval '3 years') - clock) END) AS t) AS instant;
SELECT count(*), count(*) FILTER (WHERE (value - 'valid_until') <> (later - 'valid_until')), count(*) FILTER (WHERE output_valid_until(jsonb_build_object('x', value), 'x') <= clock) FROM output_pair;
SELECT body, verdict, t, later FROM pair WHERE NOT same(verdict, later) LIMIT 3;
SELECT value, later, t, facts, (SELECT d FROM jsonb_array_elements(body::text::jsonb->'outputs') AS d WHERE d->>'name' = key), body::text::jsonb->'definitions' FROM output_pair WHERE (value - 'valid_until') <> (later - 'valid_until') LIMIT 3;
SELECT body, v.* FROM v WHERE single AND valid_until(verdict) < 'infinity' AND same(verdict, evaluate(body, valid_until(verdict), $columns)) LIMIT 3;
SQL
my ($pairs, $single, $all, $mixed, $outputs, @examples) = psql($database, $script);
is $pairs->[1], 0, "no verdict of $pairs->[0] (row, instant) pairs changes before its valid_until (seed $seed)";
is $single->[1], 0, "each of $single->[0] single comparisons flips at its valid_until";
is $single->[2], 0, '... and not a microsecond before';
is $all->[2], 0, 'valid_until lies after the clock';
ok $all->[1] > 0 && $all->[1] < $all->[0], "$all->[1] of $all->[0] verdicts hold for ever";
is $outputs->[1], 0, "no output of $outputs->[0] (output, instant) pairs changes before its valid_until";
is $outputs->[2], 0, '... which lies after the clock';
note sprintf '%d of %d verdicts of whole rulesets change at their valid_until; the others are early wake-ups', $mixed->[1], $mixed->[0];
diag join "\n", @$_ for @examples;
psql('postgres', "DROP DATABASE $database;");
done_testing;
