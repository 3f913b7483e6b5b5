-- Competency dictionary, levels, names, the closure of links, and needs of positions.
SET search_path = tap, public, pg_catalog, civic;
SELECT plan(29);
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'Framework', 'test'), ('g', 'Another', 'test');
INSERT INTO centre.level_scale VALUES ('f', 0, 'Not needed'), ('f', 1, 'Awareness'), ('f', 2, 'Working'), ('f', 3, 'Expert'), ('g', 1, '0.5'), ('g', 2, '1');
INSERT INTO centre.level_alias VALUES ('f', 'l2', 2);
SELECT results_eq($$SELECT w, centre.level_of('f', w)::int FROM unnest(ARRAY['working', ' EXPERT ', 'L2', 'Not needed', 'NOT IN USE', '', '2', NULL]) w$$,
  $$VALUES ('working', 2), (' EXPERT ', 3), ('L2', 2), ('Not needed', 0), ('NOT IN USE', NULL), ('', NULL), ('2', NULL), (NULL, NULL)$$, 'words become levels, and what is no level is null');
SELECT is_empty($$SELECT * FROM centre.level_scale s WHERE centre.level_of(s.framework, centre.level_code(s.framework, s.level)) IS DISTINCT FROM s.level$$, 'and go back');
INSERT INTO centre.label VALUES ('level:f', '2', 'af', 'Werkend');
SELECT results_eq($$SELECT centre.level_label('f', 2, 'af'), centre.level_label('f', 3, 'af'), centre.level_label('g', 7)$$, $$VALUES ('Werkend', 'Expert', '7')$$, 'levels are called by language');

INSERT INTO centre.competency (competency_id, framework, code, kind) SELECT i, 'f', 'C' || i, CASE WHEN i > 8 THEN 'area' ELSE 'competency' END FROM generate_series(1, 10) i;
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, 'g', 'G' || i FROM generate_series(11, 14) i;
INSERT INTO centre.competency_label VALUES (1, 'en', 'Data'), (1, 'af', 'Data (af)'), (2, 'en', 'Privacy');
SELECT results_eq($$SELECT centre.competency_name(1, 'af-ZA'), centre.competency_name(1), centre.competency_name(2, 'zu'), centre.competency_name(3, 'en'), centre.competency_name(99)$$,
  $$VALUES ('Data (af)', 'Data', 'Privacy', 'C3', NULL)$$, 'names by language fall back');
SELECT results_eq($$SELECT name, level_name FROM centre.named_set('1:2,3:1,99:4')$$, $$VALUES ('Data', 'Working'), ('C3', 'Awareness'), ('99', '4')$$, 'a set in words');

-- closure: 1 -> 9 -> 10 and 1 -> 10 (two parents), 2 -> 9; 1 = 11, 11 ~ 12 ~ 13; 3 replaced by 4, 4 -> 9
INSERT INTO centre.competency_link (competency_id, target_id, kind, level_loss) VALUES (1, 9, 'broader', 1), (9, 10, 'broader', 1), (1, 10, 'broader', 3), (2, 9, 'broader', 0),
  (1, 11, 'exact', 0), (11, 12, 'close', 1), (12, 13, 'close', 1), (4, 9, 'broader', 2), (5, 6, 'requires', 0);
UPDATE centre.competency SET replaced_by = 4 WHERE competency_id = 3;
SELECT results_eq($$SELECT competency_id, implied_id, level_loss::int FROM centre.competency_closure ORDER BY 1, 2$$,
  $$VALUES (1, 9, 1), (1, 10, 2), (1, 11, 0), (1, 12, 1), (2, 9, 0), (2, 10, 1), (3, 4, 0), (3, 9, 2), (3, 10, 3), (4, 9, 2), (4, 10, 3), (9, 10, 1),
    (11, 1, 0), (11, 9, 1), (11, 10, 2), (11, 12, 1), (12, 1, 1), (12, 9, 2), (12, 10, 3), (12, 11, 1), (12, 13, 1), (13, 12, 1)$$,
  'the closure takes the way that loses least, equivalence both ways, closeness once, replacement one way, prerequisites never');
SELECT throws_ok($$INSERT INTO centre.competency_link VALUES (10, 1, 'broader', 1)$$, '23514', 'competencies contain each other in a circle', 'a circle is refused');
SELECT throws_ok($$INSERT INTO centre.competency_link VALUES (9, 11, 'broader', 1)$$, '23514', NULL, 'also through an equivalent');
SELECT throws_ok($$UPDATE centre.competency SET replaced_by = 3 WHERE competency_id = 4$$, '23514', NULL, 'and one of replacements');
SELECT throws_ok($$INSERT INTO centre.competency_link VALUES (1, 1, 'exact', 0)$$, '23514', NULL, 'and to itself');
SELECT is(centre.expand('1:3,2:1*4'), '1:3,2:1*4,9:2*4,10:1*4,11:3,12:2', 'held is widened, never below 1');
SELECT is(centre.expand(''), '', 'nothing is widened to nothing');

-- property: the closure of random links is what walking every way by hand gives
CREATE TEMP TABLE walk (a int, b int, loss int);
DO $$
DECLARE round int;
BEGIN
  PERFORM setseed(0.3);
  FOR round IN 1..6 LOOP
    TRUNCATE centre.competency_link;
    UPDATE centre.competency SET replaced_by = NULL;
    INSERT INTO centre.competency_link SELECT a, b, 'broader', (random() * 4)::int FROM generate_series(1, 14) a, generate_series(a + 1, 14) b WHERE random() < 0.15;
    TRUNCATE walk;
    -- Floyd and Warshall
    INSERT INTO walk SELECT competency_id, target_id, level_loss FROM centre.competency_link;
    FOR k IN 1..14 LOOP
      INSERT INTO walk SELECT x.a, y.b, least(14, min(x.loss + y.loss)) FROM walk x JOIN walk y ON x.b = k AND y.a = k GROUP BY 1, 2;
    END LOOP;
    IF EXISTS ((SELECT a, b, min(loss)::int FROM walk GROUP BY 1, 2 EXCEPT SELECT competency_id, implied_id, level_loss::int FROM centre.competency_closure)
               UNION ALL (SELECT competency_id, implied_id, level_loss::int FROM centre.competency_closure EXCEPT SELECT a, b, min(loss)::int FROM walk GROUP BY 1, 2)) THEN
      RAISE EXCEPTION 'round %', round;
    END IF;
  END LOOP;
END
$$;
SELECT pass('the closure of random links is that of Floyd and Warshall');
-- property: after random single changes of links of every kind the closure is what it would be made anew
DO $$
DECLARE round int; refused int := 0;
BEGIN
  TRUNCATE centre.competency_link;
  FOR round IN 1..150 LOOP
    BEGIN
      CASE (random() * 4)::int
        WHEN 0 THEN DELETE FROM centre.competency_link WHERE random() < 0.1;
        WHEN 1 THEN UPDATE centre.competency_link SET level_loss = (random() * 4)::int, kind = (ARRAY['broader', 'exact', 'close'])[1 + (random() * 2)::int] WHERE random() < 0.05;
        WHEN 2 THEN UPDATE centre.competency SET replaced_by = CASE WHEN random() < 0.5 THEN 1 + (competency_id + round) % 14 END WHERE competency_id = 1 + (random() * 13)::int AND 1 + (competency_id + round) % 14 <> competency_id;
        ELSE INSERT INTO centre.competency_link SELECT a, b, (ARRAY['broader', 'broader', 'exact', 'close', 'requires'])[1 + (random() * 4)::int], (random() * 3)::int
          FROM (SELECT 1 + (random() * 13)::int AS a, 1 + (random() * 13)::int AS b) x WHERE a <> b ON CONFLICT DO NOTHING;
      END CASE;
    EXCEPTION WHEN check_violation OR unique_violation THEN refused := refused + 1;
    END;
    IF EXISTS (SELECT FROM (SELECT competency_id, implied_id, level_loss FROM centre.competency_ways() WHERE competency_id <> implied_id) w
               FULL JOIN centre.competency_closure c USING (competency_id, implied_id) WHERE w.level_loss IS DISTINCT FROM c.level_loss) THEN
      RAISE EXCEPTION 'round %', round;
    END IF;
  END LOOP;
  IF refused NOT BETWEEN 5 AND 120 THEN RAISE EXCEPTION 'refused %', refused; END IF;
END
$$;
SELECT pass('kept by steps, the closure is what it would be made anew');

-- needs
INSERT INTO centre.frac_node (node_id, kind, source, code, title) VALUES (1, 'position', 's', 'P', 'Head'), (2, 'role', 's', 'R', 'Records'), (3, 'activity', 's', 'A', 'Files'), (4, 'position', 's', 'Q', 'Clerk');
INSERT INTO centre.frac_link VALUES (1, 2), (2, 3), (4, 3);
INSERT INTO centre.requirement (node_id, competency_id, level, weight) VALUES (1, 1, 2, 1), (2, 1, 3, 1), (2, 2, 1, 5), (3, 3, 2, 1);
SELECT results_eq($$SELECT code, need FROM centre.frac_node ORDER BY node_id$$, $$VALUES ('P', '1:3,2:1*5,3:2'::civic.competency_set), ('R', '1:3,2:1*5,3:2'), ('A', '3:2'), ('Q', '3:2')$$, 'a need is all that stands under it');
UPDATE centre.requirement SET status = 'proposed' WHERE node_id = 3;
SELECT results_eq($$SELECT code, need FROM centre.position ORDER BY code$$, $$VALUES ('P', '1:3,2:1*5'::civic.competency_set), ('Q', '')$$, 'what is only proposed is not needed');
UPDATE centre.requirement SET status = 'verified', level = 4 WHERE node_id = 3;
UPDATE centre.frac_link SET status = 'rejected' WHERE child_id = 2;
SELECT results_eq($$SELECT code, need FROM centre.position ORDER BY code$$, $$VALUES ('P', '1:2'::civic.competency_set), ('Q', '3:4')$$, 'nor what stands under a link that was rejected');
UPDATE centre.frac_link SET status = 'verified';
DELETE FROM centre.requirement WHERE node_id = 2;
SELECT results_eq($$SELECT code, need FROM centre.frac_node ORDER BY node_id$$, $$VALUES ('P', '1:2,3:4'::civic.competency_set), ('R', '3:4'), ('A', '3:4'), ('Q', '3:4')$$, 'what is deleted goes from all above');
DELETE FROM centre.frac_link WHERE parent_id = 4;
SELECT is((SELECT need FROM centre.position WHERE code = 'Q'), '', 'and a deleted link too');
SELECT throws_ok($$INSERT INTO centre.frac_link VALUES (3, 2)$$, '23514', 'links that FRAC does not have', 'activities have no roles');
SELECT throws_ok($$INSERT INTO centre.frac_link VALUES (1, 4)$$, '23514', NULL, 'positions no positions');

-- officials in time
INSERT INTO centre.subject (subject_id) SELECT generate_series(1, 6);
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, manager_id, valid) VALUES
  (1, 'M', 'D', 'Head', 1, NULL, '[2020-01-01,)'), (2, 'M', 'D', 'Clerk', 4, 1, '[2020-01-01,2024-01-01)'), (2, 'M', 'E', 'Clerk', 4, 5, '[2024-01-01,)'),
  (3, 'M', 'D', 'Clerk', 4, 2, '[2020-01-01,)'), (4, 'M', 'D', 'Clerk', 4, 3, '[2021-01-01,2022-01-01)'), (5, 'M', 'E', 'Head', 1, NULL, '[2020-01-01,)');
SELECT throws_ok($$INSERT INTO centre.official (subject_id, ministry, department, designation, valid) VALUES (2, 'M', 'D', 'X', '[2023-12-31,2024-02-01)')$$, '23P01', NULL, 'nobody holds two offices on a day');
SELECT set_eq($$SELECT centre.reporting_line(1, '2021-06-01')$$, ARRAY[2, 3, 4]::bigint[], 'a line is that of the day');
SELECT set_eq($$SELECT centre.reporting_line(1, '2023-12-31')$$, ARRAY[2, 3]::bigint[], 'who left is not in it');
SELECT is_empty($$SELECT centre.reporting_line(1, '2024-01-01')$$, 'and who moved took his own line along');
SELECT set_eq($$SELECT centre.reporting_line(5, '2024-01-01')$$, ARRAY[2, 3]::bigint[], 'to the new manager');
SELECT throws_ok($$UPDATE centre.official SET manager_id = 3 WHERE subject_id = 5$$, '23514', NULL, 'managers in a circle are refused');
ALTER TABLE centre.official DISABLE TRIGGER civic_check_update;
UPDATE centre.official SET manager_id = 3 WHERE subject_id = 5;
ALTER TABLE centre.official ENABLE TRIGGER civic_check_update;
SELECT set_eq($$SELECT centre.reporting_line(5, '2025-01-01')$$, ARRAY[2, 3]::bigint[], 'and would end, had one come in before');
SELECT is((SELECT count(*) FROM centre.officials_on('2021-06-01')), 5::bigint, 'one row for each in office');
SELECT * FROM finish();
