\set QUIET on
\pset footer off
\pset null ''
\echo 'Facilities by what their coordinates say'
SELECT placement, count(*) FROM centre.facility_placement GROUP BY 1 ORDER BY 2 DESC;
\echo 'Facilities in another province than their source states'
SELECT code, name, stated_area, placed_area FROM centre.facility_placement WHERE placement = 'another area than stated' ORDER BY code::int;
\echo 'Facilities whose coordinates lie in no area'
SELECT code, name, stated_area FROM centre.facility_placement WHERE placement = 'in no area' ORDER BY code::int;
\echo 'Facilities without coordinates'
SELECT code, name, stated_area FROM centre.facility_placement WHERE placement = 'no coordinates' ORDER BY code::int;
\echo 'Corrections of the cumulative COVID-19 series, by series'
SELECT * FROM centre_demo.correction_summary;
SET ROLE civic_reader;
SET search_path = dash;
\echo 'Provinces compared: COVID-19 cases in 2021'
SELECT area, area_name, count, population, round(rate::numeric, 1) AS per_100k, round(ci_lower::numeric, 1) AS ci_lower, round(ci_upper::numeric, 1) AS ci_upper, reason
FROM comparison('covid_case', '2021');
\echo 'From the province down: Western Cape'
SELECT d.level_name, d.area, d.area_name FROM drill('WC') d;
SELECT count(*) AS wards_of_cape_town FROM drill('CPT');
