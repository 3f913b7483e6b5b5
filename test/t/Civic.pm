# Civic.pm: what the Perl tests share: a database with the layer on the private cluster, and psql against it.
package Civic;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Spec;
use Test::More;
our @EXPORT = qw(sql try_sql layer cluster_env audit_refusal audit_tables $top);

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

# A new database with the layer installed; in make test a copy, where the lane has one to copy.
sub layer {
	my ($db) = @_;
	cluster_env('test') unless $ENV{PGHOST};
	my $copy = $ENV{CIVIC_INSTALLED} && $db ne 'civic_template' && sql('postgres', q{SELECT count(*) FROM pg_database WHERE datname = 'civic_template'});
	system("$top/tools/layer", $copy ? '--copy' : (), $db) == 0 or BAIL_OUT("layer does not install into $db");
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

# Why published tables cannot be audited here, or nothing.
sub audit_refusal {
	system("$top/tools/packages", 'audit');
	return 'audits need python3-scipy' if system('/usr/bin/python3', '-c', 'import scipy');
	return 'audits need shared/tools/audit_lp.py' unless -f "$top/../shared/tools/audit_lp.py";
	return;
}

# Audit what a database has published (of systems that match a pattern); each system is a test.
sub audit_tables {
	my ($db, $targets, $name, $which) = @_;
	my $systems = 0;
	for (split /\n/, `/usr/bin/python3 $top/test/publication/tables.py $db $top/../shared/tools/audit_lp.py $targets '@{[$which // '']}'`) {
		if (/^(not )?ok - (.*)/) { ok(!$1, "$name: $2"); $systems++ }
		elsif (/^# (.*)/) { diag($1) }
	}
	is($?, 0, "$name: the audit of $systems systems ends well");
	return;
}
1;
