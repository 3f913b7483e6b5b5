# JsonLogic and CertLogic: random rules never crash and keep their promises, the
# examples of docs/rule-dialects.md are true, the public suites pass.
# SEED=n repeats a run; LONG=1 tries fifty times as many rules.
use strict;
use warnings;
use Test::More;
use JSON::PP;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl $0");
my $rules = $ENV{LONG} ? 200_000 : 4_000;
my $seed = $ENV{SEED} // 20211207;
srand $seed;
my $json = JSON::PP->new->allow_nonref->canonical;

# Run a script in a database of our own; its rows, each a list of values.
sub psql {
    my ($database, $script) = @_;
    my $file = "/tmp/civic-rule-dialect-$$.sql";
    open my $out, '>:utf8', $file or die "$file: $!";
    print $out $script;
    close $out;
    open my $in, '-|:utf8', 'psql', '-XqAt', '-F', "\t", '-v', 'ON_ERROR_STOP=1', '-d', $database, '-f', $file or die "psql: $!";
    my @rows = map { chomp; [split /\t/, $_, -1] } <$in>;
    my $ok = close $in;
    unlink $file;
    die "psql failed\n" unless $ok;
    return @rows;
}

# ---- random rules ----
my @jsonlogic = qw(var val exists missing missing_some if ?: and or ! !! ?? try throw preserve log == != === !== < <= > >= + - * / % max min cat substr map filter all some none reduce merge in);
my @certlogic = qw(var if and ! === in + < <= > >= before not-after after not-before plusTime dccDateOfBirth reduce extractFromUVCI);
my @numbers = (0, 1, -1, 2, 3, 7, 0.5, -2.25, 10, 1000000, '1e308', '-1.7976931348623157e308', '1e-300', '1e400', '12345678901234567890', '0.1', '1.0');
my @strings = ('', '0', '1', '-1.5', ' 7 ', '1e3', '1e309', '0x1', 'a', 'abc', 'ünïcödé', 'a.b', '.', '..', 'x', 'xs', 'xs.0', 'type', 'current', 'accumulator', 'index',
    '2021', '2021-02', '2020-02-29', '2021-06-01T12:00:00.5+2', '9999-12-31', '0000-01-01T00:00:00+1', '2021-02-30', 'day', 'month', 'year', 'hour', 'week', 'URN:UVCI:01:NL:1/2#3');

sub pick { return $_[rand @_] }
sub string { return $json->encode(pick(@strings)) }

sub value {
    my ($depth) = @_;
    my $kind = rand;
    return pick('null', 'true', 'false') if $kind < 0.2;
    return pick(@numbers) if $kind < 0.45;
    return string() if $kind < 0.7 || $depth <= 0;
    return '[' . join(',', map { value($depth - 1) } 1 .. rand 4) . ']' if $kind < 0.85;
    my %pairs = map { pick(@strings) => value($depth - 1) } 1 .. rand 4;
    return '{' . join(',', map { $json->encode($_) . ':' . $pairs{$_} } sort keys %pairs) . '}';
}

# A path that often leads somewhere in the data below.
sub path { return rand() < 0.7 ? $json->encode(pick('', 'x', 'xs', 'xs.0', 'x.a', 'current', 'accumulator', 'd', 'type')) : value(1) }

sub argument {
    my ($depth, @operators) = @_;
    return $depth > 0 && rand() < 0.6 ? rule($depth - 1, @operators) : value(1);
}

sub rule {
    my ($depth, @operators) = @_;
    my $op = rand() < 0.02 ? 'nonsense' : pick(@operators);
    my $name = $json->encode($op);
    return "{$name:" . argument($depth, @operators) . '}' if rand() < 0.05;
    return "{$name:" . path() . '}' if $op =~ /^(var|val|exists)$/ && rand() < 0.7;
    return "{$name:[" . argument($depth, @operators) . ',' . pick(-1, 0, 1, 30, 1e10, 0.5) . ',' . string() . ']}' if $op eq 'plusTime' && rand() < 0.9;
    return "{$name:[" . ($depth > 0 ? pick('{"var":"xs"}', '[1,2,3]', argument($depth, @operators)) : '[]') . ',' . join(',', map { argument($depth, @operators) } 1 .. 1 + rand 2) . ']}'
      if $op =~ /^(map|filter|all|some|none|reduce)$/ && rand() < 0.9;
    return "{$name:[" . join(',', map { argument($depth, @operators) } 1 .. rand 5) . ']}';
}

# Change a character or two of a rule: mostly no JSON, sometimes another rule.
sub mutated {
    my ($text) = @_;
    substr($text, rand length $text, 1) = pick(split //, '0123456789[]{},:"\\- aevN') for 0 .. rand 2;
    return $text;
}

sub copy_field { my ($text) = @_; $text =~ s/\\/\\\\/g; return $text }

my $data = '{"x": {"a": 1, "": 2}, "xs": [3, "2", null, {"a": [1]}], "d": "2021-06-01", "s": "text", "n": 1.5, "big": 1e400}';
my $rows = '';
for my $n (1 .. $rules) {
    my ($dialect, @operators) = $n % 2 ? ('jsonlogic', @jsonlogic) : ('certlogic', @certlogic);
    my $text = rule(1 + rand 4, @operators);
    $text = mutated($text) if rand() < 0.2;
    $rows .= join("\t", $n, $dialect, copy_field($text), copy_field(rand() < 0.8 ? $data : value(3))) . "\n";
}

my $database = "dialect_$$";
psql('postgres', "CREATE DATABASE $database;");
END { system('dropdb', '--if-exists', '--force', $database) if $database }

psql($database, <<"SQL");
CREATE EXTENSION pgcivic;
CREATE FUNCTION answer(dialect text, rule text, data jsonb, OUT result jsonb, OUT state text, OUT detail text) LANGUAGE plpgsql AS \$\$
BEGIN
  result := CASE dialect WHEN 'jsonlogic' THEN civic.jsonlogic(rule::jsonb, data) ELSE civic.certlogic(rule::jsonb, data) END;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
END \$\$;
CREATE FUNCTION is_json(rule text) RETURNS boolean LANGUAGE plpgsql AS \$\$
BEGIN
  PERFORM rule::jsonb;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END \$\$;
CREATE TABLE random_rule (n int PRIMARY KEY, dialect text, rule text, data jsonb);
COPY random_rule FROM stdin;
$rows\\.
CREATE TABLE first AS SELECT r.*, a.* FROM random_rule AS r, answer(dialect, rule, data) AS a WHERE is_json(rule);
SQL
pass("$rules random rules, seed $seed: the server is up");

# One number, 0 unless a promise is broken; the rule is named if so.
sub promise {
    my ($name, $condition) = @_;
    my @broken = psql($database, "SELECT n, dialect, left(rule, 300), state, detail FROM first WHERE $condition ORDER BY length(rule) LIMIT 3;");
    ok(!@broken, $name) or diag(map { join(' | ', @$_) . "\n" } @broken);
}

my ($total, $answered) = @{ (psql($database, 'SELECT count(*), count(result) FROM first;'))[0] };
ok($total > $rules * 0.8 && $answered > $total / 10, "of $total valid ones $answered have a result");
promise('only documented errors', "state NOT IN ('22000', '22023', '42883', 'P0001', '54000')");
promise('a detail with every error', "state IS NOT NULL AND detail = ''");
promise('the same answer in any order of rows', <<'SQL');
    EXISTS (SELECT FROM (SELECT r.n AS m, a.* FROM (SELECT * FROM random_rule ORDER BY md5(n::text)) AS r, answer(r.dialect, r.rule, r.data) AS a WHERE is_json(r.rule) OFFSET 0) AS again
            WHERE again.m = first.n AND (again.result, again.state) IS DISTINCT FROM (first.result, first.state))
SQL
promise('try always answers', <<'SQL');
    dialect = 'jsonlogic' AND state <> '54000' AND (answer('jsonlogic', format('{"try": [%s, "caught"]}', rule), data)).result IS DISTINCT FROM '"caught"'
SQL
promise('try changes nothing else', <<'SQL');
    dialect = 'jsonlogic' AND result IS NOT NULL AND (answer('jsonlogic', format('{"try": [%s, "caught"]}', rule), data)).result IS DISTINCT FROM result
SQL
promise('!! tells what if does', <<'SQL');
    dialect = 'jsonlogic' AND result IS NOT NULL AND (answer('jsonlogic', format('{"!!": [%s]}', rule), data)).result
    IS DISTINCT FROM (answer('jsonlogic', format('{"if": [%s, true, false]}', rule), data)).result
SQL
promise('a result is data: as data it is given back', "result IS NOT NULL AND civic.jsonlogic('{\"var\": \"\"}', result) IS DISTINCT FROM result");
promise('what the checker passes is never malformed', <<'SQL');
    dialect = 'certlogic' AND (state = '42883' OR detail LIKE '%has the wrong number or form%' OR detail LIKE 'The rule contains%')
    AND NOT EXISTS (SELECT FROM civic.certlogic_check(rule::jsonb))
SQL
my ($checked) = @{ (psql($database, "SELECT count(*) FROM first WHERE dialect = 'certlogic' AND NOT EXISTS (SELECT FROM civic.certlogic_check(rule::jsonb));"))[0] };
ok($checked > $total / 100, "$checked CertLogic rules passed the checker");

# ---- the examples of the page: each statement is followed by "-- its result" ----
open my $page, '<:utf8', 'docs/rule-dialects.md' or die "docs/rule-dialects.md: $!";
my ($inside, $statement, $examples) = (0, '', 0);
while (my $line = <$page>) {
    if ($line =~ /^```(\w*)/) { $inside = $1 eq 'sql'; next }
    next unless $inside;
    $statement .= $line;
    if ($line =~ /;\s*-- (.*?)\s*$/) {
        my $expected = $1;
        is(join('; ', map { join ' | ', @$_ } psql($database, $statement)), $expected, 'docs: ' . $statement =~ s/\s+/ /gr);
        $statement = '';
        $examples++;
    }
}
is($statement, '', 'every example says its result');
ok($examples > 10, "$examples examples");

# ---- the public suites ----
SKIP: {
    my $suites = '../shared/reference/rules';
    skip "no $suites", 1 unless -d $suites;
    skip 'no python3, which test/conformance/rules needs', 1 if system('python3 -c "" 2>/dev/null');
    my @lines = split /\n/, qx(test/conformance/rules $suites 2>&1);
    is($?, 0, 'public suites: ' . join ', ', grep { / all / } @lines) or diag(join "\n", @lines);
}

done_testing();
