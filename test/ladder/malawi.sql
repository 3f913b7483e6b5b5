-- The Malawi household survey as coded answers: table household.
-- psql variable "file": households.csv.gz; see its SOURCE.md for the origin, CC BY 4.0.
\ir label_map.sql
INSERT INTO label_map VALUES
  ('malawi', 'water_source', 'Piped supply', 'piped'),
  ('malawi', 'water_source', 'Borehole or tubewell', 'borehole'),
  ('malawi', 'water_source', 'Protected dug well', 'protected_well'),
  ('malawi', 'water_source', 'Protected spring', 'protected_spring'),
  ('malawi', 'water_source', 'Rainwater collection', 'rainwater'),
  ('malawi', 'water_source', 'Tanker-truck', 'tanker'),
  ('malawi', 'water_source', 'Cart with small tank / drum', 'cart'),
  ('malawi', 'water_source', 'Water kiosk', 'kiosk'),
  ('malawi', 'water_source', 'Unprotected dug well', 'unprotected_well'),
  ('malawi', 'water_source', 'Unprotected spring', 'unprotected_spring'),
  ('malawi', 'water_source', 'Surface water', 'surface_water'),
  ('malawi', 'water_source', 'Other (please specify)', NULL),
  ('malawi', 'water_location', 'In own dwelling or yard or plot', 'true'),
  ('malawi', 'water_location', 'Elsewhere', 'false'),
  ('malawi', 'insufficient_30d', 'No, always sufficient', 'true'),
  ('malawi', 'insufficient_30d', 'Yes, at least once', 'false'),
  ('malawi', 'toilet_type', 'Flush/ Pour flush toilet', 'flush_unknown'),
  ('malawi', 'toilet_type', 'Ventilated Improved Pit (VIP) Latrine', 'vip'),
  ('malawi', 'toilet_type', 'Pit latrine with slab', 'pit_slab'),
  ('malawi', 'toilet_type', 'Composting Toilet', 'composting'),
  ('malawi', 'toilet_type', 'Pit latrine without slab/ Open pit', 'pit_no_slab'),
  ('malawi', 'toilet_type', 'Bucket', 'bucket'),
  ('malawi', 'toilet_type', 'Hanging toilet, hanging latrine', 'hanging'),
  ('malawi', 'toilet_type', 'No Facilities or bush or field', 'none'),
  ('malawi', 'toilet_type', 'Other', NULL),
  ('malawi', 'toilet_shared', 'Yes', 'true'),
  ('malawi', 'toilet_shared', 'No', 'false'),
  ('malawi', 'toilet_shared', 'Dont Know', NULL),
  ('malawi', 'toilet_shared', 'Don''t Know', NULL),
  ('malawi', 'handwash_place', 'Observed - Fixed facility or mobile object in dwelling / yard / plot', 'true'),
  ('malawi', 'handwash_place', 'Not observed - no handwashing place in dwelling / yard / plot', 'false'),
  ('malawi', 'handwash_place', 'Not observed - no permission to see', NULL),
  ('malawi', 'handwash_place', 'Not observed - Other reason (please specify)', NULL),
  ('malawi', 'handwash_water', 'Water is available', 'true'),
  ('malawi', 'handwash_water', 'Water is not available', 'false'),
  ('malawi', 'handwash_soap', 'Soap or detergent present', 'true'),
  ('malawi', 'handwash_soap', 'Soap or detergent not present', 'false');

CREATE TEMP TABLE answer (
  id int, date date, latitude float8, longitude float8, district text, traditional_authority text, water_source text,
  water_location text, water_minutes int, minutes_unknown boolean, insufficient_30d text, insufficient_30d_unknown text,
  quality_tested text, bacteriological_test_at text, chemical_tested text, arsenic_tested text, fluoride_tested text,
  toilet_type text, toilet_shared text, waste_removed text, waste_treated text, waste_disposal text,
  handwash_place text, handwash_water text, handwash_soap text, handwash_supplies text
);
\set copy '\\copy answer FROM PROGRAM ''gunzip -c ' :file ''' WITH (FORMAT csv, HEADER)'
:copy

-- minutes_unknown goes with 0 minutes in the file: unknown is not zero
CREATE TABLE household AS
SELECT id, district,
       code('malawi', 'water_source', water_source) AS source,
       code('malawi', 'water_location', water_location)::boolean AS on_premises,
       CASE WHEN minutes_unknown THEN NULL ELSE water_minutes END AS round_trip_minutes,
       code('malawi', 'insufficient_30d', insufficient_30d)::boolean AS available_when_needed,
       code('malawi', 'toilet_type', toilet_type) AS toilet,
       code('malawi', 'toilet_shared', toilet_shared)::boolean AS shared,
       code('malawi', 'handwash_place', handwash_place)::boolean AS facility,
       code('malawi', 'handwash_water', handwash_water)::boolean AS water,
       code('malawi', 'handwash_soap', handwash_soap)::boolean AS soap
FROM answer ORDER BY id;
ANALYZE household;
