-- Measures of the same persons undo each other where one shows what another withholds.  So they have one method and one unit of period, and of each
-- there is one that bears it: what is withheld of that is withheld of it, and what is shown of it counts as shown of that, in every cube and release.
-- Persons bear rows and sums; rows bear sums; the parts of a proportion, what it leaves over, and reports and their persons bear each other.
-- Why that suffices: take a table of what bears that an outsider cannot tell from the true one.  Add what it differs by to what is borne: that still
-- adds up to all that is shown, and how far the two lie apart is as before.

CREATE FUNCTION centre.cube_measures(c centre.cube) RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT CASE WHEN (c).dataset = 'observation' THEN
    coalesce((SELECT array_agg(DISTINCT CASE i.kind WHEN 'proportion' THEN i.numerator ELSE i.code END) FROM centre.indicator i
              WHERE i.code = ANY ((c).indicators) AND i.personal), '{}')
  ELSE (c).measures END;
END;
COMMENT ON FUNCTION centre.cube_measures(centre.cube) IS 'the measures of a cube that may be about persons; of a proportion its numerator';

CREATE FUNCTION centre.measure_families(d centre.dataset) RETURNS TABLE (measure text, family text)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE counted AS (
    SELECT DISTINCT m AS code FROM centre.cube c CROSS JOIN LATERAL unnest(centre.cube_measures(c)) AS m WHERE c.dataset = (d).code AND c.personal),
  related AS (
    SELECT i.numerator AS a, i.denominator AS b FROM centre.indicator i WHERE (d).measure_column IS NOT NULL AND i.kind = 'proportion'
    UNION SELECT i.code, i.persons_of FROM centre.indicator i WHERE (d).measure_column IS NOT NULL AND i.persons_of IS NOT NULL
    -- where measures are columns, every row has them all
    UNION SELECT (SELECT min(w.code) FROM counted w), o.code FROM counted o WHERE (d).measure_column IS NULL),
  pair AS (SELECT r.a, r.b FROM related r JOIN counted x ON x.code = r.a JOIN counted y ON y.code = r.b),
  reached AS (
    SELECT c.code, c.code AS other FROM counted c
    UNION SELECT r.code, CASE r.other WHEN p.a THEN p.b ELSE p.a END FROM reached r JOIN pair p ON r.other IN (p.a, p.b))
  SELECT r.code, min(r.other COLLATE "C") FROM reached r GROUP BY r.code;
END;
COMMENT ON FUNCTION centre.measure_families(centre.dataset) IS
  'the measures of a dataset''s cubes about persons, and by a common name those that are of the same persons: columns of one relation, both parts of a proportion, an indicator and its persons_of';

CREATE FUNCTION centre.related_measures(d centre.dataset, measures text[]) RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH family AS (SELECT f.measure, f.family FROM centre.measure_families(d) AS f)
  SELECT coalesce(array_agg(DISTINCT u.measure), '{}')
  FROM (SELECT o.measure FROM family f JOIN family o USING (family) WHERE f.measure = ANY (measures) UNION SELECT m FROM unnest(measures) AS m) AS u (measure);
END;
COMMENT ON FUNCTION centre.related_measures(centre.dataset, text[]) IS 'measures with all that are of the same persons';

-- Linked cubes have their secrets too, which a release must not spoil before they are published themselves.
CREATE FUNCTION centre.linked_cubes(c centre.cube) RETURNS SETOF centre.cube
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT x.* FROM centre.cube x JOIN centre.dataset d ON d.code = x.dataset
  WHERE x.code = (c).code OR (d.personal AND x.personal AND (c).personal AND x.dataset = (c).dataset AND x.period_unit = (c).period_unit
                              AND centre.cube_measures(x) && centre.related_measures(d, centre.cube_measures(c)));
END;
COMMENT ON FUNCTION centre.linked_cubes(centre.cube) IS 'the cubes about persons that have a measure of the same persons as a cube, itself among them';

-- What a proportion leaves over is nowhere shown, and known wherever both its parts are.
CREATE PROCEDURE centre.publish_rest_leaves(measures text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.publish_leaf (leaf, measure, dims, sums, total)
    WITH proportion AS (
      SELECT DISTINCT i.numerator AS part, i.denominator AS whole, i.denominator || ' - ' || i.numerator AS rest FROM centre.indicator i
      WHERE i.kind = 'proportion' AND i.numerator = ANY (measures) AND i.denominator = ANY (measures)),
    held AS MATERIALIZED (
      SELECT l.measure, l.dims, a.subject_id, a.amount FROM pg_temp.publish_leaf l CROSS JOIN LATERAL centre.subject_amounts(l.sums) AS a
      WHERE l.measure IN (SELECT p.part FROM proportion p UNION SELECT p.whole FROM proportion p)),
    rest AS (
      SELECT p.rest, w.dims, civic.k_sum(w.subject_id, w.amount - coalesce(n.amount, 0)) AS sums
      FROM proportion p JOIN held w ON w.measure = p.whole LEFT JOIN held n ON (n.measure, n.dims, n.subject_id) = (p.part, w.dims, w.subject_id)
      WHERE w.amount > coalesce(n.amount, 0) GROUP BY p.rest, w.dims)
    SELECT coalesce((SELECT max(l.leaf) FROM pg_temp.publish_leaf l), 0) + row_number() OVER (ORDER BY r.rest, r.dims), r.rest, r.dims, r.sums, civic.total(r.sums) FROM rest r;
END
$$;
COMMENT ON PROCEDURE centre.publish_rest_leaves(text[]) IS 'adds to publish_leaf whom the whole of a proportion counts and its part does not, as a measure of its own';

-- The measures that are protected when one is published, and which bears which.
CREATE PROCEDURE centre.publish_bearers(d centre.dataset, measures text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  related text[] := centre.related_measures(d, measures);
BEGIN
  IF d.measure_column IS NULL THEN
    INSERT INTO pg_temp.publish_bearer
      SELECT m, b FROM unnest(related) AS m CROSS JOIN unnest(ARRAY['subjects', 'rows']) AS b
      WHERE m <> b AND m <> 'subjects' AND (b = 'subjects' OR b = ANY (related));
  ELSE
    INSERT INTO pg_temp.publish_bearer
      WITH family AS (
        SELECT f.measure, f.family FROM centre.measure_families(d) AS f WHERE f.measure = ANY (related)
        UNION SELECT i.denominator || ' - ' || i.numerator, f.family FROM centre.indicator i JOIN centre.measure_families(d) AS f ON f.measure = i.denominator
          WHERE i.kind = 'proportion' AND i.numerator = ANY (related) AND i.denominator = ANY (related))
      SELECT m.measure, b.measure FROM family m JOIN family b USING (family) WHERE m.measure <> b.measure;
  END IF;
END
$$;
COMMENT ON PROCEDURE centre.publish_bearers(centre.dataset, text[]) IS 'fills publish_bearer: of each measure of the same persons those that bear it, what a proportion leaves over among them';

CREATE PROCEDURE centre.publish_withhold_borne()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.publish_withheld
    SELECT o.cell FROM pg_temp.publish_withheld w JOIN pg_temp.publish_cell n ON n.cell = w.cell JOIN pg_temp.publish_bearer f ON f.bearer = n.measure
    JOIN pg_temp.publish_cell o ON o.key = n.key AND o.measure = f.measure WHERE o.own
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON PROCEDURE centre.publish_withhold_borne() IS 'adds to publish_withheld the own cells of measures of which a bearer is withheld';

GRANT EXECUTE ON FUNCTION centre.measure_families(centre.dataset), centre.related_measures(centre.dataset, text[]) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_rest_leaves(text[]), centre.publish_bearers(centre.dataset, text[]), centre.publish_withhold_borne() TO civic_publisher;
