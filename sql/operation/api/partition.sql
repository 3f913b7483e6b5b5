-- Partitions by month, for the tables that rooms name in centre.month_table.

CREATE FUNCTION centre.ensure_partitions(parent text, key text, from_day date, to_day date) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month date;
  part text;
  first_day text;
  next_day text;
  made text[] := '{}';
BEGIN
  IF to_day - from_day > 36525 THEN
    RAISE EXCEPTION 'a range of more than a hundred years' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s to %s', from_day, to_day);
  END IF;
  FOR month IN SELECT generate_series(date_trunc('month', from_day::timestamp), to_day::timestamp, interval '1 month')::date LOOP
    part := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
    CONTINUE WHEN to_regclass(format('centre.%I', part)) IS NOT NULL;
    -- read as a day, or as an instant in UTC
    first_day := to_char(month, 'YYYY-MM-DD 00:00+00');
    next_day := to_char(month + interval '1 month', 'YYYY-MM-DD 00:00+00');
    -- LIKE and ATTACH: readers and writers of other months go on meanwhile.
    EXECUTE format('CREATE TABLE centre.%I (LIKE centre.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
    EXECUTE format('ALTER TABLE centre.%I OWNER TO civic_admin', part);
    IF (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = to_regclass(format('centre.%I', parent))) THEN
      EXECUTE format('ALTER TABLE centre.%I ENABLE ROW LEVEL SECURITY', part);
    END IF;
    -- Written directly, so the triggers see nothing: the rows stay the same facts.
    EXECUTE format('WITH moved AS (DELETE FROM centre.%1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING *) INSERT INTO centre.%5$I SELECT * FROM moved',
                   parent || '_other', key, first_day, next_day, part);
    EXECUTE format('ALTER TABLE centre.%I ATTACH PARTITION centre.%I FOR VALUES FROM (%L) TO (%L)', parent, part, first_day, next_day);
    PERFORM centre.copy_truncate_triggers(parent, part);
    made := made || part;
  END LOOP;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.ensure_partitions(text, text, date, date) IS
  'make the monthly partitions (UTC) of a table of centre that the days need, by the column key, moving into them what waits in <parent>_other; needs the owner; gives the names of those made';

CREATE FUNCTION centre.copy_truncate_triggers(parent text, part text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t record;
BEGIN
  -- ATTACH brings row triggers along, but none that fire once a statement; bit 5 of tgtype is TRUNCATE
  FOR t IN SELECT tgname, tgfoid::regprocedure AS fn FROM pg_trigger WHERE tgrelid = to_regclass(format('centre.%I', parent)) AND tgtype & 32 <> 0 LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON centre.%I EXECUTE FUNCTION %s', t.tgname, part, t.fn);
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.copy_truncate_triggers(text, text) IS 'inner part of ensure_partitions(): what refuses TRUNCATE of a table refuses it of its new partition';

CREATE FUNCTION centre.make_months(tables bigint[], context jsonb) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT coalesce(sum(cardinality(centre.ensure_partitions(t.parent, t.key, (now() - interval '1 month')::date, (now() + interval '3 months')::date))), 0)
  FROM centre.month_table t WHERE to_regclass(format('centre.%I', t.parent))::oid::bigint = ANY (tables);
END;
COMMENT ON FUNCTION centre.make_months(bigint[], jsonb) IS 'inner part of tick_partitions(): the partitions from last month to three months ahead of tables, by their oid; gives how many were made';

CREATE FUNCTION centre.tick_partitions() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tables bigint[] := ARRAY(SELECT to_regclass(format('centre.%I', t.parent))::oid::bigint FROM centre.month_table t ORDER BY t.parent);
BEGIN
  DELETE FROM centre.tick_log WHERE finished_at < now() - interval '30 days';
  RETURN centre.work_apart('partitions', 'table', 'centre.make_months', tables);
END
$$;
COMMENT ON FUNCTION centre.tick_partitions() IS 'step of tick(): partitions from last month to three months ahead, and the end of old rows of tick_log; gives how many partitions were made';

INSERT INTO centre.tick_job (step, place, routine, runner) VALUES ('partitions', 10, 'centre.tick_partitions', 'civic_admin')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, runner = excluded.runner;
