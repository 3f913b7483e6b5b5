-- Any permutation, duplication and batching of a stream of documents gives the same observations and cells.
-- The oracle is the rule itself, in SQL over the documents: of each key the good document with the greatest (version, content hash).
\ir ../fixtures/country.sql
\set LONG 0
\getenv LONG LONG
SELECT CASE WHEN :'LONG' = '1' THEN 2000 ELSE 40 END AS streams \gset
SELECT plan(4);
SELECT setseed(0.20261121);

CREATE TEMP TABLE doc AS
  SELECT s AS stream, n, d.doc, sha256(convert_to(d.doc::text, 'UTF8')) AS hash, d.bad
  FROM generate_series(1, :streams) AS s CROSS JOIN LATERAL generate_series(1, 4 + (random() * 16)::int + s * 0) AS n
  CROSS JOIN LATERAL (SELECT random() AS r, random() AS q, random() AS t, n AS again, s AS stream_again) AS x
  CROSS JOIN LATERAL (
    SELECT jsonb_strip_nulls(jsonb_build_object('id', format('s%s-%s', s, 1 + (random() * 4)::int), 'v', (random() * 3)::int,
             'at', (date '2026-01-01' + (x.t * 250)::int)::text, 'ward', CASE WHEN x.r < 0.1 THEN 'nowhere' ELSE (ARRAY['W1', 'W2', 'CPT', 'DC48'])[1 + (random() * 3)::int] END,
             'about', (ARRAY['["Food"]', '["Water"]', '["Food", "Water"]', '["Report", "Food"]'])[1 + (random() * 3)::int]::jsonb,
             'n', 1 + (random() * 4)::int, 'sex', (ARRAY['female', 'male', NULL])[1 + (random() * 2)::int], 'deleted', CASE WHEN x.q < 0.1 THEN 'yes' END)) AS doc,
           x.r < 0.1 AND x.q >= 0.1 AS bad) AS d;

CREATE TEMP TABLE expected AS
  WITH winner AS (
    SELECT DISTINCT ON (doc ->> 'id') doc FROM doc WHERE NOT bad ORDER BY doc ->> 'id', (doc ->> 'v')::numeric DESC, hash DESC)
  SELECT doc ->> 'id' AS doc_key, (doc ->> 'at')::date AS day, CASE a.about WHEN 'Food' THEN 'need_food' WHEN 'Water' THEN 'need_water' ELSE 'report' END AS indicator,
         CASE doc ->> 'ward' WHEN 'W1' THEN 7 WHEN 'W2' THEN 8 WHEN 'CPT' THEN 4 ELSE 5 END AS area_id, coalesce(left(doc ->> 'sex', 1), 'u') AS sex, (doc ->> 'n')::numeric AS value
  FROM winner CROSS JOIN LATERAL jsonb_array_elements_text(doc -> 'about') AS a (about) WHERE NOT doc ? 'deleted';

DO $$
DECLARE
  s int;
  packet text;
  report jsonb;
BEGIN
  FOR s IN SELECT DISTINCT stream FROM doc ORDER BY 1 LOOP
    -- every document once or more, in any order, in packets of any size, over several batches
    FOR packet IN
      SELECT jsonb_agg(doc ORDER BY random())::text FROM (
        SELECT d.doc, floor(random() * 3) AS batch FROM doc d CROSS JOIN LATERAL generate_series(1, 1 + (random() * 1.2)::int + d.n * 0) AS copy WHERE d.stream = s) AS x
      GROUP BY batch ORDER BY random() LOOP
      INSERT INTO centre.landing (source, format, payload) VALUES ('app', 'json', convert_to(packet, 'UTF8'));
      CALL centre.intake_apply(centre.open_batch('app'), random() < 0.1, report);
      IF report -> 'dry_run' = 'true' THEN
        CALL centre.intake_apply((report ->> 'batch')::bigint, false, report);
      END IF;
      IF random() < 0.3 THEN
        PERFORM centre.drain_cells();
      END IF;
      COMMIT;
    END LOOP;
  END LOOP;
END
$$;

CREATE TEMP VIEW actual AS
  SELECT d.doc_key, o.day, i.code AS indicator, o.area_id, o.sex, o.value
  FROM centre.observation o JOIN centre.document d USING (document_id) JOIN centre.indicator i USING (indicator_id);
SELECT cmp_ok((SELECT count(*) FROM expected), '>', :streams * 3::bigint, 'the streams are not empty');
SELECT is_empty('(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected)', format('%s streams: observations are those of the winning documents', :streams));
SELECT is_empty($$
  (SELECT indicator, area_id, day, sex, count(*), sum(value) FROM expected GROUP BY 1, 2, 3, 4
   EXCEPT SELECT i.code, area_id, day, sex, sum(n), sum(total) FROM centre.cell_now JOIN centre.indicator i USING (indicator_id) GROUP BY 1, 2, 3, 4)
  UNION ALL
  (SELECT i.code, area_id, day, sex, sum(n), sum(total) FROM centre.cell_now JOIN centre.indicator i USING (indicator_id) GROUP BY 1, 2, 3, 4
   EXCEPT SELECT indicator, area_id, day, sex, count(*), sum(value) FROM expected GROUP BY 1, 2, 3, 4)$$, 'and so are the cells, part drained and part pending');
SELECT is_empty('TABLE centre.cell_drift', 'nothing drifted');
SELECT * FROM finish();
