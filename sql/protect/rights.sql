-- The rights on the database itself and on schema public, and whether everybody may connect.
--
-- Columns: rights text, everybody_connects bool.
SELECT
  (SELECT string_agg(a::text, ' ' ORDER BY a::text)
   FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a) || ' ' ||
  (SELECT string_agg(a::text, ' ' ORDER BY a::text)
   FROM pg_namespace AS n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
   WHERE n.nspname = 'public') AS rights,
  has_database_privilege('public', d.oid, 'CONNECT') AS everybody_connects
FROM pg_database AS d
WHERE d.datname = current_database()
