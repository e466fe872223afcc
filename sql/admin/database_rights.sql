-- Who may connect, and that nothing is created by chance: no temporary tables, no schemas.
--
-- Rights on the database itself come with no dump and no CREATE DATABASE ... TEMPLATE, so every `zava-mcp db create` sets
-- them again. Needs: ownership of the database. Changes nothing when they are as they should be.
DO $rights$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO zava_head_office, zava_regional, zava_manager', current_database());
  EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO zava_owner', current_database());
END
$rights$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
