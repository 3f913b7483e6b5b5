-- Quality standards with their owner, source and remedy; sets of areas that are compared; the reasons a comparison gives.

CREATE TABLE centre.standard (
  code      text PRIMARY KEY,
  indicator text NOT NULL REFERENCES centre.indicator (code),
  owner     text NOT NULL,
  demand    text NOT NULL CHECK (demand IN ('at_least', 'at_most')),
  value     numeric NOT NULL CHECK (value >= 0 AND value < 'Infinity'),
  valid     daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
  citation  text NOT NULL,
  remedy    text NOT NULL
);
CREATE INDEX standard_indicator_idx ON centre.standard (indicator);
COMMENT ON TABLE centre.standard IS
  'quality standards and targets: who set which value for an indicator, for which days, and what the owner advises where it is missed; an indicator may have several';
COMMENT ON COLUMN centre.standard.demand IS 'at_least: a lower figure misses it; at_most: a higher one does';
COMMENT ON COLUMN centre.standard.value IS
  'a proportion as a share from 0 to 1, a rate per the indicator''s own number of people (indicator.per) and, for events, per year; a count as it is';
COMMENT ON COLUMN centre.standard.valid IS 'days on which the standard is in force; a period is compared when its first day is among them';
COMMENT ON COLUMN centre.standard.citation IS 'document and place in it where the owner states the value';
COMMENT ON COLUMN centre.standard.remedy IS 'what the owner advises where the standard is missed, in our own words; other languages as labels under domain remedy';

CREATE TABLE centre.area_group (
  code    text NOT NULL,
  area_id integer NOT NULL REFERENCES centre.area ON DELETE CASCADE,
  PRIMARY KEY (code, area_id)
);
COMMENT ON TABLE centre.area_group IS
  'sets of areas that are compared with each other, whatever their levels: metros, towns, precincts; names under domain area_group';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('reason', 'not_a_count', 'en', 'the published value is negative or not a number'), ('reason', 'not_a_count', 'af', 'die gepubliseerde waarde is negatief of nie ''n getal nie'),
  ('reason', 'no_denominator', 'en', 'nobody and nothing to be a share of'), ('reason', 'no_denominator', 'af', 'niemand en niks om ''n deel van te wees nie'),
  ('reason', 'too_many_areas', 'en', 'more than 5,000 areas are not ranked'), ('reason', 'too_many_areas', 'af', 'meer as 5 000 gebiede kry nie ''n rang nie'),
  ('reason', 'basis_unknown', 'en', 'not ranked: population figures changed since publication'), ('reason', 'basis_unknown', 'af', 'geen rang: bevolkingsyfers het sedert publikasie verander'),
  ('reason', 'mixed_population', 'en', 'not ranked: populations of different sources or years'), ('reason', 'mixed_population', 'af', 'geen rang: bevolkings van verskillende bronne of jare'),
  ('reason', 'areas_overlap', 'en', 'some of these areas lie in others of them'), ('reason', 'areas_overlap', 'af', 'party van hierdie gebiede lê in ander van hulle'),
  ('reason', 'mixed_periods', 'en', 'not ranked: published for different periods'), ('reason', 'mixed_periods', 'af', 'geen rang: vir verskillende tydperke gepubliseer'),
  ('reason', 'one_area', 'en', 'nothing to compare with'), ('reason', 'one_area', 'af', 'niks om mee te vergelyk nie'),
  ('reason', 'not_a_rate', 'en', 'counts of areas of different size cannot be compared'), ('reason', 'not_a_rate', 'af', 'tellings van gebiede van verskillende grootte kan nie vergelyk word nie'),
  ('reason', 'few_events', 'en', 'fewer than 10 events'), ('reason', 'few_events', 'af', 'minder as 10 gevalle'),
  ('reason', 'ages_withheld', 'en', 'an age group is withheld: too few people'), ('reason', 'ages_withheld', 'af', '''n ouderdomsgroep is weerhou: te min mense'),
  ('reason', 'ages_not_published', 'en', 'not published by age'), ('reason', 'ages_not_published', 'af', 'nie volgens ouderdom gepubliseer nie'),
  ('reason', 'ages_unknown', 'en', 'too many events without a known age'), ('reason', 'ages_unknown', 'af', 'te veel gevalle sonder bekende ouderdom'),
  ('reason', 'no_population_by_age', 'en', 'no population by age'), ('reason', 'no_population_by_age', 'af', 'geen bevolking volgens ouderdom nie'),
  ('reason', 'no_base', 'en', 'the base period is not published'), ('reason', 'no_base', 'af', 'die basistydperk is nie gepubliseer nie'),
  ('reason', 'base_suppressed', 'en', 'the base period is withheld'), ('reason', 'base_suppressed', 'af', 'die basistydperk is weerhou'),
  ('reason', 'base_held', 'en', 'the base period is of an earlier release: the change since then is withheld'), ('reason', 'base_held', 'af', 'die basistydperk is van ''n vroeër vrystelling: die verandering sedertdien is weerhou'),
  ('reason', 'no_base_events', 'en', 'nothing happened in the base period'), ('reason', 'no_base_events', 'af', 'niks het in die basistydperk gebeur nie'),
  ('reason', 'part_withheld', 'en', 'one of the areas is withheld or not published'), ('reason', 'part_withheld', 'af', 'een van die gebiede is weerhou of nie gepubliseer nie'),
  ('reason', 'few_points', 'en', 'too few periods for a trend'), ('reason', 'few_points', 'af', 'te min tydperke vir ''n neiging'),
  ('reason', 'no_standard', 'en', 'no standard for these days'), ('reason', 'no_standard', 'af', 'geen standaard vir hierdie dae nie'),
  ('reason', 'part_missing', 'en', 'a part of the index has no value'), ('reason', 'part_missing', 'af', '''n deel van die indeks het geen waarde nie'),
  ('reason', 'too_early', 'en', 'too few whole periods since the action'), ('reason', 'too_early', 'af', 'te min volle tydperke sedert die optrede'),
  ('reason', 'no_peers', 'en', 'no other area to compare with'), ('reason', 'no_peers', 'af', 'geen ander gebied om mee te vergelyk nie'),
  ('verdict', 'met', 'en', 'met'), ('verdict', 'met', 'af', 'bereik'), ('verdict', 'not met', 'en', 'not met'), ('verdict', 'not met', 'af', 'nie bereik nie'),
  ('verdict', 'cannot tell', 'en', 'cannot tell'), ('verdict', 'cannot tell', 'af', 'kan nie sê nie'),
  ('verdict', 'lower', 'en', 'lower'), ('verdict', 'lower', 'af', 'laer'), ('verdict', 'higher', 'en', 'higher'), ('verdict', 'higher', 'af', 'hoër'),
  ('verdict', 'similar', 'en', 'similar'), ('verdict', 'similar', 'af', 'soortgelyk'),
  ('verdict', 'rising', 'en', 'rising'), ('verdict', 'rising', 'af', 'styg'), ('verdict', 'falling', 'en', 'falling'), ('verdict', 'falling', 'af', 'daal'),
  ('verdict', 'no clear trend', 'en', 'no clear trend'), ('verdict', 'no clear trend', 'af', 'geen duidelike neiging'),
  ('funnel', 'within', 'en', 'within the limits'), ('funnel', 'within', 'af', 'binne die perke'),
  ('funnel', 'below 95', 'en', 'below the 95 % limit'), ('funnel', 'below 95', 'af', 'onder die 95 %-perk'),
  ('funnel', 'below 99.8', 'en', 'below the 99.8 % limit'), ('funnel', 'below 99.8', 'af', 'onder die 99,8 %-perk'),
  ('funnel', 'above 95', 'en', 'above the 95 % limit'), ('funnel', 'above 95', 'af', 'bo die 95 %-perk'),
  ('funnel', 'above 99.8', 'en', 'above the 99.8 % limit'), ('funnel', 'above 99.8', 'af', 'bo die 99,8 %-perk'),
  ('change', 'previous', 'en', 'against the period before'), ('change', 'previous', 'af', 'teenoor die vorige tydperk'),
  ('change', 'year_on_year', 'en', 'against the same period of the year before'), ('change', 'year_on_year', 'af', 'teenoor dieselfde tydperk van die vorige jaar'),
  ('change', 'last_four', 'en', 'last four periods against the four before'), ('change', 'last_four', 'af', 'laaste vier tydperke teenoor die vier voor dit');
