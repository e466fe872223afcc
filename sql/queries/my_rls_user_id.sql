-- The RLS user id that belongs to the login of this connection; no row for an unknown login.
--
-- Columns: rls_user_id uuid.
SELECT p.rls_user_id
FROM zava.principal AS p
WHERE p.login = session_user
