-- Learning: enrolment to rating, recommendations and what became of them, and the monthly facts that scores and benchmarks are made of.

CREATE TABLE centre.learning (
  learning_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source       text NOT NULL CHECK (source <> ''),
  record       text NOT NULL CHECK (record <> ''),
  subject_id   bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  training_id  integer NOT NULL REFERENCES centre.training,
  session_id   integer REFERENCES centre.training_session,
  enrolled_on  date NOT NULL,
  active_on    date CHECK (active_on >= enrolled_on),
  progress     numeric NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  completed_on date CHECK (completed_on >= enrolled_on),
  score        numeric CHECK (score BETWEEN 0 AND 100),
  rating       smallint CHECK (rating BETWEEN 1 AND 5),
  price        numeric CHECK (price >= 0),
  UNIQUE (source, record)
);
CREATE INDEX learning_subject_idx ON centre.learning (subject_id);
CREATE INDEX learning_training_idx ON centre.learning (training_id);
CREATE INDEX learning_session_idx ON centre.learning (session_id);
ALTER TABLE centre.learning ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.learning IS 'one row for each enrolment, from centre.record_learning(); a completion makes evidence';
COMMENT ON COLUMN centre.learning.record IS 'the source''s own identifier of the enrolment, so that the same one sent again replaces what is known of it';
COMMENT ON COLUMN centre.learning.active_on IS 'last day of any activity';
COMMENT ON COLUMN centre.learning.progress IS 'per cent done';
COMMENT ON COLUMN centre.learning.score IS 'result of the final examination in per cent';
COMMENT ON COLUMN centre.learning.rating IS 'what the learner thinks of the training, 1 to 5';
COMMENT ON COLUMN centre.learning.price IS 'what the seat cost; the training''s price where the source does not say';

CREATE TABLE centre.recommendation (
  subject_id  bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  training_id integer NOT NULL REFERENCES centre.training ON DELETE CASCADE,
  shown_on    date NOT NULL,
  rank        integer NOT NULL CHECK (rank > 0),
  outcome     text CHECK (outcome IN ('taken', 'declined')),
  decided_on  date CHECK (decided_on >= shown_on),
  PRIMARY KEY (subject_id, training_id, shown_on),
  CHECK ((outcome IS NULL) = (decided_on IS NULL))
);
ALTER TABLE centre.recommendation ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.recommendation IS 'trainings shown to an official and what became of it; outcome null: no answer yet';

CREATE TABLE centre.score_weight (
  valid      daterange NOT NULL CHECK (NOT isempty(valid)),
  engagement smallint NOT NULL CHECK (engagement >= 0),
  learning   smallint NOT NULL CHECK (learning >= 0),
  assessment smallint NOT NULL CHECK (assessment >= 0),
  EXCLUDE USING gist (valid WITH &&),
  CHECK (engagement + learning + assessment = 100)
);
COMMENT ON TABLE centre.score_weight IS 'weights of the ministry score in per cent, published in dash.score_weight; a change holds from a day on and leaves earlier scores as they were';
COMMENT ON COLUMN centre.score_weight.engagement IS 'of having been active in any training during the month';
COMMENT ON COLUMN centre.score_weight.learning IS 'of having completed a training during the month';
COMMENT ON COLUMN centre.score_weight.assessment IS 'of having proved a competency by assessment during the month';
INSERT INTO centre.score_weight VALUES ('(,)', 30, 40, 30);

CREATE TABLE centre.capacity_fact (
  month      date NOT NULL CHECK (extract(day FROM month) = 1),
  subject_id bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  day        date NOT NULL,
  ministry   text NOT NULL,
  department text NOT NULL,
  designation text NOT NULL,
  levels     integer NOT NULL,
  needed     integer NOT NULL,
  covered    integer NOT NULL CHECK (covered BETWEEN 0 AND needed),
  expected   smallint CHECK (expected BETWEEN 0 AND 100),
  engaged    boolean NOT NULL,
  learnt     boolean NOT NULL,
  assessed   boolean NOT NULL,
  points     smallint NOT NULL CHECK (points BETWEEN 0 AND 100),
  gap        civic.competency_gap NOT NULL,
  PRIMARY KEY (month, subject_id),
  CHECK ((expected IS NULL) = (needed = 0))
);
ALTER TABLE centre.capacity_fact ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.capacity_fact IS 'officials in office on a day of a month: what they held, lacked and did, by centre.take_capacity(); scores, benchmarks, demand and base years are made of these';
COMMENT ON COLUMN centre.capacity_fact.day IS 'the day of the state; learning is counted from the first of the month to this day';
COMMENT ON COLUMN centre.capacity_fact.levels IS 'levels proved by evidence of their own, all competencies together';
COMMENT ON COLUMN centre.capacity_fact.needed IS 'levels the post needs, times their weight; 0 where nothing is known of its needs';
COMMENT ON COLUMN centre.capacity_fact.covered IS 'the part of needed that is held';
COMMENT ON COLUMN centre.capacity_fact.expected IS 'mean coverage of the officials of this designation, all ministries together, in per cent; null where nothing is known of the needs';
COMMENT ON COLUMN centre.capacity_fact.points IS 'score of the month by centre.score_weight';

-- What is published of it.  Nothing leaves before somebody calls centre.publish_capacity().
INSERT INTO centre.dataset (code, relation, flow) VALUES
  ('capacity', 'centre.capacity_row', 'stock'), ('capacity_gap', 'centre.capacity_gap_row', 'stock'), ('activity', 'centre.activity_row', 'event'),
  ('passbook', 'centre.passbook_row', 'event'), ('enrolment', 'centre.enrolment_row', 'event'), ('completion', 'centre.completion_row', 'stock');
INSERT INTO centre.dimension (dataset, name, columns, multiple) VALUES
  ('capacity', 'ministry', '{ministry}', false), ('capacity', 'department', '{department}', false), ('capacity', 'met', '{known,met}', false),
  ('capacity_gap', 'competency', '{competency}', true), ('capacity_gap', 'ministry', '{ministry}', false),
  ('activity', 'ministry', '{ministry}', false), ('activity', 'engaged', '{engaged}', false), ('activity', 'learnt', '{learnt}', false), ('activity', 'assessed', '{assessed}', false),
  ('passbook', 'entry', '{entry}', true), ('passbook', 'ministry', '{ministry}', false), ('passbook', 'department', '{department}', false),
  ('enrolment', 'ministry', '{ministry}', false), ('completion', 'training', '{training}', false);
-- Nothing is released that adds up with other measures to what is withheld: the score is made of the shares that are shown; of passbook
-- entries persons are counted, as levels gained and lost lead from one balance to the next; and coverage is a share of each person, in
-- per cent, as levels needed less levels held are those that capacity_gap tells by competency.
-- Departments are small and come last: what they would tell is withheld there and not in their ministries.
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims, measures, method) VALUES
  ('capacity', 'centre', 'month', 'capacity', '{ministry}', '{subjects,levels,coverage,expected}', 'suppress'),
  ('capacity_met', 'centre', 'month', 'capacity', '{ministry,met}', '{subjects}', 'suppress'),
  ('capacity_department', 'centre', 'month', 'capacity', '{department}', '{subjects,levels}', 'suppress'),
  ('activity', 'centre', 'month', 'activity', '{ministry}', '{subjects}', 'suppress'),
  ('activity_engaged', 'centre', 'month', 'activity', '{ministry,engaged}', '{subjects}', 'suppress'),
  ('activity_learnt', 'centre', 'month', 'activity', '{ministry,learnt}', '{subjects}', 'suppress'),
  ('activity_assessed', 'centre', 'month', 'activity', '{ministry,assessed}', '{subjects}', 'suppress'),
  ('training_demand', 'provider', 'month', 'capacity_gap', '{competency,ministry}', '{subjects,levels}', 'suppress'),
  ('passbook', 'centre', 'month', 'passbook', '{entry,ministry}', '{subjects}', 'suppress'),
  ('passbook_department', 'centre', 'month', 'passbook', '{entry,department}', '{subjects}', 'suppress'),
  ('enrolment', 'centre', 'month', 'enrolment', '{ministry}', '{rows,price}', 'suppress'),
  ('training_feedback', 'provider', 'month', 'completion', '{training}', '{subjects,levels,rating,rated}', 'suppress');
INSERT INTO centre.audience_cube (audience, cube) VALUES ('centre', 'training_demand'), ('centre', 'training_feedback');
INSERT INTO centre.label (domain, code, lang, label) VALUES
  ('passbook', 'opening', 'en', 'opening balance'), ('passbook', 'credit', 'en', 'gained'), ('passbook', 'expiry', 'en', 'expired'), ('passbook', 'revocation', 'en', 'revoked'),
  ('passbook', 'closing', 'en', 'closing balance');
