-- What officials do with their own passbooks, under a personal login or a signed claim of kind official.

CREATE FUNCTION centre.myself() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT m.subject_id FROM (SELECT h.subject_id FROM centre.hr_login h WHERE h.login = session_user UNION SELECT centre.pseudonym(centre.claimed('official'))) AS m (subject_id)
  WHERE m.subject_id IS NOT NULL;
END;
COMMENT ON FUNCTION centre.myself() IS
  'subject_id of the official that the authenticated login is (centre.hr_login) or that its claim of kind official names (centre.claimed); none for any other login. Definer: no login reads hr_login';

CREATE FUNCTION centre.shown_to_me() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT r.subject_id FROM centre.passbook_reader r WHERE r.withdrawn_at IS NULL AND r.reader_id IN (SELECT centre.myself());
END;
COMMENT ON FUNCTION centre.shown_to_me() IS 'officials who have shown their passbooks to the login''s official. Definer: readers do not see who else may read';

CREATE FUNCTION centre.note_passbook_read(of_subject bigint, what text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER COST 100000 SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN $1 IN (SELECT centre.shown_to_me()) THEN centre.note_read($1, $2) ELSE false END;
END;
COMMENT ON FUNCTION centre.note_passbook_read(bigint, text) IS
  'centre.note_read() of an official whose passbook is shown to the login; of others it notes nothing and gives false. Definer: readers may not write the log otherwise';

CREATE FUNCTION centre.me() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  it bigint[] := ARRAY(SELECT centre.myself());
BEGIN
  IF cardinality(it) <> 1 THEN
    RAISE EXCEPTION 'this login is no official' USING ERRCODE = 'insufficient_privilege', HINT = 'A service with a pool of connections signs a claim of kind official (docs/learning.md).';
  END IF;
  RETURN it[1];
END
$$;
COMMENT ON FUNCTION centre.me() IS 'the one official that the login or its claim is; error for any other, and where login and claim name two';

-- ---------------------------------------------------------------- reading
CREATE FUNCTION centre.my_recommendations(k integer DEFAULT 10, by text DEFAULT 'levels', lang text DEFAULT 'en', day date DEFAULT centre.today())
RETURNS TABLE (rank bigint, training_id integer, title text, levels integer, points integer, hours numeric, price numeric, declined bigint, next_session date, reasons text[])
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.rank, r.training_id, r.title, r.levels, r.points, r.hours, r.price, r.declined, r.next_session,
         ARRAY(SELECT format('%s: %s > %s', centre.competency_name(e.competency, $3), e.held, least(x.level, e.needed))
               FROM civic.each(g.gap) AS e JOIN civic.each(t.teaches) AS x ON x.competency = e.competency AND x.level > e.held ORDER BY e.missing * e.weight DESC, e.competency)
  FROM centre.recommend_trainings(centre.me(), $1, $2, $4) AS r JOIN centre.training t USING (training_id) JOIN centre.official_gaps($4) AS g ON g.subject_id = centre.me() ORDER BY r.rank;
END;
COMMENT ON FUNCTION centre.my_recommendations(integer, text, text, date) IS
  'centre.recommend_trainings() for oneself, with the reasons: each competency of the gap that the training raises, from the level held to the level reached, the one that counts most first';

CREATE FUNCTION centre.my_readers() RETURNS TABLE (day date, login name, what text, why text, first_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT l.read_on, l.login, l.what, l.why, l.first_at FROM centre.read_log l WHERE l.subject_id IN (SELECT centre.myself()) ORDER BY l.first_at DESC;
END;
COMMENT ON FUNCTION centre.my_readers() IS 'who has read one''s rows, when, and the reason given. Definer: the log of others is nobody''s';

-- ---------------------------------------------------------------- acting
CREATE FUNCTION centre.my_enrolment(training integer, session integer DEFAULT NULL, day date DEFAULT centre.today()) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  who bigint := centre.me();
  t centre.training;
  made bigint;
BEGIN
  -- seats are counted one after the other, as when departments plan
  PERFORM centre.take_turn('department_plan');
  SELECT * INTO t FROM centre.training x WHERE x.training_id = training AND x.valid @> day;
  IF t.training_id IS NULL OR session IS NOT NULL AND NOT EXISTS (SELECT FROM centre.training_session s WHERE s.session_id = session AND s.training_id = training AND s.starts > day) THEN
    RAISE EXCEPTION 'there is no such training to enrol in' USING ERRCODE = 'no_data_found', HINT = 'Trainings on offer stand in centre.training, their sessions in centre.training_session.';
  END IF;
  IF NOT coalesce((SELECT c.held FROM centre.official_competency c WHERE c.subject_id = who), '') @> t.prerequisites THEN
    RAISE EXCEPTION 'the training asks for more than is held' USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('It asks for %s.', t.prerequisites), HINT = 'centre.plan_official() says what comes first.';
  END IF;
  IF EXISTS (SELECT FROM centre.learning l WHERE l.subject_id = who AND l.training_id = training AND l.completed_on IS NULL) THEN
    RAISE EXCEPTION 'the training is under way already' USING ERRCODE = 'unique_violation';
  END IF;
  IF session IS NOT NULL AND centre.free_seats(session) < 1 AND NOT EXISTS (
      SELECT FROM centre.department_plan_seat d JOIN centre.department_plan p USING (plan_id) WHERE d.session_id = session AND d.subject_id = who AND p.status = 'reserved') THEN
    RAISE EXCEPTION 'the session has no free seat' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Another session may have one.';
  END IF;
  INSERT INTO centre.learning (source, record, subject_id, training_id, session_id, enrolled_on, price)
    VALUES ('self', gen_random_uuid()::text, who, training, session, day, t.price) RETURNING learning_id INTO made;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.my_enrolment(integer, integer, date) IS
  'enrol oneself in a training on offer, in a session that is still to begin or at one''s own pace (null); gives the number of the enrolment. Errors: no such training or session, prerequisites not held, under way already, no free seat. Definer: an enrolment written by hand could say that it is completed';

CREATE FUNCTION centre.my_withdrawal(learning bigint, day date DEFAULT centre.today()) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM centre.learning l WHERE l.learning_id = learning AND l.subject_id = centre.me() AND l.source = 'self' AND l.completed_on IS NULL
    AND NOT EXISTS (SELECT FROM centre.training_session s WHERE s.session_id = l.session_id AND s.starts <= day);
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.my_withdrawal(bigint, date) IS 'take back an own enrolment before its session begins; false where there is none. Definer, as my_enrolment()';

CREATE FUNCTION centre.my_rating(learning bigint, stars integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.learning l SET rating = stars WHERE l.learning_id = learning AND l.subject_id = centre.me() AND l.completed_on IS NOT NULL;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.my_rating(bigint, integer) IS 'what one thinks of a training one has completed, 1 to 5; false where there is none. Definer, as my_enrolment()';

CREATE FUNCTION centre.my_refusal(training integer, day date DEFAULT centre.today()) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN centre.decline_training(centre.me(), training, day);
COMMENT ON FUNCTION centre.my_refusal(integer, date) IS 'decline a training that was shown (centre.decline_training). Definer, as my_enrolment()';

CREATE FUNCTION centre.my_objection(statement text, evidence bigint DEFAULT NULL, competency integer DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who bigint := centre.me();
  about integer := coalesce((SELECT e.competency_id FROM centre.evidence e WHERE e.evidence_id = evidence AND e.subject_id = who), CASE WHEN evidence IS NULL THEN competency END);
  made bigint;
BEGIN
  IF about IS NULL THEN
    RAISE EXCEPTION 'an objection is to an own entry, a correction names a competency' USING ERRCODE = 'no_data_found';
  END IF;
  INSERT INTO centre.objection (subject_id, evidence_id, competency_id, statement) VALUES (who, evidence, about, my_objection.statement) RETURNING objection_id INTO made;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.my_objection(text, bigint, integer) IS
  'object to an own entry of evidence, or say what is missing (evidence null, competency given); gives the number. Definer: what is decided is not the official''s to write';

CREATE FUNCTION centre.decide_objection(objection bigint, outcome text, finding text, day date DEFAULT centre.today()) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  decided centre.objection;
BEGIN
  UPDATE centre.objection o SET outcome = decide_objection.outcome, finding = decide_objection.finding, decided_by = session_user, decided_at = now()
    WHERE o.objection_id = objection AND o.outcome IS NULL AND o.subject_id IN (SELECT centre.my_line()) AND o.subject_id NOT IN (SELECT centre.myself()) RETURNING * INTO decided;
  IF decided.outcome = 'upheld' THEN
    UPDATE centre.evidence e SET revoked = greatest(day, e.issued) WHERE e.evidence_id = decided.evidence_id AND e.revoked IS NULL;
  END IF;
  RETURN decided.objection_id IS NOT NULL;
END
$$;
COMMENT ON FUNCTION centre.decide_objection(bigint, text, text, date) IS
  'a manager decides an objection of an official of the own line, never the own: upheld revokes the entry; false where there is none to decide. Definer: managers do not write evidence';

CREATE FUNCTION centre.show_passbook(reader bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.passbook_reader (subject_id, reader_id)
    SELECT centre.me(), o.subject_id FROM centre.officials_on(centre.today()) o WHERE o.subject_id = reader AND o.subject_id <> centre.me()
    ON CONFLICT (subject_id, reader_id) WHERE withdrawn_at IS NULL DO NOTHING;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.show_passbook(bigint) IS 'show one''s passbook to an official in office beside the own line; false where it is shown already or there is no such official. Definer: nobody writes the log by hand';

CREATE FUNCTION centre.hide_passbook(reader bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.passbook_reader r SET withdrawn_at = clock_timestamp() WHERE r.subject_id = centre.me() AND r.reader_id = reader AND r.withdrawn_at IS NULL;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION centre.hide_passbook(bigint) IS 'take back what show_passbook() gave; false where there is nothing. The own line sees the passbook all the same. Definer, as show_passbook()';

-- A JSON Web Signature in compact form (RFC 7515) is header.payload.signature; what is signed are the first two, as ASCII.
CREATE FUNCTION centre.base64url(bytes bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(encode(bytes, 'base64'), E'+/=\n', '-_');
COMMENT ON FUNCTION centre.base64url(bytea) IS 'base64url without padding (RFC 4648), as tokens have it';

CREATE FUNCTION centre.token_to_sign(credential jsonb, key text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN convert_to(centre.base64url(convert_to(jsonb_strip_nulls(jsonb_build_object('alg', 'RS256', 'typ', 'JWT', 'kid', key))::text, 'UTF8')) || '.' || centre.base64url(convert_to(
  jsonb_strip_nulls(credential || jsonb_build_object('iss', coalesce(credential #>> '{issuer,id}', credential ->> 'issuer'), 'jti', credential ->> 'id', 'sub', credential #>> '{credentialSubject,id}',
    'nbf', extract(epoch FROM (credential ->> 'validFrom')::date)::bigint, 'exp', extract(epoch FROM (credential ->> 'validUntil')::date)::bigint))::text, 'UTF8')), 'UTF8');
COMMENT ON FUNCTION centre.token_to_sign(jsonb, text) IS
  'what a signer outside the database signs (RS256) so that a credential becomes a JSON Web Token as Open Badges 3.0 has it: header and payload, with the registered claims; key: the address of the public key, null for none. The token is this, a dot, and the signature in base64url';

CREATE FUNCTION centre.my_credential(evidence bigint, holder text, key text DEFAULT NULL) RETURNS TABLE (credential jsonb, to_sign bytea, digest bytea)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT b.badge, t.bytes, sha256(t.bytes)
  FROM centre.evidence e CROSS JOIN LATERAL (SELECT centre.export_badge(e.evidence_id, $2) AS badge) AS b CROSS JOIN LATERAL (SELECT centre.token_to_sign(b.badge, $3) AS bytes) AS t
  WHERE e.evidence_id = $1 AND e.subject_id = centre.me() AND (e.revoked IS NULL);
END;
COMMENT ON FUNCTION centre.my_credential(bigint, text, text) IS
  'an own entry of evidence as an unsigned Open Badges 3.0 credential for a holder (an address of the official''s own), the bytes that a signer outside the database signs (centre.token_to_sign) and their SHA-256. The database has no private key and makes no proof; no row for an entry of others or one that was revoked';

CREATE FUNCTION centre.my_record(holder text, issuer text, day date DEFAULT centre.today(), key text DEFAULT NULL) RETURNS TABLE (credential jsonb, to_sign bytea, digest bytea)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.record, t.bytes, sha256(t.bytes)
  FROM (SELECT jsonb_build_object(
          '@context', jsonb_build_array('https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'),
          'type', jsonb_build_array('VerifiableCredential', 'ClrCredential'), 'id', 'urn:uuid:' || gen_random_uuid(), 'name', 'Passbook', 'issuer', $2, 'validFrom', to_char($3::timestamp, 'YYYY-MM-DD'),
          'credentialSubject', jsonb_build_object('type', jsonb_build_array('ClrSubject'), 'id', $1, 'verifiableCredential',
            coalesce(jsonb_agg(centre.export_badge(e.evidence_id, $1) ORDER BY e.issued, e.evidence_id) FILTER (WHERE e.evidence_id IS NOT NULL), '[]'))) AS record
        FROM (SELECT centre.me() AS who) AS m LEFT JOIN centre.evidence e ON e.subject_id = m.who AND e.issued <= $3 AND e.revoked IS NULL AND (e.expires IS NULL OR e.expires > $3)) AS r
  CROSS JOIN LATERAL (SELECT centre.token_to_sign(r.record, $4) AS bytes) AS t;
END;
COMMENT ON FUNCTION centre.my_record(text, text, date, text) IS
  'one''s own evidence that counts on a day as an unsigned Comprehensive Learner Record 2.0 for a holder, by an issuer (the address of the signer, who vouches for the whole), with the bytes to sign and their SHA-256 as of my_credential()';

-- ---------------------------------------------------------------- who may do what
DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['official', 'evidence', 'official_competency', 'learning', 'recommendation', 'official_plan', 'official_plan_step', 'department_plan_seat', 'objection', 'passbook_reader'] LOOP
    EXECUTE format('CREATE POLICY civic_official ON centre.%I FOR SELECT TO civic_official USING (subject_id IN (SELECT centre.myself()))', part);
    EXECUTE format('GRANT SELECT ON centre.%I TO civic_official', part);
  END LOOP;
  FOREACH part IN ARRAY ARRAY['official', 'evidence', 'official_competency', 'learning'] LOOP
    EXECUTE format('CREATE POLICY civic_shown ON centre.%I FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.shown_to_me()) AND centre.note_passbook_read(subject_id, %L))', part, part);
  END LOOP;
END
$$;
CREATE POLICY civic_hr ON centre.objection FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'objection'));
CREATE POLICY civic_own ON centre.official_plan TO civic_official USING (subject_id IN (SELECT centre.myself())) WITH CHECK (subject_id IN (SELECT centre.myself()));
CREATE POLICY civic_own ON centre.official_plan_step TO civic_official USING (subject_id IN (SELECT centre.myself())) WITH CHECK (subject_id IN (SELECT centre.myself()));
GRANT SELECT ON centre.objection TO civic_hr;
GRANT EXECUTE ON FUNCTION centre.note_passbook_read(bigint, text) TO civic_hr;
GRANT INSERT, DELETE ON centre.official_plan, centre.official_plan_step TO civic_official;
GRANT USAGE ON SCHEMA centre TO civic_official;
GRANT SELECT ON centre.site, centre.language, centre.label, centre.framework, centre.level_scale, centre.competency, centre.competency_label, centre.competency_link, centre.competency_closure,
  centre.frac_node, centre.frac_need, centre.position, centre.evidence_source, centre.evidence_policy, centre.credited_evidence, centre.passbook_entry, centre.provider, centre.training, centre.training_session,
  centre.training_catalogue, centre.learning_feedback, centre.capacity_setting TO civic_official;
GRANT SELECT (plan_id, status) ON centre.department_plan TO civic_official;
GRANT EXECUTE ON FUNCTION centre.today(), centre.officials_on(date), centre.needs_on(date), centre.competencies_on(date, bigint[]), centre.passbook(bigint, date, date), centre.level_code(text, integer),
  centre.level_label(text, integer, text), centre.competency_name(integer, text), centre.named_set(civic.competency_set, text), centre.official_gaps(date), centre.recommend_trainings(bigint, integer, text, date),
  centre.training_offer(date), centre.find_plan(civic.competency_set, civic.competency_set, text, date), centre.find_schedule(civic.competency_set, civic.competency_set, date, bigint), centre.has_free_seat(integer), centre.plan_official(bigint, text, date), centre.passed(integer, numeric),
  centre.levels_gained(bigint, integer, numeric, date), centre.export_badge(bigint, text),
  centre.myself(), centre.me(), centre.my_recommendations(integer, text, text, date), centre.my_readers(), centre.my_enrolment(integer, integer, date), centre.my_withdrawal(bigint, date),
  centre.my_rating(bigint, integer), centre.my_refusal(integer, date), centre.my_objection(text, bigint, integer), centre.show_passbook(bigint), centre.hide_passbook(bigint),
  centre.my_credential(bigint, text, text), centre.my_record(text, text, date, text), centre.token_to_sign(jsonb, text), centre.base64url(bytea) TO civic_official;
GRANT EXECUTE ON FUNCTION centre.shown_to_me(), centre.myself(), centre.decide_objection(bigint, text, text, date) TO civic_hr;
