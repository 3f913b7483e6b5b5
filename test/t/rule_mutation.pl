# Mutated rulesets and verdicts, as text and as binary: an error of input or a
# valid value, which reads back the same and can be evaluated.
# SEED=n repeats a run; LONG=1 tries 200,000 and more.
use strict;
use warnings;
use Test::More;
use PgWire;
use RandomRulesets;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
my $mutations = $ENV{LONG} ? 55_000 : 1_500;    # of each form of each type
my $seed = $ENV{SEED} // 20200709;
srand $seed;

my $database = 'civic_rule_mutation';
my $admin = PgWire->new('postgres', client_min_messages => 'warning');
$admin->binary("DROP DATABASE IF EXISTS $database WITH (FORCE)");
$admin->binary("CREATE DATABASE $database");
my $wire = PgWire->new($database, search_path => 'civic,public', statement_timeout => '20s');
$wire->binary('CREATE EXTENSION pgcivic');

# Of input, of limits, of JSON facts that are of another type now; anything else is a fault.
my %expected = map { $_ => 1 } qw(22P02 22P03 22P05 22003 22021 22023 08P01 54000 54001 22008 22007);

# What mutations put in: the words of the language, and what breaks parsers.
my @pieces = ((map { "\"$_\"" } qw(var now day plusTime and or ! if in === < before some all reduce current accumulator l2 present rule group severity assert when b1 i1 z1 t1
        absent unknown UTC Asia/Singapore text integer date timestamptz boolean year r1 red name id facts rules outcomes)),
    qw({ } [ ] : null true false 0 -1 1e400 9223372036854775808 -9223372036854775808 0.1 {"now":[]} {"var":"b1"} {"var":"z1"} {"var":"i3"}
    "infinity" "2021-02-30" "2021-04-01" "9999-12-31T23:59:59.999999-15:59" "\ud800" "\u0000"), ',', '"', '\\', "\xc3\xa9", "\xff", '',
    '[' x 3000, '{"!":' x 200, 'x' x 70000);

my @sorts = (
    [qr/-?\b\d+\b/, 0, 1, -1, 7, 400, '9223372036854775807', '-9223372036854775808', 2147483648],
    [qr/"(?:and|or)"/, '"and"', '"or"'],
    [qr/"(?:<|<=|>|>=)"/, '"<"', '"<="', '">"', '">="'],
    [qr/"(?:before|after|not-before|not-after)"/, '"before"', '"after"', '"not-before"', '"not-after"'],
    [qr/"(?:second|minute|hour|day|month|year)"(?=\])/, map { "\"$_\"" } qw(second minute hour day month year)],
    [qr/"i\d"/, '"i1"', '"i2"', '"i3"'], [qr/"z\d"/, '"z1"', '"z2"', '"z3"'], [qr/"d\d"/, '"d1"', '"d2"'],
    [qr/"(?:\+|-|\*)"/, '"+"', '"-"', '"*"'], [qr/"on_unknown":"\w+"/, map { "\"on_unknown\":\"$_\"" } qw(fail pass unknown)],
    [qr/"(?:red|yellow|green|grey)"/, '"red"', '"a.b-c"', '"x"'],
);

sub mutate {
    my ($value, $words) = @_;
    for (1 .. (1, 1, 1, 2, 4)[rand 5]) {
        my $kind = rand;
        if ($words && rand() < 0.5) {
            # put a word of the same sort in the place of one: often valid still
            my $sort = $sorts[rand @sorts];
            my @starts;
            push @starts, [$-[0], $+[0] - $-[0]] while $value =~ /$sort->[0]/g;
            my $at = $starts[rand @starts] or next;
            substr($value, $at->[0], $at->[1]) = $sort->[1 + int rand $#$sort];
        }
        elsif ($words && $kind < 0.6) {
            # put another word in the place of one
            my @starts;
            push @starts, [$-[0], $+[0] - $-[0]] while $value =~ /"[^"]*"|-?\d+|true|false|null|[][{}:,]/g;
            my $at = $starts[rand @starts] or next;
            substr($value, $at->[0], $at->[1]) = $pieces[rand(rand() < 0.02 ? @pieces : @pieces - 3)];
        }
        elsif ($kind < 0.8) { substr($value, int rand(1 + length $value), int rand 3) = chr int rand 256 }
        elsif ($kind < 0.9) { my $from = int rand(1 + length $value); substr($value, int rand(1 + length $value), 0) = substr $value, $from, int rand 80 }
        else { substr($value, int rand(1 + length $value), int rand 40) = '' }
    }
    return $value;
}

# What is wrong with one input, or undef; counts what came of it.
sub fault {
    my ($type, $binary, $value, $count) = @_;
    my $cast = $binary ? "\$1::$type" : "\$1::text::$type";
    my $evaluate = $type eq 'ruleset' ? ", outcome(evaluate_json(v, '2021-04-01T00:00:00Z', '{\"b1\": true, \"i1\": 3, \"z1\": \"2021-03-20T00:00:00Z\", \"d1\": \"2021-03-20\", \"t1\": \"a\"}')), length(ruleset_sql(v))" : '';
    my ($text, $same, $sent) = $wire->binary("SELECT v, v::text::$type = v, ${type}_send(v)$evaluate FROM (SELECT $cast OFFSET 0) AS x (v)", $value);
    if (my $state = $wire->{sqlstate}) {
        $count->{error}++;
        return $expected{$state} ? undef : "$state $wire->{error}";
    }
    $count->{value}++;
    return 'its text reads as another value' if $same ne 't';
    my ($again) = $wire->binary("SELECT \$1::$type", pack 'H*', substr $sent, 2);
    return defined $again && $again eq $text ? undef : 'its binary form reads as another value';
}

my @rulesets = map { json(random_ruleset(1 + int rand 4, 2)) } 1 .. 40;
utf8::encode($_) for @rulesets;
my @verdicts = (
    'red possible={0} fail={1,4} unknown={} valid_until=infinity ruleset=9f86d081884c7d65',
    '? possible={0,63} fail={} unknown={0,2,63} valid_until=2021-04-09T18:00:50.693799Z ruleset=0000000000000000',
    'a-b_c.d possible={7} fail={} unknown={} valid_until=@9223371331199999999 ruleset=ffffffffffffffff');
my %samples = (ruleset => \@rulesets, verdict => \@verdicts);

for my $type (sort keys %samples) {
    for my $binary (0, 1) {
        my @sources = @{ $samples{$type} };
        @sources = map { pack 'H*', substr((($wire->binary("SELECT ${type}_send(\$1::text::$type)", $_))[0]), 2) } @sources if $binary;
        my (%count, @faults);
        for (1 .. $mutations) {
            my $value = mutate($sources[rand @sources], $type eq 'ruleset');
            my $fault = fault($type, $binary, $value, \%count);
            push @faults, "$fault: " . substr $value, 0, 2000 if defined $fault;
        }
        my $form = $binary ? 'binary' : 'text';
        is scalar @faults, 0, "$type: $mutations mutations of its $form form (seed $seed)" or diag join "\n", @faults[0 .. ($#faults < 3 ? $#faults : 3)];
        ok $count{value} && $count{error}, "$type: $form: both happened ($count{value} values)";
    }
}

# The deepest and the widest that a text may ask for
my $deep = '{"var":"b"}';
$deep = "{\"!\":[$deep]}" for 1 .. 60;
my $wide = join ',', map { "{\"===\":[{\"var\":\"i\"},$_]}" } 1 .. 20_000;
my $frame = '{"name":"x","facts":[{"name":"b","type":"boolean","null":"unknown"},{"name":"i","type":"integer","null":"unknown"}],"rules":[{"id":"r","assert":%s}],"outcomes":[{"outcome":"x"}]}';
my $double = '{"var":"b"}';
$double = "{\"===\":[{\"===\":[$double,{\"var\":\"b\"}]},{\"===\":[{\"var\":\"b\"},$double]}]}" for 1 .. 12;
for my $case (['60 levels', $deep, undef], ['20,000 members', "{\"or\":[$wide]}", undef],
    ['70 levels', "{\"!\":[{\"!\":[" x 5 . $deep . ']}]}' x 5, '22P02'],
    ['a program that doubles at every level', $double, '54000']) {
    my ($name, $condition, $state) = @$case;
    $wire->binary('SELECT $1::text::ruleset', sprintf $frame, $condition);
    is $wire->{sqlstate}, $state, $name . ($state ? " is refused: $state" : ' is taken');
}

undef $wire;
$admin->binary("DROP DATABASE $database WITH (FORCE)");
done_testing;
