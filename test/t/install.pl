# Installing into what a site may have: refused at once with what to do, or installed as anywhere else.
use strict;
use warnings;
use Civic;
use File::Temp qw(tempdir);
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_odd';
my $install = "psql -X -q -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -d $db -f '$top/sql/roles.sql' -f '$top/sql/install.sql' 2>&1";
# a database made in a way, and what installing says
sub try_install {
	my ($createdb, $before, %env) = @_;
	system("dropdb --if-exists --force $db 2>/dev/null; createdb -T template0 $createdb $db") == 0 or die;
	sql($db, $before) if $before;
	local @ENV{keys %env} = values %env;
	my $said = `$install`;
	return ($? >> 8, $said);
}
sub refused {
	my ($createdb, $before, $code, $hint, $name) = @_;
	my ($rc, $said) = try_install($createdb, $before);
	isnt($rc, 0, "$name is refused");
	like($said, qr/ERROR:  $code: .*HINT:  .*$hint/s, 'at once, with what to do');
	is(sql($db, q{SELECT count(*) FROM pg_namespace WHERE nspname IN ('centre', 'dash', 'civic')}), 0, 'and nothing is left behind');
}
refused('-E LATIN1 --locale=C', '', '55000', 'createdb -T template0 -E UTF8', 'a database in LATIN1');
refused('-E SQL_ASCII --locale=C', '', '55000', 'createdb -T template0 -E UTF8', 'one without an encoding');
refused('-E UTF8', 'CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis', '55000', 'SET SCHEMA public', 'PostGIS elsewhere');
refused('-E UTF8', 'CREATE SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext', '55000', 'SET SCHEMA public', 'pg_trgm elsewhere');
system("dropdb --if-exists --force $db; createdb $db");
sql($db, 'DROP ROLE IF EXISTS odd_owner; CREATE ROLE odd_owner LOGIN');
like(`PGUSER=odd_owner psql -X -q -v ON_ERROR_STOP=1 -d $db -f '$top/sql/install.sql' 2>&1`, qr/is no superuser.*HINT:  Run this as a superuser/s, 'who is no superuser is told who must do what');
sql($db, 'DROP ROLE odd_owner');

# another encoding of the client, strings with backslashes, serializable, read only, another path, other dates: all at once
my ($rc, $said) = try_install('-E UTF8', 'GRANT CREATE ON SCHEMA public TO PUBLIC', PGCLIENTENCODING => 'LATIN1',
	PGOPTIONS => '-c standard_conforming_strings=off -c escape_string_warning=off -c default_transaction_isolation=serializable -c default_transaction_read_only=on -c search_path=pg_catalog -c datestyle=SQL,DMY -c bytea_output=escape -c timezone=Asia/Kolkata');
is($rc, 0, 'odd settings of the session do no harm') or diag $said;
like($said, qr/WARNING.*everybody may create objects in schema public/s, 'a schema public that is open to everybody is a warning');
is(sql($db, q{SELECT name FROM centre.language WHERE code = 'fr'}), 'Français', 'labels are what was written');
my $dump = q{SELECT md5(string_agg(x, E'\n' ORDER BY x)) FROM (SELECT p.oid::regprocedure || pg_get_functiondef(p.oid) AS x FROM pg_proc p WHERE p.prokind <> 'a' AND p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace)
  UNION ALL SELECT c.oid::regclass || pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace)
  UNION ALL SELECT l::text FROM centre.label l) AS all_of_it};
my $odd = sql($db, $dump);
# make test has installed the layer into civic_template just so
my $made = $ENV{CIVIC_INSTALLED} && !$ENV{LONG} && sql('postgres', q{SELECT count(*) FROM pg_database WHERE datname = 'civic_template'});
try_install('-E UTF8', '') unless $made;
is(sql($made ? 'civic_template' : $db, $dump), $odd, 'and everything is as in any other database');
system("dropdb --force $db");

# what make install puts where, and that it is enough
my $root = tempdir(CLEANUP => 1);
is(system("make -s -C '$top' PG_CONFIG='$ENV{PG_CONFIG}' DESTDIR='$root' install >'$root/log' 2>&1"), 0, 'make install') or diag do { local (@ARGV, $/) = ("$root/log"); <> };
my ($share) = map { chomp; $_ } `$ENV{PG_CONFIG} --sharedir`;
my ($bin) = map { chomp; $_ } `$ENV{PG_CONFIG} --bindir`;
ok(-f "$root$share/pgcivic/$_", "$_ is installed") for 'sql/install.sql', 'sql/site/schema/site.sql', 'dashboards/postgres_exporter/queries.yaml';
ok(-x "$root$bin/pgcivic-$_", "pgcivic-$_ too") for 'tick', 'check';
system("chmod -R a+rX '$root'");
is(system("createdb $db && psql -X -q -v ON_ERROR_STOP=1 -d $db -f '$root$share/pgcivic/sql/roles.sql' -f '$root$share/pgcivic/sql/install.sql' >'$root/log' 2>&1"), 0, 'the layer installs from there') or diag do { local (@ARGV, $/) = ("$root/log"); <> };
is(system("make -s -C '$top' PG_CONFIG='$ENV{PG_CONFIG}' DESTDIR='$root' uninstall >'$root/log' 2>&1"), 0, 'make uninstall');
is(`find '$root$share/pgcivic' '$root$bin' -type f 2>/dev/null`, '', 'leaves nothing');
system("dropdb --force $db");
done_testing();
