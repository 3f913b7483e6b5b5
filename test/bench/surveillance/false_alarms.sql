-- In-control series to raise false alarms on, and outbreaks to be detected.
-- :per_cell series of each kind; each is judged on :judged days after :warmup days of history.
SET search_path = public, civic;

-- The probabilities of 0, 1, 2, ... cases, summed up, until nothing is left.
-- size is the negative binomial's (variance = mean + mean^2/size), null: Poisson.
CREATE FUNCTION cumulative(mean float8, size float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$
  WITH RECURSIVE p (k, p, total) AS (
    SELECT 0, p0, p0 FROM (SELECT CASE WHEN size IS NULL THEN exp(-mean) ELSE power(size / (size + mean), size) END) AS s (p0)
    UNION ALL
    SELECT k + 1, next, total + next
      FROM p, LATERAL (SELECT p.p * CASE WHEN size IS NULL THEN mean / (k + 1) ELSE (k + size) / (k + 1) * mean / (size + mean) END) AS n (next)
     WHERE total < 1 - 1e-12 AND k < 5000)
  SELECT array_agg(total ORDER BY k) FROM p
$$;

CREATE TABLE kind AS
  SELECT row_number() OVER (ORDER BY rhythm, size NULLS FIRST, mean)::int AS kind, *,
         cumulative(mean * rhythm[1], size) AS workday, cumulative(mean * rhythm[2], size) AS weekend
    FROM unnest(ARRAY[0.05, 0.1, 0.5, 1, 3, 10, 50]) AS mean,
         (VALUES (NULL::float8), (5)) AS s (size),
         (VALUES (ARRAY[1.0, 1.0]), (ARRAY[1.2, 0.5])) AS r (rhythm);

SELECT setseed(0.20241121);
CREATE UNLOGGED TABLE sample AS
  SELECT kind, i AS series, date '2023-01-01' + d AS day, d,
         width_bucket(random(), CASE WHEN extract(isodow FROM date '2023-01-01' + d) > 5 THEN weekend ELSE workday END) AS n
    FROM kind, generate_series(1, :per_cell) AS i, generate_series(0, :warmup + :judged - 1) AS d;
ANALYZE sample;
