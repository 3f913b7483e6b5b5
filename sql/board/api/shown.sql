-- Every figure in words: exact, rounded with what it may stand for, of a part of its period, or why it is not there.

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('shown', 'exact', 'en', '%s (exact)'), ('shown', 'exact', 'af', '%s (presies)'),
  ('shown', 'between', 'en', '%s (%s to %s)'), ('shown', 'between', 'af', '%s (%s tot %s)'),
  ('shown', 'partial', 'en', '%s, part of the period'), ('shown', 'partial', 'af', '%s, deel van die tydperk'),
  ('shown', 'held', 'en', '%s, of an earlier release'), ('shown', 'held', 'af', '%s, van ''n vroeër vrystelling'),
  ('shown', 'unverified', 'en', '%s; about %s unverified not counted'), ('shown', 'unverified', 'af', '%s; omtrent %s ongeverifieerd nie getel nie')
  ON CONFLICT DO NOTHING;

-- Labels are looked up once a question, not once a figure.
CREATE FUNCTION dash.shown_as(lang text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY[dash.label_of('shown', 'exact', lang), dash.label_of('shown', 'between', lang), dash.label_of('shown', 'partial', lang), dash.label_of('shown', 'unverified', lang),
  dash.label_of('shown', 'held', lang)];
COMMENT ON FUNCTION dash.shown_as(text) IS 'how dash.shown() writes an exact figure, one with bounds, one of a part of its period, one beside which others are not counted, and one of an earlier release, in a language; %s is a figure';

CREATE FUNCTION dash.plain(figure float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(figure) < 1e15 THEN CASE WHEN figure = trunc(figure) THEN figure::bigint::text
  ELSE trim_scale(round(figure::numeric, greatest(0, 2 - floor(log(abs(figure)))::integer)))::text END ELSE figure::text END;
COMMENT ON FUNCTION dash.plain(float8) IS 'a figure as text: whole numbers in full, others to three digits that count';

CREATE FUNCTION dash.shown(figure float8, possible_from float8, possible_to float8, complete boolean, reason text, written text[], held boolean DEFAULT false) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN figure IS NULL THEN reason ELSE format(CASE WHEN complete IS FALSE THEN written[3] ELSE '%s' END, format(CASE WHEN held THEN written[5] ELSE '%s' END,
  CASE WHEN possible_from < figure OR possible_to > figure THEN format(written[2], dash.plain(figure), dash.plain(least(possible_from, figure)), dash.plain(greatest(possible_to, figure)))
    WHEN held THEN dash.plain(figure) ELSE format(written[1], dash.plain(figure)) END)) END;
COMMENT ON FUNCTION dash.shown(float8, float8, float8, boolean, text, text[], boolean) IS
  'a figure as a reader has to take it: "12 (exact)", "5 (1 to 9)" where it is rounded or answers are missing and the true one lies from possible_from to possible_to, "5 (1 to 9), part of the period" where complete is false, "12, of an earlier release" where the change since then is withheld (held), or the reason why there is none; written is dash.shown_as()';
