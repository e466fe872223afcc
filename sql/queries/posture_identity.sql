-- Whether the mapping of the login makes sense: its kind goes with its group, and it has the stores of its kind.
--
-- Only for databases with zava.principal, in which each login reads its own line. Rows and search_path as in
-- posture_login.sql; none when all fits.
-- Columns: name text, severity text, detail text, remedy text.
WITH mine AS (
  SELECT p.kind, p.rls_user_id,
    (SELECT count(*) FROM zava.principal_store AS s WHERE s.login = session_user) AS stores,
    CASE p.kind WHEN 'head_office' THEN 'zava_head_office' WHEN 'regional' THEN 'zava_regional' ELSE 'zava_manager' END
      AS belongs
  FROM zava.principal AS p
  WHERE p.login = session_user
), grouped AS (
  SELECT r.rolname::text AS rolname
  FROM pg_roles AS r
  WHERE r.rolname IN ('zava_head_office', 'zava_regional', 'zava_manager') AND pg_has_role(session_user, r.oid, 'MEMBER')
)
SELECT 'identity_kind' AS name, 'refuse' AS severity,
  format('%s is of kind %s and no member of %s', session_user, kind, belongs) AS detail,
  format('zava-mcp identity remove --rls-user %s, then zava-mcp identity add with the right --kind', rls_user_id) AS remedy
FROM mine WHERE belongs NOT IN (SELECT rolname FROM grouped)
UNION ALL
SELECT 'identity_kind', 'refuse', format('%s is of kind %s and a member of %s', session_user, kind, rolname),
  format('REVOKE %I FROM %I', rolname, session_user)
FROM mine JOIN grouped ON rolname <> belongs
UNION ALL
-- none: she sees no rows, which is safe
SELECT 'identity_kind', CASE WHEN stores = 0 THEN 'warn' ELSE 'refuse' END,
  format('%s is of kind %s and has %s stores', session_user, kind, stores),
  format('zava-mcp identity remove --rls-user %s, then zava-mcp identity add with the right --store', rls_user_id)
FROM mine
WHERE CASE kind WHEN 'store' THEN stores <> 1 WHEN 'regional' THEN stores = 0 ELSE stores > 0 END
