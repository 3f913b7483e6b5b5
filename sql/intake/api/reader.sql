-- Documents that other rooms read: of forms with a target that centre.intake_reader names.

CREATE FUNCTION centre.intake_hand_over(counts_as_try boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reader centre.intake_reader;
  part jsonb;
  report jsonb := '{}';
BEGIN
  FOR reader IN SELECT d.* FROM centre.intake_reader d WHERE EXISTS (SELECT FROM pg_temp.intake_raw r JOIN centre.intake_map m USING (source, form) WHERE m.target = d.target) ORDER BY d.target LOOP
    -- names of centre.intake_reader alone, which only the owner writes
    EXECUTE format('SELECT %I.%I($1)', split_part(reader.routine, '.', 1), split_part(reader.routine, '.', 2)) INTO part USING counts_as_try;
    DELETE FROM pg_temp.intake_raw r USING centre.intake_map m WHERE (m.source, m.form, m.target) = (r.source, r.form, reader.target) AND r.fault IS NULL;
    report := centre.intake_add_reports(report, part);
  END LOOP;
  RETURN report;
END
$$;
COMMENT ON FUNCTION centre.intake_hand_over(boolean) IS 'inner part of intake_apply(): documents of forms that centre.intake_reader names are read there and leave intake_raw; gives their counts';
GRANT EXECUTE ON FUNCTION centre.intake_hand_over(boolean) TO civic_ticker;
