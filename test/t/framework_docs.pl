# The examples of docs/frameworks.md, in a database with the invented officials of the demo.
use strict;
use warnings;
use Test::More;
use Civic;
use DocExamples;

my $db = 'civic_framework_docs';
layer($db);
system("psql -Xq -v ON_ERROR_STOP=1 -d $db -f $top/demo/competency.sql >/dev/null") == 0 or BAIL_OUT('demo/competency.sql fails');
check_page("$top/docs/frameworks.md", $db);
sql('postgres', "DROP DATABASE $db");
done_testing();
