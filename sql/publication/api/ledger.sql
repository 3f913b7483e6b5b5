-- What of a cube's cells may be shown, given every release that readers already have.  A change between two states of the facts
-- is a cell like any other: the difference of two states of a cell.  So one elimination covers all linked tables, all retained
-- releases and all changes between them.  Works on the temporary tables of centre.publish_begin().

CREATE FUNCTION centre.ledger_period(d centre.dataset, span daterange) RETURNS daterange
LANGUAGE sql IMMUTABLE
RETURN CASE (d).flow WHEN 'stock' THEN daterange(NULL, NULL) ELSE span END;
COMMENT ON FUNCTION centre.ledger_period(centre.dataset, daterange) IS 'releases whose facts are compared: those of one period, of a stock all there are';

-- The versions of each finest cell: those of the ledger, and what the facts say now where that differs.
CREATE PROCEDURE centre.ledger_compare(of_dataset text, in_period daterange, of_measures text[], made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, civic, pg_temp AS $$
DECLARE
  last_leaf integer;
BEGIN
  -- a leaf that is no more still has a past
  SELECT coalesce(max(leaf), 0) INTO last_leaf FROM pg_temp.publish_leaf;
  INSERT INTO pg_temp.publish_leaf (leaf, measure, dims, total)
    SELECT last_leaf + row_number() OVER (ORDER BY g.measure, g.dims), g.measure, g.dims, 0
    FROM (SELECT DISTINCT h.measure, h.dims FROM centre.ledger_leaf h WHERE h.dataset = of_dataset AND h.period = in_period AND h.measure = ANY (of_measures)
          EXCEPT SELECT l.measure, l.dims FROM pg_temp.publish_leaf l) AS g;
  ANALYZE pg_temp.publish_leaf;
  INSERT INTO pg_temp.publish_version
    SELECT l.leaf, h.from_release AS since,
           CASE WHEN h.until_release IS NULL AND h.sums IS DISTINCT FROM l.sums THEN made ELSE h.until_release END AS until, h.sums
    FROM centre.ledger_leaf h JOIN pg_temp.publish_leaf l USING (measure, dims)
    WHERE h.dataset = of_dataset AND h.period = in_period AND h.measure = ANY (of_measures);
  INSERT INTO pg_temp.publish_version
    SELECT l.leaf, made, NULL, l.sums FROM pg_temp.publish_leaf l
    WHERE l.sums IS NOT NULL AND NOT EXISTS (SELECT FROM pg_temp.publish_version v WHERE v.leaf = l.leaf AND v.until IS NULL);
  ANALYZE pg_temp.publish_version;
END
$$;
COMMENT ON PROCEDURE centre.ledger_compare(text, daterange, text[], bigint) IS
  'fills publish_version: the states of each finest cell over the retained releases and the one being made';

CREATE PROCEDURE centre.ledger_keep(of_dataset text, in_period daterange, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE centre.ledger_leaf h SET until_release = made
    FROM pg_temp.publish_version v JOIN pg_temp.publish_leaf l USING (leaf)
    WHERE h.dataset = of_dataset AND h.period = in_period AND h.measure = l.measure AND h.dims = l.dims
      AND h.from_release = v.since AND h.until_release IS NULL AND v.until = made;
  INSERT INTO centre.ledger_leaf (dataset, period, measure, dims, from_release, sums)
    SELECT of_dataset, in_period, l.measure, l.dims, made, v.sums
    FROM pg_temp.publish_version v JOIN pg_temp.publish_leaf l USING (leaf) WHERE v.since = made ORDER BY l.measure, l.dims;
END
$$;
COMMENT ON PROCEDURE centre.ledger_keep(text, daterange, bigint) IS 'writes what ledger_compare() found into the ledger';

-- A leaf that has been the same since its measure was first released is one run.  In others each subject's sum is followed from state
-- to state, and sums that hold over the same states are one run.
CREATE PROCEDURE centre.ledger_runs(d centre.dataset, of_measures text[], many bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  by_presence integer[] := centre.presence_dims(d.code);
  whole integer := CASE d.code WHEN 'observation' THEN array_position(centre.dataset_dims('observation'), 'area') END;  -- all areas are listed
BEGIN
  INSERT INTO pg_temp.publish_step
    WITH many AS MATERIALIZED (
      SELECT v.* FROM (SELECT w.*, count(*) OVER (PARTITION BY w.leaf) AS versions FROM pg_temp.publish_version w) AS v JOIN pg_temp.publish_leaf l USING (leaf)
      LEFT JOIN (SELECT p.measure, min(p.release_id) AS state FROM pg_temp.publish_past p GROUP BY p.measure) AS first USING (measure)
      WHERE v.since > first.state OR v.until IS NOT NULL OR v.versions > 1),
    held AS (SELECT m.leaf, a.subject_id, a.amount, m.since, m.until FROM many m CROSS JOIN LATERAL centre.subject_amounts(m.sums) AS a),
    started AS (
      SELECT h.*, (lag(h.amount) OVER w IS DISTINCT FROM h.amount OR lag(h.until) OVER w IS DISTINCT FROM h.since)::integer AS begins
      FROM held h WINDOW w AS (PARTITION BY h.leaf, h.subject_id ORDER BY h.since)),
    numbered AS (SELECT s.*, sum(s.begins) OVER (PARTITION BY s.leaf, s.subject_id ORDER BY s.since) AS stretch FROM started s)
    SELECT n.leaf, n.subject_id, n.amount, min(n.since) AS since,
           CASE WHEN count(n.until) = count(*) THEN max(n.until) END AS until
    FROM numbered n GROUP BY n.leaf, n.subject_id, n.amount, n.stretch;
  ANALYZE pg_temp.publish_step;
  INSERT INTO pg_temp.publish_run
    SELECT row_number() OVER (ORDER BY r.leaf, r.since, r.until NULLS FIRST)::integer AS run, r.*
    FROM (SELECT s.leaf, s.since, s.until, sum(s.amount)::bigint AS amount, count(DISTINCT s.subject_id) AS subjects
          FROM pg_temp.publish_step s GROUP BY s.leaf, s.since, s.until
          UNION ALL
          SELECT v.leaf, v.since, NULL, civic.total(v.sums), civic.n_distinct(v.sums)
          FROM pg_temp.publish_version v WHERE NOT EXISTS (SELECT FROM pg_temp.publish_step s WHERE s.leaf = v.leaf)
          UNION ALL  -- noughts that are protected
          SELECT l.leaf, coalesce((SELECT max(v.until) FROM pg_temp.publish_version v WHERE v.leaf = l.leaf), 0), NULL, 0, 0
          FROM pg_temp.publish_leaf l WHERE l.nought) AS r;
  -- A member that is listed is somebody: of each combination of those that are there only where somebody is, and of each member of the other dimensions
  -- by itself, outsiders know one. That he is where most are is more than they know, so what is safe then is safe. Of many one more or less is nothing.
  UPDATE pg_temp.publish_run r SET amount = r.amount - 1
    FROM (WITH listed AS (
            SELECT l.measure, g.at, g.member, q.*, min(q.since) OVER (PARTITION BY l.measure, g.at, g.member) AS first
            FROM pg_temp.publish_run q JOIN pg_temp.publish_leaf l USING (leaf) CROSS JOIN LATERAL (
              SELECT 0 AS at, ARRAY(SELECT l.dims[b] FROM unnest(by_presence) AS b)::text AS member WHERE by_presence <> '{}'
              UNION ALL SELECT n.at::integer, n.member FROM unnest(l.dims) WITH ORDINALITY AS n (member, at)
                WHERE n.at <> ALL (by_presence) AND n.at IS DISTINCT FROM whole) AS g
            WHERE q.amount > 0 AND l.measure = ANY (of_measures) AND (l.measure IN ('subjects', 'rows') OR d.code = 'observation')),
          held AS (SELECT u.*, sum(u.amount) FILTER (WHERE u.since = u.first AND u.until IS NULL) OVER (PARTITION BY u.measure, u.at, u.member) AS always FROM listed u)
          SELECT DISTINCT first_value(h.run) OVER (PARTITION BY h.measure, h.at, h.member, h.since, h.until ORDER BY h.amount DESC, h.run) AS run
          FROM held h WHERE coalesce(h.always, 0) < many) AS known
    WHERE r.run = known.run;
  ANALYZE pg_temp.publish_run;
END
$$;
COMMENT ON PROCEDURE centre.ledger_runs(centre.dataset, text[], bigint) IS
  'fills publish_step and publish_run of publish_version and publish_past; of what is listed, unless they are many, one person is no secret and taken off';

-- The cells of retained releases, those of other cubes and of older declarations too.
CREATE PROCEDURE centre.ledger_past(of_dataset text, in_period daterange, of_measures text[], made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  nested text := current_setting('enable_nestloop');
  cut record;
BEGIN
  INSERT INTO pg_temp.publish_past
    SELECT r.release_id, greatest(a.k, c.k), x.measure, x.key, x.subjects, x.guarded, x.shown_release, x.value, NULL::integer AS cell
    FROM centre.release r JOIN centre.cube c ON c.code = r.cube AND c.dataset = of_dataset JOIN centre.audience a ON a.code = c.audience
    JOIN centre.ledger_cell x USING (release_id)
    WHERE (r.period = in_period OR lower_inf(in_period)) AND r.release_id < made AND (x.measure = ANY (of_measures) OR x.measure IN (SELECT b.measure FROM pg_temp.publish_bearer b));
  ANALYZE pg_temp.publish_past;
  INSERT INTO pg_temp.publish_cell (cell, measure, key, own)
    SELECT coalesce((SELECT max(c.cell) FROM pg_temp.publish_cell c), 0) + row_number() OVER (ORDER BY p.measure, p.key), p.measure, p.key, false
    FROM (SELECT DISTINCT o.measure, q.key FROM pg_temp.publish_past q CROSS JOIN LATERAL (SELECT q.measure UNION SELECT b.bearer FROM pg_temp.publish_bearer b WHERE b.measure = q.measure) AS o
          WHERE NOT EXISTS (SELECT FROM pg_temp.publish_cell c WHERE (c.measure, c.key) = (o.measure, q.key))) AS p;
  ANALYZE pg_temp.publish_cell;
  UPDATE pg_temp.publish_past p SET cell = c.cell FROM pg_temp.publish_cell c WHERE (c.measure, c.key) = (p.measure, p.key);
  IF EXISTS (SELECT FROM pg_temp.publish_cell c WHERE c.k IS NULL) THEN
    -- the planner knows nothing of the elements of dims, takes all these joins for one row, and would go through every pair of rows
    PERFORM set_config('enable_nestloop', 'off', true);
    -- by the dimensions that cells are broken down by, so that no leaf is looked for under the others
    FOR cut IN SELECT DISTINCT ARRAY(SELECT k.at FROM unnest(c.key) WITH ORDINALITY AS k (member, at) WHERE k.member <> '*' ORDER BY k.at) AS dims FROM pg_temp.publish_cell c WHERE NOT c.own AND c.k IS NULL LOOP
      EXECUTE (SELECT format('INSERT INTO pg_temp.publish_in SELECT c.cell, x.leaf FROM (SELECT l.leaf, l.measure, ARRAY[%s] AS key FROM pg_temp.publish_leaf l%s) AS x JOIN pg_temp.publish_cell c USING (measure, key) WHERE NOT c.own AND c.k IS NULL',
          string_agg(CASE WHEN at = ANY (cut.dims) THEN format('m%s.key', at) ELSE '''*''' END, ', ' ORDER BY at),
          coalesce(string_agg(format(' JOIN (SELECT DISTINCT member, key FROM pg_temp.publish_level WHERE dim = %s AND key <> ''*'') AS m%1$s ON m%1$s.member = l.dims[%1$s]', at), '' ORDER BY at) FILTER (WHERE at = ANY (cut.dims)), ''))
        FROM generate_series(1, cardinality(centre.dataset_dims(of_dataset))) AS at);
    END LOOP;
    PERFORM set_config('enable_nestloop', nested, true);
    ANALYZE pg_temp.publish_in;
  END IF;
  -- Of a state at which nothing was shown readers have no sum: what came before it and what came after are one to them.
  INSERT INTO pg_temp.publish_state
    SELECT DISTINCT p.shown_release AS state FROM pg_temp.publish_past p WHERE p.shown_release IS NOT NULL UNION SELECT made;
END
$$;
COMMENT ON PROCEDURE centre.ledger_past(text, daterange, text[], bigint) IS 'fills publish_past and publish_state, and numbers the cells of the past in publish_cell';

CREATE PROCEDURE centre.ledger_changes()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.publish_change
    -- One who is erased and comes back would be two persons: nobody erased helps a change over the threshold.
    SELECT t.cell, t.a, t.b, greatest(count(*) FILTER (WHERE NOT EXISTS (SELECT FROM centre.erased e WHERE e.number = t.subject_id)), 1) AS subjects
    FROM (SELECT i.cell, a.state AS a, b.state AS b, s.subject_id
          FROM pg_temp.publish_step s JOIN pg_temp.publish_in i USING (leaf)
          JOIN pg_temp.publish_state a ON true JOIN pg_temp.publish_state b ON a.state < b.state
          WHERE (s.since <= a.state AND coalesce(s.until > a.state, true)) <> (s.since <= b.state AND coalesce(s.until > b.state, true))
          GROUP BY i.cell, a.state, b.state, s.subject_id
          HAVING sum(CASE WHEN s.since <= a.state THEN -s.amount ELSE s.amount END) <> 0) AS t
    GROUP BY t.cell, t.a, t.b;
  ANALYZE pg_temp.publish_change;
END
$$;
COMMENT ON PROCEDURE centre.ledger_changes() IS 'fills publish_change: subjects whose sum in a cell differs between two states';

CREATE PROCEDURE centre.publish_true(c centre.cube, of_measures text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sensitive integer;
BEGIN
  INSERT INTO pg_temp.publish_true
    SELECT i.cell, coalesce(civic.n_distinct(u.sums), 0) AS subjects, coalesce(civic.total(u.sums), 0) AS amount,
           c.p > 0 AND coalesce(civic.p_percent(u.sums, c.p), false) OR coalesce(civic.nk(u.sums, c.nk[1]::integer, c.nk[2]), false) AS guarded, u.sums
    FROM (SELECT i.cell, civic.k_sum_union(l.sums) AS sums FROM pg_temp.publish_in i JOIN pg_temp.publish_leaf l USING (leaf)
          JOIN pg_temp.publish_cell x ON x.cell = i.cell AND x.measure = ANY (of_measures) AND x.k IS NOT NULL GROUP BY i.cell) AS u JOIN pg_temp.publish_cell i USING (cell);
  ANALYZE pg_temp.publish_true;
  FOR sensitive IN
    SELECT n.ordinal::integer FROM centre.dimension m JOIN unnest(centre.dataset_dims(c.dataset)) WITH ORDINALITY AS n (name, ordinal) ON n.name = m.name
    WHERE m.dataset = c.dataset AND m.sensitive AND m.name = ANY (c.dims)
  LOOP
    UPDATE pg_temp.publish_true t SET guarded = true
      FROM (SELECT x.measure, x.key[:sensitive - 1] || '*'::text || x.key[sensitive + 1:] AS row_key, array_agg(y.subjects) AS counts
            FROM pg_temp.publish_true y JOIN pg_temp.publish_cell x USING (cell) WHERE x.key[sensitive] <> '*' GROUP BY 1, 2) AS r,
           pg_temp.publish_cell x
      WHERE x.cell = t.cell AND x.key[sensitive] <> '*' AND x.measure = r.measure AND NOT civic.l_diverse(r.counts, 2)
        AND x.key[:sensitive - 1] || '*'::text || x.key[sensitive + 1:] = r.row_key;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.publish_true(centre.cube, text[]) IS
  'fills publish_true: true values of a cube''s own cells and of linked cubes, and which are guarded for dominance or a sensitive dimension';

-- The cells of one elimination, as sums of runs.  Rows of the same runs are one cell.
CREATE PROCEDURE centre.ledger_vectors(c centre.cube, threshold integer, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.publish_wanted
    -- cells of this release
    SELECT t.cell, NULL::bigint AS a, made AS b, t.subjects,
           CASE WHEN t.subjects < threshold AND t.subjects > 0 OR t.guarded THEN 'primary'
             WHEN cardinality(array_remove(x.key, '*')) = 1 AND centre.must_publish(c, x.key) THEN 'first' ELSE 'candidate' END AS role  -- the function is asked for totals only
    FROM pg_temp.publish_true t JOIN pg_temp.publish_cell x USING (cell)
    WHERE x.own AND (t.subjects < threshold OR t.guarded OR t.cell NOT IN (SELECT g.cell FROM pg_temp.publish_withheld g))
    UNION  -- of linked cubes, and between ages that are cut differently
    SELECT t.cell, NULL, made, t.subjects, 'primary' FROM pg_temp.publish_true t JOIN pg_temp.publish_cell x USING (cell)
    WHERE NOT x.own AND x.k >= threshold AND (t.subjects BETWEEN 1 AND threshold - 1 OR t.guarded)
    UNION  -- what readers have, and what is kept from them, of every retained release
    SELECT p.cell, NULL, p.shown_release, NULL, 'required' FROM pg_temp.publish_past p WHERE p.k >= threshold AND p.shown_release IS NOT NULL
    UNION  -- as if what bears them had been shown there too; a measure that is new counts as never having been different
    SELECT o.cell, NULL, greatest(p.shown_release, s.state), NULL, 'required'
    FROM pg_temp.publish_past p JOIN pg_temp.publish_cell n ON n.cell = p.cell JOIN pg_temp.publish_bearer b ON b.measure = n.measure
    JOIN pg_temp.publish_cell o ON o.key = n.key AND o.measure = b.bearer
    JOIN (SELECT l.measure, min(v.since) AS state FROM pg_temp.publish_version v JOIN pg_temp.publish_leaf l USING (leaf) GROUP BY l.measure) AS s ON s.measure = b.bearer
    WHERE p.k >= threshold AND p.shown_release IS NOT NULL
    UNION
    SELECT p.cell, NULL, p.release_id, p.subjects, 'primary' FROM pg_temp.publish_past p
    WHERE p.k >= threshold AND p.shown_release IS DISTINCT FROM p.release_id AND (p.guarded OR p.subjects BETWEEN 1 AND threshold - 1)
    UNION  -- changes of too few
    SELECT h.cell, h.a, h.b, h.subjects, 'primary' FROM pg_temp.publish_change h WHERE h.subjects < threshold;
  ANALYZE pg_temp.publish_wanted;
  INSERT INTO pg_temp.publish_vector
    SELECT w.cell, w.a, w.b, w.role, w.subjects,
           array_agg(CASE WHEN r.at_b THEN r.run ELSE -r.run END ORDER BY r.run) AS members,
           sum(CASE WHEN r.at_b THEN r.amount ELSE -r.amount END)::bigint AS amount
    FROM pg_temp.publish_wanted w JOIN pg_temp.publish_in i USING (cell)
    CROSS JOIN LATERAL (
      SELECT r.run, r.amount, r.since <= w.b AND coalesce(r.until > w.b, true) AS at_b
      FROM pg_temp.publish_run r
      WHERE r.leaf = i.leaf AND (r.since <= w.b AND coalesce(r.until > w.b, true)) <> coalesce(r.since <= w.a AND coalesce(r.until > w.a, true), false)) AS r
    GROUP BY w.cell, w.a, w.b, w.role, w.subjects;
  -- a change that only takes away is the same secret as what it takes
  UPDATE pg_temp.publish_vector v SET members = (SELECT array_agg(-m ORDER BY -m) FROM unnest(v.members) AS m), amount = -v.amount
    WHERE v.a IS NOT NULL AND 0 > ALL (v.members);
  ANALYZE pg_temp.publish_vector;
END
$$;
COMMENT ON PROCEDURE centre.ledger_vectors(centre.cube, integer, bigint) IS
  'fills publish_wanted and publish_vector: own cells, retained cells and small changes for one threshold, of a measure and all of the same persons, as signed runs';

CREATE FUNCTION centre.must_publish_levels(c centre.cube) RETURNS text[]
LANGUAGE sql STABLE
RETURN coalesce((c).must_publish, ARRAY(SELECT l.code FROM centre.area_level l WHERE l.code = ANY ((c).levels)
                                         AND l.depth < (SELECT max(f.depth) FROM centre.area_level f WHERE f.code = ANY ((c).levels))));
COMMENT ON FUNCTION centre.must_publish_levels(centre.cube) IS 'levels of area whose totals come before other values of a cube';

CREATE FUNCTION centre.must_publish(c centre.cube, key text[]) RETURNS boolean
LANGUAGE sql STABLE
RETURN (SELECT count(*) = 0 FROM unnest(key) AS k WHERE k <> '*' AND k NOT LIKE 'area=%')
  AND EXISTS (SELECT FROM unnest(key) AS k JOIN centre.area_standing s ON 'area=' || s.area_id = k WHERE s.level = ANY (centre.must_publish_levels(c)));
COMMENT ON FUNCTION centre.must_publish(centre.cube, text[]) IS 'is the cell the total of an area at a level whose totals come before other values?';

-- Which cells of publish_problem have to be withheld.  Those that come first are looked at as if there were no others; what is left of them is then
-- required of the rest, which is safe, as it is safe without the rest.
CREATE FUNCTION centre.ledger_solve(c centre.cube, threshold integer, singletons boolean, only_first boolean, gone bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, civic, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.cell FROM (
    SELECT suppression_problem(x.cell, x.members, x.amount, x.role, x.subjects, x.width) AS problem
    FROM (SELECT q.cell, q.members, q.amount, CASE WHEN q.role <> 'first' THEN q.role WHEN only_first THEN 'candidate' ELSE 'required' END AS role, q.subjects, q.width
          FROM pg_temp.publish_problem q WHERE NOT (only_first AND q.role = 'candidate') AND q.cell <> ALL (gone)
          UNION ALL
          SELECT (SELECT max(q.cell) FROM pg_temp.publish_problem q) + r.run, ARRAY[r.run], r.amount, 'hidden', r.subjects, NULL FROM pg_temp.publish_run r) AS x) AS one
  CROSS JOIN LATERAL suppress(one.problem, c.width, CASE WHEN c.strict_bounds THEN threshold ELSE 0 END, singletons) AS s WHERE s.suppressed;
END
$$;
COMMENT ON FUNCTION centre.ledger_solve(centre.cube, integer, boolean, boolean, bigint[]) IS
  'the cells of publish_problem that have to be withheld: among those that come first only, or among all but those that are gone already';

-- What it costs that some totals come first: how many fewer would be withheld of the others if none did.
CREATE PROCEDURE centre.ledger_price(c centre.cube, threshold integer, singletons boolean, gone bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  plain bigint[];
BEGIN
  UPDATE pg_temp.publish_problem p SET role = 'candidate' FROM pg_temp.publish_problem f WHERE f.cell = p.cell AND f.role = 'first';
  plain := ARRAY(SELECT centre.ledger_solve(c, threshold, singletons, false, '{}'));
  UPDATE pg_temp.publish_must m
    SET price = (SELECT count(*) FILTER (WHERE p.cell = ANY (gone)) - count(*) FILTER (WHERE p.cell = ANY (plain))
                 FROM (SELECT DISTINCT q.cell FROM pg_temp.publish_problem q JOIN pg_temp.publish_vector v USING (members) JOIN pg_temp.publish_cell x ON x.cell = v.cell AND x.measure = ANY ((SELECT centre.cube_measures(c))::text[])
                       WHERE v.a IS NULL AND x.own AND q.role = 'candidate' AND NOT centre.must_publish(c, x.key)) AS p)
    WHERE m.threshold = ledger_price.threshold;
END
$$;
COMMENT ON PROCEDURE centre.ledger_price(centre.cube, integer, boolean, bigint[]) IS 'writes into publish_must by how many more other values are withheld because some totals come first';

-- One elimination for the coalition of all audiences with a threshold of at least threshold.  What earlier releases tell already
-- cannot be protected any more: persons leave so that what was no secret becomes one.  Such a cell is taken out of the problem
-- (it is never shown itself), or only kept from being known exactly where it is known to lie within a narrow interval.
CREATE PROCEDURE centre.ledger_suppress(c centre.cube, threshold integer, made bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  singletons boolean := true;
  attempts constant integer := 100;
  told text;
  gone bigint[];
BEGIN
  TRUNCATE pg_temp.publish_wanted, pg_temp.publish_vector, pg_temp.publish_problem;
  CALL centre.ledger_vectors(c, threshold, made);
  INSERT INTO pg_temp.publish_problem
    SELECT row_number() OVER (ORDER BY min(v.cell), min(v.b), min(v.a) NULLS FIRST), v.members, min(v.amount), min(v.subjects) FILTER (WHERE v.a IS NULL),
           CASE WHEN bool_or(v.role = 'required') THEN 'required' WHEN bool_or(v.role = 'primary') THEN 'primary' WHEN bool_or(v.role = 'first') THEN 'first' ELSE 'candidate' END,
           CASE WHEN min(x.measure) NOT IN ('subjects', 'rows') THEN greatest(c.width, ceil(abs(min(v.amount)) * c.p / 100)::bigint) END
    FROM pg_temp.publish_vector v JOIN pg_temp.publish_cell x USING (cell) GROUP BY v.members;
  INSERT INTO pg_temp.publish_withheld
    SELECT v.cell FROM pg_temp.publish_vector v JOIN pg_temp.publish_problem p USING (members)
    WHERE v.a IS NULL AND v.b = made AND p.role = 'primary'
    ON CONFLICT DO NOTHING;
  FOR attempt IN 1..attempts LOOP
    BEGIN
      gone := CASE WHEN EXISTS (SELECT FROM pg_temp.publish_problem p WHERE p.role = 'first') THEN ARRAY(SELECT centre.ledger_solve(c, threshold, singletons, true, '{}')) ELSE '{}' END;
      gone := gone || ARRAY(SELECT centre.ledger_solve(c, threshold, singletons, false, ARRAY(SELECT p.cell FROM pg_temp.publish_problem p WHERE p.role = 'first' AND p.cell = ANY (gone))));
      INSERT INTO pg_temp.publish_must
        SELECT threshold, c.must_publish, count(*) FILTER (WHERE own.first), count(*) FILTER (WHERE own.first AND own.withheld), 0
        FROM (SELECT v.cell, bool_or(centre.must_publish(c, x.key)) AS first, bool_or(p.role = 'primary' OR p.cell = ANY (gone)) AS withheld
              FROM pg_temp.publish_vector v JOIN pg_temp.publish_problem p USING (members) JOIN pg_temp.publish_cell x ON x.cell = v.cell AND x.measure = ANY ((SELECT centre.cube_measures(c))::text[])
              WHERE v.a IS NULL AND v.b = made GROUP BY v.cell) AS own WHERE c.must_publish IS NOT NULL;
      INSERT INTO pg_temp.publish_withheld
        SELECT v.cell FROM pg_temp.publish_vector v JOIN pg_temp.publish_problem p USING (members) WHERE p.cell = ANY (gone) AND v.a IS NULL AND v.b = made
        ON CONFLICT DO NOTHING;
      IF c.must_publish IS NOT NULL THEN
        CALL centre.ledger_price(c, threshold, singletons, gone);
      END IF;
      RETURN;
    EXCEPTION WHEN SQLSTATE 'SU000' THEN  -- the class of civic.suppress()'s errors
      IF NOT EXISTS (SELECT FROM pg_temp.publish_past) THEN RAISE; END IF;
      GET STACKED DIAGNOSTICS told = COLUMN_NAME;
      IF SQLSTATE = 'SU003' THEN
        UPDATE pg_temp.publish_problem p SET width = 0 WHERE p.cell = told::bigint AND p.width IS DISTINCT FROM 0;
      ELSE  -- SU002 names no cell
        DELETE FROM pg_temp.publish_problem p WHERE p.cell = nullif(told, '')::bigint AND p.role = 'primary';
      END IF;
      IF NOT FOUND THEN
        IF NOT singletons THEN EXIT; END IF;
        singletons := false;
      END IF;
    END;
  END LOOP;
  RAISE WARNING 'cube "%" cannot be changed without telling of few persons: nothing new is shown', c.code;
  INSERT INTO pg_temp.publish_withheld SELECT t.cell FROM pg_temp.publish_true t ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON PROCEDURE centre.ledger_suppress(centre.cube, integer, bigint) IS
  'adds to the temporary table publish_withheld the own cells that may not be shown to audiences of a threshold or higher, taken together';

-- Personal data is not kept longer than the releases it was counted in.
CREATE FUNCTION centre.ledger_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM centre.ledger_leaf h
    WHERE NOT EXISTS (SELECT FROM centre.release r JOIN centre.cube c ON c.code = r.cube
                      WHERE c.dataset = h.dataset AND (r.period = h.period OR lower_inf(h.period)));
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.ledger_forget() IS 'trigger of release: when the last release of a dataset and period is deleted, so are the subjects behind it';
CREATE TRIGGER civic_forget AFTER DELETE ON centre.release FOR EACH STATEMENT EXECUTE FUNCTION centre.ledger_forget();

-- Publisher: true counts in, releases out.
GRANT SELECT ON centre.site, centre.indicator, centre.observation_row, centre.area, centre.area_standing, centre.area_closure, centre.area_level,
  centre.age_band, centre.population, centre.population_source, centre.audience, centre.audience_cube, centre.cube, centre.dataset,
  centre.dimension TO civic_publisher;
GRANT SELECT, INSERT, UPDATE ON centre.release, centre.release_cell, centre.release_row, centre.release_report, centre.release_must, centre.ledger_leaf, centre.ledger_cell TO civic_publisher;
GRANT USAGE ON SEQUENCE centre.release_release_id_seq TO civic_publisher;
GRANT EXECUTE ON FUNCTION centre.population_at(text, integer), centre.releases_compared(text, daterange), centre.period_of(text, date), centre.cell_noise(civic.subject_set),
  centre.dataset_dims(text), centre.subject_amounts(civic.subject_sums), centre.measure_query(centre.dataset, text, boolean),
  centre.cube_tables(centre.cube), centre.linked_cubes(centre.cube), centre.cube_measures(centre.cube), centre.cube_sources(centre.cube, text[]),
  centre.publish_overlap(centre.cube, centre.dataset, daterange), centre.ledger_period(centre.dataset, daterange), centre.must_publish(centre.cube, text[]),
  centre.must_publish_levels(centre.cube), centre.presence_dims(text), centre.ledger_solve(centre.cube, integer, boolean, boolean, bigint[]) TO civic_publisher;
GRANT EXECUTE ON PROCEDURE centre.publish(text, date), centre.publish_begin(), centre.publish_leaves(centre.dataset, text[], boolean, daterange),
  centre.publish_zero_leaves(text), centre.publish_levels(centre.dataset), centre.publish_cells(centre.cube), centre.publish_true(centre.cube, text[]),
  centre.publish_protect(centre.cube, centre.dataset, text[], daterange, integer, bigint), centre.publish_changed_values(centre.cube, integer, bigint),
  centre.publish_release_cells(centre.cube, bigint), centre.publish_presence(centre.cube), centre.publish_release_rows(centre.cube, bigint), centre.publish_store(centre.cube, daterange, bigint, text),
  centre.ledger_compare(text, daterange, text[], bigint), centre.ledger_keep(text, daterange, bigint), centre.ledger_runs(centre.dataset, text[], bigint),
  centre.ledger_past(text, daterange, text[], bigint), centre.ledger_changes(), centre.ledger_vectors(centre.cube, integer, bigint),
  centre.ledger_suppress(centre.cube, integer, bigint), centre.ledger_price(centre.cube, integer, boolean, bigint[]) TO civic_publisher;
