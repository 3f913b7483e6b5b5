-- Which areas an operator looks after.

CREATE TABLE centre.operator_area (
  login   name NOT NULL,
  area_id integer NOT NULL REFERENCES centre.area,
  PRIMARY KEY (login, area_id)
);
COMMENT ON TABLE centre.operator_area IS 'the areas, with all that lies in them, whose alarms a member of civic_operator sees and answers; one that is not here sees none';
