# The procedure of DEVELOPING.md, rehearsed in a clone that is thrown away: a release is cut, the version after it changes the extension and the layer, and
# a database of the release becomes what a fresh one is; each way to forget something is noticed.
use strict;
use warnings;
use Civic;
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;
my $clone = "$dir/clone";
is(system("git clone -q --no-hardlinks '$top' '$clone' && git -C '$clone' config user.name rehearsal && git -C '$clone' config user.email rehearsal\@example.org"), 0, 'a clone');
my %was = %ENV;
delete @ENV{ grep { /^PG|^CIVIC/ } keys %ENV };
# a command in the clone, with clusters of its own: its exit code and what it said
sub in_clone { my ($command) = @_; my $said = `cd '$clone' && { $command; } 2>&1`; return ($? >> 8, $said) }
sub runs { my ($command, $name) = @_; my ($rc, $said) = in_clone($command); is($rc, 0, $name) or diag $said; return $said }
sub fails { my ($command, $why, $name) = @_; my ($rc, $said) = in_clone($command); isnt($rc, 0, $name); like($said, $why, 'and it says why'); return }
sub put { my ($file, $text) = @_; open my $h, '>>', "$clone/$file" or die $!; print $h $text; close $h; return }
my $commit = q{git add -A && git commit -qm rehearsal};
my $upgrade = q{tools/cluster install && tools/cluster run test -- perl -Itest/t test/t/upgrade.pl};

# ---- cutting it: the version that stands in pgcivic.control ----
my ($first) = do { local (@ARGV, $/) = ("$clone/pgcivic.control"); <> } =~ /^default_version = '(.*)'$/m;
SKIP: {
	skip "$first was cut", 6 if -e "$clone/test/fixtures/release-$first.tar.bz2";
	put('sql/stray.sql', "SELECT 1;\n");
	fails("tools/release cut $first", qr/commit first/, 'nothing is cut that is not committed');
	unlink "$clone/sql/stray.sql";
	fails('tools/release cut 9.9', qr/pgcivic.control says/, 'nor another version than the files name');
	runs("tools/release cut $first && $commit", "$first is cut");
	cmp_ok(-s "$clone/test/fixtures/release-$first.tar.bz2", '<', 400_000, 'what is kept of it is small');
}
my ($major, $minor) = split /\./, $first;
my $next = "$major." . ($minor + 1);
unlike(runs($upgrade, "a database of $first is upgraded by the same version"), qr/# skip/, 'without skipping');
runs('tools/check-release', 'nothing has changed since');

# ---- forgetting: another script under the same version, a released schema file that is edited, a function that leaves the library ----
put('src/statistics/rehearsal.sql', "CREATE FUNCTION rehearse(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN n + 1;\nCOMMENT ON FUNCTION \@extschema\@.rehearse(bigint) IS 'the next number';\n");
fails('tools/check-release', qr/the extension is another than \Q$first\E/, 'another script is another version');
runs("tools/release next $next", "$next is begun");
put('sql/site/schema/site.sql', "-- an edit\n");
fails('tools/check-release', qr{sql/site/schema/site.sql of \Q$first\E has changed}, 'a released schema file is not edited');
runs('git checkout -q sql/site/schema/site.sql', 'taken back');

# ---- a change: the extension has one more function, the layer a column, rows, a view and a function ----
put('sql/site/schema/rehearsal.sql', "-- A change after $first.\nALTER TABLE centre.language ADD COLUMN script text NOT NULL DEFAULT 'Latn';\nCOMMENT ON COLUMN centre.language.script IS 'its script (ISO 15924)';\n"
	. "INSERT INTO centre.label (domain, code, lang, label) VALUES ('health', 'rehearsed', 'en', 'rehearsed');\n");
put('sql/site/api/rehearsal.sql', "-- A change after $first.\nCREATE VIEW dash.language_script AS SELECT code, script FROM centre.language;\nCOMMENT ON VIEW dash.language_script IS 'scripts of languages';\n"
	. "CREATE FUNCTION dash.rehearsed(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN civic.rehearse(n);\nCOMMENT ON FUNCTION dash.rehearsed(bigint) IS 'the next number';\n");
runs(q{perl -pi -e 's{^(\\\\set file )operation/tick (.*once.*)}{$1site/rehearsal $2\n$1operation/tick $2}; s{^(\\\\set file )site/turn (.*again.*)}{$1site/turn $2\n$1site/rehearsal $2}' sql/rooms.sql && grep -c site/rehearsal sql/rooms.sql}, 'the files are listed');
fails($upgrade, qr/not ok .*is upgraded|not ok .*catalogue/, 'an update script that is empty is noticed');
runs("cat src/statistics/rehearsal.sql >>updates/pgcivic--$first--$next.sql && $commit && tools/check-release", 'with its update script');
my $said = runs($upgrade, "a database of $first becomes what a fresh one of $next is");
unlike($said, qr/# skip/, 'without skipping');
like($said, qr/^ok .*catalogue is that of a fresh one/m, 'compared with a fresh one');
# ---- the next but one: from both ----
runs("tools/release cut $next && $commit && tools/check-release", "$next is cut as well");
in_clone("tools/cluster drop test; rm -rf \"\$(tools/cluster where)\"");
%ENV = %was;
done_testing();
