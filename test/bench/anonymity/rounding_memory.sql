-- Variables: schema, counts (a table of area, series, member, n in it, beside place, member and member_sum), largest.  In a session of its own, whose
-- memory is then that of civic.round_counts(): CPU seconds, and megabytes over its arguments, into public.memory.
SET search_path = :schema, civic, public;
\ir ../cpu.sql
CREATE FUNCTION pg_temp.status(line text) RETURNS int LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status') FROM line || ':\s+(\d+)')::int / 1024 $$;
CREATE TEMP TABLE chosen AS SELECT array_agg(area) AS a, array_agg(series) AS s, array_agg(member) AS m, array_agg(n) AS n FROM :counts;
SELECT set_config('bench.what', :'schema' || ' ' || :'counts', false), set_config('bench.largest', :'largest', false) \g /dev/null
DO $$
DECLARE
  r record;
  t record;
  z bigint[];
  before int;
  begun float8;
BEGIN
  SELECT * INTO r FROM chosen;
  SELECT (SELECT array_agg(id) FROM place) AS id, (SELECT array_agg(parent) FROM place) AS parent, (SELECT array_agg(id ORDER BY id) FROM member) AS member, (SELECT array_agg(breakdown ORDER BY id) FROM member) AS breakdown,
         (SELECT array_agg(member ORDER BY member, sum) FROM member_sum) AS sum_member, (SELECT array_agg(sum ORDER BY member, sum) FROM member_sum) AS sums INTO t;
  before := pg_temp.status('VmRSS');
  begun := pg_temp.cpu();
  z := civic.round_counts(t.id, t.parent, t.member, t.breakdown, r.a, r.s, r.m, r.n, 5, '\x000102030405060708090a0b0c0d0e0f', 'bench', t.sum_member, t.sums, largest => nullif(current_setting('bench.largest'), '')::int);
  INSERT INTO public.memory VALUES (current_setting('bench.what'), cardinality(r.n), pg_temp.cpu() - begun, pg_temp.status('VmHWM') - before);
END $$;
