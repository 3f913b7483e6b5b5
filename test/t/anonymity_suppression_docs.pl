# The examples of docs/suppression.md run and print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/suppression.md');
done_testing();
