-- What the demo compares by: area groups, a plan's target, an index of unmet needs, and an action.  All invented.
\set ON_ERROR_STOP on
INSERT INTO centre.area_group
  SELECT 'metros', area_id FROM centre.area WHERE code IN ('CPT', 'EKU', 'ETH', 'JHB', 'MAN', 'NMA', 'TSH', 'BUF')
  UNION ALL SELECT 'coastal', area_id FROM centre.area WHERE code IN ('EC', 'KZN', 'NC', 'WC');
INSERT INTO centre.standard (code, indicator, owner, demand, value, citation, remedy) VALUES
  ('demo_food', 'need_food', 'Provincial plan (invented)', 'at_most', 8, 'Demo', 'Send food parcels to the wards that ask most, and ask clinics there to weigh the children.'),
  ('demo_fever', 'threat_fever', 'Provincial plan (invented)', 'at_most', 0.7, 'Demo', 'Open a fever line at the clinics that report most, and test.');
INSERT INTO centre.composite (code, citation) VALUES ('unmet_needs', 'Equal weights: the demo has no opinion');
INSERT INTO centre.composite_part (composite, indicator, weight, worst, best) VALUES
  ('unmet_needs', 'need_food', 1, 20, 0), ('unmet_needs', 'need_water', 1, 20, 0), ('unmet_needs', 'need_power', 1, 20, 0), ('unmet_needs', 'need_medical', 1, 20, 0);
INSERT INTO centre.action (code, indicator, area_id, starts, what)
  SELECT 'demo_tankers', 'need_water', area_id, '2026-06-15', 'water tankers in the dry season (invented)' FROM centre.area WHERE code = 'LIM' AND demarcation = (SELECT max(demarcation) FROM centre.area WHERE code = 'ZA');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('area_group', 'metros', 'en', 'metros'), ('area_group', 'metros', 'af', 'metro''s'), ('area_group', 'coastal', 'en', 'coastal provinces'), ('area_group', 'coastal', 'af', 'kusprovinsies'),
  ('composite', 'unmet_needs', 'en', 'needs (100: none)'), ('composite', 'unmet_needs', 'af', 'behoeftes (100: geen)');
