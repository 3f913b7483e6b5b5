# The examples of docs/ladders.md run as they stand, in one session, and print
# what the page says: a block of sql, and what follows it as a block of text.
use strict;
use warnings;
use Test::More;
use LadderTest;

open my $page, '<:utf8', 'docs/ladders.md' or die "docs/ladders.md: $!";
my @blocks = do { local $/; <$page> } =~ /^```sql\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/gms;
new_database('ladder_docs');
delete $ENV{PGOPTIONS};

my $script = "/tmp/civic-ladder-docs-$$.sql";
open my $out, '>:utf8', $script or die "$script: $!";
for (my $i = 0; $i < @blocks; $i += 2) { print $out "\\echo === $i\n$blocks[$i]"; }
close $out;
# errors are part of the page, so they stay where they happen in the output
open my $in, '-|:utf8', "stdbuf -oL psql -Xq <$script 2>&1" or die "psql: $!";
my %printed = do { local $/; <$in> } =~ /^=== (\d+)\n(.*?)(?==== \d+\n|\z)/gms;
close $in;
unlink $script;

for (my $i = 0; $i < @blocks; $i += 2) {
    my ($first) = $blocks[$i] =~ /^(.*)$/m;
    my ($printed, $expected) = map { s/\s+$//r =~ s/[ \t]+$//gmr } $printed{$i} // 'nothing', $blocks[ $i + 1 ] // '';
    is($printed, $expected, "example: $first");
}
cmp_ok(scalar @blocks / 2, '>', 10, 'the examples were found');
done_testing();
