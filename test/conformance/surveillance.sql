-- Tables for the reference files, and the comparison of each with the detectors.
CREATE EXTENSION pgcivic;
SET search_path = public, civic;
ALTER DATABASE :DBNAME SET search_path = public, civic;

-- Whole numbers are read as float8: R writes 100000 as 1e+05.
CREATE TABLE series (series_id text, dataset text, freq int, t float8, epoch date, observed float8, population float8,
                     PRIMARY KEY (series_id, t));
CREATE TABLE params (family text, cfg text, params text);
CREATE TABLE cusum (series_id text, cfg text, t float8, m float8, cusum float8, upperbound float8, alarm float8);
CREATE TABLE farrington (series_id text, cfg text, b int, t float8, observed float8, upperbound float8, alarm float8,
  trend float8, pd_q float8, pd_median float8);
CREATE TABLE farrington_flexible (series_id text, cfg text, se_variant text, b int, t float8, observed float8, expected float8,
  upperbound float8, alarm float8, score float8, pvalue float8, phi float8, mu0 float8, trend float8, trend_coef float8);
CREATE TABLE simple (series_id text, cfg text, t float8, aggr float8, upperbound float8, alarm float8);

-- What is judged: one detector per file, configuration (with its variant) and series; and the judgements
CREATE TABLE config (file text, cfg text, series_id text, params text, detector civic.detector, use_dates boolean, use_population boolean);
CREATE TABLE judged (file text, cfg text, series_id text, t float8, v civic.detection, PRIMARY KEY (file, cfg, series_id, t));

-- One row per point compared: what was not equal, and why if that has a name
CREATE TABLE comparison (part text, series_id text, t float8, equal boolean NOT NULL, reason text, detail text);

CREATE FUNCTION same(a float8, b float8, tolerance float8 DEFAULT 5e-12) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN a IS NOT DISTINCT FROM b OR coalesce(abs(a - b) <= tolerance * greatest(abs(a), abs(b), 1e-3), false);
CREATE FUNCTION every(freq int) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN CASE freq WHEN 365 THEN 'day' WHEN 52 THEN 'week' WHEN 12 THEN 'month' END;
-- One of the control parameters of a configuration, or what the package takes without it
CREATE FUNCTION control(params text, name text, otherwise text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN coalesce(substring(';' || params FROM ';' || name || '=([^;]*)'), otherwise);

-- Every judgement of a detector over a series with numbered periods, and over one with dates where it has them
CREATE FUNCTION judge(id text, d civic.detector, use_dates boolean, use_population boolean)
  RETURNS TABLE (t float8, v civic.detection) LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF use_dates AND EXISTS (SELECT FROM series s WHERE s.series_id = id AND s.epoch IS NOT NULL) THEN
    RETURN QUERY SELECT s.t, detect(s.epoch, s.observed::bigint, d, CASE WHEN use_population THEN s.population::integer END) OVER (ORDER BY s.epoch)
                   FROM series s WHERE s.series_id = id;
  ELSE
    RETURN QUERY SELECT s.t, detect(s.t::integer, s.observed::bigint, d, CASE WHEN use_population THEN s.population::integer END) OVER (ORDER BY s.t)
                   FROM series s WHERE s.series_id = id;
  END IF;
END $$;

-- ---- what the configurations of params.csv are called here ----
CREATE PROCEDURE make_config() LANGUAGE sql AS $$
WITH s AS (SELECT series_id, freq, every(freq) AS every, count(*) AS n FROM series GROUP BY 1, 2)
INSERT INTO config
SELECT 'ears', cfg, series_id, params,
       format('ears_%s(baseline=%s, min_sigma=%s, alpha=%s)', lower(control(params, 'method', 'C1')), control(params, 'baseline', '7'), control(params, 'minSigma', '0'),
              control(params, 'alpha', CASE control(params, 'method', 'C1') WHEN 'C3' THEN '0.025' ELSE '0.001' END))::detector, false, false
  FROM s, params WHERE family = 'earsC'
UNION ALL  -- learnt from the first half, never reset
SELECT 'cusum', cfg, series_id, params,
       format('cusum(every=%s, k=%s, h=%s, transform=%s, harmonic=%s, train=%s, reset=false)', every, control(params, 'k', '1.04'), control(params, 'h', '2.26'),
              control(params, 'trans', 'standard'), control(params, 'm', '') = 'glm', n / 2)::detector, false, false
  FROM s, params WHERE family = 'algo.cusum' AND n >= 4
UNION ALL
SELECT 'farrington', cfg, series_id, params,
       format('farrington(every=%s, years=%s, window=%s, reweight=%s, trend_p=%s, alpha=%s, min_cases=%s, min_periods=%s, power=%s)', every, b,
              control(params, 'w', '3'), CASE control(params, 'reweight', 'TRUE') WHEN 'TRUE' THEN 1 ELSE 0 END, CASE control(params, 'trend', 'TRUE') WHEN 'TRUE' THEN 0.05 ELSE 0 END,
              control(params, 'alpha', '0.05'), split_part(control(params, 'limit54', '5|4'), '|', 1), split_part(control(params, 'limit54', '5|4'), '|', 2),
              control(params, 'powertrans', '2/3'))::detector, true, false
  FROM s JOIN (SELECT DISTINCT series_id, cfg, b FROM farrington) f USING (series_id) JOIN params USING (cfg) WHERE family = 'algo.farrington'
UNION ALL
SELECT 'farrington_flexible', f.cfg || '.' || se_variant, series_id, params,
       format('farrington_flexible(every=%s, years=%s, se=%s, window=%s, exclude=%s, seasons=%s, reweight=%s, trend_p=%s, bound=%s, alpha=%s, min_cases=%s, min_periods=%s, power=%s, population=%s)',
              every, b, se_variant, w, CASE WHEN months THEN '6' ELSE control(params, 'pastWeeksNotIncluded', w) END, CASE WHEN months THEN '4' ELSE control(params, 'noPeriods', '1') END,
              CASE control(params, 'reweight', 'TRUE') WHEN 'TRUE' THEN control(params, 'weightsThreshold', '2.58') ELSE '0' END,
              CASE control(params, 'trend', 'TRUE') WHEN 'TRUE' THEN control(params, 'pThresholdTrend', '0.05') ELSE '0' END,
              CASE control(params, 'thresholdMethod', 'delta') WHEN 'nbPlugin' THEN 'negbin' ELSE control(params, 'thresholdMethod', 'delta') END,
              control(params, 'alpha', '0.05'), split_part(control(params, 'limit54', '5|4'), '|', 1), split_part(control(params, 'limit54', '5|4'), '|', 2),
              control(params, 'powertrans', '2/3'), f.cfg LIKE '%\_pop')::detector, true, f.cfg LIKE '%\_pop'
  FROM s JOIN (SELECT DISTINCT series_id, b, se_variant, cfg FROM farrington_flexible) f USING (series_id)
         -- "_pop" is the configuration of that name with the population as offset
         JOIN params p ON p.family = 'farringtonFlexible' AND p.cfg = regexp_replace(f.cfg, '_pop$', ''),
       -- Of months the files of 10 seasons and 26 periods have 4 and 6 (README).
       LATERAL (SELECT freq = 12 AND control(params, 'noPeriods', '1') <> '1' AS months) AS m,
       LATERAL (SELECT CASE WHEN months THEN '1' ELSE control(params, 'w', '3') END AS w) AS q
UNION ALL
SELECT 'simple', cfg, series_id, '', format('%s, every=%s)', detector, every)::detector, false, false
  FROM s, (VALUES ('bayes1', 'bayes(years=0, window=6, current_year=true'), ('bayes2', 'bayes(years=1, window=6, current_year=true'),
                  ('bayes3', 'bayes(years=2, window=4, current_year=false'), ('rki1', 'rki(years=0, window=6, current_year=true'),
                  ('rki2', 'rki(years=1, window=6, current_year=true'), ('rki3', 'rki(years=2, window=4, current_year=false'),
                  ('cdc', 'historical_limits(years=3')) AS c (cfg, detector)
$$;

CREATE PROCEDURE judge_all() LANGUAGE sql AS $$
  INSERT INTO judged SELECT file, cfg, series_id, j.t, j.v FROM config, judge(series_id, detector, use_dates, use_population) AS j
$$;

-- ---- reasons to differ, all of them decided from the series or from what the package printed ----

-- Is a period without a count among those from "from_t" to "to_t"?
CREATE FUNCTION unreported(id text, from_t float8, to_t float8) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (SELECT FROM series s WHERE s.series_id = id AND s.t BETWEEN from_t AND to_t AND s.observed IS NULL);
-- The package judges a period that was not reported, and gives NA where one is missing that it looks back on.
CREATE FUNCTION unreported_reason(id text, at_t float8, v civic.detection, ub float8) RETURNS text LANGUAGE sql STABLE
  RETURN CASE WHEN reason(v) = 'not_reported' AND unreported(id, at_t, at_t) THEN 'the judged period itself was not reported'
              WHEN (ub IS NULL OR ub = 'NaN') AND unreported(id, 1, at_t) THEN 'NA in the package where a period before was not reported' END;

-- EARS C3 divides by the deviation of the windows one and two periods before: 0/0, or infinity times a deviation of 0 of its own
CREATE FUNCTION c3_not_a_number(baseline int) RETURNS TABLE (series_id text, t float8) LANGUAGE sql STABLE AS $$
  WITH w AS (
    SELECT s.series_id, s.t, min(observed) OVER o = max(observed) OVER o AS constant, observed > max(observed) OVER o AS above, observed = max(observed) OVER o AS on_it
      FROM series s WINDOW o AS (PARTITION BY s.series_id ORDER BY s.t ROWS BETWEEN baseline + 2 PRECEDING AND 3 PRECEDING)),
  z AS (SELECT w.*, constant AND on_it AS nothing, constant AND above AS infinite FROM w)
  SELECT q.series_id, q.t FROM (
    SELECT z.*, lag(nothing) OVER o OR lag(nothing, 2) OVER o AS nothing_before, lag(infinite) OVER o OR lag(infinite, 2) OVER o AS infinite_before
      FROM z WINDOW o AS (PARTITION BY z.series_id ORDER BY z.t)) AS q
   WHERE nothing_before OR (infinite_before AND constant)
$$;

-- The periods that Farrington's windows are around: the same one of each past year, of dates the nearest
CREATE FUNCTION same_period(id text, at_t float8, years int) RETURNS float8 LANGUAGE sql STABLE
  RETURN (SELECT CASE WHEN s.epoch IS NULL THEN s.t - s.freq * years
                      ELSE (SELECT p.t FROM series p WHERE p.series_id = id ORDER BY abs(p.epoch - (s.epoch - make_interval(years => years))::date), p.t LIMIT 1) END
            FROM series s WHERE s.series_id = id AND s.t = at_t);
-- The counts that a Farrington model sees: those of the windows, or all up to the excluded last ones
CREATE FUNCTION model_counts(id text, at_t float8, years int, w int, excluded int, OUT lowest float8, OUT highest float8, OUT zeros float8) LANGUAGE sql STABLE AS $$
  SELECT min(observed), max(observed), avg((observed = 0)::int)
    FROM series s, (SELECT array_agg(same_period(id, at_t, i)) AS same FROM generate_series(1, years) AS i) AS y
   WHERE s.series_id = id AND CASE WHEN excluded IS NULL THEN EXISTS (SELECT FROM unnest(y.same) AS u WHERE abs(s.t - u) <= w)
                                   ELSE s.t BETWEEN y.same[years] - w AND at_t - excluded - 1 END
$$;

-- A yearly wave has no maximum likelihood when all cases lie at one or two seasons: it can pass through these and be nothing elsewhere.
CREATE VIEW training AS
  SELECT series_id, count(DISTINCT t::integer % freq) FILTER (WHERE observed > 0) AS seasons_with_cases, sum(observed) AS cases
    FROM (SELECT s.*, count(*) OVER (PARTITION BY series_id) AS n FROM series s) AS s WHERE t <= n / 2 GROUP BY series_id;

-- ---- the comparisons ----
CREATE PROCEDURE compare_ears() LANGUAGE sql AS $$
WITH long AS (
  SELECT series_id, t::float8 AS t, left(c.key, -3) AS cfg, c.value::float8 AS ub, (to_jsonb(e) ->> (left(c.key, -3) || '_al'))::float8 AS al
    FROM ears e, jsonb_each_text(to_jsonb(e)) AS c WHERE c.key LIKE '%\_ub'),
undefined AS (
  SELECT b.cfg, n.*
    FROM (SELECT DISTINCT cfg, control(c.params, 'baseline', '7')::int AS baseline FROM config c
           WHERE file = 'ears' AND control(c.params, 'method', 'C1') = 'C3' AND control(c.params, 'minSigma', '0')::float8 = 0) AS b,
         c3_not_a_number(b.baseline) AS n),
paired AS (
  SELECT l.*, j.v, c.series_id IS NOT NULL AS known, control(c.params, 'baseline', '7')::int + CASE control(c.params, 'method', 'C1') WHEN 'C1' THEN 1 WHEN 'C2' THEN 3 ELSE 5 END AS first_t
    FROM long l LEFT JOIN config c ON c.file = 'ears' AND c.cfg = l.cfg AND c.series_id = l.series_id
    LEFT JOIN judged j ON j.file = 'ears' AND j.cfg = l.cfg AND j.series_id = l.series_id AND j.t = l.t)
INSERT INTO comparison
SELECT 'ears.' || p.cfg, p.series_id, p.t,
       known AND same(upper_bound(v), ub) AND alarm(v) IS NOT DISTINCT FROM (al = 1),
       coalesce(CASE WHEN ub = 'NaN' AND u.t IS NOT NULL AND reason(v) = 'no_variation' THEN 'NaN where the standard deviation is 0' END,
                unreported_reason(p.series_id, p.t, v, ub)),
       format('package %s %s, ours %s', ub, al, v)
  FROM paired p LEFT JOIN undefined u ON u.cfg = p.cfg AND u.series_id = p.series_id AND u.t = p.t
 WHERE ub IS NOT NULL OR p.t >= first_t
$$;

CREATE PROCEDURE compare_cusum() LANGUAGE sql AS $$
WITH paired AS (
  SELECT c.*, j.v, control(f.params, 'trans', 'standard') = 'rossi' AS rossi, control(f.params, 'm', '') = 'glm' AS wave, control(f.params, 'h', '2.26')::float8 AS h,
         control(f.params, 'h', '2.26')::float8 + control(f.params, 'k', '1.04')::float8
         - coalesce(CASE WHEN lag(c.t) OVER w = c.t - 1 THEN lag(c.cusum) OVER w END, score(b.v) * control(f.params, 'h', '2.26')::float8, 0) AS lacks, g.seasons_with_cases, g.cases
    FROM cusum c JOIN training g USING (series_id)
    LEFT JOIN config f ON f.file = 'cusum' AND f.cfg = c.cfg AND f.series_id = c.series_id
    LEFT JOIN judged j ON j.file = 'cusum' AND j.cfg = c.cfg AND j.series_id = c.series_id AND j.t = c.t
    -- the sum before, ours where the file leaves it out
    LEFT JOIN judged b ON b.file = 'cusum' AND b.cfg = c.cfg AND b.series_id = c.series_id AND b.t = c.t - 1
  WINDOW w AS (PARTITION BY c.series_id, c.cfg ORDER BY c.t)),
found AS (
  SELECT p.*, score(v) * h AS level, same(expected(v), m) AND alarm(v) IS NOT DISTINCT FROM (alarm = 1) AS same_verdict,
         -- a deviate is the difference of numbers of the size of the root of the mean
         abs(score(v) * h - cusum) <= 5e-12 * greatest(1, cusum, sqrt(m)) AS same_level,
         -- a bound within rounding of a whole number may be taken for either
         upper_bound(v) = greatest(-1, ceil(upperbound) - 1)
         OR (same(upperbound, round(upperbound::numeric)::float8) AND abs(upper_bound(v) - round(upperbound::numeric)::float8 + 0.5) < 1)
         OR (upper_bound(v) = -1 AND upperbound = 0) AS same_bound,
         -- the root of the bound, of which the package squares also a negative one
         rossi AND m > 0 AND 4 * m + 2 * sqrt(m) * lacks > 0 AND sqrt(greatest(0, 4 * m + 2 * sqrt(m) * lacks)) < sqrt(m) AS negative_root
    FROM paired p)
INSERT INTO comparison
SELECT 'cusum.' || cfg, series_id, t,
       coalesce(same_verdict AND same_bound AND same_level, false),
       CASE WHEN reason(v) = 'zero_baseline' AND cases = 0 THEN 'NaN or rounding error where the in-control mean is 0'
            WHEN wave AND reason(v) = 'not_converged' AND seasons_with_cases <= 2 THEN 'the fit of the yearly wave does not settle'
            WHEN wave AND rossi AND m < 1e-12 AND coalesce(expected(v), 0) < 1e-12
            THEN 'the fitted mean is nothing but rounding (below 1e-12), and a Rossi deviate divides by its root'
            WHEN wave AND m < 1e-3 AND same_verdict AND (same_bound OR negative_root) AND abs(level - cusum) <= 1e-8 * cusum
            THEN 'a mean near zero magnifies rounding (equal within 1e-8)'
            WHEN negative_root AND upper_bound(v) = -1 AND same_verdict AND same_level THEN 'the Rossi bound squares a negative root'
            ELSE unreported_reason(series_id, t, v, cusum) END,
       format('package %s %s %s %s, ours %s', m, cusum, upperbound, alarm, v)
  FROM found
$$;

CREATE PROCEDURE compare_farrington() LANGUAGE sql AS $$
WITH paired AS (
  SELECT f.*, j.v, same(expected(v), pd_median) AS same_mean, alarm(v) IS NOT DISTINCT FROM (f.alarm = 1) AS same_alarm, control(c.params, 'w', '3')::int AS w
    FROM farrington f LEFT JOIN config c ON c.file = 'farrington' AND c.cfg = f.cfg AND c.series_id = f.series_id
    LEFT JOIN judged j ON j.file = 'farrington' AND j.cfg = f.cfg AND j.series_id = f.series_id AND j.t = f.t),
found AS (
  SELECT p.*, coalesce(CASE WHEN reason(v) = 'few_cases' THEN upperbound = 0 AND p.alarm = 0
                            ELSE same(upper_bound(v), upperbound) AND same_alarm AND same_mean
                                 AND (trend(v) IS NOT NULL) = (p.trend = 1) AND same(p_value(v), 1 - pd_q, 1e-10) END, false) AS equal
    FROM paired p)
INSERT INTO comparison
SELECT 'farrington.' || cfg, series_id, t, equal,
       (SELECT CASE WHEN reason(v) = 'zero_baseline' AND highest = 0 THEN 'all-zero baseline'
                    WHEN lowest = highest AND same_mean AND same_alarm THEN 'a constant baseline: rounding decides whether it has a trend'
                    WHEN highest >= 1e9 THEN 'a count of 1e9 in the baseline: beside it the other counts are rounding'
                    ELSE unreported_reason(series_id, t, v, upperbound) END
          FROM model_counts(series_id, t, b, w, NULL) WHERE NOT equal),
       format('package %s %s trend %s q %s median %s, ours %s', upperbound, f.alarm, f.trend, pd_q, pd_median, v)
  FROM found f
$$;

CREATE PROCEDURE compare_farrington_flexible() LANGUAGE sql AS $$
WITH paired AS (
  SELECT f.*, j.v, control(c.params, 'thresholdMethod', 'delta') AS bound,
         coalesce(substring(detector::text FROM 'window=(\d+)'), '3')::int AS w,
         CASE WHEN detector::text !~ 'seasons=1[,)]' THEN coalesce(substring(detector::text FROM 'exclude=(\d+)'), '26')::int END AS excluded,
         -- bound and score of the package are made with the log of the mean
         CASE WHEN control(c.params, 'thresholdMethod', 'delta') = 'delta' THEN score(v) ELSE (observed(v) - ln(expected(v))) / (upper_bound(v) - ln(expected(v))) END AS score_here
    FROM farrington_flexible f
    LEFT JOIN config c ON c.file = 'farrington_flexible' AND c.cfg = f.cfg || '.' || se_variant AND c.series_id = f.series_id
    LEFT JOIN judged j ON j.file = 'farrington_flexible' AND j.cfg = f.cfg || '.' || se_variant AND j.series_id = f.series_id AND j.t = f.t),
within AS (  -- is all equal within so many parts, the alarm and the kind of model exactly?
  SELECT p.*, g.parts,
         coalesce(same(expected(v), p.expected, g.parts) AND same(upper_bound(v), upperbound, g.parts) AND alarm(v) IS NOT DISTINCT FROM (p.alarm = 1)
                  AND (trend(v) IS NOT NULL) = (p.trend = 1) AND (bound = 'delta' OR same(spread(v), phi, g.parts)) AND (bound <> 'nbPlugin' OR same(expected(v), mu0, g.parts))
                  AND same(score_here, p.score, 100 * g.parts) AND (bound = 'muan' OR same(p_value(v), pvalue, 100 * g.parts)), false) AS all_same
    FROM paired p, (VALUES (5e-12), (1e-9), (1e-5)) AS g (parts)),
found AS (
  SELECT w.*, lead(all_same) OVER o AS nearly, lead(all_same, 2) OVER o AS roughly,
         CASE WHEN reason(v) = 'few_cases' THEN upperbound IS NULL AND coalesce(w.alarm, 0) = 0 ELSE all_same END AS equal
    FROM within w WINDOW o AS (PARTITION BY cfg, se_variant, series_id, t ORDER BY parts))
INSERT INTO comparison
SELECT 'farrington_flexible.' || cfg || '.' || se_variant, series_id, t, equal,
       (SELECT CASE WHEN reason(v) = 'zero_baseline' AND highest = 0 THEN 'all-zero baseline'
                    WHEN bound = 'muan' AND reason(v) = 'not_converged' AND mu0 > 1e15 THEN 'upper limit of the mean beyond every count (its standard error is huge)'
                    WHEN bound = 'delta' AND ln(greatest(mu0, 1)) > 10 * f.expected AND roughly THEN 'a huge standard error depends on where the iteration stopped (equal within 1e-5)'
                    WHEN zeros > 0.5 AND nearly THEN 'most of the baseline is zero, which magnifies rounding (equal within 1e-9)'
                    WHEN lowest = highest AND same(expected(v), f.expected) AND alarm(v) IS NOT DISTINCT FROM (f.alarm = 1) THEN 'a constant baseline: rounding decides whether it has a trend'
                    ELSE unreported_reason(series_id, t, v, upperbound) END
          FROM model_counts(series_id, t, b, w, excluded) WHERE NOT equal),
       format('package mean %s bound %s alarm %s score %s p %s phi %s mu0 %s trend %s, ours %s',
              f.expected, upperbound, f.alarm, f.score, pvalue, phi, mu0, f.trend, v)
  FROM found f WHERE parts = 5e-12
$$;

CREATE PROCEDURE compare_simple() LANGUAGE sql AS $$
INSERT INTO comparison
SELECT 'simple.' || s.cfg, s.series_id, s.t,
       coalesce(j.v IS NOT NULL AND same(upper_bound(v), upperbound) AND alarm(v) IS NOT DISTINCT FROM (s.alarm = 1)
                AND (aggr IS NULL OR observed(v) = aggr OR reason(v) IS NOT NULL), false),
       CASE WHEN s.cfg = 'cdc' AND aggr IS NULL AND reason(v) = 'gap_in_baseline' AND unreported(s.series_id, s.t - 3, s.t) THEN 'one of the judged four periods was not reported'
            ELSE unreported_reason(s.series_id, s.t, v, upperbound) END,
       format('package %s %s %s, ours %s', aggr, upperbound, s.alarm, v)
  FROM simple s LEFT JOIN judged j ON j.file = 'simple' AND j.cfg = s.cfg AND j.series_id = s.series_id AND j.t = s.t
$$;

CREATE VIEW failure AS SELECT * FROM comparison WHERE NOT equal AND reason IS NULL;
CREATE VIEW report AS
  SELECT line FROM (
    SELECT part, 1 AS kind, format('surveillance %s %s/%s', part, count(*) FILTER (WHERE equal), count(*)) AS line
      FROM comparison GROUP BY part
    UNION ALL
    SELECT part, 2, format('    %s differ: %s', count(*), coalesce(reason, 'NO NAMED REASON, for example ' || min(series_id || ' ' || t || ': ' || detail)))
      FROM comparison WHERE NOT equal GROUP BY part, reason
    UNION ALL
    SELECT 'total', 3, format('surveillance: %s compared, %s equal, %s differ for a named reason, %s differ', count(*), count(*) FILTER (WHERE equal),
                              count(*) FILTER (WHERE NOT equal AND reason IS NOT NULL), count(*) FILTER (WHERE NOT equal AND reason IS NULL))
      FROM comparison) AS r
  ORDER BY kind = 3, part, kind, line;
