# AnalystCheck: the ten questions of docs/analyst.md recomputed from the raw rows, in Perl and with none of the layer's functions.
# The queries are those of the page; what is withheld is not compared, what is shown must be so.
package AnalystCheck;
use strict;
use warnings;
use Civic;
use Exporter 'import';
use JSON::PP;
use List::Util qw(sum max min uniq);
use Test::More;
our @EXPORT = qw(check_answers);

my ($db, $whole, %blocks, %province_of, %ward_people);

# check_answers DATABASE [ALL]: each section's queries against the raw rows of the demo's database; ALL: each has something to compare
sub check_answers {
	($db, $whole) = @_;
	open my $page, '<:encoding(UTF-8)', "$top/docs/analyst.md" or die $!;
	my $text = do { local $/; <$page> };
	for my $section (split /^(?=## )/m, $text) {
		my ($number) = $section =~ /\A## (\d+)\./ or next;
		$blocks{$number} = [$section =~ /^```sql\n(.*?)^```/gms];
	}
	# the hierarchy, walked upwards by hand
	my %parent = map { (split /\|/)[0, 1] } split /\n/, sql($db, 'SELECT area_id, coalesce(parent_id, 0) FROM centre.area');
	my %code = map { (split /\|/)[0, 1] } split /\n/, sql($db, 'SELECT area_id, code FROM centre.area');
	for my $id (keys %parent) { my @up = ($id); push @up, $parent{ $up[-1] } while $parent{ $up[-1] }; $province_of{$id} = @up > 1 ? $code{ $up[-2] } : 'ZA' }
	$_->() for \&standard_and_base, \&alarms, \&unassessed, \&groups, \&standardised, \&change, \&late, \&detectors, \&services, \&ministries;
	return;
}

# rows of the n-th statement of a section's m-th block, as the reader
sub answer {
	my ($section, $block, $statement) = @_;
	my @statements = grep { /\S/ } split /;\s*(?:\n|\z)/, $blocks{$section}[$block];
	my $out = sql($db, "SET ROLE civic_reader; SET search_path = dash, civic, public; $statements[$statement // 0];");
	return map { [map { $_ eq '' ? undef : $_ } split /\|/, $_, -1] } split /\n/, $out;
}
sub raw { my ($query) = @_; return map { [split /\|/, $_, -1] } split /\n/, sql($db, $query) }
sub near { my ($a, $b, $places) = @_; return !defined $a && !defined $b if !defined $a || !defined $b; return abs($a - $b) <= 0.5001 * 10**-($places // 9) + 1e-9 * abs $b }
sub agree { my ($what, $compared, @bad) = @_; $compared //= 0; ok(!@bad && ($compared > 0 || !$whole), "$what ($compared compared with raw rows)") or diag(join "\n", @bad[0 .. min(5, $#bad)], $compared ? () : 'nothing to compare'); return }

# Byar 1908 as in Breslow and Day 1987; Wright 1991: the least of N under which x or more of n are not too unusual; Newcombe 1998
my $z = 1.959963984540054;
sub drawn { my ($k, $n, $m, $all) = @_; return $k > $m || $n - $k > $all - $m ? 0 : exp(choose_log($m, $k) + choose_log($all - $m, $n - $k) - choose_log($all, $n)) }
sub least { my ($x, $n, $all) = @_; for my $m ($x .. $all) { return $m if sum(map { drawn($_, $n, $m, $all) } $x .. $n) > 0.025 * (1 + 1e-9) } return $all }
sub finite { my ($x, $n, $all) = @_; return (least($x, $n, $all) / $all, 1 - least($n - $x, $n, $all) / $all) }
sub byar { my ($x) = @_; return ($x * (1 - 1 / (9 * $x) - $z / (3 * sqrt $x))**3, ($x + 1) * (1 - 1 / (9 * ($x + 1)) + $z / (3 * sqrt($x + 1)))**3) }
sub newcombe { my ($x1, $n1, $x2, $n2, $all) = @_; my ($p1, $p2) = ($x1 / $n1, $x2 / $n2); my ($l1, $u1) = finite($x1, $n1, $all); my ($l2, $u2) = finite($x2, $n2, $all);
	return ($p1 - $p2, $p1 - $p2 - sqrt(($p1 - $l1)**2 + ($u2 - $p2)**2), $p1 - $p2 + sqrt(($u1 - $p1)**2 + ($p2 - $l2)**2)) }
# the exact limits of a ratio of rates: x1 of x1 + x2 is binomial, and its limits are found by halving
sub choose_log { my ($n, $k) = @_; return sum(0, map { log($n - $_ + 1) - log($_) } 1 .. $k) }
sub at_least { my ($k, $n, $p) = @_; return 1 if $k <= 0; return sum(map { exp(choose_log($n, $_) + $_ * log($p) + ($n - $_) * log(1 - $p)) } $k .. $n) }
sub halve { my ($f) = @_; my ($a, $b) = (1e-12, 1 - 1e-12); for (1 .. 60) { my $m = ($a + $b) / 2; $f->($m) ? ($a = $m) : ($b = $m) } return $a }
sub ratio { my ($x1, $e1, $x2, $e2) = @_; my $n = $x1 + $x2;
	my $l = $x1 == 0 ? 0 : halve(sub { at_least($x1, $n, $_[0]) < 0.025 }); my $u = halve(sub { 1 - at_least($x1 + 1, $n, $_[0]) > 0.025 });
	return map { 100 * ($_ - 1) } $x1 / $e1 / ($x2 / $e2), $l / (1 - $l) * $e2 / $e1, $u / (1 - $u) * $e2 / $e1 }

# What a clinic's answers say of a service by JMP 2018, on a day: [surely basic, possibly basic, level]
sub clinics {
	my ($until, $judge) = @_;
	my %last;
	for my $r (raw("SELECT f.code, f.area_id, a.assessed_on, a.assessment_id, a.answers FROM centre.facility f JOIN centre.assessment a USING (facility_id) WHERE a.form = 'clinic_wash' AND a.assessed_on <= '$until'")) {
		my ($clinic, $area, $day, $id, @answers) = @$r;
		my $key = sprintf '%s %012d', $day, $id;
		$last{$clinic} = [$key, $province_of{$area}, JSON::PP->new->decode(join '|', @answers)] if !$last{$clinic} || $key gt $last{$clinic}[0];
	}
	my %sum;
	for my $c (values %last) {
		my ($surely, $possibly, $level) = $judge->($c->[2]);
		my $s = $sum{ $c->[1] } //= { assessed => 0, surely => 0, possibly => 0 };
		$s->{assessed}++; $s->{surely} += $surely; $s->{possibly} += $possibly; $s->{ $level // 'none' }++;
	}
	$sum{ $province_of{ $_->[0] } }{registered} += $_->[1] for raw(q{SELECT area_id, count(*) FROM centre.facility WHERE type = 'clinic' GROUP BY area_id});
	return \%sum;
}
sub all_of { my (@answers) = @_; return ((grep { !defined || !$_ } @answers) ? 0 : 1, (grep { defined && !$_ } @answers) ? 0 : 1) }
sub sanitation {
	my ($a) = @_;
	my $improved = defined $a->{toilet_type} ? ($a->{toilet_type} =~ /^(flush_sewer|flush_tank_or_pit|pit_slab)$/ ? 1 : 0) : undef;
	return all_of($improved, map { defined $a->{$_} ? ($a->{$_} ? 1 : 0) : undef } qw(usable staff sex_separated menstrual limited_mobility));
}
sub water {
	my ($a) = @_;
	my $improved = defined $a->{main_source} ? ($a->{main_source} =~ /^(surface|none|unprotected_well|unprotected_spring)$/ ? 0 : 1) : undef;
	my $piped = defined $a->{main_source} && $a->{main_source} eq 'piped_inside' ? 1 : undef;
	# a source that is not known may be one that is piped inside, wherever it is said to be
	my $near = $piped // (!defined $a->{location} ? undef : $a->{location} eq 'on_premises' ? 1 : defined $a->{main_source} ? 0 : undef);
	my $there = defined $a->{available_today} ? ($a->{available_today} ? 1 : 0) : undef;
	return all_of($improved, $near, $there);
}
sub verdict { my ($s, $standard) = @_; my ($n, $all) = @$s{qw(assessed registered)}; return 'cannot tell' if $n < 10; return (finite($s->{surely}, $n, $all))[0] >= $standard ? 'met' : (finite($s->{possibly}, $n, $all))[1] < $standard ? 'not met' : 'cannot tell' }

sub standard_and_base {
	my ($now, $then) = (clinics('2026-10-31', \&sanitation), clinics('2025-12-31', \&sanitation));
	my (@bad, $n);
	for my $r (answer(1, 0)) {
		my ($area, $assessed, $from, $to, $standard, $verdict, $base, @change) = @$r;
		my ($a, $b) = ($now->{$area}, $then->{$area});
		my @c = newcombe($a->{surely}, $a->{assessed}, $b->{surely}, $b->{assessed}, $a->{registered});
		push @bad, "$area: @{[map { $_ // 'null' } @$r]}" unless $assessed == $a->{assessed} && near($from, $a->{surely} / $assessed, 3) && near($to, $a->{possibly} / $assessed, 3)
			&& $verdict eq verdict($a, $standard) && !grep { !near($change[$_], $c[$_], 3) } 0 .. 2;
		$n++;
	}
	agree('1. sanitation against standard and base year', $n, @bad);
	my %food = counts('need_food', '2026-10-01', '2026-11-01');
	my $shown = published('need_food', '2026-10-01', '2026-11-01', 'needs_monthly');
	(@bad, $n) = ();
	for my $r (answer(1, 1)) {
		my ($area, $rate, $lower, $upper, $standard, $verdict) = @$r;
		next unless defined $rate;
		my $p = $shown->{$area}{'*total*'};
		push @bad, "$area: $food{$area} reports are not from $p->[1] to $p->[2]" unless within($food{$area}, $p);
		my $x = $p->[0];
		next if $x == 0;
		my @l = map { $_ / $ward_people{$area} * 100000 * 365.25 / 31 } $x, byar($x);
		push @bad, "$area: @{[map { $_ // 'null' } @$r]} for @l" unless $x < 10 || near($rate, $l[0], 2) && near($lower, $l[1], 2) && near($upper, $l[2], 2);
		# a verdict is by the limits of the least and the most that the count may be
		my ($least, $most) = map { $_ / $ward_people{$area} * 100000 * 365.25 / 31 } $p->[1] < 10 ? 0 : (byar($p->[1]))[0], (byar($p->[2]))[1];
		push @bad, "$area: $verdict from $least to $most" if $p->[1] >= 10 && $verdict ne ($most <= $standard ? 'met' : $least > $standard ? 'not met' : 'cannot tell');
		$n++;
	}
	agree('1. food against the standard, by the days published', $n, @bad);
	return;
}

# reports of verified persons by province, and the provinces' people, from the tables themselves
sub counts {
	my ($indicator, $from, $until) = @_;
	my %n;
	$n{ $province_of{ $_->[0] } } += $_->[1] for raw("SELECT o.area_id, sum(o.value) FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = '$indicator' AND o.day >= '$from' AND o.day < '$until' AND o.verified AND o.subject_id IS NOT NULL GROUP BY 1");
	if (!%ward_people) { $ward_people{ $province_of{ $_->[0] } } += $_->[1] for raw(q{SELECT area_id, people FROM centre.population WHERE sex = '*' AND age_band = '*'}) }
	return %n;
}

# What is published of an indicator by area (and member), summed over months: value, and what the true one may be.
sub published {
	my ($indicator, $from, $until, $cube, $breakdown) = @_;
	my %p;
	for my $x (map { [split /\|/, $_, -1] } split /\n/, sql($db, "SET ROLE civic_reader; SELECT area, member, sum(value), sum(coalesce(possible_from, value)), sum(coalesce(possible_to, value)) FROM dash.released
		WHERE cube = '$cube' AND indicator = '$indicator' AND period_start >= '$from' AND period_end <= '$until' AND breakdown = '" . ($breakdown // 'all') . "' AND level IN ('country', 'province') GROUP BY 1, 2 HAVING count(value) = count(*)")) {
		$p{ $x->[0] }{ $x->[1] } = [@$x[2 .. 4]];
	}
	return \%p;
}
sub within { my ($true, $p) = @_; return defined $p && ($true // 0) >= $p->[1] && ($true // 0) <= $p->[2] }

sub alarms {
	my (%value, @bad, $n);
	for my $r (raw(q{SELECT i.code, a.name, o.day, o.area_id, o.value FROM centre.observation o JOIN centre.indicator i USING (indicator_id) JOIN centre.area a USING (area_id) WHERE i.code LIKE 'outage%'})) {
		my ($indicator, $name, $day, $id, $v) = @$r;
		$value{"$indicator $_ $day"} += $v for uniq $name, 'South Africa';
		$value{"$indicator P$province_of{$id} $day"} += $v;
	}
	my %name = map { @$_ } raw(q{SELECT name, code FROM centre.area WHERE level = 'province'});
	for my $r (answer(2, 0)) {
		my ($day, $indicator, $area, $value, $expected, $bound, $score) = @$r;
		my $true = $value{ "$indicator " . ($name{$area} ? "P$name{$area}" : $area) . " $day" };
		push @bad, "@{[map { $_ // 'null' } @$r]}, raw " . ($true // 'none') unless near($value, $true) && $value > $bound && $expected < $bound && $score > 1;
		$n++;
	}
	agree('2. alarms of the week: values, above their bounds', $n, @bad);
	(@bad, $n) = ();
	for my $r (answer(2, 1)) { my ($day, $value, undef, $bound, $alarm) = @$r; push @bad, "@{[map { $_ // 'null' } @$r]}" unless !defined $value || near($value, $value{"outage_power eThekwini $day"}) && ($alarm eq 't') == ($value > $bound); $n++ }
	agree('2. the days before', $n, @bad);
	return;
}

sub unassessed {
	my (%registered, %assessed, %wards);
	$wards{ $_->[0] } = 1 for raw(q{SELECT code FROM centre.area WHERE level = 'ward'});
	for my $r (raw(q{SELECT w.code, EXISTS (SELECT FROM centre.assessment a WHERE a.facility_id = f.facility_id AND a.form = 'clinic_wash' AND a.assessed_on <= '2026-10-31') FROM centre.facility f JOIN centre.area w USING (area_id) WHERE f.type = 'clinic'})) { $registered{ $r->[0] }++; $assessed{ $r->[0] }++ if $r->[1] eq 't' }
	my %kind = (assessed => 0, none => 0, there => 0);
	$kind{ $assessed{$_} ? 'assessed' : $registered{$_} ? 'there' : 'none' }++ for keys %wards;
	my %got = map { (($_->[0] // '') => $_) } answer(3, 0, 0);
	my %want = ('' => $kind{assessed}, 'nothing was assessed' => $kind{there}, 'there is none' => $kind{none});
	my @bad = map { "$_: " . ($got{$_}[1] // 0) . " for $want{$_}" } grep { ($got{$_}[1] // 0) != $want{$_} } keys %want;
	my @list = sort grep { $registered{$_} > ($assessed{$_} // 0) } keys %registered;
	push @bad, map { "$_->[0] is not the next" } grep { $_->[0] ne shift @list } answer(3, 0, 1);
	agree('3. wards without sanitation data', scalar keys %got, @bad);
	return;
}

sub groups {
	my (%last, %sum, @bad, $n);
	for my $r (raw(q{SELECT to_char(o.day, 'YYYY-MM-01'), o.subject_id, o.day, o.area_id, o.sex, o.youth, o.disability FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'need_food' AND o.verified AND o.subject_id IS NOT NULL AND o.day >= '2026-07-01'})) {
		my ($month, $person, $day) = @$r;
		$last{"$month $person"} = $r if !$last{"$month $person"} || $day gt $last{"$month $person"}[2];
	}
	for my $r (values %last) { $sum{"$r->[0] sex"} += $r->[4] eq 'f'; $sum{"$r->[0] youth"} += $r->[5] eq 't'; $sum{"$r->[0] disability"} += $r->[6] eq 't' }
	for my $r (answer(4, 0)) { my ($month, $breakdown, undef, $people, $shown) = @$r; next unless defined $people;
		my @p = $shown =~ /^(\d+) \((\d+) to (\d+)\)/ ? ($1, $2, $3) : ($people, $people, $people);
		push @bad, "@$r[0 .. 4] for $sum{\"$month $breakdown\"}" unless $people == $p[0] && within($sum{"$month $breakdown"}, \@p); $n++ }
	agree('4. women, youth and persons with disabilities who need food', $n, @bad);
	return;
}

sub standardised {
	my (%x, %people, %weight, @bad, $n);
	my @band = (['0-14', 0, 14], ['15-34', 15, 34], ['35-59', 35, 59], ['60+', 60, 150]);
	my $in = sub { my ($age) = @_; return (map { $_->[0] } grep { $age >= $_->[1] && $age <= $_->[2] } @band)[0] };
	for my $r (raw(q{SELECT o.area_id, o.age, o.value FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'need_food' AND o.verified AND o.subject_id IS NOT NULL AND o.day >= '2026-10-01' AND o.day < '2026-11-01' AND o.age IS NOT NULL})) { $x{ $province_of{ $r->[0] } }{ $in->($r->[1]) } += $r->[2] }
	for my $r (raw(q{SELECT p.area_id, b.from_age, p.people FROM centre.population p JOIN centre.age_band b ON b.band_set = 'five_year' AND b.code = p.age_band WHERE p.sex = '*'})) { $people{ $province_of{ $r->[0] } }{ $in->($r->[1]) } += $r->[2] }
	# Ahmad and others 2001, per cent of the world's people 2000-2025 by five years
	my @who = (8.86, 8.69, 8.60, 8.47, 8.22, 7.93, 7.61, 7.15, 6.59, 6.04, 5.37, 4.55, 3.72, 2.96, 2.21, 1.52, 0.91, 0.44, 0.15, 0.04, 0.005);
	$weight{ $in->(5 * $_) } += $who[$_] for 0 .. $#who;
	my $whole = sum(values %weight);
	my $shown = published('need_food', '2026-10-01', '2026-11-01', 'needs_by_age', 'age_band');
	for my $r (answer(5, 0)) {
		my ($area, $rate, $lower, $upper, $events) = @$r;
		next unless defined $rate;
		push @bad, "$area: the true counts by age are not within what is shown" if grep { defined $shown->{$area}{ $_->[0] } && !within($x{$area}{ $_->[0] }, $shown->{$area}{ $_->[0] }) } @band;
		$x{$area} = { map { ($_->[0] => ($shown->{$area}{ $_->[0] } // [0])->[0]) } @band };
		my $o = sum(map { $x{$area}{ $_->[0] } // 0 } @band);
		my $dsr = sum(map { $weight{ $_->[0] } * ($x{$area}{ $_->[0] } // 0) / $people{$area}{ $_->[0] } } @band) / $whole;
		my $var = sum(map { $weight{ $_->[0] }**2 * ($x{$area}{ $_->[0] } // 0) / $people{$area}{ $_->[0] }**2 } @band) / $whole**2;
		my ($l, $u) = byar($o);
		my @want = map { 100000 * $_ } $dsr, $dsr + sqrt($var / $o) * ($l - $o), $dsr + sqrt($var / $o) * ($u - $o);
		push @bad, "$area: @$r[1 .. 4] for @want, $o events" unless $events == $o && !grep { abs($r->[1 + $_] - $want[$_]) > 0.0051 + 1e-3 * $want[$_] } 0 .. 2;
		$n++;
	}
	agree('5. provinces at equal ages', $n, @bad);
	return;
}

sub change {
	my ($n, @bad) = 0;
	my %month = map { my $m = sprintf '2026-%02d', $_; ($_ => { counts('threat_diarrhoea', "$m-01", sprintf('2026-%02d-01', $_ + 1)) }) } 3 .. 10;
	my %shown = map { my $m = sprintf '2026-%02d', $_; ($_ => published('threat_diarrhoea', "$m-01", sprintf('2026-%02d-01', $_ + 1), 'needs_monthly')) } 3 .. 10;
	my %days = (3 => 31, 4 => 30, 5 => 31, 6 => 30, 7 => 31, 8 => 31, 9 => 30, 10 => 31);
	for my $r (answer(6, 0)) {
		my ($area, $code, $earlier, $later, $percent, $lower, $upper, undef, $reason) = @$r;
		next unless defined $percent;
		my ($b, $a) = $code eq 'previous' ? ([10], [9]) : ([7 .. 10], [3 .. 6]);
		my ($x2, $d2, $x1, $d1) = map { my $s = $_; (sum(map { ($shown{$_}{$area}{'*total*'} // [0])->[0] } @$s), sum(@days{@$s})) } $b, $a;
		push @bad, map { "$area: month $_: $month{$_}{$area} is not within what is shown" } grep { !within($month{$_}{$area}, $shown{$_}{$area}{'*total*'}) } @$b, @$a;
		my @want = ratio($x2, $d2, $x1, $d1);
		push @bad, "$area $code: @{[map { $_ // 'null' } @$r]} for @want" unless near($later, 100000 * $x2 / $ward_people{$area}, 2) && near($earlier, 100000 * $x1 / $ward_people{$area} * $d2 / $d1, 2) && !grep { !near($r->[4 + $_], $want[$_], 1) } 0 .. 2;
		$n++;
	}
	agree('6. marginal change', $n, @bad);
	return;
}

sub late {
	my (%all, %late, @bad, $n);
	for my $r (raw(q{SELECT o.day, o.value, d.doc_key LIKE '%/%' FROM centre.observation o JOIN centre.indicator i USING (indicator_id) JOIN centre.document d USING (document_id) WHERE i.code = 'outage_power' AND o.day >= '2026-10-22'})) { $all{ $r->[0] } += $r->[1]; $late{ $r->[0] } += $r->[1] if $r->[2] eq 't' }
	for my $r (answer(7, 0)) { my ($day, $releases, $first, $value, $added) = @$r; push @bad, "@{[map { $_ // 'null' } @$r]}" unless $value == $all{$day} && $added == ($late{$day} // 0) && $first == $value - $added && $releases == ($late{$day} ? 2 : 1); $n++ }
	agree('7. late reports', $n, @bad);
	return;
}

sub detectors {
	my (%v, @bad, $n);
	$v{ $_->[0] } += $_->[1] for raw(q{SELECT o.day, o.value FROM centre.observation o JOIN centre.indicator i USING (indicator_id) WHERE i.code = 'outage_power'});
	my @days = sort keys %v;
	my %at = map { ($days[$_] => $_) } 0 .. $#days;
	for my $r (answer(8, 0)) {
		my ($day, $value, $detector, $alarm, $bound, $reason) = @$r;
		push @bad, "$day: $value" unless near($value, $v{$day});
		if ($detector =~ /^ears/) {
			# mean and standard deviation of the seven days before; 99.9 % by the normal distribution
			my @b = map { $v{ $days[$at{$day} - $_] } } 1 .. 7;
			my $mean = sum(@b) / 7;
			my $sd = sqrt(sum(map { ($_ - $mean)**2 } @b) / 6);
			my $upper = $mean + 3.090232306167813 * $sd;
			push @bad, "$day: bound $bound for $upper" unless near($bound, $upper, 1) && ($alarm eq 't') == ($value > $upper);
		} else { push @bad, "$day: Farrington without history says $alarm" unless !defined $alarm && defined $reason }
		$n++;
	}
	agree('8. Farrington against EARS', $n, @bad);
	return;
}

sub services {
	my $now = clinics('2026-10-31', \&water);
	my (@bad, $n);
	for my $r (answer(9, 0, 1)) { my ($area, $from, $to, $verdict) = @$r; my $s = $now->{$area}; push @bad, "@{[map { $_ // 'null' } @$r]} for $s->{surely} $s->{possibly} of $s->{assessed}" unless near($from, $s->{surely} / $s->{assessed}, 3) && near($to, $s->{possibly} / $s->{assessed}, 3) && $verdict eq verdict($s, 0.8); $n++ }
	agree('9. share with water, between bounds', $n, @bad);
	my %sum;
	(@bad) = ();
	for my $r (answer(9, 0, 0)) { my ($area, $level, $count, $share, $assessed) = @$r; $sum{$area} += $count; push @bad, "@$r" unless near($share, $count / $assessed, 3) && $assessed == $now->{$area}{assessed} && ($level ne 'basic' || $count == $now->{$area}{surely}) }
	push @bad, map { "$_: levels add up to $sum{$_}" } grep { $sum{$_} != $now->{$_}{assessed} } keys %sum;
	agree('9. levels of service', scalar keys %sum, @bad);
	return;
}

# A cell of a state that protection would withhold keeps the value of the newest month before that it could be shown in, as long as fewer
# people than the threshold (10) were added, left or changed their levels since: then people and levels are exactly that month's, and the
# reason says so.  A row without that reason is of the newest month.
sub ministries {
	my (%officials, %lacks, @bad, $n);
	my $now = '2026-10-01';
	my %published = map { $_->[0] => 1 } raw(q{SELECT lower(period) FROM centre.release WHERE cube = 'training_demand'});
	for my $r (raw(q{SELECT f.month, f.ministry, f.subject_id, f.gap FROM centre.capacity_fact f JOIN centre.subject s USING (subject_id) WHERE s.verified})) {
		my ($month, $ministry, $person, $gap) = @$r;
		$officials{$ministry}++ if $month eq $now;
		next unless $ministry eq 'Finance' && $published{$month} && $month le $now;
		# "7:1>3" lacks the levels from 1 to 3
		while ($gap =~ /(\d+):(\d+)>(\d+)/g) { $lacks{$1}{$month}{$person} = $3 - $2 }
	}
	for my $r (answer(10, 0, 0)) { push @bad, "@{[map { $_ // 'null' } @$r]}" if defined $r->[1] && $r->[1] != ($officials{ $r->[0] } // -1); $n++ }
	my %name = map { @$_[1, 0] } raw(q{SELECT competency_id, label FROM centre.competency_label WHERE lang = 'en'});
	my $newest = 0;
	for my $r (answer(10, 0, 1)) {
		my ($name, $people, $levels, $reason) = @$r;
		next unless defined $people;
		my $of = $lacks{ $name{$name} };
		my ($from) = grep { my $then = $of->{$_} // {}; $people == keys %$then && (!defined $levels || $levels == sum(0, values %$then)) } reverse sort keys %published;
		my ($then, $is) = map { $of->{ $_ // '' } // {} } $from, $now;
		my $moved = grep { ($then->{$_} // 0) != ($is->{$_} // 0) } uniq keys %$then, keys %$is;
		push @bad, "$name: $people people, $levels levels are those of no month" unless defined $from;
		push @bad, "$name: kept from $from without a word" if ($from // $now) ne $now && ($reason // '') !~ /^of an earlier release/;
		push @bad, "$name: kept from $from, though $moved changed since" if defined $from && $moved >= 10;
		$newest += ($from // '') eq $now;
	}
	push @bad, "only $newest are the newest" if $newest < 2;
	agree('10. what officials lack', $n, @bad);
	return;
}
1;
