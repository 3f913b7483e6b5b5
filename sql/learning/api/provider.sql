-- What training providers are told of prices: demand, what a training gave for its price, and what others give for theirs.

CREATE FUNCTION dash.training_pricing(in_period text DEFAULT 'latest', lang text DEFAULT 'en', months integer DEFAULT 12)
RETURNS TABLE (training text, title text, provider text, price numeric, price_per_hour numeric, price_quartile integer, demand_people numeric, demand_levels numeric, seats numeric, people numeric,
  levels_each float8, levels_ci_lower float8, levels_ci_upper float8, levels_per_1000 float8, per_1000_ci_lower float8, per_1000_ci_upper float8, others_per_1000 float8, reason text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_period($1), dash.check_lang($2);
  WITH taught AS (SELECT t.training, sum(t.level)::float8 AS most FROM dash.training_teaches t GROUP BY t.training),
  gave AS (
    SELECT f.*, f.levels_each / nullif(f.price, 0)::float8 * 1000 AS per_1000, dash.share_half_width(f.people::float8, f.levels_each, g.most) AS half
    FROM dash.training_feedback($1, $2) AS f JOIN taught g USING (training)),
  demand AS (
    SELECT t.training, max(d.people) AS people, sum(d.levels) AS levels FROM dash.training_demand($1, $2, $3) AS d JOIN dash.training_teaches t USING (competency) GROUP BY t.training),
  offered AS (
    SELECT s.training, sum(s.seats) AS seats FROM dash.training_session s CROSS JOIN (SELECT dash.capacity_period('training_demand', $1) AS month) AS p
    WHERE s.starts >= p.month AND s.starts < p.month + make_interval(months => greatest($3, 0) + 1) GROUP BY s.training)
  SELECT t.training, t.title, t.provider, t.price, round(t.price / nullif(t.hours, 0), 2), t.price_quartile, d.people, d.levels, coalesce(o.seats, 0)::numeric, g.people,
         g.levels_each, l.ci_lower, l.ci_upper, g.per_1000, l.ci_lower / nullif(g.price, 0)::float8 * 1000, l.ci_upper / nullif(g.price, 0)::float8 * 1000,
         (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY y.per_1000) FROM gave y
          WHERE y.training <> t.training AND y.training IN (SELECT b.training FROM dash.training_teaches a JOIN dash.training_teaches b USING (competency) WHERE a.training = t.training)),
         coalesce(g.reason, dash.label_of('reason', CASE WHEN g.training IS NULL OR d.people IS NULL THEN 'suppressed' END, $2))
  FROM dash.training t JOIN taught m USING (training) LEFT JOIN gave g USING (training) LEFT JOIN demand d USING (training) LEFT JOIN offered o USING (training)
  LEFT JOIN LATERAL (SELECT greatest(g.levels_each - g.half, 0) AS ci_lower, least(g.levels_each + g.half, m.most) AS ci_upper) AS l ON g.half IS NOT NULL
  ORDER BY d.people DESC NULLS LAST, t.title, t.training;
END;
COMMENT ON FUNCTION dash.training_pricing(text, text, integer) IS
  'trainings by what they cost and give: price, price of an hour and its quarter of all (1: cheapest); demand_people: officials who lack the most wanted of the competencies it teaches, demand_levels: levels lacked in all of them; seats of its own sessions in the month of the release or so many after it; people who completed it, levels gained each above what was proved before and levels for 1000 of price, both with limits of at least 95 % (dash.share_half_width), others_per_1000: the median of other trainings that teach one of its competencies. Null with a reason where fewer than ten people are behind it';
