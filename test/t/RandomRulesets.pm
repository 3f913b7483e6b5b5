package RandomRulesets;

# Random rulesets over a fixed list of facts, and random rows of those facts
# around instants at which something happens: boundaries to the microsecond,
# clocks that go back over midnight, days that do not exist.
use strict;
use warnings;
use JSON::PP;
use Exporter 'import';
our @EXPORT = qw(psql random_ruleset random_row random_instant @facts facts_table columns pick json);

my $json = JSON::PP->new->canonical->allow_nonref;
sub json { return $json->encode($_[0]) }
sub pick { return $_[rand @_] }

# Run a script in a database of our own; its rows, each a list of values.
sub psql {
    my ($database, $script) = @_;
    my $file = "/tmp/civic-rule-$$.sql";
    open my $out, '>:utf8', $file or die "$file: $!";
    print $out $script;
    close $out;
    open my $in, '-|:utf8', 'psql', '-XqAt', '-F', "\t", '-v', 'ON_ERROR_STOP=1', '-d', $database, '-f', $file
      or die "psql: $!";
    my @rows = map { chomp; [split /\t/, $_, -1] } <$in>;
    my $ok = close $in;
    unlink $file;
    die "psql failed\n" unless $ok;
    return @rows;
}

# name, SQL type
our @facts = (
    ['b1', 'boolean'], ['b2', 'boolean'], ['i1', 'smallint'], ['i2', 'integer'], ['i3', 'bigint'],
    ['n1', 'numeric'], ['f1', 'double precision'], ['g1', 'real'], ['t1', 'text'], ['t2', 'text'],
    ['d1', 'date'], ['d2', 'date'], ['z1', 'timestamptz'], ['z2', 'timestamptz'], ['z3', 'timestamptz'],
    ['l1', 'text[]'], ['l2', 'integer[]'], ['l3', 'timestamptz[]'], ['l4', 'numeric[]'],
    ['n2', 'numeric'], ['h1', 'time'],
);
my @zones = ('UTC', 'Asia/Singapore', 'Africa/Johannesburg', 'America/St_Johns', 'America/Sao_Paulo', 'Pacific/Apia');
my @texts = ('a', 'bb', 'ünï', "it's", '', 'dorm', 'x y');
my %null;     # what NULL means, by fact, in the ruleset being made
my @ids;      # of its rules so far
my @definitions;    # [name, type, facts it reads without a guard]

sub columns { return join ', ', map { $_->[0] } @facts }
sub facts_table { return 'clock timestamptz, ' . join ', ', map { "$_->[0] $_->[1]" } @facts }

# ---- expressions; each remembers the absent facts it reads without a guard ----

my %absent;    # facts to be guarded by the next guarded()

sub var {
    my ($name) = @_;
    $absent{$name} = 1 if $null{$name} eq 'absent';
    return { var => $name };
}

# A definition of a type, or nothing.
sub defined_as {
    my ($type) = @_;
    my @found = grep { $_->[1] eq $type } @definitions;
    return unless @found && rand() < 0.4;
    my $found = pick(@found);
    $absent{$_} = 1 for @{ $found->[2] };
    return { definition => $found->[0] };
}

sub fact_of { my ($type) = @_; return var(pick(map { $_->[0] } grep { $_->[0] =~ /^$type/ } @facts)) }
sub small { return int(rand 30) - 10 }

sub amount { return rand() < 0.6 ? small() * pick(1, 1, 30) : rand() < 0.5 ? var('i1') : { if => [condition(0), small(), small()] } }

sub integer {
    my ($depth) = @_;
    my $kind = rand;
    my $defined = defined_as('integer');
    return $defined if $defined;
    return fact_of('i') if $kind < 0.5 || $depth <= 0;
    return rand() < 0.5 ? { weekday => rand() < 0.5 ? [day($depth - 1)] : [instant($depth - 1), pick(@zones)] }
      : days($depth) if $kind < 0.6;
    return { pick('+', '-', '*') => [integer($depth - 1), rand() < 0.5 ? small() : integer($depth - 1)] } if $kind < 0.85;
    return { if => [condition($depth - 1), integer(0), rand() < 0.5 ? small() : integer(0)] };
}

# A decimal; some are made of integers.
sub decimal {
    my ($depth) = @_;
    my $kind = rand;
    my $defined = defined_as('numeric');
    return $defined if $defined;
    return fact_of('n') if $kind < 0.4 || $depth <= 0;
    return { '/' => [rand() < 0.5 ? decimal($depth - 1) : integer($depth - 1), rand() < 0.5 ? small() : rand() < 0.5 ? decimal($depth - 1) : integer($depth - 1)] } if $kind < 0.7;
    return { pick('+', '-', '*') => [decimal($depth - 1), rand() < 0.5 ? pick(0.5, 2, -1.25) : rand() < 0.5 ? integer($depth - 1) : decimal($depth - 1)] } if $kind < 0.9;
    return { '*' => [integer($depth - 1), pick(0.5, 1.25, -2.5)] };
}

sub days {
    my ($depth) = @_;
    return { daysBetween => rand() < 0.5 ? [day($depth - 1), day($depth - 1)] : [instant($depth - 1), instant($depth - 1), pick(@zones)] };
}

sub time_of_day {
    my ($depth) = @_;
    return rand() < 0.3 ? fact_of('h') : { time => [instant($depth - 1), pick(@zones)] };
}

sub instant {
    my ($depth) = @_;
    my $kind = rand;
    my $defined = defined_as('timestamptz');
    return $defined if $defined;
    return $kind < 0.25 ? { now => [] } : fact_of('z') if $kind < 0.65 || $depth <= 0;
    return { plusTime => [instant($depth - 1), amount(), pick(qw(second minute hour day day day month year))] } if $kind < 0.9;
    return { if => [condition($depth - 1), instant(0), instant(0)] };
}

sub day {
    my ($depth) = @_;
    my $kind = rand;
    return fact_of('d') if $kind < 0.4;
    return { day => [instant($depth - 1), pick(@zones)] } if $kind < 0.8 || $depth <= 0;
    return { plusTime => [day($depth - 1), amount(), pick(qw(day day month year))] };
}

sub compared {
    my ($operators, $first, $others) = @_;
    my @operands = ($first, $others->());
    push @operands, $others->() if rand() < 0.1;
    @operands = reverse @operands if rand() < 0.3;
    return { pick(@$operators) => \@operands };
}

sub equal { my ($a, $b) = @_; return { '===' => rand() < 0.5 ? [$a, $b] : [$b, $a] } }

my @order = ('<', '<=', '>', '>=');
my @time_order = ('before', 'after', 'not-before', 'not-after');

# What is asked of the elements of a list.
sub of_current {
    my ($list) = @_;
    my $current = { var => 'current' };
    my $condition =
        $list eq 'l1' ? (rand() < 0.5 ? equal($current, rand() < 0.5 ? pick(@texts) : fact_of('t')) : { in => [$current, [pick(@texts), pick(@texts)]] })
      : $list eq 'l4' ? compared(\@order, rand() < 0.5 ? $current : { pick('/', '-') => [$current, small()] }, sub { rand() < 0.6 ? pick(0, 1.5, 7) : decimal(0) })
      : $list eq 'l2' ? compared(\@order, rand() < 0.5 ? $current : { '*' => [$current, small()] }, sub { rand() < 0.6 ? small() : integer(0) })
      : compared(\@time_order, rand() < 0.5 ? $current : { plusTime => [$current, small(), pick(qw(hour day month))] }, sub { rand() < 0.7 ? { now => [] } : fact_of('z') });
    return rand() < 0.3 ? { pick('and', 'or') => [fact_of('b'), $condition] } : rand() < 0.2 ? { '!' => $condition } : $condition;
}

# A fact that is a list, or several facts: guards are for the former alone.
sub list_of {
    my ($list) = @_;
    return var($list) if rand() < 0.6;
    my %type = (l1 => 't', l2 => 'i', l3 => 'z', l4 => 'n');
    return { list => [map { { var => $_ } } (grep { /^$type{$list}/ && rand() < 0.8 } map { $_->[0] } @facts), $type{$list} . '1'] };
}

sub walk {
    my $list = pick('l1', 'l2', 'l3', 'l4');
    my $sum = { var => 'accumulator' };
    return { in => [$list eq 'l1' ? (rand() < 0.5 ? pick(@texts) : fact_of('t')) : $list eq 'l2' ? integer(1) : $list eq 'l4' ? decimal(1) : instant(1), list_of($list)] }
      if rand() < 0.2;
    return { pick('some', 'all') => [list_of($list), of_current($list)] } if rand() < 0.6;
    my $step = $list =~ /l[24]/ && rand() < 0.5 ? { pick('+', '+', $list eq 'l2' ? '*' : '-') => [$sum, { var => 'current' }] } : { if => [of_current($list), { '+' => [$sum, 1] }, $sum] };
    return compared(\@order, { reduce => [list_of($list), $step, rand() < 0.7 ? 0 : integer(0)] }, sub { small() });
}

sub atom {
    my ($depth) = @_;
    my $kind = int rand 19;
    my $defined = $kind % 3 ? undef : defined_as('boolean');
    return $defined if $defined;
    return fact_of('b') if $kind < 2;
    return { rule => pick(@ids) } if $kind == 2 && @ids;
    return compared(\@order, integer($depth), sub { rand() < 0.6 ? small() : integer($depth) }) if $kind == 3;
    return equal(fact_of(pick('n', 'f')), pick(0, 1.5, -2.25)) if $kind == 4 && rand() < 0.3;
    return compared(\@order, fact_of(pick('n', 'f', 'g')), sub { pick(0, 1.5, -2.25, 7) }) if $kind == 4;
    return rand() < 0.5 ? equal(fact_of('t'), pick(@texts)) : equal(var('t1'), var('t2')) if $kind == 5;
    return { in => [fact_of('t'), [map { pick(@texts) } 1 .. 1 + rand 4]] } if $kind == 6;
    return { in => [integer(1), [map { small() * pick(1, 1, 50) } 1 .. 1 + rand 5]] } if $kind == 7;
    return equal(day(1), rand() < 0.5 ? '2021-04-01' : day(1)) if $kind == 8;
    return equal(integer($depth), small()) if $kind == 9;
    return walk() if $kind == 13 || $kind == 14;
    return compared(\@order, decimal($depth), sub { rand() < 0.4 ? pick(0, 0.5, -3, 2.75) : rand() < 0.5 ? decimal($depth) : integer($depth) }) if $kind == 15;
    return rand() < 0.2 ? equal(time_of_day($depth), '08:00') : compared(\@time_order, time_of_day($depth), sub { rand() < 0.6 ? pick('00:00', '08:00', '16:00:00', '23:59:59.999999', '02:30') : time_of_day($depth) }) if $kind == 16;
    return compared(\@order, days($depth), sub { rand() < 0.8 ? small() * pick(1, 1, 10) : days($depth) }) if $kind == 18;
    return rand() < 0.3 ? { in => [integer(1), [1 .. 5]] } : compared(\@order, { weekday => [{ now => [] }, pick(@zones)] }, sub { pick(0 .. 8) }) if $kind == 17 && rand() < 0.5;
    return compared(\@time_order, day($depth), sub { rand() < 0.3 ? pick('2021-04-01', '2011-12-30', '2010-11-07') : day($depth) })
      if $kind == 10;
    return compared(\@time_order, instant($depth), sub { rand() < 0.2 ? pick('2021-04-01T00:00:00+08:00', '2011-12-30T10:00:00Z') : instant($depth) });
}

# Put present() of every absent fact that was read around the condition.
sub guarded {
    my ($make) = @_;
    my %outer = %absent;
    %absent = ();
    my $condition = $make->();
    my @present = map { { present => { var => $_ } } } sort keys %absent;
    %absent = %outer;
    return $condition unless @present;
    my $kind = rand;
    return { and => [rand() < 0.5 ? (@present, $condition) : ($condition, @present)] } if $kind < 0.5;
    return { or => [(map { { '!' => [$_] } } @present), $condition] } if $kind < 0.8;
    return { if => [{ and => \@present }, $condition, pick(JSON::PP::true, JSON::PP::false)] };
}

sub condition {
    my ($depth) = @_;
    my $kind = rand;
    return guarded(sub { atom($depth) }) if $kind < 0.35 || $depth <= 0;
    return { pick('and', 'or') => [map { condition($depth - 1) } 1 .. 2 + rand 2] } if $kind < 0.7;
    return { '!' => condition($depth - 1) } if $kind < 0.8;
    return { if => [map { condition($depth - 1) } 1 .. 3] } if $kind < 0.9;
    return equal(condition($depth - 1), condition($depth - 1)) if $kind < 0.95;
    my @absent = grep { $null{$_} eq 'absent' } sort keys %null;
    return @absent ? { present => { var => pick(@absent) } } : pick(JSON::PP::true, JSON::PP::false);
}

sub reference {
    my $kind = rand;
    return { severity => 'block' } if $kind < 0.3;
    return { group => 'g' } if $kind < 0.5;
    return { rule => pick(@ids) };
}

# What is called by a name; a condition is closed, a value leaves its guards to its users.
sub definition {
    my ($name) = @_;
    my $type = pick('boolean', 'boolean', 'integer', 'numeric', 'timestamptz');
    %absent = ();
    my $value = $type eq 'boolean' ? condition(2) : $type eq 'integer' ? { '+' => [integer(1), fact_of('i')] } : $type eq 'numeric' ? { '+' => [decimal(1), fact_of('n')] } : instant(2);
    push @definitions, [$name, $type, [sort keys %absent]];
    %absent = ();
    return { name => $name, value => $value };
}

# What stands beside the outcome; the value may rely on "when".
sub output {
    my ($name) = @_;
    my $type = pick(qw(boolean integer numeric date timestamptz text));
    my $output = { name => $name, type => $type };
    %absent = ();
    $output->{value} = $type eq 'boolean' ? (rand() < 0.5 ? reference() : condition(2)) : $type eq 'integer' ? integer(2) : $type eq 'numeric' ? decimal(2) : $type eq 'date' ? day(2)
      : $type eq 'text' ? { if => [condition(2), 'a', { if => [condition(1), 'b', 'c'] }] } : instant(2);
    $output->{values} = ['a', 'b', 'c'] if $type eq 'text';
    my @guards = map { { present => { var => $_ } } } sort keys %absent;
    push @guards, condition(1) if rand() < 0.4;
    $output->{when} = @guards > 1 ? { and => \@guards } : $guards[0] if @guards;
    return $output;
}

sub random_ruleset {
    my ($rules, $depth) = @_;
    %null = map { $_->[0] => pick('absent', 'unknown', 'unknown') } @facts;
    @ids = ();
    @definitions = ();
    my @defined = map { definition("x$_") } 1 .. int rand 5;
    my (@rules, @outcomes);
    for my $i (1 .. $rules) {
        my $rule = { id => "r$i", assert => condition($depth), on_unknown => pick(qw(unknown unknown fail pass)),
            severity => $i == 1 ? 'block' : pick(qw(block warn)), $i == 1 || rand() < 0.3 ? (group => 'g') : () };
        $rule->{when} = condition(1) if rand() < 0.3;
        push @rules, $rule;
        push @ids, "r$i";
    }
    for (1 .. 1 + rand 4) {
        my $condition = rand() < 0.5 ? reference() : condition(1);
        push @outcomes, { if => rand() < 0.3 ? { '!' => $condition } : $condition, outcome => pick(qw(red yellow green)) };
    }
    push @outcomes, { outcome => pick(qw(red green grey)) };
    my @outputs = map { output("o$_") } 1 .. int rand 4;
    return { name => 'random', definitions => \@defined, outputs => \@outputs, rules => \@rules, outcomes => \@outcomes,
        facts => [map { { name => $_->[0], type => $_->[1], null => $null{ $_->[0] } } } @facts] };
}

# ---- facts ----

my @instants = ('2021-04-01 00:00:00+08', '2021-03-31 15:59:59.999999+00', '2010-11-07 02:31:00+00', '2010-11-07 02:30:59.999999+00',
    '2011-12-30 09:59:59.999999+00', '2011-12-30 10:00:00+00', '2018-02-18 01:59:59+00', '2018-02-18 03:00:00+00',
    '2020-02-29 12:00:00+00', '2020-01-31 23:30:00+00', '2021-12-31 23:59:59.5+00');

sub random_instant {
    return "(timestamptz '" . pick(@instants) . "' + interval '" . (rand() < 0.4 ? 0 : int(rand 200000) - 100000) . " seconds')";
}

sub random_offset {
    return pick(0, 0, 1, -1, 86400000000 * small(), 86400000000 * small() + pick(1, -1), int(rand(4e13)) - 2e13);
}

sub random_value {
    my ($type, $clock) = @_;
    return 'NULL' if rand() < 0.25;
    return 'ARRAY[' . join(', ', map { random_value(substr($type, 0, -2), $clock) } 1 .. rand 4) . ']' if $type =~ /\[\]$/;
    return pick('true', 'false') if $type eq 'boolean';
    return small() if $type eq 'smallint';
    return rand() < 0.1 ? pick('2147483647', "'-2147483648'") : small() if $type eq 'integer';
    return rand() < 0.2 ? pick("'9223372036854775807'", "'-9223372036854775808'", '4611686018427387904') : small() if $type eq 'bigint';
    return pick('0', '1.5', '1.50', "'-2.25'", '7', '1e30') if $type =~ /numeric|double|real/;
    return "'" . pick('00:00', '08:00', '15:59:59.999999', '02:30', '23:59:59') . "'" if $type eq 'time';
    return "'" . (pick(@texts) =~ s/'/''/gr) . "'" if $type eq 'text';
    return "'" . pick('infinity', '-infinity') . "'" if rand() < 0.04;
    return "(($clock)::timestamptz + interval '" . random_offset() . " microseconds')" if $type eq 'timestamptz';
    return "(($clock AT TIME ZONE '" . pick(@zones) . "')::date + " . small() . ')';
}

# (clock, facts...) as a SQL row
sub random_row {
    my $clock = random_instant();
    return "($clock, " . join(', ', map { random_value($_->[1], $clock) . "::$_->[1]" } @facts) . ')';
}

1;
