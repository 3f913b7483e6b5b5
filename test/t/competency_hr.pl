# HR managers by their own logins: what each sees, what an attacker gets, and that row security keeps the index.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_hr_logins';
my $each = $ENV{LONG} ? 500 : 100;    # officials of a lead
my $people = 40 * $each;
layer($db);
my @logins = qw(hr_top hr_lead hr_nobody hr_pool);
sql('postgres', "DROP ROLE IF EXISTS $_; CREATE ROLE $_ LOGIN IN ROLE civic_hr") for @logins;
sql($db, <<"SQL");
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'F', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 300) i;
INSERT INTO centre.subject (subject_id) SELECT generate_series(1, $people);
-- 1 over 2 to 11, each over as many; the upper half under others
INSERT INTO centre.official (subject_id, ministry, department, designation, manager_id, valid)
	SELECT i, 'M', 'D', 'X', CASE WHEN i = 1 THEN NULL WHEN i <= 11 THEN 1 WHEN i <= 11 + 10 * $each THEN 2 + (i - 12) / $each WHEN i <= 20 + 10 * $each THEN NULL ELSE 12 + 10 * $each + i % 9 END, '[2000-01-01,)' FROM generate_series(1, $people) i;
INSERT INTO centre.hr_login VALUES ('hr_top', 1), ('hr_lead', 3);
-- straight into the kept sets: a few competencies that most hold, one in two hundred the others
TRUNCATE centre.evidence_change;
INSERT INTO centre.official_competency (subject_id, held, own, lapsed, as_of)
	SELECT i, s, s, '', '2026-01-01' FROM (SELECT i, civic.competency_agg(c, 1 + (i * c) % 5) AS s FROM generate_series(1, $people) i, LATERAL (VALUES (1), (2), (3 + (i * 7919) % 297), (3 + (i * 104729) % 297)) v(c) GROUP BY i) x;
ANALYZE centre.official; ANALYZE centre.official_competency;
-- a colleague of the site left this behind: it must not tell what row security hides
CREATE FUNCTION public.tells(bigint, civic.competency_set) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS \$\$ BEGIN RAISE NOTICE 'seen %', \$1; RETURN true; END \$\$;
SQL

sub as { my ($who, $query) = @_; local $ENV{PGUSER} = $who; return try_sql($db, $query) }
is((as('hr_top', 'SELECT count(*) FROM centre.official'))[1], 10 * $each + 10, 'the head sees the whole line');
is((as('hr_lead', 'SELECT count(*) || \' \' || min(subject_id) || \' \' || max(subject_id) FROM centre.official'))[1], join(' ', $each, 12 + $each, 11 + 2 * $each), 'a lead sees those under the lead');
is((as('hr_lead', 'SELECT count(*) FROM centre.official_competency'))[1], $each, 'in each table');
is((as('hr_nobody', 'SELECT count(*) FROM centre.official_competency'))[1], 0, 'a login without an official sees nobody');

# becoming another
for my $attack ('SET SESSION AUTHORIZATION hr_top', 'SET ROLE hr_top', 'SET ROLE civic_admin', "UPDATE centre.hr_login SET subject_id = 1", "INSERT INTO centre.hr_login VALUES ('hr_lead', 1)",
	'SELECT * FROM centre.hr_login', 'SET row_security = off; SELECT * FROM centre.evidence', 'SELECT centre.reporting_line(1, current_date)', "CREATE FUNCTION centre.my_line() RETURNS SETOF bigint LANGUAGE sql RETURN 1",
	'ALTER TABLE centre.evidence DISABLE ROW LEVEL SECURITY', 'SELECT centre.refresh_official_competencies()', "SELECT centre.revoke_credential('x', '2020-01-01')", 'DELETE FROM centre.official_competency') {
	my ($rc, $out) = as('hr_lead', $attack);
	isnt($rc, 0, "refused: $attack") or diag $out;
}
is((as('hr_lead', 'CREATE TEMP TABLE hr_login AS SELECT session_user AS login, 1::bigint AS subject_id; CREATE TEMP TABLE official AS SELECT 1; SET search_path = pg_temp, centre; SELECT count(*) FROM centre.official'))[1], $each, 'nor a table in front');
my ($rc, $told) = as('hr_lead', 'SELECT count(*) FROM centre.official_competency WHERE public.tells(subject_id, held)');
is(scalar(() = $told =~ /seen/g), $each, 'a function that tells is called for visible rows only');
($rc, $told) = as('hr_lead', 'SELECT count(*) FROM centre.official_competency WHERE 1 / (subject_id - 1) >= 0');
is($rc, 0, 'a division by zero tells nothing of a hidden row');
($rc, $told) = as('hr_lead', "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM centre.official_competency WHERE subject_id = 1");
unlike($told, qr/900|own/, 'EXPLAIN shows no data');

# Through a pool: the service signs who it serves
sql($db, q{INSERT INTO centre.subject (subject_id) VALUES (centre.pseudonym('lead@works')); UPDATE centre.official SET manager_id = centre.pseudonym('lead@works') WHERE manager_id = 4;
	SELECT centre.add_claim_key('hr_pool', decode(repeat('5a', 32), 'hex')), centre.add_claim_key('hr_lead', decode(repeat('7b', 32), 'hex'))});
my $claim = sql($db, q{SELECT centre.sign_claim(1, 'official', 'lead@works')});
my %claims = ($claim => $each, ($claim =~ s/lead\@works/hr_top/r) => 0, ($claim =~ s/.$/0/r) . 'f' => 0, ($claim =~ s/official/employer/r) => 0, sql($db, q{SELECT centre.sign_claim(1, 'worker', 'lead@works')}) => 0,
	sql($db, q{SELECT centre.sign_claim(1, 'official', 'lead@works', '-1 second')}) => 0, sql($db, q{SELECT centre.sign_claim(2, 'official', 'lead@works')}) => 0, sql($db, q{SELECT centre.sign_claim(1, 'official', 'nobody')}) => 0, '' => 0, "'; x" => 0);
for my $said (sort keys %claims) {
	my $quoted = $said =~ s/'/''/gr;
	is((as('hr_pool', "BEGIN; SELECT set_config('civic.claim', '$quoted', true) \\g /dev/null\nSELECT count(*) FROM centre.official; COMMIT"))[1], $claims{$said}, "claim $said");
}
is((as('hr_top', "SELECT set_config('civic.claim', '$claim', false) \\g /dev/null\nSELECT count(*) FROM centre.official"))[1], 9 * $each + 10, 'a claim stolen from another login adds nothing to the own line');

# Plans, by shape: which index the sets are read by
sub scans { my ($who, $query) = @_; my (undef, $plan) = as($who, "EXPLAIN (FORMAT json) $query"); return join ' ', sort map { $_ // () } $plan =~ /"Index Name": "(official_competency_\w+)"|"Node Type": "(Seq Scan)",\s+"Parent Relationship": "\w+",\s+"Parallel Aware": \w+,\s+"Async Capable": \w+,\s+"Relation Name": "official_competency"/g }
like(scans('hr_top', "SELECT subject_id FROM centre.official_competency WHERE held OPERATOR(civic.\@>) '77:1,150:1'"), qr/official_competency_held_idx/, 'a rare competency is looked up in the index under row security');
unlike(scans('hr_top', "SELECT subject_id FROM centre.official_competency WHERE held OPERATOR(civic.\@>) '1:1'"), qr/held_idx/, 'one that all hold is not');
like(scans('hr_top', "SELECT subject_id FROM centre.official_competency WHERE held OPERATOR(civic.&&) '77:3'::civic.competency_set"), qr/official_competency_held_idx/, '&& too');
is((as('hr_top', "SET enable_bitmapscan = off; SELECT count(*) FROM centre.official_competency WHERE held OPERATOR(civic.\@>) '77:2'"))[1],
	(as('hr_top', "SET enable_seqscan = off; SELECT count(*) FROM centre.official_competency WHERE held OPERATOR(civic.\@>) '77:2'"))[1], 'with the same answer either way');
sql('postgres', "DROP DATABASE $db");
sql('postgres', "DROP ROLE $_") for @logins;
done_testing();
