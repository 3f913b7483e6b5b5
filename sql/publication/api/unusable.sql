-- What publication leaves out.

CREATE VIEW centre.unusable_observation AS
  SELECT d.source, d.doc_key, i.code AS indicator, o.day, o.area_id, o.value
  FROM centre.observation o JOIN centre.indicator i USING (indicator_id) JOIN centre.document d USING (document_id)
  WHERE i.personal AND NOT centre.usable_amount(o.value);
COMMENT ON VIEW centre.unusable_observation IS 'observations about persons whose amount cannot be, with the document to be corrected: publication counts them nowhere; for the operator';
