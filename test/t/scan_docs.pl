# Runs the examples of docs/scan.md.
use strict;
use warnings;
use DocExamples;
use Test::More;

check_page('docs/scan.md');
done_testing();
