# The examples of docs/ladders.md that need the layer print what the page says.
use strict;
use warnings;
use Civic;
use DocExamples;
use Test::More;

check_page('docs/ladders.md', 'sql layer', \&layer);
done_testing();
