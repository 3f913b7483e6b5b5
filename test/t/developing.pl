# The recipes of DEVELOPING.md, followed: their SQL on a small country, and a room of its own in a copy of sql/.
use strict;
use warnings;
use Civic;
use DocExamples;
use File::Temp qw(tempdir);
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
chdir $top or die $!;
check_page('DEVELOPING.md', 'sql', sub {
	layer($_[0]);
	sql($_[0], do { local (@ARGV, $/) = ("$top/test/fixtures/country.sql"); <> });
	sql($_[0], q{INSERT INTO centre.language (code, name) VALUES ('fr', 'français') ON CONFLICT DO NOTHING});
});

# a room
my $copy = tempdir(CLEANUP => 1);
system("cp -r sql/. '$copy'") == 0 or die;
sub append { my ($file, $text) = @_; open my $h, '>>', "$copy/$file" or die "$file: $!"; print $h $text; return }
sub check { local $ENV{CIVIC_SQL} = $copy; my $said = `tools/check-rooms @_ 2>&1`; return ($? >> 8, $said) }
is((check())[0], 0, 'the rooms are in order') or diag((check())[1]);
mkdir "$copy/shelter";
mkdir "$copy/shelter/$_" for qw(schema api);
append('shelter/schema/shelter.sql', "-- Shelters and their beds.\n\nCREATE TABLE centre.shelter (area_id integer REFERENCES centre.area, beds integer);\n");
append('shelter/api/shelter.sql', "-- What is known of shelters.\n\nCREATE FUNCTION centre.beds() RETURNS bigint LANGUAGE sql RETURN (SELECT sum(beds) FROM centre.shelter);\n");
my ($rc, $said) = check();
is($rc, 1, 'a room that the list does not know is refused');
like($said, qr{shelter/schema/shelter\.sql is not in .*rooms\.sql once}, 'by its file');
my $rooms = do { local (@ARGV, $/) = ("$copy/rooms.sql"); <> };
$rooms =~ s{^(--\n-- schema)}{-- shelter: shelters and their beds; uses nothing\n$1}m;
$rooms =~ s{^(-- api: )}{\\set file shelter/shelter \\ir once.sql\n$1}m;
$rooms =~ s{^(\\ir grants)}{\\set file shelter/shelter \\ir again.sql\n$1}m;
open my $h, '>', "$copy/rooms.sql" or die $!;
print $h $rooms;
close $h;
is((check('--fix'))[0], 0, 'entered in the list, it is accepted');
like((grep { /shelter: / } do { local @ARGV = ("$copy/rooms.sql"); <> })[0], qr/^-- shelter: .*; uses place$/m, 'and whom it uses is written there');

# each kind of fault is found
append('place/api/place.sql', "CREATE VIEW centre.any_standard AS TABLE centre.standard;\nCREATE FUNCTION centre.beds_of() RETURNS bigint LANGUAGE sql RETURN (SELECT centre.beds());\n");
($rc, $said) = check();
like($said, qr/centre\.beds of room shelter, which comes after place, is used in \S+place\.sql/, 'an arrow against the order');
like($said, qr/rooms\.sql says that place uses .*; it uses .*shelter/, 'a use that the list does not say');
like($said, qr/place cannot be left out, but uses comparison, which can/, 'a room that must be there and needs one that need not');
append('shelter/api/shelter.sql', "CREATE FUNCTION centre.find_area() RETURNS bigint LANGUAGE sql RETURN 1;\n");
like((check())[1], qr/centre\.find_area is made in two rooms/, 'one name in two rooms');
append('shelter/api/shelter.sql', "\n" x 400);
like((check())[1], qr/shelter\.sql has \d+ lines; 400 are the most/, 'a file that is too long');
unlink "$copy/shelter/schema/shelter.sql";
like((check())[1], qr{names \S+shelter/schema/shelter\.sql, which does not exist}, 'a file that is gone');
done_testing();
