# Civic.pm: what the Perl tests share: a database with the layer on the private cluster, and psql against it.
package Civic;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Spec;
use Test::More;
our @EXPORT = qw(sql try_sql layer cluster_env $top);

our $top = File::Spec->rel2abs(dirname(__FILE__) . '/../..');

# Point the environment at a cluster of the private ones; "test" runs already when make test calls.
sub cluster_env {
	my ($name) = @_;
	system("$top/tools/cluster", 'start', $name) == 0 or BAIL_OUT("cluster $name does not start");
	for (split /\n/, `$top/tools/cluster env $name`) {
		while (/(PG[A-Z]+|PATH)=(?:'([^']*)'|(\d+)|(\w+))/g) { $ENV{$1} = ($1 eq 'PATH' ? "$2:$ENV{PATH}" : $2 // $3 // $4); }
	}
	return;
}

# A new database with the layer installed.
sub layer {
	my ($db) = @_;
	cluster_env('test') unless $ENV{PGHOST};
	system("$top/tools/layer", $db) == 0 or BAIL_OUT("layer does not install into $db");
	return;
}

# Run SQL and give its output, unaligned; dies on an error.
sub sql {
	my ($db, $sql) = @_;
	my ($rc, $out) = try_sql($db, $sql);
	die "SQL failed: $out\n$sql\n" if $rc;
	return $out;
}

sub try_sql {
	my ($db, $sql) = @_;
	my $file = File::Spec->tmpdir . "/civic_$$.sql";
	open my $fh, '>', $file or die $!;
	print $fh $sql;
	close $fh;
	my $out = `psql -X -q -At -v ON_ERROR_STOP=1 -d '$db' -f '$file' 2>&1`;
	my $rc = $? >> 8;
	unlink $file;
	chomp $out;
	return ($rc, $out);
}
1;
