-- Languages, labels and settings as readers see them.

CREATE VIEW dash.language AS SELECT code, fallback, name FROM centre.language;
COMMENT ON VIEW dash.language IS 'languages of labels';
CREATE VIEW dash.label AS SELECT domain, code, lang, label FROM centre.label;
COMMENT ON VIEW dash.label IS 'what a code is called in a language';
CREATE VIEW dash.site AS SELECT country_code, reporting_zone, default_language FROM centre.site;
COMMENT ON VIEW dash.site IS 'country, reporting time zone and default language';
