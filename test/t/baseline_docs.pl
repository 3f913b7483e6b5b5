# The examples of docs/alarms.md run and print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/alarms.md');
done_testing();
