# Mutated binary values of the surveillance types: each is refused or is a value that round-trips;
# the server survives all of them.
use strict;
use warnings;
use Test::More;

my $db = 'civic_surveillance_mutation';
my $dir = "/tmp/civic-surveillance-mutation-$$";
my $count = $ENV{LONG} ? 2000 : 250;
mkdir $dir or die "$dir: $!";
system('createdb', $db) == 0 or die 'createdb failed';

sub run
{
	my ($sql) = @_;
	open my $out, '>', "$dir/script" or die $!;
	print $out $sql;
	close $out;
	return scalar qx(psql -X -q -A -t -d $db -f $dir/script 2>&1);
}

run("CREATE EXTENSION pgcivic; SET search_path = civic;
CREATE TABLE public.s (v series); CREATE TABLE public.d (v detector); CREATE TABLE public.j (v detection);
INSERT INTO public.s VALUES ('{2024-01-01=5,2024-01-02=,2024-01-03=7/12000}');
INSERT INTO public.d VALUES ('farrington_flexible(alpha=0.01, bound=delta)');
INSERT INTO public.j VALUES ('(ears_c2,alarm,9,4,7.5,1.4,1.1,,normal)');");
srand(42);
my $script = '';
my %binary;
for my $table (qw(s d j))
{
	run("\\copy $table TO '$dir/$table' (FORMAT binary)\n");
	open my $in, '<:raw', "$dir/$table" or die $!;
	$binary{$table} = do { local $/; <$in> };
	close $in;
	# header 19 bytes, field count 2, length 4, the value, trailer 2
	my $value = substr($binary{$table}, 25, -2);
	for my $i (1 .. $count)
	{
		my $bad = $value;
		for (0 .. int(rand(3)))
		{
			my $at = int(rand(length $bad));
			my $kind = int(rand(4));
			if ($kind == 0) { substr($bad, $at, 1) = chr(int(rand(256))); }
			elsif ($kind == 1) { substr($bad, $at, 1) = substr($bad, $at, 1) ^ chr(1 << int(rand(8))); }
			elsif ($kind == 2 && length $bad > 1) { substr($bad, $at, 1) = ''; }
			else { substr($bad, $at, 0) = chr(int(rand(256))); }
		}
		open my $out, '>:raw', "$dir/$table.$i" or die $!;
		print $out substr($binary{$table}, 0, 21), pack('N', length $bad), $bad, pack('n', 0xffff);
		close $out;
		$script .= "\\copy $table FROM '$dir/$table.$i' (FORMAT binary)\n";
	}
}
my $answers = run($script);
my $refused = () = $answers =~ /ERROR:/g;
unlike($answers, qr/server closed|PANIC|FATAL|XX000/, 'no mutation ends the session');
cmp_ok($refused, '>', $count, "$refused of " . 3 * $count . ' mutations are refused');
is(run("SET search_path = civic;
SELECT (SELECT count(*) FROM public.s WHERE v::text::series <> v) + (SELECT count(*) FROM public.d WHERE v::text::detector <> v)
     + (SELECT count(*) FROM public.j WHERE v::text::detection <> v);"), "0\n", 'what was accepted round-trips');
like(run("SET search_path = civic; SELECT count(detect(s.v, d.v)) > 0 FROM public.s, public.d;"), qr/^t$|too long/, 'and can be judged');
system('dropdb', $db);
system('rm', '-r', $dir);
done_testing();
