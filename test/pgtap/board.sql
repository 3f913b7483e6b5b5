-- What boards' variables are made of: levels and parts of a ragged hierarchy, published periods, freshness by audience.
SET search_path = tap, public;
GRANT USAGE ON SCHEMA tap TO civic_reader;
SELECT plan(15);

INSERT INTO centre.demarcation (code, valid, source) VALUES ('t', '(,)', 'test');
-- a country, two provinces; P1 has a district with a local municipality of two wards, and a metro with one ward
CALL centre.add_areas_csv('country', 't', E'code,name,parent_code\nZZ,Testland,\n');
CALL centre.add_areas_csv('province', 't', E'code,name,parent_code\nP1,One,ZZ\nP2,Two,ZZ\n');
CALL centre.add_areas_csv('district', 't', E'code,name,parent_code\nD1,District,P1\nMET,Metro,P1\n');
CALL centre.add_areas_csv('municipality', 't', E'code,name,parent_code\nL1,Local,D1\nMET,Metro,MET\n');
CALL centre.add_areas_csv('ward', 't', E'code,name,parent_code\nW1,Ward 1,L1\nW2,Ward 2,L1\nW3,Ward 3,MET\n');

SELECT results_eq('SELECT code FROM dash.area_level ORDER BY depth', $$SELECT unnest('{country,province,district,municipality,local_municipality,ward}'::text[])$$, 'levels from the country down');
SELECT results_eq($$SELECT * FROM dash.areas_in('P1', 'district')$$, $$VALUES ('D1', 'District', 'municipality'), ('MET', 'Metro', 'ward')$$,
  'a drill-down goes from a district to municipalities, from a metro straight to wards');
SELECT results_eq($$SELECT area, next_level FROM dash.areas_in('ZZ', 'ward')$$, $$VALUES ('W1', 'ward'), ('W2', 'ward'), ('W3', 'ward')$$, 'below a ward there is nothing: it stays');
SELECT results_eq($$SELECT area, next_level FROM dash.areas_in('MET', 'municipality')$$, $$VALUES ('MET', 'ward')$$, 'an area is among its own level''s');
SELECT is_empty($$SELECT * FROM dash.areas_in('P2', 'district')$$, 'no parts, no rows');
SELECT throws_ok($$SELECT * FROM dash.areas_in('O''Brien', 'district')$$, '22023', 'there is no area "O''Brien"', 'an unknown area is an error');
SELECT results_eq($$SELECT level FROM dash.levels_in('ZZ')$$, $$SELECT unnest('{province,district,municipality,local_municipality,ward,country}'::text[])$$, 'levels below first, the area''s own last');
SELECT results_eq($$SELECT * FROM dash.levels_in('P2', 'af')$$, $$VALUES ('province', 'provinsie')$$, 'an area without parts has its own level, in the language asked for');
SELECT is(dash.level_of('MET'), 'district', 'a metro''s highest level is district');
SELECT throws_ok($$SELECT dash.level_of('nowhere')$$, '22023', 'there is no area "nowhere"', 'no level for an unknown code');

SELECT is_empty('SELECT * FROM dash.periods()', 'no period before anything is published');
INSERT INTO centre.indicator (code, kind, topic, unit) VALUES ('i1', 'count', 'needs', 'reports'), ('i2', 'count', 'needs', 'reports');
INSERT INTO centre.cube (code, audience, indicators, levels, period_unit, personal) VALUES
  ('m', 'centre', '{i1,i2}', '{province}', 'month', false), ('q', 'centre', '{i1}', '{province}', 'quarter', false), ('w', 'centre', '{i1}', '{province}', 'week', false), ('p', 'provider', '{i2}', '{province}', 'year', false);
CALL centre.publish('m', '2026-09-10');
CALL centre.publish('m', '2026-10-10');
CALL centre.publish('m', '2026-10-10');
CALL centre.publish('q', '2026-05-01');
CALL centre.publish('w', '2026-10-28');
CALL centre.publish('p', '2026-05-01');
SET ROLE civic_reader;
SELECT results_eq('SELECT * FROM dash.periods()', $$SELECT unnest('{latest,2026-10-26/2026-11-02,2026-10,2026-09,2026-Q2}'::text[])$$, 'each published period once, as dash.period() reads it, of this audience only');
SELECT lives_ok($$SELECT dash.days_of('i1', p.period) FROM dash.periods() p$$, 'dash.days_of() reads all of them');
SELECT is(dash.days_of('i2', 'latest', 'province'), '[2026-10-01,2026-11-01)'::daterange, 'latest is of the indicator, whatever else was published since');
SELECT results_eq('SELECT indicator, cube, first_day, last_day FROM dash.published ORDER BY 1, 2',
  $$VALUES ('i1', 'm', '2026-09-01'::date, '2026-10-31'::date), ('i1', 'q', '2026-04-01', '2026-06-30'), ('i1', 'w', '2026-10-26', '2026-11-01'), ('i2', 'm', '2026-09-01', '2026-10-31')$$,
  'from and to which day each indicator is published');
RESET ROLE;
SELECT * FROM finish();
