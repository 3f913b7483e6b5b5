-- What may be declared of a dataset whose counts are rounded.

-- One dataset, one method: what one cube shows exactly another cannot hide.
CREATE FUNCTION centre.cube_rounding_check(c centre.cube) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d centre.dataset;
  other text;
BEGIN
  SELECT * INTO d FROM centre.dataset x WHERE x.code = c.dataset;
  IF NOT (d.personal AND c.personal) OR d.method <> 'round' AND c.method <> 'round' THEN
    RETURN;
  END IF;
  IF (c.method = 'round') <> (d.method = 'round') THEN
    RAISE EXCEPTION 'cube "%" is published by another method than dataset "%"', c.code, d.code USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('The methods are %s and %s.', c.method, d.method), HINT = 'A dataset has one method, for every cube and audience: centre.dataset.method.';
  END IF;
  SELECT m INTO other FROM unnest(centre.cube_measures(c)) AS m WHERE d.measure_column IS NULL AND m NOT IN ('subjects', 'rows') OR m ~ '[&+]' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'measure "%" of cube "%" cannot be rounded', other, c.code USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Persons and rows are rounded (names without & and +). Sums are published by suppression, as a dataset of their own.';
  END IF;
  SELECT m.name INTO other FROM centre.dimension m WHERE m.dataset = d.code AND m.multiple AND (c.dataset = 'observation' OR m.name = ANY (c.dims)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'dimension "%" has no total to be rounded', other USING ERRCODE = 'invalid_parameter_value',
      HINT = 'A person at several members counts several times: publish such a dataset by suppression.';
  END IF;
  SELECT x.code INTO other FROM centre.cube x WHERE x.dataset = c.dataset AND x.code <> c.code AND x.personal AND x.period_unit <> c.period_unit LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" has another unit of period than cube "%"', c.code, other USING ERRCODE = 'invalid_parameter_value',
      HINT = 'A rounded dataset is published by one unit of period; readers add periods up.';
  END IF;
  SELECT x.code INTO other FROM centre.cube x JOIN centre.dimension m ON m.dataset = x.dataset AND m.kind = 'age'
    WHERE x.dataset = c.dataset AND x.code <> c.code AND x.personal AND x.age_bands <> c.age_bands AND m.name = ANY (x.dims || x.breakdowns) AND m.name = ANY (c.dims || c.breakdowns) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cube "%" cuts ages otherwise than cube "%"', c.code, other USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('It has the bands "%s".', c.age_bands), HINT = 'Rounded by two sets of bands the same persons would be known nearer than by one. Take the same bands.';
  END IF;
END
$$;
COMMENT ON FUNCTION centre.cube_rounding_check(centre.cube) IS 'an error where a cube about persons has another method, unit of period or cut of ages than others of its dataset, or what cannot be rounded';

-- What has been released by one method is not released by another.
CREATE FUNCTION centre.dataset_method_fixed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM centre.release r JOIN centre.cube c ON c.code = r.cube WHERE c.dataset = OLD.code AND c.personal) THEN
    RAISE EXCEPTION 'the method of a dataset with releases is fixed' USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Dataset "%s" is published by method %s, base %s.', OLD.code, OLD.method, OLD.base), HINT = 'Exact and rounded values of the same persons would tell on each other. Delete its releases first.';
  END IF;
  UPDATE centre.cube c SET method = NEW.method WHERE c.dataset = NEW.code AND c.personal AND NEW.personal AND c.method IN ('suppress', 'round');
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION centre.dataset_method_fixed() IS 'trigger of dataset: a method changes before the first release only, and the cubes with it';
CREATE TRIGGER civic_method AFTER UPDATE OF method, base, personal ON centre.dataset FOR EACH ROW
  WHEN (OLD.method <> NEW.method OR OLD.base <> NEW.base OR OLD.personal <> NEW.personal) EXECUTE FUNCTION centre.dataset_method_fixed();
