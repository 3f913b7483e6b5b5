-- What assessments say in JMP's columns, and what would lift a facility.

CREATE FUNCTION centre.jmp_columns(by_code text, at_level text, of_stratum text DEFAULT NULL)
RETURNS TABLE (area text, area_name text, assessed bigint, advanced float8, basic float8, limited float8, below_limited float8, insufficient float8, basic_lower float8, basic_upper float8, parts jsonb,
               safely_managed float8, unimproved float8, no_service float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH one AS (
    SELECT s.area_id, x.level, x.failed, x.unknown
    FROM centre.assessment_result x JOIN centre.area_closure c ON c.descendant_id = x.area_id JOIN centre.area_standing s ON s.area_id = c.ancestor_id
    WHERE x.ruleset = $1 AND x.latest AND s.level = $2 AND ($3 IS NULL OR $3 = ANY (x.stratum))
      AND x.ruleset_id = (SELECT centre.ruleset_deciding($1))),
  total AS (SELECT o.area_id, civic.service_distribution_agg(o.level) AS d FROM one o GROUP BY o.area_id),
  part AS (
    SELECT p.area_id, jsonb_object_agg(p.code, p.share ORDER BY p.code) AS parts
    FROM (SELECT o.area_id, i.code, (count(*) FILTER (WHERE NOT i.rules && o.failed AND NOT i.rules && o.unknown))::float8
                 / nullif(count(*) FILTER (WHERE i.rules && o.failed OR NOT i.rules && o.unknown), 0) AS share
          FROM one o JOIN centre.part_indicator i ON i.ruleset_code = $1 GROUP BY o.area_id, i.code) AS p
    GROUP BY p.area_id)
  SELECT a.code, a.name, civic.level_total(t.d), l.advanced, l.basic, l.limited, l.below_limited,
         civic.insufficient_share(t.d), civic.at_least_lower(t.d, 'basic'), civic.at_least_upper(t.d, 'basic'), p.parts,
         l.safely_managed, l.unimproved, l.no_service
  FROM total t JOIN centre.area a USING (area_id) LEFT JOIN part p USING (area_id)
  CROSS JOIN LATERAL (
    SELECT max(q.share) FILTER (WHERE q.level = 'advanced') AS advanced, max(q.share) FILTER (WHERE q.level = 'safely_managed') AS safely_managed,
           max(q.share) FILTER (WHERE q.level = 'basic') AS basic, max(q.share) FILTER (WHERE q.level = 'limited') AS limited,
           max(q.share) FILTER (WHERE q.level = 'unimproved') AS unimproved, max(q.share) FILTER (WHERE q.rank = 1) AS no_service,
           sum(q.share) FILTER (WHERE q.rank < q.limited_rank) AS below_limited
    FROM (SELECT v.level, v.rank, v.count::float8 / nullif(civic.level_total(t.d), 0) AS share, max(v.rank) FILTER (WHERE v.level = 'limited') OVER () AS limited_rank
          FROM civic.levels(t.d) AS v) AS q) AS l
  ORDER BY a.code;
END;
COMMENT ON FUNCTION centre.jmp_columns(text, text, text) IS
  'JMP''s reporting columns by area: shares at each level and with insufficient data, the bounds of "at least basic", and the part indicators (of those known). no_service is the ladder''s lowest level (surface water, open defecation, no facility), below_limited that and unimproved together; a level that the ladder lacks is null. Facilities and households by their latest assessment under the version of the ruleset that decides now (centre.ruleset_deciding); of_stratum limits to urban, hospital, ...';

CREATE FUNCTION centre.what_lifts(by_code text, at_level text, in_lang text DEFAULT 'en')
RETURNS TABLE (area text, area_name text, rule text, facilities bigint, reason text, action text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT a.code, a.name, f.rule, count(*), coalesce(r.reason ->> $3, r.reason ->> 'en'), coalesce(r.action ->> $3, r.action ->> 'en')
  FROM centre.assessment_result x JOIN centre.ruleset b ON b.ruleset_id = x.ruleset_id
  JOIN centre.area_closure c ON c.descendant_id = x.area_id JOIN centre.area_standing s ON s.area_id = c.ancestor_id AND s.level = $2
  JOIN centre.area a ON a.area_id = s.area_id
  CROSS JOIN LATERAL unnest(x.failed) AS f (rule)
  JOIN LATERAL civic.ruleset_rules(b.body) AS r ON r.id = f.rule AND r.grp <> 'answers'
  WHERE x.ruleset = $1 AND x.latest AND x.ruleset_id = (SELECT centre.ruleset_deciding($1))
  GROUP BY a.code, a.name, f.rule, r.reason, r.action
  ORDER BY a.code, 4 DESC, f.rule;
END;
COMMENT ON FUNCTION centre.what_lifts(text, text, text) IS 'criteria that facilities fail by area, with how many fail each, why and what to do: what would lift them';
