-- The stored state of additive rounding: who is due, and the counts handed to the extension and taken back.

CREATE PROCEDURE centre.rounding_areas()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.round_area
    SELECT a.area_id, coalesce(a.parent_id, centre.rounding_root()) FROM centre.area a
    WHERE a.area_id IN (SELECT c.ancestor_id FROM centre.area_closure c WHERE c.descendant_id IN (SELECT r.area_id FROM pg_temp.round_row r))
    UNION ALL SELECT centre.rounding_root(), 0;
  ANALYZE pg_temp.round_area;
END
$$;
COMMENT ON PROCEDURE centre.rounding_areas() IS 'fills round_area with the areas of round_row and all they lie in';

-- Areas in which enough persons changed since they were last due.  Nobody erased helps, as in the ledger.
CREATE PROCEDURE centre.rounding_find_due(d centre.dataset, kept daterange, threshold integer, made bigint, area_at integer)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.round_due
    WITH first AS (SELECT min(v.since) AS state FROM pg_temp.publish_version v),
    leaf AS MATERIALIZED (
      SELECT l.leaf, l.measure, u.area_id FROM pg_temp.publish_leaf l
      CROSS JOIN LATERAL (SELECT unnest(CASE WHEN l.dims[area_at] LIKE '{%' THEN l.dims[area_at]::integer[] ELSE '{}' END) AS area_id UNION ALL SELECT centre.rounding_root()) AS u
      WHERE l.leaf IN (SELECT v.leaf FROM pg_temp.publish_version v, first f WHERE v.since > f.state OR v.until IS NOT NULL)),
    held AS MATERIALIZED (
      SELECT v.leaf, v.since, v.until, a.subject_id, a.amount FROM pg_temp.publish_version v CROSS JOIN LATERAL centre.subject_amounts(v.sums) AS a WHERE v.leaf IN (SELECT x.leaf FROM leaf x)),
    changed AS (
      SELECT l.measure, l.area_id, h.subject_id
      FROM leaf l JOIN held h USING (leaf) CROSS JOIN first f
      LEFT JOIN centre.rounding_due u ON u.dataset = d.code AND u.period = kept AND u.measure = l.measure AND u.area_id = l.area_id
      CROSS JOIN LATERAL (SELECT coalesce(u.release_id, f.state) AS since) AS last
      GROUP BY l.measure, l.area_id, l.leaf, h.subject_id, h.amount
      HAVING sum(CASE WHEN h.until IS NULL OR h.until > made THEN 1 ELSE 0 END - CASE WHEN h.since <= last.since AND coalesce(h.until > last.since, true) THEN 1 ELSE 0 END) <> 0)
    SELECT c.measure, c.area_id FROM changed c WHERE NOT EXISTS (SELECT FROM centre.erased e WHERE e.number = c.subject_id)
    GROUP BY c.measure, c.area_id HAVING count(DISTINCT c.subject_id) >= threshold;
  INSERT INTO centre.rounding_due SELECT d.code, kept, x.measure, x.area_id, made FROM pg_temp.round_due x
    ON CONFLICT (dataset, period, measure, area_id) DO UPDATE SET release_id = excluded.release_id;
END
$$;
COMMENT ON PROCEDURE centre.rounding_find_due(centre.dataset, daterange, integer, bigint, integer) IS
  'fills round_due: areas in which threshold or more persons of a measure changed since they were last due, and notes that they are';

-- Of a larger base: areas in which what the smaller one shows has changed.
CREATE PROCEDURE centre.rounding_follow_due()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  TRUNCATE pg_temp.round_due;
  INSERT INTO pg_temp.round_due
    SELECT DISTINCT m.measure, u.area_id FROM pg_temp.round_row r CROSS JOIN LATERAL unnest(centre.rounding_counts_in(r.part)) AS m (measure)
    CROSS JOIN LATERAL (SELECT c.ancestor_id AS area_id FROM centre.area_closure c WHERE c.descendant_id = r.area_id UNION ALL SELECT centre.rounding_root()) AS u
    WHERE r.known AND r.n <> r.was;
END
$$;
COMMENT ON PROCEDURE centre.rounding_follow_due() IS 'fills round_due of round_row, whose counts are those of a smaller base';

-- Rounds round_row.n: parts that have no state for the first time, others from their state.
CREATE PROCEDURE centre.rounding_round(of_dataset text, kept daterange, of_base integer, from_facts boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  anew boolean;
BEGIN
  TRUNCATE pg_temp.round_before;
  INSERT INTO pg_temp.round_before SELECT s.part, s.area_id, s.breakdown, s.member, s.rounded, s.truth, s.moved FROM centre.rounding_state s WHERE s.dataset = of_dataset AND s.period = kept AND s.base = of_base;
  ANALYZE pg_temp.round_before;
  INSERT INTO pg_temp.round_row (part, area_id, breakdown, member, n)
    SELECT s.part, s.area_id, s.breakdown, s.member, 0 FROM pg_temp.round_before s
    WHERE NOT EXISTS (SELECT FROM pg_temp.round_row r WHERE (r.part, r.area_id, r.breakdown, r.member) = (s.part, s.area_id, s.breakdown, s.member));
  UPDATE pg_temp.round_row r SET was = 0, rounded = 0, moved = false, known = k.known
    FROM (SELECT p.part, centre.rounding_counts_in(p.part) && (SELECT array_agg(m) FROM (SELECT DISTINCT x.part FROM pg_temp.round_before x) AS b CROSS JOIN LATERAL unnest(centre.rounding_counts_in(b.part)) AS m) IS TRUE AS known
          FROM (SELECT DISTINCT y.part FROM pg_temp.round_row y) AS p) AS k WHERE k.part = r.part;
  UPDATE pg_temp.round_row r SET was = s.truth, rounded = s.rounded, moved = s.moved
    FROM pg_temp.round_before s WHERE (r.part, r.area_id, r.breakdown, r.member) = (s.part, s.area_id, s.breakdown, s.member);
  IF NOT from_facts THEN
    CALL centre.rounding_follow_due();
  END IF;
  FOR anew IN SELECT DISTINCT NOT r.known FROM pg_temp.round_row r LOOP
    CALL centre.rounding_call(of_dataset, kept, of_base, anew);
  END LOOP;
  DELETE FROM centre.rounding_state s WHERE s.dataset = of_dataset AND s.period = kept AND s.base = of_base;
  INSERT INTO centre.rounding_state SELECT of_dataset, kept, of_base, r.part, r.area_id, r.breakdown, r.member, r.rounded, r.n, r.moved FROM pg_temp.round_row r ORDER BY 4, 5, 6, 7;
END
$$;
COMMENT ON PROCEDURE centre.rounding_round(text, daterange, integer, boolean) IS 'rounds the counts in round_row, which are those of the facts or of a smaller base, and stores them';

CREATE PROCEDURE centre.rounding_call(of_dataset text, kept daterange, of_base integer, anew boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  label text := concat_ws(' ', of_dataset, kept, of_base);
  secret bytea := centre.rounding_secret(of_dataset);
  r record;
  g record;
  due record;
  late record;
  z bigint[];
BEGIN
  TRUNCATE pg_temp.round_number;
  INSERT INTO pg_temp.round_number
    SELECT x.breakdown, x.member, row_number() OVER (ORDER BY x.breakdown, x.member), dense_rank() OVER (ORDER BY x.breakdown)
    FROM (SELECT DISTINCT q.breakdown, q.member FROM pg_temp.round_row q WHERE q.breakdown <> '*') AS x;
  -- sums that are no single member are told apart from members by their numbers
  SELECT array_agg(x.number ORDER BY x.number, x.sum) AS members, array_agg(x.sum ORDER BY x.number, x.sum) AS sums, bool_or(x.number <> x.sum) AS crossed INTO g
    FROM (SELECT k.number, CASE WHEN u.fine THEN k.number ELSE (1000000000 + dense_rank() OVER (ORDER BY u.breakdown, u.key))::integer END AS sum
          FROM pg_temp.round_sum u JOIN pg_temp.round_number k USING (breakdown, member)) AS x;
  SELECT array_agg(q.row_id) AS ids, array_agg(q.area_id) AS area, array_agg(centre.rounding_series(q.part)) AS series, array_agg(coalesce(k.number, 0)) AS member, array_agg(q.n) AS n,
         array_agg(q.was) AS was, array_agg(q.rounded) AS rounded, array_agg(q.moved) AS moved INTO r
    FROM pg_temp.round_row q LEFT JOIN pg_temp.round_number k USING (breakdown, member) WHERE q.known = NOT anew;
  SELECT array_agg(d.area_id) AS area, array_agg(centre.rounding_series(p.part)) AS series INTO due
    FROM (SELECT DISTINCT q.part FROM pg_temp.round_row q) AS p JOIN pg_temp.round_due d ON d.measure = ANY (centre.rounding_counts_in(p.part));
  SELECT array_agg(c.area_id) AS area, array_agg(centre.rounding_series(c.part)) AS series, array_agg(c.error) AS error INTO late FROM centre.rounding_carried(of_dataset, kept, of_base) AS c WHERE anew;
  IF anew THEN
    z := (SELECT civic.round_counts(array_agg(x.area_id), array_agg(x.parent_id), (SELECT array_agg(k.number) FROM pg_temp.round_number k), (SELECT array_agg(k.table_number) FROM pg_temp.round_number k),
            r.area, r.series, r.member, r.n, of_base, secret, label, g.members, g.sums, late.area, late.series, late.error,
            -- a larger base has fewer members that may move, so it is searched for longer
            sweeps => CASE WHEN of_base > (SELECT d.base FROM centre.dataset d WHERE d.code = of_dataset) THEN 100 ELSE 30 END, largest => CASE WHEN g.crossed THEN 3 * of_base + 1 END) FROM pg_temp.round_area x);
  ELSE
    z := (SELECT civic.round_again(array_agg(x.area_id), array_agg(x.parent_id), (SELECT array_agg(k.number) FROM pg_temp.round_number k), (SELECT array_agg(k.table_number) FROM pg_temp.round_number k),
            r.area, r.series, r.member, r.n, of_base, secret, label, r.rounded, r.was, r.moved, due.area, due.series, g.members, g.sums) FROM pg_temp.round_area x);
  END IF;
  UPDATE pg_temp.round_row q
    SET rounded = u.z, moved = q.moved OR (NOT anew AND u.z <> q.rounded AND NOT EXISTS (SELECT FROM pg_temp.round_due d WHERE d.area_id = q.area_id AND d.measure = ANY (centre.rounding_counts_in(q.part))))
    FROM unnest(r.ids, z) AS u (row_id, z) WHERE u.row_id = q.row_id;
END
$$;
COMMENT ON PROCEDURE centre.rounding_call(text, daterange, integer, boolean) IS
  'hands the rows of round_row that have a state, or those that have none, to the extension and takes back what they are rounded to';

-- The year to date of a country and its provinces is read as a sum of months: their errors are kept from adding up.
CREATE FUNCTION centre.rounding_carried(of_dataset text, kept daterange, of_base integer) RETURNS TABLE (part text, area_id integer, error bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT s.part, c.ancestor_id, sum(s.rounded - s.truth)::bigint
  FROM centre.rounding_state s JOIN centre.area_closure c ON c.descendant_id = s.area_id JOIN centre.area_standing t ON t.area_id = c.ancestor_id AND t.level IN ('country', 'province')
  WHERE s.dataset = $1 AND s.base = $3 AND s.breakdown = '*' AND s.period << $2 AND extract(year FROM lower(s.period)) = extract(year FROM lower($2))
  GROUP BY s.part, c.ancestor_id;
END;
COMMENT ON FUNCTION centre.rounding_carried(text, daterange, integer) IS 'by how much the totals of the country and the provinces are off in earlier periods of the year, taken together';
