# The household survey of Malawi through the layer: labels by centre.answer_code, assessments, levels by several readings
# of one standard, JMP's columns, and the cube of households.
use strict;
use warnings;
use Civic;
use Test::More;

my $file = "$top/../shared/data/malawi-household-wash/households.csv.gz";
plan skip_all => "no $file" unless -f $file;
my $db = 'civic_malawi';
# Labels of every twelfth household are coded by the layer, and every twelfth is observed and published; with LONG=1 all.
my $part = $ENV{LONG} ? 1 : 12;
layer($db);
sub rows { return [map { [split /\|/, $_, -1] } split /\n/, sql($db, "SET search_path = civic, public;\n$_[0];\n")] }

chdir $top or die $!;
sql($db, "SET search_path = public, civic;\n\\set file '$file'\n\\set part $part\n\\i test/ladder/malawi.sql\n" . <<'SQL');
ALTER TABLE public.household RENAME TO survey;  -- as coded by hand, to compare with
CREATE TABLE public.question (label text, fact text);
INSERT INTO public.question VALUES ('water_source', 'source'), ('water_location', 'on_premises'), ('insufficient_30d', 'available_when_needed'), ('toilet_type', 'toilet'),
  ('toilet_shared', 'shared'), ('handwash_place', 'facility'), ('handwash_water', 'water'), ('handwash_soap', 'soap');
INSERT INTO centre.answer_code (form, lang, question, label, code)
  SELECT 'mw', 'en', q.fact, m.label, CASE WHEN m.code IN ('true', 'false') THEN m.code::jsonb ELSE to_jsonb(m.code) END
  FROM label_map m JOIN public.question q ON q.label = m.question WHERE m.form = 'malawi';
INSERT INTO centre.demarcation VALUES ('mw', '(,)', 'survey');
INSERT INTO centre.area (code, demarcation, level, name) VALUES ('MW', 'mw', 'country', 'Malawi');
INSERT INTO centre.area (code, demarcation, level, name, parent_id)
  SELECT DISTINCT 'MW-' || district, 'mw', 'district', district, (SELECT area_id FROM centre.area WHERE code = 'MW') FROM answer WHERE district <> '';
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area ON CONFLICT DO NOTHING;
INSERT INTO centre.household SELECT id, coalesce((SELECT area_id FROM centre.area WHERE code = 'MW-' || district), (SELECT area_id FROM centre.area WHERE code = 'MW')) FROM answer;
CREATE TABLE public.coded AS
  SELECT a.id, a.date, c.answers, c.unknown_labels
  FROM (SELECT * FROM answer WHERE id % :part = 0) AS a CROSS JOIN LATERAL centre.code_answers('mw', '', 'en', jsonb_strip_nulls(jsonb_build_object('source', water_source, 'on_premises', water_location,
    'round_trip_minutes', CASE WHEN minutes_unknown THEN NULL ELSE water_minutes END, 'available_when_needed', insufficient_30d, 'toilet', toilet_type, 'shared', toilet_shared,
    'facility', handwash_place, 'water', handwash_water, 'soap', handwash_soap))) AS c;
INSERT INTO centre.assessment (household_id, form, assessed_on, answers) SELECT id, 'mw', date, coalesce(c.answers, jsonb_strip_nulls(to_jsonb(s) - 'id' - 'district'))
  FROM answer a JOIN public.survey s USING (id) LEFT JOIN public.coded c USING (id, date);
ANALYZE centre.assessment;
SQL

is(rows('SELECT count(*) FROM public.coded WHERE unknown_labels IS NOT NULL')->[0][0], 0, 'every label of the survey is known');
is_deeply(rows(<<'SQL'), [[int(23112 / $part), 0]], 'and the codes are those mapped by hand');
SELECT count(*), count(*) FILTER (WHERE jsonb_strip_nulls(c.answers) <> jsonb_strip_nulls(to_jsonb(s) - 'id' - 'district')) FROM public.coded c JOIN public.survey s USING (id)
SQL

sql($db, join '', map { "CALL centre.classify_assessments('mw', '$_');\n" } qw(jmp2017_household_water_basic dhs_household_water_basic under30_household_water_basic
  wsup_household_water_basic jmp2017_household_sanitation_basic jmp2017_household_hygiene jmp2017_household_water), $ENV{LONG} ? 'jmp2017_household_sanitation' : ());

# notes/wash.md's table: one query over the same answers, one row a reading
is_deeply(rows(<<'SQL'), [
SELECT ruleset, level_count(d, 'basic'), level_count(d, 'limited'), level_count(d, 'unimproved'), level_count(d, 'surface_water'), insufficient_count(d),
       round(100 * level_share(d, 'basic')::numeric, 1), round(100 * level_share(d, 'limited')::numeric, 1)
FROM (SELECT ruleset, service_distribution_agg(level) AS d FROM centre.assessment_result WHERE ruleset LIKE '%water_basic' AND latest GROUP BY ruleset) x ORDER BY ruleset
SQL
    [qw(dhs_household_water_basic 9691 10105 2600 696 20 41.9 43.7)],
    [qw(jmp2017_household_water_basic 9691 8447 2600 696 1678 41.9 36.5)],
    [qw(under30_household_water_basic 6769 11369 2600 696 1678 29.3 49.2)],
    [qw(wsup_household_water_basic 11349 8447 2600 696 20 49.1 36.5)],
], 'basic water: JMP, DHS, less than 30 minutes, unknown as 0');

# JMP's columns of households
my $columns = sub { return rows(<<"SQL") };
SELECT assessed, round(safely_managed * assessed), round(basic * assessed), round(limited * assessed), round(unimproved * assessed), round(no_service * assessed), round(insufficient * assessed)
FROM centre.jmp_columns('$_[0]', 'country')
SQL
is_deeply($columns->('jmp2017_household_water_basic'), [[23112, 0, 9691, 8447, 2600, 696, 1678]], 'water: basic, limited, unimproved, surface water, insufficient');
is_deeply($columns->('jmp2017_household_sanitation_basic'), [[23112, 0, 668, 172, 21289, 953, 30]], 'sanitation: open defecation last');
is_deeply($columns->('jmp2017_household_hygiene'), [[23112, '', 1137, 5118, '', 16770, 87]], 'hygiene has no unimproved');
my $full = $columns->('jmp2017_household_water')->[0];
is($full->[3] + $full->[4] + $full->[5], 8447 + 2600 + 696, 'with safely managed above, the levels below basic stay');
is($full->[1], 0, 'nobody is called safely managed: quality was not asked of enough');
is_deeply(rows(<<'SQL'), [['t', 't', 't', 't']], 'the parts of safely managed are those of the answers known');
SELECT bool_and(abs((parts ->> 'imp')::float8 - i.imp) < 1e-12), bool_and(abs((parts ->> 'pre')::float8 - i.pre) < 1e-12), bool_and(abs((parts ->> 'ava')::float8 - i.ava) < 1e-12), bool_and((parts ->> 'qua')::float8 = 0)
FROM centre.jmp_columns('jmp2017_household_water', 'country'),
  (SELECT avg(imp::int)::float8 AS imp, avg((imp AND on_premises)::int)::float8 AS pre, avg((imp AND available_when_needed)::int)::float8 AS ava
   FROM (SELECT source NOT IN ('unprotected_well', 'unprotected_spring', 'surface_water') AS imp, on_premises, available_when_needed FROM public.survey) s) i
SQL
is(rows(q{SELECT sum(assessed) = (SELECT count(*) FROM centre.household h JOIN centre.area a USING (area_id) WHERE a.level = 'district') AND count(*) = 12 FROM centre.jmp_columns('jmp2017_household_water_basic', 'district')})->[0][0], 't', 'by district as well');
is_deeply(rows(q{SELECT rule, facilities FROM centre.what_lifts('jmp2017_household_water_basic', 'country') ORDER BY 1}), [['improved_source', 3296], ['not_surface_water', 696], ['round_trip', rows('SELECT count(*) FROM public.survey WHERE NOT on_premises AND round_trip_minutes > 30')->[0][0]]], 'what would lift them');

# as observations, published for the command centre: distinct households, none below the threshold
my $levels = $part == 1 ? [['insufficient', 1678], ['surface_water', 696], ['unimproved', 2600], ['limited', 8447], ['basic', 9691]] : do {
	my $known = rows(qq{SELECT unnest('{insufficient,surface_water,unimproved,limited,basic}'::text[]), unnest(ARRAY[insufficient_count(d), level_count(d, 'surface_water'), level_count(d, 'unimproved'), level_count(d, 'limited'), level_count(d, 'basic')])
		FROM (SELECT service_distribution_agg(r.level) AS d FROM centre.assessment_result r WHERE r.ruleset = 'jmp2017_household_water_basic' AND r.form = 'mw' AND r.household_id % $part = 0) x});
	sql($db, "CREATE TABLE public.kept AS SELECT h.household_id, h.area_id, a.assessed_on, a.answers FROM centre.household h LEFT JOIN centre.assessment a USING (household_id) WHERE household_id % $part = 0;
		TRUNCATE centre.household CASCADE;
		INSERT INTO centre.household (household_id, area_id) SELECT household_id, area_id FROM public.kept;
		INSERT INTO centre.assessment (household_id, form, assessed_on, answers) SELECT household_id, 'mw', assessed_on, answers FROM public.kept;");
	$known;
};
sql($db, <<"SQL");
CALL centre.add_wash_domain('household_water', 'mw', 'jmp2017_household_water_basic', 'household');
CALL centre.observe_wash('2022-12-31');
CALL centre.publish('wash_household', '2022-12-31');
SQL
is_deeply(rows(q{SELECT level, count FROM dash.wash_levels('household_water', '2022-12', 'en', 'country')}),
  $levels, 'the released ladder');
is(rows(q{SELECT count(*) FROM centre.release_cell WHERE value BETWEEN 1 AND 4})->[0][0], 0, 'nothing below the threshold is released');
is(rows('SELECT count(*) FROM centre.cell_drift')->[0][0], 0, 'cells are exact');
sql('postgres', "DROP DATABASE $db WITH (FORCE);\n");
done_testing();
