-- Answers as they stand on a form become codes through a map per form and question.  A label that
-- the map lacks is an error: it would otherwise count as a poor answer, or as none.
CREATE TABLE label_map (
  form text, question text, label text,
  code text,  -- NULL: the answer says that it is not known
  PRIMARY KEY (form, question, label)
);

CREATE FUNCTION code(form text, question text, label text) RETURNS text
  LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE hit record;
BEGIN
  SELECT m.code INTO hit FROM label_map m WHERE (m.form, m.question, m.label) = (code.form, code.question, code.label);
  IF NOT FOUND THEN
    RAISE invalid_parameter_value USING MESSAGE = 'unknown answer label',
      DETAIL = format('Form %s, question %s, label "%s".', form, question, label),
      HINT = 'Add the label to the map of the form.';
  END IF;
  RETURN hit.code;
END $$;
