-- Publication: threshold on distinct verified subjects, audiences, and the dash functions over releases.
\ir ../fixtures/country.sql
SELECT plan(28);
INSERT INTO centre.cube VALUES ('needs', 'centre', '{need_food,need_water,report,share_food}', '{province,district,municipality,local_municipality,ward}', 'month', '{all,sex}'),
  ('open', 'provider', '{need_food}', '{province}', 'month', '{all}');
-- W1: six people, one of whom reports ten times; W2: one person fifteen times; CPT: four people
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'a' || i, 'at', '2026-10-10', 'about', '["Food", "Report"]', 'ward', 'W1', 'phone', 'p' || greatest(i, 10), 'sex', CASE WHEN i % 2 = 0 THEN 'female' ELSE 'male' END)) FROM generate_series(1, 15) i)::text);
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'b' || i, 'at', '2026-10-10', 'about', '["Food", "Report"]', 'ward', 'W2', 'phone', 'x')) FROM generate_series(1, 15) i)::text);
SELECT tap.land('app', (SELECT jsonb_agg(jsonb_build_object('id', 'c' || i, 'at', '2026-10-10', 'about', 'Food', 'ward', 'CPT', 'phone', 'm' || i)) FROM generate_series(1, 4) i)::text);
-- nine unverified ones do not lift the metro over the threshold
SELECT tap.land('crowd', (SELECT jsonb_agg(jsonb_build_object('id', 'd' || i, 'at', '2026-10-10', 'about', 'Food', 'ward', 'CPT', 'phone', 'fake' || i)) FROM generate_series(1, 9) i)::text);
SELECT tap.apply('app'); SELECT tap.apply('crowd');
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tap TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA tap TO PUBLIC;
SET ROLE civic_publisher;
CALL centre.publish('needs', '2026-10-31');
CALL centre.publish('open', '2026-10-31');
RESET ROLE;
SELECT results_eq($$SELECT area_id, value, status FROM centre.release_cell WHERE indicator = 'need_food' AND level = 'ward' AND breakdown = 'all' AND release_id = 1 ORDER BY 1$$,
  $$VALUES (7, NULL::numeric, 'x'), (8, NULL, 'x')$$, 'the threshold counts people, not reports; what would give the withheld ward by subtraction is withheld too');
SELECT results_eq($$SELECT area_id, value, status FROM centre.release_cell WHERE indicator = 'need_food' AND level = 'municipality' AND breakdown = 'all' AND release_id = 1 ORDER BY 1$$,
  $$VALUES (4, NULL::numeric, 'x'), (6, 30, 'ok')$$, 'and verified people only');
SELECT is_empty($$SELECT m.* FROM centre.release_cell m JOIN centre.release_cell t USING (release_id, indicator, level, area_id) WHERE m.breakdown <> 'all' AND t.breakdown = 'all' AND t.value IS NULL$$,
  'where a total is withheld no group is listed, which would tell who they are');
SELECT isnt_empty($$SELECT 1 FROM centre.release_cell WHERE breakdown = 'sex'$$, 'where it is shown they are');
SELECT is((SELECT value FROM centre.release_cell WHERE indicator = 'need_water' AND level = 'ward' AND area_id = 8 AND release_id = 1), 0::numeric, 'an area without a report shows nought');
SELECT set_eq($$SELECT level FROM centre.release_cell WHERE area_id = 4 AND release_id = 1$$, ARRAY['district', 'municipality'], 'a metro is published at both its levels');
SELECT throws_ok($$CALL centre.publish('nothing', '2026-10-31')$$, 'P0002', NULL, 'an undeclared cube is refused');

SET ROLE civic_reader;
SET search_path = dash, tap, public;
SELECT results_eq($$SELECT area, count, round(population), round(rate::numeric, 2), reason FROM dash.comparison('need_food', '2026-10')$$,
  $$VALUES ('GT', 30::numeric, 50000::numeric, 60.00::numeric, NULL), ('WC', NULL, 100000, NULL, 'withheld: too few people')$$, 'provinces compared, the withheld one with its reason');
-- limits against published figures: Byar for 30 events (20.24, 42.83), Wilson for 15 of 15 (0.7961, 1), exact for 3 (0.6187, 8.7673)
SELECT results_eq($$SELECT round((ci_lower / 2)::numeric, 2), round((ci_upper / 2)::numeric, 2) FROM dash.comparison('need_food', '2026-10') WHERE area = 'GT'$$, $$VALUES (20.24, 42.83)$$, 'Byar limits of a rate');
SELECT results_eq($$SELECT round(ci_lower::numeric, 4), round(ci_upper::numeric, 4) FROM dash.figure('rate', 100000, 3, 100000, NULL)$$, $$VALUES (0.6187, 8.7673)$$, 'exact limits below ten events');
SELECT results_eq($$SELECT round(ci_lower::numeric, 4), round(ci_upper::numeric, 4) FROM dash.figure('proportion', 1, 15, 15, NULL)$$, $$VALUES (0.7961, 1.0000)$$, 'Wilson limits of a proportion');
SELECT results_eq($$SELECT n, round(ci_lower::numeric, 4), round(ci_upper::numeric, 4) FROM unnest(ARRAY[18, 16, 15, 18.5, NULL]) n, dash.figure('proportion', 1, 14, 16, NULL, n)$$,
  $$VALUES (18, 0.7778, 0.8889), (16, 0.8750, 0.8750), (15, 0.6398, 0.9650), (18.5, 0.6398, 0.9650), (NULL, 0.6398, 0.9650)$$, 'exact limits of a known whole, none but the share where all were looked at, Wilson where the whole is no whole');
SELECT is_empty($$SELECT * FROM dash.figure('proportion', 1, NULL, 34, NULL) AS l WHERE l.ci_lower IS NOT NULL OR l.ci_upper IS NOT NULL$$, 'no limits of a share that is withheld');
SELECT results_eq($$SELECT reason FROM dash.comparison('need_food', '2026-10', 'af') WHERE area = 'WC'$$, ARRAY['weerhou: te min mense'], 'in the reader''s language');
SELECT results_eq($$SELECT reason FROM dash.comparison('need_food', '2026-10', 'zu') WHERE area = 'WC'$$, ARRAY['withheld: too few people'], 'falling back where there is no label');
SELECT results_eq($$SELECT count, population, round(proportion::numeric, 4) FROM dash.comparison('share_food', '2026-10', 'en', 'municipality') WHERE area = 'GT481'$$, $$VALUES (30::numeric, 30::numeric, 1.0000)$$, 'a proportion has its two counts');
SELECT results_eq($$SELECT l, count(*) FROM unnest(ARRAY['province', 'district', 'municipality', 'local_municipality', 'ward']) AS l, LATERAL dash.map('need_food', l, '2026-10') GROUP BY l ORDER BY l$$,
  $$VALUES ('district', 2::bigint), ('local_municipality', 1), ('municipality', 2), ('province', 2), ('ward', 2)$$, 'a map at every level');
SELECT results_eq($$SELECT area, reason FROM dash.map('need_food', 'ward', '2025-01') ORDER BY 1$$, $$VALUES ('W1', 'not published'), ('W2', 'not published')$$, 'what was not published is said to be so, not nought');
SELECT results_eq($$SELECT area, level FROM dash.drill('GT')$$, $$VALUES ('DC48', 'district')$$, 'down from a province');
SELECT results_eq($$SELECT area, level FROM dash.drill('WC')$$, $$VALUES ('CPT', 'district')$$, 'to a metro, which has no district above it');
SELECT results_eq($$SELECT value, reason FROM dash.series('need_food', '{WC,GT}', '2026-01-01', '2027-01-01') ORDER BY area$$, $$VALUES (30::float8, NULL), (NULL, 'withheld: too few people')$$, 'a series holds its gaps');
SELECT is_empty($$SELECT 1 FROM dash.released WHERE audience <> 'centre'$$, 'the reader sees its own audience''s releases');
SELECT is(dash.period('2026-Q4'), '[2026-10-01,2027-01-01)'::daterange, 'a quarter');
SELECT throws_ok($$SELECT dash.period('tomorrow''; --')$$, '22023', 'there is no period "tomorrow''; --"', 'what is no period is an error');
RESET ROLE;
SET ROLE civic_provider;
SELECT set_eq('SELECT DISTINCT audience FROM dash.released', ARRAY['provider'], 'and the provider its own');
RESET ROLE;
CALL centre.publish('needs', '2026-10-31');
SELECT is((SELECT count(*) FROM centre.release WHERE current AND cube = 'needs'), 1::bigint, 'a new release takes the place of the old one');
-- a stray report of two years before, and one a day: the first day of a cube's data, against all rows
SELECT tap.land('app', format('{"id": "d%s", "at": "%s", "about": "Food", "ward": "W1", "phone": "d%s"}', n, CASE n WHEN 0 THEN '2024-02-29' ELSE (date '2026-07-20' + n)::text END, n)) FROM generate_series(0, 50) AS n;
CALL centre.tick();
SELECT results_eq($$SELECT t.threshold, centre.data_begin(c, t.threshold, '2026-12-01') FROM centre.cube c, unnest('{1,2,5,20,10000}'::int[]) AS t (threshold) WHERE c.code = 'needs'$$, $$
  SELECT t.threshold, b.day FROM unnest('{1,2,5,20,10000}'::int[]) AS t (threshold) LEFT JOIN LATERAL (
    SELECT s.day FROM (SELECT min(o.day) AS day FROM centre.observation_row o WHERE o.indicator IN ('need_food', 'need_water', 'report') AND o.verified AND o.subject_id IS NOT NULL GROUP BY o.subject_id) AS s
    ORDER BY s.day OFFSET t.threshold - 1 LIMIT 1) AS b ON true$$, 'data begin when as many have reported as the threshold asks');
SELECT is((SELECT centre.data_begin(jsonb_populate_record(c, '{"personal": false}'), 5, '2026-12-01') FROM centre.cube c WHERE c.code = 'needs'), '2024-02-29', 'those of things on their first');
SELECT * FROM finish();
