-- What evidence proves: credited levels, competencies on a day, the set kept per official, the passbook.

CREATE VIEW centre.credited_evidence WITH (security_invoker = true) AS
  SELECT e.evidence_id, e.subject_id, e.competency_id, e.source, e.credential, e.issued,
         least(e.expires, e.revoked) AS ends, coalesce(e.revoked <= coalesce(e.expires, e.revoked), false) AS is_revoked,
         e.level AS stated_level, least(e.level, coalesce(s.max_level, g.max_level, 0)) AS level, coalesce(s.weight, g.weight, 1::smallint) AS weight
  FROM centre.evidence e JOIN centre.competency c USING (competency_id)
  LEFT JOIN centre.evidence_policy s ON s.source = e.source AND s.framework = c.framework AND s.valid @> e.issued
  LEFT JOIN centre.evidence_policy g ON g.source = e.source AND g.framework = '*' AND g.valid @> e.issued;
COMMENT ON VIEW centre.credited_evidence IS
  'evidence with the level and weight that the policy in force on its day of issue credits; it counts from issued until the day before ends; is_revoked: it ended by revocation';

CREATE FUNCTION centre.competencies_on(day date, subjects bigint[] DEFAULT NULL)
RETURNS TABLE (subject_id bigint, held civic.competency_set, own civic.competency_set, lapsed civic.competency_set, next_change date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH e AS MATERIALIZED (
    SELECT c.subject_id, c.competency_id, c.level, c.weight, c.issued, c.ends, c.is_revoked,
           c.issued <= $1 AND (c.ends IS NULL OR c.ends > $1) AS counts
    FROM centre.credited_evidence c WHERE ($2 IS NULL OR c.subject_id = ANY ($2)) AND c.issued IS DISTINCT FROM c.ends),
  own AS (
    SELECT DISTINCT ON (e.subject_id, e.competency_id) e.subject_id, e.competency_id, e.level::integer AS level, e.weight::integer AS weight
    FROM e WHERE e.counts AND e.level > 0 ORDER BY e.subject_id, e.competency_id, e.level DESC, e.weight DESC),
  held AS (
    SELECT DISTINCT ON (h.subject_id, h.competency_id) h.*
    FROM (SELECT o.subject_id, o.competency_id, o.level, o.weight FROM own o
          UNION ALL
          SELECT o.subject_id, i.implied_id, greatest(o.level - i.level_loss, 1), o.weight
          FROM own o JOIN centre.competency_closure i ON i.competency_id = o.competency_id) AS h
    ORDER BY h.subject_id, h.competency_id, h.level DESC, h.weight DESC),
  person AS (
    SELECT e.subject_id, civic.competency_agg(e.competency_id, e.level::integer) FILTER (WHERE e.ends <= $1 AND NOT e.is_revoked) AS lapsed,
           least(min(e.issued) FILTER (WHERE e.issued > $1), min(e.ends) FILTER (WHERE e.ends > $1)) AS next_change
    FROM e GROUP BY e.subject_id)
  SELECT p.subject_id, coalesce(h.held, ''), coalesce(o.own, ''), coalesce(p.lapsed, ''), p.next_change
  FROM person p
  LEFT JOIN (SELECT own.subject_id, civic.competency_agg(own.competency_id, own.level, own.weight) AS own FROM own GROUP BY own.subject_id) AS o ON o.subject_id = p.subject_id
  LEFT JOIN (SELECT held.subject_id, civic.competency_agg(held.competency_id, held.level, held.weight) AS held FROM held GROUP BY held.subject_id) AS h ON h.subject_id = p.subject_id;
END;
COMMENT ON FUNCTION centre.competencies_on(date, bigint[]) IS
  'what officials held on a day by the evidence of that day, one row for each with any evidence (subjects null: all the caller may see): held with what is implied, own without, lapsed by expiry, and the next day on which it changes. Weights are those of the evidence that proves the level';

-- Planned anew by each call: a generic plan does not know how long an array is, and goes through it for every row of evidence.
CREATE FUNCTION centre.work_out_competencies(officials bigint[], context jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  day date := context ->> 'day';
BEGIN
  INSERT INTO centre.official_competency AS o (subject_id, held, own, lapsed, as_of, next_change)
    SELECT s.subject_id, coalesce(c.held, ''), coalesce(c.own, ''), coalesce(c.lapsed, ''), day, c.next_change
    FROM unnest(officials) AS u (id) JOIN centre.subject s ON s.subject_id = u.id
    LEFT JOIN centre.competencies_on(day, officials) AS c ON c.subject_id = s.subject_id
    ON CONFLICT (subject_id) DO UPDATE SET held = excluded.held, own = excluded.own, lapsed = excluded.lapsed,
      as_of = excluded.as_of, next_change = excluded.next_change;
  RETURN cardinality(officials);
END
$$;
COMMENT ON FUNCTION centre.work_out_competencies(bigint[], jsonb) IS 'inner part of refresh_official_competencies(): official_competency of some officials as of the context''s day';

CREATE FUNCTION centre.refresh_official_competencies(at_most integer DEFAULT 50000, day date DEFAULT centre.today()) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  changed bigint[];
BEGIN
  -- One at a time: a second one would write back what it read before the first one's change was there.
  PERFORM centre.take_turn('competencies');
  WITH taken AS (
    -- by ctid, as drain_cells() does and for its reason
    DELETE FROM centre.evidence_change WHERE ctid = ANY (ARRAY(SELECT c.ctid FROM centre.evidence_change c ORDER BY c.change_id LIMIT at_most)) RETURNING subject_id),
  due AS (
    SELECT o.subject_id FROM centre.official_competency o WHERE o.next_change <= day AND o.subject_id <> ALL ((SELECT centre.stuck_waiting('competencies'))::bigint[]) LIMIT at_most)
  SELECT array_agg(u.subject_id) INTO changed FROM (SELECT t.subject_id FROM taken t UNION SELECT d.subject_id FROM due d UNION SELECT centre.stuck_due('competencies')) AS u;
  RETURN centre.work_apart('competencies', 'official', 'centre.work_out_competencies', coalesce(changed, '{}'), jsonb_build_object('day', day));
END
$$;
COMMENT ON FUNCTION centre.refresh_official_competencies(integer, date) IS
  'work out official_competency again for the officials of at most so many changes of evidence, and for as many whose next change has come, as of day; gives how many officials, 0 when nothing is due. tick() calls it until then. An official for whom that fails is left out (centre.stuck_row)';

CREATE FUNCTION centre.evidence_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO centre.evidence_change (subject_id) SELECT DISTINCT subject_id FROM new_rows;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO centre.evidence_change (subject_id) SELECT DISTINCT subject_id FROM old_rows;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.evidence_changed() IS 'trigger of evidence and official: marks whose competencies are to be worked out again';
CREATE TRIGGER civic_mark_insert AFTER INSERT ON centre.evidence REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.evidence_changed();
CREATE TRIGGER civic_mark_update AFTER UPDATE ON centre.evidence REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION centre.evidence_changed();
CREATE TRIGGER civic_mark_delete AFTER DELETE ON centre.evidence REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION centre.evidence_changed();
CREATE TRIGGER civic_mark_insert AFTER INSERT ON centre.official REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.evidence_changed();

CREATE FUNCTION centre.implied_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO centre.evidence_change (subject_id)
      SELECT DISTINCT e.subject_id FROM centre.evidence e WHERE e.competency_id IN (SELECT competency_id FROM new_rows);
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO centre.evidence_change (subject_id)
      SELECT DISTINCT e.subject_id FROM centre.evidence e WHERE e.competency_id IN (SELECT competency_id FROM old_rows);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.implied_changed() IS 'trigger of competency_closure: marks officials with evidence of a competency from which something else follows now';
CREATE TRIGGER civic_mark_insert AFTER INSERT ON centre.competency_closure REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION centre.implied_changed();
CREATE TRIGGER civic_mark_update AFTER UPDATE ON centre.competency_closure REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION centre.implied_changed();
CREATE TRIGGER civic_mark_delete AFTER DELETE ON centre.competency_closure REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION centre.implied_changed();

CREATE FUNCTION centre.policy_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.evidence_change (subject_id) SELECT DISTINCT subject_id FROM centre.evidence;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.policy_changed() IS 'trigger of evidence_policy: marks everybody with evidence; policies change once in years';
CREATE TRIGGER civic_mark AFTER INSERT OR UPDATE OR DELETE ON centre.evidence_policy EXECUTE FUNCTION centre.policy_changed();

-- ---------------------------------------------------------------- passbook
CREATE VIEW centre.passbook_entry WITH (security_invoker = true) AS
  SELECT v.subject_id, v.competency_id, v.day, v.entry, v.evidence_id, v.source, v.stated_level,
         coalesce(max(e.level) FILTER (WHERE (e.issued, false, e.evidence_id) < (v.day, v.entry <> 'credit', v.evidence_id)
           AND (e.ends IS NULL OR (e.ends, true, e.evidence_id) >= (v.day, v.entry <> 'credit', v.evidence_id))), 0)::smallint AS level_before,
         coalesce(max(e.level) FILTER (WHERE (e.issued, false, e.evidence_id) <= (v.day, v.entry <> 'credit', v.evidence_id)
           AND (e.ends IS NULL OR (e.ends, true, e.evidence_id) > (v.day, v.entry <> 'credit', v.evidence_id))), 0)::smallint AS level_after
  FROM (SELECT c.subject_id, c.competency_id, c.issued AS day, 'credit' AS entry, c.evidence_id, c.source, c.stated_level
        FROM centre.credited_evidence c WHERE c.issued IS DISTINCT FROM c.ends
        UNION ALL
        SELECT c.subject_id, c.competency_id, c.ends, CASE WHEN c.is_revoked THEN 'revocation' ELSE 'expiry' END, c.evidence_id, c.source, c.stated_level
        FROM centre.credited_evidence c WHERE c.ends > c.issued) AS v
  JOIN centre.credited_evidence e ON e.subject_id = v.subject_id AND e.competency_id = v.competency_id AND e.issued IS DISTINCT FROM e.ends
  GROUP BY v.subject_id, v.competency_id, v.day, v.entry, v.evidence_id, v.source, v.stated_level;
COMMENT ON VIEW centre.passbook_entry IS
  'every credit, expiry and revocation of evidence with the level of its competency before and after it; on one day what comes stands before what goes, so that a renewal in time leaves the level as it is';

CREATE FUNCTION centre.passbook(subject bigint, from_day date, to_day date)
RETURNS TABLE (entry_no bigint, day date, entry text, competency_id integer, level_before smallint, level_after smallint,
  source text, evidence_id bigint, stated_level smallint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH entry AS MATERIALIZED (SELECT p.* FROM centre.passbook_entry p WHERE p.subject_id = $1),
  line AS (
    SELECT b.part, b.day, b.entry, l.competency_id, NULL::smallint AS level_before, l.level_after,
           NULL::text AS source, NULL::bigint AS evidence_id, NULL::smallint AS stated_level
    FROM (VALUES (1, $2, 'opening balance', $2 - 1), (3, $3, 'closing balance', $3)) AS b (part, day, entry, held_on)
    -- what the last entry until then left
    CROSS JOIN LATERAL (SELECT DISTINCT ON (e.competency_id) e.competency_id, e.level_after FROM entry e WHERE e.day <= b.held_on
                        ORDER BY e.competency_id, e.day DESC, e.entry <> 'credit' DESC, e.evidence_id DESC) AS l
    WHERE $2 <= $3 AND l.level_after > 0
    UNION ALL
    SELECT 2, p.day, p.entry, p.competency_id, p.level_before, p.level_after, p.source, p.evidence_id, p.stated_level
    FROM entry p WHERE p.day BETWEEN $2 AND $3)
  SELECT row_number() OVER (ORDER BY i.part, i.day, i.competency_id, i.entry <> 'credit', i.evidence_id), i.day, i.entry, i.competency_id,
         i.level_before, i.level_after, i.source, i.evidence_id, i.stated_level
  FROM line i ORDER BY 1;
END;
COMMENT ON FUNCTION centre.passbook(bigint, date, date) IS
  'the passbook of an official as a statement from from_day to to_day, both included: opening balance (levels at the end of the day before), credits with their source and evidence, expiries and revocations as debits, each with the level before and after, and the closing balance. Own evidence only, nothing implied; an entry may leave the level as it is. No rows for somebody the caller may not see';

-- ---------------------------------------------------------------- who may do what
CREATE POLICY civic_hr ON centre.evidence FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'evidence'));
CREATE POLICY civic_hr ON centre.official_competency FOR SELECT TO civic_hr USING (subject_id IN (SELECT centre.my_line()) AND centre.note_line_read(subject_id, 'official_competency'));
CREATE POLICY civic_service ON centre.evidence TO civic_ticker, civic_publisher USING (true);
CREATE POLICY civic_service ON centre.official_competency TO civic_ticker, civic_publisher USING (true);

GRANT SELECT ON centre.evidence, centre.official_competency, centre.evidence_source, centre.evidence_policy, centre.credited_evidence, centre.passbook_entry TO civic_hr, civic_ticker, civic_publisher;
GRANT INSERT, UPDATE ON centre.official_competency TO civic_ticker;
GRANT SELECT, DELETE ON centre.evidence_change TO civic_ticker;
GRANT EXECUTE ON FUNCTION centre.today(), centre.officials_on(date), centre.my_line(), centre.competencies_on(date, bigint[]), centre.passbook(bigint, date, date),
  centre.level_code(text, integer), centre.level_label(text, integer, text), centre.competency_name(integer, text), centre.named_set(civic.competency_set, text)
  TO civic_hr, civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.work_out_competencies(bigint[], jsonb), centre.refresh_official_competencies(integer, date) TO civic_ticker;

INSERT INTO centre.tick_job (step, place, routine, again) VALUES ('competencies', 50, 'centre.refresh_official_competencies', true)
  ON CONFLICT (step) DO UPDATE SET place = excluded.place, routine = excluded.routine, again = excluded.again;

CREATE FUNCTION centre.erase_wait_capacity() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM centre.take_turn('competencies');
  PERFORM centre.take_turn('capacity');
END
$$;
COMMENT ON FUNCTION centre.erase_wait_capacity() IS 'part of erase(): no competencies and no facts of capacity are being refreshed';
INSERT INTO centre.erase_job (routine, phase, place, bears) VALUES
  ('centre.erase_wait_capacity', 'wait', 50, false)
  ON CONFLICT (routine) DO UPDATE SET phase = excluded.phase, place = excluded.place, bears = excluded.bears;
