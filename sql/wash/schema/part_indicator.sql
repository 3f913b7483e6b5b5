-- JMP's part indicators.

CREATE TABLE centre.part_indicator (
  ruleset_code text NOT NULL,
  code         text NOT NULL,
  rules        text[] NOT NULL,
  PRIMARY KEY (ruleset_code, code)
);
COMMENT ON TABLE centre.part_indicator IS 'JMP''s part indicators: met where none of the rules failed, not known where one of them could not be decided and none failed';
INSERT INTO centre.part_indicator VALUES
  ('jmp2018_hcf_water', 'imp', '{improved_source}'), ('jmp2018_hcf_water', 'imop', '{improved_source,on_premises}'),
  ('jmp2018_hcf_sanitation', 'imp', '{improved_toilet}'), ('jmp2018_hcf_sanitation', 'ius', '{improved_toilet,usable}'),
  ('jmp2018_hcf_hygiene', 'poc', '{points_of_care}'), ('jmp2018_hcf_hygiene', 'toi', '{toilets_within_5m}'),
  ('jmp2018_hcf_waste', 'seg', '{segregated}'), ('jmp2018_hcf_waste', 'trd', '{infectious_safe,sharps_safe}'),
  ('jmp2018_hcf_cleaning', 'pro', '{protocols}'), ('jmp2018_hcf_cleaning', 'trn', '{all_trained}'),
  ('jmp2018_school_water', 'imp', '{improved_source}'), ('jmp2018_school_sanitation', 'imp', '{improved_toilet}'),
  -- the parts of safely managed, each of all households: JMP takes the smallest of them
  ('jmp2017_household_water', 'imp', '{improved_source}'), ('jmp2017_household_water', 'pre', '{improved_source,on_premises}'),
  ('jmp2017_household_water', 'ava', '{improved_source,available_when_needed}'), ('jmp2017_household_water', 'qua', '{improved_source,free_of_e_coli,free_of_chemicals}'),
  ('jmp2017_household_water_basic', 'imp', '{improved_source}'),
  ('jmp2017_household_sanitation', 'imp', '{improved_toilet}'), ('jmp2017_household_sanitation', 'nsh', '{improved_toilet,not_shared}'),
  ('jmp2017_household_sanitation', 'saf', '{improved_toilet,excreta_safe}'), ('jmp2017_household_sanitation_basic', 'imp', '{improved_toilet}');
