-- Needs on a day: a need that changes leaves behind what it was, so that a base year is measured by its own needs.

CREATE FUNCTION centre.needs_on(day date) RETURNS TABLE (node_id integer, need civic.competency_set)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT n.node_id, coalesce(d.need, n.need) FROM centre.frac_node n LEFT JOIN centre.frac_need d ON d.node_id = n.node_id AND d.valid @> $1;
END;
COMMENT ON FUNCTION centre.needs_on(date) IS 'what each position, role and activity needs on a day';

CREATE FUNCTION centre.need_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := centre.today();
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.need_since < today THEN
    -- what was stated for some of these days stays, and the first need known counts before it was known
    INSERT INTO centre.frac_need (node_id, valid, need)
      SELECT OLD.node_id, r, OLD.need
      FROM unnest(datemultirange(daterange(CASE WHEN EXISTS (SELECT FROM centre.frac_need f WHERE f.node_id = OLD.node_id AND upper(f.valid) <= OLD.need_since) THEN OLD.need_since END, today))
                  - coalesce((SELECT range_agg(f.valid) FROM centre.frac_need f WHERE f.node_id = OLD.node_id), '{}')) AS r;
  END IF;
  NEW.need_since := today;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.need_changed() IS 'trigger of frac_node: the need that was counts for the days until today, that on which it changed not among them';
CREATE TRIGGER civic_dated_insert BEFORE INSERT ON centre.frac_node FOR EACH ROW EXECUTE FUNCTION centre.need_changed();
CREATE TRIGGER civic_dated_update BEFORE UPDATE ON centre.frac_node FOR EACH ROW WHEN (OLD.need OPERATOR(civic.<>) NEW.need) EXECUTE FUNCTION centre.need_changed();

CREATE FUNCTION centre.state_need(node integer, days daterange, need civic.competency_set) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whole datemultirange := datemultirange(days);
BEGIN
  WITH gone AS (DELETE FROM centre.frac_need f WHERE f.node_id = state_need.node AND f.valid && days RETURNING f.valid, f.need)
  INSERT INTO centre.frac_need (node_id, valid, need) SELECT node, r, g.need FROM gone g CROSS JOIN LATERAL unnest(datemultirange(g.valid) - whole) AS r;
  IF state_need.need IS NOT NULL THEN
    INSERT INTO centre.frac_need (node_id, valid, need) VALUES (node, days, state_need.need);
  END IF;
END
$$;
COMMENT ON FUNCTION centre.state_need(integer, daterange, civic.competency_set) IS
  'say what a position, role or activity needs on some days, past or to come, whatever its requirements add up to; it does not reach the nodes above. need null: these days go back to the requirements. Error for an unknown node';

GRANT SELECT ON centre.frac_need TO civic_hr, civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.needs_on(date) TO civic_hr, civic_ticker, civic_publisher;
