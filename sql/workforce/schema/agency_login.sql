-- Which logins speak for an agency.

CREATE TABLE centre.agency_login (
  login  name NOT NULL,
  agency text NOT NULL REFERENCES centre.agency,
  PRIMARY KEY (login, agency)
);
COMMENT ON TABLE centre.agency_login IS 'the agencies for which a login may hand in feeds; a member of civic_ticker that is not here hands in none, the owner all';
COMMENT ON COLUMN centre.agency_login.login IS 'the login, or the role it sets';
INSERT INTO centre.label (domain, code, lang, label) VALUES ('intake_code', 'I204', 'en', 'the end lies before the beginning') ON CONFLICT DO NOTHING;
