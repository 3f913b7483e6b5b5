-- The Dhaka urban survey as coded answers beside the publisher's own classes: table dhaka.
-- psql variable "file": dhaka.csv; see its SOURCE.md for the origin, CC0.
-- After label_map.sql or malawi.sql.
INSERT INTO label_map VALUES
  ('dhaka', 'water1', 'Piped water into dwelling', 'piped_dwelling'),
  ('dhaka', 'water1', 'Piped water to yard/plot', 'piped_yard'),
  ('dhaka', 'water1', 'Public tap/standpipe/kiosk', 'public_tap'),
  ('dhaka', 'water1', 'Bottled water', 'bottled'),
  ('dhaka', 'water1', 'Cart with small tank/drum or tanker-truck', 'cart'),
  -- what was written beside "other": a tube well is a source; a place, a pump or a seller is not
  ('dhaka', 'water2', 'Deep tube well', 'borehole'),
  ('dhaka', 'water2', 'Tube well', 'borehole'),
  ('dhaka', 'water2', 'Shallow tubwell', 'borehole'),
  ('dhaka', 'water2', 'Water lifted by motor', NULL),
  ('dhaka', 'water2', 'Neighbour''s house', NULL),
  ('dhaka', 'water2', 'Nearby factory', NULL),
  ('dhaka', 'water2', 'From mosque', NULL),
  ('dhaka', 'water2', 'From market', NULL),
  ('dhaka', 'water2', 'From water supply point', NULL),
  ('dhaka', 'water2', 'Purchase water', NULL),
  ('dhaka', 'san1', 'Household toilet', 'false'),
  ('dhaka', 'san1', 'Communal / shared toilet', 'true'),
  ('dhaka', 'san1', 'Public toilet', 'true'),
  ('dhaka', 'san1', 'Other (please specify)', 'true'),
  ('dhaka', 'san6', 'Pit latrine with slab or ventilated improved pit latrine (VIP)', 'pit_slab'),
  ('dhaka', 'san6', 'Pit latrine without slab/open pit', 'pit_no_slab'),
  ('dhaka', 'san6', 'Hanging toilet/hanging latrine', 'hanging'),
  ('dhaka', 'san6', 'No facilities or bush or field', 'none'),
  ('dhaka', 'san7', 'Drain', 'flush_open_drain'),
  ('dhaka', 'san7', 'Open drain', 'flush_open_drain'),
  ('dhaka', 'san7', 'Drain connected with waterbody', 'flush_open_drain'),
  ('dhaka', 'san7', 'Drain with water body (Jhill)', 'flush_open_drain'),
  ('dhaka', 'san7', 'Slub and in the bottom drain', 'flush_open_drain'),
  ('dhaka', 'san7', 'In water body (Jhill)', 'none'),
  ('dhaka', 'san7', 'Water body (Lake)', 'none'),
  ('dhaka', 'san7', 'Pond', 'none'),
  ('dhaka', 'san7', 'Ring and slub', NULL),
  ('dhaka', 'san7', 'Ditch with ring', NULL),
  ('dhaka', 'san9', 'Piped sewer system', 'flush_sewer'),
  ('dhaka', 'san9', 'Septic tank', 'flush_septic'),
  ('dhaka', 'san9', 'Pit latrine', 'flush_pit'),
  ('dhaka', 'san9', 'Open drain', 'flush_open_drain'),
  ('dhaka', 'san10', 'Tanki', 'flush_septic'),
  ('dhaka', 'san10', 'Water body (Cannel)', 'flush_open_drain'),
  ('dhaka', 'san10', 'River', 'flush_open_drain'),
  ('dhaka', 'san10', 'Ditch', 'flush_open_drain'),
  ('dhaka', 'san10', 'pond', 'flush_open_drain'),
  ('dhaka', 'san10', 'Adjacent pond', 'flush_open_drain');

CREATE TEMP TABLE dhaka_answer (
  id int, psu int, type int, corporation text, water1 text, water2 text, water7 text, water9 text, water11 text,
  water14 int, water15 text, san1 text, san2 text, san4 text, san6 text, san7 text, san9 text, san10 text,
  exp_water_source text, exp_water1 int, exp_water7 int, exp_water7a int, exp_san1a int, exp_san3 text, exp_san4 text,
  exp_jmp_water1 int, exp_jmp_water2 int, exp_jmp_water3 int, exp_jmp_water4 int,
  exp_jmp_san1 int, exp_jmp_san2 int, exp_jmp_san3 int, exp_jmp_san4 int
);
\set copy '\\copy dhaka_answer FROM ' :file ' WITH (FORMAT csv, HEADER)'
:copy

CREATE TABLE dhaka AS
SELECT id,
       CASE WHEN water1 LIKE 'Other%' THEN code('dhaka', 'water2', trim(water2)) ELSE code('dhaka', 'water1', water1) END AS source,
       water1 LIKE 'Piped water%' AS on_premises,
       water14 AS round_trip_minutes,
       CASE WHEN san6 LIKE 'Flush%' THEN
              CASE WHEN san9 LIKE 'Other%' THEN code('dhaka', 'san10', trim(san10))
                   ELSE coalesce(code('dhaka', 'san9', san9), 'flush_unknown') END
            WHEN san6 LIKE 'Other%' THEN code('dhaka', 'san7', san7)
            ELSE code('dhaka', 'san6', san6) END AS toilet,
       code('dhaka', 'san1', trim(san1))::boolean AS shared,
       trim(water2) AS water_other, san7 AS toilet_other, water14 IS NULL AS time_missing,
       CASE 1 WHEN exp_jmp_water1 THEN 'surface_water' WHEN exp_jmp_water2 THEN 'unimproved'
              WHEN exp_jmp_water3 THEN 'limited' WHEN exp_jmp_water4 THEN 'basic' ELSE 'none' END AS published_water,
       CASE 1 WHEN exp_jmp_san1 THEN 'open_defecation' WHEN exp_jmp_san2 THEN 'unimproved'
              WHEN exp_jmp_san3 THEN 'limited' WHEN exp_jmp_san4 THEN 'basic' ELSE 'none' END AS published_sanitation
FROM dhaka_answer ORDER BY id;
ANALYZE dhaka;
