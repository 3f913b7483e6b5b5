-- Drop our functions, views, triggers and policies, which before.sql has noted.
-- Tables stay, and so does what the site made itself in our schemas.  An object of the site's own that depends on one of ours stops everything here.

DO $$
DECLARE
  foreign_objects text;
  item record;
BEGIN
  -- Whatever depends on our routines and views and is not one of them, or a part of one of our tables.
  WITH ours AS (
    SELECT 'pg_proc'::regclass AS classid, p.oid FROM pg_proc p
    WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND p.oid::regprocedure::text NOT IN (SELECT identity FROM pg_temp.site_object WHERE kind = 'ROUTINE')
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname IN ('centre', 'dash') AND format('%I.%I', n.nspname, c.relname) NOT IN (SELECT identity FROM pg_temp.site_object WHERE kind = 'VIEW')),
  dependent AS (
    SELECT DISTINCT coalesce('pg_class'::regclass, d.classid) AS classid, r.ev_class AS oid
    FROM pg_depend d JOIN ours o ON o.classid = d.refclassid AND o.oid = d.refobjid
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    UNION
    SELECT d.classid, d.objid
    FROM pg_depend d JOIN ours o ON o.classid = d.refclassid AND o.oid = d.refobjid
    WHERE d.classid NOT IN ('pg_rewrite'::regclass, 'pg_type'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass)
    UNION
    SELECT d.classid, d.objid
    FROM pg_depend d JOIN ours o ON o.classid = d.refclassid AND o.oid = d.refobjid
    LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
    LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    WHERE coalesce(t.tgname, p.polname) NOT LIKE 'civic\_%')
  SELECT string_agg(pg_describe_object(classid, oid, 0), ', ' ORDER BY 1) INTO foreign_objects
  FROM dependent WHERE (classid, oid) NOT IN (SELECT classid, oid FROM ours);
  IF foreign_objects IS NOT NULL THEN
    RAISE EXCEPTION 'objects of this site depend on functions or views of the analytics layer'
      USING ERRCODE = 'dependent_objects_still_exist', DETAIL = foreign_objects,
            HINT = 'Drop them, run this script again, and make them anew.';
  END IF;

  FOR item IN SELECT t.tgname, t.tgrelid::regclass AS tab FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
              WHERE c.relnamespace = 'centre'::regnamespace AND t.tgname LIKE 'civic\_%' AND t.tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.tab);
  END LOOP;
  FOR item IN SELECT p.polname, p.polrelid::regclass AS tab FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
              WHERE c.relnamespace = 'centre'::regnamespace AND p.polname LIKE 'civic\_%' LOOP
    EXECUTE format('DROP POLICY %I ON %s', item.polname, item.tab);
  END LOOP;
  FOR item IN SELECT 'VIEW' AS kind, c.oid, c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind = 'v' AND n.nspname IN ('centre', 'dash') AND format('%I.%I', n.nspname, c.relname) NOT IN (SELECT identity FROM pg_temp.site_object WHERE kind = 'VIEW')
              UNION ALL
              SELECT 'ROUTINE', p.oid, p.oid::regprocedure::text FROM pg_proc p
              WHERE p.pronamespace IN ('centre'::regnamespace, 'dash'::regnamespace) AND p.oid::regprocedure::text NOT IN (SELECT identity FROM pg_temp.site_object WHERE kind = 'ROUTINE') LOOP
    -- an earlier CASCADE may have taken it along
    IF item.kind = 'VIEW' AND EXISTS (SELECT FROM pg_class WHERE oid = item.oid)
       OR item.kind = 'ROUTINE' AND EXISTS (SELECT FROM pg_proc WHERE oid = item.oid) THEN
      EXECUTE format('DROP %s %s CASCADE', item.kind, item.name);
    END IF;
  END LOOP;
END
$$;
