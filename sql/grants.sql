-- Who may do what.  Nothing is granted on partitions; writes go through the parent.

GRANT USAGE ON SCHEMA centre TO civic_ingest, civic_ticker, civic_publisher;
GRANT USAGE ON SCHEMA dash TO PUBLIC;
-- Routines are for those named, not for everybody; views and functions of dash are for all readers.  What the site made there is its own affair.
DO $$
DECLARE
  readers text := 'civic_reader, civic_provider, civic_analyst, civic_admin, civic_department, civic_province, civic_representative, civic_ngo, civic_federation, civic_public';
  ours record;
BEGIN
  FOR ours IN SELECT o.kind, o.identity, o.identity LIKE 'dash.%' AS shown FROM pg_temp.objects() o
              WHERE (o.kind = 'ROUTINE' OR o.identity LIKE 'dash.%') AND NOT EXISTS (SELECT FROM pg_temp.site_object s WHERE (s.kind, s.identity) = (o.kind, o.identity)) LOOP
    IF ours.kind = 'ROUTINE' THEN
      EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', ours.identity);
    END IF;
    IF ours.shown THEN
      EXECUTE format('GRANT %s ON %s %s TO %s', CASE ours.kind WHEN 'ROUTINE' THEN 'EXECUTE' ELSE 'SELECT' END, CASE ours.kind WHEN 'ROUTINE' THEN 'ROUTINE' ELSE 'TABLE' END, ours.identity,
                     readers || CASE ours.kind WHEN 'ROUTINE' THEN ', civic_publisher, civic_ticker' ELSE '' END);
    END IF;
  END LOOP;
END
$$;
-- What a view calls its reader calls, and a site may let roles of its own read one; it gives back what it is given.
GRANT EXECUTE ON FUNCTION dash.fenced(anyelement) TO PUBLIC;

-- Ingest: payload columns only, so that the time of receipt and the batch cannot be forged.
GRANT INSERT (source, form, format, payload) ON centre.landing TO civic_ingest;

-- Ticker: intake and cells.
GRANT SELECT ON centre.site, centre.source, centre.intake_map, centre.intake_reader, centre.intake_code, centre.indicator, centre.area, centre.area_alias,
  centre.area_standing, centre.area_closure, centre.area_level, centre.demarcation, centre.area_key, centre.age_band, centre.subject,
  centre.facility, centre.label TO civic_ticker;
GRANT SELECT, INSERT, UPDATE ON centre.batch, centre.document, centre.dead_letter, centre.cell, centre.stale_series TO civic_ticker;
GRANT SELECT, UPDATE (batch_id) ON centre.landing TO civic_ticker;
GRANT SELECT, INSERT, DELETE ON centre.observation, centre.cell_delta TO civic_ticker;
-- FOR UPDATE SKIP LOCKED asks for the right to update
GRANT UPDATE (n) ON centre.cell_delta TO civic_ticker;
GRANT SELECT ON centre.cell_now TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.open_batch(text, integer, bigint), centre.intake_read(bigint[]), centre.intake_type(), centre.intake_check(), centre.intake_store(),
  centre.intake_reject(boolean), centre.intake_run(bigint[], boolean, int8range), centre.find_area(text, date), centre.place_points(bigint[], geometry[]),
  centre.pseudonym(text), centre.try_numeric(text), centre.try_timestamptz(text, text), centre.try_boolean(text), centre.try_jsonb(bytea), centre.is_wide(jsonb),
  centre.try_text(bytea), centre.csv_rows(text), centre.csv_is_sound(text), centre.csv_objects(text), centre.group_code(boolean, boolean, boolean),
  centre.drain_cells(integer), centre.fold_deltas(tid[]), centre.drain_deltas(bigint[], jsonb), centre.tick_cells(), centre.observation_added(), centre.observation_removed(), centre.observation_changed() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.intake_apply(bigint, boolean, jsonb), centre.intake_retry(text, jsonb), centre.intake_replace_observations(), centre.tick() TO civic_ticker;

-- Readers: dash only.  What each sees there is limited by its audience.
GRANT SELECT ON dash.language, dash.label, dash.site TO civic_ticker, civic_publisher;
