# The demo on the synthetic country, and the examples of the analyst's page on what it made.
use strict;
use warnings;
use Civic;
use AnalystCheck;
use DocExamples;
use Test::More;

# LONG=1: the demo as make demo runs it.  In make test a small one stays on the lane's cluster, for the tests of the boards.
my $shared = $ENV{CIVIC_INSTALLED} && !$ENV{LONG};
my $size = $ENV{LONG} ? '' : '--reports 3000 --wards 1' . ($shared ? ' --here' : '');
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

# what it published of needs, access codes, trainings and, of one month, of reports, for all audiences together
SKIP: {
	my $refusal = audit_refusal();
	skip $refusal, 1 if $refusal;
	audit_tables($db, 20, 'demo', '^(need_survey|access|training|observation \[2026-09-01,2026-10-01\) need_)');
}

# the analyst's page: its questions against the raw rows, and in the demo as it comes the very figures that the pages show
check_answers($db, $ENV{LONG});
if ($ENV{LONG}) {
	check_page("$top/docs/analyst.md", 'sql', sub { sql('postgres', "DROP DATABASE IF EXISTS $_[0] WITH (FORCE)"); sql('postgres', "CREATE DATABASE $_[0] TEMPLATE $db") });
	open my $readme, '<:encoding(UTF-8)', "$top/README.md" or die $!;
	my ($shown) = do { local $/; <$readme> } =~ /^`make demo` sends.*?^```text\n(.*?)^```/ms;
	my $printed = join "\n", map { s/\s+$//r } split /\n/, $log;
	utf8::decode($printed);
	for my $part (split /\n\n/, $shown) {
		$part =~ s/\s+\z//;
		ok(index($printed, $part) >= 0, 'the README shows what the demo prints: ' . ($part =~ /^(.*)/)[0]) or diag $part;
	}
	like($printed, qr/^ +1 \| app +\| 2\d{4} /m, 'some 20,000 reports');
}
system("$top/tools/cluster", 'stop', 'demo') unless $shared;
%ENV = %was;
done_testing();
