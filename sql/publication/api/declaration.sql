-- Declarations of cubes and dimensions: what could not be published safely, or would change what older releases mean, is refused.

-- A declaration that cannot be published safely is refused when it is made.
CREATE FUNCTION centre.cube_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other text;
BEGIN
  SELECT u.name INTO other FROM unnest(NEW.dims) AS u (name)
    WHERE NOT EXISTS (SELECT FROM centre.dimension d WHERE d.dataset = NEW.dataset AND d.name = u.name);
  IF FOUND THEN
    RAISE EXCEPTION 'dataset "%" has no dimension "%"', NEW.dataset, other USING ERRCODE = 'invalid_parameter_value',
      HINT = format('It has %s.', array_to_string(centre.dataset_dims(NEW.dataset), ', '));
  END IF;
  IF cardinality(NEW.dims) > (SELECT count(DISTINCT u.name) FROM unnest(NEW.dims) AS u (name)) THEN
    RAISE EXCEPTION 'cube "%" names a dimension twice', NEW.code USING ERRCODE = 'invalid_parameter_value';
  END IF;
  NEW.method := coalesce(NEW.method, CASE WHEN NEW.personal AND EXISTS (SELECT FROM centre.dataset d WHERE d.code = NEW.dataset AND d.personal AND d.method = 'round') THEN 'round' ELSE 'suppress' END);
  PERFORM centre.cube_rounding_check(NEW);
  SELECT i.persons_of INTO other FROM centre.indicator i WHERE i.code = ANY (NEW.indicators) AND i.persons_of <> ALL (NEW.indicators);
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" has the persons but not the reports of indicator "%"', NEW.code, other USING ERRCODE = 'invalid_parameter_value', HINT = 'What is withheld of the one is withheld of the other.';
  END IF;
  SELECT d.name INTO other FROM centre.dimension d
    WHERE NEW.dataset <> 'observation' AND d.dataset = NEW.dataset AND d.multiple AND d.name <> ALL (NEW.dims);
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" leaves out dimension "%", at which a subject has several members', NEW.code, other USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Such a dimension has no total; name it in dims.';
  END IF;
  IF NEW.k < (SELECT a.k FROM centre.audience a WHERE a.code = NEW.audience) THEN
    RAISE EXCEPTION 'cube "%" has a lower threshold than its audience', NEW.code USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT c.code INTO other FROM centre.cube c JOIN centre.dataset d ON d.code = c.dataset
    WHERE c.code <> NEW.code AND c.dataset = NEW.dataset AND c.personal AND NEW.personal AND d.personal
      -- cubes by the dataset's own method change with it, one after the other
      AND c.method <> NEW.method AND NOT (c.method IN ('suppress', 'round') AND NEW.method IN ('suppress', 'round')) AND (centre.cube_measures(c) && centre.cube_measures(NEW) OR d.measure_column IS NULL);
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" publishes measures of the same persons by another method than cube "%"', NEW.code, other USING ERRCODE = 'invalid_parameter_value',
      HINT = 'A measure about persons has one method: what one shows exactly another cannot hide.';
  END IF;
  -- Each further dimension is a further way to add up the same persons, whose noise averages out.
  IF NEW.method = 'cellkey' AND (SELECT count(DISTINCT u.name) FROM centre.cube c CROSS JOIN unnest(c.dims) AS u (name)
      WHERE c.dataset = NEW.dataset AND c.method = 'cellkey' AND c.code <> NEW.code AND centre.cube_measures(c) && centre.cube_measures(NEW) AND u.name <> ALL (NEW.dims))
      + cardinality(NEW.dims) > 3 THEN
    RAISE EXCEPTION 'cube "%" gives a measure with noise more than three dimensions', NEW.code USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Cubes of one dataset with method cellkey have at most three dimensions taken together.';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.cube_check() IS 'trigger of cube: refuses dimensions that are not there or named twice, persons without their reports, thresholds below the audience''s, measures about persons by methods that differ, and noise over more than three dimensions';

CREATE TRIGGER civic_check BEFORE INSERT OR UPDATE ON centre.cube FOR EACH ROW EXECUTE FUNCTION centre.cube_check();

CREATE FUNCTION centre.audience_cube_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT a.k FROM centre.audience a WHERE a.code = NEW.audience)
     > (SELECT greatest(a.k, c.k) FROM centre.cube c JOIN centre.audience a ON a.code = c.audience WHERE c.code = NEW.cube) THEN
    RAISE EXCEPTION 'audience "%" needs a higher threshold than cube "%" has', NEW.audience, NEW.cube USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Declare a cube for this audience; cubes of one dataset are protected jointly.';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION centre.audience_cube_check() IS 'trigger of audience_cube: an audience gets no cube made for a lower threshold than its own';
CREATE TRIGGER civic_check BEFORE INSERT OR UPDATE ON centre.audience_cube FOR EACH ROW EXECUTE FUNCTION centre.audience_cube_check();

-- Keys of the ledger are read by position.
CREATE FUNCTION centre.dimension_fixed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM centre.ledger_leaf l WHERE l.dataset IN (OLD.dataset, NEW.dataset)) THEN
    RAISE EXCEPTION 'dimensions of a dataset with releases are fixed' USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Its keys in the ledger have a place for each dimension.';
  END IF;
  RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION centre.dimension_fixed() IS 'trigger of dimension: no change once releases of the dataset are in the ledger';
CREATE TRIGGER civic_fixed BEFORE INSERT OR UPDATE OF dataset, name, kind, columns, members, multiple, sensitive, protect_zeros OR DELETE ON centre.dimension FOR EACH ROW EXECUTE FUNCTION centre.dimension_fixed();

-- What a band's cells were, they have to stay: older releases are read by the bands there are now.
CREATE FUNCTION centre.age_band_fixed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.dimension d ON d.dataset = c.dataset
             WHERE d.kind = 'age' AND (d.name = ANY (c.dims) OR d.name = ANY (c.breakdowns)) AND c.age_bands IN (OLD.band_set, NEW.band_set)) THEN
    RAISE EXCEPTION 'age bands of releases are fixed' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Make another set of bands.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.age_band_fixed() IS 'trigger of age_band: no change to a set of bands that releases are cut by';
CREATE TRIGGER civic_fixed AFTER INSERT OR UPDATE OR DELETE ON centre.age_band FOR EACH ROW EXECUTE FUNCTION centre.age_band_fixed();
