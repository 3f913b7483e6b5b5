# The demo on the synthetic country, and the examples of the analyst's page on what it made.
use strict;
use warnings;
use Civic;
use AnalystCheck;
use DocExamples;
use Test::More;

# LONG=1: the demo as make demo runs it.  In make test a small one stays on the lane's cluster, for the tests of the boards.
my $shared = $ENV{CIVIC_INSTALLED} && !$ENV{LONG};
my $size = $ENV{LONG} ? '' : '--reports 3000 --wards 1 --months 2 --clinics 130 --scale 0.0005' . ($shared ? ' --here' : '');
my $log = `$top/tools/demo $size 2>&1`;
is($? >> 8, 0, 'make demo runs') or diag $log;
my ($documents, $drift) = $log =~ /^(\d+) documents,.* drift (\d+)$/m;
cmp_ok($documents // 0, '>', 3000, 'it ends with counts');
is($drift, 0, 'and no cell drifted');
my %was = %ENV;
cluster_env('demo') unless $shared;
my $db = 'civic_demo';

is(sql($db, q{SELECT count(DISTINCT code) FROM dash.area WHERE level = 'district'}), 52, '52 districts');
is(sql($db, q{SELECT round(sum(people)) FROM centre.population_at('district', 2026) WHERE sex = '*' AND age_band = '*'}), 55653651, 'with the population of the Community Survey 2016');
# what the generator sent is what became of it: winners of each report, less those with a fault
is(sql($db, q{SELECT (SELECT count(*) FROM centre.document WHERE source = 'app')}), sql($db, q{
	SELECT count(DISTINCT doc ->> 'id') FROM (SELECT e AS doc FROM centre.landing l, jsonb_array_elements(centre.try_jsonb(l.payload)) AS e WHERE l.source = 'app' AND jsonb_typeof(centre.try_jsonb(l.payload)) = 'array') x
	WHERE (doc ->> 'at')::date < '2027-01-01' AND NOT doc -> 'about' ? 'Bread' AND (doc -> 'pos' ->> 'lon')::numeric > 16 OR doc ? 'deleted'}), 'every report without a fault is a document');
is(sql($db, 'SELECT bool_and(d.n = o.n) FROM (SELECT indicator_id, sum(total) AS n FROM centre.cell_now GROUP BY 1) d JOIN (SELECT indicator_id, sum(value) AS n FROM centre.observation GROUP BY 1) o USING (indicator_id)'), 't', 'cells add up');
# a second run from the same seed gives the same country and the same facts
my $facts = 'SELECT md5(string_agg(x::text, E\'\n\' ORDER BY x::text)) FROM (SELECT d.source, d.doc_key, d.version, o.ordinal, o.day, o.area_id, o.sex, o.age_band FROM centre.observation o JOIN centre.document d USING (document_id)) x';
my $first = sql($db, $facts);
$log = `$top/tools/demo 2>&1` if $ENV{LONG};
is(sql($db, $facts), $first, 'the demo is deterministic') if $ENV{LONG};

# what it published of needs, access codes and trainings, for all audiences together
SKIP: {
	my $refusal = audit_refusal();
	skip $refusal, 1 if $refusal;
	audit_tables($db, 20, 'demo', '^(need_survey|access|training)');
}
# reports are rounded: every count of every area is a multiple of five, and the true one is within what it may stand for
like(sql($db, q{
	WITH fact AS (
	  SELECT o.indicator, date_trunc('month', o.day)::date AS month, o.area_id, b.breakdown, b.member, sum(o.value) AS n
	  FROM centre.observation_row o CROSS JOIN LATERAL (VALUES ('all', '*total*'), ('sex', o.sex), ('youth', coalesce(o.youth, 'unknown'))) AS b (breakdown, member)
	  WHERE o.verified AND o.subject_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5),
	truth AS (
	  SELECT f.indicator, f.month, u.ancestor_id AS area_id, f.breakdown, f.member, sum(f.n) AS n FROM fact f JOIN centre.area_closure u ON u.descendant_id = f.area_id GROUP BY 1, 2, 3, 4, 5)
	SELECT count(*), count(*) FILTER (WHERE x.value IS NULL OR x.value % 5 <> 0), count(*) FILTER (WHERE coalesce(t.n, 0) < x.possible_from OR coalesce(t.n, 0) > x.possible_to OR x.possible_from IS NULL)
	FROM centre.release_cell x JOIN centre.release r USING (release_id)
	LEFT JOIN truth t ON (t.indicator, t.month, t.area_id, t.breakdown, t.member) = (x.indicator, lower(r.period), x.area_id, x.breakdown, x.member)
	WHERE r.cube = 'needs_monthly' AND r.current AND x.breakdown IN ('all', 'sex', 'youth') AND x.indicator NOT LIKE 'share%' AND x.indicator NOT LIKE '%persons'}),
	qr/^\d{5,}\|0\|0$/, 'reports of all areas, rounded, with the true count within its bounds');

# the analyst's page: its questions against the raw rows, and in the demo as it comes the very figures that the pages show
check_answers($db, $ENV{LONG});
if ($ENV{LONG}) {
	check_page("$top/docs/analyst.md", 'sql', sub { sql('postgres', "DROP DATABASE IF EXISTS $_[0] WITH (FORCE)"); sql('postgres', "CREATE DATABASE $_[0] TEMPLATE $db") });
	open my $readme, '<:encoding(UTF-8)', "$top/README.md" or die $!;
	my $page = do { local $/; <$readme> };
	my ($shown) = $page =~ /^`make demo` sends.*?^```text\n(.*?)^```/ms;
	my $printed = join "\n", map { s/\s+$//r } split /\n/, $log;
	utf8::decode($printed);
	if ($ENV{UPDATE}) {    # each part anew, from its heading to the next empty line
		my $made = join "\n\n", map { my ($heading) = /^(.*)/; ($printed =~ /^(\Q$heading\E\n.*?)\n(?:\n|\z)/ms)[0] // $_ } split /\n\n/, $shown =~ s/\s+\z//r;
		$page =~ s/\Q$shown\E/$made\n/;
		$shown = $made;
		open my $out, '>:encoding(UTF-8)', "$top/README.md" or die $!;
		print $out $page;
		close $out;
	}
	for my $part (split /\n\n/, $shown) {
		$part =~ s/\s+\z//;
		ok(index($printed, $part) >= 0, 'the README shows what the demo prints: ' . ($part =~ /^(.*)/)[0]) or diag $part;
	}
	like($printed, qr/^ +1 \| app +\| 2\d{4} /m, 'some 20,000 reports');
}
system("$top/tools/cluster", 'stop', 'demo') unless $shared;
%ENV = %was;
done_testing();
