-- CPU time of this backend, for benchmarks: wall time says little on a shared machine.
CREATE OR REPLACE FUNCTION pg_temp.cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
  SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9
$$;
