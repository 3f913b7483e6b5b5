# An official's passbook signed outside the database, verified without it, and read again elsewhere once its issuer is recognised.
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempdir);
use Civic;

cluster_env('test') unless $ENV{PGHOST};
plan skip_all => 'needs openssl' if system('openssl version >/dev/null 2>&1');
my ($db, $other, $work) = ('learning_credential', 'learning_credential_other', tempdir(CLEANUP => 1));
layer($_) for $db, $other;

sub spew { my ($name, $text) = @_; open my $f, '>', "$work/$name" or die $!; print $f $text; close $f; "$work/$name" }

for my $at ($db, $other) {
    sql($at, <<'SQL');
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'F', 'test');
INSERT INTO centre.level_scale (framework, level, code) SELECT 'f', i, 'L' || i FROM generate_series(1, 5) i;
INSERT INTO centre.competency (competency_id, framework, code) VALUES (1, 'f', 'https://f/1'), (2, 'f', 'https://f/2');
INSERT INTO centre.subject (subject_id, verified) SELECT centre.pseudonym('did:x:1'), true;
SQL
}
sql($db, <<'SQL');
INSERT INTO centre.official (subject_id, ministry, department, designation, valid) SELECT subject_id, 'M', 'D', 'X', '[2020-01-01,)' FROM centre.subject;
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential, issuer)
  SELECT subject_id, c, c + 1, 'assessed', '2026-01-01'::date, CASE c WHEN 2 THEN '2027-01-01'::date END, NULL::date, 'urn:e:' || c, 'https://academy' FROM centre.subject, generate_series(1, 2) c
  UNION ALL SELECT subject_id, 1, 5, 'assessed', '2026-01-01'::date, NULL, '2026-02-01'::date, 'urn:e:9', 'https://academy' FROM centre.subject;
INSERT INTO centre.hr_login (login, subject_id) SELECT session_user, subject_id FROM centre.subject;
SQL
system("openssl genrsa -out $work/key.pem 2048 2>/dev/null && openssl rsa -in $work/key.pem -pubout -out $work/public.pem 2>/dev/null && openssl genrsa -out $work/other.pem 2048 2>/dev/null && openssl rsa -in $work/other.pem -pubout -out $work/other_public.pem 2>/dev/null") == 0 or die 'no keys';

my $input = spew('input', sql($db, "SET ROLE civic_official; SELECT convert_from(to_sign, 'UTF8') FROM centre.my_record('did:x:1', 'https://centre', '2026-06-01', 'https://centre/key')"));
my $token = `$top/tools/credential sign $work/key.pem < $input`;
like($token, qr/^[\w-]+\.[\w-]+\.[\w-]+\n$/, 'a token of three parts');
my $record = `echo '$token' | $top/tools/credential verify $work/public.pem`;
is($?, 0, 'verified by the public key, without the database');
like($record, qr/"ClrCredential"/, 'a learner record');
is(() = $record =~ /"OpenBadgeCredential"/g, 2, 'of the evidence that counts, not of what was revoked');
unlike($record, qr/urn:e:9/, 'which is not in it');
`echo '$token' | $top/tools/credential verify $work/other_public.pem 2>/dev/null`;
isnt($?, 0, 'another key does not verify it');
for my $part (0, 1) {
    my @parts = split /\./, $token;
    substr($parts[$part], 20, 1) = substr($parts[$part], 20, 1) eq 'A' ? 'B' : 'A';
    spew('forged', join '.', @parts);
    `$top/tools/credential verify $work/public.pem < $work/forged 2>/dev/null`;
    isnt($?, 0, 'nor does this one when part ' . ($part + 1) . ' is changed');
}
# a header that asks for no signature is no way round
my ($none) = map { s/=+$//r } `printf '{"alg":"none"}' | openssl base64 -A` =~ tr{+/}{-_}r;
spew('none', join '.', $none, (split /\./, $token)[1], '');
my $got = `$top/tools/credential verify $work/public.pem < $work/none 2>/dev/null`;
is($got, '', 'a token without a signature is none');

spew('record.json', $record);
my $import = "CALL centre.import_badges('assessed', pg_read_binary_file('$work/record.json'))";
chmod 0755, $work;
sql($other, $import);
is(sql($other, 'SELECT count(*) FROM centre.evidence'), 0, 'elsewhere an issuer that is not recognised proves nothing');
is(sql($other, "SELECT string_agg(DISTINCT value, ',') FROM centre.import_error WHERE code = 'issuer_unknown'"), 'https://academy', 'and is named');
sql($other, "INSERT INTO centre.credential_issuer (issuer, name, source) VALUES ('https://academy', 'Academy', 'assessed')");
sql($other, $import);
is(sql($other, 'SELECT string_agg(concat_ws(chr(32), competency_id, level, issued, expires, credential), chr(44) ORDER BY 1) FROM centre.evidence'), sql($db, 'SELECT string_agg(concat_ws(chr(32), competency_id, level, issued, expires + 0, credential), chr(44) ORDER BY 1) FROM centre.evidence WHERE revoked IS NULL'),
    'once it is, the evidence there is the evidence here');
is(sql($db, "SET ROLE civic_official; SELECT sha256(to_sign) = digest FROM centre.my_credential((SELECT min(evidence_id) FROM centre.evidence), 'did:x:1')"), 't', 'a single credential is signed in the same way');
done_testing();
