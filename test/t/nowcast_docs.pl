# Runs the examples of docs/nowcast.md.
use strict;
use warnings;
use DocExamples;
use Test::More;

check_page('docs/nowcast.md');
done_testing();
