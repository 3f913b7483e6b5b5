# Runs the examples of docs/dba.md on a small country in which somebody reported twice.
use strict;
use warnings;
use Civic;
use DocExamples;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
check_page(
    'docs/dba.md',
    'sql',
    sub {
        layer($_[0]);
        sql($_[0], do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
        sql($_[0], <<'SQL');
SELECT tap.land('app', '[{"id": 1, "at": "2026-10-10", "about": "Food", "ward": "W1", "phone": "+27 82 555 0101"}, {"id": 2, "at": "2026-10-10", "about": "Food", "ward": "W1", "phone": "+27 82 555 0102"}]');
SELECT tap.land('app', '{"id": 3, "at": "2026-10-11", "about": "Water", "ward": "W2", "phone": "+27 82 555 0101"}');
SELECT tap.land('app', '{"id": 4, "at": "2026-10-11", "about": "Power", "ward": "W2", "phone": "+27 82 555 0101"}');
SELECT tap.land('app', '{"id": 5, "at": "2026-10-12", "about": "Food", "ward": "W2"}');
SELECT tap.apply('app');
INSERT INTO centre.subject (subject_id, verified) VALUES (centre.pseudonym('+27 82 555 0101'), true);
SQL
    });
# settings on which results depend are worth a word each
layer('civic_site');
my $page = do { local (@ARGV, $/) = ('docs/dba.md'); <> };
my @settings = split /\n/, sql('civic_site', q{SELECT attname FROM pg_attribute WHERE attrelid = 'centre.site'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'only_row'});
cmp_ok(scalar @settings, '>', 5, 'settings of the site');
is(join(', ', grep { $page !~ /`$_`/ } @settings), '', 'each stands on the page');
done_testing();
