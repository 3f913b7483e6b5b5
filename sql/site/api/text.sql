-- Untrusted text: readers that give null where a cast would raise, and CSV.
-- Those with an EXCEPTION clause are not PARALLEL SAFE: before PostgreSQL 17 no subtransaction may start in a parallel plan.

CREATE FUNCTION centre.try_numeric(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN btrim(value) ~ '^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?$' THEN btrim(value)::numeric END;
COMMENT ON FUNCTION centre.try_numeric(text) IS 'the number a text states, or null; at most 40 digits on either side of the point, no NaN, no infinity';

CREATE FUNCTION centre.try_timestamptz(value text, zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
DECLARE
  stamp text := btrim(value);
BEGIN
  IF stamp !~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?)?$' THEN
    RETURN NULL;
  END IF;
  -- a time with an offset is an instant; one without is local time of the zone
  RETURN CASE WHEN stamp ~ '[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}(:?\d{2})?)$' THEN stamp::timestamptz
              ELSE stamp::timestamp AT TIME ZONE zone END;
EXCEPTION
  WHEN datetime_field_overflow OR invalid_datetime_format OR invalid_time_zone_displacement_value THEN
    RETURN NULL;  -- 30 February, 25 o'clock
END
$$;
COMMENT ON FUNCTION centre.try_timestamptz(text, text) IS
  'the instant an ISO 8601 date or time states, or null; without an offset it is local time in zone; words such as now or infinity are not times';

CREATE FUNCTION centre.try_boolean(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN lower(btrim(value)) IN ('yes', 'true', '1', 'y', 't') THEN true
            WHEN lower(btrim(value)) IN ('no', 'false', '0', 'n', 'f') THEN false END;
COMMENT ON FUNCTION centre.try_boolean(text) IS 'yes, true, 1 or no, false, 0 in any case; null for anything else';

CREATE FUNCTION centre.try_jsonb(payload bytea) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  doc jsonb;
BEGIN
  doc := ltrim(convert_from(payload, 'UTF8'), U&'\FEFF')::jsonb;
  -- what can be read can be too deep for those who follow it down, such as erase()
  RETURN CASE WHEN NOT jsonb_path_exists(doc, '$.**{512}') THEN doc END;
EXCEPTION
  WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.try_jsonb(bytea) IS 'the JSON that UTF-8 bytes hold, or null when they are not UTF-8 or not JSON that PostgreSQL can store';

CREATE FUNCTION centre.is_wide(doc jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN jsonb_path_exists(doc, '$.** ? (@.type() == "number" && (@.abs() >= 1e100 || @ != 0 && @.abs() < 1e-100))');
COMMENT ON FUNCTION centre.is_wide(jsonb) IS
  'does JSON hold a number of a hundred digits and more? 1e130000 takes eight bytes in a payload and 130,001 wherever the document is written out, so such a document is never written out';

CREATE FUNCTION centre.try_text(payload bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ltrim(convert_from(payload, 'UTF8'), U&'\FEFF');
EXCEPTION
  WHEN data_exception THEN RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.try_text(bytea) IS 'the text that UTF-8 bytes hold, without a byte order mark, or null';

CREATE FUNCTION centre.csv_rows(content text) RETURNS TABLE (line bigint, fields text[])
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  WITH token AS (
    SELECT t.ord, t.m[1] AS field, t.m[2] AS ending
    FROM regexp_matches($1, '("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n|\n|\r|$)', 'g') WITH ORDINALITY AS t (m, ord)),
  numbered AS (
    SELECT t.ord, 1 + count(*) FILTER (WHERE t.ending <> ',') OVER (ORDER BY t.ord ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS row_no,
           CASE WHEN t.field LIKE '"%' THEN replace(substr(t.field, 2, length(t.field) - 2), '""', '"') ELSE t.field END AS field
    FROM token t)
  SELECT n.row_no, array_agg(n.field ORDER BY n.ord) FROM numbered n
  GROUP BY n.row_no HAVING count(*) > 1 OR max(n.field) <> '' ORDER BY n.row_no;
END;
COMMENT ON FUNCTION centre.csv_rows(text) IS
  'the records of CSV text (RFC 4180: comma, double quotes doubled inside, quoted line breaks) by number; empty records are left out; centre.csv_is_sound() tells whether quotes are closed';

CREATE FUNCTION centre.csv_is_sound(content text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- whole quoted fields taken out, which may hold line breaks, no quote may be left
RETURN regexp_replace(content, '(^|[,\r\n])"(?:[^"]|"")*"(?=[,\r\n]|$)', '\1', 'g') !~ '"';
COMMENT ON FUNCTION centre.csv_is_sound(text) IS 'false when a quote opens inside a field or is never closed';

CREATE FUNCTION centre.csv_objects(content text) RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  WITH r AS MATERIALIZED (SELECT c.line, c.fields FROM centre.csv_rows($1) c),
  header AS (SELECT r.fields FROM r ORDER BY r.line LIMIT 1)
  SELECT CASE WHEN cardinality(r.fields) = cardinality(h.fields)
              THEN jsonb_strip_nulls(jsonb_object(ARRAY(SELECT btrim(f) FROM unnest(h.fields) f), ARRAY(SELECT nullif(f, '') FROM unnest(r.fields) f))) END
  FROM r CROSS JOIN header h WHERE r.line > (SELECT min(f.line) FROM r f) ORDER BY r.line;
END;
COMMENT ON FUNCTION centre.csv_objects(text) IS
  'the records of CSV text with a header line as JSON objects of text, empty fields left out; a record with another number of fields than the header is null';

CREATE FUNCTION centre.perhaps(said text, names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce((SELECT format('; perhaps "%s"?', n.name) FROM unnest(names) AS n (name)
                   WHERE n.name <> said AND public.similarity(n.name, said) >= 0.3 ORDER BY public.similarity(n.name, said) DESC, n.name LIMIT 1), '');
END;
COMMENT ON FUNCTION centre.perhaps(text, text[]) IS 'what somebody may have meant who wrote a name that is none: the most similar of those there are, as the end of a message; empty where none is similar';
