-- From what the sources say to one place a worker: ours beside the DISTINCT ON that a user would write over one table for each source (no conflict bit, no staleness).
\i test/bench/cpu.sql
SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB';
CREATE TEMP TABLE r (way text, cpu float8);
CREATE PROCEDURE pg_temp.turn() LANGUAGE plpgsql AS $$
DECLARE
  began float8;
BEGIN
  began := pg_temp.cpu();
  CREATE TEMP TABLE by_hand AS SELECT DISTINCT ON (worker_id) * FROM (
    SELECT worker_id, premises_id, room_id, 0 AS rank, observed_at FROM bench.admission WHERE until_at > now()
    UNION ALL SELECT worker_id, premises_id, room_id, 1, observed_at FROM bench.scan WHERE observed_at > now() - interval '14 days'
    UNION ALL SELECT worker_id, premises_id, room_id, 2, observed_at FROM bench.roll WHERE until_at > now()
    UNION ALL SELECT worker_id, premises_id, room_id, 3, observed_at FROM bench.address) AS c ORDER BY worker_id, rank, observed_at DESC;
  INSERT INTO r VALUES ('by hand', pg_temp.cpu() - began);
  CREATE TEMP TABLE refresh_worker ON COMMIT DROP AS SELECT worker_id FROM centre.worker;
  ANALYZE refresh_worker;
  began := pg_temp.cpu();
  PERFORM centre.location_candidates(now());
  INSERT INTO r VALUES ('candidates', pg_temp.cpu() - began);
  began := pg_temp.cpu();
  PERFORM centre.resolve_locations();
  INSERT INTO r VALUES ('resolve', pg_temp.cpu() - began);
END
$$;
SELECT 'candidates: ' || count(*) FROM centre.location_claim;
CALL pg_temp.turn();
DROP TABLE by_hand; CALL pg_temp.turn(); DROP TABLE by_hand; CALL pg_temp.turn(); DROP TABLE by_hand;
SELECT format('%-10s %s CPU s', way, round(min(cpu)::numeric, 2)) FROM r GROUP BY way ORDER BY way;
SELECT format('ratio location_resolve_over_distinct_on %s', round((min(cpu) FILTER (WHERE way = 'resolve') / min(cpu) FILTER (WHERE way = 'by hand'))::numeric, 2)) FROM r;
SELECT format('ratio location_claims_to_places_over_distinct_on %s', round(((min(cpu) FILTER (WHERE way = 'resolve') + min(cpu) FILTER (WHERE way = 'candidates')) / min(cpu) FILTER (WHERE way = 'by hand'))::numeric, 2)) FROM r;
