-- Erasing a person, and what is kept too long: the rows of centre.retention, and the parts that rooms name in centre.erase_job.

-- An identity stands in a payload as the source wrote it, and only its pseudonym is known here: so each value of a payload is made
-- a pseudonym.  This needs no map and finds earlier versions, unmapped fields and forms that nobody can read yet.
CREATE FUNCTION centre.names_one_of(said text, persons bigint[], salt bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN civic.subject_key(btrim(said), salt) = ANY (persons) OR civic.subject_key('household:' || btrim(said), salt) = ANY (persons);
COMMENT ON FUNCTION centre.names_one_of(text, bigint[], bytea) IS 'is a value the identity of one of these persons or households?';

CREATE FUNCTION centre.said_in(doc jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v #>> '{}' FROM jsonb_path_query($1, 'strict $.** ? (@.type() == "string" || @.type() == "number" && @.abs() < 1e100 && (@ == 0 || @.abs() >= 1e-100))') AS v;
END;
COMMENT ON FUNCTION centre.said_in(jsonb) IS 'the values of a document, however deep; no number that is_wide(), which names nobody and would be long';

CREATE FUNCTION centre.blanking(t centre.retention, OUT setting text, OUT differs text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT string_agg(format('%I = %s', a.attname, e.empty), ', '), string_agg(format('x.%I IS DISTINCT FROM %s', a.attname, e.empty), ' OR ')
  FROM pg_attribute a CROSS JOIN LATERAL (SELECT CASE a.atttypid WHEN 'text'::regtype THEN format('CASE WHEN x.%I IS NOT NULL THEN ''erased'' END', a.attname) ELSE 'NULL' END AS empty) AS e
  WHERE a.attrelid = to_regclass(format('centre.%I', (t).relation)) AND a.attname = ANY ((t).blank);
END;
COMMENT ON FUNCTION centre.blanking(centre.retention) IS 'what blanking a row x of a table sets, and the condition that it is not blank yet';

CREATE FUNCTION centre.erase_part(routine text, persons bigint[], numbers bigint[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  report jsonb;
BEGIN
  EXECUTE format('SELECT %I.%I($1, $2)', split_part(routine, '.', 1), split_part(routine, '.', 2)) INTO report USING persons, numbers;
  RETURN coalesce(report, '{}');
END
$$;
COMMENT ON FUNCTION centre.erase_part(text, bigint[], bigint[]) IS 'inner part of erase(): a part of centre.erase_job; gives how many rows of each table it deleted or changed';

CREATE FUNCTION centre.erase_rows(persons bigint[], numbers bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t centre.retention;
  handled bigint;
  report jsonb := '{}';
BEGIN
  FOR t IN SELECT * FROM centre.retention r WHERE r.person IS NOT NULL ORDER BY r.place LOOP
    IF t.erasure = 'delete' THEN
      EXECUTE format('DELETE FROM centre.%I x WHERE x.%I = ANY ($1)', t.relation, t.person) USING persons;
    ELSE
      t.blank := array_remove(t.blank, t.person);
      EXECUTE format('UPDATE centre.%1$I x SET %2$I = $2[array_position($1, x.%2$I)]%3$s WHERE x.%2$I = ANY ($1)', t.relation, t.person, ', ' || (centre.blanking(t)).setting)
        USING persons, numbers;
    END IF;
    GET DIAGNOSTICS handled = ROW_COUNT;
    report := report || jsonb_build_object(t.relation, handled);
  END LOOP;
  RETURN report;
END
$$;
COMMENT ON FUNCTION centre.erase_rows(bigint[], bigint[]) IS 'inner part of erase(): deletes or blanks the rows of the tables of centre.retention that name a person in a column';

CREATE FUNCTION centre.erase_everywhere(persons bigint[]) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  job record;
  part jsonb;
  report jsonb := '{}';
  borne bigint := 0;
  numbers bigint[] := ARRAY(SELECT ('x' || translate(left(gen_random_uuid()::text, 18), '-', ''))::bit(64)::bigint FROM unnest(persons));
BEGIN
  INSERT INTO centre.erased SELECT unnest(numbers);
  FOR job IN
    SELECT j.routine, j.bears, j.phase = 'after' AS later, j.place FROM centre.erase_job j WHERE j.phase IN ('before', 'after')
    UNION ALL SELECT 'centre.erase_rows', false, true, -1 ORDER BY later, place LOOP
    part := centre.erase_part(job.routine, persons, numbers);
    report := report || part;
    IF job.bears THEN
      borne := borne + (SELECT coalesce(sum(p.value::bigint), 0) FROM jsonb_each_text(part) AS p);
    END IF;
  END LOOP;
  -- numbers that nothing bears are not kept: nobody can tell by their count how often it was asked
  DELETE FROM centre.erased e WHERE e.number = ANY (numbers)
    AND borne + (SELECT coalesce(sum((report ->> t.relation)::bigint), 0) FROM centre.retention t WHERE t.erasure = 'blank') = 0;
  RETURN report;
END
$$;
COMMENT ON FUNCTION centre.erase_everywhere(bigint[]) IS 'inner part of erase(): the whole way; gives how many rows of each table it deleted or blanked';

CREATE FUNCTION centre.erase_wait() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  waiting text;
BEGIN
  FOR waiting IN SELECT j.routine FROM centre.erase_job j WHERE j.phase = 'wait' ORDER BY j.place LOOP
    EXECUTE format('SELECT %I.%I()', split_part(waiting, '.', 1), split_part(waiting, '.', 2));
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.erase_wait() IS 'inner part of erase(): waits for whoever has read about the person and not written yet, and keeps others from beginning, until the end of the transaction';

CREATE FUNCTION centre.erase_whom(of_subject bigint) RETURNS bigint[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text;
  others bigint[];
  persons bigint[] := ARRAY[of_subject];
BEGIN
  FOR part IN SELECT j.routine FROM centre.erase_job j WHERE j.phase = 'also' ORDER BY j.place LOOP
    EXECUTE format('SELECT %I.%I($1)', split_part(part, '.', 1), split_part(part, '.', 2)) INTO others USING of_subject;
    persons := persons || others;
  END LOOP;
  RETURN persons;
END
$$;
COMMENT ON FUNCTION centre.erase_whom(bigint) IS 'inner part of erase(): a person, and who else is erased with him: a household of which nobody else is known';

CREATE FUNCTION centre.erase(of_subject bigint, dry_run boolean DEFAULT false) RETURNS TABLE (relation text, erasure text, rows bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  persons bigint[];
  report jsonb;
BEGIN
  IF of_subject IS NULL THEN
    RAISE EXCEPTION 'there is no subject to erase' USING ERRCODE = 'null_value_not_allowed', HINT = 'centre.pseudonym(identity) gives it.';
  END IF;
  PERFORM centre.erase_wait();
  persons := centre.erase_whom(of_subject);
  -- A dry run takes the same way and is then undone, so that its counts cannot differ.
  BEGIN
    report := centre.erase_everywhere(persons);
    IF dry_run THEN
      RAISE EXCEPTION USING ERRCODE = 'CVDRY', MESSAGE = 'dry run';
    END IF;
    INSERT INTO centre.erasure (cause, relations, rows) SELECT 'person', count(*) FILTER (WHERE r.value::bigint > 0), sum(r.value::bigint) FROM jsonb_each_text(report) AS r;
  EXCEPTION
    WHEN SQLSTATE 'CVDRY' THEN NULL;
  END;
  RETURN QUERY SELECT t.relation, t.erasure, (report ->> t.relation)::bigint FROM centre.retention t WHERE (report ->> t.relation)::bigint > 0 ORDER BY t.place;
END
$$;
COMMENT ON FUNCTION centre.erase(bigint, boolean) IS
  'erase a person (or a household) by pseudonym from everything the layer stores, and give how many rows of which tables that concerned; dry_run: only count. Safe to repeat. Cells change as after any correction. '
  'Kept: released values; decisions, answered appeals and confirmed overrides without facts and texts, and who a release counted, both under a number drawn at random that leads to nobody. '
  'Not found: texts that staff wrote about a person, and refused rows of feeds that do not name him. Backups, replicas'' archives, the server''s log and what sources still hold are the site''s to deal with';

-- By ctid, of an array: a slice of a table, whatever indexes it has; a partition's number tells rows of the same place apart.
CREATE FUNCTION centre.retain_rows(places bigint[], context jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t centre.retention := (SELECT r FROM centre.retention r WHERE r.relation = context ->> 'relation');
  rows tid[] := ARRAY(SELECT format('(%s,%s)', p >> 16, p & 65535)::tid FROM unnest(places) AS p);
  handled bigint;
BEGIN
  IF t.expiry = 'delete' THEN
    EXECUTE format('DELETE FROM centre.%I x WHERE x.ctid = ANY ($1) AND x.tableoid = $2', t.relation) USING rows, (context ->> 'in')::oid;
  ELSE
    EXECUTE format('UPDATE centre.%I x SET %s WHERE x.ctid = ANY ($1) AND x.tableoid = $2', t.relation, (centre.blanking(t)).setting) USING rows, (context ->> 'in')::oid;
  END IF;
  GET DIAGNOSTICS handled = ROW_COUNT;
  RETURN handled;
END
$$;
COMMENT ON FUNCTION centre.retain_rows(bigint[], jsonb) IS 'inner part of retain_slice(): delete or blank rows of a table or partition by their places (block * 65536 + line); gives how many';

CREATE FUNCTION centre.retain_slice(t centre.retention, clock timestamptz, at_most integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due text := format('(%s) < $1 - %L::interval', t.since, t.keep);
  found_in oid;
  places bigint[];
  handled bigint := 0;
BEGIN
  IF t.expiry = 'blank' THEN
    due := format('%s AND (%s)', due, (centre.blanking(t)).differs);
  END IF;
  FOR found_in, places IN EXECUTE format('SELECT s.tableoid, array_agg((s.at[0]::bigint << 16) + s.at[1]::bigint) FROM (SELECT x.tableoid, x.ctid::text::point AS at FROM centre.%I x WHERE %s LIMIT $2) AS s GROUP BY 1', t.relation, due) USING clock, at_most LOOP
    handled := handled + centre.work_apart('retention', format('row of %s (block * 65536 + line)', found_in::regclass), 'centre.retain_rows', places, jsonb_build_object('relation', t.relation, 'in', found_in));
    -- what stays is no progress
    handled := handled - (SELECT count(*) FROM centre.stuck_row s WHERE s.step = 'retention' AND s.key = ANY (places) AND s.last_at >= now());
  END LOOP;
  RETURN handled;
END
$$;
COMMENT ON FUNCTION centre.retain_slice(centre.retention, timestamptz, integer) IS 'inner part of apply_retention(): up to at_most rows of a table that are older than it keeps them; gives how many. A row that cannot go stays (centre.stuck_row)';

CREATE FUNCTION centre.apply_retention(clock timestamptz DEFAULT now(), at_most integer DEFAULT 20000) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t centre.retention;
  handled bigint;
  relations integer := 0;
  total bigint := 0;
BEGIN
  FOR t IN SELECT * FROM centre.retention r WHERE r.keep IS NOT NULL ORDER BY r.place LOOP
    BEGIN
      handled := centre.retain_slice(t, clock, at_most);
    EXCEPTION WHEN OTHERS THEN
      IF centre.error_is_outside(sqlstate) AND sqlstate !~ '^42' OR NOT centre.apart() THEN
        RAISE;
      END IF;
      -- what a site wrote into since, or a table that is gone
      PERFORM centre.note_stuck('retention', coalesce(to_regclass(format('centre.%I', t.relation))::oid::bigint, 0), t.relation, sqlstate);
      handled := 0;
    END;
    relations := relations + (handled > 0)::integer;
    total := total + handled;
  END LOOP;
  INSERT INTO centre.erasure (cause, relations, rows) SELECT 'retention', relations, total WHERE total > 0;
  IF total = 0 THEN
    -- what stayed was tried once more just now
    DELETE FROM centre.stuck_row s WHERE s.step = 'retention' AND s.last_at < now();
  END IF;
  RETURN total;
END
$$;
COMMENT ON FUNCTION centre.apply_retention(timestamptz, integer) IS
  'delete or blank what is older than centre.retention keeps it, up to at_most rows of each table; gives how many rows: call it again until it gives nought. tick() does so, once a day, when its caller is the owner, within the budget of the step. What is deleted changes what is decided: a dose that is not kept counts no more';

CREATE FUNCTION centre.tick_retention() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- done for today, once a round found nothing more
  IF EXISTS (SELECT FROM centre.tick_log l WHERE l.step = 'retention' AND l.error IS NULL AND l.handled = 0 AND l.finished_at > now() - interval '1 day') THEN
    RETURN NULL;
  END IF;
  RETURN centre.apply_retention();
END
$$;
COMMENT ON FUNCTION centre.tick_retention() IS 'step of tick(): a slice of retention, until nothing is left for the day; gives how many rows, null where it was not due';
INSERT INTO centre.tick_job (step, place, routine, runner, again) VALUES ('retention', 20, 'centre.tick_retention', 'civic_admin', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, runner = excluded.runner, again = excluded.again;

GRANT SELECT ON centre.erased TO civic_publisher;
