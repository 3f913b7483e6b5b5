# Every ```sql example of docs/calendar.md and docs/comparison.md runs in the order of
# the page and prints the ```text block that follows it.  UPDATE=1 writes the blocks anew.
use strict;
use warnings;
use lib 'test/t';
use Test::More;
use Civic;

$ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl $0");
my $database = 'civic_statistics_docs';

sub psql {
    my ($sql, @options) = @_;
    my $file = "/tmp/civic-statistics-docs-$$.sql";
    open my $out, '>:utf8', $file or die "$file: $!";
    print $out $sql;
    close $out;
    open my $in, '-|:utf8', "psql -Xq -v ON_ERROR_STOP=1 @options -f $file 2>&1" or die "psql: $!";
    my $text = join '', <$in>;
    close $in;
    unlink $file;
    return $text;
}

# comparison.md reads releases of an invented country; the layer has the extension
layer($database);
unlike(psql("\\i $top/test/fixtures/comparison_page.sql\n", "-d $database"), qr/ERROR/, 'the figures of the examples load');

for my $page ('docs/calendar.md', 'docs/comparison.md') {
    open my $in, '<:utf8', $page or die "$page: $!";
    my $text = join '', <$in>;
    close $in;
    my @examples = $text =~ /^```sql\n(.*?)^```\n\n?(?:```text\n.*?^```)?/gms;

    # one session runs the whole page; a marker ends each example's output
    my $script = "SET search_path = civic, public;\nSET extra_float_digits = -9;\nSET timezone = 'UTC';\nSET datestyle = 'ISO';\n";
    $script .= "$_\\echo ==end==\n" for @examples;
    my @got = map { s/^\n+|\s+\z//gr } split /==end==\n/, psql($script, "-d $database");
    cmp_ok(scalar @examples, '>', 5, "$page has examples");
    my $i = 0;
    $text =~ s{(^```sql\n(.*?)^```\n)(\n?```text\n(.*?)^```\n)?}{
        my ($block, $sql, $expected) = ($1, $2, $4 // '');
        my $got = join "\n", map { s/\s+$//r } split /\n/, $got[$i++] // '';
        is($got, $expected =~ s/\s+\z//r, "$page: " . substr($sql =~ s/\s+/ /gr, 0, 70)) unless $ENV{UPDATE};
        $block . ($got eq '' ? '' : "```text\n$got\n```\n")
    }gmse;
    if ($ENV{UPDATE}) {
        open my $out, '>:utf8', $page or die "$page: $!";
        print $out $text;
        close $out;
    }
}
psql("DROP DATABASE $database", '-d postgres');
done_testing;
