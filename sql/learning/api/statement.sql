-- xAPI statements and Sunbird telemetry into learning: completions by cmi5's rules, assessments, engagement.

CREATE FUNCTION centre.read_statement(s jsonb, OUT id text, OUT actor text, OUT object text, OUT registration text, OUT verb text, OUT at timestamptz, OUT score numeric, OUT progress numeric, OUT voids text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT s ->> 'mid', s #>> '{actor,id}', s #>> '{object,id}', coalesce(s #>> '{context,cdata,0,id}', ''),
         CASE s ->> 'eid' WHEN 'START' THEN 'initialized' WHEN 'END' THEN CASE WHEN x.done >= 100 THEN 'completed' ELSE 'terminated' END
           WHEN 'ASSESS' THEN CASE WHEN s #>> '{edata,pass}' ~* '^(yes|true)$' THEN 'passed' ELSE 'failed' END ELSE lower(s ->> 'eid') END,
         CASE WHEN centre.try_numeric(s ->> 'ets') BETWEEN 0 AND 1e14 THEN to_timestamp(centre.try_numeric(s ->> 'ets')::float8 / 1000) END,
         round(100 * centre.try_numeric(s #>> '{edata,score}') / nullif(centre.try_numeric(s #>> '{edata,item,maxscore}'), 0), 2), x.done, NULL::text
  FROM (SELECT max(centre.try_numeric(p ->> 'progress')) AS done FROM jsonb_path_query(s, '$.edata.summary[*]') AS p) AS x WHERE s ? 'eid'
  UNION ALL
  SELECT s ->> 'id', coalesce(s #>> '{actor,account,name}', s #>> '{actor,mbox}'), s #>> '{object,id}', coalesce(s #>> '{context,registration}', ''), v.name,
         centre.try_timestamptz(s ->> 'timestamp', 'UTC'),
         round(100 * coalesce(centre.try_numeric(s #>> '{result,score,scaled}'), centre.try_numeric(s #>> '{result,score,raw}') / nullif(centre.try_numeric(s #>> '{result,score,max}'), 0)), 2),
         coalesce(centre.try_numeric(s #>> '{result,extensions,https://w3id.org/xapi/cmi5/result/extensions/progress}'), CASE WHEN v.name = 'completed' THEN 100 END),
         CASE WHEN s #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided' AND s #>> '{object,objectType}' = 'StatementRef' THEN s #>> '{object,id}' END
  FROM (SELECT regexp_replace(s #>> '{verb,id}', '^.*/', '') AS name) AS v WHERE NOT s ? 'eid';
END;
COMMENT ON FUNCTION centre.read_statement(jsonb) IS
  'what a statement says: xAPI 1.0 (who: actor.account.name or mbox; progress by cmi5''s extension), or an event of Sunbird telemetry 3.0, which has an eid: START, END (completed where its summary says progress 100), ASSESS (one item: passed or failed with score of maxscore); null where it does not say';

CREATE FUNCTION centre.follow_statements(of_source text, day date) RETURNS TABLE (record text, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  zone text := (SELECT s.reporting_zone FROM centre.site s);
  facts jsonb;
BEGIN
  DROP TABLE IF EXISTS pg_temp.statement_fact;
  CREATE TEMP TABLE statement_fact ON COMMIT DROP AS
    SELECT l.subject_id, l.training_id, l.registration, format('%s/%s/%s', l.subject_id, l.training_id, l.registration) AS record, count(*) FILTER (WHERE l.counts) AS statements,
           min(l.day) FILTER (WHERE l.counts) AS enrolled, max(l.day) FILTER (WHERE l.counts) AS active, max(l.progress) FILTER (WHERE l.counts) AS progress, max(l.score) FILTER (WHERE l.counts) AS score,
           min(l.day) FILTER (WHERE l.counts AND l.verb IN ('completed', 'waived')) AS completed, min(l.day) FILTER (WHERE l.counts AND l.verb IN ('passed', 'waived')) AS passed,
           bool_or(l.counts AND l.verb = 'waived') AS waived
    FROM (SELECT s.*, (s.at AT TIME ZONE zone)::date AS day,
                 NOT EXISTS (SELECT FROM centre.learning_statement v WHERE v.source = s.source AND v.voids = s.statement) AS counts
          FROM centre.learning_statement s JOIN (SELECT DISTINCT t.subject_id, t.training_id FROM pg_temp.statement_touched t) AS t USING (subject_id, training_id) WHERE s.source = of_source) AS l
    GROUP BY l.subject_id, l.training_id, l.registration;
  -- taken back altogether: it was never learnt
  DELETE FROM centre.learning l USING pg_temp.statement_fact f WHERE l.source = of_source AND l.record = f.record AND f.statements = 0;
  SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('record', f.record, 'official', f.subject_id, 'provider', p.code, 'training', t.code, 'enrolled', f.enrolled, 'active', f.active,
           'progress', coalesce(f.progress, 0), 'score', CASE WHEN f.waived THEN greatest(f.score, t.pass_score) ELSE f.score END,
           'completed', CASE a.move_on WHEN 'Completed' THEN f.completed WHEN 'Passed' THEN f.passed WHEN 'CompletedOrPassed' THEN least(f.completed, f.passed) WHEN 'NotApplicable' THEN f.enrolled
             ELSE CASE WHEN f.completed IS NOT NULL AND f.passed IS NOT NULL THEN greatest(f.completed, f.passed) END END))), '[]') INTO facts
    FROM pg_temp.statement_fact f JOIN centre.training t USING (training_id) JOIN centre.provider p USING (provider_id)
    JOIN LATERAL (SELECT x.move_on FROM centre.training_activity x WHERE x.training_id = f.training_id ORDER BY x.activity LIMIT 1) AS a ON true WHERE f.statements > 0;
  RETURN QUERY SELECT r.record, r.problem FROM centre.record_learning(of_source, facts, day) AS r;
END
$$;
COMMENT ON FUNCTION centre.follow_statements(text, date) IS
  'inner part of record_statements(): enrolments of the officials and trainings in the temporary table statement_touched made anew from all their statements that no other takes back; gives those that could not be stored';

CREATE FUNCTION centre.store_statements(of_source text, given jsonb, day date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  zone text := (SELECT s.reporting_zone FROM centre.site s);
BEGIN
  DROP TABLE IF EXISTS pg_temp.statement_row, pg_temp.statement_stored, pg_temp.statement_touched;
  CREATE TEMP TABLE statement_row ON COMMIT DROP AS
    SELECT x.*, a.training_id, u.subject_id, sha256(convert_to((o.said - '{stored,authority,version,@timestamp,syncts}'::text[])::text, 'UTF8')) AS digest, o.said <> '{}' AS is_object, e.n,
           NULL::text AS problem, NULL::text AS code, NULL::text AS field
    FROM jsonb_array_elements(given) WITH ORDINALITY AS e (value, n)
    CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END AS said) AS o
    CROSS JOIN LATERAL centre.read_statement(o.said) AS x
    LEFT JOIN centre.training_activity a ON a.activity = x.object LEFT JOIN centre.subject u ON u.subject_id = centre.pseudonym(x.actor);
  UPDATE pg_temp.statement_row r SET (problem, code, field) = (SELECT f.problem, f.code, f.field FROM (VALUES
      (1, 'no statement', 'I003', '', NOT r.is_object),
      (2, 'no id', 'I101', 'id', coalesce(r.id, '') = ''),
      (3, 'no verb', 'I101', 'verb', coalesce(r.verb, '') = ''),
      (4, 'too long', 'I110', 'id', octet_length(r.id) > 500),
      (5, 'too long', 'I110', 'registration', octet_length(r.registration) > 500),
      (6, 'too long', 'I110', 'verb', octet_length(r.verb) > 500),
      (7, 'too long', 'I110', 'voids', octet_length(r.voids) > 500),
      (8, 'no time', 'I203', 'at', r.at IS NULL),
      (9, 'in the future', 'I201', 'at', (r.at AT TIME ZONE zone)::date > day),
      (10, 'voids nothing', 'I101', 'voids', r.verb = 'voided' AND r.voids IS NULL),
      (11, 'unknown activity', 'I304', 'object', r.voids IS NULL AND r.training_id IS NULL),
      (12, 'unknown official', 'I305', 'actor', r.voids IS NULL AND r.subject_id IS NULL),
      (13, 'score is not 0 to 100 per cent', 'I112', 'score', r.score NOT BETWEEN 0 AND 100),
      (14, 'progress is not 0 to 100', 'I112', 'progress', r.progress NOT BETWEEN 0 AND 100),
      (15, 'another statement has this id', 'I409', 'id', EXISTS (SELECT FROM centre.learning_statement s WHERE s.source = of_source AND s.statement = r.id AND s.digest <> r.digest)
        OR EXISTS (SELECT FROM pg_temp.statement_row o WHERE o.id = r.id AND o.n < r.n AND o.digest <> r.digest))) AS f (place, problem, code, field, holds)
    WHERE f.holds ORDER BY f.place LIMIT 1);
  CREATE TEMP TABLE statement_stored ON COMMIT DROP AS SELECT l.statement, l.subject_id, l.training_id, l.voids FROM centre.learning_statement l WITH NO DATA;
  WITH stored AS (
    INSERT INTO centre.learning_statement AS l (source, statement, subject_id, training_id, registration, verb, at, score, progress, voids, digest)
      SELECT DISTINCT ON (r.id) of_source, r.id, CASE WHEN r.voids IS NULL THEN r.subject_id END, CASE WHEN r.voids IS NULL THEN r.training_id END, r.registration, r.verb, r.at, r.score, r.progress, r.voids, r.digest
      FROM pg_temp.statement_row r WHERE r.problem IS NULL ORDER BY r.id, r.n
      ON CONFLICT ON CONSTRAINT learning_statement_pkey DO NOTHING RETURNING l.statement, l.subject_id, l.training_id, l.voids)
  INSERT INTO pg_temp.statement_stored SELECT * FROM stored;
  CREATE TEMP TABLE statement_touched ON COMMIT DROP AS
    SELECT w.subject_id, w.training_id FROM pg_temp.statement_stored w WHERE w.voids IS NULL
    UNION SELECT o.subject_id, o.training_id FROM pg_temp.statement_stored w JOIN centre.learning_statement o ON o.source = of_source AND o.statement = w.voids AND o.voids IS NULL;
END
$$;
COMMENT ON FUNCTION centre.store_statements(text, jsonb, date) IS
  'inner part of record_statements() and intake_statements(): an array of statements, read in the temporary table statement_row with what is wrong with each (problem; code and field as of dead letters); those that are new are stored and stand in statement_stored, the officials and trainings that they are about in statement_touched';

CREATE FUNCTION centre.record_statements(of_source text, statements jsonb, day date DEFAULT centre.today()) RETURNS TABLE (statement text, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  given jsonb := CASE WHEN jsonb_typeof(statements -> 'events') = 'array' THEN statements -> 'events' WHEN jsonb_typeof(statements -> 'statements') = 'array' THEN statements -> 'statements'
                      WHEN jsonb_typeof(statements) = 'object' THEN jsonb_build_array(statements) ELSE statements END;
BEGIN
  IF jsonb_typeof(given) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'statements are an array of objects' USING ERRCODE = 'invalid_parameter_value', DETAIL = left(statements::text, 200), HINT = 'An xAPI result ("statements") and a batch of telemetry ("events") are taken, too.';
  END IF;
  PERFORM centre.store_statements(of_source, given, day);
  RETURN QUERY SELECT r.id, r.problem FROM pg_temp.statement_row r WHERE r.problem IS NOT NULL ORDER BY r.n;
  RETURN QUERY SELECT f.record, f.problem FROM centre.follow_statements(of_source, day) AS f;
END
$$;
COMMENT ON FUNCTION centre.record_statements(text, jsonb, date) IS
  'store xAPI statements or Sunbird telemetry of a source (an array, an xAPI result, a batch of events, or one) and what follows from them in centre.learning: an enrolment by official, training and registration from the first statement on, last activity, progress, the best score, and completion on the day on which cmi5''s moveOn of the activity is fulfilled. Each counts once by its id; one that is voided, before or later, counts no more, and what it made is taken back. Gives those that were not stored and why; error where it is no array';

CREATE FUNCTION centre.intake_statements(counts_as_try boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  of_source text;
  report jsonb := '{}';
  part jsonb;
  added bigint;
BEGIN
  CREATE TEMP TABLE statement_doc ON COMMIT DROP AS
    SELECT r.source, r.landing_id, r.doc, row_number() OVER (PARTITION BY r.source ORDER BY r.doc_no) AS n,
           CASE WHEN octet_length(k.key) BETWEEN 1 AND 500 THEN k.key ELSE 'sha256:' || encode(r.content_hash, 'hex') END AS doc_key
    FROM pg_temp.intake_raw r JOIN centre.intake_map m ON (m.source, m.form, m.target) = (r.source, r.form, 'statement') LEFT JOIN centre.intake_map d ON (d.source, d.form, d.target) = (r.source, r.form, 'doc_key')
    CROSS JOIN LATERAL (SELECT btrim(r.doc #>> d.path) AS key) AS k WHERE r.fault IS NULL;
  FOR of_source IN SELECT DISTINCT d.source FROM pg_temp.statement_doc d ORDER BY 1 LOOP
    PERFORM centre.store_statements(of_source, (SELECT jsonb_agg(d.doc ORDER BY d.n) FROM pg_temp.statement_doc d WHERE d.source = of_source), centre.today());
    WITH made AS (
      INSERT INTO centre.dead_letter AS x (source, doc_key, version, code, field, value, landing_id)
      SELECT DISTINCT ON (d.doc_key, r.code, r.field) of_source, d.doc_key, 0, r.code, r.field,
             left(CASE r.field WHEN 'object' THEN r.object WHEN 'score' THEN r.score::text WHEN 'progress' THEN r.progress::text WHEN 'at' THEN r.at::text END, 200), d.landing_id
      FROM pg_temp.statement_row r JOIN pg_temp.statement_doc d USING (n) WHERE d.source = of_source AND r.problem IS NOT NULL ORDER BY d.doc_key, r.code, r.field, d.landing_id
      ON CONFLICT (source, doc_key, version, code, field) DO UPDATE SET tries = x.tries + counts_as_try::integer RETURNING x.xmax = 0 AS is_new)
    SELECT count(*) INTO added FROM made WHERE is_new;
    UPDATE centre.dead_letter x SET resolved_at = clock_timestamp()
      FROM pg_temp.statement_row r JOIN pg_temp.statement_doc d USING (n)
      WHERE d.source = of_source AND r.problem IS NULL AND x.source = of_source AND x.doc_key = d.doc_key AND x.code <> 'I409' AND x.resolved_at IS NULL;
    SELECT jsonb_build_object('received', count(*), 'inserted', (SELECT count(*) FROM pg_temp.statement_stored), 'unchanged', count(*) FILTER (WHERE r.problem IS NULL) - (SELECT count(*) FROM pg_temp.statement_stored),
             'rejected', count(r.problem), 'new_dead_letters', added, 'codes', (SELECT coalesce(jsonb_object_agg(c.code, c.n), '{}') FROM (SELECT w.code, count(*) AS n FROM pg_temp.statement_row w WHERE w.code IS NOT NULL GROUP BY w.code) AS c))
      INTO part FROM pg_temp.statement_row r;
    report := centre.intake_add_reports(report, part);
    PERFORM FROM centre.follow_statements(of_source, centre.today());
    IF FOUND THEN
      RAISE EXCEPTION 'what follows from statements cannot be stored' USING ERRCODE = 'data_exception', HINT = 'centre.record_statements() says what is wrong.';
    END IF;
  END LOOP;
  DROP TABLE pg_temp.statement_doc;
  RETURN report;
END
$$;
COMMENT ON FUNCTION centre.intake_statements(boolean) IS
  'reads documents of landed payloads that are statements (centre.intake_reader), as record_statements() does; those that cannot be stored become dead letters, by the form''s doc_key or their SHA-256. Whom they name stands in the payload alone';
INSERT INTO centre.intake_reader VALUES ('statement', 'centre.intake_statements') ON CONFLICT (target) DO UPDATE SET routine = excluded.routine;

CREATE FUNCTION centre.ministry_engagement(of_month date)
RETURNS TABLE (ministry text, officials bigint, active bigint, active_share float8, ci_lower float8, ci_upper float8, days_each float8, statements bigint, assessments bigint, passed bigint, completed bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH span AS (SELECT $1 AS first, ($1 + interval '1 month')::date AS next, s.reporting_zone AS zone FROM centre.site s),
  said AS (
    SELECT l.subject_id, count(*) AS statements, count(DISTINCT (l.at AT TIME ZONE p.zone)::date) AS days, count(*) FILTER (WHERE l.verb IN ('passed', 'failed')) AS assessments, count(*) FILTER (WHERE l.verb = 'passed') AS passed
    FROM span p JOIN centre.learning_statement l ON l.at >= p.first::timestamp AT TIME ZONE p.zone AND l.at < p.next::timestamp AT TIME ZONE p.zone
    WHERE l.voids IS NULL AND NOT EXISTS (SELECT FROM centre.learning_statement v WHERE v.source = l.source AND v.voids = l.statement) GROUP BY l.subject_id),
  done AS (SELECT l.subject_id, count(*) AS completed FROM span p JOIN centre.learning l ON l.completed_on >= p.first AND l.completed_on < p.next GROUP BY l.subject_id),
  total AS (
    SELECT o.ministry, count(*) AS officials, count(s.subject_id) AS active, coalesce(avg(s.days), 0)::float8 AS days, coalesce(sum(s.statements), 0)::bigint AS statements, coalesce(sum(s.assessments), 0)::bigint AS assessments,
           coalesce(sum(s.passed), 0)::bigint AS passed, coalesce(sum(d.completed), 0)::bigint AS completed
    FROM span p CROSS JOIN LATERAL centre.officials_on(p.next - 1) AS o LEFT JOIN said s USING (subject_id) LEFT JOIN done d USING (subject_id) GROUP BY o.ministry)
  SELECT t.ministry, t.officials, t.active, t.active::float8 / t.officials, w.lower, w.upper, t.days, t.statements, t.assessments, t.passed, t.completed
  FROM total t CROSS JOIN LATERAL civic.wilson_interval(t.active::float8, t.officials::float8) AS w ORDER BY t.ministry;
END;
COMMENT ON FUNCTION centre.ministry_engagement(date) IS
  'ministries in a month by what platforms said: officials in office on its last day, those with any statement and their share with 95 % limits (Wilson), days with one (mean of the active), statements, items and tests assessed and passed, trainings completed. True counts: for the publisher, not for readers';

CREATE POLICY civic_service ON centre.learning_statement TO civic_ticker, civic_publisher USING (true);
CREATE POLICY civic_official ON centre.learning_statement FOR SELECT TO civic_official USING (subject_id IN (SELECT centre.myself()));
GRANT SELECT, INSERT ON centre.learning_statement TO civic_ticker;
GRANT DELETE ON centre.learning TO civic_ticker;
GRANT SELECT ON centre.learning_statement TO civic_publisher, civic_official;
GRANT SELECT ON centre.training_activity TO civic_ticker, civic_publisher, civic_official;
GRANT EXECUTE ON FUNCTION centre.read_statement(jsonb), centre.follow_statements(text, date), centre.store_statements(text, jsonb, date), centre.record_statements(text, jsonb, date), centre.intake_statements(boolean) TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.ministry_engagement(date) TO civic_publisher;
