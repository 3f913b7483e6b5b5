# A year of ticks under a clock that is moved on by a week at a time (libfaketime): with retention and archiving on, the catalogue, the tables that
# should be level and their indexes are as large after a year as after half of one.  CIVIC_WEEKS=n for fewer.
use strict;
use warnings;
use Civic;
use Test::More;

my ($faketime) = grep { -e } glob '/usr/lib/*/faketime/libfaketime.so.1';
plan skip_all => 'libfaketime is not installed (apt install libfaketime)' unless $faketime;
my $weeks = $ENV{CIVIC_WEEKS} || 52;
my %was = %ENV;
my $db = 'civic_year';
$ENV{CIVIC_CONF} = "autovacuum_naptime = 1s\nlog_min_messages = panic\n";
system("$top/tools/cluster", 'drop', 'year');
# the server's clock alone is moved
sub week {
	my ($n) = @_;
	system("$top/tools/cluster", 'stop', 'year');
	local $ENV{LD_PRELOAD} = $faketime;
	local $ENV{FAKETIME} = '+' . 7 * $n . 'd';
	local $ENV{DONT_FAKE_MONOTONIC} = 1;
	# one start of 98 failed, for a reason not found: it is tried again
	for (1 .. 3) { last if system("$top/tools/cluster start year >/dev/null 2>&1") == 0 }
}
cluster_env('year');
layer($db);
sql($db, do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
sql($db, <<'SQL');
UPDATE centre.retention SET keep = '28 days' WHERE relation IN ('landing', 'dead_letter', 'gate_log');
UPDATE centre.retention SET keep = '1 day' WHERE relation = 'document';
CREATE FUNCTION tap.week(n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO centre.landing (source, format, payload) SELECT 'app', 'json', convert_to(jsonb_agg(jsonb_build_object('id', format('y%s-%s', n, i), 'at', (now() - i % 7 * interval '1 day')::date, 'about', CASE i % 50 WHEN 0 THEN 'Odd' ELSE 'Food' END, 'ward', 'W1', 'phone', 'p' || i))::text, 'UTF8') FROM generate_series(1, 600) AS i GROUP BY i / 20;
  INSERT INTO centre.gate_inbox (checked_at, colour) SELECT now(), 'grey' FROM generate_series(1, 500);
$$;
-- facts of months that are over for two months go to the archive and from there away
CREATE PROCEDURE tap.archive() LANGUAGE plpgsql AS $$
DECLARE m date;
BEGIN
  FOREACH m IN ARRAY ARRAY(SELECT DISTINCT date_trunc('month', day::timestamp)::date FROM centre.observation WHERE day < date_trunc('month', now()) - interval '2 months') LOOP
    PERFORM centre.archive_month(m); PERFORM centre.drop_archived(m);
  END LOOP;
END $$;
CREATE TABLE tap.size (week integer, what text, bytes bigint);
CREATE PROCEDURE tap.measure(n integer) LANGUAGE sql AS $$
  INSERT INTO tap.size SELECT n, 'catalogue', sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r';
  INSERT INTO tap.size SELECT n, r, sum(pg_total_relation_size(x.relid)) FROM unnest('{landing,dead_letter,document,observation,cell_delta,gate_log,gate_inbox,tick_log,stale_series,turn}'::text[]) AS r, LATERAL (SELECT ('centre.' || r)::regclass AS relid UNION SELECT relid FROM pg_partition_tree(('centre.' || r)::regclass)) AS x GROUP BY r;
  INSERT INTO tap.size SELECT n, 'indexes of ' || r, sum(pg_indexes_size(x.relid)) FROM unnest('{landing,dead_letter,document,observation,cell_delta,tick_log}'::text[]) AS r, LATERAL (SELECT ('centre.' || r)::regclass AS relid UNION SELECT relid FROM pg_partition_tree(('centre.' || r)::regclass)) AS x GROUP BY r;
$$;
SQL
for my $n (1 .. $weeks) {
	week($n);
	my ($rc, $out) = try_sql($db, "SET client_min_messages = error; SELECT tap.week($n); CALL centre.tick(); CALL centre.tick(); CALL tap.archive(); CALL centre.tick(); VACUUM; CALL tap.measure($n);");
	if ($rc) { fail("week $n: $out"); last }
}
is(sql($db, q{SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL OR finished_at IS NULL}), 0, "$weeks weeks of ticks: no step failed in the last month");
is(sql($db, q{SELECT count(*) FROM centre.cell_drift}), 0, 'cells are exact');
is(sql($db, 'SELECT sum(n) FROM centre.cell_now'), $weeks * 588, 'and count all that was reported, archived or not');
is(sql($db, q{SELECT count(*) FROM centre.landing WHERE received_at < now() - interval '40 days'}), 0, 'what is kept too long is gone');
cmp_ok(sql($db, q{SELECT value FROM centre.health() WHERE code = 'missing_partitions'}), '==', 0, 'months have their partitions');
my $half = int($weeks / 2);
my $grown = sql($db, "SELECT string_agg(format('%s: %s -> %s', what, a.bytes, b.bytes), ', ') FROM tap.size a JOIN tap.size b USING (what) WHERE a.week = $half AND b.week = $weeks AND b.bytes > a.bytes * 1.5 + 131072");
is($grown, '', 'sizes of catalogue, tables and indexes are level from the middle to the end');
diag sql($db, "SELECT string_agg(format('%s %s -> %s kB', what, a.bytes / 1024, b.bytes / 1024), E'\\n' ORDER BY what) FROM tap.size a JOIN tap.size b USING (what) WHERE a.week = $half AND b.week = $weeks");
system("$top/tools/cluster", 'drop', 'year');
%ENV = %was;
done_testing();
