# The examples of docs/nowcast.md, those of the extension and those of the layer, its picture and its worked example.
use strict;
use warnings;
use DocExamples;
use Test::More;

check_page('docs/nowcast.md');
check_page('docs/nowcast.md', 'sql layer', sub { system('tools/layer', '--copy', $_[0]) == 0 or die "no layer\n"; DocExamples::psql("\\i test/fixtures/country.sql\n", $_[0]) });

SKIP: {
    my $csv = '../shared/reference/nowcast/husO104.csv';
    skip "no line list ($csv) for the picture", 2 unless -e $csv;
    my $database = 'civic_nowcast_docs';
    DocExamples::psql("SET client_min_messages = warning;\nDROP DATABASE IF EXISTS $database;\nCREATE DATABASE $database;\n", 'postgres');
    DocExamples::psql("CREATE EXTENSION pgcivic;\n", $database);
    my $svg = `psql -XqAt -d $database -v csv=$csv -v evening=2011-06-02 -f docs/nowcast_svg.sql 2>&1`;
    is($svg, slurp('docs/nowcast.svg'), 'the picture is what its query draws');
    my $rows = `psql -XqAt -d $database -c "SET search_path = civic, public; CREATE TEMP TABLE line (day date, report date)" -c "\\copy line FROM $csv CSV HEADER" -c "
      SELECT format('| %s | %s | %s | %s | %s | %s |', to_char(n.day, 'FMDD Mon'), n.reported, n.estimate, n.lower, n.upper, (SELECT count(*) FROM line l WHERE l.day = n.day))
      FROM (SELECT delays_agg(day, report, 15) AS d FROM line WHERE report <= '2011-06-02') s, nowcast(s.d, '2011-06-02') n WHERE n.day > '2011-05-22' ORDER BY n.day" 2>&1`;
    like(slurp('docs/nowcast.md'), qr/\Q$rows\E/, 'and the worked example what nowcast() says') or diag($rows);
    DocExamples::psql("DROP DATABASE $database;\n", 'postgres');
}
done_testing();

sub slurp { local (@ARGV, $/) = ($_[0]); return scalar <> }
