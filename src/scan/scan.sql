-- Scan statistics: clusters in space, and in space and time.

CREATE FUNCTION scan(location text[], x float8[], y float8[], cases bigint[], population float8[],
                     baseline float8[] DEFAULT NULL, periods int DEFAULT 1, model text DEFAULT 'poisson', analysis text DEFAULT 'spatial',
                     population_share float8 DEFAULT 0.5, max_duration int DEFAULT NULL, min_cases int DEFAULT 2, clusters int DEFAULT 5,
                     replicas int DEFAULT 999, seed bigint DEFAULT 1, distance text DEFAULT 'sphere', ties text DEFAULT 'together',
                     OUT cluster int, OUT centre text, OUT members text[], OUT radius float8, OUT from_period int, OUT to_period int,
                     OUT people float8, OUT observed bigint, OUT expected float8, OUT observed_expected float8, OUT relative_risk float8,
                     OUT llr float8, OUT p_value float8, OUT recurrence float8)
  RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'scan_scan' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 5;
COMMENT ON FUNCTION scan(text[], float8[], float8[], bigint[], float8[], float8[], int, text, text, float8, int, int, int, int, bigint, text, text) IS
  'Kulldorff''s scan statistic, high rates: of all circles round a location that hold at most population_share of the people (and, with max_duration, of all times of at most so many periods: prospective, those that reach the last period, or retrospective) the clusters with the greatest log likelihood ratio that share no location. Arrays have an element for each location; cases, and population and baseline if they change, one for each location and period, a location''s periods one after another. baseline: what is expected, in any unit (default: the population); bernoulli: trials, of which cases are the positive. x and y: longitude and latitude (radius in kilometres), or with distance planar coordinates of a plane (radius in their unit). ties: locations at one distance enter together, or single, by code. p_value: (1 + replicas as high) / (1 + replicas) under chance, by the seed; recurrence (prospective): 1 / p_value, in periods. No rows without a raised rate; nulls but for baseline and max_duration are errors; sources: Kulldorff 1997 and 2001';
