-- What a version of a policy would do to workers: assessed at every instant at which it turns, before it may be approved, and once more when it starts.

-- ---- assessing ----

CREATE FUNCTION centre.feed_views(VARIADIC of_rulesets integer[]) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN EXISTS (SELECT FROM centre.ruleset r, LATERAL civic.ruleset_facts(r.body) AS f WHERE r.ruleset_id = ANY (of_rulesets) AND f.name ~ '_feed_at$') THEN '{f,t}' ELSE '{f}' END::boolean[];
COMMENT ON FUNCTION centre.feed_views(integer[]) IS 'inner part of assessments: the values of fresh that tell versions apart: where none reads the age of a feed, only false';

CREATE FUNCTION centre.assess_at(of_assessment bigint, of_ruleset integer, against integer, at timestamptz, from_time timestamptz, aged boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  INSERT INTO centre.policy_impact (assessment_id, at, fresh, aged, against_id, sector, dormitory_id, reason, old_colour, new_colour, workers)
    SELECT of_assessment, at, v.fresh, aged, against, d.* FROM unnest(centre.feed_views(of_ruleset, against)) AS v (fresh), LATERAL centre.policy_diff(against, of_ruleset, at, from_time, v.fresh, aged) AS d;
END
$$;
COMMENT ON FUNCTION centre.assess_at(bigint, integer, integer, timestamptz, timestamptz, boolean) IS 'inner part of assess_policy(): the impact at one instant, with aged on facts that nobody renews; where feeds are read also as if they had just been heard';

CREATE VIEW centre.change_direction AS
  SELECT d.* FROM (VALUES ('loss', 1, '{green}'::text[], '{red,grey}'::text[]), ('green', 2, '{yellow,red,grey}', '{green}'), ('yellow', 3, '{green,red,grey}', '{yellow}'),
                          ('red', 4, '{green,yellow,grey}', '{red}'), ('grey', 5, '{green,yellow,red}', '{grey}'), ('release', 6, '{red}', '{green,yellow,grey}')) AS d (direction, place, old_colours, new_colours);
COMMENT ON VIEW centre.change_direction IS
  'directions in which a version may change many codes: loss, green workers who turn red or grey; green, yellow, red, grey, those of another colour who turn to it; release, red ones who turn to another';

CREATE FUNCTION centre.colour_changes(old_colours text[], new_colours text[], numbers float8[]) RETURNS TABLE (direction text, place integer, workers float8, share float8)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT d.direction, d.place, coalesce(sum(c.n) FILTER (WHERE c.new = ANY (d.new_colours)), 0), coalesce(sum(c.n) FILTER (WHERE c.new = ANY (d.new_colours)) / nullif(sum(c.n), 0), 0)
  FROM centre.change_direction d LEFT JOIN ROWS FROM (unnest($1), unnest($2), unnest($3)) AS c (old, new, n) ON c.old = ANY (d.old_colours) GROUP BY d.direction, d.place;
END;
COMMENT ON FUNCTION centre.colour_changes(text[], text[], float8[]) IS
  'the changes of a transition matrix (old colour, new colour, workers) in each direction of centre.change_direction; share is of all who could turn so';

CREATE FUNCTION centre.change_text(direction text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE direction WHEN 'loss' THEN 'green workers red or grey' WHEN 'release' THEN 'red workers to another colour' ELSE format('those who are not %1$s %1$s', direction) END;
COMMENT ON FUNCTION centre.change_text(text) IS 'whom a direction of centre.colour_changes() turns, and how, in words';

CREATE VIEW centre.policy_change AS
  SELECT t.ruleset_id, t.assessment_id, t.made_at, t.at, t.fresh, t.aged, t.against_id, t.direction, t.place, t.workers, t.share, t.share > (SELECT s.max_loss FROM centre.access_setting s) AS to_acknowledge
  FROM (SELECT c.*, coalesce(c.workers / nullif(greatest(c.could, CASE WHEN c.aged THEN max(c.could) FILTER (WHERE c.at = c.made_at) OVER (PARTITION BY c.assessment_id, c.fresh, c.direction) END), 0), 0) AS share
        FROM (SELECT a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.aged, i.against_id, d.direction, d.place, coalesce(sum(i.workers) FILTER (WHERE i.new_colour = ANY (d.new_colours)), 0)::bigint AS workers, sum(i.workers)::float8 AS could
              FROM centre.policy_assessment a JOIN centre.policy_impact i USING (assessment_id) JOIN centre.change_direction d ON i.old_colour = ANY (d.old_colours)
              GROUP BY a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.aged, i.against_id, d.direction, d.place) AS c) AS t;
COMMENT ON VIEW centre.policy_change IS 'each instant of each assessment of a version, against each version that may be in force then, by the direction of its changes: how many workers turn so, as a share of all who could (on facts that nobody renews: of all who could when it was made, if they are more), and whether that must be acknowledged';

CREATE VIEW centre.policy_summary AS
  SELECT s.*, greatest(s.loss, s.gain, s.yellow, s.red, s.grey, s.release) AS change, greatest(s.loss, s.gain, s.yellow, s.red, s.grey, s.release, s.undetermined) > (SELECT c.max_loss FROM centre.access_setting c) AS to_acknowledge
  FROM (SELECT t.*, coalesce(c.loss, 0) AS loss, coalesce(c.gain, 0) AS gain, coalesce(c.yellow, 0) AS yellow, coalesce(c.red, 0) AS red, coalesce(c.grey, 0) AS grey, coalesce(c.release, 0) AS release,
               CASE WHEN t.aged THEN 0 ELSE greatest(0, coalesce((t.grey_before - first_value(t.grey_before) OVER by_time)::float8 / nullif(first_value(t.green_before) OVER by_time, 0), 0)) END AS undetermined
        FROM (SELECT a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.aged, i.against_id, sum(i.workers)::bigint AS workers,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green'), 0)::bigint AS green_before, coalesce(sum(i.workers) FILTER (WHERE i.new_colour = 'green'), 0)::bigint AS green_after,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'grey'), 0)::bigint AS grey_before,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green' AND i.new_colour IN ('red', 'grey')), 0)::bigint AS lost,
                     coalesce(sum(i.workers) FILTER (WHERE i.old_colour = 'green' AND i.new_colour = 'grey'), 0)::bigint AS lost_to_grey
              FROM centre.policy_assessment a JOIN centre.policy_impact i USING (assessment_id) GROUP BY a.ruleset_id, a.assessment_id, a.made_at, i.at, i.fresh, i.aged, i.against_id) AS t
        LEFT JOIN (SELECT c.assessment_id, c.at, c.fresh, c.aged, c.against_id, max(c.share) FILTER (WHERE c.direction = 'loss') AS loss, max(c.share) FILTER (WHERE c.direction = 'green') AS gain, max(c.share) FILTER (WHERE c.direction = 'yellow') AS yellow,
                     max(c.share) FILTER (WHERE c.direction = 'red') AS red, max(c.share) FILTER (WHERE c.direction = 'grey') AS grey, max(c.share) FILTER (WHERE c.direction = 'release') AS release
              FROM centre.policy_change c GROUP BY c.assessment_id, c.at, c.fresh, c.aged, c.against_id) AS c USING (assessment_id, at, fresh, aged, against_id)
        WINDOW by_time AS (PARTITION BY t.assessment_id, t.fresh, t.aged ORDER BY t.at)) AS s;
COMMENT ON VIEW centre.policy_summary IS
  'each instant of each assessment of a version, against each version that may be in force then, in one line; lost: workers who turn from green to red or grey (lost_to_grey: to grey), loss: their share of the green ones; gain, yellow, red, grey, release: the other directions of centre.change_direction, change: the greatest; '
  'undetermined: workers whom the version before cannot determine then though it can when it was made, as a share of the green ones: what becomes of them it does not tell, so they count as a loss of their own; 0 where they only were not renewed (aged)';

CREATE FUNCTION centre.keep_examples(of_assessment bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  worst centre.policy_summary;
BEGIN
  SELECT * INTO worst FROM centre.policy_summary s WHERE s.assessment_id = of_assessment AND s.lost > 0 ORDER BY s.loss DESC, s.at LIMIT 1;
  IF worst.assessment_id IS NULL OR centre.policy_fault(worst.against_id, worst.at) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format(
    'INSERT INTO centre.policy_example (assessment_id, place, worker_id, sector, dormitory_id, at, reason, old_colour, new_colour)
     SELECT $5, row_number() OVER (ORDER BY x.n, x.reason, x.worker_id), x.worker_id, x.sector, x.dormitory_id, $3, x.reason, ''green'', civic.colour(x.new_code)
     FROM (SELECT b.*, civic.main_reason($2, b.new_code) AS reason, row_number() OVER (PARTITION BY civic.main_reason($2, b.new_code) ORDER BY b.worker_id) AS n
           FROM (SELECT w.worker_id, w.sector, w.dormitory_id, %s AS old_code, %s AS new_code FROM centre.worker_fact w OFFSET 0) AS b
           WHERE civic.colour(b.old_code) = ''green'' AND civic.colour(b.new_code) IN (''red'', ''grey'')) AS x
     ORDER BY x.n, x.reason, x.worker_id LIMIT 10',
    centre.access_expression(worst.against_id, '$1', '$3', '$6', worst.fresh, worst.aged), centre.access_expression(worst.ruleset_id, '$2', '$3', '$6', worst.fresh, worst.aged))
  USING (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = worst.against_id), (SELECT r.body FROM centre.ruleset r WHERE r.ruleset_id = worst.ruleset_id),
    worst.at, worst.made_at, of_assessment, centre.seconds_between(worst.made_at, worst.at);
END
$$;
COMMENT ON FUNCTION centre.keep_examples(bigint) IS 'inner part of assess_policy(): ten of those who turn from green to red or grey at the instant at which most do, one reason after the other';

CREATE FUNCTION centre.instants_to_assess(began timestamptz, start timestamptz, most integer) RETURNS TABLE (at timestamptz, aged boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY WITH turned AS (
    SELECT l.at, l.fresh, l.aged, l.against_id, d.direction, coalesce(sum(l.workers) FILTER (WHERE l.new_colour = ANY (d.new_colours)), 0) AS n, sum(l.workers) AS could
    FROM pg_temp.policy_look l JOIN centre.change_direction d ON l.old_colour = ANY (d.old_colours) GROUP BY 1, 2, 3, 4, 5),
  shared AS (
    -- what has become red by age alone makes few of many, so it is a share of those who could before
    SELECT t.at, t.aged, t.against_id, t.direction, t.n / greatest(t.could, CASE WHEN t.aged THEN max(t.could) FILTER (WHERE t.at = began) OVER (PARTITION BY t.fresh, t.direction) END) AS share FROM turned t),
  change AS (
    SELECT d.at, d.aged, d.against_id, c.direction, coalesce(max(s.share), 0) AS share
    FROM (SELECT DISTINCT l.at, l.aged, l.against_id FROM pg_temp.policy_look l) AS d CROSS JOIN centre.change_direction c LEFT JOIN shared s ON (s.at, s.aged, s.against_id, s.direction) = (d.at, d.aged, d.against_id, c.direction) GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT l.at, l.aged, l.against_id, 'undetermined', coalesce(sum(l.workers) FILTER (WHERE l.old_colour = 'grey' AND NOT l.aged), 0) FROM pg_temp.policy_look l GROUP BY 1, 2, 3),
  -- what recurs, or is the same whether facts are renewed or not, is counted once
  first AS (
    SELECT DISTINCT ON (c.shares) c.at, c.aged FROM (SELECT k.at, k.aged, array_agg(k.share ORDER BY k.against_id, k.direction) AS shares FROM change k GROUP BY 1, 2) AS c ORDER BY c.shares, c.aged, c.at),
  ranked AS (
    SELECT c.at, c.aged, c.share, row_number() OVER (PARTITION BY c.direction, c.against_id, c.aged ORDER BY c.share DESC, c.at) AS n FROM change c JOIN first USING (at, aged) WHERE c.share > 0)
  SELECT i.at, i.aged FROM (
  SELECT c.at, c.aged, min(c.n) AS n, row_number() OVER (ORDER BY min(c.n), max(c.share) DESC, c.at, c.aged) AS place FROM (
    SELECT began AS at, false AS aged, 0 AS n, NULL::float8 AS share UNION ALL SELECT start, false, 0, NULL UNION ALL SELECT f.at, true, 0, NULL FROM first f WHERE f.at = start AND f.aged AND start > began
    UNION ALL SELECT r.at, r.aged, r.n, r.share FROM ranked r WHERE r.at <> began AND (r.at <> start OR r.aged)) AS c
  GROUP BY c.at, c.aged) AS i
  -- whatever the limit, the worst of each direction: what is not counted is not acknowledged
  WHERE i.place <= most OR i.n <= 1 ORDER BY i.place;
END
$$;
COMMENT ON FUNCTION centre.instants_to_assess(timestamptz, timestamptz, integer) IS
  'inner part of assess_policy(): of the instants at which the panel was looked at (policy_look) the one when it was made, the start, and those at which most of it changes, against each version and in each direction first the worst, then the next; aged: where that is so on facts that nobody renews';

CREATE FUNCTION centre.assess_policy(of_ruleset integer, start timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  given centre.policy;
  began timestamptz;
  made centre.policy_assessment;
  due record;
BEGIN
  -- Until this commits its text stays; a revision that is under way is waited for, so that the impact is that of the text that will be approved.
  SELECT * INTO given FROM centre.policy p WHERE p.ruleset_id = of_ruleset AND p.status <> 'draft' FOR KEY SHARE;
  began := clock_timestamp();
  IF NOT FOUND OR given.valid @> began AND given.status <> 'approved' OR centre.policy_before(given.code, of_ruleset, began) IS NULL THEN
    RETURN NULL;
  END IF;
  start := greatest(began, coalesce(start, lower(given.valid), began + (SELECT s.notice FROM centre.policy_setting s)));
  made.covers := start + setting.horizon;
  made.line := centre.policy_line(given.code, of_ruleset, began, made.covers);
  made.beyond := ARRAY(SELECT DISTINCT d FROM centre.ruleset r, LATERAL centre.policy_dates(r.body::text::jsonb) AS d WHERE r.ruleset_id = of_ruleset AND d > made.covers ORDER BY d);
  DELETE FROM centre.policy_assessment a WHERE a.ruleset_id = of_ruleset AND a.made_at < began - 2 * setting.impact_max_age;
  INSERT INTO centre.policy_assessment (ruleset_id, made_at, sha256, starts_at, covers, line, fact_mark, complete, beyond)
    SELECT of_ruleset, began, r.sha256, start, made.covers, made.line, s.last_value * s.is_called::integer, true, made.beyond FROM centre.ruleset r, centre.worker_change_change_id_seq s WHERE r.ruleset_id = of_ruleset RETURNING assessment_id INTO made.assessment_id;
  -- of twenty times as many as would be one too many, by lot, one is missed with a chance of exp(-20)
  PERFORM centre.take_panel(centre.policy_before(given.code, of_ruleset, began), began, CASE WHEN setting.max_loss > 0 THEN ceil(20 / setting.max_loss)::bigint ELSE 9223372036854775807 END, made.assessment_id);
  IF NOT centre.look_ahead(of_ruleset, made.line, began, start, made.covers, setting.impact_turns) THEN
    UPDATE centre.policy_assessment SET complete = false WHERE assessment_id = made.assessment_id;
  END IF;
  FOR due IN SELECT * FROM centre.instants_to_assess(began, start, setting.impact_instants * cardinality(made.line)) LOOP
    -- not only against the version planned for then: it may yet be taken back, and the time of this one, or of the one before, goes on
    PERFORM centre.assess_at(made.assessment_id, of_ruleset, l, due.at, began, due.aged) FROM unnest(centre.policy_line(given.code, of_ruleset, began, due.at)) AS l;
  END LOOP;
  UPDATE centre.policy_assessment SET (later_at, later_rule, later_colour, later_fails, later_share) = (SELECT b.at, b.rule, b.colour, b.fails, b.share FROM centre.look_beyond(made.assessment_id, of_ruleset, made.line[cardinality(made.line)], began, made.covers, setting.impact_instants) AS b)
    WHERE assessment_id = made.assessment_id;
  DROP TABLE pg_temp.policy_panel, pg_temp.policy_look, pg_temp.policy_later;
  PERFORM centre.keep_examples(made.assessment_id);
  INSERT INTO centre.policy_event (ruleset_id, action, note) VALUES (of_ruleset, 'assessed', format('against version %s', array_to_string(made.line, ', ')));
  PERFORM centre.warn_beyond(of_ruleset);
  RETURN made.assessment_id;
END
$$;
COMMENT ON FUNCTION centre.assess_policy(integer, timestamptz) IS
  'count what a version does to workers, at each instant against the versions that may be in force then without it (the one planned, and those before it: what is planned may be taken back), and keep it in centre.policy_impact. A panel of workers is followed from turn to turn within access_setting.horizon (centre.look_ahead); everybody is counted now, at its start '
  '(default: after the notice, or as approved), and at up to impact_instants for each of those versions at which the panel changes most, in any direction, whether facts are as old then as they are now (tests and feeds, which go on) or as they are (doses, approvals, which nobody renews); the worse counts. Gives the number of the assessment; null where this version, or none, is in force, and for a draft. Warns of dates, and of greater changes, behind the horizon';

CREATE FUNCTION centre.warn_beyond(of_ruleset integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  latest centre.policy_assessment := (SELECT a FROM centre.policy_assessment a WHERE a.ruleset_id = of_ruleset ORDER BY a.assessment_id DESC LIMIT 1);
BEGIN
  IF latest.beyond <> '{}' THEN
    RAISE WARNING 'version % names dates behind what is assessed', of_ruleset
      USING DETAIL = format('It is assessed until %s; its text names %s.', latest.covers, array_to_string(latest.beyond[1:5], ', ') || CASE WHEN cardinality(latest.beyond) > 5 THEN ', ...' ELSE '' END),
      HINT = 'What it does then nobody has counted: raise access_setting.horizon, or look with centre.policy_diff().';
  END IF;
  IF latest.later_at IS NOT NULL THEN
    RAISE WARNING 'version % turns % behind what is assessed', of_ruleset, CASE WHEN latest.later_rule IS NULL THEN 'codes' ELSE 'a rule' END
      USING DETAIL = format('It is assessed until %s; at %s %s for about %s %% of the workers, other than by the version before, if nobody renews their facts.', latest.covers, latest.later_at, coalesce(
                            'rule "' || latest.later_rule || CASE WHEN latest.later_fails THEN '" fails' ELSE '" does not fail' END, format('the outcome is "%s"', latest.later_colour)), round((latest.later_share * 100)::numeric)),
      HINT = 'What it does then nobody has counted: raise access_setting.horizon, or look with centre.policy_diff().';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.warn_beyond(integer) IS 'inner part of assessments and approvals: warns of what a version does behind the time its latest assessment covers: at dates that it names, and at those that come from facts and durations';

CREATE FUNCTION centre.assessment_fault(of_ruleset integer, start timestamptz, until timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  given centre.policy := (SELECT p FROM centre.policy p WHERE p.ruleset_id = of_ruleset);
  latest centre.policy_assessment;
  line integer[];
  changed bigint;
  workers bigint;
BEGIN
  SELECT * INTO latest FROM centre.policy_assessment a WHERE a.ruleset_id = of_ruleset ORDER BY a.assessment_id DESC LIMIT 1;
  line := centre.policy_line(given.code, of_ruleset, latest.made_at, coalesce(until, latest.covers));
  SELECT s.last_value * s.is_called::integer - latest.fact_mark INTO changed FROM centre.worker_change_change_id_seq s;
  SELECT max(s.workers) INTO workers FROM centre.policy_summary s WHERE s.assessment_id = latest.assessment_id;
  RETURN CASE
    WHEN latest.assessment_id IS NULL THEN 'It was never assessed.'
    WHEN latest.sha256 <> (SELECT r.sha256 FROM centre.ruleset r WHERE r.ruleset_id = of_ruleset) THEN 'It was assessed with another text.'
    -- those planned for later may have been taken back meanwhile, if this one's start was compared with the version before it
    WHEN latest.line[1:cardinality(line)] IS DISTINCT FROM line
      OR workers > 0 AND NOT EXISTS (SELECT FROM centre.policy_impact i WHERE i.assessment_id = latest.assessment_id AND i.against_id = centre.policy_before(given.code, of_ruleset, start)
        AND i.at = (SELECT max(b.at) FROM centre.policy_impact b WHERE b.assessment_id = latest.assessment_id AND b.at <= greatest(start, latest.made_at)))
      THEN 'Other versions are in force, or planned, than those it was compared with.'
    WHEN latest.made_at < clock_timestamp() - setting.impact_max_age THEN format('It was last assessed at %s.', latest.made_at)
    -- behind a later start its dates would be looked for in less than the horizon
    WHEN start > least(latest.starts_at + setting.impact_max_age, latest.covers) THEN format('It was assessed for a start until %s.', least(latest.starts_at + setting.impact_max_age, latest.covers))
    WHEN changed > setting.max_loss * workers THEN format('The facts of workers have changed %s times since it was assessed.', changed) END;
END
$$;
COMMENT ON FUNCTION centre.assessment_fault(integer, timestamptz, timestamptz) IS
  'why the latest assessment of a version does not count for a start: of another text, against other versions, too old, for an earlier start, or on facts that have changed for more workers than max_loss of all; null when it counts. until: versions that begin later are not asked for';

CREATE FUNCTION centre.assess_some(versions bigint[], context jsonb) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT count(centre.assess_policy(v::integer)) FROM unnest(versions) AS v;
END;
COMMENT ON FUNCTION centre.assess_some(bigint[], jsonb) IS 'inner part of assess_policies(): assess some versions';

CREATE FUNCTION centre.assess_policies() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  clock timestamptz := clock_timestamp();
  due bigint[] := ARRAY(
    SELECT p.ruleset_id FROM centre.policy p JOIN centre.ruleset r USING (ruleset_id) LEFT JOIN LATERAL (SELECT max(a.made_at) AS made_at FROM centre.policy_assessment a WHERE a.ruleset_id = p.ruleset_id) AS l ON true
    WHERE (p.status IN ('tested', 'approved') OR p.shadow) AND centre.ruleset_kind(r.body::text::jsonb) = 'access_code' AND centre.policy_in_force(p.code, clock) <> p.ruleset_id
      AND (l.made_at IS NULL OR l.made_at < clock - setting.impact_max_age / 2 OR centre.assessment_fault(p.ruleset_id, coalesce(lower(p.valid), clock)) IS NOT NULL)
      AND centre.policy_fault(p.ruleset_id, clock) IS NULL AND p.ruleset_id <> ALL (centre.stuck_waiting('impact')) ORDER BY p.ruleset_id);
BEGIN
  RETURN centre.work_apart('impact', 'version of a policy', 'centre.assess_some', due);
END
$$;
COMMENT ON FUNCTION centre.assess_policies() IS
  'assess what is tested, approved and to come, or a shadow, can decide, and has no assessment that counts from within half of impact_max_age; gives how many. A version for which that fails is left out (centre.stuck_row)';

-- ---- approval ----

CREATE FUNCTION centre.policy_step() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting centre.access_setting := (SELECT s FROM centre.access_setting s);
  body jsonb := (SELECT r.body::text::jsonb FROM centre.ruleset r WHERE r.ruleset_id = new.ruleset_id);
  fault text;
  latest bigint;
  worst centre.policy_summary;
  change centre.policy_change;
  complete boolean;
BEGIN
  IF centre.ruleset_kind(body) IS DISTINCT FROM 'access_code' AND new.code IS DISTINCT FROM setting.policy_code THEN
    RETURN new;
  END IF;
  IF new.status = 'draft' THEN
    -- another text: what was assessed is of no use any more
    DELETE FROM centre.policy_assessment a WHERE a.ruleset_id = new.ruleset_id;
  ELSIF old.status = 'draft' AND new.status = 'tested' THEN
    SELECT string_agg(f.path || ': ' || f.fault, E'\n') INTO fault FROM centre.access_faults(body) AS f;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'version % cannot decide access codes', new.ruleset_id USING ERRCODE = 'invalid_parameter_value', DETAIL = fault, HINT = 'Revise it; centre.policy_faults() lists what is wrong with a text.';
    END IF;
  ELSIF old.status = 'tested' AND new.status = 'approved' AND centre.policy_before(new.code, new.ruleset_id, lower(new.valid)) IS NOT NULL THEN
    fault := centre.assessment_fault(new.ruleset_id, lower(new.valid));
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'the impact of version % is not known', new.ruleset_id USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = fault, HINT = 'centre.assess_policy() counts it; tick() does so for versions that are tested.';
    END IF;
    latest := (SELECT max(a.assessment_id) FROM centre.policy_assessment a WHERE a.ruleset_id = new.ruleset_id);
    SELECT * INTO worst FROM centre.policy_summary s WHERE s.assessment_id = latest AND centre.may_stand(s.against_id, new.ruleset_id, s.at, lower(new.valid)) ORDER BY greatest(s.loss, s.undetermined) DESC, s.at LIMIT 1;
    SELECT * INTO change FROM centre.policy_change c WHERE c.assessment_id = latest AND c.to_acknowledge AND centre.may_stand(c.against_id, new.ruleset_id, c.at, lower(new.valid)) ORDER BY c.share DESC, c.place, c.at LIMIT 1;
    SELECT a.complete INTO complete FROM centre.policy_assessment a WHERE a.assessment_id = latest;
    IF greatest(worst.loss, worst.undetermined) > setting.max_loss AND NOT new.acknowledged THEN
      RAISE EXCEPTION 'this version of "%" turns % of % green workers red or grey', new.code, worst.lost, worst.green_before USING ERRCODE = 'check_violation',
        DETAIL = format('At %s that is %s %% (%s to grey), and %s %% cannot be judged; more than %s %% must be acknowledged.', worst.at || CASE WHEN worst.aged THEN ', on facts that nobody renews,' ELSE '' END, round((worst.loss * 100)::numeric, 2), worst.lost_to_grey,
                        round((worst.undetermined * 100)::numeric, 2), round((setting.max_loss * 100)::numeric, 2)),
        HINT = 'See centre.policy_impact and centre.policy_examples() for who they are, then approve with acknowledge => true.';
    ELSIF change.to_acknowledge AND NOT new.acknowledged THEN
      RAISE EXCEPTION 'this version of "%" turns % of %', new.code, change.workers, centre.change_text(change.direction) USING ERRCODE = 'check_violation',
        DETAIL = format('At %s that is %s %% of them; more than %s %% must be acknowledged.', change.at || CASE WHEN change.aged THEN ', on facts that nobody renews,' ELSE '' END, round((change.share * 100)::numeric, 2), round((setting.max_loss * 100)::numeric, 2)),
        HINT = 'See centre.policy_change and centre.policy_impact, then approve with acknowledge => true.';
    ELSIF NOT complete AND NOT new.acknowledged THEN
      RAISE EXCEPTION 'version % turns more often than was assessed', new.ruleset_id USING ERRCODE = 'check_violation', DETAIL = format('At most %s instants are looked at.', setting.impact_turns),
        HINT = 'Write fewer dates into it, raise access_setting.impact_turns, or approve with acknowledge => true.';
    END IF;
    PERFORM centre.warn_beyond(new.ruleset_id);
    -- what facts that nobody renews would do later is acknowledged apart from what the version does to those it finds when it starts
    new.accepted_loss := coalesce((SELECT max(greatest(s.loss, s.undetermined)) FROM centre.policy_summary s
      WHERE s.assessment_id = latest AND (NOT s.aged OR s.at <= lower(new.valid)) AND centre.may_stand(s.against_id, new.ruleset_id, s.at, lower(new.valid)) AND new.acknowledged), 0);
    new.accepted_changes := coalesce((SELECT jsonb_object_agg(c.direction, c.share) FROM (SELECT c.direction, max(c.share) AS share FROM centre.policy_change c
      WHERE c.assessment_id = latest AND (NOT c.aged OR c.at <= lower(new.valid)) AND centre.may_stand(c.against_id, new.ruleset_id, c.at, lower(new.valid)) GROUP BY 1) AS c WHERE new.acknowledged), '{}');
    new.accepted_aged := coalesce((SELECT jsonb_object_agg(c.direction, c.share) FROM (SELECT c.direction, max(c.share) AS share FROM centre.policy_change c
      WHERE c.assessment_id = latest AND centre.may_stand(c.against_id, new.ruleset_id, c.at, lower(new.valid)) GROUP BY 1) AS c WHERE new.acknowledged), '{}');
  END IF;
  RETURN new;
END
$$;
COMMENT ON FUNCTION centre.policy_step() IS
  'trigger of policy: a version that is to decide access codes is tested only when it can, and approved only when its impact is known, and acknowledged where the worst of all assessed instants changes more than max_loss in any direction (centre.change_direction)';
CREATE TRIGGER civic_access BEFORE UPDATE OF status ON centre.policy FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status) EXECUTE FUNCTION centre.policy_step();

CREATE FUNCTION centre.changes_now(standing integer, coming integer, clock timestamptz) RETURNS TABLE (direction text, place integer, share float8)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT d.direction, d.place, max(d.share)
  FROM unnest(centre.feed_views(standing, coming)) AS v (fresh),
    LATERAL (SELECT array_agg(p.old_colour) AS old, array_agg(p.new_colour) AS new, array_agg(p.workers::float8) AS n FROM centre.policy_diff(standing, coming, clock, NULL, v.fresh) AS p) AS m,
    LATERAL centre.colour_changes(m.old, m.new, m.n) AS d GROUP BY d.direction, d.place;
END;
COMMENT ON FUNCTION centre.changes_now(integer, integer, timestamptz) IS
  'the mass changes by direction (centre.colour_changes) when one version takes the place of another at an instant, on the facts as they are; the greater of that and of what it would be if every feed had just been heard';

CREATE FUNCTION centre.entry_fault(coming centre.policy, before integer, clock timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  overtaken boolean := NOT coming.valid @> clock;
  assessed bigint := (SELECT max(s.workers) FROM centre.policy_summary s WHERE s.ruleset_id = coming.ruleset_id);
  worst record;
BEGIN
  -- what it was approved against may not be what it follows; one whose time is over is not assessed anew, for what came after it is in force by then
  IF centre.assessment_fault(coming.ruleset_id, lower(coming.valid), CASE WHEN overtaken THEN lower(coming.valid) END) ~ '^Other versions' THEN
    IF overtaken THEN
      RETURN 'it was approved against other versions than it follows, and its time is over';
    END IF;
    PERFORM centre.assess_policy(coming.ruleset_id);
  END IF;
  IF 2 * (SELECT count(*) FROM centre.worker_fact) < assessed THEN
    RETURN format('it was assessed of %s workers, and there are facts of less than half of them', assessed);
  END IF;
  SELECT c.direction, c.share, a.accepted INTO worst
    FROM (SELECT n.direction, n.place, n.share, false AS aged FROM centre.changes_now(before, coming.ruleset_id, clock) AS n
          UNION ALL
          SELECT p.direction, p.place, p.share, p.aged FROM centre.policy_change p
          WHERE p.at >= lower(coming.valid) AND centre.may_stand(p.against_id, coming.ruleset_id, p.at, lower(coming.valid)) AND p.assessment_id = (SELECT max(l.assessment_id) FROM centre.policy_assessment l WHERE l.ruleset_id = coming.ruleset_id)) AS c,
      LATERAL (SELECT CASE WHEN c.aged THEN coalesce((coming.accepted_aged ->> c.direction)::float8, 0) WHEN c.direction = 'loss' THEN coming.accepted_loss ELSE coalesce((coming.accepted_changes ->> c.direction)::float8, 0) END AS accepted) AS a
    WHERE c.share > a.accepted + (SELECT s.max_loss FROM centre.access_setting s) ORDER BY c.place, c.share DESC LIMIT 1;
  RETURN CASE WHEN worst.direction IS NOT NULL THEN
    format('it would turn %s %% of %s; %s %% were acknowledged', round((worst.share * 100)::numeric, 2), centre.change_text(worst.direction), round((worst.accepted * 100)::numeric, 2)) END;
END
$$;
COMMENT ON FUNCTION centre.entry_fault(centre.policy, integer, timestamptz) IS
  'inner part of enter_policy(): why an approved version whose time has come does not take the place of the version before: measured on the facts of the instant, or by its latest assessment, made anew where other versions stand before it than when it was approved, it changes more than max_loss beyond what its approver acknowledged, in any direction, or facts are there of less than half the workers of whom it was assessed; null when it does';

CREATE FUNCTION centre.enter_policy(of_code text, standing integer, clock timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  coming centre.policy;
  before integer;
  measured integer[] := '{}';
  because text;
BEGIN
  LOOP
    -- Where nobody decided for a while several may have begun, each approved against the one before it.  After a reset those behind the version that stands have been in force.
    SELECT * INTO coming FROM centre.policy p
      WHERE p.code = of_code AND p.status = 'approved' AND coalesce(lower(p.valid), '-infinity') <= clock AND p.ruleset_id <> ALL (measured)
        AND (p.valid @> clock OR lower(p.valid) > coalesce((SELECT lower(s.valid) FROM centre.policy s WHERE s.ruleset_id = standing), '-infinity'))
      ORDER BY lower(p.valid) NULLS FIRST LIMIT 1;
    EXIT WHEN NOT FOUND;
    measured := measured || coming.ruleset_id;
    before := coalesce(standing, centre.policy_before(of_code, coming.ruleset_id, lower(coming.valid)));
    -- only what can decide, and takes the place of something
    CONTINUE WHEN before IS NULL OR centre.policy_fault(coming.ruleset_id, clock) IS NOT NULL;
    because := centre.entry_fault(coming, before, clock);
    IF because IS NULL THEN
      standing := coming.ruleset_id;
    ELSE
      PERFORM centre.hold_policy(coming.ruleset_id, because);
      RAISE WARNING 'version % of "%" does not come into force: %', coming.ruleset_id, of_code, because USING HINT = 'Its impact is assessed anew; approve it again with acknowledge => true.';
    END IF;
  END LOOP;
  RETURN centre.policy_in_force(of_code, clock);
END
$$;
COMMENT ON FUNCTION centre.enter_policy(text, integer, timestamptz) IS
  'inner part of reevaluate(): the version in force at the clock. Those whose time has come are measured in order of their starts, each against the version that stands, or the one before it that is about to; where centre.entry_fault() finds more than was acknowledged, a version is held and the one before goes on';

CREATE FUNCTION centre.policy_examples(of_ruleset integer, in_lang text DEFAULT 'en')
RETURNS TABLE (worker_id bigint, sector text, dormitory text, at timestamptz, old_colour text, new_colour text, rule text, reason text, action text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, civic, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN has_table_privilege(session_user, 'centre.worker_fact', 'SELECT') THEN e.worker_id END, e.sector, p.code, e.at, e.old_colour, e.new_colour, e.reason,
         coalesce(u.reason ->> $2, u.reason ->> 'en'), coalesce(u.action ->> $2, u.action ->> 'en')
  FROM centre.policy_example e LEFT JOIN centre.premises p ON p.premises_id = e.dormitory_id
  LEFT JOIN centre.ruleset r ON r.ruleset_id = $1 LEFT JOIN LATERAL civic.ruleset_rules(r.body) AS u ON u.id = e.reason
  WHERE e.assessment_id = (SELECT max(a.assessment_id) FROM centre.policy_assessment a WHERE a.ruleset_id = $1) ORDER BY e.place;
END;
COMMENT ON FUNCTION centre.policy_examples(integer, text) IS
  'ten cases of workers who turn from green to red or grey at the worst instant of the latest assessment of a version, one reason after the other, with reason and what to do in a language; who they are is told to a login that may read centre.worker_fact, to approvers it is null';

GRANT SELECT ON centre.policy_assessment, centre.policy_impact, centre.policy_summary, centre.policy_change, centre.change_direction TO civic_approver, civic_ticker;
GRANT SELECT ON SEQUENCE centre.worker_change_change_id_seq TO civic_ticker;
GRANT INSERT, DELETE ON centre.policy_impact, centre.policy_assessment TO civic_ticker;
GRANT INSERT ON centre.policy_example TO civic_ticker;
GRANT UPDATE (complete, later_at, later_rule, later_colour, later_fails, later_share) ON centre.policy_assessment TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.policy_examples(integer, text), centre.colour_changes(text[], text[], float8[]) TO civic_approver;
GRANT EXECUTE ON FUNCTION centre.colour_changes(text[], text[], float8[]), centre.change_text(text), centre.feed_views(integer[]), centre.assess_at(bigint, integer, integer, timestamptz, timestamptz, boolean),
  centre.instants_to_assess(timestamptz, timestamptz, integer), centre.assess_policy(integer, timestamptz), centre.warn_beyond(integer), centre.keep_examples(bigint),
  centre.assessment_fault(integer, timestamptz, timestamptz), centre.assess_some(bigint[], jsonb), centre.assess_policies(), centre.changes_now(integer, integer, timestamptz), centre.entry_fault(centre.policy, integer, timestamptz), centre.enter_policy(text, integer, timestamptz), centre.policy_step(),
  centre.policy_examples(integer, text) TO civic_ticker;

INSERT INTO centre.tick_job (step, place, routine) VALUES ('impact', 90, 'centre.assess_policies')
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine;
