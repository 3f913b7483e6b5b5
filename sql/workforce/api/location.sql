-- Location: claims of the sources to one place for each worker, with its history.

CREATE FUNCTION centre.resolve_locations(clock timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_place ON COMMIT DROP AS
    WITH told AS MATERIALIZED (
      SELECT x.source, x.rank, x.temporary, make_interval(secs => extract(epoch FROM x.max_age)::float8) AS age FROM centre.location_source x),
    -- a source says one thing at a time: the latest it said, even when that has ended
    latest AS (
      SELECT DISTINCT ON (c.worker_id, t.rank) c.worker_id, c.source, c.premises_id, c.room_id, c.observed_at, c.until_at, t.rank, t.temporary, c.observed_at + t.age AS stale_at
      FROM centre.location_claim c JOIN pg_temp.refresh_worker r ON r.worker_id = c.worker_id JOIN told t ON t.source = c.source
      WHERE NOT c.withdrawn AND c.observed_at <= clock
      ORDER BY c.worker_id, t.rank, c.observed_at DESC, c.issued_at DESC, c.agency, c.source_key),
    claim AS (
      -- fresh claims before stale ones, then the better source
      SELECT l.*, l.rank + CASE WHEN l.stale_at <= clock THEN 32768 ELSE 0 END AS preference, CASE WHEN NOT l.temporary AND (l.stale_at <= clock) IS NOT TRUE THEN l.premises_id END AS home_id,
             CASE WHEN l.stale_at > clock THEN least(l.until_at, l.stale_at) ELSE l.until_at END AS due_at
      FROM latest l WHERE l.until_at > clock AND l.premises_id IS NOT NULL),
    -- the sort by worker above serves here as well; another by preference would cost more than the least preference does
    weighed AS (
      SELECT m.*, min(m.preference) OVER all_claims AS best, min(m.home_id) OVER all_claims <> max(m.home_id) OVER all_claims AS conflict, min(m.due_at) OVER all_claims AS next_at
      FROM claim m WINDOW all_claims AS (PARTITION BY m.worker_id))
    SELECT w.worker_id, w.premises_id, w.room_id, w.source, w.observed_at, w.preference >= 32768 AS stale, w.conflict, nullif(w.next_at, 'infinity') AS due_at
    FROM weighed w WHERE w.preference = w.best;
  ANALYZE pg_temp.refresh_place;
END
$$;
COMMENT ON FUNCTION centre.resolve_locations(timestamptz) IS
  'inner part of refresh_worker_facts(): what each source says at the clock about the workers of refresh_worker, to one place for each, with its source, age, conflict, stale, and when time alone changes a claim, in the temporary table refresh_place';

CREATE FUNCTION centre.store_locations(clock timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_move ON COMMIT DROP AS
    SELECT r.worker_id, l.during, greatest(clock, lower(l.during)) AS moved_at
    FROM pg_temp.refresh_worker r
    LEFT JOIN centre.location l ON l.worker_id = r.worker_id AND upper_inf(l.during)
    LEFT JOIN pg_temp.refresh_place p ON p.worker_id = r.worker_id
    WHERE (l.premises_id, l.room_id, l.source) IS DISTINCT FROM (p.premises_id, p.room_id, p.source);
  ANALYZE pg_temp.refresh_move;
  -- What was held true stays on record: the open range is closed and another opened.  A place that was never held for any time goes.
  DELETE FROM centre.location l USING pg_temp.refresh_move m WHERE l.worker_id = m.worker_id AND upper_inf(l.during) AND m.moved_at = lower(m.during);
  UPDATE centre.location l SET during = tstzrange(lower(l.during), m.moved_at) FROM pg_temp.refresh_move m WHERE l.worker_id = m.worker_id AND upper_inf(l.during);
  INSERT INTO centre.location (worker_id, premises_id, room_id, source, observed_at, conflict, stale, during)
    SELECT p.worker_id, p.premises_id, p.room_id, p.source, p.observed_at, p.conflict, p.stale, tstzrange(m.moved_at, NULL)
    FROM pg_temp.refresh_place p JOIN pg_temp.refresh_move m ON m.worker_id = p.worker_id ORDER BY p.worker_id;
  UPDATE centre.location l SET observed_at = p.observed_at, conflict = p.conflict, stale = p.stale
    FROM pg_temp.refresh_place p
    WHERE l.worker_id = p.worker_id AND upper_inf(l.during) AND (l.observed_at, l.conflict, l.stale) IS DISTINCT FROM (p.observed_at, p.conflict, p.stale);
  DROP TABLE pg_temp.refresh_move;
END
$$;
COMMENT ON FUNCTION centre.store_locations(timestamptz) IS 'inner part of refresh_worker_facts(): the places of refresh_place into centre.location, with history';

GRANT SELECT, INSERT, UPDATE, DELETE ON centre.location TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.resolve_locations(timestamptz), centre.store_locations(timestamptz) TO civic_ticker;
