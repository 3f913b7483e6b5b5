# The demo on the synthetic country, and the examples of the analyst's page on what it made.
use strict;
use warnings;
use Civic;
use Test::More;

my $log = `$top/tools/demo --reports 3000 --wards 1 2>&1`;
is($? >> 8, 0, 'make demo runs') or diag $log;
my ($documents, $drift) = $log =~ /^(\d+) documents,.* drift (\d+)$/m;
cmp_ok($documents // 0, '>', 3000, 'it ends with counts');
is($drift, 0, 'and no cell drifted');
my %was = %ENV;
cluster_env('demo');
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
`$top/tools/demo --reports 3000 --wards 1 2>&1` if $ENV{LONG};
is(sql($db, $facts), $first, 'the demo is deterministic') if $ENV{LONG};

# what it published of needs, access codes, trainings and, of one month, of reports, for all audiences together
SKIP: {
	my $refusal = audit_refusal();
	skip $refusal, 1 if $refusal;
	audit_tables($db, 20, 'demo', '^(need_survey|access|training|observation \[2026-09-01,2026-10-01\) need_)');
}

open my $page, '<:encoding(UTF-8)', "$top/docs/analyst.md" or die $!;
my $text = do { local $/; <$page> };
my $examples = 0;
for my $example ($text =~ /^```sql\n(.*?)^```/gms) {
	my ($rc, $out) = try_sql($db, "SET ROLE civic_reader;\n$example");
	is($rc, 0, 'example: ' . substr($example =~ s/\s+/ /gr, 0, 60)) or diag $out;
	isnt($out, '', 'and gives rows');
	$examples++;
}
cmp_ok($examples, '>', 3, 'the analyst\'s page has examples');
system("$top/tools/cluster", 'stop', 'demo');
%ENV = %was;
done_testing();
