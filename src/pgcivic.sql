CREATE FUNCTION version() RETURNS text
  AS 'MODULE_PATHNAME', 'civic_version'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.version() IS
  'version of the loaded pgcivic library; compare with pg_extension.extversion after a package upgrade';
