-- What the site had granted and revoked, on top of what this version grants; and a record of what is ours.

-- A routine whose arguments changed is known by its name, where that is one before and one now.
CREATE TEMP TABLE renamed_object ON COMMIT DROP AS
  SELECT b.kind, b.identity AS old_identity, n.identity
  FROM (SELECT kind, name, min(identity) AS identity FROM pg_temp.object_before WHERE kind = 'ROUTINE' GROUP BY kind, name HAVING count(*) = 1) AS b
  JOIN (SELECT kind, name, min(identity) AS identity FROM pg_temp.objects() WHERE kind = 'ROUTINE' GROUP BY kind, name HAVING count(*) = 1) AS n USING (kind, name)
  WHERE b.identity <> n.identity;
CREATE TEMP TABLE grant_kept ON COMMIT DROP AS
  SELECT b.kind, coalesce(r.identity, b.identity) AS identity, b.col, b.grantee, b.privilege, b.grantable,
         EXISTS (SELECT FROM centre.shipped_grant s WHERE (s.kind, s.identity, s.col, s.grantee, s.privilege, s.grantable) = (b.kind, b.identity, b.col, b.grantee, b.privilege, b.grantable)) AS shipped
  FROM pg_temp.grant_before b LEFT JOIN pg_temp.renamed_object r ON (r.kind, r.old_identity) = (b.kind, b.identity);
-- what was granted by the last version and is no longer there: the site took it away
CREATE TEMP TABLE grant_revoked ON COMMIT DROP AS
  SELECT s.kind, coalesce(r.identity, s.identity) AS identity, s.col, s.grantee, s.privilege
  FROM centre.shipped_grant s LEFT JOIN pg_temp.renamed_object r ON (r.kind, r.old_identity) = (s.kind, s.identity)
  WHERE NOT EXISTS (SELECT FROM pg_temp.grant_before b WHERE (s.kind, s.identity, s.col, s.grantee, s.privilege) = (b.kind, b.identity, b.col, b.grantee, b.privilege))
    AND (EXISTS (SELECT FROM pg_temp.object_before o WHERE o.identity = s.identity) OR s.kind = 'SCHEMA');
CREATE TEMP TABLE grant_now ON COMMIT DROP AS SELECT * FROM pg_temp.grants();

DELETE FROM centre.shipped_object;
INSERT INTO centre.shipped_object SELECT o.kind, o.identity FROM pg_temp.objects() o WHERE NOT EXISTS (SELECT FROM pg_temp.site_object s WHERE (s.kind, s.identity) = (o.kind, o.identity));
DO $$
DECLARE
  command text;
  first_time boolean := NOT EXISTS (SELECT FROM centre.shipped_grant);
BEGIN
  FOR command IN
    -- what the site granted; on its own objects it is as it was
    SELECT format('GRANT %s %s ON %s %s TO %s%s', k.privilege, k.col, k.kind, k.identity, k.grantee, CASE WHEN k.grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_temp.grant_kept k
    WHERE NOT k.shipped AND NOT first_time AND (k.kind = 'SCHEMA' OR EXISTS (SELECT FROM pg_temp.objects() o WHERE o.identity = k.identity))
      AND (k.col = '' OR EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = to_regclass(k.identity) AND format('(%I)', t.attname) = k.col AND NOT t.attisdropped))
    UNION ALL
    SELECT format('REVOKE %s %s ON %s %s FROM %s', n.privilege, n.col, n.kind, n.identity, n.grantee)
    FROM pg_temp.grant_now n
    WHERE NOT first_time AND (EXISTS (SELECT FROM pg_temp.grant_revoked r WHERE (r.kind, r.identity, r.col, r.grantee, r.privilege) = (n.kind, n.identity, n.col, n.grantee, n.privilege))
      OR EXISTS (SELECT FROM pg_temp.site_object s WHERE s.identity = n.identity)
         AND NOT EXISTS (SELECT FROM pg_temp.grant_kept k WHERE (k.kind, k.identity, k.col, k.grantee, k.privilege) = (n.kind, n.identity, n.col, n.grantee, n.privilege))) LOOP
    EXECUTE command;
  END LOOP;
  DELETE FROM centre.shipped_grant;
  INSERT INTO centre.shipped_grant SELECT n.kind, n.identity, n.col, n.grantee, n.privilege, n.grantable FROM pg_temp.grant_now n
    WHERE NOT EXISTS (SELECT FROM pg_temp.site_object s WHERE s.identity = n.identity)
      -- tables and schemas keep what the site granted on them; that is not ours
      AND NOT EXISTS (SELECT FROM pg_temp.grant_kept k WHERE NOT first_time AND NOT k.shipped AND k.kind IN ('TABLE', 'SCHEMA')
                      AND (k.kind, k.identity, k.col, k.grantee, k.privilege, k.grantable) = (n.kind, n.identity, n.col, n.grantee, n.privilege, n.grantable));
END
$$;
