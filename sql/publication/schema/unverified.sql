-- How many reports a release leaves out because nobody vouches for them.

CREATE TABLE centre.release_unverified (
  release_id bigint NOT NULL REFERENCES centre.release ON DELETE CASCADE,
  indicator  text NOT NULL,
  level      text NOT NULL,
  area_id    integer NOT NULL,
  value      bigint NOT NULL CHECK (value >= 0),
  base       integer NOT NULL,
  PRIMARY KEY (release_id, indicator, level, area_id)
);
COMMENT ON TABLE centre.release_unverified IS 'persons, and reports without one, that a release counts nowhere because they are not verified: rounded, at its widest areas only; renewed by every publish(), whether it makes a release or not';
COMMENT ON COLUMN centre.release_unverified.value IS 'a multiple of the base: at a province the true number is off by less than it and the smallest base of the site together';
