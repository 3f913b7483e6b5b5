# docs/reference.md is what the comments say, every column and function of dash has one, and every object is on the page.
use strict;
use warnings;
use Civic;
use Test::More;
my $db = 'civic_reference';
cluster_env('test') unless $ENV{PGHOST};
layer($db);
is(sql($db, q{SELECT string_agg(c.relname || '.' || a.attname, ', ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE c.relnamespace = 'dash'::regnamespace AND c.relkind = 'v' AND coalesce(col_description(c.oid, a.attnum), '') = ''}), '', 'every column of every public view has a comment');
is(sql($db, q{SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p WHERE p.pronamespace = 'dash'::regnamespace AND coalesce(obj_description(p.oid, 'pg_proc'), '') = ''}), '', 'every function has one');
my $made = `$top/tools/reference $db`;
is($? >> 8, 0, 'the page can be made');
utf8::decode($made);
if ($ENV{UPDATE}) {
    open my $out, '>:utf8', "$top/docs/reference.md" or die $!;
    print $out $made;
    close $out;
}
open my $in, '<:utf8', "$top/docs/reference.md" or die "docs/reference.md: $!";
my $page = do { local $/; <$in> };
is($page, $made, 'docs/reference.md is what tools/reference makes (UPDATE=1 writes it)');
my @missing = grep { my $name = $_; $page !~ /`$name[`(]/ } split /\n/, sql($db, q{SELECT proname FROM pg_proc WHERE pronamespace = 'dash'::regnamespace UNION SELECT relname FROM pg_class WHERE relnamespace = 'dash'::regnamespace AND relkind = 'v'});
is("@missing", '', 'no object is left out');
sql('postgres', "DROP DATABASE $db");
done_testing();
