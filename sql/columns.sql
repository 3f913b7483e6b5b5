-- What the columns of dash's views are: once for all views that have a column of that name, or for one view (its words win).
-- A view of a room that is left out has no columns to describe; a column without words is found by a test.
DO $$
DECLARE
  item record;
BEGIN
  FOR item IN
    WITH word (of_view, of_column, what) AS (VALUES
      ('*', 'area_id', 'number of the area, for joining views; a code may have stood for several areas over the years'),
      ('*', 'area', 'code of the area'), ('*', 'area_name', 'name of the area'), ('*', 'level', 'level of area, as in dash.area_level'),
      ('*', 'indicator', 'code of the indicator, as in dash.indicator'), ('*', 'cube', 'code of the cube: what is published together for an audience'),
      ('*', 'audience', 'whom the cube is made for'), ('*', 'period_unit', 'day, week, month, quarter or year'),
      ('*', 'period_start', 'first local day of the period'), ('*', 'period_end', 'local day after the last of the period'),
      ('*', 'published_at', 'when it was published'), ('*', 'release_id', 'number of the release, for joining views'),
      ('*', 'breakdown', 'what the value is broken down by: all, sex, age_band, disability, youth or migrant'),
      ('*', 'member', 'which member of the breakdown; *total* for the whole'),
      ('*', 'value', 'the published value; null where reason says why'), ('*', 'denominator', 'people (of a rate) or the published whole (of a proportion); null where there is none'),
      ('*', 'reason', 'code of the reason why there is no value; names by dash.label_of(''reason'', code, lang)'),
      ('*', 'possible_from', 'least that the value may stand for where it is rounded; null where it is exact or withheld'), ('*', 'possible_to', 'most that it may stand for; null where it is exact or withheld'),
      ('released', 'denominator_from', 'least that the whole of a share may be where it is rounded; null where exact'), ('released', 'denominator_to', 'most that it may be'),
      ('released', 'status', 'exact, held (of an earlier release), rounded or withheld'), ('released_row', 'status', 'exact, held (of an earlier release), rounded or withheld'),
      ('revision', 'status', 'exact, held (of an earlier release), rounded or withheld'),
      ('*', 'measure', 'what was counted or summed'), ('*', 'dataset', 'the facts that the cube is made of'),
      ('*', 'code', 'code'), ('*', 'topic', 'topic of the indicator; names under domain topic'), ('*', 'composite', 'code of the composite index'),
      ('*', 'lang', 'language (BCP 47)'), ('*', 'citation', 'document and place in it that says so'), ('*', 'time', 'when'), ('*', 'source', 'code of the source'),
      ('*', 'ministry', 'name of the ministry'), ('*', 'competency', 'number of the competency, as in dash.competency'), ('*', 'training', 'number of the training, as in dash.training'),
      ('*', 'policy', 'code of the policy'), ('*', 'version', 'its version'), ('*', 'status', 'its state'), ('*', 'unit', 'unit of the value'),
      ('action', 'code', 'code of the action'), ('action', 'starts', 'first day on which the action could have an effect'), ('action', 'what', 'what was done'),
      ('annual_plan', 'year_start', 'first day of the plan''s year'), ('annual_plan', 'year_end', 'day after its last'), ('annual_plan', 'budget', 'money there is, in the site''s currency; null where no limit was set'),
      ('annual_plan', 'seats', 'seats planned'), ('annual_plan', 'cost', 'what they cost, in the site''s currency'), ('annual_plan', 'approved_at', 'when the plan was approved'),
      ('annual_plan', 'coverage_before', 'share of needed competencies held when the plan was made; null for fewer officials than the site''s highest threshold'),
      ('annual_plan', 'coverage_expected', 'the share once the plan is carried out; null for fewer officials than the site''s highest threshold'),
      ('area', 'code', 'code of the area; it may have stood for another area in another demarcation'), ('area', 'demarcation', 'the demarcation it belongs to'), ('area', 'name', 'name of the area'),
      ('area', 'parent_code', 'code of the area directly around it'), ('area', 'latitude', 'of a point inside it, degrees (WGS 84)'), ('area', 'longitude', 'of a point inside it, degrees (WGS 84)'),
      ('area_group', 'code', 'code of the group; names under domain area_group'), ('area_level', 'code', 'code of the level; names under domain area_level'), ('area_level', 'depth', '0 for the country, more further down'),
      ('area_path', 'ancestor_id', 'number of an area'), ('area_path', 'descendant_id', 'number of an area inside it, itself among them'), ('area_path', 'distance', 'how many steps down; 0 for itself'),
      ('area_shape', 'geom', 'its boundary (WGS 84); null where none is known'), ('audience', 'code', 'code of the audience'),
      ('competency', 'framework', 'the framework it comes from'), ('competency', 'code', 'its code there'), ('competency_label', 'label', 'what it is called'),
      ('composite_weight', 'weight', 'weight as a share of all weights'), ('composite_weight', 'worst', 'goalpost that scores 0'), ('composite_weight', 'best', 'goalpost that scores 100'),
      ('composite_weight', 'vary', 'share by which each weight is varied'),
      ('cube_age', 'age_band', 'code of the age band'), ('cube_age', 'from_age', 'first age in whole years'), ('cube_age', 'to_age', 'last age in whole years'),
      ('cube_request', 'request', 'number of the request'), ('cube_request', 'time', 'when it was asked'), ('cube_request', 'dims', 'dimensions asked for'), ('cube_request', 'measures', 'measures asked for'),
      ('cube_request', 'levels', 'levels of area asked for'), ('cube_request', 'from_day', 'first day asked for'), ('cube_request', 'until_day', 'day after the last'), ('cube_request', 'state', 'waiting, granted or refused'), ('cube_request', 'cube', 'the cube that answers it; null before'),
      ('cube_request', 'reason', 'why it was refused'),
      ('dead_letter', 'code', 'code of what is wrong; names under domain intake_code'), ('dead_letter', 'field', 'the field that it concerns'), ('dead_letter', 'letters', 'how many documents are open'),
      ('dead_letter', 'oldest', 'when the oldest was refused'), ('dead_letter', 'newest', 'when the newest was refused'), ('dead_letter', 'last_day', 'how many were refused in the last 24 hours'), ('dead_letter', 'daily_before', 'how many a day in the seven days before'),
      ('dimension', 'name', 'name of the dimension'), ('dimension', 'kind', 'area, age or column'), ('dimension', 'nested', 'made of several columns, each within the one before'),
      ('feed', 'agency', 'code of the agency'), ('feed', 'agency_name', 'its name'), ('feed', 'kind', 'what it sends'), ('feed', 'required', 'a policy asks for it'), ('feed', 'heard_at', 'when it was last heard'),
      ('feed', 'issued_at', 'when it says its data were issued'), ('feed', 'age', 'how old that is, in seconds'), ('feed', 'refused', 'rows refused'),
      ('health_figure', 'code', 'which figure; names under domain health'), ('health_figure', 'value', 'the figure'), ('health_figure', 'time', 'when what it speaks of began or last happened'),
      ('health_figure', 'warn', 'from this value on it needs attention; null for none'), ('health_figure', 'critical', 'from this value on it is urgent; null for none'),
      ('indicator', 'code', 'code of the indicator; names under domain indicator'), ('indicator', 'kind', 'count, rate (of a population), proportion or level'), ('indicator', 'flow', 'event: counted per period; stock: a state as of a day'),
      ('indicator', 'unit', 'unit of the indicator in words'), ('indicator', 'per', 'a rate is stated per this many people'), ('indicator', 'direction', 'lower_is_better, higher_is_better or neutral'), ('indicator', 'base_year', 'the year that changes are held against'),
      ('indicator', 'persons_of', 'the indicator whose reports these are the persons of, each once a period; null: it counts reports'), ('indicator', 'possible', 'the indicator that counts the numerator if every missing answer were the best'), ('indicator', 'whole', 'the indicator that counts all there are, of which the denominator was looked at: limits are those of a finite population'),
      ('indicator_cube', 'levels', 'levels of area it has there'), ('indicator_cube', 'breakdowns', 'breakdowns it has there'),
      ('intake_batch', 'time', 'when the batch was applied'), ('intake_batch', 'received', 'documents received'), ('intake_batch', 'rejected', 'documents refused'), ('intake_batch', 'seconds', 'how long it took, in seconds'),
      ('intake_source', 'waiting', 'payloads that wait'), ('intake_source', 'waiting_since', 'since when the oldest waits'), ('intake_source', 'last_applied', 'when the last batch was applied'), ('intake_source', 'documents', 'documents received in all'),
      ('intake_source', 'refused', 'documents refused in all'), ('intake_source', 'dead_letters', 'documents that are open'),
      ('label', 'domain', 'kind of code: indicator, sex, reason, ...'), ('label', 'label', 'what the code is called'), ('language', 'code', 'the language (BCP 47)'), ('language', 'fallback', 'where a missing label is looked up'), ('language', 'name', 'its own name'),
      ('partition', 'partition', 'name of the month''s table'), ('partition', 'rows', 'rows, as last estimated'), ('partition', 'bytes', 'its size with indexes, in bytes'),
      ('policy_effect', 'time', 'when the preview was made'), ('policy_effect', 'old_colour', 'colour before'), ('policy_effect', 'new_colour', 'colour after'), ('policy_effect', 'workers', 'how many workers change so; null with a reason where withheld'), ('policy_effect', 'share_lost', 'share of the green ones who lose it'),
      ('policy_state', 'time', 'since when it is in force'),
      ('published', 'first_day', 'first day published'), ('published', 'last_day', 'last day published'), ('published', 'published_at', 'when it was last published'),
      ('release', 'first_day', 'first day of the period that there are data for'), ('release', 'last_day', 'last day of the period that there are data for'), ('release', 'complete', 'these are all of the period'),
      ('release_history', 'current', 'it is the one that is read; false: a later release has taken its place'),
      ('released_baseline', 'expected', 'expected count'), ('released_baseline', 'lower_bound', 'below it a count is unusually low'), ('released_baseline', 'upper_bound', 'above it a count is an alarm'),
      ('released_baseline', 'score', 'how far above what is expected, in parts of the way to the bound: above 1 is an alarm'), ('released_baseline', 'p_value', 'probability of so high a count by chance'), ('released_baseline', 'alarm', 'it is an alarm; null: no verdict'),
      ('released_baseline', 'reason', 'code of the reason why there is no verdict'), ('released_baseline', 'method', 'the detector that judged'), ('released_baseline', 'state', 'of an alarm: open, acknowledged or closed'),
      ('released_estimate', 'known_on', 'evening by the end of which this was published'), ('released_estimate', 'reported', 'the published value'), ('released_estimate', 'estimate', 'median of what the value will become'),
      ('released_estimate', 'lower_limit', 'it will lie from here to upper_limit, with a probability of 95 %'), ('released_estimate', 'upper_limit', 'to here'), ('released_estimate', 'expected_share', 'share of the reports usually published by then'),
      ('released_estimate', 'reason', 'code of the reason why there is no estimate'),
      ('released_row', 'dims', 'dimensions of the cube'), ('released_row', 'members', 'members in the order of dims; *total* for all'),
      ('reporting', 'due', 'reports expected'), ('reporting', 'received', 'reports that came'),
      ('ruleset', 'code', 'code of the ruleset'), ('ruleset', 'source', 'where it comes from'), ('ruleset', 'valid_from', 'first day it is in force'), ('ruleset', 'valid_until', 'day after the last; null: open'), ('ruleset', 'sha256', 'digest of its text'), ('ruleset', 'in_force', 'it is in force today'),
      ('score_weight', 'from_day', 'first day they count'), ('score_weight', 'to_day', 'day after the last; null: open'), ('score_weight', 'engagement', 'weight of being active, in per cent'), ('score_weight', 'learning', 'weight of completed trainings, in per cent'), ('score_weight', 'assessment', 'weight of competencies proved by assessment, in per cent'),
      ('capacity_target', 'from_day', 'first day it holds'), ('capacity_target', 'to_day', 'day after the last; null: open'), ('capacity_target', 'coverage', 'coverage to reach, 0 to 1'),
      ('site', 'country_code', 'the country (ISO 3166)'), ('site', 'reporting_zone', 'time zone in which days begin and end'), ('site', 'default_language', 'language of labels that others lack'),
      ('standard', 'code', 'code of the standard'), ('standard', 'owner', 'who set it'), ('standard', 'demand', 'at_least or at_most'), ('standard', 'value', 'a share from 0 to 1; a rate per indicator.per and, of events, per year'), ('standard', 'valid_from', 'first day it is in force; null: always was'),
      ('standard', 'valid_until', 'day after the last; null: open'), ('standard', 'remedy', 'what its owner advises where it is missed'), ('standard', 'least', 'of fewer facilities or people there is no verdict'),
      ('tick_step', 'step', 'the step'), ('tick_step', 'time', 'when it began'), ('tick_step', 'seconds', 'how long it took'), ('tick_step', 'handled', 'how much it handled'), ('tick_step', 'error', 'SQLSTATE where it failed and was undone'), ('tick_step', 'item', 'what it was about; null: all'),
      ('training', 'training', 'number of the training'), ('training', 'provider', 'who offers it'), ('training', 'code', 'its code there'), ('training', 'title', 'its title'), ('training', 'mode', 'how it is given'), ('training', 'hours', 'how many hours it takes'), ('training', 'price', 'price of a seat'),
      ('training', 'from_day', 'first day on offer'), ('training', 'to_day', 'day after the last; null: open'), ('training', 'price_quartile', '1 for the cheapest quarter of all by hour, 4 for the dearest'),
      ('training_session', 'session', 'number of the session'), ('training_session', 'starts', 'first day'), ('training_session', 'ends', 'last day'), ('training_session', 'place', 'where'), ('training_session', 'seats', 'seats offered'), ('training_teaches', 'level', 'level it teaches, 1 to 15'),
      ('wash_measure', 'domain', 'the service that is reported'), ('wash_measure', 'unit', 'facility or household'), ('wash_measure', 'ladder', 'its ladder of levels'), ('wash_measure', 'measure', 'what the indicator counts: registered, assessed, level, insufficient, at_least_basic, may_be_basic, part, part_known or lift'),
      ('wash_measure', 'code', 'the level, the part indicator or the criterion'), ('wash_measure', 'rank', 'place of the level on its ladder, from 1'))
    SELECT DISTINCT ON (c.relname, a.attname) c.relname, a.attname, w.what
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN word w ON w.of_column = a.attname AND w.of_view IN ('*', c.relname)
    WHERE c.relnamespace = 'dash'::regnamespace AND c.relkind = 'v' AND col_description(c.oid, a.attnum) IS NULL
      -- what the site made there is its own to describe
      AND NOT EXISTS (SELECT FROM pg_temp.site_object s WHERE s.kind = 'VIEW' AND s.identity = format('dash.%I', c.relname))
    ORDER BY c.relname, a.attname, w.of_view = '*'
  LOOP
    EXECUTE format('COMMENT ON COLUMN dash.%I.%I IS %L', item.relname, item.attname, item.what);
  END LOOP;
END
$$;
