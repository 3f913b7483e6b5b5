# The operators' page prints what it says; and what only real sessions of a pool can show: a claim is in no activity view,
# does not outlive its transaction, and no setting of a session makes a reader another.
use strict;
use warnings;
use Civic;
use DocExamples;
use IPC::Open2;
use Test::More;

# Roles belong to the cluster: those of the page are made anew.
sub page_layer {
	layer(@_);
	DocExamples::psql("SET client_min_messages = warning;\nDROP ROLE IF EXISTS portal;\n", 'postgres');
}
check_page('docs/access-codes-operators.md', 'sql', \&page_layer);
DocExamples::psql("DROP ROLE IF EXISTS portal;\n", 'postgres');
exit if $ENV{UPDATE};

my $db = 'civic_operators';
layer($db);
sql($db, <<'SQL');
SET client_min_messages = warning;
DROP ROLE IF EXISTS op_pool;
CREATE ROLE op_pool LOGIN NOINHERIT IN ROLE civic_employer, civic_gate;
INSERT INTO centre.employer (code, sector) VALUES ('E1', 's'), ('E2', 's');
INSERT INTO centre.worker (worker_id, employer_id) SELECT i, employer_id FROM generate_series(1, 6) i JOIN centre.employer ON code = CASE WHEN i <= 2 THEN 'E1' ELSE 'E2' END;
INSERT INTO centre.work_pass (pass_no, worker_id) SELECT 'P' || i, i FROM generate_series(1, 6) i;
SELECT centre.refresh_worker_facts();
SELECT centre.add_claim_key('op_pool', sha256('x'));
SQL
my ($one, $two) = map { sql($db, "SELECT centre.sign_claim(1, 'employer', '$_')") } qw(E1 E2);

# A session of the pool that stays open.
sub session {
	local $ENV{PGUSER} = 'op_pool';
	my $pid = open2(my $out, my $in, 'psql', '-X', '-q', '-At', '-d', $db);
	return { pid => $pid, out => $out, in => $in };
}
sub ask {
	my ($s, $sql) = @_;
	print { $s->{in} } "$sql\n\\echo END\n";
	$s->{in}->flush;
	my $text = '';
	while (defined(my $line = readline $s->{out})) { last if $line eq "END\n"; $text .= $line; }
	chomp $text;
	return $text;
}
my ($first, $second) = (session(), session());
my $request = "BEGIN; SET LOCAL ROLE civic_employer; SELECT set_config('civic.claim', :'claim', true) \\g /dev/null\nSELECT count(*) FROM centre.my_workers();";
is(ask($first, "\\set claim '$one'\n$request"), 2, 'one reader of the pool');
is(ask($second, "\\set claim '$two'\n$request"), 4, 'another at the same time');
is(ask($first, "COMMIT; BEGIN; SET LOCAL ROLE civic_employer; SELECT count(*) FROM centre.my_workers(); COMMIT;"), 0, 'the claim ended with its transaction');
is(ask($first, "BEGIN; SET LOCAL ROLE civic_employer; SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%my_workers%' AND pid <> pg_backend_pid(); COMMIT;"), 0, 'a reader does not see what the others run');
is(ask($first, "SELECT count(*) FROM pg_settings WHERE setting LIKE '%$two%'; SET civic.claim = 'employer|op_pool|1|9999999999|E2'; SET ROLE civic_employer; SELECT count(*) FROM centre.my_workers(); RESET ROLE;"), "0\n0", 'nor makes itself another by a setting');
is(ask($first, "ALTER ROLE civic_employer SET civic.claim = 'x';\nSELECT 1;"), 1, 'nor changes the role') ;
is(sql($db, "SELECT count(*) FROM pg_db_role_setting WHERE setrole = 'civic_employer'::regrole"), 0, 'whose settings stay as they are');
ask($second, 'COMMIT;');
is(ask($second, "SET ROLE civic_gate; SELECT centre.gate_check('P1'); RESET ROLE;"), 'grey', 'a gate on the same connection');
is(ask($second, "SET ROLE civic_admin; SET ROLE civic_view; SET ROLE civic_ticker; SELECT current_user;"), 'op_pool', "the pool's login becomes nobody else");
ask($first, "SELECT pg_advisory_lock(hashtextextended(f, 0)) FROM unnest('{centre.refresh_worker_facts,refresh_worker_facts,centre.reevaluate}'::text[]) AS f;");
is(sql($db, "SET ROLE civic_ticker; SET lock_timeout = '5s'; INSERT INTO centre.fact_mark (worker_id) VALUES (1); SELECT centre.refresh_worker_facts()"), 1, 'an advisory lock of a reader keeps no facts from being refreshed');
for my $s ($first, $second) { close $s->{in}; waitpid $s->{pid}, 0; }
is(sql($db, "SELECT string_agg(login || colour, ',') FROM centre.gate_inbox"), 'op_poolgrey', 'the log names the login');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
sql('postgres', 'DROP ROLE op_pool');
done_testing();
