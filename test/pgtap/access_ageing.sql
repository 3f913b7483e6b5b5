-- A version that takes codes only when facts grow old that nobody renews is found before it is approved; what both versions let expire is not held against it.
\ir ../fixtures/country.sql
SELECT plan(15);
SET client_min_messages = error;
-- green with a vaccination of at most so many days, or whatever rules say
CREATE FUNCTION tap.body(version text, days int, rules jsonb DEFAULT '[]') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', 'ageing', 'kind', 'access_code', 'version', version, 'params', jsonb_build_object('valid', days),
    'facts', '[{"name": "fully_vaccinated_at", "type": "timestamptz", "null": "unknown"}, {"name": "health_feed_at", "type": "timestamptz", "null": "unknown"}]'::jsonb,
    'rules', '[{"id": "dose", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "fully_vaccinated_at"}, {"param": "valid"}, "day"]}]}}]'::jsonb || rules,
    'outcomes', '[{"if": {"!": {"group": "feed"}}, "outcome": "grey"}, {"if": {"!": {"severity": "block"}}, "outcome": "red"}, {"outcome": "green"}]'::jsonb,
    'tests', '[{"name": "nothing is known", "at": "2020-01-01T00:00:00Z", "facts": {}, "expect": {}}]'::jsonb) $$;
CREATE FUNCTION tap.feed() RETURNS jsonb LANGUAGE sql AS $$ SELECT '[{"id": "feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "health_feed_at"}, 12, "hour"]}]}}]'::jsonb $$;
CREATE FUNCTION tap.tested(body jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v integer; BEGIN
  v := centre.draft_policy('ageing', body, 'test'); PERFORM centre.test_policy(v); UPDATE centre.policy SET author = 'somebody' WHERE ruleset_id = v; RETURN v;
END $$;
CREATE FUNCTION tap.approve(v integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM centre.assess_policy(v); PERFORM centre.approve_policy(v); PERFORM centre.withdraw_policy(v, 'test'); RETURN 'approved';
EXCEPTION WHEN check_violation THEN RETURN sqlerrm;
END $$;
-- 1,000 workers, vaccinated 100 to 109 days ago, of which the feed was heard an hour ago
INSERT INTO centre.worker_fact (worker_id, fully_vaccinated_at, health_feed_at) SELECT i, now() - interval '100 days' - i * interval '13 minutes', now() - interval '1 hour' FROM generate_series(1, 1000) AS i;
UPDATE centre.access_setting SET policy_code = 'ageing';
SELECT tap.tested(tap.body('1', 365, tap.feed())) AS v1 \gset
SELECT centre.approve_policy(:v1, emergency => 'the first') \g /dev/null
SELECT centre.reevaluate() \g /dev/null
SELECT results_eq('SELECT civic.colour(code), count(*) FROM centre.access GROUP BY 1', $$VALUES ('green', 1000::bigint)$$, 'all are green');

SELECT tap.tested(tap.body('112 days', 112, tap.feed())) AS short \gset
SELECT matches(tap.approve(:short), 'turns 1000 of 1000 green workers red or grey', 'a version under which all doses grow too old within days');
SELECT centre.assess_policy(:short) \g /dev/null
-- all but those whose turn comes last: instants are looked at between which a fifth of max_loss turns at most
SELECT results_eq(format('SELECT aged, round(max(loss)::numeric, 1) FROM centre.policy_summary WHERE ruleset_id = %s GROUP BY 1 ORDER BY 1', :short), $$VALUES (false, 0.0), (true, 1.0)$$, 'which only shows on facts that nobody renews');
SELECT set_eq(format('SELECT undetermined FROM centre.policy_summary WHERE ruleset_id = %s AND fresh', :short), $$VALUES (0::float8)$$, 'feeds go on being heard meanwhile');
SELECT is((SELECT count(*) FROM centre.policy_examples(:short)), 10::bigint, 'its examples are of that instant');
SELECT is((SELECT count(*) FILTER (WHERE e.at - f.fully_vaccinated_at >= interval '112 days') FROM centre.policy_examples(:short) e JOIN centre.worker_fact f USING (worker_id)), 10::bigint, 'and are those whose dose is too old then');
SELECT is(tap.approve(tap.tested(tap.body('same', 365, tap.feed() || '[{"id": "other", "assert": true}]'))), 'approved', 'one that lets expire what the version before does is not');
-- what expires under both does not make few of many
SELECT tap.tested(tap.body('live', 105, tap.feed())) AS live \gset
SELECT centre.assess_policy(:live), centre.approve_policy(:live, emergency => 'test', acknowledge => true) \g /dev/null
SELECT centre.reevaluate() \g /dev/null
SELECT tap.tested(tap.body('two hours less', 105, tap.feed() || '[{"id": "less", "group": "health", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "fully_vaccinated_at"}, 2518, "hour"]}]}}]')) AS less \gset
SELECT is(tap.approve(:less), 'approved', 'two hours less are few at any instant, of those who are green when it is assessed');
SELECT ok((SELECT bool_and(share <= 0.05) AND bool_or(aged AND share > 0) FROM centre.policy_change WHERE ruleset_id = :less), 'though they are all of the last ones');
-- brute force: the worst loss over a grid of instants
SELECT tap.tested(tap.body('a day less', 104, tap.feed())) AS day_less \gset
SELECT centre.assess_policy(:day_less) \g /dev/null
SELECT ok(abs((SELECT max(share) FROM centre.policy_change WHERE ruleset_id = :day_less AND direction = 'loss') - max(w.n / 540.0)) <= 0.015, 'the worst is found, within a fifth of max_loss')
FROM (SELECT count(*)::float8 AS n FROM generate_series(0, 400) AS h, centre.worker_fact f
  WHERE now() + h * interval '1 hour' BETWEEN f.fully_vaccinated_at + interval '104 days' AND f.fully_vaccinated_at + interval '105 days' GROUP BY h) AS w;
-- turns of everybody's own, which no midnight shows
UPDATE centre.worker_fact SET fully_vaccinated_at = now() - interval '103 days' - worker_id * interval '1 second' WHERE worker_id <= 200;
SELECT centre.reevaluate() \g /dev/null
SELECT matches(tap.approve(tap.tested(tap.body('ten minutes', 105, tap.feed() ||
  '[{"id": "gap", "group": "health", "assert": {"!": {"not-after": [{"plusTime": [{"var": "fully_vaccinated_at"}, 149000, "minute"]}, {"now": []}, {"plusTime": [{"var": "fully_vaccinated_at"}, 149010, "minute"]}]}}}]'))), 'turns \d+ of \d+ green workers', 'a version that takes each dose away for ten minutes, of many at once');

-- ---- how old a feed gets while it goes on ----
UPDATE centre.worker_fact SET health_feed_at = now() - interval '5 minutes';
CREATE FUNCTION tap.allows(minutes integer) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_array(jsonb_build_object('id', 'feed', 'group', 'feed', 'assert', format('{"before": [{"now": []}, {"plusTime": [{"var": "health_feed_at"}, %s, "minute"]}]}', minutes)::jsonb)) $$;
SELECT tap.tested(tap.body('36 minutes', 105, tap.allows(36))) AS brief \gset
SELECT matches(tap.approve(:brief), 'turns (\d+) of \1 green workers red or grey', 'a version that allows a feed less age than it gets between two times it is told turns all grey, though it was just heard');
SELECT centre.assess_policy(:brief) \g /dev/null
SELECT ok((SELECT bool_and(loss = 1 AND lost_to_grey = green_before) FROM centre.policy_summary WHERE ruleset_id = :brief AND at = made_at AND NOT fresh), 'at once');
SELECT is(tap.approve(tap.tested(tap.body('13 hours', 105, tap.allows(780)))), 'approved', 'one that allows it more does not');
UPDATE centre.feed_topic SET step = '30 minutes' WHERE topic = 'health';
SELECT is(tap.approve(:brief), 'approved', 'nor does the same, where feeds are told every half hour');
SELECT * FROM finish();
