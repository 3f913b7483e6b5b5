-- Who may do what.  Nothing is granted on partitions; writes go through the parent.

GRANT USAGE ON SCHEMA centre TO civic_ingest, civic_ticker, civic_publisher;
GRANT USAGE ON SCHEMA dash TO PUBLIC;
-- Functions of centre are for those named below, not for everybody.
REVOKE ALL ON ALL ROUTINES IN SCHEMA centre FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA dash FROM PUBLIC;

-- Ingest: payload columns only, so that the time of receipt and the batch cannot be forged.
GRANT INSERT (source, form, format, payload) ON centre.landing TO civic_ingest;

-- Ticker: intake and cells.
GRANT SELECT ON centre.site, centre.source, centre.intake_map, centre.intake_code, centre.indicator, centre.area, centre.area_alias,
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
  centre.pseudonym(text), centre.try_numeric(text), centre.try_timestamptz(text, text), centre.try_boolean(text), centre.try_jsonb(bytea),
  centre.try_text(bytea), centre.csv_rows(text), centre.csv_is_sound(text), centre.csv_objects(text), centre.group_code(boolean, boolean, boolean),
  centre.drain_cells(integer), centre.observation_added(), centre.observation_removed(), centre.observation_changed() TO civic_ticker;
GRANT EXECUTE ON PROCEDURE centre.intake_apply(bigint, boolean, jsonb), centre.intake_retry(text, jsonb), centre.intake_replace_observations(), centre.tick() TO civic_ticker;

-- Readers: dash only.  What each sees there is limited by its audience.
GRANT SELECT ON ALL TABLES IN SCHEMA dash TO civic_reader, civic_provider, civic_analyst, civic_admin,
  civic_department, civic_province, civic_representative, civic_ngo, civic_federation, civic_public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dash TO civic_reader, civic_provider, civic_analyst, civic_admin, civic_publisher, civic_ticker,
  civic_department, civic_province, civic_representative, civic_ngo, civic_federation, civic_public;
GRANT SELECT ON dash.language, dash.label, dash.site TO civic_ticker, civic_publisher;

-- What the site had granted on functions and views that still exist.
DO $$
DECLARE
  kept record;
BEGIN
  FOR kept IN SELECT * FROM pg_temp.kept_grant LOOP
    IF (CASE kept.catalogue WHEN 'pg_class' THEN to_regclass(kept.identity) IS NOT NULL ELSE to_regprocedure(kept.identity) IS NOT NULL END) THEN
      EXECUTE kept.command;
    END IF;
  END LOOP;
END
$$;
