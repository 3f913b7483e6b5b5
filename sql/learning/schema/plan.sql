-- Plans: of an official, of a department with shared sessions, and of a ministry for a financial year.

CREATE TABLE centre.capacity_setting (
  only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  year_begins    smallint NOT NULL DEFAULT 4 CHECK (year_begins BETWEEN 1 AND 12)
);
COMMENT ON TABLE centre.capacity_setting IS 'settings of capacity building, one row';
COMMENT ON COLUMN centre.capacity_setting.year_begins IS 'first month of the financial year (4: April, as in India and South Africa)';
INSERT INTO centre.capacity_setting DEFAULT VALUES;

CREATE TABLE centre.official_plan (
  subject_id bigint PRIMARY KEY REFERENCES centre.subject ON DELETE CASCADE,
  made_on    date NOT NULL,
  minimise   text NOT NULL CHECK (minimise IN ('cost', 'hours', 'trainings', 'earliest')),
  gap        civic.competency_gap NOT NULL,
  unclosed   civic.competency_gap NOT NULL,
  method     text NOT NULL CHECK (method IN ('exact', 'bounded', 'unclosable', 'none')),
  total      numeric NOT NULL,
  bound      numeric NOT NULL,
  finishes   date CHECK (finishes IS NULL OR minimise = 'earliest')
);
ALTER TABLE centre.official_plan ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.official_plan IS 'the latest plan of each official: the trainings that close the gap at the least cost, hours or number, or by the sessions that end first';
COMMENT ON COLUMN centre.official_plan.unclosed IS 'the part of the gap that nobody teaches, or to which no way leads from what is held';
COMMENT ON COLUMN centre.official_plan.method IS 'exact: nothing cheaper closes what can be closed; bounded: nothing below bound does; unclosable: nothing of the gap can be closed; none: there is no gap';
COMMENT ON COLUMN centre.official_plan.total IS 'of the plan, in what is minimised; of the earliest, days from made_on to its end';
COMMENT ON COLUMN centre.official_plan.finishes IS 'last day of its last session; null where sessions and their dates are no part of it';
COMMENT ON COLUMN centre.official_plan.bound IS 'no plan is below this; equals total of an exact plan';

CREATE TABLE centre.official_plan_step (
  subject_id  bigint NOT NULL REFERENCES centre.official_plan ON DELETE CASCADE,
  step        integer NOT NULL,
  training_id integer NOT NULL REFERENCES centre.training,
  session_id  integer REFERENCES centre.training_session,
  levels      integer NOT NULL,
  PRIMARY KEY (subject_id, step)
);
ALTER TABLE centre.official_plan_step ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.official_plan_step IS 'trainings of a plan, in an order in which each is open when it is reached';
COMMENT ON COLUMN centre.official_plan_step.session_id IS 'the session to sit in, of a plan by dates';
COMMENT ON COLUMN centre.official_plan_step.levels IS 'levels of the gap that it closes after the steps before it; 0 where it is only a prerequisite';

CREATE TABLE centre.department_plan (
  plan_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ministry   text NOT NULL,
  department text NOT NULL,
  span       daterange NOT NULL,
  made_on    date NOT NULL,
  people     integer NOT NULL,
  short      integer NOT NULL,
  closable   integer NOT NULL,
  closed     integer NOT NULL,
  most       integer NOT NULL CHECK (most >= closed),
  cost       numeric NOT NULL,
  bound      numeric NOT NULL,
  method     text NOT NULL CHECK (method IN ('exact', 'bounded')),
  status     text NOT NULL DEFAULT 'reserved' CHECK (status IN ('reserved', 'withdrawn')),
  EXCLUDE USING gist (ministry WITH =, department WITH =, span WITH &&) WHERE (status = 'reserved')
);
COMMENT ON TABLE centre.department_plan IS 'plans of departments over the sessions of a span of days, made by centre.plan_department()';
COMMENT ON COLUMN centre.department_plan.status IS 'reserved: its seats are taken as long as nobody else may have them; withdrawn: they are free again';
COMMENT ON COLUMN centre.department_plan.people IS 'officials with a gap';
COMMENT ON COLUMN centre.department_plan.short IS 'levels they lack together';
COMMENT ON COLUMN centre.department_plan.closable IS 'of these, what the trainings of the span could close, one opening the next, if seats, dates and money were no limit';
COMMENT ON COLUMN centre.department_plan.closed IS 'what the plan closes';
COMMENT ON COLUMN centre.department_plan.most IS 'no choice of seats closes more';
COMMENT ON COLUMN centre.department_plan.bound IS 'closing as many as most costs at least this much; equals cost of an exact plan';
COMMENT ON COLUMN centre.department_plan.method IS 'exact: the best choice of all there is; bounded: the search was given up, most and bound say how much better one could be';

CREATE TABLE centre.department_plan_seat (
  plan_id    integer NOT NULL REFERENCES centre.department_plan ON DELETE CASCADE,
  subject_id bigint NOT NULL REFERENCES centre.subject ON DELETE CASCADE,
  session_id integer NOT NULL REFERENCES centre.training_session,
  levels     integer NOT NULL,
  PRIMARY KEY (plan_id, subject_id, session_id)
);
ALTER TABLE centre.department_plan_seat ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE centre.department_plan_seat IS 'who sits in which session by a department''s plan';
CREATE INDEX department_plan_seat_session_idx ON centre.department_plan_seat (session_id);
COMMENT ON COLUMN centre.department_plan_seat.levels IS 'levels of this official''s gap that the seat closes after those given before; 0 where it only opens another training';

CREATE TABLE centre.annual_plan (
  plan_id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ministry          text NOT NULL,
  year              daterange NOT NULL,
  budget            numeric NOT NULL CHECK (budget >= 0),
  officials         integer NOT NULL CHECK (officials > 0),
  coverage_before   numeric NOT NULL CHECK (coverage_before BETWEEN 0 AND 1),
  coverage_expected numeric NOT NULL CHECK (coverage_expected BETWEEN coverage_before AND 1),
  points            numeric CHECK (points >= 0),
  most_points       numeric CHECK (most_points >= points),
  status            text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'approved', 'withdrawn')),
  author            name NOT NULL DEFAULT session_user,
  approver          name,
  approved_at       timestamptz,
  CHECK ((approver IS NULL) = (approved_at IS NULL)),
  CHECK (status <> 'approved' OR approver IS NOT NULL),
  CHECK (approver <> author),
  EXCLUDE USING gist (ministry WITH =, year WITH &&) WHERE (status = 'approved')
);
COMMENT ON TABLE centre.annual_plan IS 'training plan of a ministry for a financial year: a draft is approved by another login than its author''s and fixed from then on';
COMMENT ON COLUMN centre.annual_plan.year IS 'days of the financial year';
COMMENT ON COLUMN centre.annual_plan.officials IS 'officials of the ministry whose needs are known when the plan is drafted';
COMMENT ON COLUMN centre.annual_plan.coverage_before IS 'mean over these officials of the weighted share of the levels their posts need that they hold, when the plan is drafted';
COMMENT ON COLUMN centre.annual_plan.points IS 'missing levels that the plan closes, times the weight of their need';
COMMENT ON COLUMN centre.annual_plan.most_points IS 'no plan within the budget closes more';
COMMENT ON COLUMN centre.annual_plan.coverage_expected IS 'the same once every seat of the plan is used';

ALTER TABLE centre.annual_plan ENABLE ROW LEVEL SECURITY;

CREATE TABLE centre.annual_plan_line (
  plan_id     integer NOT NULL REFERENCES centre.annual_plan ON DELETE CASCADE,
  training_id integer NOT NULL REFERENCES centre.training,
  seats       integer NOT NULL CHECK (seats > 0),
  price       numeric NOT NULL CHECK (price >= 0),
  PRIMARY KEY (plan_id, training_id)
);
COMMENT ON TABLE centre.annual_plan_line IS 'seats of an annual plan by training, at the price of a seat when the plan was drafted';
ALTER TABLE centre.annual_plan_line ENABLE ROW LEVEL SECURITY;
