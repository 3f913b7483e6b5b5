-- Who is vouched for later: a source or subject that becomes verified, or no more, reaches the observations that are stored.

CREATE FUNCTION centre.vouched(source_verified boolean, verified_for text[], indicator text, subject_verified boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN source_verified AND coalesce(indicator = ANY (verified_for), true) OR coalesce(subject_verified, false);
COMMENT ON FUNCTION centre.vouched(boolean, text[], text, boolean) IS 'does an observation count as verified: its source is, for this indicator, or its subject is; the one rule for new and stored observations';

-- Intake takes what sources and subjects say as it finds them: until it has stored, they do not change.
CREATE FUNCTION centre.hold_verified(sources text[], subjects bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM centre.source s WHERE s.code = ANY (sources) ORDER BY s.code FOR SHARE;
  PERFORM FROM centre.subject s WHERE s.subject_id = ANY (subjects) ORDER BY s.subject_id FOR SHARE;
END
$$;
COMMENT ON FUNCTION centre.hold_verified(text[], bigint[]) IS
  'holds sources and subjects as they are until the transaction ends. Definer: the ticker may change neither, and so not lock them; it is told nothing by this';

CREATE FUNCTION centre.source_vouched() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.observation o SET verified = w.verified
    FROM (SELECT x.document_id, x.ordinal, x.day, centre.vouched(n.verified, n.verified_for, i.code, s.verified) AS verified
          FROM new_rows n JOIN old_rows p USING (code) JOIN centre.document d ON d.source = n.code JOIN centre.observation x USING (document_id)
          JOIN centre.indicator i USING (indicator_id) LEFT JOIN centre.subject s USING (subject_id)
          WHERE (n.verified, n.verified_for) IS DISTINCT FROM (p.verified, p.verified_for)) AS w
    WHERE o.document_id = w.document_id AND o.ordinal = w.ordinal AND o.day = w.day AND o.verified <> w.verified;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.source_vouched() IS 'trigger of source: stored observations of a source that became verified, or no more, say so; the next publish() of their periods finds them changed';
CREATE TRIGGER civic_vouched AFTER UPDATE ON centre.source REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.source_vouched();

CREATE FUNCTION centre.subject_vouched() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.observation o SET verified = w.verified
    FROM (SELECT x.document_id, x.ordinal, x.day, centre.vouched(r.verified, r.verified_for, i.code, n.verified) AS verified
          FROM new_rows n JOIN old_rows p USING (subject_id) JOIN centre.observation x USING (subject_id) JOIN centre.document d USING (document_id)
          JOIN centre.source r ON r.code = d.source JOIN centre.indicator i USING (indicator_id)
          WHERE n.verified <> p.verified) AS w
    WHERE o.document_id = w.document_id AND o.ordinal = w.ordinal AND o.day = w.day AND o.verified <> w.verified;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.subject_vouched() IS 'trigger of subject: stored observations of a person who became verified, or no more, say so; the next publish() of their periods finds them changed';
CREATE TRIGGER civic_vouched AFTER UPDATE ON centre.subject REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION centre.subject_vouched();

GRANT EXECUTE ON FUNCTION centre.vouched(boolean, text[], text, boolean), centre.hold_verified(text[], bigint[]) TO civic_ticker;
