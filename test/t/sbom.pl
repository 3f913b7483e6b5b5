# The bill of materials: every file that is packaged with its hash and nothing else, what packages need, the same bytes each time; a change is named.
use strict;
use warnings;
use Civic;
use Digest::SHA qw(sha256_hex);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

plan skip_all => 'packages are made by dpkg-deb' if system('command -v dpkg-deb >/dev/null');
my $dir = tempdir(CLEANUP => 1);
sub put { my ($file, $text) = @_; open my $h, '>', "$dir/$file" or die "$file: $!"; print $h $text; close $h; return }
# a package of two files and a link
system("mkdir -p '$dir/p/DEBIAN' '$dir/p/usr/share/x' && chmod -R 755 '$dir/p'");
put('p/DEBIAN/control', "Package: pgcivic-x\nVersion: 1.0.0-1\nArchitecture: all\nMaintainer: x <x\@example.org>\nDepends: postgresql-15, libc6 (>= 2.34), a-client | b-client\nDescription: x\n");
put('p/usr/share/x/one.sql', "SELECT 1;\n");
put('p/usr/share/x/empty', '');
symlink 'one.sql', "$dir/p/usr/share/x/link";
is(system("dpkg-deb --root-owner-group -b '$dir/p' '$dir/x.deb' >/dev/null"), 0, 'a package');
system("git -C '$top' archive --format=zip --prefix=pgcivic-1.0.0/ -o '$dir/pgcivic-1.0.0.zip' HEAD tools LICENSE") == 0 or die;
my @packages = ("$dir/x.deb", "$dir/pgcivic-1.0.0.zip");
my $made = `'$top/tools/sbom' @packages`;
is($?, 0, 'its bill');
is(`'$top/tools/sbom' @{[reverse @packages]}`, $made, 'is the same each time, to the last byte');
my $bill = decode_json($made);
is_deeply([ @$bill{qw(bomFormat specVersion version)} ], [ 'CycloneDX', '1.5', 1 ], 'CycloneDX 1.5');
like($bill->{serialNumber}, qr/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'with a number');
like($bill->{metadata}{timestamp}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'and a time');
my ($deb) = grep { $_->{name} eq 'pgcivic-x' } @{ $bill->{components} };
is_deeply([ map { [ $_->{name}, $_->{hashes}[0]{content} ] } @{ $deb->{components} } ], [ [ '/usr/share/x/empty', sha256_hex('') ], [ '/usr/share/x/one.sql', sha256_hex("SELECT 1;\n") ] ], 'the files of a package');
is_deeply([ map { [ $_->{name}, $_->{version} ] } grep { $_->{type} eq 'library' } @{ $bill->{components} } ], [ [ 'a-client', undef ], [ 'libc6', '>= 2.34' ], [ 'postgresql-15', undef ] ], 'what it needs');
my %refs = map { $_ => 1 } $bill->{metadata}{component}{'bom-ref'}, map { $_->{'bom-ref'} } @{ $bill->{components} };
is_deeply([ grep { !$refs{$_} } map { ($_->{ref}, @{ $_->{dependsOn} // [] }) } @{ $bill->{dependencies} } ], [], 'every reference is to something in it');
my ($zip) = grep { $_->{purl} && $_->{purl} =~ /^pkg:generic/ } @{ $bill->{components} };
my %in_zip = map { $_->{name} => $_->{hashes}[0]{content} } @{ $zip->{components} };
is(join(' ', sort keys %in_zip), join(' ', sort map { "pgcivic-1.0.0/$_" } split /\n/, `git -C '$top' ls-files tools LICENSE`), 'the files of an archive');
is($in_zip{'pgcivic-1.0.0/LICENSE'}, sha256_hex(`git -C '$top' show HEAD:LICENSE`), 'by their content');
# checked against what is packaged
put('bill.json', $made);
is(system("'$top/tools/sbom' --check '$dir/bill.json' @packages"), 0, 'it holds');
put('p/usr/share/x/two.sql', "SELECT 2;\n");
put('p/usr/share/x/one.sql', "SELECT 3;\n");
unlink "$dir/p/usr/share/x/empty";
system("dpkg-deb --root-owner-group -b '$dir/p' '$dir/x.deb' >/dev/null");
my $said = `'$top/tools/sbom' --check '$dir/bill.json' @packages`;
isnt($?, 0, 'another package does not match it');
like($said, qr{two\.sql is packaged and not in the bill.*empty is in the bill and not packaged.*one\.sql is another file}s, 'and each file is named');
done_testing();
