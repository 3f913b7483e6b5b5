-- Location: claims of the sources to one place for each worker, with its history.

CREATE FUNCTION centre.location_candidates(clock timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_claim ON COMMIT DROP AS
    WITH told AS MATERIALIZED (
      SELECT s.source, s.rank, s.temporary, s.age, clock - s.age AS stale_before
      FROM (SELECT x.*, make_interval(secs => extract(epoch FROM x.max_age)::float8) AS age FROM centre.location_source x) AS s),
    -- a source says one thing at a time: the latest it said, even when that has ended
    latest AS (
      SELECT DISTINCT ON (c.worker_id, c.source) c.worker_id, c.source, c.premises_id, c.room_id, c.observed_at, c.until_at
      FROM centre.location_claim c JOIN pg_temp.refresh_worker r ON r.worker_id = c.worker_id
      WHERE NOT c.withdrawn AND c.observed_at <= clock
      ORDER BY c.worker_id, c.source, c.observed_at DESC, c.issued_at DESC, c.agency, c.source_key)
    SELECT l.worker_id, l.source, l.premises_id, l.room_id, l.observed_at, l.until_at, l.observed_at + t.age AS stale_at, coalesce(l.observed_at <= t.stale_before, false) AS stale,
           -- fresh claims before stale ones, then the better source
           (t.rank + CASE WHEN l.observed_at <= t.stale_before THEN 10000 ELSE 0 END) AS preference,
           CASE WHEN NOT t.temporary AND (l.observed_at <= t.stale_before) IS NOT TRUE THEN l.premises_id END AS home_id
    FROM latest l JOIN told t ON t.source = l.source
    WHERE l.until_at > clock AND l.premises_id IS NOT NULL;
  ANALYZE pg_temp.refresh_claim;
END
$$;
COMMENT ON FUNCTION centre.location_candidates(timestamptz) IS
  'inner part of refresh_worker_facts(): what each source says at the clock about the workers of refresh_worker, in the temporary table refresh_claim';

CREATE FUNCTION centre.resolve_locations() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_place ON COMMIT DROP AS
    SELECT DISTINCT ON (worker_id) worker_id, premises_id, room_id, source, observed_at, stale, min(home_id) OVER all_claims <> max(home_id) OVER all_claims AS conflict
    FROM pg_temp.refresh_claim
    WINDOW all_claims AS (PARTITION BY worker_id ORDER BY preference ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ORDER BY worker_id, preference;
  ANALYZE pg_temp.refresh_place;
END
$$;
COMMENT ON FUNCTION centre.resolve_locations() IS
  'inner part of refresh_worker_facts(): the candidates of refresh_claim to one place for each worker, with its source, age, conflict and stale, in the temporary table refresh_place';

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
GRANT EXECUTE ON FUNCTION centre.location_candidates(timestamptz), centre.resolve_locations(), centre.store_locations(timestamptz) TO civic_ticker;
