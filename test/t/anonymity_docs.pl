# The examples of docs/anonymity.md run and print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/anonymity.md');
done_testing();
