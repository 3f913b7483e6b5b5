# A dump of the demo as it was before the layer had rooms and stored values had a head, restored and upgraded by this version.
# Alone: tools/cluster run test -- perl -Itest/t test/long/dump_before_rooms.pl     (builds that version under build/before)
use strict;
use warnings;
use Civic;
use Test::More;

my $commit = 'ac31ce8';
plan skip_all => "the history has no commit $commit here" if system("git -C '$top' cat-file -e $commit^{commit} 2>/dev/null");
cluster_env('test') unless $ENV{PGHOST};

my ($before, $dump, $db) = ("$top/build/before", "$top/build/before.dump.sql", 'civic_before');
system("rm -rf '$before' && mkdir -p '$before' && git -C '$top' archive $commit | tar -x -C '$before'") == 0 or BAIL_OUT("no checkout of $commit");
{
	# a checkout of its own, with its own clusters
	local %ENV = %ENV;
	delete @ENV{ grep { /^PG|^CIVIC/ } keys %ENV };
	my $log = `cd '$before' && tools/demo --reports 1000 --wards 1 2>&1`;
	is($? >> 8, 0, "the demo of $commit runs") or diag $log;
	is(system("cd '$before' && tools/cluster run demo -- pg_dump -d civic_demo -f '$dump'"), 0, 'pg_dump');
	system("cd '$before' && tools/cluster stop demo");
}
# what the two versions are asked, of tables that both have
my @questions = (
	q{SELECT count(*), sum(n), sum(total) FROM centre.cell},
	q{SELECT count(*), md5(string_agg(o::text, ',' ORDER BY o::text)) FROM centre.observation o},
	q{SELECT count(*), md5(string_agg(body::text, ',' ORDER BY body::text)) FROM centre.ruleset},
	q{SELECT count(*), md5(string_agg(concat_ws(' ', worker_id, code, facts), ',' ORDER BY worker_id)) FROM (SELECT d.worker_id, d.code, d.facts::text AS facts FROM centre.decision d) x},
	q{SELECT count(*), md5(string_agg(held::text, ',' ORDER BY subject_id)) FROM centre.official_competency},
	q{SELECT count(*), md5(string_agg(kept::text, ',' ORDER BY series_id, area_id)) FROM centre.detector_state},
	q{SELECT count(*), md5(string_agg(sums::text, ',' ORDER BY dataset, period, measure, dims, from_release)) FROM centre.ledger_leaf},
);

sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE); CREATE DATABASE $db");
system("psql -X -q -d postgres -f '$top/sql/roles.sql' >/dev/null");
my $out = `psql -X -q -v ON_ERROR_STOP=1 -d $db -f '$dump' 2>&1 >/dev/null`;
is($? >> 8, 0, 'this version restores it') or diag $out;
my %restored = map { $_ => (try_sql($db, $_))[1] } @questions;
my ($rc, $said) = try_sql($db, "\\i $top/sql/upgrade.sql");
is($rc, 0, 'and upgrades it') or diag $said;
is(sql($db, q{SELECT count(*) FILTER (WHERE name ~ '^[0-9]') || ' ' || count(*) - count(DISTINCT name) FROM centre.migration}), '0 0', 'every schema file is known by its room, none twice');
is((try_sql($db, $_))[1], $restored{$_}, "as before: $_") for grep { $restored{$_} !~ /does not exist/ } @questions;
system('tools/layer', 'civic_fresh') == 0 or BAIL_OUT('no layer');
# need_survey is a table of the demo's own
my $catalogue = q{SELECT format('%s.%s %s', table_name, column_name, data_type) FROM information_schema.columns
	WHERE table_schema IN ('centre', 'dash') AND table_name !~ '_[0-9]{4}_[0-9]{2}$' AND table_name <> 'need_survey' ORDER BY 1};
my (%upgraded, %fresh);
@upgraded{ split /\n/, sql($db, $catalogue) } = ();
@fresh{ split /\n/, sql('civic_fresh', $catalogue) } = ();
is(join("\n", grep { !exists $fresh{$_} } sort keys %upgraded), '', 'an upgraded table or view has no column that a fresh one lacks');
is(join("\n", grep { !exists $upgraded{$_} } sort keys %fresh), '', 'and lacks none');
is((try_sql($db, 'SET ROLE civic_reader; SELECT count(*) > 0 FROM dash.comparison(\'need_food\', \'2026-09\')'))[1], 't', 'and a reader is answered');
sql('postgres', "DROP DATABASE $db WITH (FORCE); DROP DATABASE civic_fresh");
unlink $dump;
system("rm -rf '$before'");
done_testing();
