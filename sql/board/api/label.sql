-- Labels in the reader's language.

CREATE FUNCTION dash.check_label(domain text, lang text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- what a site may have without having named any
  unlabelled CONSTANT text[] := '{action,area_group,composite,indicator,measure,remedy,service_level,topic,wash_domain,wash_lift}';
BEGIN
  IF domain <> '' AND domain <> ALL (unlabelled) AND NOT EXISTS (SELECT FROM dash.label l WHERE l.domain = check_label.domain) AND NOT EXISTS (SELECT FROM dash.dimension d WHERE d.name = check_label.domain) THEN
    RAISE EXCEPTION 'there is no domain of labels "%"', domain USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(domain, unlabelled || ARRAY(SELECT DISTINCT l.domain FROM dash.label l));
  END IF;
  RETURN dash.check_lang(lang);
END
$$;
COMMENT ON FUNCTION dash.check_label(text, text) IS 'an error where there is no such domain of labels, or no such language';

-- What is not found is looked into: a code that has no label is its own name, a misspelt domain or language an error.
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
    CASE WHEN $2 IS NOT NULL AND dash.check_label($1, $3) THEN coalesce(
      (SELECT b.label FROM dash.site s JOIN dash.label b ON b.lang = s.default_language
       WHERE b.domain = $1 AND b.code = $2),
      $2) END);
END;
COMMENT ON FUNCTION dash.label_of(text, text, text) IS
  'what a code is called: in lang (BCP 47, such as af or en-ZA), else along its fall-back languages, else in the site''s default language, else the code itself; null code gives null, an unknown domain or language is an error';

CREATE FUNCTION dash.labels_of(domain text, lang text) RETURNS TABLE (code text, label text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
  SELECT dash.check_label($1, $2);
  SELECT d.code, dash.label_of($1, d.code, $2) FROM (SELECT DISTINCT l.code FROM dash.label l WHERE l.domain = $1) AS d;
END;
COMMENT ON FUNCTION dash.labels_of(text, text) IS 'what all codes of a domain are called in a language, as dash.label_of(): for joining, where there are many rows';
