-- The draft of a ministry's annual plan: the most weighted levels for the money.
--
-- For a price of a point (a weighted level) the best for each official is a plan that may leave points at that price: exact, and found by
-- civic.training_plan() with a training for each level that "leaves" the rest of its competency.  What all of them cost together bounds what
-- any plan within the budget closes (Lagrange); the price is sought at which they cost as much as there is.

CREATE FUNCTION centre.annual_choice(price_of_point float8, every integer) RETURNS TABLE (spent float8, floor_worth float8)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  post record;
BEGIN
  TRUNCATE pg_temp.year_choice;
  -- officials of one need share a catalogue, which is then made once for all of them
  FOR post IN SELECT p.need, (
        SELECT training_catalog_agg(x.id, x.teaches, NULL, x.price) FROM (
          SELECT o.id, o.teaches, o.price FROM pg_temp.year_offer o
          UNION ALL
          SELECT 1000000000 + r.alias, (SELECT competency_agg(g.alias, 1) FROM pg_temp.year_level g WHERE g.competency = r.competency AND g.level BETWEEN r.level AND n.level), price_of_point * n.weight * (n.level - r.level + 1)
          FROM civic.each(p.need) AS n JOIN pg_temp.year_level r ON r.competency = n.competency AND r.level <= n.level) AS x) AS teaches
      FROM (SELECT DISTINCT y.need FROM pg_temp.year_official y WHERE y.n % every = 0) AS p LOOP
    INSERT INTO pg_temp.year_choice (subject_id, trainings, cost, floor_worth)
      SELECT y.subject_id, coalesce(array_agg(r.training::integer ORDER BY r.step) FILTER (WHERE r.training < 1000000000), '{}'), coalesce(sum(r.cost) FILTER (WHERE r.training < 1000000000), 0), coalesce(max(r.bound), 0)
      FROM pg_temp.year_official y LEFT JOIN LATERAL training_plan(y.wanted, y.held, post.teaches, (SELECT a.asks FROM pg_temp.year_asks a), 'cost') AS r ON true
      WHERE y.need = post.need AND y.n % every = 0 GROUP BY y.subject_id;
  END LOOP;
  RETURN QUERY SELECT coalesce(sum(c.cost), 0), coalesce(sum(c.floor_worth), 0) FROM pg_temp.year_choice c;
END
$$;
COMMENT ON FUNCTION centre.annual_choice(float8, integer) IS
  'inner part of draft_annual_plan(): the best for each official (or every so manieth) if a point that stays open cost so much, into the temporary table year_choice; gives what is spent, and what nobody could better: money spent and points left together';

CREATE FUNCTION centre.annual_open(of_ministry text, span daterange, day date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET client_min_messages = warning AS $$
BEGIN
  DROP TABLE IF EXISTS pg_temp.year_official, pg_temp.year_level, pg_temp.year_offer, pg_temp.year_asks, pg_temp.year_choice, pg_temp.year_taken;
  CREATE TEMP TABLE year_official ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY md5(g.subject_id::text)) AS n, g.subject_id, g.need, g.held, (SELECT sum(e.missing * e.weight) FROM civic.each(g.gap) AS e)::float8 AS points, NULL::competency_set AS wanted
    FROM centre.official_gaps(day) g WHERE g.ministry = of_ministry AND civic.cardinality(g.gap) > 0;
  -- each level that somebody needs is a competency of its own, which can be left alone
  CREATE TEMP TABLE year_level ON COMMIT DROP AS
    SELECT m.base + row_number() OVER (ORDER BY c.competency, l)::integer AS alias, c.competency, l AS level
    FROM (SELECT n.competency, max(n.level) AS level FROM (SELECT DISTINCT y.need FROM pg_temp.year_official y) AS d CROSS JOIN LATERAL civic.each(d.need) AS n GROUP BY n.competency) AS c
    CROSS JOIN LATERAL generate_series(1, c.level) AS l CROSS JOIN (SELECT coalesce(max(k.competency_id), 0) AS base FROM centre.competency k) AS m;
  UPDATE pg_temp.year_official y SET wanted = (
    SELECT coalesce(competency_agg(l.alias, 1), '') FROM civic.each(y.need - y.held) AS e JOIN pg_temp.year_level l ON l.competency = e.competency AND l.level > e.held AND l.level <= e.needed);
  CREATE TEMP TABLE year_offer ON COMMIT DROP AS
    SELECT t.training_id AS id, t.price::float8 AS price, t.prerequisites,
           t.teaches | coalesce((SELECT competency_agg(l.alias, 1) FROM civic.each(t.teaches) AS x JOIN pg_temp.year_level l ON l.competency = x.competency AND l.level <= x.level), '') AS teaches
    FROM centre.training t WHERE t.valid && span AND t.price IS NOT NULL;
  CREATE TEMP TABLE year_asks ON COMMIT DROP AS SELECT training_catalog_agg(o.id, o.prerequisites, NULL, NULL) FILTER (WHERE civic.cardinality(o.prerequisites) > 0) AS asks FROM pg_temp.year_offer o;
  CREATE TEMP TABLE year_choice (subject_id bigint, trainings integer[], cost float8, floor_worth float8) ON COMMIT DROP;
  ANALYZE pg_temp.year_official; ANALYZE pg_temp.year_level;
END
$$;
COMMENT ON FUNCTION centre.annual_open(text, daterange, date) IS 'inner part of draft_annual_plan(): the temporary tables that it works on';

CREATE FUNCTION centre.annual_points() RETURNS TABLE (subject_id bigint, trainings integer[], cost float8, points float8)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT c.subject_id, c.trainings, c.cost, y.points - coalesce((SELECT sum(e.missing * e.weight) FROM civic.each(y.need - (y.held | coalesce(
           (SELECT civic.competency_max(t.teaches) FROM centre.training t WHERE t.training_id = ANY (c.trainings)), ''))) AS e), 0)
  FROM pg_temp.year_choice c JOIN pg_temp.year_official y USING (subject_id);
END
$$;
COMMENT ON FUNCTION centre.annual_points() IS 'inner part of draft_annual_plan(): what the choice of each official closes, in points';

CREATE FUNCTION centre.draft_annual_plan(of_ministry text, in_year date, budget numeric, day date DEFAULT centre.today()) RETURNS centre.annual_plan
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET client_min_messages = warning AS $$
DECLARE
  made centre.annual_plan;
  lacking float8;
  most float8;
  low float8 := 0;
  high float8;
  tried float8;
  every integer;
  all_prices float8;
  choice record;
BEGIN
  PERFORM centre.annual_open(of_ministry, centre.financial_year(in_year), day);
  SELECT coalesce(sum(y.points), 0), greatest(count(*) / 400, 1) INTO lacking, every FROM pg_temp.year_official y;
  all_prices := coalesce((SELECT sum(o.price) FROM pg_temp.year_offer o), 0);
  high := 1 + all_prices;
  -- a sample shows at which price the money goes round; then all are asked a little below and above it
  SELECT * INTO choice FROM centre.annual_choice(high, every);
  IF choice.spent * every > budget * 0.9 THEN
    high := 2 * coalesce((SELECT max(o.price) FROM pg_temp.year_offer o), 1);
    FOR step IN 1 .. 14 LOOP
      tried := CASE WHEN low = 0 THEN high / 4 ELSE sqrt(low * high) END;
      SELECT * INTO choice FROM centre.annual_choice(tried, every);
      IF choice.spent * every > budget THEN high := tried; ELSE low := tried; END IF;
      EXIT WHEN low > 0 AND high < low * 1.02;
      EXIT WHEN tried < 1e-6;
    END LOOP;
  END IF;
  CREATE TEMP TABLE year_taken (subject_id bigint, trainings integer[], cost float8, points float8) ON COMMIT DROP;
  most := lacking;
  -- upwards until the money does not suffice: what was bought for less stays
  FOR step IN 1 .. 8 LOOP
    tried := CASE step WHEN 1 THEN high * 1.05 ELSE tried * CASE WHEN choice.spent > budget THEN 0.85 ELSE 1.2 END END;
    SELECT * INTO choice FROM centre.annual_choice(tried, 1);
    most := least(most, lacking - (choice.floor_worth - budget) / tried,
      -- a point that is dearer than all trainings together stays open only where nothing closes it, whatever the money
      CASE WHEN tried > all_prices THEN lacking - (SELECT coalesce(sum(ceil((c.floor_worth - all_prices) / tried - 1e-9)), 0) FROM pg_temp.year_choice c) END);
    IF choice.spent <= budget THEN
      INSERT INTO pg_temp.year_taken SELECT * FROM centre.annual_points();
      EXIT;
    END IF;
    DROP TABLE IF EXISTS pg_temp.year_dear;
    CREATE TEMP TABLE year_dear ON COMMIT DROP AS SELECT * FROM centre.annual_points();
  END LOOP;
  IF to_regclass('pg_temp.year_dear') IS NOT NULL THEN
    -- from the cheaper choice to the dearer one, who gains most for the money first
    UPDATE pg_temp.year_taken k SET trainings = u.trainings, cost = u.cost, points = u.points
    FROM (SELECT d.*, sum(d.cost - coalesce(c.cost, 0)) OVER (ORDER BY (d.points - coalesce(c.points, 0)) / greatest(d.cost - coalesce(c.cost, 0), 1e-9) DESC, d.subject_id) AS more
          FROM pg_temp.year_dear d LEFT JOIN pg_temp.year_taken c USING (subject_id) WHERE d.points > coalesce(c.points, 0)) AS u
    WHERE k.subject_id = u.subject_id AND u.more <= budget - (SELECT coalesce(sum(c.cost), 0) FROM pg_temp.year_taken c);
  END IF;
  INSERT INTO centre.annual_plan (ministry, year, budget, officials, coverage_before, coverage_expected, points, most_points)
    SELECT of_ministry, centre.financial_year(in_year), draft_annual_plan.budget, count(*), round(avg(coverage(g.held, g.need))::numeric, 4),
           greatest(round(avg(coverage(g.held | coalesce((SELECT civic.competency_max(t.teaches) FROM centre.training t WHERE t.training_id = ANY (k.trainings)), ''), g.need))::numeric, 4), round(avg(coverage(g.held, g.need))::numeric, 4)),
           coalesce(sum(k.points), 0)::numeric, greatest(floor(most + 1e-6), coalesce(sum(k.points), 0))::numeric
    FROM centre.official_gaps(day) g LEFT JOIN pg_temp.year_taken k USING (subject_id) WHERE g.ministry = of_ministry AND civic.cardinality(g.need) > 0 HAVING count(*) > 0
    RETURNING * INTO made;
  IF made.plan_id IS NULL THEN
    RAISE EXCEPTION 'no official of ministry "%" is in a post whose needs are known', of_ministry USING ERRCODE = 'no_data_found',
      HINT = 'Officials stand in centre.official, the needs of posts in centre.frac_node.';
  END IF;
  INSERT INTO centre.annual_plan_line (plan_id, training_id, seats, price)
    SELECT made.plan_id, t.training_id, count(*), t.price FROM pg_temp.year_taken k CROSS JOIN LATERAL unnest(k.trainings) AS u (id) JOIN centre.training t ON t.training_id = u.id GROUP BY t.training_id, t.price;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.draft_annual_plan(text, date, numeric, date) IS
  'a draft for the financial year that in_year lies in: seats of trainings, those that prerequisites ask for among them, that close the most weighted levels (points) for the money, within the budget, and the coverage expected of them; most_points is what no plan within the budget closes more than. Error where no need is known';

GRANT INSERT (ministry, year, budget, officials, coverage_before, coverage_expected, points, most_points) ON centre.annual_plan TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.annual_choice(float8, integer), centre.annual_open(text, daterange, date), centre.annual_points(), centre.draft_annual_plan(text, date, numeric, date) TO civic_publisher;
