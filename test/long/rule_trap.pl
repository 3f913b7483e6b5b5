# The rule room's mutations at length, and its random rulesets, on a build that
# traps undefined behaviour: a copy of this checkout with a cluster of its own.
use strict;
use warnings;
use Test::More;

my $copy = 'build/rule-trap';
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

for my $test (['rule_mutation', 'LONG=1'], ['rule_differential', 'LONG='], ['rule_clock', 'LONG=']) {
    my ($name, $long) = @$test;
    my ($log, $code) = in_copy("$long tools/cluster run -- perl -Itest/t test/t/$name.pl");
    is($code, 0, "$name does not trap") or diag($log);
    next if $name ne 'rule_mutation';
    my $sum = 0;
    $sum += $_ for $log =~ /ok \d+ - \w+: (\d+) mutations/g;
    cmp_ok($sum, '>=', 200_000, "$sum mutations");
}
in_copy('tools/cluster drop');
system("rm -rf $copy");
done_testing();
