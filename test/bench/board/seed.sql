-- Releases of five years, made up: what the boards read has the size it would have; publishing itself is another bench's.
-- Wards are released as totals, larger areas by every breakdown.
SELECT setseed(0.5);
INSERT INTO centre.release (cube, period)
  SELECT c.code, daterange(m::date, (m + interval '1 month')::date)
  FROM centre.cube c, generate_series('2026-10-01'::timestamp - (:months - 1) * interval '1 month', '2026-10-01', '1 month') AS m
  WHERE c.period_unit = 'month';
INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status)
  SELECT r.release_id, i.code, s.level, s.area_id, b.breakdown, b.member, CASE WHEN x.n >= 0.3 THEN round(x.n * 100) END, 10000, CASE WHEN x.n >= 0.3 THEN 'ok' ELSE 'x' END
  FROM centre.release r JOIN centre.cube c ON c.code = r.cube CROSS JOIN LATERAL unnest(c.indicators) AS i (code)
  JOIN centre.area_standing s ON s.level = ANY (c.levels)
  JOIN (SELECT 'all' AS breakdown, '*total*' AS member
        UNION ALL SELECT 'sex', unnest('{f,m,u}'::text[])
        UNION ALL SELECT 'age_band', code FROM centre.age_band WHERE band_set = 'five_year'
        UNION ALL SELECT d, unnest('{yes,no,unknown}'::text[]) FROM unnest('{disability,youth,migrant}'::text[]) AS d) AS b
    ON b.breakdown = 'all' OR s.level <> 'ward'
  CROSS JOIN LATERAL (SELECT random() AS n WHERE s.area_id IS NOT NULL) AS x
  WHERE b.breakdown = ANY (c.breakdowns)
  ORDER BY r.release_id, i.code, s.level, s.area_id, b.breakdown, b.member;
ANALYZE;
SELECT format('%s releases, %s released values, %s wards', (SELECT count(*) FROM centre.release), (SELECT count(*) FROM centre.release_cell),
              (SELECT count(*) FROM centre.area WHERE level = 'ward'));
