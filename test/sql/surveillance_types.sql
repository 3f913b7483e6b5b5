-- series, detector and detection: forms, order, limits, errors
SET search_path = civic, public;
SET datestyle = 'ISO';

-- ---- series ----
SELECT '{}'::series, '{1=5, 2=, 3=7/12000,4=-2}'::series, '{2024-02-29=1,2024-03-01=/500}'::series;
SELECT * FROM series_points('{2024-02-29=1,2024-03-01=/500}');
SELECT * FROM series_points('{-3=1,7=,8=1000000000000000/2147483647}');
-- rows in any order; equal periods add up; a missing count adds nothing; the largest population stands
SELECT series_agg(t, y, p) FROM (VALUES (3, 5, 100), (1, 2, NULL), (3, -2, 90), (2, NULL, NULL), (1, NULL, 10)) AS r (t, y, p);
SELECT series_agg(d, y) FROM (VALUES (date '2024-01-02', 5), ('2024-01-01', NULL)) AS r (d, y);
SELECT series_agg(t, y) IS NULL AS no_rows FROM (SELECT 1 AS t, 1 AS y WHERE false) r;
SELECT series_union(s) FROM (VALUES ('{2=1}'::series), (NULL), ('{1=4,2=3}'), ('{}')) AS r (s);
SELECT series_union('{1=1}', '{1=2,5=}'), series_since('{1=1,2=2,3=3}', 2), series_since('{2024-01-01=1,2024-01-02=2}', date '2024-01-02'),
       series_since('{1=1}', 9);
-- round trips, text and binary
SELECT bool_and(s = (s::text)::series) AS text_form FROM (SELECT series_agg(t, CASE WHEN t % 5 > 0 THEN t * t END::bigint, abs(t) % 3) AS s
  FROM generate_series(-50, 50) AS t) r;
CREATE TEMP TABLE stored (s series, d detector, v detection);
INSERT INTO stored
  SELECT series_agg(date '2024-01-01' + t, (t * 7 % 5)::bigint), detector 'cusum(h=3.5)', detect(series_agg(t, (t * 7 % 5)::bigint), 'ears_c1') FROM generate_series(1, 100) AS t
  UNION ALL SELECT '{}', detector 'auto', detect('{}'::series, 'auto');
\set copy `echo "${TMPDIR:-/tmp}/civic_surveillance_$$.bin"`
COPY stored TO :'copy' (FORMAT binary);
CREATE TEMP TABLE stored_again (LIKE stored);
COPY stored_again FROM :'copy' (FORMAT binary);
\! rm -f ${TMPDIR:-/tmp}/civic_surveillance_*.bin
SELECT count(*) AS equal FROM stored JOIN stored_again USING (s, d, v);
-- what is not a series
SELECT '{1=5,1=6}'::series;
SELECT '{2=5,1=6}'::series;
SELECT '{2023-02-29=5}'::series;
SELECT '{1=5'::series;
SELECT '{1=x}'::series;
SELECT '{1=5,2024-01-01=5}'::series;
SELECT '{1=1000000000000001}'::series;
SELECT '{2147483648=1}'::series;
SELECT series_agg(NULL::int, 1);
SELECT series_agg(1, 1000000000000001);
SELECT series_agg(1, y) FROM (VALUES (1000000000000000), (1)) AS r (y);
SELECT series_agg(1, 1, -5);
SELECT series_agg(date 'infinity', 1);
SELECT series_union('{1=1}', '{2024-01-01=1}');
SELECT series_since('{1=1}', date '2024-01-01');
\set VERBOSITY sqlstate
SELECT series_agg(1, 'NaN'::float8::bigint);
SELECT series_agg(1, 'infinity'::float8::bigint);
\set VERBOSITY default

-- ---- detector ----
SELECT d::detector FROM (VALUES ('ears_c2'), (' ears_c2 ( ) '), ('ears_c2(baseline=7)'), ('ears_c2(min_sigma=0.50, baseline = 14)'),
  ('farrington_flexible(population=on,power=1/2,se=package)'), ('ears_c1(alpha=1e-3)'), ('nb_window(day_of_week=f)'), ('cusum(mean=0.0e-3)')) AS r (d);
SELECT 'ears_c2(baseline=7)'::detector = 'ears_c2' AS defaults_left_out, count(*) > 60 AS catalogue FROM detectors();
SELECT parameter, default_value, allowed FROM detectors() WHERE method = 'farrington_flexible';
SELECT ''::detector;
SELECT 'ears'::detector;
SELECT 'ears_c2(window=3)'::detector;
SELECT 'ears_c2(baseline)'::detector;
SELECT 'ears_c2(baseline=7.5)'::detector;
SELECT 'ears_c2(alpha=nan)'::detector;
SELECT 'ears_c2(alpha=0.6)'::detector;
SELECT 'ears_c2(baseline=7'::detector;
SELECT 'ears_c2(baseline=7) or so'::detector;
SELECT 'farrington_flexible(bound=gamma)'::detector;
SELECT 'farrington(years=0)'::detector;
SELECT 'bayes(current_year=false)'::detector;
SELECT 'farrington_flexible(every=month)'::detector;
SELECT 'nb_window(baseline=10)'::detector;
SELECT ('ears_c2' || repeat(' ', 993))::detector AS as_long_as_may_be;
SELECT ('ears_c2' || repeat(' ', 994))::detector;
SELECT 'farrington(every=month, window=12)'::detector AS a_whole_year;
SELECT 'farrington(every=month, window=13)'::detector;

-- ---- detection ----
SELECT v, v = v::text::detection AS again, alarm(v), observed(v), expected(v), upper_bound(v), score(v), reason(v), method(v), spread(v), trend(v), p_value(v)
  FROM (VALUES ('(ears_c2,alarm,9,4,7.5,1.4,1.1,,normal)'::detection), ('(nb_window,few_cases,3,,,,,,none)'), ('(nb_window,quiet,3,3,9,0,1,,count)')) AS r (v);
SELECT '(ears_c2,alarm,9,4)'::detection;
SELECT '(ears_c2,alarm,9,4,,,,,normal)'::detection;
SELECT '(ears_c2,gap_in_baseline,9,4,5,,,,normal)'::detection;
SELECT '(ears_c2,quiet,1,1,infinity,,,,normal)'::detection;
SELECT '(ears_c2,loud,9,4,7.5,1.4,1.1,,normal)'::detection;
-- alarms sort last, the highest score at the end; hash and btree agree with equality
SELECT v FROM (VALUES ('(ears_c2,alarm,9,4,7.5,1.4,1.1,,normal)'::detection), ('(ears_c2,quiet,3,4,7.5,-0.3,1.1,,normal)'),
  ('(ears_c2,alarm,20,4,7.5,4.6,1.1,,normal)')) AS r (v) ORDER BY v;

-- every operator class fits its type, and equality, order and hash agree on all pairs
-- binary: method, reason, family and alarm are numbers of what there is, and none is the next one
CREATE FUNCTION taken(of_value bytea, file text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  of_file oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00'::bytea || int8send(0) || int2send(1::int2) || int4send(length(of_value)) || of_value || int2send(-1::int2));
BEGIN
  PERFORM lo_export(of_file, file);
  PERFORM lo_unlink(of_file);
  EXECUTE format('COPY taken FROM %L (FORMAT binary)', file);
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN false;
END $$;
CREATE TEMP TABLE taken (v detection);
\set copy `echo "${TMPDIR:-/tmp}/civic_surveillance_$$.bin"`
SELECT field, array_agg(n ORDER BY n) FILTER (WHERE taken(set_byte(b, length(b) - 52 + at, n), :'copy')) AS taken
  FROM (VALUES ('method', 0, '(ears_c2,quiet,9,4,7.5,1.4,1.1,,normal)'), ('reason', 1, '(ears_c2,few_cases,3,,,,,,none)'), ('family', 2, '(ears_c2,quiet,9,4,7.5,1.4,1.1,,normal)'), ('alarm', 3, '(ears_c2,quiet,9,4,7.5,1.4,1.1,,normal)')) AS f (field, at, written),
       LATERAL detection_send(written::detection) AS b, generate_series(0, 24) AS n GROUP BY field, at ORDER BY at;
SELECT DISTINCT method(v) FROM taken ORDER BY 1;
SELECT count(DISTINCT reason(v)) AS reasons FROM taken;
\! rm -f ${TMPDIR:-/tmp}/civic_surveillance_*.bin
DROP FUNCTION taken;
SELECT opcname, amvalidate(oid) FROM pg_opclass WHERE opcname IN ('series_ops', 'detector_ops', 'detection_ops') ORDER BY 1, opcmethod;
CREATE TEMP TABLE pair AS SELECT a.s, a.d, a.v, b.s AS s2, b.d AS d2, b.v AS v2 FROM stored a, stored_again b;
SELECT bool_and((s = s2) = (series_cmp(s, s2) = 0) AND (s < s2) = (s2 > s) AND (s <= s2) = (NOT s > s2) AND (s <> s2 OR series_hash(s) = series_hash(s2))) AS series,
       bool_and((d = d2) = (detector_cmp(d, d2) = 0) AND (d < d2) = (d2 > d) AND (d <> d2 OR detector_hash(d) = detector_hash(d2))) AS detector,
       bool_and((v = v2) = (detection_cmp(v, v2) = 0) AND (v < v2) = (v2 > v) AND (v <= v2) = (NOT v > v2) AND (v <> v2 OR detection_hash(v) = detection_hash(v2))) AS detection
  FROM pair;
-- what is written is read again, to the ends of the range
SELECT s, s = s::text::series AS again FROM (SELECT series_agg(t, 1::bigint) AS s FROM unnest(ARRAY[-2147483648, 2147483647]) AS t) AS ends;
SELECT '{-2147483649=1}'::series;
SELECT '{2147483648=1}'::series;
-- a count that no series may have is not taken for a missing one
SELECT series_agg('2024-01-01'::date, -9223372036854775808);
SELECT series_agg(1, -9223372036854775808);
SELECT detect(1, -9223372036854775808, 'case_threshold') OVER ();
-- an observed count fits a bigint
SELECT observed('(ears_c1,alarm,1e203,1,2,3,1,,normal)');
SELECT observed('(ears_c1,alarm,9.5,1,2,3,1,,normal)');
SELECT observed('(ears_c1,alarm,1e15,1,2,3,1,,normal)');
