# Every type of the extension, stored and in binary form, with a version that no release has yet: one clean error.
# A value is laid into the file of an empty table, as pg_upgrade would leave it there.
use strict;
use warnings;
use Civic;
use Test::More;
use File::Temp qw(tempdir);

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_wire';
system("dropdb --if-exists --force $db && createdb $db") == 0 or BAIL_OUT("no database $db");
sql($db, 'CREATE EXTENSION pgcivic');

# A value of each type, the place of its version in the stored bytes (of a varlena: behind its length), and what later means there.
my $ruleset = '{"name": "r", "version": "1.0.0", "facts": [{"name": "a", "type": "boolean", "null": "unknown"}], "rules": [{"id": "x", "assert": {"var": "a"}}], '
	. '"outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}';
my $code = 'red work=green health=red residency=green fail={1,4} unknown={} valid_until=infinity ruleset=12';
my %type = (
	competency_set => ["'12:3,45:4*2'"], competency_gap => ["'12:1>3'"], competency_state => ["'12:3'"], gap_histogram => ["'10/4|12-1:3'"],
	training_catalog => ["'7/8/100=12:3'"], training_list => ["'7/8/100=12:3'"],
	delays => ["'{15; 2024-01-01+0=5}'"], series => ["'{2024-01-01=5}'"], detector => ["'ears_c2(alpha=0.01)'"], strata => ["'{0:7/144285*5000}'"],
	subject_set => ["'{1,2}'"], subject_gate => ["'5:{1,2}'"], subject_sums => ["'{1:5}'"], ptable => ["'(5,3,2)'"],
	suppression_problem => ["'1 = 3 primary : 1 2'"], ruleset => ["'$ruleset'"],
	# of fixed size: where there is room
	service_distribution => ["'hcf{limited=3}'", 0], detection => ["'(ears_c1,alarm,9,3,7,2,1,,normal)'", 52],
	service_level => ["'hcf:basic'", 3, 1], access_code => ["'$code'", 31, 0x10],
	verdict => ["'red possible={0} fail={} unknown={} valid_until=infinity ruleset=9f86d081884c7d65'", 63, 1],
);
my @types = split /\n/, sql($db, q{SELECT typname FROM pg_type WHERE typnamespace = 'civic'::regnamespace AND typtype = 'b' AND typelem = 0 ORDER BY 1});
is("@types", join(' ', sort keys %type), 'every type of the extension is here');

my $data = sql($db, 'SHOW data_directory');
my $folder = tempdir(CLEANUP => 1);
chmod 0777, $folder;
sub slurp { my ($path) = @_; open my $fh, '<:raw', $path or die "$path: $!"; local $/; return scalar <$fh> }
sub spew { my ($path, $bytes) = @_; open my $fh, -e $path ? '+<:raw' : '>:raw', $path or die "$path: $!"; print $fh $bytes; close $fh; return }

# The error that a statement ends in: SQLSTATE and message.
sub failure {
	my ($statement) = @_;
	my ($failed, $out) = try_sql($db, "\\set VERBOSITY verbose\nSET search_path = civic, public;\n$statement");
	return $failed && $out =~ /ERROR:\s+(\w+): (.*)/ ? "$1 $2" : "none: $out";
}

for my $name (@types) {
	my ($text, $place, $later) = @{ $type{$name} };
	sql($db, "SET search_path = civic; CREATE TABLE public.was_$name (v $name); CREATE TABLE public.is_$name (v $name); CREATE TABLE public.bad_$name (v $name); INSERT INTO public.was_$name VALUES ($text); CHECKPOINT");
	my ($was, $is, $bad) = map { "$data/" . sql($db, "SELECT pg_relation_filepath('public.${_}_$name')") } qw(was is bad);
	my $page = slurp($was);
	my ($pointer) = unpack 'L', substr $page, 24, 4;
	my $value = ($pointer & 0x7fff) + ord substr $page, ($pointer & 0x7fff) + 22, 1;
	my $long = sql($db, "SELECT typlen < 0 FROM pg_type WHERE oid = 'civic.$name'::regtype") eq 't';
	my $head = $value + (!$long ? $place : ord(substr $page, $value, 1) & 1 ? 1 : 4);
	my $version = defined $later ? 1 : ord substr $page, $head, 1;
	my $new = defined $later ? $later : $version + 7;
	my $expected = $version + (defined $later ? 1 : 7);

	my $changed = $page;
	substr $changed, $head, 1, chr(defined $later ? ord(substr $page, $head, 1) | $later : $new);
	spew($is, $changed);
	my $said = $name =~ /^subject_/ ? 'subject_set/subject_gate/subject_sums' : $name;
	is(failure("SELECT v::text FROM public.is_$name"), "0A000 version $expected of type $said is not known to this release", "$name of a later version");
	if ($long) {
		$changed = $page;
		substr $changed, $head + 2, 1, "\1";
		spew($bad, $changed);
		like(failure("SELECT v::text FROM public.bad_$name"), qr/^XX001 the head of a value of type .* is damaged$/, 'and with a head that no release writes');
	}

	# binary: the first byte of the form
	sql($db, "COPY public.was_$name TO '$folder/$name' BINARY");
	my $copy = slurp("$folder/$name");
	my $sent = ord substr $copy, 25, 1;
	substr $copy, 25, 1, chr($sent + 7);
	spew("$folder/later_$name", $copy);
	chmod 0644, "$folder/later_$name";
	is(failure("COPY public.was_$name FROM '$folder/later_$name' BINARY"), "22P03 version @{[$sent + 7]} of type $name is not known to this release", 'and in binary form');
	is(sql($db, "COPY public.was_$name FROM '$folder/$name' BINARY; SELECT count(DISTINCT v::text) FROM public.was_$name"), 1, 'while this release reads its own');
}
my ($failed, $out) = try_sql($db, 'SELECT v FROM public.is_series');
like($out, qr/DETAIL:\s+pgcivic [\d.]+ reads version 1; a later release wrote the value\.\nHINT:\s+Read it with the release that wrote it or a later one/, 'the error says which release reads it');
sql('postgres', "DROP DATABASE $db");
done_testing();
