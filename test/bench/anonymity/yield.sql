-- What readers get of the facts of a published database (a demo): run on it as its owner.  Variables: cube, and the name to print.  By level of area, of all totals and members of which there
-- is anybody: how many are within 20 % of the truth, beside what a bare threshold of 5 without any protection would show, and how far off what is shown is.
SET search_path = pg_catalog, pg_temp;
CREATE TEMP TABLE fact AS
  SELECT o.indicator, date_trunc('month', o.day)::date AS month, o.area_id, b.breakdown, b.member, sum(o.value) AS n
  FROM centre.observation_row o CROSS JOIN LATERAL (VALUES ('all', '*total*'), ('sex', o.sex), ('disability', coalesce(o.disability, 'unknown')), ('youth', coalesce(o.youth, 'unknown')), ('migrant', coalesce(o.migrant, 'unknown'))) AS b (breakdown, member)
  WHERE o.verified AND o.subject_id IS NOT NULL AND o.indicator IN (SELECT unnest(c.indicators) FROM centre.cube c WHERE c.code = :'cube') GROUP BY 1, 2, 3, 4, 5;
CREATE TEMP TABLE truth AS
  SELECT f.indicator, f.month, s.level, s.area_id, f.breakdown, f.member, sum(f.n) AS n
  FROM fact f JOIN centre.area_closure u ON u.descendant_id = f.area_id JOIN centre.area_standing s ON s.area_id = u.ancestor_id
  WHERE s.level IN ('country', 'province', 'district', 'ward') AND f.breakdown IN (SELECT unnest(c.breakdowns) FROM centre.cube c WHERE c.code = :'cube') GROUP BY 1, 2, 3, 4, 5, 6;
ANALYZE truth;
CREATE TEMP TABLE seen AS
  SELECT t.*, x.value AS z FROM truth t LEFT JOIN (
    SELECT x.*, lower(r.period) AS month FROM centre.release_cell x JOIN centre.release r USING (release_id) WHERE r.cube = :'cube' AND r.current) AS x USING (indicator, month, level, area_id, breakdown, member);
SELECT format('yield %s, %s %s: %s cells of %s months, shown %s, within 20 %% %s, bare threshold %s (%s of it), mean error %s, largest %s', :'name', s.level, CASE s.breakdown WHEN 'all' THEN 'totals' ELSE 'members' END,
       count(*), count(DISTINCT s.month), round(avg((s.z IS NOT NULL)::int), 3), round(avg(coalesce(abs(s.z - s.n) <= 0.2 * s.n, false)::int), 3), round(avg((s.n >= 5)::int), 3),
       round(avg(coalesce(abs(s.z - s.n) <= 0.2 * s.n, false)::int) / nullif(avg((s.n >= 5)::int), 0), 2), round(avg(abs(s.z - s.n))::numeric, 2), max(abs(s.z - s.n)))
FROM seen s WHERE s.n > 0 GROUP BY s.level, CASE s.breakdown WHEN 'all' THEN 'totals' ELSE 'members' END
ORDER BY array_position('{country,province,district,ward}', s.level), CASE s.breakdown WHEN 'all' THEN 'totals' ELSE 'members' END DESC;
