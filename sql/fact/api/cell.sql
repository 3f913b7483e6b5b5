-- Cells kept exact: triggers append deltas, a drainer folds them in, the view adds what is pending, a check finds drift.

CREATE FUNCTION centre.group_code(disability boolean, youth boolean, migrant boolean) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE disability WHEN true THEN 1 WHEN false THEN 2 ELSE 0 END + CASE youth WHEN true THEN 4 WHEN false THEN 8 ELSE 0 END
        + CASE migrant WHEN true THEN 16 WHEN false THEN 32 ELSE 0 END)::smallint;
COMMENT ON FUNCTION centre.group_code(boolean, boolean, boolean) IS 'vulnerable groups as cell.groups holds them; null is not known';

CREATE FUNCTION centre.group_answer(groups smallint, of_group text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE (groups / CASE of_group WHEN 'disability' THEN 1 WHEN 'youth' THEN 4 WHEN 'migrant' THEN 16 END) % 4
       WHEN 1 THEN 'yes' WHEN 2 THEN 'no' ELSE 'unknown' END;
COMMENT ON FUNCTION centre.group_answer(smallint, text) IS 'yes, no or unknown for disability, youth or migrant in cell.groups';

-- A trigger with transition tables serves one event, so there are three of them; a COPY or an INSERT ... SELECT fires once.
CREATE FUNCTION centre.observation_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total)
    SELECT indicator_id, area_id, day, sex, age_band, centre.group_code(disability, youth, migrant), count(*), sum(value)
    FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.observation_added() IS 'trigger of observation: what the statement added, one delta a cell';

CREATE FUNCTION centre.observation_removed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total)
    SELECT indicator_id, area_id, day, sex, age_band, centre.group_code(disability, youth, migrant), -count(*), -sum(value)
    FROM old_rows GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.observation_removed() IS 'trigger of observation: what the statement removed, one delta a cell';

CREATE FUNCTION centre.observation_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total)
    SELECT indicator_id, area_id, day, sex, age_band, groups, sum(n), sum(total)
    FROM (SELECT indicator_id, area_id, day, sex, age_band, centre.group_code(disability, youth, migrant) AS groups, 1 AS n, value AS total FROM new_rows
          UNION ALL
          SELECT indicator_id, area_id, day, sex, age_band, centre.group_code(disability, youth, migrant), -1, -value FROM old_rows) AS both_rows
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0 OR sum(total) <> 0;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.observation_changed() IS 'trigger of observation: what the statement changed, one delta a cell';

CREATE FUNCTION centre.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'observations cannot be truncated' USING ERRCODE = 'object_not_in_prerequisite_state',
    DETAIL = format('TRUNCATE of %I.%I would leave its cells behind.', TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'Use DELETE on centre.observation.';
END
$$;
COMMENT ON FUNCTION centre.refuse_truncate() IS 'trigger of observation and its partitions: TRUNCATE would bypass the cells';

CREATE TRIGGER civic_added AFTER INSERT ON centre.observation REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION centre.observation_added();
CREATE TRIGGER civic_removed AFTER DELETE ON centre.observation REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION centre.observation_removed();
CREATE TRIGGER civic_changed AFTER UPDATE ON centre.observation REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION centre.observation_changed();
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT relid FROM pg_partition_tree('centre.observation') LOOP
    EXECUTE format('CREATE TRIGGER civic_no_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION centre.refuse_truncate()', part);
  END LOOP;
END
$$;

CREATE FUNCTION centre.ensure_months(from_day date, to_day date) RETURNS integer
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT cardinality(centre.ensure_partitions('observation', 'day', from_day, to_day));
END;
COMMENT ON FUNCTION centre.ensure_months(date, date) IS
  'make the monthly partitions of observation that the days need, moving into them what waits in observation_other; needs the owner; gives how many were made';

CREATE VIEW centre.cell_now AS
  SELECT indicator_id, area_id, day, sex, age_band, groups, sum(n) AS n, sum(total) AS total
  FROM (SELECT indicator_id, area_id, day, sex, age_band, groups, n, total FROM centre.cell
        UNION ALL
        SELECT indicator_id, area_id, day, sex, age_band, groups, n, total FROM centre.cell_delta) AS both_parts
  GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0 OR sum(total) <> 0;
COMMENT ON VIEW centre.cell_now IS 'cells as they stand: what is folded in and what is pending; exact in every snapshot';

CREATE FUNCTION centre.fold_deltas(rows tid[]) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (
    DELETE FROM centre.cell_delta WHERE ctid = ANY (rows) RETURNING *),
  folded AS (
    SELECT indicator_id, area_id, day, sex, age_band, groups, sum(n) AS n, sum(total) AS total
    FROM taken GROUP BY 1, 2, 3, 4, 5, 6),
  -- Key order: two drainers that meet on hot cells wait for each other and never deadlock.
  merged AS (
    INSERT INTO centre.cell AS c (indicator_id, area_id, day, sex, age_band, groups, n, total)
      SELECT * FROM folded WHERE n <> 0 OR total <> 0 ORDER BY indicator_id, area_id, day, sex, age_band, groups
      ON CONFLICT (indicator_id, area_id, day, sex, age_band, groups) DO UPDATE SET n = c.n + excluded.n, total = c.total + excluded.total),
  stale AS (
    INSERT INTO centre.stale_series AS s (indicator_id, area_id, from_day)
      SELECT indicator_id, area_id, min(day) FROM folded GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (indicator_id, area_id) DO UPDATE SET from_day = least(s.from_day, excluded.from_day))
  SELECT count(*) FROM taken
$$;
COMMENT ON FUNCTION centre.fold_deltas(tid[]) IS 'inner part of drain_cells(): fold locked rows of cell_delta into cell and note their series as stale; gives how many';

CREATE FUNCTION centre.drain_cells(at_most integer DEFAULT 50000) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  -- By ctid, of an array: statistics of a queue are mostly those of an empty one, for which a join would ask for the oldest again with each row, and lock others.
  SELECT centre.fold_deltas(ARRAY(
    SELECT ctid FROM centre.cell_delta WHERE delta_id <> ALL ((SELECT centre.stuck_waiting('cells'))::bigint[]) ORDER BY delta_id LIMIT at_most FOR UPDATE SKIP LOCKED))
$$;
COMMENT ON FUNCTION centre.drain_cells(integer) IS
  'fold up to at_most pending deltas into cell and note their series as stale; several may run at once; gives how many deltas were folded';

CREATE FUNCTION centre.drain_deltas(deltas bigint[], context jsonb) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT centre.fold_deltas(ARRAY(SELECT ctid FROM centre.cell_delta WHERE delta_id = ANY (deltas) FOR UPDATE SKIP LOCKED))
$$;
COMMENT ON FUNCTION centre.drain_deltas(bigint[], jsonb) IS 'inner part of tick_cells(): fold pending deltas into cell, by their number; gives how many';

CREATE FUNCTION centre.tick_cells() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM centre.stuck_row s WHERE s.step = 'cells' AND s.key IN (SELECT centre.stuck_due('cells'));
  RETURN centre.drain_cells();
EXCEPTION WHEN OTHERS THEN
  IF centre.error_is_outside(sqlstate) OR NOT centre.apart() THEN
    RAISE;
  END IF;
  RETURN centre.work_apart('cells', 'change of a cell', 'centre.drain_deltas',
    ARRAY(SELECT d.delta_id FROM centre.cell_delta d WHERE d.delta_id <> ALL ((SELECT centre.stuck_waiting('cells'))::bigint[]) ORDER BY d.delta_id LIMIT 50000));
END
$$;
COMMENT ON FUNCTION centre.tick_cells() IS 'step of tick(): drain_cells(); one that fails stays pending, so that centre.cell_now is exact';

CREATE VIEW centre.cell_drift AS
  SELECT indicator_id, area_id, day, sex, age_band, groups, coalesce(t.n, 0) - coalesce(c.n, 0) AS n_off, coalesce(t.total, 0) - coalesce(c.total, 0) AS total_off
  FROM (SELECT indicator_id, area_id, day, sex, age_band, centre.group_code(disability, youth, migrant) AS groups, count(*) AS n, sum(value) AS total
        FROM centre.observation GROUP BY 1, 2, 3, 4, 5, 6) AS t
  FULL JOIN centre.cell_now c USING (indicator_id, area_id, day, sex, age_band, groups)
  WHERE NOT EXISTS (SELECT FROM centre.archived_month m WHERE m.month = date_trunc('month', day::timestamp)::date)
    AND (coalesce(t.n, 0) <> coalesce(c.n, 0) OR coalesce(t.total, 0) <> coalesce(c.total, 0));
COMMENT ON VIEW centre.cell_drift IS 'cells that differ from the observations, which only writes past the triggers can cause; empty when all is well. Archived months have no observations and are left out';

CREATE FUNCTION centre.reconcile_cells(also_empty_months boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  empty date[];
  mended bigint;
BEGIN
  CREATE TEMP TABLE drift ON COMMIT DROP AS SELECT * FROM centre.cell_drift;
  -- A month that has cells and not one fact lost its partition: its counts are not drift.
  empty := ARRAY(SELECT DISTINCT date_trunc('month', d.day::timestamp)::date FROM pg_temp.drift d
                 WHERE d.n_off < 0 AND NOT also_empty_months
                   AND NOT EXISTS (SELECT FROM centre.observation o WHERE o.day >= date_trunc('month', d.day::timestamp)::date AND o.day < (date_trunc('month', d.day::timestamp) + interval '1 month')::date) ORDER BY 1);
  IF empty <> '{}' THEN
    RAISE WARNING 'months with cells and without any fact are left as they are: %', array_to_string(empty, ', ')
      USING HINT = 'Attach the partition again, or archive with centre.archive_month(); where the facts are rightly gone, call centre.reconcile_cells(true).';
    DELETE FROM pg_temp.drift d WHERE date_trunc('month', d.day::timestamp)::date = ANY (empty);
  END IF;
  INSERT INTO centre.cell_delta (indicator_id, area_id, day, sex, age_band, groups, n, total)
    SELECT indicator_id, area_id, day, sex, age_band, groups, n_off, total_off FROM pg_temp.drift;
  INSERT INTO centre.cell_repair (indicator_id, area_id, day, n_off, total_off)
    SELECT indicator_id, area_id, day, n_off, total_off FROM pg_temp.drift;
  GET DIAGNOSTICS mended = ROW_COUNT;
  DROP TABLE pg_temp.drift;
  RETURN mended;
END
$$;
COMMENT ON FUNCTION centre.reconcile_cells(boolean) IS
  'mend cells that differ from the observations and note it in cell_repair; gives how many there were; nought when all is well. Archived months are left out; so are, with a warning, months that have cells and not one fact, unless also_empty_months';

INSERT INTO centre.month_table (parent, key) VALUES ('observation', 'day') ON CONFLICT (parent) DO UPDATE SET key = excluded.key;
INSERT INTO centre.tick_job (step, place, routine, again) VALUES ('cells', 40, 'centre.tick_cells', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, again = excluded.again;

CREATE VIEW centre.figure_fact AS
  SELECT 'default_rows' AS code, count(*)::float8 AS value, 'facts' AS unit, NULL::timestamptz AS "time"
  FROM (SELECT FROM centre.observation_other o, centre.site s WHERE o.day > now() - s.months_apart LIMIT 1000000) AS o
  UNION ALL
  SELECT 'pending_cells', count(*)::float8, 'changes', NULL FROM (SELECT FROM centre.cell_delta LIMIT 10000000) AS d;
COMMENT ON VIEW centre.figure_fact IS 'figures of centre.health(): observations that wait for the partition of their month, and changes of cells that wait to be folded in';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_fact') ON CONFLICT DO NOTHING;
