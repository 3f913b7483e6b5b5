# The examples of docs/frameworks.md, in a database with the invented officials of the demo.
use strict;
use warnings;
use Test::More;
use Civic;
use DocExamples;

check_page("$top/docs/frameworks.md", 'sql', sub {
	my ($db) = @_;
	layer($db);
	system("psql -Xq -v ON_ERROR_STOP=1 -d $db -f $top/demo/competency.sql >/dev/null") == 0 or BAIL_OUT('demo/competency.sql fails');
});
done_testing();
