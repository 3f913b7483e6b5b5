-- Personal data: every table that has any, what erasing a person does there, and how long it is kept.

CREATE TABLE centre.retention (
  relation text PRIMARY KEY,
  place    smallint NOT NULL UNIQUE,
  person   text,
  erasure  text NOT NULL CHECK (erasure IN ('delete', 'blank', 'apart', 'none')),
  since    text,
  keep     interval CHECK (keep > '0'),
  expiry   text CHECK (expiry IN ('delete', 'blank')),
  blank    text[] NOT NULL DEFAULT '{}',
  CHECK ((erasure IN ('apart', 'none')) = (person IS NULL)),
  CHECK ((since IS NULL) = (expiry IS NULL)),
  CHECK (keep IS NULL OR since IS NOT NULL),
  CHECK ('blank' <> ALL (ARRAY[erasure, coalesce(expiry, '')]) OR blank <> '{}')
);
COMMENT ON TABLE centre.retention IS
  'the tables of centre that hold personal data: what centre.erase() does to a person''s rows, and how long rows are kept by centre.apply_retention(). A site adds its own tables here';
COMMENT ON COLUMN centre.retention.place IS 'order in which a person''s rows are erased: tables that refer to others come before them';
COMMENT ON COLUMN centre.retention.person IS 'column with the pseudonym of the person or household; null where centre.erase() finds them its own way, or there are none';
COMMENT ON COLUMN centre.retention.erasure IS
  'delete: the rows go; blank: they stay under a number that leads to nobody (centre.erased), with the columns of blank emptied; apart: a function of centre.erase() of its own; none: it holds nothing about persons, and is here for how long it is kept';
COMMENT ON COLUMN centre.retention.since IS 'expression over a row: the time from which keep is counted; null: not yet';
COMMENT ON COLUMN centre.retention.keep IS 'how long; null: until the site says otherwise. Law and purpose decide, so nothing is deleted before somebody has set it';
COMMENT ON COLUMN centre.retention.expiry IS 'what happens then: delete the row, or blank its columns';
COMMENT ON COLUMN centre.retention.blank IS 'columns that blanking sets to null, or to the word "erased" where there must be a text';

CREATE TABLE centre.erased (
  number bigint PRIMARY KEY
);
COMMENT ON TABLE centre.erased IS 'numbers drawn at random that stand for erased persons in decisions, overrides, appeals and the ledger of releases; which is whose is stored nowhere';

CREATE TABLE centre.erasure (
  erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erased_at  timestamptz NOT NULL DEFAULT now(),
  erased_by  name NOT NULL DEFAULT session_user,
  cause      text NOT NULL CHECK (cause IN ('person', 'retention')),
  relations  integer NOT NULL,
  rows       bigint NOT NULL
);
COMMENT ON TABLE centre.erasure IS 'that something was erased, when and by which login: one row for each call of centre.erase() and each round of retention that found something; never whom';
COMMENT ON COLUMN centre.erasure.relations IS 'tables in which rows were found';
COMMENT ON COLUMN centre.erasure.rows IS 'rows deleted or blanked, all tables together';

INSERT INTO centre.retention (relation, place, person, erasure, since, expiry) VALUES ('stuck_row', 78, 'key', 'delete', 'last_at', 'delete');
