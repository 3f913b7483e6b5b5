-- Confidence intervals.  Counts are float8 so that sums of any kind fit; they
-- must be finite and not negative (error 22023).  confidence is in (0, 1).

CREATE FUNCTION wilson_interval(events float8, trials float8, confidence float8 DEFAULT 0.95,
                                OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_wilson_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION wilson_interval(float8, float8, float8) IS
  'score interval of the proportion events/trials (0 to 1); NULL without trials; events > trials: error 22023; source: Wilson 1927';

CREATE FUNCTION clopper_pearson_interval(events float8, trials float8, confidence float8 DEFAULT 0.95,
                                         OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_clopper_pearson_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clopper_pearson_interval(float8, float8, float8) IS
  'exact interval of the proportion events/trials (0 to 1); NULL without trials; events > trials: error 22023; source: Clopper and Pearson 1934';

CREATE FUNCTION jeffreys_interval(events float8, trials float8, confidence float8 DEFAULT 0.95,
                                  OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_jeffreys_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jeffreys_interval(float8, float8, float8) IS
  'beta(events + 1/2, trials - events + 1/2) interval of a proportion, closed at 0 and 1; NULL without trials; events > trials: error 22023; source: Brown, Cai and DasGupta 2001';

CREATE FUNCTION agresti_coull_interval(events float8, trials float8, confidence float8 DEFAULT 0.95,
                                       OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_agresti_coull_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION agresti_coull_interval(float8, float8, float8) IS
  'adjusted Wald interval of a proportion, clipped to [0, 1]; NULL without trials; events > trials: error 22023; source: Agresti and Coull 1998';

CREATE FUNCTION finite_interval(events float8, trials float8, population float8, confidence float8 DEFAULT 0.95,
                                OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_finite_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION finite_interval(float8, float8, float8, float8) IS
  'exact (hypergeometric) interval of the proportion of a finite population, of which trials were drawn without replacement; events/trials where all were; NULL without trials; what is no whole number, or a part larger than its whole: error 22023; source: Wright 1991';

CREATE FUNCTION byar_interval(events float8, confidence float8 DEFAULT 0.95,
                              OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_byar_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION byar_interval(float8, float8) IS
  'Byar''s approximate interval of a count, a limit below 0 being 0; source: Breslow and Day 1987';

CREATE FUNCTION poisson_exact_interval(events float8, confidence float8 DEFAULT 0.95,
                                       OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_poisson_exact_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_exact_interval(float8, float8) IS
  'exact (chi-square) interval of a Poisson count; the same numbers are the expected counts between which the observed one lies inside its funnel limits; source: Garwood 1936';

CREATE FUNCTION count_interval(events float8, confidence float8 DEFAULT 0.95,
                               OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_count_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION count_interval(float8, float8) IS
  'interval of a count: exact below 10 events, Byar from 10; source: Public Health England, Fingertips technical guidance';

CREATE FUNCTION rate_interval(events float8, population float8, per float8 DEFAULT 100000,
                              confidence float8 DEFAULT 0.95,
                              OUT rate float8, OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_rate_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_interval(float8, float8, float8, float8) IS
  'crude rate per so many of the population (or person-years), with count_interval limits; NULL without population';

CREATE FUNCTION newcombe_difference(events1 float8, trials1 float8, events2 float8, trials2 float8,
                                    confidence float8 DEFAULT 0.95,
                                    OUT difference float8, OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_newcombe_difference'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION newcombe_difference(float8, float8, float8, float8, float8) IS
  'difference of two proportions, first minus second, with the hybrid score interval; NULL when either has no trials; source: Newcombe 1998, method 10';

CREATE FUNCTION rate_ratio(events1 float8, population1 float8, events2 float8, population2 float8,
                           confidence float8 DEFAULT 0.95,
                           OUT ratio float8, OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_rate_ratio'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_ratio(float8, float8, float8, float8, float8) IS
  'ratio of two rates, first over second, with exact conditional limits; times 100 it is the index against a base year; no events in the second: ratio and upper are infinity, none in either: ratio NULL; NULL when a population is 0; source: Przyborowski and Wilenski 1940';

CREATE FUNCTION rate_ratio_lognormal(events1 float8, population1 float8, events2 float8, population2 float8,
                                     confidence float8 DEFAULT 0.95,
                                     OUT ratio float8, OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_rate_ratio_lognormal'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_ratio_lognormal(float8, float8, float8, float8, float8) IS
  'ratio of two rates with the large-sample limits ratio * exp(-+ z sqrt(1/events1 + 1/events2)), NULL when either count is 0; NULL when a population is 0; prefer rate_ratio()';

CREATE FUNCTION poisson_test(observed float8, expected float8,
                             OUT p_low float8, OUT p_high float8, OUT p_two float8, OUT p_mid float8)
  AS 'MODULE_PATHNAME', 'statistics_poisson_test'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_test(float8, float8) IS
  'how unusual an observed count is: P(X <= observed), P(X >= observed), twice the smaller (at most 1), and the two-sided mid-p, for a Poisson with the expected mean';

CREATE FUNCTION benchmark_verdict(lower float8, upper float8, benchmark float8)
  RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN lower IS NULL OR upper IS NULL OR benchmark IS NULL THEN NULL
              WHEN upper < benchmark THEN 'lower' WHEN lower > benchmark THEN 'higher'
              ELSE 'similar' END;
COMMENT ON FUNCTION benchmark_verdict(float8, float8, float8) IS
  'lower, similar or higher: where an interval lies against a benchmark value; NULL when a bound or the benchmark is; source: Public Health England';

CREATE FUNCTION standard_verdict(lower float8, upper float8, standard float8, higher_is_better boolean)
  RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN lower IS NULL OR upper IS NULL OR standard IS NULL OR higher_is_better IS NULL THEN NULL
              WHEN CASE WHEN higher_is_better THEN lower >= standard ELSE upper <= standard END THEN 'met'
              WHEN CASE WHEN higher_is_better THEN upper < standard ELSE lower > standard END THEN 'not met'
              ELSE 'cannot tell' END;
COMMENT ON FUNCTION standard_verdict(float8, float8, float8, boolean) IS
  'met, not met or cannot tell: what an interval says about a quality standard, of which more is better or worse; never from the point estimate; NULL when an argument is';
