# What docs/dba.md says of the settings of a reader's login: which its holder can lift, which he cannot, and what holds without any.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_login';
layer($db);
# as somebody who has the login: settings of a login begin with its connection
sub as_reader { my ($sql) = @_; local $ENV{PGUSER} = 'civic_reader'; return try_sql($db, "\\set VERBOSITY sqlstate\n$sql") }
is((as_reader(q{SELECT string_agg(concat_ws(' ', name, setting), ', ' ORDER BY name) FROM pg_settings WHERE name IN ('default_transaction_read_only', 'statement_timeout', 'search_path', 'temp_file_limit', 'idle_in_transaction_session_timeout')}))[1],
	'default_transaction_read_only on, idle_in_transaction_session_timeout 60000, search_path dash, statement_timeout 15000, temp_file_limit 2097152', 'the login begins with limits');

# ---- what he can lift ----
for my $setting ('statement_timeout = 0', 'default_transaction_read_only = off', 'search_path = centre', 'idle_in_transaction_session_timeout = 0', 'work_mem = \'4GB\'') {
	is((as_reader("SET $setting"))[0], 0, "a reader can SET $setting");
}
# ---- what he cannot ----
for my $setting ('temp_file_limit = -1', 'log_statement = none', 'session_replication_role = replica', 'SESSION AUTHORIZATION postgres', 'ROLE civic_admin') {
	like((as_reader("SET $setting"))[1], qr/42501|22023/, "but not SET $setting");
}
like((as_reader('SET default_transaction_read_only = off; ALTER ROLE civic_reader SET temp_file_limit = -1'))[1], qr/42501/, 'nor for his next connection');
is((as_reader('SET default_transaction_read_only = off; ALTER ROLE civic_reader SET statement_timeout = 0'))[0], 0, 'as he can the others');
sql($db, q{ALTER ROLE civic_reader SET statement_timeout = '15s'});
like((as_reader('SELECT count(*) FROM (SELECT DISTINCT repeat(i::text, 100) FROM generate_series(1, 4000000) AS i OFFSET 0) AS x'))[1], qr/53400|57014/, 'a query that would fill the disk ends at its limit') if $ENV{LONG};
my @open;
{
	local $ENV{PGUSER} = 'civic_reader';
	for (1 .. 20) { open my $h, '|-', "psql -X -q -d $db >/dev/null 2>&1" or die $!; $h->autoflush(1); print $h "SELECT 1;\n"; push @open, $h }
}
sql($db, q{DO $$ BEGIN WHILE (SELECT count(*) FROM pg_stat_activity WHERE usename = 'civic_reader') < 20 LOOP PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$});
like((as_reader('SELECT 1'))[1], qr/too many connections for role/, 'and the twenty-first connection is refused');
close $_ for @open;
sql($db, q{DO $$ BEGIN WHILE (SELECT count(*) FROM pg_stat_activity WHERE usename = 'civic_reader') > 0 LOOP PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$});

# ---- with everything lifted: he writes nothing of the layer's, and reads dash alone ----
my $free = 'SET default_transaction_read_only = off; SET statement_timeout = 0;';
my @relations = split /\n/, sql($db, q{SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND c.relkind IN ('r', 'p', 'v')});
is(sql($db, q{SELECT count(*) FROM pg_class c WHERE c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'S')
  AND (has_table_privilege('civic_reader', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege('civic_reader', c.oid, 'INSERT, UPDATE'))}), 0, 'he has the right to write no table, view or sequence of ' . @relations);
like((as_reader("$free DELETE FROM centre.observation"))[1], qr/42501/, 'and does not');
like((as_reader("$free SELECT * FROM centre.observation"))[1], qr/42501/, 'nor reads what is not released');
like((as_reader("$free CREATE TABLE dash.x (a int)"))[1], qr/42501/, 'makes no table');
like((as_reader("$free CREATE FUNCTION public.x() RETURNS int LANGUAGE sql RETURN 1"))[1], qr/42501/, 'and no function');
is((as_reader("$free SELECT count(*) FROM dash.area"))[1], 0, 'and reads dash');
# what PostgreSQL leaves to everybody, as the page says
is((as_reader("$free CREATE TEMP TABLE x AS SELECT 1"))[0], 0, 'temporary tables are left to everybody');
is((as_reader("$free SELECT lo_unlink(lo_create(0))"))[0], 0, 'and large objects');
sql($db, "REVOKE TEMPORARY ON DATABASE $db FROM PUBLIC; REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC; GRANT TEMPORARY ON DATABASE $db TO civic_admin, civic_ticker, civic_publisher, civic_hr, civic_official, civic_approver, civic_plan_approver");
like((as_reader("$free CREATE TEMP TABLE x AS SELECT 1"))[1], qr/42501/, 'unless the site takes them away');
like((as_reader("$free SELECT lo_create(0)"))[1], qr/42501/, 'both');
is(sql($db, q{SET client_min_messages = error; SET SESSION AUTHORIZATION civic_ticker; CALL centre.tick(); RESET SESSION AUTHORIZATION; SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL}), 0, 'and ticks go on');
done_testing();
