# Mutated text and binary values of every type of the room competency: each is
# refused with an error of its own or is a value that round-trips; the server
# never falls.  With LONG=1 the library is built to trap undefined behaviour and
# 240,000 values are tried.
use strict;
use warnings;
use Test::More;
use IO::Socket::UNIX;

my $long = $ENV{LONG};
my $values = $long ? 240_000 : 6_000;
my %seeds = (
	competency_set => [ '', '12:3', '12:3,45:4*2', '1:1*15,16777215:15', join(',', map { "$_:" . (1 + $_ % 15) } 1 .. 80) ],
	competency_state => [ '', '3:1,1:2*4', '12:3,45:4*2' ],
	competency_gap => [ '', '12:1>3', '12:1>3,45:0>4*2', '1:14>15*15,16777215:0>1' ],
	gap_histogram => [ '0/0|', '10/4|12-1:3,45-2:1', '9223372036854775807/9|1-15:1,2-1:8' ],
	training_catalog => [ '', '7/8/100=12:3,45:4;9//=12:2', '-5/0.5/1e3=;2//7=3:4' ],
	training_list => [ '7/8/100=12:3,45:4;9//=12:2' ],
);
my @types = sort keys %seeds;

# ---- the wire protocol, as much of it as it takes to bind a value in text or binary form
my $socket;

sub send_message { my ($type, $body) = @_; return $type . pack('N', 4 + length $body) . $body }

sub read_message
{
	my ($head, $body) = ('', '');
	(read($socket, $head, 5) // 0) == 5 or return ('', '');
	my ($type, $length) = unpack('aN', $head);
	if ($length > 4) { (read($socket, $body, $length - 4) // 0) == $length - 4 or return ('', '') }
	return ($type, $body);
}

sub until_ready
{
	my @seen;
	while (1)
	{
		my ($type, $body) = read_message();
		return (@seen, [ '', '' ]) if $type eq '';
		return @seen if $type eq 'Z';
		push @seen, [ $type, $body ];
	}
}

sub connect_to
{
	my ($database) = @_;
	$socket = IO::Socket::UNIX->new(Peer => "$ENV{PGHOST}/.s.PGSQL.$ENV{PGPORT}") or return 0;
	binmode $socket;
	my $startup = pack('N', 196608) . join("\0", user => $ENV{PGUSER}, database => $database, '', '');
	print $socket pack('N', 4 + length $startup) . $startup;
	until_ready();
	return 1;
}

# the answers to a query without parameters: the first columns
sub ask
{
	my ($query) = @_;
	print $socket send_message('Q', "$query\0");
	my @values;
	for my $message (until_ready())
	{
		die "$query: $message->[1]" if $message->[0] eq 'E';
		next unless $message->[0] eq 'D';
		my (undef, $length) = unpack('nN', $message->[1]);
		push @values, substr($message->[1], 6, $length);
	}
	return @values;
}

# ---- mutation
sub mutate
{
	my ($value, $is_text) = @_;
	my @alphabet = split //, '0123456789:,*>|/-=;. eaN';
	for (1 .. 1 + int rand 4)
	{
		my $at = int rand(1 + length $value);
		my $byte = $is_text ? $alphabet[ rand @alphabet ] : chr int rand 256;
		my $what = int rand 6;
		if ($what == 0) { substr($value, $at, 1) = $byte if $at < length $value }
		elsif ($what == 1) { substr($value, $at, 0) = $byte }
		elsif ($what == 2) { substr($value, $at, 1 + int rand 4) = '' if $at < length $value }
		elsif ($what == 3) { $value = substr($value, 0, $at) }
		elsif ($what == 4) { substr($value, $at, 0) = substr($value, int rand(1 + length $value), int rand 12) }
		elsif ($is_text) { substr($value, $at, 0) = '9' x int rand 25 }
		elsif ($at < length $value) { substr($value, $at, 1) = chr(ord(substr($value, $at, 1)) ^ 1 << int rand 8) }
	}
	return $value;
}

# ---- a library that traps undefined behaviour, for the long run
my $cluster = 'mutation';

sub rebuild
{
	my ($flags) = @_;
	return system("make -s clean && CIVIC_COPT='$flags' tools/cluster install") == 0;
}
my $rebuilt = 0;
if ($long)
{
	$rebuilt = 1;
	ok(rebuild('-fsanitize=undefined -fsanitize-undefined-trap-on-error'), 'the library is built to trap undefined behaviour');
}
END { my $status = $?; if ($rebuilt) { rebuild('-Werror') } if ($cluster) { system("tools/cluster drop $cluster") } $? = $status }
system("tools/cluster start $cluster") == 0 or die 'no cluster';
for (`tools/cluster env $cluster`) { while (/(PG\w+)='?([^\s';]+)'?/g) { $ENV{$1} = $2 } }
system(qw(psql -XAtq -d postgres -c), 'CREATE EXTENSION IF NOT EXISTS pgcivic') == 0 or die 'no extension';

connect_to('postgres') or die 'no connection';
ask('SET search_path = civic, pg_catalog');
ask('SET client_min_messages = error');
# in a function, so that an error on the way back is not taken for a refusal
ask(q{CREATE FUNCTION pg_temp.round_trips(value text, type regtype) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE same boolean;
BEGIN
  EXECUTE format('SELECT %L::%s::text = %L', value, type, value) INTO same;
  RETURN same;
EXCEPTION WHEN OTHERS THEN RETURN false;
END $$});
my %wire;
for my $type (@types)
{
	# Parse: a statement for each type; its value is true where the value round-trips
	print $socket send_message('P', "$type\0SELECT pg_temp.round_trips(\$1::text, '$type')\0" . pack('nN', 1, ask("SELECT '$type'::regtype::oid")))
	  . send_message('S', '');
	my ($answer) = until_ready();
	die $answer->[1] if $answer->[0] ne '1';
	$wire{$type} = [ map { pack 'H*', ask("SELECT encode(${type}_send('$_'), 'hex')") } @{ $seeds{$type} } ];
}

srand(20260101);
my (%accepted, %refused, @internal, @changed);
my $fallen = '';
TRY: for my $n (1 .. $values)
{
	my $type = $types[ $n % @types ];
	my $binary = int($n / @types) % 2;
	my $pool = $binary ? $wire{$type} : $seeds{$type};
	my $value = mutate($pool->[ rand @$pool ], !$binary);
	print $socket send_message('B', "\0$type\0" . pack('nnnN', 1, $binary, 1, length $value) . $value . pack('n', 0))
	  . send_message('E', "\0" . pack('N', 0)) . send_message('S', '');
	for my $answer (until_ready())
	{
		my ($kind, $body) = @$answer;
		if ($kind eq '') { $fallen = "$type " . ($binary ? unpack('H*', $value) : $value); last TRY }
		if ($kind eq 'E')
		{
			my ($state) = $body =~ /\0C([0-9A-Z]{5})\0/;
			$refused{"$type $binary"}++;
			push @internal, "$type $state " . unpack('H*', $value) if $state =~ /^(XX|53|57)/;
		}
		if ($kind eq 'D')
		{
			$accepted{"$type $binary"}++;
			push @changed, "$type " . unpack('H*', $value) if substr($body, 6, 1) ne 't';
		}
	}
}
is($fallen, '', "the server stands after $values mutated values");
is(scalar @internal, 0, 'no internal error') or diag(@internal[ 0 .. ($#internal < 4 ? $#internal : 4) ]);
is(scalar @changed, 0, 'what is accepted round-trips') or diag(@changed[ 0 .. ($#changed < 4 ? $#changed : 4) ]);
for my $type (@types)
{
	for my $form (0, 1)
	{
		my ($in, $out) = map { $_->{"$type $form"} // 0 } \%accepted, \%refused;
		ok($in > 0 && $out > 0, "$type in " . ($form ? 'binary' : 'text') . ': some accepted, some refused') or diag("$in accepted, $out refused");
	}
}
done_testing();
