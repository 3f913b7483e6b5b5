-- service_level: form, order, questions
SET search_path = civic, public;

-- every access method's operator class is whole
SELECT amname, opcname, amvalidate(opc.oid)
FROM pg_opclass opc JOIN pg_am am ON am.oid = opc.opcmethod
WHERE opcintype IN ('service_level'::regtype, 'service_distribution'::regtype)
ORDER BY 1, 2;

-- canonical text
SELECT t, t::service_level AS level
FROM unnest('{hcf:basic,hcf:limited..basic,hcf:basic..basic,household_water:surface_water..safely_managed,school:advanced}'::text[]) t;

-- refusals say what is allowed
\set SHOW_CONTEXT never
SELECT 'basic'::service_level;
SELECT ''::service_level;
SELECT 'clinic:basic'::service_level;
SELECT ':basic'::service_level;
SELECT 'hcf:'::service_level;
SELECT 'hcf:Basic'::service_level;
SELECT 'hcf: basic'::service_level;
SELECT 'household_hygiene:safely_managed'::service_level;
SELECT 'hcf:basic..limited'::service_level;
SELECT 'hcf:limited...basic'::service_level;
SELECT 'hcf:limited..'::service_level;
SELECT 'hcf:..basic'::service_level;
SELECT 'hcf:limited..basic..advanced'::service_level;

-- every level there is, built from the ladders as the standard words them
CREATE TEMP TABLE rung (ladder text, place int, name text);
INSERT INTO rung
SELECT ladder, place, name
FROM (VALUES
  ('hcf', '{no_service,limited,basic,advanced}'::text[]),
  ('household_water', '{surface_water,unimproved,limited,basic,safely_managed}'),
  ('household_sanitation', '{open_defecation,unimproved,limited,basic,safely_managed}'),
  ('household_hygiene', '{no_facility,limited,basic}'),
  ('school', '{no_service,limited,basic,advanced}')) l (ladder, names),
  unnest(names) WITH ORDINALITY n (name, place);
CREATE TEMP TABLE every AS
SELECT array_position('{hcf,household_water,household_sanitation,household_hygiene,school}', l.ladder) AS ladder_no,
       l.ladder, l.place AS lowest, h.place AS highest, l.name AS lowest_name, h.name AS highest_name,
       (l.ladder || ':' || l.name || CASE WHEN h.place > l.place THEN '..' || h.name ELSE '' END)::service_level AS level
FROM rung l JOIN rung h ON h.ladder = l.ladder AND h.place >= l.place;
SELECT count(*), count(DISTINCT level) AS different FROM every;

-- what goes in comes out, by text and by parts
SELECT count(*) FILTER (WHERE level::text::service_level = level) AS round_trip,
       count(*) FILTER (WHERE ladder(level) = ladder) AS ladder,
       count(*) FILTER (WHERE lowest(level)::text = ladder || ':' || lowest_name) AS lowest,
       count(*) FILTER (WHERE highest(level)::text = ladder || ':' || highest_name) AS highest,
       count(*) FILTER (WHERE ladder || ':' || level_name(level) = level::text) AS name,
       count(*) FILTER (WHERE insufficient(level) = (lowest < highest)) AS insufficient,
       count(*) FILTER (WHERE level::int IS NOT DISTINCT FROM CASE WHEN lowest = highest THEN lowest END) AS place
FROM every;

-- three-valued question against every rung of the ladder, from first principles: all completions, none, or some
SELECT count(*) AS asked,
       count(*) FILTER (WHERE at_least(level, r.name) IS DISTINCT FROM expected) AS wrong,
       count(*) FILTER (WHERE at_least(level, r.ladder || ':' || r.name) IS DISTINCT FROM expected) AS wrong_with_ladder,
       count(*) FILTER (WHERE expected IS NULL) AS unknown
FROM every e JOIN rung r USING (ladder),
  LATERAL (SELECT CASE WHEN bool_and(p >= r.place) THEN true WHEN bool_or(p >= r.place) THEN NULL ELSE false END
           FROM generate_series(e.lowest, e.highest) p) x (expected);
SELECT at_least(NULL, 'basic'), at_least('hcf:basic', NULL);
SELECT at_least('hcf:basic', 'school:basic');
SELECT at_least('hcf:basic', 'clinic:basic');
SELECT at_least('hcf:basic', 'safely_managed');
SELECT at_least('hcf:basic', 'hcf:limited..basic');
SELECT at_least('hcf:basic', '');

-- the order is total, agrees with the comparisons and never raises, also between ladders
SELECT count(*) AS pairs,
       count(*) FILTER (WHERE (a.level < b.level) <> (o < 0)) AS lt,
       count(*) FILTER (WHERE (a.level <= b.level) <> (o <= 0)) AS le,
       count(*) FILTER (WHERE (a.level = b.level) <> (o = 0)) AS eq,
       count(*) FILTER (WHERE (a.level <> b.level) <> (o <> 0)) AS ne,
       count(*) FILTER (WHERE (a.level >= b.level) <> (o >= 0)) AS ge,
       count(*) FILTER (WHERE (a.level > b.level) <> (o > 0)) AS gt,
       count(*) FILTER (WHERE sign(service_level_cmp(a.level, b.level)) <> o) AS cmp,
       count(*) FILTER (WHERE o = 0 AND service_level_hash(a.level) <> service_level_hash(b.level)) AS hash,
       count(*) FILTER (WHERE o = 0 AND service_level_hash_extended(a.level, 7) <> service_level_hash_extended(b.level, 7)) AS hash_extended
FROM every a, every b,
  LATERAL (SELECT CASE WHEN (a.ladder_no, a.lowest, a.highest) < (b.ladder_no, b.lowest, b.highest) THEN -1
                       WHEN (a.ladder_no, a.lowest, a.highest) > (b.ladder_no, b.lowest, b.highest) THEN 1 ELSE 0 END) x (o);

-- an index gives what a sequential scan gives, for each operator
CREATE TEMP TABLE stored AS SELECT level FROM every, generate_series(1, 20);
CREATE INDEX ON stored (level);
CREATE FUNCTION pg_temp.counts(index boolean) RETURNS TABLE (op text, n bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('enable_seqscan', (NOT index)::text, true), set_config('enable_indexscan', index::text, true),
          set_config('enable_indexonlyscan', index::text, true), set_config('enable_bitmapscan', index::text, true);
  FOREACH op IN ARRAY '{<,<=,=,>=,>}'::text[] LOOP
    EXECUTE format('SELECT count(*) FROM stored WHERE level %s %L::civic.service_level', op, 'household_sanitation:unimproved..limited') INTO n;
    RETURN NEXT;
  END LOOP;
END $$;
SELECT op, s.n AS sequential, i.n = s.n AS index_agrees FROM pg_temp.counts(false) s JOIN pg_temp.counts(true) i USING (op) ORDER BY op;

-- so do a hash join, a merge join and a nested loop
CREATE FUNCTION pg_temp.joined(hash boolean, merge boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  PERFORM set_config('enable_hashjoin', hash::text, true), set_config('enable_mergejoin', merge::text, true),
          set_config('enable_nestloop', (NOT hash AND NOT merge)::text, true);
  SELECT count(*) INTO n FROM stored a JOIN stored b USING (level);
  RETURN n;
END $$;
SELECT pg_temp.joined(true, false) AS hash, pg_temp.joined(false, true) AS merge, pg_temp.joined(false, false) AS loop;

-- comparisons may run under row security before its own conditions
SELECT count(*) AS leakproof
FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
WHERE o.oprleft = 'service_level'::regtype AND p.proleakproof;

-- what people read
SELECT name, label((ladder || ':' || name)::service_level) AS english, label((ladder || ':' || name)::service_level, 'fr') AS french
FROM (SELECT DISTINCT ON (name) * FROM rung ORDER BY name, ladder) r ORDER BY name;
SELECT lang, label('hcf:limited..basic', lang) FROM unnest('{en,fr,fr-CA,FR_ca,pt,"",f,français}'::text[]) lang;
SELECT label(NULL), label('hcf:basic', NULL);

SELECT encode(service_level_send('household_hygiene:limited..basic'), 'hex') AS sent;
