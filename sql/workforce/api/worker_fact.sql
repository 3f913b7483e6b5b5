-- Statements of agencies to one row of facts a worker.  One refresh runs at a time; it takes the marks first and reads
-- the statements after, so what is committed meanwhile is either read now or still marked.

CREATE FUNCTION centre.refresh_take(most integer, clock timestamptz) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  taken bigint[];
BEGIN
  -- A topic that has been heard again for long enough is told to everybody.
  WITH heard AS (
    SELECT k.topic, CASE WHEN bool_and(f.heard_at IS NOT NULL) THEN min(f.heard_at) END AS at
    FROM centre.feed f JOIN centre.feed_kind k ON k.kind = f.kind WHERE f.required GROUP BY k.topic),
  stamped AS (
    UPDATE centre.feed_topic t SET stamped_at = h.at FROM heard h
      WHERE h.topic = t.topic AND (t.stamped_at IS NULL OR h.at >= t.stamped_at + t.step) AND h.at IS NOT NULL RETURNING 1)
  INSERT INTO centre.fact_mark SELECT FROM (SELECT FROM stamped LIMIT 1) AS any_topic;
  -- Groups become workers: now, when nobody else moves workers between groups.
  IF EXISTS (SELECT FROM centre.fact_mark WHERE worker_id IS NULL) THEN
    WITH grouped AS (
      DELETE FROM centre.fact_mark WHERE worker_id IS NULL RETURNING employer_id, premises_id, sector),
    concerned AS (
      SELECT w.worker_id FROM centre.worker w WHERE w.employer_id IN (SELECT employer_id FROM grouped)
      UNION SELECT w.worker_id FROM centre.worker w WHERE w.site_id IN (SELECT premises_id FROM grouped)
      UNION SELECT l.worker_id FROM centre.location l WHERE upper_inf(l.during) AND l.premises_id IN (SELECT premises_id FROM grouped)
      UNION SELECT w.worker_id FROM centre.worker w JOIN centre.employer e ON e.employer_id = w.employer_id WHERE e.sector IN (SELECT sector FROM grouped)
      UNION SELECT w.worker_id FROM centre.worker w WHERE EXISTS (SELECT FROM grouped WHERE num_nonnulls(employer_id, premises_id, sector) = 0))
    INSERT INTO centre.fact_mark (worker_id) SELECT c.worker_id FROM concerned c;
  END IF;
  WITH due AS (DELETE FROM centre.worker_due WHERE due_at <= clock RETURNING worker_id)
  INSERT INTO centre.fact_mark (worker_id) SELECT d.worker_id FROM due d;
  WITH first_marks AS (
    -- by ctid, as drain_cells() does and for its reason
    DELETE FROM centre.fact_mark WHERE ctid = ANY (ARRAY(SELECT m.ctid FROM centre.fact_mark m WHERE m.worker_id IS NOT NULL ORDER BY m.mark_id LIMIT most)) RETURNING worker_id)
  SELECT array_agg(t.worker_id ORDER BY t.worker_id) INTO taken FROM (SELECT f.worker_id FROM first_marks f UNION SELECT centre.stuck_due('worker_facts')) AS t (worker_id);
  RETURN coalesce(taken, '{}');
END
$$;
COMMENT ON FUNCTION centre.refresh_take(integer, timestamptz) IS 'inner part of refresh_worker_facts(): the workers of the oldest marks, and those whom it is time to try again';

CREATE FUNCTION centre.refresh_work(clock timestamptz, until timestamptz DEFAULT 'infinity') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_work ON COMMIT DROP AS
    WITH person AS (
      SELECT w.worker_id, w.employer_id, w.site_id, w.language, e.sector
      FROM pg_temp.refresh_worker r JOIN centre.worker w ON w.worker_id = r.worker_id LEFT JOIN centre.employer e ON e.employer_id = w.employer_id
      WHERE NOT w.withdrawn),
    permission AS (
      SELECT p.worker_id, a.valid_from, a.valid_until FROM person p JOIN centre.approval a ON a.worker_id = p.worker_id WHERE NOT a.withdrawn
      UNION ALL SELECT p.worker_id, a.valid_from, a.valid_until FROM person p JOIN centre.approval a ON a.employer_id = p.employer_id WHERE NOT a.withdrawn
      UNION ALL SELECT p.worker_id, a.valid_from, a.valid_until FROM person p JOIN centre.approval a ON a.premises_id = p.site_id WHERE NOT a.withdrawn
      UNION ALL SELECT p.worker_id, a.valid_from, a.valid_until FROM person p JOIN centre.approval a ON a.sector = p.sector WHERE NOT a.withdrawn),
    period AS (
      SELECT m.worker_id, lower(s.span) AS begins, upper(s.span) AS ends
      FROM (SELECT worker_id, range_agg(tstzrange(valid_from, valid_until)) AS spans FROM permission GROUP BY worker_id) AS m, unnest(m.spans) AS s (span)),
    -- the last period that has begun, else the first to come: only a beginning changes it
    approved AS (
      SELECT DISTINCT ON (worker_id) worker_id, begins, ends FROM period
      ORDER BY worker_id, begins > clock, CASE WHEN begins > clock THEN begins END, begins DESC),
    barred AS (
      SELECT p.worker_id, max(n.valid_until) FILTER (WHERE n.valid_from <= clock) AS until, min(n.valid_from) FILTER (WHERE n.valid_from > clock) AS due_at
      FROM person p JOIN centre.non_compliance n ON n.worker_id = p.worker_id WHERE NOT n.withdrawn GROUP BY p.worker_id),
    app AS (
      SELECT DISTINCT ON (a.worker_id) a.worker_id, a.registered FROM person p JOIN centre.app_registration a ON a.worker_id = p.worker_id
      WHERE NOT a.withdrawn AND a.since <= until ORDER BY a.worker_id, a.since DESC, a.issued_at DESC, a.agency, a.source_key)
    SELECT p.worker_id, p.employer_id, p.language, p.sector, a.begins AS approved_from, a.ends AS approved_until, b.until AS non_compliant_until, app.registered AS app_registered,
           least(b.due_at, f.due_at) AS due_at
    FROM person p LEFT JOIN approved a ON a.worker_id = p.worker_id
    LEFT JOIN (SELECT worker_id, min(begins) AS due_at FROM period WHERE begins > clock GROUP BY worker_id) AS f ON f.worker_id = p.worker_id
    LEFT JOIN barred b ON b.worker_id = p.worker_id LEFT JOIN app ON app.worker_id = p.worker_id;
  ANALYZE pg_temp.refresh_work;
END
$$;
COMMENT ON FUNCTION centre.refresh_work(timestamptz, timestamptz) IS 'inner part of refresh_worker_facts(): who works for whom, approvals, bars and registration (those since an instant), in the temporary table refresh_work';

CREATE FUNCTION centre.refresh_tests(until timestamptz DEFAULT 'infinity') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_tests ON COMMIT DROP AS
    WITH test AS MATERIALIZED (
      SELECT t.worker_id, t.type, t.result, t.verified, t.sampled_at, t.issued_at, t.agency, t.source_key
      FROM pg_temp.refresh_worker r JOIN centre.test_result t ON t.worker_id = r.worker_id WHERE NOT t.withdrawn AND t.sampled_at <= until),
    newest AS (
      SELECT DISTINCT ON (worker_id, type) worker_id, type, sampled_at, result, verified FROM test ORDER BY worker_id, type, sampled_at DESC, issued_at DESC, agency, source_key),
    last AS (
      SELECT worker_id, max(sampled_at) FILTER (WHERE result = 'negative') AS negative_at, max(sampled_at) FILTER (WHERE result = 'positive') AS positive_at
      FROM test WHERE type = 'pcr' GROUP BY worker_id),
    recovered AS (
      SELECT v.worker_id, max(v.recovered_at) FILTER (WHERE v.recovered_at >= coalesce(l.positive_at, '-infinity')) AS at,
             max(v.recovered_at) FILTER (WHERE v.recovered_at < l.positive_at) AS before_at
      FROM pg_temp.refresh_worker r JOIN centre.recovery v ON v.worker_id = r.worker_id LEFT JOIN last l ON l.worker_id = v.worker_id
      WHERE NOT v.withdrawn AND v.recovered_at <= until GROUP BY v.worker_id),
    episode AS (
      SELECT t.worker_id, min(t.sampled_at) FILTER (WHERE t.result = 'positive' AND t.sampled_at > coalesce(v.before_at, '-infinity')) AS first_positive_at,
             max(t.sampled_at) FILTER (WHERE t.result = 'negative' AND t.sampled_at <= l.negative_at - interval '24 hours') AS previous_negative_at
      FROM test t JOIN last l ON l.worker_id = t.worker_id LEFT JOIN recovered v ON v.worker_id = t.worker_id
      WHERE t.type = 'pcr' GROUP BY t.worker_id)
    SELECT r.worker_id, swab.sampled_at AS last_swab_at, swab.result AS last_swab_result, l.negative_at AS last_negative_at, e.previous_negative_at,
           rapid.sampled_at AS last_rapid_at, rapid.result AS last_rapid_result, rapid.verified AS last_rapid_verified, e.first_positive_at, v.at AS recovered_at
    FROM pg_temp.refresh_worker r
    LEFT JOIN newest swab ON swab.worker_id = r.worker_id AND swab.type = 'pcr' LEFT JOIN newest rapid ON rapid.worker_id = r.worker_id AND rapid.type = 'rapid'
    LEFT JOIN last l ON l.worker_id = r.worker_id LEFT JOIN episode e ON e.worker_id = r.worker_id LEFT JOIN recovered v ON v.worker_id = r.worker_id;
  ANALYZE pg_temp.refresh_tests;
END
$$;
COMMENT ON FUNCTION centre.refresh_tests(timestamptz) IS 'inner part of refresh_worker_facts(): tests, infections and recoveries until an instant, in the temporary table refresh_tests';

CREATE FUNCTION centre.refresh_health(clock timestamptz, until timestamptz DEFAULT 'infinity') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_health ON COMMIT DROP AS
    WITH confined AS (
      SELECT o.worker_id, max(o.valid_until) FILTER (WHERE o.kind <> 'medical_leave' AND o.valid_from <= clock) AS movement_until,
             max(o.valid_until) FILTER (WHERE o.kind = 'medical_leave' AND o.valid_from <= clock) AS leave_until, min(o.valid_from) FILTER (WHERE o.valid_from > clock) AS due_at
      FROM pg_temp.refresh_worker r JOIN centre.movement_order o ON o.worker_id = r.worker_id WHERE NOT o.withdrawn GROUP BY o.worker_id),
    vulnerable AS (
      SELECT v.worker_id, bool_or(v.valid_from <= clock AND v.valid_until > clock) AS now,
             least(min(v.valid_from) FILTER (WHERE v.valid_from > clock), min(v.valid_until) FILTER (WHERE v.valid_until > clock)) AS due_at
      FROM pg_temp.refresh_worker r JOIN centre.vulnerability v ON v.worker_id = r.worker_id WHERE NOT v.withdrawn GROUP BY v.worker_id),
    dose AS (
      SELECT v.worker_id, v.given_at, row_number() OVER (PARTITION BY v.worker_id ORDER BY v.given_at, v.agency, v.source_key) AS n, coalesce(p.doses, 2) AS course
      FROM pg_temp.refresh_worker r JOIN centre.vaccination v ON v.worker_id = r.worker_id LEFT JOIN centre.vaccine p ON p.product = v.product WHERE NOT v.withdrawn AND v.given_at <= until),
    vaccinated AS (
      SELECT worker_id, count(*)::integer AS doses, min(given_at) FILTER (WHERE n >= course) AS fully_at FROM dose GROUP BY worker_id),
    exposed AS (
      SELECT x.worker_id, max(x.exposed_at) FILTER (WHERE x.kind = 'contact') AS contact_at, max(x.exposed_at) FILTER (WHERE x.kind = 'risk_area') AS risk_area_at
      FROM pg_temp.refresh_worker r JOIN centre.exposure x ON x.worker_id = r.worker_id WHERE NOT x.withdrawn AND x.exposed_at <= until GROUP BY x.worker_id)
    SELECT r.worker_id, o.movement_until, o.leave_until AS medical_leave_until, coalesce(u.now, false) AS vulnerable, coalesce(v.doses, 0) AS doses, v.fully_at AS fully_vaccinated_at,
           x.contact_at, x.risk_area_at, least(o.due_at, nullif(u.due_at, 'infinity')) AS due_at
    FROM pg_temp.refresh_worker r LEFT JOIN confined o ON o.worker_id = r.worker_id LEFT JOIN vulnerable u ON u.worker_id = r.worker_id
    LEFT JOIN vaccinated v ON v.worker_id = r.worker_id LEFT JOIN exposed x ON x.worker_id = r.worker_id;
  ANALYZE pg_temp.refresh_health;
END
$$;
COMMENT ON FUNCTION centre.refresh_health(timestamptz, timestamptz) IS 'inner part of refresh_worker_facts(): orders, leave, vulnerability, doses and exposures (those until an instant), in the temporary table refresh_health';

CREATE FUNCTION centre.refresh_due(clock timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_due ON COMMIT DROP AS
    SELECT w.worker_id, least(w.due_at, h.due_at, p.due_at, l.due_at) AS due_at
    FROM pg_temp.refresh_work w JOIN pg_temp.refresh_health h ON h.worker_id = w.worker_id
    LEFT JOIN pg_temp.refresh_place p ON p.worker_id = w.worker_id
    LEFT JOIN (SELECT x.worker_id, min(x.observed_at) AS due_at FROM pg_temp.refresh_worker r JOIN centre.location_claim x ON x.worker_id = r.worker_id
               WHERE NOT x.withdrawn AND x.observed_at > clock GROUP BY x.worker_id) AS l ON l.worker_id = w.worker_id;
  DELETE FROM centre.worker_due d USING pg_temp.refresh_worker r WHERE d.worker_id = r.worker_id;
  INSERT INTO centre.worker_due (worker_id, due_at) SELECT worker_id, due_at FROM pg_temp.refresh_due WHERE due_at IS NOT NULL;
  DROP TABLE pg_temp.refresh_due;
END
$$;
COMMENT ON FUNCTION centre.refresh_due(timestamptz) IS 'inner part of refresh_worker_facts(): when time alone next changes the rows of the workers of refresh_worker';

CREATE FUNCTION centre.refresh_facts() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_fact ON COMMIT DROP AS
    SELECT w.worker_id, w.employer_id, w.language, w.sector, w.app_registered, h.vulnerable, w.approved_from, w.approved_until, w.non_compliant_until,
           CASE WHEN p.kind = 'dormitory' THEN p.premises_id END AS dormitory_id, p.area_id, p.kind = 'dormitory' AS in_dormitory,
           CASE WHEN p.kind = 'dormitory' THEN p.cleared_at END AS dormitory_cleared_at, b.cleared_at AS block_cleared_at, l.conflict AS address_conflict,
           l.stale AS address_stale, h.movement_until, h.medical_leave_until, t.last_swab_at, t.last_swab_result, t.last_negative_at, t.previous_negative_at,
           t.last_rapid_at, t.last_rapid_result, t.last_rapid_verified, t.first_positive_at, t.recovered_at, h.doses, h.fully_vaccinated_at, h.contact_at,
           h.risk_area_at, feed.work_feed_at, feed.residency_feed_at, feed.health_feed_at
    FROM pg_temp.refresh_work w JOIN pg_temp.refresh_tests t ON t.worker_id = w.worker_id JOIN pg_temp.refresh_health h ON h.worker_id = w.worker_id
    LEFT JOIN pg_temp.refresh_place l ON l.worker_id = w.worker_id LEFT JOIN centre.premises p ON p.premises_id = l.premises_id AND NOT p.withdrawn
    LEFT JOIN centre.room m ON m.room_id = l.room_id
    LEFT JOIN (SELECT premises_id, block, min(cleared_at) AS cleared_at FROM centre.block WHERE NOT withdrawn GROUP BY premises_id, block) AS b
      ON b.premises_id = p.premises_id AND b.block = m.block
    CROSS JOIN (SELECT max(stamped_at) FILTER (WHERE topic = 'work') AS work_feed_at, max(stamped_at) FILTER (WHERE topic = 'residency') AS residency_feed_at,
                       max(stamped_at) FILTER (WHERE topic = 'health') AS health_feed_at FROM centre.feed_topic) AS feed;
END
$$;
COMMENT ON FUNCTION centre.refresh_facts() IS 'inner part of refresh_worker_facts(): one row a worker of what the other parts found, in the temporary table refresh_fact';

CREATE FUNCTION centre.refresh_store() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE refresh_change ON COMMIT DROP AS
    SELECT r.worker_id, CASE
      WHEN f.worker_id IS NULL OR n.worker_id IS NULL
        OR ROW(f.employer_id, f.language, f.sector, f.app_registered, f.vulnerable, f.approved_from, f.approved_until, f.non_compliant_until, f.movement_until,
            f.medical_leave_until, f.last_swab_at, f.last_swab_result, f.last_negative_at, f.previous_negative_at, f.last_rapid_at, f.last_rapid_result,
            f.last_rapid_verified, f.first_positive_at, f.recovered_at, f.doses, f.fully_vaccinated_at, f.contact_at, f.risk_area_at)
           IS DISTINCT FROM
           ROW(n.employer_id, n.language, n.sector, n.app_registered, n.vulnerable, n.approved_from, n.approved_until, n.non_compliant_until, n.movement_until,
            n.medical_leave_until, n.last_swab_at, n.last_swab_result, n.last_negative_at, n.previous_negative_at, n.last_rapid_at, n.last_rapid_result,
            n.last_rapid_verified, n.first_positive_at, n.recovered_at, n.doses, n.fully_vaccinated_at, n.contact_at, n.risk_area_at) THEN 'fact'
      WHEN ROW(f.dormitory_id, f.area_id, f.in_dormitory, f.dormitory_cleared_at, f.block_cleared_at, f.address_conflict, f.address_stale)
           IS DISTINCT FROM
           ROW(n.dormitory_id, n.area_id, n.in_dormitory, n.dormitory_cleared_at, n.block_cleared_at, n.address_conflict, n.address_stale) THEN 'location'
      ELSE 'feed' END AS cause
    FROM pg_temp.refresh_worker r LEFT JOIN centre.worker_fact f ON f.worker_id = r.worker_id LEFT JOIN pg_temp.refresh_fact n ON n.worker_id = r.worker_id
    WHERE ROW(f.worker_id, f.employer_id, f.language, f.sector, f.app_registered, f.vulnerable, f.approved_from, f.approved_until, f.non_compliant_until, f.dormitory_id,
            f.area_id, f.in_dormitory, f.dormitory_cleared_at, f.block_cleared_at, f.address_conflict, f.address_stale, f.movement_until, f.medical_leave_until,
            f.last_swab_at, f.last_swab_result, f.last_negative_at, f.previous_negative_at, f.last_rapid_at, f.last_rapid_result, f.last_rapid_verified,
            f.first_positive_at, f.recovered_at, f.doses, f.fully_vaccinated_at, f.contact_at, f.risk_area_at, f.work_feed_at, f.residency_feed_at,
            f.health_feed_at)
       IS DISTINCT FROM
       ROW(n.worker_id, n.employer_id, n.language, n.sector, n.app_registered, n.vulnerable, n.approved_from, n.approved_until, n.non_compliant_until, n.dormitory_id,
            n.area_id, n.in_dormitory, n.dormitory_cleared_at, n.block_cleared_at, n.address_conflict, n.address_stale, n.movement_until, n.medical_leave_until,
            n.last_swab_at, n.last_swab_result, n.last_negative_at, n.previous_negative_at, n.last_rapid_at, n.last_rapid_result, n.last_rapid_verified,
            n.first_positive_at, n.recovered_at, n.doses, n.fully_vaccinated_at, n.contact_at, n.risk_area_at, n.work_feed_at, n.residency_feed_at,
            n.health_feed_at);
  ANALYZE pg_temp.refresh_change;
  DELETE FROM centre.worker_fact f USING pg_temp.refresh_change c
    WHERE f.worker_id = c.worker_id AND NOT EXISTS (SELECT FROM pg_temp.refresh_fact n WHERE n.worker_id = f.worker_id);
  INSERT INTO centre.worker_fact AS f (worker_id, employer_id, language, sector, app_registered, vulnerable, approved_from, approved_until, non_compliant_until, dormitory_id, area_id, in_dormitory,
      dormitory_cleared_at, block_cleared_at, address_conflict, address_stale, movement_until, medical_leave_until, last_swab_at, last_swab_result,
      last_negative_at, previous_negative_at, last_rapid_at, last_rapid_result, last_rapid_verified, first_positive_at, recovered_at, doses,
      fully_vaccinated_at, contact_at, risk_area_at, work_feed_at, residency_feed_at, health_feed_at)
    SELECT n.worker_id, n.employer_id, n.language, n.sector, n.app_registered, n.vulnerable, n.approved_from, n.approved_until, n.non_compliant_until, n.dormitory_id,
            n.area_id, n.in_dormitory, n.dormitory_cleared_at, n.block_cleared_at, n.address_conflict, n.address_stale, n.movement_until, n.medical_leave_until,
            n.last_swab_at, n.last_swab_result, n.last_negative_at, n.previous_negative_at, n.last_rapid_at, n.last_rapid_result, n.last_rapid_verified,
            n.first_positive_at, n.recovered_at, n.doses, n.fully_vaccinated_at, n.contact_at, n.risk_area_at, n.work_feed_at, n.residency_feed_at,
            n.health_feed_at
    FROM pg_temp.refresh_fact n JOIN pg_temp.refresh_change c ON c.worker_id = n.worker_id ORDER BY n.worker_id
    ON CONFLICT (worker_id) DO UPDATE SET employer_id = excluded.employer_id, language = excluded.language, sector = excluded.sector, app_registered = excluded.app_registered,
      vulnerable = excluded.vulnerable, approved_from = excluded.approved_from, approved_until = excluded.approved_until,
      non_compliant_until = excluded.non_compliant_until, dormitory_id = excluded.dormitory_id, area_id = excluded.area_id,
      in_dormitory = excluded.in_dormitory, dormitory_cleared_at = excluded.dormitory_cleared_at, block_cleared_at = excluded.block_cleared_at,
      address_conflict = excluded.address_conflict, address_stale = excluded.address_stale, movement_until = excluded.movement_until,
      medical_leave_until = excluded.medical_leave_until, last_swab_at = excluded.last_swab_at, last_swab_result = excluded.last_swab_result,
      last_negative_at = excluded.last_negative_at, previous_negative_at = excluded.previous_negative_at, last_rapid_at = excluded.last_rapid_at,
      last_rapid_result = excluded.last_rapid_result, last_rapid_verified = excluded.last_rapid_verified, first_positive_at = excluded.first_positive_at,
      recovered_at = excluded.recovered_at, doses = excluded.doses, fully_vaccinated_at = excluded.fully_vaccinated_at, contact_at = excluded.contact_at,
      risk_area_at = excluded.risk_area_at, work_feed_at = excluded.work_feed_at, residency_feed_at = excluded.residency_feed_at,
      health_feed_at = excluded.health_feed_at;
  INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, cause FROM pg_temp.refresh_change;
  DROP TABLE pg_temp.refresh_fact, pg_temp.refresh_change;
END
$$;
COMMENT ON FUNCTION centre.refresh_store() IS
  'inner part of refresh_worker_facts(): rows that differ into worker_fact, and their workers with the cause into worker_change; a worker who is withdrawn loses the row';

CREATE FUNCTION centre.refresh_workers(workers bigint[], context jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  clock timestamptz := context ->> 'clock';
BEGIN
  CREATE TEMP TABLE refresh_worker (worker_id bigint PRIMARY KEY) ON COMMIT DROP;
  INSERT INTO pg_temp.refresh_worker SELECT unnest(workers);
  ANALYZE pg_temp.refresh_worker;
  PERFORM centre.resolve_locations(clock);
  PERFORM centre.refresh_work(clock);
  PERFORM centre.refresh_tests();
  PERFORM centre.refresh_health(clock);
  PERFORM centre.store_locations(clock);
  PERFORM centre.refresh_due(clock);
  PERFORM centre.refresh_facts();
  PERFORM centre.refresh_store();
  DROP TABLE pg_temp.refresh_place, pg_temp.refresh_work, pg_temp.refresh_tests, pg_temp.refresh_health, pg_temp.refresh_worker;
  RETURN cardinality(workers);
END
$$;
COMMENT ON FUNCTION centre.refresh_workers(bigint[], jsonb) IS 'inner part of refresh_worker_facts(): the facts of some workers at the context''s clock; its parts share the temporary table refresh_worker';

CREATE FUNCTION centre.refresh_worker_facts(most integer DEFAULT 100000, clock timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'facts are refreshed in transactions of isolation level read committed' USING ERRCODE = 'invalid_transaction_state',
      DETAIL = format('The level is %s.', current_setting('transaction_isolation')),
      HINT = 'An older snapshot would write facts that have changed since, after their mark was taken.';
  END IF;
  PERFORM centre.take_turn('worker facts');
  RETURN centre.work_apart('worker_facts', 'worker', 'centre.refresh_workers', centre.refresh_take(most, clock), jsonb_build_object('clock', clock));
END
$$;
COMMENT ON FUNCTION centre.refresh_worker_facts(integer, timestamptz) IS
  'bring worker_fact up to date for at most so many marked workers (and those whom time concerns at the clock), writing only rows that differ, with one row of worker_change each in the same transaction; gives how many workers it looked at, nought when nothing is left. A worker for whom that fails is left out (centre.stuck_row). One runs at a time; another waits until it commits';

CREATE FUNCTION centre.fact_json(facts centre.worker_fact) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE SET timezone = 'UTC'
BEGIN ATOMIC
  SELECT CASE WHEN j.doc::text !~ '"\d{5,}-\d\d-\d\dT| BC"' THEN j.doc
              ELSE (SELECT jsonb_object_agg(e.key, CASE WHEN jsonb_typeof(e.value) <> 'string' OR e.value #>> '{}' !~ '^\d{4,}-\d\d-\d\dT' THEN e.value
                                                        WHEN e.value #>> '{}' ~ ' BC$' THEN '"-infinity"' WHEN e.value #>> '{}' ~ '^\d{5}' THEN '"infinity"' ELSE e.value END) FROM jsonb_each(j.doc) AS e) END
  FROM (SELECT to_jsonb(facts) AS doc) AS j;
END;
COMMENT ON FUNCTION centre.fact_json(centre.worker_fact) IS
  'a worker''s facts as evaluate_json() and explain() take them; instants that ISO 8601 cannot say (before the year 1, after 9999) are infinite there, so that no single worker breaks a list; null of null';

GRANT SELECT, INSERT, UPDATE, DELETE ON centre.worker_fact TO civic_ticker;
GRANT SELECT, INSERT ON centre.worker_change TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.fact_json(centre.worker_fact), centre.refresh_take(integer, timestamptz), centre.refresh_work(timestamptz, timestamptz), centre.refresh_tests(timestamptz), centre.refresh_health(timestamptz, timestamptz), centre.refresh_facts(), centre.refresh_due(timestamptz),
  centre.refresh_store(), centre.refresh_workers(bigint[], jsonb), centre.refresh_worker_facts(integer, timestamptz) TO civic_ticker;

INSERT INTO centre.tick_job (step, place, routine, again) VALUES ('worker_facts', 60, 'centre.refresh_worker_facts', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, again = excluded.again;

CREATE VIEW centre.figure_workforce AS
  SELECT 'pending_workers' AS code, count(*)::float8 AS value, 'marks' AS unit, NULL::timestamptz AS "time" FROM centre.fact_mark;
COMMENT ON VIEW centre.figure_workforce IS 'figures of centre.health(): marks of facts that wait for centre.refresh_worker_facts()';
INSERT INTO centre.health_part (relation) VALUES ('centre.figure_workforce') ON CONFLICT DO NOTHING;
