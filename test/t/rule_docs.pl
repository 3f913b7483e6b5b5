# The examples of docs/rules.md, in order and in one session: a statement that
# is followed by "-- result" gives it.
use strict;
use warnings;
use Test::More;
use RandomRulesets;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
my $database = 'civic_rule_docs';
psql('postgres', "SET client_min_messages = warning; DROP DATABASE IF EXISTS $database; CREATE DATABASE $database;");

my ($script, $inside, @expected) = ("SET timezone = 'UTC'; CREATE EXTENSION pgcivic;\n", 0);
open my $page, '<:utf8', 'docs/rules.md' or die "docs/rules.md: $!";
while (my $line = <$page>) {
    if ($line =~ /^```(\w*)/) { $inside = $1 eq 'sql'; next }
    next unless $inside;
    push @expected, $1 if $line =~ s/;\s*-- (.*?)\s*$/;\n\\echo \@END\n/;
    $script .= $line;
}
my $output = join "\n", map { join ' | ', @$_ } psql($database, $script);
my @results = split /^\@END$/m, $output, -1;
for my $n (0 .. $#expected) {
    my $result = join '; ', grep { length } split /\n/, $results[$n] // '';
    $result =~ s/ruleset=[0-9a-f]{16}/ruleset=RULESET/;
    $result =~ s/^\s+|\s+$//g;
    is $result, $expected[$n] =~ s/^\s+|\s+$//gr, 'example ' . ($n + 1);
}
cmp_ok scalar @expected, '>', 12, scalar(@expected) . ' examples';
psql('postgres', "DROP DATABASE $database;");
done_testing;
