-- What erase() does besides the rows of centre.retention, as rows: each room adds its own parts, so that a room may be left out.

CREATE TABLE centre.erase_job (
  routine text PRIMARY KEY CHECK (routine ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
  phase   text NOT NULL CHECK (phase IN ('wait', 'also', 'before', 'after')),
  place   smallint NOT NULL,
  bears   boolean NOT NULL DEFAULT false,
  UNIQUE (phase, place)
);
COMMENT ON TABLE centre.erase_job IS 'parts of centre.erase() that rooms add; a site may add its own, with a function of a schema of its own. Only the owner writes here: erase() calls what it names';
COMMENT ON COLUMN centre.erase_job.routine IS
  'schema.function. wait: () that keeps out who may have read about the person and not written yet; also: (of_subject bigint) gives the pseudonyms (bigint[]) that are erased with it; before and after: (persons bigint[], numbers bigint[]) gives an object of relation: rows, what it deleted or changed';
COMMENT ON COLUMN centre.erase_job.phase IS 'wait: first of all, then also; before and after: before or after the rows of the tables of centre.retention that name a person in a column';
COMMENT ON COLUMN centre.erase_job.place IS 'order within the phase; of wait also the order in which locks are taken';
COMMENT ON COLUMN centre.erase_job.bears IS 'puts a number of centre.erased in a person''s place';
