# A full disk, memory that runs out, a transaction that lasts, a clock that is wrong: what happens, what is noted, and that everything goes on afterwards.
use strict;
use warnings;
use Civic;
use File::Temp qw(tempdir);
use Test::More;

my $db = 'civic_trouble';
layer($db);
sql($db, do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
sql($db, q{SELECT centre.ensure_months('2026-09-01', '2026-11-01')});
my $n = 0;
sub send_some { my ($many) = @_; my $first = $n + 1; $n += $many; return "INSERT INTO centre.landing (source, format, payload) SELECT 'app', 'json', convert_to(jsonb_agg(jsonb_build_object('id', i, 'at', '2026-10-03', 'about', 'Food', 'ward', 'W1'))::text, 'UTF8') FROM generate_series($first, $n) AS i GROUP BY i / 50" }
my $errors = q{SELECT string_agg(DISTINCT step || ' ' || error, ',') FROM centre.tick_log WHERE error IS NOT NULL};

# ---- a full disk: the facts lie on one of four megabytes ----
SKIP: {
	my $disk = tempdir(CLEANUP => 1);
	chmod 0755, $disk;
	skip 'nothing can be mounted here', 7 if system("mount -t tmpfs -o size=6m,mode=0777 none '$disk' 2>/dev/null");
	my $owner = $> == 0 ? 'postgres' : getpwuid($>);
	system("mkdir '$disk/space' && chown $owner '$disk/space' && chmod 700 '$disk/space'");
	sql($db, "CREATE TABLESPACE civic_small LOCATION '$disk/space'");
	sql($db, 'ALTER TABLE centre.document SET TABLESPACE civic_small; ALTER INDEX centre.document_pkey SET TABLESPACE civic_small; ALTER INDEX centre.document_source_doc_key_key SET TABLESPACE civic_small');
	system("dd if=/dev/zero of='$disk/filler' bs=1k count=9000 2>/dev/null");
	sql($db, send_some(800));
	sql($db, 'SET client_min_messages = error; CALL centre.tick()');
	like(sql($db, $errors), qr/^intake 53100$/, 'a disk that is full fails the step, which is noted, and no other');
	is(sql($db, 'SELECT count(*) FROM centre.landing WHERE batch_id IS NOT NULL'), 0, 'payloads wait');
	is(sql($db, 'SELECT count(*) FROM centre.dead_letter'), 0, 'none is set aside for it');
	is(sql($db, q{SELECT count(*) FROM centre.tick_log WHERE step = 'impact' AND error IS NULL}), 1, 'the other steps ran');
	unlink "$disk/filler";
	sql($db, 'SET client_min_messages = error; CALL centre.tick()');
	is(sql($db, 'SELECT count(*) FROM centre.document WHERE first_day IS NOT NULL'), 800, 'once there is room all is read');
	is(sql($db, 'SELECT count(*) FROM centre.landing WHERE batch_id IS NULL'), 0, 'nothing waits');
	is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'cells are exact');
	sql($db, 'ALTER TABLE centre.document SET TABLESPACE pg_default; ALTER INDEX centre.document_pkey SET TABLESPACE pg_default; ALTER INDEX centre.document_source_doc_key_key SET TABLESPACE pg_default');
	sql($db, 'DROP TABLESPACE civic_small');
	system("umount '$disk'");
}

# ---- memory that runs out: a backend that gets no more than it has ----
SKIP: {
	skip 'limits of a process that runs are set by prlimit, on Linux', 6 if system('command -v prlimit >/dev/null');
	sql($db, 'DELETE FROM centre.tick_log');
	my $before = $n;
	# one payload of some megabytes
	my $first = $n + 1;
	$n += 20000;
	sql($db, "INSERT INTO centre.landing (source, format, payload) SELECT 'app', 'json', convert_to(jsonb_agg(jsonb_build_object('id', i, 'at', '2026-10-03', 'about', 'Food', 'ward', 'W1', 'said', repeat('x', 200)))::text, 'UTF8') FROM generate_series($first, $n) AS i");
	my $fifo = File::Spec->tmpdir . "/civic_pid_$$";
	open my $limited, '|-', "psql -X -q -At -d $db >'$fifo' 2>&1" or die $!;
	$limited->autoflush(1);
	# what a tick needs is loaded before, so that the limit meets the payload
	print $limited "SET client_min_messages = error; CALL centre.tick_step('cells'); SELECT pg_backend_pid();\n";
	my $pid;
	until ($pid) { select undef, undef, undef, 0.05; open my $h, '<', $fifo or next; local $/; ($pid) = (<$h> // '') =~ /^(\d+)$/m }
	my ($has) = do { local (@ARGV, $/) = ("/proc/$pid/status"); <> } =~ /^VmSize:\s+(\d+)/m;
	# the server's own user may, where even root may not
	my @owner = $> == 0 ? qw(setpriv --reuid=postgres --regid=postgres --clear-groups) : ();
	is(system(@owner, 'prlimit', "--pid=$pid", '--as=' . 1024 * ($has + 8192)), 0, 'a backend gets eight megabytes more and no further');
	print $limited "CALL centre.tick();\n";
	close $limited;
	like(sql($db, $errors), qr/^intake 53200$/, 'memory that runs out fails the step (53200), which is noted, and no other');
	is(sql($db, 'SELECT count(*) FROM centre.landing WHERE batch_id IS NULL'), 1, 'the payload waits');
	is(sql($db, 'SELECT count(*) FROM centre.dead_letter') . sql($db, 'SELECT count(*) FROM centre.stuck_row'), '00', 'nothing is set aside for it');
	sql($db, 'SET client_min_messages = error; CALL centre.tick()');
	is(sql($db, "SELECT count(*) FROM centre.document WHERE doc_key::integer > $before AND first_day IS NOT NULL"), 20000, 'a backend that has memory reads it');
	is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'cells are exact');
	unlink $fifo;
}

# ---- a transaction that lasts: it sees what it saw, and ticks go on ----
sql($db, 'DELETE FROM centre.tick_log');
open my $long, '|-', "psql -X -q -At -d $db -o '/dev/null'" or die $!;
$long->autoflush(1);
print $long "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM centre.cell_now; INSERT INTO centre.turn VALUES ('long');\n";
sql($db, q{DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND backend_xid IS NOT NULL) LOOP PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$});
for (1 .. 3) { sql($db, send_some(100)); sql($db, 'SET client_min_messages = error; CALL centre.tick()') }
is(sql($db, $errors), '', 'ticks beside a transaction that lasts do not fail');
is(sql($db, "SELECT count(*) FROM centre.document WHERE doc_key::integer > $n - 300 AND first_day IS NOT NULL"), 300, 'and read what came');
cmp_ok(sql($db, q{SELECT value FROM centre.health() WHERE code = 'oldest_transaction_s'}), '>', 0, 'its age shows');
sql($db, q{UPDATE centre.health_check SET warn = 0, critical = 0 WHERE code = 'oldest_transaction_s'});
is(sql($db, q{SELECT state FROM centre.health() WHERE code = 'oldest_transaction_s'}), 'critical', 'and is judged by its threshold');
print $long "ROLLBACK;\n";
close $long;

# ---- a clock that went back: what was decided, read and noted in the future ----
sql($db, 'DELETE FROM centre.tick_log');
sql($db, q{UPDATE centre.access_setting SET policy_code = NULL});
sql($db, q{INSERT INTO centre.tick_log (step, started_at, finished_at, handled) VALUES ('tick', now() + interval '3 days', now() + interval '3 days', 1), ('retention', now() + interval '3 days', now() + interval '3 days', 0)});
sql($db, q{INSERT INTO centre.landing (source, format, payload, received_at) VALUES ('app', 'json', convert_to('{"id": "ahead", "at": "' || (now() + interval '3 days')::date || '", "about": "Food", "ward": "W1"}', 'UTF8'), now() + interval '3 days')});
sql($db, 'SET client_min_messages = error; CALL centre.tick()');
is(sql($db, $errors), '', 'a tick after the clock went back does not fail');
is(sql($db, q{SELECT count(*) FROM centre.document WHERE doc_key = 'ahead' AND first_day IS NOT NULL}), 1, 'what was received in the future is read, its day held against the time of receipt');
sql($db, q{INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to('{"id": "far", "at": "' || (now() + interval '3 days')::date || '", "about": "Food", "ward": "W1"}', 'UTF8'))});
sql($db, 'SET client_min_messages = error; CALL centre.tick()');
is(sql($db, q{SELECT string_agg(code, ',') FROM centre.dead_letter WHERE doc_key = 'far'}), 'I201', 'and what comes now with such a day is refused');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'cells are exact');
done_testing();
