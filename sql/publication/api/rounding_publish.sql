-- A cube's release as sums of the stored state.

-- What one part may be off by in a first release: a total, or a single count of a finest area; a sum of members.
CREATE FUNCTION centre.rounding_bound(d centre.dataset, of_base integer, single boolean, crossed boolean) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN single THEN of_base - 1 WHEN crossed THEN 3 * of_base + 1 ELSE 2 * of_base - 1 END
  + CASE WHEN of_base > (d).base THEN CASE WHEN single THEN (d).base - 1 WHEN crossed THEN 3 * (d).base + 1 ELSE 2 * (d).base - 1 END ELSE 0 END;
COMMENT ON FUNCTION centre.rounding_bound(centre.dataset, integer, boolean, boolean) IS
  'by how much a rounded part may be off; a larger base is rounded from the smaller one and may be off by both';

-- Brings the state of a period up to date with the facts: every base that a cube of the dataset has, each from the one before.
CREATE PROCEDURE centre.rounding_refresh(d centre.dataset, c centre.cube, span daterange, made bigint, area_at integer)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept daterange := centre.ledger_period(d, span);
  of_base integer;
  smaller integer;
BEGIN
  IF d.flow = 'stock' AND NOT EXISTS (SELECT FROM centre.release r JOIN centre.cube x ON x.code = r.cube WHERE x.dataset = d.code AND r.period = span) THEN
    UPDATE centre.rounding_state s SET moved = false WHERE s.dataset = d.code AND s.period = kept AND s.moved;  -- another day
  END IF;
  CALL centre.rounding_find_due(d, kept, d.base, made, area_at);
  FOR of_base IN SELECT DISTINCT greatest(d.base, a.k, x.k) FROM centre.cube x JOIN centre.audience a ON a.code = x.audience WHERE x.dataset = d.code AND x.personal ORDER BY 1 LOOP
    IF smaller IS NOT NULL THEN
      UPDATE pg_temp.round_row r SET n = r.rounded;
      -- tables that nobody gets by so large a base are not rounded by it: what is not published need not be kept near the truth
      DELETE FROM pg_temp.round_row r WHERE r.breakdown <> '*' AND r.breakdown NOT IN (
        SELECT t.breakdown FROM centre.rounding_tables(d.code, kept) AS t JOIN centre.cube x ON x.code = t.cube JOIN centre.audience a ON a.code = x.audience WHERE greatest(a.k, x.k) >= of_base);
    END IF;
    CALL centre.rounding_round(d.code, kept, of_base, smaller IS NULL);
    smaller := of_base;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.rounding_refresh(centre.dataset, centre.cube, daterange, bigint, integer) IS 'rounds what the facts have become, starting from what has been released';

-- Totals of all areas of the cube, then members where the rounded total is two bases or more: there more persons than the base are behind it.
-- Which members are listed is told by what is shown: those that are declared, and those of which a value shown is not nought. That somebody is at one
-- whose values are all noughts, or was and has left, is not to be seen.
CREATE PROCEDURE centre.rounding_cells(d centre.dataset, c centre.cube, of_base integer, kept daterange, area_at integer)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  width integer := cardinality(centre.dataset_dims(d.code));
  measures text[] := centre.cube_measures(c);
  by_area boolean := c.dataset = 'observation' OR EXISTS (SELECT FROM centre.dimension m WHERE m.dataset = d.code AND m.kind = 'area' AND m.name = ANY (c.dims));
BEGIN
  CREATE TEMP TABLE round_at ON COMMIT DROP AS
    SELECT s.area_id, u.descendant_id, 'area=' || s.area_id AS key, NOT EXISTS (SELECT FROM centre.area_closure x WHERE x.ancestor_id = s.area_id AND x.distance > 0) AS whole
    FROM (SELECT DISTINCT t.area_id FROM centre.area_standing t WHERE t.level = ANY (c.levels)) AS s JOIN centre.area_closure u ON u.ancestor_id = s.area_id WHERE by_area
    UNION SELECT centre.rounding_root(), x.area_id, '*', area_at = 0
      FROM (SELECT r.area_id FROM centre.rounding_state r WHERE r.dataset = d.code AND r.period = kept UNION SELECT centre.rounding_root()) AS x WHERE NOT by_area;
  TRUNCATE pg_temp.round_before, pg_temp.round_part;
  INSERT INTO pg_temp.round_before SELECT s.part, s.area_id, s.breakdown, s.member, s.rounded, s.truth, s.moved FROM centre.rounding_state s WHERE s.dataset = d.code AND s.period = kept AND s.base = d.base;
  INSERT INTO pg_temp.round_part
    SELECT m.measure, s.part, s.area_id, s.breakdown, s.member, s.rounded, s.rounded, s.part NOT LIKE '%+'
    FROM centre.rounding_state s CROSS JOIN LATERAL unnest(centre.rounding_counts_in(s.part)) AS m (measure)
    WHERE s.dataset = d.code AND s.period = kept AND s.base = of_base AND m.measure = ANY (measures);
  ANALYZE pg_temp.round_before;
  ANALYZE pg_temp.round_part;
  UPDATE pg_temp.round_part p SET truth = t.truth FROM pg_temp.round_before t WHERE (t.part, t.area_id, t.breakdown, t.member) = (p.part, p.area_id, p.breakdown, p.member);
  ANALYZE pg_temp.round_at;
  INSERT INTO pg_temp.round_cell
    WITH value AS (
      SELECT p.measure, a.area_id, sum(p.truth) AS truth, sum(p.z) AS z, sum(p.z) FILTER (WHERE p.persons) AS persons
      FROM pg_temp.round_part p JOIN pg_temp.round_at a ON a.descendant_id = p.area_id WHERE p.breakdown = '*' GROUP BY p.measure, a.area_id)
    SELECT m.measure, CASE WHEN area_at > 0 THEN array_fill('*'::text, ARRAY[area_at - 1]) || a.key || array_fill('*'::text, ARRAY[width - area_at]) ELSE array_fill('*'::text, ARRAY[width]) END,
           '*', a.area_id, true, coalesce(v.truth, 0), coalesce(v.z, 0), coalesce(v.persons, 0)
    FROM unnest(measures) AS m (measure) CROSS JOIN (SELECT DISTINCT x.area_id, x.key FROM pg_temp.round_at x) AS a LEFT JOIN value v USING (measure, area_id)
    WHERE v.measure IS NOT NULL OR c.dataset <> 'observation';  -- whose areas without anybody publish_release_cells() lists
  ANALYZE pg_temp.round_cell;
  INSERT INTO pg_temp.round_cell
    WITH RECURSIVE listed AS (SELECT t.measure, t.area_id FROM pg_temp.round_cell t WHERE t.persons >= 2 * of_base),
    own AS MATERIALIZED (SELECT t.breakdown, t.dim, t.finest, t.levels, t.total FROM centre.rounding_tables(d.code, kept) AS t WHERE t.cube = c.code),
    key AS MATERIALIZED (
      SELECT DISTINCT u.breakdown, u.key FROM pg_temp.round_sum u WHERE u.breakdown IN (SELECT o.breakdown FROM own o)
        AND NOT EXISTS (SELECT FROM own o WHERE o.breakdown = u.breakdown AND NOT CASE u.key[o.dim] WHEN '*' THEN o.total ELSE split_part(u.key[o.dim], '=', 1) = ANY (o.levels) END)),
    value AS MATERIALIZED (
      SELECT p.measure, u.breakdown, u.key, a.area_id, sum(p.truth) AS truth, sum(p.z) AS z
      FROM pg_temp.round_part p JOIN pg_temp.round_sum u USING (breakdown, member) JOIN key k ON k.breakdown = u.breakdown AND k.key = u.key
      JOIN pg_temp.round_at a ON a.descendant_id = p.area_id JOIN listed l ON l.measure = p.measure AND l.area_id = a.area_id GROUP BY 1, 2, 3, 4),
    shown AS MATERIALIZED (
      SELECT DISTINCT v.measure, v.breakdown, n.at, n.key FROM (SELECT DISTINCT w.measure, w.breakdown, w.key FROM value w WHERE w.z > 0) AS v CROSS JOIN LATERAL unnest(v.key) WITH ORDINALITY AS n (key, at)
      UNION SELECT l.measure, o.breakdown, o.dim, m.columns[1] || '=' || u.member
        FROM (SELECT DISTINCT x.measure FROM listed x) AS l CROSS JOIN own o JOIN unnest(centre.dataset_dims(d.code)) WITH ORDINALITY AS n (name, at) ON n.at = o.dim
        JOIN centre.dimension m ON m.dataset = d.code AND m.name = n.name AND m.kind = 'column' AND cardinality(m.columns) = 1 CROSS JOIN LATERAL unnest(m.members) AS u (member) WHERE o.levels <> '{}'),
    member AS (
      SELECT DISTINCT s.measure, s.breakdown, '{}'::text[] COLLATE "C" AS key FROM shown s
      UNION ALL SELECT m.measure, m.breakdown, m.key || s.key FROM member m JOIN shown s ON (s.measure, s.breakdown, s.at) = (m.measure, m.breakdown, cardinality(m.key) + 1)),
    cell AS MATERIALIZED (
      SELECT m.measure, m.breakdown, m.key, NOT EXISTS (SELECT FROM own o WHERE o.breakdown = m.breakdown AND split_part(m.key[o.dim], '=', 1) <> o.finest) AS fine
      FROM member m WHERE cardinality(m.key) = width AND array_remove(m.key, '*') <> '{}')
    SELECT m.measure, CASE WHEN area_at > 0 THEN m.key[:area_at - 1] || a.key || m.key[area_at + 1:] ELSE m.key END, m.breakdown, l.area_id, m.fine AND a.whole, coalesce(v.truth, 0), coalesce(v.z, 0), NULL
    FROM listed l JOIN (SELECT DISTINCT x.area_id, x.key, x.whole FROM pg_temp.round_at x) AS a USING (area_id) JOIN cell m USING (measure)
    LEFT JOIN value v ON v.measure = m.measure AND v.breakdown = m.breakdown AND v.key = m.key AND v.area_id = l.area_id;
  DROP TABLE pg_temp.round_at;
END
$$;
COMMENT ON PROCEDURE centre.rounding_cells(centre.dataset, centre.cube, integer, daterange, integer) IS 'fills round_cell with the cells of a cube, and round_part with what they are sums of';

-- Values with what they may stand for.  In later releases of a period a value may be held: all may be off by a base more, whatever they are off by.
-- Where a step could not be made that is not enough; then it is two, four, eight: so coarse that it tells of no cell, and one in nearly every release.
CREATE PROCEDURE centre.rounding_publish(d centre.dataset, c centre.cube, span daterange, threshold integer, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept daterange := centre.ledger_period(d, span);
  area_at integer := coalesce((SELECT n.at FROM unnest(centre.dataset_dims(d.code)) WITH ORDINALITY AS n (name, at) JOIN centre.dimension m ON m.dataset = d.code AND m.name = n.name WHERE m.kind = 'area'), 0);
  of_base integer := greatest(d.base, threshold);
  again boolean;
BEGIN
  CALL centre.rounding_begin();
  CALL centre.rounding_check(d, c, kept);
  CALL centre.rounding_leaves(d, area_at);
  CALL centre.rounding_rows(d, kept);
  CALL centre.rounding_areas();
  -- the facts have changed since the state was made, or it has not been made for what the cube has
  IF EXISTS (SELECT FROM pg_temp.publish_version v WHERE v.since = made OR v.until = made) OR EXISTS (SELECT FROM unnest(centre.cube_measures(c)) AS m WHERE NOT EXISTS (SELECT FROM centre.rounding_state s WHERE s.dataset = d.code AND s.period = kept AND s.base = of_base AND m = ANY (centre.rounding_counts_in(s.part)))) THEN
    CALL centre.rounding_refresh(d, c, span, made, area_at);
  END IF;
  IF EXISTS (SELECT FROM centre.rounding_tables(d.code, kept) AS t WHERE t.cube = c.code
             AND EXISTS (SELECT FROM centre.rounding_state s WHERE s.dataset = d.code AND s.period = kept AND s.base = d.base AND s.breakdown = t.breakdown)
             AND NOT EXISTS (SELECT FROM centre.rounding_state s WHERE s.dataset = d.code AND s.period = kept AND s.base = of_base AND s.breakdown = t.breakdown)) THEN
    RAISE EXCEPTION 'cube "%" breaks down by what releases of % were not made for', c.code, kept USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Nobody got it by base %s.', of_base), HINT = 'Publish it from the next period on.';
  END IF;
  CALL centre.rounding_cells(d, c, of_base, kept, area_at);
  again := EXISTS (SELECT FROM centre.ledger_leaf l WHERE l.dataset = d.code AND l.period = kept AND (l.until_release IS NOT NULL OR l.from_release > (SELECT min(f.from_release) FROM centre.ledger_leaf f WHERE f.dataset = d.code AND f.period = kept)))
    OR EXISTS (SELECT FROM pg_temp.publish_version v WHERE v.until = made);
  INSERT INTO pg_temp.publish_value (measure, key, value, possible_from, possible_to)
    -- whether anybody has further rows is not to be told by the bounds
    WITH parts AS (
      SELECT m.measure, greatest(count(DISTINCT p.part), CASE WHEN d.measure_column IS NULL AND m.measure = 'rows' THEN 2 ELSE 1 END) AS n
      FROM unnest(centre.cube_measures(c)) AS m (measure) LEFT JOIN pg_temp.round_part p USING (measure) GROUP BY m.measure),
    bound AS (
      SELECT x.*, p.n * centre.rounding_bound(d, of_base, x.breakdown = '*' OR x.fine, x.breakdown LIKE '% %') AS off
      FROM pg_temp.round_cell x JOIN parts p USING (measure)),
    slack AS (
      SELECT CASE WHEN again THEN of_base * 2 ^ ceil(log(2.0, greatest(1, max(abs(b.z - b.truth) - b.off)::numeric / of_base))) ELSE 0 END::bigint AS more FROM bound b)
    SELECT b.measure, b.key, b.z, greatest(0, b.z - b.off - s.more), b.z + b.off + s.more FROM bound b CROSS JOIN slack s;
END
$$;
COMMENT ON PROCEDURE centre.rounding_publish(centre.dataset, centre.cube, daterange, integer, bigint) IS
  'fills publish_value with the rounded cells of a cube and the bounds of their true values';

GRANT SELECT, INSERT, UPDATE, DELETE ON centre.rounding_period, centre.rounding_state, centre.rounding_due TO civic_publisher;
GRANT SELECT ON centre.erased TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.cube_rounding_check(centre.cube), centre.usable_amount(numeric), centre.usable_sum(numeric, numeric), centre.rounding_secret(text), centre.rounding_tables(text, daterange), centre.rounding_root(), centre.rounding_series(text),
  centre.rounding_counts_in(text), centre.rounding_carried(text, daterange, integer), centre.rounding_bound(centre.dataset, integer, boolean, boolean) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.rounding_begin(), centre.rounding_leaves(centre.dataset, integer), centre.rounding_rows(centre.dataset, daterange), centre.rounding_check(centre.dataset, centre.cube, daterange),
  centre.rounding_areas(), centre.rounding_find_due(centre.dataset, daterange, integer, bigint, integer), centre.rounding_follow_due(), centre.rounding_round(text, daterange, integer, boolean),
  centre.rounding_call(text, daterange, integer, boolean), centre.rounding_refresh(centre.dataset, centre.cube, daterange, bigint, integer),
  centre.rounding_cells(centre.dataset, centre.cube, integer, daterange, integer), centre.rounding_publish(centre.dataset, centre.cube, daterange, integer, bigint) TO civic_publisher;
