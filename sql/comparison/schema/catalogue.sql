-- The catalogue: indicators of quality of life, workforce health, skills and needs, with the standards of those who set them.
-- A short list. A site takes what it measures, adds its own, and deletes the rest. Figures are the owners', in the documents cited; sentences are ours.

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('topic', 'quality_of_life', 'en', 'quality of life'), ('topic', 'quality_of_life', 'af', 'lewensgehalte'),
  ('topic', 'workforce_health', 'en', 'workforce health'), ('topic', 'workforce_health', 'af', 'werkersgesondheid'),
  ('topic', 'skills', 'en', 'skills'), ('topic', 'skills', 'af', 'vaardighede'),
  ('topic', 'needs', 'en', 'needs'), ('topic', 'needs', 'af', 'behoeftes')
  ON CONFLICT DO NOTHING;

-- code, topic, unit, direction, labels; shares follow with their two counts
CREATE TEMP TABLE new_indicator ON COMMIT DROP AS
SELECT * FROM (VALUES
  ('household', 'count', 'quality_of_life', 'households', 'neutral', NULL, NULL, 'households', 'huishoudings'),
  ('household_basic_water', 'count', 'quality_of_life', 'households', 'higher_is_better', NULL, NULL, 'households with at least basic drinking water', 'huishoudings met ten minste basiese drinkwater'),
  ('household_basic_sanitation', 'count', 'quality_of_life', 'households', 'higher_is_better', NULL, NULL, 'households with at least basic sanitation', 'huishoudings met ten minste basiese sanitasie'),
  ('household_electricity', 'count', 'quality_of_life', 'households', 'higher_is_better', NULL, NULL, 'households with electricity', 'huishoudings met elektrisiteit'),
  ('household_near_water', 'count', 'needs', 'households', 'higher_is_better', NULL, NULL, 'households within 500 m of a water point', 'huishoudings binne 500 m van ''n waterpunt'),
  ('live_birth', 'count', 'quality_of_life', 'births', 'neutral', NULL, NULL, 'live births', 'lewende geboortes'),
  ('maternal_death', 'count', 'quality_of_life', 'deaths', 'lower_is_better', NULL, NULL, 'maternal deaths', 'moedersterftes'),
  ('under5_death', 'count', 'quality_of_life', 'deaths', 'lower_is_better', NULL, NULL, 'deaths before the fifth birthday', 'sterftes voor die vyfde verjaardag'),
  ('neonatal_death', 'count', 'quality_of_life', 'deaths', 'lower_is_better', NULL, NULL, 'deaths in the first 28 days', 'sterftes in die eerste 28 dae'),
  ('child_due_measles2', 'count', 'quality_of_life', 'children', 'neutral', NULL, NULL, 'children due for the second measles dose', 'kinders wat die tweede maseldosis moet kry'),
  ('child_measles2', 'count', 'quality_of_life', 'children', 'higher_is_better', NULL, NULL, 'children with the second measles dose', 'kinders met die tweede maseldosis'),
  ('child_measured', 'count', 'needs', 'children', 'neutral', NULL, NULL, 'children under five measured', 'kinders onder vyf gemeet'),
  ('child_wasted', 'count', 'needs', 'children', 'lower_is_better', NULL, NULL, 'children under five with wasting', 'kinders onder vyf met uittering'),
  ('cholera_case', 'count', 'needs', 'cases', 'lower_is_better', NULL, NULL, 'cholera cases', 'choleragevalle'),
  ('cholera_death', 'count', 'needs', 'deaths', 'lower_is_better', NULL, NULL, 'cholera deaths', 'cholerasterftes'),
  ('tb_case', 'rate', 'workforce_health', 'cases per 100,000 people', 'lower_is_better', NULL, NULL, 'new tuberculosis cases', 'nuwe tuberkulosegevalle'),
  ('tb_treated', 'count', 'workforce_health', 'people', 'neutral', NULL, NULL, 'people started on tuberculosis treatment', 'mense wat met tuberkulosebehandeling begin het'),
  ('tb_cured', 'count', 'workforce_health', 'people', 'higher_is_better', NULL, NULL, 'people successfully treated for tuberculosis', 'mense suksesvol vir tuberkulose behandel'),
  ('hiv_tested', 'count', 'workforce_health', 'people', 'neutral', NULL, NULL, 'people who know they have HIV', 'mense wat weet hulle het MIV'),
  ('hiv_treated', 'count', 'workforce_health', 'people', 'higher_is_better', NULL, NULL, 'people with HIV on treatment', 'mense met MIV op behandeling'),
  ('dormitory_resident', 'count', 'workforce_health', 'people', 'neutral', NULL, NULL, 'residents of workers'' dormitories', 'inwoners van werkerskoshuise'),
  ('dormitory_resident_12', 'count', 'workforce_health', 'people', 'higher_is_better', NULL, NULL, 'residents in rooms of at most twelve', 'inwoners in kamers van hoogstens twaalf'),
  ('work_accident_death', 'count', 'workforce_health', 'deaths', 'lower_is_better', NULL, NULL, 'deaths by accident at work', 'sterftes deur ongelukke by die werk'),
  ('adult_working_age', 'count', 'skills', 'people', 'neutral', NULL, NULL, 'people aged 20 to 64', 'mense van 20 tot 64'),
  ('adult_employed', 'count', 'skills', 'people', 'higher_is_better', NULL, NULL, 'people aged 20 to 64 in work', 'mense van 20 tot 64 met werk'),
  ('adult_trained', 'count', 'skills', 'people', 'higher_is_better', NULL, NULL, 'adults who trained in the year', 'volwassenes wat in die jaar opleiding gehad het'),
  ('adult_digital', 'count', 'skills', 'people', 'higher_is_better', NULL, NULL, 'adults with basic digital skills', 'volwassenes met basiese digitale vaardighede'),
  ('labour_force', 'count', 'skills', 'people', 'neutral', NULL, NULL, 'people in work or looking for it', 'mense met werk of op soek daarna'),
  ('unemployed', 'count', 'skills', 'people', 'lower_is_better', NULL, NULL, 'people looking for work', 'mense op soek na werk'),
  ('youth', 'count', 'skills', 'people', 'neutral', NULL, NULL, 'people aged 15 to 29', 'mense van 15 tot 29'),
  ('youth_neet', 'count', 'skills', 'people', 'lower_is_better', NULL, NULL, 'young people neither in work nor in education or training', 'jongmense nie in werk of onderwys of opleiding nie'),
  ('basic_water_share', 'proportion', 'quality_of_life', 'share of households', 'higher_is_better', 'household_basic_water', 'household', 'households with at least basic drinking water (share)', 'huishoudings met ten minste basiese drinkwater (deel)'),
  ('basic_sanitation_share', 'proportion', 'quality_of_life', 'share of households', 'higher_is_better', 'household_basic_sanitation', 'household', 'households with at least basic sanitation (share)', 'huishoudings met ten minste basiese sanitasie (deel)'),
  ('electricity_share', 'proportion', 'quality_of_life', 'share of households', 'higher_is_better', 'household_electricity', 'household', 'households with electricity (share)', 'huishoudings met elektrisiteit (deel)'),
  ('near_water_share', 'proportion', 'needs', 'share of households', 'higher_is_better', 'household_near_water', 'household', 'households within 500 m of a water point (share)', 'huishoudings binne 500 m van ''n waterpunt (deel)'),
  ('maternal_mortality', 'proportion', 'quality_of_life', 'share of live births', 'lower_is_better', 'maternal_death', 'live_birth', 'maternal deaths out of live births', 'moedersterftes uit lewende geboortes'),
  ('under5_mortality', 'proportion', 'quality_of_life', 'share of live births', 'lower_is_better', 'under5_death', 'live_birth', 'deaths before the fifth birthday out of live births', 'sterftes voor die vyfde verjaardag uit lewende geboortes'),
  ('neonatal_mortality', 'proportion', 'quality_of_life', 'share of live births', 'lower_is_better', 'neonatal_death', 'live_birth', 'deaths in the first 28 days out of live births', 'sterftes in die eerste 28 dae uit lewende geboortes'),
  ('measles2_share', 'proportion', 'quality_of_life', 'share of children', 'higher_is_better', 'child_measles2', 'child_due_measles2', 'children with the second measles dose (share)', 'kinders met die tweede maseldosis (deel)'),
  ('wasting_share', 'proportion', 'needs', 'share of children', 'lower_is_better', 'child_wasted', 'child_measured', 'children under five with wasting (share)', 'kinders onder vyf met uittering (deel)'),
  ('cholera_fatality', 'proportion', 'needs', 'share of cases', 'lower_is_better', 'cholera_death', 'cholera_case', 'cholera deaths out of cases', 'cholerasterftes uit gevalle'),
  ('tb_success_share', 'proportion', 'workforce_health', 'share of people treated', 'higher_is_better', 'tb_cured', 'tb_treated', 'tuberculosis treated successfully (share)', 'tuberkulose suksesvol behandel (deel)'),
  ('hiv_treated_share', 'proportion', 'workforce_health', 'share of people', 'higher_is_better', 'hiv_treated', 'hiv_tested', 'people with known HIV on treatment (share)', 'mense met bekende MIV op behandeling (deel)'),
  ('dormitory_room_share', 'proportion', 'workforce_health', 'share of residents', 'higher_is_better', 'dormitory_resident_12', 'dormitory_resident', 'dormitory residents in rooms of at most twelve (share)', 'koshuisinwoners in kamers van hoogstens twaalf (deel)'),
  ('employment_share', 'proportion', 'skills', 'share of people', 'higher_is_better', 'adult_employed', 'adult_working_age', 'people aged 20 to 64 in work (share)', 'mense van 20 tot 64 met werk (deel)'),
  ('training_share', 'proportion', 'skills', 'share of adults', 'higher_is_better', 'adult_trained', 'adult_working_age', 'adults who trained in the year (share)', 'volwassenes wat in die jaar opleiding gehad het (deel)'),
  ('digital_share', 'proportion', 'skills', 'share of adults', 'higher_is_better', 'adult_digital', 'adult_working_age', 'adults with basic digital skills (share)', 'volwassenes met basiese digitale vaardighede (deel)'),
  ('unemployment_share', 'proportion', 'skills', 'share of the labour force', 'lower_is_better', 'unemployed', 'labour_force', 'unemployment (share of the labour force)', 'werkloosheid (deel van die arbeidsmag)'),
  ('neet_share', 'proportion', 'skills', 'share of young people', 'lower_is_better', 'youth_neet', 'youth', 'young people neither in work nor in education or training (share)', 'jongmense nie in werk of onderwys of opleiding nie (deel)')
) AS v (code, kind, topic, unit, direction, numerator, denominator, label_en, label_af);

-- a site's own indicators are numbered from 1, these from a million
INSERT INTO centre.indicator (indicator_id, code, kind, topic, unit, direction, numerator, denominator)
  SELECT 1000000 + row_number() OVER (ORDER BY kind = 'proportion', topic, code), code, kind, topic, unit, direction, numerator, denominator FROM pg_temp.new_indicator;
INSERT INTO centre.label (domain, code, lang, label)
  SELECT 'indicator', n.code, l.lang, l.label FROM pg_temp.new_indicator n CROSS JOIN LATERAL (VALUES ('en', n.label_en), ('af', n.label_af)) AS l (lang, label);

INSERT INTO centre.standard (code, indicator, owner, demand, value, valid, citation, remedy) VALUES
  ('sdg_6_1', 'basic_water_share', 'United Nations', 'at_least', 1, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 6.1',
   'Bring an improved source within a round trip of 30 minutes of every home; serve first those who have none, and protect sources from contamination.'),
  ('sdg_6_2', 'basic_sanitation_share', 'United Nations', 'at_least', 1, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 6.2',
   'End open defecation first; then a toilet of its own for each household, with attention to women, girls and people in vulnerable situations.'),
  ('sdg_7_1', 'electricity_share', 'United Nations', 'at_least', 1, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 7.1',
   'Extend the grid where it is near and supply small local systems where it is not; keep the first block of use affordable.'),
  ('sphere_water_distance', 'near_water_share', 'Sphere', 'at_least', 1, '(,)', 'The Sphere Handbook 2018, water supply standard 2.1',
   'Add water points where the walk is longest, or bring water by tanker until they stand; ask women and people with disabilities where they can be reached safely.'),
  ('sphere_cholera_fatality', 'cholera_fatality', 'Sphere', 'at_most', 0.01, '(,)', 'The Sphere Handbook 2018, communicable diseases standard 2.1.4',
   'Review how cases are treated and how late they come: oral rehydration points in the neighbourhoods, enough treatment beds and fluids, search for cases at home.'),
  ('sdg_3_1', 'maternal_mortality', 'United Nations', 'at_most', 0.0007, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 3.1: fewer than 70 per 100,000 live births',
   'Skilled attendance at every birth, emergency obstetric care within reach at all hours, and a review of every death.'),
  ('sdg_3_2_under5', 'under5_mortality', 'United Nations', 'at_most', 0.025, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 3.2: 25 per 1,000 live births',
   'Vaccination, treatment of pneumonia, diarrhoea and malaria close to home, and good nutrition from birth.'),
  ('sdg_3_2_neonatal', 'neonatal_mortality', 'United Nations', 'at_most', 0.012, '[2016-01-01,2031-01-01)', 'Transforming our world (A/RES/70/1), target 3.2: 12 per 1,000 live births',
   'Care of mother and child on the day of birth and in the first week, warmth and early breast-feeding, and units for small and sick newborns.'),
  ('who_measles2', 'measles2_share', 'World Health Organization', 'at_least', 0.95, '(,)', 'Measles vaccines: WHO position paper, April 2017',
   'Find the children who were missed, offer the dose at every contact with a clinic, and hold a campaign where gaps have built up.'),
  ('who_wasting', 'wasting_share', 'World Health Organization', 'at_most', 0.05, '[2012-05-01,2031-01-01)', 'Global nutrition targets, target 6 (resolution WHA65.6)',
   'Screen children in the community, treat severe wasting there with ready-to-use food, and tie it to water, hygiene and income support.'),
  ('end_tb_incidence', 'tb_case', 'World Health Organization', 'at_most', 10, '[2015-01-01,2036-01-01)', 'The End TB Strategy (resolution WHA67.1), target for 2035: fewer than 10 per 100,000 a year',
   'Screen those at high risk, test at once with a molecular test, treat, and offer preventive treatment to contacts and people with HIV.'),
  ('end_tb_success', 'tb_success_share', 'World Health Organization', 'at_least', 0.9, '[2015-01-01,2036-01-01)', 'The End TB Strategy, operational indicator: treatment success of at least 90 per cent',
   'Support people through treatment: shorter oral regimens, reminders, help with transport and food, and follow-up of those who stop.'),
  ('unaids_second_95', 'hiv_treated_share', 'UNAIDS', 'at_least', 0.95, '[2021-06-01,2031-01-01)', 'Political Declaration on HIV and AIDS 2021 (A/RES/75/284): 95-95-95',
   'Start treatment on the day of diagnosis, give supplies for several months, and bring back those who left.'),
  ('mom_dormitory_room', 'dormitory_room_share', 'Ministry of Manpower, Singapore', 'at_least', 1, '[2021-09-17,)', 'Improved standards for new migrant worker dormitories, 17 September 2021: at most 12 residents a room',
   'Lower the number of beds in a room to twelve, a metre apart, and divide shared facilities into sections, so that few residents mix.'),
  ('eu_employment', 'employment_share', 'European Union', 'at_least', 0.78, '[2021-05-08,2031-01-01)', 'European Pillar of Social Rights Action Plan, headline target for 2030',
   'Support the passage into work: hiring and start-up help, training for what employers lack, child care that lets parents work.'),
  ('eu_training', 'training_share', 'European Union', 'at_least', 0.6, '[2021-05-08,2031-01-01)', 'European Pillar of Social Rights Action Plan, headline target for 2030',
   'Give adults individual entitlements to training, paid time for it, guidance, and certificates for short courses.'),
  ('eu_neet', 'neet_share', 'European Union', 'at_most', 0.09, '[2021-03-04,2031-01-01)', 'European Pillar of Social Rights Action Plan, for 2030',
   'Within four months of leaving school or a job offer each young person work, an apprenticeship, a traineeship or further education.'),
  ('eu_digital', 'digital_share', 'European Union', 'at_least', 0.8, '[2021-03-09,2031-01-01)', 'Digital Decade policy programme 2030 (Decision (EU) 2022/2481), article 4',
   'Teach digital basics in schools, libraries and job centres, starting with those who have least schooling.'),
  ('za_ndp_unemployment', 'unemployment_share', 'National Planning Commission, South Africa', 'at_most', 0.06, '[2012-08-15,2031-01-01)', 'National Development Plan 2030, chapter 3: 6 per cent by 2030',
   'Public employment programmes for those who cannot wait, lower cost of transport and of hiring beginners, and room for small firms.');
