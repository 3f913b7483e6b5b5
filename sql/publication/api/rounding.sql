-- Additive rounding of a dataset's counts of persons.  The counts of finest areas are rounded once (civic.round_counts), stored, and every
-- cube's release is a sum of what is stored; later releases start from there (civic.round_again).

CREATE FUNCTION centre.rounding_secret(of_dataset text) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_secret bytea := (SELECT k.secret FROM centre.rounding_key k);
BEGIN
  IF found_secret IS NULL THEN
    RAISE EXCEPTION 'the key of rounding is lost' USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Restore centre.rounding_key. With another key, a period that has been released would be rounded otherwise.';
  END IF;
  RETURN sha256(found_secret || convert_to(of_dataset, 'UTF8'));
END
$$;
COMMENT ON FUNCTION centre.rounding_secret(text) IS 'the key that a dataset is rounded with, made of the site''s secret; for the publisher only';

-- The tables whose members are rounded: every crossing of dimensions other than the area. Crossings that have a dimension in common are rounded as one, which
-- crosses all of theirs, and published as sums of it: apart they would narrow each other. Those with nothing in common do not, they are possible together
-- whatever they are rounded to. A period keeps the crossings it was begun with; what analysts ask for joins them where it can and makes none larger.
CREATE FUNCTION centre.rounding_tables(of_dataset text, kept daterange) RETURNS TABLE (cube text, crossing text, breakdown text, dim integer, finest text, levels text[], total boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE cut AS (
    SELECT c.code, t.number, t.dim, array_remove(t.levels, '*') AS levels, '*' = ANY (t.levels) AS total
    FROM centre.cube c CROSS JOIN LATERAL centre.cube_tables(c) AS t JOIN unnest(centre.dataset_dims($1)) WITH ORDINALITY AS n (name, at) ON n.at = t.dim
    JOIN centre.dimension m ON m.dataset = c.dataset AND m.name = n.name
    WHERE c.dataset = $1 AND c.personal AND m.kind <> 'area' AND t.levels <> '{*}'),
  crossed AS (
    SELECT k.code, k.number, k.code LIKE 'request\_%' AS asked, array_agg(k.dim || '.' || k.levels[cardinality(k.levels)] ORDER BY k.dim) AS parts FROM cut k GROUP BY k.code, k.number),
  grown AS (
    SELECT x.parts AS start, x.parts FROM crossed x WHERE NOT x.asked
    UNION SELECT g.start, ARRAY(SELECT u.part FROM (SELECT unnest(g.parts) UNION SELECT unnest(x.parts)) AS u (part) ORDER BY split_part(u.part, '.', 1)::integer, u.part)
      FROM grown g JOIN crossed x ON NOT x.asked AND x.parts && g.parts AND NOT x.parts <@ g.parts),
  begun AS (SELECT string_to_array(u.breakdown, ' ') AS parts FROM centre.rounding_period p CROSS JOIN LATERAL unnest(p.breakdowns) AS u (breakdown) WHERE p.dataset = $1 AND p.period = $2),
  state AS (
    SELECT b.parts FROM begun b
    UNION SELECT l.parts FROM (SELECT DISTINCT ON (g.start) g.parts FROM grown g ORDER BY g.start, cardinality(g.parts) DESC) AS l
      WHERE NOT EXISTS (SELECT FROM centre.rounding_period p WHERE p.dataset = $1 AND p.period = $2)),
  placed AS (
    SELECT x.code, x.number, x.parts, coalesce((SELECT s.parts FROM state s WHERE x.parts <@ s.parts ORDER BY cardinality(s.parts), s.parts LIMIT 1),
                                               CASE WHEN NOT EXISTS (SELECT FROM state s WHERE s.parts && x.parts) THEN x.parts END) AS whole
    FROM crossed x)
  SELECT p.code, array_to_string(p.parts, ' '), array_to_string(p.whole, ' '), split_part(u.part, '.', 1)::integer, substr(u.part, strpos(u.part, '.') + 1), coalesce(k.levels, '{}'), coalesce(k.total, true)
  FROM placed p CROSS JOIN LATERAL unnest(coalesce(p.whole, p.parts)) AS u (part)
  LEFT JOIN cut k ON k.code = p.code AND k.number = p.number AND k.dim = split_part(u.part, '.', 1)::integer;
END;
COMMENT ON FUNCTION centre.rounding_tables(text, daterange) IS
  'of each table of a dataset''s cubes about persons its crossing, and the one of the period''s state that it is a sum of (null where there is none and others of the same dimensions), by names made of their dimensions and finest levels: which dimensions that crosses, which levels of them the table has (none: the total only), and whether their total too';

CREATE FUNCTION centre.rounding_root() RETURNS integer LANGUAGE sql IMMUTABLE RETURN 2147483647;
COMMENT ON FUNCTION centre.rounding_root() IS 'the area that all areas lie in, for rounding; the only one of a dataset without areas';

CREATE FUNCTION centre.rounding_series(part text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT
RETURN ('x' || substr(md5(part), 1, 7))::bit(28)::integer;
COMMENT ON FUNCTION centre.rounding_series(text) IS 'the number that stands for a part, whatever others there are';

CREATE FUNCTION centre.rounding_counts_in(part text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT
RETURN string_to_array(rtrim(part, '+'), '&');
COMMENT ON FUNCTION centre.rounding_counts_in(text) IS 'the measures that a part is part of';

CREATE PROCEDURE centre.rounding_begin()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  IF to_regclass('pg_temp.round_row') IS NOT NULL THEN
    TRUNCATE pg_temp.round_leaf, pg_temp.round_row, pg_temp.round_option, pg_temp.round_sum, pg_temp.round_area, pg_temp.round_due, pg_temp.round_number, pg_temp.round_before, pg_temp.round_part, pg_temp.round_cell;
    RETURN;
  END IF;
  CREATE TEMP TABLE round_leaf (part text COLLATE "C", dims text[] COLLATE "C", area_id integer, n bigint) ON COMMIT DROP;
  -- counts of finest areas: totals (breakdown *) and members; as they are, and before; known: there is a state to go on from
  CREATE TEMP TABLE round_row (row_id integer GENERATED ALWAYS AS IDENTITY, part text COLLATE "C", area_id integer, breakdown text COLLATE "C", member text COLLATE "C", n bigint,
    was bigint, rounded bigint, moved boolean, known boolean) ON COMMIT DROP;
  -- what the finest member of a dimension may be summed to; the sums a member of a table is in, as keys; fine: the member itself
  CREATE TEMP TABLE round_option (dim integer, finest text COLLATE "C", member text COLLATE "C", key text COLLATE "C") ON COMMIT DROP;
  CREATE TEMP TABLE round_sum (breakdown text COLLATE "C", member text COLLATE "C", key text[] COLLATE "C", fine boolean) ON COMMIT DROP;
  CREATE TEMP TABLE round_area (area_id integer, parent_id integer) ON COMMIT DROP;
  CREATE TEMP TABLE round_due (measure text COLLATE "C", area_id integer) ON COMMIT DROP;
  CREATE TEMP TABLE round_number (breakdown text COLLATE "C", member text COLLATE "C", number integer, table_number integer) ON COMMIT DROP;
  -- the state of one base as it is stored; what a cube's cells are sums of, by measure
  CREATE TEMP TABLE round_before (part text COLLATE "C", area_id integer, breakdown text COLLATE "C", member text COLLATE "C", rounded bigint, truth bigint, moved boolean) ON COMMIT DROP;
  CREATE TEMP TABLE round_part (measure text COLLATE "C", part text COLLATE "C", area_id integer, breakdown text COLLATE "C", member text COLLATE "C", z bigint, truth bigint, persons boolean) ON COMMIT DROP;
  CREATE TEMP TABLE round_cell (measure text COLLATE "C", key text[] COLLATE "C", breakdown text COLLATE "C", area_id integer, fine boolean, truth bigint, z bigint, persons bigint) ON COMMIT DROP;
END
$$;
COMMENT ON PROCEDURE centre.rounding_begin() IS 'makes the temporary tables of rounding, or empties them';

-- Measures that count the same persons are rounded as the groups of persons that they have in common and do not.
-- Persons of a family by the measures they count in ("a&b"), and what a measure counts beyond one of each person ("a+").
CREATE PROCEDURE centre.rounding_leaves(d centre.dataset, area_at integer)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.round_leaf (part, dims, n)
    WITH family AS MATERIALIZED (SELECT f.measure, f.family, count(*) OVER (PARTITION BY f.family) AS members FROM centre.measure_families(d) AS f)
    SELECT p.part, p.dims, count(*)
    FROM (SELECT string_agg(l.measure, '&' ORDER BY l.measure) AS part, l.dims, a.subject_id
          FROM pg_temp.publish_leaf l JOIN family f USING (measure) CROSS JOIN LATERAL centre.subject_amounts(l.sums) AS a
          WHERE f.members > 1 AND a.amount > 0 GROUP BY f.family, l.dims, a.subject_id) AS p
    GROUP BY p.part, p.dims
    UNION ALL
    SELECT l.measure, l.dims, n_distinct(l.sums) FROM pg_temp.publish_leaf l JOIN family f USING (measure) WHERE l.sums IS NOT NULL AND f.members = 1
    UNION ALL
    SELECT l.measure || '+', l.dims, total(l.sums) - n_distinct(l.sums) FROM pg_temp.publish_leaf l JOIN family f USING (measure) WHERE total(l.sums) > n_distinct(l.sums);
  UPDATE pg_temp.round_leaf l
    SET area_id = CASE WHEN l.dims[area_at] LIKE '{%' THEN (l.dims[area_at]::integer[])[cardinality(l.dims[area_at]::integer[])] ELSE centre.rounding_root() END;
  ANALYZE pg_temp.round_leaf;
END
$$;
COMMENT ON PROCEDURE centre.rounding_leaves(centre.dataset, integer) IS 'fills round_leaf of publish_leaf';

CREATE PROCEDURE centre.rounding_rows(d centre.dataset, kept daterange)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cut record;
  tables text[] := (SELECT p.breakdowns FROM centre.rounding_period p WHERE p.dataset = d.code AND p.period = kept);
BEGIN
  INSERT INTO pg_temp.round_row (part, area_id, breakdown, member, n) SELECT l.part, l.area_id, '*', '', sum(l.n) FROM pg_temp.round_leaf l GROUP BY 1, 2;
  INSERT INTO pg_temp.round_option
    SELECT DISTINCT t.dim, t.finest, f.key, o.key
    FROM centre.rounding_tables(d.code, kept) AS t JOIN pg_temp.publish_level f ON f.dim = t.dim AND f.level = t.finest
    JOIN pg_temp.publish_level o ON o.dim = f.dim AND o.member = f.member AND o.level = ANY (t.levels)
    UNION SELECT t.dim, t.finest, f.key, '*' FROM centre.rounding_tables(d.code, kept) AS t JOIN pg_temp.publish_level f ON f.dim = t.dim AND f.level = t.finest WHERE t.total;
  ANALYZE pg_temp.round_option;
  FOR cut IN
    SELECT t.breakdown, cardinality(centre.dataset_dims(d.code)) AS width,
           string_agg(format('f%s.key', t.dim), ', ' ORDER BY t.dim) AS keys,
           string_agg(format(' JOIN (SELECT DISTINCT member, key FROM pg_temp.publish_level WHERE dim = %s AND level = %L) AS f%1$s ON f%1$s.member = l.dims[%1$s]', t.dim, t.finest), '' ORDER BY t.dim) AS joins,
           string_agg(format(' JOIN pg_temp.round_option o%1$s ON o%1$s.dim = %1$s AND o%1$s.finest = %2$L AND o%1$s.member = m.keys[%3$s]', t.dim, t.finest, t.place), '' ORDER BY t.dim) AS options,
           array_agg(t.dim) AS dims
    FROM (SELECT u.*, row_number() OVER (PARTITION BY u.breakdown ORDER BY u.dim) AS place FROM (SELECT DISTINCT x.breakdown, x.dim, x.finest FROM centre.rounding_tables(d.code, kept) AS x WHERE x.breakdown = ANY (tables)) AS u) AS t
    GROUP BY t.breakdown
  LOOP
    EXECUTE format('INSERT INTO pg_temp.round_row (part, area_id, breakdown, member, n) SELECT l.part, l.area_id, %L, ARRAY[%s]::text, sum(l.n) FROM pg_temp.round_leaf l%s GROUP BY 1, 2, 4',
                   cut.breakdown, cut.keys, cut.joins);
    EXECUTE format('INSERT INTO pg_temp.round_sum SELECT %1$L, m.member, s.key, s.fine FROM (SELECT r.member, r.member::text[] AS keys FROM (SELECT x.member FROM pg_temp.round_row x WHERE x.breakdown = %1$L UNION SELECT s.member FROM centre.rounding_state s WHERE (s.dataset, s.period, s.breakdown) = (%5$L, %6$L::daterange, %1$L)) AS r) AS m%2$s
        CROSS JOIN LATERAL (SELECT ARRAY[%3$s] AS key, ARRAY[%4$s] = m.keys AS fine) AS s WHERE array_remove(s.key, ''*'') <> ''{}''',
      cut.breakdown, cut.options,
      (SELECT string_agg(CASE WHEN at = ANY (cut.dims) THEN format('o%s.key', at) ELSE '''*''' END, ', ' ORDER BY at) FROM generate_series(1, cut.width) AS at),
      (SELECT string_agg(format('o%s.key', at), ', ' ORDER BY at) FROM unnest(cut.dims) AS at), d.code, kept);
  END LOOP;
  ANALYZE pg_temp.round_row;
  ANALYZE pg_temp.round_sum;
END
$$;
COMMENT ON PROCEDURE centre.rounding_rows(centre.dataset, daterange) IS 'fills round_row with counts of finest areas, and round_sum, of round_leaf, publish_level and the state; of the tables that the period was begun with';

-- What has been released is the beginning of what follows; what it was not made for would narrow what is known.
CREATE PROCEDURE centre.rounding_check(d centre.dataset, c centre.cube, kept daterange)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known centre.rounding_period;
  families jsonb := (SELECT coalesce(jsonb_object_agg(f.measure, m.members), '{}') FROM centre.measure_families(d) AS f
                     JOIN (SELECT g.family, string_agg(g.measure, '&' ORDER BY g.measure) AS members FROM centre.measure_families(d) AS g GROUP BY g.family) AS m USING (family));
  wanted text[];
  other text;
BEGIN
  SELECT t.crossing INTO other FROM centre.rounding_tables(d.code, kept) AS t WHERE t.cube = c.code AND t.breakdown IS NULL AND t.cube LIKE 'request\_%' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" crosses dimensions otherwise than others of the same persons', c.code USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('The table is "%s".', other), HINT = 'Rounded apart they would narrow each other. Ask for dimensions that one cube has, or for those that none has.';
  END IF;
  SELECT * INTO known FROM centre.rounding_period p WHERE p.dataset = d.code AND p.period = kept;
  IF NOT FOUND THEN
    -- of what was asked for only that which is published now
    INSERT INTO centre.rounding_period SELECT d.code, kept, families, ARRAY(SELECT DISTINCT t.breakdown FROM centre.rounding_tables(d.code, kept) AS t
      WHERE t.breakdown IS NOT NULL AND (t.cube = c.code OR t.cube NOT LIKE 'request\_%') ORDER BY 1);
    RETURN;
  END IF;
  wanted := ARRAY(SELECT DISTINCT t.breakdown FROM centre.rounding_tables(d.code, kept) AS t WHERE t.breakdown IS NOT NULL ORDER BY 1);
  SELECT t.crossing INTO other FROM centre.rounding_tables(d.code, kept) AS t WHERE t.cube = c.code AND (t.breakdown = ANY (known.breakdowns)) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" breaks down by what releases of % were not made for', c.code, kept USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('The table is "%s".', other), HINT = 'Rounded apart from the others it would narrow them. Publish it from the next period on.';
  END IF;
  SELECT f.key INTO other FROM jsonb_each_text(known.parts) AS f WHERE families ? f.key AND families ->> f.key <> f.value LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'measure "%" has become related to another since it was released for %', other, kept USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Rounded together they would differ from what is known. Publish the other from the next period on.';
  END IF;
  -- a table that nobody publishes any more is forgotten, and does not come back in this period
  DELETE FROM centre.rounding_state s WHERE s.dataset = d.code AND s.period = kept AND s.breakdown <> '*' AND s.breakdown <> ALL (wanted);
  UPDATE centre.rounding_period p SET breakdowns = ARRAY(SELECT u FROM unnest(known.breakdowns) AS u WHERE u = ANY (wanted))
    WHERE p.dataset = d.code AND p.period = kept AND NOT p.breakdowns <@ wanted;
  UPDATE centre.rounding_period p SET parts = families || p.parts WHERE p.dataset = d.code AND p.period = kept AND p.parts IS DISTINCT FROM families || p.parts;
END
$$;
COMMENT ON PROCEDURE centre.rounding_check(centre.dataset, centre.cube, daterange) IS
  'notes what the first release of a period is made for, and refuses what later ones may not add';
