-- Sets, gaps and histograms against relational division in SQL, on random sets
SET search_path = public, civic;
SELECT setseed(0.7);

-- 12,000 pairs: what is held and what is needed, as rows; the rows are the oracle and the sets are made from their text
CREATE TEMP TABLE pair AS
SELECT pair, CASE WHEN pair % 100 = 0 THEN 300 WHEN pair % 7 = 0 THEN 0 ELSE (random() * 14)::int END AS held,
  CASE WHEN pair % 91 = 0 THEN 300 WHEN pair % 11 = 0 THEN 0 ELSE (random() * 5)::int END AS needed
FROM generate_series(1, 12000) pair;
CREATE TEMP TABLE have AS
SELECT DISTINCT ON (pair, competency) * FROM (
  SELECT pair, 1 + (random() * CASE WHEN held > 100 THEN 2000 ELSE 15 END)::int AS competency, 1 + (random() * 5)::int AS level
  FROM pair, generate_series(1, held)) v;
CREATE TEMP TABLE need AS
SELECT DISTINCT ON (pair, competency) * FROM (
  SELECT pair, 1 + (random() * CASE WHEN needed > 100 THEN 2000 ELSE 15 END)::int AS competency,
    1 + (random() * random() * 4)::int AS level, 1 + (random() * random() * 14)::int AS weight
  FROM pair, generate_series(1, needed)) v;
-- every fifth pair needs only what is held, so that enough pairs are satisfied
DELETE FROM need WHERE pair % 5 = 0;
INSERT INTO need SELECT pair, competency, greatest(level - (random() * 3)::int, 1), 1 + (random() * 3)::int FROM have WHERE pair % 5 = 0 AND random() < 0.6;

CREATE TEMP TABLE sets AS
SELECT pair, coalesce(h.entries, '')::competency_set AS have, coalesce(n.entries, '')::competency_set AS need
FROM pair
LEFT JOIN (SELECT pair, string_agg(competency || ':' || level, ',') AS entries FROM have GROUP BY pair) h USING (pair)
LEFT JOIN (SELECT pair, string_agg(competency || ':' || level || '*' || weight, ',') AS entries FROM need GROUP BY pair) n USING (pair);
ANALYZE have; ANALYZE need; ANALYZE pair; ANALYZE sets;
SELECT count(*), max(cardinality(have)) > 200 AS wide_have, max(cardinality(need)) > 200 AS wide_need, min(cardinality(have)) FROM sets;

-- the oracle: of each need what is held
CREATE TEMP TABLE matched AS
SELECT n.*, coalesce(h.level, 0) AS held FROM need n LEFT JOIN have h USING (pair, competency);
ANALYZE matched;
CREATE TEMP TABLE oracle AS
SELECT p.pair, coalesce(bool_and(m.held >= m.level), true) AS satisfies, coalesce(bool_or(m.held >= m.level), false) AS meets_one,
  coalesce(sum(greatest(m.level - m.held, 0) * weight), 0) AS distance,
  coalesce(1 - sum(greatest(m.level - m.held, 0) * weight)::numeric / sum(m.level * weight), 1) AS coverage,
  coalesce(string_agg(competency || ':' || m.held || '>' || m.level || CASE weight WHEN 1 THEN '' ELSE '*' || weight END, ',' ORDER BY competency)
    FILTER (WHERE m.held < m.level), '') AS gap
FROM pair p LEFT JOIN matched m USING (pair) GROUP BY p.pair;

SELECT count(*) AS pairs, count(*) FILTER (WHERE satisfies) > 1000 AS enough_satisfied, count(*) FILTER (WHERE NOT satisfies) > 1000 AS enough_not,
  count(*) FILTER (WHERE (have @> need) <> satisfies) AS contains, count(*) FILTER (WHERE (need <@ have) <> satisfies) AS contained,
  count(*) FILTER (WHERE (have && need) <> meets_one) AS overlaps, count(*) FILTER (WHERE (have <-> need) <> distance) AS distance,
  count(*) FILTER (WHERE abs(civic.coverage(have, need) - o.coverage) > 1e-12) AS coverage, count(*) FILTER (WHERE (need - have)::text <> o.gap) AS gap
FROM sets JOIN oracle o USING (pair);

-- | and &
WITH merged AS (
  SELECT pair, competency, greatest(h.level, n.level) AS highest, least(h.level, n.level) AS lowest,
    greatest(1, n.weight) AS weight, h.level IS NOT NULL AND n.level IS NOT NULL AS shared
  FROM have h FULL JOIN need n USING (pair, competency)),
texts AS (
  SELECT pair, string_agg(competency || ':' || highest || '*' || weight, ',') AS either, string_agg(competency || ':' || lowest, ',') FILTER (WHERE shared) AS shared
  FROM merged GROUP BY pair)
SELECT count(*) AS pairs, count(*) FILTER (WHERE (have | need) <> coalesce(either, '')::competency_set) AS either,
  count(*) FILTER (WHERE (have & need) <> coalesce(shared, '')::competency_set) AS shared,
  count(*) FILTER (WHERE (have | need) <> (need | have) OR (have & need) <> (need & have)) AS commute,
  count(*) FILTER (WHERE (have | (have & need)) <> have OR NOT (have | need) @> need OR NOT have @> (have & need)) AS lattice,
  count(*) FILTER (WHERE (have @> need) <> ((need - have) = '')) AS no_gap
FROM sets LEFT JOIN texts USING (pair);

-- match_explain and each
SELECT count(*) AS needs, count(*) FILTER (WHERE (e.needed, e.held, e.missing, e.weight) IS DISTINCT FROM (m.level, m.held, greatest(m.level - m.held, 0), m.weight)
  OR e.status <> CASE WHEN m.held >= m.level THEN 'met' WHEN m.held > 0 THEN 'partial' ELSE 'absent' END) AS different
FROM (SELECT pair, e.* FROM sets, match_explain(have, need) e) e FULL JOIN matched m USING (pair, competency);
SELECT count(*) AS entries, count(*) FILTER (WHERE (e.level) IS DISTINCT FROM (h.level)) AS different
FROM (SELECT pair, e.* FROM sets, each(have) e) e FULL JOIN have h USING (pair, competency);
SELECT count(*) > 40000 AS enough_gaps, count(*) FILTER (WHERE (g.held, g.needed, g.missing) IS DISTINCT FROM (m.held, m.level, m.level - m.held)) AS different
FROM (SELECT pair, g.* FROM sets, each(need - have) g) g FULL JOIN (SELECT * FROM matched WHERE held < level) m USING (pair, competency);

-- && and closes() of a set and a gap: what is taught is the next pair's set
CREATE TEMP TABLE closed AS
SELECT m.pair, sum(least(h.level, m.level) - m.held) AS levels
FROM matched m JOIN have h ON h.pair = m.pair % 12000 + 1 AND h.competency = m.competency AND h.level > m.held WHERE m.held < m.level GROUP BY m.pair;
SELECT count(*) AS pairs, count(levels) > 1000 AS enough, count(*) FILTER (WHERE closes(t.have, s.need - s.have) <> coalesce(levels, 0)) AS closes,
  count(*) FILTER (WHERE (t.have && (s.need - s.have)) <> (levels IS NOT NULL) OR ((s.need - s.have) && t.have) <> (levels IS NOT NULL)) AS overlaps
FROM sets s JOIN sets t ON t.pair = s.pair % 12000 + 1 LEFT JOIN closed ON closed.pair = s.pair;

-- the histogram, by groups
CREATE TEMP TABLE histogram AS SELECT pair % 13 AS part, gap_hist(have, need) AS h FROM sets GROUP BY 1;
CREATE TEMP TABLE counted AS
SELECT pair % 13 AS part, competency, level - held AS missing, count(*) AS people FROM matched WHERE held < level GROUP BY 1, 2, 3;
SELECT count(*) AS cells, count(*) FILTER (WHERE (e.people_short, e.levels_short) IS DISTINCT FROM (o.people, o.levels)) AS different
FROM (SELECT part, e.* FROM histogram, each(h) e) e
FULL JOIN (SELECT part, competency, sum(people)::bigint AS people, sum(people * missing)::bigint AS levels FROM counted GROUP BY 1, 2) o USING (part, competency);
SELECT count(*) > 8000 AS enough_cells, count(*) FILTER (WHERE coalesce(e.people, 0) <> coalesce(c.people, 0)) AS different
FROM (SELECT part, competency, m.missing, m.people FROM histogram, each(h) e, unnest(by_missing) WITH ORDINALITY m(people, missing) WHERE m.people > 0) e
FULL JOIN counted c USING (part, competency, missing);
SELECT sum(people(h)) AS people, sum(people_short(h)) = (SELECT count(*) FROM oracle WHERE NOT satisfies) AS people_short FROM histogram;
SELECT (SELECT gap_hist_union(h) FROM histogram) = (SELECT gap_hist(have, need) FROM sets) AS parts_make_the_whole;

-- wide sets: 0, 1, 255, 256, 4,096 and 65,535 entries
CREATE TEMP TABLE wide_row AS
SELECT n * 10 + k AS wide, i * k AS competency, 1 + (i * 7 + k) % 5 AS level FROM unnest(ARRAY[0, 1, 255, 256, 4096, 65535]) n, generate_series(1, 3) k, generate_series(1, n) i;
CREATE TEMP TABLE wide AS
SELECT wide, coalesce(string_agg(competency || ':' || level, ','), '')::competency_set AS s
FROM unnest(ARRAY[0, 1, 255, 256, 4096, 65535]) n, generate_series(1, 3) k, LATERAL (SELECT n * 10 + k) v(wide) LEFT JOIN wide_row USING (wide) GROUP BY wide;
ANALYZE wide_row; ANALYZE wide;
CREATE TEMP TABLE wide_short AS
SELECT h.wide AS have, n.wide AS need, count(*) AS short, sum(n.level - coalesce(r.level, 0)) AS levels
FROM wide h CROSS JOIN wide_row n LEFT JOIN wide_row r ON r.wide = h.wide AND r.competency = n.competency
WHERE coalesce(r.level, 0) < n.level GROUP BY 1, 2;
SELECT count(*) AS pairs, max(cardinality(h.s)) AS widest, count(*) FILTER (WHERE short IS NULL) AS satisfied, count(*) FILTER (WHERE (h.s @> n.s) <> (short IS NULL)) AS contains,
  count(*) FILTER (WHERE cardinality(n.s - h.s) <> coalesce(short, 0)) AS gap, count(*) FILTER (WHERE (h.s <-> n.s) <> coalesce(levels, 0)) AS distance
FROM wide h CROSS JOIN wide n LEFT JOIN wide_short o ON (o.have, o.need) = (h.wide, n.wide);
SELECT count(*) AS cells, count(*) FILTER (WHERE e.people_short IS DISTINCT FROM o.people) AS different
FROM (SELECT e.* FROM (SELECT gap_hist(h.s, n.s) FROM wide h, wide n WHERE h.wide = 2552) v(h), each(h) e) e
FULL JOIN (SELECT n.competency, count(*) AS people FROM wide_row n LEFT JOIN wide_row r ON r.wide = 2552 AND r.competency = n.competency
  WHERE coalesce(r.level, 0) < n.level GROUP BY 1) o USING (competency);
SELECT count(*) FILTER (WHERE cardinality(s) <> wide / 10 OR s::text::competency_set <> s OR competency_set(competency_ids(s), competency_levels(s)) <> s OR s::jsonb::competency_set <> s) AS different FROM wide;
