# DocExamples: runs the examples of a page of docs/ in a database of their own.
# Every block of sql (or of another fence, such as "sql layer") runs in the order of the page, in one session, and prints
# the block of text that follows it.  UPDATE=1 writes those blocks anew.
package DocExamples;
use strict;
use warnings;
use Exporter 'import';
use Test::More;
our @EXPORT = qw(check_page);

# The output of a script.
sub psql {
    my ($script, $database) = @_;
    my $file = "/tmp/civic-doc-examples-$$.sql";
    open my $out, '>:utf8', $file or die "$file: $!";
    print $out $script;
    close $out;
    open my $in, '-|:utf8', "stdbuf -oL psql -Xq -d $database <$file 2>&1" or die "psql: $!";
    my $text = do { local $/; <$in> };
    close $in;
    unlink $file;
    return $text;
}

# Without blanks at the ends of lines and lines at the end.
sub tidy { my ($text) = @_; $text =~ s/[ \t]+$//gm; $text =~ s/\A\n+|\s+\z//g; return $text; }

# check_page PAGE [FENCE [MAKE]]: MAKE makes the database named to it, else it is empty.
sub check_page {
    my ($page, $fence, $make) = @_;
    $fence //= 'sql';
    $make //= sub { psql("SET client_min_messages = warning;\nDROP DATABASE IF EXISTS $_[0] WITH (FORCE);\nCREATE DATABASE $_[0];\n", 'postgres') };
    $ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
    open my $in, '<:utf8', $page or die "$page: $!";
    my $text = do { local $/; <$in> };
    close $in;

    my $database = 'civic_doc_examples';
    $make->($database);
    my @examples = $text =~ /^```$fence\n(.*?)^```$/gms;
    my @printed = map { tidy($_) } split /^==end==\n/m, psql(join('', map { "$_\\echo ==end==\n" } @examples), $database);
    $text =~ s{(^```$fence\n(.*?)^```\n)(```text\n(.*?)^```\n)?}{
        my ($block, $sql, $expected, $got) = ($1, $2, $4 // '', shift(@printed) // 'nothing');
        is($got, tidy($expected), "$page: " . substr($sql =~ s/\s+/ /gr, 0, 70)) unless $ENV{UPDATE};
        $block . ($got eq '' ? '' : "```text\n$got\n```\n")
    }gmse;
    cmp_ok(scalar @examples, '>', 0, "$page has examples");
    psql("DROP DATABASE $database WITH (FORCE);\n", 'postgres');

    return unless $ENV{UPDATE};
    open my $out, '>:utf8', $page or die "$page: $!";
    print $out $text;
    close $out;
}

1;
