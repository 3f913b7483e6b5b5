-- Credentials: Open Badges 3.0 into evidence and back.

CREATE FUNCTION centre.badge_read() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- one row for each alignment of each credential; a CLR 2.0 carries its credentials inside
  CREATE TEMP TABLE in_badge ON COMMIT DROP AS
    WITH RECURSIVE credential (record, c) AS (
      SELECT record, r FROM in_record
      UNION ALL
      SELECT record, v FROM credential CROSS JOIN LATERAL jsonb_path_query(c, '$.credentialSubject.verifiableCredential[*]') AS v)
    SELECT row_number() OVER () AS badge, x.record, x.c ->> 'id' AS credential, coalesce(x.c #>> '{issuer,id}', x.c ->> 'issuer') AS issuer,
           coalesce(x.c #>> '{credentialSubject,id}', x.c #>> '{credentialSubject,identifier,0,identityHash}') AS holder,
           coalesce(x.c ->> 'validFrom', x.c ->> 'issuanceDate') AS valid_from, coalesce(x.c ->> 'validUntil', x.c ->> 'expirationDate') AS valid_until,
           x.c #> '{credentialSubject,result}' AS results, x.c #> '{credentialSubject,achievement,resultDescription}' AS descriptions, a AS alignment
    FROM credential AS x LEFT JOIN LATERAL jsonb_path_query(x.c, '$.credentialSubject.achievement.alignment[*]') AS a ON true
    WHERE NOT jsonb_path_exists(x.c, '$.credentialSubject.verifiableCredential');
  INSERT INTO in_error
    SELECT record, 'missing', field, NULL FROM in_badge CROSS JOIN LATERAL (VALUES
      ('id', credential IS NULL), ('credentialSubject.id', holder IS NULL), ('validFrom', valid_from IS NULL), ('achievement.alignment', alignment IS NULL)) AS m (field, holds)
    WHERE m.holds;
  -- what a result says: the level of the rubric it reached, for the alignments its description names or for all
  CREATE TEMP TABLE in_result ON COMMIT DROP AS
    SELECT b.badge, coalesce(l ->> 'level', l ->> 'name', r ->> 'value') AS stated
    FROM in_badge b CROSS JOIN LATERAL jsonb_path_query(b.results, '$[*]') AS r
    LEFT JOIN LATERAL jsonb_path_query(b.descriptions, '$[*]') AS d ON d ->> 'id' = r ->> 'resultDescription'
    LEFT JOIN LATERAL jsonb_path_query(d, '$.rubricCriterionLevel[*]') AS l ON l ->> 'id' = r ->> 'achievedLevel'
    WHERE NOT d ? 'alignment' OR d IS NULL OR EXISTS (
      SELECT FROM jsonb_path_query(d, '$.alignment[*]') AS da WHERE da ->> 'targetUrl' = b.alignment ->> 'targetUrl' OR da ->> 'targetCode' = b.alignment ->> 'targetCode');
END
$$;
COMMENT ON FUNCTION centre.badge_read() IS 'inner part of import_badges(): credentials to one row for each alignment, and the levels that results state';

CREATE FUNCTION centre.badge_store(of_source text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  zone text := (SELECT reporting_zone FROM centre.site);
  added bigint;
  changed bigint;
BEGIN
  CREATE TEMP TABLE in_evidence ON COMMIT DROP AS
    SELECT DISTINCT ON (b.badge) b.*, s.subject_id, c.competency_id, c.framework,
           (centre.try_timestamptz(b.valid_from, zone) AT TIME ZONE zone)::date AS issued, centre.try_timestamptz(b.valid_until, zone) AT TIME ZONE zone AS until
    FROM in_badge b LEFT JOIN centre.subject s ON s.subject_id = centre.pseudonym(b.holder)
    -- by address, else by code within the framework it names
    LEFT JOIN (centre.competency c JOIN centre.framework f ON f.code = c.framework)
      ON c.code = b.alignment ->> 'targetUrl' OR c.code = b.alignment ->> 'targetCode' AND b.alignment ->> 'targetFramework' IN (f.code, f.name)
    ORDER BY b.badge, c.code = b.alignment ->> 'targetUrl' DESC;
  ALTER TABLE in_evidence ADD COLUMN recognised boolean NOT NULL DEFAULT false;
  UPDATE in_evidence e SET recognised = true FROM centre.credential_issuer i WHERE i.issuer = e.issuer AND i.source = of_source AND i.valid @> coalesce(e.issued, centre.today());
  CREATE TEMP TABLE in_badge_level ON COMMIT DROP AS
    SELECT e.badge, e.record, max(centre.level_of(e.framework, r.stated)) AS level, string_agg(r.stated, ', ') AS stated
    FROM in_evidence e LEFT JOIN in_result r USING (badge) WHERE e.competency_id IS NOT NULL GROUP BY e.badge, e.record;
  -- on a scale of one level, to have it is to have it at that level
  UPDATE in_badge_level l SET level = one.level
    FROM in_evidence e CROSS JOIN LATERAL (SELECT max(s.level) AS level FROM centre.level_scale s WHERE s.framework = e.framework AND s.level > 0 HAVING count(*) = 1) AS one
    WHERE e.badge = l.badge AND l.stated IS NULL;
  INSERT INTO in_error
    SELECT record, 'subject_unknown', 'credentialSubject.id', NULL FROM in_evidence WHERE holder IS NOT NULL AND subject_id IS NULL
    UNION ALL SELECT record, 'code_unknown', 'achievement.alignment', coalesce(alignment ->> 'targetUrl', alignment ->> 'targetCode') FROM in_evidence WHERE alignment IS NOT NULL AND competency_id IS NULL
    UNION ALL SELECT record, 'date_unreadable', 'validFrom', valid_from FROM in_evidence WHERE valid_from IS NOT NULL AND issued IS NULL
    UNION ALL SELECT record, 'date_unreadable', 'validUntil', valid_until FROM in_evidence WHERE valid_until IS NOT NULL AND coalesce(until::date <= issued, true)
    UNION ALL SELECT record, 'issuer_unknown', 'issuer', coalesce(issuer, '') FROM in_evidence WHERE NOT recognised
    UNION ALL SELECT record, 'level_unknown', 'result', stated FROM in_badge_level WHERE coalesce(level, 0) < 1;
  WITH w AS (
    INSERT INTO centre.evidence AS v (subject_id, competency_id, level, source, issued, expires, credential, issuer)
      SELECT DISTINCT ON (e.subject_id, e.competency_id, e.credential) e.subject_id, e.competency_id, l.level, of_source, e.issued,
             e.until::date + CASE WHEN e.until::time > '00:00' THEN 1 ELSE 0 END, e.credential, e.issuer
      FROM in_evidence e JOIN in_badge_level l USING (badge)
      WHERE e.recognised AND e.subject_id IS NOT NULL AND e.credential IS NOT NULL AND e.issued IS NOT NULL AND l.level > 0 AND (e.valid_until IS NULL OR e.until::date > e.issued)
      ORDER BY e.subject_id, e.competency_id, e.credential, l.level DESC
      ON CONFLICT (subject_id, competency_id, source, credential) DO UPDATE SET level = excluded.level, issued = excluded.issued, expires = excluded.expires, issuer = excluded.issuer
        WHERE (v.level, v.issued, v.expires, v.issuer) IS DISTINCT FROM (excluded.level, excluded.issued, excluded.expires, excluded.issuer)
      RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO added, changed FROM w;
  RETURN jsonb_build_object('evidence', jsonb_build_object('added', added, 'changed', changed));
END
$$;
COMMENT ON FUNCTION centre.badge_store(text) IS 'inner part of import_badges(): holders, competencies, levels and days looked up, errors noted, evidence written';

CREATE PROCEDURE centre.import_badges(of_source text, content bytea, dry_run boolean DEFAULT false, INOUT report jsonb DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  errors jsonb;
BEGIN
  BEGIN
    PERFORM centre.import_open();
    PERFORM centre.import_records('json', content);
    PERFORM centre.badge_read();
    report := jsonb_build_object('read', (SELECT count(*) FROM in_record)) || centre.badge_store(of_source);
    SELECT coalesce(jsonb_agg(jsonb_build_object('record', record, 'code', code, 'field', field, 'value', value)), '[]') INTO errors
    FROM (SELECT record, code, field, min(value) AS value FROM in_error GROUP BY record, code, field ORDER BY record, code, field) AS e;
    DROP TABLE in_error, in_scale, in_competency, in_level_text, in_link, in_node, in_part, in_need, in_record, in_badge, in_result, in_evidence, in_badge_level;
    IF dry_run THEN
      RAISE EXCEPTION SQLSTATE 'CVDRY';
    END IF;
  EXCEPTION
    WHEN SQLSTATE 'CVDRY' THEN NULL;
  END;
  report := centre.import_log('open_badges', of_source, dry_run, content, report, errors);
END
$$;
COMMENT ON PROCEDURE centre.import_badges(text, bytea, boolean, jsonb) IS
  'evidence from Open Badges 3.0 credentials: one, an array of them, or a CLR 2.0 that carries them. of_source is the kind of evidence they are. The holder is credentialSubject.id by pseudonym; each alignment of the achievement is a competency (targetUrl, or targetCode in targetFramework); the level is that of the result''s rubric in the framework''s own words, or the only level of its scale. The same credential again changes nothing. The issuer must be one that centre.credential_issuer recognises for this kind of evidence on the day of issue. Signatures and status lists are not looked at: pass credentials that were verified (tools/credential), and tell revocations to centre.revoke_credential()';

CREATE FUNCTION centre.revoke_credential(of_credential text, on_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n bigint;
BEGIN
  -- one that was revoked before it was issued never counted
  UPDATE centre.evidence SET revoked = greatest(on_day, issued) WHERE credential = of_credential AND revoked IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END
$$;
COMMENT ON FUNCTION centre.revoke_credential(text, date) IS 'what a credential proved counts no longer from that day on; gives how many entries of evidence it proved';

CREATE FUNCTION centre.export_badge(evidence bigint, holder text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT jsonb_strip_nulls(jsonb_build_object(
    '@context', jsonb_build_array('https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'),
    'type', jsonb_build_array('VerifiableCredential', 'OpenBadgeCredential'),
    'id', e.credential, 'issuer', e.issuer, 'validFrom', to_char(e.issued, 'YYYY-MM-DD'), 'validUntil', to_char(e.expires, 'YYYY-MM-DD'),
    'credentialSubject', jsonb_build_object('type', jsonb_build_array('AchievementSubject'), 'id', $2,
      'achievement', jsonb_build_object('type', jsonb_build_array('Achievement'), 'id', e.credential || '#achievement', 'name', centre.competency_name(c.competency_id),
        'alignment', jsonb_build_array(jsonb_build_object('type', jsonb_build_array('Alignment'), 'targetName', centre.competency_name(c.competency_id), 'targetUrl', c.code, 'targetCode', c.code, 'targetFramework', c.framework)),
        'resultDescription', jsonb_build_array(jsonb_build_object('type', jsonb_build_array('ResultDescription'), 'id', e.credential || '#level', 'name', 'level', 'resultType', 'RubricCriterionLevel',
          'rubricCriterionLevel', (SELECT jsonb_agg(jsonb_build_object('type', jsonb_build_array('RubricCriterionLevel'), 'id', e.credential || '#level' || s.level, 'name', s.code, 'level', s.code) ORDER BY s.level)
                                   FROM centre.level_scale s WHERE s.framework = c.framework)))),
      'result', jsonb_build_array(jsonb_build_object('type', jsonb_build_array('Result'), 'resultDescription', e.credential || '#level', 'achievedLevel', e.credential || '#level' || e.level)))))
  FROM centre.evidence e JOIN centre.competency c USING (competency_id) WHERE e.evidence_id = $1;
END;
COMMENT ON FUNCTION centre.export_badge(bigint, text) IS 'an entry of evidence as an Open Badges 3.0 credential for a holder, unsigned: whoever issues it signs it; validUntil is the first day on which it no longer counts; null for an unknown entry';
