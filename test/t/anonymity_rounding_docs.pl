# The examples of docs/rounding.md run and print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/rounding.md');
done_testing();
