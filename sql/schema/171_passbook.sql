-- Passbooks of departments and ministries: what of them may be published.

INSERT INTO centre.dataset (code, relation, flow) VALUES ('passbook_entry', 'centre.passbook_entry_row', 'event'), ('passbook_balance', 'centre.passbook_balance_row', 'stock');
INSERT INTO centre.dimension (dataset, name, kind, columns, multiple) VALUES
  ('passbook_entry', 'office', 'column', '{ministry,department}', false), ('passbook_entry', 'competency', 'column', '{competency}', true),
  ('passbook_entry', 'entry', 'column', '{entry}', true),
  ('passbook_balance', 'office', 'column', '{ministry,department}', false), ('passbook_balance', 'competency', 'column', '{competency}', true);
-- Of entries persons are published, not levels: levels gained and lost would add up with the two balances, so that a
-- withheld one could be had by subtraction.
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, levels, measures) VALUES
  ('passbook_entries', 'centre', 'month', 'passbook_entry', '{office,competency,entry}', '{}', '{subjects}'),
  ('passbook_balance', 'centre', 'month', 'passbook_balance', '{office,competency}', '{}', '{subjects,levels}');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('entry', 'credit', 'en', 'credits'), ('entry', 'expiry', 'en', 'expiries'), ('entry', 'revocation', 'en', 'revocations'), ('measure', 'levels', 'en', 'levels');
