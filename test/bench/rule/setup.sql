-- Synthetic workers: 16 facts whose shares follow what is published about the
-- AccessCode population, the same at every run.
CREATE EXTENSION pgcivic;
SELECT setseed(0.42) \g /dev/null
CREATE TABLE worker AS
SELECT CASE WHEN random() < 0.976 THEN clock - random() * 20 * interval '1 day' END AS last_swab,
       CASE WHEN random() < 0.8 THEN clock - random() * 9 * interval '1 day' END AS last_art,
       CASE WHEN random() < 0.25 THEN clock - random() * 400 * interval '1 day' END AS positive_on,
       CASE WHEN random() < 0.02 THEN clock + (random() * 20 - 10) * interval '1 day' END AS quarantine_until,
       CASE WHEN random() < 0.02 THEN clock + (random() * 10 - 6) * interval '1 day' END AS mc_until,
       CASE WHEN random() < 0.85 THEN clock - random() * 300 * interval '1 day' END AS second_dose,
       random() < 0.03 AS under_treatment,
       CASE WHEN random() < 0.99 THEN random() < 0.02 END AS pending_result,
       CASE WHEN random() < 0.97 THEN random() < 0.98 END AS address_match,
       random() < 0.98 AS dorm_cleared,
       random() < 0.95 AS approved,
       random() < 0.96 AS tracing,
       clock + (random() * 700 - 20) * interval '1 day' AS pass_expiry,
       (ARRAY['construction', 'marine', 'process', 'services', 'other'])[1 + floor(random() * 5)::int] AS sector,
       (ARRAY['dorm', 'factory', 'site', 'home'])[1 + floor(random() * 4)::int] AS lodging,
       floor(random() * 4)::smallint AS risk
FROM generate_series(1, 1400000), (SELECT timestamptz '2021-04-01 08:00+08') AS c (clock);
CREATE TABLE worker_json AS SELECT to_jsonb(w) AS facts FROM worker w LIMIT 100000;
CREATE TABLE worker_one AS SELECT row_number() OVER () AS id, w.* FROM worker w LIMIT 100000;
ALTER TABLE worker_one ADD PRIMARY KEY (id);
VACUUM ANALYZE worker, worker_json, worker_one;
