# LadderTest: what the ladder's Perl tests share: a database of their own and
# a way to run SQL in it.  Alone a test is run as
#   tools/cluster run test -- perl -Itest/t test/t/ladder_....pl
package LadderTest;
use strict;
use warnings;
use Test::More;
use Exporter 'import';
our @EXPORT = qw(new_database query psql shared_or_skip);

# Make a database with the extension and let the following queries use it.
sub new_database {
    my ($name) = @_;
    $ENV{PGHOST} or BAIL_OUT("run this on a cluster: tools/cluster run test -- perl -Itest/t $0");
    $ENV{PGDATABASE} = 'postgres';
    psql("DROP DATABASE IF EXISTS $name WITH (FORCE);\nCREATE DATABASE $name;\n");
    $ENV{PGDATABASE} = $name;
    $ENV{PGOPTIONS} = '-c search_path=public,civic -c client_min_messages=warning';
    psql("CREATE EXTENSION pgcivic;\n");
}

# Run a script; its output, or the test ends with psql's error.
sub psql {
    my ($script, @options) = @_;
    require IPC::Open3;
    my $pid = IPC::Open3::open3(my $in, my $out, undef, 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', @options, '-f', '-');
    binmode $_, ':utf8' for $in, $out;
    # psql reads all of its script before the output could fill the pipe, except
    # for long scripts, which therefore are written by a child of their own
    my $writer = fork // die "fork: $!";
    if ($writer == 0) { print $in $script; close $in; require POSIX; POSIX::_exit(0); }
    close $in;
    my $output = do { local $/; <$out> };
    waitpid $writer, 0;
    waitpid $pid, 0;
    die "psql failed on:\n" . substr($script, 0, 400) . "\n$output" if $?;
    return $output;
}

# The rows of one query, each a list of values as text.
sub query {
    my ($sql) = @_;
    return map { [split /\t/, $_, -1] } split /\n/, psql("$sql;\n", '-F', "\t");
}

# A file of ../shared, or the rest of the test is skipped aloud.
sub shared_or_skip {
    my ($path) = @_;
    plan skip_all => "no ../shared/$path" unless -e "../shared/$path";
    return "../shared/$path";
}

1;
