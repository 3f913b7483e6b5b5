-- Coded answers like those of malawi.sql where that file is not at hand: table household, 23,112 rows
-- whose answers are as frequent as in the survey, drawn with a fixed seed.
DO 'BEGIN PERFORM setseed(0.2018); END';
CREATE TABLE household AS
SELECT id, 'district ' || id % 12 AS district,
       (ARRAY['borehole', 'unprotected_well', 'surface_water', 'piped', 'unprotected_spring', 'protected_well', 'protected_spring', NULL])
         [width_bucket(a, ARRAY[0, 0.806, 0.896, 0.926, 0.951, 0.973, 0.992, 0.996])] AS source,
       b < 0.065 AS on_premises,
       CASE WHEN c > 0.098 THEN (5 * round(24 * d * d))::int END AS round_trip_minutes,
       CASE WHEN b > 0.005 THEN c < 0.793 END AS available_when_needed,
       (ARRAY['pit_no_slab', 'none', 'pit_slab', 'vip', 'hanging', NULL, 'flush_unknown', 'bucket'])
         [width_bucket(e, ARRAY[0, 0.919, 0.960, 0.993, 0.9956, 0.9974, 0.9986, 0.9992])] AS toilet,
       CASE WHEN d < 0.977 THEN d < 0.261 END AS shared,
       CASE WHEN f < 0.996 THEN f < 0.271 END AS facility,
       CASE WHEN f < 0.271 THEN c < 0.624 END AS water,
       CASE WHEN f < 0.271 THEN c < 0.182 OR d < 0.05 END AS soap
FROM (SELECT id, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f
      FROM generate_series(1, 23112) id OFFSET 0) x;
ANALYZE household;
