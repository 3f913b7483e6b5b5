# The examples of docs/ladders.md print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/ladders.md');
done_testing();
