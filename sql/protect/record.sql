-- What `zava-mcp db protect` made, and how it looked then: what differs or is not listed is somebody else's.
CREATE SCHEMA IF NOT EXISTS zava_admin;
REVOKE ALL ON SCHEMA zava_admin FROM PUBLIC;
CREATE TABLE IF NOT EXISTS zava_admin.protection (
  object    text PRIMARY KEY,
  statement text NOT NULL,
  found     text,
  made_at   timestamptz NOT NULL DEFAULT now()
)
