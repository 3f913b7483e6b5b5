-- Which rooms this database does without: what install.sql is told by -v without='...'. A room that is there stays.
\if :{?without}
\else
\set without ''
\endif
DELETE FROM centre.left_out;
INSERT INTO centre.left_out SELECT DISTINCT room FROM regexp_split_to_table(btrim(:'without'), '\s+') AS room WHERE room <> '';
DO $$
DECLARE
  fault text;
BEGIN
  SELECT string_agg(l.room, ', ' ORDER BY l.room) INTO fault FROM centre.left_out l
    WHERE l.room <> ALL ('{comparison,baseline,nowcast,wash,workforce,access,competency,learning}');
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'no room that can be left out: %', fault USING ERRCODE = 'invalid_parameter_value',
      HINT = 'These can: comparison, baseline, nowcast, wash, workforce, access, competency, learning.';
  END IF;
  SELECT string_agg(format('%s needs %s', n.room, n.needed), ', ' ORDER BY n.room) INTO fault
    FROM (VALUES ('nowcast', 'baseline'), ('wash', 'comparison'), ('access', 'workforce'), ('learning', 'competency')) AS n (room, needed)
    WHERE n.needed IN (SELECT room FROM centre.left_out) AND n.room NOT IN (SELECT room FROM centre.left_out);
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'a room is left out that another needs' USING ERRCODE = 'invalid_parameter_value', DETAIL = fault,
      HINT = 'Leave out both, or none.';
  END IF;
  SELECT string_agg(DISTINCT l.room, ', ') INTO fault FROM centre.left_out l JOIN centre.migration m ON split_part(m.name, '/', 1) = l.room;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'a room that this database has cannot be left out: %', fault USING ERRCODE = 'object_in_use',
      HINT = 'Run install.sql without naming it.';
  END IF;
END
$$;
