-- How the system itself is doing, for the command centre: counts of documents and steps, nothing of what they say.

-- The other audiences see none of this: how much comes in, and when, is not theirs to know.
CREATE VIEW dash.intake_source WITH (security_barrier) AS
  SELECT s.code AS source,
         (SELECT count(*)::integer FROM centre.landing l WHERE l.source = s.code AND l.batch_id IS NULL) AS waiting,
         (SELECT min(l.received_at) FROM centre.landing l WHERE l.source = s.code AND l.batch_id IS NULL) AS waiting_since,
         b.last_applied, b.documents, b.refused,
         (SELECT count(*)::integer FROM centre.dead_letter d WHERE d.source = s.code AND d.resolved_at IS NULL) AS dead_letters
  FROM centre.source s
  CROSS JOIN LATERAL (
    SELECT max(b.applied_at) AS last_applied, coalesce(sum((b.report ->> 'received')::bigint), 0)::float8 AS documents,
           coalesce(sum((b.report ->> 'rejected')::bigint), 0)::float8 AS refused
    FROM centre.batch b WHERE b.source = s.code AND b.applied_at IS NOT NULL) AS b
  WHERE EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.intake_source IS
  'each source with its payloads waiting (and since when), when its last batch was applied, documents received and refused in all, and open dead letters; for the command centre only';

CREATE VIEW dash.intake_batch WITH (security_barrier) AS
  SELECT b.applied_at AS "time", b.source, (b.report ->> 'received')::float8 AS received, (b.report ->> 'rejected')::float8 AS rejected,
         extract(epoch FROM b.applied_at - b.opened_at)::float8 AS seconds
  FROM centre.batch b
  WHERE b.applied_at IS NOT NULL AND EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.intake_batch IS 'batches applied: time, source, documents received and refused, seconds from opening to applying; for the command centre only';

CREATE VIEW dash.dead_letter WITH (security_barrier) AS
  SELECT d.code, d.source, d.field, count(*)::integer AS letters, min(d.first_at) AS oldest, max(d.first_at) AS newest,
         count(*) FILTER (WHERE d.first_at >= now() - interval '1 day')::integer AS last_day,
         count(*) FILTER (WHERE d.first_at >= now() - interval '8 days' AND d.first_at < now() - interval '1 day')::float8 / 7 AS daily_before
  FROM centre.dead_letter d
  WHERE d.resolved_at IS NULL AND EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre')
  GROUP BY d.code, d.source, d.field;
COMMENT ON VIEW dash.dead_letter IS
  'open dead letters by code, source and field: how many, since when, of the last day, and a day on average in the seven days before; never their values. For the command centre only';

CREATE VIEW dash.tick_step WITH (security_barrier) AS
  SELECT t.step, t.started_at AS "time", extract(epoch FROM t.finished_at - t.started_at)::float8 AS seconds, t.handled::float8 AS handled, t.error, t.item
  FROM centre.tick_log t
  WHERE t.step <> 'tick' AND EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.tick_step IS
  'rounds of the steps of centre.tick() of the last 30 days: when, how long in seconds (null: it runs, or was cut off), how much they handled, the SQLSTATE where one failed and was undone, and for which source; for the command centre only';

-- A partition is a month of all facts: its size says nothing about a place or a person.
CREATE VIEW dash.partition WITH (security_barrier) AS
  SELECT c.relname::text AS partition, greatest(c.reltuples, 0)::float8 AS rows, pg_total_relation_size(c.oid)::float8 AS bytes
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'centre.observation'::regclass AND EXISTS (SELECT FROM dash.audience a WHERE a.code = 'centre');
COMMENT ON VIEW dash.partition IS 'the months of observations: rows as last estimated by ANALYZE, size in bytes with indexes; for the command centre only';
