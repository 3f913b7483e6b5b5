# civic.scan against the reference maps, where they lie beside the checkout; and its p-values on maps without a cluster.
# Without LONG the small maps and one of each kind of the large ones.
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
chdir $top or die $!;
my $reference = '../shared/reference/kulldorff';
SKIP: {
	skip "there is no $reference", 3 unless -f "$reference/cases.csv";
	my $cases = $ENV{LONG} ? '.' : '^(ny|ed|nm_st|za_p0[13]|za_b01|za_s01)';
	my $report = qx(test/conformance/scan $reference '$cases');
	is($?, 0, 'every cluster of the reference maps is found') or diag $report;
	my @all = $report =~ m{^scan \S+ (\d+)/(\d+)$}mg;
	cmp_ok(@all / 2, '>=', $ENV{LONG} ? 28 : 16, 'in every map');
	# planted: one case moved is seen
	my $copy = "$top/build/kulldorff";
	system("rm -rf $copy && cp -rL $reference $copy && chmod -R u+w $copy && sed -i '0,/^ny_p10,1,t052,/s/^ny_p10,1,t052,.*/ny_p10,1,t052,0/' $copy/counts.csv");
	isnt(system("test/conformance/scan $copy ny_p10 >/dev/null"), 0, 'and a count that was changed is noticed');
	system("rm -rf $copy");
}

# On maps where cases fall by chance alone, p-values are uniform: of N maps with 19 replicas, each of the 20 values comes N / 20 times.
my $maps = $ENV{LONG} ? 4000 : 400;
my $db = 'civic_scan';
sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE); CREATE DATABASE $db");
sql($db, 'CREATE EXTENSION pgcivic');
for my $model ('poisson', 'bernoulli') {
	my ($square, $ones) = split /\|/, sql($db, <<"SQL");
WITH place AS (SELECT i, (i * 7) % 11 + i / 100.0 AS x, (i * 5) % 13 + i / 90.0 AS y FROM generate_series(1, 25) AS i),
thrown AS (
  SELECT m, 1 + get_byte(h, 0) % 25 AS i FROM generate_series(1, $maps) AS m, generate_series(1, 40) AS c, LATERAL (SELECT sha256(convert_to(format('%s %s', m, c), 'UTF8')) AS h) AS s
  WHERE get_byte(h, 0) < 250),
map AS (SELECT m.m, array_agg(p.i::text ORDER BY p.i) AS loc, array_agg(p.x ORDER BY p.i) AS x, array_agg(p.y ORDER BY p.i) AS y, array_agg(coalesce(t.n, 0) ORDER BY p.i) AS cases
        FROM generate_series(1, $maps) AS m (m) CROSS JOIN place p LEFT JOIN (SELECT m, i, count(*) AS n FROM thrown GROUP BY m, i) AS t ON t.m = m.m AND t.i = p.i GROUP BY m.m),
p AS (SELECT (SELECT s.p_value FROM civic.scan(m.loc, m.x, m.y, m.cases, array_fill(100::float8, '{25}'), model => '$model', replicas => 19, seed => m.m, clusters => 1, distance => 'planar') AS s) AS p_value FROM map m),
tally AS (SELECT k, count(p_value) AS n FROM generate_series(1, 20) AS k LEFT JOIN p ON round(p_value * 20) = k GROUP BY k)
SELECT round(sum((n - $maps / 20.0) ^ 2 / ($maps / 20.0)), 2), max(n) FILTER (WHERE k = 1) FROM tally;
SQL
	# chi-square with 19 degrees of freedom: 43.8 is passed by chance once in 1,000; equal ratios make p-values a little large
	cmp_ok($square, '<', 43.8, "$model: p-values of $maps maps without a cluster are uniform");
	cmp_ok($ones, '<', $maps / 20 + 4 * sqrt($maps / 20), "$model: and the least one does not come too often ($ones)");
}
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
