# Four writers on hot cells with a concurrent drainer: no deadlock, counts conserved exactly.
use strict;
use warnings;
use Civic;
use Test::More;

my $db = 'civic_hot';
layer($db);
sql($db, <<'SQL');
INSERT INTO centre.demarcation VALUES ('t', '(,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name) SELECT i, 'A' || i, 't', 'ward', 'A' || i FROM generate_series(1, 20) i;
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit) VALUES (1001, 'a', 'count', 't', 'u'), (1002, 'b', 'count', 't', 'u');
INSERT INTO centre.source VALUES ('s', true, false, NULL);
INSERT INTO centre.document (source, doc_key, version, content_hash) SELECT 's', i::text, 0, 'x' FROM generate_series(1, 4) i;
SELECT centre.ensure_months('2026-01-01', '2026-01-31');
CREATE SEQUENCE ordinal;
SQL

# Each writer inserts, changes and removes rows of the same 400 cells, in an order of its own.
my $dir = File::Spec->tmpdir;
my $script = "$dir/civic_hot_$$.sql";
open my $fh, '>', $script or die $!;
print $fh <<'SQL';
BEGIN;
INSERT INTO centre.observation (document_id, ordinal, day, occurred_at, indicator_id, area_id, verified, sex, age_band, value)
  SELECT 1 + :client_id, (nextval('ordinal') % 60000 - 30000)::smallint, date '2026-01-01' + (random() * 9)::int, '2026-01-01', 1001 + (random())::int, 1 + (random() * 19)::int, true, 'u', 'u', 1
  FROM generate_series(1, 50) ORDER BY random() ON CONFLICT DO NOTHING;
UPDATE centre.observation SET area_id = 1 + area_id % 20, value = value + 1 WHERE document_id = 1 + :client_id AND ordinal % 7 = 0;
DELETE FROM centre.observation WHERE document_id = 1 + :client_id AND ordinal % 11 = 0;
END;
SQL
close $fh;
my $transactions = $ENV{LONG} ? 400 : 40;
my $drain = "$dir/civic_drain_$$.sql";
open $fh, '>', $drain or die $!;
print $fh "SELECT centre.drain_cells(500);\n";
close $fh;

my $drainer = fork // die $!;
if ($drainer == 0) { exec "pgbench -n -c 2 -j 2 -T " . ($ENV{LONG} ? 60 : 8) . " -f '$drain' '$db' >'$drain.log' 2>&1"; }
my $out = `pgbench -n -c 4 -j 2 -t $transactions -f '$script' '$db' 2>&1`;
is($? >> 8, 0, 'four writers finish') or diag $out;
waitpid $drainer, 0;
is($? >> 8, 0, 'two drainers finish beside them');
my $log = do { local (@ARGV, $/) = ("$drain.log"); <> };
unlike($out . $log, qr/deadlock|aborted|ERROR/, 'no deadlock, no error');
cmp_ok(sql($db, 'SELECT count(*) FROM centre.cell'), '>', 0, 'the drainer had folded cells while they wrote');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'counts are conserved exactly before the rest is drained');
sql($db, 'DO $$ BEGIN WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP; END $$');
is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'and after');
is(sql($db, 'SELECT (SELECT sum(n) FROM centre.cell) = (SELECT count(*) FROM centre.observation)'), 't', 'cells add up to the observations');
unlink $script, $drain, "$drain.log";
done_testing();
