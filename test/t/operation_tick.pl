# Ticks that are cut off, meet each other or find odd defaults: what shows, what goes on, and what the command says.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_cut';
layer($db);
$ENV{PATH} = "$top/bin:$ENV{PATH}";
sql($db, <<'SQL');
CREATE SCHEMA own;
CREATE FUNCTION own.slow() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep((SELECT seconds FROM own.pace)); RETURN 1; END $$;
CREATE TABLE own.pace AS SELECT 30::float8 AS seconds;
INSERT INTO centre.tick_job (step, place, routine) VALUES ('slow', 45, 'own.slow');
CREATE FUNCTION own.last(of_step text) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(error, CASE WHEN finished_at IS NULL THEN 'no end' ELSE 'done' END) FROM centre.tick_log WHERE step = of_step ORDER BY round_id DESC LIMIT 1 $$;
SQL
my $after = q{SELECT count(*) FROM centre.tick_log WHERE step = 'access' AND finished_at IS NOT NULL};

# Begin a tick beside us, wait until it is in the slow step, and act; gives what it said.
sub beside {
	my ($act) = @_;
	my $pid = open(my $tick, '-|', "psql -X -q -d $db -c 'CALL centre.tick()' 2>&1") // die $!;
	sql($db, q{DO $$ BEGIN WHILE own.last('slow') IS DISTINCT FROM 'no end' LOOP PERFORM pg_sleep(0.05); COMMIT; END LOOP; END $$});
	$act->();
	my $said = do { local $/; <$tick> };
	close $tick;
	sql($db, q{UPDATE own.pace SET seconds = 0});
	return $said;
}
my $whose = q{pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CALL centre.tick%'};

# ---- cancelled, as by statement_timeout ----
like(beside(sub { sql($db, "SELECT pg_cancel_backend(pid) FROM (SELECT $whose) AS a") }), qr/cancelled in its step slow/, 'a tick that is cancelled says where');
is(sql($db, q{SELECT own.last('slow')}), '57014', 'the round that was cut is on record');
is(sql($db, q{SELECT own.last('tick')}), 'no end', 'and the tick that had no end');
is(sql($db, q{SELECT own.last('cells')}), 'done', 'what was done before it stays done');
is(sql($db, $after), 0, 'what comes after it was not');
sql($db, 'CALL centre.tick()');
is(sql($db, q{SELECT step FROM centre.tick_log WHERE step <> 'tick' ORDER BY round_id DESC LIMIT 1}), 'slow', 'the next tick does the step that was cut last');
is(sql($db, $after), 1, 'so that it keeps no other from running');
like((try_sql($db, "SET statement_timeout = 1; CALL centre.tick();"))[1], qr/statement timeout|cancelled/, 'a timeout is a cancel');

# ---- two at once: the second does nothing, and the command says that all is well ----
sql($db, q{DELETE FROM centre.tick_log; UPDATE own.pace SET seconds = 30});
beside(sub {
	my $rounds = sql($db, 'SELECT count(*) FROM centre.tick_log');
	like(`pgcivic-tick -d $db 2>&1`, qr/another tick is at work/, 'a tick beside another does nothing');
	is($? >> 8, 0, 'which is no failure');
	is(sql($db, 'SELECT count(*) FROM centre.tick_log'), $rounds, 'and leaves no trace');
	is(sql($db, q{SELECT value FROM centre.health() WHERE code = 'unfinished_rounds'}), 0, 'a round at work is not unfinished');
	# ---- a backend that dies ----
	sql($db, "SELECT pg_terminate_backend(pid) FROM (SELECT $whose) AS a");
});
is(sql($db, q{SELECT own.last('slow')}), 'no end', 'the round of a backend that died has no end');
is(sql($db, 'CALL centre.tick()'), '', 'the next tick needs no clearing away');
is(sql($db, q{SELECT own.last('tick')}), 'done', 'and comes to its end');
cmp_ok(sql($db, q{SELECT value FROM centre.health() WHERE code = 'unfinished_rounds'}), '>', 0, 'the dead round is counted');

# ---- defaults of the database ----
sql($db, "ALTER DATABASE $db SET default_transaction_isolation = 'serializable'");
sql($db, q{DELETE FROM centre.tick_log});
is(sql($db, "CALL centre.tick(); SELECT string_agg(error, ',') FROM centre.tick_log"), '', 'a database that is serializable by default ticks');
is(sql($db, 'CALL centre.tick(); SHOW default_transaction_isolation'), 'serializable', 'and its default is what it was');
sql($db, "ALTER DATABASE $db RESET default_transaction_isolation");

# ---- the commands ----
is(system("pgcivic-tick -d $db >/dev/null 2>&1") >> 8, 0, 'pgcivic-tick: 0 when all is well');
is(system("pgcivic-tick -d no_such_database >/dev/null 2>&1") >> 8, 1, '1 without a connection');
sql($db, 'ALTER FUNCTION own.slow() RENAME TO gone');
like(`pgcivic-tick -d $db 2>&1`, qr/^step slow failed with SQLSTATE 42883$/m, 'a step that fails is printed');
is($? >> 8, 2, 'with 2');
sql($db, 'ALTER FUNCTION own.gone() RENAME TO slow; DELETE FROM centre.tick_log WHERE error IS NOT NULL OR finished_at IS NULL');
like(`pgcivic-check -d $db`, qr/^pgcivic ok \| \S+=/, 'pgcivic-check: one line');
is($? >> 8, 0, '0 when all is well');
sql($db, q{INSERT INTO centre.tick_log (step, started_at, finished_at, handled, error) VALUES ('x', now(), now(), 0, '22012')});
like(`pgcivic-check -d $db`, qr/^pgcivic warning: failing_steps 1/, 'a warning');
is($? >> 8, 1, 'is 1');
sql($db, q{UPDATE centre.health_check SET critical = 1 WHERE code = 'failing_steps'});
like(`pgcivic-check -d $db`, qr/^pgcivic critical/, 'what is critical');
is($? >> 8, 2, 'is 2');
is(system("pgcivic-check -d no_such_database >/dev/null 2>&1") >> 8, 3, '3 without a connection');

# ---- the file for postgres_exporter ----
my $yaml = do { local (@ARGV, $/) = ("$top/dashboards/postgres_exporter/queries.yaml"); <> };
my ($query) = $yaml =~ /query: "(.*)"/;
my @named = $yaml =~ /^    - (\w+):/mg;
like(sql($db, "\\pset format unaligned\n\\pset tuples_only off\n$query"), qr/^@{[join '\|', @named]}\n/, 'the query for postgres_exporter gives the columns it names');
done_testing();
