# The anonymity room's values from outside: binary form, mutated input, keys.
# Alone: tools/cluster run test -- perl -Itest/t test/t/anonymity_states.pl
# Each type's text and binary form are mutated 2,500 times, with LONG=1 30,000 times.
use strict;
use warnings;
no warnings 'portable';    # 64-bit constants
use Test::More;
use Digest::SHA qw(hmac_sha256);
use PgWire;

$ENV{PGHOST} or BAIL_OUT('run this on a cluster');
my $database = 'anonymity_states';
my $mutations = $ENV{LONG} ? 30_000 : 2_500;
srand(4242);

my $admin = PgWire->new('postgres', client_min_messages => 'warning');
$admin->binary("DROP DATABASE IF EXISTS $database WITH (FORCE)");
$admin->binary("CREATE DATABASE $database");
my $wire = PgWire->new($database, search_path => 'civic,public');
$wire->binary('CREATE EXTENSION pgcivic');

sub sql {
    my ($query, @parameters) = @_;
    my @row = $wire->binary($query, @parameters);
    die "$query: $wire->{error}\n" if $wire->{sqlstate};
    return wantarray ? @row : $row[0];
}

my %samples = (
    subject_set => ['{}', '{1,2,3}', '{-9223372036854775808,0,9223372036854775807}', '{' . join(',', map { $_ * 7919 } -40 .. 40) . '}'],
    subject_gate => ['5:{}', '3:{1,2}', '10000:reached', '40:{' . join(',', 1 .. 30) . '}'],
    subject_sums => ['{}', '{1:2500,2:-40}', '{0:-9223372036854775808,-7:9223372036854775807}', '{' . join(',', map { "$_:" . ($_ * $_ - 300) } -25 .. 25) . '}'],
    ptable => ['(5,3,2)', '(2,1,0)', '(10,8.5,4)'],
    suppression_problem => ['', '1 = 3 primary : 1 2', '-7 = 0 : 4; 1 = 9 required : 1 2 -3; 9 = 1 hidden singleton width 4 : 5'],
);
my @pieces = (qw({ } : - = ; primary width reached 9223372036854775807 9223372036854775808 10000 0 1e3 nan inf), ',', ' ', '(', ')', '', '.', "\xc3\xa9", "\xe9");
# errors of input; anything else, such as an internal error, is a fault
my %expected = map { $_ => 1 } qw(22P02 22003 22023 22P03 22021 08P01 54000);

# Change one place, seldom more: replace, insert or cut a byte or a piece.
sub mutate {
    my ($value, $binary) = @_;
    for (1 .. (1, 1, 1, 2, 5)[rand 5]) {
        my $new = $pieces[rand @pieces];
        $new = chr(rand() < 0.7 ? int rand 8 : int rand 256) if $binary;
        $new = chr(48 + int rand 10) if !$binary && rand() < 0.5;
        substr($value, int rand(1 + length $value), int rand 3, $new);
    }
    substr($value, int rand(1 + length $value)) = '' if rand() < 0.1;
    return $value;
}

my %ordered;

# What went wrong with one input, or undef; counts outcomes.
sub fault {
    my ($type, $form, $value, $outcome) = @_;
    my $cast = $form eq 'text' ? "\$1::text::$type" : "\$1::$type";
    # most of them have no order, only equality
    my $equal = $ordered{$type} ? "v::text::$type = v AND ${type}_cmp(v, v::text::$type) = 0" : "v::text::$type = v";
    my ($text, $same, $sent) = $wire->binary("SELECT v, $equal, ${type}_send(v) FROM (SELECT $cast OFFSET 0) AS x (v)", $value);
    if (my $state = $wire->{sqlstate}) {
        $outcome->{error}++;
        return $expected{$state} ? undef : "$state $wire->{error}";
    }
    $outcome->{value}++;
    return 'text form differs' if $same ne 't';
    return if $outcome->{value} % 3;
    my ($again) = $wire->binary("SELECT \$1::$type", pack('H*', substr($sent, 2)));
    return defined $again && $again eq $text ? undef : 'binary form differs';
}

%ordered = map { $_ => 1 } grep { sql("SELECT count(*) FROM pg_proc WHERE proname = '${_}_cmp'") } keys %samples;
for my $type (sort keys %samples) {
    my %source = (text => $samples{$type}, binary => [map { pack('H*', substr(sql("SELECT ${type}_send('$_')"), 2)) } @{ $samples{$type} }]);
    for my $n (0 .. $#{ $samples{$type} }) {
        is(sql("SELECT \$1::$type", $source{binary}[$n]), sql("SELECT '$samples{$type}[$n]'::$type"), "$type: binary round trip of sample $n");
    }
    for my $form (qw(text binary)) {
        my (%outcome, @faults);
        for (1 .. $mutations) {
            my $value = mutate($source{$form}[rand @{ $source{$form} }], $form eq 'binary');
            my $fault = fault($type, $form, $value, \%outcome);
            push @faults, unpack('H*', $value) . ": $fault" if defined $fault;
        }
        is(scalar @faults, 0, "$type: $mutations mutations of the $form form are values or input errors") or diag(join "\n", @faults[0 .. ($#faults < 9 ? $#faults : 9)]);
        ok($outcome{value} && $outcome{error}, "$type: $form: both happened ($outcome{value} values)");
    }
}

# binary forms that lie about themselves
my %lies = (
    'a version to come' => ['subject_set', pack('C N', 2, 0)],
    'more entries than bytes' => ['subject_set', pack('C N q>', 1, 2, 7)],
    'fewer entries than bytes' => ['subject_set', pack('C N q> q>', 1, 1, 7, 8)],
    'a negative number of entries' => ['subject_set', pack('C N', 1, 0xffffffff)],
    'a number of entries whose size overflows' => ['subject_sums', pack('C N q> q>', 1, 0x10000000, 7, 8)],
    'a threshold of 0' => ['subject_gate', pack('C N C N', 1, 0, 0, 0)],
    'a threshold above the limit' => ['subject_gate', pack('C N C N', 1, 10001, 0, 0)],
    'a flag that is neither 0 nor 1' => ['subject_gate', pack('C N C N', 1, 5, 2, 0)],
    'an infinite variance' => ['ptable', pack('C N d> N', 1, 5, 9**9**9, 2)],
);
for my $lie (sort keys %lies) {
    my ($type, $value) = @{ $lies{$lie} };
    $wire->binary("SELECT \$1::$type", $value);
    ok($expected{ $wire->{sqlstate} // '' }, "$type: $lie is refused");
}
is(sql('SELECT $1::subject_set', pack('C N q>3', 1, 3, 9, -9, 9)), '{-9,9}', 'binary entries in any order are aggregated');
is(sql('SELECT $1::subject_gate', pack('C N C N q>', 1, 1, 0, 1, 9)), '1:reached', 'so is a gate');

# keys: SipHash-2-4 after its published description, HMAC-SHA-256 by Digest::SHA
sub wrap_add { my $sum = do { use integer; $_[0] + $_[1] }; return $sum & ~0; }
sub rotate { my ($x, $bits) = @_; return (($x << $bits) & ~0) | ($x >> (64 - $bits)); }
sub sip_round {
    my ($v) = @_;
    for ([0, 1, 13, 32], [2, 3, 16, 0], [0, 3, 21, 0], [2, 1, 17, 32]) {
        my ($i, $j, $turn, $turn_sum) = @$_;
        $v->[$i] = wrap_add($v->[$i], $v->[$j]);
        $v->[$j] = rotate($v->[$j], $turn) ^ $v->[$i];
        $v->[$i] = rotate($v->[$i], $turn_sum) if $turn_sum;
    }
}
sub siphash {
    my ($key, $message) = @_;
    my ($k0, $k1) = unpack('Q<2', $key);
    my @v = ($k0 ^ 0x736f6d6570736575, $k1 ^ 0x646f72616e646f6d, $k0 ^ 0x6c7967656e657261, $k1 ^ 0x7465646279746573);
    my $padded = $message . "\0" x (7 - length($message) % 8) . chr(length($message) & 255);
    for my $word (unpack('Q<*', $padded)) {
        $v[3] ^= $word;
        sip_round(\@v) for 1 .. 2;
        $v[0] ^= $word;
    }
    $v[2] ^= 0xff;
    sip_round(\@v) for 1 .. 4;
    return $v[0] ^ $v[1] ^ $v[2] ^ $v[3];
}
my $vector_key = pack('C*', 0 .. 15);
is(sprintf('%016x', siphash($vector_key, pack('C*', 0 .. 14))), 'a129ca6149be45e5', 'the oracle gives the SipHash paper\'s value');
is(sprintf('%016x', siphash($vector_key, pack('C*', 0 .. 7))), '93f5f5799a932462', 'and that of eight bytes');
for my $salt (pack('C*', 0 .. 15), 'x' x 80, join('', map { chr int rand 256 } 1 .. 32)) {
    my $key = substr(hmac_sha256('pgcivic cell key 1', $salt), 0, 16);
    my @subjects = (0, 1, -1, 9223372036854775807, map { int(rand 2**53) - 2**52 } 1 .. 50);
    my $sum = 0;
    $sum = wrap_add($sum, siphash($key, pack('q<', $_))) for @subjects;
    is(sql(sprintf "SELECT cell_key('{%s}', '\\x%s')", join(',', @subjects), unpack('H*', $salt)), unpack('q', pack('Q', $sum)), 'a cell\'s key is the sum of its subjects\' SipHash');
    is(sql(sprintf "SELECT subject_key('%s', '\\x%s')", 'Thandi 42', unpack('H*', $salt)), unpack('q<', hmac_sha256('Thandi 42', $salt)), 'a pseudonym is HMAC-SHA-256');
}

is(sql('SELECT 1'), '1', 'the server is still there');
undef $wire;
$admin->binary("DROP DATABASE $database WITH (FORCE)");
done_testing();
