-- Reports that nobody vouches for: counted nowhere, and said to be; vouched for later they count, as if they had been from the beginning.
\ir ../fixtures/country.sql
\set LONG 0
\getenv LONG LONG
SELECT CASE WHEN :'LONG' = '1' THEN 400 ELSE 60 END AS steps \gset
SELECT set_config('tap.steps', :'steps', false) \gset
SELECT plan(20);
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit) VALUES
  ('needs', 'centre', '{need_food,need_water}', '{country,province,ward}', 'month'), ('needs_all', 'public', '{need_food,need_water}', '{country,province}', 'month');
SELECT tap.land('crowd', (SELECT jsonb_agg(jsonb_build_object('id', 'c' || i, 'at', '2026-10-10', 'about', CASE WHEN i > 10 THEN '["Food", "Water"]'::jsonb ELSE '["Food"]' END, 'ward', 'W1', 'phone', 'p' || i)) FROM generate_series(1, 23) AS i)::text);
SELECT tap.apply('crowd');
CALL centre.publish('needs', '2026-10-31');
CALL centre.publish('needs_all', '2026-10-31');
SET ROLE civic_reader;
SELECT is((SELECT count FROM dash.comparison('need_food', '2026-10') WHERE area = 'GT'), 0::numeric, '23 persons nobody vouches for are not counted');
SELECT matches((SELECT shown FROM dash.comparison('need_food', '2026-10') WHERE area = 'GT'), '^0 \(exact\).*; about (20|25) unverified not counted$', 'and the nought says so');
SELECT unalike((SELECT shown FROM dash.comparison('need_food', '2026-10') WHERE area = 'WC'), '%unverified%', 'where there are none it does not');
SELECT cmp_ok((SELECT abs(value - 23) FROM dash.unverified WHERE indicator = 'need_food' AND level = 'country'), '<', 5::bigint, 'the country has about as many');
SELECT is((SELECT count(*) FROM dash.unverified WHERE level NOT IN ('country', 'province')), 0::bigint, 'no small area is told');
RESET ROLE;
SET ROLE civic_public;
SELECT is((SELECT count(*) FROM dash.unverified WHERE value % 10 <> 0), 0::bigint, 'whoever has the threshold 10 gets tens');
SELECT is((SELECT count(DISTINCT cube) FROM dash.unverified), 1::bigint, 'of his own cube');
RESET ROLE;
-- what the larger base shows is a function of what the smaller one shows, and the offset is the key's
SELECT is_empty($$SELECT n FROM generate_series(0, 60) AS n WHERE abs(centre.unverified_rounded(n, 5, 'x') - n) > 4 OR centre.unverified_rounded(n, 5, 'x') % 5 <> 0$$, 'rounded by less than the base');
SELECT is(centre.unverified_rounded(0, 5, 'x'), 0::bigint, 'nought stays nought');
SELECT cmp_ok((SELECT count(DISTINCT centre.unverified_rounded(3, 5, i::text)) FROM generate_series(1, 50) AS i), '=', 2::bigint, 'where it turns depends on the label');
SELECT is((SELECT array_agg(z ORDER BY r) FROM (SELECT u.release_id AS r, u.value AS z FROM centre.release_unverified u JOIN centre.release USING (release_id) WHERE cube = 'needs_all' AND u.level = 'province' AND indicator = 'need_food') AS x),
  (SELECT array_agg(centre.unverified_rounded(u.value, 10, concat_ws(' ', daterange '[2026-10-01,2026-11-01)', u.indicator, u.area_id))) FROM centre.release_unverified u JOIN centre.release USING (release_id)
   WHERE cube = 'needs' AND u.level = 'province' AND indicator = 'need_food'), 'the tens are made of the fives');
SELECT throws_ok('SET ROLE civic_reader; SELECT * FROM centre.release_unverified', '42501', NULL, 'the table itself is not for readers');
RESET ROLE;

-- vouched for later
UPDATE centre.source SET verified = true, verified_for = '{need_food}' WHERE code = 'crowd';
SELECT is((SELECT count(*) FILTER (WHERE verified) FROM centre.observation), 23::bigint, 'a source verified for food reaches its 23 reports of food and not those of water');
CALL centre.publish('needs', '2026-10-31');
SET ROLE civic_reader;
SELECT is((SELECT count FROM dash.comparison('need_food', '2026-10') WHERE area = 'GT'), 23::numeric, 'which are published');
RESET ROLE;
SELECT is((SELECT count(*) FROM dash.unverified WHERE cube = 'needs' AND indicator = 'need_food'), 0::bigint, 'and no more left out');
UPDATE centre.subject SET verified = true WHERE subject_id IN (SELECT subject_id FROM centre.observation);
INSERT INTO centre.subject (subject_id, verified) SELECT DISTINCT subject_id, true FROM centre.observation ON CONFLICT (subject_id) DO UPDATE SET verified = true;
UPDATE centre.source SET verified_for = NULL WHERE code = 'crowd';
SELECT is((SELECT bool_and(verified) FROM centre.observation), true, 'verified for all');
SELECT is((SELECT count(*) FROM centre.cell_drift), 0::bigint, 'cells are of all reports and do not drift');

-- any order of reports, vouching and taking it back: as if everything had been so from the beginning
CREATE TEMP TABLE fault (n bigint);
DO $$
DECLARE
  step integer;
BEGIN
  PERFORM setseed(0.5);
  FOR step IN 1 .. current_setting('tap.steps')::integer LOOP
    CASE floor(random() * 5)::integer
    WHEN 0, 1 THEN
      PERFORM tap.land(s, (SELECT jsonb_agg(jsonb_build_object('id', 'r' || floor(random() * 60)::int, 'v', step, 'at', '2026-0' || 1 + floor(random() * 3)::int || '-10', 'about', (ARRAY['["Food"]', '["Water", "Food"]'])[1 + (random() < 0.4)::int]::jsonb,
        'ward', (ARRAY['W1', 'W2', 'CPT'])[1 + floor(random() * 3)::int], 'phone', 'q' || floor(random() * 30)::int)) FROM generate_series(1, 4))::text) FROM (SELECT (ARRAY['app', 'crowd'])[1 + (random() < 0.5)::int] AS s) AS x;
      PERFORM tap.apply('app');
      PERFORM tap.apply('crowd');
    WHEN 2 THEN
      UPDATE centre.source SET verified = random() < 0.5, verified_for = CASE WHEN random() < 0.3 THEN ARRAY['need_food'] END WHERE code = (ARRAY['app', 'crowd'])[1 + (random() < 0.5)::int];
    WHEN 3 THEN
      UPDATE centre.subject SET verified = NOT verified WHERE random() < 0.2;
    ELSE
      INSERT INTO centre.subject (subject_id, verified) SELECT o.subject_id, false FROM centre.observation o WHERE o.subject_id IS NOT NULL AND random() < 0.1 ON CONFLICT DO NOTHING;
    END CASE;
    INSERT INTO fault SELECT count(*) FROM centre.observation o JOIN centre.document d USING (document_id) JOIN centre.source r ON r.code = d.source JOIN centre.indicator i USING (indicator_id)
      LEFT JOIN centre.subject s USING (subject_id)
      WHERE o.verified IS DISTINCT FROM ((r.verified AND (r.verified_for IS NULL OR i.code = ANY (r.verified_for))) OR coalesce(s.verified, false));
  END LOOP;
END
$$;
SELECT is((SELECT sum(n) FROM fault), 0::numeric, 'stored observations say what their sources and subjects say, after every step');
SELECT is((SELECT count(*) FROM centre.cell_drift), 0::bigint, 'without drift');
SELECT isnt((SELECT count(DISTINCT verified) FROM centre.observation), 1::bigint, 'some are and some are not');
SELECT * FROM finish();
