-- Composite indices with their weights in the open, and how far the answer depends on them.

CREATE VIEW dash.composite_weight AS
  SELECT p.composite, p.indicator, (p.weight / sum(p.weight) OVER (PARTITION BY p.composite))::float8 AS weight, p.worst::float8 AS worst, p.best::float8 AS best, c.vary::float8 AS vary, c.citation
  FROM centre.composite_part p JOIN centre.composite c ON c.code = p.composite;
COMMENT ON VIEW dash.composite_weight IS 'parts of composite indices: weight as a share of all, goalposts that score 0 (worst) and 100 (best), how far weights are varied, and their source';

CREATE FUNCTION dash.check_composite(of_composite text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_composite <> '' AND NOT EXISTS (SELECT FROM dash.composite_weight w WHERE w.composite = of_composite) THEN
    RAISE EXCEPTION 'there is no composite index "%"', of_composite USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_composite, ARRAY(SELECT w.composite FROM dash.composite_weight w));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_composite(text) IS 'an error where a composite index is not known';

CREATE FUNCTION dash.composite_days(of_composite text, in_period text, at_level text) RETURNS daterange
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN NOT (dash.check_composite(of_composite) AND dash.check_level(at_level)) THEN NULL WHEN coalesce(in_period, '') NOT IN ('', 'latest') THEN dash.period(in_period)
  ELSE (SELECT d.days FROM dash.composite_weight w CROSS JOIN LATERAL (SELECT dash.days_of(w.indicator, in_period, at_level) AS days) AS d WHERE w.composite = of_composite ORDER BY upper(d.days), lower(d.days) LIMIT 1) END;
COMMENT ON FUNCTION dash.composite_days(text, text, text) IS 'days of a period for a composite index; latest is the last period that all parts can have: the earliest of the parts'' last ones';

CREATE FUNCTION dash.goalpost_score(measure float8, worst float8, best float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 100 * least(greatest((measure - worst) / (best - worst), 0), 1);
COMMENT ON FUNCTION dash.goalpost_score(float8, float8, float8) IS 'where a measure lies between two goalposts: 0 at or beyond the worst, 100 at or beyond the best; null gives null';

CREATE FUNCTION dash.composite_scores(of_composite text, in_period text, at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (area_id integer, area text, area_name text, indicator text, weight float8, vary float8, score float8, score_lower float8, score_upper float8, reason text, rank_reason text, complete boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_composite($1), dash.check_period($2), dash.check_level($3), dash.check_areas($4);
  WITH span AS MATERIALIZED (SELECT dash.composite_days($1, $2, nullif($3, '')) AS days),
  basis AS MATERIALIZED (
    SELECT b.* FROM span CROSS JOIN LATERAL dash.area_basis(ARRAY(SELECT w.indicator FROM dash.composite_weight w WHERE w.composite = $1), span.days, nullif($3, ''), $4) AS b),
  measured AS MATERIALIZED (
    SELECT w.*, i.kind, t.area_id, t.area, t.area_name, t.measure, t.ci_lower, t.ci_upper, dash.yearly_factor(i.kind, i.flow, t.days) AS a_year, t.periods, t.days, t.complete, b.basis, t.reason
    FROM dash.composite_weight w JOIN dash.indicator i ON i.code = w.indicator CROSS JOIN span CROSS JOIN LATERAL dash.area_totals(w.indicator, span.days, nullif($3, ''), $4) AS t
    LEFT JOIN basis b ON b.indicator = w.indicator AND b.area_id = t.area_id
    WHERE w.composite = $1),
  refusal AS (
    SELECT m.indicator, dash.ranking_refusal(m.kind, count(*), $4 IS NOT NULL AND dash.overlapping(array_agg(m.area_id)), count(DISTINCT (m.periods, m.days)), bool_or(m.basis IS NULL), count(DISTINCT m.basis)) AS code
    FROM measured m WHERE m.reason IS NULL GROUP BY m.indicator, m.kind)
  SELECT m.area_id, m.area, m.area_name, m.indicator, m.weight, m.vary, s.point, least(s.from_lower, s.from_upper), greatest(s.from_lower, s.from_upper), m.reason, max(r.code) OVER (), m.complete
  FROM measured m LEFT JOIN refusal r USING (indicator)
  CROSS JOIN LATERAL (SELECT dash.goalpost_score(m.measure * m.a_year, m.worst, m.best) AS point, dash.goalpost_score(m.ci_lower * m.a_year, m.worst, m.best) AS from_lower,
                             dash.goalpost_score(m.ci_upper * m.a_year, m.worst, m.best) AS from_upper) AS s;
END;
COMMENT ON FUNCTION dash.composite_scores(text, text, text, text[]) IS
  'the parts of a composite index in each area: score from 0 at the worse goalpost to 100 at the better, with those of its 95 % limits, null with the code of the reason; rank_reason is why the areas cannot be ranked by one of the parts';

CREATE FUNCTION dash.composite(of_composite text, in_period text, lang text DEFAULT 'en', at_level text DEFAULT 'province', areas text[] DEFAULT NULL)
RETURNS TABLE (area text, area_name text, score float8, weights_lower float8, weights_upper float8, ci_lower float8, ci_upper float8, rank integer, rank_lower integer, rank_upper integer, weakest text, weakest_score float8, reason text, rank_reason text, complete boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_composite($1), dash.check_period($2), dash.check_lang($3), dash.check_level($4), dash.check_areas($5);
  WITH part AS MATERIALIZED (SELECT * FROM dash.composite_scores($1, $2, $4, $5)),
  whole AS (
    SELECT p.area_id, p.area, p.area_name, max(p.rank_reason) AS refused, bool_and(p.complete) AS complete, sum(p.weight * p.score) AS score,
           sqrt(sum((p.weight * (p.score - p.score_lower)) ^ 2)) AS below, sqrt(sum((p.weight * (p.score_upper - p.score)) ^ 2)) AS above,
           string_agg(dash.label_of('indicator', p.indicator, $3), ', ' ORDER BY p.indicator) FILTER (WHERE p.reason IS NOT NULL) AS missing
    FROM part p GROUP BY p.area_id, p.area, p.area_name),
  -- A weighted mean is largest when the highest scores have their largest weights and the others their smallest, from some score on.
  leaning AS (
    SELECT w.area_id, min(e.mean) AS lower, max(e.mean) AS upper
    FROM whole w JOIN part q ON q.area_id = w.area_id AND w.missing IS NULL CROSS JOIN (VALUES (1), (-1)) AS s (sign)
    CROSS JOIN LATERAL (
      SELECT sum(v.weight * v.score) / sum(v.weight) AS mean
      FROM (SELECT z.score, z.weight * CASE WHEN z.score >= q.score THEN 1 + s.sign * z.vary ELSE 1 - s.sign * z.vary END AS weight
            FROM part z WHERE z.area_id = w.area_id) AS v) AS e
    GROUP BY w.area_id),
  rankable AS MATERIALIZED (SELECT w.area_id, w.score, w.refused IS NULL AND count(*) OVER () BETWEEN 2 AND 1000 AS ranked, count(*) OVER () AS n FROM whole w WHERE w.missing IS NULL),
  pair AS (  -- one area is above another for sure when it is so whatever weights are taken, and further than chance goes (a Bonferroni test of every pair)
    SELECT d.area_id, d.difference > d.swing AND d.difference > d.reach_above AS above, -d.difference > d.swing AND -d.difference > d.reach_below AS below
    FROM (SELECT a.area_id, sum(x.weight * (x.score - y.score)) AS difference, sum(x.weight * x.vary * abs(x.score - y.score)) AS swing,
                 max(z.wider) * sqrt(sum(x.weight ^ 2 * ((x.score - x.score_lower) ^ 2 + (y.score_upper - y.score) ^ 2))) AS reach_above,
                 max(z.wider) * sqrt(sum(x.weight ^ 2 * ((x.score_upper - x.score) ^ 2 + (y.score - y.score_lower) ^ 2))) AS reach_below
          FROM rankable a JOIN rankable other ON other.area_id <> a.area_id JOIN part x ON x.area_id = a.area_id JOIN part y ON y.area_id = other.area_id AND y.indicator = x.indicator
          CROSS JOIN LATERAL (SELECT civic.normal_quantile(1 - 0.025 / (a.n * (a.n - 1) / 2)) / civic.normal_quantile(0.975) AS wider) AS z
          WHERE a.ranked GROUP BY a.area_id, other.area_id) AS d),
  placed AS (
    SELECT r.area_id, rank() OVER (ORDER BY r.score DESC)::integer AS rank, (1 + (SELECT count(*) FROM pair p WHERE p.area_id = r.area_id AND p.below))::integer AS rank_lower,
           (r.n - (SELECT count(*) FROM pair p WHERE p.area_id = r.area_id AND p.above))::integer AS rank_upper
    FROM rankable r WHERE r.ranked),
  weak AS (  -- where the index loses most
    SELECT DISTINCT ON (p.area_id) p.area_id, p.indicator, p.score FROM part p ORDER BY p.area_id, p.weight * (100 - p.score) DESC NULLS LAST, p.indicator)
  SELECT w.area, w.area_name, CASE WHEN w.missing IS NULL THEN w.score END, l.lower, l.upper, CASE WHEN w.missing IS NULL THEN w.score - w.below END, CASE WHEN w.missing IS NULL THEN w.score + w.above END, p.rank, p.rank_lower, p.rank_upper,
         CASE WHEN w.missing IS NULL THEN dash.label_of('indicator', k.indicator, $3) END, CASE WHEN w.missing IS NULL THEN k.score END,
         dash.label_of('reason', CASE WHEN w.missing IS NOT NULL THEN 'part_missing' END, $3) || ': ' || w.missing,
         dash.label_of('reason', CASE WHEN w.missing IS NULL THEN coalesce(w.refused, CASE WHEN r.n < 2 THEN 'one_area' WHEN r.n > 1000 THEN 'too_many_to_rank' END) END, $3), w.complete
  FROM whole w LEFT JOIN leaning l USING (area_id) LEFT JOIN placed p USING (area_id) LEFT JOIN weak k USING (area_id) LEFT JOIN rankable r USING (area_id)
  ORDER BY CASE WHEN w.missing IS NULL THEN w.score END DESC NULLS LAST, w.area;
END;
COMMENT ON FUNCTION dash.composite(text, text, text, text, text[]) IS
  'a composite index from 0 to 100 in each area: the weighted mean of its parts'' scores. weights_lower and weights_upper are its least and greatest value when every weight is varied by the published share, exactly: how far the answer hangs on the choice of weights. ci_lower and ci_upper are 95 % limits from those of the parts, taken as independent (square-and-add, Zou and Donner 2008). rank_lower to rank_upper are the places it cannot be told from (1 is best): pairs that other weights, or chance at the Bonferroni level, could turn round. weakest is the part that costs most points. Null with a reason where a part is withheld or not published; not ranked where one of the parts may not be; complete is false where a part of the period is not published';
