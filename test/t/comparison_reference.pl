# The dash functions of comparison against the reference files of ../shared/reference/indicators, where these lie beside the checkout:
# the reference's areas are published as provinces, and what the dashboards' reader gets is what the reference says.
use strict;
use warnings;
use lib 'test/t';
use Test::More;
use Civic;

my $reference = "$top/../shared/reference/indicators";
plan skip_all => "there is no $reference" unless -f "$reference/areas.csv";
my $db = 'civic_compare_reference';
layer($db);

sub copy { my ($table, $file) = @_; return "\\copy $table FROM '$reference/$file' CSV HEADER\n"; }

sql($db, <<'SQL'
CREATE TABLE areas (scenario int, area text, x float8, n float8, rate float8, m float8, a float8, shrink float8, eb float8, lo95 float8, hi95 float8, vs_benchmark text,
  rank_desc float8, rank_lo int, rank_hi int, p_two float8, p_bh float8, quintile_phe int);
CREATE TABLE funnel (scenario int, area text, x float8, n float8, p0 float8, z float8, phi float8, z_mult float8, tau2 float8, z_add float8);
CREATE TABLE age (area text, ageband text, age_ord int, count float8, pop float8, esp2013 float8, who2000 float8, ref_count float8, ref_pop float8);
CREATE TABLE standardised (area text, stdpop text, conf float8, total_count float8, total_pop float8, crude float8, dsr float8, var_dsr float8, byar_lo float8, byar_hi float8,
  exact_lo float8, exact_hi float8, gamma_lo float8, gamma_hi float8, phe_suppressed int, expected float8, isr float8, isr_lo float8, isr_hi float8);
SQL
	. copy('areas', 'areas.csv') . copy('funnel', 'funnel_overdispersion.csv') . copy('age', 'standardisation_input.csv') . copy('standardised', 'standardisation_expected.csv')
	. <<'SQL');
INSERT INTO centre.demarcation VALUES ('r', '(,)', 'reference');
CREATE TEMP TABLE given AS
  SELECT format('a-%s-%s', scenario, area) AS code, 'r_rate' AS indicator, x, n FROM areas
  UNION ALL SELECT format('f-%s-%s', scenario, area), 'r_share', x, n FROM funnel
  UNION ALL SELECT 's-' || area, 'r_rate', sum(count), sum(pop) FROM age GROUP BY area;
INSERT INTO centre.area (code, demarcation, level, name) SELECT code, 'r', 'province', code FROM given;
INSERT INTO centre.area_standing SELECT 'province', area_id FROM centre.area;
INSERT INTO centre.population_source VALUES ('r', 1, 'reference');
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT area_id, 2024, '*', '*', 'r', n FROM given JOIN centre.area USING (code)
  UNION ALL SELECT area_id, 2024, '*', ageband, 'r', pop FROM age JOIN centre.area ON code = 's-' || area;
INSERT INTO centre.age_band SELECT 'r', ageband, 5 * (age_ord - 1), CASE age_ord WHEN 19 THEN 150 ELSE 5 * age_ord - 1 END FROM age GROUP BY 2, 3, 4;
INSERT INTO centre.indicator (code, kind, topic, unit, personal) VALUES ('r_rate', 'rate', 'r', 'r', false), ('r_n', 'count', 'r', 'r', false);
INSERT INTO centre.indicator (code, kind, topic, unit, numerator, denominator, personal) VALUES ('r_share', 'proportion', 'r', 'r', 'r_n', 'r_n', false);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns, age_bands, personal) VALUES ('r', 'centre', '{r_rate,r_share}', '{province}', 'year', '{all,age_band}', 'r', false);
INSERT INTO centre.release (cube, period, made_of) VALUES ('r', '[2024-01-01,2025-01-01)', 'by hand');
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status)
  SELECT 1, indicator, 'province', area_id, 'all', '*total*', x, n, 'ok' FROM given JOIN centre.area USING (code)
  UNION ALL SELECT 1, 'r_rate', 'province', area_id, 'age_band', ageband, count, pop, 'ok' FROM age JOIN centre.area ON code = 's-' || area WHERE count > 0;
GRANT SELECT ON areas, funnel, age, standardised TO civic_reader;
SQL

# where the reference is 0 or large, relative and absolute together
my $near = 'CREATE FUNCTION pg_temp.near(a float8, b float8) RETURNS boolean LANGUAGE sql AS $$ SELECT coalesce(abs(a - b) <= 1e-9 * (1 + abs(b)), a IS NULL AND b IS NULL) $$; ';

my $table = "SELECT a.*, p.* FROM (SELECT scenario, array_agg(format('a-%s-%s', scenario, area)) AS codes FROM areas GROUP BY 1) s
  CROSS JOIN LATERAL dash.provinces('r_rate', '2024', 'en', 'province', s.codes) p JOIN areas a ON p.area = format('a-%s-%s', a.scenario, a.area)";
is(sql($db, "${near}SET ROLE civic_reader; SELECT count(*) || ' ' || count(*) FILTER (WHERE pg_temp.near(p.measure, 1e5 * p.rate) AND pg_temp.near(p.ci_lower, 1e5 * p.lo95)
    AND pg_temp.near(p.ci_upper, 1e5 * p.hi95) AND p.verdict = p.vs_benchmark AND pg_temp.near(p.benchmark, 1e5 * p.m)) FROM ($table) AS p (scenario, ar, x, n, rate, m, a, shrink, eb, lo95, hi95, vs_benchmark, rank_desc,
    rank_lo, rank_hi, p_two, p_bh, quintile, area)"), '270 270', 'rates, limits, benchmark and verdict of every area');
is(sql($db, "SET ROLE civic_reader; SELECT count(*) FILTER (WHERE abs(p.rank - p.rank_desc) < CASE WHEN p.rank_desc = floor(p.rank_desc) THEN 0.1 ELSE 1 END AND p.rank_lower = p.rank_lo AND p.rank_upper = p.rank_hi) FROM ($table) AS p (scenario, ar, x, n, rate, m, a, shrink, eb, lo95, hi95,
    vs_benchmark, rank_desc, rank_lo, rank_hi, p_two, p_bh, quintile, area)"), '270', 'ranks with their intervals');
is(sql($db, "${near}SET ROLE civic_reader; SELECT count(*) || ' ' || count(*) FILTER (WHERE pg_temp.near(p.z, f.z) AND pg_temp.near(p.dispersion, f.phi)
    AND p.funnel_adjusted = dash.label_of('funnel', dash.funnel_position(f.z_mult), 'en')) FROM (SELECT scenario, array_agg(format('f-%s-%s', scenario, area)) AS codes FROM funnel GROUP BY 1) s
    CROSS JOIN LATERAL dash.provinces('r_share', '2024', 'en', 'province', s.codes) p JOIN funnel f ON p.area = format('f-%s-%s', f.scenario, f.area)"), '240 240', 'funnel scores and overdispersion');
is(sql($db, "${near}SET ROLE civic_reader; SELECT count(*) || ' ' || count(*) FILTER (WHERE CASE WHEN r.phe_suppressed = 1 THEN s.rate IS NULL AND s.reason = 'fewer than 10 events'
      ELSE pg_temp.near(s.rate, r.dsr) AND pg_temp.near(s.ci_lower, r.byar_lo) AND pg_temp.near(s.ci_upper, r.byar_hi) END)
    FROM unnest('{esp2013,who2000}'::text[]) AS k (standard) CROSS JOIN LATERAL dash.standardised('r_rate', '2024', 'en', 'province', (SELECT array_agg(DISTINCT 's-' || a.area) FROM age a), k.standard) s
    JOIN standardised r ON s.area = 's-' || r.area AND r.stdpop = k.standard AND r.conf = 0.95"), '60 60', 'standardised rates by both standards, withheld below 10 events');
sql('postgres', "DROP DATABASE $db WITH (FORCE)");
done_testing;
