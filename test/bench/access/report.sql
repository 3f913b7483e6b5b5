CREATE TEMP TABLE best AS SELECT what, min(cpu) AS cpu FROM run GROUP BY what;
SELECT format('cpu %s %s s', what, round(cpu::numeric, 3)) FROM best ORDER BY what;
SELECT format('rows: %s workers, %s decided at first, %s after 5 %% changed, %s in an hour, %s at midnight, %s in a day; the other version turns %s green ones red', :workers, :full_written, :changed_written, :hour_written, :midnight_written, :day_written, :turned);
SELECT format('ratio %s %s', r.name, round((a.cpu / b.cpu)::numeric, 4))
FROM (VALUES ('access_full_insert_to_precomputed', 'insert_evaluated', 'insert_precomputed'), ('access_reevaluate_full_to_precomputed', 'reevaluate_full', 'insert_precomputed'),
  ('access_five_percent_to_full', 'reevaluate_changed', 'reevaluate_full'), ('access_five_percent_to_insert', 'reevaluate_changed', 'insert_evaluated'), ('access_hour_to_full', 'reevaluate_hour', 'reevaluate_full'),
  ('access_midnight_to_full', 'reevaluate_midnight', 'reevaluate_full'), ('access_hour_to_insert', 'reevaluate_hour', 'insert_evaluated'), ('access_policy_diff_to_hand_written', 'policy_diff', 'hand_written_twice')) AS r (name, a, b)
JOIN best a ON a.what = r.a JOIN best b ON b.what = r.b ORDER BY r.name;
SELECT format('ratio access_average_hour_of_a_day_to_full %s', round((sum(cpu) FILTER (WHERE what IN ('reevaluate_hour', 'reevaluate_2_to_15', 'reevaluate_midnight', 'reevaluate_17_to_24')) / 24 / min(cpu) FILTER (WHERE what = 'reevaluate_full'))::numeric, 4)) FROM best;
