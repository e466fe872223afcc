-- Whether the store manager that is logged in is the one whom the store names.
--
-- Goes through the row policies: a manager sees one store. Where those are broken it fails, and so it runs last and its
-- failure says nothing. Rows and search_path as in posture_login.sql.
-- Columns: name text, severity text, detail text, remedy text.
SELECT 'manager_matches' AS name, 'warn' AS severity,
  format('the RLS user id of %s is not the one that its store names as its manager''s', session_user) AS detail,
  'zava-mcp identity list shows who is who; correct the store or the identity' AS remedy
FROM zava.principal AS p
CROSS JOIN LATERAL (
  SELECT bool_or(coalesce(to_jsonb(s) ->> 'manager_id', to_jsonb(s) ->> 'rls_user_id') = p.rls_user_id::text) AS is_named
  FROM retail.stores AS s) AS stores
WHERE p.login = session_user AND p.kind = 'store' AND NOT stores.is_named
