\set QUIET on
\pset footer off
\pset null ''
SET ROLE civic_reader;
SET search_path = dash;
\echo 'Provinces compared: food needed, third quarter of 2026'
SELECT area, area_name, count, population, round(rate::numeric, 1) AS per_100k, round(ci_lower::numeric, 1) AS ci_lower, round(ci_upper::numeric, 1) AS ci_upper, complete, shown
FROM comparison('need_food', '2026-Q3');
\echo 'Share of reports that ask for food, in Afrikaans, by sex in October 2026'
SELECT area_name, member, count, population AS reports, round(proportion::numeric, 3) AS proportion, round(ci_lower::numeric, 3) AS ci_lower, round(ci_upper::numeric, 3) AS ci_upper, reason
FROM comparison('share_food', '2026-10', 'af', 'province', 'sex') ORDER BY area_name, member LIMIT 9;
\echo 'From the province down: diarrhoea in October 2026'
SELECT d.level_name, d.area, d.area_name, round(m.value::numeric, 1) AS per_100k, m.shown
FROM drill('EC') d JOIN map('threat_diarrhoea', 'district', '2026-10') m ON m.area = d.area;
\echo 'Water of clinics by province, and against the base year and the national standard'
SELECT area_name, level_name, count, round(share::numeric, 2) AS share, reason FROM wash_levels('hcf_water') WHERE area IN ('EC', 'GT');
SELECT area_name, registered, assessed, round(possible_from::numeric, 2) AS possible_from, round(possible_to::numeric, 2) AS possible_to, round(change::numeric, 2) AS change, standard, verdict FROM wash_progress('hcf_water');
