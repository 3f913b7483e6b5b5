# The examples of docs/competencies.md: each ```sql block runs, in order, in one
# session; the plain block behind it is what it prints.
use strict;
use warnings;
use Test::More;

open my $page, '<', 'docs/competencies.md' or die $!;
my $text = do { local $/; <$page> };
my @blocks;
while ($text =~ /^```(\w*)\n(.*?)^```$/msg)
{
	if ($1 eq 'sql') { push @blocks, { sql => $2 } }
	elsif (@blocks) { $blocks[-1]{expected} = $2 }
}

sub tidy { my @rows = map { join '|', map { s/^\s+|\s+$//gr } split /\|/, $_, -1 } grep { !/^[-+]+$/ && /\S/ } split /\n/, shift; return join "\n", @rows }

my $database = 'competency_docs';
system("psql -Xq -d postgres -c 'DROP DATABASE IF EXISTS $database' -c 'CREATE DATABASE $database'") == 0 or die;
open my $script, '>', "build/competency_docs.sql" or die $!;
print $script "\\pset footer off\n\\set ON_ERROR_STOP 1\nSET client_min_messages = warning;\n";
print $script "\\echo ==block==\n$_->{sql}\n" for @blocks;
close $script;
my $output = `psql -Xq -d $database -f build/competency_docs.sql 2>&1`;
my @printed = split /^==block==\n/m, $output;
shift @printed;
for my $i (0 .. $#blocks)
{
	my ($first) = $blocks[$i]{sql} =~ /\A(.*)/;
	is(tidy($printed[$i] // '(not reached)'), tidy($blocks[$i]{expected} // ''), "example: $first");
}
system("psql -Xq -d postgres -c 'DROP DATABASE $database'");
done_testing();
