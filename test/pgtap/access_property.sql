-- Random histories: facts that come late, are corrected and contradict each other, policies that follow and fail each other, overrides.
-- At every simulated hour the codes are those that deciding about everybody anew gives; afterwards every decision replays.
-- The one thing that may differ is valid_until, which is a bound: a code that was decided earlier may ask to be looked at earlier,
-- where of two reasons for one result the first ran out meanwhile.  It is never later, and never past.
\ir ../fixtures/country.sql
SELECT plan(7);
\set histories 20
\set hours 20
\set days 30
\set every 3
\set long ''
\getenv long LONG
SELECT (:'long' <> '') AS is_long \gset
\if :is_long
\set histories 200
\set hours 120
\set days 120
\set every 1
\endif
SELECT setseed(0.20200602);
SELECT centre.ensure_partitions('decision', 'decided_at', '2021-08-01', '2022-01-31') \g /dev/null
UPDATE centre.access_setting SET policy_code = 'random', max_loss = 1;
CREATE TABLE tap.was (worker_id bigint PRIMARY KEY, code civic.access_code);
CREATE TABLE tap.tally (what text PRIMARY KEY, n bigint NOT NULL);

-- an instant near a boundary of one of the policies, or anywhere
CREATE FUNCTION tap.some_time(clock timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.03 THEN 'infinity' WHEN random() < 0.15 THEN clock + (random() - 0.7) * interval '400 days'
              ELSE clock - (ARRAY[0, 0, 3, 4, 7, 7, 14, 14, 15, 180, 270])[1 + floor(random() * 11)::int] * interval '1 day' + (random() - 0.3) * interval '60 hours' END
$$;
-- a new value, none any more, or the old one
CREATE FUNCTION tap.some(clock timestamptz, old timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.75 THEN old WHEN random() < 0.2 THEN NULL ELSE tap.some_time(clock) END
$$;
CREATE FUNCTION tap.some(old boolean) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN random() < 0.85 THEN old WHEN random() < 0.2 THEN NULL ELSE random() < 0.7 END $$;
CREATE FUNCTION tap.some(old text, choice text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN random() < 0.8 THEN old ELSE choice[1 + floor(random() * (cardinality(choice) + 1))::int] END $$;

-- reports arrive: about one worker in five, with the change that says so, in one transaction
CREATE FUNCTION tap.report(clock timestamptz, share float8) RETURNS void LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE centre.worker_fact SET
      approved_from = tap.some(clock, approved_from), approved_until = tap.some(clock, approved_until), movement_until = tap.some(clock, movement_until),
      medical_leave_until = tap.some(clock, medical_leave_until), last_swab_at = tap.some(clock, last_swab_at), last_swab_result = tap.some(last_swab_result, '{negative,negative,positive,pending}'),
      last_negative_at = tap.some(clock, last_negative_at), previous_negative_at = tap.some(clock, previous_negative_at), last_rapid_at = tap.some(clock, last_rapid_at),
      last_rapid_result = tap.some(last_rapid_result, '{negative,positive}'), last_rapid_verified = tap.some(last_rapid_verified), first_positive_at = tap.some(clock, first_positive_at),
      recovered_at = tap.some(clock, recovered_at), fully_vaccinated_at = tap.some(clock, fully_vaccinated_at), contact_at = tap.some(clock, contact_at), risk_area_at = tap.some(clock, risk_area_at),
      dormitory_cleared_at = tap.some(clock, dormitory_cleared_at), block_cleared_at = tap.some(clock, block_cleared_at), in_dormitory = tap.some(in_dormitory), address_conflict = tap.some(address_conflict),
      app_registered = tap.some(app_registered), sector = tap.some(sector, '{construction,marine,services}'), work_feed_at = clock - random() * interval '40 hours',
      residency_feed_at = clock - random() * interval '40 hours', health_feed_at = clock - random() * interval '40 hours'
    WHERE random() < share RETURNING worker_id)
  INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, (ARRAY['fact', 'location', 'feed'])[1 + floor(random() * 3)::int] FROM changed, generate_series(1, 1 + (random() < 0.2)::int)
$$;

-- a timeline of policies, now and then with a gap
CREATE FUNCTION tap.timeline(first timestamptz, hours integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  start timestamptz := first - interval '1 day';
  next timestamptz;
  version integer;
BEGIN
  FOR version IN SELECT ruleset_id FROM centre.ruleset WHERE body::text::jsonb ->> 'kind' = 'access_code' ORDER BY random() LIMIT 2 + floor(random() * 3)::int LOOP
    next := greatest(start, first) + (0.2 + random() * 0.6) * hours * interval '1 hour';
    INSERT INTO centre.policy (ruleset_id, code, status, valid, author, approver, approved_at) VALUES (version, 'random', 'approved', tstzrange(start, next), 'a', 'b', start);
    start := next + CASE WHEN random() < 0.3 THEN random() * 0.3 * hours * interval '1 hour' ELSE '0' END;
    EXIT WHEN start > first + hours * interval '1 hour';
  END LOOP;
END
$$;

-- one hour: what happened, the decisions, and what they should be by deciding about everybody from JSON
CREATE FUNCTION tap.hour(clock timestamptz, share float8) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, civic, centre, tap AS $$
DECLARE
  in_force integer := centre.policy_in_force('random', clock);
  wrong bigint;
BEGIN
  PERFORM tap.report(clock - interval '10 minutes', share);
  IF random() < 0.1 THEN
    DELETE FROM centre.worker_fact WHERE worker_id = (SELECT worker_id FROM centre.worker_fact ORDER BY random() LIMIT 1);
    INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'fact' FROM centre.access a WHERE NOT EXISTS (SELECT FROM centre.worker_fact w WHERE w.worker_id = a.worker_id);
    INSERT INTO centre.worker_fact (worker_id) SELECT 1 + max(worker_id) FROM (SELECT worker_id FROM centre.access UNION ALL SELECT worker_id FROM centre.worker_fact) AS known;
    INSERT INTO centre.worker_change (worker_id, cause) SELECT max(worker_id), 'fact' FROM centre.worker_fact;
  END IF;
  WITH asked AS (
    INSERT INTO centre.access_override (worker_id, colour, reason, requested_by, expires_at, confirmed_by, during)
      SELECT worker_id, (ARRAY['green', 'yellow', 'red', 'grey'])[1 + floor(random() * 4)::int], 'random', 'a', clock + e, 'b', tstzrange(clock - interval '5 minutes', clock + e)
      FROM centre.worker_fact, LATERAL (SELECT (1 + (worker_id * 7 + extract(epoch FROM clock)::bigint / 3600) % 20) * interval '1 hour') AS x (e) WHERE random() < 0.02
      ON CONFLICT DO NOTHING RETURNING worker_id)
  INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'override' FROM asked;
  DELETE FROM tap.was;
  INSERT INTO tap.was SELECT worker_id, code FROM centre.access;
  INSERT INTO tap.tally VALUES ('codes written', centre.reevaluate(clock)) ON CONFLICT (what) DO UPDATE SET n = tally.n + excluded.n;
  IF in_force IS NULL THEN
    SELECT count(*) INTO wrong FROM centre.access a FULL JOIN tap.was w USING (worker_id)
      WHERE a.code IS DISTINCT FROM CASE WHEN civic.valid_until(w.code) <= clock THEN civic.lapse(w.code) ELSE w.code END;
  ELSE
    SELECT count(*) INTO wrong
    FROM (SELECT f.worker_id, CASE WHEN o.override_id IS NULL THEN x.code ELSE civic.override(x.code, o.colour, o.expires_at) END AS code
          FROM centre.worker_fact f CROSS JOIN (SELECT body FROM centre.ruleset WHERE ruleset_id = in_force) AS r CROSS JOIN LATERAL (SELECT civic.access_json(r.body, in_force, clock, to_jsonb(f))) AS x (code)
          LEFT JOIN centre.access_override o ON o.worker_id = f.worker_id AND o.during @> clock) AS should
    FULL JOIN centre.access a USING (worker_id)
    WHERE regexp_replace(a.code::text, 'valid_until=\S+', '') IS DISTINCT FROM regexp_replace(should.code::text, 'valid_until=\S+', '')
       OR civic.valid_until(a.code) <= clock OR civic.valid_until(a.code) > civic.valid_until(should.code);
  END IF;
  INSERT INTO tap.tally VALUES ('codes compared', (SELECT count(*) FROM centre.access)), ('hours', 1), ('hours without a policy', (in_force IS NULL)::int) ON CONFLICT (what) DO UPDATE SET n = tally.n + excluded.n;
  RETURN wrong;
END
$$;

CREATE FUNCTION tap.history(first timestamptz, hours integer, every integer, workers integer, share float8) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint := 0;
BEGIN
  UPDATE centre.access_state SET ruleset_id = NULL, reevaluated_at = NULL;
  DELETE FROM centre.policy_event; DELETE FROM centre.policy;
  TRUNCATE centre.worker_fact, centre.worker_change, centre.access, centre.decision, centre.access_override CASCADE;
  PERFORM tap.timeline(first, hours);
  INSERT INTO centre.worker_fact (worker_id) SELECT generate_series(1, workers);
  FOR i IN 1 .. 6 LOOP PERFORM tap.report(first, 1); END LOOP;
  FOR hour IN 0 .. hours - 1 BY every LOOP
    wrong := wrong + tap.hour(first + hour * interval '1 hour', share);
  END LOOP;
  INSERT INTO tap.tally SELECT 'cause ' || cause, count(*) FROM centre.decision GROUP BY 1 ON CONFLICT (what) DO UPDATE SET n = tally.n + excluded.n;
  INSERT INTO tap.tally SELECT 'colour ' || civic.colour(code), count(*) FROM centre.decision GROUP BY 1 ON CONFLICT (what) DO UPDATE SET n = tally.n + excluded.n;
  RETURN wrong;
END
$$;

-- histories, each with its own workers and policies; the codes of each hour, then the replay of each history
CREATE TABLE tap.result (history integer, wrong bigint, faults bigint);
SELECT format('INSERT INTO tap.result SELECT %s, tap.history(%L, %s, 1, 15, 0.2)', h, '2021-09-01 00:00+00'::timestamptz + h * interval '31 hours', :hours),
       format('UPDATE tap.result SET faults = (SELECT count(*) FROM centre.replay_faults()) WHERE history = %s', h)
FROM generate_series(1, :histories) AS h \gexec
SELECT is((SELECT sum(wrong) FROM tap.result), 0::numeric, 'at each hour of ' || :histories || ' histories, re-evaluating gives what deciding about everybody gives');
SELECT is((SELECT sum(faults) FROM tap.result), 0::numeric, 'and every decision of them replays');
-- thirty days of one population
SELECT is(tap.history('2021-10-01 00:00+00', :days * 24, :every, 40, 0.04), 0::bigint, 'so throughout ' || :days || ' days');
SELECT cmp_ok((SELECT count(*) FROM centre.decision), '>', 500::bigint, 'whose decisions are many');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'and replay to the last bit');
SELECT set_eq($$SELECT what FROM tap.tally WHERE n > 0$$, ARRAY['codes written', 'codes compared', 'hours', 'hours without a policy', 'cause fact', 'cause location', 'cause feed', 'cause override', 'cause time', 'cause policy', 'cause lapse',
  'colour green', 'colour yellow', 'colour red', 'colour grey'], 'everything happened');
SELECT diag(string_agg(format('%s %s', what, n), ', ' ORDER BY what)) FROM tap.tally;
SELECT diag('CPU seconds ' || split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9);
-- a log that was tampered with is found
ALTER TABLE centre.decision DISABLE TRIGGER civic_logged_once;
UPDATE centre.decision SET code = civic.override(code, 'green', '2031-01-01') WHERE decision_id = (SELECT min(decision_id) FROM centre.decision WHERE civic.colour(code) = 'red' AND override_id IS NULL);
SELECT is((SELECT count(*) FROM centre.replay_faults()), 1::bigint, 'a decision that was changed is found');
SELECT * FROM finish();
