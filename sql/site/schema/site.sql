-- The site: one row of settings that results depend on, languages, and every label by language.

CREATE TABLE centre.site (
  only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  country_code     text NOT NULL DEFAULT 'ZA',
  reporting_zone   text NOT NULL DEFAULT 'Africa/Johannesburg',
  default_language text NOT NULL DEFAULT 'en',
  first_day        date NOT NULL DEFAULT '2000-01-01',
  geocode_level    text NOT NULL DEFAULT 'municipality',
  youth_from_age   smallint NOT NULL DEFAULT 15,
  youth_to_age     smallint NOT NULL DEFAULT 34,
  age_band_set     text NOT NULL DEFAULT 'five_year',
  CHECK (youth_from_age <= youth_to_age)
);
COMMENT ON TABLE centre.site IS 'settings of this site, one row; what results depend on is fixed once facts exist';
COMMENT ON COLUMN centre.site.reporting_zone IS 'IANA time zone in which a day of reporting begins and ends; fixed after the first cell';
COMMENT ON COLUMN centre.site.first_day IS 'no fact may lie before this day; guards against wrong clocks';
COMMENT ON COLUMN centre.site.geocode_level IS 'level whose polygons cover the whole country; points are placed there and then refined downwards';
COMMENT ON COLUMN centre.site.youth_from_age IS 'youngest age, in whole years, that counts as youth (South Africa: 15 to 34)';
INSERT INTO centre.site DEFAULT VALUES;

CREATE TABLE centre.language (
  code     text PRIMARY KEY,
  fallback text REFERENCES centre.language,
  name     text NOT NULL
);
COMMENT ON TABLE centre.language IS 'languages of labels; a missing label is looked up in fallback, then in the site''s default language';
INSERT INTO centre.language (code, name) VALUES ('en', 'English');
INSERT INTO centre.language (code, fallback, name) VALUES ('zu', 'en', 'isiZulu'), ('af', 'en', 'Afrikaans'), ('fr', 'en', 'Français');

CREATE TABLE centre.label (
  domain text NOT NULL,
  code   text NOT NULL,
  lang   text NOT NULL REFERENCES centre.language,
  label  text NOT NULL,
  PRIMARY KEY (domain, code, lang)
);
COMMENT ON TABLE centre.label IS 'what a code is called in a language; domain is the kind of code (indicator, sex, area_level, reason, ...)';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('sex', 'f', 'en', 'women'), ('sex', 'm', 'en', 'men'), ('sex', 'x', 'en', 'other'), ('sex', 'u', 'en', 'not known'),
  ('sex', 'f', 'af', 'vroue'), ('sex', 'm', 'af', 'mans'), ('sex', 'x', 'af', 'ander'), ('sex', 'u', 'af', 'onbekend'),
  ('area_level', 'country', 'en', 'country'), ('area_level', 'province', 'en', 'province'),
  ('area_level', 'district', 'en', 'district'), ('area_level', 'municipality', 'en', 'municipality'),
  ('area_level', 'local_municipality', 'en', 'local municipality'), ('area_level', 'ward', 'en', 'ward'),
  ('area_level', 'country', 'af', 'land'), ('area_level', 'province', 'af', 'provinsie'),
  ('area_level', 'district', 'af', 'distrik'), ('area_level', 'municipality', 'af', 'munisipaliteit'),
  ('area_level', 'local_municipality', 'af', 'plaaslike munisipaliteit'), ('area_level', 'ward', 'af', 'wyk'),
  ('breakdown', 'all', 'en', 'everybody'), ('breakdown', 'sex', 'en', 'sex'), ('breakdown', 'age_band', 'en', 'age'),
  ('breakdown', 'disability', 'en', 'disability'), ('breakdown', 'youth', 'en', 'youth'), ('breakdown', 'migrant', 'en', 'migrants'),
  ('breakdown', 'all', 'af', 'almal'), ('breakdown', 'sex', 'af', 'geslag'), ('breakdown', 'age_band', 'af', 'ouderdom'),
  ('breakdown', 'disability', 'af', 'gestremdheid'), ('breakdown', 'youth', 'af', 'jeug'), ('breakdown', 'migrant', 'af', 'migrante'),
  ('answer', 'yes', 'en', 'yes'), ('answer', 'no', 'en', 'no'), ('answer', 'unknown', 'en', 'not known'),
  ('answer', 'yes', 'af', 'ja'), ('answer', 'no', 'af', 'nee'), ('answer', 'unknown', 'af', 'onbekend'),
  ('reason', 'suppressed', 'en', 'withheld: too few people'), ('reason', 'suppressed', 'af', 'weerhou: te min mense'),
  ('reason', 'no_population', 'en', 'no population figure'), ('reason', 'no_population', 'af', 'geen bevolkingsyfer nie'),
  ('reason', 'not_published', 'en', 'not published'), ('reason', 'not_published', 'af', 'nie gepubliseer nie');
