-- The groups that hold every right, and the owner of every object. None of them can log in.
--
-- Roles belong to the whole server, so this finds them in place when a second database is made.
-- Needs: CREATEROLE. Logins are added by `zava-mcp identity add`, one per identity.
DO $roles$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['zava_owner', 'zava_head_office', 'zava_regional', 'zava_manager'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format(
        'CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', role_name);
    END IF;
  END LOOP;
  -- whoever runs `zava-mcp db create` acts as the owner from the next step on
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT pg_has_role(current_user, 'zava_owner', 'SET') THEN
    EXECUTE format('GRANT zava_owner TO %I', current_user);
  END IF;
END
$roles$;

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
