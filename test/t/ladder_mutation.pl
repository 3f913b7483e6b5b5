# Mutated input of service_level and service_distribution: an error or a valid
# value, never a crash, and text and binary input agree on what is valid.
# 10,000 mutations of each of the four inputs, 200,000 with LONG=1.
use strict;
use warnings;
use Test::More;
use LadderTest;
use PgWire;

my $mutations = $ENV{LONG} ? 200_000 : 10_000;
my %samples = (
    service_level => [qw(hcf:basic hcf:limited..basic household_water:surface_water..safely_managed school:no_service)],
    service_distribution => ['hcf{}', 'hcf{basic=1}', 'school{no_service=12,limited..basic=345,advanced=9223372036854770000}',
        'household_water{surface_water..safely_managed=7,unimproved=8,basic..safely_managed=9}'],
);
# what a mutated value is pieced together from, beside random bytes
my @pieces = (qw(hcf school basic limited household_hygiene no_facility .. : { } = -1 9223372036854775807), ',', ' ', '', "\x7f", "\xc3\xa9", "\xe9");
# errors of input, none of them "cannot happen"
my %expected = map { $_ => 1 } qw(22P02 22023 22003 22P03 22021 08P01);

srand(20181);
my $wire = PgWire->new(new_database('ladder_mutation'));

# Change one place, seldom more: replace, insert or cut a byte or a piece.
sub mutate {
    my ($value, $binary) = @_;
    for (1 .. (1, 1, 1, 2, 4)[rand 5]) {
        my $at = int rand(1 + length $value);
        my $new = $pieces[rand @pieces];
        $new = chr(rand() < 0.7 ? int rand 8 : int rand 256) if $binary;
        $new = chr(48 + int rand 10) if !$binary && rand() < 0.5;
        substr($value, $at, int rand 3) = $new if $at <= length $value;
    }
    return $value;
}

for my $type (sort keys %samples) {
    my (%outcome, @wrong);
    my @texts = @{ $samples{$type} };
    my @binary = map { $wire->binary("SELECT encode(${type}_send('$_'), 'hex')") } @texts;
    $_ = pack('H*', $_) for @binary;
    for my $n (1 .. 2 * $mutations) {
        my $form = $n % 2 ? 'text' : 'binary';
        my $value = mutate($form eq 'text' ? $texts[rand @texts] : $binary[rand @binary], $form eq 'binary');
        # text goes in as the bytes of a text parameter
        my $cast = $form eq 'text' ? "\$1::text::$type" : "\$1::$type";
        my ($sent) = $wire->binary("SELECT encode(${type}_send($cast), 'hex')", $value);
        if (my $state = $wire->{sqlstate}) {
            $outcome{"$form error"}++;
            push @wrong, "$form " . unpack('H*', $value) . ": $state $wire->{error}" unless $expected{$state};
            next;
        }
        $outcome{"$form value"}++;
        # what was taken goes on its way without an error: out and in again it is the same value, in either form
        my ($same) = $wire->binary("SELECT encode(${type}_send(v::text::$type), 'hex') FROM (SELECT \$1::$type OFFSET 0) x (v)", pack('H*', $sent));
        push @wrong, "$form " . unpack('H*', $value) . ' became ' . ($same // $wire->{error})
            unless defined $same && $same eq $sent && ($form eq 'text' || $sent eq unpack('H*', $value));
    }
    is(scalar @wrong, 0, "$type: 2 x $mutations mutations give a valid value or an input error") or diag(join "\n", grep { defined } @wrong[0 .. 9]);
    ok($outcome{"$_ value"} && $outcome{"$_ error"}, "$type: $_: both happened (" . ($outcome{"$_ value"} // 0) . ' values)') for qw(text binary);
}

# every combination of the four bytes that can be near a valid level, and wrong lengths
my ($valid, $bad) = (0, 0);
for my $version (0, 1, 2, 255) {
    for my $ladder (0 .. 7, 128, 255) {
        for my $lowest (0 .. 6, 255) {
            for my $highest (0 .. 6, 255) {
                my ($level) = $wire->binary('SELECT $1::service_level', pack('C4', $version, $ladder, $lowest, $highest));
                defined $level ? $valid++ : $expected{ $wire->{sqlstate} } ? 1 : $bad++;
            }
        }
    }
}
is("$valid $bad", '56 0', 'binary input takes the 56 levels there are and no other bytes');
for my $length (0 .. 3, 5) {
    my @row = $wire->binary('SELECT $1::service_level', substr(pack('C5', 1, 1, 1, 2, 0), 0, $length));
    ok(!@row && $expected{ $wire->{sqlstate} }, "$length bytes are refused");
}
for my $counts ([ -1, 0 ], [ '9223372036854775807', 1 ], [ '-9223372036854775808', 0 ]) {
    my @row = $wire->binary('SELECT $1::service_distribution', pack('C2 q>6', 1, 4, @$counts, 0, 0, 0, 0));
    ok(!@row && $expected{ $wire->{sqlstate} }, "counts @$counts are refused");
}
is(($wire->binary('SELECT 1'))[0], '1', 'the server is still there');
done_testing();
