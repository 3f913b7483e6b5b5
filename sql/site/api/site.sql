-- Labels in the reader's language.

CREATE VIEW dash.language AS SELECT code, fallback, name FROM centre.language;
COMMENT ON VIEW dash.language IS 'languages of labels';
CREATE VIEW dash.label AS SELECT domain, code, lang, label FROM centre.label;
COMMENT ON VIEW dash.label IS 'what a code is called in a language';
CREATE VIEW dash.site AS SELECT country_code, reporting_zone, default_language FROM centre.site;
COMMENT ON VIEW dash.site IS 'country, reporting time zone and default language';

CREATE FUNCTION dash.label_of(domain text, code text, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH RECURSIVE chain (lang, step) AS (
    SELECT l.lang, l.step FROM (VALUES ($3, 0), (split_part($3, '-', 1), 1)) AS l (lang, step)
    UNION ALL
    SELECT g.fallback, c.step + 2 FROM chain c JOIN dash.language g ON g.code = c.lang
    WHERE g.fallback IS NOT NULL AND c.step < 10)
  SELECT coalesce(
    (SELECT b.label FROM chain c JOIN dash.label b ON b.lang = c.lang
     WHERE b.domain = $1 AND b.code = $2 ORDER BY c.step LIMIT 1),
    (SELECT b.label FROM dash.site s JOIN dash.label b ON b.lang = s.default_language
     WHERE b.domain = $1 AND b.code = $2),
    $2);
END;
COMMENT ON FUNCTION dash.label_of(text, text, text) IS
  'what a code is called: in lang (BCP 47, such as af or en-ZA), else along its fall-back languages, else in the site''s default language, else the code itself; null code gives null';

CREATE FUNCTION dash.labels_of(domain text, lang text) RETURNS TABLE (code text, label text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
  SELECT d.code, dash.label_of($1, d.code, $2) FROM (SELECT DISTINCT l.code FROM dash.label l WHERE l.domain = $1) AS d;
END;
COMMENT ON FUNCTION dash.labels_of(text, text) IS 'what all codes of a domain are called in a language, as dash.label_of(): for joining, where there are many rows';
