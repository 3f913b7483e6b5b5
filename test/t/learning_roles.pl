# Every role of capacity building by a login of its own, attacking at run time: functions of its own that cost next to nothing, errors in
# predicates, cursors that are held, statements prepared under the claim of another, claims across a pool.
# Alone: tools/cluster run test -- perl -Itest/t test/t/learning_roles.pl
use strict;
use warnings;
use Test::More;
use Civic;

my $db = 'civic_learning_roles';
layer($db);
my %role = (lr_lead => 'civic_hr', lr_official => 'civic_official', lr_publisher => 'civic_publisher', lr_approver => 'civic_plan_approver', lr_policies => 'civic_approver', lr_provider => 'civic_provider',
	lr_reader => 'civic_reader', lr_pool => 'civic_official', lr_hr_pool => 'civic_hr', lr_both => 'civic_publisher, civic_plan_approver');
sql('postgres', "DROP ROLE IF EXISTS $_; CREATE ROLE $_ LOGIN IN ROLE $role{$_}") for sort keys %role;
END { system('psql', '-Xq', '-d', 'postgres', '-c', "DROP DATABASE IF EXISTS $db") if $db; system('psql', '-Xq', '-d', 'postgres', '-c', "DROP ROLE IF EXISTS $_") for sort keys %role }

# 1 leads 2 and 3, 4 leads 5; 6 to 45 are others.  Every table with a person in it has rows of 2, 3, 4 and 5.
sql($db, <<'SQL');
SET search_path = public, pg_catalog, civic;
SET client_min_messages = error;
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'f', 'C' || i FROM generate_series(1, 2) i;
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (1, 'position', 's', 'P1', 'Post');
INSERT INTO centre.requirement (node_id, competency_id, level) VALUES (1, 1, 3), (1, 2, 2);
INSERT INTO centre.subject (subject_id, verified) SELECT i, true FROM generate_series(1, 45) i;
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym(p), true FROM unnest('{one@works,two@works}'::text[]) p;
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, manager_id, valid)
  SELECT i, CASE WHEN i < 4 THEN 'Works' ELSE 'Health' END, 'D', 'X', 1, CASE WHEN i IN (2, 3) THEN 1 WHEN i = 5 THEN 4 END, '[2020-01-01,)'::daterange FROM generate_series(1, 45) i
  UNION ALL SELECT centre.pseudonym(p), 'Works', 'E', 'X', 1, 1, '[2020-01-01,)' FROM unnest('{one@works,two@works}'::text[]) p;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) SELECT subject_id, 1, 1, 'institute', '2025-01-01', 'c' FROM centre.official;
SELECT centre.refresh_official_competencies(100, '2025-06-01') \gset
INSERT INTO centre.provider (provider_id, code, name) VALUES (1, 'p', 'Provider');
INSERT INTO centre.training (training_id, provider_id, code, title, price, teaches) VALUES (1, 1, 'a', 'A', 10, '1:3'), (2, 1, 'b', 'B', 20, '2:2');
INSERT INTO centre.training_session (session_id, training_id, starts, ends, seats) VALUES (1, 2, '2025-07-01', '2025-07-02', 40);
INSERT INTO centre.learning (source, record, subject_id, training_id, enrolled_on, completed_on, score) SELECT 'x', i, i, 2, '2025-02-01', '2025-03-01', 90 FROM generate_series(2, 5) i;
INSERT INTO centre.learning_statement (source, statement, subject_id, training_id, verb, at, digest) SELECT 'x', i, i, 1, 'passed', '2025-03-01', '' FROM generate_series(2, 5) i;
INSERT INTO centre.objection (subject_id, evidence_id, competency_id, statement) SELECT subject_id, evidence_id, 1, 'no' FROM centre.evidence WHERE subject_id BETWEEN 2 AND 5;
INSERT INTO centre.passbook_reader (subject_id, reader_id) SELECT i, 40 FROM generate_series(2, 5) i;
SELECT centre.plan_official(i, 'cost', '2025-06-01'), centre.show_recommendations(i, 2, 'levels', '2025-06-01') FROM generate_series(2, 5) i \g /dev/null
SELECT centre.plan_department('Works', 'D', '[2025-06-01,2025-12-01)', '2025-06-01'), centre.plan_department('Health', 'D', '[2025-06-01,2025-12-01)', '2025-06-01') \g /dev/null
INSERT INTO centre.hr_login VALUES ('lr_lead', 1), ('lr_official', 2);
SELECT centre.add_claim_key('lr_pool', decode(repeat('5a', 32), 'hex')), centre.add_claim_key('lr_hr_pool', decode(repeat('7b', 32), 'hex')) \g /dev/null
SET SESSION AUTHORIZATION lr_both;
SELECT centre.draft_annual_plan('Works', '2025-06-01', 1000, '2025-06-01') \g /dev/null
RESET SESSION AUTHORIZATION;
SET ROLE civic_publisher;
CALL centre.publish_capacity('2025-05-31', '2025-12-31');
RESET ROLE;
SQL

sub as { my ($who, $query) = @_; local $ENV{PGUSER} = $who; return try_sql($db, $query) }
sub said { my ($who, $query) = @_; my ($rc, $out) = as($who, $query); return $out }

# ---- a function that costs next to nothing sees each row before the policy does, if it can; an error in a predicate tells of a row that is hidden ----
my $persons = q{SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND NOT c.relispartition AND a.attname IN ('subject_id', 'worker_id') ORDER BY 1};
my $hunt = <<"SQL";
CREATE TEMP TABLE seen (relation text, who bigint);
CREATE FUNCTION pg_temp.tell(relation text, who bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS \$\$ BEGIN INSERT INTO pg_temp.seen VALUES (relation, who); RETURN true; END \$\$;
DO \$\$
DECLARE
  r record;
BEGIN
  FOR r IN $persons LOOP
    BEGIN
      EXECUTE format('SELECT count(*) FROM centre.%I WHERE pg_temp.tell(%L, %I)', r.relname, r.relname, r.attname);
      EXECUTE format('SELECT count(*) FROM centre.%I WHERE 1 / (%I - 4) < 5 AND 1 / (%I - 5) < 5', r.relname, r.attname, r.attname);
    EXCEPTION WHEN insufficient_privilege THEN NULL;
      WHEN division_by_zero THEN INSERT INTO pg_temp.seen VALUES (r.relname, 0);
    END;
  END LOOP;
END \$\$;
SELECT relation || ' ' || string_agg(DISTINCT who::text, ',' ORDER BY who::text) FROM pg_temp.seen GROUP BY relation ORDER BY relation;
SQL
my %filled = map { $_ => 1 } split /\n/, sql($db, q{SELECT string_agg(t, E'\n') FROM unnest('{official,evidence,official_competency,learning,learning_statement,objection,official_plan,official_plan_step,recommendation,department_plan_seat,passbook_reader,capacity_fact}'::text[]) t});
my %seen;
for my $who (qw(lr_lead lr_official lr_approver lr_policies lr_provider lr_reader)) {
	$seen{$who} = { map { /^(\w+) (.*)$/ ? ($1 => $2) : () } split /\n/, said($who, $hunt) };
}
my @line = sort split /\n/, sql($db, 'SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT subject_id FROM centre.official WHERE department = $$E$$');
my $line = join '|', @line;
for my $relation (sort keys %{ $seen{lr_lead} }) { like($seen{lr_lead}{$relation}, qr/^(($line),?)+$/, "a manager's cheap function sees the own line only: $relation") }
for my $relation (sort keys %{ $seen{lr_official} }) { is($seen{lr_official}{$relation}, 2, "an official's the own rows only: $relation") }
is(join(' ', sort grep { $filled{$_} } keys %{ $seen{lr_official} }), join(' ', sort grep { $_ ne 'capacity_fact' } keys %filled), 'and those in each table');
is(join(' ', sort grep { $filled{$_} } keys %{ $seen{lr_lead} }), 'department_plan_seat evidence learning objection official official_competency official_plan official_plan_step recommendation', 'a manager has these tables');
is_deeply($seen{$_}, {}, "$_ sees no row with a person in it") for qw(lr_approver lr_policies lr_provider lr_reader);
my %all = map { /^(\w+) (.*)$/ ? ($1 => $2) : () } split /\n/, sql($db, $hunt);
is(scalar(grep { ($all{$_} // '') =~ /\b5\b|^0/ } keys %filled), scalar(keys %filled), 'whom nothing is hidden from sees more in each: the hunt would find it');

# ---- functions that take a person ----
for my $ask ("SELECT count(*) FROM centre.passbook(4, '2024-01-01', '2026-01-01')", 'SELECT count(*) FROM centre.recommend_trainings(4, 5)', "SELECT count(*) FROM centre.official_gaps('2025-06-01') WHERE subject_id = 4", "SELECT count(centre.levels_gained(4, 2, 90, '2025-03-01'))") {
	is(said($_, $ask), 0, "$_ gets nothing of 4: $ask") for qw(lr_lead lr_official);
}
my $hidden = sql($db, 'SELECT min(evidence_id) FROM centre.evidence WHERE subject_id = 4');
is(said('lr_official', "SELECT count(*) FROM (SELECT centre.export_badge($hidden, 'x') AS b) x WHERE b IS NOT NULL") + said('lr_official', "SELECT count(*) FROM centre.my_credential($hidden, 'x')"), 0, 'nor a badge of 4, by the number of the entry');
for my $who (qw(lr_lead lr_official)) { isnt((as($who, "SELECT centre.plan_official(4, 'cost', '2025-06-01')"))[0], 0, "$who makes no plan of 4") }

# ---- what each may not ----
my %refused = (
	lr_lead => [ 'SELECT * FROM centre.capacity_fact', 'SELECT * FROM centre.learning_statement', 'SELECT * FROM centre.hr_login', 'SELECT centre.free_seats(1)', "UPDATE centre.evidence SET level = 4", "SELECT centre.draft_annual_plan('Works', '2025-06-01', 1000)",
		"SELECT centre.plan_department('Works', 'D', '[2025-06-01,2025-12-01)')", 'SELECT centre.approve_annual_plan(1)', "SELECT * FROM centre.ministry_score('2025-05-01')", "INSERT INTO centre.official_plan VALUES (4, '2025-01-01', 'cost', '', '', 'none', 0, 0)" ],
	lr_approver => [ 'SELECT * FROM centre.official', 'SELECT * FROM centre.capacity_fact', 'SELECT * FROM centre.department_plan', 'SELECT * FROM centre.department_plan_seat', 'SELECT * FROM centre.appeal', 'SELECT * FROM centre.access_override', 'SELECT * FROM centre.worker_fact',
		'SELECT centre.my_line()', "SELECT * FROM centre.official_gaps('2025-06-01')", "SELECT * FROM centre.ministry_score('2025-05-01')", 'SET ROLE civic_publisher', 'SET SESSION AUTHORIZATION lr_both', "SELECT centre.draft_annual_plan('Works', '2025-06-01', 1000)",
		"UPDATE centre.annual_plan SET budget = 0", "UPDATE centre.annual_plan SET status = 'approved'", 'UPDATE centre.annual_plan_line SET seats = 1', 'DELETE FROM centre.annual_plan', "INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected) VALUES ('M', '[2025-04-01,2026-04-01)', 1, 1, 0, 0)",
		'DELETE FROM centre.annual_plan_line', 'CREATE TRIGGER mine BEFORE UPDATE ON centre.annual_plan EXECUTE FUNCTION centre.annual_plan_check()' ],
	lr_policies => [ 'SELECT * FROM centre.annual_plan', 'SELECT * FROM centre.annual_plan_line', 'SELECT centre.approve_annual_plan(1)', 'SELECT * FROM centre.official', 'SELECT * FROM centre.department_plan' ],
	lr_publisher => [ 'SELECT * FROM centre.hr_login', 'SELECT * FROM centre.claim_key', 'SELECT * FROM centre.pseudonym_salt', 'SELECT * FROM centre.read_log', 'SELECT * FROM centre.objection', 'SELECT * FROM centre.passbook_reader', "SELECT centre.pseudonym('one\@works')",
		"INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, credential) VALUES (2, 1, 4, 'assessed', '2026-01-01', 'x')", 'UPDATE centre.learning SET completed_on = enrolled_on', 'DELETE FROM centre.objection', 'SELECT centre.approve_annual_plan(1)',
		"UPDATE centre.annual_plan SET approver = 'somebody'", "INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected, author) VALUES ('M', '[2025-04-01,2026-04-01)', 1, 1, 0, 0, 'somebody')", "SELECT centre.decide_objection(1, 'upheld', '')" ],
	lr_provider => [ 'SELECT * FROM centre.training_session', 'SELECT * FROM centre.learning', 'SELECT * FROM centre.capacity_fact', 'SELECT * FROM centre.annual_plan', 'SELECT centre.free_seats(1)', "SELECT centre.training_effect(1, '2025-01-01', '2025-12-31')", 'SELECT * FROM centre.release', 'SELECT * FROM dash.capacity_fact',
		'SET ROLE civic_reader', "CREATE FUNCTION dash.training_demand(text) RETURNS int LANGUAGE sql RETURN 1" ],
	lr_both => [ 'SELECT centre.approve_annual_plan(max(plan_id)) FROM centre.annual_plan' ]);
for my $who (sort keys %refused) {
	for my $attack (@{ $refused{$who} }) {
		my ($rc, $out) = as($who, $attack);
		like($out, qr/permission denied|must be owner|row-level security|does not exist|not approved by its author|violates/, "$who is refused: $attack");
	}
}
is(said('lr_approver', 'SELECT centre.approve_annual_plan(max(plan_id)) FROM centre.annual_plan; SELECT approver FROM centre.annual_plan WHERE status = $$approved$$') =~ s/\n//gr, 'lr_approver', 'who may approve does, and by the login');
is(said('lr_lead', 'SELECT string_agg(ministry, $$,$$) FROM centre.annual_plan'), 'Works', 'a manager sees the approved plan of the own ministry');

# ---- providers: of releases only their own, whatever a function of theirs looks at first ----
my $cubes = said('lr_provider', q{CREATE TEMP TABLE seen (cube text); CREATE FUNCTION pg_temp.tell(cube text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN INSERT INTO pg_temp.seen VALUES (cube); RETURN true; END $$;
	SELECT count(*) FROM dash.released_row WHERE pg_temp.tell(cube) AND 1 / (length(cube) - length('capacity')) < 5 \g /dev/null
	SELECT DISTINCT cube FROM pg_temp.seen ORDER BY 1});
is($cubes, sql($db, "SELECT c.code FROM centre.cube c WHERE c.audience = 'provider' AND EXISTS (SELECT FROM centre.release r WHERE r.cube = c.code) ORDER BY 1"), 'a provider\'s function sees releases for providers only');
isnt($cubes, '', 'and sees some');

# ---- claims across a pool: what one client leaves in the connection is not the next one's ----
my %claim = map { $_ => sql($db, "SELECT centre.sign_claim(1, 'official', '$_\@works')") } qw(one two);
my %id = map { $_ => sql($db, "SELECT centre.pseudonym('$_\@works')") } qw(one two);
my $mine = 'SELECT coalesce(string_agg(DISTINCT subject_id::text, $$,$$), $$nobody$$) FROM centre.evidence';
sub claim { my ($who, $local) = @_; return "SELECT set_config('civic.claim', '$claim{$who}', $local) \\g /dev/null\n" }
# transaction pooling: the claim is the transaction's
is(said('lr_pool', "BEGIN; @{[claim('one', 'true')]} $mine; COMMIT; $mine; BEGIN; @{[claim('two', 'true')]} $mine; COMMIT; $mine"), "$id{one}\nnobody\n$id{two}\nnobody", 'a claim that is local to its transaction ends with it');
is(said('lr_pool', "BEGIN; SAVEPOINT s; @{[claim('one', 'true')]} ROLLBACK TO s; $mine; COMMIT"), 'nobody', 'and with its savepoint');
is(said('lr_pool', "BEGIN; @{[claim('one', 'true')]} $mine; ROLLBACK; $mine"), "$id{one}\nnobody", 'and when it is rolled back');
# what is prepared or cached under one claim answers by the claim of who asks
is(said('lr_pool', "SET plan_cache_mode = force_generic_plan; PREPARE p AS $mine; BEGIN; @{[claim('one', 'true')]} EXECUTE p; COMMIT; BEGIN; @{[claim('two', 'true')]} EXECUTE p; COMMIT; EXECUTE p"), "$id{one}\n$id{two}\nnobody", 'a statement prepared under another claim, its plan kept');
is(said('lr_pool', "CREATE FUNCTION pg_temp.mine() RETURNS text LANGUAGE plpgsql STABLE AS \$f\$ BEGIN RETURN ($mine); END \$f\$; BEGIN; @{[claim('one', 'true')]} SELECT pg_temp.mine(); COMMIT; BEGIN; @{[claim('two', 'true')]} SELECT pg_temp.mine(); COMMIT; SELECT pg_temp.mine()"),
	"$id{one}\n$id{two}\nnobody", 'a function with a plan that was made under another');
is(said('lr_pool', "BEGIN; @{[claim('one', 'true')]} SELECT centre.me(); @{[claim('two', 'true')]} SELECT centre.me(); $mine; COMMIT"), "$id{one}\n$id{two}\n$id{two}", 'a second claim replaces the first within a transaction');
# session pooling: what is left, and what DISCARD ALL takes away
my $left = "@{[claim('one', 'false')]} BEGIN; DECLARE held CURSOR WITH HOLD FOR SELECT subject_id FROM centre.evidence; COMMIT; CREATE TEMP TABLE kept AS SELECT subject_id FROM centre.evidence; PREPARE p AS $mine;\n";
is(said('lr_pool', "$left $mine; FETCH held; SELECT subject_id FROM kept"), "$id{one}\n$id{one}\n$id{one}", 'without DISCARD ALL the next client has the claim, the held cursor and the table of the one before');
is(said('lr_pool', "$left DISCARD ALL; $mine; SELECT coalesce(nullif(current_setting('civic.claim', true), ''), 'none'), (SELECT count(*) FROM pg_cursors WHERE name = 'held'), to_regclass('pg_temp.kept') IS NULL, (SELECT count(*) FROM pg_prepared_statements)"), "nobody\nnone|0|t|0", 'with it none of them');
like(said('lr_pool', "$left DISCARD ALL; FETCH held"), qr/cursor "held" does not exist/, 'a held cursor is refused');
like(said('lr_pool', "$left DISCARD ALL; BEGIN; @{[claim('two', 'true')]} FETCH held"), qr/cursor "held" does not exist/, 'to the next client, too');
like(said('lr_pool', "BEGIN; @{[claim('one', 'true')]} DECLARE open CURSOR FOR SELECT subject_id FROM centre.evidence; COMMIT; FETCH open"), qr/cursor "open" does not exist/, 'a cursor that is not held ends with the transaction');
is(said('lr_pool', "BEGIN; @{[claim('one', 'true')]} DECLARE open CURSOR FOR SELECT subject_id FROM centre.evidence; FETCH open; @{[claim('two', 'true')]} FETCH ALL FROM open; COMMIT"), $id{one}, 'one that was begun goes on with the claim it was begun under');
# whose claim it is
is(said('lr_hr_pool', "@{[claim('one', 'false')]} $mine"), 'nobody', 'a claim for another login is worth nothing');
is(said('lr_official', "@{[claim('one', 'false')]} $mine"), 2, 'nor does it add to a personal login');
my $tampered = $claim{one} =~ s/one\@works/two\@works/r;
is(said('lr_pool', "SELECT set_config('civic.claim', '$tampered', false) \\g /dev/null\n$mine"), 'nobody', 'nor does one that names another than was signed');
isnt((as('lr_pool', "ALTER ROLE lr_pool SET civic.claim = '$claim{one}'"))[0], 0, 'and no login keeps a claim for its later connections');
done_testing;
