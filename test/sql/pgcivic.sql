-- the library that is loaded is the version that is installed
SELECT civic.version() = extversion AS same_version FROM pg_extension WHERE extname = 'pgcivic';
-- everything that is the extension's says what it is
SELECT pg_describe_object(classid, objid, 0) AS unexplained
FROM pg_depend JOIN pg_extension e ON refclassid = 'pg_extension'::regclass AND refobjid = e.oid AND extname = 'pgcivic'
LEFT JOIN pg_type t ON classid = 'pg_type'::regclass AND t.oid = objid
WHERE deptype = 'e' AND classid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass) AND obj_description(objid, classid::regclass::name) IS NULL
  AND (t.oid IS NULL OR t.typelem = 0) ORDER BY 1;
-- nothing of PostgreSQL's own was explained anew: an unqualified name finds pg_catalog first
SELECT obj_description('pg_catalog.version()'::regprocedure) AS version;
