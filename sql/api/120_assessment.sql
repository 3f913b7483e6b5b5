-- Service levels of assessments, and JMP's reporting columns.

CREATE PROCEDURE centre.classify_assessments(of_form text, by_code text, INOUT classified bigint DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  by_ruleset centre.ruleset := (SELECT r FROM centre.ruleset r WHERE r.code = by_code ORDER BY r.ruleset_id DESC LIMIT 1);
BEGIN
  IF by_ruleset.ruleset_id IS NULL THEN
    RAISE EXCEPTION 'there is no ruleset "%"', by_code USING ERRCODE = 'no_data_found', HINT = 'centre.add_ruleset() adds one.';
  END IF;
  INSERT INTO centre.assessment_level AS l (assessment_id, ruleset_id, level, failed, unknown)
    SELECT a.assessment_id, by_ruleset.ruleset_id, civic.classify_json(by_ruleset.body, a.answers), civic.failed_rules(by_ruleset.body, v), civic.unknown_rules(by_ruleset.body, v)
    FROM centre.assessment a
    -- a ladder's rules do not read the clock; the day keeps the call pure
    CROSS JOIN LATERAL civic.evaluate_json(by_ruleset.body, a.assessed_on::timestamp AT TIME ZONE 'UTC', a.answers) AS v
    WHERE a.form = of_form
    ON CONFLICT (ruleset_id, assessment_id) DO UPDATE SET level = excluded.level, failed = excluded.failed, unknown = excluded.unknown
      WHERE (l.level, l.failed, l.unknown) IS DISTINCT FROM (excluded.level, excluded.failed, excluded.unknown);
  GET DIAGNOSTICS classified = ROW_COUNT;
END
$$;
COMMENT ON PROCEDURE centre.classify_assessments(text, text, bigint) IS
  'decide the service level of every assessment of a form by the latest version of a ruleset; writes only what differs and gives how many. Call it with another ruleset to read old answers by a new standard: both results stay, each naming its ruleset';

CREATE VIEW centre.assessment_result AS
  SELECT a.assessment_id, a.facility_id, a.household_id, a.area_id, a.form, a.assessed_on, a.stratum, r.code AS ruleset, r.ruleset_id, l.level, l.failed, l.unknown,
         row_number() OVER (PARTITION BY r.ruleset_id, coalesce(a.facility_id::text, 'h' || a.household_id, 'a' || a.assessment_id) ORDER BY a.assessed_on DESC, a.assessment_id DESC) = 1 AS latest
  FROM centre.assessment_level l JOIN centre.assessment a USING (assessment_id) JOIN centre.ruleset r USING (ruleset_id);
COMMENT ON VIEW centre.assessment_result IS 'service levels with whom, where, when and by which ruleset; latest marks the current one of a facility or household, the others are its history';

CREATE FUNCTION centre.jmp_columns(by_code text, at_level text, of_stratum text DEFAULT NULL)
RETURNS TABLE (area text, area_name text, assessed bigint, advanced float8, basic float8, limited float8, below_limited float8, insufficient float8, basic_lower float8, basic_upper float8, parts jsonb)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH one AS (
    SELECT s.area_id, x.level, x.failed, x.unknown
    FROM centre.assessment_result x JOIN centre.area_closure c ON c.descendant_id = x.area_id JOIN centre.area_standing s ON s.area_id = c.ancestor_id
    WHERE x.ruleset = $1 AND x.latest AND s.level = $2 AND ($3 IS NULL OR $3 = ANY (x.stratum))
      AND x.ruleset_id = (SELECT max(r.ruleset_id) FROM centre.ruleset r WHERE r.code = $1)),
  total AS (SELECT o.area_id, civic.service_distribution_agg(o.level) AS d FROM one o GROUP BY o.area_id),
  part AS (
    SELECT p.area_id, jsonb_object_agg(p.code, p.share ORDER BY p.code) AS parts
    FROM (SELECT o.area_id, i.code, (count(*) FILTER (WHERE NOT i.rules && o.failed AND NOT i.rules && o.unknown))::float8
                 / nullif(count(*) FILTER (WHERE i.rules && o.failed OR NOT i.rules && o.unknown), 0) AS share
          FROM one o JOIN centre.part_indicator i ON i.ruleset_code = $1 GROUP BY o.area_id, i.code) AS p
    GROUP BY p.area_id)
  SELECT a.code, a.name, civic.level_total(t.d),
         (SELECT l.count::float8 / nullif(civic.level_total(t.d), 0) FROM civic.levels(t.d) AS l WHERE l.level = 'advanced'),
         civic.level_share(t.d, 'basic'), civic.level_share(t.d, 'limited'),
         (SELECT sum(l.count) FILTER (WHERE l.rank < lim.rank)::float8 / nullif(civic.level_total(t.d), 0) FROM civic.levels(t.d) AS l, civic.levels(t.d) AS lim WHERE lim.level = 'limited'),
         civic.insufficient_share(t.d), civic.at_least_lower(t.d, 'basic'), civic.at_least_upper(t.d, 'basic'), p.parts
  FROM total t JOIN centre.area a USING (area_id) LEFT JOIN part p USING (area_id)
  ORDER BY a.code;
END;
COMMENT ON FUNCTION centre.jmp_columns(text, text, text) IS
  'JMP''s reporting columns by area: shares at basic, limited, below limited (no service) and with insufficient data, the bounds of "at least basic", and the part indicators (of those known). Facilities by their latest assessment under the latest version of the ruleset; of_stratum limits to urban, hospital, ...';

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
  WHERE x.ruleset = $1 AND x.latest
  GROUP BY a.code, a.name, f.rule, r.reason, r.action
  ORDER BY a.code, 4 DESC, f.rule;
END;
COMMENT ON FUNCTION centre.what_lifts(text, text, text) IS 'criteria that facilities fail by area, with how many fail each, why and what to do: what would lift them';
