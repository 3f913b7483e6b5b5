# A physical standby that runs: boards, analysts and health read there what the primary has, whatever writes is refused, and after promotion it ticks.
use strict;
use warnings;
use Civic;
use Test::More;
use Time::HiRes qw(sleep);

my %was = %ENV;
my $db = 'civic_standby';
system("$top/tools/cluster", 'drop', $_) for 'primary', 'standby';
cluster_env('primary');
layer($db);
sql($db, do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
sql($db, <<'SQL');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('needs', 'centre', '{need_food}', '{province}', 'month', '{all}');
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'a' || i, 'at', '2026-10-10', 'about', 'Food', 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 15) i)::text);
CALL centre.tick();
CALL centre.publish('needs', '2026-10-10');
SQL
my $read = q{SET ROLE civic_reader; SELECT to_jsonb(c) FROM dash.comparison('need_food', '2026-10') AS c};
my $published = sql($db, $read);
like($published, qr/"area": "GT"/, 'something is published');

# ---- as docs/dba.md says: a base backup with -R ----
my $data = sql($db, 'SHOW data_directory');
(my $copy = $data) =~ s{/primary$}{/standby};
system("pg_basebackup -D '$copy' -R -c fast -X stream") == 0 or BAIL_OUT('no base backup');
system("chown -R --reference='$data' '$copy' && chmod 700 '$copy'") == 0 or die;
my %primary = %ENV;
cluster_env('standby');
my %standby = %ENV;
is(sql($db, 'SELECT pg_is_in_recovery()'), 't', 'the standby runs');
sub on_standby { local %ENV = %standby; return try_sql($db, $_[0]) }
sub on_primary { local %ENV = %primary; return sql($db, $_[0]) }
# until it has all that the primary has committed by now, which a checkpoint writes out: these clusters commit without waiting for the disk
sub caught_up {
	my $lsn = on_primary('CHECKPOINT; SELECT pg_current_wal_flush_lsn()');
	for (1 .. 600) { return 1 if (on_standby("SELECT pg_last_wal_replay_lsn() >= '$lsn'"))[1] eq 't'; sleep 0.1 }
	return 0;
}
ok(caught_up(), 'and catches up');
is((on_standby($read))[1], $published, 'a reader sees there what is published');
on_primary(q{SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'b' || i, 'at', '2026-10-11', 'about', 'Food', 'ward', 'W1', 'phone', 'q' || i)) FROM generate_series(1, 15) i)::text); CALL centre.tick(); CALL centre.publish('needs', '2026-10-10')});
ok(caught_up(), 'what is published next');
my $next = on_primary($read);
isnt($next, $published, 'is something else');
is((on_standby($read))[1], $next, 'and comes there, too');
is((on_standby(q{SET ROLE civic_monitor; SELECT count(*) > 10 FROM centre.health()}))[1], 't', 'health is read there');
my @writes = (['a tick', 'CALL centre.tick()'], ['a sender', q{SET ROLE civic_ingest; INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', '{}')}],
	['a check at a gate', q{SELECT centre.gate_check('x')}], ['a release', q{CALL centre.publish('needs', '2026-10-10')}], ['a request for a cube', q{SELECT centre.request_cube('observation', '{}', '{need_food}', 'month', '[2026-10-01,2026-11-01)', '{province}')}]);
for (@writes) {
	my ($rc, $said) = on_standby("\\set VERBOSITY sqlstate\n$_->[1]");
	ok($rc && $said =~ /25006/, "$_->[0] is refused there (25006)") or diag $said;
}
{
	local %ENV = (%standby, PATH => "$top/bin:$standby{PATH}");
	is(system("pgcivic-tick -d $db >/dev/null 2>&1") >> 8, 1, 'pgcivic-tick says 1');
	isnt(system("pgcivic-check -d $db >/dev/null 2>&1") >> 8, 3, 'and pgcivic-check can be asked');
}
# ---- the primary is gone ----
{
	local %ENV = %primary;
	system("$top/tools/cluster", 'stop', 'primary');
}
is((on_standby('SELECT pg_promote()'))[1], 't', 'promoted');
is((on_standby('SET client_min_messages = error; CALL centre.tick(); SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL'))[1], '0', 'it ticks');
is((on_standby('SELECT count(*) FROM centre.cell_drift'))[1], '0', 'and cells are exact');
system("$top/tools/cluster", 'drop', $_) for 'primary', 'standby';
%ENV = %was;
done_testing();
