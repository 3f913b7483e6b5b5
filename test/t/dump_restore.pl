# sql/roles.sql and then pg_dump | psql into an empty cluster: equal tables, views, privileges and role settings.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_dumped';
layer($db);
sql($db, do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
sql($db, <<'SQL');
INSERT INTO centre.cube VALUES ('needs', 'centre', '{need_food}', '{province}', 'month', '{all}');
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'a' || i, 'at', '2026-10-10', 'about', '["Food", "Report"]', 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 15) i)::text);
SELECT tap.land('app', '{"cut": ');
SELECT tap.apply('app') IS NOT NULL;
SELECT centre.drain_cells();
SELECT tap.land('app', '{"id": "late", "at": "2026-10-11", "about": "Food", "ward": "W2"}');
SELECT tap.apply('app') IS NOT NULL;
CALL centre.publish('needs', '2026-10-10');
-- what a site adds stays
CREATE SCHEMA site;
CREATE VIEW site.mine AS SELECT * FROM dash.area;
GRANT SELECT ON dash.area TO civic_gate;
DROP EXTENSION pgtap;
SQL

# Everything that must be equal, as one text.
# A restored function prints the names of columns that the second part of a union never had: names at a line's end are left out.
my $fingerprint = <<'SQL';
SELECT format('%s %s %s', c.oid::regclass, c.relkind, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a)) FROM pg_class c
  WHERE c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) ORDER BY 1;
SELECT format('%s %s %s', p.oid::regprocedure, md5(regexp_replace(pg_get_functiondef(p.oid), ' AS "?\w+"?(,?)$', '\1', 'gn')), (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(p.proacl) a)) FROM pg_proc p
  WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) ORDER BY 1;
SELECT format('%s %s', c.oid::regclass, md5(pg_get_viewdef(c.oid))) FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN ('centre'::regnamespace, 'dash'::regnamespace) ORDER BY 1;
SELECT format('%s %s', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'centre'::regnamespace ORDER BY 1;
SELECT format('%s %s', r.rolname, (SELECT string_agg(s, ',' ORDER BY s) FROM unnest(r.rolconfig) s)) FROM pg_roles r WHERE rolname LIKE 'civic%' ORDER BY 1;
SELECT format('%s %s', nspname, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(nspacl) a)) FROM pg_namespace WHERE nspname IN ('civic', 'centre', 'dash', 'site') ORDER BY 1;
SELECT format('%s %s', c.oid::regclass, md5(query_to_xml(format('SELECT * FROM %s AS x ORDER BY x::text', c.oid::regclass), true, false, '')::text)) FROM pg_class c
  WHERE c.relnamespace = 'centre'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('pseudonym_salt') ORDER BY 1;
SELECT md5(salt) FROM centre.pseudonym_salt;
SELECT 'pseudonym ' || centre.pseudonym('p1');
SELECT * FROM centre.cell_now ORDER BY 1, 2, 3;
SET ROLE civic_reader;
SELECT * FROM dash.comparison('need_food', '2026-10');
SQL
my $before = sql($db, $fingerprint);
cmp_ok(length $before, '>', 5000, 'the fingerprint has something to compare');
my $dump = File::Spec->tmpdir . "/civic_dump_$$.sql";
is(system("pg_dump -d $db -f '$dump'"), 0, 'pg_dump');
# PostgreSQL prints an argument without a name beside others with one as "": pg_upgrade, which dumps the extension's functions as well, would stop
is(sql($db, q{SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p WHERE p.pronamespace IN ('civic'::regnamespace, 'centre'::regnamespace, 'dash'::regnamespace) AND p.prokind IN ('f', 'p') AND pg_get_functiondef(p.oid) ~ '[.]""'}),
	'', 'every function is printed as it can be read');

# a cluster that has nothing but the roles
system("$top/tools/cluster", 'drop', 'empty');
my %was = %ENV;
cluster_env('empty');
is(system("createdb $db && psql -X -q -v ON_ERROR_STOP=1 -d postgres -f '$top/sql/roles.sql' >/dev/null"), 0, 'roles in an empty cluster');
my $out = `psql -X -q -v ON_ERROR_STOP=1 -d $db -f '$dump' 2>&1 >/dev/null`;
is($? >> 8, 0, 'restore without an error') or diag $out;
my $after = sql($db, $fingerprint);
is($after, $before, 'tables, views, functions, triggers, privileges, role settings and rows are equal');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'and the cells exact');
my ($rc, $err) = try_sql($db, 'SET ROLE civic_reader; SELECT * FROM centre.observation');
like($err, qr/permission denied/, 'the reader is refused there too');
($rc, $err) = try_sql($db, 'SET ROLE civic_reader; SELECT * FROM centre.observation_2026_10');
like($err, qr/permission denied/, 'and on a partition');

# the restored layer can be upgraded, and an upgrade stops at what the site built on it
($rc, $err) = try_sql($db, "\\i $top/sql/upgrade.sql");
like($err, qr/objects of this site depend/, 'an upgrade stops where a view of the site depends on ours');
like($err, qr/site\.mine/, 'and names it');
sql($db, 'DROP VIEW site.mine');
($rc, $err) = try_sql($db, "\\i $top/sql/upgrade.sql");
is($rc, 0, 'without it the upgrade runs') or diag $err;
is(sql($db, q{SELECT has_table_privilege('civic_gate', 'dash.area', 'SELECT')}), 't', 'what the site granted to one of our roles stays');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'facts untouched');
unlink $dump;
system("$top/tools/cluster", 'drop', 'empty');
%ENV = %was;
done_testing();
