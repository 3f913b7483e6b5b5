-- A login writes into landing only as its own sources.

CREATE VIEW centre.my_source WITH (security_barrier) AS
  SELECT dash.fenced(s.source) AS source FROM centre.sender s WHERE s.login IN (current_user, session_user);
COMMENT ON VIEW centre.my_source IS 'the sources as which the login (or the role it has set) may send';

ALTER TABLE centre.landing ENABLE ROW LEVEL SECURITY;
CREATE POLICY civic_sender ON centre.landing FOR INSERT TO civic_ingest WITH CHECK (source IN (SELECT m.source FROM centre.my_source m));
CREATE POLICY civic_staff ON centre.landing TO civic_ticker USING (true) WITH CHECK (true);
GRANT SELECT ON centre.my_source TO civic_ingest;
