-- Figures of intake.

CREATE VIEW centre.figure_intake AS
  SELECT 'waiting_s' AS code, coalesce(extract(epoch FROM clock_timestamp() - min(l.received_at)), 0)::float8 AS value, 's' AS unit, min(l.received_at) AS "time" FROM centre.landing l WHERE l.batch_id IS NULL
  UNION ALL
  -- opened by hand, and never applied: the tick takes what waits, and this waits no more
  SELECT 'stuck_batches', count(*)::float8, 'batches', min(b.opened_at) FROM centre.batch b WHERE b.applied_at IS NULL AND b.opened_at < now() - interval '10 minutes'
  UNION ALL
  SELECT 'dead_letters', count(*)::float8, 'documents', min(d.first_at) FROM centre.dead_letter d WHERE d.resolved_at IS NULL
  UNION ALL
  SELECT 'dead_letters_day', count(*)::float8, 'documents', min(d.first_at) FROM centre.dead_letter d WHERE d.resolved_at IS NULL AND d.first_at >= now() - interval '1 day'
  UNION ALL
  SELECT 'set_aside', count(*)::float8, 'documents', min(d.first_at) FROM centre.dead_letter d WHERE d.resolved_at IS NULL AND d.code IN ('I900', 'I901')
  UNION ALL
  SELECT 'received', coalesce(sum((b.report ->> 'received')::bigint) FILTER (WHERE b.applied_at >= now() - interval '1 day'), 0)::float8, 'documents', max(b.applied_at) FROM centre.batch b WHERE b.applied_at IS NOT NULL;
COMMENT ON VIEW centre.figure_intake IS
  'figures of centre.health(): seconds the oldest payload waits; batches that were opened ten minutes ago or earlier and not applied; open dead letters, those of the last day, and those that were set aside; documents received in the last 24 hours';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_intake') ON CONFLICT DO NOTHING;
