-- What disclose() shows besides the rows of centre.retention that name a person in a column.

CREATE TABLE centre.disclose_job (
  relation text PRIMARY KEY,
  routine  text NOT NULL CHECK (routine ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$')
);
COMMENT ON TABLE centre.disclose_job IS 'for each table that centre.retention calls apart, the schema.function (persons bigint[]) that gives, as jsonb, what of it is about the persons. Only the owner writes here: disclose() calls what it names';
ALTER TABLE centre.erasure DROP CONSTRAINT erasure_cause_check, ADD CONSTRAINT erasure_cause_check CHECK (cause IN ('person', 'retention', 'disclosure'));
COMMENT ON TABLE centre.erasure IS 'that something was erased or disclosed, when and by which login: one row for each call of centre.erase() and centre.disclose() and each round of retention that found something; never whom';
