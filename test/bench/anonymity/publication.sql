-- The months of a cube, in CPU seconds of the publisher's backend: made first, then with nothing changed, then with one ward of one month
-- changed.  Variables: wards, subjects (a ward and month), months (at most 12), rounds.
\set ON_ERROR_STOP on
\ir ../cpu.sql
CREATE TABLE centre.bench_row (subject_id bigint, day date, verified boolean DEFAULT true, province text, municipality text, ward text, sex text, need text);
INSERT INTO centre.bench_row (subject_id, day, province, municipality, ward, sex, need)
  SELECT 100000 * w + i, make_date(2026, m, 1 + i % 28), 'p' || w / 80, 'm' || w / 8, 'w' || w,
         CASE WHEN hashint8(100000 * w + i) % 2 = 0 THEN 'f' ELSE 'm' END, 'n' || abs(hashint8(300000 * w + i) % 5)
  FROM generate_series(0, :wards - 1) AS w, generate_series(1, :subjects) AS i, generate_series(1, :months) AS m;
ANALYZE centre.bench_row;
INSERT INTO centre.dataset (code, relation) VALUES ('bench', 'centre.bench_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('bench', 'place', '{province,municipality,ward}'), ('bench', 'sex', '{sex}'), ('bench', 'need', '{need}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('bench', 'centre', 'month', 'bench', '{place,sex,need}');
CREATE TEMP TABLE measured (step text, seconds float8);
CREATE PROCEDURE pg_temp.publish_all(step text) LANGUAGE plpgsql AS $$ -- every month, as a tick would
DECLARE
  started float8 := pg_temp.cpu();
BEGIN
  FOR month IN 1..current_setting('bench.months')::integer LOOP
    CALL centre.publish('bench', make_date(2026, month, 1));
  END LOOP;
  INSERT INTO measured VALUES (step, pg_temp.cpu() - started);
END $$;
SELECT set_config('bench.months', :'months', false) \g /dev/null

-- a release deleted takes the ledger of its month with it
SELECT format($$
DELETE FROM centre.release;
CALL pg_temp.publish_all('first');
CALL pg_temp.publish_all('unchanged');
INSERT INTO centre.bench_row (subject_id, day, province, municipality, ward, sex, need)
  SELECT 90000000 + 1000 * %1$s + i, '2026-01-10', 'p0', 'm0', 'w' || %1$s, 'f', 'n1' FROM generate_series(1, 20) AS i;
CALL pg_temp.publish_all('changed');
$$, round) FROM generate_series(1, :rounds) AS round \gexec
-- what one would write without protection: the same cells, counted
CREATE TEMP TABLE counted (n bigint);
SELECT pg_temp.cpu() AS started \gset
INSERT INTO counted
  SELECT count(DISTINCT subject_id) FROM centre.bench_row WHERE verified
  GROUP BY date_trunc('month', day::timestamp), GROUPING SETS ((province, municipality, ward), (province, municipality), (province), ()), CUBE (sex, need);
INSERT INTO measured SELECT 'counted', pg_temp.cpu() - :started;

SELECT format('cpu publication of %s rows, %s cells (%s withheld), %s months: first %s s, unchanged %s s, one ward of one month changed %s s, cells counted without protection %s s',
              (SELECT count(*) FROM centre.bench_row), (SELECT count(*) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current),
              (SELECT count(*) FILTER (WHERE x.value IS NULL) FROM centre.release_row x JOIN centre.release r USING (release_id) WHERE r.current),
              :months, round((min(seconds) FILTER (WHERE step = 'first'))::numeric, 2), round((min(seconds) FILTER (WHERE step = 'unchanged'))::numeric, 2),
              round((min(seconds) FILTER (WHERE step = 'changed'))::numeric, 2), round((min(seconds) FILTER (WHERE step = 'counted'))::numeric, 2)) FROM measured;
SELECT format('ratio anonymity_publication_%s %s%s', name, round(value::numeric, 2), aim)
FROM (SELECT min(seconds) FILTER (WHERE step = 'first') AS first, min(seconds) FILTER (WHERE step = 'unchanged') AS unchanged,
             min(seconds) FILTER (WHERE step = 'changed') AS changed, min(seconds) FILTER (WHERE step = 'counted') AS counted FROM measured) AS m
CROSS JOIN LATERAL (VALUES
  ('changed_to_first', changed / first, format('   (aim: what changed, one month of %s: %s)', :months, round(1.0 / :months, 2))),
  ('changed_month_to_first_month', (changed - unchanged * (:months - 1) / :months) / (first / :months), ''),
  ('unchanged_to_first', unchanged / first, ''),
  ('first_to_counted', first / counted, '')) AS r (name, value, aim);
