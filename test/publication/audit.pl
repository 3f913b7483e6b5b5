# What a test of test/pgtap published, audited by shared/tools/audit_lp.py in the database where it has run: every dataset and measure as one
# system of all its cubes, releases and audiences.  Of a large system 40 secrets, with LONG=1 all.  tools/test runs this after each such test.
# Alone: tools/layer --copy x && psql -Xqd x -f test/pgtap/publication.sql && perl -Itest/t test/publication/audit.pl x publication
use strict;
use warnings;
use Civic;
use Test::More;

my ($db, $test) = @ARGV;
my $targets = $ENV{LONG} ? 0 : 40;
my $refusal = audit_refusal();
plan skip_all => $refusal if $refusal;

audit_tables($db, $targets, $test);
if ($test eq 'publication_attack_access') {
	# the audit is not blind: one cell more is shown than was released
	my $found = `/usr/bin/python3 $top/test/publication/tables.py $db $top/../shared/tools/audit_lp.py $targets --weakened`;
	my ($caught, $tried) = $found =~ /^(\d+) of (\d+) /;
	cmp_ok($caught // 0, '>=', 5, 'shown one more cell, a release is found wanting') or diag $found;
}
done_testing();
