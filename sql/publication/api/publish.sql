-- Publication of declared cubes: from facts to releases.  How cells are protected stands in ledger.sql.

CREATE FUNCTION centre.period_of(unit text, on_day date) RETURNS daterange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT daterange(b.start, (b.start + ('1 ' || CASE unit WHEN 'quarter' THEN 'month' ELSE unit END)::interval
          * CASE unit WHEN 'quarter' THEN 3 ELSE 1 END)::date)
        FROM (SELECT date_trunc(unit, on_day::timestamp)::date AS start) AS b);
COMMENT ON FUNCTION centre.period_of(text, date) IS 'the day, ISO week, month, quarter or year that a day lies in, as a range of days';

CREATE FUNCTION centre.population_at(at_level text, on_year integer) RETURNS TABLE (area_id integer, sex text, age_band text, people numeric, year smallint, source text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH figure AS MATERIALIZED (SELECT DISTINCT p.source, p.year, p.area_id FROM centre.population p),  -- the table is long: read once
  vintage AS (  -- of each source the year asked for, else the nearest
    SELECT DISTINCT ON (f.source) f.source, f.year FROM figure f ORDER BY f.source, abs(f.year - $2), f.year),
  holder AS MATERIALIZED (SELECT f.* FROM figure f JOIN vintage v USING (source, year)),
  -- The areas that lie around each area of the source, and how far up the next is of which the source speaks as well.  That is
  -- looked up in a hash: holder is thought to have one row, and a join would look at every pair of its areas.
  around AS MATERIALIZED (
    SELECT h.source, h.year, h.area_id AS part_id, c.ancestor_id, c.distance,
           min(CASE WHEN c.distance > 0 AND (h.source, c.ancestor_id) IN (SELECT up.source, up.area_id FROM holder up) THEN c.distance END)
             OVER (PARTITION BY h.source, h.area_id) AS next_up
    FROM holder h JOIN centre.area_closure c ON c.descendant_id = h.area_id),
  -- an area has the source's own figure, or the sum of the nearest smaller areas that have one
  part AS MATERIALIZED (
    SELECT s.area_id, a.source, a.year, a.part_id
    FROM centre.area_standing s JOIN around a ON a.ancestor_id = s.area_id
    WHERE s.level = $1 AND (a.distance = 0 OR a.next_up IS NULL OR a.next_up > a.distance)),
  -- One comparison, one source: of those that cover most areas the one ranked first.
  chosen AS (
    SELECT p.source FROM part p LEFT JOIN centre.population_source r USING (source)
    GROUP BY p.source, r.rank ORDER BY count(DISTINCT p.area_id) DESC, r.rank NULLS LAST, p.source LIMIT 1)
  SELECT p.area_id, q.sex, q.age_band, sum(q.people), p.year, p.source
  FROM part p JOIN chosen USING (source) JOIN centre.population q ON q.area_id = p.part_id AND q.source = p.source AND q.year = p.year
  GROUP BY p.area_id, q.sex, q.age_band, p.year, p.source;
END;
COMMENT ON FUNCTION centre.population_at(text, integer) IS
  'people in each area of a level by sex and age band (* is all) in the year, or the nearest year there is; all areas from one source, summed from smaller areas where that is all it has';

CREATE FUNCTION centre.cell_noise(who civic.subject_set) RETURNS bigint
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT civic.perturb(civic.n_distinct(who), civic.cell_key(who, s.salt), civic.ptable(5, 3, 2)) FROM centre.cell_key_salt AS s);
COMMENT ON FUNCTION centre.cell_noise(civic.subject_set) IS
  'number of subjects with noise drawn from the secret key of this very set (noise of at most 5, variance 3, nothing from 1 to 2); the caller cannot read the salt; null gives null';

-- Values of methods that change every value: those below the threshold, those that changed by too few subjects since a retained
-- release, and with noise those that differ by too few from a cell that holds them are withheld.
CREATE PROCEDURE centre.publish_changed_values(c centre.cube, threshold integer, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.publish_withheld
    SELECT t.cell FROM pg_temp.publish_true t WHERE t.subjects BETWEEN 1 AND threshold - 1 OR t.guarded
    UNION
    SELECT h.cell FROM pg_temp.publish_change h JOIN pg_temp.publish_past p ON p.cell = h.cell AND p.shown_release = h.a
      WHERE h.b = made AND h.subjects < threshold
    UNION
    SELECT child.cell FROM pg_temp.publish_true child JOIN pg_temp.publish_in i ON i.cell = child.cell
      JOIN pg_temp.publish_in j ON j.leaf = i.leaf AND j.cell <> i.cell JOIN pg_temp.publish_true parent ON parent.cell = j.cell
      WHERE c.method = 'cellkey' AND parent.subjects - child.subjects BETWEEN 1 AND threshold - 1
      GROUP BY child.cell, parent.cell
      HAVING count(*) = (SELECT count(*) FROM pg_temp.publish_in x WHERE x.cell = child.cell);
  UPDATE pg_temp.publish_true t SET amount = CASE c.method WHEN 'round5' THEN civic.round5(t.amount, greatest(threshold, 3)) ELSE centre.cell_noise(civic.subjects(t.sums)) END
    WHERE t.subjects >= threshold;
END
$$;
COMMENT ON PROCEDURE centre.publish_changed_values(centre.cube, integer, bigint) IS 'rounds or perturbs the values in publish_true, and adds to publish_withheld what must not be shown all the same';

-- Decides what is shown: made anew, held at an earlier value, or withheld.
CREATE PROCEDURE centre.publish_protect(c centre.cube, d centre.dataset, of_measures text[], span daterange, threshold integer, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  coalition integer;
  previous bigint;
  measures text[] := centre.cube_measures(c);
BEGIN
  CALL centre.ledger_past(d.code, centre.ledger_period(d, span), of_measures, made);
  CALL centre.ledger_runs(d, of_measures, threshold + c.width);
  CALL centre.ledger_changes();
  CALL centre.publish_true(c, of_measures);
  IF c.method = 'suppress' THEN
    -- Readers of several audiences may put together what they have: each threshold below this one is protected too.
    FOR coalition IN SELECT threshold UNION SELECT p.k FROM pg_temp.publish_past p WHERE p.k < threshold ORDER BY 1 DESC LOOP
      CALL centre.ledger_suppress(c, coalition, made);
      CALL centre.publish_withhold_borne();
    END LOOP;
  ELSE
    CALL centre.publish_changed_values(c, threshold, made);
  END IF;
  SELECT r.release_id INTO previous FROM centre.release r
    WHERE r.cube = c.code AND (r.period = span OR d.flow = 'stock') AND r.release_id < made ORDER BY r.release_id DESC LIMIT 1;
  INSERT INTO pg_temp.publish_shown
    SELECT t.cell, x.measure, x.key, t.subjects, t.guarded, t.subjects BETWEEN 1 AND threshold - 1 OR t.guarded AS small,
           CASE WHEN w.cell IS NULL THEN made WHEN hold.ok THEN p.shown_release END AS shown_release,
           CASE WHEN w.cell IS NULL THEN t.amount * CASE WHEN x.measure IN ('subjects', 'rows') THEN 1 ELSE d.unit END WHEN hold.ok THEN p.value END AS value
    FROM pg_temp.publish_true t JOIN pg_temp.publish_cell x ON x.cell = t.cell AND x.own AND x.measure = ANY (measures)
    LEFT JOIN pg_temp.publish_withheld w ON w.cell = t.cell
    LEFT JOIN pg_temp.publish_past p ON p.release_id = previous AND p.cell = t.cell AND p.shown_release IS NOT NULL
    LEFT JOIN pg_temp.publish_change h ON h.cell = t.cell AND h.a = p.shown_release AND h.b = made
    -- within a period an earlier value stays; a stock's new day keeps it while it is off by less than the threshold
    CROSS JOIN LATERAL (SELECT p.cell IS NOT NULL AND (EXISTS (SELECT FROM centre.release r WHERE r.release_id = previous AND r.period = span)
                               OR coalesce(h.subjects, 0) < threshold) AS ok) AS hold;
  ANALYZE pg_temp.publish_shown;
END
$$;
COMMENT ON PROCEDURE centre.publish_protect(centre.cube, centre.dataset, text[], daterange, integer, bigint) IS
  'fills publish_shown: what is shown of each of a cube''s cells about persons';

CREATE PROCEDURE centre.publish_release_cells(c centre.cube, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dims text[] := centre.dataset_dims(c.dataset);
  area_at integer := array_position(dims, 'area');
BEGIN
  INSERT INTO pg_temp.publish_shape  -- one row a cell and level
    SELECT v.measure, s.level, s.area_id, coalesce(b.name, 'all'), coalesce(split_part(b.key, '=', 2), '*total*'), v.value, v.possible_from, v.possible_to, v.held
    FROM pg_temp.publish_value v
    JOIN centre.area_standing s ON s.area_id = split_part(v.key[area_at], '=', 2)::integer AND s.level = ANY (c.levels)
    LEFT JOIN LATERAL (SELECT n.name, n.key FROM unnest(dims, v.key) AS n (name, key) WHERE n.name <> 'area' AND n.key <> '*') AS b ON true;
  -- An area without a report shows nought, so that a missing row says nothing.
  INSERT INTO pg_temp.publish_shape
    WITH m AS MATERIALIZED (  -- once a measure, not for each of its areas
      SELECT d.code, u.possible_from, u.possible_to
      FROM (SELECT DISTINCT CASE i.kind WHEN 'proportion' THEN i.numerator ELSE i.code END AS code FROM centre.indicator i WHERE i.code = ANY (c.indicators)) AS d
      -- what a rounded nought of this measure may stand for is what any other may be off by; of a measure that nobody reported, what a total may be
      LEFT JOIN LATERAL (SELECT 0 AS possible_from, coalesce((SELECT x.possible_to - x.value FROM pg_temp.publish_shape x WHERE x.measure = d.code AND x.breakdown = 'all' LIMIT 1),
                                                             centre.rounding_bound(w, greatest(w.base, a.k, c.k), true, false)) AS possible_to
                         FROM centre.dataset w JOIN centre.audience a ON a.code = c.audience
                         WHERE w.code = c.dataset AND w.method = 'round' AND w.personal AND c.personal AND d.code = ANY (centre.cube_measures(c))) AS u ON true)
    SELECT m.code, s.level, s.area_id, 'all', '*total*', 0, m.possible_from, m.possible_to
    FROM m CROSS JOIN centre.area_standing s
    WHERE s.level = ANY (c.levels)
      AND NOT EXISTS (SELECT FROM pg_temp.publish_shape x WHERE (x.measure, x.level, x.area_id, x.breakdown) = (m.code, s.level, s.area_id, 'all'));
  ANALYZE pg_temp.publish_shape;
  -- A member that is listed is somebody: where the total is withheld the groups are not listed at all, and where a group is, all are listed and noughts withheld with it.
  DELETE FROM pg_temp.publish_shape x USING pg_temp.publish_shape t
    WHERE x.breakdown <> 'all' AND t.breakdown = 'all' AND t.value IS NULL AND (t.measure, t.level, t.area_id) = (x.measure, x.level, x.area_id);
  INSERT INTO pg_temp.publish_shape (measure, level, area_id, breakdown, member)
    SELECT g.measure, g.level, g.area_id, g.breakdown, m.member
    FROM (SELECT DISTINCT x.measure, x.level, x.area_id, x.breakdown FROM pg_temp.publish_shape x WHERE x.breakdown <> 'all' AND x.value IS NULL) AS g
    JOIN (SELECT DISTINCT x.measure, x.breakdown, x.member FROM pg_temp.publish_shape x) AS m USING (measure, breakdown)
    WHERE NOT EXISTS (SELECT FROM pg_temp.publish_shape x WHERE (x.measure, x.level, x.area_id, x.breakdown, x.member) = (g.measure, g.level, g.area_id, g.breakdown, m.member));
  -- In key order, so that the order of rows tells nothing about the counts.
  INSERT INTO centre.release_cell (release_id, indicator, level, area_id, breakdown, member, value, denominator, status, possible_from, possible_to, denominator_from, denominator_to)
    SELECT made, i.code, x.level, x.area_id, x.breakdown, x.member, x.value, coalesce(CASE WHEN w.whole THEN d.value END, p.people),
           CASE WHEN x.value IS NULL THEN 'x' WHEN x.held THEN 'h' ELSE 'ok' END, x.possible_from, x.possible_to, CASE WHEN w.whole THEN d.possible_from END, CASE WHEN w.whole THEN d.possible_to END
    FROM (SELECT greatest(s.base, a.k, c.k) AS base FROM centre.dataset s JOIN centre.audience a ON a.code = c.audience WHERE s.code = c.dataset) AS b
    CROSS JOIN centre.indicator i JOIN pg_temp.publish_shape x ON x.measure = CASE i.kind WHEN 'proportion' THEN i.numerator ELSE i.code END
    LEFT JOIN pg_temp.publish_people p ON i.kind = 'rate' AND p.level = x.level AND p.area_id = x.area_id
      AND p.sex = CASE x.breakdown WHEN 'sex' THEN x.member ELSE '*' END
      AND p.age_band = CASE x.breakdown WHEN 'age_band' THEN x.member ELSE '*' END
      AND x.breakdown IN ('all', 'sex', 'age_band')
    LEFT JOIN pg_temp.publish_shape d ON i.kind = 'proportion' AND i.denominator = ANY (c.indicators) AND d.measure = i.denominator
      AND d.level = x.level AND d.area_id = x.area_id AND d.breakdown = x.breakdown AND d.member = x.member
    -- a proportion of rounded counts wants a whole of ten bases
    CROSS JOIN LATERAL (SELECT d.possible_to IS NULL OR d.value >= 10 * b.base AS whole) AS w
    WHERE i.code = ANY (c.indicators)
    ORDER BY i.code COLLATE "C", x.level COLLATE "C", x.area_id, x.breakdown COLLATE "C", x.member COLLATE "C";
END
$$;
COMMENT ON PROCEDURE centre.publish_release_cells(centre.cube, bigint) IS 'writes release_cell of publish_value, with denominators';

-- Where one member is withheld, those of nobody are withheld with it: which members there are is no more to be seen than how many are in each.
CREATE PROCEDURE centre.publish_presence(c centre.cube)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dims text[] := centre.dataset_dims(c.dataset);
BEGIN
  LOOP  -- what is added is withheld as well
    ANALYZE pg_temp.publish_value;
    INSERT INTO pg_temp.publish_value (measure, key)
      SELECT DISTINCT g.measure, g.key[:g.at - 1] || m.member || g.key[g.at + 1:]
      FROM (SELECT DISTINCT v.measure, n.at::integer, v.key[:n.at - 1] || '*'::text || v.key[n.at + 1:] AS key
            FROM pg_temp.publish_value v CROSS JOIN unnest(dims) WITH ORDINALITY AS n (name, at)
            WHERE v.value IS NULL AND v.key[n.at] <> '*' AND n.at <> ALL (centre.presence_dims(c.dataset))) AS g
      JOIN (SELECT DISTINCT n.at::integer, v.key[n.at] AS member FROM pg_temp.publish_value v CROSS JOIN unnest(dims) WITH ORDINALITY AS n (name, at) WHERE v.key[n.at] <> '*') AS m USING (at)
      EXCEPT SELECT v.measure, v.key FROM pg_temp.publish_value v;
    EXIT WHEN NOT FOUND;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.publish_presence(centre.cube) IS 'adds to publish_value the noughts that are withheld beside a withheld member of a dimension (not of areas, nested ones and those with several members a subject)';

CREATE PROCEDURE centre.publish_release_rows(c centre.cube, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dims text[] := centre.dataset_dims(c.dataset);
BEGIN
  CALL centre.publish_presence(c);
  INSERT INTO centre.release_row (release_id, measure, members, value, status, possible_from, possible_to)
    SELECT made, v.measure, n.members, v.value, CASE WHEN v.value IS NULL THEN 'x' WHEN v.held THEN 'h' ELSE 'ok' END, v.possible_from, v.possible_to
    FROM pg_temp.publish_value v
    CROSS JOIN LATERAL (
      SELECT array_agg(CASE WHEN k.key = '*' THEN '*total*'
                         WHEN m.kind = 'age' OR cardinality(m.columns) > 1 THEN k.key
                         ELSE substr(k.key, strpos(k.key, '=') + 1) END ORDER BY array_position(c.dims, k.name)) AS members
      FROM unnest(dims, v.key) AS k (name, key) JOIN centre.dimension m ON m.dataset = c.dataset AND m.name = k.name
      WHERE k.name = ANY (c.dims)) AS n
    ORDER BY v.measure, n.members;
END
$$;
COMMENT ON PROCEDURE centre.publish_release_rows(centre.cube, bigint) IS 'writes release_row of publish_value';

CREATE PROCEDURE centre.publish_store(c centre.cube, span daterange, made bigint, made_of text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  measures text[] := centre.cube_measures(c);
BEGIN
  UPDATE centre.release SET current = false WHERE cube = c.code AND period = span AND current;
  INSERT INTO centre.release (release_id, cube, period, made_of) OVERRIDING SYSTEM VALUE VALUES (made, c.code, span, made_of);
  CALL centre.note_release_days(c, span, made);
  IF c.dataset = 'observation' THEN
    CALL centre.publish_release_cells(c, made);
  ELSE
    CALL centre.publish_release_rows(c, made);
  END IF;
  INSERT INTO centre.ledger_cell (release_id, measure, key, subjects, guarded, shown_release, value)
    SELECT made, s.measure, s.key, s.subjects, s.guarded, s.shown_release, s.value FROM pg_temp.publish_shown s
    UNION ALL  -- what bears them has its secrets too
    SELECT made, x.measure, x.key, t.subjects, t.guarded, NULL, NULL FROM pg_temp.publish_true t JOIN pg_temp.publish_cell x USING (cell)
    WHERE x.own AND x.measure <> ALL (measures) ORDER BY 2, 3;
  INSERT INTO centre.release_must SELECT made, m.levels, m.cells, m.withheld, m.price FROM pg_temp.publish_must m WHERE c.must_publish IS NOT NULL ORDER BY m.threshold DESC LIMIT 1;
  INSERT INTO centre.release_report (release_id, detail, cells, small, withheld, held)
    SELECT made, t.detail, count(*), count(*) FILTER (WHERE t.small), count(*) FILTER (WHERE t.value IS NULL), count(*) FILTER (WHERE t.shown_release < made)
    FROM (SELECT s.*, coalesce((SELECT string_agg(CASE WHEN k LIKE 'area=%' THEN a.level ELSE split_part(k, '=', 1) END, ' × ' ORDER BY k NOT LIKE 'area=%', k)
                                FROM unnest(s.key) AS k WHERE k <> '*'), 'total') AS detail
          FROM pg_temp.publish_shown s
          LEFT JOIN centre.area a ON a.area_id = substring(array_to_string(s.key, ' ') FROM 'area=(\d+)')::integer) AS t
    GROUP BY t.detail;
END
$$;
COMMENT ON PROCEDURE centre.publish_store(centre.cube, daterange, bigint, text) IS 'writes a release, its entry in the ledger, and the publisher''s report';

CREATE FUNCTION centre.publish_overlap(c centre.cube, d centre.dataset, span daterange) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other record;
BEGIN
  SELECT x.code, r.period INTO other FROM centre.release r JOIN centre.cube x ON x.code = r.cube
    WHERE d.personal AND c.personal AND x.personal AND x.dataset = c.dataset AND d.flow = 'event' AND r.period && span AND r.period <> span
      AND centre.cube_measures(x) && centre.related_measures(d, centre.cube_measures(c)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" overlaps a release of cube "%"', c.code, other.code USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('Periods are %s and %s.', span, other.period),
      HINT = 'Measures of the same persons are published in one unit of period, since the parts of overlapping periods would be known by subtraction. Declare the cube by the other''s period_unit; readers add periods up (dash.totals).';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.publish_overlap(centre.cube, centre.dataset, daterange) IS 'an error where measures about persons have been released for a period that overlaps this one and is not the same';

CREATE FUNCTION centre.releases_compared(of_dataset text, in_period daterange) RETURNS bigint[]
LANGUAGE sql STABLE
RETURN (SELECT coalesce(array_agg(r.release_id ORDER BY r.release_id), '{}') FROM centre.release r JOIN centre.cube x ON x.code = r.cube
        WHERE x.dataset = of_dataset AND (r.period = in_period OR lower_inf(in_period)));
COMMENT ON FUNCTION centre.releases_compared(text, daterange) IS 'the releases that a publication of a dataset and period is compared with, see ledger_period()';

CREATE PROCEDURE centre.publish(of_cube text, on_day date)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  c centre.cube;
  d centre.dataset;
  span daterange;
  kept daterange;
  personal text[];
  related text[];
  threshold integer;
  made bigint;
  digest text;
  current_release centre.release;
  asked boolean;
  known bigint[];
BEGIN
  SELECT * INTO c FROM centre.cube WHERE code = of_cube;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no cube "%"', of_cube USING ERRCODE = 'no_data_found', HINT = 'Cubes are declared in centre.cube.';
  END IF;
  SELECT * INTO STRICT d FROM centre.dataset WHERE code = c.dataset;
  SELECT greatest(a.k, c.k) INTO STRICT threshold FROM centre.audience a WHERE a.code = c.audience;
  span := centre.period_of(c.period_unit, on_day);
  kept := centre.ledger_period(d, span);
  IF d.code = 'observation' AND centre.archived_in(span) IS NOT NULL THEN
    RAISE EXCEPTION 'facts of % are archived', to_char(centre.archived_in(span), 'YYYY-MM') USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Cube "%s" would be published anew for %s without them.', of_cube, span), HINT = 'What was released stays. centre.restore_month() puts facts back.';
  END IF;
  -- One publication of a dataset and period at a time: each is compared with the others. What an analyst asked for takes its turn when it is worked out
  -- and has only to be written, so that nobody waits for it.
  asked := EXISTS (SELECT FROM centre.cube_request q WHERE c.code = format('request_%s', q.request_id));
  IF NOT asked THEN
    PERFORM centre.take_turn(format('releases of dataset %s in %s', d.code, kept));
  END IF;
  known := centre.releases_compared(d.code, kept);
  -- Whom centre.erase() takes out of the ledger meanwhile would come back into it.
  LOCK TABLE centre.release IN ROW EXCLUSIVE MODE;
  made := nextval(pg_get_serial_sequence('centre.release', 'release_id'));
  PERFORM centre.publish_overlap(c, d, span);
  personal := CASE WHEN c.personal AND d.personal THEN centre.cube_measures(c) ELSE '{}' END;
  CALL centre.publish_begin();
  IF c.method = 'suppress' AND personal <> '{}' THEN
    CALL centre.publish_bearers(d, personal);
  END IF;
  -- beside its own measures those that bear them; the state of rounding is made of all that are related
  related := CASE WHEN d.method = 'round' THEN centre.related_measures(d, personal) ELSE ARRAY(SELECT unnest(personal) UNION SELECT b.bearer FROM pg_temp.publish_bearer b WHERE b.measure = ANY (personal)) END;
  CALL centre.publish_leaves(d, related, true, span);
  CALL centre.publish_rest_leaves(related);
  CALL centre.publish_leaves(d, centre.cube_sources(c, personal), false, span);
  INSERT INTO pg_temp.publish_people
    SELECT l.level, p.area_id, p.sex, p.age_band, p.people
    FROM unnest(c.levels) AS l (level) CROSS JOIN LATERAL centre.population_at(l.level, extract(year FROM lower(span))::integer) AS p
    WHERE EXISTS (SELECT FROM centre.indicator i WHERE i.code = ANY (c.indicators) AND i.kind = 'rate') AND (p.sex = '*' OR p.age_band = '*');
  ANALYZE pg_temp.publish_people;
  CALL centre.publish_zero_leaves(d.code);
  CALL centre.ledger_compare(d.code, kept, related, made);
  SELECT md5(concat(c, threshold, (SELECT string_agg(p::text, ';' ORDER BY p::text) FROM pg_temp.publish_people p),
                    (SELECT string_agg(l::text, ';' ORDER BY l.measure, l.dims) FROM pg_temp.publish_leaf l WHERE l.sums IS NULL AND l.total <> 0))) INTO digest;
  SELECT * INTO current_release FROM centre.release r WHERE r.cube = c.code AND r.period = span AND r.current;
  IF current_release.made_of IS DISTINCT FROM digest
     OR EXISTS (SELECT FROM pg_temp.publish_version v JOIN pg_temp.publish_leaf l USING (leaf)
                WHERE l.measure = ANY (personal) AND (v.since > current_release.release_id OR v.until > current_release.release_id)) THEN
    CALL centre.publish_levels(d);
    IF d.method = 'round' AND personal <> '{}' THEN
      CALL centre.rounding_publish(d, c, span, threshold, made);
      IF EXISTS (SELECT FROM pg_temp.publish_leaf l WHERE l.measure <> ALL (related)) THEN
        CALL centre.publish_cells(c);
      END IF;
    ELSE
      CALL centre.publish_cells(c);
      CALL centre.publish_protect(c, d, related, span, threshold, made);
    END IF;
    INSERT INTO pg_temp.publish_value (measure, key, value, held)
      SELECT s.measure, s.key, s.value, s.shown_release < made IS TRUE FROM pg_temp.publish_shown s
      UNION ALL
      SELECT x.measure, x.key, sum(l.total), false FROM pg_temp.publish_cell x JOIN pg_temp.publish_in i USING (cell) JOIN pg_temp.publish_leaf l USING (leaf)
      WHERE x.own AND x.measure <> ALL (related) GROUP BY x.measure, x.key;
    IF asked THEN
      PERFORM centre.take_turn(format('releases of dataset %s in %s', d.code, kept));
      IF centre.releases_compared(d.code, kept) <> known THEN
        RAISE EXCEPTION 'dataset "%" was published meanwhile', d.code USING ERRCODE = 'serialization_failure', HINT = 'Publish again.';
      END IF;
    END IF;
    CALL centre.publish_store(c, span, made, digest);
    CALL centre.ledger_keep(d.code, kept, made);
  ELSE
    made := current_release.release_id;
    CALL centre.note_release_days(c, span, made);  -- the period may be over meanwhile
  END IF;
  CALL centre.publish_unverified(c, span, made);
END
$$;
COMMENT ON PROCEDURE centre.publish(text, date) IS
  'publish a cube for the period that a day lies in. About persons, verified ones only: a value of fewer distinct subjects than the threshold is withheld, and so is whatever would give it back, in this release or together with any retained one; an earlier value stays where its change would tell. Unchanged facts make no new release. Runs as its caller, who needs civic_publisher';

CREATE FUNCTION centre.cube_sources(c centre.cube, personal text[]) RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(array_agg(m), '{}') FROM (
    SELECT DISTINCT CASE i.kind WHEN 'proportion' THEN i.numerator ELSE i.code END AS m FROM centre.indicator i
    WHERE (c).dataset = 'observation' AND i.code = ANY ((c).indicators)
    UNION SELECT u FROM unnest((c).measures) AS u WHERE (c).dataset <> 'observation') AS s
  WHERE m <> ALL ($2);
END;
COMMENT ON FUNCTION centre.cube_sources(centre.cube, text[]) IS 'the measures of a cube that are published exactly: those not among the personal ones';
