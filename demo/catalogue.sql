-- What the demo measures: indicators with names in two languages, sources with their maps, cubes.
\set ON_ERROR_STOP on
INSERT INTO centre.source (code, verified, personal, note) VALUES
  ('app', false, true, 'reports of citizens and workers by phone, JSON'),
  ('clinic', true, true, 'line lists of clinics, CSV'),
  ('covid19za', true, false, 'provincial COVID-19 series of the Data Science for Social Impact group (CC BY-SA 4.0)');

INSERT INTO centre.indicator (code, kind, topic, unit, direction, base_year, personal) VALUES
  ('report', 'count', 'needs', 'reports', 'neutral', 2025, true),
  ('need_food', 'rate', 'needs', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('need_water', 'rate', 'needs', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('need_power', 'rate', 'needs', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('need_medical', 'rate', 'needs', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('need_hygiene', 'rate', 'needs', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('threat_fever', 'rate', 'threats', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('threat_diarrhoea', 'rate', 'threats', 'reports per 100,000 people', 'lower_is_better', 2025, true),
  ('covid_case', 'rate', 'threats', 'cases per 100,000 people', 'lower_is_better', 2020, false);
-- one person may report several times: those who need food, beside their reports
INSERT INTO centre.indicator (code, kind, topic, unit, direction, base_year, persons_of) VALUES
  ('need_food_persons', 'rate', 'needs', 'people per 100,000', 'lower_is_better', 2025, 'need_food');
INSERT INTO centre.indicator (code, kind, topic, unit, numerator, denominator, base_year) VALUES
  ('share_food', 'proportion', 'needs', 'share of reports', 'need_food', 'report', 2025);

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('indicator', 'report', 'en', 'reports'), ('indicator', 'report', 'af', 'verslae'),
  ('indicator', 'need_food', 'en', 'food needed'), ('indicator', 'need_food', 'af', 'kos nodig'),
  ('indicator', 'need_food_persons', 'en', 'people who need food'), ('indicator', 'need_food_persons', 'af', 'mense wat kos nodig het'),
  ('indicator', 'need_water', 'en', 'water needed'), ('indicator', 'need_water', 'af', 'water nodig'),
  ('indicator', 'need_power', 'en', 'power needed'), ('indicator', 'need_power', 'af', 'krag nodig'),
  ('indicator', 'need_medical', 'en', 'medical help needed'), ('indicator', 'need_medical', 'af', 'mediese hulp nodig'),
  ('indicator', 'need_hygiene', 'en', 'hygiene supplies needed'), ('indicator', 'need_hygiene', 'af', 'higiënevoorrade nodig'),
  ('indicator', 'threat_fever', 'en', 'fever'), ('indicator', 'threat_fever', 'af', 'koors'),
  ('indicator', 'threat_diarrhoea', 'en', 'diarrhoea'), ('indicator', 'threat_diarrhoea', 'af', 'diarree'),
  ('indicator', 'covid_case', 'en', 'COVID-19 cases'), ('indicator', 'covid_case', 'af', 'COVID-19-gevalle'),
  ('indicator', 'share_food', 'en', 'share of reports that ask for food'), ('indicator', 'share_food', 'af', 'deel van verslae wat kos vra'),
  ('topic', 'threats', 'en', 'health threats'), ('topic', 'threats', 'af', 'gesondheidsbedreigings');

-- The app asks in words; what it does not know is an error, never a guess.
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('app', 'doc_key', '{id}', true, NULL), ('app', 'version', '{v}', false, NULL), ('app', 'deleted', '{deleted}', false, NULL),
  ('app', 'occurred_at', '{at}', true, NULL), ('app', 'longitude', '{pos,lon}', false, NULL), ('app', 'latitude', '{pos,lat}', false, NULL),
  ('app', 'area', '{ward}', false, NULL), ('app', 'subject', '{phone}', false, NULL),
  ('app', 'indicator', '{about}', true, '{"Report": "report", "Food": "need_food", "Water": "need_water", "Power": "need_power", "Medical": "need_medical", "Hygiene": "need_hygiene", "Fever": "threat_fever", "Diarrhoea": "threat_diarrhoea"}'),
  ('app', 'sex', '{sex}', false, '{"female": "f", "male": "m", "other": "x"}'), ('app', 'birth_year', '{born}', false, NULL),
  ('app', 'disability', '{disability}', false, NULL), ('app', 'migrant', '{migrant}', false, NULL);
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('clinic', 'doc_key', '{case_no}', true, NULL), ('clinic', 'version', '{revision}', false, NULL), ('clinic', 'occurred_at', '{onset}', true, NULL),
  ('clinic', 'area', '{ward}', true, NULL), ('clinic', 'subject', '{patient}', true, NULL),
  ('clinic', 'indicator', '{syndrome}', true, '{"FEV": "threat_fever", "DIA": "threat_diarrhoea"}'),
  ('clinic', 'sex', '{sex}', false, '{"F": "f", "M": "m"}'), ('clinic', 'birth_year', '{birth_year}', false, NULL);
INSERT INTO centre.intake_map (source, target, path, required, options) VALUES
  ('covid19za', 'doc_key', '{key}', true, NULL), ('covid19za', 'version', '{revision}', true, NULL), ('covid19za', 'occurred_at', '{day}', true, NULL),
  ('covid19za', 'area', '{province}', true, '{"EC": "EC", "FS": "FS", "GP": "GP", "KZN": "KZN", "LP": "LP", "MP": "MP", "NC": "NC", "NW": "NW", "WC": "WC", "UNKNOWN": "ZA"}'),
  ('covid19za', 'indicator', '{series}', true, '{"confirmed": "covid_case"}'), ('covid19za', 'value', '{new}', true, NULL);

-- Reports of persons are counts in many small places: rounded they can be shown everywhere, exact ones would be withheld nearly everywhere.
UPDATE centre.dataset SET method = 'round' WHERE code = 'observation';
-- a site's key is drawn at random and secret; the demo's figures are to be the same each time
UPDATE centre.rounding_key SET secret = sha256('demo');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns) VALUES
  ('needs_monthly', 'centre', '{report,need_food,need_food_persons,need_water,need_power,need_medical,need_hygiene,threat_fever,threat_diarrhoea,share_food}',
   '{country,province,district,municipality,local_municipality,ward}', 'month', '{all,sex,disability,youth,migrant}'),
  -- the same facts for everybody: fewer areas, more people in each
  ('needs_public', 'public', '{report,need_food,need_water,need_power,need_medical,need_hygiene,threat_fever,threat_diarrhoea,share_food}',
   '{country,province}', 'month', '{all,sex}');
-- by age where there are enough reports: provinces, in four bands
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, breakdowns, age_bands) VALUES
  ('needs_by_age', 'centre', '{need_food,need_water,need_power,need_medical,need_hygiene,threat_fever,threat_diarrhoea}', '{country,province}', 'month', '{all,age_band}', 'broad');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES
  ('covid_monthly', 'centre', '{covid_case}', '{country,province}', 'month', false);
