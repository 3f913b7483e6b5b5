-- What publication leaves out.

CREATE FUNCTION centre.unusable_rows(of_dataset text, from_day date DEFAULT '-infinity', until_day date DEFAULT 'infinity') RETURNS TABLE (measure text, amount numeric, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d centre.dataset;
  m text;
BEGIN
  SELECT * INTO d FROM centre.dataset x WHERE x.code = of_dataset;
  FOR m IN SELECT DISTINCT CASE WHEN d.measure_column IS NULL THEN u ELSE 'value' END FROM centre.cube c CROSS JOIN LATERAL unnest(centre.cube_measures(c)) AS u
           WHERE c.dataset = d.code AND d.personal AND c.personal AND (d.measure_column IS NOT NULL OR u NOT IN ('subjects', 'rows')) LOOP
    RETURN QUERY EXECUTE format('SELECT %1$s, x.%2$I::numeric, to_jsonb(x) FROM %3$s x WHERE x.day BETWEEN $1 AND $2 AND NOT centre.usable_sum(x.%2$I::numeric, %4$L)',
      CASE WHEN d.measure_column IS NULL THEN quote_literal(m) ELSE format('x.%I::text', d.measure_column) END, m, to_regclass(d.relation), d.unit) USING from_day, until_day;
  END LOOP;
END
$$;
COMMENT ON FUNCTION centre.unusable_rows(text, date, date) IS 'rows of a dataset whose amounts about persons cannot be (negative, no whole number of units, beyond 10^12 of them): publication counts them in no sum; for the operator, who corrects them';

CREATE VIEW centre.unusable_observation AS
  SELECT d.source, d.doc_key, i.code AS indicator, o.day, o.area_id, o.value
  FROM centre.observation o JOIN centre.indicator i USING (indicator_id) JOIN centre.document d USING (document_id)
  WHERE i.personal AND NOT centre.usable_amount(o.value);
COMMENT ON VIEW centre.unusable_observation IS 'observations about persons whose amount cannot be, with the document to be corrected: publication counts them nowhere; for the operator';
