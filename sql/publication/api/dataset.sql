-- From the facts of a dataset to the cells of cubes, in temporary tables of the publisher.

-- The publisher's temporary tables, one of each for all publications of a transaction.
CREATE PROCEDURE centre.publish_begin()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  IF to_regclass('pg_temp.publish_leaf') IS NOT NULL THEN  -- an earlier publication of this transaction
    TRUNCATE pg_temp.publish_leaf, pg_temp.publish_amount, pg_temp.publish_level, pg_temp.publish_present, pg_temp.publish_cell, pg_temp.publish_pair,
      pg_temp.publish_in, pg_temp.publish_version, pg_temp.publish_step, pg_temp.publish_run, pg_temp.publish_past, pg_temp.publish_state,
      pg_temp.publish_change, pg_temp.publish_true, pg_temp.publish_withheld, pg_temp.publish_wanted, pg_temp.publish_vector, pg_temp.publish_problem,
      pg_temp.publish_shown, pg_temp.publish_value, pg_temp.publish_shape, pg_temp.publish_people, pg_temp.publish_bearer, pg_temp.publish_must;
    RETURN;
  END IF;
  -- finest cells; sums per subject where about persons; nought: an empty cell that is protected
  CREATE TEMP TABLE publish_leaf (leaf integer, measure text COLLATE "C", dims text[] COLLATE "C", sums civic.subject_sums, total numeric,
    nought boolean NOT NULL DEFAULT false) ON COMMIT DROP;
  -- what is withheld of a bearer is withheld of the measure, what is shown of the measure counts as shown of its bearers
  CREATE TEMP TABLE publish_bearer (measure text COLLATE "C", bearer text COLLATE "C") ON COMMIT DROP;
  CREATE TEMP TABLE publish_amount (measure text COLLATE "C", dims text[] COLLATE "C", subject_id bigint, amount numeric) ON COMMIT DROP;
  -- what each finest member of a dimension rolls up to
  CREATE TEMP TABLE publish_level (dim integer, member text COLLATE "C", level text, key text COLLATE "C") ON COMMIT DROP;
  CREATE TEMP TABLE publish_present (dim integer, member text COLLATE "C") ON COMMIT DROP;
  -- cells by key: the member of each dimension of the dataset, * for all; own: of the cube being published; k: the highest threshold of
  -- a cube that has the cell, null for those of the past
  CREATE TEMP TABLE publish_cell (cell integer, measure text COLLATE "C", key text[] COLLATE "C", own boolean, k integer) ON COMMIT DROP;
  CREATE TEMP TABLE publish_pair (leaf integer, measure text COLLATE "C", key text[] COLLATE "C", own boolean, k integer) ON COMMIT DROP;
  CREATE TEMP TABLE publish_in (cell integer, leaf integer) ON COMMIT DROP;
  -- states of each finest cell, from one release until another found it otherwise
  CREATE TEMP TABLE publish_version (leaf integer, since bigint, until bigint, sums civic.subject_sums) ON COMMIT DROP;
  CREATE TEMP TABLE publish_step (leaf integer, subject_id bigint, amount bigint, since bigint, until bigint) ON COMMIT DROP;
  -- what a finest cell held unchanged from one state to another: the unknowns of an outsider who has all releases
  CREATE TEMP TABLE publish_run (run integer, leaf integer, since bigint, until bigint, amount bigint, subjects bigint) ON COMMIT DROP;
  -- cells of retained releases, and the states there are
  CREATE TEMP TABLE publish_past (release_id bigint, k integer, measure text COLLATE "C", key text[] COLLATE "C", subjects bigint,
    guarded boolean, shown_release bigint, value numeric, cell integer) ON COMMIT DROP;
  CREATE TEMP TABLE publish_state (state bigint) ON COMMIT DROP;
  -- how many subjects a cell changed by from state a to state b
  CREATE TEMP TABLE publish_change (cell integer, a bigint, b bigint, subjects bigint) ON COMMIT DROP;
  -- true values of own cells, and those that may not be shown
  CREATE TEMP TABLE publish_true (cell integer, subjects bigint, amount bigint, guarded boolean, sums civic.subject_sums) ON COMMIT DROP;
  CREATE TEMP TABLE publish_withheld (cell integer PRIMARY KEY) ON COMMIT DROP;
  -- one elimination: what cells (at b, or their change from a to b) it has, as signed runs, and each set of runs once
  CREATE TEMP TABLE publish_wanted (cell integer, a bigint, b bigint, subjects bigint, role text) ON COMMIT DROP;
  CREATE TEMP TABLE publish_vector (cell integer, a bigint, b bigint, role text, subjects bigint, members integer[], amount bigint) ON COMMIT DROP;
  CREATE TEMP TABLE publish_problem (cell bigint, members integer[], amount bigint, subjects bigint, role text, width bigint) ON COMMIT DROP;
  -- totals that come before others: how much is withheld with and without
  CREATE TEMP TABLE publish_must (threshold integer, levels text[], cells bigint, withheld bigint, price bigint) ON COMMIT DROP;
  -- the outcome
  CREATE TEMP TABLE publish_shown (cell integer, measure text COLLATE "C", key text[] COLLATE "C", subjects bigint, guarded boolean, small boolean,
    shown_release bigint, value numeric) ON COMMIT DROP;
  CREATE TEMP TABLE publish_value (measure text COLLATE "C", key text[] COLLATE "C", value numeric, possible_from numeric, possible_to numeric, held boolean NOT NULL DEFAULT false) ON COMMIT DROP;
  CREATE TEMP TABLE publish_shape (measure text, level text, area_id integer, breakdown text, member text, value numeric, possible_from numeric, possible_to numeric, held boolean NOT NULL DEFAULT false) ON COMMIT DROP;
  CREATE TEMP TABLE publish_people (level text, area_id integer, sex text, age_band text, people numeric) ON COMMIT DROP;
END
$$;
COMMENT ON PROCEDURE centre.publish_begin() IS 'makes the temporary tables that publish() and its parts work on, or empties them';

CREATE FUNCTION centre.usable_amount(amount numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN amount >= 0 AND amount <= 1000000000 AND amount = trunc(amount);
COMMENT ON FUNCTION centre.usable_amount(numeric) IS 'can this be a number of persons or of their reports: whole, from 0 to 1,000,000,000';

CREATE FUNCTION centre.usable_sum(amount numeric, unit numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- not STRICT: with a CASE it would be called for every row instead of standing in the query
RETURN CASE WHEN amount >= 0 AND amount <= 1000000000000 * unit THEN amount % unit = 0 WHEN amount IS NOT NULL THEN false END;
COMMENT ON FUNCTION centre.usable_sum(numeric, numeric) IS 'can this be an amount about a person: from 0 to 10^12 units, whole; null of a null amount';

CREATE VIEW centre.observation_row AS
  SELECT o.subject_id, o.day, o.verified, i.code AS indicator, o.area_id, o.sex, o.age, o.value,
         CASE o.disability WHEN true THEN 'yes' WHEN false THEN 'no' END AS disability,
         CASE o.youth WHEN true THEN 'yes' WHEN false THEN 'no' END AS youth,
         CASE o.migrant WHEN true THEN 'yes' WHEN false THEN 'no' END AS migrant
  FROM centre.observation o JOIN centre.indicator i USING (indicator_id)
  WHERE NOT i.personal OR centre.usable_amount(o.value);
COMMENT ON VIEW centre.observation_row IS
  'observations as a dataset: the relation behind centre.dataset observation; for the publisher only. Amounts about persons that cannot be are left out: centre.unusable_observation has them';

CREATE FUNCTION centre.dataset_dims(of_dataset text) RETURNS text[]
LANGUAGE sql STABLE
RETURN (SELECT array_agg(d.name ORDER BY d.name) FROM centre.dimension d WHERE d.dataset = of_dataset);
COMMENT ON FUNCTION centre.dataset_dims(text) IS 'names of a dataset''s dimensions in the order in which keys of cells have them';

CREATE FUNCTION centre.presence_dims(of_dataset text) RETURNS integer[]
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(array_agg(n.at::integer ORDER BY n.at), '{}')
  FROM unnest(centre.dataset_dims($1)) WITH ORDINALITY AS n (name, at) JOIN centre.dimension m ON m.dataset = $1 AND m.name = n.name
  WHERE $1 <> 'observation' AND (m.kind = 'area' OR cardinality(m.columns) > 1 OR m.multiple);
END;
COMMENT ON FUNCTION centre.presence_dims(text) IS
  'the places in keys of the dimensions whose members are listed only where somebody is: areas, nested ones and those with several members a subject. Of others noughts are withheld beside a withheld member';

CREATE FUNCTION centre.subject_amounts(sums civic.subject_sums) RETURNS TABLE (subject_id bigint, amount bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
BEGIN ATOMIC
  SELECT split_part(e, ':', 1)::bigint, split_part(e, ':', 2)::bigint FROM unnest(string_to_array(btrim($1::text, '{}'), ',')) AS e;
END;
COMMENT ON FUNCTION centre.subject_amounts(civic.subject_sums) IS 'the subjects of a state with their sums, as rows; for the publisher only';

-- The rows of one measure as (measure, dims, subject_id, amount); $1 measures, $2 first day, $3 the day after the last.
CREATE FUNCTION centre.measure_query(d centre.dataset, measure text, personal boolean) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dims text;
  several text;
  rows_of text;
BEGIN
  IF to_regclass(d.relation) IS NULL THEN
    RAISE EXCEPTION 'dataset "%" has no relation', d.code USING ERRCODE = 'undefined_table', DETAIL = d.relation,
      HINT = 'centre.dataset.relation names a table or view with its schema.';
  END IF;
  -- x.name would else be a function of the whole row, such as max(x) from PostgreSQL 18 on
  IF d.measure_column IS NULL AND measure NOT IN ('subjects', 'rows')
     AND (measure = 'subject_id' OR NOT EXISTS (
       SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       WHERE a.attrelid = to_regclass(d.relation) AND a.attname = measure AND a.attnum > 0 AND NOT a.attisdropped AND t.typname IN ('int2', 'int4', 'int8', 'numeric', 'float4', 'float8'))) THEN
    RAISE EXCEPTION 'dataset "%" has no measure "%"', d.code, measure USING ERRCODE = 'undefined_column',
      HINT = format('Measures are subjects, rows, and the numeric columns of %s.', d.relation);
  END IF;
  -- a nested member has its coarser ones with it, so that the ledger knows where members lay that are no more
  SELECT format('ARRAY[%s]', string_agg((SELECT CASE count(*) WHEN 1 THEN min(e) ELSE format('ARRAY[%s]::text', string_agg(e, ', ' ORDER BY at)) END
           FROM (SELECT format('coalesce(x.%I::text, ''unknown'')', u.name) AS e, u.at FROM unnest(columns) WITH ORDINALITY AS u (name, at)) AS parts), ', ' ORDER BY name)),
         coalesce(string_agg(format(', x.%I', columns[cardinality(columns)]), '' ORDER BY name) FILTER (WHERE multiple), '')
    INTO dims, several FROM centre.dimension WHERE dataset = d.code;
  rows_of := format('FROM %s x WHERE x.day < $3%s%s', to_regclass(d.relation), CASE d.flow WHEN 'event' THEN ' AND x.day >= $2' ELSE '' END,
                    CASE WHEN personal THEN ' AND x.verified AND x.subject_id IS NOT NULL' ELSE '' END);
  RETURN CASE
    WHEN d.measure_column IS NOT NULL THEN
      format('SELECT x.%1$I AS measure, %2$s AS dims, x.subject_id, sum(x.value) AS amount %3$s AND x.%1$I = ANY ($1)%4$s GROUP BY 1, 2, 3', d.measure_column, dims, rows_of,
             CASE WHEN personal THEN format(' AND centre.usable_sum(x.value, %L)', d.unit) ELSE '' END)
      -- the persons behind an indicator's reports, each once, where the latest report is
      || CASE WHEN d.code = 'observation' AND personal THEN
        format(' UNION ALL SELECT y.measure, y.dims, y.subject_id, 1 FROM (SELECT DISTINCT ON (p.code, x.subject_id) p.code AS measure, %1$s AS dims, x.subject_id %2$s
                 ORDER BY p.code, x.subject_id, x.day DESC, 2) AS y', dims,
               replace(rows_of, ' x WHERE ', ' x JOIN centre.indicator p ON p.persons_of = x.indicator AND p.code = ANY ($1) WHERE ')) ELSE '' END
    WHEN measure = 'rows' THEN
      format('SELECT ''rows'' AS measure, %s AS dims, x.subject_id, count(*) AS amount %s GROUP BY 2, 3', dims, rows_of)
    -- each person once, where the latest row has him; where dimensions have several members each, once beside each of them
    WHEN measure = 'subjects' THEN
      format('SELECT DISTINCT ON (x.subject_id%1$s) ''subjects'' AS measure, %2$s AS dims, x.subject_id, 1 AS amount %3$s ORDER BY x.subject_id%1$s, x.day DESC, 2',
             several, dims, rows_of)
    ELSE format('SELECT %1$L AS measure, %2$s AS dims, x.subject_id, sum(x.%1$I) AS amount %3$s AND %4$s GROUP BY 2, 3', measure, dims, rows_of,
                CASE WHEN personal THEN format('centre.usable_sum(x.%I::numeric, %L)', measure, d.unit) ELSE format('x.%I IS NOT NULL', measure) END)
  END;
END
$$;
COMMENT ON FUNCTION centre.measure_query(centre.dataset, text, boolean) IS
  'query over a dataset''s relation that gives a measure per finest cell and subject; about persons only verified rows with a subject';

CREATE PROCEDURE centre.publish_leaves(d centre.dataset, measures text[], personal boolean, span daterange)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  measure text;
  area_at integer;
BEGIN
  TRUNCATE pg_temp.publish_amount;
  FOR measure IN SELECT CASE WHEN d.measure_column IS NULL THEN u END FROM unnest(measures) AS u GROUP BY 1 ORDER BY 1 LOOP
    EXECUTE 'INSERT INTO pg_temp.publish_amount ' || centre.measure_query(d, measure, personal) USING measures, lower(span), upper(span);
  END LOOP;
  INSERT INTO pg_temp.publish_leaf (leaf, measure, dims, sums, total)
    SELECT coalesce((SELECT max(l.leaf) FROM pg_temp.publish_leaf l), 0) + row_number() OVER (ORDER BY s.measure, s.dims), s.measure, s.dims, s.sums, s.total
    -- OFFSET 0: cells are put in order, not the amounts of all persons
    FROM (SELECT a.measure, a.dims, CASE WHEN personal THEN civic.k_sum(a.subject_id, (a.amount / d.unit)::bigint) END AS sums, sum(a.amount) AS total
          FROM pg_temp.publish_amount a GROUP BY a.measure, a.dims OFFSET 0) AS s;
  -- An area has those it lies in with it, so that the ledger notices when a correction of the hierarchy moves its subjects.
  FOR area_at IN
    SELECT n.ordinal::integer FROM centre.dimension m JOIN unnest(centre.dataset_dims(d.code)) WITH ORDINALITY AS n (name, ordinal) ON n.name = m.name
    WHERE m.dataset = d.code AND m.kind = 'area'
  LOOP
    UPDATE pg_temp.publish_leaf l SET dims[area_at] = p.path
      FROM (SELECT c.descendant_id::text AS member, array_agg(c.ancestor_id ORDER BY c.distance DESC)::text AS path FROM centre.area_closure c GROUP BY c.descendant_id) AS p
      WHERE l.dims[area_at] = p.member;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.publish_leaves(centre.dataset, text[], boolean, daterange) IS
  'adds the finest cells of measures in a period to the temporary table publish_leaf';

-- A sensitive dimension's empty members are cells too, where anybody else is in their row.
CREATE PROCEDURE centre.publish_zero_leaves(of_dataset text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  guarded record;
BEGIN
  FOR guarded IN
    SELECT n.ordinal::integer AS at, m.members FROM centre.dimension m
    JOIN unnest(centre.dataset_dims(of_dataset)) WITH ORDINALITY AS n (name, ordinal) ON n.name = m.name
    WHERE m.dataset = of_dataset AND (m.sensitive OR m.protect_zeros) ORDER BY n.ordinal
  LOOP
    INSERT INTO pg_temp.publish_leaf (leaf, measure, dims, total, nought)
      SELECT (SELECT max(l.leaf) FROM pg_temp.publish_leaf l) + row_number() OVER (ORDER BY z.measure, z.dims), z.measure, z.dims, 0, true
      FROM (SELECT DISTINCT l.measure, l.dims[:guarded.at - 1] || u.member || l.dims[guarded.at + 1:] AS dims
            FROM pg_temp.publish_leaf l CROSS JOIN unnest(guarded.members) AS u (member)
            EXCEPT SELECT l.measure, l.dims FROM pg_temp.publish_leaf l) AS z;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE centre.publish_zero_leaves(text) IS 'adds finest cells of nobody for members of dimensions whose noughts are protected';

-- Every level of every dimension, whichever cube asks for it: cells of other cubes have to be found again too.
CREATE PROCEDURE centre.publish_levels(d centre.dataset)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dim record;
  twice text;
BEGIN
  INSERT INTO pg_temp.publish_present
    SELECT DISTINCT u.at::integer AS dim, u.member FROM pg_temp.publish_leaf l CROSS JOIN unnest(l.dims) WITH ORDINALITY AS u (member, at);
  INSERT INTO pg_temp.publish_level SELECT p.dim, p.member, '*', '*' FROM pg_temp.publish_present p;
  FOR dim IN
    SELECT m.*, n.ordinal::integer AS at FROM centre.dimension m
    JOIN unnest(centre.dataset_dims(d.code)) WITH ORDINALITY AS n (name, ordinal) ON n.name = m.name WHERE m.dataset = d.code
  LOOP
    CASE dim.kind
    WHEN 'area' THEN
      INSERT INTO pg_temp.publish_level
        SELECT dim.at, p.member, s.level, 'area=' || s.area_id FROM pg_temp.publish_present p
        CROSS JOIN LATERAL unnest(CASE WHEN p.member LIKE '{%' THEN p.member::integer[] END) AS u (area_id) JOIN centre.area_standing s USING (area_id)
        WHERE p.dim = dim.at;
    WHEN 'age' THEN
      INSERT INTO pg_temp.publish_level
        SELECT dim.at, p.member, b.band_set, b.band_set || '=' || coalesce(a.code, 'u') FROM pg_temp.publish_present p
        CROSS JOIN (SELECT DISTINCT band_set FROM centre.age_band) AS b
        LEFT JOIN centre.age_band a ON a.band_set = b.band_set AND nullif(p.member, 'unknown')::integer BETWEEN a.from_age AND a.to_age
        WHERE p.dim = dim.at;
      -- Where cubes cut ages differently, what lies between the cuts is a cell that nobody declared and everybody can subtract.
      INSERT INTO pg_temp.publish_level
        SELECT l.dim, l.member, 'refined', 'refined=' || string_agg(l.key, '&' ORDER BY l.key)
        FROM pg_temp.publish_level l
        WHERE l.dim = dim.at AND l.level IN (SELECT c.age_bands FROM centre.cube c WHERE c.dataset = d.code AND (d.code = 'observation' OR dim.name = ANY (c.dims)))
        GROUP BY l.dim, l.member HAVING count(*) > 1;
    ELSE
      INSERT INTO pg_temp.publish_level
        SELECT dim.at, p.member, u.name, u.name || '=' || CASE WHEN cardinality(dim.columns) = 1 THEN p.member ELSE (p.member::text[])[u.at] END
        FROM pg_temp.publish_present p CROSS JOIN unnest(dim.columns) WITH ORDINALITY AS u (name, at) WHERE p.dim = dim.at;
      ANALYZE pg_temp.publish_level;
      SELECT split_part(f.key, '=', 2) INTO twice
        FROM pg_temp.publish_level f JOIN pg_temp.publish_level p USING (dim, member)
        WHERE f.dim = dim.at AND f.level = dim.columns[cardinality(dim.columns)] AND p.level = ANY (dim.columns)
        GROUP BY f.key, p.level HAVING count(DISTINCT p.key) > 1 LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'dimension "%" of dataset "%" is not nested', dim.name, d.code USING ERRCODE = 'data_exception',
          DETAIL = format('Member "%s" lies in more than one coarser member.', twice), HINT = 'Make columns that do not nest dimensions of their own.';
      END IF;
    END CASE;
  END LOOP;
  ANALYZE pg_temp.publish_level;
END
$$;
COMMENT ON PROCEDURE centre.publish_levels(centre.dataset) IS
  'fills the temporary table publish_level; an error where a finer column does not determine a coarser one';

-- Which levels of which dimensions are crossed in each table of a cube.
CREATE FUNCTION centre.cube_tables(c centre.cube) RETURNS TABLE (number bigint, dim integer, levels text[])
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH dim AS (
    SELECT n.ordinal::integer AS at, m.* FROM unnest(centre.dataset_dims((c).dataset)) WITH ORDINALITY AS n (name, ordinal)
    JOIN centre.dimension m ON m.dataset = (c).dataset AND m.name = n.name)
  SELECT b.number, d.at,
         CASE WHEN d.kind = 'area' THEN (c).levels WHEN d.name <> b.breakdown THEN '{*}' WHEN d.kind = 'age' THEN ARRAY[(c).age_bands] ELSE d.columns END
  FROM unnest((c).breakdowns) WITH ORDINALITY AS b (breakdown, number) CROSS JOIN dim d
  WHERE (c).dataset = 'observation'
  UNION ALL
  SELECT 1, d.at,
         CASE WHEN d.name <> ALL ((c).dims) THEN '{*}' WHEN d.kind = 'area' THEN (c).levels
           ELSE CASE d.kind WHEN 'age' THEN ARRAY[(c).age_bands] ELSE d.columns END || CASE WHEN d.multiple THEN '{}'::text[] ELSE '{*}' END END
  FROM dim d WHERE (c).dataset <> 'observation';
END;
COMMENT ON FUNCTION centre.cube_tables(centre.cube) IS
  'the tables of a cube: for each dimension of its dataset, in the order of keys, the levels that are crossed; * is the total';

CREATE PROCEDURE centre.publish_cells(c centre.cube)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    WITH cut AS (
      SELECT x.code, t.number, false AS refined, t.dim, t.levels FROM centre.linked_cubes(c) AS x CROSS JOIN LATERAL centre.cube_tables(x) AS t
      UNION ALL
      SELECT c.code, t.number, true, t.dim, CASE WHEN c.age_bands = ANY (t.levels) THEN '{refined}' ELSE t.levels END FROM centre.cube_tables(c) AS t
      WHERE t.number IN (SELECT a.number FROM centre.cube_tables(c) AS a WHERE c.age_bands = ANY (a.levels))
        AND EXISTS (SELECT FROM pg_temp.publish_level l WHERE l.level = 'refined')),
    part AS (
      SELECT code, refined, number,
             string_agg(CASE WHEN t.levels = '{*}' THEN '''*''' ELSE format('m%s.key', t.dim) END, ', ' ORDER BY t.dim) AS key,
             string_agg(CASE WHEN t.levels = '{*}' THEN ''
               ELSE format(' JOIN (SELECT DISTINCT member, key FROM pg_temp.publish_level WHERE dim = %s AND level = ANY (%L)) AS m%1$s ON m%1$s.member = l.dims[%1$s]',
                           t.dim, t.levels) END, '' ORDER BY t.dim) AS joins
      FROM cut AS t GROUP BY code, refined, number)
    SELECT p.key, p.joins, bool_or(p.code = c.code AND NOT p.refined) AS own, max(greatest(a.k, x.k)) AS k
    FROM part p JOIN centre.cube x USING (code) JOIN centre.audience a ON a.code = x.audience GROUP BY p.key, p.joins ORDER BY p.key, p.joins
  LOOP
    EXECUTE format('INSERT INTO pg_temp.publish_pair SELECT l.leaf, l.measure, ARRAY[%s], %L, %L FROM pg_temp.publish_leaf l%s', item.key, item.own, item.k, item.joins);
  END LOOP;
  INSERT INTO pg_temp.publish_cell
    SELECT row_number() OVER (ORDER BY p.measure, p.key), p.measure, p.key, p.own, p.k
    FROM (SELECT q.measure, q.key, bool_or(q.own) AS own, max(q.k) AS k FROM pg_temp.publish_pair q GROUP BY q.measure, q.key) AS p;
  ANALYZE pg_temp.publish_cell;
  INSERT INTO pg_temp.publish_in
    SELECT DISTINCT x.cell, p.leaf FROM pg_temp.publish_pair p JOIN pg_temp.publish_cell x USING (measure, key);
  ANALYZE pg_temp.publish_in;
END
$$;
COMMENT ON PROCEDURE centre.publish_cells(centre.cube) IS 'makes the temporary tables publish_cell and publish_in of a cube''s cells; a cell of nobody is not among them';
