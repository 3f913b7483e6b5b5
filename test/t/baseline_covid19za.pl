# Baselines and alarms of the nine provincial COVID-19 series, through the whole layer: cumulative counts with missing days and
# downward corrections, taken in as they were published, against detectors run here over the final figures.
use strict;
use warnings;
use Test::More;
use Civic;

my $file = "$top/../shared/data/za-covid19/provincial_cumulative_confirmed.csv";
plan skip_all => "there is no $file" unless -f $file;
my $db = 'civic_alarms_covid';
# the first year, with LONG=1 all 29 months
my ($months, $until) = $ENV{LONG} ? (29, '2022-07-25') : (13, '2021-03-31');
layer($db);

sql($db, <<"SQL");
\\set content `cat '$file'`
INSERT INTO centre.demarcation VALUES ('d', '(,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name) VALUES (1, 'ZA', 'd', 'country', 'South Africa');
INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id)
  SELECT 1 + n, code, 'd', 'province', code, 1 FROM unnest('{EC,FS,GP,KZN,LP,MP,NC,NW,WC}'::text[]) WITH ORDINALITY AS p (code, n);
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;
INSERT INTO centre.indicator (code, kind, topic, unit, personal) VALUES ('covid_case', 'count', 'threats', 'cases', false);
INSERT INTO centre.source VALUES ('za', true, false, NULL);
INSERT INTO centre.intake_map (source, target, path, required) VALUES ('za', 'doc_key', '{key}', true), ('za', 'version', '{revision}', true),
  ('za', 'occurred_at', '{day}', true), ('za', 'area', '{province}', true), ('za', 'indicator', '{indicator}', true), ('za', 'value', '{new}', true);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES
  ('covid_daily', 'centre', '{covid_case}', '{country,province}', 'day', false);
INSERT INTO centre.series (indicator_id, level, since) SELECT indicator_id, l, '2020-03-06' FROM centre.indicator, unnest('{country,province}'::text[]) AS l WHERE code = 'covid_case';
INSERT INTO centre.reporting_expectation (indicator_id, area_id, valid) SELECT indicator_id, area_id, '[2020-03-06,)' FROM centre.indicator i, centre.area a WHERE a.level = 'province' AND i.code = 'covid_case';
-- What each publication said of the day since the one before; a total that fell is a correction of that day's count below nought.
CREATE SCHEMA za;
CREATE TABLE za.published AS
  SELECT k.key AS province, (r ->> 'date')::date AS day, k.value::bigint AS cumulative
  FROM centre.csv_objects(:'content') AS r CROSS JOIN LATERAL jsonb_each_text(r) AS k WHERE k.key NOT IN ('date', 'total', 'UNKNOWN');
CREATE TABLE za.daily AS
  SELECT province, day, cumulative - lag(cumulative) OVER w AS new, day - lag(day) OVER w AS days FROM za.published WINDOW w AS (PARTITION BY province ORDER BY day);
-- A figure for several days at once is none for a day; the province then reported nothing for these days.
DELETE FROM za.daily WHERE new IS NULL OR days > 1;
CREATE FUNCTION za.land(from_day date, to_day date, revision integer, change bigint) RETURNS void LANGUAGE sql AS \$\$
  INSERT INTO centre.landing (source, format, payload)
    SELECT 'za', 'json', convert_to(jsonb_agg(jsonb_build_object('key', province || day, 'revision', revision, 'day', day, 'province', province, 'indicator', 'covid_case', 'new', new + change))::text, 'UTF8')
    FROM za.daily WHERE day BETWEEN from_day AND to_day HAVING count(*) > 0
\$\$;
-- intake and cells, without the clock of tick()
CREATE PROCEDURE za.take_in(until date) LANGUAGE plpgsql AS \$\$
DECLARE
  report jsonb;
BEGIN
  CALL centre.intake_apply(centre.open_batch('za'), false, report);
  WHILE centre.drain_cells() > 0 LOOP NULL; END LOOP;
  CALL centre.baseline_run(until);
END \$\$;
SQL

# month by month as published, once with wrong figures first that are corrected two months later
for my $month (0 .. $months - 1) {
	sql($db, "SELECT za.land(d.f, (d.f + interval '1 month - 1 day')::date, 1, CASE WHEN $month % 7 = 3 THEN 25 ELSE 0 END) FROM (SELECT (date '2020-03-01' + $month * interval '1 month')::date AS f) AS d;
	  SELECT za.land(d.f, (d.f + interval '1 month - 1 day')::date, 2, 0) FROM (SELECT (date '2020-03-01' + ($month - 2) * interval '1 month')::date AS f) AS d WHERE $month % 7 = 5;
	  CALL za.take_in(least((date '2020-03-01' + ($month + 1) * interval '1 month')::date - 1, '$until'));");
}

is(sql($db, 'SELECT count(*) FROM centre.cell_drift'), 0, 'cells agree with the facts');
is(sql($db, "SELECT count(DISTINCT area_id) || ' ' || min(period_start) || ' ' || max(period_start) FROM centre.baseline JOIN centre.series USING (series_id) WHERE level = 'province'"),
	"9 2020-03-06 $until", 'nine provinces, every day');
is(sql($db, "SELECT count(*) FROM centre.baseline b JOIN centre.series s USING (series_id) JOIN centre.area a USING (area_id)
  LEFT JOIN za.daily d ON d.province = a.code AND d.day = b.period_start WHERE s.level = 'province' AND b.observed IS DISTINCT FROM d.new"), 0, 'counts are the final ones, missing days are missing');
is(sql($db, "SELECT count(*) FROM (
    SELECT a.code AS province, p.day::date AS day, civic.detect(p.day::date, d.new::bigint, 'nb_window') OVER (PARTITION BY a.code ORDER BY p.day) AS v
    FROM centre.area a CROSS JOIN generate_series(timestamp '2020-03-06', '$until', '1 day') AS p (day) LEFT JOIN za.daily d ON d.province = a.code AND d.day = p.day WHERE a.level = 'province') AS o
  JOIN centre.area a ON a.code = o.province JOIN centre.series s ON s.level = 'province' LEFT JOIN centre.baseline b ON b.series_id = s.series_id AND b.area_id = a.area_id AND b.period_start = o.day
  WHERE (b.expected, b.upper_bound, b.alarm, b.reason) IS DISTINCT FROM (civic.expected(v), civic.upper_bound(v), civic.alarm(v), civic.reason(v))"), 0,
	'corrected month by month it is the baseline of the final figures');
my ($judged, $missing, $negative, $alarms) = split /\|/, sql($db, "SELECT count(*) FILTER (WHERE alarm IS NOT NULL), count(*) FILTER (WHERE reason = 'not_reported'),
  count(*) FILTER (WHERE reason = 'negative_count'), count(*) FILTER (WHERE alarm) FROM centre.baseline JOIN centre.series USING (series_id) WHERE level = 'province'");
note("$judged verdicts, $missing days not reported, $negative corrected below nought, $alarms alarms");
cmp_ok($judged, '>', $months * 200, 'missing days do not silence the provinces');
cmp_ok($missing, '>', $ENV{LONG} ? 50 : 20, 'they have no verdict themselves');
cmp_ok($negative, '>', $ENV{LONG} ? 10 : 2, 'nor have days below nought');
# the waves, as known: each began with alarms in most provinces
for my $wave (['2020-06-01', '2020-07-15'], ['2020-11-15', '2020-12-31'], ['2021-05-01', '2021-07-10'], ['2021-11-20', '2021-12-15']) {
	next if $wave->[1] gt $until;
	cmp_ok(sql($db, "SELECT count(DISTINCT area_id) FROM centre.alarm JOIN centre.series USING (series_id) WHERE level = 'province' AND holds AND period_start BETWEEN '$wave->[0]' AND '$wave->[1]'"),
		'>=', 6, "the wave of $wave->[0] rings in most provinces");
}
is(sql($db, "SELECT count(*) FROM centre.alarm a JOIN centre.baseline b USING (series_id, period_start, area_id) WHERE a.holds <> coalesce(b.alarm, false)"), 0, 'alarms that hold are those of the baseline');
is(sql($db, "SELECT bool_and(due = 9 AND received = (SELECT count(*) FROM za.daily d WHERE d.day = c.period_start)) FROM centre.completeness c JOIN centre.series USING (series_id) WHERE level = 'country'"),
	't', 'completeness of the country counts its provinces');

# released exactly, since no person stands behind a provincial total
sql($db, "SET ROLE civic_publisher; DO \$\$ BEGIN FOR i IN 0..30 LOOP CALL centre.publish('covid_daily', date '2020-03-06' + i); END LOOP; END \$\$; CALL centre.publish_baselines('covid_daily');");
like(sql($db, "SET ROLE civic_reader; SELECT string_agg(DISTINCT reason, ', ' ORDER BY reason) FROM dash.baseline('covid_case', 'GP', '2020-03-01', '2020-04-04')"),
	qr/not reported, the history is too short/, 'a reader sees why there is no verdict');
system('dropdb', $db);
done_testing();
