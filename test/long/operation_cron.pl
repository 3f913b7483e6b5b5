# The timer of docs/dba.md inside the server: pg_cron runs the tick within the minute, over a connection and in a background worker of its own.
use strict;
use warnings;
use Civic;
use Test::More;
use Time::HiRes qw(sleep);

my ($schedule) = do { local (@ARGV, $/) = ("$top/docs/dba.md"); <> } =~ /^    (SELECT cron\.schedule.*)$/m;
my $config = $ENV{PG_CONFIG} || `. $top/tools/lib.sh; find_pg_config`;
chomp $config;
chomp(my $libraries = `$config --pkglibdir`);
plan skip_all => 'pg_cron is not installed (postgresql-NN-cron)' unless -e "$libraries/pg_cron.so";
my %was = %ENV;
my $db = 'civic_cron';
for my $way ('off', 'on') {
	system("$top/tools/cluster", 'drop', 'cron');
	(my $sockets = `$top/tools/cluster env cron`) =~ s/.*PGHOST='([^']*)'.*/$1/s;
	$ENV{CIVIC_CONF} = "shared_preload_libraries = 'pg_cron'\ncron.database_name = '$db'\ncron.host = '$sockets'\ncron.use_background_workers = $way\nmax_worker_processes = 20\n";
	delete @ENV{grep { /^PG(HOST|PORT)$/ } keys %ENV};
	cluster_env('cron');
	layer($db);
	sql($db, "CREATE EXTENSION pg_cron; $schedule");
	for (1 .. 900) { last if sql($db, q{SELECT count(*) FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')}) > 0; sleep 0.1 }
	my $name = $way eq 'on' ? 'in a background worker' : 'over a connection';
	is(sql($db, 'SELECT status FROM cron.job_run_details ORDER BY runid LIMIT 1'), 'succeeded', "the job runs $name") or diag sql($db, 'SELECT return_message FROM cron.job_run_details');
	is(sql($db, q{SELECT count(*) > 0 FROM centre.tick_log WHERE step = 'tick' AND finished_at IS NOT NULL}), 't', 'and the tick comes to its end');
	is(sql($db, q{SELECT count(*) FROM centre.tick_log WHERE error IS NOT NULL}), 0, 'no step fails');
	is(sql($db, q{SELECT state FROM centre.health() WHERE code = 'tick_age_s'}), 'ok', 'which health sees');
}
system("$top/tools/cluster", 'drop', 'cron');
%ENV = %was;
done_testing();
