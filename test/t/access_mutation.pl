# Mutated input of access_code, as text and as binary: an error of input or a
# valid value that goes out and in again unchanged in either form, never a
# crash.  10,000 mutations of each, 200,000 with LONG=1.
use strict;
use warnings;
use Test::More;
use LadderTest;
use PgWire;

my $mutations = $ENV{LONG} ? 200_000 : 10_000;
my @texts = (
    'green work=green health=green residency=green fail={} unknown={} valid_until=infinity ruleset=0',
    'red work=- health=red residency=yellow fail={0,63} unknown={1} valid_until=2021-09-28T00:00:00.000001Z ruleset=2147483647',
    'yellow work=yellow health=grey residency=- fail={5} unknown={} valid_until=2021-09-28T08:00:00+08:00 ruleset=12 override',
    'grey work=grey health=- residency=- fail={} unknown={2} valid_until=@-211813488000000000 ruleset=12 lapsed');
my @pieces = ('green', ',', qw(yellow red grey - work= health= residency= fail={ unknown={ } { @ valid_until= ruleset= infinity -infinity override lapsed 64 2147483648 -1 9223372036854775807 9999-12-31T23:59:59Z), ' ', '', "\xe9");
# errors of input, none of them "cannot happen"
my %expected = map { $_ => 1 } qw(22P02 22P03 22021 08P01);

srand(20200602);
new_database('access_mutation');
my $wire = PgWire->new('access_mutation');
my @binary = map { pack('H*', ($wire->binary("SELECT encode(access_code_send('$_'), 'hex')"))[0]) } @texts;
is(scalar(grep { length == 33 } @binary), scalar @texts, 'a code is a version byte and 32 bytes');

sub mutated {
    my ($value, $binary) = @_;
    for (1 .. (1, 1, 1, 2, 3)[rand 5]) {
        my $at = int rand(1 + length $value);
        # most binary mutations keep the length: otherwise the length is all that is tested
        if ($binary && rand() < 0.9) { substr($value, $at, 1) = chr(rand() < 0.5 ? int rand 6 : int rand 256) if $at < length $value }
        elsif (rand() < 0.5) { substr($value, $at, 1) = int rand 10 if $at < length $value }
        else { substr($value, $at, int rand 12) = rand() < 0.3 ? chr(32 + int rand 95) : $pieces[rand @pieces] }
    }
    return $value;
}

for my $form (qw(text binary)) {
    my ($values, @wrong) = (0);
    my $cast = $form eq 'text' ? '$1::text::access_code' : '$1::access_code';
    for (1 .. $mutations) {
        my $value = mutated($form eq 'text' ? $texts[rand @texts] : $binary[rand @binary], $form eq 'binary');
        my ($sent, $again) = $wire->binary("SELECT encode(access_code_send(c), 'hex'), encode(access_code_send(c::text::access_code), 'hex') FROM (SELECT $cast OFFSET 0) AS x (c)", $value);
        if ($wire->{sqlstate}) {
            push @wrong, unpack('H*', $value) . ": $wire->{sqlstate} $wire->{error}" unless $expected{ $wire->{sqlstate} };
            next;
        }
        $values++;
        push @wrong, unpack('H*', $value) . " became $sent and $again" if $sent ne $again || ($form eq 'binary' && $sent ne unpack('H*', $value));
    }
    is(scalar @wrong, 0, "$form: $mutations mutations give a valid value or an error of input") or diag(join "\n", @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]);
    cmp_ok($values, '>', $mutations / 100, "$form: $values of them were values");
    cmp_ok($values, '<', $mutations * 0.95, "$form: not all were");
}

# every byte of a binary code at every value: what is taken comes out as it went in
my $wrong = 0;
for my $at (0 .. 32) {
    for my $byte (0 .. 255) {
        my $value = $binary[1];
        substr($value, $at, 1) = chr $byte;
        my ($sent) = $wire->binary("SELECT encode(access_code_send(\$1::access_code), 'hex')", $value);
        $wrong++ if $wire->{sqlstate} ? !$expected{ $wire->{sqlstate} } : $sent ne unpack('H*', $value);
    }
}
is($wrong, 0, 'each byte at each value is taken as it is, or refused');
for my $length (0 .. 32, 34) {
    $wire->binary('SELECT $1::access_code', substr("$binary[1]\0", 0, $length));
    $wrong++ unless $expected{ $wire->{sqlstate} // '' };
}
is($wrong, 0, 'another length is refused');
is(($wire->binary('SELECT 1'))[0], '1', 'the server is still there');
done_testing();
