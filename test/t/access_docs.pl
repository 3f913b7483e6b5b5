# The examples of docs/access-codes.md print what the page says.
use strict;
use warnings;
use Test::More;
use DocExamples;

check_page('docs/access-codes.md');
done_testing();
