-- Evidence of competencies, what each kind of it is worth, and what follows for each official.

CREATE TABLE centre.evidence_source (
  code    text PRIMARY KEY,
  meaning text NOT NULL
);
COMMENT ON TABLE centre.evidence_source IS 'kinds of evidence; labels under domain evidence_source';
INSERT INTO centre.evidence_source VALUES ('assessed', 'an examination or an assessor''s finding'), ('institute', 'a training institute reported it'),
  ('platform', 'a course completed on a learning platform'), ('self_declared', 'the official says so');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('evidence_source', 'assessed', 'en', 'assessed'), ('evidence_source', 'institute', 'en', 'training institute'),
  ('evidence_source', 'platform', 'en', 'learning platform'), ('evidence_source', 'self_declared', 'en', 'self-declared');

CREATE TABLE centre.evidence_policy (
  source    text NOT NULL REFERENCES centre.evidence_source,
  framework text NOT NULL DEFAULT '*',
  valid     daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
  max_level smallint NOT NULL CHECK (max_level BETWEEN 0 AND 15),
  weight    smallint NOT NULL CHECK (weight BETWEEN 1 AND 15),
  EXCLUDE USING gist (source WITH =, framework WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.evidence_policy IS
  'what evidence is worth: the highest level it may prove and its weight, by source, framework and the day it was issued. A new policy therefore changes no statement of the past. Without a policy evidence proves nothing';
COMMENT ON COLUMN centre.evidence_policy.framework IS 'framework it is for; * for those without a policy of their own';
COMMENT ON COLUMN centre.evidence_policy.max_level IS 'levels above this one are credited as this one; 0 credits nothing';
COMMENT ON COLUMN centre.evidence_policy.weight IS 'how much the evidence counts, 1 to 15; the held competency carries the weight of the evidence that proves its level';
INSERT INTO centre.evidence_policy (source, max_level, weight) VALUES ('assessed', 15, 8), ('institute', 15, 6), ('platform', 15, 4), ('self_declared', 2, 1);

CREATE TABLE centre.evidence (
  evidence_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id    bigint NOT NULL REFERENCES centre.subject,
  competency_id integer NOT NULL REFERENCES centre.competency,
  level         smallint NOT NULL CHECK (level BETWEEN 1 AND 15),
  source        text NOT NULL REFERENCES centre.evidence_source,
  issued        date NOT NULL,
  expires       date CHECK (expires > issued),
  revoked       date CHECK (revoked >= issued),
  credential    text NOT NULL,
  issuer        text,
  recorded_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (subject_id, competency_id, source, credential)
);
CREATE INDEX evidence_competency_idx ON centre.evidence (competency_id);
ALTER TABLE centre.evidence ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.evidence IS 'what proves that an official has a competency at a level: a completed course, an assessment, an institute''s report, a declaration. Rows are never changed but for expires and revoked';
COMMENT ON COLUMN centre.evidence.level IS 'the level it states; what it is worth is for evidence_policy to say';
COMMENT ON COLUMN centre.evidence.issued IS 'first day on which it counts';
COMMENT ON COLUMN centre.evidence.expires IS 'first day on which it no longer counts; null: does not expire';
COMMENT ON COLUMN centre.evidence.revoked IS 'day it was withdrawn and no longer counts; a credential revoked on the day of issue never counted';
COMMENT ON COLUMN centre.evidence.credential IS 'the source''s own identifier, so that the same evidence sent twice is one';

CREATE TABLE centre.official_competency (
  subject_id  bigint PRIMARY KEY REFERENCES centre.subject ON DELETE CASCADE,
  held        civic.competency_set NOT NULL,
  own         civic.competency_set NOT NULL,
  lapsed      civic.competency_set NOT NULL,
  as_of       date NOT NULL,
  next_change date
);
CREATE INDEX official_competency_held_idx ON centre.official_competency USING gin (held);
CREATE INDEX official_competency_next_idx ON centre.official_competency (next_change);
ALTER TABLE centre.official_competency ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.official_competency IS 'what each official holds as of the day last worked out, kept by centre.refresh_official_competencies()';
COMMENT ON COLUMN centre.official_competency.held IS 'levels held now: proved by evidence of its own or implied by narrower and equivalent competencies';
COMMENT ON COLUMN centre.official_competency.own IS 'levels proved by valid evidence of their own, with the weight of that evidence';
COMMENT ON COLUMN centre.official_competency.lapsed IS 'levels that expired evidence proved; revoked evidence is not among them';
COMMENT ON COLUMN centre.official_competency.next_change IS 'next day on which evidence begins or ceases to count; null: none in sight';

CREATE TABLE centre.evidence_change (
  change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id bigint NOT NULL
);
COMMENT ON TABLE centre.evidence_change IS 'officials whose competencies are to be worked out again; appended with the change in one transaction, taken by centre.refresh_official_competencies()';

CREATE TABLE centre.credential_issuer (
  issuer text NOT NULL CHECK (issuer <> ''),
  name   text NOT NULL,
  source text NOT NULL REFERENCES centre.evidence_source,
  valid  daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
  EXCLUDE USING gist (issuer WITH =, source WITH =, valid WITH &&)
);
COMMENT ON TABLE centre.credential_issuer IS 'whose credentials centre.import_badges() takes as evidence; the credentials of others are refused';
COMMENT ON COLUMN centre.credential_issuer.issuer IS 'the address (URL or DID) that a credential names as its issuer';
COMMENT ON COLUMN centre.credential_issuer.source IS 'kind of evidence that these credentials may be';
COMMENT ON COLUMN centre.credential_issuer.valid IS 'days of issue on which the issuer was recognised';
