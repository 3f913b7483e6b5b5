# The examples of docs/baselines.md run and print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/baselines.md');
done_testing();
