-- What the demo prints: how the batches went, what was refused, and the provinces compared.
\set QUIET on
\pset footer off
\pset null ''
\echo
\echo 'Batches'
-- numbered here: whether an empty round took a number depends on how long the others lasted
SELECT row_number() OVER (ORDER BY batch_id) AS batch, source, report ->> 'received' AS received, report ->> 'inserted' AS inserted, report ->> 'updated' AS updated,
       report ->> 'unchanged' AS unchanged, report ->> 'stale' AS stale, report ->> 'rejected' AS rejected
FROM centre.batch ORDER BY batch_id;
\echo 'Dead letters'
SELECT d.source, d.code, dash.label_of('intake_code', d.code, 'en') AS reason, count(*) AS documents, min(d.field || coalesce(' = ' || left(d.value, 30), '')) AS for_example
FROM centre.dead_letter d WHERE d.resolved_at IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2;
\echo 'Areas'
SELECT s.level, count(*) AS areas, count(a.geom) AS with_boundary FROM centre.area_standing s JOIN centre.area a USING (area_id)
GROUP BY s.level ORDER BY array_position('{country,province,district,municipality,local_municipality,ward}', s.level);
