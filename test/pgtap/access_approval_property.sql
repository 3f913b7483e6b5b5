-- Random histories of assessing, editing, approving, withdrawing, emergencies, clocks and feeds: whatever the order, no version comes into force
-- that takes away more than was acknowledged.  The loss is counted by hand, worker by worker from JSON, at the instant at which a version begins to decide.
-- EVENTS and SEED make another part of such a history.  Everything happens within milliseconds of the real clock, so that versions wait, start and turn between the events; what is asked holds at any speed.
SET search_path = tap, public, pg_catalog;
SELECT plan(8);
SET client_min_messages = error;
\set events 192
\set long ''
\getenv long LONG
SELECT (:'long' <> '') AS is_long \gset
\if :is_long
\set events 10000
\endif
-- a part of many
\set seed 0.20211130
\getenv events EVENTS
\getenv seed SEED
SELECT setseed(:seed);
UPDATE centre.access_setting SET policy_code = 'prop', max_loss = 0.1, impact_instants = 5, horizon = '3 days', max_jump = '10 seconds';
UPDATE centre.policy_setting SET notice = '3 ms';
INSERT INTO centre.worker_fact (worker_id) SELECT generate_series(1, 20);
CREATE TABLE tap.seen (ruleset_id integer PRIMARY KEY, loss float8);
CREATE TABLE tap.start (happened bigint, before integer, version integer, loss float8, acknowledged float8);
CREATE TABLE tap.tally (what text PRIMARY KEY, n bigint NOT NULL);
CREATE FUNCTION tap.count(event text) RETURNS void LANGUAGE sql AS $$ INSERT INTO tap.tally VALUES (event, 1) ON CONFLICT (what) DO UPDATE SET n = tally.n + 1 $$;
CREATE FUNCTION tap.pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;

-- hours of a day, a weekday, or both, in a zone; or a weekday as it is some hours later, which turns at an hour that is written nowhere
CREATE FUNCTION tap.hours() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  zone text := tap.pick('Asia/Singapore', 'UTC', 'America/New_York');
  from_hour time := make_time(floor(random() * 23)::int, floor(random() * 59)::int, 0);
  hour jsonb := jsonb_build_object('not-after', jsonb_build_array(to_char(from_hour, 'HH24:MI'), jsonb_build_object('time', jsonb_build_array('{"now": []}'::jsonb, zone)),
    to_char(least(from_hour + random() * interval '9 hours', CASE WHEN from_hour < '14:00' THEN time '23:59' ELSE '23:59' END), 'HH24:MI')));
  day jsonb := jsonb_build_object('===', jsonb_build_array(jsonb_build_object('weekday', jsonb_build_array('{"now": []}'::jsonb, zone)), 1 + floor(random() * 7)::int));
BEGIN
  RETURN CASE floor(random() * 4)::int WHEN 0 THEN hour WHEN 1 THEN day WHEN 2 THEN jsonb_build_object('and', jsonb_build_array(day, hour))
    ELSE jsonb_set(day, '{===,0,weekday,0}', jsonb_build_object('plusTime', jsonb_build_array('{"now": []}'::jsonb, 1 + floor(random() * 11)::int, 'hour'::text))) END;
END $$;

-- a rule about swabs, now and then one of a sector from or until a date close by, or at hours and weekdays, one of feeds, one of a fact that may be unknown; now and then other colours
CREATE FUNCTION tap.body() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  date_near jsonb := to_jsonb(clock_timestamp() + (random() * 200 - 40) * interval '1 ms');
  rules jsonb := jsonb_build_array(jsonb_build_object('id', 'swab', 'group', 'health', 'assert', jsonb_build_object('before', jsonb_build_array('{"now": []}'::jsonb,
    jsonb_build_object('plusTime', jsonb_build_array('{"var": "last_swab_at"}'::jsonb, (3 + floor(random() * 12))::int, 'day'::text))))));
BEGIN
  IF random() < 0.6 THEN
    rules := rules || jsonb_build_array(jsonb_build_object('id', 'sector', 'group', 'work', 'assert', jsonb_build_object('or', jsonb_build_array(
      jsonb_build_object(tap.pick('before', 'not-before', 'after', 'not-after'), jsonb_build_array('{"now": []}'::jsonb, date_near)), jsonb_build_object('===', jsonb_build_array('{"var": "sector"}'::jsonb, tap.pick('a', 'b', 'c')))))));
  END IF;
  IF random() < 0.5 THEN
    rules := rules || jsonb_build_array(jsonb_build_object('id', 'hours', 'group', 'work', 'assert', jsonb_build_object('!', jsonb_build_object('and', jsonb_build_array(tap.hours(), jsonb_build_object('in', jsonb_build_array('{"var": "sector"}'::jsonb,
      jsonb_build_array(tap.pick('a', 'b', 'c'), tap.pick('a', 'b', 'c')))))))));
  END IF;
  IF random() < 0.3 THEN
    rules := rules || '[{"id": "feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "health_feed_at"}, 12, "hour"]}]}}]';
  END IF;
  IF random() < 0.15 THEN
    rules := rules || '[{"id": "app", "assert": {"or": [{"var": "app_registered"}, {"===": [{"var": "sector"}, "a"]}]}}]';
  END IF;
  RETURN jsonb_build_object('name', 'prop', 'kind', 'access_code', 'version', gen_random_uuid(), 'rules', rules,
    'facts', '[{"name": "last_swab_at", "type": "timestamptz", "null": "unknown"}, {"name": "sector", "type": "text", "null": "unknown"}, {"name": "health_feed_at", "type": "timestamptz", "null": "unknown"}, {"name": "app_registered", "type": "boolean", "null": "unknown"}]'::jsonb,
    'outcomes', CASE WHEN rules @> '[{"id": "feed"}]' THEN '[{"if": {"!": {"group": "feed"}}, "outcome": "grey"}]'::jsonb ELSE '[]' END ||
      CASE WHEN random() < 0.15 THEN jsonb_build_array(jsonb_build_object('if', tap.hours(), 'outcome', tap.pick('green', 'yellow', 'red'))) ELSE '[]' END || CASE WHEN random() < 0.05 THEN '[{"outcome": "yellow"}]' WHEN random() < 0.05 THEN '[{"outcome": "green"}]'
      ELSE '[{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]' END::jsonb,
    'tests', '[{"name": "nothing is known", "at": "2020-01-01T00:00:00Z", "facts": {"sector": "c"}, "expect": {}}]'::jsonb);
END $$;

-- a text that closes a sector from an instant on, for the rest as it is
CREATE FUNCTION tap.late(body jsonb, at timestamptz) RETURNS jsonb LANGUAGE sql AS $$
  SELECT body || jsonb_build_object('version', gen_random_uuid(), 'rules', (SELECT jsonb_agg(r) FROM jsonb_array_elements(body -> 'rules') AS r WHERE r ->> 'id' <> 'late') || jsonb_build_array(jsonb_build_object('id', 'late', 'group', 'work',
    'assert', jsonb_build_object('or', jsonb_build_array(jsonb_build_object('before', jsonb_build_array('{"now": []}'::jsonb, to_jsonb(at))), jsonb_build_object('!', jsonb_build_object('===', jsonb_build_array('{"var": "sector"}'::jsonb, tap.pick('a', 'b', 'c'))))))))) $$;

-- what a version does, by hand
CREATE FUNCTION tap.loss(before integer, version integer, clock timestamptz) RETURNS float8 LANGUAGE sql AS $$
  SELECT coalesce(count(*) FILTER (WHERE o = 'green' AND n IN ('red', 'grey'))::float8 / nullif(count(*) FILTER (WHERE o = 'green'), 0), 0)
  FROM (SELECT civic.colour(civic.access_json(a.body, 1, clock, to_jsonb(f))) AS o, civic.colour(civic.access_json(b.body, 1, clock, to_jsonb(f))) AS n
        FROM centre.worker_fact f, centre.ruleset a, centre.ruleset b WHERE a.ruleset_id = before AND b.ruleset_id = version) AS x $$;
-- deciding; when other versions begin, one after the other, what each takes from the one before it is noted beside what its approver had seen and acknowledged
CREATE FUNCTION tap.decide(clock timestamptz, event bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before integer := (SELECT civic.ruleset_version(d.code) FROM centre.decision d ORDER BY d.decision_id DESC LIMIT 1);
  waited integer[] := ARRAY(SELECT p.ruleset_id FROM centre.policy p WHERE p.code = 'prop' AND p.status = 'approved');
  decides centre.access_state;
  v integer;
BEGIN
  PERFORM centre.reevaluate(clock);
  SELECT * INTO decides FROM centre.access_state;
  FOR v IN SELECT p.ruleset_id FROM centre.policy p WHERE p.ruleset_id = ANY (waited) AND lower(p.valid) <= decides.reevaluated_at AND lower(p.valid) > (SELECT lower(b.valid) FROM centre.policy b WHERE b.ruleset_id = before) ORDER BY lower(p.valid) LOOP
    INSERT INTO tap.start SELECT event, before, v, tap.loss(before, v, decides.reevaluated_at), CASE WHEN p.acknowledged THEN (SELECT l.loss FROM tap.seen l WHERE l.ruleset_id = v) ELSE 0 END FROM centre.policy p WHERE p.ruleset_id = v;
    PERFORM tap.count(CASE v WHEN decides.ruleset_id THEN 'started' ELSE 'overtaken before it decided' END);
    before := v;
  END LOOP;
  IF (SELECT lower(n.valid) > lower(b.valid) FROM centre.policy n, centre.policy b WHERE n.ruleset_id = decides.ruleset_id AND b.ruleset_id = before) THEN
    RAISE EXCEPTION 'version % decides, and was not approved before', decides.ruleset_id;
  END IF;
END $$;

-- What was approved, judged at many instants of its time by chance: each worker from JSON, with whatever was then as old as it is now, and with swabs that nobody takes again (aged).  Independent of how the layer
-- looks for instants, of its panel, its matrix, and of its expressions.
CREATE TABLE tap.judged (happened bigint, version integer, at timestamptz, aged boolean, direction text, share float8, accepted float8);
CREATE FUNCTION tap.judge(v integer, event bigint) RETURNS void LANGUAGE sql AS $$
  WITH given AS (
    SELECT p.*, a.made_at, a.covers FROM centre.policy p JOIN centre.policy_assessment a USING (ruleset_id) WHERE p.ruleset_id = v ORDER BY a.assessment_id DESC LIMIT 1),
  instant AS (
    SELECT lower(g.valid) + CASE WHEN n % 4 = 0 THEN random() * interval '300 ms' ELSE random() * (least(g.covers, upper(g.valid)) - lower(g.valid)) END AS at, n % 2 = 0 AS aged FROM given g, generate_series(1, 60) AS n
    UNION ALL SELECT g.made_at, true FROM given g),
  coloured AS MATERIALIZED (
    SELECT i.at, i.aged, civic.colour(civic.access_json(old.body, 1, i.at, f.facts)) AS old, civic.colour(civic.access_json(new.body, 1, i.at, f.facts)) AS new
    FROM given g JOIN centre.ruleset new USING (ruleset_id), instant i,
      LATERAL (SELECT r.body FROM centre.policy p JOIN centre.ruleset r USING (ruleset_id) WHERE p.code = g.code AND p.ruleset_id <> v AND lower(p.valid) <= i.at ORDER BY lower(p.valid) DESC LIMIT 1) AS old,
      centre.worker_fact w, LATERAL (SELECT to_jsonb(w) || jsonb_build_object('last_swab_at', w.last_swab_at + CASE WHEN i.aged THEN '0' ELSE i.at - g.made_at END, 'health_feed_at', w.health_feed_at + (i.at - g.made_at)) AS facts OFFSET 0) AS f
    WHERE i.at < least(g.covers, coalesce(upper(g.valid), 'infinity'))),
  counted AS (
    SELECT c.at, c.aged, d.name, count(*) FILTER (WHERE c.old = ANY (d.old) AND c.new = ANY (d.new)) AS n, count(*) FILTER (WHERE c.old = ANY (d.old)) AS could
    FROM coloured c, (VALUES ('loss', '{green}'::text[], '{red,grey}'::text[]), ('green', '{red,yellow,grey}', '{green}'), ('yellow', '{red,green,grey}', '{yellow}'), ('grey', '{red,green,yellow}', '{grey}')) AS d (name, old, new)
    GROUP BY c.at, c.aged, d.name)
  INSERT INTO tap.judged
    SELECT event, v, c.at, c.aged, c.name, c.n::float8 / nullif(greatest(c.could, CASE WHEN c.aged THEN b.could END), 0),
      CASE WHEN NOT g.acknowledged THEN 0 WHEN c.aged THEN coalesce((g.accepted_aged ->> c.name)::float8, 0) WHEN c.name = 'loss' THEN g.accepted_loss ELSE coalesce((g.accepted_changes ->> c.name)::float8, 0) END
    FROM given g, counted c JOIN counted b ON b.name = c.name AND b.at = (SELECT made_at FROM given) WHERE c.at >= lower(g.valid) $$;

-- events come shuffled like cards, so that each kind comes as often as it should in few of them
CREATE TABLE tap.card (place serial, what text);
CREATE FUNCTION tap.deal() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  dealt text;
BEGIN
  IF NOT EXISTS (SELECT FROM tap.card) THEN
    INSERT INTO tap.card (what) SELECT w FROM unnest('{draft,draft,revise,assess,assess,assess,assess for later,approve,approve,approve,approve,emergency,emergency,withdraw,facts,facts,many facts,facts unheard,feed,silence,overtake,
      decide,decide,decide,decide,decide,tick,sleep,sleep,ahead,reset,hold}'::text[]) AS w ORDER BY random();
  END IF;
  DELETE FROM tap.card c WHERE c.place = (SELECT min(place) FROM tap.card) RETURNING c.what INTO dealt;
  RETURN dealt;
END $$;
CREATE FUNCTION tap.event(event bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  what text := tap.deal();
  v integer;
  waits integer;
  late timestamptz;
  body jsonb;
  looked boolean;
BEGIN
  SELECT p.ruleset_id INTO v FROM centre.policy p WHERE p.code = 'prop' AND p.status = ANY (CASE what WHEN 'revise' THEN '{draft,tested}' WHEN 'withdraw' THEN '{tested,approved}' WHEN 'overtake' THEN '{}' WHEN 'hold' THEN '{approved,live}' ELSE '{tested}' END::text[])
    ORDER BY p.ruleset_id < (SELECT max(ruleset_id) - 3 FROM centre.policy), random() LIMIT 1;
  IF v IS NULL AND what IN ('revise', 'assess', 'assess for later', 'approve', 'emergency', 'withdraw', 'hold') THEN
    PERFORM tap.count('nothing to ' || what);
    RETURN;
  END IF;
  CASE
    WHEN what = 'draft' THEN
      v := centre.draft_policy('prop', tap.body(), 'test'); PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v;
    WHEN what = 'revise' THEN
      UPDATE centre.policy SET author = session_user WHERE ruleset_id = v;
      PERFORM centre.revise_policy(v, tap.body()); PERFORM centre.test_policy(v);
      UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v;
    WHEN what = 'assess' THEN PERFORM centre.assess_policy(v);
    -- mostly for a start close by: each day of its time is looked at
    WHEN what = 'assess for later' THEN PERFORM centre.assess_policy(v, clock_timestamp() + random() ^ 8 * interval '400 days');
    WHEN what IN ('approve', 'emergency') THEN
      -- now and then right after looking, now and then long after
      looked := random() < 0.7;
      IF looked THEN PERFORM centre.assess_policy(v); END IF;
      DELETE FROM tap.seen WHERE ruleset_id = v;
      INSERT INTO tap.seen SELECT v, coalesce(max(greatest(s.loss, s.undetermined)), 0) FROM centre.policy_summary s WHERE s.assessment_id = (SELECT max(assessment_id) FROM centre.policy_assessment WHERE ruleset_id = v);
      PERFORM centre.approve_policy(v, CASE WHEN random() < 0.5 THEN clock_timestamp() + random() * interval '50 ms' END, CASE what WHEN 'emergency' THEN 'wave' END, random() < 0.7, CASE WHEN random() < 0.8 THEN tap.pick('follows', 'returns') END);
      IF looked THEN PERFORM tap.judge(v, event); END IF;
    WHEN what = 'overtake' THEN
      -- one waits, an emergency goes before it and is to be followed by it, but it is taken back, and the time of the emergency goes on
      late := clock_timestamp() + random() * interval '1 day';
      body := tap.late(CASE WHEN random() < 0.3 THEN tap.body() ELSE (SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = centre.policy_in_force('prop', clock_timestamp())) END, late);
      FOREACH v IN ARRAY ARRAY[centre.draft_policy('prop', body, 'test'), centre.draft_policy('prop', body || jsonb_build_object('version', gen_random_uuid()), 'test')] LOOP
        PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v;
        PERFORM centre.assess_policy(v);
        INSERT INTO tap.seen SELECT v, coalesce(max(greatest(s.loss, s.undetermined)), 0) FROM centre.policy_summary s WHERE s.ruleset_id = v;
        IF waits IS NULL THEN
          waits := v; PERFORM centre.approve_policy(v, late, acknowledge => true);
        ELSE
          PERFORM centre.approve_policy(v, emergency => 'wave', acknowledge => random() < 0.8, waiting => tap.pick('follows', 'follows', 'returns'));
        END IF;
      END LOOP;
      PERFORM centre.withdraw_policy(p.ruleset_id, 'test') FROM centre.policy p WHERE p.ruleset_id = waits AND p.status = 'approved';
      PERFORM tap.judge(v, event);
    WHEN what = 'withdraw' THEN PERFORM centre.withdraw_policy(v, 'test');
    WHEN what = 'hold' THEN PERFORM centre.hold_policy(v, 'test');
    WHEN what IN ('facts', 'many facts', 'facts unheard') THEN
      WITH changed AS (UPDATE centre.worker_fact SET last_swab_at = CASE WHEN random() < 0.95 THEN clock_timestamp() - random() * interval '10 days' END, sector = tap.pick('a', 'b', 'c'), app_registered = tap.pick('t', 't', 'f', NULL)::boolean
        WHERE random() < CASE what WHEN 'facts' THEN 0.05 ELSE 0.5 END RETURNING worker_id)
      INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'fact' FROM changed WHERE what <> 'facts unheard';
    WHEN what IN ('feed', 'silence') THEN
      UPDATE centre.worker_fact SET health_feed_at = clock_timestamp() - CASE what WHEN 'feed' THEN interval '1 hour' ELSE interval '20 hours' END;
      INSERT INTO centre.worker_change (worker_id, cause) SELECT worker_id, 'feed' FROM centre.worker_fact;
    WHEN what = 'decide' THEN PERFORM tap.decide(NULL, event);
    WHEN what = 'tick' THEN PERFORM tap.decide(NULL, event); PERFORM centre.assess_policies();
    WHEN what = 'sleep' THEN PERFORM pg_sleep(random() * 0.02);
    WHEN what = 'ahead' THEN PERFORM tap.decide(clock_timestamp() + random() * interval '40 ms', event);
    WHEN what = 'reset' THEN PERFORM centre.reset_clock(clock_timestamp() - random() * interval '20 ms', 'test');
  END CASE;
  PERFORM tap.count(what);
EXCEPTION
  -- what is refused is refused; anything else is a fault of the layer or of this test
  WHEN check_violation OR object_not_in_prerequisite_state OR exclusion_violation OR invalid_parameter_value THEN PERFORM tap.count(what || ' refused: ' || sqlstate);
END $$;

DO $$ BEGIN
  FOR i IN 1 .. 8 LOOP UPDATE centre.worker_fact SET last_swab_at = clock_timestamp() - random() * interval '6 days', sector = tap.pick('a', 'b', 'c'), app_registered = true, health_feed_at = clock_timestamp() - interval '1 hour'; END LOOP;
  PERFORM tap.event(n) FROM generate_series(-20, 0) AS n;
END $$;
SELECT format('DO $x$ BEGIN FOR i IN %s .. %s LOOP PERFORM tap.event(i); END LOOP; END $x$', n, least(n + 99, :events)) FROM generate_series(1, :events, 100) AS n \gexec
SELECT is_empty('SELECT * FROM tap.start WHERE loss > acknowledged + 0.1 + 1e-9 OR loss IS NULL OR acknowledged IS NULL', 'no version came into force that took more than was acknowledged: ' || :events || ' events');
SELECT is_empty('SELECT * FROM tap.judged WHERE share > 0.1 + 1e-9 AND share > accepted + 1e-9', 'no version was approved that at any of many instants changes more than was acknowledged, in any direction');
SELECT cmp_ok((SELECT count(*) FROM tap.judged WHERE share > 0.1), '>', 100::bigint, 'at some of them many change, acknowledged');
SELECT is_empty('SELECT p.ruleset_id FROM centre.policy p LEFT JOIN tap.seen s USING (ruleset_id) WHERE p.accepted_loss > 0 AND (NOT p.acknowledged OR p.accepted_loss > s.loss + 1e-9)', 'what was acknowledged is what the approver had seen');
SELECT cmp_ok((SELECT count(*) FROM tap.start WHERE loss > 0.1), '>', 0::bigint, 'some that took much did, acknowledged');
SELECT is_empty($$SELECT w FROM unnest('{draft,revise,assess,approve,emergency,withdraw,facts,feed,silence,decide,tick,ahead,reset,started,overtake,refused: 23514}'::text[]) AS w EXCEPT (SELECT what FROM tap.tally UNION SELECT 'refused: 23514' FROM tap.tally WHERE what ~ 'refused: 23514')$$, 'everything happened');
-- one history that surely ends in a hold: nobody loses when it is approved, everybody when it starts
DO $$
DECLARE
  plain jsonb := tap.body() || '{"rules": [{"id": "swab", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "last_swab_at"}, 14, "day"]}]}}], "outcomes": [{"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]}';
  closed jsonb := jsonb_set(plain || '{"version": "closed"}', '{rules,1}', '{"id": "sector", "group": "work", "assert": {"in": [{"var": "sector"}, ["a", "b", "c"]]}}');
  v integer;
BEGIN
  PERFORM centre.reset_clock(clock_timestamp(), 'test'), pg_sleep(0.005);
  -- what came into force meanwhile decides first, or is held
  PERFORM centre.reevaluate();
  UPDATE centre.worker_fact SET last_swab_at = clock_timestamp(), sector = 'a';
  FOREACH v IN ARRAY ARRAY[centre.draft_policy('prop', plain || '{"version": "plain"}', 'test'), centre.draft_policy('prop', closed, 'test')] LOOP
    PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v;
    PERFORM centre.assess_policy(v); PERFORM centre.approve_policy(v, emergency => 'wave', acknowledge => (SELECT count(*) = 1 FROM centre.ruleset r WHERE r.ruleset_id = v AND r.body::text::jsonb ->> 'version' = 'plain'), waiting => 'returns');
    UPDATE centre.worker_fact SET sector = 'z' WHERE EXISTS (SELECT FROM centre.ruleset r WHERE r.ruleset_id = v AND r.body::text::jsonb ->> 'version' = 'closed');
    PERFORM centre.reevaluate();
  END LOOP;
END $$;
SELECT results_eq($$SELECT p.status, e.action, e.note FROM centre.ruleset r JOIN centre.policy p USING (ruleset_id), LATERAL (SELECT * FROM centre.policy_event e WHERE e.ruleset_id = r.ruleset_id ORDER BY event_id DESC LIMIT 1) e WHERE r.code = 'prop' AND r.body::text::jsonb ->> 'version' = 'closed'$$,
  $$VALUES ('tested', 'held', 'it would turn 100.00 % of green workers red or grey; 0.00 % were acknowledged')$$, 'a version is held whose loss came about between approval and start');
SELECT is_empty('SELECT * FROM centre.replay_faults()', 'and every decision replays');
SELECT diag(string_agg(format('%s %s', what, n), ', ' ORDER BY what)) FROM tap.tally;
SELECT diag(format('%s approvals judged at %s instants', count(DISTINCT (happened, version)), count(DISTINCT (happened, at)))) FROM tap.judged;
SELECT diag(format('%s starts, %s of them losing more than a tenth; CPU seconds %s', count(*), count(*) FILTER (WHERE loss > 0.1), split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9)) FROM tap.start;
SELECT * FROM finish();
