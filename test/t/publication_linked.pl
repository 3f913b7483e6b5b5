# Random sites, each audited as one linked problem over all measures of the same persons, cubes, audiences and releases.
# Alone: tools/cluster run test -- perl -Itest/t test/t/publication_linked.pl       (LONG=1: 500 sites)
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_linked';
plan skip_all => 'the audit needs python3-scipy' if system('/usr/bin/python3', '-c', 'import scipy');
layer($db);
system("psql -Xq -v ON_ERROR_STOP=1 -d $db -f $top/test/fixtures/linked.sql") == 0 or BAIL_OUT('no areas');
my $sites = $ENV{LONG} ? 500 : 8;
for my $said (split /\n/, `/usr/bin/python3 $top/test/publication/linked.py $db 1 $sites 2>&1`) {
    if ($said =~ /^(not )?ok - (.*)/) { ok(!$1, $2) }
    else { diag($said) }
}
is($?, 0, 'the audit ends well');
# the audit is not blind: as if measures of the same persons had nothing to do with each other
my ($caught) = `/usr/bin/python3 $top/test/publication/linked.py $db 11 5 --weakened` =~ /^(\d+) of 5 /;
cmp_ok($caught // 0, '>=', 2, 'published apart, measures of the same persons are found wanting');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
