-- Which days of its period a release has data for.

CREATE TABLE centre.release_days (
  release_id bigint PRIMARY KEY REFERENCES centre.release ON DELETE CASCADE,
  days       daterange NOT NULL CHECK (NOT isempty(days)),
  complete   boolean NOT NULL
);
COMMENT ON TABLE centre.release_days IS 'the days of its period that a release has data for, written by publish(); a release without a row has its whole period';
COMMENT ON COLUMN centre.release_days.days IS 'from the day on which data began to the day of publication, within the period; the whole period where nothing had begun yet';
COMMENT ON COLUMN centre.release_days.complete IS 'data had begun when the period did, and it was over when it was published';

INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('reason', 'never_published', 'en', 'never published'), ('reason', 'never_published', 'af', 'nooit gepubliseer nie'),
  ('reason', 'not_at_level', 'en', 'not published at this level'), ('reason', 'not_at_level', 'af', 'nie op hierdie vlak gepubliseer nie'),
  ('reason', 'not_by_breakdown', 'en', 'not published by this breakdown'), ('reason', 'not_by_breakdown', 'af', 'nie volgens hierdie verdeling gepubliseer nie'),
  ('reason', 'no_whole_period', 'en', 'no published period lies wholly in these days'), ('reason', 'no_whole_period', 'af', 'geen gepubliseerde tydperk lê heeltemal in hierdie dae nie'),
  ('reason', 'published_once', 'en', 'published once only'), ('reason', 'published_once', 'af', 'net een keer gepubliseer'),
  ('reason', 'base_partial', 'en', 'the earlier period is published for a part only'), ('reason', 'base_partial', 'af', 'die vroeër tydperk is net vir ''n deel gepubliseer'),
  ('reason', 'held', 'en', 'of an earlier release: the change since then is withheld'), ('reason', 'held', 'af', 'van ''n vroeër vrystelling: die verandering sedertdien is weerhou'),
  ('reason', 'partial_period', 'en', 'published for a part of the period only'), ('reason', 'partial_period', 'af', 'net vir ''n deel van die tydperk gepubliseer'),
  ('reason', 'no_complete_period', 'en', 'no complete period is published'), ('reason', 'no_complete_period', 'af', 'geen volledige tydperk is gepubliseer nie')
  ON CONFLICT DO NOTHING;
