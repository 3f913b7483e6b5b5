-- Who may send what: logins bound to sources, and what a source is believed and heard about.

CREATE TABLE centre.sender (
  login  name NOT NULL,
  source text NOT NULL REFERENCES centre.source,
  PRIMARY KEY (login, source)
);
COMMENT ON TABLE centre.sender IS 'the sources as which a login may write into centre.landing; a login that is not here writes nothing';
COMMENT ON COLUMN centre.sender.login IS 'the login, or the role that a gateway such as PostgREST sets for a request';

ALTER TABLE centre.source
  ADD COLUMN verified_for text[],
  ADD COLUMN first_day date;
COMMENT ON COLUMN centre.source.verified_for IS 'indicators for which verified holds: what the sender may speak for; null: all';
COMMENT ON COLUMN centre.source.first_day IS 'no fact of this source may lie before this day; null: centre.site.first_day';

ALTER TABLE centre.site ADD COLUMN months_apart interval NOT NULL DEFAULT '10 years' CHECK (months_apart > '0');
COMMENT ON COLUMN centre.site.months_apart IS 'observations younger than this get one partition a month; older ones share observation_other';

-- what waits is taken in order, some at a time
DROP INDEX centre.landing_waiting_idx;
CREATE INDEX landing_waiting_idx ON centre.landing (source, landing_id) WHERE batch_id IS NULL;
-- rows that go ask who refers to them
CREATE INDEX document_landing_idx ON centre.document (landing_id) WHERE landing_id IS NOT NULL;
