# What is released: META.json as PGXN asks for it, one version everywhere, and an archive that builds the same twice.
use strict;
use warnings;
use Civic;
use JSON::PP;
use Test::More;

my $meta = decode_json(do { local (@ARGV, $/) = ("$top/META.json"); <> });
ok(defined $meta->{$_}, "META.json has $_") for qw(name abstract version maintainer license provides meta-spec);
like($meta->{version}, qr/^\d+\.\d+\.\d+$/, 'a semantic version');
is($meta->{'meta-spec'}{version}, '1.0.0', 'of the specification 1.0.0');
is($meta->{license}, 'postgresql', 'a licence by the name it has there');
for my $name (sort keys %{ $meta->{provides} }) {
	my $p = $meta->{provides}{$name};
	ok(-f "$top/$p->{file}", "$name is in a file that is there");
	like($p->{version}, qr/^\d+\.\d+\.\d+$/, 'and has a semantic version');
}
my ($default) = do { local (@ARGV, $/) = ("$top/pgcivic.control"); <> } =~ /^default_version = '(.*)'/m;
like($meta->{version}, qr/^\Q$default\E\.\d+$/, "META.json is of the extension's version $default");
my ($debian) = do { local (@ARGV, $/) = ("$top/debian/changelog"); <> } =~ /\A\w+ \((.*?)-/;
is($debian, $meta->{version}, 'the Debian packages too');
like(do { local (@ARGV, $/) = ("$top/CHANGELOG.md"); <> }, qr/^## \Q$default\E /m, 'and CHANGELOG.md has a part for it');
SKIP: {
	skip 'no history here', 3 if system("git -C '$top' rev-parse HEAD >/dev/null 2>&1");
	my @sums = map { `git -C '$top' archive --format=zip --prefix=pgcivic-$meta->{version}/ HEAD | sha256sum` } 1, 2;
	is($sums[0], $sums[1], 'two archives are the same bytes');
	my @files = `git -C '$top' ls-tree -r --name-only HEAD`;
	is(scalar(grep { m{^pgcivic--} } @files), 0, 'nothing that is built is in it');
	is(scalar(grep { m{^(META\.json|Makefile|pgcivic\.control|LICENSE|README\.md)$} } @files), 5, 'and what PGXN needs is');
}
done_testing();
