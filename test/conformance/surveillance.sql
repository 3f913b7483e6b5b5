-- Tables for the reference files, and the comparison of each with the detectors.
CREATE EXTENSION pgcivic;
SET search_path = public, civic;
ALTER DATABASE :DBNAME SET search_path = public, civic;

CREATE TABLE series (series_id text, dataset text, freq int, t int, epoch date, observed bigint, population int,
                     PRIMARY KEY (series_id, t));
CREATE TABLE ears (series_id text, t int,
  c1_ub float8, c1_al float8, c2_ub float8, c2_al float8, c3_ub float8, c3_al float8,
  c1_b28_s_ub float8, c1_b28_s_al float8, c2_b14_s_ub float8, c2_b14_s_al float8, c3_b14_s_ub float8, c3_b14_s_al float8);
CREATE TABLE cusum (series_id text, cfg text, t int, m float8, cusum float8, upperbound float8, alarm float8);
CREATE TABLE farrington (series_id text, cfg text, b int, t int, observed bigint, upperbound float8, alarm float8,
  trend float8, pd_q float8, pd_median float8);
CREATE TABLE farrington_flexible (series_id text, cfg text, se_variant text, b int, t int, observed bigint, expected float8,
  upperbound float8, alarm float8, score float8, pvalue float8, phi float8, mu0 float8, trend float8, trend_coef float8);
CREATE TABLE simple (series_id text, cfg text, t int, aggr float8, upperbound float8, alarm float8);

-- What is judged: one detector per file, configuration (with its variant) and series; and the judgements
CREATE TABLE config (file text, cfg text, series_id text, detector civic.detector, use_dates boolean, use_population boolean);
CREATE TABLE judged (file text, cfg text, series_id text, t int, v civic.detection, PRIMARY KEY (file, cfg, series_id, t));
CREATE VIEW ears_long AS
  SELECT series_id, t, cfg, ub, al
    FROM ears, LATERAL (VALUES ('c1', c1_ub, c1_al), ('c2', c2_ub, c2_al), ('c3', c3_ub, c3_al), ('c1_b28_s', c1_b28_s_ub, c1_b28_s_al),
                               ('c2_b14_s', c2_b14_s_ub, c2_b14_s_al), ('c3_b14_s', c3_b14_s_ub, c3_b14_s_al)) AS c (cfg, ub, al)
   WHERE ub IS NOT NULL;

-- One row per point compared: what was not equal, and why if that has a name
CREATE TABLE comparison (part text, series_id text, t int, equal boolean, reason text, detail text);

CREATE FUNCTION same(a float8, b float8, tolerance float8 DEFAULT 5e-12) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN a IS NOT DISTINCT FROM b OR coalesce(abs(a - b) <= tolerance * greatest(abs(a), abs(b), 1e-3), false);
CREATE FUNCTION every(freq int) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN CASE freq WHEN 365 THEN 'day' WHEN 52 THEN 'week' WHEN 12 THEN 'month' END;

-- Every judgement of a detector over a series with numbered periods, and over one with dates where it has them
CREATE FUNCTION judge(id text, d civic.detector, use_dates boolean, use_population boolean)
  RETURNS TABLE (t int, v civic.detection) LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF use_dates AND EXISTS (SELECT FROM series s WHERE s.series_id = id AND s.epoch IS NOT NULL) THEN
    RETURN QUERY SELECT s.t, detect(s.epoch, s.observed, d, CASE WHEN use_population THEN s.population END) OVER (ORDER BY s.epoch)
                   FROM series s WHERE s.series_id = id;
  ELSE
    RETURN QUERY SELECT s.t, detect(s.t, s.observed, d, CASE WHEN use_population THEN s.population END) OVER (ORDER BY s.t)
                   FROM series s WHERE s.series_id = id;
  END IF;
END $$;

-- ---- what the configurations of params.csv are called here ----
CREATE PROCEDURE make_config() LANGUAGE sql AS $$
WITH s AS (SELECT series_id, freq, every(freq) AS every, count(*) AS n FROM series GROUP BY 1, 2)
INSERT INTO config
SELECT 'ears', cfg, series_id, detector::detector, false, false
  FROM s, (VALUES ('c1', 'ears_c1'), ('c2', 'ears_c2'), ('c3', 'ears_c3'),
                  ('c1_b28_s', 'ears_c1(baseline=28, min_sigma=0.5, alpha=0.01)'),
                  ('c2_b14_s', 'ears_c2(baseline=14, min_sigma=1)'),
                  ('c3_b14_s', 'ears_c3(baseline=14, min_sigma=1)')) AS c (cfg, detector)
UNION ALL  -- learnt from the first half, never reset
SELECT 'cusum', cfg, series_id,
       format('cusum(every=%s, transform=%s, harmonic=%s, train=%s, reset=false)', every, transform, cfg = 'cs_rossi_glm', n / 2)::detector,
       false, false
  FROM s, (VALUES ('cs_standard', 'standard'), ('cs_rossi', 'rossi'), ('cs_rossi_glm', 'rossi'), ('cs_anscombe', 'anscombe')) AS c (cfg, transform)
UNION ALL
SELECT 'farrington', cfg, series_id, format('farrington(every=%s, years=%s, %s)', every, b, detector)::detector, true, false
  FROM s JOIN (SELECT DISTINCT series_id, b FROM farrington) f USING (series_id),
       (VALUES ('fc_std', 'window=3, alpha=0.01'),
               ('fc_none', 'window=2, reweight=0, trend_p=0, alpha=0.05, min_cases=0, power=none'),
               ('fc_half', 'window=4, alpha=0.05, power=1/2')) AS c (cfg, detector)
UNION ALL
SELECT 'farrington_flexible', cfg || '.' || se_variant, series_id,
       format('farrington_flexible(every=%s, years=%s, se=%s, %s, %s)', every, b, se_variant,
              CASE WHEN cfg = 'ff_default' THEN 'window=3, exclude=3, seasons=1'
                   WHEN freq = 12 THEN 'window=1, seasons=4, exclude=6' ELSE 'window=3, seasons=10, exclude=26' END,
              detector)::detector, true, cfg = 'ff_noufaily_pop'
  FROM s JOIN (SELECT DISTINCT series_id, b, se_variant, cfg FROM farrington_flexible) f USING (series_id)
         JOIN (VALUES ('ff_default', 'trend_p=0.05, bound=delta, alpha=0.05'), ('ff_noufaily', 'alpha=0.005'),
                      ('ff_noufaily_pop', 'alpha=0.005, population=true'), ('ff_muan', 'bound=muan, alpha=0.01'),
                      ('ff_delta10', 'bound=delta, alpha=0.1')) AS c (cfg, detector) USING (cfg)
UNION ALL
SELECT 'simple', cfg, series_id, format('%s, every=%s)', detector, every)::detector, false, false
  FROM s, (VALUES ('bayes1', 'bayes(years=0, window=6, current_year=true'), ('bayes2', 'bayes(years=1, window=6, current_year=true'),
                  ('bayes3', 'bayes(years=2, window=4, current_year=false'), ('rki1', 'rki(years=0, window=6, current_year=true'),
                  ('rki2', 'rki(years=1, window=6, current_year=true'), ('rki3', 'rki(years=2, window=4, current_year=false'),
                  ('cdc', 'historical_limits(years=3')) AS c (cfg, detector)
$$;

CREATE PROCEDURE judge_all() LANGUAGE sql AS $$
  INSERT INTO judged SELECT file, cfg, series_id, j.t, j.v FROM config, judge(series_id, detector, use_dates, use_population) AS j
$$;

CREATE PROCEDURE compare_ears() LANGUAGE sql AS $$
INSERT INTO comparison
SELECT 'ears.' || cfg, series_id, t,
       same(upper_bound(v), ub) AND alarm(v) IS NOT DISTINCT FROM (al = 1),
       CASE WHEN ub = 'NaN' AND reason(v) = 'no_variation' THEN 'NaN where the standard deviation is 0' END,
       format('package %s %s, ours %s', ub, al, v)
  FROM ears_long JOIN judged j USING (cfg, series_id, t)
 WHERE j.file = 'ears'
$$;

CREATE PROCEDURE compare_cusum() LANGUAGE sql AS $$
INSERT INTO comparison
SELECT 'cusum.' || cfg, series_id, t,
       same(expected(v), m) AND abs(score(v) * 2.26 - c.cusum) <= 5e-12 * greatest(1, c.cusum)
       AND alarm(v) IS NOT DISTINCT FROM (c.alarm = 1)
       -- a bound within rounding of a whole number may be taken for either
       AND (upper_bound(v) = greatest(-1, ceil(upperbound) - 1)
            OR (same(upperbound, round(upperbound)) AND abs(upper_bound(v) - round(upperbound) + 0.5) < 1)
            OR (upper_bound(v) = -1 AND upperbound = 0)),
       CASE WHEN (m = 0 OR m < 1e-9) AND reason(v) = 'zero_baseline' THEN 'NaN or rounding error where the in-control mean is 0'
            WHEN cfg = 'cs_rossi_glm' AND reason(v) = 'not_converged' THEN 'the fit of the yearly wave does not settle'
            WHEN cfg = 'cs_rossi_glm' AND m < 1e-3 AND abs(score(v) * 2.26 - c.cusum) <= 1e-8 * c.cusum
            THEN 'a mean near zero magnifies rounding (equal within 1e-8)'
            WHEN cfg LIKE 'cs_rossi%' AND upper_bound(v) = -1 AND upperbound > 0
                 AND abs(score(v) * 2.26 - c.cusum) <= 5e-12 * greatest(1, c.cusum) AND alarm(v) = (c.alarm = 1)
            THEN 'the Rossi bound squares a negative root' END,
       format('package %s %s %s %s, ours %s', m, c.cusum, upperbound, c.alarm, v)
  FROM cusum c JOIN judged j USING (cfg, series_id, t)
 WHERE j.file = 'cusum'
$$;

CREATE PROCEDURE compare_farrington() LANGUAGE sql AS $$
INSERT INTO comparison
SELECT 'farrington.' || cfg, series_id, t,
       CASE WHEN reason(v) = 'few_cases' THEN upperbound = 0 AND f.alarm = 0
            ELSE same(upper_bound(v), upperbound) AND alarm(v) IS NOT DISTINCT FROM (f.alarm = 1)
                 AND (trend(v) IS NOT NULL) = (f.trend = 1) AND same(p_value(v), 1 - pd_q, 1e-10)
                 AND same(expected(v), pd_median) END,
       CASE WHEN reason(v) = 'zero_baseline' THEN 'all-zero baseline' END,
       format('package %s %s trend %s q %s median %s, ours %s', upperbound, f.alarm, f.trend, pd_q, pd_median, v)
  FROM farrington f JOIN judged j USING (cfg, series_id, t)
 WHERE j.file = 'farrington'
$$;

CREATE PROCEDURE compare_farrington_flexible() LANGUAGE sql AS $$
WITH both_sides AS (
  SELECT f.*, j.v, f.cfg LIKE 'ff_noufaily%' AS plugin, f.cfg IN ('ff_default', 'ff_delta10') AS delta
    FROM farrington_flexible f
    JOIN judged j ON j.file = 'farrington_flexible' AND j.cfg = f.cfg || '.' || se_variant AND j.series_id = f.series_id AND j.t = f.t)
INSERT INTO comparison
SELECT 'farrington_flexible.' || cfg || '.' || se_variant, series_id, t,
       CASE WHEN reason(v) IN ('few_cases') THEN upperbound IS NULL AND coalesce(f.alarm, 0) = 0
            ELSE same(expected(v), f.expected) AND same(upper_bound(v), upperbound)
                 AND alarm(v) IS NOT DISTINCT FROM (f.alarm = 1) AND (trend(v) IS NOT NULL) = (f.trend = 1)
                 AND (delta OR same(spread(v), phi))
                 AND (NOT plugin OR same(expected(v), mu0))
                 -- bound and score of the package are made with the log of the mean
                 AND same(CASE WHEN delta THEN score(v) ELSE (observed(v) - ln(expected(v))) / (upper_bound(v) - ln(expected(v))) END,
                          f.score, 5e-10)
                 AND (cfg = 'ff_muan' OR same(p_value(v), pvalue, 5e-10)) END,
       CASE WHEN reason(v) = 'zero_baseline' THEN 'all-zero baseline'
            WHEN f.cfg = 'ff_muan' AND reason(v) = 'not_converged' AND (mu0 > 1e15 OR f.expected IS NULL)
            THEN 'upper limit of the mean beyond every count (its standard error is huge)' END,
       format('package mean %s bound %s alarm %s score %s p %s phi %s mu0 %s trend %s, ours %s',
              f.expected, upperbound, f.alarm, f.score, pvalue, phi, mu0, f.trend, v)
  FROM both_sides f
$$;

CREATE PROCEDURE compare_simple() LANGUAGE sql AS $$
INSERT INTO comparison
SELECT 'simple.' || cfg, series_id, t,
       same(upper_bound(v), upperbound) AND alarm(v) IS NOT DISTINCT FROM (s.alarm = 1)
       AND (cfg <> 'cdc' OR observed(v) = aggr),
       NULL,
       format('package %s %s %s, ours %s', aggr, upperbound, s.alarm, v)
  FROM simple s JOIN judged j USING (cfg, series_id, t)
 WHERE j.file = 'simple'
$$;

CREATE VIEW report AS
  SELECT line FROM (
    SELECT part, 1 AS kind, format('surveillance %s %s/%s', part, count(*) FILTER (WHERE equal), count(*)) AS line
      FROM comparison GROUP BY part
    UNION ALL
    SELECT part, 2, format('    %s differ: %s', count(*), coalesce(reason, 'NO NAMED REASON, for example ' || min(series_id || ' ' || t || ': ' || detail)))
      FROM comparison WHERE NOT equal GROUP BY part, reason) AS r
  ORDER BY part, kind, line;
