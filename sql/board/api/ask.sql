-- Questions that are understood, or refused: a name that is not known is an error with the nearest ones, never an empty answer.

CREATE FUNCTION dash.refuse_name(kind text, given text, known text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  nearest text := (SELECT string_agg(format('"%s"', n.name), ', ' ORDER BY n.closeness DESC, n.name)
                   FROM (SELECT k AS name, public.similarity(k, given) AS closeness FROM unnest(known) AS k ORDER BY 2 DESC, 1 LIMIT CASE WHEN cardinality(known) <= 8 THEN 8 ELSE 3 END) AS n);
BEGIN
  RAISE EXCEPTION 'there is no % "%"', kind, given USING ERRCODE = 'invalid_parameter_value',
    HINT = CASE WHEN nearest IS NULL THEN format('No %s is known here yet.', kind) ELSE format('Did you mean %s?', nearest) END;
END
$$;
COMMENT ON FUNCTION dash.refuse_name(text, text, text[]) IS 'raises the error for a name of a kind that is not among those known, with the nearest known ones as hint';

CREATE FUNCTION dash.check_lang(lang text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lang <> '' AND NOT EXISTS (SELECT FROM dash.language l WHERE l.code IN (check_lang.lang, split_part(check_lang.lang, '-', 1))) THEN
    PERFORM dash.refuse_name('language', lang, ARRAY(SELECT l.code FROM dash.language l));
  END IF;
END
$$;
COMMENT ON FUNCTION dash.check_lang(text) IS 'an error where a language (BCP 47: af, en-ZA) is not among dash.language; null and an empty text ask for none';

CREATE FUNCTION dash.check_areas(areas text[]) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text := (SELECT min(u.code) FROM unnest(areas) AS u (code) WHERE u.code <> '' AND NOT EXISTS (SELECT FROM dash.area a WHERE a.code = u.code));
BEGIN
  IF unknown IS NOT NULL THEN
    PERFORM dash.refuse_name('area', unknown, ARRAY(
      SELECT n.code FROM (SELECT a.code, greatest(public.similarity(a.code, unknown), public.similarity(a.name, unknown)) AS closeness FROM dash.area a) AS n ORDER BY n.closeness DESC, n.code LIMIT 3));
  END IF;
END
$$;
COMMENT ON FUNCTION dash.check_areas(text[]) IS 'an error where one of the codes is no area, with the areas of the nearest codes and names as hint; null and empty texts ask for none';

CREATE FUNCTION dash.check_question(of_indicator text, at_level text DEFAULT NULL, of_breakdown text DEFAULT NULL, areas text[] DEFAULT NULL, lang text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_indicator <> '' AND NOT EXISTS (SELECT FROM dash.indicator i WHERE i.code = of_indicator) THEN
    PERFORM dash.refuse_name('indicator', of_indicator, ARRAY(SELECT i.code FROM dash.indicator i));
  END IF;
  IF at_level <> '' AND NOT EXISTS (SELECT FROM dash.area_level l WHERE l.code = at_level) THEN
    PERFORM dash.refuse_name('level of area', at_level, ARRAY(SELECT l.code FROM dash.area_level l));
  END IF;
  IF of_breakdown <> '' AND of_breakdown <> 'all' AND NOT EXISTS (SELECT FROM dash.dimension d WHERE d.dataset = 'observation' AND d.kind <> 'area' AND d.name = of_breakdown) THEN
    PERFORM dash.refuse_name('breakdown', of_breakdown, ARRAY['all'] || ARRAY(SELECT d.name FROM dash.dimension d WHERE d.dataset = 'observation' AND d.kind <> 'area'));
  END IF;
  PERFORM dash.check_areas(areas);
  PERFORM dash.check_lang(lang);
END
$$;
COMMENT ON FUNCTION dash.check_question(text, text, text, text[], text) IS
  'an error where an indicator, level of area, breakdown, area or language is not known, with the nearest names as hint; null and empty texts ask for none';

CREATE FUNCTION dash.check_cube(of_cube text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_cube <> '' AND NOT EXISTS (SELECT FROM dash.release r WHERE r.cube = of_cube) THEN
    PERFORM dash.refuse_name('cube', of_cube, ARRAY(SELECT DISTINCT r.cube FROM dash.release r));
  END IF;
END
$$;
COMMENT ON FUNCTION dash.check_cube(text) IS 'an error where the reader finds no release of a cube, whether there is none, it is another audience''s, or it is misspelt: one answer for all three';

CREATE FUNCTION dash.iso_day(day text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT CASE WHEN d.day <= extract(day FROM make_date(d.year, d.month, 1) + interval '1 month' - interval '1 day') THEN make_date(d.year, d.month, d.day) END
        FROM (SELECT left(iso_day.day, 4)::integer AS year, substr(iso_day.day, 6, 2)::integer AS month, right(iso_day.day, 2)::integer AS day
              WHERE iso_day.day ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$') AS d);
COMMENT ON FUNCTION dash.iso_day(text) IS 'the day that 2026-10-31 is, whatever the session''s style of dates; null where there is no such day';

CREATE FUNCTION dash.period(period text) RETURNS daterange
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  since date := dash.iso_day(CASE WHEN period ~ '^\d{4}$' THEN period || '-01-01' WHEN period ~ '^\d{4}-\d{2}$' THEN period || '-01'
                               WHEN period ~ '^\d{4}-Q[1-4]$' THEN format('%s-%s-01', left(period, 4), lpad((right(period, 1)::integer * 3 - 2)::text, 2, '0'))
                               WHEN period ~ '^[^/]+/[^/]+$' THEN split_part(period, '/', 1) END);
  until date := CASE WHEN period ~ '/' THEN dash.iso_day(split_part(period, '/', 2)) WHEN length(period) = 4 THEN (since + interval '1 year')::date
                  WHEN period ~ 'Q' THEN (since + interval '3 months')::date ELSE (since + interval '1 month')::date END;
  monday date := CASE WHEN period ~ '^\d{4}-?W(0[1-9]|[1-4]\d|5[0-3])$' THEN to_date(replace(period, '-', ''), 'IYYY"W"IW') END;
BEGIN
  IF since < until THEN
    RETURN daterange(since, until);
  END IF;
  RAISE EXCEPTION 'there is no period "%"', period USING ERRCODE = 'invalid_parameter_value',
    HINT = CASE WHEN monday IS NOT NULL THEN format('Write this week as %s/%s.', to_char(monday, 'YYYY-MM-DD'), to_char(monday + 7, 'YYYY-MM-DD'))
           ELSE 'Write 2026, 2026-Q3, 2026-10, 2026-10-01/2026-11-01 (the end not included) or latest.' END;
END
$$;
COMMENT ON FUNCTION dash.period(text) IS
  'days of a period written as 2026, 2026-Q3, 2026-10 or 2026-10-01/2026-11-01 (end not included); anything else is an error, null gives null. The word latest depends on the question: dash.days_of()';

-- A literal such as '2026-06-01' is midnight of the session; the day meant is the one written, wherever the session is.
CREATE FUNCTION dash.day_of("time" timestamptz) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN CASE WHEN "time"::time = '00:00' OR NOT isfinite("time") THEN "time"::date ELSE (SELECT ("time" AT TIME ZONE s.reporting_zone)::date FROM dash.site s) END;
COMMENT ON FUNCTION dash.day_of(timestamptz) IS
  'the local day that a time lies on in the site''s reporting zone; a midnight of the session''s own zone, as a date written without a time is, is that very date';

CREATE FUNCTION dash.areas_wanted(at_level text, areas text[]) RETURNS TABLE (area_id integer, area text, area_name text, level text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT DISTINCT ON (a.area_id) a.area_id, a.code, a.name, a.level
  FROM dash.area a JOIN dash.area_level l ON l.code = a.level
  WHERE CASE WHEN $2 IS NULL THEN a.level = $1 ELSE a.code = ANY ($2) END
  ORDER BY a.area_id, (a.level = $1) DESC, l.depth;
END;
COMMENT ON FUNCTION dash.areas_wanted(text, text[]) IS
  'the areas a comparison is about: those named by code, at whatever level each stands (at_level where it stands there), or without names all of at_level';
