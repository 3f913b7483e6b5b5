-- The reading functions on 4 million released cells: test/pgtap/board_plan.sql at twelve times its scale.
\set scale 12
\ir ../pgtap/board_plan.sql
