# The examples of the README print what the README says.
use strict;
use warnings;
use lib 'test/t';
use DocExamples;
use Test::More;
check_page('README.md');
done_testing();
