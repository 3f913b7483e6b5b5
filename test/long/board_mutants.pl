# Of the faults planted in the reading functions at least 95 per cent are noticed; survivors are named.
use strict;
use warnings;
use Civic;
use Test::More;
cluster_env('test') unless $ENV{PGHOST};
my @out = `$top/tools/mutants 2>&1`;
is($? >> 8, 0, 'faults in the reading functions are noticed') or diag @out;
diag grep { /survivor|per cent/ } @out;
done_testing();
