# What dash says of random sites, against plain sums over the observations there were when each release was made: gaps, a first and
# a last partial period, several cubes of different coverage, late data, two reporting zones, four session zones.
# LONG=1: more sites, each indicator at each level over each span (else a sixth of them), provinces() at each level, each series in each zone.
use strict;
use warnings;
no warnings 'qw';
use Civic;
use List::Util qw(sum max min uniq);
use Storable qw(nstore retrieve);
use Test::More;

my $db = 'civic_oracle';
my @sites = $ENV{LONG} ? (1 .. 25) : (1);
my @zones = ('Africa/Johannesburg', 'America/Lima');
my @sessions = ('UTC', 'Africa/Johannesburg', 'America/Los_Angeles', 'Pacific/Kiritimati');
cluster_env('test') unless $ENV{PGHOST};
layer('civic_template') unless sql('postgres', q{SELECT count(*) FROM pg_database WHERE datname = 'civic_template'});

my (%area, %people, %days_of);    # code -> level, wards; population; month -> days
my ($rand, $documents);
my %levels = (monthly => [qw(country province municipality ward)], a_few => [qw(country province)], a_quarter => [qw(country province)], weekly => ['province']);
my %has = (monthly => [qw(case visit good bed share)], a_few => [qw(case visit good share)], a_quarter => ['visit'], weekly => ['visit']);
my %rank = (day => 1, week => 2, month => 3, quarter => 4);
sub rnd { my ($n) = @_; $rand = ($rand * 1103515245 + 12345) % 2147483648; return int($rand / 65536) % $n }
sub near { my ($a, $b) = @_; return !defined $a && !defined $b if !defined $a || !defined $b || $a eq '' || $b eq ''; return abs($a - $b) <= 1e-9 * (1 + abs $b) }
# rows of a query as the reader, in a session's zone
sub ask {
    my ($zone, $query) = @_;
    my ($rc, $out) = try_sql($db, "SET ROLE civic_reader; SET timezone = '$zone';\n$query;");
    die "$out\n$query\n" if $rc;
    return map { [map { $_ eq '' ? undef : $_ } split /\|/, $_, -1] } split /\n/, $out;
}
sub month { my ($i) = @_; return sprintf '%d-%02d', 2024 + int($i / 12), $i % 12 + 1 }
sub wrong { my ($what, @bad) = @_; ok(!@bad, $what) or diag(join "\n", @bad[0 .. min(4, $#bad)]); return }

for my $seed (@sites) {
    my $truth = made_site($seed);
    my $name = "site $seed";
    for my $check (\&check_totals, \&check_series, \&check_change, \&check_places, \&check_states, \&check_late, \&check_refusals) {
        $check->($name, $truth);
        exit 1 if $ENV{MUTANT} && !Test::More->builder->is_passing;    # one is enough
    }
}
sql('postgres', "DROP DATABASE IF EXISTS $db");
done_testing();

# ---------------------------------------------------------------- a site
# tools/mutants keeps a site (ORACLE_SITE) and puts a fault into a copy of it (MUTANT)
sub made_site {
    my ($seed) = @_;
    my $kept = $ENV{ORACLE_SITE};
    if ($kept && -f $kept) {
        my $all = retrieve($kept);
        ($rand, $documents) = @$all{qw(rand documents)};
        %area = %{ $all->{area} };
        %people = %{ $all->{people} };
        sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE)");
        sql('postgres', "CREATE DATABASE $db TEMPLATE civic_oracle_site");
        system("psql -Xq -v ON_ERROR_STOP=1 -d $db -f $ENV{MUTANT}") == 0 or die "the fault does not load\n" if $ENV{MUTANT};
        return $all->{truth};
    }
    $rand = $seed * 7919;
    system("$top/tools/layer", '--copy', $db) == 0 or BAIL_OUT('no copy of the layer');
    site($zones[$seed % 2]);
    my $truth = publish_site();
    if ($kept) {
        nstore({ truth => $truth, area => \%area, people => \%people, rand => $rand, documents => $documents }, $kept);
        sql('postgres', 'DROP DATABASE IF EXISTS civic_oracle_site WITH (FORCE)');
        sql('postgres', "CREATE DATABASE civic_oracle_site TEMPLATE $db");
    }
    return $truth;
}

# A country of three provinces with two municipalities of two wards each; events, a share, a state
sub site {
    my ($zone) = @_;
    %area = (ZZ => ['country', 1 .. 12]);
    my @rows = "(1, 'ZZ', 'country', NULL)";
    for my $p (1 .. 3) {
        push @rows, sprintf "(%d, 'P%d', 'province', 1)", 10 + $p, $p;
        $area{"P$p"} = ['province', map { ($p - 1) * 4 + $_ } 1 .. 4];
        for my $m (1, 2) {
            my $k = ($p - 1) * 2 + $m;
            push @rows, sprintf "(%d, 'M%d', 'municipality', %d)", 20 + $k, $k, 10 + $p;
            $area{"M$k"} = ['municipality', map { ($k - 1) * 2 + $_ } 1, 2];
            push @rows, map { my $w = ($k - 1) * 2 + $_; $area{"W$w"} = ['ward', $w]; sprintf "(%d, 'W%d', 'ward', %d)", 100 + $w, $w, 20 + $k } 1, 2;
        }
    }
    my @ward_people = map { 1000 * (1 + rnd(50)) } 1 .. 12;
    %people = map { my $a = $_; $a => sum(map { $ward_people[$_ - 1] } @{ $area{$a} }[1 .. $#{ $area{$a} }]) } keys %area;
    sql($db, qq{
UPDATE centre.site SET reporting_zone = '$zone';
INSERT INTO centre.demarcation (code, valid, source) VALUES ('d', '(,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) SELECT v.i, v.c, 'd', v.l, v.c, v.p FROM (VALUES } . join(', ', @rows) . qq{) AS v (i, c, l, p);
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area ON CONFLICT DO NOTHING;
INSERT INTO centre.area_closure (ancestor_id, descendant_id, distance)
  WITH RECURSIVE up AS (SELECT area_id, area_id AS at, 0 AS n FROM centre.area UNION ALL SELECT u.area_id, a.parent_id, u.n + 1 FROM up u JOIN centre.area a ON a.area_id = u.at WHERE a.parent_id IS NOT NULL)
  SELECT at, area_id, n FROM up ON CONFLICT DO NOTHING;
INSERT INTO centre.population_source VALUES ('census', 1, 'test');
INSERT INTO centre.population (area_id, year, sex, age_band, source, people) VALUES } . join(', ', map { sprintf "(%d, 2024, '*', '*', 'census', %d)", 100 + $_, $ward_people[$_ - 1] } 1 .. 12) . qq{;
INSERT INTO centre.indicator (code, kind, flow, topic, unit, direction, base_year, personal) VALUES
  ('case', 'rate', 'event', 'needs', 'cases', 'lower_is_better', 2024, false), ('visit', 'count', 'event', 'needs', 'visits', 'neutral', 2024, false),
  ('bed', 'count', 'stock', 'needs', 'beds', 'higher_is_better', 2024, false), ('good', 'count', 'event', 'needs', 'visits', 'neutral', 2024, false),
  ('silent', 'count', 'event', 'needs', 'visits', 'neutral', 2024, false);
INSERT INTO centre.indicator (code, kind, topic, unit, numerator, denominator, direction, base_year, personal) VALUES ('share', 'proportion', 'needs', 'share', 'good', 'visit', 'higher_is_better', 2024, false);
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES ('most', 'case', 'test', 'at_most', 300, 'test', 'act'), ('least', 'share', 'test', 'at_least', 0.5, 'test', 'act');
INSERT INTO centre.source VALUES ('s', true, false, 'test');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns, personal) VALUES
  ('monthly', 'centre', '{case,visit,good,bed,share}', '{country,province,municipality,ward}', 'month', '{all,sex}', false),
  ('a_few', 'centre', '{case,visit,good,share}', '{country,province}', 'month', '{all,sex}', false), ('a_quarter', 'centre', '{visit}', '{country,province}', 'quarter', '{all}', false),
  ('weekly', 'centre', '{visit}', '{province}', 'week', '{all}', false);
});
    return;
}

# Observations of one document: indicator, ward, day, sex, value
sub observe {
    my (@facts) = @_;
    return qq{
DO \$\$ BEGIN PERFORM centre.ensure_months('2024-01-01', '2026-06-30'); END \$\$;
INSERT INTO centre.document (source, doc_key, version, content_hash, first_day, last_day) VALUES ('s', 'd} . ++$documents . qq{', 1, '', '2024-01-01', '2024-01-01');
INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band, value)
  SELECT (SELECT max(document_id) FROM centre.document), row_number() OVER (), v.day::date, v.day::timestamp AT TIME ZONE (SELECT reporting_zone FROM centre.site), i.indicator_id, v.ward, true, v.sex, 'u', v.n
  FROM (VALUES } . join(', ', map { "('$_->[0]', $_->[1], '$_->[2]', '$_->[3]', $_->[4])" } @facts) . q{) AS v (i, ward, day, sex, n) JOIN centre.indicator i ON i.code = v.i;};
}

# A release, and what plain SQL finds in the facts at that moment: indicator, area, sex or '', sum
sub release {
    my ($r) = @_;
    return qq{
CALL centre.publish('$r->{cube}', '$r->{from}');
SELECT 'release';
SELECT i.code, a.code, coalesce(o.sex, ''), sum(o.value) FROM centre.observation o JOIN centre.indicator i USING (indicator_id)
  JOIN centre.area_closure c ON c.descendant_id = o.area_id JOIN centre.area a ON a.area_id = c.ancestor_id
  WHERE o.day >= '$r->{from}' AND o.day < '$r->{until}' GROUP BY i.code, a.code, ROLLUP (o.sex);};
}
# What the statements of releases have found, one a release: indicator -> area -> sex or '' -> sum
sub plain {
    my ($out) = @_;
    my @sums;
    for my $row (map { [split /\|/] } split /\n/, $out) {
        if (@$row == 1) { push @sums, {} }
        else { $sums[-1]{ $row->[0] }{ $row->[1] }{ $row->[2] } = $row->[3] }
    }
    return @sums;
}

# Twenty-six months of facts; months published with gaps, in an order of chance, with more facts coming in between.
# Gives: releases [cube, unit, from, until, complete, sums]
sub publish_site {
    my @facts;
    my $begins = 8 + rnd(15);    # data begin within January 2024
    for my $m (0 .. 25) {
        my ($first, $last) = ($m == 0 ? $begins : 1, 28);
        push @facts, [(qw(case visit visit good))[rnd(4)], 101 + rnd(12), month($m) . sprintf('-%02d', $first + rnd($last - $first + 1)), (qw(f m))[rnd(2)], 1 + rnd(9)] for 1 .. 14 + rnd(20);
        push @facts, ['visit', 101 + rnd(12), month($m) . sprintf('-%02d', $first), 'f', 12];
        push @facts, ['bed', 101 + $_, month($m) . '-28', 'u', 1 + rnd(20)] for 0 .. 11;
    }
    my @script = observe(@facts);
    my %gap = map { $_ => 1 } map { 1 + rnd(24) } 1 .. 3;
    my @todo = map { ['monthly', 'month', $_] } grep { !$gap{$_} } 0 .. 25;
    my $few = 2 + rnd(20);
    push @todo, map { ['a_few', 'month', $few + $_] } 0 .. rnd(3);
    push @todo, ['a_quarter', 'quarter', 3 * (1 + rnd(6))];
    my @releases;
    while (@todo) {
        my ($cube, $unit, $m) = @{ splice @todo, rnd(scalar @todo), 1 };
        push @releases, { cube => $cube, unit => $unit, from => month($m) . '-01', until => month($m + ($unit eq 'quarter' ? 3 : 1)) . '-01', month => $m, complete => $m > 0 };
        push @script, release($releases[-1]);
        # late facts, which the releases that are there do not know
        push @script, observe(map { ['case', 101 + rnd(12), month(rnd(26)) . '-15', 'm', 1 + rnd(5)] } 1 .. 3) if rnd(3) == 0;
    }
    for my $week (['2024-03-04', '2024-03-11'], ['2024-03-11', '2024-03-18']) {
        push @releases, { cube => 'weekly', unit => 'week', from => $week->[0], until => $week->[1], month => 2, complete => 1 };
        push @script, release($releases[-1]);
    }
    my @sums = plain(sql($db, join '', @script));
    # the last month as if it had been published on its tenth day
    sql($db, q{UPDATE centre.release_days d SET days = '[2026-02-01,2026-02-11)', complete = false FROM centre.release r WHERE r.release_id = d.release_id AND lower(r.period) = '2026-02-01'});
    for my $r (@releases) {
        $r->{sums} = shift @sums;
        $r->{days} = days($r->{from}, $r->{until});
        if ($r->{month} == 25) { $r->{complete} = 0; $r->{days} = 10 }
        # the month data began in counts from that day, whoever published it
        if ($r->{month} == 0) { $r->{days} = 31 - $begins + 1 }
    }
    return \@releases;
}

sub days { my ($from, $until) = @_; return $days_of{"$from$until"} //= sql($db, "SELECT '$until'::date - '$from'::date") }
# The rule of coverage written down a second time: of the releases within the days, those of the cube with most days, of equals
# that of the longest periods (over time of the shortest), then the one published last.
sub chosen {
    my ($truth, $indicator, $level, $from, $until, $over_time, $by) = @_;
    my (%of, %last);
    my $n = 0;
    for my $r (@$truth) {
        $n++;
        next unless $r->{from} ge $from && $r->{until} le $until && (grep { $_ eq $level } @{ $levels{ $r->{cube} } }) && (grep { $_ eq $indicator } @{ $has{ $r->{cube} } });
        next if $by && $r->{cube} !~ /monthly|a_few/;
        push @{ $of{ $r->{cube} } }, $r;
        $last{ $r->{cube} } = $n;
    }
    my ($best) = sort { sum(map { $_->{days} } @{ $of{$b} }) <=> sum(map { $_->{days} } @{ $of{$a} })
        || ($over_time ? -1 : 1) * ($rank{ $of{$b}[0]{unit} } <=> $rank{ $of{$a}[0]{unit} }) || $last{$b} <=> $last{$a} } keys %of;
    return $best ? [sort { $a->{from} cmp $b->{from} } @{ $of{$best} }] : [];
}
sub value { my ($r, $indicator, $area, $sex) = @_; return ($r->{sums}{ $indicator eq 'share' ? 'good' : $indicator }{$area}{ $sex // '' } // 0) }
# each once: the quarter may be one of those that are always asked
sub spans { my ($q) = grep { $_->{cube} eq 'a_quarter' } @{ $_[0] }; my %seen; return grep { !$seen{ $_->[0] }++ } (['' . substr($q->{from}, 0, 4) . '-Q' . (1 + int(substr($q->{from}, 5, 2) / 3)), $q->{from}, $q->{until}], ['2024', '2024-01-01', '2025-01-01'], ['2024-Q1', '2024-01-01', '2024-04-01'], ['2025-Q2', '2025-04-01', '2025-07-01'], ['2025-05', '2025-05-01', '2025-06-01'],
    ['2024-03-04/2024-03-18', '2024-03-04', '2024-03-18'], ['2026', '2026-01-01', '2027-01-01'], ['2024-06-01/2025-07-01', '2024-06-01', '2025-07-01']) }

# ---------------------------------------------------------------- totals, comparison, map, provinces, standards, composite
sub check_totals {
    my ($name, $truth) = @_;
    my (@bad, @bad_standard, @queries, @expected);
    my $nth = 0;
    for my $indicator (qw(case visit share)) {
        for my $level (qw(country province ward)) {
            for my $span (spans($truth)) {
                next if !$ENV{LONG} && $nth++ % 6;
                my $source = chosen($truth, $indicator, $level, @$span[1, 2]);
                my ($measure_of, $provinces) = $ENV{LONG} || $level eq 'province' ? ('p.measure', "LEFT JOIN dash.provinces('$indicator', '$span->[0]', 'en', '$level') p USING (area)") : ('m.value', '');
                push @queries, "SELECT '$indicator $level $span->[0]', c.area, c.count, c.population, coalesce(c.rate, c.proportion), c.periods, c.complete, c.reason IS NOT NULL, m.value, $measure_of, t.days
                  FROM dash.comparison('$indicator', '$span->[0]', 'en', '$level') c JOIN dash.map('$indicator', '$level', '$span->[0]') m USING (area) $provinces
                  LEFT JOIN dash.totals('$indicator', dash.period('$span->[0]'), '$level', 'all') t USING (area)";
                for my $area (grep { $area{$_}[0] eq $level } sort keys %area) {
                    my $x = @$source ? sum(map { value($_, $indicator, $area) } @$source) : undef;
                    my $n = $indicator eq 'case' ? (@$source ? $people{$area} : undef) : $indicator eq 'share' ? (@$source ? sum(map { value($_, 'visit', $area) } @$source) : undef) : undef;
                    my $measure = !defined $x ? undef : $indicator eq 'visit' ? $x : $n ? ($indicator eq 'case' ? 100000 * $x / $n : min($x, $n) / $n) : undef;
                    my $days = @$source ? sum(map { $_->{days} } @$source) : undef;
                    my $whole = @$source && !(grep { !$_->{complete} } @$source) && sum(map { days($_->{from}, $_->{until}) } @$source) == days(@$span[1, 2]) ? 't' : 'f';
                    push @expected, ["$indicator $level $span->[0]", $area, $x, $n, $measure, scalar @$source, $whole, defined $x ? 'f' : 't', $measure, $measure, $days];
                }
            }
        }
        $nth++;    # others for each indicator
    }
    my %got = map { ("$_->[0] $_->[1]" => $_) } ask($sessions[rnd(4)], join "\nUNION ALL ", @queries);
    for my $e (@expected) {
        my $g = delete $got{"$e->[0] $e->[1]"} or do { push @bad, "no row for $e->[0] $e->[1]"; next };
        for my $i (2 .. $#$e) {
            my $same = $i == 6 || $i == 7 ? $g->[$i] eq $e->[$i] : $i == 4 && !defined $e->[4] && $e->[0] =~ /^visit/ ? 1 : $i == 4 && $e->[0] =~ /^visit/ ? !defined $g->[4] : near($g->[$i], $e->[$i]);
            push @bad, "$e->[0] $e->[1], column $i: " . ($g->[$i] // 'null') . ', expected ' . ($e->[$i] // 'null') unless $same;
        }
    }
    push @bad, map { "a row too many: $_" } sort keys %got;
    wrong("$name: totals, comparison, map and provinces are the plain sums of the cube that covers the question best", @bad);

    for my $span (spans($truth)) {
        my $source = chosen($truth, 'case', 'province', @$span[1, 2]);
        my %verdict = map { ($_->[0] => $_) } ask('UTC', "SELECT s.area, s.measure, s.verdict, civic.standard_verdict(s.ci_lower, s.ci_upper, 300, false), s.ci_lower, r.lower FROM dash.standards('case', '$span->[0]') s
          LEFT JOIN LATERAL (SELECT i.lower FROM civic.rate_interval(" . (@$source ? 'CASE s.area ' . join(' ', map { my $a = $_; "WHEN '$a' THEN " . sum(map { value($_, 'case', $a) } @$source) } qw(P1 P2 P3)) . ' END' : 'NULL::float8')
          . ", CASE s.area " . join(' ', map { "WHEN '$_' THEN $people{$_}" } qw(P1 P2 P3)) . " END, 100000.0 * 365.25 / " . (@$source ? sum(map { $_->{days} } @$source) : 1) . ") i) r ON true");
        for my $area (qw(P1 P2 P3)) {
            my $v = $verdict{$area};
            my $measure = @$source ? 100000 * sum(map { value($_, 'case', $area) } @$source) / $people{$area} * 365.25 / sum(map { $_->{days} } @$source) : undef;
            push @bad_standard, "$span->[0] $area: " . join(' ', map { $_ // 'null' } @$v) . ' for ' . ($measure // 'null')
                unless near($v->[1], $measure) && ($v->[2] // '') eq ($v->[3] // '') && near($v->[4], $v->[5]);
        }
    }
    wrong("$name: a standard is held against the rate of the days that are published", @bad_standard);

    my @by_sex;
    my $source = chosen($truth, 'case', 'province', '2024-01-01', '2025-01-01', 0, 'sex');
    for my $g (ask('UTC', "SELECT t.area, t.member, t.value, t.periods FROM dash.totals('case', '[2024-01-01,2025-01-01)', 'province', 'sex') t WHERE t.member <> '*total*'")) {
        push @by_sex, "@$g" unless near($g->[2], sum(map { value($_, 'case', $g->[0], $g->[1]) } @$source)) && $g->[3] == @$source;
    }
    wrong("$name: by sex too", @by_sex);
    return;
}

# ---------------------------------------------------------------- over time
sub check_series {
    my ($name, $truth) = @_;
    my @bad;
    my $nth = 0;
    for my $case (['2024-01-01', '2026-03-01'], ['2024-03-02', '2024-04-30'], ['2030-01-01', '2030-02-01'], $ENV{LONG} ? ['2024-02-01', '2025-06-01'] : ()) {
        for my $session ($ENV{LONG} ? @sessions : $sessions[++$nth]) {
            my ($from, $to) = @$case;
            my %got = map { ("$_->[0] $_->[1]" => $_) } ask($session, "SELECT area, period_start, value, complete, to_char(time AT TIME ZONE (SELECT reporting_zone FROM dash.site), 'YYYY-MM-DD HH24:MI'), reason FROM dash.series('case', '{P1,P2}', '$from', '$to')");
            my $limit = sql($db, "SELECT '$to'::date + 367");
            my $source = [grep { $_->{from} ge $from && $_->{from} le $to } @{ chosen($truth, 'case', 'province', $from, $limit, 1) }];
            for my $area (qw(P1 P2)) {
                for my $r (@$source) {
                    my $g = delete $got{"$area $r->{from}"} or do { push @bad, "$session $from: no point for $area at $r->{from}"; next };
                    push @bad, "$session $from $area $r->{from}: @{[map { $_ // 'null' } @$g]}" unless near($g->[2], value($r, 'case', $area)) && $g->[3] eq ($r->{complete} ? 't' : 'f') && $g->[4] eq "$r->{from} 00:00";
                }
                if (!@$source) { my $g = delete $got{"$area $from"}; push @bad, "$session $from: no reason" unless $g && $g->[5] }
            }
            push @bad, map { "$session $from: a point too many at $_" } sort keys %got;
        }
    }
    wrong("$name: a series has every period that begins in the days asked for, in any session's zone", @bad);
    my ($q) = grep { $_->{cube} eq 'a_quarter' } @$truth;
    my ($points) = ask('UTC', "SELECT count(*), max(unit) FROM dash.period_values('visit', NULL, '{P1}', '[$q->{from},$q->{until})')");
    my $finest = chosen($truth, 'visit', 'province', $q->{from}, $q->{until}, 1);
    is("@$points", scalar(@$finest) . ' ' . $finest->[0]{unit}, "$name: over time the finest of equals");
    my ($again) = ask('UTC', q{SELECT max(abs(a.value - b.value)), count(*) FROM dash.series('visit', '{P1}', '2024-01-01', '2026-12-31') a JOIN dash.cube('monthly', '2024-01-01/2027-01-01') b ON b.period_start = a.period_start AND b.dim1 = 'P1' AND b.measure = dash.label_of('indicator', 'visit', 'en') AND b.dim3 IS NULL});
    ok($again->[1] > 15 && $again->[0] == 0, "$name: dash.cube() says of an observation cube what the series says");
    return;
}

# ---------------------------------------------------------------- change
sub check_change {
    my ($name, $truth) = @_;
    my %of = map { ($_->{from} => $_) } @{ chosen($truth, 'case', 'province', '2024-01-01', '2028-01-01', 1) };
    my $at = sub { my ($m) = @_; my $r = $of{ month($m) . '-01' }; return $r && $r->{complete} ? $r : undef };
    my @bad;
    for my $g (ask('UTC', q{SELECT m.area, m.change_code, m.period_start, m.earlier, m.later, m.percent, m.percent_ci_lower, m.percent_ci_upper, m.reason FROM dash.marginal_change('case', '2025-09') m})) {
        my ($area, $code, undef, $earlier, $later, $percent) = @$g;
        my ($size, $back) = $code eq 'last_four' ? (4, 4) : $code eq 'previous' ? (1, 1) : (1, 12);
        next if !$at->(20) && !$g->[3];
        my (@later, @earlier);
        for my $o (0 .. $size - 1) { push @later, $at->(20 - $o); push @earlier, $at->(20 - $o - $back) }
        if (grep { !defined } @later, @earlier) { push @bad, "$area $code: a change over a gap" if defined $percent; next }
        my ($x2, $d2, $x1, $d1) = ((map { my $s = $_; (sum(map { value($_, 'case', $area) } @$s), sum(map { $_->{days} } @$s)) } \@later, \@earlier));
        push @bad, "$area $code: later $later" unless near($later, 100000 * $x2 / $people{$area});
        push @bad, "$area $code: earlier $earlier" unless near($earlier, 100000 * $x1 / $people{$area} * $d2 / $d1);
        next unless $x1;
        my $limits = sql($db, "SELECT 100 * (ratio - 1) || ' ' || 100 * (lower - 1) || ' ' || 100 * (upper - 1) FROM civic.rate_ratio($x2, $people{$area}::float8 * $d2, $x1, $people{$area}::float8 * $d1)");
        my @l = split ' ', $limits;
        push @bad, "$area $code: $percent for $l[0]" unless near($percent, $l[0]) && near($g->[6], $l[1]) && near($g->[7], $l[2]);
    }
    wrong("$name: marginal change", @bad);
    my ($last) = ask('UTC', q{SELECT max(period_start), bool_or(reason LIKE 'published for a part%') FROM dash.marginal_change('case') WHERE change_code = 'previous'});
    my ($newest) = sort { $b cmp $a } map { $_->{from} } grep { $_->{complete} } values %of;
    is($last->[0], $newest, "$name: a last partial period takes no part in change");
    my ($asked) = ask('UTC', q{SELECT max(period_start) FROM dash.marginal_change('case', partial => true) WHERE change_code = 'previous'});
    is($asked->[0], (sort { $b cmp $a } keys %of)[0], "$name: unless it is asked for");
    my @index;
    for my $g (ask($sessions[rnd(4)], q{SELECT area, period_start, value, ci_lower, ci_upper, reason FROM dash.base_year_index('case', '{P1,P2,P3}', '2025-01-01', '2026-02-01')})) {
        my ($area, $from, $index) = @$g;
        my $r = $of{$from};
        my ($base) = map { $of{$_} } ($from =~ s/^202[56]/2024/r);
        if (!$r || !$r->{complete} || !$base || !$base->{complete} || !value($base, 'case', $area)) { push @index, "$area $from: an index without a base" if defined $index || !$g->[5]; next }
        push @index, "$area $from: $index" unless near($index, 100 * (value($r, 'case', $area) / $r->{days}) / (value($base, 'case', $area) / $base->{days}));
    }
    wrong("$name: an index against the base year, whose partial month is none", @index);
    my @trend;
    for my $g (ask('UTC', q{SELECT area, slope, points FROM dash.trend('case', '{P1,P2}', '2024-01-01', '2026-03-01')})) {
        my ($area, $slope, $points) = @$g;
        my @p = map { [$_->{month} / 12, 100000 * value($_, 'case', $area) / $people{$area} / $_->{days} * 365.25 / 12] } grep { $_->{complete} } sort { $a->{from} cmp $b->{from} } values %of;
        my @s;
        for my $i (0 .. $#p) { for my $j (0 .. $i - 1) { push @s, ($p[$i][1] - $p[$j][1]) / ($p[$i][0] - $p[$j][0]) } }
        @s = sort { $a <=> $b } @s;
        my $median = @s % 2 ? $s[$#s / 2] : ($s[@s / 2 - 1] + $s[@s / 2]) / 2;
        push @trend, "$area: $slope for $median, $points points" unless $points == @p && abs($slope - $median) <= 1e-6 * (1 + abs $median);
    }
    wrong("$name: the median slope of complete periods of equal days", @trend);
    my @split;
    my ($k) = ask('UTC', q{SELECT earlier, later, change, by_rates + by_composition, reason FROM dash.change_split('case', '2024-Q1', '2025-Q2')});
    my ($a, $b) = map { chosen($truth, 'case', 'province', @$_) } ['2024-01-01', '2024-04-01'], ['2025-04-01', '2025-07-01'];
    if (@$a && @$b) {
        my ($da, $db_) = map { my $s = $_; sum(map { $_->{days} } @$s) } $a, $b;
        my ($xa, $xb) = map { my $s = $_; sum(map { my $r = $_; map { value($r, 'case', $_) } qw(P1 P2 P3) } @$s) } $a, $b;
        push @split, "@{[map { $_ // 'null' } @$k]}" unless near($k->[0], 100000 * $xa / $people{ZZ} / $da * $db_) && near($k->[1], 100000 * $xb / $people{ZZ}) && abs($k->[2] - $k->[3]) < 1e-6;
    }
    wrong("$name: a change split into rates and composition, by the days published", @split);
    return;
}

# ---------------------------------------------------------------- states, areas, late reports, refusals
sub check_states {
    my ($name, $truth) = @_;
    my @bad;
    for my $span (spans($truth)) {
        my $source = chosen($truth, 'bed', 'ward', @$span[1, 2]);
        my %got = map { ($_->[0] => $_) } ask('UTC', "SELECT area, count, periods, reason FROM dash.comparison('bed', '$span->[0]', 'en', 'ward')");
        for my $area (grep { /^W/ } keys %area) {
            my $g = $got{$area};
            push @bad, "$span->[0] $area: @{[map { $_ // 'null' } @$g]}" unless @$source ? near($g->[1], value($source->[-1], 'bed', $area)) : !defined $g->[1] && $g->[3];
        }
    }
    wrong("$name: of a state the newest month counts", @bad);
    my ($latest) = ask('UTC', q{SELECT lower(dash.days_of('case', 'latest', 'ward')), lower(dash.days_of('visit', 'latest', 'country')), dash.days_of('silent', 'latest') IS NULL});
    my $newest = (sort { $b cmp $a } map { $_->{from} } grep { $_->{cube} eq 'monthly' } @$truth)[0];
    is("@$latest", "$newest $newest t", "$name: latest is of the indicator and level");
    return;
}

sub check_places {
    my ($name) = @_;
    my @bad;
    for my $area (sort keys %area) {
        my ($g) = ask('UTC', "SELECT dash.level_of('$area'), (SELECT string_agg(d.area, ',' ORDER BY d.area) FROM dash.drill('$area') d), (SELECT count(*) FROM dash.areas_in('$area', 'ward'))");
        my %inside = map { $_ => 1 } @{ $area{$area} }[1 .. $#{ $area{$area} }];
        my %next = (country => 'province', province => 'municipality', municipality => 'ward', ward => 'none');
        my $drill = join ',', sort grep { my $c = $_; $area{$c}[0] eq $next{ $area{$area}[0] } && !(grep { !$inside{$_} } @{ $area{$c} }[1 .. $#{ $area{$c} }]) } keys %area;
        push @bad, "$area: @{[map { $_ // 'null' } @$g]}" unless $g->[0] eq $area{$area}[0] && ($g->[1] // '') eq $drill && $g->[2] == keys %inside;
    }
    wrong("$name: what lies in what", @bad);
    return;
}

sub check_late {
    my ($name, $truth) = @_;
    my ($r) = grep { $_->{cube} eq 'monthly' && $_->{month} > 0 && $_->{month} < 25 } @$truth;
    my %before = map { my $a = $_; ($a => value($r, 'case', $a)) } qw(P1 P2 P3);
    my ($now) = plain(sql($db, observe(['case', 101, substr($r->{from}, 0, 8) . '20', 'f', 7]) . release($r)));
    my @bad;
    # the other cube may cover the month as well and be of an earlier day: asked of wards it is this one
    for my $g (ask('UTC', "SELECT area, first_value, value, added, releases FROM dash.late_reports('case', '" . substr($r->{from}, 0, 7) . "', 'en', 'ward')")) {
        my ($area, $first, $value, $added, $releases) = @$g;
        push @bad, "$area: $first $value $added $releases" unless near($first, value($r, 'case', $area)) && near($value, $now->{case}{$area}{''} // 0) && near($added, $value - $first) && $releases == 2;
    }
    wrong("$name: what late reports added", @bad);
    my ($released) = ask('UTC', "SELECT r.value FROM dash.released r WHERE r.cube = 'monthly' AND r.indicator = 'case' AND r.area = 'P1' AND r.breakdown = 'all' AND r.period_start = '$r->{from}'");
    ok(near($released->[0], $now->{case}{P1}{''}), "$name: the newest release is the one that is read");
    return;
}

sub check_refusals {
    my ($name) = @_;
    my (@bad, @calls);
    for my $call (qw{comparison('cases','2024') comparison('case','2024','en','provinces') comparison('case','2024','en','province','gender') comparison('case','2024-W40') comparison('case','2024-02-30/2024-03-01')
        comparison('case','2024','xx') series('case','{P9}','2024-01-01','2025-01-01') map('case','wards','2024') provinces('case','2024-13') standards('cas','2024') marginal_change('case','nix') trend('case','{Q}','2024-01-01','2025-01-01')
        base_year_index('caze','{P1}','2024-01-01','2025-01-01') change_split('case','2024','20255') standardised('case','2024','en','province',NULL,'who1900') baseline('case','nowhere','2024-01-01','2025-01-01')
        alarms('2024','en','cases') no_verdict('2024','en','cases') completeness('cases','ward','2024-01-01','2025-01-01') wash_levels('hcf_watr') wash_progress('hcf_watr') wash_lifts('hcf_watr') wash_coverage('hcf_watr')
        cube('monthl','2024') composite('nix','2024') action_effect('en',6,'{nix}') late_reports('cases') drill('nowhere') totals('cases','[2024-01-01,2025-01-01)','province','all')}) {
        push @calls, $call;
    }
    my ($rc, $out) = try_sql($db, "SET ROLE civic_reader;\nDO \$do\$ DECLARE c text; h text; BEGIN FOREACH c IN ARRAY ARRAY[" . join(', ', map { "\$c\$$_\$c\$" } @calls) . q{] LOOP
      BEGIN EXECUTE 'SELECT * FROM dash.' || c; RAISE NOTICE 'no error from %', c;
      EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT; IF SQLSTATE <> '22023' OR SQLERRM NOT LIKE 'there is no %' OR h = '' THEN RAISE NOTICE '%: % %', c, SQLSTATE, SQLERRM; END IF; END;
    END LOOP; END $do$;});
    push @bad, grep { /NOTICE|ERROR/ } split /\n/, $out;
    wrong("$name: a name that is not known is an error with a hint", @bad);
    my (@silent, @known);
    for my $call (qw{comparison('silent','2024') comparison('case','2031') map('case','ward','2031') provinces('case','2031') standards('case','2031') marginal_change('silent') trend('silent','{P1}','2024-01-01','2025-01-01')
        series('silent','{P1}','2024-01-01','2025-01-01') base_year_index('silent','{P1}','2024-01-01','2025-01-01') baseline('silent','P1','2024-01-01','2025-01-01') standardised('case','2031') late_reports('silent') comparison('visit','2024','en','province','youth')
        change_split('case','2031','2032')}) {
        push @known, $call;
    }
    my @counted = ask('UTC', join ' UNION ALL ', map { "SELECT $_, count(*), count(reason) FROM dash.$known[$_]" } 0 .. $#known);
    push @silent, map { "$known[$_->[0]]: $_->[1] rows, $_->[2] reasons" } grep { !$_->[1] || $_->[1] != $_->[2] } @counted;
    wrong("$name: a known one without data says why", @silent);
    return;
}
