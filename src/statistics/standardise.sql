-- Standardised rates.  The state, type strata, pools events and population by
-- stratum, so that states of wards add up to the state of their province.

CREATE TYPE strata;
CREATE FUNCTION strata_in(cstring) RETURNS strata
  AS 'MODULE_PATHNAME', 'statistics_strata_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strata_out(strata) RETURNS cstring
  AS 'MODULE_PATHNAME', 'statistics_strata_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strata_recv(internal) RETURNS strata
  AS 'MODULE_PATHNAME', 'statistics_strata_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strata_send(strata) RETURNS bytea
  AS 'MODULE_PATHNAME', 'statistics_strata_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE strata (INPUT = strata_in, OUTPUT = strata_out, RECEIVE = strata_recv, SEND = strata_send,
                    ALIGNMENT = double, STORAGE = extended);
COMMENT ON TYPE strata IS
  'events, population and standard weight by stratum: {stratum:events/population*weight,...}, ?n marking n rows with missing data; made by strata_agg(), merged by strata_union()';
--= io strata

--= equal strata statistics_strata statistics_strata_hash: the same strata with the same numbers

CREATE FUNCTION strata_add(strata, int, float8, float8, float8) RETURNS strata
  AS 'MODULE_PATHNAME', 'statistics_strata_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION strata_combine(strata, strata) RETURNS strata
  AS 'MODULE_PATHNAME', 'statistics_strata_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION strata_final(strata) RETURNS strata
  AS 'MODULE_PATHNAME', 'statistics_strata_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION strata_add(strata, int, float8, float8, float8) IS
  'transition of strata_agg(): pools one row into its stratum';
COMMENT ON FUNCTION strata_combine(strata, strata) IS 'merges two states; NULL is the empty one';
COMMENT ON FUNCTION strata_final(strata) IS 'the state without its slack';

CREATE AGGREGATE strata_agg(stratum int, events float8, population float8, weight float8) (
  SFUNC = strata_add, STYPE = strata, FINALFUNC = strata_final, COMBINEFUNC = strata_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE strata_agg(int, float8, float8, float8) IS
  'pools events and population by stratum (an age band''s first age, or any numbering of age x sex); weight: the standard''s population for direct_rate(), the standard''s rate for indirect_ratio(); NULL events or population count as missing, NULL stratum or weight: error 22004; negative, NaN, infinite: error 22023';
CREATE AGGREGATE strata_union(strata) (
  SFUNC = strata_combine, STYPE = strata, FINALFUNC = strata_final, COMBINEFUNC = strata_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE strata_union(strata) IS 'merges stored states of parts into the state of the whole';

CREATE FUNCTION direct_rate(strata, per float8 DEFAULT 100000, confidence float8 DEFAULT 0.95,
                            method text DEFAULT 'byar',
                            OUT rate float8, OUT lower float8, OUT upper float8,
                            OUT events float8, OUT population float8, OUT reason text)
  AS 'MODULE_PATHNAME', 'statistics_direct_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION direct_rate(strata, float8, float8, text) IS
  'directly standardised rate per so many, with limits: byar or exact (Dobson 1991 around the limits of the count) or gamma (Fay and Feuer 1997); rate and limits are NULL with a reason when there are fewer than 10 events, missing data, or a weighted stratum without population';
CREATE FUNCTION indirect_ratio(strata, confidence float8 DEFAULT 0.95,
                               OUT ratio float8, OUT lower float8, OUT upper float8,
                               OUT observed float8, OUT expected float8, OUT reason text)
  AS 'MODULE_PATHNAME', 'statistics_indirect_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION indirect_ratio(strata, float8) IS
  'observed over expected events with count_interval() limits, where each stratum''s weight is the standard''s rate per person; NULL with a reason when data are missing or nothing is expected; source: Breslow and Day 1987';
CREATE FUNCTION kitagawa(before strata, after strata, per float8 DEFAULT 100000,
                         OUT change float8, OUT by_rates float8, OUT by_composition float8, OUT reason text)
  AS 'MODULE_PATHNAME', 'statistics_kitagawa' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kitagawa(strata, strata, float8) IS
  'difference of two crude rates (after minus before) split into the part of the strata''s rates and of their shares of the population; weights are not used; NULL with a reason when strata differ, are missing or have no population; source: Kitagawa 1955';

CREATE FUNCTION standard_population(standard text, OUT stratum int, OUT to_age int, OUT weight float8)
  RETURNS SETOF record LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 19
  BEGIN ATOMIC
    SELECT v.from_age, v.to_age, v.weight
      FROM (VALUES
        ('esp2013', 0, 4, 5000),
        ('esp2013', 5, 9, 5500),
        ('esp2013', 10, 14, 5500),
        ('esp2013', 15, 19, 5500),
        ('esp2013', 20, 24, 6000),
        ('esp2013', 25, 29, 6000),
        ('esp2013', 30, 34, 6500),
        ('esp2013', 35, 39, 7000),
        ('esp2013', 40, 44, 7000),
        ('esp2013', 45, 49, 7000),
        ('esp2013', 50, 54, 7000),
        ('esp2013', 55, 59, 6500),
        ('esp2013', 60, 64, 6000),
        ('esp2013', 65, 69, 5500),
        ('esp2013', 70, 74, 5000),
        ('esp2013', 75, 79, 4000),
        ('esp2013', 80, 84, 2500),
        ('esp2013', 85, 89, 1500),
        ('esp2013', 90, NULL, 1000),
        ('who2000', 0, 4, 8.86),
        ('who2000', 5, 9, 8.69),
        ('who2000', 10, 14, 8.6),
        ('who2000', 15, 19, 8.47),
        ('who2000', 20, 24, 8.22),
        ('who2000', 25, 29, 7.93),
        ('who2000', 30, 34, 7.61),
        ('who2000', 35, 39, 7.15),
        ('who2000', 40, 44, 6.59),
        ('who2000', 45, 49, 6.04),
        ('who2000', 50, 54, 5.37),
        ('who2000', 55, 59, 4.55),
        ('who2000', 60, 64, 3.72),
        ('who2000', 65, 69, 2.96),
        ('who2000', 70, 74, 2.21),
        ('who2000', 75, 79, 1.52),
        ('who2000', 80, 84, 0.91),
        ('who2000', 85, 89, 0.44),
        ('who2000', 90, NULL, 0.195)) v(name, from_age, to_age, weight)
      WHERE v.name = standard ORDER BY v.from_age;
  END;
COMMENT ON FUNCTION standard_population(text) IS
  'standard populations by five-year age band (stratum = first age, to_age NULL for 90 and over): esp2013 (Eurostat 2013, per 100,000), who2000 (WHO 2000-2025, per cent; Ahmad and others 2001, its bands from 90 joined); no rows for another name';
