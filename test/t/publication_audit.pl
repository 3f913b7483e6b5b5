# What the tests publish, audited by shared/tools/audit_lp.py: every dataset and measure as one system of all its cubes, releases and audiences.
# Alone: tools/cluster run test -- perl -Itest/t test/t/publication_audit.pl
# The tables of each test in test/pgtap that publishes; of a large system 40 secrets, with LONG=1 all.
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my ($db, $targets) = ('civic_audit', $ENV{LONG} ? 0 : 40);
my $refusal = audit_refusal();
plan skip_all => $refusal if $refusal;

layer('civic_audit_template');
for my $test (map { m{([^/]+)\.sql$} } glob("$top/test/pgtap/*.sql")) {
    next unless slurp("$top/test/pgtap/$test.sql") =~ /centre\.publish\(/;
    sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE); CREATE DATABASE $db TEMPLATE civic_audit_template");
    system("psql -Xq -d $db -f $top/test/pgtap/$test.sql >/dev/null 2>&1");
    audit_tables($db, $targets, $test);
    next unless $test eq 'publication_attack_access';
    # the audit is not blind: one cell more is shown than was released
    my $found = `/usr/bin/python3 $top/test/publication/tables.py $db $top/../shared/tools/audit_lp.py $targets --weakened`;
    my ($caught, $tried) = $found =~ /^(\d+) of (\d+) /;
    cmp_ok($caught // 0, '>=', 5, 'shown one more cell, a release is found wanting') or diag $found;
}
sql('postgres', "DROP DATABASE $db WITH (FORCE); DROP DATABASE civic_audit_template WITH (FORCE)");
done_testing();

sub slurp { local (@ARGV, $/) = @_; return <> }
