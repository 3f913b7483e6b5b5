# LadderTest: a database with the extension for the ladder's Perl tests, and queries in it.
package LadderTest;
use strict;
use warnings;
use Civic;
use Exporter 'import';
our @EXPORT = qw(new_database psql query);

my $database;

# Make a database with the extension and let the following queries use it.
sub new_database {
    ($database) = @_;
    cluster_env('test') unless $ENV{PGHOST};
    sql('postgres', "SET client_min_messages = warning;\nDROP DATABASE IF EXISTS $database WITH (FORCE);\nCREATE DATABASE $database;\n");
    psql("CREATE EXTENSION pgcivic;\nALTER DATABASE $database SET search_path = public, civic;\nALTER DATABASE $database SET client_min_messages = warning;\n");
    return $database;
}

# Run a script; its output, unaligned.
sub psql { my ($script) = @_; return sql($database, $script); }

# The rows of one query, each a list of values as text.
sub query { my ($query) = @_; return map { [split /\|/, $_, -1] } split /\n/, psql("$query;\n"); }

1;
