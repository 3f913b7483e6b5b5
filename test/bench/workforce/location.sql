-- From what the sources say to one place a worker (with conflict, staleness and when it next changes), beside what a user would write: a DISTINCT ON over one table for each source that
-- already holds one row a worker, and two DISTINCT ONs over the claims that we read, the latest of each source and then the best source; both without conflict and next change.
\i test/bench/cpu.sql
SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB';
CREATE TEMP TABLE r (way text, cpu float8);
CREATE PROCEDURE pg_temp.turn() LANGUAGE plpgsql AS $$
DECLARE
  began float8;
BEGIN
  CREATE TEMP TABLE refresh_worker ON COMMIT DROP AS SELECT worker_id FROM centre.worker;
  ANALYZE refresh_worker;
  began := pg_temp.cpu();
  CREATE TEMP TABLE by_hand ON COMMIT DROP AS SELECT DISTINCT ON (worker_id) * FROM (
    SELECT worker_id, premises_id, room_id, 0 AS rank, observed_at FROM bench.admission WHERE until_at > now()
    UNION ALL SELECT worker_id, premises_id, room_id, 1, observed_at FROM bench.scan WHERE observed_at > now() - interval '14 days'
    UNION ALL SELECT worker_id, premises_id, room_id, 2, observed_at FROM bench.roll WHERE until_at > now()
    UNION ALL SELECT worker_id, premises_id, room_id, 3, observed_at FROM bench.address) AS c ORDER BY worker_id, rank, observed_at DESC;
  INSERT INTO r VALUES ('tables by hand', pg_temp.cpu() - began);
  began := pg_temp.cpu();
  CREATE TEMP TABLE by_hand_claims ON COMMIT DROP AS SELECT DISTINCT ON (l.worker_id) l.* FROM (
    SELECT DISTINCT ON (c.worker_id, c.source) c.worker_id, c.premises_id, c.room_id, c.source, c.observed_at, c.until_at
    FROM centre.location_claim c JOIN refresh_worker USING (worker_id) WHERE NOT c.withdrawn AND c.observed_at <= now() ORDER BY c.worker_id, c.source, c.observed_at DESC, c.issued_at DESC) AS l
    JOIN centre.location_source s USING (source) WHERE l.until_at > now() AND l.premises_id IS NOT NULL ORDER BY l.worker_id, coalesce(l.observed_at <= now() - s.max_age, false), s.rank;
  INSERT INTO r VALUES ('claims by hand', pg_temp.cpu() - began);
  began := pg_temp.cpu();
  PERFORM centre.resolve_locations(now());
  INSERT INTO r VALUES ('resolve', pg_temp.cpu() - began);
END
$$;
SELECT 'candidates: ' || count(*) FROM centre.location_claim;
CALL pg_temp.turn();
CALL pg_temp.turn();
CALL pg_temp.turn();
SELECT format('%-14s %s CPU s', way, round(min(cpu)::numeric, 2)) FROM r GROUP BY way ORDER BY way;
SELECT format('ratio location_claims_to_places_over_%s %s', replace(h.way, ' ', '_'), round((min(o.cpu) / min(h.cpu))::numeric, 2)) FROM r o, r h WHERE o.way = 'resolve' AND h.way <> 'resolve' GROUP BY h.way ORDER BY h.way;
