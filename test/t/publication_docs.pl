# The examples of docs/publication.md run, one after the other, on a layer, and give what the page says they give.
# Alone: tools/cluster run test -- perl -Itest/t test/t/publication_docs.pl
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_publish_docs';
layer($db);
open my $in, '<:encoding(UTF-8)', "$top/docs/publication.md" or die $!;
my $text = do { local $/; <$in> };
my @out;
for my $example ($text =~ /^```sql\n(.*?)^```/gms) {
    my ($rc, $out) = try_sql($db, $example);
    is($rc, 0, 'example: ' . substr($example =~ s/\s+/ /gr, 0, 60)) or diag $out;
    push @out, $out;
}
is(scalar(@out), 5, 'the page has its examples');
like($out[1], qr/^division|^competency × division\|/m, 'the publisher sees what was withheld');
like($out[2], qr/^t\|rounded\|12\z/m, 'every value is a multiple of the base, and says that it is rounded');
like($out[3], qr/^statistics\|\|68\|$/m, 'a provider reads the total');
like($out[3], qr/^statistics\|division 1\|\|withheld/m, 'and sees that small divisions are withheld');
like($out[4], qr/^1\|\{competency\}\|released\|$/m, 'a request is answered');
like($out[4], qr/^law\|140$/m, 'with a release');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
