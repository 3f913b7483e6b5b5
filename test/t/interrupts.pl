# Long loops of the extension can be cancelled.  A statement cancels itself, runs a function over a large value and then counts
# a sequence up: a function that looks for the request ends there, so the sequence stays where it was.  No clock is asked.
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_interrupts';
system("dropdb --if-exists --force $db 2>/dev/null; createdb $db") == 0 or BAIL_OUT("no database $db");
sql($db, 'CREATE EXTENSION pgcivic; CREATE SEQUENCE after_it');

# A value of many parts, and what goes through them.
my $catalogue = q{SELECT training_catalog_agg(i, format('%s:%s', 1 + i % 5000, 1 + i % 15)::competency_set, 8, 100) FROM generate_series(1, 20000) AS i};
my $sums = 'SELECT k_sum(i, i) FROM generate_series(1, 200000) AS i';
my $set = 'SELECT k_set(i) FROM generate_series(1, 200000) AS i';
my $series = 'SELECT series_agg(i, 1::bigint) FROM generate_series(1, 50000) AS i';
my $histogram = q{SELECT gap_hist('1:1', format('%s:%s', i, 1 + i % 15)::competency_set) FROM generate_series(1, 20000) AS i};
my $problem = 'SELECT suppression_problem(i, ARRAY[i]::int[], 10, NULL) FROM generate_series(1, 20000) AS i';
my @loops = (
	[ 'a catalogue printed', $catalogue, 'x::text' ],
	[ 'a catalogue read', "SELECT ($catalogue)::text", 'x::training_catalog' ],
	[ 'a catalogue listed', $catalogue, '(SELECT count(*) FROM each(x))' ],
	[ 'a catalogue merged', $catalogue, '(SELECT training_catalog_union(y) FROM (VALUES (x), (x)) AS v (y))' ],
	[ 'the largest of sums', $sums, 'largest(x, 100)' ],
	[ 'the total of sums', $sums, 'total(x)' ],
	[ 'who changed', $set, 'k_set_changed(x, x)' ],
	[ 'a set printed', $set, 'x::text' ],
	[ 'a set read', "SELECT ($set)::text", 'x::subject_set' ],
	[ 'a series printed', $series, 'x::text' ],
	[ 'a series read', "SELECT ($series)::text", 'x::series' ],
	[ 'series put together', $series, 'series_union(x, x)' ],
	[ 'a histogram printed', $histogram, 'x::text' ],
	[ 'a histogram read', "SELECT ($histogram)::text", 'x::gap_histogram' ],
	[ 'a problem printed', $problem, 'x::text' ],
	[ 'a problem read', "SELECT ($problem)::text", 'x::suppression_problem' ],
);
for my $loop (@loops) {
	my ($what, $value, $through) = @$loop;
	my $before = sql($db, q{SELECT nextval('after_it')});
	my ($failed, $out) = try_sql($db, "\\set VERBOSITY sqlstate\nSET search_path = civic, public;\n"
		. "WITH v (x) AS MATERIALIZED ($value) SELECT pg_cancel_backend(pg_backend_pid()), ($through) IS NULL, nextval('public.after_it') FROM v");
	like($out, qr/57014/, "$what: cancelled");
	is(sql($db, q{SELECT nextval('after_it')}), $before + 1, '  by itself, not after it');
}
# the way of asking tells a function that does not look from one that does
my $before = sql($db, q{SELECT nextval('after_it')});
try_sql($db, "WITH v (x) AS MATERIALIZED ($sums) SELECT pg_cancel_backend(pg_backend_pid()), x IS NULL, nextval('after_it') FROM v" =~ s/k_sum/civic.k_sum/r);
is(sql($db, q{SELECT nextval('after_it')}), $before + 2, 'a function that has nothing to do counts on');
sql('postgres', "DROP DATABASE $db");
done_testing();
