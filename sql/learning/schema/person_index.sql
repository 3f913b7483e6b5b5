-- Indexes by person, for erasing.

CREATE INDEX capacity_fact_subject_idx ON centre.capacity_fact (subject_id);
CREATE INDEX department_plan_seat_subject_idx ON centre.department_plan_seat (subject_id);
