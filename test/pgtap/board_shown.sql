-- What a reader is told of a figure: exact, rounded with what it may be, of a part of its period, or why it is not there.
SET search_path = tap, public, pg_catalog;
SELECT plan(29);
SELECT is(dash.shown(12, 12, 12, true, NULL, dash.shown_as('en')), '12 (exact)', 'an exact figure');
SELECT is(dash.shown(12, NULL, NULL, true, NULL, dash.shown_as('en')), '12 (exact)', 'one that nothing is said of');
SELECT is(dash.shown(5, 1, 9, true, NULL, dash.shown_as('en')), '5 (1 to 9)', 'a rounded one');
SELECT is(dash.shown(0, 0, 4, true, NULL, dash.shown_as('en')), '0 (0 to 4)', 'a rounded nought');
SELECT is(dash.shown(0, 0, 4, false, NULL, dash.shown_as('af')), '0 (0 tot 4), deel van die tydperk', 'in another language, of a part of its period');
SELECT is(dash.shown(NULL, NULL, NULL, true, 'withheld', dash.shown_as('en')), 'withheld', 'none');
SELECT is(dash.shown(12, NULL, NULL, true, NULL, dash.shown_as('en'), true), '12, of an earlier release', 'one that is held, which is not exact');
SELECT is(dash.shown(5, 1, 9, false, NULL, dash.shown_as('af'), true), '5 (1 tot 9), van ''n vroeër vrystelling, deel van die tydperk', 'a rounded one that is held, of a part of its period');
SELECT is(dash.shown(0.0123456, 0.01, 0.02, true, NULL, dash.shown_as('en')), '0.0123 (0.01 to 0.02)', 'a rate has three digits that count');
SELECT is(dash.shown(0.38, 0.38, 0.43, true, NULL, dash.shown_as('en')), '0.38 (0.38 to 0.43)', 'missing answers leave more open on one side');
SELECT is(dash.plain(f), t, 'the figure ' || t) FROM (VALUES (1234567.4::float8, '1234567'), (-0.5, '-0.5'), (0, '0'), (1e-7, '0.0000001'), (99.95, '100')) AS v (f, t);

-- a share of rounded counts reckons with the bounds of both
INSERT INTO centre.demarcation VALUES ('x', '(,)', 'test');
INSERT INTO centre.area (area_id, code, demarcation, level, name) VALUES (900, 'C', 'x', 'country', 'Land');
INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;
INSERT INTO centre.indicator (code, kind, topic, unit) VALUES ('part', 'count', 'test', 'reports'), ('whole', 'count', 'test', 'reports');
INSERT INTO centre.indicator (code, kind, topic, unit, numerator, denominator) VALUES ('share', 'proportion', 'test', 'share', 'part', 'whole');
INSERT INTO centre.cube (code, audience, period_unit, indicators, levels) VALUES ('c', 'centre', 'month', '{part,whole,share}', '{country}');
INSERT INTO centre.release (cube, period) VALUES ('c', '[2026-01-01,2026-02-01)');
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status, possible_from, possible_to, denominator_from, denominator_to)
  SELECT release_id, 'share', 'country', 900, 'all', '*total*', 20, 100, 'ok', 16, 24, 92, 108 FROM centre.release;
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status, possible_from, possible_to) SELECT release_id, 'part', 'country', 900, 'all', '*total*', 20, 'ok', 16, 24 FROM centre.release;
SELECT is((SELECT shown FROM dash.comparison('part', '2026-01', 'en', 'country')), '20 (16 to 24)', 'a count in the comparison');
SELECT is((SELECT shown FROM dash.map('share', 'country', '2026-01')), '0.2 (0.148 to 0.261)', 'a share: 16 of 108 to 24 of 92');
SELECT is((SELECT shown FROM dash.provinces('share', '2026-01', at_level => 'country')), '0.2 (0.148 to 0.261)', 'in the table of provinces');
SELECT is((SELECT shown FROM dash.series('part', '{C}', '2026-01-01', '2026-01-31')), '20 (16 to 24)', 'over time');
SELECT is((SELECT shown FROM dash.cube('c', 'latest') WHERE measure = 'part'), '20 (16 to 24)', 'in the cube itself');
SELECT is((SELECT shown FROM dash.late_reports('part', '2026-01', 'en', 'country')), '20 (16 to 24)', 'among late reports');

-- a value that is held is read, and says so everywhere
UPDATE centre.release_cell SET status = 'h', possible_from = NULL, possible_to = NULL, denominator_from = NULL, denominator_to = NULL;
INSERT INTO centre.release (cube, period) VALUES ('c', '[2026-02-01,2026-03-01)');
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status) SELECT release_id, 'part', 'country', 900, 'all', '*total*', 7, 'ok' FROM centre.release WHERE lower(period) = '2026-02-01';
SELECT results_eq($$SELECT count, reason, measure_reason, shown FROM dash.comparison('part', '2026-01', 'en', 'country')$$, $$VALUES (20::numeric, NULL, NULL, '20, of an earlier release')$$, 'held: a count in the comparison');
SELECT results_eq($$SELECT count, shown FROM dash.comparison('part', '2026-01-01/2026-03-01', 'en', 'country')$$, $$VALUES (27::numeric, '27, of an earlier release')$$, 'held: a sum of which a part is');
SELECT results_eq($$SELECT value, reason, shown FROM dash.map('share', 'country', '2026-01')$$, $$VALUES (0.2::float8, NULL, '0.2, of an earlier release')$$, 'held: a share');
SELECT is((SELECT shown FROM dash.provinces('share', '2026-01', at_level => 'country')), '0.2, of an earlier release', 'held: in the table of provinces');
SELECT results_eq($$SELECT value, measure, reason, shown FROM dash.series('part', '{C}', '2026-01-01', '2026-02-28') ORDER BY "time"$$, $$VALUES (20::float8, 20::float8, NULL, '20, of an earlier release'), (7, 7, NULL, '7 (exact)')$$, 'held: over time, that month alone');
SELECT results_eq($$SELECT value, reason, shown FROM dash.cube('c', '2026-01') WHERE measure = 'part'$$, $$VALUES (20::float8, NULL, '20, of an earlier release')$$, 'held: in the cube itself');
UPDATE centre.release SET current = false WHERE lower(period) = '2026-01-01';
INSERT INTO centre.release (cube, period) VALUES ('c', '[2026-01-01,2026-02-01)');
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, status) SELECT release_id, 'part', 'country', 900, 'all', '*total*', 20, 'h' FROM centre.release WHERE lower(period) = '2026-01-01' AND current;
SELECT results_eq($$SELECT releases, value, added, percent, reason, shown FROM dash.late_reports('part', '2026-01', 'en', 'country')$$,
  $$VALUES (2, 20::float8, NULL::float8, NULL::float8, 'of an earlier release: the change since then is withheld', '20, of an earlier release')$$, 'held: what late reports added is not told, and is not nought');
SELECT results_eq($$SELECT status, reason FROM dash.released WHERE indicator = 'part' ORDER BY period_start$$, $$VALUES ('held', NULL), ('exact', NULL)$$, 'a reason is why there is no value, so a held one has none');
SELECT * FROM finish();
