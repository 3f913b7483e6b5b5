# The demo on the public files: every count and sum against totals computed here from the files.
use strict;
use warnings;
use Civic;
use Test::More;

my $data = $ENV{CIVIC_DATA} // "$top/../shared/data";
plan skip_all => "no public data files at $data" unless -d $data;

# Rows of a CSV file without line breaks inside fields, as hashes by header.
sub csv {
	my ($path) = @_;
	open my $fh, '<:encoding(UTF-8)', "$data/$path" or die "$path: $!";
	my (@rows, @head);
	while (my $line = <$fh>) {
		$line =~ s/[\r\n]+$//;
		my @fields;
		while ($line =~ /\G(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/g) {
			push @fields, $1 // $2;
			last if $3 eq '';
		}
		if (!@head) { @head = @fields; next; }
		my %row;
		@row{@head} = @fields;
		push @rows, \%row;
	}
	return @rows;
}

# LONG=1: the README's line, with this folder for its "folder", on a cluster of its own: the other demo may run beside it.  In make test
# the same on the lane's cluster.
$ENV{CIVIC_DEMO} = 'demo_public';
my ($line) = do { local (@ARGV, $/) = ("$top/README.md"); <> } =~ /`(make demo DATA=)folder`/ or BAIL_OUT('the README has no "make demo DATA=folder"');
my $shared = $ENV{CIVIC_INSTALLED} && !$ENV{LONG};
$line = 'tools/demo --here --data ' if $shared;
my $log = `cd $top && $line'$data' 2>&1`;
is($? >> 8, 0, "$line... runs") or diag $log;
my %was = %ENV;
cluster_env($ENV{CIVIC_DEMO}) unless $shared;
my $db = 'civic_public';

# places
is(sql($db, q{SELECT string_agg(format('%s %s', level, n), ', ' ORDER BY n) FROM (SELECT level, count(*) AS n FROM centre.area_standing GROUP BY level) x}),
	'country 1, province 9, district 52, ward 111, local_municipality 205, municipality 213', '9 provinces, 52 districts, 213 municipalities, 111 wards');
is(sql($db, q{WITH RECURSIVE d AS (SELECT area FROM dash.drill('ZA') UNION ALL SELECT x.area FROM d, LATERAL dash.drill(d.area) x) SELECT count(*) FROM d}),
	9 + 44 + 213 + 111, 'all of them are reached by drilling down from the country');

# facilities
my @facilities = csv('za-health-facilities/facilities_who_kwtrp.csv');
my $located = grep { $_->{lat} ne '' && $_->{lat} ne 'NA' } @facilities;
is(scalar @facilities, 4303, 'the file has 4,303 facilities');
is(sql($db, 'SELECT count(*), count(location), count(area_id) FROM centre.facility'), "4303|$located|4259", 'all are loaded, 4,288 with coordinates, 4,259 in a polygon');
is($located, 4288, 'as many have coordinates');
is(sql($db, q{SELECT string_agg(placement || ' ' || n, ', ' ORDER BY n) FROM (SELECT placement, count(*) AS n FROM centre.facility_placement GROUP BY 1) x}),
	'no coordinates 15, in no area 29, another area than stated 34, placed 4225', '34 in another province than stated, 29 in none, 15 without coordinates');
for my $list ([ 'another province than their source states', 34 ], [ 'coordinates lie in no area', 29 ], [ 'without coordinates', 15 ]) {
	my ($section) = $log =~ /Facilities[^\n]*\Q$list->[0]\E\n(.*?)\n\n/s;
	is(scalar(grep { /^\s*\d+ / } split /\n/, $section // ''), $list->[1], "the demo lists the $list->[1] facilities: $list->[0]");
}

# COVID-19: the last published count of each series is what its days add up to
my @series = qw(EC FS GP KZN LP MP NC NW WC UNKNOWN);
my @published = csv('za-covid19/provincial_cumulative_confirmed.csv');
my (%last, %corrections, %previous_row, %days);
my $adjacent = 0;
for my $row (@published) {
	for my $s (@series) {
		my $v = $row->{$s};
		if ($v eq '') { delete $previous_row{$s}; next; }
		$corrections{$s}++ if defined $last{$s} && $v < $last{$s};
		$adjacent++ if defined $previous_row{$s} && $v < $previous_row{$s};
		$last{$s} = $previous_row{$s} = $v;
		$days{$s}++;
	}
}
is($adjacent, 46, 'the published series go down 46 times from one row to the next: in the provinces and in the cases not yet allocated to one');
is(sql($db, 'SELECT count(*) FILTER (WHERE next_row) FROM centre_demo.correction'), 46, 'the demo handles these 46 corrections');
my $total_corrections = 0;
$total_corrections += $_ for values %corrections;
is(sql($db, 'SELECT count(*) FROM centre_demo.correction'), $total_corrections, 'and those that follow a blank row');
my %area = (GP => 'GT', LP => 'LIM', UNKNOWN => 'ZA', map { $_ => $_ } qw(EC FS KZN MP NC NW WC));
for my $s (@series) {
	is(sql($db, qq{SELECT count(*), sum(value)::bigint, min(value) >= 0 FROM centre.observation o JOIN centre.area a USING (area_id) JOIN centre.indicator i USING (indicator_id)
		WHERE a.code = '$area{$s}' AND i.code = 'covid_case'}), "$days{$s}|" . int($last{$s}) . '|t', "$s: a fact a published day, none negative, together the last count");
}
cmp_ok(sql($db, q{SELECT sum((report ->> 'updated')::int + (report ->> 'stale')::int) FROM centre.batch}), '>', 0, 'corrected days were received more than once');

# dash: provinces in 2021 against differences of the published counts, where no later correction reaches back
my %at;
for my $row (@published) { for my $s (@series) { $at{$s}{$row->{date}} = $row->{$s} if $row->{$s} ne ''; } }
sub upto { my ($s, $day) = @_; my @d = grep { $_ le $day } sort keys %{ $at{$s} }; my $min = $at{$s}{ $d[-1] }; for my $d (keys %{ $at{$s} }) { $min = $at{$s}{$d} if $d gt $day && $at{$s}{$d} < $min; } return $min; }
for my $s (grep { $_ ne 'UNKNOWN' } @series) {
	is(sql($db, qq{SET ROLE civic_reader; SELECT count::bigint FROM dash.comparison('covid_case', '2021') WHERE area = '$area{$s}'}), int(upto($s, '2021-12-31') - upto($s, '2020-12-31')), "$s: cases of 2021 in the comparison");
}

# populations against the file
my %people;
for my $row (csv('za-population/province_sex_age_2002_2020.csv')) {
	next unless $row->{sex} =~ /^(Male|Female)$/ && $row->{age} =~ /^\d/;
	$people{ $row->{province} } += $row->{2020};
}
is(sql($db, q{SELECT string_agg(round(p.people)::text, ' ' ORDER BY a.name) FROM centre.population p JOIN centre.area a USING (area_id) WHERE source = 'midyear' AND year = 2020 AND sex = '*' AND age_band = '*'}),
	join(' ', map { sprintf '%.0f', $people{$_} } sort keys %people), 'provincial populations of 2020 add up');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'no cell drifted');
$shared ? sql('postgres', "DROP DATABASE $db WITH (FORCE)") : system("$top/tools/cluster", 'stop', $ENV{CIVIC_DEMO});
%ENV = %was;
done_testing();
