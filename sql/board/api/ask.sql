-- Questions that are understood, or refused: a name that is not known is an error with the nearest ones, never an empty answer.

CREATE FUNCTION dash.nearest(given text, known text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT CASE WHEN count(*) = 0 THEN 'None is known here yet.' ELSE format('Did you mean %s?', string_agg(format('"%s"', n.name), ', ' ORDER BY n.closeness DESC, n.name)) END
        FROM (SELECT k.name, public.similarity(k.name, given) AS closeness FROM (SELECT DISTINCT u.name FROM unnest(known) AS u (name) WHERE u.name IS NOT NULL) AS k
              ORDER BY 2 DESC, 1 LIMIT CASE WHEN (SELECT count(DISTINCT u.name) FROM unnest(known) AS u (name)) <= 8 THEN 8 ELSE 3 END) AS n);
COMMENT ON FUNCTION dash.nearest(text, text[]) IS 'the hint of an error about a name that is not known: all that are known where they are few, else the three nearest';

-- Each is true, or the error; null and an empty text ask for nothing.  Each raises its own: by a function of theirs an analyst who misspells a name
-- would read how they call it in the error's context.
CREATE FUNCTION dash.check_lang(lang text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lang <> '' AND NOT EXISTS (SELECT FROM dash.language l WHERE l.code IN (check_lang.lang, split_part(check_lang.lang, '-', 1))) THEN
    RAISE EXCEPTION 'there is no language "%"', lang USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(lang, ARRAY(SELECT l.code FROM dash.language l));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_lang(text) IS 'an error where a language (BCP 47: af, en-ZA) is not among dash.language';

CREATE FUNCTION dash.check_indicator(of_indicator text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_indicator <> '' AND NOT EXISTS (SELECT FROM dash.indicator i WHERE i.code = of_indicator) THEN
    RAISE EXCEPTION 'there is no indicator "%"', of_indicator USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_indicator, ARRAY(SELECT i.code FROM dash.indicator i));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_indicator(text) IS 'an error where an indicator is not known';

CREATE FUNCTION dash.check_level(at_level text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF at_level <> '' AND NOT EXISTS (SELECT FROM dash.area_level l WHERE l.code = at_level) THEN
    RAISE EXCEPTION 'there is no level of area "%"', at_level USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(at_level, ARRAY(SELECT l.code FROM dash.area_level l));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_level(text) IS 'an error where a level of area is not known';

CREATE FUNCTION dash.check_breakdown(of_breakdown text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_breakdown <> '' AND of_breakdown <> 'all' AND NOT EXISTS (SELECT FROM dash.dimension d WHERE d.dataset = 'observation' AND d.kind <> 'area' AND d.name = of_breakdown) THEN
    RAISE EXCEPTION 'there is no breakdown "%"', of_breakdown USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_breakdown, ARRAY['all'] || ARRAY(SELECT d.name FROM dash.dimension d WHERE d.dataset = 'observation' AND d.kind <> 'area'));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_breakdown(text) IS 'an error where observations have no such breakdown';

CREATE FUNCTION dash.member_domain(of_breakdown text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN of_breakdown IN ('disability', 'youth', 'migrant') THEN 'answer' ELSE of_breakdown END;
COMMENT ON FUNCTION dash.member_domain(text) IS 'the domain of labels that the members of a breakdown are named in';

CREATE FUNCTION dash.check_member(of_indicator text, of_breakdown text, of_member text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  releases bigint[];
BEGIN
  IF of_member <> '' AND of_member <> '*total*' AND NOT EXISTS (SELECT FROM dash.label l WHERE l.domain = dash.member_domain(of_breakdown) AND l.code = of_member) THEN
    releases := ARRAY(SELECT r.release_id FROM dash.release r JOIN dash.indicator_cube c ON c.cube = r.cube WHERE c.indicator = of_indicator AND of_breakdown = ANY (c.breakdowns));
    IF NOT EXISTS (SELECT FROM dash.released x WHERE x.release_id = ANY (releases) AND x.indicator = of_indicator AND x.breakdown = of_breakdown AND x.member = of_member) THEN
      RAISE EXCEPTION 'there is no member "%" of the breakdown %', of_member, of_breakdown USING ERRCODE = 'invalid_parameter_value',
        HINT = dash.nearest(of_member, ARRAY['*total*'] || ARRAY(SELECT l.code FROM dash.label l WHERE l.domain = dash.member_domain(of_breakdown))
          || ARRAY(SELECT x.member FROM dash.released x WHERE x.release_id = ANY (releases) AND x.indicator = of_indicator AND x.breakdown = of_breakdown));
    END IF;
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_member(text, text, text) IS 'an error where a member of a breakdown is neither labelled nor published; *total* is all of them';

CREATE FUNCTION dash.check_areas(areas text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text := (SELECT min(u.code) FROM unnest(areas) AS u (code) WHERE u.code <> '' AND NOT EXISTS (SELECT FROM dash.area a WHERE a.code = u.code));
BEGIN
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'there is no area "%"', unknown USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(unknown, ARRAY(
      SELECT n.code FROM (SELECT a.code, max(greatest(public.similarity(a.code, unknown), public.similarity(a.name, unknown))) AS closeness FROM dash.area a GROUP BY a.code) AS n
      ORDER BY n.closeness DESC, n.code LIMIT 3));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_areas(text[]) IS 'an error where one of the codes is no area, with the areas of the nearest codes and names as hint';

CREATE FUNCTION dash.check_cube(of_cube text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_cube <> '' AND NOT EXISTS (SELECT FROM dash.release r WHERE r.cube = of_cube) THEN
    RAISE EXCEPTION 'there is no cube "%"', of_cube USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_cube, ARRAY(SELECT r.cube FROM dash.release r));
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_cube(text) IS 'an error where the reader finds no release of a cube, whether there is none, it is another audience''s, or it is misspelt: one answer for all three';

CREATE FUNCTION dash.check_unit(of_unit text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_unit <> '' AND of_unit <> ALL ('{day,week,month,quarter,year}') THEN
    RAISE EXCEPTION 'there is no unit of period "%"', of_unit USING ERRCODE = 'invalid_parameter_value', HINT = dash.nearest(of_unit, '{day,week,month,quarter,year}');
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_unit(text) IS 'an error where a unit of period is none of day, week, month, quarter and year';

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
           WHEN since = until THEN format('The end is not included: this one day is %s/%s.', to_char(since, 'YYYY-MM-DD'), to_char(since + 1, 'YYYY-MM-DD'))
           WHEN since > until THEN format('It ends before it begins: write %s/%s.', to_char(until, 'YYYY-MM-DD'), to_char(since, 'YYYY-MM-DD'))
           WHEN period = 'latest' THEN 'Which one is latest depends on the question: ask dash.days_of().'
           ELSE CASE WHEN period !~ '\d' THEN 'Did you mean "latest"? ' ELSE '' END || 'Write 2026, 2026-Q3, 2026-10, 2026-10-01/2026-11-01 (the end not included) or latest.' END;
END
$$;
COMMENT ON FUNCTION dash.period(text) IS
  'days of a period written as 2026, 2026-Q3, 2026-10 or 2026-10-01/2026-11-01 (end not included); anything else is an error, null gives null. The word latest depends on the question: dash.days_of()';

CREATE FUNCTION dash.check_period(in_period text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN dash.period(nullif(nullif(in_period, ''), 'latest')) IS DISTINCT FROM 'empty'::daterange;  -- true: none that it reads is empty
COMMENT ON FUNCTION dash.check_period(text) IS 'an error where dash.period() cannot read a period; latest is one';

CREATE FUNCTION dash.check_days(from_time timestamptz, to_time timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF from_time > to_time THEN
    RAISE EXCEPTION 'the days asked for end before they begin' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('They are from %s to %s.', from_time, to_time),
      HINT = 'Write the earlier one first.';
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_days(timestamptz, timestamptz) IS 'an error where the first of two times is the later one';

CREATE FUNCTION dash.check_order(before daterange, after daterange) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lower(after) < lower(before) THEN
    RAISE EXCEPTION 'the later period begins before the earlier one' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('The earlier is from %s, the later from %s.', lower(before), lower(after)),
      HINT = 'Write the earlier one first.';
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION dash.check_order(daterange, daterange) IS 'an error where the second of two periods begins before the first';

-- A literal such as '2026-06-01' is midnight of the session; the day meant is the one written, wherever the session is.
CREATE FUNCTION dash.day_of("time" timestamptz) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN CASE WHEN "time"::time = '00:00' OR NOT isfinite("time") THEN "time"::date ELSE (SELECT ("time" AT TIME ZONE s.reporting_zone)::date FROM dash.site s) END;
COMMENT ON FUNCTION dash.day_of(timestamptz) IS
  'the local day that a time lies on in the site''s reporting zone; a midnight of the session''s own zone, as a date written without a time is, is that very date';

CREATE FUNCTION dash.areas_wanted(at_level text, areas text[], of_indicator text DEFAULT NULL, of_breakdown text DEFAULT 'all') RETURNS TABLE (area_id integer, area text, area_name text, level text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT dash.check_level($1), dash.check_areas($2), dash.check_indicator($3), dash.check_breakdown($4);
  SELECT DISTINCT ON (a.area_id) a.area_id, a.code, a.name, a.level
  FROM dash.area a JOIN dash.area_level l ON l.code = a.level
  WHERE CASE WHEN $2 IS NULL THEN a.level = $1 ELSE a.code = ANY ($2) END
  -- a metro stands at two levels, of which an indicator may be published at the lower one alone
  ORDER BY a.area_id, (a.level = $1) DESC,
           ($2 IS NOT NULL AND $3 IS NOT NULL AND a.level = ANY (ARRAY(SELECT unnest(c.levels) FROM dash.indicator_cube c WHERE c.indicator = $3 AND $4 = ANY (c.breakdowns) AND EXISTS (SELECT FROM dash.release e WHERE e.cube = c.cube)))) DESC,
           l.depth;
END;
COMMENT ON FUNCTION dash.areas_wanted(text, text[], text, text) IS
  'the areas a comparison is about: those named by code, at whatever level each stands (at_level where it stands there, else the highest at which of_indicator is published by of_breakdown, else the highest), or without names all of at_level';
