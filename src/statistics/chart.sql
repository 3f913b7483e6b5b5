-- Control charts: window functions over one series ordered by time.  A NULL is a
-- missing point: it gets NULL, and its neighbours follow each other.

CREATE TYPE xmr_point AS (mean float8, moving_range float8, lower float8, upper float8,
                          outside boolean, shift boolean, trend boolean, two_of_three boolean);
COMMENT ON TYPE xmr_point IS 'one point of an XmR chart: mean, moving range, limits, and which run rules it breaks';
CREATE FUNCTION xmr(y float8, baseline int DEFAULT 0) RETURNS xmr_point
  AS 'MODULE_PATHNAME', 'statistics_xmr' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION xmr(float8, int) IS
  'XmR chart: mean, mean moving range (those above 3.267 times the mean left out), limits mean -+ 2.66 moving ranges, and the rules: outside, 7 on one side of the mean, 7 rising or falling, 2 of 3 beyond two thirds of a limit; baseline = points that set the limits, 0 for all; one point has no limits; source: NHS England, Making Data Count';

CREATE TYPE run_chart_point AS (median float8, points int, longest_run int, longest_run_limit int,
                                crossings int, crossings_limit int, signal boolean);
COMMENT ON TYPE run_chart_point IS 'a run chart up to a point: median, longest run, crossings, their limits, and whether they signal';
CREATE FUNCTION run_chart(y float8) RETURNS run_chart_point
  AS 'MODULE_PATHNAME', 'statistics_run_chart' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION run_chart(float8) IS
  'run chart around the median: points not on it, longest run on one side and its limit round(log2 n + 3), crossings and their limit (5 % binomial quantile), signal when a limit is passed; source: Anhoej and Olesen 2014';

CREATE TYPE ewma_point AS (ewma float8, lower float8, upper float8, alarm boolean);
COMMENT ON TYPE ewma_point IS 'one point of an EWMA chart: the average, its limits, and whether it lies outside';
CREATE FUNCTION ewma(y float8, lambda float8 DEFAULT 0.2, width float8 DEFAULT 2.81431, baseline int DEFAULT 12)
  RETURNS ewma_point
  AS 'MODULE_PATHNAME', 'statistics_ewma' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ewma(float8, float8, float8, int) IS
  'exponentially weighted moving average from the mean of the baseline points (0: all), and its limits mean -+ width * sd * sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^(2t))); lambda in (0, 1]; the defaults give one false alarm in 500 points; source: Roberts 1959, Lucas and Saccucci 1990';

CREATE TYPE outlier_point AS (z float8, modified_z float8, fence_low float8, fence_high float8);
COMMENT ON TYPE outlier_point IS 'how far a value lies from the others: z, modified z, and the fences';
CREATE FUNCTION outlier_scores(y float8) RETURNS outlier_point
  AS 'MODULE_PATHNAME', 'statistics_outlier_scores' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outlier_scores(float8) IS
  'z score, modified z score 0.6745 (y - median) / MAD, and Tukey''s fences (quartiles -+ 1.5 interquartile ranges, type 7); a score is NULL where its scale is 0; source: Iglewicz and Hoaglin 1993, Tukey 1977';

CREATE FUNCTION theil_sen(t float8[], y float8[], confidence float8 DEFAULT 0.95,
                          OUT slope float8, OUT intercept float8, OUT lower float8, OUT upper float8, OUT points int)
  AS 'MODULE_PATHNAME', 'statistics_theil_sen' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION theil_sen(float8[], float8[], float8) IS
  'robust trend: median slope of all pairs, its interval, and the median intercept; pairs with a NULL are left out; NULL when all times are equal; a bound is infinite when there are too few points; at most 4,000 points; source: Theil 1950, Sen 1968';
