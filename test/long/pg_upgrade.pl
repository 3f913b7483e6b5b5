# pg_upgrade: a cluster with data becomes one of a later PostgreSQL; its files are the same to the last byte, every stored type is read, readers get the same
# answers, indexes serve, and the tick goes on.  CIVIC_NEW_CONFIG and PG_CONFIG name the later and the earlier server's pg_config.
use strict;
use warnings;
use Civic;
use Digest::MD5;
use Test::More;

sub of { my ($config, $what) = @_; my $said = `'$config' --$what`; chomp $said; return $said }
sub major { return of($_[0], 'version') =~ /PostgreSQL (\d+)/ ? $1 : 0 }
# servers that can build the extension and have PostGIS
my @able = sort { major($a) <=> major($b) } grep { -d of($_, 'includedir-server') && -e of($_, 'sharedir') . '/extension/postgis.control' } grep { -x } glob '/usr/lib/postgresql/*/bin/pg_config';
my ($old, $new) = $ENV{CIVIC_NEW_CONFIG} ? ($ENV{PG_CONFIG} // $able[0], $ENV{CIVIC_NEW_CONFIG}) : @able[ 0, -1 ];
plan skip_all => 'pg_upgrade needs two servers with headers and PostGIS; here: ' . join ', ', map { major($_) } @able unless $old && $new && major($new) > major($old);
diag sprintf 'PostgreSQL %s to %s', major($old), major($new);

my %was = %ENV;
delete @ENV{ grep { /^PG|^CIVIC_/ } keys %ENV };
my ($db, $name) = ('civic_kept', 'upgraded');
chomp(my $base = `'$top/tools/cluster' where`);
my @owner = $> == 0 ? ('setpriv', '--reuid=postgres', '--regid=' . getgrnam('postgres'), '--init-groups', '--') : ();
sub data { return "$base/cluster-" . major($_[0]) . "/$name" }
sub cluster { my ($config, @command) = @_; local $ENV{PG_CONFIG} = $config; return system("$top/tools/cluster", @command) }

# ---- the earlier one, with data ----
# one build at a time: the objects of one server are not those of another
system("make -s -C '$top' PG_CONFIG='$old' clean >/dev/null 2>&1");
is(cluster($old, 'install'), 0, 'built for PostgreSQL ' . major($old));
cluster($_, 'drop', $name) for $old, $new;
$ENV{PG_CONFIG} = $old;
cluster_env($name);
layer($db);
sql($db, 'DROP EXTENSION IF EXISTS pgtap CASCADE; CREATE SCHEMA IF NOT EXISTS tap');
sql($db, do { local @ARGV = map { "$top/test/fixtures/$_.sql" } 'country', 'released'; local $/; join '', <> });
# a value of each type, as test/t/wire_versions.pl has them, in a table of the site's, with an index of the extension's operator class
my ($list) = do { local (@ARGV, $/) = ("$top/test/t/wire_versions.pl"); <> } =~ /^(my \$ruleset = .*?^\);)/ms;
my %type = eval "$list; %type" or die $@;
sql($db, 'SET search_path = civic, public; CREATE TABLE kept (' . join(', ', map { "v_$_ $_" } sort keys %type) . '); INSERT INTO kept VALUES (' . join(', ', map { $type{$_}[0] } sort keys %type) . ');
  CREATE TABLE people AS SELECT i, competency_set(ARRAY[1 + i % 7, 10 + i % 5], ARRAY[1 + i % 15, 3]) AS held FROM generate_series(1, 5000) AS i; CREATE INDEX people_idx ON people USING gin (held);');
is(sql($db, q{SELECT count(*) FROM pg_type t WHERE t.typnamespace = 'civic'::regnamespace AND t.typtype = 'b' AND t.typelem = 0}), scalar keys %type, 'every type of the extension is stored');
# the rows of every table; what readers are told
my $rows = q{CREATE FUNCTION pg_temp.digest(of_table text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE said text; BEGIN
    EXECUTE format('SELECT md5(string_agg(x::text, chr(10) ORDER BY x::text)) FROM %s AS x', of_table) INTO said; RETURN concat_ws(' ', of_table, said); END $$;
  SELECT pg_temp.digest(c.oid::regclass::text) FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace IN ('centre'::regnamespace, 'public'::regnamespace) AND c.relname <> 'spatial_ref_sys' ORDER BY 1};
my @questions = ("SET search_path = civic, public; SELECT " . join(', ', map { "encode(${_}_send(v_$_), 'hex')" } grep { sql($db, "SELECT to_regproc('civic.${_}_send') IS NOT NULL") eq 't' } sort keys %type) . ' FROM kept',
	q{SET search_path = civic, public; SET enable_seqscan = off; SELECT count(*) FROM people WHERE held @> '1:8'}, q{SET ROLE civic_reader; SELECT to_jsonb(c) FROM dash.comparison('need_food', '2026-10') AS c},
	q{SELECT worker_id, civic.colour(code), code FROM centre.access ORDER BY 1}, 'SELECT * FROM centre.replay_faults()', 'SELECT count(*) FROM centre.cell_drift');
my @before = (sql($db, $rows), map { sql($db, $_) } @questions);
# files of our tables by their numbers, which pg_upgrade keeps
my $files = q{SELECT string_agg(format('%s %s', c.oid::regclass, pg_relation_filepath(c.oid)), chr(10) ORDER BY c.oid::regclass::text) FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace IN ('centre'::regnamespace, 'public'::regnamespace) AND c.relname <> 'spatial_ref_sys' AND pg_relation_size(c.oid) > 0};
sub file_digests {
	my ($config) = @_;
	sql($db, 'CHECKPOINT');
	my %of = map { split / /, $_, 2 } split /\n/, sql($db, $files);
	return { map { my $h; open($h, '<:raw', data($config) . "/$of{$_}") ? ($_ => Digest::MD5->new->addfile($h)->hexdigest) : () } keys %of };
}
sql($db, 'VACUUM FREEZE');
my $bytes = file_digests($old);
cmp_ok(scalar keys %$bytes, '>', 30, 'tables with rows: ' . keys %$bytes);
my $numbers = sql('postgres', q{SHOW data_checksums});
is(cluster($old, 'stop', $name), 0, 'stopped');

# ---- the later one ----
system("make -s -C '$top' PG_CONFIG='$old' clean >/dev/null 2>&1");
is(cluster($new, 'install'), 0, 'built for PostgreSQL ' . major($new));
my ($from, $to, $bin) = (data($old), data($new), of($new, 'bindir'));
system("mkdir -p '$to' && chown --reference='$from' '$to' && chmod 700 '$to'");
my @sums = major($new) >= 18 ? '--no-data-checksums' : ();
system(@owner, 'env', '-C', '/', "$bin/initdb", '-D', $to, qw(-U postgres -A trust -E UTF8 --locale=C.UTF-8 -N), @sums) == 0 or BAIL_OUT('initdb');
system("echo \"include 'civic.conf'\" >>'$to/postgresql.conf'");
is(cluster($new, 'start', $name) || cluster($new, 'stop', $name), 0, 'an empty cluster of it starts');
my $log = `@owner env -C '$to' '$bin/pg_upgrade' -b '@{[of($old, 'bindir')]}' -B '$bin' -d '$from' -D '$to' -U postgres -s /tmp 2>&1`;
is($?, 0, 'pg_upgrade') or diag $log, `find '$to' -name '*.txt' -path '*pg_upgrade_output*' -exec cat {} + ; tail -n 20 \$(find '$to' -name '*.log' -path '*pg_upgrade_output*')`;
$ENV{PG_CONFIG} = $new;
delete @ENV{qw(PGHOST PGPORT)};
cluster_env($name);
is(sql('postgres', 'SHOW server_version_num') =~ /^(\d+)\d{4}$/ ? $1 : '', major($new), 'the cluster is of the later version');
is_deeply(file_digests($new), $bytes, 'the files of our tables are the same to the last byte');
my @after = (sql($db, $rows), map { sql($db, $_) } @questions);
is_deeply([ split /\n/, $after[0] ], [ split /\n/, $before[0] ], 'every row of every table reads the same');
is($after[$_], $before[$_], 'the same answer: ' . substr $questions[ $_ - 1 ], 0, 60) for 1 .. @questions;
is(sql($db, q{SET client_min_messages = error; CALL centre.tick(); SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL}), 0, 'the tick goes on');
is((try_sql($db, "\\i $top/sql/upgrade.sql"))[0], 0, 'and the layer can be upgraded there');
cluster($_, 'drop', $name) for $old, $new;
system("make -s -C '$top' PG_CONFIG='$new' clean >/dev/null 2>&1");
%ENV = %was;
done_testing();
