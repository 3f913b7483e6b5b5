-- Comparing areas: funnels, ranks, shrinkage, false discovery.

CREATE FUNCTION funnel_proportion(benchmark float8, trials float8, confidence float8 DEFAULT 0.998,
                                  dispersion float8 DEFAULT 1, tau2 float8 DEFAULT 0,
                                  OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_funnel_proportion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_proportion(float8, float8, float8, float8, float8) IS
  'funnel limits of a proportion at a number of trials: benchmark -+ z sqrt(max(1, dispersion) p (1-p) / n + tau2), within [0, 1]; dispersion or tau2 from overdispersion(); NULL without trials; source: Spiegelhalter 2005';

CREATE FUNCTION funnel_count(expected float8, confidence float8 DEFAULT 0.998,
                             OUT lower float8, OUT upper float8)
  AS 'MODULE_PATHNAME', 'statistics_funnel_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_count(float8, float8) IS
  'exact funnel limits of an observed Poisson count, interpolated between whole counts; divide by expected for limits of observed/expected; NULL when nothing is expected; source: Spiegelhalter 2005';

CREATE TYPE overdispersion_result AS (phi float8, tau2 float8, z_multiplicative float8, z_additive float8);
COMMENT ON TYPE overdispersion_result IS 'result of overdispersion(): the ratio phi, the variance between areas tau2, and the z-score under either model';
CREATE FUNCTION overdispersion(z float8, standard_error float8) RETURNS overdispersion_result
  AS 'MODULE_PATHNAME', 'statistics_overdispersion' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION overdispersion(float8, float8) IS
  'window function over areas: phi = mean square of z winsorised at 10 % and 90 %, tau2 = variance between areas in the units of standard_error squared, and z corrected by either; rows with a NULL are left out; standard_error must be above 0; at most 100,000 areas; source: Spiegelhalter 2005';

CREATE TYPE rank_estimate AS (rank int, lower int, upper int, quintile int);
COMMENT ON TYPE rank_estimate IS 'result of rank_interval(): a rank from 1, its limits and its fifth';
CREATE FUNCTION rank_interval(events float8, population float8, confidence float8 DEFAULT 0.95) RETURNS rank_estimate
  AS 'MODULE_PATHNAME', 'statistics_rank_interval' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rank_interval(float8, float8, float8) IS
  'window function over areas: rank of the rate (1 = highest, ties share it), the ranks it cannot be told from (pairwise z tests at the Bonferroni level), quintile by rank (1 = highest; PHE rule); NULL for an area without population; at most 5,000 areas; source: Goldstein and Spiegelhalter 1996';

CREATE TYPE quarter_estimate AS (highest float8, lowest float8);
COMMENT ON TYPE quarter_estimate IS 'result of quarter_probability(): the probability of lying in the highest and in the lowest quarter';
CREATE FUNCTION quarter_probability(events float8, population float8) RETURNS quarter_estimate
  AS 'MODULE_PATHNAME', 'statistics_quarter_probability' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION quarter_probability(float8, float8) IS
  'window function over areas: probability that the true rate is among the highest (lowest) quarter, rounded up, under independent gamma posteriors with Jeffreys'' prior; integrated to about 0.001; NULL for an area without population; at most 2,000 areas';

CREATE TYPE shrunken AS (mean float8, variance float8, weight float8, rate float8);
COMMENT ON TYPE shrunken IS 'result of shrunken_rate(): the estimate drawn towards the mean, with its weight';
CREATE FUNCTION shrunken_rate(events float8, population float8) RETURNS shrunken
  AS 'MODULE_PATHNAME', 'statistics_shrunken_rate' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shrunken_rate(float8, float8) IS
  'window function over areas: overall rate, variance between areas, weight of the area''s own rate, and its rate drawn towards the overall one, for maps of small areas; per person; NULL for an area without population; source: Marshall 1991, global empirical Bayes';

CREATE FUNCTION benjamini_hochberg(p float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_benjamini_hochberg' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION benjamini_hochberg(float8) IS
  'window function over a family of tests: the smallest false discovery rate at which this p-value would be kept; NULL p does not count; p outside [0, 1]: error 22023; source: Benjamini and Hochberg 1995';
