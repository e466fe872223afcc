-- Rights that belong to no single table of the shop, each kind as a text that changes when they do.
--
-- Columns: database text (on the database itself and on schema public), profile text (what the strict profile takes from
-- PUBLIC), columns text (rights on columns), everybody_connects bool.
SELECT
  (SELECT string_agg(a::text, ' ' ORDER BY a::text)
   FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a) || ' ' ||
  (SELECT string_agg(a::text, ' ' ORDER BY a::text)
   FROM pg_namespace AS n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
   WHERE n.nspname = 'public') AS database,
  (SELECT md5(string_agg(concat_ws(' ', p.oid, p.pronamespace, p.proacl), ',' ORDER BY p.oid))
   FROM pg_proc AS p WHERE p.oid < 16384) ||
  (SELECT md5(string_agg(concat_ws(' ', c.oid, c.relacl), ',' ORDER BY c.oid)) FROM pg_class AS c WHERE c.oid < 16384) ||
  (SELECT coalesce(string_agg(n.nspacl::text, ','), '') FROM pg_namespace AS n WHERE n.nspname = 'zava_closed') AS profile,
  (SELECT coalesce(md5(string_agg(concat_ws(' ', t.attrelid, t.attnum, t.attacl), ',' ORDER BY t.attrelid, t.attnum)), '')
   FROM pg_attribute AS t WHERE t.attacl IS NOT NULL AND t.attrelid >= 16384) AS columns,
  has_database_privilege('public', d.oid, 'CONNECT') AS everybody_connects
FROM pg_database AS d
WHERE d.datname = current_database()
