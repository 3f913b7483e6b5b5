-- Reports that are left out because nobody vouches for them: readers are told about how many.  They are persons too, so the number is rounded with a keyed
-- offset, at the widest areas only, and those of a higher threshold get it rounded from what the others see.

CREATE FUNCTION centre.unverified_rounded(n bigint, of_base integer, of_label text) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
  -- one offset for all releases of a period: whoever sends reports of his own to see the number turn learns where the offset lies, and not the number
  SELECT ($1 + ('x' || encode(substr(sha256(centre.rounding_secret('unverified') || convert_to($3 || ' ' || $2, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint % $2) / $2 * $2;
END;
COMMENT ON FUNCTION centre.unverified_rounded(bigint, integer, text) IS 'n rounded to a multiple of a base by an offset that the secret key and a label give; nought stays nought';

CREATE PROCEDURE centre.publish_unverified(c centre.cube, span daterange, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_base integer := (SELECT greatest(a.k, c.k, 4) FROM centre.audience a WHERE a.code = c.audience);
  least_base integer := (SELECT greatest(min(a.k), 4) FROM centre.audience a);
  wide text := (SELECT l.code FROM centre.area_level l WHERE l.code = ANY (c.levels) ORDER BY l.depth > 1, CASE WHEN l.depth > 1 THEN l.depth ELSE -l.depth END LIMIT 1);
BEGIN
  IF c.dataset <> 'observation' OR NOT c.personal THEN
    RETURN;
  END IF;
  DELETE FROM centre.release_unverified u WHERE u.release_id = made;
  INSERT INTO centre.release_unverified
    WITH asked AS (
      SELECT i.code, CASE i.kind WHEN 'proportion' THEN i.numerator ELSE coalesce(i.persons_of, i.code) END AS counted FROM centre.indicator i WHERE i.code = ANY (c.indicators) AND i.personal),
    left_out AS (
      SELECT o.indicator, s.area_id, count(DISTINCT o.subject_id) + count(*) FILTER (WHERE o.subject_id IS NULL) AS n
      FROM centre.observation_row o JOIN centre.area_closure u ON u.descendant_id = o.area_id JOIN centre.area_standing s ON s.area_id = u.ancestor_id AND s.level = wide
      WHERE o.day >= lower(span) AND o.day < upper(span) AND o.indicator IN (SELECT q.counted FROM asked q) AND NOT (o.verified AND o.subject_id IS NOT NULL)
      GROUP BY o.indicator, s.area_id),
    smaller AS (SELECT l.indicator, l.area_id, centre.unverified_rounded(l.n, least_base, concat_ws(' ', span, l.indicator, l.area_id)) AS z FROM left_out l),
    rounded AS (
      SELECT s.indicator, s.area_id, CASE WHEN of_base > least_base THEN centre.unverified_rounded(s.z, of_base, concat_ws(' ', span, s.indicator, s.area_id)) ELSE s.z END AS z FROM smaller s)
    SELECT made, q.code, wide, r.area_id, r.z, of_base FROM asked q JOIN rounded r ON r.indicator = q.counted
    UNION ALL
    SELECT made, q.code, 'country', u.ancestor_id, sum(r.z), of_base
    FROM asked q JOIN rounded r ON r.indicator = q.counted JOIN centre.area_closure u ON u.descendant_id = r.area_id JOIN centre.area_standing s ON s.area_id = u.ancestor_id AND s.level = 'country'
    WHERE 'country' = ANY (c.levels) AND wide <> 'country' GROUP BY q.code, u.ancestor_id;
END
$$;
COMMENT ON PROCEDURE centre.publish_unverified(centre.cube, daterange, bigint) IS
  'writes release_unverified: by indicator, at the provinces (or the widest level that the cube has) and, as their sum, for the country';

GRANT SELECT, INSERT, DELETE ON centre.release_unverified TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.unverified_rounded(bigint, integer, text) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish_unverified(centre.cube, daterange, bigint) TO civic_publisher;
