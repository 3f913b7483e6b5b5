# The examples of docs/learning.md, in a database with the invented officials and trainings of the demo.
use strict;
use warnings;
use Test::More;
use Civic;
use DocExamples;

check_page("$top/docs/learning.md", 'sql', sub {
	my ($db) = @_;
	layer($db);
	for my $part (qw(competency learning)) {
		system("psql -Xq -v ON_ERROR_STOP=1 -d $db -f $top/demo/$part.sql >/dev/null 2>&1") == 0 or BAIL_OUT("demo/$part.sql fails");
	}
});
done_testing();
