# Sequences of releases audited as one linked system, and a release repeated across VACUUM, restart and dump.
# Alone: perl -Itest/t test/t/publication_history.pl     (it restarts the server, so it has a cluster of its own)
# Two sequences of 4 and 6 releases by each of two cubes, a sample of the secrets, and 3 repeats; with LONG=1 four sequences of 24, every
# secret, and 1,000.  From seed 8 on, sequences are of events and of a stock by turns; in 9 secrets follow from earlier releases, so
# that the ledger has to leave them out and try again.
use strict;
use warnings;
use Civic;
use Test::More;

my ($db, $cluster) = ('civic_history', 'history');
cluster_env($cluster);
END { local $?; system("$top/tools/cluster", 'drop', $cluster) }
layer('civic_template') if $ENV{CIVIC_INSTALLED};    # it is copied twice
layer($db);

sub restart {
    for ('stop', 'start') { system("$top/tools/cluster", $_, $cluster) == 0 or BAIL_OUT("cannot $_ the cluster $cluster") }
    return;
}

SKIP: {
    system("$top/tools/packages", 'audit');
    skip 'audits need python3-scipy', 1 if system('/usr/bin/python3', '-c', 'import scipy');
    for my $part ($ENV{LONG} ? '8 4 24 0' : ('8 1 4 8', '9 1 6 8')) {
        for (split /\n/, `/usr/bin/python3 $top/test/publication/history.py $db $part`) {
            if (/^(not )?ok - (.*)/) { ok(!$1, $2) }
            elsif (/^# (.*)/) { diag($1) }
        }
        is($?, 0, 'the audit ends well');
    }
    my ($sequences, $steps) = $ENV{LONG} ? (2, 6) : (1, 4);
    my $found = `/usr/bin/python3 $top/test/publication/history.py $db 1 $sequences $steps 8 --weakened`;
    is(scalar(() = $found =~ /^not ok/mg), $sequences, 'a ledger that forgets is caught');
}

# The whole outcome as one digest, in a database without the sequences' releases.
layer($db);
my $digest = 'SELECT md5(string_agg(x::text, E\'\n\' ORDER BY x.release_id, x.measure, x.members)) FROM centre.release_row x';
my $history = do { local (@ARGV, $/) = ("$top/test/fixtures/attack.sql"); <> };
sql($db, $history);
sql($db, "CALL centre.publish('by_sex', '2026-01-01'); CALL centre.publish('by_need', '2026-01-01');");
my $released = q{SELECT md5(string_agg((r.cube, x.measure, x.members, x.value, x.status)::text, E'\n' ORDER BY r.cube, x.measure, x.members)) FROM centre.release_row x JOIN centre.release r USING (release_id)};
my ($first, $plain) = (sql($db, $digest), sql($db, $released));
my $repeats = $ENV{LONG} ? 1000 : 3;
sql($db, "DO \$\$ BEGIN FOR i IN 1..$repeats LOOP CALL centre.publish('by_sex', '2026-01-01'); END LOOP; END \$\$;");
is(sql($db, $digest), $first, "published $repeats times more: the same bits");
restart();
sql($db, "CALL centre.publish('by_sex', '2026-01-01'); CALL centre.publish('by_need', '2026-01-01');");
is(sql($db, $digest), $first, 'published again after a restart: the same bits');
# with the release gone, the same facts give the same release, in another order of rows, serial or parallel
for my $way ('', 'restart', 'VACUUM FULL centre.raw_row;', 'SET max_parallel_workers_per_gather = 0; SET enable_hashagg = off;', 'SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0; SET enable_hashjoin = off;') {
    restart() if $way eq 'restart';
    my $before = $way eq 'restart' ? '' : $way;
    sql($db, "DELETE FROM centre.release; TRUNCATE centre.ledger_leaf; SELECT setval('centre.release_release_id_seq', (SELECT last_value FROM centre.release_release_id_seq)) \\g /dev/null
$before
CALL centre.publish('by_sex', '2026-01-01'); CALL centre.publish('by_need', '2026-01-01');");
    is(sql($db, $released), $plain, 'made anew' . ($way && " after $way"));
}
# a dump keeps the ledger, so nothing new is told after a restore either
$first = sql($db, $digest);
sql('postgres', "DROP DATABASE IF EXISTS civic_restored WITH (FORCE); CREATE DATABASE civic_restored");
is(system("pg_dump $db | psql -Xq -v ON_ERROR_STOP=1 -d civic_restored >/dev/null"), 0, 'dumped and restored');
sql('civic_restored', "CALL centre.publish('by_sex', '2026-01-01'); CALL centre.publish('by_need', '2026-01-01');");
is(sql('civic_restored', $digest), $first, 'the same bits after a restore');
sql('civic_restored', "INSERT INTO centre.raw_row (subject_id, region, ward, sex, need) VALUES (199, 'north', '1', 'f', 'food'); CALL centre.publish('by_sex', '2026-01-01');");
is(sql('civic_restored', q{SELECT count(*) FROM (SELECT members, value FROM tap.published('by_sex') EXCEPT SELECT x.members, x.value FROM centre.release_row x WHERE x.release_id = (SELECT min(release_id) FROM centre.release WHERE cube = 'by_sex')) AS changed}), 0,
   'where one person more is held as before');
sql('postgres', 'DROP DATABASE civic_restored WITH (FORCE)');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
