# The layer without the rooms that may be left out: it installs, a report becomes a figure, a tick does what is due, a person is erased.
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_rooms';
my $country = do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> };

sub install {
	my ($without) = @_;
	sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE); CREATE DATABASE $db");
	return install_again($without);
}
sub install_again {
	my ($without) = @_;
	my $said = `PGOPTIONS='-c client_min_messages=warning' psql -Xq -d $db -v without='$without' -f '$top/sql/install.sql' 2>&1`;
	return ($? >> 8, $said);
}
sub rooms { return sql($db, q{SELECT string_agg(DISTINCT split_part(name, '/', 1), ' ' ORDER BY split_part(name, '/', 1)) FROM centre.migration}) }

my @sets = ('baseline nowcast', 'learning', 'access', 'wash', 'comparison wash', 'workforce access', 'competency learning',
	'comparison baseline nowcast wash workforce access competency learning');
@sets = $sets[-1] unless $ENV{LONG};    # it leaves out every room of the others
for my $without (@sets) {
	my ($rc, $said) = install($without);
	is($rc, 0, "installs without $without") or diag $said;
	my %out = map { $_ => 1 } split / /, $without;
	is(join(' ', grep { $out{$_} } split / /, rooms()), '', 'nothing of it is there');
	sql($db, "CREATE SCHEMA tap;\n$country");
	sql($db, <<'SQL');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES ('food', 'centre', '{need_food}', '{country}', 'month', '{all}');
SELECT tap.land('app', format('{"id": %s, "at": "2026-10-%s", "about": "Food", "ward": "W1", "phone": "p%s"}', n, n, n)) FROM generate_series(10, 29) AS n;
SQL
	is(sql($db, 'CALL centre.tick()'), '', 'ticks');
	is(sql($db, 'SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL'), '0', 'no step fails');
	is(sql($db, 'SELECT count(*) FROM centre.observation'), '20', 'reports became facts');
	is(sql($db, q{CALL centre.publish('food', '2026-10-01'); SET ROLE civic_reader; SELECT count(*) > 0 FROM dash.released WHERE indicator = 'need_food'}), 't', 'and a figure');
	is(sql($db, q{SELECT string_agg(relation || ' ' || rows, ', ' ORDER BY relation) FROM centre.erase(centre.pseudonym('p12')) WHERE relation = 'observation'}), 'observation 1', 'a person is erased');
	($rc, $said) = install_again($without);
	is($rc, 0, 'installing again changes nothing') or diag $said;
}
my ($rc, $said) = try_sql($db, "\\i $top/sql/upgrade.sql");
is($rc, 0, 'an upgrade') or diag $said;
unlike(rooms(), qr/access/, '... leaves out what was left out');
is((install_again(''))[0], 0, 'named no more, a room is installed later');
like(rooms(), qr/access.*wash/, 'and is there');
($rc, $said) = install_again('access');
like($said, qr/a room that this database has cannot be left out: access/, 'one that is there cannot be left out');
($rc, $said) = install('workforce');
like($said, qr/access needs workforce/, 'nor one that another needs');
($rc, $said) = install('wahs');
like($said, qr/no room that can be left out: wahs/, 'nor one that does not exist');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
