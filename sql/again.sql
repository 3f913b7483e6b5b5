-- Run the api file :file (room/name), which may run at any time, unless its room is left out.
SELECT split_part(:'file', '/', 1) NOT IN (SELECT room FROM centre.left_out) AS due, replace(:'file', '/', '/api/') || '.sql' AS path \gset
\if :due
\ir :path
\endif
