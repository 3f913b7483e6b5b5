# Reads of identified rows are noted: who, whom, when and why, also where the transaction is read only or fails; nobody writes or reads the log otherwise.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_read';
layer($db);
sql($db, <<'SQL');
DROP ROLE IF EXISTS hr_ann, hr_bob;
CREATE ROLE hr_ann LOGIN IN ROLE civic_hr; CREATE ROLE hr_bob LOGIN IN ROLE civic_hr;
INSERT INTO centre.subject (subject_id) SELECT i FROM generate_series(1, 40) AS i;
INSERT INTO centre.framework (code, name, source) VALUES ('fw', 'fw', 'test');
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'fw', 'law');
-- 1 leads 2 to 20, 30 leads 31 to 40
INSERT INTO centre.official (subject_id, ministry, department, designation, valid, manager_id) SELECT i, 'water', 'dams', 'clerk', '[2020-01-01,)', CASE WHEN i BETWEEN 2 AND 20 THEN 1 WHEN i > 30 THEN 30 END FROM generate_series(1, 40) AS i WHERE i <= 20 OR i >= 30;
INSERT INTO centre.hr_login VALUES ('hr_ann', 1), ('hr_bob', 30);
SQL
my $log = q{SELECT login, what, why, count(*) FROM centre.read_log GROUP BY 1, 2, 3 ORDER BY 1, 2, 3};
sub as { my ($who, $sql) = @_; local $ENV{PGUSER} = $who; return try_sql($db, $sql) }
sub server_log { return sql($db, q{SELECT count(*) FROM regexp_matches(pg_read_file('server.log'), '} . $_[0] . q{', 'g')}) }

is((as('hr_ann', q{SET civic.why = 'case 17'; SELECT count(*) FROM centre.official WHERE subject_id = 7}))[1], 1, 'an HR officer reads a row of his line');
is(sql($db, $log), 'hr_ann|official|case 17|1', 'that is noted: who, what, why');
is(sql($db, q{SELECT subject_id, read_on = current_date FROM centre.read_log}), '7|t', 'of whom and when');
is((as('hr_ann', q{SET civic.why = 'case 17'; SELECT count(*) FROM centre.official WHERE subject_id = 7}))[1], 1, 'read again');
is(sql($db, q{SELECT count(*) FROM centre.read_log}), 1, 'it is noted once a day and reason');
is((as('hr_ann', q{SELECT count(*) FROM centre.official WHERE subject_id = 35}))[1], 0, 'of another line he reads nothing');
is(sql($db, q{SELECT count(*) FROM centre.read_log WHERE subject_id = 35}), 0, 'and nothing is noted');
my $seen = (as('hr_bob', q{SELECT count(*) FROM centre.official}))[1];
is(sql($db, q{SELECT count(*) FROM centre.read_log WHERE login = 'hr_bob'}), $seen, 'each row of a list is noted');
is(sql($db, q{SELECT login, persons FROM centre.read_report WHERE login = 'hr_bob'}), "hr_bob|$seen", 'the report adds up');

# read only, and rolled back: the server's log has it
is((as('hr_ann', q{SET default_transaction_read_only = on; SET civic.why = 'only looking'; SELECT count(*) FROM centre.official WHERE subject_id = 8}))[1], 1, 'a read-only transaction reads');
cmp_ok(server_log('login "hr_ann" read official of subject 8, why: "only looking"'), '>=', 1, 'and is in the log of the server');
like((as('hr_ann', q{BEGIN; SET LOCAL civic.why = 'no trace'; SELECT count(*) FROM centre.official WHERE subject_id = 9; SELECT 1 / 0;}))[1], qr/division by zero/, 'a transaction that fails has read');
is(sql($db, q{SELECT count(*) FROM centre.read_log WHERE subject_id = 9}), 0, 'its rows are undone');
cmp_ok(server_log('login "hr_ann" read official of subject 9, why: "no trace"'), '>=', 1, 'and is in the log of the server');
# a function of one's own that fails at the first row sees no more than it noted
sql($db, 'CREATE SCHEMA spy; GRANT ALL ON SCHEMA spy TO hr_ann');
like((as('hr_ann', q{CREATE FUNCTION spy.peek(bigint) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'seen %', $1; END $$; SELECT count(*) FROM centre.official WHERE spy.peek(subject_id)}))[1], qr/seen \d+/, 'a condition of his own that fails has seen a row');
my ($whom) = (as('hr_ann', q{SELECT count(*) FROM centre.official WHERE spy.peek(subject_id)}))[1] =~ /seen (\d+)/;
cmp_ok(server_log("login \"hr_ann\" read official of subject $whom,"), '>=', 1, 'which is in the log');
# nobody writes into it who was not there to be read
my $before = sql($db, 'SELECT count(*) FROM centre.read_log');
like((as('hr_ann', q{SELECT centre.note_read(35, 'official')}))[1], qr/permission denied/, 'a login cannot note whom it likes');
is((as('hr_ann', qq{SELECT count(*) FILTER (WHERE centre.$_) FROM generate_series(30, 40) AS i}))[1], 0, "nor by $_") for "note_line_read(i, 'official')", "note_passbook_read(i, 'official')";
like((as('hr_ann', q{SELECT centre.note_line_read(7, E'x\n2026-01-01 LOG: nothing')}))[1], qr/there is no kind of rows/, 'nor a kind that is none');
is(sql($db, 'SELECT count(*) FROM centre.read_log'), $before, 'nothing of it is noted');
is((as('hr_ann', q{SET civic.why = E'y\nLOG: forged'; SELECT count(*) FROM centre.official WHERE subject_id = 11}))[1], 1, 'a reason of two lines');
is(sql($db, q{SELECT why FROM centre.read_log WHERE subject_id = 11}), 'y LOG: forged', 'is one line');
# nobody else writes or reads it
like((as('hr_ann', $_))[1], qr/permission denied/, "refused: $_")
  for 'SELECT * FROM centre.read_log', 'DELETE FROM centre.read_log', q{INSERT INTO centre.read_log (login, subject_id, what, why) VALUES ('hr_bob', 1, 'official', '')}, 'SET log_min_messages = panic';
like((as('hr_ann', q{SELECT * FROM centre.read_report}))[1], qr/permission denied/, 'nor the report');
is((as('hr_ann', q{SET ROLE civic_hr; SELECT count(*) FROM centre.official WHERE subject_id = 10}))[1], sql($db, q{SELECT count(*) FROM centre.read_log WHERE subject_id = 10 AND login = 'hr_ann'}), 'under the name of the group it is the login that is noted');
system("dropdb --force $db && psql -X -q -d postgres -c 'DROP ROLE hr_ann, hr_bob'");
done_testing();
