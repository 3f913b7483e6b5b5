-- Figures of the tick, of partitions and of the server.

CREATE VIEW centre.figure_operation AS
  -- a tick that never ran is as old as the layer
  SELECT 'tick_age_s' AS code, extract(epoch FROM clock_timestamp() - coalesce(t.last, (SELECT min(m.applied_at) FROM centre.migration m)))::float8 AS value, 's' AS unit, t.last AS "time"
  FROM (SELECT max(l.finished_at) AS last FROM centre.tick_log l WHERE l.step = 'tick') AS t
  UNION ALL
  SELECT 'failing_steps', count(DISTINCT l.step)::float8, 'steps', min(l.started_at) FROM centre.tick_log l
  WHERE l.error IS NOT NULL AND l.error <> '55P03' AND l.finished_at >= now() - interval '10 minutes'
  UNION ALL
  -- began an hour ago, or before a later round of the same step, and never ended
  SELECT 'unfinished_rounds', count(*)::float8, 'rounds', min(l.started_at) FROM centre.tick_log l
  WHERE l.finished_at IS NULL AND l.started_at > now() - interval '1 day'
    AND (l.started_at < now() - interval '1 hour' OR EXISTS (SELECT FROM centre.tick_log n WHERE n.step = l.step AND n.round_id > l.round_id))
  UNION ALL
  SELECT 'stuck_rows', count(*)::float8, 'rows', min(s.since) FROM centre.stuck_row s
  UNION ALL
  SELECT 'missing_partitions', count(*) FILTER (WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                       WHERE n.nspname = 'centre' AND c.relname = m.parent || '_' || to_char(now() + ahead * interval '1 month', 'YYYY_MM')))::float8, 'months', NULL
  FROM centre.month_table m, generate_series(0, 1) AS ahead
  UNION ALL
  SELECT 'oldest_transaction_s', extract(epoch FROM clock_timestamp() - min(a.xact_start))::float8, 's', min(a.xact_start) FROM pg_stat_activity a WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
  UNION ALL
  SELECT 'prepared_transaction_s', coalesce(extract(epoch FROM clock_timestamp() - min(p.prepared)), 0)::float8, 's', min(p.prepared) FROM pg_prepared_xacts p
  UNION ALL
  SELECT 'slot_bytes', CASE WHEN NOT pg_is_in_recovery() THEN coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)), 0)::float8 END, 'bytes', NULL FROM pg_replication_slots s
  UNION ALL
  SELECT 'freeze_age', age(d.datfrozenxid)::float8, 'transactions', NULL FROM pg_database d WHERE d.datname = current_database();
COMMENT ON VIEW centre.figure_operation IS
  'figures of centre.health(): seconds since a tick came to its end; steps that failed in the last ten minutes; rounds that began and never ended; rows that steps left out because they fail; months that have no partition, of this and the next; '
  'age of the oldest transaction (null to who may not see others'' sessions: grant pg_monitor) and prepared transaction; bytes that the slowest replication slot keeps; transactions since the database was frozen';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_operation') ON CONFLICT DO NOTHING;
