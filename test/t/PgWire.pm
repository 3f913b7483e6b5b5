# PgWire: a small client of PostgreSQL's protocol, for tests that send binary
# parameters.  Reaches the server that PGHOST, PGPORT and PGUSER name, by its
# unix socket and without a password, as the private clusters allow.
package PgWire;
use strict;
use warnings;
use IO::Socket::UNIX;

sub new {
    my ($class, $database, %settings) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => "$ENV{PGHOST}/.s.PGSQL.$ENV{PGPORT}")
        or die "cannot reach the server: $!\n";
    my $self = bless { socket => $socket, buffer => '' }, $class;
    my $start = pack('N', 196608) . join("\0", 'user', $ENV{PGUSER}, 'database', $database, %settings, '', '');
    print $socket pack('N', 4 + length $start), $start;
    $self->_until_ready;
    return $self;
}

# Run a query whose parameters are given in binary form.  Returns the values of
# the first row as text, or, after an error, undef; then ->{sqlstate} is set.
sub binary {
    my ($self, $query, @parameters) = @_;
    my $socket = $self->{socket};
    my $bind = pack('xx n n n', 1, 1, scalar @parameters);
    $bind .= pack('N/a*', $_) for @parameters;
    $bind .= pack('n', 0);
    print $socket _message('P', "\0$query\0" . pack('n', 0)), _message('B', $bind), _message('E', "\0" . pack('N', 0)), _message('S', '');
    return $self->_until_ready;
}

sub _message { my ($type, $body) = @_; return $type . pack('N', 4 + length $body) . $body; }

sub _until_ready {
    my ($self) = @_;
    my @row;
    delete $self->{sqlstate};
    while (my ($type, $body) = $self->_receive) {
        return $self->{sqlstate} ? () : @row if $type eq 'Z';
        if ($type eq 'D') {
            my ($count, $rest) = unpack('n a*', $body);
            for (1 .. $count) {
                my $length = unpack('l>', $rest);
                push @row, $length < 0 ? undef : substr($rest, 4, $length);
                $rest = substr($rest, 4 + ($length < 0 ? 0 : $length));
            }
        }
        elsif ($type eq 'E') {
            my %field = map { substr($_, 0, 1) => substr($_, 1) } grep { length } split /\0/, $body;
            ($self->{sqlstate}, $self->{error}) = @field{qw(C M)};
        }
    }
    die "the server closed the connection: it may have crashed\n";
}

sub _receive {
    my ($self) = @_;
    my $head = $self->_read(5) // return;
    my ($type, $length) = unpack('a N', $head);
    return ($type, $self->_read($length - 4));
}

sub _read {
    my ($self, $length) = @_;
    while (length $self->{buffer} < $length) {
        sysread($self->{socket}, $self->{buffer}, 65536, length $self->{buffer}) or return;
    }
    return substr($self->{buffer}, 0, $length, '');
}

1;
