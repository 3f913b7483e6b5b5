# training_plan() and training_schedule() against integer programmes (scipy's milp), each plan by its certificate: 100 random officials and
# 60 departments with dated sessions, with LONG=1 1,500 and 1,200.
# Alone: tools/cluster run test -- perl -Itest/t test/t/competency_plan.pl
use strict;
use warnings;
use Test::More;
use Civic;

cluster_env('test') unless $ENV{PGHOST};
my $db = 'competency_plan';
sql('postgres', "DROP DATABASE IF EXISTS $db WITH (FORCE)");
sql('postgres', "CREATE DATABASE $db");
sql($db, 'SET client_min_messages = warning; CREATE EXTENSION pgcivic');

SKIP: {
    skip 'integer programmes need python3-scipy', 1 if system('/usr/bin/python3', '-c', 'import scipy');
    # the last: a session that only another asked for, which turned out to do nothing
    for (['plan_milp.py', 1, $ENV{LONG} ? 1500 : 100], ['schedule_milp.py', 1, $ENV{LONG} ? 1200 : 60], ['schedule_milp.py', 1037, 1]) {
        my ($script, $seed, $cases) = @$_;
        local $ENV{PYTHONDONTWRITEBYTECODE} = 1;
        open my $in, '-|', '/usr/bin/python3', "$top/test/competency/$script", $db, $seed, $cases or die $!;
        while (<$in>) {
            if (/^(not )?ok - (.*)/) { ok(!$1, "$script: $2") }
            elsif (/^# (.*)/) { diag($1) }
        }
        close $in;
        is($?, 0, "the programmes of $script end well");
    }
}

# Where the search is given up, the bound of a number of trainings is a whole number: 4.5 says 5.
my $interlinked = sql($db, <<'SQL');
SET search_path = public, civic;
CREATE FUNCTION draw(key text, n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN ('x' || left(md5(key), 7))::bit(28)::integer % n;
CREATE FUNCTION few(key text, n integer) RETURNS competency_set LANGUAGE sql RETURN (SELECT competency_agg(1 + draw(key || i, 100), 1 + draw(key || i || 'level', 4)) FROM generate_series(1, n) AS i);
WITH t AS MATERIALIZED (SELECT i, few('t' || i, 1 + draw('n' || i, 3)) AS teaches, CASE WHEN draw('asks' || i, 2) = 0 THEN few('a' || i, 1 + draw('m' || i, 2)) ELSE '' END AS asks FROM generate_series(1, 5000) AS i),
c AS MATERIALIZED (SELECT training_catalog_agg(i, teaches, 1, 1) AS teaches, training_catalog_agg(i, asks, NULL, NULL) FILTER (WHERE cardinality(asks) > 0) AS asks FROM t)
SELECT count(*) FILTER (WHERE p.method = 'bounded') > 5, bool_and(p.bound = floor(p.bound)), bool_and(p.bound <= p.total - (p.method = 'bounded')::integer), count(*)
FROM generate_series(1, 20) AS o, c, LATERAL (SELECT * FROM training_plan(few('o' || o, 8), '', c.teaches, c.asks, 'trainings') LIMIT 1) AS p
SQL
is($interlinked, 't|t|t|20', 'bounds of numbers of interlinked trainings are whole, and below what was found');

# The certificate's checker is not blind: what is wrong with a plan is said.
my $check = <<'EOS';
from plan_check import check
case = {"need": {1: 4}, "held": {}, "trainings": {1: {"teaches": {1: 4}, "asks": {2: 2}, "price": 1}, 2: {"teaches": {2: 2}, "asks": {1: 3}, "price": 1},
                                                   3: {"teaches": {2: 2}, "asks": {}, "price": 5}}}
first, then = (1, 3, {}, "exact", 6.0, 6.0), (2, 1, {1: (0, 4)}, "exact", 6.0, 6.0)
print(check(case, [first, then]))
for rows in ([], [first], [(1, *then[1:]), (2, *first[1:])], [first, (*then[:4], 5.0, 5.0)], [first, then, (3, None, {1: (0, 4)}, "unclosable", 6.0, 6.0)],
             [(1, 2, {}, "exact", 2.0, 2.0), (2, 1, {1: (0, 4)}, "exact", 2.0, 2.0)], [first, (*then[:3], "bounded", 6.0, 6.0)]):
    print(len(check(case, rows)) > 0)
EOS
is(`cd $top/test/competency && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '$check'`, "[]\n" . "True\n" x 7, 'the checker finds what is wrong');

$check = <<'EOS';
from schedule_milp import check
session = {"teaches": {1: 2}, "asks": {}, "price": 5, "starts": 3, "ends": 4, "seats": 1, "month": 1}
then = {**session, "teaches": {1: 3}, "asks": {1: 2}, "starts": 5, "ends": 6}
case = {"persons": [{"need": {1: 3}, "held": {}}, {"need": {1: 3}, "held": {}}], "sessions": [session, then, {**then, "starts": 4}], "earliest": False, "money": [10]}
good = [("1", "1", "3", "10"), ("1", "2", "3", "10")]
print(check(case, good))
for rows in ([good[0]], [good[1]], good + [("2", "1", "3", "10")], [good[0], ("1", "3", "3", "10")], [(*r[:2], "2", "10") for r in good], [(*r[:3], "9") for r in good]):
    print(len(check(case, rows)) > 0)
print(len(check({**case, "money": [9]}, good)) > 0)
EOS
is(`cd $top/test/competency && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '$check'`, "[]\n" . "True\n" x 7, 'and so does that of schedules');
done_testing;
