# The commands of docs/dba.md, in the order of the page, on a cluster that has nothing: each must succeed.
use strict;
use warnings;
use Civic;
use File::Temp qw(tempdir);
use Test::More;

my %was = %ENV;
cluster_env('runbook');
my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;
# what make install would have put beside psql and into the shared folder
my ($share) = map { chomp; $_ } `$ENV{PG_CONFIG} --sharedir`;
is(system("make -s -C '$top' PG_CONFIG='$ENV{PG_CONFIG}' DESTDIR='$dir/root' install >'$dir/log' 2>&1"), 0, 'make install') or diag do { local (@ARGV, $/) = ("$dir/log"); <> };
mkdir "$dir/bin";
open my $fh, '>', "$dir/bin/pg_config" or die $!;
print $fh qq{#!/bin/sh\n[ "\$1" = --sharedir ] && { echo '$dir/root$share'; exit; }\nexec '$ENV{PG_CONFIG}' "\$@"\n};
close $fh;
chmod 0755, "$dir/bin/pg_config";
symlink("$top/bin/$_", "$dir/bin/$_") for 'pgcivic-tick', 'pgcivic-check';
$ENV{PATH} = "$dir/bin:$ENV{PATH}";
$ENV{PGOPTIONS} = '-c client_min_messages=error';

my $page = do { local (@ARGV, $/) = ("$top/docs/dba.md"); <> };
my @blocks = $page =~ /^```sh\n(.*?)^```$/gms;
cmp_ok(scalar @blocks, '>=', 9, 'the page has commands');
for my $block (@blocks) {
	open my $out, '>', "$dir/block.sh" or die $!;
	print $out $block;
	close $out;
	my $said = `cd '$dir' && sh -eu block.sh 2>&1`;
	my ($first) = $block =~ /^(.*)$/m;
	is($? >> 8, 0, substr($first, 0, 80)) or diag $said;
}
# the line for cron, and the files for systemd
my ($cron) = $page =~ /^    \* \* \* \* \* postgres (.*)$/m;
$cron =~ s{/run/lock}{$dir};
is(system('sh', '-c', $cron), 0, 'what cron runs');
SKIP: {
	skip 'no systemd-analyze', 1 if system('command -v systemd-analyze >/dev/null');
	system("mkdir -p '$dir/units' && sed 's|/usr/bin/pgcivic-tick|$top/bin/pgcivic-tick|' '$top/systemd/pgcivic-tick.service' >'$dir/units/pgcivic-tick.service' && cp '$top/systemd/pgcivic-tick.timer' '$dir/units/'");
	my $said = `cd '$dir/units' && systemd-analyze verify --man=no pgcivic-tick.timer pgcivic-tick.service 2>&1 | grep -v 'Failed to\\|postgresql.service'`;
	is($said, '', 'systemd finds nothing wrong with the units');
}
# nobody who must not is told to run as a role that cannot log in
unlike($page, qr/-U civic_(?!reader)/, 'no command logs in as a group');
system("$top/tools/cluster", 'drop', 'runbook');
%ENV = %was;
done_testing();
