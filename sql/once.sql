-- Apply the schema file :file (room/name) unless this database has it or its room is left out.
SELECT NOT EXISTS (SELECT FROM centre.migration WHERE name = :'file')
       AND split_part(:'file', '/', 1) NOT IN (SELECT room FROM centre.left_out) AS due,
       replace(:'file', '/', '/schema/') || '.sql' AS path \gset
\if :due
\ir :path
INSERT INTO centre.migration (name) VALUES (:'file');
\endif
