-- Versions of PostgreSQL and of pgvector.
--
-- Columns: number int4 (such as 160004), version text, pgvector text or NULL.
SELECT
  current_setting('server_version_num')::int AS number,
  current_setting('server_version') AS version,
  (SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = 'vector') AS pgvector
