-- the library that is loaded is the version that is installed
SELECT civic.version() = extversion AS same_version FROM pg_extension WHERE extname = 'pgcivic';
