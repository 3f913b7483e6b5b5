-- A slow, plain evaluator of rulesets over their JSON, written from
-- docs/rules.md and independent of the extension: the oracle of
-- test/t/rule_differential.pl.  NULL is unknown.

-- A ruleset as seen while a list is walked: what "current" and "accumulator" are.
CREATE FUNCTION ref_walk(rs jsonb, list text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_set(rs, '{facts}', jsonb_agg(f) FILTER (WHERE f->>'name' NOT IN ('current', 'accumulator'))
    || jsonb_build_object('name', 'accumulator', 'type', CASE WHEN min(f->>'type') FILTER (WHERE f->>'name' = list) LIKE 'numeric%' THEN 'numeric' ELSE 'integer' END)
    || jsonb_build_object('name', 'current', 'type', rtrim(min(f->>'type') FILTER (WHERE f->>'name' = list), '[]')))
  FROM jsonb_array_elements(rs->'facts') f
$$;

-- The name of a fact of a list's type, and its elements: of a fact that is one, or of several, less the absent ones.
CREATE FUNCTION ref_list_fact(list jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(list->>'var', list->'list'->0->>'var')
$$;
CREATE FUNCTION ref_elements(list jsonb, rs jsonb, facts jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN list ? 'var' THEN nullif(facts->(list->>'var'), 'null') ELSE
    (SELECT coalesce(jsonb_agg(coalesce(facts->(e->>'var'), 'null') ORDER BY n), '[]')
     FROM jsonb_array_elements(list->'list') WITH ORDINALITY AS x (e, n), jsonb_array_elements(rs->'facts') AS f
     WHERE f->'name' = e->'var' AND (facts->>(e->>'var') IS NOT NULL OR f->>'null' = 'unknown')) END
$$;

-- The name of the one operator of an expression; a plain expression, because it is asked a hundred times for each decision.
CREATE FUNCTION ref_operator(e jsonb) RETURNS text LANGUAGE sql IMMUTABLE RETURN substring(e::text FROM '^{"([^"]+)"');

-- The type of an expression; NULL for a literal.
CREATE FUNCTION ref_type(e jsonb, rs jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  op text; a jsonb; i int;
BEGIN
  IF jsonb_typeof(e) = 'boolean' THEN RETURN 'boolean'; END IF;
  IF jsonb_typeof(e) IS DISTINCT FROM 'object' THEN RETURN NULL; END IF;
  op := ref_operator(e);
  a := e->op;
  IF op = 'var' THEN
    op := jsonb_path_query_first(rs, '$.facts[*] ? (@.name == $a)', jsonb_build_object('a', a))->>'type';
    RETURN CASE WHEN op IN ('smallint', 'integer', 'bigint') THEN 'integer' WHEN op = 'real' THEN 'double precision' ELSE op END;
  ELSIF op = 'definition' THEN
    RETURN (SELECT coalesce(d->>'type', ref_type(d->'value', rs)) FROM jsonb_array_elements(rs->'definitions') d WHERE d->'name' = a);
  ELSIF op IN ('+', '-', '*') THEN
    RETURN CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(a) o WHERE ref_type(o, rs) = 'numeric' OR o::text ~ '^-?[0-9]+[.]') THEN 'numeric' ELSE 'integer' END;
  ELSIF op = '/' THEN RETURN 'numeric';
  ELSIF op = 'reduce' THEN
    RETURN CASE WHEN (SELECT f->>'type' FROM jsonb_array_elements(rs->'facts') f WHERE f->>'name' = ref_list_fact(a->0)) LIKE 'numeric%' THEN 'numeric' ELSE 'integer' END;
  ELSIF op IN ('weekday', 'daysBetween') THEN RETURN 'integer';
  ELSIF op = 'time' THEN RETURN 'time';
  ELSIF op = 'now' THEN RETURN 'timestamptz';
  ELSIF op = 'day' THEN RETURN 'date';
  ELSIF op = 'plusTime' THEN RETURN ref_type(a->0, rs);
  ELSIF op = 'if' THEN RETURN coalesce(ref_type(a->1, rs), ref_type(a->2, rs));
  END IF;
  RETURN 'boolean';
END $$;

-- Adding months in whole-number arithmetic on year and month.
CREATE FUNCTION ref_months(d date, n bigint) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN NOT isfinite(d) THEN d ELSE make_date((m / 12)::int, (m % 12)::int + 1, 1) + extract(day FROM d)::int - 1 END
  FROM (SELECT CASE WHEN isfinite(d) THEN extract(year FROM d)::bigint * 12 + extract(month FROM d)::bigint - 1 + n END AS m) s
$$;

CREATE FUNCTION ref_plus_time(t text, type text, n bigint, unit text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  months bigint := CASE unit WHEN 'month' THEN n WHEN 'year' THEN 12 * n END;
  u timestamp;
BEGIN
  IF t IS NULL OR n IS NULL THEN RETURN NULL; END IF;
  IF type = 'date' THEN
    RETURN CASE WHEN unit = 'day' THEN t::date + n::int ELSE ref_months(t::date, months) END::text;
  END IF;
  u := t::timestamptz AT TIME ZONE 'UTC';
  IF NOT isfinite(u) THEN RETURN t; END IF;
  IF months IS NOT NULL THEN
    RETURN ((ref_months(u::date, months) + u::time) AT TIME ZONE 'UTC')::text;
  END IF;
  RETURN ((u + make_interval(hours => (n * CASE unit WHEN 'day' THEN 24 WHEN 'hour' THEN 1 ELSE 0 END)::int,
                             mins => (n * (unit = 'minute')::int)::int,
                             secs => n * (unit = 'second')::int)) AT TIME ZONE 'UTC')::text;
END $$;

-- -1, 0, 1, or NULL
CREATE FUNCTION ref_compare(a text, b text, type text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  CASE type
    WHEN 'integer', 'numeric' THEN RETURN sign(a::numeric - b::numeric);
    WHEN 'double precision' THEN RETURN CASE WHEN a::float8 < b::float8 THEN -1 ELSE (a::float8 > b::float8)::int END;
    WHEN 'date' THEN RETURN CASE WHEN a::date < b::date THEN -1 ELSE (a::date > b::date)::int END;
    WHEN 'timestamptz' THEN RETURN CASE WHEN a::timestamptz < b::timestamptz THEN -1 ELSE (a::timestamptz > b::timestamptz)::int END;
    WHEN 'time' THEN RETURN CASE WHEN a::time < b::time THEN -1 ELSE (a::time > b::time)::int END;
    ELSE RETURN (a COLLATE "C" <> b)::int;
  END CASE;
END $$;

CREATE FUNCTION ref_value(e jsonb, rs jsonb, facts jsonb, clock timestamptz, results jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  op text; a jsonb; x text; y text; n int; inner_rs jsonb; element jsonb; type text; v boolean; result boolean; exact numeric;
BEGIN
  IF jsonb_typeof(e) <> 'object' THEN RETURN e #>> '{}'; END IF;
  op := ref_operator(e);
  a := e->op;
  IF jsonb_typeof(a) <> 'array' THEN a := jsonb_build_array(a); END IF;
  n := jsonb_array_length(a);
  CASE op
    WHEN 'var' THEN RETURN facts->>(a->>0);
    WHEN 'present' THEN RETURN facts->>(a->0->>'var') IS NOT NULL;
    WHEN 'now' THEN RETURN clock;
    WHEN 'rule' THEN RETURN results->>(a->>0);
    WHEN 'group', 'severity' THEN
      result := true;
      FOR x IN SELECT r->>'id' FROM jsonb_array_elements(rs->'rules') r WHERE r->>(CASE op WHEN 'group' THEN 'group' ELSE 'severity' END) = a->>0 LOOP
        result := result AND (results->>x)::boolean;
      END LOOP;
      RETURN result;
    WHEN '!' THEN RETURN NOT ref_part(a->0, rs, facts, clock, results)::boolean;
    WHEN 'and', 'or' THEN
      result := (op = 'and');
      FOR i IN 0 .. n - 1 LOOP
        v := ref_part(a->i, rs, facts, clock, results)::boolean;
        result := CASE op WHEN 'and' THEN result AND v ELSE result OR v END;
      END LOOP;
      RETURN result;
    WHEN 'if' THEN
      v := ref_part(a->0, rs, facts, clock, results)::boolean;
      IF v IS NOT NULL THEN RETURN ref_part(CASE WHEN v THEN a->1 ELSE a->2 END, rs, facts, clock, results); END IF;
      IF ref_type(e, rs) IS DISTINCT FROM 'boolean' THEN RETURN NULL; END IF;
      x := ref_part(a->1, rs, facts, clock, results);
      RETURN CASE WHEN x = ref_part(a->2, rs, facts, clock, results) THEN x END;
    WHEN 'definition' THEN
      RETURN (SELECT ref_part(d->'value', rs, facts, clock, results) FROM jsonb_array_elements(rs->'definitions') d WHERE d->>'name' = a->>0);
    WHEN '/' THEN
      RETURN ref_part(a->0, rs, facts, clock, results)::numeric / nullif(ref_part(a->1, rs, facts, clock, results)::numeric, 0);
    WHEN 'weekday', 'daysBetween' THEN
      -- of dates, or of the days of instants in a zone
      x := ref_part(a->0, rs, facts, clock, results);
      y := CASE WHEN op = 'daysBetween' THEN ref_part(a->1, rs, facts, clock, results) END;
      IF n > (CASE op WHEN 'weekday' THEN 1 ELSE 2 END) THEN
        x := (x::timestamptz AT TIME ZONE (a->>(n - 1)))::date;
        y := (y::timestamptz AT TIME ZONE (a->>(n - 1)))::date;
      END IF;
      -- counted on the calendar, from a Monday long ago
      exact := CASE WHEN isfinite(x::date) THEN extract(julian FROM x::date)::bigint END;
      RETURN CASE WHEN op = 'weekday' THEN exact::bigint % 7 + 1 WHEN isfinite(y::date) THEN extract(julian FROM y::date)::bigint - exact END;
    WHEN 'time' THEN
      RETURN (SELECT CASE WHEN isfinite(l) THEN l - date_trunc('day', l) END::time FROM (SELECT ref_part(a->0, rs, facts, clock, results)::timestamptz AT TIME ZONE (a->>1) AS l) AS s);
    WHEN '+', '-', '*' THEN
      exact := ref_part(a->0, rs, facts, clock, results)::numeric;
      y := ref_part(a->1, rs, facts, clock, results);
      exact := CASE op WHEN '+' THEN exact + y::numeric WHEN '-' THEN exact - y::numeric ELSE exact * y::numeric END;
      RETURN CASE WHEN ref_type(e, rs) = 'numeric' OR exact BETWEEN '-9223372036854775808'::numeric AND '9223372036854775807'::numeric THEN exact END;
    WHEN 'plusTime' THEN
      RETURN ref_plus_time(ref_part(a->0, rs, facts, clock, results), ref_type(e, rs),
                           ref_part(a->1, rs, facts, clock, results)::bigint, a->>2);
    WHEN 'day' THEN RETURN (ref_part(a->0, rs, facts, clock, results)::timestamptz AT TIME ZONE (a->>1))::date;
    WHEN 'some', 'all' THEN
      IF ref_elements(a->0, rs, facts) IS NULL THEN RETURN NULL; END IF;
      inner_rs := ref_walk(rs, ref_list_fact(a->0));
      result := (op = 'all');
      FOR element IN SELECT value FROM jsonb_array_elements(ref_elements(a->0, rs, facts)) LOOP
        v := ref_part(a->1, inner_rs, facts || jsonb_build_object('current', element), clock, results)::boolean;
        result := CASE op WHEN 'all' THEN result AND v ELSE result OR v END;
      END LOOP;
      RETURN result;
    WHEN 'reduce' THEN
      IF ref_elements(a->0, rs, facts) IS NULL THEN RETURN NULL; END IF;
      inner_rs := ref_walk(rs, ref_list_fact(a->0));
      x := ref_part(a->2, rs, facts, clock, results);
      FOR element IN SELECT value FROM jsonb_array_elements(ref_elements(a->0, rs, facts)) LOOP
        x := ref_part(a->1, inner_rs, facts || jsonb_build_object('current', element, 'accumulator', x::numeric), clock, results);
      END LOOP;
      RETURN x;
    WHEN 'in' THEN
      IF jsonb_typeof(a->1) = 'object' THEN
        RETURN ref_value(jsonb_build_object('some', jsonb_build_array(a->1, jsonb_build_object('===', jsonb_build_array(a->0, '{"var": "current"}'::jsonb)))), rs, facts, clock, results);
      END IF;
      type := ref_type(a->0, rs);
      x := ref_part(a->0, rs, facts, clock, results);
      RETURN CASE WHEN x IS NOT NULL THEN EXISTS (SELECT FROM jsonb_array_elements_text(a->1) m WHERE ref_compare(x, m, type) = 0) END;
    ELSE
      -- of two or three
      type := least(ref_type(a->0, rs), ref_type(a->1, rs), ref_type(a->2, rs));
      result := true;
      FOR i IN 0 .. n - 2 LOOP
        x := ref_part(a->i, rs, facts, clock, results);
        y := ref_part(a->(i + 1), rs, facts, clock, results);
        v := NULL;
        IF x IS NOT NULL AND y IS NOT NULL THEN
          v := CASE WHEN op = '===' AND type = 'boolean' THEN x::boolean = y::boolean
                    WHEN op = '===' THEN ref_compare(x, y, type) = 0
                    WHEN op IN ('<', 'before') THEN ref_compare(x, y, type) < 0
                    WHEN op IN ('<=', 'not-after') THEN ref_compare(x, y, type) <= 0
                    WHEN op IN ('>', 'after') THEN ref_compare(x, y, type) > 0
                    ELSE ref_compare(x, y, type) >= 0 END;
        END IF;
        result := result AND v;
      END LOOP;
      RETURN result;
  END CASE;
END $$;

-- A part of an expression: literals and facts, which most are, without a call.
CREATE FUNCTION ref_part(e jsonb, rs jsonb, facts jsonb, clock timestamptz, results jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_typeof(e) <> 'object' THEN e #>> '{}' WHEN e ? 'var' THEN facts->>(e->>'var') ELSE ref_value(e, rs, facts, clock, results) END
$$;

-- The text of a value as JSON of its type.
CREATE FUNCTION ref_typed(x text, type text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE type WHEN 'boolean' THEN to_jsonb(x::boolean) WHEN 'integer' THEN to_jsonb(x::bigint) WHEN 'numeric' THEN to_jsonb(x::numeric) WHEN 'date' THEN to_jsonb(x::date)
                   WHEN 'timestamptz' THEN to_jsonb(x::timestamptz) ELSE to_jsonb(x) END
$$;

-- {"outcome": ..., "fail": mask, "unknown": mask} as ruleset_sql() gives it, and the outputs as outputs() does but for valid_until
CREATE FUNCTION ref_evaluate(rs jsonb, clock timestamptz, facts jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  rule jsonb; line jsonb; v boolean; results jsonb := '{}'; fail bigint := 0; unknown bigint := 0; bit bigint := 1; possible text[] := '{}'; outputs jsonb := '{}'; x text;
BEGIN
  FOR rule IN SELECT value FROM jsonb_array_elements(rs->'rules') LOOP
    v := ref_value(rule->'assert', rs, facts, clock, results)::boolean;
    IF rule ? 'when' THEN
      v := NOT ref_value(rule->'when', rs, facts, clock, results)::boolean OR v;
    END IF;
    v := coalesce(v, CASE rule->>'on_unknown' WHEN 'fail' THEN false WHEN 'pass' THEN true END);
    IF v IS NULL THEN unknown := unknown | bit; ELSIF NOT v THEN fail := fail | bit; END IF;
    results := results || jsonb_build_object(rule->>'id', v);
    bit := bit << 1;
  END LOOP;
  FOR line IN SELECT value FROM jsonb_array_elements(rs->'outcomes') LOOP
    v := CASE WHEN line ? 'if' THEN ref_value(line->'if', rs, facts, clock, results)::boolean ELSE true END;
    CONTINUE WHEN NOT v;
    possible := possible || (line->>'outcome');
    EXIT WHEN v;
  END LOOP;
  FOR line IN SELECT value FROM jsonb_array_elements(rs->'outputs') LOOP
    v := CASE WHEN line ? 'when' THEN ref_value(line->'when', rs, facts, clock, results)::boolean ELSE true END;
    x := CASE WHEN v THEN ref_value(line->'value', rs, facts, clock, results) END;
    outputs := outputs || jsonb_build_object(line->>'name', jsonb_build_object('value', ref_typed(x, line->>'type'))
      || CASE WHEN v IS NULL OR (v AND x IS NULL) THEN '{"unknown": true}' ELSE '{}'::jsonb END);
  END LOOP;
  RETURN jsonb_build_object('fail', fail, 'unknown', unknown, 'outputs', outputs,
    'outcome', CASE WHEN (SELECT count(DISTINCT p) FROM unnest(possible) p) = 1 THEN possible[1] END);
END $$;
