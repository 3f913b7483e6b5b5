-- The earlier wordings of statements about workers, so that it can be told what was known when.

CREATE TABLE centre.statement_before (
  relation    text NOT NULL,
  agency      text NOT NULL,
  source_key  text NOT NULL,
  worker_id   bigint,
  replaced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  content     jsonb NOT NULL
);
CREATE INDEX statement_before_worker_idx ON centre.statement_before (worker_id, replaced_at);
CREATE INDEX statement_before_key_idx ON centre.statement_before (relation, agency, source_key, replaced_at);
COMMENT ON TABLE centre.statement_before IS 'statements as they were until a later version replaced them or took them back; appended by triggers; centre.statements_as_known() reads them with those that stand';
COMMENT ON COLUMN centre.statement_before.relation IS 'the table of centre that the statement stands in';
COMMENT ON COLUMN centre.statement_before.worker_id IS 'whom the earlier wording was about';
COMMENT ON COLUMN centre.statement_before.replaced_at IS 'until when the centre held it';

DO $$
DECLARE
  stated text;
BEGIN
  FOREACH stated IN ARRAY '{approval,non_compliance,app_registration,vulnerability,test_result,vaccination,recovery,movement_order,exposure,location_claim}'::text[] LOOP
    EXECUTE format('ALTER TABLE centre.%I ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()', stated);
    EXECUTE format('COMMENT ON COLUMN centre.%I.recorded_at IS %L', stated, 'when the first version of the statement came; earlier wordings are in centre.statement_before');
  END LOOP;
END
$$;

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry, blank) VALUES ('statement_before', 47, 'worker_id', 'delete', 'replaced_at', 'delete', '{}');
INSERT INTO centre.intake_code VALUES ('I206', 'error');
INSERT INTO centre.label (domain, code, lang, label) VALUES ('intake_code', 'I206', 'en', 'the time lies outside the years 1 to 9998');
