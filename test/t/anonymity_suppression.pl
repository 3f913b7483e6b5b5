# civic.suppress() from outside: random tables audited by linear programmes, and runs that can be stopped.
# Alone: tools/cluster run test -- perl -Itest/t test/t/anonymity_suppression.pl
# 2 tables, with LONG=1 200.
use strict;
use warnings;
use Test::More;
use Civic;

cluster_env('test') unless $ENV{PGHOST};
local $ENV{PGDATABASE} = 'suppression';
local $ENV{PGOPTIONS} = '-c client_min_messages=warning';
sql('postgres', 'DROP DATABASE IF EXISTS suppression WITH (FORCE)');
sql('postgres', 'CREATE DATABASE suppression');
sql('suppression', 'CREATE EXTENSION pgcivic');

# Each audit is a test here; "not ok" lines of the script name the table's seed.
sub audits {
    my ($script, @arguments) = @_;
    open my $in, '-|', '/usr/bin/python3', "$top/test/suppression/$script", @arguments or die "$script: $!";
    my $last = 0;
    while (<$in>) {
        if (/^(not )?ok - (.*)/) { $last = ok(!$1, $2) }
        elsif (/^# (.*)/) { diag($1) }
    }
    close $in;
    is($?, 0, "$script ends well");
    return;
}

SKIP: {
    system("$top/tools/packages", 'audit');
    skip 'audits need python3-scipy', 1 if system('/usr/bin/python3', '-c', 'import scipy');
    my $tables = $ENV{LONG} ? 200 : 2;
    audits('run.py', 1, $tables);
    # the auditor is not blind: without the search for witnesses it finds narrow intervals
    my $found = `/usr/bin/python3 $top/test/suppression/run.py 1 3 --weakened`;
    cmp_ok(scalar(() = $found =~ /^not ok/mg), '>=', 2, 'a weakened suppression is caught');
}

# Work for minutes, stopped after a moment: in the elimination, and in the repairs.
my %long = (
    elimination => [q{
        SELECT civic.suppression_problem(c, (SELECT array_agg(i) FROM generate_series(1, 3000) AS i WHERE i = c OR hashint8(c * 10000::bigint + i) % 8 = 0),
                                         c, CASE WHEN c % 2 = 0 THEN 'primary' END)
        FROM generate_series(1, 3000) AS c}, 'width => 0'],
    repairs => [q{
        WITH leaf AS (SELECT row_number() OVER ()::int AS i, a, b, c, abs(hashint8(a * 1000 + b * 50 + c)) % 9 AS n
                      FROM generate_series(1, 40) AS a, generate_series(1, 8) AS b, generate_series(1, 8) AS c),
             cube AS (SELECT row_number() OVER () AS cell, array_agg(i) AS members, sum(n) AS n FROM leaf GROUP BY CUBE (a, b, c))
        SELECT civic.suppression_problem(cell, members, n, CASE WHEN n BETWEEN 1 AND 4 THEN 'primary' END) FROM cube}, 'upper => 400'],
);
sql('suppression', 'CREATE TABLE long (part text, problem civic.suppression_problem)');
for my $part (sort keys %long) {
    my ($problem, $arguments) = @{ $long{$part} };
    sql('suppression', "INSERT INTO long SELECT '$part', ($problem)");
    my ($rc, $out) = try_sql('suppression', "SET statement_timeout = '1s'; SELECT count(*) FROM civic.suppress((SELECT problem FROM long WHERE part = '$part'), $arguments);");
    like($out, qr/canceling statement due to statement timeout/, "the $part can be stopped");
}

sql('postgres', 'DROP DATABASE suppression WITH (FORCE)');
done_testing();
