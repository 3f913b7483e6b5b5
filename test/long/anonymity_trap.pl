# The mutation test again, at length, and the largest state, on a build that
# traps undefined behaviour: a copy of this checkout with a cluster of its own.
use strict;
use warnings;
use Test::More;

my $copy = 'build/trap';
system("rm -rf $copy && mkdir -p $copy && git ls-files -z -co --exclude-standard | xargs -0 cp --parents -t $copy") == 0 or BAIL_OUT('cannot copy the checkout');

# Run a command in the copy with its cluster; the output and the exit code.
sub in_copy {
    my ($command) = @_;
    local $ENV{CIVIC_COPT} = '-O1 -g -DUSE_ASSERT_CHECKING -fsanitize=undefined -fsanitize-undefined-trap-on-error';
    my $output = `cd $copy && $command 2>&1`;
    return ($output, $?);
}

my ($built, $failed) = in_copy('tools/cluster install && tools/cluster start');
BAIL_OUT("cannot build the copy: $built") if $failed;

my ($log, $code) = in_copy('LONG=1 tools/cluster run -- perl -Itest/t test/t/anonymity_states.pl');
is($code, 0, 'no mutation traps') or diag($log);
my @forms = $log =~ /ok \d+ - \w+: (\d+) mutations/g;
cmp_ok(eval { my $sum = 0; $sum += $_ for @forms; $sum }, '>=', 200_000, 'of 200,000 or more');

my $psql = q(tools/cluster run -- psql -XAtd postgres -c 'CREATE EXTENSION IF NOT EXISTS pgcivic' -c 'SET search_path = civic');
my ($full) = in_copy("$psql -c 'SELECT k_distinct(i) FROM generate_series(1, 100000000) AS i'");
like($full, qr/^100000000$/m, 'a state takes as many subjects as it says') or diag($full);
my ($over) = in_copy("$psql -c 'SELECT k_distinct(i) FROM generate_series(0, 100000000) AS i'");
like($over, qr/too many subjects in one state/, 'and says so when there is one more') or diag($over);

in_copy('tools/cluster drop');
done_testing();
