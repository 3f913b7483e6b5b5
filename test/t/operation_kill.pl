# kill -9 under load, again and again: backends, background processes, the postmaster, immediate stops.  What was acknowledged is there once,
# nothing is doubled or stuck, and amcheck finds nothing.  10 kills; LONG=1 or CIVIC_KILLS=n for more.
use strict;
use warnings;
use Civic;
use File::Temp qw(tempdir);
use IPC::Open2 qw(open2);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep);

my $kills = $ENV{CIVIC_KILLS} || ($ENV{LONG} ? 100 : 10);
my %was = %ENV;
# a commit that was acknowledged is on record; the disk itself is not part of this
$ENV{CIVIC_CONF} = "shared_buffers = 64MB\nsynchronous_commit = on\nlog_min_messages = panic\nautovacuum_naptime = 1s\n";
system("$top/tools/cluster", 'drop', 'killed');
cluster_env('killed');
my $db = 'civic_killed';
layer($db);
sql($db, do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
sql($db, <<'SQL');
CREATE EXTENSION amcheck;
INSERT INTO centre.agency_login SELECT session_user, code FROM centre.agency;
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('needs', 'centre', '{need_food,need_water}', '{province}', 'month', '{all}');
UPDATE centre.tick_job SET budget = '2 seconds';
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'gate_log';
SQL
my $data = sql($db, 'SHOW data_directory');
my $dir = tempdir(CLEANUP => 1);

# ---- the writers, each in a process of its own until it is told to stop; an acknowledged number is a line of its file ----
my $stop = "$dir/stop";
# It keeps its session, as those who send do, until the session is lost.
sub writer {
	my ($name, $pause, $make) = @_;
	my $pid = fork // die $!;
	return $pid if $pid;
	local $SIG{PIPE} = 'IGNORE';
	open my $acks, '>>', "$dir/$name" or die $!;
	$acks->autoflush(1);
	my $i = 0;
	until (-e $stop) {
		my $psql = open2(my $from, my $to, 'psql', '-X', '-q', '-d', $db, '-o', '/dev/null');
		until (-e $stop) {
			print $to $make->(++$i), ";\n\\if :ERROR\n\\echo refused\n\\else\n\\echo done\n\\endif\n" or last;
			my $said = <$from> // last;
			print $acks "$i\n" if $said eq "done\n";
			sleep $pause;
		}
		close $to;
		waitpid $psql, 0;
		sleep 0.5;
	}
	POSIX::_exit(0);
}
open STDERR_KEPT, '>&', \*STDERR or die $!;
open STDERR, '>', '/dev/null' or die $!;
my @writers = (
	(map { my $n = $_; writer("send$n", 0.03, sub { sprintf q{INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to('[{"id": "k%d-%d", "at": "2026-%02d-%02d", "about": "Food", "ward": "W1", "phone": "p%d"}]', 'UTF8'))}, $n, $_[0], 7 + $_[0] % 4, 1 + $_[0] % 28, $_[0] % 97 }) } 1, 2),
	writer('tick', 0.2, sub { 'CALL centre.tick()' }),
	writer('feed', 0.2, sub { sprintf q{CALL centre.feed_apply('labour', 'worker', '[{"source_key": "w%d", "issued_at": "2026-01-01T00:00:00Z"}]'::jsonb)}, $_[0] }),
	writer('gate', 0.03, sub { q{SELECT centre.gate_check('no such pass')} }),
	writer('publish', 0.5, sub { q{CALL centre.publish('needs', '2026-08-10')} }),
);

# ---- the kills ----
sub children { return grep { /^\d+$/ } split /\s+/, `ps -o pid= --ppid $_[0]` }
sub postmaster { open my $fh, '<', "$data/postmaster.pid" or return; return <$fh> =~ /(\d+)/ ? $1 : undef }
sub alive { return system("psql -X -q -d postgres -c 'SELECT 1' >/dev/null 2>&1") == 0 }
my (%done, $dead);
my @ways = ('a backend', 'a background process', 'the postmaster', 'an immediate stop');
for my $kill (1 .. $kills) {
	# long enough for every writer to be in the middle of something
	sleep($ENV{LONG} ? 0.3 + rand 0.7 : 0.1 + rand 0.3);
	my $way = $ways[ $kill % @ways ];
	my $pid = postmaster();
	next unless $pid;
	if ($way eq 'an immediate stop') { kill 'QUIT', $pid }
	elsif ($way eq 'the postmaster') { my @of = children($pid); kill 'KILL', $pid; }
	else {
		my %title = map { $_ => `ps -o args= -p $_` } children($pid);
		my @of = grep { $way eq 'a backend' ? $title{$_} =~ /$db/ : $title{$_} =~ /checkpointer|background writer|walwriter|autovacuum/ } keys %title;
		kill 'KILL', $of[ rand @of ] if @of;
	}
	$done{$way}++;
	my $tries = 0;
	until (alive()) {
		# it comes back by itself, or is started
		system("$top/tools/cluster start killed >/dev/null 2>&1") if $tries > 10 || $way =~ /postmaster|stop/;
		sleep 0.1;
		last if ++$tries > 300;
	}
	if ($tries > 300) { $dead = $way; last }
}
open my $flag, '>', $stop or die $!;
close $flag;
waitpid $_, 0 for @writers;
open STDERR, '>&', \*STDERR_KEPT or die $!;
is($dead, undef, "the server came back from $kills kills: " . join(', ', map { "$_ $done{$_}" } sort keys %done));

# ---- what is left ----
my ($rc, $out) = try_sql($db, 'SET client_min_messages = error; CALL centre.tick(); CALL centre.tick();');
is($rc, 0, 'the tick comes to its end without any clearing away') or diag $out;
is(sql($db, q{SELECT string_agg(DISTINCT step || ' ' || error, ',') FROM centre.tick_log WHERE round_id > (SELECT max(round_id) FROM centre.tick_log WHERE step = 'tick' AND finished_at IS NOT NULL) - 20 AND error IS NOT NULL}), '', 'no step of it fails');
sub acked { open my $fh, '<', "$dir/$_[0]" or return (); chomp(my @n = <$fh>); return @n }
my $sent = 0;
for my $n (1, 2) {
	my @acked = acked("send$n");
	$sent += @acked;
	my $list = join ',', map { "'k$n-$_'" } @acked;
	is(sql($db, "SELECT count(*) FROM centre.document WHERE doc_key IN ($list) AND first_day IS NOT NULL"), scalar @acked, 'every payload acknowledged to sender ' . $n . ' is a fact (' . @acked . ')');
}
cmp_ok($sent, '>', $kills, 'there was something to lose');
is(sql($db, 'SELECT count(*) - count(DISTINCT document_id) FROM centre.observation'), 0, 'no fact is there twice');
is(sql($db, 'SELECT count(*) FROM centre.observation o FULL JOIN centre.document d USING (document_id) WHERE o.document_id IS NULL OR d.document_id IS NULL'), 0, 'each fact has its document and each document its fact');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'cells are exact');
is(sql($db, 'SELECT count(*) FROM centre.landing WHERE batch_id IS NULL'), 0, 'nothing waits');
is(sql($db, 'SELECT count(*) FROM centre.batch WHERE applied_at IS NULL'), 0, 'no batch is stuck');
is(sql($db, q{SELECT count(*) FROM centre.dead_letter}), 0, 'nothing sound was set aside');
my @workers = acked('feed');
is(sql($db, 'SELECT count(*) FROM centre.worker_fact WHERE worker_id IN (' . join(',', map { "centre.pseudonym('w$_')" } @workers) . ')'), scalar @workers, 'every worker acknowledged has his facts (' . @workers . ')');
my @checks = acked('gate');
cmp_ok(sql($db, 'SELECT (SELECT count(*) FROM centre.gate_log) + (SELECT count(*) FROM centre.gate_inbox)'), '<=', @checks + $kills + 1, 'no check at a gate is logged twice');
is(sql($db, q{SELECT count(*) FROM (SELECT cube, period FROM centre.release WHERE current GROUP BY 1, 2 HAVING count(*) > 1) AS twice}), 0, 'one release is current');
is((try_sql($db, q{CALL centre.publish('needs', '2026-08-10')}))[0], 0, 'and the next is made');
is((try_sql($db, q{SELECT count(bt_index_check(c.oid, c.relkind = 'i')) FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_index i ON i.indexrelid = c.oid
  WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid AND c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp%')}))[0], 0, 'amcheck finds every index sound, with all rows of its table');
is((try_sql($db, q{DO $$ DECLARE t regclass; n bigint; BEGIN FOR t IN SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'centre'::regnamespace LOOP
  SELECT count(*) INTO n FROM verify_heapam(t); IF n > 0 THEN RAISE EXCEPTION '% faults in %', n, t; END IF; END LOOP; END $$}))[0], 0, 'and every table');
is(sql($db, q{SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'centre' AND c.relkind = 'r' AND c.relname ~ '_\d{4}_\d\d$' AND NOT c.relispartition}), 0, 'no partition is half made');
system("$top/tools/cluster", 'drop', 'killed');
%ENV = %was;
done_testing();
