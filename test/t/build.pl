# The build: only what SQL calls leaves the library, every header stands alone, a build in an empty folder works,
# and a variable of ours is not taken for one of PGXS's.
use strict;
use warnings;
use Civic;
use Test::More;
use File::Temp qw(tempdir);

my $config = $ENV{PG_CONFIG} || `. $top/tools/lib.sh; find_pg_config`;
chomp $config;
my $folder = tempdir('build_XXXXXX', TMPDIR => 1, CLEANUP => 1);
sub run_in { my ($where, $command) = @_; my $log = `cd $where && unset MAKEFLAGS MFLAGS MAKELEVEL; $command 2>&1`; return ($? >> 8, $log) }

# In an empty folder.  LONG=1 compiles; in make test, which has just done so, the compiler is one that hands out the checkout's objects:
# where make looks for sources and puts objects is tested, and what is linked of them.  One file is compiled, with the flags of now.
my $compiler = '';
if ($ENV{CIVIC_INSTALLED} && !$ENV{LONG}) {
	$compiler = "CC=$folder/cc";
	open my $cc, '>', "$folder/cc" or die;
	print $cc <<"SH";
#!/bin/sh
for word; do case \$word in $top/src/*.c) source=\$word ;; src/*.o) object=\$word ;; esac; done
[ "\$source" ] && [ "\$object" != src/wire.o ] || exec cc "\$@"
[ "\$source" = "$top/\${object%.o}.c" ] && cp "\${source%.c}.o" "\$object"
SH
	close $cc;
	chmod 0755, "$folder/cc";
}
my ($status, $log) = run_in($folder, "make -s -j2 -f $top/Makefile PG_CONFIG=$config $compiler COPT='-O0 -Wshadow'");
is($status, 0, 'make -f checkout/Makefile in an empty folder builds') or diag $log;
my @shadowing = grep { m{/src/\S+ warning: .* shadows } } split /\n/, $log;    # the server's own headers have some
is("@shadowing", '', 'and no name of ours hides another') unless $compiler;
($status, $log) = run_in($folder, "make -s -f $top/Makefile PG_CONFIG=$config DATA=/no/such/folder DESTDIR=$folder/root install");
is($status, 0, 'and installs, though DATA says which folder a demo reads') or diag $log;
# the layer and its commands lie in folders of their own
my @files = sort map { s{.*/}{}r } grep { !m{/pgcivic/(sql|dashboards)/|/bin/|/pgcivic--[^/]*--} } split /\n/, `find $folder/root -type f`;
my ($version) = map { /^default_version = '(.*)'/ } split /\n/, `cat $top/pgcivic.control`;
is("@files", "pgcivic--$version.sql pgcivic.control pgcivic.so", 'the library, the script and the control file');
my $built = `find $top/src -name '*.o' -newer $folder | head -n 1`;
is($built, '', 'nothing is written into the checkout');

# what is exported
my %symbol = map { (split)[-1] => 1 } split /\n/, `nm -D --defined-only $folder/pgcivic.so`;
my @unknown = grep { !/^pg_finfo_/ && !/^(Pg_magic_func|_PG_init|_PG_fini)$/ && !$symbol{"pg_finfo_$_"} } sort keys %symbol;
is("@unknown", '', 'the library exports only what SQL calls');
my @missing = grep { my ($name) = /^pg_finfo_(.*)/; $name && !$symbol{$name} } sort keys %symbol;
is("@missing", '', 'and all of that');
cmp_ok(scalar(keys %symbol), '>', 400, 'which is many functions');
my @loose = grep { /\bR_X86_64_JUMP_SLO/ && /\b(civic|rule|competency|series|service)_\w+/ } split /\n/, `readelf -rW $folder/pgcivic.so 2>/dev/null`;
is("@loose", '', 'no call inside the library can end in another one');

# headers
my $include = `$config --includedir-server`;
chomp $include;
run_in($folder, "cc -std=gnu99 -Wall -Wextra -Wno-unused-parameter -Wno-unused-function -I$include -x c-header -o postgres.h.gch $include/postgres.h");    # read once
my @headers = split /\n/, `cd $top && git ls-files -co --exclude-standard 'src/*.h'`;
my @bad;
for my $header (@headers) {
	open my $c, '>', "$folder/one.c" or die;
	print $c qq{#include "postgres.h"\n#include "$header"\n#include "$header"\n};
	close $c;
	my ($failed, $why) = run_in($folder, "cc -std=gnu99 -fsyntax-only -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unused-function -I. -I$include -I$top -I$top/src one.c");
	push @bad, "$header: $why" if $failed;
}
is("@bad", '', scalar(@headers) . ' headers stand alone');
my @guards;
for my $header (@headers) {
	my $text = do { local (@ARGV, $/) = ("$top/$header"); <> };
	my $guard = uc($header =~ s{^src/}{}r) =~ s{[/.]}{_}gr;
	push @guards, $header unless $text =~ /^#ifndef CIVIC_$guard\n#define CIVIC_$guard\n/m && $text =~ m{^#endif\t+/\* CIVIC_$guard \*/\n\z}m;
}
is("@guards", '', 'and each is guarded by its path');
# the least releases: what the pages say is what the compiler asks for
sub slurp { my ($file) = @_; open my $h, '<', "$top/$file" or die "$file: $!"; local $/; return <$h> }
my @least = map { sprintf '%d.%d', $_ / 10000, $_ % 100 } slurp('src/compat.h') =~ /PG_VERSION_NUM < (\d{4}(?!00)\d\d)\b/g;
is(scalar @least, 4, 'src/compat.h names the least release of each version');
for my $page ('README.md', 'docs/dba.md', 'src/compat.h') {
    my ($line) = grep { /PostgreSQL 15\b/ } split /\n/, slurp($page);
    is(join(' ', ($line // '') =~ /\b(\d\d\.\d+)\b/g), "@least", "$page names them");
}
like(slurp('META.json'), qr/"PostgreSQL": "$least[0]\.0"/, 'META.json has room for the least of all');
done_testing();
