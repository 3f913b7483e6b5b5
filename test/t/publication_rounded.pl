# Random rounded sites: every published cell is a sum of the stored state and lies where it says, and no linear programme over all cubes narrows an interval.
# Alone: tools/cluster run test -- perl -Itest/t test/t/publication_rounded.pl       (LONG=1: 500 sites, 50 of them by linear programmes)
use strict;
use warnings;
use Civic;
use Test::More;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'civic_rounded';
plan skip_all => 'the audit needs python3-scipy' if system('/usr/bin/python3', '-c', 'import scipy');
layer($db);
sql($db, "INSERT INTO centre.demarcation (code, source) VALUES ('site', 'test')");
my ($sites, $audited) = $ENV{LONG} ? (500, 50) : (8, 2);
for my $said (split /\n/, `/usr/bin/python3 $top/test/publication/rounded.py $db 1 $sites $audited 2>&1`) {
    if ($said =~ /^(not )?ok - (.*)/) { ok(!$1, $2) }
    else { diag($said) }
}
is($?, 0, 'the audit ends well');
# the audit is not blind: a state that does not say what is shown
sql($db, "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.value >= 10 THEN NEW.value := NEW.value + 1; NEW.possible_from := greatest(NEW.possible_from, NEW.value - 2); NEW.possible_to := greatest(NEW.possible_to, NEW.value); END IF; RETURN NEW; END';
CREATE TRIGGER spoil BEFORE INSERT ON centre.release_row FOR EACH ROW EXECUTE FUNCTION public.spoil()");
my $spoilt = `/usr/bin/python3 $top/test/publication/rounded.py $db 1 3 3 2>&1`;
is(scalar(() = $spoilt =~ /^not ok/mg), 2, 'values that are no sums and intervals that are narrow are found') or diag($spoilt);
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing();
