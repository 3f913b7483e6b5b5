# The examples of docs/baselines.md run as they stand, in one session, and print what the page says:
# each block of sql is followed by a block of text.  UPDATE=1 writes what they print into the page.
use strict;
use warnings;
use Test::More;

my $file = 'docs/baselines.md';
my $db = 'civic_surveillance_docs';
my $mark = '=== next example ===';

open my $in, '<:utf8', $file or die "$file: $!";
my $page = do { local $/; <$in> };
close $in;
my @example = $page =~ /^```sql\n(.*?)^```\n/gms;

system('createdb', $db) == 0 or die 'createdb failed';
open my $psql, '|-:utf8', "psql -X -q -d $db >build/surveillance_docs.out 2>&1" or die "psql: $!";
print $psql "CREATE EXTENSION pgcivic;\nSET datestyle = 'ISO';\n";
print $psql "\\echo $mark\n$_" for @example;
close $psql;
system('dropdb', $db);
open my $out, '<:utf8', 'build/surveillance_docs.out' or die $!;
my (undef, @printed) = split /^\Q$mark\E\n/m, do { local $/; <$out> };
close $out;
s/[ \t]+$//gm, s/\s+\z/\n/ for @printed;

if ($ENV{UPDATE})
{
	my $i = 0;
	$page =~ s/(^```sql\n.*?^```\n)(?:```text\n.*?^```\n)?/$1 . "```text\n" . $printed[$i++] . "```\n"/gmse;
	open my $new, '>:utf8', $file or die "$file: $!";
	print $new $page;
	close $new;
}
my @expected = $page =~ /^```sql\n.*?^```\n```text\n(.*?)^```\n/gms;
cmp_ok(scalar @example, '>=', 15, 'the examples were found');
for my $i (0 .. $#example)
{
	my ($first) = $example[$i] =~ /^(.*)$/m;
	is($printed[$i], $expected[$i], $first);
}
done_testing();
