-- Works that one transaction does at a time.

CREATE TABLE centre.turn (work text PRIMARY KEY);
COMMENT ON TABLE centre.turn IS 'works that one transaction does at a time, by centre.take_turn(): locks of rows, since every login could take and keep an advisory lock';
