CREATE EXTENSION pgcivic;
SET search_path = civic, public;
SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB';

-- CPU seconds of this backend so far
CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql VOLATILE
  RETURN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9;

-- Both statements in turn, ours so often that the clock's ticks do not matter;
-- each gives one value, and the two must be equal.
CREATE PROCEDURE compare(name text, ours text, by_hand text, rounds int, times int DEFAULT 1) LANGUAGE plpgsql AS $$
DECLARE a float8 := 'Infinity'; b float8 := 'Infinity'; start float8; x text; y text;
BEGIN
  FOR i IN 1..rounds LOOP
    start := cpu();
    FOR j IN 1..times LOOP EXECUTE ours INTO x; END LOOP;
    a := least(a, (cpu() - start) / times);
    start := cpu(); EXECUTE by_hand INTO y; b := least(b, cpu() - start);
  END LOOP;
  IF x IS DISTINCT FROM y THEN RAISE EXCEPTION '%: ours %, by hand %', name, x, y; END IF;
  INSERT INTO result VALUES (name, a, b);
END $$;
CREATE TABLE result (name text, ours float8, by_hand float8);

CREATE TABLE report AS SELECT timestamptz '2024-01-01+00' + i * interval '61 seconds' AS at FROM generate_series(1, 500000) i;
CREATE TABLE scattered AS SELECT at FROM report ORDER BY hashfloat8(extract(epoch FROM at)::float8);
CREATE TABLE cell AS   -- 4,468 wards in 52 districts x 19 age bands
  SELECT w % 52 AS district, w AS ward, s.stratum, s.weight, (hashint4(w * 100 + s.stratum)::bigint & 31)::int AS events,
         (500 + (hashint4(w * 7 + s.stratum)::bigint & 4095))::int AS people
    FROM generate_series(1, 4468) w, standard_population('esp2013') s;
CREATE TABLE ward AS SELECT district, ward, strata_agg(stratum, events, people, weight) AS state FROM cell GROUP BY 1, 2;
CREATE TABLE place AS SELECT ward AS id, sum(events)::float8 AS x, sum(people)::float8 AS n FROM cell WHERE ward <= 1000 GROUP BY 1;
CREATE TABLE point_series AS SELECT s, t, 50 + (hashint4(s * 1000 + t)::bigint & 31)::float8 AS y FROM generate_series(1, 500) s, generate_series(1, 200) t;
CREATE TABLE tests AS SELECT i, ((hashint4(i)::bigint & 1048575) + 1) / 1048577.0::float8 AS p FROM generate_series(1, 100000) i;
ANALYZE;

CALL compare('bucket_day_ordered', $$SELECT count(DISTINCT bucket(at, 'day', 'Africa/Johannesburg')) FROM report$$,
  $$SELECT count(DISTINCT date_trunc('day', at, 'Africa/Johannesburg')) FROM report$$, :rounds, 5);
CALL compare('bucket_day_scattered', $$SELECT sum(extract(epoch FROM bucket(at, 'day', 'America/New_York'))::bigint) FROM scattered$$,
  $$SELECT sum(extract(epoch FROM date_trunc('day', at, 'America/New_York'))::bigint) FROM scattered$$, :rounds);
CALL compare('bucket_epi_week', $$SELECT count(DISTINCT bucket(at, 'epi_week', 'Africa/Johannesburg')) FROM report$$,
  $$SELECT count(DISTINCT (date_trunc('week', at AT TIME ZONE 'Africa/Johannesburg' + interval '1 day') - interval '1 day') AT TIME ZONE 'Africa/Johannesburg') FROM report$$, :rounds, 5);
CALL compare('wilson', $$SELECT round(sum((w).upper - (w).lower)::numeric, 6) FROM (SELECT wilson_interval(events, people) w FROM cell OFFSET 0) q$$,
  $$SELECT round(sum(upper - lower)::numeric, 6) FROM (SELECT (2 * x + 3.8414588206941236 + s) / d AS upper, (2 * x + 3.8414588206941236 - s) / d AS lower
      FROM (SELECT x, 1.9599639845400536 * sqrt(3.8414588206941236 + 4 * x * (1 - x / n)) AS s, 2 * (n + 3.8414588206941236) AS d FROM (SELECT events::float8 x, people::float8 n FROM cell) a) b OFFSET 0) q$$, :rounds, 10);
-- one second-level rate of districts: from the cells, and from stored states of wards
CALL compare('direct_rate', $$SELECT round(sum((direct_rate(s)).rate)::numeric, 4) FROM (SELECT strata_agg(stratum, events, people, weight) s FROM cell GROUP BY district) q$$,
  $$SELECT round(sum(r)::numeric, 4) FROM (SELECT sum(weight * x / n) / sum(weight) * 1e5 r FROM (SELECT district, stratum, weight, sum(events)::float8 x, sum(people)::float8 n FROM cell GROUP BY 1, 2, 3) p GROUP BY district) q$$, :rounds, 10);
CALL compare('direct_rate_from_states', $$SELECT round(sum((direct_rate(s)).rate)::numeric, 4) FROM (SELECT strata_union(state) s FROM ward GROUP BY district) q$$,
  $$SELECT round(sum(r)::numeric, 4) FROM (SELECT sum(weight * x / n) / sum(weight) * 1e5 r FROM (SELECT district, stratum, weight, sum(events)::float8 x, sum(people)::float8 n FROM cell GROUP BY 1, 2, 3) p GROUP BY district) q$$, :rounds, 50);
CALL compare('rank_interval', $$SELECT sum((k).lower + (k).upper) FROM (SELECT rank_interval(x, n) OVER () k FROM place) q$$,
  $$SELECT sum(1 + higher + m - lower) FROM (SELECT a.id, count(*) AS m, count(*) FILTER (WHERE b.r - a.r > z * sqrt(a.v + b.v)) AS higher, count(*) FILTER (WHERE a.r - b.r > z * sqrt(a.v + b.v)) AS lower
      FROM (SELECT id, x / n r, greatest(x, 0.5) / n / n v FROM place) a, (SELECT x / n r, greatest(x, 0.5) / n / n v FROM place) b, (SELECT normal_quantile(1 - 0.05 / (1000 * 999 / 2) / 2) z) z GROUP BY a.id) q$$, :rounds, 20);
CALL compare('xmr', $$SELECT count(*) FILTER (WHERE (x).outside) || ' ' || count(*) FILTER (WHERE (x).shift) FROM (SELECT xmr(y) OVER (PARTITION BY s ORDER BY t) x FROM point_series) q$$,
  $$WITH d AS (SELECT s, t, y, avg(y) OVER p m, abs(y - lag(y) OVER w) mr FROM point_series WINDOW p AS (PARTITION BY s), w AS (PARTITION BY s ORDER BY t)),
    e AS (SELECT *, avg(mr) OVER (PARTITION BY s) amr FROM d), f AS (SELECT *, avg(mr) FILTER (WHERE mr <= 3.267 * amr) OVER (PARTITION BY s) r, sign(y - m) side FROM e),
    g AS (SELECT *, t - row_number() OVER (PARTITION BY s, side ORDER BY t) island FROM f)
    SELECT count(*) FILTER (WHERE abs(y - m) > 2.66 * r) || ' ' || count(*) FILTER (WHERE side <> 0 AND k >= 7) FROM (SELECT *, count(*) OVER (PARTITION BY s, side, island) k FROM g) h$$, :rounds, 3);
CALL compare('benjamini_hochberg', $$SELECT count(*) FILTER (WHERE q < 0.9) FROM (SELECT benjamini_hochberg(p) OVER () q FROM tests) q$$,
  $$SELECT count(*) FILTER (WHERE q < 0.9) FROM (SELECT min(p * m / k) OVER (ORDER BY p DESC, k DESC) q FROM (SELECT p, count(*) OVER () m, row_number() OVER (ORDER BY p) k FROM tests) a) q$$, :rounds, 5);
CALL compare('theil_sen', $$SELECT round((theil_sen(array_agg(t::float8), array_agg(y))).slope::numeric, 9) FROM point_series WHERE s <= 5$$,
  $$SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.y - a.y) / (b.t - a.t)))::numeric, 9) FROM point_series a, point_series b WHERE a.s <= 5 AND b.s <= 5 AND b.t > a.t$$, :rounds, 5);
-- a quantile by adding up probabilities, the usual substitute
CALL compare('poisson_quantile', $$SELECT sum(poisson_quantile(0.999, 1 + i % 40)) FROM generate_series(1, 10000) i$$,
  $$SELECT sum((WITH RECURSIVE s AS (SELECT 0 AS k, exp(-m) AS term, exp(-m) AS total UNION ALL SELECT k + 1, term * m / (k + 1), total + term * m / (k + 1) FROM s WHERE total < 0.999) SELECT max(k) FROM s)) FROM (SELECT (1 + i % 40)::float8 m FROM generate_series(1, 10000) i) q$$, :rounds, 50);

SELECT format('%-24s ours %s s, by hand %s s', name, round(ours::numeric, 5), round(by_hand::numeric, 5)) FROM result;
SELECT format('ratio %s %s', name, round((by_hand / ours)::numeric, 2)) FROM result;
-- what one call costs where nothing can be written by hand
CREATE FUNCTION microseconds(name text, call text, n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE start float8; best float8 := 'Infinity';
BEGIN
  FOR i IN 1..5 LOOP
    start := cpu(); EXECUTE format('SELECT count(%s) FROM generate_series(1, %s) i', call, n); best := least(best, cpu() - start);
  END LOOP;
  RETURN format('%s: %s microseconds', name, round((best / n * 1e6)::numeric, 2));
END $$;
SELECT microseconds(c, c, 100000) FROM unnest(ARRAY['i', 'normal_quantile(i / 100001.0::float8)', 'poisson_quantile(0.999, 5 + i % 10)', 'negbin_quantile(0.999, 5 + i % 10, 4)',
  'negbin_quantile(0.999, 500 + i % 100, 40)', 'negbin_survival(20, 5 + i % 10, 4)', 'chisq_quantile(0.975, 1 + i % 100)', 'poisson_exact_interval(i % 1000)', 'gamma_cdf(1e6 + i, 1e6, 1)']) c;
SELECT microseconds('quarter_probability over 52 areas', '(SELECT sum((q).highest) FROM (SELECT quarter_probability(i * 0 + x, n) OVER () q FROM place WHERE id <= 52) s)', 10);
