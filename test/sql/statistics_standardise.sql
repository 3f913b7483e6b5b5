-- Standardised rates: against the formulas in SQL, and for any split of the rows.
SET search_path = civic, public;
SET extra_float_digits = 0;
\set VERBOSITY terse

CREATE TEMP TABLE cell AS
  SELECT province, ward, s.stratum, (hashint4(ward * 100 + s.stratum)::bigint & 31)::int AS events,
         2000 + (hashint4(ward * 7 + s.stratum)::bigint & 4095)::int AS population, s.weight,
         0.001 + s.stratum * 0.0002 AS reference_rate
    FROM generate_series(1, 9) province, LATERAL (SELECT province * 10 + w AS ward FROM generate_series(0, 6) w) w,
         standard_population('esp2013') s;
-- the formulas, province by province
WITH pooled AS (
  SELECT province, stratum, weight, reference_rate, sum(events)::float8 x, sum(population)::float8 n FROM cell GROUP BY 1, 2, 3, 4),
byhand AS (
  SELECT province, sum(x) o, sum(weight * x / n) / sum(weight) r, sum(weight ^ 2 * x / n ^ 2) / sum(weight) ^ 2 v,
         max(weight / n) / sum(weight) largest, sum(n * reference_rate) e
    FROM pooled GROUP BY 1),
ours AS (
  SELECT province, strata_agg(stratum, events, population, weight) d, strata_agg(stratum, events, population, reference_rate) i FROM cell GROUP BY 1)
SELECT count(*) AS provinces,
       count(*) FILTER (WHERE abs(d1.rate - r * 1e5) > 1e-9) AS rate,
       count(*) FILTER (WHERE abs(d1.lower - (r + sqrt(v / o) * ((byar_interval(o)).lower - o)) * 1e5) > 1e-9
                          OR abs(d1.upper - (r + sqrt(v / o) * ((byar_interval(o)).upper - o)) * 1e5) > 1e-9) AS byar,
       count(*) FILTER (WHERE abs(d2.lower - (r + sqrt(v / o) * ((poisson_exact_interval(o)).lower - o)) * 1e5) > 1e-9) AS exact,
       count(*) FILTER (WHERE abs(d3.lower - v / (2 * r) * chisq_quantile(0.025, 2 * r ^ 2 / v) * 1e5) > 1e-9
                          OR abs(d3.upper - (v + largest ^ 2) / (2 * (r + largest)) * chisq_quantile(0.975, 2 * (r + largest) ^ 2 / (v + largest ^ 2)) * 1e5) > 1e-9) AS gamma,
       count(*) FILTER (WHERE abs(ir.expected - e) > 1e-9 OR abs(ir.ratio - o / e) > 1e-12 OR abs(ir.upper - (count_interval(o)).upper / e) > 1e-12) AS indirect,
       count(*) FILTER (WHERE d1.events <> o OR d1.reason IS NOT NULL) AS others
  FROM byhand JOIN ours USING (province), direct_rate(d) d1, direct_rate(d, 100000, 0.95, 'exact') d2,
       direct_rate(d, 100000, 0.95, 'gamma') d3, indirect_ratio(i) ir;

-- stored states of wards add up to their province, in any order and grouping
CREATE TEMP TABLE ward_state AS SELECT province, ward, strata_agg(stratum, events, population, weight) s FROM cell GROUP BY 1, 2;
SELECT count(*) AS provinces, count(*) FILTER (WHERE u <> whole OR v <> whole OR w <> whole) AS differing
  FROM (SELECT province, strata_union(s) u, strata_union(s ORDER BY ward DESC) v FROM ward_state GROUP BY 1) a
  JOIN (SELECT province, strata_agg(stratum, events, population, weight ORDER BY random()) whole FROM cell GROUP BY 1) b USING (province)
  JOIN (SELECT province, strata_union(s) w FROM (SELECT province, ward % 3, strata_union(s) s FROM ward_state GROUP BY 1, 2) c GROUP BY 1) d USING (province);
-- parallel equals serial
CREATE TABLE statistics_cell AS SELECT c.* FROM cell c, generate_series(1, 20);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
CREATE TEMP TABLE parallel AS SELECT strata_agg(stratum, events, population, weight) s FROM statistics_cell;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT s FROM parallel) = strata_agg(stratum, events, population, weight) AS same,
       (direct_rate(strata_agg(stratum, events, population, weight))).events = 20 * (SELECT sum(events) FROM cell) AS total FROM statistics_cell;
DROP TABLE statistics_cell;
-- a window with a growing frame does not disturb itself
SELECT count(*) FILTER (WHERE running <> again) AS differing
  FROM (SELECT ward, strata_union(s) OVER (ORDER BY ward) running FROM ward_state) a
  JOIN LATERAL (SELECT strata_union(s) again FROM ward_state w WHERE w.ward <= a.ward) b ON true;

-- the value: text, binary, order, hash
SELECT count(*) AS states, count(*) FILTER (WHERE s::text::strata <> s) AS text
  FROM ward_state;
\copy (SELECT s FROM ward_state) TO 'build/strata.bin' (FORMAT binary)
CREATE TEMP TABLE back(s strata);
\copy back FROM 'build/strata.bin' (FORMAT binary)
SELECT count(*) AS found_again FROM back JOIN ward_state USING (s);
SELECT '{}'::strata, '{0:7/144285*5000,5:3/184178*5500?1}'::strata, '{-3:0.5/1e3*0.125}'::strata;
SELECT s AS no_negative_zero, s = '{1:0/5*0}' AS equal, strata_hash(s) = strata_hash('{1:0/5*0}') AS same_hash FROM (SELECT strata_agg(1, '-0'::float8, 5, '-0'::float8) AS s) AS a;
SELECT count(*) FROM unnest(ARRAY['{2:1/1*1}', '{1:1/1*1,2:1/1*1}', '{}', '{1:2/1*1}', '{1:1/2*1}', '{1:1/1*1}', '{1:1/1*1?1}', '{1:1/1*2}']::strata[]) WITH ORDINALITY AS a(s, i),
  unnest(ARRAY['{2:1/1*1}', '{1:1/1*1,2:1/1*1}', '{}', '{1:2/1*1}', '{1:1/2*1}', '{1:1/1*1}', '{1:1/1*1?1}', '{1:1/1*2}']::strata[]) WITH ORDINALITY AS b(s, i) WHERE (a.s = b.s) <> (a.i = b.i);
SELECT count(*) FILTER (WHERE (a <> b) = (a = b)
         OR (a = b AND (strata_hash(a) <> strata_hash(b) OR strata_hash_extended(a, 7) <> strata_hash_extended(b, 7)))) AS wrong
  FROM ward_state x(p, w, a), ward_state y(p, w, b);
SELECT count(*) AS distinct_hashed FROM (SELECT s FROM ward_state UNION SELECT s FROM ward_state) u;
SELECT amvalidate(oid) AS valid FROM pg_opclass WHERE opcname = 'strata_ops';
SELECT '{1:1/1*1'::strata;
SELECT '{1:1/1}'::strata;
SELECT '{1:1/1*1,1:2/1*1}'::strata;
SELECT '{2:1/1*1,1:2/1*1}'::strata;
SELECT '{1:NaN/1*1}'::strata;
SELECT '{1:1/inf*1}'::strata;
SELECT '{1:-1/1*1}'::strata;
SELECT '{99999999999:1/1*1}'::strata;
SELECT '{1:1/1*1} '::strata;
SELECT '{-2147483648:1E+2/10*1e-2,2147483647:1.25/1*1?2147483647}'::strata;
SELECT ''::strata;
SELECT ('{' || string_agg(i || ':1/1*1', ',' ORDER BY i) || '}')::strata IS NULL FROM generate_series(1, 10001) i;
SELECT strata_agg(i, 1, 1, 1) IS NULL FROM generate_series(1, 10001) i;
SELECT (direct_rate(strata_agg(i, 1, 1, 1))).rate FROM generate_series(1, 10000) i;

-- why there is no rate
SELECT d.* FROM (VALUES ('nine events', '{0:4/1000*1,5:5/1000*1}'), ('ten', '{0:5/1000*1,5:5/1000*1}'), ('missing', '{0:50/1000*1,5:5/1000*1?2}'),
  ('nobody', '{0:50/1000*1,5:0/0*1}'), ('nobody, no weight', '{0:50/1000*1,5:0/0*0}'), ('no weight', '{0:50/1000*0}'), ('events without weight', '{0:50/1000*0,5:0/10*1}'), ('empty', '{}')) v(what, s),
  direct_rate(s::strata) d;
SELECT i.* FROM (VALUES ('{0:3/1000*0.001}'), ('{0:3/0*0.001}'), ('{0:3/1000*0.001?1}'), ('{}')) v(s), indirect_ratio(s::strata) i;
-- one area, one stratum: the crude rate with its own interval
SELECT d.rate = r.rate AND abs(d.lower - r.lower) < 1e-9 AND abs(d.upper - r.upper) < 1e-9 AS crude FROM direct_rate('{0:40/5000*1}') d, rate_interval(40, 5000) r;
SELECT rate, lower < rate AND upper > rate AS inside FROM direct_rate('{0:1e15/1e15*1,1:1e15/1e15*1}');
SELECT strata_agg(1, NULL, 5, 1), strata_agg(1, 5, NULL, 1);
SELECT strata_agg(1, e, 5, 1), strata_agg(1, e, 5, 1 ORDER BY e DESC) FROM unnest(ARRAY[7, NULL, NULL, 2]) e;
SELECT strata_agg(1, 5, 5, 1) FILTER (WHERE false) IS NULL AS no_rows;
SELECT strata_agg(NULL, 5, 5, 1);
SELECT strata_agg(1, 5, 5, NULL);
SELECT strata_agg(1, 'NaN', 5, 1);
SELECT strata_agg(1, -5, 5, 1);
SELECT strata_agg(1, 5, 'Infinity', 1);
SELECT strata_agg(1, 5, 5, 1) FROM (SELECT 1) a UNION ALL SELECT strata_agg(1, 5, 5, w) FROM unnest(ARRAY[1, 2]) w;
SELECT strata_agg(1, 1e308, 1, 1) FROM generate_series(1, 2);
SELECT direct_rate('{0:40/5000*1}', 100000, 0.95, 'guess');

-- Kitagawa: the parts by their definition; they add up
SELECT k.*, abs(change - (40 / 300.0 - 30 / 200.0) * 1e5) < 1e-9 AS adds_up,
       abs(by_composition - ((100 / 300.0 - 100 / 200.0) * (0.1 + 0.1) / 2 + (200 / 300.0 - 100 / 200.0) * (0.2 + 0.15) / 2) * 1e5) < 1e-9 AS composition
  FROM kitagawa('{1:10/100*1,2:20/100*1}', '{1:10/100*1,2:30/200*1}') k;
SELECT k.* FROM (VALUES ('{1:1/5*1}', '{2:1/5*1}'), ('{1:1/5*1}', '{1:1/0*1}'), ('{1:1/5*1?1}', '{1:1/5*1}'), ('{}', '{}')) v(a, b), kitagawa(a::strata, b::strata) k;
SELECT count(*) AS pairs, count(*) FILTER (WHERE abs(change - ((db.events / db.population) - (da.events / da.population)) * 1000) > 1e-9
                                              OR abs(change - by_rates - by_composition) > 1e-9 OR abs(change + (kitagawa(b, a, 1000)).change) > 1e-9) AS wrong
  FROM (SELECT a.s a, b.s b FROM ward_state a, ward_state b WHERE a.ward < 30) p, kitagawa(a, b, 1000), direct_rate(a) da, direct_rate(b) db;

SELECT s, count(*), sum(weight) FROM unnest(ARRAY['esp2013', 'who2000', 'none']) s LEFT JOIN LATERAL standard_population(s) ON true GROUP BY 1 ORDER BY 1;
