# The detectors against the reference files, where these lie beside the checkout.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $reference = '../shared/reference';
my $db = 'civic_surveillance_reference';

sub psql
{
	my ($sql) = @_;
	open(my $out, '-|', 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $db, '-c', $sql) or die $!;
	local $/;
	my $text = <$out>;
	close $out or die "psql failed: $sql";
	$text =~ s{\n\z}{};
	return $text;
}

# Every third series and the odd ones, every configuration; with LONG=1 the whole folder.
sub part_of
{
	my ($whole) = @_;
	return $whole if $ENV{LONG};
	my $part = tempdir('surveillance_XXXXXX', TMPDIR => 1, CLEANUP => 1);
	my %number;
	for my $file (qw(series params ears cusum farrington farrington_flexible simple))
	{
		open my $in, '<', "$whole/$file.csv" or die "$file: $!";
		open my $out, '>', "$part/$file.csv" or die "$file: $!";
		while (<$in>)
		{
			my ($series) = /^"?([^",]*)/;
			$number{$series} //= keys %number if $file eq 'series';
			print $out $_ if $. == 1 || $file eq 'params' || $series =~ /^edge/ || $number{$series} % 3 == 1;
		}
	}
	return $part;
}

SKIP:
{
	skip "there is no $reference/surveillance", 2 unless -f "$reference/surveillance/series.csv";
	my $report = qx(test/conformance/surveillance ${\ part_of("$reference/surveillance")});
	is($?, 0, 'every difference from R has a name') or diag($report);
	my @parts = $report =~ /^surveillance \S+ \d+\/\d+$/mg;
	cmp_ok(scalar @parts, '>=', 27, 'every configuration was compared');
}

SKIP:
{
	my $dir = "$reference/covid19za";
	skip "there is no $dir", 3 unless -f "$dir/ears.csv";
	system('createdb', $db) == 0 or die 'createdb failed';
	psql('CREATE EXTENSION pgcivic');
	psql('CREATE TABLE daily (series_id text, day date, t int, cumulative bigint, new bigint)');
	psql('CREATE TABLE ears (series_id text, t int, c1_ub float8, c1_al int, c2_ub float8, c2_al int, c3_ub float8, c3_al int)');
	psql("\\copy daily FROM '$dir/provincial_daily.csv' CSV HEADER");
	psql("\\copy ears FROM '$dir/ears.csv' CSV HEADER");
	# Days without a figure are left out altogether; revisions below zero stay in.
	psql('CREATE TABLE judged AS SELECT series_id, t, civic.detect(day, new, m) OVER (PARTITION BY series_id, m ORDER BY day) AS v, m::text AS m
	        FROM daily, (VALUES (civic.detector \'ears_c1\'), (\'ears_c2\'), (\'nb_window\')) AS d (m) WHERE new IS NOT NULL');
	is(psql('SELECT count(*) FROM judged JOIN ears USING (series_id, t),
	           LATERAL (SELECT CASE m WHEN \'ears_c1\' THEN c1_ub WHEN \'ears_c2\' THEN c2_ub END AS ub) AS r
	          WHERE m <> \'nb_window\' AND civic.observed(v) >= 0
	            AND (abs(civic.upper_bound(v) - ub) > 5e-12 * (1 + ub) OR (civic.upper_bound(v) IS NULL) <> (ub IS NULL))'),
		0, 'EARS on provincial series with missing days and revisions is what R gives');
	is(psql('SELECT count(*) FROM judged WHERE civic.observed(v) < 0 AND civic.reason(v) IS DISTINCT FROM \'negative_count\''),
		0, 'a revision below zero is no verdict');
	cmp_ok(psql('SELECT count(*) FROM judged WHERE m = \'nb_window\' AND civic.reason(v) IS NULL'), '>', 1000,
		'missing days do not silence the window');
	system('dropdb', $db);
}
done_testing();
