-- When policies turn, for whom: the instants written in their texts, and those at which a panel of workers says that its codes turn, one after the other.

CREATE FUNCTION centre.policy_line(of_code text, without integer, from_time timestamptz, until timestamptz) RETURNS integer[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH version AS (
    SELECT p.ruleset_id, coalesce(lower(p.valid), '-infinity') AS start FROM centre.policy p WHERE p.code = $1 AND p.valid IS NOT NULL AND p.ruleset_id <> $2)
  SELECT array_agg(v.ruleset_id ORDER BY v.start) FROM version v
  WHERE v.start <= $4 AND v.start >= coalesce((SELECT max(b.start) FROM version b WHERE b.start <= $3), '-infinity');
END;
COMMENT ON FUNCTION centre.policy_line(text, integer, timestamptz, timestamptz) IS
  'inner part of assessments: the versions of a policy that are in force or planned within a time, one after the other, as if the version without were not there; null if there is none';

CREATE FUNCTION centre.policy_before(of_code text, without integer, at timestamptz) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT p.ruleset_id FROM centre.policy p WHERE p.code = of_code AND p.ruleset_id <> without AND p.valid IS NOT NULL AND coalesce(lower(p.valid), '-infinity') <= at ORDER BY lower(p.valid) DESC NULLS LAST LIMIT 1);
COMMENT ON FUNCTION centre.policy_before(text, integer, timestamptz) IS 'inner part of assessments: the version that would be in force at an instant without this one, or was the last to be';

CREATE FUNCTION centre.may_stand(against integer, of_ruleset integer, at timestamptz, start timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  -- one that was taken back meanwhile has no time of its own: that it counts as well errs on the safe side
  SELECT coalesce(lower(a.valid) >= lower(b.valid), true)
  FROM centre.policy v, centre.policy a, centre.policy b WHERE v.ruleset_id = $2 AND a.ruleset_id = $1 AND b.ruleset_id = centre.policy_before(v.code, $2, least($3, $4));
END;
COMMENT ON FUNCTION centre.may_stand(integer, integer, timestamptz, timestamptz) IS
  'inner part of approvals: whether a version against could be what is in force at an instant without the version of_ruleset, if that begins at start: the one that it follows then, those planned after, but none from before';

-- ---- what is written ----

CREATE FUNCTION centre.policy_zones(body jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  zones text[] := ARRAY(SELECT s.reporting_zone FROM centre.site s UNION SELECT 'UTC');
  word text;
BEGIN
  FOR word IN SELECT DISTINCT w #>> '{}' FROM jsonb_path_query(body, '$.** ? (@.type() == "string")') AS w WHERE w #>> '{}' ~ '^[A-Z]\w+/\w[\w/+-]*$' AND w #>> '{}' <> ALL (zones) LOOP
    BEGIN
      PERFORM now() AT TIME ZONE word;
      zones := zones || word;
    EXCEPTION WHEN invalid_parameter_value THEN NULL;  -- another word
    END;
  END LOOP;
  RETURN zones;
END
$$;
COMMENT ON FUNCTION centre.policy_zones(jsonb) IS 'inner part of assessments: the time zones that a ruleset''s text names, UTC, and that of the site';

CREATE FUNCTION centre.policy_dates(body jsonb) RETURNS SETOF timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  text_of jsonb := body - 'tests' - 'source';
  words text[] := ARRAY(SELECT DISTINCT w #>> '{}' FROM jsonb_path_query(text_of, '$.** ? (@.type() == "string")') AS w);
BEGIN
  RETURN QUERY
    WITH said AS (
      SELECT DISTINCT centre.try_timestamptz(d.word, z) AS at FROM unnest(centre.policy_zones(text_of)) AS z,
        -- a day turns where it begins and where it ends
        LATERAL (SELECT w FROM unnest(words) AS w UNION ALL SELECT (centre.try_timestamptz(w, 'UTC') AT TIME ZONE 'UTC')::date + 1 || '' FROM unnest(words) AS w WHERE w ~ '^\d{4}-\d\d-\d\d$') AS d (word)
      WHERE d.word ~ '^\d{4}-\d\d-\d\d'),
    span AS (
      -- so long after a date that is written down
      SELECT DISTINCT (n.n || ' ' || (p -> 2 #>> '{}'))::interval AS long
      FROM jsonb_path_query(text_of, '$.** ? (exists (@.plusTime))') AS o, LATERAL (SELECT o -> 'plusTime' AS p) AS q,
        LATERAL (SELECT CASE jsonb_typeof(p -> 1) WHEN 'number' THEN p ->> 1 ELSE text_of -> 'params' ->> (p -> 1 ->> 'param') END AS n) AS n
      WHERE jsonb_typeof(o) = 'object' AND NOT p -> 0 @? '$.** ? (exists (@.var))' AND n.n ~ '^-?\d{1,6}$' AND p ->> 2 IN ('second', 'minute', 'hour', 'day', 'month', 'year'))
    SELECT s.at FROM said s WHERE s.at IS NOT NULL
    UNION SELECT s.at + p.long FROM said s, span p WHERE s.at IS NOT NULL;
END
$$;
COMMENT ON FUNCTION centre.policy_dates(jsonb) IS 'the instants that a ruleset''s text names, in its conditions and parameters: dates in every zone it mentions, where they begin and end, and so long after them as it adds';

CREATE FUNCTION centre.policy_hours(body jsonb, from_time timestamptz, until timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH hour AS (
    SELECT '00:00'::time AS hour
    UNION SELECT (w #>> '{}')::time FROM jsonb_path_query($1 - 'tests', '$.** ? (@.type() == "string")') AS w WHERE w #>> '{}' ~ '^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$')
  SELECT ((d.day::date + h.hour) AT TIME ZONE z.name)
  FROM unnest(centre.policy_zones($1)) AS z (name), hour h, LATERAL generate_series(($2 AT TIME ZONE z.name)::date::timestamp, ($3 AT TIME ZONE z.name)::date::timestamp, interval '1 day') AS d (day);
END;
COMMENT ON FUNCTION centre.policy_hours(jsonb, timestamptz, timestamptz) IS
  'the midnights of a time, and on each of its days the times of day that a ruleset''s text names, in every zone that it names';

CREATE FUNCTION centre.policy_written(rulesets integer[], from_time timestamptz, until timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH body AS (
    SELECT r.body::text::jsonb AS body FROM centre.ruleset r WHERE r.ruleset_id = ANY ($1)),
  written AS (
    SELECT d.at FROM body b, LATERAL centre.policy_dates(b.body) AS d (at) UNION SELECT d.at FROM body b, LATERAL centre.policy_hours(b.body, $2, $3) AS d (at))
  SELECT lower(p.valid) FROM centre.policy p WHERE p.ruleset_id = ANY ($1) AND lower(p.valid) > $2 AND lower(p.valid) <= $3
  UNION
  -- just behind it: what begins with an instant has turned then, and what ends with it as well
  SELECT w.at + interval '1 microsecond' FROM written w WHERE isfinite(w.at) AND w.at >= $2 AND w.at < $3;
END;
COMMENT ON FUNCTION centre.policy_written(integer[], timestamptz, timestamptz) IS 'inner part of assessments: instants within a time at which rulesets begin, or at which dates or hours that are written in them begin and end, and all midnights';

-- ---- the panel ----

CREATE FUNCTION centre.colour_expression(of_ruleset integer, body_sql text, clock_sql text, later_sql text, fresh boolean, aged boolean, at timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN centre.policy_fault(of_ruleset, at) IS NULL THEN format('civic.colour(%s)', centre.access_expression(of_ruleset, body_sql, clock_sql, later_sql, fresh, aged))
            -- where the version cannot decide any more, the codes that stand are what people have
            ELSE format('coalesce((SELECT civic.colour_at(a.code, coalesce($4, %s)) FROM centre.access a WHERE a.worker_id = w.worker_id), ''grey'')', clock_sql) END;
COMMENT ON FUNCTION centre.colour_expression(integer, text, text, text, boolean, boolean, timestamptz) IS
  'inner part of assessments: the colour of a worker by a version as a SQL expression, as access_expression(); by a version that cannot decide at an instant, that of the code which stands';

CREATE FUNCTION centre.take_panel(against integer, at timestamptz, of_each bigint, seed bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE policy_panel (worker_id bigint PRIMARY KEY, weight float8) ON COMMIT DROP;
  CREATE TEMP TABLE policy_look (at timestamptz, fresh boolean, aged boolean, against_id integer, old_colour text, new_colour text, old_turn timestamptz, new_turn timestamptz, workers float8) ON COMMIT DROP;
  CREATE TEMP TABLE policy_later (at timestamptz, fact text, old_failing bigint, new_failing bigint, old_colour text, new_colour text, turn timestamptz, workers float8) ON COMMIT DROP;
  EXECUTE format(
    'INSERT INTO pg_temp.policy_panel (worker_id, weight)
     SELECT r.worker_id, r.n::float8 / least(r.n, $5)
     FROM (SELECT c.worker_id, row_number() OVER (PARTITION BY c.colour ORDER BY hashint8extended(c.worker_id, $6)) AS place, count(*) OVER (PARTITION BY c.colour) AS n
           FROM (SELECT w.worker_id, %s AS colour FROM centre.worker_fact w OFFSET 0) AS c) AS r
     WHERE r.place <= $5', centre.colour_expression(against, '$1', '$3', NULL, false, false, at))
  USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = against), NULL::civic.ruleset, at, at, of_each, seed;
  ANALYZE pg_temp.policy_panel;
END
$$;
COMMENT ON FUNCTION centre.take_panel(integer, timestamptz, bigint, bigint) IS
  'inner part of assessments: of the workers of each colour by a version so many by lot, all if there are no more, each for as many as it stands for, in the temporary table policy_panel; policy_look and policy_later are empty';

CREATE FUNCTION centre.look(of_ruleset integer, against integer, instants timestamptz[], from_time timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  broken boolean := centre.policy_fault(against, from_time) IS NOT NULL;
  fresh boolean;
  aged boolean;
BEGIN
  FOR fresh, aged IN SELECT v.fresh, a.aged FROM unnest(centre.feed_views(of_ruleset, against)) AS v (fresh), unnest('{f,t}'::boolean[]) AS a (aged) LOOP
    -- What turns at the same instant whether it is asked now or a microsecond later turns by the calendar.  The rest turns by the age of facts, where that stays as it is.
    EXECUTE format(
      'INSERT INTO pg_temp.policy_look (at, fresh, aged, against_id, old_colour, new_colour, old_turn, new_turn, workers)
       SELECT d.at, $5, $7, $6, coalesce(d.stands, civic.colour(d.old_code)), civic.colour(d.new_code), CASE WHEN civic.valid_until(d.old_code) = civic.valid_until(d.old_later) THEN civic.valid_until(d.old_code) END,
         CASE WHEN civic.valid_until(d.new_code) = civic.valid_until(d.new_later) THEN civic.valid_until(d.new_code) END, sum(d.weight)
       FROM (SELECT t.at, p.weight, %s AS stands, %s AS old_code, %s AS old_later, %s AS new_code, %s AS new_later
             FROM (SELECT i.at, i.at + interval ''1 microsecond'' AS next, centre.seconds_between($4, i.at) AS later, centre.seconds_between($4, i.at + interval ''1 microsecond'') AS next_later FROM unnest($3) AS i (at) OFFSET 0) AS t
               CROSS JOIN pg_temp.policy_panel p JOIN centre.worker_fact w USING (worker_id) OFFSET 0) AS d
       GROUP BY 1, 5, 6, 7, 8',
      CASE WHEN broken THEN centre.colour_expression(against, '$1', 't.at', 't.later', fresh, aged, from_time) ELSE 'NULL::text' END,
      CASE WHEN broken THEN 'NULL::civic.access_code' ELSE centre.access_expression(against, '$1', 't.at', 't.later', fresh, aged) END,
      CASE WHEN broken THEN 'NULL::civic.access_code' ELSE centre.access_expression(against, '$1', 't.next', 't.next_later', fresh, aged) END,
      centre.access_expression(of_ruleset, '$2', 't.at', 't.later', fresh, aged), centre.access_expression(of_ruleset, '$2', 't.next', 't.next_later', fresh, aged))
    USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = against), (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset), instants, from_time, fresh, against, aged;
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.look(integer, integer, timestamptz[], timestamptz) IS
  'inner part of assessments: what a version makes of the panel at instants, against another, in the temporary table policy_look, with when either turns next by the calendar; facts are as old then as they are at from_time, and once more as they are (aged)';

CREATE FUNCTION centre.turns_by_age(from_time timestamptz, until timestamptz) RETURNS timestamptz[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step float8 := (SELECT nullif(s.max_loss / 5 * sum(p.weight), 0) FROM pg_temp.policy_panel p, centre.access_setting s GROUP BY s.max_loss);
  looked timestamptz[] := ARRAY(SELECT DISTINCT l.at FROM pg_temp.policy_look l ORDER BY l.at);
BEGIN
  RETURN ARRAY(
    WITH seen AS (
      SELECT l.at, l.fresh, l.against_id, t.turn, sum(l.workers) AS workers FROM pg_temp.policy_look l, LATERAL (VALUES (l.old_turn), (l.new_turn)) AS t (turn)
      WHERE l.aged AND t.turn > from_time AND t.turn <= until AND t.turn <> ALL (looked) GROUP BY 1, 2, 3, 4),
    turned AS (
      SELECT s.turn, max(s.workers) AS workers FROM seen s GROUP BY s.turn),
    -- since the instant looked at before
    gap AS (
      SELECT t.turn, t.workers, sum(t.workers) OVER (PARTITION BY width_bucket(t.turn, looked) ORDER BY t.turn) AS so_far FROM turned t)
    SELECT g.turn FROM gap g WHERE coalesce(floor(g.so_far / step) > floor((g.so_far - g.workers) / step), true) ORDER BY g.turn);
END
$$;
COMMENT ON FUNCTION centre.turns_by_age(timestamptz, timestamptz) IS
  'inner part of look_ahead(): of the turns of the panel within a time, on facts that nobody renews, those between which no more than a fifth of max_loss of the workers turn';

CREATE FUNCTION centre.look_ahead(of_ruleset integer, line integer[], from_time timestamptz, start timestamptz, until timestamptz, most integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due timestamptz[] := ARRAY(SELECT from_time UNION SELECT start UNION SELECT w FROM centre.policy_written(line || of_ruleset, from_time, until) AS w);
  stands record;
  looked integer := 0;
  room integer;
BEGIN
  WHILE cardinality(due) > 0 AND looked < most LOOP
    room := most - looked;
    looked := looked + cardinality(due);
    -- against each version from its start on: the next one may yet be taken back
    FOR stands IN SELECT l.ruleset_id, CASE WHEN l.place = 1 THEN '-infinity' ELSE lower(p.valid) END AS start FROM unnest(line) WITH ORDINALITY AS l (ruleset_id, place) JOIN centre.policy p ON p.ruleset_id = l.ruleset_id LOOP
      PERFORM centre.look(of_ruleset, stands.ruleset_id, ARRAY(SELECT d FROM unnest(due[1:room]) AS d WHERE d >= stands.start), from_time);
    END LOOP;
    -- each turn is followed to the next one, once; of those at which facts grow too old, each worker's own, as many as tell what becomes of most
    due := ARRAY(
      SELECT t.turn FROM (SELECT l.old_turn AS turn, l.workers FROM pg_temp.policy_look l WHERE NOT l.aged UNION ALL SELECT l.new_turn, l.workers FROM pg_temp.policy_look l WHERE NOT l.aged
                          UNION ALL SELECT a, 'infinity' FROM unnest(centre.turns_by_age(from_time, until)) AS a) AS t
      WHERE t.turn > from_time AND t.turn <= until AND NOT EXISTS (SELECT FROM pg_temp.policy_look l WHERE l.at = t.turn) GROUP BY t.turn ORDER BY sum(t.workers) DESC, t.turn);
  END LOOP;
  RETURN looked <= most AND due = '{}';
END
$$;
COMMENT ON FUNCTION centre.look_ahead(integer, integer[], timestamptz, timestamptz, timestamptz, integer) IS
  'inner part of assess_policy(): look at the panel at every instant at which something is written, then at each turn by the calendar that its codes tell, until there is no further one within a time; false where there are more than the most that are looked at';

-- ---- behind the horizon ----

CREATE FUNCTION centre.outcome_facts(body jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT DISTINCT v #>> '{}' FROM jsonb_path_query(jsonb_build_array($1 -> 'outcomes', CASE WHEN $1 @? '$.outcomes.**.definition' THEN $1 -> 'definitions' END), '$.**.var') AS v;
END;
COMMENT ON FUNCTION centre.outcome_facts(jsonb) IS 'inner part of look_beyond(): the facts for which a ruleset''s outcomes may ask themselves, or by definitions, not by rules';

CREATE FUNCTION centre.look_at_rules(of_ruleset integer, against integer, instants timestamptz[], from_time timestamptz, only_fact text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO pg_temp.policy_later (at, fact, old_failing, new_failing, old_colour, new_colour, turn, workers)
     SELECT d.at, $5, civic.fail_mask(d.old_code) | civic.unknown_mask(d.old_code), civic.fail_mask(d.new_code) | civic.unknown_mask(d.new_code), civic.colour(d.old_code), civic.colour(d.new_code), least(civic.valid_until(d.old_code), civic.valid_until(d.new_code)), sum(d.weight)
     FROM (SELECT t.at, p.weight, %s AS old_code, %s AS new_code
           FROM (SELECT i.at, centre.seconds_between($4, i.at) AS later FROM unnest($3) AS i (at) OFFSET 0) AS t CROSS JOIN pg_temp.policy_panel p JOIN centre.worker_fact w USING (worker_id) OFFSET 0) AS d
     GROUP BY 1, 3, 4, 5, 6, 7', centre.access_expression(against, '$1', 't.at', 't.later', false, true, only_fact), centre.access_expression(of_ruleset, '$2', 't.at', 't.later', false, true, only_fact))
  USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = against), (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset), instants, from_time, only_fact;
END
$$;
COMMENT ON FUNCTION centre.look_at_rules(integer, integer, timestamptz[], timestamptz, text) IS
  'inner part of look_beyond(): which rules of a version, and of another, fail or are not decided for the panel at instants, and its colours, on facts that nobody renews, or only one of them, in the temporary table policy_later, with when either turns next';

CREATE FUNCTION centre.look_beyond(of_assessment bigint, of_ruleset integer, against integer, from_time timestamptz, covers timestamptz, most integer) RETURNS TABLE (at timestamptz, rule text, colour text, fails boolean, share float8)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked text;
BEGIN
  IF centre.policy_fault(against, from_time) IS NOT NULL THEN
    RETURN;
  END IF;
  -- all facts together for the rules, and for the colours each one for which an outcome itself asks, as others that nobody renews would turn everybody red before
  FOR asked IN SELECT NULL UNION ALL SELECT f.name FROM centre.ruleset s, LATERAL civic.ruleset_facts(s.body) AS f WHERE s.ruleset_id = of_ruleset AND f.type IN ('timestamptz', 'date') AND f.name !~ '_feed_at$' AND f.name IN (SELECT centre.outcome_facts(s.body::text::jsonb)) LOOP
    -- where it turned most before, or last; then at longer and longer distances, as something turns every day in many policies, and at the turns that codes tell, two steps of them
    PERFORM centre.look_at_rules(of_ruleset, against, ARRAY(
      SELECT i.at FROM centre.policy_impact i WHERE i.assessment_id = of_assessment UNION SELECT l.at FROM pg_temp.policy_look l WHERE l.at > covers - interval '1 day'
      UNION SELECT covers + interval '1 day' * 1.25 ^ n FROM generate_series(0, 33) AS n), from_time, asked);
    FOR step IN 1 .. 2 LOOP
      PERFORM centre.look_at_rules(of_ruleset, against, ARRAY(
        SELECT q.turn FROM (SELECT t.turn, t.workers, sum(t.workers) OVER (ORDER BY t.turn) AS so_far, sum(t.workers) OVER () AS total
                            FROM (SELECT l.turn, sum(l.workers) AS workers FROM pg_temp.policy_later l WHERE l.fact IS NOT DISTINCT FROM asked AND l.turn > covers AND l.turn < covers + interval '5 years'
                                    AND l.turn <> ALL (ARRAY(SELECT DISTINCT k.at FROM pg_temp.policy_later k WHERE k.fact IS NOT DISTINCT FROM asked)) GROUP BY l.turn) AS t) AS q
        WHERE floor(q.so_far * most / q.total) > floor((q.so_far - q.workers) * most / q.total)), from_time, asked);
    END LOOP;
  END LOOP;
  RETURN QUERY
    WITH rule AS (
      SELECT coalesce(n.id, o.id) AS id, 1::bigint << (n.ordinal - 1) AS new_bit, 1::bigint << (o.ordinal - 1) AS old_bit
      FROM (SELECT r.* FROM centre.ruleset s, LATERAL civic.ruleset_rules(s.body) AS r WHERE s.ruleset_id = of_ruleset AND r.severity = 'block') AS n
        FULL JOIN (SELECT r.* FROM centre.ruleset s, LATERAL civic.ruleset_rules(s.body) AS r WHERE s.ruleset_id = against AND r.severity = 'block') AS o ON o.id = n.id),
    failing AS (
      SELECT l.at, l.old_failing, l.new_failing, sum(l.workers) AS workers FROM pg_temp.policy_later l WHERE l.fact IS NULL GROUP BY 1, 2, 3),
    changed AS (
      SELECT f.at, r.id, NULL AS fact, NULL AS colour, c.new AS fails, sum(f.workers) AS workers
      FROM failing f CROSS JOIN rule r CROSS JOIN LATERAL (SELECT coalesce(f.new_failing & r.new_bit <> 0, false) AS new, coalesce(f.old_failing & r.old_bit <> 0, false) AS old) AS c WHERE c.new <> c.old GROUP BY 1, 2, 5
      UNION ALL
      SELECT l.at, NULL, l.fact, l.new_colour, NULL, sum(l.workers) FROM pg_temp.policy_later l WHERE l.fact IS NOT NULL AND l.new_colour <> l.old_colour GROUP BY 1, 3, 4),
    shared AS (
      SELECT c.at, c.id, c.fact, c.colour, c.fails, c.workers / (SELECT sum(p.weight) FROM pg_temp.policy_panel p) AS share FROM changed c)
    SELECT q.at, q.id, q.colour, q.fails, q.share
    FROM (SELECT s.*, max(s.share) OVER (PARTITION BY s.id, s.fact, s.colour, s.fails) AS most FROM shared s, centre.access_setting g
          -- not what it does before: that is assessed
          WHERE s.at > covers AND s.share > g.max_loss + coalesce((SELECT max(k.share) FROM shared k WHERE k.at <= covers AND (k.id, k.fact, k.colour, k.fails) IS NOT DISTINCT FROM (s.id, s.fact, s.colour, s.fails)), 0)) AS q
    -- when it has come to nearly what it comes to: a few more, later, are not what is warned of
    WHERE q.share >= 0.9 * q.most
    ORDER BY q.id IS NULL, q.fails DESC, q.most DESC, q.id, q.at LIMIT 1;
END
$$;
COMMENT ON FUNCTION centre.look_beyond(bigint, integer, integer, timestamptz, timestamptz, integer) IS
  'inner part of assess_policy(): the rule, or where none tells it the colour, that a version turns for most of the panel within five years behind the time that is assessed, by dates of facts that nobody renews, if that is for more than max_loss of it beyond what it turns before; fails: for whom it fails, or is not decided, where it does not by the other version, else the other way round. '
  'A look at instants ever farther apart and at the turns that codes tell, for a warning. Rules are looked at one by one: of those who are overdue for a test by then no colour tells that their doses have grown too old';

GRANT EXECUTE ON FUNCTION centre.policy_dates(jsonb), centre.policy_zones(jsonb), centre.policy_before(text, integer, timestamptz), centre.may_stand(integer, integer, timestamptz, timestamptz) TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.policy_line(text, integer, timestamptz, timestamptz), centre.policy_before(text, integer, timestamptz), centre.may_stand(integer, integer, timestamptz, timestamptz), centre.policy_zones(jsonb), centre.policy_dates(jsonb), centre.policy_hours(jsonb, timestamptz, timestamptz),
  centre.policy_written(integer[], timestamptz, timestamptz), centre.colour_expression(integer, text, text, text, boolean, boolean, timestamptz),
  centre.take_panel(integer, timestamptz, bigint, bigint), centre.turns_by_age(timestamptz, timestamptz), centre.look(integer, integer, timestamptz[], timestamptz), centre.look_ahead(integer, integer[], timestamptz, timestamptz, timestamptz, integer),
  centre.outcome_facts(jsonb), centre.look_at_rules(integer, integer, timestamptz[], timestamptz, text), centre.look_beyond(bigint, integer, integer, timestamptz, timestamptz, integer) TO civic_ticker;
