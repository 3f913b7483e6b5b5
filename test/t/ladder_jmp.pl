# The shipped rulesets against what is known of them: JMP's truth tables, the
# survey of Malawi under four readings, Dhaka's published classes, and, for
# every ruleset, what its own answers imply.
use strict;
use warnings;
use Test::More;
use LadderTest;

new_database('ladder_jmp');
psql("\\i test/ladder/rulesets.sql\n");
my $shared = '../shared/data';

subtest 'every ruleset decides a level and passes its own tests' => sub {
    my @codes = map { $_->[0] } query('SELECT code FROM pack ORDER BY code');
    is(scalar @codes, scalar(my @files = glob 'sql/wash/rulesets/*.json'), scalar(@codes) . ' rulesets were read');
    for my $code (@codes) {
        my ($name, $file, $tests, @failures) = @{ (query("SELECT body::text::jsonb ->> 'name', envelope ->> 'code', jsonb_array_length(body::text::jsonb -> 'tests') FROM pack WHERE code = '$code'"))[0] };
        is("$name $file", "$code $code", "$code: the file, the ruleset and the code have one name");
        my @wrong = query("SELECT path, message FROM ruleset_check((SELECT body::text::jsonb FROM pack WHERE code = '$code')) WHERE NOT ok");
        my ($passed) = map { $_->[0] } query("SELECT count(*) FROM ruleset_check((SELECT body::text::jsonb FROM pack WHERE code = '$code')) WHERE ok AND kind = 'test'");
        ok($tests >= 3 && $passed == $tests && !@wrong, "$code: $tests embedded tests") or diag(map { join("\t", @$_) . "\n" } @wrong);
    }
};

# Every combination of answers, each also missing, and their levels.  What a
# fact can be is read from the lists and limits of the ruleset.
psql(<<'SQL');
CREATE TABLE domain AS
SELECT code, fact ->> 'name' AS fact, place, values
FROM pack, jsonb_array_elements(body::text::jsonb -> 'facts') WITH ORDINALITY f (fact, place), LATERAL (
  SELECT CASE fact ->> 'type'
    WHEN 'boolean' THEN '[true, false]'::jsonb
    WHEN 'integer' THEN '[0, 29, 30, 31, 47, 48]'
    ELSE (SELECT jsonb_agg(DISTINCT value) FROM (
            -- the lists that any rule compares the fact with
            SELECT jsonb_array_elements(coalesce(body::text::jsonb #> ARRAY['params', list ->> 'param'], list)) AS value
            FROM jsonb_path_query(body::text::jsonb, 'strict $.rules.** ? (@.in[0].var == $fact).in[1]', jsonb_build_object('fact', fact -> 'name')) list) v)
    END) d (values)
WHERE code !~ '^(dhs|wsup)';  -- these two guess, on purpose
CREATE TABLE combination (code text, answers jsonb, level service_level);
DO $$
DECLARE r record; d record; make text;
BEGIN
  FOR r IN SELECT * FROM pack WHERE code IN (SELECT code FROM domain) LOOP
    make := 'SELECT ''{}''::jsonb AS a';
    FOR d IN SELECT * FROM domain WHERE code = r.code ORDER BY place LOOP
      make := format('SELECT a || coalesce(jsonb_build_object(%L, v), ''{}'') AS a FROM (%s) x, (SELECT jsonb_array_elements(%L) UNION ALL SELECT NULL) y (v)',
                     d.fact, make, d.values);
    END LOOP;
    EXECUTE format('INSERT INTO combination SELECT %L, jsonb_strip_nulls(a), classify_json($1, a) FROM (%s) z', r.code, make) USING r.body;
  END LOOP;
END $$;
CREATE INDEX ON combination (code, answers);
ANALYZE combination;
SQL

subtest 'a missing answer leaves the levels that its values give, no more and no less' => sub {
    # one step for each missing answer: by induction it holds for any number of them
    my @rows = query(<<'SQL');
SELECT p.code, count(*), count(*) FILTER (WHERE wrong)
FROM (SELECT p.code, p.answers, d.fact,
             (lowest(p.level)::int, highest(p.level)::int) <> (min(lowest(q.level)::int), max(highest(q.level)::int)) AS wrong
      FROM combination p JOIN domain d ON d.code = p.code AND NOT p.answers ? d.fact,
        jsonb_array_elements(d.values) v,
        LATERAL (SELECT level FROM combination q WHERE q.code = p.code AND q.answers = p.answers || jsonb_build_object(d.fact, v)) q
      GROUP BY p.code, p.answers, p.level, d.fact) p
GROUP BY p.code ORDER BY p.code
SQL
    is($_->[2], 0, "$_->[0]: $_->[1] missing answers") for @rows;
    is(scalar @rows, (query('SELECT count(DISTINCT code) FROM domain'))[0][0], 'every ruleset was tried');
};

subtest 'missing criteria are what keeps from a level, unanswered ones what may' => sub {
    my @rows = query(<<'SQL');
SELECT c.code, t.target, count(*),
       count(*) FILTER (WHERE (at_least(level, target) IS FALSE) <> (missing <> '{}')),
       count(*) FILTER (WHERE (at_least(level, target) IS TRUE) <> (missing = '{}' AND unanswered = '{}'))
FROM combination c JOIN pack r USING (code),
  LATERAL (SELECT DISTINCT rule ->> 'group' AS target FROM jsonb_array_elements(r.body::text::jsonb -> 'rules') rule WHERE rule ->> 'group' <> 'answers') t,
  LATERAL (SELECT missing_criteria_json(r.body, target, answers) AS missing, unanswered_criteria_json(r.body, target, answers) AS unanswered) m
GROUP BY 1, 2 ORDER BY 1, 2
SQL
    is("$_->[3] $_->[4]", '0 0', "$_->[0], $_->[1]: $_->[2] combinations") for @rows;
};

subtest 'a code that the ruleset does not list is an error, never a level' => sub {
    my @rows = query(<<'SQL');
SELECT r.code, f.fact ->> 'name' FROM pack r, jsonb_array_elements(body::text::jsonb -> 'facts') f (fact) WHERE fact ->> 'type' = 'text' ORDER BY 1, 2
SQL
    for my $row (@rows) {
        my ($code, $fact) = @$row;
        my ($state) = map { $_->[0] } query(<<"SQL");
CREATE OR REPLACE FUNCTION pg_temp.state_of(answers jsonb) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN PERFORM classify_json(shipped('$code'), answers); RETURN 'a level'; EXCEPTION WHEN others THEN RETURN sqlstate; END \$\$;
SELECT pg_temp.state_of('{"$fact": "wel_protected"}')
SQL
        is($state, '22023', "$code: $fact");
    }
};

SKIP: {
    skip "no $shared/jmp-truth-tables", 1 unless -d "$shared/jmp-truth-tables";
    subtest 'truth tables of JMP 2018' => sub {
        my %facts = (
            water => 'main_source, location, available_today = \'yes\'',
            sanitation => join(', ', 'toilet_type', map { "$_ = 'yes'" } qw(usable staff sex_separated menstrual limited_mobility)),
            hygiene => "points_of_care_functional = 'yes', toilets_within_5m_functional = 'yes'",
            waste => 'segregated_3_bins, infectious_treatment, sharps_treatment',
            cleaning => "protocols = 'yes', staff_trained",
        );
        my $all = 0;
        for my $domain (sort keys %facts) {
            my $file = "$shared/jmp-truth-tables/jmp2018_hcf_$domain.csv";
            open my $in, '<', $file or die "$file: $!";
            chomp(my $header = <$in>);
            my $columns = join ', ', map { "$_ text" } split /,/, $header;
            my $out = psql(<<"SQL");
CREATE TABLE $domain ($columns);
\\copy $domain FROM '$file' WITH (FORMAT csv, HEADER)
SELECT count(*), count(*) FILTER (WHERE
  CASE WHEN insufficient(l) THEN 'insufficient_data' ELSE level_name(l) END = level AND
  level_name(lowest(l)) = lowest_possible AND level_name(highest(l)) = highest_possible)
FROM (SELECT *, classify(shipped('jmp2018_hcf_$domain'), $facts{$domain}) AS l FROM $domain) x;
SQL
            my ($rows, $equal) = split /\|/, $out;
            is($equal, $rows, "$domain: $rows rows equal in level, lowest and highest");
            $all += $rows;
        }
        is($all, 2998, 'rows of all five tables');
    };
}

SKIP: {
    my $file = "$shared/malawi-household-wash/households.csv.gz";
    skip "no $file", 1 unless -f $file;
    psql("\\set file $file\n\\i test/ladder/malawi.sql\n");
    subtest '23,112 households of Malawi' => sub {
        # one sentence, four readings, one query
        my @table = query(<<'SQL');
SELECT code, level_count(d, 'basic'), level_count(d, 'limited'), level_count(d, 'unimproved'), level_count(d, 'surface_water'), insufficient_count(d),
       round(100 * level_share(d, 'basic')::numeric, 1), round(100 * level_share(d, 'limited')::numeric, 1),
       round(100 * at_least_lower(d, 'basic')::numeric, 1), round(100 * at_least_upper(d, 'basic')::numeric, 1)
FROM (SELECT code, service_distribution_agg(classify(body, source, on_premises, round_trip_minutes)) AS d
      FROM pack, household WHERE code ~ 'household_water_basic$' GROUP BY code) x ORDER BY code
SQL
        is_deeply(\@table, [
            [qw(dhs_household_water_basic 9691 10105 2600 696 20 41.9 43.7 41.9 42.0)],
            [qw(jmp2017_household_water_basic 9691 8447 2600 696 1678 41.9 36.5 41.9 49.1)],
            [qw(under30_household_water_basic 6769 11369 2600 696 1678 29.3 49.2 29.3 36.5)],
            [qw(wsup_household_water_basic 11349 8447 2600 696 20 49.1 36.5 49.1 49.1)],
        ], 'water: JMP, DHS, less than 30 minutes, unknown as 0') or diag explain \@table;
        is_deeply([query(<<'SQL')], [[qw(668 172 21289 953 30)], [qw(1137 5118 16770 - 87)]], 'sanitation and hygiene');
SELECT level_count(d, 'basic'), level_count(d, 'limited'), level_count(d, 'unimproved'), level_count(d, 'open_defecation')::text, insufficient_count(d)
FROM (SELECT service_distribution_agg(classify(shipped('jmp2017_household_sanitation_basic'), toilet, shared)) AS d FROM household) s
UNION ALL
SELECT level_count(d, 'basic'), level_count(d, 'limited'), level_count(d, 'no_facility'), '-', insufficient_count(d)
FROM (SELECT service_distribution_agg(classify(shipped('jmp2017_household_hygiene'), facility, water, soap)) AS d FROM household) h
SQL
        # the ladders that go on to safely managed agree on basic, household by household
        is((query(<<'SQL'))[0][0], 23112, 'at least basic is the same with and without safely managed');
SELECT count(*) FILTER (WHERE
  at_least(classify(shipped('jmp2017_household_water'), source, on_premises, round_trip_minutes, available_when_needed, NULL, NULL), 'basic')
    IS NOT DISTINCT FROM at_least(classify(shipped('jmp2017_household_water_basic'), source, on_premises, round_trip_minutes), 'basic') AND
  at_least(classify(shipped('jmp2017_household_sanitation'), toilet, shared, NULL), 'basic')
    IS NOT DISTINCT FROM at_least(classify(shipped('jmp2017_household_sanitation_basic'), toilet, shared), 'basic'))
FROM household
SQL
        # answers as one JSON document give the same
        is((query(<<'SQL'))[0][0], 23112, 'the same from jsonb');
SELECT count(*) FILTER (WHERE classify_json(shipped('jmp2017_household_water_basic'), to_jsonb(household)) =
  classify(shipped('jmp2017_household_water_basic'), source, on_premises, round_trip_minutes)) FROM household
SQL
        # what would lift households to basic, counted
        my %lift = map { @$_ } query(<<'SQL');
SELECT criterion, count(*) FROM household, unnest(missing_criteria(shipped('jmp2017_household_water_basic'), 'basic', source, on_premises, round_trip_minutes)) criterion GROUP BY 1
SQL
        my ($poor) = map { $_->[0] } query("SELECT count(*) FROM household WHERE source IN ('unprotected_well', 'unprotected_spring', 'surface_water')");
        my ($far) = map { $_->[0] } query('SELECT count(*) FROM household WHERE NOT on_premises AND round_trip_minutes > 30');
        is_deeply(\%lift, { improved_source => $poor, not_surface_water => 696, round_trip => $far }, 'criteria that households lack');
    };
}

SKIP: {
    my $file = "$shared/dhaka-wsup-wash/dhaka.csv";
    skip "no $file", 1 unless -f $file;
    psql("DROP TABLE IF EXISTS label_map CASCADE;\nDROP FUNCTION IF EXISTS code;\n\\i test/ladder/label_map.sql\n\\set file $file\n\\i test/ladder/dhaka.sql\n");
    subtest 'published classes of Dhaka, 1,282 households' => sub {
        my $compare = sub {
            my ($published, $level, $reason) = @_;
            return [query(<<"SQL")];
SELECT $published, level_name(level), $reason, count(*) FROM (SELECT *, $level AS level FROM dhaka) x
WHERE level_name(level) <> $published GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
SQL
        };
        is_deeply($compare->('published_water', "classify(shipped('jmp2017_household_water_basic'), source, on_premises, round_trip_minutes)", <<'SQL'), [
CASE WHEN source = 'borehole' AND round_trip_minutes IS NULL THEN 'a missing time is not 0 minutes'
     WHEN source = 'borehole' THEN 'tube wells are improved'
     WHEN source IS NULL THEN 'a pump, a place or a seller is no source' END
SQL
            ['basic', 'limited..basic', 'a missing time is not 0 minutes', 3],
            ['basic', 'surface_water..basic', 'a pump, a place or a seller is no source', 44],
            ['unimproved', 'basic', 'tube wells are improved', 40],
            ['unimproved', 'surface_water..basic', 'a pump, a place or a seller is no source', 22],
            ['unimproved', 'surface_water..limited', 'a pump, a place or a seller is no source', 4],
        ], 'water: 113 differ, each for a named reason');
        is_deeply($compare->('published_sanitation', "classify(shipped('jmp2017_household_sanitation_basic'), toilet, shared)", <<'SQL'), [
CASE WHEN toilet = 'flush_open_drain' THEN 'flush to an open drain is unimproved, not nothing'
     WHEN toilet IS NULL THEN 'rings alone do not tell whether there is a slab' END
SQL
            ['none', 'unimproved', 'flush to an open drain is unimproved, not nothing', 341],
            ['unimproved', 'open_defecation..basic', 'rings alone do not tell whether there is a slab', 1],
            ['unimproved', 'open_defecation..limited', 'rings alone do not tell whether there is a slab', 5],
        ], 'sanitation: 347 differ, each for a named reason');
    };
}
done_testing();
