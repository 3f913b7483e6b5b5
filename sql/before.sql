-- What there is before anything is changed, and who may do what with it: keep.sql compares.

-- As owners and PUBLIC have it by default where nothing was said.
CREATE FUNCTION pg_temp.objects() RETURNS TABLE (kind text, identity text, name text) LANGUAGE sql AS $$
  SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, format('%I.%I', n.nspname, c.relname), c.relname::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('centre', 'dash') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT c.relispartition
  UNION ALL
  SELECT 'ROUTINE', p.oid::regprocedure::text, p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('centre', 'dash')
$$;
CREATE FUNCTION pg_temp.grants() RETURNS TABLE (kind text, identity text, name text, col text, grantee text, privilege text, grantable boolean) LANGUAGE sql AS $$
  SELECT o.kind, o.identity, o.name, o.col, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END, a.privilege_type, a.is_grantable
  FROM (SELECT 'TABLE' AS kind, format('%I.%I', n.nspname, c.relname) AS identity, c.relname::text AS name, '' AS col, c.relowner AS owner,
               coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('centre', 'dash') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT c.relispartition
        UNION ALL
        SELECT 'TABLE', format('%I.%I', n.nspname, c.relname), c.relname, format('(%I)', t.attname), c.relowner, t.attacl
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('centre', 'dash') AND t.attacl IS NOT NULL AND NOT t.attisdropped AND NOT c.relispartition
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text, p.proname, '', p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('centre', 'dash')
        UNION ALL
        SELECT 'SCHEMA', quote_ident(n.nspname), n.nspname, '', n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace n WHERE n.nspname IN ('centre', 'dash')) AS o
  CROSS JOIN LATERAL aclexplode(o.acl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee
  -- who left is left out, and who owns needs no grant
  WHERE (a.grantee = 0 OR r.oid IS NOT NULL) AND a.grantee <> o.owner
$$;
CREATE TEMP TABLE object_before ON COMMIT DROP AS SELECT * FROM pg_temp.objects();
CREATE TEMP TABLE grant_before ON COMMIT DROP AS SELECT * FROM pg_temp.grants();
-- What is not on record as ours is the site's; without any record, as in a first installation, all is ours.
CREATE TEMP TABLE site_object ON COMMIT DROP AS
  SELECT o.* FROM pg_temp.object_before o WHERE EXISTS (SELECT FROM centre.shipped_object)
    AND NOT EXISTS (SELECT FROM centre.shipped_object s WHERE (s.kind, s.identity) = (o.kind, o.identity));
