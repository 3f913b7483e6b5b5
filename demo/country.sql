-- A synthetic country with South Africa's provinces and districts by name and code.
-- District populations are those of Statistics South Africa's Community Survey 2016; everything below
-- the district and the map are invented: a grid of tiles, municipalities as slices of a tile, wards as slices of these.
--   psql -v wards_per_municipality=4 -f demo/country.sql
\set ON_ERROR_STOP on
SET search_path = pg_catalog, public, pg_temp;
INSERT INTO centre.demarcation (code, valid, source) VALUES ('demo', '(,)', 'synthetic');

CREATE TEMP TABLE province (code text, name text, tile_x int, tile_y int, width int);
INSERT INTO province VALUES
  ('WC', 'Western Cape', 0, 0, 3), ('EC', 'Eastern Cape', 3, 0, 4), ('NC', 'Northern Cape', 0, 2, 3), ('FS', 'Free State', 3, 2, 3),
  ('KZN', 'KwaZulu-Natal', 7, 0, 3), ('NW', 'North West', 3, 4, 2), ('GT', 'Gauteng', 5, 4, 2), ('MP', 'Mpumalanga', 7, 4, 3), ('LIM', 'Limpopo', 5, 7, 5);

CREATE TEMP TABLE district (code text, province text, name text, people int, municipalities int);
INSERT INTO district VALUES
  ('BUF', 'EC', 'Buffalo City', 834997, 1),
  ('DC10', 'EC', 'Cacadu', 479922, 7),
  ('DC12', 'EC', 'Amathole', 880790, 6),
  ('DC13', 'EC', 'Chris Hani', 840055, 6),
  ('DC14', 'EC', 'Joe Gqabi', 372912, 3),
  ('DC15', 'EC', 'O.R.Tambo', 1457385, 5),
  ('DC44', 'EC', 'Alfred Nzo', 867863, 4),
  ('NMA', 'EC', 'Nelson Mandela Bay', 1263051, 1),
  ('DC16', 'FS', 'Xhariep', 125883, 3),
  ('DC18', 'FS', 'Lejweleputswa', 646920, 5),
  ('DC19', 'FS', 'Thabo Mofutsanyane', 779330, 6),
  ('DC20', 'FS', 'Fezile Dabi', 494777, 4),
  ('MAN', 'FS', 'Mangaung', 787803, 1),
  ('DC42', 'GT', 'Sedibeng', 957529, 3),
  ('DC48', 'GT', 'West Rand', 838594, 3),
  ('EKU', 'GT', 'Ekurhuleni', 3379104, 1),
  ('JHB', 'GT', 'City of Johannesburg', 4949347, 1),
  ('TSH', 'GT', 'City of Tshwane', 3275152, 1),
  ('DC21', 'KZN', 'Ugu', 753336, 4),
  ('DC22', 'KZN', 'Umgungundlovu', 1095865, 7),
  ('DC23', 'KZN', 'Uthukela', 706588, 3),
  ('DC24', 'KZN', 'Umzinyathi', 554881, 4),
  ('DC25', 'KZN', 'Amajuba', 531327, 3),
  ('DC26', 'KZN', 'Zululand', 892310, 5),
  ('DC27', 'KZN', 'Umkhanyakude', 689090, 4),
  ('DC28', 'KZN', 'Uthungulu', 971135, 5),
  ('DC29', 'KZN', 'iLembe', 657613, 4),
  ('DC43', 'KZN', 'Sisonke', 510865, 4),
  ('ETH', 'KZN', 'eThekwini', 3702231, 1),
  ('DC33', 'LIM', 'Mopani', 1159186, 5),
  ('DC34', 'LIM', 'Vhembe', 1393948, 4),
  ('DC35', 'LIM', 'Capricorn', 1330435, 4),
  ('DC36', 'LIM', 'Waterberg', 745758, 5),
  ('DC47', 'LIM', 'Sekhukhune', 1169761, 4),
  ('DC30', 'MP', 'Gert Sibande', 1135410, 7),
  ('DC31', 'MP', 'Nkangala', 1445624, 6),
  ('DC32', 'MP', 'Ehlanzeni', 1754930, 4),
  ('DC45', 'NC', 'John Taolo Gaetsewe', 242265, 3),
  ('DC6', 'NC', 'Namakwa', 115486, 6),
  ('DC7', 'NC', 'Pixley ka Seme', 195594, 8),
  ('DC8', 'NC', 'Z F Mgcawu', 252692, 5),
  ('DC9', 'NC', 'Frances Baard', 387741, 4),
  ('DC37', 'NW', 'Bojanala', 1657148, 5),
  ('DC38', 'NW', 'Ngaka Modiri Molema', 889109, 5),
  ('DC39', 'NW', 'Dr Ruth Segomotsi Mompati', 459358, 5),
  ('DC40', 'NW', 'Dr Kenneth Kaunda', 742821, 3),
  ('CPT', 'WC', 'City of Cape Town', 4005016, 1),
  ('DC1', 'WC', 'West Coast', 436403, 5),
  ('DC2', 'WC', 'Cape Winelands', 866001, 5),
  ('DC3', 'WC', 'Overberg', 286785, 4),
  ('DC4', 'WC', 'Eden', 611278, 7),
  ('DC5', 'WC', 'Central Karoo', 74247, 3);

INSERT INTO centre.area (code, demarcation, level, name) VALUES ('ZA', 'demo', 'country', 'South Africa');
INSERT INTO centre.area_standing SELECT 'country', area_id FROM centre.area WHERE code = 'ZA';

-- One tile a district, filled row by row from the south-west corner of its province's block.
CREATE TEMP TABLE tile AS
  SELECT d.*, p.tile_x + (n - 1) % p.width AS x, p.tile_y + (n - 1) / p.width AS y
  FROM (SELECT d.*, (row_number() OVER (PARTITION BY d.province ORDER BY d.code))::int AS n FROM district d) AS d
  JOIN province p ON p.code = d.province;

CREATE FUNCTION pg_temp.box(x float8, y float8, width float8, height float8) RETURNS jsonb LANGUAGE sql AS $$
  SELECT ST_AsGeoJSON(ST_MakeEnvelope(17 + x, -35 + y, 17 + x + width, -35 + y + height, 4326), 12)::jsonb
$$;
CREATE FUNCTION pg_temp.feature(shape jsonb, code text, name text, parent text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('type', 'Feature', 'geometry', shape, 'properties', jsonb_build_object('code', code, 'name', name, 'parent', parent))
$$;

CREATE TEMP TABLE shape AS
  SELECT 1 AS step, 'province' AS level, pg_temp.feature(ST_AsGeoJSON(ST_Union(ST_SetSRID(ST_GeomFromGeoJSON(pg_temp.box(t.x, t.y, 1, 1)), 4326)), 12)::jsonb, p.code, p.name, 'ZA') AS feature
  FROM province p JOIN tile t ON t.province = p.code GROUP BY p.code, p.name
  UNION ALL
  SELECT 2, 'district', pg_temp.feature(pg_temp.box(x, y, 1, 1), code, name, province) FROM tile
  UNION ALL
  SELECT 3, 'municipality', CASE WHEN municipalities = 1 THEN pg_temp.feature(pg_temp.box(x, y, 1, 1), code, name, code)
         ELSE pg_temp.feature(pg_temp.box(x + (m - 1)::float8 / municipalities, y, 1.0 / municipalities, 1), format('%s-%s', code, m), format('%s %s', name, m), code) END
  FROM tile CROSS JOIN generate_series(1, municipalities) AS m
  UNION ALL
  SELECT 4, 'ward', pg_temp.feature(pg_temp.box(x + (m - 1)::float8 / municipalities, y + (w - 1)::float8 / :wards_per_municipality, 1.0 / municipalities, 1.0 / :wards_per_municipality),
         format('%s-%s-%s', code, m, w), format('%s ward %s', CASE municipalities WHEN 1 THEN name ELSE format('%s %s', name, m) END, w),
         CASE municipalities WHEN 1 THEN code ELSE format('%s-%s', code, m) END)
  FROM tile CROSS JOIN generate_series(1, municipalities) AS m CROSS JOIN generate_series(1, :wards_per_municipality) AS w;

DO $$
DECLARE
  of_level text;
  shapes jsonb;
BEGIN
  FOREACH of_level IN ARRAY ARRAY['province', 'district', 'municipality', 'ward'] LOOP
    shapes := (SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(feature)) FROM pg_temp.shape WHERE level = of_level);
    CALL centre.add_areas(of_level, 'demo', shapes, 'code', 'name', 'parent');
  END LOOP;
END
$$;
INSERT INTO centre.area_alias SELECT x.alias, area_id FROM centre.area a
  JOIN (VALUES ('LIM', 'LP'), ('GT', 'GP'), ('LIM', 'Limpopo'), ('GT', 'Gauteng')) AS x (code, alias) USING (code);

-- People: the district's number spread evenly over its wards, by the national shares of five-year bands (2016) and 51 women in a hundred.
CREATE TEMP TABLE age_share AS
  SELECT b.code, s.share FROM unnest(ARRAY[.1074, .1010, .0933, .0917, .0953, .0949, .0800, .0691, .0586, .0500, .0419, .0355, .0283, .0212, .0148, .0087, .0083]) WITH ORDINALITY AS s (share, n)
  JOIN (SELECT code, row_number() OVER (ORDER BY from_age) AS n FROM centre.age_band WHERE band_set = 'five_year') AS b USING (n);
INSERT INTO centre.population_source VALUES ('demo', 1, 'Community Survey 2016 district totals, spread synthetically');
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT w.area_id, 2016, coalesce(s.sex, '*'), coalesce(a.code, '*'), 'demo', sum(t.people::numeric / t.municipalities / :wards_per_municipality * s.share * a.share)
  FROM tile t JOIN centre.area d ON d.code = t.code
  JOIN centre.area_closure c ON c.ancestor_id = d.area_id JOIN centre.area w ON w.area_id = c.descendant_id AND w.level = 'ward'
  CROSS JOIN (VALUES ('f', 0.511), ('m', 0.489)) AS s (sex, share) CROSS JOIN age_share a
  GROUP BY w.area_id, GROUPING SETS ((s.sex, a.code), (s.sex), (a.code), ());
-- four bands that a province has enough reports of; five-year bands fit into them, so that they can be standardised
INSERT INTO centre.age_band VALUES ('broad', '0-14', 0, 14), ('broad', '15-34', 15, 34), ('broad', '35-59', 35, 59), ('broad', '60+', 60, 150) ON CONFLICT DO NOTHING;
INSERT INTO centre.population (area_id, year, sex, age_band, source, people)
  SELECT p.area_id, p.year, p.sex, b.code, p.source, sum(p.people)
  FROM centre.population p JOIN centre.age_band f ON f.band_set = 'five_year' AND f.code = p.age_band JOIN centre.age_band b ON b.band_set = 'broad' AND f.from_age BETWEEN b.from_age AND b.to_age
  GROUP BY p.area_id, p.year, p.sex, b.code, p.source;
ANALYZE centre.area, centre.area_standing, centre.area_closure, centre.population;
