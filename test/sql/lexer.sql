-- The one scanner of text forms: what every type refuses alike, and what it says of it.
SET search_path = civic, public;

CREATE FUNCTION refusal(type text, written text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text;
BEGIN
  EXECUTE format('SELECT %L::civic.%I', written, type);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  RETURN format('%s %s: %s', state, message, detail);
END $$;

-- a number has one form, in decimal digits; left are an empty place or two numbers where a form allows them
CREATE TABLE form (type text, before text, number text, after text);
INSERT INTO form VALUES ('strata', '{1:', '7', '/10*1}'), ('strata', '{', '7', ':1/10*1}'), ('strata', '{1:1/1*1?', '7', '}'),
  ('detector', 'ears_c2(min_sigma=', '7', ')'), ('detector', 'ears_c2(baseline=', '7', ')'), ('series', '{', '7', '=5}'), ('series', '{1=', '7', '}'), ('series', '{1=5/', '7', '}'),
  ('suppression_problem', '1 = ', '7', ' : 1'), ('suppression_problem', '1 = 2 : ', '7', ''), ('competency_set', '', '7', ':1'), ('competency_set', '1:', '7', ''), ('competency_gap', '1:0>', '7', ''),
  ('gap_histogram', '9/', '7', '|1-1:1'), ('gap_histogram', '9/9|1-', '7', ':1'), ('training_catalog', '', '7', '/1/1=1:1'), ('training_catalog', '1/', '7', '/1=1:1'),
  ('ptable', '(', '7', ',3,2)'), ('ptable', '(5,', '7', ',2)'), ('subject_set', '{', '7', '}'), ('subject_sums', '{1:', '7', '}'), ('subject_gate', '', '7', ':reached'),
  ('detection', '(ears_c2,alarm,', '7', ',4,6,1,1,,normal)'), ('detection', '(ears_c2,alarm,9,', '7', ',8,1,1,,normal)'), ('service_distribution', 'hcf{basic=', '7', '}'),
  ('access_code', 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=', '7', ''), ('access_code', 'green work=- health=- residency=- fail={} unknown={} valid_until=@', '7', ' ruleset=1'),
  ('verdict', 'red possible={', '7', '} fail={} unknown={} valid_until=infinity ruleset=9f86d081884c7d65'), ('verdict', 'red possible={0} fail={} unknown={} valid_until=@', '7', ' ruleset=9f86d081884c7d65');
SELECT count(*) AS forms, count(*) FILTER (WHERE refusal(type, before || number || after) <> 'accepted') AS refused FROM form;
SELECT type, before || strange || after AS accepted FROM form, unnest(ARRAY['0x7', '+7', 'inf', 'Infinity', 'nan', '7f', '.7', '7.', '7e', '7e+', '7,', '--7', '- 7', '7 7', '7_0', '', '１']) AS strange
 WHERE refusal(type, before || strange || after) !~ '^22' ORDER BY 1, 2;
-- as are all the blanks but JSON's four
SELECT type, before || number || after AS accepted FROM form, LATERAL unnest(ARRAY[chr(11), chr(12), chr(160)]) AS blank
 WHERE refusal(type, blank || before || number || after) !~ '^22' OR refusal(type, before || number || after || blank) !~ '^22' ORDER BY 1, 2;
SELECT jsonlogic('{"+": [{"var": "n"}]}', jsonb_build_object('n', chr(11) || chr(12) || E' 7\r\n')) AS javascript_has_more;

-- fractions and exponents where an amount may have them, and not where it is a whole number
SELECT '{1:1.50E+2/1e3*1e-2,2:0e0/0*0.000}'::strata, '7/0.50/1E2=1:1'::training_catalog, '(5,3.0e0,2)'::ptable, 'ears_c2(baseline=1.4e1, alpha=1e-3)'::detector;
SELECT type, written, refusal(type, written) FROM (VALUES ('strata', '{1.5:1/1*1}'), ('series', '{1=1.5}'), ('series', '{1=1e3}'), ('suppression_problem', '1 = 1.5 : 1'), ('training_catalog', '1.5/1/1=1:1'), ('ptable', '(5.0,3,2)')) AS v (type, written);

-- the ends of what a number may be, and one beyond
SELECT '{-2147483648:1/1*1,2147483647:1/1*1?2147483647}'::strata, '{-2147483648=-1000000000000000,2147483647=1000000000000000/2147483647}'::series,
       '-9223372036854775808/1/1=1:1;9223372036854775807/1/1=16777215:15*15'::training_catalog, '9223372036854775807/9223372036854775807|16777215-15:9223372036854775807'::gap_histogram,
       '-9223372036854775808 = 0 : -2147483647 2147483647'::suppression_problem;
SELECT type, written, refusal(type, written) FROM (VALUES ('strata', '{-2147483649:1/1*1}'), ('strata', '{2147483648:1/1*1}'), ('strata', '{1:1/1*1?2147483648}'), ('strata', '{1:1/1*1?-1}'), ('strata', '{1:1e999/1*1}'),
  ('series', '{-2147483649=1}'), ('series', '{1=1000000000000001}'), ('series', '{1=1/2147483648}'), ('series', '{1=1/-1}'), ('series', '{10000-01-01=1}'), ('series', '{2023-02-29=1}'), ('series', '{2023-13-01=1}'),
  ('training_catalog', '9223372036854775808/1/1=1:1'), ('training_catalog', '-9223372036854775809/1/1=1:1'), ('gap_histogram', '9223372036854775808/1|'), ('gap_histogram', '1/-1|'),
  ('suppression_problem', '9223372036854775808 = 0 : 1'), ('suppression_problem', '1 = 0 : 2147483648'), ('suppression_problem', '1 = 0 width -1 : 1'), ('competency_set', '4294967296:1'), ('subject_set', '{9223372036854775808}'),
  ('service_distribution', 'hcf{basic=9223372036854775808}'), ('access_code', 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=2147483648'), ('access_code', 'green work=- health=- residency=- fail={} unknown={} valid_until=infinity ruleset=4294967297'),
  ('series', '{1=18446744073709551616}'), ('subject_set', '{18446744073709551623}'), ('suppression_problem', '1 = 1 ' || repeat('a', 70) || ' : 1'),
  ('verdict', 'red possible={0} fail={} unknown={} valid_until=@9223372036854775808 ruleset=9f86d081884c7d65'), ('detection', '(ears_c2,alarm,9,4,1e999,1,1,,normal)')) AS v (type, written);
SELECT '(ears_c2,quiet,3,4e-1,7.50E+0,-0.3,-1e-3,-0.0e1,normal)'::detection;
SELECT '(ears_c2,quiet,3,4e-1,7.50E+0,-0.3,-1e-3,,normal)'::detection, 'red possible={0} fail={} unknown={} valid_until=@300000000000000000 ruleset=9f86d081884c7d65'::verdict;

-- where a text ends too early or goes on, and a long one is shown in part, cut between characters
SELECT type, written, refusal(type, written) FROM (VALUES ('strata', ''), ('strata', '{'), ('strata', '{1:1/1*1,}'), ('strata', '{1:1/1*1} '), ('series', ''), ('series', '{'), ('series', '{1=1,}'), ('series', '{1=1 2=2}'), ('series', '{1=1} x'),
  ('detector', 'ears_c2('), ('detector', 'ears_c2(lag=1,)'), ('detector', 'ears_c2()x'), ('suppression_problem', '1 = 1 : 1 2 x'), ('suppression_problem', '1'), ('suppression_problem', 'x = 1 : 1'), ('suppression_problem', '1 = 1 primarysingleton : 1'),
  ('competency_set', '1:1,'), ('competency_set', '1:1 x'), ('competency_set', '1 :1'), ('competency_gap', '1:0>1,'), ('competency_gap', '1:0>1 '), ('gap_histogram', '1/1'), ('gap_histogram', '1/1|1-1:1,'), ('gap_histogram', '1/1|1-1:1 '),
  ('training_catalog', '1/1/1'), ('training_catalog', '1/1/1=1:1,'), ('training_catalog', '1/1/1=1:1 x'), ('training_catalog', '1/1/1=1:1;x'), ('ptable', '(5,3,2'), ('ptable', '(5,3,2) '), ('subject_set', '{1,éééééééééééééé}')) AS v (type, written);
-- blanks where a form has them
SELECT E' {\t1=5 ,\r\n 2= , 3=7/9 } '::series, E' ears_c2 ( lag\t=\n1 , alpha = 0.01 ) '::detector, E' 1=2\t:\n3 ; '::suppression_problem, E' 2:1 ,\t1:1 '::competency_set, '7/8/9= 1:1 ;8//='::training_catalog;

DROP TABLE form;
DROP FUNCTION refusal;
