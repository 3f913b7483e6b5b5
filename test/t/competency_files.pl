# The public frameworks beside this checkout, through the imports: what they hold, what is wrong in them, levels there and back,
# the nearest role levels, and suggestions for roles left out.  LONG=1: all role levels (else every fourth), a rehearsal,
# tasks and technologies of O*NET, the skills of ESCO and the tree of Tabiya as well.
use strict;
use warnings;
use Civic;
use Test::More;

my $data = "$top/../shared/data";
plan skip_all => "the framework files are not beside this checkout" unless -d "$data/uk-gdad-pcf";
my $db = 'civic_frameworks';
layer($db);
sql($db, q{INSERT INTO centre.framework (code, name, source) SELECT c, c, 'public file' FROM unnest(ARRAY['gdad', 'gdad_again', 'kcm', 'onet', 'esco', 'tabiya', 'case', 'case_again', 'salt', 'salt_again']) c});

# Import a file and give the report, or the value of a key in it.
sub import {
	my ($format, $framework, $file, $dry) = @_;
	my $object = sql($db, "\\lo_import '$data/$file'\n\\echo :LASTOID") =~ s/\D//gr;
	return sql($db, "CALL centre.import_framework('$format', '$framework', lo_get($object), " . ($dry ? 'true' : 'false') . ", NULL)");
}
sub part { my ($report, $key) = @_; my ($n) = $report =~ /"$key": \{"added": (\d+)/; return $n // ($report =~ /"$key": (\d+)/)[0] }

# GDaD
my $report;
if ($ENV{LONG}) {
	$report = import('gdad', 'gdad', 'uk-gdad-pcf/roles.csv', 1);
	is(part($report, 'requirement'), 1781, 'GDaD: a rehearsal counts the needs');
	is(sql($db, 'SELECT count(*) FROM centre.frac_node'), 0, 'and keeps none');
}
$report = import('gdad', 'gdad', 'uk-gdad-pcf/roles.csv');
is(part($report, 'read'), 1825, 'GDaD: every record is read');
is(part($report, 'competency'), 188, '188 skills');
is(sql($db, q{SELECT count(*) || ' ' || count(DISTINCT family) FROM centre.position WHERE source = 'gdad'}), '201 7', '201 role levels in use, in 7 families');
is(sql($db, q{SELECT count(*) || ' ' || min(code) || ' ' || min(value) || ' ' || max(value) FROM centre.import_error WHERE run_id = (SELECT max(run_id) FROM centre.import_run)}),
	'28 level_unknown NOT IN USE NOT IN USE', 'the 28 rows that are not in use are reported, each once');
is(sql($db, q{SELECT string_agg(n::text, ',' ORDER BY level) FROM (SELECT level, count(*) AS n FROM centre.requirement GROUP BY level) x}), '351,510,545,375', 'levels as in the file, without its 16 repeated rows');
$report = import('gdad', 'gdad', 'uk-gdad-pcf/roles.csv');
unlike($report, qr/"(added|changed)": [1-9]/, 'a second time nothing is written');
is(part(import('gdad', 'gdad', 'uk-gdad-pcf/skills.csv'), 'level_text'), 90, 'skills.csv adds the texts of levels no role needs');
sql($db, q{CALL centre.import_framework('gdad', 'gdad_again', convert_to(centre.export_gdad('gdad'), 'UTF8'))});
is(sql($db, q{SELECT count(*) FROM (SELECT node, competency, level, stated FROM centre.verified_requirement WHERE source = 'gdad' EXCEPT SELECT node, competency, level, stated FROM centre.verified_requirement WHERE source = 'gdad_again') x}), 0, 'and back: every level');
is(sql($db, q{SELECT centre.export_gdad('gdad') = centre.export_gdad('gdad_again')}), 't', 'to the letter');

# For each role level the nearest others, and what is missing to get there; against the same by joins.
sql($db, 'ANALYZE centre.frac_node, centre.requirement, centre.competency');
my $nearest = do { open my $f, '<', "$top/docs/frameworks.md" or die; local $/; my ($q) = <$f> =~ /^```sql\n(-- nearest positions\n.*?)^```/ms; $q };
sql($db, "SET search_path = public, civic;\nCREATE TABLE nearest AS\n" . $nearest =~ s/'vigilance'/'gdad'/gr);
is(sql($db, 'SELECT count(*) || \' \' || count(DISTINCT code) FROM nearest'), '603 201', 'three nearest of each of 201 role levels');
is(sql($db, q{
	WITH need AS (SELECT node, competency_id, level FROM centre.verified_requirement WHERE source = 'gdad'),
	far AS (SELECT a.node AS a, b.node AS b, sum(greatest(b.level - coalesce(h.level, 0), 0)) AS distance
		FROM (SELECT DISTINCT node FROM need) a JOIN need b ON b.node <> a.node LEFT JOIN need h ON h.node = a.node AND h.competency_id = b.competency_id GROUP BY 1, 2),
	ranked AS (SELECT a, array_agg(distance ORDER BY distance) AS d FROM far GROUP BY a)
	SELECT count(*) FROM ranked r JOIN (SELECT code, array_agg(distance::bigint ORDER BY distance) AS d FROM nearest GROUP BY code) n ON n.code = r.a WHERE r.d[1:3] IS DISTINCT FROM n.d}), 0, 'at the distances that joins give');
is(sql($db, q{SELECT count(*) FROM nearest n WHERE civic.missing_levels(n.missing) <> n.distance}), 0, 'and what is missing adds up to the distance');
diag('nearest to a senior data analyst: ' . sql($db, q{SELECT string_agg(format('%s, %s levels', nearest, distance), '; ' ORDER BY distance) FROM nearest WHERE code = 'Data analyst / Senior data analyst'}));

# Suggestions: each role left out with all its levels
my $every = $ENV{LONG} ? 1 : 4;
sql($db, "\\set every $every\n" . <<'SQL');
DELETE FROM centre.frac_node WHERE source = 'gdad_again';
CREATE TABLE pos AS SELECT row_number() OVER (ORDER BY code) % :every = 0 AS asked, position_id, code, title, description, family, split_part(code, ' / ', 1) AS role, need FROM centre.position WHERE source = 'gdad';
INSERT INTO centre.frac_node (kind, source, code, title, description, family) SELECT 'position', 'left out', code, title, description, family FROM pos;
ANALYZE centre.frac_word, centre.frac_node, centre.requirement, centre.frac_link, pos;
CREATE TABLE suggested AS
	SELECT p.code, p.need, s.item_id, s.level FROM pos p JOIN centre.frac_node n ON n.source = 'left out' AND n.code = p.code AND p.asked
	CROSS JOIN LATERAL (SELECT array_agg(o.position_id) AS same FROM pos o WHERE o.role = p.role) x CROSS JOIN LATERAL centre.frac_suggest(n.node_id, 'gdad', 10, x.same) s WHERE s.kind = 'competency';
CREATE TABLE frequent AS
	SELECT p.code, p.need, f.item_id FROM pos p CROSS JOIN LATERAL (SELECT c AS item_id FROM pos o, unnest(civic.competency_ids(o.need)) c WHERE o.role <> p.role GROUP BY c ORDER BY count(*) DESC, c LIMIT 10) f WHERE p.asked;
SQL
my ($precision, $baseline) = map { sql($db, "SELECT round(sum((civic.level(need, item_id) > 0)::int) / 10.0 / count(DISTINCT code), 3) FROM $_") } qw(suggested frequent);
my $levels = sql($db, q{SELECT round(avg(abs(level - civic.level(need, item_id))), 2) FROM suggested WHERE civic.level(need, item_id) > 0});
diag("frac_suggest, roles left out: precision\@10 $precision, most frequent skills $baseline, ratio " . sprintf('%.2f', $precision / $baseline) . ", mean error of the level $levels");
is(sql($db, 'SELECT count(DISTINCT code) FROM suggested'), int(201 / $every), 'each role level has suggestions');
cmp_ok($precision, '>=', 2 * $baseline, 'at least twice as good as the most frequent skills');

# KCM and the master list of positions
is(part(import('kcm_json', 'kcm', 'igot-kcm/competencies.json'), 'competency'), 149, 'KCM: 2 areas, 35 themes, 112 sub-themes');
is(sql($db, q{SELECT count(*) FROM centre.competency WHERE framework = 'kcm' AND kind = 'competency'}), 112, '112 of them to be held');
is(part(import('kcm_json', 'kcm', 'igot-kcm/positionMasterList.json'), 'node'), 2464, '2,464 positions');

# O*NET
is(part(import('onet', 'onet', 'onet/Occupation Data.txt'), 'node'), 1016, 'O*NET: 1,016 occupations');
if ($ENV{LONG}) {    # large ones
	is(part(import('onet', 'onet', 'onet/Task Statements.txt'), 'part'), 18796, '18,796 tasks');
	$report = import('onet', 'onet', 'onet/Technology Skills.txt');
	is(part($report, 'read') . ' ' . part($report, 'errors'), '32773 0', '32,773 technologies, all used');
	is(sql($db, q{SELECT count(*) || ' ' || sum((weight = 2)::int) FROM centre.requirement r JOIN centre.frac_node n USING (node_id) WHERE source = 'onet'}),
		`cut -f1,3,6 '$data/onet/Technology Skills.txt' | tail -n +2 | tr -d '\\r' | LC_ALL=C sort -u | awk -F'\\t' '{k[\$1 FS \$2]; if (\$3 == "Y") d[\$1 FS \$2]} END {print length(k), length(d)}'` =~ s/\n//r, 'one need for each occupation and commodity, those in demand weigh double');
}

# ESCO
if ($ENV{LONG}) {
	is(part(import('esco', 'esco', 'esco/skills_uri_label_en.csv'), 'competency'), 13485, 'ESCO: 13,485 skills behind a byte order mark');
	$report = import('esco', 'esco', 'esco/isco_esco_skills_flat.csv');
	is(part($report, 'requirement') . ' ' . part($report, 'errors'), '1490 0', '1,490 skills of occupational groups');
}
is(part(import('esco', 'tabiya', 'esco/tabiya_skillGroups.csv'), 'competency'), 640, '640 skill groups, with line breaks in quotes');
if ($ENV{LONG}) {
	is(part(import('esco', 'tabiya', 'esco/tabiya_skills_hierarchy.csv'), 'link'), 20649, '20,649 broader links');
	is(sql($db, q{SELECT count(*) FROM (SELECT competency_id FROM centre.competency_link JOIN centre.competency c USING (competency_id) WHERE framework = 'tabiya' AND c.kind = 'competency' GROUP BY 1 HAVING count(*) > 1) x}), 4646, '4,646 skills with several parents');
	is(sql($db, q{SELECT count(*) || ' ' || max(n) FROM (SELECT competency_id, count(*) AS n FROM centre.competency_closure JOIN centre.competency USING (competency_id) WHERE framework = 'tabiya' GROUP BY 1) x}), '14532 42', 'at most 42 ancestors');
	is(part(import('esco', 'tabiya', 'esco/tabiya_skill_skill_relations.csv'), 'link'), 191, '191 essential prerequisites');
}

# CASE
for my $one (['case', 'SmartLevelFramework.json', 14, 0], ['salt', 'opensalt-framework-20c5134f.json', 16, 17]) {
	my ($code, $file, $items, $errors) = @$one;
	$report = import('case_json', $code, "case-opensalt/$file");
	is(part($report, 'competency') . ' ' . part($report, 'errors'), "$items $errors", "CASE: $file, with $errors links out of the package");
	sql($db, qq{CALL centre.import_framework('case_json', '${code}_again', convert_to(centre.export_case('$code')::text, 'UTF8'))});
	is(sql($db, qq{SELECT centre.export_case('$code') -> 'CFItems' = centre.export_case('${code}_again') -> 'CFItems'}), 't', 'and back');
}
sql('postgres', "DROP DATABASE $db");
done_testing();
